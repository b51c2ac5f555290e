/* SPDX-License-Identifier: MIT */
/* The automata over learned machines (learn/rules.h): each is whole, and flags
 * its own counterexample, by a word that is not longer than that. */
#include "learn/rules.h"

#include "kit/kit.h"

/* The tags of every machine that an automaton can be for. */
static const char *const kinds[] = {
    "server psk one-way listener",
    "server ecdhe ephemeral certificates client-auth require listener",
    "client ecdhe ephemeral certificates client-auth",
    "client rsa certificates one-way",
    "client psk one-way",
    "client ecdhe-psk ephemeral one-way",
};

static void each(void (*check)(const struct rules *rules))
{
    static struct rules rules; /* large */
    char problem[200];

    for (size_t i = 0; all_rules[i] != NULL; i++) {
        char *text = strdup(all_rules[i]);
        char *rest = text;

        kit_row("text %zu", i);
        while (rules_read(&rules, &rest, problem, sizeof problem)) {
            kit_row("%s", rules.name);
            check(&rules);
        }
        assert_string_equal(problem, "");
        free(text);
    }
}

static void flags_its_own(const struct rules *rules)
{
    static struct machine m; /* large */
    struct outputs outputs;
    struct word word;

    outputs_init(&outputs);
    rules_counterexample(rules, &m, &outputs);
    assert_true(rules_find(rules, &m, &word));
    assert_true(word.len <= rules->num_wrong);
    outputs_free(&outputs);
}

static void each_automaton_flags_its_counterexample(void **state)
{
    (void)state;
    each(flags_its_own);
}

static void is_for_some_machine(const struct rules *rules)
{
    bool found = false;

    for (size_t i = 0; i < LEN(kinds); i++) {
        found = found || rules_apply(rules, kinds[i]);
    }
    assert_true(found);
}

static void each_automaton_is_for_some_machine(void **state)
{
    (void)state;
    each(is_for_some_machine);
}

static void bad_line_is_told(void **state)
{
    static struct rules rules;
    static const char *const bad[] = {
        "X a title\n",
        "X a title\nclause c\nfor server\nstart: a / b -> BAD\n",
        "X a title\nclause c\nfor server\nstart: a -> BAD\nwrong a / b\n",
        "X a title\nclause c\nfor server\nstart: a / b BAD\nwrong a / b\n",
        "X a title\nclause c\nfor server\nstart: a / b -> BAD\nwrong a\n",
        "X a title\nfor server\nstart: a / b -> BAD\nwrong a / b\n",
        "X a title\nclause c\nstart: a / b -> BAD\nwrong a / b\n",
        "X\n",
    };
    char problem[200];

    (void)state;
    for (size_t i = 0; i < LEN(bad); i++) {
        char *text = strdup(bad[i]);
        char *rest = text;

        kit_row("%s", bad[i]);
        assert_false(rules_read(&rules, &rest, problem, sizeof problem));
        assert_true(problem[0] != '\0');
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_automaton_flags_its_counterexample),
        cmocka_unit_test(each_automaton_is_for_some_machine),
        cmocka_unit_test(bad_line_is_told),
    };

    return kit_run(tests);
}
