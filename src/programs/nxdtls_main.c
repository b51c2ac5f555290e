/* SPDX-License-Identifier: MIT */
/* nxdtls: the program. */
#include "programs/signals_stdin.h"
#include "programs/find_host.h"
#include "programs/keylog.h"
#include "programs/lines.h"
#include "nxdtls_port.h"
#include "programs/program.h"
#include "programs/suite_check.h"
#include "programs/weak_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"

static const char usage[] =
    "usage: nxdtls COMMAND [arguments]\n"
    "\n"
    "  client   connect to a DTLS 1.2 server\n"
    "  server   serve DTLS 1.2 clients\n"
    "  interop  run the matrix of clients and servers, or one cell of it, "
    "with\n"
    "           other libraries on a simulated network or with stock "
    "programs\n"
    "           (--stock)\n"
    "  check    play conformance checks before any DTLS 1.2 server or client\n"
    "  probe    find out what a DTLS server is\n"
    "  relay    put a bad network before any UDP service\n"
    "  learn    learn the state machine of any DTLS 1.2 server or client\n"
    "  fuzz     send mutated messages to any DTLS 1.2 server or client\n"
    "  bench    measure the engine beside other libraries\n"
    "\n"
    "nxdtls COMMAND --help prints the options of a command and its exit\n"
    "statuses, nxdtls --version the version.  Exit status: of the command; 2\n"
    "if there is no such command.\n";

static struct options options;
static struct credentials credentials;

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    if (options.is_server) {
        server_define(&options, &credentials);
    } else {
        client_define(&options, &credentials);
    }
}

static int endpoint(bool is_server, int argc, char **argv)
{
    options_parse(&options, is_server, argc, argv);
    if (options.keylog != NULL) {
        keylog_open(options.keylog);
    }
    credentials_load(&credentials, &options);
    suite_check(&options, &credentials);
    find_host(&options);
    weak_keys_warn(&options, &credentials.keys_by_id);
    host_signals_block();
    tx_kernel_enter();
    host_stop();
    credentials_free(&credentials);
    keylog_close();
    options_free(&options);
    return is_server ? server_status() : client_status();
}

/* The path of this program. */
static void find_self(char own[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", own, PATH_MAX - 1);

    if (len < 0) {
        bad_input("/proc/self/exe: %s", strerror(errno));
    }
    own[len] = '\0';
}

/* A Python program of the lab plays stock programs.  It gets the path of this
 * nxdtls. */
_Noreturn static void interop_stock(int argc, char **argv)
{
    const char *lab = getenv("NXDTLS_LAB_DIR");
    static char own[PATH_MAX];
    static char script[PATH_MAX];
    char **run = calloc((size_t)argc + 4, sizeof *run);
    static char python[] = PYTHON;
    static char option[] = "--nxdtls";

    find_self(own);
    if (lab == NULL) {
        lab = NXDTLS_LAB_DIR;
    }
    if (run == NULL || snprintf(script, sizeof script, "%s/interop/run.py",
                                lab) >= (int)sizeof script) {
        bad_input("interop: %s: %s", lab, strerror(errno));
    }
    if (access(script, R_OK) != 0) {
        bad_input("interop: %s: %s", script, strerror(errno));
    }
    run[0] = python;
    run[1] = script;
    run[2] = option;
    run[3] = own;
    memcpy(run + 4, argv + 1, (size_t)argc * sizeof *run); /* with the NULL */
    (void)execv(PYTHON, run);
    bad_input("interop: %s: %s", PYTHON, strerror(errno));
}

/* Becomes a program of the lab, which is in the folder of this one: it has a
 * clock of its own, and links all the other libraries.  argv[0] is the
 * command. */
_Noreturn static void become(const char *program, char **argv)
{
    static char path[PATH_MAX];
    char *name;

    find_self(path);
    name = strrchr(path, '/') + 1;
    if ((size_t)(name - path) + strlen(program) >= sizeof path) {
        bad_input("%s: %s: the path is too long", argv[0], path);
    }
    memcpy(name, program, strlen(program) + 1);
    (void)execv(path, argv);
    bad_input("%s: %s: %s", argv[0], path, strerror(errno));
}

/* Becomes the lab's program of that name, if there is one. */
static void become_tool(const char *command, char **argv)
{
    static const struct {
        const char *command;
        const char *program;
    } tools[] = {
        {"check", "nxdtls-check"}, {"probe", "nxdtls-probe"},
        {"relay", "nxdtls-relay"}, {"learn", "nxdtls-learn"},
        {"fuzz", "nxdtls-fuzz"},   {"bench", "nxdtls-bench"},
    };

    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (strcmp(command, tools[i].command) == 0) {
            become(tools[i].program, argv);
        }
    }
}

/* Without this a socket could become the stdin or stdout of a program that was
 * started with them closed. */
static void open_standard_files(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        (void)close(fd);
    }
}

int main(int argc, char **argv)
{
    const char *command = argc < 2 ? "" : argv[1];

    open_standard_files();
    if (strcmp(command, "client") == 0 || strcmp(command, "server") == 0) {
        return endpoint(command[0] == 's', argc - 1, argv + 1);
    }
    if (strcmp(command, "interop") == 0) {
        if (argc > 2 && strcmp(argv[2], "--stock") == 0) {
            interop_stock(argc - 2, argv + 2);
        }
        become("nxdtls-lab", argv + 1);
    }
    become_tool(command, argv + 1);
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    if (strcmp(command, "--version") == 0) {
        (void)printf("nxdtls %s\n", NXDTLS_VERSION);
        return 0;
    }
    if (*command == '\0') {
        bad_input("a command is missing: client, server, interop, check, "
                  "probe, relay, learn, fuzz or bench; see --help");
    }
    bad_input("%s: no such command; see --help", command);
}
