/* SPDX-License-Identifier: MIT */
/* nx_system.h: the system services are in nx_api.h; this name is for programs
 * that include it. */

#ifndef NX_SYSTEM_H
#define NX_SYSTEM_H

#include "nx_api.h"

#endif
