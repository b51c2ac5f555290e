/* SPDX-License-Identifier: MIT */
/* tx_thread.h: the thread services are in tx_api.h; this name is for programs
 * that include it. */

#ifndef TX_THREAD_H
#define TX_THREAD_H

#include "tx_api.h"

#endif
