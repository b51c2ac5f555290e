/* SPDX-License-Identifier: MIT */
/* The kinds of handshake (fault/handshake_kinds.h). */
#include "fault/handshake_kinds.h"

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

const struct play_kind play_psk_kinds[PLAY_PSK_KINDS] = {
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
    /* The fifth flight is repeated, and the sixth resent. */
    {.name = "PSK, the last flight lost", .suite = 0xc0a8, .lost = 6},
    {.name = "PSK, unknown identity",
     .suite = 0xc0a8,
     .unknown_identity = true},
    {.name = "ECDHE_PSK", .suite = 0xd001, .psk = &hinted},
    {.name = "ECDHE_PSK, CBC, small blocks",
     .suite = 0xc037,
     .block_size = DTLS_BLOCK_MIN,
     .later_length = 512},
    {.name = "EC-JPAKE", .suite = 0xc0ff},
};

const struct play_kind play_certificate_kinds[PLAY_CERTIFICATE_KINDS] = {
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
