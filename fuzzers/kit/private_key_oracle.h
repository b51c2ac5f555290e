/* SPDX-License-Identifier: MIT */
/* The oracle of the three targets for private keys. */
#ifndef FUZZERS_KIT_PRIVATE_KEY_ORACLE_H
#define FUZZERS_KIT_PRIVATE_KEY_ORACLE_H

#include "fuzzers/kit/repeatable_crypto.h"

enum fuzz_key_form { FUZZ_PKCS1, FUZZ_SEC1, FUZZ_PKCS8 };

/* fuzz_private_key reads a key.  An accepted key has a type and, for EC, one
 * of our groups, and can be asked for a signature.  If it can be written in
 * `form`, that is accepted again and is the same key.  A refused key is all
 * zero.  The error queue stays empty. */
void fuzz_private_key(enum fuzz_key_form form, struct dtls_bytes der);

#endif
