/* SPDX-License-Identifier: MIT */
/* Pre-shared keys that are too short (weak_keys.h). */
#include "programs/weak_keys.h"

#include "programs/lines.h"

/* The strength of a key is at most its length. */
static UINT bytes_asked_for(const NX_SECURE_TLS_CIPHERSUITE_INFO *suite)
{
    return suite->nx_secure_tls_session_key_size > 16 ? 24 : 16;
}

/* The first suite that asks for a longer key; NULL if none does. */
static const NX_SECURE_TLS_CIPHERSUITE_INFO *stronger_suite(
    const NX_SECURE_TLS_CRYPTO *table, UINT key_len)
{
    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *suite =
            &table->nx_secure_tls_ciphersuite_lookup_table[i];

        if (suite->nx_secure_tls_public_auth == &crypto_method_auth_psk &&
            bytes_asked_for(suite) > key_len) {
            return suite;
        }
    }
    return NX_NULL;
}

void weak_keys_warn(const struct options *options)
{
    for (size_t i = 0; i < options->num_psks; i++) {
        const struct psk *psk = &options->psks[i];
        const NX_SECURE_TLS_CIPHERSUITE_INFO *suite =
            stronger_suite(&options->ciphers.table, psk->key_len);

        if (suite != NX_NULL) {
            line("warning: the key of %.*s: %u bytes are weaker than %s, "
                 "which asks for %u",
                 (int)psk->identity_len, (const char *)psk->identity,
                 psk->key_len,
                 nxdtls_suite_name(suite->nx_secure_tls_ciphersuite),
                 bytes_asked_for(suite));
        }
    }
}
