/* SPDX-License-Identifier: MIT */
/* Saved machines, and how two differ (learn/machine_read.h). */
#include "learn/machine_read.h"
#include "learn/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 256
#define LINE_BYTES 1024

/* ---- reading ---- */

/* One step.  `filled` counts them. */
static bool read_step(struct saved_machine *s, const char *line,
                      size_t *filled)
{
    struct machine *m = &s->machine;
    char letter[TEXT_MAX];
    char output[TEXT_MAX];
    unsigned from;
    unsigned to;
    size_t at;

    if (sscanf(line, " [%u, \"%255[^\"]\", \"%255[^\"]\", %u]", &from, letter,
               output, &to) != 4 ||
        from >= m->num_states || to >= m->num_states) {
        return false;
    }
    at = machine_letter(m, letter);
    if (at == LETTERS_MAX || s->outputs.num == OUTPUTS_MAX) {
        return false;
    }
    if (at == m->num_letters) {
        s->letters[at] = strdup(letter);
        assert(s->letters[at] != NULL);
        m->letters[m->num_letters++] = s->letters[at];
    }
    m->steps[from][at] = (struct machine_step){
        outputs_number(&s->outputs, output), (uint16_t)to};
    ++*filled;
    return true;
}

static bool read_all(struct saved_machine *s, FILE *in)
{
    struct machine *m = &s->machine;
    char line[LINE_BYTES];
    size_t filled = 0;
    bool ok = true;

    while (ok && fgets(line, sizeof line, in) != NULL) {
        unsigned states;

        if (sscanf(line, " \"states\": %u,", &states) == 1) {
            m->num_states = states;
            ok = states != 0 && states <= MACHINE_STATES;
        } else if (strncmp(line, "  [", 3) == 0) {
            ok = read_step(s, line, &filled);
        }
    }
    return ok && m->num_states != 0 &&
           filled == m->num_states * m->num_letters;
}

bool machine_read(struct saved_machine *out, FILE *in)
{
    memset(out, 0, sizeof *out);
    outputs_init(&out->outputs);
    out->machine.outputs = &out->outputs;
    if (!read_all(out, in)) {
        saved_machine_free(out);
        return false;
    }
    return true;
}

void saved_machine_free(struct saved_machine *s)
{
    for (size_t i = 0; i < s->machine.num_letters; i++) {
        free(s->letters[i]);
    }
    outputs_free(&s->outputs);
    s->machine.num_letters = 0;
}

/* ---- differences ---- */

unsigned machine_differ(const struct machine *a, const struct machine *b,
                        void (*tell)(void *self, const struct word *word,
                                     const char *output_a,
                                     const char *output_b),
                        void *self)
{
    bool told[LETTERS_MAX] = {false};
    unsigned differences = 0;
    struct search s;

    search_begin(&s, a->num_states, b->num_states, 0, 0);
    for (uint32_t at = 0; at < s.num; at++) {
        const struct search_place c = s.places[at];

        for (size_t i = 0; i < a->num_letters; i++) {
            const size_t j = machine_letter(b, a->letters[i]);
            const struct machine_step *x = &a->steps[c.a][i];
            const struct machine_step *y = &b->steps[c.b][j % LETTERS_MAX];
            struct word word;

            if (j == b->num_letters) {
                continue;
            }
            if (strcmp(a->outputs->texts[x->output],
                       b->outputs->texts[y->output]) != 0) {
                if (!told[i]) {
                    told[i] = true;
                    differences++;
                    search_word(&s, at, &word);
                    word_add(&word, (uint8_t)i);
                    tell(self, &word, a->outputs->texts[x->output],
                         b->outputs->texts[y->output]);
                }
                continue; /* what is behind a difference is no news */
            }
            (void)search_come(&s, at, (uint8_t)i, x->next, y->next);
        }
    }
    search_end(&s);
    return differences;
}
