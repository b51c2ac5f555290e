/* SPDX-License-Identifier: MIT */
/* Compares the connection with the -expect flags. */
#ifndef BOGO_EXPECT_H
#define BOGO_EXPECT_H

#include "bogo/connection.h"

/* bogo_expect checks every flag when the handshake is complete.  If one does
 * not hold, it prints a line to stderr with the flag, the expected and the
 * actual value, and returns BOGO_FAILURE. */
int bogo_expect(const struct bogo_connection *c);

#endif
