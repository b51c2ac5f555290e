/* SPDX-License-Identifier: MIT */
/* The runner (check/cases.h). */
#include "check/cases.h"

#include "check/evidence.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 3

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[NUM_VERDICTS] = {
        "pass",    "fail",         "accepted",
        "warning", "inconclusive", "not-applicable"};

    return names[verdict];
}

const struct purpose *purpose_of(const char *id)
{
    size_t len = strcspn(id, ".");

    for (size_t i = 0; i < num_purposes; i++) {
        if (strlen(purposes[i].id) == len &&
            memcmp(purposes[i].id, id, len) == 0) {
            return &purposes[i];
        }
    }
    return NULL;
}

bool phrase_is_in(const char *patterns, const char *phrase)
{
    char one[HEARD_PHRASE];
    const char *end;

    for (; patterns != NULL; patterns = end == NULL ? NULL : end + 3) {
        end = strstr(patterns, " | ");
        (void)snprintf(one, sizeof one, "%.*s",
                       end == NULL ? (int)strlen(patterns)
                                   : (int)(end - patterns),
                       patterns);
        if (fnmatch(one, phrase, 0) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- are the checks whole? ---- */

static const char *lack_of(const struct check *c)
{
    const struct purpose *purpose = purpose_of(c->id);

    if (purpose == NULL) {
        return "no purpose of purposes.tsv";
    }
    if (!ics_is_condition(purpose->condition)) {
        return "a condition that ics.c does not know";
    }
    if (c->when != NULL && !ics_is_condition(c->when)) {
        return "a `when` that ics.c does not know";
    }
    if (c->rows == NULL || *c->rows == '\0') {
        return "no rows";
    }
    if (c->play == NULL || c->strict == NULL) {
        return "nothing to play, or no phrase that passes";
    }
    if (c->wrong == NULL || c->shows == NULL) {
        return "no counterexample";
    }
    if (phrase_is_in(c->strict, c->shows) ||
        phrase_is_in(c->tolerated, c->shows)) {
        return "a counterexample that passes";
    }
    return NULL;
}

static unsigned count_id(const char *id)
{
    unsigned num = 0;

    for (const struct check_group *g = check_groups(); g->num != 0; g++) {
        for (size_t i = 0; i < g->num; i++) {
            num += strcmp(g->checks[i].id, id) == 0;
        }
    }
    return num;
}

static bool is_carried(const struct purpose *purpose)
{
    for (const struct check_group *g = check_groups(); g->num != 0; g++) {
        for (size_t i = 0; i < g->num; i++) {
            if (purpose_of(g->checks[i].id) == purpose) {
                return true;
            }
        }
    }
    return false;
}

/* Every purpose is decided: a check carries it, or without_check.tsv says why
 * none does. */
static bool purposes_are_decided(char *why, size_t why_size)
{
    for (size_t i = 0; i < num_purposes; i++) {
        bool is_without = purposes[i].without != NULL;

        if (is_carried(&purposes[i]) == is_without) {
            (void)snprintf(why, why_size, "%s has %s", purposes[i].id,
                           is_without
                               ? "a check, and stands in without_check.tsv"
                               : "no check, nor a row in without_check.tsv");
            return false;
        }
    }
    return true;
}

bool checks_are_whole(char *why, size_t why_size)
{
    for (const struct check_group *g = check_groups(); g->num != 0; g++) {
        for (size_t i = 0; i < g->num; i++) {
            const char *id = g->checks[i].id;
            const char *lack = lack_of(&g->checks[i]);

            if (lack == NULL && count_id(id) != 1) {
                lack = "its id not for itself";
            }
            if (lack != NULL) {
                (void)snprintf(why, why_size, "%s has %s", id, lack);
                return false;
            }
        }
    }
    return purposes_are_decided(why, why_size);
}

/* ---- selection ---- */

static enum sut_auth auth_of(const struct target *t, const struct check *check,
                             const struct dtls_suite *suite)
{
    bool asks = ics_claims(t->ics, ICS_clientauth) &&
                (t->driver->real_time || (check != NULL && check->mutual));

    if (dtls_suite_is_psk(suite)) {
        return SUT_PSK;
    }
    return asks ? SUT_MUTUAL : SUT_SERVER_CERT;
}

/* `check` may be NULL: an honest handshake for none in particular. */
static struct sut_setup setup_of(const struct target *t,
                                 const struct check *check, enum sut_role role,
                                 const struct dtls_suite *suite)
{
    bool renegotiates =
        (ics_has(t->ics, ICS_reneg, "client") ||
         ics_has(t->ics, ICS_reneg, "server")) &&
        (t->driver->real_time || (check != NULL && check->renegotiates));

    return (struct sut_setup){
        .role = role,
        .begins = !renegotiates        ? SUT_NOBODY_BEGINS
                  : role == SUT_CLIENT ? SUT_SERVER_BEGINS
                                       : SUT_CLIENT_BEGINS,
        .refused = !renegotiates,
        .suite = suite,
        .auth = auth_of(t, check, suite),
        .cookies = ics_claims(t->ics, ICS_cookie),
        .mtu = (uint16_t)ics_number(t->ics, ICS_mtu),
        .pki = t->pki,
        .name = t->ics->values[ICS_name],
        .where = t->where,
    };
}

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

/* Lists one suite for each value that matters. */
static size_t pick_suites(const struct target *t, const struct check *check,
                          unsigned matters,
                          const struct dtls_suite *out[ICS_SUITES_MAX])
{
    const struct dtls_suite *all[ICS_SUITES_MAX];
    size_t num_all = ics_suites(t->ics, all);
    size_t num = 0;

    for (size_t i = 0; i < num_all; i++) {
        bool is_new = check->suits == NULL || check->suits(all[i]);

        for (size_t k = 0; k < num && is_new; k++) {
            is_new = !are_alike(matters, all[i], out[k]);
        }
        if (is_new) {
            out[num++] = all[i];
        }
    }
    return num;
}

static bool matches(const char *only, const struct check_case *item)
{
    return only == NULL || fnmatch(only, item->id, 0) == 0 ||
           fnmatch(only, item->check->id, 0) == 0;
}

/* Adds the case with this suite; NULL: it has none. */
static void add_case(struct check_cases *out, const struct target *t,
                     const char *only, const struct check_case *start,
                     const struct dtls_suite *suite)
{
    struct check_case item = *start;
    const char *refused = NULL;

    item.suite = suite;
    (void)snprintf(item.id, sizeof item.id, "%s/%s", item.check->id,
                   item.role == SUT_CLIENT ? "client" : "server");
    if (suite != NULL) {
        struct sut_setup setup = setup_of(t, item.check, item.role, suite);
        size_t len = strlen(item.id);

        (void)snprintf(item.id + len, sizeof item.id - len, "/%04x",
                       suite->id);
        refused = t->driver->refuses(&setup);
    }
    if (item.why[0] == '\0' && refused != NULL) {
        (void)snprintf(item.why, sizeof item.why, "the target: %s", refused);
    }
    if (matches(only, &item)) {
        add(out, &item);
    }
}

static bool applies(const struct ics *ics, enum sut_role role,
                    const char *condition, struct check_case *item)
{
    return ics_applies(ics, role == SUT_CLIENT, condition, item->why,
                       sizeof item->why);
}

static void add_role(struct check_cases *out, const struct target *t,
                     const char *only, const struct check *check,
                     bool one_each, enum sut_role role)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    struct check_case item = {
        .check = check, .purpose = purpose_of(check->id), .role = role};
    size_t num = pick_suites(t, check, check->matters, suites);

    if (one_each && num > 1) {
        suites[0] = suites[check->is_honest ? num - 1 : 0];
        num = 1;
    }
    if (!applies(t->ics, role, item.purpose->condition, &item) ||
        (check->when != NULL && !applies(t->ics, role, check->when, &item))) {
        num = num < 1 ? num : 1;
    } else if (num == 0) {
        (void)snprintf(item.why, sizeof item.why,
                       "the target claims no suite that suits");
    } else if (check->needs_echo && !ics_claims(t->ics, ICS_echo)) {
        (void)snprintf(item.why, sizeof item.why,
                       "echo = no: the target sends no data back");
    } else if (check->name != NULL && t->driver->real_time) {
        (void)snprintf(item.why, sizeof item.why,
                       "the lab cannot tell the target to look for %s",
                       check->name);
    }
    if (num == 0) {
        add_case(out, t, only, &item, NULL);
    }
    for (size_t i = 0; i < num; i++) {
        add_case(out, t, only, &item, suites[i]);
    }
}

static bool is_for(const struct check *check, unsigned role, bool by_purpose)
{
    return check->roles == 0 ? by_purpose : (check->roles & role) != 0;
}

void cases_select(struct check_cases *out, const struct target *t,
                  const char *only, bool one_each)
{
    *out = (struct check_cases){0};
    for (const struct check_group *g = check_groups(); g->num != 0; g++) {
        for (size_t i = 0; i < g->num; i++) {
            const struct check *check = &g->checks[i];
            const struct purpose *purpose = purpose_of(check->id);
            if (t->is_client &&
                is_for(check, CHECK_CLIENT, purpose->of_client)) {
                add_role(out, t, only, check, one_each, SUT_CLIENT);
            }
            if (t->is_server &&
                is_for(check, CHECK_SERVER, purpose->of_server)) {
                add_role(out, t, only, check, one_each, SUT_SERVER);
            }
        }
    }
}

void cases_free(struct check_cases *cases)
{
    free(cases->items);
    *cases = (struct check_cases){0};
}

/* ---- one case ---- */

/* A case's plays, one after the other, each with a new target. */
struct plays {
    struct scene_setup setup;
    uint8_t psk_key[64];
    uint64_t now; /* when the last play ended */
    FILE *evidence;
};

static struct scene scene; /* too large for the stack */

static size_t read_hex(uint8_t *out, size_t size, const char *hex)
{
    size_t len = 0;
    unsigned byte;

    while (len < size && sscanf(hex + 2 * len, "%2x", &byte) == 1) {
        out[len++] = (uint8_t)byte;
    }
    return len;
}

static void prepare(struct plays *p, const struct target *t,
                    const struct check *check, enum sut_role role,
                    const struct dtls_suite *suite, uint64_t seed)
{
    const char *identity = t->ics->values[ICS_psk_identity];
    bool real = t->driver->real_time;

    p->setup = (struct scene_setup){
        .driver = t->driver,
        .target = setup_of(t, check, role, suite),
        .ics = t->ics,
        .psk_identity =
            dtls_bytes_of((const uint8_t *)identity, strlen(identity)),
        .seed = seed,
        /* A target in this process answers at once; it must not come to its
         * first retransmission. */
        .echo = ics_claims(t->ics, ICS_echo),
        .one_client = ics_claims(t->ics, ICS_one_client),
        .quiet_ms = real ? ics_number(t->ics, ICS_quiet_ms) : 500,
        .live_ms = ics_number(t->ics, ICS_live_ms),
    };
    p->setup.psk_key =
        dtls_bytes_of(p->psk_key, read_hex(p->psk_key, sizeof p->psk_key,
                                           t->ics->values[ICS_psk_key]));
}

/* Plays, and leaves what was seen in `scene`; the caller frees it. */
static void play(struct plays *p, const char *title,
                 void (*script)(struct scene *s), bool hopes)
{
    evidence_heading(p->evidence, title);
    scene.evidence = p->evidence;
    p->setup.seed++;
    scene_play(&scene, &p->setup, script, hopes, p->now);
    p->now = scene.line.now;
}

/* An honest handshake; `why` gets what was seen instead. */
static bool connects(struct plays *p, const char *title, char *why,
                     size_t why_size)
{
    bool ok;

    play(p, title, NULL, true);
    ok = !scene.stopped && strcmp(scene.heard.phrase, "data") == 0;
    if (!ok) {
        (void)snprintf(why, why_size, "%s", scene.why);
    }
    scene_free(&scene);
    return ok;
}

/* Ends the phrase: what became of the target? */
static void look_after(struct plays *p, struct case_result *out)
{
    char why[HEARD_PHRASE];
    size_t len = strlen(out->seen);
    bool lives;

    if (len >= 4 && strcmp(out->seen + len - 4, "data") == 0) {
        return;
    }
    lives = connects(p, "is it alive?", why, sizeof why);
    if (len == 0) {
        (void)snprintf(out->seen, sizeof out->seen,
                       lives ? "silence" : "dead");
    } else if (!lives) {
        (void)snprintf(out->seen + len, sizeof out->seen - len, " then dead");
    }
}

static void judge(struct case_result *out, const struct check *check)
{
    if (phrase_is_in(check->strict, out->seen)) {
        out->verdict = VERDICT_PASS;
        return;
    }
    if (phrase_is_in(check->tolerated, out->seen)) {
        out->verdict = VERDICT_WARNING;
        (void)snprintf(out->reason, sizeof out->reason,
                       "tolerated; strict is %s", check->strict);
        return;
    }
    out->verdict = VERDICT_FAIL;
    (void)snprintf(out->reason, sizeof out->reason, "seen: %s", out->seen);
}

static void play_check(struct plays *p, struct case_result *out,
                       const struct check *check)
{
    /* Where a silence passes as well as data, it need not be waited out. */
    bool hopes = phrase_is_in(check->strict, "data") &&
                 !phrase_is_in(check->strict, "silence");
    const char *name = p->setup.target.name;
    bool broken;

    if (check->name != NULL) {
        p->setup.target.name = check->name;
    }
    play(p, check->id, check->play, hopes);
    p->setup.target.name = name;
    broken = scene.broken;
    if (scene.stopped) {
        out->verdict = VERDICT_INCONCLUSIVE;
        (void)snprintf(out->reason, sizeof out->reason, "%s", scene.why);
    }
    (void)snprintf(out->seen, sizeof out->seen, "%s",
                   broken || scene.stopped ? scene.why : scene.heard.phrase);
    scene_free(&scene);
    if (out->verdict == VERDICT_INCONCLUSIVE) {
        return;
    }
    if (broken) {
        out->verdict = VERDICT_FAIL;
        (void)snprintf(out->reason, sizeof out->reason, "seen: %s", out->seen);
        return;
    }
    look_after(p, out);
    judge(out, check);
}

static void play_once(struct plays *p, struct case_result *out,
                      const struct target *t, const struct check_case *item,
                      uint64_t seed)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    char why[HEARD_PHRASE];

    *out = (struct case_result){0};
    (void)ics_suites(t->ics, suites);
    prepare(p, t, item->check, item->role,
            item->check->is_honest ? suites[0] : item->suite, seed);
    if (!connects(p, "positive control", why, sizeof why)) {
        out->verdict = VERDICT_INCONCLUSIVE;
        out->no_control = true;
        (void)snprintf(out->seen, sizeof out->seen, "%s", why);
        (void)snprintf(out->reason, sizeof out->reason,
                       "the positive control failed: %s", why);
        return;
    }
    p->setup.target = setup_of(t, item->check, item->role, item->suite);
    play_check(p, out, item->check);
}

/* A real path may lose datagrams: what could not be played is tried again. */
void case_play(struct case_result *out, const struct target *t,
               const struct check_case *item, uint64_t seed, FILE *evidence)
{
    static struct plays p;
    int tries = t->driver->real_time ? TRIES : 1;

    p = (struct plays){.evidence = evidence};
    do {
        play_once(&p, out, t, item, seed++);
    } while (out->verdict == VERDICT_INCONCLUSIVE && --tries > 0);
}

bool target_greets(const struct target *t, uint64_t seed, char *why,
                   size_t why_size, FILE *evidence)
{
    static struct plays p;
    const struct dtls_suite *suites[ICS_SUITES_MAX];

    if (ics_suites(t->ics, suites) == 0) {
        (void)snprintf(why, why_size,
                       "its ICS claims no suite that the lab "
                       "speaks");
        return false;
    }
    p = (struct plays){.evidence = evidence};
    prepare(&p, t, NULL, t->is_client ? SUT_CLIENT : SUT_SERVER, suites[0],
            seed);
    return connects(&p, "greeting", why, why_size);
}
