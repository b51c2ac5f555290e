/* SPDX-License-Identifier: MIT */
/* nx_crypto_dh.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_DH_H
#define NX_CRYPTO_DH_H

#include "nx_crypto.h"

#endif
