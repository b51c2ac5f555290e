/* SPDX-License-Identifier: MIT */
/* Records, alerts and data of an association, for both of our roles. */
#include "conformance/stage.h"

static struct stage s;

#define EACH_ROLE(role)                                                       \
    for (enum dtls_role role = DTLS_CLIENT; role <= DTLS_SERVER; role++)

static void prepare(enum dtls_role role, uint16_t suite)
{
    static uint16_t only;

    only = suite;
    stage_init(&s, role, 111);
    s.target.config.suites = &only;
    s.target.config.num_suites = 1;
    stage_start(&s);
}

static void connect(enum dtls_role role, uint16_t suite)
{
    prepare(role, suite);
    stage_connects(&s);
}

/* Everything is as it was, and no word was said. */
static void assert_lives(void)
{
    stage_ignores(&s);
    stage_exchanges_data(&s);
}

static struct dtls_bytes text(const char *t)
{
    return dtls_bytes_of(t, strlen(t));
}

static void say_out(void)
{
    stage_say_bytes(&s, dtls_buf_bytes(&s.out));
    s.out.len = 0;
}

/* The target's next record of data; nobody gets it yet. */
static struct dtls_bytes target_sends(uint8_t *room, size_t cap, size_t len)
{
    static const uint8_t zeros[16384];
    struct dtls_buf out = {room, 0, cap};

    assert_int_equal(dtls_session_send(&s.target.session, &out,
                                       dtls_bytes_of(zeros, len),
                                       s.target.now),
                     DTLS_OK);
    return dtls_buf_bytes(&out);
}

static void lost_data_stays_lost(void **state)
{
    uint8_t room[3][256];
    struct dtls_bytes sent[3];

    (void)state;
    proves("D6347-2-1");
    proves("D6347-3.1-1");
    EACH_ROLE(role)
    {
        unsigned had;

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        peer_put_data(&s.peer, &s.out, text("one"));
        s.out.len = 0; /* lost */
        peer_put_data(&s.peer, &s.out, text("two"));
        say_out();
        assert_memory_equal(s.target.data, "two", 3);
        peer_put_data(&s.peer, &s.out, text("three"));
        say_out();
        assert_memory_equal(s.target.data, "three", 5);

        for (size_t i = 0; i < 3; i++) {
            sent[i] = target_sends(room[i], sizeof room[i], 1 + i);
        }
        had = s.peer.num_data;
        peer_receive(&s.peer, sent[1]);
        peer_receive(&s.peer, sent[2]);
        assert_int_equal(s.peer.num_data, had + 2);
        s.target.now += 3600000;
        stage_ignores(&s); /* the first is not sent again */
        stage_end(&s);
    }
}

static void data_in_the_clear_is_never_delivered(void **state)
{
    (void)state;
    proves("D6347-4.1-17");
    EACH_ROLE(role)
    {
        unsigned had;

        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        stage_say_record(&s, 0, DTLS_APPLICATION_DATA, text("early"));
        (void)stage_come_to(&s, DTLS_FINISHED);
        stage_say_record(&s, 0, DTLS_APPLICATION_DATA, text("early"));
        assert_int_equal(s.target.num_data, 0);
        stage_connects(&s);
        had = s.target.num_data;
        stage_say_record(&s, 0, DTLS_APPLICATION_DATA, text("late"));
        assert_int_equal(s.target.num_data, had);
        assert_lives();
        stage_end(&s);
    }
}

static void a_bad_record_does_not_hide_the_next(void **state)
{
    (void)state;
    proves("D6347-4.1.1-4");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        peer_put_data(&s.peer, &s.out, text("spoiled"));
        s.out.data[s.out.len - 1] ^= 1;
        peer_put_data(&s.peer, &s.out, text("whole"));
        say_out();
        assert_memory_equal(s.target.data, "whole", 5);
        assert_lives();
        stage_end(&s);
    }
}

static void a_forged_alert_kills_nothing(void **state)
{
    static const uint8_t fatal[] = {2, 40};

    (void)state;
    proves("D6347-4.1.2.7-5");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of(fatal, 2));
        assert_lives();
        stage_end(&s);
    }
}

/* Data with one byte changed, each byte after the header in its turn: silence,
 * and it is counted as not authentic. */
static void spoil_each_byte(uint16_t suite)
{
    EACH_ROLE(role)
    {
        size_t len = DTLS_RECORD_HEADER_LEN + 1;

        kit_row("target a %s, suite %04x", kit_role(role), suite);
        connect(role, suite);
        for (size_t at = DTLS_RECORD_HEADER_LEN; at < len; at++) {
            uint32_t *drops = &s.target.session.counters->discarded_mac;
            uint32_t had = *drops;
            unsigned data = s.target.num_data;

            kit_row("byte %zu", at);
            peer_put_data(&s.peer, &s.out, text("payload"));
            len = s.out.len;
            s.out.data[at] ^= (uint8_t)(1 << at % 8);
            say_out();
            assert_int_equal(*drops, had + 1);
            assert_int_equal(s.target.num_data, data);
            stage_ignores(&s);
        }
        assert_lives();
        stage_end(&s);
    }
}

static void a_changed_record_is_dropped_in_silence(void **state)
{
    (void)state;
    proves("D6347-4.1.2.1-5");
    proves("D6347-4.1.2.7-3");
    proves("FCS_DTLSC_EXT.1.10");
    proves("FCS_DTLSS_EXT.1.5");
    spoil_each_byte(0xc02f);
    spoil_each_byte(0xcca8);
    spoil_each_byte(0xc0ac);
}

static void a_changed_gcm_record_under_a_psk_is_dropped(void **state)
{
    (void)state;
    proves("D5487-2-1");
    proves("D5487-2-3");
    spoil_each_byte(0x00a8);
    spoil_each_byte(0x00a9);
}

static void with_encrypt_then_mac_a_bad_mac_is_the_end_of_a_record(
    void **state)
{
    (void)state;
    proves("D7366-3-5");
    proves("D7366-3-6");
    proves("D7366-3-7");
    spoil_each_byte(0xc027);
}

/* Connects with MAC-then-encrypt: one hello does not say encrypt_then_mac. */
static void connect_without_etm(enum dtls_role role)
{
    static struct hello hello;
    struct peer_message *m;

    prepare(role, 0xc027);
    if (role == DTLS_CLIENT) {
        m = stage_come_to(&s, DTLS_SERVER_HELLO);
        hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
        s.peer.session.hs.encrypt_then_mac = false;
    } else {
        m = stage_come_to(&s, DTLS_CLIENT_HELLO);
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    }
    hello_drop(&hello, 22);
    hello_put(&s, m, &hello);
    stage_connects(&s);
}

/* The byte before the last block decides what the padding's length becomes,
 * one in the middle only the MAC: the same silence, the same count. */
static void a_bad_padding_is_no_other_error(void **state)
{
    (void)state;
    proves("D5246-6.2.3.2-5");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect_without_etm(role);
        for (unsigned bits = 1; bits < 256; bits++) {
            kit_row("bits %02x", bits);
            for (unsigned padding = 0; padding < 2; padding++) {
                uint32_t *drops = &s.target.session.counters->discarded_mac;
                uint32_t had = *drops;

                kit_row("in the %s", padding ? "padding" : "MAC");
                peer_put_data(&s.peer, &s.out, text("payload"));
                s.out.data[s.out.len - (padding ? 17 : 40)] ^= (uint8_t)bits;
                say_out();
                assert_int_equal(*drops, had + 1);
                stage_ignores(&s);
            }
        }
        assert_lives();
        stage_end(&s);
    }
}

static void a_thousand_bad_records_change_nothing(void **state)
{
    (void)state;
    proves("D6347-5-3");
    EACH_ROLE(role)
    {
        uint64_t seed = 112;

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        for (unsigned i = 0; i < 1000; i++) {
            uint8_t junk[80];

            kit_row("record %u", i);
            kit_fill(&seed, junk, sizeof junk);
            peer_put_data(&s.peer, &s.out, dtls_bytes_of(junk, sizeof junk));
            s.out.data[DTLS_RECORD_HEADER_LEN + 8 +
                       kit_below(&seed, sizeof junk)] ^= 0x10;
            say_out();
            stage_say_bytes(&s, dtls_bytes_of(junk, i % sizeof junk));
            stage_ignores(&s);
        }
        assert_lives();
        stage_end(&s);
    }
}

static void a_replay_is_counted_and_nothing_else(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.11");
    proves("FCS_DTLSS_EXT.1.6");
    proves("D6347-4.1.2.7-2");
    proves("D6347-3.3-1");
    EACH_ROLE(role)
    {
        uint8_t copy[10][64];
        size_t len[10];

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        for (size_t i = 0; i < 10; i++) {
            kit_row("record %zu", i);
            peer_put_data(&s.peer, &s.out, text("once"));
            len[i] = s.out.len;
            assert_true(len[i] <= sizeof copy[i]);
            memcpy(copy[i], s.out.data, len[i]);
            say_out();
        }
        for (size_t i = 0; i < 10; i++) {
            unsigned had = s.target.num_data;
            uint32_t *drops = &s.target.session.counters->discarded_replay;
            uint32_t before = *drops;

            kit_row("replay of record %zu", i);
            stage_say_bytes(&s, dtls_bytes_of(copy[i], len[i]));
            assert_int_equal(s.target.num_data, had);
            assert_int_equal(*drops, before + 1);
        }
        assert_lives();
        stage_end(&s);
    }
}

/* Is a record with this number delivered? */
static bool takes(uint64_t seq)
{
    unsigned before = s.target.num_data;

    s.peer.session.records.write[1].next_seq = seq;
    peer_put_data(&s.peer, &s.out, text("late"));
    say_out();
    return s.target.num_data != before;
}

/* 64 records as docs/limits.md says, and others if they are configured. */
static void the_window_is_as_large_as_it_is_set(void **state)
{
    static const uint16_t sizes[] = {0, 64, 65, 200, DTLS_WINDOW_MAX};

    (void)state;
    proves("D6347-4.1.2.6-7");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(sizes); i++) {
            uint64_t size = sizes[i] != 0 ? sizes[i] : 64U;

            kit_row("window of %u", sizes[i]);
            stage_init(&s, role, 112);
            s.target.config.replay_window = sizes[i];
            stage_start(&s);
            stage_connects(&s);
            assert_true(takes(5000));
            assert_true(takes(5000 - 63));
            assert_int_equal(takes(5000 - 64), size > 64);
            assert_int_equal(takes(5000 - size + 1), size != 64 && size != 65);
            assert_false(takes(5000 - size));
            assert_false(takes(5000 - 1000));
            assert_false(takes(5000));
            s.peer.session.records.write[1].next_seq = 6000;
            assert_lives();
            stage_end(&s);
        }
    }
}

static void a_type_that_does_not_exist_is_dropped(void **state)
{
    (void)state;
    proves("D5246-6-2");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        stage_say_record(&s, 1, 99, text("what"));
        assert_lives();
        stage_end(&s);
    }
}

static void empty_records_do_no_harm(void **state)
{
    static const uint8_t types[] = {DTLS_CHANGE_CIPHER_SPEC, DTLS_ALERT,
                                    DTLS_HANDSHAKE};

    (void)state;
    proves("D5246-6.2.1-2");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        (void)stage_come_to(&s, DTLS_FINISHED);
        for (unsigned i = 0; i < 300; i++) {
            kit_row("empty record %u", i);
            stage_say_record(&s, 0, types[i % 3], (struct dtls_bytes){0});
        }
        stage_connects(&s);
        for (unsigned i = 0; i < 300; i++) {
            kit_row("empty record %u", i);
            stage_say_record(&s, (uint16_t)(i & 1), types[i % 3],
                             (struct dtls_bytes){0});
        }
        assert_lives();
        stage_end(&s);
    }
}

static void empty_data_is_no_error(void **state)
{
    (void)state;
    proves("D5246-6.2.1-3");
    EACH_ROLE(role)
    {
        unsigned had;

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        had = s.target.num_data;
        stage_say_record(&s, 1, DTLS_APPLICATION_DATA, (struct dtls_bytes){0});
        assert_int_equal(s.target.num_data, had);
        assert_lives();
        stage_end(&s);
    }
}

/* The peer's next record is its ChangeCipherSpec. */
static void come_before_ccs(enum dtls_role role)
{
    bool client = role == DTLS_CLIENT;
    struct peer_message *m = stage_come_to(
        &s, client ? DTLS_SERVER_HELLO_DONE : DTLS_CLIENT_KEY_EXCHANGE);

    stage_say(&s, m);
    if (client) {
        stage_exchange(&s);
        m = s.peer.messages;
    } else {
        m++;
    }
    assert_int_equal(m->record_type, DTLS_CHANGE_CIPHER_SPEC);
}

static void alerts_have_two_bytes_and_ccs_one(void **state)
{
    static const uint8_t fatal[] = {2, 40, 0};
    static const uint8_t ccs[] = {1, 1};

    (void)state;
    proves("D5246-6.2.1-6");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of(fatal, 1));
        stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of(fatal, 3));
        come_before_ccs(role);
        stage_say_record(&s, 0, DTLS_CHANGE_CIPHER_SPEC,
                         dtls_bytes_of(ccs, 2));
        assert_false(s.target.session.hs.ccs_seen);
        stage_connects(&s);
        stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of(fatal, 1));
        stage_say_record(&s, 1, DTLS_ALERT, dtls_bytes_of(fatal, 3));
        assert_lives();
        stage_end(&s);
    }
}

/* A record of data whose first byte is another: neither delivered nor
 * answered. */
static void say_first_byte(uint8_t first)
{
    unsigned had = s.target.num_data;

    peer_put_data(&s.peer, &s.out, text("payload"));
    s.out.data[0] = first;
    say_out();
    assert_int_equal(s.target.num_data, had);
    stage_ignores(&s);
}

static void other_first_bytes_are_dropped(void **state)
{
    (void)state;
    proves("D9147-4.1-1");
    proves("D9147-4.1-2");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        for (unsigned first = 0; first < 256; first++) {
            kit_row("first byte %u", first);
            if (first < 20 || first > 23) {
                say_first_byte((uint8_t)first);
            }
        }
        assert_lives();
        stage_end(&s);
    }
}

static void say_alert(uint16_t epoch, uint8_t level, uint8_t description)
{
    uint8_t alert[] = {level, description};

    stage_say_record(&s, epoch, DTLS_ALERT, dtls_bytes_of(alert, 2));
}

static void assert_ended_by_alert(void)
{
    unsigned had = s.target.num_data;
    size_t records;

    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
    assert_int_equal(s.target.session.failure, DTLS_ALERTED);
    stage_listen(&s);
    records = s.num_records;
    peer_put_data(&s.peer, &s.out, text("anybody?"));
    say_out();
    stage_listen(&s);
    assert_int_equal(s.target.num_data, had);
    assert_int_equal(s.num_records, records);
}

static void a_fatal_alert_closes(void **state)
{
    (void)state;
    proves("D5246-7.2.2-1");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        say_alert(1, 2, 40);
        assert_ended_by_alert();
        stage_end(&s);
    }
}

static void unknown_alerts_go_by_their_level(void **state)
{
    (void)state;
    proves("D5246-7.2-4");
    proves("D5246-7.2-3");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        say_alert(1, 1, 200);
        assert_lives();
        say_alert(1, 3, 40); /* no such level: no such alert */
        assert_lives();
        say_alert(1, 2, 200);
        assert_ended_by_alert();
        stage_end(&s);
    }
}

static void alerts_end_a_handshake_cleanly(void **state)
{
    static const uint8_t descriptions[] = {70, 71, 90};

    (void)state;
    proves("D7925-6-5");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(descriptions); i++) {
            kit_row("alert %u", descriptions[i]);
            prepare(role, 0xc02f);
            (void)stage_come_to(&s, role == DTLS_CLIENT
                                        ? DTLS_CERTIFICATE
                                        : DTLS_CLIENT_KEY_EXCHANGE);
            if (descriptions[i] == 90) { /* a warning, and then the close */
                say_alert(0, 1, 90);
                say_alert(0, 1, 0);
            } else {
                say_alert(0, 2, descriptions[i]);
            }
            assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
            assert_int_equal(s.target.session.failure, DTLS_ALERTED);
            stage_end(&s);
        }
    }
}

static void our_alerts_are_under_the_current_keys(void **state)
{
    static const uint8_t unknown[] = {99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    (void)state;
    proves("D5246-7.2-2");
    proves("D5246-7.2.2-5");
    EACH_ROLE(role)
    {
        uint8_t bytes[sizeof unknown];

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f);
        memcpy(bytes, unknown, sizeof bytes);
        bytes[5] = (uint8_t)s.target.session.hs.in.next_seq;
        stage_say_record(&s, 1, DTLS_HANDSHAKE,
                         dtls_bytes_of(bytes, sizeof bytes));
        stage_listen(&s);
        assert_int_equal(s.records[s.num_records - 1].type, DTLS_ALERT);
        assert_int_equal(s.records[s.num_records - 1].epoch, 1);
        stage_fails(&s, DTLS_UNKNOWN_MESSAGE); /* and its level is fatal */
    }
}

static void close_is_said_and_answered(void **state)
{
    (void)state;
    proves("D5246-7.2.1-1");
    proves("D5246-7.2.1-2");
    proves("D5246-7.2.1-3");
    EACH_ROLE(role)
    {
        uint8_t bytes[64];
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        unsigned had;
        size_t records;

        kit_row("target a %s", kit_role(role));
        connect(role, 0xc02f); /* we close */
        assert_int_equal(dtls_session_close(&s.target.session, s.target.now),
                         DTLS_OK);
        stage_listen(&s);
        assert_int_equal(s.peer.event, DTLS_EVENT_ENDED);
        assert_memory_equal(s.peer.session.peer_alert, "\1\0", 2);
        stage_end(&s);

        connect(role, 0xc02f); /* the peer does */
        records = s.num_records;
        say_alert(1, 1, 0);
        assert_int_equal(s.target.event, DTLS_EVENT_ENDED);
        assert_int_equal(dtls_session_send(&s.target.session, &out,
                                           text("too late"), s.target.now),
                         DTLS_NOT_NOW);
        stage_listen(&s);
        assert_int_equal(s.num_records, records + 1);
        assert_memory_equal(s.peer.session.peer_alert, "\1\0", 2);
        had = s.target.num_data;
        peer_receive(&s.target, (struct dtls_bytes){0});
        stage_say_record(&s, 1, DTLS_APPLICATION_DATA, text("after"));
        assert_int_equal(s.target.num_data, had);
        stage_end(&s);
    }
}

static void say_ccs(void)
{
    stage_say_record(&s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of("\1", 1));
}

static void change_cipher_spec_may_come_twice(void **state)
{
    (void)state;
    proves("D6347-4.2.5-4");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        (void)stage_come_to(&s, DTLS_FINISHED);
        say_ccs();
        say_ccs();
        stage_connects(&s);
        assert_int_equal(s.target.session.records.read_epoch, 1);
        assert_int_equal(s.target.session.records.write_epoch, 1);
        stage_end(&s);
    }
}

static void change_cipher_spec_before_the_keys_changes_nothing(void **state)
{
    (void)state;
    proves("D6347-4.2.5-5");
    proves("D5246-6.1-2");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        (void)stage_come_to(&s, role == DTLS_CLIENT
                                    ? DTLS_CERTIFICATE
                                    : DTLS_CLIENT_KEY_EXCHANGE);
        say_ccs();
        assert_int_equal(s.target.session.records.read_epoch, 0);
        stage_ignores(&s);
        stage_connects(&s);
        stage_end(&s);
    }
}

static void a_finished_in_the_clear_finishes_nothing(void **state)
{
    (void)state;
    proves("D5246-7.4.9-4");
    EACH_ROLE(role)
    {
        struct peer_message *m;

        kit_row("target a %s", kit_role(role));
        prepare(role, 0xc02f);
        come_before_ccs(role);
        m = peer_find(&s.peer, DTLS_FINISHED);
        m->epoch = 0;
        stage_say(&s, m);
        stage_listen_alone(&s);
        assert_false(dtls_session_is_connected(&s.target.session));
        assert_int_equal(s.target.num_data, 0);
        stage_end(&s);
    }
}

#define NONCES 10000

/* nonce_explicit of 10000 records is their epoch and number, each once. */
static void explicit_nonces_are_record_numbers(void **state)
{
    static const uint16_t suites[] = {0xc02f, 0xc0ac, 0xc0a8, 0xd001};

    (void)state;
    proves("D5288-3-2");
    proves("D6655-3-2");
    proves("D8442-5-2");
    proves("D7925-B-1");
    proves("D9325-7.2.1-1");
    for (size_t i = 0; i < LEN(suites); i++) {
        uint8_t last[8] = {0};

        kit_row("suite %04x", suites[i]);
        connect(DTLS_CLIENT, suites[i]);
        for (unsigned k = 0; k < NONCES; k++) {
            kit_row("nonce %u", k);
            uint8_t room[128];
            struct dtls_bytes sent = target_sends(room, sizeof room, 9);

            /* epoch and sequence_number of the header */
            assert_memory_equal(&sent.data[3], &sent.data[13], 8);
            assert_true(memcmp(last, &sent.data[13], 8) < 0);
            memcpy(last, &sent.data[13], 8);
        }
        stage_end(&s);
    }
}

static void aead_adds_what_its_rfc_says(void **state)
{
    static const struct {
        uint16_t suite;
        size_t more;
    } rows[] = {{0xc02f, 24}, {0xc030, 24}, {0xc0ac, 24}, {0xc0ad, 24},
                {0xc0ae, 16}, {0xc0a8, 16}, {0xcca8, 16}, {0xccac, 16}};

    (void)state;
    proves("D5246-6.2.3.3-2");
    for (size_t i = 0; i < LEN(rows); i++) {
        static uint8_t room[17000];

        kit_row("suite %04x", rows[i].suite);
        connect(DTLS_CLIENT, rows[i].suite);
        for (size_t len = 1; len <= 16384; len *= 4) {
            kit_row("%zu bytes", len);
            assert_int_equal(target_sends(room, sizeof room, len).len,
                             DTLS_RECORD_HEADER_LEN + len + rows[i].more);
        }
        stage_end(&s);
    }
}

/* IV || data, padded || HMAC-SHA384, with encrypt-then-MAC. */
static void cbc_with_sha384_has_48_bytes_of_mac(void **state)
{
    static const uint16_t suites[] = {0xc024, 0xc028};

    (void)state;
    proves("D5289-3.1-2");
    for (size_t i = 0; i < LEN(suites); i++) {
        uint8_t room[512];

        kit_row("suite %04x", suites[i]);
        connect(DTLS_CLIENT, suites[i]);
        for (size_t len = 1; len < 200; len++) {
            kit_row("%zu bytes", len);
            assert_int_equal(target_sends(room, sizeof room, len).len,
                             DTLS_RECORD_HEADER_LEN + 16 +
                                 (len / 16 + 1) * 16 + 48);
        }
        stage_end(&s);
    }
}

#define IVS 500

static void ivs_are_no_earlier_block(void **state)
{
    static uint8_t blocks[IVS * 4][16];
    size_t num = 0;

    (void)state;
    proves("D5246-6.2.3.2-2");
    stage_init(&s, DTLS_CLIENT, 113);
    s.target.config.crypto = &dtls_libcrypto;
    stage_suite(&s.target, &(const uint16_t){0xc027});
    stage_start(&s);
    stage_connects(&s);
    for (unsigned i = 0; i < IVS; i++) {
        kit_row("record %u", i);
        uint8_t room[128];
        struct dtls_bytes sent = target_sends(room, sizeof room, 20);

        for (size_t k = 0; k < num; k++) {
            assert_memory_not_equal(&sent.data[13], blocks[k], 16);
        }
        for (size_t at = 13; at + 16 <= sent.len && at < 13 + 48; at += 16) {
            memcpy(blocks[num++], &sent.data[at], 16);
        }
    }
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_data_stays_lost),
        cmocka_unit_test(data_in_the_clear_is_never_delivered),
        cmocka_unit_test(a_bad_record_does_not_hide_the_next),
        cmocka_unit_test(a_forged_alert_kills_nothing),
        cmocka_unit_test(a_changed_record_is_dropped_in_silence),
        cmocka_unit_test(a_changed_gcm_record_under_a_psk_is_dropped),
        cmocka_unit_test(
            with_encrypt_then_mac_a_bad_mac_is_the_end_of_a_record),
        cmocka_unit_test(a_bad_padding_is_no_other_error),
        cmocka_unit_test(a_thousand_bad_records_change_nothing),
        cmocka_unit_test(a_replay_is_counted_and_nothing_else),
        cmocka_unit_test(the_window_is_as_large_as_it_is_set),
        cmocka_unit_test(a_type_that_does_not_exist_is_dropped),
        cmocka_unit_test(empty_records_do_no_harm),
        cmocka_unit_test(empty_data_is_no_error),
        cmocka_unit_test(alerts_have_two_bytes_and_ccs_one),
        cmocka_unit_test(other_first_bytes_are_dropped),
        cmocka_unit_test(a_fatal_alert_closes),
        cmocka_unit_test(unknown_alerts_go_by_their_level),
        cmocka_unit_test(alerts_end_a_handshake_cleanly),
        cmocka_unit_test(our_alerts_are_under_the_current_keys),
        cmocka_unit_test(close_is_said_and_answered),
        cmocka_unit_test(change_cipher_spec_may_come_twice),
        cmocka_unit_test(change_cipher_spec_before_the_keys_changes_nothing),
        cmocka_unit_test(a_finished_in_the_clear_finishes_nothing),
        cmocka_unit_test(explicit_nonces_are_record_numbers),
        cmocka_unit_test(aead_adds_what_its_rfc_says),
        cmocka_unit_test(cbc_with_sha384_has_48_bytes_of_mac),
        cmocka_unit_test(ivs_are_no_earlier_block),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
