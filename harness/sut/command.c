/* SPDX-License-Identifier: MIT */
/* A DTLS client or server that a command starts, anew for each handshake.
 * {host} and {port} in the command become an address: that of our socket, to
 * which a client connects, or the one at which a server is to listen.  A
 * server has READY_MS until it does.
 *
 * The shell runs the command in a process group of its own.  Its stdin stays
 * open and empty.  destroy ends the group: it asks, and after END_MS it kills.
 * The last OUTPUT_MAX bytes of the command's output then go to the log, line
 * by line. */
#include "sut/command.h"
#include "sut/sut_socket.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST "127.0.0.1"
#define COMMAND_MAX 4096
#define END_MS 1000
#define READY_MS 5000
#define OUTPUT_MAX 65536

struct end {
    struct sut_socket socket;
    unsigned port; /* ours, or the server's */
    pid_t pid;     /* 0: not started, or ended */
    int input;     /* the write end of its stdin */
    int output;    /* a file in memory: its stdout and stderr; -1: none */
    char command[COMMAND_MAX];
};

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static const char *refuses(const struct sut_setup *setup)
{
    (void)setup;
    return NULL;
}

static struct sockaddr_in address_of(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};

    (void)inet_pton(AF_INET, HOST, &address.sin_addr);
    return address;
}

/* Opens our socket; returns its port, or 0. */
static unsigned listen_here(struct end *e)
{
    struct sockaddr_in own = address_of(0);
    socklen_t len = sizeof own;

    e->socket.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (e->socket.fd < 0 ||
        bind(e->socket.fd, (struct sockaddr *)&own, sizeof own) != 0 ||
        getsockname(e->socket.fd, (struct sockaddr *)&own, &len) != 0) {
        return 0;
    }
    return ntohs(own.sin_port);
}

/* A port at which nobody listens now. */
static unsigned free_port(struct end *e)
{
    unsigned port = listen_here(e);

    if (e->socket.fd >= 0) {
        (void)close(e->socket.fd);
        e->socket.fd = -1;
    }
    return port;
}

/* Writes the command with its blanks filled in; false if it is too long. */
static bool fill_in(struct end *e, unsigned port)
{
    const char *from = e->socket.sut.setup.where;
    size_t len = 0;

    while (*from != '\0' && len < sizeof e->command - 1) {
        size_t room = sizeof e->command - len;
        char *at = e->command + len;
        int more;

        if (strncmp(from, "{host}", 6) == 0) {
            more = snprintf(at, room, HOST);
            from += 6;
        } else if (strncmp(from, "{port}", 6) == 0) {
            more = snprintf(at, room, "%u", port);
            from += 6;
        } else {
            more = snprintf(at, room, "%c", *from++);
        }
        len += (size_t)more;
    }
    return *from == '\0' && len < sizeof e->command;
}

_Noreturn static void be_command(const char *command, int input, int output)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* if we are killed first */
    (void)dup2(input, STDIN_FILENO);
    (void)dup2(output, STDOUT_FILENO);
    (void)dup2(output, STDERR_FILENO);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static void run_command(struct end *e)
{
    struct sut *sut = &e->socket.sut;
    int ends[2];

    /* Not a pipe: the command must never wait for us to read. */
    e->output = memfd_create("output", MFD_CLOEXEC);
    if (e->output < 0 || fcntl(e->output, F_SETFL, O_APPEND) != 0 ||
        pipe2(ends, O_CLOEXEC) != 0 || (e->pid = fork()) < 0) {
        e->pid = 0;
        sut_fail(sut, "cannot start the command");
        return;
    }
    if (e->pid == 0) {
        be_command(e->command, ends[0], e->output);
    }
    (void)setpgid(e->pid, e->pid); /* whichever of us two is first */
    (void)close(ends[0]);
    e->input = ends[1];
}

/* A server is started before there is anything to send to it. */
static void start(struct sut *sut, uint64_t now)
{
    (void)now;
    if (sut->state != SUT_FAILED && sut->setup.role == SUT_CLIENT) {
        run_command(end_of(sut));
    }
}

/* Has the command ended?  Waits for it, at most until `until`. */
static bool has_ended(struct end *e, uint64_t until)
{
    int status;

    while (e->pid != 0) {
        if (waitpid(e->pid, &status, WNOHANG) == e->pid) {
            e->pid = 0;
            sut_fail(&e->socket.sut, "the command ended with status %d",
                     WIFEXITED(status) ? WEXITSTATUS(status)
                                       : 128 + WTERMSIG(status));
        } else if (sut_real_now() >= until) {
            return false;
        } else {
            (void)poll(NULL, 0, 5);
        }
    }
    return true;
}

/* Does a socket of this host have the port, by this table of the kernel's? */
static bool is_bound(const char *table, unsigned port)
{
    FILE *in = fopen(table, "r");
    char line[256];
    unsigned found = 0;

    while (in != NULL && found != port &&
           fgets(line, sizeof line, in) != NULL) {
        (void)sscanf(line, " %*d: %*[0-9A-F]:%x", &found);
    }
    if (in != NULL) {
        (void)fclose(in);
    }
    return found == port;
}

/* Starts the server, and waits until it listens. */
static void start_server(struct end *e, unsigned port)
{
    struct sockaddr_in its = address_of(port);
    uint64_t until = sut_real_now() + READY_MS;

    run_command(e);
    while (!is_bound("/proc/net/udp", port) &&
           !is_bound("/proc/net/udp6", port)) {
        if (has_ended(e, sut_real_now() + 5)) {
            return;
        }
        if (sut_real_now() >= until) {
            sut_fail(&e->socket.sut, "the command does not listen at port %u",
                     port);
            return;
        }
    }
    e->socket.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    e->socket.has_peer =
        e->socket.fd >= 0 &&
        connect(e->socket.fd, (struct sockaddr *)&its, sizeof its) == 0;
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    unsigned port;

    (void)now;
    assert(e != NULL);
    e->socket.sut.setup = *setup;
    e->socket.fd = -1;
    e->input = -1;
    e->output = -1;
    port = setup->role == SUT_CLIENT ? listen_here(e) : free_port(e);
    e->port = port;
    if (port == 0) {
        sut_fail(&e->socket.sut, "cannot open a socket at " HOST);
    } else if (!fill_in(e, port)) {
        sut_fail(&e->socket.sut, "the command is longer than %d bytes",
                 COMMAND_MAX - 1);
    } else if (setup->role == SUT_SERVER) {
        start_server(e, port);
    }
    return &e->socket.sut;
}

void sut_command_where(struct sut *sut, char *out, size_t size)
{
    (void)snprintf(out, size, HOST ":%u", end_of(sut)->port);
}

pid_t sut_command_group(struct sut *sut)
{
    return has_ended(end_of(sut), 0) ? 0 : end_of(sut)->pid;
}

static uint64_t sleep_until(struct sut *sut, uint64_t until)
{
    uint64_t now = sut_socket_sleep(sut, until);

    (void)has_ended(end_of(sut), now);
    return now;
}

static void log_output(struct end *e)
{
    off_t end = lseek(e->output, 0, SEEK_END);
    char *text = calloc(1, OUTPUT_MAX + 1);
    char *rest = text;
    const char *line;

    assert(text != NULL);
    (void)pread(e->output, text, OUTPUT_MAX,
                end > OUTPUT_MAX ? end - OUTPUT_MAX : 0);
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (*line != '\0') {
            e->socket.sut.setup.host.log(e->socket.sut.setup.host.self, line);
        }
    }
    free(text);
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);
    pid_t group = e->pid;

    if (group != 0) {
        (void)kill(-group, SIGTERM);
        if (!has_ended(e, sut_real_now() + END_MS)) {
            (void)kill(-group, SIGKILL);
            (void)has_ended(e, UINT64_MAX);
        }
    }
    if (e->input >= 0) {
        (void)close(e->input);
    }
    if (e->output >= 0) {
        log_output(e);
        (void)close(e->output);
    }
    if (e->socket.fd >= 0) {
        (void)close(e->socket.fd);
    }
    free(e);
    return 0;
}

const struct sut_driver sut_command = {
    .library = "a client or server that a command starts",
    .real_time = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = start,
    .receive = sut_socket_receive,
    .deadline = sut_socket_deadline,
    .expire = sut_socket_expire,
    .sleep = sleep_until,
    .flush = sut_socket_flush,
};
