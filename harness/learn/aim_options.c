/* SPDX-License-Identifier: MIT */
/* The options that name a target (learn/aim_options.h). */
#include "learn/aim_options.h"

#include <string.h>

void aim_end(const struct aim_options *o, int status, const char *format, ...)
{
    va_list more;

    va_start(more, format);
    command_end(o->program, status, format, more);
}

static void use_lab_psk(struct aim_options *o)
{
    const struct sut_setup any = {.auth = SUT_PSK};

    o->identity_len = strlen(SUT_PSK_IDENTITY);
    memcpy(o->identity, SUT_PSK_IDENTITY, o->identity_len);
    o->key_len = SUT_PSK_KEY_LEN;
    memcpy(o->key, sut_psk_key(&any), SUT_PSK_KEY_LEN);
}

void aim_options_init(struct aim_options *o, const char *program,
                      unsigned quiet_ms)
{
    memset(o, 0, sizeof *o);
    o->program = program;
    o->role = SUT_SERVER;
    o->kx = "psk";
    o->quiet_ms = quiet_ms;
    o->seed = 1;
    use_lab_psk(o);
}

void aim_options_check(struct aim_options *o)
{
    const int named =
        (o->sut != NULL) + (o->server != NULL) + (o->client_command != NULL);

    if (named != 1) {
        aim_end(o, 2, "%s of --sut, --server and --client-command; see --help",
                named == 0 ? "give one" : "only one");
    }
    if (o->has_role && o->sut == NULL) {
        aim_end(o, 2, "--role is for --sut");
    }
    if (o->client_command != NULL) {
        o->role = SUT_CLIENT;
    }
}

/* ---- what an option takes ---- */

void aim_take_sut(void *self, const char *value)
{
    struct aim_options *o = self;

    o->sut = value;
}

void aim_take_server(void *self, const char *value)
{
    struct aim_options *o = self;

    o->server = value;
}

void aim_take_client_command(void *self, const char *value)
{
    struct aim_options *o = self;

    o->client_command = value;
}

void aim_take_role(void *self, const char *value)
{
    struct aim_options *o = self;

    if (strcmp(value, "client") != 0 && strcmp(value, "server") != 0) {
        aim_end(o, 2, "--role %s: neither client nor server", value);
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

bool aim_kx(const char *name, enum dtls_kx *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out = kinds[i].kx;
            return true;
        }
    }
    return false;
}

void aim_take_kx(void *self, const char *value)
{
    struct aim_options *o = self;
    enum dtls_kx kx;

    if (!aim_kx(value, &kx)) {
        aim_end(o, 2, "--kx %s: not psk, ecdhe-psk, ecdhe, ecdhe-rsa or rsa",
                value);
    }
    o->kx = value;
}

void aim_take_client_auth(void *self, const char *value)
{
    struct aim_options *o = self;

    if (strcmp(value, "none") == 0) {
        o->client_auth = AIM_NO_CLIENT;
    } else if (strcmp(value, "optional") == 0) {
        o->client_auth = AIM_OPTIONAL;
    } else if (strcmp(value, "require") == 0) {
        o->client_auth = AIM_REQUIRE;
    } else {
        aim_end(o, 2, "--client-auth %s: not none, optional or require",
                value);
    }
}

void aim_take_without_cookies(void *self, const char *value)
{
    struct aim_options *o = self;

    (void)value;
    o->without_cookies = true;
}

void aim_take_psk(void *self, const char *value)
{
    struct aim_options *o = self;

    command_psk(o->program, value, o->identity, sizeof o->identity,
                &o->identity_len, o->key, sizeof o->key, &o->key_len);
    o->has_psk = true;
}

void aim_take_pki(void *self, const char *value)
{
    struct aim_options *o = self;

    o->pki = value;
}

void aim_take_quiet(void *self, const char *value)
{
    struct aim_options *o = self;

    o->quiet_ms =
        (unsigned)command_number(o->program, "quiet", value, 1, 10000);
}

void aim_take_seed(void *self, const char *value)
{
    struct aim_options *o = self;

    o->seed = command_number(o->program, "seed", value, 0, UINT64_MAX);
}
