/* SPDX-License-Identifier: MIT */
/* Signals and stdin, which a host has and a device has not.
 *
 * Waiting for them blocks, and a TX_THREAD that blocks in the host stops all
 * others.  So each has a pthread of its own, which calls back.  A callback may
 * call ThreadX services that do not wait, as an interrupt may. */
#ifndef NXDTLS_PROGRAMS_SIGNALS_STDIN_H
#define NXDTLS_PROGRAMS_SIGNALS_STDIN_H

#include <stddef.h>

/* host_signals_block makes SIGINT and SIGTERM reach only the pthread of
 * host_signals_start.  Call it at the start of main. */
void host_signals_block(void);

/* host_signals_start calls `stop` for each of these signals. */
void host_signals_start(void (*stop)(void));

/* host_stdin_start reads stdin in lines of at most RECORD_MAX bytes.  It calls
 * `have_line` for each line; host_stdin_line then returns the line, which is
 * valid until host_stdin_next.  It calls `at_end` once, after the last line.
 */
void host_stdin_start(void (*have_line)(void), void (*at_end)(void));
const unsigned char *host_stdin_line(size_t *len);
void host_stdin_next(void);

/* host_stop ends both pthreads.  Neither of them may call it. */
void host_stop(void);

#endif
