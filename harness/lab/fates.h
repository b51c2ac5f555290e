/* SPDX-License-Identifier: MIT */
/* A scenario's network, for a relay with real sockets. */
#ifndef LAB_FATES_H
#define LAB_FATES_H

#include "lab/interop_options.h"

/* lab_fates reads lines "FROM LENGTH" from standard input (FROM: 0 is the
 * client, 1 the server).  It answers each with one line: the milliseconds
 * until each copy of the datagram arrives; the line is empty if it is lost. At
 * the end of standard input it returns the exit status. */
int lab_fates(const struct lab_options *options);

#endif
