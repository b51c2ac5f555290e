/* SPDX-License-Identifier: MIT */
/* nx_tcp.h: the services of NetX Duo are in nx_api.h; this name is for
 * programs that include it. */

#ifndef NX_TCP_H
#define NX_TCP_H

#include "nx_api.h"

#endif
