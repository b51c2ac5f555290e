/* SPDX-License-Identifier: MIT */
/* What the measured libraries share (bench/bench.h). */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct bench_kind bench_handshakes[] = {
    {"psk", 0xc0a8, NULL, NULL, NULL},
    {"ecdhe-ecdsa", 0xc02b, "pure-ec", NULL, "root-ec"},
    {"mutual", 0xc02b, "pure-ec", "pure-client-ec", "root-ec"},
    {"ecdhe-rsa", 0xc02f, "rsa", NULL, "root"},
    {"rsa", 0x003c, "rsa", NULL, "root"},
    {NULL, 0, NULL, NULL, NULL},
};

const struct bench_kind bench_ciphers[] = {
    {"gcm", 0x00a8, NULL, NULL, NULL},
    {"gcm-256", 0x00a9, NULL, NULL, NULL},
    {"ccm-8", 0xc0a8, NULL, NULL, NULL},
    {"chacha20", 0xccab, NULL, NULL, NULL},
    {"cbc-sha256", 0x00ae, NULL, NULL, NULL},
    {NULL, 0, NULL, NULL, NULL},
};

#define SLOTS BENCH_SAID

static struct {
    unsigned first;
    unsigned num;
    size_t len[SLOTS];
    uint8_t bytes[SLOTS][BENCH_MTU_MAX];
} queues[2];

int bench_push(int to, const void *datagram, size_t len)
{
    unsigned at = (queues[to].first + queues[to].num) % SLOTS;

    if (queues[to].num == SLOTS || len > BENCH_MTU_MAX) {
        return -1;
    }
    memcpy(queues[to].bytes[at], datagram, len);
    queues[to].len[at] = len;
    queues[to].num++;
    return (int)len;
}

int bench_pop(int to, void *out, size_t size)
{
    unsigned at = queues[to].first;
    size_t len = queues[to].len[at];

    if (queues[to].num == 0 || len > size) {
        return -1;
    }
    memcpy(out, queues[to].bytes[at], len);
    queues[to].first = (at + 1) % SLOTS;
    queues[to].num--;
    return (int)len;
}

unsigned bench_waiting(int to)
{
    return queues[to].num;
}

void bench_clear(void)
{
    queues[0].num = 0;
    queues[1].num = 0;
}

double bench_cpu(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_die(const char *library, const char *what)
{
    (void)fprintf(stderr, "bench: %s: %s failed\n", library, what);
    exit(EXIT_FAILURE);
}

const char *bench_path(const char *folder, const char *name,
                       const char *suffix)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];

    if (snprintf(path, sizeof paths[0], "%s/%s%s", folder, name, suffix) >=
        (int)sizeof paths[0]) {
        bench_die(folder, "the path");
    }
    return path;
}

void bench_shake(const char *library, int (*shake)(void *pair, int side),
                 void *pair)
{
    bool is_done[2] = {false, false};
    int side = BENCH_CLIENT;

    /* No handshake here has as many turns. */
    for (int turn = 0; turn < 32 && !(is_done[0] && is_done[1]); turn++) {
        int result = is_done[side] ? 1 : shake(pair, side);

        if (result < 0) {
            bench_die(library, "a handshake");
        }
        is_done[side] = result == 1;
        side = !side;
    }
    if (!is_done[0] || !is_done[1]) {
        bench_die(library, "the end of a handshake");
    }
    bench_clear();
}

unsigned bench_client_psk(char *identity, unsigned identity_size,
                          unsigned char *key, unsigned key_size)
{
    if (identity_size < sizeof BENCH_PSK_IDENTITY ||
        key_size < BENCH_PSK_LEN) {
        return 0;
    }
    memcpy(identity, BENCH_PSK_IDENTITY, sizeof BENCH_PSK_IDENTITY);
    memcpy(key, BENCH_PSK, BENCH_PSK_LEN);
    return BENCH_PSK_LEN;
}

unsigned bench_server_psk(const char *identity, unsigned char *key,
                          unsigned key_size)
{
    if (strcmp(identity, BENCH_PSK_IDENTITY) != 0 ||
        key_size < BENCH_PSK_LEN) {
        return 0;
    }
    memcpy(key, BENCH_PSK, BENCH_PSK_LEN);
    return BENCH_PSK_LEN;
}
