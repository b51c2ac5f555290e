/* SPDX-License-Identifier: MIT */
/* Record protection: the layout of every cipher class (RFC 5246, 6.2.3; RFC
 * 5288, 6655, 7905).  struct dtls_crypto does the arithmetic. */
#ifndef DTLS_RECORD_PROTECT_H
#define DTLS_RECORD_PROTECT_H

#include "crypto/crypto.h"
#include "record/header.h"

/* struct dtls_protection is the keys of one epoch in one direction.  All zero
 * is epoch 0, which protects nothing. */
struct dtls_protection {
    bool encrypt_then_mac; /* CBC only (RFC 7366)                   */
    uint8_t cid_len;       /* of its records' connection id; 0: none      */
    uint16_t limit;        /* longest plaintext; 0: DTLS_PLAINTEXT_MAX    */
    uint16_t pad_to;       /* see dtls_protect_seal; 0: no padding        */
    uint64_t used;         /* records sealed, or tried and not authentic  */
    const uint8_t *cid;    /* borrowed                                    */
    struct dtls_cipher cipher;
};

static inline struct dtls_bytes dtls_protect_cid(
    const struct dtls_protection *p)
{
    return dtls_bytes_of(p->cid, p->cid_len);
}

/* dtls_protect_limit returns the length of the longest plaintext.  Under a
 * connection id the record's type and padding count, too, when we seal. */
static inline size_t dtls_protect_limit(const struct dtls_protection *p)
{
    return p->limit == 0 ? DTLS_PLAINTEXT_MAX : p->limit;
}

/* struct dtls_endurance says how long keys serve: how many records may be
 * sealed with them, and how many may turn out not authentic, before a forgery
 * or a distinguisher comes within reach (RFC 9325, 4.4; RFC 9147, 4.5.3).
 * UINT64_MAX: the sequence numbers end first. */
struct dtls_endurance {
    uint64_t sealed;
    uint64_t forged;
};

struct dtls_endurance dtls_protect_endurance(
    const struct dtls_protection *protection);

/* dtls_protect_expansion returns the most bytes that sealing adds to a body,
 * without the record header. */
size_t dtls_protect_expansion(const struct dtls_protection *protection);

/* dtls_protect_prefix returns how many bytes of a record stand before the
 * place where its plaintext is encrypted: the header, and the explicit nonce
 * or the IV. */
size_t dtls_protect_prefix(const struct dtls_protection *protection);

/* dtls_protect_fit returns the length of the longest plaintext within the
 * limit whose whole record fits into `room` bytes, or 0 if none fits. */
size_t dtls_protect_fit(const struct dtls_protection *protection, size_t room);

/* dtls_protect_seal appends one whole record to `out`.  `plain` may already
 * stand at its place in `out` (dtls_protect_prefix).
 *
 * A record with a connection id has the type behind the plaintext, and then
 * zeros up to a multiple of `pad_to`, or up to the limit if that comes first
 * (RFC 9146, 4).
 *
 * It returns DTLS_NO_ROOM if the record does not fit or `plain` is above the
 * limit, and DTLS_INTERNAL_ERROR if cryptography fails.  Nothing is appended
 * then. */
DTLS_MUST_USE enum dtls_status dtls_protect_seal(
    const struct dtls_crypto *crypto, struct dtls_protection *protection,
    struct dtls_buf *out, uint8_t type, uint16_t version, uint16_t epoch,
    uint64_t seq, struct dtls_bytes plain);

/* dtls_protect_open authenticates `record` and decrypts it in place; `plain`
 * lies inside its body.  It returns DTLS_DISCARD if the record is not
 * authentic, or is in the clear and longer than DTLS_PLAINTEXT_MAX; the body
 * is then lost.  `used` grows only if a MAC or tag was computed and is wrong:
 * a record whose shape no record of the suite has costs its sender nothing and
 * counts as no forgery.
 *
 * It returns DTLS_DISCARD for a record of type tls12_cid where there is no
 * connection id, and for any other where there is one.
 *
 * It opens an authentic record above every limit: the session decides what
 * becomes of that.  The plaintext of a record with a connection id still has
 * type and padding. */
DTLS_MUST_USE enum dtls_status dtls_protect_open(
    const struct dtls_crypto *crypto, struct dtls_protection *protection,
    const struct dtls_record *record, struct dtls_span *plain);

/* dtls_protect_unwrap takes padding and type off the end of an opened record
 * with a connection id.  It returns false if there is no type. */
DTLS_MUST_USE bool dtls_protect_unwrap(struct dtls_record *record);

#endif
