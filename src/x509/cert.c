/* SPDX-License-Identifier: MIT */
/* A certificate, read in place (RFC 5280, 4.1). */
#include "x509/cert.h"
#include "x509/algorithm.h"
#include "x509/cert_extensions.h"
#include "x509/name.h"
#include "x509/time.h"

#include <assert.h>

/* version [0] EXPLICIT INTEGER DEFAULT v1; v1 itself is never written. */
static bool get_version(struct dtls_bytes *tbs, uint8_t *out)
{
    struct dtls_bytes outer;
    struct dtls_bytes number;
    uint8_t version;

    if (!dtls_der_next_is(*tbs, DER_CONTEXT_IN(0))) {
        *out = 1;
        return true;
    }
    if (!dtls_der_get(tbs, DER_CONTEXT_IN(0), &outer) ||
        !dtls_der_get_unsigned(&outer, &number) || outer.len != 0 ||
        !dtls_get_u8(&number, &version) || number.len != 0 ||
        (version != 1 && version != 2)) {
        return false;
    }
    *out = (uint8_t)(version + 1);
    return true;
}

/* Validity ::= SEQUENCE { notBefore Time, notAfter Time } */
static bool get_validity(struct dtls_bytes *tbs, struct dtls_cert *cert)
{
    struct dtls_bytes body;

    return dtls_der_get(tbs, DER_SEQUENCE, &body) &&
           dtls_time_get(&body, &cert->not_before) &&
           dtls_time_get(&body, &cert->not_after) && body.len == 0;
}

/* [number] IMPLICIT BIT STRING OPTIONAL: not used, so skipped. */
static bool skip_unique_id(struct dtls_bytes *tbs, unsigned number)
{
    struct dtls_bytes bits;

    return !dtls_der_next_is(*tbs, DER_CONTEXT(number)) ||
           (dtls_der_get(tbs, DER_CONTEXT(number), &bits) &&
            dtls_der_is_value(DER_BIT_STRING, bits));
}

/* extensions [3] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension OPTIONAL */
static bool get_extensions(struct dtls_bytes *tbs, struct dtls_cert *cert)
{
    struct dtls_bytes outer;

    if (tbs->len == 0) {
        return true;
    }
    return dtls_der_get(tbs, DER_CONTEXT_IN(3), &outer) &&
           dtls_der_get(&outer, DER_SEQUENCE, &cert->extensions) &&
           outer.len == 0 && dtls_extensions_parse(cert, cert->extensions);
}

/* TBSCertificate; `algorithm` becomes its signature field. */
static bool parse_tbs(struct dtls_cert *cert, struct dtls_bytes *algorithm)
{
    struct dtls_bytes element = cert->tbs;
    struct dtls_bytes tbs;
    struct dtls_bytes no_rdn;

    if (!dtls_der_get(&element, DER_SEQUENCE, &tbs) ||
        !get_version(&tbs, &cert->version) ||
        !dtls_der_get_integer(&tbs, &cert->serial) ||
        !dtls_algorithm_get(&tbs, algorithm, &cert->sigalg) ||
        !dtls_name_get(&tbs, &cert->issuer) || !get_validity(&tbs, cert) ||
        !dtls_name_get(&tbs, &cert->subject) ||
        !dtls_algorithm_get_key(&tbs, &cert->key)) {
        return false;
    }
    /* "The issuer field MUST contain a non-empty distinguished name." */
    element = cert->issuer;
    if (!dtls_der_get(&element, DER_SEQUENCE, &no_rdn) || no_rdn.len == 0) {
        return false;
    }
    /* Unique identifiers came with v2, extensions with v3. */
    if (cert->version >= 2 &&
        (!skip_unique_id(&tbs, 1) || !skip_unique_id(&tbs, 2))) {
        return false;
    }
    if (cert->version == 3 && !get_extensions(&tbs, cert)) {
        return false;
    }
    return tbs.len == 0;
}

/* Certificate ::= SEQUENCE {
 *     tbsCertificate, signatureAlgorithm, signatureValue BIT STRING } */
static bool parse(struct dtls_cert *cert)
{
    struct dtls_bytes rest = cert->der;
    struct dtls_bytes body;
    struct dtls_bytes inner;
    struct dtls_bytes outer;
    uint16_t outer_id;

    return dtls_der_get(&rest, DER_SEQUENCE, &body) && rest.len == 0 &&
           dtls_der_get_element(&body, DER_SEQUENCE, &cert->tbs) &&
           dtls_algorithm_get(&body, &outer, &outer_id) &&
           dtls_der_get_bits(&body, &cert->signature) && body.len == 0 &&
           parse_tbs(cert, &inner) &&
           dtls_bytes_equal(inner, outer); /* RFC 5280, 4.1.1.2 */
}

enum dtls_status dtls_cert_parse(struct dtls_cert *out, struct dtls_bytes der)
{
    struct dtls_cert cert = {.der = der};

    if (!parse(&cert)) {
        return DTLS_BAD_CERTIFICATE;
    }
    *out = cert;
    return DTLS_OK;
}

enum dtls_status dtls_cert_parse_raw(struct dtls_cert *out,
                                     struct dtls_bytes der)
{
    struct dtls_cert cert = {
        .der = der, .not_before = INT64_MIN, .not_after = INT64_MAX};
    struct dtls_bytes rest = der;

    if (!dtls_algorithm_get_key(&rest, &cert.key) || rest.len != 0) {
        return DTLS_BAD_CERTIFICATE;
    }
    *out = cert;
    return DTLS_OK;
}

/* In a certificate it stands behind the subject. */
struct dtls_bytes dtls_cert_key_info(const struct dtls_cert *cert)
{
    struct dtls_bytes rest = cert->tbs;
    struct dtls_bytes before;
    struct dtls_bytes info = {0};
    size_t end;
    bool found;

    if (dtls_cert_is_raw(cert)) {
        return cert->der;
    }
    end = (size_t)(cert->subject.data - cert->tbs.data) + cert->subject.len;
    found = dtls_get_bytes(&rest, end, &before) &&
            dtls_der_get_element(&rest, DER_SEQUENCE, &info);
    assert(found); /* It has been parsed. */
    return info;
}
