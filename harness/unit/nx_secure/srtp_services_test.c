/* SPDX-License-Identifier: MIT */
/* Keys for SRTP through the API (nxdtls.h). */
#include "association_kit.h"

#include "kit/rows.h"

static const USHORT wanted[] = {NXDTLS_SRTP_AEAD_AES_256_GCM,
                                NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80};
static const UCHAR mki[] = {0xa1, 0xb2, 0xc3};

static VOID keys_body(ULONG input)
{
    NXDTLS_SRTP at_client;
    NXDTLS_SRTP at_server;
    NXDTLS_SRTP before;

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nxdtls_session_srtp_set(&client, wanted, 2, mki, sizeof mki),
              NX_SUCCESS);
    memset(&before, 0x5a, sizeof before);
    at_client = before;
    expect_eq(nxdtls_session_srtp_get(&client, &at_client),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    /* The server knows nothing of SRTP yet. */
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(nxdtls_session_srtp_get(&client, &at_client),
              NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(at_client.profile, before.profile);
    expect(memcmp(at_client.send_key, before.send_key, 32) == 0);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);

    expect_eq(nxdtls_server_srtp_set(&server, &wanted[1], 1), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(nxdtls_session_srtp_get(&client, &at_client), NX_SUCCESS);
    expect_eq(nxdtls_session_srtp_get(connecting, &at_server), NX_SUCCESS);
    expect_eq(at_client.profile, NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80);
    expect_eq(at_server.profile, NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80);
    expect_eq(at_client.key_length, 16);
    expect_eq(at_client.salt_length, 14);
    expect_eq(at_client.packets, 2147483648u);
    expect_eq(at_client.mki_length, sizeof mki);
    expect_eq(at_server.mki_length, sizeof mki);
    expect(memcmp(at_server.mki, mki, sizeof mki) == 0);
    /* What one end sends with is what the other receives with. */
    expect(memcmp(at_client.send_key, at_server.receive_key, 16) == 0);
    expect(memcmp(at_client.send_salt, at_server.receive_salt, 14) == 0);
    expect(memcmp(at_client.receive_key, at_server.send_key, 16) == 0);
    expect(memcmp(at_client.receive_salt, at_server.send_salt, 14) == 0);
    expect(memcmp(at_client.send_key, at_client.receive_key, 16) != 0);
    before = at_client;
    expect_eq(nxdtls_session_renegotiate(&client, 1000), NX_SUCCESS);
    expect_eq(nxdtls_session_srtp_get(&client, &at_client), NX_SUCCESS);
    expect(memcmp(at_client.send_key, before.send_key, 16) != 0);
    end_association();
}

static void both_ends_get_the_keys(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, keys_body);
}

static VOID refused_body(ULONG input)
{
    static const USHORT unknown[] = {NXDTLS_SRTP_AEAD_AES_128_GCM, 0x0005};
    static const USHORT many[5] = {1, 2, 7, 8, 1};
    static const UCHAR long_mki[NXDTLS_SRTP_MKI_SIZE + 1];

    (void)input;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(nxdtls_session_srtp_set(&client, unknown, 2, NX_NULL, 0),
              NX_SIZE_ERROR);
    expect_eq(nxdtls_session_srtp_set(&client, many, 5, NX_NULL, 0),
              NX_SIZE_ERROR);
    expect_eq(
        nxdtls_session_srtp_set(&client, many, 4, long_mki, sizeof long_mki),
        NX_SIZE_ERROR);
    expect_eq(nxdtls_session_srtp_set(&client, many, 4, long_mki,
                                      NXDTLS_SRTP_MKI_SIZE),
              NX_SUCCESS);
    expect_eq(nxdtls_server_srtp_set(&server, unknown, 2), NX_SIZE_ERROR);
    expect_eq(nxdtls_server_srtp_set(&server, NX_NULL, 0), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    end_association();
}

static void a_setting_that_is_none_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, refused_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_get_the_keys),
        cmocka_unit_test(a_setting_that_is_none_is_refused),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
