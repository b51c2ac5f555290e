/* SPDX-License-Identifier: MIT */
/* The choice among the table's methods (nx_crypto/adapter_parts.h). */
#include "nx_crypto/adapter_parts.h"

const NX_SECURE_TLS_CIPHERSUITE_INFO *dtls_nx_adapter_row(
    const struct dtls_nx_adapter *a)
{
    const struct dtls_suite *suite = *a->suite;

    for (USHORT i = 0;
         suite != NULL &&
         i < a->table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &a->table->nx_secure_tls_ciphersuite_lookup_table[i];

        if (row->nx_secure_tls_ciphersuite == suite->id) {
            return row;
        }
    }
    return NX_NULL;
}

const NX_CRYPTO_METHOD *dtls_nx_x509_method(const NX_SECURE_TLS_CRYPTO *table,
                                            enum dtls_key_type key,
                                            enum dtls_hash_alg hash)
{
    USHORT num;
    const NX_SECURE_X509_CRYPTO *row = dtls_nx_x509_rows(table, &num);

    if (key == DTLS_KEY_ED25519) {
        return NX_NULL; /* NetX has no convention for such a method. */
    }
    for (USHORT i = 0; i < num; i++, row++) {
        const NX_CRYPTO_METHOD *method =
            key == DTLS_KEY_NONE ? row->nx_secure_x509_hash_method
                                 : row->nx_secure_x509_public_cipher_method;

        if (dtls_nx_x509_row_is(row, key, hash) &&
            dtls_nx_is_foreign(method)) {
            return method;
        }
    }
    return NX_NULL;
}

const NX_CRYPTO_METHOD *dtls_nx_exchange_method(
    const struct dtls_nx_adapter *a)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);

    return row != NX_NULL &&
                   dtls_nx_is_foreign(row->nx_secure_tls_public_cipher)
               ? row->nx_secure_tls_public_cipher
               : NX_NULL;
}
