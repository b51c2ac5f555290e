/* SPDX-License-Identifier: MIT */
/* All readings at once (fuzz/referee.h). */
#include "fuzz/referee.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 16 /* of an answer */
#define NOT_KNOWN 0xff
#define UNREADABLE "unreadable"

/* One bit for each state of the automaton; of tainted readings in [1]. */
struct readings {
    uint64_t bits[2];
};

struct referee {
    char *text; /* of the rules, on the heap */
    struct rules rules;
    struct alphabet alphabet;
    struct outputs outputs; /* answers, and parts of them, by number */
    struct readings now;
    /* The letters that have gone out in this association: as they were meant
     * ([1]), and altered.  What comes too early may be kept for later. */
    bool sent[LETTERS_MAX][2];
    char place[100]; /* of the last wrong answer */
    uint8_t done;    /* the automaton's state behind a complete handshake */
    /* rules_step by state, letter and output. */
    uint8_t steps[RULES_STATES][LETTERS_MAX][OUTPUTS_MAX];
};

/* ---- the automaton ---- */

static bool find_rules(struct referee *r, const char *tags)
{
    char problem[200];

    for (size_t i = 0; all_rules[i] != NULL; i++) {
        char *rest;

        r->text = strdup(all_rules[i]);
        assert(r->text != NULL);
        rest = r->text;
        while (rules_read(&r->rules, &rest, problem, sizeof problem)) {
            if (fnmatch("specification*", r->rules.name, 0) == 0 &&
                rules_apply(&r->rules, tags)) {
                return true;
            }
        }
        free(r->text);
        r->text = NULL;
    }
    return false;
}

static uint8_t find_done(const struct rules *rules)
{
    for (size_t i = 0; i < rules->num_states; i++) {
        if (strcmp(rules->states[i], "done") == 0) {
            return (uint8_t)i;
        }
    }
    return RULES_BAD;
}

struct referee *referee_new(const struct alphabet *alphabet, const char *tags)
{
    struct referee *r = calloc(1, sizeof *r);

    assert(r != NULL);
    r->alphabet = *alphabet;
    outputs_init(&r->outputs);
    memset(r->steps, NOT_KNOWN, sizeof r->steps);
    if (!find_rules(r, tags)) {
        referee_free(r);
        return NULL;
    }
    r->done = find_done(&r->rules);
    referee_begins(r);
    return r;
}

void referee_free(struct referee *r)
{
    if (r != NULL) {
        outputs_free(&r->outputs);
        free(r->text);
        free(r);
    }
}

void referee_begins(struct referee *r)
{
    r->now = (struct readings){{(uint64_t)1 << RULES_FIRST, 0}};
    memset(r->sent, 0, sizeof r->sent);
}

void referee_rests(struct referee *r)
{
    r->now.bits[0] |= (uint64_t)1 << RULES_GOOD;
}

/* The states of the readings before the wrong answer. */
static void tell_readings(struct referee *r)
{
    size_t len = 0;

    r->place[0] = '\0';
    for (uint8_t s = 0; s < r->rules.num_states && len < sizeof r->place;
         s++) {
        if (((r->now.bits[0] | r->now.bits[1]) >> s & 1) != 0) {
            len +=
                (size_t)snprintf(r->place + len, sizeof r->place - len, "%s%s",
                                 len == 0 ? "" : " or ", r->rules.states[s]);
        }
    }
}

const char *referee_place(const struct referee *r)
{
    return r->place;
}

const char *referee_clause(const struct referee *r)
{
    return r->rules.clause;
}

static uint8_t step(struct referee *r, uint8_t state, uint8_t letter,
                    uint16_t output)
{
    uint8_t *known = &r->steps[state][letter][output];

    if (*known == NOT_KNOWN) {
        *known =
            rules_step(&r->rules, state, r->alphabet.letters[letter]->name,
                       r->outputs.texts[output]);
    }
    return *known;
}

/* ---- readings ---- */

/* An answer in its parts. */
struct parts {
    char texts[PARTS_MAX][VOICE_HEARD_MAX];
    size_t num;
    /* The parts from one place to before another as one text, by number. */
    uint16_t outputs[PARTS_MAX + 1][PARTS_MAX + 1];
};

/* Readings by how many parts of the answer they have explained. */
struct table {
    struct referee *referee;
    const struct parts *parts;
    struct readings at[PARTS_MAX + 1];
    bool changed;
};

static void come_to(struct table *t, size_t place, uint8_t state, bool tainted)
{
    const uint64_t bit = (uint64_t)1 << state;

    if ((t->at[place].bits[tainted] & bit) == 0) {
        t->at[place].bits[tainted] |= bit;
        t->changed = true;
    }
}

/* Messages of a handshake are in its transcript. */
static bool is_hashed(const char *letter)
{
    static const char *const others[] = {"ClientHello*",
                                         "HelloRequest",
                                         "HelloVerifyRequest",
                                         "ChangeCipherSpec",
                                         "Data*",
                                         "warning",
                                         "fatal",
                                         "close_notify"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (fnmatch(others[i], letter, 0) == 0) {
            return false;
        }
    }
    return true;
}

/* A hello that is answered begins a transcript. */
static bool is_tainted_behind(const struct referee *r, uint8_t letter,
                              bool whole, const char *answer, bool tainted)
{
    if (strstr(answer, "ServerHello") != NULL ||
        strstr(answer, "ClientHello") != NULL) {
        return !whole;
    }
    return tainted || (!whole && is_hashed(r->alphabet.letters[letter]->name));
}

/* The parts from `from` to before `to` as one text.  What the voice cannot
 * read is sealed with keys of another transcript, and may be a Finished. */
static void join(char out[VOICE_HEARD_MAX], const struct parts *parts,
                 size_t from, size_t to)
{
    size_t len = 0;

    (void)snprintf(out, VOICE_HEARD_MAX, "%s", SILENCE);
    for (size_t i = from; i < to && len < VOICE_HEARD_MAX; i++) {
        const char *part = parts->texts[i];

        if (strcmp(part, UNREADABLE) == 0) {
            part = "Finished";
        }
        len += (size_t)snprintf(out + len, VOICE_HEARD_MAX - len, "%s%s",
                                i == from ? "" : "+", part);
    }
}

/* The target takes a letter and answers with some parts. */
static void take(struct table *t, size_t place, uint8_t state, bool tainted,
                 uint8_t letter, bool whole)
{
    struct referee *r = t->referee;

    for (size_t to = place; to <= t->parts->num; to++) {
        const uint16_t output = t->parts->outputs[place][to];
        const uint8_t next =
            state < RULES_FIRST ? state : step(r, state, letter, output);
        const bool spoilt = is_tainted_behind(
            r, letter, whole, r->outputs.texts[output], tainted);

        if (next != RULES_BAD &&
            !(spoilt && next == r->done && state != r->done)) {
            come_to(t, to, next, spoilt);
        }
    }
}

/* What a target may say to anything. */
static bool is_harmless(const char *part)
{
    return strcmp(part, "repeat") == 0 || strcmp(part, "close_notify") == 0 ||
           strcmp(part, "gone") == 0 || strncmp(part, "fatal:", 6) == 0 ||
           strncmp(part, "warning:", 8) == 0 || strcmp(part, UNREADABLE) == 0;
}

static void pass_over(struct table *t, size_t place, uint8_t state,
                      bool tainted)
{
    if (place < t->parts->num &&
        (state == RULES_GOOD || is_harmless(t->parts->texts[place]))) {
        come_to(t, place + 1, state, tainted);
    }
}

static void spread(struct table *t, size_t place, bool tainted)
{
    const struct referee *r = t->referee;

    for (uint8_t s = 0; s < r->rules.num_states; s++) {
        if ((t->at[place].bits[tainted] >> s & 1) == 0) {
            continue;
        }
        pass_over(t, place, s, tainted);
        for (uint8_t i = 0; i < r->alphabet.num; i++) {
            for (int whole = 0; whole <= 1; whole++) {
                if (r->sent[i][whole]) {
                    take(t, place, s, tainted, i, whole != 0);
                }
            }
        }
    }
}

static void number_parts(struct referee *r, struct parts *parts)
{
    char text[VOICE_HEARD_MAX];

    for (size_t from = 0; from <= parts->num; from++) {
        for (size_t to = from; to <= parts->num; to++) {
            join(text, parts, from, to);
            parts->outputs[from][to] = r->outputs.num == OUTPUTS_MAX
                                           ? OUTPUT_SILENCE
                                           : outputs_number(&r->outputs, text);
        }
    }
}

static void split(struct parts *out, const char *answer)
{
    out->num = 0;
    while (strcmp(answer, SILENCE) != 0 && *answer != '\0' &&
           out->num < PARTS_MAX) {
        const size_t len = strcspn(answer, "+");

        (void)snprintf(out->texts[out->num++], VOICE_HEARD_MAX, "%.*s",
                       (int)len, answer);
        answer += len + (answer[len] == '+');
    }
}

static uint8_t letter_named(const struct alphabet *a, const char *name)
{
    uint8_t i = 0;

    while (strcmp(a->letters[i]->name, name) != 0) {
        i++;
        assert(i < a->num);
    }
    return i;
}

/* Mutation may make one of these of anything. */
static const char *const made[] = {"Data", "warning", "HelloRequest"};
enum { NUM_MADE = sizeof made / sizeof *made };

/* A message that is odd in its epoch or number, or that comes early or again,
 * is an honest one if the mutation takes that away, or if the one before it
 * was lost.  NULL: it never is. */
static const char *honest_one_of(const char *letter)
{
    static const char *const odd[][2] = {
        {"Finished(again)", "Finished"},
        {"Finished(clear)", "Finished"},
        {"ChangeCipherSpec(early)", "ChangeCipherSpec"},
        {"ClientHello(number skipped)", "ClientHello"},
    };

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if (strcmp(letter, odd[i][0]) == 0) {
            return odd[i][1];
        }
    }
    return NULL;
}

static void note_said(struct referee *r, const struct said *said)
{
    const bool mutated = said->move->rounds != 0;

    for (size_t i = 0; i < said->move->num; i++) {
        const uint8_t letter = said->move->letters[i];
        const char *honest = honest_one_of(r->alphabet.letters[letter]->name);

        r->sent[letter][0] |= mutated;
        r->sent[letter][1] |= said->whole[i];
        if (honest != NULL) {
            r->sent[letter_named(&r->alphabet, honest)][1] = true;
        }
    }
    for (size_t i = 0; mutated && i < NUM_MADE; i++) {
        r->sent[letter_named(&r->alphabet, made[i])][1] = true;
    }
}

bool referee_allows(struct referee *r, const struct said *said,
                    const char *answer)
{
    static struct parts parts; /* large */
    struct table t = {.referee = r, .parts = &parts};

    if (said != NULL) {
        note_said(r, said);
    }
    split(&parts, answer);
    number_parts(r, &parts);
    t.at[0] = r->now;
    for (size_t place = 0; place <= parts.num; place++) {
        do {
            t.changed = false;
            spread(&t, place, false);
            spread(&t, place, true);
        } while (t.changed);
    }
    if ((t.at[parts.num].bits[0] | t.at[parts.num].bits[1]) != 0 ||
        r->outputs.num == OUTPUTS_MAX) {
        r->now = t.at[parts.num];
        return true;
    }
    tell_readings(r);
    referee_rests(r);
    return false;
}
