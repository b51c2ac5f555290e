/* SPDX-License-Identifier: MIT */
/* nx_crypto_sha2.h: the crypto methods are in nx_crypto.h; this name is for
 * programs that include it. */

#ifndef NX_CRYPTO_SHA2_H
#define NX_CRYPTO_SHA2_H

#include "nx_crypto.h"

#endif
