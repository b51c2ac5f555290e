/* SPDX-License-Identifier: MIT */
/* Keys and certificates of the fuzz targets: the same in every build, so that
 * recorded handshakes stay valid. */
#ifndef FUZZERS_KIT_FUZZ_CREDENTIALS_H
#define FUZZERS_KIT_FUZZ_CREDENTIALS_H

#include "handshake/config.h"

enum fuzz_credential {
    FUZZ_SERVER_EC,
    FUZZ_CLIENT_EC,
    FUZZ_SERVER_RSA,
    FUZZ_CREDENTIALS
};

/* fuzz_credential is one of ours with its key, which `null` crypto does not
 * read.  Made once, kept as long as the process lives. */
const struct dtls_credential *fuzz_credential(enum fuzz_credential which,
                                              bool null);

/* fuzz_anchors is the list of both roots. */
const struct dtls_cert_item *fuzz_anchors(void);

/* fuzz_credential_key is its private key's DER. */
struct dtls_bytes fuzz_credential_key(enum fuzz_credential which);

#endif
