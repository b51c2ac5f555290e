/* SPDX-License-Identifier: MIT */
/* nx_crypto_ecdh.h: the methods of elliptic curves are in nx_crypto.h; this
 * name is for programs that include it. */

#ifndef NX_CRYPTO_ECDH_H
#define NX_CRYPTO_ECDH_H

#include "nx_crypto.h"

#endif
