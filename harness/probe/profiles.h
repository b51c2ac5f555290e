/* SPDX-License-Identifier: MIT */
/* Does a server meet the profiles that laboratories ask for?  The facts decide
 * it, item by item.  The values of the BSI guidelines are those of 2023; later
 * editions move the years. */
#ifndef PROBE_PROFILES_H
#define PROBE_PROFILES_H

#include "probe/found.h"

enum profile_result {
    PROFILE_HOLDS,
    PROFILE_BROKEN,
    PROFILE_UNTOLD,   /* a fact is missing: `why` names it */
    PROFILE_NOT_MEANT /* the server has no such suites, or keys */
};

#define PROFILE_WHY 400

struct profile_item {
    /* Of harness/requirements, or of a guideline of the BSI; "": none. */
    const char *rows;
    bool must;        /* else it is a recommendation */
    const char *what; /* a sentence that should be true */
    enum profile_result (*judge)(const struct facts *facts,
                                 const struct profile_item *item,
                                 char why[PROFILE_WHY]);
    const char *list;   /* what `judge` compares with */
    const char *more;   /* the same */
    enum fact_key fact; /* the same */
    unsigned number;    /* the same */
    const char *meant;  /* for a server with a suite, or a key, whose name has
                         * this part; NULL: for all */
};

struct profile {
    const char *name;
    const struct profile_item *items;
    size_t num;
};

/* profiles lists them all. */
const struct profile *profiles(size_t *num);

/* profile_judge judges one item; `why` is empty if it holds. */
enum profile_result profile_judge(const struct facts *facts,
                                  const struct profile_item *item,
                                  char why[PROFILE_WHY]);

/* profile_verdict counts the results of all items, and returns "would fail" if
 * one that is a must is broken, "ok" if none is and all are told, else "ok as
 * far as told". */
struct profile_counts {
    unsigned broken; /* of those that are a must */
    unsigned unmet;  /* recommendations that are broken */
    unsigned untold;
};
const char *profile_verdict(const struct facts *facts,
                            const struct profile *profile,
                            struct profile_counts *out);

#endif
