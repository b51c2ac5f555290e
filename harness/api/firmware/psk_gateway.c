/* SPDX-License-Identifier: MIT */
/* A gateway that knows its sensors by their PSK identities and counts what
 * each of them reports; a stranger is refused. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define SENSORS 3

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE gateway, sensors[SENSORS];
static FIRMWARE_SERVER server;
static FIRMWARE_CLIENT clients[SENSORS];
static UCHAR keys[SENSORS][8];
static UCHAR ids[SENSORS][9] = {"sensor-a", "sensor-b", "sensor-c"};
static UCHAR hint[] = "site 7";
static UINT reports[SENSORS];

/* The number of the sensor at the other end of a session. */
static UINT sensor_of(NX_SECURE_DTLS_SESSION *session)
{
    const NX_SECURE_TLS_CREDENTIALS *c =
        &session->nx_secure_dtls_tls_session.nx_secure_tls_credentials;
    UINT i;

    for (i = 0; i < SENSORS; i++) {
        if (c->nx_secure_tls_remote_psk_id_size == 8 &&
            memcmp(c->nx_secure_tls_remote_psk_id, ids[i], 8) == 0) {
            break;
        }
    }
    return i;
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    UINT i = sensor_of(session);
    NX_PACKET *packet;

    FIRMWARE_TRUE(i < SENSORS);
    if (nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT) ==
        NX_SUCCESS) {
        reports[i]++;
        FIRMWARE_OK(nx_packet_release(packet));
        return NX_SUCCESS;
    }
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static VOID start_sensor(UINT i)
{
    NX_SECURE_DTLS_SESSION *s = &clients[i].session;

    firmware_client_create(&clients[i], &sensors[i], &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(s, keys[i], sizeof keys[i], ids[i], 8,
                                       hint, 6));
}

VOID firmware(VOID)
{
    UINT i;

    firmware_node_start(&gateway, 9);
    firmware_server_create(&server, &gateway, &nx_crypto_tls_ciphers,
                           on_receive);
    for (i = 0; i < SENSORS; i++) {
        firmware_node_start(&sensors[i], i + 1);
        memset(keys[i], (int)(0x21 + i), sizeof keys[i]);
        if (i != 2) { /* the third one is a stranger */
            FIRMWARE_OK(nx_secure_dtls_server_psk_add(
                &server.server, keys[i], sizeof keys[i], ids[i], 8, hint, 6));
        }
    }
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    for (i = 0; i < SENSORS; i++) {
        start_sensor(i);
        FIRMWARE_IS(firmware_client_connect(&clients[i], 9),
                    i == 2 ? NX_SECURE_TLS_ALERT_RECEIVED : NX_SUCCESS);
    }
    FIRMWARE_IS(clients[2]
                    .session.nx_secure_dtls_tls_session
                    .nx_secure_tls_received_alert_value,
                NX_SECURE_TLS_ALERT_UNKNOWN_PSK_IDENTITY);
    firmware_send(&sensors[0], &clients[0].session, "20");
    firmware_send(&sensors[1], &clients[1].session, "30");
    firmware_send(&sensors[0], &clients[0].session, "21");
    tx_thread_sleep(10);
    FIRMWARE_IS(reports[0], 2);
    FIRMWARE_IS(reports[1], 1);
    for (i = 0; i < SENSORS; i++) {
        firmware_client_delete(&clients[i]);
    }
    firmware_server_delete(&server);
    firmware_node_stop(&gateway);
    for (i = 0; i < SENSORS; i++) {
        firmware_node_stop(&sensors[i]);
    }
}
