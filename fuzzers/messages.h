/* SPDX-License-Identifier: MIT */
/* Oracles that several targets of handshake messages share. */
#ifndef FUZZERS_MESSAGES_H
#define FUZZERS_MESSAGES_H

#include "fuzz.h"
#include "messages/messages.h"

/* fuzz_cke_field: a ClientKeyExchange with one field is what its parts are
 * put together to, or refused without a trace. */
void fuzz_cke_field(enum dtls_kx kx, struct dtls_bytes body);

#endif
