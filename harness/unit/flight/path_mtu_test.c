/* SPDX-License-Identifier: MIT */
/* flight/path_mtu.c: how large the datagrams of a flight are, after each thing
 * that a path can do. */
#include "kit/kit.h"

#include "flight/path_mtu.h"

#define LIMIT 1400

static size_t size(const struct dtls_path_mtu *p)
{
    return dtls_path_mtu_size(p, LIMIT);
}

/* Writes a flight of `len` bytes, in as large datagrams as may be. */
static void write_flight(struct dtls_path_mtu *p, size_t len)
{
    while (len != 0) {
        size_t part = len < size(p) ? len : size(p);

        dtls_path_mtu_wrote(p, LIMIT, part);
        len -= part;
    }
}

/* Writes it `times`, the last of which is answered at `now`. */
static void play(struct dtls_path_mtu *p, size_t len, unsigned times,
                 uint64_t now)
{
    for (unsigned i = 0; i < times; i++) {
        if (i != 0) {
            dtls_path_mtu_unanswered(p);
        }
        write_flight(p, len);
    }
    dtls_path_mtu_answered(p, LIMIT, now);
}

static void silence_makes_datagrams_smaller(void **state)
{
    static const size_t expected[] = {1400, 1400, 508, 508, 256,
                                      508,  256,  508, 256};
    struct dtls_path_mtu p = {0};

    (void)state;
    proves("D6347-4.1.1.1-6");
    for (size_t i = 0; i < LEN(expected); i++) {
        kit_row("transmission %zu", i + 1);
        assert_int_equal(size(&p), expected[i]);
        dtls_path_mtu_unanswered(&p);
    }
}

static void silence_without_end_never_makes_them_large_again(void **state)
{
    struct dtls_path_mtu p = {0};

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        dtls_path_mtu_unanswered(&p);
        kit_row("transmission %u", i + 2);
        assert_true(i == 0 || size(&p) <= DTLS_MTU_SAFE);
    }
}

static void a_certain_size_stays(void **state)
{
    struct dtls_path_mtu p = {.certain = true};

    (void)state;
    for (unsigned i = 0; i < 12; i++) {
        kit_row("transmission %u", i + 1);
        assert_int_equal(size(&p), LIMIT);
        dtls_path_mtu_unanswered(&p);
    }
    dtls_path_mtu_wrote(&p, LIMIT, 1300);
    dtls_path_mtu_answered(&p, LIMIT, 1);
    assert_int_equal(size(&p), LIMIT);
    assert_int_equal(p.confirmed, 1300);
}

/* What the next flight begins with, and what is known, after a flight of so
 * many bytes was answered at so many transmissions. */
static void the_next_flight_begins_with_what_was_answered(void **state)
{
    static const struct {
        size_t len;
        unsigned times;
        size_t next;
        size_t confirmed;
    } cases[] = {
        {3000, 1, 1400, 1400},
        {3000, 2, 1400, 1400},
        {3000, 3, 508, 508},
        {3000, 4, 508, 508},
        {3000, 5, 256, 256},
        {3000, 6, 256, 256},
        {3000, 9, 256, 256},
        {509, 3, 508, 508},
        {509, 1, 1400, 509},
        /* All of it was small anyway: its silence says nothing. */
        {508, 3, 1400, 508},
        {300, 4, 1400, 300},
        {300, 5, 256, 256},
        {256, 9, 1400, 256},
        {40, 9, 1400, 40},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_path_mtu p = {0};

        kit_row("%zu bytes, %u times", cases[i].len, cases[i].times);
        play(&p, cases[i].len, cases[i].times, 1);
        assert_int_equal(size(&p), cases[i].next);
        assert_int_equal(p.confirmed, cases[i].confirmed);
        /* The patience of each flight is its own. */
        dtls_path_mtu_unanswered(&p);
        assert_int_equal(size(&p), cases[i].next);
    }
}

static void what_is_known_grows_and_shrinks_with_the_path(void **state)
{
    struct dtls_path_mtu p = {0};

    (void)state;
    play(&p, 700, 1, 1);
    play(&p, 100, 1, 2);
    assert_int_equal(p.confirmed, 700);
    play(&p, 900, 3, 3);
    assert_int_equal(p.confirmed, 508);
}

static void a_refusal_is_heeded_within_bounds(void **state)
{
    static const struct {
        size_t told;
        size_t next;
    } cases[] = {
        {0, 508},     {1, 508},     {68, 508},   {507, 508},  {508, 508},
        {1000, 1000}, {1399, 1399}, {1400, 508}, {1401, 508}, {65507, 508},
    };

    (void)state;
    proves("D8899-4.6.1-1");
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_path_mtu p = {0};

        kit_row("told %zu", cases[i].told);
        assert_true(dtls_path_mtu_too_big(&p, LIMIT, cases[i].told, 1));
        assert_int_equal(size(&p), cases[i].next);
        assert_int_equal(p.confirmed, 0);
    }
}

/* The path goes on refusing: it gets less each time, and comes to an end. */
static void refusals_come_to_an_end(void **state)
{
    struct dtls_path_mtu p = {0};
    unsigned steps = 0;

    (void)state;
    while (dtls_path_mtu_too_big(&p, LIMIT, size(&p) - 100, 1)) {
        kit_row("refusal %u", steps);
        assert_true(++steps < 20);
        assert_true(size(&p) >= DTLS_MTU_LEAST);
    }
    assert_int_equal(size(&p), DTLS_MTU_LEAST);
}

static void a_small_limit_is_never_exceeded(void **state)
{
    struct dtls_path_mtu p = {0};

    (void)state;
    for (unsigned i = 0; i < 12; i++) {
        kit_row("transmission %u", i + 1);
        assert_int_equal(dtls_path_mtu_size(&p, 100), 100);
        assert_true(dtls_path_mtu_size(&p, 300) <= 300);
        dtls_path_mtu_unanswered(&p);
    }
    assert_false(dtls_path_mtu_too_big(&p, 256, 0, 1));
}

static void a_later_handshake_tries_again(void **state)
{
    struct dtls_path_mtu p = {0};

    (void)state;
    play(&p, 3000, 3, 5000);
    dtls_path_mtu_begin(&p, 5000 + DTLS_MTU_RAISE_MS - 1);
    assert_int_equal(size(&p), 508);
    dtls_path_mtu_begin(&p, 5000 + DTLS_MTU_RAISE_MS);
    assert_int_equal(size(&p), 1400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_makes_datagrams_smaller),
        cmocka_unit_test(silence_without_end_never_makes_them_large_again),
        cmocka_unit_test(a_certain_size_stays),
        cmocka_unit_test(the_next_flight_begins_with_what_was_answered),
        cmocka_unit_test(what_is_known_grows_and_shrinks_with_the_path),
        cmocka_unit_test(a_refusal_is_heeded_within_bounds),
        cmocka_unit_test(refusals_come_to_an_end),
        cmocka_unit_test(a_small_limit_is_never_exceeded),
        cmocka_unit_test(a_later_handshake_tries_again),
    };

    return kit_run(tests);
}
