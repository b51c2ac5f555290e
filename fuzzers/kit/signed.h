/* SPDX-License-Identifier: MIT */
/* Certificates and CRLs that a fuzzer may change and that are signed all the
 * same.  Each is signed with the key of FUZZ_SERVER_EC, so that only its
 * contents decide. */
#ifndef FUZZERS_KIT_SIGNED_H
#define FUZZERS_KIT_SIGNED_H

#include "base/bytes.h"

/* The time at which all verdicts are made: 2026-01-01. */
#define FUZZ_NOW INT64_C(1767225600)

/* fuzz_sign makes a Certificate of a TBSCertificate, or a CertificateList of a
 * TBSCertList, with ecdsa-with-SHA256.  It is a heap block of exactly its
 * size, which the caller frees. */
struct dtls_span fuzz_sign(struct dtls_bytes tbs);

/* fuzz_is_self_issued says whether libcrypto takes the certificate for
 * self-signed.  libcrypto judges by its names, compared without case, and by
 * its key identifiers, if there are any.  More than one target shows this
 * difference. */
bool fuzz_is_self_issued(struct dtls_bytes tbs);

/* fuzz_ends_now says whether FUZZ_NOW is the last second of the certificate or
 * CRL, which belongs to its time (RFC 5280, 4.1.2.5 and 6.3.3 a); for
 * libcrypto it does not.  More than one target shows this difference. */
bool fuzz_ends_now(struct dtls_bytes tbs);

#endif
