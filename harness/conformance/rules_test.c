/* SPDX-License-Identifier: MIT */
/* Where the RFCs leave a choice, or several clauses meet, one rule decides:
 * messages outside a handshake, levels of alerts, versions, lists
 * of which nothing is left, room for what Ed25519 signs. */
#include "conformance/stage.h"
#include "handshake/server_steps.h"

static struct stage s;

#define EACH_ROLE(role)                                                       \
    for (enum dtls_role role = DTLS_CLIENT; role <= DTLS_SERVER; role++)

static void prepare(enum dtls_role role)
{
    static const uint16_t suite = 0x00a8; /* the cheapest */

    stage_init(&s, role, 171);
    stage_suite(&s.target, &suite);
    stage_start(&s);
}

/* The ways to the phases in which a peer's keys are on. */

static void connected(enum dtls_role role)
{
    prepare(role);
    stage_connects(&s);
}

/* A server keeps its last flight until data comes. */
static void just_connected(enum dtls_role role)
{
    prepare(role);
    for (unsigned i = 0; i < 4; i++) {
        for (size_t k = 0; k < s.peer.num_messages; k++) {
            stage_say(&s, &s.peer.messages[k]);
        }
        stage_exchange(&s);
    }
}

/* Lets the peer's own engine say what it has to say. */
static void listen_to_peer(void)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        assert_int_equal(dtls_session_write(&s.peer.session, &out), DTLS_OK);
        stage_say_bytes(&s, dtls_buf_bytes(&out));
    } while (out.len != 0);
}

static void renegotiated(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_renegotiate(&s.target.session, s.target.now),
                     DTLS_OK);
    for (unsigned i = 0; i < 4; i++) {
        stage_listen(&s);
        listen_to_peer();
    }
    stage_listen(&s);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_CONNECTED);
    assert_int_equal(s.target.session.records.read_epoch, 2);
    assert_int_equal(s.target.session.renegotiated, DTLS_OK);
}

static void renegotiating(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_renegotiate(&s.target.session, s.target.now),
                     DTLS_OK);
    stage_listen_alone(&s);
}

static void called_off(enum dtls_role role)
{
    renegotiating(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\1\144", 2));
    assert_int_equal(s.target.session.renegotiated, DTLS_REFUSED);
}

static void closing(enum dtls_role role)
{
    connected(role);
    assert_int_equal(dtls_session_close(&s.target.session, s.target.now),
                     DTLS_OK);
    stage_listen_alone(&s);
}

static void ended(enum dtls_role role)
{
    connected(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\1\0", 2));
    stage_listen_alone(&s);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_ENDED);
}

static void failed(enum dtls_role role)
{
    connected(role);
    stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of("\2\50", 2));
    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
}

static const struct way {
    const char *name;
    void (*to)(enum dtls_role role);
    bool in_order; /* outside a handshake, and a next message is known */
} ways[] = {
    {"connected", connected, true},
    {"just connected", just_connected, true},
    {"renegotiated", renegotiated, true},
    {"renegotiating", renegotiating, false},
    {"called off", called_off, false},
    {"closing", closing, false},
    {"ended", ended, false},
    {"failed", failed, false},
};

/* An empty message under the peer's keys, or a part of it that says nothing
 * about the rest. */
static void say_message(uint8_t type, uint16_t seq, bool whole)
{
    uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {
        .type = type, .seq = seq, .message_len = whole ? 0 : 7};

    assert_true(dtls_fragment_put_header(&out, &fragment));
    stage_say_record(&s, s.peer.session.records.write_epoch, DTLS_HANDSHAKE,
                     dtls_buf_bytes(&out));
}

static uint16_t next_seq(void)
{
    return s.target.session.hs.in.next_seq;
}

/* Every type in every phase: next in order, it is fatal; anything else, the
 * two wishes with number 0 aside, is dropped.  A client may ignore every
 * HelloRequest (RFC 5246, 7.4.1.1), and drops one with another number. */
static void what_is_next_and_no_wish_is_fatal(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            kit_row("%s", ways[w].name);
            for (unsigned type = 0; type < 512 && ways[w].in_order; type++) {
                kit_row("%s message %u", type < 256 ? "whole" : "first part",
                        type & 255);
                ways[w].to(role);
                assert_true(next_seq() > 1);
                say_message((uint8_t)type, next_seq(), type < 256);
                if (role == DTLS_CLIENT &&
                    (type & 255) == DTLS_HELLO_REQUEST) {
                    assert_int_equal(s.target.session.phase,
                                     DTLS_PHASE_CONNECTED);
                    stage_end(&s);
                    continue;
                }
                stage_fails(&s, DTLS_UNEXPECTED_MESSAGE);
            }
        }
    }
}

static void what_is_not_next_is_dropped(void **state)
{
    static const int places[] = {-2, -1, 1, 2, 1000};

    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            kit_row("%s", ways[w].name);
            ways[w].to(role);
            for (unsigned type = 0; type < 256 && ways[w].in_order; type++) {
                for (size_t i = 0; i < LEN(places); i++) {
                    uint32_t had = s.target.counters.discarded_state;
                    int seq = next_seq() + places[i];

                    if (seq == 0 || type == DTLS_FINISHED) {
                        continue; /* a wish; the repeated Finished */
                    }
                    kit_row("message %u, number %d", type, seq);
                    say_message((uint8_t)type, (uint16_t)seq, true);
                    assert_int_equal(s.target.counters.discarded_state,
                                     had + 1);
                }
            }
            if (ways[w].in_order) {
                stage_ignores(&s);
                stage_exchanges_data(&s);
            }
            stage_end(&s);
        }
    }
}

/* Nothing is next in order, or nothing is to be said about it. */
static void without_a_next_message_all_are_dropped(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t w = 0; w < LEN(ways); w++) {
            uint8_t wish = role == DTLS_CLIENT ? (uint8_t)DTLS_HELLO_REQUEST
                                               : (uint8_t)DTLS_CLIENT_HELLO;

            kit_row("%s", ways[w].name);
            if (ways[w].in_order || ways[w].to == renegotiating) {
                continue;
            }
            ways[w].to(role);
            for (unsigned type = 0; type < 256; type++) {
                enum dtls_phase before = s.target.session.phase;

                kit_row("message %u", type);
                if (next_seq() != 0 || type != wish) {
                    say_message((uint8_t)type, next_seq(), true);
                }
                assert_int_equal(s.target.session.phase, before);
            }
            stage_listen_alone(&s);
            if (ways[w].to == called_off) {
                stage_exchanges_data(&s);
            }
            stage_end(&s);
        }
    }
}

static void half_open(enum dtls_role role)
{
    stage_init(&s, role, 171);
    peer_start(&s.target);
    peer_start(&s.peer);
    if (role == DTLS_CLIENT) {
        stage_listen_alone(&s);
    } else {
        peer_take_flight(&s.peer);
        /* A part of the hello makes the session. */
        peer_put_fragment(&s.peer, &s.out,
                          peer_find(&s.peer, DTLS_CLIENT_HELLO), 0, 20);
        stage_say_bytes(&s, dtls_buf_bytes(&s.out));
        s.out.len = 0;
    }
    assert_int_equal(s.target.session.phase, role == DTLS_CLIENT
                                                 ? DTLS_PHASE_HANDSHAKING
                                                 : DTLS_PHASE_HALF_OPEN);
}

static void handshaking(enum dtls_role role)
{
    prepare(role);
    (void)stage_come_to(&s, role == DTLS_CLIENT ? DTLS_SERVER_HELLO_DONE
                                                : DTLS_CLIENT_KEY_EXCHANGE);
}

/* Every level but 1 and 2, with what a warning, a close, a refusal or a fatal
 * alert would say. */
static void say_no_alerts(uint16_t epoch)
{
    static const uint8_t descriptions[] = {0, 40, 80, 90, 100, 200};
    enum dtls_phase before = s.target.session.phase;

    for (unsigned level = 0; level < 256; level++) {
        for (size_t i = 0; i < LEN(descriptions); i++) {
            uint8_t alert[] = {(uint8_t)level, descriptions[i]};
            struct dtls_counters had = s.target.counters;

            if (level == 1 || level == 2) {
                continue;
            }
            kit_row("level %u, description %u", level, descriptions[i]);
            stage_say_record(&s, epoch, DTLS_ALERT, dtls_bytes_of(alert, 2));
            assert_int_equal(s.target.session.phase, before);
            assert_int_equal(s.target.counters.alerts_received,
                             had.alerts_received);
            assert_int_equal(s.target.counters.discarded_state,
                             had.discarded_state + 1);
        }
    }
}

static void an_alert_of_another_level_is_none(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        half_open(role);
        say_no_alerts(0);
        stage_end(&s);
        handshaking(role);
        say_no_alerts(0);
        stage_connects(&s);
        stage_end(&s);
        for (size_t w = 0; w < LEN(ways); w++) {
            size_t num;

            kit_row("%s", ways[w].name);
            ways[w].to(role);
            num = s.num_records;
            say_no_alerts(s.peer.session.records.write_epoch);
            stage_listen_alone(&s);
            assert_int_equal(s.num_records, num);
            stage_end(&s);
        }
    }
}

/* What a server says to each client_version.  DTLS writes a version as its
 * one's complement: the lower the number, the newer.  Below 04 00 are the
 * numbers of SSL 2.0 (00 02), of DTLS before RFC 4347 (01 00), of SSL 3.0 and
 * TLS (03 xx). */
static const struct {
    unsigned first, last;
    enum dtls_status status;
} versions[] = {
    {0x0000, 0x03ff, DTLS_PROTOCOL_VERSION},
    {0x0400, 0xfdff, DTLS_OK},               /* DTLS 2.0 and newer */
    {0xfe00, 0xfefc, DTLS_OK},               /* DTLS 1.3 and newer */
    {0xfefd, 0xfefd, DTLS_OK},               /* DTLS 1.2 */
    {0xfefe, 0xfefe, DTLS_PROTOCOL_VERSION}, /* not assigned */
    {0xfeff, 0xffff, DTLS_PROTOCOL_VERSION}, /* DTLS 1.0, and older */
};

static enum dtls_status status_of(unsigned version)
{
    for (size_t i = 0; i < LEN(versions); i++) {
        if (version >= versions[i].first && version <= versions[i].last) {
            return versions[i].status;
        }
    }
    fail_msg("the table has no row for this version");
    return DTLS_OK;
}

static struct dtls_buf put_hello(uint8_t *room, size_t cap, uint16_t version,
                                 struct dtls_bytes cookie)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {7};
    struct dtls_buf out = {room, 0, cap};
    struct dtls_client_hello m = {
        .version = version,
        .random = dtls_bytes_of(random, sizeof random),
        .cookie = cookie,
        .suites = dtls_bytes_of("\x00\xa8", 2),
        .compression = dtls_bytes_of("", 1),
    };

    assert_true(dtls_client_hello_put(&out, &m));
    return out;
}

/* Shows the hello to the gate, in a record of its own. */
static enum dtls_gate show_gate(struct dtls_listener *listener,
                                struct dtls_buf *reply, uint16_t version,
                                struct dtls_bytes cookie)
{
    static const struct dtls_address peer = {7, {4, 192, 0, 2, 1, 0x12, 0x34}};
    uint8_t body_bytes[256];
    uint8_t bytes[512];
    struct dtls_buf body =
        put_hello(body_bytes, sizeof body_bytes, version, cookie);
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = DTLS_CLIENT_HELLO,
                                     .message_len = (uint32_t)body.len,
                                     .body = dtls_buf_bytes(&body)};
    struct dtls_gate_pass pass;

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_0,
                                       0, 0,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, fragment.body));
    return dtls_listener_gate(listener, reply, &pass, &peer,
                              (struct dtls_span){out.data, out.len}, 5);
}

/* The gate asks every client for its cookie, so that an old one hears the
 * alert; then the choice tells old from new. */
static void every_version_is_answered(void **state)
{
    static struct dtls_listener listener;
    static struct dtls_counters counters;

    (void)state;
    proves("D5246-E.1-2");
    proves("D5246-E.1-3");
    half_open(DTLS_SERVER);
    assert_int_equal(
        dtls_listener_init(&listener, &s.target.crypto, &counters, 0),
        DTLS_OK);
    for (unsigned version = 0; version < 0x10000; version++) {
        uint8_t reply_bytes[128];
        struct dtls_buf reply = {reply_bytes, 0, sizeof reply_bytes};
        uint8_t bytes[256];
        struct dtls_buf body;
        struct dtls_wishes wishes;

        kit_row("version %04x", version);
        assert_int_equal(show_gate(&listener, &reply, (uint16_t)version,
                                   (struct dtls_bytes){0}),
                         DTLS_GATE_REPLY);
        assert_int_equal(
            show_gate(&listener, &reply, (uint16_t)version,
                      dtls_bytes_of(reply_bytes + reply.len - DTLS_COOKIE_LEN,
                                    DTLS_COOKIE_LEN)),
            DTLS_GATE_ACCEPT);
        body = put_hello(bytes, sizeof bytes, (uint16_t)version,
                         (struct dtls_bytes){0});
        assert_int_equal(dtls_server_read_hello(&s.target.session.hs,
                                                dtls_buf_bytes(&body),
                                                &wishes),
                         status_of(version));
    }
    dtls_listener_free(&listener);
    stage_end(&s);
}

/* The same on the wire, at the edges of the table. */
static void the_answer_to_a_newer_version_is_1_2(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * LEN(versions); i++) {
        static struct hello hello;
        struct peer_message *m;
        unsigned version =
            i % 2 == 0 ? versions[i / 2].first : versions[i / 2].last;

        kit_row("version %04x", version);
        stage_init(&s, DTLS_SERVER, 172);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CLIENT_HELLO);
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        hello.client.version = (uint16_t)version;
        hello_put(&s, m, &hello);
        stage_say(&s, m);
        if (status_of(version) != DTLS_OK) {
            stage_fails(&s, DTLS_PROTOCOL_VERSION);
        } else {
            stage_listen_alone(&s);
            hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
            assert_int_equal(hello.server.version, 0xfefd);
            stage_end(&s);
        }
    }
}

/* Lists of which nothing is left: the application's are not empty, but we
 * know, or can use, none of what they name. */

static const uint16_t unknown[] = {0x1234, 0x5678, 0x0000};
static const uint16_t psk_suite = 0xc0a8, ecdhe_psk_suite = 0xccac,
                      rsa_suite = 0x009c, ecdhe_suite = 0xc02f;

static const struct {
    const char *name;
    const uint16_t *suite; /* NULL: unknown ones */
    bool no_sigalgs, no_groups;
    enum dtls_status status;
} emptied[] = {
    {"suites", NULL, false, false, DTLS_NO_COMMON_SUITE},
    {"pairs, ECDHE_RSA", &ecdhe_suite, true, false, DTLS_NO_SIGALGS},
    {"pairs, RSA", &rsa_suite, true, false, DTLS_NO_SIGALGS},
    {"pairs, PSK", &psk_suite, true, false, DTLS_OK},
    {"groups, ECDHE_RSA", &ecdhe_suite, false, true, DTLS_NO_GROUPS},
    {"groups, ECDHE_PSK", &ecdhe_psk_suite, false, true, DTLS_NO_GROUPS},
    {"groups, RSA", &rsa_suite, false, true, DTLS_OK},
    {"groups, PSK", &psk_suite, false, true, DTLS_OK},
    {"both, PSK", &psk_suite, true, true, DTLS_OK},
};

static void an_emptied_list_is_no_offer(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(emptied); i++) {
        struct dtls_config *config = &s.target.config;
        enum dtls_status status;

        kit_row("%s", emptied[i].name);
        stage_init(&s, DTLS_CLIENT, 173);
        stage_suite(&s.target, emptied[i].suite);
        if (emptied[i].suite == NULL) {
            config->suites = unknown;
            config->num_suites = LEN(unknown);
        }
        if (emptied[i].no_sigalgs) {
            config->sigalgs = unknown;
            config->num_sigalgs = LEN(unknown);
        }
        if (emptied[i].no_groups) {
            config->groups = unknown;
            config->num_groups = LEN(unknown);
        }
        status = dtls_session_connect(&s.target.session, &s.target.room, 0);
        assert_int_equal(status, emptied[i].status);
        stage_listen_alone(&s);
        assert_int_equal(s.num_records, status == DTLS_OK ? 1 : 0);
        stage_end(&s);
    }
    /* What is unknown beside others is left out. */
    stage_init(&s, DTLS_CLIENT, 173);
    {
        static const uint16_t groups[] = {0x1234, 23, 0x5678};
        struct hello hello;
        struct dtls_bytes data;

        s.target.config.groups = groups;
        s.target.config.num_groups = LEN(groups);
        peer_start(&s.target);
        stage_listen_alone(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_true(hello_has(&hello, 10, &data));
        kit_assert_hex(data, "00020017");
    }
    stage_end(&s);
}

/* A server's request for a certificate: it can check none of these. */
static void an_emptied_list_is_no_request(void **state)
{
    (void)state;
    stage_init(&s, DTLS_SERVER, 174);
    stage_suite(&s.target, &ecdhe_suite);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    s.target.config.sigalgs = unknown;
    s.target.config.num_sigalgs = LEN(unknown);
    stage_start(&s);
    stage_say(&s, stage_come_to(&s, DTLS_CLIENT_HELLO));
    assert_int_equal(s.target.session.failure, DTLS_NO_SIGALGS);
    stage_listen_alone(&s);
    assert_int_equal(s.num_records, 1); /* no hello before the alert */
    stage_fails(&s, DTLS_NO_SIGALGS);
}

/* Ed25519 signs the messages themselves, which need room of ours. */

static struct sim_identity client_ed25519;
static struct sim_anchor root_ed25519;

static void authenticate_in(enum dtls_role role, size_t room)
{
    stage_init(&s, role, 175);
    stage_suite(&s.target, &ecdhe_suite);
    s.target.room.peer_certs.len = room;
    if (role == DTLS_SERVER) {
        s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        s.target.config.anchors = &root_ed25519.item;
        s.peer.config.credentials = &client_ed25519.credential;
    } else {
        s.peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
        s.peer.config.anchors = &root_ed25519.item;
        s.target.config.credentials = &client_ed25519.credential;
    }
    stage_start(&s);
    for (unsigned i = 0; i < 4; i++) {
        for (size_t k = 0; k < s.peer.num_messages; k++) {
            stage_say(&s, &s.peer.messages[k]);
        }
        stage_exchange(&s);
    }
}

static bool was_asked(void)
{
    struct dtls_certificate_request request;

    assert_int_equal(dtls_certificate_request_parse(
                         &request, stage_said(&s, DTLS_CERTIFICATE_REQUEST)),
                     DTLS_OK);
    return dtls_u16_list_has(request.sigalgs, DTLS_SIGALG_ED25519);
}

/* Every size of the room, for both ends: what is missing is ours, so we never
 * call the peer's signature wrong, nor make one that is. */
static void ed25519_without_room_is_our_error(void **state)
{
    (void)state;
    EACH_ROLE(role)
    {
        unsigned connected_in = 0, not_asked = 0, too_small = 0;

        kit_row("target a %s", kit_role(role));
        for (size_t room = 0; room < 4000; room += 7) {
            enum dtls_status failure;

            kit_row("target a %s, room %zu", kit_role(role), room);
            authenticate_in(role, room);
            failure = s.target.session.failure;
            if (dtls_session_is_connected(&s.target.session)) {
                assert_int_equal(s.peer.session.phase, DTLS_PHASE_CONNECTED);
                connected_in++;
                stage_end(&s);
            } else if (role == DTLS_SERVER && !was_asked()) {
                assert_int_equal(failure, DTLS_NO_PEER_CERTIFICATE);
                not_asked++;
                stage_end(&s);
            } else {
                too_small++;
                stage_fails(&s, DTLS_MESSAGE_TOO_LONG);
            }
        }
        assert_true(connected_in > 0 && too_small > 0);
        assert_true(role == DTLS_CLIENT || not_asked > 0);
    }
}

/* Who has not been asked and signs with it anyway is wrong. */
static void ed25519_that_was_not_asked_for_is_illegal(void **state)
{
    struct peer_message *m;

    (void)state;
    stage_init(&s, DTLS_SERVER, 176);
    stage_suite(&s.target, &ecdhe_suite);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.target.config.sigalgs = &(const uint16_t){0x0401};
    s.target.config.num_sigalgs = 1;
    s.peer.config.credentials = &stage_pki.client_rsa.credential;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE_VERIFY);
    memcpy(m->body, "\x08\x07", 2);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

/* Its timer fires, and in the same millisecond come the client's last flight,
 * data, for which the server gives its own last flight back, and Finished once
 * more. */
static void a_finished_in_the_instant_of_a_resend_is_answered(void **state)
{
    static struct peer_message finished;
    struct peer_message *key;
    size_t before;

    (void)state;
    proves("D6347-4.2.4-8");
    prepare(DTLS_SERVER);
    key = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    finished = *peer_find(&s.peer, DTLS_FINISHED);
    stage_pass(&s);
    stage_listen_alone(&s);
    stage_say(&s, key);
    stage_say_rest(&s, key);
    stage_listen(&s);
    stage_exchanges_data(&s);
    before = s.num_records;
    stage_say(&s, &finished);
    stage_listen_alone(&s);
    assert_int_equal(s.num_records, before + 2);
    assert_int_equal(s.records[before].type, DTLS_CHANGE_CIPHER_SPEC);
    assert_int_equal(s.records[before + 1].epoch, 1);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_next_and_no_wish_is_fatal),
        cmocka_unit_test(what_is_not_next_is_dropped),
        cmocka_unit_test(without_a_next_message_all_are_dropped),
        cmocka_unit_test(an_alert_of_another_level_is_none),
        cmocka_unit_test(every_version_is_answered),
        cmocka_unit_test(the_answer_to_a_newer_version_is_1_2),
        cmocka_unit_test(an_emptied_list_is_no_offer),
        cmocka_unit_test(an_emptied_list_is_no_request),
        cmocka_unit_test(ed25519_without_room_is_our_error),
        cmocka_unit_test(ed25519_that_was_not_asked_for_is_illegal),
        cmocka_unit_test(a_finished_in_the_instant_of_a_resend_is_answered),
    };
    int failed_tests;

    stage_load_pki();
    sim_identity_load(&client_ed25519, NXDTLS_PKI_DIR, "client-ed25519", true);
    sim_anchor_load(&root_ed25519, NXDTLS_PKI_DIR, "root-ed25519");
    failed_tests = kit_run(tests);
    sim_identity_free(&client_ed25519);
    stage_free_pki();
    return failed_tests;
}
