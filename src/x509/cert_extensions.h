/* SPDX-License-Identifier: MIT */
/* Extensions of a certificate (RFC 5280, 4.2). */
#ifndef DTLS_X509_CERT_EXTENSIONS_H
#define DTLS_X509_CERT_EXTENSIONS_H

#include "x509/cert.h"
#include "base/der.h"

struct dtls_x509_extension {
    struct dtls_bytes oid;
    bool critical;
    struct dtls_bytes value; /* contents of extnValue */
};

/* dtls_extensions_next takes the next extension off `list`, the contents of an
 * Extensions SEQUENCE.  It returns false at the list's end, or if the next
 * element is no extension. */
DTLS_MUST_USE bool dtls_extensions_next(struct dtls_bytes *list,
                                        struct dtls_x509_extension *out);

/* dtls_extensions_each gives every extension of `list` to `take`, until `take`
 * returns false.  It returns false then; also if the list is empty, is longer
 * than 64, is malformed, or has an extension twice (RFC 5280, 4.2). */
DTLS_MUST_USE bool dtls_extensions_each(
    struct dtls_bytes list,
    bool (*take)(void *context, const struct dtls_x509_extension *e),
    void *context);

/* dtls_extensions_is_authority_key_id returns true if an
 * AuthorityKeyIdentifier's SEQUENCE may hold `body`. */
bool dtls_extensions_is_authority_key_id(struct dtls_bytes body);

/* dtls_extensions_parse reads `list`, the contents of the Extensions SEQUENCE,
 * into the fields of `cert` that extensions decide.
 *
 * It returns false, and `cert` is then of no use, if dtls_extensions_each
 * does, or if an extension that this code knows has another form than in
 * RFC 5280.  It tolerates a `critical` and a `cA` that say FALSE, although DER
 * leaves out a default, because libcrypto accepts them.
 *
 *   Known and used   basicConstraints, keyUsage, extKeyUsage, subjectAltName,
 *                    subjectKeyIdentifier, authorityKeyIdentifier
 *   Only read        cRLDistributionPoints, certificatePolicies
 *   Refused          extensions that narrow down a path or its meaning and are
 *                    not implemented, critical or not: see the table
 *                    (has_unhandled_critical)
 *   Unknown          skipped, or has_unhandled_critical if critical */
DTLS_MUST_USE bool dtls_extensions_parse(struct dtls_cert *cert,
                                         struct dtls_bytes list);

#endif
