/* SPDX-License-Identifier: MIT */
/* A scenario's network for whoever owns real sockets. */
#ifndef LAB_FATES_H
#define LAB_FATES_H

#include "lab/interop_options.h"

/* lab_fates answers lines "FROM LENGTH" (FROM: 0 is the client, 1 the server)
 * with a line each: after how many milliseconds every copy of the datagram
 * arrives, nothing if it is lost.  Ends with standard input; returns the exit
 * status. */
int lab_fates(const struct lab_options *options);

#endif
