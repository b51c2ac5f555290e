/* SPDX-License-Identifier: MIT */
/* Every call that can fail does so once, and from then on, at every place of
 * every kind of association, in either end (fault/association_play.h). */
#include "fault/association_play.h"
#include "kit/kit.h"

#include <stdio.h>
#include <time.h>

/* ClientKeyExchange and ChangeCipherSpec fill a block of the smallest size, so
 * that Finished needs another one. */
static const struct dtls_psk long_identity = {
    .identity = {(const uint8_t *)"an identity of 37 bytes, neither more", 37},
    .key = {(const uint8_t *)"\x10\x21\x32\x43\x54\x65\x76\x87", 8},
};

static const struct dtls_psk hinted = {
    .identity = {(const uint8_t *)"client", 6},
    .key = {(const uint8_t *)"\x10\x21\x32\x43\x54\x65\x76\x87", 8},
    .hint = {(const uint8_t *)"which", 5},
};

#define MUTUAL(name) .client = (name), .client_auth = DTLS_CLIENT_AUTH_REQUIRED

static const struct play_kind psk_kinds[] = {
    {.name = "PSK, CCM", .suite = 0xc0a8},
    {.name = "PSK, GCM, without cookies",
     .suite = 0x00a8,
     .without_cookies = true},
    {.name = "PSK, ChaCha20, small blocks",
     .suite = 0xccab,
     .psk = &long_identity,
     .block_size = DTLS_BLOCK_MIN},
    {.name = "PSK, CBC, hint", .suite = 0x00af, .psk = &hinted},
    {.name = "PSK, NULL cipher", .suite = 0x00b0},
    {.name = "PSK, unknown identity",
     .suite = 0xc0a8,
     .unknown_identity = true},
    {.name = "ECDHE_PSK", .suite = 0xd001, .psk = &hinted},
    {.name = "ECDHE_PSK, CBC, small blocks",
     .suite = 0xc037,
     .block_size = DTLS_BLOCK_MIN,
     .later_length = 512},
};

static const struct play_kind certificate_kinds[] = {
    {.name = "RSA", .suite = 0x009c, .server = "rsa", .root = "root"},
    {.name = "RSA, CBC, client with EC",
     .suite = 0x002f,
     .server = "rsa",
     .root = "root",
     MUTUAL("client-ec")},
    {.name = "static ECDH", .suite = 0xc02d, .server = "ecdh", .root = "root"},
    {.name = "static ECDH, CBC, client with EC",
     .suite = 0xc025,
     .server = "ecdh",
     .root = "root",
     MUTUAL("client-ec")},
    {.name = "ECDHE_ECDSA", .suite = 0xc02b, .server = "ec", .root = "root"},
    {.name = "ECDHE_ECDSA, client with EC, without cookies",
     .suite = 0xc0ac,
     .server = "ec",
     .root = "root",
     .without_cookies = true,
     MUTUAL("client-ec")},
    {.name = "ECDHE_ECDSA, client without a certificate",
     .suite = 0xcca9,
     .server = "ec",
     .root = "root",
     .client_auth = DTLS_CLIENT_AUTH_OPTIONAL},
    {.name = "ECDHE_ECDSA, CBC, small blocks",
     .suite = 0xc023,
     .server = "ec",
     .root = "root",
     .block_size = 4 * DTLS_BLOCK_MIN},
    {.name = "ECDHE_RSA", .suite = 0xc02f, .server = "rsa", .root = "root"},
    {.name = "ECDHE_RSA, SHA-384, client with RSA",
     .suite = 0xc030,
     .server = "rsa",
     .root = "root",
     MUTUAL("client-rsa")},
    {.name = "ECDHE_RSA, a chain of three in small datagrams",
     .suite = 0xc02f,
     .server = "chain-leaf",
     .root = "root",
     .mtu = 256},
    {.name = "Ed25519, both ends",
     .suite = 0xc02b,
     .server = "ed25519",
     .root = "root-ed25519",
     MUTUAL("client-ed25519")},
};

static struct play clean; /* large: not on the stack */
static struct play played;

static void walk(const struct play_kind *kind)
{
    kit_row("%s", kind->name);
    play_whole(&clean, kind, SIM_CLIENT, 0, 0, NULL);
    printf("%s %u %u\n", kind->name, clean.ends[0].calls, clean.ends[1].calls);
    for (int end = 0; end < 2; end++) {
        kit_row("in the %s", kit_role(end));
        for (unsigned n = 1; n <= clean.ends[end].calls; n++) {
            kit_row("call %u, %s", n,
                    failing_name(failing_kind(&clean.ends[end], n)));
            {
                kit_row("once");
                play_whole(&played, kind, end, n, n, &clean);
            }
            {
                kit_row("and from there on");
                play_whole(&played, kind, end, n, UINT32_MAX, &clean);
            }
        }
    }
}

static void walk_all(const struct play_kind *kinds, size_t num)
{
    for (size_t k = 0; k < num; k++) {
        clock_t start = clock();
        walk(&kinds[k]);
        printf("%.2f s\n", (double)(clock() - start) / CLOCKS_PER_SEC);
    }
}

static void with_pre_shared_keys(void **state)
{
    (void)state;
    walk_all(psk_kinds, LEN(psk_kinds));
}

static void with_certificates(void **state)
{
    (void)state;
    walk_all(certificate_kinds, LEN(certificate_kinds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_pre_shared_keys),
        cmocka_unit_test(with_certificates),
    };
    int failed;

    play_prepare();
    failed = kit_run(tests);
    play_finish();
    return failed;
}
