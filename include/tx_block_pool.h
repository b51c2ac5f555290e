/* SPDX-License-Identifier: MIT */
/* tx_block_pool.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_BLOCK_POOL_H
#define TX_BLOCK_POOL_H

#include "tx_api.h"

#endif
