/* SPDX-License-Identifier: MIT */
/* Who gets a session of a server (nxdtls_server_admission_set), through the
 * API: guests that say hello by hand, from any address and port, and real
 * clients. */
#define SESSIONS 4u
#define NET_PACKETS 200u
#include "association_kit.h"

#include "flight/fragment.h"
#include "kit/proves.h"
#include "messages/messages.h"
#include "record/header.h"

#define HOST(n) IP_ADDRESS(10, 1, 2, 100 + (n))
#define SECOND 100u /* ticks */

/* What the application has been told. */
static UINT disconnects;
static UINT gone_status; /* of a session that lost its client; 0: none */
static UINT num_gone;
static UINT num_refused;

static UINT on_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    disconnects++;
    return nx_secure_dtls_session_reset(session);
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    if (session == NX_NULL) {
        expect_eq(status, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS);
        num_refused++;
    } else {
        gone_status = status;
        num_gone++;
    }
    return NX_SUCCESS;
}

static NXDTLS_STATISTICS counts(VOID)
{
    NXDTLS_STATISTICS n;

    expect_eq(nxdtls_server_statistics_get(&server, &n), NX_SUCCESS);
    return n;
}

/* Starts a server with `num` sessions.  With `serve`, threads start every
 * session that connects; without, nobody does. */
static VOID begin(UINT num, bool serve)
{
    disconnects = 0;
    gone_status = 0;
    num_gone = 0;
    num_refused = 0;
    start_nets();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, sessions,
                  num * (UINT)sizeof sessions[0], &nxdtls_ciphers_all,
                  server_metadata, sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly,
                  serve ? on_connect : ignore_connect, ignore_data),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, on_disconnect, on_error),
        NX_SUCCESS);
    add_server_psk();
    for (UINT i = 0; serve && i < num; i++) {
        kit_row("thread %u", i);
        (void)kit_spawn(start_sessions, i, 10);
    }
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

static VOID end(VOID)
{
    expect_eq(nx_ip_address_set(&net_a.ip, CLIENT_ADDRESS, 0xffffff00),
              NX_SUCCESS);
    delete_server();
    end_nets();
}

/* A guest: one address and port, and the random of its hello. */
struct guest {
    ULONG host;
    UINT port;
    uint8_t random;
};

static VOID move_to(const struct guest *g)
{
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_ip_address_set(&net_a.ip, g->host, 0xffffff00), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, g->port, NX_NO_WAIT),
              NX_SUCCESS);
}

static VOID say_hello(const struct guest *g, struct dtls_bytes cookie)
{
    static const uint8_t suites[] = {0x00, 0xa8};
    static const uint8_t compression[] = {0};
    const uint8_t random[DTLS_RANDOM_LEN] = {g->random, 0x77};
    uint8_t bytes[128];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_client_hello m = {.version = DTLS_VERSION_1_2,
                                  .random = {random, sizeof random},
                                  .cookie = cookie,
                                  .suites = {suites, 2},
                                  .compression = {compression, 1}};
    struct dtls_fragment whole = {.type = DTLS_CLIENT_HELLO,
                                  .seq = cookie.len != 0};
    struct dtls_buf out = {net_bytes, 0, sizeof net_bytes};

    expect(dtls_client_hello_put(&body, &m));
    whole.message_len = (uint32_t)body.len;
    whole.body = dtls_buf_bytes(&body);
    expect(dtls_record_put_header(&out, DTLS_HANDSHAKE, DTLS_VERSION_1_0, 0,
                                  cookie.len != 0,
                                  DTLS_FRAGMENT_HEADER_LEN + body.len) &&
           dtls_fragment_put_header(&out, &whole) &&
           dtls_put_bytes(&out, whole.body));
    expect_eq(net_send(&net_a, net_v4(SERVER_ADDRESS), PORT, (ULONG)out.len),
              NX_SUCCESS);
}

/* What the server answers within a tick. */
struct answer {
    UINT record_type; /* 0: nothing */
    ULONG len;        /* of the datagram */
    uint8_t bytes[1500];
};

static struct answer hear(VOID)
{
    struct answer answer = {0};
    NX_PACKET *packet;
    ULONG copied = 0;

    if (nx_udp_socket_receive(&net_a.socket, &packet, 1) != NX_SUCCESS) {
        return answer;
    }
    expect_eq(nx_packet_data_retrieve(packet, answer.bytes, &copied),
              NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    answer.len = copied;
    answer.record_type = answer.bytes[0];
    return answer;
}

/* The guest gets a cookie and returns it.  Returns what it hears then. */
static struct answer knock(const struct guest *g)
{
    struct answer verify;

    move_to(g);
    say_hello(g, (struct dtls_bytes){0});
    verify = hear();
    expect_eq(verify.record_type, DTLS_HANDSHAKE);
    expect_eq(verify.bytes[13], DTLS_HELLO_VERIFY_REQUEST);
    say_hello(g, dtls_bytes_of(&verify.bytes[28], verify.len - 28));
    return hear();
}

static VOID expect_in(const struct guest *g)
{
    struct answer answer = knock(g);

    expect_eq(answer.record_type, DTLS_HANDSHAKE);
    expect_eq(answer.bytes[13], DTLS_SERVER_HELLO);
}

/* A real client with a socket of its own. */
struct client {
    NX_SECURE_DTLS_SESSION session;
    NX_UDP_SOCKET socket;
    ALIGN_TYPE metadata[METADATA / 8];
    UCHAR reassembly[REASSEMBLY];
};
static struct client clients[SESSIONS + 1];

static VOID create_clients(VOID)
{
    for (UINT i = 0; i <= SESSIONS; i++) {
        struct client *c = &clients[i];

        kit_row("client %u", i);
        expect_eq(nx_udp_socket_create(&net_a.ip, &c->socket, net_name,
                                       NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                       NX_IP_TIME_TO_LIVE, 20),
                  NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&c->socket, 5000 + i, NX_NO_WAIT),
                  NX_SUCCESS);
        expect_eq(nx_secure_dtls_session_create(
                      &c->session, &nxdtls_ciphers_all, c->metadata,
                      sizeof c->metadata, c->reassembly, sizeof c->reassembly,
                      0, NX_NULL, 0),
                  NX_SUCCESS);
        expect_eq(nx_secure_dtls_psk_add(&c->session, psk, sizeof psk,
                                         psk_identity, sizeof psk_identity - 1,
                                         NX_NULL, 0),
                  NX_SUCCESS);
    }
}

static VOID delete_clients(VOID)
{
    for (UINT i = 0; i <= SESSIONS; i++) {
        kit_row("client %u", i);
        expect_eq(nx_secure_dtls_session_delete(&clients[i].session),
                  NX_SUCCESS);
        expect_eq(nx_udp_socket_unbind(&clients[i].socket), NX_SUCCESS);
        expect_eq(nx_udp_socket_delete(&clients[i].socket), NX_SUCCESS);
    }
}

static UINT connect_number(UINT i, ULONG wait)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    return nx_secure_dtls_client_session_start(
        &clients[i].session, &clients[i].socket, &to, PORT, wait);
}

/* A begin anew, in mid-handshake: before the application has started the
 * session, or while a thread waits for its handshake. */
static bool with_threads;

static VOID anew_body(ULONG input)
{
    struct guest g = {HOST(0), 6000, 1};

    (void)input;
    begin(1, with_threads);
    for (ULONG i = 0; i < 5; i++) {
        kit_row("hello %lu", (unsigned long)i);
        g.random++;
        if (with_threads) {
            expect_in(&g);
        } else {
            expect_eq(knock(&g).record_type, 0);
        }
        expect_eq(counts().sessions, 1);
        expect_eq(counts().given_up, i);
        expect_eq(num_gone, i);
    }
    expect_eq(gone_status, NX_NOT_CONNECTED);
    if (with_threads) {
        expect_eq(wait_started(), NX_WAIT_ABORTED);
    }
    expect_eq(num_refused, 0);
    end();
}

static void who_begins_anew_replaces_his_half_open_session(void **state)
{
    (void)state;
    proves("D6347-4.2.8-1");
    with_threads = true;
    kit_run(NXDTLS_PORT_VIRTUAL, anew_body);
    with_threads = false;
    kit_run(NXDTLS_PORT_VIRTUAL, anew_body);
}

/* One host takes every session with half-open handshakes.  Another one comes
 * in at once, and the first one's next hellos do not push it out. */
static VOID door_body(ULONG input)
{
    const struct guest honest = {HOST(1), 7000, 1};

    (void)input;
    begin(SESSIONS, with_threads);
    for (UINT i = 0; i < SESSIONS; i++) {
        const struct guest g = {HOST(0), 6000 + i, (uint8_t)i};

        kit_row("port %u", i);
        (void)knock(&g);
    }
    expect_eq(counts().sessions, SESSIONS);
    if (with_threads) {
        expect_in(&honest);
    } else {
        expect_eq(knock(&honest).record_type, 0);
    }
    expect_eq(counts().given_up, 1);
    for (UINT i = 0; i < 20; i++) {
        const struct guest g = {HOST(0), 6100 + i, (uint8_t)i};

        kit_row("wave %u", i);
        (void)knock(&g);
        tx_thread_sleep(SECOND / 2);
        /* Whoever yields, it is a session of the first host's. */
        expect_eq(counts().sessions, SESSIONS);
    }
    /* A hello of another random is answered by the gate, but the honest
     * guest's own is known: its session is still there. */
    move_to(&honest);
    say_hello(&honest, (struct dtls_bytes){0});
    expect_eq(hear().record_type, 0);
    expect(counts().given_up > 1);
    expect(num_gone != 0);
    expect_eq(gone_status, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS);
    end();
}

static void one_host_cannot_shut_the_door(void **state)
{
    (void)state;
    with_threads = true;
    kit_run(NXDTLS_PORT_VIRTUAL, door_body);
    with_threads = false;
    kit_run(NXDTLS_PORT_VIRTUAL, door_body);
}

/* Half-open sessions of as many hosts: a newcomer hears nothing, and comes in
 * a second later. */
static VOID equals_body(ULONG input)
{
    const struct guest late = {HOST(90), 7000, 1};

    (void)input;
    begin(SESSIONS, true);
    for (UINT i = 0; i < SESSIONS; i++) {
        const struct guest g = {HOST(i), 6000, 1};

        kit_row("host %u", i);
        expect_in(&g);
    }
    expect_eq(knock(&late).record_type, 0);
    expect_eq(num_refused, 1);
    tx_thread_sleep(SECOND);
    expect_in(&late);
    expect_eq(counts().refused, 1);
    end();
}

static void equals_yield_after_a_second(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, equals_body);
}

static VOID expect_refusal(const struct guest *g)
{
    static const uint8_t alert[] = {21, 0xfe, 0xff, 0, 0, 0, 0, 0,
                                    0,  0,    1,    0, 2, 2, 80};
    struct answer answer = knock(g);

    expect_eq(answer.len, sizeof alert);
    expect(memcmp(answer.bytes, alert, sizeof alert) == 0);
}

/* Every session is established.  A stranger is told, ten times in a second;
 * nobody who is there notices. */
static VOID full_body(ULONG input)
{
    (void)input;
    begin(SESSIONS, true);
    create_clients();
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        expect_eq(connect_number(i, 1000), NX_SUCCESS);
    }
    tx_thread_sleep(SECOND);
    for (UINT second = 0; second < 2; second++) {
        for (UINT i = 0; i < 12; i++) {
            const struct guest g = {CLIENT_ADDRESS, 6000 + i, 1};

            kit_row("second %u, guest %u", second, i);
            if (i < 10) {
                expect_refusal(&g);
            } else {
                expect_eq(knock(&g).record_type, 0);
            }
        }
        tx_thread_sleep(SECOND);
    }
    expect_eq(num_refused, 24);
    expect_eq(counts().sessions, SESSIONS);
    expect_eq(counts().given_up, 0);
    expect_eq(connect_number(SESSIONS, 1000), NX_SECURE_TLS_ALERT_RECEIVED);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("client %u", i);
        expect_eq(nx_secure_dtls_session_end(&clients[i].session, 1000),
                  NX_SUCCESS);
    }
    delete_clients();
    end();
}

static void a_stranger_is_told_that_the_server_is_full(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, full_body);
}

/* A device reboots and comes back to a server without a free session, with
 * one session as with many, again and again. */
static UINT num_sessions;

static VOID reboot_body(ULONG input)
{
    (void)input;
    begin(num_sessions, true);
    create_clients();
    for (UINT i = 0; i < num_sessions; i++) {
        kit_row("client %u", i);
        expect_eq(connect_number(i, 1000), NX_SUCCESS);
    }
    for (UINT i = 0; i < 3 * num_sessions; i++) {
        kit_row("reboot %u", i);
        expect_eq(
            nx_secure_dtls_session_reset(&clients[i % num_sessions].session),
            NX_SUCCESS);
        expect_eq(connect_number(i % num_sessions, 1000), NX_SUCCESS);
        expect_eq(disconnects, i + 1);
        expect_eq(counts().sessions, num_sessions);
    }
    expect_eq(counts().refused, 0);
    delete_clients();
    end();
}

static void a_device_that_rebooted_comes_back_to_a_full_server(void **state)
{
    (void)state;
    for (num_sessions = 1; num_sessions <= SESSIONS; num_sessions++) {
        kit_row("%u sessions", num_sessions);
        kit_run(NXDTLS_PORT_VIRTUAL, reboot_body);
    }
}

/* What an application sets for each session by itself holds for the reserve,
 * too. */
static UINT hellos_seen;

static ULONG see_hello(NX_SECURE_TLS_SESSION *tls,
                       NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num)
{
    (void)tls;
    (void)extensions;
    (void)num;
    hellos_seen++;
    return NX_SUCCESS;
}

/* The lists of the reserve's store are those of all sessions. */
static VOID add_to_the_reserve(VOID)
{
    NX_SECURE_X509_CERTIFICATE_STORE *own =
        &sessions[0]
             .nx_secure_dtls_tls_session.nx_secure_tls_credentials
             .nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERTIFICATE_STORE *reserve =
        &server.nx_dtls_server_reserve.nx_secure_dtls_tls_session
             .nx_secure_tls_credentials.nx_secure_tls_certificate_store;

    cert_init(&server_root, "root.der", NULL, 0);
    expect_eq(_nx_secure_x509_store_certificate_add(
                  &server_root, reserve, NX_SECURE_X509_CERT_LOCATION_TRUSTED),
              NX_SUCCESS);
    expect(own->nx_secure_x509_trusted_certificates == &server_root);
    expect_eq(_nx_secure_x509_store_certificate_remove(
                  reserve, &server_root.nx_secure_x509_distinguished_name,
                  NX_SECURE_X509_CERT_LOCATION_TRUSTED, 0),
              NX_SUCCESS);
    expect(own->nx_secure_x509_trusted_certificates == NX_NULL);
}

static VOID settings_body(ULONG input)
{
    (void)input;
    begin(2, true);
    hellos_seen = 0;
    for (UINT i = 0; i < 2; i++) {
        kit_row("session %u", i);
        expect_eq(nx_secure_tls_session_server_callback_set(
                      &sessions[i].nx_secure_dtls_tls_session, see_hello),
                  NX_SUCCESS);
    }
    create_clients();
    for (UINT i = 0; i < 4; i++) {
        kit_row("start %u", i);
        expect_eq(nx_secure_dtls_session_reset(&clients[i / 2].session),
                  NX_SUCCESS);
        expect_eq(connect_number(i / 2, 1000), NX_SUCCESS);
        expect_eq(hellos_seen, i + 1);
    }
    expect(server.nx_dtls_server_reserve.nx_secure_dtls_session_in_use ==
           NX_TRUE);
    expect_eq(nxdtls_session_number(&server.nx_dtls_server_reserve), 2);
    expect_eq(nxdtls_session_number(&sessions[1]), 1);
    add_to_the_reserve();
    expect_eq(nxdtls_server_reserve_set(&server, NX_FALSE), NX_STILL_BOUND);
    delete_clients();
    end();
}

static void the_reserve_has_the_settings_of_its_clients_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, settings_body);
}

static VOID no_reserve_body(ULONG input)
{
    (void)input;
    begin(1, true);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nxdtls_server_reserve_set(&server, NX_FALSE), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    create_clients();
    expect_eq(connect_number(0, 1000), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_reset(&clients[0].session), NX_SUCCESS);
    expect_eq(connect_number(0, 300), NX_NO_PACKET);
    expect_eq(counts().sessions, 1);
    delete_clients();
    end();
}

static void the_reserve_can_be_switched_off(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_reserve_body);
}

/* An established client keeps the reserve busy with hellos that lead nowhere;
 * another one that reboots comes back all the same. */
static VOID busy_body(ULONG input)
{
    struct guest g = {CLIENT_ADDRESS, 5000, 1};

    (void)input;
    begin(2, true);
    create_clients();
    for (UINT i = 0; i < 2; i++) {
        kit_row("client %u", i);
        expect_eq(connect_number(i, 1000), NX_SUCCESS);
    }
    expect_eq(nx_udp_socket_unbind(&clients[0].socket), NX_SUCCESS);
    for (UINT i = 0; i < 4; i++) {
        kit_row("hello %u", i);
        g.random++;
        expect_in(&g);
        tx_thread_sleep(SECOND / 2);
    }
    expect_eq(nx_secure_dtls_session_reset(&clients[1].session), NX_SUCCESS);
    expect_eq(connect_number(1, SECOND / 2), NX_SUCCESS); /* at once */
    expect_eq(disconnects, 1);
    move_to(&(struct guest){CLIENT_ADDRESS, 7000, 1});
    expect_eq(nx_udp_socket_bind(&clients[0].socket, 5000, NX_NO_WAIT),
              NX_SUCCESS);
    delete_clients();
    end();
}

static void nobody_keeps_the_reserve_for_himself(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, busy_body);
}

static VOID off_body(ULONG input)
{
    (void)input;
    begin(1, true);
    expect_eq(nxdtls_server_admission_set(&server, NX_FALSE, 0), NX_SUCCESS);
    expect_in(&(struct guest){HOST(0), 6000, 1});
    tx_thread_sleep(2 * SECOND);
    expect_eq(knock(&(struct guest){HOST(1), 6000, 1}).record_type, 0);
    expect_eq(nxdtls_server_admission_set(&server, NX_TRUE, 0), NX_SUCCESS);
    expect_in(&(struct guest){HOST(1), 6000, 1});
    end();
}

static void yielding_can_be_switched_off(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, off_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_begins_anew_replaces_his_half_open_session),
        cmocka_unit_test(one_host_cannot_shut_the_door),
        cmocka_unit_test(equals_yield_after_a_second),
        cmocka_unit_test(a_stranger_is_told_that_the_server_is_full),
        cmocka_unit_test(a_device_that_rebooted_comes_back_to_a_full_server),
        cmocka_unit_test(the_reserve_has_the_settings_of_its_clients_session),
        cmocka_unit_test(the_reserve_can_be_switched_off),
        cmocka_unit_test(nobody_keeps_the_reserve_for_himself),
        cmocka_unit_test(yielding_can_be_switched_off),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
