/* SPDX-License-Identifier: MIT */
/* A machine for people and programs. */
#ifndef LEARN_MACHINE_WRITE_H
#define LEARN_MACHINE_WRITE_H

#include "learn/machine.h"

#include <stdio.h>

/* machine_table writes each state with a word that leads to it, and what
 * letters do there; letters that do the same share a line, and those that are
 * answered by silence and change nothing are left out. */
void machine_table(FILE *out, const struct machine *m);

/* machine_dot writes graphviz's language: an edge for each way from one state
 * to another, with all that leads that way. */
void machine_dot(FILE *out, const struct machine *m);

/* What learning has cost. */
struct machine_cost {
    uint64_t words;   /* that went to the target */
    uint64_t letters; /* in them */
    uint64_t again;   /* words that went there to confirm an answer */
    unsigned unsteady;
    double cpu_seconds;
};

/* machine_json writes one JSON document, with one line for each step. */
void machine_json(FILE *out, const struct machine *m,
                  const struct machine_cost *cost);

#endif
