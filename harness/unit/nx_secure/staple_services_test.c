/* SPDX-License-Identifier: MIT */
/* Stapled OCSP responses through the API (nxdtls.h). */
#include "association_kit.h"

#include "kit/rows.h"

#define RSA NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER

static UCHAR staple[3000];
static UINT judged;
static UINT verdict;
static ULONG judged_length;

static UINT judge(NX_SECURE_DTLS_SESSION *session, const UCHAR *response,
                  ULONG length)
{
    NX_SECURE_X509_CERT *shown =
        session->nx_secure_dtls_tls_session.nx_secure_tls_credentials
            .nx_secure_tls_certificate_store
            .nx_secure_x509_remote_certificates;

    judged++;
    judged_length = length;
    if (length != 0) {
        expect(memcmp(response, staple, length) == 0);
        expect(shown != NX_NULL);
        expect_eq(shown->nx_secure_x509_certificate_raw_data_length,
                  pki("rsa.der")->len);
    }
    expect_eq(nx_secure_dtls_session_reset(session), NX_IN_PROGRESS);
    return verdict;
}

static void create(void)
{
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    set_all_curves();
    add_server_identity("rsa.der", "rsa.key.der", RSA);
    trust("root.der");
    judged = 0;
    verdict = NX_SUCCESS;
    for (size_t i = 0; i < sizeof staple; i++) {
        staple[i] = (UCHAR)(i * 7 + i / 256);
    }
}

static VOID staple_body(ULONG input)
{
    (void)input;
    create();
    expect_eq(nxdtls_certificate_staple_set(&server_cert, staple,
                                            NXDTLS_STAPLE_SIZE + 1),
              NX_SIZE_ERROR);
    expect_eq(
        nxdtls_certificate_staple_set(&server_cert, staple, sizeof staple),
        NX_SUCCESS);
    start_server(start_sessions);
    expect_eq(connect_client(), NX_SUCCESS); /* it does not ask */
    expect_eq(judged, 0);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    expect_eq(nxdtls_session_staple_judge_set(&client, judge), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(judged, 1);
    expect_eq(judged_length, sizeof staple);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    /* A newer one, while the certificate is in the server's list. */
    expect_eq(nxdtls_certificate_staple_set(&server_cert, staple, 700),
              NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(judged_length, 700);
    end_association();
}

static void a_staple_reaches_the_application(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, staple_body);
}

/* Refused with the application's own status, and where none has come. */
static VOID refused_body(ULONG input)
{
    NXDTLS_SESSION_INFO info;

    (void)input;
    create();
    expect_eq(nxdtls_session_staple_judge_set(&client, judge), NX_SUCCESS);
    start_server(start_sessions);
    for (UINT i = 0; i < 2; i++) {
        kit_row("connection %u", i);
        verdict = 0x7001 + i;
        expect_eq(nxdtls_certificate_staple_set(&server_cert, staple,
                                                i == 0 ? 100 : 0),
                  NX_SUCCESS);
        expect_eq(connect_client(), verdict);
        expect_eq(judged, i + 1);
        expect_eq(judged_length, i == 0 ? 100 : 0);
        expect_eq(nxdtls_session_info_get(&client, &info), NX_SUCCESS);
        expect_eq(info.alert_sent, 113);
        expect_eq(wait_started(), NX_SECURE_TLS_ALERT_RECEIVED);
    }
    verdict = NX_SUCCESS;
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void the_application_refuses_a_staple_or_its_absence(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_staple_reaches_the_application),
        cmocka_unit_test(the_application_refuses_a_staple_or_its_absence),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
