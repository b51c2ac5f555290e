/* SPDX-License-Identifier: MIT */
/* Oracles that several targets of handshake messages share. */
#ifndef FUZZERS_KIT_MESSAGE_ORACLES_H
#define FUZZERS_KIT_MESSAGE_ORACLES_H

#include "fuzzers/kit/fuzz.h"
#include "handshake/messages.h"

/* fuzz_cke_field: a ClientKeyExchange with one field is what its parts are
 * put together to, or refused without a trace. */
void fuzz_cke_field(enum dtls_kx kx, struct dtls_bytes body);

#endif
