/* SPDX-License-Identifier: MIT */
/* The server that a campaign keeps running (fuzz/ward.h). */
#include "fuzz/ward.h"

#include "check/scene.h"
#include "sut/command.h"
#include "sut/sut_socket.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_LOOKS 2   /* after so many, growth counts */
#define GROWTH_KB 32768 /* above the usual */
#define GROWTH_FILES 64 /* above the usual */
#define PATH_BYTES 300

bool ward_can_restart(const struct ward *w)
{
    return w->command != NULL || w->trigger != NULL;
}

/* Keeps the end of what the server writes. */
static void note_line(void *self, const char *text)
{
    struct ward *w = self;
    const size_t len = strlen(text);

    if (len + 2 > sizeof w->said - w->said_len) {
        w->said_len = 0;
    }
    w->said_len +=
        (size_t)snprintf(w->said + w->said_len, sizeof w->said - w->said_len,
                         "%.1000s\n", text);
}

static void ignore_bytes(void *self, struct dtls_bytes bytes)
{
    (void)self;
    (void)bytes;
}

static void ignore_line(void *self, const char *text)
{
    (void)self;
    (void)text;
}

void ward_ends(struct ward *w)
{
    if (w->server != NULL) {
        (void)w->server->driver->destroy(w->server);
        w->server = NULL;
    }
}

static bool start_command(struct ward *w, char *problem, size_t problem_size)
{
    const struct sut_setup setup = {
        .role = SUT_SERVER,
        .where = w->command,
        .host = {w, ignore_bytes, ignore_bytes, ignore_line, note_line}};

    ward_ends(w);
    w->said_len = 0;
    w->said[0] = '\0';
    w->looks = 0;
    w->usual_kb = w->usual_files = 0;
    w->server = sut_create(&sut_command, &setup, sut_real_now());
    if (w->server == NULL || w->server->state == SUT_FAILED) {
        (void)snprintf(problem, problem_size, "--server-command: %s",
                       w->server == NULL ? "no such end" : w->server->why);
        ward_ends(w);
        return false;
    }
    sut_command_where(w->server, w->where, sizeof w->where);
    return true;
}

bool ward_starts(struct ward *w, char *problem, size_t problem_size)
{
    if (w->command != NULL) {
        return start_command(w, problem, problem_size);
    }
    if (w->trigger != NULL && scene_runs(w->trigger, w->live_ms) != 0) {
        (void)snprintf(problem, problem_size,
                       "trigger_restart of the IXIT does not work");
        return false;
    }
    return true;
}

/* ---- how it fares ---- */

/* The process group of a process, by /proc; 0: there is none. */
static int group_of(const char *pid)
{
    char path[PATH_BYTES];
    char text[512] = "";
    int group = 0;
    FILE *in;

    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    in = fopen(path, "r");
    if (in == NULL) {
        return 0;
    }
    if (fgets(text, sizeof text, in) != NULL && strrchr(text, ')') != NULL &&
        sscanf(strrchr(text, ')'), ") %*c %*d %d", &group) != 1) {
        group = 0;
    }
    (void)fclose(in);
    return group;
}

static unsigned long memory_of(const char *pid)
{
    char path[PATH_BYTES];
    char line[128];
    unsigned long kb = 0;
    FILE *in;

    (void)snprintf(path, sizeof path, "/proc/%.20s/status", pid);
    in = fopen(path, "r");
    while (in != NULL && fgets(line, sizeof line, in) != NULL &&
           sscanf(line, "VmRSS: %lu", &kb) != 1) {
    }
    if (in != NULL) {
        (void)fclose(in);
    }
    return kb;
}

static unsigned files_of(const char *pid)
{
    char path[PATH_BYTES];
    unsigned num = 0;
    DIR *folder;

    (void)snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
    folder = opendir(path);
    while (folder != NULL && readdir(folder) != NULL) {
        num++;
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return num;
}

/* All processes of the group together. */
static void measure(pid_t group, unsigned long *kb, unsigned *files)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;

    *kb = 0;
    *files = 0;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            group_of(entry->d_name) == group) {
            *kb += memory_of(entry->d_name);
            *files += files_of(entry->d_name);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}

static void judge_growth(struct ward *w, pid_t group, struct stunt_result *out)
{
    unsigned long kb;
    unsigned files;

    measure(group, &kb, &files);
    if (w->looks++ < USUAL_LOOKS) {
        w->usual_kb = kb > w->usual_kb ? kb : w->usual_kb;
        w->usual_files = files > w->usual_files ? files : w->usual_files;
        return;
    }
    if (out->fault == FAULT_NONE && kb > w->usual_kb + GROWTH_KB) {
        out->fault = FAULT_GROWS;
        (void)snprintf(out->detail, sizeof out->detail,
                       "its memory has grown from %lu to %lu KB", w->usual_kb,
                       kb);
        (void)snprintf(out->kind, sizeof out->kind, "memory");
    }
    if (out->fault == FAULT_NONE && files > w->usual_files + GROWTH_FILES) {
        out->fault = FAULT_GROWS;
        (void)snprintf(out->detail, sizeof out->detail,
                       "its descriptors have grown from %u to %u",
                       w->usual_files, files);
        (void)snprintf(out->kind, sizeof out->kind, "descriptors");
    }
}

void ward_looks(struct ward *w, struct batch_result *result)
{
    char why[160];
    pid_t group;

    if (w->server == NULL) {
        return;
    }
    group = sut_command_group(w->server);
    if (group != 0) {
        judge_growth(w, group, &result->result);
        return;
    }
    (void)snprintf(why, sizeof why, "%s", w->server->why);
    ward_ends(w); /* it tells what it has written */
    (void)snprintf(result->said, sizeof result->said, "%s", w->said);
    batch_note_death(result, why);
}
