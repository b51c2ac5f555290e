/* SPDX-License-Identifier: MIT */
/* Cells in processes of their own, some at a time: what a library keeps in
 * globals cannot reach the next cell, and one that dies takes nothing with
 * it. */
#ifndef LAB_JOBS_H
#define LAB_JOBS_H

#include "lab/report.h"

#define LAB_PROCESSES_MAX 64

struct lab_jobs {
    const struct lab_run *run;
    const struct lab_cells *cells;
    unsigned processes; /* at a time, at most LAB_PROCESSES_MAX */
    unsigned repeat;    /* plays of every cell; all traces must be one */
    void *self;
    /* Is told of each cell once, as they end; `line` is its JSON. */
    void (*report)(void *self, const struct lab_cell *cell,
                   const char *verdict, const char *line);
    unsigned *limits;         /* lab_num_limits: how often each was met */
    const volatile int *stop; /* not 0: begin nothing more, end what runs */
};

/* lab_jobs_run plays all; false if it was stopped. */
bool lab_jobs_run(const struct lab_jobs *jobs);

/* lab_in_kernel calls `run` where ends of this cell can live. */
void lab_in_kernel(const struct lab_cell *cell, void (*run)(void *self),
                   void *self);

#endif
