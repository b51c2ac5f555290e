/* SPDX-License-Identifier: MIT */
/* pki_kit.h: files of the test PKI (scripts/pki), for tests of the services.
 */
#ifndef NXDTLS_HARNESS_UNIT_NX_SECURE_PKI_KIT_H
#define NXDTLS_HARNESS_UNIT_NX_SECURE_PKI_KIT_H

#include "../port/port_kit.h"

#include "nx_secure_dtls_api.h"

#include <stdlib.h>

#define PKI_FILES 32

struct pki_file {
    char name[32];
    UCHAR bytes[4096];
    USHORT len;
};

static inline void pki_read(struct pki_file *file, const char *name)
{
    char path[512];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", NXDTLS_PKI_DIR, name);
    f = fopen(path, "rb");
    if (f != NULL) {
        file->len = (USHORT)fread(file->bytes, 1, sizeof file->bytes, f);
        (void)fclose(f);
    }
    (void)snprintf(file->name, sizeof file->name, "%s", name);
}

/* pki is a file of the PKI, read once.  Without it there is no test: then the
 * program ends here. */
static inline struct pki_file *pki(const char *name)
{
    static struct pki_file files[PKI_FILES];

    for (size_t i = 0; i < PKI_FILES; i++) {
        if (files[i].len == 0) {
            pki_read(&files[i], name);
        }
        if (files[i].len != 0 && strcmp(files[i].name, name) == 0) {
            return &files[i];
        }
    }
    (void)fprintf(stderr, "no file %s in %s\n", name, NXDTLS_PKI_DIR);
    abort();
}

/* cert_init: a certificate with the private key of that type; without one if
 * `key` is NULL. */
static inline void cert_init(NX_SECURE_X509_CERT *cert, const char *der,
                             const char *key, UINT type)
{
    struct pki_file *d = pki(der);
    struct pki_file *k = key == NULL ? NULL : pki(key);

    expect_eq(nx_secure_x509_certificate_initialize(
                  cert, d->bytes, d->len, NX_NULL, 0,
                  k == NULL ? NX_NULL : k->bytes, k == NULL ? 0 : k->len,
                  k == NULL ? NX_SECURE_X509_KEY_TYPE_NONE : type),
              NX_SUCCESS);
}

#endif
