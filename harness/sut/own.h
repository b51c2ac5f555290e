/* SPDX-License-Identifier: MIT */
/* What our own two drivers, engine and NetX, share. */
#ifndef SUT_OWN_H
#define SUT_OWN_H

#include "handshake/config.h"
#include "sim/pki.h"
#include "sut/sut.h"

/* sut_own_crypto returns libcrypto with repeatable random bytes, which also
 * writes the secrets of every handshake to the key log of `sut`. */
struct dtls_crypto sut_own_crypto(struct sut *sut);

/* sut_own_load_crl reads the CRL of the PKI. */
void sut_own_load_crl(struct sim_der *out, const struct sut_setup *setup);

/* sut_own_judge_peer is what an application's verify_peer does with a chain
 * that has been verified: a client looks for the server's name, and both look
 * for the chain's certificates in the CRL of the PKI.  `config` is the
 * session's. */
enum dtls_status sut_own_judge_peer(const struct sut_setup *setup,
                                    const struct dtls_config *config,
                                    const struct dtls_cert *chain, size_t num);

#endif
