/* SPDX-License-Identifier: MIT */
/* Secrets (base/secret.h). */
#include "base/secret.h"

#include <string.h>

void dtls_wipe(void *secret, size_t len)
{
    if (len != 0) {
        memset(secret, 0, len);
        /* The empty statement claims to read the secret, so the compiler must
         * keep the memset. */
        __asm__ __volatile__("" : : "r"(secret) : "memory");
    }
}

bool dtls_ct_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    volatile uint8_t difference = 0;

    for (size_t i = 0; i < len; i++) {
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    }
    return difference == 0;
}
