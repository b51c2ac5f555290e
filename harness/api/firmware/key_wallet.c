/* SPDX-License-Identifier: MIT */
/* A device that has a wallet of pre-shared keys: each with the hint of the
 * server that it is for, more of them than a session takes, one replaced while
 * the device runs, one for a server without a hint. */
#include "nx_api.h"
#include "nx_secure_tls_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

static FIRMWARE_NODE device, host;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static UCHAR keys[NX_SECURE_TLS_MAX_PSK_KEYS + 1][16];
static CHAR ids[NX_SECURE_TLS_MAX_PSK_KEYS + 1][16];
static CHAR hints[NX_SECURE_TLS_MAX_PSK_KEYS + 1][16];

static VOID make_wallet(VOID)
{
    UINT i;
    UINT k;

    for (i = 0; i <= NX_SECURE_TLS_MAX_PSK_KEYS; i++) {
        snprintf(ids[i], sizeof(ids[i]), "device at %u", i);
        snprintf(hints[i], sizeof(hints[i]), "plant %u", i);
        for (k = 0; k < sizeof(keys[i]); k++) {
            keys[i][k] = (UCHAR)(i * 16 + k);
        }
    }
}

static UINT client_add(UINT i)
{
    return nx_secure_dtls_psk_add(&client.session, keys[i], sizeof(keys[i]),
                                  (UCHAR *)ids[i], (UINT)strlen(ids[i]),
                                  (UCHAR *)hints[i], (UINT)strlen(hints[i]));
}

/* The server of plant i knows the one key and gives the hint. */
static VOID start_plant(UINT i, UINT with_hint)
{
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(
        &server.server, keys[i], sizeof(keys[i]), (UCHAR *)ids[i],
        (UINT)strlen(ids[i]), with_hint ? (UCHAR *)hints[i] : NX_NULL,
        with_hint ? (UINT)strlen(hints[i]) : 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
}

static UINT visit(VOID)
{
    UINT status;

    FIRMWARE_OK(nx_secure_dtls_session_reset(&client.session));
    status = firmware_client_connect(&client, 2);
    if (status == NX_SUCCESS) {
        firmware_client_echo(&client, "visit");
        FIRMWARE_OK(nx_secure_dtls_session_end(&client.session, 100));
    }
    tx_thread_sleep(NX_IP_PERIODIC_RATE);
    firmware_server_delete(&server);
    return status;
}

VOID firmware(VOID)
{
    UINT i;
    UINT level = 9;
    UINT value = 9;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    make_wallet();
    firmware_client_create(&client, &device, &nx_crypto_tls_ciphers);
    for (i = 0; i < NX_SECURE_TLS_MAX_PSK_KEYS; i++) {
        FIRMWARE_OK(client_add(i));
    }
    FIRMWARE_IS(client_add(i), NX_SECURE_TLS_NO_MORE_PSK_SPACE);
    for (i = 0; i < NX_SECURE_TLS_MAX_PSK_KEYS; i++) {
        start_plant(i, NX_TRUE);
        FIRMWARE_OK(visit());
    }
    /* Without a hint the client takes its first key. */
    start_plant(0, NX_FALSE);
    FIRMWARE_OK(visit());
    start_plant(1, NX_FALSE);
    FIRMWARE_TRUE(visit() != NX_SUCCESS);
    FIRMWARE_OK(nx_secure_tls_session_alert_value_get(
        &client.session.nx_secure_dtls_tls_session, &level, &value));
    FIRMWARE_IS(level, NX_SECURE_TLS_ALERT_LEVEL_FATAL);
    FIRMWARE_IS(value, NX_SECURE_TLS_ALERT_UNKNOWN_PSK_IDENTITY);
    /* The one key that the TLS service sets goes before. */
    FIRMWARE_OK(nx_secure_tls_client_psk_set(
        &client.session.nx_secure_dtls_tls_session, keys[1], sizeof(keys[1]),
        (UCHAR *)ids[1], (UINT)strlen(ids[1]), NX_NULL, 0));
    start_plant(1, NX_FALSE);
    FIRMWARE_OK(visit());
    firmware_client_delete(&client);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
