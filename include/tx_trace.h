/* SPDX-License-Identifier: MIT */
/* tx_trace.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_TRACE_H
#define TX_TRACE_H

#include "tx_api.h"

#endif
