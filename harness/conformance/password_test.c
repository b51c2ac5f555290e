/* SPDX-License-Identifier: MIT */
/* EC-JPAKE before a peer that misbehaves: what it may put into hellos and key
 * exchanges, for our client and for our server. */
#include "conformance/stage.h"

#include "crypto/key_kp.h"

#define EXTENSION 0x0100
#define FLIP 0x01

static struct stage s;
static struct peer_message *m;
static const uint16_t jpake[] = {0xc0ff};
static const uint16_t jpake_and_psk[] = {0xc0ff, 0xc0a8};

static struct dtls_bytes text(const char *t)
{
    return dtls_bytes_of(t, strlen(t));
}

/* Both ends have the suite, and these passwords; NULL: none. */
static void prepare(enum dtls_role target, const char *own, const char *peers)
{
    stage_init(&s, target, 411);
    stage_suite(&s.target, jpake);
    stage_suite(&s.peer, jpake);
    if (own != NULL) {
        s.target.config.password = text(own);
    }
    if (peers != NULL) {
        s.peer.config.password = text(peers);
    }
}

static void come_to(enum dtls_role target, uint8_t type)
{
    prepare(target, "threadjpaketest", "threadjpaketest");
    stage_start(&s);
    m = stage_come_to(&s, type);
}

/* The peer's message with round one, for this target. */
static uint8_t hello_of_peer(enum dtls_role target)
{
    return target == DTLS_CLIENT ? DTLS_SERVER_HELLO : DTLS_CLIENT_HELLO;
}

/* The peer's message with round two. */
static uint8_t key_of_peer(enum dtls_role target)
{
    return target == DTLS_CLIENT ? DTLS_SERVER_KEY_EXCHANGE
                                 : DTLS_CLIENT_KEY_EXCHANGE;
}

static void read_hello(struct hello *hello)
{
    if (m->type == DTLS_CLIENT_HELLO) {
        hello_read_client(hello, dtls_bytes_of(m->body, m->len));
    } else {
        hello_read_server(hello, dtls_bytes_of(m->body, m->len));
    }
}

/* Says the peer's hello with this value in the extension. */
static void say_value(struct dtls_bytes value)
{
    struct hello hello;

    read_hello(&hello);
    hello_drop(&hello, EXTENSION);
    hello_add(&hello, EXTENSION, value.data, value.len);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
}

/* A copy of what stands in the extension of the peer's hello. */
struct value {
    uint8_t bytes[1024];
    size_t len;
};

static struct value value_of(void)
{
    struct hello hello;
    struct dtls_bytes found;
    struct value v;

    read_hello(&hello);
    assert_true(hello_has(&hello, EXTENSION, &found));
    memcpy(v.bytes, found.data, found.len);
    v.len = found.len;
    return v;
}

static const enum dtls_role roles[] = {DTLS_CLIENT, DTLS_SERVER};

/* ---- What is right ---- */

static void both_roles_connect_with_a_password(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-5");
    for (size_t i = 0; i < LEN(roles); i++) {
        kit_row("our %s", kit_role((int)i));
        prepare(roles[i], "threadjpaketest", "threadjpaketest");
        stage_start(&s);
        stage_connects(&s);
        assert_int_equal(s.target.session.hs.agreed.suite->id, 0xc0ff);
        assert_true(s.target.session.hs.agreed.extended_master_secret);
        stage_end(&s);
    }
}

/* Without extended_master_secret the randoms go into the master. */
static void both_roles_connect_without_extended_master_secret(void **state)
{
    struct hello hello;

    (void)state;
    proves("DECJPAKE-4.1-5");
    for (size_t i = 0; i < LEN(roles); i++) {
        kit_row("our %s", kit_role((int)i));
        come_to(roles[i], hello_of_peer(roles[i]));
        read_hello(&hello);
        hello_drop(&hello, 23);
        hello_put(&s, m, &hello);
        s.peer.session.hs.extended_master_secret = false;
        stage_say(&s, m);
        stage_say_rest(&s, m);
        stage_exchange(&s);
        stage_connects(&s);
        assert_false(s.target.session.hs.agreed.extended_master_secret);
        stage_end(&s);
    }
}

/* A server says ServerHello, ServerKeyExchange and ServerHelloDone, and
 * nothing that names anybody. */
static void a_flight_with_a_password_has_no_certificate(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-8");
    prepare(DTLS_SERVER, "password", "password");
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    stage_start(&s);
    (void)stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    assert_non_null(stage_said(&s, DTLS_SERVER_HELLO).data);
    assert_non_null(stage_said(&s, DTLS_SERVER_KEY_EXCHANGE).data);
    assert_null(stage_said(&s, DTLS_CERTIFICATE).data);
    assert_null(stage_said(&s, DTLS_CERTIFICATE_REQUEST).data);
    stage_end(&s);
}

/* ServerKeyExchange is 03 0017 and a KeyKP, ClientKeyExchange a KeyKP. */
static void our_messages_are_as_long_as_what_they_hold(void **state)
{
    struct dtls_key_kp key;
    struct dtls_bytes body;
    uint16_t group;

    (void)state;
    proves("DECJPAKE-4.1-3");
    prepare(DTLS_SERVER, "password", "password");
    stage_start(&s);
    (void)stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    body = stage_said(&s, DTLS_SERVER_KEY_EXCHANGE);
    assert_int_equal(dtls_ske_ecjpake_parse(&group, &key, body), DTLS_OK);
    assert_int_equal(group, DTLS_GROUP_SECP256R1);
    assert_int_equal(body.data[0], 3);
    assert_int_equal(key.x.len, DTLS_KEY_KP_POINT);
    stage_end(&s);
    prepare(DTLS_CLIENT, "password", "password");
    stage_start(&s);
    (void)stage_come_to(&s, DTLS_FINISHED);
    body = stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE);
    assert_int_equal(dtls_cke_ecjpake_parse(&key, body), DTLS_OK);
    stage_end(&s);
}

/* ---- When the suite is used ---- */

static void a_client_offers_the_suite_with_a_password_alone(void **state)
{
    struct hello hello;
    struct dtls_bytes value;
    struct dtls_key_kp pair[2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row(i == 0 ? "without" : "with");
        prepare(DTLS_CLIENT, i == 0 ? NULL : "password", NULL);
        s.target.config.suites = jpake_and_psk;
        s.target.config.num_suites = 2;
        stage_start(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_int_equal(dtls_client_hello_offers(&hello.client, 0xc0ff), i);
        assert_int_equal(hello_has(&hello, 10, &value), i);
        assert_int_equal(hello_has(&hello, 11, &value), i);
        assert_int_equal(hello_has(&hello, EXTENSION, &value), i);
        if (i == 1) {
            proves("DECJPAKE-4.1-1");
            assert_int_equal(dtls_key_kp_pair_parse(pair, value), DTLS_OK);
        }
        stage_end(&s);
    }
}

/* The client offers another suite, too, so that there is something to choose.
 */
static void a_server_chooses_it_with_round_one_and_a_password_alone(
    void **state)
{
    static const struct {
        const char *password;
        bool has_extension;
        uint16_t chosen;
    } rows[] = {
        {"password", true, 0xc0ff},
        {"password", false, 0xc0a8},
        {NULL, true, 0xc0a8},
        {NULL, false, 0xc0a8},
    };
    struct hello hello;
    struct dtls_bytes value;

    (void)state;
    proves("DECJPAKE-4.1-6");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("password %d, extension %d", rows[i].password != NULL,
                rows[i].has_extension);
        prepare(DTLS_SERVER, rows[i].password, "password");
        s.target.config.suites = jpake_and_psk;
        s.target.config.num_suites = 2;
        s.peer.config.suites = jpake_and_psk;
        s.peer.config.num_suites = 2;
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CLIENT_HELLO);
        if (!rows[i].has_extension) {
            read_hello(&hello);
            hello_drop(&hello, EXTENSION);
            hello_put(&s, m, &hello);
        }
        stage_say(&s, m);
        stage_listen(&s);
        hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
        assert_int_equal(hello.server.suite, rows[i].chosen);
        assert_int_equal(hello_has(&hello, EXTENSION, &value),
                         rows[i].chosen == 0xc0ff);
        stage_end(&s);
    }
}

static void a_server_without_a_choice_refuses(void **state)
{
    struct hello hello;

    (void)state;
    proves("DECJPAKE-4.1-6");
    come_to(DTLS_SERVER, DTLS_CLIENT_HELLO);
    read_hello(&hello);
    hello_drop(&hello, EXTENSION);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_fails(&s, DTLS_NO_COMMON_SUITE);
}

static void a_client_refuses_the_suite_without_round_one(void **state)
{
    struct hello hello;

    (void)state;
    proves("DECJPAKE-4.1-7");
    come_to(DTLS_CLIENT, DTLS_SERVER_HELLO);
    read_hello(&hello);
    hello_drop(&hello, EXTENSION);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_fails(&s, DTLS_HANDSHAKE_FAILURE);
}

static void a_client_refuses_round_one_with_another_suite(void **state)
{
    struct hello hello;
    struct value v;

    (void)state;
    proves("DECJPAKE-4.1-7");
    come_to(DTLS_CLIENT, DTLS_SERVER_HELLO);
    v = value_of();
    stage_end(&s);
    prepare(DTLS_CLIENT, "password", NULL);
    s.target.config.suites = jpake_and_psk;
    s.target.config.num_suites = 2;
    stage_suite(&s.peer, &jpake_and_psk[1]);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    read_hello(&hello);
    hello_add(&hello, EXTENSION, v.bytes, v.len);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

/* A client that has not offered it is told what it has not asked for. */
static void a_client_refuses_round_one_that_it_has_not_offered(void **state)
{
    static const uint8_t any[] = {1, 2, 3};
    struct hello hello;

    (void)state;
    proves("DECJPAKE-4.1-7");
    prepare(DTLS_CLIENT, NULL, NULL);
    stage_suite(&s.target, &jpake_and_psk[1]);
    stage_suite(&s.peer, &jpake_and_psk[1]);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    read_hello(&hello);
    hello_add(&hello, EXTENSION, any, sizeof any);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_fails(&s, DTLS_UNSUPPORTED_EXTENSION);
}

/* ---- What is wrong in round one ---- */

static void round_one_is_two_keys_and_no_byte_more(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-1");
    for (size_t i = 0; i < LEN(roles); i++) {
        struct value v;
        size_t whole;

        kit_row("our %s", kit_role((int)i));
        come_to(roles[i], hello_of_peer(roles[i]));
        v = value_of();
        whole = v.len;
        memcpy(&v.bytes[whole], v.bytes, whole / 2);
        stage_end(&s);
        for (size_t len = 0; len <= whole + whole / 2;
             len += len > 128 && len + 40 < whole ? 37 : 1) {
            if (len == whole) {
                continue;
            }
            kit_row("%zu bytes of %zu", len, whole);
            come_to(roles[i], hello_of_peer(roles[i]));
            say_value(dtls_bytes_of(v.bytes, len));
            stage_fails(&s, DTLS_DECODE_ERROR);
        }
    }
}

/* In X, V or r of either key. */
static void a_wrong_proof_in_round_one_is_refused(void **state)
{
    static const size_t at[] = {40, 100, 140, 165 + 40, 165 + 100, 165 + 140};

    (void)state;
    proves("DECJPAKE-4.2-1");
    for (size_t i = 0; i < LEN(roles); i++) {
        for (size_t k = 0; k < LEN(at); k++) {
            struct value v;

            kit_row("our %s, byte %zu", kit_role((int)i), at[k]);
            come_to(roles[i], hello_of_peer(roles[i]));
            v = value_of();
            v.bytes[at[k]] ^= FLIP;
            say_value(dtls_bytes_of(v.bytes, v.len));
            stage_fails(&s, DTLS_BAD_PROOF);
            assert_null(stage_said(&s, DTLS_SERVER_HELLO).data);
            assert_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
        }
    }
}

/* Compressed points, and the one at infinity. */
static void points_in_another_form_are_refused(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-2");
    for (size_t i = 0; i < LEN(roles); i++) {
        for (size_t form = 0; form < 2; form++) {
            struct value v;
            uint8_t bytes[1024];
            struct dtls_buf out = {bytes, 0, sizeof bytes};
            size_t len = form == 0 ? 33 : 1;

            kit_row("our %s, form %zu", kit_role((int)i), form);
            come_to(roles[i], hello_of_peer(roles[i]));
            v = value_of();
            v.bytes[1] = form == 0 ? (uint8_t)(2 + (v.bytes[65] & 1)) : 0;
            assert_true(
                dtls_put_vec8(&out, dtls_bytes_of(&v.bytes[1], len)) &&
                dtls_put_bytes(&out, dtls_bytes_of(&v.bytes[66], v.len - 66)));
            say_value(dtls_buf_bytes(&out));
            stage_fails(&s, DTLS_BAD_PROOF);
        }
    }
}

/* The target's own values come back to it. */
static void a_reflected_round_one_is_refused(void **state)
{
    struct hello hello;
    struct dtls_bytes own;

    (void)state;
    proves("DECJPAKE-4.2-3");
    come_to(DTLS_CLIENT, DTLS_SERVER_HELLO);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    assert_true(hello_has(&hello, EXTENSION, &own));
    say_value(own);
    stage_fails(&s, DTLS_BAD_PROOF);
}

/* ---- What is wrong in round two ---- */

static void a_wrong_proof_in_round_two_is_refused(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-1");
    for (size_t i = 0; i < LEN(roles); i++) {
        size_t before = roles[i] == DTLS_CLIENT ? 3 : 0;
        const size_t at[] = {before + 40, before + 100, before + 140};

        for (size_t k = 0; k < LEN(at); k++) {
            kit_row("our %s, byte %zu", kit_role((int)i), at[k]);
            come_to(roles[i], key_of_peer(roles[i]));
            m->body[at[k]] ^= FLIP;
            stage_say(&s, m);
            stage_fails(&s, DTLS_BAD_PROOF);
            assert_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
        }
    }
}

static void round_two_is_one_key_and_no_byte_more(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-3");
    for (size_t i = 0; i < LEN(roles); i++) {
        for (size_t more = 0; more < 2; more++) {
            kit_row("our %s, %s", kit_role((int)i), more ? "more" : "less");
            come_to(roles[i], key_of_peer(roles[i]));
            m->body[m->len] = 0;
            m->len = more ? m->len + 1 : m->len - 1;
            stage_say(&s, m);
            stage_fails(&s, DTLS_DECODE_ERROR);
        }
    }
}

static void the_curve_is_secp256r1(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        enum dtls_status status;
    } rows[] = {
        {0, 1, DTLS_DECODE_ERROR},       /* explicit_prime */
        {0, 2, DTLS_DECODE_ERROR},       /* explicit_char2 */
        {2, 24, DTLS_ILLEGAL_PARAMETER}, /* secp384r1 */
        {2, 29, DTLS_ILLEGAL_PARAMETER}, /* x25519 */
        {1, 1, DTLS_ILLEGAL_PARAMETER},
    };

    (void)state;
    proves("DECJPAKE-4.1-3");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("byte %zu is %u", rows[i].at, rows[i].value);
        come_to(DTLS_CLIENT, DTLS_SERVER_KEY_EXCHANGE);
        m->body[rows[i].at] = rows[i].value;
        stage_say(&s, m);
        stage_fails(&s, rows[i].status);
    }
}

/* ---- Another password ---- */

/* All messages are answered as with the right one, up to Finished; that does
 * not open, and nothing says why. */
static void another_password_is_silence(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-4");
    for (size_t i = 0; i < LEN(roles); i++) {
        const struct peer_message *finished;

        kit_row("our %s", kit_role((int)i));
        prepare(roles[i], "password", "Password");
        stage_start(&s);
        if (roles[i] == DTLS_SERVER) {
            finished = stage_come_to(&s, DTLS_FINISHED);
            stage_say(&s, finished);
            proves("DECJPAKE-4.2-5");
            assert_int_equal(s.target.counters.discarded_mac, 1);
        } else {
            m = stage_come_to(&s, DTLS_SERVER_HELLO_DONE);
            stage_say(&s, m);
            stage_listen(&s);
            assert_non_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
        }
        stage_listen(&s);
        assert_int_equal(s.target.session.phase, DTLS_PHASE_HANDSHAKING);
        for (size_t k = 0; k < s.num_records; k++) {
            kit_row("record %zu", k);
            assert_int_not_equal(s.records[k].type, DTLS_ALERT);
        }
        for (size_t k = 0; k < 12; k++) {
            if (s.target.session.phase == DTLS_PHASE_HANDSHAKING) {
                stage_pass(&s);
                stage_listen(&s);
            }
        }
        assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
        assert_int_equal(s.target.session.failure, DTLS_TOO_LATE);
        stage_end(&s);
    }
}

/* One guess for a handshake: a second round two is no message of it. */
static void a_second_round_two_is_not_taken(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-5");
    come_to(DTLS_SERVER, DTLS_CLIENT_KEY_EXCHANGE);
    stage_say(&s, m);
    m->seq++;
    stage_say(&s, m);
    stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_roles_connect_with_a_password),
        cmocka_unit_test(both_roles_connect_without_extended_master_secret),
        cmocka_unit_test(a_flight_with_a_password_has_no_certificate),
        cmocka_unit_test(our_messages_are_as_long_as_what_they_hold),
        cmocka_unit_test(a_client_offers_the_suite_with_a_password_alone),
        cmocka_unit_test(
            a_server_chooses_it_with_round_one_and_a_password_alone),
        cmocka_unit_test(a_server_without_a_choice_refuses),
        cmocka_unit_test(a_client_refuses_the_suite_without_round_one),
        cmocka_unit_test(a_client_refuses_round_one_with_another_suite),
        cmocka_unit_test(a_client_refuses_round_one_that_it_has_not_offered),
        cmocka_unit_test(round_one_is_two_keys_and_no_byte_more),
        cmocka_unit_test(a_wrong_proof_in_round_one_is_refused),
        cmocka_unit_test(points_in_another_form_are_refused),
        cmocka_unit_test(a_reflected_round_one_is_refused),
        cmocka_unit_test(a_wrong_proof_in_round_two_is_refused),
        cmocka_unit_test(round_two_is_one_key_and_no_byte_more),
        cmocka_unit_test(the_curve_is_secp256r1),
        cmocka_unit_test(another_password_is_silence),
        cmocka_unit_test(a_second_round_two_is_not_taken),
    };

    return kit_run(tests);
}
