/* SPDX-License-Identifier: MIT */
/* Oracles that several targets for handshake messages share. */
#ifndef FUZZERS_KIT_MESSAGE_ORACLES_H
#define FUZZERS_KIT_MESSAGE_ORACLES_H

#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

/* fuzz_cke_field parses a ClientKeyExchange of one field.  If it is accepted,
 * the field lies inside the body, and building the message again gives the
 * body; if it is refused, the output is unchanged. */
void fuzz_cke_field(enum dtls_kx kx, struct dtls_bytes body);

/* fuzz_key_kp builds a KeyKP again, none of whose parts is empty. */
void fuzz_key_kp(struct dtls_buf *out, const struct dtls_key_kp *key);

#endif
