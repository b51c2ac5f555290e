/* SPDX-License-Identifier: MIT */
/* What our own two drivers, engine and NetX, share; those of the other
 * libraries take the OCSP responses from here, too. */
#ifndef SUT_OWN_H
#define SUT_OWN_H

#include "handshake/tickets.h"
#include "sim/ocsp_response.h"
#include "sim/pki.h"
#include "sut/sut.h"

/* sut_own_crypto returns libcrypto with repeatable random bytes, which also
 * writes the secrets of every handshake to the key log of `sut`. */
struct dtls_crypto sut_own_crypto(struct sut *sut);

/* sut_own_identity returns a certificate of the PKI, with its key if
 * `with_key`, which is loaded once and lives as long as the process. */
const struct sim_identity *sut_own_identity(const struct sut_setup *setup,
                                            const char *name, bool with_key);

/* sut_own_load_crl reads the CRL of the PKI. */
void sut_own_load_crl(struct sim_der *out, const struct sut_setup *setup);

/* sut_own_judge_peer is what an application's verify_peer does with a chain
 * that has been verified: a client looks for the server's name, and both look
 * for the chain's certificates in the CRL of the PKI.  `config` is the
 * session's. */
enum dtls_status sut_own_judge_peer(const struct sut_setup *setup,
                                    const struct dtls_config *config,
                                    const struct dtls_cert *chain, size_t num);

/* The OCSP response that a server staples. */
struct sut_own_staple {
    uint8_t bytes[SIM_OCSP_MAX];
    size_t len;
};

/* sut_own_make_staple makes the server's response, for its certificate `own`,
 * on the virtual clock: the response has the time in it.
 * sut_own_judge_staple is what a client's application does with the server's:
 * without one it goes on. */
void sut_own_make_staple(struct sut_own_staple *staple,
                         const struct sut_setup *setup,
                         const struct sim_identity *own);
bool sut_own_judge_staple(const struct sut_setup *setup,
                          struct dtls_bytes response);

/* The raw public keys of an end of ours: its own, and that of its peer.  All
 * zero means "none". */
struct sut_own_raw_keys {
    struct sim_identity identity;
    struct sim_anchor anchor;
};

/* sut_own_show_raw_keys lets an end with this setup show the key of `own`, if
 * it shows any, in place of the certificate, and trust the key of the other
 * end, if it verifies one. */
void sut_own_show_raw_keys(struct sut_own_raw_keys *keys,
                           struct dtls_config *config,
                           const struct sut_setup *setup,
                           const struct sim_identity *own);

/* sut_own_peer_key returns the SubjectPublicKeyInfo of the certificate that
 * the other end shows, sut_own_key that of this end's; there must be one. */
struct dtls_bytes sut_own_peer_key(const struct sut_setup *setup);
struct dtls_bytes sut_own_key(const struct sut_setup *setup);

/* sut_other_end is the setup of the end before it. */
struct sut_setup sut_other_end(const struct sut_setup *setup);

/* The sessions that an end of ours keeps, for all its associations.  All zero
 * means "none". */
#define SUT_OWN_SESSIONS 4
struct sut_own_memory {
    struct dtls_cache cache; /* a server's, by their ids */
    struct dtls_cache_entry entries[SUT_OWN_SESSIONS];
    struct dtls_tickets tickets; /* a server's keys */
    struct dtls_client_session session;
};

/* sut_own_remember lets an end that has this role and this configuration,
 * whose `crypto` lives as long as the memory, resume what is in the memory.
 * sut_own_forget empties it. */
void sut_own_remember(struct sut_own_memory *memory,
                      struct dtls_config *config, bool is_client,
                      uint64_t now);

/* sut_own_keep is the same for an end with this setup, whose server keeps
 * sessions only as the setup says. */
void sut_own_keep(struct sut_own_memory *memory, struct dtls_config *config,
                  const struct sut_setup *setup, uint64_t now);
void sut_own_forget(struct sut_own_memory *memory);

#endif
