/* SPDX-License-Identifier: MIT */
/* A file of pre-shared keys, one ID:HEXKEY on each line, as psktool of GnuTLS
 * writes it. */
#ifndef NXDTLS_PROGRAMS_PSK_FILE_H
#define NXDTLS_PROGRAMS_PSK_FILE_H

#include "nx_secure_dtls_api.h"

#include <stddef.h>

struct psk_entry {
    UCHAR identity[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT identity_len;
    UCHAR key[NX_SECURE_TLS_MAX_PSK_SIZE];
    UINT key_len;
    size_t line; /* from 1 */
};

/* Entries are in the order of their identities. */
struct psk_file {
    struct psk_entry *entries;
    size_t num;
};

/* psk_file_load reads a file.  Bad input ends the program with a line that
 * names file and line, and does not show the key. */
void psk_file_load(struct psk_file *out, const char *path);

/* psk_file_find returns the entry of an identity, or NULL. */
const struct psk_entry *psk_file_find(const struct psk_file *file,
                                      const UCHAR *identity, UINT len);

/* psk_file_free wipes the keys. */
void psk_file_free(struct psk_file *file);

#endif
