/* SPDX-License-Identifier: MIT */
/* DER as text, for rows that differ in one place: nobody counts lengths. */
#ifndef KIT_DER_TEXT_H
#define KIT_DER_TEXT_H

#include "base/bytes.h"

/* kit_der writes what a text means into `room`, which must be enough, and
 * returns it.  Pairs of hexadecimal digits are bytes; braces stand for the
 * length of what they have in them, and for that; "*N." repeats the byte
 * before it, so that there are N; spaces mean nothing:
 *
 *     "30{02{05}04{23*32.}}"
 */
struct dtls_bytes kit_der(struct dtls_span room, const char *text);

#endif
