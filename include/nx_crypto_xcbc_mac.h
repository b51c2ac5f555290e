/* SPDX-License-Identifier: MIT */
/* nx_crypto_xcbc_mac.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_XCBC_MAC_H
#define NX_CRYPTO_XCBC_MAC_H

#include "nx_crypto.h"

#endif
