/* SPDX-License-Identifier: MIT */
/* Certificates and CRLs that a fuzzer may change and that are signed all the
 * same: every one of them by the key of FUZZ_SERVER_EC, so that what is inside
 * decides. */
#ifndef FUZZERS_KIT_SIGNED_H
#define FUZZERS_KIT_SIGNED_H

#include "base/bytes.h"

/* The time of all verdicts: 2026-01-01. */
#define FUZZ_NOW INT64_C(1767225600)

/* fuzz_sign makes a Certificate or CertificateList of a TBSCertificate or
 * TBSCertList: ecdsa-with-SHA256.  A heap block of exactly its size; the
 * caller frees it. */
struct dtls_span fuzz_sign(struct dtls_bytes tbs);

/* fuzz_is_self_issued: does libcrypto take the certificate for self-signed, by
 * its names, which it compares without case, and key identifiers, if there are
 * any?  A difference that more than one target shows. */
bool fuzz_is_self_issued(struct dtls_bytes tbs);

#endif
