/* SPDX-License-Identifier: MIT */
/* Our client before a server that says what nobody asked for: messages made by
 * hand, in the clear. */
#include "kit/kit.h"
#include "sim/pair.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

/* Sends the client one whole handshake message as the server's record. */
static enum dtls_event say(uint8_t type, uint16_t seq, struct dtls_bytes body)
{
    uint8_t bytes[512];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = type,
                                     .message_len = (uint32_t)body.len,
                                     .seq = seq,
                                     .body = body};
    struct dtls_span datagram;
    struct dtls_span data;

    assert_true(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_2,
                                       0, seq,
                                       DTLS_FRAGMENT_HEADER_LEN + body.len));
    assert_true(dtls_fragment_put_header(&out, &fragment));
    assert_true(dtls_put_bytes(&out, body));
    datagram = (struct dtls_span){bytes, out.len};
    return dtls_session_read(&pair.ends[SIM_CLIENT].session, &datagram, &data,
                             0);
}

static enum dtls_event say_hello(uint16_t suite, struct dtls_bytes extensions)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x52};
    uint8_t bytes[128];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_server_hello m = {.version = DTLS_VERSION_1_2,
                                  .random = {random, sizeof random},
                                  .suite = suite};

    assert_true(dtls_server_hello_put(&body, &m));
    assert_true(dtls_put_vec16(&body, extensions));
    return say(DTLS_SERVER_HELLO, 0, dtls_buf_bytes(&body));
}

static void start(const uint16_t *suites, size_t num)
{
    struct sim_end *client = &pair.ends[SIM_CLIENT];

    sim_pair_init(&pair, 21);
    client->config.suites = suites;
    client->config.num_suites = num;
    client->config.num_groups = 1; /* x25519 */
    sim_pair_start(&pair);
}

static void encrypt_then_mac_for_an_aead_suite_is_illegal(void **state)
{
    static const uint16_t suites[] = {0x00a8, 0x00ae};
    static const uint8_t etm[] = {0, 22, 0, 0};
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

    (void)state;
    proves("D7366-3-3");
    start(suites, 2);
    assert_int_equal(say_hello(0x00ae, dtls_bytes_of(etm, 4)),
                     DTLS_EVENT_NONE);
    assert_true(client->hs.encrypt_then_mac);
    sim_pair_free(&pair);

    start(suites, 2);
    assert_int_equal(say_hello(0x00a8, dtls_bytes_of(etm, 4)),
                     DTLS_EVENT_FAILED);
    assert_int_equal(client->failure, DTLS_ILLEGAL_PARAMETER);
    sim_pair_free(&pair);
}

static enum dtls_event say_params(uint16_t group, size_t point_len)
{
    static const uint8_t point[255] = {4};
    uint8_t bytes[300];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    assert_true(dtls_put_u16(&body, 0)); /* no hint */
    assert_true(dtls_ske_ecdhe_put_params(&body, group,
                                          dtls_bytes_of(point, point_len)));
    return say(DTLS_SERVER_KEY_EXCHANGE, 1, dtls_buf_bytes(&body));
}

static void a_group_that_was_not_offered_is_illegal(void **state)
{
    static const uint16_t suite = 0xd001;
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

    (void)state;
    start(&suite, 1);
    assert_int_equal(say_hello(suite, (struct dtls_bytes){0}),
                     DTLS_EVENT_NONE);
    assert_int_equal(say_params(DTLS_GROUP_X25519, 32), DTLS_EVENT_NONE);
    sim_pair_free(&pair);

    start(&suite, 1);
    assert_int_equal(say_hello(suite, (struct dtls_bytes){0}),
                     DTLS_EVENT_NONE);
    assert_int_equal(say_params(DTLS_GROUP_SECP384R1, 97), DTLS_EVENT_FAILED);
    assert_int_equal(client->failure, DTLS_ILLEGAL_PARAMETER);
    sim_pair_free(&pair);
}

/* Of the groups' lengths each is wrong for the others, and so is whatever else
 * the length byte can say. */
static void a_point_of_another_length_is_illegal(void **state)
{
    static const uint16_t suite = 0xd001;
    static const size_t lengths[] = {1, 31, 33, 56, 65, 97, 133, 134, 255};
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        kit_row("a point of %zu bytes", lengths[i]);
        start(&suite, 1);
        assert_int_equal(say_hello(suite, (struct dtls_bytes){0}),
                         DTLS_EVENT_NONE);
        assert_int_equal(say_params(DTLS_GROUP_X25519, lengths[i]),
                         DTLS_EVENT_FAILED);
        assert_int_equal(client->failure, DTLS_ILLEGAL_PARAMETER);
        sim_pair_free(&pair);
    }
}

static void a_hello_request_during_a_handshake_is_ignored(void **state)
{
    static const uint16_t suite = 0xc0a8;
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

    (void)state; /* it takes a message_seq of the server's */
    proves("D5246-7.4-4");
    start(&suite, 1);
    assert_int_equal(say(DTLS_HELLO_REQUEST, 0, (struct dtls_bytes){0}),
                     DTLS_EVENT_NONE);
    assert_int_equal(client->phase, DTLS_PHASE_HANDSHAKING);
    assert_int_equal(client->hs.in.next_seq, 1);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_free(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encrypt_then_mac_for_an_aead_suite_is_illegal),
        cmocka_unit_test(a_group_that_was_not_offered_is_illegal),
        cmocka_unit_test(a_point_of_another_length_is_illegal),
        cmocka_unit_test(a_hello_request_during_a_handshake_is_ignored),
    };

    return kit_run(tests);
}
