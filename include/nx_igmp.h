/* SPDX-License-Identifier: MIT */
/* nx_igmp.h: the services of NetX Duo are in nx_api.h; this name is for
 * programs that include it. */

#ifndef NX_IGMP_H
#define NX_IGMP_H

#include "nx_api.h"

#endif
