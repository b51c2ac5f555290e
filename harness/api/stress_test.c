/* SPDX-License-Identifier: MIT */
/* Random calls of many threads on the same sessions and the same server.
 * Nothing is lost or stuck, and afterwards everything works.  In virtual time,
 * over the RAM wire, a seed gives the same calls in the same order each time.
 * On the real clock, over the host's sockets, the threads meet where the clock
 * and the network make them; no verdict depends on how long that takes. */
#define SESSIONS 3u
#define NET_PACKETS 300u
#include "../unit/nx_secure/association_kit.h"

#define CLIENTS 3u
#define THREADS 6u
#define CALLS 150u /* of each thread */
#define SEEDS 40u
#define REAL_SEEDS 2u
#define LOCALHOST IP_ADDRESS(127, 0, 0, 1)

/* Where the calls are made.  A wait of 400 ticks passes at once in virtual
 * time. */
struct place {
    UINT mode;
    VOID (*driver)(NX_IP_DRIVER *);
    ULONG client_address;
    ULONG server_address;
    UINT port;      /* of the server; NX_ANY_PORT: the host's choice */
    ULONG waits[5]; /* for some_wait */
    UINT rest;      /* the longest sleep */
};
static const struct place simulated = {NXDTLS_PORT_VIRTUAL,
                                       _nx_ram_network_driver_1500,
                                       CLIENT_ADDRESS,
                                       SERVER_ADDRESS,
                                       PORT,
                                       {NX_NO_WAIT, 1, 5, 60, 400},
                                       50};
static const struct place real = {
    NXDTLS_PORT_REAL, _nxdtls_udp_network_driver, LOCALHOST, LOCALHOST,
    NX_ANY_PORT,      {NX_NO_WAIT, 1, 1, 2, 3},   2};
static const struct place *place;

struct peer {
    NX_SECURE_DTLS_SESSION session;
    NX_UDP_SOCKET socket;
    ALIGN_TYPE metadata[METADATA / 8];
    UCHAR reassembly[REASSEMBLY];
};
static struct peer peers[CLIENTS];
static TX_THREAD *threads[THREADS];
static UINT running; /* threads that have calls to make */
static uint64_t state_of_random;
static UINT calls_made;
static UINT data_taken;

static UINT pick(UINT below)
{
    state_of_random =
        state_of_random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (UINT)(state_of_random >> 33) % below;
}

static ULONG some_wait(VOID)
{
    return place->waits[pick(5)];
}

static NX_SECURE_DTLS_SESSION *some_session(VOID)
{
    UINT i = pick(CLIENTS + SESSIONS);

    return i < CLIENTS ? &peers[i].session : &sessions[i - CLIENTS];
}

static UINT connect_peer(struct peer *p, ULONG wait)
{
    NXD_ADDRESS to = net_v4(place->server_address);
    UINT port = sessions[0].nx_secure_dtls_local_port;

    return nx_secure_dtls_client_session_start(&p->session, &p->socket, &to,
                                               port, wait);
}

static VOID connect(VOID)
{
    (void)connect_peer(&peers[pick(CLIENTS)], some_wait());
}

static VOID start(VOID)
{
    (void)nx_secure_dtls_server_session_start(&sessions[pick(SESSIONS)],
                                              some_wait());
}

static VOID begin(VOID)
{
    (void)nxdtls_server_session_begin(&sessions[pick(SESSIONS)]);
}

static VOID send(VOID)
{
    NX_SECURE_DTLS_SESSION *session = some_session();
    NX_PACKET_POOL *pool = session->nx_secure_dtls_server_parent == NX_NULL
                               ? &net_a.pool
                               : &net_b.pool;
    NX_PACKET *packet = packet_of(session, pool, net_bytes, 1 + pick(300));

    if (nx_secure_dtls_client_session_send(session, packet) != NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static VOID receive(VOID)
{
    NX_PACKET *packet;

    if (nx_secure_dtls_session_receive(some_session(), &packet, some_wait()) ==
        NX_SUCCESS) {
        data_taken++;
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

static VOID end(VOID)
{
    (void)nx_secure_dtls_session_end(some_session(), some_wait());
}

static VOID reset(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(some_session()), NX_SUCCESS);
}

static VOID renegotiate(VOID)
{
    (void)nxdtls_session_renegotiate(some_session(), some_wait());
}

static VOID restart(VOID)
{
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    (void)nx_secure_dtls_server_start(&server);
}

static VOID rest(VOID)
{
    tx_thread_sleep(1 + pick(place->rest));
}

/* Another thread stands still for a while, wherever it is. */
static VOID suspend_another(VOID)
{
    TX_THREAD *other = threads[pick(THREADS)];

    if (other != tx_thread_identify() &&
        tx_thread_suspend(other) == TX_SUCCESS) {
        tx_thread_sleep(1 + pick(place->rest));
        (void)tx_thread_resume(other);
    }
}

static VOID abort_another(VOID)
{
    (void)tx_thread_wait_abort(threads[pick(THREADS)]);
}

/* Each as often as it stands here. */
static VOID (*const some_calls[])(VOID) = {
    connect,      connect, connect, connect,     begin,   start,
    start,        start,   send,    send,        send,    send,
    receive,      receive, receive, receive,     end,     end,
    reset,        rest,    rest,    renegotiate, restart, suspend_another,
    abort_another};
#define NUM_CALLS (sizeof some_calls / sizeof *some_calls)

static VOID call(ULONG input)
{
    (void)input;
    for (UINT i = 0; i < CALLS; i++) {
        some_calls[pick(NUM_CALLS)]();
        calls_made++;
    }
    running--;
}

/* A notification of the server: it may do something itself. */
static UINT on_news(NX_SECURE_DTLS_SESSION *session)
{
    switch (pick(8)) {
    case 0:
        return nx_secure_dtls_session_reset(session);
    case 1:
        return nx_secure_dtls_session_end(session, NX_NO_WAIT);
    default:
        return NX_SUCCESS;
    }
}

static UINT on_client(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                      UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    return pick(2) == 0 ? nxdtls_server_session_begin(session) : NX_SUCCESS;
}

static VOID make_peer(struct peer *p)
{
    expect_eq(nx_udp_socket_create(&net_a.ip, &p->socket, net_name,
                                   NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                   NX_IP_TIME_TO_LIVE, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&p->socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &p->session, &nxdtls_ciphers_all, p->metadata,
                  sizeof p->metadata, p->reassembly, sizeof p->reassembly, 0,
                  NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&p->session, psk, sizeof psk,
                                     psk_identity, sizeof psk_identity - 1,
                                     NX_NULL, 0),
              NX_SUCCESS);
}

static VOID delete_peer(struct peer *p)
{
    expect_eq(nx_secure_dtls_session_delete(&p->session), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&p->socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&p->socket), NX_SUCCESS);
}

static UINT begin_at_once(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                          UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    return nxdtls_server_session_begin(session);
}

/* Each client connects and sends, after whatever has been before. */
static VOID everything_works(VOID)
{
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    server.nx_dtls_server_connect_notify = begin_at_once;
    server.nx_dtls_server_receive_notify = ignore_data;
    expect_eq(nx_secure_dtls_server_notify_set(&server, NX_NULL, NX_NULL),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    for (UINT i = 0; i < CLIENTS; i++) {
        struct peer *p = &peers[i];

        kit_row("client %u", i);
        expect_eq(connect_peer(p, 1000), NX_SUCCESS);
        expect_eq(nx_secure_dtls_client_session_send(
                      &p->session,
                      packet_of(&p->session, &net_a.pool, net_bytes, 40)),
                  NX_SUCCESS);
        expect_data(connecting, 1000, net_bytes, 40);
    }
}

static VOID start_both_nets(VOID)
{
    net_start(&net_a, place->driver, place->client_address, CLIENT_V6, 20);
    net_start(&net_b, place->driver, place->server_address, SERVER_V6, 20);
    if (place->mode == NXDTLS_PORT_REAL) { /* the host has no such addresses */
        net_a.ip.nx_ip_ipv6_enabled = NX_FALSE;
        net_b.ip.nx_ip_ipv6_enabled = NX_FALSE;
    }
    start_module();
}

/* Each call ends: the longest, in virtual time, waits 30 s for a
 * close_notify. */
static VOID wait_for_all(VOID)
{
    ULONG begun = tx_time_get();

    while (running != 0 &&
           tx_time_get() - begun < CALLS * 40 * NX_IP_PERIODIC_RATE) {
        tx_thread_sleep(10);
    }
    expect_eq(running, 0);
}

static VOID body(ULONG input)
{
    (void)input;
    start_both_nets();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, place->port, 100, sessions,
                  sizeof sessions, &nxdtls_ciphers_all, server_metadata,
                  sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly, on_client, on_news),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_notify_set(&server, on_news, NX_NULL),
              NX_SUCCESS);
    add_server_psk();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    for (UINT i = 0; i < CLIENTS; i++) {
        kit_row("client %u", i);
        make_peer(&peers[i]);
    }
    running = THREADS;
    for (UINT i = 0; i < THREADS; i++) {
        kit_row("thread %u", i);
        threads[i] = kit_spawn(call, 0, 8 + pick(10));
    }
    wait_for_all();
    everything_works();
    for (UINT i = 0; i < CLIENTS; i++) {
        kit_row("client %u", i);
        delete_peer(&peers[i]);
    }
    delete_server();
    end_nets();
}

static void play(const struct place *where, UINT seeds)
{
    place = where;
    calls_made = 0;
    data_taken = 0;
    for (UINT seed = 1; seed <= seeds; seed++) {
        kit_row("seed %u", seed);
        state_of_random = seed;
        kit_run(place->mode, body);
        assert_false(nxdtls_port_stalled());
    }
    assert_int_equal(calls_made, seeds * THREADS * CALLS);
    printf("%u calls, %u records taken\n", calls_made, data_taken);
}

static void random_calls_of_many_threads_leave_a_server_that_works(
    void **state)
{
    (void)state;
    play(&simulated, SEEDS);
    assert_true(data_taken > SEEDS); /* The calls have led to something. */
}

static void so_do_they_on_the_real_clock_and_network(void **state)
{
    (void)state;
    play(&real, REAL_SEEDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            random_calls_of_many_threads_leave_a_server_that_works),
        cmocka_unit_test(so_do_they_on_the_real_clock_and_network),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
