/* SPDX-License-Identifier: MIT */
/* Pre-shared keys that are weaker than a suite (RFC 4279, 7.2; RFC 8442, 5;
 * RFC 9257, 6). */
#ifndef NXDTLS_PROGRAMS_WEAK_KEYS_H
#define NXDTLS_PROGRAMS_WEAK_KEYS_H

#include "programs/endpoint_options.h"
#include "programs/psk_file.h"

/* weak_keys_warn prints a line for each key of the options that is shorter
 * than one of their suites asks for, and one for all such keys of --psk-file,
 * with the first one's line.  A suite asks for 16 bytes, with a cipher of 256
 * bits for 24.  The key is used nevertheless, and never shown. */
void weak_keys_warn(const struct options *options,
                    const struct psk_file *keys_by_id);

#endif
