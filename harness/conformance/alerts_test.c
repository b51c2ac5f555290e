/* SPDX-License-Identifier: MIT */
/* Which alerts our ends send: for each error the one that its RFC names, and
 * never one that is reserved. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello;
static struct peer_message *m;
static struct sim_identity expired, other;

static void load_pki(void)
{
    stage_load_pki();
    sim_identity_load(&expired, NXDTLS_PKI_DIR, "expired", true);
    sim_identity_load(&other, NXDTLS_PKI_DIR, "other", true);
}

static void free_pki(void)
{
    sim_identity_free(&expired);
    sim_identity_free(&other);
    stage_free_pki();
}

/* Tells 40 from all others, and so on: the low byte of a status. */
static enum dtls_status any_of(unsigned alert)
{
    return (enum dtls_status)(DTLS_FATAL | alert);
}

static void prepare(enum dtls_role target, uint16_t suite)
{
    static uint16_t only;

    only = suite;
    stage_init(&s, target, 151);
    stage_suite(&s.peer, &only);
}

static void come_to(uint8_t type)
{
    stage_start(&s);
    m = stage_come_to(&s, type);
}

/* A client of the peer's, before its hello is said. */
static void come_to_client_hello(void)
{
    prepare(DTLS_SERVER, 0xc02f);
    come_to(DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
}

static void come_to_server_hello(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    come_to(DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
}

static void say_hello(void)
{
    hello_put(&s, m, &hello);
    stage_say(&s, m);
}

static void say_data(const void *bytes, size_t len, bool spoilt)
{
    peer_put_data(&s.peer, &s.out, dtls_bytes_of(bytes, len));
    s.out.data[s.out.len - 1] ^= spoilt;
    stage_say_bytes(&s, dtls_buf_bytes(&s.out));
    s.out.len = 0;
}

/* The errors.  Each leaves our end with what it cannot accept. */

static void a_message_of_the_other_end(void)
{
    prepare(DTLS_SERVER, 0xc02f);
    come_to(DTLS_CLIENT_KEY_EXCHANGE);
    m->type = DTLS_SERVER_HELLO_DONE;
    m->len = 0;
    stage_say(&s, m);
}

static void the_last_forgery_that_a_key_bears(void)
{
    struct dtls_protection *p = &s.target.session.records.read[1].protection;

    prepare(DTLS_CLIENT, 0xc02f);
    stage_start(&s);
    stage_connects(&s);
    p->used = dtls_protect_endurance(p).forged - 1;
    say_data("x", 1, true);
}

static void a_record_that_is_too_long(void)
{
    static const uint8_t zeros[513];

    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.record_size_limit = 512;
    s.peer.config.record_size_limit = DTLS_PLAINTEXT_MAX;
    stage_start(&s);
    stage_connects(&s);
    s.peer.session.records.write[1].protection.limit = 0;
    say_data(zeros, sizeof zeros, false);
}

static void no_suite_of_ours(void)
{
    come_to_client_hello();
    hello.client.suites = dtls_bytes_of("\x12\x34", 2);
    say_hello();
}

static void no_certificate_where_one_is_required(void)
{
    prepare(DTLS_SERVER, 0xc02f);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    come_to(DTLS_CERTIFICATE);
    assert_int_equal(m->len, 3);
    stage_say(&s, m);
}

static void a_certificate_whose_signature_is_wrong(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    come_to(DTLS_CERTIFICATE);
    m->body[m->len - 1] ^= 1;
    stage_say(&s, m);
}

/* Shows the peer's own key, as the suite wants it, with this certificate. */
static void show(uint16_t suite, const struct sim_der *der)
{
    struct dtls_buf body;

    prepare(DTLS_CLIENT, suite);
    come_to(DTLS_CERTIFICATE);
    body = (struct dtls_buf){m->body, 0, sizeof m->body};
    assert_true(dtls_put_u24(&body, (uint32_t)der->len + 3) &&
                dtls_put_u24(&body, (uint32_t)der->len) &&
                dtls_put_bytes(&body, dtls_bytes_of(der->bytes, der->len)));
    m->len = body.len;
}

static void a_key_that_the_suite_does_not_use(void)
{
    show(0xc02b, &stage_pki.rsa.cert_der);
    stage_say(&s, m);
}

static enum dtls_status is_revoked(void *self, const struct dtls_cert *chain,
                                   size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_CERTIFICATE_REVOKED;
}

static void a_certificate_that_the_application_knows_to_be_revoked(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.verify_peer = is_revoked;
    come_to(DTLS_CERTIFICATE);
    stage_say(&s, m);
}

static int64_t in_2025(void *self)
{
    (void)self;
    return 1735689600;
}

static void a_certificate_that_has_expired(void)
{
    show(0xc02f, &expired.cert_der);
    s.target.config.unix_time = in_2025;
    stage_say(&s, m);
}

static enum dtls_status is_not_wanted(void *self,
                                      const struct dtls_cert *chain,
                                      size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_CERTIFICATE_REFUSED;
}

static void a_certificate_that_the_application_does_not_want(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.verify_peer = is_not_wanted;
    come_to(DTLS_CERTIFICATE);
    stage_say(&s, m);
}

static void a_suite_that_was_not_offered(void)
{
    come_to_server_hello();
    hello.server.suite = 0x1234;
    say_hello();
}

static void no_null_compression(void)
{
    come_to_client_hello();
    hello.client.compression = dtls_bytes_of("\1", 1);
    say_hello();
}

static void a_certificate_of_an_unknown_ca(void)
{
    show(0xc02f, &other.cert_der);
    stage_say(&s, m);
}

static void a_byte_too_many(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    come_to(DTLS_SERVER_HELLO_DONE);
    m->len = 1;
    stage_say(&s, m);
}

static void a_wrong_signature(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    come_to(DTLS_SERVER_KEY_EXCHANGE);
    m->body[m->len - 1] ^= 1;
    stage_say(&s, m);
}

static void a_wrong_finished(void)
{
    prepare(DTLS_SERVER, 0xc02f);
    come_to(DTLS_FINISHED);
    m->body[0] ^= 1;
    stage_say(&s, m);
}

static void version_1_0_for_a_client(void)
{
    come_to_server_hello();
    hello.server.version = 0xfeff;
    say_hello();
}

static void version_1_0_for_a_server(void)
{
    come_to_client_hello();
    hello.client.version = 0xfeff;
    say_hello();
}

static enum dtls_status no_random(void *self, uint8_t *out, size_t len)
{
    (void)self;
    (void)out;
    (void)len;
    return DTLS_INTERNAL_ERROR;
}

static void no_random_bytes_to_be_had(void)
{
    come_to_client_hello();
    s.target.crypto.random = no_random;
    say_hello();
}

static void a_needless_fallback(void)
{
    come_to_client_hello();
    hello.client.version = 0xfeff;
    hello.client.suites = dtls_bytes_of("\xc0\x2f\x56\x00", 4);
    say_hello();
}

static void an_extension_that_nobody_asked_for(void)
{
    come_to_server_hello();
    hello_add(&hello, 0x1234, "", 0);
    say_hello();
}

static void a_name_that_is_not_known(void)
{
    come_to_client_hello();
    s.target.config.refuse_unknown_name = true;
    hello_add(&hello, 0,
              "\0\x14\0\0\x11"
              "elsewhere.example",
              22);
    say_hello();
}

static enum dtls_status no_staple_will_do(void *self,
                                          struct dtls_bytes response)
{
    (void)self;
    (void)response;
    return DTLS_BAD_CERTIFICATE_STATUS;
}

static void a_staple_that_the_application_does_not_want(void)
{
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.judge_staple = no_staple_will_do;
    come_to(DTLS_SERVER_HELLO_DONE);
    stage_say(&s, m);
}

static void an_identity_that_is_not_known(void)
{
    static const struct dtls_psk stranger = {
        {(const uint8_t *)"stranger", 8}, {(const uint8_t *)"key", 3}, {0}};

    prepare(DTLS_SERVER, 0x00a8);
    s.peer.config.psks = &stranger;
    come_to(DTLS_CLIENT_KEY_EXCHANGE);
    stage_say(&s, m);
}

static void no_protocol_of_ours(void)
{
    come_to_client_hello();
    s.target.config.protocols = dtls_bytes_of("\4coap", 5);
    hello_add(&hello, 16, "\0\5\4mqtt", 7);
    say_hello();
}

static const struct {
    unsigned alert;
    void (*commit)(void);
} errors[] = {
    {10, a_message_of_the_other_end},
    {20, the_last_forgery_that_a_key_bears},
    {22, a_record_that_is_too_long},
    {40, no_suite_of_ours},
    {40, no_certificate_where_one_is_required},
    {42, a_certificate_whose_signature_is_wrong},
    {43, a_key_that_the_suite_does_not_use},
    {44, a_certificate_that_the_application_knows_to_be_revoked},
    {45, a_certificate_that_has_expired},
    {46, a_certificate_that_the_application_does_not_want},
    {47, a_suite_that_was_not_offered},
    {47, no_null_compression},
    {48, a_certificate_of_an_unknown_ca},
    {50, a_byte_too_many},
    {51, a_wrong_signature},
    {51, a_wrong_finished},
    {70, version_1_0_for_a_client},
    {70, version_1_0_for_a_server},
    {80, no_random_bytes_to_be_had},
    {86, a_needless_fallback},
    {110, an_extension_that_nobody_asked_for},
    {112, a_name_that_is_not_known},
    {113, a_staple_that_the_application_does_not_want},
    {115, an_identity_that_is_not_known},
    {120, no_protocol_of_ours},
};

static void each_error_has_the_alert_of_its_rfc(void **state)
{
    (void)state;
    proves("D5246-7.2.2-4");
    for (size_t i = 0; i < LEN(errors); i++) {
        kit_row("alert %u", errors[i].alert);
        errors[i].commit();
        stage_fails(&s, any_of(errors[i].alert));
    }
}

/* Nothing is left that could answer: no flight, no timer, no keys. */
static void assert_is_gone(void)
{
    static const uint8_t zeros[DTLS_MASTER_LEN];
    const struct dtls_session *t = &s.target.session;

    assert_int_equal(t->phase, DTLS_PHASE_FAILED);
    assert_int_equal(t->hs.flight.num_messages, 0);
    assert_true(dtls_session_deadline(t) == DTLS_NEVER);
    assert_memory_equal(t->hs.master, zeros, DTLS_MASTER_LEN);
    assert_memory_equal(t->hs.agreed.master, zeros, DTLS_MASTER_LEN);
}

/* The association is over with its alert; what is refused again meets no
 * state. */
static void what_comes_again_after_the_alert_meets_nobody(void **state)
{
    static const struct {
        const char *name;
        void (*commit)(void);
    } bad_messages[] = {
        {"of the other end", a_message_of_the_other_end},
        {"certificate", a_certificate_whose_signature_is_wrong},
        {"byte too many", a_byte_too_many},
        {"signature", a_wrong_signature},
        {"Finished", a_wrong_finished},
        {"version for a client", version_1_0_for_a_client},
        {"version for a server", version_1_0_for_a_server},
    };

    (void)state;
    proves("D6347-4.2.7-2");
    for (size_t i = 0; i < LEN(bad_messages); i++) {
        size_t num;

        kit_row("bad message: %s", bad_messages[i].name);
        bad_messages[i].commit();
        stage_listen_alone(&s);
        assert_is_gone();
        num = s.num_records;
        assert_int_equal(s.records[num - 1].type, DTLS_ALERT);
        s.target.now += 2000;
        stage_say(&s, m);
        stage_listen_alone(&s);
        assert_int_equal(s.num_records, num);
        assert_is_gone();
        stage_end(&s);
    }
}

/* A record of a handshake in the clear, with one fragment. */
static void say_fragment(uint8_t type, uint32_t message_len, uint16_t seq,
                         size_t len)
{
    uint8_t bytes[64] = {0};
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = type,
                                     .message_len = message_len,
                                     .seq = seq,
                                     .body = {bytes, len}};

    assert_true(dtls_fragment_put_header(&content, &fragment));
    stage_say_record(&s, 0, DTLS_HANDSHAKE,
                     dtls_bytes_of(bytes, content.len + len));
}

/* Half a dozen messages that are good for nothing.  The next one in order is
 * not among them: that ends the handshake at once. */
static void say_bad_messages(const struct peer_message *old)
{
    uint16_t next = s.target.session.hs.in.next_seq;

    stage_say_record(&s, 0, DTLS_HANDSHAKE, dtls_bytes_of("no message", 10));
    say_fragment(DTLS_SERVER_HELLO_DONE, 10, next, 20);
    say_fragment(DTLS_SERVER_HELLO_DONE, 0, (uint16_t)(next + 100), 0);
    stage_say_record(&s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of("xy", 2));
    stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of("\1\77", 2));
    stage_say(&s, old);
}

/* Whatever it still says is lost. */
static void lose_output(void)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        assert_int_equal(dtls_session_write(&s.target.session, &out), DTLS_OK);
    } while (out.len != 0);
}

static void who_sends_bad_messages_for_long_is_left(void **state)
{
    static struct peer_message old;

    (void)state;
    proves("D6347-4.2.7-3");
    for (enum dtls_role role = DTLS_CLIENT; role <= DTLS_SERVER; role++) {
        unsigned rounds = 0;

        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        stage_start(&s);
        /* Of the flight that ours answers, or is to answer; all of it. */
        old = *stage_come_to(&s, role == DTLS_CLIENT ? DTLS_SERVER_HELLO
                                                     : DTLS_CLIENT_HELLO);
        stage_say(&s, &old);
        if (role == DTLS_CLIENT) {
            old.type = DTLS_HELLO_VERIFY_REQUEST; /* that would be a start */
        }
        while (dtls_session_is_opening(&s.target.session) && rounds < 10000) {
            kit_row("round %u", rounds);
            s.target.now += 50;
            say_bad_messages(&old);
            s.target.event =
                dtls_session_expire(&s.target.session, s.target.now);
            lose_output();
            rounds++;
        }
        assert_int_equal(s.target.session.failure, DTLS_TOO_LATE);
        assert_true(rounds > 1000);
        /* 1, 2, 4 .. 60 s for ten retries; a repeat arms the timer once. */
        assert_true(s.target.now <= 363000 + 64000);
        stage_end(&s);
    }
}

/* Is this a value of enum dtls_status?  The compiler refuses a switch that
 * leaves one out. */
static bool is_status(unsigned value)
{
    switch ((enum dtls_status)value) {
    case DTLS_OK:
    case DTLS_DISCARD:
    case DTLS_NO_ROOM:
    case DTLS_TOO_LATE:
    case DTLS_NOT_NOW:
    case DTLS_CLOSED:
    case DTLS_ALERTED:
    case DTLS_REFUSED:
    case DTLS_IDLE_TOO_LONG:
    case DTLS_TOO_OLD:
    case DTLS_PEER_GONE:
    case DTLS_HANDED_OVER:
    case DTLS_UNEXPECTED_MESSAGE:
    case DTLS_UNKNOWN_MESSAGE:
    case DTLS_UNSUPPORTED_MESSAGE:
    case DTLS_BAD_RECORD_MAC:
    case DTLS_RECORD_OVERFLOW:
    case DTLS_HANDSHAKE_FAILURE:
    case DTLS_NO_COMMON_SUITE:
    case DTLS_NO_PEER_CERTIFICATE:
    case DTLS_NO_LOCAL_CERTIFICATE:
    case DTLS_RENEGOTIATION_INFO:
    case DTLS_NO_MATCHING_PSK:
    case DTLS_HELLO_REFUSED:
    case DTLS_PSK_CHANGED:
    case DTLS_BAD_PROOF:
    case DTLS_BAD_CERTIFICATE:
    case DTLS_CERTIFICATE_SIGNATURE:
    case DTLS_CERTIFICATE_CHANGED:
    case DTLS_CERTIFICATE_NAME:
    case DTLS_UNSUPPORTED_CERTIFICATE:
    case DTLS_UNSUPPORTED_KEY:
    case DTLS_CERTIFICATE_REVOKED:
    case DTLS_CERTIFICATE_EXPIRED:
    case DTLS_CERTIFICATE_NOT_YET_VALID:
    case DTLS_CERTIFICATE_UNKNOWN:
    case DTLS_CERTIFICATE_REFUSED:
    case DTLS_ILLEGAL_PARAMETER:
    case DTLS_BAD_COMPRESSION:
    case DTLS_SUITE_NOT_OFFERED:
    case DTLS_UNKNOWN_CA:
    case DTLS_DECODE_ERROR:
    case DTLS_DECRYPT_ERROR:
    case DTLS_BAD_FINISHED:
    case DTLS_PROTOCOL_VERSION:
    case DTLS_UNKNOWN_VERSION:
    case DTLS_INTERNAL_ERROR:
    case DTLS_MESSAGE_TOO_LONG:
    case DTLS_STORE_EMPTY:
    case DTLS_NO_SIGALGS:
    case DTLS_NO_GROUPS:
    case DTLS_INAPPROPRIATE_FALLBACK:
    case DTLS_UNSUPPORTED_EXTENSION:
    case DTLS_UNRECOGNIZED_NAME:
    case DTLS_BAD_CERTIFICATE_STATUS:
    case DTLS_UNKNOWN_PSK_IDENTITY:
    case DTLS_NO_APPLICATION_PROTOCOL:
        return true;
    case DTLS_FATAL: /* a bit */
        break;
    }
    return false;
}

static bool has_an_error(unsigned alert)
{
    for (size_t i = 0; i < LEN(errors); i++) {
        if (errors[i].alert == alert) {
            return true;
        }
    }
    return false;
}

/* A fatal alert's description is the low byte of a status, and comes from
 * nowhere else (session/session.c): these are all of them, and the errors
 * above bring each onto the wire.  What is neither there nor a warning of ours
 * is never sent; the stage looks at every alert of every conformance test. */
static void no_status_has_an_alert_that_is_reserved(void **state)
{
    size_t num = 0;

    (void)state;
    proves("D5246-7.2.2-7"); /* decryption_failed(21)      */
    proves("D7925-6-3");     /* decompression_failure(30)  */
    proves("D7925-6-1");     /* 21, no_certificate(41), 60 */
    proves("D5246-7.2.2-9"); /* export_restriction(60)     */
    for (unsigned value = 0; value < 0x10000; value++) {
        enum dtls_status status = (enum dtls_status)value;
        unsigned alert = dtls_status_alert(status);

        if (is_status(value) && dtls_status_is_fatal(status)) {
            num++;
            kit_row("status %#06x", value);
            assert_true(has_an_error(alert));
            assert_true(alert != 21 && alert != 30 && alert != 41 &&
                        alert != 60);
        }
    }
    assert_true(num >= LEN(errors));
}

static bool refuse(void *self)
{
    (void)self;
    return false;
}

static void assert_warned(uint8_t description)
{
    stage_listen(&s);
    assert_int_equal(s.peer.session.peer_alert[0], 1);
    assert_int_equal(s.peer.session.peer_alert[1], description);
}

/* There are two, no more, and neither is reserved. */
static void our_warnings_are_close_notify_and_no_renegotiation(void **state)
{
    static const uint8_t hello_request[12] = {0};

    (void)state;
    proves("D7925-6-1");
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.renegotiate = refuse;
    stage_start(&s);
    stage_connects(&s);
    stage_say_record(&s, 1, DTLS_HANDSHAKE,
                     dtls_bytes_of(hello_request, sizeof hello_request));
    assert_warned(100);
    assert_int_equal(dtls_session_close(&s.target.session, s.target.now),
                     DTLS_OK);
    assert_warned(0);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_has_the_alert_of_its_rfc),
        cmocka_unit_test(what_comes_again_after_the_alert_meets_nobody),
        cmocka_unit_test(who_sends_bad_messages_for_long_is_left),
        cmocka_unit_test(no_status_has_an_alert_that_is_reserved),
        cmocka_unit_test(our_warnings_are_close_notify_and_no_renegotiation),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
