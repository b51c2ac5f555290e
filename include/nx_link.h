/* SPDX-License-Identifier: MIT */
/* nx_link.h: there are no services for the link layer; this name is
 * for programs that include it. */

#ifndef NX_LINK_H
#define NX_LINK_H

#include "nx_api.h"

#endif
