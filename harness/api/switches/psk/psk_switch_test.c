/* SPDX-License-Identifier: MIT */
/* A library without certificates, curves and error checking (nx_user.h). */
#include "../switches_kit.h"

#include "nxdtls.h"

#include <string.h>

#if defined(nx_secure_x509_certificate_initialize) ||                         \
    defined(nx_secure_dtls_session_local_certificate_add) ||                  \
    defined(nx_secure_dtls_server_x509_client_verify_configure) ||            \
    defined(nx_secure_dtls_ecc_initialize) ||                                 \
    defined(NX_SECURE_ENABLE_ECC_CIPHERSUITE) ||                              \
    defined(NX_SECURE_ENABLE_CLIENT_CERTIFICATE_VERIFY) ||                    \
    !defined(NX_SECURE_ENABLE_PSK_CIPHERSUITES)
#error "the headers are not those of nx_user.h"
#endif

SWITCHED(_nx_secure_x509_certificate_initialize);
SWITCHED(_nxe_secure_x509_certificate_initialize);
SWITCHED(_nx_secure_x509_crl_revocation_check);
SWITCHED(_nx_secure_dtls_session_local_certificate_add);
SWITCHED(_nx_secure_dtls_server_trusted_certificate_add);
SWITCHED(_nx_secure_tls_active_certificate_set);
SWITCHED(_nx_secure_dtls_ecc_initialize);
SWITCHED(_nxe_secure_dtls_server_ecc_initialize);
SWITCHED(nx_crypto_tls_ciphers_ecc);
SWITCHED(nx_crypto_ecc_curves);

static void what_needs_certificates_or_curves_is_not_there(void **state)
{
    (void)state;
    expect_absent(_nx_secure_x509_certificate_initialize);
    expect_absent(_nxe_secure_x509_certificate_initialize);
    expect_absent(_nx_secure_x509_crl_revocation_check);
    expect_absent(_nx_secure_dtls_session_local_certificate_add);
    expect_absent(_nx_secure_dtls_server_trusted_certificate_add);
    expect_absent(_nx_secure_tls_active_certificate_set);
    expect_absent(_nx_secure_dtls_ecc_initialize);
    expect_absent(_nxe_secure_dtls_server_ecc_initialize);
    expect_absent(nx_crypto_tls_ciphers_ecc);
    expect_absent(nx_crypto_ecc_curves);
}

static UINT copies;
static UINT clones;
static UINT clone_ends;

void *sensor_memcpy(void *to, const void *from, size_t len)
{
    copies++;
    return memcpy(to, from, len);
}

void *sensor_clone(void *to, const void *from, size_t len)
{
    clones++;
    return memcpy(to, from, len);
}

void sensor_clone_end(void *metadata, size_t len)
{
    clone_ends++;
    memset(metadata, 0xa5, len);
}

/* The library's method without its init, which a hash does not need, counts as
 * the application's. */
static NX_CRYPTO_METHOD sensor_sha256;

/* An application's table with positional initializers and no certificates. Its
 * first suite needs a curve, the second a certificate. */
static NX_SECURE_TLS_CIPHERSUITE_INFO rows[] = {
    {0xD001, &crypto_method_ecdhe, &crypto_method_auth_psk,
     &crypto_method_aes_128_gcm_16, 4, 16, &crypto_method_null, 0,
     &crypto_method_tls_prf_sha256},
    {0x009C, &crypto_method_rsa, &crypto_method_rsa,
     &crypto_method_aes_128_gcm_16, 4, 16, &crypto_method_null, 0,
     &crypto_method_tls_prf_sha256},
    {0x00A8, &crypto_method_null, &crypto_method_auth_psk,
     &crypto_method_aes_128_gcm_16, 4, 16, &crypto_method_null, 0,
     &crypto_method_tls_prf_sha256},
};
static const NX_SECURE_TLS_CRYPTO table = {rows, 3, &sensor_sha256,
                                           &crypto_method_tls_prf_sha256};

static NX_SECURE_DTLS_SERVER server;
static NX_SECURE_DTLS_SESSION session;
static NX_SECURE_DTLS_SESSION client;
static ALIGN_TYPE server_metadata[9000 / 8];
static ALIGN_TYPE client_metadata[9000 / 8];
static UCHAR server_reassembly[4000];
static UCHAR client_reassembly[4000];
static UCHAR identity[] = "sensor";
static UCHAR key[] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65};

static VOID serve(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&connected, TX_WAIT_FOREVER) == TX_SUCCESS) {
        expect_eq(nx_secure_dtls_server_session_start(&session, 3000),
                  NX_SUCCESS);
    }
}

static void create(void)
{
    start_server_hosts();
    sensor_sha256 = crypto_method_sha256;
    sensor_sha256.nx_crypto_init = NX_NULL;
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
    expect_eq(nx_secure_dtls_server_psk_add(&server, key, sizeof key, identity,
                                            6, NX_NULL, 0),
              NX_SUCCESS);
    expect_eq(nx_secure_dtls_psk_add(&client, key, sizeof key, identity, 6,
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

static UINT connect_to(ULONG address)
{
    NXD_ADDRESS to = net_v4(address);

    return nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                               PORT, NX_WAIT_FOREVER);
}

static VOID connect_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    copies = 0;
    clones = 0;
    clone_ends = 0;
    create();
    expect_eq(connect_to(SERVER_ADDRESS), NX_SUCCESS);
    expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
    expect_eq(info.suite, 0x00A8);
    expect(copies != 0);
    expect(clones != 0);
    expect_eq(clone_ends, clones);
    expect_eq(nx_secure_dtls_session_end(&client, 300), NX_SUCCESS);
    destroy();
}

static void a_pre_shared_key_connects(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, connect_body);
}

static VOID nobody_body(ULONG input)
{
    ULONG before;

    (void)input;
    create();
    before = tx_time_get();
    expect_eq(connect_to(IP_ADDRESS(10, 1, 2, 99)), NX_NOT_CONNECTED);
    expect_eq(tx_time_get() - before, 11 * 100);
    destroy();
}

static void the_timer_does_not_back_off(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, nobody_body);
}

static void services_are_the_unchecked_ones(void **state)
{
    (void)state;
    assert_ptr_equal(nx_secure_dtls_psk_add, _nx_secure_dtls_psk_add);
    assert_ptr_equal(nx_secure_tls_client_psk_set,
                     _nx_secure_tls_client_psk_set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_certificates_or_curves_is_not_there),
        cmocka_unit_test(a_pre_shared_key_connects),
        cmocka_unit_test(the_timer_does_not_back_off),
        cmocka_unit_test(services_are_the_unchecked_ones),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
