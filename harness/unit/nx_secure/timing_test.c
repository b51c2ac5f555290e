/* SPDX-License-Identifier: MIT */
/* The services of nxdtls.h that set times, in virtual time: what follows a
 * loss, how long a handshake may take, how long a session may be idle and may
 * live. */
#include "association_kit.h"

/* When the datagrams of an end have come, and which of them are lost. */
struct tape {
    ULONG64 at[64];
    UINT num;
    uint64_t lost; /* a bit for each, from the lowest on */
};
static struct tape of_client;
static struct tape of_server;

static VOID carry(NX_IP *ip, NX_PACKET *packet)
{
    struct tape *tape = ip == &net_b.ip ? &of_client : &of_server;
    bool lost;

    expect(tape->num < sizeof tape->at / sizeof *tape->at);
    lost = (tape->lost >> tape->num % 64 & 1) != 0;
    tape->at[tape->num++ % 64] = nxdtls_port_time_get();
    if (lost) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    } else {
        _nx_udp_packet_receive(ip, packet);
    }
}

static VOID begin(uint64_t lost_of_client, uint64_t lost_of_server)
{
    of_client = (struct tape){.lost = lost_of_client};
    of_server = (struct tape){.lost = lost_of_server};
    start_psk(&nxdtls_ciphers_all, ignore_data);
    net_a.ip.nx_ip_udp_packet_receive = carry;
    net_b.ip.nx_ip_udp_packet_receive = carry;
}

static UINT kept; /* the setting under test; 2: none is made */

static VOID after_a_loss_body(ULONG input)
{
    (void)input;
    begin(0x5, 0); /* the first ClientHello, and the first with a cookie */
    if (kept <= NX_TRUE) {
        expect_eq(nxdtls_session_timeout_kept_set(&client, kept), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(of_client.num, 5);
    expect_eq(of_client.at[1] - of_client.at[0], 100);
    expect_eq(of_client.at[3] - of_client.at[2], kept == NX_FALSE ? 100 : 200);
    end_association();
}

/* The server's first flight is lost in the handshake and in the renegotiation.
 * The client's repeats are, too, or they would be answered sooner. */
static VOID after_a_loss_of_the_server_body(ULONG input)
{
    (void)input;
    begin(0x24, 0x12);
    if (kept <= NX_TRUE) {
        expect_eq(nxdtls_server_timeout_kept_set(&server, kept), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(of_server.num, 4);
    expect_eq(of_server.at[2] - of_server.at[1], 100);
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    expect_eq(of_server.at[5] - of_server.at[4], kept == NX_FALSE ? 100 : 200);
    end_association();
}

static void after_a_loss_the_timeout_is_kept_or_not(void **state)
{
    (void)state;
    for (kept = NX_FALSE; kept <= 2; kept++) {
        kit_row("kept: %u", kept);
        kit_run(NXDTLS_PORT_VIRTUAL, after_a_loss_body);
        kit_run(NXDTLS_PORT_VIRTUAL, after_a_loss_of_the_server_body);
    }
}

/* ---- the limit of a handshake ---- */

#define ALL ~UINT64_C(0)

/* The client hears nothing. */
static VOID limited_client_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(ALL, 0);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 5), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(nxdtls_port_time_get() - start, 500);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 0), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), NX_WAIT_FOREVER),
              NX_NOT_CONNECTED);
    expect_eq(nxdtls_port_time_get() - start, 36300);
    end_association();
}

/* The server hears two ClientHellos and no more.  Its setting is that of the
 * next client. */
static VOID limited_server_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(ALL << 2, 0);
    expect_eq(nxdtls_server_handshake_limit_set(&server, 7), NX_SUCCESS);
    start = nxdtls_port_time_get();
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 100), NX_NO_PACKET);
    expect_eq(wait_started(), NX_NOT_SUCCESSFUL);
    expect_eq(nxdtls_port_time_get() - start, 700);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_FALSE);
    end_association();
}

/* A renegotiation that is asked for has the same limit. */
static VOID limited_renegotiation_body(ULONG input)
{
    ULONG64 start;

    (void)input;
    begin(0, 0);
    expect_eq(nxdtls_session_handshake_limit_set(&client, 5), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(300);
    of_client.lost = ALL;
    start = nxdtls_port_time_get();
    expect_eq(nxdtls_session_renegotiate(&client, NX_WAIT_FOREVER),
              NX_NOT_SUCCESSFUL);
    expect_eq(nxdtls_port_time_get() - start, 500);
    end_association();
}

static void a_handshake_ends_at_its_limit(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, limited_client_body);
    kit_run(NXDTLS_PORT_VIRTUAL, limited_server_body);
    kit_run(NXDTLS_PORT_VIRTUAL, limited_renegotiation_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_loss_the_timeout_is_kept_or_not),
        cmocka_unit_test(a_handshake_ends_at_its_limit),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
