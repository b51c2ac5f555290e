/* SPDX-License-Identifier: MIT */
/* The members of a certificate that an application reads, and the functions
 * that programs call to compare them. */
#include "nx_secure/internal.h"

#include "base/der.h"
#include "x509/cert_extensions.h"

/* One part of a name: the last arc of its type 2.5.4.n, its bit, and where its
 * pointer and its length stand. */
#define PART(arc, bit, name)                                                  \
    {                                                                         \
        arc, NX_SECURE_X509_NAME_##bit,                                       \
            offsetof(NX_SECURE_X509_DISTINGUISHED_NAME,                       \
                     nx_secure_x509_##name),                                  \
            offsetof(NX_SECURE_X509_DISTINGUISHED_NAME,                       \
                     nx_secure_x509_##name##_length)                          \
    }
static const struct part {
    uint8_t arc;
    ULONG bit;
    size_t at;
    size_t length_at;
} parts[] = {
    PART(6, COUNTRY, country),
    PART(10, ORGANIZATION, organization),
    PART(11, ORG_UNIT, org_unit),
    PART(46, QUALIFIER, distinguished_name_qualifier),
    PART(8, STATE, state),
    PART(3, COMMON_NAME, common_name),
    PART(5, SERIAL_NUMBER, serial_number),
#ifdef NX_SECURE_X509_USE_EXTENDED_DISTINGUISHED_NAMES
    PART(7, LOCALITY, locality),
    PART(12, TITLE, title),
    PART(4, SURNAME, surname),
    PART(42, GIVEN_NAME, given_name),
    PART(43, INITIALS, initials),
    PART(65, PSEUDONYM, pseudonym),
    PART(44, GENERATION_QUALIFIER, generation_qualifier),
#endif
};
enum { NUM_PARTS = sizeof parts / sizeof *parts };

static struct dtls_bytes part_of(const NX_SECURE_X509_DISTINGUISHED_NAME *name,
                                 const struct part *part)
{
    const UCHAR *base = (const UCHAR *)name;
    struct dtls_bytes value;
    USHORT len;

    NX_SECURE_MEMCPY(&value.data, base + part->at, sizeof value.data);
    NX_SECURE_MEMCPY(&len, base + part->length_at, sizeof len);
    value.len = len;
    return value;
}

/* Keeps the value of an attribute 2.5.4.n, unless an earlier one has it. */
static VOID show_attribute(NX_SECURE_X509_DISTINGUISHED_NAME *out,
                           struct dtls_bytes type, struct dtls_bytes value)
{
    UCHAR *base = (UCHAR *)out;
    USHORT len = (USHORT)value.len;
    uint16_t front;
    uint8_t arc;

    if (!dtls_get_u16(&type, &front) || front != 0x5504 ||
        !dtls_get_u8(&type, &arc) || type.len != 0) {
        return;
    }
    for (size_t i = 0; i < NUM_PARTS; i++) {
        if (parts[i].arc == arc && part_of(out, &parts[i]).data == NULL) {
            NX_SECURE_MEMCPY(base + parts[i].at, &value.data,
                             sizeof value.data);
            NX_SECURE_MEMCPY(base + parts[i].length_at, &len, sizeof len);
        }
    }
}

/*   Name = SEQUENCE OF SET OF SEQUENCE { type, value }                     */
static VOID show_name(NX_SECURE_X509_DISTINGUISHED_NAME *out,
                      struct dtls_bytes name)
{
    struct dtls_bytes rdns;
    struct dtls_bytes set;
    struct dtls_bytes attribute;
    struct dtls_bytes type;
    struct dtls_bytes value;
    uint8_t tag;

    if (!dtls_der_get(&name, DER_SEQUENCE, &rdns)) {
        return;
    }
    while (dtls_der_get(&rdns, DER_SET, &set)) {
        while (dtls_der_get(&set, DER_SEQUENCE, &attribute)) {
            if (dtls_der_get_oid(&attribute, &type) &&
                dtls_der_get_any(&attribute, &tag, &value)) {
                show_attribute(out, type, value);
            }
        }
    }
}

/* The number of NetX for a pair of signature and hash. */
static UINT signature_of(uint16_t pair)
{
    static const struct {
        uint16_t pair;
        UINT type;
    } rows[] = {
        {0x0201, NX_SECURE_TLS_X509_TYPE_RSA_SHA_1},
        {0x0401, NX_SECURE_TLS_X509_TYPE_RSA_SHA_256},
        {0x0501, NX_SECURE_TLS_X509_TYPE_RSA_SHA_384},
        {0x0601, NX_SECURE_TLS_X509_TYPE_RSA_SHA_512},
        {0x0203, NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1},
        {0x0403, NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256},
        {0x0503, NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384},
        {0x0603, NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].pair == pair) {
            return rows[i].type;
        }
    }
    return NX_SECURE_TLS_X509_TYPE_UNKNOWN;
}

static VOID show_key(NX_SECURE_X509_CERT *out,
                     const struct dtls_public_key *key)
{
    if (key->type == DTLS_KEY_RSA) {
        out->nx_secure_x509_public_algorithm = NX_SECURE_TLS_X509_TYPE_RSA;
        out->nx_secure_x509_public_key.rsa_public_key =
            (NX_SECURE_RSA_PUBLIC_KEY){key->n.data, (USHORT)key->n.len,
                                       key->e.data, (USHORT)key->e.len};
    } else if (key->type == DTLS_KEY_EC) {
        out->nx_secure_x509_public_algorithm = NX_SECURE_TLS_X509_TYPE_EC;
        out->nx_secure_x509_public_key.ec_public_key =
            (NX_SECURE_EC_PUBLIC_KEY){key->point.data, (USHORT)key->point.len,
                                      NX_CRYPTO_EC_MASK | key->group};
    }
}

/* Reads the dates as they are written.  What stands before them in a
 * TBSCertificate is its version, serial number, algorithm and issuer. */
static VOID show_dates(NX_SECURE_X509_CERT *out, const struct dtls_cert *cert)
{
    struct dtls_bytes all = cert->tbs;
    struct dtls_bytes tbs;
    struct dtls_bytes dates;
    struct dtls_bytes value;
    uint8_t tag = 0;

    if (!dtls_der_get(&all, DER_SEQUENCE, &tbs)) {
        return;
    }
    if (dtls_der_next_is(tbs, DER_CONTEXT_IN(0)) &&
        !dtls_der_get_any(&tbs, &tag, &value)) {
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!dtls_der_get_any(&tbs, &tag, &value)) {
            return;
        }
    }
    if (!dtls_der_get(&tbs, DER_SEQUENCE, &dates) ||
        !dtls_der_get_any(&dates, &tag, &value)) {
        return;
    }
    out->nx_secure_x509_validity_format = tag;
    out->nx_secure_x509_not_before = value.data;
    out->nx_secure_x509_not_before_length = (USHORT)value.len;
    if (dtls_der_get_any(&dates, &tag, &value)) {
        out->nx_secure_x509_not_after = value.data;
        out->nx_secure_x509_not_after_length = (USHORT)value.len;
    }
}

/* Gives extensions with the header of their SEQUENCE, which ends the signed
 * part, and the identifiers of both keys. */
static VOID show_extensions(NX_SECURE_X509_CERT *out,
                            const struct dtls_cert *cert)
{
    const uint8_t *end = cert->tbs.data + cert->tbs.len;
    struct dtls_bytes authority = cert->authority_key_id;
    struct dtls_bytes id;

    if (cert->extensions.data != NULL) {
        const uint8_t *at = cert->extensions.data;

        /* The tag and one byte of length, or more behind 0x81, 0x82. */
        at -= cert->extensions.len < 0x80    ? 2
              : cert->extensions.len < 0x100 ? 3
                                             : 4;
        out->nx_secure_x509_extensions_data = at;
        out->nx_secure_x509_extensions_data_length = (ULONG)(end - at);
    }
    if (cert->subject_key_id.len != 0) {
        out->nx_secure_x509_subject_identifier = cert->subject_key_id.data;
        out->nx_secure_x509_subject_identifier_length =
            (USHORT)cert->subject_key_id.len;
    }
    if (authority.len != 0 && dtls_der_get(&authority, DER_CONTEXT(0), &id)) {
        out->nx_secure_x509_issuer_identifier = id.data;
        out->nx_secure_x509_issuer_identifier_length = (USHORT)id.len;
    }
}

VOID dtls_nx_cert_show(NX_SECURE_X509_CERT *certificate)
{
    const struct dtls_cert *cert = &dtls_nx_cert(certificate)->credential.cert;

    /* The DER is the application's memory, or a copy in it. */
    certificate->nx_secure_x509_certificate_raw_data =
        (UCHAR *)(ALIGN_TYPE)cert->der.data;
    certificate->nx_secure_x509_certificate_raw_data_length =
        (UINT)cert->der.len;
    certificate->nx_secure_x509_certificate_raw_buffer_size =
        (UINT)cert->der.len;
    show_key(certificate, &cert->key);
    if (dtls_cert_is_raw(cert)) {
        return;
    }
    certificate->nx_secure_x509_version = (USHORT)(cert->version - 1);
    certificate->nx_secure_x509_serial_number = cert->serial.data;
    certificate->nx_secure_x509_serial_number_length =
        (USHORT)cert->serial.len;
    certificate->nx_secure_x509_certificate_data = cert->tbs.data;
    certificate->nx_secure_x509_certificate_data_length = (UINT)cert->tbs.len;
    certificate->nx_secure_x509_signature_algorithm =
        signature_of(cert->sigalg);
    certificate->nx_secure_x509_signature_data = cert->signature.data;
    certificate->nx_secure_x509_signature_data_length =
        (UINT)cert->signature.len;
    show_name(&certificate->nx_secure_x509_issuer, cert->issuer);
    show_name(&certificate->nx_secure_x509_distinguished_name, cert->subject);
    show_dates(certificate, cert);
    show_extensions(certificate, cert);
}

#ifndef NX_SECURE_DISABLE_X509
UINT _nx_secure_x509_remote_endpoint_certificate_get(
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT **certificate)
{
    if (store->nx_secure_x509_remote_certificates == NX_NULL) {
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    }
    *certificate = store->nx_secure_x509_remote_certificates;
    return NX_SUCCESS;
}

static bool has_name(NX_SECURE_X509_CERT *cert,
                     NX_SECURE_X509_DISTINGUISHED_NAME *name)
{
    return _nx_secure_x509_distinguished_name_compare(
               name, &cert->nx_secure_x509_distinguished_name,
               NX_SECURE_X509_NAME_COMMON_NAME) == 0;
}

static NX_SECURE_X509_CERT *find_local(
    const NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name)
{
    for (struct dtls_nx_node *n = dtls_nx_locals(store); n != NULL;
         n = n->next) {
        if (name == NX_NULL
                ? n->cert->nx_secure_x509_certificate_is_identity_cert
                : has_name(n->cert, name)) {
            return n->cert;
        }
    }
    return NX_NULL;
}

static NX_SECURE_X509_CERT *find_in(struct dtls_nx_node *nodes,
                                    NX_SECURE_X509_DISTINGUISHED_NAME *name,
                                    UINT cert_id)
{
    struct dtls_nx_node *n = nodes;

    while (n != NULL &&
           !(name == NX_NULL ? n->id == cert_id : has_name(n->cert, name))) {
        n = n->next;
    }
    return n == NULL ? NX_NULL : n->cert;
}

NX_SECURE_X509_CERT *dtls_nx_find_remote(
    const NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name)
{
    NX_SECURE_X509_CERT *cert = store->nx_secure_x509_remote_certificates;

    while (cert != NX_NULL && !has_name(cert, name)) {
        cert = cert->nx_secure_x509_next_certificate;
    }
    return cert;
}

UINT _nx_secure_x509_store_certificate_find(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT cert_id,
    NX_SECURE_X509_CERT **certificate, UINT *location)
{
    NX_SECURE_X509_CERT *found;
    UINT where = NX_SECURE_X509_CERT_LOCATION_LOCAL;

    if (store == NX_NULL || certificate == NX_NULL || location == NX_NULL) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    found = find_in(dtls_nx_locals(store), name, cert_id);
    if (found == NX_NULL) {
        where = NX_SECURE_X509_CERT_LOCATION_TRUSTED;
        found = find_in(store->nx_secure_x509_trusted_nodes, name, cert_id);
    }
    if (found == NX_NULL && name != NX_NULL) {
        where = NX_SECURE_X509_CERT_LOCATION_REMOTE;
        found = dtls_nx_find_remote(store, name);
    }
    dtls_nx_unlock();
    if (found == NX_NULL) {
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    }
    *certificate = found;
    *location = where;
    return NX_SUCCESS;
}

UINT _nx_secure_x509_local_device_certificate_get(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, NX_SECURE_X509_CERT **certificate)
{
    NX_SECURE_X509_CERT *found;

    dtls_nx_lock();
    found = find_local(store, name);
    dtls_nx_unlock();
    if (found == NX_NULL) {
        return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
    }
    *certificate = found;
    return NX_SUCCESS;
}

UINT _nx_secure_x509_expiration_check(NX_SECURE_X509_CERT *certificate,
                                      ULONG current_time)
{
    const struct dtls_cert *cert = &dtls_nx_cert(certificate)->credential.cert;

    if (current_time < cert->not_before) {
        return NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID;
    }
    return current_time > cert->not_after ? NX_SECURE_X509_CERTIFICATE_EXPIRED
                                          : NX_SUCCESS;
}

INT _nx_secure_x509_distinguished_name_compare(
    NX_SECURE_X509_DISTINGUISHED_NAME *name,
    NX_SECURE_X509_DISTINGUISHED_NAME *compare_name, ULONG compare_fields)
{
    for (size_t i = 0; i < NUM_PARTS; i++) {
        if ((compare_fields & parts[i].bit) != 0 &&
            !dtls_bytes_equal(part_of(name, &parts[i]),
                              part_of(compare_name, &parts[i]))) {
            return 1;
        }
    }
    return 0;
}
#endif
