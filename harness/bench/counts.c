/* SPDX-License-Identifier: MIT */
/* What counts.py counts: each row is one handshake of our engine, both ends
 * together, or one record, sealed and opened.  Nothing in it is left to
 * chance, and callgrind counts inside the rows only. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: a provider costs more */
#include "bench/ours.h"

#include <assert.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <valgrind/callgrind.h>

static uint64_t state = 0x2345678987654321;

static enum dtls_status fill(void *self, uint8_t *out, size_t len)
{
    (void)self;
    for (size_t i = 0; i < len; i++) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        out[i] = (uint8_t)(state * 0x2545f4914f6cdd1du >> 56);
    }
    return DTLS_OK;
}

static int rand_bytes(unsigned char *out, int len)
{
    return fill(NULL, out, (size_t)len) == DTLS_OK;
}

static int rand_status(void)
{
    return 1;
}

static const struct {
    const char *name;
    uint16_t suite;
} ciphers[] = {
    {"gcm", 0x00a8},
    {"ccm-8", 0xc0a8},
    {"chacha20", 0xccab},
    {"cbc-sha256", 0x00ae},
};
static const size_t lens[] = {64, 256, 1200, 16384};

static void begin(void)
{
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
}

static void end(const char *row)
{
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(row);
}

static void count_handshake(struct bench_ours *o,
                            const struct bench_kind *kind,
                            const struct dtls_crypto *crypto, const char *pki)
{
    char name[64];

    (void)snprintf(name, sizeof name, "handshake %s", kind->name);
    bench_ours_init(o, kind, crypto, pki);
    bench_ours_connect(o); /* What is made once is made here. */
    bench_ours_end(o);
    begin();
    bench_ours_connect(o);
    bench_ours_end(o);
    end(name);
    bench_ours_free(o);
}

static void count_records(struct bench_ours *o, size_t cipher,
                          const struct dtls_crypto *crypto, const char *pki)
{
    const struct bench_kind kind = {"psk", ciphers[cipher].suite, NULL, NULL,
                                    NULL};
    char name[64];

    bench_ours_init(o, &kind, crypto, pki);
    bench_ours_connect(o);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        (void)snprintf(name, sizeof name, "record %s %zu",
                       ciphers[cipher].name, lens[i]);
        bench_ours_record(o, lens[i]);
        begin();
        bench_ours_record(o, lens[i]);
        end(name);
    }
    bench_ours_end(o);
    bench_ours_free(o);
}

int main(void)
{
    static RAND_METHOD method = {
        .bytes = rand_bytes,
        .pseudorand = rand_bytes,
        .status = rand_status,
    };
    static struct bench_ours ours;
    struct dtls_crypto crypto = dtls_libcrypto;

    crypto.random = fill;
    (void)RAND_set_rand_method(&method);
    (void)printf("%s; libcrypto %s\n", COUNTS_COMPILER,
                 OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
    for (const struct bench_kind *k = bench_kinds; k->name != NULL; k++) {
        count_handshake(&ours, k, &crypto, NXDTLS_PKI_DIR);
    }
    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++) {
        count_records(&ours, i, &crypto, NXDTLS_PKI_DIR);
    }
    return 0;
}
