/* SPDX-License-Identifier: MIT */
/* nx_packet.h: the packet services are in nx_api.h; this name is for programs
 * that include it. */

#ifndef NX_PACKET_H
#define NX_PACKET_H

#include "nx_api.h"

#endif
