/* SPDX-License-Identifier: MIT */
/* nxdtls-check: conformance checks before any DTLS 1.2 stack (check/check.h).
 * `nxdtls check` starts it. */
#include "check/doubts.h"
#include "check/init.h"
#include "check/run.h"
#include "lab/command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the ICS ---- */

static void read_file(struct ics *ics, const char *path)
{
    struct dtls_span text = check_read_file("--ics", path, COMMAND_FILE_BYTES);
    char problem[2048];

    if (!ics_read(ics, path, dtls_bytes_of(text.data, text.len), problem,
                  sizeof problem)) {
        check_bad_input("%s", problem);
    }
    free(text.data);
}

/* A password may be short; a pre-shared key may not. */
static void read_files(struct ics *ics, const struct check_options *o)
{
    const char *with_key = NULL; /* the file that says the key */
    char key[ICS_VALUE_MAX];
    char text[512];

    for (unsigned i = 0; i < o->num_files; i++) {
        (void)strcpy(key, ics->values[ICS_psk_key]);
        read_file(ics, o->files[i]);
        if (strcmp(key, ics->values[ICS_psk_key]) != 0) {
            with_key = o->files[i];
        }
    }
    if (with_key != NULL &&
        ics_applies(ics, false, "psk", text, sizeof text)) {
        (void)snprintf(text, sizeof text, "%s: psk_key", with_key);
        command_warn_of_key("nxdtls check", text,
                            strlen(ics->values[ICS_psk_key]) / 2);
    }
}

/* What the driver claims, which its own test has read before. */
static void read_own(struct ics *ics, const char *name, const char *text)
{
    char problem[2048];

    if (text != NULL &&
        !ics_read(ics, name,
                  dtls_bytes_of((const uint8_t *)text, strlen(text)), problem,
                  sizeof problem)) {
        check_bad_input("%s", problem);
    }
}

/* ---- the target ---- */

static const struct sut_entry *find_driver(const char *name)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    size_t num_outside;
    const struct sut_entry *outside = sut_outside(&num_outside);

    for (size_t i = 0; i < num_outside; i++) {
        if (strcmp(outside[i].name, name) == 0) {
            return &outside[i];
        }
    }
    for (size_t i = 0; i < num; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static const struct sut_entry *driver_named(const char *name)
{
    const struct sut_entry *entry = find_driver(name);
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    char names[256] = "";

    if (entry != NULL && entry->driver != NULL) {
        return entry;
    }
    if (entry != NULL) {
        check_bad_input("--sut %s: %s", name, entry->missing);
    }
    for (size_t i = 0; i < num; i++) {
        size_t len = strlen(names);

        (void)snprintf(names + len, sizeof names - len, " %s",
                       entries[i].name);
    }
    check_bad_input("--sut %s: no such target; there are%s", name, names);
}

/* A way to reach a target: an option, or the same in the IXIT. */
struct way {
    const char *driver;
    const char *option;
    const char *given;
    enum ics_key key;
    bool is_client;
};

/* The target is named on the command line or, if not there, in the IXIT. */
static struct way way_of(const struct check_options *o, const struct ics *ics)
{
    const struct way ways[] = {
        {"udp", "--server", o->server, ICS_server, false},
        {"command", "--client-command", o->client_command, ICS_client_command,
         true},
        {"command", "--server-command", o->server_command, ICS_server_command,
         false},
        {"listen", "--listen", o->listen, ICS_listen, true},
    };
    const size_t num = sizeof ways / sizeof *ways;

    for (size_t i = 0; i < num; i++) {
        if (ways[i].given != NULL) {
            return ways[i];
        }
    }
    for (size_t i = 0; i < num; i++) {
        struct way way = ways[i];

        way.given = ics->values[way.key];
        if (*way.given != '\0') {
            return way;
        }
    }
    check_bad_input("--sut, --server, --client-command, --server-command or "
                    "--listen is missing; see --help");
}

static const char *replay_of(const struct check_options *o,
                             const struct target *t, const char *option)
{
    static char text[2048];
    size_t len;

    if (t->where == NULL) {
        (void)snprintf(text, sizeof text, "--sut %s", t->name);
    } else {
        (void)snprintf(text, sizeof text, "%s '%.1000s'", option, t->where);
    }
    for (unsigned i = 0; i < o->num_files; i++) {
        len = strlen(text);
        (void)snprintf(text + len, sizeof text - len, " --ics %.200s",
                       o->files[i]);
    }
    return text;
}

static int check_target(const struct check_options *o, struct ics *ics,
                        const char *pki)
{
    struct way way = {.driver = o->sut, .option = "--sut"};
    struct target target = {.ics = ics, .pki = pki};
    const char *role = ics->values[ICS_role];
    const struct sut_entry *entry;

    if (o->sut == NULL) {
        way = way_of(o, ics);
    }
    entry = driver_named(way.driver);
    target.name = entry->name;
    target.driver = entry->driver;
    target.where = way.given;
    target.is_client =
        (way.given == NULL || way.is_client) && strcmp(role, "server") != 0;
    target.is_server =
        (way.given == NULL || !way.is_client) && strcmp(role, "client") != 0;
    if (!target.is_client && !target.is_server) {
        check_bad_input("role = %s does not fit the target", role);
    }
    return run_target(o, &target, replay_of(o, &target, way.option),
                      &command_interrupted);
}

int main(int argc, char **argv)
{
    static struct ics ics;
    struct check_options o;
    char why[160];
    const char *pki;

    check_options_parse(&o, argc, argv);
    if (!checks_are_whole(why, sizeof why)) {
        check_bad_input("%s", why);
    }
    if (o.init != NULL) {
        init_write(o.init, o.pki != NULL ? o.pki : command_pki());
        return 0;
    }
    ics_init(&ics);
    if (o.sut != NULL) {
        read_own(&ics, o.sut, driver_named(o.sut)->driver->ics);
    }
    if (o.prove) {
        read_own(&ics, "engine", driver_named("engine")->driver->ics);
    }
    read_files(&ics, &o);
    if (o.claims) {
        ics_write(stdout, &ics, "ics");
        (void)putchar('\n');
        ics_write(stdout, &ics, "ixit");
        return 0;
    }
    if (o.num_files != 0) {
        doubts_tell(stderr, &ics);
    }
    pki = o.pki != NULL                  ? o.pki
          : *ics.values[ICS_pki] != '\0' ? ics.values[ICS_pki]
                                         : command_pki();
    command_watch_signals();
    return o.prove ? run_prove(&o, &ics, pki, &command_interrupted)
                   : check_target(&o, &ics, pki);
}
