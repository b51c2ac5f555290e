/* SPDX-License-Identifier: MIT */
/* A server's look_up_psk may have no key yet: the handshake waits for
 * dtls_session_go_on, and the client cannot tell (RFC 4279, 2). */
#include "sim/pair_kit.h"

static struct {
    unsigned asked;
    bool known;   /* the answer is here ... */
    bool refused; /* ... and is that there is no such key */
    uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    size_t identity_len;
} book;

static enum dtls_status look_up(void *self, struct dtls_buf *out,
                                struct dtls_bytes identity)
{
    const struct dtls_bytes *key = self;

    book.asked++;
    book.identity_len = identity.len;
    memcpy(book.identity, identity.data, identity.len);
    if (!book.known) {
        return DTLS_NOT_NOW;
    }
    return !book.refused && dtls_put_bytes(out, *key)
               ? DTLS_OK
               : DTLS_UNKNOWN_PSK_IDENTITY;
}

/* The server knows the client's key from look_up alone. */
static void init(uint16_t suite)
{
    static uint16_t suites[1];
    static struct dtls_bytes key;

    suites[0] = suite;
    memset(&book, 0, sizeof book);
    sim_pair_init(&pair, 43);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suites;
    }
    key = pair.ends[SIM_CLIENT].config.psks[0].key;
    pair.ends[SIM_SERVER].config.num_psks = 0;
    pair.ends[SIM_SERVER].config.look_up_psk = look_up;
    pair.ends[SIM_SERVER].config.self = &key;
}

/* The client has said all that it has to say, and the server waits. */
static void come_to_the_wait(void)
{
    sim_pair_start(&pair);
    run();
    assert_int_equal(book.asked, 1);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_HANDSHAKING);
    assert_true(session(SIM_SERVER)->hs.key_awaited);
}

static enum dtls_event go_on(bool refused)
{
    book.known = true;
    book.refused = refused;
    return dtls_session_go_on(session(SIM_SERVER), pair.net.now);
}

static const uint16_t suites[] = {0xc0a8, 0x00af, 0xd001};

static void the_handshake_is_complete_as_soon_as_the_key_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(suites); i++) {
        uint64_t records;

        kit_row("suite %04x", suites[i]);
        init(suites[i]);
        come_to_the_wait();
        assert_int_equal(book.identity_len,
                         pair.ends[SIM_CLIENT].config.psks[0].identity.len);
        assert_int_equal(dtls_session_go_on(session(SIM_SERVER), pair.net.now),
                         DTLS_EVENT_NONE); /* still none */
        assert_int_equal(book.asked, 2);
        records = pair.ends[SIM_SERVER].counters.records_received;
        assert_int_equal(go_on(false), DTLS_EVENT_CONNECTED);
        assert_int_equal(book.asked, 3);
        run();
        assert_true(pair.ends[SIM_CLIENT].connected);
        /* Its Finished was there already: it has not said it again. */
        assert_int_equal(pair.ends[SIM_SERVER].counters.records_received,
                         records + 1);
        check_alive();
        assert_int_equal(go_on(false), DTLS_EVENT_NONE);
        sim_pair_free(&pair);
    }
}

/* In fragments, and again and again. */
static void what_comes_meanwhile_asks_no_more(void **state)
{
    static uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    static struct dtls_psk psk;

    (void)state;
    for (unsigned mtu = 100; mtu <= 1400; mtu += 1300) {
        kit_row("MTU %u", mtu);
        init(0xc0a8);
        psk = pair.ends[SIM_CLIENT].config.psks[0];
        memset(identity, 'i', sizeof identity);
        psk.identity = dtls_bytes_of(identity, sizeof identity);
        pair.ends[SIM_CLIENT].config.psks = &psk;
        pair.ends[SIM_CLIENT].config.mtu = (uint16_t)mtu;
        come_to_the_wait();
        sim_pair_drain(&pair, pair.net.now + 20000);
        assert_int_equal(book.asked, 1);
        assert_true(pair.ends[SIM_SERVER].counters.discarded_state > 2);
        assert_int_equal(go_on(false), DTLS_EVENT_CONNECTED);
        run();
        check_alive();
        sim_pair_free(&pair);
    }
}

/* Anyone can say a ClientKeyExchange in the clear: the one that the client has
 * said stays. */
static void another_identity_does_not_take_its_place(void **state)
{
    static const uint8_t forged[] = {16, 0, 0,   7,   0,   2,   0,
                                     0,  0, 0,   0,   7, /* message_seq 2 */
                                     0,  5, 'o', 't', 'h', 'e', 'r'};

    (void)state;
    init(0xc0a8);
    come_to_the_wait();
    assert_int_equal(session(SIM_SERVER)->hs.in.next_seq, 2);
    seal(SIM_CLIENT, 0, DTLS_HANDSHAKE, dtls_bytes_of(forged, sizeof forged));
    run();
    assert_int_equal(go_on(false), DTLS_EVENT_CONNECTED);
    assert_int_equal(book.identity_len,
                     pair.ends[SIM_CLIENT].config.psks[0].identity.len);
    run();
    check_alive();
    sim_pair_free(&pair);
}

/* As if it had been refused at once. */
static void a_late_refusal_looks_as_an_early_one(void **state)
{
    (void)state;
    proves("D4279-2-8");
    proves("D4279-2-9");
    for (int hides = 0; hides < 2; hides++) {
        for (int late = 0; late < 2; late++) {
            kit_row("%s, %s", hides ? "hidden" : "told",
                    late ? "late" : "at once");
            init(0xc0a8);
            pair.ends[SIM_SERVER].config.hide_unknown_identity = hides;
            book.known = !late;
            book.refused = true;
            if (late) {
                come_to_the_wait();
                assert_int_equal(go_on(true),
                                 hides ? DTLS_EVENT_NONE : DTLS_EVENT_FAILED);
            } else {
                sim_pair_start(&pair);
            }
            sim_pair_drain(&pair, HOUR);
            assert_int_equal(session(SIM_SERVER)->failure,
                             hides ? DTLS_TOO_LATE
                                   : DTLS_UNKNOWN_PSK_IDENTITY);
            assert_int_equal(session(SIM_CLIENT)->failure,
                             hides ? DTLS_TOO_LATE : DTLS_ALERTED);
            assert_int_equal(session(SIM_CLIENT)->peer_alert[1],
                             hides ? 0 : 115);
            sim_pair_free(&pair);
        }
    }
}

static void a_handshake_waits_no_longer_than_its_limit(void **state)
{
    (void)state;
    init(0xc0a8);
    pair.ends[SIM_SERVER].config.handshake_limit = 5000;
    come_to_the_wait();
    sim_pair_drain(&pair, 4900);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_HANDSHAKING);
    sim_pair_drain(&pair, 6000);
    assert_int_equal(session(SIM_SERVER)->failure, DTLS_TOO_LATE);
    assert_int_equal(go_on(false), DTLS_EVENT_NONE);
    assert_int_equal(book.asked, 1);
    sim_pair_free(&pair);
}

static void data_goes_on_while_a_renegotiation_waits(void **state)
{
    (void)state;
    init(0xc0a8);
    book.known = true;
    sim_pair_start(&pair);
    run();
    check_alive();
    book.known = false;
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    run();
    assert_true(session(SIM_SERVER)->hs.key_awaited);
    assert_int_equal(sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of("ping", 4)),
                     DTLS_OK);
    run();
    assert_memory_equal(pair.ends[SIM_CLIENT].data, "ping", 4);
    assert_int_equal(go_on(false), DTLS_EVENT_RENEGOTIATED);
    run();
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    check_alive();
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_handshake_is_complete_as_soon_as_the_key_is_known),
        cmocka_unit_test(what_comes_meanwhile_asks_no_more),
        cmocka_unit_test(another_identity_does_not_take_its_place),
        cmocka_unit_test(a_late_refusal_looks_as_an_early_one),
        cmocka_unit_test(a_handshake_waits_no_longer_than_its_limit),
        cmocka_unit_test(data_goes_on_while_a_renegotiation_waits),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
