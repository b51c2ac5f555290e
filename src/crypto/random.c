/* SPDX-License-Identifier: MIT */
/* Random bytes from libcrypto's generator, or from the one that
 * RAND_set_rand_method put in its place. */
#include "crypto/libcrypto_internal.h"

#include <limits.h>

#include <openssl/err.h>
#include <openssl/rand.h>

enum dtls_status dtls_random_fill(void *self, uint8_t *out, size_t len)
{
    (void)self;
    /* RAND_bytes takes the length as an int. */
    if (len > INT_MAX || (len != 0 && RAND_bytes(out, (int)len) != 1)) {
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}
