/* SPDX-License-Identifier: MIT */
/* Questions to a target (learn/asking.h). */
#include "learn/asking.h"

#include "check/line.h"

#include <stdarg.h>
#include <string.h>

#define TRIES 3           /* of a word with an answer that contradicts */
#define MOST_PATIENCE 500 /* milliseconds of silence, at most */
#define FATAL 2
#define HANDSHAKE_FAILURE 40

/* One association. */
struct talk {
    struct ask *ask;
    struct voice_setup setup;
    struct line line;
    struct voice voice;
    char heard[VOICE_HEARD_MAX];
};

static struct talk talk; /* too large for the stack */

void ask_init(struct ask *a, const struct ask_setup *setup)
{
    *a = (struct ask){.setup = setup, .quiet_ms = setup->quiet_ms};
    outputs_init(&a->outputs);
    tree_init(&a->tree, setup->num_letters);
}

void ask_free(struct ask *a)
{
    outputs_free(&a->outputs);
    tree_free(&a->tree);
}

__attribute__((format(printf, 2, 3))) static bool stop(struct ask *a,
                                                       const char *format, ...)
{
    va_list more;

    if (a->problem[0] == '\0') {
        va_start(more, format);
        (void)vsnprintf(a->problem, sizeof a->problem, format, more);
        va_end(more);
    }
    return false;
}

/* ---- one word ---- */

/* Hears until the target has been silent for `patience`. */
static void hear(struct talk *t, unsigned patience)
{
    struct dtls_bytes datagram;

    t->heard[0] = '\0';
    while (line_next(&t->line, &datagram, t->line.now + patience)) {
        voice_hears(&t->voice, t->heard, datagram);
    }
    if (t->line.floods) {
        (void)stop(t->ask, "the target floods");
    }
}

/* A client speaks first. */
static bool hear_first(struct talk *t)
{
    const struct ask_setup *s = t->ask->setup;
    const uint64_t until = t->line.now + s->live_ms;
    struct dtls_bytes datagram;

    line_start(&t->line);
    if (!line_next(&t->line, &datagram, until)) {
        return stop(t->ask, "the client says nothing: %s",
                    t->line.sut->why[0] == '\0' ? "no datagram came"
                                                : t->line.sut->why);
    }
    t->heard[0] = '\0';
    voice_hears(&t->voice, t->heard, datagram);
    return t->voice.has_hello ||
           stop(t->ask, "the client's first datagram is no ClientHello: %s",
                t->heard);
}

static bool open_talk(struct talk *t, struct ask *a)
{
    const struct ask_setup *s = a->setup;

    t->ask = a;
    t->line.evidence = a->evidence;
    t->setup = s->voice;
    t->setup.keylog = a->evidence;
    voice_init(&t->voice, &t->setup);
    if (!line_open(&t->line, s->driver, &s->target, a->now)) {
        return stop(a, "the target cannot be started: %s",
                    t->line.sut == NULL ? "no such end" : t->line.sut->why);
    }
    return s->target.role == SUT_SERVER || hear_first(t);
}

/* Leaves nothing half open at a target in another process. */
static void take_leave(struct talk *t)
{
    struct voice *v = &t->voice;

    if (t->line.sut == NULL || !t->ask->setup->driver->real_time ||
        v->heard_fatal) {
        return;
    }
    v->out.len = 0;
    voice_say_alert(v, FATAL, HANDSHAKE_FAILURE);
    line_send(&t->line, dtls_buf_bytes(&v->out));
}

static void close_talk(struct talk *t)
{
    take_leave(t);
    line_close(&t->line);
    t->ask->now = t->line.now;
    voice_free(&t->voice);
}

/* A target that has left says so in its last output. */
static const char *text_of(struct talk *t)
{
    const struct sut *sut = t->line.sut;

    if (t->heard[0] != '\0') {
        return t->heard;
    }
    return sut->driver->real_time && sut->state == SUT_FAILED ? "gone"
                                                              : SILENCE;
}

static bool say_letter(struct talk *t, uint8_t letter, uint16_t *output)
{
    struct ask *a = t->ask;

    t->voice.out.len = 0;
    a->setup->letters[letter]->say(&t->voice);
    line_send(&t->line, dtls_buf_bytes(&t->voice.out));
    hear(t, a->quiet_ms);
    voice_settle(&t->voice);
    a->num_letters++;
    if (a->outputs.num == OUTPUTS_MAX) {
        return stop(a, "the target gives more than %d different answers",
                    OUTPUTS_MAX);
    }
    *output = outputs_number(&a->outputs, text_of(t));
    return a->problem[0] == '\0';
}

bool ask_plays(struct ask *a, const struct word *word, uint16_t *outputs)
{
    bool ok = a->problem[0] == '\0';

    a->asked = *word;
    ok = ok && open_talk(&talk, a);
    for (size_t i = 0; ok && i < word->len; i++) {
        ok = say_letter(&talk, word->letters[i], &outputs[i]);
    }
    close_talk(&talk);
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
        if (a->setup->driver->real_time && a->quiet_ms < MOST_PATIENCE) {
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
