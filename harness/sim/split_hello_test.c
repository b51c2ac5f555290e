/* SPDX-License-Identifier: MIT */
/* ClientHellos in several fragments, from the gate to the end of the
 * handshake: cut anywhere, in any order, with lists that change between the
 * first and the second, and never completed. */
#include "kit/kit.h"
#include "sim/pair.h"

enum {
    PIECES = 256,
    HEADERS = DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN,
    TO_COOKIE = 35, /* bytes of a body before the cookie, no session_id */
    ALERT_ILLEGAL_PARAMETER = 47
};

/* How a ClientHello goes out. */
struct plan {
    size_t ends[PIECES]; /* of its pieces, in ascending order, but for the
                            last, which ends with the message */
    size_t num_ends;
    uint64_t shuffle; /* seed of the pieces' order; 0: their own */
    size_t num_lost;  /* the last so many do not go out */
    void (*change)(struct dtls_span body);
};

static struct sim_pair pair;
static struct plan plans[2]; /* by message_seq; later ones like 1 */
static size_t body_lens[2];
static const uint16_t suites[] = {0xc0a8, 0x00a8};

static void begin(uint64_t seed)
{
    memset(plans, 0, sizeof plans);
    memset(body_lens, 0, sizeof body_lens);
    sim_pair_init(&pair, seed);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suites;
        pair.ends[i].config.num_suites = LEN(suites);
    }
}

static struct dtls_session *server(void)
{
    return &pair.ends[SIM_SERVER].session;
}

static struct dtls_session *client(void)
{
    return &pair.ends[SIM_CLIENT].session;
}

static void send_piece(const struct dtls_fragment *whole, uint64_t seq,
                       size_t from, size_t to)
{
    uint8_t bytes[SIM_ARENA];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment piece = *whole;

    piece.offset = (uint32_t)from;
    piece.body = dtls_bytes_of(&whole->body.data[from], to - from);
    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_0,
                                       0, seq,
                                       DTLS_FRAGMENT_HEADER_LEN + to - from) &&
                dtls_fragment_put_header(&out, &piece) &&
                dtls_put_bytes(&out, piece.body));
    sim_send(&pair.net, SIM_CLIENT, SIM_SERVER, dtls_buf_bytes(&out));
}

/* Sends the pieces in records with numbers from `seq` on. */
static void send_pieces(const struct plan *plan,
                        const struct dtls_fragment *whole, uint64_t seq)
{
    size_t order[PIECES + 1] = {0};
    size_t num = plan->num_ends + 1;
    uint64_t seed = plan->shuffle;

    for (size_t i = 0; i < num; i++) {
        order[i] = i;
    }
    for (size_t i = num; seed != 0 && i > 1; i--) {
        size_t other = kit_below(&seed, i);
        size_t moved = order[i - 1];

        order[i - 1] = order[other];
        order[other] = moved;
    }
    for (size_t i = 0; i < num - plan->num_lost; i++) {
        size_t at = order[i];

        kit_row("piece %zu", at);
        send_piece(whole, seq + at, at == 0 ? 0 : plan->ends[at - 1],
                   at == plan->num_ends ? whole->body.len : plan->ends[at]);
    }
}

/* Sends the client's ClientHello as its plan says. */
static void send_hello(void)
{
    uint8_t bytes[SIM_ARENA];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_span datagram;
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment whole;
    const struct plan *plan;

    assert_int_equal(dtls_session_write(client(), &out), DTLS_OK);
    datagram = (struct dtls_span){bytes, out.len};
    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    payload = dtls_span_bytes(record.body);
    assert_int_equal(dtls_fragment_next(&payload, &whole), DTLS_OK);
    assert_true(whole.type == DTLS_CLIENT_HELLO &&
                dtls_fragment_is_whole(&whole) && datagram.len == 0);
    body_lens[whole.seq != 0] = whole.body.len;
    plan = &plans[whole.seq != 0];
    if (plan->change != NULL) {
        plan->change((struct dtls_span){&bytes[HEADERS], whole.body.len});
    }
    send_pieces(plan, &whole, record.seq);
    client()->records.write[0].next_seq += plan->num_ends;
}

static bool says_hello(void)
{
    return dtls_session_is_opening(client()) &&
           client()->hs.step <= DTLS_CLIENT_SERVER_HELLO &&
           dtls_session_has_output(client());
}

/* Plays until both are connected, nothing more happens or `until`. */
static bool play_on(uint64_t until)
{
    bool more = true;

    while (more && !(pair.ends[0].connected && pair.ends[1].connected)) {
        if (says_hello()) {
            send_hello();
        }
        more = sim_pair_step(&pair, until);
    }
    return pair.ends[0].connected && pair.ends[1].connected;
}

static bool play(uint64_t until)
{
    sim_pair_start(&pair);
    return play_on(until);
}

/* The lengths of both hellos' bodies. */
static void measure(size_t len[2])
{
    begin(1);
    assert_true(play(1000));
    len[0] = body_lens[0];
    len[1] = body_lens[1];
    sim_pair_free(&pair);
}

static void split_at(struct plan *plan, size_t end)
{
    plan->ends[0] = end;
    plan->num_ends = 1;
}

/* A first piece that ends before the cookie's end is silence: to wait for the
 * rest the server would have to keep something. */
static void every_cut_of_both_hellos(void **state)
{
    size_t len[2];

    (void)state;
    proves("D6347-4.2.1-32");
    measure(len);
    for (size_t first = 1; first < len[0]; first++) {
        for (size_t second = 1; second < len[1]; second++) {
            bool hears = first > TO_COOKIE;
            bool lets_in = second > TO_COOKIE + DTLS_COOKIE_LEN;

            kit_row("cut at %zu of %zu, then at %zu of %zu", first, len[0],
                    second, len[1]);
            begin(2);
            split_at(&plans[0], first);
            split_at(&plans[1], second);
            assert_int_equal(play(900), hears && lets_in);
            assert_int_equal(pair.sessions_taken, hears && lets_in);
            sim_pair_free(&pair);
        }
    }
}

/* The front comes late: the client's retransmission brings it again. */
static void the_second_hello_in_any_order(void **state)
{
    size_t len[2];

    (void)state;
    measure(len);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        kit_row("seed %llu", (unsigned long long)seed);
        begin(3);
        plans[1].shuffle = seed;
        for (size_t i = 0; i < 16 - 1; i++) {
            plans[1].ends[i] = TO_COOKIE + DTLS_COOKIE_LEN + 1 + i;
            plans[1].num_ends++;
        }
        assert_true(play(60000));
        assert_int_equal(pair.sessions_taken, 1);
        sim_pair_free(&pair);
    }
}

/* Without cookies nothing is lost in any order, down to single bytes. */
static void without_cookies_in_any_order(void **state)
{
    size_t len[2];

    (void)state;
    proves("D6347-4.2.3-6");
    proves("D5246-D.4-1");
    measure(len);
    for (size_t size = 1; size < len[0]; size++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            kit_row("pieces of %zu bytes, seed %llu", size,
                    (unsigned long long)seed);
            begin(4);
            pair.listener.without_cookies = true;
            plans[0].shuffle = seed;
            for (size_t at = size; at < len[0]; at += size) {
                plans[0].ends[plans[0].num_ends++] = at;
            }
            assert_true(play(900));
            assert_int_equal(pair.ends[SIM_CLIENT].counters.retransmissions,
                             0);
            sim_pair_free(&pair);
        }
    }
}

/* The last suite becomes another one, which neither end has. */
static void change_last_suite(struct dtls_span body)
{
    size_t suites_at = TO_COOKIE + 1 + (size_t)body.data[TO_COOKIE] + 2;

    assert_int_equal(body.data[suites_at + 3], 0xa8);
    body.data[suites_at + 3] = 0x98;
}

static void flip_seen(struct dtls_span body)
{
    body.data[TO_COOKIE + 1] ^= DTLS_COOKIE_SEEN;
}

static void flip_seen_and_change_suite(struct dtls_span body)
{
    flip_seen(body);
    change_last_suite(body);
}

/* Plays with a second hello that is changed on its way.  A hello that is not
 * `seen` is cut behind its cookie. */
static bool play_changed(bool seen[2], void (*change)(struct dtls_span body))
{
    begin(5);
    plans[1].change = change;
    if (!seen[0]) {
        split_at(&plans[0], TO_COOKIE + 1);
    }
    if (!seen[1]) {
        split_at(&plans[1], TO_COOKIE + 1 + DTLS_COOKIE_LEN);
    }
    return play(900);
}

static void other_suites_never_connect(void **state)
{
    const struct dtls_counters *c = &pair.ends[SIM_SERVER].counters;

    (void)state;
    proves("D6347-4.2.1-12");
    for (int first = 0; first < 2; first++) {
        for (int second = 0; second < 2; second++) {
            bool seen[] = {first != 0, second != 0};

            kit_row("seen in the first hello: %d, in the second: %d", first,
                    second);
            assert_false(play_changed(seen, change_last_suite));
            if (!seen[0]) {
                /* Finished is over the second hello: the keys differ. */
                assert_int_equal(pair.sessions_taken, 1);
                assert_int_equal(server()->phase, DTLS_PHASE_HANDSHAKING);
                assert_true(c->discarded_mac != 0);
            } else if (seen[1]) {
                /* The third hello returns a cookie for the other suites. */
                assert_int_equal(c->cookies_refused, 1);
                assert_int_equal(server()->phase, DTLS_PHASE_HANDSHAKING);
                assert_true(c->discarded_mac != 0);
            } else {
                assert_int_equal(pair.sessions_taken, 1);
                assert_int_equal(server()->phase, DTLS_PHASE_FAILED);
                assert_int_equal(server()->failure, DTLS_ILLEGAL_PARAMETER);
                assert_int_equal(client()->peer_alert[1],
                                 ALERT_ILLEGAL_PARAMETER);
                assert_int_equal(c->handshakes, 0);
            }
            sim_pair_free(&pair);
        }
    }
}

/* The bit is a part of what the front MAC is over. */
static void the_bit_cannot_be_flipped(void **state)
{
    (void)state;
    proves("D6347-4.2.1-12");
    for (int first = 0; first < 2; first++) {
        for (int second = 0; second < 2; second++) {
            bool seen[] = {first != 0, second != 0};

            kit_row("seen in the first hello: %d, in the second: %d", first,
                    second);
            assert_false(play_changed(seen, flip_seen));
            assert_int_equal(pair.sessions_taken, 0);
            sim_pair_free(&pair);
            assert_false(play_changed(seen, flip_seen_and_change_suite));
            assert_int_equal(pair.sessions_taken, 0);
            sim_pair_free(&pair);
        }
    }
}

/* Whatever part of it comes, once or again and again. */
static void a_hello_that_is_never_whole_ends(void **state)
{
    (void)state;
    for (int cookies = 0; cookies < 2; cookies++) {
        for (int retries = 0; retries <= 200; retries += 200) {
            /* 10 ms each way; the hello with the cookie is the second. */
            uint64_t ends = DTLS_HELLO_MS + (cookies ? 30 : 10);

            kit_row("%s cookies, said once and %d times more",
                    cookies ? "with" : "without", retries);
            begin(6);
            pair.listener.without_cookies = !cookies;
            split_at(&plans[cookies],
                     TO_COOKIE + 1 + (cookies ? DTLS_COOKIE_LEN : 0));
            plans[cookies].num_lost = 1;
            pair.ends[SIM_CLIENT].config.timer.maximum = 1000;
            pair.ends[SIM_CLIENT].config.timer.max_retries = (uint8_t)retries;
            assert_false(play(ends - 1));
            assert_int_equal(pair.sessions_taken, 1);
            assert_int_equal(server()->phase, DTLS_PHASE_HALF_OPEN);
            assert_false(play_on(ends));
            assert_int_equal(server()->phase, DTLS_PHASE_FAILED);
            assert_int_equal(server()->failure, DTLS_TOO_LATE);
            assert_int_equal(pair.ends[SIM_SERVER].store.taken, 0);
            sim_pair_free(&pair);
        }
    }
}

/* Nothing that the session can read follows, or nothing at all. */
static void an_accepted_session_has_a_deadline(void **state)
{
    static const char *const junk[] = {
        "16 feff 0000 000000000007 0000",
        "16 feff 0000 000000000008 0001 01",
        "17 fefd 0000 000000000009 0001 00",
        "14 fefd 0000 00000000000a 0001 01",
        "16 fefd 0001 00000000000b 0001 01",
        "",
    };
    const struct dtls_gate_pass pass = {.record_seq = 7};

    (void)state;
    for (size_t i = 0; i < LEN(junk); i++) {
        struct kit_hex wire = kit_hex(junk[i]);
        struct dtls_span data;

        kit_row("%s", junk[i]);
        begin(7);
        dtls_session_accept(server(), &pair.ends[SIM_SERVER].room, &pass,
                            1234);
        for (uint64_t now = 1234; now < 1234 + DTLS_HELLO_MS; now += 500) {
            struct dtls_span datagram = kit_hex_span(&wire);

            while (datagram.len != 0) {
                assert_int_equal(
                    dtls_session_read(server(), &datagram, &data, now),
                    DTLS_EVENT_NONE);
            }
            assert_int_equal(dtls_session_deadline(server()),
                             1234 + DTLS_HELLO_MS);
            assert_int_equal(dtls_session_expire(server(), now),
                             DTLS_EVENT_NONE);
        }
        assert_int_equal(dtls_session_expire(server(), 1234 + DTLS_HELLO_MS),
                         DTLS_EVENT_FAILED);
        assert_int_equal(server()->failure, DTLS_TOO_LATE);
        sim_pair_free(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_of_both_hellos),
        cmocka_unit_test(the_second_hello_in_any_order),
        cmocka_unit_test(without_cookies_in_any_order),
        cmocka_unit_test(other_suites_never_connect),
        cmocka_unit_test(the_bit_cannot_be_flipped),
        cmocka_unit_test(a_hello_that_is_never_whole_ends),
        cmocka_unit_test(an_accepted_session_has_a_deadline),
    };

    return kit_run(tests);
}
