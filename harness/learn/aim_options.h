/* SPDX-License-Identifier: MIT */
/* The options that name a target; `nxdtls learn` and `nxdtls fuzz` have
 * them. */
#ifndef LEARN_AIM_OPTIONS_H
#define LEARN_AIM_OPTIONS_H

#include "handshake/config.h"
#include "lab/command_line.h"
#include "sut/sut.h"

enum aim_auth { AIM_NO_CLIENT, AIM_OPTIONAL, AIM_REQUIRE };

/* The options of a program begin with this struct. */
struct aim_options {
    const char *program; /* "nxdtls learn" */
    const char *sut;     /* one of these three is not NULL */
    const char *server;
    const char *client_command;
    enum sut_role role; /* of the target */
    bool has_role;
    const char *kx;
    enum aim_auth client_auth;
    bool without_cookies;
    uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    size_t identity_len;
    uint8_t key[DTLS_PSK_MAX];
    size_t key_len;
    bool has_psk;    /* it is not the lab's */
    const char *pki; /* NULL: that of the build */
    unsigned quiet_ms;
    uint64_t seed;
};

/* aim_end ends the program after a line on stderr. */
_Noreturn void aim_end(const struct aim_options *options, int status,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* aim_options_init sets every default. */
void aim_options_init(struct aim_options *options, const char *program,
                      unsigned quiet_ms);

/* aim_options_check is for behind the last option: it makes a command's target
 * a client, and ends the program with status 2 if no target is named, or more
 * than one. */
void aim_options_check(struct aim_options *options);

/* aim_kx returns the key exchange of a name of --kx; false: there is no
 * such. */
bool aim_kx(const char *name, enum dtls_kx *out);

/* What the rows of a table take; each ends the program with status 2 for what
 * is wrong. */
void aim_take_sut(void *options, const char *value);
void aim_take_server(void *options, const char *value);
void aim_take_client_command(void *options, const char *value);
void aim_take_role(void *options, const char *value);
void aim_take_kx(void *options, const char *value);
void aim_take_client_auth(void *options, const char *value);
void aim_take_without_cookies(void *options, const char *value);
void aim_take_psk(void *options, const char *value);
void aim_take_pki(void *options, const char *value);
void aim_take_quiet(void *options, const char *value);
void aim_take_seed(void *options, const char *value);

#define AIM_ROWS(quiet)                                                       \
    {"sut", "NAME", aim_take_sut,                                             \
     "a library in this process: engine, netx, ..."},                         \
        {"server", "HOST:PORT", aim_take_server,                              \
         "a server at a UDP address"},                                        \
        {"client-command", "COMMAND", aim_take_client_command,                \
         "a client that the command starts; {host} and {port} in it\n"        \
         "become the address to which it is to connect"},                     \
        {"role", "ROLE", aim_take_role,                                       \
         "with --sut: take it as server (default) or as client"},             \
        {"kx", "NAME", aim_take_kx,                                           \
         "key exchange: psk (default), ecdhe-psk, ecdhe, ecdhe-rsa, rsa"},    \
        {"client-auth", "WORD", aim_take_client_auth,                         \
         "the client's certificate: none (default), optional, require"},      \
        {"without-cookies", NULL, aim_take_without_cookies,                   \
         "the server asks for no cookie (default: it does)"},                 \
        {"psk", "ID:HEXKEY", aim_take_psk,                                    \
         "the pre-shared key of a target outside (default: the lab's)"},      \
        {"pki", "DIR", aim_take_pki,                                          \
         "made by scripts/pki (default: that of the build)"},                 \
        {"quiet", "MS", aim_take_quiet,                                       \
         "silence for so long is an answer of a target outside "              \
         "(default " quiet ")"},                                              \
    {                                                                         \
        "seed", "N", aim_take_seed, "decides what is random (default 1)"      \
    }

#endif
