/* SPDX-License-Identifier: MIT */
/* A live association that leaves one session and goes on in another
 * (session/handover.h): both roles, every kind of protection, what is refused,
 * what the old end still does, and what the new one takes. */
#include "session/handover.h"
#include "sim/resumption_kit.h"

#define CID_LEN 8

static const uint8_t key[DTLS_SAVED_KEY_LEN] =
    "a key of the application's here";
static uint8_t bytes[DTLS_HANDOVER_MAX];
static struct dtls_buf made;
static struct dtls_session old; /* what is left of an exported one */

static void connect_with(uint16_t suite, uint8_t client_len,
                         uint8_t server_len)
{
    static uint16_t suites[1];

    suites[0] = suite;
    sim_pair_init(&pair, 1);
    set_suite(suites);
    for (int end = 0; end < 2; end++) {
        config(end)->connection_ids = true;
    }
    config(SIM_CLIENT)->cid_len = client_len;
    config(SIM_SERVER)->cid_len = server_len;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
    check_alive();
}

static enum dtls_status hand_over(int end)
{
    made = (struct dtls_buf){bytes, 0, sizeof bytes};
    return dtls_session_hand_over(session(end), &pair.crypto, &made, key,
                                  pair.net.now);
}

static enum dtls_status take_over(int end, struct dtls_bytes in)
{
    return dtls_session_take_over(session(end), &pair.crypto,
                                  end == SIM_SERVER ? DTLS_SERVER
                                                    : DTLS_CLIENT,
                                  &pair.ends[end].room, in, key, pair.net.now);
}

/* The association of `end` moves to a session that is new; `old` is the one
 * that it leaves. */
static void move(int end)
{
    assert_int_equal(hand_over(end), DTLS_OK);
    old = *session(end);
    memset(session(end), 0, sizeof *session(end));
    assert_int_equal(take_over(end, dtls_buf_bytes(&made)), DTLS_OK);
    assert_null(dtls_session_check(session(end)));
}

/* As if the hellos had not agreed on encrypt-then-MAC, which both our ends
 * have.  For any cipher but CBC it means nothing. */
static void mac_then_encrypt(void)
{
    for (int end = 0; end < 2; end++) {
        struct dtls_record_layer *r = &session(end)->records;

        for (int i = 0; i < DTLS_EPOCHS; i++) {
            r->read[i].protection.encrypt_then_mac = false;
            r->write[i].protection.encrypt_then_mac = false;
        }
    }
}

static void data_goes_on_in_every_role_and_protection(void **state)
{
    /* CCM_8, GCM, ChaCha20, CBC with SHA-256, CBC with SHA-1, NULL. */
    static const uint16_t suites[] = {0xc0a8, 0x00a8, 0xccab,
                                      0x00ae, 0x008c, 0x00b0};

    (void)state;
    for (size_t i = 0; i < 2 * LEN(suites); i++) {
        kit_row("suite %04x, encrypt_then_mac %zu", suites[i / 2], i % 2);
        connect_with(suites[i / 2], CID_LEN, 20);
        if (i % 2 == 0) {
            mac_then_encrypt();
            check_alive();
        }
        for (int round = 0; round < 3; round++) {
            for (int end = 0; end < 2; end++) {
                kit_row("round %d, the %s", round, kit_role(end));
                move(end);
                check_alive();
                assert_int_equal(session(end)->handovers, round + 1);
            }
        }
        sim_pair_free(&pair);
    }
}

static void numbers_jump_and_none_is_used_twice(void **state)
{
    (void)state;
    for (int end = 0; end < 2; end++) {
        uint64_t next;
        struct dtls_endurance before;

        kit_row("the %s", kit_role(end));
        connect_with(0x00a8, CID_LEN, CID_LEN);
        next = dtls_record_layer_next_seq(&session(end)->records);
        before.sealed =
            dtls_record_layer_protection_out(&session(end)->records)->used;
        before.forged =
            dtls_record_layer_protection_in(&session(end)->records)->used;
        move(end);
        assert_int_equal(dtls_record_layer_next_seq(&session(end)->records),
                         next + DTLS_HANDOVER_JUMP);
        assert_int_equal(
            dtls_record_layer_protection_out(&session(end)->records)->used,
            before.sealed);
        assert_int_equal(
            dtls_record_layer_protection_in(&session(end)->records)->used,
            before.forged);
        check_alive();
        sim_pair_free(&pair);
    }
}

/* Nothing moves the end that has left: no call, no datagram, no time. */
static void the_old_end_is_dead(void **state)
{
    static uint8_t sealed[200];

    (void)state;
    for (int end = 0; end < 2; end++) {
        struct dtls_buf record = {sealed, 0, sizeof sealed};
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        struct dtls_span datagram;
        struct dtls_span data;
        const uint8_t zero[DTLS_MASTER_LEN] = {0};

        kit_row("the %s", kit_role(end));
        connect_with(0xc0a8, CID_LEN, CID_LEN);
        move(end);
        assert_int_equal(dtls_session_send(session(!end), &record,
                                           dtls_bytes_of("late", 4),
                                           pair.net.now),
                         DTLS_OK);
        assert_int_equal(old.phase, DTLS_PHASE_ENDED);
        assert_int_equal(old.failure, DTLS_HANDED_OVER);
        assert_memory_equal(old.hs.agreed.master, zero, sizeof zero);
        assert_false(dtls_session_has_output(&old));
        assert_int_equal(dtls_session_deadline(&old), DTLS_NEVER);
        assert_int_equal(
            dtls_session_send(&old, &out, dtls_bytes_of("more", 4), 0),
            DTLS_NOT_NOW);
        assert_int_equal(dtls_session_close(&old, 0), DTLS_NOT_NOW);
        assert_int_equal(dtls_session_renegotiate(&old, 0), DTLS_NOT_NOW);
        assert_int_equal(
            dtls_session_hand_over(&old, &pair.crypto, &out, key, 0),
            DTLS_NOT_NOW);
        datagram = (struct dtls_span){record.data, record.len};
        assert_int_equal(
            dtls_session_read(&old, &datagram, &data, pair.net.now),
            DTLS_EVENT_NONE);
        assert_int_equal(dtls_session_expire(&old, pair.net.now + DAY),
                         DTLS_EVENT_NONE);
        assert_int_equal(dtls_session_write(&old, &out), DTLS_OK);
        assert_int_equal(out.len, 0);
        assert_null(dtls_session_check(&old));
        dtls_session_free(&old);
        sim_pair_free(&pair);
    }
}

/* Every datagram that went to one end is kept, to come again. */
static struct {
    int to;
    size_t num;
    size_t len[64];
    uint8_t bytes[64][600];
} kept;

static void keep(void *self, const struct sim_sent *sent,
                 const struct sim_fate *fate)
{
    (void)self;
    (void)fate;
    if (sent->from != kept.to && kept.num < LEN(kept.len)) {
        memcpy(kept.bytes[kept.num], sent->bytes.data, sent->bytes.len);
        kept.len[kept.num++] = sent->bytes.len;
    }
}

static void lose_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)self;
    (void)sent;
    fate->lost = true;
}

static void what_came_before_does_not_come_again(void **state)
{
    (void)state;
    for (int end = 0; end < 2; end++) {
        uint64_t replays;
        size_t lost;

        kit_row("to the %s", kit_role(end));
        connect_with(0x00ae, CID_LEN, CID_LEN);
        memset(&kept, 0, sizeof kept);
        kept.to = end;
        pair.net.watch = keep;
        for (int i = 0; i < 10; i++) {
            check_alive();
        }
        /* One record never came. */
        lost = kept.num;
        pair.net.conditions.decide = lose_all;
        assert_int_equal(sim_pair_say(&pair, !end, dtls_bytes_of("lost", 4)),
                         DTLS_OK);
        run();
        pair.net.conditions.decide = NULL;
        assert_true(kept.num > lost);
        check_alive();
        move(end);
        pair.ends[end].data_len = 0;
        replays = pair.ends[end].counters.discarded_replay;
        for (size_t i = 0; i < kept.num; i++) {
            sim_send(&pair.net, !end, end,
                     dtls_bytes_of(kept.bytes[i], kept.len[i]));
        }
        run();
        assert_int_equal(pair.ends[end].data_len, 0);
        assert_true(pair.ends[end].counters.discarded_replay - replays >= 12);
        check_alive();
        sim_pair_free(&pair);
    }
}

static void it_stays_where_it_cannot_be_found(void **state)
{
    static const struct {
        uint8_t len[2]; /* of the client's id, of the server's */
        bool leaves[2]; /* the client, the server */
    } rows[] = {{{0, 0}, {false, false}},
                {{8, 0}, {false, false}},
                {{0, 8}, {true, true}},
                {{8, 8}, {true, true}}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        for (int end = 0; end < 2; end++) {
            kit_row("row %zu, the %s", i, kit_role(end));
            connect_with(0xc0a8, rows[i].len[0], rows[i].len[1]);
            assert_int_equal(hand_over(end),
                             rows[i].leaves[end] ? DTLS_OK : DTLS_NOT_NOW);
            if (!rows[i].leaves[end]) {
                assert_int_equal(made.len, 0);
                check_alive();
            }
            sim_pair_free(&pair);
        }
    }
}

/* Refused at every step of a handshake, with an alert or data of ours on the
 * way, in a renegotiation, after a close. */
static void it_stays_while_anything_is_on_the_way(void **state)
{
    unsigned refused = 0;

    (void)state;
    sim_pair_init(&pair, 7);
    for (int end = 0; end < 2; end++) {
        config(end)->connection_ids = true;
        config(end)->cid_len = CID_LEN;
    }
    assert_int_equal(hand_over(SIM_CLIENT), DTLS_NOT_NOW);
    sim_pair_start(&pair);
    while (!pair.ends[SIM_CLIENT].connected) {
        for (int end = 0; end < 2; end++) {
            assert_int_equal(hand_over(end), DTLS_NOT_NOW);
            refused++;
        }
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_true(refused > 10);
    kit_row("a last flight that the client may miss");
    run();
    assert_int_equal(hand_over(SIM_SERVER), DTLS_NOT_NOW);
    check_alive();
    for (int end = 0; end < 2; end++) {
        kit_row("the %s asks for a renegotiation", kit_role(end));
        assert_int_equal(dtls_session_renegotiate(session(end), pair.net.now),
                         DTLS_OK);
        assert_int_equal(hand_over(end), DTLS_NOT_NOW);
        run();
        check_alive();
    }
    kit_row("a warning");
    dtls_session_warn(session(SIM_CLIENT), 90);
    assert_int_equal(hand_over(SIM_CLIENT), DTLS_NOT_NOW);
    run();
    move(SIM_CLIENT);
    move(SIM_SERVER);
    check_alive();
    kit_row("a close");
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    assert_int_equal(hand_over(SIM_CLIENT), DTLS_NOT_NOW);
    run();
    assert_true(pair.ends[SIM_SERVER].ended);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_NOT_NOW);
    sim_pair_free(&pair);
}

/* What was agreed goes along: the next renegotiation is bound to it, ALPN and
 * the exporter are the same, and it counts on. */
static void what_was_agreed_goes_along(void **state)
{
    static const uint8_t protocols[] = "\4coap\3sip";
    uint8_t exported[3][20];

    (void)state;
    sim_pair_init(&pair, 9);
    for (int end = 0; end < 2; end++) {
        config(end)->connection_ids = true;
        config(end)->cid_len = CID_LEN;
        config(end)->protocols =
            dtls_bytes_of(protocols, sizeof protocols - 1);
        config(end)->life_limit = HOUR;
    }
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
    check_alive();
    sim_pair_drain(&pair, HOUR / 2);
    assert_int_equal(dtls_session_export(session(SIM_SERVER), exported[0], 20,
                                         "EXPORTER-x", NULL),
                     DTLS_OK);
    move(SIM_SERVER);
    move(SIM_CLIENT);
    for (int end = 0; end < 2; end++) {
        const struct dtls_agreed *agreed = &session(end)->hs.agreed;

        kit_row("the %s", kit_role(end));
        assert_int_equal(agreed->protocol.len, 4);
        assert_memory_equal(agreed->protocol.data, "coap", 4);
        assert_true(agreed->routability_checks);
        assert_true(agreed->has_psk);
        assert_int_equal(dtls_session_export(session(end), exported[1 + end],
                                             20, "EXPORTER-x", NULL),
                         DTLS_OK);
        assert_memory_equal(exported[1 + end], exported[0], 20);
    }
    for (int end = 0; end < 2; end++) {
        kit_row("the %s asks for a renegotiation", kit_role(end));
        assert_int_equal(dtls_session_renegotiate(session(end), pair.net.now),
                         DTLS_OK);
        run();
        assert_int_equal(pair.ends[end].renegotiations, 1 + (unsigned)end);
        check_alive();
        move(SIM_SERVER);
        move(SIM_CLIENT);
        assert_int_equal(session(end)->records.write_epoch, 2 + end);
        check_alive();
    }
    /* An hour of life, half of which was over. */
    sim_pair_drain(&pair, HOUR + HOUR / 4);
    assert_true(pair.ends[SIM_CLIENT].ended || pair.ends[SIM_SERVER].ended);
    sim_pair_free(&pair);
}

/* A refusal leaves a session that is all zero. */
static void check_refused(int end, struct dtls_bytes in,
                          enum dtls_status wanted)
{
    static const struct dtls_session zero;

    dtls_session_free(session(end));
    assert_int_equal(take_over(end, in), wanted);
    assert_memory_equal(session(end), &zero, sizeof zero);
}

static void check_prefix(void *context, struct dtls_bytes prefix)
{
    (void)context;
    check_refused(SIM_SERVER, prefix, DTLS_DISCARD);
    assert_int_equal(dtls_handover_serial(prefix), prefix.len >= 25);
}

static void bad_bytes_are_refused(void **state)
{
    static const uint16_t other = 0x00a8;
    struct dtls_bytes in;

    (void)state;
    connect_with(0xc0a8, CID_LEN, CID_LEN);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_OK);
    in = dtls_buf_bytes(&made);
    assert_int_equal(dtls_handover_serial(in), 1);
    kit_each_prefix(in, check_prefix, NULL);
    for (size_t i = 0; i < made.len; i++) {
        kit_row("byte %zu", i);
        made.data[i] ^= 0x41;
        check_refused(SIM_SERVER, in, DTLS_DISCARD);
        made.data[i] ^= 0x41;
    }
    kit_row("a byte more");
    made.data[made.len] = 0;
    check_refused(SIM_SERVER, dtls_bytes_of(made.data, made.len + 1),
                  DTLS_DISCARD);
    kit_row("the other role");
    check_refused(SIM_CLIENT, in, DTLS_DISCARD);
    kit_row("another suite");
    config(SIM_SERVER)->suites = &other;
    config(SIM_SERVER)->num_suites = 1;
    check_refused(SIM_SERVER, in, DTLS_DISCARD);
    sim_pair_free(&pair);
}

/* Seals `state` as an export of the server's. */
static struct dtls_bytes seal_state(struct dtls_bytes state)
{
    static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'l', 'i', 'v'};
    struct dtls_export e;

    made = (struct dtls_buf){bytes, 0, sizeof bytes};
    assert_int_equal(dtls_export_begin(&pair.crypto, &e, &made, key, 1),
                     DTLS_OK);
    assert_true(dtls_put_bytes(&e.out, state));
    assert_int_equal(
        dtls_export_end(&pair.crypto, &e, &made, 1, purpose, DTLS_OK),
        DTLS_OK);
    return dtls_buf_bytes(&made);
}

static void check_state(void *context, struct dtls_bytes state)
{
    (void)context;
    check_refused(SIM_SERVER, seal_state(state), DTLS_DISCARD);
}

/* Authentic bytes of a version that we do not know, or of a fault: each field
 * at a value that it cannot have. */
static void what_is_sealed_is_read_strictly(void **state)
{
    static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'l', 'i', 'v'};
    enum {
        ROLE = 0,
        FLAGS = 1,
        SUITE = 3,
        SESSION_ID = 5 + 2 * DTLS_RANDOM_LEN + DTLS_MASTER_LEN +
                     2 * DTLS_VERIFY_DATA_LEN + DTLS_LEAF_LEN,
        MKI = SESSION_ID + 3,
        PROTOCOL = MKI + 1,
        EPOCH = PROTOCOL + 1 + 2 + DTLS_RANDOM_LEN,
        NEXT_SEQ = EPOCH + 2,
        LIMITS = NEXT_SEQ + 4 * 6 + 2,
        CID = LIMITS + 4
    };
    static const struct {
        const char *what;
        size_t at;
        uint8_t bytes[6];
        size_t len;
        enum dtls_status wanted;
    } rows[] = {
        {"a role", ROLE, {2}, 1, DTLS_DISCARD},
        {"a flag", FLAGS, {0x40, 0}, 2, DTLS_DISCARD},
        {"a suite that is none", SUITE, {0x12, 0x34}, 2, DTLS_DISCARD},
        {"a suite that is not ours", SUITE, {0xc0, 0x2b}, 2, DTLS_DISCARD},
        {"a protocol", PROTOCOL, {2}, 1, DTLS_DISCARD},
        {"the epoch in the clear", EPOCH, {0, 0}, 2, DTLS_DISCARD},
        {"the last number",
         NEXT_SEQ,
         {0xff, 0xff, 0xff, 0xff, 0, 0},
         6,
         DTLS_TOO_LATE},
        {"a limit of ours", LIMITS, {0x40, 1}, 2, DTLS_DISCARD},
        {"a limit of the peer's", LIMITS + 2, {0x40, 1}, 2, DTLS_DISCARD},
    };
    /* Each holds 32 bytes at most. */
    static const size_t vectors[] = {SESSION_ID, MKI, CID};
    uint8_t room[DTLS_HANDOVER_MAX];
    uint8_t copy[DTLS_HANDOVER_MAX];
    struct dtls_bytes whole;

    (void)state;
    connect_with(0xc0a8, CID_LEN, CID_LEN);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_OK);
    assert_int_equal(
        dtls_export_open(&pair.crypto, (struct dtls_span){room, sizeof room},
                         dtls_buf_bytes(&made), key, 1, purpose, &whole),
        DTLS_OK);
    assert_int_equal(whole.data[CID], CID_LEN);
    assert_memory_equal(
        &whole.data[CID + 1],
        dtls_record_layer_protection_out(&session(SIM_CLIENT)->records)->cid,
        CID_LEN);
    kit_each_prefix(whole, check_state, NULL);
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].what);
        memcpy(copy, whole.data, whole.len);
        memcpy(&copy[rows[i].at], rows[i].bytes, rows[i].len);
        check_refused(SIM_SERVER, seal_state(dtls_bytes_of(copy, whole.len)),
                      rows[i].wanted);
    }
    for (size_t i = 0; i < LEN(vectors); i++) {
        size_t rest = vectors[i] + 1u + whole.data[vectors[i]];

        kit_row("33 bytes at %zu", vectors[i]);
        memset(copy, 'x', sizeof copy);
        memcpy(copy, whole.data, vectors[i]);
        copy[vectors[i]] = 33;
        memcpy(&copy[vectors[i] + 1 + 33], &whole.data[rest],
               whole.len - rest);
        check_refused(SIM_SERVER,
                      seal_state(dtls_bytes_of(copy, vectors[i] + 1 + 33 +
                                                         whole.len - rest)),
                      DTLS_DISCARD);
    }
    kit_row("a byte more");
    memcpy(copy, whole.data, whole.len);
    copy[whole.len] = 0;
    check_refused(SIM_SERVER, seal_state(dtls_bytes_of(copy, whole.len + 1)),
                  DTLS_DISCARD);
    kit_row("as it was");
    dtls_session_free(session(SIM_SERVER));
    assert_int_equal(take_over(SIM_SERVER, seal_state(whole)), DTLS_OK);
    check_alive();
    sim_pair_free(&pair);
}

/* Too small a buffer, and numbers that end: the association goes on here. */
static void what_cannot_leave_stays(void **state)
{
    uint8_t exact[DTLS_HANDOVER_MAX];
    size_t len;

    (void)state;
    connect_with(0xc0a8, CID_LEN, CID_LEN);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_OK);
    len = made.len;
    dtls_session_free(session(SIM_SERVER));
    assert_int_equal(take_over(SIM_SERVER, dtls_buf_bytes(&made)), DTLS_OK);
    for (size_t room = 0; room < len; room++) {
        struct dtls_buf small = {exact, 0, room};

        kit_row("%zu bytes", room);
        memset(exact, 0, sizeof exact);
        assert_int_equal(dtls_session_hand_over(session(SIM_SERVER),
                                                &pair.crypto, &small, key,
                                                pair.net.now),
                         DTLS_NO_ROOM);
        assert_int_equal(small.len, 0);
        for (size_t i = 0; i < sizeof exact; i++) {
            assert_int_equal(exact[i], 0);
        }
    }
    check_alive();
    kit_row("numbers");
    dtls_record_layer_raise_seq(&session(SIM_SERVER)->records,
                                DTLS_SEQ_MAX - DTLS_HANDOVER_JUMP + 1);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_TOO_LATE);
    check_alive();
    sim_pair_free(&pair);
}

/* The peer's id needs room, which an end without connection ids may lack. */
static void an_id_of_the_peer_needs_room(void **state)
{
    struct dtls_session_room *room = &pair.ends[SIM_SERVER].room;

    (void)state;
    connect_with(0xc0a8, CID_LEN, CID_LEN);
    assert_int_equal(hand_over(SIM_SERVER), DTLS_OK);
    memset(session(SIM_SERVER), 0, sizeof *session(SIM_SERVER));
    config(SIM_SERVER)->connection_ids = false;
    room->records = NULL;
    assert_int_equal(take_over(SIM_SERVER, dtls_buf_bytes(&made)),
                     DTLS_DISCARD);
    room->records = &pair.ends[SIM_SERVER].records;
    assert_int_equal(take_over(SIM_SERVER, dtls_buf_bytes(&made)), DTLS_OK);
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_goes_on_in_every_role_and_protection),
        cmocka_unit_test(numbers_jump_and_none_is_used_twice),
        cmocka_unit_test(the_old_end_is_dead),
        cmocka_unit_test(what_came_before_does_not_come_again),
        cmocka_unit_test(it_stays_where_it_cannot_be_found),
        cmocka_unit_test(it_stays_while_anything_is_on_the_way),
        cmocka_unit_test(what_was_agreed_goes_along),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(what_is_sealed_is_read_strictly),
        cmocka_unit_test(what_cannot_leave_stays),
        cmocka_unit_test(an_id_of_the_peer_needs_room),
    };

    return kit_run(tests);
}
