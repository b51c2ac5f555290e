/* SPDX-License-Identifier: MIT */
/* Reads an NX_SECURE_TLS_CRYPTO, ours or an application's: whether a session
 * can use it, and what it offers. */
#ifndef DTLS_NX_CRYPTO_TABLE_READER_H
#define DTLS_NX_CRYPTO_TABLE_READER_H

#include "crypto/suites.h"
#include "nx_secure_dtls_api.h"

/* The signature pairs that a table of certificate algorithms can mean. */
#define DTLS_NX_SIGALGS 16

/* dtls_nx_check_table looks for methods that a session could not call.  It
 * returns 0x13B for a NULL method, or for a NULL function pointer of a method
 * that is needed, and 0x4B for a signature method that is neither RSA nor
 * ECDSA. */
UINT dtls_nx_check_table(const NX_SECURE_TLS_CRYPTO *table);

/* dtls_nx_x509_rows returns the table's certificate algorithms and sets *num
 * to their number. */
const NX_SECURE_X509_CRYPTO *dtls_nx_x509_rows(
    const NX_SECURE_TLS_CRYPTO *table, USHORT *num);

/* dtls_nx_x509_row_is tells whether a row of the certificate table stands for
 * signatures with this hash by this type of key; DTLS_KEY_NONE matches every
 * type of key. */
bool dtls_nx_x509_row_is(const NX_SECURE_X509_CRYPTO *row,
                         enum dtls_key_type key, enum dtls_hash_alg hash);

/* dtls_nx_sigalgs lists the signature pairs that the table's certificate
 * algorithms mean, in the engine's order, and returns their number.  If the
 * table has rows and none is known, the list is one number that is no pair's.
 */
size_t dtls_nx_sigalgs(const NX_SECURE_TLS_CRYPTO *table,
                       uint16_t out[DTLS_NX_SIGALGS]);

/* dtls_nx_suites lists the table's suites that this build has, in the table's
 * order, into `out`, which has room for all rows, and returns their number. */
size_t dtls_nx_suites(const NX_SECURE_TLS_CRYPTO *table, uint16_t *out);

#endif
