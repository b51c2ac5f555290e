/* SPDX-License-Identifier: MIT */
/* EC-JPAKE between our own ends: with the cookie exchange, under loss, and
 * what a password is not used for. */
#include "sim/resumption_kit.h"

#include "messages/hello_extensions.h"

static const uint16_t suite = 0xc0ff;
static const uint16_t psk_too[] = {0xc0ff, 0xc0a8};

static void init(void)
{
    sim_pair_init(&pair, 61);
    set_suite(&suite);
}

/* ---- The cookie exchange ---- */

/* The value in each ClientHello that the client has sent. */
static struct {
    size_t num;
    size_t len[4];
    size_t cookie_len[4];
    uint8_t bytes[4][400];
} hellos;

static bool read_hello(struct dtls_bytes datagram, struct dtls_client_hello *m,
                       struct dtls_bytes *value)
{
    struct dtls_span rest = {(uint8_t *)(uintptr_t)datagram.data,
                             datagram.len};
    struct dtls_extensions ext;
    struct dtls_record record;
    struct dtls_bytes body;
    struct dtls_fragment f;

    if (dtls_record_next(&rest, &record) != DTLS_OK ||
        record.type != DTLS_HANDSHAKE || record.epoch != 0) {
        return false;
    }
    body = dtls_span_bytes(record.body);
    if (dtls_fragment_next(&body, &f) != DTLS_OK ||
        f.type != DTLS_CLIENT_HELLO ||
        dtls_client_hello_parse(m, f.body) != DTLS_OK ||
        dtls_extensions_parse_client(&ext, m->extensions) != DTLS_OK) {
        return false;
    }
    *value = ext.data[DTLS_EXT_ECJPAKE_KEY_KP_PAIR];
    return true;
}

static void keep_hello(void *watcher, const struct sim_sent *sent,
                       const struct sim_fate *fate)
{
    struct dtls_client_hello m;
    struct dtls_bytes value;

    (void)watcher;
    (void)fate;
    if (hellos.num < 4 && read_hello(sent->bytes, &m, &value)) {
        assert_true(value.len <= sizeof hellos.bytes[0]);
        memcpy(hellos.bytes[hellos.num], value.data, value.len);
        hellos.cookie_len[hellos.num] = m.cookie.len;
        hellos.len[hellos.num++] = value.len;
    }
}

static void both_client_hellos_have_the_same_keys(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-2");
    init();
    memset(&hellos, 0, sizeof hellos);
    pair.net.watch = keep_hello;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    assert_int_equal(hellos.num, 2);
    assert_int_equal(hellos.cookie_len[0], 0);
    assert_int_not_equal(hellos.cookie_len[1], 0);
    assert_in_range(hellos.len[0], 300, 330);
    assert_int_equal(hellos.len[0], hellos.len[1]);
    assert_memory_equal(hellos.bytes[0], hellos.bytes[1], hellos.len[0]);
    check_alive();
    sim_pair_free(&pair);
}

/* Flips a bit in the keys of the ClientHello with this number, in which they
 * are the last but a few bytes. */
static void damage_keys(void *self, const struct sim_sent *sent,
                        struct sim_fate *fate)
{
    const unsigned *which = self;
    struct dtls_client_hello m;
    struct dtls_bytes value;

    if (sent->number == *which && read_hello(sent->bytes, &m, &value)) {
        fate->flip_at = (size_t)(value.data - sent->bytes.data) + 40;
        fate->flip = 0x01;
    }
}

/* A damaged ClientHello is only seen to be one by a server that checks it. */
static void no_proof_is_checked_before_the_cookie(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-9");
    for (unsigned which = 0; which <= 2; which += 2) {
        kit_row("datagram %u", which);
        init();
        pair.net.conditions.decide = damage_keys;
        pair.net.conditions.self = &which;
        sim_pair_start(&pair);
        assert_int_equal(sim_pair_run(&pair, HOUR), which == 0);
        if (which == 2) {
            sim_pair_drain(&pair, pair.net.now + 1000);
            assert_int_equal(session(SIM_SERVER)->failure, DTLS_BAD_PROOF);
            assert_int_equal(session(SIM_CLIENT)->failure, DTLS_ALERTED);
            assert_int_equal(session(SIM_CLIENT)->peer_alert[1], 40);
        }
        sim_pair_free(&pair);
    }
}

/* ---- Loss ---- */

static void it_connects_whatever_is_lost_once(void **state)
{
    (void)state;
    for (unsigned subset = 0; subset < 64; subset++) {
        kit_row("lost: %02x", subset);
        init();
        pair.net.conditions.decide = lose_subset;
        pair.net.conditions.self = &subset;
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        check_alive();
        sim_pair_free(&pair);
    }
}

static void it_connects_in_small_datagrams(void **state)
{
    (void)state;
    for (uint16_t mtu = 120; mtu <= 600; mtu = (uint16_t)(mtu + 60)) {
        kit_row("MTU %u", mtu);
        init();
        for (int i = 0; i < 2; i++) {
            config(i)->mtu = mtu;
        }
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        check_alive();
        sim_pair_free(&pair);
    }
}

/* ---- What a password is not used for ---- */

/* The key of a PSK suite beside it is another one. */
static void another_suite_needs_its_own_key(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row("the %s has no password", kit_role(i));
        sim_pair_init(&pair, 62);
        for (int end = 0; end < 2; end++) {
            config(end)->suites = psk_too;
            config(end)->num_suites = 2;
        }
        config(i)->password = (struct dtls_bytes){0};
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(session(SIM_CLIENT)->hs.agreed.suite->id, 0xc0a8);
        sim_pair_free(&pair);
    }
}

static void a_session_with_a_password_is_not_resumed(void **state)
{
    (void)state;
    for (int t = 0; t < 2; t++) {
        kit_row(t == 0 ? "by id" : "by ticket");
        with_tickets = t == 1;
        forget_all();
        for (unsigned i = 0; i < 2; i++) {
            kit_row("association %u", i);
            prepare(70 + i, 0);
            set_suite(&suite);
            assert_false(connect_and_close());
            assert_int_equal(memory.saved.suite, 0);
        }
    }
    with_tickets = false;
    end_all();
}

static void such_a_session_does_not_renegotiate(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row("asked by the %s", kit_role(i));
        init();
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        sim_pair_drain(&pair, pair.net.now + 1000);
        assert_int_equal(dtls_session_renegotiate(session(i), pair.net.now),
                         DTLS_REFUSED);
        check_alive();
        sim_pair_free(&pair);
    }
}

/* A session that began otherwise renegotiates without the suite. */
static void a_renegotiation_does_not_go_over_to_a_password(void **state)
{
    memset(&hellos, 0, sizeof hellos);
    (void)state;
    sim_pair_init(&pair, 63);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int end = 0; end < 2; end++) {
        config(end)->suites = psk_too;
        config(end)->num_suites = 2;
    }
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 5000);
    assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, 1);
    assert_int_equal(session(SIM_CLIENT)->hs.agreed.suite->id, 0xc0a8);
    check_alive();
    sim_pair_free(&pair);
}

/* The exchange is over when the keys are there, or the handshake is. */
static int live_exchanges;

static enum dtls_status make_counted(void *self, struct dtls_jpake *jpake,
                                     bool server, struct dtls_bytes password)
{
    enum dtls_status status =
        dtls_libcrypto.jpake_make(self, jpake, server, password);

    live_exchanges += status == DTLS_OK;
    return status;
}

static void free_counted(void *self, struct dtls_jpake *jpake)
{
    live_exchanges -= jpake->second != NULL;
    dtls_libcrypto.jpake_free(self, jpake);
}

static void init_counted(void)
{
    init();
    live_exchanges = 0;
    pair.crypto.jpake_make = make_counted;
    pair.crypto.jpake_free = free_counted;
}

static void nothing_of_the_exchange_is_left(void **state)
{
    static const struct dtls_area nothing;
    static const uint16_t suites[] = {0xc0ff, 0xc0a8};

    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        init_counted();
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(live_exchanges, 0);
        assert_null(session(i)->hs.area);
        assert_memory_equal(&pair.ends[i].area, &nothing, sizeof nothing);
        sim_pair_free(&pair);

        init_counted();
        config(SIM_SERVER)->password = dtls_bytes_of("another", 7);
        sim_pair_start(&pair);
        assert_false(sim_pair_run(&pair, HOUR));
        sim_pair_drain(&pair, HOUR);
        assert_int_equal(live_exchanges, 0);
        assert_null(session(i)->hs.area);
        assert_memory_equal(&pair.ends[i].area, &nothing, sizeof nothing);
        sim_pair_free(&pair);

        /* The client offers it, and the server chooses another suite. */
        init_counted();
        config(SIM_CLIENT)->suites = suites;
        config(SIM_CLIENT)->num_suites = 2;
        config(SIM_SERVER)->suites = &suites[1];
        config(SIM_SERVER)->num_suites = 1;
        sim_pair_start(&pair);
        assert_int_equal(live_exchanges, 1);
        assert_true(sim_pair_run(&pair, HOUR));
        assert_int_equal(live_exchanges, 0);
        sim_pair_free(&pair);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_client_hellos_have_the_same_keys),
        cmocka_unit_test(no_proof_is_checked_before_the_cookie),
        cmocka_unit_test(it_connects_whatever_is_lost_once),
        cmocka_unit_test(it_connects_in_small_datagrams),
        cmocka_unit_test(another_suite_needs_its_own_key),
        cmocka_unit_test(a_session_with_a_password_is_not_resumed),
        cmocka_unit_test(such_a_session_does_not_renegotiate),
        cmocka_unit_test(a_renegotiation_does_not_go_over_to_a_password),
        cmocka_unit_test(nothing_of_the_exchange_is_left),
    };

    return kit_run(tests);
}
