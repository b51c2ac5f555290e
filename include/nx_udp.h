/* SPDX-License-Identifier: MIT */
/* nx_udp.h: the UDP services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_UDP_H
#define NX_UDP_H

#include "nx_api.h"

#endif
