/* SPDX-License-Identifier: MIT */
/* The tables of all suites and of the default ones (nxdtls.h). */
#include "nx_crypto/table_rows.h"

#include "nxdtls.h"

/* The default suites come first in the table of all suites. */
static NX_SECURE_TLS_CIPHERSUITE_INFO rows_all[] = {DTLS_SUITES(ROW)};
/* NOLINTNEXTLINE(bugprone-macro-parentheses): the rows' ones are a sum */
#define ONE(number, name, kx, cipher, key, mac, prf) +1
enum { NUM_ROWS_DEFAULT = DTLS_SUITES_DEFAULT(ONE) };

#ifndef NX_SECURE_DISABLE_X509
static NX_SECURE_X509_CRYPTO x509_rows_all[] = {
    X509_ROW(ECDSA_SHA_256, ecdsa, sha256),
    X509_ROW(ECDSA_SHA_384, ecdsa, sha384),
    X509_ROW(ECDSA_SHA_512, ecdsa, sha512),
    {NXDTLS_X509_TYPE_ED25519, &crypto_method_none, &crypto_method_none},
    X509_ROW(RSA_SHA_256, rsa, sha256),
    X509_ROW(RSA_SHA_384, rsa, sha384),
    X509_ROW(RSA_SHA_512, rsa, sha512),
};
#endif

const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_all = TABLE(rows_all, x509_rows_all);
const NX_SECURE_TLS_CRYPTO nxdtls_ciphers_default =
    TABLE_OF(rows_all, NUM_ROWS_DEFAULT, x509_rows_all);
