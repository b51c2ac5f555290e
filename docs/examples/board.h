/* SPDX-License-Identifier: MIT */
/* board.h: what an application of these examples gets from the board it runs
 * on: a network, credentials, and somebody to tell how it went. */

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
    NXD_ADDRESS gateway; /* of the sensor: whom to tell */
    UINT port;
    UINT readings; /* to send or to take before it is done */
    BOARD_DER ca;
    BOARD_DER certificate;
    BOARD_DER key; /* PKCS#1 */
    /* Called by an application for every reading, and once when it is done. */
    VOID (*reading)(INT value);
    VOID (*done)(UINT status);
} BOARD;

/* Each makes its threads and returns; `board` must stay. */
VOID sensor_start(BOARD *board);
VOID gateway_start(BOARD *board);

#endif
