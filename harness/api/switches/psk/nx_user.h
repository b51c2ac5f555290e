/* SPDX-License-Identifier: MIT */
/* A sensor: pre-shared keys, no certificates, no curves, no checks, a timer
 * that does not back off, a memcpy of its own, and a hash that it clones. */
#ifndef NX_USER_H
#define NX_USER_H

#include <stddef.h>

#define NX_SECURE_DISABLE_X509
#define NX_SECURE_DISABLE_ECC_CIPHERSUITE
#define NX_SECURE_DISABLE_ERROR_CHECKING
#define NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT 0

void *sensor_memcpy(void *to, const void *from, size_t len);
#define NX_SECURE_MEMCPY sensor_memcpy
void *sensor_clone(void *to, const void *from, size_t len);
#define NX_SECURE_HASH_METADATA_CLONE sensor_clone
void sensor_clone_end(void *metadata, size_t len);
#define NX_SECURE_HASH_CLONE_CLEANUP sensor_clone_end

#endif
