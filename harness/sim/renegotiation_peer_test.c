/* SPDX-License-Identifier: MIT */
/* A renegotiation with a peer that holds the keys and says what it likes, and
 * with an attacker who does not (RFC 5746). */
#include "kit/kit.h"

#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

static struct dtls_session *session(int which)
{
    return &pair.ends[which].session;
}

static void connect_suites(const uint16_t *suites, size_t num)
{
    sim_pair_init(&pair, 31);
    for (int i = 0; i < 2 && num != 0; i++) {
        pair.ends[i].config.suites = suites;
        pair.ends[i].config.num_suites = num;
    }
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
}

static void connect_pair(void)
{
    connect_suites(NULL, 0);
}

static void ask(int which)
{
    assert_int_equal(dtls_session_renegotiate(session(which), pair.net.now),
                     DTLS_OK);
}

static void run(void)
{
    sim_pair_drain(&pair, pair.net.now + 900);
}

static void check_alive(void)
{
    for (int i = 0; i < 2; i++) {
        pair.ends[i].data_len = 0;
        assert_int_equal(sim_pair_say(&pair, !i, dtls_bytes_of("ping", 4)),
                         DTLS_OK);
    }
    run();
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pair.ends[i].data_len, 4);
        assert_memory_equal(pair.ends[i].data, "ping", 4);
    }
}

/* Sends a record of `from`'s under its own keys, whatever it thinks of it. */
static void seal(int from, uint16_t epoch, uint8_t type,
                 struct dtls_bytes plain)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_int_equal(dtls_record_layer_seal(&session(from)->records, &out,
                                            epoch, type, plain),
                     DTLS_OK);
    sim_send(&pair.net, from, !from, dtls_buf_bytes(&out));
}

static void seal_fragment(int from, const struct dtls_fragment *fragment)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_true(dtls_fragment_put_header(&out, fragment) &&
                dtls_put_bytes(&out, fragment->body));
    seal(from, session(from)->records.write_epoch, DTLS_HANDSHAKE,
         dtls_buf_bytes(&out));
}

static void seal_message(int from, uint8_t type, uint16_t seq,
                         struct dtls_bytes body)
{
    struct dtls_fragment whole = {.type = type,
                                  .message_len = (uint32_t)body.len,
                                  .seq = seq,
                                  .body = body};

    seal_fragment(from, &whole);
}

/* What a scripted hello says. */
struct hello {
    const char *cookie; /* hex; NULL: none */
    uint16_t suite;
    bool scsv;
    bool no_info;
    bool no_ems;
    size_t info_len; /* of `info` */
    uint8_t info[40];
};

static struct hello right_hello(bool server)
{
    const struct dtls_agreed *last = &session(SIM_CLIENT)->hs.agreed;
    struct hello hello = {.suite = 0xc0a8, .info_len = server ? 24 : 12};

    memcpy(hello.info, last->client_verify_data, 12);
    memcpy(hello.info + 12, last->server_verify_data, 12);
    return hello;
}

static void put_extensions(struct dtls_buf *out, const struct hello *hello,
                           bool server)
{
    struct dtls_extensions ext = {0};

    ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET] = !hello->no_ems;
    ext.present[DTLS_EXT_RENEGOTIATION_INFO] = !hello->no_info;
    ext.data[DTLS_EXT_RENEGOTIATION_INFO] =
        dtls_bytes_of(hello->info, hello->info_len);
    assert_true(dtls_extensions_put(out, &ext, server));
}

static const uint8_t random_bytes[DTLS_RANDOM_LEN] = {0x52, 0x53};

static void put_client_hello(struct dtls_buf *out, const struct hello *hello)
{
    static const uint8_t null_compression[] = {0};
    struct kit_hex cookie = kit_hex(hello->cookie ? hello->cookie : "");
    uint8_t suite_bytes[4];
    struct dtls_buf suites = {suite_bytes, 0, sizeof suite_bytes};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .cookie = kit_hex_bytes(&cookie),
        .compression = dtls_bytes_of(null_compression, 1),
    };

    assert_true(
        dtls_put_u16(&suites, hello->suite) &&
        (!hello->scsv || dtls_put_u16(&suites, DTLS_SCSV_RENEGOTIATION)));
    m.suites = dtls_buf_bytes(&suites);
    assert_true(dtls_client_hello_put(out, &m));
    put_extensions(out, hello, false);
}

static void say_client_hello(const struct hello *hello)
{
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    put_client_hello(&body, hello);
    seal_message(SIM_CLIENT, DTLS_CLIENT_HELLO, 0, dtls_buf_bytes(&body));
}

static void say_server_hello(const struct hello *hello)
{
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_server_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .suite = hello->suite,
    };

    assert_true(dtls_server_hello_put(&body, &m));
    put_extensions(&body, hello, true);
    seal_message(SIM_SERVER, DTLS_SERVER_HELLO, 0, dtls_buf_bytes(&body));
}

static bool drop_from(void *self, unsigned number, int from,
                      struct dtls_bytes datagram)
{
    const int *mute = self;

    (void)number;
    return from == *mute && datagram.data[0] != DTLS_APPLICATION_DATA;
}

/* A server hears the hello; what does it think of it? */
static enum dtls_status server_says(const struct hello *hello)
{
    enum dtls_status verdict;

    say_client_hello(hello);
    run();
    verdict = session(SIM_SERVER)->failure;
    if (verdict == DTLS_OK) {
        assert_true(session(SIM_SERVER)->renegotiating);
        assert_int_equal(session(SIM_SERVER)->hs.flight.num_messages, 2);
    } else {
        assert_int_equal(session(SIM_CLIENT)->peer_alert[0], 2);
        assert_int_equal(session(SIM_CLIENT)->peer_alert[1], 40);
        assert_int_equal(session(SIM_SERVER)->state, DTLS_FAILED);
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
        hello = begin_client_hello();
        hello.info_len = len;
        assert_int_equal(server_says(&hello),
                         len == 12 ? DTLS_OK : DTLS_RENEGOTIATION_INFO);
    }
    for (size_t bit = 0; bit < 96; bit++) {
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
        for (int wrong = 0; wrong < 2; wrong++) {
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

    pair.net.conditions.script = drop_from;
    pair.net.conditions.self = &mute;
    ask(SIM_CLIENT);
    say_server_hello(hello);
    run();
    verdict = session(SIM_CLIENT)->failure;
    assert_int_equal(session(SIM_CLIENT)->state,
                     verdict == DTLS_OK ? DTLS_CONNECTED : DTLS_FAILED);
    if (verdict == DTLS_OK) {
        assert_int_equal(session(SIM_CLIENT)->hs.suite->id, hello->suite);
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
    proves("D5746-3.5-3");
    proves("D5746-3.5-4");
    proves("D9325-3.5-3");
    assert_int_equal(client_says(&hello), DTLS_OK);

    hello = begin_server_hello();
    hello.no_info = true;
    assert_int_equal(client_says(&hello), DTLS_RENEGOTIATION_INFO);
    for (size_t len = 0; len <= 36; len++) {
        hello = begin_server_hello();
        hello.info_len = len;
        assert_int_equal(client_says(&hello),
                         len == 24 ? DTLS_OK : DTLS_RENEGOTIATION_INFO);
    }
    for (size_t bit = 0; bit < 192; bit++) {
        hello = begin_server_hello();
        hello.info[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(client_says(&hello), DTLS_RENEGOTIATION_INFO);
    }
}

/* The ClientHello that a client has in its flight, whatever epoch it is going
 * to be sealed in. */
static struct dtls_bytes hello_of_flight(uint8_t out[512])
{
    const struct dtls_flight *flight = &session(SIM_CLIENT)->hs.flight;
    struct dtls_flight copy = *flight;
    struct dtls_record_layer plain;
    struct dtls_buf buf = {out, 0, 512};

    dtls_record_layer_init(&plain, &pair.crypto);
    copy.messages[0].epoch = 0;
    dtls_flight_rewind(&copy);
    assert_int_equal(dtls_flight_write(&copy, &plain, &buf), DTLS_OK);
    return dtls_bytes_of(
        out + DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN,
        buf.len - DTLS_RECORD_HEADER_LEN - DTLS_FRAGMENT_HEADER_LEN);
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
        ask(SIM_CLIENT);
        assert_int_equal(dtls_client_hello_parse(&m, hello_of_flight(bytes)),
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

    (void)state;
    proves("D5746-3.4-4");
    connect_pair();
    hello = right_hello(true);
    sim_pair_free(&pair);
    sim_pair_init(&pair, 32);
    sim_pair_start(&pair);
    {
        struct dtls_server_hello m = {
            .version = DTLS_VERSION_1_2,
            .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
            .suite = hello.suite,
        };
        struct dtls_message message = {.type = DTLS_SERVER_HELLO};

        assert_true(dtls_server_hello_put(&body, &m));
        put_extensions(&body, &hello, true);
        message.body = dtls_buf_bytes(&body);
        assert_int_equal(
            dtls_handshake_take(&session(SIM_CLIENT)->hs, &message),
            DTLS_RENEGOTIATION_INFO);
    }
    sim_pair_free(&pair);
}

/* What stands in the clear has no weight: not before, not during. */
static void nobody_renegotiates_in_the_clear(void **state)
{
    static const uint8_t types[] = {DTLS_HELLO_REQUEST, DTLS_CLIENT_HELLO,
                                    DTLS_SERVER_HELLO,
                                    DTLS_HELLO_VERIFY_REQUEST, DTLS_FINISHED};
    uint8_t hello_bytes[512];
    struct dtls_buf hello_body = {hello_bytes, 0, sizeof hello_bytes};
    struct hello hello;

    (void)state;
    proves("D6347-4.2.8-5");
    for (int during = 0; during < 2; during++) {
        unsigned sent;

        connect_pair();
        hello = right_hello(false);
        hello_body.len = 0;
        put_client_hello(&hello_body, &hello);
        if (during) {
            ask(SIM_CLIENT);
        }
        for (size_t i = 0; i < LEN(types) * 2 * 4; i++) {
            struct dtls_bytes body = dtls_buf_bytes(&hello_body);
            struct dtls_fragment f = {.type = types[i % LEN(types)],
                                      .seq = (uint16_t)(i / LEN(types) % 4)};
            uint8_t bytes[1024];
            struct dtls_buf out = {bytes, 0, sizeof bytes};
            int to = (int)(i & 1);

            body.len = f.type == DTLS_HELLO_REQUEST ? 0 : body.len;
            f.body = body;
            f.message_len = (uint32_t)body.len;
            assert_true(dtls_record_put_header(
                            &out, DTLS_HANDSHAKE, DTLS_VERSION_1_2, 0,
                            1000 + i, DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                        dtls_fragment_put_header(&out, &f) &&
                        dtls_put_bytes(&out, body));
            sim_send(&pair.net, !to, to, dtls_buf_bytes(&out));
        }
        sent = pair.net.sent;
        run();
        assert_int_equal(pair.net.sent - sent, during ? 4 : 0);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pair.ends[i].renegotiations, during);
            assert_false(session(i)->renegotiating);
            assert_int_equal(session(i)->records.discarded[DTLS_DISCARD_EPOCH],
                             20);
        }
        check_alive();
        sim_pair_free(&pair);
    }
}

static bool never(void *self)
{
    (void)self;
    return false;
}

static void check_refused(int asker)
{
    assert_false(session(asker)->renegotiating);
    assert_int_equal(session(asker)->renegotiated, DTLS_REFUSED);
    assert_int_equal(session(asker)->peer_alert[0], 1);
    assert_int_equal(session(asker)->peer_alert[1], 100);
    assert_int_equal(pair.ends[0].renegotiations, 0);
    assert_int_equal(pair.ends[1].renegotiations, 0);
    assert_int_equal(session(!asker)->state, DTLS_CONNECTED);
    check_alive();
}

static void who_may_not_is_told_so_and_goes_on(void **state)
{
    (void)state;
    proves("D5246-7.2.2-16");
    proves("D5246-7.2.2-6");
    proves("D5246-7.4.1.1-3");
    proves("D5746-5-1");
    for (int asker = 0; asker < 2; asker++) {
        connect_pair();
        pair.ends[!asker].config.renegotiate = never;
        for (int i = 0; i < 2; i++) {
            ask(asker);
            run();
            check_refused(asker);
        }
        pair.ends[!asker].config.renegotiate = NULL;
        ask(asker); /* a refusal is none for ever */
        run();
        assert_int_equal(pair.ends[asker].renegotiations, 1);
        check_alive();
        sim_pair_free(&pair);
    }
}

static void nothing_to_bind_it_to_is_no_renegotiation(void **state)
{
    (void)state;
    proves("D5746-4.2-1");
    proves("D5746-4.2-2");
    proves("D5746-4.4-1");
    for (int asker = 0; asker < 2; asker++) {
        connect_pair();
        session(!asker)->hs.agreed.secure_renegotiation = false;
        ask(asker);
        run();
        check_refused(asker);
        assert_int_equal(
            dtls_session_renegotiate(session(!asker), pair.net.now),
            DTLS_REFUSED);
        sim_pair_free(&pair);
    }
}

/* no_renegotiation is an answer, not something to say at any time. */
static void a_refusal_nobody_asked_for_is_passed_over(void **state)
{
    static const uint8_t warning[] = {1, 100};

    (void)state;
    connect_pair();
    for (int i = 0; i < 2; i++) {
        seal(i, 1, DTLS_ALERT, dtls_bytes_of(warning, 2));
    }
    run();
    ask(SIM_CLIENT);
    while (session(SIM_CLIENT)->hs.step != DTLS_CLIENT_FINISHED) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    seal(SIM_SERVER, 1, DTLS_ALERT, dtls_bytes_of(warning, 2));
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    check_alive();
    sim_pair_free(&pair);
}

static bool drop_new_handshake(void *self, unsigned number, int from,
                               struct dtls_bytes datagram)
{
    struct dtls_span rest = {(uint8_t *)(uintptr_t)datagram.data,
                             datagram.len};
    struct dtls_record record;

    (void)self;
    (void)number;
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        if (from == SIM_CLIENT && record.epoch == 2 &&
            record.type == DTLS_HANDSHAKE) {
            return true;
        }
    }
    return false;
}

/* The server between the client's ChangeCipherSpec and a Finished that never
 * comes: the client writes with the new keys, there is no way back. */
static void a_server_between_the_keys_ends_without_finished(void **state)
{
    (void)state;
    connect_pair();
    pair.ends[SIM_CLIENT].config.mtu = 60; /* Finished alone */
    pair.net.conditions.script = drop_new_handshake;
    ask(SIM_CLIENT);
    sim_pair_drain(&pair, HOUR);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(session(i)->state, DTLS_FAILED);
        assert_int_equal(session(i)->failure, DTLS_TOO_LATE);
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    sim_pair_free(&pair);
}

/* The server is between the client's ChangeCipherSpec and its Finished. */
static void data_of_the_new_epoch_waits_for_finished(void **state)
{
    (void)state;
    proves("D6347-4.1-18");
    proves("D6347-4.1-12");
    proves("D6347-4.2.4-11");
    connect_pair();
    pair.ends[SIM_CLIENT].config.mtu = 60; /* Finished alone */
    pair.net.conditions.script = drop_new_handshake;
    ask(SIM_CLIENT);
    run();
    assert_int_equal(session(SIM_SERVER)->records.read_epoch, 2);
    assert_true(session(SIM_SERVER)->renegotiating);
    assert_true(dtls_session_is_changing_keys(session(SIM_CLIENT)));
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("no", 2)),
                     DTLS_NOT_NOW);
    seal(SIM_CLIENT, 2, DTLS_APPLICATION_DATA, dtls_bytes_of("new", 3));
    seal(SIM_CLIENT, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("old", 3));
    run();
    assert_int_equal(pair.ends[SIM_SERVER].num_data, 1);
    assert_memory_equal(pair.ends[SIM_SERVER].data, "old", 3);
    pair.net.conditions.script = NULL;
    sim_pair_drain(&pair, pair.net.now + 5000);
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    check_alive();
    sim_pair_free(&pair);
}

static void the_old_epoch_is_over_with_finished(void **state)
{
    uint32_t *dropped = session(SIM_CLIENT)->records.discarded;
    static const uint8_t fatal[] = {2, 40};

    (void)state;
    proves("D6347-4.1-10");
    proves("D6347-4.1-11");
    connect_pair();
    ask(SIM_CLIENT);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    assert_int_equal(dropped[DTLS_DISCARD_EPOCH], 0);
    /* The server could still resend its last flight in it. */
    seal(SIM_SERVER, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("late", 4));
    seal(SIM_SERVER, 1, DTLS_ALERT, dtls_bytes_of(fatal, 2));
    run();
    assert_int_equal(dropped[DTLS_DISCARD_EPOCH], 2);
    assert_int_equal(pair.ends[SIM_CLIENT].num_data, 0);
    check_alive();
    sim_pair_free(&pair);
}

/* A Finished that is resent under a fresh number looks like a message of the
 * new handshake, with any number. */
static void a_finished_of_the_last_handshake_takes_no_place(void **state)
{
    static const uint8_t body[DTLS_VERIFY_DATA_LEN] = {0xa1};

    (void)state;
    proves("D6347-4.2.2-8");
    for (int asker = 0; asker < 2; asker++) {
        for (int steps = 0; steps < 5; steps++) {
            connect_pair();
            ask(asker);
            for (int i = 0; i < steps; i++) {
                (void)sim_pair_step(&pair, pair.net.now + 100);
            }
            for (uint16_t seq = 0; seq < 9; seq++) {
                for (int from = 0; from < 2; from++) {
                    if (session(from)->records.write_epoch == 1) {
                        seal_message(from, DTLS_FINISHED, seq,
                                     dtls_bytes_of(body, sizeof body));
                    }
                }
            }
            sim_pair_drain(&pair, pair.net.now + 5000);
            assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
            assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
            check_alive();
            sim_pair_free(&pair);
        }
    }
}

static void a_client_returns_a_cookie_there_as_well(void **state)
{
    static const uint8_t verify[] = {0xfe, 0xff, 3, 0xc1, 0xc2, 0xc3};
    int mute = SIM_CLIENT;
    uint8_t bytes[512];
    struct dtls_client_hello m;

    (void)state;
    proves("D6347-4.2.1-27");
    connect_pair();
    pair.net.conditions.script = drop_from;
    pair.net.conditions.self = &mute;
    ask(SIM_CLIENT);
    run();
    seal_message(SIM_SERVER, DTLS_HELLO_VERIFY_REQUEST, 0,
                 dtls_bytes_of(verify, sizeof verify));
    run();
    assert_int_equal(session(SIM_CLIENT)->hs.hello_seq, 1);
    assert_int_equal(dtls_client_hello_parse(&m, hello_of_flight(bytes)),
                     DTLS_OK);
    assert_true(dtls_bytes_equal(m.cookie, dtls_bytes_of(&verify[3], 3)));
    sim_pair_free(&pair);
}

/* Only a whole HelloRequest with number 0 is one. */
static void what_is_no_hello_request_begins_nothing(void **state)
{
    struct dtls_bytes none = {0};

    (void)state;
    connect_pair();
    seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 1, none);
    seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 0, dtls_bytes_of("x", 1));
    seal_message(SIM_SERVER, DTLS_CLIENT_HELLO, 0, dtls_bytes_of("x", 1));
    seal_message(SIM_CLIENT, DTLS_HELLO_REQUEST, 0, none);
    run();
    for (int i = 0; i < 2; i++) {
        assert_false(session(i)->renegotiating);
        assert_int_equal(pair.ends[i].renegotiations, 0);
        assert_int_equal(session(i)->records.discarded[DTLS_DISCARD_STATE],
                         i == SIM_CLIENT ? 3 : 1);
    }
    check_alive();
    sim_pair_free(&pair);
}

/* Once the client has answered, the flight before the HelloRequest is no more:
 * its Finished asks for nothing. */
static void a_late_finished_does_not_resend_the_next_flight(void **state)
{
    static const uint8_t body[DTLS_VERIFY_DATA_LEN] = {0xa1};
    uint16_t last;

    (void)state;
    connect_pair();
    last = (uint16_t)(session(SIM_SERVER)->hs.in.next_seq - 1);
    ask(SIM_SERVER);
    while (session(SIM_SERVER)->hs.step == DTLS_SERVER_CLIENT_HELLO ||
           !session(SIM_SERVER)->renegotiating) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    for (int i = 0; i < 3; i++) {
        seal_message(SIM_CLIENT, DTLS_FINISHED, last,
                     dtls_bytes_of(body, sizeof body));
    }
    run();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    assert_int_equal(session(SIM_SERVER)->retransmissions, 0);
    check_alive();
    sim_pair_free(&pair);
}

static void a_repeated_hello_request_brings_the_hello_once_more(void **state)
{
    int mute = SIM_CLIENT;
    struct dtls_bytes none = {0};

    (void)state;
    connect_pair();
    pair.net.conditions.script = drop_from;
    pair.net.conditions.self = &mute;
    for (int i = 0; i < 4; i++) {
        seal_message(SIM_SERVER, DTLS_HELLO_REQUEST, 0, none);
        sim_pair_drain(&pair, pair.net.now + 50);
        assert_int_equal(session(SIM_CLIENT)->retransmissions, i == 0 ? 0 : 1);
    }
    sim_pair_free(&pair);
}

static void half_a_hello(void)
{
    struct hello hello = right_hello(false);
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_fragment half = {.type = DTLS_CLIENT_HELLO};

    put_client_hello(&body, &hello);
    half.message_len = (uint32_t)body.len;
    half.body = dtls_bytes_of(bytes, 50);
    seal_fragment(SIM_CLIENT, &half);
}

static void half_a_hello_is_forgotten_in_time(void **state)
{
    uint64_t began;

    (void)state;
    connect_pair();
    half_a_hello();
    run();
    assert_true(session(SIM_SERVER)->renegotiating);
    began = pair.net.now;
    sim_pair_drain(&pair, HOUR);
    assert_false(session(SIM_SERVER)->renegotiating);
    assert_in_range(pair.net.now - began, DTLS_HELLO_MS - 1000, DTLS_HELLO_MS);
    check_alive();
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
        assert_int_equal(pair.ends[i].renegotiations, 1);
        assert_true(session(i)->hs.agreed.encrypt_then_mac);
        assert_true(session(i)->records.write[0].protection.encrypt_then_mac);
        assert_int_equal(session(i)->records.discarded[DTLS_DISCARD_MAC], 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_checks_renegotiation_info),
        cmocka_unit_test(a_cookie_excuses_nothing),
        cmocka_unit_test(a_client_checks_renegotiation_info),
        cmocka_unit_test(a_client_says_what_the_last_handshake_was),
        cmocka_unit_test(a_first_hello_spliced_into_a_session_is_refused),
        cmocka_unit_test(a_renegotiated_hello_does_not_answer_a_first_one),
        cmocka_unit_test(nobody_renegotiates_in_the_clear),
        cmocka_unit_test(who_may_not_is_told_so_and_goes_on),
        cmocka_unit_test(nothing_to_bind_it_to_is_no_renegotiation),
        cmocka_unit_test(a_refusal_nobody_asked_for_is_passed_over),
        cmocka_unit_test(a_server_between_the_keys_ends_without_finished),
        cmocka_unit_test(data_of_the_new_epoch_waits_for_finished),
        cmocka_unit_test(the_old_epoch_is_over_with_finished),
        cmocka_unit_test(a_finished_of_the_last_handshake_takes_no_place),
        cmocka_unit_test(a_client_returns_a_cookie_there_as_well),
        cmocka_unit_test(what_is_no_hello_request_begins_nothing),
        cmocka_unit_test(a_late_finished_does_not_resend_the_next_flight),
        cmocka_unit_test(a_repeated_hello_request_brings_the_hello_once_more),
        cmocka_unit_test(half_a_hello_is_forgotten_in_time),
        cmocka_unit_test(extended_master_secret_is_not_lost),
        cmocka_unit_test(encrypt_then_mac_is_not_lost),
        cmocka_unit_test(encrypt_then_mac_may_be_gained),
        cmocka_unit_test(a_server_stays_who_it_was),
        cmocka_unit_test(a_client_may_show_who_it_is_and_then_stays_it),
    };

    return kit_run(tests);
}
