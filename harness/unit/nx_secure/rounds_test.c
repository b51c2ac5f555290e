/* SPDX-License-Identifier: MIT */
/* A server's rounds: when its timer fires, the IP thread serves the sessions
 * that are due and looks at no others.  The linker puts this file's
 * dtls_nx_due before the library's, which counts the looks of server_receive.c
 * alone: server_time.c calls its own. */
#define SESSIONS 200u
#define NET_PACKETS 4096u
#include "association_kit.h"

#include "nx_secure/internal.h"

#include <stdbool.h>

#define UNSTARTED (DTLS_NX_UNSTARTED_MS / 10) /* ticks */

uint64_t __real_dtls_nx_due(NX_SECURE_DTLS_SESSION *session);
uint64_t __wrap_dtls_nx_due(NX_SECURE_DTLS_SESSION *session);

static UINT looks;

uint64_t __wrap_dtls_nx_due(NX_SECURE_DTLS_SESSION *session)
{
    looks++;
    return __real_dtls_nx_due(session);
}

static UINT errors;
static UINT last_error;

static UINT note_error(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)session;
    errors++;
    last_error = status;
    return NX_SUCCESS;
}

/* No session is started. */
static VOID begin_unstarted(VOID)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    add_client_psk(psk);
    add_server_psk();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    looks = 0;
}

/* The client takes a slot from another port, which takes one tick. */
static VOID take_slot(VOID)
{
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 1), NX_NO_PACKET);
}

static UINT slots_taken(VOID)
{
    UINT num = 0;

    for (UINT i = 0; i < SESSIONS; i++) {
        num += sessions[i].nx_secure_dtls_session_in_use;
    }
    return num;
}

/* Every slot is taken at a tick of its own, and every one of them becomes due
 * alone.  Each costs one look, whatever the number of the others. */
static VOID one_by_one_body(ULONG input)
{
    (void)input;
    begin_unstarted();
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        take_slot();
    }
    expect_eq(slots_taken(), SESSIONS);
    expect_eq(looks, 0);
    tx_thread_sleep(UNSTARTED - SESSIONS / 2);
    expect_eq(looks, SESSIONS - slots_taken());
    expect(slots_taken() > SESSIONS / 4 && slots_taken() < SESSIONS);
    tx_thread_sleep(SESSIONS);
    expect_eq(looks, SESSIONS);
    expect_eq(slots_taken(), 0);
    tx_thread_sleep(100 * UNSTARTED);
    expect_eq(looks, SESSIONS);
    end_association();
}

static void a_round_looks_at_what_is_due(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, one_by_one_body);
}

/* The server gets both ClientHellos and nothing after them. */
static UINT arrived;

static VOID lose_the_rest(NX_IP *ip, NX_PACKET *packet)
{
    if (++arrived <= 2) {
        _nx_udp_packet_receive(ip, packet);
    } else {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

/* Each record moves the limit of an idle session, which costs one look when
 * the first of them would have come, and no more. */
static VOID busy_body(ULONG input)
{
    UINT before;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nxdtls_server_idle_limit_set(&server, 10), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(500);
    before = looks;
    for (UINT i = 0; i < 200; i++) {
        kit_row("record %u", i);
        expect_eq(
            nx_secure_dtls_client_session_send(&client, client_packet(33)),
            NX_SUCCESS);
        tx_thread_sleep(20);
        expect_data(&sessions[0], NX_NO_WAIT, net_bytes, 33);
    }
    /* 40 s: four limits, from record to record. */
    expect(looks - before >= 4 && looks - before <= 5);
    expect(sessions[0].nx_secure_dtls_session_in_use);
    end_association();
}

static void a_deadline_that_moves_away_costs_few_looks(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, busy_body);
}

/* Starts a session and waits for it without end. */
static VOID start_forever(ULONG input)
{
    (void)input;
    start_status = nx_secure_dtls_server_session_start(
        next_connect(TX_WAIT_FOREVER), NX_WAIT_FOREVER);
}

/* A thread that waits for a handshake that does not go on. */
static TX_THREAD *starter;

static VOID begin_handshake(VOID)
{
    errors = 0;
    arrived = 0;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    expect_eq(nx_secure_dtls_server_notify_set(&server, NX_NULL, note_error),
              NX_SUCCESS);
    net_b.ip.nx_ip_udp_packet_receive = lose_the_rest;
    add_client_psk(psk);
    add_server_psk();
    starter = kit_spawn(start_forever, 0, 10);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    take_slot();
    expect(sessions[0].nx_secure_dtls_thread_suspended == starter);
}

/* The thread is terminated.  The server repeats its flight and gives up, as it
 * would have done, and tells so. */
static VOID terminated_body(ULONG input)
{
    (void)input;
    begin_handshake();
    expect_eq(tx_thread_terminate(starter), TX_SUCCESS);
    tx_thread_sleep(36000);
    expect_eq(errors, 0);
    tx_thread_sleep(500);
    expect_eq(errors, 1);
    expect_eq(last_error, NX_NOT_SUCCESSFUL);
    end_association();
}

/* The application has unbound the server's socket, so the IP thread does
 * nothing for the server any more.  The wait ends all the same: each of the
 * eleven timeouts is a second longer. */
static VOID unbound_body(ULONG input)
{
    (void)input;
    begin_handshake();
    expect_eq(nx_udp_socket_unbind(&server.nx_dtls_server_udp_socket),
              NX_SUCCESS);
    tx_thread_sleep(37350);
    expect_eq(start_status, 0xffff);
    tx_thread_sleep(100);
    expect_eq(start_status, NX_SECURE_TLS_TCP_SEND_FAILED);
    expect_eq(errors, 1);
    expect_eq(last_error, NX_SECURE_TLS_TCP_SEND_FAILED);
    end_association();
}

static void a_wait_ends_although_the_servers_socket_is_unbound(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unbound_body);
}

static void a_session_whose_thread_is_gone_is_served(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, terminated_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_looks_at_what_is_due),
        cmocka_unit_test(a_deadline_that_moves_away_costs_few_looks),
        cmocka_unit_test(a_session_whose_thread_is_gone_is_served),
        cmocka_unit_test(a_wait_ends_although_the_servers_socket_is_unbound),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
