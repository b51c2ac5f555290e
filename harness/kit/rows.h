/* SPDX-License-Identifier: MIT */
/* Which row of a table a test tries (kit/kit.h and kit/proves.h have this,
 * too). */
#ifndef KIT_ROWS_H
#define KIT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

/* kit_row says what a test tries from here to the end of the block, in
 * printf's words:
 *
 *     for (size_t i = 0; i < LEN(suites); i++) {
 *         kit_row("suite %04x", suites[i]);
 *         ...
 *     }
 *
 * If the test fails in that block, kit_run prints the row; one that passes
 * prints nothing.  A row within a row is printed behind it: "suite c0a8, cut
 * to 13 bytes".  Every thread has rows of its own, and kit_run prints those
 * of the test's first thread. */
#define kit_row(...)                                                          \
    const size_t KIT_ROW_NAME(__LINE__)                                       \
        __attribute__((unused, cleanup(kit_row_leave))) =                     \
            kit_row_enter(__VA_ARGS__)
#define KIT_ROW_NAME(line) KIT_ROW_JOIN(kit_row_, line)
#define KIT_ROW_JOIN(a, b) a##b

/* What kit_row is made of: kit_row_enter returns the place of the row in the
 * text, to which kit_row_leave cuts it again. */
size_t kit_row_enter(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
void kit_row_leave(const size_t *at);

/* kit_role names a role, or an end of a simulated pair: "client", which is 0
 * in both, or "server". */
const char *kit_role(bool is_server);

/* kit_rows is the text of all rows that this thread is in, "" outside of any;
 * kit_rows_print prints it, if it is not "", as
 *
 *     [   ROW    ] --- suite c0a8, cut to 13 bytes
 *
 * kit_rows_forget leaves them all, as a failed test must, which has jumped
 * over the ends of its blocks. */
const char *kit_rows(void);
void kit_rows_print(void);
void kit_rows_forget(void);

/* kit_rows_at_death has the rows printed also when the program ends in abort,
 * as by a failed assert, or by AddressSanitizer. */
void kit_rows_at_death(void);

#endif
