/* SPDX-License-Identifier: MIT */
/* nx_crypto_ecjpake.h: the names of EC-JPAKE's messages.  Its method is in
 * nx_crypto.h. */

#ifndef NX_CRYPTO_ECJPAKE_H
#define NX_CRYPTO_ECJPAKE_H

#include "nx_crypto.h"

/* The names in the proofs of either side. */
#define NX_CRYPTO_ECJPAKE_CLIENT_ID "client"
#define NX_CRYPTO_ECJPAKE_SERVER_ID "server"

/* Not used: the method needs no room but its area. */
#ifndef NX_CRYPTO_ECJPAKE_SCRATCH_BUFFER_SIZE
#define NX_CRYPTO_ECJPAKE_SCRATCH_BUFFER_SIZE 4096
#endif

#endif
