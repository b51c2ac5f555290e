/* SPDX-License-Identifier: MIT */
/* Cipher suites by name or number. */
#ifndef NXDTLS_PROGRAMS_CIPHERS_H
#define NXDTLS_PROGRAMS_CIPHERS_H

#include "nxdtls.h"

#include <stdbool.h>

#define CIPHERS_MAX 96

/* The suites of a session, made of rows of nxdtls_ciphers_all. */
struct ciphers {
    NX_SECURE_TLS_CRYPTO table;
    NX_SECURE_TLS_CIPHERSUITE_INFO rows[CIPHERS_MAX];
};

/* ciphers_default takes the rows of nxdtls_ciphers_default. */
void ciphers_default(struct ciphers *out);

/* ciphers_select takes the suites in `list`, in the order of
 * nxdtls_ciphers_all.  The list has commas between its words; a word is an
 * IANA name, with or without TLS_, or a number of four hexadecimal digits.
 * Bad input ends the program. */
void ciphers_select(struct ciphers *out, const char *list);

/* ciphers_has returns true if the suite with this number is one of them. */
bool ciphers_has(const struct ciphers *ciphers, USHORT number);

/* ciphers_print prints one line per suite on stdout, and marks those that are
 * used only if --cipher names them. */
void ciphers_print(void);

#endif
