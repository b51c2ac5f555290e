/* SPDX-License-Identifier: MIT */
/* Which cases a target gets (check/cases.h). */
#include "check/cases.h"

#include "check/covering.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(NUM_PARAMETERS <= COVERING_PARAMETERS_MAX &&
                   COMBINATIONS_VALUES_MAX < 255,
               "covering.c takes them all");

/* The parameters of a check that have more than one value, and the suite,
 * which is the first. */
struct choices {
    size_t num;
    enum parameter parameters[NUM_PARAMETERS];
    uint16_t values[NUM_PARAMETERS][COMBINATIONS_VALUES_MAX + 1];
    size_t sizes[NUM_PARAMETERS];
    size_t without_etm; /* a suite that stands before, now without ETM; 0:
                         * there is none */
};

/* What the cases of a check in a role have in common. */
struct adding {
    struct check_cases *out;
    const struct target *target;
    const struct case_selection *selection;
    struct check_case item;
};

/* ---- names ---- */

void case_name(struct check_case *item)
{
    struct combination rest = item->with;
    char text[COMBINATION_MAX];
    int len = snprintf(item->id, sizeof item->id, "%s/%s", item->check->id,
                       item->role == SUT_CLIENT ? "client" : "server");
    size_t used = (size_t)len;

    rest.values[WITH_suite] = 0;
    combination_write(text, sizeof text, &rest, ",");
    if (item->suite != NULL) {
        used += (size_t)snprintf(item->id + used, sizeof item->id - used,
                                 "/%04x", item->suite->id);
    }
    if (*text != '\0') {
        (void)snprintf(item->id + used, sizeof item->id - used, "/%s", text);
    }
}

bool case_matches(const char *only, const struct check_case *item)
{
    char name[64];

    (void)snprintf(name, sizeof name, "%s/%s", item->check->id,
                   item->role == SUT_CLIENT ? "client" : "server");
    return only == NULL || fnmatch(only, item->id, 0) == 0 ||
           fnmatch(only, item->check->id, 0) == 0 ||
           fnmatch(only, name, 0) == 0;
}

/* ---- values ---- */

size_t case_suites(const struct check *check, const struct target *t,
                   const struct dtls_suite *out[ICS_SUITES_MAX])
{
    const struct dtls_suite *all[ICS_SUITES_MAX];
    size_t num_all = ics_suites(t->ics, all);
    size_t num = 0;

    for (size_t i = 0; i < num_all; i++) {
        if ((all[i]->kx == DTLS_KX_ECJPAKE) == check->password &&
            (check->suits == NULL || check->suits(all[i]))) {
            out[num++] = all[i];
        }
    }
    return num;
}

/* Do the two suites have the same value of every parameter that matters? */
static bool are_alike(unsigned matters, const struct dtls_suite *a,
                      const struct dtls_suite *b)
{
    if ((matters & CHECK_EACH_SUITE) != 0) {
        return a == b;
    }
    return ((matters & CHECK_EACH_CIPHER) == 0 || a->cipher == b->cipher) &&
           ((matters & CHECK_EACH_KX) == 0 || a->kx == b->kx);
}

/* Leaves one suite for each value that matters. */
static size_t leave_different(unsigned matters,
                              const struct dtls_suite *suites[ICS_SUITES_MAX],
                              size_t num_all)
{
    size_t num = 0;

    for (size_t i = 0; i < num_all; i++) {
        bool is_new = true;

        for (size_t k = 0; k < num && is_new; k++) {
            is_new = !are_alike(matters, suites[i], suites[k]);
        }
        if (is_new) {
            suites[num++] = suites[i];
        }
    }
    return num;
}

/* Of every parameter that matters, the values that go with a suite of the
 * check. */
static void list_values(struct choices *out, const struct adding *a,
                        enum parameter p)
{
    const struct target *t = a->target;
    uint16_t all[COMBINATIONS_VALUES_MAX];
    size_t num = combination_values(all, t->ics, a->item.role == SUT_CLIENT,
                                    t->driver->real_time, p);
    size_t kept = 0;

    for (size_t i = 0; i < num; i++) {
        bool fits = false;

        for (size_t k = 0; k < out->sizes[0]; k++) {
            fits |= combination_fits(p, all[i], WITH_suite, out->values[0][k]);
        }
        if (fits) {
            out->values[out->num][kept++] = all[i];
        }
    }
    if (kept > 1) {
        out->parameters[out->num] = p;
        out->sizes[out->num++] = kept;
    }
}

/* Without encrypt-then-MAC, the records of a CBC suite are protected in
 * another way. */
static void add_without_etm(struct choices *out, const struct adding *a)
{
    const struct target *t = a->target;
    const unsigned matters = a->item.check->matters;
    uint16_t values[COMBINATIONS_VALUES_MAX];

    if ((matters & CHECK_EACH_CIPHER) == 0 || !ics_claims(t->ics, ICS_etm) ||
        (matters & CHECK_EACH_BINDING) != 0 ||
        combination_values(values, t->ics, a->item.role == SUT_CLIENT,
                           t->driver->real_time, WITH_etm) == 1) {
        return;
    }
    for (size_t i = 0; i < out->sizes[0]; i++) {
        const uint16_t suite = out->values[0][i];

        if (combination_fits(WITH_etm, values[1], WITH_suite, suite)) {
            out->without_etm = out->sizes[0]++;
            out->values[0][out->without_etm] = suite;
            return;
        }
    }
}

static void list_choices(struct choices *out, const struct adding *a,
                         const struct dtls_suite *const *suites, size_t num)
{
    out->num = 1;
    out->without_etm = 0;
    out->parameters[0] = WITH_suite;
    out->sizes[0] = num;
    for (size_t i = 0; i < num; i++) {
        out->values[0][i] = suites[i]->id;
    }
    add_without_etm(out, a);
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        if (p != WITH_suite && (combination_group((enum parameter)p) &
                                a->item.check->matters) != 0) {
            list_values(out, a, (enum parameter)p);
        }
    }
}

static bool values_fit(const void *self, size_t p, uint8_t v, size_t q,
                       uint8_t w)
{
    const struct choices *c = self;

    return combination_fits(c->parameters[p], c->values[p][v],
                            c->parameters[q], c->values[q][w]);
}

/* ---- cases ---- */

static void add(struct check_cases *cases, const struct check_case *item)
{
    if (cases->num == cases->cap) {
        cases->cap = cases->cap * 2 + 64;
        cases->items =
            realloc(cases->items, cases->cap * sizeof *cases->items);
        assert(cases->items != NULL);
    }
    cases->items[cases->num++] = *item;
}

/* Adds the case with the combination; its suite may be 0: it has none. */
static void add_case(const struct adding *a, const struct combination *with)
{
    const struct target *t = a->target;
    struct check_case item = a->item;
    const char *refused = NULL;

    item.with = *with;
    item.suite = dtls_suite_find(with->values[WITH_suite]);
    case_name(&item);
    if (item.suite != NULL) {
        struct sut_setup setup =
            case_setup(t, item.check, item.role, item.suite);

        refused = t->driver->refuses(&setup);
    }
    if (item.why[0] == '\0' && refused != NULL) {
        (void)snprintf(item.why, sizeof item.why, "the target: %s", refused);
    }
    if (case_matches(a->selection->only, &item)) {
        add(a->out, &item);
    }
}

static void add_with_suite(const struct adding *a,
                           const struct dtls_suite *suite)
{
    struct combination with = {0};

    with.values[WITH_suite] = suite == NULL ? 0 : suite->id;
    add_case(a, &with);
}

static void add_combinations(const struct adding *a,
                             const struct dtls_suite *const *suites,
                             size_t num)
{
    static struct choices choices; /* large */
    struct covering covering = {.fits = values_fit, .self = &choices};
    struct covering_rows rows;

    list_choices(&choices, a, suites, num);
    covering.num = choices.num;
    for (size_t i = 0; i < choices.num; i++) {
        covering.sizes[i] = (uint8_t)choices.sizes[i];
    }
    covering_make(&rows, &covering, a->selection->strength);
    for (size_t i = 0; i < rows.num; i++) {
        struct combination with = {0};

        for (size_t k = 0; k < choices.num; k++) {
            with.values[choices.parameters[k]] =
                choices.values[k][rows.items[i].values[k]];
        }
        if (choices.without_etm != 0 &&
            rows.items[i].values[0] == choices.without_etm) {
            with.values[WITH_etm] = 1;
        }
        add_case(a, &with);
    }
    covering_free(&rows);
}

/* Adds the one combination that was asked for, with the first suite that goes
 * with it, if it names none. */
static void add_chosen(struct adding *a,
                       const struct dtls_suite *const *suites, size_t num)
{
    const struct combination *chosen = a->selection->with;
    struct combination with = *chosen;

    for (size_t i = 0; i < num; i++) {
        with.values[WITH_suite] = suites[i]->id;
        if (combination_is_possible(&with) &&
            (chosen->values[WITH_suite] == 0 ||
             chosen->values[WITH_suite] == suites[i]->id)) {
            add_case(a, &with);
            return;
        }
    }
    (void)snprintf(a->item.why, sizeof a->item.why,
                   "no suite of the target's suits the check and --with");
    add_case(a, chosen);
}

const struct ics *case_claims(const struct check *check, const struct ics *ics)
{
    static struct ics more;
    const char *text = check->claims == NULL ? "" : check->claims;
    char problem[256];
    bool ok;

    more = *ics;
    ok = ics_read(&more, check->id,
                  dtls_bytes_of((const uint8_t *)text, strlen(text)), problem,
                  sizeof problem);
    assert(ok); /* check.prove reads those of every check */
    (void)ok;
    return &more;
}

static bool applies(const struct ics *ics, struct check_case *item,
                    const char *condition)
{
    return condition == NULL ||
           ics_applies(ics, item->role == SUT_CLIENT, condition, item->why,
                       sizeof item->why);
}

static bool lives_on(const struct target *t)
{
    return t->driver->serves_many && !ics_claims(t->ics, ICS_one_client);
}

/* Does what the target keeps outlive an association in the lab? */
static bool keeps_sessions(const struct target *t, enum sut_role role)
{
    return t->driver->real_time ? role == SUT_CLIENT || lives_on(t)
                                : t->driver->again != NULL;
}

static void add_role(struct adding *a, enum sut_role role)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    const struct check *check = a->item.check;
    const struct ics *ics = a->selection->proves
                                ? case_claims(check, a->target->ics)
                                : a->target->ics;
    struct check_case *item = &a->item;
    size_t num = case_suites(check, a->target, suites);

    item->role = role;
    item->why[0] = '\0';
    if (!applies(ics, item, item->purpose->condition) ||
        !applies(ics, item, check->when)) {
        add_with_suite(a, num == 0 ? NULL : suites[0]);
        return;
    }
    if (num == 0) {
        (void)snprintf(item->why, sizeof item->why,
                       "the target claims no suite that suits");
        add_with_suite(a, NULL);
        return;
    }
    if (check->needs_echo && !ics_claims(ics, ICS_echo)) {
        (void)snprintf(item->why, sizeof item->why,
                       "echo = no: the target sends no data back");
    } else if (check->mutual && !check->raw_keys &&
               !ics_has(ics, ICS_cert, "x509")) {
        (void)snprintf(item->why, sizeof item->why,
                       "the target verifies no certificates");
    } else if (check->needs_server && !lives_on(a->target)) {
        (void)snprintf(item->why, sizeof item->why,
                       "the target is no server for several associations");
    } else if (check->resumes && !keeps_sessions(a->target, role)) {
        (void)snprintf(item->why, sizeof item->why,
                       "the lab cannot bring the target a client again");
    } else if (check->name != NULL && a->target->driver->real_time) {
        (void)snprintf(item->why, sizeof item->why,
                       "the lab cannot tell the target to look for %s",
                       check->name);
    }
    if (a->selection->with != NULL) {
        add_chosen(a, suites, num);
        return;
    }
    num = leave_different(check->matters, suites, num);
    if (a->selection->strength == 0) {
        add_with_suite(a, suites[check->is_honest ? num - 1 : 0]);
    } else {
        add_combinations(a, suites, num);
    }
}

static bool is_for(const struct check *check, unsigned role, bool by_purpose)
{
    return check->roles == 0 ? by_purpose : (check->roles & role) != 0;
}

void cases_select(struct check_cases *out, const struct target *t,
                  const struct case_selection *selection)
{
    static struct adding a; /* large */

    *out = (struct check_cases){0};
    a = (struct adding){.out = out, .target = t, .selection = selection};
    for (const struct check_group *g = check_groups(); g->num != 0; g++) {
        for (size_t i = 0; i < g->num; i++) {
            const struct check *check = &g->checks[i];
            const struct purpose *purpose = purpose_of(check->id);

            a.item.check = check;
            a.item.purpose = purpose;
            if (t->is_client &&
                is_for(check, CHECK_CLIENT, purpose->of_client)) {
                add_role(&a, SUT_CLIENT);
            }
            if (t->is_server &&
                is_for(check, CHECK_SERVER, purpose->of_server)) {
                add_role(&a, SUT_SERVER);
            }
        }
    }
}

void cases_free(struct check_cases *cases)
{
    free(cases->items);
    *cases = (struct check_cases){0};
}
