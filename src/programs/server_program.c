/* SPDX-License-Identifier: MIT */
/* `nxdtls server`: many clients on one port.
 *
 * No thread waits for a client.  Sessions begin in connect_notify and go on by
 * themselves; the notifications, which run in the IP thread and must not wait,
 * print what has become of handshakes and put the numbers of sessions with
 * news into a queue.  One thread moves data and ends sessions.  Thread
 * `control` waits for the signal to stop. */
#include "programs/signals_stdin.h"
#include "programs/lines.h"
#include "programs/netx_instance.h"
#include "programs/program.h"

#include <openssl/crypto.h>

#define PACKETS_MIN 4096

enum { STOP = 1 };

/* The program's state of a session; one for each session of the server, and
 * the last one for its reserve. */
struct slot {
    bool connected; /* the data thread's to use */
    bool is_new;    /* that thread has not greeted the client */
    bool posted;    /* its number is in that thread's queue */
    NXD_ADDRESS address;
    UINT port;
};

static struct {
    const struct options *options;
    struct credentials *credentials;
    struct network net;
    NX_SECURE_DTLS_SERVER server;
    NX_SECURE_DTLS_SESSION *sessions;
    struct slot *slots;
    VOID *metadata;
    UCHAR *reassembly;
    UCHAR *certs;
    VOID *kept;
    ULONG *queue_memory;
    TX_QUEUE arrivals;
    TX_EVENT_FLAGS_GROUP events;
    TX_THREAD control;
    TX_THREAD data;
    UCHAR stack[STACK_SIZE];
    UCHAR record[RECORD_MAX];
    ULONG connected_total;
    ULONG failed_total;
    bool busy; /* the data thread uses a session now */
    bool stopping;
    int exit_status;
} server;

static CHAR control_name[] = "server";
static CHAR data_name[] = "data";
static CHAR queue_name[] = "sessions";
static CHAR events_name[] = "server";

static NX_SECURE_DTLS_SESSION *session_at(ULONG number)
{
    return number == server.options->sessions
               ? &server.server.nx_dtls_server_reserve
               : &server.sessions[number];
}

static const char *client_of(struct text *out, const struct slot *slot)
{
    return address_text(out, &slot->address, slot->port);
}

/* Puts a session into the data thread's queue, if it is not there.  Each
 * number is in the queue at most once, so there is room for all. */
static void post(ULONG number)
{
    struct slot *slot = &server.slots[number];

    if (slot->connected && !slot->posted) {
        slot->posted = true;
        (void)tx_queue_send(&server.arrivals, &number, TX_NO_WAIT);
    }
}

static void on_signal(void)
{
    (void)tx_event_flags_set(&server.events, STOP, TX_OR);
}

static void print_failure(const struct slot *slot,
                          NX_SECURE_DTLS_SESSION *session, UINT status)
{
    struct text address;
    char text[512];

    server.failed_total++;
    line("session %s failed %s", client_of(&address, slot),
         failure_text(text, sizeof text, session, status));
}

static void print_connected(const struct slot *slot,
                            NX_SECURE_DTLS_SESSION *session)
{
    NXDTLS_SESSION_INFO info;
    struct text address;
    char text[256];

    server.connected_total++;
    (void)nxdtls_session_info_get(session, &info);
    line("session %s connected %s client_certificate=%u",
         client_of(&address, slot), suite_text(text, sizeof text, &info),
         info.peer_certificate != 0);
    if (server.options->num_srtp != 0) {
        line("session %s %s", client_of(&address, slot),
             srtp_text(text, sizeof text, session, true));
    }
}

static void print_counters(const struct slot *slot,
                           NX_SECURE_DTLS_SESSION *session)
{
    NXDTLS_STATISTICS statistics;
    struct text address;
    char text[COUNTERS_TEXT_MAX];

    if (server.options->verbose) {
        (void)nxdtls_session_statistics_get(session, &statistics);
        line("session %s counters %s", client_of(&address, slot),
             counters_text(text, sizeof text, &statistics));
    }
}

static void print_renegotiation(const struct slot *slot,
                                NX_SECURE_DTLS_SESSION *session, UINT status)
{
    NXDTLS_SESSION_INFO info;
    struct text address;
    char text[256];

    if (status != NX_SUCCESS) {
        line("session %s not renegotiated status=0x%02x (%s)",
             client_of(&address, slot), status, nxdtls_status_text(status));
        return;
    }
    (void)nxdtls_session_info_get(session, &info);
    line("session %s renegotiated %s", client_of(&address, slot),
         suite_text(text, sizeof text, &info));
}

/* The notifications. */

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *address,
                       UINT port)
{
    struct slot *slot = &server.slots[nxdtls_session_number(session)];
    UINT status;

    slot->address = *address;
    slot->port = port;
    slot->connected = false;
    status = nxdtls_server_session_begin(session);
    if (status != NX_SUCCESS) {
        print_failure(slot, session, status);
    }
    return status;
}

/* A handshake is over: the first one of a session, or another one that
 * greet() has begun.  After a failure of that the session goes on, if it
 * can. */
static UINT on_handshake(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    ULONG number = nxdtls_session_number(session);
    struct slot *slot = &server.slots[number];

    if (slot->connected) {
        print_renegotiation(slot, session, status);
    } else if (status != NX_SUCCESS) {
        print_failure(slot, session, status);
    } else {
        print_connected(slot, session);
        slot->connected = true;
        slot->is_new = true;
        post(number);
    }
    return NX_SUCCESS;
}

/* The client's address has changed. */
static UINT on_move(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *old_address,
                    UINT old_port)
{
    struct slot *slot = &server.slots[nxdtls_session_number(session)];
    struct text from;
    struct text to;

    slot->address = session->nx_secure_dtls_remote_ip_address;
    slot->port = session->nx_secure_dtls_remote_port;
    line("session %s moved to %s", address_text(&from, old_address, old_port),
         client_of(&to, slot));
    return NX_SUCCESS;
}

/* Data has come, or the session is over. */
static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    post(nxdtls_session_number(session));
    return NX_SUCCESS;
}

/* Failures of sessions are told to on_handshake and on_receive, too. */
static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    struct text text;

    if (!server.options->verbose) {
        return NX_SUCCESS;
    }
    if (session == NX_NULL) {
        line("refused: %s", nxdtls_status_text(error_code));
    } else if (error_code == NX_SECURE_TLS_ALLOCATE_PACKET_FAILED) {
        line("session %s lost a datagram: %s",
             client_of(&text, &server.slots[nxdtls_session_number(session)]),
             nxdtls_status_text(error_code));
    }
    return NX_SUCCESS;
}

/* The data thread. */

static void greet(NX_SECURE_DTLS_SESSION *session)
{
    const struct options *o = server.options;

    for (size_t i = 0; i < o->num_sends; i++) {
        (void)network_send(&server.net, session, o->sends[i],
                           strlen(o->sends[i]));
    }
    if (o->renegotiate) {
        /* on_handshake tells how it ends.  Data is served meanwhile: the
         * client may ignore the request. */
        (void)nxdtls_session_renegotiate(session, NX_NO_WAIT);
    }
}

/* Prints why a session ends and ends it; then its slot is free. */
static void end_session(ULONG number, UINT status)
{
    struct slot *slot = &server.slots[number];
    NX_SECURE_DTLS_SESSION *session = session_at(number);
    struct text address;

    slot->connected = false;
    print_counters(slot, session);
    if (network_was_closed(status)) {
        line("session %s closed status=0x%02x (%s)", client_of(&address, slot),
             status, nxdtls_status_text(status));
    } else {
        print_failure(slot, session, status);
    }
    (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static void take(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    size_t len = network_take(packet, server.record);

    if (server.options->echo) {
        (void)network_send(&server.net, session, server.record, len);
    } else {
        network_print(server.record, len);
    }
}

static void attend(ULONG number)
{
    struct slot *slot = &server.slots[number];
    NX_SECURE_DTLS_SESSION *session = session_at(number);
    NX_PACKET *packet;
    UINT status = NX_SUCCESS;

    slot->posted = false;
    if (slot->connected && slot->is_new) {
        slot->is_new = false;
        greet(session);
    }
    while (slot->connected && !server.stopping) {
        status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);
        if (status != NX_SUCCESS) {
            break;
        }
        take(session, packet);
    }
    if (status != NX_SUCCESS && status != NX_NO_PACKET && slot->connected &&
        !server.stopping) {
        end_session(number, status);
    }
}

static VOID data_entry(ULONG unused)
{
    ULONG number;

    (void)unused;
    while (tx_queue_receive(&server.arrivals, &number, TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        server.busy = true;
        attend(number);
        server.busy = false;
    }
}

/* The keys of --psk-file. */
static UINT look_up(NX_SECURE_DTLS_SESSION *session, const UCHAR *identity,
                    UINT identity_length, UCHAR *key, UINT *key_length)
{
    const struct psk_entry *found = psk_file_find(
        &server.credentials->keys_by_id, identity, identity_length);

    (void)session;
    if (found == NULL) {
        return NX_NOT_SUCCESSFUL;
    }
    memcpy(key, found->key, found->key_len);
    *key_length = found->key_len;
    return NX_SUCCESS;
}

static UINT add_psks(void)
{
    const struct options *o = server.options;
    struct psk psk;
    UINT status = NX_SUCCESS;

    for (size_t i = 0; i < o->num_psks && status == NX_SUCCESS; i++) {
        psk = o->psks[i];
        status = nx_secure_dtls_server_psk_add(
            &server.server, psk.key, psk.key_len, psk.identity,
            psk.identity_len, psk.hint, psk.hint_len);
    }
    OPENSSL_cleanse(&psk, sizeof psk);
    if (status == NX_SUCCESS && o->psk_file != NULL) {
        status = nxdtls_server_psk_lookup_set(&server.server, look_up);
    }
    return status;
}

static UINT add_certificates(void)
{
    struct cert_list *chain = &server.credentials->chain;
    struct cert_list *raw = &server.credentials->raw;
    struct cert_list *cas = &server.credentials->cas;
    UINT status = NX_SUCCESS;

    for (size_t i = 0; i < chain->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_server_local_certificate_add(
            &server.server, &chain->certs[i], (UINT)i + 1);
    }
    for (size_t i = 0; i < raw->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_server_local_certificate_add(
            &server.server, &raw->certs[i], (UINT)(chain->num + i) + 1);
    }
    for (size_t i = 0; i < cas->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_server_trusted_certificate_add(
            &server.server, &cas->certs[i], (UINT)i + 1);
    }
    return status;
}

static UINT ask_for_certificates(void)
{
    size_t size = server.options->sessions * CERTS_BUFFER;

    if (size > 0xFFFFFFFFu) {
        size = 0xFFFFFFFFu;
    }
    server.certs = malloc(size);
    if (server.certs == NULL) {
        return NX_INVALID_PARAMETERS;
    }
    return nx_secure_dtls_server_x509_client_verify_configure(
        &server.server, CERTS_PER_CHAIN, server.certs, (ULONG)size);
}

/* The chain has been verified.  No certificate of it may be revoked. */
static ULONG check_client(NX_SECURE_TLS_SESSION *session,
                          NX_SECURE_X509_CERT *certificate)
{
    (void)certificate;
    return credentials_check_crls(server.credentials, session);
}

/* Settings for which there is no service for all sessions of a server. */
static UINT set_up_sessions(void)
{
    UINT status = NX_SUCCESS;

    for (UINT i = 0; i < server.options->sessions && status == NX_SUCCESS;
         i++) {
        NX_SECURE_TLS_SESSION *tls =
            &server.sessions[i].nx_secure_dtls_tls_session;

        status = nx_secure_tls_session_time_function_set(tls, network_clock);
        if (status == NX_SUCCESS) {
            status = nx_secure_tls_session_certificate_callback_set(
                tls, check_client);
        }
    }
    return status;
}

static UINT set_hello_options(void)
{
    const struct options *o = server.options;
    UINT status = nxdtls_server_alpn_set(&server.server, o->alpn, o->alpn_len);

    if (status == NX_SUCCESS) {
        status = nxdtls_server_record_size_limit_set(&server.server,
                                                     o->record_limit);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_name_required_set(
            &server.server, o->name_required ? NX_TRUE : NX_FALSE);
    }
    if (status == NX_SUCCESS && o->cid) {
        status = nxdtls_server_connection_id_set(&server.server, NX_TRUE,
                                                 o->cid_len, NX_NULL);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_padding_set(&server.server, o->padding);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_srtp_set(&server.server, o->srtp, o->num_srtp);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_moved_notify_set(&server.server, on_move);
    }
    return status;
}

static UINT set_times(void)
{
    const struct options *o = server.options;
    UINT status = nxdtls_server_timeout_kept_set(
        &server.server, o->fresh_timeout ? NX_FALSE : NX_TRUE);

    if (status == NX_SUCCESS) {
        status = nxdtls_server_handshake_limit_set(
            &server.server, o->timeout / NX_IP_PERIODIC_RATE);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_retransmission_set(
            &server.server, o->first_timeout, LONGEST_TIMEOUT, o->retries);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_idle_limit_set(&server.server, o->idle_limit);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_life_limit_set(&server.server, o->life_limit);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_keepalive_set(&server.server, o->keepalive,
                                             QUESTIONS);
    }
    return status;
}

/* Without either option nothing is kept. */
static UINT set_resumption(void)
{
    const struct options *o = server.options;
    ULONG size = o->cache * (ULONG)NXDTLS_KEPT_SESSION_SIZE;
    UINT status = NX_SUCCESS;

    if (size != 0) {
        server.kept = malloc(size);
        status = server.kept == NULL
                     ? NX_INVALID_PARAMETERS
                     : nxdtls_server_resumption_set(&server.server,
                                                    server.kept, size, 0);
    }
    if (status == NX_SUCCESS && o->tickets) {
        status = nxdtls_server_tickets_set(&server.server, NX_TRUE, 0);
    }
    return status;
}

static UINT set_up_server(void)
{
    const struct options *o = server.options;
    UINT status = set_up_sessions();

    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_notify_set(&server.server, NX_NULL,
                                                  on_error);
    }
    if (status == NX_SUCCESS) {
        status =
            nxdtls_server_handshake_notify_set(&server.server, on_handshake);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_ecc_initialize(
            &server.server, nx_crypto_ecc_supported_groups,
            (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves);
    }
    if (status == NX_SUCCESS) {
        status = set_hello_options();
    }
    if (status == NX_SUCCESS) {
        status = add_psks();
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_password_set(&server.server, o->password,
                                            o->password_len);
    }
    if (status == NX_SUCCESS) {
        status = add_certificates();
    }
    if (status == NX_SUCCESS) {
        status = credentials_staple(server.credentials);
    }
    if (status == NX_SUCCESS && o->client_auth) {
        status = ask_for_certificates();
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_fingerprints_set(&server.server, o->pins,
                                                o->num_pins);
    }
    if (status == NX_SUCCESS && o->num_pins != 0) {
        status = nxdtls_server_raw_keys_set(
            &server.server, o->rpk ? NX_TRUE : NX_FALSE, NX_NULL);
    }
    if (status == NX_SUCCESS && o->mtu != 0) {
        status = nxdtls_server_mtu_set(&server.server, o->mtu);
    }
    if (status == NX_SUCCESS) {
        status = set_times();
    }
    if (status == NX_SUCCESS) {
        status = set_resumption();
    }
    if (status == NX_SUCCESS && o->no_renegotiation) {
        status = nxdtls_server_renegotiation_set(&server.server, NX_FALSE);
    }
    return status;
}

static UINT create_queue(ULONG count)
{
    server.queue_memory = calloc(count, sizeof(ULONG));
    if (server.queue_memory == NULL) {
        return NX_INVALID_PARAMETERS;
    }
    return tx_queue_create(&server.arrivals, queue_name, TX_1_ULONG,
                           server.queue_memory, count * (ULONG)sizeof(ULONG));
}

static UINT create_server(void)
{
    const struct options *o = server.options;
    ULONG count = o->sessions;
    ULONG metadata_size = 0;
    UINT status = nx_secure_tls_metadata_size_calculate(&o->ciphers.table,
                                                        &metadata_size);

    metadata_size *= count;
    server.sessions = calloc(count, sizeof *server.sessions);
    server.slots = calloc(count + 1, sizeof *server.slots);
    server.metadata = malloc(metadata_size);
    server.reassembly = malloc((size_t)count * REASSEMBLY_BUFFER);
    if (server.sessions == NULL || server.slots == NULL ||
        server.metadata == NULL || server.reassembly == NULL) {
        return NX_INVALID_PARAMETERS;
    }
    if (status == NX_SUCCESS) {
        status = create_queue(count + 1);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_create(
            &server.server, &server.net.ip, o->port, o->timeout,
            server.sessions, count * (UINT)sizeof *server.sessions,
            &o->ciphers.table, server.metadata, metadata_size,
            server.reassembly, count * REASSEMBLY_BUFFER, on_connect,
            on_receive);
    }
    return status;
}

static UINT set_up(void)
{
    const struct options *o = server.options;
    ULONG packets = 4 * o->sessions;
    UINT status = network_start(&server.net, &o->address,
                                packets > PACKETS_MIN ? packets : PACKETS_MIN);

    if (status == NX_SUCCESS) {
        status = create_server();
    }
    if (status == NX_SUCCESS) {
        status = set_up_server();
    }
    if (status == NX_SUCCESS) {
        status = tx_thread_create(&server.data, data_name, data_entry, 0,
                                  server.stack, STACK_SIZE, 3, 3,
                                  TX_NO_TIME_SLICE, TX_AUTO_START);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_start(&server.server);
    }
    return status;
}

static void print_listening(void)
{
    struct text address;
    UINT port = 0;

    (void)nx_udp_socket_port_get(&server.server.nx_dtls_server_udp_socket,
                                 &port);
    line("listening on %s",
         address_text(&address, &server.options->address, port));
}

/* Sends close_notify in every connected session. */
static void close_sessions(void)
{
    for (ULONG i = 0; i <= server.options->sessions; i++) {
        struct slot *slot = &server.slots[i];
        struct text address;

        if (slot->connected) {
            slot->connected = false;
            print_counters(slot, session_at(i));
            (void)nx_secure_dtls_session_end(session_at(i), NX_NO_WAIT);
            line("session %s closed", client_of(&address, slot));
        }
    }
}

/* Prints the counts of the server. */
static void print_summary(const NXDTLS_STATISTICS *n, ULONG sessions,
                          ULONG lost)
{
    char text[COUNTERS_TEXT_MAX];

    line("server sessions=%u connected_total=%u failed_total=%u %s "
         "packets_lost=%u",
         sessions, server.connected_total, server.failed_total,
         counters_text(text, sizeof text, n), lost);
}

static void stop(void)
{
    NXDTLS_STATISTICS before;
    NXDTLS_STATISTICS after;
    ULONG lost;

    server.stopping = true;
    (void)nxdtls_server_statistics_get(&server.server, &before);
    close_sessions();
    (void)nx_secure_dtls_server_stop(&server.server);
    while (server.busy) {
        (void)tx_thread_sleep(1);
    }
    (void)nxdtls_server_statistics_get(&server.server, &after);
    (void)nx_secure_dtls_server_delete(&server.server);
    lost = network_stop(&server.net);
    print_summary(&after, before.sessions, lost);
    server.exit_status = lost == 0 ? 0 : 1;
}

static VOID control_entry(ULONG unused)
{
    struct text address;
    ULONG events;
    UINT status = set_up();

    (void)unused;
    if (status == NX_SUCCESS) {
        host_signals_start(on_signal);
        print_listening();
        (void)tx_event_flags_get(&server.events, STOP, TX_OR_CLEAR, &events,
                                 TX_WAIT_FOREVER);
        stop();
    } else {
        line("%s: %s",
             address_text(&address, &server.options->address,
                          server.options->port),
             status == NX_IP_ADDRESS_ERROR ? "not an address of this host"
                                           : nxdtls_status_text(status));
        server.exit_status = 2;
    }
    nxdtls_port_stop();
}

void server_define(const struct options *options,
                   struct credentials *credentials)
{
    server.options = options;
    server.credentials = credentials;
    server.exit_status = 1;
    (void)tx_event_flags_create(&server.events, events_name);
    (void)tx_thread_create(&server.control, control_name, control_entry, 0,
                           server.stack, STACK_SIZE, 2, 2, TX_NO_TIME_SLICE,
                           TX_AUTO_START);
}

int server_status(void)
{
    free(server.sessions);
    free(server.slots);
    free(server.metadata);
    free(server.reassembly);
    free(server.certs);
    free(server.queue_memory);
    free(server.kept);
    free(server.net.pool_memory);
    return server.exit_status;
}
