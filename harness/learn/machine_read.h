/* SPDX-License-Identifier: MIT */
/* Machines that were saved (learn/machine_write.h), and how two differ. */
#ifndef LEARN_MACHINE_READ_H
#define LEARN_MACHINE_READ_H

#include "learn/machine.h"

#include <stdio.h>

#define MACHINE_FILE_BYTES (16 << 20) /* more than any machine has */

/* A machine from a file, with all that it is made of. */
struct saved_machine {
    struct machine machine;
    struct outputs outputs;
    char *letters[LETTERS_MAX]; /* on the heap */
};

/* machine_read reads what machine_json has written.  It returns false, and
 * nothing is to be freed, if that is not what the file holds: a letter without
 * a step, a state that is not there, a line of another form. */
bool machine_read(struct saved_machine *out, FILE *in);
void saved_machine_free(struct saved_machine *saved);

/* machine_differ calls `tell` with a shortest word to which the machines
 * answer differently, for each letter with which such a word ends, and returns
 * the number of those words.  Letters that only one of them has are passed
 * over.  The word's letters are those of `a`. */
unsigned machine_differ(const struct machine *a, const struct machine *b,
                        void (*tell)(void *self, const struct word *word,
                                     const char *output_a,
                                     const char *output_b),
                        void *self);

#endif
