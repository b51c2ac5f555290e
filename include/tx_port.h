/* SPDX-License-Identifier: MIT */
/* tx_port.h: the types and constants of the ThreadX API on a POSIX host.
 *
 * ULONG and LONG have 32 bits, as on the devices that applications are written
 * for.  No service passes a pointer in one. */

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

/* Bytes at `first_unused_memory` of tx_application_define. */
#define TX_PORT_UNUSED_MEMORY (4u << 20)

/* TX_DISABLE and TX_RESTORE do nothing: no other thread runs between two calls
 * of a thread. */
#define TX_INTERRUPT_SAVE_AREA
#define TX_DISABLE
#define TX_RESTORE

#endif
