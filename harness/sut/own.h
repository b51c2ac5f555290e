/* SPDX-License-Identifier: MIT */
/* What our own two drivers, engine and NetX, share. */
#ifndef SUT_OWN_H
#define SUT_OWN_H

#include "crypto/crypto.h"
#include "sut/sut.h"

/* sut_own_crypto returns libcrypto with repeatable random bytes, which also
 * writes the secrets of every handshake to the key log of `sut`. */
struct dtls_crypto sut_own_crypto(struct sut *sut);

#endif
