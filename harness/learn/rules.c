/* SPDX-License-Identifier: MIT */
/* Automata over what went over the line (learn/rules.h). */
#include "learn/rules.h"
#include "learn/search.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <string.h>

#define PATTERN_MAX 256 /* bytes of one pattern of an input or an output */

/* ---- reading ---- */

struct reading {
    struct rules *out;
    char *problem;
    size_t problem_size;
};

__attribute__((format(printf, 2, 3))) static bool complain(
    const struct reading *r, const char *format, ...)
{
    va_list more;

    va_start(more, format);
    (void)vsnprintf(r->problem, r->problem_size, format, more);
    va_end(more);
    return false;
}

/* Takes the text before `between` off the front of `*rest`, without blanks
 * around it; NULL if that does not stand there. */
static char *cut(char **rest, const char *between)
{
    char *begin = *rest + strspn(*rest, " ");
    char *end = strstr(begin, between);

    if (end == NULL) {
        return NULL;
    }
    *rest = end + strlen(between);
    *rest += strspn(*rest, " ");
    while (end > begin && end[-1] == ' ') {
        end--;
    }
    *end = '\0';
    return begin;
}

static bool find_state(const struct reading *r, const char *name, uint8_t *out)
{
    struct rules *rules = r->out;
    size_t i = 0;

    while (i < rules->num_states && strcmp(rules->states[i], name) != 0) {
        i++;
    }
    if (i == RULES_STATES) {
        return complain(r, "%s: too many states", rules->name);
    }
    if (i == rules->num_states) {
        rules->states[rules->num_states++] = name;
    }
    *out = (uint8_t)i;
    return true;
}

static bool read_rule(const struct reading *r, char *line)
{
    struct rules *rules = r->out;
    struct rule *rule = &rules->rules[rules->num];
    const char *from = cut(&line, ":");

    if (rules->num == RULES_MAX) {
        return complain(r, "%s: too many rules", rules->name);
    }
    if (from == NULL || (rule->inputs = cut(&line, " / ")) == NULL ||
        (rule->outputs = cut(&line, " -> ")) == NULL || *line == '\0') {
        return complain(r, "%s: not STATE: INPUT / OUTPUT -> STATE",
                        rules->name);
    }
    rules->num++;
    return find_state(r, from, &rule->from) && find_state(r, line, &rule->to);
}

static bool read_wrong(const struct reading *r, char *line)
{
    struct rules *rules = r->out;
    const char *input = cut(&line, " / ");

    if (input == NULL || *line == '\0' || rules->num_wrong == WORD_MAX) {
        return complain(r, "%s: not wrong INPUT / OUTPUT", rules->name);
    }
    rules->inputs[rules->num_wrong] = input;
    rules->outputs[rules->num_wrong++] = line;
    return true;
}

/* A line of an automaton behind its first one. */
static bool read_line(const struct reading *r, char *line)
{
    struct rules *rules = r->out;

    if (strncmp(line, "clause ", 7) == 0) {
        rules->clause = line + 7;
        return true;
    }
    if (strncmp(line, "for ", 4) == 0) {
        rules->tags = line + 4;
        return true;
    }
    return strncmp(line, "wrong ", 6) == 0 ? read_wrong(r, line + 6)
                                           : read_rule(r, line);
}

static bool is_whole(const struct reading *r)
{
    const struct rules *rules = r->out;

    if (rules->clause == NULL || rules->tags == NULL || rules->num == 0 ||
        rules->num_wrong == 0) {
        return complain(r, "%s: a clause, `for`, rules or `wrong` is missing",
                        rules->name);
    }
    return true;
}

bool rules_read(struct rules *out, char **text, char *problem,
                size_t problem_size)
{
    const struct reading r = {out, problem, problem_size};
    char *line;
    bool ok = true;

    memset(out, 0, sizeof *out);
    problem[0] = '\0';
    out->states[RULES_BAD] = "BAD";
    out->states[RULES_GOOD] = "GOOD";
    out->num_states = RULES_FIRST;
    while (ok && (line = strsep(text, "\n")) != NULL) {
        if (*line == '#') {
            continue;
        }
        if (*line == '\0') {
            if (out->name != NULL) {
                break;
            }
        } else if (out->name == NULL) {
            out->title = line;
            out->name = cut((char **)(uintptr_t)&out->title, " ");
            ok = out->name != NULL || complain(&r, "%s: no title", line);
        } else {
            ok = read_line(&r, line);
        }
    }
    return ok && out->name != NULL && is_whole(&r);
}

/* ---- a machine's word ---- */

bool rules_apply(const struct rules *rules, const char *tags)
{
    char own[PATTERN_MAX];
    char wanted[PATTERN_MAX];
    char *rest = wanted;
    const char *tag;

    (void)snprintf(own, sizeof own, " %s ", tags);
    (void)snprintf(wanted, sizeof wanted, "%s", rules->tags);
    while ((tag = strsep(&rest, " ")) != NULL) {
        char one[PATTERN_MAX];

        (void)snprintf(one, sizeof one, " %.200s ", tag);
        if (strstr(own, one) == NULL) {
            return false;
        }
    }
    return true;
}

static bool fits(const char *patterns, const char *text)
{
    char one[PATTERN_MAX];
    const char *end;

    for (; patterns != NULL; patterns = end == NULL ? NULL : end + 3) {
        end = strstr(patterns, " | ");
        (void)snprintf(one, sizeof one, "%.*s",
                       end == NULL ? (int)strlen(patterns)
                                   : (int)(end - patterns),
                       patterns);
        if (fnmatch(one, text, 0) == 0) {
            return true;
        }
    }
    return false;
}

uint8_t rules_step(const struct rules *rules, uint8_t state, const char *input,
                   const char *output)
{
    for (size_t i = 0; i < rules->num; i++) {
        const struct rule *rule = &rules->rules[i];

        if (rule->from == state && fits(rule->inputs, input) &&
            fits(rule->outputs, output)) {
            return rule->to;
        }
    }
    return state;
}

bool rules_find(const struct rules *rules, const struct machine *m,
                struct word *out)
{
    struct search search;
    bool found = false;

    search_begin(&search, m->num_states, rules->num_states, 0, RULES_FIRST);
    for (uint32_t at = 0; at < search.num && !found; at++) {
        const struct search_place p = search.places[at];

        for (size_t i = 0; i < m->num_letters && !found; i++) {
            const struct machine_step *s = &m->steps[p.a][i];
            const uint8_t next = rules_step(rules, (uint8_t)p.b, m->letters[i],
                                            m->outputs->texts[s->output]);

            if (next != RULES_GOOD &&
                search_come(&search, at, (uint8_t)i, s->next, next) &&
                next == RULES_BAD) {
                search_word(&search, search.num - 1, out);
                found = true;
            }
        }
    }
    search_end(&search);
    return found;
}

static uint8_t letter_of(struct machine *m, const char *name)
{
    const size_t i = machine_letter(m, name);

    if (i == m->num_letters) {
        assert(m->num_letters < LETTERS_MAX);
        m->letters[m->num_letters++] = name;
    }
    return (uint8_t)i;
}

void rules_counterexample(const struct rules *rules, struct machine *out,
                          struct outputs *outputs)
{
    out->num_letters = 0;
    out->outputs = outputs;
    out->num_states = rules->num_wrong + 1;
    out->tags = rules->tags;
    for (uint16_t s = 0; s < out->num_states; s++) {
        for (size_t i = 0; i < LETTERS_MAX; i++) {
            out->steps[s][i] = (struct machine_step){OUTPUT_SILENCE, s};
        }
    }
    for (size_t s = 0; s < rules->num_wrong; s++) {
        out->steps[s][letter_of(out, rules->inputs[s])] =
            (struct machine_step){outputs_number(outputs, rules->outputs[s]),
                                  (uint16_t)(s + 1)};
    }
}
