/* SPDX-License-Identifier: MIT */
/* Is the connection what the -expect flags say? */
#ifndef BOGO_EXPECT_H
#define BOGO_EXPECT_H

#include "bogo/connection.h"

/* bogo_expect checks every flag when the handshake is complete.  BOGO_FAILURE
 * after a line on stderr that names the flag, what was expected and what
 * was. */
int bogo_expect(const struct bogo_connection *c);

#endif
