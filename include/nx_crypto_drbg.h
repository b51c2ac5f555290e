/* SPDX-License-Identifier: MIT */
/* nx_crypto_drbg.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_DRBG_H
#define NX_CRYPTO_DRBG_H

#include "nx_crypto.h"

#endif
