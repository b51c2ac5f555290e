/* SPDX-License-Identifier: MIT */
/* The program's output on stderr: whole lines that begin with its name. */
#ifndef NXDTLS_PROGRAMS_LINES_H
#define NXDTLS_PROGRAMS_LINES_H

#include "base/counters.h"
#include "nxdtls.h"

#include <stddef.h>

/* line prints one status line. */
void line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* bad_input prints one line about the user's input and ends the program with
 * status 2.  It may be called only before the kernel runs. */
_Noreturn void bad_input(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Text for a line, in the caller's array. */
struct text {
    char s[64];
};

/* address_text: 192.0.2.1:4433 or [2001:db8::1]:4433. */
const char *address_text(struct text *out, const NXD_ADDRESS *address,
                         UINT port);

/* suite_text: the fields of a line that describes a session. */
const char *suite_text(char *out, size_t size,
                       const NXDTLS_SESSION_INFO *info);

/* failure_text: status and alerts of a session that failed, and the likely
 * reason. */
const char *failure_text(char *out, size_t size,
                         NX_SECURE_DTLS_SESSION *session, UINT status);

/* Bytes that always hold a counters_text: of each counter a blank, its name
 * and ten digits at most. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): the members are a sum */
#define COUNTERS_TEXT_ONE(name) +sizeof(#name "=4294967295")
#define COUNTERS_TEXT_MAX (1 DTLS_COUNTERS(COUNTERS_TEXT_ONE))

/* counters_text writes every counter of a session, or of a server, as
 * `name=value`. */
const char *counters_text(char *out, size_t size, const NXDTLS_STATISTICS *n);

#endif
