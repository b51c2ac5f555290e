/* SPDX-License-Identifier: MIT */
/* The contents of a user's file (pem.h). */
#include "programs/pem.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#define DER_SEQUENCE 0x30

/* Names of PEM blocks; NULL ends each list. */
static const char *const names[][4] = {
    [PEM_CERTIFICATES] = {PEM_STRING_X509},
    [PEM_PRIVATE_KEYS] = {PEM_STRING_PKCS8INF, PEM_STRING_RSA,
                          PEM_STRING_ECPRIVATEKEY},
    [PEM_CRLS] = {PEM_STRING_X509_CRL},
};

static bool is_wanted(enum pem_kind kind, const char *name)
{
    for (const char *const *n = names[kind]; *n != NULL; n++) {
        if (strcmp(*n, name) == 0) {
            return true;
        }
    }
    return false;
}

void pem_begin(struct pem_reader *reader, enum pem_kind kind,
               const unsigned char *data, size_t len)
{
    *reader = (struct pem_reader){.kind = kind};
    if (len > 0 && data[0] == DER_SEQUENCE) {
        reader->der = data;
        reader->der_len = len;
    } else {
        reader->bio = BIO_new_mem_buf(data, (int)len);
    }
}

static void drop_block(struct pem_reader *reader)
{
    OPENSSL_clear_free(reader->block, (size_t)reader->block_len);
    reader->block = NULL;
    reader->block_len = 0;
}

/* The next block, whatever it is; false at the end. */
static bool read_block(struct pem_reader *reader, bool *wanted)
{
    char *name;
    char *header;
    bool encrypted;

    if (reader->bio == NULL ||
        PEM_read_bio(reader->bio, &name, &header, &reader->block,
                     &reader->block_len) != 1) {
        return false;
    }
    encrypted = strstr(header, "ENCRYPTED") != NULL ||
                strcmp(name, PEM_STRING_PKCS8) == 0;
    if (encrypted && reader->kind == PEM_PRIVATE_KEYS) {
        reader->passed_encrypted = true;
    }
    *wanted = !encrypted && is_wanted(reader->kind, name);
    OPENSSL_free(name);
    OPENSSL_free(header);
    return true;
}

bool pem_next(struct pem_reader *reader, const unsigned char **der,
              size_t *len)
{
    bool wanted = false;

    drop_block(reader);
    if (reader->der != NULL) {
        *der = reader->der;
        *len = reader->der_len;
        reader->der = NULL;
        return true;
    }
    while (read_block(reader, &wanted)) {
        if (wanted) {
            *der = reader->block;
            *len = (size_t)reader->block_len;
            return true;
        }
        drop_block(reader);
    }
    /* OpenSSL reports an error at the end of a file as well. */
    ERR_clear_error();
    return false;
}

void pem_end(struct pem_reader *reader)
{
    drop_block(reader);
    BIO_free(reader->bio);
    *reader = (struct pem_reader){0};
}
