/* SPDX-License-Identifier: MIT */
/* Workers that share one entry function and get their contexts by pointer, a
 * timer with a context, and a semaphore whose tellings are told: the way in
 * which drivers written as C++-like objects use ThreadX. */
#include "tx_api.h"
#include "tx_timer.h"
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define WORKERS 2

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

typedef struct WORKER_STRUCT {
    TX_THREAD thread;
    UCHAR stack[4096];
    FIRMWARE_NODE node;
    FIRMWARE_CLIENT client;
    UINT number;
    UINT rounds;
} WORKER;

static WORKER workers[WORKERS];
static FIRMWARE_NODE host;
static FIRMWARE_SERVER server;
static TX_TIMER beat;
static TX_SEMAPHORE ended;
static UINT beats, tellings, exits;
static UCHAR key[] = {0x61, 0x62, 0x63, 0x64};
static UCHAR identity[] = "worker";
static CHAR name[] = "worker";

static VOID on_beat(ULONG input)
{
    UINT *counter;

    NX_TIMER_EXTENSION_PTR_GET(counter, UINT, input)
    (*counter)++;
}

static VOID on_put(TX_SEMAPHORE *semaphore_ptr)
{
    NX_PARAMETER_NOT_USED(semaphore_ptr);
    tellings++;
}

static VOID on_end(TX_THREAD *thread_ptr, UINT condition)
{
    NX_PARAMETER_NOT_USED(thread_ptr);
    exits += condition == TX_THREAD_EXIT;
}

static VOID work(ULONG input)
{
    WORKER *self;

    NX_THREAD_EXTENSION_PTR_GET(self, WORKER, input)
    FIRMWARE_TRUE(tx_thread_identify() == &self->thread);
    firmware_client_create(&self->client, &self->node, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_tls_client_psk_set(
        &self->client.session.nx_secure_dtls_tls_session, key, sizeof key,
        identity, 6, NX_NULL, 0));
    FIRMWARE_OK(firmware_client_connect(&self->client, 9));
    while (self->rounds < 3) {
        firmware_client_echo(&self->client, self->number == 0 ? "a" : "b");
        self->rounds++;
        tx_thread_sleep(10);
    }
    firmware_client_delete(&self->client);
    tx_semaphore_put(&ended);
}

static VOID start_worker(UINT i)
{
    WORKER *w = &workers[i];

    w->number = i;
    firmware_node_start(&w->node, i + 1);
    FIRMWARE_IS(tx_thread_create(&w->thread, name, work, i, w->stack,
                                 sizeof w->stack, 12, 12, TX_NO_TIME_SLICE,
                                 TX_DONT_START),
                TX_SUCCESS);
    FIRMWARE_IS(tx_thread_entry_exit_notify(&w->thread, on_end), TX_SUCCESS);
    NX_THREAD_EXTENSION_PTR_SET(&w->thread, w);
    FIRMWARE_IS(tx_thread_resume(&w->thread), TX_SUCCESS);
}

VOID firmware(VOID)
{
    ULONG remaining = 0;
    UINT i;

    FIRMWARE_IS(tx_semaphore_create(&ended, name, 0), TX_SUCCESS);
    FIRMWARE_IS(tx_semaphore_put_notify(&ended, on_put), TX_SUCCESS);
    FIRMWARE_IS(tx_timer_create(&beat, name, on_beat, 0, 5, 5, TX_NO_ACTIVATE),
                TX_SUCCESS);
    NX_TIMER_EXTENSION_PTR_SET(&beat, &beats);
    FIRMWARE_IS(tx_timer_activate(&beat), TX_SUCCESS);
    firmware_node_start(&host, 9);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&server.server, key, sizeof key,
                                              identity, 6, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    for (i = 0; i < WORKERS; i++) {
        start_worker(i);
    }
    for (i = 0; i < WORKERS; i++) {
        FIRMWARE_IS(tx_semaphore_get(&ended, 1000), TX_SUCCESS);
    }
    FIRMWARE_IS(tx_timer_info_get(&beat, TX_NULL, TX_NULL, &remaining, TX_NULL,
                                  TX_NULL),
                TX_SUCCESS);
    FIRMWARE_TRUE(remaining >= 1 && remaining <= 5);
    tx_thread_sleep(1);
    FIRMWARE_IS(tellings, WORKERS);
    FIRMWARE_IS(exits, WORKERS);
    FIRMWARE_TRUE(beats >= 5);
    FIRMWARE_IS(tx_timer_delete(&beat), TX_SUCCESS);
    firmware_server_delete(&server);
    for (i = 0; i < WORKERS; i++) {
        FIRMWARE_IS(workers[i].rounds, 3);
        firmware_node_stop(&workers[i].node);
    }
    firmware_node_stop(&host);
}
