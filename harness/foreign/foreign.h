/* SPDX-License-Identifier: MIT */
/* Crypto methods as an application would bring them, written on libcrypto:
 * every call is counted, checked against the convention of NetX, and can be
 * made to fail. */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "nx_secure_dtls_api.h"

#include <stdbool.h>

enum foreign_kind {
    FOREIGN_CBC,
    FOREIGN_GCM,
    FOREIGN_CCM,
    FOREIGN_HMAC,
    FOREIGN_HASH,
    FOREIGN_PRF,
    FOREIGN_RSA,
    FOREIGN_ECDSA,
    FOREIGN_ECDHE,
    FOREIGN_KINDS
};

extern NX_CRYPTO_METHOD foreign_aes_128_cbc, foreign_aes_256_cbc;
extern NX_CRYPTO_METHOD foreign_aes_128_gcm;
extern NX_CRYPTO_METHOD foreign_aes_128_ccm_8, foreign_aes_128_ccm_16;
extern NX_CRYPTO_METHOD foreign_hmac_sha256, foreign_hmac_sha384;
extern NX_CRYPTO_METHOD foreign_sha256, foreign_sha384;
extern NX_CRYPTO_METHOD foreign_prf_sha256, foreign_prf_sha384;
extern NX_CRYPTO_METHOD foreign_rsa, foreign_ecdsa, foreign_ecdhe;
extern NX_CRYPTO_METHOD foreign_p256; /* a curve, by its number alone */

/* Every suite that these methods make up, and the certificates' methods. */
extern NX_SECURE_TLS_CIPHERSUITE_INFO foreign_rows[];
extern const USHORT foreign_num_rows;
extern NX_SECURE_X509_CRYPTO foreign_x509_rows[];
extern const USHORT foreign_num_x509_rows;

/* foreign_table makes a table of the one suite, whose row it copies to `row`;
 * `number` 0 takes all of them. */
NX_SECURE_TLS_CRYPTO foreign_table(NX_SECURE_TLS_CIPHERSUITE_INFO *row,
                                   USHORT number);

/* Private keys that the methods keep to themselves, an RSA key and an EC key:
 * a certificate then has foreign_handle for its key, of type HARDWARE or of
 * one above 0xFFFF.  foreign_keep takes a key in DER and
 * that type; NULL: forgets the keys. */
#define FOREIGN_HANDLE_LEN 5
extern const UCHAR foreign_handle[FOREIGN_HANDLE_LEN];
bool foreign_keep(const UCHAR *der, ULONG len, UINT type);

/* What is wrong with the signatures that the methods make, without a word.
 * Those of RSA have no length of their own. */
enum foreign_spoil {
    FOREIGN_WHOLE,
    FOREIGN_OTHER_BIT,
    FOREIGN_NO_BYTES, /* from here on of ECDSA alone */
    FOREIGN_BYTE_LESS,
    FOREIGN_TOO_LONG,
    FOREIGN_SPOILS
};

/* What has been called since foreign_reset. */
struct foreign_record {
    UINT calls; /* of any init and operation            */
    UINT operations[FOREIGN_KINDS];
    UINT key_pairs;                /* made by NX_CRYPTO_DH_SETUP           */
    UINT held;                     /* operations on keys that are kept     */
    UINT live;                     /* contexts between init and cleanup    */
    UINT breaches;                 /* arguments that NetX does not give    */
    const CHAR *breach;            /* the first                            */
    UINT fail_at;                  /* this call fails, from 1; 0: none     */
    enum foreign_kind failed_kind; /* and it was this one                  */
    UINT failed_op;                /* 0: init                              */
    enum foreign_spoil spoil;      /* of the next signatures               */
};
extern struct foreign_record foreign;
void foreign_reset(UINT fail_at);

#endif
