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
#define TX_TIMER_THREAD_STACK_SIZE 400
#define TX_TIMER_THREAD_PRIORITY 0
#ifndef TX_TIMER_TICKS_PER_SECOND
#define TX_TIMER_TICKS_PER_SECOND 100
#endif

/* Bytes at `first_unused_memory` of tx_application_define. */
#define TX_PORT_UNUSED_MEMORY (4u << 20)

/* Postures of interrupts. */
#define TX_INT_DISABLE 1
#define TX_INT_ENABLE 0

#ifndef TX_PARAMETER_NOT_USED
#define TX_PARAMETER_NOT_USED(p) ((void)(p))
#endif

/* Pointers moved by bytes or by ULONGs, and their distance as a ULONG. */
#define TX_UCHAR_POINTER_ADD(a, b) (((UCHAR *)(a)) + ((UINT)(b)))
#define TX_UCHAR_POINTER_SUB(a, b) (((UCHAR *)(a)) - ((UINT)(b)))
#define TX_UCHAR_POINTER_DIF(a, b) ((ULONG)(((UCHAR *)(a)) - ((UCHAR *)(b))))
#define TX_ULONG_POINTER_ADD(a, b) (((ULONG *)(a)) + ((UINT)(b)))
#define TX_ULONG_POINTER_SUB(a, b) (((ULONG *)(a)) - ((UINT)(b)))
#define TX_ULONG_POINTER_DIF(a, b) ((ULONG)(((ULONG *)(a)) - ((ULONG *)(b))))

/* TX_DISABLE and TX_RESTORE do nothing: no other thread runs between two calls
 * of a thread. */
#define TX_INTERRUPT_SAVE_AREA
#define TX_DISABLE
#define TX_RESTORE

#endif
