/* SPDX-License-Identifier: MIT */
/* What our client says in its ClientHello, and what it leaves out. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello;
static struct dtls_bytes data;

/* All the groups that an application may name for a client. */
static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                  DTLS_GROUP_SECP384R1, DTLS_GROUP_SECP521R1,
                                  DTLS_GROUP_X448};

/* Reads the hello of a client with the default suites, or with these. */
static void look(const uint16_t *suites, size_t num)
{
    stage_init(&s, DTLS_CLIENT, 71);
    s.target.config.groups = groups;
    s.target.config.num_groups = LEN(groups);
    if (num != 0) {
        s.target.config.suites = suites;
        s.target.config.num_suites = num;
    }
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
}

static bool lists(struct dtls_bytes list, uint16_t value)
{
    return dtls_u16_list_has(list, value);
}

static void assert_lists_none(const uint16_t *suites, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        kit_row("suite %04x", suites[i]);
        assert_false(lists(hello.client.suites, suites[i]));
    }
}

static void it_offers_no_suite_that_must_not_be(void **state)
{
    static const uint16_t rc4[] = {0x0003, 0x0004, 0x0005, 0x0017, 0x0018,
                                   0x0020, 0x0024, 0x0028, 0x002b, 0x008a,
                                   0x008e, 0x0092, 0xc002, 0xc007, 0xc00c,
                                   0xc011, 0xc016, 0xc033};
    static const uint16_t weak[] = {0x0000, 0x0034, 0x00a6, 0xc018, 0x0001,
                                    0x0002, 0x003b, 0x002c, 0xc006, 0xc010,
                                    0xc039, 0x00b0, 0x0006, 0x0008, 0x0009,
                                    0x000a, 0xc008, 0xc012, 0x1301, 0x1302};

    (void)state;
    proves("D6347-4.1.2.2-2");
    proves("D7465-2-1");
    proves("D5288-4-1");
    look(NULL, 0);
    assert_lists_none(rc4, LEN(rc4));
    assert_lists_none(weak, LEN(weak));
    assert_true(lists(hello.client.suites, 0xc02f));
    assert_int_equal(hello.client.version, 0xfefd); /* D5288-4-1: with GCM */
    stage_end(&s);
}

static void it_offers_suites_that_servers_must_have(void **state)
{
    (void)state;
    proves("D8422-6-2");
    look(NULL, 0);
    assert_true(lists(hello.client.suites, 0xc02f) &&
                lists(hello.client.suites, 0xc02b));
    stage_end(&s);
}

static void its_version_is_1_2(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-6");
    proves("D8996-5-2");
    proves("D7925-18-1");
    look(NULL, 0);
    assert_int_equal(hello.client.version, 0xfefd);
    assert_false(hello_has(&hello, 43, &data)); /* supported_versions */
    stage_end(&s);
}

static void it_compresses_nothing(void **state)
{
    (void)state;
    proves("D7925-8-1");
    look(NULL, 0);
    kit_assert_hex(hello.client.compression, "00");
    stage_end(&s);
}

static void it_asks_for_no_weak_signature(void **state)
{
    struct dtls_bytes list;
    uint16_t pair;

    (void)state;
    proves("D5246-7.4.1.4.1-1");
    proves("D5246-7.4.1.4.1-2");
    proves("D7251-2-5");
    proves("D7925-5-1");
    proves("D9325-4.5-5");
    look(NULL, 0);
    assert_true(hello_has(&hello, 13, &data));
    assert_true(dtls_get_vec16(&data, &list));
    assert_true(lists(list, 0x0403) && lists(list, 0x0401));
    while (dtls_get_u16(&list, &pair)) {
        kit_row("pair %04x", pair);
        assert_int_not_equal(pair & 0xff, 0); /* anonymous */
        assert_int_not_equal(pair & 0xff, 2); /* DSA */
        assert_true(pair >> 8 >= 4);          /* MD5, SHA-1, SHA-224 */
    }
    stage_end(&s);
}

static void the_pairs_it_lists_are_those_it_is_told(void **state)
{
    static const uint16_t pairs[] = {0x0503, 0x0401};

    (void)state;
    proves("FCS_DTLSC_EXT.1.5-T1i");
    stage_init(&s, DTLS_CLIENT, 72);
    s.target.config.sigalgs = pairs;
    s.target.config.num_sigalgs = LEN(pairs);
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    assert_true(hello_has(&hello, 13, &data));
    kit_assert_hex(data, "0004 0503 0401");
    stage_end(&s);
}

static void its_groups_and_formats_stand_with_curves_only(void **state)
{
    static const uint16_t none[] = {0x002f, 0x00a8};

    (void)state;
    proves("D8422-4-1");
    proves("D8422-4-4");
    proves("D8422-5.1.1-1");
    proves("D8422-5.1.2-3");
    proves("D9325-4.2.1-4");
    proves("D9325-4.2.1-5");
    proves("D7251-2-2");
    proves("D7251-2-6");
    look(NULL, 0);
    assert_true(hello_has(&hello, 10, &data));
    kit_assert_hex(data, "000a 001d 0017 0018 0019 001e");
    assert_true(hello_has(&hello, 11, &data));
    kit_assert_hex(data, "01 00");
    stage_end(&s);

    look(none, LEN(none));
    assert_false(hello_has(&hello, 10, &data));
    assert_false(hello_has(&hello, 11, &data));
    stage_end(&s);
}

static void it_signals_what_binds_the_handshake(void **state)
{
    (void)state;
    proves("D7925-16-1");
    proves("FCS_DTLSC_EXT.1.9-T1");
    look(NULL, 0);
    assert_true(hello_has(&hello, 23, &data)); /* extended_master_secret */
    assert_int_equal(data.len, 0);
    assert_true(lists(hello.client.suites, 0x00ff) ||
                hello_has(&hello, 0xff01, &data));
    stage_end(&s);
}

static void it_offers_nothing_that_it_does_not_do(void **state)
{
    /* truncated_hmac, status_request, use_srtp, heartbeat, certificate types,
     * tickets, connection ids, post_handshake_auth, early_data */
    static const uint16_t types[] = {4, 5, 14, 15, 19, 20, 35, 42, 49, 53, 54};

    (void)state;
    proves("D7507-4-2");
    proves("D5077-3.2-2");
    proves("D7250-4.1-1");
    proves("FCS_DTLSC_EXT.1.7");
    look(NULL, 0);
    assert_false(lists(hello.client.suites, 0x5600));
    for (size_t i = 0; i < LEN(types); i++) {
        kit_row("extension %u", types[i]);
        assert_false(hello_has(&hello, types[i], &data));
    }
    assert_int_equal(hello.client.session_id.len, 0);
    stage_end(&s);
}

static void names_and_limits_are_what_it_is_told(void **state)
{
    static const uint16_t limits[] = {64, 300, 16384};

    (void)state;
    proves("D7301-3.1-1");
    proves("D7925-14-1");
    proves("D8449-4-4");
    proves("D8449-4-10");
    for (size_t i = 0; i < LEN(limits); i++) {
        uint16_t limit = 0;

        kit_row("limit %u", limits[i]);
        stage_init(&s, DTLS_CLIENT, 73);
        s.target.config.record_size_limit = limits[i];
        s.target.config.server_name = dtls_bytes_of("gateway.example", 15);
        s.target.config.protocols = dtls_bytes_of("\4coap\1x", 7);
        stage_start(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_true(hello_has(&hello, 28, &data));
        assert_true(dtls_get_u16(&data, &limit) && data.len == 0);
        assert_true(limit >= 64 && limit <= 16384 && limit == limits[i]);
        assert_true(hello_has(&hello, 0, &data));
        kit_assert_hex(data, "0012 00 000f 67617465776179 2e 6578616d706c65");
        assert_true(hello_has(&hello, 16, &data));
        kit_assert_hex(data, "0007 04 636f6170 01 78");
        stage_end(&s);
    }
}

static void short_fragments_may_be_asked_for_in_the_old_way(void **state)
{
    static const uint16_t lengths[] = {512, 1024, 2048, 4096};

    (void)state;
    proves("D8449-5-3");
    look(NULL, 0);
    assert_false(hello_has(&hello, 1, &data));
    stage_end(&s);
    for (size_t i = 0; i < 2 * LEN(lengths); i++) {
        bool both = i >= LEN(lengths);

        kit_row("max_fragment_length %u, %s record_size_limit",
                lengths[i % LEN(lengths)], both ? "with" : "without");
        stage_init(&s, DTLS_CLIENT, 76);
        s.target.config.max_fragment_length = lengths[i % LEN(lengths)];
        s.target.config.record_size_limit = both ? 16384 : 0;
        peer_start(&s.target);
        stage_listen_alone(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_true(hello_has(&hello, 1, &data));
        assert_int_equal(data.len, 1);
        assert_int_equal(data.data[0], 1 + i % LEN(lengths));
        assert_int_equal(hello_has(&hello, 28, &data), both);
        stage_end(&s);
    }
}

/* Of the default those that IANA's registry recommends, and those for special
 * cases: CCM with ECDSA, RSA key transport, plain PSK, CCM_8 and CBC. */
static void it_offers_what_is_recommended_and_a_known_rest(void **state)
{
    static const uint16_t recommended[] = {0xcca9, 0xcca8, 0xc02b, 0xc02f,
                                           0xc02c, 0xc030, 0xd001, 0xccac,
                                           0xd002, 0xd005};
    static const uint16_t special[] = {
        0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0x009c, 0x009d, 0xc09c, 0xc09d,
        0xc0a0, 0xc0a1, 0xd003, 0x00a8, 0xccab, 0x00a9, 0xc0a4, 0xc0a5,
        0xc0a8, 0xc0a9, 0xc023, 0xc024, 0xc027, 0xc028, 0x003d, 0x003c,
        0xc037, 0xc038, 0x00ae, 0x00af, 0x002f};
    static const uint16_t never[] = {0x0000, 0x0001, 0x0002, 0x003b, 0x002c,
                                     0x00b0, 0xc006, 0xc010, 0xc039, 0x0034,
                                     0x00a6, 0xc018, 0x0003, 0x0006, 0x0008,
                                     0x0004, 0x0005, 0xc007, 0xc011, 0x008a};

    (void)state;
    proves("D8447-8-1");
    look(NULL, 0);
    for (size_t i = 0; i < LEN(recommended); i++) {
        kit_row("suite %04x", recommended[i]);
        assert_true(lists(hello.client.suites, recommended[i]));
    }
    for (size_t i = 0; i < LEN(special); i++) {
        kit_row("suite %04x", special[i]);
        assert_true(lists(hello.client.suites, special[i]));
    }
    assert_lists_none(never, LEN(never));
    /* Nothing else, but for the SCSV of RFC 5746. */
    assert_true(lists(hello.client.suites, 0x00ff));
    assert_int_equal(hello.client.suites.len,
                     2 * (LEN(recommended) + LEN(special) + 1));
    stage_end(&s);
}

#define HELLOS 1000

/* libcrypto's own random bytes: no two hellos have the same, and no byte of
 * them stands still. */
static void no_two_hellos_have_the_same_random(void **state)
{
    static uint8_t randoms[HELLOS][DTLS_RANDOM_LEN];

    (void)state;
    proves("D5246-7.4.1.2-2");
    for (size_t i = 0; i < HELLOS; i++) {
        kit_row("hello %zu", i);
        stage_init(&s, DTLS_CLIENT, 74);
        s.target.config.crypto = &dtls_libcrypto;
        stage_start(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        memcpy(randoms[i], hello.client.random.data, DTLS_RANDOM_LEN);
        for (size_t k = 0; k < i; k++) {
            assert_memory_not_equal(randoms[i], randoms[k], DTLS_RANDOM_LEN);
        }
        stage_end(&s);
    }
    for (size_t at = 4; at < DTLS_RANDOM_LEN; at++) {
        bool moves = false;

        kit_row("byte %zu of the random", at);
        for (size_t i = 1; i < HELLOS; i++) {
            moves |= randoms[i][at] != randoms[0][at];
        }
        assert_true(moves);
    }
}

/* The client's first hello, answered by hand with a HelloVerifyRequest. */
static void ask_for_cookie(uint16_t version, const char *cookie, size_t len,
                           uint16_t seq)
{
    uint8_t bytes[300];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct peer_message m = {
        .type = DTLS_HELLO_VERIFY_REQUEST, .seq = seq, .len = 0};
    struct dtls_buf body = {m.body, 0, sizeof m.body};
    struct dtls_fragment fragment = {.type = m.type, .seq = seq};

    assert_true(dtls_put_u16(&body, version) &&
                dtls_put_vec8(&body, dtls_bytes_of(cookie, len)));
    fragment.body = dtls_buf_bytes(&body);
    fragment.message_len = (uint32_t)body.len;
    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, version, 0, seq,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, fragment.body));
    stage_say_bytes(&s, dtls_buf_bytes(&out));
}

/* As stage_start, with a server that sees only the second hello. */
static void start_with_cookie(uint16_t version)
{
    peer_start(&s.target);
    stage_listen_alone(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    ask_for_cookie(version, "biscuit", 7, 0);
    stage_exchange(&s);
}

static void the_second_hello_is_the_first_with_the_cookie(void **state)
{
    static const uint16_t versions[] = {0xfeff, 0xfefd};

    (void)state;
    proves("D6347-4.2.1-10");
    proves("D6347-4.2.1-11");
    for (size_t i = 0; i < LEN(versions); i++) {
        static struct hello second;

        kit_row("version %04x", versions[i]);
        stage_init(&s, DTLS_CLIENT, 75);
        start_with_cookie(versions[i]);
        hello_read_client(&second, stage_said(&s, DTLS_CLIENT_HELLO));
        kit_assert_hex(second.client.cookie, "62697363756974");
        assert_int_equal(second.client.version, 0xfefd);
        assert_true(
            dtls_bytes_equal(second.client.random, hello.client.random) &&
            dtls_bytes_equal(second.client.session_id,
                             hello.client.session_id) &&
            dtls_bytes_equal(second.client.suites, hello.client.suites) &&
            dtls_bytes_equal(second.client.compression,
                             hello.client.compression) &&
            dtls_bytes_equal(second.client.extensions,
                             hello.client.extensions));
        stage_connects(&s);
        stage_end(&s);
    }
}

static void every_kind_of_handshake_begins_with_a_cookie(void **state)
{
    static const uint16_t suites[] = {0xc0a8, 0xd001, 0xc02b, 0xc02f, 0x009c};

    (void)state;
    proves("D6347-5-2");
    proves("D6347-4.2.1-28");
    proves("D7925-4.2-4");
    for (size_t i = 0; i < LEN(suites); i++) {
        kit_row("suite %04x", suites[i]);
        stage_init(&s, DTLS_CLIENT, 76);
        stage_suite(&s.target, &suites[i]);
        s.peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
        s.target.config.credentials = &stage_pki.client_rsa.credential;
        start_with_cookie(0xfeff);
        stage_connects(&s);
        stage_end(&s);
    }
}

/* An empty cookie again and again: the client gives up. */
static void an_empty_cookie_is_asked_for_only_so_often(void **state)
{
    unsigned hellos = 0;

    (void)state;
    proves("D6347-4.2.1-6");
    stage_init(&s, DTLS_CLIENT, 77);
    peer_start(&s.target);
    stage_listen_alone(&s);
    for (uint16_t i = 0; i < 100; i++) {
        size_t before = s.num_records;

        kit_row("cookie request %u", i);
        ask_for_cookie(0xfeff, "", 0, i);
        stage_listen_alone(&s);
        hellos += s.num_records > before;
    }
    assert_true(hellos <= 20);
    while (dtls_session_is_opening(&s.target.session)) {
        stage_pass(&s);
        stage_listen_alone(&s);
    }
    assert_true(s.num_records <= 40);
    assert_int_equal(s.target.session.failure, DTLS_TOO_LATE);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_offers_no_suite_that_must_not_be),
        cmocka_unit_test(it_offers_suites_that_servers_must_have),
        cmocka_unit_test(its_version_is_1_2),
        cmocka_unit_test(it_compresses_nothing),
        cmocka_unit_test(it_asks_for_no_weak_signature),
        cmocka_unit_test(the_pairs_it_lists_are_those_it_is_told),
        cmocka_unit_test(its_groups_and_formats_stand_with_curves_only),
        cmocka_unit_test(it_signals_what_binds_the_handshake),
        cmocka_unit_test(it_offers_nothing_that_it_does_not_do),
        cmocka_unit_test(names_and_limits_are_what_it_is_told),
        cmocka_unit_test(short_fragments_may_be_asked_for_in_the_old_way),
        cmocka_unit_test(it_offers_what_is_recommended_and_a_known_rest),
        cmocka_unit_test(no_two_hellos_have_the_same_random),
        cmocka_unit_test(the_second_hello_is_the_first_with_the_cookie),
        cmocka_unit_test(every_kind_of_handshake_begins_with_a_cookie),
        cmocka_unit_test(an_empty_cookie_is_asked_for_only_so_often),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
