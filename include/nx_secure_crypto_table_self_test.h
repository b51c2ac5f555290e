/* SPDX-License-Identifier: MIT */
/* nx_secure_crypto_table_self_test.h: the self tests are in nx_secure_tls.h;
 * this name is for programs that include it. */

#ifndef NX_SECURE_CRYPTO_TABLE_SELF_TEST_H
#define NX_SECURE_CRYPTO_TABLE_SELF_TEST_H

#include "nx_secure_tls.h"

#endif
