/* SPDX-License-Identifier: MIT */
/* tx_mutex.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_MUTEX_H
#define TX_MUTEX_H

#include "tx_api.h"

#endif
