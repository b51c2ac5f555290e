/* SPDX-License-Identifier: MIT */
/* A ClientHello on its way through packets: chains of packets from a pool of
 * short ones, and fragments that come while the session is being admitted. */
#define NET_PAYLOAD 256u
#define NET_PACKETS 120u
#include "association_kit.h"

#include "kit/proves.h"
#include "messages/messages.h"
#include "flight/fragment.h"
#include "record/header.h"

enum { SUITES_LEN = 600, PIECES = 16, FRONT = 80, HELLO_MAX = 1024 };

static struct dtls_bytes hello; /* the ClientHello with the cookie */

static VOID await_input(ULONG wait, NX_PACKET **packet)
{
    *packet = NX_NULL;
    (void)nx_udp_socket_receive(&net_a.socket, packet, wait);
}

/* Reads a datagram of the server: a record with one whole message or more.
 * Returns the first message's type, 0 if none came. */
static UINT hear(ULONG wait, uint8_t *body, ULONG *body_len)
{
    static UCHAR bytes[2048];
    struct dtls_span datagram = {bytes, 0};
    struct dtls_record record = {0};
    struct dtls_fragment fragment = {0};
    struct dtls_bytes payload;
    ULONG copied = 0;
    NX_PACKET *packet;

    await_input(wait, &packet);
    if (packet == NX_NULL) {
        return 0;
    }
    expect_eq(nx_packet_data_retrieve(packet, bytes, &copied), NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    datagram.len = copied;
    expect_eq(dtls_record_next(&datagram, &record), DTLS_OK);
    payload = dtls_span_bytes(record.body);
    expect_eq(dtls_fragment_next(&payload, &fragment), DTLS_OK);
    if (body != NULL) {
        memcpy(body, fragment.body.data, fragment.body.len);
        *body_len = (ULONG)fragment.body.len;
    }
    return fragment.type;
}

/* Writes a ClientHello with a long list of suites. */
static void make_hello(struct dtls_bytes cookie)
{
    static uint8_t bytes[HELLO_MAX];
    static uint8_t suites[SUITES_LEN] = {0x00, 0xa8};
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x12, 0x34};
    static const uint8_t compression[] = {0};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = {random, sizeof random},
        .cookie = cookie,
        .suites = {suites, sizeof suites},
        .compression = {compression, 1},
    };
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    for (size_t i = 2; i < sizeof suites; i += 2) {
        suites[i] = 0xee; /* no suite of anyone */
        suites[i + 1] = (uint8_t)i;
    }
    expect(dtls_client_hello_put(&out, &m));
    hello = dtls_buf_bytes(&out);
}

static void say_piece(UINT message_seq, uint64_t seq, size_t from, size_t to)
{
    struct dtls_buf out = {net_bytes, 0, sizeof net_bytes};
    struct dtls_fragment piece = {
        .type = DTLS_CLIENT_HELLO,
        .message_len = (uint32_t)hello.len,
        .seq = (uint16_t)message_seq,
        .offset = (uint32_t)from,
        .body = dtls_bytes_of(&hello.data[from], to - from),
    };

    expect(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_0, 0,
                                  seq, DTLS_FRAGMENT_HEADER_LEN + to - from) &&
           dtls_fragment_put_header(&out, &piece) &&
           dtls_put_bytes(&out, piece.body));
    expect_eq(net_send(&net_a, net_v4(SERVER_ADDRESS), PORT, (ULONG)out.len),
              NX_SUCCESS);
}

/* Where a piece ends.  The first has everything up to the cookie. */
static size_t end_of(size_t piece)
{
    const size_t size = (hello.len - FRONT) / (PIECES - 1) + 1;
    size_t end = FRONT + piece * size;

    return end < hello.len ? end : hello.len;
}

/* Says the first `num` pieces of the ClientHello in one burst. */
static void say_pieces(size_t num, uint64_t seq)
{
    for (size_t i = 0; i < num; i++) {
        kit_row("piece %zu", i);
        say_piece(1, seq + i, i == 0 ? 0 : end_of(i - 1), end_of(i));
    }
}

/* Gets a cookie for a hello that is cut behind its (empty) cookie. */
static void get_cookie(void)
{
    uint8_t verify[64];
    ULONG len = 0;

    make_hello((struct dtls_bytes){0});
    say_piece(0, 0, 0, 36);
    expect_eq(hear(50, verify, &len), DTLS_HELLO_VERIFY_REQUEST);
    expect_eq(len, 3 + NX_SECURE_DTLS_COOKIE_LENGTH);
    make_hello(dtls_bytes_of(&verify[3], NX_SECURE_DTLS_COOKIE_LENGTH));
}

static ULONG num_sessions(void)
{
    NXDTLS_STATISTICS n;

    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    return n.sessions;
}

static ULONG num_no_room(void)
{
    NXDTLS_STATISTICS n;

    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    return n.discarded_no_room;
}

/* The client's hello is a chain, and so are the server's own datagrams and the
 * data. */
static VOID chain_body(ULONG input)
{
    NXDTLS_STATISTICS n;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    expect_eq(n.discarded_no_session, 0);
    expect_eq(nxdtls_session_statistics_get(&client, &n), NX_SUCCESS);
    expect_eq(n.retransmissions, 0);
    /* And from the port of a session that is live. */
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_statistics_get(&client, &n), NX_SUCCESS);
    expect_eq(n.retransmissions, 0);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    end_association();
}

static void a_client_hello_in_a_chain_of_packets_is_read(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, chain_body);
}

/* Another client says hello from the port of a live session: a chain of
 * protected data still reaches that one. */
static VOID both_body(ULONG input)
{
    static UCHAR data[600];

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    get_cookie();
    say_piece(1, 1, 0, hello.len);
    expect_eq(hear(50, NULL, NULL), DTLS_SERVER_HELLO);
    expect_eq(num_sessions(), 2);
    memcpy(data, net_bytes, sizeof data);
    expect_eq(nx_secure_dtls_client_session_send(
                  &client, packet_of(&client, &net_a.pool, data, sizeof data)),
              NX_SUCCESS);
    expect_data(&sessions[0], 100, data, sizeof data);
    end_association();
}

static void a_chain_of_data_reaches_the_live_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, both_body);
}

/* All fragments come in one burst, before a thread can start the session. */
static VOID burst_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    get_cookie();
    say_pieces(PIECES, 1);
    expect_eq(hear(50, NULL, NULL), 0);
    expect_eq(num_sessions(), 1);
    expect_eq(sessions[0].nx_secure_dtls_receive_queue_count, PIECES);
    expect_eq(num_no_room(), 0);
    on_connect(&sessions[0], NX_NULL, 0);
    expect_eq(hear(50, NULL, NULL), DTLS_SERVER_HELLO);
    /* One more than that is dropped and counted. */
    expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
    get_cookie();
    say_pieces(PIECES, 1);
    say_piece(1, PIECES + 1, 0, 1);
    tx_thread_sleep(10);
    expect_eq(sessions[0].nx_secure_dtls_receive_queue_count, PIECES);
    expect_eq(num_no_room(), 1);
    end_association();
}

static void sixteen_fragments_wait_for_the_start(void **state)
{
    (void)state;
    proves("D6347-4.2.3-6");
    kit_run(NXDTLS_PORT_VIRTUAL, burst_body);
}

static NX_PACKET *taken[NET_PACKETS];
static UINT num_taken;

/* Takes packets until no more than a quarter are free. */
static void take_packets(void)
{
    while (net_b.pool.nx_packet_pool_available > NET_PACKETS / 4) {
        expect_eq(nx_packet_allocate(&net_b.pool, &taken[num_taken++], 0,
                                     NX_NO_WAIT),
                  NX_SUCCESS);
    }
}

static void give_packets(void)
{
    while (num_taken != 0) {
        expect_eq(nx_packet_release(taken[--num_taken]), NX_SUCCESS);
    }
}

static VOID short_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    get_cookie();
    take_packets();
    say_pieces(PIECES, 1);
    tx_thread_sleep(10);
    expect_eq(sessions[0].nx_secure_dtls_receive_queue_count, 4);
    expect_eq(num_no_room(), PIECES - 4);
    give_packets();
    end_association();
}

static void only_four_wait_if_the_pool_is_short(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, short_body);
}

/* A datagram that takes several packets waits only while a quarter of the pool
 * is free: before the start, and as data. */
static VOID long_body(ULONG input)
{
    static UCHAR data[600];

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    get_cookie();
    take_packets();
    say_piece(1, 1, 0, hello.len);
    tx_thread_sleep(10);
    expect_eq(num_sessions(), 1);
    expect_eq(sessions[0].nx_secure_dtls_receive_queue_count, 0);
    expect_eq(num_no_room(), 1);
    expect_eq(net_b.pool.nx_packet_pool_available, NET_PACKETS / 4);
    give_packets();
    say_piece(1, 2, 0, hello.len);
    tx_thread_sleep(10);
    expect_eq(sessions[0].nx_secure_dtls_receive_queue_count, 1);
    expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
    server.nx_dtls_server_connect_notify = on_connect;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    take_packets();
    for (ULONG kept = 0; kept < 2; kept++) {
        kit_row("kept %lu", (unsigned long)kept);
        expect_eq(
            nx_secure_dtls_client_session_send(
                &client, packet_of(&client, &net_a.pool, data, sizeof data)),
            NX_SUCCESS);
        tx_thread_sleep(10);
        expect_eq(connecting->nx_secure_dtls_receive_queue_count, kept);
        give_packets();
    }
    end_association();
}

static void a_long_datagram_waits_only_if_the_pool_has_room(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, long_body);
}

/* A session whose ClientHello never becomes whole gives its slot back 30 s
 * after it was admitted, whenever it was started and however often its
 * fragments are repeated. */
static VOID never_whole_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    for (ULONG start = 0; start <= 2500; start += 1250) {
        ULONG admitted;

        kit_row("started after %lu ticks", (unsigned long)start);
        server.nx_dtls_server_connect_notify = ignore_connect;
        get_cookie();
        say_pieces(1, 1);
        tx_thread_sleep(1);
        admitted = tx_time_get();
        for (ULONG at = 0; at < 2900; at += 50) {
            kit_row("after %lu ticks", (unsigned long)at);
            if (at == start) {
                on_connect(&sessions[0], NX_NULL, 0);
            }
            say_pieces(4, 2 + at);
            tx_thread_sleep(50);
            expect_eq(num_sessions(), 1);
        }
        while (tx_time_get() < admitted + 3010) {
            tx_thread_sleep(1);
        }
        expect_eq(num_sessions(), 0);
        expect_eq(wait_started(), NX_NOT_SUCCESSFUL);
    }
    end_association();
}

static void a_hello_that_is_never_whole_keeps_no_slot(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, never_whole_body);
}

/* A ClientHello that the IP thread has taken off the socket waits for the
 * lock while the server stops. */
static VOID stopped_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    get_cookie();
    expect_eq(tx_mutex_get(&_nx_secure_tls_protection, TX_NO_WAIT),
              TX_SUCCESS);
    say_piece(1, 1, 0, hello.len);
    tx_thread_sleep(1);
    expect_eq(net_b.ip.nx_ip_thread.tx_thread_state, TX_MUTEX_SUSP);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(tx_mutex_put(&_nx_secure_tls_protection), TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(num_sessions(), 0);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    say_piece(1, 2, 0, hello.len);
    tx_thread_sleep(1);
    expect_eq(num_sessions(), 1);
    end_association();
}

static void nobody_is_admitted_after_the_stop(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, stopped_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_hello_in_a_chain_of_packets_is_read),
        cmocka_unit_test(a_chain_of_data_reaches_the_live_session),
        cmocka_unit_test(sixteen_fragments_wait_for_the_start),
        cmocka_unit_test(only_four_wait_if_the_pool_is_short),
        cmocka_unit_test(a_long_datagram_waits_only_if_the_pool_has_room),
        cmocka_unit_test(a_hello_that_is_never_whole_keeps_no_slot),
        cmocka_unit_test(nobody_is_admitted_after_the_stop),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
