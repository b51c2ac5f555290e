/* SPDX-License-Identifier: MIT */
/* The cryptography of our own two drivers (sut/own.h). */
#include "sut/own.h"

#include "sut/virtual_clock.h"

#include <string.h>

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    sut_random(out, len);
    return DTLS_OK;
}

/* PRF(master_secret, "key expansion", server_random + client_random) has every
 * value of a key log line among its arguments (RFC 5246, 6.3). */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    if (strcmp(label, "key expansion") == 0) {
        sut_keylog_line(self, seed2.data, secret.data);
    }
    return dtls_libcrypto.prf(self, out, out_len, alg, secret, label, seed1,
                              seed2);
}

struct dtls_crypto sut_own_crypto(struct sut *sut)
{
    struct dtls_crypto crypto = dtls_libcrypto;

    crypto.self = sut;
    crypto.random = random_bytes;
    crypto.prf = prf;
    return crypto;
}
