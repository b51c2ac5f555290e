/* SPDX-License-Identifier: MIT */
/* Trials from a machine (fuzz/draw.h). */
#include "fuzz/draw.h"

#include "fuzzers/kit/repeatable_crypto.h"
#include "kit/kit.h"
#include "learn/search.h"

#include <string.h>

#define TAIL_MAX 8   /* honest moves behind the last mutated one */
#define ROUNDS_MAX 3 /* of mutation that are drawn */

/* ---- the ground ---- */

static void copy_machine(struct machine *out, const struct machine *from,
                         const struct alphabet *a)
{
    *out = *from;
    out->num_letters = a->num;
    for (size_t i = 0; i < a->num; i++) {
        const size_t old = machine_letter(from, a->letters[i]->name);

        out->letters[i] = a->letters[i]->name;
        for (uint16_t s = 0; s < from->num_states; s++) {
            out->steps[s][i] = old < from->num_letters
                                   ? from->steps[s][old]
                                   : (struct machine_step){OUTPUT_SILENCE, s};
        }
    }
}

/* Finds a shortest word for each state; a state without one is left out. */
static void find_states(struct ground *g)
{
    struct machine *m = &g->machine;
    struct search search;

    search_begin(&search, m->num_states, 1, 0, 0);
    for (uint32_t at = 0; at < search.num; at++) {
        const uint16_t state = search.places[at].a;

        search_word(&search, at, &m->access[state]);
        if (!machine_is_sink(m, state)) {
            g->states[g->num++] = state;
        }
        for (size_t i = 0; i < m->num_letters; i++) {
            (void)search_come(&search, at, (uint8_t)i, m->steps[state][i].next,
                              0);
        }
    }
    search_end(&search);
}

static enum way way_of(const struct machine *m, uint16_t state, size_t letter)
{
    const struct machine_step *s = &m->steps[state][letter];

    if (machine_is_sink(m, s->next) ||
        (s->next == state && s->output == OUTPUT_SILENCE)) {
        return WAY_NONE;
    }
    return m->access[s->next].len > m->access[state].len ? WAY_FORWARD
                                                         : WAY_LIVE;
}

void ground_lay(struct ground *g, const struct machine *from,
                const struct alphabet *alphabet)
{
    memset(g, 0, sizeof *g);
    g->alphabet = *alphabet;
    copy_machine(&g->machine, from, alphabet);
    find_states(g);
    for (size_t n = 0; n < g->num; n++) {
        const uint16_t s = g->states[n];

        for (size_t i = 0; i < alphabet->num; i++) {
            const enum way way = way_of(&g->machine, s, i);

            g->ways[s][way][g->num_ways[s][way]++] = (uint8_t)i;
        }
    }
}

/* ---- a trial ---- */

struct drawing {
    const struct ground *ground;
    struct trial *out;
    uint16_t state;
    uint64_t random;
};

static size_t below(struct drawing *d, size_t bound)
{
    return kit_below(&d->random, bound);
}

/* Mostly forward, seldom anything at all. */
static uint8_t draw_letter(struct drawing *d)
{
    static const enum way chances[] = {WAY_FORWARD, WAY_FORWARD, WAY_FORWARD,
                                       WAY_FORWARD, WAY_LIVE,    WAY_LIVE,
                                       WAY_LIVE,    WAY_NONE};
    const struct ground *g = d->ground;
    const enum way way = chances[below(d, sizeof chances / sizeof *chances)];
    const uint8_t num = g->num_ways[d->state][way];

    return num == 0 ? (uint8_t)below(d, g->alphabet.num)
                    : g->ways[d->state][way][below(d, num)];
}

/* Adds the letter to the move, and follows the machine.  It returns true if
 * another letter can follow unheard: the letter is one step of a flight. */
static bool add_letter(struct drawing *d, struct move *m, uint8_t letter)
{
    const struct machine *machine = &d->ground->machine;
    const struct machine_step step = machine->steps[d->state][letter];
    const bool goes_on =
        step.next != d->state && step.output == OUTPUT_SILENCE;

    m->letters[m->num++] = letter;
    d->state = step.next;
    return goes_on && m->num < MOVE_LETTERS &&
           !machine_is_sink(machine, d->state);
}

/* It wants its answer. */
static bool is_alone(const struct drawing *d, uint8_t letter)
{
    return strcmp(d->ground->alphabet.letters[letter]->name, DRAW_NEW) == 0;
}

static void draw_move(struct drawing *d, bool mutated)
{
    struct move *m = &d->out->moves[d->out->num++];
    uint8_t letter = draw_letter(d);
    bool more;

    *m = (struct move){0};
    if (mutated) {
        m->rounds = (uint8_t)(1 + below(d, ROUNDS_MAX));
        m->seed = kit_below(&d->random, UINT32_MAX);
    }
    do {
        more = add_letter(d, m, letter) && mutated && !is_alone(d, letter) &&
               below(d, 4) != 0;
        letter = draw_letter(d);
    } while (more && !is_alone(d, letter));
}

static void go_to(struct drawing *d, uint16_t state)
{
    const struct word *access = &d->ground->machine.access[state];

    for (size_t i = 0; i < access->len && i < TRIAL_MOVES / 2; i++) {
        struct move *m = &d->out->moves[d->out->num++];

        *m = (struct move){0};
        (void)add_letter(d, m, access->letters[i]);
    }
}

void trial_draw(struct trial *out, const struct ground *ground, uint64_t seed,
                uint64_t index)
{
    struct drawing d = {
        .ground = ground, .out = out, .random = fuzz_random(seed, index) | 1};
    size_t tail;

    out->num = 0;
    go_to(&d, ground->states[below(&d, ground->num)]);
    do {
        draw_move(&d, true);
    } while (below(&d, 3) != 0 && out->num < TRIAL_MOVES - TAIL_MAX);
    tail = below(&d, 2) * below(&d, TAIL_MAX);
    for (size_t i = 0; i < tail; i++) {
        draw_move(&d, false);
    }
}
