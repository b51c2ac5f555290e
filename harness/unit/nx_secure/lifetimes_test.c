/* SPDX-License-Identifier: MIT */
/* What ends in the midst of a handshake, over the RAM wire in virtual time:
 * sessions that are ended, reset, deleted, servers that are stopped, sockets
 * that are unbound, threads that are sent home or terminated, at every
 * datagram of a handshake, by another thread.  Whoever waits comes home with a
 * status that has a name, every packet is back, and the next handshake works.
 */
#include "association_kit.h"

#include <stdbool.h>

#define WAIT 300

/* What the handshake under attack is. */
enum kind {
    PSK,
    CERTIFICATES,
    RENEGOTIATION,
    REQUEST, /* of a server for one */
    RECEIVING,
    SENDING,
    CLOSING
};
static const char *const kinds[] = {"PSK",     "certificates", "renegotiation",
                                    "request", "receiving",    "sending",
                                    "closing"};

/* When the attack comes: after the last datagram that arrives, so that
 * everybody waits; before one is delivered, by a thread of the highest
 * priority, and the network goes on; or so in the server's notification. */
enum moment { WHEN_CUT, AT_ONCE, IN_NOTIFICATION };
static const char *const moments[] = {"when cut", "at once",
                                      "in the notification"};

static enum kind kind;
static enum moment moment;
static bool notify;  /* the next notification is the attack's */
static UINT step;    /* the attack's: a datagram */
static UINT stop_at; /* that is now counted for */
static UINT datagrams;
static bool cut;     /* the network is */
static UINT aborted; /* waits that are none on a session */
#define HANDED 16u
static NX_PACKET *handed[HANDED]; /* the last datagrams to the client */
static bool by_reset;

/* The two ends' threads, and what their services have returned. */
struct end {
    TX_THREAD *thread;
    TX_SEMAPHORE go;
    bool busy;
    UINT status;
};
static struct end client_end;
static struct end server_end;
static TX_SEMAPHORE reached;         /* datagram `stop_at` is here */
static NX_SECURE_DTLS_SESSION *slot; /* of the last client */

static VOID call_attacker(VOID)
{
    cut = moment == WHEN_CUT;
    expect_eq(tx_semaphore_put(&reached), TX_SUCCESS);
}

/* Every datagram of either direction passes here, in an IP thread. */
static VOID count(NX_IP *ip, NX_PACKET *packet)
{
    if (++datagrams == stop_at) {
        call_attacker();
    }
    if (cut) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    if (ip == &net_a.ip) {
        handed[datagrams % HANDED] = packet;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID notified(VOID)
{
    if (notify) {
        notify = false;
        call_attacker();
    }
}

static UINT note_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                         UINT port)
{
    (void)ip;
    (void)port;
    slot = session;
    expect_eq(tx_semaphore_put(&server_end.go), TX_SUCCESS);
    notified();
    return NX_SUCCESS;
}

static UINT note_data(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    notified();
    return NX_SUCCESS;
}

/* Waits for data, as an application does. */
static UINT receive(NX_SECURE_DTLS_SESSION *session, ULONG wait)
{
    NX_PACKET *packet = NX_NULL;
    UINT status = nx_secure_dtls_session_receive(session, &packet, wait);

    if (status == NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

static UINT connect_within_3_s(VOID)
{
    return connect_to(net_v4(SERVER_ADDRESS), WAIT);
}

static UINT send(VOID)
{
    NX_PACKET *packet = client_packet(35);
    UINT status = nx_secure_dtls_client_session_send(&client, packet);

    if (status != NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

static UINT client_work(VOID)
{
    switch (kind) {
    case RENEGOTIATION:
        return nxdtls_session_renegotiate(&client, WAIT);
    case REQUEST:
    case RECEIVING:
        return receive(&client, WAIT);
    case SENDING:
        return send();
    case CLOSING:
        return nx_secure_dtls_session_end(&client, WAIT);
    case PSK:
    case CERTIFICATES:
        break;
    }
    return connect_within_3_s();
}

/* An attack may abort this wait, too. */
static VOID wait_go(struct end *end)
{
    while (tx_semaphore_get(&end->go, TX_WAIT_FOREVER) != TX_SUCCESS) {
        aborted++;
    }
}

static VOID client_thread(ULONG input)
{
    (void)input;
    for (;;) {
        wait_go(&client_end);
        client_end.status = client_work();
        client_end.busy = false;
    }
}

static UINT server_work(VOID)
{
    if (!slot->nx_secure_dtls_session_started) {
        return nx_secure_dtls_server_session_start(slot, WAIT);
    }
    return kind == REQUEST ? nxdtls_session_renegotiate(slot, WAIT)
                           : receive(slot, WAIT);
}

static VOID server_thread(ULONG input)
{
    (void)input;
    for (;;) {
        wait_go(&server_end);
        server_end.busy = true;
        server_end.status = server_work();
        server_end.busy = false;
    }
}

static VOID make_end(struct end *end, VOID (*entry)(ULONG), UINT priority)
{
    static CHAR name[] = "end";

    expect_eq(tx_semaphore_create(&end->go, name, 0), TX_SUCCESS);
    end->busy = false;
    end->status = 0xffff;
    end->thread = kit_spawn(entry, 0, priority);
}

static VOID make_client(VOID)
{
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    if (kind != CERTIFICATES) {
        add_client_psk(psk);
        return;
    }
    trust("root.der");
    add_client_identity("client-ec.der", "client-ec.key.der",
                        NX_SECURE_X509_KEY_TYPE_EC_DER);
    set_session_curves(&client);
}

static VOID make_server(VOID)
{
    expect_eq(create_server(&nxdtls_ciphers_all, note_data), NX_SUCCESS);
    server.nx_dtls_server_connect_notify = note_connect;
    if (kind == CERTIFICATES) {
        add_server_identity("ec.der", "ec.key.der",
                            NX_SECURE_X509_KEY_TYPE_EC_DER);
        demand_client_identity();
        expect_eq(nx_secure_dtls_server_ecc_initialize(
                      &server, nx_crypto_ecc_supported_groups,
                      (USHORT)nx_crypto_ecc_supported_groups_size,
                      nx_crypto_ecc_curves),
                  NX_SUCCESS);
    } else {
        add_server_psk();
    }
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

static VOID begin_all(VOID)
{
    static CHAR name[] = "reached";

    start_nets();
    slot = NX_NULL;
    aborted = 0;
    cut = false;
    stop_at = 0;
    datagrams = 0;
    net_a.ip.nx_ip_udp_packet_receive = count;
    net_b.ip.nx_ip_udp_packet_receive = count;
    expect_eq(tx_semaphore_create(&reached, name, 0), TX_SUCCESS);
    make_server();
    make_client();
    make_end(&client_end, client_thread, 12);
    make_end(&server_end, server_thread, 10);
}

/* The attacks. */

static VOID end_client(VOID)
{
    UINT status = nx_secure_dtls_session_end(&client, NX_NO_WAIT);

    expect(status == NX_SUCCESS || status == NX_NO_PACKET);
}

static VOID reset_client(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
}

/* What is deleted is the application's again, at once: it writes there. */
#define REUSED 0xa5

static bool is_reused(ULONG id)
{
    return id == 0xa5a5a5a5;
}

/* Nobody has written there since. */
static VOID expect_untouched(const VOID *memory, size_t len)
{
    const UCHAR *byte = memory;
    size_t at = 0;

    while (at < len && byte[at] == REUSED) {
        at++;
    }
    expect_eq(at, len); /* else the first byte that was written */
}

static VOID delete_client(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    memset(&client, REUSED, sizeof client);
    memset(client_metadata, REUSED, sizeof client_metadata);
    memset(client_reassembly, REUSED, sizeof client_reassembly);
    memset(client_certs, REUSED, sizeof client_certs);
}

static VOID abort_client(VOID)
{
    (void)tx_thread_wait_abort(client_end.thread);
}

static VOID terminate_client(VOID)
{
    expect_eq(tx_thread_terminate(client_end.thread), TX_SUCCESS);
}

static VOID unbind_client(VOID)
{
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
}

static VOID start_client_again(VOID)
{
    UINT status = connect_within_3_s();

    /* Who comes second is told so; nobody is second when the other is done. */
    expect(status == NX_ALREADY_SUSPENDED || status == NX_NO_PACKET ||
           status == NX_SUCCESS);
}

static VOID end_slot(VOID)
{
    UINT status = nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT);

    expect(status == NX_SUCCESS || status == NX_NO_PACKET ||
           status == NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

static VOID reset_slot(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(&sessions[0]), NX_SUCCESS);
}

static VOID stop_server(VOID)
{
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
}

static VOID delete_whole_server(VOID)
{
    delete_server();
    memset(&server, REUSED, sizeof server);
    memset(sessions, REUSED, sizeof sessions);
    memset(server_metadata, REUSED, sizeof server_metadata);
    memset(server_reassembly, REUSED, sizeof server_reassembly);
    memset(server_certs, REUSED, sizeof server_certs);
}

static VOID abort_server(VOID)
{
    (void)tx_thread_wait_abort(server_end.thread);
}

static VOID terminate_server(VOID)
{
    expect_eq(tx_thread_terminate(server_end.thread), TX_SUCCESS);
}

static VOID unbind_server(VOID)
{
    expect_eq(nx_udp_socket_unbind(&server.nx_dtls_server_udp_socket),
              NX_SUCCESS);
}

static VOID start_slot_again(VOID)
{
    UINT status = nx_secure_dtls_server_session_start(&sessions[0], WAIT);

    expect(status == NX_IN_PROGRESS || status == NX_SUCCESS ||
           status == NX_NO_PACKET ||
           status == NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

static const struct attack {
    const char *name;
    VOID (*run)(VOID);
    bool terminates; /* in a send the caller's packet would be lost */
} attacks[] = {
    {"end client", end_client, false},
    {"reset client", reset_client, false},
    {"delete client", delete_client, false},
    {"abort client", abort_client, false},
    {"terminate client", terminate_client, true},
    {"unbind client", unbind_client, false},
    {"start client again", start_client_again, false},
    {"end slot", end_slot, false},
    {"reset slot", reset_slot, false},
    {"stop server", stop_server, false},
    {"delete server", delete_whole_server, false},
    {"abort server", abort_server, false},
    {"terminate server", terminate_server, true},
    {"unbind server", unbind_server, false},
    {"start slot again", start_slot_again, false},
};
#define NUM_ATTACKS (sizeof attacks / sizeof attacks[0])

static const struct attack *attack;
static bool attacking;
static bool attacked;

static VOID attacker(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_get(&reached, TX_WAIT_FOREVER), TX_SUCCESS);
    attacking = true;
    attack->run();
    attacking = false;
    attacked = true;
}

static bool is_gone(const struct end *end)
{
    return end->thread->tx_thread_state == TX_TERMINATED;
}

/* A status that the services' documents know for what has happened. */
static bool has_a_name(UINT status)
{
    switch (status) {
    case 0xffff: /* it was never called */
    case NX_SUCCESS:
    case NX_NO_PACKET:
    case NX_WAIT_ABORTED:
    case NX_NOT_BOUND:
    case NX_SOCKET_UNBOUND:
    case NX_IN_PROGRESS:
    case NX_NOT_CONNECTED:
    case NX_ALREADY_SUSPENDED:
    case NX_SECURE_TLS_SESSION_UNINITIALIZED:
    case NX_SECURE_TLS_TCP_SEND_FAILED:
    case NX_SECURE_TLS_ALERT_RECEIVED:
    case NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED:
    case NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE:
    case NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR: /* the slot was ended with
        half of its flight out, and the client has the rest from the next one:
        the two ends do not have the same transcript */
        return true;
    default:
        return false;
    }
}

/* A thread that is terminated before it runs with the datagram that it was
 * handed takes that along. */
static VOID release_what_was_handed(VOID)
{
    for (UINT i = 0; i < HANDED; i++) {
        kit_row("datagram %u", i);
        if (attack->terminates && handed[i] != NX_NULL &&
            handed[i]->nx_packet_union_next.nx_packet_tcp_queue_next ==
                NX_PACKET_ALLOCATED) {
            expect_eq(nx_packet_release(handed[i]), NX_SUCCESS);
        }
        handed[i] = NX_NULL;
    }
}

/* What an application does when it has found out. */
static VOID mend(VOID)
{
    UINT status;

    cut = false;
    stop_at = 0;
    if (is_reused(client.nx_secure_dtls_tls_session.nx_secure_tls_id)) {
        expect_untouched(&client, sizeof client);
        expect_untouched(client_reassembly, sizeof client_reassembly);
        make_client();
    }
    status = nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT);
    expect(status == NX_SUCCESS || status == NX_ALREADY_BOUND);
    if (is_reused(server.nx_dtls_server_id)) {
        expect_untouched(&server, sizeof server);
        expect_untouched(sessions, sizeof sessions);
        expect_untouched(server_reassembly, sizeof server_reassembly);
        make_server();
    }
    if (!server.nx_dtls_server_udp_socket.nx_udp_socket_bound) {
        expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
        expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    }
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        if (sessions[i].nx_secure_dtls_session_in_use) {
            (void)nx_secure_dtls_session_end(&sessions[i], NX_NO_WAIT);
        }
        expect_eq(sessions[i].nx_secure_dtls_session_in_use, NX_FALSE);
        expect(sessions[i].nx_secure_dtls_thread_suspended == NX_NULL);
    }
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
    expect(client.nx_secure_dtls_thread_suspended == NX_NULL);
    release_what_was_handed();
}

/* The server does. */
static VOID say_something(VOID)
{
    expect_eq(nx_secure_dtls_server_session_send(
                  slot, packet_of(slot, &net_b.pool, net_bytes, 34)),
              NX_SUCCESS);
}

/* A whole handshake, data both ways, the end. */
static VOID everything_works(VOID)
{
    if (is_gone(&server_end)) {
        make_end(&server_end, server_thread, 10);
    }
    while (tx_semaphore_get(&server_end.go, TX_NO_WAIT) == TX_SUCCESS) {
    }
    expect_eq(connect_within_3_s(), NX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(server_end.status, NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(33)),
              NX_SUCCESS);
    expect_data(slot, WAIT, net_bytes, 33);
    say_something();
    expect_data(&client, WAIT, net_bytes, 34);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(slot, NX_NO_WAIT), NX_SUCCESS);
}

/* What is under attack has begun; the attack may come at any moment. */
static VOID begin(VOID)
{
    if (kind != PSK && kind != CERTIFICATES) {
        expect_eq(connect_within_3_s(), NX_SUCCESS);
        tx_thread_sleep(1);
        expect_eq(server_end.status, NX_SUCCESS);
        datagrams = 0;
    }
    /* Before the first datagram of data there is nothing but waiting. */
    notify = moment == IN_NOTIFICATION;
    stop_at = notify ? 0 : kind == RECEIVING ? step - 1 : step;
    if (kind != PSK && kind != CERTIFICATES) {
        /* Both ends wait. */
        expect_eq(tx_semaphore_put(&server_end.go), TX_SUCCESS);
    }
    client_end.busy = true;
    expect_eq(tx_semaphore_put(&client_end.go), TX_SUCCESS);
    tx_thread_sleep(1);
    if (kind == RECEIVING && step == 1) {
        call_attacker();
    } else if (kind == RECEIVING && client_end.busy) {
        say_something();
    }
}

static VOID body(ULONG input)
{
    (void)input;
    attacking = false;
    attacked = false;
    begin_all();
    (void)kit_spawn(attacker, 0, moment == WHEN_CUT ? 15 : 0);
    begin();
    for (UINT i = 0; i < 20; i++) {
        if (!client_end.busy && !server_end.busy && !attacking) {
            break;
        }
        tx_thread_sleep(100);
    }
    expect(!attacking);
    expect(!client_end.busy || is_gone(&client_end));
    expect(!server_end.busy || is_gone(&server_end));
    client_end.busy = false;
    server_end.busy = false;
    expect(has_a_name(client_end.status));
    expect(has_a_name(server_end.status));
    if (attacked) {
        mend();
        everything_works();
    }
    if (kit_failure[0] != '\0') {
        printf("%s, %s: %s at datagram %u: 0x%x, 0x%x\n", kinds[kind],
               moments[moment], attack->name, step, client_end.status,
               server_end.status);
    }
    end_association();
}

/* One attack at one datagram; false if the handshake has no such one. */
static bool attack_at(UINT n)
{
    kit_row("step %u", n);
    step = n;
    kit_run(NXDTLS_PORT_VIRTUAL, body);
    assert_false(nxdtls_port_stalled());
    return attacked;
}

/* `num`: how many datagrams there are at least. */
static VOID play(enum kind what, enum moment when, UINT num)
{
    UINT steps = 0;

    kind = what;
    moment = when;
    for (size_t i = 0; i < NUM_ATTACKS; i++) {
        UINT n = 1;

        kit_row("%s, %s, %s", kinds[what], moments[when], attacks[i].name);
        attack = &attacks[i];
        if (attack->terminates && kind == SENDING) {
            continue;
        }
        while (attack_at(n) && moment != IN_NOTIFICATION) {
            n++;
        }
        assert_true(attacked || n > num);
        steps += moment == IN_NOTIFICATION ? 1 : n - 1;
    }
    printf("%s, %s: %u attacks\n", kinds[kind], moments[moment], steps);
}

static void at_every_datagram_of_a_handshake_with_a_key(void **state)
{
    (void)state;
    play(PSK, WHEN_CUT, 5);
    play(PSK, AT_ONCE, 5);
    play(PSK, IN_NOTIFICATION, 1);
}

static void at_every_datagram_of_a_handshake_with_certificates(void **state)
{
    (void)state;
    play(CERTIFICATES, WHEN_CUT, 6);
    play(CERTIFICATES, AT_ONCE, 6);
}

static void at_every_datagram_of_a_renegotiation(void **state)
{
    (void)state;
    play(RENEGOTIATION, WHEN_CUT, 3);
    play(RENEGOTIATION, AT_ONCE, 3);
}

static void at_every_datagram_of_one_the_server_asks_for(void **state)
{
    (void)state;
    play(REQUEST, WHEN_CUT, 4);
    play(REQUEST, AT_ONCE, 4);
}

static void while_a_session_closes(void **state)
{
    (void)state;
    play(CLOSING, WHEN_CUT, 2);
    play(CLOSING, AT_ONCE, 2);
}

static void while_both_ends_wait_for_data(void **state)
{
    (void)state;
    play(RECEIVING, WHEN_CUT, 1);
    play(RECEIVING, AT_ONCE, 1);
}

static void while_a_thread_sends_data(void **state)
{
    (void)state;
    play(SENDING, AT_ONCE, 1);
    play(SENDING, IN_NOTIFICATION, 1);
}

/* The client's thread waits for data. */
static VOID begin_waiting(VOID)
{
    kind = RECEIVING;
    moment = WHEN_CUT;
    notify = false;
    attacked = false;
    begin_all();
    expect_eq(connect_within_3_s(), NX_SUCCESS);
    tx_thread_sleep(1);
    client_end.busy = true;
    expect_eq(tx_semaphore_put(&client_end.go), TX_SUCCESS);
    tx_thread_sleep(1);
}

static VOID reset_in_a_thread(ULONG input)
{
    (void)input;
    reset_client();
    attacked = true;
}

/* A thread has been given what it waits for and has not run yet: then the
 * session that it waited on is no more. */
static VOID woken_too_late_body(ULONG input)
{
    (void)input;
    begin_waiting();
    expect_eq(tx_thread_suspend(client_end.thread), TX_SUCCESS);
    say_something();
    tx_thread_sleep(1);
    expect_eq(client_end.thread->tx_thread_state, TX_SUSPENDED);
    (void)kit_spawn(reset_in_a_thread, 0, 5);
    expect(attacked); /* It does not wait until the other has left. */
    expect(client_end.busy);
    expect_eq(tx_thread_resume(client_end.thread), TX_SUCCESS);
    tx_thread_sleep(2);
    expect(!client_end.busy);
    expect_eq(client_end.status, NX_WAIT_ABORTED);
    end_association();
}

static void who_was_woken_already_is_told_of_a_reset(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, woken_too_late_body);
}

/* A thread is terminated where it waits, and its control block is another
 * thread's when the session is ended: that one is left alone. */
static VOID again_body(ULONG input)
{
    static CHAR name[] = "again";
    TX_THREAD *thread;

    (void)input;
    begin_waiting();
    thread = client_end.thread;
    expect_eq(tx_thread_terminate(thread), TX_SUCCESS);
    if (by_reset) {
        expect_eq(tx_thread_reset(thread), TX_SUCCESS);
        expect_eq(tx_thread_resume(thread), TX_SUCCESS);
    } else {
        expect_eq(tx_thread_delete(thread), TX_SUCCESS);
        expect_eq(tx_thread_create(thread, name, client_thread, 0, kit_stack,
                                   sizeof kit_stack, 12, 12, TX_NO_TIME_SLICE,
                                   TX_AUTO_START),
                  TX_SUCCESS);
    }
    tx_thread_sleep(1);
    expect_eq(thread->tx_thread_state, TX_SEMAPHORE_SUSP);
    expect_eq(nx_secure_dtls_session_end(&client, WAIT), NX_SUCCESS);
    expect_eq(aborted, 0);
    expect_eq(connect_within_3_s(), NX_SUCCESS);
    end_association();
}

static void a_thread_that_is_made_again_does_not_wait(void **state)
{
    (void)state;
    by_reset = false;
    kit_run(NXDTLS_PORT_VIRTUAL, again_body);
    by_reset = true;
    kit_run(NXDTLS_PORT_VIRTUAL, again_body);
}

/* The thread that started a session is sent home by who ends it.  Before that
 * thread hands the processor on, the slot has another client. */
static VOID start_then_let_another_in(ULONG input)
{
    (void)input;
    wait_go(&server_end);
    expect_eq(nx_secure_dtls_server_session_start(slot, 2 * WAIT),
              NX_WAIT_ABORTED);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_FALSE);
    cut = false;
    (void)kit_spawn(server_thread, 0, 9);
    expect_eq(connect_within_3_s(), NX_SUCCESS);
    expect(slot == &sessions[0]);
}

static VOID another_client_body(ULONG input)
{
    (void)input;
    begin_all();
    expect_eq(tx_thread_terminate(server_end.thread), TX_SUCCESS);
    (void)kit_spawn(start_then_let_another_in, 0, 8);
    stop_at = 4;
    expect_eq(tx_semaphore_put(&client_end.go), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&reached, 100), TX_SUCCESS);
    tx_thread_sleep(WAIT + 1);
    expect_eq(client_end.status, NX_NO_PACKET); /* it has given up */
    expect_eq(nx_secure_dtls_session_end(&sessions[0], WAIT), NX_SUCCESS);
    expect_eq(server_end.status, NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(33)),
              NX_SUCCESS);
    expect_data(&sessions[0], WAIT, net_bytes, 33);
    end_association();
}

/* A wait is aborted while its thread does not wait for data any more, but for
 * the lock: the thread gets both, the lock and the news. */
static VOID aborted_at_the_lock_body(ULONG input)
{
    (void)input;
    begin_waiting();
    expect(client.nx_secure_dtls_thread_suspended == client_end.thread);
    expect_eq(tx_mutex_get(&_nx_secure_tls_protection, TX_NO_WAIT),
              TX_SUCCESS);
    say_something();
    tx_thread_sleep(1);
    expect_eq(client_end.thread->tx_thread_state, TX_MUTEX_SUSP);
    expect_eq(tx_thread_wait_abort(client_end.thread), TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(client_end.thread->tx_thread_state, TX_MUTEX_SUSP);
    expect(client_end.busy);
    expect_eq(tx_mutex_put(&_nx_secure_tls_protection), TX_SUCCESS);
    tx_thread_sleep(1);
    expect(!client_end.busy);
    expect_eq(client_end.status, NX_WAIT_ABORTED);
    end_association();
}

static void an_abort_is_not_lost_at_the_lock(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, aborted_at_the_lock_body);
}

static void who_comes_late_leaves_the_next_client_alone(void **state)
{
    (void)state;
    kind = PSK;
    moment = WHEN_CUT;
    notify = false;
    kit_run(NXDTLS_PORT_VIRTUAL, another_client_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_every_datagram_of_a_handshake_with_a_key),
        cmocka_unit_test(at_every_datagram_of_a_handshake_with_certificates),
        cmocka_unit_test(at_every_datagram_of_a_renegotiation),
        cmocka_unit_test(at_every_datagram_of_one_the_server_asks_for),
        cmocka_unit_test(while_a_session_closes),
        cmocka_unit_test(while_both_ends_wait_for_data),
        cmocka_unit_test(while_a_thread_sends_data),
        cmocka_unit_test(who_was_woken_already_is_told_of_a_reset),
        cmocka_unit_test(a_thread_that_is_made_again_does_not_wait),
        cmocka_unit_test(an_abort_is_not_lost_at_the_lock),
        cmocka_unit_test(who_comes_late_leaves_the_next_client_alone),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
