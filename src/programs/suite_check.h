/* SPDX-License-Identifier: MIT */
/* Whether the keys and certificates of the command line suit its suites. */
#ifndef NXDTLS_PROGRAMS_SUITE_CHECK_H
#define NXDTLS_PROGRAMS_SUITE_CHECK_H

#include "programs/credentials.h"

/* suite_check ends the program, with status 2 and a line that names what is
 * missing, if none of the suites can come about with what was given.  A suite
 * that can, whatever the peer then has, is enough. */
void suite_check(const struct options *options,
                 const struct credentials *credentials);

#endif
