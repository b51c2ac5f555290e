/* SPDX-License-Identifier: MIT */
/* A renegotiation with a peer that holds the keys and keeps no rules, and with
 * an attacker who does not hold them. */
#include "sim/renegotiation_kit.h"

/* What stands in the clear has no weight: not before, not during. */
static void nobody_renegotiates_in_the_clear(void **state)
{
    static const uint8_t types[] = {DTLS_HELLO_REQUEST, DTLS_CLIENT_HELLO,
                                    DTLS_SERVER_HELLO,
                                    DTLS_HELLO_VERIFY_REQUEST, DTLS_FINISHED};
    uint8_t hello_bytes[512];
    struct dtls_buf hello_body = {hello_bytes, 0, sizeof hello_bytes};
    struct hello hello;

    (void)state;
    proves("D6347-4.2.8-5");
    for (int during = 0; during < 2; during++) {
        unsigned sent;

        kit_row("%s a renegotiation", during ? "during" : "without");
        connect_pair();
        hello = right_hello(false);
        hello_body.len = 0;
        put_client_hello(&hello_body, &hello);
        if (during) {
            ask(SIM_CLIENT);
        }
        for (size_t i = 0; i < LEN(types) * 2 * 4; i++) {
            struct dtls_bytes body = dtls_buf_bytes(&hello_body);
            struct dtls_fragment f = {.type = types[i % LEN(types)],
                                      .seq = (uint16_t)(i / LEN(types) % 4)};
            uint8_t bytes[1024];
            struct dtls_buf out = {bytes, 0, sizeof bytes};
            int to = (int)(i & 1);

            kit_row("message %u with number %u to the %s", f.type, f.seq,
                    kit_role(to));
            body.len = f.type == DTLS_HELLO_REQUEST ? 0 : body.len;
            f.body = body;
            f.message_len = (uint32_t)body.len;
            assert_true(dtls_record_put_header(
                            &out, DTLS_HANDSHAKE, DTLS_VERSION_1_2, 0,
                            1000 + i, DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                        dtls_fragment_put_header(&out, &f) &&
                        dtls_put_bytes(&out, body));
            sim_send(&pair.net, !to, to, dtls_buf_bytes(&out));
        }
        sent = pair.net.sent;
        run();
        assert_int_equal(pair.net.sent - sent, during ? 4 : 0);
        for (int i = 0; i < 2; i++) {
            kit_row("the %s", kit_role(i));
            assert_int_equal(pair.ends[i].renegotiations, during);
            assert_int_not_equal(session(i)->phase, DTLS_PHASE_RENEGOTIATING);
            assert_int_equal(session(i)->counters->discarded_epoch, 20);
        }
        check_alive();
        sim_pair_free(&pair);
    }
}

static bool never(void *self)
{
    (void)self;
    return false;
}

static void check_refused(int asker)
{
    assert_int_not_equal(session(asker)->phase, DTLS_PHASE_RENEGOTIATING);
    assert_int_equal(session(asker)->renegotiated, DTLS_REFUSED);
    assert_int_equal(session(asker)->peer_alert[0], 1);
    assert_int_equal(session(asker)->peer_alert[1], 100);
    assert_int_equal(pair.ends[0].renegotiations, 0);
    assert_int_equal(pair.ends[1].renegotiations, 0);
    assert_int_equal(session(!asker)->phase, DTLS_PHASE_CONNECTED);
    check_alive();
}

static void who_may_not_is_told_so_and_goes_on(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.9-T4");
    proves("FCS_DTLSS_EXT.1.11-T4");
    proves("D7925-17-2");
    proves("D5246-7.2.2-16");
    proves("D5246-7.2.2-6");
    proves("D5246-7.4.1.1-3");
    proves("D5746-5-1");
    for (int asker = 0; asker < 2; asker++) {
        kit_row("the %s asks", kit_role(asker));
        connect_pair();
        pair.ends[!asker].config.renegotiate = never;
        for (int i = 0; i < 2; i++) {
            kit_row("time %d", i + 1);
            ask(asker);
            run();
            check_refused(asker);
        }
        pair.ends[!asker].config.renegotiate = NULL;
        ask(asker); /* a refusal is none for ever */
        run();
        assert_int_equal(pair.ends[asker].renegotiations, 1);
        check_alive();
        sim_pair_free(&pair);
    }
}

static void nothing_to_bind_it_to_is_no_renegotiation(void **state)
{
    (void)state;
    proves("D5746-4.2-1");
    proves("D5746-4.2-2");
    proves("D5746-4.4-1");
    for (int asker = 0; asker < 2; asker++) {
        kit_row("the %s asks", kit_role(asker));
        connect_pair();
        session(!asker)->hs.agreed.secure_renegotiation = false;
        ask(asker);
        run();
        check_refused(asker);
        assert_int_equal(
            dtls_session_renegotiate(session(!asker), pair.net.now),
            DTLS_REFUSED);
        sim_pair_free(&pair);
    }
}

/* no_renegotiation is an answer, not something to say at any time. */
static void a_refusal_nobody_asked_for_is_passed_over(void **state)
{
    static const uint8_t warning[] = {1, 100};

    (void)state;
    connect_pair();
    for (int i = 0; i < 2; i++) {
        kit_row("from the %s", kit_role(i));
        seal(i, 1, DTLS_ALERT, dtls_bytes_of(warning, 2));
    }
    run();
    ask(SIM_CLIENT);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    seal(SIM_SERVER, 1, DTLS_ALERT, dtls_bytes_of(warning, 2));
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    check_alive();
    sim_pair_free(&pair);
}

static void drop_new_handshake(void *self, const struct sim_sent *sent,
                               struct sim_fate *fate)
{
    struct dtls_span rest = {(uint8_t *)(uintptr_t)sent->bytes.data,
                             sent->bytes.len};
    struct dtls_record record;

    (void)self;
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        if (sent->from == SIM_CLIENT && record.epoch == 2 &&
            record.type == DTLS_HANDSHAKE) {
            fate->lost = true;
            return;
        }
    }
}

/* The server between the client's ChangeCipherSpec and a Finished that never
 * comes: the client writes with the new keys, there is no way back. */
static void a_server_between_the_keys_ends_without_finished(void **state)
{
    (void)state;
    connect_pair();
    pair.ends[SIM_CLIENT].config.mtu = 60; /* Finished alone */
    pair.net.conditions.decide = drop_new_handshake;
    ask(SIM_CLIENT);
    sim_pair_drain(&pair, HOUR);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(session(i)->phase, DTLS_PHASE_FAILED);
        assert_int_equal(session(i)->failure, DTLS_TOO_LATE);
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    sim_pair_free(&pair);
}

/* The server is between the client's ChangeCipherSpec and its Finished. */
static void data_of_the_new_epoch_waits_for_finished(void **state)
{
    (void)state;
    proves("D6347-4.1-18");
    proves("D6347-4.1-12");
    proves("D6347-4.2.4-11");
    connect_pair();
    pair.ends[SIM_CLIENT].config.mtu = 60; /* Finished alone */
    pair.net.conditions.decide = drop_new_handshake;
    ask(SIM_CLIENT);
    run();
    assert_int_equal(session(SIM_SERVER)->records.read_epoch, 2);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_RENEGOTIATING);
    assert_true(dtls_session_is_changing_keys(session(SIM_CLIENT)));
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("no", 2)),
                     DTLS_NOT_NOW);
    seal(SIM_CLIENT, 2, DTLS_APPLICATION_DATA, dtls_bytes_of("new", 3));
    seal(SIM_CLIENT, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("old", 3));
    run();
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 1);
    assert_memory_equal(pair.ends[SIM_SERVER].data, "old", 3);
    pair.net.conditions.decide = NULL;
    sim_pair_drain(&pair, pair.net.now + 5000);
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    check_alive();
    sim_pair_free(&pair);
}

static void the_old_epoch_is_over_with_finished(void **state)
{
    const uint32_t *no_epoch = &pair.ends[SIM_CLIENT].counters.discarded_epoch;
    static const uint8_t fatal[] = {2, 40};

    (void)state;
    proves("D6347-4.1-10");
    proves("D6347-4.1-11");
    connect_pair();
    ask(SIM_CLIENT);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    assert_int_equal(*no_epoch, 0);
    /* The server could still resend its last flight in it. */
    seal(SIM_SERVER, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("late", 4));
    seal(SIM_SERVER, 1, DTLS_ALERT, dtls_bytes_of(fatal, 2));
    run();
    assert_int_equal(*no_epoch, 2);
    assert_int_equal(pair.ends[SIM_CLIENT].num_data, 0);
    check_alive();
    sim_pair_free(&pair);
}

/* To an end that knows of no renegotiation yet, this number is that of no old
 * message, and no handshake has room for it: conformance.rules. */
static bool is_next_of_all(int to, uint16_t seq)
{
    return session(to)->phase != DTLS_PHASE_RENEGOTIATING &&
           seq == session(to)->hs.in.next_seq;
}

/* A Finished that is resent under a fresh number looks like a message of the
 * new handshake, with any number. */
static void a_finished_of_the_last_handshake_takes_no_place(void **state)
{
    static const uint8_t body[DTLS_VERIFY_DATA_LEN] = {0xa1};

    (void)state;
    proves("D6347-4.2.2-8");
    for (int asker = 0; asker < 2; asker++) {
        kit_row("the %s asks", kit_role(asker));
        for (int steps = 0; steps < 5; steps++) {
            kit_row("after %d steps", steps);
            connect_pair();
            ask(asker);
            for (int i = 0; i < steps; i++) {
                (void)sim_pair_step(&pair, pair.net.now + 100);
            }
            for (uint16_t seq = 0; seq < 9; seq++) {
                kit_row("message_seq %u", seq);
                for (int from = 0; from < 2; from++) {
                    kit_row("from the %s", kit_role(from));
                    if (session(from)->records.write_epoch == 1 &&
                        !is_next_of_all(!from, seq)) {
                        seal_message(from, DTLS_FINISHED, seq,
                                     dtls_bytes_of(body, sizeof body));
                    }
                }
            }
            sim_pair_drain(&pair, pair.net.now + 5000);
            assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
            assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
            check_alive();
            sim_pair_free(&pair);
        }
    }
}

static void a_client_returns_a_cookie_there_as_well(void **state)
{
    static const uint8_t verify[] = {0xfe, 0xff, 3, 0xc1, 0xc2, 0xc3};
    int mute = SIM_CLIENT;
    uint8_t bytes[512];
    struct dtls_client_hello m;

    (void)state;
    proves("D6347-4.2.1-27");
    connect_pair();
    pair.net.conditions.decide = drop_from;
    pair.net.conditions.self = &mute;
    ask(SIM_CLIENT);
    run();
    seal_message(SIM_SERVER, DTLS_HELLO_VERIFY_REQUEST, 0,
                 dtls_bytes_of(verify, sizeof verify));
    run();
    assert_int_equal(session(SIM_CLIENT)->hs.hello_seq, 1);
    assert_int_equal(
        dtls_client_hello_parse(&m, hello_of_flight(SIM_CLIENT, bytes)),
        DTLS_OK);
    assert_true(dtls_bytes_equal(m.cookie, dtls_bytes_of(&verify[3], 3)));
    sim_pair_free(&pair);
}

/* Only a whole HelloRequest with number 0 is one. */
static void what_is_no_hello_request_begins_nothing(void **state)
{
    struct dtls_bytes none = {0};

    (void)state;
    connect_pair();
    seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 1, none);
    seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 0, dtls_bytes_of("x", 1));
    seal_message(SIM_SERVER, DTLS_CLIENT_HELLO, 0, dtls_bytes_of("x", 1));
    seal_message(SIM_CLIENT, DTLS_HELLO_REQUEST, 0, none);
    run();
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_not_equal(session(i)->phase, DTLS_PHASE_RENEGOTIATING);
        assert_int_equal(pair.ends[i].renegotiations, 0);
        assert_int_equal(session(i)->counters->discarded_state,
                         i == SIM_CLIENT ? 3 : 1);
    }
    check_alive();
    sim_pair_free(&pair);
}

/* A Finished of another content is no repeat of the one that came. */
static void only_the_same_finished_brings_the_last_flight(void **state)
{
    uint8_t body[DTLS_VERIFY_DATA_LEN];
    uint16_t last;

    (void)state;
    proves("D6347-4.2.4-10");
    connect_pair();
    last = (uint16_t)(session(SIM_SERVER)->hs.in.next_seq - 1);
    memcpy(body, session(SIM_SERVER)->hs.agreed.client_verify_data,
           sizeof body);
    body[11] ^= 1;
    seal_message(SIM_CLIENT, DTLS_FINISHED, last,
                 dtls_bytes_of(body, sizeof body));
    run();
    assert_int_equal(session(SIM_SERVER)->counters->retransmissions, 0);
    assert_int_equal(session(SIM_SERVER)->counters->discarded_state, 1);
    body[11] ^= 1;
    /* Nor is half of a longer one, which has those bytes. */
    for (uint8_t at = 0; at <= DTLS_VERIFY_DATA_LEN;
         at += DTLS_VERIFY_DATA_LEN) {
        uint8_t half[12 + DTLS_VERIFY_DATA_LEN] = {DTLS_FINISHED,
                                                   0,
                                                   0,
                                                   2 * DTLS_VERIFY_DATA_LEN,
                                                   (uint8_t)(last >> 8),
                                                   (uint8_t)last,
                                                   0,
                                                   0,
                                                   at,
                                                   0,
                                                   0,
                                                   DTLS_VERIFY_DATA_LEN};

        kit_row("at %u", at);
        memcpy(&half[12], body, sizeof body);
        seal(SIM_CLIENT, session(SIM_CLIENT)->records.write_epoch,
             DTLS_HANDSHAKE, dtls_bytes_of(half, sizeof half));
        run();
        assert_int_equal(session(SIM_SERVER)->counters->retransmissions, 0);
    }
    seal_message(SIM_CLIENT, DTLS_FINISHED, last,
                 dtls_bytes_of(body, sizeof body));
    run();
    assert_int_equal(session(SIM_SERVER)->counters->retransmissions, 1);
    check_alive();
    sim_pair_free(&pair);
}

/* Once the client has answered, the flight before the HelloRequest is no more:
 * its Finished asks for nothing. */
static void a_late_finished_does_not_resend_the_next_flight(void **state)
{
    uint8_t body[DTLS_VERIFY_DATA_LEN];
    uint16_t last;

    (void)state;
    connect_pair();
    last = (uint16_t)(session(SIM_SERVER)->hs.in.next_seq - 1);
    memcpy(body, session(SIM_SERVER)->hs.agreed.client_verify_data,
           sizeof body);
    ask(SIM_SERVER);
    while (session(SIM_SERVER)->hs.step == DTLS_SERVER_CLIENT_HELLO ||
           session(SIM_SERVER)->phase != DTLS_PHASE_RENEGOTIATING) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    for (int i = 0; i < 3; i++) {
        kit_row("repeat %d", i);
        seal_message(SIM_CLIENT, DTLS_FINISHED, last,
                     dtls_bytes_of(body, sizeof body));
    }
    run();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_int_equal(session(SIM_SERVER)->counters->retransmissions, 0);
    check_alive();
    sim_pair_free(&pair);
}

static void a_repeated_hello_request_brings_the_hello_once_more(void **state)
{
    int mute = SIM_CLIENT;
    struct dtls_bytes none = {0};

    (void)state;
    connect_pair();
    pair.net.conditions.decide = drop_from;
    pair.net.conditions.self = &mute;
    for (int i = 0; i < 4; i++) {
        kit_row("repeat %d", i);
        seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 0, none);
        sim_pair_drain(&pair, pair.net.now + 50);
        assert_int_equal(session(SIM_CLIENT)->counters->retransmissions,
                         i == 0 ? 0 : 1);
    }
    sim_pair_free(&pair);
}

static void half_a_hello(void)
{
    struct hello hello = right_hello(false);
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_fragment half = {.type = DTLS_CLIENT_HELLO};

    put_client_hello(&body, &hello);
    half.message_len = (uint32_t)body.len;
    half.body = dtls_bytes_of(bytes, 50);
    seal_fragment(SIM_CLIENT, &half);
}

static void half_a_hello_is_forgotten_in_time(void **state)
{
    uint64_t began;

    (void)state;
    connect_pair();
    half_a_hello();
    run();
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_RENEGOTIATING);
    began = pair.net.now;
    sim_pair_drain(&pair, HOUR);
    assert_int_not_equal(session(SIM_SERVER)->phase, DTLS_PHASE_RENEGOTIATING);
    assert_in_range(pair.net.now - began, DTLS_HELLO_MS - 1000, DTLS_HELLO_MS);
    check_alive();
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_renegotiates_in_the_clear),
        cmocka_unit_test(who_may_not_is_told_so_and_goes_on),
        cmocka_unit_test(nothing_to_bind_it_to_is_no_renegotiation),
        cmocka_unit_test(a_refusal_nobody_asked_for_is_passed_over),
        cmocka_unit_test(a_server_between_the_keys_ends_without_finished),
        cmocka_unit_test(data_of_the_new_epoch_waits_for_finished),
        cmocka_unit_test(the_old_epoch_is_over_with_finished),
        cmocka_unit_test(a_finished_of_the_last_handshake_takes_no_place),
        cmocka_unit_test(a_client_returns_a_cookie_there_as_well),
        cmocka_unit_test(what_is_no_hello_request_begins_nothing),
        cmocka_unit_test(only_the_same_finished_brings_the_last_flight),
        cmocka_unit_test(a_late_finished_does_not_resend_the_next_flight),
        cmocka_unit_test(a_repeated_hello_request_brings_the_hello_once_more),
        cmocka_unit_test(half_a_hello_is_forgotten_in_time),
    };

    return kit_run(tests);
}
