/* SPDX-License-Identifier: MIT */
/* Prints the tables of docs/limits.md from the code's own numbers. */
#include "crypto/libcrypto_internal.h"
#include "nx_secure/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void row(const char *what, uintmax_t limit, const char *unit,
                uintmax_t cost, const char *where)
{
    (void)printf("| %s | %ju%s%s | ", what, limit, *unit ? " " : "", unit);
    if (cost == 0) {
        (void)printf("-");
    } else {
        (void)printf("%ju", cost);
    }
    (void)printf(" | %s |\n", where);
}

static void print_limits(void)
{
    UINT last_timeout = NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT;

    (void)printf("| what | limit | bytes it costs | where they are |\n"
                 "| --- | --- | --- | --- |\n");
    row("plaintext of a record", DTLS_PLAINTEXT_MAX, "bytes", 0,
        "the datagram's own packet, in place");
    row("ciphertext of a record", DTLS_CIPHERTEXT_MAX, "bytes", 0, "the same");
    row("least record_size_limit", DTLS_SIZE_LIMIT_MIN, "bytes", 0, "-");
    row("datagram out", DTLS_NX_MTU_MAX, "bytes", 0, "a packet of the pool");
    row("MTU of a handshake, least", DTLS_NX_MTU_MIN, "bytes", 0, "-");
    row("MTU of a handshake over IPv4, unless set", DTLS_NX_MTU_IPV4, "bytes",
        0, "-");
    row("MTU of a handshake over IPv6, unless set", DTLS_NX_MTU_IPV6, "bytes",
        0, "-");
    row("replay window", DTLS_WINDOW_SIZE, "records",
        2 * sizeof(struct dtls_window), "session, two epochs");
    row("sequence number", DTLS_SEQ_MAX, "", 0, "never wraps: 0x43");
    row("epoch", UINT16_MAX, "", 0,
        "never wraps: renegotiation is then refused");
    row("epochs kept, each way", 2, "",
        2 * (sizeof(struct dtls_read_epoch) + sizeof(struct dtls_write_epoch)),
        "session");
    row("records in reserve under one key, not for data", DTLS_SEAL_RESERVE,
        "", 0, "-");
    row("messages kept out of order", DTLS_REASSEMBLY_SLOTS, "messages",
        sizeof(struct dtls_reassembly),
        "session; their bytes in the reassembly buffer");
    row("messages of a flight", DTLS_FLIGHT_MESSAGES, "messages",
        sizeof(struct dtls_flight), "session; their bytes in packets");
    row("HelloVerifyRequests a client follows", DTLS_HELLO_VERIFIES_MAX, "", 0,
        "-");
    row("cookie of ours", DTLS_COOKIE_LEN, "bytes",
        sizeof(struct dtls_listener), "server, for all its clients");
    row("certificates in a chain, from leaf to anchor with both",
        DTLS_CHAIN_MAX, "", DTLS_CHAIN_MAX * sizeof(struct dtls_cert),
        "one room for all sessions; their bytes in the remote certificate "
        "buffer");
    row("certificates of a session that other lists have, too",
        DTLS_NX_SHARED_CERTS, "",
        DTLS_NX_SHARED_CERTS * sizeof(struct dtls_nx_node), "session");
    row("PSK", DTLS_PSK_MAX, "bytes", sizeof(NX_SECURE_TLS_PSK_STORE),
        "session, each of them");
    row("PSKs of a session", NX_SECURE_TLS_MAX_PSK_KEYS, "",
        NX_SECURE_TLS_MAX_PSK_KEYS * sizeof(NX_SECURE_TLS_PSK_STORE),
        "session");
    row("identity, hint", DTLS_PSK_IDENTITY_MAX, "bytes", 0, "in the same");
    row("ALPN names, with their lengths", DTLS_PROTOCOLS_MAX, "bytes", 0,
        "the application's");
    row("exported keying material", DTLS_EXPORT_MAX, "bytes", 0,
        "the caller's");
    row("context of an exporter", DTLS_EXPORT_CONTEXT_MAX, "bytes", 0,
        "stack");
    row("RSA modulus, least", DTLS_RSA_BITS_MIN, "bits", 0, "-");
    row("RSA modulus", DTLS_RSA_BITS_MAX, "bits", 0, "-");
    row("retransmissions of a flight",
        NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES, "", 0, "-");
    row("timeout, first", NX_SECURE_DTLS_RETRANSMIT_TIMEOUT, "ticks", 0, "-");
    row("timeout, last", last_timeout, "ticks", 0, "-");
    row("time of a handshake, unless set",
        (uintmax_t)last_timeout / NX_IP_PERIODIC_RATE *
            (NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES + 1),
        "s", 0, "-");
    row("datagrams kept for a session that is not started",
        DTLS_NX_HELD_PACKETS, "", 0, "their own packets");
    row("records of data kept for a receive, unless set",
        DTLS_NX_UNREAD_PACKETS, "", 0, "their own packets");
    row("of each of these, if the pool is short", DTLS_NX_HELD_ALWAYS, "", 0,
        "the same");
    row("time until its slot is free again", DTLS_NX_UNSTARTED_MS, "ms", 0,
        "-");
    row("time from its admission to a whole ClientHello", DTLS_HELLO_MS, "ms",
        0, "-");
    row("time until a half-open session yields to an equal", DTLS_YIELD_AGE_MS,
        "ms", 0, "-");
    row("alerts in a second to clients of a full server", DTLS_REFUSALS, "", 0,
        "-");
    row("time from our close_notify to the peer's", DTLS_CLOSE_MS, "ms", 0,
        "-");
    row("a session", 1, "", sizeof(NX_SECURE_DTLS_SESSION),
        "the application's control block");
    row("a server", 1, "", sizeof(NX_SECURE_DTLS_SERVER), "the same");
    row("a session's part of its server's index and deadlines", 1, "",
        DTLS_TABLE_KEYS * sizeof(struct dtls_link) +
            sizeof(struct dtls_deadline),
        "metadata buffer");
    row("a certificate", 1, "", sizeof(NX_SECURE_X509_CERT), "the same");
}

/* A number as a power of two where it is one. */
static void print_count(uint64_t count)
{
    unsigned power = 0;

    while (power < 63 && (uint64_t)1 << power < count) {
        power++;
    }
    if (count == UINT64_MAX) {
        (void)printf("-");
    } else if ((uint64_t)1 << power == count) {
        (void)printf("2^%u", power);
    } else {
        (void)printf("%" PRIu64, count);
    }
}

static void print_suite(uint16_t id, const char *name)
{
    const struct dtls_suite *suite = dtls_suite_find(id);
    struct dtls_protection p = {.cipher = {.suite = suite}};
    struct dtls_endurance e = dtls_protect_endurance(&p);

    (void)printf("| %s | %zu | ", name,
                 DTLS_RECORD_HEADER_LEN + dtls_protect_expansion(&p));
    print_count(e.sealed);
    (void)printf(" | ");
    print_count(e.forged);
    (void)printf(" |\n");
}

static void print_ciphers(void)
{
    (void)printf(
        "\n| cipher | bytes a record adds, at most | records sealed | records "
        "not authentic |\n| --- | --- | --- | --- |\n");
    print_suite(0x00a8, "GCM");
    print_suite(0xc0a4, "CCM");
    print_suite(0xc0a8, "CCM_8");
    print_suite(0xccab, "ChaCha20-Poly1305");
    print_suite(0x008c, "CBC, SHA-1");
    print_suite(0x00ae, "CBC, SHA-256");
    print_suite(0x00af, "CBC, SHA-384");
    print_suite(0x00b0, "NULL, SHA-256");
}

int main(void)
{
    print_limits();
    print_ciphers();
    return 0;
}
