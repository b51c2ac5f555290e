/* SPDX-License-Identifier: MIT */
/* Credentials from the runner's PEM files, as the engine wants them. */
#ifndef BOGO_SHIM_IDENTITY_H
#define BOGO_SHIM_IDENTITY_H

#include "bogo/flags.h"
#include "handshake/config.h"

#define BOGO_CHAIN_MAX 8

/* One credential: the leaf with its key, then what completes its chain. */
struct bogo_identity {
    struct dtls_credential chain[BOGO_CHAIN_MAX];
    uint8_t *ders[BOGO_CHAIN_MAX]; /* libcrypto's, one per certificate */
    size_t num;
};

/* bogo_identity_load reads both files.  BOGO_SUCCESS; BOGO_UNIMPLEMENTED for
 * a certificate or a key of a kind that is not ours; BOGO_FAILURE for a file
 * that cannot be read.  What was loaded is to be freed in any case. */
int bogo_identity_load(struct bogo_identity *out,
                       const struct bogo_credential_flags *flags);

/* bogo_identity_load_certs reads the certificates alone. */
int bogo_identity_load_certs(struct bogo_identity *out, const char *path);
void bogo_identity_free(struct bogo_identity *identity);

#endif
