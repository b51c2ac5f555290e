/* SPDX-License-Identifier: MIT */
/* nx_icmpv4.h: the services of NetX Duo are in nx_api.h; this name is for
 * programs that include it. */

#ifndef NX_ICMPV4_H
#define NX_ICMPV4_H

#include "nx_api.h"

#endif
