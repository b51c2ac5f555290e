/* SPDX-License-Identifier: MIT */
/* Certificates and keys from files. */
#ifndef NXDTLS_PROGRAMS_CREDENTIALS_H
#define NXDTLS_PROGRAMS_CREDENTIALS_H

#include "programs/endpoint_options.h"
#include "programs/psk_file.h"

struct der {
    UCHAR *data;
    USHORT len;
    const char *path;
    size_t number; /* in its file, from 1 */
};

/* Certificates in the order of their files, and the DER that they borrow. */
struct cert_list {
    NX_SECURE_X509_CERT *certs;
    struct der *ders;
    size_t num;
};

struct credentials {
    struct cert_list chain; /* one --cert after the other */
    struct cert_list cas;
    /* Of the first certificate of each --cert, then of each raw key. */
    struct der *keys;
    size_t num_keys;
    struct cert_list raw; /* raw public keys, of the last keys */
    struct der *staples;  /* of some certificates of the chain, ... */
    size_t *staple_at;    /* ... which these are */
    size_t num_staples;
    struct der *crls;
    size_t num_crls;
    struct psk_file keys_by_id; /* of --psk-file */
};

/* credentials_check_crls checks the peer's certificates against the CRLs, in a
 * certificate callback.  It returns 0 if no CRL is of their issuers or every
 * such CRL is good and lists none of them; else the first other status. */
UINT credentials_check_crls(const struct credentials *credentials,
                            NX_SECURE_TLS_SESSION *session);

/* credentials_staple lets the certificates be shown with the responses of
 * --staple.  Its caller is a thread. */
UINT credentials_staple(const struct credentials *credentials);

/* credentials_load reads --cert, --staple, --key, --ca, --crl and --psk-file.
 * Bad input ends the program. */
void credentials_load(struct credentials *out, const struct options *options);

/* credentials_free wipes the keys and frees everything.  No session may use
 * the credentials any more. */
void credentials_free(struct credentials *credentials);

#endif
