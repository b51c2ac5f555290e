/* SPDX-License-Identifier: MIT */
/* nx_crypto_des.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_DES_H
#define NX_CRYPTO_DES_H

#include "nx_crypto.h"

#endif
