/* SPDX-License-Identifier: MIT */
/* A reader of files of the form
 *
 *     # a comment, alone on its line
 *     [section]
 *     key = value, which may hold blanks
 *
 * Blank lines do not matter, nor do blanks at both ends of a line and around
 * the first `=`.  A value may be empty. */
#ifndef CHECK_INI_H
#define CHECK_INI_H

#include "base/bytes.h"

#define INI_LINE_MAX 4096 /* bytes, with the 0 at the end */

struct ini_entry {
    unsigned line;       /* from 1 */
    const char *section; /* "" before the first one */
    const char *key;
    const char *value;
};

/* ini_read calls `take` for each entry; the strings live until it returns.
 * `take` returns NULL, or what is wrong with the entry.
 *
 * It returns true if all of `text` was read.  If not, `line` is where it
 * stopped and `problem`, of problem_size bytes, says why: a line that is none
 * of the three forms, is longer than INI_LINE_MAX, or holds a byte that is no
 * printable ASCII; or what `take` said. */
bool ini_read(struct dtls_bytes text,
              const char *(*take)(void *self, const struct ini_entry *entry),
              void *self, unsigned *line, char *problem, size_t problem_size);

#endif
