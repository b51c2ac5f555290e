/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls learn`. */
#ifndef LEARN_LEARN_OPTIONS_H
#define LEARN_LEARN_OPTIONS_H

#include "handshake/config.h"
#include "sut/sut.h"

enum learn_auth { LEARN_NO_CLIENT, LEARN_OPTIONAL, LEARN_REQUIRE };

struct learn_options {
    const char *sut; /* one of these three is not NULL */
    const char *server;
    const char *client_command;
    enum sut_role role; /* of the target */
    const char *kx;
    enum learn_auth client_auth;
    uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    size_t identity_len;
    uint8_t key[DTLS_PSK_MAX];
    size_t key_len;
    const char *pki;
    const char *dot; /* files; NULL: none */
    const char *svg;
    const char *json;
    const char *compare;
    const char *evidence; /* a folder */
    unsigned words;
    unsigned extra;
    unsigned quiet_ms;
    uint64_t seed;
    bool has_role;
    bool has_words;
    bool has_extra;
    bool verbose;
};

/* learn_end ends the program after a line on stderr. */
_Noreturn void learn_end(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* learn_options_parse ends the program with status 2 for what is wrong. */
void learn_options_parse(struct learn_options *out, int argc, char **argv);

/* learn_kx returns the key exchange of a name of --kx; false: there is no
 * such. */
bool learn_kx(const char *name, enum dtls_kx *out);

#endif
