/* SPDX-License-Identifier: MIT */
/* The engine's store of bytes that must outlive a call: the caller supplies
 * blocks, and may refuse to. */
#ifndef DTLS_BASE_STORE_H
#define DTLS_BASE_STORE_H

#include <stddef.h>

/* take returns a block aligned for a pointer and sets `*size` to its bytes (at
 * least DTLS_BLOCK_MIN); it returns NULL if there is none.  give takes the
 * block back. */
struct dtls_store {
    void *self;
    void *(*take)(void *self, size_t *size);
    void (*give)(void *self, void *block);
};

#define DTLS_BLOCK_MIN 64 /* bytes                                         */

#endif
