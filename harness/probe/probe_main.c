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
#include <sys/stat.h>
#include <unistd.h>

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

/* A file that the probe is to write. */
struct report {
    const char *option;
    const char *path; /* NULL: it was not asked for */
    FILE *out;
    bool is_new;
};

/* Opens it before anything is asked, because a user does not want to wait for
 * a bad path; what stands in it stays until there is something to write. */
static void open_report(struct report *r)
{
    if (r->path == NULL) {
        return;
    }
    r->is_new = access(r->path, F_OK) != 0;
    r->out = fopen(r->path, "a");
    if (r->out == NULL) {
        probe_end(2, "--%s %s: %s", r->option, r->path, strerror(errno));
    }
}

/* Nothing was found out: no file is left that says so little. */
static void drop_report(const struct report *r)
{
    if (r->out != NULL && fclose(r->out) == 0 && r->is_new) {
        (void)remove(r->path);
    }
}

/* A device keeps its size. */
static void empty_report(const struct report *r)
{
    struct stat info;

    if (fstat(fileno(r->out), &info) == 0 && S_ISREG(info.st_mode) &&
        ftruncate(fileno(r->out), 0) != 0) {
        probe_end(2, "--%s %s: %s", r->option, r->path, strerror(errno));
    }
}

static void close_report(const struct report *r)
{
    if (ferror(r->out) != 0 || fclose(r->out) != 0) {
        probe_end(2, "--%s %s: it cannot be written", r->option, r->path);
    }
}

static void print_all(const struct probe *p, const struct report *json,
                      const struct report *ics, double seconds)
{
    page_print(stdout, p, seconds);
    if (json->out != NULL) {
        empty_report(json);
        page_json(json->out, p, seconds);
        close_report(json);
    }
    if (ics->out != NULL) {
        empty_report(ics);
        page_ics(ics->out, p);
        close_report(ics);
    }
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
    struct report json = {.option = "json"};
    struct report ics = {.option = "ics"};
    char why[FACT_REASON];

    probe_options_parse(&o, argc, argv);
    take_given(&p, &o);
    p.pki = command_pki();
    p.facts = share_facts();
    json.path = o.json;
    ics.path = o.ics;
    open_report(&json);
    open_report(&ics);
    if (p.who == CLIENT ? !client_probe(&p, why, sizeof why)
                        : !questions_meet(&p, why, sizeof why)) {
        drop_report(&json);
        drop_report(&ics);
        probe_end(3, "%s: %s", p.where, why);
    }
    if (p.who == SERVER) {
        command_watch_signals(); /* the questions' processes are to end, too */
        if (!questions_ask(&p, &command_interrupted)) {
            drop_report(&json);
            drop_report(&ics);
            return 130;
        }
    }
    questions_name_untold(&p);
    given_free(&o.given);
    seconds = (double)(sut_real_now() - began) / 1000;
    print_all(&p, &json, &ics, seconds);
    return 0;
}
