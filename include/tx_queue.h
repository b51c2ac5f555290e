/* SPDX-License-Identifier: MIT */
/* tx_queue.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_QUEUE_H
#define TX_QUEUE_H

#include "tx_api.h"

#endif
