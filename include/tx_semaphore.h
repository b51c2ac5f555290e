/* SPDX-License-Identifier: MIT */
/* tx_semaphore.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_SEMAPHORE_H
#define TX_SEMAPHORE_H

#include "tx_api.h"

#endif
