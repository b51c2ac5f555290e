/* SPDX-License-Identifier: MIT */
/* The sample applications of docs/examples, sensor and gateway, both on one
 * RAM wire in virtual time; every fifth datagram is lost. */
#include "../unit/nx_secure/pki_kit.h"

#include "../../docs/examples/board.h"

#define PAYLOAD 1536
#define PACKETS 64
#define READINGS 20

static BOARD sensor_board;
static BOARD gateway_board;
static ALIGN_TYPE pool_memory[2][PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
static CHAR name[] = "samples";
static INT sent[READINGS];
static INT taken[READINGS];
static UINT num_sent;
static UINT num_taken;
static UINT problems;
static UINT last_problem;
static UINT datagrams;
static UINT lose_every;
static TX_SEMAPHORE ends;

static VOID on_sent(INT value)
{
    sent[num_sent++ % READINGS] = value;
}

static VOID on_taken(INT value)
{
    taken[num_taken++ % READINGS] = value;
}

static VOID on_problem(UINT status)
{
    problems++;
    last_problem = status;
}

static VOID on_done(UINT status)
{
    expect_eq(status, NX_SUCCESS);
    expect_eq(tx_semaphore_put(&ends), TX_SUCCESS);
}

static VOID refused(UINT status)
{
    expect_eq(status, NX_SECURE_TLS_ALERT_RECEIVED);
    expect_eq(tx_semaphore_put(&ends), TX_SUCCESS);
}

static VOID lossy_receive(NX_IP *ip, NX_PACKET *packet)
{
    datagrams++;
    if (lose_every != 0 && datagrams % lose_every == 0) {
        nx_packet_release(packet);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

static VOID load(BOARD_DER *der, const char *file)
{
    const struct pki_file *f = pki(file);

    expect(f->len <= sizeof der->data);
    memcpy(der->data, f->bytes, sizeof der->data);
    der->length = f->len;
}

static VOID make_board(BOARD *b, ALIGN_TYPE *memory, ULONG address,
                       const char *certificate, const char *key)
{
    memset(b, 0, sizeof *b);
    kit_ip_start(&b->ip, &b->pool, PAYLOAD, memory, sizeof pool_memory[0],
                 _nx_ram_network_driver_1500, address);
    b->ip.nx_ip_udp_packet_receive = lossy_receive;
    b->gateway.nxd_ip_version = NX_IP_VERSION_V4;
    b->gateway.nxd_ip_address.v4 = IP_ADDRESS(10, 0, 0, 2);
    b->port = 5684;
    b->readings = READINGS;
    b->done = on_done;
    load(&b->ca, "root.der");
    load(&b->certificate, certificate);
    load(&b->key, key);
}

static VOID start(const char *sensor_certificate, const char *sensor_key)
{
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    expect_eq(tx_semaphore_create(&ends, name, 0), TX_SUCCESS);
    num_sent = 0;
    num_taken = 0;
    problems = 0;
    datagrams = 0;
    make_board(&sensor_board, pool_memory[0], IP_ADDRESS(10, 0, 0, 1),
               sensor_certificate, sensor_key);
    make_board(&gateway_board, pool_memory[1], IP_ADDRESS(10, 0, 0, 2),
               "rsa.der", "rsa.key.der");
    sensor_board.reading = on_sent;
    gateway_board.reading = on_taken;
    gateway_board.problem = on_problem;
    sensor_start(&sensor_board); /* first: it has to try again */
    tx_thread_sleep(50);
    gateway_start(&gateway_board);
}

static VOID readings_body(ULONG input)
{
    (void)input;
    lose_every = 5;
    start("client-rsa.der", "client-rsa.key.der");
    expect_eq(tx_semaphore_get(&ends, 100000), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&ends, 100000), TX_SUCCESS);
    expect_eq(num_sent, READINGS);
    expect_eq(num_taken, READINGS);
    expect(memcmp(sent, taken, sizeof sent) == 0);
    expect_eq(problems, 0);
    expect(datagrams > 2 * READINGS);
    tx_thread_sleep(1); /* The last thread returns. */
    kit_ip_finish(&sensor_board.ip, &sensor_board.pool);
    kit_ip_finish(&gateway_board.ip, &gateway_board.pool);
    nxdtls_port_stop();
}

static void every_reading_arrives_once_though_datagrams_are_lost(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, readings_body);
}

/* Not of the gateway's CA: it gets nowhere, the gateway goes on. */
static VOID stranger_body(ULONG input)
{
    (void)input;
    lose_every = 0;
    start("other-client.der", "other-client.key.der");
    sensor_board.done = refused;
    expect_eq(tx_semaphore_get(&ends, 100000), TX_SUCCESS);
    expect_eq(num_sent, 0);
    expect_eq(num_taken, 0);
    expect_eq(problems, 5); /* The sensor tries so often. */
    expect_eq(last_problem, NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    expect_eq(tx_semaphore_get(&ends, 1000), TX_NO_INSTANCE);
    nxdtls_port_stop();
}

static void a_stranger_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, stranger_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reading_arrives_once_though_datagrams_are_lost),
        cmocka_unit_test(a_stranger_is_refused),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
