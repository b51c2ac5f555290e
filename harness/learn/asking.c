/* SPDX-License-Identifier: MIT */
/* Questions to a target (learn/asking.h). */
#include "learn/asking.h"

#include <string.h>

#define TRIES 3           /* of a word with an answer that contradicts */
#define MOST_PATIENCE 500 /* milliseconds of silence, at most */

static struct dialogue dialogue; /* too large for the stack */

void ask_init(struct ask *a, const struct ask_setup *setup)
{
    *a = (struct ask){.setup = setup, .quiet_ms = setup->dialogue.quiet_ms};
    outputs_init(&a->outputs);
    tree_init(&a->tree, setup->num_letters);
}

void ask_free(struct ask *a)
{
    outputs_free(&a->outputs);
    tree_free(&a->tree);
}

/* ---- one word ---- */

static bool say_letter(struct ask *a, struct dialogue *d, uint8_t letter,
                       uint16_t *output)
{
    const char *heard;

    d->voice.out.len = 0;
    a->setup->letters[letter]->say(&d->voice);
    line_send(&d->line, dtls_buf_bytes(&d->voice.out));
    heard = dialogue_hear(d, a->quiet_ms);
    voice_settle(&d->voice);
    a->num_letters++;
    if (a->outputs.num == OUTPUTS_MAX) {
        (void)snprintf(d->problem, sizeof d->problem,
                       "the target gives more than %d different answers",
                       OUTPUTS_MAX);
        return false;
    }
    *output = outputs_number(&a->outputs, heard);
    return d->problem[0] == '\0';
}

bool ask_plays(struct ask *a, const struct word *word, uint16_t *outputs)
{
    struct dialogue *d = &dialogue;
    bool ok;

    a->asked = *word;
    if (a->problem[0] == '\0' && a->goes_on != NULL && !a->goes_on(a->self)) {
        (void)snprintf(a->problem, sizeof a->problem, "interrupted");
    }
    if (a->problem[0] != '\0') {
        return false;
    }
    ok = dialogue_open(d, &a->setup->dialogue, a->evidence, a->now);
    for (size_t i = 0; ok && i < word->len; i++) {
        ok = say_letter(a, d, word->letters[i], &outputs[i]);
    }
    memcpy(a->problem, d->problem, sizeof a->problem);
    a->now = dialogue_close(d);
    a->num_words++;
    return ok;
}

/* ---- answers that are kept ---- */

void ask_print(FILE *out, const struct ask *a, const struct word *word,
               const uint16_t *outputs, const char *indent)
{
    for (size_t i = 0; i < word->len; i++) {
        (void)fprintf(out, "%s%s / %s\n", indent,
                      a->setup->letters[word->letters[i]]->name,
                      a->outputs.texts[outputs[i]]);
    }
}

/* The outputs of a word that is known. */
static void known_outputs(const struct ask *a, const struct word *word,
                          uint16_t *outputs)
{
    uint32_t node = TREE_ROOT;

    for (size_t i = 0; i < word->len; i++) {
        node = tree_child(&a->tree, node, word->letters[i]);
        outputs[i] = a->tree.nodes[node].output;
    }
}

/* The word has two answers up to this letter: nothing behind it counts. */
static void note_unsteady(struct ask *a, const struct word *word, size_t place,
                          const uint16_t *outputs)
{
    struct word front = *word;
    uint16_t before[WORD_MAX];

    front.len = place + 1;
    known_outputs(a, &front, before);
    a->num_unsteady++;
    if (a->setup->notes != NULL) {
        (void)fprintf(a->setup->notes, "the target answers a word in two "
                                       "ways; once\n");
        ask_print(a->setup->notes, a, &front, before, "  ");
        (void)fprintf(a->setup->notes, "and once\n");
        ask_print(a->setup->notes, a, &front, outputs, "  ");
    }
    tree_cut(&a->tree, &front);
}

/* Asks until an answer fits what is known, or TRIES are over. */
static bool settle(struct ask *a, const struct word *word, uint16_t *outputs)
{
    size_t fits = tree_add(&a->tree, word, outputs);

    for (int i = 0; i < TRIES && fits < word->len; i++) {
        if (a->setup->dialogue.driver->real_time &&
            a->quiet_ms < MOST_PATIENCE) {
            a->quiet_ms *= 2;
        }
        a->num_again++;
        if (!ask_plays(a, word, outputs)) {
            return false;
        }
        fits = tree_add(&a->tree, word, outputs);
    }
    if (fits < word->len) {
        note_unsteady(a, word, fits, outputs);
    }
    return true;
}

/* A first answer in which something is not as expected is asked for twice. */
static bool is_expected(const struct word *word, const uint16_t *outputs,
                        const uint16_t *expected)
{
    return expected != NULL &&
           memcmp(outputs, expected, word->len * sizeof *outputs) == 0;
}

uint32_t ask_knows(struct ask *a, const struct word *word,
                   const uint16_t *expected)
{
    const uint32_t node = tree_walk(&a->tree, TREE_ROOT, word);
    uint16_t outputs[WORD_MAX];

    if (node != TREE_NONE) {
        return node;
    }
    if (!ask_plays(a, word, outputs) || !settle(a, word, outputs)) {
        return TREE_NONE;
    }
    if (!is_expected(word, outputs, expected)) {
        a->num_again++;
        if (!ask_plays(a, word, outputs) || !settle(a, word, outputs)) {
            return TREE_NONE;
        }
    }
    return tree_walk(&a->tree, TREE_ROOT, word);
}
