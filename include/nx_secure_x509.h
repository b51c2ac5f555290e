/* SPDX-License-Identifier: MIT */
/* nx_secure_x509.h: certificates as NetX applications handle them.
 *
 * The checked form of a service returns 0x07 for a NULL pointer; the form
 * without checks relies on its caller.  A service returns NX_SUCCESS (0) or a
 * value that its comment lists. */

#ifndef NX_SECURE_X509_H
#define NX_SECURE_X509_H

#include "nx_crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Status values. */
#define NX_SECURE_X509_SUCCESS 0x00
#define NX_SECURE_X509_MULTIBYTE_TAG_UNSUPPORTED 0x181
#define NX_SECURE_X509_ASN1_LENGTH_TOO_LONG 0x182
#define NX_SECURE_X509_FOUND_NON_ZERO_PADDING 0x183
#define NX_SECURE_X509_MISSING_PUBLIC_KEY 0x184
#define NX_SECURE_X509_INVALID_PUBLIC_KEY 0x185
#define NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE 0x186
#define NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM 0x187
#define NX_SECURE_X509_INVALID_CERTIFICATE_DATA 0x188
#define NX_SECURE_X509_UNEXPECTED_ASN1_TAG 0x189
#define NX_SECURE_PKCS1_INVALID_PRIVATE_KEY 0x18A
#define NX_SECURE_X509_CHAIN_TOO_SHORT 0x18B
#define NX_SECURE_X509_CHAIN_VERIFY_FAILURE 0x18C
#define NX_SECURE_X509_PKCS7_PARSING_FAILED 0x18D
#define NX_SECURE_X509_CERTIFICATE_NOT_FOUND 0x18E
#define NX_SECURE_X509_INVALID_VERSION 0x18F
#define NX_SECURE_X509_INVALID_TAG_CLASS 0x190
#define NX_SECURE_X509_INVALID_EXTENSIONS 0x191
#define NX_SECURE_X509_INVALID_EXTENSION_SEQUENCE 0x192
#define NX_SECURE_X509_CERTIFICATE_EXPIRED 0x193
#define NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID 0x194
#define NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH 0x195
#define NX_SECURE_X509_INVALID_DATE_FORMAT 0x196
#define NX_SECURE_X509_CRL_ISSUER_MISMATCH 0x197
#define NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED 0x198
#define NX_SECURE_X509_CRL_CERTIFICATE_REVOKED 0x199
#define NX_SECURE_X509_WRONG_SIGNATURE_METHOD 0x19A
#define NX_SECURE_X509_EXTENSION_NOT_FOUND 0x19B
#define NX_SECURE_X509_ALT_NAME_NOT_FOUND 0x19C
#define NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE 0x19D
#define NX_SECURE_X509_NAME_STRING_TOO_LONG 0x19E
#define NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND 0x19F
#define NX_SECURE_X509_KEY_USAGE_ERROR 0x1A0
#define NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER 0x1A1
#define NX_SECURE_X509_INVALID_CERTIFICATE 0x1A2
#define NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM 0x1A3
#define NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED 0x1A4
#define NX_SECURE_X509_INVALID_SELF_SIGNED_CERT 0x1A5
#define NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND 0x1A6
#define NX_SECURE_X509_NO_CERT_SPACE_ALLOCATED 0x1A7
#define NX_SECURE_X509_INSUFFICIENT_CERT_SPACE 0x1A8
#define NX_SECURE_X509_CERT_ID_DUPLICATE 0x1A9
#define NX_SECURE_X509_MISSING_CRYPTO_ROUTINE 0x1AA

/* Types of private keys. */
#define NX_SECURE_X509_KEY_TYPE_NONE 0x0
#define NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER 0x1
#define NX_SECURE_X509_KEY_TYPE_EC_DER 0x2
#define NX_SECURE_X509_KEY_TYPE_HARDWARE 0x3
#define NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK 0xFFFF0000u

/* Algorithm identifiers of the X.509 cipher table. */
#define NX_SECURE_TLS_X509_TYPE_UNKNOWN 0
#define NX_SECURE_TLS_X509_TYPE_RSA 1
#define NX_SECURE_TLS_X509_TYPE_RSA_MD5 2
#define NX_SECURE_TLS_X509_TYPE_RSA_SHA_1 3
#define NX_SECURE_TLS_X509_TYPE_RSA_SHA_256 4
#define NX_SECURE_TLS_X509_TYPE_RSA_SHA_384 5
#define NX_SECURE_TLS_X509_TYPE_RSA_SHA_512 6
#define NX_SECURE_TLS_X509_TYPE_EC 57
#define NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1 58
#define NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_224 59
#define NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256 60
#define NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384 61
#define NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512 62

/* Versions of a certificate, as encoded. */
#define NX_SECURE_X509_VERSION_1 0
#define NX_SECURE_X509_VERSION_2 1
#define NX_SECURE_X509_VERSION_3 2

/* Bits that say which parts of a name to compare. */
#define NX_SECURE_X509_NAME_COUNTRY 1
#define NX_SECURE_X509_NAME_ORGANIZATION 2
#define NX_SECURE_X509_NAME_ORG_UNIT 4
#define NX_SECURE_X509_NAME_QUALIFIER 8
#define NX_SECURE_X509_NAME_STATE 0x10
#define NX_SECURE_X509_NAME_COMMON_NAME 0x20
#define NX_SECURE_X509_NAME_SERIAL_NUMBER 0x40
#define NX_SECURE_X509_NAME_LOCALITY 0x80
#define NX_SECURE_X509_NAME_TITLE 0x100
#define NX_SECURE_X509_NAME_SURNAME 0x200
#define NX_SECURE_X509_NAME_GIVEN_NAME 0x400
#define NX_SECURE_X509_NAME_INITIALS 0x800
#define NX_SECURE_X509_NAME_PSEUDONYM 0x1000
#define NX_SECURE_X509_NAME_GENERATION_QUALIFIER 0x2000
#define NX_SECURE_X509_NAME_ALL_FIELDS 0xffffffffu

/* Lists of a certificate store. */
#define NX_SECURE_X509_CERT_LOCATION_NONE 0
#define NX_SECURE_X509_CERT_LOCATION_LOCAL 1
#define NX_SECURE_X509_CERT_LOCATION_REMOTE 2
#define NX_SECURE_X509_CERT_LOCATION_TRUSTED 3
#define NX_SECURE_X509_CERT_LOCATION_EXCEPTIONS 4
#define NX_SECURE_X509_CERT_LOCATION_FREE 5

/* Tags: kinds of names in subjectAltName, parts of a certificate, ASN.1. */
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_OTHERNAME 0
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_RFC822NAME 1
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_DNSNAME 2
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_X400ADDRESS 3
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_DIRECTORYNAME 4
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_EDIPARTYNAME 5
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_UNIFORMRESOURCEIDENTIFIER 6
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_IPADDRESS 7
#define NX_SECURE_X509_SUB_ALT_NAME_TAG_REGISTEREDID 8
#define NX_SECURE_X509_TAG_VERSION 0
#define NX_SECURE_X509_TAG_ISSUER_UNIQUE_ID 1
#define NX_SECURE_X509_TAG_SUBJECT_UNIQUE_ID 2
#define NX_SECURE_X509_TAG_EXTENSIONS 3
#define NX_SECURE_X509_CRL_TAG_EXTENSIONS 0
#define NX_SECURE_ASN_TAG_BER 0
#define NX_SECURE_ASN_TAG_BOOLEAN 1
#define NX_SECURE_ASN_TAG_INTEGER 2
#define NX_SECURE_ASN_TAG_BIT_STRING 3
#define NX_SECURE_ASN_TAG_OCTET_STRING 4
#define NX_SECURE_ASN_TAG_NULL 5
#define NX_SECURE_ASN_TAG_OID 6
#define NX_SECURE_ASN_TAG_OBJ_DESCRIPTOR 7
#define NX_SECURE_ASN_TAG_EXTERNAL_INSTANCE 8
#define NX_SECURE_ASN_TAG_REAL 9
#define NX_SECURE_ASN_TAG_ENUMERATED 10
#define NX_SECURE_ASN_TAG_EMBEDDED_PPV 11
#define NX_SECURE_ASN_TAG_UTF8_STRING 12
#define NX_SECURE_ASN_TAG_RELATIVE_OID 13
#define NX_SECURE_ASN_TAG_UNDEFINED_14 14
#define NX_SECURE_ASN_TAG_UNDEFINED_15 15
#define NX_SECURE_ASN_TAG_SEQUENCE 16
#define NX_SECURE_ASN_TAG_SET 17
#define NX_SECURE_ASN_TAG_NUMERIC_STRING 18
#define NX_SECURE_ASN_TAG_PRINTABLE_STRING 19
#define NX_SECURE_ASN_TAG_T61_STRING 20
#define NX_SECURE_ASN_TAG_TELETEX_STRING 20
#define NX_SECURE_ASN_TAG_VIDEOTEX_STRING 21
#define NX_SECURE_ASN_TAG_IA5_STRING 22
#define NX_SECURE_ASN_TAG_UTC_TIME 23
#define NX_SECURE_ASN_TAG_GENERALIZED_TIME 24
#define NX_SECURE_ASN_TAG_GRAPHIC_STRING 25
#define NX_SECURE_ASN_TAG_VISIBLE_STRING 26
#define NX_SECURE_ASN_TAG_GENERAL_STRING 27
#define NX_SECURE_ASN_TAG_UNIVERSAL_STRING 28
#define NX_SECURE_ASN_TAG_CHARACTER_STRING 29
#define NX_SECURE_ASN_TAG_BMP_STRING 30
#define NX_SECURE_ASN_TAG_MASK 0x1F
#define NX_SECURE_ASN_TAG_MULTIBYTE_MASK 0x1F
#define NX_SECURE_ASN_TAG_CONSTRUCTED_MASK 0x20
#define NX_SECURE_ASN_TAG_CLASS_MASK 0xC0
#define NX_SECURE_ASN_TAG_CLASS_UNIVERSAL 0
#define NX_SECURE_ASN_TAG_CLASS_APPLICATION 1
#define NX_SECURE_ASN_TAG_CLASS_CONTEXT 2
#define NX_SECURE_ASN_TAG_CLASS_PRIVATE 3

/* Identifiers of attributes of names and of other objects. */
#define NX_SECURE_TLS_X509_TYPE_DH 7
#define NX_SECURE_TLS_X509_TYPE_DSS_SHA_1 8
#define NX_SECURE_TLS_X509_TYPE_COMMON_NAME 9
#define NX_SECURE_TLS_X509_TYPE_EMAIL 10
#define NX_SECURE_TLS_X509_TYPE_COUNTRY 11
#define NX_SECURE_TLS_X509_TYPE_STATE 12
#define NX_SECURE_TLS_X509_TYPE_LOCALITY 13
#define NX_SECURE_TLS_X509_TYPE_ORGANIZATION 14
#define NX_SECURE_TLS_X509_TYPE_ORG_UNIT 15
#define NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE 30
#define NX_SECURE_TLS_X509_TYPE_SURNAME 33
#define NX_SECURE_TLS_X509_TYPE_SERIAL_NUMBER 34
#define NX_SECURE_TLS_X509_TYPE_TITLE 35
#define NX_SECURE_TLS_X509_TYPE_NAME 36
#define NX_SECURE_TLS_X509_TYPE_GIVEN_NAME 37
#define NX_SECURE_TLS_X509_TYPE_INITIALS 38
#define NX_SECURE_TLS_X509_TYPE_GENERATION 39
#define NX_SECURE_TLS_X509_TYPE_DN_QUALIFIER 40
#define NX_SECURE_TLS_X509_TYPE_PSEUDONYM 41
#define NX_SECURE_TLS_X509_TYPE_PKIX_EXT_PREFIX 42
#define NX_SECURE_TLS_X509_TYPE_PKIX_AIA 43
#define NX_SECURE_TLS_X509_TYPE_PKIX_SIA 44
#define NX_SECURE_TLS_X509_TYPE_NETSCAPE_COMMENT 45
#define NX_SECURE_TLS_X509_TYPE_ANY_POLICY 46
#define NX_SECURE_TLS_X509_TYPE_PKIX_QT 47
#define NX_SECURE_TLS_X509_TYPE_PKIX_QT_CPS 48
#define NX_SECURE_TLS_X509_TYPE_PKIX_QT_UNOTICE 49
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP 50

/* Curves of EC keys; the numbers are those of NX_CRYPTO_EC_*. */
#define NX_SECURE_TLS_X509_EC_SECT163K1 0x60001
#define NX_SECURE_TLS_X509_EC_SECT163R1 0x60002
#define NX_SECURE_TLS_X509_EC_SECT163R2 0x60003
#define NX_SECURE_TLS_X509_EC_SECT193R1 0x60004
#define NX_SECURE_TLS_X509_EC_SECT193R2 0x60005
#define NX_SECURE_TLS_X509_EC_SECT233K1 0x60006
#define NX_SECURE_TLS_X509_EC_SECT233R1 0x60007
#define NX_SECURE_TLS_X509_EC_SECT239K1 0x60008
#define NX_SECURE_TLS_X509_EC_SECT283K1 0x60009
#define NX_SECURE_TLS_X509_EC_SECT283R1 0x6000a
#define NX_SECURE_TLS_X509_EC_SECT409K1 0x6000b
#define NX_SECURE_TLS_X509_EC_SECT409R1 0x6000c
#define NX_SECURE_TLS_X509_EC_SECT571K1 0x6000d
#define NX_SECURE_TLS_X509_EC_SECT571R1 0x6000e
#define NX_SECURE_TLS_X509_EC_SECP160K1 0x6000f
#define NX_SECURE_TLS_X509_EC_SECP160R1 0x60010
#define NX_SECURE_TLS_X509_EC_SECP160R2 0x60011
#define NX_SECURE_TLS_X509_EC_SECP192K1 0x60012
#define NX_SECURE_TLS_X509_EC_SECP192R1 0x60013
#define NX_SECURE_TLS_X509_EC_SECP224K1 0x60014
#define NX_SECURE_TLS_X509_EC_SECP224R1 0x60015
#define NX_SECURE_TLS_X509_EC_SECP256K1 0x60016
#define NX_SECURE_TLS_X509_EC_SECP256R1 0x60017
#define NX_SECURE_TLS_X509_EC_SECP384R1 0x60018
#define NX_SECURE_TLS_X509_EC_SECP521R1 0x60019

/* Bytes of a DNS name, at most. */
#ifndef NX_SECURE_X509_DNS_NAME_MAX
#define NX_SECURE_X509_DNS_NAME_MAX 100
#endif

typedef struct NX_SECURE_X509_DNS_NAME_STRUCT {
    UCHAR nx_secure_x509_dns_name[NX_SECURE_X509_DNS_NAME_MAX];
    USHORT nx_secure_x509_dns_name_length;
    struct NX_SECURE_X509_DNS_NAME_STRUCT *nx_secure_x509_dns_name_next;
} NX_SECURE_X509_DNS_NAME;

typedef struct NX_SECURE_X509_CRYPTO_STRUCT {
    USHORT nx_secure_x509_crypto_identifier;
    const NX_CRYPTO_METHOD *nx_secure_x509_public_cipher_method;
    const NX_CRYPTO_METHOD *nx_secure_x509_hash_method;
} NX_SECURE_X509_CRYPTO;

/* A name, as read in place: the first attribute of each type, without the tag
 * and length of its string, and without a terminating NUL.  An attribute that
 * is absent is NULL with length 0. */
typedef struct NX_SECURE_X509_DISTINGUISHED_NAME_STRUCT {
    const UCHAR *nx_secure_x509_country;
    USHORT nx_secure_x509_country_length;
    const UCHAR *nx_secure_x509_organization;
    USHORT nx_secure_x509_organization_length;
    const UCHAR *nx_secure_x509_org_unit;
    USHORT nx_secure_x509_org_unit_length;
    const UCHAR *nx_secure_x509_distinguished_name_qualifier;
    USHORT nx_secure_x509_distinguished_name_qualifier_length;
    const UCHAR *nx_secure_x509_state;
    USHORT nx_secure_x509_state_length;
    const UCHAR *nx_secure_x509_common_name;
    USHORT nx_secure_x509_common_name_length;
    const UCHAR *nx_secure_x509_serial_number;
    USHORT nx_secure_x509_serial_number_length;
#ifdef NX_SECURE_X509_USE_EXTENDED_DISTINGUISHED_NAMES
    const UCHAR *nx_secure_x509_locality;
    USHORT nx_secure_x509_locality_length;
    const UCHAR *nx_secure_x509_title;
    USHORT nx_secure_x509_title_length;
    const UCHAR *nx_secure_x509_surname;
    USHORT nx_secure_x509_surname_length;
    const UCHAR *nx_secure_x509_given_name;
    USHORT nx_secure_x509_given_name_length;
    const UCHAR *nx_secure_x509_initials;
    USHORT nx_secure_x509_initials_length;
    const UCHAR *nx_secure_x509_pseudonym;
    USHORT nx_secure_x509_pseudonym_length;
    const UCHAR *nx_secure_x509_generation_qualifier;
    USHORT nx_secure_x509_generation_qualifier_length;
#endif
} NX_SECURE_X509_DISTINGUISHED_NAME;

/* Public keys: big-endian numbers without leading zeros; a point with its 04.
 */
typedef struct NX_SECURE_RSA_PUBLIC_KEY_STRUCT {
    const UCHAR *nx_secure_rsa_public_modulus;
    USHORT nx_secure_rsa_public_modulus_length;
    const UCHAR *nx_secure_rsa_public_exponent;
    USHORT nx_secure_rsa_public_exponent_length;
} NX_SECURE_RSA_PUBLIC_KEY;

typedef struct NX_SECURE_EC_PUBLIC_KEY_STRUCT {
    const UCHAR *nx_secure_ec_public_key;
    USHORT nx_secure_ec_public_key_length;
    UINT nx_secure_ec_named_curve; /* NX_CRYPTO_EC_* */
} NX_SECURE_EC_PUBLIC_KEY;

/* The private part of a certificate, in words of 64 bits. */
#define NX_SECURE_X509_PRIVATE_WORDS 52

/* A certificate.  It borrows its DER and its private key; both must stay where
 * they are while it is in use.  It may be in several lists: those of sessions
 * and servers, local and trusted ones.  A list holds any number of
 * certificates that are in no other list, and eight more of the others.
 *
 * The members before nx_secure_x509_private_key_data can be read once the
 * certificate is initialized, and in callbacks.  Their pointers lead into the
 * DER; what is absent is NULL with length 0. */
typedef struct NX_SECURE_X509_CERT_STRUCT {
    UINT nx_secure_x509_certificate_is_identity_cert; /* it has a key */
    USHORT nx_secure_x509_version;                    /* as encoded: 2 is v3 */
    UINT nx_secure_x509_cert_identifier;       /* in the newest of its lists */
    const UCHAR *nx_secure_x509_serial_number; /* big-endian */
    USHORT nx_secure_x509_serial_number_length;
    USHORT nx_secure_x509_validity_format;  /* NX_SECURE_ASN_TAG_* */
    const UCHAR *nx_secure_x509_not_before; /* such as 260101000000Z */
    USHORT nx_secure_x509_not_before_length;
    const UCHAR *nx_secure_x509_not_after;
    USHORT nx_secure_x509_not_after_length;
    UCHAR *nx_secure_x509_certificate_raw_data; /* the whole DER */
    UINT nx_secure_x509_certificate_raw_buffer_size;
    UINT nx_secure_x509_certificate_raw_data_length;
    const UCHAR *nx_secure_x509_certificate_data; /* what is signed */
    UINT nx_secure_x509_certificate_data_length;
    UINT nx_secure_x509_signature_algorithm; /* NX_SECURE_TLS_X509_TYPE_* */
    const UCHAR *nx_secure_x509_signature_data;
    UINT nx_secure_x509_signature_data_length;
    NX_SECURE_X509_DISTINGUISHED_NAME nx_secure_x509_issuer;
    NX_SECURE_X509_DISTINGUISHED_NAME nx_secure_x509_distinguished_name;
    /* The issuer that the peer sent behind this certificate. */
    struct NX_SECURE_X509_CERT_STRUCT *nx_secure_x509_next_certificate;
    UINT nx_secure_x509_public_algorithm; /* NX_SECURE_TLS_X509_TYPE_RSA, _EC;
                                           * else _UNKNOWN and no key */
    union {
        NX_SECURE_RSA_PUBLIC_KEY rsa_public_key;
        NX_SECURE_EC_PUBLIC_KEY ec_public_key;
    } nx_secure_x509_public_key;
    const UCHAR *nx_secure_x509_issuer_identifier; /* authorityKeyIdentifier */
    USHORT nx_secure_x509_issuer_identifier_length;
    const UCHAR *nx_secure_x509_subject_identifier; /* subjectKeyIdentifier */
    USHORT nx_secure_x509_subject_identifier_length;
    const UCHAR *nx_secure_x509_extensions_data; /* SEQUENCE OF Extension */
    ULONG nx_secure_x509_extensions_data_length;
    UINT nx_secure_x509_user_allocated_cert; /* a slot for the peer's */

    const UCHAR *nx_secure_x509_private_key_data;
    ULONG nx_secure_x509_private_key_data_length;
    UINT nx_secure_x509_private_key_type;
    UINT nx_secure_x509_users; /* lists that hold it, its key loaded */
    ALIGN_TYPE nx_secure_x509_private[NX_SECURE_X509_PRIVATE_WORDS];
} NX_SECURE_X509_CERT;

/* The certificates of a TLS session: its member nx_secure_tls_credentials.
 * nx_secure_tls_certificate_store.  The first certificate of each list can be
 * read.  The list of remote certificates, the peer's own first, is set while
 * the certificate callback runs, and from the end of a handshake until the
 * session is reset or renegotiates.  Without a callback it is not set if the
 * buffer for certificates has no room for their control blocks. */
typedef struct NX_SECURE_X509_CERTIFICATE_STORE_STRUCT {
    NX_SECURE_X509_CERT *nx_secure_x509_local_certificates;
    NX_SECURE_X509_CERT *nx_secure_x509_remote_certificates;
    NX_SECURE_X509_CERT *nx_secure_x509_free_certificates; /* slots */
    NX_SECURE_X509_CERT *nx_secure_x509_trusted_certificates;
    ULONG (*nx_secure_x509_time_function)(VOID); /* the session's */
    VOID *nx_secure_x509_local_nodes;            /* the library's */
    VOID *nx_secure_x509_trusted_nodes;
    VOID *nx_secure_x509_session; /* whose store it is; NX_NULL: none */
} NX_SECURE_X509_CERTIFICATE_STORE;

/* Extensions (RFC 5280, 4.2.1). */
#define NX_SECURE_TLS_X509_TYPE_DIRECTORY_ATTRIBUTES 17
#define NX_SECURE_TLS_X509_TYPE_SUBJECT_KEY_ID 18
#define NX_SECURE_TLS_X509_TYPE_KEY_USAGE 19
#define NX_SECURE_TLS_X509_TYPE_SUBJECT_ALT_NAME 20
#define NX_SECURE_TLS_X509_TYPE_ISSUER_ALT_NAME 21
#define NX_SECURE_TLS_X509_TYPE_BASIC_CONSTRAINTS 22
#define NX_SECURE_TLS_X509_TYPE_NAME_CONSTRAINTS 23
#define NX_SECURE_TLS_X509_TYPE_CRL_DISTRIBUTION 24
#define NX_SECURE_TLS_X509_TYPE_CERTIFICATE_POLICIES 25
#define NX_SECURE_TLS_X509_TYPE_CERT_POLICY_MAPPINGS 26
#define NX_SECURE_TLS_X509_TYPE_AUTHORITY_KEY_ID 27
#define NX_SECURE_TLS_X509_TYPE_POLICY_CONSTRAINTS 28
#define NX_SECURE_TLS_X509_TYPE_EXTENDED_KEY_USAGE 29
#define NX_SECURE_TLS_X509_TYPE_FRESHEST_CRL 31
#define NX_SECURE_TLS_X509_TYPE_INHIBIT_ANYPOLICY 32

/* Purposes of extendedKeyUsage (RFC 5280, 4.2.1.12), beside
 * NX_SECURE_TLS_X509_TYPE_ANY_EXTENDED_KEY_USAGE. */
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH 51
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH 52
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_CODE_SIGNING 53
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_EMAIL_PROTECT 54
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_TIME_STAMPING 55
#define NX_SECURE_TLS_X509_TYPE_PKIX_KP_OCSP_SIGNING 56

/* Bits of keyUsage. */
#define NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE 0x8000
#define NX_SECURE_X509_KEY_USAGE_NON_REPUDIATION 0x4000
#define NX_SECURE_X509_KEY_USAGE_KEY_ENCIPHERMENT 0x2000
#define NX_SECURE_X509_KEY_USAGE_DATA_ENCIPHERMENT 0x1000
#define NX_SECURE_X509_KEY_USAGE_KEY_AGREEMENT 0x0800
#define NX_SECURE_X509_KEY_USAGE_KEY_CERT_SIGN 0x0400
#define NX_SECURE_X509_KEY_USAGE_CRL_SIGN 0x0200
#define NX_SECURE_X509_KEY_USAGE_ENCIPHER_ONLY 0x0100
#define NX_SECURE_X509_KEY_USAGE_DECIPHER_ONLY 0x0080

/* An extension.  Its data, the contents of its OCTET STRING, is borrowed from
 * the certificate. */
typedef struct NX_SECURE_X509_EXTENSION_STRUCT {
    USHORT nx_secure_x509_extension_id;
    USHORT nx_secure_x509_extension_critical;
    const UCHAR *nx_secure_x509_extension_data;
    ULONG nx_secure_x509_extension_data_length;
} NX_SECURE_X509_EXTENSION;

#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define NX_SECURE_X509_MAP(name) _nx_secure_x509_##name
#else
#define NX_SECURE_X509_MAP(name) _nxe_secure_x509_##name
#endif

/* nx_secure_x509_dns_name_initialize copies a name of `length` bytes.
 *
 *   0x19E  length is above NX_SECURE_X509_DNS_NAME_MAX */
UINT _nx_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                         const UCHAR *name_string,
                                         USHORT length);
UINT _nxe_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                          const UCHAR *name_string,
                                          USHORT length);

#define nx_secure_x509_dns_name_initialize                                    \
    NX_SECURE_X509_MAP(dns_name_initialize)

#ifndef NX_SECURE_DISABLE_X509
/* nx_secure_x509_certificate_initialize parses a DER certificate of `length`
 * bytes.  If raw_data_buffer is NULL, the certificate borrows
 * `certificate_data`; else it borrows a copy there.
 *
 * An identity certificate comes with its private key, in DER: PKCS#1, SEC1 or
 * PKCS#8, with the type NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER for RSA and
 * NX_SECURE_X509_KEY_TYPE_EC_DER for EC and Ed25519.  Any other certificate
 * comes with NX_NULL and NX_SECURE_X509_KEY_TYPE_NONE.
 *
 * With the type NX_SECURE_X509_KEY_TYPE_HARDWARE, or one above 0xFFFF, the
 * private key is any bytes by which the application's RSA or ECDSA method
 * finds the key (docs/porting.md).
 *
 *   0x07   NULL certificate or data, or length 0 (checked form only)
 *   0x37   the certificate is in a list of a session or server
 *   0x14A  the certificate comes with a private key, and its RSA key has more
 *          than 4096 bits
 *   0x18A  private_key is not a usable private key of that type; whether it is
 *          the certificate's is looked at when it is added to a list
 *   0x19D  the type is unknown; or NONE comes with a private key, or another
 *          type without one
 *   0x1A1  as for 0x14A, and the key has less than 2048 bits
 *   0x1A2  the certificate does not parse
 *   0x1A8  raw_data_buffer is too small */
UINT _nx_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type);
UINT _nxe_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type);

/* nx_secure_x509_common_name_dns_check returns 0 if the certificate names this
 * host (RFC 6125).
 *
 *   0x195  it does not */
UINT _nx_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                           const UCHAR *dns_tld,
                                           UINT dns_tld_length);
UINT _nxe_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                            const UCHAR *dns_tld,
                                            UINT dns_tld_length);

/* nx_secure_x509_extension_find finds an extension by its number, one of
 * NX_SECURE_TLS_X509_TYPE_*.
 *
 *   0x19B  the certificate does not have it */
UINT _nx_secure_x509_extension_find(NX_SECURE_X509_CERT *certificate,
                                    NX_SECURE_X509_EXTENSION *extension,
                                    USHORT extension_id);
UINT _nxe_secure_x509_extension_find(NX_SECURE_X509_CERT *certificate,
                                     NX_SECURE_X509_EXTENSION *extension,
                                     USHORT extension_id);

/* nx_secure_x509_key_usage_extension_parse gives the bits of keyUsage,
 * NX_SECURE_X509_KEY_USAGE_*.
 *
 *   0x19B  the certificate does not have this extension */
UINT _nx_secure_x509_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, USHORT *bitfield);
UINT _nxe_secure_x509_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, USHORT *bitfield);

/* nx_secure_x509_extended_key_usage_extension_parse returns 0 if
 * extendedKeyUsage names this purpose, one of
 * NX_SECURE_TLS_X509_TYPE_PKIX_KP_*.
 *
 *   0x19B  the certificate does not have this extension: it is good for every
 *          purpose
 *   0x19F  the extension does not name the purpose */
UINT _nx_secure_x509_extended_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, UINT key_usage);
UINT _nxe_secure_x509_extended_key_usage_extension_parse(
    NX_SECURE_X509_CERT *certificate, UINT key_usage);

#define nx_secure_x509_extension_find NX_SECURE_X509_MAP(extension_find)
#define nx_secure_x509_key_usage_extension_parse                              \
    NX_SECURE_X509_MAP(key_usage_extension_parse)
#define nx_secure_x509_extended_key_usage_extension_parse                     \
    NX_SECURE_X509_MAP(extended_key_usage_extension_parse)
#define nx_secure_x509_certificate_initialize                                 \
    NX_SECURE_X509_MAP(certificate_initialize)
#define nx_secure_x509_common_name_dns_check                                  \
    NX_SECURE_X509_MAP(common_name_dns_check)
#endif

#ifndef NX_SECURE_DISABLE_X509
/* Functions that programs call by these names.  They check nothing.
 *
 * _nx_secure_x509_remote_endpoint_certificate_get gives the peer's own
 * certificate, in a certificate callback or once the handshake is complete.
 *
 *   0x18E  the store holds no certificate of the peer */
UINT _nx_secure_x509_remote_endpoint_certificate_get(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_CERT **certificate);

/* _nx_secure_x509_local_device_certificate_get gives the local certificate of
 * this common name; with NX_NULL, the first that has a private key.
 *
 *   0x18E  the store has no such certificate */
UINT _nx_secure_x509_local_device_certificate_get(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name,
    NX_SECURE_X509_CERT **certificate);

/* _nx_secure_x509_store_certificate_find gives the certificate of this common
 * name, or with NX_NULL the one of this id, and the list that it is in,
 * NX_SECURE_X509_CERT_LOCATION_*: local certificates first, then trusted ones,
 * then those of the peer, which have no ids.
 *
 *   0x07   a NULL pointer
 *   0x18E  the store has no such certificate */
UINT _nx_secure_x509_store_certificate_find(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT cert_id,
    NX_SECURE_X509_CERT **certificate, UINT *location);

/* _nx_secure_x509_store_certificate_add puts a certificate at the end of a
 * list, NX_SECURE_X509_CERT_LOCATION_LOCAL, _TRUSTED or _REMOTE, under the id
 * that its nx_secure_x509_cert_identifier has.  The store may be a session's,
 * whose remote list is closed, or one of the application's own, of zeros at
 * the beginning.  A certificate that is in a list cannot be initialized anew.
 *
 *   0x07   a NULL pointer
 *   0x4D   there is no such list; or the list has the certificate, or without
 *          an id its common name
 *   0x1A7  the certificate is in another list, and the store has no room for
 *          it; one of the application's own has none
 *   0x1A9  the list has the id
 *   other  what nx_secure_dtls_session_trusted_certificate_add gives */
UINT _nx_secure_x509_store_certificate_add(
    NX_SECURE_X509_CERT *certificate, NX_SECURE_X509_CERTIFICATE_STORE *store,
    UINT location);

/* _nx_secure_x509_store_certificate_remove takes the first certificate of this
 * common name, or with NX_NULL the one of this id, out of a list.  Remote
 * certificates have no ids.
 *
 *   0x07   a NULL store
 *   0x37   a handshake uses the list
 *   0x4D   there is no such list
 *   0x18E  the list has no such certificate */
UINT _nx_secure_x509_store_certificate_remove(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT location, UINT cert_id);

/* _nx_secure_x509_certificate_chain_verify looks for a path from a certificate
 * over remote and local ones of the store to a trusted one, and verifies it.
 * Dates are compared with current_time, in seconds since 1970, unless that is
 * 0.
 *
 *   0x18C  an issuer may not issue, or the path is too long
 *   0x193  a certificate has expired
 *   0x194  one is not yet valid
 *   0x1A1  one has a key, a signature or an extension that is not supported
 *   0x1A4  an issuer's key did not sign a certificate
 *   0x1A6  no path ends in a trusted certificate */
UINT _nx_secure_x509_certificate_chain_verify(
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate,
    ULONG current_time);

/* _nx_secure_x509_subject_alt_names_find looks for a name of a kind, such as
 * NX_SECURE_X509_SUB_ALT_NAME_TAG_DNSNAME, in the subjectAltName that
 * nx_secure_x509_extension_find has given.  A DNS name matches in either case,
 * and one "*" may be the whole leftmost label; others match byte by byte.
 *
 *   0x192  the extension is not one of names
 *   0x19C  it does not have the name */
UINT _nx_secure_x509_subject_alt_names_find(
    NX_SECURE_X509_EXTENSION *extension, const UCHAR *name, UINT name_length,
    USHORT name_type);

/* _nx_secure_x509_certificate_parse does what
 * nx_secure_x509_certificate_initialize does without a copy and a private key.
 * More bytes may follow the certificate; bytes_processed is its length.
 *
 *   0x37   the certificate is in a list
 *   0x182  the certificate is longer than the buffer
 *   0x186  the buffer does not begin with a certificate
 *   0x188  the certificate does not parse */
UINT _nx_secure_x509_certificate_parse(const UCHAR *buffer, UINT length,
                                       UINT *bytes_processed,
                                       NX_SECURE_X509_CERT *cert);

/* _nx_secure_x509_expiration_check compares the dates of a certificate with
 * current_time, in seconds since 1970.
 *
 *   0x193  the certificate has expired
 *   0x194  it is not yet valid */
UINT _nx_secure_x509_expiration_check(NX_SECURE_X509_CERT *certificate,
                                      ULONG current_time);

/* _nx_secure_x509_distinguished_name_compare returns 0 if two names have the
 * same value, or none, in each of compare_fields, bits NX_SECURE_X509_NAME_*.
 * Values are compared byte by byte. */
INT _nx_secure_x509_distinguished_name_compare(
    NX_SECURE_X509_DISTINGUISHED_NAME *name,
    NX_SECURE_X509_DISTINGUISHED_NAME *compare_name, ULONG compare_fields);
#endif

#if !defined(NX_SECURE_DISABLE_X509) && !defined(NX_SECURE_X509_DISABLE_CRL)
/* nx_secure_x509_crl_revocation_check checks whether a CRL, DER of crl_length
 * bytes, revokes the certificate.  It is meant for the certificate callback,
 * with the store of its session.
 *
 * A chain must lead from the issuer of the certificate to a trusted
 * certificate of the store; it may lead over remote ones.
 *
 *   0      the CRL is good and does not list the certificate
 *   0x07   a NULL pointer (checked form only)
 *   0x188  this is not a CRL, or a CRL without nextUpdate
 *   0x191  the CRL has an extension that is not supported, as delta CRLs,
 *          indirect CRLs and those of a distribution point have
 *   0x193  nextUpdate is past (only with a time function)
 *   0x194  thisUpdate is still to come (only with a time function)
 *   0x197  the CRL is of another issuer
 *   0x198  the issuer has not signed the CRL
 *   0x199  the CRL revokes the certificate
 *   0x1A0  the issuer's keyUsage has no cRLSign
 *   0x1A3  the CRL is signed in a way that is not supported
 *   0x1A6  no chain leads from the issuer to a trusted certificate
 *   other  the chain from the issuer is not good */
UINT _nx_secure_x509_crl_revocation_check(
    const UCHAR *crl_data, UINT crl_length,
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate);
UINT _nxe_secure_x509_crl_revocation_check(
    const UCHAR *crl_data, UINT crl_length,
    NX_SECURE_X509_CERTIFICATE_STORE *store, NX_SECURE_X509_CERT *certificate);

#define nx_secure_x509_crl_revocation_check                                   \
    NX_SECURE_X509_MAP(crl_revocation_check)
#endif

#ifdef __cplusplus
}
#endif

#endif
