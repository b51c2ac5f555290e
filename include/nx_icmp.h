/* SPDX-License-Identifier: MIT */
/* nx_icmp.h: the ICMP services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_ICMP_H
#define NX_ICMP_H

#include "nx_api.h"

#endif
