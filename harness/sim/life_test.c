/* SPDX-License-Identifier: MIT */
/* The life of a session: last flights, a close while keys change, and one that
 * is not answered. */
#include "sim/renegotiation_kit.h"

/* A client with false start sends data before the server's Finished: `early`
 * such records, in front of which nothing of the server has come. */
static void say_before_finished(unsigned num)
{
    struct dtls_record_layer *records = &session(SIM_CLIENT)->records;

    for (unsigned i = 0; i < num; i++) {
        uint8_t bytes[64];
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        assert_int_equal(dtls_record_layer_seal(records, &out, 1,
                                                DTLS_APPLICATION_DATA,
                                                dtls_bytes_of("early", 5)),
                         DTLS_OK);
        sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_buf_bytes(&out));
    }
}

/* Drops so many datagrams of the server's from now on. */
static unsigned to_drop;

static void drop_of_server(void *self, const struct sim_sent *sent,
                           struct sim_fate *fate)
{
    (void)self;
    if (sent->from == SIM_SERVER && to_drop != 0) {
        to_drop--;
        fate->lost = true;
    }
}

static void early_data_does_not_cost_the_last_flight(void **state)
{
    (void)state;
    proves("D6347-4.2.4-8");
    for (unsigned early = 0; early < 3; early++) {
        for (unsigned lost = 0; lost < 3; lost++) {
            kit_row("%u early records, the last flight lost %u times", early,
                    lost);
            sim_pair_init(&pair, 81);
            pair.net.conditions.decide = drop_of_server;
            sim_pair_start(&pair);
            while (session(SIM_CLIENT)->records.write_epoch == 0) {
                assert_true(sim_pair_step(&pair, HOUR));
            }
            /* Its Finished goes out with the next step, and data behind it. */
            to_drop = lost;
            assert_true(sim_pair_step(&pair, HOUR));
            say_before_finished(early);
            assert_true(sim_pair_run(&pair, pair.net.now + 30000));
            assert_int_equal(pair.ends[SIM_SERVER].num_data, early);
            sim_pair_free(&pair);
        }
    }
}

/* Data that comes later shows that the peer has our Finished, and blocks go
 * back; a Finished that was on its way all the time is still answered, but no
 * oftener than a first timeout, and not to a part of it. */
static void the_last_flight_is_made_again_when_it_was_given_back(void **state)
{
    struct dtls_fragment part = {.type = DTLS_FINISHED,
                                 .message_len = DTLS_VERIFY_DATA_LEN};
    struct dtls_bytes verify_data;
    const uint32_t *resent = &pair.ends[SIM_SERVER].counters.retransmissions;

    (void)state;
    proves("D6347-4.2.4-8");
    connect_pair();
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("x", 1)),
                     DTLS_OK);
    run();
    assert_int_equal(pair.ends[SIM_SERVER].store.taken, 0);
    verify_data =
        dtls_bytes_of(session(SIM_CLIENT)->hs.agreed.client_verify_data, 12);
    part.seq = (uint16_t)(session(SIM_SERVER)->hs.in.next_seq - 1);
    part.body = dtls_bytes_of(verify_data.data, 11);
    seal_fragment(SIM_CLIENT, &part);
    run();
    assert_int_equal(*resent, 0);
    for (uint32_t i = 1; i <= 2; i++) {
        kit_row("repeat %u", i);
        for (int copy = 0; copy < 3; copy++) {
            seal_message(SIM_CLIENT, DTLS_FINISHED, part.seq, verify_data);
        }
        run();
        assert_int_equal(*resent, i);
        pair.net.now += 2000;
    }
    check_alive();
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_int_equal(pair.ends[SIM_SERVER].store.taken, 0);
    seal_message(SIM_CLIENT, DTLS_FINISHED, part.seq, verify_data);
    run();
    assert_int_equal(*resent, 2);
    sim_pair_free(&pair);
}

/* Everything of a handshake that `self` sends is lost; alerts are not. */
static void drop_handshake(void *self, const struct sim_sent *sent,
                           struct sim_fate *fate)
{
    fate->lost =
        sent->from == *(const int *)self && sent->bytes.data[0] != DTLS_ALERT;
}

/* Whoever closes, at whatever step of a renegotiation, its peer sees it at
 * once, and no end waits for the other's handshake. */
static void a_close_while_keys_change_is_read(void **state)
{
    (void)state;
    for (int from = 0; from < 2; from++) {
        for (int asker = 0; asker < 2; asker++) {
            for (unsigned step = 0; step < 12; step++) {
                kit_row("the %s closes, the %s has asked, step %u",
                        kit_role(from), kit_role(asker), step);
                connect_pair();
                ask(asker);
                for (unsigned i = 0; i < step; i++) {
                    (void)sim_pair_step(&pair, pair.net.now + 100);
                }
                pair.net.conditions.decide = drop_handshake;
                pair.net.conditions.self = &from;
                assert_int_equal(
                    dtls_session_close(session(from), pair.net.now), DTLS_OK);
                sim_pair_drain(&pair, pair.net.now + 1000);
                assert_int_equal(session(!from)->phase, DTLS_PHASE_ENDED);
                assert_true(dtls_session_deadline(session(!from)) ==
                            DTLS_NEVER);
                sim_pair_free(&pair);
            }
        }
    }
}

/* Alerts of one end are lost; everything else comes. */
static void drop_alerts(void *from, const struct sim_sent *sent,
                        struct sim_fate *fate)
{
    fate->lost =
        sent->from == *(const int *)from && sent->bytes.data[0] == DTLS_ALERT;
}

/* A session closes and its close_notify, or the answer, is lost.  Whatever
 * else the peer says meanwhile, the session ends DTLS_CLOSE_MS later, once,
 * and gives back what it has kept (RFC 5246, 7.2.1). */
static void check_unanswered_close(int closer, int mute)
{
    struct sim_end *end = &pair.ends[closer];
    uint64_t until = pair.net.now + DTLS_CLOSE_MS;

    pair.net.conditions.decide = drop_alerts;
    pair.net.conditions.self = &mute;
    assert_int_equal(dtls_session_close(session(closer), pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, until - 100);
    pair.net.now = until - 100;
    if (mute == closer) {
        assert_int_equal(sim_pair_say(&pair, !closer, dtls_bytes_of("x", 1)),
                         DTLS_OK);
    }
    assert_int_equal(dtls_session_close(session(closer), pair.net.now),
                     DTLS_NOT_NOW);
    sim_pair_drain(&pair, until - 1);
    assert_int_equal(session(closer)->phase, DTLS_PHASE_CLOSING);
    assert_int_equal(dtls_session_deadline(session(closer)), until);
    assert_false(end->ended);
    sim_pair_drain(&pair, until);
    assert_int_equal(session(closer)->phase, DTLS_PHASE_ENDED);
    assert_int_equal(session(closer)->failure, DTLS_TOO_LATE);
    assert_true(end->ended);
    assert_int_equal(dtls_session_deadline(session(closer)), DTLS_NEVER);
    assert_int_equal(end->store.taken, 0);
    /* The answer comes too late to change anything. */
    pair.net.conditions.decide = NULL;
    seal(!closer, session(!closer)->records.write_epoch, DTLS_ALERT,
         dtls_bytes_of("\1\0", 2));
    run();
    assert_int_equal(session(closer)->failure, DTLS_TOO_LATE);
}

/* The age in milliseconds at which a server gives its last flight back while
 * it waits for close_notify. */
#define BEFORE_LAST_FLIGHT_ENDS 655000u

static void an_old_session_ends_by_itself_as_well(void **state)
{
    (void)state;
    for (int closer = 0; closer < 2; closer++) {
        kit_row("the %s closes", kit_role(closer));
        connect_pair();
        pair.net.now += BEFORE_LAST_FLIGHT_ENDS;
        assert_true(session(SIM_SERVER)->keep_flight_until - pair.net.now <
                    DTLS_CLOSE_MS);
        check_unanswered_close(closer, !closer);
        sim_pair_free(&pair);
    }
}

static void a_close_that_is_not_answered_ends_by_itself(void **state)
{
    (void)state;
    for (int closer = 0; closer < 2; closer++) {
        for (int mute = 0; mute < 2; mute++) {
            for (int asker = 0; asker < 3; asker++) {
                kit_row("the %s closes, alerts of the %s are lost, %s has "
                        "asked for a renegotiation",
                        kit_role(closer), kit_role(mute),
                        asker == 2 ? "no end" : kit_role(asker));
                connect_pair();
                if (asker != 2) {
                    ask(asker);
                    (void)sim_pair_step(&pair, pair.net.now + 100);
                }
                check_unanswered_close(closer, mute);
                sim_pair_free(&pair);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_data_does_not_cost_the_last_flight),
        cmocka_unit_test(the_last_flight_is_made_again_when_it_was_given_back),
        cmocka_unit_test(a_close_while_keys_change_is_read),
        cmocka_unit_test(a_close_that_is_not_answered_ends_by_itself),
        cmocka_unit_test(an_old_session_ends_by_itself_as_well),
    };

    return kit_run(tests);
}
