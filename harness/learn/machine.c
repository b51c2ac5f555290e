/* SPDX-License-Identifier: MIT */
/* Mealy machines (learn/machine.h). */
#include "learn/machine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint16_t machine_run(const struct machine *m, uint16_t state,
                     const struct word *word, uint16_t *outputs)
{
    for (size_t i = 0; i < word->len; i++) {
        const struct machine_step *step = &m->steps[state][word->letters[i]];

        if (outputs != NULL) {
            outputs[i] = step->output;
        }
        state = step->next;
    }
    return state;
}

bool machine_is_sink(const struct machine *m, uint16_t state)
{
    for (size_t i = 0; i < m->num_letters; i++) {
        if (m->steps[state][i].next != state ||
            m->steps[state][i].output != OUTPUT_SILENCE) {
            return false;
        }
    }
    return true;
}

/* A pair of states in a search, and how it was come to. */
struct pair {
    uint16_t a;
    uint16_t b;
    uint32_t parent;
    uint8_t letter;
};

static void word_of_pair(const struct pair *pairs, uint32_t at, uint8_t last,
                         struct word *out)
{
    uint8_t reversed[WORD_MAX];
    size_t len = 0;

    for (; at != 0 && len < WORD_MAX - 1; at = pairs[at].parent) {
        reversed[len++] = pairs[at].letter;
    }
    out->len = 0;
    while (len != 0) {
        word_add(out, reversed[--len]);
    }
    word_add(out, last);
}

bool machine_distinguish(const struct machine *m, uint16_t a, uint16_t b,
                         struct word *out)
{
    const size_t n = m->num_states;
    struct pair *pairs = malloc((n * n + 1) * sizeof *pairs);
    bool *seen = calloc(n * n, sizeof *seen);
    uint32_t num = 1;
    bool found = false;

    assert(pairs != NULL && seen != NULL);
    pairs[0] = (struct pair){a, b, 0, 0};
    for (uint32_t at = 0; at < num && !found; at++) {
        const struct pair p = pairs[at];

        for (size_t i = 0; i < m->num_letters && !found; i++) {
            const struct machine_step x = m->steps[p.a][i];
            const struct machine_step y = m->steps[p.b][i];

            if (x.output != y.output) {
                word_of_pair(pairs, at, (uint8_t)i, out);
                found = true;
            } else if (x.next != y.next && !seen[x.next * n + y.next]) {
                seen[x.next * n + y.next] = true;
                pairs[num++] = (struct pair){x.next, y.next, at, (uint8_t)i};
            }
        }
    }
    free(pairs);
    free(seen);
    return found;
}
