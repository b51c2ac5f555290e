/* SPDX-License-Identifier: MIT */
/* A gateway: it takes the readings of many sensors at a time, on one UDP
 * port, and acknowledges each reading.  A sensor must have a certificate of
 * the gateway's CA.
 *
 * No thread waits for a sensor.  A session begins in connect_notify and goes
 * on by itself, in the IP thread.  The other callbacks run there, too, and
 * only pass on a message: the "desk" thread takes data and ends sessions.  A
 * sensor that is silent for too long loses its session.
 *
 * This file is the same on a device and on a host.  The services of nxdtls.h
 * are those of this library alone. */
#include "board.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"

#include <string.h>

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define SESSIONS 1000 /* about 28 KB each: a board may have room for fewer */
#define HANDSHAKE_LIMIT 30 /* seconds */
#define IDLE_LIMIT 3600
#define LINGER (5 * NX_IP_PERIODIC_RATE) /* a close_notify may get lost */
#define CERTIFICATES 3
#define CERTIFICATE_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)

static BOARD *board;
static TX_THREAD desk_thread;
static UCHAR stack[4096];
static TX_QUEUE desk; /* numbers of sessions, each at most once */
static ULONG queue_memory[SESSIONS + 1];
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static NX_SECURE_X509_CERT ca;
static NX_SECURE_X509_CERT identity;
static ALIGN_TYPE metadata[9000 / sizeof(ALIGN_TYPE) * SESSIONS];
static UCHAR packet_buffer[SESSIONS * 4000];
static ALIGN_TYPE certificate_buffer[CERTIFICATE_SLOT * CERTIFICATES *
                                     SESSIONS / sizeof(ALIGN_TYPE)];

/* One for each session; the last one is the server's reserve. */
static struct {
    UCHAR last_number; /* taken from this session, plus 1 */
    UCHAR posted;      /* its number is in the queue of the desk */
} slots[SESSIONS + 1];
static UINT taken;
static CHAR name[] = "gateway";

static NX_SECURE_DTLS_SESSION *session_at(ULONG number)
{
    return number == SESSIONS ? &server.nx_dtls_server_reserve
                              : &sessions[number];
}

/* In the IP thread: a client has returned our cookie. */
static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)ip;
    (void)port;
    slots[nxdtls_session_number(session)].last_number = 0;
    return nxdtls_server_session_begin(session);
}

/* In the IP thread: data has come, or the session is over. */
static UINT to_desk(NX_SECURE_DTLS_SESSION *session)
{
    ULONG number = nxdtls_session_number(session);

    if (slots[number].posted) {
        return NX_SUCCESS;
    }
    slots[number].posted = 1;
    return tx_queue_send(&desk, &number, TX_NO_WAIT);
}

/* In the IP thread.  After a handshake that failed the session is free again;
 * a session that was established comes to the desk, too. */
static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    (void)session;
    board->problem(error_code);
    return NX_SUCCESS;
}

/* A sensor repeats a reading until it is acknowledged; it counts once. */
static VOID take(NX_SECURE_DTLS_SESSION *session, const UCHAR message[2])
{
    UCHAR *last = &slots[nxdtls_session_number(session)].last_number;

    if (*last != (UCHAR)(message[0] + 1)) {
        *last = (UCHAR)(message[0] + 1);
        taken++;
        board->reading(message[1]);
    }
}

static VOID acknowledge(NX_SECURE_DTLS_SESSION *session, UCHAR number)
{
    NX_PACKET *packet;

    if (nx_secure_dtls_packet_allocate(session, &board->pool, &packet,
                                       NX_NO_WAIT) != NX_SUCCESS) {
        return; /* The sensor will repeat its reading. */
    }
    if (nx_packet_data_append(packet, &number, 1, &board->pool, NX_NO_WAIT) !=
            NX_SUCCESS ||
        nx_secure_dtls_server_session_send(session, packet) != NX_SUCCESS) {
        nx_packet_release(packet);
    }
}

static VOID read_message(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    UCHAR message[2];
    ULONG length = 0;

    if (packet->nx_packet_length == sizeof message &&
        nx_packet_data_extract_offset(packet, 0, message, sizeof message,
                                      &length) == NX_SUCCESS) {
        take(session, message);
        acknowledge(session, message[0]);
    }
    nx_packet_release(packet);
}

/* Reads all data that has come; true if the session is over. */
static UINT is_over(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    UINT status;

    do {
        status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);
        if (status == NX_SUCCESS) {
            read_message(session, packet);
        }
    } while (status == NX_SUCCESS);
    return status != NX_NO_PACKET;
}

static UINT is_done(VOID)
{
    return board->readings != 0 && taken >= board->readings;
}

static VOID keep_desk(ULONG input)
{
    ULONG number;

    (void)input;
    while (tx_queue_receive(&desk, &number,
                            is_done() ? LINGER : TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        slots[number].posted = 0;
        if (is_over(session_at(number))) {
            (void)nx_secure_dtls_session_end(session_at(number), NX_NO_WAIT);
            if (is_done()) {
                break;
            }
        }
    }
    (void)nx_secure_dtls_server_stop(&server);
    board->done(nx_secure_dtls_server_delete(&server));
}

static UINT add_credentials(VOID)
{
    UINT status = nx_secure_x509_certificate_initialize(
        &identity, board->certificate.data, board->certificate.length, NX_NULL,
        0, board->key.data, board->key.length,
        NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);

    if (status == NX_SUCCESS) {
        status =
            nx_secure_dtls_server_local_certificate_add(&server, &identity, 1);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_x509_certificate_initialize(
            &ca, board->ca.data, board->ca.length, NX_NULL, 0, NX_NULL, 0,
            NX_SECURE_X509_KEY_TYPE_NONE);
    }
    if (status == NX_SUCCESS) {
        status =
            nx_secure_dtls_server_trusted_certificate_add(&server, &ca, 2);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_x509_client_verify_configure(
            &server, CERTIFICATES, (UCHAR *)certificate_buffer,
            sizeof certificate_buffer);
    }
    return status;
}

static UINT set_up(VOID)
{
    UINT status = nx_secure_dtls_server_create(
        &server, &board->ip, board->port, NX_IP_PERIODIC_RATE, sessions,
        sizeof sessions, &nx_crypto_tls_ciphers, metadata, sizeof metadata,
        packet_buffer, sizeof packet_buffer, on_connect, to_desk);

    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_notify_set(&server, NX_NULL, on_error);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_handshake_limit_set(&server, HANDSHAKE_LIMIT);
    }
    if (status == NX_SUCCESS) {
        status = nxdtls_server_idle_limit_set(&server, IDLE_LIMIT);
    }
    if (status == NX_SUCCESS) {
        status = add_credentials();
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_server_start(&server);
    }
    return status;
}

VOID gateway_start(BOARD *b)
{
    UINT status;

    board = b;
    taken = 0;
    memset(slots, 0, sizeof slots);
    tx_queue_create(&desk, name, TX_1_ULONG, queue_memory,
                    sizeof queue_memory);
    status = set_up();
    if (status != NX_SUCCESS) {
        board->done(status);
        return;
    }
    tx_thread_create(&desk_thread, name, keep_desk, 0, stack, sizeof stack, 9,
                     9, TX_NO_TIME_SLICE, TX_AUTO_START);
}
