/* SPDX-License-Identifier: MIT */
/* tx_event_flags.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_EVENT_FLAGS_H
#define TX_EVENT_FLAGS_H

#include "tx_api.h"

#endif
