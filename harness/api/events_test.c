/* SPDX-License-Identifier: MIT */
/* A server that is driven by events, through the API: what its application
 * learns, whenever its threads look. */
#include "../unit/nx_secure/association_kit.h"

#define WAIT 300
#define LATE 31 /* the priority of a thread that runs when all others wait */

/* A sensor's whole life: it connects, sends and closes, before the thread of
 * the server looks. */
static VOID sensor_body(ULONG input)
{
    NX_PACKET *packet = NX_NULL;

    (void)input;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    (void)kit_spawn(start_sessions, 0, LATE);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(21)),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(22)),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(start_status, 0xffff); /* It has not looked. */
    expect_eq(wait_started(), NX_SUCCESS);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 21);
    expect_data(connecting, NX_NO_WAIT, net_bytes, 22);
    expect_eq(nx_secure_dtls_session_receive(connecting, &packet, WAIT),
              NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    expect_eq(nx_secure_dtls_session_end(connecting, WAIT), NX_SUCCESS);
    end_association();
}

static void what_happened_decides_and_not_when_a_thread_looks(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, sensor_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happened_decides_and_not_when_a_thread_looks),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
