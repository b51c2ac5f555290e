/* SPDX-License-Identifier: MIT */
/* A server whose clients' keys are made from a master secret and the client's
 * identity: more clients than any list of keys holds, some of them locked out.
 * The handshakes go on without a thread. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "firmware.h"

#define CLIENTS 9
#define LOCKED 4

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern NX_CRYPTO_METHOD crypto_method_hmac_sha256;

static FIRMWARE_NODE street, office;
static FIRMWARE_CLIENT client;
static FIRMWARE_SERVER server;
static UCHAR master[] = "the master secret of the factory";
static UINT lookups, complete, failed, last_status, last_error;

/* The key of an identity: HMAC-SHA256 with the factory's method. */
static UINT derive(UCHAR *identity, UINT length, UCHAR *key)
{
    static UCHAR metadata[2048];
    NX_CRYPTO_METHOD *hmac = &crypto_method_hmac_sha256;
    VOID *handler = NX_NULL;
    UINT status;

    status = hmac->nx_crypto_init(hmac, master, 8 * (sizeof(master) - 1),
                                  &handler, metadata, sizeof(metadata));
    if (status == NX_CRYPTO_SUCCESS) {
        status = hmac->nx_crypto_operation(
            NX_CRYPTO_AUTHENTICATE, handler, hmac, master,
            8 * (sizeof(master) - 1), identity, length, NX_NULL, key, 32,
            metadata, sizeof(metadata), NX_NULL, NX_NULL);
    }
    if (hmac->nx_crypto_cleanup != NX_NULL) {
        hmac->nx_crypto_cleanup(metadata);
    }
    return status;
}

static UINT lookup(NX_SECURE_DTLS_SESSION *session, const UCHAR *identity,
                   UINT identity_length, UCHAR *key, UINT *key_length)
{
    UCHAR name[NX_SECURE_TLS_MAX_PSK_ID_SIZE];

    NX_PARAMETER_NOT_USED(session);
    lookups++;
    if (identity_length != 8 || identity[7] == '0' + LOCKED) {
        return NX_NOT_FOUND;
    }
    memcpy(name, identity, identity_length);
    *key_length = 32;
    return derive(name, identity_length, key);
}

static UINT on_handshake(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    NX_PARAMETER_NOT_USED(session);
    last_status = status;
    complete += status == NX_SUCCESS;
    failed += status != NX_SUCCESS;
    return NX_SUCCESS;
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    NX_PARAMETER_NOT_USED(session);
    last_error = error_code;
    return NX_SUCCESS;
}

static UINT talk(const CHAR *identity, const UCHAR *key, UINT key_length)
{
    UCHAR id[16];
    UINT length = 0;
    UINT status;

    FIRMWARE_OK(_nx_utility_string_length_check((CHAR *)(ALIGN_TYPE)identity,
                                                &length, sizeof(id)));
    memcpy(id, identity, length);
    firmware_client_create(&client, &street, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&client.session,
                                       (UCHAR *)(ALIGN_TYPE)key, key_length,
                                       id, length, NX_NULL, 0));
    status = firmware_client_connect(&client, 2);
    if (status == NX_SUCCESS) {
        firmware_client_echo(&client, identity);
    }
    firmware_client_delete(&client);
    tx_thread_sleep(10);
    return status;
}

VOID firmware(VOID)
{
    CHAR identity[] = "client-?";
    UCHAR key[32];
    UINT i;

    firmware_node_start(&street, 1);
    firmware_node_start(&office, 2);
    FIRMWARE_TRUE(CLIENTS > NX_SECURE_TLS_MAX_PSK_KEYS);
    firmware_server_create(&server, &office, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(
        nx_secure_dtls_server_notify_set(&server.server, NX_NULL, on_error));
    FIRMWARE_OK(nxdtls_server_psk_lookup_set(&server.server, lookup));
    FIRMWARE_OK(
        nxdtls_server_handshake_notify_set(&server.server, on_handshake));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    for (i = 0; i < CLIENTS; i++) {
        identity[7] = (CHAR)('0' + i);
        FIRMWARE_OK(derive((UCHAR *)identity, 8, key));
        FIRMWARE_IS(talk(identity, key, sizeof(key)),
                    i == LOCKED ? NX_SECURE_TLS_ALERT_RECEIVED : NX_SUCCESS);
    }
    FIRMWARE_IS(lookups, CLIENTS);
    FIRMWARE_IS(complete, CLIENTS - 1);
    FIRMWARE_IS(failed, 1);
    FIRMWARE_IS(last_error, NX_SECURE_TLS_NO_MATCHING_PSK);

    /* A wrong key is silence until the client gives up. */
    key[0] ^= 1;
    FIRMWARE_IS(talk(identity, key, sizeof(key)), NX_NO_PACKET);
    firmware_server_delete(&server);
    firmware_node_stop(&street);
    firmware_node_stop(&office);
}
