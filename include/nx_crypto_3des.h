/* SPDX-License-Identifier: MIT */
/* nx_crypto_3des.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_3DES_H
#define NX_CRYPTO_3DES_H

#include "nx_crypto.h"

#endif
