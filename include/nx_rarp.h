/* SPDX-License-Identifier: MIT */
/* nx_rarp.h: there are no services for RARP; this name is
 * for programs that include it. */

#ifndef NX_RARP_H
#define NX_RARP_H

#include "nx_api.h"

#endif
