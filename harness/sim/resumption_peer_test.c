/* SPDX-License-Identifier: MIT */
/* A scripted peer that knows a session: what a server makes of its
 * ClientHello, and a client of its ServerHello. */
#include "sim/resumption_kit.h"

static const uint16_t cbc_suite[] = {0x00ae, 0xc0a8};

/* A hello's extensions that matter here; `server` says whose. */
struct hello {
    const char *name;
    const char *id; /* hex; NULL: the session's */
    uint16_t suite;
    uint16_t version; /* 0: 1.2 */
    bool no_ems;
    bool no_etm;
    const char *more; /* hex of other extensions, a server's */
    unsigned alert;   /* 0: none */
    bool resumed;
};

static const uint8_t random_bytes[DTLS_RANDOM_LEN] = {0x63};

static struct dtls_bytes id_of(const struct hello *hello, struct kit_hex *room)
{
    if (hello->id == NULL) {
        return dtls_bytes_of(memory.saved.id, memory.saved.id_len);
    }
    *room = kit_hex(hello->id);
    return kit_hex_bytes(room);
}

static void put_extensions(struct dtls_buf *out, const struct hello *hello,
                           bool server)
{
    struct dtls_extensions ext = {0};
    size_t block = out->len;
    struct kit_hex more = kit_hex(hello->more != NULL ? hello->more : "");

    ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET] = !hello->no_ems;
    ext.present[DTLS_EXT_ENCRYPT_THEN_MAC] = !hello->no_etm;
    ext.present[DTLS_EXT_RENEGOTIATION_INFO] = true;
    assert_true(dtls_extensions_put(out, &ext, server) &&
                dtls_put_bytes(out, kit_hex_bytes(&more)));
    out->data[block + 1] = (uint8_t)(out->data[block + 1] + more.len);
}

/* Gives a session one whole message in the clear, and takes its answer. */
static void tell(int to, uint8_t type, uint16_t seq, struct dtls_bytes body,
                 struct dtls_buf *answer)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = type,
                                     .message_len = (uint32_t)body.len,
                                     .seq = seq,
                                     .body = body};
    struct dtls_span datagram;
    struct dtls_span data;

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_2,
                                       0, seq,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, body));
    datagram = (struct dtls_span){bytes, out.len};
    while (datagram.len != 0) {
        assert_int_not_equal(
            dtls_session_read(session(to), &datagram, &data, pair.net.now),
            DTLS_EVENT_DATA);
    }
    assert_int_equal(dtls_session_write(session(to), answer), DTLS_OK);
}

/* Returns the alert that the answer is, or 0. */
static unsigned alert_in(const struct dtls_buf *answer)
{
    struct dtls_span in = {answer->data, answer->len};
    struct dtls_record record;

    return dtls_record_next(&in, &record) == DTLS_OK &&
                   record.type == DTLS_ALERT
               ? record.body.data[1]
               : 0;
}

/* Tells whether the answer begins with a ServerHello of a full handshake or of
 * one that resumes; its id is then empty or new, or that of the session. */
static bool resumes(const struct dtls_buf *answer, struct dtls_bytes id)
{
    struct dtls_span in = {answer->data, answer->len};
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment fragment;
    struct dtls_server_hello m;
    bool resumed;

    assert_int_equal(dtls_record_next(&in, &record), DTLS_OK);
    payload = dtls_span_bytes(record.body);
    assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
    assert_int_equal(dtls_server_hello_parse(&m, fragment.body), DTLS_OK);
    assert_int_equal(dtls_record_next(&in, &record), DTLS_OK);
    resumed = record.type == DTLS_CHANGE_CIPHER_SPEC;
    assert_int_equal(id.len != 0 && dtls_bytes_equal(m.session_id, id),
                     resumed);
    return resumed;
}

static void say_client_hello(const struct hello *hello,
                             struct dtls_buf *answer)
{
    static const uint8_t null_compression[] = {0};
    uint8_t suite[] = {(uint8_t)(hello->suite >> 8), (uint8_t)hello->suite};
    uint8_t bytes[512];
    struct kit_hex room;
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .session_id = id_of(hello, &room),
        .suites = dtls_bytes_of(suite, sizeof suite),
        .compression = dtls_bytes_of(null_compression, 1),
    };

    dtls_session_accept(session(SIM_SERVER), &pair.ends[SIM_SERVER].room,
                        &(struct dtls_gate_pass){0}, pair.net.now);
    assert_true(dtls_client_hello_put(&body, &m));
    put_extensions(&body, hello, false);
    tell(SIM_SERVER, DTLS_CLIENT_HELLO, 0, dtls_buf_bytes(&body), answer);
}

/* A session of `suite` is there. */
static void begin(uint16_t suite)
{
    static uint16_t only;

    only = suite;
    forget_all();
    prepare(41, 0);
    set_suite(&only);
    make_session();
    prepare(42, 0);
    for (int i = 0; i < 2; i++) {
        config(i)->suites = cbc_suite;
        config(i)->num_suites = LEN(cbc_suite);
    }
}

static void what_a_server_makes_of_a_hello(void **state)
{
    static const struct hello rows[] = {
        {"all is right", NULL, 0xc0a8, 0, false, false, NULL, 0, true},
        {"encrypt-then-MAC does not matter to AEAD", NULL, 0xc0a8, 0, false,
         true, NULL, 0, true},
        {"CBC", NULL, 0x00ae, 0, false, false, NULL, 0, true},
        {"CBC without encrypt-then-MAC", NULL, 0x00ae, 0, false, true, NULL, 0,
         false},
        {"no extended master secret", NULL, 0xc0a8, 0, true, false, NULL, 40,
         false},
        {"neither", NULL, 0x00ae, 0, true, true, NULL, 0, false},
        {"another name", NULL, 0xc0a8, 0, false, false,
         "0000 000e 000c 00 0009 6c6f63616c686f7374", 0, false},
        {"no id", "", 0xc0a8, 0, false, false, NULL, 0, false},
        {"an id of one byte", "81", 0xc0a8, 0, false, false, NULL, 0, false},
        {"an id of 16 bytes", "818283848586878889808a8b8c8d8e8f", 0xc0a8, 0,
         false, false, NULL, 0, false},
        {"an unknown id",
         "8182838485868788898a8b8c8d8e8f90"
         "9192939495969798999a9b9c9d9e9fa0",
         0xc0a8, 0, false, false, NULL, 0, false},
    };

    (void)state;
    proves("D5246-7.4.1.2-3");
    proves("D5246-7.4.1.2-91");
    proves("D5246-7.4.1.3-3");
    proves("D7627-5.3-5");
    proves("D7627-5.3-7");
    proves("D7627-5.3-91");
    proves("D7366-2-90");
    proves("D7366-2-91");
    for (size_t i = 0; i < LEN(rows); i++) {
        uint8_t bytes[1500];
        struct dtls_buf answer = {bytes, 0, sizeof bytes};
        struct kit_hex room;

        kit_row("%s", rows[i].name);
        begin(rows[i].suite);
        say_client_hello(&rows[i], &answer);
        assert_int_equal(alert_in(&answer), rows[i].alert);
        if (rows[i].alert == 0) {
            assert_int_equal(resumes(&answer, id_of(&rows[i], &room)),
                             rows[i].resumed);
            assert_int_equal(session(SIM_SERVER)->hs.encrypt_then_mac,
                             rows[i].suite == 0x00ae && !rows[i].no_etm);
        }
        sim_pair_free(&pair);
    }
}

/* The session has one suite, and the hello another. */
static void a_session_is_resumed_under_no_other_suite(void **state)
{
    static const struct hello hello = {.suite = 0x00ae};
    uint8_t bytes[1500];
    struct dtls_buf answer = {bytes, 0, sizeof bytes};
    struct kit_hex room;

    (void)state;
    proves("D5246-7.4.1.3-5");
    begin(0xc0a8);
    say_client_hello(&hello, &answer);
    assert_false(resumes(&answer, id_of(&hello, &room)));
    sim_pair_free(&pair);
}

/* A weak session would get an id that leads nowhere. */
static void a_weak_session_gets_no_id(void **state)
{
    static const struct hello rows[] = {
        {.name = "no extended master secret",
         .id = "",
         .suite = 0xc0a8,
         .no_ems = true},
        {.name = "CBC without encrypt-then-MAC",
         .id = "",
         .suite = 0x00ae,
         .no_etm = true},
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        uint8_t bytes[1500];
        struct dtls_buf answer = {bytes, 0, sizeof bytes};

        kit_row("%s", rows[i].name);
        begin(0xc0a8);
        say_client_hello(&rows[i], &answer);
        assert_int_equal(alert_in(&answer), 0);
        assert_int_equal(session(SIM_SERVER)->hs.session_id_len, 0);
        sim_pair_free(&pair);
    }
}

static void say_server_hello(const struct hello *hello,
                             struct dtls_buf *answer)
{
    uint8_t first[1500];
    struct dtls_buf out = {first, 0, sizeof first};
    uint8_t bytes[512];
    struct kit_hex room;
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_server_hello m = {
        .version = hello->version != 0 ? hello->version : DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .session_id = id_of(hello, &room),
        .suite = hello->suite,
    };

    sim_pair_start(&pair);
    assert_int_equal(dtls_session_write(session(SIM_CLIENT), &out), DTLS_OK);
    assert_true(dtls_server_hello_put(&body, &m));
    put_extensions(&body, hello, true);
    tell(SIM_CLIENT, DTLS_SERVER_HELLO, 0, dtls_buf_bytes(&body), answer);
}

static void what_a_client_makes_of_a_hello(void **state)
{
    static const struct hello rows[] = {
        {"all is right", NULL, 0xc0a8, 0, false, true, NULL, 0, true},
        {"CBC", NULL, 0x00ae, 0, false, false, NULL, 0, true},
        {"another id", "8182", 0xc0a8, 0, false, true, NULL, 0, false},
        {"no id", "", 0xc0a8, 0, false, true, NULL, 0, false},
        {"version 1.0", NULL, 0xc0a8, 0xfeff, false, true, NULL, 70, false},
        {"no extended master secret", NULL, 0xc0a8, 0, true, true, NULL, 40,
         false},
        {"CBC without encrypt-then-MAC", NULL, 0x00ae, 0, false, true, NULL,
         40, false},
        {"encrypt-then-MAC with AEAD", NULL, 0xc0a8, 0, false, false, NULL, 47,
         false},
        {"the length of the session once more", NULL, 0xc0a8, 0, false, true,
         "0001 0001 02", 0, true},
        {"another length", NULL, 0xc0a8, 0, false, true, "0001 0001 01", 47,
         false},
        {"an extension that is not offered", NULL, 0xc0a8, 0, false, true,
         "0005 0000", 110, false},
    };

    (void)state;
    proves("D5246-7.4.1.3-11");
    proves("D5246-7.4.1.3-92");
    proves("D7627-5.3-9");
    proves("FP2.1-DTLSC1-ems-5");
    proves("D6066-4-90");
    for (size_t i = 0; i < LEN(rows); i++) {
        uint8_t bytes[1500];
        struct dtls_buf answer = {bytes, 0, sizeof bytes};

        kit_row("%s", rows[i].name);
        begin(rows[i].suite);
        memory.saved.fragment_length = 1024;
        config(SIM_CLIENT)->max_fragment_length = 1024;
        say_server_hello(&rows[i], &answer);
        assert_int_equal(alert_in(&answer), rows[i].alert);
        if (rows[i].alert == 0) {
            assert_int_equal(session(SIM_CLIENT)->hs.resumed, rows[i].resumed);
            assert_int_equal(session(SIM_CLIENT)->hs.send_limit,
                             rows[i].resumed ? 1024 : 0);
        }
        /* A stranger has said all this. */
        assert_int_not_equal(memory.saved.suite, 0);
        sim_pair_free(&pair);
    }
}

static void a_client_resumes_no_other_suite(void **state)
{
    static const struct hello hello = {.suite = 0x00ae};
    uint8_t bytes[1500];
    struct dtls_buf answer = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D5246-7.4.1.3-91");
    begin(0xc0a8);
    say_server_hello(&hello, &answer);
    assert_int_equal(alert_in(&answer), 47);
    sim_pair_free(&pair);
}

/* After its hello that resumes a server says what it says in a full
 * handshake. */
static void a_client_takes_no_key_exchange_in_between(void **state)
{
    static const struct hello hello = {.suite = 0xc0a8, .no_etm = true};
    static const uint8_t types[] = {DTLS_CERTIFICATE, DTLS_SERVER_KEY_EXCHANGE,
                                    DTLS_CERTIFICATE_REQUEST,
                                    DTLS_SERVER_HELLO_DONE};

    (void)state;
    proves("D5246-7.4.1.3-93");
    for (size_t i = 0; i < LEN(types); i++) {
        uint8_t bytes[1500];
        struct dtls_buf answer = {bytes, 0, sizeof bytes};

        kit_row("type %u", types[i]);
        begin(0xc0a8);
        say_server_hello(&hello, &answer);
        assert_int_equal(answer.len, 0);
        tell(SIM_CLIENT, types[i], 1, (struct dtls_bytes){0}, &answer);
        assert_int_equal(alert_in(&answer), 10);
        sim_pair_free(&pair);
    }
}

/* What is said after such a hello, without a key exchange, leads nowhere. */
static void another_id_resumes_nothing(void **state)
{
    static const char *const names[] = {"none is offered, an old one comes",
                                        "none is offered, none comes",
                                        "another one comes"};

    (void)state;
    proves("D5246-7.4.1.3-94");
    proves("D5246-7.4.1.3-95");
    for (int i = 0; i < 3; i++) {
        struct hello hello = {.suite = 0xc0a8, .no_etm = true};
        struct kit_hex ccs = kit_hex("14 fefd 0000 000000000009 0001 01");
        struct dtls_span datagram = kit_hex_span(&ccs);
        struct dtls_span data;
        uint8_t bytes[1500];
        struct dtls_buf answer = {bytes, 0, sizeof bytes};

        kit_row("%s", names[i]);
        begin(0xc0a8);
        hello.id = i == 1 ? "" : "8182838485868788";
        memory.saved.until = i == 2 ? memory.saved.until : 0;
        say_server_hello(&hello, &answer);
        assert_int_equal(dtls_session_read(session(SIM_CLIENT), &datagram,
                                           &data, pair.net.now),
                         DTLS_EVENT_NONE);
        assert_false(session(SIM_CLIENT)->hs.resumed);
        assert_false(session(SIM_CLIENT)->hs.keys_ready);
        assert_int_equal(session(SIM_CLIENT)->records.read_epoch, 0);
        sim_pair_free(&pair);
    }
}

/* Counts the client's hellos, and looks at what each offers. */
static void look_at_hello(void *watcher, const struct sim_sent *sent,
                          const struct sim_fate *fate)
{
    const size_t at = DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN;
    unsigned *hellos = watcher;
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    (void)fate;
    if (sent->from != SIM_CLIENT || sent->bytes.data[0] != DTLS_HANDSHAKE) {
        return;
    }
    ++*hellos;
    assert_int_equal(
        dtls_client_hello_parse(
            &m, dtls_bytes_of(sent->bytes.data + at, sent->bytes.len - at)),
        DTLS_OK);
    assert_int_equal(dtls_extensions_parse_client(&ext, m.extensions),
                     DTLS_OK);
    assert_true(dtls_bytes_equal(
        m.session_id, dtls_bytes_of(memory.saved.id, DTLS_SESSION_ID_MAX)));
    assert_true(ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET]);
    assert_false(dtls_client_hello_offers(&m, DTLS_SCSV_FALLBACK));
}

static void each_hello_offers_the_same_id(void **state)
{
    unsigned hellos = 0;

    (void)state;
    proves("D5246-7.4.1.2-92");
    proves("D7627-5.2-1");
    proves("D7627-5.3-2");
    proves("D7627-5.3-90");
    proves("D7507-4-3");
    begin(0xc0a8);
    pair.net.watch = look_at_hello;
    pair.net.watcher = &hellos;
    sim_pair_start(&pair);
    while (hellos < 2) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_true(sim_pair_run(&pair, HOUR));
    assert_true(is_resumed());
    sim_pair_free(&pair);
}

/* Gives the server a record or two in a datagram. */
static void deliver(const char *hex, struct dtls_buf *answer)
{
    struct kit_hex bytes = kit_hex(hex);
    struct dtls_span datagram = kit_hex_span(&bytes);
    struct dtls_span data;

    while (datagram.len != 0) {
        assert_int_not_equal(dtls_session_read(session(SIM_SERVER), &datagram,
                                               &data, pair.net.now),
                             DTLS_EVENT_FAILED);
    }
    assert_int_equal(dtls_session_write(session(SIM_SERVER), answer), DTLS_OK);
}

#define RECORD_SH "16 fefd 0000 000000000001 005d"
#define RECORD_CCS "14 fefd 0000 000000000002 0001 01"
#define ID                                                                    \
    "80818283 84858687 88898a8b 8c8d8e8f 90919293 94959697 98999a9b 9c9d9e9f"
#define HELLO                                                                 \
    "01000061 0001 000000 000061 fefd"                                        \
    "40414243 44454647 48494a4b 4c4d4e4f 50515253 54555657 58595a5b 5c5d5e5f" \
    "20" ID "0c c00c1ec0 0c1ec00c 1ec00c1e"                                   \
    "0002 c0a8 01 00 0009 0017 0000 ff01 0001 00"
#define SERVER_HELLO                                                          \
    "02000051 0001 000000 000051 fefd"                                        \
    "60616263 64656667 68696a6b 6c6d6e6f 70717273 74757677 78797a7b 7c7d7e7f" \
    "20" ID "c0a8 00 0009 0017 0000 ff01 0001 00"
#define SERVER_FINISHED                                                       \
    "16 fefd 0001 000000000000 0028 0001000000000000"                         \
    "b51e81e4 a91727ab 43466e86 5a3f0e7d ee1c5494 94046bca 18fab514 209db1e6"
#define CLIENT_FINISHED                                                       \
    "16 fefd 0001 000000000000 0028 0001000000000000"                         \
    "df708b6a d9e98423 648c7e8c 98696021 04588159 6c30ef06 ac64dc21 3c48085b"

/* The bytes were computed by another program, with another library. */
static void a_server_answers_as_computed_elsewhere(void **state)
{
    static const char master[] =
        "d7c9dc46301b012ba5c4b2c1d6ea6526e233efed954357a0"
        "ffaad0d34f2fdf0a0296138ec14e856fb91422032557ddda";
    struct dtls_gate_pass pass = {.message_seq = 1, .record_seq = 1};
    struct kit_hex id = kit_hex(ID);
    struct kit_hex secret = kit_hex(master);
    struct kit_crypto crypto;
    uint8_t bytes[1500];
    uint8_t key[20];
    struct dtls_buf answer = {bytes, 0, sizeof bytes};
    struct dtls_saved saved;

    (void)state;
    proves("D5246-7.3-5");
    proves("D5246-7.3-6");
    begin(0xc0a8);
    /* The server's own session, but for its id and its secret. */
    saved = *dtls_cache_find(
        &cache, dtls_bytes_of(memory.saved.id, memory.saved.id_len));
    memcpy(saved.id, id.data, sizeof saved.id);
    memcpy(saved.master, secret.data, sizeof saved.master);
    dtls_cache_put(&cache, &saved);
    kit_crypto_count(&crypto, 0x60);
    config(SIM_SERVER)->crypto = &crypto.crypto;
    dtls_session_accept(session(SIM_SERVER), &pair.ends[SIM_SERVER].room,
                        &pass, pair.net.now);
    deliver("16 fefd 0000 000000000001 006d" HELLO, &answer);
    kit_assert_hex(dtls_buf_bytes(&answer),
                   RECORD_SH SERVER_HELLO RECORD_CCS SERVER_FINISHED);
    answer.len = 0;
    deliver("14 fefd 0000 000000000002 0001 01" CLIENT_FINISHED, &answer);
    assert_int_equal(answer.len, 0);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_CONNECTED);
    assert_int_equal(dtls_session_export(session(SIM_SERVER), key, sizeof key,
                                         "EXPORTER-test", NULL),
                     DTLS_OK);
    kit_assert_hex(dtls_bytes_of(key, sizeof key),
                   "9812969005e68d8486ff627e9c2055475ad7e01a");
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_server_makes_of_a_hello),
        cmocka_unit_test(a_session_is_resumed_under_no_other_suite),
        cmocka_unit_test(a_weak_session_gets_no_id),
        cmocka_unit_test(what_a_client_makes_of_a_hello),
        cmocka_unit_test(a_client_resumes_no_other_suite),
        cmocka_unit_test(a_client_takes_no_key_exchange_in_between),
        cmocka_unit_test(another_id_resumes_nothing),
        cmocka_unit_test(each_hello_offers_the_same_id),
        cmocka_unit_test(a_server_answers_as_computed_elsewhere),
    };
    int failed = kit_run(tests);

    end_all();
    return failed;
}
