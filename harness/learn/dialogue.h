/* SPDX-License-Identifier: MIT */
/* One association of a voice with a target. */
#ifndef LEARN_DIALOGUE_H
#define LEARN_DIALOGUE_H

#include "check/line.h"
#include "learn/voice.h"

#define DIALOGUE_PROBLEM_MAX 240

struct dialogue_setup {
    const struct sut_driver *driver;
    struct sut_setup target; /* its `host` is the line's */
    struct voice_setup voice;
    unsigned quiet_ms; /* silence for so long is an answer */
    unsigned live_ms;  /* a client that lives says its hello in this time */
};

struct dialogue {
    const struct dialogue_setup *setup;
    struct voice_setup voice_setup;
    struct line line;
    struct voice voice;
    char heard[VOICE_HEARD_MAX]; /* since the last dialogue_hear began */
    size_t heard_bytes;          /* the same */
    char problem[DIALOGUE_PROBLEM_MAX]; /* it cannot go on; the reason */
};

/* dialogue_open makes a target at `now`, the time at which the last dialogue
 * was closed, and hears the hello of a client.  It returns false, with
 * `problem`, if there is no target or no hello.  dialogue_close ends both in
 * any case and returns the time then.  A target in another process is told
 * with a fatal alert, so that nothing is left half open there. */
bool dialogue_open(struct dialogue *d, const struct dialogue_setup *setup,
                   FILE *evidence, uint64_t now);
uint64_t dialogue_close(struct dialogue *d);

/* dialogue_hear hears until the target has been silent for `patience`, and
 * returns what was heard (voice_hears): "-" is silence, and "gone" a target in
 * another process that has left.  A target that floods is a problem. */
const char *dialogue_hear(struct dialogue *d, unsigned patience);

/* dialogue_awaits does the same, but returns as soon as what was heard is
 * `expected`. */
const char *dialogue_awaits(struct dialogue *d, unsigned patience,
                            const char *expected);

#endif
