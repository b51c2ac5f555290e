/* SPDX-License-Identifier: MIT */
/* Every place of the engine that reads or writes bytes fails: its first call,
 * its last one, and all of them, in a whole association
 * (fault/association_play.h).
 *
 * Most of these failures no datagram and no configuration can provoke, since
 * there is room enough: here is what stands behind that. */
#include "fault/failing_bytes.h"
#include "fault/handshake_kinds.h"
#include "handshake/tickets.h"
#include "kit/kit.h"
#include "sim/pki.h"

#include <setjmp.h>

static struct play clean; /* large: not on the stack */
static struct play played;

/* The kinds that have what the others lack: extensions, raw public keys, a
 * session that is resumed. */

static enum dtls_status accept(void *self, struct dtls_bytes what)
{
    (void)self;
    (void)what;
    return DTLS_OK;
}

static void with_extensions(struct dtls_config *config, int end)
{
    static const uint16_t profile = DTLS_SRTP_AEAD_AES_128_GCM;

    config->connection_ids = true;
    config->cid_len = end == SIM_CLIENT ? 3 : 5;
    config->pad_to = 16;
    config->record_size_limit = 1000;
    config->protocols = dtls_bytes_of("\4coap\2h2", 8);
    config->srtp_profiles = &profile;
    config->num_srtp_profiles = 1;
    config->srtp_mki = dtls_bytes_of("\x23\x45", 2);
}

static void with_staple(struct dtls_config *config, int end)
{
    static struct dtls_credential stapled;

    config->max_fragment_length = end == SIM_CLIENT ? 1024 : 0;
    config->judge_staple = accept;
    if (end == SIM_SERVER) {
        stapled = *config->credentials;
        stapled.staple = dtls_bytes_of("\x30\x03\x0a\x01\x03", 5);
        config->credentials = &stapled;
    } else {
        config->server_name = dtls_bytes_of("localhost", 9);
    }
}

static struct sim_identity raw[2];

static void with_raw_keys(struct dtls_config *config, int end)
{
    config->anchors = NULL;
    config->raw_keys = true;
    config->judge_raw_key = accept;
    config->credentials = &raw[end].credential;
}

/* What both ends remember, and what they do before each play. */
struct remembered {
    struct dtls_cache cache;
    struct dtls_cache_entry entries[2];
    struct dtls_client_session client;
};
static struct remembered memory, before;
static struct dtls_tickets tickets;

static void remember(struct dtls_config *config, int end)
{
    if (end == SIM_CLIENT) {
        memory = before;
        config->resume = &memory.client;
    }
}

static void by_id(struct dtls_config *config, int end)
{
    remember(config, end);
    config->cache = end == SIM_SERVER ? &memory.cache : NULL;
}

static void by_ticket(struct dtls_config *config, int end)
{
    remember(config, end);
    config->tickets = end == SIM_SERVER ? &tickets : NULL;
}

static const struct play_kind more_kinds[] = {
    {.name = "PSK, extensions", .suite = 0xc0a8, .adorn = with_extensions},
    {.name = "ECDHE_RSA, staple",
     .suite = 0xc02f,
     .server = "rsa",
     .root = "root",
     .adorn = with_staple},
    {.name = "ECDHE_ECDSA, raw keys",
     .suite = 0xc0ae,
     .server = "ec",
     .client = "client-ec",
     .client_auth = DTLS_CLIENT_AUTH_REQUIRED,
     .root = "root",
     .adorn = with_raw_keys},
};

static const struct play_kind resumptions[] = {
    {.name = "resumption by id", .suite = 0xc0a8, .adorn = by_id},
    {.name = "resumption by ticket", .suite = 0xc0a8, .adorn = by_ticket},
};

/* A place, and how often the last play without failures has come to it. */
struct visit {
    const struct bytes_place *place;
    unsigned calls;
    unsigned kinds; /* of handshakes in which it has failed */
};
#define VISITS_MAX 1024
#define KINDS_MAX 3 /* which show what the others would */
static struct visit visits[VISITS_MAX];
static size_t num_visits;

static struct visit *visit_of(const struct bytes_place *place)
{
    size_t i = 0;

    while (i < num_visits && visits[i].place != place) {
        i++;
    }
    if (i == num_visits) {
        assert_true(num_visits < VISITS_MAX);
        visits[num_visits++].place = place;
    }
    return &visits[i];
}

static void note_visits(void)
{
    const struct bytes_place *each = failing_bytes.places;

    for (; each != NULL; each = each->next == each ? NULL : each->next) {
        visit_of(each)->calls = each->calls;
    }
}

/* Where the code has proved that bytes fit, an assertion stops the program
 * (decision 2).  Here it ends the play, if nothing else has been read or
 * written in the meantime. */
static jmp_buf stopped;

void __real___assert_fail(const char *assertion, const char *file,
                          unsigned line, const char *function);
void __wrap___assert_fail(const char *assertion, const char *file,
                          unsigned line, const char *function);
void __wrap___assert_fail(const char *assertion, const char *file,
                          unsigned line, const char *function)
{
    if (failing_bytes.failed != 1 || failing_bytes.since != 0) {
        __real___assert_fail(assertion, file, line, function);
    }
    longjmp(stopped, 1);
}

/* A session that cannot be resumed is made anew, with other calls: then no
 * play without failures says how many there are. */
static const struct play *reference(const struct play_kind *kind)
{
    return kind->adorn == by_id || kind->adorn == by_ticket ? NULL : &clean;
}

static void fail_at(const struct play_kind *kind, const struct visit *visit,
                    unsigned first, unsigned last)
{
    kit_row("calls %u to %u of %u", first, last, visit->calls);
    failing_bytes_begin(visit->place, first, last);
    if (setjmp(stopped) == 0) {
        play_whole(&played, kind, SIM_CLIENT, 0, 0, reference(kind));
    } else {
        play_abandon(&played);
    }
    assert_true(failing_bytes.failed > 0);
}

static void walk(const struct play_kind *kind)
{
    kit_row("%s", kind->name);
    failing_bytes_begin(NULL, 0, 0);
    play_whole(&clean, kind, SIM_CLIENT, 0, 0, NULL);
    note_visits();
    for (size_t i = 0; i < num_visits; i++) {
        struct visit *visit = &visits[i];

        if (visit->calls != 0 && visit->kinds < KINDS_MAX) {
            kit_row("%s:%d: %s", visit->place->file, visit->place->line,
                    visit->place->call);
            fail_at(kind, visit, 1, 1);
            fail_at(kind, visit, visit->calls, visit->calls);
            fail_at(kind, visit, 1, UINT32_MAX);
            visit->kinds++;
        }
    }
}

static void walk_all(const struct play_kind *kinds, size_t num)
{
    for (size_t k = 0; k < num; k++) {
        walk(&kinds[k]);
    }
}

static void no_failure_to_read_or_write_fails_open(void **state)
{
    (void)state;
    walk_all(play_psk_kinds, PLAY_PSK_KINDS);
    walk_all(play_certificate_kinds, PLAY_CERTIFICATE_KINDS);
    walk_all(more_kinds, LEN(more_kinds));
    assert_true(num_visits > 300);
}

/* In the first association there is nothing to resume, in the second there
 * is. */
static void none_does_so_with_a_session_that_is_resumed(void **state)
{
    (void)state;
    assert_int_equal(dtls_tickets_init(&tickets, &dtls_libcrypto, 86400000, 0),
                     DTLS_OK);
    for (size_t k = 0; k < LEN(resumptions); k++) {
        kit_row("%s", resumptions[k].name);
        memset(&before, 0, sizeof before);
        dtls_cache_init(&before.cache, memory.entries, LEN(memory.entries));
        walk(&resumptions[k]);
        failing_bytes_begin(NULL, 0, 0);
        play_whole(&clean, &resumptions[k], SIM_CLIENT, 0, 0, NULL);
        before = memory;
        walk(&resumptions[k]);
    }
    dtls_tickets_free(&tickets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_failure_to_read_or_write_fails_open),
        cmocka_unit_test(none_does_so_with_a_session_that_is_resumed),
    };
    int failed;

    play_prepare();
    sim_identity_raw(&raw[SIM_CLIENT], play_identity("client-ec"));
    sim_identity_raw(&raw[SIM_SERVER], play_identity("ec"));
    failed = kit_run(tests);
    play_finish();
    return failed;
}
