/* SPDX-License-Identifier: MIT */
/* Mealy machines (learn/machine.h). */
#include "learn/machine.h"
#include "learn/search.h"

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

bool machine_distinguish(const struct machine *m, uint16_t a, uint16_t b,
                         struct word *out)
{
    struct search s;
    bool found = false;

    search_begin(&s, m->num_states, m->num_states, a, b);
    for (uint32_t at = 0; at < s.num && !found; at++) {
        const struct search_place p = s.places[at];

        for (size_t i = 0; i < m->num_letters && !found; i++) {
            const struct machine_step x = m->steps[p.a][i];
            const struct machine_step y = m->steps[p.b][i];

            if (x.output != y.output) {
                search_word(&s, at, out);
                word_add(out, (uint8_t)i);
                found = true;
            } else if (x.next != y.next) {
                (void)search_come(&s, at, (uint8_t)i, x.next, y.next);
            }
        }
    }
    search_end(&s);
    return found;
}
