/* SPDX-License-Identifier: MIT */
/* nx_nd_cache.h: the services of NetX Duo are in nx_api.h; this name is for
 * programs that include it. */

#ifndef NX_ND_CACHE_H
#define NX_ND_CACHE_H

#include "nx_api.h"

#endif
