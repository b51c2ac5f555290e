/* SPDX-License-Identifier: MIT */
/* Plays each cell in a process of its own, several at a time.  So a library's
 * globals cannot reach the next cell, and a process that dies spoils only its
 * own cell. */
#ifndef LAB_JOBS_H
#define LAB_JOBS_H

#include "lab/children.h"
#include "lab/report.h"

struct lab_jobs {
    const struct lab_run *run;
    const struct lab_cells *cells;
    unsigned processes; /* at a time, at most CHILDREN_MAX */
    unsigned repeat;    /* plays of every cell; their traces must be equal */
    void *self;
    /* Called once for each cell, when it ends; `line` is its JSON. */
    void (*report)(void *self, const struct lab_cell *cell,
                   const char *verdict, const char *line);
    unsigned *limits;         /* lab_num_limits: how often each was met */
    const volatile int *stop; /* not 0: start no cell, kill those that run */
};

/* lab_jobs_run plays all cells; it returns false if it was stopped. */
bool lab_jobs_run(const struct lab_jobs *jobs);

/* lab_in_kernel calls `run`, in a kernel if an end of this cell needs one. */
void lab_in_kernel(const struct lab_cell *cell, void (*run)(void *self),
                   void *self);

#endif
