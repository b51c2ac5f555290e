/* SPDX-License-Identifier: MIT */
/* association_kit.h: a client on net A and a server on net B through the API,
 * over the RAM wire in virtual time.
 *
 * The body of a test, in its shortest form:
 *
 *     start_psk(&nxdtls_ciphers_all, ignore_data);
 *     expect_eq(connect_client(), NX_SUCCESS);
 *     ...
 *     end_association();
 *
 * With certificates: start_association, add_server_identity and trust, then
 * start_server.  A test may define SESSIONS, METADATA, NET_PAYLOAD and
 * NET_PACKETS before it includes this. */
#ifndef NXDTLS_HARNESS_UNIT_NX_SECURE_ASSOCIATION_KIT_H
#define NXDTLS_HARNESS_UNIT_NX_SECURE_ASSOCIATION_KIT_H

#include "../port/net_kit.h"

#include "nxdtls.h"
#include "pki_kit.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

#ifndef SESSIONS
#define SESSIONS 2u /* of the server */
#endif
#ifndef METADATA
#define METADATA 9000u /* bytes of a session */
#endif
#define REASSEMBLY 4000u
#define CERTS 4u /* of a peer */
#define CERT_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)
#define PORT 4433u
#define CLIENT_ADDRESS IP_ADDRESS(10, 1, 2, 3)
#define SERVER_ADDRESS IP_ADDRESS(10, 1, 2, 4)
#define CLIENT_V6 net_v6(0x20010db8, 0xa1)
#define SERVER_V6 net_v6(0x20010db8, 0xb2)

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE server_metadata[(size_t)SESSIONS * METADATA / 8];
static ALIGN_TYPE client_metadata[METADATA / 8];
static UCHAR server_reassembly[(size_t)SESSIONS * REASSEMBLY];
static UCHAR client_reassembly[REASSEMBLY];
static ALIGN_TYPE server_certs[(size_t)SESSIONS * CERTS * CERT_SLOT / 8];
static ALIGN_TYPE client_certs[CERTS * CERT_SLOT / 8];
static NX_SECURE_X509_CERT server_cert, server_root;
static NX_SECURE_X509_CERT client_cert, client_root;
static UCHAR psk[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};
static UCHAR psk_identity[] = "client";

/* What the server's own side has seen. */
static TX_QUEUE connects;                  /* sessions nobody has started  */
static NX_SECURE_DTLS_SESSION *connecting; /* the newest                   */
static TX_SEMAPHORE started;               /* one for each start that ended */
static UINT start_status;                  /* of the newest; 0xffff: none  */
static UINT starts;                        /* that succeeded               */

static inline UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                              UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    expect_eq(tx_queue_send(&connects, &session, TX_NO_WAIT), TX_SUCCESS);
    return NX_SUCCESS;
}

/* A connect_notify: nobody starts the session. */
static inline UINT ignore_connect(NX_SECURE_DTLS_SESSION *session,
                                  NXD_ADDRESS *ip, UINT port)
{
    (void)session;
    (void)ip;
    (void)port;
    return NX_SUCCESS;
}

/* A receive_notify: the data waits. */
static inline UINT ignore_data(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    return NX_SUCCESS;
}

/* A receive_notify: echoes what comes, in the IP thread. */
static inline UINT echo_data(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;

    while (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) ==
           NX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_session_send(session, packet),
                  NX_SUCCESS);
    }
    return NX_SUCCESS;
}

/* A disconnect_notify: the session ends, too. */
static inline UINT end_in_turn(NX_SECURE_DTLS_SESSION *session)
{
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

/* A callback for hellos: the handshake fails. */
static inline ULONG refuse_hello(NX_SECURE_TLS_SESSION *tls,
                                 NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                                 UINT num)
{
    (void)tls;
    (void)extensions;
    (void)num;
    return NX_NOT_SUPPORTED;
}

/* The session that connects next, and nobody has started. */
static inline NX_SECURE_DTLS_SESSION *next_connect(ULONG wait)
{
    NX_SECURE_DTLS_SESSION *session = NX_NULL;

    expect_eq(tx_queue_receive(&connects, &session, wait), TX_SUCCESS);
    return session;
}

/* A thread of the server: starts every session that connects. */
static inline VOID start_sessions(ULONG input)
{
    (void)input;
    for (;;) {
        start_status = nx_secure_dtls_server_session_start(
            next_connect(TX_WAIT_FOREVER), 3000);
        starts += start_status == NX_SUCCESS;
        expect_eq(tx_semaphore_put(&started), TX_SUCCESS);
    }
}

/* Waits until that thread is done with one session; what it got for it. */
static inline UINT wait_started(VOID)
{
    expect_eq(tx_semaphore_get(&started, 4000), TX_SUCCESS);
    return start_status;
}

static inline VOID start_module(VOID)
{
    static CHAR name[] = "association";
    static ALIGN_TYPE memory[SESSIONS * 4];

    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    connecting = NX_NULL;
    start_status = 0xffff;
    starts = 0;
    expect_eq(tx_queue_create(&connects, name, sizeof(VOID *) / sizeof(ULONG),
                              memory, sizeof memory),
              TX_SUCCESS);
    expect_eq(tx_semaphore_create(&started, name, 0), TX_SUCCESS);
}

/* Both instances; the client's socket is bound. */
static inline VOID start_nets(VOID)
{
    net_start(&net_a, _nx_ram_network_driver_1500, CLIENT_ADDRESS, CLIENT_V6,
              20);
    net_start(&net_b, _nx_ram_network_driver_1500, SERVER_ADDRESS, SERVER_V6,
              20);
    start_module();
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

/* Every packet is back, and the thread that runs this ends. */
static inline VOID end_nets(VOID)
{
    net_finish(&net_a);
    net_finish(&net_b);
    expect_eq(nx_secure_tls_shutdown(), NX_SUCCESS);
    nxdtls_port_stop();
}

static inline UINT create_client(const NX_SECURE_TLS_CRYPTO *table)
{
    return nx_secure_dtls_session_create(
        &client, table, client_metadata, sizeof client_metadata,
        client_reassembly, sizeof client_reassembly, CERTS,
        (UCHAR *)client_certs, sizeof client_certs);
}

static inline UINT create_server(const NX_SECURE_TLS_CRYPTO *table,
                                 UINT (*receive)(NX_SECURE_DTLS_SESSION *))
{
    return nx_secure_dtls_server_create(
        &server, &net_b.ip, PORT, 100, sessions, sizeof sessions, table,
        server_metadata, sizeof server_metadata, server_reassembly,
        sizeof server_reassembly, on_connect, receive);
}

static inline VOID start_association(const NX_SECURE_TLS_CRYPTO *of_client,
                                     const NX_SECURE_TLS_CRYPTO *of_server,
                                     UINT (*receive)(NX_SECURE_DTLS_SESSION *))
{
    start_nets();
    expect_eq(create_client(of_client), NX_SUCCESS);
    expect_eq(create_server(of_server, receive), NX_SUCCESS);
}

/* Clients may come.  `serve` is the server's thread. */
static inline VOID start_server(VOID (*serve)(ULONG))
{
    (void)kit_spawn(serve, 0, 10);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

static inline VOID delete_server(VOID)
{
    expect_eq(nx_secure_dtls_server_delete(&server), NX_STILL_BOUND);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
}

/* The end of a test whose server has been started. */
static inline VOID end_association(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    delete_server();
    end_nets();
}

static inline VOID add_client_psk(UCHAR *key)
{
    expect_eq(nx_secure_dtls_psk_add(&client, key, sizeof psk, psk_identity,
                                     sizeof psk_identity - 1, NX_NULL, 0),
              NX_SUCCESS);
}

static inline VOID add_server_psk(VOID)
{
    expect_eq(
        nx_secure_dtls_server_psk_add(&server, psk, sizeof psk, psk_identity,
                                      sizeof psk_identity - 1, NX_NULL, 0),
        NX_SUCCESS);
}

/* Both ends with a PSK, the server started. */
static inline VOID start_psk(const NX_SECURE_TLS_CRYPTO *table,
                             UINT (*receive)(NX_SECURE_DTLS_SESSION *))
{
    start_association(table, table, receive);
    add_client_psk(psk);
    add_server_psk();
    start_server(start_sessions);
}

/* The curves that both ends may use. */
static inline VOID set_curves(const USHORT *groups, USHORT num,
                              const NX_CRYPTO_METHOD **curves)
{
    expect_eq(
        nx_secure_dtls_server_ecc_initialize(&server, groups, num, curves),
        NX_SUCCESS);
    expect_eq(nx_secure_dtls_ecc_initialize(&client, groups, num, curves),
              NX_SUCCESS);
}

static inline VOID set_all_curves(VOID)
{
    set_curves(nx_crypto_ecc_supported_groups,
               (USHORT)nx_crypto_ecc_supported_groups_size,
               nx_crypto_ecc_curves);
}

/* The curves of one session: all that there are. */
static inline VOID set_session_curves(NX_SECURE_DTLS_SESSION *session)
{
    expect_eq(nx_secure_dtls_ecc_initialize(
                  session, nx_crypto_ecc_supported_groups,
                  (USHORT)nx_crypto_ecc_supported_groups_size,
                  nx_crypto_ecc_curves),
              NX_SUCCESS);
}

/* What the server shows; its id is 1. */
static inline VOID add_server_identity(const char *der, const char *key,
                                       UINT type)
{
    cert_init(&server_cert, der, key, type);
    expect_eq(
        nx_secure_dtls_server_local_certificate_add(&server, &server_cert, 1),
        NX_SUCCESS);
}

/* What the client shows; its id is 1. */
static inline VOID add_client_identity(const char *der, const char *key,
                                       UINT type)
{
    cert_init(&client_cert, der, key, type);
    expect_eq(
        nx_secure_dtls_session_local_certificate_add(&client, &client_cert, 1),
        NX_SUCCESS);
}

/* Whom the client trusts; its id is 2. */
static inline VOID trust(const char *der)
{
    cert_init(&client_root, der, NULL, 0);
    expect_eq(nx_secure_dtls_session_trusted_certificate_add(&client,
                                                             &client_root, 2),
              NX_SUCCESS);
}

/* The server asks for a certificate of the PKI's root; that has the id 2. */
static inline VOID demand_client_identity(VOID)
{
    cert_init(&server_root, "root.der", NULL, 0);
    expect_eq(nx_secure_dtls_server_trusted_certificate_add(&server,
                                                            &server_root, 2),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_x509_client_verify_configure(
                  &server, CERTS, (UCHAR *)server_certs, sizeof server_certs),
              NX_SUCCESS);
}

static inline UINT connect_to(NXD_ADDRESS to, ULONG wait)
{
    return nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                               PORT, wait);
}

/* To the server, within 10 s. */
static inline UINT connect_client(VOID)
{
    return connect_to(net_v4(SERVER_ADDRESS), 1000);
}

/* A packet of `pool` for a session, with these bytes. */
static inline NX_PACKET *packet_of(NX_SECURE_DTLS_SESSION *session,
                                   NX_PACKET_POOL *pool, VOID *data, ULONG len)
{
    NX_PACKET *packet = NX_NULL;

    expect_eq(
        nx_secure_dtls_packet_allocate(session, pool, &packet, NX_NO_WAIT),
        NX_SUCCESS);
    if (len != 0) {
        expect_eq(nx_packet_data_append(packet, data, len, pool, NX_NO_WAIT),
                  NX_SUCCESS);
    }
    return packet;
}

/* The client's, with the first of net_bytes. */
static inline NX_PACKET *client_packet(ULONG len)
{
    return packet_of(&client, &net_a.pool, net_bytes, len);
}

/* Receives these bytes and no others. */
static inline VOID expect_data(NX_SECURE_DTLS_SESSION *session, ULONG wait,
                               const VOID *data, ULONG len)
{
    static UCHAR got[sizeof net_bytes];
    NX_PACKET *packet = NX_NULL;
    ULONG copied = 0;

    expect_eq(nx_secure_dtls_session_receive(session, &packet, wait),
              NX_SUCCESS);
    if (packet == NX_NULL) {
        return;
    }
    expect_eq(packet->nx_packet_length, len);
    expect_eq(nx_packet_data_retrieve(packet, got, &copied), NX_SUCCESS);
    expect(copied == len && memcmp(got, data, len) == 0);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
}

/* The client sends `len` bytes to a server that echoes them. */
static inline VOID exchange(ULONG len)
{
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(len)),
              NX_SUCCESS);
    expect_data(&client, 300, net_bytes, len);
}

static inline NXDTLS_SESSION_INFO info_of(NX_SECURE_DTLS_SESSION *session)
{
    NXDTLS_SESSION_INFO info = {0};

    expect_eq(nxdtls_session_info_get(session, &info), NX_SUCCESS);
    return info;
}

/* The last alert that a session has got. */
static inline VOID expect_alert(NX_SECURE_DTLS_SESSION *session, UINT level,
                                UINT value)
{
    UINT got_level;
    UINT got_value;

    expect_eq(
        nx_secure_tls_session_alert_value_get(
            &session->nx_secure_dtls_tls_session, &got_level, &got_value),
        NX_SUCCESS);
    expect_eq(got_level, level);
    expect_eq(got_value, value);
}

#endif
