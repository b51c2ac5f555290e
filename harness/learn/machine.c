/* SPDX-License-Identifier: MIT */
/* Mealy machines (learn/machine.h). */
#include "learn/machine.h"

#include <string.h>

size_t machine_letter(const struct machine *m, const char *name)
{
    size_t i = 0;

    while (i < m->num_letters && strcmp(m->letters[i], name) != 0) {
        i++;
    }
    return i;
}

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
