/* SPDX-License-Identifier: MIT */
/* A library in which the first pre-shared key is the password of EC-JPAKE
 * (nx_user.h), and an application as NetX wants it. */
#include "../switches_kit.h"

#include "nx_crypto_ecjpake.h"
#include "nxdtls.h"

#include <string.h>

#if !defined(NX_SECURE_ENABLE_AEAD_CIPHER) ||                                 \
    !defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES) ||                            \
    NX_SECURE_TLS_EXTENSION_ECJPAKE_KEY_KP_PAIR != 256
#error "the headers are not those of nx_user.h"
#endif

static NX_SECURE_TLS_CIPHERSUITE_INFO rows[] = {
    {TLS_ECJPAKE_WITH_AES_128_CCM_8, &crypto_method_null,
     &crypto_method_auth_ecjpake, &crypto_method_aes_ccm_8, 16, 16,
     &crypto_method_null, 0, &crypto_method_tls_prf_sha256},
};
static const NX_SECURE_TLS_CRYPTO table = {rows, 1, &crypto_method_sha256,
                                           &crypto_method_tls_prf_sha256};

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION session;
static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE server_metadata[9000 / 8];
static ALIGN_TYPE client_metadata[9000 / 8];
static UCHAR server_reassembly[4000];
static UCHAR client_reassembly[4000];
static UCHAR identity[] = "not used";
static UCHAR password[] = "J01NU5";
static UCHAR wrong_password[] = "J01NU6";
static UCHAR zero_password[] = {0, 0, 0};

static VOID serve(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connected, TX_WAIT_FOREVER) == TX_SUCCESS) {
        (void)nx_secure_dtls_server_session_start(&session, 3000);
    }
}

static void create(void)
{
    start_server_hosts();
    expect_eq(nx_secure_dtls_server_create(
                  &server, &net_b.ip, PORT, 100, &session, sizeof session,
                  &table, server_metadata, sizeof server_metadata,
                  server_reassembly, sizeof server_reassembly, on_connect,
                  on_receive),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_create(
                  &client, &table, client_metadata, sizeof client_metadata,
                  client_reassembly, sizeof client_reassembly, 0, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_psk_add(&server, password, 6, identity, 8,
                                            NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_start(&server), NX_SUCCESS);
    (void)kit_spawn(serve, 0, 10);
}

static void destroy(void)
{
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_stop(&server), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    finish_hosts();
}

static UINT connect_with(UCHAR *key, UINT length)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    if (key != NX_NULL) {
        expect_eq(nx_secure_dtls_psk_add(&client, key, length, identity, 8,
                                         NX_NULL, 0),
                  NX_SUCCESS);
    }
    return nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                               PORT, NX_WAIT_FOREVER);
}

static VOID connect_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    create();
    expect_eq(connect_with(password, 6), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0xC0FF);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
}

static void the_first_key_is_the_password(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, connect_body);
}

static VOID wrong_body(ULONG input)
{
    (void)input;
    create();
    expect_eq(connect_with(wrong_password, 6), NX_NOT_CONNECTED);
    expect(strstr(nxdtls_session_reason(&client), "wrong key") != NULL);
    destroy();
}

static void another_password_does_not_connect(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wrong_body);
}

static VOID none_body(ULONG input)
{
    (void)input;
    create();
    expect_eq(connect_with(NX_NULL, 0), NX_SECURE_TLS_NO_SUPPORTED_CIPHERS);
    expect(connect_with(zero_password, 3) != NX_SUCCESS);
    destroy();
}

static void without_a_password_nothing_is_sent(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, none_body);
}

/* A password set as such goes before the keys. */
static VOID own_body(ULONG input)
{
    (void)input;
    create();
    expect_eq(nxdtls_session_password_set(&client, zero_password, 3),
              NX_INVALID_PARAMETERS);
    expect_eq(nxdtls_session_password_set(&client, password,
                                          NX_SECURE_TLS_MAX_PSK_SIZE + 1),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_password_set(&client, password, 6), NX_SUCCESS);
    expect_eq(connect_with(wrong_password, 6), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
}

static void a_password_of_its_own_goes_before_the_keys(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, own_body);
}

/* One that differs in its init alone is the application's (docs/limits.md). */
static VOID foreign_body(ULONG input)
{
    static NX_CRYPTO_METHOD own;

    (void)input;
    own = crypto_method_auth_ecjpake;
    own.nx_crypto_init = crypto_method_sha256.nx_crypto_init;
    create();
    rows[0].nx_secure_tls_public_auth = &own;
    expect_eq(connect_with(password, 6), NX_NOT_SUPPORTED);
    own.nx_crypto_operation = NX_NULL;
    expect_eq(connect_with(NX_NULL, 0), NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE);
    rows[0].nx_secure_tls_public_auth = &crypto_method_auth_ecjpake;
    destroy();
}

static void a_method_of_the_application_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, foreign_body);
}

/* ---- The method, called as NetX calls it ---- */

#define AREA (sizeof(NX_CRYPTO_ECJPAKE) / sizeof(ALIGN_TYPE) + 1)

static UINT operate(UINT op, ALIGN_TYPE *area, VOID *input, ULONG input_len,
                    VOID *output, ULONG output_len)
{
    NX_CRYPTO_METHOD *method = &crypto_method_auth_ecjpake;

    return method->nx_crypto_operation(
        op, NX_NULL, method, NX_NULL, 0, input, input_len, NX_NULL, output,
        output_len, area, method->nx_crypto_metadata_area_size, NX_NULL,
        NX_NULL);
}

static UINT begin(ALIGN_TYPE *area, UCHAR *key, UINT length)
{
    NX_CRYPTO_METHOD *method = &crypto_method_auth_ecjpake;
    VOID *handle = NX_NULL;

    return method->nx_crypto_init(method, key,
                                  (NX_CRYPTO_KEY_SIZE)(8 * length), &handle,
                                  area, method->nx_crypto_metadata_area_size);
}

struct message {
    UCHAR bytes[400];
    NX_CRYPTO_EXTENDED_OUTPUT out;
};

static UINT generate(UINT op, ALIGN_TYPE *area, struct message *m, ULONG room)
{
    m->out = (NX_CRYPTO_EXTENDED_OUTPUT){m->bytes, room, 0};
    return operate(op, area, NX_NULL, 0, &m->out, sizeof m->out);
}

static UINT process(UINT op, ALIGN_TYPE *area, struct message *m, VOID *output,
                    ULONG output_len)
{
    return operate(op, area, m->bytes,
                   m->out.nx_crypto_extended_output_actual_size, output,
                   output_len);
}

/* Both ends by NetX's operations, the client first. */
static void the_methods_operations_agree(void **state)
{
    ALIGN_TYPE ends[2][AREA];
    UCHAR secrets[2][32] = {{0}};
    struct message m;

    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_row("end %d", i);
        assert_int_equal(begin(ends[i], password, 6), NX_CRYPTO_SUCCESS);
        assert_int_equal(operate(NX_CRYPTO_ECJPAKE_HASH_METHOD_SET, ends[i],
                                 &crypto_method_sha256, 0, NX_NULL, 0),
                         NX_CRYPTO_SUCCESS);
        assert_int_equal(operate(NX_CRYPTO_ECJPAKE_CURVE_SET, ends[i],
                                 &crypto_method_ec_secp256, 0, NX_NULL, 0),
                         NX_CRYPTO_SUCCESS);
    }
    assert_int_equal(generate(22, ends[0], &m, 400), NX_CRYPTO_SUCCESS);
    assert_int_equal(process(24, ends[1], &m, NX_NULL, 0), NX_CRYPTO_SUCCESS);
    assert_int_equal(generate(23, ends[1], &m, 400), NX_CRYPTO_SUCCESS);
    assert_int_equal(process(25, ends[0], &m, NX_NULL, 0), NX_CRYPTO_SUCCESS);
    assert_int_equal(generate(27, ends[1], &m, 400), NX_CRYPTO_SUCCESS);
    assert_memory_equal(m.bytes, "\x03\x00\x17\x41", 4);
    assert_int_equal(process(29, ends[0], &m, secrets[0], 32),
                     NX_CRYPTO_SUCCESS);
    assert_int_equal(generate(26, ends[0], &m, 400), NX_CRYPTO_SUCCESS);
    assert_memory_equal(m.bytes, "\x41", 1);
    assert_int_equal(process(28, ends[1], &m, secrets[1], 32),
                     NX_CRYPTO_SUCCESS);
    assert_memory_equal(secrets[0], secrets[1], 32);
    assert_memory_not_equal(secrets[0], (const UCHAR[32]){0}, 32);
    for (int i = 0; i < 2; i++) {
        kit_row("end %d", i);
        assert_int_equal(crypto_method_auth_ecjpake.nx_crypto_cleanup(ends[i]),
                         NX_CRYPTO_SUCCESS);
    }
}

/* Keys before hellos, the other role's part, no room, another hash. */
static void the_method_refuses_what_is_out_of_order(void **state)
{
    ALIGN_TYPE area[AREA];
    struct message m;
    UCHAR secret[32];

    (void)state;
    assert_int_equal(begin(area, zero_password, 3), NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(begin(area, password, 0), NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(begin(area, NX_NULL, 6), NX_CRYPTO_PTR_ERROR);
    assert_int_equal(begin(area, password, 6), NX_CRYPTO_SUCCESS);
    assert_int_equal(operate(NX_CRYPTO_ECJPAKE_HASH_METHOD_SET, area,
                             &crypto_method_sha384, 0, NX_NULL, 0),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(operate(NX_CRYPTO_ECJPAKE_CURVE_SET, area,
                             &crypto_method_ec_secp384, 0, NX_NULL, 0),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(generate(26, area, &m, 400), NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(generate(22, area, &m, 100),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    assert_int_equal(generate(22, area, &m, 400), NX_CRYPTO_SUCCESS);
    assert_int_equal(generate(23, area, &m, 400), NX_CRYPTO_NOT_SUCCESSFUL);
    /* Our own hello is no server's. */
    m.out.nx_crypto_extended_output_actual_size = 0;
    assert_int_equal(generate(22, area, &m, 400), NX_CRYPTO_SUCCESS);
    assert_int_not_equal(process(25, area, &m, NX_NULL, 0), NX_CRYPTO_SUCCESS);
    assert_int_equal(process(29, area, &m, secret, 32),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(operate(99, area, NX_NULL, 0, NX_NULL, 0),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    assert_int_equal(crypto_method_auth_ecjpake.nx_crypto_cleanup(area),
                     NX_CRYPTO_SUCCESS);
    assert_int_equal(crypto_method_auth_ecjpake.nx_crypto_cleanup(NX_NULL),
                     NX_CRYPTO_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_key_is_the_password),
        cmocka_unit_test(another_password_does_not_connect),
        cmocka_unit_test(without_a_password_nothing_is_sent),
        cmocka_unit_test(a_password_of_its_own_goes_before_the_keys),
        cmocka_unit_test(a_method_of_the_application_is_refused),
        cmocka_unit_test(the_methods_operations_agree),
        cmocka_unit_test(the_method_refuses_what_is_out_of_order),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
