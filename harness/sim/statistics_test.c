/* SPDX-License-Identifier: MIT */
/* Every count moves by one for its event, and no other count moves with it
 * that the event is none of. */
#include "kit/kit.h"
#include "sim/pair.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

#define ONE(name) COUNT_##name,
enum count { DTLS_COUNTERS(ONE) COUNTS };

/* Of one end; the gate's are the server's. */
static struct dtls_counters read_counts(int end)
{
    return pair.ends[end].counters;
}

static struct dtls_counters before[2];

static void mark(void)
{
    before[0] = read_counts(0);
    before[1] = read_counts(1);
}

/* One event: the counts of `moved` (one bit each) of this end went up by one,
 * all others stayed. */
#define BIT(count) (1u << (count))
static void check_moved(int end, const char *name, uint32_t by,
                        unsigned expected)
{
    if (by != expected) {
        fail_msg("end %d: %s moved by %u", end, name, by);
    }
}

static void moved(int end, unsigned moved)
{
    struct dtls_counters now = read_counts(end);

#define CHECK_ONE(name)                                                       \
    check_moved(end, #name, now.name - before[end].name,                      \
                moved >> COUNT_##name & 1);
    DTLS_COUNTERS(CHECK_ONE)
}

/* Counts that are not 0 at the end of a test here. */
static unsigned seen;

static void finish(void)
{
    for (int i = 0; i < 2; i++) {
        struct dtls_counters now = read_counts(i);

#define NOTE_ONE(name) seen |= now.name != 0 ? BIT(COUNT_##name) : 0;
        DTLS_COUNTERS(NOTE_ONE)
    }
    sim_pair_free(&pair);
}

static void connect(void)
{
    sim_pair_init(&pair, 61);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 100);
    mark();
}

/* Gives `to` a datagram as if from its peer. */
static void deliver(int to, struct dtls_bytes datagram)
{
    sim_send(&pair.net, !to, to, datagram);
    sim_pair_drain(&pair, pair.net.now + 100);
}

static void a_clean_handshake(void **state)
{
    struct dtls_counters client;
    struct dtls_counters server;

    (void)state;
    connect();
    client = read_counts(SIM_CLIENT);
    server = read_counts(SIM_SERVER);
    assert_int_equal(client.handshakes, 1);
    assert_int_equal(server.handshakes, 1);
    /* ClientHello twice, ClientKeyExchange, ChangeCipherSpec, Finished; the
     * HelloVerifyRequest is the gate's. */
    assert_int_equal(client.records_sent, 5);
    assert_int_equal(server.records_received, 4);
    /* ServerHello, ServerHelloDone, ChangeCipherSpec, Finished. */
    assert_int_equal(server.records_sent, 4);
    assert_int_equal(client.records_received, 5);
    assert_int_equal(server.cookies_sent, 1);
    assert_int_equal(server.cookies_accepted, 1);
    /* Nothing else has happened. */
    client.handshakes = server.handshakes = 0;
    client.records_sent = server.records_sent = 0;
    client.records_received = server.records_received = 0;
    server.cookies_sent = server.cookies_accepted = 0;
    assert_memory_equal(&client, &(struct dtls_counters){0}, sizeof client);
    assert_memory_equal(&server, &(struct dtls_counters){0}, sizeof server);
    finish();
}

static void data_out_and_in(void **state)
{
    (void)state;
    connect();
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("one", 3)),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 100);
    moved(SIM_CLIENT, BIT(COUNT_records_sent) | BIT(COUNT_data_sent));
    moved(SIM_SERVER, BIT(COUNT_records_received) | BIT(COUNT_data_received));
    finish();
}

static void data_that_is_not_sent(void **state)
{
    static const uint8_t large[DTLS_PLAINTEXT_MAX + 1];

    (void)state;
    connect();
    assert_int_equal(
        sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of(large, sizeof large)),
        DTLS_NO_ROOM);
    moved(SIM_CLIENT, 0);
    finish();
}

static void alerts_out_and_in(void **state)
{
    (void)state;
    connect();
    assert_int_equal(
        dtls_session_close(&pair.ends[SIM_CLIENT].session, pair.net.now),
        DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 100);
    /* close_notify, and its answer. */
    for (int i = 0; i < 2; i++) {
        moved(i, BIT(COUNT_records_sent) | BIT(COUNT_records_received) |
                     BIT(COUNT_alerts_sent) | BIT(COUNT_alerts_received));
    }
    finish();
}

static void records_that_are_dropped(void **state)
{
    static const uint8_t no_record[] = {23, 0xfe, 0xfd, 0, 1};
    static const uint8_t other_type[] = {99, 0xfe, 0xfd, 0, 1, 0, 0,
                                         0,  0,    0,    9, 0, 1, 0};
    static const uint8_t other_epoch[] = {23, 0xfe, 0xfd, 0, 7, 0, 0,
                                          0,  0,    0,    9, 0, 1, 0};
    static const uint8_t forged[] = {23, 0xfe, 0xfd, 0, 1,    0, 0, 0, 0,
                                     0,  9,    0,    4, 0x11, 1, 2, 3};
    /* A client's own session has no epoch 0 any more; a server's neither. */
    (void)state;
    for (int to = 0; to < 2; to++) {
        kit_row("to the %s", kit_role(to));
        connect();
        deliver(to, dtls_bytes_of(no_record, sizeof no_record));
        moved(to, BIT(COUNT_discarded_header));
        mark();
        deliver(to, dtls_bytes_of(other_type, sizeof other_type));
        moved(to, BIT(COUNT_discarded_header));
        mark();
        deliver(to, dtls_bytes_of(other_epoch, sizeof other_epoch));
        moved(to, BIT(COUNT_discarded_epoch));
        mark();
        deliver(to, dtls_bytes_of(forged, sizeof forged));
        moved(to, BIT(COUNT_discarded_mac));
        moved(!to, 0);
        finish();
    }
}

static void a_record_that_comes_twice(void **state)
{
    (void)state;
    connect();
    pair.net.conditions.duplication = 100;
    assert_int_equal(sim_pair_say(&pair, SIM_SERVER, dtls_bytes_of("one", 3)),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 100);
    moved(SIM_CLIENT, BIT(COUNT_records_received) | BIT(COUNT_data_received) |
                          BIT(COUNT_discarded_replay));
    finish();
}

static void a_message_that_is_out_of_place(void **state)
{
    struct dtls_session *server = &pair.ends[SIM_SERVER].session;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    connect();
    /* ChangeCipherSpec in a live session. */
    assert_int_equal(dtls_record_layer_seal(&server->records, &out, 1,
                                            DTLS_CHANGE_CIPHER_SPEC,
                                            dtls_bytes_of("\1", 1)),
                     DTLS_OK);
    deliver(SIM_CLIENT, dtls_buf_bytes(&out));
    moved(SIM_CLIENT,
          BIT(COUNT_records_received) | BIT(COUNT_discarded_state));
    finish();
}

static void drop_all(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)sent;
    (void)self;
    fate->lost = true;
}

static void a_flight_that_is_sent_again(void **state)
{
    (void)state;
    sim_pair_init(&pair, 62);
    pair.net.conditions.decide = drop_all;
    sim_pair_start(&pair);
    sim_pair_drain(&pair, 500);
    mark();
    sim_pair_drain(&pair, 1500); /* the timer fires after 1 s */
    moved(SIM_CLIENT, BIT(COUNT_retransmissions) | BIT(COUNT_records_sent));
    finish();
}

/* Where the client's datagrams seem to come from. */
static uint32_t claimed;

static void claim(void *self, const struct sim_sent *sent,
                  struct sim_fate *fate)
{
    (void)self;
    fate->address = sent->from == SIM_CLIENT ? claimed : 0;
}

static void an_address_that_changes(void **state)
{
    uint64_t begun;

    (void)state;
    claimed = 0;
    sim_pair_init(&pair, 65);
    pair.net.conditions.decide = claim;
    pair.ends[SIM_CLIENT].config.connection_ids = true;
    pair.ends[SIM_SERVER].config.connection_ids = true;
    pair.ends[SIM_SERVER].config.cid_len = 4;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 100);
    mark();
    claimed = pair.client_at = 5;
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("data", 4)),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 15);
    moved(SIM_SERVER, BIT(COUNT_records_received) | BIT(COUNT_data_received) |
                          BIT(COUNT_records_sent));
    mark();
    sim_pair_drain(&pair, pair.net.now + 2000); /* its path_response */
    moved(SIM_SERVER, BIT(COUNT_records_received) | BIT(COUNT_moves));
    claimed = 6;
    begun = pair.net.now;
    assert_int_equal(sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of("data", 4)),
                     DTLS_OK);
    sim_pair_drain(&pair, begun + 1000);
    mark();
    sim_pair_drain(&pair, begun + 1020);
    moved(SIM_SERVER, BIT(COUNT_moves_refused));
    finish();
}

/* At the gate. */

static void what_the_gate_drops_and_answers(void **state)
{
    static const uint8_t junk[] = {0};

    (void)state;
    sim_pair_init(&pair, 63);
    sim_pair_start(&pair);
    mark();
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_bytes_of(junk, 1));
    pair.net.conditions.loss = 100; /* but the junk is on its way */
    sim_pair_drain(&pair, pair.net.now + 100);
    moved(SIM_SERVER, BIT(COUNT_discarded_no_session));
    pair.net.conditions.loss = 0;
    /* The timer brings the ClientHello; then everything is lost again. */
    while (pair.listener.counters->cookies_sent == 0) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    moved(SIM_SERVER,
          BIT(COUNT_discarded_no_session) | BIT(COUNT_cookies_sent));
    finish();
}

static void a_cookie_that_is_not_good(void **state)
{
    (void)state;
    sim_pair_init(&pair, 64);
    sim_pair_start(&pair);
    while (pair.listener.counters->cookies_sent == 0) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    mark();
    /* The cookie was another address's. */
    pair.client_address.bytes[1] ^= 1;
    while (pair.listener.counters->cookies_sent == 1) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    moved(SIM_SERVER, BIT(COUNT_cookies_sent) | BIT(COUNT_cookies_refused));
    mark();
    while (!pair.accepted) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    assert_int_equal(pair.listener.counters->cookies_accepted, 1);
    assert_int_equal(pair.listener.counters->cookies_refused, 1);
    finish();
}

/* No engine alone moves these: unit.nx_secure.association and
 * unit.nx_secure.full_server do. */
#define ELSEWHERE                                                             \
    (BIT(COUNT_discarded_no_room) | BIT(COUNT_refused) | BIT(COUNT_given_up))

/* The last test: a count without an event in any test above is a count that
 * nothing may be counting. */
static void every_count_has_an_event(void **state)
{
    (void)state;
#define CHECK_SEEN(name)                                                      \
    if (((seen | ELSEWHERE) & BIT(COUNT_##name)) == 0) {                      \
        fail_msg("no test moves %s", #name);                                  \
    }
    DTLS_COUNTERS(CHECK_SEEN)
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_handshake),
        cmocka_unit_test(data_out_and_in),
        cmocka_unit_test(data_that_is_not_sent),
        cmocka_unit_test(alerts_out_and_in),
        cmocka_unit_test(records_that_are_dropped),
        cmocka_unit_test(a_record_that_comes_twice),
        cmocka_unit_test(a_message_that_is_out_of_place),
        cmocka_unit_test(a_flight_that_is_sent_again),
        cmocka_unit_test(an_address_that_changes),
        cmocka_unit_test(what_the_gate_drops_and_answers),
        cmocka_unit_test(a_cookie_that_is_not_good),
        cmocka_unit_test(every_count_has_an_event),
    };

    return kit_run(tests);
}
