/* SPDX-License-Identifier: MIT */
/* nx_crypto_method_self_test.h: the crypto methods are in nx_crypto.h;
 * this name is for programs that include it. */

#ifndef NX_CRYPTO_METHOD_SELF_TEST_H
#define NX_CRYPTO_METHOD_SELF_TEST_H

#include "nx_crypto.h"

#endif
