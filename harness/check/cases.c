/* SPDX-License-Identifier: MIT */
/* The runner (check/cases.h). */
#include "check/cases.h"

#include "check/evidence.h"
#include "sut/virtual_clock.h"

#include <fnmatch.h>
#include <string.h>

#define TRIES 3
#define REDUCING_PLAYS 60 /* more than there are parameters, twice */
#define REDUCING_MS 60000 /* of a target whose time is real */

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

/* ---- setups ---- */

static enum sut_auth auth_of(const struct target *t, const struct check *check,
                             const struct dtls_suite *suite)
{
    bool asks = ics_claims(t->ics, ICS_clientauth) &&
                (t->driver->real_time || (check != NULL && check->mutual));

    if (!dtls_suite_has_certificate(suite)) {
        return SUT_PSK;
    }
    return asks ? SUT_MUTUAL : SUT_SERVER_CERT;
}

/* A target outside shows what it has, in all checks. */
static bool has_raw_keys_only(const struct target *t)
{
    return t->driver->real_time && ics_has(t->ics, ICS_cert, "rpk") &&
           !ics_has(t->ics, ICS_cert, "x509");
}

struct sut_setup case_setup(const struct target *t, const struct check *check,
                            enum sut_role role, const struct dtls_suite *suite)
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
        .resumes = check != NULL && check->resumes ? SUT_KEEPS_SESSIONS
                                                   : SUT_KEEPS_NOTHING,
        .staples = check != NULL && check->staples,
        .raw_keys = (check != NULL && check->raw_keys) || has_raw_keys_only(t),
        .srtp = check != NULL && check->srtp,
        .cids = check != NULL && check->cids,
        .suite = suite,
        .auth = auth_of(t, check, suite),
        .needs_no_client = check != NULL && check->needs_no_client,
        .cookies = ics_claims(t->ics, ICS_cookie),
        .mtu = (uint16_t)ics_number(t->ics, ICS_mtu),
        .pki = t->pki,
        .name = t->ics->values[ICS_name],
        .where = t->where,
        .second = ics_claims(t->ics, ICS_two_addresses)
                      ? t->ics->values[ICS_two_addresses]
                      : NULL,
        .ipv6 = t->ics->values[ICS_ipv6],
        .live_ms = ics_number(t->ics, ICS_live_ms),
    };
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

/* A combination without a suite is that of an honest peer. */
static void prepare(struct plays *p, const struct target *t,
                    const struct check *check, enum sut_role role,
                    const struct dtls_suite *suite, uint64_t seed)
{
    const char *identity = t->ics->values[ICS_psk_identity];
    bool real = t->driver->real_time;

    p->setup = (struct scene_setup){
        .driver = t->driver,
        .target = case_setup(t, check, role, suite),
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
    const bool is_honest = item->check->is_honest;
    char why[HEARD_PHRASE];

    *out = (struct case_result){0};
    (void)ics_suites(t->ics, suites);
    prepare(p, t, item->check, item->role, is_honest ? suites[0] : item->suite,
            seed);
    if (!is_honest) {
        p->setup.with = item->with;
    }
    if (!connects(p, "positive control", why, sizeof why)) {
        out->verdict = VERDICT_INCONCLUSIVE;
        out->no_control = true;
        (void)snprintf(out->seen, sizeof out->seen, "%s", why);
        (void)snprintf(out->reason, sizeof out->reason,
                       "the positive control failed: %s", why);
        return;
    }
    p->setup.target = case_setup(t, item->check, item->role, item->suite);
    p->setup.with = item->with;
    play_check(p, out, item->check);
}

/* ---- what is needed for a fail ---- */

struct reducing {
    const struct target *target;
    const struct check_case *item;
    const char *seen;
    uint64_t seed; /* of the run */
    uint64_t now;  /* when the last play ended */
    uint64_t end;  /* no play begins later */
};

/* Does the case fail in the same way with less? */
static bool fails_with(void *self, const struct combination *with)
{
    static struct plays p;
    static struct check_case less;
    struct reducing *r = self;
    struct case_result result;
    struct sut_setup setup;

    less = *r->item;
    less.with = *with;
    less.suite = dtls_suite_find(with->values[WITH_suite]);
    case_name(&less);
    setup = case_setup(r->target, less.check, less.role, less.suite);
    if (r->now > r->end || r->target->driver->refuses(&setup) != NULL) {
        return false;
    }
    p = (struct plays){.now = r->now};
    sut_seed(case_seed(r->seed, less.id));
    play_once(&p, &result, r->target, &less, case_seed(r->seed, less.id));
    r->now = p.now;
    return result.verdict == VERDICT_FAIL && strcmp(result.seen, r->seen) == 0;
}

/* Says in the reason what differs from the usual. */
static void tell_reduced(struct case_result *out,
                         const struct combination *base)
{
    struct combination needed = out->reduced;
    char text[COMBINATION_MAX];
    size_t len = strlen(out->reason);

    if (needed.values[WITH_suite] == base->values[WITH_suite]) {
        needed.values[WITH_suite] = 0;
    }
    combination_write(text, sizeof text, &needed, " and ");
    (void)snprintf(
        out->reason + len, sizeof out->reason - len,
        *text == '\0' ? "; also with all as usual%s" : "; only with %s", text);
}

static void reduce(struct plays *p, struct case_result *out,
                   const struct target *t, const struct check_case *item,
                   uint64_t seed)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    struct combination base = {0};
    struct reducing r = {.target = t,
                         .item = item,
                         .seen = out->seen,
                         .seed = seed,
                         .now = p->now,
                         .end = t->driver->real_time ? p->now + REDUCING_MS
                                                     : UINT64_MAX};

    (void)case_suites(item->check, t, suites);
    base.values[WITH_suite] = suites[0]->id;
    out->reduced = item->with;
    if (memcmp(&base, &item->with, sizeof base) == 0) {
        return;
    }
    out->is_reduced = true;
    combination_reduce(&out->reduced, &base, fails_with, &r, REDUCING_PLAYS);
    tell_reduced(out, &base);
}

/* ---- what real time asks for ---- */

static bool is_good(const struct case_result *result)
{
    return result->verdict == VERDICT_PASS ||
           result->verdict == VERDICT_WARNING;
}

static void tell_lost_fail(struct case_result *out,
                           const struct case_result *fail)
{
    size_t len = strlen(out->reason);

    (void)snprintf(out->reason + len, sizeof out->reason - len,
                   "%swhen played again; first seen: %s", len == 0 ? "" : "; ",
                   fail->seen);
}

/* A real path may lose datagrams, and a busy machine may come late.  So what
 * could not be played is played again, and so is a fail, which counts unless
 * the case then passes.  There are `tries` plays at most. */
static void play_until_sure(struct plays *p, struct case_result *out,
                            const struct target *t,
                            const struct check_case *item, uint64_t seed,
                            int tries)
{
    struct case_result fail;
    bool has_failed = false;

    while (tries-- > 0) {
        play_once(p, out, t, item, seed++);
        if (is_good(out)) {
            if (has_failed) {
                tell_lost_fail(out, &fail);
            }
            return;
        }
        if (out->verdict == VERDICT_FAIL) {
            if (has_failed) {
                return;
            }
            fail = *out;
            has_failed = true;
        }
    }
    if (has_failed) {
        *out = fail;
    }
}

void case_play(struct case_result *out, const struct target *t,
               const struct check_case *item, uint64_t seed, FILE *evidence)
{
    static struct plays p;

    p = (struct plays){.evidence = evidence};
    play_until_sure(&p, out, t, item, case_seed(seed, item->id),
                    t->driver->real_time ? TRIES : 1);
    if (out->verdict == VERDICT_FAIL) {
        reduce(&p, out, t, item, seed);
    }
}

uint64_t case_seed(uint64_t seed, const char *id)
{
    seed ^= 0xcbf29ce484222325u;
    for (; *id != '\0'; id++) {
        seed = (seed ^ (uint8_t)*id) * 0x100000001b3u;
    }
    return seed | 1;
}

void case_replay(char *out, size_t size, const struct check_case *item,
                 const struct case_result *result)
{
    struct combination with = item->with;
    char text[COMBINATION_MAX];

    with.values[WITH_suite] = 0;
    combination_write(text, sizeof text, &with, ",");
    if (!result->is_reduced && *text == '\0') {
        (void)snprintf(out, size, "--only '%s'", item->id);
        return;
    }
    combination_write(text, sizeof text,
                      result->is_reduced ? &result->reduced : &item->with,
                      ",");
    (void)snprintf(out, size, "--only '%s/%s' --with %s", item->check->id,
                   item->role == SUT_CLIENT ? "client" : "server", text);
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
