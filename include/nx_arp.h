/* SPDX-License-Identifier: MIT */
/* nx_arp.h: the ARP services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_ARP_H
#define NX_ARP_H

#include "nx_api.h"

#endif
