/* SPDX-License-Identifier: MIT */
/* What a file of the user's holds: PEM or DER, told apart by the first byte.
 * It ends no program and prints nothing. */
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
    bool passed_encrypted; /* a private key was there, and is encrypted */
};

/* pem_begin reads from `data`, at most INT_MAX bytes, which must outlast the
 * reader.  Without memory there is nothing in it. */
void pem_begin(struct pem_reader *reader, enum pem_kind kind,
               const unsigned char *data, size_t len);

/* pem_next gives the DER of the next block of that kind, which is the
 * reader's until its next call; blocks of other kinds are passed over.  A file
 * that is DER is one block as it is.  False at the end. */
bool pem_next(struct pem_reader *reader, const unsigned char **der,
              size_t *len);

/* pem_end wipes the last block, too. */
void pem_end(struct pem_reader *reader);

#endif
