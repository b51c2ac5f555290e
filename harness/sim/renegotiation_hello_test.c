/* SPDX-License-Identifier: MIT */
/* What binds a handshake to the one before it: what hellos must say, with a
 * peer that says other things (RFC 5746; RFC 7627; RFC 7366, 3.1), and who the
 * peer is. */
#include "sim/pki.h"
#include "sim/renegotiation_kit.h"

/* A server hears the hello; what does it think of it? */
static enum dtls_status server_says(const struct hello *hello)
{
    enum dtls_status verdict;

    say_client_hello(hello);
    run();
    verdict = session(SIM_SERVER)->failure;
    if (verdict == DTLS_OK) {
        assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_RENEGOTIATING);
        assert_int_equal(session(SIM_SERVER)->hs.flight.num_messages, 2);
    } else {
        assert_int_equal(session(SIM_CLIENT)->peer_alert[0], 2);
        assert_int_equal(session(SIM_CLIENT)->peer_alert[1], 40);
        assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_FAILED);
    }
    sim_pair_free(&pair);
    return verdict;
}

static struct hello begin_client_hello(void)
{
    connect_pair();
    return right_hello(false);
}

static void a_server_checks_renegotiation_info(void **state)
{
    struct hello hello = begin_client_hello();

    (void)state;
    proves("FCS_DTLSS_EXT.1.11-T3");
    proves("FP2.1-DTLSS4-3");
    proves("FP2.1-DTLSS4-4");
    proves("D5746-3.7-1");
    proves("D5746-3.7-2");
    proves("D5746-3.7-3");
    assert_int_equal(server_says(&hello), DTLS_OK);

    hello = begin_client_hello();
    hello.scsv = true;
    assert_int_equal(server_says(&hello), DTLS_RENEGOTIATION_INFO);
    hello = begin_client_hello();
    hello.no_info = true;
    assert_int_equal(server_says(&hello), DTLS_RENEGOTIATION_INFO);
    for (size_t len = 0; len <= 25; len++) {
        kit_row("%zu bytes of info", len);
        hello = begin_client_hello();
        hello.info_len = len;
        assert_int_equal(server_says(&hello),
                         len == 12 ? DTLS_OK : DTLS_RENEGOTIATION_INFO);
    }
    for (size_t bit = 0; bit < 96; bit++) {
        kit_row("bit %zu of the info", bit);
        hello = begin_client_hello();
        hello.info[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(server_says(&hello), DTLS_RENEGOTIATION_INFO);
    }
}

static void a_cookie_excuses_nothing(void **state)
{
    static const char *const cookies[] = {NULL, "a1a2a3a4a5a6a7"};

    (void)state;
    proves("D5746-3.7-90");
    for (size_t i = 0; i < LEN(cookies) + 1; i++) {
        kit_row("cookie %zu", i);
        for (int wrong = 0; wrong < 2; wrong++) {
            kit_row("%s info", wrong ? "wrong" : "right");
            struct hello hello = begin_client_hello();
            char first[2 * DTLS_COOKIE_MAX + 1] = "";

            for (size_t k = 0; k < session(SIM_CLIENT)->hs.cookie_len; k++) {
                static const char digits[] = "0123456789abcdef";
                uint8_t byte = session(SIM_CLIENT)->hs.cookie[k];

                first[2 * k] = digits[byte >> 4];
                first[2 * k + 1] = digits[byte & 15];
            }
            hello.cookie = i < LEN(cookies) ? cookies[i] : first;
            hello.info[3] ^= (uint8_t)(wrong << 4);
            assert_int_equal(server_says(&hello),
                             wrong ? DTLS_RENEGOTIATION_INFO : DTLS_OK);
        }
    }
}

/* A client hears the hello. */
static enum dtls_status client_says(const struct hello *hello)
{
    int mute = SIM_CLIENT; /* the server's own end hears nothing */
    enum dtls_status verdict;

    pair.net.conditions.decide = drop_from;
    pair.net.conditions.self = &mute;
    ask(SIM_CLIENT);
    say_server_hello(hello);
    run();
    verdict = session(SIM_CLIENT)->failure;
    assert_int_equal(session(SIM_CLIENT)->phase, verdict == DTLS_OK
                                                     ? DTLS_PHASE_RENEGOTIATING
                                                     : DTLS_PHASE_FAILED);
    if (verdict == DTLS_OK) {
        assert_int_equal(session(SIM_CLIENT)->hs.suite->id, hello->suite);
    } else {
        assert_int_equal(session(SIM_CLIENT)->counters->alerts_sent, 1);
        assert_int_equal(session(SIM_CLIENT)->alert[0], 2);
        assert_int_equal(session(SIM_CLIENT)->alert[1],
                         dtls_status_alert(verdict));
    }
    sim_pair_free(&pair);
    return verdict;
}

static struct hello begin_server_hello(void)
{
    connect_pair();
    return right_hello(true);
}

static void a_client_checks_renegotiation_info(void **state)
{
    struct hello hello = begin_server_hello();

    (void)state;
    proves("FCS_DTLSC_EXT.1.9-T3");
    proves("D5746-3.5-3");
    proves("D5746-3.5-4");
    assert_int_equal(client_says(&hello), DTLS_OK);

    hello = begin_server_hello();
    hello.no_info = true;
    assert_int_equal(client_says(&hello), DTLS_RENEGOTIATION_INFO);
    for (size_t len = 0; len <= 36; len++) {
        kit_row("%zu bytes of info", len);
        hello = begin_server_hello();
        hello.info_len = len;
        assert_int_equal(client_says(&hello),
                         len == 24 ? DTLS_OK : DTLS_RENEGOTIATION_INFO);
    }
    for (size_t bit = 0; bit < 192; bit++) {
        kit_row("bit %zu of the info", bit);
        hello = begin_server_hello();
        hello.info[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(client_says(&hello), DTLS_RENEGOTIATION_INFO);
    }
}

static void a_session_of_1_2_does_not_become_one_of_1_3(void **state)
{
    struct hello hello = begin_server_hello();

    (void)state;
    proves("D8446-4.1.3-6");
    hello.has_1_3 = true;
    assert_int_equal(client_says(&hello), DTLS_UNSUPPORTED_EXTENSION);
    hello = begin_server_hello();
    hello.version = 0xfefc;
    assert_int_equal(client_says(&hello), DTLS_UNKNOWN_VERSION);
    hello = begin_server_hello();
    hello.version = 0xfefc;
    hello.has_1_3 = true;
    assert_int_equal(client_says(&hello), DTLS_UNKNOWN_VERSION);
}

/* OpenSSL's server needs the old cookie there, Mbed TLS's refuses any. */
static void a_client_can_leave_the_old_cookie_out(void **state)
{
    uint8_t bytes[512];
    struct dtls_client_hello m;

    (void)state;
    connect_pair();
    pair.ends[SIM_CLIENT].config.drops_old_cookie = true;
    ask(SIM_CLIENT);
    assert_int_equal(
        dtls_client_hello_parse(&m, hello_of_flight(SIM_CLIENT, bytes)),
        DTLS_OK);
    assert_int_equal(m.cookie.len, 0);
    run();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    sim_pair_free(&pair);
}

static void a_client_says_what_the_last_handshake_was(void **state)
{
    uint8_t bytes[512];
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    (void)state;
    proves("D5746-3.2-2");
    proves("D5746-3.5-1");
    proves("D5746-3.5-2");
    proves("D7627-5.2-1");
    connect_pair();
    for (int i = 0; i < 3; i++) {
        kit_row("renegotiation %d", i + 1);
        ask(SIM_CLIENT);
        assert_int_equal(
            dtls_client_hello_parse(&m, hello_of_flight(SIM_CLIENT, bytes)),
            DTLS_OK);
        assert_int_equal(dtls_extensions_parse_client(&ext, m.extensions),
                         DTLS_OK);
        assert_false(dtls_client_hello_offers(&m, DTLS_SCSV_RENEGOTIATION));
        assert_true(ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET]);
        assert_int_equal(ext.data[DTLS_EXT_RENEGOTIATION_INFO].len, 12);
        assert_memory_equal(ext.data[DTLS_EXT_RENEGOTIATION_INFO].data,
                            session(SIM_SERVER)->hs.agreed.client_verify_data,
                            12);
        assert_int_equal(m.cookie.len, DTLS_COOKIE_LEN);
        run();
        assert_int_equal(pair.ends[SIM_SERVER].renegotiations, i + 1);
    }
    sim_pair_free(&pair);
}

/* A server's hello, in a renegotiation and before. */
static void check_server_hello(struct dtls_bytes info)
{
    static const bool offered[DTLS_EXT_COUNT] = {
        [DTLS_EXT_RENEGOTIATION_INFO] = true,
        [DTLS_EXT_EXTENDED_MASTER_SECRET] = true};
    uint8_t bytes[512];
    struct dtls_server_hello m;
    struct dtls_extensions ext;

    assert_int_equal(
        dtls_server_hello_parse(&m, hello_of_flight(SIM_SERVER, bytes)),
        DTLS_OK);
    assert_int_equal(dtls_extensions_parse_server(&ext, offered, m.extensions),
                     DTLS_OK);
    assert_int_equal(ext.present[DTLS_EXT_RENEGOTIATION_INFO],
                     info.data != NULL);
    assert_true(dtls_bytes_equal(ext.data[DTLS_EXT_RENEGOTIATION_INFO], info));
}

static void a_server_says_what_both_ends_said_last(void **state)
{
    struct hello hello;

    (void)state;
    proves("D5746-3.2-3");
    proves("D5746-3.7-4");
    hello = begin_client_hello();
    say_client_hello(&hello);
    run();
    hello = right_hello(true);
    check_server_hello(dtls_bytes_of(hello.info, 24));
    sim_pair_free(&pair);
}

/* A first ClientHello from a scripted peer: what becomes of it? */
static enum dtls_status server_hears_first(const struct hello *hello)
{
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_message message = {.type = DTLS_CLIENT_HELLO};

    sim_pair_init(&pair, 34);
    put_client_hello(&body, hello);
    message.body = dtls_buf_bytes(&body);
    dtls_session_accept(session(SIM_SERVER), &pair.ends[SIM_SERVER].room,
                        &(struct dtls_gate_pass){0}, pair.net.now);
    return dtls_handshake_take(&session(SIM_SERVER)->hs, &message,
                               pair.net.now);
}

static void a_first_hello_is_answered_as_it_signals(void **state)
{
    static const struct dtls_bytes empty = {random_bytes, 0};
    struct hello hello = {.suite = 0xc0a8};

    (void)state;
    proves("FCS_DTLSS_EXT.1.11-T1");
    proves("D5746-3.2-1");
    proves("D5746-3.2-4");
    proves("D5746-3.6-1");
    proves("D5746-3.6-2");
    proves("D5746-3.6-3");
    proves("D5746-3.6-6");
    proves("D5746-4.3-1");
    proves("D9325-3.5-1");
    for (int signals = 0; signals < 4; signals++) {
        kit_row("%s SCSV, %s extension", (signals & 1) != 0 ? "with" : "no",
                (signals & 2) != 0 ? "with" : "no");
        hello.scsv = (signals & 1) != 0;
        hello.no_info = (signals & 2) == 0;
        assert_int_equal(server_hears_first(&hello), DTLS_OK);
        check_server_hello(signals == 0 ? (struct dtls_bytes){0} : empty);
        assert_int_equal(session(SIM_SERVER)->hs.secure_renegotiation,
                         signals != 0);
        sim_pair_free(&pair);
    }
    for (size_t len = 1; len < 40; len++) {
        kit_row("%zu bytes of info", len);
        hello.info_len = len;
        assert_int_equal(server_hears_first(&hello), DTLS_RENEGOTIATION_INFO);
        sim_pair_free(&pair);
    }
}

static void a_first_hello_has_the_scsv_alone(void **state)
{
    uint8_t bytes[512];
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    (void)state;
    proves("D5746-3.4-1");
    proves("D5746-3.4-2");
    proves("D9325-3.5-2");
    sim_pair_init(&pair, 35);
    sim_pair_start(&pair);
    assert_int_equal(
        dtls_client_hello_parse(&m, hello_of_flight(SIM_CLIENT, bytes)),
        DTLS_OK);
    assert_int_equal(dtls_extensions_parse_client(&ext, m.extensions),
                     DTLS_OK);
    assert_true(dtls_client_hello_offers(&m, DTLS_SCSV_RENEGOTIATION));
    assert_false(ext.present[DTLS_EXT_RENEGOTIATION_INFO]);
    sim_pair_free(&pair);
}

/* A first ServerHello: with the extension there can be a renegotiation,
 * without it there is none; the handshake goes on either way. */
static void a_client_looks_for_the_extension(void **state)
{
    (void)state;
    proves("D5746-3.4-3");
    for (int without = 0; without < 2; without++) {
        struct hello hello = {.suite = 0xc0a8, .no_info = without};
        uint8_t bytes[512];
        struct dtls_buf body = {bytes, 0, sizeof bytes};
        struct dtls_message message = {.type = DTLS_SERVER_HELLO};

        kit_row("%s the extension", without ? "without" : "with");
        sim_pair_init(&pair, 36);
        sim_pair_start(&pair);
        put_server_hello(&body, &hello);
        message.body = dtls_buf_bytes(&body);
        assert_int_equal(dtls_handshake_take(&session(SIM_CLIENT)->hs,
                                             &message, pair.net.now),
                         DTLS_OK);
        assert_int_equal(session(SIM_CLIENT)->hs.secure_renegotiation,
                         !without);
        sim_pair_free(&pair);
    }
}

/* RFC 7627, 5.4: what is exported without it might belong to two sessions. */
static void nothing_is_exported_without_the_extended_master_secret(
    void **state)
{
    uint8_t out[16];

    (void)state;
    proves("D7627-5.4-1");
    proves("D7627-5.4-2");
    connect_pair();
    assert_int_equal(
        dtls_session_export(session(SIM_CLIENT), out, 16, "EXPORTER-x", NULL),
        DTLS_OK);
    session(SIM_CLIENT)->hs.agreed.extended_master_secret = false;
    assert_int_equal(
        dtls_session_export(session(SIM_CLIENT), out, 16, "EXPORTER-x", NULL),
        DTLS_NOT_NOW);
    sim_pair_free(&pair);
}

/* The attack that RFC 5746 ends: an attacker with a session of its own puts
 * the first ClientHello of somebody else into it. */
static void a_first_hello_spliced_into_a_session_is_refused(void **state)
{
    struct hello victim = {.suite = 0xc0a8, .scsv = true, .no_info = true};

    (void)state;
    proves("D5746-3.7-1");
    connect_pair();
    assert_int_equal(server_says(&victim), DTLS_RENEGOTIATION_INFO);
    victim.scsv = false;
    victim.no_info = false; /* the empty extension instead */
    connect_pair();
    assert_int_equal(server_says(&victim), DTLS_RENEGOTIATION_INFO);
}

/* And its other side: what a server says in a renegotiation is no answer to a
 * first hello. */
static void a_renegotiated_hello_does_not_answer_a_first_one(void **state)
{
    struct hello hello;
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_message message = {.type = DTLS_SERVER_HELLO};

    (void)state;
    proves("D5746-3.4-4");
    connect_pair();
    hello = right_hello(true);
    sim_pair_free(&pair);
    sim_pair_init(&pair, 32);
    sim_pair_start(&pair);
    put_server_hello(&body, &hello);
    message.body = dtls_buf_bytes(&body);
    assert_int_equal(
        dtls_handshake_take(&session(SIM_CLIENT)->hs, &message, pair.net.now),
        DTLS_RENEGOTIATION_INFO);
    sim_pair_free(&pair);
}

static void extended_master_secret_is_not_lost(void **state)
{
    struct hello hello = begin_client_hello();

    (void)state;
    hello.no_ems = true;
    assert_int_equal(server_says(&hello), DTLS_HANDSHAKE_FAILURE);
    hello = begin_server_hello();
    hello.no_ems = true;
    assert_int_equal(client_says(&hello), DTLS_HANDSHAKE_FAILURE);
}

static void encrypt_then_mac_is_not_lost(void **state)
{
    static const uint16_t cbc = 0x00ae;
    static const uint16_t gcm = 0x00a8;
    struct hello hello;

    (void)state;
    proves("D7366-3.1-1");
    proves("D7366-3.1-2");
    proves("D7366-3.1-3");
    /* kept, refused without it, and harmless where there is no CBC */
    connect_suites(&cbc, 1);
    ask(SIM_CLIENT);
    run();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_true(session(SIM_SERVER)->hs.encrypt_then_mac);
    hello = right_hello(false);
    hello.suite = cbc;
    assert_int_equal(server_says(&hello), DTLS_HANDSHAKE_FAILURE);

    connect_suites(&cbc, 1);
    hello = right_hello(true);
    hello.suite = cbc;
    assert_int_equal(client_says(&hello), DTLS_HANDSHAKE_FAILURE);

    /* by way of an AEAD suite */
    connect_suites(&cbc, 1);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &gcm;
    }
    ask(SIM_CLIENT);
    run();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_int_equal(session(SIM_SERVER)->hs.agreed.suite->id, gcm);
    check_alive();
    pair.ends[SIM_SERVER].config.suites = &cbc;
    hello = right_hello(false);
    hello.suite = cbc;
    assert_int_equal(server_says(&hello), DTLS_HANDSHAKE_FAILURE);
}

/* Epoch 1 as if encrypt-then-MAC had not been negotiated: the keys are the
 * same, the layout is not.  The ChangeCipherSpec still has the old layout, the
 * Finished the new one, and each opens. */
static void encrypt_then_mac_may_be_gained(void **state)
{
    static const uint16_t cbc = 0x00ae;

    (void)state;
    proves("D7366-3.1-4");
    connect_suites(&cbc, 1);
    for (int i = 0; i < 2; i++) {
        session(i)->records.read[1].protection.encrypt_then_mac = false;
        session(i)->records.write[1].protection.encrypt_then_mac = false;
        session(i)->hs.agreed.encrypt_then_mac = false;
    }
    check_alive();
    ask(SIM_CLIENT);
    run();
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(pair.ends[i].renegotiations, 1);
        assert_true(session(i)->hs.agreed.encrypt_then_mac);
        assert_true(session(i)->records.write[0].protection.encrypt_then_mac);
        assert_int_equal(session(i)->counters->discarded_mac, 0);
    }
    check_alive();
    sim_pair_free(&pair);
}

static struct sim_identity rsa, ec, client_rsa, client_ec;
static struct sim_anchor root;

static int load_pki(void **state)
{
    (void)state;
    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&client_rsa, NXDTLS_PKI_DIR, "client-rsa", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    return 0;
}

static void free_pki(void)
{
    sim_identity_free(&rsa);
    sim_identity_free(&ec);
    sim_identity_free(&client_rsa);
    sim_identity_free(&client_ec);
}

static void connect_certified(const struct dtls_credential *client)
{
    static const uint16_t suites[] = {0xc02b, 0xc02f, 0xc0a8};

    sim_pair_init(&pair, 33);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suites;
        pair.ends[i].config.num_suites = LEN(suites);
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &rsa.credential;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    pair.ends[SIM_CLIENT].config.credentials = client;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
}

static void a_server_stays_who_it_was(void **state)
{
    static const uint16_t psk = 0xc0a8;

    (void)load_pki(state);
    connect_certified(NULL);
    ask(SIM_CLIENT);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    check_alive();
    pair.ends[SIM_SERVER].config.credentials = &ec.credential;
    ask(SIM_CLIENT);
    run();
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_CERTIFICATE_CHANGED);
    assert_int_equal(session(SIM_SERVER)->peer_alert[1], 42);
    sim_pair_free(&pair);

    connect_certified(NULL); /* nor can it do without */
    pair.ends[SIM_SERVER].config.suites = &psk;
    pair.ends[SIM_SERVER].config.num_suites = 1;
    ask(SIM_CLIENT);
    run();
    assert_int_equal(session(SIM_CLIENT)->failure, DTLS_CERTIFICATE_CHANGED);
    sim_pair_free(&pair);
    free_pki();
}

static void a_client_may_show_who_it_is_and_then_stays_it(void **state)
{
    (void)load_pki(state);
    connect_certified(NULL);
    assert_false(session(SIM_SERVER)->hs.agreed.has_peer_leaf);
    pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
    for (int i = 1; i < 3; i++) {
        kit_row("renegotiation %d", i);
        ask(SIM_SERVER);
        run();
        assert_int_equal(pair.ends[SIM_SERVER].renegotiations, i);
        assert_true(session(SIM_SERVER)->hs.agreed.has_peer_leaf);
    }
    check_alive();
    pair.ends[SIM_CLIENT].config.credentials = &client_rsa.credential;
    ask(SIM_SERVER);
    run();
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_CERTIFICATE_CHANGED);
    sim_pair_free(&pair);

    connect_certified(&client_ec.credential);
    pair.ends[SIM_CLIENT].config.credentials = NULL;
    ask(SIM_CLIENT);
    run();
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_CERTIFICATE_CHANGED);
    sim_pair_free(&pair);
    free_pki();
}

/* Two identities with one key, so that nothing but the identity differs. */
static const struct dtls_psk two_psks[] = {
    {{(const uint8_t *)"client", 6}, {(const uint8_t *)"a secret", 8}, {0}},
    {{(const uint8_t *)"another", 7}, {(const uint8_t *)"a secret", 8}, {0}},
};

static const uint16_t plain_psk = 0xc0a8, ecdhe_psk = 0xccac,
                      rsa_signed = 0xc02f;

static void set_suite(const uint16_t *suite)
{
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
    }
}

/* A handshake with the suite.  The server knows both identities, the client
 * has the first; certificates are there as well. */
static void connect_first(const uint16_t *suite)
{
    sim_pair_init(&pair, 34);
    set_suite(suite);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.anchors = &root.item;
        pair.ends[i].config.psks = two_psks;
        pair.ends[i].config.num_psks = i == SIM_SERVER ? 2 : 1;
    }
    pair.ends[SIM_SERVER].config.credentials = &rsa.credential;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
}

/* Only `judge` looks at who the peer was: the other end has forgotten. */
static void forget_all_but(int judge)
{
    session(!judge)->hs.agreed.has_psk = false;
    session(!judge)->hs.agreed.has_peer_leaf = false;
}

static void expect_refused(int judge, enum dtls_status status)
{
    assert_int_equal(session(judge)->failure, status);
    assert_int_equal(session(!judge)->peer_alert[0], 2);
    assert_int_equal(session(!judge)->peer_alert[1],
                     dtls_status_alert(status));
    assert_int_equal(pair.ends[judge].renegotiations, 0);
    sim_pair_free(&pair);
}

static void an_identity_stays_the_same(void **state)
{
    static const uint16_t *const suites[] = {&plain_psk, &ecdhe_psk};

    (void)load_pki(state);
    for (size_t i = 0; i < 4; i++) {
        kit_row("suite %04x, then %04x", *suites[i / 2], *suites[i % 2]);
        for (int asker = 0; asker < 2; asker++) {
            kit_row("the %s asks", kit_role(asker));
            connect_first(suites[i / 2]);
            set_suite(suites[i % 2]);
            for (int round = 1; round < 3; round++) {
                ask(asker);
                run();
                assert_int_equal(pair.ends[SIM_SERVER].renegotiations, round);
                assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, round);
            }
            check_alive();
            sim_pair_free(&pair);
            for (int judge = 0; judge < 2; judge++) {
                kit_row("the %s judges another identity", kit_role(judge));
                connect_first(suites[i / 2]);
                set_suite(suites[i % 2]);
                pair.ends[SIM_CLIENT].config.psks = &two_psks[1];
                forget_all_but(judge);
                ask(asker);
                run();
                expect_refused(judge, DTLS_PSK_CHANGED);
            }
        }
    }
    free_pki();
}

static void an_identity_is_no_certificate(void **state)
{
    static const uint16_t *const suites[] = {&plain_psk, &ecdhe_psk};

    (void)load_pki(state);
    for (size_t i = 0; i < LEN(suites); i++) {
        for (int asker = 0; asker < 2; asker++) {
            kit_row("suite %04x, the %s asks", *suites[i], kit_role(asker));
            for (int judge = 0; judge < 2; judge++) {
                kit_row("the %s judges", kit_role(judge));
                connect_first(suites[i]);
                set_suite(&rsa_signed);
                forget_all_but(judge);
                ask(asker);
                run();
                expect_refused(judge, DTLS_PSK_CHANGED);
            }
            kit_row("from the certificate to it");
            connect_first(&rsa_signed);
            set_suite(suites[i]);
            ask(asker);
            run();
            expect_refused(SIM_CLIENT, DTLS_CERTIFICATE_CHANGED);
        }
    }
    /* The same for a client's certificate. */
    for (size_t i = 0; i < LEN(suites); i++) {
        kit_row("from a client's certificate to suite %04x", *suites[i]);
        connect_certified(&client_ec.credential);
        set_suite(suites[i]);
        forget_all_but(SIM_SERVER);
        ask(SIM_CLIENT);
        run();
        expect_refused(SIM_SERVER, DTLS_CERTIFICATE_CHANGED);
    }
    free_pki();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_checks_renegotiation_info),
        cmocka_unit_test(a_cookie_excuses_nothing),
        cmocka_unit_test(a_client_checks_renegotiation_info),
        cmocka_unit_test(a_session_of_1_2_does_not_become_one_of_1_3),
        cmocka_unit_test(a_client_says_what_the_last_handshake_was),
        cmocka_unit_test(a_client_can_leave_the_old_cookie_out),
        cmocka_unit_test(a_server_says_what_both_ends_said_last),
        cmocka_unit_test(a_first_hello_is_answered_as_it_signals),
        cmocka_unit_test(a_first_hello_has_the_scsv_alone),
        cmocka_unit_test(a_client_looks_for_the_extension),
        cmocka_unit_test(
            nothing_is_exported_without_the_extended_master_secret),
        cmocka_unit_test(a_first_hello_spliced_into_a_session_is_refused),
        cmocka_unit_test(a_renegotiated_hello_does_not_answer_a_first_one),
        cmocka_unit_test(extended_master_secret_is_not_lost),
        cmocka_unit_test(encrypt_then_mac_is_not_lost),
        cmocka_unit_test(encrypt_then_mac_may_be_gained),
        cmocka_unit_test(a_server_stays_who_it_was),
        cmocka_unit_test(a_client_may_show_who_it_is_and_then_stays_it),
        cmocka_unit_test(an_identity_stays_the_same),
        cmocka_unit_test(an_identity_is_no_certificate),
    };

    return kit_run(tests);
}
