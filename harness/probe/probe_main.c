/* SPDX-License-Identifier: MIT */
/* nxdtls-probe: what a DTLS server is, found out over the wire.  `nxdtls
 * probe` starts it. */
#include "probe/client_probe.h"
#include "probe/page.h"
#include "probe/probe_options.h"
#include "probe/questions.h"
#include "lab/command_line.h"

#include "sut/sut_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define QUIET_MS 1000
#define LIVE_MS 5000

/* The processes of the questions write their facts there. */
static struct facts *share_facts(void)
{
    void *facts = mmap(NULL, sizeof(struct facts), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (facts == MAP_FAILED) {
        probe_end(3, "no memory: %s", strerror(errno));
    }
    return facts;
}

/* Before anything is asked: nobody wants to wait for a bad path. */
static FILE *open_file(const char *option, const char *path)
{
    FILE *out = path == NULL ? NULL : fopen(path, "w");

    if (path != NULL && out == NULL) {
        probe_end(2, "--%s %s: %s", option, path, strerror(errno));
    }
    return out;
}

static void close_file(FILE *out, const char *option, const char *path)
{
    if (out != NULL && (ferror(out) != 0 || fclose(out) != 0)) {
        probe_end(2, "--%s %s: it cannot be written", option, path);
    }
}

static void print_all(const struct probe_options *o, const struct probe *p,
                      FILE *json, FILE *ics, double seconds)
{
    page_print(stdout, p, seconds);
    if (json != NULL) {
        page_json(json, p, seconds);
    }
    if (ics != NULL) {
        page_ics(ics, p);
    }
    close_file(json, "json", o->json);
    close_file(ics, "ics", o->ics);
}

static void take_given(struct probe *p, const struct probe_options *o)
{
    const struct given *g = &o->given;

    p->who = o->listen != NULL ? CLIENT : SERVER;
    p->where = o->listen != NULL ? o->listen : o->where;
    p->quick = o->quick;
    p->slow = o->slow;
    p->psk_identity = dtls_bytes_of(g->identity, g->identity_len);
    p->psk_key = dtls_bytes_of(g->key, g->key_len);
    p->credentials = g->num_certificates == 0 ? NULL : g->chain;
    p->roots = g->roots;
}

int main(int argc, char **argv)
{
    static struct probe_options o; /* large */
    struct probe p = {.who = SERVER,
                      .seed = 1,
                      .patience_ms = LIVE_MS,
                      .quiet_ms = QUIET_MS,
                      .live_ms = LIVE_MS};
    uint64_t began = sut_real_now();
    double seconds;
    FILE *json;
    FILE *ics;
    char why[FACT_REASON];

    probe_options_parse(&o, argc, argv);
    take_given(&p, &o);
    p.pki = command_pki();
    p.facts = share_facts();
    json = open_file("json", o.json);
    ics = open_file("ics", o.ics);
    if (p.who == CLIENT ? !client_probe(&p, why, sizeof why)
                        : !questions_meet(&p, why, sizeof why)) {
        probe_end(3, "%s: %s", p.where, why);
    }
    if (p.who == SERVER) {
        command_watch_signals(); /* the questions' processes are to end, too */
        if (!questions_ask(&p, &command_interrupted)) {
            return 130;
        }
    }
    questions_name_untold(&p);
    given_free(&o.given);
    seconds = (double)(sut_real_now() - began) / 1000;
    print_all(&o, &p, json, ics, seconds);
    return 0;
}
