/* SPDX-License-Identifier: MIT */
/* JSON lines (lab/report.h). */
#include "lab/report.h"

#include "lab/capture.h"
#include "lab/limits.h"

#include <errno.h>
#include <string.h>

/* Of a cell, in its line: the handshake and a little data. */
enum { WIRE_LINES = 60 };

uint64_t lab_cell_seed(const struct lab_run *run, const struct lab_cell *cell)
{
    char id[LAB_ID_MAX];
    uint64_t seed = run->seed ^ 0xcbf29ce484222325u;

    lab_cell_id(id, cell);
    for (const char *at = id; *at != '\0'; at++) {
        seed = (seed ^ (uint8_t)*at) * 0x100000001b3u;
    }
    return seed;
}

const char *lab_verdict(bool passed, int limit)
{
    if (passed) {
        return "pass";
    }
    if (limit == LAB_ALL_LOST) {
        return "inconclusive";
    }
    return limit == LAB_NO_LIMIT ? "fail" : "accepted";
}

/* A library's log may quote bytes that are not UTF-8, so every character that
 * is not ASCII becomes '?'. */
void lab_put_json(FILE *out, const char *text)
{
    (void)putc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            (void)fprintf(out, "\\%c", c);
        } else if (c == '\n') {
            (void)fputs("\\n", out);
        } else {
            (void)putc(c < ' ' || c > '~' ? '?' : c, out);
        }
    }
    (void)putc('"', out);
}

static void put_field(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, ", \"%s\": ", name);
    lab_put_json(out, text);
}

static void put_replay(FILE *out, const struct lab_run *run, const char *id)
{
    char text[LAB_ID_MAX + 64];

    (void)snprintf(text, sizeof text,
                   "nxdtls interop --seed %llu -v --only id=%s",
                   (unsigned long long)run->seed, id);
    put_field(out, "replay", text);
}

/* The versions that met; a library that is not in this build has none. */
static void put_versions(FILE *out, const struct lab_cell *cell)
{
    const struct sut_entry *ends[2] = {cell->client, cell->server};
    const char *before = "";

    (void)fputs(", \"versions\": {", out);
    for (size_t i = 0; i < (ends[0] == ends[1] ? 1u : 2u); i++) {
        if (ends[i]->driver != NULL) {
            (void)fprintf(out, "%s\"%s\": ", before, ends[i]->name);
            lab_put_json(out, ends[i]->driver->library);
            before = ", ";
        }
    }
    (void)fputs("}", out);
}

static void put_head(FILE *out, const struct lab_run *run,
                     const struct lab_cell *cell, size_t order,
                     const char *verdict)
{
    char id[LAB_ID_MAX];

    lab_cell_id(id, cell);
    (void)fprintf(out, "{\"area\": \"%s\"", run->area);
    put_field(out, "id", id);
    put_field(out, "group", cell->client->name);
    put_field(out, "column", cell->server->name);
    (void)fprintf(out, ", \"order\": %zu", order);
    put_field(out, "verdict", verdict);
    (void)fprintf(out, ", \"settings\": {\"letter\": \"%c\"",
                  cell->scenario->letter);
    put_field(out, "scenario", cell->scenario->name);
    put_field(out, "network", cell->scenario->what);
    put_field(out, "suite", cell->suite->name);
    put_field(out, "kx", lab_kx_name(cell->suite->kx));
    put_field(out, "auth", lab_auth_name(cell->auth));
    put_field(out, "variant", cell->variant->name);
    put_field(out, "cookie", cell->cookies ? "cookie" : "no-cookie");
    (void)fputs("}", out);
    put_versions(out, cell);
    put_replay(out, run, id);
}

static void put_reason(FILE *out, const struct lab_cell *cell,
                       const struct lab_result *r)
{
    char text[1024];
    int limit = lab_limit_of(cell, r);
    size_t len = 0;

    if (limit != LAB_NO_LIMIT) {
        len += (size_t)snprintf(text, sizeof text,
                                "%s; seen: ", lab_limit_why(limit));
    }
    if (r->plays > 1) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "play %u: ", r->play);
    }
    for (size_t i = 0; i < r->num_checks; i++) {
        const struct lab_check *c = &r->checks[i];

        if (!c->holds && len < sizeof text) {
            len += (size_t)snprintf(text + len, sizeof text - len, "%s: %s; ",
                                    c->word, c->seen);
        }
    }
    text[len < sizeof text && len >= 2 ? len - 2 : sizeof text - 1] = '\0';
    put_field(out, "reason", text);
    put_field(out, "expected",
              cell->auth >= SUT_WRONG_PSK ? "refused, by both ends"
                                          : cell->scenario->what);
}

static void put_checks(FILE *out, const struct lab_result *r)
{
    (void)fputs("\"checks\": [", out);
    for (size_t i = 0; i < r->num_checks; i++) {
        const struct lab_check *c = &r->checks[i];

        (void)fprintf(out, "%s{\"word\": \"%s\", \"holds\": %s, \"seen\": ",
                      i == 0 ? "" : ", ", c->word,
                      c->holds ? "true" : "false");
        lab_put_json(out, c->seen);
        (void)fputs("}", out);
    }
    (void)fputs("]", out);
}

/* Writes the lines of a text as a JSON array. */
static void put_lines(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, ", \"%s\": [", name);
    for (const char *separator = ""; *text != '\0'; separator = ", ") {
        size_t len = strcspn(text, "\n");
        char line[400];

        (void)snprintf(line, sizeof line, "%.*s", (int)len, text);
        (void)fputs(separator, out);
        lab_put_json(out, line);
        text += len + (text[len] == '\n');
    }
    (void)fputs("]", out);
}

static void put_wire(FILE *out, const struct lab_wire *wire)
{
    (void)fputs(", \"wire\": [", out);
    for (size_t i = 0; i < wire->num_packets && i < WIRE_LINES; i++) {
        (void)fprintf(out, "%s\"", i == 0 ? "" : ", ");
        lab_wire_line(out, &wire->packets[i]);
        (void)fputs("\"", out);
    }
    (void)fputs("]", out);
}

static void put_capture(FILE *out, const struct lab_run *run,
                        const struct lab_cell *cell,
                        const struct lab_result *r)
{
    char path[512];
    char id[LAB_ID_MAX];

    lab_cell_id(id, cell);
    for (char *at = id; *at != '\0'; at++) {
        *at = *at == '/' ? '.' : *at;
    }
    (void)snprintf(path, sizeof path, "%s/%s.pcapng", run->captures, id);
    if (lab_capture_write(path, &r->wire, r->keylog)) {
        put_field(out, "capture", path);
    } else {
        put_field(out, "capture_failed", strerror(errno));
    }
}

void lab_report_result(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const struct lab_result *r, double seconds)
{
    put_head(out, run, cell, order,
             lab_verdict(r->passed, lab_limit_of(cell, r)));
    if (!r->passed) {
        put_reason(out, cell, r);
    }
    if (run->captures != NULL && (!r->passed || run->verbose)) {
        put_capture(out, run, cell, r);
    }
    (void)fprintf(out,
                  ", \"plays\": %u, \"datagrams\": %u, \"connected_ms\": %llu"
                  ", \"trace\": \"%016llx\", \"details\": {",
                  r->plays, r->datagrams, (unsigned long long)r->connected_at,
                  (unsigned long long)r->trace);
    put_checks(out, r);
    (void)fputs(", \"ends\": [", out);
    lab_put_json(out, r->states[SUT_CLIENT]);
    (void)fputs(", ", out);
    lab_put_json(out, r->states[SUT_SERVER]);
    (void)fputs("]", out);
    if (!r->passed || run->verbose) {
        put_wire(out, &r->wire);
        put_lines(out, "client", r->logs[0]);
        put_lines(out, "server", r->logs[1]);
    }
    (void)fprintf(out, "}, \"seconds\": %.4f}\n", seconds);
}

void lab_report_reason(FILE *out, const struct lab_run *run,
                       const struct lab_cell *cell, size_t order,
                       const char *verdict, const char *reason)
{
    put_head(out, run, cell, order, verdict);
    put_field(out, "reason", reason);
    (void)fputs(", \"seconds\": 0}\n", out);
}
