/* SPDX-License-Identifier: MIT */
/* Ours, through the NetX Secure DTLS API: what an application does, with one
 * thread that connects or serves and then reads. */
#include "lab/own.h"
#include "lab/clock.h"
#include "lab/netx_kernel.h"
#include "sim/network.h"
#include "sim/pki.h"

#include "nx_secure/internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define REASSEMBLY 20000ul
#define CERTS 4ul
#define CERT_ROOM (sizeof(NX_SECURE_X509_CERT) + 2000)
#define METADATA 16384ul
#define SESSIONS 2ul
#define WAIT (450u * NX_IP_PERIODIC_RATE) /* longer than any handshake */
#define PRIORITY 5
#define TRUSTED_ID 9
#define GLANCE (NX_IP_PERIODIC_RATE / 10) /* ticks */

struct end {
    struct lab_peer peer;
    struct lab_wires wires;
    NX_SECURE_TLS_CRYPTO table;
    NX_SECURE_TLS_CIPHERSUITE_INFO row;
    NX_SECURE_DTLS_SERVER server;
    NX_SECURE_DTLS_SESSION sessions[SESSIONS]; /* a client's is the first */
    NX_SECURE_DTLS_SESSION *session;           /* the one that is connected */
    NX_UDP_SOCKET socket;                      /* a client's */
    struct sim_identity identity;
    struct sim_anchor anchor;
    struct sim_identity intermediates[LAB_INTERMEDIATES_MAX];
    NX_SECURE_X509_CERT own[1 + LAB_INTERMEDIATES_MAX]; /* leaf first */
    USHORT groups[LAB_GROUPS_MAX];
    const NX_CRYPTO_METHOD *curves[LAB_GROUPS_MAX];
    USHORT num_groups;
    UINT num_own;
    bool wants_again; /* its thread is to begin another handshake */
    NX_SECURE_X509_CERT trusted;
    TX_THREAD thread;
    TX_QUEUE connects; /* of a server: sessions to start */
    TX_SEMAPHORE arrived;
    ALIGN_TYPE queue[8];
    ALIGN_TYPE metadata[SESSIONS * METADATA / sizeof(ALIGN_TYPE)];
    ALIGN_TYPE certs[SESSIONS * CERTS * CERT_ROOM / sizeof(ALIGN_TYPE)];
    UCHAR reassembly[SESSIONS * REASSEMBLY];
    UCHAR stack[TX_MINIMUM_STACK];
};

static CHAR name[] = "end";
static struct dtls_crypto crypto;
static struct end *ends[2]; /* by role: threads get no more than a number */

static struct end *end_of(struct lab_peer *peer)
{
    return (struct end *)peer;
}

static ULONG unix_time(VOID)
{
    return LAB_EPOCH;
}

static const char *refuses(const struct lab_setup *setup)
{
    if (setup->role == LAB_SERVER && !setup->cookies) {
        return "a server on the NetX API always asks for a cookie";
    }
    return NULL;
}

/* ---- what an application sets ---- */

static void choose_suite(struct end *e)
{
    const NX_SECURE_TLS_CRYPTO *all = &nxdtls_ciphers_all;
    USHORT num = all->nx_secure_tls_ciphersuite_lookup_table_size;

    for (USHORT i = 0; i < num; i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &all->nx_secure_tls_ciphersuite_lookup_table[i];

        if (row->nx_secure_tls_ciphersuite == e->peer.setup.suite->id) {
            e->row = *row;
        }
    }
    e->table = *all;
    e->table.nx_secure_tls_ciphersuite_lookup_table = &e->row;
    e->table.nx_secure_tls_ciphersuite_lookup_table_size = 1;
}

static void choose_groups(struct end *e)
{
    e->num_groups = (USHORT)lab_groups(e->groups, &e->peer.setup);
    for (USHORT i = 0; i < e->num_groups; i++) {
        for (UINT j = 0; j < nx_crypto_ecc_supported_groups_size; j++) {
            if (nx_crypto_ecc_supported_groups[j] == e->groups[i]) {
                e->curves[i] = nx_crypto_ecc_curves[j];
            }
        }
        assert(e->curves[i] != NULL);
    }
}

static UINT make_certificate(NX_SECURE_X509_CERT *cert, struct sim_der *der,
                             struct sim_der *key, UINT type)
{
    return nx_secure_x509_certificate_initialize(
        cert, der->bytes, (USHORT)der->len, NX_NULL, 0,
        key == NULL ? NX_NULL : key->bytes, key == NULL ? 0 : (USHORT)key->len,
        type);
}

static UINT load_certificates(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    const char *identity = lab_identity(setup);
    const char *trust = lab_trust(setup);
    const char *above;
    bool is_ec = lab_has_ec_key(setup);
    UINT status = NX_SUCCESS;

    if (identity != NULL) {
        sim_identity_load(&e->identity, setup->pki, identity, true);
        status = make_certificate(
            &e->own[e->num_own++], &e->identity.cert_der, &e->identity.key_der,
            is_ec ? NX_SECURE_X509_KEY_TYPE_EC_DER
                  : NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    }
    for (unsigned i = 0; status == NX_SUCCESS && identity != NULL &&
                         (above = lab_intermediate(setup, i)) != NULL;
         i++) {
        sim_identity_load(&e->intermediates[i], setup->pki, above, false);
        status = make_certificate(&e->own[e->num_own++],
                                  &e->intermediates[i].cert_der, NULL,
                                  NX_SECURE_X509_KEY_TYPE_NONE);
    }
    if (status == NX_SUCCESS && trust != NULL) {
        sim_anchor_load(&e->anchor, setup->pki, trust);
        status = make_certificate(&e->trusted, &e->anchor.der, NULL,
                                  NX_SECURE_X509_KEY_TYPE_NONE);
    }
    return status;
}

static UINT add_to_client(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    NX_SECURE_DTLS_SESSION *session = &e->sessions[0];
    UCHAR key[LAB_PSK_KEY_LEN];
    UCHAR identity[] = LAB_PSK_IDENTITY;
    UINT status = NX_SUCCESS;

    memcpy(key, lab_psk_key(setup), sizeof key);
    if (dtls_suite_is_psk(setup->suite)) {
        status = nx_secure_dtls_psk_add(session, key, sizeof key, identity,
                                        sizeof identity - 1, identity, 0);
    }
    for (UINT i = 0; i < e->num_own && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_session_local_certificate_add(
            session, &e->own[i], i + 1);
    }
    if (status == NX_SUCCESS && lab_trust(setup) != NULL) {
        status = nx_secure_dtls_session_trusted_certificate_add(
            session, &e->trusted, TRUSTED_ID);
    }
    return status;
}

static UINT add_to_server(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    UCHAR key[LAB_PSK_KEY_LEN];
    UCHAR identity[] = LAB_PSK_IDENTITY;
    UINT status = NX_SUCCESS;

    memcpy(key, lab_psk_key(setup), sizeof key);
    if (dtls_suite_is_psk(setup->suite)) {
        status = nx_secure_dtls_server_psk_add(&e->server, key, sizeof key,
                                               identity, sizeof identity - 1,
                                               identity, 0);
    }
    for (UINT i = 0; i < e->num_own && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_server_local_certificate_add(
            &e->server, &e->own[i], i + 1);
    }
    if (status == NX_SUCCESS && lab_trust(setup) != NULL) {
        status = nx_secure_dtls_server_trusted_certificate_add(
            &e->server, &e->trusted, TRUSTED_ID);
    }
    if (status == NX_SUCCESS && lab_asks_client(setup)) {
        status = nx_secure_dtls_server_x509_client_verify_configure(
            &e->server, CERTS, (UCHAR *)e->certs, sizeof e->certs);
    }
    return status;
}

/* ---- the application's threads and notifications ---- */

static void take(struct end *e, NX_PACKET *packet)
{
    const struct lab_host *host = &e->peer.setup.host;
    UCHAR bytes[LAB_KERNEL_PAYLOAD];
    ULONG len = 0;

    (void)nx_packet_data_extract_offset(packet, 0, bytes, sizeof bytes, &len);
    (void)nx_packet_release(packet);
    host->data(host->self, dtls_bytes_of(bytes, len));
}

static void note_end(struct end *e, UINT status)
{
    if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        lab_ended(&e->peer);
    } else if (e->peer.state == LAB_CONNECTED) {
        lab_fail(&e->peer, "receive: %s", nxdtls_status_text(status));
    }
}

static bool note_start(struct end *e, UINT status)
{
    if (status != NX_SUCCESS) {
        lab_fail(&e->peer, "start: %s (0x%x)", nxdtls_status_text(status),
                 status);
        return false;
    }
    lab_connected(&e->peer);
    return true;
}

/* One thread may wait on a client's session: the one that reads it is also
 * the one that begins another handshake. */
static void begin_again(struct end *e)
{
    if (e->wants_again) {
        UINT status = nxdtls_session_renegotiate(e->session, WAIT);

        e->wants_again = false;
        lab_log(&e->peer, "renegotiate: %s", nxdtls_status_text(status));
    }
}

static VOID run_client(ULONG role)
{
    struct end *e = ends[role];
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_client_session_start(e->session, &e->socket,
                                                      &e->wires.world_address,
                                                      LAB_SERVER_PORT, WAIT);

    if (!note_start(e, status)) {
        return;
    }
    do {
        begin_again(e);
        status = nx_secure_dtls_session_receive(
            e->session, &packet,
            lab_begins(&e->peer.setup) ? GLANCE : NX_WAIT_FOREVER);
        if (status == NX_SUCCESS) {
            take(e, packet);
        }
    } while (status == NX_SUCCESS || status == NX_NO_PACKET);
    note_end(e, status);
}

/* A server may not wait in receive for a session that ends without a word, so
 * it reads what there is each time that it is told of something. */
static void serve(struct end *e)
{
    NX_PACKET *packet;
    UINT status;

    do {
        (void)tx_semaphore_get(&e->arrived, TX_WAIT_FOREVER);
        while ((status = nx_secure_dtls_session_receive(
                    e->session, &packet, NX_NO_WAIT)) == NX_SUCCESS) {
            take(e, packet);
        }
    } while (status == NX_NO_PACKET);
    note_end(e, status);
}

static VOID run_server(ULONG role)
{
    struct end *e = ends[role];
    ULONG number;

    while (tx_queue_receive(&e->connects, &number, TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        e->session = &e->sessions[number];
        if (note_start(
                e, nx_secure_dtls_server_session_start(e->session, WAIT))) {
            serve(e);
        }
    }
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *address,
                       UINT port)
{
    struct end *e = ends[LAB_SERVER];
    ULONG number = (ULONG)(session - e->sessions);

    (void)address;
    (void)port;
    (void)tx_queue_send(&e->connects, &number, TX_NO_WAIT);
    return NX_SUCCESS;
}

static UINT on_arrival(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    (void)tx_semaphore_put(&ends[LAB_SERVER]->arrived);
    return NX_SUCCESS;
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error)
{
    lab_log(&ends[LAB_SERVER]->peer, "error: %s", nxdtls_status_text(error));
    return session == NX_NULL ? NX_SUCCESS : on_arrival(session);
}

/* ---- beginning and end ---- */

static UINT create_client(struct end *e)
{
    NX_SECURE_DTLS_SESSION *session = &e->sessions[0];
    UINT status = nx_secure_dtls_session_create(
        session, &e->table, e->metadata, METADATA, e->reassembly, REASSEMBLY,
        CERTS, (UCHAR *)e->certs, CERTS * CERT_ROOM);

    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_ecc_initialize(session, e->groups,
                                               e->num_groups, e->curves);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_tls_session_time_function_set(
            &session->nx_secure_dtls_tls_session, unix_time);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_mtu_set(session, e->peer.setup.mtu);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_renegotiation_set(
            session, lab_refuses(&e->peer.setup) ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS) {
        status = add_to_client(e);
    }
    (void)nx_udp_socket_create(&e->wires.own.ip, &e->socket, name,
                               NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                               NX_IP_TIME_TO_LIVE, 64);
    (void)nx_udp_socket_bind(&e->socket, LAB_CLIENT_PORT, NX_NO_WAIT);
    e->session = session;
    return status;
}

static UINT create_server(struct end *e)
{
    UINT status = nx_secure_dtls_server_create(
        &e->server, &e->wires.own.ip, LAB_SERVER_PORT, WAIT, e->sessions,
        sizeof e->sessions, &e->table, e->metadata, sizeof e->metadata,
        e->reassembly, sizeof e->reassembly, on_connect, on_arrival);

    for (size_t i = 0; i < SESSIONS && status == NX_SUCCESS; i++) {
        status = nx_secure_tls_session_time_function_set(
            &e->sessions[i].nx_secure_dtls_tls_session, unix_time);
    }
    if (status == NX_SUCCESS) {
        status =
            nx_secure_dtls_server_notify_set(&e->server, on_arrival, on_error);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_ecc_initialize(
            &e->server, e->groups, e->num_groups, e->curves);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_mtu_set(&e->server, e->peer.setup.mtu);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_renegotiation_set(
            &e->server, lab_refuses(&e->peer.setup) ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS) {
        status = add_to_server(e);
    }
    return status == NX_SUCCESS ? nx_secure_dtls_server_start(&e->server)
                                : status;
}

static void start_thread(struct end *e)
{
    bool is_client = e->peer.setup.role == LAB_CLIENT;

    (void)tx_semaphore_create(&e->arrived, name, 0);
    (void)tx_queue_create(&e->connects, name, TX_1_ULONG, e->queue,
                          sizeof e->queue);
    (void)tx_thread_create(
        &e->thread, name, is_client ? run_client : run_server,
        e->peer.setup.role, e->stack, sizeof e->stack, PRIORITY, PRIORITY,
        TX_NO_TIME_SLICE, is_client ? TX_DONT_START : TX_AUTO_START);
}

static struct lab_peer *create(const struct lab_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    UINT status;

    (void)now;
    assert(e != NULL);
    e->peer.setup = *setup;
    ends[setup->role] = e;
    crypto = lab_own_crypto(&e->peer); /* one end's lines are enough */
    dtls_nx_crypto = &crypto;
    lab_wires_open(&e->wires, &e->peer);
    choose_suite(e);
    choose_groups(e);
    status = load_certificates(e);
    if (status == NX_SUCCESS) {
        status =
            setup->role == LAB_CLIENT ? create_client(e) : create_server(e);
    }
    if (status != NX_SUCCESS) {
        lab_fail(&e->peer, "create: %s", nxdtls_status_text(status));
    }
    start_thread(e);
    return &e->peer;
}

static unsigned destroy(struct lab_peer *peer)
{
    struct end *e = end_of(peer);
    unsigned left;

    (void)tx_thread_terminate(&e->thread);
    (void)tx_thread_delete(&e->thread);
    if (peer->setup.role == LAB_CLIENT) {
        (void)nx_secure_dtls_session_delete(e->session);
        (void)nx_udp_socket_unbind(&e->socket);
        (void)nx_udp_socket_delete(&e->socket);
    } else {
        (void)nx_secure_dtls_server_stop(&e->server);
        (void)nx_secure_dtls_server_delete(&e->server);
    }
    (void)tx_queue_delete(&e->connects);
    (void)tx_semaphore_delete(&e->arrived);
    left = lab_wires_close(&e->wires);
    sim_identity_free(&e->identity);
    ends[peer->setup.role] = NULL;
    if (crypto.self == e) {
        crypto.self = ends[!peer->setup.role];
    }
    free(e);
    return left;
}

/* ---- the driver ---- */

static void start(struct lab_peer *peer, uint64_t now)
{
    (void)now;
    (void)tx_thread_resume(&end_of(peer)->thread);
    lab_wires_flush(&end_of(peer)->wires);
}

static void receive(struct lab_peer *peer, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    (void)now;
    lab_wires_deliver(&end_of(peer)->wires,
                      dtls_bytes_of(datagram.data, datagram.len), address);
}

/* The kernel knows; time passes in lab_kernel_sleep. */
static uint64_t deadline(struct lab_peer *peer, uint64_t now)
{
    (void)peer;
    (void)now;
    return SIM_NO_EVENT;
}

static void expire(struct lab_peer *peer, uint64_t now)
{
    (void)peer;
    (void)now;
}

static bool send_data(struct lab_peer *peer, struct dtls_bytes data,
                      uint64_t now)
{
    struct end *e = end_of(peer);
    UCHAR copy[LAB_KERNEL_PAYLOAD];
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_packet_allocate(
        e->session, &e->wires.own.pool, &packet, NX_NO_WAIT);

    (void)now;
    if (status != NX_SUCCESS) {
        return false;
    }
    memcpy(copy, data.data, data.len);
    status = nx_packet_data_append(packet, copy, (ULONG)data.len,
                                   &e->wires.own.pool, NX_NO_WAIT);
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_client_session_send(e->session, packet);
    }
    if (status != NX_SUCCESS) {
        (void)nx_packet_release(packet);
    }
    lab_wires_flush(&e->wires);
    return status == NX_SUCCESS;
}

static void close_session(struct lab_peer *peer, uint64_t now)
{
    (void)now;
    (void)nx_secure_dtls_session_end(end_of(peer)->session, NX_NO_WAIT);
    lab_wires_flush(&end_of(peer)->wires);
}

static void renegotiate(struct lab_peer *peer, uint64_t now)
{
    struct end *e = end_of(peer);

    (void)now;
    if (peer->setup.role == LAB_CLIENT) {
        e->wants_again = true;
    } else {
        UINT status = nxdtls_session_renegotiate(e->session, NX_NO_WAIT);

        lab_log(peer, "renegotiate: %s", nxdtls_status_text(status));
    }
    lab_wires_flush(&e->wires);
}

static uint16_t suite(struct lab_peer *peer)
{
    NXDTLS_SESSION_INFO info;

    return nxdtls_session_info_get(end_of(peer)->session, &info) == NX_SUCCESS
               ? info.suite
               : 0;
}

static bool exporter(struct lab_peer *peer, uint8_t out[LAB_EXPORT_LEN])
{
    return nxdtls_session_export(end_of(peer)->session, out, LAB_EXPORT_LEN,
                                 LAB_EXPORT_LABEL, NX_NULL, 0) == NX_SUCCESS;
}

const struct lab_driver lab_netx = {
    .name = "netx",
    .library = "nxdtls, the NetX Secure DTLS API",
    .knows_addresses = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = start,
    .receive = receive,
    .deadline = deadline,
    .expire = expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .suite = suite,
    .exporter = exporter,
    .sleep = lab_kernel_sleep,
    .flush = lab_kernel_flush,
    .in_kernel = lab_kernel_run,
};
