/* SPDX-License-Identifier: MIT */
/* Questions that ClientHellos ask (probe/ask.h). */
#include "probe/ask.h"

#include "kit/kit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HELLO_MAX 24000
#define FIRST_TRIES 2
#define COOKIES_MAX 3  /* a server asks once, or never stops */
#define GAP_NS 1000000 /* between two datagrams: at most 1000 in a second */

extern const struct sut_driver sut_udp_server;

/* A record in the clear needs no keys, and so no peer of its own. */
static struct peer without_keys;

static const uint8_t no_compression[] = {0};

/* ---- the hello ---- */

static size_t list_all(uint16_t *out, const struct registry *registry)
{
    for (size_t i = 0; i < registry->num; i++) {
        out[i] = registry->rows[i].id;
    }
    return registry->num;
}

void ask_defaults(struct ask_hello *h, const struct probe *probe)
{
    uint64_t seed = probe->seed * 2 + 1; /* not 0 */

    *h = (struct ask_hello){
        .record_version = DTLS_VERSION_1_0,
        .version = DTLS_VERSION_1_2,
        .compression = dtls_bytes_of(no_compression, sizeof no_compression),
        .ems = true,
        .reneg_info = true,
    };
    kit_fill(&seed, h->random, sizeof h->random);
    h->num_suites = list_all(h->suites, &registry_suites);
    h->num_groups = list_all(h->groups, &registry_groups);
    h->num_pairs = list_all(h->pairs, &registry_pairs);
    h->extra = (struct dtls_buf){h->extra_bytes, 0, sizeof h->extra_bytes};
}

static void put_extension(struct dtls_buf *out, uint16_t type,
                          const void *data, size_t len)
{
    bool fits = dtls_put_u16(out, type) &&
                dtls_put_vec16(out, dtls_bytes_of(data, len));

    assert(fits);
}

void ask_extend(struct ask_hello *h, uint16_t type, const void *data,
                size_t len)
{
    /* A copy of the hello has its own bytes. */
    h->extra.data = h->extra_bytes;
    put_extension(&h->extra, type, data, len);
}

/* Writes numbers as the wire has them; returns their bytes. */
static size_t put_numbers(uint8_t *out, const uint16_t *list, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        out[2 * i] = (uint8_t)(list[i] >> 8);
        out[2 * i + 1] = (uint8_t)list[i];
    }
    return 2 * num;
}

static void put_list(struct dtls_buf *out, uint16_t type, const uint16_t *list,
                     size_t num)
{
    uint8_t data[2 + 2 * 32];
    size_t len = put_numbers(data + 2, list, num);

    data[0] = 0;
    data[1] = (uint8_t)len;
    if (num != 0) {
        put_extension(out, type, data, len + 2);
    }
}

void ask_extend_list(struct ask_hello *h, uint16_t type,
                     const struct registry *registry)
{
    uint16_t list[32];
    size_t num = list_all(list, registry);

    h->extra.data = h->extra_bytes;
    put_list(&h->extra, type, list, num);
}

static void put_extensions(struct dtls_buf *out, const struct ask_hello *h)
{
    static const uint8_t one_format[] = {1, 0};
    static const uint8_t empty[] = {0};
    size_t mark;
    bool fits = dtls_put_open16(out, &mark);

    put_list(out, 10, h->groups, h->num_groups);
    if (h->num_groups != 0) {
        put_extension(out, 11, one_format, sizeof one_format);
    }
    put_list(out, 13, h->pairs, h->num_pairs);
    if (h->ems) {
        put_extension(out, 23, NULL, 0);
    }
    if (h->reneg_info) {
        put_extension(out, 0xff01, empty, sizeof empty);
    }
    fits = fits &&
           dtls_put_bytes(out, dtls_bytes_of(h->extra_bytes, h->extra.len)) &&
           dtls_put_close16(out, mark);
    assert(fits);
}

static size_t make_hello(uint8_t *bytes, size_t size,
                         const struct ask_hello *h, struct dtls_bytes cookie)
{
    struct dtls_buf out = {bytes, 0, size};
    uint8_t suites[2 * FACT_LIST_MAX];
    const struct dtls_client_hello hello = {
        .version = h->version,
        .random = dtls_bytes_of(h->random, sizeof h->random),
        .session_id = h->session_id,
        .cookie = cookie,
        .suites = dtls_bytes_of(suites,
                                put_numbers(suites, h->suites, h->num_suites)),
        .compression = h->compression,
    };
    bool fits = dtls_client_hello_put(&out, &hello);

    assert(fits);
    put_extensions(&out, h);
    return out.len - h->cut;
}

size_t ask_bytes(const struct ask_hello *h)
{
    static uint8_t bytes[HELLO_MAX];

    return DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN +
           make_hello(bytes, sizeof bytes, h, (struct dtls_bytes){0});
}

/* ---- saying ---- */

/* A server at the end of a slow path must not be overrun. */
static void take_breath(void)
{
    const struct timespec gap = {.tv_nsec = GAP_NS};

    (void)nanosleep(&gap, NULL);
}

static void say_record(struct ask *a, uint16_t version, uint8_t type,
                       struct dtls_bytes content)
{
    static uint8_t bytes[HELLO_MAX + 64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    bool fits = dtls_record_put_header(&out, type, version, 0, a->number++,
                                       content.len) &&
                dtls_put_bytes(&out, content);

    assert(fits);
    take_breath();
    line_send(&a->line, dtls_buf_bytes(&out));
    a->bytes_out += out.len;
}

static void say_fragment(struct ask *a, const struct ask_hello *h,
                         struct dtls_bytes body, size_t at, size_t len)
{
    static uint8_t bytes[HELLO_MAX + 32];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_fragment fragment = {
        .type = DTLS_CLIENT_HELLO,
        .message_len = (uint32_t)body.len,
        .seq = a->hellos,
        .offset = (uint32_t)at,
        .body = dtls_bytes_of(body.data + at, len),
    };
    bool fits = dtls_fragment_put_header(&out, &fragment) &&
                dtls_put_bytes(&out, fragment.body);

    assert(fits);
    say_record(a, h->record_version, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

/* How many HelloVerifyRequests came, repetitions too. */
static unsigned verifies(const struct ask *a)
{
    unsigned num = 0;

    for (size_t i = 0; i < a->heard.num_messages; i++) {
        const struct heard_message *m = &a->heard.messages[i];

        num += m->type == DTLS_HELLO_VERIFY_REQUEST ? m->times : 0;
    }
    return num;
}

void ask_say(struct ask *a, const struct ask_hello *h,
             struct dtls_bytes cookie)
{
    static uint8_t bytes[HELLO_MAX];
    size_t len = make_hello(bytes, sizeof bytes, h, cookie);
    size_t step = h->pieces == 0 ? len : h->pieces;

    a->verifies = verifies(a);
    a->has_believed = a->has_believed || cookie.len != 0;
    for (size_t at = 0; at < len; at += step) {
        say_fragment(a, h, dtls_bytes_of(bytes, len), at,
                     len - at < step ? len - at : step);
    }
    if (a->hellos++ == 0) {
        a->first_bytes_out = a->bytes_out;
    }
}

/* ---- hearing ---- */

static bool is_over(const struct ask *a)
{
    return a->heard.fatal || a->heard.closed;
}

/* DTLS 1.3 has no ServerHelloDone; what follows is not in the clear. */
static bool flight_came(const struct ask *a)
{
    const struct heard_message *m =
        heard_message(&a->heard, DTLS_SERVER_HELLO);
    struct dtls_server_hello hello;

    if (heard_message(&a->heard, DTLS_SERVER_HELLO_DONE) != NULL) {
        return true;
    }
    return m != NULL &&
           dtls_server_hello_parse(&hello, dtls_span_bytes(m->body)) ==
               DTLS_OK &&
           hello.suite >> 8 == 0x13;
}

bool ask_got_cookie(const struct ask *a)
{
    return verifies(a) > a->verifies && !flight_came(a) && !is_over(a);
}

static bool answer_came(const struct ask *a)
{
    return is_over(a) || flight_came(a) || ask_got_cookie(a);
}

bool ask_wait(struct ask *a, bool (*came)(const struct ask *a),
              unsigned milliseconds)
{
    uint64_t until = a->line.now + milliseconds;
    struct dtls_bytes datagram;

    while (!came(a) && line_next(&a->line, &datagram, until)) {
        if (a->heard.num_datagrams == 0) {
            a->first_at = a->line.now;
        }
        a->largest = datagram.len > a->largest ? datagram.len : a->largest;
        heard_datagram(&a->heard, &without_keys, true, datagram);
    }
    return came(a);
}

/* Lets another client have its answer. */
static bool another_is_answered(const struct probe *probe)
{
    static struct ask_hello hello;
    struct ask *other = ask_open(probe);
    enum ask_end end;

    ask_defaults(&hello, probe);
    hello.random[0] ^= 0x55;
    other->is_plain = true;
    end = ask(other, &hello);
    ask_close(other);
    return end == ASK_ANSWERED || end == ASK_ALERT;
}

/* A server that takes its datagrams in order, and has answered another client
 * behind us twice, has nothing to say to us.  Any other is waited for. */
static bool wait_for_answer(struct ask *a, bool (*came)(const struct ask *a))
{
    const struct probe *p = a->probe;

    if (!p->is_known || a->is_plain) {
        return ask_wait(a, came, p->live_ms);
    }
    if (p->one_client) {
        return ask_wait(a, came, p->quiet_ms);
    }
    if (ask_wait(a, came, p->patience_ms)) {
        return true;
    }
    bool twice = another_is_answered(p);

    twice = twice && another_is_answered(p);
    if (!twice) {
        p->facts->gone = true;
    }
    return ask_wait(a, came, p->patience_ms);
}

bool ask_listen(struct ask *a)
{
    return wait_for_answer(a, answer_came);
}

static void read_cookie(struct ask *a)
{
    const struct heard_message *m =
        heard_message(&a->heard, DTLS_HELLO_VERIFY_REQUEST);
    struct dtls_hello_verify verify;

    if (m != NULL && dtls_hello_verify_parse(
                         &verify, dtls_span_bytes(m->body)) == DTLS_OK) {
        a->cookie = verify.cookie;
    }
}

static enum ask_end end_of(struct ask *a)
{
    const struct heard_message *m =
        heard_message(&a->heard, DTLS_SERVER_HELLO);

    if (m != NULL && dtls_server_hello_parse(
                         &a->server, dtls_span_bytes(m->body)) == DTLS_OK) {
        return ASK_ANSWERED;
    }
    if (is_over(a)) {
        return ASK_ALERT;
    }
    if (a->heard.num_datagrams == 0 && a->line.sut->state == SUT_FAILED) {
        return ASK_NOBODY;
    }
    return a->heard.num_records == 0 && a->heard.num_foreign != 0
               ? ASK_FOREIGN
               : ASK_SILENCE;
}

enum ask_end ask_settle(struct ask *a)
{
    read_cookie(a);
    for (size_t i = 0; i < a->heard.num_records; i++) {
        const struct heard_record *r = &a->heard.records[i];

        if (r->type == DTLS_ALERT && r->opened && r->body.len == 2) {
            a->alert = r->body.data[1];
        }
    }
    a->end = end_of(a);
    return a->end;
}

/* A server that starts anew for each client is away for a moment; then a hello
 * finds no program, or no answer. */
static void open_again(struct ask *a)
{
    const struct timespec moment = {.tv_nsec = 50000000};

    line_close(&a->line);
    (void)nanosleep(&moment, NULL);
    (void)line_open(&a->line, &sut_udp_server, &a->line_setup, 0);
}

/* Did this hello come while the server was away? */
static bool was_lost(const struct ask *a, unsigned tries, uint64_t until)
{
    const struct probe *p = a->probe;

    if (!p->one_client || a->heard.num_datagrams != 0) {
        return false;
    }
    return a->line.sut->state == SUT_FAILED ? a->line.now < until
                                            : tries < FIRST_TRIES;
}

void ask_first(struct ask *a, const struct ask_hello *h)
{
    const struct probe *p = a->probe;
    uint64_t until = a->line.now + p->live_ms;
    unsigned tries = 0;

    do {
        if (tries++ != 0) {
            open_again(a);
            a->hellos = 0;
            a->bytes_out = 0;
        }
        ask_say(a, h, (struct dtls_bytes){0});
        (void)ask_listen(a);
    } while (was_lost(a, tries, until));
    if (was_lost(a, 0, a->line.now + 1) && a->line.sut->state == SUT_FAILED) {
        p->facts->gone = true;
    }
}

enum ask_end ask(struct ask *a, const struct ask_hello *h)
{
    uint64_t began;

    if (a->probe->facts->gone) {
        return ask_settle(a);
    }
    ask_first(a, h);
    a->first_bytes_in = a->heard.num_bytes;
    began = a->line.now;
    for (int i = 0; i < COOKIES_MAX && ask_got_cookie(a); i++) {
        read_cookie(a);
        ask_say(a, h, a->cookie);
        (void)ask_listen(a);
    }
    a->flight_ms = (unsigned)(a->line.now - began);
    return ask_settle(a);
}

struct ask *ask_new(const struct probe *probe, const struct ask_hello *h)
{
    struct ask *a = ask_open(probe);

    (void)ask(a, h);
    return a;
}

const char *alert_words(unsigned alert, char out[ALERT_WORDS])
{
    const char *name = registry_name(&registry_alerts, (uint16_t)alert);

    (void)snprintf(out, ALERT_WORDS, "alert %u (%s)", alert,
                   name == NULL ? "unknown" : name);
    return out;
}

const char *ask_phrase(const struct ask *a, char out[ALERT_WORDS])
{
    switch (a->end) {
    case ASK_ANSWERED:
        return "ServerHello";
    case ASK_ALERT:
        return alert_words(a->alert, out);
    case ASK_SILENCE:
        break;
    case ASK_NOBODY:
        return "nothing listens";
    case ASK_FOREIGN:
        return "what comes is not DTLS";
    }
    return "silence";
}

bool ask_extension(const struct ask *a, uint16_t type, struct dtls_bytes *data)
{
    struct dtls_bytes block = a->server.extensions;
    uint16_t at;

    while (a->end == ASK_ANSWERED && dtls_get_u16(&block, &at) &&
           dtls_get_vec16(&block, data)) {
        if (at == type) {
            return true;
        }
    }
    return false;
}

size_t ask_only_found(struct ask_hello *h, const struct probe *p,
                      const char *kind)
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(p->facts, FACT_suites, found);

    h->num_suites = 0;
    for (size_t i = 0; i < num; i++) {
        const char *name = registry_name(&registry_suites, found[i]);

        if (kind == NULL || strstr(name, kind) != NULL) {
            h->suites[h->num_suites++] = found[i];
        }
    }
    return h->num_suites;
}

void ask_drop(struct ask_hello *h, const char *kind)
{
    size_t kept = 0;

    for (size_t i = 0; i < h->num_suites; i++) {
        const char *name = registry_name(&registry_suites, h->suites[i]);

        if (strstr(name, kind) == NULL) {
            h->suites[kept++] = h->suites[i];
        }
    }
    h->num_suites = kept;
}

/* ---- ServerKeyExchange ---- */

static bool read_ecdhe(struct dtls_bytes *in, struct exchange *out)
{
    struct dtls_bytes point;
    uint8_t type;

    return dtls_get_u8(in, &type) && type == 3 /* named_curve */ &&
           dtls_get_u16(in, &out->group) && dtls_get_vec8(in, &point);
}

static bool read_dhe(struct dtls_bytes *in, struct exchange *out)
{
    struct dtls_bytes prime;
    struct dtls_bytes rest;

    if (!dtls_get_vec16(in, &prime) || !dtls_get_vec16(in, &rest) ||
        !dtls_get_vec16(in, &rest)) {
        return false;
    }
    out->dh_bits = (unsigned)prime.len * 8;
    return true;
}

void ask_exchange(const struct ask *a, struct exchange *out)
{
    const struct heard_message *m =
        heard_message(&a->heard, DTLS_SERVER_KEY_EXCHANGE);
    const char *name = registry_name(&registry_suites, a->server.suite);
    struct exchange found = {0};
    struct dtls_bytes in;

    *out = found;
    if (m == NULL || name == NULL || a->end != ASK_ANSWERED) {
        return;
    }
    in = dtls_span_bytes(m->body);
    if ((strstr(name, "PSK") != NULL && !dtls_get_vec16(&in, &found.hint)) ||
        (strncmp(name, "ECDHE", 5) == 0 && !read_ecdhe(&in, &found)) ||
        (strstr(name, "DH_anon") == NULL && strncmp(name, "DHE_", 4) == 0 &&
         !read_dhe(&in, &found))) {
        return;
    }
    if (strstr(name, "PSK") == NULL && strstr(name, "anon") == NULL &&
        !dtls_get_u16(&in, &found.pair)) {
        return;
    }
    *out = found;
}

/* ---- the socket ---- */

struct ask *ask_open(const struct probe *probe)
{
    struct ask *a = calloc(1, sizeof *a);

    assert(a != NULL);
    a->probe = probe;
    a->line_setup =
        (struct sut_setup){.role = SUT_SERVER, .where = probe->where};
    (void)line_open(&a->line, &sut_udp_server, &a->line_setup, 0);
    return a;
}

void ask_close(struct ask *a)
{
    const uint8_t canceled[2] = {DTLS_ALERT_FATAL, 40 /* handshake_failure */};

    /* The server may wait for more of us: one for one client lets no other in
     * while a cookie that it has asked for is still to come. */
    bool may_wait =
        a->has_believed ||
        heard_message(&a->heard, DTLS_SERVER_HELLO) != NULL ||
        (a->probe->one_client &&
         heard_message(&a->heard, DTLS_HELLO_VERIFY_REQUEST) != NULL);

    if (may_wait && !is_over(a)) {
        say_record(a, DTLS_VERSION_1_2, DTLS_ALERT,
                   dtls_bytes_of(canceled, sizeof canceled));
    }
    line_close(&a->line);
    heard_free(&a->heard);
    free(a);
}
