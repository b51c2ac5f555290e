/* SPDX-License-Identifier: MIT */
/* The functions that the layouts share, and the two layouts without a cipher
 * (record/layout.h). */
#include "record/layout.h"

#include "base/secret.h"

#include <assert.h>
#include <string.h>

_Static_assert(DTLS_AAD_CID == DTLS_TLS12_CID,
               "the type tells the form of the additional data");

/* seq_num_placeholder || tls12_cid || cid_length || tls12_cid || version ||
 * epoch || sequence_number || cid || length (RFC 9146, 5.1 to 5.3) */
void dtls_layout_cid_aad(uint8_t out[DTLS_AAD_MAX], struct dtls_bytes cid,
                         const struct dtls_record *record, size_t len)
{
    static const uint8_t placeholder[8] = {0xff, 0xff, 0xff, 0xff,
                                           0xff, 0xff, 0xff, 0xff};
    struct dtls_buf buf = {out, 0, DTLS_AAD_MAX};
    bool ok = dtls_put_bytes(&buf, dtls_bytes_of(placeholder, 8)) &&
              dtls_put_u8(&buf, DTLS_TLS12_CID) &&
              dtls_put_u8(&buf, (uint8_t)cid.len) &&
              dtls_put_u8(&buf, DTLS_TLS12_CID) &&
              dtls_put_u16(&buf, record->version) &&
              dtls_put_u16(&buf, record->epoch) &&
              dtls_put_u48(&buf, record->seq) && dtls_put_bytes(&buf, cid) &&
              dtls_put_u16(&buf, (uint16_t)len);

    assert(ok); /* No id is longer than DTLS_CID_MAX. */
    (void)ok;
}

void dtls_layout_plain_aad(uint8_t out[DTLS_AAD_LEN],
                           const struct dtls_record *record, size_t len)
{
    struct dtls_buf buf = {out, 0, DTLS_AAD_LEN};
    bool ok = dtls_put_u16(&buf, record->epoch) &&
              dtls_put_u48(&buf, record->seq) &&
              dtls_put_u8(&buf, record->type) &&
              dtls_put_u16(&buf, record->version) &&
              dtls_put_u16(&buf, (uint16_t)len);

    assert(ok); /* 2 + 6 + 1 + 2 + 2 = DTLS_AAD_LEN */
    (void)ok;
}

enum dtls_status dtls_layout_mac(const struct dtls_crypto *crypto,
                                 struct dtls_protection *p, uint8_t *out,
                                 const struct dtls_record *record,
                                 struct dtls_span data)
{
    uint8_t aad[DTLS_AAD_MAX];

    dtls_layout_aad(aad, p, record, data.len);
    return crypto->mac(
        crypto->self, &p->cipher, out,
        (struct dtls_bytes[]){dtls_bytes_of(aad, dtls_aad_len(aad)),
                              dtls_span_bytes(data)},
        2);
}

enum dtls_status dtls_layout_check(const struct dtls_crypto *crypto,
                                   struct dtls_protection *p,
                                   const struct dtls_record *record,
                                   struct dtls_span *data)
{
    size_t len = dtls_suite_mac_len(p->cipher.suite);
    struct dtls_span body = record->body;
    struct dtls_span before;
    uint8_t expected[DTLS_HASH_MAX];

    if (body.len < len || !dtls_take(&body, body.len - len, &before)) {
        return DTLS_DISCARD;
    }
    if (dtls_layout_mac(crypto, p, expected, record, before) != DTLS_OK) {
        return DTLS_DISCARD;
    }
    if (!dtls_ct_equal(expected, body.data, len)) {
        return dtls_layout_forged(p);
    }
    *data = before;
    return DTLS_OK;
}

bool dtls_layout_put(struct dtls_buf *out, struct dtls_bytes plain,
                     struct dtls_span *data)
{
    if (!dtls_put_room(out, plain.len, data)) {
        return false;
    }
    if (plain.len != 0) {
        memmove(data->data, plain.data, plain.len);
    }
    return true;
}

static size_t no_prefix(const struct dtls_protection *p)
{
    (void)p;
    return 0;
}

static size_t plain_len(const struct dtls_protection *p, size_t len)
{
    (void)p;
    return len;
}

static enum dtls_status plain_seal(const struct dtls_crypto *crypto,
                                   struct dtls_protection *p,
                                   struct dtls_buf *out,
                                   const struct dtls_record *record,
                                   struct dtls_bytes plain)
{
    struct dtls_span data;

    (void)crypto;
    (void)p;
    (void)record;
    return dtls_layout_put(out, plain, &data) ? DTLS_OK : DTLS_NO_ROOM;
}

static enum dtls_status plain_open(const struct dtls_crypto *crypto,
                                   struct dtls_protection *p,
                                   const struct dtls_record *record,
                                   struct dtls_span *plain)
{
    (void)crypto;
    (void)p;
    *plain = record->body;
    return DTLS_OK;
}

const struct dtls_layout dtls_layout_plain = {no_prefix, plain_len, plain_len,
                                              plain_seal, plain_open};

static size_t mac_len(const struct dtls_protection *p)
{
    return dtls_suite_mac_len(p->cipher.suite);
}

static size_t null_sealed_len(const struct dtls_protection *p, size_t len)
{
    return len + mac_len(p);
}

static size_t null_fit(const struct dtls_protection *p, size_t room)
{
    return room < mac_len(p) ? 0 : room - mac_len(p);
}

/* plaintext || MAC (RFC 5246, 6.2.3.1). */
static enum dtls_status null_seal(const struct dtls_crypto *crypto,
                                  struct dtls_protection *p,
                                  struct dtls_buf *out,
                                  const struct dtls_record *record,
                                  struct dtls_bytes plain)
{
    struct dtls_span data;
    struct dtls_span mac;

    if (!dtls_layout_put(out, plain, &data) ||
        !dtls_put_room(out, mac_len(p), &mac)) {
        return DTLS_NO_ROOM;
    }
    return dtls_layout_mac(crypto, p, mac.data, record, data);
}

static enum dtls_status null_open(const struct dtls_crypto *crypto,
                                  struct dtls_protection *p,
                                  const struct dtls_record *record,
                                  struct dtls_span *plain)
{
    return dtls_layout_check(crypto, p, record, plain);
}

const struct dtls_layout dtls_layout_null = {no_prefix, null_sealed_len,
                                             null_fit, null_seal, null_open};
