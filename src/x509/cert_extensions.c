/* SPDX-License-Identifier: MIT */
/* Extensions of a certificate (x509/cert_extensions.h; RFC 5280, 4.2). */
#include "x509/cert_extensions.h"
#include "x509/name.h"

#define NUM_OF(table) (sizeof(table) / sizeof((table)[0]))

/* All pairs are compared to find duplicates, so there is a limit. */
#define EXTENSIONS_MAX 64

/* BasicConstraints ::= SEQUENCE {
 *     cA                 BOOLEAN DEFAULT FALSE,
 *     pathLenConstraint  INTEGER (0..MAX) OPTIONAL } */
static bool parse_basic_constraints(struct dtls_cert *cert,
                                    struct dtls_bytes value)
{
    struct dtls_bytes body;
    struct dtls_bytes path_len;

    if (!dtls_der_get(&value, DER_SEQUENCE, &body) || value.len != 0) {
        return false;
    }
    cert->has_basic_constraints = true;
    if (dtls_der_next_is(body, DER_BOOLEAN) &&
        !dtls_der_get_bool(&body, &cert->is_ca)) {
        return false;
    }
    if (body.len == 0) {
        return true;
    }
    cert->has_path_len = true;
    if (!dtls_der_get_unsigned(&body, &path_len) || body.len != 0) {
        return false;
    }
    if (path_len.len > 1) {
        cert->path_len = 255;
        return true;
    }
    return dtls_get_u8(&path_len, &cert->path_len);
}

static bool parse_key_usage(struct dtls_cert *cert, struct dtls_bytes value)
{
    cert->has_key_usage = true;
    /* "at least one of the bits MUST be set to 1" (RFC 5280, 4.2.1.3) */
    return dtls_der_get_flags(&value, &cert->key_usage) && value.len == 0 &&
           cert->key_usage != 0;
}

static const struct {
    struct der_oid oid;
    uint8_t purpose;
} purposes[] = {
    {{8, {0x2b, 6, 1, 5, 5, 7, 3, 1}}, DTLS_EKU_SERVER_AUTH},
    {{8, {0x2b, 6, 1, 5, 5, 7, 3, 2}}, DTLS_EKU_CLIENT_AUTH},
    {{4, {0x55, 0x1d, 0x25, 0}}, DTLS_EKU_ANY},
};

static uint8_t purpose_of(struct dtls_bytes oid)
{
    for (size_t i = 0; i < NUM_OF(purposes); i++) {
        if (dtls_oid_is(oid, &purposes[i].oid)) {
            return purposes[i].purpose;
        }
    }
    return DTLS_EKU_OTHER;
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
static bool parse_ext_key_usage(struct dtls_cert *cert,
                                struct dtls_bytes value)
{
    struct dtls_bytes list;
    struct dtls_bytes oid;

    if (!dtls_der_get(&value, DER_SEQUENCE, &list) || value.len != 0 ||
        list.len == 0) {
        return false;
    }
    cert->has_ext_key_usage = true;
    while (list.len > 0) {
        if (!dtls_der_get_oid(&list, &oid)) {
            return false;
        }
        cert->ext_key_usage |= purpose_of(oid);
    }
    return true;
}

static bool parse_alt_names(struct dtls_cert *cert, struct dtls_bytes value)
{
    return dtls_der_get(&value, DER_SEQUENCE, &cert->alt_names) &&
           value.len == 0 && dtls_name_are_general(cert->alt_names) &&
           dtls_name_addresses_fit(cert->alt_names);
}

static bool parse_subject_key_id(struct dtls_cert *cert,
                                 struct dtls_bytes value)
{
    return dtls_der_get(&value, DER_OCTET_STRING, &cert->subject_key_id) &&
           value.len == 0;
}

/* AuthorityKeyIdentifier ::= SEQUENCE {
 *     keyIdentifier             [0] OCTET STRING OPTIONAL,
 *     authorityCertIssuer       [1] GeneralNames OPTIONAL,
 *     authorityCertSerialNumber [2] INTEGER OPTIONAL } */
bool dtls_extensions_is_authority_key_id(struct dtls_bytes body)
{
    struct dtls_bytes field;

    if (dtls_der_next_is(body, DER_CONTEXT(0)) &&
        !dtls_der_get(&body, DER_CONTEXT(0), &field)) {
        return false;
    }
    if (dtls_der_next_is(body, DER_CONTEXT_IN(1)) &&
        (!dtls_der_get(&body, DER_CONTEXT_IN(1), &field) ||
         !dtls_name_are_general(field))) {
        return false;
    }
    if (dtls_der_next_is(body, DER_CONTEXT(2)) &&
        (!dtls_der_get(&body, DER_CONTEXT(2), &field) ||
         !dtls_der_is_value(DER_INTEGER, field))) {
        return false;
    }
    return body.len == 0;
}

static bool parse_authority_key_id(struct dtls_cert *cert,
                                   struct dtls_bytes value)
{
    return dtls_der_get(&value, DER_SEQUENCE, &cert->authority_key_id) &&
           value.len == 0 &&
           dtls_extensions_is_authority_key_id(cert->authority_key_id);
}

/* DistributionPointName ::= CHOICE {
 *     fullName                [0] GeneralNames,
 *     nameRelativeToCRLIssuer [1] RelativeDistinguishedName } */
static bool is_point_name(struct dtls_bytes value)
{
    struct dtls_bytes name;

    if (dtls_der_next_is(value, DER_CONTEXT_IN(0))) {
        return dtls_der_get(&value, DER_CONTEXT_IN(0), &name) &&
               value.len == 0 && dtls_name_are_general(name);
    }
    return dtls_der_get(&value, DER_CONTEXT_IN(1), &name) && value.len == 0 &&
           dtls_name_is_rdn(name);
}

/* DistributionPoint ::= SEQUENCE {
 *     distributionPoint [0] DistributionPointName OPTIONAL,
 *     reasons           [1] ReasonFlags OPTIONAL,
 *     cRLIssuer         [2] GeneralNames OPTIONAL } */
static bool is_distribution_point(struct dtls_bytes body)
{
    struct dtls_bytes field;

    if (dtls_der_next_is(body, DER_CONTEXT_IN(0)) &&
        (!dtls_der_get(&body, DER_CONTEXT_IN(0), &field) ||
         !is_point_name(field))) {
        return false;
    }
    if (dtls_der_next_is(body, DER_CONTEXT(1)) &&
        (!dtls_der_get(&body, DER_CONTEXT(1), &field) ||
         !dtls_der_is_value(DER_BIT_STRING, field))) {
        return false;
    }
    if (dtls_der_next_is(body, DER_CONTEXT_IN(2)) &&
        (!dtls_der_get(&body, DER_CONTEXT_IN(2), &field) ||
         !dtls_name_are_general(field))) {
        return false;
    }
    return body.len == 0;
}

/* CRLs are not fetched, so the points are not used.  They are read because
 * libcrypto refuses a certificate with points that it cannot read, and no more
 * strictly than it reads them: a list may be empty. */
static bool parse_crl_points(struct dtls_cert *cert, struct dtls_bytes value)
{
    struct dtls_bytes list;
    struct dtls_bytes point;

    (void)cert;
    if (!dtls_der_get(&value, DER_SEQUENCE, &list) || value.len != 0) {
        return false;
    }
    while (list.len > 0) {
        if (!dtls_der_get(&list, DER_SEQUENCE, &point) ||
            !is_distribution_point(point)) {
            return false;
        }
    }
    return true;
}

/* Refuses the chain: the extension narrows down what the path may be, and is
 * not implemented. */
static bool refuse_chain(struct dtls_cert *cert, struct dtls_bytes value)
{
    (void)value;
    cert->has_unhandled_critical = true;
    return true;
}

/* The extensions that are used, or that libcrypto reads.  Any other is skipped
 * unless it is critical: issuerAltName, certificatePolicies (policies are
 * neither required nor reported), authorityInfoAccess. */
static const struct known {
    struct der_oid oid;
    bool may_be_critical;
    bool (*parse)(struct dtls_cert *cert, struct dtls_bytes value);
} known[] = {
    {{3, {0x55, 0x1d, 19}}, true, parse_basic_constraints},
    {{3, {0x55, 0x1d, 15}}, true, parse_key_usage},
    {{3, {0x55, 0x1d, 37}}, true, parse_ext_key_usage},
    {{3, {0x55, 0x1d, 17}}, true, parse_alt_names},
    {{3, {0x55, 0x1d, 14}}, false, parse_subject_key_id},
    {{3, {0x55, 0x1d, 35}}, false, parse_authority_key_id},
    {{3, {0x55, 0x1d, 31}}, false, parse_crl_points},
    /* nameConstraints, policyMappings, policyConstraints, inhibitAnyPolicy */
    {{3, {0x55, 0x1d, 30}}, false, refuse_chain},
    {{3, {0x55, 0x1d, 33}}, false, refuse_chain},
    {{3, {0x55, 0x1d, 36}}, false, refuse_chain},
    {{3, {0x55, 0x1d, 54}}, false, refuse_chain},
    /* ipAddrBlocks and autonomousSysIds (RFC 3779), proxyCertInfo (RFC 3820),
     * and Netscape's certificate type: libcrypto obeys them. */
    {{8, {0x2b, 6, 1, 5, 5, 7, 1, 7}}, false, refuse_chain},
    {{8, {0x2b, 6, 1, 5, 5, 7, 1, 8}}, false, refuse_chain},
    {{8, {0x2b, 6, 1, 5, 5, 7, 1, 14}}, false, refuse_chain},
    {{9, {0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1}}, false, refuse_chain},
};

/* Extension ::= SEQUENCE {
 *     extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
bool dtls_extensions_next(struct dtls_bytes *list,
                          struct dtls_x509_extension *out)
{
    struct dtls_x509_extension e = {.critical = false};
    struct dtls_bytes rest = *list;
    struct dtls_bytes body;

    if (!dtls_der_get(&rest, DER_SEQUENCE, &body) ||
        !dtls_der_get_oid(&body, &e.oid) ||
        (dtls_der_next_is(body, DER_BOOLEAN) &&
         !dtls_der_get_bool(&body, &e.critical)) ||
        !dtls_der_get(&body, DER_OCTET_STRING, &e.value) || body.len != 0) {
        return false;
    }
    *out = e;
    *list = rest;
    return true;
}

bool dtls_extensions_each(struct dtls_bytes list,
                          bool (*take)(void *context,
                                       const struct dtls_x509_extension *e),
                          void *context)
{
    struct dtls_bytes seen[EXTENSIONS_MAX];
    size_t num_seen = 0;
    struct dtls_x509_extension e;

    if (list.len == 0) {
        return false;
    }
    while (list.len > 0) {
        if (num_seen == EXTENSIONS_MAX || !dtls_extensions_next(&list, &e)) {
            return false;
        }
        for (size_t i = 0; i < num_seen; i++) {
            if (dtls_bytes_equal(seen[i], e.oid)) {
                return false; /* RFC 5280, 4.2: only one instance */
            }
        }
        seen[num_seen++] = e.oid;
        if (!take(context, &e)) {
            return false;
        }
    }
    return true;
}

static bool parse_one(void *context, const struct dtls_x509_extension *e)
{
    struct dtls_cert *cert = context;

    for (size_t i = 0; i < NUM_OF(known); i++) {
        if (!dtls_oid_is(e->oid, &known[i].oid)) {
            continue;
        }
        if (e->critical && !known[i].may_be_critical) {
            cert->has_unhandled_critical = true;
        }
        return known[i].parse(cert, e->value);
    }
    if (e->critical) {
        cert->has_unhandled_critical = true;
    }
    return true;
}

bool dtls_extensions_parse(struct dtls_cert *cert, struct dtls_bytes list)
{
    return dtls_extensions_each(list, parse_one, cert);
}
