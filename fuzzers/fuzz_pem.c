/* SPDX-License-Identifier: MIT */
/* Target: pem_next, which reads the files that a user names.
 * Input:  u8, what is looked for; the file.
 * Oracle: a DER file is returned as it is, and alone.  Each PEM block has
 *         bytes, fewer than the file, and can be read again after it is
 *         written again.  There are at most as many blocks as the file has
 *         lines that begin one of that kind.  The error queue stays empty. */
#include "fuzzers/kit/fuzz.h"
#include "programs/pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

enum { KINDS = PEM_CRLS + 1 };

/* The names that a block of the kind may have; the first is for writing. */
static const char *const names[KINDS][3] = {
    [PEM_CERTIFICATES] = {"CERTIFICATE"},
    [PEM_PRIVATE_KEYS] = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"},
    [PEM_CRLS] = {"X509 CRL"},
};

/* Counts the places where a block of the kind could begin; for libcrypto a
 * name may also end at a NUL. */
static unsigned count_begins(enum pem_kind kind, struct dtls_bytes file)
{
    unsigned num = 0;

    for (size_t n = 0; n < 3 && names[kind][n] != NULL; n++) {
        char begin[64];
        size_t len = (size_t)snprintf(begin, sizeof begin, "-----BEGIN %s",
                                      names[kind][n]);

        for (size_t at = 0; at + len <= file.len; at++) {
            num += memcmp(&file.data[at], begin, len) == 0;
        }
    }
    return num;
}

/* Writes the same bytes as PEM, and reads them again. */
static void check_again(enum pem_kind kind, struct dtls_bytes der)
{
    BIO *bio = BIO_new(BIO_s_mem());
    struct pem_reader reader;
    struct dtls_bytes again;
    char *text;
    long len;

    FUZZ_CHECK(
        PEM_write_bio(bio, names[kind][0], "", der.data, (long)der.len) > 0);
    len = BIO_get_mem_data(bio, &text);
    pem_begin(&reader, kind, (const unsigned char *)text, (size_t)len);
    FUZZ_CHECK(pem_next(&reader, &again.data, &again.len));
    fuzz_same(again, der);
    FUZZ_CHECK(!pem_next(&reader, &again.data, &again.len));
    FUZZ_CHECK(!reader.passed_encrypted);
    pem_end(&reader);
    BIO_free(bio);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes file = {data, size};
    enum pem_kind kind = (enum pem_kind)(fuzz_u8(&file) % KINDS);
    bool is_der = file.len != 0 && file.data[0] == 0x30;
    uint8_t *copy = fuzz_exact(file);
    struct pem_reader reader;
    struct dtls_bytes der;
    unsigned num = 0;

    pem_begin(&reader, kind, copy, file.len);
    while (pem_next(&reader, &der.data, &der.len)) {
        num++;
        if (is_der) {
            fuzz_same(der, file);
        } else {
            FUZZ_CHECK(der.len != 0 && der.len < file.len);
            check_again(kind, der);
        }
    }
    FUZZ_CHECK(is_der ? num == 1 : num <= count_begins(kind, file));
    FUZZ_CHECK(kind == PEM_PRIVATE_KEYS || !reader.passed_encrypted);
    FUZZ_CHECK(ERR_peek_error() == 0);
    pem_end(&reader);
    free(copy);
    return 0;
}
