/* SPDX-License-Identifier: MIT */
/* One trial before the target, and the oracles that see one association. */
#ifndef FUZZ_STUNT_H
#define FUZZ_STUNT_H

#include "fuzz/draw.h"
#include "fuzz/referee.h"
#include "learn/dialogue.h"

enum fault {
    FAULT_NONE,
    FAULT_ANSWER,    /* the specification does not allow it */
    FAULT_AMPLIFIES, /* it is many times what was sent */
    FAULT_FLOODS,    /* it does not end */
    FAULT_KEEPS,     /* the ended target has not given all blocks back */
    FAULT_SILENT,    /* an honest handshake does not work any more */
    FAULT_GROWS,     /* memory or descriptors of its process */
    FAULT_DIES,      /* its process, or ours, has ended */
    FAULT_HANGS,     /* a call into it does not return */
    NUM_FAULTS
};

/* fault_name returns a word for a folder's name. */
const char *fault_name(enum fault fault);

#define STUNT_DETAIL_MAX 500
#define STUNT_PLACE_MAX 200

struct stunt_result {
    enum fault fault;
    /* What was sent and what came; one line.  `kind` is the part in which two
     * finds of one fault agree. */
    char detail[STUNT_DETAIL_MAX];
    char kind[STUNT_DETAIL_MAX];
};

struct stunt {
    const struct ground *ground;
    const struct dialogue_setup *dialogue;
    struct referee *referee;       /* NULL: no automaton is for the target */
    size_t most_heard;             /* bytes of an honest answer, at most */
    unsigned datagrams_per_second; /* to be sent at most; 0: any number */
    FILE *evidence;                /* NULL: none */
    uint64_t now;                  /* when the last association ended */
    uint64_t num_datagrams;        /* that went out */
    char *place; /* gets the move that is played; NULL: nothing does */
};

/* stunt_names writes the letters of a move. */
void stunt_names(const struct stunt *stunt, const struct move *move,
                 char out[STUNT_PLACE_MAX]);

/* stunt_plays plays a trial in an association of its own. */
void stunt_plays(struct stunt *stunt, const struct trial *trial,
                 struct stunt_result *out);

/* stunt_greets: does an honest handshake end with data that comes back?  If
 * not, `heard` has what came last, or why nothing can come. */
bool stunt_greets(struct stunt *stunt, const struct word *handshake,
                  char heard[VOICE_HEARD_MAX]);

#endif
