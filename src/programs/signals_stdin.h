/* SPDX-License-Identifier: MIT */
/* What a host has and a device has not: signals and stdin.
 *
 * Both block, and a TX_THREAD that blocks in the host stops all others; so
 * each has a pthread of its own, which calls back.  Out of such a callback
 * ThreadX may be called as out of an interrupt: without waiting. */
#ifndef NXDTLS_PROGRAMS_SIGNALS_STDIN_H
#define NXDTLS_PROGRAMS_SIGNALS_STDIN_H

#include <stddef.h>

/* host_signals_block: at the start of main, so that SIGINT and SIGTERM reach
 * nobody but the pthread of host_signals_start. */
void host_signals_block(void);

/* host_signals_start calls `stop` for each of these signals. */
void host_signals_start(void (*stop)(void));

/* host_stdin_start reads stdin in lines of up to RECORD_MAX bytes.  After
 * `have_line` host_stdin_line gives the line, which stays until
 * host_stdin_next.  After `at_end` nothing more comes. */
void host_stdin_start(void (*have_line)(void), void (*at_end)(void));
const unsigned char *host_stdin_line(size_t *len);
void host_stdin_next(void);

/* host_stop ends both pthreads; not from one of them. */
void host_stop(void);

#endif
