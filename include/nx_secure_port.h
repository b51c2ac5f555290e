/* SPDX-License-Identifier: MIT */
/* nx_secure_port.h: the switches of NetX Secure are in nx_secure_switches.h;
 * this name is for programs that include it. */

#ifndef NX_SECURE_PORT_H
#define NX_SECURE_PORT_H

#include "nx_secure_switches.h"

#endif
