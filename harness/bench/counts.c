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

static void count_handshake(const struct bench_kind *kind)
{
    const struct bench_lib *lib = &bench_ours;
    char name[64];

    (void)snprintf(name, sizeof name, "handshake %s", kind->name);
    lib->end(lib->connect()); /* What is made once is made here. */
    begin();
    lib->end(lib->connect());
    end(name);
}

static void count_records(const struct bench_kind *kind)
{
    const struct bench_lib *lib = &bench_ours;
    void *pair = lib->connect();
    char name[64];

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        (void)snprintf(name, sizeof name, "record %s %zu", kind->name,
                       lens[i]);
        lib->record(pair, lens[i]);
        begin();
        lib->record(pair, lens[i]);
        end(name);
    }
    lib->end(pair);
}

static void count(const struct bench_kind *kind,
                  void (*rows)(const struct bench_kind *kind))
{
    struct dtls_crypto crypto = dtls_libcrypto;
    bool has_begun;

    crypto.random = fill;
    has_begun = bench_ours_begin(kind, NXDTLS_PKI_DIR, &crypto);
    assert(has_begun);
    rows(kind);
    bench_ours.finish();
}

int main(void)
{
    static RAND_METHOD method = {
        .bytes = rand_bytes,
        .pseudorand = rand_bytes,
        .status = rand_status,
    };

    (void)RAND_set_rand_method(&method);
    (void)printf("%s; libcrypto %s\n", COUNTS_COMPILER,
                 OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
    for (size_t i = 0; bench_handshakes[i].name != NULL; i++) {
        count(&bench_handshakes[i], count_handshake);
    }
    for (size_t i = 0; bench_ciphers[i].name != NULL; i++) {
        count(&bench_ciphers[i], count_records);
    }
    return 0;
}
