/* SPDX-License-Identifier: MIT */
/* Certificates of the test PKI (scripts/pki) as the engine wants them. */
#ifndef SIM_PKI_H
#define SIM_PKI_H

#include "handshake/config.h"

#include <stdio.h>

#define SIM_DER_MAX 4096

struct sim_der {
    uint8_t bytes[SIM_DER_MAX];
    size_t len;
};

/* One certificate of ours, with its key. */
struct sim_identity {
    struct sim_der cert_der;
    struct sim_der key_der;
    struct dtls_credential credential;
};

/* One certificate that is trusted. */
struct sim_anchor {
    struct sim_der der;
    struct dtls_cert cert;
    struct dtls_cert_item item;
};

/* sim_pki_open opens FOLDER/NAMESUFFIX to be read. */
FILE *sim_pki_open(const char *folder, const char *name, const char *suffix);

/* sim_identity_load reads FOLDER/NAME.der and NAME.key.der; with_key false: a
 * certificate that only completes a chain.  sim_identity_free ends the key.
 * They assert: a test without its files cannot go on. */
void sim_identity_load(struct sim_identity *id, const char *folder,
                       const char *name, bool with_key);
void sim_identity_free(struct sim_identity *id);

/* sim_identity_raw makes a raw public key (RFC 7250) of an identity, whose key
 * and memory it borrows; sim_anchor_raw makes one that is trusted of it. */
void sim_identity_raw(struct sim_identity *id,
                      const struct sim_identity *from);
void sim_anchor_raw(struct sim_anchor *anchor,
                    const struct sim_identity *from);

void sim_anchor_load(struct sim_anchor *anchor, const char *folder,
                     const char *name);

#endif
