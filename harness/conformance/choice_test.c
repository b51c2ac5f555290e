/* SPDX-License-Identifier: MIT */
/* What our server makes of a ClientHello. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello;  /* the peer's, to be changed */
static struct hello answer; /* our ServerHello           */
static struct dtls_bytes data;
static struct peer_message *m;

/* The server has a P-521 group as well. */
static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                  DTLS_GROUP_SECP384R1, DTLS_GROUP_SECP521R1,
                                  DTLS_GROUP_X448};

static void begin(void)
{
    stage_init(&s, DTLS_SERVER, 81);
    s.target.config.groups = groups;
    s.target.config.num_groups = LEN(groups);
    s.peer.config.groups = groups;
    s.peer.config.num_groups = LEN(groups);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
}

/* Says the hello as it is now. */
static void say_it(void)
{
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    s.peer.num_messages = 0;
}

/* Says it, and reads the ServerHello that must come. */
static void say_and_read(void)
{
    say_it();
    stage_exchange(&s);
    data = stage_said(&s, DTLS_SERVER_HELLO);
    assert_non_null(data.data);
    hello_read_server(&answer, data);
}

static void set_suites(const uint16_t *suites, size_t num)
{
    static uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    for (size_t i = 0; i < num; i++) {
        kit_row("suite %04x", suites[i]);
        assert_true(dtls_put_u16(&out, suites[i]));
    }
    hello.client.suites = dtls_buf_bytes(&out);
}

static void refuse_each(const uint16_t *suites, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        kit_row("suite %04x", suites[i]);
        begin();
        set_suites(&suites[i], 1);
        say_it();
        stage_fails(&s, DTLS_NO_COMMON_SUITE);
    }
    begin();
    set_suites(suites, num);
    say_it();
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
}

static void no_rc4(void **state)
{
    static const uint16_t rc4[] = {0x0003, 0x0004, 0x0005, 0x0017, 0x0018,
                                   0x0020, 0x0024, 0x0028, 0x002b, 0x008a,
                                   0x008e, 0x0092, 0xc002, 0xc007, 0xc00c,
                                   0xc011, 0xc016, 0xc033};
    static const uint16_t first[] = {0x0005, 0xc02f};

    (void)state;
    proves("D6347-7-1");
    proves("D7465-2-2");
    proves("D7465-2-3");
    proves("D9325-4.1-2");
    refuse_each(rc4, LEN(rc4));
    begin();
    set_suites(first, LEN(first));
    say_and_read();
    assert_int_equal(answer.server.suite, 0xc02f);
    stage_end(&s);
}

static void no_null_no_des_no_anonymous_no_static_dh_by_default(void **state)
{
    static const uint16_t null[] = {0x0000, 0x0001, 0x0002, 0x003b, 0x002c,
                                    0xc006, 0xc010, 0xc039, 0x00b0};
    static const uint16_t short_keys[] = {0x0003, 0x0006, 0x0008, 0x0009,
                                          0x000a, 0xc008, 0xc012, 0x0007};
    static const uint16_t anonymous[] = {0x0034, 0x00a6, 0xc018, 0x001b};
    static const uint16_t static_dh[] = {0x0031, 0xc004, 0xc02d, 0x009e};

    (void)state;
    proves("D9325-4.1-1");
    proves("D9325-4.1-3");
    proves("D9325-4.1-4");
    proves("D9325-4.1-6");
    proves("D9325-4.1-8");
    proves("D5487-3.1-2");
    proves("FCS_DTLSS_EXT.1.1-T2b");
    proves("FP2.1-DTLSS1-anon");
    refuse_each(null, LEN(null));
    refuse_each(short_keys, LEN(short_keys));
    refuse_each(anonymous, LEN(anonymous));
    refuse_each(static_dh, LEN(static_dh));
}

/* NULL, RC2, RC4, DES, IDEA and 3DES, as FP_TLS asks. */
static void no_weak_cipher(void **state)
{
    static const uint16_t weak[] = {0x0002, 0x0006, 0x0005,
                                    0x0009, 0x0007, 0x000a};

    (void)state;
    proves("FP2.1-DTLSS1-weak");
    refuse_each(weak, LEN(weak));
}

static void without_a_common_suite_it_is_alert_40(void **state)
{
    static const uint16_t unknown[] = {0x0a0a, 0xfafa, 0x1234, 0xfefe};
    static const uint16_t scsv = 0x00ff;

    (void)state;
    proves("D5246-7.2.2-15");
    proves("D5246-7.4.1.2-5");
    proves("D5746-3.3-1");
    proves("FCS_DTLSS_EXT.1.1-T2a");
    refuse_each(unknown, LEN(unknown));
    refuse_each(&scsv, 1);
}

static void a_lower_version_is_alert_70(void **state)
{
    static const uint16_t versions[] = {0xfeff, 0x0100, 0x0303};
    static const uint16_t c02b = 0xc02b;
    static const uint16_t d001 = 0xd001;

    (void)state;
    proves("D5246-7.2.2-14");
    proves("D5246-E.1-3");
    proves("D7925-18-3");
    proves("D9325-3.1.2-1");
    proves("D5288-4-2");
    proves("D8442-3-2");
    proves("FCS_DTLSS_EXT.1.2-old");
    for (size_t i = 0; i < LEN(versions); i++) {
        kit_row("version %04x", versions[i]);
        for (unsigned k = 0; k < 3; k++) {
            kit_row("%s", k == 0   ? "default suites"
                          : k == 1 ? "c02b"
                                   : "d001");
            begin();
            hello.client.version = versions[i];
            if (k != 0) {
                set_suites(k == 1 ? &c02b : &d001, 1);
            }
            say_it();
            stage_fails(&s, DTLS_PROTOCOL_VERSION);
        }
    }
}

static void a_higher_version_gets_1_2(void **state)
{
    static const uint16_t versions[] = {0xfefc, 0xfefb, 0xfe00};

    (void)state;
    proves("D5246-7.4.1.3-1");
    proves("D5246-E.1-2");
    proves("FP2.1-DTLSS1-version");
    for (size_t i = 0; i < LEN(versions); i++) {
        kit_row("version %04x", versions[i]);
        begin();
        hello.client.version = versions[i];
        say_and_read();
        assert_int_equal(answer.server.version, 0xfefd);
        stage_end(&s);
    }
}

static void version_1_2_and_only_that_completes(void **state)
{
    (void)state;
    proves("D9325-3.1.2-2");
    proves("FCS_DTLSS_EXT.1.1-T4");
    begin();
    stage_connects(&s);
    stage_end(&s);
    begin();
    hello.client.version = 0xfeff;
    say_it();
    stage_fails(&s, DTLS_PROTOCOL_VERSION);
    begin(); /* 1.3 alone: supported_versions has nothing else */
    set_suites((const uint16_t[]){0x1301, 0x1302}, 2);
    hello_add(&hello, 43, "\2\xfe\xfc", 3);
    say_it();
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
}

/* A client of 1.3 that can do 1.2, as FP_TLS describes it. */
static void a_hello_of_1_3_gets_1_2(void **state)
{
    static const uint16_t suites[] = {0x1301, 0x1302, 0xc02f};
    static const uint8_t share[38] = {0, 36, 0, 29, 0, 32, 7};

    (void)state;
    proves("FP2.1-DTLSS1-13offer");
    proves("D8446-1.3-1");
    proves("D9147-5.3-1");
    begin();
    set_suites(suites, LEN(suites));
    hello_add(&hello, 43, "\4\xfe\xfc\xfe\xfd", 5);
    hello_add(&hello, 51, share, sizeof share);
    say_and_read();
    assert_int_equal(answer.server.version, 0xfefd);
    assert_int_equal(answer.server.suite, 0xc02f);
    assert_false(hello_has(&answer, 43, &data));
    assert_false(hello_has(&answer, 51, &data));
    stage_connects(&s);
    stage_end(&s);
}

/* Values of RFC 8701 everywhere. */
static void what_it_does_not_know_it_passes_over(void **state)
{
    uint16_t suites[] = {0x0a0a, 0xc02f, 0xfafa, 0x5678};
    uint8_t list[64];
    struct dtls_buf out = {list, 2, sizeof list};

    (void)state;
    proves("D5246-7.4.1.2-4");
    proves("D8446-9.3-2");
    proves("D9147-13-1");
    for (uint16_t grease = 0x0a0a; grease >= 0x0a0a; grease += 0x1010) {
        kit_row("GREASE value %04x", grease);
        begin();
        suites[0] = grease;
        set_suites(suites, LEN(suites));
        hello_drop(&hello, 10);
        hello_drop(&hello, 13);
        hello_add(&hello, grease, "", 0);
        hello_add(&hello, (uint16_t)(grease + 1), "what", 4);
        out.len = 2;
        assert_true(dtls_put_u16(&out, grease) && dtls_put_u16(&out, 23));
        list[0] = 0;
        list[1] = 4;
        hello_add(&hello, 10, list, 6);
        out.len = 2;
        assert_true(dtls_put_u16(&out, grease) && dtls_put_u16(&out, 0x0401));
        hello_add(&hello, 13, list, 6);
        hello_add(&hello, 16, "\0\3\2\x0a\x0a", 5);
        say_and_read();
        assert_int_equal(answer.server.suite, 0xc02f);
        stage_connects(&s);
        stage_end(&s);
    }
}

static void null_compression_must_be_there_and_is_chosen(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-10");
    proves("D9325-3.3-1");
    begin();
    hello.client.compression = dtls_bytes_of("\1", 1);
    say_it();
    stage_fails(&s, DTLS_BAD_COMPRESSION);
    begin();
    hello.client.compression = dtls_bytes_of("\1\0", 2);
    say_and_read();
    assert_int_equal(answer.server.compression, 0);
    stage_connects(&s);
    stage_end(&s);
}

/* No id and no ticket, whatever the client brings. */
static void there_is_nothing_to_resume(void **state)
{
    static const uint8_t id[32] = {0x23, 0x45, 0x67, 0x89};

    (void)state;
    proves("D5246-7.4.1.2-3");
    proves("D5246-7.4.1.3-3");
    proves("FCS_DTLSS_EXT.1.7-T1a");
    proves("FCS_DTLSS_EXT.1.7-T1b");
    for (size_t len = 0; len <= sizeof id; len++) {
        kit_row("session_id of %zu bytes", len);
        begin();
        hello.client.session_id = dtls_bytes_of(id, len);
        hello_add(&hello, 35, "", 0);
        say_and_read();
        assert_int_equal(answer.server.session_id.len, 0);
        assert_false(hello_has(&answer, 35, &data));
        stage_connects(&s);
        assert_null(stage_said(&s, DTLS_NEW_SESSION_TICKET).data);
        stage_end(&s);
    }
}

/* Puts bytes into the raw ClientHello: `at` from the end of its random. */
static void refuse_length(size_t at, uint8_t value)
{
    begin();
    hello.client.session_id = (struct dtls_bytes){0};
    hello_put(&s, m, &hello);
    m->body[2 + DTLS_RANDOM_LEN + at] = value;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECODE_ERROR);
}

static void a_vector_of_a_wrong_length_is_a_decode_error(void **state)
{
    (void)state;
    proves("D5246-4.3-1");
    begin(); /* an odd list of suites */
    hello.client.suites.len--;
    say_it();
    stage_fails(&s, DTLS_DECODE_ERROR);
    begin(); /* none */
    hello.client.suites.len = 0;
    say_it();
    stage_fails(&s, DTLS_DECODE_ERROR);
    begin();
    hello.client.compression.len = 0;
    say_it();
    stage_fails(&s, DTLS_DECODE_ERROR);
    refuse_length(0, 33); /* session_id; what follows is long enough */
    refuse_length(1, 255);
    refuse_length(2, 0xff);
}

static void it_answers_only_what_was_said(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4-1");
    proves("D5246-7.4.1.4.1-5");
    proves("D7627-5.2-2");
    proves("D7627-5.2-4");
    begin();
    say_and_read();
    assert_true(hello_has(&answer, 23, &data));
    assert_int_equal(data.len, 0);
    assert_false(hello_has(&answer, 13, &data));
    stage_connects(&s);
    stage_end(&s);

    begin(); /* no extension at all, and no SCSV: RSA, no curve */
    hello.block.len = 0;
    set_suites((const uint16_t[]){0x009c}, 1);
    s.peer.session.hs.extended_master_secret = false;
    say_and_read();
    assert_int_equal(answer.block.len, 0);
    stage_end(&s);
}

static void what_it_does_not_do_it_does_not_answer(void **state)
{
    /* truncated_hmac, status_request, an early code point of connection_id */
    (void)state;
    proves("D6066-7-1");
    proves("D9146-3-13");
    proves("D7250-4.2-1");
    begin();
    hello_add(&hello, 4, "", 0);
    hello_add(&hello, 5, "\1\0\0\0\0", 5);
    hello_add(&hello, 20, "\1\2", 2);
    hello_add(&hello, 53, "\3abc", 4);
    say_and_read();
    assert_false(hello_has(&answer, 4, &data));
    assert_false(hello_has(&answer, 5, &data));
    assert_false(hello_has(&answer, 20, &data));
    assert_false(hello_has(&answer, 53, &data));
    stage_connects(&s);
    stage_end(&s);
}

static void truncated_macs_are_neither_offered_nor_taken(void **state)
{
    (void)state;
    proves("D9325-4.6-1");
    stage_init(&s, DTLS_CLIENT, 82);
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    assert_false(hello_has(&hello, 4, &data));
    stage_end(&s);
    begin();
    set_suites((const uint16_t[]){0xc027}, 1);
    hello_add(&hello, 4, "", 0);
    say_and_read();
    assert_false(hello_has(&answer, 4, &data));
    stage_connects(&s);
    stage_end(&s);
}

static void encrypt_then_mac_is_for_cbc(void **state)
{
    (void)state;
    proves("D7366-3-2");
    proves("D7366-2-3");
    begin();
    set_suites((const uint16_t[]){0xc02f, 0xc02b}, 2);
    say_and_read();
    assert_false(hello_has(&answer, 22, &data));
    stage_end(&s);
    begin();
    set_suites((const uint16_t[]){0xc027}, 1);
    say_and_read();
    assert_true(hello_has(&answer, 22, &data));
    stage_connects(&s);
    stage_end(&s);
    begin();
    hello_drop(&hello, 22);
    hello_add(&hello, 22, "", 1);
    say_it();
    stage_fails(&s, DTLS_DECODE_ERROR);
}

static void two_host_names_are_refused(void **state)
{
    static const uint8_t names[] = {0, 8, 0, 0, 1, 'a', 0, 0, 1, 'b'};

    (void)state;
    proves("D6066-3-2");
    begin();
    hello_add(&hello, 0, names, sizeof names);
    say_it();
    stage_listen(&s);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
    assert_null(stage_said(&s, DTLS_SERVER_HELLO).data);
    stage_end(&s);
}

static void say_groups(const char *list, size_t len, uint16_t suite)
{
    begin();
    set_suites(&suite, 1);
    hello_drop(&hello, 10);
    hello_add(&hello, 10, list, len);
    say_it();
}

static void each_group_alone_is_the_one_that_is_used(void **state)
{
    (void)state;
    proves("FCS_DTLSS_EXT.1.4-T1a");
    proves("D8422-4-2");
    for (size_t i = 0; i < LEN(groups); i++) {
        char list[] = {0, 2, 0, (char)groups[i]};
        struct dtls_bytes ske;

        kit_row("group %u", groups[i]);
        say_groups(list, sizeof list, 0xc02f);
        stage_exchange(&s);
        ske = stage_said(&s, DTLS_SERVER_KEY_EXCHANGE);
        assert_int_equal(ske.data[0], 3); /* named_curve */
        assert_int_equal(ske.data[1], 0);
        assert_int_equal(ske.data[2], groups[i]);
        stage_connects(&s);
        stage_end(&s);
    }
}

static void without_a_common_group_there_is_no_curve(void **state)
{
    (void)state;
    proves("D8422-4-3");
    proves("FCS_DTLSS_EXT.1.4-T1b");
    proves("FP2.1-DTLSS1-group");
    proves("D9325-4.5-2");
    say_groups("\0\2\0\x13", 4, 0xc02f); /* secp192r1 */
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
    say_groups("\0\4\0\x13\0\x15", 6, 0xc02b); /* and secp224r1 */
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
    say_groups("\0\2\x12\x34", 4, 0xc02f);
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
    say_groups("\0\2\0\x13", 4, 0x009c); /* RSA needs none */
    stage_connects(&s);
    stage_end(&s);
}

static void groups_bound_the_certificates_curve(void **state)
{
    (void)state;
    proves("D8422-5.1-90");
    say_groups("\0\2\0\x1d", 4, 0xc02b); /* x25519; ours is P-256 */
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
    say_groups("\0\4\0\x1d\0\x17", 6, 0xc02b);
    stage_connects(&s);
    stage_end(&s);
}

static void ccm_ecc_uses_the_groups_that_are_sent(void **state)
{
    struct dtls_bytes ske;

    (void)state;
    proves("D7251-2-3");
    say_groups("\0\4\0\x18\0\x17", 6, 0xc0ae);
    stage_exchange(&s);
    ske = stage_said(&s, DTLS_SERVER_KEY_EXCHANGE);
    assert_true(ske.data[2] == 23 || ske.data[2] == 24);
    stage_connects(&s);
    stage_end(&s);

    begin();
    set_suites((const uint16_t[]){0xc0ae}, 1);
    hello_drop(&hello, 10);
    say_it();
    stage_exchange(&s);
    assert_int_equal(stage_said(&s, DTLS_SERVER_KEY_EXCHANGE).data[2], 23);
    stage_connects(&s);
    stage_end(&s);
}

static void point_formats_are_for_curves(void **state)
{
    (void)state;
    proves("D8422-5.2-2");
    begin();
    set_suites((const uint16_t[]){0x009c}, 1);
    say_and_read();
    assert_false(hello_has(&answer, 11, &data));
    stage_end(&s);
    begin();
    hello_drop(&hello, 11);
    say_and_read();
    assert_false(hello_has(&answer, 11, &data));
    stage_end(&s);
}

/* The pair of our ServerKeyExchange, if the client lists only this one. */
static uint16_t pair_for(const char *list, size_t len)
{
    struct dtls_ecdhe_params p;

    hello_drop(&hello, 13);
    hello_add(&hello, 13, list, len);
    say_it();
    stage_exchange(&s);
    assert_int_equal(
        dtls_ske_ecdhe_parse(&p, stage_said(&s, DTLS_SERVER_KEY_EXCHANGE)),
        DTLS_OK);
    stage_connects(&s);
    stage_end(&s);
    return p.sigalg;
}

static void signatures_are_of_a_pair_that_is_listed(void **state)
{
    static const uint16_t both[] = {0xc02b, 0xc02f};
    static const char lists[][4] = {{0, 2, 4, 3}, {0, 2, 4, 1}, {0, 2, 5, 1}};

    (void)state;
    proves("D5246-7.4.3-4");
    proves("D5246-7.4.3-7");
    proves("D5246-7.4.1.4.1-6");
    for (size_t i = 0; i < LEN(lists); i++) {
        kit_row("pair %02x%02x", (unsigned)lists[i][2], (unsigned)lists[i][3]);
        begin();
        set_suites(both, LEN(both));
        assert_int_equal(pair_for(lists[i], 4),
                         (uint16_t)(lists[i][2] << 8 | lists[i][3]));
    }
}

static void the_suite_fits_the_pairs(void **state)
{
    static const uint16_t both[] = {0xc02f, 0xc02b};

    (void)state;
    proves("D5246-7.4.3-6");
    begin();
    set_suites(both, LEN(both));
    assert_int_equal(pair_for("\0\4\4\3\5\3", 6), 0x0403);
}

static void without_pairs_there_is_only_sha_1_and_that_is_off(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4.1-3");
    begin();
    set_suites((const uint16_t[]){0xc02f}, 1);
    hello_drop(&hello, 13);
    say_it();
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
}

static void forward_secrecy_comes_first(void **state)
{
    static const uint16_t offer[] = {0x009c, 0xc013, 0x002f, 0xc02f};

    (void)state;
    proves("D9325-4.1-7");
    proves("D9325-4.2.1-2");
    begin();
    set_suites(offer, LEN(offer));
    say_and_read();
    assert_int_equal(answer.server.suite, 0xc02f);
    stage_connects(&s);
    stage_end(&s);
}

static uint16_t choice_of(const uint16_t *table, const uint16_t *offer)
{
    stage_init(&s, DTLS_SERVER, 83);
    if (table != NULL) {
        s.target.config.suites = table;
        s.target.config.num_suites = 2;
    }
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    set_suites(offer, 2);
    say_and_read();
    stage_connects(&s);
    stage_end(&s);
    return answer.server.suite;
}

/* A deviation from D9325-4.2.1-3: the stronger suite only if its table, which
 * an application may set, has it first. */
static void its_own_order_decides(void **state)
{
    static const uint16_t stronger_first[] = {0xc030, 0xc02f};
    static const uint16_t stronger_last[] = {0xc02f, 0xc030};

    (void)state;
    assert_int_equal(choice_of(NULL, stronger_first), 0xc02f);
    assert_int_equal(choice_of(NULL, stronger_last), 0xc02f);
    assert_int_equal(choice_of(stronger_first, stronger_last), 0xc030);
    assert_int_equal(choice_of(stronger_last, stronger_first), 0xc02f);
}

static void aes_128_cbc_sha_is_there(void **state)
{
    (void)state;
    proves("D5246-9-1");
    begin();
    set_suites((const uint16_t[]){0x002f}, 1);
    say_and_read();
    assert_int_equal(answer.server.suite, 0x002f);
    stage_connects(&s);
    stage_end(&s);
}

/* The record version of a ClientHello says nothing. */
static void the_record_may_say_1_0(void **state)
{
    static const uint8_t minors[] = {0xff, 0xfd};

    (void)state;
    proves("D5246-D.4-2");
    proves("D8996-5-3");
    for (size_t i = 0; i < LEN(minors); i++) {
        kit_row("record version fe%02x", minors[i]);
        begin();
        peer_put_message(&s.peer, &s.out, m);
        s.out.data[2] = minors[i];
        stage_say_bytes(&s, dtls_buf_bytes(&s.out));
        s.out.len = 0;
        s.peer.num_messages = 0;
        stage_exchange(&s);
        assert_non_null(stage_said(&s, DTLS_SERVER_HELLO).data);
        stage_connects(&s);
        stage_end(&s);
    }
}

static void a_hello_may_come_byte_by_byte(void **state)
{
    (void)state;
    proves("D5246-D.4-1");
    begin();
    for (size_t at = 0; at < m->len; at++) {
        kit_row("byte %zu", at);
        peer_put_fragment(&s.peer, &s.out, m, at, 1);
        stage_say_bytes(&s, dtls_buf_bytes(&s.out));
        s.out.len = 0;
    }
    s.peer.num_messages = 0;
    stage_exchange(&s);
    stage_connects(&s);
    stage_end(&s);
}

/* The types of our second flight, in order. */
static void assert_flight(uint16_t suite, const char *types, size_t num)
{
    begin();
    set_suites(&suite, 1);
    say_it();
    stage_exchange(&s);
    assert_int_equal(s.num_records, num);
    for (size_t i = 0; i < num; i++) {
        kit_row("record %zu", i);
        assert_int_equal(s.records[i].body[0], types[i]);
    }
    stage_connects(&s);
    stage_end(&s);
}

static void the_flight_has_what_the_key_exchange_needs(void **state)
{
    (void)state;
    proves("D5246-7.4.2-1");
    proves("D5246-7.4.3-1");
    proves("D5246-7.4.3-2");
    proves("D4279-2-1");
    proves("D8422-2.1-2");
    assert_flight(0xc02f, "\2\13\14\16", 4);
    assert_flight(0xc02b, "\2\13\14\16", 4);
    assert_flight(0x009c, "\2\13\16", 3);
    assert_flight(0x00a8, "\2\16", 2);
    assert_flight(0xc0a8, "\2\16", 2);
    assert_flight(0xd001, "\2\14\16", 3);
}

static void a_message_of_a_server_is_nothing_for_a_server(void **state)
{
    (void)state;
    proves("D5246-7.2.2-10");
    begin();
    m = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    m->type = DTLS_SERVER_HELLO_DONE;
    m->len = 0;
    stage_say(&s, m);
    stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
}

/* Two P-256 certificates: one signed with ECDSA, one with RSA.  13 lists only
 * ECDSA; 50, if it is there, says what may stand in the chain. */
static void signature_algorithms_cert_governs_the_chain(void **state)
{
    static struct sim_identity by_ecdsa;
    static const struct {
        const char *cert; /* extension 50; NULL: none */
        bool by_rsa;      /* the certificate that is shown */
    } rows[] = {
        {NULL, false},
        {"0002 0403", false},
        {"0002 0401", true},
        {"0006 0809 0401 0806", true},
        {"0004 0401 0403", false}, /* the first of the two */
        {"0002 0806", false},      /* neither: it shows one all the same */
    };

    (void)state;
    proves("D8446-4.2.3-1");
    proves("D8446-4.2.3-94");
    proves("D8446-4.2.3-96");
    sim_identity_load(&by_ecdsa, NXDTLS_PKI_DIR, "pure-ec", true);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct kit_hex list =
            kit_hex(rows[i].cert == NULL ? "" : rows[i].cert);
        static const uint8_t ecdsa[] = {0, 2, 4, 3};
        static const uint16_t suite = 0xc02b;

        kit_row("row %zu", i);
        begin();
        by_ecdsa.credential.next = &stage_pki.ec.credential;
        stage_pki.ec.credential.next = NULL;
        s.target.config.credentials = &by_ecdsa.credential;
        set_suites(&suite, 1);
        hello_drop(&hello, 13);
        hello_add(&hello, 13, ecdsa, sizeof ecdsa);
        if (rows[i].cert != NULL) {
            hello_add(&hello, 50, list.data, list.len);
        }
        say_and_read();
        assert_false(hello_has(&answer, 50, &data));
        assert_ptr_equal(s.target.session.hs.credential,
                         rows[i].by_rsa ? &stage_pki.ec.credential
                                        : &by_ecdsa.credential);
        stage_end(&s);
    }
    sim_identity_free(&by_ecdsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rc4),
        cmocka_unit_test(no_null_no_des_no_anonymous_no_static_dh_by_default),
        cmocka_unit_test(no_weak_cipher),
        cmocka_unit_test(without_a_common_suite_it_is_alert_40),
        cmocka_unit_test(a_lower_version_is_alert_70),
        cmocka_unit_test(a_higher_version_gets_1_2),
        cmocka_unit_test(version_1_2_and_only_that_completes),
        cmocka_unit_test(a_hello_of_1_3_gets_1_2),
        cmocka_unit_test(what_it_does_not_know_it_passes_over),
        cmocka_unit_test(null_compression_must_be_there_and_is_chosen),
        cmocka_unit_test(there_is_nothing_to_resume),
        cmocka_unit_test(a_vector_of_a_wrong_length_is_a_decode_error),
        cmocka_unit_test(it_answers_only_what_was_said),
        cmocka_unit_test(what_it_does_not_do_it_does_not_answer),
        cmocka_unit_test(truncated_macs_are_neither_offered_nor_taken),
        cmocka_unit_test(encrypt_then_mac_is_for_cbc),
        cmocka_unit_test(two_host_names_are_refused),
        cmocka_unit_test(each_group_alone_is_the_one_that_is_used),
        cmocka_unit_test(without_a_common_group_there_is_no_curve),
        cmocka_unit_test(groups_bound_the_certificates_curve),
        cmocka_unit_test(ccm_ecc_uses_the_groups_that_are_sent),
        cmocka_unit_test(point_formats_are_for_curves),
        cmocka_unit_test(signatures_are_of_a_pair_that_is_listed),
        cmocka_unit_test(the_suite_fits_the_pairs),
        cmocka_unit_test(without_pairs_there_is_only_sha_1_and_that_is_off),
        cmocka_unit_test(forward_secrecy_comes_first),
        cmocka_unit_test(its_own_order_decides),
        cmocka_unit_test(aes_128_cbc_sha_is_there),
        cmocka_unit_test(the_record_may_say_1_0),
        cmocka_unit_test(a_hello_may_come_byte_by_byte),
        cmocka_unit_test(the_flight_has_what_the_key_exchange_needs),
        cmocka_unit_test(a_message_of_a_server_is_nothing_for_a_server),
        cmocka_unit_test(signature_algorithms_cert_governs_the_chain),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
