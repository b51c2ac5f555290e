/* SPDX-License-Identifier: MIT */
/* CBC records, MAC-then-encrypt (RFC 5246, 6.2.3.2) and encrypt-then-MAC
 * (RFC 7366). */
#include "record/layout.h"

#include <string.h>

static size_t mac_len(const struct dtls_protection *p)
{
    return dtls_suite_mac_len(p->cipher.suite);
}

static size_t prefix(const struct dtls_protection *p)
{
    (void)p;
    return DTLS_CBC_BLOCK; /* the IV */
}

/* Returns the length of the whole blocks that hold `len` bytes and at least
 * one byte of padding. */
static size_t padded(size_t len)
{
    return len + DTLS_CBC_BLOCK - len % DTLS_CBC_BLOCK;
}

/* Returns the longest plaintext that fits into `room` bytes together with
 * `fixed` bytes and at least one byte of padding. */
static size_t fit_behind(size_t room, size_t fixed)
{
    size_t blocks = room / DTLS_CBC_BLOCK * DTLS_CBC_BLOCK;

    return blocks < fixed + 1 ? 0 : blocks - fixed - 1;
}

/* Appends n bytes of value n - 1; the last one is padding_length. */
static bool put_padding(struct dtls_buf *out, size_t len)
{
    struct dtls_span padding;
    size_t n = padded(len) - len;

    if (!dtls_put_room(out, n, &padding)) {
        return false;
    }
    memset(padding.data, (int)(n - 1), n);
    return true;
}

/* Encrypts `data` with the IV that stands before it.
 *
 * The IV is the cipher of the record's number under the same key, and so
 * unpredictable and never the same twice (NIST SP 800-38A, appendix C, first
 * method): the number is encrypted before the data, with an IV of zeros.  No
 * random byte is drawn. */
static enum dtls_status encrypt(const struct dtls_crypto *crypto,
                                struct dtls_protection *p,
                                const struct dtls_record *record,
                                struct dtls_span iv, struct dtls_span data)
{
    static const uint8_t zeros[DTLS_CBC_BLOCK];
    struct dtls_buf number = {iv.data, 0, iv.len};

    memset(iv.data, 0, iv.len);
    if (!dtls_put_u16(&number, record->epoch) ||
        !dtls_put_u48(&number, record->seq)) {
        return DTLS_INTERNAL_ERROR;
    }
    return crypto->cbc_encrypt(crypto->self, &p->cipher, zeros,
                               (struct dtls_span){iv.data, iv.len + data.len});
}

static size_t mte_sealed_len(const struct dtls_protection *p, size_t len)
{
    return DTLS_CBC_BLOCK + padded(len + mac_len(p));
}

static size_t mte_fit(const struct dtls_protection *p, size_t room)
{
    return room < DTLS_CBC_BLOCK
               ? 0
               : fit_behind(room - DTLS_CBC_BLOCK, mac_len(p));
}

/* IV || CBC(plaintext || MAC || padding) */
static enum dtls_status mte_seal(const struct dtls_crypto *crypto,
                                 struct dtls_protection *p,
                                 struct dtls_buf *out,
                                 const struct dtls_record *record,
                                 struct dtls_bytes plain)
{
    struct dtls_span iv;
    struct dtls_span data;
    struct dtls_span mac;
    enum dtls_status status;

    if (!dtls_put_room(out, DTLS_CBC_BLOCK, &iv) ||
        !dtls_layout_put(out, plain, &data) ||
        !dtls_put_room(out, mac_len(p), &mac) ||
        !put_padding(out, plain.len + mac_len(p))) {
        return DTLS_NO_ROOM;
    }
    status = dtls_layout_mac(crypto, p, mac.data, record, data);
    if (status != DTLS_OK) {
        return status;
    }
    /* MAC and padding follow the plaintext in `out`. */
    data.len = padded(plain.len + mac_len(p));
    return encrypt(crypto, p, record, iv, data);
}

static enum dtls_status mte_open(const struct dtls_crypto *crypto,
                                 struct dtls_protection *p,
                                 const struct dtls_record *record,
                                 struct dtls_span *plain)
{
    struct dtls_span body = record->body;
    struct dtls_span iv;
    uint8_t header[DTLS_AAD_MAX];
    size_t plain_len;

    if (!dtls_take(&body, DTLS_CBC_BLOCK, &iv) ||
        body.len % DTLS_CBC_BLOCK != 0 || body.len < mac_len(p) + 1) {
        return DTLS_DISCARD;
    }
    dtls_layout_aad(header, p, record, 0);
    if (crypto->cbc_decrypt(crypto->self, &p->cipher, iv.data, body) !=
        DTLS_OK) {
        return DTLS_DISCARD;
    }
    if (crypto->cbc_check(crypto->self, &p->cipher, header,
                          dtls_span_bytes(body), &plain_len) != DTLS_OK) {
        return dtls_layout_forged(p);
    }
    *plain = (struct dtls_span){body.data, plain_len};
    return DTLS_OK;
}

const struct dtls_layout dtls_layout_cbc = {prefix, mte_sealed_len, mte_fit,
                                            mte_seal, mte_open};

static size_t etm_sealed_len(const struct dtls_protection *p, size_t len)
{
    return DTLS_CBC_BLOCK + padded(len) + mac_len(p);
}

static size_t etm_fit(const struct dtls_protection *p, size_t room)
{
    size_t fixed = DTLS_CBC_BLOCK + mac_len(p);

    return room < fixed ? 0 : fit_behind(room - fixed, 0);
}

/* IV || CBC(plaintext || padding) || MAC; the MAC's length field counts IV
 * and ciphertext. */
static enum dtls_status etm_seal(const struct dtls_crypto *crypto,
                                 struct dtls_protection *p,
                                 struct dtls_buf *out,
                                 const struct dtls_record *record,
                                 struct dtls_bytes plain)
{
    struct dtls_span iv;
    struct dtls_span data;
    struct dtls_span mac;
    enum dtls_status status;

    if (!dtls_put_room(out, DTLS_CBC_BLOCK, &iv) ||
        !dtls_layout_put(out, plain, &data) || !put_padding(out, plain.len) ||
        !dtls_put_room(out, mac_len(p), &mac)) {
        return DTLS_NO_ROOM;
    }
    data.len = padded(plain.len);
    status = encrypt(crypto, p, record, iv, data);
    if (status != DTLS_OK) {
        return status;
    }
    return dtls_layout_mac(crypto, p, mac.data, record,
                           (struct dtls_span){iv.data, iv.len + data.len});
}

/* The MAC has passed, so the time of this check reveals nothing.  Wrong
 * padding is still refused (RFC 7366, 3). */
static bool strip_padding(struct dtls_span *plain)
{
    size_t n = (size_t)plain->data[plain->len - 1] + 1;

    if (n > plain->len) {
        return false;
    }
    for (size_t i = plain->len - n; i < plain->len; i++) {
        if (plain->data[i] != n - 1) {
            return false;
        }
    }
    plain->len -= n;
    return true;
}

static enum dtls_status etm_open(const struct dtls_crypto *crypto,
                                 struct dtls_protection *p,
                                 const struct dtls_record *record,
                                 struct dtls_span *plain)
{
    struct dtls_span sealed;
    struct dtls_span iv;

    if (record->body.len < 2 * (size_t)DTLS_CBC_BLOCK + mac_len(p) ||
        dtls_layout_check(crypto, p, record, &sealed) != DTLS_OK ||
        !dtls_take(&sealed, DTLS_CBC_BLOCK, &iv) ||
        crypto->cbc_decrypt(crypto->self, &p->cipher, iv.data, sealed) !=
            DTLS_OK ||
        !strip_padding(&sealed)) {
        return DTLS_DISCARD;
    }
    *plain = sealed;
    return DTLS_OK;
}

const struct dtls_layout dtls_layout_etm = {prefix, etm_sealed_len, etm_fit,
                                            etm_seal, etm_open};
