/* SPDX-License-Identifier: MIT */
/* The retransmission state machine, clause by clause (RFC 6347, 4.2.4), and
 * how the path's size and half-open sessions are dealt with (4.1.1.1, 4.2.8).
 */
#include "kit/kit.h"

#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

static struct dtls_session *session(int which)
{
    return &pair.ends[which].session;
}

/* What an end sent, when. */
struct log {
    struct {
        uint64_t at;
        int from;
        size_t len;
        uint8_t bytes[1500];
    } sent[64];
    size_t num;
};

static struct log tape;

static void record(void *watcher, const struct sim_sent *sent,
                   const struct sim_fate *fate)
{
    struct log *to = watcher;

    (void)fate;
    if (to->num < LEN(to->sent)) {
        assert_true(sent->bytes.len <= sizeof to->sent[0].bytes);
        to->sent[to->num].at = sent->at;
        to->sent[to->num].from = sent->from;
        to->sent[to->num].len = sent->bytes.len;
        memcpy(to->sent[to->num].bytes, sent->bytes.data, sent->bytes.len);
        to->num++;
    }
}

/* The n-th datagram of an end. */
static size_t nth(int from, size_t n)
{
    for (size_t i = 0; i < tape.num; i++) {
        if (tape.sent[i].from == from && n-- == 0) {
            return i;
        }
    }
    fail_msg("it has not sent so many");
    return 0;
}

static size_t count(int from)
{
    size_t n = 0;

    for (size_t i = 0; i < tape.num; i++) {
        n += tape.sent[i].from == from;
    }
    return n;
}

static void begin(uint64_t seed)
{
    sim_pair_init(&pair, seed);
    memset(&tape, 0, sizeof tape);
    pair.net.watch = record;
    pair.net.watcher = &tape;
}

static void drop_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    const int *mute = self;

    fate->lost |= mute == NULL || *mute == sent->from;
}

static void a_server_waits_without_a_word(void **state)
{
    (void)state;
    proves("D6347-4.2.4-2");
    begin(1);
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(pair.net.sent, 0);
    sim_pair_free(&pair);
}

/* The same message under new record numbers, at 1, 3, 7, ... seconds. */
static void an_unanswered_flight_goes_out_again(void **state)
{
    (void)state;
    proves("D6347-3.2.1-2");
    proves("D6347-4.2.4-3");
    proves("D6347-4.2.2-6");
    proves("D6347-4.2.2-7");
    proves("D6347-4.1-7");
    begin(2);
    pair.net.conditions.decide = drop_all;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(tape.num, 11);
    for (size_t i = 0; i < 6; i++) {
        kit_row("retransmission %zu", i);
        assert_int_equal(tape.sent[i].at, 1000 * ((1u << i) - 1));
        assert_int_equal(tape.sent[i].bytes[10], i);
        assert_int_equal(tape.sent[i].len, tape.sent[0].len);
        assert_memory_equal(tape.sent[i].bytes + DTLS_RECORD_HEADER_LEN,
                            tape.sent[0].bytes + DTLS_RECORD_HEADER_LEN,
                            tape.sent[0].len - DTLS_RECORD_HEADER_LEN);
    }
    sim_pair_free(&pair);
}

static void a_hello_verify_request_has_no_timer(void **state)
{
    int mute = SIM_SERVER;

    (void)state;
    proves("D6347-3.2.1-1");
    begin(3);
    pair.net.conditions.decide = drop_all;
    pair.net.conditions.self = &mute;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, 999);
    sim_pair_drain(&pair, HOUR);
    /* One for each ClientHello, and none of its own. */
    assert_int_equal(count(SIM_SERVER), count(SIM_CLIENT));
    assert_int_equal(count(SIM_SERVER), 11);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_IDLE);
    sim_pair_free(&pair);
}

/* The end of every flight of the server is lost. */
static void drop_the_end(void *self, const struct sim_sent *sent,
                         struct sim_fate *fate)
{
    struct dtls_span rest = {(uint8_t *)(uintptr_t)sent->bytes.data,
                             sent->bytes.len};
    struct dtls_record record_of;
    bool done = false;

    (void)self;
    while (dtls_record_next(&rest, &record_of) == DTLS_OK) {
        done |= record_of.type == DTLS_HANDSHAKE &&
                record_of.body.data[0] == DTLS_SERVER_HELLO_DONE;
    }
    fate->lost |= sent->from == SIM_SERVER && done;
}

static void a_part_of_the_next_flight_changes_nothing(void **state)
{
    size_t hello;

    (void)state;
    proves("D6347-4.2.4-5");
    begin(4);
    pair.ends[SIM_SERVER].config.mtu = 90; /* ServerHello alone */
    pair.net.conditions.decide = drop_the_end;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, 3500);
    hello = nth(SIM_CLIENT, 1);
    assert_int_equal(session(SIM_CLIENT)->hs.in.next_seq, 2);
    assert_int_equal(session(SIM_CLIENT)->hs.step,
                     DTLS_CLIENT_SERVER_KEY_EXCHANGE);
    /* At its own deadline, and the next one is twice as far. */
    assert_int_equal(tape.sent[nth(SIM_CLIENT, 2)].at,
                     tape.sent[hello].at + 1000);
    assert_int_equal(tape.sent[nth(SIM_CLIENT, 3)].at,
                     tape.sent[hello].at + 3000);
    sim_pair_free(&pair);
}

/* Whoever waits and hears the peer's flight again sends its own once more,
 * before its timer, and once. */
static void a_repeated_flight_is_answered_once(void **state)
{
    (void)state;
    proves("D6347-4.2.4-4");
    for (int waiting = 0; waiting < 2; waiting++) {
        int mute = waiting;
        size_t before;

        kit_row("the %s waits", kit_role(waiting));
        begin(5);
        sim_pair_start(&pair);
        while (session(SIM_SERVER)->hs.step <= DTLS_SERVER_CLIENT_HELLO ||
               (waiting == SIM_CLIENT &&
                session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED)) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        /* From here on nothing that it says arrives. */
        pair.net.conditions.decide = drop_all;
        pair.net.conditions.self = &mute;
        sim_pair_drain(&pair, pair.net.now + 5);
        before = count(waiting);
        for (int i = 0; i < 4; i++) {
            dtls_flight_rewind(&session(!waiting)->hs.flight);
            sim_pair_drain(&pair, pair.net.now + 50);
        }
        assert_int_equal(count(waiting), before + 1);
        assert_int_equal(session(waiting)->timer.retries, 0);
        sim_pair_free(&pair);
    }
}

/* However far its own timer has been raised, each repetition of a peer that
 * keeps to the timers of RFC 6347 is answered; yet whoever does nothing but
 * repeat does not keep it waiting for ever. */
static void a_raised_timer_does_not_delay_an_answer(void **state)
{
    int mute = SIM_CLIENT;
    size_t before;
    uint64_t deadline = 0;

    (void)state;
    proves("D6347-4.2.4-4");
    begin(7);
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    pair.net.conditions.decide = drop_all;
    pair.net.conditions.self = &mute;
    while (session(SIM_CLIENT)->timer.timeout < 32000) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    before = count(SIM_CLIENT);
    for (int i = 0; i < 8; i++) {
        uint64_t next = pair.net.now + 1000;

        kit_row("repeat %d", i);
        dtls_flight_rewind(&session(SIM_SERVER)->hs.flight);
        sim_pair_drain(&pair, next);
        pair.net.now = next;
        if (i == 0) {
            deadline = dtls_session_deadline(session(SIM_CLIENT));
        }
    }
    assert_in_range(count(SIM_CLIENT), before + 8, before + 9);
    assert_int_equal(dtls_session_deadline(session(SIM_CLIENT)), deadline);
    sim_pair_free(&pair);
}

static void after_the_end_only_the_peers_finished_counts(void **state)
{
    static const uint8_t ccs[] = {20, 0xfe, 0xfd, 0, 0, 0, 0,
                                  0,  0,    0x40, 0, 1, 1};
    uint8_t junk[64];
    uint64_t seed = 7;
    size_t flight5;

    (void)state;
    proves("D6347-4.2.4-6");
    proves("D6347-4.2.4-7");
    proves("D6347-4.2.4-10");
    begin(6);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 60000);
    assert_int_equal(pair.net.sent, 6);
    /* The client's last flight as it was: its Finished is a replay. */
    flight5 = nth(SIM_CLIENT, 2);
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER,
             dtls_bytes_of(tape.sent[flight5].bytes, tape.sent[flight5].len));
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER,
             dtls_bytes_of(ccs, sizeof ccs));
    for (int i = 0; i < 50; i++) {
        kit_row("datagram %d", i);
        kit_fill(&seed, junk, sizeof junk);
        junk[0] = (uint8_t)(20 + i % 4);
        sim_send(&pair.net, SIM_CLIENT, SIM_SERVER,
                 dtls_bytes_of(junk, sizeof junk));
    }
    sim_pair_drain(&pair, pair.net.now + 1000);
    assert_int_equal(pair.net.ledger[SIM_SERVER].datagrams_sent, 3);
    sim_pair_free(&pair);
}

static void junk_moves_no_timer(void **state)
{
    uint8_t junk[64];
    uint64_t seed = 9;
    int mute = SIM_SERVER;
    size_t sent = 0;

    (void)state;
    proves("D6347-4.2.4.1-7");
    begin(7);
    pair.net.conditions.decide = drop_all;
    pair.net.conditions.self = &mute;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, 0);
    for (uint64_t now = 10; now < 7100; now += 10) {
        kit_row("at %u ms", (unsigned)now);
        kit_fill(&seed, junk, sizeof junk);
        junk[0] = (uint8_t)(20 + now / 10 % 4);
        sim_inject(&pair.net, SIM_SERVER, SIM_CLIENT,
                   dtls_bytes_of(junk, sizeof junk), 1);
        sim_pair_drain(&pair, now);
    }
    for (size_t i = 0; i < tape.num; i++) {
        kit_row("datagram %zu", i);
        if (tape.sent[i].from == SIM_CLIENT) {
            assert_int_equal(tape.sent[i].at, 1000 * ((1u << sent++) - 1));
        }
    }
    assert_int_equal(sent, 4);
    sim_pair_free(&pair);
}

enum { RECORDS = 5 };

/* A client's last flight, one datagram for each of its records: three, or with
 * a certificate five. */
struct order {
    size_t num;
    size_t len[RECORDS];
    uint8_t bytes[RECORDS][1200];
    bool on;
};

static void catch_flight(void *self, const struct sim_sent *sent,
                         struct sim_fate *fate)
{
    struct order *order = self;
    struct dtls_bytes rest = sent->bytes;

    if (!order->on || sent->from != SIM_CLIENT ||
        session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        return;
    }
    while (rest.len != 0) {
        size_t len = DTLS_RECORD_HEADER_LEN +
                     (size_t)(rest.data[11] << 8 | rest.data[12]);
        struct dtls_bytes one = {0};

        assert_true(order->num < RECORDS && len <= sizeof order->bytes[0] &&
                    dtls_get_bytes(&rest, len, &one));
        order->len[order->num] = len;
        memcpy(order->bytes[order->num++], one.data, len);
    }
    fate->lost = true;
}

/* Both ends' certificates; loaded by the test that wants them. */
static struct sim_identity server_ec, client_ec;
static struct sim_anchor root;

static void certify(void)
{
    static const uint16_t suite = 0xc02b;

    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    pair.ends[SIM_SERVER].config.credentials = &server_ec.credential;
    pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
}

static void catch_last_flight(struct order *order, bool certified)
{
    memset(order, 0, sizeof *order);
    order->on = true;
    begin(8);
    if (certified) {
        certify();
    }
    pair.net.conditions.decide = catch_flight;
    pair.net.conditions.self = order;
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(order->num, certified ? RECORDS : 3);
    assert_int_equal(order->bytes[order->num - 2][0], DTLS_CHANGE_CIPHER_SPEC);
    order->on = false;
}

static void send_part(const struct order *order, size_t which)
{
    sim_inject(&pair.net, SIM_CLIENT, SIM_SERVER,
               dtls_bytes_of(order->bytes[which], order->len[which]), 1);
    sim_pair_drain(&pair, pair.net.now + 20);
}

static void swap(uint8_t *a, uint8_t *b)
{
    uint8_t was = *a;

    *a = *b;
    *b = was;
}

/* The next of all orders of `num` parts; false after the last. */
static bool next_order(uint8_t *parts, size_t num)
{
    size_t falls = num - 1; /* from here on they only fall */
    size_t above = num - 1; /* the last above the one before them */

    while (falls > 0 && parts[falls - 1] > parts[falls]) {
        falls--;
    }
    if (falls == 0) {
        return false;
    }
    while (parts[above] < parts[falls - 1]) {
        above--;
    }
    swap(&parts[falls - 1], &parts[above]);
    for (size_t i = falls, j = num - 1; i < j; i++, j--) {
        swap(&parts[i], &parts[j]);
    }
    return true;
}

static void check_orders(bool certified)
{
    uint8_t parts[RECORDS] = {0, 1, 2, 3, 4};
    size_t num = certified ? RECORDS : 3;
    struct order order;
    size_t orders = 0;

    do {
        kit_row("order %u %u %u %u %u, the first %zu of these", parts[0],
                parts[1], parts[2], parts[3], parts[4], num);
        catch_last_flight(&order, certified);
        for (size_t i = 0; i < num; i++) {
            send_part(&order, parts[i]);
        }
        /* Nothing was lost, so nothing must be sent again: a Finished that
         * overtakes its ChangeCipherSpec is kept. */
        assert_true(pair.ends[SIM_SERVER].connected);
        assert_int_equal(
            pair.ends[SIM_SERVER].session.counters->retransmissions, 0);
        sim_pair_drain(&pair, pair.net.now + 2000);
        assert_true(pair.ends[SIM_SERVER].connected);
        assert_true(pair.ends[SIM_CLIENT].connected);
        sim_pair_free(&pair);
        orders++;
    } while (next_order(parts, num));
    assert_int_equal(orders, certified ? 120 : 6);
}

static void change_cipher_spec_waits_for_its_turn(void **state)
{
    (void)state;
    proves("D6347-4.2.5-2");
    check_orders(false);
    sim_identity_load(&server_ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    check_orders(true);
    sim_identity_free(&server_ec);
    sim_identity_free(&client_ec);
}

static void finished_without_change_cipher_spec_is_not_taken(void **state)
{
    struct order order;

    (void)state;
    proves("D6347-4.2.5-3");
    catch_last_flight(&order, false);
    send_part(&order, 0);
    send_part(&order, 2);
    assert_false(pair.ends[SIM_SERVER].connected);
    assert_int_equal(session(SIM_SERVER)->records.read_epoch, 0);
    sim_pair_drain(&pair, pair.net.now + 2000);
    assert_true(pair.ends[SIM_SERVER].connected);
    sim_pair_free(&pair);
}

/* What was lost and what was not: the whole flight comes again, and is hashed
 * once. */
static void drop_third(void *self, const struct sim_sent *sent,
                       struct sim_fate *fate)
{
    unsigned *which = self;

    fate->lost |= sent->number == *which;
}

static void a_flight_is_repeated_as_a_whole(void **state)
{
    (void)state;
    proves("D6347-4.2.4-1");
    proves("D6347-4.2.6-4");
    for (unsigned lost = 3; lost < 8; lost++) {
        kit_row("datagram %u lost", lost);
        begin(9);
        pair.ends[SIM_SERVER].config.mtu = 100;
        pair.net.conditions.decide = drop_third;
        pair.net.conditions.self = &lost;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        sim_pair_free(&pair);
    }
}

static void an_alert_is_sent_once(void **state)
{
    static const struct dtls_psk other = {
        {(const uint8_t *)"nobody", 6},
        {(const uint8_t *)"\x00\x01\x02\x03\x04\x05\x06\x07", 8},
        {NULL, 0}};
    size_t alerts = 0;

    (void)state;
    proves("D6347-4.2.7-1");
    begin(10);
    pair.ends[SIM_CLIENT].config.psks = &other;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, HOUR);
    for (size_t i = 0; i < tape.num; i++) {
        alerts += tape.sent[i].bytes[0] == DTLS_ALERT;
    }
    assert_int_equal(alerts, 1);
    sim_pair_free(&pair);
}

/* A path that swallows what is above 600 bytes, and says nothing. */
static void a_path_that_is_too_narrow_is_found_out(void **state)
{
    static const uint16_t suite = 0xc02f;
    static struct sim_identity rsa;
    size_t small = 0;

    (void)state;
    proves("D6347-4.1.1.1-6");
    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    begin(11);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &rsa.credential;
    pair.net.conditions.mtu = 600;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, 20000));
    assert_in_range(session(SIM_SERVER)->counters->retransmissions, 2, 4);
    for (size_t i = 0; i < tape.num; i++) {
        small += tape.sent[i].from == SIM_SERVER && tape.sent[i].len > 400 &&
                 tape.sent[i].len <= 508;
    }
    assert_true(small >= 2);
    sim_pair_free(&pair);
    sim_identity_free(&rsa);
}

/* Told at once, it does not wait for a timer. */
static void a_flight_that_is_too_big_is_cut_at_once(void **state)
{
    static const size_t told[] = {1000, 68, 0};
    static const size_t sizes[] = {1000, 508, 256};
    uint8_t bytes[1500];
    struct dtls_buf out;

    (void)state;
    proves("D6347-4.1.1.1-5");
    proves("D8899-4.6.1-1");
    begin(12);
    pair.net.conditions.decide = drop_all;
    sim_pair_start(&pair);
    assert_int_equal(dtls_session_mtu(session(SIM_CLIENT)), 1400);
    sim_pair_drain(&pair, 0);
    for (size_t i = 0; i < LEN(sizes); i++) {
        kit_row("refusal %zu", i + 1);
        dtls_session_too_big(session(SIM_CLIENT), told[i], pair.net.now);
        assert_int_equal(dtls_session_mtu(session(SIM_CLIENT)), sizes[i]);
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        assert_int_equal(dtls_session_write(session(SIM_CLIENT), &out),
                         DTLS_OK);
        assert_in_range(out.len, 1, sizes[i]);
    }
    /* It cannot help any further. */
    dtls_session_too_big(session(SIM_CLIENT), 0, pair.net.now);
    out = (struct dtls_buf){bytes, 0, sizeof bytes};
    assert_int_equal(dtls_session_write(session(SIM_CLIENT), &out), DTLS_OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(pair.net.sent, 1);
    sim_pair_free(&pair);
}

/* A message of the application is one record or none. */
static void data_is_never_split(void **state)
{
    uint8_t bytes[300];
    uint8_t text[300] = {1};
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D6347-4.1.1.1-4");
    begin(13);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(dtls_session_send(session(SIM_CLIENT), &out,
                                       dtls_bytes_of(text, sizeof text),
                                       pair.net.now),
                     DTLS_NO_ROOM);
    assert_int_equal(out.len, 0);
    sim_pair_free(&pair);
}

/* A client that returns its cookie and then says no more than half. */
static void only_first_piece(void *self, const struct sim_sent *sent,
                             struct sim_fate *fate)
{
    unsigned *pieces = self;

    if (sent->from != SIM_CLIENT || sent->bytes.data[18] == 0) {
        return; /* before the cookie: message_seq 0 */
    }
    fate->lost |= (*pieces)++ != 0;
}

static void half_a_hello_does_not_hold_a_session(void **state)
{
    unsigned pieces = 0;
    uint64_t began;

    (void)state;
    begin(14);
    /* The front with the cookie in one piece, the rest in another. */
    pair.ends[SIM_CLIENT].config.mtu = 104;
    pair.net.conditions.decide = only_first_piece;
    pair.net.conditions.self = &pieces;
    pair.ends[SIM_CLIENT].config.timer.max_retries = 1;
    sim_pair_start(&pair);
    while (!pair.accepted) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    began = pair.net.now;
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_HALF_OPEN);
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_FAILED);
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_TOO_LATE);
    assert_int_equal(pair.net.now - began, DTLS_HELLO_MS);
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_waits_without_a_word),
        cmocka_unit_test(an_unanswered_flight_goes_out_again),
        cmocka_unit_test(a_hello_verify_request_has_no_timer),
        cmocka_unit_test(a_part_of_the_next_flight_changes_nothing),
        cmocka_unit_test(a_repeated_flight_is_answered_once),
        cmocka_unit_test(a_raised_timer_does_not_delay_an_answer),
        cmocka_unit_test(after_the_end_only_the_peers_finished_counts),
        cmocka_unit_test(junk_moves_no_timer),
        cmocka_unit_test(change_cipher_spec_waits_for_its_turn),
        cmocka_unit_test(finished_without_change_cipher_spec_is_not_taken),
        cmocka_unit_test(a_flight_is_repeated_as_a_whole),
        cmocka_unit_test(an_alert_is_sent_once),
        cmocka_unit_test(a_path_that_is_too_narrow_is_found_out),
        cmocka_unit_test(a_flight_that_is_too_big_is_cut_at_once),
        cmocka_unit_test(data_is_never_split),
        cmocka_unit_test(half_a_hello_does_not_hold_a_session),
    };

    return kit_run(tests);
}
