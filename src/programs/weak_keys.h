/* SPDX-License-Identifier: MIT */
/* Pre-shared keys that are weaker than a suite (RFC 8442, 5). */
#ifndef NXDTLS_PROGRAMS_WEAK_KEYS_H
#define NXDTLS_PROGRAMS_WEAK_KEYS_H

#include "programs/endpoint_options.h"

/* weak_keys_warn prints a line for each key of the options that is shorter
 * than one of their suites asks for.  A suite asks for 16 bytes, with a cipher
 * of 256 bits for 24.  The key is used nevertheless. */
void weak_keys_warn(const struct options *options);

#endif
