/* SPDX-License-Identifier: MIT */
/* Sensors whose whole life is connect, send, close, and a collector with one
 * worker thread, to which the notifications hand the sessions in a queue. */
#include "tx_api.h"
#include "tx_queue.h"
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "firmware.h"

#define SLOTS 2
#define SENSORS 7
#define JOBS 16
#define CONNECTED 1
#define RECEIVED 2

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

/* What the IP thread tells the worker. */
typedef union JOB_UNION {
    struct {
        NX_SECURE_DTLS_SESSION *session;
        UINT what;
    } is;
    ULONG words[4];
} JOB;

static FIRMWARE_NODE field, office;
static FIRMWARE_CLIENT sensor;
static NX_SECURE_DTLS_SERVER collector;
static UCHAR sessions[SLOTS * sizeof(NX_SECURE_DTLS_SESSION)];
static UCHAR crypto_metadata[SLOTS * 9000];
static UCHAR packet_buffer[SLOTS * 4000];
static TX_QUEUE jobs;
static ULONG job_memory[JOBS * 4];
static TX_THREAD worker;
static UINT sends, starts, reports, ends, errors;
static ULONG sum;
static UCHAR psk[] = {0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f};
static UCHAR psk_id[] = "field";
static CHAR name[] = "collector";

static VOID on_queue_send(TX_QUEUE *queue_ptr)
{
    TX_PARAMETER_NOT_USED(queue_ptr);
    sends++;
}

static UINT hand_over(NX_SECURE_DTLS_SESSION *session, UINT what)
{
    JOB job;

    memset(&job, 0, sizeof(job));
    job.is.session = session;
    job.is.what = what;
    return tx_queue_send(&jobs, &job, TX_NO_WAIT) == TX_SUCCESS
               ? NX_SUCCESS
               : NX_NOT_SUCCESSFUL;
}

static UINT on_connect(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                       UINT port)
{
    FIRMWARE_IS(ip->nxd_ip_version, NX_IP_VERSION_V4);
    FIRMWARE_TRUE(port >= NX_SEARCH_PORT_START);
    return hand_over(session, CONNECTED);
}

static UINT on_receive(NX_SECURE_DTLS_SESSION *session)
{
    return hand_over(session, RECEIVED);
}

static UINT on_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    NX_PARAMETER_NOT_USED(session);
    printf("error_notify: 0x%x\n", error_code);
    errors++;
    return NX_SUCCESS;
}

/* Takes one report, or the end of the session. */
static VOID take(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet;
    UCHAR value[4];
    ULONG bytes;
    UINT status = nx_secure_dtls_session_receive(session, &packet, NX_NO_WAIT);

    if (status == NX_SUCCESS) {
        FIRMWARE_OK(nx_packet_data_retrieve(packet, value, &bytes));
        FIRMWARE_IS(bytes, sizeof(value));
        sum += ((ULONG)value[0] << 24) | ((ULONG)value[1] << 16) |
               ((ULONG)value[2] << 8) | value[3];
        reports++;
        nx_packet_release(packet);
        return;
    }
    FIRMWARE_IS(status, NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    ends++;
    FIRMWARE_OK(nx_secure_dtls_session_end(session, NX_NO_WAIT));
    FIRMWARE_OK(nx_secure_dtls_session_reset(session));
}

static VOID work(ULONG input)
{
    JOB job;

    NX_PARAMETER_NOT_USED(input);
    while (tx_queue_receive(&jobs, &job, TX_WAIT_FOREVER) == TX_SUCCESS) {
        if (job.is.what == CONNECTED) {
            FIRMWARE_OK(nx_secure_dtls_server_session_start(
                job.is.session, 5 * NX_IP_PERIODIC_RATE));
            starts++;
        } else {
            take(job.is.session);
        }
    }
}

/* Awake, report, asleep again. */
static VOID live(ULONG value)
{
    NXD_ADDRESS server = firmware_address(2);
    NX_PACKET *packet;

    firmware_client_create(&sensor, &field, &nx_crypto_tls_ciphers);
    FIRMWARE_OK(nx_secure_dtls_psk_add(&sensor.session, psk, sizeof(psk),
                                       psk_id, 5, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_client_session_start(
        &sensor.session, &sensor.socket, &server, FIRMWARE_PORT,
        5 * NX_IP_PERIODIC_RATE));
    FIRMWARE_OK(nx_secure_dtls_packet_allocate(&sensor.session, &field.pool,
                                               &packet, NX_NO_WAIT));
    NX_CHANGE_ULONG_ENDIAN(value);
    FIRMWARE_OK(nx_packet_data_append(packet, &value, sizeof(value),
                                      &field.pool, NX_NO_WAIT));
    FIRMWARE_OK(nx_secure_dtls_client_session_send(&sensor.session, packet));
    FIRMWARE_OK(nx_secure_dtls_session_end(&sensor.session, NX_NO_WAIT));
    FIRMWARE_OK(nx_secure_dtls_session_delete(&sensor.session));
    firmware_socket_close(&sensor.socket);
}

static VOID start_collector(VOID)
{
    FIRMWARE_IS(tx_queue_create(&jobs, name, TX_4_ULONG, job_memory,
                                sizeof(job_memory)),
                TX_SUCCESS);
    FIRMWARE_IS(tx_queue_send_notify(&jobs, on_queue_send), TX_SUCCESS);
    FIRMWARE_OK(nx_secure_dtls_server_create(
        &collector, &office.ip, FIRMWARE_PORT, NX_IP_PERIODIC_RATE, sessions,
        sizeof(sessions), &nx_crypto_tls_ciphers, crypto_metadata,
        sizeof(crypto_metadata), packet_buffer, sizeof(packet_buffer),
        on_connect, on_receive));
    FIRMWARE_OK(
        nx_secure_dtls_server_notify_set(&collector, NX_NULL, on_error));
    FIRMWARE_OK(nx_secure_dtls_server_psk_add(&collector, psk, sizeof(psk),
                                              psk_id, 5, NX_NULL, 0));
    FIRMWARE_OK(nx_secure_dtls_server_start(&collector));
    firmware_thread(&worker, work);
}

VOID firmware(VOID)
{
    CHAR *queue_name = TX_NULL;
    ULONG enqueued = 99;
    ULONG available = 0;
    UINT i;

    FIRMWARE_TRUE(sizeof(JOB) == 4 * sizeof(ULONG));
    firmware_node_start(&field, 1);
    firmware_node_start(&office, 2);
    start_collector();
    for (i = 1; i <= SENSORS; i++) {
        live(i * 0x01020304);
    }
    tx_thread_sleep(2 * NX_IP_PERIODIC_RATE);
    FIRMWARE_IS(starts, SENSORS);
    FIRMWARE_IS(reports, SENSORS);
    FIRMWARE_IS(ends, SENSORS);
    FIRMWARE_IS(errors, 0);
    FIRMWARE_IS(sum, 28 * 0x01020304);
    FIRMWARE_IS(sends, 3 * SENSORS);
    FIRMWARE_IS(tx_queue_info_get(&jobs, &queue_name, &enqueued, &available,
                                  TX_NULL, TX_NULL, TX_NULL),
                TX_SUCCESS);
    FIRMWARE_TRUE(queue_name == name);
    FIRMWARE_IS(enqueued, TX_NO_MESSAGES);
    FIRMWARE_IS(available, JOBS);
    FIRMWARE_IS(tx_thread_terminate(&worker), TX_SUCCESS);
    FIRMWARE_IS(tx_thread_delete(&worker), TX_SUCCESS);
    FIRMWARE_IS(tx_queue_delete(&jobs), TX_SUCCESS);
    FIRMWARE_OK(nx_secure_dtls_server_stop(&collector));
    FIRMWARE_OK(nx_secure_dtls_server_delete(&collector));
    firmware_node_stop(&field);
    firmware_node_stop(&office);
}
