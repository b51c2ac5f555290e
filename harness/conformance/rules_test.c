/* SPDX-License-Identifier: MIT */
/* Where the RFCs leave a choice, or several clauses meet, one rule decides:
 * messages outside a handshake, levels of alerts. */
#include "conformance/hello.h"

static struct stage s;

#define EACH_ROLE(role)                                                       \
    for (enum dtls_role role = DTLS_CLIENT; role <= DTLS_SERVER; role++)

static void prepare(enum dtls_role role)
{
    static const uint16_t suite = 0xc02f;

    stage_init(&s, role, 171);
    stage_suite(&s.target, &suite);
    stage_start(&s);
}

/* The ways to the phases in which a peer's keys are on. */

static void connected(enum dtls_role role)
{
    prepare(role);
    stage_connects(&s);
}

/* A server keeps its last flight until data comes. */
static void just_connected(enum dtls_role role)
{
    prepare(role);
    for (unsigned i = 0; i < 4; i++) {
        for (size_t k = 0; k < s.peer.num_messages; k++) {
            stage_say(&s, &s.peer.messages[k]);
        }
        stage_exchange(&s);
    }
}

/* Lets the peer's own engine say what it has to say. */
static void listen_to_peer(void)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        assert_int_equal(dtls_session_write(&s.peer.session, &out), DTLS_OK);
        stage_say_bytes(&s, dtls_buf_bytes(&out));
    } while (out.len != 0);
}

static void renegotiated(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_renegotiate(&s.target.session, s.target.now),
                     DTLS_OK);
    for (unsigned i = 0; i < 4; i++) {
        stage_listen(&s);
        listen_to_peer();
    }
    stage_listen(&s);
    assert_false(s.target.session.renegotiating);
    assert_int_equal(s.target.session.records.read_epoch, 2);
    assert_int_equal(s.target.session.renegotiated, DTLS_OK);
}

static void renegotiating(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_renegotiate(&s.target.session, s.target.now),
                     DTLS_OK);
    stage_listen_alone(&s);
}

static void called_off(enum dtls_role role)
{
    renegotiating(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\1\144", 2));
    assert_int_equal(s.target.session.renegotiated, DTLS_REFUSED);
}

static void closing(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_close(&s.target.session), DTLS_OK);
    stage_listen_alone(&s);
}

static void ended(enum dtls_role role)
{
    connected(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\1\0", 2));
    stage_listen_alone(&s);
    assert_int_equal(s.target.session.state, DTLS_ENDED);
}

static void failed(enum dtls_role role)
{
    connected(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\2\50", 2));
    assert_int_equal(s.target.session.state, DTLS_FAILED);
}

static const struct way {
    const char *name;
    void (*to)(enum dtls_role role);
    bool in_order; /* outside a handshake, and a next message is known */
} ways[] = {
    {"connected", connected, true},
    {"just connected", just_connected, true},
    {"renegotiated", renegotiated, true},
    {"renegotiating", renegotiating, false},
    {"called off", called_off, false},
    {"closing", closing, false},
    {"ended", ended, false},
    {"failed", failed, false},
};

/* An empty message under the peer's keys, or a part of it that says nothing
 * about the rest. */
static void say_message(uint8_t type, uint16_t seq, bool whole)
{
    uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {
        .type = type, .seq = seq, .message_len = whole ? 0 : 7};

    assert_true(dtls_fragment_put_header(&out, &fragment));
    stage_say_record(&s, s.peer.session.records.write_epoch, DTLS_HANDSHAKE,
                     dtls_buf_bytes(&out));
}

static uint16_t next_seq(void)
{
    return s.target.session.hs.in.next_seq;
}

/* Every type in every phase: next in order, it is fatal; anything else, the
 * two wishes with number 0 aside, is dropped. */
static void what_is_next_and_no_wish_is_fatal(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            kit_row("%s", ways[w].name);
            for (unsigned type = 0; type < 512 && ways[w].in_order; type++) {
                kit_row("%s message %u", type < 256 ? "whole" : "first part",
                        type & 255);
                ways[w].to(role);
                assert_true(next_seq() > 1);
                say_message((uint8_t)type, next_seq(), type < 256);
                stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
            }
        }
    }
}

static void what_is_not_next_is_dropped(void **state)
{
    static const int places[] = {-2, -1, 1, 2, 1000};

    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            kit_row("%s", ways[w].name);
            ways[w].to(role);
            for (unsigned type = 0; type < 256 && ways[w].in_order; type++) {
                for (size_t i = 0; i < LEN(places); i++) {
                    uint32_t had = s.target.counters.discarded_state;
                    int seq = next_seq() + places[i];

                    if (seq == 0 || type == DTLS_FINISHED) {
                        continue; /* a wish; the repeated Finished */
                    }
                    kit_row("message %u, number %d", type, seq);
                    say_message((uint8_t)type, (uint16_t)seq, true);
                    assert_int_equal(s.target.counters.discarded_state,
                                     had + 1);
                }
            }
            if (ways[w].in_order) {
                stage_ignores(&s);
                stage_exchanges_data(&s);
            }
            stage_end(&s);
        }
    }
}

/* Nothing is next in order, or nothing is to be said about it. */
static void without_a_next_message_all_are_dropped(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            uint8_t wish = role == DTLS_CLIENT ? (uint8_t)DTLS_HELLO_REQUEST
                                               : (uint8_t)DTLS_CLIENT_HELLO;

            kit_row("%s", ways[w].name);
            if (ways[w].in_order || ways[w].to == renegotiating) {
                continue;
            }
            ways[w].to(role);
            for (unsigned type = 0; type < 256; type++) {
                enum dtls_state before = s.target.session.state;

                kit_row("message %u", type);
                if (next_seq() != 0 || type != wish) {
                    say_message((uint8_t)type, next_seq(), true);
                }
                assert_int_equal(s.target.session.state, before);
            }
            stage_listen_alone(&s);
            if (ways[w].to == called_off) {
                stage_exchanges_data(&s);
            }
            stage_end(&s);
        }
    }
}

static void half_open(enum dtls_role role)
{
    stage_init(&s, role, 171);
    peer_start(&s.target);
    peer_start(&s.peer);
    if (role == DTLS_CLIENT) {
        stage_listen_alone(&s);
    } else {
        peer_take_flight(&s.peer);
        /* A part of the hello makes the session. */
        peer_put_fragment(&s.peer, &s.out,
                          peer_find(&s.peer, DTLS_CLIENT_HELLO), 0, 20);
        stage_say_bytes(&s, dtls_buf_bytes(&s.out));
        s.out.len = 0;
    }
    assert_int_equal(s.target.session.state, DTLS_HANDSHAKING);
}

static void handshaking(enum dtls_role role)
{
    prepare(role);
    (void)stage_come_to(&s, role == DTLS_CLIENT ? DTLS_CERTIFICATE
                                                : DTLS_CLIENT_KEY_EXCHANGE);
}

/* Every level but 1 and 2, with what a warning, a close, a refusal or a fatal
 * alert would say. */
static void say_no_alerts(uint16_t epoch)
{
    static const uint8_t descriptions[] = {0, 40, 80, 90, 100, 200};
    enum dtls_state before = s.target.session.state;
    bool renegotiates = s.target.session.renegotiating;

    for (unsigned level = 0; level < 256; level++) {
        for (size_t i = 0; i < LEN(descriptions); i++) {
            uint8_t alert[] = {(uint8_t)level, descriptions[i]};
            struct dtls_counters had = s.target.counters;

            if (level == 1 || level == 2) {
                continue;
            }
            kit_row("level %u, description %u", level, descriptions[i]);
            stage_say_record(&s, epoch, DTLS_ALERT, dtls_bytes_of(alert, 2));
            assert_int_equal(s.target.session.state, before);
            assert_int_equal(s.target.session.renegotiating, renegotiates);
            assert_int_equal(s.target.counters.alerts_received,
                             had.alerts_received);
            assert_int_equal(s.target.counters.discarded_state,
                             had.discarded_state + 1);
        }
    }
}

static void an_alert_of_another_level_is_none(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        half_open(role);
        say_no_alerts(0);
        stage_end(&s);
        handshaking(role);
        say_no_alerts(0);
        stage_connects(&s);
        stage_end(&s);
        for (size_t w = 0; w < LEN(ways); w++) {
            size_t num;

            kit_row("%s", ways[w].name);
            ways[w].to(role);
            num = s.num_records;
            say_no_alerts(s.peer.session.records.write_epoch);
            stage_listen_alone(&s);
            assert_int_equal(s.num_records, num);
            stage_end(&s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_next_and_no_wish_is_fatal),
        cmocka_unit_test(what_is_not_next_is_dropped),
        cmocka_unit_test(without_a_next_message_all_are_dropped),
        cmocka_unit_test(an_alert_of_another_level_is_none),
    };
    int failed_tests;

    stage_load_pki();
    failed_tests = kit_run(tests);
    stage_free_pki();
    return failed_tests;
}
