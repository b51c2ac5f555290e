/* SPDX-License-Identifier: MIT */
/* nx_ipv4.h: the IPv4 services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_IPV4_H
#define NX_IPV4_H

#include "nx_api.h"

#endif
