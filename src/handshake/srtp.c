/* SPDX-License-Identifier: MIT */
/* Keys for SRTP (handshake/srtp.h; RFC 5764, 4). */
#include "handshake/handshake.h"

#include "base/secret.h"

#include <string.h>

/* 2^31 packets of SRTP, and as many of SRTCP, are what RFC 3711, 9.2, and
 * RFC 7714, 14.3, let a master key protect. */
static const struct dtls_srtp_profile profiles[DTLS_SRTP_PROFILES_MAX] = {
    {DTLS_SRTP_AES128_CM_HMAC_SHA1_80, 16, 14, UINT32_C(1) << 31},
    {DTLS_SRTP_AES128_CM_HMAC_SHA1_32, 16, 14, UINT32_C(1) << 31},
    {DTLS_SRTP_AEAD_AES_128_GCM, 16, 12, UINT32_C(1) << 31},
    {DTLS_SRTP_AEAD_AES_256_GCM, 32, 12, UINT32_C(1) << 31},
};

const struct dtls_srtp_profile *dtls_srtp_find(uint16_t id)
{
    for (size_t i = 0; i < DTLS_SRTP_PROFILES_MAX; i++) {
        if (profiles[i].id == id) {
            return &profiles[i];
        }
    }
    return NULL;
}

/* Fails rather than to go on without the extension. */
static enum dtls_status say(struct dtls_extensions *ext,
                            struct dtls_options_room *room,
                            struct dtls_bytes profile_list,
                            struct dtls_bytes mki)
{
    struct dtls_buf value = {room->srtp, 0, sizeof room->srtp};

    if (!dtls_use_srtp_put(&value, profile_list, mki)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    ext->present[DTLS_EXT_USE_SRTP] = true;
    ext->data[DTLS_EXT_USE_SRTP] = dtls_buf_bytes(&value);
    return DTLS_OK;
}

enum dtls_status dtls_srtp_ask(const struct dtls_config *config,
                               struct dtls_extensions *ext,
                               struct dtls_options_room *room)
{
    uint8_t bytes[2 * DTLS_SRTP_PROFILES_MAX];
    struct dtls_buf list = {bytes, 0, sizeof bytes};

    for (size_t i = 0; i < config->num_srtp_profiles; i++) {
        uint16_t id = config->srtp_profiles[i];

        if (dtls_srtp_find(id) != NULL &&
            !dtls_u16_list_has(dtls_buf_bytes(&list), id) &&
            !dtls_put_u16(&list, id)) {
            return DTLS_MESSAGE_TOO_LONG;
        }
    }
    return list.len == 0
               ? DTLS_OK
               : say(ext, room, dtls_buf_bytes(&list), config->srtp_mki);
}

static void agree(struct dtls_handshake *h, uint16_t profile,
                  struct dtls_bytes mki)
{
    h->srtp.profile = profile;
    h->srtp.mki_len = (uint8_t)mki.len;
    memcpy(h->srtp.mki, mki.data, mki.len);
}

/* Returns our first profile that the client offers, or 0. */
static uint16_t choose(const struct dtls_config *config,
                       struct dtls_bytes offered)
{
    for (size_t i = 0; i < config->num_srtp_profiles; i++) {
        uint16_t id = config->srtp_profiles[i];

        if (dtls_srtp_find(id) != NULL && dtls_u16_list_has(offered, id)) {
            return id;
        }
    }
    return 0;
}

/* Without a profile in common the server says nothing (D5764-4.1.1-3).  An MKI
 * for which there is no room is answered with an empty one, which the client
 * must take (D5764-4.1.3-1). */
enum dtls_status dtls_srtp_answer(struct dtls_handshake *h,
                                  const struct dtls_extensions *asked,
                                  struct dtls_extensions *answer,
                                  struct dtls_options_room *room)
{
    struct dtls_bytes offered;
    struct dtls_bytes mki;
    uint8_t chosen[2];
    uint16_t id;

    if (!asked->present[DTLS_EXT_USE_SRTP] ||
        !dtls_use_srtp_get(asked->data[DTLS_EXT_USE_SRTP], &offered, &mki)) {
        return DTLS_OK;
    }
    id = choose(h->config, offered);
    if (id == 0) {
        return DTLS_OK;
    }
    mki.len = mki.len > DTLS_SRTP_MKI_MAX ? 0 : mki.len;
    agree(h, id, mki);
    chosen[0] = (uint8_t)(id >> 8);
    chosen[1] = (uint8_t)id;
    return say(answer, room, dtls_bytes_of(chosen, 2), mki);
}

enum dtls_status dtls_srtp_accept(struct dtls_handshake *h,
                                  const struct dtls_extensions *answer)
{
    struct dtls_bytes one;
    struct dtls_bytes mki;
    uint16_t id;

    if (!answer->present[DTLS_EXT_USE_SRTP]) {
        return DTLS_OK;
    }
    if (!dtls_use_srtp_get(answer->data[DTLS_EXT_USE_SRTP], &one, &mki)) {
        return DTLS_DECODE_ERROR;
    }
    id = choose(h->config, one); /* D5764-4.1.1-4, D5764-4.1.3-2 */
    if (id == 0 ||
        (mki.len != 0 && !dtls_bytes_equal(mki, h->config->srtp_mki))) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    agree(h, id, mki);
    return DTLS_OK;
}

/* The keys come first, then the salts; the client's before the server's. */
static void cut(struct dtls_srtp_keys *out,
                const struct dtls_srtp_profile *profile, const uint8_t *from)
{
    memcpy(out->client_key, from, profile->key_len);
    from += profile->key_len;
    memcpy(out->server_key, from, profile->key_len);
    from += profile->key_len;
    memcpy(out->client_salt, from, profile->salt_len);
    from += profile->salt_len;
    memcpy(out->server_salt, from, profile->salt_len);
}

enum dtls_status dtls_srtp_keys(const struct dtls_handshake *h,
                                struct dtls_srtp_keys *out)
{
    const struct dtls_srtp_profile *profile =
        dtls_srtp_find(h->agreed.srtp.profile);
    uint8_t bytes[2 * (DTLS_SRTP_KEY_MAX + DTLS_SRTP_SALT_MAX)];
    enum dtls_status status;

    if (profile == NULL) {
        return DTLS_NOT_NOW;
    }
    status = dtls_keys_export(
        h, bytes, 2u * ((size_t)profile->key_len + profile->salt_len),
        "EXTRACTOR-dtls_srtp", NULL);
    if (status == DTLS_OK) {
        *out = (struct dtls_srtp_keys){0};
        cut(out, profile, bytes);
    }
    dtls_wipe(bytes, sizeof bytes);
    return status;
}
