/* SPDX-License-Identifier: MIT */
/* Stapled OCSP responses (RFC 6066, 8): who asks, who staples, where it
 * stands, and what the application says about it. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello;
static struct peer_message *m;

enum { STATUS_REQUEST = 5 };

static const uint8_t response[] = {0x30, 0x03, 0x0a, 0x01, 0x00};

/* What judge_staple has seen, and what it is to say. */
static struct seen {
    unsigned times;
    uint8_t bytes[16];
    size_t len;
    enum dtls_status answer;
} seen;

static enum dtls_status judge(void *self, struct dtls_bytes bytes)
{
    (void)self;
    seen.times++;
    assert_true(bytes.len <= sizeof seen.bytes);
    memcpy(seen.bytes, bytes.len == 0 ? response : bytes.data, bytes.len);
    seen.len = bytes.len;
    return seen.answer;
}

static void prepare(enum dtls_role target, bool asks, bool staples)
{
    static const uint16_t suite = 0xc02f;
    struct peer *client = target == DTLS_CLIENT ? &s.target : &s.peer;

    seen = (struct seen){.answer = DTLS_OK};
    stage_init(&s, target, 151);
    stage_suite(&s.peer, &suite);
    stage_suite(&s.target, &suite);
    client->config.judge_staple = asks ? judge : NULL;
    stage_pki.rsa.credential.staple =
        staples ? dtls_bytes_of(response, sizeof response)
                : (struct dtls_bytes){0};
}

/* The types of the messages that the target has said in the clear, in order,
 * without the hellos. */
static void check_flight(const uint8_t *types, size_t num)
{
    size_t at = 0;

    for (size_t i = 0; i < s.num_records; i++) {
        const struct stage_record *r = &s.records[i];

        kit_row("record %zu", i);
        if (r->type == DTLS_HANDSHAKE && r->epoch == 0 &&
            r->body[0] > DTLS_HELLO_VERIFY_REQUEST) {
            assert_true(at < num);
            assert_int_equal(r->body[0], types[at]);
            at++;
        }
    }
    assert_int_equal(at, num);
}

static void a_client_asks_only_if_its_application_judges(void **state)
{
    struct dtls_bytes value;

    (void)state;
    proves("D6066-8-4");
    for (int asks = 0; asks < 2; asks++) {
        kit_row("%s", asks ? "asks" : "does not ask");
        prepare(DTLS_CLIENT, asks, false);
        stage_start(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_int_equal(hello_has(&hello, STATUS_REQUEST, &value), asks);
        if (asks) {
            kit_assert_hex(value, "01 0000 0000");
        }
        stage_end(&s);
    }
}

static void a_server_staples_what_it_is_asked_for(void **state)
{
    static const uint8_t with[] = {DTLS_CERTIFICATE, DTLS_CERTIFICATE_STATUS,
                                   DTLS_SERVER_KEY_EXCHANGE,
                                   DTLS_SERVER_HELLO_DONE};
    static const uint8_t without[] = {
        DTLS_CERTIFICATE, DTLS_SERVER_KEY_EXCHANGE, DTLS_SERVER_HELLO_DONE};
    static const struct {
        const char *asked; /* NULL: not at all */
        bool has, staples;
    } rows[] = {
        {NULL, true, false},
        {"01 0000 0000", false, false},
        {"01 0000 0000", true, true},
        {"01 0006 0004a1a2a3a4 0002 3000", true, true},
        {"02 0000 0000", true, false},
        {"02", true, false},
        {"63 616263", true, false},
    };
    struct dtls_bytes value;

    (void)state;
    proves("D6066-8-1");
    proves("D6066-8-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct kit_hex asked =
            kit_hex(rows[i].asked == NULL ? "" : rows[i].asked);

        kit_row("row %zu", i);
        prepare(DTLS_SERVER, false, rows[i].has);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CLIENT_HELLO);
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        if (rows[i].asked != NULL) {
            hello_add(&hello, STATUS_REQUEST, asked.data, asked.len);
        }
        hello_put(&s, m, &hello);
        stage_say(&s, m);
        stage_listen_alone(&s);
        hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
        assert_int_equal(hello_has(&hello, STATUS_REQUEST, &value),
                         rows[i].staples);
        if (rows[i].staples) {
            assert_int_equal(value.len, 0);
            check_flight(with, LEN(with));
            kit_assert_hex(stage_said(&s, DTLS_CERTIFICATE_STATUS),
                           "01 000005 30030a0100");
        } else {
            check_flight(without, LEN(without));
        }
        stage_end(&s);
    }
}

/* Both Finished are over it; so is the signature of a client whose transcript
 * keeps the messages themselves. */
static void the_staple_is_part_of_the_handshake(void **state)
{
    static struct sim_identity ed25519;

    (void)state;
    proves("D6066-1.1-1");
    proves("D6066-8-1");
    sim_identity_load(&ed25519, NXDTLS_PKI_DIR, "client-ed25519", true);
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        for (int signs = 0; signs < 2; signs++) {
            static struct sim_anchor root;
            struct peer *client = target == DTLS_CLIENT ? &s.target : &s.peer;
            struct peer *server = target == DTLS_CLIENT ? &s.peer : &s.target;

            kit_row("%s, %s", kit_role(target), signs ? "signs" : "");
            prepare((enum dtls_role)target, true, true);
            if (signs) {
                sim_anchor_load(&root, NXDTLS_PKI_DIR, "root-ed25519");
                client->config.credentials = &ed25519.credential;
                server->config.anchors = &root.item;
                server->config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
            }
            stage_start(&s);
            stage_connects(&s);
            assert_int_equal(seen.times, 1);
            assert_int_equal(seen.len, sizeof response);
            assert_memory_equal(seen.bytes, response, sizeof response);
            stage_end(&s);
        }
    }
    sim_identity_free(&ed25519);
}

static void a_staple_that_the_application_refuses_is_alert_113(void **state)
{
    (void)state;
    proves("D6066-8-2");
    prepare(DTLS_CLIENT, true, true);
    seen.answer = DTLS_BAD_CERTIFICATE_STATUS;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE_STATUS);
    stage_say(&s, m);
    stage_fails(&s, DTLS_BAD_CERTIFICATE_STATUS);
    assert_int_equal(seen.times, 1);
}

/* A server that announces one and sends none, or does not know the extension:
 * the application decides. */
static void without_a_staple_the_application_decides(void **state)
{
    (void)state;
    proves("D6066-8-5");
    proves("D6066-8-90");
    proves("D6066-8-91");
    for (int announced = 0; announced < 2; announced++) {
        for (int accepts = 0; accepts < 2; accepts++) {
            kit_row("announced %d, accepts %d", announced, accepts);
            prepare(DTLS_CLIENT, true, false);
            seen.answer = accepts ? DTLS_OK : DTLS_BAD_CERTIFICATE_STATUS;
            stage_start(&s);
            m = stage_come_to(&s, DTLS_SERVER_HELLO);
            hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
            if (announced) {
                hello_add(&hello, STATUS_REQUEST, NULL, 0);
            }
            hello_put(&s, m, &hello);
            stage_say(&s, m);
            if (accepts) {
                stage_say_rest(&s, m);
                stage_connects(&s);
                stage_end(&s);
            } else {
                m = stage_come_to(&s, DTLS_SERVER_HELLO_DONE);
                stage_say(&s, m);
                stage_fails(&s, DTLS_BAD_CERTIFICATE_STATUS);
            }
            assert_int_equal(seen.times, 1);
            assert_int_equal(seen.len, 0);
        }
    }
}

static void a_malformed_staple_is_a_decode_error(void **state)
{
    static const char *const bodies[] = {
        "",          "01",           "02 000001 a1",   "01 000000",
        "01 000001", "01 000002 a1", "01 000001 a1a2", "00 000001 a1"};

    (void)state;
    proves("D6066-8-2");
    for (size_t i = 0; i < LEN(bodies); i++) {
        struct kit_hex body = kit_hex(bodies[i]);

        kit_row("%s", bodies[i]);
        prepare(DTLS_CLIENT, true, true);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CERTIFICATE_STATUS);
        memcpy(m->body, body.data, body.len);
        m->len = body.len;
        stage_change(&s);
        stage_say(&s, m);
        stage_fails(&s, DTLS_DECODE_ERROR);
        assert_int_equal(seen.times, 0);
    }
}

/* One response, directly behind the certificates. */
static void a_second_staple_is_unexpected(void **state)
{
    (void)state;
    proves("D6066-8-3");
    prepare(DTLS_CLIENT, true, true);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE_STATUS);
    stage_say(&s, m);
    m->seq++;
    stage_say(&s, m);
    stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_asks_only_if_its_application_judges),
        cmocka_unit_test(a_server_staples_what_it_is_asked_for),
        cmocka_unit_test(the_staple_is_part_of_the_handshake),
        cmocka_unit_test(a_staple_that_the_application_refuses_is_alert_113),
        cmocka_unit_test(without_a_staple_the_application_decides),
        cmocka_unit_test(a_malformed_staple_is_a_decode_error),
        cmocka_unit_test(a_second_staple_is_unexpected),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
