/* SPDX-License-Identifier: MIT */
/* Our NetX Secure DTLS API, called as an application calls it: one thread
 * connects or accepts, and then reads. */
#include "sut/netx_kernel.h"
#include "sut/own.h"
#include "sut/virtual_clock.h"

#include "nx_secure/internal.h"
#include "sim/network.h"
#include "sim/pki.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define REASSEMBLY 20000ul
#define CERTS (2ul + SUT_INTERMEDIATES_MAX) /* with leaf and root */
#define CERT_ROOM (sizeof(NX_SECURE_X509_CERT) + 2000)
#define METADATA 16384ul
#define SESSIONS 2ul
#define WAIT (450u * NX_IP_PERIODIC_RATE) /* longer than any handshake */
#define PRIORITY 5
#define TRUSTED_ID 9
#define KEPT 8192ul                       /* bytes */
#define GLANCE (NX_IP_PERIODIC_RATE / 10) /* ticks */

struct end {
    struct sut sut;
    struct sut_wires wires;
    NX_SECURE_TLS_CRYPTO table;
    NX_SECURE_TLS_CIPHERSUITE_INFO row;
    NX_SECURE_DTLS_SERVER server;
    NX_SECURE_DTLS_SESSION sessions[SESSIONS]; /* a client has the first */
    NX_SECURE_DTLS_SESSION *session;           /* the one that is connected */
    NX_UDP_SOCKET socket;                      /* of a client */
    struct sim_identity identity;
    struct sut_own_staple staple;
    bool is_stapled; /* a client has judged a response, which is good */
    struct sim_anchor anchor;
    struct sim_identity intermediates[SUT_INTERMEDIATES_MAX];
    NX_SECURE_X509_CERT own[1 + SUT_INTERMEDIATES_MAX]; /* the leaf is first */
    USHORT groups[SUT_GROUPS_MAX];
    const NX_CRYPTO_METHOD *curves[SUT_GROUPS_MAX];
    USHORT num_groups;
    UINT num_own;
    bool wants_again; /* the client's thread is to renegotiate */
    NX_SECURE_X509_CERT trusted;
    NX_SECURE_X509_DNS_NAME dns_name; /* that a client asks for */
    struct sim_der crl;
    NXDTLS_SAVED_SESSION saved;                 /* of a client */
    ALIGN_TYPE kept[KEPT / sizeof(ALIGN_TYPE)]; /* a server's sessions */
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
static const USHORT srtp_profiles[] = {NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80};
static struct dtls_crypto crypto;
static struct end *ends[2]; /* by role: a thread's argument is a number */

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static ULONG unix_time(VOID)
{
    return SUT_EPOCH;
}

static const char *refuses(const struct sut_setup *setup)
{
    if (setup->role == SUT_SERVER && !setup->cookies) {
        return "a server on the NetX API always asks for a cookie";
    }
    if (setup->role == SUT_SERVER && setup->needs_no_client) {
        return "a server on the NetX API that asks for the client's "
               "certificate needs it";
    }
    return NULL;
}

/* ---- configuration ---- */

static UINT judge_staple(NX_SECURE_DTLS_SESSION *session,
                         const UCHAR *response, ULONG length)
{
    struct end *e = ends[SUT_CLIENT];
    bool is_good =
        sut_own_judge_staple(&e->sut.setup, dtls_bytes_of(response, length));

    (void)session;
    e->is_stapled = is_good && length != 0;
    return is_good ? NX_SUCCESS : NX_SECURE_X509_CRL_CERTIFICATE_REVOKED;
}

static void choose_suite(struct end *e)
{
    const NX_SECURE_TLS_CRYPTO *all = &nxdtls_ciphers_all;
    USHORT num = all->nx_secure_tls_ciphersuite_lookup_table_size;

    for (USHORT i = 0; i < num; i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &all->nx_secure_tls_ciphersuite_lookup_table[i];

        if (row->nx_secure_tls_ciphersuite == e->sut.setup.suite->id) {
            e->row = *row;
        }
    }
    e->table = *all;
    e->table.nx_secure_tls_ciphersuite_lookup_table = &e->row;
    e->table.nx_secure_tls_ciphersuite_lookup_table_size = 1;
}

static void choose_groups(struct end *e)
{
    e->num_groups = (USHORT)sut_groups(e->groups, &e->sut.setup);
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

/* Makes a raw public key of a certificate. */
static UINT make_raw_key(NX_SECURE_X509_CERT *cert,
                         const struct sim_identity *of, bool with_key,
                         bool is_ec)
{
    struct dtls_bytes info = dtls_cert_key_info(&of->credential.cert);

    return nxdtls_raw_key_initialize(
        cert, info.data, (USHORT)info.len,
        with_key ? of->key_der.bytes : NX_NULL,
        with_key ? (USHORT)of->key_der.len : 0,
        !with_key ? NX_SECURE_X509_KEY_TYPE_NONE
        : is_ec   ? NX_SECURE_X509_KEY_TYPE_EC_DER
                  : NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
}

static UINT load_raw_keys(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const struct sut_setup other = sut_other_end(setup);
    bool is_ec = sut_has_ec_key(setup);
    UINT status = NX_SUCCESS;

    if (sut_identity(setup) != NULL) {
        sim_identity_load(&e->identity, setup->pki, sut_identity(setup), true);
        status =
            make_raw_key(&e->own[e->num_own++], &e->identity, true, is_ec);
    }
    if (status == NX_SUCCESS && sut_trust(setup) != NULL) {
        status = make_raw_key(
            &e->trusted, sut_own_identity(setup, sut_identity(&other), false),
            false, is_ec);
    }
    return status;
}

static UINT load_certificates(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);
    const char *above;
    bool is_ec = sut_has_ec_key(setup);
    UINT status = NX_SUCCESS;

    if (identity != NULL) {
        sim_identity_load(&e->identity, setup->pki, identity, true);
        status = make_certificate(
            &e->own[e->num_own++], &e->identity.cert_der, &e->identity.key_der,
            is_ec ? NX_SECURE_X509_KEY_TYPE_EC_DER
                  : NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    }
    for (unsigned i = 0; status == NX_SUCCESS && identity != NULL &&
                         (above = sut_intermediate(setup, i)) != NULL;
         i++) {
        sim_identity_load(&e->intermediates[i], setup->pki, above, false);
        status = make_certificate(&e->own[e->num_own++],
                                  &e->intermediates[i].cert_der, NULL,
                                  NX_SECURE_X509_KEY_TYPE_NONE);
    }
    if (status == NX_SUCCESS && trust != NULL) {
        sim_anchor_load(&e->anchor, setup->pki, trust);
        sut_own_load_crl(&e->crl, setup);
        status = make_certificate(&e->trusted, &e->anchor.der, NULL,
                                  NX_SECURE_X509_KEY_TYPE_NONE);
    }
    return status;
}

static UINT add_to_client(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    NX_SECURE_DTLS_SESSION *session = &e->sessions[0];
    UCHAR key[SUT_PSK_KEY_LEN];
    UCHAR identity[] = SUT_PSK_IDENTITY;
    UINT status = NX_SUCCESS;

    memcpy(key, sut_psk_key(setup), sizeof key);
    if (dtls_suite_is_psk(setup->suite)) {
        status = nx_secure_dtls_psk_add(session, key, sizeof key, identity,
                                        sizeof identity - 1, identity, 0);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_password_set(session, sut_password(setup).data,
                                             (UINT)sut_password(setup).len);
    }
    for (UINT i = 0; i < e->num_own && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_session_local_certificate_add(
            session, &e->own[i], i + 1);
    }
    if (status == NX_SUCCESS && sut_trust(setup) != NULL) {
        status = nx_secure_dtls_session_trusted_certificate_add(
            session, &e->trusted, TRUSTED_ID);
    }
    return status;
}

static UINT add_to_server(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    UCHAR key[SUT_PSK_KEY_LEN];
    UCHAR identity[] = SUT_PSK_IDENTITY;
    UINT status = NX_SUCCESS;

    memcpy(key, sut_psk_key(setup), sizeof key);
    if (dtls_suite_is_psk(setup->suite)) {
        status = nx_secure_dtls_server_psk_add(&e->server, key, sizeof key,
                                               identity, sizeof identity - 1,
                                               identity, 0);
    }
    if (status == NX_SUCCESS) {
        status =
            nxdtls_server_password_set(&e->server, sut_password(setup).data,
                                       (UINT)sut_password(setup).len);
    }
    for (UINT i = 0; i < e->num_own && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_server_local_certificate_add(
            &e->server, &e->own[i], i + 1);
    }
    if (status == NX_SUCCESS && sut_trust(setup) != NULL) {
        status = nx_secure_dtls_server_trusted_certificate_add(
            &e->server, &e->trusted, TRUSTED_ID);
    }
    if (status == NX_SUCCESS && sut_asks_client(setup)) {
        status = nx_secure_dtls_server_x509_client_verify_configure(
            &e->server, CERTS, (UCHAR *)e->certs, sizeof e->certs);
    }
    return status;
}

/* ---- the application's threads and callbacks ---- */

static void take(struct end *e, NX_PACKET *packet)
{
    const struct sut_host *host = &e->sut.setup.host;
    UCHAR bytes[SUT_KERNEL_PAYLOAD];
    ULONG len = 0;

    (void)nx_packet_data_extract_offset(packet, 0, bytes, sizeof bytes, &len);
    (void)nx_packet_release(packet);
    host->data(host->self, dtls_bytes_of(bytes, len));
}

static void note_end(struct end *e, UINT status)
{
    if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        sut_ended(&e->sut);
    } else if (e->sut.state == SUT_CONNECTED) {
        sut_fail(&e->sut, "receive: %s", nxdtls_status_text(status));
    }
}

static bool note_start(struct end *e, UINT status)
{
    if (status != NX_SUCCESS) {
        sut_fail(&e->sut, "start: %s (0x%x)", nxdtls_status_text(status),
                 status);
        return false;
    }
    sut_connected(&e->sut);
    return true;
}

/* Only one thread may wait on a client's session, so the thread that reads it
 * also begins another handshake. */
static void begin_again(struct end *e)
{
    if (e->wants_again) {
        UINT status = nxdtls_session_renegotiate(e->session, WAIT);

        e->wants_again = false;
        sut_log(&e->sut, "renegotiate: %s", nxdtls_status_text(status));
    }
}

static VOID run_client(ULONG role)
{
    struct end *e = ends[role];
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_client_session_start(e->session, &e->socket,
                                                      &e->wires.world_address,
                                                      SUT_SERVER_PORT, WAIT);

    if (!note_start(e, status)) {
        return;
    }
    do {
        begin_again(e);
        status = nx_secure_dtls_session_receive(
            e->session, &packet,
            sut_begins(&e->sut.setup) ? GLANCE : NX_WAIT_FOREVER);
        if (status == NX_SUCCESS) {
            take(e, packet);
        }
    } while (status == NX_SUCCESS || status == NX_NO_PACKET);
    note_end(e, status);
}

/* A session can end without a message, and receive would then wait forever.
 * So the server's thread waits for a notification, and reads without waiting.
 */
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
        e->session = number == SESSIONS ? &e->server.nx_dtls_server_reserve
                                        : &e->sessions[number];
        if (note_start(
                e, nx_secure_dtls_server_session_start(e->session, WAIT))) {
            serve(e);
        }
    }
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *address,
                       UINT port)
{
    struct end *e = ends[SUT_SERVER];
    ULONG number = nxdtls_session_number(session);

    (void)address;
    (void)port;
    (void)tx_queue_send(&e->connects, &number, TX_NO_WAIT);
    return NX_SUCCESS;
}

static UINT on_arrival(NX_SECURE_DTLS_SESSION *session)
{
    (void)session;
    (void)tx_semaphore_put(&ends[SUT_SERVER]->arrived);
    return NX_SUCCESS;
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error)
{
    sut_log(&ends[SUT_SERVER]->sut, "error: %s", nxdtls_status_text(error));
    return session == NX_NULL ? NX_SUCCESS : on_arrival(session);
}

/* Is a certificate of the peer's list in the CRL?  Any other status says
 * nothing about it: it may belong to no chain, and the CRL to another
 * issuer. */
static UINT check_crl(const struct end *e, NX_SECURE_TLS_SESSION *session)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store =
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
    NX_SECURE_X509_CERT *cert = store->nx_secure_x509_remote_certificates;

    for (; cert != NX_NULL; cert = cert->nx_secure_x509_next_certificate) {
        UINT status = nx_secure_x509_crl_revocation_check(
            e->crl.bytes, (UINT)e->crl.len, store, cert);

        if (status == NX_SECURE_X509_CRL_CERTIFICATE_REVOKED) {
            return status;
        }
    }
    return NX_SUCCESS;
}

static ULONG check_server(NX_SECURE_TLS_SESSION *session,
                          NX_SECURE_X509_CERT *certificate)
{
    const char *host = sut_name(&ends[SUT_CLIENT]->sut.setup);
    UINT status = nx_secure_x509_common_name_dns_check(
        certificate, (const UCHAR *)host, (UINT)strlen(host));

    return status == NX_SUCCESS ? check_crl(ends[SUT_CLIENT], session)
                                : status;
}

static ULONG check_client(NX_SECURE_TLS_SESSION *session,
                          NX_SECURE_X509_CERT *certificate)
{
    (void)certificate;
    return check_crl(ends[SUT_SERVER], session);
}

/* ---- create and destroy ---- */

static UINT set_name(struct end *e)
{
    NX_SECURE_TLS_SESSION *tls = &e->sessions[0].nx_secure_dtls_tls_session;
    const char *host = sut_dns_name(&e->sut.setup);
    UINT status =
        nx_secure_tls_session_certificate_callback_set(tls, check_server);

    if (status == NX_SUCCESS && host != NULL) {
        status = nx_secure_x509_dns_name_initialize(
            &e->dns_name, (const UCHAR *)host, (USHORT)strlen(host));
    }
    if (status == NX_SUCCESS && host != NULL) {
        status = nx_secure_tls_session_sni_extension_set(tls, &e->dns_name);
    }
    return status;
}

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
        status = nxdtls_session_mtu_set(session, e->sut.setup.mtu);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_timeout_kept_set(
            session, e->sut.setup.other_timeout ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_renegotiation_set(
            session, sut_refuses(&e->sut.setup) ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS && sut_trust(&e->sut.setup) != NULL) {
        status = set_name(e);
    }
    if (status == NX_SUCCESS) {
        status = add_to_client(e);
    }
    if (status == NX_SUCCESS && e->sut.setup.resumes != SUT_KEEPS_NOTHING) {
        status = nxdtls_session_resumption_set(session, &e->saved, 0);
    }
    if (status == NX_SUCCESS && e->sut.setup.staples) {
        status = nxdtls_session_staple_judge_set(session, judge_staple);
    }
    if (status == NX_SUCCESS && e->sut.setup.raw_keys) {
        status = nxdtls_session_raw_keys_set(session, NX_TRUE, NX_NULL);
    }
    if (status == NX_SUCCESS && e->sut.setup.srtp) {
        status =
            nxdtls_session_srtp_set(session, srtp_profiles, 1, NX_NULL, 0);
    }
    if (status == NX_SUCCESS && e->sut.setup.cids) {
        status =
            nxdtls_session_connection_id_set(session, NX_TRUE, SUT_CID_LEN);
    }
    (void)nx_udp_socket_create(&e->wires.own.ip, &e->socket, name,
                               NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                               NX_IP_TIME_TO_LIVE, 64);
    (void)nx_udp_socket_bind(&e->socket, SUT_CLIENT_PORT, NX_NO_WAIT);
    e->session = session;
    return status;
}

static UINT create_server(struct end *e)
{
    UINT status = nx_secure_dtls_server_create(
        &e->server, &e->wires.own.ip, SUT_SERVER_PORT, WAIT, e->sessions,
        sizeof e->sessions, &e->table, e->metadata, sizeof e->metadata,
        e->reassembly, sizeof e->reassembly, on_connect, on_arrival);

    for (size_t i = 0; i < SESSIONS && status == NX_SUCCESS; i++) {
        status = nx_secure_tls_session_time_function_set(
            &e->sessions[i].nx_secure_dtls_tls_session, unix_time);
        if (status == NX_SUCCESS) {
            status = nx_secure_tls_session_certificate_callback_set(
                &e->sessions[i].nx_secure_dtls_tls_session, check_client);
        }
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
        status = nxdtls_server_mtu_set(&e->server, e->sut.setup.mtu);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_timeout_kept_set(
            &e->server, e->sut.setup.other_timeout ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_renegotiation_set(
            &e->server, sut_refuses(&e->sut.setup) ? NX_FALSE : NX_TRUE);
    }
    if (status == NX_SUCCESS && sut_keeps_ids(&e->sut.setup)) {
        status = nxdtls_server_resumption_set(&e->server, e->kept,
                                              sizeof e->kept, 0);
    }
    if (status == NX_SUCCESS && sut_gives_tickets(&e->sut.setup)) {
        status = nxdtls_server_tickets_set(&e->server, NX_TRUE, 0);
    }
    if (status == NX_SUCCESS && e->sut.setup.staples && e->num_own != 0) {
        sut_clock_enter(0);
        sut_own_make_staple(&e->staple, &e->sut.setup, &e->identity);
        sut_clock_leave();
        status = nxdtls_certificate_staple_set(&e->own[0], e->staple.bytes,
                                               (ULONG)e->staple.len);
    }
    if (status == NX_SUCCESS && e->sut.setup.raw_keys) {
        status = nxdtls_server_raw_keys_set(&e->server, NX_TRUE, NX_NULL);
    }
    if (status == NX_SUCCESS && e->sut.setup.srtp) {
        status = nxdtls_server_srtp_set(&e->server, srtp_profiles, 1);
    }
    if (status == NX_SUCCESS && e->sut.setup.cids) {
        status = nxdtls_server_connection_id_set(&e->server, NX_TRUE,
                                                 SUT_CID_LEN, NX_NULL);
    }
    if (status == NX_SUCCESS) {
        status = add_to_server(e);
    }
    return status == NX_SUCCESS ? nx_secure_dtls_server_start(&e->server)
                                : status;
}

static void start_thread(struct end *e)
{
    bool is_client = e->sut.setup.role == SUT_CLIENT;

    (void)tx_semaphore_create(&e->arrived, name, 0);
    (void)tx_queue_create(&e->connects, name, TX_1_ULONG, e->queue,
                          sizeof e->queue);
    (void)tx_thread_create(
        &e->thread, name, is_client ? run_client : run_server,
        e->sut.setup.role, e->stack, sizeof e->stack, PRIORITY, PRIORITY,
        TX_NO_TIME_SLICE, is_client ? TX_DONT_START : TX_AUTO_START);
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    UINT status;

    assert(e != NULL);
    e->sut.setup = *setup;
    ends[setup->role] = e;
    crypto = sut_own_crypto(&e->sut); /* one end's key log is enough */
    dtls_nx_crypto = &crypto;
    sut_wires_open(&e->wires, &e->sut, now);
    choose_suite(e);
    choose_groups(e);
    status = setup->raw_keys ? load_raw_keys(e) : load_certificates(e);
    if (status == NX_SUCCESS) {
        status =
            setup->role == SUT_CLIENT ? create_client(e) : create_server(e);
    }
    if (status != NX_SUCCESS) {
        sut_fail(&e->sut, "create: %s", nxdtls_status_text(status));
    }
    start_thread(e);
    return &e->sut;
}

static void stop_thread(struct end *e)
{
    (void)tx_thread_terminate(&e->thread);
    (void)tx_thread_delete(&e->thread);
    (void)tx_queue_delete(&e->connects);
    (void)tx_semaphore_delete(&e->arrived);
}

static void delete_client(struct end *e)
{
    (void)nx_secure_dtls_session_delete(e->session);
    (void)nx_udp_socket_unbind(&e->socket);
    (void)nx_udp_socket_delete(&e->socket);
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);
    unsigned left;

    stop_thread(e);
    if (sut->setup.role == SUT_CLIENT) {
        delete_client(e);
    } else {
        (void)nx_secure_dtls_server_stop(&e->server);
        (void)nx_secure_dtls_server_delete(&e->server);
    }
    left = sut_wires_close(&e->wires);
    sim_identity_free(&e->identity);
    ends[sut->setup.role] = NULL;
    if (crypto.self == e) {
        crypto.self = ends[!sut->setup.role];
    }
    free(e);
    return left;
}

/* ---- the driver ---- */

static void start(struct sut *sut, uint64_t now)
{
    (void)now;
    (void)tx_thread_resume(&end_of(sut)->thread);
    sut_wires_flush(&end_of(sut)->wires);
}

static void receive(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    (void)now;
    sut_wires_deliver(&end_of(sut)->wires,
                      dtls_bytes_of(datagram.data, datagram.len),
                      address != SUT_HOME);
}

/* The kernel has the timers: they fire in sut_kernel_sleep. */
static uint64_t deadline(struct sut *sut, uint64_t now)
{
    (void)sut;
    (void)now;
    return SIM_NO_EVENT;
}

static void expire(struct sut *sut, uint64_t now)
{
    (void)sut;
    (void)now;
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    struct end *e = end_of(sut);
    UCHAR copy[SUT_KERNEL_PAYLOAD];
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
    sut_wires_flush(&e->wires);
    return status == NX_SUCCESS;
}

static void close_session(struct sut *sut, uint64_t now)
{
    (void)now;
    (void)nx_secure_dtls_session_end(end_of(sut)->session, NX_NO_WAIT);
    sut_wires_flush(&end_of(sut)->wires);
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    (void)now;
    if (sut->setup.role == SUT_CLIENT) {
        e->wants_again = true;
    } else {
        UINT status = nxdtls_session_renegotiate(e->session, NX_NO_WAIT);

        sut_log(sut, "renegotiate: %s", nxdtls_status_text(status));
    }
    sut_wires_flush(&e->wires);
}

static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    UINT status = NX_SUCCESS;

    (void)now;
    sut->state = SUT_HANDSHAKING;
    stop_thread(e);
    if (sut->setup.role == SUT_CLIENT) {
        delete_client(e);
        status = create_client(e);
    } else if (e->session != NULL) {
        (void)nx_secure_dtls_session_end(e->session, NX_NO_WAIT);
        e->session = NULL;
    }
    if (status != NX_SUCCESS) {
        sut_fail(sut, "create: %s", nxdtls_status_text(status));
    }
    start_thread(e);
    sut_wires_flush(&e->wires);
}

static uint16_t suite(struct sut *sut)
{
    NXDTLS_SESSION_INFO info;

    return nxdtls_session_info_get(end_of(sut)->session, &info) == NX_SUCCESS
               ? info.suite
               : 0;
}

static bool resumed(struct sut *sut)
{
    NXDTLS_SESSION_INFO info;

    return nxdtls_session_info_get(end_of(sut)->session, &info) ==
               NX_SUCCESS &&
           info.resumed;
}

static bool stapled(struct sut *sut)
{
    return end_of(sut)->is_stapled;
}

static bool srtp_keys(struct sut *sut, uint8_t out[SUT_SRTP_LEN])
{
    bool is_client = sut->setup.role == SUT_CLIENT;
    uint8_t *salts = out + 2 * SUT_SRTP_KEY;
    NXDTLS_SRTP srtp;

    if (nxdtls_session_srtp_get(end_of(sut)->session, &srtp) != NX_SUCCESS) {
        return false;
    }
    memcpy(out, is_client ? srtp.send_key : srtp.receive_key, SUT_SRTP_KEY);
    memcpy(out + SUT_SRTP_KEY, is_client ? srtp.receive_key : srtp.send_key,
           SUT_SRTP_KEY);
    memcpy(salts, is_client ? srtp.send_salt : srtp.receive_salt,
           SUT_SRTP_SALT);
    memcpy(salts + SUT_SRTP_SALT,
           is_client ? srtp.receive_salt : srtp.send_salt, SUT_SRTP_SALT);
    return true;
}

static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    return nxdtls_session_export(end_of(sut)->session, out, SUT_EXPORT_LEN,
                                 SUT_EXPORT_LABEL, NX_NULL, 0) == NX_SUCCESS;
}

const struct sut_driver sut_netx = {
    .library = "nxdtls, the NetX Secure DTLS API",
    .ics = SUT_USUAL_ICS
    "sigs = 0403 0503 0603 0807 0804 0805 0806 0401 0501 0601\n"
    "profile = random_time\nmfl = yes\nrsl = yes\nsni = localhost\ncrl = yes\n"
    "resume = both\nticket = yes\ncid = yes\nsrtp = yes\nrpk = yes\nocsp = "
    "staple\n"
    "[ixit]\ntwo_addresses = yes\nrotate = driver\nlarge = no\n"
    "resume_s = 86400\n",
    .other = "netx, anew",
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
    .again = again,
    .suite = suite,
    .resumed = resumed,
    .stapled = stapled,
    .srtp_keys = srtp_keys,
    .exporter = exporter,
    .sleep = sut_kernel_sleep,
    .flush = sut_kernel_flush,
    .in_kernel = sut_kernel_run,
};
