/* SPDX-License-Identifier: MIT */
/* Runs one example of the documents on the RAM wire in virtual time: its own
 * end is the example, the other end is here and judges what it sees.
 *
 * SEED_CLIENT, SEED_IDENTITY_CLIENT, SEED_SERVER or SEED_FRAGMENTS says what
 * the example is.  SEED_NAME is its name. */
#include "../../unit/port/port_kit.h"

#include "elsewhere.h"

#include <stdbool.h>
#include <string.h>

#define PAYLOAD 1536
#define PACKETS 64
#define SERVER_ADDRESS IP_ADDRESS(192, 168, 1, 150)
#define CLIENT_ADDRESS IP_ADDRESS(192, 168, 1, 7)
#define CERT_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)

/* An example replaces what it defines itself. */
#define ELSEWHERE __attribute__((weak))

ELSEWHERE NX_SECURE_X509_CERT certificate;
ELSEWHERE NX_SECURE_DTLS_SESSION client_dtls_session;
ELSEWHERE NX_SECURE_DTLS_SERVER dtls_server;
ELSEWHERE UINT connect_flag;
ELSEWHERE NX_SECURE_DTLS_SESSION *new_dtls_session;
NX_SECURE_X509_CERT trusted_certificate;
ELSEWHERE UCHAR trusted_cert_der[] = {SEED_ROOT_CERTIFICATE};
USHORT trusted_cert_der_len = sizeof trusted_cert_der;
UCHAR device_cert_der[] = {SEED_SERVER_CERTIFICATE};
USHORT device_cert_der_len = sizeof device_cert_der;
UCHAR device_cert_key_der[] = {SEED_SERVER_KEY};
USHORT device_cert_key_der_len = sizeof device_cert_key_der;
ELSEWHERE UCHAR dtls_server_session_buffer[sizeof(NX_SECURE_DTLS_SESSION) * 3];
UCHAR crypto_metadata_buffer[9000 * 3];
#ifdef SEED_SERVER
UCHAR packet_buffer[4000 * 3];
#else
static UCHAR server_packet_buffer[4000 * 3];
#endif
#ifdef SEED_IDENTITY_CLIENT
UCHAR crypto_metadata[9000];
UCHAR packet_buffer[4000];
UCHAR remote_certs_buffer[CERT_SLOT * SEED_CERTIFICATES];
#endif
NX_IP ip_instance;
NX_PACKET_POOL packet_pool;
NX_PACKET_POOL pool_0;
NX_UDP_SOCKET udp_socket;
NX_SECURE_DTLS_SESSION dtls_session;
UINT seed_done;

static NX_IP client_ip;
static ALIGN_TYPE pool_memory[2][PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
static NX_SECURE_X509_CERT server_identity;
static NX_SECURE_X509_CERT server_trust;
static ALIGN_TYPE client_certs[3 * 3 * CERT_SLOT / 8];
static UCHAR request[] = "how warm is it?";
static UCHAR answer[] = "21 degrees";
static CHAR name[] = "world";

/* What the server's end has seen; the example's are counted, too. */
static UINT handshakes, refusals, requests, answers, closes;

UINT ELSEWHERE dtls_server_connect_notify(NX_SECURE_DTLS_SESSION *session,
                                          NXD_ADDRESS *ip_address, UINT port)
{
    expect_eq(ip_address->nxd_ip_address.v4, CLIENT_ADDRESS);
    expect(port != 0);
    new_dtls_session = session;
    connect_flag = 1;
    return NX_SUCCESS;
}

UINT ELSEWHERE dtls_server_receive_notify(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    return NX_SUCCESS;
}

static VOID append(NX_PACKET *packet, UCHAR *text, ULONG size)
{
    NX_PACKET_POOL *pool = packet->nx_packet_pool_owner;

    expect_eq(nx_packet_data_append(packet, text, size, pool, NX_NO_WAIT),
              NX_SUCCESS);
}

static VOID check(NX_PACKET *packet, const UCHAR *text, ULONG size)
{
    UCHAR got[PAYLOAD];
    ULONG len = 0;

    expect_eq(nx_packet_data_retrieve(packet, got, &len), NX_SUCCESS);
    expect_eq(len, size);
    expect(memcmp(got, text, size) == 0);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

NX_PACKET *seed_request(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet = NX_NULL;

    expect_eq(
        nx_secure_dtls_packet_allocate(session, &pool_0, &packet, NX_NO_WAIT),
        NX_SUCCESS);
    append(packet, request, sizeof request);
    return packet;
}

VOID seed_check_answer(NX_PACKET *packet)
{
    answers++;
    check(packet, answer, sizeof answer);
}

VOID seed_check_request(NX_PACKET *packet)
{
    requests++;
    check(packet, request, sizeof request);
}

VOID seed_append_answer(NX_PACKET *packet)
{
    append(packet, answer, sizeof answer);
}

VOID seed_converse(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet = seed_request(session);

    expect_eq(nx_secure_dtls_client_session_send(session, packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(session, &packet, 100),
              NX_SUCCESS);
    seed_check_answer(packet);
    expect_eq(nx_secure_dtls_session_end(session, 100), NX_SUCCESS);
}

VOID seed_add_identity(NX_SECURE_DTLS_SERVER *server)
{
    expect_eq(nx_secure_x509_certificate_initialize(
                  &server_identity, device_cert_der, device_cert_der_len,
                  NX_NULL, 0, device_cert_key_der, device_cert_key_der_len,
                  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_local_certificate_add(
                  server, &server_identity, 0x23),
              NX_SUCCESS);
}

/* One session: a request, its answer, the client's close.  A client that
 * breaks off is given up after 20 ticks. */
static VOID serve_session(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;

    if (nx_secure_dtls_server_session_start(session, 100) != NX_SUCCESS) {
        refusals++;
        return;
    }
    handshakes++;
    if (nx_secure_dtls_session_receive(session, &packet, 20) == NX_SUCCESS) {
        seed_check_request(packet);
        expect_eq(nx_secure_dtls_packet_allocate(session, &packet_pool,
                                                 &packet, NX_NO_WAIT),
                  NX_SUCCESS);
        seed_append_answer(packet);
        expect_eq(nx_secure_dtls_server_session_send(session, packet),
                  NX_SUCCESS);
    }
    closes += nx_secure_dtls_session_receive(session, &packet, 20) ==
              NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED;
    (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

VOID seed_serve(UINT clients)
{
    while (clients > 0 && !seed_done) {
        if (!connect_flag) {
            tx_thread_sleep(1);
            continue;
        }
        connect_flag = 0;
        serve_session(new_dtls_session);
        clients--;
    }
}

static VOID start_ip(NX_IP *ip, NX_PACKET_POOL *pool, ALIGN_TYPE *memory,
                     ULONG address)
{
    kit_ip_start(ip, pool, PAYLOAD, memory, sizeof pool_memory[0],
                 _nx_ram_network_driver_1500, address);
}

static VOID start_world(VOID)
{
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    start_ip(&ip_instance, &packet_pool, pool_memory[0], SERVER_ADDRESS);
    start_ip(&client_ip, &pool_0, pool_memory[1], CLIENT_ADDRESS);
    expect_eq(nx_udp_socket_create(&client_ip, &udp_socket, name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&udp_socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

/* Everything ends, and every packet is back. */
static VOID end_world(VOID)
{
    expect_eq(nx_udp_socket_unbind(&udp_socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&udp_socket), NX_SUCCESS);
    kit_ip_finish(&client_ip, &pool_0);
    kit_ip_finish(&ip_instance, &packet_pool);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

#ifndef SEED_SERVER
static VOID create_server(VOID)
{
    expect_eq(nx_secure_dtls_server_create(
                  &dtls_server, &ip_instance, LOCAL_SERVER_PORT, 100,
                  dtls_server_session_buffer,
                  sizeof dtls_server_session_buffer, &nx_crypto_tls_ciphers,
                  crypto_metadata_buffer, sizeof crypto_metadata_buffer,
                  server_packet_buffer, sizeof server_packet_buffer,
                  dtls_server_connect_notify, dtls_server_receive_notify),
              NX_SUCCESS);
}

static VOID delete_server(VOID)
{
    expect_eq(nx_secure_dtls_server_stop(&dtls_server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&dtls_server), NX_SUCCESS);
}

static VOID serve(ULONG input)
{
    (void)input;
    seed_serve(2);
}
#endif

#if defined(SEED_CLIENT) || defined(SEED_IDENTITY_CLIENT)
void application_thread(void);

static VOID demand_client_certificates(VOID)
{
    expect_eq(nx_secure_x509_certificate_initialize(
                  &server_trust, trusted_cert_der, trusted_cert_der_len,
                  NX_NULL, 0, NX_NULL, 0, NX_SECURE_X509_KEY_TYPE_NONE),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(&dtls_server,
                                                            &server_trust, 1),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  &dtls_server, 3, (UCHAR *)client_certs, sizeof client_certs),
              NX_SUCCESS);
}

/* What the example leaves of its session: nothing if it deletes it. */
static VOID check_leftovers(VOID)
{
#ifdef SEED_IDENTITY_CLIENT
    UINT left = NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;

    expect_eq(nx_secure_dtls_session_local_certificate_remove(
                  &client_dtls_session, NX_NULL, 0, 1),
              strcmp(SEED_NAME, "session_local_certificate_remove") == 0
                  ? left
                  : NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_trusted_certificate_remove(
                  &client_dtls_session, NX_NULL, 0, 1),
              strcmp(SEED_NAME, "session_trusted_certificate_remove") == 0
                  ? left
                  : NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&client_dtls_session), NX_SUCCESS);
#else
    expect_eq(nx_secure_dtls_session_delete(&client_dtls_session),
              NX_PTR_ERROR);
#endif
}

static VOID body(ULONG input)
{
    bool reset = strcmp(SEED_NAME, "session_reset") == 0;

    (void)input;
    start_world();
    create_server();
    seed_add_identity(&dtls_server);
#ifdef SEED_IDENTITY_CLIENT
    demand_client_certificates();
#else
    (void)demand_client_certificates;
#endif
    expect_eq(nx_secure_dtls_server_start(&dtls_server), NX_SUCCESS);
    (void)kit_spawn(serve, 0, 15);
    application_thread();
    check_leftovers();
    tx_thread_sleep(100); /* The server's end gives up waiting. */
    seed_done = 1;
    /* A session that is reset says nothing, and connects a second time. */
    expect_eq(handshakes, reset ? 2 : 1);
    expect_eq(closes, reset ? 0 : 1);
    expect_eq(requests, 1);
    expect_eq(answers, 1);
    expect_eq(refusals, 0);
    tx_thread_sleep(10);
    delete_server();
    end_world();
}
#endif

#ifdef SEED_SERVER
void dtls_server_thread(void);

static TX_SEMAPHORE ended;
static ALIGN_TYPE metadata[9000 / 8];
static UCHAR reassembly[4000];
static ALIGN_TYPE peer_certs[3 * CERT_SLOT / 8];
static NX_SECURE_DTLS_SESSION client;
static NX_SECURE_X509_CERT client_trust, client_identity;
static UCHAR client_der[] = {SEED_CLIENT_CERTIFICATE};
static UCHAR client_key[] = {SEED_CLIENT_KEY};

static bool is_example(const char *example)
{
    return strcmp(SEED_NAME, example) == 0;
}

static VOID run_example(ULONG input)
{
    (void)input;
    dtls_server_thread();
    expect_eq(tx_semaphore_put(&ended), TX_SUCCESS);
}

static VOID create_client(bool with_identity)
{
    expect_eq(nx_secure_dtls_session_create(
                  &client, &nx_crypto_tls_ciphers, metadata, sizeof metadata,
                  reassembly, sizeof reassembly, 3, (UCHAR *)peer_certs,
                  sizeof peer_certs),
              NX_SUCCESS);
    expect_eq(nx_secure_x509_certificate_initialize(
                  &client_trust, trusted_cert_der, trusted_cert_der_len,
                  NX_NULL, 0, NX_NULL, 0, NX_SECURE_X509_KEY_TYPE_NONE),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(&client,
                                                             &client_trust, 1),
              NX_SUCCESS);
    if (!with_identity) {
        return;
    }
    expect_eq(nx_secure_x509_certificate_initialize(
                  &client_identity, client_der, sizeof client_der, NX_NULL, 0,
                  client_key, sizeof client_key,
                  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_local_certificate_add(
                  &client, &client_identity, 2),
              NX_SUCCESS);
}

/* A client that connects, asks and leaves; if it does not get in, its status
 * is `wanted`. */
static VOID run_client(bool with_identity, UINT wanted)
{
    NXD_ADDRESS to;

    to.nxd_ip_version = NX_IP_VERSION_V4;
    to.nxd_ip_address.v4 = SERVER_ADDRESS;
    create_client(with_identity);
    expect_eq(nx_secure_dtls_client_session_start(&client, &udp_socket, &to,
                                                  LOCAL_SERVER_PORT, 300),
              wanted);
    if (wanted == NX_SUCCESS) {
        seed_converse(&client);
    }
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
}

static VOID run_clients(VOID)
{
    bool asks = is_example("server_x509_client_verify_configure") ||
                is_example("server_x509_client_verify_disable");

    tx_thread_sleep(10); /* The example creates and starts its server. */
    run_client(true, NX_SUCCESS);
    tx_thread_sleep(50);
    run_client(false, asks ? NX_SECURE_TLS_ALERT_RECEIVED : NX_SUCCESS);
    seed_done = 1;
    expect_eq(tx_semaphore_get(&ended, 500), TX_SUCCESS);
    expect_eq(requests, asks ? 1 : 2);
    expect_eq(answers, asks ? 1 : 2);
}

static VOID serve_one(ULONG input)
{
    (void)input;
    seed_serve(1);
}

/* What an example has done last, seen from outside. */
static VOID check_effect(VOID)
{
    if (is_example("server_local_certificate_remove")) {
        expect_eq(nx_secure_dtls_server_local_certificate_remove(
                      &dtls_server, NX_NULL, 0, 1),
                  NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    }
    if (is_example("server_trusted_certificate_remove")) {
        expect_eq(nx_secure_dtls_server_trusted_certificate_remove(
                      &dtls_server, NX_NULL, 0, 1),
                  NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
    }
    if (is_example("server_x509_client_verify_disable")) {
        seed_done = 0;
        expect_eq(nx_secure_dtls_server_start(&dtls_server), NX_SUCCESS);
        (void)kit_spawn(serve_one, 0, 15);
        run_client(false, NX_SUCCESS);
        tx_thread_sleep(50);
    }
}

/* Some examples stop and delete their server, some delete it without a stop
 * (which gives NX_STILL_BOUND), some leave it. */
static VOID delete_what_is_left(VOID)
{
    if (is_example("server_create") || is_example("server_session_send") ||
        is_example("server_session_start") || is_example("server_stop")) {
        expect_eq(nx_secure_dtls_server_delete(&dtls_server), NX_PTR_ERROR);
        return;
    }
    (void)nx_secure_dtls_server_stop(&dtls_server);
    expect_eq(nx_secure_dtls_server_delete(&dtls_server), NX_SUCCESS);
}

static VOID body(ULONG input)
{
    (void)input;
    (void)client_certs;
    (void)server_trust;
    start_world();
    expect_eq(tx_semaphore_create(&ended, name, 0), TX_SUCCESS);
    (void)kit_spawn(run_example, 0, 15);
    run_clients();
    check_effect();
    delete_what_is_left();
    end_world();
}
#endif

#ifdef SEED_FRAGMENTS
UINT seed_psk_add(void);
UINT seed_server_psk_add(void);
UINT seed_packet_allocate(NX_PACKET **packet_out);

static ALIGN_TYPE metadata[9000 / 8];
static UCHAR reassembly[4000];

static VOID exchange(VOID)
{
    NX_PACKET *packet = NX_NULL;

    expect_eq(seed_packet_allocate(&packet), NX_SUCCESS);
    append(packet, request, sizeof request);
    expect_eq(nx_secure_dtls_client_session_send(&dtls_session, packet),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_receive(&dtls_session, &packet, 100),
              NX_SUCCESS);
    seed_check_answer(packet);
    expect_eq(nx_secure_dtls_session_end(&dtls_session, 100), NX_SUCCESS);
}

static VOID body(ULONG input)
{
    NXD_ADDRESS to;

    (void)input;
    (void)client_certs;
    (void)server_trust;
    start_world();
    create_server();
    expect_eq(seed_server_psk_add(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&dtls_server), NX_SUCCESS);
    (void)kit_spawn(serve, 0, 15);
    expect_eq(nx_secure_dtls_session_create(&dtls_session,
                                            &nx_crypto_tls_ciphers, metadata,
                                            sizeof metadata, reassembly,
                                            sizeof reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(seed_psk_add(), NX_SUCCESS);
    to.nxd_ip_version = NX_IP_VERSION_V4;
    to.nxd_ip_address.v4 = SERVER_ADDRESS;
    expect_eq(nx_secure_dtls_client_session_start(&dtls_session, &udp_socket,
                                                  &to, LOCAL_SERVER_PORT, 300),
              NX_SUCCESS);
    exchange();
    seed_done = 1;
    tx_thread_sleep(10);
    expect_eq(handshakes, 1);
    expect_eq(closes, 1);
    expect_eq(nx_secure_dtls_session_delete(&dtls_session), NX_SUCCESS);
    delete_server();
    end_world();
}
#endif

static void example_runs(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(example_runs)};

    return kit_run_named("seeds." SEED_NAME, tests,
                         sizeof tests / sizeof *tests);
}
