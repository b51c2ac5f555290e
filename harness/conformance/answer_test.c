/* SPDX-License-Identifier: MIT */
/* What our client makes of a server's hello, and of the flight after it. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello; /* the peer's ServerHello, to be changed */
static struct dtls_bytes data;
static struct peer_message *m;

static void prepare(uint16_t suite)
{
    static uint16_t only;

    only = suite;
    stage_init(&s, DTLS_CLIENT, 91);
    stage_suite(&s.peer, &only);
}

static void go(void)
{
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
}

static void begin(uint16_t suite)
{
    prepare(suite);
    go();
}

static void say_it(void)
{
    hello_put(&s, m, &hello);
    stage_say(&s, m);
}

static void refuse_suite(uint16_t suite)
{
    begin(0xc02f);
    hello.server.suite = suite;
    say_it();
    stage_fails(&s, DTLS_SUITE_NOT_OFFERED);
}

static void a_suite_that_was_not_offered_is_illegal(void **state)
{
    (void)state;
    proves("D5246-7.2.2-13");
    proves("D5246-7.4.1.3-7");
    proves("D5746-3.3-2");
    proves("FCS_DTLSC_EXT.1.1-T4a");
    proves("FCS_DTLSC_EXT.1.1-T4b");
    proves("FP2.1-DTLSC1-suites-2");
    refuse_suite(0x0000);
    refuse_suite(0xc009); /* ours, but not of the default */
    refuse_suite(0x1234);
    refuse_suite(0x00ff);
    refuse_suite(0x1301);
}

static void a_weak_suite_is_refused(void **state)
{
    static const uint16_t anonymous[] = {0x0034, 0x00a6, 0xc018};
    static const uint16_t weak[] = {0x0002, 0x003b, 0x0006, 0x0005,
                                    0x0007, 0x0009, 0x000a};

    (void)state;
    proves("FP2.1-DTLSC1-anon");
    proves("FP2.1-DTLSC1-weak");
    for (size_t i = 0; i < LEN(anonymous); i++) {
        kit_row("suite %04x", anonymous[i]);
        refuse_suite(anonymous[i]);
    }
    for (size_t i = 0; i < LEN(weak); i++) {
        kit_row("suite %04x", weak[i]);
        refuse_suite(weak[i]);
    }
}

/* The server's half of rows that speak of both ends. */
static void server_refuses(uint16_t suite)
{
    static struct hello offer;
    static uint8_t bytes[2];

    bytes[0] = (uint8_t)(suite >> 8);
    bytes[1] = (uint8_t)suite;
    stage_init(&s, DTLS_SERVER, 92);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&offer, dtls_bytes_of(m->body, m->len));
    offer.client.suites = dtls_bytes_of(bytes, sizeof bytes);
    hello_put(&s, m, &offer);
    stage_say(&s, m);
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
}

static void neither_end_takes_rc4_null_or_suites_of_1_3(void **state)
{
    static const uint16_t rc4[] = {0x0005, 0xc011, 0xc007, 0x008a};

    (void)state;
    proves("D6347-4.1.2.2-1");
    proves("D5246-A.5-1");
    proves("D8447-8-2");
    for (size_t i = 0; i < LEN(rc4); i++) {
        kit_row("suite %04x", rc4[i]);
        server_refuses(rc4[i]);
        refuse_suite(rc4[i]);
    }
    server_refuses(0x0000);
    refuse_suite(0x0000);
    server_refuses(0x1301);
    refuse_suite(0x1301);
}

static void anonymous_suites_are_neither_taken_nor_listed(void **state)
{
    static const uint16_t anonymous[] = {0x0034, 0x00a6, 0xc018};
    static struct hello offer;

    (void)state;
    proves("D5246-A.5-2");
    for (size_t i = 0; i < LEN(anonymous); i++) {
        kit_row("suite %04x", anonymous[i]);
        server_refuses(anonymous[i]);
        begin(0xc02f);
        hello_read_client(&offer, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_false(dtls_client_hello_offers(&offer.client, anonymous[i]));
        stage_end(&s);
    }
}

static void compression_is_illegal(void **state)
{
    (void)state;
    proves("D5246-7.4.1.3-8");
    begin(0xc02f);
    hello.server.compression = 1;
    say_it();
    stage_fails(&s, DTLS_BAD_COMPRESSION);
}

static void a_version_that_was_not_offered_is_alert_70(void **state)
{
    static const uint16_t versions[] = {0xfeff, 0x0303, 0xfefc, 0x0000};

    (void)state;
    proves("D5246-7.4.1.3-9");
    proves("D5246-E.1-1");
    proves("D6347-4.2.1-15");
    proves("FCS_DTLSC_EXT.1.1-T4d");
    proves("FCS_DTLSC_EXT.1.1-T5a");
    proves("FP2.1-DTLSC1-versions-1");
    for (size_t i = 0; i < LEN(versions); i++) {
        kit_row("version %04x", versions[i]);
        begin(0xc02f);
        hello.server.version = versions[i];
        say_it();
        stage_fails(&s, DTLS_PROTOCOL_VERSION);
    }
    begin(0xc02f);
    stage_connects(&s);
    stage_end(&s);
}

static void neither_end_speaks_1_0(void **state)
{
    static struct hello offer;

    (void)state;
    proves("D8996-6-1");
    proves("D8996-5-1");
    proves("D5288-4-3");
    begin(0xc02f);
    hello.server.version = 0xfeff;
    say_it();
    stage_fails(&s, DTLS_PROTOCOL_VERSION);
    begin(0xc02b);
    hello.server.version = 0xfeff;
    say_it();
    stage_fails(&s, DTLS_PROTOCOL_VERSION);
    stage_init(&s, DTLS_SERVER, 93);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&offer, dtls_bytes_of(m->body, m->len));
    offer.client.version = 0xfeff;
    hello_put(&s, m, &offer);
    stage_say(&s, m);
    stage_fails(&s, DTLS_PROTOCOL_VERSION);
}

static void what_was_not_asked_for_is_alert_110(void **state)
{
    (void)state;
    proves("D5246-7.2.2-17");
    begin(0xc02f);
    hello_add(&hello, 0x1234, "", 0);
    say_it();
    stage_fails(&s, DTLS_UNSUPPORTED_EXTENSION);
    begin(0xc02f);
    hello_add(&hello, 35, "", 0);
    say_it();
    stage_fails(&s, DTLS_UNSUPPORTED_EXTENSION);
}

static void a_first_hello_has_nothing_to_bind_to(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.9-T2");
    begin(0xc02f);
    hello_drop(&hello, 0xff01);
    hello_add(&hello, 0xff01, "\1x", 2);
    say_it();
    stage_fails(&s, DTLS_RENEGOTIATION_INFO);
    begin(0xc02f);
    assert_true(hello_has(&hello, 0xff01, &data));
    stage_connects(&s);
    stage_end(&s);
}

/* A deviation from D9325-3.5-3: such a server is only never renegotiated
 * with. */
static void a_server_without_renegotiation_info_is_taken(void **state)
{
    (void)state;
    begin(0xc02f);
    hello_drop(&hello, 0xff01);
    hello_put(&s, m, &hello);
    stage_connects(&s);
    assert_int_equal(dtls_session_renegotiate(&s.target.session, 0),
                     DTLS_REFUSED);
    stage_end(&s);
}

/* The peer's certificate is for localhost.  A name that it has not
 * acknowledged is the application's to check. */
static void ask_for(const char *name, bool acknowledged)
{
    prepare(0xc02f);
    s.peer.config.silent_about_name = true;
    s.target.config.server_name = dtls_bytes_of(name, strlen(name));
    go();
    assert_false(hello_has(&hello, 0, &data));
    if (acknowledged) {
        hello_add(&hello, 0, "", 0);
    }
    say_it();
}

static void a_name_that_is_acknowledged_is_in_the_certificate(void **state)
{
    (void)state;
    proves("D9325-3.7-2");
    ask_for("elsewhere.example", true);
    stage_say(&s, ++m);
    assert_int_equal(m->type, DTLS_CERTIFICATE);
    stage_listen(&s);
    assert_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
    assert_int_equal(s.target.session.failure, DTLS_CERTIFICATE_NAME);
    stage_fails(&s, DTLS_BAD_CERTIFICATE);

    ask_for("elsewhere.example", false);
    stage_say_rest(&s, m);
    stage_exchange(&s);
    stage_connects(&s);
    stage_end(&s);
    ask_for("LocalHost.", true);
    stage_say_rest(&s, m);
    stage_exchange(&s);
    stage_connects(&s);
    stage_end(&s);
}

static void the_extended_master_secret_is_used_if_it_is_answered(void **state)
{
    (void)state;
    proves("D7627-4-2"); /* not strict: the classic master secret */
    proves("D9325-3.5-4");
    proves("FP2.1-DTLSC1-ems-1");
    proves("FP2.1-DTLSC1-ems-3");
    begin(0xc02f);
    assert_true(hello_has(&hello, 23, &data));
    stage_connects(&s);
    assert_true(s.target.session.hs.agreed.extended_master_secret);
    stage_end(&s);

    begin(0xc02f);
    hello_drop(&hello, 23);
    s.peer.session.hs.extended_master_secret = false;
    hello_put(&s, m, &hello);
    stage_connects(&s);
    assert_false(s.target.session.hs.agreed.extended_master_secret);
    stage_end(&s);
}

static void encrypt_then_mac_is_used_if_it_is_answered(void **state)
{
    (void)state;
    proves("D7366-2-2");
    begin(0xc027);
    assert_true(hello_has(&hello, 22, &data));
    stage_connects(&s);
    assert_true(s.target.session.hs.agreed.encrypt_then_mac);
    stage_end(&s);

    begin(0xc027);
    hello_drop(&hello, 22);
    s.peer.session.hs.encrypt_then_mac = false;
    hello_put(&s, m, &hello);
    stage_connects(&s);
    assert_false(s.target.session.hs.agreed.encrypt_then_mac);
    stage_end(&s);
}

static uint8_t sentinel;

static enum dtls_status random_with_sentinel(void *self, uint8_t *out,
                                             size_t len)
{
    struct peer *peer = self;

    kit_fill(&peer->random, out, len);
    if (len >= DTLS_RANDOM_LEN) {
        memcpy(&out[DTLS_RANDOM_LEN - 8], "DOWNGRD", 7);
        out[DTLS_RANDOM_LEN - 1] = sentinel;
    }
    return DTLS_OK;
}

static void begin_with_sentinel(uint8_t last)
{
    prepare(0xc02f);
    sentinel = last;
    s.peer.crypto.random = random_with_sentinel;
    go();
    assert_memory_equal(&hello.server.random.data[24], "DOWNGRD", 7);
    assert_int_equal(hello.server.random.data[31], last);
}

static void the_sentinel_of_1_3_is_nothing_to_a_client_of_1_2(void **state)
{
    (void)state;
    proves("D8446-4.1.3-4");
    proves("D8446-4.1.3-5");
    proves("D9147-13-1");
    begin_with_sentinel(1);
    stage_connects(&s);
    stage_end(&s);
    begin_with_sentinel(0);
    hello.server.version = 0xfeff;
    say_it();
    stage_fails(&s, DTLS_PROTOCOL_VERSION);
}

static void another_message_first_is_unexpected(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-13");
    begin(0xc02f);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    m[1].seq = m->seq;
    assert_int_equal(m[1].type, DTLS_CERTIFICATE);
    stage_say(&s, &m[1]);
    stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
}

/* Puts in front of ServerHelloDone a message that nobody waits for. */
static void refuse_extra(uint16_t suite, uint8_t type, const char *body,
                         size_t len, enum dtls_status status)
{
    begin(suite);
    m = stage_come_to(&s, DTLS_SERVER_HELLO_DONE);
    m->type = type;
    memcpy(m->body, body, len);
    m->len = len;
    stage_say(&s, m);
    stage_fails(&s, status);
}

static void what_was_not_negotiated_is_unexpected(void **state)
{
    (void)state;
    proves("D5246-7.4.4-4");
    proves("D5077-3.3-10");
    proves("D6066-8-3");
    refuse_extra(0xc0a8, DTLS_CERTIFICATE_REQUEST, "\1\1\0\2\4\1\0\0", 8,
                 DTLS_UNEXPECTED_MESSAGE);
    refuse_extra(0xc02f, DTLS_NEW_SESSION_TICKET, "\0\0\0\0\0\0", 6,
                 DTLS_UNSUPPORTED_MESSAGE);
    refuse_extra(0xc02f, DTLS_CERTIFICATE_STATUS, "\1\0\0\0", 4,
                 DTLS_UNEXPECTED_MESSAGE);
}

static void a_warning_does_not_stop_a_handshake(void **state)
{
    static const uint8_t warning[] = {1, 112};

    (void)state;
    proves("D5246-7.2.2-18");
    begin(0xc02f);
    for (unsigned i = 0; i < 1000; i++) {
        kit_row("warning %u", i);
        stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of(warning, 2));
        stage_ignores(&s);
    }
    stage_connects(&s);
    stage_end(&s);
}

static void the_servers_finished_must_be_right(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T6a");
    begin(0xc02f);
    m = stage_come_to(&s, DTLS_FINISHED);
    m->body[3] ^= 1;
    stage_say(&s, m);
    stage_fails(&s, DTLS_BAD_FINISHED);
}

/* No data until the server's Finished is here, and none of it taken. */
static void assert_does_not_speak(void)
{
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_int_equal(dtls_session_send(&s.target.session, &out,
                                       dtls_bytes_of("x", 1), s.target.now),
                     DTLS_NOT_NOW);
    assert_int_equal(s.target.num_data, 0);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_HANDSHAKING);
    for (size_t i = 0; i < s.num_records; i++) {
        kit_row("record %zu", i);
        assert_int_not_equal(s.records[i].type, DTLS_APPLICATION_DATA);
    }
}

static void give_up_in_time(void)
{
    while (dtls_session_is_opening(&s.target.session)) {
        assert_does_not_speak();
        stage_pass(&s);
        stage_listen_alone(&s);
    }
    assert_int_equal(s.target.session.failure, DTLS_TOO_LATE);
    stage_end(&s);
}

static void a_garbled_finished_does_not_finish(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T6b");
    begin(0xc02f);
    m = stage_come_to(&s, DTLS_FINISHED);
    peer_put_message(&s.peer, &s.out, m);
    for (size_t i = DTLS_RECORD_HEADER_LEN; i < s.out.len; i++) {
        s.out.data[i] ^= 0x5a;
    }
    stage_say_bytes(&s, dtls_buf_bytes(&s.out));
    give_up_in_time();
}

static void data_in_place_of_finished_is_not_taken(void **state)
{
    (void)state;
    proves("FP2.1-DTLSC1-fin-missing");
    proves("D6347-4.1-16");
    proves("D5246-7.3-1");
    begin(0xc02f);
    (void)stage_come_to(&s, DTLS_FINISHED);
    stage_say_record(&s, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("random", 6));
    give_up_in_time();
}

/* The server's Finished is lost, its data is not: we wait for our timer. */
static void data_before_finished_moves_no_timer(void **state)
{
    uint64_t deadline;
    size_t first;

    (void)state;
    proves("D6347-4.2.4-12");
    begin(0xc02f);
    (void)stage_come_to(&s, DTLS_FINISHED);
    first = s.num_records;
    deadline = dtls_session_deadline(&s.target.session);
    s.target.now += 10;
    stage_say_record(&s, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("early", 5));
    stage_ignores(&s);
    assert_does_not_speak();
    assert_true(dtls_session_deadline(&s.target.session) == deadline);
    stage_pass(&s);
    stage_exchange(&s);
    assert_int_equal(s.num_records, first + 3);
    assert_int_equal(s.records[first].body[0], DTLS_CLIENT_KEY_EXCHANGE);
    assert_int_equal(s.records[first + 1].type, DTLS_CHANGE_CIPHER_SPEC);
    assert_int_equal(s.records[first + 2].epoch, 1);
    stage_connects(&s);
    stage_end(&s);
}

static void a_random_that_changes_on_the_way_is_noticed(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T6c");
    begin(0xc02f);
    m->body[2 + 17] ^= 1;
    stage_say(&s, m);
    stage_say_rest(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

static void flight_5_has_a_certificate_if_one_is_asked_for(void **state)
{
    struct dtls_bytes list;

    (void)state;
    proves("D5246-7.3-2");
    proves("D5246-7.4.6-1");
    proves("D5246-7.2.2-8");
    prepare(0xc02f); /* asked, and has none */
    s.peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    go();
    stage_connects(&s);
    list = stage_said(&s, DTLS_CERTIFICATE);
    kit_assert_hex(list, "000000");
    assert_null(stage_said(&s, DTLS_CERTIFICATE_VERIFY).data);
    for (size_t i = 0; i < s.num_records; i++) {
        kit_row("record %zu", i);
        assert_int_not_equal(s.records[i].type, DTLS_ALERT);
    }
    assert_int_equal(s.peer.session.counters->alerts_received, 0);
    stage_end(&s);
}

/* The types that the client says in the clear after its hello. */
static void assert_flight(const char *types, size_t num)
{
    size_t at = 1;

    stage_connects(&s);
    for (size_t i = 0; i < num; i++, at++) {
        kit_row("record %zu", at);
        assert_int_equal(s.records[at].type, DTLS_HANDSHAKE);
        assert_int_equal(s.records[at].body[0], types[i]);
    }
    assert_int_equal(s.records[at].type, DTLS_CHANGE_CIPHER_SPEC);
}

static void its_messages_are_in_order(void **state)
{
    (void)state;
    proves("D5246-7.4.7-1");
    proves("D5246-7.4.6-5");
    proves("FCS_DTLSC_EXT.2.1-T0");
    proves("FCS_DTLSC_EXT.2.1-T1");
    prepare(0xc02f); /* not asked */
    s.target.config.credentials = &stage_pki.client_rsa.credential;
    go();
    assert_flight("\20", 1);
    assert_null(stage_said(&s, DTLS_CERTIFICATE).data);
    stage_end(&s);

    prepare(0xc02f);
    s.target.config.credentials = &stage_pki.client_rsa.credential;
    s.peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    go();
    assert_flight("\13\20\17", 3);
    stage_end(&s);
}

static void its_certificate_is_x509_version_3(void **state)
{
    struct dtls_certificate list;
    struct dtls_bytes der;

    (void)state;
    proves("D5246-7.4.6-3");
    prepare(0xc02f);
    s.target.config.credentials = &stage_pki.client_rsa.credential;
    s.peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    go();
    stage_connects(&s);
    assert_int_equal(
        dtls_certificate_parse(&list, stage_said(&s, DTLS_CERTIFICATE)),
        DTLS_OK);
    assert_true(dtls_certificate_next(&list.list, &der));
    /* Certificate, tbsCertificate, [0] version: v3(2) */
    assert_int_equal(der.data[0], 0x30);
    assert_int_equal(der.data[4], 0x30);
    assert_memory_equal(&der.data[8], "\xa0\x03\x02\x01\x02", 5);
    stage_end(&s);
}

/* A deviation from D5246-7.4.6-4: better another's certificate than none. */
static void it_shows_what_it_has_to_a_server_of_other_cas(void **state)
{
    static const struct dtls_bytes foreign = {
        (const uint8_t
             *)"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01X",
        14};

    (void)state;
    prepare(0xc02f);
    s.target.config.credentials = &stage_pki.client_rsa.credential;
    s.peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.peer.config.authorities = &foreign;
    s.peer.config.num_authorities = 1;
    go();
    m = peer_find(&s.peer, DTLS_CERTIFICATE_REQUEST);
    assert_memory_equal(&m->body[m->len - foreign.len], foreign.data,
                        foreign.len);
    stage_connects(&s);
    assert_non_null(stage_said(&s, DTLS_CERTIFICATE_VERIFY).data);
    stage_end(&s);
}

static void without_a_fitting_key_it_shows_none(void **state)
{
    (void)state;
    proves("D8422-3-2");
    prepare(0xc02f);
    s.target.config.credentials = &stage_pki.client_rsa.credential;
    stage_pki.client_rsa.credential.next = NULL;
    s.peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    go();
    m = peer_find(&s.peer, DTLS_CERTIFICATE_REQUEST);
    /* certificate_types: ecdsa_sign(64) alone, as often as there were */
    for (uint8_t i = 0; i < m->body[0]; i++) {
        m->body[1 + i] = 64;
    }
    stage_change(&s);
    stage_connects(&s);
    kit_assert_hex(stage_said(&s, DTLS_CERTIFICATE), "000000");
    assert_non_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
    assert_null(stage_said(&s, DTLS_CERTIFICATE_VERIFY).data);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_that_was_not_offered_is_illegal),
        cmocka_unit_test(a_weak_suite_is_refused),
        cmocka_unit_test(neither_end_takes_rc4_null_or_suites_of_1_3),
        cmocka_unit_test(anonymous_suites_are_neither_taken_nor_listed),
        cmocka_unit_test(compression_is_illegal),
        cmocka_unit_test(a_version_that_was_not_offered_is_alert_70),
        cmocka_unit_test(neither_end_speaks_1_0),
        cmocka_unit_test(what_was_not_asked_for_is_alert_110),
        cmocka_unit_test(a_first_hello_has_nothing_to_bind_to),
        cmocka_unit_test(a_server_without_renegotiation_info_is_taken),
        cmocka_unit_test(a_name_that_is_acknowledged_is_in_the_certificate),
        cmocka_unit_test(the_extended_master_secret_is_used_if_it_is_answered),
        cmocka_unit_test(encrypt_then_mac_is_used_if_it_is_answered),
        cmocka_unit_test(the_sentinel_of_1_3_is_nothing_to_a_client_of_1_2),
        cmocka_unit_test(another_message_first_is_unexpected),
        cmocka_unit_test(what_was_not_negotiated_is_unexpected),
        cmocka_unit_test(a_warning_does_not_stop_a_handshake),
        cmocka_unit_test(the_servers_finished_must_be_right),
        cmocka_unit_test(a_garbled_finished_does_not_finish),
        cmocka_unit_test(data_in_place_of_finished_is_not_taken),
        cmocka_unit_test(data_before_finished_moves_no_timer),
        cmocka_unit_test(a_random_that_changes_on_the_way_is_noticed),
        cmocka_unit_test(flight_5_has_a_certificate_if_one_is_asked_for),
        cmocka_unit_test(its_messages_are_in_order),
        cmocka_unit_test(its_certificate_is_x509_version_3),
        cmocka_unit_test(it_shows_what_it_has_to_a_server_of_other_cas),
        cmocka_unit_test(without_a_fitting_key_it_shows_none),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
