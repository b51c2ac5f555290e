/* SPDX-License-Identifier: MIT */
/* A target, and the voice before it (learn/aim.h). */
#include "learn/aim.h"

#include <string.h>

#define LIVE_MS 5000
#define QUIET_IN_KERNEL 20 /* of the kernel's own milliseconds */

/* ---- the target ---- */

static const struct sut_entry *find_entry(const struct sut_entry *entries,
                                          size_t num, const char *name)
{
    for (size_t i = 0; i < num; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static const struct sut_driver *driver_of(const struct aim_options *o)
{
    const char *name = o->sut != NULL      ? o->sut
                       : o->server != NULL ? "udp"
                                           : "command";
    size_t num;
    const struct sut_entry *entries =
        o->sut != NULL ? sut_drivers(&num) : sut_outside(&num);
    const struct sut_entry *entry = find_entry(entries, num, name);

    if (entry == NULL) {
        aim_end(o, 2, "--sut %s: no such target", name);
    }
    if (entry->driver == NULL) {
        aim_end(o, 2, "--sut %s: %s", name, entry->missing);
    }
    return entry->driver;
}

static enum sut_auth auth_of(const struct aim_options *o,
                             const struct dtls_suite *suite)
{
    if (dtls_suite_is_psk(suite)) {
        return SUT_PSK;
    }
    return o->client_auth == AIM_NO_CLIENT ? SUT_SERVER_CERT : SUT_MUTUAL;
}

static struct sut_setup target_with(const struct aim_options *o,
                                    const struct dtls_suite *suite)
{
    return (struct sut_setup){
        .role = o->role,
        .suite = suite,
        .auth = auth_of(o, suite),
        .needs_no_client = o->client_auth == AIM_OPTIONAL,
        .cookies = !o->without_cookies,
        /* Such a client asks for tickets. */
        .resumes = o->role == SUT_CLIENT && dtls_suite_is_psk(suite)
                       ? SUT_KEEPS_SESSIONS
                       : SUT_KEEPS_NOTHING,
        .mtu = 1400,
        .pki = o->pki != NULL ? o->pki : command_pki(),
        .where = o->server != NULL ? o->server : o->client_command,
    };
}

/* The first suite with authenticated encryption that the target can do. */
static void choose_suite(struct aim *a, const struct aim_options *o)
{
    const struct dtls_suite *suite;
    const char *why = "we have no such suite";
    enum dtls_kx kx = DTLS_KX_PSK;

    (void)aim_kx(o->kx, &kx);
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL && why != NULL;
         i++) {
        if (suite->kx == kx && suite->mac == DTLS_HASH_NONE) {
            a->ask.dialogue.target = target_with(o, suite);
            why = a->ask.dialogue.driver->refuses(&a->ask.dialogue.target);
        }
    }
    if (why != NULL) {
        aim_end(o, 2, "--kx %s: %s", o->kx, why);
    }
}

/* ---- the voice ---- */

static bool asks_client(const struct aim *a)
{
    return a->ask.dialogue.target.auth == SUT_MUTUAL;
}

/* The voice has a certificate where its role needs one, and another one of
 * the other kind of key. */
static void choose_certificates(struct aim *a)
{
    struct sut_setup own = a->ask.dialogue.target;
    struct voice_setup *voice = &a->ask.dialogue.voice;
    const char *name;

    own.role = own.role == SUT_CLIENT ? SUT_SERVER : SUT_CLIENT;
    name = sut_identity(&own);
    if (name == NULL) {
        return;
    }
    sim_identity_load(&a->own, own.pki, name, true);
    sim_identity_load(&a->other, own.pki,
                      strcmp(name, "ec") == 0          ? "rsa"
                      : strcmp(name, "rsa") == 0       ? "ec"
                      : strcmp(name, "client-ec") == 0 ? "client-rsa"
                                                       : "client-ec",
                      true);
    voice->own = &a->own;
    voice->other = &a->other;
}

static void choose_voice(struct aim *a, const struct aim_options *o)
{
    a->ask.dialogue.voice = (struct voice_setup){
        .role = o->role == SUT_CLIENT ? DTLS_SERVER : DTLS_CLIENT,
        .suite = a->ask.dialogue.target.suite,
        .psk_identity = dtls_bytes_of(o->identity, o->identity_len),
        .psk_key = dtls_bytes_of(o->key, o->key_len),
        .seed = o->seed,
    };
    choose_certificates(a);
    a->ask.num_letters =
        letters_of(a->ask.letters, a->ask.dialogue.voice.role,
                   a->ask.dialogue.target.suite, asks_client(a));
}

/* A listener answers a new association while another one lives. */
static void write_tags(struct aim *a, const struct aim_options *o)
{
    const struct sut_driver *driver = a->ask.dialogue.driver;
    const struct dtls_suite *suite = a->ask.dialogue.target.suite;
    const bool listens = o->role == SUT_SERVER &&
                         (driver->real_time || driver->in_kernel != NULL);

    (void)snprintf(a->tags, sizeof a->tags, "%s %s%s%s %s%s",
                   o->role == SUT_CLIENT ? "client" : "server", o->kx,
                   dtls_suite_is_ecdhe(suite) ? " ephemeral" : "",
                   dtls_suite_has_certificate(suite) ? " certificates" : "",
                   !asks_client(a)                 ? "one-way"
                   : o->client_auth == AIM_REQUIRE ? "client-auth require"
                                                   : "client-auth",
                   listens ? " listener" : "");
}

void aim_take(struct aim *a, const struct aim_options *o)
{
    struct dialogue_setup *dialogue = &a->ask.dialogue;

    dialogue->driver = driver_of(o);
    choose_suite(a, o);
    choose_voice(a, o);
    dialogue->quiet_ms = dialogue->driver->real_time       ? o->quiet_ms
                         : dialogue->driver->sleep != NULL ? QUIET_IN_KERNEL
                                                           : 0;
    dialogue->live_ms = LIVE_MS;
    a->ask.notes = stderr;
    letters_handshake(&a->handshake, a->ask.letters, a->ask.num_letters,
                      dialogue->target.suite, asks_client(a),
                      dialogue->target.cookies);
    write_tags(a, o);
    a->name = o->sut != NULL      ? o->sut
              : o->server != NULL ? o->server
                                  : "a client's command";
}
