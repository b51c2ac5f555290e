/* SPDX-License-Identifier: MIT */
/* A certificate revocation list (x509/crl.h; RFC 5280, 5 and 6.3). */
#include "x509/crl.h"
#include "x509/algorithm.h"
#include "x509/cert_extensions.h"
#include "x509/issuer.h"
#include "x509/name.h"
#include "x509/time.h"

#define DER_ENUMERATED 0x0a

/* An extension of id-ce, 2.5.29.n, by n.  Its content is read before the
 * extension is obeyed.  One that we have no use for, and that libcrypto does
 * not read either, is skipped unless it is critical. */
struct known {
    uint8_t number;
    bool skip_unless_critical;
    bool (*read)(struct dtls_crl *crl, struct dtls_bytes value);
};

static const struct known *find_known(const struct known *known, size_t num,
                                      struct dtls_bytes oid)
{
    uint16_t arc;
    uint8_t number;

    if (dtls_get_u16(&oid, &arc) && arc == 0x551d &&
        dtls_get_u8(&oid, &number) && oid.len == 0) {
        for (size_t i = 0; i < num; i++) {
            if (known[i].number == number) {
                return &known[i];
            }
        }
    }
    return NULL;
}

static bool take(struct dtls_crl *crl, const struct known *known, size_t num,
                 const struct dtls_x509_extension *e)
{
    const struct known *found = find_known(known, num, e->oid);

    if (found == NULL) {
        crl->has_unhandled_critical |= e->critical;
        return true;
    }
    return (found->skip_unless_critical && !e->critical) ||
           found->read(crl, e->value);
}

/* The list is not its issuer's complete one: the content does not matter. */
static bool refuse(struct dtls_crl *crl, struct dtls_bytes value)
{
    (void)value;
    crl->has_unhandled_critical = true;
    return true;
}

/* reasonCode ::= CRLReason, an ENUMERATED */
static bool read_reason(struct dtls_crl *crl, struct dtls_bytes value)
{
    struct dtls_bytes reason;

    (void)crl;
    return dtls_der_get(&value, DER_ENUMERATED, &reason) && value.len == 0 &&
           dtls_der_is_value(DER_ENUMERATED, reason);
}

/* InvalidityDate ::= GeneralizedTime */
static bool read_date(struct dtls_crl *crl, struct dtls_bytes value)
{
    int64_t date;

    (void)crl;
    return dtls_der_next_is(value, DER_GENERALIZED_TIME) &&
           dtls_time_get(&value, &date) && value.len == 0;
}

/* IssuerAltName ::= GeneralNames */
static bool read_alt_names(struct dtls_crl *crl, struct dtls_bytes value)
{
    struct dtls_bytes names;

    (void)crl;
    return dtls_der_get(&value, DER_SEQUENCE, &names) && value.len == 0 &&
           dtls_name_are_general(names);
}

/* CRLNumber ::= INTEGER (0..MAX) */
static bool read_number(struct dtls_crl *crl, struct dtls_bytes value)
{
    struct dtls_bytes number;

    (void)crl;
    return dtls_der_get_unsigned(&value, &number) && value.len == 0;
}

static bool read_key_id(struct dtls_crl *crl, struct dtls_bytes value)
{
    return dtls_der_get(&value, DER_SEQUENCE, &crl->authority_key_id) &&
           value.len == 0 &&
           dtls_extensions_is_authority_key_id(crl->authority_key_id);
}

static bool take_entry_extension(void *context,
                                 const struct dtls_x509_extension *e)
{
    static const struct known known[] = {
        {21, false, read_reason}, /* reasonCode                           */
        {24, true, read_date},    /* invalidityDate                       */
        {29, false, refuse},      /* certificateIssuer: an indirect CRL   */
    };

    return take(context, known, 3, e);
}

static bool take_extension(void *context, const struct dtls_x509_extension *e)
{
    static const struct known known[] = {
        {18, true, read_alt_names}, /* issuerAltName                      */
        {20, false, read_number},   /* cRLNumber                          */
        {27, false, refuse},        /* deltaCRLIndicator                  */
        {28, false, refuse},        /* issuingDistributionPoint           */
        {35, false, read_key_id},   /* authorityKeyIdentifier             */
    };

    return take(context, known, 5, e);
}

/* Takes an entry of revokedCertificates:
 *
 * SEQUENCE { userCertificate    CertificateSerialNumber,
 *            revocationDate     Time,
 *            crlEntryExtensions Extensions OPTIONAL -- version 2 only } */
static bool get_entry(struct dtls_bytes *in, struct dtls_bytes *serial,
                      struct dtls_bytes *extensions)
{
    struct dtls_bytes body;
    int64_t date;

    *extensions = (struct dtls_bytes){NULL, 0};
    return dtls_der_get(in, DER_SEQUENCE, &body) &&
           dtls_der_get_integer(&body, serial) &&
           dtls_time_get(&body, &date) &&
           (body.len == 0 || dtls_der_get(&body, DER_SEQUENCE, extensions)) &&
           body.len == 0;
}

static bool parse_entries(struct dtls_crl *crl, bool is_v2)
{
    struct dtls_bytes list = crl->revoked;
    struct dtls_bytes serial;
    struct dtls_bytes extensions;

    while (list.len > 0) {
        if (!get_entry(&list, &serial, &extensions)) {
            return false;
        }
        if (extensions.data != NULL &&
            (!is_v2 ||
             !dtls_extensions_each(extensions, take_entry_extension, crl))) {
            return false;
        }
    }
    return true;
}

/* version INTEGER OPTIONAL, "if present, MUST be v2", which is 1 */
static bool get_version(struct dtls_bytes *tbs, bool *is_v2)
{
    struct dtls_bytes number;
    uint8_t version;

    *is_v2 = dtls_der_next_is(*tbs, DER_INTEGER);
    return !*is_v2 ||
           (dtls_der_get_unsigned(tbs, &number) &&
            dtls_get_u8(&number, &version) && number.len == 0 && version == 1);
}

/* crlExtensions [0] EXPLICIT Extensions OPTIONAL */
static bool parse_extensions(struct dtls_crl *crl, struct dtls_bytes *tbs,
                             bool is_v2)
{
    struct dtls_bytes outer;
    struct dtls_bytes list;

    if (tbs->len == 0) {
        return true;
    }
    return is_v2 && dtls_der_get(tbs, DER_CONTEXT_IN(0), &outer) &&
           dtls_der_get(&outer, DER_SEQUENCE, &list) && outer.len == 0 &&
           dtls_extensions_each(list, take_extension, crl);
}

/* TBSCertList ::= SEQUENCE {
 *     version             Version OPTIONAL,
 *     signature           AlgorithmIdentifier,
 *     issuer              Name,
 *     thisUpdate          Time,
 *     nextUpdate          Time OPTIONAL,
 *     revokedCertificates SEQUENCE OF SEQUENCE {...} OPTIONAL,
 *     crlExtensions       [0] EXPLICIT Extensions OPTIONAL } */
static bool parse_tbs(struct dtls_crl *crl, struct dtls_bytes *algorithm)
{
    struct dtls_bytes element = crl->tbs;
    struct dtls_bytes tbs;
    bool is_v2;

    if (!dtls_der_get(&element, DER_SEQUENCE, &tbs) ||
        !get_version(&tbs, &is_v2) ||
        !dtls_algorithm_get(&tbs, algorithm, &crl->sigalg) ||
        !dtls_name_get(&tbs, &crl->issuer) ||
        !dtls_time_get(&tbs, &crl->this_update) ||
        !dtls_time_get(&tbs, &crl->next_update)) {
        return false;
    }
    if (dtls_der_next_is(tbs, DER_SEQUENCE) &&
        !dtls_der_get(&tbs, DER_SEQUENCE, &crl->revoked)) {
        return false;
    }
    return parse_entries(crl, is_v2) && parse_extensions(crl, &tbs, is_v2) &&
           tbs.len == 0;
}

/* CertificateList ::= SEQUENCE {
 *     tbsCertList, signatureAlgorithm, signatureValue BIT STRING } */
enum dtls_status dtls_crl_parse(struct dtls_crl *out, struct dtls_bytes der)
{
    struct dtls_crl crl = {.sigalg = 0};
    struct dtls_bytes body;
    struct dtls_bytes inner;
    struct dtls_bytes outer;
    uint16_t outer_id;

    if (!dtls_der_get(&der, DER_SEQUENCE, &body) || der.len != 0 ||
        !dtls_der_get_element(&body, DER_SEQUENCE, &crl.tbs) ||
        !dtls_algorithm_get(&body, &outer, &outer_id) ||
        !dtls_der_get_bits(&body, &crl.signature) || body.len != 0 ||
        !parse_tbs(&crl, &inner) || !dtls_bytes_equal(inner, outer)) {
        return DTLS_BAD_CERTIFICATE;
    }
    *out = crl;
    return DTLS_OK;
}

/* A CRL is good from the second thisUpdate through the second nextUpdate: it
 * is out of date when "the current time is after" that (RFC 5280, 6.3.3 a).
 * libcrypto leaves the last second out. */
static enum dtls_status check_time(const struct dtls_crl_check *check,
                                   const struct dtls_crl *crl)
{
    if (check->check_time && check->unix_time < crl->this_update) {
        return DTLS_CERTIFICATE_NOT_YET_VALID;
    }
    if (check->check_time && check->unix_time > crl->next_update) {
        return DTLS_CERTIFICATE_EXPIRED;
    }
    return DTLS_OK;
}

static bool lists(const struct dtls_crl *crl, struct dtls_bytes wanted)
{
    struct dtls_bytes list = crl->revoked;
    struct dtls_bytes serial;
    struct dtls_bytes extensions;

    while (get_entry(&list, &serial, &extensions)) {
        if (dtls_bytes_equal(serial, wanted)) {
            return true;
        }
    }
    return false;
}

/* D5246-F.1.1-1, D9325-7.5-1. */
enum dtls_status dtls_crl_check(const struct dtls_crl_check *check,
                                const struct dtls_crl *crl,
                                const struct dtls_cert *cert)
{
    const struct dtls_cert *issuer = check->issuer;
    enum dtls_status status;

    if (!dtls_issuer_is_named(issuer, crl->issuer, crl->authority_key_id) ||
        !dtls_name_equal(cert->issuer, crl->issuer)) {
        return DTLS_UNKNOWN_CA;
    }
    if (crl->has_unhandled_critical) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    if (issuer->has_key_usage && (issuer->key_usage & DTLS_KU_CRL_SIGN) == 0) {
        return DTLS_BAD_CERTIFICATE;
    }
    status = dtls_issuer_check_signature(
        check->crypto, &issuer->key,
        dtls_sigalg_find_listed(NULL, 0, crl->sigalg), crl->tbs,
        crl->signature);
    if (status == DTLS_OK) {
        status = check_time(check, crl);
    }
    if (status != DTLS_OK) {
        return status;
    }
    return lists(crl, cert->serial) ? DTLS_CERTIFICATE_REVOKED : DTLS_OK;
}
