/* SPDX-License-Identifier: MIT */
/* --srtp: the profiles of RFC 5764 and RFC 7714, and what was agreed. */
#ifndef NXDTLS_PROGRAMS_SRTP_PROFILES_H
#define NXDTLS_PROGRAMS_SRTP_PROFILES_H

#include "nxdtls.h"

#include <stdbool.h>
#include <stddef.h>

#define SRTP_PROFILES 4 /* that there are */

/* srtp_profile finds a profile by its name in the registry of IANA. */
bool srtp_profile(USHORT *out, const char *name, size_t len);

/* srtp_text describes what a session has agreed on: the profile and, so that
 * both ends can compare their keys, the first four bytes of SHA-256 over
 * client key, server key, client salt and server salt.  Nothing in it tells a
 * key. */
const char *srtp_text(char *out, size_t size, NX_SECURE_DTLS_SESSION *session,
                      bool is_server);

#endif
