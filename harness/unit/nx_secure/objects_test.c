/* SPDX-License-Identifier: MIT */
/* Every service of chapter 4 with an object that it cannot use: none, one that
 * was never created, one that was deleted, one of the other role; and with
 * each pointer missing.  Each returns a status that chapter 4 lists for it, or
 * 0x101 where that is the module's status for a session that does not exist.
 */
#include "association_kit.h"

#define NO_SESSION NX_SECURE_TLS_SESSION_UNINITIALIZED

static NX_SECURE_X509_CERT cert;
static NX_PACKET no_packet;
static NX_PACKET *packet_out;
static NXD_ADDRESS address;
static NX_UDP_SOCKET *socket_in;
static UINT port_out, local_port_out;

/* Both forms of a service: with the checks, and without. */
#define SERVICE(name, type, ...)                                              \
    static UINT checked_##name(VOID *object)                                  \
    {                                                                         \
        type *o = object;                                                     \
        return _nxe_secure_dtls_##name(__VA_ARGS__);                          \
    }                                                                         \
    static UINT plain_##name(VOID *object)                                    \
    {                                                                         \
        type *o = object;                                                     \
        return _nx_secure_dtls_##name(__VA_ARGS__);                           \
    }
#define SESSION(name, ...) SERVICE(name, NX_SECURE_DTLS_SESSION, __VA_ARGS__)
#define SERVER(name, ...) SERVICE(name, NX_SECURE_DTLS_SERVER, __VA_ARGS__)

SESSION(client_session_start, o, socket_in, &address, PORT, 1)
SESSION(packet_allocate, o, &net_a.pool, &packet_out, NX_NO_WAIT)
SESSION(psk_add, o, psk, sizeof psk, psk_identity, 6, NX_NULL, 0)
SESSION(server_session_send, o, &no_packet)
SESSION(server_session_start, o, 1)
SESSION(session_client_info_get, o, &address, &port_out, &local_port_out)
SESSION(session_delete, o)
SESSION(session_end, o, 1)
SESSION(session_local_certificate_add, o, &cert, 1)
SESSION(session_local_certificate_remove, o, NX_NULL, 0, 1)
SESSION(session_receive, o, &packet_out, NX_NO_WAIT)
SESSION(session_reset, o)
SESSION(session_send, o, &no_packet, &address, PORT)
SESSION(session_start, o, socket_in, NX_TRUE, 1)
SESSION(session_trusted_certificate_add, o, &cert, 1)
SESSION(session_trusted_certificate_remove, o, NX_NULL, 0, 1)
SERVER(server_delete, o)
SERVER(server_local_certificate_add, o, &cert, 1)
SERVER(server_local_certificate_remove, o, NX_NULL, 0, 1)
SERVER(server_notify_set, o, NX_NULL, NX_NULL)
SERVER(server_psk_add, o, psk, sizeof psk, psk_identity, 6, NX_NULL, 0)
SERVER(server_start, o)
SERVER(server_stop, o)
SERVER(server_trusted_certificate_add, o, &cert, 1)
SERVER(server_trusted_certificate_remove, o, NX_NULL, 0, 1)
SERVER(server_x509_client_verify_configure, o, CERTS, (UCHAR *)server_certs,
       sizeof server_certs)
SERVER(server_x509_client_verify_disable, o)

/* `absent` is the status of the checked form for an object that was never
 * created or is deleted, `other` the one for a session of the other role.
 * `zero` is the status of the plain form for an object whose memory is zero:
 * it need not refuse it, unless chapter 4 has a status for that. */
struct row {
    const char *name;
    UINT (*checked)(VOID *object);
    UINT (*plain)(VOID *object);
    UINT absent;
    UINT other;
    UINT zero;
};

#define ROW(name, absent, other, zero)                                        \
    {                                                                         \
#name, checked_##name, plain_##name, absent, other, zero              \
    }
#define ANY 0xffff /* the service takes both */

/* The other role is a server's session. */
static const struct row of_clients[] = {
    ROW(client_session_start, NO_SESSION, NX_PTR_ERROR, NO_SESSION),
    ROW(session_start, NO_SESSION, NX_PTR_ERROR, NO_SESSION),
    ROW(session_local_certificate_add, NO_SESSION, NX_PTR_ERROR, NX_SUCCESS),
    ROW(session_local_certificate_remove, NO_SESSION, NX_PTR_ERROR,
        NX_SECURE_TLS_CERTIFICATE_NOT_FOUND),
    ROW(session_trusted_certificate_add, NO_SESSION, NX_PTR_ERROR, NX_SUCCESS),
    ROW(session_trusted_certificate_remove, NO_SESSION, NX_PTR_ERROR,
        NX_SECURE_TLS_CERTIFICATE_NOT_FOUND),
};

/* The other role is a client that has never been started. */
static const struct row of_sessions[] = {
    ROW(server_session_start, NO_SESSION, NO_SESSION, NO_SESSION),
    ROW(server_session_send, NO_SESSION, NO_SESSION, NO_SESSION),
    ROW(session_client_info_get, NO_SESSION, NX_INVALID_SOCKET,
        NX_INVALID_SOCKET),
    ROW(packet_allocate, NO_SESSION, ANY, NO_SESSION),
    ROW(psk_add, NO_SESSION, ANY, NX_SUCCESS),
    ROW(session_end, NO_SESSION, NX_SUCCESS, NX_SUCCESS),
    ROW(session_receive, NO_SESSION, NO_SESSION, NO_SESSION),
    ROW(session_send, NO_SESSION, NX_SECURE_TLS_SEND_ADDRESS_MISMATCH,
        NX_SECURE_TLS_SEND_ADDRESS_MISMATCH),
    ROW(session_reset, NO_SESSION, NX_SUCCESS, NX_SUCCESS),
    ROW(session_delete, NX_PTR_ERROR, ANY, NX_SUCCESS),
};

static const struct row of_servers[] = {
    ROW(server_delete, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_local_certificate_add, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_local_certificate_remove, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_notify_set, NX_PTR_ERROR, ANY, NX_SUCCESS),
    ROW(server_psk_add, NX_PTR_ERROR, ANY, NX_SUCCESS),
    ROW(server_start, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_stop, NX_PTR_ERROR, ANY, NX_SUCCESS),
    ROW(server_trusted_certificate_add, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_trusted_certificate_remove, NX_PTR_ERROR, ANY, NX_PTR_ERROR),
    ROW(server_x509_client_verify_configure, NX_INVALID_PARAMETERS, ANY,
        NX_INVALID_PARAMETERS),
    ROW(server_x509_client_verify_disable, NX_PTR_ERROR, ANY, NX_SUCCESS),
};

#define WALK(rows, r)                                                         \
    for (const struct row *r = (rows);                                        \
         r < (rows) + sizeof(rows) / sizeof *(rows); r++)

static VOID begin(VOID)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    cert_init(&cert, "root.der", NULL, 0);
    socket_in = &net_a.socket;
    address = net_v4(SERVER_ADDRESS);
}

static VOID end(VOID)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    expect(packet_out == NX_NULL);
    end_nets();
}

static VOID refuse(const struct row *r, VOID *absent)
{
    kit_row("%s", r->name);
    expect_eq(r->checked(NX_NULL), NX_PTR_ERROR);
    expect_eq(r->plain(NX_NULL), NX_PTR_ERROR);
    expect_eq(r->checked(absent), r->absent);
}

static VOID absent_body(ULONG input)
{
    static NX_SECURE_DTLS_SESSION session;
    static NX_SECURE_DTLS_SERVER another;
    static NX_SECURE_DTLS_SESSION of_another;

    (void)input;
    begin();
    for (UINT round = 0; round < 2; round++) {
        kit_row("round %u", round);
        WALK(of_clients, r)
        {
            refuse(r, &session);
        }
        WALK(of_sessions, r)
        {
            refuse(r, &session);
        }
        WALK(of_servers, r)
        {
            refuse(r, &another);
        }
        expect_eq(plain_server_x509_client_verify_configure(&another),
                  NX_INVALID_PARAMETERS);
        if (round == 0) {
            expect_eq(nx_secure_dtls_session_create(
                          &session, &nxdtls_ciphers_all, client_metadata,
                          sizeof client_metadata, client_reassembly,
                          sizeof client_reassembly, 0, NX_NULL, 0),
                      NX_SUCCESS);
            expect_eq(nx_secure_dtls_session_delete(&session), NX_SUCCESS);
            expect_eq(nx_secure_dtls_server_create(
                          &another, &net_b.ip, PORT + 1, 100, &of_another,
                          sizeof of_another, &nxdtls_ciphers_all,
                          client_metadata, sizeof client_metadata,
                          client_reassembly, sizeof client_reassembly,
                          on_connect, ignore_data),
                      NX_SUCCESS);
            expect_eq(nx_secure_dtls_server_delete(&another), NX_SUCCESS);
        }
    }
    end();
}

static void what_does_not_exist_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, absent_body);
}

/* The plain forms do not crash on such memory, whatever they return. */
static VOID zero_body(ULONG input)
{
    static NX_SECURE_DTLS_SESSION session;
    static NX_SECURE_DTLS_SERVER another;
    static const struct {
        const struct row *rows;
        size_t num;
        VOID *object;
        size_t size;
    } kinds[] = {
        {of_clients, sizeof of_clients / sizeof *of_clients, &session,
         sizeof session},
        {of_sessions, sizeof of_sessions / sizeof *of_sessions, &session,
         sizeof session},
        {of_servers, sizeof of_servers / sizeof *of_servers, &another,
         sizeof another},
    };

    (void)input;
    begin();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < kinds[k].num; i++) {
            const struct row *r = &kinds[k].rows[i];

            kit_row("%s", r->name);
            memset(kinds[k].object, 0, kinds[k].size);
            expect_eq(r->plain(kinds[k].object), r->zero);
        }
    }
    kit_row("a stand-alone server session");
    memset(&session, 0, sizeof session);
    expect_eq(_nx_secure_dtls_session_start(&session, socket_in, NX_FALSE, 1),
              NO_SESSION);
    end();
}

static void the_plain_forms_stand_memory_that_is_zero(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, zero_body);
}

static VOID roles_body(ULONG input)
{
    (void)input;
    begin();
    WALK(of_clients, r)
    {
        kit_row("%s", r->name);
        expect_eq(r->checked(&sessions[1]), r->other);
        expect_eq(r->plain(&sessions[1]), r->other);
    }
    WALK(of_sessions, r)
    {
        kit_row("%s", r->name);
        if (r->other != ANY) {
            expect_eq(r->checked(&client), r->other);
            expect_eq(r->plain(&client), r->other);
        }
    }
    kit_row("a server's session that has no client");
    expect_eq(checked_session_end(&sessions[1]), NO_SESSION);
    expect_eq(checked_server_session_start(&sessions[1]), NO_SESSION);
    expect_eq(checked_session_receive(&sessions[1]), NO_SESSION);
    expect_eq(checked_session_client_info_get(&sessions[1]), NX_NOT_CONNECTED);
    end();
}

static void a_session_of_the_other_role_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, roles_body);
}

/* A session of a server that the application deletes stays the server's. */
static VOID slots_body(ULONG input)
{
    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        expect_eq(nx_secure_dtls_session_delete(&sessions[i]), NX_SUCCESS);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_delete(&sessions[0]), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_reset(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void a_server_s_session_outlives_its_deletion(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, slots_body);
}

/* A missing pointer comes before everything else: the port here is none. */
#define MISSING(call)                                                         \
    expect_eq(_nxe_secure_dtls_##call, NX_PTR_ERROR);                         \
    expect_eq(_nx_secure_dtls_##call, NX_PTR_ERROR)

static VOID pointers_body(ULONG input)
{
    NX_SECURE_DTLS_SESSION *s = &client;

    (void)input;
    begin();
    MISSING(client_session_start(NX_NULL, socket_in, &address, 0, 1));
    MISSING(client_session_start(s, NX_NULL, &address, 0, 1));
    MISSING(client_session_start(s, socket_in, NX_NULL, 0, 1));
    MISSING(packet_allocate(s, NX_NULL, &packet_out, 1));
    MISSING(packet_allocate(s, &net_a.pool, NX_NULL, 1));
    MISSING(psk_add(s, NX_NULL, 6, psk_identity, 6, NX_NULL, 0));
    MISSING(psk_add(s, psk, 6, NX_NULL, 6, NX_NULL, 0));
    MISSING(psk_add(s, psk, 6, psk_identity, 6, NX_NULL, 4));
    MISSING(server_session_send(s, NX_NULL));
    MISSING(session_send(s, NX_NULL, &address, PORT));
    MISSING(session_send(s, &no_packet, NX_NULL, PORT));
    MISSING(session_receive(s, NX_NULL, NX_NO_WAIT));
    MISSING(session_client_info_get(s, NX_NULL, &port_out, &local_port_out));
    MISSING(session_client_info_get(s, &address, NX_NULL, &local_port_out));
    MISSING(session_client_info_get(s, &address, &port_out, NX_NULL));
    MISSING(session_start(s, NX_NULL, NX_TRUE, 1));
    MISSING(session_start(s, NX_NULL, NX_FALSE, 1));
    MISSING(session_local_certificate_add(s, NX_NULL, 1));
    MISSING(session_trusted_certificate_add(s, NX_NULL, 1));
    MISSING(session_local_certificate_remove(s, NX_NULL, 4, 0));
    MISSING(session_trusted_certificate_remove(s, NX_NULL, 4, 0));
    MISSING(server_local_certificate_add(&server, NX_NULL, 1));
    MISSING(server_trusted_certificate_add(&server, NX_NULL, 1));
    MISSING(server_local_certificate_remove(&server, NX_NULL, 4, 0));
    MISSING(server_trusted_certificate_remove(&server, NX_NULL, 4, 0));
    MISSING(server_x509_client_verify_configure(&server, 1, NX_NULL, 9000));
    MISSING(server_psk_add(&server, NX_NULL, 6, psk_identity, 6, NX_NULL, 0));
    expect_eq(
        nx_secure_dtls_client_session_start(s, socket_in, &address, 0, 1),
        NX_INVALID_PORT);
    end();
}

static void a_missing_pointer_is_refused_first(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, pointers_body);
}

/* Another socket has the server's port, for a while. */
static VOID give_the_port_back(ULONG input)
{
    tx_thread_sleep(input);
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
}

static VOID timeout_body(ULONG input)
{
    static const struct {
        ULONG timeout;
        ULONG busy;
        ULONG waited;
        UINT status;
    } rows[] = {
        {100, 60, 60, NX_SUCCESS},
        {100, 140, 100, NX_PORT_UNAVAILABLE},
        {0, 20, 0, NX_PORT_UNAVAILABLE},
        {NX_WAIT_FOREVER, 20, 0, NX_PORT_UNAVAILABLE},
    };

    (void)input;
    begin();
    for (UINT i = 0; i < sizeof rows / sizeof *rows; i++) {
        ULONG before;

        kit_row("row %u", i);
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
        expect_eq(nx_secure_dtls_server_create(
                      &server, &net_b.ip, PORT, rows[i].timeout, sessions,
                      sizeof sessions, &nxdtls_ciphers_all, server_metadata,
                      sizeof server_metadata, server_reassembly,
                      sizeof server_reassembly, on_connect, ignore_data),
                  NX_SUCCESS);
        expect_eq(nx_udp_socket_bind(&net_b.socket, PORT, NX_NO_WAIT),
                  NX_SUCCESS);
        (void)kit_spawn(give_the_port_back, rows[i].busy, 10);
        before = tx_time_get();
        expect_eq(nx_secure_dtls_server_start(&server), rows[i].status);
        expect_eq(tx_time_get() - before, rows[i].waited);
        tx_thread_sleep(100);
        expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    }
    end();
}

static void a_server_waits_its_timeout_for_its_port(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, timeout_body);
}

/* A buffer that begins anywhere has room for one session less. */
static VOID buffers_body(ULONG input)
{
    (void)input;
    start_nets();
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    for (UINT odd = 1; odd < 8; odd += 2) {
        kit_row("%u bytes", odd);
        expect_eq(nx_secure_dtls_server_create(
                      &server, &net_b.ip, PORT, 100, (UCHAR *)sessions + odd,
                      (UINT)sizeof sessions - odd, &nxdtls_ciphers_all,
                      (UCHAR *)server_metadata + odd,
                      sizeof server_metadata - odd, server_reassembly + odd,
                      sizeof server_reassembly - odd, on_connect, ignore_data),
                  NX_SUCCESS);
        expect_eq(server.nx_dtls_server_sessions_count, SESSIONS - 1);
        expect((UCHAR *)server.nx_dtls_server_sessions ==
               (UCHAR *)sessions + 8);
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    }
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, (UCHAR *)sessions + 1,
                  (UINT)sizeof *sessions, &nxdtls_ciphers_all, server_metadata,
                  sizeof server_metadata, server_reassembly,
                  sizeof server_reassembly, on_connect, ignore_data),
              NX_INVALID_PARAMETERS);
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, (UCHAR *)sessions + 1, 3,
                  &nxdtls_ciphers_all, server_metadata, sizeof server_metadata,
                  server_reassembly, sizeof server_reassembly, on_connect,
                  ignore_data),
              NX_INVALID_PARAMETERS);
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    end();
}

static void sessions_stand_at_any_address(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, buffers_body);
}

/* Creates the server with metadata of this size, from an odd address on. */
static UINT create_with(UINT count, ULONG metadata_size)
{
    return nx_secure_dtls_server_create(
        &server, &net_b.ip, PORT, 100, sessions,
        count * (UINT)sizeof *sessions, &nxdtls_ciphers_all,
        (UCHAR *)server_metadata + 1, metadata_size, server_reassembly,
        sizeof server_reassembly, on_connect, ignore_data);
}

static VOID metadata_body(ULONG input)
{
    ULONG size = 0;

    (void)input;
    start_nets();
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    expect_eq(
        nx_secure_tls_metadata_size_calculate(&nxdtls_ciphers_all, &size),
        NX_SUCCESS);
    for (UINT count = 1; count <= SESSIONS; count++) {
        kit_row("%u sessions", count);
        expect(count * size < sizeof server_metadata);
        expect_eq(create_with(count, count * size), NX_SUCCESS);
        expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
        for (ULONG less = 0; less < 64; less += 3) { /* less than an index */
            kit_row("%u sessions, %u bytes", count, less);
            expect_eq(create_with(count, less), NX_INVALID_PARAMETERS);
        }
    }
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    end();
}

static void metadata_of_the_calculated_size_is_enough(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, metadata_body);
}

/* Both words of the public counter, as high as they go. */
static VOID numbers_body(ULONG input)
{
    ULONG *number =
        client.nx_secure_dtls_tls_session.nx_secure_tls_local_sequence_number;
    NX_PACKET *packet;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    number[0] = 0xffffffffu;
    number[1] = 0xffffffffu;
    packet = client_packet(21);
    expect_eq(nx_secure_dtls_client_session_send(&client, packet),
              NX_NOT_SUCCESSFUL);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    packet = NX_NULL;
    expect_eq(nx_secure_dtls_session_receive(&sessions[0], &packet, 100),
              NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED);
    end_association();
}

static void the_last_number_is_a_close_notify_s(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, numbers_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_exist_is_refused),
        cmocka_unit_test(the_plain_forms_stand_memory_that_is_zero),
        cmocka_unit_test(a_session_of_the_other_role_is_refused),
        cmocka_unit_test(a_server_s_session_outlives_its_deletion),
        cmocka_unit_test(a_missing_pointer_is_refused_first),
        cmocka_unit_test(a_server_waits_its_timeout_for_its_port),
        cmocka_unit_test(sessions_stand_at_any_address),
        cmocka_unit_test(metadata_of_the_calculated_size_is_enough),
        cmocka_unit_test(the_last_number_is_a_close_notify_s),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
