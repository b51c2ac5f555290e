/* SPDX-License-Identifier: MIT */
/* A device with three servers and one event loop: nothing waits.  The UDP
 * sockets' receive notifications and a timer set event flags, the loop takes
 * what is there.  One server restarts and forgets its sessions; the device
 * connects to it again. */
#include "tx_api.h"
#include "tx_event_flags.h"
#include "tx_timer.h"
#include "nx_api.h"
#include "nx_udp.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define SERVERS 3
#define TICK 0x100u
#define REPORTS 12

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, hosts[SERVERS];
static FIRMWARE_SERVER servers[SERVERS];
static FIRMWARE_CLIENT links[SERVERS];
static TX_EVENT_FLAGS_GROUP events;
static TX_TIMER timer;
static UINT answers[SERVERS];
static UINT lost;
static UCHAR psk[] = "0123456789abcdef";
static UCHAR psk_id[] = "hub";
static CHAR name[] = "hub";

static VOID on_datagram(NX_UDP_SOCKET *socket)
{
    UINT i;

    for (i = 0; i < SERVERS; i++) {
        if (socket == &links[i].socket) {
            FIRMWARE_IS(tx_event_flags_set(&events, 1u << i, TX_OR),
                        TX_SUCCESS);
        }
    }
}

static VOID on_tick(ULONG input)
{
    NX_PARAMETER_NOT_USED(input);
    FIRMWARE_IS(tx_event_flags_set(&events, TICK, TX_OR), TX_SUCCESS);
}

static VOID start_server(UINT i)
{
    firmware_server_create(&servers[i], &hosts[i], &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&servers[i].server, psk, 16,
                                              psk_id, 3, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&servers[i].server));
}

/* It says goodbye to its clients. */
static VOID restart_server(UINT i)
{
    UINT k;

    for (k = 0; k < 3; k++) {
        if (servers[i].slots[k].nx_secure_dtls_session_in_use) {
            /* The client answers in its loop. */
            FIRMWARE_IS(
                nx_secure_dtls_session_end(&servers[i].slots[k], NX_NO_WAIT),
                NX_NO_PACKET);
        }
    }
    firmware_server_delete(&servers[i]);
    start_server(i);
}

static VOID connect(UINT i)
{
    FIRMWARE_OK(firmware_client_connect(&links[i], i + 2));
}

/* All that has come from one server. */
static VOID take(UINT i)
{
    NX_PACKET *packet;
    UINT status;

    for (;;) {
        status = nx_secure_dtls_session_receive(&links[i].session, &packet,
                                                NX_NO_WAIT);
        if (status != NX_SUCCESS) {
            break;
        }
        answers[i]++;
        FIRMWARE_OK(nx_packet_release(packet));
    }
    if (status == NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
        lost++;
        FIRMWARE_OK(nx_secure_dtls_session_end(&links[i].session, NX_NO_WAIT));
        FIRMWARE_OK(nx_secure_dtls_session_reset(&links[i].session));
        connect(i);
    } else {
        FIRMWARE_IS(status, NX_NO_PACKET);
    }
}

static VOID loop(UINT reports)
{
    ULONG set = 0;
    UINT i;

    while (reports != 0) {
        FIRMWARE_IS(tx_event_flags_get(&events, TICK | 7u, TX_OR_CLEAR, &set,
                                       TX_WAIT_FOREVER),
                    TX_SUCCESS);
        for (i = 0; i < SERVERS; i++) {
            if ((set & (1u << i)) != 0) {
                take(i);
            }
        }
        if ((set & TICK) != 0) {
            reports--;
            for (i = 0; i < SERVERS; i++) {
                firmware_send(&device, &links[i].session, "tick");
            }
        }
    }
    tx_thread_sleep(5);
    for (i = 0; i < SERVERS; i++) {
        take(i);
    }
}

VOID firmware(VOID)
{
    UINT i;

    firmware_node_start(&device, 1);
    FIRMWARE_IS(tx_event_flags_create(&events, name), TX_SUCCESS);
    for (i = 0; i < SERVERS; i++) {
        firmware_node_start(&hosts[i], i + 2);
        start_server(i);
        firmware_client_create(&links[i], &device, &nx_crypto_tls_ciphers);
        FIRMWARE_OK(nx_secure_dtls_psk_add(&links[i].session, psk, 16, psk_id,
                                           3, NX_NULL, 0));
        connect(i);
        FIRMWARE_OK(
            nx_udp_socket_receive_notify(&links[i].socket, on_datagram));
    }
    FIRMWARE_IS(
        tx_timer_create(&timer, name, on_tick, 0, 10, 10, TX_AUTO_ACTIVATE),
        TX_SUCCESS);
    loop(REPORTS / 2);
    restart_server(1);
    loop(REPORTS / 2);
    FIRMWARE_IS(lost, 1);
    for (i = 0; i < SERVERS; i++) {
        FIRMWARE_IS(answers[i], REPORTS);
    }
    FIRMWARE_IS(tx_timer_delete(&timer), TX_SUCCESS);
    for (i = 0; i < SERVERS; i++) {
        firmware_client_delete(&links[i]);
        tx_thread_sleep(5);
        firmware_server_delete(&servers[i]);
        firmware_node_stop(&hosts[i]);
    }
    FIRMWARE_IS(tx_event_flags_delete(&events), TX_SUCCESS);
    firmware_node_stop(&device);
}
