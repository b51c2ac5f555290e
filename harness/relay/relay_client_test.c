/* SPDX-License-Identifier: MIT */
/* One client of the relay, on the time that the test gives it: what waits is
 * bounded, and a scenario does what it does in the lab. */
#include "kit/kit.h"
#include "relay/relay_client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define QUEUE_MAX 1024 /* as in relay_client.c */
#define HELD_MAX (16u << 20)
#define HELLO "\x16\xfe\xfd"
#define DATA "\x17\xfe\xfd"

struct stage {
    struct relay_options options;
    struct relay_shared shared;
    struct relay_client *client;
    int target; /* the socket at the target's address */
};

static int bind_here(struct sockaddr_storage *out, socklen_t *len)
{
    struct sockaddr_in own = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    *len = sizeof own;
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, len), 0);
    *out = (struct sockaddr_storage){0};
    memcpy(out, &own, sizeof own);
    return fd;
}

static void begin(struct stage *s, const char *scenario)
{
    struct sockaddr_storage address;
    socklen_t len;

    *s = (struct stage){.options.seed = 1};
    s->options.scenario = lab_scenario_of(scenario, &s->options.play);
    assert_non_null(s->options.scenario);
    s->shared.options = &s->options;
    s->shared.front = bind_here(&address, &len); /* it is its own client */
    s->target = bind_here(&s->shared.target, &s->shared.target_len);
    s->client = relay_client_new(&s->shared, 0, &address, len);
    assert_non_null(s->client);
}

static void end(struct stage *s)
{
    relay_client_free(s->client);
    assert_int_equal(s->shared.held, 0);
    (void)close(s->target);
    (void)close(s->shared.front);
}

static void take(struct stage *s, const void *bytes, size_t len, uint64_t now)
{
    relay_client_take(s->client, RELAY_CLIENT, dtls_bytes_of(bytes, len), now);
}

static void too_many_datagrams_are_dropped(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "clean");
    for (int i = 0; i < QUEUE_MAX + 7; i++) {
        take(&s, "x", 1, 0);
    }
    assert_int_equal(s.shared.counts.dropped, 7);
    assert_int_equal(s.shared.held, QUEUE_MAX);
    relay_client_deliver(s.client, 9);
    assert_int_equal(s.shared.counts.sent, 0);
    relay_client_deliver(s.client, 10);
    assert_int_equal(s.shared.counts.sent, QUEUE_MAX);
    assert_int_equal(s.shared.held, 0);
    take(&s, "x", 1, 20);
    assert_int_equal(s.shared.counts.dropped, 7);
    end(&s);
}

static void too_many_bytes_are_dropped(void **state)
{
    static const uint8_t large[60000];
    struct stage s;

    (void)state;
    begin(&s, "doubles");
    for (int i = 0; i < 400; i++) {
        take(&s, large, sizeof large, 0);
    }
    assert_true(s.shared.held > HELD_MAX - 2 * sizeof large);
    assert_true(s.shared.held <= HELD_MAX);
    assert_int_equal(s.shared.counts.dropped + s.shared.held / sizeof large -
                         s.shared.counts.doubled,
                     400);
    end(&s);
}

static void what_no_network_carries_is_dropped(void **state)
{
    static const uint8_t large[SIM_DATAGRAM_MAX + 1];
    struct stage s;

    (void)state;
    begin(&s, "clean");
    take(&s, large, sizeof large, 0);
    assert_int_equal(s.shared.counts.dropped, 1);
    take(&s, large, SIM_DATAGRAM_MAX, 0);
    assert_int_equal(s.shared.counts.dropped, 1);
    end(&s);
}

static void a_replay_comes_once_with_the_first_data(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "replay");
    for (unsigned i = 0; i < RELAY_KEPT_MAX + 3; i++) {
        take(&s, HELLO, 3, i);
    }
    relay_client_deliver(s.client, 1000);
    assert_int_equal(s.shared.counts.sent, RELAY_KEPT_MAX + 3);
    assert_int_equal(s.shared.held, RELAY_KEPT_MAX * 3);
    take(&s, DATA, 3, 1000);
    take(&s, DATA, 3, 1000);
    relay_client_deliver(s.client, 2000);
    assert_int_equal(s.shared.counts.sent, 2 * RELAY_KEPT_MAX + 3 + 2);
    end(&s);
}

static void data_meets_the_network_of_a_connected_association(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "corrupt-data");
    for (int i = 0; i < 100; i++) {
        take(&s, HELLO, 3, 0);
    }
    assert_int_equal(s.shared.counts.changed, 0);
    for (int i = 0; i < 100; i++) {
        take(&s, DATA, 3, 0);
    }
    assert_in_range(s.shared.counts.changed, 1, 99);
    end(&s);
}

static unsigned next_port(const struct stage *s)
{
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    uint8_t bytes[16];

    assert_int_equal(recvfrom(s->target, bytes, sizeof bytes, 0,
                              (struct sockaddr *)&from, &len),
                     3);
    return from.sin_port;
}

static void a_script_moves_a_client_to_another_address(void **state)
{
    unsigned ports[4];
    struct stage s;

    (void)state;
    begin(&s, "move-cookie"); /* moves the datagram with number 2 */
    for (unsigned i = 0; i < 4; i++) {
        kit_row("datagram %u", i);
        take(&s, HELLO, 3, i * 100);
        relay_client_deliver(s.client, i * 100 + 10);
        ports[i] = next_port(&s);
    }
    assert_int_equal(ports[1], ports[0]);
    assert_int_not_equal(ports[2], ports[0]);
    assert_int_equal(ports[3], ports[0]);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_datagrams_are_dropped),
        cmocka_unit_test(too_many_bytes_are_dropped),
        cmocka_unit_test(what_no_network_carries_is_dropped),
        cmocka_unit_test(a_replay_comes_once_with_the_first_data),
        cmocka_unit_test(data_meets_the_network_of_a_connected_association),
        cmocka_unit_test(a_script_moves_a_client_to_another_address),
    };

    return kit_run(tests);
}
