/* SPDX-License-Identifier: MIT */
/* Where the engine keeps bytes that must outlive a call: blocks from the
 * caller, who may say no. */
#ifndef DTLS_BASE_STORE_H
#define DTLS_BASE_STORE_H

#include <stddef.h>

/* take returns a block aligned for a pointer and its size in bytes (at least
 * DTLS_BLOCK_MIN), or NULL if there is none.  give takes it back. */
struct dtls_store {
    void *self;
    void *(*take)(void *self, size_t *size);
    void (*give)(void *self, void *block);
};

#define DTLS_BLOCK_MIN 64 /* bytes                                         */

#endif
