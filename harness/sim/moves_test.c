/* SPDX-License-Identifier: MIT */
/* A client whose address changes (RFC 9146, 6; RFC 9853): the server's side of
 * a session with connection ids follows, and follows nobody else. */
#include "sim/pair_kit.h"

#define CID_LEN 8
#define PATH_CHALLENGE 0
#define PATH_RESPONSE 1

/* Where the client's datagrams seem to come from. */
static uint32_t claimed;

static void claim(void *self, const struct sim_sent *sent,
                  struct sim_fate *fate)
{
    (void)self;
    fate->address = sent->from == SIM_CLIENT ? claimed : 0;
}

/* What went to an address where the client is not. */
static struct {
    unsigned num;
    size_t bytes;
    uint32_t to;
    uint64_t at;      /* the time of the last ... */
    uint32_t refused; /* ... and the checks that were over by then */
    uint8_t last[2000];
    size_t last_len;
} strays;

static void stray(struct sim_pair *p, uint32_t to, struct dtls_bytes what)
{
    strays.at = p->net.now;
    strays.refused = p->ends[SIM_SERVER].counters.moves_refused;
    strays.num++;
    strays.bytes += what.len;
    strays.to = to;
    memcpy(strays.last, what.data, what.len);
    strays.last_len = what.len;
}

static void prepare(uint64_t seed)
{
    sim_pair_init(&pair, seed);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        pair.ends[i].config.connection_ids = true;
        pair.ends[i].config.cid_len = CID_LEN;
    }
    claimed = 0;
    memset(&strays, 0, sizeof strays);
    pair.net.conditions.decide = claim;
    pair.stray = stray;
}

static void connect_pair(uint64_t seed)
{
    prepare(seed);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
}

/* The client is elsewhere from now on, and so is not where it was. */
static void move_client(uint32_t address)
{
    pair.client_at = claimed = address;
}

static void say(int from, const char *text)
{
    assert_int_equal(
        sim_pair_say(&pair, from, dtls_bytes_of(text, strlen(text))), DTLS_OK);
}

/* Steps until an end has received so many records of data. */
static void await_data(int end, unsigned num)
{
    while (pair.ends[end].num_data < num) {
        assert_true(sim_pair_step(&pair, pair.net.now + 5000));
    }
    pair.ends[end].data_len = 0;
}

static struct dtls_counters *counts(void)
{
    return &pair.ends[SIM_SERVER].counters;
}

static uint32_t server_knows(void)
{
    return pair.ends[SIM_SERVER].peer_at;
}

/* Opens a record of the server's that no one has read, as the client would. */
static struct dtls_bytes open_stray(uint8_t *type)
{
    static struct dtls_span plain;
    struct dtls_session *client = session(SIM_CLIENT);
    struct dtls_read_epoch *read = &client->records.read[1];
    struct dtls_span rest = {strays.last, strays.last_len};
    struct dtls_record record;

    assert_int_equal(dtls_record_layer_next(&client->records, &rest, &record),
                     DTLS_OK);
    assert_int_equal(dtls_protect_open(&pair.crypto, &read->protection,
                                       &record, &record.body),
                     DTLS_OK);
    assert_true(dtls_protect_unwrap(&record));
    *type = record.type;
    plain = record.body;
    return dtls_span_bytes(plain);
}

static void a_thousand_changes_lose_nothing(void **state)
{
    unsigned said = 0;

    (void)state;
    proves("D9146-6-9");
    proves("D9853-5-3");
    proves("D9853-5.1-1");
    connect_pair(1);
    for (unsigned move = 1; move <= 1000; move++) {
        kit_row("move %u", move);
        move_client(move);
        for (unsigned i = 0; i < 1 + move % 3; i++) {
            /* The answer is sent as soon as the question is there. */
            say(SIM_CLIENT, "ping");
            await_data(SIM_SERVER, ++said);
            say(SIM_SERVER, "pong");
            await_data(SIM_CLIENT, said);
        }
        run();
        assert_int_equal(server_knows(), move);
    }
    assert_int_equal(counts()->moves, 1000);
    assert_int_equal(counts()->moves_refused, 0);
    assert_int_equal(pair.ends[SIM_CLIENT].counters.discarded_mac, 0);
    /* A renegotiation follows, too. */
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_SERVER), pair.net.now), DTLS_OK);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    move_client(2000);
    say(SIM_CLIENT, "ping");
    run();
    assert_int_equal(server_knows(), 2000);
    check_alive();
    sim_pair_free(&pair);
}

/* The client's datagrams, to be replayed and forged. */
static struct {
    unsigned num;
    uint8_t bytes[32][200];
    size_t len[32];
} heard;

static void record_client(void *self, const struct sim_sent *sent,
                          const struct sim_fate *fate)
{
    (void)self;
    (void)fate;
    if (sent->from == SIM_CLIENT && sent->bytes.len <= 200 &&
        heard.num < LEN(heard.len)) {
        memcpy(heard.bytes[heard.num], sent->bytes.data, sent->bytes.len);
        heard.len[heard.num++] = sent->bytes.len;
    }
}

/* Sends one of the client's datagrams again, as it was or with a bit changed,
 * or as many random bytes, from somewhere else. */
static void attack(uint64_t *seed)
{
    unsigned which = (unsigned)kit_below(seed, heard.num);
    uint8_t bytes[200];
    size_t len = heard.len[which];

    memcpy(bytes, heard.bytes[which], len);
    switch (kit_below(seed, 4)) {
    case 0:
        break;
    case 1:
        kit_fill(seed, &bytes[11 + CID_LEN], len - 11 - CID_LEN);
        break;
    case 2: /* a number that is not used yet */
        bytes[9] ^= 0x12;
        break;
    default:
        bytes[kit_below(seed, len)] ^= (uint8_t)(1u << kit_below(seed, 8));
        break;
    }
    claimed = 1 + (uint32_t)kit_below(seed, 1000000);
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_bytes_of(bytes, len));
    claimed = 0;
}

static void no_forged_or_replayed_datagram_moves_it(void **state)
{
    uint64_t seed = 0x23456789;

    (void)state;
    proves("D9146-6-1");
    proves("D9146-6-2");
    proves("D9146-6-5");
    connect_pair(2);
    heard.num = 0;
    pair.net.watch = record_client;
    for (unsigned i = 0; i < 16; i++) {
        kit_row("record %u", i);
        say(SIM_CLIENT, "data of some length");
    }
    pair.net.watch = NULL;
    run();
    pair.ends[SIM_SERVER].num_data = 0;
    for (unsigned i = 0; i < 10000; i++) {
        kit_row("datagram %u", i);
        attack(&seed);
        while (sim_pair_step(&pair, pair.net.now + 20)) {
        }
        assert_int_equal(strays.num, 0);
        assert_false(session(SIM_SERVER)->route.checking);
    }
    assert_int_equal(server_knows(), 0);
    assert_int_equal(counts()->moves + counts()->moves_refused, 0);
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 0);
    assert_true(counts()->discarded_replay > 1000);
    assert_true(counts()->discarded_mac > 1000);
    check_alive();
    sim_pair_free(&pair);
}

/* A late record is new to the replay window and old for the address. */
static void only_a_newer_record_begins_a_check(void **state)
{
    struct dtls_write_epoch *write;

    (void)state;
    proves("D9146-6-2");
    proves("D9146-6-4");
    proves("D9146-6-6");
    connect_pair(3);
    write = &session(SIM_CLIENT)->records.write[1];
    write->next_seq += 10;
    say(SIM_CLIENT, "newest");
    run();
    write->next_seq -= 2;
    claimed = 5;
    say(SIM_CLIENT, "late");
    run();
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 2);
    assert_int_equal(strays.num, 0);
    assert_int_equal(server_knows(), 0);
    assert_false(session(SIM_SERVER)->route.checking);
    sim_pair_free(&pair);
}

/* Both ends have ids, and nothing to check an address with. */
static void without_a_check_an_address_never_changes(void **state)
{
    (void)state;
    proves("D9146-6-3");
    proves("D9146-6-4");
    proves("D9146-6-8");
    proves("D9853-3-6");
    connect_pair(4);
    session(SIM_SERVER)->hs.agreed.routability_checks = false;
    claimed = 5;
    say(SIM_CLIENT, "from elsewhere");
    run();
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 1);
    assert_int_equal(strays.num, 0);
    say(SIM_SERVER, "to the old address");
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].num_data, 1);
    assert_int_equal(server_knows(), 0);
    /* A challenge is not obeyed either. */
    claimed = 0;
    seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
         dtls_bytes_of("\0abcdefgh", 9));
    run();
    assert_int_equal(counts()->discarded_state, 1);
    sim_pair_free(&pair);
}

/* A record without an id belongs to the peer's address. */
static void a_plain_record_from_elsewhere_is_dropped(void **state)
{
    struct dtls_span datagram;
    struct dtls_span data;
    uint8_t bytes[200];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    uint32_t dropped;

    (void)state;
    proves("D9146-6-11");
    connect_pair(5);
    assert_int_equal(dtls_session_send(session(SIM_CLIENT), &out,
                                       dtls_bytes_of("one", 3), pair.net.now),
                     DTLS_OK);
    /* Behind a good record, one in the clear. */
    assert_true(
        dtls_record_put_header(&out, DTLS_ALERT, DTLS_VERSION_1_2, 0, 77, 2) &&
        dtls_put_u16(&out, 0x0228));
    datagram = (struct dtls_span){bytes, out.len};
    dtls_session_hear_from(session(SIM_SERVER), DTLS_AT_OTHER);
    assert_int_equal(
        dtls_session_read(session(SIM_SERVER), &datagram, &data, pair.net.now),
        DTLS_EVENT_DATA);
    dropped = counts()->discarded_state;
    assert_int_equal(
        dtls_session_read(session(SIM_SERVER), &datagram, &data, pair.net.now),
        DTLS_EVENT_NONE);
    assert_int_equal(counts()->discarded_state, dropped + 1);
    sim_pair_free(&pair);
}

/* The client says something from an address where it gets no answer. */
static void begin_check(uint64_t seed, uint32_t from)
{
    connect_pair(seed);
    claimed = from;
    say(SIM_CLIENT, "from elsewhere");
    await_data(SIM_SERVER, 1);
    claimed = 0;
}

static void a_challenge_is_nine_bytes_for_the_new_address(void **state)
{
    struct dtls_bytes content;
    uint8_t type;

    (void)state;
    proves("D9853-3.1-1");
    proves("D9853-4-1");
    proves("D9853-4-2");
    proves("D9853-4-3");
    begin_check(6, 5);
    (void)sim_pair_step(&pair, pair.net.now + 5);
    assert_int_equal(strays.num, 1);
    assert_int_equal(strays.to, 5);
    assert_int_equal(strays.last[0], DTLS_TLS12_CID);
    content = open_stray(&type);
    assert_int_equal(type, 27);
    assert_int_equal(content.len, 9);
    assert_int_equal(content.data[0], PATH_CHALLENGE);
    sim_pair_free(&pair);
}

static void three_challenges_go_out_and_then_the_check_is_over(void **state)
{
    static const uint64_t times[] = {0, 333, 666};
    uint8_t cookies[3][8];
    uint64_t begun;

    (void)state;
    proves("D9853-4-7");
    proves("D9853-5.1-2");
    proves("D9853-5.3-1");
    proves("D9853-5.3-2");
    proves("D9853-5.5-1");
    proves("D9853-7.1-1");
    begin_check(7, 5);
    begun = pair.net.now;
    for (unsigned i = 0; i < 3; i++) {
        struct dtls_bytes content;
        uint8_t type;

        kit_row("challenge %u", i);
        while (strays.num <= i) {
            assert_true(sim_pair_step(&pair, begun + 2000));
        }
        assert_int_equal(strays.at, begun + times[i]);
        content = open_stray(&type);
        assert_int_equal(content.len, 9);
        memcpy(cookies[i], &content.data[1], 8);
        for (unsigned j = 0; j < i; j++) {
            assert_memory_not_equal(cookies[j], cookies[i], 8);
        }
    }
    assert_int_equal(strays.refused, 0);
    run();
    assert_int_equal(strays.num, 3);
    assert_int_equal(counts()->moves_refused, 1);
    assert_int_equal(server_knows(), 0);
    check_alive();
    sim_pair_free(&pair);
}

/* Answers the challenge that was seen last, with one bit of the cookie
 * changed, or with another type, from an address. */
static void answer(uint8_t type, uint8_t flip, uint32_t from)
{
    uint8_t content[9] = {type};
    uint8_t seen;

    memcpy(&content[1], &open_stray(&seen).data[1], 8);
    content[8] ^= flip;
    claimed = from;
    seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK, dtls_bytes_of(content, 9));
    claimed = 0;
}

static void only_the_right_response_from_there_moves_it(void **state)
{
    static const struct {
        const char *what;
        uint8_t type;
        uint8_t flip;
        uint32_t from;
        bool moves;
    } rows[] = {
        {"the response", PATH_RESPONSE, 0, 5, true},
        {"a wrong cookie", PATH_RESPONSE, 1, 5, false},
        {"from the old address", PATH_RESPONSE, 0, 0, false},
        {"from a third address", PATH_RESPONSE, 0, 6, false},
        {"path_drop", 2, 0, 5, false},
        {"an unknown type", 3, 0, 5, false},
    };

    (void)state;
    proves("D9146-6-3");
    proves("D9853-5.1-1");
    proves("D9853-5.4-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].what);
        begin_check(8, 5);
        (void)sim_pair_step(&pair, pair.net.now + 5);
        /* The client is there, too, once it has moved. */
        answer(rows[i].type, rows[i].flip, rows[i].from);
        (void)sim_pair_step(&pair, pair.net.now + 20);
        assert_int_equal(server_knows(), rows[i].moves ? 5 : 0);
        assert_int_equal(counts()->moves, rows[i].moves);
        run();
        run();
        assert_int_equal(server_knows(), rows[i].moves ? 5 : 0);
        sim_pair_free(&pair);
    }
}

static void a_response_that_nobody_asked_for_is_dropped(void **state)
{
    uint32_t dropped;

    (void)state;
    proves("D9853-5.4-4");
    connect_pair(9);
    dropped = counts()->discarded_state;
    seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
         dtls_bytes_of("\1\0\0\0\0\0\0\0\0", 9));
    run();
    assert_int_equal(counts()->discarded_state, dropped + 1);
    check_alive();
    sim_pair_free(&pair);
}

/* What the server sends to the client, counted. */
static unsigned answers;
static uint64_t answered_at;

static void count_answers(void *self, const struct sim_sent *sent,
                          const struct sim_fate *fate)
{
    (void)self;
    (void)fate;
    if (sent->from == SIM_SERVER) {
        answers++;
        answered_at = sent->at;
    }
}

static void each_valid_challenge_has_one_answer(void **state)
{
    static const struct {
        const char *content;
        size_t len;
        unsigned answers;
    } rows[] = {
        {"\0abcdefgh", 9, 1},
        {"\0ijklmnop", 9, 1},
        {"\0", 1, 0},
        {"\0abcdefg", 8, 0},
        {"\0abcdefghi", 10, 0},
        {"", 0, 0},
        {"\3abcdefgh", 9, 0},
        {"\xc8"
         "abcdefgh",
         9, 0},
        {"\xff"
         "abcdefgh",
         9, 0},
    };

    uint8_t bytes[40];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    uint64_t said_at;

    (void)state;
    proves("D9853-4-4");
    proves("D9853-4-5");
    proves("D9853-5.2-1");
    proves("D9853-5.4-1");
    proves("D9853-5.4-2");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("row %zu", i);
        connect_pair(10);
        answers = 0;
        heard.num = 0;
        pair.net.watch = record_client;
        seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
             dtls_bytes_of(rows[i].content, rows[i].len));
        pair.net.watch = count_answers;
        said_at = pair.net.now;
        run();
        assert_int_equal(answers, rows[i].answers);
        if (answers != 0) {
            assert_int_equal(answered_at, said_at + 10); /* as it came */
        }
        sim_send(&pair.net, SIM_CLIENT, SIM_SERVER,
                 dtls_bytes_of(heard.bytes[0], heard.len[0]));
        run();
        assert_int_equal(answers, rows[i].answers); /* a replay */
        check_alive();
        sim_pair_free(&pair);
    }
    /* Nothing in the clear is obeyed. */
    connect_pair(10);
    answers = 0;
    pair.net.watch = count_answers;
    assert_true(dtls_record_put_header(&out, DTLS_ROUTABILITY_CHECK,
                                       DTLS_VERSION_1_2, 0, 77, 9) &&
                dtls_put_bytes(&out, dtls_bytes_of("\0abcdefgh", 9)));
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_buf_bytes(&out));
    run();
    assert_int_equal(answers, 0);
    sim_pair_free(&pair);
}

static void an_answer_goes_to_where_the_challenge_is_from(void **state)
{
    struct dtls_bytes content;
    uint8_t type;

    (void)state;
    proves("D9853-5.4-3");
    connect_pair(11);
    /* The second newest record: no check begins. */
    session(SIM_CLIENT)->records.write[1].next_seq += 5;
    say(SIM_CLIENT, "newest");
    run();
    session(SIM_CLIENT)->records.write[1].next_seq -= 3;
    claimed = 7;
    seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
         dtls_bytes_of("\0abcdefgh", 9));
    run();
    assert_int_equal(strays.num, 1);
    assert_int_equal(strays.to, 7);
    content = open_stray(&type);
    assert_int_equal(type, 27);
    kit_assert_hex(content, "01 6162636465666768");
    sim_pair_free(&pair);
}

static void no_more_than_three_times_goes_to_an_unknown_address(void **state)
{
    static uint8_t text[600];
    uint64_t until;
    size_t received;
    unsigned said = 0;

    (void)state;
    proves("D9853-5-1");
    begin_check(12, 5);
    received = 13 + CID_LEN + 8 + strlen("from elsewhere") + 1 + 8;
    until = pair.net.now + 1100;
    /* Much is to be sent meanwhile: small, and large. */
    while (pair.net.now < until) {
        kit_row("at %u", (unsigned)pair.net.now);
        assert_int_equal(sim_pair_say(&pair, SIM_SERVER,
                                      dtls_bytes_of(text, said % 2 ? 600 : 4)),
                         DTLS_OK);
        said++;
        pair.ends[SIM_CLIENT].data_len = 0;
        sim_pair_drain(&pair, pair.net.now + 25);
        pair.net.now += 10;
        assert_true(strays.bytes <= 3 * received);
    }
    assert_true(strays.num >= 2); /* a challenge, and what still fitted */
    assert_int_equal(pair.ends[SIM_CLIENT].num_data, said);
    assert_int_equal(counts()->moves_refused, 1);
    sim_pair_free(&pair);
}

/* Our answers to challenges from there count, too, however we pad. */
static void an_answer_counts_for_the_limit(void **state)
{
    static uint8_t text[40];
    uint64_t before;

    (void)state;
    proves("D9853-5-1");
    prepare(19);
    pair.ends[SIM_SERVER].config.pad_to = 400;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
    before = pair.net.ledger[SIM_CLIENT].bytes_sent;
    claimed = 5;
    say(SIM_CLIENT, "from elsewhere");
    await_data(SIM_SERVER, 1);
    for (unsigned i = 0; i < 12; i++) {
        kit_row("challenge %u", i + 1);
        seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
             dtls_bytes_of("\0abcdefgh", 9));
        sim_pair_drain(&pair, pair.net.now + 15);
        pair.net.now += 15;
        assert_int_equal(
            sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, sizeof text)),
            DTLS_OK);
        assert_true(strays.bytes <=
                    3 * (pair.net.ledger[SIM_CLIENT].bytes_sent - before));
    }
    assert_true(strays.num >= 12);
    sim_pair_free(&pair);
}

/* A peer that is no candidate gets no more than it has sent. */
static void an_answer_is_not_longer_than_its_challenge(void **state)
{
    uint64_t before;

    (void)state;
    connect_pair(20);
    session(SIM_SERVER)->records.write[1].protection.pad_to = 400;
    session(SIM_CLIENT)->records.write[1].next_seq += 5;
    say(SIM_CLIENT, "newest");
    run();
    session(SIM_CLIENT)->records.write[1].next_seq -= 3;
    claimed = 7;
    before = pair.net.ledger[SIM_CLIENT].bytes_sent;
    seal(SIM_CLIENT, 1, DTLS_ROUTABILITY_CHECK,
         dtls_bytes_of("\0abcdefgh", 9));
    run();
    assert_int_equal(strays.num, 1);
    assert_true(strays.bytes <=
                pair.net.ledger[SIM_CLIENT].bytes_sent - before + CID_LEN + 1);
    sim_pair_free(&pair);
}

/* Forged records from the candidate do not raise the limit. */
static void what_is_dropped_earns_nothing(void **state)
{
    uint32_t credit;
    uint8_t bytes[200];

    (void)state;
    proves("D9853-5-1");
    connect_pair(13);
    heard.num = 0;
    pair.net.watch = record_client;
    claimed = 5;
    say(SIM_CLIENT, "from elsewhere");
    await_data(SIM_SERVER, 1);
    (void)sim_pair_step(&pair, pair.net.now);
    credit = session(SIM_SERVER)->route.credit;
    for (unsigned i = 0; i < 20; i++) {
        kit_row("copy %u", i);
        memcpy(bytes, heard.bytes[0], heard.len[0]);
        bytes[10] ^= (uint8_t)i; /* the first is a replay */
        sim_send(&pair.net, SIM_CLIENT, SIM_SERVER,
                 dtls_bytes_of(bytes, heard.len[0]));
        (void)sim_pair_step(&pair, pair.net.now + 12);
        assert_true(session(SIM_SERVER)->route.credit <= credit);
    }
    sim_pair_free(&pair);
}

static void a_move_within_a_check_is_not_followed(void **state)
{
    (void)state;
    proves("D9853-5-2");
    begin_check(14, 5);
    (void)sim_pair_step(&pair, pair.net.now + 5);
    assert_int_equal(strays.to, 5);
    move_client(6);
    say(SIM_CLIENT, "from a third address");
    run();
    assert_int_equal(server_knows(), 0);
    run(); /* The check of the second address is over. */
    assert_int_equal(counts()->moves_refused, 1);
    say(SIM_CLIENT, "once more");
    run();
    assert_int_equal(server_knows(), 6);
    assert_int_equal(counts()->moves, 1);
    sim_pair_free(&pair);
}

static void a_check_in_a_renegotiation_disturbs_nothing(void **state)
{
    (void)state;
    proves("D9853-4-6");
    connect_pair(15);
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    (void)sim_pair_step(&pair, pair.net.now + 15);
    move_client(9);
    say(SIM_CLIENT, "in the midst");
    /* What went to the old address is sent again. */
    sim_pair_drain(&pair, pair.net.now + 5000);
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    check_alive();
    run();
    assert_int_equal(server_knows(), 9);
    sim_pair_free(&pair);
}

/* Until the handshake is complete the address is the one of the cookie. */
static void no_check_begins_in_a_first_handshake(void **state)
{
    (void)state;
    proves("D9146-6-3");
    prepare(16);
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->records.write_epoch == 0) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    claimed = 5; /* the last flight */
    (void)sim_pair_step(&pair, pair.net.now);
    claimed = 0;
    assert_true(sim_pair_run(&pair, HOUR));
    run();
    assert_int_equal(strays.num, 0);
    assert_int_equal(counts()->moves + counts()->moves_refused, 0);
    check_alive();
    sim_pair_free(&pair);
}

static void a_session_that_ends_ends_its_check(void **state)
{
    (void)state;
    proves("D9853-4-2");
    begin_check(17, 5);
    assert_true(session(SIM_SERVER)->route.checking);
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    run();
    assert_true(pair.ends[SIM_SERVER].ended);
    assert_false(session(SIM_SERVER)->route.checking);
    assert_int_equal(dtls_session_deadline(session(SIM_SERVER)), DTLS_NEVER);
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_changes_lose_nothing),
        cmocka_unit_test(no_forged_or_replayed_datagram_moves_it),
        cmocka_unit_test(only_a_newer_record_begins_a_check),
        cmocka_unit_test(without_a_check_an_address_never_changes),
        cmocka_unit_test(a_plain_record_from_elsewhere_is_dropped),
        cmocka_unit_test(a_challenge_is_nine_bytes_for_the_new_address),
        cmocka_unit_test(three_challenges_go_out_and_then_the_check_is_over),
        cmocka_unit_test(only_the_right_response_from_there_moves_it),
        cmocka_unit_test(a_response_that_nobody_asked_for_is_dropped),
        cmocka_unit_test(each_valid_challenge_has_one_answer),
        cmocka_unit_test(an_answer_goes_to_where_the_challenge_is_from),
        cmocka_unit_test(no_more_than_three_times_goes_to_an_unknown_address),
        cmocka_unit_test(an_answer_counts_for_the_limit),
        cmocka_unit_test(an_answer_is_not_longer_than_its_challenge),
        cmocka_unit_test(what_is_dropped_earns_nothing),
        cmocka_unit_test(a_move_within_a_check_is_not_followed),
        cmocka_unit_test(a_check_in_a_renegotiation_disturbs_nothing),
        cmocka_unit_test(no_check_begins_in_a_first_handshake),
        cmocka_unit_test(a_session_that_ends_ends_its_check),
    };

    return kit_run(tests);
}
