/* SPDX-License-Identifier: MIT */
/* An attacker who sees nothing and guesses addresses, ports and small numbers:
 * no datagram of such an attacker costs a handshake a flight or its life.
 * (Whoever guesses the next message of an unfinished handshake, or a fatal
 * alert in the clear, can spoil it: docs/limits.md.) */
#include "kit/kit.h"
#include "sim/pair.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

/* What is spoofed: a record, or a fragment that repeats a message. */
static const struct spoof {
    const char *name;
    uint8_t type;
    uint16_t epoch;
    uint8_t len;
    uint8_t body[48];
} spoofs[] = {
    {"ChangeCipherSpec", 20, 0, 1, {1}},
    {"a ChangeCipherSpec of two bytes", 20, 0, 2, {1, 1}},
    {"a warning", 21, 0, 2, {1, 90}},
    {"half an alert", 21, 0, 1, {2}},
    {"an empty handshake record", 22, 0, 0, {0}},
    {"half a fragment header", 22, 0, 6, {14, 0, 0, 0, 0, 0}},
    {"data in the clear", 23, 0, 5, "hello"},
    {"an unknown type", 99, 0, 1, {1}},
    {"an empty record under keys", 23, 1, 0, {0}},
    {"a short record under keys", 22, 1, 8, {0}},
    {"a forged record", 23, 1, 40, {0}},
    {"a forged Finished", 22, 1, 40, {20}},
    {"a record of an epoch to come", 22, 2, 40, {0}},
};

static const uint64_t numbers[] = {0, 1, 7, 0x123456, DTLS_SEQ_MAX};

static void spoof(int to, const struct spoof *what, uint64_t seq)
{
    uint8_t bytes[DTLS_RECORD_HEADER_LEN + sizeof what->body];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_true(dtls_record_put_header(&out, what->type, DTLS_VERSION_1_2,
                                       what->epoch, seq, what->len) &&
                dtls_put_bytes(&out, dtls_bytes_of(what->body, what->len)));
    sim_send(&pair.net, !to, to, dtls_buf_bytes(&out));
}

/* A fragment of a message that the target has had, guessed: the right type and
 * number, and nothing of its content.  `len` from `offset` to its end. */
static void spoof_repeat(int to, uint8_t type, uint16_t message_seq,
                         uint32_t offset, uint32_t len)
{
    static const uint8_t zeros[256];
    struct dtls_fragment fragment = {.type = type,
                                     .seq = message_seq,
                                     .message_len = offset + len,
                                     .offset = offset,
                                     .body = {zeros, len}};
    const uint64_t seq = 0x77;
    uint8_t bytes[512];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_2,
                                       0, seq, 12u + len) &&
                dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, fragment.body));
    sim_send(&pair.net, !to, to, dtls_buf_bytes(&out));
}

static bool is_over(void)
{
    return pair.ends[SIM_CLIENT].connected && pair.ends[SIM_SERVER].connected;
}

/* Steps until the phase `step` of the handshake; false if it is over. */
static bool come_to(unsigned step)
{
    sim_pair_init(&pair, 71);
    pair.ends[SIM_CLIENT].config.mtu = 256; /* flights of several datagrams */
    pair.ends[SIM_SERVER].config.mtu = 256;
    sim_pair_start(&pair);
    for (unsigned i = 0; i < step; i++) {
        if (is_over() || !sim_pair_step(&pair, HOUR)) {
            return false;
        }
    }
    return !is_over();
}

/* Connected without a retransmission, in `datagrams`, and alive. */
static void check_untouched(unsigned datagrams)
{
    static const uint8_t text[] = "alive";

    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 900);
    assert_int_equal(pair.net.sent, datagrams);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pair.ends[i].counters.retransmissions, 0);
        assert_int_equal(sim_pair_say(&pair, i, dtls_bytes_of(text, 5)),
                         DTLS_OK);
    }
    sim_pair_drain(&pair, pair.net.now + 100);
    assert_int_equal(pair.ends[0].data_len, 5);
    assert_int_equal(pair.ends[1].data_len, 5);
    sim_pair_free(&pair);
}

/* The datagrams of a handshake that is left alone. */
static unsigned clean_run(void)
{
    unsigned sent;

    (void)come_to(0);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 900);
    sent = pair.net.sent;
    sim_pair_free(&pair);
    return sent;
}

static void no_spoofed_record_costs_anything(void **state)
{
    unsigned datagrams = clean_run();
    unsigned plays = 0;

    (void)state;
    for (size_t s = 0; s < LEN(spoofs); s++) {
        for (size_t n = 0; n < LEN(numbers); n++) {
            for (int to = 0; to < 2; to++) {
                unsigned step;

                kit_row("to the %s", kit_role(to));
                for (step = 0; come_to(step); step++) {
                    kit_row("%s, number %llx, to the %s, at step %u",
                            spoofs[s].name, (unsigned long long)numbers[n],
                            kit_role(to), step);
                    spoof(to, &spoofs[s], numbers[n]);
                    check_untouched(datagrams + 1);
                    plays++;
                }
                sim_pair_free(&pair);
                assert_true(step > 5);
            }
        }
    }
    assert_true(plays > 500);
}

/* Before ServerHello each of these may be the server's next message. */
static bool is_next(int to, uint8_t type)
{
    return to == SIM_CLIENT &&
           (type == DTLS_HELLO_VERIFY_REQUEST || type == DTLS_SERVER_HELLO) &&
           pair.ends[to].session.hs.step <= DTLS_CLIENT_SERVER_HELLO;
}

/* 25 bytes, or 37, must not bring a flight again. */
static void no_guessed_repeat_brings_a_flight(void **state)
{
    static const uint8_t types[] = {
        DTLS_CLIENT_HELLO,      DTLS_HELLO_VERIFY_REQUEST, DTLS_SERVER_HELLO,
        DTLS_SERVER_HELLO_DONE, DTLS_CLIENT_KEY_EXCHANGE,  DTLS_FINISHED};
    unsigned datagrams = clean_run();

    (void)state;
    for (size_t t = 0; t < LEN(types); t++) {
        for (int to = 0; to < 2; to++) {
            unsigned step;

            for (step = 0; come_to(step); step++) {
                const struct dtls_session *s = &pair.ends[to].session;
                uint16_t next = s->hs.in.next_seq;

                /* An empty ServerHelloDone has no content to guess. */
                uint32_t len = types[t] == DTLS_SERVER_HELLO_DONE ? 1 : 12;

                if (next != 0 && !is_next(to, types[t])) {
                    kit_row("type %u, number %u, to the %s, at step %u",
                            types[t], next - 1u, kit_role(to), step);
                    spoof_repeat(to, types[t], (uint16_t)(next - 1), 0, len);
                    check_untouched(datagrams + 1);
                } else {
                    sim_pair_free(&pair);
                }
            }
            sim_pair_free(&pair);
        }
    }
}

/* Lengths can be guessed, too: only the content tells a repeat. */
static void no_repeat_of_the_right_length_brings_a_flight(void **state)
{
    unsigned datagrams = clean_run();
    unsigned plays = 0;

    (void)state;
    for (int to = 0; to < 2; to++) {
        for (unsigned step = 0; come_to(step); step++) {
            struct dtls_last_piece last = pair.ends[to].session.last_piece;
            uint32_t len = last.message_len - last.offset;

            if (last.known && len != 0 && !is_next(to, last.type)) {
                kit_row("type %u to the %s, at step %u", last.type,
                        kit_role(to), step);
                spoof_repeat(to, last.type, last.seq, last.offset, len);
                check_untouched(datagrams + 1);
                plays++;
            } else {
                sim_pair_free(&pair);
            }
        }
        sim_pair_free(&pair);
    }
    assert_true(plays > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_spoofed_record_costs_anything),
        cmocka_unit_test(no_guessed_repeat_brings_a_flight),
        cmocka_unit_test(no_repeat_of_the_right_length_brings_a_flight),
    };

    return kit_run(tests);
}
