/* SPDX-License-Identifier: MIT */
/* Two tasks that talk, and a supervisor that knows how long each may take: it
 * aborts a wait, ends a session that another task receives on, terminates a
 * task that hangs in a handshake and starts it again. */
#include "tx_api.h"
#include "tx_thread.h"
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT link;
static FIRMWARE_SERVER server;
static TX_THREAD task;
static TX_MUTEX guard;
static UCHAR psk[] = "0123456789abcdef";
static UCHAR psk_id[] = "task";
static CHAR name[] = "guard";
static UINT started, received; /* statuses; 0xffff: not yet */
static UINT target;            /* the node to connect to */

static VOID work(ULONG input)
{
    NX_PACKET *packet;

    NX_PARAMETER_NOT_USED(input);
    FIRMWARE_IS(tx_mutex_get(&guard, TX_WAIT_FOREVER), TX_SUCCESS);
    FIRMWARE_IS(tx_mutex_put(&guard), TX_SUCCESS);
    started = firmware_client_connect(&link, target);
    if (started == NX_SUCCESS) {
        received = nx_secure_dtls_session_receive(&link.session, &packet,
                                                  NX_WAIT_FOREVER);
    }
}

static VOID run_task(UINT node)
{
    started = 0xffff;
    received = 0xffff;
    target = node;
    FIRMWARE_IS(tx_thread_reset(&task), TX_SUCCESS);
    FIRMWARE_IS(tx_thread_resume(&task), TX_SUCCESS);
    tx_thread_sleep(NX_IP_PERIODIC_RATE / 2);
}

static UINT state_of_task(VOID)
{
    UINT state = 99;

    FIRMWARE_IS(tx_thread_info_get(&task, TX_NULL, &state, TX_NULL, TX_NULL,
                                   TX_NULL, TX_NULL, TX_NULL, TX_NULL),
                TX_SUCCESS);
    return state;
}

static VOID hung_in_a_handshake(VOID)
{
    run_task(3); /* there is no such node */
    FIRMWARE_IS(started, 0xffff);
    FIRMWARE_IS(tx_thread_terminate(&task), TX_SUCCESS);
    FIRMWARE_IS(state_of_task(), TX_TERMINATED);
    FIRMWARE_OK(nx_secure_dtls_session_reset(&link.session));
}

static VOID ended_by_another(VOID)
{
    run_task(2);
    FIRMWARE_OK(started);
    FIRMWARE_IS(received, 0xffff);
    FIRMWARE_OK(nx_secure_dtls_session_end(&link.session, 10));
    tx_thread_sleep(1);
    FIRMWARE_IS(received, NX_WAIT_ABORTED);
    FIRMWARE_IS(state_of_task(), TX_COMPLETED);
}

static VOID wait_aborted(VOID)
{
    run_task(2);
    FIRMWARE_OK(started);
    FIRMWARE_IS(tx_thread_wait_abort(&task), TX_SUCCESS);
    tx_thread_sleep(1);
    FIRMWARE_TRUE(received != NX_SUCCESS && received != 0xffff);
    FIRMWARE_OK(nx_secure_dtls_session_end(&link.session, 10));
}

static VOID terminated_while_it_receives(VOID)
{
    run_task(2);
    FIRMWARE_OK(started);
    FIRMWARE_IS(tx_thread_terminate(&task), TX_SUCCESS);
    FIRMWARE_IS(received, 0xffff);
    FIRMWARE_OK(nx_secure_dtls_session_end(&link.session, 10));
    FIRMWARE_OK(nx_secure_dtls_session_reset(&link.session));
}

VOID firmware(VOID)
{
    UINT round;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, psk, 16, psk_id,
                                              4, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    firmware_client_create(&link, &device, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(
        nx_secure_dtls_psk_add(&link.session, psk, 16, psk_id, 4, NX_NULL, 0));
    FIRMWARE_IS(tx_mutex_create(&guard, name, TX_INHERIT), TX_SUCCESS);
    FIRMWARE_IS(tx_mutex_get(&guard, TX_NO_WAIT), TX_SUCCESS);
    firmware_thread(&task, work);
    tx_thread_sleep(1); /* it waits for the mutex */
    FIRMWARE_IS(tx_thread_terminate(&task), TX_SUCCESS);
    FIRMWARE_IS(tx_mutex_put(&guard), TX_SUCCESS);
    for (round = 0; round < 3; round++) {
        hung_in_a_handshake();
        ended_by_another();
        wait_aborted();
        terminated_while_it_receives();
    }
    run_task(2); /* after all that it works as ever */
    FIRMWARE_OK(started);
    FIRMWARE_IS(tx_thread_terminate(&task), TX_SUCCESS);
    FIRMWARE_OK(nx_secure_dtls_session_end(&link.session, 10));
    FIRMWARE_IS(tx_thread_delete(&task), TX_SUCCESS);
    FIRMWARE_IS(tx_mutex_delete(&guard), TX_SUCCESS);
    firmware_client_delete(&link);
    tx_thread_sleep(NX_IP_PERIODIC_RATE);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
