/* SPDX-License-Identifier: MIT */
/* Does the network do what its conditions and scripts say, and the same each
 * time? */
#include "sim/script.h"

#include "kit/kit.h"

#include <stdlib.h>

#define SENT 10000

static struct sim_network net;
static uint8_t text[200];

static void begin(uint64_t seed)
{
    sim_network_init(&net, seed);
    net.conditions.delay = 10;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(i + 1);
    }
}

/* Sends `count` datagrams of `len` bytes, 1 ms apart. */
static void send_many(unsigned count, size_t len)
{
    for (unsigned i = 0; i < count; i++) {
        sim_send(&net, 0, 1, dtls_bytes_of(text, len));
        net.now++;
    }
}

/* Delivers everything; how many came, and in *changed how many were not as
 * they were sent. */
static unsigned receive_all(size_t len, unsigned *changed)
{
    unsigned received = 0;

    *changed = 0;
    while (sim_next_due(&net) != SIM_NO_EVENT) {
        struct sim_datagram d = sim_deliver(&net);

        received++;
        *changed += d.len != len || memcmp(d.bytes, text, len) != 0;
        free(d.bytes);
    }
    return received;
}

static unsigned received_of(unsigned count, unsigned *changed)
{
    unsigned received;

    send_many(count, sizeof text);
    received = receive_all(sizeof text, changed);
    return received;
}

static void chances_are_percent(void **state)
{
    unsigned changed;

    (void)state;
    begin(1);
    net.conditions.loss = 20;
    assert_in_range(received_of(SENT, &changed), 7800, 8200);
    assert_int_equal(changed, 0);
    net.conditions = (struct sim_conditions){.duplication = 20};
    assert_in_range(received_of(SENT, &changed), 11800, 12200);
    assert_int_equal(changed, 0);
    net.conditions = (struct sim_conditions){.corruption = 20};
    assert_int_equal(received_of(SENT, &changed), SENT);
    assert_in_range(changed, 1800, 2200);
    net.conditions = (struct sim_conditions){.truncation = 20};
    assert_int_equal(received_of(SENT, &changed), SENT);
    assert_in_range(changed, 1800, 2200);
    sim_network_free(&net);
}

static void corruption_changes_one_bit(void **state)
{
    struct sim_datagram d;
    unsigned bits = 0;

    (void)state;
    begin(2);
    net.conditions.corruption = 100;
    send_many(1, sizeof text);
    d = sim_deliver(&net);
    assert_int_equal(d.len, sizeof text);
    for (size_t i = 0; i < d.len; i++) {
        bits += (unsigned)__builtin_popcount(d.bytes[i] ^ (unsigned)text[i]);
    }
    assert_int_equal(bits, 1);
    free(d.bytes);
    sim_network_free(&net);
}

static void bursts_come_together(void **state)
{
    static uint64_t came[SENT];
    unsigned received = 0;
    unsigned gaps = 0;

    (void)state;
    begin(3);
    net.conditions.burst = 2;
    net.conditions.burst_ends = 20; /* five in a row, mostly */
    send_many(SENT, 10);
    while (sim_next_due(&net) != SIM_NO_EVENT) {
        struct sim_datagram d = sim_deliver(&net);

        came[received++] = d.due;
        free(d.bytes);
    }
    for (unsigned i = 1; i < received; i++) {
        gaps += came[i] - came[i - 1] > 1;
    }
    /* 2 / (2 + 20) of all are lost, in gaps of five. */
    assert_in_range(SENT - received, 750, 1070);
    assert_in_range((SENT - received) / gaps, 4, 6);
    sim_network_free(&net);
}

static void a_burst_ends_with_its_conditions(void **state)
{
    unsigned changed;

    (void)state;
    begin(13);
    net.conditions.burst = 100;
    send_many(5, 10);
    net.conditions = (struct sim_conditions){.delay = 1};
    send_many(5, 10);
    assert_int_equal(receive_all(10, &changed), 5);
    sim_network_free(&net);
}

static void what_is_held_back_is_overtaken(void **state)
{
    unsigned overtaken = 0;
    uint64_t last = 0;

    (void)state;
    begin(4);
    net.conditions.reordering = 10;
    net.conditions.hold = 50;
    send_many(1000, 10);
    while (sim_next_due(&net) != SIM_NO_EVENT) {
        struct sim_datagram d = sim_deliver(&net);

        overtaken += d.order < last;
        last = d.order;
        free(d.bytes);
    }
    assert_in_range(overtaken, 60, 140);
    sim_network_free(&net);
}

static void what_is_larger_than_the_path_vanishes(void **state)
{
    unsigned changed;

    (void)state;
    begin(5);
    net.conditions.mtu = 100;
    send_many(3, 100);
    send_many(5, 101);
    assert_int_equal(receive_all(100, &changed), 3);
    sim_network_free(&net);
}

static void each_direction_can_have_its_own(void **state)
{
    static const struct sim_conditions deaf = {.loss = 100};
    struct sim_datagram d;

    (void)state;
    begin(6);
    net.one_way[0] = &deaf;
    sim_send(&net, 0, 1, dtls_bytes_of(text, 1));
    sim_send(&net, 1, 0, dtls_bytes_of(text, 2));
    d = sim_deliver(&net);
    assert_int_equal(d.from, 1);
    free(d.bytes);
    assert_int_equal(sim_next_due(&net), SIM_NO_EVENT);
    sim_network_free(&net);
}

/* A word of what happens to 40 datagrams of endpoint 0, while endpoint 1 says
 * `others` of its own between them. */
static uint64_t fates_among(unsigned others)
{
    uint64_t arrived = 0;

    begin(21);
    net.conditions.loss = 30;
    for (unsigned i = 0; i < 40; i++) {
        sim_send(&net, 0, 1, dtls_bytes_of(text, i + 1));
        for (unsigned j = 0; j < others; j++) {
            sim_send(&net, 1, 0, dtls_bytes_of(text, 1));
        }
    }
    while (sim_next_due(&net) != SIM_NO_EVENT) {
        struct sim_datagram d = sim_deliver(&net);

        arrived |= d.from == 0 ? (uint64_t)1 << d.len : 0;
        free(d.bytes);
    }
    sim_network_free(&net);
    return arrived;
}

static void a_fate_does_not_depend_on_the_other_direction(void **state)
{
    uint64_t alone = fates_among(0);

    (void)state;
    assert_in_range(__builtin_popcountll(alone), 20, 36);
    assert_true(fates_among(1) == alone);
    assert_true(fates_among(3) == alone);
}

static void an_injected_datagram_meets_no_conditions(void **state)
{
    struct sim_datagram d;

    (void)state;
    begin(7);
    net.conditions.loss = 100;
    sim_inject(&net, 0, 1, dtls_bytes_of(text, 7), 33);
    assert_int_equal(sim_next_due(&net), 33);
    d = sim_deliver(&net);
    assert_int_equal(d.len, 7);
    free(d.bytes);
    sim_network_free(&net);
}

static void script(struct sim_script *s)
{
    net.conditions.decide = sim_script_decide;
    net.conditions.self = s;
}

static void a_script_drops_what_it_names(void **state)
{
    struct sim_script drop = {.kind = SIM_SCRIPT_DROP, .a = 1, .b = 3};
    unsigned changed;

    (void)state;
    begin(8);
    script(&drop);
    for (size_t i = 0; i < 5; i++) {
        sim_send(&net, 0, 1, dtls_bytes_of(&text[i], 1));
    }
    for (uint8_t expected = 1; expected <= 5; expected += 2) {
        struct sim_datagram d = sim_deliver(&net);

        kit_row("datagram %u", expected);
        assert_int_equal(d.bytes[0], expected);
        free(d.bytes);
    }
    assert_int_equal(receive_all(1, &changed), 0);
    sim_network_free(&net);
}

/* Flight 1, of four, in every order there is; flight 0 as it was sent. */
static void a_script_permutes_one_flight(void **state)
{
    bool seen[4 * 4 * 4 * 4] = {false};
    unsigned orders = 0;

    (void)state;
    for (unsigned p = 0; p < SIM_PERMUTATIONS; p++) {
        struct sim_script s = {.kind = SIM_SCRIPT_PERMUTE, .a = 1, .b = p};
        unsigned order = 0;

        kit_row("permutation %u", p);
        begin(9);
        script(&s);
        sim_send(&net, 0, 1, dtls_bytes_of(text, 9));
        sim_send(&net, 0, 1, dtls_bytes_of(text, 8));
        for (size_t i = 0; i < 4; i++) {
            sim_send(&net, 1, 0, dtls_bytes_of(text, i));
        }
        for (unsigned i = 0; i < 6; i++) {
            struct sim_datagram d = sim_deliver(&net);

            if (d.from == 1) {
                order = order * 4 + (unsigned)d.len;
            }
            free(d.bytes);
        }
        orders += !seen[order];
        seen[order] = true;
        assert_true(p != 0 || order == ((0 * 4 + 1) * 4 + 2) * 4 + 3);
        sim_network_free(&net);
    }
    assert_int_equal(orders, SIM_PERMUTATIONS);
}

static void a_script_delays_and_moves(void **state)
{
    struct sim_script late = {.kind = SIM_SCRIPT_LATE, .a = 0};
    struct sim_script move = {.kind = SIM_SCRIPT_MOVE, .a = 2, .b = 2};
    struct sim_datagram d;

    (void)state;
    begin(10);
    script(&late);
    sim_send(&net, 0, 1, dtls_bytes_of(text, 1));
    assert_int_equal(sim_next_due(&net), 10 + SIM_LATE_MS);
    script(&move);
    for (int from = 1; from >= 0; from--) {
        kit_row("from %d", from);
        sim_send(&net, from, !from, dtls_bytes_of(text, 1));
        d = sim_deliver(&net);
        assert_int_equal(d.from, from);
        assert_int_equal(d.address, from == 0);
        free(d.bytes);
    }
    sim_network_free(&net);
}

/* Everything at once, twice with one seed and once with another. */
static void one_seed_gives_one_trace(void **state)
{
    uint64_t traces[3];
    unsigned changed;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        begin(i == 2 ? 12 : 11);
        net.conditions = (struct sim_conditions){
            .delay = 5,
            .jitter = 30,
            .loss = 10,
            .duplication = 10,
            .burst = 1,
            .burst_ends = 30,
            .reordering = 10,
            .hold = 40,
            .corruption = 5,
            .truncation = 5,
            .mtu = 190,
        };
        send_many(500, 190);
        (void)receive_all(190, &changed);
        send_many(500, 180);
        traces[i] = net.trace;
        sim_network_free(&net);
    }
    assert_true(traces[0] == traces[1]);
    assert_true(traces[0] != traces[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_are_percent),
        cmocka_unit_test(corruption_changes_one_bit),
        cmocka_unit_test(bursts_come_together),
        cmocka_unit_test(a_burst_ends_with_its_conditions),
        cmocka_unit_test(what_is_held_back_is_overtaken),
        cmocka_unit_test(what_is_larger_than_the_path_vanishes),
        cmocka_unit_test(each_direction_can_have_its_own),
        cmocka_unit_test(a_fate_does_not_depend_on_the_other_direction),
        cmocka_unit_test(an_injected_datagram_meets_no_conditions),
        cmocka_unit_test(a_script_drops_what_it_names),
        cmocka_unit_test(a_script_permutes_one_flight),
        cmocka_unit_test(a_script_delays_and_moves),
        cmocka_unit_test(one_seed_gives_one_trace),
    };

    return kit_run(tests);
}
