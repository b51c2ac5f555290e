/* SPDX-License-Identifier: MIT */
/* A machine as a table, a graph, JSON (learn/machine_write.h). */
#include "learn/machine_write.h"

static bool is_quiet(const struct machine *m, uint16_t state, size_t letter)
{
    const struct machine_step *step = &m->steps[state][letter];

    return step->next == state && step->output == OUTPUT_SILENCE;
}

static bool is_same(const struct machine *m, uint16_t state, size_t a,
                    size_t b)
{
    const struct machine_step *x = &m->steps[state][a];
    const struct machine_step *y = &m->steps[state][b];

    return x->next == y->next && x->output == y->output;
}

/* Has a letter before this one the same step? */
static bool is_told(const struct machine *m, uint16_t state, size_t letter)
{
    size_t i = 0;

    while (i < letter && !is_same(m, state, i, letter)) {
        i++;
    }
    return i < letter;
}

static void put_letters(FILE *out, const struct machine *m, uint16_t state,
                        size_t first, const char *between)
{
    (void)fputs(m->letters[first], out);
    for (size_t i = first + 1; i < m->num_letters; i++) {
        if (is_same(m, state, first, i)) {
            (void)fprintf(out, "%s%s", between, m->letters[i]);
        }
    }
}

static const char *output_of(const struct machine *m, uint16_t state,
                             size_t letter)
{
    return m->outputs->texts[m->steps[state][letter].output];
}

static void put_access(FILE *out, const struct machine *m, uint16_t state)
{
    const struct word *w = &m->access[state];

    for (size_t i = 0; i < w->len; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : ", ",
                      m->letters[w->letters[i]]);
    }
    (void)fputs(w->len == 0 ? "the beginning" : "", out);
}

void machine_table(FILE *out, const struct machine *m)
{
    for (uint16_t s = 0; s < m->num_states; s++) {
        (void)fprintf(out, "state %u: ", s);
        put_access(out, m, s);
        (void)putc('\n', out);
        for (size_t i = 0; i < m->num_letters; i++) {
            if (is_quiet(m, s, i) || is_told(m, s, i)) {
                continue;
            }
            (void)fprintf(out, "  %s -> %u on ", output_of(m, s, i),
                          m->steps[s][i].next);
            put_letters(out, m, s, i, " | ");
            (void)putc('\n', out);
        }
    }
}

void machine_dot(FILE *out, const struct machine *m)
{
    (void)fprintf(out,
                  "digraph machine {\n  label=\"%s, %s\";\n"
                  "  node [shape=circle];\n  edge [fontsize=9];\n"
                  "  0 [shape=doublecircle];\n",
                  m->target, m->tags);
    for (uint16_t s = 0; s < m->num_states; s++) {
        for (size_t i = 0; i < m->num_letters; i++) {
            if (is_quiet(m, s, i) || is_told(m, s, i)) {
                continue;
            }
            (void)fprintf(out, "  %u -> %u [label=\"", s, m->steps[s][i].next);
            put_letters(out, m, s, i, " |\\n");
            (void)fprintf(out, "\\n/ %s\"];\n", output_of(m, s, i));
        }
    }
    (void)fputs("}\n", out);
}

void machine_json(FILE *out, const struct machine *m,
                  const struct machine_cost *cost)
{
    (void)fprintf(out,
                  "{\"machine\": 1, \"target\": \"%s\", \"tags\": \"%s\",\n"
                  " \"words\": %llu, \"letters\": %llu, \"again\": %llu, "
                  "\"unsteady\": %u, \"cpu_seconds\": %.2f,\n"
                  " \"states\": %zu, \"steps\": [\n",
                  m->target, m->tags, (unsigned long long)cost->words,
                  (unsigned long long)cost->letters,
                  (unsigned long long)cost->again, cost->unsteady,
                  cost->cpu_seconds, m->num_states);
    for (uint16_t s = 0; s < m->num_states; s++) {
        for (size_t i = 0; i < m->num_letters; i++) {
            const bool is_last =
                s + 1u == m->num_states && i + 1 == m->num_letters;

            (void)fprintf(out, "  [%u, \"%s\", \"%s\", %u]%s\n", s,
                          m->letters[i], output_of(m, s, i),
                          m->steps[s][i].next, is_last ? "" : ",");
        }
    }
    (void)fputs(" ]}\n", out);
}
