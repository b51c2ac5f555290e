/* SPDX-License-Identifier: MIT */
/* The kernel and the wires of NetX ends (sut/netx_kernel.h). */
#include "sut/netx_kernel.h"

#include <assert.h>
#include <string.h>

#define PLAY_PRIORITY 31 /* the lowest */
#define WIRES_MAX 2
#define QUEUE_MAX 128

static void (*body)(void *self);
static void *body_self;
static TX_THREAD play_thread;
static TX_SEMAPHORE said; /* a datagram has reached the world's side */
static struct sut_wires *open_wires[WIRES_MAX];
static ULONG64 start; /* the tick that is 0 ms of the network's clock */
static UCHAR
    stack[TX_MINIMUM_STACK]; /* this port records it and does not use it */
static CHAR name[] = "lab";

static VOID play_entry(ULONG unused)
{
    (void)unused;
    body(body_self);
    nxdtls_port_stop();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    UINT status = tx_semaphore_create(&said, name, 0);

    (void)first_unused_memory;
    assert(status == TX_SUCCESS);
    nx_system_initialize();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    status = tx_thread_create(&play_thread, name, play_entry, 0, stack,
                              sizeof stack, PLAY_PRIORITY, PLAY_PRIORITY,
                              TX_NO_TIME_SLICE, TX_AUTO_START);
    assert(status == TX_SUCCESS);
}

void sut_kernel_run(void (*run)(void *self), void *self)
{
    UINT status = nxdtls_port_mode_set(NXDTLS_PORT_VIRTUAL);

    assert(status == TX_SUCCESS);
    body = run;
    body_self = self;
    tx_kernel_enter();
}

static uint64_t now_ms(void)
{
    return (nxdtls_port_time_get() - start) * SUT_KERNEL_MS_PER_TICK;
}

uint64_t sut_kernel_sleep(struct sut *sut, uint64_t until)
{
    uint64_t now = now_ms();
    uint64_t ticks;

    (void)sut; /* every end lives in the one kernel */
    if (until <= now) {
        return until; /* a tick is longer than a millisecond */
    }
    ticks =
        (until - now + SUT_KERNEL_MS_PER_TICK - 1) / SUT_KERNEL_MS_PER_TICK;
    while (tx_semaphore_get(&said, TX_NO_WAIT) == TX_SUCCESS) {
    }
    if (ticks >= TX_WAIT_FOREVER) {
        ticks = TX_WAIT_FOREVER - 1;
    }
    (void)tx_semaphore_get(&said, (ULONG)ticks);
    return now_ms();
}

void sut_kernel_flush(struct sut *sut)
{
    (void)sut;
    for (int i = 0; i < WIRES_MAX; i++) {
        if (open_wires[i] != NULL) {
            sut_wires_flush(open_wires[i]);
        }
    }
}

static VOID on_datagram(NX_UDP_SOCKET *socket)
{
    (void)socket;
    (void)tx_semaphore_put(&said);
}

static void open_ip(struct sut_host_ip *host, NXD_ADDRESS *address)
{
    UINT status = nx_packet_pool_create(&host->pool, name, SUT_KERNEL_PAYLOAD,
                                        host->memory, sizeof host->memory);

    assert(status == NX_SUCCESS);
    status = nx_ip_create(&host->ip, name, address->nxd_ip_address.v4,
                          0xFFFFFF00u, &host->pool, _nx_ram_network_driver,
                          stack, sizeof stack, 1);
    assert(status == NX_SUCCESS);
    status = nx_udp_enable(&host->ip);
    assert(status == NX_SUCCESS);
}

static unsigned close_ip(struct sut_host_ip *host)
{
    UINT status = nx_ip_delete(&host->ip);
    ULONG out =
        host->pool.nx_packet_pool_total - host->pool.nx_packet_pool_available;

    assert(status == NX_SUCCESS);
    (void)nx_packet_pool_delete(&host->pool);
    return (unsigned)out;
}

static NXD_ADDRESS address(enum sut_role role, ULONG last)
{
    NXD_ADDRESS a = {.nxd_ip_version = NX_IP_VERSION_V4};

    a.nxd_ip_address.v4 = IP_ADDRESS(10, 0, role == SUT_CLIENT ? 1 : 2, last);
    return a;
}

void sut_wires_open(struct sut_wires *wires, struct sut *sut, uint64_t now)
{
    enum sut_role role = sut->setup.role;
    UINT port = role == SUT_CLIENT ? SUT_SERVER_PORT : SUT_CLIENT_PORT;

    if (open_wires[0] == NULL && open_wires[1] == NULL) {
        /* It may wrap, and the difference is right nevertheless. */
        start = nxdtls_port_time_get() - now / SUT_KERNEL_MS_PER_TICK;
    }
    wires->sut = sut;
    wires->own_address = address(role, 1);
    wires->world_address = address(role, 2);
    wires->own_port = role == SUT_CLIENT ? SUT_CLIENT_PORT : SUT_SERVER_PORT;
    open_ip(&wires->own, &wires->own_address);
    open_ip(&wires->world, &wires->world_address);
    for (UINT i = 0; i < 2; i++) {
        NX_UDP_SOCKET *socket = &wires->sockets[i];
        UINT status = nx_udp_socket_create(&wires->world.ip, socket, name,
                                           NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                           NX_IP_TIME_TO_LIVE, QUEUE_MAX);

        assert(status == NX_SUCCESS);
        status = nx_udp_socket_bind(socket, port + i, NX_NO_WAIT);
        assert(status == NX_SUCCESS);
        (void)nx_udp_socket_receive_notify(socket, on_datagram);
    }
    open_wires[role] = wires;
}

unsigned sut_wires_close(struct sut_wires *wires)
{
    open_wires[wires->sut->setup.role] = NULL;
    for (int i = 0; i < 2; i++) {
        (void)nx_udp_socket_unbind(&wires->sockets[i]);
        (void)nx_udp_socket_delete(&wires->sockets[i]);
    }
    (void)close_ip(&wires->world);
    return close_ip(&wires->own);
}

void sut_wires_deliver(struct sut_wires *wires, struct dtls_bytes datagram,
                       uint32_t from)
{
    UCHAR copy[SUT_KERNEL_PAYLOAD]; /* NetX takes no const */
    NX_PACKET *packet;
    UINT status;

    if (datagram.len > sizeof copy) {
        return; /* lost, as on any wire that is too narrow */
    }
    status = nx_packet_allocate(&wires->world.pool, &packet, NX_UDP_PACKET,
                                NX_NO_WAIT);
    assert(status == NX_SUCCESS);
    if (datagram.len != 0) {
        memcpy(copy, datagram.data, datagram.len);
        status = nx_packet_data_append(packet, copy, (ULONG)datagram.len,
                                       &wires->world.pool, NX_NO_WAIT);
        assert(status == NX_SUCCESS);
    }
    status = nxd_udp_socket_send(&wires->sockets[from], packet,
                                 &wires->own_address, wires->own_port);
    if (status != NX_SUCCESS) {
        (void)nx_packet_release(packet);
    }
    sut_wires_flush(wires);
}

void sut_wires_flush(struct sut_wires *wires)
{
    const struct sut_host *host = &wires->sut->setup.host;
    UCHAR bytes[SUT_KERNEL_PAYLOAD];
    NX_PACKET *packet;
    ULONG len;

    for (int i = 0; i < 2; i++) {
        while (nx_udp_socket_receive(&wires->sockets[i], &packet,
                                     NX_NO_WAIT) == NX_SUCCESS) {
            len = 0;
            (void)nx_packet_data_extract_offset(packet, 0, bytes, sizeof bytes,
                                                &len);
            (void)nx_packet_release(packet);
            wires->sut->to = i == 0 ? SUT_HOME : SUT_OTHER_PORT;
            host->send(host->self, dtls_bytes_of(bytes, len));
        }
    }
}
