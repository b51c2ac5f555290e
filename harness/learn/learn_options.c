/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls learn` (learn/learn_options.h).  getopt's table
 * and --help are made of `rows`. */
#include "learn/learn_options.h"

#include "lab/command_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "nxdtls learn"
#define WORDS_HERE 10000   /* random words at a target in this process */
#define WORDS_OUTSIDE 1000 /* and at any other, whose time is real */

void learn_end(int status, const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(PROGRAM, status, format, more);
}

/* ---- what an option takes ---- */

static void take_sut(void *self, const char *value)
{
    struct learn_options *o = self;

    o->sut = value;
}

static void take_server(void *self, const char *value)
{
    struct learn_options *o = self;

    o->server = value;
}

static void take_client_command(void *self, const char *value)
{
    struct learn_options *o = self;

    o->client_command = value;
}

static void take_role(void *self, const char *value)
{
    struct learn_options *o = self;

    if (strcmp(value, "client") != 0 && strcmp(value, "server") != 0) {
        learn_end(2, "--role %s: neither client nor server", value);
    }
    o->role = *value == 'c' ? SUT_CLIENT : SUT_SERVER;
    o->has_role = true;
}

static const struct {
    const char *name;
    enum dtls_kx kx;
} kinds[] = {
    {"psk", DTLS_KX_PSK},           {"ecdhe-psk", DTLS_KX_ECDHE_PSK},
    {"ecdhe", DTLS_KX_ECDHE_ECDSA}, {"ecdhe-rsa", DTLS_KX_ECDHE_RSA},
    {"rsa", DTLS_KX_RSA},
};

bool learn_kx(const char *name, enum dtls_kx *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out = kinds[i].kx;
            return true;
        }
    }
    return false;
}

static void take_kx(void *self, const char *value)
{
    struct learn_options *o = self;
    enum dtls_kx kx;

    if (!learn_kx(value, &kx)) {
        learn_end(2, "--kx %s: not psk, ecdhe-psk, ecdhe, ecdhe-rsa or rsa",
                  value);
    }
    o->kx = value;
}

static void take_client_auth(void *self, const char *value)
{
    struct learn_options *o = self;

    if (strcmp(value, "none") == 0) {
        o->client_auth = LEARN_NO_CLIENT;
    } else if (strcmp(value, "optional") == 0) {
        o->client_auth = LEARN_OPTIONAL;
    } else if (strcmp(value, "require") == 0) {
        o->client_auth = LEARN_REQUIRE;
    } else {
        learn_end(2, "--client-auth %s: not none, optional or require", value);
    }
}

static void take_psk(void *self, const char *value)
{
    struct learn_options *o = self;

    command_psk(PROGRAM, value, o->identity, sizeof o->identity,
                &o->identity_len, o->key, sizeof o->key, &o->key_len);
}

static void take_pki(void *self, const char *value)
{
    struct learn_options *o = self;

    o->pki = value;
}

static void take_dot(void *self, const char *value)
{
    struct learn_options *o = self;

    o->dot = value;
}

static void take_svg(void *self, const char *value)
{
    struct learn_options *o = self;

    o->svg = value;
}

static void take_json(void *self, const char *value)
{
    struct learn_options *o = self;

    o->json = value;
}

static void take_compare(void *self, const char *value)
{
    struct learn_options *o = self;

    o->compare = value;
}

static void take_evidence(void *self, const char *value)
{
    struct learn_options *o = self;

    o->evidence = value;
}

static void take_words(void *self, const char *value)
{
    struct learn_options *o = self;

    o->words = (unsigned)command_number(PROGRAM, "words", value, 0, 100000000);
    o->has_words = true;
}

static void take_extra(void *self, const char *value)
{
    struct learn_options *o = self;

    o->extra = (unsigned)command_number(PROGRAM, "extra", value, 0, 2);
    o->has_extra = true;
}

static void take_quiet(void *self, const char *value)
{
    struct learn_options *o = self;

    o->quiet_ms = (unsigned)command_number(PROGRAM, "quiet", value, 1, 10000);
}

static void take_seed(void *self, const char *value)
{
    struct learn_options *o = self;

    o->seed = command_number(PROGRAM, "seed", value, 0, UINT64_MAX);
}

static void take_verbose(void *self, const char *value)
{
    struct learn_options *o = self;

    (void)value;
    o->verbose = true;
}

static void take_help(void *self, const char *value);

static const struct command_row rows[] = {
    {"sut", "NAME", take_sut, "a library in this process: engine, netx, ..."},
    {"server", "HOST:PORT", take_server, "a server at a UDP address"},
    {"client-command", "COMMAND", take_client_command,
     "a client that the command starts; {host} and {port} in it\n"
     "become the address to which it is to connect"},
    {"role", "ROLE", take_role,
     "with --sut: learn it as server (default) or as client"},
    {"kx", "NAME", take_kx,
     "key exchange: psk (default), ecdhe-psk, ecdhe, ecdhe-rsa, rsa"},
    {"client-auth", "WORD", take_client_auth,
     "the client's certificate: none (default), optional, require"},
    {"psk", "ID:HEXKEY", take_psk,
     "the pre-shared key of a target outside (default: the lab's)"},
    {"pki", "DIR", take_pki,
     "made by scripts/pki (default: that of the build)"},
    {"dot", "FILE", take_dot, "write the machine for graphviz"},
    {"svg", "FILE", take_svg, "write it as a picture, with graphviz's dot"},
    {"json", "FILE", take_json, "write it as JSON"},
    {"compare", "FILE", take_compare,
     "tell how it differs from the machine that --json has written"},
    {"evidence", "DIR", take_evidence,
     "a folder in DIR for each fault, with a capture and its secrets"},
    {"words", "N", take_words,
     "random and edited words that try to refute a machine\n"
     "(default: 10000, of a target outside 1000)"},
    {"extra", "N", take_extra,
     "states more than were found, with which the target would still be\n"
     "found out (default: 1, of a target outside 0)"},
    {"quiet", "MS", take_quiet,
     "silence for so long is an answer of a target outside (default 20)"},
    {"seed", "N", take_seed, "decides what is random (default 1)"},
    {"verbose", NULL, take_verbose, "tell each hypothesis on stderr"},
    {"help", NULL, take_help, "print this text"},
};
enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const struct command_line line = {PROGRAM, rows, NUM_ROWS, ""};

static void take_help(void *self, const char *value)
{
    (void)self;
    (void)value;
    (void)printf("usage: nxdtls learn [--sut NAME | --server HOST:PORT |\n"
                 "                     --client-command COMMAND] "
                 "[options]\n\n"
                 "Learns the state machine of a DTLS 1.2 target, prints it "
                 "and what is wrong\nwith it.\n\n");
    command_print_rows(&line);
    (void)printf(
        "\nExit status: 0 the machine was learned and nothing is wrong "
        "with it, 1 it has a\nfault or differs from that of --compare, "
        "2 wrong usage, 3 it could not be\nlearned.\n");
    exit(0);
}

static void use_lab_psk(struct learn_options *o)
{
    const struct sut_setup any = {.auth = SUT_PSK};

    o->identity_len = strlen(SUT_PSK_IDENTITY);
    memcpy(o->identity, SUT_PSK_IDENTITY, o->identity_len);
    o->key_len = SUT_PSK_KEY_LEN;
    memcpy(o->key, sut_psk_key(&any), SUT_PSK_KEY_LEN);
}

static void check_target(const struct learn_options *o)
{
    const int named =
        (o->sut != NULL) + (o->server != NULL) + (o->client_command != NULL);

    if (named != 1) {
        learn_end(2, "%s of --sut, --server and --client-command; see --help",
                  named == 0 ? "give one" : "only one");
    }
    if (o->has_role && o->sut == NULL) {
        learn_end(2, "--role is for --sut");
    }
}

void learn_options_parse(struct learn_options *o, int argc, char **argv)
{
    int at;

    memset(o, 0, sizeof *o);
    o->role = SUT_SERVER;
    o->kx = "psk";
    o->quiet_ms = 20;
    o->seed = 1;
    use_lab_psk(o);
    at = command_parse(&line, o, argc, argv);
    if (at != argc) {
        learn_end(2, "%s: not an option; see --help", argv[at]);
    }
    check_target(o);
    if (o->client_command != NULL) {
        o->role = SUT_CLIENT;
    }
    if (!o->has_words) {
        o->words = o->sut != NULL ? WORDS_HERE : WORDS_OUTSIDE;
    }
    if (!o->has_extra) {
        o->extra = o->sut != NULL ? 1 : 0;
    }
}
