/* SPDX-License-Identifier: MIT */
/* Questions to the peer of a connected session (session/probe.h): is it there,
 * and how large a datagram does the path take? */
#include "sim/pair_kit.h"

#define MINUTE 60000u
#define DAY (24u * HOUR)
#define MOST 1472
#define BLOCK 16 /* so much less a cipher of blocks may make of a size */

/* What an end has sent since the handshake. */
static struct {
    int from;
    unsigned num;
    size_t len[200];
    uint64_t at[200];
} tape;

static void note(void *watcher, const struct sim_sent *sent,
                 const struct sim_fate *fate)
{
    (void)watcher;
    (void)fate;
    if (sent->from == tape.from && tape.num < LEN(tape.len)) {
        tape.len[tape.num] = sent->bytes.len;
        tape.at[tape.num++] = sent->at;
    }
}

/* Records what this end sends from now on. */
static void tape_end(int which)
{
    memset(&tape, 0, sizeof tape);
    tape.from = which;
    pair.net.watch = note;
}

static void prepare(uint64_t seed)
{
    sim_pair_init(&pair, seed);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        pair.ends[i].config.connection_ids = true;
        pair.ends[i].config.cid_len = 8;
    }
}

static void connect_pair(void)
{
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
}

static void say(int from)
{
    assert_int_equal(sim_pair_say(&pair, from, dtls_bytes_of("data", 4)),
                     DTLS_OK);
}

static size_t found(int which)
{
    return session(which)->mtu.confirmed;
}

/* Six sizes that do not come through, and the answers to those that do. */
#define SEARCH_MS (6u * DTLS_PROBES_MAX * DTLS_PROBE_TIMER_MS + 1000u)

/* A pair of which one end searches, on a path that swallows what is above
 * `hole` bytes, both ways. */
static void search(int role, const uint16_t *suite, uint32_t hole)
{
    prepare(hole);
    for (int i = 0; i < 2 && suite != NULL; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
    }
    pair.ends[role].config.path_search = MOST;
    pair.net.conditions.mtu = hole;
    connect_pair();
    sim_pair_drain(&pair, pair.net.now + SEARCH_MS);
}

static void every_path_is_found(void **state)
{
    (void)state;
    for (int role = 0; role < 2; role++) {
        for (uint32_t hole = 256; hole <= 1600; hole += 17) {
            size_t most = hole < MOST ? hole : MOST;

            kit_row("the %s, a hole above %u", kit_role(role), (unsigned)hole);
            search(role, NULL, hole);
            assert_in_range(found(role), most - DTLS_PROBE_STEP, most);
            assert_true(found(!role) < DTLS_PROBE_BASE);
            sim_pair_free(&pair);
        }
    }
}

/* AEAD, CBC, CBC with encrypt-then-MAC, a stream. */
static void every_kind_of_record_can_be_a_probe(void **state)
{
    static const uint16_t suites[] = {0xc0a8, 0x00a8, 0x00ae, 0xccab, 0xc0a4};

    (void)state;
    proves("D9146-4-11");
    for (size_t i = 0; i < LEN(suites); i++) {
        for (uint32_t hole = 1290; hole < 1310; hole++) {
            kit_row("suite %04x, a hole above %u", suites[i], (unsigned)hole);
            search(SIM_CLIENT, &suites[i], hole);
            assert_in_range(found(SIM_CLIENT), hole - DTLS_PROBE_STEP - BLOCK,
                            hole);
            assert_in_range(pair.net.ledger[SIM_CLIENT].largest_sent,
                            MOST - BLOCK, MOST);
            sim_pair_free(&pair);
        }
    }
}

/* The size that the rules of RFC 8899 allow comes first, none comes more than
 * three times, and none sooner than its timer. */
static void probes_obey_the_rules_of_the_search(void **state)
{
    unsigned same = 0;

    (void)state;
    proves("D8899-5.1.2-1");
    prepare(1);
    pair.ends[SIM_CLIENT].config.path_search = MOST;
    pair.net.conditions.mtu = 700;
    tape_end(SIM_CLIENT);
    connect_pair();
    tape_end(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 9 * MINUTE);
    assert_in_range(tape.num, 6, 30);
    assert_int_equal(tape.len[0], 1200);
    for (unsigned i = 1; i < tape.num; i++) {
        kit_row("probe %u of %zu bytes", i + 1, tape.len[i]);
        same = tape.len[i] == tape.len[i - 1] ? same + 1 : 0;
        assert_true(same < 3);
        if (tape.len[i - 1] > 700) {
            assert_true(tape.at[i] - tape.at[i - 1] >= 15000);
        }
    }
    sim_pair_free(&pair);
}

static void nothing_that_is_claimed_is_false_when_much_is_lost(void **state)
{
    (void)state;
    for (uint32_t hole = 300; hole <= 1500; hole += 100) {
        kit_row("a hole above %u", (unsigned)hole);
        prepare(hole);
        pair.ends[SIM_CLIENT].config.path_search = MOST;
        connect_pair();
        pair.net.conditions.mtu = hole;
        pair.net.conditions.loss = 30;
        pair.net.conditions.jitter = 500;
        for (unsigned i = 0; i < 12; i++) {
            say(SIM_CLIENT);
            sim_pair_drain(&pair, pair.net.now + 12 * MINUTE);
        }
        assert_in_range(found(SIM_CLIENT), 40, hole);
        sim_pair_free(&pair);
    }
}

static void a_path_that_gets_narrower_is_noticed(void **state)
{
    (void)state;
    search(SIM_CLIENT, NULL, MOST);
    assert_int_equal(found(SIM_CLIENT), MOST);
    pair.net.conditions.mtu = 600;
    say(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 11 * MINUTE);
    assert_true(found(SIM_CLIENT) <= 600);
    sim_pair_drain(&pair, pair.net.now + 9 * MINUTE);
    assert_in_range(found(SIM_CLIENT), 600 - DTLS_PROBE_STEP, 600);
    /* And wider again. */
    pair.net.conditions.mtu = 0;
    say(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 20 * MINUTE);
    assert_int_equal(found(SIM_CLIENT), MOST);
    sim_pair_free(&pair);
}

static void a_session_that_sends_nothing_rests(void **state)
{
    (void)state;
    search(SIM_CLIENT, NULL, 900);
    tape_end(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_int_equal(tape.num, 0);
    say(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 11 * MINUTE);
    assert_true(tape.num > 1);
    sim_pair_free(&pair);
}

/* Without checks of addresses, or without an id that can be padded, nothing
 * goes out. */
static void a_search_needs_answers_and_padding(void **state)
{
    (void)state;
    for (int row = 0; row < 3; row++) {
        kit_row("case %d", row);
        prepare(3);
        pair.ends[SIM_CLIENT].config.path_search = row == 2 ? 0 : MOST;
        pair.ends[SIM_SERVER].config.connection_ids = row != 0;
        pair.ends[SIM_SERVER].config.cid_len = row == 1 ? 0 : 8;
        connect_pair();
        run();
        tape_end(SIM_CLIENT);
        say(SIM_CLIENT);
        sim_pair_drain(&pair, pair.net.now + HOUR);
        assert_int_equal(tape.num, 1);
        assert_true(found(SIM_CLIENT) < DTLS_PROBE_BASE);
        sim_pair_free(&pair);
    }
}

/* The host refuses a probe, and says what it takes: that is tried at once, and
 * believed only when it has an answer. */
static void a_refused_probe_is_replaced_at_once(void **state)
{
    uint8_t bytes[SIM_ARENA];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_session *s = session(SIM_CLIENT);
    size_t before;

    (void)state;
    proves("D8899-4.6.1-1");
    prepare(4);
    pair.ends[SIM_CLIENT].config.path_search = MOST;
    connect_pair();
    while (s->probe.size != MOST || !s->probe.probe_due) {
        assert_true(sim_pair_step(&pair, pair.net.now + MINUTE));
        if (s->probe.size == 1200 && s->probe.probe_is_out) {
            assert_true(sim_pair_step(&pair, pair.net.now + MINUTE));
        }
        if (s->probe.size == MOST) {
            break;
        }
    }
    before = found(SIM_CLIENT);
    assert_int_equal(before, 1200);
    assert_int_equal(dtls_session_write(s, &out), DTLS_OK);
    assert_int_equal(out.len, MOST);
    dtls_session_too_big(s, 1300, pair.net.now);
    assert_int_equal(found(SIM_CLIENT), before);
    assert_int_equal(dtls_session_mtu(s), 1400); /* no flight was refused */
    tape_end(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 1000);
    assert_int_equal(tape.len[0], 1300);
    assert_true(found(SIM_CLIENT) >= 1300);
    sim_pair_free(&pair);
}

/* An application's own room bounds the probes, too. */
static void a_probe_fits_the_room_of_the_application(void **state)
{
    uint8_t bytes[1250];
    struct dtls_session *s = session(SIM_CLIENT);
    uint64_t until;

    (void)state;
    prepare(5);
    pair.ends[SIM_CLIENT].config.path_search = MOST;
    connect_pair();
    until = pair.net.now + 5 * MINUTE;
    while (pair.net.now < until) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        kit_row("at %lu ms", (unsigned long)pair.net.now);
        assert_int_equal(dtls_session_write(s, &out), DTLS_OK);
        if (out.len != 0) {
            sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_buf_bytes(&out));
        } else if (!dtls_session_has_output(s) &&
                   !sim_pair_step(&pair, until)) {
            break;
        }
    }
    assert_in_range(found(SIM_CLIENT), 1250 - DTLS_PROBE_STEP, 1250);
    sim_pair_free(&pair);
}

static void a_renegotiation_and_a_search_live_together(void **state)
{
    (void)state;
    prepare(6);
    pair.ends[SIM_CLIENT].config.path_search = MOST;
    pair.ends[SIM_SERVER].config.path_search = MOST;
    pair.net.conditions.mtu = 1300;
    connect_pair();
    for (unsigned i = 0; i < 5; i++) {
        kit_row("renegotiation %u", i + 1);
        sim_pair_drain(&pair, pair.net.now + 7000);
        assert_int_equal(
            dtls_session_renegotiate(session((int)i % 2), pair.net.now),
            DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 3000);
        assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, i + 1);
        check_alive();
    }
    sim_pair_drain(&pair, pair.net.now + 9 * MINUTE);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_in_range(found(i), 1300 - DTLS_PROBE_STEP, 1300);
    }
    sim_pair_free(&pair);
}

#define EVERY 20000u
#define QUESTIONS 3

static void drop_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)self;
    (void)sent;
    fate->lost = true;
}

/* Both ends have ids and checks of addresses, or neither has. */
static void keep_alive(int role, bool can_ask)
{
    prepare(7);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.connection_ids = can_ask;
    }
    pair.ends[role].config.keepalive = EVERY;
    pair.ends[role].config.keepalive_questions = QUESTIONS;
    connect_pair();
    run();
    tape_end(role);
}

static void a_peer_that_is_gone_is_found_in_time(void **state)
{
    (void)state;
    for (int role = 0; role < 2; role++) {
        uint64_t heard;

        kit_row("the %s", kit_role(role));
        keep_alive(role, true);
        heard = session(role)->heard_at;
        pair.net.conditions.decide = drop_all;
        sim_pair_drain(&pair, pair.net.now + HOUR);
        assert_int_equal(session(role)->phase, DTLS_PHASE_ENDED);
        assert_int_equal(session(role)->failure, DTLS_PEER_GONE);
        assert_true(pair.ends[role].ended);
        /* The questions, and close_notify at the end. */
        assert_int_equal(tape.num, QUESTIONS + 1);
        for (unsigned i = 0; i <= QUESTIONS; i++) {
            kit_row("the %s, datagram %u", kit_role(role), i + 1);
            assert_true(tape.at[i] == heard + EVERY * (i + 1));
        }
        sim_pair_free(&pair);
    }
}

static void a_peer_that_answers_is_never_gone(void **state)
{
    (void)state;
    for (int role = 0; role < 2; role++) {
        kit_row("the %s", kit_role(role));
        keep_alive(role, true);
        pair.ends[role].config.idle_limit = 2 * EVERY;
        sim_pair_drain(&pair, pair.net.now + 2000000);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        assert_in_range(tape.num, 2000000 / EVERY - 5, 2000000 / EVERY);
        assert_int_equal(pair.ends[!role].num_data, 0);
        check_alive();
        sim_pair_free(&pair);
    }
}

/* What the peer sends by itself answers as well, and spares the question. */
static void a_peer_that_speaks_is_not_asked(void **state)
{
    (void)state;
    keep_alive(SIM_CLIENT, true);
    for (unsigned i = 0; i < 20; i++) {
        kit_row("record %u", i + 1);
        sim_pair_drain(&pair, pair.net.now + EVERY - 1000);
        pair.net.now += EVERY - 1000;
        say(SIM_SERVER);
        run();
    }
    assert_int_equal(tape.num, 0);
    /* One answer, or record, begins the count anew. */
    pair.net.conditions.decide = drop_all;
    sim_pair_drain(&pair, pair.net.now + QUESTIONS * EVERY + 1);
    pair.net.conditions.decide = NULL;
    say(SIM_SERVER);
    run();
    tape_end(SIM_CLIENT);
    pair.net.conditions.decide = drop_all;
    sim_pair_drain(&pair, pair.net.now + QUESTIONS * EVERY + 1);
    assert_int_equal(session(SIM_CLIENT)->phase, DTLS_PHASE_CONNECTED);
    assert_int_equal(tape.num, QUESTIONS);
    sim_pair_free(&pair);
}

/* A peer without RFC 9853 need not answer anything: nothing is concluded. */
static void without_an_answer_to_ask_for_a_mapping_is_held(void **state)
{
    (void)state;
    for (int role = 0; role < 2; role++) {
        kit_row("the %s", kit_role(role));
        keep_alive(role, false);
        sim_pair_drain(&pair, pair.net.now + 10 * EVERY);
        assert_in_range(tape.num, 9, 10);
        assert_int_equal(pair.ends[!role].num_data, 0);
        assert_int_equal(session(!role)->phase, DTLS_PHASE_CONNECTED);
        /* Data holds it as well. */
        sim_pair_drain(&pair, pair.net.now + EVERY - 2000);
        tape_end(role);
        pair.net.now = session(role)->sent_at + EVERY - 1;
        say(role);
        sim_pair_drain(&pair, pair.net.now + EVERY - 1);
        assert_int_equal(tape.num, 1);
        pair.net.conditions.decide = drop_all;
        sim_pair_drain(&pair, pair.net.now + 10 * EVERY);
        assert_int_equal(session(role)->phase, DTLS_PHASE_CONNECTED);
        sim_pair_free(&pair);
    }
}

static void nothing_is_asked_by_default(void **state)
{
    (void)state;
    prepare(8);
    connect_pair();
    run();
    sim_pair_drain(&pair, pair.net.now + 10 * MINUTE); /* the last flight */
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        tape_end(i);
        sim_pair_drain(&pair, pair.net.now + DAY);
        assert_int_equal(tape.num, 0);
    }
    sim_pair_free(&pair);
}

static void each_question_has_a_cookie_of_its_own(void **state)
{
    uint8_t last[DTLS_ROUTE_COOKIE_LEN] = {0};

    (void)state;
    proves("D9853-4-7");
    keep_alive(SIM_CLIENT, true);
    for (unsigned i = 0; i < 50; i++) {
        unsigned before = tape.num;

        kit_row("question %u", i + 1);
        while (tape.num == before) {
            assert_true(sim_pair_step(&pair, pair.net.now + HOUR));
        }
        assert_memory_not_equal(session(SIM_CLIENT)->probe.question, last,
                                sizeof last);
        memcpy(last, session(SIM_CLIENT)->probe.question, sizeof last);
    }
    sim_pair_free(&pair);
}

static void a_session_that_closes_asks_nothing(void **state)
{
    (void)state;
    keep_alive(SIM_CLIENT, true);
    pair.net.conditions.decide = drop_all;
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_int_equal(tape.num, 1); /* close_notify */
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_TOO_LATE);
    sim_pair_free(&pair);
}

/* What comes in the clear, and whether it is a hint. */
static const struct {
    const char *what;
    const char *bytes;
    size_t len;
    bool is_hint;
} answers[] = {
    {"a fatal alert", "\x15\xfe\xfd\0\0\0\0\0\0\0\1\0\2\2\x0a", 15, true},
    {"a warning", "\x15\xfe\xfd\0\0\0\0\0\0\0\1\0\2\1\0", 15, true},
    {"a HelloVerifyRequest",
     "\x16\xfe\xff\0\0\0\0\0\0\0\1\0\x10\3\0\0\4\0\0\0\0\0\0\0\4"
     "\xfe\xff\1\x7a",
     29, true},
    {"level 3", "\x15\xfe\xfd\0\0\0\0\0\0\0\1\0\2\3\x0a", 15, false},
    {"a long alert", "\x15\xfe\xfd\0\0\0\0\0\0\0\1\0\3\2\x0a\0", 16, false},
    {"an empty alert", "\x15\xfe\xfd\0\0\0\0\0\0\0\1\0\0", 13, false},
    {"a ServerHelloDone",
     "\x16\xfe\xfd\0\0\0\0\0\0\0\1\0\x0c\x0e\0\0\0\0\1\0\0\0\0\0\0", 25,
     false},
    {"half a header", "\x16\xfe\xfd\0\0\0\0\0\0\0\1\0\3\3\0\0", 16, false},
    {"data", "\x17\xfe\xfd\0\0\0\0\0\0\0\1\0\2\2\x0a", 15, false},
    {"an alert of epoch 1", "\x15\xfe\xfd\0\1\0\0\0\0\0\1\0\2\2\x0a", 15,
     false},
};

/* Delivers one of them `times`, from nobody in particular. */
static void answer(int to, size_t which, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        sim_inject(&pair.net, !to, to,
                   dtls_bytes_of(answers[which].bytes, answers[which].len), 5);
    }
    run();
}

static void begin_answers(bool ids)
{
    prepare(11);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.connection_ids = ids;
    }
    connect_pair();
    run();
    sim_pair_drain(&pair, pair.net.now + 20 * MINUTE);
}

static void an_answer_in_the_clear_is_a_hint_and_no_more(void **state)
{
    struct dtls_session *client = session(SIM_CLIENT);

    (void)state;
    for (size_t i = 0; i < 2 * LEN(answers); i++) {
        size_t which = i / 2;

        kit_row("%s, %s ids", answers[which].what, i % 2 ? "with" : "without");
        begin_answers(i % 2 != 0);
        answer(SIM_CLIENT, which, 3);
        assert_int_equal(client->clear_answers, 0); /* It has said nothing. */
        pair.net.now += 1000;
        pair.net.conditions.decide = drop_all; /* The server is gone. */
        say(SIM_CLIENT);
        tape_end(SIM_CLIENT);
        answer(SIM_CLIENT, which, 3);
        assert_int_equal(client->clear_answers,
                         answers[which].is_hint ? 3 : 0);
        answer(SIM_CLIENT, which, 1000);
        assert_int_equal(client->clear_answers,
                         answers[which].is_hint ? 255 : 0);
        assert_int_equal(tape.num, 0); /* nothing is answered */
        assert_int_equal(client->phase, DTLS_PHASE_CONNECTED);
        pair.net.conditions.decide = NULL;
        check_alive(); /* it is not: the hint was wrong */
        assert_int_equal(client->clear_answers, 0);
        sim_pair_free(&pair);
    }
}

static void a_server_takes_no_hint(void **state)
{
    (void)state;
    begin_answers(true);
    pair.net.now += 1000;
    say(SIM_SERVER);
    answer(SIM_SERVER, 0, 3);
    assert_int_equal(session(SIM_SERVER)->clear_answers, 0);
    check_alive();
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_found),
        cmocka_unit_test(every_kind_of_record_can_be_a_probe),
        cmocka_unit_test(probes_obey_the_rules_of_the_search),
        cmocka_unit_test(nothing_that_is_claimed_is_false_when_much_is_lost),
        cmocka_unit_test(a_path_that_gets_narrower_is_noticed),
        cmocka_unit_test(a_session_that_sends_nothing_rests),
        cmocka_unit_test(a_search_needs_answers_and_padding),
        cmocka_unit_test(a_refused_probe_is_replaced_at_once),
        cmocka_unit_test(a_probe_fits_the_room_of_the_application),
        cmocka_unit_test(a_renegotiation_and_a_search_live_together),
        cmocka_unit_test(a_peer_that_is_gone_is_found_in_time),
        cmocka_unit_test(a_peer_that_answers_is_never_gone),
        cmocka_unit_test(a_peer_that_speaks_is_not_asked),
        cmocka_unit_test(without_an_answer_to_ask_for_a_mapping_is_held),
        cmocka_unit_test(nothing_is_asked_by_default),
        cmocka_unit_test(each_question_has_a_cookie_of_its_own),
        cmocka_unit_test(a_session_that_closes_asks_nothing),
        cmocka_unit_test(an_answer_in_the_clear_is_a_hint_and_no_more),
        cmocka_unit_test(a_server_takes_no_hint),
    };

    return kit_run(tests);
}
