/* SPDX-License-Identifier: MIT */
/* What is tried in one association: moves, one behind the other.  A move is
 * letters of the learner's alphabet (learn/letters.h), whose datagrams are
 * made without hearing an answer in between, then mutated, then sent.
 *
 * A file of trials has a line for each move, and an empty line between two
 * trials:
 *
 *   ClientHello
 *   ClientHello(cookie)
 *   ClientKeyExchange + ChangeCipherSpec + Finished / 2 mutations, seed 4711
 *
 * A line that begins with '#' is for people. */
#ifndef FUZZ_TRIAL_H
#define FUZZ_TRIAL_H

#include "learn/letters.h"

#define TRIAL_MOVES 40
#define MOVE_LETTERS 6
#define MOVE_ROUNDS 8

struct move {
    uint8_t letters[MOVE_LETTERS];
    uint8_t num;
    uint8_t rounds; /* of mutation; 0: the move is honest */
    uint64_t seed;
};

struct trial {
    struct move moves[TRIAL_MOVES];
    size_t num;
};

/* The letters by their numbers. */
struct alphabet {
    const struct letter *const *letters;
    size_t num;
};

void trial_write(FILE *out, const struct alphabet *alphabet,
                 const struct trial *trial);

/* trials_read reads at most `most` trials and returns how many there are.  It
 * returns 0 and a sentence in `problem` if there is none, or if a line is not
 * as above. */
size_t trials_read(struct trial *out, size_t most, FILE *in,
                   const struct alphabet *alphabet, char *problem,
                   size_t problem_size);

#endif
