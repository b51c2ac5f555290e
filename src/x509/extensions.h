/* SPDX-License-Identifier: MIT */
/* Extensions of a certificate (RFC 5280, 4.2). */
#ifndef DTLS_X509_EXTENSIONS_H
#define DTLS_X509_EXTENSIONS_H

#include "x509/cert.h"
#include "x509/der.h"

/* dtls_extensions_parse reads `list`, the contents of the Extensions
 * SEQUENCE, into the fields of `cert` that extensions decide.
 *
 * It returns false, and `cert` is then of no use, if the list is empty or
 * longer than 64, an extension comes twice, or one that this code knows is not
 * what RFC 5280 says.  A `critical` that says FALSE and a `cA` that says FALSE
 * are tolerated, although DER leaves out a default (libcrypto takes them).
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
