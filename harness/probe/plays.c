/* SPDX-License-Identifier: MIT */
/* Plays of a probe (probe/plays.h). */
#include "probe/plays.h"

#include <string.h>

extern const struct sut_driver sut_udp_server;

#define TRIES 4
#define BUSY_MS 3000 /* a server for one client has answered by then */

static uint64_t played;    /* plays of this process */
static struct scene scene; /* too large for the stack */

/* What the script of this process gets before it begins. */
static const struct probe *asker;
static void (*script)(struct scene *s);

/* What stacks do best. */
static bool is_modern(const struct dtls_suite *suite)
{
    return dtls_suite_is_ecdhe(suite) && suite->mac == DTLS_HASH_NONE;
}

static bool has_credential(const struct probe *p,
                           const struct dtls_suite *suite)
{
    return !dtls_suite_is_psk(suite) || p->psk_key.len != 0;
}

const struct dtls_suite *plays_suite(const struct probe *p,
                                     bool (*is)(const struct dtls_suite *),
                                     const char **why)
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(p->facts, FACT_suites, found);
    const struct dtls_suite *best = NULL;

    *why = "it has no such suite that the probe speaks";
    for (size_t i = 0; i < num; i++) {
        const struct dtls_suite *suite = dtls_suite_find(found[i]);

        if (suite == NULL || (is != NULL && !is(suite))) {
            continue;
        }
        if (!has_credential(p, suite)) {
            *why = "it needs a pre-shared key (--psk)";
        } else if (best == NULL || (is_modern(suite) && !is_modern(best))) {
            best = suite;
        }
    }
    return best;
}

static enum dtls_status believe(void *self, const struct dtls_cert *chain,
                                size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_OK;
}

static void begin(struct scene *s)
{
    s->peer.config.verify_chain = believe;
    s->peer.config.credentials = asker->credentials;
    if (script != NULL) {
        script(s);
    }
}

void play_setup(struct scene_setup *out, const struct probe *p,
                const struct dtls_suite *suite)
{
    *out = (struct scene_setup){
        .driver = &sut_udp_server,
        .target = {.role = SUT_SERVER,
                   .suite = suite,
                   .auth =
                       dtls_suite_is_psk(suite) ? SUT_PSK : SUT_SERVER_CERT,
                   .pki = p->pki,
                   .where = p->where},
        .psk_identity = p->psk_identity,
        .psk_key = p->psk_key,
        .seed = p->seed * 100 + played++, /* each play is another client */
        .echo = facts_are(p->facts, FACT_echo, "yes"),
        .one_client = p->one_client,
        .quiet_ms = p->quiet_ms,
        .live_ms = p->one_client ? BUSY_MS : p->live_ms,
    };
}

struct scene *play_with(const struct probe *p, const struct scene_setup *setup,
                        void (*what)(struct scene *s), bool hopes)
{
    asker = p;
    script = what;
    for (int i = 0; i < TRIES; i++) {
        scene_free(&scene);
        scene_play(&scene, setup, begin, hopes, 0);
        if (!p->one_client || scene.heard.num_datagrams != 0) {
            break; /* else the server was busy with the last client */
        }
    }
    return &scene;
}

struct scene *play(const struct probe *p, const struct dtls_suite *suite,
                   void (*what)(struct scene *s), bool hopes)
{
    static struct scene_setup setup;

    play_setup(&setup, p, suite);
    return play_with(p, &setup, what, hopes);
}
