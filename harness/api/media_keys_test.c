/* SPDX-License-Identifier: MIT */
/* docs/examples/media_keys.c at both ends of a session: what one end sends
 * with, the other receives with. */
#include "unit/nx_secure/association_kit.h"

#include "kit/rows.h"

#include "media_keys.h"

/* What the SRTP stack of the end that begins has been given. */
static struct installed {
    USHORT profile;
    UINT key_length;
    UINT salt_length;
    UCHAR key[32];
    UCHAR salt[14];
    ULONG packets;
} at[2][2]; /* by end, and by direction */
static UINT end;
static UINT verdict;

static UINT install(UINT sends, USHORT profile, const UCHAR *key,
                    UINT key_length, const UCHAR *salt, UINT salt_length,
                    ULONG packets)
{
    struct installed *to = &at[end][sends != NX_FALSE];

    *to = (struct installed){.profile = profile,
                             .key_length = key_length,
                             .salt_length = salt_length,
                             .packets = packets};
    memcpy(to->key, key, key_length);
    memcpy(to->salt, salt, salt_length);
    return verdict;
}

static UINT begin(UINT which, NX_SECURE_DTLS_SESSION *session)
{
    end = which;
    return media_begin(session, install);
}

static VOID media_body(ULONG input)
{
    (void)input;
    verdict = NX_SUCCESS;
    start_psk(&nxdtls_ciphers_all, ignore_data);
    expect_eq(media_client_prepare(&client), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(begin(0, &client), NX_SECURE_TLS_SESSION_UNINITIALIZED);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    expect_eq(media_server_prepare(&server), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(begin(0, &client), NX_SUCCESS);
    expect_eq(begin(1, connecting), NX_SUCCESS);
    for (UINT sends = 0; sends < 2; sends++) {
        kit_row("the client's direction %u", sends);
        expect_eq(at[0][sends].profile, NXDTLS_SRTP_AEAD_AES_128_GCM);
        expect_eq(at[0][sends].key_length, 16);
        expect_eq(at[0][sends].salt_length, 12);
        expect_eq(at[0][sends].packets, 2147483648u);
        expect(memcmp(at[0][sends].key, at[1][!sends].key, 16) == 0);
        expect(memcmp(at[0][sends].salt, at[1][!sends].salt, 12) == 0);
    }
    expect(memcmp(at[0][0].key, at[0][1].key, 16) != 0);
    verdict = NX_NOT_SUPPORTED; /* of the SRTP stack */
    expect_eq(begin(0, &client), NX_NOT_SUPPORTED);
    end_association();
}

static void an_application_gives_its_srtp_stack_the_keys(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, media_body);
}

static void the_first_byte_tells_dtls_from_media(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        UCHAR datagram[] = {(UCHAR)first, 0};

        kit_row("byte %u", first);
        assert_int_equal(media_is_dtls(datagram, sizeof datagram),
                         first >= 20 && first <= 63);
    }
    assert_int_equal(media_is_dtls((const UCHAR *)"", 0), NX_FALSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_gives_its_srtp_stack_the_keys),
        cmocka_unit_test(the_first_byte_tells_dtls_from_media),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
