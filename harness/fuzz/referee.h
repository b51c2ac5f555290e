/* SPDX-License-Identifier: MIT */
/* Does the target leave what the specification allows?
 *
 * The specification's automaton (learn/rules/specification.rules) knows
 * letters, not what a mutation has made of them.  So the referee follows every
 * reading of what was sent: the target has ignored it, or has taken any of the
 * letters, in any order, at once or later.  A handshake in which a letter was
 * taken that no longer is what the voice has meant is tainted: its transcript
 * is not the voice's, and it may never complete.  An answer is wrong if no
 * reading allows it. */
#ifndef FUZZ_REFEREE_H
#define FUZZ_REFEREE_H

#include "fuzz/trial.h"
#include "learn/rules.h"

struct referee; /* on the heap */

/* referee_new finds the automaton for a machine with these tags; NULL: there
 * is none. */
struct referee *referee_new(const struct alphabet *alphabet, const char *tags);
void referee_free(struct referee *referee);

/* referee_begins: another association. */
void referee_begins(struct referee *referee);

/* What went out in one datagram. */
struct said {
    const struct move *move;
    /* By the letter's place in the move: did it come through as it was
     * meant? */
    bool whole[MOVE_LETTERS];
};

/* referee_rests allows everything until the next association: the voice has
 * begun another one from the same port, and two may live side by side. */
void referee_rests(struct referee *referee);

/* referee_allows judges the answer, a text of voice_hears; `said` NULL: time
 * has passed, nothing went out.  Behind a wrong answer everything is allowed
 * until the next association. */
bool referee_allows(struct referee *referee, const struct said *said,
                    const char *answer);

/* referee_place names the automaton's states in which the wrong answer came,
 * referee_clause its clause. */
const char *referee_place(const struct referee *referee);
const char *referee_clause(const struct referee *referee);

#endif
