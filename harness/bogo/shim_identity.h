/* SPDX-License-Identifier: MIT */
/* Credentials from the runner's PEM files, in the engine's form. */
#ifndef BOGO_SHIM_IDENTITY_H
#define BOGO_SHIM_IDENTITY_H

#include "bogo/flags.h"
#include "handshake/config.h"

#define BOGO_CHAIN_MAX 8

/* One credential: the leaf with its key, then the rest of its chain. */
struct bogo_identity {
    struct dtls_credential chain[BOGO_CHAIN_MAX];
    uint8_t *ders[BOGO_CHAIN_MAX]; /* libcrypto's, one per certificate */
    size_t num;
};

/* bogo_identity_load reads both files.  It returns BOGO_SUCCESS;
 * BOGO_UNIMPLEMENTED if a certificate or the key is of a kind that the engine
 * does not have, or if the chain is longer than BOGO_CHAIN_MAX; BOGO_FAILURE
 * if a file cannot be read.  The caller calls bogo_identity_free in any case.
 */
int bogo_identity_load(struct bogo_identity *out,
                       const struct bogo_credential_flags *flags);

/* bogo_identity_load_certs reads the certificates only. */
int bogo_identity_load_certs(struct bogo_identity *out, const char *path);
void bogo_identity_free(struct bogo_identity *identity);

#endif
