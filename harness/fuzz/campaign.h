/* SPDX-License-Identifier: MIT */
/* A run: batch after batch until the time is over, and what stays of it when
 * it is interrupted. */
#ifndef FUZZ_CAMPAIGN_H
#define FUZZ_CAMPAIGN_H

#include "fuzz/find.h"

struct campaign {
    struct hunt hunt;
    struct known known;
    const char *folder;
    const char *target; /* a line that two runs on one folder must share */
    double seconds;     /* to fuzz for, in all */
    uint64_t most;      /* trials of this run, at most */
    uint64_t next;      /* the trial that comes next */
    double spent;       /* seconds of the run, before it was interrupted */
    uint64_t trials;    /* of this run */
    uint64_t datagrams;
    bool is_gone;  /* the target, and nothing brings it back */
    double fuzzed; /* seconds of this run without those for finds */
    char problem[240];
};

/* campaign_opens makes the folder, and reads how far the last run in it has
 * come; `anew`: it begins anew.  It returns false and a sentence in `problem`
 * if the folder cannot be used or is another target's. */
bool campaign_opens(struct campaign *campaign, bool anew);

/* campaign_runs returns false and a sentence in `problem` if something cannot
 * be written.  If it was stopped, the next run goes on there. */
bool campaign_runs(struct campaign *campaign);

#endif
