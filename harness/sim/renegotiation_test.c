/* SPDX-License-Identifier: MIT */
/* A second handshake between our own ends, over a network that loses, doubles
 * and reorders, with data in flight all the time. */
#include "kit/kit.h"

#include "sim/pair.h"

#include <stdio.h>

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

static struct dtls_session *session(int which)
{
    return &pair.ends[which].session;
}

static void connect_pair(uint64_t seed)
{
    sim_pair_init(&pair, seed);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
}

/* Both ends are through, in the same epoch, with the same secrets. */
static void check_renegotiated(unsigned times)
{
    uint8_t out[2][32];

    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(pair.ends[i].renegotiations, times);
        assert_int_not_equal(session(i)->phase, DTLS_PHASE_RENEGOTIATING);
        assert_int_equal(session(i)->renegotiated, DTLS_OK);
        assert_int_equal(session(i)->records.read_epoch, 1 + times);
        assert_int_equal(session(i)->records.write_epoch, 1 + times);
        assert_int_equal(
            dtls_session_export(session(i), out[i], 32, "EXPORTER-x", NULL),
            DTLS_OK);
    }
    assert_memory_equal(out[0], out[1], 32);
}

static void say(int from, const char *what)
{
    assert_int_equal(
        sim_pair_say(&pair, from, dtls_bytes_of(what, strlen(what))), DTLS_OK);
}

/* Data goes both ways, the session closes, nothing is left behind. */
static void check_alive_and_close(void)
{
    pair.net.conditions = (struct sim_conditions){.delay = 10};
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        pair.ends[i].data_len = 0;
        say(!i, "ping");
    }
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        assert_int_equal(pair.ends[i].data_len, 4);
        assert_memory_equal(pair.ends[i].data, "ping", 4);
    }
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_true(pair.ends[i].ended);
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    sim_pair_free(&pair);
}

static void ask(int which)
{
    assert_int_equal(dtls_session_renegotiate(session(which), pair.net.now),
                     DTLS_OK);
    assert_int_equal(session(which)->phase, DTLS_PHASE_RENEGOTIATING);
}

static void a_client_renegotiates(void **state)
{
    uint8_t before[32];
    uint8_t after[32];
    unsigned sent;

    (void)state;
    proves("FP2.1-DTLSS4-2");
    proves("D6347-4.1-5");
    proves("D6347-4.1.2.6-13");
    proves("D6347-4.2.2-2");
    proves("D5246-7.1-3");
    connect_pair(1);
    assert_int_equal(dtls_session_export(session(SIM_CLIENT), before, 32,
                                         "EXPORTER-x", NULL),
                     DTLS_OK);
    sent = pair.net.sent;
    ask(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 1000);
    check_renegotiated(1);
    assert_int_equal(pair.net.sent - sent, 4); /* and no cookie exchange */
    assert_int_equal(pair.listener.counters->cookies_sent, 1);
    assert_int_equal(dtls_session_export(session(SIM_CLIENT), after, 32,
                                         "EXPORTER-x", NULL),
                     DTLS_OK);
    assert_memory_not_equal(before, after, 32);
    assert_false(session(SIM_CLIENT)->records.read[1].usable);
    check_alive_and_close();
}

static void a_server_asks_and_the_client_begins(void **state)
{
    (void)state;
    proves("D6347-4.2.2-5");
    proves("D6347-4.2.4-13");
    proves("D5246-7.4.1.1-1");
    proves("D5246-7.4.1.1-2");
    proves("D5246-7.4.1.1-5");
    connect_pair(2);
    assert_int_equal(pair.net.sent, 6); /* no HelloRequest by itself */
    ask(SIM_SERVER);
    /* HelloRequest, ClientHello, and the server has answered. */
    while (session(SIM_CLIENT)->phase != DTLS_PHASE_RENEGOTIATING ||
           session(SIM_CLIENT)->hs.step < DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_int_equal(session(SIM_CLIENT)->hs.hello_seq, 0);
    assert_int_equal(session(SIM_SERVER)->hs.flight.messages[0].type,
                     DTLS_SERVER_HELLO);
    assert_int_equal(session(SIM_SERVER)->hs.flight.messages[0].seq, 1);
    sim_pair_drain(&pair, pair.net.now + 1000);
    check_renegotiated(1);
    check_alive_and_close();
}

static void both_ends_begin_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        kit_row("seed %u", (unsigned)seed);
        connect_pair(seed);
        pair.net.conditions.jitter = 400;
        ask(SIM_CLIENT);
        ask(SIM_SERVER);
        sim_pair_drain(&pair, pair.net.now + 100000);
        check_renegotiated(1);
        check_alive_and_close();
    }
}

static void as_often_as_you_like(void **state)
{
    (void)state;
    proves("D6347-4.1-9");
    connect_pair(3);
    for (unsigned i = 1; i <= 40; i++) {
        kit_row("renegotiation %u", i);
        ask(i % 3 == 0 ? SIM_SERVER : SIM_CLIENT);
        sim_pair_drain(&pair, pair.net.now + 1000);
        check_renegotiated(i);
    }
    check_alive_and_close();
}

#define LINES 500

/* What an end has said, and what the other has heard of it: marked lines of
 * four bytes, numbered. */
struct talk {
    unsigned said[2];
    unsigned refused[2]; /* between the keys nothing may be said */
};

static void say_next(struct talk *talk, int from)
{
    char line[8];
    enum dtls_status status;

    if (talk->said[from] == LINES) {
        return;
    }
    (void)snprintf(line, sizeof line, "%c%03u", from == SIM_CLIENT ? 'c' : 's',
                   talk->said[from]);
    status = sim_pair_say(&pair, from, dtls_bytes_of(line, 4));
    if (status == DTLS_OK) {
        talk->said[from]++;
        return;
    }
    assert_int_equal(status, DTLS_NOT_NOW);
    assert_int_equal(from, SIM_CLIENT);
    talk->refused[from]++;
}

/* Whole lines of the other end, each at most once; how many? */
static unsigned heard(const struct talk *talk, int by)
{
    const struct sim_end *end = &pair.ends[by];
    bool seen[LINES] = {false};

    assert_int_equal(end->data_len, 4 * end->num_data);
    for (size_t at = 0; at < end->data_len; at += 4) {
        char line[5] = {0};
        unsigned number;

        kit_row("byte %zu", at);
        memcpy(line, &end->data[at], 4);
        assert_int_equal(line[0], by == SIM_CLIENT ? 's' : 'c');
        number = (unsigned)strtoul(line + 1, NULL, 10);
        assert_true(number < talk->said[!by] && !seen[number]);
        seen[number] = true;
    }
    return end->num_data;
}

/* Steps through a renegotiation; both ends talk all the time. */
static void renegotiate_talking(struct talk *talk, int who)
{
    memset(talk, 0, sizeof *talk);
    ask(who);
    do {
        if (pair.net.num_queued < 6) {
            say_next(talk, SIM_CLIENT);
            say_next(talk, SIM_SERVER);
        }
    } while ((session(0)->phase == DTLS_PHASE_RENEGOTIATING ||
              session(1)->phase == DTLS_PHASE_RENEGOTIATING) &&
             sim_pair_step(&pair, pair.net.now + HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
}

static void without_loss_no_data_is_lost(void **state)
{
    struct talk talk;

    (void)state;
    proves("D6347-4.1-12");
    proves("D5246-6.2.1-4");
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        connect_pair(4);
        renegotiate_talking(&talk, who);
        check_renegotiated(1);
        for (int i = 0; i < 2; i++) {
            kit_row("heard by the %s", kit_role(i));
            assert_int_equal(heard(&talk, i), talk.said[!i]);
        }
        assert_true(talk.refused[SIM_CLIENT] != 0);
        check_alive_and_close();
    }
}

/* Drops the datagrams, handshake records first, whose bits are set. */
struct mask {
    uint64_t bits;
    unsigned at;
};

static void drop_handshake(void *self, const struct sim_sent *sent,
                           struct sim_fate *fate)
{
    struct mask *mask = self;

    if (sent->bytes.data[0] == DTLS_APPLICATION_DATA) {
        return;
    }
    fate->lost |= mask->at < 64 && (mask->bits >> mask->at++ & 1) != 0;
}

static void renegotiates_without(int who, uint64_t bits)
{
    struct mask mask = {bits, 0};
    struct talk talk;

    connect_pair(5);
    pair.net.conditions.decide = drop_handshake;
    pair.net.conditions.self = &mask;
    renegotiate_talking(&talk, who);
    if (pair.ends[0].renegotiations != 1 || pair.ends[1].renegotiations != 1) {
        fail_msg("not renegotiated when mask %llx is lost",
                 (unsigned long long)bits);
    }
    check_renegotiated(1);
    (void)heard(&talk, SIM_CLIENT);
    (void)heard(&talk, SIM_SERVER);
    check_alive_and_close();
}

static void any_one_handshake_datagram_may_be_lost(void **state)
{
    (void)state;
    proves("D6347-4.1-8");
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        for (unsigned i = 0; i < 8; i++) {
            kit_row("datagram %u lost", i);
            renegotiates_without(who, (uint64_t)1 << i);
        }
    }
}

static void any_two_handshake_datagrams_may_be_lost(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        for (unsigned i = 0; i < 10; i++) {
            for (unsigned j = 0; j < i; j++) {
                kit_row("datagrams %u and %u lost", j, i);
                renegotiates_without(who, (uint64_t)1 << i | (uint64_t)1 << j);
            }
        }
    }
}

/* Ten round trips out of eleven may be lost, too: then nothing has changed, or
 * the session has failed and says so. */
static void a_third_of_all_may_be_lost_doubled_and_reordered(void **state)
{
    unsigned through = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct talk talk;

        kit_row("seed %u", (unsigned)seed);
        connect_pair(seed);
        pair.net.conditions.loss = 30;
        pair.net.conditions.duplication = 10;
        pair.net.conditions.jitter = 500;
        renegotiate_talking(&talk, (int)(seed & 1));
        sim_pair_drain(&pair, pair.net.now + HOUR);
        (void)heard(&talk, SIM_CLIENT);
        if (pair.ends[0].renegotiations == 1 &&
            pair.ends[1].renegotiations == 1) {
            through++;
            check_renegotiated(1);
            check_alive_and_close();
        } else {
            sim_pair_free(&pair);
        }
    }
    print_message("%u of 400 renegotiated\n", through);
    assert_in_range(through, 392, 400);
}

/* A flight that is lost with the first handshake's end: the HelloRequest
 * comes on top of it, and brings it again. */
static void drop_finished_of_server(void *self, const struct sim_sent *sent,
                                    struct sim_fate *fate)
{
    bool *on = self;

    fate->lost |= *on && sent->from == SIM_SERVER &&
                  sent->bytes.data[0] == DTLS_CHANGE_CIPHER_SPEC;
}

static void a_server_asks_before_its_last_flight_arrived(void **state)
{
    bool on = true;

    (void)state;
    sim_pair_init(&pair, 6);
    pair.net.conditions.decide = drop_finished_of_server;
    pair.net.conditions.self = &on;
    sim_pair_start(&pair);
    while (!pair.ends[SIM_SERVER].connected) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_false(pair.ends[SIM_CLIENT].connected);
    ask(SIM_SERVER);
    sim_pair_drain(&pair, pair.net.now + 100);
    on = false;
    sim_pair_drain(&pair, pair.net.now + 10000);
    assert_true(pair.ends[SIM_CLIENT].connected);
    check_renegotiated(1);
    check_alive_and_close();
}

/* Every datagram of the first handshake again, at every step of the second:
 * nothing of it takes a place there. */
struct tape {
    struct {
        int to;
        size_t len;
        uint8_t bytes[2048];
    } datagrams[32];
    size_t num;
    bool on;
};

static void record_tape(void *self, const struct sim_sent *sent,
                        struct sim_fate *fate)
{
    struct tape *tape = self;

    (void)fate;
    if (tape->on) {
        assert_true(tape->num < LEN(tape->datagrams) &&
                    sent->bytes.len <= sizeof tape->datagrams[0].bytes);
        tape->datagrams[tape->num].to = !sent->from;
        tape->datagrams[tape->num].len = sent->bytes.len;
        memcpy(tape->datagrams[tape->num].bytes, sent->bytes.data,
               sent->bytes.len);
        tape->num++;
    }
}

static void play(const struct tape *tape)
{
    for (size_t i = 0; i < tape->num; i++) {
        sim_send(
            &pair.net, !tape->datagrams[i].to, tape->datagrams[i].to,
            dtls_bytes_of(tape->datagrams[i].bytes, tape->datagrams[i].len));
    }
}

static void the_first_handshake_played_again_does_no_harm(void **state)
{
    static struct tape tape;

    (void)state;
    memset(&tape, 0, sizeof tape);
    tape.on = true;
    sim_pair_init(&pair, 7);
    pair.net.conditions.decide = record_tape;
    pair.net.conditions.self = &tape;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    tape.on = false;
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        ask(who);
        for (int i = 0; i < 6; i++) {
            play(&tape);
            sim_pair_drain(&pair, pair.net.now + 10);
        }
        sim_pair_drain(&pair, pair.net.now + 10000);
        check_renegotiated((unsigned)who + 1);
        assert_int_equal(session(who)->counters->retransmissions, 0);
    }
    check_alive_and_close();
}

static void drop_all_handshake(void *self, const struct sim_sent *sent,
                               struct sim_fate *fate)
{
    const int *mute = self;

    fate->lost |=
        sent->from == *mute && sent->bytes.data[0] != DTLS_APPLICATION_DATA;
}

/* Nobody answers before keys have changed: the session is what it was, and no
 * other attempt could be told from this one. */
static void a_client_without_an_answer_goes_on_as_before(void **state)
{
    int mute = SIM_SERVER;
    uint64_t began;

    (void)state;
    proves("D6347-4.2.4.1-6");
    connect_pair(8);
    pair.net.conditions.decide = drop_all_handshake;
    pair.net.conditions.self = &mute;
    began = pair.net.now;
    ask(SIM_CLIENT);
    while (session(SIM_CLIENT)->phase == DTLS_PHASE_RENEGOTIATING) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_int_equal(pair.net.now - began, 363000);
    assert_int_equal(session(SIM_CLIENT)->renegotiated, DTLS_TOO_LATE);
    pair.net.conditions.decide = NULL;
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(session(SIM_SERVER)->renegotiated, DTLS_TOO_LATE);
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now),
        DTLS_REFUSED);
    assert_int_equal(pair.ends[0].renegotiations, 0);
    check_alive_and_close();
}

static unsigned count_requests;

static void swallow_requests(void *self, const struct sim_sent *sent,
                             struct sim_fate *fate)
{
    (void)self;
    count_requests += sent->from == SIM_SERVER;
    fate->lost |= sent->from == SIM_SERVER;
}

static void an_unanswered_hello_request_is_repeated_and_forgotten(void **state)
{
    (void)state;
    proves("D6347-4.2.4-14");
    proves("D5246-7.4.1.1-4");
    connect_pair(9);
    pair.net.conditions.decide = swallow_requests;
    count_requests = 0;
    ask(SIM_SERVER);
    assert_int_equal(session(SIM_SERVER)->hs.flight.messages[2].type,
                     DTLS_HELLO_REQUEST);
    assert_int_equal(session(SIM_SERVER)->hs.flight.messages[2].seq, 0);
    sim_pair_drain(&pair, HOUR);
    assert_int_not_equal(session(SIM_SERVER)->phase, DTLS_PHASE_RENEGOTIATING);
    assert_int_equal(session(SIM_SERVER)->renegotiated, DTLS_TOO_LATE);
    assert_int_equal(count_requests, 11);
    pair.net.conditions.decide = NULL;
    ask(SIM_SERVER); /* nothing was begun: another time, then */
    sim_pair_drain(&pair, pair.net.now + 1000);
    check_renegotiated(1);
    check_alive_and_close();
}

static unsigned count_ignored;

static void lose_requests(void *self, const struct sim_sent *sent,
                          struct sim_fate *fate)
{
    (void)self;
    if (sent->from == SIM_SERVER && sent->bytes.data[0] == DTLS_HANDSHAKE) {
        fate->lost = true;
        count_ignored++;
    }
}

/* Data goes both ways while nobody answers the request, from the first one
 * until the last has been given up. */
static void a_server_serves_data_while_its_request_is_ignored(void **state)
{
    (void)state;
    connect_pair(9);
    pair.net.conditions.decide = lose_requests;
    count_ignored = 0;
    ask(SIM_SERVER);
    for (unsigned i = 0; session(SIM_SERVER)->phase != DTLS_PHASE_CONNECTED;
         i++) {
        kit_row("timer %u", i);
        assert_in_range(i, 0, 100);
        for (int end = 0; end < 2; end++) {
            pair.ends[end].data_len = 0;
            say(!end, "ping");
        }
        sim_pair_drain(&pair, pair.net.now + 100);
        for (int end = 0; end < 2; end++) {
            kit_row("to the %s", kit_role(end));
            assert_int_equal(pair.ends[end].data_len, 4);
        }
        (void)sim_pair_step(&pair, HOUR); /* the next timer */
    }
    assert_int_equal(session(SIM_SERVER)->renegotiated, DTLS_TOO_LATE);
    assert_true(count_ignored > 5);
    pair.net.conditions.decide = NULL;
    check_alive_and_close();
}

/* Once our keys have changed there is no way back. */
static void drop_new_epoch(void *self, const struct sim_sent *sent,
                           struct sim_fate *fate)
{
    (void)self;
    fate->lost |= sent->from == SIM_SERVER &&
                  sent->bytes.data[0] == DTLS_CHANGE_CIPHER_SPEC;
}

static void a_client_between_the_keys_ends_without_an_answer(void **state)
{
    (void)state;
    connect_pair(10);
    pair.net.conditions.decide = drop_new_epoch;
    ask(SIM_CLIENT);
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(session(SIM_CLIENT)->phase, DTLS_PHASE_FAILED);
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_TOO_LATE);
    assert_int_equal(pair.ends[SIM_CLIENT].store.taken, 0);
    sim_pair_free(&pair);
}

static void the_last_flight_is_answered_for_240_s(void **state)
{
    bool on = true;

    (void)state;
    proves("D6347-4.2.4-8");
    connect_pair(11);
    pair.net.conditions.decide = drop_finished_of_server;
    pair.net.conditions.self = &on;
    ask(SIM_CLIENT);
    sim_pair_drain(&pair, pair.net.now + 120000);
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 0);
    on = false;
    sim_pair_drain(&pair, pair.net.now + 61000);
    check_renegotiated(1);
    check_alive_and_close();
}

static void closing_ends_a_renegotiation(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        for (int closer = 0; closer < 2; closer++) {
            kit_row("the %s closes", kit_role(closer));
            for (int steps = 0; steps < 5; steps++) {
                kit_row("after %d steps", steps);
                connect_pair(12);
                ask(who);
                for (int i = 0; i < steps; i++) {
                    (void)sim_pair_step(&pair, pair.net.now + 100);
                }
                assert_int_equal(
                    dtls_session_close(session(closer), pair.net.now),
                    DTLS_OK);
                assert_int_equal(session(closer)->phase, DTLS_PHASE_CLOSING);
                sim_pair_drain(&pair, pair.net.now + HOUR);
                assert_int_equal(
                    dtls_session_renegotiate(session(closer), pair.net.now),
                    DTLS_NOT_NOW);
                assert_int_equal(pair.ends[0].store.taken, 0);
                assert_int_equal(pair.ends[1].store.taken, 0);
                sim_pair_free(&pair);
            }
        }
    }
}

/* Both ends of epoch `epoch`, as if so many handshakes had been. */
static void set_epoch(uint16_t epoch)
{
    for (int i = 0; i < 2; i++) {
        struct dtls_record_layer *r = &session(i)->records;

        kit_row("the %s", kit_role(i));
        assert_int_equal(epoch & 1, r->read_epoch & 1);
        dtls_session_drop_flight(session(i)); /* and the epoch kept for it */
        r->read_epoch = epoch;
        r->write_epoch = epoch;
        r->read[epoch & 1].epoch = epoch;
        r->write[epoch & 1].epoch = epoch;
    }
}

static void the_epoch_never_wraps(void **state)
{
    (void)state;
    proves("D6347-4.1-21");
    connect_pair(13);
    set_epoch(65533);
    for (int i = 0; i < 2; i++) {
        kit_row("renegotiation %d", i + 1);
        ask(SIM_CLIENT);
        sim_pair_drain(&pair, pair.net.now + 1000);
    }
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 2);
    assert_int_equal(session(SIM_CLIENT)->records.write_epoch, 65535);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_TOO_LATE);
        assert_int_not_equal(session(i)->phase, DTLS_PHASE_RENEGOTIATING);
    }
    check_alive_and_close();
}

static void it_takes_a_live_session(void **state)
{
    (void)state;
    sim_pair_init(&pair, 14);
    assert_int_equal(dtls_session_renegotiate(session(SIM_CLIENT), 0),
                     DTLS_NOT_NOW);
    sim_pair_start(&pair);
    assert_int_equal(dtls_session_renegotiate(session(SIM_CLIENT), 0),
                     DTLS_NOT_NOW);
    sim_pair_free(&pair);
}

/* Without a block for its first message an end has not begun. */
static void no_room_leaves_the_session_as_it_was(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        kit_row("the %s begins", kit_role(who));
        connect_pair(15);
        say(SIM_CLIENT, "so that the server's last flight may go");
        sim_pair_drain(&pair, pair.net.now + 1000);
        pair.ends[SIM_SERVER].store.left = 0;
        if (who == SIM_CLIENT) {
            pair.ends[SIM_CLIENT].store.left = 0;
            assert_int_equal(
                dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now),
                DTLS_STORE_EMPTY);
            pair.ends[SIM_CLIENT].store.left = SIM_BLOCKS;
        }
        /* A HelloRequest has no body; a ServerHello finds no room. */
        ask(who);
        sim_pair_drain(&pair, pair.net.now + 1000);
        assert_int_equal(session(SIM_CLIENT)->renegotiated, DTLS_REFUSED);
        assert_int_not_equal(session(SIM_SERVER)->phase,
                             DTLS_PHASE_RENEGOTIATING);
        pair.ends[SIM_SERVER].store.left = SIM_BLOCKS;
        ask(who);
        sim_pair_drain(&pair, pair.net.now + 1000);
        check_renegotiated(1);
        check_alive_and_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_renegotiates),
        cmocka_unit_test(a_server_asks_and_the_client_begins),
        cmocka_unit_test(both_ends_begin_at_once),
        cmocka_unit_test(as_often_as_you_like),
        cmocka_unit_test(without_loss_no_data_is_lost),
        cmocka_unit_test(any_one_handshake_datagram_may_be_lost),
        cmocka_unit_test(any_two_handshake_datagrams_may_be_lost),
        cmocka_unit_test(a_third_of_all_may_be_lost_doubled_and_reordered),
        cmocka_unit_test(a_server_asks_before_its_last_flight_arrived),
        cmocka_unit_test(the_first_handshake_played_again_does_no_harm),
        cmocka_unit_test(a_client_without_an_answer_goes_on_as_before),
        cmocka_unit_test(
            an_unanswered_hello_request_is_repeated_and_forgotten),
        cmocka_unit_test(a_server_serves_data_while_its_request_is_ignored),
        cmocka_unit_test(a_client_between_the_keys_ends_without_an_answer),
        cmocka_unit_test(the_last_flight_is_answered_for_240_s),
        cmocka_unit_test(closing_ends_a_renegotiation),
        cmocka_unit_test(the_epoch_never_wraps),
        cmocka_unit_test(it_takes_a_live_session),
        cmocka_unit_test(no_room_leaves_the_session_as_it_was),
    };

    return kit_run(tests);
}
