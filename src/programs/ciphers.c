/* SPDX-License-Identifier: MIT */
/* Cipher suites by name or number: a choice of rows of nxdtls_ciphers_all. */
#include "programs/ciphers.h"

#include "programs/lines.h"

#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

static const char *name_of(USHORT number)
{
    const char *name = nxdtls_suite_name(number);

    return name != NULL ? name : "";
}

/* Does `word` mean the suite `number`? */
static bool is_meant(USHORT number, const char *word, size_t len)
{
    char hex[5];
    const char *name = name_of(number);

    (void)snprintf(hex, sizeof hex, "%04x", number);
    if (len == 6 && strncasecmp(word, "0x", 2) == 0) {
        word += 2;
        len -= 2;
    }
    if (len > 4 && strncasecmp(word, "TLS_", 4) == 0) {
        word += 4;
        len -= 4;
    }
    return (len == 4 && strncasecmp(word, hex, 4) == 0) ||
           (len != 0 && len == strlen(name) &&
            strncasecmp(word, name, len) == 0);
}

static size_t num_suites(void)
{
    size_t num =
        nxdtls_ciphers_all.nx_secure_tls_ciphersuite_lookup_table_size;

    return num < CIPHERS_MAX ? num : CIPHERS_MAX;
}

/* Marks the row that `word` means. */
static bool choose(bool *chosen, const char *word, size_t len)
{
    const NX_SECURE_TLS_CRYPTO *all = &nxdtls_ciphers_all;

    for (size_t i = 0; i < num_suites(); i++) {
        if (is_meant(all->nx_secure_tls_ciphersuite_lookup_table[i]
                         .nx_secure_tls_ciphersuite,
                     word, len)) {
            chosen[i] = true;
            return true;
        }
    }
    return false;
}

static void take_chosen(struct ciphers *out, const bool *chosen)
{
    const NX_SECURE_TLS_CRYPTO *all = &nxdtls_ciphers_all;
    USHORT num = 0;

    for (size_t i = 0; i < num_suites(); i++) {
        if (chosen[i]) {
            out->rows[num++] = all->nx_secure_tls_ciphersuite_lookup_table[i];
        }
    }
    out->table = *all;
    out->table.nx_secure_tls_ciphersuite_lookup_table = out->rows;
    out->table.nx_secure_tls_ciphersuite_lookup_table_size = num;
}

void ciphers_default(struct ciphers *out)
{
    out->table = nxdtls_ciphers_default;
}

void ciphers_select(struct ciphers *out, const char *list)
{
    bool chosen[CIPHERS_MAX] = {false};

    for (const char *word = list;; word++) {
        size_t len = strcspn(word, ",");

        if (!choose(chosen, word, len)) {
            bad_input("--cipher \"%.*s\": no such cipher suite; see --help",
                      (int)len, word);
        }
        word += len;
        if (*word == '\0') {
            break;
        }
    }
    take_chosen(out, chosen);
}

bool ciphers_has(const struct ciphers *ciphers, USHORT number)
{
    const NX_SECURE_TLS_CRYPTO *table = &ciphers->table;

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        if (table->nx_secure_tls_ciphersuite_lookup_table[i]
                .nx_secure_tls_ciphersuite == number) {
            return true;
        }
    }
    return false;
}

void ciphers_print(void)
{
    const NX_SECURE_TLS_CRYPTO *all = &nxdtls_ciphers_all;
    size_t num_default =
        nxdtls_ciphers_default.nx_secure_tls_ciphersuite_lookup_table_size;

    for (size_t i = 0; i < num_suites(); i++) {
        USHORT number = all->nx_secure_tls_ciphersuite_lookup_table[i]
                            .nx_secure_tls_ciphersuite;

        /* nxdtls_ciphers_all begins with the rows of the default. */
        (void)printf("  %04x  %s%s\n", number, name_of(number),
                     i < num_default ? "" : " (only by --cipher)");
    }
}
