/* SPDX-License-Identifier: MIT */
/* nx_crypto_tls_prf_sha384.h: the crypto methods are in nx_crypto.h; this name
 * is for programs that include it. */

#ifndef NX_CRYPTO_TLS_PRF_SHA384_H
#define NX_CRYPTO_TLS_PRF_SHA384_H

#include "nx_crypto.h"

#endif
