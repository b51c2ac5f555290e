/* SPDX-License-Identifier: MIT */
/* A server that is driven by events, through the API: what its application
 * learns, whenever its threads look. */
#include "../unit/nx_secure/association_kit.h"

#define WAIT 300
#define REUSED 0x5a /* bytes of what was deleted */
#define LATE 31 /* the priority of a thread that runs when all others wait */

/* A sensor's whole life: it connects, sends and closes, before the thread of
 * the server looks. */
static VOID sensor_body(ULONG input)
{
    NX_PACKET *packet = NX_NULL;

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    (void)kit_spawn(start_sessions, 0, LATE);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(22)),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(start_status, 0xffff); /* It has not looked. */
    expect_eq(wait_started(), NX_SUCCESS);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 21);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 22);
    expect_eq(nx_secure_dtls_session_receive(connecting, &packet, WAIT),
              NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    expect_eq(nx_secure_dtls_session_end(connecting, WAIT), NX_SUCCESS);
    end_association();
}

static void what_happened_decides_and_not_when_a_thread_looks(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sensor_body);
}

/* A thread that waits for data on a session, again whenever its wait is
 * aborted. */
static NX_SECURE_DTLS_SESSION *watched;
static UINT receive_status; /* 0xffff: it waits */
static UINT retries;

static VOID receive_again(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    do {
        receive_status = 0xffff;
        retries++;
        receive_status =
            nx_secure_dtls_session_receive(watched, &packet, NX_WAIT_FOREVER);
    } while (receive_status == NX_WAIT_ABORTED);
}

static VOID receive_once(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    receive_status = 0xffff;
    receive_status =
        nx_secure_dtls_session_receive(watched, &packet, NX_WAIT_FOREVER);
}

/* Both ends are connected; `receive` waits on one of them. */
static TX_THREAD *start_receiver(VOID (*receive)(ULONG), bool at_server)
{
    TX_THREAD *receiver;

    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    watched = at_server ? connecting : &client;
    retries = 0;
    receiver = kit_spawn(receive, 0, 2);
    tx_thread_sleep(1);
    expect_eq(receive_status, 0xffff);
    return receiver;
}

static bool at_server;

static VOID retry_body(ULONG input)
{
    ULONG before;

    (void)input;
    (void)start_receiver(receive_again, at_server);
    before = tx_time_get();
    (void)nx_secure_dtls_session_end(watched, NX_NO_WAIT);
    expect_eq(tx_time_get(), before);
    tx_thread_sleep(1);
    expect_eq(receive_status, NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(retries, 2);
    end_association();
}

static void a_session_ends_although_its_receiver_tries_again(void **state)
{
    (void)state;
    at_server = false;
    kit_run(NXDTLS_PORT_VIRTUAL, retry_body);
    at_server = true;
    kit_run(NXDTLS_PORT_VIRTUAL, retry_body);
}

static VOID end_it(VOID)
{
    expect_eq(nx_secure_dtls_session_end(watched, NX_NO_WAIT),
              at_server ? NX_NO_PACKET : NX_SUCCESS);
}

static VOID reset_it(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(watched), NX_SUCCESS);
}

static VOID delete_it(VOID)
{
    if (at_server) {
        expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
        memset(sessions, REUSED, sizeof sessions);
    } else {
        expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
        memset(&client, REUSED, sizeof client);
    }
}

/* What ends a session, and whether the session is there afterwards. */
static const struct ending {
    const char *name;
    VOID (*run)(VOID);
    bool deletes;
} endings[] = {
    {"end", end_it, false},
    {"reset", reset_it, false},
    {"delete", delete_it, true},
};
#define NUM_ENDINGS (sizeof endings / sizeof *endings)

static const struct ending *ending;

static VOID end_all_but_deleted(VOID)
{
    if (!ending->deletes) {
        end_association();
        return;
    }
    if (at_server) {
        expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    } else {
        delete_server();
    }
    end_nets();
}

/* What was deleted is the application's, and is as the application left it. */
static bool is_untouched(const NX_SECURE_DTLS_SESSION *session)
{
    const UCHAR *bytes = (const UCHAR *)session;

    for (size_t i = 0; i < sizeof *session; i++) {
        if (bytes[i] != REUSED) {
            return false;
        }
    }
    return true;
}

/* The receiver is suspended; whoever ends the session does not wait for it.
 * When it runs again, it does not touch the session. */
static VOID suspended_body(ULONG input)
{
    TX_THREAD *receiver;
    ULONG before;

    (void)input;
    receiver = start_receiver(receive_once, at_server);
    expect_eq(tx_thread_suspend(receiver), TX_SUCCESS);
    before = tx_time_get();
    ending->run();
    expect_eq(tx_time_get(), before);
    expect_eq(receive_status, 0xffff);
    expect_eq(tx_thread_resume(receiver), TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(receive_status, NX_WAIT_ABORTED);
    expect(!ending->deletes || is_untouched(watched));
    end_all_but_deleted();
}

static void a_session_ends_although_its_receiver_is_suspended(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * NUM_ENDINGS; i++) {
        ending = &endings[i / 2];
        at_server = i % 2 != 0;
        kit_row("%s, %s", ending->name, at_server ? "server" : "client");
        kit_run(NXDTLS_PORT_VIRTUAL, suspended_body);
    }
}

/* The peer is dead: nothing reaches it. */
static VOID lose(NX_IP *ip, NX_PACKET *packet)
{
    (void)ip;
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

static VOID dead_body(ULONG input)
{
    ULONG before;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    net_a.ip.nx_ip_udp_packet_receive = lose;
    net_b.ip.nx_ip_udp_packet_receive = lose;
    before = tx_time_get();
    expect_eq(nx_secure_dtls_session_end(at_server ? connecting : &client,
                                         NX_WAIT_FOREVER),
              NX_NO_PACKET);
    /* A server's thread lets the IP thread go first. */
    expect(tx_time_get() - before <= 31 * NX_IP_PERIODIC_RATE);
    end_association();
}

static void an_end_without_limit_to_a_dead_peer_ends(void **state)
{
    (void)state;
    at_server = false;
    kit_run(NXDTLS_PORT_VIRTUAL, dead_body);
    at_server = true;
    kit_run(NXDTLS_PORT_VIRTUAL, dead_body);
}

/* The application ends the session, or stops the server, in a notification.
 */
static const char *in_notification; /* where the deed is done; or NULL */
static UINT deeds;
static VOID (*deed)(NX_SECURE_DTLS_SESSION *session);

static VOID reset_session(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(nx_secure_dtls_session_reset(session), NX_SUCCESS);
}

static VOID end_session(NX_SECURE_DTLS_SESSION *session)
{
    (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
    expect_eq(session->nx_secure_dtls_session_in_use, NX_FALSE);
}

static VOID stop_server(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_CALLER_ERROR);
}

static const struct {
    const char *name;
    VOID (*run)(NX_SECURE_DTLS_SESSION *session);
} all_deeds[] = {
    {"reset", reset_session},
    {"end", end_session},
    {"stop", stop_server},
};
static const char *const notifications[] = {"connect", "handshake", "receive",
                                            "disconnect", "error"};

static UINT do_in(const char *name, NX_SECURE_DTLS_SESSION *session)
{
    if (in_notification != NULL && strcmp(in_notification, name) == 0) {
        in_notification = NULL;
        deeds++;
        deed(session);
    }
    return NX_SUCCESS;
}

static UINT on_connect_do(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                          UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    expect_eq(nxdtls_server_session_begin(session), NX_SUCCESS);
    return do_in("connect", session);
}

static UINT on_handshake_do(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)status;
    return do_in("handshake", session);
}

static UINT on_receive_do(NX_SECURE_DTLS_SESSION *session)
{
    return do_in("receive", session);
}

static UINT on_disconnect_do(NX_SECURE_DTLS_SESSION *session)
{
    return do_in("disconnect", session);
}

static UINT on_error_do(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)status;
    return do_in("error", session);
}

static VOID set_client_refuses(bool refuses)
{
    expect_eq(nx_secure_tls_session_client_callback_set(
                  &client.nx_secure_dtls_tls_session,
                  refuses ? refuse_hello : NX_NULL),
              NX_SUCCESS);
}

/* A whole life of a session, as far as it comes: the client connects, sends
 * and closes.  A packet that it cannot send is given back. */
static VOID live_once(bool refused)
{
    NX_PACKET *packet;

    set_client_refuses(refused);
    (void)connect_to(net_v4(SERVER_ADDRESS), 100);
    packet = client_packet(21);
    if (nx_secure_dtls_client_session_send(&client, packet) != NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
}

static VOID deed_body(ULONG input)
{
    const char *where = in_notification;

    (void)input;
    deeds = 0;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, on_receive_do);
    server.nx_dtls_server_connect_notify = on_connect_do;
    expect_eq(nx_secure_dtls_server_notify_set(&server, on_disconnect_do,
                                               on_error_do),
              NX_SUCCESS);
    expect_eq(nxdtls_server_handshake_notify_set(&server, on_handshake_do),
              NX_SUCCESS);
    add_client_psk(psk);
    add_server_psk();
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    live_once(strcmp(where, "error") == 0);
    expect_eq(deeds, 1);
    if (!server.nx_dtls_server_bound) {
        expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    }
    set_client_refuses(false);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(22)),
              NX_SUCCESS);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 22);
    end_association();
}

static void a_notification_may_end_its_session_and_stop_its_server(
    void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 3; k++) {
            kit_row("%s, %s", notifications[i], all_deeds[k].name);
            in_notification = notifications[i];
            deed = all_deeds[k].run;
            kit_run(NXDTLS_PORT_VIRTUAL, deed_body);
        }
    }
}

/* The session is reset in disconnect_notify, in the IP thread, while a thread
 * that waits on it is suspended: other clients go on. */
static UINT reset_in_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(nx_secure_dtls_session_reset(session), NX_SUCCESS);
    return NX_SUCCESS;
}

static VOID ip_thread_body(ULONG input)
{
    TX_THREAD *receiver = start_receiver(receive_once, true);

    (void)input;
    expect_eq(nx_secure_dtls_server_notify_set(&server, reset_in_disconnect,
                                               NX_NULL),
              NX_SUCCESS);
    expect_eq(tx_thread_suspend(receiver), TX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(tx_thread_resume(receiver), TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(receive_status, NX_WAIT_ABORTED);
    end_association();
}

static void a_suspended_thread_does_not_stop_the_ip_thread(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, ip_thread_body);
}

/* A notification that takes its time: the delete waits for it, 10 s. */
static UINT slow_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                         UINT port)
{
    (void)session;
    (void)ip;
    (void)port;
    tx_thread_sleep(15 * NX_IP_PERIODIC_RATE);
    return NX_SUCCESS;
}

static VOID slow_body(ULONG input)
{
    ULONG before;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = slow_connect;
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 10), NX_NO_PACKET);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    before = tx_time_get();
    expect_eq(nx_secure_dtls_server_delete(&server), NX_IN_PROGRESS);
    expect_eq(tx_time_get() - before, 10 * NX_IP_PERIODIC_RATE);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    end_nets();
}

static void a_delete_does_not_wait_for_ever_for_a_notification(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, slow_body);
}

/* The same in the application's own thread, which tells that a start has
 * failed. */
static ULONG telling_time; /* seconds */
static UINT told;

static UINT slow_error(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)session;
    expect_eq(status, NX_NO_PACKET);
    tx_thread_sleep(telling_time * NX_IP_PERIODIC_RATE);
    told++;
    return NX_SUCCESS;
}

static VOID start_in_vain(ULONG input)
{
    (void)input;
    expect_eq(nx_secure_dtls_server_session_start(&sessions[0], 1),
              NX_NO_PACKET);
}

static VOID slow_start_body(ULONG input)
{
    const bool is_long = telling_time > 10;
    ULONG before;

    (void)input;
    told = 0;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    server.nx_dtls_server_connect_notify = ignore_connect;
    expect_eq(nx_secure_dtls_server_notify_set(&server, NX_NULL, slow_error),
              NX_SUCCESS);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 10), NX_NO_PACKET);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    (void)kit_spawn(start_in_vain, 0, 5);
    tx_thread_sleep(2);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(told, 0);
    before = tx_time_get();
    expect_eq(nx_secure_dtls_server_delete(&server),
              is_long ? NX_IN_PROGRESS : NX_SUCCESS);
    expect_eq(told, is_long ? 0 : 1);
    if (is_long) {
        expect_eq(tx_time_get() - before, 10 * NX_IP_PERIODIC_RATE);
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
        expect_eq(told, 1);
    }
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    end_nets();
}

static void a_delete_waits_for_a_thread_that_tells_of_its_start(void **state)
{
    (void)state;
    telling_time = 2;
    kit_run(NXDTLS_PORT_VIRTUAL, slow_start_body);
    telling_time = 15;
    kit_run(NXDTLS_PORT_VIRTUAL, slow_start_body);
}

/* A client sends without end, and the application does not receive: what is
 * beyond the limit is dropped and counted, and others find packets. */
static ULONG limit; /* 0: the default */

static VOID flood_body(ULONG input)
{
    const ULONG kept = limit == 0 ? 32 : limit;
    NXDTLS_STATISTICS n;

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    expect_eq(nxdtls_server_unread_limit_set(&server, 0), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_unread_limit_set(&server, 65536), NX_SIZE_ERROR);
    if (limit != 0) {
        expect_eq(nxdtls_server_unread_limit_set(&server, limit), NX_SUCCESS);
    }
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    for (ULONG i = 0; i < 200; i++) {
        kit_row("record %lu", (unsigned long)i);
        expect_eq(
            nx_secure_dtls_client_session_send(&client, client_packet(1 + i)),
            NX_SUCCESS);
    }
    expect_eq(nxdtls_session_statistics_get(connecting, &n), NX_SUCCESS);
    expect_eq(n.data_received, 200);
    expect_eq(n.discarded_no_room, 200 - kept);
    expect(net_b.pool.nx_packet_pool_available >= NET_PACKETS / 4);
    for (ULONG i = 0; i < kept; i++) {
        kit_row("record %lu", (unsigned long)i);
        expect_data(connecting, NX_NO_WAIT, net_bytes, 1 + i);
    }
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(300)),
              NX_SUCCESS);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 300);
    end_association();
}

static void a_client_that_sends_without_end_leaves_packets(void **state)
{
    const ULONG limits[] = {0, 1, 2, 40};

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        limit = limits[i];
        kit_row("limit %lu", (unsigned long)limit);
        kit_run(NXDTLS_PORT_VIRTUAL, flood_body);
    }
}

/* A limit that is larger than the pool: a quarter of the pool stays free. */
static VOID large_limit_body(ULONG input)
{
    NXDTLS_STATISTICS n;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nxdtls_server_unread_limit_set(&server, 65535), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    for (ULONG i = 0; i < 200; i++) {
        kit_row("record %lu", (unsigned long)i);
        expect_eq(
            nx_secure_dtls_client_session_send(&client, client_packet(21)),
            NX_SUCCESS);
    }
    expect_eq(nxdtls_session_statistics_get(connecting, &n), NX_SUCCESS);
    expect(n.discarded_no_room != 0);
    expect(net_b.pool.nx_packet_pool_available >= NET_PACKETS / 4 - 1);
    end_association();
}

static void a_large_limit_does_not_empty_the_pool(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, large_limit_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happened_decides_and_not_when_a_thread_looks),
        cmocka_unit_test(a_session_ends_although_its_receiver_tries_again),
        cmocka_unit_test(a_session_ends_although_its_receiver_is_suspended),
        cmocka_unit_test(an_end_without_limit_to_a_dead_peer_ends),
        cmocka_unit_test(
            a_notification_may_end_its_session_and_stop_its_server),
        cmocka_unit_test(a_suspended_thread_does_not_stop_the_ip_thread),
        cmocka_unit_test(a_client_that_sends_without_end_leaves_packets),
        cmocka_unit_test(a_large_limit_does_not_empty_the_pool),
        cmocka_unit_test(a_delete_does_not_wait_for_ever_for_a_notification),
        cmocka_unit_test(a_delete_waits_for_a_thread_that_tells_of_its_start),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
