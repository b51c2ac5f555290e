/* SPDX-License-Identifier: MIT */
/* A client follows its server's message_seq before ServerHello: what was kept
 * for other numbers must not be in the way of what comes then. */
#include "kit/kit.h"

#include "session/session.h"

#include <stdio.h>

struct work {
    struct kit_crypto k;
    struct dtls_counters counters;
    struct kit_store store;
    uint8_t arena[512];
    struct dtls_config config;
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_session s;
    uint64_t record_seq;
};

static const uint16_t suites[] = {0x00a8};
static const struct dtls_psk psk = {
    .identity = {(const uint8_t *)"client", 6},
    .key = {(const uint8_t *)"0123456789abcdef", 16},
};

static void begin(struct work *w)
{
    struct dtls_session_room room;

    memset(w, 0, sizeof *w);
    kit_crypto_count(&w->k, 0);
    kit_store_init(&w->store, 512, 16);
    w->config = (struct dtls_config){
        .crypto = &w->k.crypto,
        .suites = suites,
        .num_suites = LEN(suites),
        .psks = &psk,
        .num_psks = 1,
        .timer = {1000, 60000, 10, 1, false},
        .mtu = 1200,
    };
    dtls_areas_add(&w->areas, &w->area);
    room = (struct dtls_session_room){
        .config = &w->config,
        .store = &w->store.store,
        .counters = &w->counters,
        .areas = &w->areas,
        .arena = {w->arena, sizeof w->arena},
    };
    assert_int_equal(dtls_session_connect(&w->s, &room, 0), DTLS_OK);
}

static void end(struct work *w)
{
    dtls_session_free(&w->s);
    kit_store_end(&w->store);
}

/* A record with one fragment: `len` bytes of a message of `message_len`. */
static enum dtls_event feed(struct work *w, uint8_t type, uint16_t seq,
                            uint32_t message_len, const char *text)
{
    struct kit_hex body = kit_hex(text);
    struct dtls_fragment f = {type, message_len, seq, 0, kit_hex_bytes(&body)};
    uint8_t bytes[128];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_span datagram;
    struct dtls_span data;

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, 0xfefd, 0,
                                       w->record_seq++,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len) &&
                dtls_fragment_put_header(&out, &f) &&
                dtls_put_bytes(&out, f.body));
    datagram = (struct dtls_span){bytes, out.len};
    return dtls_session_read(&w->s, &datagram, &data, 1);
}

static void every_place_taken_leaves_room_after_a_jump(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.2-11");
    proves("D6347-4.2.3-14");
    begin(&w);
    for (uint16_t seq = 0; seq < DTLS_REASSEMBLY_SLOTS; seq++) {
        kit_row("message %u", seq);
        assert_int_equal(feed(&w, DTLS_CERTIFICATE, seq, 4, "a1"),
                         DTLS_EVENT_NONE);
    }
    for (uint16_t jump = 100; jump < 140; jump = (uint16_t)(jump + 8)) {
        kit_row("a jump to %u", jump);
        assert_int_equal(feed(&w, DTLS_HELLO_VERIFY_REQUEST, jump, 9, "fe"),
                         DTLS_EVENT_NONE);
        for (uint16_t i = 1; i < DTLS_REASSEMBLY_SLOTS; i++) {
            kit_row("message %u", jump + i);
            assert_int_equal(
                feed(&w, DTLS_CERTIFICATE, (uint16_t)(jump + i), 4, "a1"),
                DTLS_EVENT_NONE);
        }
    }
    assert_int_equal(w.s.phase, DTLS_PHASE_HANDSHAKING);
    end(&w);
}

/* RFC 5246, 7.2.2: the length of the message was incorrect, or our limit. */
static void only_a_certificate_may_be_longer_than_our_room(void **state)
{
    static const struct {
        uint8_t type;
        uint32_t len;
        enum dtls_status failure;
    } rows[] = {
        {DTLS_SERVER_HELLO, 0xffffff, DTLS_DECODE_ERROR},
        {DTLS_SERVER_HELLO, 131331, DTLS_DECODE_ERROR},
        {DTLS_SERVER_HELLO, 131330, DTLS_MESSAGE_TOO_LONG},
        {DTLS_CERTIFICATE, 0xffffff, DTLS_MESSAGE_TOO_LONG},
    };
    struct work w;

    (void)state;
    proves("D6347-4.2.3-14");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("type %u, %u bytes", rows[i].type, rows[i].len);
        begin(&w);
        assert_int_equal(feed(&w, rows[i].type, 0, rows[i].len, "a1"),
                         DTLS_EVENT_FAILED);
        assert_int_equal(w.s.failure, rows[i].failure);
        end(&w);
    }
}

/* The cookie of the ClientHello that the client sends now; its record's number
 * is `record_seq`. */
static struct dtls_bytes say_hello(struct work *w, uint64_t record_seq,
                                   uint8_t bytes[512])
{
    struct dtls_buf out = {bytes, 0, 512};
    struct dtls_span datagram;
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment fragment;
    struct dtls_client_hello hello;

    assert_int_equal(dtls_session_write(&w->s, &out), DTLS_OK);
    datagram = (struct dtls_span){bytes, out.len};
    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    assert_int_equal(record.seq, record_seq);
    payload = dtls_span_bytes(record.body);
    assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
    assert_int_equal(dtls_client_hello_parse(&hello, fragment.body), DTLS_OK);
    return hello.cookie;
}

/* RFC 6347, 4.2.1: it has the number of the ClientHello that it answers. */
static void only_the_last_hello_is_answered_by_a_verify(void **state)
{
    struct work w;
    uint8_t bytes[512];

    (void)state;
    begin(&w);
    assert_int_equal(say_hello(&w, 0, bytes).len, 0);
    assert_int_equal(dtls_session_expire(&w.s, 1000), DTLS_EVENT_NONE);
    assert_int_equal(say_hello(&w, 1, bytes).len, 0);
    w.record_seq = 0;
    (void)feed(&w, DTLS_HELLO_VERIFY_REQUEST, 0, 5, "feff02aaaa");
    kit_assert_hex(say_hello(&w, 2, bytes), "aaaa");
    /* The repeat is answered by another cookie. */
    (void)feed(&w, DTLS_HELLO_VERIFY_REQUEST, 0, 5, "feff02bbbb");
    assert_int_equal(w.s.hs.hello_seq, 1);
    /* The cookie of the second ClientHello is refused. */
    (void)feed(&w, DTLS_HELLO_VERIFY_REQUEST, 1, 5, "feff02cccc");
    kit_assert_hex(say_hello(&w, 3, bytes), "cccc");
    assert_int_equal(w.s.hs.hello_seq, 2);
    end(&w);
}

/* Each of the client's hellos is asked for a cookie again. */
static void a_server_that_asks_without_end_is_left(void **state)
{
    struct work w;
    uint8_t bytes[512];
    uint16_t seq = 0;

    (void)state;
    begin(&w);
    while (dtls_session_is_opening(&w.s)) {
        char verify[16];

        kit_row("hello %u", seq);
        (void)snprintf(verify, sizeof verify, "feff01%02x", seq + 1u);
        assert_int_equal(say_hello(&w, seq, bytes).len, seq == 0 ? 0 : 1);
        w.record_seq = seq;
        (void)feed(&w, DTLS_HELLO_VERIFY_REQUEST, seq, 4, verify);
        seq++;
        assert_true(seq < 100);
    }
    assert_int_equal(seq, DTLS_HELLO_VERIFIES_MAX + 1);
    assert_int_equal(w.s.failure, DTLS_HANDSHAKE_FAILURE);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_last_hello_is_answered_by_a_verify),
        cmocka_unit_test(a_server_that_asks_without_end_is_left),
        cmocka_unit_test(every_place_taken_leaves_room_after_a_jump),
        cmocka_unit_test(only_a_certificate_may_be_longer_than_our_room),
    };

    return kit_run(tests);
}
