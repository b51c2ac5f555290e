/* SPDX-License-Identifier: MIT */
/* The contents of a user's file: PEM or DER, told apart by the first byte.
 * These functions end no program and print nothing. */
#ifndef NXDTLS_PROGRAMS_PEM_H
#define NXDTLS_PROGRAMS_PEM_H

#include <openssl/bio.h>

#include <stdbool.h>
#include <stddef.h>

enum pem_kind {
    PEM_CERTIFICATES,
    PEM_PRIVATE_KEYS, /* PKCS#1, SEC1, PKCS#8 */
    PEM_CRLS
};

struct pem_reader {
    enum pem_kind kind;
    BIO *bio;
    unsigned char *block; /* the last one given */
    long block_len;
    const unsigned char *der; /* the file itself, until it is given */
    size_t der_len;
    bool passed_encrypted; /* an encrypted private key was skipped */
};

/* pem_begin begins to read `data`, at most INT_MAX bytes, which the reader
 * borrows.  If there is no memory, pem_next finds no block. */
void pem_begin(struct pem_reader *reader, enum pem_kind kind,
               const unsigned char *data, size_t len);

/* pem_next gives the DER of the next block of the reader's kind and returns
 * true; it returns false at the end.  The DER is valid until the next call.
 * Blocks of other kinds are skipped.  A file in DER is one block. */
bool pem_next(struct pem_reader *reader, const unsigned char **der,
              size_t *len);

/* pem_end ends the reader and wipes the last block. */
void pem_end(struct pem_reader *reader);

#endif
