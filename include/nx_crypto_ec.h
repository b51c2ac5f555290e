/* SPDX-License-Identifier: MIT */
/* nx_crypto_ec.h: the crypto methods are in nx_crypto.h; this name is for
 * programs that include it. */

#ifndef NX_CRYPTO_EC_H
#define NX_CRYPTO_EC_H

#include "nx_crypto.h"

#endif
