/* SPDX-License-Identifier: MIT */
/* nx_icmpv6.h: the ICMPv6 services are in nx_api.h; this name is for programs
 * that include it. */

#ifndef NX_ICMPV6_H
#define NX_ICMPV6_H

#include "nx_api.h"

#endif
