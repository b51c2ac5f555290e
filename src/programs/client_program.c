/* SPDX-License-Identifier: MIT */
/* `nxdtls client`: one session, and how an application drives it.
 *
 * Thread `main` connects, sends and ends the session; thread `watch` ends the
 * program on a signal, or if the host reports that the server cannot be
 * reached, before the session is connected; thread `receiver` waits for data.
 * One thread at a time may wait on a session; a send does not wait. */
#include "programs/signals_stdin.h"
#include "programs/lines.h"
#include "programs/netx_instance.h"
#include "programs/program.h"
#include "programs/session_file.h"
#include "programs/ocsp_judge.h"

#include <stdatomic.h>

enum {
    LINE = 1,  /* stdin has a line */
    EOF_ = 2,  /* stdin has ended */
    DATA = 4,  /* a record has come */
    ENDED = 8, /* the session has ended: client.ended says how */
    STOP = 16, /* a signal */
    ALL = LINE | EOF_ | DATA | ENDED | STOP,
    /* Of thread `watch`, until the session is connected. */
    GIVE_UP = 32, /* a signal */
    NOBODY = 64   /* nobody listens there */
};

static struct {
    const struct options *options;
    struct credentials *credentials;
    struct network net;
    NX_UDP_SOCKET socket;
    NX_SECURE_DTLS_SESSION session;
    NX_SECURE_X509_DNS_NAME name;
    NXDTLS_SAVED_SESSION saved;
    UCHAR reassembly[REASSEMBLY_BUFFER];
    UCHAR certs[CERTS_BUFFER];
    UCHAR record[RECORD_MAX];
    TX_THREAD main;
    TX_THREAD receiver;
    TX_THREAD watch;
    UCHAR stacks[3][STACK_SIZE];
    TX_EVENT_FLAGS_GROUP events;
    size_t sent;     /* bytes */
    size_t received; /* bytes */
    UINT ended;
    enum staple staple;
    UINT unreachable; /* NXDTLS_PORT_NO_LISTENER, NXDTLS_PORT_NO_ROUTE */
    atomic_bool connected;
    int exit_status;
} client;

static CHAR main_name[] = "client";
static CHAR receiver_name[] = "receiver";
static CHAR watch_name[] = "watch";
static CHAR socket_name[] = "client";
static CHAR events_name[] = "client";

static void post(ULONG event)
{
    (void)tx_event_flags_set(&client.events, event, TX_OR);
}

static void on_line(void)
{
    post(LINE);
}

static void on_eof(void)
{
    post(EOF_);
}

static void on_signal(void)
{
    post(atomic_load(&client.connected) ? STOP : GIVE_UP);
}

/* ICMP has told the host that the datagram did not arrive.  Later, such a
 * message may be anybody's, and the session goes on. */
static VOID on_unreachable(NX_UDP_SOCKET *socket, NXD_ADDRESS *address,
                           UINT port, UINT why)
{
    (void)socket;
    (void)address;
    (void)port;
    if (!atomic_load(&client.connected)) {
        client.unreachable = why;
        post(NOBODY);
    }
}

/* The chain has been verified, or the key is one of --fingerprint.  Without
 * that the certificate must name the server; no certificate of the chain may
 * be revoked. */
static ULONG check_server(NX_SECURE_TLS_SESSION *session,
                          NX_SECURE_X509_CERT *certificate)
{
    const char *name = client.options->name;
    UINT status = NX_SUCCESS;

    if (name != NULL && client.options->num_pins == 0) {
        status = nx_secure_x509_common_name_dns_check(
            certificate, (const UCHAR *)name, (UINT)strlen(name));
    }
    return status == NX_SUCCESS
               ? credentials_check_crls(client.credentials, session)
               : status;
}

/* --ask-staple: a server without a response goes on. */
static UINT judge_staple(NX_SECURE_DTLS_SESSION *session,
                         const UCHAR *response, ULONG length)
{
    client.staple =
        staple_judge(&client.credentials->cas, session, response, length);
    switch (client.staple) {
    case STAPLE_NONE:
    case STAPLE_GOOD:
        return NX_SUCCESS;
    case STAPLE_REVOKED:
        return NX_SECURE_X509_CRL_CERTIFICATE_REVOKED;
    case STAPLE_UNSEEN:
    case STAPLE_BAD:
        break;
    }
    return NX_SECURE_X509_CHAIN_VERIFY_FAILURE;
}

static UINT set_name(void)
{
    NX_SECURE_TLS_SESSION *tls = &client.session.nx_secure_dtls_tls_session;
    const char *name = client.options->name;
    UINT status = nx_secure_x509_dns_name_initialize(
        &client.name, (const UCHAR *)name, (USHORT)strlen(name));

    if (status == NX_SUCCESS) {
        status = nx_secure_tls_session_sni_extension_set(tls, &client.name);
    }
    return status;
}

static UINT add_certificates(void)
{
    struct cert_list *chain = &client.credentials->chain;
    struct cert_list *raw = &client.credentials->raw;
    struct cert_list *cas = &client.credentials->cas;
    UINT status = NX_SUCCESS;

    for (size_t i = 0; i < chain->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_session_local_certificate_add(
            &client.session, &chain->certs[i], (UINT)i + 1);
    }
    for (size_t i = 0; i < raw->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_session_local_certificate_add(
            &client.session, &raw->certs[i], (UINT)(chain->num + i) + 1);
    }
    for (size_t i = 0; i < cas->num && status == NX_SUCCESS; i++) {
        status = nx_secure_dtls_session_trusted_certificate_add(
            &client.session, &cas->certs[i], (UINT)i + 1);
    }
    return status;
}

static UINT add_psks(void)
{
    const struct options *o = client.options;
    struct psk psk;
    UINT status = NX_SUCCESS;

    for (size_t i = 0; i < o->num_psks && status == NX_SUCCESS; i++) {
        psk = o->psks[i];
        status = nx_secure_dtls_psk_add(&client.session, psk.key, psk.key_len,
                                        psk.identity, psk.identity_len,
                                        psk.hint, psk.hint_len);
    }
    return status;
}

static UINT create_session(void)
{
    const struct options *o = client.options;
    static ULONG64 metadata[CIPHERS_MAX];
    ULONG metadata_size = 0;
    UINT status = nx_secure_tls_metadata_size_calculate(&o->ciphers.table,
                                                        &metadata_size);

    if (status == NX_SUCCESS && metadata_size > sizeof metadata) {
        status = NX_INVALID_PARAMETERS;
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_session_create(
            &client.session, &o->ciphers.table, metadata, metadata_size,
            client.reassembly, sizeof client.reassembly, CERTS_PER_CHAIN,
            client.certs, sizeof client.certs);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_ecc_initialize(
            &client.session, nx_crypto_ecc_supported_groups,
            (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_tls_session_time_function_set(
            &client.session.nx_secure_dtls_tls_session, network_clock);
    }
    if (status == NX_SUCCESS && o->mtu != 0) {
        status = nxdtls_session_mtu_set(&client.session, o->mtu);
    }
    if (status == NX_SUCCESS && o->no_renegotiation) {
        status = nxdtls_session_renegotiation_set(&client.session, NX_FALSE);
    }
    if (status == NX_SUCCESS && o->no_old_cookie) {
        status = nxdtls_session_old_cookie_set(&client.session, NX_FALSE);
    }
    if (status == NX_SUCCESS && o->resume != NULL) {
        session_file_load(&client.saved, o->resume);
        status =
            nxdtls_session_resumption_set(&client.session, &client.saved, 0);
    }
    return status;
}

static UINT set_times(void)
{
    const struct options *o = client.options;
    UINT status = nxdtls_session_timeout_kept_set(
        &client.session, o->fresh_timeout ? NX_FALSE : NX_TRUE);

    if (status == NX_SUCCESS) {
        status = nxdtls_session_retransmission_set(
            &client.session, o->first_timeout, LONGEST_TIMEOUT, o->retries);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_idle_limit_set(&client.session, o->idle_limit);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_life_limit_set(&client.session, o->life_limit);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_keepalive_set(&client.session, o->keepalive,
                                              QUESTIONS);
    }
    if (status == NX_SUCCESS) {
        status =
            nxdtls_session_path_search_set(&client.session, o->path_search);
    }
    return status;
}

static UINT set_hello_options(void)
{
    const struct options *o = client.options;
    UINT status =
        nxdtls_session_alpn_set(&client.session, o->alpn, o->alpn_len);

    if (status == NX_SUCCESS) {
        status = nxdtls_session_max_fragment_length_set(&client.session,
                                                        o->max_fragment);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_record_size_limit_set(&client.session,
                                                      o->record_limit);
    }
    if (status == NX_SUCCESS && o->cid) {
        status = nxdtls_session_connection_id_set(&client.session, NX_TRUE,
                                                  o->cid_len);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_padding_set(&client.session, o->padding);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_srtp_set(&client.session, o->srtp, o->num_srtp,
                                         NX_NULL, 0);
    }
    if (status == NX_SUCCESS && o->ask_staple) {
        status =
            nxdtls_session_staple_judge_set(&client.session, judge_staple);
    }
    return status;
}

static UINT set_up_session(void)
{
    UINT status = create_session();

    if (status == NX_SUCCESS) {
        status = set_times();
    }
    if (status == NX_SUCCESS) {
        status = set_hello_options();
    }
    if (status == NX_SUCCESS) {
        status = add_psks();
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_password_set(&client.session,
                                             client.options->password,
                                             client.options->password_len);
    }
    if (status == NX_SUCCESS) {
        status = add_certificates();
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_session_fingerprints_set(
            &client.session, client.options->pins, client.options->num_pins);
    }
    if (status == NX_SUCCESS && client.options->num_pins != 0) {
        status = nxdtls_session_raw_keys_set(
            &client.session, client.options->rpk ? NX_TRUE : NX_FALSE,
            NX_NULL);
    }
    if (status == NX_SUCCESS && client.options->name != NULL) {
        status = set_name();
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_tls_session_certificate_callback_set(
            &client.session.nx_secure_dtls_tls_session, check_server);
    }
    return status;
}

/* The client is bound to all addresses; the host chooses one for each
 * destination. */
static UINT set_up_network(void)
{
    NXD_ADDRESS any = {.nxd_ip_version =
                           client.options->address.nxd_ip_version};
    UINT status = network_start(&client.net, &any, 512);

    if (status == NX_SUCCESS) {
        status = nx_udp_socket_create(
            &client.net.ip, &client.socket, socket_name, NX_IP_NORMAL,
            client.options->path_search != 0 ? NX_DONT_FRAGMENT
                                             : NX_FRAGMENT_OKAY,
            NX_IP_TIME_TO_LIVE, 256);
    }
    if (status == NX_SUCCESS) {
        status = nx_udp_socket_bind(&client.socket, NX_ANY_PORT, NX_NO_WAIT);
    }
    if (status == NX_SUCCESS) {
        status =
            nxdtls_port_udp_unreachable_notify(&client.socket, on_unreachable);
    }
    return status;
}

static void print_failure(UINT status)
{
    char text[512];

    line("error: %s",
         failure_text(text, sizeof text, &client.session, status));
}

static void print_counters(void)
{
    NXDTLS_STATISTICS statistics;
    char text[COUNTERS_TEXT_MAX];

    if (client.options->verbose) {
        (void)nxdtls_session_statistics_get(&client.session, &statistics);
        line("counters %s", counters_text(text, sizeof text, &statistics));
    }
}

static const char *reason_of_unreachable(void)
{
    return client.unreachable == NXDTLS_PORT_NO_LISTENER
               ? "nobody listens there"
               : "there is no route";
}

static void clean_up(void);

/* During the handshake there is no session to close: the thread that waits for
 * one is terminated, and the kernel stops. */
static VOID watch_entry(ULONG unused)
{
    const struct options *o = client.options;
    struct text text;
    ULONG events;

    (void)unused;
    (void)tx_event_flags_get(&client.events, GIVE_UP | NOBODY, TX_OR_CLEAR,
                             &events, TX_WAIT_FOREVER);
    if (atomic_load(&client.connected)) { /* meanwhile */
        post(events & GIVE_UP ? STOP : 0);
        return;
    }
    line("%s: %s: %s", events & NOBODY ? "error" : "interrupted",
         address_text(&text, &o->address, o->port),
         events & NOBODY ? reason_of_unreachable()
                         : nxdtls_session_reason(&client.session));
    print_counters();
    (void)tx_thread_terminate(&client.main);
    clean_up(); /* the private key goes, too */
    nxdtls_port_stop();
}

static bool connect_to_server(void)
{
    const struct options *o = client.options;
    NXD_ADDRESS address = o->address;
    NXDTLS_SESSION_INFO info;
    char text[256];
    UINT status = nx_secure_dtls_client_session_start(
        &client.session, &client.socket, &address, o->port, o->timeout);

    if (client.staple != STAPLE_UNSEEN) {
        line("staple=%s", staple_text(client.staple));
    }
    if (status != NX_SUCCESS) {
        print_failure(status);
        print_counters();
        return false;
    }
    atomic_store(&client.connected, true);
    (void)nxdtls_session_info_get(&client.session, &info);
    line("connected %s", suite_text(text, sizeof text, &info));
    if (o->num_srtp != 0) {
        line("%s", srtp_text(text, sizeof text, &client.session, false));
    }
    return true;
}

/* Makes another handshake, before the receiver waits on the session. */
static bool renegotiate(void)
{
    NXDTLS_SESSION_INFO info;
    char text[256];
    UINT status =
        nxdtls_session_renegotiate(&client.session, client.options->timeout);

    if (status != NX_SUCCESS) {
        client.ended = status;
        return false;
    }
    (void)nxdtls_session_info_get(&client.session, &info);
    line("renegotiated %s", suite_text(text, sizeof text, &info));
    return true;
}

/* While the server makes us renegotiate, there is a moment in which nothing
 * can be sent (nxdtls_session_renegotiate): the receiver ends it. */
static UINT send_when_keyed(const VOID *data, size_t len)
{
    ULONG64 start = nxdtls_port_time_get();
    UINT status;

    while ((status = network_send(&client.net, &client.session, data, len)) ==
               NX_SECURE_TLS_TRANSMIT_LOCKED &&
           nxdtls_port_time_get() - start < client.options->timeout) {
        (void)tx_thread_sleep(1);
    }
    return status;
}

static bool send_record(const VOID *data, size_t len)
{
    UINT status = send_when_keyed(data, len);

    if (status == NX_SUCCESS) {
        client.sent += len;
        return true;
    }
    client.ended = status;
    return false;
}

/* The receiver itself waits on the session, so nobody else ends a change of
 * the keys meanwhile. */
static void echo(size_t len)
{
    UINT status =
        network_send(&client.net, &client.session, client.record, len);

    if (status == NX_SECURE_TLS_TRANSMIT_LOCKED &&
        nxdtls_session_renegotiate(&client.session, client.options->timeout) ==
            NX_SUCCESS) {
        (void)network_send(&client.net, &client.session, client.record, len);
    }
}

static void take(NX_PACKET *packet)
{
    size_t len = network_take(packet, client.record);

    network_print(client.record, len);
    client.received += len;
    if (client.options->echo) {
        echo(len);
    }
}

static VOID receiver_entry(ULONG unused)
{
    NX_PACKET *packet;
    UINT status;

    (void)unused;
    while ((status = nx_secure_dtls_session_receive(
                &client.session, &packet, NX_WAIT_FOREVER)) == NX_SUCCESS) {
        take(packet);
        post(DATA);
    }
    client.ended = status;
    post(ENDED);
}

static bool send_stdin_line(void)
{
    size_t len;
    const UCHAR *text = host_stdin_line(&len);
    bool sent = send_record(text, len);

    host_stdin_next();
    return sent;
}

static bool send_texts(void)
{
    const struct options *o = client.options;

    for (size_t i = 0; i < o->num_sends; i++) {
        if (!send_record(o->sends[i], strlen(o->sends[i]))) {
            return false;
        }
    }
    return true;
}

static ULONG ticks_left(ULONG64 start)
{
    ULONG64 elapsed = nxdtls_port_time_get() - start;
    ULONG timeout = client.options->timeout;

    if (client.options->num_sends == 0) {
        return TX_WAIT_FOREVER;
    }
    return elapsed < timeout ? timeout - (ULONG)elapsed : 0;
}

/* Sends and waits until the session is to be ended. */
static void work(void)
{
    bool expects = client.options->num_sends != 0;
    ULONG64 start = nxdtls_port_time_get();
    ULONG events;

    while (tx_event_flags_get(&client.events, ALL, TX_OR_CLEAR, &events,
                              ticks_left(start)) == TX_SUCCESS) {
        if ((events & LINE) && !send_stdin_line()) {
            return;
        }
        if (events & STOP) {
            line("interrupted: sent=%zu received=%zu", client.sent,
                 client.received);
        }
        if (events & (EOF_ | ENDED | STOP)) {
            return;
        }
        if (expects && client.received >= client.sent) {
            return;
        }
    }
}

static void talk(void)
{
    const struct options *o = client.options;

    (void)tx_thread_create(&client.receiver, receiver_name, receiver_entry, 0,
                           client.stacks[1], STACK_SIZE, 3, 3,
                           TX_NO_TIME_SLICE, TX_AUTO_START);
    if (!send_texts()) {
        return;
    }
    if (o->num_sends == 0 && !o->echo && !o->no_stdin) {
        host_stdin_start(on_line, on_eof);
    }
    work();
}

/* Tells what is known of the path, and whether the server may have lost the
 * session. */
static void print_path(void)
{
    NXDTLS_SESSION_INFO info;

    (void)nxdtls_session_info_get(&client.session, &info);
    if (client.options->path_search != 0) {
        line("path mtu=%u", info.path_mtu);
    }
    if (info.clear_answers != 0) {
        line("hint: %u answers in the clear: the server may have lost the "
             "session",
             info.clear_answers);
    }
}

static void end(void)
{
    UINT ended = client.ended;
    UINT status;

    print_counters();
    print_path();
    if (ended != NX_SUCCESS && !network_was_closed(ended)) {
        print_failure(ended);
    } else {
        client.exit_status = 0;
    }
    status =
        nx_secure_dtls_session_end(&client.session, client.options->timeout);
    if (status == NX_SUCCESS && ended != NX_SUCCESS &&
        ended != NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        status = ended; /* Its own limit has closed the session before. */
    }
    if (client.exit_status == 0) {
        line("closed status=0x%02x (%s)", status, nxdtls_status_text(status));
    }
}

static void clean_up(void)
{
    ULONG lost;

    (void)nx_secure_dtls_session_delete(&client.session);
    if (client.options->resume != NULL) {
        session_file_store(&client.saved, client.options->resume);
        (void)nxdtls_saved_session_clear(&client.saved);
    }
    (void)nx_udp_socket_unbind(&client.socket);
    (void)nx_udp_socket_delete(&client.socket);
    lost = network_stop(&client.net);
    if (lost != 0) {
        line("packets_lost=%u", lost);
    }
}

static VOID main_entry(ULONG unused)
{
    UINT status = set_up_network();

    (void)unused;
    if (status == NX_SUCCESS) {
        status = set_up_session();
    }
    if (status != NX_SUCCESS) {
        line("error: status=0x%02x (%s) alert_sent=none alert_received=none",
             status, nxdtls_status_text(status));
        nxdtls_port_stop();
    }
    (void)tx_thread_create(&client.watch, watch_name, watch_entry, 0,
                           client.stacks[2], STACK_SIZE, 2, 2,
                           TX_NO_TIME_SLICE, TX_AUTO_START);
    host_signals_start(on_signal);
    if (connect_to_server()) {
        if (!client.options->renegotiate || renegotiate()) {
            talk();
        }
        end();
    }
    clean_up();
    nxdtls_port_stop();
}

void client_define(const struct options *options,
                   struct credentials *credentials)
{
    client.options = options;
    client.credentials = credentials;
    client.exit_status = 1;
    (void)tx_event_flags_create(&client.events, events_name);
    (void)tx_thread_create(&client.main, main_name, main_entry, 0,
                           client.stacks[0], STACK_SIZE, 4, 4,
                           TX_NO_TIME_SLICE, TX_AUTO_START);
}

int client_status(void)
{
    return client.exit_status;
}
