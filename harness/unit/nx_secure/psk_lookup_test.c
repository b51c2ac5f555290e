/* SPDX-License-Identifier: MIT */
/* A server's application that has no key at once: it answers later, from
 * another thread, and the client cannot tell. */
#define SESSIONS 1u
#include "association_kit.h"

static UCHAR asked_for[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
static UINT asked_length;
static NX_SECURE_DTLS_SESSION *asked_in;
static TX_SEMAPHORE asked;
static VOID (*while_asked)(VOID);
static UINT handshakes;       /* that handshake_notify has told */
static UINT handshake_status; /* of the last */
static UINT errors;
static UINT disconnected;

static UINT answer_with(const UCHAR *key, UINT length)
{
    return nxdtls_session_psk_answer(asked_in, asked_for, asked_length, key,
                                     length);
}

static UINT answer(VOID)
{
    return answer_with(psk, sizeof psk);
}

static UINT refuse(VOID)
{
    return answer_with(NX_NULL, 0);
}

static UINT look_up(NX_SECURE_DTLS_SESSION *session, const UCHAR *identity,
                    UINT identity_length, UCHAR *key, UINT *key_length)
{
    (void)key;
    (void)key_length;
    memcpy(asked_for, identity, identity_length);
    asked_length = identity_length;
    asked_in = session;
    expect_eq(nx_secure_dtls_session_reset(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_end(session, 100), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_session_delete(session), NX_IN_PROGRESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_IN_PROGRESS);
    expect_eq(tx_semaphore_put(&asked), TX_SUCCESS);
    if (while_asked != NX_NULL) {
        while_asked();
    }
    return NX_IN_PROGRESS;
}

static UINT note_handshake(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)session;
    handshakes++;
    handshake_status = status;
    return NX_SUCCESS;
}

static UINT note_error(NX_SECURE_DTLS_SESSION *session, UINT status)
{
    (void)session;
    (void)status;
    errors++;
    return NX_SUCCESS;
}

static UINT note_disconnect(NX_SECURE_DTLS_SESSION *session)
{
    disconnected++;
    return nx_secure_dtls_session_end(session, NX_NO_WAIT);
}

static UINT begin_alone(NX_SECURE_DTLS_SESSION *session, NXD_ADDRESS *ip,
                        UINT port)
{
    (void)ip;
    (void)port;
    connecting = session;
    return nxdtls_server_session_begin(session);
}

static VOID begin(VOID)
{
    static CHAR name[] = "asked";

    handshakes = 0;
    errors = 0;
    disconnected = 0;
    while_asked = NX_NULL;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, echo_data);
    set_all_curves();
    expect_eq(tx_semaphore_create(&asked, name, 0), TX_SUCCESS);
    expect_eq(nxdtls_server_psk_lookup_set(&server, look_up), NX_SUCCESS);
    expect_eq(nxdtls_server_handshake_notify_set(&server, note_handshake),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_server_notify_set(&server, note_disconnect, note_error),
        NX_SUCCESS);
    server.nx_dtls_server_connect_notify = begin_alone;
    add_client_psk(psk);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
}

/* A thread of the application: it answers each question after half a
 * second. */
static UINT (*to_answer)(VOID);

static VOID answer_questions(ULONG input)
{
    (void)input;
    for (;;) {
        expect_eq(tx_semaphore_get(&asked, TX_WAIT_FOREVER), TX_SUCCESS);
        tx_thread_sleep(50);
        expect_eq(to_answer(), NX_SUCCESS);
    }
}

static VOID begin_with(UINT (*how)(VOID))
{
    begin();
    to_answer = how;
    (void)kit_spawn(answer_questions, 0, 14);
}

/* No session has kept the key. */
static bool is_kept(VOID)
{
    return memmem(sessions, sizeof sessions, psk, sizeof psk) != NULL ||
           memmem(&server, sizeof server, psk, sizeof psk) != NULL;
}

static VOID given_body(ULONG input)
{
    ULONG begun;

    (void)input;
    begin_with(answer);
    begun = tx_time_get();
    expect_eq(connect_client(), NX_SUCCESS);
    expect(tx_time_get() - begun < 60); /* no retransmission */
    expect_eq(handshakes, 1);
    expect_eq(handshake_status, NX_SUCCESS);
    expect(!is_kept());
    exchange(50);
    expect_eq(nxdtls_session_renegotiate(&client, 300), NX_SUCCESS);
    exchange(50);
    expect_eq(errors, 0);
    end_association();
}

static void a_key_that_is_given_later_connects(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, given_body);
}

/* In a thread of its own, which waits for the handshake. */
static VOID waiting_body(ULONG input)
{
    (void)input;
    begin_with(answer);
    server.nx_dtls_server_connect_notify = on_connect;
    (void)kit_spawn(start_sessions, 0, 10);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(handshakes, 0);
    end_association();
}

static void a_thread_that_waits_for_the_handshake_is_woken(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, waiting_body);
}

static VOID refused_body(ULONG input)
{
    (void)input;
    begin_with(refuse);
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&client, 2, 115);
    tx_thread_sleep(1);
    expect_eq(handshake_status, 0x126);
    expect_eq(errors, 1);
    expect_eq(connecting->nx_secure_dtls_session_in_use, NX_FALSE);
    end_association();
}

static void a_client_that_is_refused_later_gets_the_same_alert(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

/* A thread that is more urgent than the IP thread has the answer before
 * look_up has returned. */
static VOID answer_now(ULONG input)
{
    (void)input;
    expect_eq(to_answer(), NX_SUCCESS);
}

static VOID answer_in_a_thread(VOID)
{
    (void)kit_spawn(answer_now, 0, 0);
}

static VOID early_body(ULONG input)
{
    (void)input;
    begin();
    while_asked = answer_in_a_thread;
    to_answer = answer;
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, NX_NO_WAIT), NX_SUCCESS);
    to_answer = refuse;
    expect_eq(connect_client(), NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&client, 2, 115);
    end_association();
}

static void the_answer_may_come_before_the_function_returns(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, early_body);
}

static UINT status_in_timer;

static VOID answer_in_timer(ULONG input)
{
    (void)input;
    status_in_timer = answer();
}

static VOID connect_in_a_thread(ULONG input)
{
    (void)input;
    start_status = connect_client();
}

/* Only an answer to the question that stands is taken. */
static VOID questions_body(ULONG input)
{
    static UCHAR other[] = "clienT";
    static UCHAR long_key[NX_SECURE_TLS_MAX_PSK_SIZE + 1];
    static TX_TIMER timer;
    static CHAR name[] = "answer";

    (void)input;
    begin();
    asked_in = &sessions[0];
    asked_length = sizeof psk_identity - 1;
    memcpy(asked_for, psk_identity, asked_length);
    expect_eq(answer(), NX_INVALID_PARAMETERS); /* Nothing was asked. */
    (void)kit_spawn(connect_in_a_thread, 0, 12);
    expect_eq(tx_semaphore_get(&asked, 100), TX_SUCCESS);
    expect_eq(nxdtls_session_psk_answer(asked_in, other, sizeof other - 1, psk,
                                        sizeof psk),
              NX_INVALID_PARAMETERS);
    expect_eq(nxdtls_session_psk_answer(asked_in, asked_for, asked_length - 1,
                                        psk, sizeof psk),
              NX_INVALID_PARAMETERS);
    expect_eq(nxdtls_session_psk_answer(&client, asked_for, asked_length, psk,
                                        sizeof psk),
              NX_INVALID_PARAMETERS);
    expect_eq(answer_with(long_key, sizeof long_key), NX_SIZE_ERROR);
    status_in_timer = 0xffff;
    expect_eq(tx_timer_create(&timer, name, answer_in_timer, 0, 1, 0,
                              TX_AUTO_ACTIVATE),
              TX_SUCCESS);
    tx_thread_sleep(2);
    expect_eq(status_in_timer, NX_CALLER_ERROR);
    expect_eq(start_status, 0xffff); /* It still waits. */
    expect_eq(answer(), NX_SUCCESS);
    expect_eq(answer(), NX_INVALID_PARAMETERS);
    tx_thread_sleep(3);
    expect_eq(start_status, NX_SUCCESS);
    expect_eq(answer(), NX_INVALID_PARAMETERS);
    end_association();
}

static void an_answer_without_its_question_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, questions_body);
}

/* The session was reset, and another client may be asked for by now: the old
 * answer is none. */
static VOID reset_body(ULONG input)
{
    (void)input;
    begin();
    (void)kit_spawn(connect_in_a_thread, 0, 12);
    expect_eq(tx_semaphore_get(&asked, 100), TX_SUCCESS);
    expect_eq(answer(), NX_SUCCESS); /* The IP thread has not gone on yet. */
    expect(is_kept());
    expect_eq(nx_secure_dtls_session_reset(asked_in), NX_SUCCESS);
    expect(!is_kept());
    expect_eq(answer(), NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(start_status, NX_WAIT_ABORTED);
    (void)kit_spawn(connect_in_a_thread, 0, 12);
    expect_eq(tx_semaphore_get(&asked, 100), TX_SUCCESS);
    expect_eq(answer(), NX_SUCCESS);
    tx_thread_sleep(3);
    expect_eq(start_status, NX_SUCCESS);
    end_association();
}

static void an_answer_goes_with_the_session_that_was_reset(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, reset_body);
}

static VOID unanswered_body(ULONG input)
{
    (void)input;
    begin();
    expect_eq(nxdtls_server_handshake_limit_set(&server, 3), NX_SUCCESS);
    expect_eq(connect_to(net_v4(SERVER_ADDRESS), 600), NX_NO_PACKET);
    expect_eq(handshakes, 1);
    expect_eq(handshake_status, 0x43);
    expect_eq(connecting->nx_secure_dtls_session_in_use, NX_FALSE);
    expect_eq(answer(), NX_INVALID_PARAMETERS);
    end_association();
}

static void a_question_ends_with_the_handshakes_limit(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unanswered_body);
}

/* A client that begins anew beside its live session: the session ends as soon
 * as the new one's key has made that complete. */
static VOID anew_body(ULONG input)
{
    NX_SECURE_DTLS_SESSION *older;

    (void)input;
    begin_with(answer);
    expect_eq(connect_client(), NX_SUCCESS);
    older = connecting;
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(2);
    expect(connecting != older);
    expect_eq(disconnected, 1);
    expect_eq(older->nx_secure_dtls_session_in_use, NX_FALSE);
    exchange(50);
    end_association();
}

static void a_late_key_ends_the_session_that_is_replaced(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, anew_body);
}

/* The session is established, and yields to nobody. */
static VOID established_body(ULONG input)
{
    static NX_UDP_SOCKET other;
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    (void)input;
    begin_with(answer);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(nx_udp_socket_create(&net_a.ip, &other, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 20),
              NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&other, NX_ANY_PORT, NX_NO_WAIT), NX_SUCCESS);
    tx_thread_sleep(200); /* A half-open one would yield by now. */
    expect_eq(
        nx_secure_dtls_client_session_start(&client, &other, &to, PORT, 300),
        NX_SECURE_TLS_ALERT_RECEIVED);
    expect_alert(&client, 2, 80);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&other), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&other), NX_SUCCESS);
    delete_server();
    end_nets();
}

static void a_late_key_establishes_the_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, established_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_is_given_later_connects),
        cmocka_unit_test(a_thread_that_waits_for_the_handshake_is_woken),
        cmocka_unit_test(a_client_that_is_refused_later_gets_the_same_alert),
        cmocka_unit_test(the_answer_may_come_before_the_function_returns),
        cmocka_unit_test(an_answer_without_its_question_is_refused),
        cmocka_unit_test(an_answer_goes_with_the_session_that_was_reset),
        cmocka_unit_test(a_question_ends_with_the_handshakes_limit),
        cmocka_unit_test(a_late_key_ends_the_session_that_is_replaced),
        cmocka_unit_test(a_late_key_establishes_the_session),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
