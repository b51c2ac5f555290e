/* SPDX-License-Identifier: MIT */
/* A device that uploads a log: records of more than one packet, in the largest
 * pieces that a record takes, read back piece by piece; the server keeps
 * chained packets of clients and sums their bytes.  Both watch their pools. */
#include "nx_api.h"
#include "nx_ip.h"
#include "nx_packet.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define PIECES 4
#define LARGEST 16384 /* plaintext of a record (RFC 5246, 6.2.1) */

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static UCHAR large_reassembly[3 * (LARGEST + 2048)];
static UCHAR small_reassembly[LARGEST + 2048];
static UCHAR log_bytes[LARGEST];
static UCHAR read_bytes[LARGEST];
static ULONG received, records, sum;
static UCHAR psk[] = "0123456789abcdef";
static UCHAR psk_id[] = "logger";

/* Walks the chain by hand, as a driver of a flash does. */
static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    NX_PACKET *part;
    UCHAR *at;
    UINT status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);

    if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        return nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
    FIRMWARE_OK(status);
    for (part = packet; part != NX_NULL; part = part->nx_packet_next) {
        for (at = part->nx_packet_prepend_ptr; at < part->nx_packet_append_ptr;
             at++) {
            sum += *at;
            received++;
        }
    }
    records++;
    return nx_secure_dtls_server_session_send(session, packet); /* an echo */
}

static VOID upload(ULONG length)
{
    ULONG copied = 0;
    ULONG got = 0;
    ULONG offset;
    NX_PACKET *packet;
    NX_PACKET *copy;

    FIRMWARE_OK(nx_secure_dtls_packet_allocate(&client.session, &device.pool,
                                               &packet, NX_NO_WAIT));
    for (offset = 0; offset < length; offset += length / PIECES) {
        FIRMWARE_OK(nx_packet_data_append(packet, log_bytes + offset,
                                          length / PIECES, &device.pool,
                                          NX_NO_WAIT));
    }
    FIRMWARE_IS(packet->nx_packet_length, length);
    FIRMWARE_OK(nx_secure_dtls_client_session_send(&client.session, packet));
    FIRMWARE_OK(nx_secure_dtls_session_receive(&client.session, &packet,
                                               NX_IP_PERIODIC_RATE));
    FIRMWARE_OK(
        nx_packet_copy(packet, &copy, &device.pool, NX_IP_PERIODIC_RATE));
    FIRMWARE_OK(nx_packet_release(packet));
    for (offset = 0; offset < length; offset += copied) {
        FIRMWARE_OK(nx_packet_data_extract_offset(
            copy, offset, read_bytes + offset, 1000, &copied));
        FIRMWARE_TRUE(copied != 0 && copied <= 1000);
    }
    FIRMWARE_IS(offset, length);
    FIRMWARE_OK(nx_packet_length_get(copy, &got));
    FIRMWARE_IS(got, length);
    FIRMWARE_TRUE(memcmp(read_bytes, log_bytes, length) == 0);
    FIRMWARE_OK(nx_packet_release(copy));
}

/* One byte more than a record takes: the packet stays the caller's. */
static VOID upload_too_much(VOID)
{
    NX_PACKET *packet;

    FIRMWARE_OK(nx_secure_dtls_packet_allocate(&client.session, &device.pool,
                                               &packet, NX_NO_WAIT));
    FIRMWARE_OK(nx_packet_data_append(packet, log_bytes, LARGEST, &device.pool,
                                      NX_NO_WAIT));
    FIRMWARE_OK(
        nx_packet_data_append(packet, log_bytes, 1, &device.pool, NX_NO_WAIT));
    FIRMWARE_TRUE(nx_secure_dtls_client_session_send(&client.session,
                                                     packet) != NX_SUCCESS);
    FIRMWARE_IS(packet->nx_packet_length, LARGEST + 1);
    FIRMWARE_OK(nx_packet_release(packet));
}

static VOID create(VOID)
{
    FIRMWARE_OK(nx_ip_fragment_enable(&device.ip));
    FIRMWARE_OK(nx_ip_fragment_enable(&host.ip));
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers, on_receive);
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server.server));
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server.server, &host.ip, FIRMWARE_PORT, NX_IP_PERIODIC_RATE,
        server.slots, sizeof(server.slots), &nx_crypto_tls_ciphers,
        server.metadata, sizeof(server.metadata), large_reassembly,
        sizeof(large_reassembly), server.server.nx_dtls_server_connect_notify,
        on_receive));
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, psk, 16, psk_id,
                                              sizeof(psk_id) - 1, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_tls_session_packet_buffer_set(
        &client.session.nx_secure_dtls_tls_session, small_reassembly,
        sizeof(small_reassembly)));
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, psk, 16, psk_id,
                                       sizeof(psk_id) - 1, NX_NULL, 0));
}

VOID firmware(VOID)
{
    ULONG total = 0;
    ULONG free_packets = 0;
    ULONG before = 0;
    ULONG i;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    for (i = 0; i < LARGEST; i++) {
        log_bytes[i] = (UCHAR)(i % 251);
    }
    create();
    FIRMWARE_OK(firmware_client_connect(&client, 2));
    FIRMWARE_OK(nx_packet_pool_info_get(&device.pool, &total, &before, NX_NULL,
                                        NX_NULL, NX_NULL));
    for (i = 4; i <= LARGEST; i *= 4) {
        upload(i);
    }
    upload_too_much();
    FIRMWARE_OK(nx_packet_pool_info_get(&device.pool, &total, &free_packets,
                                        NX_NULL, NX_NULL, NX_NULL));
    FIRMWARE_IS(free_packets, before);
    FIRMWARE_IS(records, 7);
    FIRMWARE_IS(received, 4 + 16 + 64 + 256 + 1024 + 4096 + 16384);
    FIRMWARE_TRUE(sum > 125 * 16000);
    firmware_client_delete(&client);
    tx_thread_sleep(10);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
