/* SPDX-License-Identifier: MIT */
/* A gateway: it takes the readings of several sensors at a time, on one UDP
 * port, and acknowledges each reading.  A sensor must have a certificate of
 * the gateway's CA.
 *
 * The callbacks run in the IP thread and only pass on a message.  The "door"
 * thread runs handshakes, the "desk" thread takes data, so that a slow
 * handshake does not delay the data of other sensors.  This file is the same
 * on a device and on a host. */
#include "board.h"

#include "nx_secure_dtls_api.h"

#include <string.h>

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define SESSIONS 4
#define HANDSHAKE_WAIT (10 * NX_IP_PERIODIC_RATE)
#define LINGER (5 * NX_IP_PERIODIC_RATE) /* a close_notify may get lost */
#define CERTIFICATES 3
#define CERTIFICATE_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)
#define QUEUE_WORDS (sizeof(NX_SECURE_DTLS_SESSION *) / sizeof(ULONG))

static BOARD *board;
static TX_THREAD door_thread;
static TX_THREAD desk_thread;
static UCHAR stacks[2][4096];
static TX_QUEUE door;
static TX_QUEUE desk;
static ALIGN_TYPE queue_memory[2][16];
static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION sessions[SESSIONS];
static NX_SECURE_X509_CERT ca;
static NX_SECURE_X509_CERT identity;
static ALIGN_TYPE metadata[9000 / sizeof(ALIGN_TYPE) * SESSIONS];
static UCHAR packet_buffer[SESSIONS * 4000];
static ALIGN_TYPE certificate_buffer[CERTIFICATE_SLOT * CERTIFICATES *
                                     SESSIONS / sizeof(ALIGN_TYPE)];
/* Taken from this session, plus 1; the last one is the server's reserve. */
static UCHAR last_number[SESSIONS + 1];
static UINT taken;
static CHAR name[] = "gateway";

/* A session that is not among ours is the one in reserve. */
static ULONG number_of(const NX_SECURE_DTLS_SESSION *session)
{
    ULONG number = 0;

    while (number < SESSIONS && session != &sessions[number]) {
        number++;
    }
    return number;
}

/* In the IP thread: a client has returned our cookie. */
static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    (void)ip;
    (void)port;
    return tx_queue_send(&door, &session, TX_NO_WAIT);
}

/* In the IP thread: data has come, or the sensor has closed the session. */
static UINT to_desk(NX_SECURE_DTLS_SESSION *session)
{
    return tx_queue_send(&desk, &session, TX_NO_WAIT);
}

static VOID keep_door(ULONG input)
{
    NX_SECURE_DTLS_SESSION *session;

    (void)input;
    while (tx_queue_receive(&door, &session, TX_WAIT_FOREVER) == TX_SUCCESS) {
        last_number[number_of(session)] = 0;
        /* If the handshake fails, the session is free again. */
        (void)nx_secure_dtls_server_session_start(session, HANDSHAKE_WAIT);
    }
}

/* A sensor repeats a reading until it is acknowledged; it counts once. */
static VOID take(NX_SECURE_DTLS_SESSION *session, const UCHAR message[2])
{
    UCHAR *last = &last_number[number_of(session)];

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
    NX_SECURE_DTLS_SESSION *session;

    (void)input;
    while (tx_queue_receive(&desk, &session,
                            is_done() ? LINGER : TX_WAIT_FOREVER) ==
           TX_SUCCESS) {
        if (is_over(session)) {
            (void)nx_secure_dtls_session_end(session, NX_NO_WAIT);
            if (is_done()) {
                break;
            }
        }
    }
    (void)tx_thread_terminate(&door_thread);
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
        status = nx_secure_dtls_server_notify_set(&server, to_desk, NX_NULL);
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
    tx_queue_create(&door, name, QUEUE_WORDS, queue_memory[0],
                    sizeof queue_memory[0]);
    tx_queue_create(&desk, name, QUEUE_WORDS, queue_memory[1],
                    sizeof queue_memory[1]);
    status = set_up();
    if (status != NX_SUCCESS) {
        board->done(status);
        return;
    }
    tx_thread_create(&door_thread, name, keep_door, 0, stacks[0],
                     sizeof stacks[0], 10, 10, TX_NO_TIME_SLICE,
                     TX_AUTO_START);
    tx_thread_create(&desk_thread, name, keep_desk, 0, stacks[1],
                     sizeof stacks[1], 9, 9, TX_NO_TIME_SLICE, TX_AUTO_START);
}
