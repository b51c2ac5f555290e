/* SPDX-License-Identifier: MIT */
/* Trials one behind the other in a process of their own, which a target in it
 * may end. */
#ifndef FUZZ_BATCH_H
#define FUZZ_BATCH_H

#include "fuzz/stunt.h"

#define BATCH_SAID_MAX 16384 /* bytes of what the process wrote to stderr */

/* The faults that are known: they are not told again. */
#define KNOWN_MAX 256
struct known {
    struct {
        enum fault fault;
        char kind[STUNT_DETAIL_MAX];
    } items[KNOWN_MAX];
    size_t num;
};
bool known_has(const struct known *known, const struct stunt_result *result);
/* known_add forgets what is above KNOWN_MAX. */
void known_add(struct known *known, const struct stunt_result *result);

struct batch {
    struct stunt *stunt;
    const struct word *handshake; /* of the greeting at the end */
    const struct known *known;    /* NULL: none */
    const volatile int *stop;     /* not 0: leave off */
    unsigned seconds;             /* it hangs if it takes longer */
    /* The trials: `list`, or if that is NULL the ones that are drawn. */
    const struct trial *list;
    uint64_t seed;
    uint64_t first;
    uint64_t num;
};

struct batch_result {
    uint64_t played;    /* trials; the last one of them had the fault */
    uint64_t datagrams; /* that went out */
    unsigned known;     /* faults that are known */
    bool stopped;
    struct stunt_result result;
    char death[160];             /* of a process that has died: how */
    bool has_summary;            /* and it has written where */
    char place[STUNT_PLACE_MAX]; /* what was played last */
    char said[BATCH_SAID_MAX];
};

/* batch_plays plays trials until one has a fault, or all are played, and then
 * greets the target. */
void batch_plays(struct batch_result *out, const struct batch *batch);

/* batch_note_death makes the fault of a result the death of a process, which
 * has written `said`. */
void batch_note_death(struct batch_result *result, const char *death);

/* batch_evidence is a file of this process that the process of a batch can
 * write to (struct stunt, `evidence`), and that survives it. */
FILE *batch_evidence(void);

#endif
