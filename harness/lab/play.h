/* SPDX-License-Identifier: MIT */
/* Plays one cell: two ends, the network between them, and the checks. */
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

/* The result of a cell.  For a sweep it is that of the first play that failed,
 * or of the last play. */
struct lab_result {
    struct lab_check checks[LAB_CHECKS_MAX];
    size_t num_checks;
    bool passed;
    unsigned plays;
    unsigned play;         /* the number of this play                       */
    uint64_t trace;        /* of all plays                                  */
    uint64_t connected_at; /* ms; 0: it did not connect                     */
    unsigned datagrams;    /* until then                                    */
    unsigned repeats[2];   /* of a flight of the client, of the server      */
    struct lab_wire wire;
    char states[2][160]; /* what became of the ends */
    char *logs[2];       /* of the ends, lines */
    char *keylog;        /* NSS lines          */
};

/* lab_play plays `cell`.  The network, every random byte of both ends and the
 * data follow from the seed. */
void lab_play(struct lab_result *out, const struct lab_cell *cell,
              const char *pki, uint64_t seed);

/* lab_play_handshake only plays a handshake, under the caller's conditions, to
 * measure it.  The result has no checks of data and of the end. */
void lab_play_handshake(struct lab_result *out, const struct lab_cell *cell,
                        const struct sim_conditions *conditions,
                        const char *pki, uint64_t seed);

void lab_result_free(struct lab_result *result);

#endif
