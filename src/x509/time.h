/* SPDX-License-Identifier: MIT */
/* Times of a certificate (RFC 5280, 4.1.2.5). */
#ifndef DTLS_X509_TIME_H
#define DTLS_X509_TIME_H

#include "base/der.h"

/* dtls_time_get takes a UTCTime (YYMMDDHHMMSSZ, 1950 to 2049) or a
 * GeneralizedTime (YYYYMMDDHHMMSSZ) off the front of `in` and gives the
 * seconds since 1970-01-01 UTC.
 *
 * It returns false, and changes nothing, if the element is another, has
 * another form (no seconds, fractions, an offset), or if the calendar has no
 * such second.  It tolerates a GeneralizedTime before 2050, as libcrypto
 * does. */
DTLS_MUST_USE bool dtls_time_get(struct dtls_bytes *in, int64_t *out);

#endif
