/* SPDX-License-Identifier: MIT */
/* board.h: what a board gives to the example application that runs on it: a
 * network, credentials, and callbacks for the results. */

#ifndef BOARD_H
#define BOARD_H

#include "nx_api.h"

/* DER, as a device has it in flash. */
typedef struct BOARD_DER_STRUCT {
    UCHAR data[2048];
    USHORT length;
} BOARD_DER;

typedef struct BOARD_STRUCT {
    NX_IP ip;
    NX_PACKET_POOL pool;
    NXD_ADDRESS gateway; /* where the sensor sends its readings */
    UINT port;
    UINT readings; /* number to send or to take; a gateway's 0: no end */
    BOARD_DER ca;
    BOARD_DER certificate;
    BOARD_DER key; /* PKCS#1 */
    /* The application calls `reading` for every reading, and `done` once.  A
     * gateway calls `problem` with the status of whatever goes wrong. */
    VOID (*reading)(INT value);
    VOID (*problem)(UINT status);
    VOID (*done)(UINT status);
} BOARD;

/* sensor_start and gateway_start create the threads of an application and
 * return.  `board` is borrowed until the application calls `done`. */
VOID sensor_start(BOARD *board);
VOID gateway_start(BOARD *board);

#endif
