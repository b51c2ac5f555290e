/* SPDX-License-Identifier: MIT */
/* Does the shim keep its contract, and the engine the RFC, when the runner
 * misbehaves? */
#include "runner.h"

#include "bogo/shim_identity.h"
#include "kit/kit.h"
#include "sim/pki.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct runner r; /* large: not on the stack */

#define PSK "-psk", "abcdefgh", "-psk-identity", "client"
#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void start(enum dtls_role peer_role, const char *const *args)
{
    peer_init(&r.peer, peer_role, 0x2345);
    runner_start(&r, args);
}

/* Both roles of the shim do as they are told. */
static void it_echoes_in_both_roles(void **state)
{
    (void)state;
    for (int role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        kit_row("peer a %s", kit_role(role));
        start((enum dtls_role)role, ARGS(PSK));
        runner_handshake(&r);
        runner_check_echo(&r, 32);
        runner_check_echo(&r, 1);
        runner_succeeds(&r);
    }
}

static void a_record_of_2_to_the_14_bytes_is_echoed(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_handshake(&r);
    runner_check_echo(&r, 16384);
    runner_succeeds(&r);
}

/* --- the clock ---------------------------------------------------------- */

#define MS 1000000ull /* nanoseconds */

/* A client whose ClientHello is never answered. */
static void an_unanswered_flight_goes_out_again_at_its_deadline(void **state)
{
    static const uint64_t waits[] = {400, 800, 1600, 3200};

    (void)state;
    proves("D6347-4.2.4-3");
    start(DTLS_SERVER, ARGS(PSK, "-async"));
    for (size_t i = 0; i < LEN(waits); i++) {
        kit_row("wait %zu", i);
        runner_settle(&r);
        assert_int_equal(r.num_sent, 1);
        runner_forget(&r);
        runner_expect_timer(&r, waits[i] * MS);
        runner_pass(&r, waits[i] - 20);
        runner_settle(&r);
        assert_int_equal(r.num_sent, 0);
        runner_expect_timer(&r, 20 * MS);
        runner_pass(&r, 20);
    }
    runner_handshake(&r);
    runner_expect_timer(&r, RUNNER_NO_TIMER);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void a_timer_that_is_nearly_due_is_due(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-async"));
    runner_settle(&r);
    runner_forget(&r);
    runner_pass(&r, 390);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 1);
    runner_expect_timer(&r, 800 * MS);
    runner_handshake(&r);
    runner_succeeds(&r);
}

/* A flight of ours was lost once.  The next one waits as long again, or begins
 * with the first timeout if that is asked for. */
static void a_raised_timeout_stays_or_not(void **state)
{
    (void)state;
    for (int fresh = 0; fresh < 2; fresh++) {
        kit_row("%s", fresh ? "-fresh-timeout" : "as it is");
        start(DTLS_SERVER, fresh ? ARGS(PSK, "-async", "-fresh-timeout")
                                 : ARGS(PSK, "-async"));
        runner_settle(&r);
        runner_forget(&r);
        runner_pass(&r, 400);
        runner_exchange(&r);
        runner_say_all(&r);
        runner_settle(&r);
        runner_expect_timer(&r, fresh ? 400 * MS : 800 * MS);
        runner_handshake(&r);
        runner_succeeds(&r);
    }
}

static void the_initial_timeout_can_be_chosen(void **state)
{
    (void)state;
    start(DTLS_SERVER,
          ARGS(PSK, "-async", "-initial-timeout-duration-ms", "250"));
    runner_settle(&r);
    runner_expect_timer(&r, 250 * MS);
    runner_set_timeout(&r, 300);
    runner_expect_timer(&r, 300 * MS);
    runner_pass(&r, 300);
    runner_expect_timer(&r, 600 * MS);
    runner_set_timeout(&r, 100);
    runner_expect_timer(&r, 200 * MS);
    runner_handshake(&r);
    runner_succeeds(&r);
}

static void the_thirteenth_expiry_is_the_end(void **state)
{
    uint64_t wait = 400;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-async"));
    for (unsigned i = 0; i < 13; i++) {
        kit_row("expiry %u", i);
        runner_settle(&r);
        assert_int_equal(r.num_sent, 1);
        runner_forget(&r);
        runner_expect_timer(&r, wait * MS);
        runner_pass(&r, wait);
        wait = wait < 30000 ? 2 * wait : 60000;
    }
    runner_fails(&r, ":READ_TIMEOUT_EXPIRED:", 0);
}

static void a_part_of_a_flight_leaves_the_timer_alone(void **state)
{
    const struct peer_message *hello;

    (void)state;
    proves("D6347-4.2.4-5");
    start(DTLS_SERVER, ARGS(PSK, "-async"));
    runner_exchange(&r);
    hello = peer_find(&r.peer, DTLS_SERVER_HELLO);
    runner_pass(&r, 100);
    peer_put_message(&r.peer, &r.out, hello);
    runner_send(&r);
    runner_expect_timer(&r, 300 * MS);
    runner_pass(&r, 300);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 1); /* the ClientHello again */
    runner_expect_timer(&r, 800 * MS);
    runner_forget(&r);
    runner_say_all(&r);
    runner_handshake(&r);
    runner_succeeds(&r);
}

/* --- the path ------------------------------------------------------------ */

static size_t longest_sent(void)
{
    size_t longest = 0;

    for (size_t i = 0; i < r.num_sent; i++) {
        longest = r.sent[i].len > longest ? r.sent[i].len : longest;
    }
    return longest;
}

static void a_new_mtu_counts_for_retransmissions(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-async", "-mtu", "90"));
    runner_settle(&r);
    assert_in_range(longest_sent(), 75, 90);
    for (unsigned mtu = 70; mtu <= 110; mtu += 20) {
        kit_row("MTU %u", mtu);
        runner_forget(&r);
        runner_set_mtu(&r, mtu);
        runner_pass(&r, 60000);
        runner_settle(&r);
        assert_in_range(longest_sent(), mtu - 15, mtu);
    }
    runner_handshake(&r);
    runner_check_echo(&r, 16384); /* data is not cut */
    runner_succeeds(&r);
}

/* --- what the network does ----------------------------------------------- */

static void every_datagram_may_come_twice(void **state)
{
    uint8_t copy[600];
    struct dtls_buf again = {copy, 0, sizeof copy};

    (void)state;
    proves("D6347-4.1.2.6-1");
    start(DTLS_SERVER, ARGS(PSK));
    while (!dtls_session_is_connected(&r.peer.session)) {
        runner_exchange(&r);
        for (size_t i = 0; i < r.peer.num_messages; i++) {
            kit_row("message %zu", i);
            peer_put_message(&r.peer, &r.out, &r.peer.messages[i]);
            assert_true(dtls_put_bytes(&again, dtls_buf_bytes(&r.out)));
            runner_send(&r);
            runner_send_bytes(&r, dtls_buf_bytes(&again));
            again.len = 0;
        }
    }
    runner_settle(&r);
    runner_forget(&r);
    peer_put_data(&r.peer, &r.out, dtls_bytes_of((const uint8_t *)"once", 4));
    assert_true(dtls_put_bytes(&again, dtls_buf_bytes(&r.out)));
    runner_send(&r);
    runner_send_bytes(&r, dtls_buf_bytes(&again));
    runner_settle(&r);
    assert_int_equal(r.num_sent, 1);
    runner_succeeds(&r);
}

/* Every message, the first ClientHello too, in fragments of two bytes, from
 * the last to the first. */
static void fragments_of_two_bytes_may_come_in_any_order(void **state)
{
    (void)state;
    proves("D6347-4.2.3-5");
    for (int role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        kit_row("peer a %s", kit_role(role));
        start((enum dtls_role)role, ARGS(PSK));
        while (!dtls_session_is_connected(&r.peer.session)) {
            runner_exchange(&r);
            for (size_t i = 0; i < r.peer.num_messages; i++) {
                const struct peer_message *m = &r.peer.messages[i];
                bool whole = m->record_type != DTLS_HANDSHAKE || m->len == 0;

                kit_row("message %zu", i);
                for (size_t at = m->len & ~(size_t)1; !whole; at -= 2) {
                    size_t left = m->len - at;

                    if (left != 0) {
                        peer_put_fragment(&r.peer, &r.out, m, at,
                                          left < 2 ? left : 2);
                        runner_send(&r);
                    }
                    whole = at == 0;
                }
                if (m->len == 0 || m->record_type != DTLS_HANDSHAKE) {
                    peer_put_message(&r.peer, &r.out, m);
                    runner_send(&r);
                }
            }
        }
        runner_check_echo(&r, 32);
        runner_succeeds(&r);
    }
}

static void records_may_share_a_datagram(void **state)
{
    (void)state;
    proves("D6347-4.1.1-2");
    start(DTLS_CLIENT, ARGS(PSK));
    while (!dtls_session_is_connected(&r.peer.session)) {
        runner_exchange(&r);
        for (size_t i = 0; i < r.peer.num_messages; i++) {
            kit_row("message %zu", i);
            peer_put_message(&r.peer, &r.out, &r.peer.messages[i]);
        }
        runner_send(&r);
    }
    runner_settle(&r);
    runner_forget(&r);
    for (unsigned i = 0; i < 3; i++) {
        kit_row("record %u", i);
        peer_put_data(&r.peer, &r.out,
                      dtls_bytes_of((const uint8_t *)"two", 3));
    }
    runner_send(&r);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 3); /* one answer to each */
    runner_succeeds(&r);
}

static void a_wrong_mac_is_no_reason_to_stop(void **state)
{
    (void)state;
    proves("D6347-4.1.2.7-1");
    start(DTLS_SERVER, ARGS(PSK));
    runner_handshake(&r);
    runner_forget(&r);
    peer_put_data(&r.peer, &r.out, dtls_bytes_of((const uint8_t *)"bad", 3));
    r.out.data[r.out.len - 1] ^= 1;
    runner_send(&r);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 0);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

/* --- what does not belong there ------------------------------------------ */

static void a_stray_change_cipher_spec_is_dropped(void **state)
{
    const uint8_t one = 1;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_exchange(&r);
    for (unsigned i = 0; i < 3; i++) {
        kit_row("record %u", i);
        peer_put_record(&r.peer, &r.out, 0, DTLS_CHANGE_CIPHER_SPEC,
                        dtls_bytes_of(&one, 1));
        runner_send(&r);
    }
    runner_say_all(&r);
    runner_handshake(&r);
    peer_put_record(&r.peer, &r.out, 1, DTLS_CHANGE_CIPHER_SPEC,
                    dtls_bytes_of(&one, 1));
    runner_send(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void data_before_finished_is_dropped(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_exchange(&r);
    peer_put_record(&r.peer, &r.out, 0, DTLS_APPLICATION_DATA,
                    dtls_bytes_of((const uint8_t *)"early", 5));
    runner_send(&r);
    runner_say_all(&r);
    runner_exchange(&r);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 0);
    runner_say_all(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void a_finished_in_the_clear_does_not_finish(void **state)
{
    struct peer_message *finished;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-async"));
    runner_exchange(&r);
    runner_say_all(&r);
    runner_exchange(&r);
    finished = peer_find(&r.peer, DTLS_FINISHED);
    assert_int_equal(finished->epoch, 1);
    finished->epoch = 0;
    peer_put_message(&r.peer, &r.out, finished);
    runner_send(&r);
    runner_settle(&r);
    runner_end(&r);
    assert_int_not_equal(r.status, 0);
}

static void warnings_are_read_and_forgotten(void **state)
{
    static const uint8_t warning[] = {1, 90};

    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_handshake(&r);
    for (unsigned i = 0; i < 4; i++) {
        kit_row("warning %u", i);
        peer_put_record(&r.peer, &r.out, 1, DTLS_ALERT,
                        dtls_bytes_of(warning, sizeof warning));
        runner_send(&r);
    }
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void a_fatal_alert_has_its_name(void **state)
{
    static const uint8_t overflow[] = {2, 22};
    static const uint8_t failure[] = {2, 40};

    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_handshake(&r);
    peer_put_record(&r.peer, &r.out, 1, DTLS_ALERT,
                    dtls_bytes_of(overflow, sizeof overflow));
    runner_send(&r);
    runner_fails(&r, ":TLSV1_ALERT_RECORD_OVERFLOW:", 0);

    start(DTLS_SERVER, ARGS(PSK));
    runner_exchange(&r);
    peer_put_record(&r.peer, &r.out, 0, DTLS_ALERT,
                    dtls_bytes_of(failure, sizeof failure));
    runner_send(&r);
    runner_fails(&r, ":HANDSHAKE_FAILURE_ON_CLIENT_HELLO:", 0);
}

/* --- messages that are wrong --------------------------------------------- */

/* Goes on honestly until the peer is about to say a message of this type;
 * what stands before it in its flight has been said. */
static struct peer_message *come_to(uint8_t type)
{
    for (;;) {
        runner_exchange(&r);
        for (size_t i = 0; i < r.peer.num_messages; i++) {
            struct peer_message *m = &r.peer.messages[i];

            kit_row("message %zu", i);
            if (m->record_type == DTLS_HANDSHAKE && m->type == type) {
                return m;
            }
            peer_put_message(&r.peer, &r.out, m);
            runner_send(&r);
        }
        assert_int_not_equal(r.peer.num_messages, 0);
    }
}

static void say(const struct peer_message *message)
{
    peer_put_message(&r.peer, &r.out, message);
    runner_send(&r);
}

/* What each role says in a handshake with a PSK and a hint. */
static const struct {
    enum dtls_role role;
    uint8_t type;
} messages[] = {
    {DTLS_SERVER, DTLS_SERVER_HELLO},
    {DTLS_SERVER, DTLS_SERVER_KEY_EXCHANGE},
    {DTLS_SERVER, DTLS_SERVER_HELLO_DONE},
    {DTLS_SERVER, DTLS_FINISHED},
    {DTLS_CLIENT, DTLS_CLIENT_KEY_EXCHANGE},
    {DTLS_CLIENT, DTLS_FINISHED},
};

static const struct dtls_psk hinting = {
    {(const uint8_t *)"client", 6},
    {(const uint8_t *)"abcdefgh", 8},
    {(const uint8_t *)"client", 6},
};

static void start_hinting(enum dtls_role role)
{
    peer_init(&r.peer, role, 0x4567);
    r.peer.config.psks = &hinting;
    runner_start(&r, ARGS(PSK));
}

static void a_byte_too_many_or_too_few_is_a_decode_error(void **state)
{
    (void)state;
    proves("D5246-7.2.2-11");
    for (size_t i = 0; i < 2 * LEN(messages); i++) {
        uint8_t type = messages[i / 2].type;
        bool cut = i % 2 != 0;
        struct peer_message *m;

        kit_row("message of type %u, a byte %s", type, cut ? "less" : "more");
        if (cut && type == DTLS_SERVER_HELLO_DONE) {
            continue; /* is empty */
        }
        start_hinting(messages[i / 2].role);
        m = come_to(type);
        m->body[m->len] = 0x55;
        m->len = cut ? m->len - 1 : m->len + 1;
        say(m);
        runner_fails(&r, ":DECODE_ERROR:", 50);
    }
}

static void a_message_of_another_type_is_unexpected(void **state)
{
    (void)state;
    proves("D5246-7.4-2");
    for (size_t i = 0; i < LEN(messages); i++) {
        struct peer_message *m;

        kit_row("message of type %u", messages[i].type);
        start_hinting(messages[i].role);
        m = come_to(messages[i].type);
        m->type = DTLS_CERTIFICATE_VERIFY;
        say(m);
        runner_fails(&r, ":UNEXPECTED_MESSAGE:", 10);
    }
}

static void a_wrong_finished_is_no_finished(void **state)
{
    (void)state;
    for (int role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        struct peer_message *m;

        kit_row("peer a %s", kit_role(role));
        start_hinting((enum dtls_role)role);
        m = come_to(DTLS_FINISHED);
        m->body[0] ^= 1;
        say(m);
        runner_fails(&r, ":DIGEST_CHECK_FAILED:", 51);
    }
}

/* It is authentic and next in order, and no step waits for it. */
static void another_finished_is_unexpected(void **state)
{
    struct peer_message *m;

    (void)state;
    start(DTLS_CLIENT, ARGS(PSK));
    m = come_to(DTLS_FINISHED);
    say(m);
    runner_settle(&r);
    runner_hand(&r);
    assert_int_equal(r.peer.session.phase, DTLS_PHASE_CONNECTED);
    m->seq++;
    say(m);
    runner_fails(&r, ":UNEXPECTED_MESSAGE:", 10);
}

/* Fragments of one message that do not agree how long it is: the last word
 * counts, so that a forged one spoils nothing that is not sent again. */
static void fragments_that_disagree_do_not_meet(void **state)
{
    struct peer_message *m;

    (void)state;
    start_hinting(DTLS_SERVER);
    m = come_to(DTLS_SERVER_KEY_EXCHANGE);
    peer_put_fragment(&r.peer, &r.out, m, 0, 3);
    runner_send(&r);
    m->len++;
    peer_put_fragment(&r.peer, &r.out, m, 3, m->len - 3);
    runner_send(&r);
    m->len--;
    peer_put_fragment(&r.peer, &r.out, m, 3, m->len - 3);
    runner_send(&r);
    peer_put_fragment(&r.peer, &r.out, m, 0, 3);
    runner_send(&r);
    m = peer_find(&r.peer, DTLS_SERVER_HELLO_DONE);
    say(m);
    runner_handshake(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void a_version_below_1_2_is_refused(void **state)
{
    struct peer_message *m;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    m = come_to(DTLS_SERVER_HELLO);
    m->body[1] = 0xff; /* fe ff */
    say(m);
    runner_fails(&r, ":UNSUPPORTED_PROTOCOL:", 70);

    start(DTLS_CLIENT, ARGS(PSK));
    m = come_to(DTLS_CLIENT_HELLO);
    m->body[1] = 0xff;
    say(m);
    runner_fails(&r, ":UNSUPPORTED_PROTOCOL:", 70);
}

static void a_suite_that_nobody_offered_is_refused(void **state)
{
    struct peer_message *m;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-cipher", "TLS_PSK_WITH_AES_128_CCM_8"));
    m = come_to(DTLS_SERVER_HELLO);
    m->body[35] = 0x00; /* version, random, empty session id */
    m->body[36] = 0xae;
    say(m);
    runner_fails(&r, ":WRONG_CIPHER_RETURNED:", 47);
}

static void without_a_common_suite_there_is_no_handshake(void **state)
{
    static const uint16_t suite = 0x00ae;

    (void)state;
    peer_init(&r.peer, DTLS_CLIENT, 1);
    r.peer.config.suites = &suite;
    r.peer.config.num_suites = 1;
    runner_start(&r, ARGS(PSK, "-cipher", "TLS_PSK_WITH_AES_128_CCM_8"));
    runner_exchange(&r);
    runner_say_all(&r);
    runner_fails(&r, ":NO_SHARED_CIPHER:", 40);
}

/* --- cookies ----------------------------------------------------------------
 */

/* HelloVerifyRequest with a cookie of this length; the shim's next ClientHello
 * must be the first with the cookie in it. */
static void answer_with_cookie(size_t len)
{
    uint8_t first[1024];
    size_t first_len;
    struct peer_message verify = {
        .record_type = DTLS_HANDSHAKE,
        .type = DTLS_HELLO_VERIFY_REQUEST,
        .len = 3 + len,
        .body = {0xfe, 0xff, (uint8_t)len},
    };

    memset(&verify.body[3], 0x61, len);
    start(DTLS_SERVER, ARGS(PSK));
    runner_settle(&r);
    assert_int_equal(r.num_sent, 1);
    first_len = r.sent[0].len;
    memcpy(first, r.sent[0].bytes, first_len);
    runner_forget(&r);
    /* The peer's session begins with the second ClientHello. */
    dtls_record_layer_init(&r.peer.session.records, &r.peer.crypto,
                           &r.peer.counters);
    dtls_record_layer_lend(&r.peer.session.records, &r.peer.records);
    peer_put_message(&r.peer, &r.out, &verify);
    runner_send(&r);
    runner_settle(&r);
    assert_int_equal(r.num_sent, 1);
    assert_int_equal(r.sent[0].len, first_len + len);
    /* Headers, version, random, empty session id, then the cookie. */
    assert_memory_equal(&r.sent[0].bytes[25], &first[25], 35);
    assert_int_equal(r.sent[0].bytes[60], len);
    assert_memory_equal(&r.sent[0].bytes[61], &verify.body[3], len);
    assert_memory_equal(&r.sent[0].bytes[61 + len], &first[61],
                        first_len - 61);
    runner_handshake(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void cookies_have_up_to_255_bytes(void **state)
{
    (void)state;
    proves("D6347-4.2.1-9");
    answer_with_cookie(0);
    answer_with_cookie(1);
    answer_with_cookie(32);
    answer_with_cookie(255);
}

static void a_server_asks_for_a_cookie_if_told_to(void **state)
{
    (void)state;
    start(DTLS_CLIENT, ARGS(PSK, "-cookie"));
    runner_handshake(&r);
    assert_int_equal(r.peer.session.hs.cookie_len, 32);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

/* --- what the flags ask for
 * ---------------------------------------------------- */

static void check_export(const char *label, const char *context)
{
    uint8_t expected[100];
    struct dtls_bytes bytes = {0};

    start(DTLS_SERVER, context == NULL
                           ? ARGS(PSK, "-export-keying-material", "100",
                                  "-export-label", label)
                           : ARGS(PSK, "-export-keying-material", "100",
                                  "-export-label", label, "-export-context",
                                  context, "-use-export-context"));
    runner_handshake(&r);
    runner_hand(&r);
    assert_int_equal(r.peer.num_data, 1);
    assert_int_equal(r.peer.data_len, sizeof expected);
    if (context != NULL) {
        bytes = dtls_bytes_of((const uint8_t *)context, strlen(context));
    }
    assert_int_equal(dtls_session_export(&r.peer.session, expected,
                                         sizeof expected, label,
                                         context != NULL ? &bytes : NULL),
                     DTLS_OK);
    assert_memory_equal(r.peer.data, expected, sizeof expected);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
}

static void keying_material_comes_first(void **state)
{
    (void)state;
    proves("D5705-4-1");
    check_export("EXPERIMENTAL label", NULL);
    check_export("EXPERIMENTAL label", "");
    check_export("EXPERIMENTAL label", "context");
    check_export("", NULL);
}

static void it_writes_first_if_told_to(void **state)
{
    (void)state;
    start(DTLS_CLIENT, ARGS(PSK, "-shim-writes-first"));
    runner_handshake(&r);
    runner_hand(&r);
    assert_int_equal(r.peer.data_len, 5);
    assert_memory_equal(r.peer.data, "hello", 5);
    runner_succeeds(&r);
}

static void it_sends_an_alert_if_told_to(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-send-alert", "-shim-writes-first"));
    runner_handshake(&r);
    runner_hand(&r);
    assert_int_equal(r.peer.num_data, 0);
    assert_int_equal(r.peer.session.phase, DTLS_PHASE_FAILED);
    runner_fails(&r, ":SHIM_SENT_ALERT:", 30);
}

static void it_sends_tls_unique_if_told_to(void **state)
{
    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-tls-unique"));
    runner_handshake(&r);
    runner_hand(&r);
    assert_int_equal(r.peer.data_len, DTLS_VERIFY_DATA_LEN);
    assert_memory_equal(r.peer.data, r.peer.session.hs.client_verify_data,
                        DTLS_VERIFY_DATA_LEN);
    runner_succeeds(&r);
}

static void it_closes_with_and_without_a_word(void **state)
{
    (void)state;
    for (int polite = 0; polite <= 1; polite++) {
        kit_row("%s", polite ? "with a close_notify awaited" : "without");
        start(DTLS_SERVER,
              polite ? ARGS(PSK, "-shim-shuts-down", "-check-close-notify")
                     : ARGS(PSK, "-shim-shuts-down"));
        runner_handshake(&r);
        runner_hand(&r);
        assert_int_equal(r.peer.session.phase,
                         polite ? DTLS_PHASE_ENDED : DTLS_PHASE_CONNECTED);
        runner_succeeds(&r);
    }
}

static void expectations_are_checked(void **state)
{
    (void)state;
    start(DTLS_SERVER,
          ARGS(PSK, "-cipher", "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
               "-expect-curve-id", "29", "-expect-extended-master-secret"));
    runner_handshake(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);

    start(DTLS_SERVER,
          ARGS(PSK, "-cipher", "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
               "-expect-curve-id", "23"));
    runner_handshake(&r);
    runner_fails(&r, "-expect-curve-id 23, but it is 29", 0);
}

static void only_dtls_1_2_is_spoken(void **state)
{
    const char *const *const ranges[] = {
        ARGS("-no-tls12", PSK),
        ARGS("-max-version", "65279", PSK),
        ARGS("-min-version", "65276", PSK),
    };

    (void)state;
    for (size_t i = 0; i < LEN(ranges); i++) {
        kit_row("%s", ranges[i][0]);
        start(DTLS_SERVER, ranges[i]);
        assert_int_equal(r.num_sent, 0);
        runner_fails(&r, "", 0);
        assert_int_equal(r.status, 89); /* a run for another version */
    }
    start(DTLS_SERVER, ARGS("-no-tls1", "-no-tls12", "-no-tls13", PSK));
    assert_int_equal(r.num_sent, 0);
    runner_fails(&r, ":NO_SUPPORTED_VERSIONS_ENABLED:", 0);
    assert_int_equal(r.status, 1);
    start(DTLS_SERVER,
          ARGS(PSK, "-min-version", "65279", "-max-version", "65276"));
    runner_handshake(&r);
    runner_succeeds(&r);
}

static void what_it_cannot_do_it_says_with_89(void **state)
{
    const char *const *const unknown[] = {
        ARGS("-no-such-flag"),
        ARGS("-resume-count", "1"),
        ARGS("-srtp-profiles", "SRTP_AES128_CM_SHA1_80"),
        ARGS("-cipher", "DEFAULT:!AES"),
        ARGS("-curves", "4588"),
        ARGS("-curves", "many"),
        ARGS("-expect-curve-id"),
        ARGS("-mtu", "1"),
        ARGS("-on-resume-verify-fail"),
        ARGS(PSK, "-verify-prefs", "4660"),
        ARGS("-new-x509-credential", "-cert-file", "any", "-key-file", "any",
             "-must-match-issuer"),
    };

    (void)state;
    for (size_t i = 0; i < LEN(unknown); i++) {
        kit_row("%s %s", unknown[i][0],
                unknown[i][1] != NULL ? unknown[i][1] : "");
        start(DTLS_CLIENT, unknown[i]);
        runner_fails(&r, "", 0);
        assert_int_equal(r.status, 89);
    }
}

static struct dtls_bytes protocols(const char *list)
{
    return dtls_bytes_of((const uint8_t *)list, strlen(list));
}

static void start_alpn(enum dtls_role role, const char *const *args)
{
    peer_init(&r.peer, role, 0x789a);
    r.peer.config.protocols = protocols("\3two\5three");
    runner_start(&r, args);
}

static void a_protocol_is_agreed_on(void **state)
{
    (void)state;
    proves("D7301-3.1-5");
    start_alpn(DTLS_SERVER, ARGS(PSK, "-advertise-alpn", "\3one\3two",
                                 "-expect-alpn", "two"));
    runner_handshake(&r);
    runner_succeeds(&r);
    start_alpn(DTLS_CLIENT,
               ARGS(PSK, "-select-alpn", "three", "-expect-alpn", "three"));
    runner_handshake(&r);
    runner_succeeds(&r);
    start_alpn(DTLS_CLIENT, ARGS(PSK, "-decline-alpn", "-expect-alpn", ""));
    runner_handshake(&r);
    runner_succeeds(&r);
    start_alpn(DTLS_CLIENT, ARGS(PSK, "-reject-alpn"));
    runner_exchange(&r);
    runner_say_all(&r);
    runner_fails(&r, ":NO_APPLICATION_PROTOCOL:", 120);
}

/* --- certificates -------------------------------------------------------- */

#define FILES(name)                                                           \
    "-cert-file", NXDTLS_PKI_DIR "/" name ".pem", "-key-file",                \
        NXDTLS_PKI_DIR "/" name ".key"

static enum dtls_status accept_all(void *self, const struct dtls_cert *chain,
                                   size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_OK;
}

static struct sim_identity identity; /* the peer's */

/* A peer with a certificate; NULL: every suite.  The key is freed where the
 * shim is judged. */
static void start_with(enum dtls_role role, const char *name,
                       const uint16_t *suite, const char *const *args)
{
    sim_identity_load(&identity, NXDTLS_PKI_DIR, name, true);
    peer_init(&r.peer, role, 0x6789);
    r.peer.config.num_psks = 0;
    r.peer.config.credentials = &identity.credential;
    r.peer.config.verify_chain = accept_all;
    r.peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    if (suite != NULL) {
        r.peer.config.suites = suite;
        r.peer.config.num_suites = 1;
    }
    runner_start(&r, args);
}

static void start_certified(enum dtls_role role, const char *name,
                            const char *const *args)
{
    start_with(role, name, NULL, args);
}

static void succeeds_certified(void)
{
    runner_handshake(&r);
    runner_check_echo(&r, 32);
    runner_succeeds(&r);
    sim_identity_free(&identity);
}

static void fails_certified(const char *token, uint8_t alert)
{
    for (unsigned i = 0; i < 4; i++) {
        kit_row("round %u", i);
        runner_exchange(&r);
        runner_say_all(&r);
    }
    runner_fails(&r, token, alert);
    sim_identity_free(&identity);
}

static void certificates_of_every_kind_work_in_both_roles(void **state)
{
    static const char *const theirs[] = {"ec", "rsa"};

    (void)state;
    for (int role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        kit_row("peer a %s", kit_role(role));
        for (size_t i = 0; i < LEN(theirs); i++) {
            kit_row("peer's certificate %s", theirs[i]);
            start_certified((enum dtls_role)role, theirs[i],
                            ARGS(FILES("rsa"), "-verify-peer"));
            succeeds_certified();
            start_certified(
                (enum dtls_role)role, theirs[i],
                ARGS(FILES("ec"), "-require-any-client-certificate"));
            succeeds_certified();
        }
    }
}

static void a_verdict_chooses_its_alert(void **state)
{
    (void)state;
    for (int role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        kit_row("peer a %s", kit_role(role));
        start_certified((enum dtls_role)role, "ec",
                        ARGS(FILES("ec"), "-verify-peer", "-verify-fail"));
        fails_certified(":CERTIFICATE_VERIFY_FAILED:", 40);
        start_certified((enum dtls_role)role, "ec",
                        ARGS(FILES("ec"), "-verify-peer", "-verify-fail",
                             "-use-custom-verify-callback"));
        fails_certified(":CERTIFICATE_VERIFY_FAILED:", 46);
    }
    /* Nobody asked for a verdict. */
    start_certified(DTLS_SERVER, "ec", ARGS(FILES("ec"), "-verify-fail"));
    succeeds_certified();
}

/* The flags' verdict comes on top of keyUsage.  The peer does not mind its own
 * certificate's. */
static void a_certificate_must_allow_what_its_key_does(void **state)
{
    (void)state;
    start_certified(DTLS_CLIENT, "encipher-only",
                    ARGS(FILES("ec"), "-require-any-client-certificate"));
    identity.credential.cert.has_key_usage = false;
    fails_certified(":UNKNOWN_CERTIFICATE_TYPE:", 43);
}

static void a_client_may_have_to_show_a_certificate(void **state)
{
    (void)state;
    start_certified(DTLS_CLIENT, "ec",
                    ARGS(FILES("ec"), "-require-any-client-certificate"));
    r.peer.config.credentials = NULL;
    fails_certified(":PEER_DID_NOT_RETURN_A_CERTIFICATE:", 40);
    start_certified(DTLS_CLIENT, "ec", ARGS(FILES("ec"), "-verify-peer"));
    r.peer.config.credentials = NULL;
    succeeds_certified();
}

/* The first credential that suits, and the default one when no other does. */
static void a_server_chooses_among_credentials(void **state)
{
    static const uint16_t rsa_suite = 0xc02f;
    static const uint16_t ec_suite = 0xc02b;
    const char *const *const args =
        ARGS(FILES("rsa"), "-new-x509-credential", FILES("ec"),
             "-expect-selected-credential", "0");

    (void)state;
    start_with(DTLS_CLIENT, "ec", &ec_suite, args);
    succeeds_certified();
    start_with(DTLS_CLIENT, "ec", &rsa_suite,
               ARGS(FILES("rsa"), "-new-x509-credential", FILES("ec"),
                    "-expect-selected-credential", "-1"));
    succeeds_certified();
    start_with(DTLS_CLIENT, "ec", &rsa_suite, args);
    runner_handshake(&r);
    runner_fails(&r, "-expect-selected-credential 0, but it is -1", 0);
    sim_identity_free(&identity);
}

static void pairs_are_chosen_and_expected(void **state)
{
    static const uint16_t only_384 = 0x0503;

    (void)state;
    /* Ours signs with what its preferences allow and the peer offers. */
    start_certified(DTLS_CLIENT, "ec",
                    ARGS(FILES("ec"), "-signing-prefs", "1283"));
    runner_handshake(&r);
    assert_int_equal(r.peer.session.hs.peer_sigalg, 0x0503);
    runner_succeeds(&r);
    sim_identity_free(&identity);
    /* The peer's own is what the flag says, or not. */
    start_certified(DTLS_SERVER, "ec",
                    ARGS(FILES("ec"), "-verify-prefs", "1283",
                         "-expect-peer-signature-algorithm", "1283"));
    succeeds_certified();
    start_certified(
        DTLS_SERVER, "ec",
        ARGS(FILES("ec"), "-expect-peer-signature-algorithm", "1283"));
    runner_handshake(&r);
    runner_fails(&r, "-expect-peer-signature-algorithm 1283, but it is 1027",
                 0);
    sim_identity_free(&identity);
    /* The peer could only sign with another. */
    start_certified(DTLS_SERVER, "ec",
                    ARGS(FILES("ec"), "-verify-prefs", "1027"));
    identity.credential.sigalgs = &only_384;
    identity.credential.num_sigalgs = 1;
    fails_certified(":HANDSHAKE_FAILURE_ON_CLIENT_HELLO:", 0);
}

static void a_signature_of_another_kind_is_refused(void **state)
{
    struct peer_message *m;
    size_t at;

    (void)state;
    start_certified(DTLS_SERVER, "ec", ARGS(FILES("ec")));
    m = come_to(DTLS_SERVER_KEY_EXCHANGE);
    at = 4u + m->body[3]; /* curve type, curve, point, then the pair */
    assert_int_equal(m->body[at], 4);
    m->body[at] = 6; /* ecdsa_secp521r1_sha512 was not offered */
    say(m);
    runner_fails(&r, ":WRONG_PARAMETER:", 47);
    sim_identity_free(&identity);
    start_certified(DTLS_SERVER, "ec", ARGS(FILES("ec")));
    m = come_to(DTLS_SERVER_KEY_EXCHANGE);
    m->body[m->len - 1] ^= 1;
    say(m);
    runner_fails(&r, ":BAD_SIGNATURE:", 51);
    sim_identity_free(&identity);
}

/* A client shows a credential only to a server that names its issuer, if it
 * must. */
static void a_credential_may_have_to_match_an_issuer(void **state)
{
    static const uint8_t nobody[] = {0x30, 0x00}; /* an empty Name */
    static const struct dtls_bytes names = {nobody, sizeof nobody};

    (void)state;
    start_certified(DTLS_SERVER, "ec",
                    ARGS(FILES("rsa"), "-new-x509-credential", FILES("ec"),
                         "-must-match-issuer", "-expect-selected-credential",
                         "-1"));
    r.peer.config.authorities = &names;
    r.peer.config.num_authorities = 1;
    succeeds_certified();
    start_certified(DTLS_SERVER, "ec",
                    ARGS(FILES("rsa"), "-new-x509-credential", FILES("ec"),
                         "-must-match-issuer", "-expect-selected-credential",
                         "0"));
    r.peer.config.authorities = &identity.credential.cert.issuer;
    r.peer.config.num_authorities = 1;
    succeeds_certified();
}

/* A server whose flight nobody answers. */
static void silence_does_not_make_datagrams_smaller(void **state)
{
    (void)state;
    start_certified(DTLS_CLIENT, "ec", ARGS(FILES("ec"), "-async"));
    runner_exchange(&r);
    runner_say_all(&r);
    for (unsigned i = 0; i < 5; i++) {
        kit_row("wait %u", i);
        runner_settle(&r);
        assert_in_range(longest_sent(), 509, 1400);
        runner_forget(&r);
        runner_pass(&r, 60000);
    }
    runner_settle(&r);
    succeeds_certified();
}

static void a_record_may_come_255_records_late(void **state)
{
    struct dtls_write_epoch *write = &r.peer.session.records.write[1];
    static const uint64_t numbers[] = {1000, 1000 - 255, 1000 - 256};

    (void)state;
    start(DTLS_SERVER, ARGS(PSK));
    runner_handshake(&r);
    for (size_t i = 0; i < LEN(numbers); i++) {
        kit_row("record number %u", (unsigned)numbers[i]);
        runner_forget(&r);
        write->next_seq = numbers[i];
        peer_put_data(&r.peer, &r.out,
                      dtls_bytes_of((const uint8_t *)"late", 4));
        runner_send(&r);
        runner_settle(&r);
        assert_int_equal(r.num_sent, i < 2);
    }
    runner_succeeds(&r);
}

/* --- what the peer's messages say -----------------------------------------
 */

static void expect_of_client(const char *flag, const char *value, bool met)
{
    char text[64];

    peer_init(&r.peer, DTLS_CLIENT, 0x89ab);
    r.peer.config.protocols = protocols("\3two\5three");
    r.peer.config.server_name = protocols("test");
    runner_start(&r, ARGS(PSK, "-decline-alpn", flag, value));
    runner_handshake(&r);
    if (met) {
        runner_succeeds(&r);
        return;
    }
    (void)snprintf(text, sizeof text, "%s: the peer has said", flag);
    runner_fails(&r, text, 0);
}

static void a_clients_hello_is_looked_at(void **state)
{
    (void)state;
    expect_of_client("-expect-server-name", "test", true);
    expect_of_client("-expect-server-name", "nobody", false);
    expect_of_client("-expect-advertised-alpn", "\3two\5three", true);
    expect_of_client("-expect-advertised-alpn", "\3two", false);
}

/* The name is one of the certificate's. */
static void a_name_need_not_be_acknowledged(void **state)
{
    (void)state;
    for (int quiet = 0; quiet <= 1; quiet++) {
        kit_row("%s", quiet ? "without an acknowledgement" : "with one");
        sim_identity_load(&identity, NXDTLS_PKI_DIR, "ec", true);
        peer_init(&r.peer, DTLS_CLIENT, 0x9abc);
        r.peer.config.verify_chain = accept_all;
        r.peer.config.server_name = protocols("localhost");
        runner_start(&r, quiet ? ARGS(FILES("ec"), "-no-server-name-ack")
                               : ARGS(FILES("ec")));
        runner_handshake(&r);
        assert_int_equal(r.peer.session.hs.agreed.server_name_known, !quiet);
        runner_succeeds(&r);
        sim_identity_free(&identity);
    }
}

static void expect_of_server(const char *flag, const char *value, bool met)
{
    static const uint8_t name_bytes[] = {0x30, 0x02, 0x31, 0x00};
    static const struct dtls_bytes name = {name_bytes, sizeof name_bytes};
    static const uint16_t pair = 0x0403;
    char text[64];

    start_certified(DTLS_SERVER, "ec", ARGS(FILES("ec"), flag, value));
    r.peer.config.authorities = &name;
    r.peer.config.num_authorities = 1;
    r.peer.config.sigalgs = &pair;
    r.peer.config.num_sigalgs = 1;
    runner_handshake(&r);
    if (met) {
        runner_succeeds(&r);
    } else {
        (void)snprintf(text, sizeof text, "%s: the peer has said", flag);
        runner_fails(&r, text, 0);
    }
    sim_identity_free(&identity);
}

static void a_request_for_a_certificate_is_looked_at(void **state)
{
    (void)state;
    expect_of_server("-expect-client-ca-list", "30023100", true);
    expect_of_server("-expect-client-ca-list", "<EMPTY>", false);
    expect_of_server("-expect-peer-verify-pref", "1027", true);
    expect_of_server("-expect-peer-verify-pref", "1283", false);
    expect_of_server("-expect-certificate-types", "AUA=", true); /* 1, 64 */
    expect_of_server("-expect-certificate-types", "AQ==", false);
    expect_of_server("-expect-peer-cert-file", NXDTLS_PKI_DIR "/ec.pem", true);
    expect_of_server("-expect-peer-cert-file", NXDTLS_PKI_DIR "/rsa.pem",
                     false);
}

static void a_server_names_the_cas_that_it_is_told(void **state)
{
    (void)state;
    start_certified(DTLS_CLIENT, "ec",
                    ARGS(FILES("ec"), "-require-any-client-certificate",
                         "-use-client-ca-list", "30023100,3000"));
    identity.credential.must_match_issuer = true;
    fails_certified(":PEER_DID_NOT_RETURN_A_CERTIFICATE:", 40);
    start_certified(DTLS_CLIENT, "ec",
                    ARGS(FILES("ec"), "-require-any-client-certificate",
                         "-use-client-ca-list", "<EMPTY>"));
    succeeds_certified();
    start(DTLS_CLIENT, ARGS(PSK, "-use-client-ca-list", "3"));
    runner_fails(&r, "", 0);
    assert_int_equal(r.status, 89);
}

/* A ServerHello cut behind its compression method has no extensions. */
static void a_server_without_renegotiation_info_may_be_refused(void **state)
{
    struct peer_message *m;

    (void)state;
    start(DTLS_SERVER, ARGS(PSK, "-no-legacy-server-connect"));
    m = come_to(DTLS_SERVER_HELLO);
    m->len = 38;
    say(m);
    runner_fails(&r, ":UNSAFE_LEGACY_RENEGOTIATION_DISABLED:", 40);
    start(DTLS_SERVER, ARGS(PSK, "-no-legacy-server-connect"));
    runner_handshake(&r);
    runner_succeeds(&r);
}

/* --- the program --------------------------------------------------------- */

static void append(const char *from, const char *to)
{
    static uint8_t bytes[16 << 20];
    int in = open(from, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_APPEND, 0700);
    ssize_t len;

    assert_true(in >= 0 && out >= 0);
    while ((len = read(in, bytes, sizeof bytes)) > 0) {
        assert_true(write(out, bytes, (size_t)len) == len);
    }
    assert_int_equal(len, 0);
    (void)close(in);
    (void)close(out);
}

/* In a folder with nothing but its files, started from elsewhere. */
static void it_needs_nothing_but_its_files(void **state)
{
    char folder[] = "/tmp/bogo-alone-XXXXXX";
    char program[64];
    char cert[64];
    char key[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(program, sizeof program, "%s/shim", folder);
    (void)snprintf(cert, sizeof cert, "%s/cert.pem", folder);
    (void)snprintf(key, sizeof key, "%s/key.pem", folder);
    append(NXDTLS_BOGO_SHIM, program);
    append(NXDTLS_PKI_DIR "/ec.pem", cert);
    append(NXDTLS_PKI_DIR "/ec.key", key);
    r.program = program;
    start_certified(DTLS_CLIENT, "ec",
                    ARGS("-cert-file", cert, "-key-file", key));
    r.program = NULL;
    succeeds_certified();
    (void)unlink(program);
    (void)unlink(cert);
    (void)unlink(key);
    assert_int_equal(rmdir(folder), 0);
}

/* Writes `num` copies of a certificate to a new file. */
static void make_chain(char *path, size_t num)
{
    int out = mkstemp(path);

    assert_true(out >= 0);
    (void)close(out);
    for (size_t i = 0; i < num; i++) {
        kit_row("copy %zu", i);
        append(NXDTLS_PKI_DIR "/ec.pem", path);
    }
}

static void a_chain_that_it_has_no_room_for_is_refused_with_89(void **state)
{
    static const char key[] = NXDTLS_PKI_DIR "/ec.key";
    char path[] = "/tmp/bogo-chain-XXXXXX";

    (void)state;
    make_chain(path, BOGO_CHAIN_MAX + 1);
    start(DTLS_CLIENT, ARGS("-cert-file", path, "-key-file", key));
    runner_fails(&r, "", 0);
    assert_int_equal(r.status, 89);
    assert_int_equal(unlink(path), 0);
}

static void a_list_of_suites_may_be_long(void **state)
{
    static const char name[] = "TLS_PSK_WITH_AES_128_CCM_8:";
    enum { NAMES = 1000 };
    static char list[NAMES * (sizeof name - 1) + 1];

    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        memcpy(&list[i * (sizeof name - 1)], name, sizeof name);
    }
    list[sizeof list - 2] = '\0'; /* the last colon */
    start(DTLS_CLIENT, ARGS(PSK, "-cipher", list));
    runner_handshake(&r);
    runner_succeeds(&r);
}

/* Before any test the runner asks whether the shim knows one of its modes. */
static void it_knows_no_handshaker(void **state)
{
    char line[16] = "";
    FILE *out = popen(NXDTLS_BOGO_SHIM " -is-handshaker-supported", "r");

    (void)state;
    assert_non_null(out);
    assert_non_null(fgets(line, sizeof line, out));
    assert_string_equal(line, "No\n");
    assert_int_equal(pclose(out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_echoes_in_both_roles),
        cmocka_unit_test(a_record_of_2_to_the_14_bytes_is_echoed),
        cmocka_unit_test(an_unanswered_flight_goes_out_again_at_its_deadline),
        cmocka_unit_test(a_timer_that_is_nearly_due_is_due),
        cmocka_unit_test(a_raised_timeout_stays_or_not),
        cmocka_unit_test(the_initial_timeout_can_be_chosen),
        cmocka_unit_test(the_thirteenth_expiry_is_the_end),
        cmocka_unit_test(a_part_of_a_flight_leaves_the_timer_alone),
        cmocka_unit_test(a_new_mtu_counts_for_retransmissions),
        cmocka_unit_test(every_datagram_may_come_twice),
        cmocka_unit_test(fragments_of_two_bytes_may_come_in_any_order),
        cmocka_unit_test(records_may_share_a_datagram),
        cmocka_unit_test(a_wrong_mac_is_no_reason_to_stop),
        cmocka_unit_test(a_stray_change_cipher_spec_is_dropped),
        cmocka_unit_test(data_before_finished_is_dropped),
        cmocka_unit_test(a_finished_in_the_clear_does_not_finish),
        cmocka_unit_test(warnings_are_read_and_forgotten),
        cmocka_unit_test(a_fatal_alert_has_its_name),
        cmocka_unit_test(a_byte_too_many_or_too_few_is_a_decode_error),
        cmocka_unit_test(a_message_of_another_type_is_unexpected),
        cmocka_unit_test(a_wrong_finished_is_no_finished),
        cmocka_unit_test(another_finished_is_unexpected),
        cmocka_unit_test(fragments_that_disagree_do_not_meet),
        cmocka_unit_test(a_version_below_1_2_is_refused),
        cmocka_unit_test(a_suite_that_nobody_offered_is_refused),
        cmocka_unit_test(without_a_common_suite_there_is_no_handshake),
        cmocka_unit_test(cookies_have_up_to_255_bytes),
        cmocka_unit_test(a_server_asks_for_a_cookie_if_told_to),
        cmocka_unit_test(keying_material_comes_first),
        cmocka_unit_test(it_writes_first_if_told_to),
        cmocka_unit_test(it_sends_an_alert_if_told_to),
        cmocka_unit_test(it_sends_tls_unique_if_told_to),
        cmocka_unit_test(it_closes_with_and_without_a_word),
        cmocka_unit_test(expectations_are_checked),
        cmocka_unit_test(only_dtls_1_2_is_spoken),
        cmocka_unit_test(what_it_cannot_do_it_says_with_89),
        cmocka_unit_test(a_protocol_is_agreed_on),
        cmocka_unit_test(certificates_of_every_kind_work_in_both_roles),
        cmocka_unit_test(a_verdict_chooses_its_alert),
        cmocka_unit_test(a_certificate_must_allow_what_its_key_does),
        cmocka_unit_test(a_client_may_have_to_show_a_certificate),
        cmocka_unit_test(a_server_chooses_among_credentials),
        cmocka_unit_test(pairs_are_chosen_and_expected),
        cmocka_unit_test(a_signature_of_another_kind_is_refused),
        cmocka_unit_test(a_credential_may_have_to_match_an_issuer),
        cmocka_unit_test(silence_does_not_make_datagrams_smaller),
        cmocka_unit_test(a_record_may_come_255_records_late),
        cmocka_unit_test(a_clients_hello_is_looked_at),
        cmocka_unit_test(a_name_need_not_be_acknowledged),
        cmocka_unit_test(a_request_for_a_certificate_is_looked_at),
        cmocka_unit_test(a_server_names_the_cas_that_it_is_told),
        cmocka_unit_test(a_server_without_renegotiation_info_may_be_refused),
        cmocka_unit_test(it_needs_nothing_but_its_files),
        cmocka_unit_test(a_chain_that_it_has_no_room_for_is_refused_with_89),
        cmocka_unit_test(a_list_of_suites_may_be_long),
        cmocka_unit_test(it_knows_no_handshaker),
    };

    return kit_run(tests);
}
