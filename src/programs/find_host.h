/* SPDX-License-Identifier: MIT */
/* The host's names of hosts. */
#ifndef NXDTLS_PROGRAMS_FIND_HOST_H
#define NXDTLS_PROGRAMS_FIND_HOST_H

#include "programs/endpoint_options.h"

/* find_host sets the address of `options->host`: the first one that this
 * host prefers (RFC 6724), and 127.0.0.1 for localhost.  Without a name it
 * does nothing.  A client that trusts certificates asks for this name, unless
 * --name gives another.
 *
 * A name without an address ends the program with status 2. */
void find_host(struct options *options);

#endif
