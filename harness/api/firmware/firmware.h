/* SPDX-License-Identifier: MIT */
/* firmware.h: the board of the applications in this folder: nodes on one wire,
 * certificates, checks.  Each application is written as for a device, includes
 * what such applications include, and defines firmware(). */
#ifndef NXDTLS_HARNESS_API_FIRMWARE_FIRMWARE_H
#define NXDTLS_HARNESS_API_FIRMWARE_FIRMWARE_H

#include "nx_secure_dtls_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FIRMWARE_PORT 5684
#define FIRMWARE_PACKETS 48
#define FIRMWARE_PAYLOAD 1536
#define FIRMWARE_METADATA 9000
#define FIRMWARE_REASSEMBLY 4000

/* A device with its IP instance, address 10.0.0.n. */
typedef struct FIRMWARE_NODE_STRUCT {
    NX_PACKET_POOL pool;
    NX_IP ip;
    UCHAR stack[4096];
    UCHAR arp[1024];
    ALIGN_TYPE memory[FIRMWARE_PACKETS *
                      (sizeof(NX_PACKET) + FIRMWARE_PAYLOAD) /
                      sizeof(ALIGN_TYPE)];
} FIRMWARE_NODE;

/* firmware is the application.  It runs in a thread of priority 8, in virtual
 * time; the program ends when it returns. */
VOID firmware(VOID);

VOID firmware_node_start(FIRMWARE_NODE *node, UINT n);

/* firmware_node_stop deletes the instance and its pool, to which every packet
 * must have come back. */
VOID firmware_node_stop(FIRMWARE_NODE *node);
NXD_ADDRESS firmware_address(UINT n);
VOID firmware_socket_open(FIRMWARE_NODE *node, NX_UDP_SOCKET *socket,
                          UINT port);
VOID firmware_socket_close(NX_UDP_SOCKET *socket);

/* firmware_thread starts a thread of priority 9. */
VOID firmware_thread(TX_THREAD *thread, VOID (*entry)(ULONG));

/* firmware_file returns a file of the test PKI. */
UCHAR *firmware_file(const char *file, UINT *length);

/* firmware_certificate reads a certificate of the test PKI; `key` is the file
 * of its private key, or NX_NULL, and `type` the key's type. */
VOID firmware_certificate(NX_SECURE_X509_CERT *certificate, const char *der,
                          const char *key, UINT type);

/* firmware_send and firmware_receive carry one text through a session, which
 * belongs to `node`. */
VOID firmware_send(FIRMWARE_NODE *node, NX_SECURE_DTLS_SESSION *session,
                   const char *text);
VOID firmware_receive(NX_SECURE_DTLS_SESSION *session, const char *text);

/* A client with its socket. */
typedef struct FIRMWARE_CLIENT_STRUCT {
    FIRMWARE_NODE *node;
    NX_UDP_SOCKET socket;
    NX_SECURE_DTLS_SESSION session;
    ALIGN_TYPE metadata[FIRMWARE_METADATA / sizeof(ALIGN_TYPE)];
    UCHAR reassembly[FIRMWARE_REASSEMBLY];
    ALIGN_TYPE certificates[2 * (sizeof(NX_SECURE_X509_CERT) + 2000) /
                            sizeof(ALIGN_TYPE)];
} FIRMWARE_CLIENT;

VOID firmware_client_create(FIRMWARE_CLIENT *client, FIRMWARE_NODE *node,
                            const NX_SECURE_TLS_CRYPTO *table);

/* firmware_client_connect connects to node n and returns the status. */
UINT firmware_client_connect(FIRMWARE_CLIENT *client, UINT n);

/* firmware_client_echo sends a text and gets it back. */
VOID firmware_client_echo(FIRMWARE_CLIENT *client, const char *text);

/* firmware_client_delete ends the session, if it lives, and deletes all. */
VOID firmware_client_delete(FIRMWARE_CLIENT *client);

/* A server of three sessions without a thread: its notifications start the
 * sessions and send back what they receive. */
typedef struct FIRMWARE_SERVER_STRUCT {
    FIRMWARE_NODE *node;
    NX_SECURE_DTLS_SERVER server;
    NX_SECURE_DTLS_SESSION slots[3];
    ALIGN_TYPE metadata[3 * FIRMWARE_METADATA / sizeof(ALIGN_TYPE)];
    UCHAR reassembly[3 * FIRMWARE_REASSEMBLY];
    ALIGN_TYPE certificates[6 * (sizeof(NX_SECURE_X509_CERT) + 2000) /
                            sizeof(ALIGN_TYPE)];
} FIRMWARE_SERVER;

VOID firmware_server_create(FIRMWARE_SERVER *server, FIRMWARE_NODE *node,
                            const NX_SECURE_TLS_CRYPTO *table,
                            UINT (*on_receive)(NX_SECURE_DTLS_SESSION *));
UINT firmware_server_echo(NX_SECURE_DTLS_SESSION *session);
VOID firmware_server_delete(FIRMWARE_SERVER *server);

/* FIRMWARE_IS records a failure unless a status, or a number, is the expected
 * one; FIRMWARE_TRUE unless a condition holds. */
VOID firmware_check(const char *file, int line, const char *what,
                    ALIGN_TYPE is, ALIGN_TYPE expected);
#define FIRMWARE_IS(call, expected)                                           \
    firmware_check(__FILE__, __LINE__, #call, (ALIGN_TYPE)(call),             \
                   (ALIGN_TYPE)(expected))
#define FIRMWARE_OK(call) FIRMWARE_IS(call, NX_SUCCESS)
#define FIRMWARE_TRUE(condition) FIRMWARE_IS((condition) ? 1 : 0, 1)

#ifdef __cplusplus
}
#endif

#endif
