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

/* fuzz_credential returns a certificate and its private key; for `null` crypto
 * the key has only a type and a group.  It is made once and lasts as long as
 * the process. */
const struct dtls_credential *fuzz_credential(enum fuzz_credential which,
                                              bool null);

/* fuzz_anchors returns the list of both roots. */
const struct dtls_cert_item *fuzz_anchors(void);

/* fuzz_credential_key returns the DER of its private key. */
struct dtls_bytes fuzz_credential_key(enum fuzz_credential which);

#endif
