/* SPDX-License-Identifier: MIT */
/* Extensions in whole handshakes.  Each is played absent, good, and wrong in
 * every way, with the alert that must follow; and the effect of good ones is
 * tested. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */
static struct sim_identity ec;
static struct sim_identity raw;
static struct sim_identity elsewhere;
static struct sim_identity chain[3];
static struct sim_anchor root;

static const uint16_t psk_suite[] = {0xc0a8};
static const uint16_t cert_suite[] = {0xc02b};
static const uint16_t rsa_suite[] = {0xc02f};

static void init(const uint16_t *suite)
{
    sim_pair_init(&pair, 31);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &ec.credential;
}

/* Plays the handshake to its end on both sides.  Returns the alert that ended
 * it, or 0 if both are connected. */
static unsigned run(void)
{
    sim_pair_start(&pair);
    if (sim_pair_run(&pair, HOUR)) {
        return 0;
    }
    sim_pair_drain(&pair, HOUR);
    for (int i = 0; i < 2; i++) {
        if (pair.ends[i].session.failure == DTLS_ALERTED) {
            return pair.ends[i].session.peer_alert[1];
        }
    }
    return 0xffff;
}

/* What an end writes after it has received one whole message in one record of
 * epoch 0. */
struct reply {
    uint8_t bytes[1500];
    struct dtls_buf out;
    enum dtls_event event;
};

static void tell(struct reply *reply, int to, uint16_t version, uint8_t type,
                 struct dtls_bytes body)
{
    struct dtls_session *s = &pair.ends[to].session;
    uint8_t bytes[2048];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {
        .type = type, .message_len = (uint32_t)body.len, .body = body};
    struct dtls_span datagram;
    struct dtls_span data;

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, version, 0, 0,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, body));
    datagram = (struct dtls_span){bytes, out.len};
    reply->event = dtls_session_read(s, &datagram, &data, 0);
    reply->out = (struct dtls_buf){reply->bytes, 0, sizeof reply->bytes};
    assert_int_equal(dtls_session_write(s, &reply->out), DTLS_OK);
}

/* Returns the description if the reply is one fatal alert in the clear, else
 * 0. */
static unsigned alert_in(const struct reply *reply)
{
    struct dtls_span in = {reply->out.data, reply->out.len};
    struct dtls_record record;

    if (dtls_record_next(&in, &record) != DTLS_OK ||
        record.type != DTLS_ALERT) {
        return 0;
    }
    assert_int_equal(record.epoch, 0);
    assert_int_equal(record.body.len, 2);
    assert_int_equal(record.body.data[0], 2);
    assert_int_equal(reply->event, DTLS_EVENT_FAILED);
    return record.body.data[1];
}

/* Sends our server an acceptable ClientHello whose extensions are `block`,
 * which includes its length. */
static void say_client_hello(struct reply *reply, uint16_t version,
                             struct dtls_bytes session_id, const char *suites,
                             struct dtls_bytes block)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x61};
    static const uint8_t null_compression[] = {0};
    struct kit_hex list = kit_hex(suites);
    uint8_t bytes[1500];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_client_hello m = {
        .version = version,
        .random = {random, sizeof random},
        .session_id = session_id,
        .suites = kit_hex_bytes(&list),
        .compression = {null_compression, 1},
    };

    dtls_session_accept(&pair.ends[SIM_SERVER].session,
                        &pair.ends[SIM_SERVER].room,
                        &(struct dtls_gate_pass){0}, pair.net.now);
    assert_true(dtls_client_hello_put(&body, &m) &&
                dtls_put_bytes(&body, block));
    tell(reply, SIM_SERVER,
         version == DTLS_VERSION_1_0 ? version : DTLS_VERSION_1_2,
         DTLS_CLIENT_HELLO, dtls_buf_bytes(&body));
}

static void say_server_hello(struct reply *reply, uint16_t suite,
                             struct dtls_bytes block)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x62};
    uint8_t bytes[1500];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_server_hello m = {.version = DTLS_VERSION_1_2,
                                  .random = {random, sizeof random},
                                  .suite = suite};

    sim_pair_start(&pair);
    reply->out = (struct dtls_buf){reply->bytes, 0, sizeof reply->bytes};
    assert_int_equal(
        dtls_session_write(&pair.ends[SIM_CLIENT].session, &reply->out),
        DTLS_OK); /* its hello is out */
    assert_true(dtls_server_hello_put(&body, &m) &&
                dtls_put_bytes(&body, block));
    tell(reply, SIM_CLIENT, DTLS_VERSION_1_2, DTLS_SERVER_HELLO,
         dtls_buf_bytes(&body));
}

/* A good value of each extension; NULL: it must not be in that message. */
struct row {
    const char *name;
    uint16_t type;
    const char *client;
    const char *server;
    bool always; /* our client always offers it */
    bool any;    /* a client's may have any length */
};

static const struct row rows[] = {
    {"server_name", 0, "000c 00 0009 6c6f63616c686f7374", "", false, false},
    {"status_request", 5, "01 0000 0000", "", false, false},
    {"max_fragment_length", 1, "02", "02", false, false},
    {"supported_groups", 10, "0002 0017", NULL, false, false},
    {"ec_point_formats", 11, "01 00", "01 00", false, false},
    {"signature_algorithms", 13, "0002 0403", NULL, false, false},
    {"use_srtp", 14, "0004 0007 0001 00", "0002 0001 00", false, false},
    {"alpn", 16, "0003 02 6832", "0003 02 6832", false, false},
    {"client_certificate_type", 19, "02 0200", "02", false, false},
    {"server_certificate_type", 20, "02 0200", "02", false, false},
    {"encrypt_then_mac", 22, "", "", false, false},
    {"extended_master_secret", 23, "", "", true, false},
    {"record_size_limit", 28, "4000", "4000", false, false},
    {"session_ticket", 35, "", "", false, true},
    {"signature_algorithms_cert", 50, "0002 0403", NULL, false, false},
    {"connection_id", 54, "02 c1d2", "02 c1d2", false, false},
    {"rrc", 61, "", "", false, false},
    {"ecjpake_key_kp_pair", 256, "01 02 03", "01 02 03", false, true},
    {"renegotiation_info", 0xff01, "00", "00", true, false},
};
_Static_assert(LEN(rows) == DTLS_EXT_COUNT, "an extension has no row here");

enum form { GOOD, EMPTY, SHORT, LONG, CUT, TWICE, AFTER_BLOCK, FORMS };
static const char *const form_names[FORMS] = {
    "good",    "empty", "one byte short",         "one byte long",
    "cut off", "twice", "a byte behind the block"};

/* Appends the extension, its value shortened or lengthened by `change`. */
static void put_extension(struct dtls_buf *out, const struct row *row,
                          const char *value, int change)
{
    struct kit_hex data = kit_hex(value);

    data.len += (size_t)change; /* -1 wraps, as size_t does */
    assert_true(dtls_put_u16(out, row->type) &&
                dtls_put_vec16(out, kit_hex_bytes(&data)));
}

/* Makes the extensions of a hello, with their length: this extension only. */
static struct dtls_bytes make_block(struct dtls_buf *out,
                                    const struct row *row, const char *value,
                                    enum form form)
{
    size_t mark;

    assert_true(dtls_put_open16(out, &mark));
    put_extension(out, row, form == EMPTY ? "" : value,
                  form == SHORT  ? -1
                  : form == LONG ? 1
                                 : 0);
    if (form == TWICE) {
        put_extension(out, row, value, 0);
    }
    out->len -= form == CUT; /* the block ends inside the extension */
    assert_true(dtls_put_close16(out, mark));
    if (form == AFTER_BLOCK) {
        assert_true(dtls_put_u8(out, 0));
    }
    return dtls_buf_bytes(out);
}

/* Returns the alert that must follow; 0: the handshake continues. */
static unsigned expected_alert(const char *value, enum form form)
{
    switch (form) {
    case GOOD:
        return 0;
    case EMPTY:
        return *value == '\0' ? 0 : 50;
    case TWICE:
        return 47;
    case SHORT:
    case LONG:
    case CUT:
    case AFTER_BLOCK:
    case FORMS:
        break;
    }
    return 50;
}

static void check(const struct row *row, const char *who, enum form form,
                  unsigned alert, unsigned expected)
{
    if (alert != expected) {
        fail_msg("%s of a %s, %s: alert %u, not %u", row->name, who,
                 form_names[form], alert, expected);
    }
}

static void every_extension_of_a_client_gets_its_alert(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4-4");
    proves("D5246-7.4.1.4-7");
    proves("D5764-4.1.1-5");
    proves("D7250-4.1-2");
    proves("D8446-4.2.3-95");
    proves("D9146-3-12");
    proves("D9853-3-1");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].name);
        for (enum form form = GOOD; form < FORMS; form++) {
            uint8_t bytes[128];
            struct dtls_buf out = {bytes, 0, sizeof bytes};
            struct reply reply;

            kit_row("%s", form_names[form]);
            if (form == SHORT && *rows[i].client == '\0') {
                continue;
            }
            init(psk_suite);
            say_client_hello(&reply, DTLS_VERSION_1_2, (struct dtls_bytes){0},
                             "c0a8",
                             make_block(&out, &rows[i], rows[i].client, form));
            check(&rows[i], "client", form, alert_in(&reply),
                  rows[i].any &&
                          (form == LONG || form == SHORT || form == EMPTY)
                      ? 0
                      : expected_alert(rows[i].client, form));
            sim_pair_free(&pair);
        }
    }
}

static enum dtls_status accept_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    (void)response;
    return DTLS_OK;
}

/* The client offers every extension; the server answers one wrongly. */
static void every_extension_of_a_server_gets_its_alert(void **state)
{
    static const uint8_t h2[] = {2, 'h', '2'};
    static const uint16_t suites[] = {0xc023, 0xc0a8, 0xc0ff};
    static const uint16_t srtp[] = {DTLS_SRTP_AES128_CM_HMAC_SHA1_80};
    static struct dtls_client_session memory;

    (void)state;
    proves("D5077-3.2-9");
    proves("D5246-7.4.1.4-2");
    proves("D5764-4.1.1-5");
    proves("D6066-3-8");
    proves("D7250-4.1-2");
    proves("D7301-3.1-4");
    proves("D9146-3-12");
    proves("D9853-3-1");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].name);
        for (enum form form = GOOD; form < FORMS; form++) {
            const char *value =
                rows[i].server == NULL ? rows[i].client : rows[i].server;
            struct dtls_config *client = &pair.ends[SIM_CLIENT].config;
            uint8_t bytes[128];
            struct dtls_buf out = {bytes, 0, sizeof bytes};
            struct reply reply;
            unsigned expected = expected_alert(value, form);

            kit_row("%s", form_names[form]);
            if (form == SHORT && *value == '\0') {
                continue;
            }
            if (rows[i].server == NULL && form != CUT && form != AFTER_BLOCK) {
                expected = 110; /* in the wrong message */
            }
            if (rows[i].type == 256 && form != CUT && form != AFTER_BLOCK) {
                expected = 47; /* beside another suite */
            }
            init(suites);
            client->num_suites = 3;
            client->server_name = dtls_bytes_of("localhost", 9);
            client->protocols = dtls_bytes_of(h2, sizeof h2);
            client->max_fragment_length = 1024;
            client->record_size_limit = 16384;
            client->resume = &memory;
            client->connection_ids = true;
            client->raw_keys = true;
            client->judge_staple = accept_staple;
            client->srtp_profiles = srtp;
            client->num_srtp_profiles = LEN(srtp);
            client->credentials = &raw.credential;
            say_server_hello(&reply, 0xc023,
                             make_block(&out, &rows[i], value, form));
            check(&rows[i], "server", form, alert_in(&reply), expected);
            sim_pair_free(&pair);
        }
    }
}

/* The server sends good extensions that the client did not offer, and unknown
 * types. */
static void what_a_server_says_unasked_is_alert_110(void **state)
{
    static const struct row strange[] = {
        {"unknown", 0x2345, "", "", false, false},
    };

    (void)state;
    proves("D5246-7.4.1.4-2");
    proves("D5764-4.1.1-7");
    proves("D9146-3-15");
    for (size_t i = 0; i < LEN(rows) + LEN(strange); i++) {
        const struct row *row =
            i < LEN(rows) ? &rows[i] : &strange[i - LEN(rows)];
        uint8_t bytes[128];
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        struct reply reply;

        kit_row("%s", row->name);
        if (row->server == NULL) {
            continue;
        }
        init(psk_suite);
        say_server_hello(&reply, 0xc0a8,
                         make_block(&out, row, row->server, GOOD));
        check(row, "server, unasked", GOOD, alert_in(&reply),
              row->always ? 0 : 110);
        sim_pair_free(&pair);
    }
}

static void a_hello_without_a_block_or_with_an_empty_one_is_fine(void **state)
{
    struct kit_hex blocks[] = {kit_hex(""), kit_hex("0000")};
    struct reply reply;

    (void)state;
    proves("D5246-7.4.1.2-9");
    for (size_t i = 0; i < LEN(blocks); i++) {
        kit_row("%s", i == 0 ? "no block" : "an empty block");
        init(psk_suite);
        say_client_hello(&reply, DTLS_VERSION_1_2, (struct dtls_bytes){0},
                         "c0a8", kit_hex_bytes(&blocks[i]));
        assert_int_equal(alert_in(&reply), 0);
        assert_int_equal(pair.ends[SIM_SERVER].session.hs.step,
                         DTLS_SERVER_CLIENT_KEY_EXCHANGE);
        sim_pair_free(&pair);
    }
}

/* The client offers a session id and a ticket.  Our server resumes nothing and
 * plays a full handshake. */
static void an_offer_to_resume_gets_a_full_handshake(void **state)
{
    static const uint8_t id[DTLS_SESSION_ID_MAX] = {0x71, 0x72};
    static const char *const blocks[] = {"0000", "0004 0023 0000",
                                         "0007 0023 0003 a1a2a3"};

    (void)state;
    proves("D5077-3.2-3");
    proves("D5077-3.2-4");
    proves("D5077-3.3-2");
    for (size_t i = 0; i < LEN(blocks); i++) {
        kit_row("block %s", blocks[i]);
        struct kit_hex block = kit_hex(blocks[i]);
        struct dtls_server_hello m;
        struct dtls_fragment fragment;
        struct dtls_record record;
        struct dtls_bytes payload;
        struct dtls_span in;
        struct reply reply;

        init(psk_suite);
        say_client_hello(&reply, DTLS_VERSION_1_2,
                         dtls_bytes_of(id, sizeof id), "c0a8",
                         kit_hex_bytes(&block));
        in = (struct dtls_span){reply.out.data, reply.out.len};
        assert_int_equal(dtls_record_next(&in, &record), DTLS_OK);
        payload = dtls_span_bytes(record.body);
        assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
        assert_int_equal(fragment.type, DTLS_SERVER_HELLO);
        assert_int_equal(dtls_server_hello_parse(&m, fragment.body), DTLS_OK);
        assert_int_equal(m.session_id.len, 0);
        assert_int_equal(m.extensions.len, 0); /* nothing else was offered */
        assert_int_equal(dtls_record_next(&in, &record), DTLS_OK);
        payload = dtls_span_bytes(record.body);
        assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
        assert_int_equal(fragment.type, DTLS_SERVER_HELLO_DONE);
        assert_int_equal(in.len, 0);
        sim_pair_free(&pair);
    }
}

static void a_fallback_below_1_2_is_alert_86(void **state)
{
    static const struct {
        uint16_t version;
        const char *suites;
        unsigned alert;
    } cases[] = {
        {DTLS_VERSION_1_2, "c0a8 5600", 0},
        {DTLS_VERSION_1_2, "5600", 40},
        {DTLS_VERSION_1_0, "c0a8 5600", 86},
        {DTLS_VERSION_1_0, "c0a8", 70},
        {0xfefc, "c0a8 5600", 0},
    };
    struct reply reply;

    (void)state;
    proves("D7507-2-1");
    proves("D7507-3-1");
    proves("D7507-3-2");
    proves("D7507-3-3");
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("version %04x, suites %s", cases[i].version, cases[i].suites);
        init(psk_suite);
        say_client_hello(&reply, cases[i].version, (struct dtls_bytes){0},
                         cases[i].suites, (struct dtls_bytes){0});
        assert_int_equal(alert_in(&reply), cases[i].alert);
        /* The record of the alert has a version that its reader knows. */
        assert_int_equal(reply.bytes[1] << 8 | reply.bytes[2],
                         cases[i].version == DTLS_VERSION_1_0
                             ? DTLS_VERSION_1_0
                             : DTLS_VERSION_1_2);
        sim_pair_free(&pair);
    }
}

/* ALPN. */

static void set_protocols(int end, const char *list)
{
    pair.ends[end].config.protocols = dtls_bytes_of(list, strlen(list));
}

static void check_protocol(const char *expected)
{
    for (int i = 0; i < 2; i++) {
        struct dtls_bytes got = pair.ends[i].session.hs.protocol;

        kit_row("the %s", kit_role(i));
        assert_int_equal(got.len, strlen(expected));
        assert_memory_equal(got.data, expected, got.len);
    }
}

static void the_server_chooses_the_protocol(void **state)
{
    (void)state;
    proves("D9325-3.8-1");
    proves("D7301-3.1-3");
    proves("D7301-3.2-1");
    init(psk_suite);
    set_protocols(SIM_CLIENT, "\4coap\2h2\4mqtt");
    set_protocols(SIM_SERVER, "\3foo\4mqtt\4coap");
    assert_int_equal(run(), 0);
    check_protocol("mqtt");
    sim_pair_free(&pair);
}

static void without_a_common_protocol_it_is_alert_120(void **state)
{
    (void)state;
    proves("D9325-3.8-2");
    proves("D7301-3.2-2");
    init(psk_suite);
    set_protocols(SIM_CLIENT, "\2h2");
    set_protocols(SIM_SERVER, "\3h2c\1h");
    assert_int_equal(run(), 120);
    assert_int_equal(pair.ends[SIM_SERVER].session.failure,
                     DTLS_NO_APPLICATION_PROTOCOL);
    sim_pair_free(&pair);
}

static void an_end_without_protocols_stays_silent_about_them(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row("protocols of the %s", kit_role(i));
        init(psk_suite);
        set_protocols(i, "\2h2");
        assert_int_equal(run(), 0);
        assert_int_equal(pair.ends[0].session.hs.protocol.len, 0);
        assert_int_equal(pair.ends[1].session.hs.protocol.len, 0);
        sim_pair_free(&pair);
    }
}

static void a_protocol_that_was_not_offered_is_illegal(void **state)
{
    static const struct row other = {"alpn",         16,    "",
                                     "0003 02 6833", false, false};
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct reply reply;

    (void)state;
    proves("D7301-3.1-5");
    proves("D9325-3.8-3");
    init(psk_suite);
    set_protocols(SIM_CLIENT, "\2h2");
    say_server_hello(&reply, 0xc0a8,
                     make_block(&out, &other, other.server, GOOD));
    assert_int_equal(alert_in(&reply), 47);
    sim_pair_free(&pair);
}

/* server_name. */

static void a_name_of_the_certificate_is_acknowledged(void **state)
{
    static const struct {
        const char *name;
        bool required;
        bool known;
        unsigned alert;
    } cases[] = {
        {"localhost", true, true, 0},    {"LocalHost", true, true, 0},
        {"localhost.", true, true, 0},   {"elsewhere", false, false, 0},
        {"elsewhere", true, false, 112}, {"127.0.0.1", true, false, 0},
        {"::1", true, false, 0},         {"", true, false, 0},
    };

    (void)state;
    proves("D6066-3-1");
    proves("D6066-3-3");
    proves("D6066-3-4");
    proves("D6066-3-5");
    proves("D6066-3-6");
    proves("D6066-3-7");
    proves("D9325-3.7-1");
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("%s, %s", cases[i].name,
                cases[i].required ? "required" : "not required");
        init(cert_suite);
        pair.ends[SIM_CLIENT].config.server_name =
            dtls_bytes_of(cases[i].name, strlen(cases[i].name));
        pair.ends[SIM_SERVER].config.refuse_unknown_name = cases[i].required;
        assert_int_equal(run(), cases[i].alert);
        for (int end = 0; end < 2; end++) {
            kit_row("the %s", kit_role(end));
            assert_int_equal(pair.ends[end].session.hs.server_name_known,
                             cases[i].known);
        }
        sim_pair_free(&pair);
    }
}

/* Two certificates, in both orders: the name decides, before the order of
 * suites; without a known one the first that fits serves. */
static void a_server_shows_the_certificate_that_has_the_name(void **state)
{
    static const uint16_t suites[] = {0xc02b, 0xc02f}; /* ECDSA, RSA */
    static const struct {
        const char *name;
        bool other; /* RSA's: elsewhere.example */
        bool known;
    } wishes[] = {
        {"localhost", false, true},
        {"elsewhere.example", true, true},
        {"nowhere.example", false, false},
        {"", false, false},
    };

    (void)state;
    proves("D6066-3-1");
    for (size_t i = 0; i < 2 * LEN(wishes); i++) {
        struct dtls_credential first = ec.credential;
        struct dtls_credential second = elsewhere.credential;
        const char *name = wishes[i / 2].name;

        kit_row("%s, order %zu", name, i % 2);
        init(suites);
        for (int end = 0; end < 2; end++) {
            pair.ends[end].config.num_suites = LEN(suites);
        }
        first.next = i % 2 == 0 ? &second : NULL;
        second.next = i % 2 == 0 ? NULL : &first;
        pair.ends[SIM_SERVER].config.credentials =
            i % 2 == 0 ? &first : &second;
        pair.ends[SIM_CLIENT].config.server_name =
            dtls_bytes_of(name, strlen(name));
        assert_int_equal(run(), 0);
        assert_int_equal(pair.ends[SIM_CLIENT].session.hs.suite->id,
                         suites[wishes[i / 2].other]);
        assert_int_equal(pair.ends[SIM_CLIENT].session.hs.server_name_known,
                         wishes[i / 2].known);
        sim_pair_free(&pair);
    }
}

/* If the application has chosen a certificate, its name does not matter. */
static void an_active_certificate_goes_out_whatever_the_name(void **state)
{
    static const uint16_t suites[] = {0xc02b, 0xc02f};
    struct dtls_credential first = ec.credential;
    struct dtls_credential second = elsewhere.credential;

    (void)state;
    init(suites);
    for (int end = 0; end < 2; end++) {
        pair.ends[end].config.num_suites = LEN(suites);
    }
    first.next = &second;
    pair.ends[SIM_SERVER].config.credentials = &first;
    pair.ends[SIM_SERVER].config.active = &first;
    pair.ends[SIM_CLIENT].config.server_name =
        dtls_bytes_of("elsewhere.example", 17);
    assert_int_equal(run(), 0);
    assert_int_equal(pair.ends[SIM_CLIENT].session.hs.suite->id, suites[0]);
    sim_pair_free(&pair);
}

static void without_a_certificate_no_name_is_known_or_refused(void **state)
{
    (void)state;
    init(psk_suite);
    pair.ends[SIM_CLIENT].config.server_name = dtls_bytes_of("localhost", 9);
    pair.ends[SIM_SERVER].config.refuse_unknown_name = true;
    assert_int_equal(run(), 0);
    assert_false(pair.ends[SIM_CLIENT].session.hs.server_name_known);
    sim_pair_free(&pair);
}

/* Lengths of records. */

/* Counts records and notes the longest body, by epoch. */
struct watch {
    size_t longest[2]; /* in epoch 0; in later epochs */
    size_t fragments_of_certificate;
};

static void watch_records(void *self, const struct sim_sent *sent,
                          struct sim_fate *fate)
{
    struct watch *w = self;
    struct dtls_span in = {(uint8_t *)(uintptr_t)sent->bytes.data,
                           sent->bytes.len};
    struct dtls_record record;

    (void)fate;
    if (sent->from == SIM_SERVER) {
        while (dtls_record_next(&in, &record) == DTLS_OK) {
            size_t *longest = &w->longest[record.epoch != 0];

            *longest = record.body.len > *longest ? record.body.len : *longest;
            w->fragments_of_certificate +=
                record.epoch == 0 && record.type == DTLS_HANDSHAKE &&
                record.body.data[0] == DTLS_CERTIFICATE;
        }
    }
}

/* Returns the length of the longest data that `from` can send. */
static size_t data_limit(int from)
{
    static const uint8_t zeros[DTLS_PLAINTEXT_MAX + 1];
    size_t low = 0;
    size_t high = sizeof zeros;

    pair.net.conditions.loss = 100; /* only the attempt counts */
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;

        if (sim_pair_say(&pair, from, dtls_bytes_of(zeros, middle)) ==
            DTLS_OK) {
            low = middle;
        } else {
            high = middle;
        }
    }
    pair.net.conditions.loss = 0;
    return low;
}

static void init_chain(void)
{
    init(rsa_suite);
    pair.ends[SIM_SERVER].config.credentials = &chain[0].credential;
}

static void a_client_gets_the_fragment_length_it_asks_for(void **state)
{
    (void)state;
    proves("D6066-4-1");
    proves("D6066-4-2");
    proves("D6066-4-5");
    proves("D6347-4.2.3-2");
    proves("D7925-15-1");
    for (uint16_t length = 512; length <= 4096;
         length = (uint16_t)(length * 2)) {
        struct watch w = {{0}, 0};

        kit_row("length %u", length);
        init_chain();
        pair.ends[SIM_SERVER].config.mtu = 8000; /* above the limits */
        pair.ends[SIM_CLIENT].config.max_fragment_length = length;
        pair.net.conditions.decide = watch_records;
        pair.net.conditions.self = &w;
        assert_int_equal(run(), 0);
        assert_in_range(w.longest[0], 1, length);
        /* The chain is longer than every limit but the last. */
        assert_int_equal(w.longest[0] == length, length <= 2048);
        assert_int_equal(w.fragments_of_certificate > 1, length <= 2048);
        assert_int_equal(data_limit(SIM_CLIENT), length);
        assert_int_equal(data_limit(SIM_SERVER), length);
        sim_pair_free(&pair);
    }
}

static void each_end_gets_the_size_limit_it_asks_for(void **state)
{
    static const uint16_t limits[] = {64, 65, 512, 16383, 16384};

    (void)state;
    proves("D8449-4-1");
    proves("D8449-4-2");
    proves("D8449-4-3");
    proves("D8449-4-7");
    for (size_t i = 0; i < LEN(limits); i++) {
        struct watch w = {{0}, 0};

        kit_row("limit %u", limits[i]);
        init_chain();
        pair.ends[SIM_SERVER].config.mtu = 8000;
        pair.ends[SIM_CLIENT].config.record_size_limit = limits[i];
        pair.ends[SIM_SERVER].config.record_size_limit = 1000;
        pair.net.conditions.decide = watch_records;
        pair.net.conditions.self = &w;
        assert_int_equal(run(), 0);
        /* The limit does not apply to records in the clear. */
        assert_int_equal(w.fragments_of_certificate, 1);
        assert_int_equal(data_limit(SIM_SERVER), limits[i]);
        assert_int_equal(data_limit(SIM_CLIENT), 1000);
        sim_pair_free(&pair);
    }
}

/* Each handshake agrees on a limit for its own keys. */
static void a_size_limit_is_renegotiated(void **state)
{
    struct sim_end *client = &pair.ends[SIM_CLIENT];
    struct sim_end *server = &pair.ends[SIM_SERVER];

    (void)state;
    proves("D8449-4-12");
    init(psk_suite);
    client->config.record_size_limit = 500;
    server->config.record_size_limit = 600;
    assert_int_equal(run(), 0);
    assert_int_equal(data_limit(SIM_SERVER), 500);
    client->config.record_size_limit = 700;
    server->config.record_size_limit = 0;
    assert_int_equal(dtls_session_renegotiate(&client->session, pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    assert_int_equal(client->session.records.write_epoch, 2);
    assert_int_equal(data_limit(SIM_SERVER), DTLS_PLAINTEXT_MAX);
    assert_int_equal(data_limit(SIM_CLIENT), DTLS_PLAINTEXT_MAX);
    server->config.record_size_limit = 800;
    assert_int_equal(dtls_session_renegotiate(&client->session, pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    assert_int_equal(data_limit(SIM_SERVER), 700);
    assert_int_equal(data_limit(SIM_CLIENT), 800);
    sim_pair_free(&pair);
}

/* With a limit so low that a Finished does not fit into one record, it is sent
 * in fragments, here of 4 bytes. */
static void a_message_under_keys_is_cut_to_the_limit(void **state)
{
    struct dtls_protection *p;
    struct watch w = {{0}, 0};

    (void)state;
    proves("D8449-4-2");
    init(psk_suite);
    pair.net.conditions.decide = watch_records;
    pair.net.conditions.self = &w;
    sim_pair_start(&pair);
    while (!pair.ends[SIM_SERVER].session.hs.keys_ready) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    p = &pair.ends[SIM_SERVER].session.records.write[1].protection;
    p->limit = DTLS_FRAGMENT_HEADER_LEN + 4;
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(w.longest[1], 8 + DTLS_FRAGMENT_HEADER_LEN + 4 + 8);
    sim_pair_free(&pair);
}

static void the_newer_length_extension_wins(void **state)
{
    (void)state;
    proves("D8449-5-1");
    init(psk_suite);
    pair.ends[SIM_CLIENT].config.max_fragment_length = 512;
    pair.ends[SIM_CLIENT].config.record_size_limit = 16384;
    pair.ends[SIM_SERVER].config.record_size_limit = 2000;
    assert_int_equal(run(), 0);
    assert_int_equal(data_limit(SIM_CLIENT), 2000);
    /* The extension also tells what the client accepts. */
    assert_int_equal(data_limit(SIM_SERVER), 512);
    sim_pair_free(&pair);
}

static void wrong_lengths_of_a_server_are_illegal(void **state)
{
    static const struct {
        const char *block;
        unsigned alert;
    } cases[] = {
        {"0005 0001 0001 02", 0},
        {"0005 0001 0001 01", 47}, /* not what was asked for */
        {"0005 0001 0001 03", 47},
        {"0005 0001 0001 05", 47},
        {"0006 001c 0002 003f", 47},
        {"0006 001c 0002 0040", 0},
        {"0006 001c 0002 ffff", 0},
        {"000b 001c 0002 0400 0001 0001 02", 47}, /* both */
        {"000b 0001 0001 02 001c 0002 0400", 47},
    };
    struct reply reply;

    (void)state;
    proves("D6066-4-4");
    proves("D8449-4-6");
    proves("D8449-4-11");
    proves("D8449-5-2");
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("block %s", cases[i].block);
        struct kit_hex block = kit_hex(cases[i].block);

        init(psk_suite);
        pair.ends[SIM_CLIENT].config.max_fragment_length = 1024;
        pair.ends[SIM_CLIENT].config.record_size_limit = 16384;
        say_server_hello(&reply, 0xc0a8, kit_hex_bytes(&block));
        if (alert_in(&reply) != cases[i].alert) {
            fail_msg("%s: alert %u", cases[i].block, alert_in(&reply));
        }
        sim_pair_free(&pair);
    }
}

/* The peer sends records that are longer than agreed. */
static void what_is_too_long_is_not_delivered_and_is_alert_22(void **state)
{
    static const uint8_t text[600] = {0x41};
    struct sim_end *client = &pair.ends[SIM_CLIENT];
    struct sim_end *server = &pair.ends[SIM_SERVER];

    (void)state;
    proves("D6066-4-7");
    proves("D6066-4-8");
    proves("D8449-4-8");
    for (int newer = 0; newer < 2; newer++) {
        kit_row("%s", newer ? "record_size_limit" : "max_fragment_length");
        init(psk_suite);
        client->config.max_fragment_length = newer ? 0 : 512;
        client->config.record_size_limit = newer ? 512 : 0;
        server->config.record_size_limit = newer ? 16384 : 0;
        assert_int_equal(run(), 0);
        server->session.records.write[1].protection.limit = 0;
        assert_int_equal(
            sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, 512)),
            DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(client->data_len, 512);
        assert_int_equal(
            sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, 513)),
            DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(client->data_len, 512);
        assert_int_equal(client->session.failure, DTLS_RECORD_OVERFLOW);
        assert_int_equal(server->session.failure, DTLS_ALERTED);
        assert_int_equal(server->session.peer_alert[1], 22);
        sim_pair_free(&pair);
    }
}

/* The same without any agreement: 2^14 is every record's limit (RFC 5246,
 * 6.2.1). */
static void a_longer_record_than_any_ends_the_session_with_alert_22(
    void **state)
{
    static const uint8_t text[DTLS_PLAINTEXT_MAX + 1] = {0x41};
    struct sim_end *client = &pair.ends[SIM_CLIENT];
    struct sim_end *server = &pair.ends[SIM_SERVER];

    (void)state;
    proves("D6347-4.1-3");
    init(psk_suite);
    assert_int_equal(run(), 0);
    assert_int_equal(
        sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, sizeof text)),
        DTLS_NO_ROOM);
    server->session.records.write[1].protection.limit = sizeof text;
    assert_int_equal(
        sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, sizeof text)),
        DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(client->data_len, 0);
    assert_int_equal(client->session.failure, DTLS_RECORD_OVERFLOW);
    assert_int_equal(server->session.peer_alert[1], 22);
    sim_pair_free(&pair);
}

static void spoil_last_byte(void *self, const struct sim_sent *sent,
                            struct sim_fate *fate)
{
    /* The script sees the datagram before it is copied. */
    uint8_t *bytes = (uint8_t *)(uintptr_t)sent->bytes.data;

    (void)fate;
    (void)self;
    bytes[sent->bytes.len - 1] ^= 1;
}

static void a_forged_record_that_is_too_long_is_only_dropped(void **state)
{
    static const uint8_t text[600] = {0x41};
    struct sim_end *client = &pair.ends[SIM_CLIENT];

    (void)state;
    proves("D6066-4-9");
    init(psk_suite);
    client->config.max_fragment_length = 512;
    assert_int_equal(run(), 0);
    pair.ends[SIM_SERVER].session.records.write[1].protection.limit = 0;
    pair.net.conditions.decide = spoil_last_byte;
    assert_int_equal(sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of(text, 600)),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(client->session.phase, DTLS_PHASE_CONNECTED);
    assert_int_equal(client->session.counters->discarded_mac, 1);
    sim_pair_free(&pair);
}

/* How many records keys may protect. */

static const struct {
    uint16_t suite;
    uint64_t sealed;
    uint64_t forged;
} endurance[] = {
    {0x00a8, 23726566, (uint64_t)1 << 28},
    {0xc0a4, 8388608, 11863283},
    {0xc0a8, 8388608, 11863283},
    {0xccab, UINT64_MAX, (uint64_t)1 << 36},
    {0x00ae, UINT64_MAX, UINT64_MAX},
    {0x00b0, UINT64_MAX, UINT64_MAX},
};

static void keys_seal_no_more_than_they_may(void **state)
{
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;
    struct dtls_bytes text = dtls_bytes_of("x", 1);

    (void)state;
    proves("D9325-4.4-1");
    for (size_t i = 0; i < LEN(endurance); i++) {
        struct dtls_protection *p = &client->records.write[1].protection;

        kit_row("suite %04x", endurance[i].suite);
        init(&endurance[i].suite);
        assert_int_equal(run(), 0);
        assert_true(dtls_protect_endurance(p).sealed == endurance[i].sealed);
        p->used = endurance[i].sealed - DTLS_SEAL_RESERVE - 1;
        if (endurance[i].sealed != UINT64_MAX) {
            assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, text), DTLS_OK);
            assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, text),
                             DTLS_TOO_LATE);
            /* Enough records are left for close_notify. */
            assert_int_equal(dtls_session_close(client, pair.net.now),
                             DTLS_OK);
            sim_pair_drain(&pair, pair.net.now + 100);
            assert_true(pair.ends[SIM_CLIENT].ended);
        }
        sim_pair_free(&pair);
    }
}

static void keys_that_somebody_tries_to_forge_are_given_up(void **state)
{
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;
    struct dtls_bytes text = dtls_bytes_of("x", 1);

    (void)state;
    proves("D9325-4.4-2");
    for (size_t i = 0; i < LEN(endurance); i++) {
        struct dtls_protection *p = &client->records.read[1].protection;

        kit_row("suite %04x", endurance[i].suite);
        init(&endurance[i].suite);
        assert_int_equal(run(), 0);
        assert_true(dtls_protect_endurance(p).forged == endurance[i].forged);
        if (endurance[i].forged == UINT64_MAX) {
            sim_pair_free(&pair);
            continue;
        }
        pair.net.conditions.decide = spoil_last_byte;
        p->used = endurance[i].forged - 2;
        assert_int_equal(sim_pair_say(&pair, SIM_SERVER, text), DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 100);
        assert_int_equal(client->phase, DTLS_PHASE_CONNECTED);
        assert_int_equal(sim_pair_say(&pair, SIM_SERVER, text), DTLS_OK);
        pair.net.conditions.decide = NULL;
        sim_pair_drain(&pair, pair.net.now + 100);
        pair.net.conditions.decide = NULL;
        assert_int_equal(client->failure, DTLS_BAD_RECORD_MAC);
        assert_int_equal(pair.ends[SIM_SERVER].session.peer_alert[1], 20);
        sim_pair_free(&pair);
    }
}

static void load_pki(void)
{
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_raw(&raw, &ec);
    sim_identity_load(&chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&chain[2], NXDTLS_PKI_DIR, "ca1", false);
    sim_identity_load(&elsewhere, NXDTLS_PKI_DIR, "wrong-host", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    chain[0].credential.next = &chain[1].credential;
    chain[1].credential.next = &chain[2].credential;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_extension_of_a_client_gets_its_alert),
        cmocka_unit_test(every_extension_of_a_server_gets_its_alert),
        cmocka_unit_test(what_a_server_says_unasked_is_alert_110),
        cmocka_unit_test(a_hello_without_a_block_or_with_an_empty_one_is_fine),
        cmocka_unit_test(an_offer_to_resume_gets_a_full_handshake),
        cmocka_unit_test(a_fallback_below_1_2_is_alert_86),
        cmocka_unit_test(the_server_chooses_the_protocol),
        cmocka_unit_test(without_a_common_protocol_it_is_alert_120),
        cmocka_unit_test(an_end_without_protocols_stays_silent_about_them),
        cmocka_unit_test(a_protocol_that_was_not_offered_is_illegal),
        cmocka_unit_test(a_name_of_the_certificate_is_acknowledged),
        cmocka_unit_test(a_server_shows_the_certificate_that_has_the_name),
        cmocka_unit_test(an_active_certificate_goes_out_whatever_the_name),
        cmocka_unit_test(without_a_certificate_no_name_is_known_or_refused),
        cmocka_unit_test(a_client_gets_the_fragment_length_it_asks_for),
        cmocka_unit_test(each_end_gets_the_size_limit_it_asks_for),
        cmocka_unit_test(a_size_limit_is_renegotiated),
        cmocka_unit_test(a_message_under_keys_is_cut_to_the_limit),
        cmocka_unit_test(the_newer_length_extension_wins),
        cmocka_unit_test(wrong_lengths_of_a_server_are_illegal),
        cmocka_unit_test(what_is_too_long_is_not_delivered_and_is_alert_22),
        cmocka_unit_test(
            a_longer_record_than_any_ends_the_session_with_alert_22),
        cmocka_unit_test(a_forged_record_that_is_too_long_is_only_dropped),
        cmocka_unit_test(keys_seal_no_more_than_they_may),
        cmocka_unit_test(keys_that_somebody_tries_to_forge_are_given_up),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    sim_identity_free(&ec);
    sim_identity_free(&chain[0]);
    return failed;
}
