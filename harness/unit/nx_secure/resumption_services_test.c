/* SPDX-License-Identifier: MIT */
/* Resumption through the API, over the RAM wire in virtual time. */
#include "association_kit.h"
#include "kit/proves.h"

static NXDTLS_SAVED_SESSION saved;
static ALIGN_TYPE kept[4 * NXDTLS_KEPT_SESSION_SIZE / 8];

/* Connects, exchanges data and closes. */
static void check_round(UINT expected)
{
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(info_of(&client).resumed, expected);
    exchange(100);
    expect_eq(info_of(connecting).resumed, expected);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    tx_thread_sleep(10);
}

static void start(void)
{
    start_psk(&nxdtls_ciphers_all, echo_data);
    expect_eq(nx_secure_dtls_server_notify_set(&server, end_in_turn, NX_NULL),
              NX_SUCCESS);
    expect_eq(nxdtls_saved_session_clear(&saved), NX_SUCCESS);
}

static VOID both_switch_it_on_body(ULONG input)
{
    (void)input;
    start();
    for (UINT i = 0; i < 2; i++) {
        kit_row("round %u", i);
        check_round(NX_FALSE); /* as NetX does it */
    }
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    for (UINT i = 0; i < 2; i++) {
        kit_row("round %u", i);
        check_round(NX_FALSE);
    }
    expect_eq(nxdtls_server_resumption_set(&server, kept, sizeof kept, 0),
              NX_SUCCESS);
    check_round(NX_FALSE);
    for (UINT i = 0; i < 3; i++) {
        kit_row("resumed %u times", i);
        check_round(NX_TRUE);
    }
    expect_eq(nxdtls_saved_session_clear(&saved), NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    expect_eq(nxdtls_server_resumption_set(&server, kept, sizeof kept, 60),
              NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    expect_eq(nxdtls_session_resumption_set(&client, NX_NULL, 0), NX_SUCCESS);
    check_round(NX_FALSE);
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 60), NX_SUCCESS);
    check_round(NX_TRUE);
    expect_eq(nxdtls_server_resumption_set(&server, NX_NULL, 0, 0),
              NX_SUCCESS);
    check_round(NX_FALSE);
    end_association();
}

static void both_ends_must_switch_it_on(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, both_switch_it_on_body);
}

static VOID limits_body(ULONG input)
{
    static const ULONG seconds = 30;

    (void)input;
    start();
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(
        nxdtls_server_resumption_set(&server, kept, sizeof kept, seconds),
        NX_SUCCESS);
    check_round(NX_FALSE);
    tx_thread_sleep((seconds - 5) * NX_IP_PERIODIC_RATE);
    check_round(NX_TRUE);
    tx_thread_sleep(10 * NX_IP_PERIODIC_RATE);
    check_round(NX_FALSE);
    end_association();
}

static void a_session_is_resumed_within_the_limit(void **state)
{
    (void)state;
    proves("D5246-F.1.4-1");
    kit_run(NXDTLS_PORT_VIRTUAL, limits_body);
}

static VOID memory_body(ULONG input)
{
    UCHAR *bytes = (UCHAR *)kept;
    const ULONG one = NXDTLS_KEPT_SESSION_SIZE;

    (void)input;
    start();
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_session_resumption_set(&client, NX_NULL, 86401),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_resumption_set(&server, kept, one, 86400),
              NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    /* What is refused changes nothing. */
    expect_eq(nxdtls_server_resumption_set(&server, kept, one - 1, 0),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_resumption_set(&server, bytes + 1, one + 6, 0),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_resumption_set(&server, kept, 0, 0),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_server_resumption_set(&server, kept, one, 86401),
              NX_SIZE_ERROR);
    check_round(NX_TRUE);
    for (ULONG skip = 0; skip < 8; skip++) {
        kit_row("%u bytes in", skip);
        expect_eq(
            nxdtls_server_resumption_set(&server, bytes + skip, one + 7, 0),
            NX_SUCCESS);
        check_round(NX_FALSE);
        check_round(NX_TRUE);
    }
    end_association();
    for (ULONG i = 0; i < sizeof kept; i++) {
        kit_row("byte %u", i);
        expect_eq(bytes[i], 0);
    }
}

static void a_server_takes_any_memory_and_wipes_it(void **state)
{
    (void)state;
    proves("D5246-7.2.2-2");
    kit_run(NXDTLS_PORT_VIRTUAL, memory_body);
}

/* What the engine writes to stays what it was until the session ends. */
static VOID life_body(ULONG input)
{
    static NXDTLS_SAVED_SESSION other;

    (void)input;
    start();
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_server_resumption_set(&server, kept, sizeof kept, 0),
              NX_SUCCESS);
    check_round(NX_FALSE);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(info_of(&client).resumed, NX_TRUE);
    for (UINT i = 0; i < 2; i++) {
        kit_row("after %u renegotiations", i);
        expect_eq(nxdtls_session_resumption_set(&client, NX_NULL, 0),
                  NX_IN_PROGRESS);
        expect_eq(nxdtls_session_resumption_set(&client, &other, 60),
                  NX_IN_PROGRESS);
        expect_eq(nxdtls_session_renegotiate(&client, 500), NX_SUCCESS);
    }
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    tx_thread_sleep(10);
    check_round(NX_TRUE);
    expect_eq(nxdtls_session_resumption_set(&client, &other, 0), NX_SUCCESS);
    check_round(NX_FALSE);
    end_association();
}

static void a_running_session_keeps_its_memory(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, life_body);
}

static VOID tickets_body(ULONG input)
{
    const ULONG seconds = 30;

    (void)input;
    start();
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, 86401),
              NX_SIZE_ERROR);
    check_round(NX_FALSE);
    check_round(NX_FALSE);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, 86400), NX_SUCCESS);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, seconds),
              NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    tx_thread_sleep((seconds - 5) * NX_IP_PERIODIC_RATE);
    check_round(NX_TRUE);
    tx_thread_sleep(10 * NX_IP_PERIODIC_RATE);
    check_round(NX_FALSE); /* the session is too old, and has a new ticket */
    check_round(NX_TRUE);
    /* With other keys no ticket is one. */
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, seconds),
              NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    expect_eq(nxdtls_server_tickets_set(&server, NX_FALSE, 0), NX_SUCCESS);
    check_round(NX_FALSE);
    end_association();
}

static void a_server_gives_tickets_and_keeps_nothing(void **state)
{
    (void)state;
    proves("D5077-5.5-3");
    kit_run(NXDTLS_PORT_VIRTUAL, tickets_body);
}

static VOID export_body(ULONG input)
{
    static const UCHAR key[32] = {0x41, 0x52, 0x63};
    static const UCHAR other[32] = {0x41, 0x52, 0x64};
    static UCHAR bytes[NXDTLS_EXPORTED_SESSION_SIZE];
    ULONG length = 77;

    (void)input;
    start();
    expect_eq(nxdtls_session_resumption_set(&client, &saved, 0), NX_SUCCESS);
    expect_eq(nxdtls_server_tickets_set(&server, NX_TRUE, 0), NX_SUCCESS);
    expect_eq(
        nxdtls_saved_session_export(&saved, key, bytes, sizeof bytes, &length),
        NXDTLS_NO_SESSION);
    expect_eq(length, 0);
    check_round(NX_FALSE);
    expect_eq(
        nxdtls_saved_session_export(&saved, key, bytes, sizeof bytes, &length),
        NX_SUCCESS);
    check_round(NX_TRUE); /* it is still there */
    expect_eq(nxdtls_saved_session_clear(&saved), NX_SUCCESS);
    check_round(NX_FALSE);
    expect_eq(nxdtls_saved_session_import(&saved, key, bytes, length),
              NX_SUCCESS);
    check_round(NX_TRUE);
    expect_eq(nxdtls_saved_session_import(&saved, other, bytes, length),
              NXDTLS_BAD_SESSION);
    check_round(NX_FALSE); /* and nothing is left of the one before */
    expect_eq(
        nxdtls_saved_session_export(&saved, key, bytes, length - 1, &length),
        NX_SIZE_ERROR);
    expect_eq(length, 0);
    /* An offer without an answer is not handed on. */
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(connect_client() == NX_SUCCESS, NX_FALSE);
    expect_eq(
        nxdtls_saved_session_export(&saved, key, bytes, sizeof bytes, &length),
        NXDTLS_NO_SESSION);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    check_round(NX_FALSE);
    check_round(NX_TRUE);
    end_association();
}

static void a_session_is_kept_as_bytes(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, export_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_must_switch_it_on),
        cmocka_unit_test(a_session_is_resumed_within_the_limit),
        cmocka_unit_test(a_server_takes_any_memory_and_wipes_it),
        cmocka_unit_test(a_running_session_keeps_its_memory),
        cmocka_unit_test(a_server_gives_tickets_and_keeps_nothing),
        cmocka_unit_test(a_session_is_kept_as_bytes),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
