/* SPDX-License-Identifier: MIT */
/* The layout of a record's body for each class of ciphers: for protect.c. */
#ifndef DTLS_RECORD_LAYOUT_H
#define DTLS_RECORD_LAYOUT_H

#include "record/protect.h"

struct dtls_layout {
    /* prefix returns how many bytes of a body stand before its plaintext. */
    size_t (*prefix)(const struct dtls_protection *p);
    /* sealed_len returns the exact length of the body for a plaintext. */
    size_t (*sealed_len)(const struct dtls_protection *p, size_t plain_len);
    /* fit returns the longest plaintext whose body fits into `room` bytes. */
    size_t (*fit)(const struct dtls_protection *p, size_t room);
    /* seal appends the body to `out`.  It takes type, version, epoch and
     * number from `record` and ignores its body.  It returns DTLS_NO_ROOM if
     * the body does not fit.
     *
     * open is the inverse, in place.  It returns DTLS_DISCARD if the body is
     * not authentic. */
    DTLS_MUST_USE enum dtls_status (*seal)(const struct dtls_crypto *crypto,
                                           struct dtls_protection *p,
                                           struct dtls_buf *out,
                                           const struct dtls_record *record,
                                           struct dtls_bytes plain);
    DTLS_MUST_USE enum dtls_status (*open)(const struct dtls_crypto *crypto,
                                           struct dtls_protection *p,
                                           const struct dtls_record *record,
                                           struct dtls_span *plain);
};

extern const struct dtls_layout dtls_layout_plain; /* epoch 0 */
extern const struct dtls_layout dtls_layout_null;  /* plaintext || MAC */
extern const struct dtls_layout dtls_layout_aead;
extern const struct dtls_layout dtls_layout_cbc; /* MAC-then-encrypt */
extern const struct dtls_layout dtls_layout_etm; /* encrypt-then-MAC */

/* dtls_layout_aad writes what every class authenticates beside the plaintext:
 * seq_num || type || version || length (RFC 5246, 6.2.3.1, 6.2.3.3), or the
 * form for a record with a connection id (RFC 9146, 5).  dtls_aad_len tells
 * its length. */
void dtls_layout_plain_aad(uint8_t out[DTLS_AAD_LEN],
                           const struct dtls_record *record, size_t len);
void dtls_layout_cid_aad(uint8_t out[DTLS_AAD_MAX], struct dtls_bytes cid,
                         const struct dtls_record *record, size_t len);
static inline void dtls_layout_aad(uint8_t out[DTLS_AAD_MAX],
                                   const struct dtls_protection *p,
                                   const struct dtls_record *record,
                                   size_t len)
{
    if (p->cid_len == 0) {
        dtls_layout_plain_aad(out, record, len);
    } else {
        dtls_layout_cid_aad(out, dtls_protect_cid(p), record, len);
    }
}

/* dtls_layout_mac writes the MAC over those bytes and `data`; the length in
 * them is that of `data`. */
DTLS_MUST_USE enum dtls_status dtls_layout_mac(
    const struct dtls_crypto *crypto, struct dtls_protection *p, uint8_t *out,
    const struct dtls_record *record, struct dtls_span data);

/* dtls_layout_forged counts a record whose MAC or tag was tried and is wrong.
 * It returns DTLS_DISCARD. */
static inline enum dtls_status dtls_layout_forged(struct dtls_protection *p)
{
    p->used++;
    return DTLS_DISCARD;
}

/* dtls_layout_check splits the MAC off the end of the record's body; `data` is
 * the part before it.  It returns DTLS_DISCARD, in constant time, if the MAC
 * is not that of `data` (dtls_layout_forged); also if the body is shorter than
 * a MAC. */
DTLS_MUST_USE enum dtls_status dtls_layout_check(
    const struct dtls_crypto *crypto, struct dtls_protection *p,
    const struct dtls_record *record, struct dtls_span *data);

/* dtls_layout_put appends `plain` to `out`; `data` is its place there.
 * `plain` may stand in that place already, or overlap it.  It returns false if
 * there is no room. */
DTLS_MUST_USE bool dtls_layout_put(struct dtls_buf *out,
                                   struct dtls_bytes plain,
                                   struct dtls_span *data);

#endif
