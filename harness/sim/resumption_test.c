/* SPDX-License-Identifier: MIT */
/* A session is resumed by its id (RFC 5246, 7.3): what it costs, what stays
 * and what is new, over every pattern of loss; and when it is not resumed. */
#include "sim/resumption_kit.h"

#include "sim/pki.h"

static struct sim_identity server_ec;
static struct sim_identity client_ec;
static struct sim_anchor root;
static struct sim_anchor other_root;

static const uint16_t psk_suite[] = {0xc0a8};
static const uint16_t cert_suite[] = {0xc02b};
static const uint16_t cbc_suite[] = {0x00ae};

static void export_key(int which, uint8_t out[32])
{
    assert_int_equal(
        dtls_session_export(session(which), out, 32, "EXPORTER-x", NULL),
        DTLS_OK);
}

/* Both ends authenticate with certificates. */
static void prepare_mutual(uint64_t seed, uint64_t now)
{
    prepare(seed, now);
    set_suite(cert_suite);
    config(SIM_SERVER)->credentials = &server_ec.credential;
    config(SIM_SERVER)->client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    config(SIM_CLIENT)->credentials = &client_ec.credential;
    for (int i = 0; i < 2; i++) {
        config(i)->anchors = &root.item;
    }
}

static void an_id_saves_a_round_trip(void **state)
{
    uint8_t keys[2][32];
    uint64_t begun;
    uint64_t until[2];

    (void)state;
    proves("D5246-7.3-3");
    proves("D5246-7.3-10");
    proves("D5246-7.4.1.3-3");
    proves("D5246-7.4.1.3-4");
    proves("D5246-F.1.4-4");
    proves("D7925-7-1");
    proves("FCS_DTLSS_EXT.1.7-T2a");
    proves("D5246-F.1.4-2");
    proves("D5246-7.2.1-4");
    forget_all();
    for (int i = 0; i < 2; i++) {
        kit_row("handshake %d", i);
        prepare(51 + (uint64_t)i, 1000 + HOUR * (uint64_t)i);
        begun = pair.net.now;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, DAY));
        run();
        assert_int_equal(is_resumed(), i == 1);
        assert_int_equal(pair.net.sent, i == 0 ? 6 : 5);
        assert_int_equal(session(SIM_CLIENT)->connected_at - begun,
                         i == 0 ? 60 : 40);
        assert_int_equal(session(SIM_SERVER)->connected_at - begun, 50);
        assert_int_equal(session(SIM_CLIENT)->records.write_epoch, 1);
        export_key(SIM_CLIENT, keys[i]);
        until[i] = memory.saved.until;
        check_alive();
        sim_pair_free(&pair); /* No end has closed. */
    }
    assert_memory_not_equal(keys[0], keys[1], 32);
    /* It is as old as its full handshake. */
    assert_int_equal(until[0], 1060 + DAY);
    assert_int_equal(until[1], until[0]);
}

struct kind {
    const char *name;
    const uint16_t *suite;
    bool mutual;
};

static const struct kind kinds[] = {
    {"PSK, AEAD", psk_suite, false},
    {"PSK, CBC", cbc_suite, false},
    {"certificates", cert_suite, true},
};

static void prepare_kind(const struct kind *kind, uint64_t seed, uint64_t now)
{
    if (kind->mutual) {
        prepare_mutual(seed, now);
        return;
    }
    prepare(seed, now);
    set_suite(kind->suite);
}

static void the_peer_stays_who_it_was(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-7");
    proves("D5246-7.4.1.2-8");
    proves("D5246-7.4.1.3-98");
    proves("D7366-2-92");
    for (size_t i = 0; i < LEN(kinds); i++) {
        uint8_t peers[2][2][DTLS_LEAF_LEN];

        kit_row("%s", kinds[i].name);
        forget_all();
        for (int round = 0; round < 2; round++) {
            kit_row("round %d", round);
            prepare_kind(&kinds[i], 61, 0);
            sim_pair_start(&pair);
            assert_true(sim_pair_run(&pair, HOUR));
            assert_int_equal(is_resumed(), round == 1);
            for (int end = 0; end < 2; end++) {
                const struct dtls_agreed *agreed = &session(end)->hs.agreed;

                kit_row("the %s", kit_role(end));
                assert_int_equal(agreed->has_peer_leaf, kinds[i].mutual);
                assert_int_equal(agreed->has_psk, !kinds[i].mutual);
                assert_true(agreed->extended_master_secret);
                if (end == SIM_SERVER && !kinds[i].mutual) {
                    assert_int_equal(session(end)->hs.peer_psk_id_len, 6);
                    assert_memory_equal(session(end)->hs.peer_psk_id, "client",
                                        6);
                }
                assert_int_equal(agreed->encrypt_then_mac,
                                 kinds[i].suite == cbc_suite);
                memcpy(peers[round][end], agreed->peer_leaf, DTLS_LEAF_LEN);
            }
            check_alive();
            sim_pair_free(&pair);
        }
        assert_memory_equal(peers[0], peers[1], sizeof peers[0]);
    }
}

static void play_subset(const struct kind *kind, uint16_t mtu, unsigned subset)
{
    kit_row("lost %03x", subset);
    prepare_kind(kind, 71, 0);
    for (int end = 0; end < 2; end++) {
        config(end)->mtu = mtu;
        config(end)->mtu_is_certain = true;
    }
    pair.net.conditions.decide = lose_subset;
    pair.net.conditions.self = &subset;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_true(is_resumed());
    pair.net.conditions.decide = NULL;
    check_alive();
    assert_int_equal(pair.ends[SIM_SERVER].store.taken, 0);
    sim_pair_free(&pair);
}

static void whatever_is_lost_both_ends_connect(void **state)
{
    /* The second size parts Finished from ServerHello. */
    static const uint16_t mtus[] = {1400, 160};

    (void)state;
    proves("D6347-4.2.4-9");
    proves("D6347-4.2.4-91");
    proves("D6347-4.2.4-93");
    for (size_t i = 0; i < 2; i++) {
        kit_row("%s", kinds[i].name);
        for (size_t m = 0; m < LEN(mtus); m++) {
            kit_row("MTU %u", mtus[m]);
            forget_all();
            prepare_kind(&kinds[i], 72, 0);
            make_session();
            for (unsigned subset = 0; subset < 1024; subset++) {
                play_subset(&kinds[i], mtus[m], subset);
            }
        }
    }
}

static void in_whatever_order_both_ends_connect(void **state)
{
    (void)state;
    forget_all();
    prepare(73, 0);
    make_session();
    for (uint64_t seed = 1; seed <= 500; seed++) {
        kit_row("seed %u", (unsigned)seed);
        prepare(seed, 0);
        config(SIM_SERVER)->mtu = 130;
        config(SIM_CLIENT)->mtu = 130;
        pair.net.conditions.jitter = 2500;
        pair.net.conditions.duplication = 30;
        pair.net.conditions.loss = 10;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        sim_pair_drain(&pair, pair.net.now + HOUR);
        assert_true(is_resumed());
        pair.net.conditions = (struct sim_conditions){.delay = 10};
        check_alive();
        sim_pair_free(&pair);
    }
}

/* Loses what the client sends under its keys. */
static void lose_last_flight(void *self, const struct sim_sent *sent,
                             struct sim_fate *fate)
{
    const bool *on = self;

    /* The epoch of the datagram's last record would do as well: the client's
     * Finished is the first that is behind a ChangeCipherSpec. */
    fate->lost = *on && sent->from == SIM_CLIENT &&
                 (sent->bytes.data[0] == DTLS_CHANGE_CIPHER_SPEC ||
                  sent->bytes.data[4] != 0);
}

/* Resumes up to where the client is connected and the server is not, because
 * the client's last flight is lost while `*lose`. */
static void come_to_half(bool *lose)
{
    *lose = true;
    forget_all();
    prepare(81, 0);
    make_session();
    prepare(82, 0);
    pair.net.conditions.decide = lose_last_flight;
    pair.net.conditions.self = lose;
    sim_pair_start(&pair);
    while (!pair.ends[SIM_CLIENT].connected) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_HANDSHAKING);
}

static void data_waits_for_the_clients_finished(void **state)
{
    bool lose;

    (void)state;
    proves("D5246-7.3-9");
    come_to_half(&lose);
    lose = false;
    assert_int_equal(
        sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("early", 5)), DTLS_OK);
    assert_int_equal(
        sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of("early", 5)),
        DTLS_NOT_NOW);
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 0);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_HANDSHAKING);
    sim_pair_drain(&pair, pair.net.now + 2000);
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 0);
    check_alive();
    sim_pair_free(&pair);
}

/* The client's wish overtakes its lost last flight, which must come all the
 * same. */
static void a_client_renegotiates_before_its_finished_has_come(void **state)
{
    bool lose;

    (void)state;
    proves("D5746-3.4-1");
    come_to_half(&lose);
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 2500);
    lose = false;
    sim_pair_drain(&pair, pair.net.now + 60000);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_true(pair.ends[i].connected);
        assert_int_equal(pair.ends[i].renegotiations, 1);
    }
    check_alive();
    sim_pair_free(&pair);
}

/* A wish that finds no room leaves the lost last flight to be sent again. */
static void a_renegotiation_without_room_keeps_the_last_flight(void **state)
{
    static char name[250]; /* with the protocols it fills a block */
    static uint8_t protocols[250] = {249};
    bool lose;

    (void)state;
    memset(name, 'n', sizeof name);
    come_to_half(&lose);
    config(SIM_CLIENT)->server_name = dtls_bytes_of(name, sizeof name);
    config(SIM_CLIENT)->protocols = dtls_bytes_of(protocols, 250);
    pair.ends[SIM_CLIENT].store.left = 0;
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now),
        DTLS_STORE_EMPTY);
    assert_null(dtls_session_check(session(SIM_CLIENT)));
    pair.ends[SIM_CLIENT].store.left = SIM_BLOCKS;
    config(SIM_CLIENT)->server_name = (struct dtls_bytes){0};
    config(SIM_CLIENT)->protocols = (struct dtls_bytes){0};
    lose = false;
    sim_pair_drain(&pair, pair.net.now + 60000);
    assert_true(pair.ends[SIM_SERVER].connected);
    check_alive();
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 60000);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(pair.ends[i].renegotiations, 1);
    }
    sim_pair_free(&pair);
}

static void either_end_renegotiates_a_resumed_session(void **state)
{
    (void)state;
    proves("D5746-3.6-4");
    proves("D5746-3.4-90");
    for (int asks = 0; asks < 2; asks++) {
        kit_row("the %s asks", kit_role(asks));
        forget_all();
        prepare(83, 0);
        make_session();
        prepare(84, 0);
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(dtls_session_renegotiate(session(asks), pair.net.now),
                         DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 2000);
        for (int i = 0; i < 2; i++) {
            kit_row("the %s", kit_role(i));
            assert_int_equal(pair.ends[i].renegotiations, 1);
        }
        check_alive();
        sim_pair_free(&pair);
        /* The renegotiation has neither resumed a session nor made one. */
        prepare(85, 0);
        assert_true(connect_and_close());
    }
}

/* Changes one thing between two associations: the second is a full handshake,
 * and the third, with the change, resumes what the second has made. */
static void check_full_with(void (*change)(void), bool mutual, uint64_t later)
{
    forget_all();
    for (int round = 0; round < 3; round++) {
        uint64_t now = round == 0 ? 0 : later + HOUR * (uint64_t)round;

        kit_row("round %d", round);
        if (mutual) {
            prepare_mutual(191 + (uint64_t)round, now);
        } else {
            prepare(191 + (uint64_t)round, now);
        }
        if (round > 0 && change != NULL) {
            change();
        }
        assert_int_equal(connect_and_close(), round == 2);
    }
}

static void check_full(void (*change)(void), bool mutual, uint64_t later)
{
    for (int i = 0; i < 2; i++) {
        kit_row("%s", i == 0 ? "by an id" : "by a ticket");
        with_tickets = i == 1;
        check_full_with(change, mutual, later);
    }
    with_tickets = false;
}

static const struct dtls_psk other_psks[] = {
    {{(const uint8_t *)"client", 6},
     {(const uint8_t *)"\x10\x11\x12\x13\x14\x15\x16\x17", 8},
     {NULL, 0}},
};

static const struct dtls_psk renamed_psks[] = {
    {{(const uint8_t *)"device", 6},
     {(const uint8_t *)"\x00\x01\x02\x03\x04\x05\x06\x07", 8},
     {NULL, 0}},
};

static void change_key(void)
{
    config(SIM_CLIENT)->psks = other_psks;
    config(SIM_SERVER)->psks = other_psks;
}

static void change_identity(void)
{
    config(SIM_CLIENT)->psks = renamed_psks;
    config(SIM_SERVER)->psks = renamed_psks;
}

static void change_name(void)
{
    config(SIM_CLIENT)->server_name = dtls_bytes_of("localhost", 9);
}

static void change_suite(void)
{
    static const uint16_t other[] = {0xc0a9};

    set_suite(other);
}

static struct dtls_cert_item two_anchors;

static void change_client_anchors(void)
{
    two_anchors = (struct dtls_cert_item){&root.cert, &other_root.item};
    config(SIM_CLIENT)->anchors = &two_anchors;
}

static void change_server_anchors(void)
{
    two_anchors = (struct dtls_cert_item){&root.cert, &other_root.item};
    config(SIM_SERVER)->anchors = &two_anchors;
}

static enum dtls_status accept_chain(void *self, const struct dtls_cert *chain,
                                     size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_OK;
}

static void change_last_word(void)
{
    config(SIM_SERVER)->verify_peer = accept_chain;
}

static void what_made_a_session_must_be_the_same(void **state)
{
    static const struct {
        const char *name;
        void (*change)(void);
        bool mutual;
    } rows[] = {
        {"the key of the PSK", change_key, false},
        {"the identity of the PSK", change_identity, false},
        {"the server's name", change_name, true},
        {"the suite", change_suite, false},
        {"the client's anchors", change_client_anchors, true},
        {"the server's anchors", change_server_anchors, true},
        {"who has the last word", change_last_word, true},
    };

    (void)state;
    proves("D6066-3-9");
    proves("D6066-3-10");
    proves("D5077-3.2-12");
    proves("D5077-3.2-13");
    proves("D5077-3.2-14");
    proves("D5246-7.4.1.3-5");
    proves("D5246-7.4.1.3-6");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].name);
        check_full(rows[i].change, rows[i].mutual, 1000);
    }
}

static void a_stricter_server_wants_the_certificate(void **state)
{
    (void)state;
    proves("D5246-7.4.1.3-97");
    forget_all();
    for (int round = 0; round < 3; round++) {
        kit_row("round %d", round);
        prepare_mutual(192 + (uint64_t)round, 0);
        if (round == 0) {
            config(SIM_SERVER)->client_auth = DTLS_CLIENT_AUTH_NONE;
        }
        assert_int_equal(connect_and_close(), round == 2);
    }
}

static void change_limit(void)
{
    config(SIM_CLIENT)->resumption_limit = 60;
}

static void a_session_ages_from_its_full_handshake(void **state)
{
    (void)state;
    proves("D5246-F.1.4-1");
    proves("D5246-F.1.4-3");
    check_full(NULL, false, 60 + DAY);
    forget_all();
    for (unsigned i = 0; i < 5; i++) {
        /* A client that is used all the time does not keep it alive. */
        kit_row("after %u seconds", 25 * i);
        prepare(193 + i, 25000u * i);
        change_limit();
        assert_int_equal(connect_and_close(), i % 3 != 0);
    }
}

static int64_t clock_of_the_test;

static int64_t unix_time(void *self)
{
    (void)self;
    return clock_of_the_test;
}

static void a_session_ends_with_the_peers_certificate(void **state)
{
    const int64_t end = server_ec.credential.cert.not_after;

    (void)state;
    for (int64_t past = 0; past < 2; past++) {
        kit_row("%d s after its end", (int)past);
        clock_of_the_test = end;
        forget_all();
        prepare_mutual(94, 0);
        config(SIM_CLIENT)->unix_time = unix_time;
        make_session();
        clock_of_the_test = end + past;
        prepare_mutual(94, 0);
        config(SIM_CLIENT)->unix_time = unix_time;
        sim_pair_start(&pair);
        assert_int_equal(sim_pair_run(&pair, HOUR), past == 0);
        if (past != 0) {
            /* The session is not offered, and the full handshake shows why. */
            assert_int_equal(session(SIM_CLIENT)->failure,
                             DTLS_CERTIFICATE_EXPIRED);
        }
        sim_pair_free(&pair);
    }
}

/* As if one end did not know what makes a session strong. */
static void weaken(bool ems, bool etm)
{
    for (int i = 0; i < 2; i++) {
        session(i)->hs.extended_master_secret = ems;
        session(i)->hs.encrypt_then_mac = etm;
    }
}

static void a_weak_session_is_not_kept(void **state)
{
    (void)state;
    proves("D7627-5.3-1");
    proves("D7627-5.3-3");
    proves("D7627-5.3-4");
    for (int weak = 0; weak < 3; weak++) {
        static const char *const names[] = {
            "strong", "no extended master secret", "no encrypt-then-MAC"};
        struct dtls_bytes id;

        kit_row("%s", names[weak]);
        forget_all();
        prepare(95, 0);
        set_suite(cbc_suite);
        config(SIM_SERVER)->mtu = 120; /* ServerHello comes alone */
        sim_pair_start(&pair);
        while (session(SIM_CLIENT)->hs.suite == NULL) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        weaken(weak != 1, weak != 2);
        assert_true(sim_pair_run(&pair, HOUR));
        id = dtls_bytes_of(session(SIM_CLIENT)->hs.session_id, 32);
        assert_int_equal(dtls_cache_find(&cache, id) != NULL, weak == 0);
        assert_int_equal(memory.saved.suite != 0, weak == 0);
        sim_pair_free(&pair);
        prepare(96, 0);
        set_suite(cbc_suite);
        assert_int_equal(connect_and_close(), weak == 0);
    }
}

static void lengths_of_fragments_stay_and_of_records_are_new(void **state)
{
    (void)state;
    proves("D6066-4-6");
    proves("D8449-4-13");
    forget_all();
    prepare(96, 0);
    config(SIM_CLIENT)->max_fragment_length = 512;
    make_session();
    prepare(96, 0);
    config(SIM_CLIENT)->max_fragment_length = 512;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_true(is_resumed());
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(session(i)->hs.send_limit, 512);
        assert_int_equal(session(i)->hs.receive_limit, 512);
    }
    sim_pair_free(&pair);
    prepare(96, 0);
    config(SIM_CLIENT)->max_fragment_length = 512;
    config(SIM_CLIENT)->record_size_limit = 300;
    config(SIM_SERVER)->record_size_limit = 400;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_true(is_resumed());
    assert_int_equal(session(SIM_CLIENT)->hs.send_limit, 400);
    assert_int_equal(session(SIM_SERVER)->hs.send_limit, 300);
    sim_pair_free(&pair);
    /* With another length in its configuration a client offers nothing. */
    prepare(96, 0);
    config(SIM_CLIENT)->max_fragment_length = 1024;
    assert_false(connect_and_close());
}

static void the_protocol_is_agreed_anew(void **state)
{
    (void)state;
    proves("D7301-3.1-6");
    forget_all();
    for (int round = 0; round < 3; round++) {
        static const char *const ours[] = {"\1a", "\1b", ""};

        kit_row("round %d", round);
        prepare(97, 0);
        config(SIM_CLIENT)->protocols =
            dtls_bytes_of(ours[round], strlen(ours[round]));
        config(SIM_SERVER)->protocols = dtls_bytes_of("\1a\1b", 4);
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(is_resumed(), round != 0);
        assert_int_equal(session(SIM_CLIENT)->hs.agreed.protocol.len,
                         round != 2);
        if (round != 2) {
            assert_memory_equal(session(SIM_SERVER)->hs.agreed.protocol.data,
                                ours[round] + 1, 1);
        }
        sim_pair_free(&pair);
    }
}

static void the_oldest_session_makes_room(void **state)
{
    static struct dtls_client_session clients[KEPT + 2];

    (void)state;
    proves("D5246-7.4.1.3-99");
    forget_all();
    for (size_t i = 0; i < LEN(clients); i++) {
        kit_row("client %zu", i);
        clients[i] = (struct dtls_client_session){0};
        prepare(100 + i, 0);
        config(SIM_CLIENT)->resume = &clients[i];
        make_session();
    }
    for (size_t i = LEN(clients); i-- > 0;) {
        kit_row("client %zu again", i);
        prepare(200 + i, 0);
        config(SIM_CLIENT)->resume = &clients[i];
        assert_int_equal(connect_and_close(), i >= 2);
    }
}

/* Sends an alert of `from`, in the clear or under its keys. */
static void send_alert(int from, uint16_t epoch)
{
    static const uint8_t fatal[] = {2, 80};
    uint8_t bytes[128];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (epoch == 0) {
        assert_true(dtls_record_put_header(&out, DTLS_ALERT, DTLS_VERSION_1_2,
                                           0, 77, sizeof fatal) &&
                    dtls_put_bytes(&out, dtls_bytes_of(fatal, sizeof fatal)));
    } else {
        assert_int_equal(dtls_record_layer_seal(
                             &session(from)->records, &out, epoch, DTLS_ALERT,
                             dtls_bytes_of(fatal, sizeof fatal)),
                         DTLS_OK);
    }
    sim_inject(&pair.net, from, !from, dtls_buf_bytes(&out), 1);
}

static void only_an_authentic_fatal_alert_ends_a_session(void **state)
{
    (void)state;
    proves("D5246-7.2-1");
    proves("D5246-7.2.2-2");
    proves("D5246-7.2.2-3");
    proves("D5246-7.2.2-91");
    proves("FP2.1-DTLSS5-1");
    proves("FP2.1-DTLSS5-2");
    proves("FP_TLS2.1 DTLSC_EXT.5 resumption succeeds; not after failure");
    for (int from = 0; from < 2; from++) {
        for (uint16_t epoch = 0; epoch < 2; epoch++) {
            kit_row("from the %s, epoch %u", kit_role(from), epoch);
            forget_all();
            prepare(111, 0);
            make_session();
            prepare(112, 0);
            sim_pair_start(&pair);
            assert_true(sim_pair_run(&pair, HOUR));
            assert_true(is_resumed());
            send_alert(from, epoch);
            sim_pair_drain(&pair, pair.net.now + 100);
            assert_int_equal(session(!from)->phase == DTLS_PHASE_FAILED,
                             epoch == 1);
            sim_pair_free(&pair);
            prepare(113, 0);
            assert_int_equal(connect_and_close(), epoch == 0);
        }
    }
}

static void an_alert_in_the_clear_spoils_a_handshake_and_no_session(
    void **state)
{
    (void)state;
    for (int from = 0; from < 2; from++) {
        kit_row("from the %s", kit_role(from));
        forget_all();
        prepare(114, 0);
        make_session();
        prepare(115, 0);
        sim_pair_start(&pair);
        while (!pair.accepted) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        send_alert(from, 0);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(session(!from)->phase, DTLS_PHASE_FAILED);
        sim_pair_free(&pair);
        /* If the client got no ServerHello, it makes one full handshake. */
        prepare(116, 0);
        assert_int_equal(connect_and_close(), from == SIM_CLIENT);
        prepare(116, 0);
        assert_true(connect_and_close());
    }
}

static void lose_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)self;
    (void)sent;
    fate->lost = true;
}

/* Whether or not anyone answers, no two starts in a row depend on the offer.
 */
static void an_unanswered_offer_is_left_out_once(void **state)
{
    (void)state;
    for (int tickets_too = 0; tickets_too < 2; tickets_too++) {
        kit_row("%s", tickets_too ? "ticket" : "id");
        with_tickets = tickets_too != 0;
        forget_all();
        prepare(131, 0);
        make_session();
        for (int round = 0; round < 4; round++) {
            kit_row("%s, round %d", with_tickets ? "ticket" : "id", round);
            prepare(132, 0);
            pair.net.conditions.decide = lose_all;
            sim_pair_start(&pair);
            assert_int_equal(session(SIM_CLIENT)->hs.session_id_len != 0,
                             round % 2 == 0);
            assert_int_equal(session(SIM_CLIENT)->hs.offers_ticket,
                             with_tickets && round % 2 == 0);
            sim_pair_drain(&pair, HOUR);
            assert_int_equal(session(SIM_CLIENT)->phase, DTLS_PHASE_FAILED);
            sim_pair_free(&pair);
        }
        prepare(133, 0);
        assert_true(connect_and_close());
        prepare(134, 0);
        assert_true(connect_and_close());
    }
    with_tickets = false;
}

/* Gives `to` a ChangeCipherSpec and a whole message in the clear, as anyone
 * can, and sees the message kept. */
static void forge(int to, uint16_t seq)
{
    const struct dtls_bytes body = {(const uint8_t *)"forge", 5};
    const struct dtls_bytes ccs = {(const uint8_t *)"\1", 1};
    uint8_t bytes[128];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {
        .type = DTLS_CERTIFICATE, .message_len = 5, .seq = seq, .body = body};
    struct dtls_span in;
    struct dtls_span data;

    assert_true(dtls_record_put_header(&out, DTLS_CHANGE_CIPHER_SPEC,
                                       DTLS_VERSION_1_2, 0, 30, 1) &&
                dtls_put_bytes(&out, ccs));
    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_2,
                                       0, 31, DTLS_FRAGMENT_HEADER_LEN + 5) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, body));
    in = (struct dtls_span){out.data, out.len};
    while (in.len != 0) {
        assert_int_equal(
            dtls_session_read(session(to), &in, &data, pair.net.now),
            DTLS_EVENT_NONE);
    }
    assert_int_not_equal(session(to)->hs.in.arena_used, 0);
}

/* Plays a handshake in which a stranger is first with the number of the
 * Finished of `from`; 0 stands for no stranger.  The ClientHello comes in
 * parts, so that the server can keep what is ahead of it. */
static void play_forged(int from, uint16_t seq)
{
    config(SIM_CLIENT)->mtu = 125;
    sim_pair_start(&pair);
    while (!pair.accepted) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    if (seq != 0) {
        forge(!from, seq);
    }
    assert_true(sim_pair_run(&pair, pair.net.now + HOUR));
}

static void what_was_kept_in_the_clear_is_gone_under_keys(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        int from = i & 1;
        bool resumed = i >= 2;
        uint16_t seq = 0;

        kit_row("from the %s, %s", kit_role(from),
                resumed ? "resumed" : "full");
        for (int forged = 0; forged < 2; forged++) {
            forget_all();
            if (resumed) {
                prepare(117, 0);
                make_session();
            }
            prepare(118, 0);
            play_forged(from, seq);
            assert_int_equal(is_resumed(), resumed);
            seq = session(from)->hs.agreed.finished_seq;
            sim_pair_free(&pair);
        }
        prepare(119, 0);
        assert_true(connect_and_close());
    }
}

/* The judge has seen one message more than the other end has. */
static void a_wrong_finished_ends_handshake_and_session(void **state)
{
    (void)state;
    proves("D5246-7.3-8");
    for (int judge = 0; judge < 2; judge++) {
        const struct dtls_bytes junk = {(const uint8_t *)"junk", 4};
        const uint8_t last =
            judge == SIM_CLIENT ? DTLS_CLIENT_FINISHED : DTLS_SERVER_FINISHED;

        kit_row("the %s judges", kit_role(judge));
        forget_all();
        prepare(121, 0);
        make_session();
        prepare(122, 0);
        config(SIM_SERVER)->mtu = 130;
        sim_pair_start(&pair);
        while (session(judge)->hs.step != last) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        dtls_transcript_add(&session(judge)->hs.area->transcript, 99, 9, &junk,
                            1);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(session(judge)->failure, DTLS_BAD_FINISHED);
        assert_int_equal(pair.ends[judge].num_data, 0);
        assert_false(pair.ends[judge].connected);
        assert_int_equal(session(!judge)->peer_alert[1], 51);
        sim_pair_free(&pair);
        prepare(123, 0);
        assert_false(connect_and_close());
    }
}

/* A peer that knows the id and not the secret. */
static void an_id_alone_gives_nothing(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-93");
    forget_all();
    prepare(131, 0);
    make_session();
    prepare(132, 0);
    memory.saved.master[0] ^= 1;
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, HOUR);
    assert_false(pair.ends[SIM_CLIENT].connected);
    assert_false(pair.ends[SIM_SERVER].connected);
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_TOO_LATE);
    sim_pair_free(&pair);
    memory.saved.master[0] ^= 1;
    prepare(133, 0);
    assert_true(connect_and_close());
}

/* What the ends write in two hellos, of which the second resumes. */
struct hellos {
    unsigned num_offers;
    bool offered[2][DTLS_EXT_COUNT];
    uint8_t answer[2][512]; /* the first datagram with a ServerHello */
    size_t answer_len[2];
    int round;
};

static void note_hellos(void *watcher, const struct sim_sent *sent,
                        const struct sim_fate *fate)
{
    const size_t at = DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN;
    struct hellos *hellos = watcher;
    struct dtls_bytes body = {sent->bytes.data + at, 0};
    struct dtls_extensions ext;
    struct dtls_client_hello client;
    struct dtls_server_hello server;

    (void)fate;
    if (sent->bytes.data[0] != DTLS_HANDSHAKE) {
        return;
    }
    body.len = (size_t)(sent->bytes.data[11] << 8 | sent->bytes.data[12]) -
               DTLS_FRAGMENT_HEADER_LEN;
    switch (sent->bytes.data[DTLS_RECORD_HEADER_LEN]) {
    case DTLS_CLIENT_HELLO:
        assert_int_equal(dtls_client_hello_parse(&client, body), DTLS_OK);
        assert_int_equal(dtls_extensions_parse_client(&ext, client.extensions),
                         DTLS_OK);
        memcpy(hellos->offered[hellos->round], ext.present,
               sizeof ext.present);
        hellos->num_offers++;
        break;
    case DTLS_SERVER_HELLO:
        assert_int_equal(dtls_server_hello_parse(&server, body), DTLS_OK);
        memcpy(hellos->answer[hellos->round], server.extensions.data,
               server.extensions.len);
        hellos->answer_len[hellos->round] = server.extensions.len;
        break;
    default:
        break;
    }
}

/* The client repeats its extensions, and the server answers none that made the
 * session. */
static void hellos_that_resume_say_less(void **state)
{
    struct hellos hellos = {0};

    (void)state;
    proves("D5246-7.3-4");
    proves("D5246-7.4.1.4-5");
    proves("D6066-1.1-2");
    proves("D6066-1.1-3");
    proves("D6066-3-11");
    forget_all();
    for (int round = 0; round < 2; round++) {
        kit_row("round %d", round);
        hellos.round = round;
        prepare_mutual(141 + (uint64_t)round, 0);
        config(SIM_CLIENT)->server_name = dtls_bytes_of("localhost", 9);
        config(SIM_CLIENT)->max_fragment_length = 1024;
        pair.net.watch = note_hellos;
        pair.net.watcher = &hellos;
        assert_int_equal(connect_and_close(), round == 1);
    }
    assert_int_equal(hellos.num_offers, 4);
    assert_memory_equal(hellos.offered[0], hellos.offered[1],
                        sizeof hellos.offered[0]);
    assert_true(hellos.answer_len[0] > 13);
    kit_assert_hex(dtls_bytes_of(hellos.answer[1], hellos.answer_len[1]),
                   "0017 0000 ff01 0001 00");
}

/* In a full handshake these lists of the client leave nothing to choose. */
static void lists_for_a_key_exchange_do_not_matter(void **state)
{
    static const uint16_t ed25519[] = {DTLS_SIGALG_ED25519};
    static const uint16_t p521[] = {DTLS_GROUP_SECP521R1};

    (void)state;
    proves("D5246-7.4.1.4.1-9");
    proves("D8422-4-5");
    for (int round = 0; round < 3; round++) {
        kit_row("round %d", round);
        if (round != 1) {
            forget_all();
        }
        prepare(151 + (uint64_t)round, 0);
        set_suite(cert_suite);
        config(SIM_SERVER)->credentials = &server_ec.credential;
        config(SIM_CLIENT)->anchors = &root.item;
        if (round != 0) {
            config(SIM_CLIENT)->sigalgs = ed25519;
            config(SIM_CLIENT)->num_sigalgs = 1;
            config(SIM_CLIENT)->groups = p521;
            config(SIM_CLIENT)->num_groups = 1;
        }
        sim_pair_start(&pair);
        assert_int_equal(sim_pair_run(&pair, HOUR), round != 2);
        assert_int_equal(session(SIM_CLIENT)->hs.agreed.resumed, round == 1);
        sim_pair_free(&pair);
    }
}

/* ServerHello has named the session, and then the handshake fails. */
static void a_handshake_that_fails_leaves_no_session(void **state)
{
    uint8_t id[DTLS_SESSION_ID_MAX];

    (void)state;
    proves("FCS_DTLSS_EXT.1.7-T2b");
    forget_all();
    prepare(171, 0);
    sim_pair_start(&pair);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    memcpy(id, session(SIM_CLIENT)->hs.session_id, sizeof id);
    send_alert(SIM_CLIENT, 0);
    sim_pair_drain(&pair, pair.net.now + 5);
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_ALERTED);
    assert_null(dtls_cache_find(&cache, dtls_bytes_of(id, sizeof id)));
    assert_int_equal(memory.saved.suite, 0);
    sim_pair_free(&pair);
}

/* Keeps the server's first datagram with a ServerHello. */
struct kept {
    uint8_t bytes[1500];
    size_t len;
};

static void keep_server_hello(void *watcher, const struct sim_sent *sent,
                              const struct sim_fate *fate)
{
    struct kept *kept = watcher;

    (void)fate;
    if (kept->len == 0 &&
        sent->bytes.data[DTLS_RECORD_HEADER_LEN] == DTLS_SERVER_HELLO) {
        memcpy(kept->bytes, sent->bytes.data, sent->bytes.len);
        kept->len = sent->bytes.len;
    }
}

/* A ServerHello and a ChangeCipherSpec are in the clear, and the Finished
 * behind them is not fresh. */
static void copies_of_the_servers_flight_cause_no_answer(void **state)
{
    struct kept kept = {.len = 0};
    unsigned sent;

    (void)state;
    proves("D6347-4.2.4-94");
    forget_all();
    prepare(161, 0);
    make_session();
    prepare(162, 0);
    pair.net.watch = keep_server_hello;
    pair.net.watcher = &kept;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_true(is_resumed());
    sent = pair.net.sent;
    for (uint32_t i = 0; i < 100; i++) {
        sim_inject(&pair.net, SIM_SERVER, SIM_CLIENT,
                   dtls_bytes_of(kept.bytes, kept.len), 50 * i);
    }
    sim_pair_drain(&pair, pair.net.now + 10000);
    assert_int_equal(pair.net.sent, sent);
    check_alive();
    sim_pair_free(&pair);
}

#define IDS 200

static void ids_do_not_repeat(void **state)
{
    static uint8_t ids[IDS][DTLS_SESSION_ID_MAX];

    (void)state;
    proves("D5246-7.4.1.3-96");
    for (size_t i = 0; i < IDS; i++) {
        kit_row("association %zu", i);
        forget_all();
        prepare(1000 + i, 0);
        make_session();
        assert_int_equal(memory.saved.id_len, DTLS_SESSION_ID_MAX);
        memcpy(ids[i], memory.saved.id, DTLS_SESSION_ID_MAX);
        for (size_t j = 0; j < i; j++) {
            kit_row("and %zu", j);
            /* not in their first bytes either, which choose a bucket */
            assert_memory_not_equal(ids[i], ids[j], 8);
        }
    }
}

/* The profile is agreed on anew, and the new randoms make other keys. */
static void a_resumed_session_has_other_keys_for_srtp(void **state)
{
    static const uint16_t profiles[] = {DTLS_SRTP_AEAD_AES_128_GCM,
                                        DTLS_SRTP_AES128_CM_HMAC_SHA1_80};
    struct dtls_srtp_keys keys[2][2];

    (void)state;
    proves("D5764-4.2-4");
    forget_all();
    for (int i = 0; i < 2; i++) {
        kit_row("handshake %d", i);
        prepare(91 + (uint64_t)i, 1000 + HOUR * (uint64_t)i);
        for (int end = 0; end < 2; end++) {
            config(end)->srtp_profiles = profiles;
            config(end)->num_srtp_profiles = LEN(profiles);
        }
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, DAY));
        run();
        assert_int_equal(is_resumed(), i == 1);
        for (int end = 0; end < 2; end++) {
            kit_row("handshake %d, the %s", i, kit_role(end));
            assert_int_equal(
                dtls_session_srtp_keys(session(end), &keys[i][end]), DTLS_OK);
        }
        assert_memory_equal(&keys[i][0], &keys[i][1], sizeof keys[i][0]);
        sim_pair_free(&pair);
    }
    assert_memory_not_equal(&keys[0][0], &keys[1][0], sizeof keys[0][0]);
}

static unsigned staples_judged;

static enum dtls_status count_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    staples_judged += response.len != 0;
    return DTLS_OK;
}

static void a_resumed_session_has_no_staple(void **state)
{
    (void)state;
    proves("D6066-8-6");
    forget_all();
    staples_judged = 0;
    server_ec.credential.staple = dtls_bytes_of("staple", 6);
    for (int i = 0; i < 2; i++) {
        kit_row("handshake %d", i);
        prepare_mutual(95 + (uint64_t)i, 1000 + HOUR * (uint64_t)i);
        config(SIM_CLIENT)->judge_staple = count_staple;
        assert_int_equal(connect_and_close(), i == 1);
        assert_int_equal(staples_judged, 1);
    }
    server_ec.credential.staple = (struct dtls_bytes){0};
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_saves_a_round_trip),
        cmocka_unit_test(the_peer_stays_who_it_was),
        cmocka_unit_test(whatever_is_lost_both_ends_connect),
        cmocka_unit_test(in_whatever_order_both_ends_connect),
        cmocka_unit_test(data_waits_for_the_clients_finished),
        cmocka_unit_test(a_client_renegotiates_before_its_finished_has_come),
        cmocka_unit_test(a_renegotiation_without_room_keeps_the_last_flight),
        cmocka_unit_test(either_end_renegotiates_a_resumed_session),
        cmocka_unit_test(what_made_a_session_must_be_the_same),
        cmocka_unit_test(a_stricter_server_wants_the_certificate),
        cmocka_unit_test(a_session_ages_from_its_full_handshake),
        cmocka_unit_test(a_session_ends_with_the_peers_certificate),
        cmocka_unit_test(a_weak_session_is_not_kept),
        cmocka_unit_test(lengths_of_fragments_stay_and_of_records_are_new),
        cmocka_unit_test(the_protocol_is_agreed_anew),
        cmocka_unit_test(the_oldest_session_makes_room),
        cmocka_unit_test(only_an_authentic_fatal_alert_ends_a_session),
        cmocka_unit_test(
            an_alert_in_the_clear_spoils_a_handshake_and_no_session),
        cmocka_unit_test(an_unanswered_offer_is_left_out_once),
        cmocka_unit_test(what_was_kept_in_the_clear_is_gone_under_keys),
        cmocka_unit_test(a_wrong_finished_ends_handshake_and_session),
        cmocka_unit_test(an_id_alone_gives_nothing),
        cmocka_unit_test(hellos_that_resume_say_less),
        cmocka_unit_test(lists_for_a_key_exchange_do_not_matter),
        cmocka_unit_test(a_handshake_that_fails_leaves_no_session),
        cmocka_unit_test(copies_of_the_servers_flight_cause_no_answer),
        cmocka_unit_test(ids_do_not_repeat),
        cmocka_unit_test(a_resumed_session_has_other_keys_for_srtp),
        cmocka_unit_test(a_resumed_session_has_no_staple),
    };
    int failed;

    sim_identity_load(&server_ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    sim_anchor_load(&other_root, NXDTLS_PKI_DIR, "other-root");
    failed = kit_run(tests);
    sim_identity_free(&server_ec);
    sim_identity_free(&client_ec);
    end_all();
    return failed;
}
