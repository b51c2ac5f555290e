/* SPDX-License-Identifier: MIT */
/* Plays one cell: two ends, the network between them, and what must hold. */
#ifndef LAB_PLAY_H
#define LAB_PLAY_H

#include "lab/cell.h"
#include "lab/wire.h"

#define LAB_CHECKS_MAX 24

struct lab_check {
    const char *word;
    bool holds;
    char seen[160];
};

/* What came of a cell.  Of a sweep: of the first play that failed, or of the
 * last. */
struct lab_result {
    struct lab_check checks[LAB_CHECKS_MAX];
    size_t num_checks;
    bool passed;
    unsigned plays;
    unsigned play;         /* which one this tells of                       */
    uint64_t trace;        /* of all plays                                  */
    uint64_t connected_at; /* ms; 0: it did not connect                     */
    unsigned datagrams;    /* until then                                    */
    unsigned repeats[2];   /* of a flight of the client, of the server      */
    struct lab_wire wire;
    char states[2][160]; /* what became of the ends, at last */
    char *logs[2];       /* of the ends, lines */
    char *keylog;        /* NSS lines          */
};

/* lab_play plays `cell`.  The seed decides everything: the network, every
 * random byte of both ends, the data. */
void lab_play(struct lab_result *out, const struct lab_cell *cell,
              const char *pki, uint64_t seed);

/* lab_play_handshake only connects, under conditions of the caller's: for
 * measuring.  The same result, without checks of data and end. */
void lab_play_handshake(struct lab_result *out, const struct lab_cell *cell,
                        const struct sim_conditions *conditions,
                        const char *pki, uint64_t seed);

void lab_result_free(struct lab_result *result);

#endif
