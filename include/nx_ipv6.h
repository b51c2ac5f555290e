/* SPDX-License-Identifier: MIT */
/* nx_ipv6.h: the IPv6 services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_IPV6_H
#define NX_IPV6_H

#include "nx_api.h"

#endif
