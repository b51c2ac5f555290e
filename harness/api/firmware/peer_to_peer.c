/* SPDX-License-Identifier: MIT */
/* Two equal nodes, each with one session and one socket.  Whoever has news
 * calls the other: the roles change from call to call, in the same control
 * blocks, and a call that nobody takes ends in time. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define CALLS 6

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE nodes[2];
static FIRMWARE_CLIENT ends[2]; /* both are client and server */
static TX_THREAD answering;
static TX_SEMAPHORE ring, done;
static UINT answerer; /* who takes the next call */
static UINT answered;
static UCHAR psk[] = "a key of 16 byte";
static UCHAR psk_id[] = "twin";
static CHAR name[] = "peer";

static VOID create(UINT i)
{
    firmware_client_create(&ends[i], &nodes[i], &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_udp_socket_unbind(&ends[i].socket));
    FIRMWARE_OK(
        nx_udp_socket_bind(&ends[i].socket, FIRMWARE_PORT, NX_NO_WAIT));
    FIRMWARE_OK(nx_secure_dtls_psk_add(&ends[i].session, psk, 16, psk_id, 4,
                                       NX_NULL, 0));
}

/* The thread of whoever is called. */
static VOID answer(ULONG input)
{
    NX_PARAMETER_NOT_USED(input);
    while (tx_semaphore_get(&ring, TX_WAIT_FOREVER) == TX_SUCCESS) {
        NX_SECURE_DTLS_SESSION *session = &ends[answerer].session;
        NXD_ADDRESS from;
        UINT port = 0;
        UINT local_port = 0;
        NX_PACKET *packet;

        FIRMWARE_OK(
            nx_secure_dtls_session_start(session, &ends[answerer].socket,
                                         NX_FALSE, 5 * NX_IP_PERIODIC_RATE));
        FIRMWARE_OK(nx_secure_dtls_session_client_info_get(
            session, &from, &port, &local_port));
        FIRMWARE_IS(from.nxd_ip_address.v4,
                    firmware_address(2 - answerer).nxd_ip_address.v4);
        FIRMWARE_IS(port, FIRMWARE_PORT);
        FIRMWARE_IS(local_port, FIRMWARE_PORT);
        firmware_receive(session, "news");
        firmware_send(&nodes[answerer], session, "thanks");
        FIRMWARE_IS(nx_secure_dtls_session_receive(session, &packet,
                                                   NX_IP_PERIODIC_RATE),
                    NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
        FIRMWARE_OK(nx_secure_dtls_session_end(session, NX_NO_WAIT));
        FIRMWARE_OK(nx_secure_dtls_session_reset(session));
        answered++;
        FIRMWARE_IS(tx_semaphore_put(&done), TX_SUCCESS);
    }
}

static UINT call(UINT caller)
{
    NX_SECURE_DTLS_SESSION *session = &ends[caller].session;

    session->nx_secure_dtls_remote_ip_address =
        firmware_address(2 - caller); /* node i has the address i + 1 */
    session->nx_secure_dtls_remote_port = FIRMWARE_PORT;
    return nx_secure_dtls_session_start(session, &ends[caller].socket, NX_TRUE,
                                        3 * NX_IP_PERIODIC_RATE);
}

VOID firmware(VOID)
{
    UINT i;
    ULONG before;

    for (i = 0; i < 2; i++) {
        firmware_node_start(&nodes[i], i + 1);
        create(i);
    }
    FIRMWARE_IS(tx_semaphore_create(&ring, name, 0), TX_SUCCESS);
    FIRMWARE_IS(tx_semaphore_create(&done, name, 0), TX_SUCCESS);
    firmware_thread(&answering, answer);
    for (i = 0; i < CALLS; i++) {
        UINT caller = i % 2;

        answerer = 1 - caller;
        FIRMWARE_IS(tx_semaphore_put(&ring), TX_SUCCESS);
        FIRMWARE_OK(call(caller));
        firmware_send(&nodes[caller], &ends[caller].session, "news");
        firmware_receive(&ends[caller].session, "thanks");
        FIRMWARE_OK(nx_secure_dtls_session_end(&ends[caller].session,
                                               NX_IP_PERIODIC_RATE));
        FIRMWARE_OK(nx_secure_dtls_session_reset(&ends[caller].session));
        FIRMWARE_IS(tx_semaphore_get(&done, 10 * NX_IP_PERIODIC_RATE),
                    TX_SUCCESS);
    }
    FIRMWARE_IS(answered, CALLS);
    before = tx_time_get();
    FIRMWARE_TRUE(call(0) != NX_SUCCESS); /* nobody takes it */
    FIRMWARE_IS(tx_time_get() - before, 3 * NX_IP_PERIODIC_RATE);
    FIRMWARE_OK(nx_secure_dtls_session_reset(&ends[0].session));
    FIRMWARE_IS(tx_thread_terminate(&answering), TX_SUCCESS);
    FIRMWARE_IS(tx_thread_delete(&answering), TX_SUCCESS);
    for (i = 0; i < 2; i++) {
        firmware_client_delete(&ends[i]);
        firmware_node_stop(&nodes[i]);
    }
}
