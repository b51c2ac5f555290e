/* SPDX-License-Identifier: MIT */
/* nx_crypto_pkcs1_v1.5.h: the crypto methods are in nx_crypto.h; this name is
 * for programs that include it. */

#ifndef NX_CRYPTO_PKCS1_V1_5_H
#define NX_CRYPTO_PKCS1_V1_5_H

#include "nx_crypto.h"

#endif
