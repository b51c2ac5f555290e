/* SPDX-License-Identifier: MIT */
/* The pseudorandom function (RFC 5246, 5). */
#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

/*   P_hash(secret, seed) = HMAC_hash(secret, A(1) + seed) +
 *                          HMAC_hash(secret, A(2) + seed) + ...
 *   A(0) = seed
 *   A(i) = HMAC_hash(secret, A(i-1))                                       */
enum dtls_status dtls_prf_expand(void *self, uint8_t *out, size_t out_len,
                                 enum dtls_hash_alg alg,
                                 struct dtls_bytes secret, const char *label,
                                 struct dtls_bytes seed1,
                                 struct dtls_bytes seed2)
{
    struct dtls_hmac_key key;
    uint8_t a[DTLS_HASH_MAX];
    uint8_t block[DTLS_HASH_MAX];
    size_t len = dtls_hash_len(alg);
    struct dtls_bytes parts[4] = {
        {a, len}, {(const uint8_t *)label, strlen(label)}, seed1, seed2};
    enum dtls_status status;

    if (out_len > DTLS_PRF_OUT_MAX) {
        return DTLS_INTERNAL_ERROR;
    }
    status = dtls_hmac_prepare(self, &key, alg, secret);
    if (status != DTLS_OK) {
        return status;
    }

    dtls_hmac_parts(self, &key, a, parts + 1, 3);
    while (out_len > len) {
        dtls_hmac_parts(self, &key, out, parts, 4);
        dtls_hmac_parts(self, &key, a, parts, 1);
        out += len;
        out_len -= len;
    }
    dtls_hmac_parts(self, &key, block, parts, 4);
    memcpy(out, block, out_len);

    dtls_wipe(&key, sizeof key);
    dtls_wipe(a, sizeof a);
    dtls_wipe(block, sizeof block);
    return DTLS_OK;
}
