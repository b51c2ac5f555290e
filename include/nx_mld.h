/* SPDX-License-Identifier: MIT */
/* nx_mld.h: there are no services for groups of IPv6; this name is
 * for programs that include it. */

#ifndef NX_MLD_H
#define NX_MLD_H

#include "nx_api.h"

#endif
