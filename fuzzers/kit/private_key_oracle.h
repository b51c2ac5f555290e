/* SPDX-License-Identifier: MIT */
/* The oracle of the three targets of private keys. */
#ifndef FUZZERS_KIT_PRIVATE_KEY_ORACLE_H
#define FUZZERS_KIT_PRIVATE_KEY_ORACLE_H

#include "fuzzers/kit/repeatable_crypto.h"

enum fuzz_key_form { FUZZ_PKCS1, FUZZ_SEC1, FUZZ_PKCS8 };

/* fuzz_private_key: a key that is taken has a type and, for EC, a group of
 * ours, and can be asked for a signature; written again in `form`, if it has
 * one, it is taken again and is the same key.  One that is refused leaves all
 * zero.  The error queue stays empty. */
void fuzz_private_key(enum fuzz_key_form form, struct dtls_bytes der);

#endif
