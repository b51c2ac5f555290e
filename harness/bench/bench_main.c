/* SPDX-License-Identifier: MIT */
/* nxdtls bench: our engine beside other libraries and beside libcrypto's bare
 * operations.
 *
 * Each row is measured in turns: one library after the other, several times
 * over, so that what else the machine does falls on all of them.  Only
 * processor time counts. */
#include "bench/bench_api.h"
#include "bench/ours.h"
#include "lab/command_line.h"
#include "session/deadlines.h"

#include <fnmatch.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls bench"

#define RUNS_MIN 7
#define RUNS_MAX 99
#define MEMORY_PAIRS 16
#define GROWTH_STEP 7919          /* a prime that divides no number of pairs */
#define GROWTH_MAX (3000ul << 20) /* bytes of a library's pairs */

static const struct bench_lib *const libs[] = {
    &bench_ours,
#if BENCH_HAS_OPENSSL
    &bench_openssl,
#endif
#if BENCH_HAS_GNUTLS
    &bench_gnutls,
#endif
#if BENCH_HAS_MBEDTLS
    &bench_mbedtls,
#endif
#if BENCH_HAS_WOLFSSL
    &bench_wolfssl,
#endif
    &bench_floor,
};
#define LIBS (sizeof libs / sizeof *libs)
#define OURS 0
#define FLOOR (LIBS - 1)

struct options {
    unsigned runs;
    double seconds; /* of each library in a turn */
    const char *only;
    const char *json;
};
static struct options options = {
    .runs = RUNS_MIN, .seconds = 0.05, .only = "*"};
static FILE *json; /* NULL: no lines are written */

/* One row: what is measured, and how. */
struct row {
    char name[64];
    const char *unit;
    bool more_is_better;
    const struct bench_kind *kind;
    size_t len;     /* of records */
    size_t pairs;   /* that are connected meanwhile; 0: none */
    bool has_floor; /* the floor can be measured, too */
    bool is_alone;  /* nothing but ours has what is measured */
    bool is_api;    /* ours behind the API; the floor is our engine */
    size_t clients; /* with is_api; with is_alone, sessions */
    double (*measure)(size_t which, const struct row *row);
};

static void *pairs[LIBS][BENCH_PAIRS_MAX];

/* Returns the library that a row has in this place. */
static const struct bench_lib *lib_of(size_t which, const struct row *row)
{
    return which == FLOOR && row->is_api ? &bench_wired : libs[which];
}

/* Returns microseconds for a handshake. */
static double measure_handshakes(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);
    double start = bench_cpu();
    double spent;
    unsigned num = 0;

    do {
        lib->end(lib->connect());
        num++;
        spent = bench_cpu() - start;
    } while (spent < options.seconds);
    return 1e6 * spent / num;
}

/* Returns thousands of records in a second. */
static double measure_records(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);
    void **connected = pairs[which];
    double start = bench_cpu();
    double spent;
    size_t num = 0;

    do {
        for (size_t i = 0; i < 64; i++) {
            lib->record(connected[num++ % row->pairs], row->len);
        }
        spent = bench_cpu() - start;
    } while (spent < options.seconds);
    return 1e-3 * (double)num / spent;
}

/* Returns thousands of records in a second that a server opens, of each of
 * its sessions in turn, in no order that the processor can foresee.  The
 * clients' time does not count. */
static double measure_growth(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);
    void **connected = pairs[which];
    double spent = 0;
    size_t num = 0;
    size_t at = 0;

    do {
        double start;

        for (size_t i = 0; i < BENCH_SAID; i++) {
            lib->say(connected[(at + i) * GROWTH_STEP % row->pairs], row->len);
        }
        start = bench_cpu();
        for (size_t i = 0; i < BENCH_SAID; i++) {
            lib->hear(connected[(at + i) * GROWTH_STEP % row->pairs],
                      row->len);
        }
        spent += bench_cpu() - start;
        at += BENCH_SAID;
        num += BENCH_SAID;
    } while (spent < options.seconds);
    return 1e-3 * (double)num / spent;
}

/* Returns nanoseconds for a round of a server's timer that serves one of
 * row->clients sessions: the first deadline is found, and set anew to one in
 * the midst of all others. */
static double measure_timers(size_t which, const struct row *row)
{
    static struct dtls_deadline places[BENCH_PAIRS_MAX];
    struct dtls_deadlines heap;
    uint32_t count = (uint32_t)row->clients;
    uint32_t chance = 1;
    double start;
    double spent;
    size_t num = 0;

    (void)which;
    dtls_deadlines_init(&heap, places, count);
    for (uint32_t i = 0; i < count; i++) {
        dtls_deadlines_set(&heap, i * GROWTH_STEP % count, i);
    }
    start = bench_cpu();
    do {
        for (size_t i = 0; i < 256; i++) {
            chance = chance * 1664525 + 1013904223;
            dtls_deadlines_set(&heap, dtls_deadlines_first(&heap),
                               dtls_deadlines_next(&heap) + chance % count);
        }
        num += 256;
        spent = bench_cpu() - start;
    } while (spent < options.seconds);
    return 1e9 * spent / (double)num;
}

/* Return microseconds for a handshake, or for a record, behind the API; or as
 * the floor, of the engine with the same datagrams by bare sendto and
 * recvfrom. */
static double measure_api_handshakes(size_t which, const struct row *row)
{
    return which == OURS ? bench_api_handshake(options.seconds)
                         : measure_handshakes(which, row);
}

static double measure_api_records(size_t which, const struct row *row)
{
    return which == OURS
               ? bench_api_record(row->clients, row->len, options.seconds)
               : 1e3 / measure_records(which, row);
}

static size_t heap_used(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* Tells whether mallinfo2 speaks of this program's heap: that of a sanitizer
 * does not. */
static bool heap_is_counted(void)
{
    size_t before = heap_used();
    /* So much that it is no block that was given back before: that one still
     * counts. */
    void *volatile some = malloc(1 << 20);
    bool is_counted = heap_used() > before;

    free(some);
    return is_counted;
}

/* Returns the bytes of a connected pair on the heap.  The library begins anew,
 * so that nothing is kept from the turn before; what it makes once is made
 * with the first pair. */
static double measure_memory(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);
    void *made[MEMORY_PAIRS];
    void *first;
    size_t before;
    size_t after;

    lib->finish();
    if (!lib->begin(row->kind, command_pki(), row->len)) {
        bench_die(lib->name, "beginning anew");
    }
    first = lib->connect();
    before = heap_used();
    for (size_t i = 0; i < MEMORY_PAIRS; i++) {
        made[i] = lib->connect();
    }
    after = heap_used();
    for (size_t i = 0; i < MEMORY_PAIRS; i++) {
        lib->end(made[i]);
    }
    lib->end(first);
    return (double)(after - before) / MEMORY_PAIRS;
}

/* ---- results ---- */

struct result {
    bool is_there;
    double values[RUNS_MAX];
    double best;
    double median;
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void judge(struct result *result, const struct row *row)
{
    qsort(result->values, options.runs, sizeof *result->values, compare);
    result->best = result->values[row->more_is_better ? options.runs - 1 : 0];
    result->median = result->values[options.runs / 2];
}

/* Returns by what factor ours is better than another value. */
static double ratio(const struct row *row, double ours, double other)
{
    return row->more_is_better ? ours / other : other / ours;
}

/* Returns the best of the other libraries, or 0. */
static double best_peer(const struct row *row, const struct result *results)
{
    double best = 0;

    for (size_t i = OURS + 1; i < FLOOR; i++) {
        if (results[i].is_there &&
            (best == 0 || ratio(row, results[i].best, best) > 1)) {
            best = results[i].best;
        }
    }
    return best;
}

static void print_ratio(double ours_is_better)
{
    if (ours_is_better == 0) {
        (void)printf("%8s", "-");
    } else {
        (void)printf("%8.2f", ours_is_better);
    }
}

static void print_row(const struct row *row, const struct result *results,
                      double to_peer, double to_floor)
{
    print_ratio(to_peer);
    print_ratio(to_floor);
    (void)printf("  %-22s %-6s", row->name, row->unit);
    (void)printf(" %9.6g (%.6g)", results[OURS].best, results[OURS].median);
    for (size_t i = OURS + 1; i < LIBS; i++) {
        if (results[i].is_there) {
            (void)printf("  %s %.6g (%.6g)", libs[i]->name, results[i].best,
                         results[i].median);
        }
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

static void write_number(const char *name, bool is_there, double value)
{
    if (is_there) {
        (void)fprintf(json, ", \"%s\": %.6g", name, value);
    } else {
        (void)fprintf(json, ", \"%s\": null", name);
    }
}

static void write_json(const struct row *row, const struct result *results,
                       double to_peer, double to_floor)
{
    (void)fprintf(json, "{\"row\": \"%s\", \"unit\": \"%s\"", row->name,
                  row->unit);
    for (size_t i = 0; i < LIBS; i++) {
        write_number(libs[i]->name, results[i].is_there, results[i].best);
    }
    write_number("ratio_peer", to_peer != 0, to_peer);
    write_number("ratio_floor", to_floor != 0, to_floor);
    (void)fprintf(json, ", \"medians\": {");
    for (size_t i = 0; i < LIBS; i++) {
        (void)fprintf(json, "%s\"%s\": ", i == 0 ? "" : ", ", libs[i]->name);
        if (results[i].is_there) {
            (void)fprintf(json, "%.6g", results[i].median);
        } else {
            (void)fprintf(json, "null");
        }
    }
    (void)fprintf(json, "}, \"runs\": %u}\n", options.runs);
}

/* ---- rows ---- */

/* Connects the pairs of a row.  Returns false, and ends them, if they would
 * take too much memory. */
static bool connect_pairs(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);
    size_t before = heap_used();

    for (size_t i = 0; i < row->pairs; i++) {
        pairs[which][i] = lib->connect();
        if (i == MEMORY_PAIRS &&
            (heap_used() - before) / i > GROWTH_MAX / row->pairs) {
            for (size_t k = 0; k <= i; k++) {
                lib->end(pairs[which][k]);
            }
            return false;
        }
    }
    return true;
}

static bool begin(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);

    if (row->is_alone || (row->is_api && which != FLOOR)) {
        return which == OURS;
    }
    if (which == FLOOR && !row->has_floor) {
        return false;
    }
    if (!lib->begin(row->kind, command_pki(), row->len) ||
        !connect_pairs(which, row)) {
        lib->finish();
        return false;
    }
    return true;
}

static void finish(size_t which, const struct row *row)
{
    const struct bench_lib *lib = lib_of(which, row);

    if (which == OURS && (row->is_api || row->is_alone)) {
        return;
    }
    for (size_t i = 0; i < row->pairs; i++) {
        lib->end(pairs[which][i]);
    }
    lib->finish();
}

static void run(const struct row *row)
{
    static struct result results[LIBS];
    double peer;
    double to_peer = 0;
    double to_floor = 0;

    if (fnmatch(options.only, row->name, 0) != 0) {
        return;
    }
    for (size_t i = 0; i < LIBS; i++) {
        results[i].is_there = begin(i, row);
    }
    for (unsigned turn = 0; turn < options.runs; turn++) {
        for (size_t i = 0; i < LIBS; i++) {
            if (results[i].is_there) {
                results[i].values[turn] = row->measure(i, row);
            }
        }
    }
    for (size_t i = 0; i < LIBS; i++) {
        if (results[i].is_there) {
            judge(&results[i], row);
            finish(i, row);
        }
    }
    peer = best_peer(row, results);
    if (peer != 0) {
        to_peer = ratio(row, results[OURS].best, peer);
    }
    if (results[FLOOR].is_there) {
        to_floor = ratio(row, results[OURS].best, results[FLOOR].best);
    }
    print_row(row, results, to_peer, to_floor);
    if (json != NULL) {
        write_json(row, results, to_peer, to_floor);
    }
}

static void run_handshakes(void)
{
    for (size_t i = 0; bench_handshakes[i].name != NULL; i++) {
        struct row row = {.unit = "us",
                          .kind = &bench_handshakes[i],
                          .has_floor = true,
                          .measure = measure_handshakes};

        (void)snprintf(row.name, sizeof row.name, "handshake %s",
                       row.kind->name);
        run(&row);
    }
}

static void run_records(void)
{
    static const size_t lens[] = {64, 256, 1200, 1400, 4096, 16384};

    for (size_t i = 0; bench_ciphers[i].name != NULL; i++) {
        for (size_t j = 0; j < sizeof lens / sizeof *lens; j++) {
            struct row row = {.unit = "k/s",
                              .more_is_better = true,
                              .kind = &bench_ciphers[i],
                              .len = lens[j],
                              .pairs = 1,
                              .has_floor = true,
                              .measure = measure_records};

            (void)snprintf(row.name, sizeof row.name, "record %s %zu",
                           row.kind->name, row.len);
            run(&row);
        }
    }
}

static void run_growth(void)
{
    static const size_t counts[] = {1, 100, 1000, 10000, BENCH_PAIRS_MAX};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct row row = {.unit = "k/s",
                          .more_is_better = true,
                          .kind = &bench_ciphers[0],
                          .len = 64,
                          .pairs = counts[i],
                          .measure = measure_growth};

        (void)snprintf(row.name, sizeof row.name, "growth %zu", row.pairs);
        run(&row);
    }
}

static void run_timers(void)
{
    static const size_t counts[] = {100, 10000, BENCH_PAIRS_MAX};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct row row = {.unit = "ns",
                          .clients = counts[i],
                          .is_alone = true,
                          .measure = measure_timers};

        (void)snprintf(row.name, sizeof row.name, "timer %zu", row.clients);
        run(&row);
    }
}

static void run_api(void)
{
    static const size_t lens[] = {64, 1200};
    static const size_t clients[] = {4, 16, BENCH_API_CLIENTS_MAX};
    struct row row = {.name = "api handshake psk",
                      .unit = "us",
                      .kind = &bench_handshakes[0],
                      .has_floor = true,
                      .is_api = true,
                      .measure = measure_api_handshakes};

    run(&row);
    row.kind = &bench_ciphers[0];
    row.pairs = 1;
    row.clients = 1;
    row.measure = measure_api_records;
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        row.len = lens[i];
        (void)snprintf(row.name, sizeof row.name, "api record gcm %zu",
                       row.len);
        run(&row);
    }
    row.len = lens[0];
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        row.clients = clients[i];
        (void)snprintf(row.name, sizeof row.name, "api clients %zu",
                       row.clients);
        run(&row);
    }
}

static void run_memory(void)
{
    if (!heap_is_counted()) {
        (void)printf(
            "memory: not measured, mallinfo2 does not count this heap\n");
        return;
    }
    for (size_t i = 0; bench_handshakes[i].name != NULL; i++) {
        struct row row = {.unit = "bytes",
                          .kind = &bench_handshakes[i],
                          .measure = measure_memory};

        (void)snprintf(row.name, sizeof row.name, "memory %s", row.kind->name);
        run(&row);
    }
}

/* ---- options ---- */

static void take_runs(void *self, const char *value)
{
    struct options *o = self;

    o->runs =
        (unsigned)command_number(PROGRAM, "runs", value, RUNS_MIN, RUNS_MAX);
}

static void take_time(void *self, const char *value)
{
    struct options *o = self;

    o->seconds =
        1e-3 * (double)command_number(PROGRAM, "time", value, 1, 10000);
}

static void take_only(void *self, const char *value)
{
    struct options *o = self;

    o->only = value;
}

static void take_json(void *self, const char *value)
{
    struct options *o = self;

    o->json = value;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    {"runs", "N", take_runs, "turns for each row, 7 to 99 (default 7)"},
    {"time", "MS", take_time,
     "how long each library runs in a turn (default 50)"},
    {"only", "GLOB", take_only, "rows whose name matches, alone"},
    {"json", "FILE", take_json, "write a JSON line for each row"},
    {"help", NULL, take_help, "print this text"},
};

static const struct command_line line = {PROGRAM, rows,
                                         sizeof rows / sizeof *rows, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf(
        "usage: nxdtls bench [options]\n\n"
        "Measures our engine beside other libraries and beside libcrypto's "
        "bare\noperations (floor): client and server in one thread, in "
        "processor time.\n\n");
    command_print_rows(&line);
    (void)printf(
        "\nRows:\n"
        "  handshake KIND        microseconds, both ends together\n"
        "  record CIPHER LENGTH  thousands in a second, each sealed and "
        "opened\n"
        "  growth PAIRS          thousands of records of 64 bytes in a "
        "second that a\n"
        "                        server with so many sessions opens, of each "
        "in turn;\n"
        "                        ours also finds the session by its address\n"
        "  timer SESSIONS        nanoseconds for a round of a server's timer "
        "that serves\n"
        "                        one of so many sessions\n"
        "  api handshake psk     microseconds of all threads for client and "
        "server\n"
        "                        behind the API over 127.0.0.1, with the "
        "close; the\n"
        "                        floor is our engine with the same datagrams "
        "by sendto\n"
        "                        and recvfrom\n"
        "  api record gcm LENGTH the same for each of two records, there and "
        "back\n"
        "  api clients N         the same for 64 bytes and so many clients at "
        "a time\n"
        "  memory KIND           bytes on the heap for a connected pair\n"
        "A ratio above 1 says that ours is better than the best other "
        "library, or than\nthe floor.  Exit status: 0, or 2 for wrong "
        "usage.\n");
    exit(0);
}

_Noreturn static void refuse(const char *what)
{
    (void)fprintf(stderr, PROGRAM ": %s; see --help\n", what);
    exit(2);
}

int main(int argc, char **argv)
{
    if (command_parse(&line, &options, argc, argv) != argc) {
        refuse("there is a word too many");
    }
    if (options.json != NULL) {
        json = fopen(options.json, "w");
        if (json == NULL) {
            refuse("the file of --json cannot be written");
        }
    }
    (void)printf("best (median) of %u turns of %.0f ms each\n"
                 " to peer to floor  row                    unit   ours\n",
                 options.runs, 1e3 * options.seconds);
    run_handshakes();
    run_records();
    run_growth();
    run_timers();
    run_api();
    run_memory();
    if (json != NULL && fclose(json) != 0) {
        refuse("the file of --json could not be written");
    }
    return 0;
}
