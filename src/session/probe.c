/* SPDX-License-Identifier: MIT */
/* Questions to the peer (session/probe.h). */
#include "session/probe.h"

#include "base/secret.h"
#include "session/session.h"

static bool may_ask(const struct dtls_session *s)
{
    return s->phase == DTLS_PHASE_CONNECTED && s->hs.agreed.routability_checks;
}

void dtls_probe_init(struct dtls_probe *probe)
{
    *probe = (struct dtls_probe){.probe_until = DTLS_NEVER};
}

static void send_probe(struct dtls_probe *p, uint64_t now)
{
    p->tries++;
    p->probe_due = true;
    p->probe_until = now + DTLS_PROBE_TIMER_MS;
}

/* Returns the size to be probed next, or 0 if the search is exact enough. Most
 * paths take either what every IPv6 path does or all that is asked for. */
static uint16_t choose(struct dtls_probe *p, uint16_t most)
{
    uint16_t told = p->told;

    p->told = 0;
    if (told > p->low && told <= p->high) {
        return told;
    }
    if (p->low < DTLS_PROBE_BASE && p->high >= DTLS_PROBE_BASE) {
        return DTLS_PROBE_BASE;
    }
    if (p->low < most && p->high == most) {
        return most;
    }
    if (p->high < p->low + DTLS_PROBE_STEP) {
        return 0;
    }
    /* Between both, and never `low` itself. */
    return (uint16_t)(p->low + (p->high - p->low + 1) / 2);
}

static void go_on(struct dtls_session *s, uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    p->size = p->verifying ? p->low : choose(p, s->config->path_search);
    p->tries = 0;
    if (p->size != 0) {
        send_probe(p, now);
        return;
    }
    p->probe_until = now + DTLS_MTU_RAISE_MS;
    p->data_sent = s->counters->data_sent;
}

static void begin_round(struct dtls_session *s, bool verify, uint64_t now)
{
    struct dtls_probe *p = &s->probe;
    uint16_t most = s->config->path_search;
    uint16_t known = s->mtu.confirmed;

    p->verifying = verify && known >= DTLS_MTU_LEAST && known <= most;
    p->low = known > most ? most : known;
    p->high = most;
    go_on(s, now);
}

void dtls_probe_begin(struct dtls_session *s, uint64_t now)
{
    dtls_probe_init(&s->probe);
    if (s->config->path_search != 0 && may_ask(s) &&
        dtls_record_layer_protection_out(&s->records)->cid_len != 0) {
        begin_round(s, false, now);
    }
}

/* No probe of this size has come through. */
static void lose(struct dtls_session *s, uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    if (p->verifying) { /* The path is narrower than it was. */
        dtls_path_mtu_lost(&s->mtu, now);
        p->verifying = false;
        p->low = 0;
    }
    if (p->high >= p->size) {
        p->high = (uint16_t)(p->size - 1);
    }
    go_on(s, now);
}

static void win(struct dtls_session *s, uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    p->verifying = false;
    p->low = p->size;
    dtls_path_mtu_found(&s->mtu, p->len);
    go_on(s, now);
}

bool dtls_probe_take(struct dtls_session *s, struct dtls_bytes cookie,
                     uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    if (p->probe_is_out &&
        dtls_ct_equal(p->probe, cookie.data, sizeof p->probe)) {
        win(s, now);
        return true;
    }
    return p->was_asked &&
           dtls_ct_equal(p->question, cookie.data, sizeof p->question);
}

/* A probe of this size cannot leave.  The next one is due at once. */
static void refuse(struct dtls_probe *p, size_t told)
{
    p->probe_is_out = false;
    p->tries = DTLS_PROBES_MAX;
    p->probe_until = 0;
    if (told > p->low && told < p->size) {
        p->told = (uint16_t)told; /* less than `size` */
    }
}

bool dtls_probe_too_big(struct dtls_session *s, size_t told)
{
    struct dtls_probe *p = &s->probe;
    bool was_probe = p->probe_was_last && p->probe_is_out;

    if (was_probe) {
        refuse(p, told);
    }
    return was_probe;
}

bool dtls_probe_has_output(const struct dtls_session *s)
{
    return s->phase == DTLS_PHASE_CONNECTED && !s->route.checking &&
           (s->probe.ask_due || s->probe.probe_due);
}

/* Without challenges an empty record of data goes out. */
static enum dtls_status write_question(struct dtls_session *s,
                                       struct dtls_buf *out)
{
    struct dtls_probe *p = &s->probe;

    p->ask_due = false;
    if (!may_ask(s)) {
        return dtls_record_layer_seal(&s->records, out, s->records.write_epoch,
                                      DTLS_APPLICATION_DATA,
                                      dtls_bytes_of(NULL, 0));
    }
    p->was_asked = true;
    return dtls_route_challenge(s, out, p->question, 0);
}

/* A probe that the caller's datagrams have no room for is too large. */
static enum dtls_status write_probe(struct dtls_session *s,
                                    struct dtls_buf *out)
{
    struct dtls_probe *p = &s->probe;
    enum dtls_status status;

    p->probe_due = false;
    if (out->cap < p->size) {
        refuse(p, out->cap);
        return DTLS_OK;
    }
    p->probe_was_last = true;
    p->probe_is_out = true;
    status = dtls_route_challenge(s, out, p->probe, p->size);
    p->len = (uint16_t)out->len;
    return status;
}

enum dtls_status dtls_probe_write(struct dtls_session *s, struct dtls_buf *out)
{
    return s->probe.ask_due ? write_question(s, out) : write_probe(s, out);
}

/* Returns when the next question is due, or the peer counts as gone. */
static uint64_t ask_at(const struct dtls_session *s)
{
    uint64_t every = s->config->keepalive;

    if (every == 0) {
        return DTLS_NEVER;
    }
    return may_ask(s) ? s->heard_at + every * (s->asked + 1u)
                      : s->sent_at + every;
}

uint64_t dtls_probe_deadline(const struct dtls_session *s)
{
    uint64_t ask = ask_at(s);

    if (s->phase != DTLS_PHASE_CONNECTED || s->route.checking) {
        return DTLS_NEVER;
    }
    return ask < s->probe.probe_until ? ask : s->probe.probe_until;
}

/* What is due in the search.  A session that has sent no data since the last
 * search needs no other. */
static void expire_search(struct dtls_session *s, uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    p->probe_is_out = false;
    if (p->size != 0 && p->tries < DTLS_PROBES_MAX) {
        send_probe(p, now);
    } else if (p->size != 0) {
        lose(s, now);
    } else if (p->data_sent != s->counters->data_sent) {
        begin_round(s, true, now);
    } else {
        p->probe_until = now + DTLS_MTU_RAISE_MS;
    }
}

bool dtls_probe_expire(struct dtls_session *s, uint64_t now)
{
    struct dtls_probe *p = &s->probe;

    if (now >= p->probe_until) {
        expire_search(s, now);
    }
    if (now < ask_at(s)) {
        return true;
    }
    if (may_ask(s) && s->asked++ == s->config->keepalive_questions) {
        return false;
    }
    p->ask_due = true;
    s->sent_at = now;
    return true;
}
