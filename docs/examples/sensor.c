/* SPDX-License-Identifier: MIT */
/* A sensor: it connects to its gateway with a certificate, repeats each
 * reading until the gateway has acknowledged it, and closes the session.
 *
 * This file is the same on a device and on a host. */
#include "board.h"

#include "nx_secure_dtls_api.h"

#include <string.h>

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define TRIES 5
#define CONNECT_WAIT (10 * NX_IP_PERIODIC_RATE)
#define ANSWER_WAIT (NX_IP_PERIODIC_RATE / 2)
#define CERTIFICATES 3
#define CERTIFICATE_SLOT (sizeof(NX_SECURE_X509_CERT) + 2000)

static const CHAR gateway_name[] = "localhost";

static BOARD *board;
static TX_THREAD thread;
static UCHAR stack[4096];
static NX_UDP_SOCKET udp_socket;
static NX_SECURE_DTLS_SESSION session;
static NX_SECURE_X509_CERT ca;
static NX_SECURE_X509_CERT identity;
static ALIGN_TYPE metadata[9000 / sizeof(ALIGN_TYPE)];
static UCHAR packet_buffer[4000];
static ALIGN_TYPE
    certificate_buffer[CERTIFICATES * CERTIFICATE_SLOT / sizeof(ALIGN_TYPE)];
static CHAR name[] = "sensor";

/* The chain has been verified; does the certificate name the gateway? */
static ULONG check_gateway(NX_SECURE_TLS_SESSION *tls_session,
                           NX_SECURE_X509_CERT *certificate)
{
    (void)tls_session;
    return nx_secure_x509_common_name_dns_check(
        certificate, (const UCHAR *)gateway_name, sizeof gateway_name - 1);
}

static UINT add_credentials(VOID)
{
    UINT status = nx_secure_x509_certificate_initialize(
        &ca, board->ca.data, board->ca.length, NX_NULL, 0, NX_NULL, 0,
        NX_SECURE_X509_KEY_TYPE_NONE);

    if (status == NX_SUCCESS) {
        status =
            nx_secure_dtls_session_trusted_certificate_add(&session, &ca, 1);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_x509_certificate_initialize(
            &identity, board->certificate.data, board->certificate.length,
            NX_NULL, 0, board->key.data, board->key.length,
            NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_session_local_certificate_add(&session,
                                                              &identity, 2);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_tls_session_certificate_callback_set(
            &session.nx_secure_dtls_tls_session, check_gateway);
    }
    return status;
}

static UINT set_up(VOID)
{
    UINT status =
        nx_udp_socket_create(&board->ip, &udp_socket, name, NX_IP_NORMAL,
                             NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8);

    if (status == NX_SUCCESS) {
        status = nx_udp_socket_bind(&udp_socket, NX_ANY_PORT, NX_NO_WAIT);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_session_create(
            &session, &nx_crypto_tls_ciphers, metadata, sizeof metadata,
            packet_buffer, sizeof packet_buffer, CERTIFICATES,
            (UCHAR *)certificate_buffer, sizeof certificate_buffer);
    }
    if (status == NX_SUCCESS) {
        status = add_credentials();
    }
    return status;
}

/* The gateway may start after the sensor. */
static UINT connect(VOID)
{
    UINT status = NX_NOT_CONNECTED;
    UINT i;

    for (i = 0; i < TRIES && status != NX_SUCCESS; i++) {
        status = nx_secure_dtls_client_session_start(
            &session, &udp_socket, &board->gateway, board->port, CONNECT_WAIT);
        if (status != NX_SUCCESS) {
            tx_thread_sleep(NX_IP_PERIODIC_RATE / 10);
        }
    }
    return status;
}

/* One datagram: the reading's number and its value. */
static UINT send_reading(UCHAR number, UCHAR value)
{
    UCHAR message[2];
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_packet_allocate(&session, &board->pool,
                                                 &packet, NX_NO_WAIT);

    if (status != NX_SUCCESS) {
        return status;
    }
    message[0] = number;
    message[1] = value;
    status = nx_packet_data_append(packet, message, sizeof message,
                                   &board->pool, NX_NO_WAIT);
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_session_send(&session, packet, &board->gateway,
                                             board->port);
    }
    if (status != NX_SUCCESS) {
        nx_packet_release(packet); /* Only a successful send consumes it. */
    }
    return status;
}

/* The gateway answers with the reading's number. */
static UINT wait_for_answer(UCHAR number)
{
    UCHAR answer[1] = {0};
    ULONG length = 0;
    NX_PACKET *packet;
    UINT status =
        nx_secure_dtls_session_receive(&session, &packet, ANSWER_WAIT);

    if (status != NX_SUCCESS) {
        return status;
    }
    status = nx_packet_data_extract_offset(packet, 0, answer, sizeof answer,
                                           &length);
    nx_packet_release(packet);
    return status == NX_SUCCESS && length == 1 && answer[0] == number
               ? NX_SUCCESS
               : NX_NO_PACKET;
}

/* DTLS protects the data that arrives; it does not make data arrive. */
static UINT report(UCHAR number, UCHAR value)
{
    UINT status = NX_NO_PACKET;
    UINT i;

    for (i = 0; i < TRIES && status == NX_NO_PACKET; i++) {
        status = send_reading(number, value);
        if (status == NX_SUCCESS) {
            status = wait_for_answer(number);
        }
    }
    return status;
}

static UINT work(VOID)
{
    UINT status = connect();
    UCHAR i;

    for (i = 0; i < board->readings && status == NX_SUCCESS; i++) {
        UCHAR value = (UCHAR)(20 + i % 5);

        status = report(i, value);
        if (status == NX_SUCCESS) {
            board->reading(value);
        }
    }
    (void)nx_secure_dtls_session_end(&session, NX_IP_PERIODIC_RATE);
    return status;
}

static VOID run(ULONG input)
{
    UINT status = set_up();

    (void)input;
    if (status == NX_SUCCESS) {
        status = work();
        (void)nx_secure_dtls_session_delete(&session);
    }
    (void)nx_udp_socket_unbind(&udp_socket);
    (void)nx_udp_socket_delete(&udp_socket);
    board->done(status);
}

VOID sensor_start(BOARD *b)
{
    board = b;
    tx_thread_create(&thread, name, run, 0, stack, sizeof stack, 10, 10,
                     TX_NO_TIME_SLICE, TX_AUTO_START);
}
