/* SPDX-License-Identifier: MIT */
/* What a client's hellos tell (probe/client_probe.h). */
#include "probe/client_probe.h"

#include "probe/questions.h"

#include <stdio.h>
#include <string.h>

#define COOKIE_LEN 32

extern const struct sut_driver sut_listen;

/* Everything of one client. */
struct visit {
    struct line line;
    struct heard heard;
    struct peer nobody; /* what is in the clear needs no keys */
    size_t largest;     /* datagram */
    struct dtls_client_hello hello;
    const struct heard_message *message; /* that it is in */
};
static struct visit visit;

static unsigned num_hellos(const struct visit *v)
{
    unsigned num = 0;

    for (size_t i = 0; i < v->heard.num_messages; i++) {
        const struct heard_message *m = &v->heard.messages[i];

        num += m->type == DTLS_CLIENT_HELLO ? m->times : 0;
    }
    return num;
}

/* Hears until one more hello has begun, a repeated one too, and the last is
 * whole; false if the time comes first. */
static bool hear_hello(struct visit *v, uint64_t until)
{
    unsigned before = num_hellos(v);
    struct dtls_bytes datagram;

    while (num_hellos(v) == before ||
           heard_message(&v->heard, DTLS_CLIENT_HELLO) == NULL) {
        if (!line_next(&v->line, &datagram, until)) {
            return false;
        }
        v->largest = datagram.len > v->largest ? datagram.len : v->largest;
        heard_datagram(&v->heard, &v->nobody, true, datagram);
    }
    return true;
}

static bool read_hello(struct visit *v)
{
    v->message = heard_message(&v->heard, DTLS_CLIENT_HELLO);
    return v->message != NULL &&
           dtls_client_hello_parse(
               &v->hello, dtls_span_bytes(v->message->body)) == DTLS_OK;
}

/* ---- what the first hello has ---- */

static bool has_extension(const struct visit *v, uint16_t type,
                          struct dtls_bytes *data)
{
    struct dtls_bytes block = v->hello.extensions;
    uint16_t at;

    while (dtls_get_u16(&block, &at) && dtls_get_vec16(&block, data)) {
        if (at == type) {
            return true;
        }
    }
    return false;
}

/* Numbers that stand for something: no signals, and nothing of RFC 8701. */
static bool is_real(uint16_t id)
{
    bool is_grease = (id & 0x0f0f) == 0x0a0a && id >> 8 == (id & 0xff);

    return !is_grease && id != DTLS_SCSV_RENEGOTIATION &&
           id != DTLS_SCSV_FALLBACK;
}

static void tell_numbers(struct facts *facts, enum fact_key key,
                         struct dtls_bytes list)
{
    uint16_t numbers[FACT_LIST_MAX];
    size_t num = 0;

    while (num < FACT_LIST_MAX && dtls_get_u16(&list, &numbers[num])) {
        num += is_real(numbers[num]);
    }
    facts_tell_list(facts, key, numbers, num);
}

/* An extension that is a list of numbers. */
static void tell_list(struct facts *facts, const struct visit *v,
                      enum fact_key key, uint16_t type)
{
    struct dtls_bytes data;
    struct dtls_bytes list;

    if (has_extension(v, type, &data) && dtls_get_vec16(&data, &list)) {
        tell_numbers(facts, key, list);
    } else {
        facts_cannot(facts, key, "it sends no such extension");
    }
}

static void tell_extensions(struct facts *facts, const struct visit *v)
{
    struct dtls_bytes block = v->hello.extensions;
    struct dtls_bytes data;
    uint16_t types[FACT_LIST_MAX];
    size_t num = 0;

    while (num < FACT_LIST_MAX && dtls_get_u16(&block, &types[num]) &&
           dtls_get_vec16(&block, &data)) {
        num++;
    }
    facts_tell_list(facts, FACT_extensions, types, num);
    facts_tell(facts, FACT_ems, "%s",
               has_extension(v, 23, &data) ? "yes" : "no");
    facts_tell(facts, FACT_etm, "%s",
               has_extension(v, 22, &data) ? "yes" : "no");
    facts_tell(
        facts, FACT_reneg_info, "%s",
        has_extension(v, 0xff01, &data) ||
                dtls_client_hello_offers(&v->hello, DTLS_SCSV_RENEGOTIATION)
            ? "yes"
            : "no");
}

static void tell_names(struct facts *facts, const struct visit *v)
{
    struct dtls_bytes data;
    struct dtls_bytes list;
    struct dtls_bytes name;
    char names[FACT_MAX] = "";
    uint8_t type;

    if (has_extension(v, 16, &data) && dtls_get_vec16(&data, &list)) {
        while (dtls_get_vec8(&list, &name)) {
            size_t len = strlen(names);

            (void)snprintf(names + len, sizeof names - len, "%s%.*s",
                           len == 0 ? "" : " ", (int)name.len,
                           (const char *)name.data);
        }
    }
    facts_tell(facts, FACT_alpn, "%s", names[0] == '\0' ? "no" : names);
    if (has_extension(v, 0, &data) && dtls_get_vec16(&data, &list) &&
        dtls_get_u8(&list, &type) && dtls_get_vec16(&list, &name)) {
        facts_tell(facts, FACT_server_name, "%.*s", (int)name.len,
                   (const char *)name.data);
    } else {
        facts_tell(facts, FACT_server_name, "none");
    }
}

/* A client of DTLS 1.3 lists its versions; any other says the highest one. */
static void tell_versions(struct facts *facts, const struct visit *v)
{
    struct dtls_bytes data;
    struct dtls_bytes list;
    char words[32] = "";
    bool listed = has_extension(v, 43, &data) && dtls_get_vec8(&data, &list);

    if (!listed) {
        facts_tell(facts, FACT_versions, "%s",
                   v->hello.version == DTLS_VERSION_1_2 ? "1.2" : "1.0");
        return;
    }
    (void)snprintf(words, sizeof words, "%s%s%s",
                   dtls_u16_list_has(list, DTLS_VERSION_1_0) ? "1.0 " : "",
                   dtls_u16_list_has(list, DTLS_VERSION_1_2) ? "1.2 " : "",
                   dtls_u16_list_has(list, 0xfefc) ? "1.3 " : "");
    facts_tell(facts, FACT_versions, "%.*s",
               words[0] == '\0' ? 0 : (int)strlen(words) - 1, words);
}

static void tell_hello(struct facts *facts, const struct visit *v)
{
    tell_versions(facts, v);
    tell_numbers(facts, FACT_suites, v->hello.suites);
    tell_list(facts, v, FACT_groups, 10);
    tell_list(facts, v, FACT_pairs, 13);
    tell_extensions(facts, v);
    tell_names(facts, v);
    facts_tell(facts, FACT_hello_bytes, "%zu", v->message->body.len);
}

/* ---- what it does then ---- */

static void tell_gaps(const struct probe *p, struct visit *v)
{
    uint64_t last = v->line.now;
    uint64_t until = last + schedule_limit(p);
    unsigned gaps[SCHEDULE_GAPS];
    unsigned num = 0;

    while (num < SCHEDULE_GAPS && hear_hello(v, until)) {
        gaps[num++] = (unsigned)(v->line.now - last);
        last = v->line.now;
    }
    schedule_tell(p, gaps, num);
}

static void say(struct visit *v, uint8_t type, uint64_t number,
                struct dtls_bytes content)
{
    uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (dtls_record_put_header(&out, type, DTLS_VERSION_1_0, 0, number,
                               content.len) &&
        dtls_put_bytes(&out, content)) {
        line_send(&v->line, dtls_buf_bytes(&out));
    }
}

static void say_cookie(struct visit *v, const uint8_t cookie[COOKIE_LEN])
{
    uint8_t body_bytes[64];
    uint8_t bytes[96];
    struct dtls_buf body = {body_bytes, 0, sizeof body_bytes};
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_hello_verify verify = {
        .version = DTLS_VERSION_1_0,
        .cookie = dtls_bytes_of(cookie, COOKIE_LEN)};
    struct dtls_fragment fragment = {.type = DTLS_HELLO_VERIFY_REQUEST};

    if (dtls_hello_verify_put(&body, &verify)) {
        fragment.message_len = (uint32_t)body.len;
        fragment.body = dtls_buf_bytes(&body);
        if (dtls_fragment_put_header(&out, &fragment) &&
            dtls_put_bytes(&out, fragment.body)) {
            say(v, DTLS_HANDSHAKE, 0, dtls_buf_bytes(&out));
        }
    }
}

/* Hears until the cookie has come back, or a client that lives would have
 * sent it. */
static bool hear_cookie(const struct probe *p, struct visit *v,
                        struct dtls_bytes cookie)
{
    uint64_t until = v->line.now + p->live_ms;

    while (hear_hello(v, until)) {
        if (read_hello(v) && dtls_bytes_equal(v->hello.cookie, cookie)) {
            return true;
        }
    }
    return false;
}

/* Is the hello the same, but for the cookie (RFC 6347, 4.2.1)? */
static bool is_same(const struct dtls_client_hello *a,
                    const struct dtls_client_hello *b)
{
    return a->version == b->version &&
           dtls_bytes_equal(a->random, b->random) &&
           dtls_bytes_equal(a->session_id, b->session_id) &&
           dtls_bytes_equal(a->suites, b->suites) &&
           dtls_bytes_equal(a->compression, b->compression) &&
           dtls_bytes_equal(a->extensions, b->extensions);
}

static void tell_cookie(const struct probe *p, struct visit *v)
{
    static const uint8_t cookie[COOKIE_LEN] =
        "a cookie of the probe, 32 bytes";
    const struct dtls_client_hello first = v->hello;
    bool comes;

    say_cookie(v, cookie);
    comes = hear_cookie(p, v, dtls_bytes_of(cookie, sizeof cookie));
    facts_tell(p->facts, FACT_returns_cookie, "%s", comes ? "yes" : "no");
    if (comes) {
        facts_tell(p->facts, FACT_same_hello, "%s",
                   is_same(&first, &v->hello) ? "yes" : "no");
    } else {
        facts_cannot(p->facts, FACT_same_hello, "no other hello came");
    }
}

static void tell_sizes(struct facts *facts, const struct visit *v)
{
    size_t largest = 0;

    for (size_t i = 0; i < v->heard.num_records; i++) {
        struct dtls_bytes payload = dtls_span_bytes(v->heard.records[i].body);
        struct dtls_fragment f;

        while (dtls_fragment_next(&payload, &f) == DTLS_OK) {
            largest = f.body.len > largest ? f.body.len : largest;
        }
    }
    facts_tell(facts, FACT_largest_fragment, "%zu", largest);
    facts_tell(facts, FACT_largest_datagram, "%zu", v->largest);
}

bool client_probe(struct probe *p, char *why, size_t why_size)
{
    static const uint8_t refusal[2] = {DTLS_ALERT_FATAL,
                                       40 /* handshake_failure */};
    const struct sut_setup setup = {.role = SUT_CLIENT, .where = p->where};
    struct visit *v = &visit;
    bool so;

    if (!line_open(&v->line, &sut_listen, &setup, 0)) {
        (void)snprintf(why, why_size, "%s", v->line.sut->why);
        line_close(&v->line);
        return false;
    }
    (void)fprintf(stderr, "nxdtls probe: waiting for a client at %s\n",
                  p->where);
    so = hear_hello(v, v->line.now + CLIENT_WAIT_MS) && read_hello(v);
    if (so) {
        tell_hello(p->facts, v);
        tell_cookie(p, v);
        if (!p->quick) {
            tell_gaps(p, v);
        }
        tell_sizes(p->facts, v);
        say(v, DTLS_ALERT, 1, dtls_bytes_of(refusal, sizeof refusal));
    } else {
        (void)snprintf(why, why_size, "no ClientHello came within %d s",
                       CLIENT_WAIT_MS / 1000);
    }
    line_close(&v->line);
    heard_free(&v->heard);
    return so;
}
