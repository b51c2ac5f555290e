/* SPDX-License-Identifier: MIT */
/* posix_main.c: a host as the board of the examples.  It has a real UDP
 * socket, reads credentials from files and prints readings to stdout.  It is
 * built with -DSENSOR or -DGATEWAY.
 *
 *   sensor  ADDRESS PORT READINGS CA.der CERTIFICATE.der KEY.der
 *   gateway ADDRESS PORT READINGS CA.der CERTIFICATE.der KEY.der
 *
 * ADDRESS is the IPv4 address of the gateway.  The gateway prints "ready" once
 * it listens. */
#include "board.h"

#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

#include <stdio.h>
#include <stdlib.h>

#define PAYLOAD 1536
#ifdef SENSOR
#define PACKETS 64
#else
#define PACKETS 4096 /* four for each session, and some in addition */
#endif

static BOARD board;
static TX_THREAD start_thread;
static UCHAR stacks[2][4096];
static ALIGN_TYPE
    pool_memory[PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / sizeof(ALIGN_TYPE)];
static CHAR name[] = "host";
static UINT result = NX_NOT_SUCCESSFUL;

static VOID print_reading(INT value)
{
    printf("reading %d\n", value);
    fflush(stdout);
}

static VOID print_problem(UINT status)
{
    fprintf(stderr, "problem: 0x%x (%s)\n", status,
            nxdtls_status_text(status));
}

static VOID end(UINT status)
{
    result = status;
    nxdtls_port_stop();
}

static VOID start(ULONG input)
{
    (void)input;
#ifdef SENSOR
    sensor_start(&board);
#else
    gateway_start(&board);
    printf("ready\n");
    fflush(stdout);
#endif
}

static int load(BOARD_DER *der, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        return 0;
    }
    der->length = (USHORT)fread(der->data, 1, sizeof der->data, file);
    (void)fclose(file);
    return der->length > 0;
}

static int read_arguments(int argc, char **argv)
{
    unsigned a, b, c, d;

    if (argc != 7 || sscanf(argv[1], "%3u.%3u.%3u.%3u", &a, &b, &c, &d) != 4) {
        fprintf(stderr,
                "usage: %s ADDRESS PORT READINGS CA.der "
                "CERTIFICATE.der KEY.der\n",
                argv[0]);
        return 0;
    }
    board.gateway.nxd_ip_version = NX_IP_VERSION_V4;
    board.gateway.nxd_ip_address.v4 = IP_ADDRESS(a, b, c, d);
    board.port = (UINT)strtoul(argv[2], NULL, 10);
    board.readings = (UINT)strtoul(argv[3], NULL, 10);
    board.reading = print_reading;
    board.problem = print_problem;
    board.done = end;
    return load(&board.ca, argv[4]) && load(&board.certificate, argv[5]) &&
           load(&board.key, argv[6]);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    nx_system_initialize();
    nx_secure_tls_initialize();
    nx_secure_dtls_initialize();
    nx_packet_pool_create(&board.pool, name, PAYLOAD, pool_memory,
                          sizeof pool_memory);
    nx_ip_create(&board.ip, name, IP_ADDRESS(127, 0, 0, 1), 0xFF000000u,
                 &board.pool, _nxdtls_udp_network_driver, stacks[0],
                 sizeof stacks[0], 1);
    nx_udp_enable(&board.ip);
    tx_thread_create(&start_thread, name, start, 0, stacks[1],
                     sizeof stacks[1], 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
}

int main(int argc, char **argv)
{
    if (!read_arguments(argc, argv)) {
        return 2;
    }
    tx_kernel_enter();
    if (result != NX_SUCCESS) {
        fprintf(stderr, "%s: status 0x%x\n", argv[0], result);
    }
    return result != NX_SUCCESS;
}
