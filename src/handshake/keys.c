/* SPDX-License-Identifier: MIT */
/* From premaster secret to record keys and Finished (RFC 5246, 8.1, 6.3,
 * 7.4.9; RFC 7627). */
#include "handshake/handshake.h"

#include "base/secret.h"

#include <string.h>

#define KEY_BLOCK_MAX (2 * (DTLS_MAC_MAX + DTLS_KEY_MAX + DTLS_NONCE_LEN))

/* The longest seed is an exporter's (RFC 5705, 4). */
_Static_assert(2 * DTLS_RANDOM_LEN + 2 + DTLS_EXPORT_CONTEXT_MAX <=
                   DTLS_PRF_SEED_MAX,
               "DTLS_PRF_SEED_MAX is too small");

static struct dtls_bytes random_bytes(const uint8_t random[DTLS_RANDOM_LEN])
{
    return dtls_bytes_of(random, DTLS_RANDOM_LEN);
}

static enum dtls_status make_master(struct dtls_handshake *h,
                                    struct dtls_bytes premaster)
{
    const struct dtls_crypto *crypto = h->crypto;
    uint8_t digest[DTLS_HASH_MAX];

    if (h->extended_master_secret) {
        return crypto->prf(crypto->self, h->master, DTLS_MASTER_LEN,
                           h->suite->prf, premaster, "extended master secret",
                           dtls_transcript_digest(&h->area->transcript,
                                                  h->suite->prf, digest),
                           (struct dtls_bytes){0});
    }
    return crypto->prf(crypto->self, h->master, DTLS_MASTER_LEN, h->suite->prf,
                       premaster, "master secret",
                       random_bytes(h->client_random),
                       random_bytes(h->server_random));
}

/* The six parts of the key block, in order. */
struct key_block {
    struct dtls_bytes client_mac, server_mac;
    struct dtls_bytes client_key, server_key;
    struct dtls_bytes client_salt, server_salt;
};

static bool cut_key_block(const struct dtls_suite *suite,
                          struct dtls_bytes block, struct key_block *out)
{
    size_t mac_len = dtls_suite_mac_len(suite);

    return dtls_get_bytes(&block, mac_len, &out->client_mac) &&
           dtls_get_bytes(&block, mac_len, &out->server_mac) &&
           dtls_get_bytes(&block, suite->key_len, &out->client_key) &&
           dtls_get_bytes(&block, suite->key_len, &out->server_key) &&
           dtls_get_bytes(&block, suite->salt_len, &out->client_salt) &&
           dtls_get_bytes(&block, suite->salt_len, &out->server_salt);
}

static enum dtls_status key_direction(struct dtls_handshake *h,
                                      struct dtls_protection *protection,
                                      struct dtls_bytes mac,
                                      struct dtls_bytes key,
                                      struct dtls_bytes salt, bool seal)
{
    struct dtls_cipher_keys keys = {mac, key, salt};

    if (protection == NULL) {
        return DTLS_TOO_LATE; /* 65535 epochs are used up. */
    }
    protection->encrypt_then_mac = h->encrypt_then_mac;
    protection->limit = seal ? h->send_limit : h->receive_limit;
    return h->crypto->cipher_key(h->crypto->self, &protection->cipher,
                                 h->suite, &keys, seal);
}

static enum dtls_status key_both_ways(struct dtls_handshake *h,
                                      struct dtls_bytes block)
{
    bool client = h->role == DTLS_CLIENT;
    struct key_block k;
    enum dtls_status status;

    if (!cut_key_block(h->suite, block, &k)) {
        return DTLS_INTERNAL_ERROR;
    }
    status = key_direction(h, dtls_record_layer_next_write(h->records),
                           client ? k.client_mac : k.server_mac,
                           client ? k.client_key : k.server_key,
                           client ? k.client_salt : k.server_salt, true);
    if (status != DTLS_OK) {
        return status;
    }
    return key_direction(h, dtls_record_layer_next_read(h->records),
                         client ? k.server_mac : k.client_mac,
                         client ? k.server_key : k.client_key,
                         client ? k.server_salt : k.client_salt, false);
}

enum dtls_status dtls_keys_expand(struct dtls_handshake *h)
{
    const struct dtls_crypto *crypto = h->crypto;
    uint8_t block[KEY_BLOCK_MAX];
    size_t len = 2 * (dtls_suite_mac_len(h->suite) + h->suite->key_len +
                      h->suite->salt_len);
    enum dtls_status status = crypto->prf(
        crypto->self, block, len, h->suite->prf,
        dtls_bytes_of(h->master, DTLS_MASTER_LEN), "key expansion",
        random_bytes(h->server_random), random_bytes(h->client_random));

    if (status == DTLS_OK) {
        status = key_both_ways(h, dtls_bytes_of(block, len));
    }
    dtls_wipe(block, sizeof block);
    h->keys_ready = status == DTLS_OK;
    return status;
}

enum dtls_status dtls_keys_derive(struct dtls_handshake *h,
                                  struct dtls_bytes premaster)
{
    enum dtls_status status = make_master(h, premaster);

    return status == DTLS_OK ? dtls_keys_expand(h) : status;
}

bool dtls_keys_psk_premaster(struct dtls_buf *out, struct dtls_bytes psk)
{
    static const uint8_t zero[DTLS_PSK_MAX];

    return psk.len <= DTLS_PSK_MAX &&
           dtls_put_vec16(out, dtls_bytes_of(zero, psk.len)) &&
           dtls_put_vec16(out, psk);
}

bool dtls_keys_shared_psk_premaster(struct dtls_buf *out,
                                    struct dtls_bytes shared,
                                    struct dtls_bytes psk)
{
    return dtls_put_vec16(out, shared) && dtls_put_vec16(out, psk);
}

enum dtls_status dtls_keys_verify_data(struct dtls_handshake *h,
                                       enum dtls_role sender,
                                       uint8_t out[DTLS_VERIFY_DATA_LEN])
{
    uint8_t digest[DTLS_HASH_MAX];

    return h->crypto->prf(
        h->crypto->self, out, DTLS_VERIFY_DATA_LEN, h->suite->prf,
        dtls_bytes_of(h->master, DTLS_MASTER_LEN),
        sender == DTLS_CLIENT ? "client finished" : "server finished",
        dtls_transcript_digest(&h->area->transcript, h->suite->prf, digest),
        (struct dtls_bytes){0});
}

/* Tells whether the label is one of TLS's own, whose output is secret or sent
 * (RFC 5705, 4). */
static bool is_reserved(const char *label)
{
    static const char *const reserved[] = {
        "client finished", "server finished",        "master secret",
        "key expansion",   "extended master secret",
    };

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp(label, reserved[i]) == 0) {
            return true;
        }
    }
    return false;
}

enum dtls_status dtls_keys_export(const struct dtls_handshake *h, uint8_t *out,
                                  size_t out_len, const char *label,
                                  const struct dtls_bytes *context)
{
    const struct dtls_agreed *agreed = &h->agreed;
    uint8_t random_both[2 * DTLS_RANDOM_LEN];
    uint8_t context_bytes[2 + DTLS_EXPORT_CONTEXT_MAX];
    struct dtls_buf seed = {random_both, 0, sizeof random_both};
    struct dtls_buf tail = {context_bytes, 0, sizeof context_bytes};

    if (out_len > DTLS_EXPORT_MAX || is_reserved(label) ||
        !dtls_put_bytes(&seed, random_bytes(agreed->client_random)) ||
        !dtls_put_bytes(&seed, random_bytes(agreed->server_random)) ||
        (context != NULL && !dtls_put_vec16(&tail, *context))) {
        return DTLS_NO_ROOM;
    }
    return h->crypto->prf(h->crypto->self, out, out_len, agreed->suite->prf,
                          dtls_bytes_of(agreed->master, DTLS_MASTER_LEN),
                          label, dtls_buf_bytes(&seed), dtls_buf_bytes(&tail));
}

void dtls_handshake_keep_psk_id(struct dtls_handshake *h, struct dtls_bytes id)
{
    h->peer_psk_id_len = 0;
    if (id.len != 0 && id.len <= sizeof h->peer_psk_id) {
        memcpy(h->peer_psk_id, id.data, id.len);
        h->peer_psk_id_len = (uint8_t)id.len;
    }
}
