/* SPDX-License-Identifier: MIT */
/* The table of docs/notifications.md, event by event: what a server's
 * application is told, in which order, in which thread, and under no lock. */
#include "../unit/nx_secure/association_kit.h"

#include "nx_secure/internal.h"

#define WAIT 300
#define SECOND NX_IP_PERIODIC_RATE
#define STARTER 10 /* the priority of the thread that starts sessions */

/* What has been told since listen() was called, as the table says it. */
static char told[256];
static bool told_in_ip_thread;
static bool told_elsewhere;
static bool takes_all; /* receive_notify takes all data at once */
static bool stops;     /* error_notify stops the server */

/* receive_notify ends the session, at any news or only when it has ended; and
 * disconnect_notify and error_notify do so again. */
static enum { ENDS_NEVER, ENDS_AT_ONCE, ENDS_AT_THE_END } ends;

static VOID note(const char *what)
{
    size_t len = strlen(told);

    (void)snprintf(told + len, sizeof told - len, "%s%s", len == 0 ? "" : ", ",
                   what);
    expect(_nx_secure_tls_protection.tx_mutex_owner != tx_thread_identify());
    if (tx_thread_identify() == &net_b.ip.nx_ip_thread) {
        told_in_ip_thread = true;
    } else {
        told_elsewhere = true;
    }
}

static VOID listen(VOID)
{
    told[0] = '\0';
    told_in_ip_thread = false;
    told_elsewhere = false;
}

/* The network to the server.  It passes `passes` datagrams and loses the
 * rest; while `joins` is set it makes one datagram of that many, which finds
 * no other packet in the pool if `starves` is set, too. */
static UINT passes;
static UINT joins;
static bool starves;
static NX_PACKET *kept;
static UINT num_kept;
static UINT joins_behind_hello; /* `joins`, once the client has a session */

/* Sessions begin in connect_notify: with the documented service, which does
 * not wait there, or with this library's. */
static enum { BY_THREADS, BY_START, BY_BEGIN } begun;

static UINT note_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                         UINT port)
{
    note("connect_notify");
    if (begun == BY_THREADS) {
        return on_connect(session, ip, port);
    }
    connecting = session;
    joins = joins_behind_hello;
    starves = joins != 0;
    expect_eq(begun == BY_START ? nx_secure_dtls_server_session_start(
                                      session, NX_WAIT_FOREVER)
                                : nxdtls_server_session_begin(session),
              NX_SUCCESS);
    return NX_SUCCESS;
}

static UINT note_handshake(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    char text[64];

    expect(session->nx_secure_dtls_session_in_use || status != NX_SUCCESS);
    (void)snprintf(text, sizeof text, "handshake_notify 0x%02x", status);
    note(text);
    if (ends == ENDS_AT_ONCE) {
        expect_eq(nx_secure_dtls_session_end(session, NX_NO_WAIT),
                  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED);
    }
    return NX_SUCCESS;
}

static UINT note_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    UINT num = 0;
    UINT status;

    note("receive_notify");
    do {
        status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);
        if (status == NX_SUCCESS) {
            expect_eq(nx_packet_release(packet), NX_SUCCESS);
            num++;
        }
    } while (takes_all && status == NX_SUCCESS);
    expect(num != 0 || status != NX_NO_PACKET); /* There was something. */
    if (ends == ENDS_AT_ONCE ||
        (ends == ENDS_AT_THE_END && status != NX_SUCCESS)) {
        expect_eq(nx_secure_dtls_session_end(session, NX_NO_WAIT), NX_SUCCESS);
    }
    return NX_SUCCESS;
}

static UINT note_and_leave(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    note("receive_notify");
    return NX_SUCCESS;
}

/* An application that ends each session where it is told of its end. */
static VOID end_again(NX_SECURE_DTLS_SESSION *session)
{
    if (ends != ENDS_NEVER) {
        expect_eq(session->nx_secure_dtls_session_in_use, NX_FALSE);
        expect_eq(nx_secure_dtls_session_end(session, NX_NO_WAIT),
                  NX_SECURE_TLS_SESSION_UNINITIALIZED);
    }
}

static UINT note_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    note("disconnect_notify");
    end_again(session);
    return NX_SUCCESS;
}

static UINT note_error(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    char text[64];

    (void)snprintf(text, sizeof text, "error_notify%s 0x%02x",
                   session == NX_NULL ? " NULL" : "", status);
    note(text);
    end_again(session);
    if (stops) {
        expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    }
    return NX_SUCCESS;
}

/* Lets the server take a datagram while the pool has no other packet. */
static VOID pass_on_without_pool(NX_IP *ip, NX_PACKET *packet)
{
    NX_PACKET *taken[NET_PACKETS];
    UINT num = 0;

    while (nx_packet_allocate(&net_b.pool, &taken[num], NX_RECEIVE_PACKET,
                              NX_NO_WAIT) == NX_SUCCESS) {
        num++;
    }
    _nx_udp_packet_receive(ip, packet);
    while (num > 0) {
        expect_eq(nx_packet_release(taken[--num]), NX_SUCCESS);
    }
}

/* Appends a datagram to the one that is kept, whose UDP header tells its
 * length. */
static VOID join(NX_PACKET *packet)
{
    UCHAR *header = kept->nx_packet_prepend_ptr;

    expect_eq(nx_packet_data_append(
                  kept, packet->nx_packet_prepend_ptr + NX_UDP_HEADER_SIZE,
                  packet->nx_packet_length - NX_UDP_HEADER_SIZE, &net_b.pool,
                  NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    header[4] = (UCHAR)(kept->nx_packet_length >> 8);
    header[5] = (UCHAR)kept->nx_packet_length;
}

static VOID to_server(NX_IP *ip, NX_PACKET *packet)
{
    if (passes == 0) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    passes--;
    if (joins == 0) {
        _nx_udp_packet_receive(ip, packet);
        return;
    }
    if (num_kept++ == 0) {
        kept = packet;
        return;
    }
    join(packet);
    if (num_kept == joins) {
        num_kept = 0;
        if (starves) {
            pass_on_without_pool(ip, kept);
        } else {
            _nx_udp_packet_receive(ip, kept);
        }
    }
}

/* A server of `num` sessions.  A thread starts each of them, if `serves`. */
static VOID open_server(UINT num, bool has_key, bool serves)
{
    begun = BY_THREADS;
    passes = 0xffff;
    joins = 0;
    joins_behind_hello = 0;
    starves = false;
    takes_all = false;
    stops = false;
    ends = ENDS_NEVER;
    start_nets();
    net_b.ip.nx_ip_udp_packet_receive = to_server;
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    add_client_psk(psk);
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, sessions,
                  num * (UINT)sizeof *sessions, &nxdtls_ciphers_all,
                  server_metadata, sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly, note_connect, note_receive),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, note_disconnect, note_error),
        NX_SUCCESS);
    expect_eq(nxdtls_server_handshake_notify_set(&server, note_handshake),
              NX_SUCCESS);
    if (has_key) {
        add_server_psk();
    }
    if (serves) {
        (void)kit_spawn(start_sessions, 0, STARTER);
    }
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    listen();
}

/* One client is connected; what follows is listened to. */
static VOID open_connected(UINT num)
{
    open_server(num, true, true);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    listen();
}

/* The client leaves its port without a word. */
static VOID leave_port(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

/* The client asks for a session, and gets no answer that it waits for. */
static VOID knock(VOID)
{
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 10), NX_NO_PACKET);
}

static VOID send(ULONG len)
{
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(len)),
              NX_SUCCESS);
}

/* The events. */

static VOID cookie(VOID)
{
    open_server(SESSIONS, true, false);
    knock();
}

static VOID complete(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
}

static VOID one_record(VOID)
{
    open_connected(SESSIONS);
    send(21);
}

static VOID two_records(VOID)
{
    open_connected(SESSIONS);
    joins = 2;
    send(21);
    send(22);
}

static VOID two_records_at_once(VOID)
{
    open_connected(SESSIONS);
    takes_all = true;
    joins = 2;
    send(21);
    send(22);
}

static VOID unread(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(nxdtls_server_unread_limit_set(&server, 1), NX_SUCCESS);
    server.nx_dtls_server_receive_notify = note_and_leave;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    listen();
    send(21);
    send(22);
}

static VOID junk(VOID)
{
    open_connected(SESSIONS);
    expect_eq(net_send(&net_a, net_v4(SERVER_ADDRESS), PORT, 40), NX_SUCCESS);
}

static VOID closed(VOID)
{
    open_connected(SESSIONS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
}

static VOID data_and_close(VOID)
{
    open_connected(SESSIONS);
    joins = 2;
    send(21);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
}

static VOID closed_and_ended(VOID)
{
    open_connected(SESSIONS);
    ends = ENDS_AT_THE_END;
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
}

static VOID ended_at_data(VOID)
{
    open_connected(SESSIONS);
    ends = ENDS_AT_ONCE;
    joins = 2;
    send(21);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
}

static VOID closed_by_us(VOID)
{
    open_connected(SESSIONS);
    expect_eq(nx_secure_dtls_session_end(connecting, 10), NX_NO_PACKET);
}

static VOID idle(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(nxdtls_server_idle_limit_set(&server, 5), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    listen();
    tx_thread_sleep(6 * SECOND);
}

static VOID old(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(nxdtls_server_life_limit_set(&server, 5), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    listen();
    tx_thread_sleep(6 * SECOND);
}

static VOID gone(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nxdtls_server_connection_id_set(&server, NX_TRUE, 8, NX_NULL),
              NX_SUCCESS);
    expect_eq(nxdtls_server_keepalive_set(&server, 2, 1), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(nxdtls_session_connection_id_set(&client, NX_TRUE, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    listen();
    tx_thread_sleep(5 * SECOND); /* no thread of the client's answers */
}

/* The client sends a fatal alert. */
static VOID fail_client(VOID)
{
    (void)dtls_session_fail(&dtls_nx_session(&client)->engine, DTLS_BY_ERROR,
                            DTLS_INTERNAL_ERROR);
    (void)dtls_nx_lock();
    dtls_nx_flush(&client);
    dtls_nx_unlock();
}

static VOID alert(VOID)
{
    open_connected(SESSIONS);
    fail_client();
}

static VOID failed_and_ended(VOID)
{
    open_connected(SESSIONS);
    ends = ENDS_AT_THE_END;
    fail_client();
}

static VOID replaced(VOID)
{
    open_connected(SESSIONS);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
}

static VOID no_suite(VOID)
{
    open_server(SESSIONS, false, true);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), WAIT),
              NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(wait_started(), NX_SECURE_TLS_NO_SUPPORTED_CIPHERS);
}

static VOID refused_by_client(VOID)
{
    open_server(SESSIONS, true, true);
    expect_eq(nx_secure_tls_session_client_callback_set(
                  &client.nx_secure_dtls_tls_session, refuse_hello),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_NOT_SUPPORTED);
    expect_eq(wait_started(), NX_SECURE_TLS_ALERT_RECEIVED);
}

static VOID start_for_a_second(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_server_session_start(
                  next_connect(TX_WAIT_FOREVER), SECOND),
              NX_NO_PACKET);
}

static VOID start_without_end(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_server_session_start(
                  next_connect(TX_WAIT_FOREVER), NX_WAIT_FOREVER),
              NX_NOT_SUCCESSFUL);
}

/* A client that says nothing after its second hello. */
static VOID silent_client(VOID (*starter)(ULONG), ULONG seconds)
{
    open_server(SESSIONS, true, false);
    (void)kit_spawn(starter, 0, STARTER);
    passes = 2;
    knock();
    listen();
    tx_thread_sleep(seconds * SECOND);
}

static VOID retries(VOID)
{
    silent_client(start_without_end, 400);
}

static VOID wait_over(VOID)
{
    silent_client(start_for_a_second, 2);
}

static VOID not_started(VOID)
{
    open_server(SESSIONS, true, false);
    knock();
    listen();
    tx_thread_sleep(31 * SECOND);
}

static VOID begins_anew(VOID)
{
    open_server(SESSIONS, true, false);
    knock();
    listen();
    knock();
}

static VOID begins_anew_and_stops(VOID)
{
    open_server(SESSIONS, true, false);
    knock();
    listen();
    stops = true;
    knock();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

static VOID made_room(VOID)
{
    open_server(1, true, false);
    knock();
    leave_port();
    tx_thread_sleep(SECOND);
    listen();
    knock();
}

static VOID no_session(VOID)
{
    open_connected(1);
    leave_port();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), WAIT),
              NX_SECURE_TLS_ALERT_RECEIVED);
}

static VOID no_packet(VOID)
{
    open_connected(SESSIONS);
    send(20); /* The packets of the last flight go back. */
    listen();
    joins = 2;
    starves = true;
    for (UINT i = 0; i < 2; i++) {
        kit_row("datagram %u", i);
        send(21);
        send(22);
    }
}

/* The client resumes its session, which it has the last flight of; the server
 * takes that and three records of data as one datagram. */
static VOID resume_with_data(bool ends_it)
{
    static NXDTLS_SAVED_SESSION saved;
    static ALIGN_TYPE memory[NXDTLS_KEPT_SESSION_SIZE / sizeof(ALIGN_TYPE)];

    begun = BY_BEGIN;
    expect_eq(nxdtls_saved_session_clear(&saved), NX_SUCCESS);
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_server_resumption_set(&server, memory, sizeof memory, 0),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(connecting, NX_NO_WAIT), NX_SUCCESS);
    joins_behind_hello = 4; /* The packet of the server's flight goes back. */
    ends = ends_it ? ENDS_AT_ONCE : ENDS_NEVER;
    expect_eq(connect_client(), NX_SUCCESS);
    listen();
    for (ULONG len = 21; len < 21 + joins - 1; len++) {
        kit_row("%u bytes", (unsigned)len);
        send(len);
    }
}

static VOID no_packet_behind_handshake(VOID)
{
    open_server(SESSIONS, true, false);
    resume_with_data(false);
}

static VOID ended_in_handshake(VOID)
{
    open_server(SESSIONS, true, false);
    resume_with_data(true);
}

static VOID renegotiated(VOID)
{
    open_connected(SESSIONS);
    expect_eq(nxdtls_session_renegotiate(&client, WAIT), NX_SUCCESS);
}

static VOID begin_in_connect(VOID)
{
    open_server(SESSIONS, true, false);
    begun = BY_BEGIN;
    expect_eq(connect_client(), NX_SUCCESS);
}

static VOID start_in_connect(VOID)
{
    open_server(SESSIONS, true, false);
    begun = BY_START;
    expect_eq(connect_client(), NX_SUCCESS);
}

static VOID free_slots(VOID)
{
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("slot %u", i);
        expect_eq(sessions[i].nx_secure_dtls_session_in_use, NX_FALSE);
    }
}

static VOID begun_without_suite(VOID)
{
    open_server(SESSIONS, false, false);
    begun = BY_START;
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), WAIT),
              NX_SECURE_TLS_ALERT_RECEIVED);
    tx_thread_sleep(2);
    free_slots();
}

static VOID begun_and_refused(VOID)
{
    open_server(SESSIONS, true, false);
    begun = BY_BEGIN;
    expect_eq(nx_secure_tls_session_client_callback_set(
                  &client.nx_secure_dtls_tls_session, refuse_hello),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_NOT_SUPPORTED);
    free_slots();
}

static VOID begun_and_silent(VOID)
{
    open_server(SESSIONS, true, false);
    begun = BY_BEGIN;
    passes = 2;
    knock();
    listen();
    tx_thread_sleep(400 * SECOND);
    free_slots();
}

static VOID begun_and_made_room(VOID)
{
    open_server(1, true, false);
    begun = BY_BEGIN;
    passes = 2;
    knock();
    leave_port();
    tx_thread_sleep(SECOND);
    listen();
    passes = 2;
    knock();
}

static VOID renegotiated_alone(VOID)
{
    NX_PACKET *packet;

    open_connected(SESSIONS);
    expect_eq(nxdtls_session_renegotiate(connecting, NX_NO_WAIT),
              NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_receive(&client, &packet, 10),
              NX_NO_PACKET);
}

static VOID renegotiation_unanswered(VOID)
{
    open_connected(SESSIONS);
    expect_eq(nxdtls_session_renegotiate(connecting, NX_NO_WAIT),
              NX_NO_PACKET);
    tx_thread_sleep(700 * SECOND);
}

static const char IP[] = "IP";
static const char CALLER[] = "caller";
static const char NONE[] = "-";

static const struct row {
    const char *event;
    const char *calls;
    const char *thread;
    VOID (*play)(VOID);
} rows[] = {
    {"a client has returned the cookie", "connect_notify", IP, cookie},
    {"a handshake is complete that a thread waits for", "connect_notify", IP,
     complete},
    {"a record of data is queued", "receive_notify", IP, one_record},
    {"two records of data in one datagram are queued",
     "receive_notify, receive_notify", IP, two_records},
    {"the same, and the application takes both at the first call",
     "receive_notify", IP, two_records_at_once},
    {"two records come, and only one may wait for `session_receive`",
     "receive_notify", IP, unread},
    {"a record is dropped", "-", NONE, junk},
    {"the client closes the session", "receive_notify, disconnect_notify", IP,
     closed},
    {"data and the client's close_notify come in one datagram",
     "receive_notify, receive_notify, disconnect_notify", IP, data_and_close},
    {"the client closes the session, and the application ends it in "
     "`receive_notify`",
     "receive_notify, disconnect_notify", IP, closed_and_ended},
    {"data and close_notify come in one datagram, and the application ends "
     "the session at the data",
     "receive_notify, disconnect_notify", IP, ended_at_data},
    {"the application ends the session", "-", NONE, closed_by_us},
    {"the session is idle for too long", "receive_notify, disconnect_notify",
     IP, idle},
    {"the client does not answer the questions of keepalive",
     "receive_notify, disconnect_notify", IP, gone},
    {"the session is too old", "receive_notify, disconnect_notify", IP, old},
    {"an established session fails, by a fatal alert for example",
     "receive_notify, error_notify 0x114", IP, alert},
    {"the same, and the application ends it in `receive_notify`",
     "receive_notify, error_notify 0x114", IP, failed_and_ended},
    {"the client begins anew, and its new session is complete",
     "connect_notify, receive_notify, disconnect_notify", IP, replaced},
    {"the client's hello leads to no handshake: no common suite",
     "connect_notify, error_notify 0x10e", "IP, caller", no_suite},
    {"the client refuses the server in the handshake",
     "connect_notify, error_notify 0x114", IP, refused_by_client},
    {"the client does not answer any retransmission", "error_notify 0x43", IP,
     retries},
    {"the wait of `session_start` is over", "error_notify 0x01", CALLER,
     wait_over},
    {"the application has not started the session in time",
     "error_notify 0x101", IP, not_started},
    {"the client of a half-open session begins anew",
     "error_notify 0x38, connect_notify", IP, begins_anew},
    {"the same, and the application stops the server in `error_notify`",
     "error_notify 0x38", IP, begins_anew_and_stops},
    {"a half-open session makes room for another client",
     "error_notify 0x123, connect_notify", IP, made_room},
    {"no session is free for a client", "error_notify NULL 0x123", IP,
     no_session},
    {"the pool has no packet for a record of two in one datagram, twice",
     "error_notify 0x111, receive_notify, receive_notify", IP, no_packet},
    {"a handshake that no thread waits for is complete, and the pool has no "
     "packet for the third piece of data behind it",
     "handshake_notify 0x00, error_notify 0x111, receive_notify, "
     "receive_notify",
     IP, no_packet_behind_handshake},
    {"the same, and the application ends the session in `handshake_notify`",
     "handshake_notify 0x00", IP, ended_in_handshake},
    {"another handshake is complete, and a thread has waited, or the client "
     "has begun it",
     "-", NONE, renegotiated},
    {"a handshake is complete that has begun in `connect_notify`, by "
     "`nxdtls_server_session_begin`",
     "connect_notify, handshake_notify 0x00", IP, begin_in_connect},
    {"the same, by `nx_secure_dtls_server_session_start`",
     "connect_notify, handshake_notify 0x00", IP, start_in_connect},
    {"such a handshake has no common suite",
     "connect_notify, handshake_notify 0x10e, error_notify 0x10e", IP,
     begun_without_suite},
    {"the client refuses the server in such a handshake",
     "connect_notify, handshake_notify 0x114, error_notify 0x114", IP,
     begun_and_refused},
    {"the client does not answer in such a handshake",
     "handshake_notify 0x43, error_notify 0x43", IP, begun_and_silent},
    {"such a half-open session makes room for another client",
     "handshake_notify 0x123, error_notify 0x123, connect_notify", IP,
     begun_and_made_room},
    {"a server's `nxdtls_session_renegotiate` has returned 0x01, and the "
     "handshake is complete",
     "handshake_notify 0x00", IP, renegotiated_alone},
    {"the same, and the client does not answer", "handshake_notify 0x43", IP,
     renegotiation_unanswered},
};
#define NUM_ROWS (sizeof rows / sizeof *rows)

static const struct row *row;

static const char *thread_of_calls(VOID)
{
    return told_in_ip_thread ? told_elsewhere ? "IP, caller" : IP
           : told_elsewhere  ? CALLER
                             : NONE;
}

static VOID row_body(ULONG input)
{
    const char *calls;

    (void)input;
    row->play();
    tx_thread_sleep(1);
    calls = told[0] == '\0' ? NONE : told;
    if (strcmp(calls, row->calls) != 0 ||
        strcmp(thread_of_calls(), row->thread) != 0) {
        printf("%s: %s (%s)\n", row->event, calls, thread_of_calls());
        expect(false);
    }
    expect_eq(nx_secure_dtls_server_notify_set(&server, NX_NULL, NX_NULL),
              NX_SUCCESS);
    end_association();
}

static void each_event_is_told_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_ROWS; i++) {
        row = &rows[i];
        kit_row("%s", row->event);
        kit_run(NXDTLS_PORT_VIRTUAL, row_body);
    }
}

static bool is_row_of(const char *line, const struct row *r)
{
    char wanted[512];

    (void)snprintf(wanted, sizeof wanted, "| %s | %s | %s |", r->event,
                   r->calls, r->thread);
    return strncmp(line, wanted, strlen(wanted)) == 0;
}

/* The page has these rows in this order, and no others. */
static void the_page_has_these_rows(void **state)
{
    char line[1024];
    FILE *page = fopen(NOTIFICATIONS_PAGE, "r");
    bool in_table = false;
    size_t num = 0;

    (void)state;
    assert_non_null(page);
    while (fgets(line, sizeof line, page) != NULL) {
        if (line[0] != '|') {
            in_table = false;
        } else if (strncmp(line, "| event |", 9) == 0) {
            in_table = true;
        } else if (in_table && line[2] != '-') {
            kit_row("%s", line);
            assert_true(num < NUM_ROWS && is_row_of(line, &rows[num]));
            num++;
        }
    }
    (void)fclose(page);
    assert_int_equal(num, NUM_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_is_told_as_the_table_says),
        cmocka_unit_test(the_page_has_these_rows),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
