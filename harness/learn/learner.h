/* SPDX-License-Identifier: MIT */
/* The L# algorithm (Vaandrager, Garhewal, Rot, Wissmann: "A New Approach for
 * Active Automata Learning Based on Apartness").
 *
 * The basis is a set of nodes of the observation tree that are pairwise apart,
 * one for each state that is known; the frontier are their children outside of
 * it.  Questions are asked until each node of the frontier can only be one
 * state; that makes a hypothesis, which equivalence (learn/doubt.h) tries to
 * refute. */
#ifndef LEARN_LEARNER_H
#define LEARN_LEARNER_H

#include "learn/asking.h"
#include "learn/doubt.h"
#include "learn/machine.h"

struct learner {
    struct ask *ask;
    uint32_t basis[MACHINE_STATES];
    size_t num_basis;
    unsigned num_hypotheses;
    /* Called with each hypothesis; NULL: nobody. */
    void (*progress)(const struct learner *learner);
};

/* learner_run learns until `doubt` has found nothing more, and writes the
 * machine, which borrows letters and outputs.  It returns false if there is a
 * problem; ask->problem tells. */
bool learner_run(struct learner *learner, struct machine *out,
                 const struct doubt *doubt);

#endif
