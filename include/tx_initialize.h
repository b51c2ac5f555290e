/* SPDX-License-Identifier: MIT */
/* tx_initialize.h: the services of ThreadX are in tx_api.h; this name is for
 * programs that include it. */

#ifndef TX_INITIALIZE_H
#define TX_INITIALIZE_H

#include "tx_api.h"

#endif
