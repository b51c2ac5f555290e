/* SPDX-License-Identifier: MIT */
/* Connection ids in whole associations (RFC 9146): what the hellos agree on,
 * and which records then have an id. */
#include "sim/resumption_kit.h"

#define CID_LEN 8

/* What an end has sent: the forms of its records. */
static struct tape {
    unsigned clear;    /* records of epoch 0 */
    unsigned with_cid; /* protected ones with the id that is due */
    unsigned plain;    /* protected ones in the plain form */
    unsigned strange;  /* any other */
    size_t largest;    /* datagram */
    uint16_t epoch;    /* only records of this epoch and later count */
} tapes[2];

static void watch(void *self, const struct sim_sent *sent,
                  const struct sim_fate *fate)
{
    struct tape *tape = &tapes[sent->from];
    const struct dtls_record_layer *to = &session(!sent->from)->records;
    struct dtls_bytes due = dtls_bytes_of(to->cid, to->cid_len);
    uint8_t copy[2000];
    struct dtls_span rest = {copy, sent->bytes.len};
    struct dtls_record record;

    (void)self;
    (void)fate;
    memcpy(copy, sent->bytes.data, sent->bytes.len);
    tape->largest = rest.len > tape->largest ? rest.len : tape->largest;
    while (dtls_record_next_of(&rest, due, &record) == DTLS_OK) {
        if (record.epoch < tape->epoch) {
            continue;
        }
        if (record.epoch == 0) {
            tape->clear++;
            tape->strange += record.type > DTLS_HANDSHAKE;
        } else if (record.type == DTLS_TLS12_CID && record.cid_is_ours) {
            tape->with_cid++;
        } else if (record.type <= DTLS_APPLICATION_DATA) {
            tape->plain++;
        } else {
            tape->strange++;
        }
    }
    tape->strange += rest.len != 0;
}

static void wipe_tapes(void)
{
    memset(tapes, 0, sizeof tapes);
    pair.net.watch = watch;
}

/* Both ends use ids; each wants one of so many bytes in the peer's records. */
static void want(uint8_t client_len, uint8_t server_len)
{
    config(SIM_CLIENT)->connection_ids = config(SIM_SERVER)->connection_ids =
        true;
    config(SIM_CLIENT)->cid_len = client_len;
    config(SIM_SERVER)->cid_len = server_len;
}

static void connect_pair(void)
{
    wipe_tapes();
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, pair.net.now + HOUR));
    run();
}

/* Protected records of `from` have an id, or have none. */
static void check_form(int from, bool with_cid)
{
    kit_row("from the %s", kit_role(from));
    assert_int_equal(tapes[from].strange, 0);
    if (with_cid) {
        assert_true(tapes[from].with_cid != 0);
        assert_int_equal(tapes[from].plain, 0);
    } else {
        assert_true(tapes[from].plain != 0);
        assert_int_equal(tapes[from].with_cid, 0);
    }
}

static void each_side_says_what_it_wants_to_receive(void **state)
{
    static const struct {
        bool uses[2];
        uint8_t len[2]; /* of the id that each wants */
    } rows[] = {
        {{true, true}, {0, 0}},   {{true, true}, {0, 1}},
        {{true, true}, {20, 0}},  {{true, true}, {1, 8}},
        {{true, true}, {32, 32}}, {{false, true}, {8, 8}},
        {{true, false}, {8, 8}},  {{false, false}, {8, 8}},
    };

    (void)state;
    proves("D9146-3-1");
    proves("D9146-3-2");
    proves("D9146-3-3");
    proves("D9146-3-5");
    proves("D9146-3-6");
    proves("D9146-3-7");
    proves("D9146-3-17");
    proves("D9146-3-18");
    proves("D9146-8-1");
    proves("D9853-3-2");
    proves("D9853-3-3");
    proves("D9853-3-4");
    proves("D9853-3-5");
    for (size_t i = 0; i < LEN(rows); i++) {
        bool both = rows[i].uses[0] && rows[i].uses[1];

        kit_row("row %zu", i);
        sim_pair_init(&pair, 1 + i);
        for (int end = 0; end < 2; end++) {
            config(end)->connection_ids = rows[i].uses[end];
            config(end)->cid_len = rows[i].len[end];
        }
        connect_pair();
        check_alive();
        for (int end = 0; end < 2; end++) {
            check_form(!end, both && rows[i].len[end] != 0);
            assert_int_equal(session(end)->hs.agreed.routability_checks, both);
        }
        assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                         DTLS_OK);
        run();
        assert_true(pair.ends[SIM_SERVER].ended);
        check_form(SIM_CLIENT, both && rows[i].len[SIM_SERVER] != 0);
        sim_pair_free(&pair);
    }
}

/* The client's hellos as they went out. */
static struct {
    unsigned num;
    uint8_t bytes[4][600];
    size_t len[4];
} hellos;

static void watch_hellos(void *self, const struct sim_sent *sent,
                         const struct sim_fate *fate)
{
    (void)self;
    (void)fate;
    if (sent->from == SIM_CLIENT && hellos.num < LEN(hellos.len) &&
        sent->bytes.data[13] == DTLS_CLIENT_HELLO) {
        memcpy(hellos.bytes[hellos.num], sent->bytes.data, sent->bytes.len);
        hellos.len[hellos.num++] = sent->bytes.len;
    }
}

/* Returns where the bytes stand in a hello, or its length. */
static size_t find(unsigned hello, struct dtls_bytes what)
{
    size_t at = 0;

    while (at + what.len <= hellos.len[hello] &&
           memcmp(&hellos.bytes[hello][at], what.data, what.len) != 0) {
        at++;
    }
    return at + what.len <= hellos.len[hello] ? at : hellos.len[hello];
}

static void both_hellos_of_a_cookie_exchange_have_the_same_id(void **state)
{
    uint8_t extension[5 + CID_LEN] = {0, 54, 0, 1 + CID_LEN, CID_LEN};

    (void)state;
    proves("D9146-3-1");
    proves("D9146-3-14");
    sim_pair_init(&pair, 3);
    want(CID_LEN, CID_LEN);
    hellos.num = 0;
    pair.net.watch = watch_hellos;
    sim_pair_start(&pair);
    memcpy(&extension[5], session(SIM_CLIENT)->records.cid, CID_LEN);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(hellos.num, 2);
    for (unsigned i = 0; i < 2; i++) {
        kit_row("hello %u", i);
        assert_true(find(i, dtls_bytes_of(extension, sizeof extension)) <
                    hellos.len[i]);
        assert_true(find(i, dtls_bytes_of((const uint8_t *)"\0\x3d\0\0", 4)) <
                    hellos.len[i]);
    }
    sim_pair_free(&pair);
}

/* The server's answers to a first last flight are lost: the client sends it
 * again. */
static void lose_some(void *self, const struct sim_sent *sent,
                      struct sim_fate *fate)
{
    (void)self;
    fate->lost = sent->number >= 4 && sent->number < 8;
}

static void a_repeated_last_flight_has_the_same_forms(void **state)
{
    (void)state;
    proves("D9146-3-16");
    sim_pair_init(&pair, 5);
    want(CID_LEN, CID_LEN);
    pair.net.conditions.decide = lose_some;
    connect_pair();
    assert_true(pair.ends[SIM_CLIENT].counters.retransmissions != 0);
    check_form(SIM_CLIENT, true);
    check_form(SIM_SERVER, true);
    /* ClientHello twice, then ClientKeyExchange and ChangeCipherSpec. */
    assert_true(tapes[SIM_CLIENT].clear > 4);
    assert_true(tapes[SIM_CLIENT].with_cid > 1);
    sim_pair_free(&pair);
}

/* A peer's id may have any length. */
static void an_id_of_255_bytes_is_sent(void **state)
{
    static const uint8_t lens[] = {1, 20, 33, 255};
    static uint8_t cid[255];

    (void)state;
    proves("D9146-3-4");
    kit_fill(&(uint64_t){0x2345}, cid, sizeof cid);
    for (size_t i = 0; i < LEN(lens); i++) {
        const struct dtls_record_layer *to = &session(SIM_SERVER)->records;
        struct dtls_extensions asked = {0};
        struct dtls_extensions answer = {0};
        struct dtls_options_room room;

        kit_row("%u bytes", lens[i]);
        sim_pair_init(&pair, 7);
        want(0, CID_LEN);
        connect_pair();
        asked.present[DTLS_EXT_CONNECTION_ID] = true;
        asked.data[DTLS_EXT_CONNECTION_ID] = dtls_bytes_of(cid, lens[i]);
        assert_int_equal(dtls_options_answer(&session(SIM_SERVER)->hs, &asked,
                                             &answer, &room),
                         DTLS_OK);
        assert_int_equal(to->cid_out_len, lens[i]);
        assert_memory_equal(to->cid_out, cid, lens[i]);
        assert_ptr_equal(answer.data[DTLS_EXT_CONNECTION_ID].data, to->cid);
        assert_int_equal(answer.data[DTLS_EXT_CONNECTION_ID].len, CID_LEN);
        sim_pair_free(&pair);
    }
}

/* What a renegotiation agrees on holds from its new keys on; its hellos have
 * the ids of the epoch before. */
static void a_renegotiation_agrees_anew(void **state)
{
    (void)state;
    proves("D9146-3-11");
    proves("D9146-3-19");
    proves("D9146-3-20");
    for (int by = 0; by < 2; by++) {
        for (int keeps = 0; keeps < 2; keeps++) {
            kit_row("by the %s, %s", kit_role(by), keeps ? "with" : "without");
            sim_pair_init(&pair, 9);
            want(CID_LEN, 4);
            connect_pair();
            wipe_tapes();
            config(SIM_CLIENT)->connection_ids = keeps;
            assert_int_equal(
                dtls_session_renegotiate(session(by), pair.net.now), DTLS_OK);
            run();
            assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
            for (int end = 0; end < 2; end++) {
                kit_row("from the %s", kit_role(end));
                assert_int_equal(tapes[end].strange, 0);
                assert_true(tapes[end].with_cid != 0);
                assert_int_equal(tapes[end].plain, !keeps);
            }
            wipe_tapes();
            tapes[0].epoch = tapes[1].epoch = 2;
            check_alive();
            check_form(SIM_CLIENT, keeps);
            check_form(SIM_SERVER, keeps);
            assert_int_equal(session(SIM_SERVER)->hs.agreed.routability_checks,
                             keeps);
            sim_pair_free(&pair);
        }
    }
}

static void a_resumed_session_agrees_anew(void **state)
{
    (void)state;
    proves("D9146-3-11");
    proves("D9146-3-20");
    for (int before = 0; before < 2; before++) {
        for (int now = 0; now < 2; now++) {
            kit_row("%d, then %d", before, now);
            forget_all();
            prepare(11, 0);
            want(before ? 4 : 0, before ? CID_LEN : 0);
            connect_pair();
            assert_int_equal(
                dtls_session_close(session(SIM_CLIENT), pair.net.now),
                DTLS_OK);
            run();
            sim_pair_free(&pair);
            prepare(13, 5000);
            want(now ? CID_LEN : 0, now ? 4 : 0);
            connect_pair();
            assert_true(is_resumed());
            check_alive();
            check_form(SIM_CLIENT, now);
            check_form(SIM_SERVER, now);
            sim_pair_free(&pair);
        }
    }
}

static void handshakes_and_data_survive_loss_under_every_suite(void **state)
{
    static const uint16_t suites[] = {0xc0a8, 0x00a8, 0xccab, 0x00ae, 0x00b0};

    (void)state;
    proves("D9146-4-12");
    for (size_t i = 0; i < LEN(suites); i++) {
        kit_row("suite %04x", suites[i]);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            kit_row("seed %u", (unsigned)seed);
            sim_pair_init(&pair, seed);
            set_suite(&suites[i]);
            want(20, 32);
            config(SIM_CLIENT)->pad_to = 64;
            pair.net.conditions.loss = 20;
            pair.net.conditions.reordering = 20;
            pair.net.conditions.hold = 50;
            connect_pair();
            pair.net.conditions.loss = 0;
            run();
            check_alive();
            check_form(SIM_CLIENT, true);
            check_form(SIM_SERVER, true);
            sim_pair_free(&pair);
        }
    }
}

static void no_datagram_is_above_the_mtu(void **state)
{
    (void)state;
    proves("D9146-4-11");
    sim_pair_init(&pair, 15);
    want(32, 32);
    for (int end = 0; end < 2; end++) {
        kit_row("the %s", kit_role(end));
        config(end)->mtu = 300;
        config(end)->pad_to = 100;
    }
    connect_pair();
    wipe_tapes();
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    for (int end = 0; end < 2; end++) {
        kit_row("the %s", kit_role(end));
        assert_in_range(tapes[end].largest, 100, 300);
    }
    sim_pair_free(&pair);
}

static enum dtls_status no_cid(void *self, struct dtls_span out)
{
    (void)self;
    (void)out;
    return DTLS_INTERNAL_ERROR;
}

static enum dtls_status counted_cid(void *self, struct dtls_span out)
{
    (void)self;
    memset(out.data, 0x5a, out.len);
    return DTLS_OK;
}

static void the_application_may_make_the_id(void **state)
{
    static const uint8_t expected[CID_LEN] = {0x5a, 0x5a, 0x5a, 0x5a,
                                              0x5a, 0x5a, 0x5a, 0x5a};

    (void)state;
    proves("D9146-3-3");
    sim_pair_init(&pair, 17);
    want(0, CID_LEN);
    config(SIM_SERVER)->make_cid = counted_cid;
    connect_pair();
    assert_memory_equal(session(SIM_SERVER)->records.cid, expected, CID_LEN);
    check_alive();
    sim_pair_free(&pair);

    sim_pair_init(&pair, 17);
    want(0, CID_LEN);
    config(SIM_SERVER)->make_cid = no_cid;
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_INTERNAL_ERROR);
    sim_pair_free(&pair);
}

static void ids_are_random(void **state)
{
    static uint8_t seen[1000][CID_LEN];
    unsigned ones = 0;

    (void)state;
    proves("D9146-3-22");
    for (size_t i = 0; i < LEN(seen); i++) {
        struct dtls_handshake *h = &session(SIM_CLIENT)->hs;

        kit_row("id %zu", i);
        sim_pair_init(&pair, 1 + i);
        want(CID_LEN, CID_LEN);
        sim_pair_start(&pair);
        memcpy(seen[i], h->records->cid, CID_LEN);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(seen[j], seen[i], CID_LEN);
        }
        for (size_t bit = 0; bit < 8 * CID_LEN; bit++) {
            ones += seen[i][bit / 8] >> bit % 8 & 1;
        }
        sim_pair_free(&pair);
    }
    /* Of 64,000 bits: within eight deviations of the half. */
    assert_in_range(ones, 32000 - 1012, 32000 + 1012);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_says_what_it_wants_to_receive),
        cmocka_unit_test(both_hellos_of_a_cookie_exchange_have_the_same_id),
        cmocka_unit_test(a_repeated_last_flight_has_the_same_forms),
        cmocka_unit_test(an_id_of_255_bytes_is_sent),
        cmocka_unit_test(a_renegotiation_agrees_anew),
        cmocka_unit_test(a_resumed_session_agrees_anew),
        cmocka_unit_test(handshakes_and_data_survive_loss_under_every_suite),
        cmocka_unit_test(no_datagram_is_above_the_mtu),
        cmocka_unit_test(the_application_may_make_the_id),
        cmocka_unit_test(ids_are_random),
    };

    return kit_run(tests);
}
