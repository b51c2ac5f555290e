/* SPDX-License-Identifier: MIT */
/* The board of the applications in this folder (firmware.h). */
#include "firmware.h"

#include "nxdtls_port.h"

#define STACKS 4
#define FILES 10

static TX_THREAD thread;
static UCHAR stacks[STACKS][4096];
static UINT num_stacks;
static UCHAR files[FILES][4096];
static UINT num_files;
static CHAR name[] = "firmware";
static int failures;

VOID firmware_check(const char *file, int line, const char *what,
                    ALIGN_TYPE is, ALIGN_TYPE expected)
{
    if (is != expected) {
        printf("%s:%d: %s: 0x%llx, expected 0x%llx\n", file, line, what, is,
               expected);
        failures++;
    }
}

VOID firmware_node_start(FIRMWARE_NODE *node, UINT n)
{
    FIRMWARE_OK(nx_packet_pool_create(&node->pool, name, FIRMWARE_PAYLOAD,
                                      node->memory, sizeof node->memory));
    FIRMWARE_OK(nx_ip_create(
        &node->ip, name, IP_ADDRESS(10, 0, 0, n), 0xFFFFFF00, &node->pool,
        _nx_ram_network_driver_1500, node->stack, sizeof node->stack, 1));
    FIRMWARE_OK(nx_arp_enable(&node->ip, node->arp, sizeof node->arp));
    FIRMWARE_OK(nx_udp_enable(&node->ip));
}

VOID firmware_node_stop(FIRMWARE_NODE *node)
{
    FIRMWARE_IS(node->pool.nx_packet_pool_available,
                node->pool.nx_packet_pool_total);
    FIRMWARE_OK(nx_ip_delete(&node->ip));
    FIRMWARE_OK(nx_packet_pool_delete(&node->pool));
}

NXD_ADDRESS firmware_address(UINT n)
{
    NXD_ADDRESS address;

    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = IP_ADDRESS(10, 0, 0, n);
    return address;
}

VOID firmware_socket_open(FIRMWARE_NODE *node, NX_UDP_SOCKET *socket,
                          UINT port)
{
    FIRMWARE_OK(nx_udp_socket_create(&node->ip, socket, name, NX_IP_NORMAL,
                                     NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                     16));
    FIRMWARE_OK(nx_udp_socket_bind(socket, port, NX_NO_WAIT));
}

VOID firmware_socket_close(NX_UDP_SOCKET *socket)
{
    FIRMWARE_OK(nx_udp_socket_unbind(socket));
    FIRMWARE_OK(nx_udp_socket_delete(socket));
}

static VOID start(TX_THREAD *t, VOID (*entry)(ULONG), UINT priority)
{
    FIRMWARE_TRUE(num_stacks < STACKS);
    FIRMWARE_IS(tx_thread_create(t, name, entry, 0, stacks[num_stacks],
                                 sizeof stacks[0], priority, priority,
                                 TX_NO_TIME_SLICE, TX_AUTO_START),
                TX_SUCCESS);
    num_stacks++;
}

VOID firmware_thread(TX_THREAD *t, VOID (*entry)(ULONG))
{
    start(t, entry, 9);
}

/* Returns the length of a file of the test PKI, which is then in the newest of
 * `files`. */
static USHORT read_file(const char *file)
{
    char path[512];
    size_t len = 0;
    FILE *f;

    FIRMWARE_TRUE(num_files < FILES);
    (void)snprintf(path, sizeof path, "%s/%s", NXDTLS_PKI_DIR, file);
    f = fopen(path, "rb");
    FIRMWARE_TRUE(f != NULL);
    if (f != NULL) {
        len = fread(files[num_files], 1, sizeof files[0], f);
        (void)fclose(f);
    }
    num_files++;
    return (USHORT)len;
}

UCHAR *firmware_file(const char *file, UINT *length)
{
    UCHAR *bytes = files[num_files];

    *length = read_file(file);
    return bytes;
}

VOID firmware_certificate(NX_SECURE_X509_CERT *certificate, const char *der,
                          const char *key, UINT type)
{
    UCHAR *der_bytes = files[num_files];
    USHORT der_len = read_file(der);
    UCHAR *key_bytes = key == NX_NULL ? NX_NULL : files[num_files];
    USHORT key_len = key == NX_NULL ? 0 : read_file(key);

    FIRMWARE_OK(nx_secure_x509_certificate_initialize(
        certificate, der_bytes, der_len, NX_NULL, 0, key_bytes, key_len,
        key == NX_NULL ? NX_SECURE_X509_KEY_TYPE_NONE : type));
}

VOID firmware_send(FIRMWARE_NODE *node, NX_SECURE_DTLS_SESSION *session,
                   const char *text)
{
    NX_PACKET *packet;

    FIRMWARE_OK(nx_secure_dtls_packet_allocate(session, &node->pool, &packet,
                                               NX_NO_WAIT));
    FIRMWARE_OK(nx_packet_data_append(packet, (VOID *)(ALIGN_TYPE)text,
                                      (ULONG)strlen(text), &node->pool,
                                      NX_NO_WAIT));
    FIRMWARE_OK(nx_secure_dtls_session_send(
        session, packet, &session->nx_secure_dtls_remote_ip_address,
        session->nx_secure_dtls_remote_port));
}

VOID firmware_receive(NX_SECURE_DTLS_SESSION *session, const char *text)
{
    char bytes[256] = {0};
    ULONG len = 0;
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_session_receive(session, &packet, 500);

    FIRMWARE_OK(status);
    if (status == NX_SUCCESS) {
        FIRMWARE_OK(nx_packet_data_extract_offset(packet, 0, bytes,
                                                  sizeof bytes - 1, &len));
        FIRMWARE_TRUE(strcmp(bytes, text) == 0);
        FIRMWARE_OK(nx_packet_release(packet));
    }
}

VOID firmware_client_create(FIRMWARE_CLIENT *client, FIRMWARE_NODE *node,
                            const NX_SECURE_TLS_CRYPTO *table)
{
    client->node = node;
    firmware_socket_open(node, &client->socket, NX_ANY_PORT);
    FIRMWARE_OK(nx_secure_dtls_session_create(
        &client->session, table, client->metadata, sizeof client->metadata,
        client->reassembly, sizeof client->reassembly, 2,
        (UCHAR *)client->certificates, sizeof client->certificates));
}

UINT firmware_client_connect(FIRMWARE_CLIENT *client, UINT n)
{
    NXD_ADDRESS address = firmware_address(n);

    return nx_secure_dtls_client_session_start(
        &client->session, &client->socket, &address, FIRMWARE_PORT, 500);
}

VOID firmware_client_echo(FIRMWARE_CLIENT *client, const char *text)
{
    firmware_send(client->node, &client->session, text);
    firmware_receive(&client->session, text);
}

VOID firmware_client_delete(FIRMWARE_CLIENT *client)
{
    (void)nx_secure_dtls_session_end(&client->session, 100);
    FIRMWARE_OK(nx_secure_dtls_session_delete(&client->session));
    firmware_socket_close(&client->socket);
}

/* Inside a notification a start does not wait. */
static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    NX_PARAMETER_NOT_USED(ip);
    NX_PARAMETER_NOT_USED(port);
    return nx_secure_dtls_server_session_start(session, NX_NO_WAIT);
}

UINT firmware_server_echo(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    UINT status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);

    if (status == NX_SUCCESS) {
        return nx_secure_dtls_server_session_send(session, packet);
    }
    if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        return nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
    return status;
}

VOID firmware_server_create(FIRMWARE_SERVER *server, FIRMWARE_NODE *node,
                            const NX_SECURE_TLS_CRYPTO *table,
                            UINT (*on_receive)(NX_SECURE_DTLS_SESSION *))
{
    server->node = node;
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &server->server, &node->ip, FIRMWARE_PORT, 500, server->slots,
        sizeof server->slots, table, server->metadata, sizeof server->metadata,
        server->reassembly, sizeof server->reassembly, on_connect,
        on_receive));
}

VOID firmware_server_delete(FIRMWARE_SERVER *server)
{
    FIRMWARE_OK(nx_secure_dtls_server_stop(&server->server));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&server->server));
}

static VOID run(ULONG input)
{
    NX_PARAMETER_NOT_USED(input);
    firmware();
    nxdtls_port_stop();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    NX_PARAMETER_NOT_USED(first_unused_memory);
    nx_system_initialize();
    FIRMWARE_OK(nx_crypto_initialize());
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    start(&thread, run, 8);
}

int main(void)
{
    if (nxdtls_port_mode_set(NXDTLS_PORT_VIRTUAL) != TX_SUCCESS) {
        return 1;
    }
    tx_kernel_enter();
    FIRMWARE_TRUE(!nxdtls_port_stalled());
    return failures != 0;
}
