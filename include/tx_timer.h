/* SPDX-License-Identifier: MIT */
/* tx_timer.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_TIMER_H
#define TX_TIMER_H

#include "tx_api.h"

#endif
