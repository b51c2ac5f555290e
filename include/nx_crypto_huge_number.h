/* SPDX-License-Identifier: MIT */
/* nx_crypto_huge_number.h: what NetX declares here is not here.  This
 * name is for programs that include it. */

#ifndef NX_CRYPTO_HUGE_NUMBER_H
#define NX_CRYPTO_HUGE_NUMBER_H

#include "nx_crypto.h"

#endif
