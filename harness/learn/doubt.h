/* SPDX-License-Identifier: MIT */
/* Is a hypothesis right?  That cannot be asked, only doubted: words are asked
 * for until one is answered otherwise than the machine says.
 *
 * First, words show that the states and each letter behind them lead where the
 * machine says.  Then come `num_words` words, half of them a walk of random
 * letters, half of them a handshake's own word with one or two letters left
 * out, repeated, swapped, inserted; behind each is a word that tells where it
 * has led.  Then come the words of the Wp-method for `extra` states (Fujiwara
 * et al., "Test Selection Based on Finite State Models"), which finds every
 * fault of a target with no more states than that.  A state that is silent
 * forever is confirmed by one word each time that it is come to. */
#ifndef LEARN_DOUBT_H
#define LEARN_DOUBT_H

#include "learn/asking.h"
#include "learn/machine.h"

struct doubt {
    unsigned extra; /* states that the target may have more: 0 to 2 */
    unsigned num_words;
    struct word handshake;
    uint64_t seed;
    unsigned
        jobs; /* processes that ask a target in this one (learn/ahead.h) */
};

/* doubt_finds returns true and a word behind which the target is in another
 * state than the machine, or false if it finds none.  It returns true with an
 * empty word if there is a problem, or if an answer turned out unsteady. */
bool doubt_finds(const struct doubt *doubt, struct ask *ask,
                 const struct machine *machine, struct word *out);

#endif
