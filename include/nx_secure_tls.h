/* SPDX-License-Identifier: MIT */
/* nx_secure_tls.h: the part of NetX Secure TLS that DTLS uses.
 *
 * The checked form of a service that takes a session returns 0x07 for a NULL
 * pointer and 0x101 for a session that was never created; the form without
 * checks relies on its caller.  A service returns NX_SUCCESS (0) or a value
 * that its comment lists.  Ownership is as in nx_secure_dtls.h. */

#ifndef NX_SECURE_TLS_H
#define NX_SECURE_TLS_H

#include "nx_secure_x509.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NETX_SECURE_MAJOR_VERSION 6
#define NETX_SECURE_MINOR_VERSION 4
#define NETX_SECURE_PATCH_VERSION 2
#define NETX_SECURE_SERVICE_PACK_VERSION 2
#define AZURE_RTOS_NETX_SECURE
#define EL_PRODUCT_NETX_SECURE
#define __NETX_SECURE_MAJOR_VERSION__ NETX_SECURE_MAJOR_VERSION
#define __NETX_SECURE_MINOR_VERSION__ NETX_SECURE_MINOR_VERSION
#define __NETX_SECURE_SERVICE_PACK_VERSION__ NETX_SECURE_SERVICE_PACK_VERSION
#define __PRODUCT_NETX_SECURE__
/* The name and version of NetX Secure whose API this is. */
extern CHAR _nx_secure_version_id[];

/* For services that an application defines itself: nx_port.h. */
#define NX_SECURE_CALLER_CHECKING_EXTERNS NX_CALLER_CHECKING_EXTERNS

/* Status values. */
#define NX_SECURE_TLS_SUCCESS 0x00
#define NX_SECURE_TLS_SESSION_UNINITIALIZED 0x101
#define NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE 0x102
#define NX_SECURE_TLS_INVALID_STATE 0x103
#define NX_SECURE_TLS_INVALID_PACKET 0x104
#define NX_SECURE_TLS_UNKNOWN_CIPHERSUITE 0x105
#define NX_SECURE_TLS_UNSUPPORTED_CIPHER 0x106
#define NX_SECURE_TLS_HANDSHAKE_FAILURE 0x107
#define NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE 0x108
#define NX_SECURE_TLS_TCP_SEND_FAILED 0x109
#define NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH 0x10A
#define NX_SECURE_TLS_BAD_CIPHERSPEC 0x10B
#define NX_SECURE_TLS_INVALID_SERVER_CERT 0x10C
#define NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER 0x10D
#define NX_SECURE_TLS_NO_SUPPORTED_CIPHERS 0x10E
#define NX_SECURE_TLS_UNKNOWN_TLS_VERSION 0x10F
#define NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION 0x110
#define NX_SECURE_TLS_ALLOCATE_PACKET_FAILED 0x111
#define NX_SECURE_TLS_INVALID_CERTIFICATE 0x112
#define NX_SECURE_TLS_NO_CLOSE_RESPONSE 0x113
#define NX_SECURE_TLS_ALERT_RECEIVED 0x114
#define NX_SECURE_TLS_FINISHED_HASH_FAILURE 0x115
#define NX_SECURE_TLS_UNKNOWN_CERT_SIG_ALGORITHM 0x116
#define NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED 0x117
#define NX_SECURE_TLS_BAD_COMPRESSION_METHOD 0x118
#define NX_SECURE_TLS_CERTIFICATE_NOT_FOUND 0x119
#define NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT 0x11A
#define NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND 0x11B
#define NX_SECURE_TLS_OUT_OF_ORDER_MESSAGE 0x11C
#define NX_SECURE_TLS_INVALID_REMOTE_HOST 0x11D
#define NX_SECURE_TLS_INVALID_EPOCH 0x11E
#define NX_SECURE_TLS_REPEAT_MESSAGE_RECEIVED 0x11F
#define NX_SECURE_TLS_NEED_DTLS_SESSION 0x120
#define NX_SECURE_TLS_NEED_TLS_SESSION 0x121
#define NX_SECURE_TLS_SEND_ADDRESS_MISMATCH 0x122
#define NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS 0x123
#define NX_SECURE_DTLS_SESSION_NOT_FOUND 0x124
#define NX_SECURE_TLS_NO_MORE_PSK_SPACE 0x125
#define NX_SECURE_TLS_NO_MATCHING_PSK 0x126
#define NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED 0x127
#define NX_SECURE_TLS_NO_AVAILABLE_SESSIONS 0x128
#define NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED 0x129
#define NX_SECURE_TLS_PADDING_CHECK_FAILED 0x12A
#define NX_SECURE_TLS_UNSUPPORTED_CERT_SIGN_TYPE 0x12B
#define NX_SECURE_TLS_UNSUPPORTED_CERT_SIGN_ALG 0x12C
#define NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE 0x12D
#define NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED 0x12E
#define NX_SECURE_TLS_NO_RENEGOTIATION_ERROR 0x12F
#define NX_SECURE_TLS_UNSUPPORTED_FEATURE 0x130
#define NX_SECURE_TLS_CERTIFICATE_VERIFY_FAILURE 0x131
#define NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED 0x132
#define NX_SECURE_TLS_RENEGOTIATION_EXTENSION_ERROR 0x133
#define NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE 0x134
#define NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL 0x135
#define NX_SECURE_TLS_EXTENSION_NOT_FOUND 0x136
#define NX_SECURE_TLS_SNI_EXTENSION_INVALID 0x137
#define NX_SECURE_TLS_CERT_ID_INVALID 0x138
#define NX_SECURE_TLS_CERT_ID_DUPLICATE 0x139
#define NX_SECURE_TLS_RENEGOTIATION_FAILURE 0x13A
#define NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE 0x13B
#define NX_SECURE_TLS_EMPTY_EC_GROUP 0x13C
#define NX_SECURE_TLS_EMPTY_EC_POINT_FORMAT 0x13D
#define NX_SECURE_TLS_BAD_SERVERHELLO_KEYSHARE 0x13E
#define NX_SECURE_TLS_INSUFFICIENT_METADATA_SPACE 0x13F
#define NX_SECURE_TLS_POST_HANDSHAKE_RECEIVED 0x140
#define NX_SECURE_TLS_BAD_CLIENTHELLO_KEYSHARE 0x141
#define NX_SECURE_TLS_1_3_UNKNOWN_CIPHERSUITE 0x142
#define NX_SECURE_TLS_INVALID_SESSION_TICKET 0x143
#define NX_SECURE_TLS_MISSING_EXTENSION 0x144
#define NX_SECURE_TLS_CERTIFICATE_REQUIRED 0x145
#define NX_SECURE_TLS_UNEXPECTED_CLIENTHELLO 0x146
#define NX_SECURE_TLS_INAPPROPRIATE_FALLBACK 0x147
#define NX_SECURE_TLS_BAD_CLIENTHELLO_PSK_EXTENSION 0x148
#define NX_SECURE_TLS_PSK_BINDER_MISMATCH 0x149
#define NX_SECURE_TLS_CRYPTO_KEYS_TOO_LARGE 0x14A
#define NX_SECURE_TLS_UNSUPPORTED_ECC_CURVE 0x14B
#define NX_SECURE_TLS_UNSUPPORTED_ECC_FORMAT 0x14C
#define NX_SECURE_TLS_UNSUPPORTED_SIGNATURE_ALGORITHM 0x14D
#define NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR 0x14E
#define NX_SECURE_TLS_UNEXPECTED_MESSAGE 0x14F
#define NX_SECURE_TLS_AEAD_DECRYPT_FAIL 0x150
#define NX_SECURE_TLS_RECORD_OVERFLOW 0x151
#define NX_SECURE_TLS_HANDSHAKE_FRAGMENT_RECEIVED 0x152
#define NX_SECURE_TLS_TRANSMIT_LOCKED 0x153
#define NX_SECURE_TLS_DOWNGRADE_DETECTED 0x154

/* Protocol constants. */
#define NX_SECURE_TLS_CHANGE_CIPHER_SPEC 20
#define NX_SECURE_TLS_ALERT 21
#define NX_SECURE_TLS_HANDSHAKE 22
#define NX_SECURE_TLS_APPLICATION_DATA 23
#define NX_SECURE_TLS_HELLO_REQUEST 0
#define NX_SECURE_TLS_CLIENT_HELLO 1
#define NX_SECURE_TLS_SERVER_HELLO 2
#define NX_SECURE_TLS_HELLO_VERIFY_REQUEST 3
#define NX_SECURE_TLS_NEW_SESSION_TICKET 4
#define NX_SECURE_TLS_CERTIFICATE_MSG 11
#define NX_SECURE_TLS_SERVER_KEY_EXCHANGE 12
#define NX_SECURE_TLS_CERTIFICATE_REQUEST 13
#define NX_SECURE_TLS_SERVER_HELLO_DONE 14
#define NX_SECURE_TLS_CERTIFICATE_VERIFY 15
#define NX_SECURE_TLS_CLIENT_KEY_EXCHANGE 16
#define NX_SECURE_TLS_FINISHED 20
#define NX_SECURE_TLS_CERTIFICATE_URL 21
#define NX_SECURE_TLS_CERTIFICATE_STATUS 22
#define NX_SECURE_TLS_INVALID_MESSAGE 100
#define NX_SECURE_TLS_ALERT_LEVEL_WARNING 1
#define NX_SECURE_TLS_ALERT_LEVEL_FATAL 2
#define NX_SECURE_TLS_ALERT_CLOSE_NOTIFY 0
#define NX_SECURE_TLS_ALERT_UNEXPECTED_MESSAGE 10
#define NX_SECURE_TLS_ALERT_BAD_RECORD_MAC 20
#define NX_SECURE_TLS_ALERT_RECORD_OVERFLOW 22
#define NX_SECURE_TLS_ALERT_HANDSHAKE_FAILURE 40
#define NX_SECURE_TLS_ALERT_BAD_CERTIFICATE 42
#define NX_SECURE_TLS_ALERT_UNSUPPORTED_CERTIFICATE 43
#define NX_SECURE_TLS_ALERT_CERTIFICATE_REVOKED 44
#define NX_SECURE_TLS_ALERT_CERTIFICATE_EXPIRED 45
#define NX_SECURE_TLS_ALERT_CERTIFICATE_UNKNOWN 46
#define NX_SECURE_TLS_ALERT_ILLEGAL_PARAMETER 47
#define NX_SECURE_TLS_ALERT_UNKNOWN_CA 48
#define NX_SECURE_TLS_ALERT_ACCESS_DENIED 49
#define NX_SECURE_TLS_ALERT_DECODE_ERROR 50
#define NX_SECURE_TLS_ALERT_DECRYPT_ERROR 51
#define NX_SECURE_TLS_ALERT_PROTOCOL_VERSION 70
#define NX_SECURE_TLS_ALERT_INSUFFICIENT_SECURITY 71
#define NX_SECURE_TLS_ALERT_INTERNAL_ERROR 80
#define NX_SECURE_TLS_ALERT_INAPPROPRIATE_FALLBACK 86
#define NX_SECURE_TLS_ALERT_USER_CANCELED 90
#define NX_SECURE_TLS_ALERT_NO_RENEGOTIATION 100
#define NX_SECURE_TLS_ALERT_MISSING_EXTENSION 109
#define NX_SECURE_TLS_ALERT_UNSUPPORTED_EXTENSION 110
#define NX_SECURE_TLS_ALERT_UNKNOWN_PSK_IDENTITY 115
#define NX_SECURE_TLS_ALERT_CERTIFICATE_REQUIRED 116

/* Hello extensions. */
#define NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION 0x0000
#define NX_SECURE_TLS_EXTENSION_MAX_FRAGMENT_LENGTH 0x0001
#define NX_SECURE_TLS_EXTENSION_EC_GROUPS 0x000A
#define NX_SECURE_TLS_EXTENSION_EC_POINT_FORMATS 0x000B
#define NX_SECURE_TLS_EXTENSION_SIGNATURE_ALGORITHMS 0x000D
#define NX_SECURE_TLS_EXTENSION_SECURE_RENEGOTIATION 0xFF01
/* Extensions of a hello that a callback sees, at most. */
#define NX_SECURE_TLS_HELLO_EXTENSIONS_MAX 10

#define NX_SECURE_TLS_SESSION_TYPE_NONE 0
#define NX_SECURE_TLS_SESSION_TYPE_CLIENT 1
#define NX_SECURE_TLS_SESSION_TYPE_SERVER 2

/* Numbers of cipher suites (IANA; the last is a draft's).  The names are for
 * tables; docs/suites.md lists the suites that this library speaks. */
#define TLS_NULL_WITH_NULL_NULL 0x0000
#define TLS_RSA_WITH_NULL_MD5 0x0001
#define TLS_RSA_WITH_NULL_SHA 0x0002
#define TLS_RSA_WITH_AES_128_CBC_SHA 0x002F
#define TLS_DH_DSS_WITH_AES_128_CBC_SHA 0x0030
#define TLS_DH_RSA_WITH_AES_128_CBC_SHA 0x0031
#define TLS_DHE_DSS_WITH_AES_128_CBC_SHA 0x0032
#define TLS_DHE_RSA_WITH_AES_128_CBC_SHA 0x0033
#define TLS_DH_anon_WITH_AES_128_CBC_SHA 0x0034
#define TLS_RSA_WITH_AES_256_CBC_SHA 0x0035
#define TLS_DH_DSS_WITH_AES_256_CBC_SHA 0x0036
#define TLS_DH_RSA_WITH_AES_256_CBC_SHA 0x0037
#define TLS_DHE_DSS_WITH_AES_256_CBC_SHA 0x0038
#define TLS_DHE_RSA_WITH_AES_256_CBC_SHA 0x0039
#define TLS_DH_anon_WITH_AES_256_CBC_SHA 0x003A
#define TLS_RSA_WITH_AES_128_CBC_SHA256 0x003C
#define TLS_RSA_WITH_AES_256_CBC_SHA256 0x003D
#define TLS_PSK_WITH_AES_128_CBC_SHA 0x008C
#define TLS_PSK_WITH_AES_256_CBC_SHA 0x008D
#define TLS_RSA_WITH_AES_128_GCM_SHA256 0x009C
#define TLS_RSA_WITH_AES_256_GCM_SHA384 0x009D
#define TLS_PSK_WITH_AES_128_CBC_SHA256 0x00AE
#define TLS_EMPTY_RENEGOTIATION_INFO_SCSV 0x00FF
#define TLS_AES_128_GCM_SHA256 0x1301
#define TLS_AES_256_GCM_SHA384 0x1302
#define TLS_AES_128_CCM_SHA256 0x1304
#define TLS_AES_128_CCM_8_SHA256 0x1305
#define TLS_FALLBACK_NOTIFY_SCSV 0x5600
#define TLS_ECDH_ECDSA_WITH_NULL_SHA 0xC001
#define TLS_ECDH_ECDSA_WITH_RC4_128_SHA 0xC002
#define TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA 0xC003
#define TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA 0xC004
#define TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA 0xC005
#define TLS_ECDHE_ECDSA_WITH_NULL_SHA 0xC006
#define TLS_ECDHE_ECDSA_WITH_RC4_128_SHA 0xC007
#define TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA 0xC008
#define TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA 0xC009
#define TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA 0xC00A
#define TLS_ECDH_RSA_WITH_NULL_SHA 0xC00B
#define TLS_ECDH_RSA_WITH_RC4_128_SHA 0xC00C
#define TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA 0xC00D
#define TLS_ECDH_RSA_WITH_AES_128_CBC_SHA 0xC00E
#define TLS_ECDH_RSA_WITH_AES_256_CBC_SHA 0xC00F
#define TLS_ECDHE_RSA_WITH_NULL_SHA 0xC010
#define TLS_ECDHE_RSA_WITH_RC4_128_SHA 0xC011
#define TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA 0xC012
#define TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA 0xC013
#define TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA 0xC014
#define TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 0xC023
#define TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 0xC024
#define TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256 0xC025
#define TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384 0xC026
#define TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 0xC027
#define TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 0xC028
#define TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256 0xC029
#define TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384 0xC02A
#define TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 0xC02B
#define TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 0xC02C
#define TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256 0xC02D
#define TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384 0xC02E
#define TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 0xC02F
#define TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 0xC030
#define TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256 0xC031
#define TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384 0xC032
#define TLS_PSK_WITH_AES_128_CCM_8 0xC0A8
#define TLS_ECJPAKE_WITH_AES_128_CCM_8 0xC0FF

/* Other names that tables of suites use. */
#define TLS_CIPHER_NULL 0
#define TLS_CIPHER_AES 1
#define TLS_CIPHER_RC4 2
#define TLS_PRF_1 0x20002
#define TLS_PRF_SHA_256 0x20005
#define TLS_HASH_SHA_1 0x30003
#define TLS_HASH_SHA_256 0x30005
#define TLS_HASH_SHA_384 0x30006
#define TLS_HASH_SHA_512 0x30007
#define TLS_PUBLIC_AUTH_PSK 0x40001
#define TLS_CIPHER_RSA 0x40002
#define TLS_PUBLIC_AUTH_ECJPAKE 0x40007

/* Versions: as on the wire, and as bits of a set. */
#define NX_SECURE_TLS_VERSION_SSL_3_0 0x300
#define NX_SECURE_TLS_VERSION_TLS_1_0 0x301
#define NX_SECURE_TLS_VERSION_TLS_1_1 0x302
#define NX_SECURE_TLS_VERSION_TLS_1_2 0x303
#define NX_SECURE_TLS_VERSION_TLS_1_3 0x304
#define NX_SECURE_TLS_VERSION_MAJOR_3 3
#define NX_SECURE_TLS_VERSION_MINOR_1_0 1
#define NX_SECURE_TLS_VERSION_MINOR_1_1 2
#define NX_SECURE_TLS_VERSION_MINOR_1_2 3
#define NX_SECURE_TLS_VERSION_MINOR_1_3 4
#define NX_SECURE_SSL_VERSION_MINOR_3_0 0
#define NX_SECURE_DTLS_VERSION_MAJOR 0xFE
#define NX_SECURE_DTLS_VERSION_MINOR_1_0 0xFF
#define NX_SECURE_DTLS_VERSION_MINOR_1_2 0xFD
#define NX_SECURE_TLS 0
#define NX_SECURE_DTLS 1
#define NX_SECURE_TLS_BITFIELD_VERSION_1_0 1
#define NX_SECURE_TLS_BITFIELD_VERSION_1_1 2
#define NX_SECURE_TLS_BITFIELD_VERSION_1_2 4
#define NX_SECURE_TLS_BITFIELD_VERSIONS_PRE_1_3 7
#define NX_SECURE_TLS_BITFIELD_VERSION_1_3 8
#define NX_SECURE_TLS_BITFIELD_VERSIONS_ALL 0x7f
#define NX_SECURE_DTLS_BITFIELD_VERSION_1_0 0x10
#define NX_SECURE_DTLS_BITFIELD_VERSION_1_2 0x20
#define NX_SECURE_DTLS_BITFIELD_VERSIONS_PRE_1_3 0x30
#define NX_SECURE_DTLS_BITFIELD_VERSION_1_3 0x40
#define NX_SECURE_X509_BITFIELD_VERSION_3 0x80
#define NX_SECURE_APPLICATION_NONE 0
#define NX_SECURE_APPLICATION_TLS 1
#define NX_SECURE_APPLICATION_X509 2

/* Types of certificates in a CertificateRequest; hashes, signatures and their
 * pairs (RFC 5246, 7.4.1.4.1). */
#define NX_SECURE_TLS_CERT_TYPE_NONE 0
#define NX_SECURE_TLS_CERT_TYPE_RSA_SIGN 1
#define NX_SECURE_TLS_CERT_TYPE_DSS_SIGN 2
#define NX_SECURE_TLS_CERT_TYPE_RSA_FIXED_DH 3
#define NX_SECURE_TLS_CERT_TYPE_DSS_FIXED_DH 4
#define NX_SECURE_TLS_CERT_TYPE_RSA_EPHEMERAL_DH 5
#define NX_SECURE_TLS_CERT_TYPE_DSS_EPHEMERAL_DH 6
#define NX_SECURE_TLS_CERT_TYPE_FORTEZZA_DMS 20
#define NX_SECURE_TLS_CERT_TYPE_ECDSA_SIGN 64
#define NX_SECURE_TLS_CERT_TYPE_RSA_FIXED_ECDH 65
#define NX_SECURE_TLS_CERT_TYPE_ECDSA_FIXED_ECDH 66
#define NX_SECURE_TLS_HASH_ALGORITHM_NONE 0
#define NX_SECURE_TLS_HASH_ALGORITHM_MD5 1
#define NX_SECURE_TLS_HASH_ALGORITHM_SHA1 2
#define NX_SECURE_TLS_HASH_ALGORITHM_SHA224 3
#define NX_SECURE_TLS_HASH_ALGORITHM_SHA256 4
#define NX_SECURE_TLS_HASH_ALGORITHM_SHA384 5
#define NX_SECURE_TLS_HASH_ALGORITHM_SHA512 6
#define NX_SECURE_TLS_SIGNATURE_ALGORITHM_ANONYMOUS 0
#define NX_SECURE_TLS_SIGNATURE_ALGORITHM_RSA 1
#define NX_SECURE_TLS_SIGNATURE_ALGORITHM_DSA 2
#define NX_SECURE_TLS_SIGNATURE_ALGORITHM_ECDSA 3
#define NX_SECURE_TLS_SIGNATURE_RSA_MD5 0x101
#define NX_SECURE_TLS_SIGNATURE_RSA_SHA1 0x201
#define NX_SECURE_TLS_SIGNATURE_ECDSA_SHA1 0x203
#define NX_SECURE_TLS_SIGNATURE_ECDSA_SHA224 0x303
#define NX_SECURE_TLS_SIGNATURE_RSA_SHA256 0x401
#define NX_SECURE_TLS_SIGNATURE_ECDSA_SHA256 0x403
#define NX_SECURE_TLS_SIGNATURE_RSA_SHA384 0x501
#define NX_SECURE_TLS_SIGNATURE_ECDSA_SHA384 0x503
#define NX_SECURE_TLS_SIGNATURE_RSA_SHA512 0x601
#define NX_SECURE_TLS_SIGNATURE_ECDSA_SHA512 0x603

/* Other numbers of extensions, alerts, messages and states that programs name.
 */
#define NX_SECURE_TLS_EXTENSION_CLIENT_CERTIFICATE_URL 2
#define NX_SECURE_TLS_EXTENSION_TRUSTED_CA_INDICATION 3
#define NX_SECURE_TLS_EXTENSION_TRUNCATED_HMAC 4
#define NX_SECURE_TLS_EXTENSION_CERTIFICATE_STATUS_REQUEST 5
#define NX_SECURE_TLS_EXTENSION_PRE_SHARED_KEY 41
#define NX_SECURE_TLS_EXTENSION_EARLY_DATA 42
#define NX_SECURE_TLS_EXTENSION_SUPPORTED_VERSIONS 43
#define NX_SECURE_TLS_EXTENSION_COOKIE 44
#define NX_SECURE_TLS_EXTENSION_PSK_KEY_EXCHANGE_MODES 45
#define NX_SECURE_TLS_EXTENSION_CERTIFICATE_AUTHORITIES 47
#define NX_SECURE_TLS_EXTENSION_OID_FILTERS 48
#define NX_SECURE_TLS_EXTENSION_POST_HANDSHAKE_AUTH 49
#define NX_SECURE_TLS_EXTENSION_SIGNATURE_ALGORITHMS_CERT 50
#define NX_SECURE_TLS_EXTENSION_KEY_SHARE 51
#define NX_SECURE_TLS_EXTENSION_ECJPAKE_KEY_KP_PAIR 256
#define NX_SECURE_TLS_SNI_NAME_TYPE_DNS 0
#define NX_SECURE_TLS_ALERT_DECRYPTION_FAILED_RESERVED 21
#define NX_SECURE_TLS_ALERT_DECOMPRESSION_FAILURE 30
#define NX_SECURE_TLS_ALERT_NO_CERTIFICATE_RESERVED 41
#define NX_SECURE_TLS_ALERT_EXPORT_RESTRICTION_RESERVED 60
#define NX_SECURE_TLS_SERVER_STATE_SEND_HELLO_RETRY 12
#define NX_SECURE_TLS_CLIENT_STATE_RENEGOTIATING 11
#define NX_SECURE_TLS_CLIENT_STATE_ENCRYPTED_EXTENSIONS 12
#define NX_SECURE_TLS_CLIENT_STATE_HELLO_RETRY 13
#define NX_SECURE_TLS_END_OF_EARLY_DATA 5
#define NX_SECURE_TLS_ENCRYPTED_EXTENSIONS 8
#define NX_SECURE_TLS_KEY_UPDATE 24
#define NX_SECURE_TLS_MESSAGE_HASH 254
#define NX_SECURE_TLS_HANDSHAKE_NO_FRAGMENT 0
#define NX_SECURE_TLS_HANDSHAKE_RECEIVED_FRAGMENT 1
#define NX_SECURE_TLS_KEY_SET_LOCAL 0
#define NX_SECURE_TLS_KEY_SET_REMOTE 1
#define NX_SECURE_TLS_1_3_MAX_TRANSCRIPT_HASHES 5
#define NX_SECURE_TLS_TRANSCRIPT_IDX_CLIENTHELLO 0
#define NX_SECURE_TLS_TRANSCRIPT_IDX_SERVERHELLO 1
#define NX_SECURE_TLS_TRANSCRIPT_IDX_CERTIFICATE 2
#define NX_SECURE_TLS_TRANSCRIPT_IDX_CLIENT_FINISHED 3
#define NX_SECURE_TLS_TRANSCRIPT_IDX_SERVER_FINISHED 4
#define NX_SECURE_DTLS_ALL_EVENTS 0xFFFFFFFFu
#define NX_SECURE_DTLS_PERIODIC_EVENT 1

/* Other sizes in bytes, for the same programs. */
#define NX_SECURE_TLS_RANDOM_SIZE 32
#define NX_SECURE_TLS_FINISHED_HASH_SIZE 12
#define NX_SECURE_TLS_SEQUENCE_NUMBER_SIZE 2
#define NX_SECURE_TLS_RECORD_HEADER_SIZE 5
#define NX_SECURE_TLS_HANDSHAKE_HEADER_SIZE 4
#define NX_SECURE_TLS_MIN_PREMASTER_SIZE 68
#define NX_SECURE_TLS_MIN_PREMASTER_SIZE_PSK 132
#define NX_SECURE_TLS_RSA_PREMASTER_SIZE 48
#define NX_SECURE_TLS_EC_PREMASTER_SIZE 68
#define NX_SECURE_TLS_MAX_PLAINTEXT_LENGTH 16384
#define NX_SECURE_TLS_MAX_CIPHERTEXT_LENGTH 18432
#define NX_SECURE_TLS_MAX_CIPHERTEXT_LENGTH_1_3 16640
#define NX_SECURE_TLS_MAX_CIPHER_BLOCK_SIZE 128
#define NX_SECURE_TLS_MAX_PSK_NONCE_SIZE 255
#define NX_SECURE_TLS_MAX_SESSION_TICKET_AGE 604800
#define NX_SECURE_TLS_NUM_VERSIONS 4

/* States of a handshake: nx_secure_tls_server_state and
 * nx_secure_tls_client_state of a session. */
#define NX_SECURE_TLS_SERVER_STATE_IDLE 0
#define NX_SECURE_TLS_SERVER_STATE_ERROR 1
#define NX_SECURE_TLS_SERVER_STATE_ALERT_SENT 2
#define NX_SECURE_TLS_SERVER_STATE_SEND_HELLO 3
#define NX_SECURE_TLS_SERVER_STATE_SEND_HELLO_VERIFY 4
#define NX_SECURE_TLS_SERVER_STATE_HELLO_SENT 5
#define NX_SECURE_TLS_SERVER_STATE_CLIENT_CERTIFICATE 6
#define NX_SECURE_TLS_SERVER_STATE_KEY_EXCHANGE 7
#define NX_SECURE_TLS_SERVER_STATE_CERTIFICATE_VERIFY 8
#define NX_SECURE_TLS_SERVER_STATE_FINISH_HANDSHAKE 9
#define NX_SECURE_TLS_SERVER_STATE_HANDSHAKE_FINISHED 10
#define NX_SECURE_TLS_SERVER_STATE_HELLO_REQUEST 11
#define NX_SECURE_TLS_CLIENT_STATE_IDLE 0
#define NX_SECURE_TLS_CLIENT_STATE_ERROR 1
#define NX_SECURE_TLS_CLIENT_STATE_ALERT_SENT 2
#define NX_SECURE_TLS_CLIENT_STATE_HELLO_REQUEST 3
#define NX_SECURE_TLS_CLIENT_STATE_HELLO_VERIFY 4
#define NX_SECURE_TLS_CLIENT_STATE_SERVERHELLO 5
#define NX_SECURE_TLS_CLIENT_STATE_SERVER_CERTIFICATE 6
#define NX_SECURE_TLS_CLIENT_STATE_SERVER_KEY_EXCHANGE 7
#define NX_SECURE_TLS_CLIENT_STATE_CERTIFICATE_REQUEST 8
#define NX_SECURE_TLS_CLIENT_STATE_SERVERHELLO_DONE 9
#define NX_SECURE_TLS_CLIENT_STATE_HANDSHAKE_FINISHED 10

typedef USHORT NX_SECURE_TLS_STATE;
typedef USHORT NX_SECURE_TLS_SERVER_STATE;
typedef USHORT NX_SECURE_TLS_CLIENT_STATE;

/* Pre-shared keys of a session; bytes of a key, at most; bytes of an identity
 * or a hint, at most. */
#ifndef NX_SECURE_TLS_MAX_PSK_KEYS
#define NX_SECURE_TLS_MAX_PSK_KEYS 5
#endif
#ifndef NX_SECURE_TLS_MAX_PSK_SIZE
#define NX_SECURE_TLS_MAX_PSK_SIZE 64
#endif
#ifndef NX_SECURE_TLS_MAX_PSK_ID_SIZE
#define NX_SECURE_TLS_MAX_PSK_ID_SIZE 128
#endif

/* Bytes of a packet buffer that NetX requires, at least.  This library
 * requires 512 (nx_secure_dtls_session_create). */
#define NX_SECURE_TLS_MINIMUM_MESSAGE_BUFFER_SIZE 4000

/* Bytes of a peer's certificate for which there must be room, at least. */
#define NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE 256

/* Bytes of NetX's own buffers, for programs that size theirs by them.
 * docs/limits.md lists the limits of this library. */
#define NX_SECURE_TLS_MASTER_SIZE 48
#define NX_SECURE_TLS_PREMASTER_SIZE 132
#define NX_SECURE_TLS_KEY_MATERIAL_SIZE 160
#define NX_SECURE_TLS_MAX_HASH_SIZE 32
#define NX_SECURE_TLS_MAX_KEY_SIZE 32
#define NX_SECURE_TLS_MAX_IV_SIZE 16
#define NX_SECURE_TLS_SESSION_ID_SIZE 256

/* Functions with which programs written for NetX copy and compare bytes.  The
 * services of this library use them, too. */
#ifndef NX_SECURE_MEMCPY
#define NX_SECURE_MEMCPY memcpy
#endif
#ifndef NX_SECURE_MEMCMP
#define NX_SECURE_MEMCMP memcmp
#endif
#ifndef NX_SECURE_MEMSET
#define NX_SECURE_MEMSET memset
#endif
#ifndef NX_SECURE_MEMMOVE
#define NX_SECURE_MEMMOVE memmove
#endif

/* NX_SECURE_HASH_METADATA_CLONE copies the context of a running hash. */
#ifndef NX_SECURE_HASH_METADATA_CLONE
#define NX_SECURE_HASH_METADATA_CLONE NX_SECURE_MEMCPY
#endif

/* NX_SECURE_HASH_CLONE_CLEANUP ends a copy of a running hash's context that
 * NX_SECURE_HASH_METADATA_CLONE has made. */
#ifndef NX_SECURE_HASH_CLONE_CLEANUP
#define NX_SECURE_HASH_CLONE_CLEANUP(metadata, size)
#endif

/* One row of a cipher suite table. */
typedef struct NX_SECURE_TLS_CIPHERSUITE_INFO_STRUCT {
    USHORT nx_secure_tls_ciphersuite;
    const NX_CRYPTO_METHOD *nx_secure_tls_public_cipher;
    const NX_CRYPTO_METHOD *nx_secure_tls_public_auth;
    const NX_CRYPTO_METHOD *nx_secure_tls_session_cipher;
    USHORT nx_secure_tls_iv_size;         /* bytes */
    UCHAR nx_secure_tls_session_key_size; /* bytes */
    const NX_CRYPTO_METHOD *nx_secure_tls_hash;
    USHORT nx_secure_tls_hash_size; /* bytes */
    const NX_CRYPTO_METHOD *nx_secure_tls_prf;
} NX_SECURE_TLS_CIPHERSUITE_INFO;

/* The cipher suites and certificate algorithms of a session, in order of
 * preference.  The members for versions other than 1.2 are there for the
 * initializers of applications; the library does not read them. */
typedef struct NX_SECURE_TLS_CRYPTO_STRUCT {
    NX_SECURE_TLS_CIPHERSUITE_INFO *nx_secure_tls_ciphersuite_lookup_table;
    USHORT nx_secure_tls_ciphersuite_lookup_table_size;
#ifndef NX_SECURE_DISABLE_X509
    NX_SECURE_X509_CRYPTO *nx_secure_tls_x509_cipher_table;
    USHORT nx_secure_tls_x509_cipher_table_size;
#endif
#if defined(NX_SECURE_TLS_ENABLE_TLS_1_0) ||                                  \
    defined(NX_SECURE_TLS_ENABLE_TLS_1_1)
    const NX_CRYPTO_METHOD *nx_secure_tls_handshake_hash_md5_method;
    const NX_CRYPTO_METHOD *nx_secure_tls_handshake_hash_sha1_method;
    const NX_CRYPTO_METHOD *nx_secure_tls_prf_1_method;
#endif
    const NX_CRYPTO_METHOD *nx_secure_tls_handshake_hash_sha256_method;
    const NX_CRYPTO_METHOD *nx_secure_tls_prf_sha256_method;
#ifdef NX_SECURE_TLS_ENABLE_TLS_1_3
    const NX_CRYPTO_METHOD *nx_secure_tls_hkdf_method;
    const NX_CRYPTO_METHOD *nx_secure_tls_hmac_method;
    const NX_CRYPTO_METHOD *nx_secure_tls_ecdhe_method;
#endif
} NX_SECURE_TLS_CRYPTO;

typedef struct NX_SECURE_TLS_HELLO_EXTENSION_STRUCT {
    USHORT nx_secure_tls_extension_id;
    USHORT nx_secure_tls_extension_data_length;
    const UCHAR *nx_secure_tls_extension_data;
} NX_SECURE_TLS_HELLO_EXTENSION;

typedef struct NX_SECURE_TLS_PSK_STORE_STRUCT {
    UCHAR nx_secure_tls_psk_data[NX_SECURE_TLS_MAX_PSK_SIZE];
    UINT nx_secure_tls_psk_data_size;
    UCHAR nx_secure_tls_psk_id[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT nx_secure_tls_psk_id_size;
    UCHAR nx_secure_tls_psk_id_hint[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT nx_secure_tls_psk_id_hint_size;
} NX_SECURE_TLS_PSK_STORE;

typedef struct NX_SECURE_TLS_CREDENTIALS_STRUCT {
    NX_SECURE_X509_CERTIFICATE_STORE nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERT *nx_secure_tls_active_certificate; /* or NULL */
    /* What the peer sent with a PSK: to a client the server's hint, to a
     * server the client's identity; size 0 if there was none. */
    UCHAR nx_secure_tls_remote_psk_id[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT nx_secure_tls_remote_psk_id_size;
    NX_SECURE_TLS_PSK_STORE
    nx_secure_tls_psk_store[NX_SECURE_TLS_MAX_PSK_KEYS]; /* as added */
    UINT nx_secure_tls_psk_count;
    /* A client's only key, used instead of nx_secure_tls_psk_store; not set
     * if its size is 0. */
    NX_SECURE_TLS_PSK_STORE nx_secure_tls_client_psk;
} NX_SECURE_TLS_CREDENTIALS;

/* The groups of a session, and a curve method for each. */
typedef struct NX_SECURE_TLS_ECC_STRUCT {
    const USHORT *nx_secure_tls_ecc_supported_groups;
    USHORT nx_secure_tls_ecc_supported_groups_count;
    const NX_CRYPTO_METHOD **nx_secure_tls_ecc_curves;
} NX_SECURE_TLS_ECC;

typedef struct NX_SECURE_TLS_SESSION_STRUCT {
    ULONG nx_secure_tls_id;         /* NX_SECURE_TLS_ID once created */
    UINT nx_secure_tls_socket_type; /* NX_SECURE_TLS_SESSION_TYPE_* */
    const NX_SECURE_TLS_CRYPTO *nx_secure_tls_crypto_table;
    VOID *nx_secure_tls_metadata_area;
    ULONG nx_secure_tls_metadata_size;
    UCHAR *nx_secure_tls_packet_buffer;
    ULONG nx_secure_tls_packet_buffer_size;
    NX_PACKET_POOL *nx_secure_tls_packet_pool; /* NULL: the NX_IP's pool */

    NX_SECURE_TLS_CREDENTIALS nx_secure_tls_credentials;
    UCHAR *nx_secure_tls_remote_certificate_buffer;
    ULONG nx_secure_tls_remote_certificate_buffer_size;
    UINT nx_secure_tls_remote_certificate_count;
    UINT nx_secure_tls_verify_client_certificate;

    NX_SECURE_TLS_ECC nx_secure_tls_ecc;
    NX_SECURE_X509_DNS_NAME *nx_secure_tls_sni_extension_server_name;

    ULONG (*nx_secure_tls_session_time_function)(VOID);
    ULONG(*nx_secure_tls_session_certificate_callback)
    (struct NX_SECURE_TLS_SESSION_STRUCT *session,
     NX_SECURE_X509_CERT *certificate);
    ULONG(*nx_secure_tls_session_renegotiation_callback)
    (struct NX_SECURE_TLS_SESSION_STRUCT *session);
    ULONG(*nx_secure_tls_session_client_callback)
    (struct NX_SECURE_TLS_SESSION_STRUCT *session,
     NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions);
    ULONG(*nx_secure_tls_session_server_callback)
    (struct NX_SECURE_TLS_SESSION_STRUCT *session,
     NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions);

    /* NX_TRUE while this end of the session is open, and while the peer's
     * is. */
    UCHAR nx_secure_tls_local_session_active;
    UCHAR nx_secure_tls_remote_session_active;
    /* What can be read while a session lives, from ServerHello on: 0xFEFD, and
     * the row of the table that was chosen.  0 and NULL before, and after a
     * reset. */
    USHORT nx_secure_tls_protocol_version;
    USHORT nx_secure_tls_supported_versions; /* NX_SECURE_DTLS_BITFIELD_* */
    const NX_SECURE_TLS_CIPHERSUITE_INFO *nx_secure_tls_session_ciphersuite;
    /* How far the handshake is: the message that is waited for. */
    NX_SECURE_TLS_SERVER_STATE nx_secure_tls_server_state;
    NX_SECURE_TLS_CLIENT_STATE nx_secure_tls_client_state;
    /* NX_TRUE once the peer has shown a certificate or a PSK. */
    USHORT nx_secure_tls_received_remote_credentials;
    /* Record numbers of the current epoch.  The number of the next record out:
     * [0] has the low 32 bits, [1] the high 16.  The number of the highest
     * record in, as NetX keeps it: [0] the high 16 bits, [1] the low 32, both
     * in network byte order. */
    ULONG nx_secure_tls_local_sequence_number[2];
    ULONG nx_secure_tls_remote_sequence_number[2];
    UINT nx_secure_tls_received_alert_level;
    UINT nx_secure_tls_received_alert_value;
} NX_SECURE_TLS_SESSION;

#define NX_SECURE_TLS_ID ((ULONG)0x544C5320)

/* The library's lock over all sessions and servers. */
extern TX_MUTEX _nx_secure_tls_protection;

/* nx_secure_tls_initialize initializes the module.  Call it once in each run
 * of the kernel, before any other service, in tx_application_define or in a
 * thread. */
VOID _nx_secure_tls_initialize(VOID);

/* nx_secure_tls_shutdown deletes the module's lock and returns the status of
 * tx_mutex_delete.  The next service that is called must be
 * nx_secure_tls_initialize. */
UINT _nx_secure_tls_shutdown(VOID);

#define nx_secure_tls_packet_release nx_packet_release
#define nx_secure_tls_initialize _nx_secure_tls_initialize
#define nx_secure_tls_shutdown _nx_secure_tls_shutdown
#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define NX_SECURE_TLS_MAP(name) _nx_secure_tls_##name
#else
#define NX_SECURE_TLS_MAP(name) _nxe_secure_tls_##name
#endif

/* nx_secure_tls_metadata_size_calculate gives the bytes of metadata that one
 * session with this table needs.
 *
 *   0x07   a NULL pointer (checked form only)
 *   0x11   the caller is no thread (checked form only) */
UINT _nx_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size);
UINT _nxe_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size);

/* nx_secure_crypto_table_self_test returns 0 if a session can use the table,
 * and 0x43 if a method that it needs is missing.  It runs no methods and uses
 * no metadata.
 *
 * nx_secure_crypto_rng_self_test returns 0 if libcrypto gives random bytes
 * that differ from the ones before, and else 0x43. */
UINT _nx_secure_crypto_table_self_test(
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *metadata,
    UINT metadata_size);
UINT _nx_secure_crypto_rng_self_test(VOID);
#define nx_secure_crypto_table_self_test _nx_secure_crypto_table_self_test
#define nx_secure_crypto_rng_self_test _nx_secure_crypto_rng_self_test

/* nx_secure_tls_session_renegotiate_callback_set sets the callback that
 * decides about a renegotiation which the peer requests; NX_NULL allows all.
 *
 * It is called only if a renegotiation is possible.  If it returns anything
 * but NX_SUCCESS, the request is refused with a no_renegotiation warning and
 * the session goes on.
 *
 * For this function, those for hellos and certificates and the time function
 * the same holds: they run in the thread that has taken the message, which for
 * a server is mostly the IP thread, and no lock of the library is held.  While
 * one of them runs for a session, every service that would end that session
 * (reset, end, delete, and stop and delete of its server) or set one of these
 * functions returns 0x37 (NX_IN_PROGRESS), whoever calls it, and what arrives
 * for the session is dropped.  A handshake that began with a certificate
 * callback or a time function, and has lost it when it needs it, fails.
 *
 *   0x37   such a function of the session is running */
UINT _nx_secure_tls_session_renegotiate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session));
UINT _nxe_secure_tls_session_renegotiate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session));

/* nx_secure_tls_session_time_function_set sets the function that returns the
 * time, in seconds since 1970.  A session without one does not check the
 * validity dates of certificates.
 *
 *   0x37   a function of the session is running (see above) */
UINT _nx_secure_tls_session_time_function_set(
    NX_SECURE_TLS_SESSION *tls_session, ULONG (*time_func_ptr)(VOID));
UINT _nxe_secure_tls_session_time_function_set(
    NX_SECURE_TLS_SESSION *tls_session, ULONG (*time_func_ptr)(VOID));

/* nx_secure_tls_session_alert_value_get gives level and description of the
 * last alert that the session has received; level 0 if there was none. */
UINT _nx_secure_tls_session_alert_value_get(NX_SECURE_TLS_SESSION *tls_session,
                                            UINT *alert_level,
                                            UINT *alert_value);
UINT _nxe_secure_tls_session_alert_value_get(
    NX_SECURE_TLS_SESSION *tls_session, UINT *alert_level, UINT *alert_value);

/* nx_secure_tls_session_packet_pool_set sets the pool of the session's
 * packets, in place of the default pool of the NX_IP.  The pool is borrowed.
 */
UINT _nx_secure_tls_session_packet_pool_set(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_PACKET_POOL *packet_pool);
UINT _nxe_secure_tls_session_packet_pool_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_PACKET_POOL *packet_pool);

#define nx_secure_tls_metadata_size_calculate                                 \
    NX_SECURE_TLS_MAP(metadata_size_calculate)
#define nx_secure_tls_session_renegotiate_callback_set                        \
    NX_SECURE_TLS_MAP(session_renegotiate_callback_set)
#define nx_secure_tls_session_time_function_set                               \
    NX_SECURE_TLS_MAP(session_time_function_set)
#define nx_secure_tls_session_alert_value_get                                 \
    NX_SECURE_TLS_MAP(session_alert_value_get)
#define nx_secure_tls_session_packet_pool_set                                 \
    NX_SECURE_TLS_MAP(session_packet_pool_set)

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
/* nx_secure_tls_session_sni_extension_set sets the name of the server that a
 * client asks for; NX_NULL for none.  The name is borrowed. */
UINT _nx_secure_tls_session_sni_extension_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_DNS_NAME *dns_name);
UINT _nxe_secure_tls_session_sni_extension_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_DNS_NAME *dns_name);

/* nx_secure_tls_session_client_callback_set sets the callback that sees the
 * extensions of ServerHello; NX_NULL for none.
 *
 * It is called once in each handshake.  It gets the extensions in the order in
 * which they came, at most NX_SECURE_TLS_HELLO_EXTENSIONS_MAX; their data is
 * valid while it runs.
 *
 * If it returns anything but NX_SUCCESS, the handshake fails with that status
 * and with alert 40, or alert 112 for NX_SECURE_TLS_SNI_EXTENSION_INVALID.
 *
 *   0x37   a function of the session is running (see
 *          nx_secure_tls_session_renegotiate_callback_set) */
UINT _nx_secure_tls_session_client_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions));
UINT _nxe_secure_tls_session_client_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions));

#define nx_secure_tls_session_sni_extension_set                               \
    NX_SECURE_TLS_MAP(session_sni_extension_set)
#define nx_secure_tls_session_client_callback_set                             \
    NX_SECURE_TLS_MAP(session_client_callback_set)
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
/* nx_secure_tls_session_server_callback_set does the same for a server's
 * session and the extensions of ClientHello.
 *
 * The callback is called for the ClientHello that has returned its cookie,
 * before suite and certificate are chosen.  A call of
 * nx_secure_tls_active_certificate_set inside it counts for this handshake. */
UINT _nx_secure_tls_session_server_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions));
UINT _nxe_secure_tls_session_server_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions));

/* nx_secure_tls_session_sni_extension_parse copies the name that a client asks
 * for to `dns_name`.  It is meant for the server's callback, with the
 * extensions that the callback gets.
 *
 *   0x136  the client asks for no name
 *   0x137  the extension has no host name, or a longer one than
 *          NX_SECURE_X509_DNS_NAME_MAX bytes */
UINT _nx_secure_tls_session_sni_extension_parse(
    NX_SECURE_TLS_SESSION *tls_session,
    NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions,
    NX_SECURE_X509_DNS_NAME *dns_name);
UINT _nxe_secure_tls_session_sni_extension_parse(
    NX_SECURE_TLS_SESSION *tls_session,
    NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions,
    NX_SECURE_X509_DNS_NAME *dns_name);

#define nx_secure_tls_session_server_callback_set                             \
    NX_SECURE_TLS_MAP(session_server_callback_set)
#define nx_secure_tls_session_sni_extension_parse                             \
    NX_SECURE_TLS_MAP(session_sni_extension_parse)
#endif

#ifndef NX_SECURE_DISABLE_X509
/* nx_secure_tls_session_certificate_callback_set sets the callback that may
 * refuse the peer; NX_NULL for none.
 *
 * It gets the peer's own certificate, after its chain has been verified.  If
 * it returns anything but NX_SUCCESS, the handshake fails with that status.
 *
 * The certificate and those behind it are valid while it runs.  They stand in
 * the session's room for remote certificates; if that is too small for
 * sizeof(NX_SECURE_X509_CERT) bytes for each beside their data, the handshake
 * fails with 0x135.
 *
 *   0x37   a function of the session is running (see
 *          nx_secure_tls_session_renegotiate_callback_set) */
UINT _nx_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate));
UINT _nxe_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate));

/* nx_secure_tls_active_certificate_set chooses the only local certificate that
 * the session may show.  With NX_NULL, the default, the session shows the one
 * that suits the peer.
 *
 *   0x119  it is no local certificate of the session, or has no private key */
UINT _nx_secure_tls_active_certificate_set(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate);
UINT _nxe_secure_tls_active_certificate_set(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate);

#define nx_secure_tls_session_certificate_callback_set                        \
    NX_SECURE_TLS_MAP(session_certificate_callback_set)
#define nx_secure_tls_active_certificate_set                                  \
    NX_SECURE_TLS_MAP(active_certificate_set)
#endif

#if !defined(NX_SECURE_TLS_CLIENT_DISABLED) &&                                \
    defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
/* nx_secure_tls_client_psk_set copies the only pre-shared key that a client
 * uses, whatever the server's hint, in place of the keys that were added.
 * nx_secure_dtls_psk_add tells the lengths.
 *
 *   0x07   a NULL pointer, or a key of length 0 (checked form only)
 *   0x125  a length is above its maximum */
UINT _nx_secure_tls_client_psk_set(NX_SECURE_TLS_SESSION *tls_session,
                                   UCHAR *pre_shared_key, UINT psk_length,
                                   UCHAR *psk_identity, UINT identity_length,
                                   UCHAR *hint, UINT hint_length);
UINT _nxe_secure_tls_client_psk_set(NX_SECURE_TLS_SESSION *tls_session,
                                    UCHAR *pre_shared_key, UINT psk_length,
                                    UCHAR *psk_identity, UINT identity_length,
                                    UCHAR *hint, UINT hint_length);

#define nx_secure_tls_client_psk_set NX_SECURE_TLS_MAP(client_psk_set)
#endif

/* Services on the TLS session inside a DTLS session.  They do what the
 * services nx_secure_dtls_* of the same name do, for one session. */

/* nx_secure_tls_session_protocol_version_override accepts 0x0303, the version
 * of TLS that DTLS 1.2 is made of.  nx_secure_dtls_*_protocol_version_override
 * is the service for DTLS.
 *
 *   0x10F  there is no such version of TLS
 *   0x110  this library does not have the version, or it is one of DTLS */
UINT _nx_secure_tls_session_protocol_version_override(
    NX_SECURE_TLS_SESSION *tls_session, USHORT protocol_version);
UINT _nxe_secure_tls_session_protocol_version_override(
    NX_SECURE_TLS_SESSION *tls_session, USHORT protocol_version);

/* nx_secure_tls_session_packet_buffer_set replaces the buffer in which
 * handshake messages are put together, from the next start of the session on.
 * The buffer is borrowed.
 *
 *   0x4D  it has less than 4000 bytes */
UINT _nx_secure_tls_session_packet_buffer_set(
    NX_SECURE_TLS_SESSION *session_ptr, UCHAR *buffer_ptr, ULONG buffer_size);
UINT _nxe_secure_tls_session_packet_buffer_set(
    NX_SECURE_TLS_SESSION *session_ptr, UCHAR *buffer_ptr, ULONG buffer_size);

/* nx_secure_tls_session_reset is nx_secure_dtls_session_reset. */
UINT _nx_secure_tls_session_reset(NX_SECURE_TLS_SESSION *tls_session);
UINT _nxe_secure_tls_session_reset(NX_SECURE_TLS_SESSION *tls_session);

#define nx_secure_tls_session_protocol_version_override                       \
    NX_SECURE_TLS_MAP(session_protocol_version_override)
#define nx_secure_tls_session_packet_buffer_set                               \
    NX_SECURE_TLS_MAP(session_packet_buffer_set)
#define nx_secure_tls_session_reset NX_SECURE_TLS_MAP(session_reset)

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
/* nx_secure_tls_ecc_initialize is nx_secure_dtls_ecc_initialize.  It checks
 * nothing. */
UINT _nx_secure_tls_ecc_initialize(NX_SECURE_TLS_SESSION *tls_session,
                                   const USHORT *supported_groups,
                                   USHORT supported_group_count,
                                   const NX_CRYPTO_METHOD **curves);
#define nx_secure_tls_ecc_initialize _nx_secure_tls_ecc_initialize
#endif

#ifdef NX_SECURE_ENABLE_PSK_CIPHERSUITES
/* nx_secure_tls_psk_add is nx_secure_dtls_psk_add.
 *
 *   0x07   a NULL pointer, or a key of length 0
 *   0x125  the session has as many keys as it can, or a length is above its
 *          maximum */
UINT _nx_secure_tls_psk_add(NX_SECURE_TLS_SESSION *tls_session,
                            UCHAR *pre_shared_key, UINT psk_length,
                            UCHAR *psk_identity, UINT identity_length,
                            UCHAR *hint, UINT hint_length);
UINT _nxe_secure_tls_psk_add(NX_SECURE_TLS_SESSION *tls_session,
                             UCHAR *pre_shared_key, UINT psk_length,
                             UCHAR *psk_identity, UINT identity_length,
                             UCHAR *hint, UINT hint_length);
#define nx_secure_tls_psk_add NX_SECURE_TLS_MAP(psk_add)
#endif

#ifndef NX_SECURE_DISABLE_X509
/* nx_secure_tls_local_certificate_add and
 * nx_secure_tls_trusted_certificate_add add a certificate without an id.  Its
 * common name takes the id's place.
 *
 *   0x4D   the list has this certificate, or one of the same common name
 *   other  the status of nx_secure_dtls_session_local_certificate_add */
UINT _nx_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                          NX_SECURE_X509_CERT *certificate);
UINT _nxe_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate);
UINT _nx_secure_tls_trusted_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate);
UINT _nxe_secure_tls_trusted_certificate_add(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate);

/* nx_secure_tls_server_certificate_add adds a local certificate with an id, so
 * that several can have one common name.
 *
 *   0x138  cert_id is 0
 *   0x139  the list has this certificate or this id
 *   other  the status of nx_secure_dtls_session_local_certificate_add */
UINT _nx_secure_tls_server_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate,
                                           UINT cert_id);
UINT _nxe_secure_tls_server_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT *certificate,
                                            UINT cert_id);

/* The *_remove services take the first certificate with this common name, or
 * the one with this id, out of a list; the *_find services return it.
 *
 *   0x07   a NULL pointer, or a name of length 0
 *   0x119  the list has none
 *   other  the status of nx_secure_dtls_session_local_certificate_remove */
UINT _nx_secure_tls_local_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length);
UINT _nxe_secure_tls_local_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length);
UINT _nx_secure_tls_trusted_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length);
UINT _nxe_secure_tls_trusted_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UCHAR *common_name,
    UINT common_name_length);
UINT _nx_secure_tls_server_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UINT cert_id);
UINT _nxe_secure_tls_server_certificate_remove(
    NX_SECURE_TLS_SESSION *tls_session, UINT cert_id);
UINT _nx_secure_tls_local_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT **certificate,
                                           UCHAR *common_name,
                                           UINT name_length);
UINT _nxe_secure_tls_local_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT **certificate,
                                            UCHAR *common_name,
                                            UINT name_length);
UINT _nx_secure_tls_server_certificate_find(NX_SECURE_TLS_SESSION *tls_session,
                                            NX_SECURE_X509_CERT **certificate,
                                            UINT cert_id);
UINT _nxe_secure_tls_server_certificate_find(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT **certificate,
    UINT cert_id);

/* nx_secure_tls_remote_certificate_buffer_allocate gives the session room for
 * the certificates of its peer, as nx_secure_dtls_session_create does.
 *
 *   0x4D   the buffer is smaller than sizeof(NX_SECURE_X509_CERT) + 256 bytes
 *          for each of certs_number, or certs_number is 0 */
UINT _nx_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size);
UINT _nxe_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size);

#define nx_secure_tls_local_certificate_add                                   \
    NX_SECURE_TLS_MAP(local_certificate_add)
#define nx_secure_tls_trusted_certificate_add                                 \
    NX_SECURE_TLS_MAP(trusted_certificate_add)
#define nx_secure_tls_server_certificate_add                                  \
    NX_SECURE_TLS_MAP(server_certificate_add)
#define nx_secure_tls_local_certificate_remove                                \
    NX_SECURE_TLS_MAP(local_certificate_remove)
#define nx_secure_tls_trusted_certificate_remove                              \
    NX_SECURE_TLS_MAP(trusted_certificate_remove)
#define nx_secure_tls_server_certificate_remove                               \
    NX_SECURE_TLS_MAP(server_certificate_remove)
#define nx_secure_tls_local_certificate_find                                  \
    NX_SECURE_TLS_MAP(local_certificate_find)
#define nx_secure_tls_server_certificate_find                                 \
    NX_SECURE_TLS_MAP(server_certificate_find)
/* nx_secure_tls_remote_certificate_allocate gives the session a slot for one
 * certificate of its peer: the control block, and `buffer_size` bytes.  The
 * whole chain of the peer stands in the largest buffer that the session was
 * given, in one piece.  The slot is borrowed until the session is deleted, and
 * belongs to one session.
 *
 *   0x12D  buffer_size is 0
 *   0x4D   the session has this slot already
 *
 * nx_secure_tls_remote_certificate_free_all forgets the peer's certificates,
 * as a reset and a renegotiation do.
 *
 *   0x37   a callback of the session's handshake runs */
UINT _nx_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size);
UINT _nxe_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size);
UINT _nx_secure_tls_remote_certificate_free_all(
    NX_SECURE_TLS_SESSION *tls_session);
UINT _nxe_secure_tls_remote_certificate_free_all(
    NX_SECURE_TLS_SESSION *tls_session);

#define nx_secure_tls_remote_certificate_allocate                             \
    NX_SECURE_TLS_MAP(remote_certificate_allocate)
#define nx_secure_tls_remote_certificate_free_all                             \
    NX_SECURE_TLS_MAP(remote_certificate_free_all)
#define nx_secure_tls_remote_certificate_buffer_allocate                      \
    NX_SECURE_TLS_MAP(remote_certificate_buffer_allocate)
#endif

#ifdef NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY
/* A server's session asks for a certificate, or does not.
 * nx_secure_tls_session_x509_client_verify_configure also does what
 * nx_secure_tls_remote_certificate_buffer_allocate does, unless certs_number
 * and buffer are 0 and NX_NULL. */
UINT _nx_secure_tls_session_client_verify_enable(
    NX_SECURE_TLS_SESSION *tls_session);
UINT _nxe_secure_tls_session_client_verify_enable(
    NX_SECURE_TLS_SESSION *tls_session);
UINT _nx_secure_tls_session_client_verify_disable(
    NX_SECURE_TLS_SESSION *tls_session);
UINT _nxe_secure_tls_session_client_verify_disable(
    NX_SECURE_TLS_SESSION *tls_session);
UINT _nx_secure_tls_session_x509_client_verify_configure(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size);
UINT _nxe_secure_tls_session_x509_client_verify_configure(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size);

#define nx_secure_tls_session_client_verify_enable                            \
    NX_SECURE_TLS_MAP(session_client_verify_enable)
#define nx_secure_tls_session_client_verify_disable                           \
    NX_SECURE_TLS_MAP(session_client_verify_disable)
#define nx_secure_tls_session_x509_client_verify_configure                    \
    NX_SECURE_TLS_MAP(session_x509_client_verify_configure)
#endif

/* NetX's tables of cipher suites are in the library and in no header: as with
 * NetX, a program declares those that it uses, with or without const.
 *
 *   extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
 *   extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
 *
 * A program may also define a table, or a method object crypto_method_*, of
 * its own under NetX's name.  It then takes the place of the library's.  Rows
 * alone (_nx_crypto_*_lookup_table*) do not change nx_crypto_tls_ciphers* of
 * the library.  What nx_secure_dtls_ecc_initialize takes belongs
 * together: nx_crypto_ecc_supported_groups, its size and nx_crypto_ecc_curves
 * are to be defined all three or not at all. */

#ifdef __cplusplus
}
#endif

#endif
