/* SPDX-License-Identifier: MIT */
/* OCSP responses (RFC 6960) about certificates of the test PKI, by libcrypto:
 * what a responder would say, and what an application makes of it. */
#ifndef SIM_OCSP_RESPONSE_H
#define SIM_OCSP_RESPONSE_H

#include "base/bytes.h"

#define SIM_OCSP_MAX 2048

enum sim_ocsp {
    SIM_OCSP_GOOD,
    SIM_OCSP_REVOKED,
    SIM_OCSP_FOREIGN, /* good, and signed by a CA that is not the issuer */
    SIM_OCSP_OLD      /* good, until a day before `now` */
};

/* sim_ocsp_make writes the response of the PKI's root about the certificate
 * `leaf` (DER), at the time `now` (seconds since 1970).  It returns the
 * length, and asserts: a test without its files cannot go on. */
size_t sim_ocsp_make(uint8_t out[SIM_OCSP_MAX], const char *folder,
                     struct dtls_bytes leaf, enum sim_ocsp what, int64_t now);

/* sim_ocsp_is_good: is this a response of the PKI's root, which says at the
 * time `now` that the certificate is good? */
bool sim_ocsp_is_good(struct dtls_bytes response, const char *folder,
                      struct dtls_bytes leaf, int64_t now);

#endif
