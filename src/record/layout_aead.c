/* SPDX-License-Identifier: MIT */
/* AEAD records: explicit nonce || ciphertext || tag (RFC 5246, 6.2.3.3;
 * RFC 5288, 6655, 7905). */
#include "record/layout.h"

#include <string.h>

static bool is_chacha20(const struct dtls_protection *p)
{
    return p->cipher.suite->cipher == DTLS_CIPHER_CHACHA20;
}

static size_t explicit_len(const struct dtls_protection *p)
{
    return is_chacha20(p) ? 0 : 8;
}

static size_t tag_len(const struct dtls_protection *p)
{
    return p->cipher.suite->cipher == DTLS_CIPHER_CCM_8 ? 8 : 16;
}

static size_t sealed_len(const struct dtls_protection *p, size_t len)
{
    return explicit_len(p) + len + tag_len(p);
}

static size_t fit(const struct dtls_protection *p, size_t room)
{
    size_t fixed = explicit_len(p) + tag_len(p);

    return room < fixed ? 0 : room - fixed;
}

/* GCM and CCM: salt || explicit.  ChaCha20: salt XOR 0^4 || seq_num. */
static void make_nonce(uint8_t out[DTLS_NONCE_LEN],
                       const struct dtls_protection *p, const uint8_t eight[8])
{
    memcpy(out, p->salt, DTLS_NONCE_LEN);
    for (size_t i = 0; i < 8; i++) {
        out[4 + i] = is_chacha20(p) ? out[4 + i] ^ eight[i] : eight[i];
    }
}

static enum dtls_status seal(const struct dtls_crypto *crypto,
                             struct dtls_protection *p, struct dtls_buf *out,
                             const struct dtls_record *record,
                             struct dtls_bytes plain)
{
    uint8_t aad[DTLS_AAD_LEN];
    uint8_t nonce[DTLS_NONCE_LEN];
    struct dtls_span explicit_nonce;
    struct dtls_span data;
    struct dtls_span tag;

    if (!dtls_put_room(out, explicit_len(p), &explicit_nonce) ||
        !dtls_layout_put(out, plain, &data) ||
        !dtls_put_room(out, tag_len(p), &tag)) {
        return DTLS_NO_ROOM;
    }
    dtls_layout_aad(aad, record, data.len);
    /* The AAD begins with seq_num, which never repeats under one key. */
    memcpy(explicit_nonce.data, aad, explicit_nonce.len);
    make_nonce(nonce, p, aad);
    return crypto->aead_seal(crypto->self, &p->cipher, nonce, aad, data,
                             tag.data);
}

static enum dtls_status open(const struct dtls_crypto *crypto,
                             struct dtls_protection *p,
                             const struct dtls_record *record,
                             struct dtls_span *plain)
{
    struct dtls_span body = record->body;
    struct dtls_span explicit_nonce;
    struct dtls_span data;
    uint8_t aad[DTLS_AAD_LEN];
    uint8_t nonce[DTLS_NONCE_LEN];

    if (body.len < explicit_len(p) + tag_len(p) ||
        !dtls_take(&body, explicit_len(p), &explicit_nonce) ||
        !dtls_take(&body, body.len - tag_len(p), &data)) {
        return DTLS_DISCARD;
    }
    dtls_layout_aad(aad, record, data.len);
    make_nonce(nonce, p, is_chacha20(p) ? aad : explicit_nonce.data);
    if (crypto->aead_open(crypto->self, &p->cipher, nonce, aad, data,
                          body.data) != DTLS_OK) {
        return dtls_layout_forged(p);
    }
    *plain = data;
    return DTLS_OK;
}

const struct dtls_layout dtls_layout_aead = {explicit_len, sealed_len, fit,
                                             seal, open};
