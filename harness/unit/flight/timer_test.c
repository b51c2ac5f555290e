/* SPDX-License-Identifier: MIT */
/* flight/timer.c: when a flight is sent again, and when never more. */
#include "kit/kit.h"

#include "flight/timer.h"

static const struct dtls_timer_config config = {1000, 60000, 10, 1, false};

static struct dtls_timer fresh(void)
{
    struct dtls_timer t;

    memset(&t, 0x5a, sizeof t);
    dtls_timer_init(&t, &config);
    return t;
}

static void a_new_timer_is_not_armed(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    assert_true(t.deadline == DTLS_NEVER);
    assert_int_equal(t.timeout, 1000);
    assert_int_equal(t.retries, 0);
}

static void the_first_timeout_is_the_initial_one(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    proves("D6347-4.2.4.1-1");
    dtls_timer_start(&t, &config, 0x123456789a);
    assert_true(t.deadline == 0x123456789a + 1000);
}

static void each_expiry_doubles_up_to_the_maximum(void **state)
{
    static const uint32_t expected[] = {2000,  4000,  8000,  16000, 32000,
                                        60000, 60000, 60000, 60000, 60000};
    struct dtls_timer t = fresh();
    uint64_t now = 77;

    (void)state;
    proves("D6347-4.2.4.1-2");
    proves("D6347-4.2.4.1-3");
    dtls_timer_start(&t, &config, now);
    for (size_t i = 0; i < LEN(expected); i++) {
        kit_row("expiry %zu", i);
        now = t.deadline;
        assert_int_equal(dtls_timer_expire(&t, &config, now), DTLS_OK);
        assert_int_equal(t.timeout, expected[i]);
        assert_true(t.deadline == now + expected[i]);
        assert_int_equal(t.retries, i + 1);
    }
}

static void doubling_never_wraps(void **state)
{
    static const struct dtls_timer_config huge = {0x90000000, UINT32_MAX, 9, 1,
                                                  false};
    struct dtls_timer t;

    (void)state;
    dtls_timer_init(&t, &huge);
    dtls_timer_start(&t, &huge, 0);
    assert_int_equal(dtls_timer_expire(&t, &huge, 0), DTLS_OK);
    assert_int_equal(t.timeout, UINT32_MAX);
}

static void an_odd_maximum_is_reached_and_not_passed(void **state)
{
    static const struct dtls_timer_config odd = {1000, 2001, 9, 1, false};
    struct dtls_timer t;

    (void)state;
    dtls_timer_init(&t, &odd);
    dtls_timer_start(&t, &odd, 0);
    assert_int_equal(dtls_timer_expire(&t, &odd, 0), DTLS_OK);
    assert_int_equal(t.timeout, 2000);
    assert_int_equal(dtls_timer_expire(&t, &odd, 0), DTLS_OK);
    assert_int_equal(t.timeout, 2001);
}

static void the_timeout_grows_by_its_shift(void **state)
{
    static const uint32_t expected[][3] = {
        {1000, 1000, 1000}, {2000, 4000, 8000}, {4000, 16000, 60000}};

    (void)state;
    for (uint8_t shift = 0; shift < 3; shift++) {
        const struct dtls_timer_config c = {1000, 60000, 10, shift, false};
        struct dtls_timer t;

        kit_row("shift %u", shift);
        dtls_timer_init(&t, &c);
        dtls_timer_start(&t, &c, 0);
        for (size_t i = 0; i < 3; i++) {
            kit_row("expiry %zu", i);
            assert_int_equal(dtls_timer_expire(&t, &c, 0), DTLS_OK);
            assert_int_equal(t.timeout, expected[shift][i]);
        }
    }
}

static void after_the_last_retry_it_is_over(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    proves("D6347-4.2.4.1-6");
    dtls_timer_start(&t, &config, 0);
    for (int i = 0; i < 10; i++) {
        kit_row("expiry %d", i);
        assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
    }
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_TOO_LATE);
    assert_true(t.deadline == DTLS_NEVER);
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_TOO_LATE);
}

static void without_retries_the_first_expiry_is_the_last(void **state)
{
    static const struct dtls_timer_config once = {1000, 60000, 0, 1, false};
    struct dtls_timer t;

    (void)state;
    dtls_timer_init(&t, &once);
    dtls_timer_start(&t, &once, 5);
    assert_int_equal(dtls_timer_expire(&t, &once, 1005), DTLS_TOO_LATE);
}

static void a_restart_neither_doubles_nor_counts(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    dtls_timer_start(&t, &config, 0);
    assert_int_equal(dtls_timer_expire(&t, &config, 1000), DTLS_OK);
    dtls_timer_restart(&t, 1500);
    assert_true(t.deadline == 1500 + 2000);
    assert_int_equal(t.timeout, 2000);
    assert_int_equal(t.retries, 1);
}

static void a_raised_timeout_stays_until_a_flight_gets_through(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    proves("D6347-4.2.4.1-4");
    dtls_timer_start(&t, &config, 0);
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
    dtls_timer_stop(&t, &config, 0);
    assert_true(t.deadline == DTLS_NEVER);
    assert_int_equal(t.timeout, 4000);

    dtls_timer_start(&t, &config,
                     100); /* the next flight, this time without loss */
    assert_true(t.deadline == 100 + 4000);
    assert_int_equal(t.retries, 0);
    dtls_timer_stop(&t, &config, 0);
    assert_int_equal(t.timeout, 1000);
}

/* The setting that others have: only the flight that is lost waits longer. */
static void each_flight_can_begin_anew(void **state)
{
    static const struct dtls_timer_config anew = {1000, 60000, 10, 1, true};
    struct dtls_timer t;

    (void)state;
    dtls_timer_init(&t, &anew);
    dtls_timer_start(&t, &anew, 0);
    assert_int_equal(dtls_timer_expire(&t, &anew, 1000), DTLS_OK);
    assert_int_equal(dtls_timer_expire(&t, &anew, 3000), DTLS_OK);
    assert_int_equal(t.timeout, 4000);
    dtls_timer_stop(&t, &anew, 3010);
    dtls_timer_start(&t, &anew, 3020);
    assert_true(t.deadline == 3020 + 1000);
}

/* The peer asked for it again: that, too, was a loss. */
static void a_flight_resent_on_demand_does_not_lower_the_timeout(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    proves("D6347-4.2.4.1-4");
    dtls_timer_start(&t, &config, 0);
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
    dtls_timer_stop(&t, &config, 10);
    dtls_timer_start(&t, &config, 20);
    dtls_timer_restart(&t, 30);
    dtls_timer_stop(&t, &config, 40);
    assert_int_equal(t.timeout, 2000);
}

static void after_ten_idle_timeouts_the_initial_one_is_back(void **state)
{
    (void)state;
    proves("D6347-4.2.4.1-5");
    for (uint64_t idle = 19999; idle <= 20000; idle++) {
        struct dtls_timer t = fresh();

        kit_row("%u ms idle", (unsigned)idle);
        dtls_timer_start(&t, &config, 0);
        assert_int_equal(dtls_timer_expire(&t, &config, 1000), DTLS_OK);
        dtls_timer_stop(&t, &config, 1234);
        assert_int_equal(t.timeout, 2000);
        dtls_timer_start(&t, &config, 1234 + idle);
        assert_int_equal(t.timeout, idle == 20000 ? 1000 : 2000);
    }
}

static void a_new_flight_has_all_its_retries(void **state)
{
    struct dtls_timer t = fresh();

    (void)state;
    dtls_timer_start(&t, &config, 0);
    for (int i = 0; i < 10; i++) {
        kit_row("expiry %d", i);
        assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
    }
    dtls_timer_stop(&t, &config, 0);
    dtls_timer_start(&t, &config, 0);
    for (int i = 0; i < 10; i++) {
        kit_row("expiry %d", i);
        assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_OK);
        assert_int_equal(t.timeout, 60000);
    }
    assert_int_equal(dtls_timer_expire(&t, &config, 0), DTLS_TOO_LATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_timer_is_not_armed),
        cmocka_unit_test(the_first_timeout_is_the_initial_one),
        cmocka_unit_test(each_expiry_doubles_up_to_the_maximum),
        cmocka_unit_test(doubling_never_wraps),
        cmocka_unit_test(an_odd_maximum_is_reached_and_not_passed),
        cmocka_unit_test(the_timeout_grows_by_its_shift),
        cmocka_unit_test(after_the_last_retry_it_is_over),
        cmocka_unit_test(without_retries_the_first_expiry_is_the_last),
        cmocka_unit_test(a_restart_neither_doubles_nor_counts),
        cmocka_unit_test(a_raised_timeout_stays_until_a_flight_gets_through),
        cmocka_unit_test(each_flight_can_begin_anew),
        cmocka_unit_test(a_new_flight_has_all_its_retries),
        cmocka_unit_test(a_flight_resent_on_demand_does_not_lower_the_timeout),
        cmocka_unit_test(after_ten_idle_timeouts_the_initial_one_is_back),
    };

    return kit_run(tests);
}
