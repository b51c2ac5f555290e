/* SPDX-License-Identifier: MIT */
/* tx_port.h: the types and fixed values of the ThreadX API on a POSIX host.
 *
 * ULONG and LONG are 32 bits, as on the devices that applications are written
 * for; a pointer never goes through one. */

#ifndef TX_PORT_H
#define TX_PORT_H

#ifdef TX_INCLUDE_USER_DEFINE_FILE
#include "tx_user.h"
#endif

#include <stdlib.h>
#include <string.h>

#define VOID void
typedef char CHAR;
typedef unsigned char UCHAR;
typedef int INT;
typedef unsigned int UINT;
typedef int LONG;
typedef unsigned int ULONG;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned long long ULONG64;
typedef unsigned long long ALIGN_TYPE;
#define ALIGN_TYPE_DEFINED
#define ULONG64_DEFINED

#define TX_MAX_PRIORITIES 32
#define TX_MINIMUM_STACK 200
#ifndef TX_TIMER_TICKS_PER_SECOND
#define TX_TIMER_TICKS_PER_SECOND 100
#endif

/* Bytes behind the `first_unused_memory` of tx_application_define. */
#define TX_PORT_UNUSED_MEMORY (4u << 20)

/* Nothing preempts a thread between two calls, so there is nothing to lock
 * out: code between TX_DISABLE and TX_RESTORE is alone without help. */
#define TX_INTERRUPT_SAVE_AREA
#define TX_DISABLE
#define TX_RESTORE

#endif
