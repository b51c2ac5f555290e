/* SPDX-License-Identifier: MIT */
/* The machine from whose states trials begin (fuzz/survey.h). */
#include "fuzz/survey.h"

#include "lab/children.h"
#include "learn/learner.h"
#include "learn/machine_write.h"
#include "sut/virtual_clock.h"

#include <stdlib.h>
#include <string.h>

#define WORDS 500    /* that doubt a learned machine */
#define SECONDS 1200 /* for all of it */
#define GREETINGS 3
#define PATIENCE 6 /* times as much each time */
#define COMPLAINT "PROBLEM "

struct survey {
    const struct aim *aim;
    void (*find)(struct survey *survey); /* writes `machine` or a problem */
    struct saved_machine *result;
    char *problem;
    size_t problem_size;
    bool ok;
    struct ask ask;
    struct machine machine;
};

/* ---- in the process of its own ---- */

static void learn(struct survey *s)
{
    const struct doubt doubt = {.num_words = WORDS,
                                .handshake = s->aim->handshake,
                                .seed = s->aim->ask.dialogue.voice.seed};
    struct learner learner = {.ask = &s->ask};

    (void)learner_run(&learner, &s->machine, &doubt);
}

static size_t find_letter(const struct survey *s, const char *name)
{
    size_t i = 0;

    while (i < s->aim->ask.num_letters &&
           strcmp(s->aim->ask.letters[i]->name, name) != 0) {
        i++;
    }
    return i;
}

/* The honest handshake, and another one in its keys.  There, a server asks for
 * no cookie, and a client is asked to begin. */
static void double_word(const struct survey *s, struct word *out)
{
    const bool is_client = s->aim->ask.dialogue.target.role == SUT_CLIENT;
    const struct word *once = &s->aim->handshake;
    const size_t cookie = find_letter(s, is_client ? "HelloVerifyRequest"
                                                   : "ClientHello(cookie)");

    *out = *once;
    if (is_client) {
        word_add(out, (uint8_t)find_letter(s, "HelloRequest"));
    }
    for (size_t i = 0; i < once->len; i++) {
        if (once->letters[i] != cookie) {
            word_add(out, once->letters[i]);
        }
    }
}

/* A machine with a step for each letter; everything else is silence. */
static void make_path(struct machine *m, const struct word *word,
                      const uint16_t *outputs, size_t len)
{
    m->num_states = len + 1;
    for (uint16_t state = 0; state <= len; state++) {
        for (size_t i = 0; i < m->num_letters; i++) {
            m->steps[state][i] = (struct machine_step){OUTPUT_SILENCE, state};
        }
        if (state < len) {
            m->steps[state][word->letters[state]] =
                (struct machine_step){outputs[state], (uint16_t)(state + 1)};
        }
    }
    /* In its last state the target sends data back. */
    m->steps[len][word->letters[len - 1]] =
        (struct machine_step){outputs[len - 1], (uint16_t)len};
}

static void walk(struct survey *s)
{
    struct word word;
    uint16_t outputs[WORD_MAX];
    size_t len;

    double_word(s, &word);
    if (!ask_plays(&s->ask, &word, outputs)) {
        return;
    }
    /* A target that declines has the first handshake only. */
    len = strcmp(s->ask.outputs.texts[outputs[word.len - 1]], "Data") == 0 &&
                  strstr(s->ask.outputs.texts[outputs[word.len - 2]],
                         "Finished") != NULL
              ? word.len
              : s->aim->handshake.len;
    for (size_t i = 0; i < s->aim->ask.num_letters; i++) {
        s->machine.letters[i] = s->aim->ask.letters[i]->name;
    }
    s->machine.num_letters = s->aim->ask.num_letters;
    s->machine.outputs = &s->ask.outputs;
    make_path(&s->machine, &word, outputs, len);
}

/* The honest handshake must work, or nothing is tried but refusals.  Outside
 * of this process it is tried with more patience each time. */
static bool greets(struct survey *s)
{
    const struct word *word = &s->aim->handshake;
    const bool real = s->aim->ask.dialogue.driver->real_time;
    uint16_t outputs[WORD_MAX];
    const char *last = "";

    for (int i = 0; i < (real ? GREETINGS : 1); i++) {
        s->ask.quiet_ms *= real ? PATIENCE : 1;
        if (!ask_plays(&s->ask, word, outputs)) {
            return false;
        }
        last = s->ask.outputs.texts[outputs[word->len - 1]];
        if (strstr(last, "Data") != NULL) {
            return true;
        }
    }
    (void)snprintf(s->ask.problem, sizeof s->ask.problem,
                   "no data comes back behind an honest handshake: %.100s",
                   last);
    return false;
}

static void find(void *self)
{
    struct survey *s = self;

    ask_init(&s->ask, &s->aim->ask);
    s->machine.tags = s->aim->tags;
    s->machine.target = "";
    if (greets(s)) {
        s->find(s);
    }
}

static void work(void *self, size_t piece, FILE *out)
{
    static const struct machine_cost no_cost;
    struct survey *s = self;
    const struct sut_driver *driver = s->aim->ask.dialogue.driver;

    (void)piece;
    sut_seed(s->aim->ask.dialogue.voice.seed);
    if (driver->in_kernel != NULL) {
        driver->in_kernel(find, s);
    } else {
        find(s);
    }
    if (s->ask.problem[0] != '\0') {
        (void)fprintf(out, COMPLAINT "%s\n", s->ask.problem);
    } else {
        machine_json(out, &s->machine, &no_cost);
    }
}

/* ---- in ours ---- */

static void done(void *self, size_t piece, const char *said, size_t len,
                 const char *death)
{
    struct survey *s = self;
    FILE *in = len == 0 ? NULL : fmemopen((char *)(uintptr_t)said, len, "r");

    (void)piece;
    if (death == NULL && in != NULL &&
        strncmp(said, COMPLAINT, strlen(COMPLAINT)) != 0 &&
        machine_read(s->result, in)) {
        s->ok = true;
    } else if (death != NULL) {
        (void)snprintf(s->problem, s->problem_size,
                       "the target cannot be surveyed: %s", death);
    } else {
        (void)snprintf(s->problem, s->problem_size, "%.*s",
                       (int)strcspn(said + strlen(COMPLAINT), "\n"),
                       said + strlen(COMPLAINT));
    }
    if (in != NULL) {
        (void)fclose(in);
    }
}

static bool survey(struct survey *s, const volatile int *stop)
{
    const struct children children = {.num = 1,
                                      .jobs = 1,
                                      .seconds = SECONDS,
                                      .self = s,
                                      .work = work,
                                      .done = done,
                                      .stop = stop};

    (void)snprintf(s->problem, s->problem_size, "interrupted");
    return children_run(&children) && s->ok;
}

bool survey_machine(struct saved_machine *out, const struct aim *aim,
                    enum survey_kind kind, char *problem, size_t problem_size,
                    const volatile int *stop)
{
    static struct survey s; /* large */

    s = (struct survey){.aim = aim,
                        .find = kind == SURVEY_LEARNS ? learn : walk,
                        .result = out,
                        .problem = problem,
                        .problem_size = problem_size};
    return survey(&s, stop);
}
