/* SPDX-License-Identifier: MIT */
/* A session is resumed by a ticket (RFC 5077): the server keeps nothing. */
#include "sim/resumption_kit.h"

static const uint16_t psk_suite[] = {0xc0a8};

/* One message of a kind, from one end, as it went out last. */
struct seen {
    uint8_t type;
    unsigned times;
    bool changed; /* it was not always the same */
    uint8_t body[512];
    size_t len;
};

/* Looks at the first message of each record in the clear. */
static void look(void *watcher, const struct sim_sent *sent,
                 const struct sim_fate *fate)
{
    struct seen *seen = watcher;
    struct dtls_bytes in = sent->bytes;
    struct dtls_bytes header;
    struct dtls_bytes body;
    struct dtls_fragment fragment;

    (void)fate;
    while (dtls_get_bytes(&in, 11, &header) && dtls_get_vec16(&in, &body)) {
        if (header.data[0] != DTLS_HANDSHAKE || header.data[4] != 0 ||
            dtls_fragment_next(&body, &fragment) != DTLS_OK ||
            fragment.type != seen->type ||
            !dtls_fragment_is_whole(&fragment)) {
            continue;
        }
        assert_true(fragment.body.len <= sizeof seen->body);
        seen->changed |=
            seen->times != 0 &&
            !dtls_bytes_equal(fragment.body,
                              dtls_bytes_of(seen->body, seen->len));
        memcpy(seen->body, fragment.body.data, fragment.body.len);
        seen->len = fragment.body.len;
        seen->times++;
    }
}

static void watch(struct seen *seen, uint8_t type)
{
    *seen = (struct seen){.type = type};
    pair.net.watch = look;
    pair.net.watcher = seen;
}

static void begin(void)
{
    with_tickets = true;
    forget_all();
}

static struct dtls_bytes own_ticket(void)
{
    return dtls_bytes_of(memory.tickets[memory.which], memory.ticket_len);
}

static void a_ticket_saves_a_round_trip(void **state)
{
    struct seen seen;
    struct dtls_server_hello m;

    (void)state;
    proves("D5077-3.2-1");
    proves("D5077-3.2-3");
    proves("D5077-3.3-1");
    proves("D5077-3.3-2");
    proves("D5077-3.3-3");
    proves("D5077-3.3-16");
    proves("D5077-3.4-1");
    proves("D7925-7-2");
    proves("D7925-7-3");
    begin();
    for (int i = 0; i < 3; i++) {
        uint64_t begun = HOUR * (uint64_t)i;

        kit_row("handshake %d", i);
        prepare(51 + (uint64_t)i, begun);
        watch(&seen, DTLS_SERVER_HELLO);
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, DAY));
        assert_int_equal(is_resumed(), i != 0);
        assert_int_equal(session(SIM_CLIENT)->connected_at - begun,
                         i == 0 ? 60 : 40);
        assert_int_equal(
            dtls_server_hello_parse(&m, dtls_bytes_of(seen.body, seen.len)),
            DTLS_OK);
        assert_int_equal(m.session_id.len, i == 0 ? 0 : DTLS_SESSION_ID_MAX);
        /* session_ticket announces one, or is not there */
        assert_int_equal(m.extensions.len, i == 0 ? 13 : 9);
        assert_int_equal(memory.saved.id_len, 0);
        assert_true(memory.ticket_len > 0);
        check_alive();
        sim_pair_free(&pair);
    }
}

/* What the client remembers, for another try. */
static struct dtls_client_session remembered;

enum kind { FULL, RESUMED, RENEWED, KINDS };
static const char *const kind_names[KINDS] = {"full", "resumed", "renewed"};

static void play_subset(enum kind kind, uint16_t mtu, unsigned subset)
{
    uint64_t now = kind == RENEWED ? DAY + HOUR : DAY - HOUR;
    uint8_t which;

    kit_row("lost %03x", subset);
    memory = kind == FULL ? (struct dtls_client_session){0} : remembered;
    which = memory.which;
    reset_keys();
    prepare(71, now);
    for (int end = 0; end < 2; end++) {
        config(end)->mtu = mtu;
        config(end)->mtu_is_certain = true;
    }
    pair.net.conditions.decide = lose_subset;
    pair.net.conditions.self = &subset;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, now + HOUR));
    sim_pair_drain(&pair, pair.net.now + HOUR / 4);
    assert_int_equal(is_resumed(), kind != FULL);
    assert_int_equal(memory.which != which, kind != RESUMED);
    pair.net.conditions.decide = NULL;
    check_alive();
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_int_equal(pair.ends[SIM_SERVER].store.taken, 0);
    sim_pair_free(&pair);
}

/* Leaves the client with a ticket made at `now`. */
static void remember(uint64_t now)
{
    begin();
    prepare(72, now);
    make_session();
    remembered = memory;
}

static void whatever_is_lost_both_ends_connect(void **state)
{
    /* The second size parts ServerHello, NewSessionTicket and Finished. */
    static const uint16_t mtus[] = {1400, 380};

    (void)state;
    proves("D6347-4.2.4-91");
    proves("D6347-4.2.4-95");
    for (enum kind kind = FULL; kind < KINDS; kind++) {
        kit_row("%s", kind_names[kind]);
        for (size_t m = 0; m < LEN(mtus); m++) {
            kit_row("MTU %u", mtus[m]);
            remember(DAY - 2 * HOUR);
            for (unsigned subset = 0; subset < 1024; subset++) {
                play_subset(kind, mtus[m], subset);
            }
        }
    }
}

static void in_whatever_order_both_ends_connect(void **state)
{
    (void)state;
    proves("D5077-3.4-7");
    for (enum kind kind = FULL; kind < KINDS; kind++) {
        kit_row("%s", kind_names[kind]);
        remember(DAY - 2 * HOUR);
        for (uint64_t seed = 1; seed <= 300; seed++) {
            uint64_t now = kind == RENEWED ? DAY + HOUR : DAY - HOUR;

            kit_row("seed %u", (unsigned)seed);
            memory =
                kind == FULL ? (struct dtls_client_session){0} : remembered;
            reset_keys();
            prepare(seed, now);
            config(SIM_SERVER)->mtu = 120; /* fragments of every message */
            config(SIM_CLIENT)->mtu = 380;
            pair.net.conditions.jitter = 2500;
            pair.net.conditions.duplication = 30;
            pair.net.conditions.loss = 10;
            sim_pair_start(&pair);
            assert_true(sim_pair_run(&pair, now + HOUR));
            assert_int_equal(is_resumed(), kind != FULL);
            sim_pair_free(&pair);
        }
    }
}

static void drop_finished(void *self, const struct sim_sent *sent,
                          struct sim_fate *fate)
{
    (void)self;
    fate->lost =
        sent->from == SIM_SERVER && sent->number >= 5 && sent->at < 8000 + DAY;
}

static void a_ticket_that_is_sent_again_is_the_same(void **state)
{
    struct seen seen;

    (void)state;
    proves("D6347-4.2.4-92");
    proves("D5077-3.3-90");
    begin();
    prepare(81, DAY);
    watch(&seen, DTLS_NEW_SESSION_TICKET);
    pair.net.conditions.decide = drop_finished;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, DAY + HOUR));
    assert_true(seen.times > 2);
    assert_false(seen.changed);
    sim_pair_free(&pair);
}

static unsigned tickets_seen;

/* The client says what stands in its memory, whatever that is. */
static enum dtls_status see_ticket(void *self,
                                   const struct dtls_message *message)
{
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    (void)self;
    if (message->type == DTLS_CLIENT_HELLO) {
        assert_int_equal(dtls_client_hello_parse(&m, message->body), DTLS_OK);
        assert_int_equal(dtls_extensions_parse_client(&ext, m.extensions),
                         DTLS_OK);
        assert_true(
            dtls_bytes_equal(ext.data[DTLS_EXT_SESSION_TICKET], own_ticket()));
        tickets_seen++;
    }
    return DTLS_OK;
}

/* The client's data comes before it has the server's last flight, which is
 * lost: the server cannot know, and must have the ticket yet. */
static void a_client_that_does_not_wait_gets_its_ticket(void **state)
{
    (void)state;
    begin();
    prepare(84, DAY);
    pair.net.conditions.decide = drop_finished;
    sim_pair_start(&pair);
    while (!pair.ends[SIM_SERVER].connected) {
        assert_true(sim_pair_step(&pair, DAY + HOUR));
    }
    seal(SIM_CLIENT, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("early", 5));
    assert_true(sim_pair_run(&pair, DAY + HOUR));
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 1);
    assert_true(memory.ticket_len != 0);
    check_alive();
    sim_pair_free(&pair);
}

/* A ticket of 2000 bytes, of a server that is not this one, and a small
 * MTU. */
static void long_tickets_go_out_in_fragments(void **state)
{
    uint64_t seed = 3;

    (void)state;
    proves("D6347-4.2.4-96");
    proves("D5077-4-1");
    remember(0);
    tickets_seen = 0;
    memory.ticket_len = 2000;
    kit_fill(&seed, memory.tickets[memory.which], 2000);
    prepare(82, 0);
    for (int end = 0; end < 2; end++) {
        config(end)->mtu = 512;
    }
    config(SIM_SERVER)->mtu = 120; /* and so does the new one */
    config(SIM_SERVER)->see_message = see_ticket;
    assert_false(connect_and_close());
    assert_int_equal(tickets_seen, 1);
    assert_true(memory.ticket_len > 120 && memory.ticket_len < 2000);
    prepare(83, 0);
    assert_true(connect_and_close());
}

/* Plays a handshake with the ticket that stands in the client's memory. */
static bool resumes(uint64_t now)
{
    static uint64_t seed = 1000;

    prepare(seed++, now);
    return connect_and_close();
}

/* What is no ticket of this server gets a full handshake and a new ticket. */
static void anything_else_gets_a_full_handshake(void **state)
{
    (void)state;
    proves("D5077-3.2-5");
    proves("D5077-3.4-6");
    proves("D5077-4-2");
    proves("D5077-5.2-1");
    proves("D9325-3.4-1");
    proves("FCS_DTLSS_EXT.1.7-T3b");
    remember(0);
    for (uint16_t i = 0; i < remembered.ticket_len; i++) {
        kit_row("bits of byte %u", i);
        memory = remembered;
        memory.tickets[memory.which][i] ^= (uint8_t)(1 + i % 255);
        assert_false(resumes(0));
        assert_int_equal(memory.ticket_len, remembered.ticket_len);
    }
    for (uint16_t len = 1; len <= remembered.ticket_len + 1; len++) {
        kit_row("%u bytes", len);
        memory = remembered;
        memory.ticket_len = len;
        assert_int_equal(resumes(0), len == remembered.ticket_len);
    }
    /* Another server has made it. */
    memory = remembered;
    kit_crypto_seed(&ticket_crypto, 78);
    dtls_tickets_free(&tickets);
    assert_int_equal(
        dtls_tickets_init(&tickets, &ticket_crypto.crypto, DAY, 0), DTLS_OK);
    assert_false(resumes(0));
    assert_true(resumes(0));
}

/* A client of RFC 4507 put a length before the ticket. */
static void a_length_before_the_ticket_is_part_of_it(void **state)
{
    (void)state;
    proves("D5077-3.2-7");
    remember(0);
    memmove(&memory.tickets[memory.which][2], memory.tickets[memory.which],
            memory.ticket_len);
    memory.tickets[memory.which][0] = 0;
    memory.tickets[memory.which][1] = (uint8_t)memory.ticket_len;
    memory.ticket_len += 2;
    assert_false(resumes(0));
    memory.ticket_len = 2;
    memory.tickets[memory.which][0] = memory.tickets[memory.which][1] = 0;
    assert_false(resumes(0));
}

/* Beside a ticket the id says nothing, though it would lead to a session. */
static void the_id_beside_a_ticket_names_no_session(void **state)
{
    struct dtls_saved saved;
    bool is_old;

    (void)state;
    proves("D5077-3.4-2");
    proves("D5077-3.4-3");
    proves("D5077-3.4-4");
    remember(0);
    /* The server's own view of the session, as if it had kept it. */
    assert_true(dtls_tickets_open(&tickets, &saved, &is_old, own_ticket(), 0));
    saved.id_len = DTLS_SESSION_ID_MAX;
    memset(saved.id, 0x77, sizeof saved.id);
    dtls_cache_put(&cache, &saved);
    for (int i = 0; i < 2; i++) {
        kit_row(i == 0 ? "the ticket is right" : "the ticket is wrong");
        memory = remembered;
        memory.tickets[memory.which][40] ^= (uint8_t)i;
        prepare(91 + (uint64_t)i, 0);
        config(SIM_SERVER)->cache = &cache;
        sim_pair_start(&pair);
        /* It stands in the second ClientHello, which gets another cookie. */
        memset(session(SIM_CLIENT)->hs.session_id, 0x77, DTLS_SESSION_ID_MAX);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(is_resumed(), i == 0);
        assert_false(session(SIM_SERVER)->hs.agreed.is_kept);
        sim_pair_free(&pair);
    }
    assert_non_null(
        dtls_cache_find(&cache, dtls_bytes_of(saved.id, saved.id_len)));
}

static void keys_change_and_sessions_age(void **state)
{
    struct seen seen;
    uint8_t before[DTLS_TICKET_MAX];
    uint8_t names[3][DTLS_TICKET_NAME_LEN];
    static struct dtls_client_session renewed;

    (void)state;
    proves("D5077-3.3-8");
    proves("D5077-3.3-7");
    proves("D5077-3.3-12");
    proves("D5077-3.3-15");
    proves("D5077-5.5-1");
    proves("D5077-5.6-1");
    proves("D9325-3.4-3");
    proves("D9325-3.4-4");
    proves("D9325-3.4-5");
    proves("FCS_DTLSS_EXT.1.7-T3a");
    remember(DAY - 4 * HOUR);
    memcpy(names[0], own_ticket().data, sizeof names[0]);
    memcpy(before, own_ticket().data, own_ticket().len);
    /* Under the same key it is not renewed. */
    assert_true(resumes(DAY - 2 * HOUR));
    assert_memory_equal(own_ticket().data, before, own_ticket().len);
    /* Under the next one it is: one message more. */
    prepare(95, DAY + HOUR);
    watch(&seen, DTLS_NEW_SESSION_TICKET);
    assert_true(connect_and_close());
    assert_int_equal(seen.times, 1);
    memcpy(names[1], own_ticket().data, sizeof names[1]);
    assert_memory_not_equal(names[0], names[1], sizeof names[0]);
    /* The old one does as well: the client may not have the new one. */
    renewed = memory;
    memory = remembered;
    assert_true(resumes(DAY + 2 * HOUR));
    memory = renewed;
    /* It is as old as the session, and ends with it. */
    assert_true(resumes(2 * DAY - 5 * HOUR));
    assert_int_equal(memory.saved.until / HOUR, (2 * DAY - 4 * HOUR) / HOUR);
    memory.saved.until = memory.ticket_until = DTLS_NEVER; /* offer it yet */
    assert_false(resumes(2 * DAY - 3 * HOUR));
    /* Two periods without a client: both keys are gone. */
    remembered = memory;
    memory.saved.until = memory.ticket_until = DTLS_NEVER;
    assert_false(resumes(9 * DAY));
    memcpy(names[2], own_ticket().data, sizeof names[2]);
    assert_memory_not_equal(names[1], names[2], sizeof names[1]);
}

/* A key opens in the period after its own, and not in the one after that. */
static void a_key_lives_for_two_periods(void **state)
{
    static const struct {
        uint64_t at;
        bool opens;
        bool is_old;
    } rows[] = {
        {0, true, false},        {DAY - 1, true, false},
        {DAY, true, true},       {2 * DAY - 1, true, true},
        {2 * DAY, false, false}, {9 * DAY, false, false},
    };

    (void)state;
    proves("D9325-3.4-3");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_saved saved;
        bool is_old = false;

        kit_row("after %u hours", (unsigned)(rows[i].at / HOUR));
        remember(0);
        assert_int_equal(dtls_tickets_open(&tickets, &saved, &is_old,
                                           own_ticket(), rows[i].at),
                         rows[i].opens);
        assert_int_equal(is_old, rows[i].is_old);
        /* And step by step. */
        remember(0);
        for (uint64_t now = 0; now <= rows[i].at; now += HOUR) {
            kit_row("with others each hour, %u", (unsigned)(now / HOUR));
            assert_int_equal(dtls_tickets_open(&tickets, &saved, &is_old,
                                               own_ticket(), now),
                             now < 2 * DAY);
        }
    }
}

static bool is_wiped(const struct dtls_ticket_key *key)
{
    static const struct dtls_ticket_key none;

    return memcmp(key, &none, sizeof none) == 0;
}

/* Without randomness no new key takes the place of the old ones. */
static void keys_end_though_no_new_one_can_be_made(void **state)
{
    struct dtls_saved saved;
    bool is_old;

    (void)state;
    for (uint64_t day = 2; day < 5; day++) {
        kit_row("at the end of day %u", (unsigned)day);
        remember(0);
        assert_true(dtls_tickets_open(&tickets, &saved, &is_old, own_ticket(),
                                      DAY + HOUR)); /* a second key */
        ticket_crypto.fail_at = 1;
        assert_false(dtls_tickets_open(&tickets, &saved, &is_old, own_ticket(),
                                       day * DAY + HOUR));
        assert_true(is_wiped(&tickets.previous));
        assert_int_equal(is_wiped(&tickets.current), day > 2);
        ticket_crypto.fail_at = 0;
        assert_false(resumes(day * DAY + 2 * HOUR));
        assert_true(resumes(day * DAY + 3 * HOUR));
    }
}

static void the_hint_is_what_the_server_accepts(void **state)
{
    struct seen seen;
    struct dtls_new_session_ticket m;

    (void)state;
    proves("D5077-3.3-9");
    proves("D5077-3.3-17");
    begin();
    dtls_tickets_free(&tickets);
    assert_int_equal(
        dtls_tickets_init(&tickets, &ticket_crypto.crypto, 60000, 0), DTLS_OK);
    prepare(96, 0);
    watch(&seen, DTLS_NEW_SESSION_TICKET);
    make_session();
    assert_int_equal(
        dtls_new_session_ticket_parse(&m, dtls_bytes_of(seen.body, seen.len)),
        DTLS_OK);
    assert_int_equal(m.lifetime_hint, 60);
    for (int i = 0; i < 2; i++) {
        kit_row(i == 0 ? "in time" : "too late");
        remembered = memory;
        prepare(97 + (uint64_t)i, 59000 + 2000 * (uint64_t)i);
        /* The client does not offer it after the time; this one does. */
        assert_int_equal(memory.ticket_until / 1000, 60);
        memory.ticket_until = i == 0 ? memory.ticket_until : DTLS_NEVER;
        assert_int_equal(connect_and_close(), i == 0);
        memory = remembered;
    }
    remembered = memory;
    prepare(99, 61000);
    watch(&seen, DTLS_CLIENT_HELLO);
    assert_false(connect_and_close());
    /* An empty session_ticket ends the hello. */
    kit_assert_hex(dtls_bytes_of(&seen.body[seen.len - 4], 4), "00230000");
}

/* A server may change its mind (RFC 5077, 3.3): here it cannot seal. */
static enum dtls_status no_seal(void *self, struct dtls_cipher *cipher,
                                const uint8_t aad[DTLS_AAD_LEN],
                                struct dtls_span body)
{
    (void)self;
    (void)cipher;
    (void)aad;
    (void)body;
    return DTLS_INTERNAL_ERROR;
}

static void an_empty_ticket_keeps_nothing_and_harms_nothing(void **state)
{
    struct seen seen;

    (void)state;
    proves("D5077-3.3-6");
    for (int i = 0; i < 2; i++) {
        kit_row(i == 0 ? "there is none before" : "there is one before");
        begin();
        if (i == 1) {
            remember(0);
            memory.tickets[memory.which][20] ^= 1; /* a full handshake */
            remembered = memory;
        }
        ticket_crypto.crypto.aead_seal = no_seal;
        prepare(98, 0);
        watch(&seen, DTLS_NEW_SESSION_TICKET);
        make_session();
        kit_assert_hex(dtls_bytes_of(seen.body, seen.len), "00000000 0000");
        assert_int_equal(memory.ticket_len,
                         i == 0 ? 0 : remembered.ticket_len);
        assert_int_equal(memory.saved.suite, i == 0 ? 0 : psk_suite[0]);
    }
}

/* An application may switch tickets off while clients are on their way. */
static void without_keys_handshakes_go_on(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row(i == 0 ? "before ClientHello" : "after ServerHello");
        remember(0);
        if (i == 1) {
            memory.ticket_len = 1; /* no ticket: a full handshake */
        }
        prepare(103, 0);
        sim_pair_start(&pair);
        while (i == 1 && session(SIM_SERVER)->hs.suite == NULL) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        dtls_tickets_free(&tickets);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_false(is_resumed());
        check_alive();
        sim_pair_free(&pair);
    }
}

static unsigned opened;

static enum dtls_status count_open(void *self, struct dtls_cipher *cipher,
                                   const uint8_t aad[DTLS_AAD_LEN],
                                   struct dtls_span body)
{
    opened++;
    return dtls_libcrypto.aead_open(self, cipher, aad, body);
}

static void no_ticket_is_opened_before_the_cookie(void **state)
{
    (void)state;
    proves("D5077-3.2-11");
    proves("D5077-3.2-8");
    remember(0);
    ticket_crypto.crypto.aead_open = count_open;
    opened = 0;
    prepare(99, 0);
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.cookie_len == 0) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_int_equal(opened, 0);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(opened, 1);
    assert_true(is_resumed());
    sim_pair_free(&pair);
}

/* The ticket stays the old one until the server's Finished has come. */
static void a_ticket_counts_when_the_handshake_is_complete(void **state)
{
    (void)state;
    proves("D5077-3.3-4");
    proves("D5077-3.3-5");
    remember(DAY - HOUR);
    prepare(101, DAY + HOUR);
    config(SIM_SERVER)->mtu = 135; /* Finished comes last, and alone */
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, DAY + 2 * HOUR));
        assert_true(dtls_bytes_equal(
            own_ticket(), dtls_bytes_of(remembered.tickets[remembered.which],
                                        remembered.ticket_len)));
    }
    assert_true(session(SIM_CLIENT)->hs.ticket_len != 0);
    assert_int_equal(memory.which, remembered.which);
    assert_true(sim_pair_run(&pair, DAY + 2 * HOUR));
    assert_int_equal(memory.which, !remembered.which);
    sim_pair_free(&pair);
}

static void an_authentic_fatal_alert_deletes_the_ticket(void **state)
{
    (void)state;
    proves("D5077-3.2-6");
    for (int is_authentic = 0; is_authentic < 2; is_authentic++) {
        const struct dtls_bytes junk = {(const uint8_t *)"junk", 4};

        kit_row(is_authentic ? "a wrong Finished" : "a stranger");
        remember(0);
        prepare(111, 0);
        config(SIM_SERVER)->mtu = 120;
        sim_pair_start(&pair);
        while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        if (is_authentic) {
            dtls_transcript_add(&session(SIM_CLIENT)->hs.area->transcript, 99,
                                9, &junk, 1);
        } else {
            static const uint8_t alert[] = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0,
                                            0,  0,    9,    0, 2, 2, 40};

            sim_inject(&pair.net, SIM_SERVER, SIM_CLIENT,
                       dtls_bytes_of(alert, sizeof alert), 0);
        }
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(session(SIM_CLIENT)->phase == DTLS_PHASE_FAILED ||
                             pair.ends[SIM_CLIENT].connected,
                         true);
        assert_int_equal(memory.ticket_len != 0, !is_authentic);
        sim_pair_free(&pair);
    }
}

/* Neither end says anything of tickets unless both want them. */
static void both_ends_must_want_tickets(void **state)
{
    (void)state;
    proves("D5077-3.2-2");
    proves("D5077-3.2-10");
    for (int i = 0; i < 4; i++) {
        struct seen hello;

        kit_row("%s, %s",
                (i & 1) != 0 ? "the client wants one" : "it does not",
                (i & 2) != 0 ? "the server has them" : "it has none");
        begin();
        prepare(121, 0);
        config(SIM_CLIENT)->resume = (i & 1) != 0 ? &memory : NULL;
        config(SIM_SERVER)->tickets = (i & 2) != 0 ? &tickets : NULL;
        watch(&hello, DTLS_CLIENT_HELLO);
        make_session();
        assert_int_equal(memcmp(&hello.body[hello.len - 4], "\0\x23\0\0", 4) ==
                             0,
                         (i & 1) != 0);
        assert_int_equal(memory.ticket_len != 0, i == 3);
    }
}

static void a_ticket_that_is_announced_must_come(void **state)
{
    (void)state;
    begin();
    prepare(131, 0);
    config(SIM_SERVER)->mtu = 220;
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.step < DTLS_CLIENT_NEW_SESSION_TICKET) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    /* As if this server had not. */
    session(SIM_SERVER)->hs.ticket_announced = false;
    assert_false(sim_pair_run(&pair, HOUR));
    assert_false(pair.ends[SIM_CLIENT].connected);
    assert_int_equal(memory.ticket_len, 0);
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_saves_a_round_trip),
        cmocka_unit_test(whatever_is_lost_both_ends_connect),
        cmocka_unit_test(in_whatever_order_both_ends_connect),
        cmocka_unit_test(a_ticket_that_is_sent_again_is_the_same),
        cmocka_unit_test(a_client_that_does_not_wait_gets_its_ticket),
        cmocka_unit_test(long_tickets_go_out_in_fragments),
        cmocka_unit_test(anything_else_gets_a_full_handshake),
        cmocka_unit_test(a_length_before_the_ticket_is_part_of_it),
        cmocka_unit_test(the_id_beside_a_ticket_names_no_session),
        cmocka_unit_test(keys_change_and_sessions_age),
        cmocka_unit_test(a_key_lives_for_two_periods),
        cmocka_unit_test(keys_end_though_no_new_one_can_be_made),
        cmocka_unit_test(the_hint_is_what_the_server_accepts),
        cmocka_unit_test(an_empty_ticket_keeps_nothing_and_harms_nothing),
        cmocka_unit_test(without_keys_handshakes_go_on),
        cmocka_unit_test(no_ticket_is_opened_before_the_cookie),
        cmocka_unit_test(a_ticket_counts_when_the_handshake_is_complete),
        cmocka_unit_test(an_authentic_fatal_alert_deletes_the_ticket),
        cmocka_unit_test(both_ends_must_want_tickets),
        cmocka_unit_test(a_ticket_that_is_announced_must_come),
    };
    int failed = kit_run(tests);

    end_all();
    return failed;
}
