/* SPDX-License-Identifier: MIT */
/* nx_crypto_phash.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_PHASH_H
#define NX_CRYPTO_PHASH_H

#include "nx_crypto.h"

#endif
