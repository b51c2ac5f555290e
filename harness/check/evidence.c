/* SPDX-License-Identifier: MIT */
/* Evidence (check/evidence.h).  A line that begins with a tab has a datagram:
 * its time in milliseconds, > if it is the client's or <, and its bytes in
 * hex.  One that begins as a key log's has a secret. */
#include "check/evidence.h"

#include "base/secret.h"
#include "lab/capture.h"
#include "sim/network.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

static const char target_says[] = " the target: ";

void evidence_heading(FILE *out, const char *text)
{
    if (out != NULL) {
        (void)fprintf(out, "-- %s\n", text);
    }
}

void evidence_datagram(FILE *out, uint64_t now, bool from_client,
                       struct dtls_bytes bytes)
{
    if (out == NULL) {
        return;
    }
    (void)fprintf(out, "\t%" PRIu64 " %c ", now, from_client ? '>' : '<');
    for (size_t i = 0; i < bytes.len; i++) {
        static const char digits[] = "0123456789abcdef";

        (void)putc(digits[bytes.data[i] >> 4], out);
        (void)putc(digits[bytes.data[i] & 15], out);
    }
    (void)putc('\n', out);
}

void evidence_target_says(FILE *out, uint64_t now, const char *text)
{
    if (out == NULL) {
        return;
    }
    (void)fprintf(out, "%9.3f%s", (double)now / 1000, target_says);
    for (; *text != '\0'; text++) {
        (void)putc(*text < ' ' || *text > '~' ? '?' : *text, out);
    }
    (void)putc('\n', out);
}

/* ---- reading ---- */

static bool is_secret(const char *line)
{
    return strncmp(line, "CLIENT_RANDOM ", 14) == 0;
}

/* Takes any line; -1: the end. */
static int next_line(const char **evidence, const char **line)
{
    size_t len = strcspn(*evidence, "\n");

    *line = *evidence;
    if (**evidence == '\0') {
        return -1;
    }
    *evidence += len + ((*evidence)[len] == '\n');
    return (int)len;
}

int evidence_next(const char **evidence, const char **line)
{
    int len;

    do {
        len = next_line(evidence, line);
    } while (len >= 0 && (**line == '\t' || is_secret(*line)));
    return len;
}

static unsigned value_of(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0')
                        : (unsigned)(digit - 'a' + 10);
}

/* Reads a line of evidence_datagram; the caller frees the bytes. */
static struct lab_packet packet_of(const char *line, size_t len)
{
    struct lab_packet p = {.from = 0};
    char direction = '>';
    int used = 0;
    int found = sscanf(line, "\t%" SCNu64 " %c%n", &p.at, &direction, &used);

    assert(found == 2);
    line += used + 1;
    p.from = direction == '>' ? 0 : 1;
    p.len = (len - (size_t)used - 1) / 2;
    p.fate = (struct sim_fate){.copies = 1, .len = p.len};
    p.bytes = malloc(p.len + 1);
    assert(p.bytes != NULL);
    for (size_t i = 0; i < p.len; i++) {
        p.bytes[i] =
            (uint8_t)(value_of(line[2 * i]) << 4 | value_of(line[2 * i + 1]));
    }
    return p;
}

/* ---- saving ---- */

struct saved {
    struct lab_wire wire;
    uint16_t associations;
    FILE *secrets;
    FILE *peer;
    FILE *target;
};

static void add_packet(struct saved *s, struct lab_packet p)
{
    struct lab_wire *w = &s->wire;

    if (w->num_packets == w->cap) {
        w->cap = w->cap * 2 + 64;
        w->packets = realloc(w->packets, w->cap * sizeof *w->packets);
        assert(w->packets != NULL);
    }
    p.association = s->associations;
    w->packets[w->num_packets++] = p;
}

static void add_line(struct saved *s, const char *line, int len)
{
    const char *says;

    if (*line == '\t') {
        add_packet(s, packet_of(line, (size_t)len));
        return;
    }
    if (is_secret(line)) {
        (void)fprintf(s->secrets, "%.*s\n", len, line);
        return;
    }
    if (strncmp(line, "-- ", 3) == 0) {
        s->associations++;
    }
    (void)fprintf(s->peer, "%.*s\n", len, line);
    says = memmem(line, (size_t)len, target_says, strlen(target_says));
    if (says != NULL) {
        says += strlen(target_says);
        (void)fprintf(s->target, "%.*s\n", (int)(len - (says - line)), says);
    }
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[PATH_SIZE];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
        (int)sizeof path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return fopen(path, "w");
}

static bool finish(FILE *out)
{
    bool good = ferror(out) == 0;

    return fclose(out) == 0 && good;
}

static bool save_capture(const char *folder, const struct lab_wire *wire,
                         const char *secrets)
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "%s/capture.pcapng", folder);
    return lab_capture_write(path, wire, secrets);
}

bool evidence_save(const char *folder, const char *evidence)
{
    static struct saved s;
    char *secrets = NULL;
    size_t secrets_len = 0;
    const char *line;
    int len;
    bool good;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return false;
    }
    s = (struct saved){.peer = open_in(folder, "peer.log")};
    if (s.peer == NULL) {
        return false;
    }
    s.target = open_in(folder, "target.log");
    if (s.target == NULL) {
        (void)fclose(s.peer);
        return false;
    }
    s.secrets = open_memstream(&secrets, &secrets_len);
    assert(s.secrets != NULL);
    while ((len = next_line(&evidence, &line)) >= 0) {
        add_line(&s, line, len);
    }
    (void)fclose(s.secrets);
    good = finish(s.peer);
    good = finish(s.target) && good;
    good = good && save_capture(folder, &s.wire, secrets);
    dtls_wipe(secrets, secrets_len);
    free(secrets);
    lab_wire_free(&s.wire);
    return good;
}
