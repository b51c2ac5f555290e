/* SPDX-License-Identifier: MIT */
/* Combinations of parameters: every allowed choice is played, the cases are
 * few, and a fail is reduced to what it needs. */
#include "check/covering.h"
#include "check/evidence.h"
#include "check/play_child.h"
#include "check/wrong.h"

#include "kit/kit.h"

#define MANY 64

/* ---- covering arrays ---- */

/* An even value of one goes with an even one of its neighbour, an odd value
 * with everything. */
static bool evens_fit(const void *self, size_t p, uint8_t v, size_t q,
                      uint8_t w)
{
    (void)self;
    return (p + 1 != q && q + 1 != p) || v % 2 == 1 || w % 2 == 0;
}

/* Nothing but 0 goes with the last value of the first parameter. */
static bool only_zeros_fit(const void *self, size_t p, uint8_t v, size_t q,
                           uint8_t w)
{
    (void)self;
    return (p != 0 || v != 2 || w == 0) && (q != 0 || w != 2 || v == 0);
}

static bool both_ways(const struct covering *c, size_t p, uint8_t v, size_t q,
                      uint8_t w)
{
    return c->fits == NULL ||
           (c->fits(NULL, p, v, q, w) && c->fits(NULL, q, w, p, v));
}

static bool evens_fit_both(const void *self, size_t p, uint8_t v, size_t q,
                           uint8_t w)
{
    return evens_fit(self, p, v, q, w) && evens_fit(self, q, w, p, v);
}

static const struct system {
    const char *name;
    struct covering covering;
    size_t most[COVERING_STRENGTH_MAX]; /* rows at strength 1, 2, 3 */
} systems[] = {
    /* The best that is known is 9 and 27, 6 and 12, 15 and 45, 24, 25. */
    {"4 of 3", {.num = 4, .sizes = {3, 3, 3, 3}}, {3, 9, 33}},
    {"10 of 2",
     {.num = 10, .sizes = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
     {2, 9, 18}},
    {"13 of 3",
     {.num = 13, .sizes = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}},
     {3, 20, 80}},
    {"10 of 4",
     {.num = 10, .sizes = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4}},
     {4, 31, 160}},
    /* No fewer than the two largest, or three largest, have choices. */
    {"one large",
     {.num = 8, .sizes = {16, 9, 4, 3, 3, 2, 2, 2}},
     {16, 150, 600}},
    {"one alone", {.num = 1, .sizes = {7}}, {7, 7, 7}},
    {"fixed ones", {.num = 3, .sizes = {1, 1, 1}}, {1, 1, 1}},
    {"neighbours",
     {.num = 6, .sizes = {4, 3, 4, 2, 5, 3}, .fits = evens_fit_both},
     {5, 30, 120}},
    {"zeros",
     {.num = 5, .sizes = {3, 4, 4, 3, 2}, .fits = only_zeros_fit},
     {5, 18, 60}},
};

/* Goes through all rows that are allowed, and returns whether one has the
 * values of `row` where these are not 0xff. */
static bool can_stand(const struct covering *c, struct covering_row *row,
                      size_t p)
{
    if (p == c->num) {
        return true;
    }
    for (uint8_t v = 0; v < c->sizes[p]; v++) {
        const uint8_t old = row->values[p];
        bool fits = old == 0xff || old == v;

        for (size_t q = 0; q < c->num && fits; q++) {
            fits = q == p || row->values[q] == 0xff ||
                   both_ways(c, p, v, q, row->values[q]);
        }
        row->values[p] = v;
        fits = fits && can_stand(c, row, p + 1);
        row->values[p] = old;
        if (fits) {
            return true;
        }
    }
    return false;
}

static bool stands(const struct covering_rows *rows, size_t num,
                   const struct covering_row *choice)
{
    for (size_t i = 0; i < rows->num; i++) {
        bool same = true;

        for (size_t p = 0; p < num; p++) {
            same &= choice->values[p] == 0xff ||
                    choice->values[p] == rows->items[i].values[p];
        }
        if (same) {
            return true;
        }
    }
    return false;
}

/* Goes through all choices of `left` more values of parameters from `p` on:
 * each that is allowed must stand in a row. */
static void expect_choices(const struct covering *c,
                           const struct covering_rows *rows,
                           struct covering_row *choice, size_t p, size_t left)
{
    if (left == 0) {
        assert_int_equal(stands(rows, c->num, choice),
                         can_stand(c, choice, 0));
        return;
    }
    /* no row: the caller has said which system it is */
    for (; p < c->num; p++) {
        /* no row: the same */
        for (uint8_t v = 0; v < c->sizes[p]; v++) {
            choice->values[p] = v;
            expect_choices(c, rows, choice, p + 1, left - 1);
        }
        choice->values[p] = 0xff;
    }
}

static void every_choice_that_is_allowed_stands_in_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(systems); i++) {
        const struct covering *c = &systems[i].covering;

        for (unsigned strength = 1; strength <= COVERING_STRENGTH_MAX;
             strength++) {
            struct covering_row choice;
            struct covering_rows rows;

            kit_row("%s, strength %u", systems[i].name, strength);
            memset(&choice, 0xff, sizeof choice);
            covering_make(&rows, c, strength);
            expect_choices(c, &rows, &choice, 0,
                           strength < c->num ? strength : c->num);
            covering_free(&rows);
        }
    }
}

static void the_rows_are_not_many_more_than_the_best_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(systems); i++) {
        for (unsigned strength = 1; strength <= COVERING_STRENGTH_MAX;
             strength++) {
            struct covering_rows rows;

            kit_row("%s, strength %u", systems[i].name, strength);
            covering_make(&rows, &systems[i].covering, strength);
            assert_in_range(rows.num, 1, systems[i].most[strength - 1]);
            for (size_t p = 0; p < systems[i].covering.num; p++) {
                assert_int_equal(rows.items[0].values[p], 0);
            }
            covering_free(&rows);
        }
    }
}

/* ---- the parameters ---- */

static struct ics ics;

static struct target target_of(void (*wrong)(struct wrong *w))
{
    ics_init(&ics);
    assert_true(ics_set(&ics, ICS_suites,
                        "c02b c02f cca9 c0ac c0ae c023 009c 003c 00a8 c0a8 "
                        "c037 c02d"));
    assert_true(ics_set(&ics, ICS_groups, "29 23 24"));
    assert_true(ics_set(&ics, ICS_sigs, "0403 0503 0804 0401"));
    assert_true(ics_set(&ics, ICS_sni, "localhost"));
    assert_true(ics_set(&ics, ICS_alpn, "nxdtls")); /* as its driver has it */
    return (struct target){.name = "wrong",
                           .driver = wrong_driver(wrong),
                           .ics = &ics,
                           .pki = NXDTLS_PKI_DIR,
                           .is_client = true,
                           .is_server = true};
}

static void what_is_written_is_read_again(void **state)
{
    uint16_t values[COMBINATIONS_VALUES_MAX];
    char text[COMBINATION_MAX];
    char problem[512];

    (void)state;
    (void)target_of(NULL);
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        size_t num = combination_values(values, &ics, p % 2 == 0, true,
                                        (enum parameter)p);

        for (size_t i = 0; i < num; i++) {
            struct combination with = {0};
            struct combination again = {0};

            with.values[p] = values[i];
            with.values[WITH_fragment] |= 50; /* some need these */
            with.values[WITH_cookies] |= 1;
            with.values[WITH_packing] = 0;
            combination_write(text, sizeof text, &with, ",");
            kit_row("%s", text);
            assert_true(
                combination_read(&again, text, problem, sizeof problem));
            assert_memory_equal(&again, &with, sizeof with);
        }
    }
}

static void what_is_no_combination_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "fragment",
                                      "fragment=",
                                      "fragment=0",
                                      "fragment=-1",
                                      "fragment=50x",
                                      "fragment=70000",
                                      "fragmen=50",
                                      "fragment=50,",
                                      "suite=ffff",
                                      "group=1",
                                      "pair=0807",
                                      "mfl=513",
                                      "data=1001",
                                      "order=backwards",
                                      "order=reverse",
                                      "order=reversed",
                                      "cookie=20",
                                      "suite=c02b,etm=off",
                                      "suite=c0a8,certificate=one_ca",
                                      "suite=c02f,pair=0403",
                                      "mfl=512,data=1000",
                                      "packing=record,fragment=50"};
    struct combination with;

    (void)state;
    for (size_t i = 0; i < LEN(bad); i++) {
        char problem[512] = "";

        kit_row("%s", bad[i]);
        assert_false(combination_read(&with, bad[i], problem, sizeof problem));
        assert_true(*problem != '\0');
    }
}

/* ---- selection ---- */

/* P-GEN-1 has every parameter. */
static void select_whole(struct check_cases *out, const struct target *target,
                         unsigned strength)
{
    cases_select(
        out, target,
        &(struct case_selection){.only = "P-GEN-1", .strength = strength});
}

static void every_case_is_possible_and_has_a_name_of_its_own(void **state)
{
    struct target target = target_of(NULL);
    struct check_cases cases;

    (void)state;
    select_whole(&cases, &target, 2);
    /* Two roles, twelve suites with eight lengths of data each. */
    assert_in_range(cases.num, 2 * 12 * 8, 2 * 12 * 8 * 16 / 10);
    for (size_t i = 0; i < cases.num; i++) {
        kit_row("%s", cases.items[i].id);
        assert_string_equal(cases.items[i].why, "");
        assert_true(combination_is_possible(&cases.items[i].with));
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(cases.items[k].id, cases.items[i].id);
        }
    }
    cases_free(&cases);
}

static void each_value_stands_in_a_case_of_strength_1(void **state)
{
    struct target target = target_of(NULL);
    struct check_cases cases;
    uint16_t values[COMBINATIONS_VALUES_MAX];

    (void)state;
    select_whole(&cases, &target, 1);
    for (int p = WITH_suite + 1; p < NUM_PARAMETERS; p++) {
        size_t num =
            combination_values(values, &ics, false, false, (enum parameter)p);

        for (size_t i = 0; i < num; i++) {
            bool stands_there = false;

            kit_row("%s=%u", combination_name((enum parameter)p), values[i]);
            for (size_t k = 0; k < cases.num; k++) {
                stands_there |= cases.items[k].role == SUT_SERVER &&
                                cases.items[k].with.values[p] == values[i];
            }
            assert_true(stands_there);
        }
    }
    cases_free(&cases);
}

/* The parameters of P-GEN-1 before a server, as covering.c sees them. */
static struct {
    uint16_t values[NUM_PARAMETERS][COMBINATIONS_VALUES_MAX];
} whole;

static bool whole_fits(const void *self, size_t p, uint8_t v, size_t q,
                       uint8_t w)
{
    (void)self;
    return combination_fits((enum parameter)p, whole.values[p][v],
                            (enum parameter)q, whole.values[q][w]);
}

static void list_whole(struct covering *out)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    size_t num = ics_suites(&ics, suites);

    *out = (struct covering){.num = NUM_PARAMETERS, .fits = whole_fits};
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        out->sizes[p] = (uint8_t)combination_values(
            whole.values[p], &ics, false, false, (enum parameter)p);
    }
    out->sizes[WITH_suite] = (uint8_t)num;
    for (size_t i = 0; i < num; i++) {
        whole.values[WITH_suite][i] = suites[i]->id;
    }
}

static bool case_has(const struct check_cases *cases, size_t p, uint8_t v,
                     size_t q, uint8_t w)
{
    for (size_t i = 0; i < cases->num; i++) {
        const uint16_t *values = cases->items[i].with.values;

        if (cases->items[i].role == SUT_SERVER &&
            values[p] == whole.values[p][v] &&
            values[q] == whole.values[q][w]) {
            return true;
        }
    }
    return false;
}

static void each_pair_that_is_possible_stands_in_a_case_of_strength_2(
    void **state)
{
    struct target target = target_of(NULL);
    struct covering covering;
    struct check_cases cases;
    unsigned possible = 0;

    (void)state;
    list_whole(&covering);
    select_whole(&cases, &target, 2);
    for (size_t p = 0; p < covering.num; p++) {
        for (size_t q = p + 1; q < covering.num; q++) {
            for (size_t i = 0; i < covering.sizes[p] * covering.sizes[q];
                 i++) {
                const uint8_t v = (uint8_t)(i % covering.sizes[p]);
                const uint8_t w = (uint8_t)(i / covering.sizes[p]);
                struct covering_row row;
                bool can;

                kit_row("%s=%u, %s=%u", combination_name((enum parameter)p),
                        whole.values[p][v],
                        combination_name((enum parameter)q),
                        whole.values[q][w]);
                memset(&row, 0xff, sizeof row);
                row.values[p] = v;
                row.values[q] = w;
                can = can_stand(&covering, &row, 0);
                assert_int_equal(case_has(&cases, p, v, q, w), can);
                possible += can;
            }
        }
    }
    assert_in_range(possible, 2000, 20000);
    cases_free(&cases);
}

/* CBC without encrypt-then-MAC is a cipher of its own, beside CBC with it. */
static void each_cipher_is_played_cbc_twice(void **state)
{
    struct target target = target_of(NULL);
    struct check_cases cases;
    unsigned with = 0;
    unsigned without = 0;

    (void)state;
    cases_select(
        &cases, &target,
        &(struct case_selection){.only = "P-RPL-1/server", .strength = 1});
    for (size_t i = 0; i < cases.num; i++) {
        if (cases.items[i].suite->cipher == DTLS_CIPHER_CBC) {
            with += cases.items[i].with.values[WITH_etm] == 0;
            without += cases.items[i].with.values[WITH_etm] != 0;
        }
    }
    assert_int_equal(with, 1);
    assert_int_equal(without, 1);
    /* GCM, ChaCha20, CCM, CCM_8 */
    assert_int_equal(cases.num, 2 + 4);
    cases_free(&cases);
}

static void claims_take_values_away(void **state)
{
    static const struct {
        enum ics_key key;
        const char *claim;
        enum parameter parameter;
    } claims[] = {
        {ICS_ems, "require", WITH_ems},   {ICS_etm, "require", WITH_etm},
        {ICS_ticket, "yes", WITH_ticket}, {ICS_hb, "yes", WITH_heartbeat},
        {ICS_cid, "yes", WITH_cid},       {ICS_ocsp, "staple", WITH_status},
        {ICS_sni, "no", WITH_sni},        {ICS_echo, "no", WITH_data},
        {ICS_groups, "", WITH_group},
    };
    uint16_t values[COMBINATIONS_VALUES_MAX];

    (void)state;
    for (size_t i = 0; i < LEN(claims); i++) {
        const enum parameter p = claims[i].parameter;

        kit_row("%s", combination_name(p));
        (void)target_of(NULL);
        assert_true(combination_values(values, &ics, false, false, p) > 1);
        assert_true(ics_set(&ics, claims[i].key, claims[i].claim));
        assert_int_equal(combination_values(values, &ics, false, false, p), 1);
        assert_int_equal(values[0], 0);
    }
}

/* ---- what the peer says ---- */

/* Plays P-GEN-1 with the combination and writes what went over the line behind
 * the positive control, as people read it: names, lengths and places of
 * fragments. */
static void play_for_wire(char *out, size_t size, const struct target *target,
                          const char *only, const struct combination *with)
{
    struct check_cases cases;
    struct case_result result;
    char *text = NULL;
    size_t text_len = 0;
    FILE *evidence = open_memstream(&text, &text_len);
    const char *rest;
    const char *line;
    int len;
    size_t used = 0;

    cases_select(&cases, target,
                 &(struct case_selection){.only = only, .with = with});
    assert_int_equal(cases.num, 1);
    play_here(&result, target, &cases.items[0], 1, evidence);
    assert_int_equal(fclose(evidence), 0);
    assert_string_equal(result.reason, "");
    assert_int_equal(result.verdict, VERDICT_PASS);
    rest = strstr(text, "-- P-GEN-1");
    assert_non_null(rest);
    while ((len = evidence_next(&rest, &line)) >= 0) {
        used += (size_t)snprintf(out + used, size - used, "%.*s\n", len, line);
        assert_true(used < size);
    }
    free(text);
    cases_free(&cases);
}

/* What has no signature and no share has the same lengths in each play. */
static uint16_t suite_for(enum parameter p, uint16_t value)
{
    if (p == WITH_certificate && value == WITH_P384) {
        return 0xc02b;
    }
    if (p == WITH_etm) {
        return 0x003c;
    }
    return p == WITH_group || p == WITH_pair ||
                   (p == WITH_grease && value == WITH_GREASE_GROUPS)
               ? 0xc02f
               : 0x009c;
}

/* No message is as long as the longest fragments, and what a server chooses
 * has a test of its own. */
static bool can_be_seen(enum parameter p, uint16_t value, bool is_client)
{
    return combination_fits(p, value, WITH_suite, suite_for(p, value)) &&
           (p != WITH_fragment || value < 1000) &&
           ((p != WITH_pair && p != WITH_group) || !is_client);
}

/* A wrong target does not obey max_fragment_length; our engine does. */
static struct target engine(void)
{
    struct target target = target_of(NULL);
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    assert_string_equal(entries[0].name, "engine");
    target.driver = entries[0].driver;
    return target;
}

static void expect_change(const struct target *target, bool is_client,
                          enum parameter p, uint16_t value)
{
    static char before[20000];
    static char after[20000];
    const char *only = is_client ? "P-GEN-1/client" : "P-GEN-1/server";
    struct combination with = {0};

    with.values[WITH_suite] = suite_for(p, value);
    with.values[WITH_fragment] = p == WITH_order || p == WITH_overlap ? 50 : 0;
    with.values[WITH_cookies] = p == WITH_cookie;
    play_for_wire(before, sizeof before, target, only, &with);
    with.values[p] = value;
    play_for_wire(after, sizeof after, target, only, &with);
    assert_string_not_equal(before, after);
}

static void every_value_changes_what_is_on_the_wire(void **state)
{
    const struct target target = engine();
    uint16_t values[COMBINATIONS_VALUES_MAX];

    (void)state;
    for (int row = 0; row < 2 * NUM_PARAMETERS; row++) {
        const enum parameter p = (enum parameter)(row / 2);
        const bool is_client = row % 2 == 0;
        size_t num = combination_values(values, &ics, is_client, false, p);

        for (size_t i = 1; i < num; i++) {
            kit_row("%s=%u, the target is a %s", combination_name(p),
                    values[i], is_client ? "client" : "server");
            if (can_be_seen(p, values[i], is_client)) {
                expect_change(&target, is_client, p, values[i]);
            }
        }
    }
}

static void the_usual_looks_the_same_in_each_play(void **state)
{
    static char before[20000];
    static char after[20000];
    const struct target target = engine();
    struct combination with = {0};

    (void)state;
    with.values[WITH_suite] = 0x009c;
    play_for_wire(before, sizeof before, &target, "P-GEN-1/server", &with);
    with.values[WITH_data] = 20; /* as usual, but other random bytes */
    play_for_wire(after, sizeof after, &target, "P-GEN-1/server", &with);
    assert_string_equal(before, after);
}

static uint16_t heard_group;
static uint16_t heard_pair;

/* ServerKeyExchange: curve_type, group, the point, the pair. */
static bool keep_group_and_pair(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    struct dtls_bytes point;
    uint8_t type;

    (void)w;
    if (wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f)) {
        assert_true(dtls_get_u8(&f.body, &type) &&
                    dtls_get_u16(&f.body, &heard_group) &&
                    dtls_get_vec8(&f.body, &point) &&
                    dtls_get_u16(&f.body, &heard_pair));
    }
    return false;
}

static void keeps_group_and_pair(struct wrong *w)
{
    w->hears = keep_group_and_pair;
}

static void a_server_takes_the_group_and_the_pair_of_the_combination(
    void **state)
{
    static const struct {
        uint16_t suite;
        uint16_t group;
        uint16_t pair;
    } choices[] = {{0xc02f, 24, 0x0401},
                   {0xc02f, 23, 0x0804},
                   {0xc02b, 29, 0x0503},
                   {0xc02b, 24, 0x0403}};
    const struct target target = target_of(keeps_group_and_pair);
    static char wire[20000];

    (void)state;
    for (size_t i = 0; i < LEN(choices); i++) {
        struct combination with = {0};

        kit_row("%04x, group %u, pair %04x", choices[i].suite,
                choices[i].group, choices[i].pair);
        with.values[WITH_suite] = choices[i].suite;
        with.values[WITH_group] = choices[i].group;
        with.values[WITH_pair] = choices[i].pair;
        heard_group = 0;
        heard_pair = 0;
        play_for_wire(wire, sizeof wire, &target, "P-GEN-1/client", &with);
        assert_int_equal(heard_group, choices[i].group);
        assert_int_equal(heard_pair, choices[i].pair);
    }
}

/* ---- reduction ---- */

/* A target that cannot read pieces of a message, but only with one suite. */
static bool refuse_pieces(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->sut.setup.suite->id == 0xc0a8 && wrong_piece(r, &f) &&
           wrong_alert(w, 80);
}

static void knows_no_pieces_with_c0a8(struct wrong *w)
{
    w->hears = refuse_pieces;
}

/* Plays P-GEN-1 before a target with just this combination. */
static void play_with(struct case_result *out, const struct target *target,
                      const char *only, const char *text, char *replay,
                      size_t replay_size)
{
    struct combination with;
    struct check_cases cases;
    char problem[512] = "";

    assert_true(combination_read(&with, text, problem, sizeof problem));
    cases_select(&cases, target,
                 &(struct case_selection){.only = only, .with = &with});
    assert_int_equal(cases.num, 1);
    play_here(out, target, &cases.items[0], 1, NULL);
    case_replay(replay, replay_size, &cases.items[0], out);
    cases_free(&cases);
}

static void a_fail_is_reduced_to_the_two_values_that_it_needs(void **state)
{
    static const char text[] =
        "suite=c0a8,ems=off,packing=flight,fragment=1,order=shuffled,"
        "overlap=one,doubled=yes,alpn=on,sni=on,rsl=16384,padding=on,"
        "grease=all,data=17";
    const struct target target = target_of(knows_no_pieces_with_c0a8);
    struct case_result result;
    char replay[1024];

    (void)state;
    play_with(&result, &target, "P-GEN-1/server", text, replay, sizeof replay);
    assert_int_equal(result.verdict, VERDICT_FAIL);
    assert_true(result.is_reduced);
    assert_string_equal(result.reason, "seen: alert 80 then dead; only with "
                                       "suite=c0a8 and fragment=1");
    assert_string_equal(replay, "--only 'P-GEN-1/server' --with "
                                "suite=c0a8,fragment=1");
    /* Each of the two alone passes, and what it is replayed with fails. */
    play_with(&result, &target, "P-GEN-1/server", "fragment=1", replay,
              sizeof replay);
    assert_int_equal(result.verdict, VERDICT_PASS);
    play_with(&result, &target, "P-GEN-1/server", "suite=c0a8", replay,
              sizeof replay);
    assert_int_equal(result.verdict, VERDICT_PASS);
    play_with(&result, &target, "P-GEN-1/server", "suite=c0a8,fragment=1",
              replay, sizeof replay);
    assert_int_equal(result.verdict, VERDICT_FAIL);
}

static bool refuse_key_of_psk(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f) &&
           w->sut.setup.suite->kx == DTLS_KX_PSK && wrong_alert(w, 40);
}

static void refuses_psk(struct wrong *w)
{
    w->hears = refuse_key_of_psk;
}

static bool refuse_finished(struct wrong *w, struct wrong_record *r)
{
    return r->wire.type == DTLS_CHANGE_CIPHER_SPEC && wrong_alert(w, 40);
}

static void refuses_everybody(struct wrong *w)
{
    w->hears = refuse_finished;
}

static void a_fail_of_a_suite_needs_nothing_else(void **state)
{
    const struct target target = target_of(refuses_psk);
    struct case_result result;
    char replay[1024];

    (void)state;
    play_with(&result, &target, "P-GEN-1/server",
              "suite=00a8,packing=flight,doubled=yes,data=1", replay,
              sizeof replay);
    assert_string_equal(result.reason,
                        "seen: alert 40 then dead; only with suite=00a8");
    assert_string_equal(replay, "--only 'P-GEN-1/server' --with suite=00a8");
}

/* The positive control of P-GEN-11 has the parameters of the check, so that it
 * fails too: no fail of the check, and nothing to reduce. */
static void without_a_control_nothing_is_reduced(void **state)
{
    const struct target target = target_of(refuses_everybody);
    struct case_result result;
    char replay[1024];

    (void)state;
    play_with(&result, &target, "P-GEN-11/server", "fragment=50,ems=off",
              replay, sizeof replay);
    assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
    assert_false(result.is_reduced);
    assert_string_equal(replay, "--only 'P-GEN-11/server' --with "
                                "suite=c02b,ems=off,fragment=50");
}

struct asked {
    unsigned num;
    enum parameter needed;
};

static bool needs_one(void *self, const struct combination *with)
{
    struct asked *asked = self;

    asked->num++;
    return with->values[asked->needed] != 0;
}

static void a_reduction_ends_after_so_many_plays(void **state)
{
    const struct combination base = {0};
    struct combination with;
    char problem[512];
    struct asked asked = {.needed = WITH_data};

    (void)state;
    assert_true(combination_read(
        &with, "ems=off,fragment=50,order=reversed,overlap=all,data=17",
        problem, sizeof problem));
    combination_reduce(&with, &base, needs_one, &asked, 3);
    assert_int_equal(asked.num, 3);
    assert_int_equal(with.values[WITH_overlap], 0);
    assert_int_equal(with.values[WITH_order], 0);
    assert_int_equal(with.values[WITH_fragment], 50);
    asked = (struct asked){.needed = WITH_data};
    combination_reduce(&with, &base, needs_one, &asked, MANY);
    assert_int_equal(with.values[WITH_fragment], 0);
    assert_int_equal(with.values[WITH_ems], 0);
    assert_int_equal(with.values[WITH_data], 17);
}

/* Overlap can be left out only where extended master secret is as usual. */
static bool needs_overlap_without_ems(void *self,
                                      const struct combination *with)
{
    (void)self;
    return with->values[WITH_data] != 0 &&
           (with->values[WITH_ems] == 0 || with->values[WITH_overlap] != 0);
}

static void a_reduction_goes_on_while_it_finds_less(void **state)
{
    const struct combination base = {0};
    struct combination with;
    struct combination least = {0};
    char problem[512];

    (void)state;
    assert_true(combination_read(&with,
                                 "ems=off,fragment=50,overlap=all,"
                                 "data=17",
                                 problem, sizeof problem));
    combination_reduce(&with, &base, needs_overlap_without_ems, NULL, MANY);
    least.values[WITH_data] = 17;
    assert_memory_equal(&with, &least, sizeof least);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_choice_that_is_allowed_stands_in_a_row),
        cmocka_unit_test(the_rows_are_not_many_more_than_the_best_known),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_no_combination_is_refused),
        cmocka_unit_test(every_case_is_possible_and_has_a_name_of_its_own),
        cmocka_unit_test(each_value_stands_in_a_case_of_strength_1),
        cmocka_unit_test(
            each_pair_that_is_possible_stands_in_a_case_of_strength_2),
        cmocka_unit_test(each_cipher_is_played_cbc_twice),
        cmocka_unit_test(claims_take_values_away),
        cmocka_unit_test(every_value_changes_what_is_on_the_wire),
        cmocka_unit_test(the_usual_looks_the_same_in_each_play),
        cmocka_unit_test(
            a_server_takes_the_group_and_the_pair_of_the_combination),
        cmocka_unit_test(a_fail_is_reduced_to_the_two_values_that_it_needs),
        cmocka_unit_test(a_fail_of_a_suite_needs_nothing_else),
        cmocka_unit_test(without_a_control_nothing_is_reduced),
        cmocka_unit_test(a_reduction_ends_after_so_many_plays),
        cmocka_unit_test(a_reduction_goes_on_while_it_finds_less),
    };

    return kit_run(tests);
}
