/* SPDX-License-Identifier: MIT */
/* The verification of a chain, and of the host that it names (RFC 5280, 6;
 * RFC 6125). */
#ifndef DTLS_X509_CHAIN_H
#define DTLS_X509_CHAIN_H

#include "x509/cert.h"

#define DTLS_CHAIN_MAX 10 /* certificates from leaf to anchor, with both */

/* struct dtls_cert_item is a certificate in a list.  The list and what it
 * points to belong to the caller. */
struct dtls_cert_item {
    const struct dtls_cert *cert;
    const struct dtls_cert_item *next;
};

/* DTLS_PURPOSE_ANY demands of key usage and extended key usage only what an
 * issuer must have. */
enum dtls_purpose {
    DTLS_PURPOSE_SERVER,
    DTLS_PURPOSE_CLIENT,
    DTLS_PURPOSE_ANY
};

/* struct dtls_verify holds what dtls_chain_verify needs beside the chain. */
struct dtls_verify {
    const struct dtls_crypto *crypto;
    const struct dtls_cert_item *anchors; /* trusted, may be intermediates */
    enum dtls_purpose purpose;            /* of the leaf                   */
    const uint16_t *sigalgs; /* for certificates; none: all but SHA-1 */
    size_t num_sigalgs;
    bool check_time;
    int64_t unix_time; /* seconds, if check_time        */
    /* NULL, or where a refusal puts its reason for people: a constant string,
     * or NULL if the status says all. */
    const char **why;
};

/* This code demands more than libcrypto (X509_verify_cert with purpose,
 * security level 2 and X509_V_FLAG_PARTIAL_CHAIN).  It alone refuses a
 * client that may only agree on keys (keyUsage); a leaf that is no version 3
 * certificate; extKeyUsage of Netscape or Microsoft instead of serverAuth;
 * name or policy constraints of any kind, critical certificate policies or CRL
 * distribution points, Netscape's certificate type; RSA below 2048 bits, above
 * 4096 or with an exponent below 17 or above 64 bits; Ed448, SHA-224, SHA-3;
 * more than 10 certificates on a path; DER that is not strict (x509/cert.h).
 *
 * harness/unit/x509/differences.tsv has the reasons, and a test proves that
 * both agree about everything else.
 *
 * This code alone accepts a certificate in its last second (RFC
 * 5280, 4.1.2.5), and a good path that libcrypto does not find because
 * libcrypto tries one issuer only. */

/* dtls_chain_verify looks for a path from `peer` to an anchor and verifies it.
 * `peer` is the peer's own certificate first, then its issuers in any order;
 * unrelated ones are ignored.  `num_peer` is at least 1.  A leaf that is
 * itself an anchor (same bytes) needs no issuer.
 *
 *   DTLS_OK                          a good path exists
 *   DTLS_UNKNOWN_CA                  no path ends in an anchor
 *   DTLS_CERTIFICATE_SIGNATURE       an issuer's key did not sign it
 *   DTLS_CERTIFICATE_EXPIRED, DTLS_CERTIFICATE_NOT_YET_VALID
 *   DTLS_UNSUPPORTED_CERTIFICATE     purpose, key, algorithm, critical
 *                                    extension, or a key below 112 bits
 *   DTLS_BAD_CERTIFICATE             the leaf's key is not a point of its
 *                                    curve; an issuer may not issue (basic
 *                                    constraints, path length, key usage)
 *   DTLS_MESSAGE_TOO_LONG            the path is longer than DTLS_CHAIN_MAX
 *   DTLS_INTERNAL_ERROR              libcrypto failed
 *
 * It reports a fault of the peer's own certificate before it looks for any
 * issuer.  If all paths fail, the one that came furthest decides: a link is
 * checked for its signature first, then for what the issuer may do.
 * DTLS_UNKNOWN_CA therefore means that it found no fault.
 *
 * Work is bounded: at most DTLS_CHAIN_MAX certificates on a path and 32
 * signatures checked in one call. */
DTLS_MUST_USE enum dtls_status dtls_chain_verify(
    const struct dtls_verify *verify, const struct dtls_cert *peer,
    size_t num_peer);

/* dtls_chain_find_issuer does what dtls_chain_verify does, and gives the
 * certificate that issued the leaf on the good path that it found; NULL if
 * that path is the leaf alone.  On failure `issuer` is untouched. */
DTLS_MUST_USE enum dtls_status dtls_chain_find_issuer(
    const struct dtls_verify *verify, const struct dtls_cert **issuer,
    const struct dtls_cert *peer, size_t num_peer);

/* dtls_name_matches returns true if `host` is one of the names of `cert`: a
 * DNS subjectAltName or, only if there is none, the common name.  Case is
 * folded, and one "*" may be the whole leftmost label.
 *
 * An IPv4 or IPv6 address in text form matches an iPAddress subjectAltName
 * only (RFC 6125, 6.4; RFC 2818). */
bool dtls_name_matches(const struct dtls_cert *cert, struct dtls_bytes host);

/* dtls_name_dns_matches returns true if `host` is the DNS name that a
 * certificate presents.  A "*." of `presented` stands for one whole label and
 * must be followed by at least two (RFC 6125, 6.4.3 and 7.2). */
bool dtls_name_dns_matches(struct dtls_bytes presented,
                           struct dtls_bytes host);

/* dtls_name_is_dns returns true if `host` may be a DNS name and is not the
 * text of an address. */
bool dtls_name_is_dns(struct dtls_bytes host);

#endif
