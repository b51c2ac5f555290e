/* SPDX-License-Identifier: MIT */
/* A certificate, read in place (RFC 5280, 4).  Nothing is copied: a
 * struct dtls_cert borrows the DER it was parsed from. */
#ifndef DTLS_X509_CERT_H
#define DTLS_X509_CERT_H

#include "crypto/crypto.h"

/* keyUsage, most significant bit first as in RFC 5280, 4.2.1.3. */
enum {
    DTLS_KU_DIGITAL_SIGNATURE = 0x8000,
    DTLS_KU_KEY_ENCIPHERMENT = 0x2000,
    DTLS_KU_KEY_AGREEMENT = 0x0800,
    DTLS_KU_KEY_CERT_SIGN = 0x0400,
    DTLS_KU_CRL_SIGN = 0x0200
};

/* extendedKeyUsage purposes that matter here. */
enum {
    DTLS_EKU_SERVER_AUTH = 1,
    DTLS_EKU_CLIENT_AUTH = 2,
    DTLS_EKU_ANY = 4,
    DTLS_EKU_OTHER = 8
};

struct dtls_cert {
    struct dtls_bytes der;       /* the whole certificate                  */
    struct dtls_bytes tbs;       /* TBSCertificate with its tag and length */
    struct dtls_bytes serial;    /* contents of the INTEGER                */
    struct dtls_bytes issuer;    /* Name with its tag and length           */
    struct dtls_bytes subject;   /* the same                               */
    struct dtls_bytes signature; /* contents of the BIT STRING             */
    uint16_t sigalg;             /* SignatureAndHashAlgorithm, 0: not ours */
    uint8_t version;             /* 1 to 3; 0: a raw public key, see below */
    int64_t not_before;          /* seconds since 1970-01-01 UTC           */
    int64_t not_after;
    struct dtls_public_key key; /* type DTLS_KEY_NONE: not ours, but an RSA
                                   key's `n` tells its size               */

    bool has_basic_constraints;
    bool is_ca;
    bool has_path_len;
    uint8_t path_len; /* capped at 255                          */
    bool has_key_usage;
    uint16_t key_usage; /* DTLS_KU_*                              */
    bool has_ext_key_usage;
    uint8_t ext_key_usage;        /* DTLS_EKU_*                             */
    struct dtls_bytes alt_names;  /* contents of the GeneralNames SEQUENCE  */
    struct dtls_bytes extensions; /* contents of the Extensions SEQUENCE   */
    struct dtls_bytes subject_key_id;   /* contents of the OCTET STRING    */
    struct dtls_bytes authority_key_id; /* contents of the SEQUENCE        */
    /* The certificate has a critical extension that this code does not
     * understand, or name or policy constraints, critical or not.  A chain
     * with it is refused. */
    bool has_unhandled_critical;
};

/* dtls_cert_parse reads one certificate that fills `der`.
 *
 * On DTLS_OK `out` is complete.  Otherwise `out` is untouched and the status
 * is DTLS_BAD_CERTIFICATE: not strict DER, a field missing or out of order, a
 * duplicate extension, bytes left over.  A key or signature algorithm that is
 * not ours is no error here: see `key.type` and `sigalg`. */
DTLS_MUST_USE enum dtls_status dtls_cert_parse(struct dtls_cert *out,
                                               struct dtls_bytes der);

/* dtls_cert_parse_raw makes a certificate of the SubjectPublicKeyInfo that
 * fills `der`: a raw public key (RFC 7250).  It has `der`, `key`, no end of
 * its validity, and nothing else.
 *
 * It returns DTLS_BAD_CERTIFICATE, with `out` untouched, on DER that is not
 * strict and on bytes left over.  A key that is not ours has type
 * DTLS_KEY_NONE. */
DTLS_MUST_USE enum dtls_status dtls_cert_parse_raw(struct dtls_cert *out,
                                                   struct dtls_bytes der);

/* dtls_cert_is_raw returns true for what dtls_cert_parse_raw has made. */
static inline bool dtls_cert_is_raw(const struct dtls_cert *cert)
{
    return cert->version == 0;
}

/* dtls_cert_key_info returns the SubjectPublicKeyInfo of a parsed certificate,
 * with its tag and length. */
struct dtls_bytes dtls_cert_key_info(const struct dtls_cert *cert);

/* dtls_cert_common_name returns the subject's last CN; it is empty if there is
 * none. */
struct dtls_bytes dtls_cert_common_name(const struct dtls_cert *cert);

/* dtls_cert_is_self_issued returns true if the certificate's issuer has the
 * name of its subject (RFC 5280, 3.2). */
bool dtls_cert_is_self_issued(const struct dtls_cert *cert);

#endif
