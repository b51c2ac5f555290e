/* SPDX-License-Identifier: MIT */
/* The automata over a learned machine (learn/judge.h). */
#include "learn/judge.h"

#include "check/evidence.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct judging {
    struct ask *ask;
    const struct machine *machine;
    FILE *out;
    const char *evidence;
    struct verdicts *verdicts;
};

static bool save(const struct judging *j, const struct rules *rules,
                 const char *evidence)
{
    char folder[1024];

    (void)snprintf(folder, sizeof folder, "%s/%s", j->evidence, rules->name);
    if (!evidence_save(folder, evidence)) {
        (void)snprintf(j->ask->problem, sizeof j->ask->problem,
                       "--evidence %.200s: %s", folder, strerror(errno));
        return false;
    }
    return true;
}

/* Plays the word, with evidence if that is wanted. */
static bool replay(const struct judging *j, const struct rules *rules,
                   const struct word *word, uint16_t *outputs)
{
    char *text = NULL;
    size_t size = 0;
    bool ok;

    if (j->evidence == NULL) {
        return ask_plays(j->ask, word, outputs);
    }
    j->ask->evidence = open_memstream(&text, &size);
    assert(j->ask->evidence != NULL);
    evidence_heading(j->ask->evidence, rules->title);
    ok = ask_plays(j->ask, word, outputs);
    (void)fclose(j->ask->evidence);
    j->ask->evidence = NULL;
    ok = ok && save(j, rules, text);
    free(text);
    return ok;
}

static bool tell_hit(const struct judging *j, const struct rules *rules,
                     const struct word *word)
{
    uint16_t expected[WORD_MAX];
    uint16_t outputs[WORD_MAX];

    (void)machine_run(j->machine, 0, word, expected);
    if (!replay(j, rules, word, outputs)) {
        return false;
    }
    if (memcmp(expected, outputs, word->len * sizeof *outputs) != 0) {
        j->verdicts->errors++;
        return ask_knows(j->ask, word, expected) != TREE_NONE;
    }
    j->verdicts->hits++;
    (void)fprintf(j->out, "%s: %s (%s)\n", rules->name, rules->title,
                  rules->clause);
    ask_print(j->out, j->ask, word, outputs, "  ");
    return true;
}

static bool judge_text(const struct judging *j, const char *text)
{
    static struct rules rules; /* large */
    char problem[200] = "";
    char *copy = strdup(text);
    char *rest = copy;
    struct word word;
    bool ok = true;

    assert(copy != NULL);
    while (ok && rules_read(&rules, &rest, problem, sizeof problem)) {
        if (!rules_apply(&rules, j->machine->tags)) {
            continue;
        }
        j->verdicts->tried++;
        ok = !rules_find(&rules, j->machine, &word) ||
             tell_hit(j, &rules, &word);
    }
    if (problem[0] != '\0') {
        (void)snprintf(j->ask->problem, sizeof j->ask->problem, "%s", problem);
        ok = false;
    }
    free(copy);
    return ok;
}

bool judge_machine(struct ask *ask, const struct machine *machine, FILE *out,
                   const char *evidence, struct verdicts *verdicts)
{
    const struct judging j = {ask, machine, out, evidence, verdicts};
    bool ok = true;

    *verdicts = (struct verdicts){0};
    for (size_t i = 0; all_rules[i] != NULL && ok; i++) {
        ok = judge_text(&j, all_rules[i]);
    }
    return ok;
}
