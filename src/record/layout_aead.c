/* SPDX-License-Identifier: MIT */
/* AEAD records: explicit nonce || ciphertext || tag (RFC 5246, 6.2.3.3;
 * RFC 5288, 6655, 7905). */
#include "record/layout.h"

static size_t explicit_len(const struct dtls_protection *p)
{
    return dtls_suite_explicit_len(p->cipher.suite);
}

static size_t tag_len(const struct dtls_protection *p)
{
    return dtls_suite_tag_len(p->cipher.suite);
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

static enum dtls_status seal(const struct dtls_crypto *crypto,
                             struct dtls_protection *p, struct dtls_buf *out,
                             const struct dtls_record *record,
                             struct dtls_bytes plain)
{
    uint8_t aad[DTLS_AAD_MAX];
    struct dtls_span body;
    struct dtls_span data;
    struct dtls_span tag;

    if (!dtls_put_room(out, explicit_len(p), &body) ||
        !dtls_layout_put(out, plain, &data) ||
        !dtls_put_room(out, tag_len(p), &tag)) {
        return DTLS_NO_ROOM;
    }
    /* The AAD begins with seq_num, which never repeats under one key, and
     * makes the nonce. */
    dtls_layout_aad(aad, p, record, data.len);
    /* Text and tag follow the explicit nonce in `out`. */
    body.len += data.len + tag.len;
    return crypto->aead_seal(crypto->self, &p->cipher, aad, body);
}

static enum dtls_status open(const struct dtls_crypto *crypto,
                             struct dtls_protection *p,
                             const struct dtls_record *record,
                             struct dtls_span *plain)
{
    struct dtls_span rest = record->body;
    struct dtls_span explicit_nonce;
    struct dtls_span data;
    uint8_t aad[DTLS_AAD_MAX];

    if (rest.len < explicit_len(p) + tag_len(p) ||
        !dtls_take(&rest, explicit_len(p), &explicit_nonce) ||
        !dtls_take(&rest, rest.len - tag_len(p), &data)) {
        return DTLS_DISCARD;
    }
    dtls_layout_aad(aad, p, record, data.len);
    if (crypto->aead_open(crypto->self, &p->cipher, aad, record->body) !=
        DTLS_OK) {
        return dtls_layout_forged(p);
    }
    *plain = data;
    return DTLS_OK;
}

const struct dtls_layout dtls_layout_aead = {explicit_len, sealed_len, fit,
                                             seal, open};
