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

/* dtls_extensions_next takes the next extension off `list`, the contents of
 * an Extensions SEQUENCE; false at its end, or if it is no extension. */
DTLS_MUST_USE bool dtls_extensions_next(struct dtls_bytes *list,
                                        struct dtls_x509_extension *out);

/* dtls_extensions_each gives every extension of `list` to `take`, until it
 * says false.  It returns false then, or if the list is empty or longer than
 * 64, is malformed, or has an extension twice (RFC 5280, 4.2). */
DTLS_MUST_USE bool dtls_extensions_each(
    struct dtls_bytes list,
    bool (*take)(void *context, const struct dtls_x509_extension *e),
    void *context);

/* dtls_extensions_is_authority_key_id: is `body` what the SEQUENCE of an
 * AuthorityKeyIdentifier may hold? */
bool dtls_extensions_is_authority_key_id(struct dtls_bytes body);

/* dtls_extensions_parse reads `list`, the contents of the Extensions
 * SEQUENCE, into the fields of `cert` that extensions decide.
 *
 * It returns false, and `cert` is then of no use, if dtls_extensions_each
 * does, or an extension that this code knows is not what RFC 5280 says.  A
 * `critical` that says FALSE and a `cA` that says FALSE are tolerated,
 * although DER leaves out a default (libcrypto takes them).
 *
 * Known and used:  basicConstraints, keyUsage, extKeyUsage, subjectAltName,
 *                  subjectKeyIdentifier, authorityKeyIdentifier.
 * Only read:       cRLDistributionPoints, certificatePolicies.
 * Refuse a chain, critical or not (has_unhandled_critical): what narrows
 *                  down a path or its meaning and is not implemented, see
 *                  the table.
 * Unknown:         skipped, or has_unhandled_critical if critical. */
DTLS_MUST_USE bool dtls_extensions_parse(struct dtls_cert *cert,
                                         struct dtls_bytes list);

#endif
