/* SPDX-License-Identifier: MIT */
/* Cryptography and a store of which chosen calls fail.
 *
 * A call that fails does what the contract of struct dtls_crypto allows at
 * worst: it has filled its output with FAILING_FILL, which memcheck then takes
 * for undefined, or it has made the object that it says it could not make. */
#ifndef FAULT_FAILING_H
#define FAULT_FAILING_H

#include "base/store.h"
#include "crypto/crypto.h"

#include <stdint.h>

/* The byte of memory that nobody has written. */
#define FAILING_FILL 0xdb

/* The members of struct dtls_crypto that return a status, and a store's
 * take. */
enum failing_kind {
    FAILING_RANDOM,
    FAILING_DIGEST,
    FAILING_HASH_START,
    FAILING_HMAC_KEY,
    FAILING_PRF,
    FAILING_CIPHER_KEY,
    FAILING_MAC,
    FAILING_AEAD_SEAL,
    FAILING_AEAD_OPEN,
    FAILING_CBC_ENCRYPT,
    FAILING_CBC_DECRYPT,
    FAILING_CBC_CHECK,
    FAILING_SHARE_MAKE,
    FAILING_SHARE_AGREE,
    FAILING_JPAKE_MAKE,
    FAILING_JPAKE_TAKE_HELLO,
    FAILING_JPAKE_KEY,
    FAILING_JPAKE_TAKE_KEY,
    FAILING_JPAKE_AGREE,
    FAILING_PRIVATE_KEY,
    FAILING_SIGN,
    FAILING_VERIFY,
    FAILING_CHECK_KEY,
    FAILING_PREMASTER_SEAL,
    FAILING_PREMASTER_OPEN,
    FAILING_TAKE,
    FAILING_KINDS
};

const char *failing_name(enum failing_kind kind);

#define FAILING_CALLS_MAX 1024

struct failing {
    struct dtls_crypto crypto; /* self points to this struct */
    struct dtls_store store;   /* so it does here */
    const struct dtls_crypto *base_crypto;
    const struct dtls_store *base_store;
    size_t block_size; /* of every block; 0: what the base store says */
    unsigned calls;    /* of all kinds, so far */
    /* The calls that fail: from `first` to `last`, counted from 1.  0: none.
     */
    unsigned first;
    unsigned last;
    unsigned live; /* ciphers, shares, exchanges and keys that are not freed */
    unsigned failed;                   /* calls that have failed */
    unsigned failed_of[FAILING_KINDS]; /* the same, of each kind */
    unsigned good_of[FAILING_KINDS];   /* returned DTLS_OK, or a block */
    uint8_t kinds[FAILING_CALLS_MAX];  /* of call n at n - 1 */
};

/* failing_init puts `f` before `crypto` and `store`, which it borrows; `store`
 * may be NULL.  No call fails until `first` is set. */
void failing_init(struct failing *f, const struct dtls_crypto *crypto,
                  const struct dtls_store *store);

/* failing_kind returns the kind of call `number` of those so far. */
enum failing_kind failing_kind(const struct failing *f, unsigned number);

/* failing_fill fills memory with FAILING_FILL, undefined for memcheck. */
void failing_fill(void *at, size_t len);

/* failing_paint_stack does so with the stack below its caller, where the next
 * calls have their variables. */
void failing_paint_stack(void);

/* failing_shows returns true if the bytes were not all written: there is a run
 * of FAILING_FILL, or memcheck knows that they are undefined. */
bool failing_shows(struct dtls_bytes bytes);

#endif
