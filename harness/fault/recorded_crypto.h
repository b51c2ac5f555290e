/* SPDX-License-Identifier: MIT */
/* libcrypto, whose every answer is recorded: the same calls give the same
 * bytes, ephemeral keys and signatures too, and what RSA and ECDSA have
 * computed once is not computed again.  A walk that plays the same handshake a
 * thousand times takes a fraction of the time. */
#ifndef FAULT_RECORDED_CRYPTO_H
#define FAULT_RECORDED_CRYPTO_H

#include "crypto/crypto.h"

/* recorded_prepare takes libcrypto's own randomness from it. */
void recorded_prepare(void);

/* recorded_init puts `out` before `base`, whose `random` and `self` it keeps,
 * and begins libcrypto's randomness anew. */
void recorded_init(struct dtls_crypto *out, const struct dtls_crypto *base);

#endif
