/* SPDX-License-Identifier: MIT */
/* Certificates and keys from files. */
#ifndef NXDTLS_PROGRAM_CREDENTIALS_H
#define NXDTLS_PROGRAM_CREDENTIALS_H

#include "options.h"

struct der {
    UCHAR *data;
    USHORT len;
    const char *path;
    size_t number; /* in its file, from 1 */
};

/* Certificates in the order of their files, and what they borrow. */
struct cert_list {
    NX_SECURE_X509_CERT *certs;
    struct der *ders;
    size_t num;
};

struct credentials {
    struct cert_list chain; /* [0] has the key */
    struct cert_list cas;
    struct der key;
};

/* credentials_load reads --cert, --key and --ca.  Bad input ends the program.
 */
void credentials_load(struct credentials *out, const struct options *options);

/* credentials_free: after every session that uses them. */
void credentials_free(struct credentials *credentials);

#endif
