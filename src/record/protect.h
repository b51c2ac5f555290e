/* SPDX-License-Identifier: MIT */
/* Record protection: the layout of every cipher class (RFC 5246, 6.2.3;
 * RFC 5288, 6655, 7905).  The arithmetic is struct dtls_crypto's. */
#ifndef DTLS_RECORD_PROTECT_H
#define DTLS_RECORD_PROTECT_H

#include "crypto/crypto.h"
#include "record/header.h"

/* The keys of one epoch in one direction.  All zero protects nothing:
 * epoch 0. */
struct dtls_protection {
    struct dtls_cipher cipher;
    uint8_t salt[DTLS_NONCE_LEN]; /* the IV part of the key block          */
    bool encrypt_then_mac;        /* CBC only (RFC 7366)                   */
    uint16_t limit; /* longest plaintext; 0: DTLS_PLAINTEXT_MAX    */
    uint64_t used;  /* records sealed, or that were not authentic  */
};

/* dtls_protect_limit is the longest plaintext of a record. */
static inline size_t dtls_protect_limit(const struct dtls_protection *p)
{
    return p->limit == 0 ? DTLS_PLAINTEXT_MAX : p->limit;
}

/* How long keys serve: records that may be sealed with them, and records that
 * may turn out not authentic, before a forgery or a distinguisher comes within
 * reach (RFC 9325, 4.4; RFC 9147, 4.5.3).  UINT64_MAX: the sequence numbers
 * end first. */
struct dtls_endurance {
    uint64_t sealed;
    uint64_t forged;
};

struct dtls_endurance dtls_protect_endurance(
    const struct dtls_protection *protection);

/* dtls_protect_expansion is how many bytes sealing adds to a body at most,
 * without the record header. */
size_t dtls_protect_expansion(const struct dtls_protection *protection);

/* dtls_protect_prefix is how many bytes of a record stand before the place
 * where its plaintext is encrypted: header, and explicit nonce or IV. */
size_t dtls_protect_prefix(const struct dtls_protection *protection);

/* dtls_protect_fit is the longest plaintext within the limit whose whole
 * record fits into `room` bytes; 0 if none does. */
size_t dtls_protect_fit(const struct dtls_protection *protection, size_t room);

/* dtls_protect_seal appends one whole record to `out`.  `plain` may stand
 * where it is going to be in `out`.
 *
 * DTLS_NO_ROOM, and nothing appended, if it does not fit or is above the
 * limit; DTLS_INTERNAL_ERROR if cryptography fails. */
DTLS_MUST_USE enum dtls_status dtls_protect_seal(
    const struct dtls_crypto *crypto, struct dtls_protection *protection,
    struct dtls_buf *out, uint8_t type, uint16_t version, uint16_t epoch,
    uint64_t seq, struct dtls_bytes plain);

/* dtls_protect_open authenticates `record` and decrypts it in place; `plain`
 * lies inside its body.  DTLS_DISCARD if it is not authentic or the plaintext
 * is longer than DTLS_PLAINTEXT_MAX; the body is then lost.  An authentic one
 * above a negotiated limit is opened: what becomes of it is the session's. */
DTLS_MUST_USE enum dtls_status dtls_protect_open(
    const struct dtls_crypto *crypto, struct dtls_protection *protection,
    const struct dtls_record *record, struct dtls_span *plain);

#endif
