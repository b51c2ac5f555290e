/* SPDX-License-Identifier: MIT */
/* Pre-shared keys that are too short (weak_keys.h). */
#include "programs/weak_keys.h"

#include "programs/lines.h"

#include <limits.h>
#include <stdio.h>

/* The strength of a key is at most its length: 128 bits at least (RFC 9257,
 * 6), and 192 for a cipher of 256 (RFC 8442, 5). */
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

/* Prints the line if the key is too short.  `whose` names the key, `more` says
 * what else the line is about. */
static void warn(const NX_SECURE_TLS_CRYPTO *table, const char *whose,
                 UINT key_len, const char *more)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *suite =
        stronger_suite(table, key_len);
    UINT asked;

    if (suite == NX_NULL) {
        return;
    }
    asked = bytes_asked_for(suite);
    line("warning: %s: %u bytes are weaker than %s, which asks for %u "
         "(RFC %s)%s",
         whose, key_len, nxdtls_suite_name(suite->nx_secure_tls_ciphersuite),
         asked, asked > 16 ? "8442, 5" : "9257, 6", more);
}

/* One line for the whole file, which may have thousands of such keys. */
static void warn_of_file(const NX_SECURE_TLS_CRYPTO *table, const char *path,
                         const struct psk_file *file)
{
    static char whose[PATH_MAX + 64]; /* large: not on the stack */
    const struct psk_entry *first = NULL;
    size_t num = 0;
    char more[64] = "";

    for (size_t i = 0; i < file->num; i++) {
        const struct psk_entry *entry = &file->entries[i];

        if (stronger_suite(table, entry->key_len) != NX_NULL) {
            first = first == NULL || entry->line < first->line ? entry : first;
            num++;
        }
    }
    if (first == NULL) {
        return;
    }
    (void)snprintf(whose, sizeof whose, "--psk-file %s:%zu", path,
                   first->line);
    if (num > 1) {
        (void)snprintf(more, sizeof more,
                       "; %zu more keys of the file are too short", num - 1);
    }
    warn(table, whose, first->key_len, more);
}

void weak_keys_warn(const struct options *options,
                    const struct psk_file *keys_by_id)
{
    const NX_SECURE_TLS_CRYPTO *table = &options->ciphers.table;
    char whose[64 + NX_SECURE_TLS_MAX_PSK_ID_SIZE];

    for (size_t i = 0; i < options->num_psks; i++) {
        const struct psk *psk = &options->psks[i];

        (void)snprintf(whose, sizeof whose, "the key of %.*s",
                       (int)psk->identity_len, (const char *)psk->identity);
        warn(table, whose, psk->key_len, "");
    }
    if (options->psk_file != NULL) {
        warn_of_file(table, options->psk_file, keys_by_id);
    }
}
