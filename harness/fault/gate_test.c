/* SPDX-License-Identifier: MIT */
/* Every call that can fail does so in the gate: while listener and table are
 * made, while a hello is answered, and while secrets are renewed after one,
 * two and three periods (RFC 6347, 4.2.1). */
#include "fault/failing.h"
#include "kit/kit.h"
#include "sim/pair.h"

#define PERIOD DTLS_COOKIE_PERIOD_MS
#define SLOTS 5

static struct sim_pair pair; /* large: not on the stack */
static struct failing calls; /* of the gate */
static struct dtls_counters counters;

/* Once, or from there on. */
static const char *const modes[] = {"once", "and from there on"};

static void fail_at(unsigned first, size_t mode)
{
    calls.calls = 0;
    calls.failed = 0;
    calls.first = first;
    calls.last = mode == 0 ? first : UINT32_MAX;
}

static enum dtls_status make_listener(struct dtls_listener *listener)
{
    return dtls_listener_init(listener, &calls.crypto, &counters, 1000);
}

static void a_listener_that_cannot_be_made_stays_as_it_was(void **state)
{
    struct dtls_listener listener;
    unsigned num;

    (void)state;
    failing_init(&calls, &dtls_libcrypto, NULL);
    assert_int_equal(make_listener(&listener), DTLS_OK);
    num = calls.calls;
    assert_int_equal(num, 5); /* its number, and two secrets of two calls */
    dtls_listener_free(&listener);
    for (unsigned n = 1; n <= num; n++) {
        for (size_t mode = 0; mode < LEN(modes); mode++) {
            struct dtls_listener before;

            kit_row("call %u, %s", n, modes[mode]);
            memset(&listener, 0x5a, sizeof listener);
            before = listener;
            fail_at(n, mode);
            assert_int_equal(make_listener(&listener), DTLS_INTERNAL_ERROR);
            assert_memory_equal(&listener, &before, sizeof before);
        }
    }
}

static void a_table_that_cannot_be_made_stays_as_it_was(void **state)
{
    struct dtls_slot slots[SLOTS];
    struct dtls_link index[DTLS_INDEX_LINKS(SLOTS)];
    struct dtls_table table;
    unsigned num;

    (void)state;
    failing_init(&calls, &dtls_libcrypto, NULL);
    assert_int_equal(dtls_table_init(&table, &calls.crypto, slots,
                                     sizeof slots[0], SLOTS, NULL, index),
                     DTLS_OK);
    num = calls.calls;
    assert_int_equal(num, 1);
    for (unsigned n = 1; n <= num; n++) {
        struct dtls_slot slots_before[SLOTS];
        struct dtls_link index_before[DTLS_INDEX_LINKS(SLOTS)];
        struct dtls_table before;

        kit_row("call %u", n);
        memset(&table, 0x5a, sizeof table);
        memset(slots, 0x5a, sizeof slots);
        memcpy(slots_before, slots, sizeof slots);
        memset(index, 0x5a, sizeof index);
        memcpy(index_before, index, sizeof index);
        before = table;
        fail_at(n, 0);
        assert_int_equal(dtls_table_init(&table, &calls.crypto, slots,
                                         sizeof slots[0], SLOTS, NULL, index),
                         DTLS_INTERNAL_ERROR);
        assert_memory_equal(&table, &before, sizeof before);
        assert_memory_equal(slots, slots_before, sizeof slots);
        assert_memory_equal(index, index_before, sizeof index);
    }
    dtls_table_free(&table);
    assert_memory_equal(&table, &(struct dtls_table){0}, sizeof table);
}

/* A datagram of the client's. */
struct hello {
    uint8_t bytes[1024];
    size_t len;
};

static void write_hello(struct hello *hello)
{
    struct dtls_buf out = {hello->bytes, 0, sizeof hello->bytes};

    assert_int_equal(dtls_session_write(&pair.ends[SIM_CLIENT].session, &out),
                     DTLS_OK);
    assert_true(out.len != 0);
    hello->len = out.len;
}

/* Asks the gate.  What it answers is in `reply`. */
static enum dtls_gate ask(const struct hello *hello, struct hello *reply,
                          uint64_t now)
{
    struct hello copy = *hello;
    struct dtls_buf out = {reply->bytes, 0, sizeof reply->bytes};
    struct dtls_gate_pass pass;
    enum dtls_gate gate;

    failing_fill(reply->bytes, sizeof reply->bytes);
    failing_paint_stack();
    gate =
        dtls_listener_gate(&pair.listener, &out, &pass, &pair.client_address,
                           (struct dtls_span){copy.bytes, copy.len}, now);
    reply->len = out.len;
    if (gate == DTLS_GATE_REPLY) {
        assert_false(failing_shows(dtls_bytes_of(reply->bytes, reply->len)));
    } else {
        assert_int_equal(reply->len, 0);
    }
    return gate;
}

/* The client's first ClientHello, and the one with the cookie that it gets at
 * time `now`. */
static void fetch(struct hello hellos[2], uint64_t now)
{
    struct sim_end *client = &pair.ends[SIM_CLIENT];
    struct hello reply;
    struct dtls_span datagram;
    struct dtls_span data;

    dtls_session_free(&client->session);
    assert_int_equal(
        dtls_session_connect(&client->session, &client->room, now), DTLS_OK);
    write_hello(&hellos[0]);
    assert_int_equal(ask(&hellos[0], &reply, now), DTLS_GATE_REPLY);
    datagram = (struct dtls_span){reply.bytes, reply.len};
    assert_int_equal(
        dtls_session_read(&client->session, &datagram, &data, now),
        DTLS_EVENT_NONE);
    write_hello(&hellos[1]);
    assert_int_equal(ask(&hellos[1], &reply, now), DTLS_GATE_ACCEPT);
}

/* Puts `byte` in place of the cookie. */
static void forge(struct hello *out, const struct hello *hello, uint8_t byte)
{
    const struct dtls_handshake *hs = &pair.ends[SIM_CLIENT].session.hs;
    uint8_t *cookie;

    *out = *hello;
    cookie = memmem(out->bytes, out->len, hs->cookie, hs->cookie_len);
    assert_non_null(cookie);
    memset(cookie, byte, hs->cookie_len);
}

/* Nothing that the secrets were filled with makes a cookie valid. */
static void check_forgeries(const struct hello *with_cookie, uint64_t now)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        struct hello forged;
        struct hello reply;

        kit_row("cookie of bytes %02x", byte);
        forge(&forged, with_cookie, (uint8_t)byte);
        assert_true(ask(&forged, &reply, now) != DTLS_GATE_ACCEPT);
    }
}

static void open_gate(void)
{
    sim_pair_init(&pair, 17);
    dtls_listener_free(&pair.listener);
    failing_init(&calls, &pair.crypto, NULL);
    assert_int_equal(
        dtls_listener_init(&pair.listener, &calls.crypto, &counters, 0),
        DTLS_OK);
}

/* The number of calls that the answer to a hello makes after so many
 * periods. */
static unsigned count_calls(unsigned periods, size_t which)
{
    struct hello hellos[2];
    struct hello reply;

    open_gate();
    fetch(hellos, 0);
    calls.calls = 0;
    assert_true(ask(&hellos[which], &reply, periods * PERIOD) !=
                DTLS_GATE_DISCARD);
    sim_pair_free(&pair);
    return calls.calls;
}

/* A call fails: the gate lets nobody in, and its jar is what it was or is
 * renewed. */
static void check_closed(const struct hello *hello, uint64_t now)
{
    struct dtls_cookie_jar *jar = &pair.listener.jar;
    struct dtls_cookie_jar before = *jar;
    unsigned failed = calls.failed;
    struct hello reply;

    assert_true(ask(hello, &reply, now) != DTLS_GATE_ACCEPT);
    assert_true(calls.failed > failed);
    if (jar->renewed == before.renewed) {
        assert_memory_equal(jar, &before, sizeof before);
    } else {
        assert_true(jar->renewed == now);
        assert_memory_not_equal(&jar->current, &before.current,
                                sizeof before.current);
        assert_false(failing_shows(
            dtls_bytes_of((const uint8_t *)jar->current.inner, 32)));
    }
}

static void check_open(const struct hello hellos[2], unsigned periods,
                       uint64_t now)
{
    struct hello newer[2];
    struct hello reply;

    /* The cookie before is good for another period, and no longer. */
    assert_int_equal(ask(&hellos[1], &reply, now),
                     periods <= 1 ? DTLS_GATE_ACCEPT : DTLS_GATE_REPLY);
    check_forgeries(&hellos[1], now);
    fetch(newer, now);
}

static void play(unsigned periods, size_t which, unsigned call, size_t mode)
{
    uint64_t now = periods * PERIOD;
    struct hello hellos[2];

    open_gate();
    fetch(hellos, 0);
    fail_at(call, mode);
    check_closed(&hellos[which], now);
    if (mode != 0) {
        check_forgeries(&hellos[1], now);
        check_closed(&hellos[0], now);
        check_closed(&hellos[1], now);
    }
    calls.first = 0;
    check_open(hellos, periods, now);
    sim_pair_free(&pair);
    assert_memory_equal(&pair.listener, &(struct dtls_listener){0},
                        sizeof pair.listener);
}

static void play_each_call(unsigned periods, size_t which)
{
    unsigned num = count_calls(periods, which);

    /* Two for each new secret, one for the MAC of the lists. */
    assert_true(num >= 1 + 2 * (periods < 2 ? periods : 2));
    for (unsigned n = 1; n <= num; n++) {
        for (size_t mode = 0; mode < LEN(modes); mode++) {
            kit_row("call %u, %s", n, modes[mode]);
            play(periods, which, n, mode);
        }
    }
}

static void a_gate_whose_calls_fail_lets_nobody_in(void **state)
{
    (void)state;
    for (unsigned periods = 0; periods <= 3; periods++) {
        for (size_t which = 0; which < 2; which++) {
            kit_row("%u periods, a hello with%s cookie", periods,
                    which == 0 ? "out a" : " its");
            play_each_call(periods, which);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_that_cannot_be_made_stays_as_it_was),
        cmocka_unit_test(a_table_that_cannot_be_made_stays_as_it_was),
        cmocka_unit_test(a_gate_whose_calls_fail_lets_nobody_in),
    };

    return kit_run(tests);
}
