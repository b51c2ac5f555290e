/* SPDX-License-Identifier: MIT */
/* What our own two kinds of end, engine and NetX, share. */
#ifndef LAB_OWN_H
#define LAB_OWN_H

#include "crypto/crypto.h"
#include "lab/peer.h"

/* lab_own_crypto is libcrypto with repeatable random bytes; the secrets of
 * every handshake go to the key log of `peer`. */
struct dtls_crypto lab_own_crypto(struct lab_peer *peer);

#endif
