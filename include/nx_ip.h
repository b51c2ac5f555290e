/* SPDX-License-Identifier: MIT */
/* nx_ip.h: the IP services are in nx_api.h; this name is for programs that
 * include it. */

#ifndef NX_IP_H
#define NX_IP_H

#include "nx_api.h"

#endif
