/* SPDX-License-Identifier: MIT */
/* A device that finds its server by a question to a group, in plain UDP, and
 * then talks DTLS with it.  A tap below UDP counts what passes, reads the UDP
 * headers, and loses one datagram in three. */
#include "nx_api.h"
#include "nx_igmp.h"
#include "nx_ipv4.h"
#include "nx_packet.h"
#include "nx_udp.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define GROUP IP_ADDRESS(224, 0, 1, 187)
#define DISCOVERY_PORT 5683

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern VOID _nx_udp_packet_receive(NX_IP *ip_ptr, NX_PACKET *packet_ptr);

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static NX_UDP_SOCKET question, answer;
static TX_EVENT_FLAGS_GROUP asked;
static UCHAR key[] = {0x41, 0x42, 0x43, 0x44, 0x45};
static UCHAR id[] = "lamp";
static CHAR name[] = "discovery";
static UINT passed, lost, set_notes;

/* The header is in network order. */
static VOID tap(NX_IP *ip_ptr, NX_PACKET *packet_ptr)
{
    NX_UDP_HEADER *header =
        (NX_UDP_HEADER *)(ALIGN_TYPE)packet_ptr->nx_packet_prepend_ptr;
    ULONG ports = header->nx_udp_header_word_0;
    ULONG length = header->nx_udp_header_word_1;

    NX_CHANGE_ULONG_ENDIAN(ports);
    NX_CHANGE_ULONG_ENDIAN(length);
    FIRMWARE_TRUE(packet_ptr->nx_packet_address.nx_packet_interface_ptr ==
                  &ip_ptr->nx_ip_interface[0]);
    FIRMWARE_TRUE(packet_ptr->nx_packet_ip_interface ==
                  &ip_ptr->nx_ip_interface[0]);
    FIRMWARE_IS(length >> NX_SHIFT_BY_16, packet_ptr->nx_packet_length);
    passed++;
    if ((ports & NX_LOWER_16_MASK) == FIRMWARE_PORT && passed % 3 == 0) {
        lost++;
        nx_packet_release(packet_ptr);
        return;
    }
    _nx_udp_packet_receive(ip_ptr, packet_ptr);
}

static VOID on_question(NX_UDP_SOCKET *socket_ptr)
{
    FIRMWARE_TRUE(socket_ptr == &answer);
    tx_event_flags_set(&asked, 1, TX_OR);
}

static VOID on_flags(TX_EVENT_FLAGS_GROUP *group_ptr)
{
    FIRMWARE_TRUE(group_ptr == &asked);
    set_notes++;
}

/* The server's side: answers each question with its port. */
static VOID answer_questions(ULONG input)
{
    NX_PACKET *packet;
    NX_PACKET *reply;
    ULONG flags, address;
    UINT protocol, port, interface_index;
    USHORT here = htons(FIRMWARE_PORT);

    NX_PARAMETER_NOT_USED(input);
    while (tx_event_flags_get(&asked, 1, TX_OR_CLEAR, &flags,
                              TX_WAIT_FOREVER) == TX_SUCCESS) {
        while (nx_udp_socket_receive(&answer, &packet, NX_NO_WAIT) ==
               NX_SUCCESS) {
            FIRMWARE_OK(nx_udp_packet_info_extract(packet, &address, &protocol,
                                                   &port, &interface_index));
            FIRMWARE_IS(protocol, NX_PROTOCOL_UDP);
            FIRMWARE_IS(interface_index, 0);
            FIRMWARE_OK(
                nx_packet_copy(packet, &reply, &host.pool, NX_NO_WAIT));
            FIRMWARE_OK(nx_packet_release(packet));
            FIRMWARE_OK(nx_packet_data_append(reply, &here, sizeof(here),
                                              &host.pool, NX_NO_WAIT));
            FIRMWARE_OK(nx_udp_socket_interface_send(&answer, reply, address,
                                                     port, 0));
            FIRMWARE_TRUE(reply == NX_NULL);
        }
    }
}

/* Asks the group, and returns the port of the server at `address`. */
static UINT discover(NXD_ADDRESS *address)
{
    CHAR text[] = "who?";
    NX_PACKET *packet;
    USHORT port = 0;
    ULONG bytes = 0;
    ULONG available = 0;
    UINT from = 0;

    FIRMWARE_OK(
        nx_packet_allocate(&device.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT));
    FIRMWARE_OK(
        nx_packet_data_append(packet, text, 4, &device.pool, NX_NO_WAIT));
    FIRMWARE_OK(nx_udp_socket_send(&question, packet, GROUP, DISCOVERY_PORT));
    tx_thread_sleep(10);
    FIRMWARE_OK(nx_udp_socket_bytes_available(&question, &available));
    FIRMWARE_IS(available, 6);
    FIRMWARE_OK(
        nx_udp_socket_receive(&question, &packet, NX_IP_PERIODIC_RATE));
    FIRMWARE_OK(nxd_udp_source_extract(packet, address, &from));
    FIRMWARE_IS(from, DISCOVERY_PORT);
    FIRMWARE_OK(
        nx_packet_data_extract_offset(packet, 4, &port, sizeof(port), &bytes));
    FIRMWARE_IS(bytes, sizeof(port));
    FIRMWARE_IS(nx_packet_data_extract_offset(packet, 7, &port, 1, &bytes),
                NX_PACKET_OFFSET_ERROR);
    nx_packet_release(packet);
    FIRMWARE_IS(nx_packet_release(packet), NX_PTR_ERROR);
    return ntohs(port);
}

static VOID join(VOID)
{
    ULONG groups = 0;

    FIRMWARE_IS(nx_igmp_multicast_join(&host.ip, GROUP), NX_NOT_ENABLED);
    FIRMWARE_OK(nx_igmp_enable(&host.ip));
    FIRMWARE_IS(nx_igmp_enable(&host.ip), NX_ALREADY_ENABLED);
    FIRMWARE_IS(nx_igmp_multicast_join(&host.ip, IP_ADDRESS(10, 0, 0, 9)),
                NX_IP_ADDRESS_ERROR);
    FIRMWARE_OK(nx_igmp_multicast_join(&host.ip, GROUP));
    FIRMWARE_OK(
        nx_igmp_info_get(&host.ip, NX_NULL, NX_NULL, NX_NULL, &groups));
    FIRMWARE_IS(groups, 1);
    FIRMWARE_IS(tx_event_flags_create(&asked, name), TX_SUCCESS);
    FIRMWARE_IS(tx_event_flags_set_notify(&asked, on_flags), TX_SUCCESS);
    firmware_socket_open(&host, &answer, DISCOVERY_PORT);
    FIRMWARE_OK(nx_udp_socket_receive_notify(&answer, on_question));
    firmware_socket_open(&device, &question, NX_ANY_PORT);
}

VOID firmware(VOID)
{
    static TX_THREAD responder;
    NXD_ADDRESS address;
    UINT port;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    host.ip.nx_ip_udp_packet_receive = tap;
    device.ip.nx_ip_udp_packet_receive = tap;
    join();
    firmware_thread(&responder, answer_questions);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof(key),
                                              id, 4, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    port = discover(&address);
    FIRMWARE_IS(port, FIRMWARE_PORT);
    FIRMWARE_IS(address.nxd_ip_address.v4, IP_ADDRESS(10, 0, 0, 2));
    FIRMWARE_IS(set_notes, 1);
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session, key, sizeof(key), id,
                                       4, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &client.session, &client.socket, &address, port,
        60 * NX_IP_PERIODIC_RATE));
    FIRMWARE_TRUE(lost > 0);
    FIRMWARE_OK(nx_igmp_multicast_leave(&host.ip, GROUP));
    FIRMWARE_IS(nx_igmp_multicast_leave(&host.ip, GROUP), NX_ENTRY_NOT_FOUND);
    host.ip.nx_ip_udp_packet_receive = _nx_udp_packet_receive;
    firmware_client_echo(&client, "light on");
    firmware_client_delete(&client);
    firmware_server_delete(&server);
    FIRMWARE_IS(tx_thread_terminate(&responder), TX_SUCCESS);
    FIRMWARE_IS(tx_thread_delete(&responder), TX_SUCCESS);
    FIRMWARE_IS(tx_event_flags_delete(&asked), TX_SUCCESS);
    firmware_socket_close(&question);
    firmware_socket_close(&answer);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
