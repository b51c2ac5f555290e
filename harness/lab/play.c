/* SPDX-License-Identifier: MIT */
/* One cell, from the first ClientHello to the last packet back in its pool
 * (lab/play.h). */
#include "lab/play.h"

#include "lab/talk.h"
#include "sut/virtual_clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR 3600000u
#define SETTLE 1000u
#define AGAIN 200000u /* a second handshake takes no longer */
#define DELAY 10u
#define STUCK 100000u /* steps without progress of time */

#define DATA_BYTES 65536
#define SWEEP_DATA_BYTES 2048

struct play;

struct end {
    struct play *play;
    enum sut_role role;
    struct sut *sut;
    struct lab_talk talk; /* what this end has received */
    FILE *log;
    size_t log_len;
};

struct play {
    const struct lab_cell *cell;
    struct lab_result *result;
    struct sim_network net;
    struct sim_script script;
    struct sim_conditions one_way[2];
    struct end ends[2];
    FILE *keylog;
    size_t keylog_len;
    unsigned idle_steps;
    uint64_t began_at; /* the handshake that is judged */
    unsigned left;     /* blocks and packets that the ends kept */
    bool only_handshake;
};

/* ---- what the ends say ---- */

static void host_send(void *self, struct dtls_bytes datagram)
{
    struct end *e = self;

    sim_send(&e->play->net, (int)e->role, !e->role, datagram);
}

static void host_data(void *self, struct dtls_bytes record)
{
    struct end *e = self;

    lab_talk_take(&e->talk, record);
}

static void host_keylog(void *self, const char *line)
{
    struct end *e = self;

    (void)fprintf(e->play->keylog, "%s\n", line);
}

static void host_log(void *self, const char *text)
{
    struct end *e = self;

    (void)fprintf(e->log, "%9.3f %s\n", (double)e->play->net.now / 1000, text);
}

/* ---- checks ---- */

static void check(struct play *p, const char *word, bool holds,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void check(struct play *p, const char *word, bool holds,
                  const char *format, ...)
{
    struct lab_result *r = p->result;
    struct lab_check *c = &r->checks[r->num_checks++];
    va_list more;

    assert(r->num_checks <= LAB_CHECKS_MAX);
    *c = (struct lab_check){.word = word, .holds = holds};
    va_start(more, format);
    (void)vsnprintf(c->seen, sizeof c->seen, format, more);
    va_end(more);
    r->passed &= holds;
}

static bool is_connected(const struct play *p)
{
    return p->ends[SUT_CLIENT].sut->state == SUT_CONNECTED &&
           p->ends[SUT_SERVER].sut->state == SUT_CONNECTED;
}

static bool is_over(const struct play *p)
{
    return p->ends[SUT_CLIENT].sut->state == SUT_FAILED &&
           p->ends[SUT_SERVER].sut->state == SUT_FAILED;
}

static const char *state_of(const struct end *e)
{
    switch (e->sut->state) {
    case SUT_HANDSHAKING:
        return "not connected";
    case SUT_CONNECTED:
        return "connected";
    case SUT_ENDED:
        return "closed";
    case SUT_FAILED:
        break;
    }
    return e->sut->why;
}

/* ---- time ---- */

static struct sut *sleeper(const struct play *p)
{
    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        if (sut->driver->sleep != NULL) {
            return sut;
        }
    }
    return NULL;
}

static uint64_t next_event(struct play *p)
{
    uint64_t next = sim_next_due(&p->net);

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;
        uint64_t at = sut->driver->deadline(sut, p->net.now);

        next = at < next ? at : next;
    }
    return next;
}

static void deliver(struct play *p)
{
    struct sim_datagram d = sim_deliver(&p->net);
    struct sut *sut = p->ends[d.to].sut;

    sut->driver->receive(sut, (struct dtls_span){d.bytes, d.len}, d.address,
                         p->net.now);
    free(d.bytes);
}

static void expire(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        if (sut->driver->deadline(sut, p->net.now) <= p->net.now) {
            sut->driver->expire(sut, p->net.now);
        }
    }
}

/* Lets time pass; true if it has reached `next` and nothing was sent. */
static bool pass(struct play *p, uint64_t next)
{
    struct sut *sut = sleeper(p);

    if (sut != NULL && next > p->net.now) {
        uint64_t reached = sut->driver->sleep(sut, next);

        p->net.now = reached > p->net.now ? reached : p->net.now;
        sut->driver->flush(sut);
        return reached >= next;
    }
    p->net.now = next > p->net.now ? next : p->net.now;
    return true;
}

/* Plays the next event, if there is one before `until`. */
static bool step(struct play *p, uint64_t until)
{
    uint64_t before = p->net.now;
    uint64_t next = next_event(p);

    if (next > until) {
        return !pass(p, until);
    }
    if (pass(p, next)) {
        if (sim_next_due(&p->net) <= p->net.now) {
            deliver(p);
        } else {
            expire(p);
        }
    }
    p->idle_steps = p->net.now == before ? p->idle_steps + 1 : 0;
    return p->idle_steps < STUCK;
}

static void settle(struct play *p, uint64_t ms)
{
    uint64_t until = p->net.now + ms;

    while (step(p, until)) {
    }
}

/* ---- acts ---- */

static void set_conditions(struct play *p, const struct sim_conditions *c)
{
    p->net.conditions = *c;
    p->net.conditions.decide = sim_script_decide;
    p->net.conditions.self = &p->script;
    p->net.one_way[0] = NULL;
    p->net.one_way[1] = NULL;
}

static void be_clean(struct play *p)
{
    static const struct sim_conditions clean = {.delay = DELAY};

    set_conditions(p, &clean);
    p->script.kind = SIM_SCRIPT_NONE;
}

static bool make_ends(struct play *p, const char *pki)
{
    const struct sut_entry *entries[2] = {p->cell->client, p->cell->server};

    for (int i = 0; i < 2; i++) {
        struct end *e = &p->ends[i];
        struct sut_setup setup =
            lab_cell_setup(p->cell, (enum sut_role)i, pki);

        *e = (struct end){.play = p, .role = (enum sut_role)i};
        e->log = open_memstream(&p->result->logs[i], &e->log_len);
        assert(e->log != NULL);
        setup.host =
            (struct sut_host){e, host_send, host_data, host_keylog, host_log};
        e->sut = sut_create(entries[i]->driver, &setup, p->net.now);
    }
    return p->ends[0].sut != NULL && p->ends[1].sut != NULL;
}

static void free_ends(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        struct end *e = &p->ends[i];

        if (e->sut != NULL) {
            p->left += e->sut->driver->destroy(e->sut);
        }
        (void)fclose(e->log);
    }
}

static void shake_hands(struct play *p)
{
    struct sut *client = p->ends[SUT_CLIENT].sut;
    struct lab_result *r = p->result;

    client->driver->start(client, p->net.now);
    while (!is_connected(p) && !is_over(p) && step(p, HOUR)) {
    }
    r->connected_at = is_connected(p) ? p->net.now - p->began_at : 0;
    r->datagrams = p->net.sent;
}

static void open_network(struct play *p, uint64_t seed)
{
    sim_network_init(&p->net, seed);
    p->net.watch = lab_wire_watch;
    p->net.watcher = &p->result->wire;
}

/* Lets both ends forget the association, and the network what was sent in it.
 * Time goes on. */
static void begin_anew(struct play *p, uint64_t seed)
{
    struct sim_network before = p->net;

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        sut->driver->again(sut, before.now);
    }
    sim_network_free(&p->net);
    lab_wire_free(&p->result->wire);
    open_network(p, seed);
    p->net.now = before.now;
    p->net.trace = before.trace;
    p->began_at = before.now;
}

/* Makes the session that is to be resumed, in a clean network. */
static bool make_session(struct play *p, uint64_t seed)
{
    bool made;

    be_clean(p);
    shake_hands(p);
    settle(p, SETTLE);
    made = is_connected(p);
    if (made) {
        begin_anew(p, seed);
    } else {
        check(p, "session", false, "first: client %s, server %s",
              state_of(&p->ends[0]), state_of(&p->ends[1]));
    }
    return made;
}

/* Delivers everything sent so far once more, in the same order. */
static void replay(struct play *p)
{
    const struct lab_wire *wire = &p->result->wire;
    size_t num = wire->num_packets;

    for (size_t i = 0; i < num; i++) {
        const struct lab_packet *packet = &wire->packets[i];

        sim_inject(&p->net, packet->from, !packet->from,
                   dtls_bytes_of(packet->bytes, packet->len),
                   DELAY + (uint32_t)i);
    }
    settle(p, SETTLE + num);
}

static void say_some(struct play *p, struct lab_talk *talk, enum sut_role from)
{
    struct sut *sut = p->ends[from].sut;
    uint8_t record[LAB_TALK_RECORD_MAX];
    size_t len;

    for (int i = 0; i < 4 && sut->state == SUT_CONNECTED &&
                    (len = lab_talk_next(talk, record)) != 0;
         i++) {
        if (!sut->driver->send(sut, dtls_bytes_of(record, len), p->net.now)) {
            p->ends[!from].talk.unsent++;
            sut_log(sut, "a record of %zu bytes was not sent", len);
        }
    }
}

static void talk(struct play *p, size_t bytes, uint64_t seed)
{
    struct lab_talk said[2];

    for (int i = 0; i < 2; i++) {
        lab_talk_init(&said[i], bytes, p->cell->scenario->mtu,
                      seed + (uint64_t)i);
        lab_talk_init(&p->ends[!i].talk, bytes, p->cell->scenario->mtu,
                      seed + (uint64_t)i);
    }
    while (!lab_talk_is_over(&said[0]) || !lab_talk_is_over(&said[1])) {
        uint64_t before = p->net.now;

        say_some(p, &said[SUT_CLIENT], SUT_CLIENT);
        say_some(p, &said[SUT_SERVER], SUT_SERVER);
        settle(p, DELAY);
        if (p->net.now == before || !is_connected(p)) {
            break;
        }
    }
    settle(p, SETTLE);
}

/* One end closes; the other notices that and closes too. */
static void part(struct play *p, enum sut_role first)
{
    struct sut *closes = p->ends[first].sut;
    struct sut *other = p->ends[!first].sut;

    be_clean(p);
    closes->driver->close(closes, p->net.now);
    settle(p, SETTLE);
    check(p, "close", other->state == SUT_ENDED,
          "the %s closed, the other end is: %s",
          first == SUT_CLIENT ? "client" : "server",
          state_of(&p->ends[!first]));
    if (other->state == SUT_ENDED) {
        other->driver->close(other, p->net.now);
        settle(p, SETTLE);
    }
}

/* ---- what must hold ---- */

static void check_suite(struct play *p)
{
    const struct lab_wire *wire = &p->result->wire;
    uint16_t wanted = p->cell->suite->id;
    uint16_t suites[2];

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        suites[i] = sut->driver->suite(sut);
    }
    check(p, "suite",
          suites[0] == wanted && suites[1] == wanted && wire->suite == wanted,
          "client %04x, server %04x, ServerHello %04x", suites[0], suites[1],
          wire->suite);
}

/* Every library here has both extensions.  Encrypt-then-MAC is for CBC only
 * (RFC 7366, 3). */
static void check_extensions(struct play *p)
{
    const struct lab_wire *wire = &p->result->wire;
    bool is_cbc = p->cell->suite->cipher == DTLS_CIPHER_CBC;

    check(p, "ems", wire->ems && wire->offers_ems, "offered %d, taken %d",
          wire->offers_ems, wire->ems);
    check(p, "etm", wire->etm == (is_cbc && wire->offers_etm),
          "offered %d, taken %d, the suite is %s", wire->offers_etm, wire->etm,
          is_cbc ? "CBC" : "not CBC");
}

static bool exports_agree(struct play *p, uint8_t made[2][SUT_EXPORT_LEN])
{
    bool good = true;

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        good &= sut->driver->exporter(sut, made[i]);
    }
    return good && memcmp(made[0], made[1], SUT_EXPORT_LEN) == 0;
}

static void check_exporter(struct play *p)
{
    uint8_t made[2][SUT_EXPORT_LEN] = {{0}};

    check(p, "exporter", exports_agree(p, made),
          "client %02x%02x%02x%02x..., server %02x%02x%02x%02x...", made[0][0],
          made[0][1], made[0][2], made[0][3], made[1][0], made[1][1],
          made[1][2], made[1][3]);
}

static void check_cookie(struct play *p)
{
    check(p, "cookie", p->result->wire.hello_verify == p->cell->cookies,
          "%s HelloVerifyRequest", p->result->wire.hello_verify ? "a" : "no");
}

/* Both ends say so, and so do the flights. */
static void check_resumed(struct play *p)
{
    const struct lab_wire *wire = &p->result->wire;
    bool by_ticket = p->cell->variant->resumes == SUT_KEEPS_IN_TICKETS;
    bool says[2];

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        says[i] = sut->driver->resumed(sut);
    }
    check(p, "resumed",
          says[0] && says[1] && !lab_wire_exchanged(wire) &&
              wire->offers_ticket == by_ticket,
          "client %d, server %d; %s key exchange, %s", says[0], says[1],
          lab_wire_exchanged(wire) ? "a" : "no",
          wire->offers_ticket ? "by a ticket" : "no ticket");
}

static void check_raw_keys(struct play *p)
{
    const struct lab_wire *wire = &p->result->wire;
    bool mutual = p->cell->auth == SUT_MUTUAL;

    check(p, "raw-keys",
          wire->raw[SUT_SERVER] && wire->raw[SUT_CLIENT] == mutual,
          "ServerHello: of the client %d, of the server %d",
          wire->raw[SUT_CLIENT], wire->raw[SUT_SERVER]);
}

/* Both ends have keys, and the same. */
static void check_srtp(struct play *p)
{
    uint8_t made[2][SUT_SRTP_LEN] = {{0}};
    bool has[2];

    for (int i = 0; i < 2; i++) {
        struct sut *sut = p->ends[i].sut;

        has[i] = sut->driver->srtp_keys(sut, made[i]);
    }
    check(p, "srtp",
          has[0] && has[1] && memcmp(made[0], made[1], SUT_SRTP_LEN) == 0,
          "client %d %02x%02x..., server %d %02x%02x...", has[0], made[0][0],
          made[0][1], has[1], made[1][0], made[1][1]);
}

static void check_staple(struct play *p)
{
    struct sut *client = p->ends[SUT_CLIENT].sut;
    bool sent = lab_wire_stapled(&p->result->wire);
    bool judged = client->driver->stapled(client);

    check(p, "staple", sent && judged, "the server sent %s, the client %s",
          sent ? "one" : "none", judged ? "judged it" : "saw none");
}

static void check_variant(struct play *p)
{
    const struct lab_variant *v = p->cell->variant;
    const struct lab_wire *wire = &p->result->wire;
    bool shows[2] = {p->cell->auth == SUT_MUTUAL, true};

    if (v->group != 0) {
        check(p, "group", wire->group == v->group,
              "ServerKeyExchange: %u, wanted %u", wire->group, v->group);
    }
    if (v->resumes != SUT_KEEPS_NOTHING) {
        check_resumed(p);
    }
    if (v->raw_keys) {
        check_raw_keys(p);
    }
    if (v->srtp) {
        check_srtp(p);
    }
    if (v->staples) {
        check_staple(p);
    }
    for (int i = 0; i < 2 && v->intermediates != 0; i++) {
        check(p, i == SUT_CLIENT ? "chain-client" : "chain-server",
              !shows[i] || lab_wire_chain(wire, i) == 1 + v->intermediates,
              "%u certificates", lab_wire_chain(wire, i));
    }
}

static void check_repeats(struct play *p)
{
    const unsigned *repeats = p->result->repeats;
    unsigned limit = p->cell->scenario->idle_repeats;
    unsigned idle[2];

    for (int i = 0; i < 2; i++) {
        idle[i] = lab_wire_idle_repeats(&p->result->wire, i);
    }
    check(p, "retransmissions", idle[0] <= limit && idle[1] <= limit,
          "client %u, server %u; without need %u and %u, at most %u",
          repeats[0], repeats[1], idle[0], idle[1], limit);
}

/* No library needs fewer datagrams (interop/PEERS.md). */
static void check_datagrams(struct play *p)
{
    const struct lab_cell *cell = p->cell;

    if (cell->client->ours && cell->server->ours && cell->cookies &&
        cell->auth == SUT_PSK && strcmp(cell->scenario->name, "clean") == 0) {
        check(p, "datagrams", p->result->datagrams <= 6, "%u",
              p->result->datagrams);
    }
}

/* Only a foreign library may refuse to send what fits into the MTU. */
static void check_data(struct play *p, bool keeps)
{
    const struct sut_entry *senders[2] = {p->cell->server, p->cell->client};

    for (int i = 0; i < 2; i++) {
        const struct lab_talk *t = &p->ends[i].talk;
        unsigned sent = t->num - (senders[i]->ours ? 0 : t->unsent);
        bool enough = keeps ? t->received == sent : t->received * 4 > sent;

        check(p, i == SUT_CLIENT ? "data-client" : "data-server",
              enough && (t->received != 0 || sent == 0) && t->wrong == 0,
              "%u of %u records, %u altered, %u not sent; first missing %u",
              t->received, t->num, t->wrong, t->unsent, lab_talk_missing(t));
        check(p, i == SUT_CLIENT ? "once-client" : "once-server",
              t->twice == 0, "%u records came twice", t->twice);
    }
}

static void check_ends(struct play *p)
{
    check(p, "connected", is_connected(p), "client %s, server %s",
          state_of(&p->ends[0]), state_of(&p->ends[1]));
}

static void check_failure(struct play *p)
{
    check(p, "refused",
          p->ends[SUT_CLIENT].sut->state == SUT_FAILED &&
              p->ends[SUT_SERVER].sut->state != SUT_CONNECTED,
          "client %s; server %s", state_of(&p->ends[0]),
          state_of(&p->ends[1]));
}

/* ---- a play ---- */

static bool has_ours(const struct play *p)
{
    return p->cell->client->ours || p->cell->server->ours;
}

static void check_handshake(struct play *p)
{
    check_ends(p);
    if (!is_connected(p)) {
        return;
    }
    check_suite(p);
    check_exporter(p);
    check_variant(p);
    if (p->cell->scenario->outcome == LAB_MUST_CONNECT && has_ours(p)) {
        check_extensions(p);
        check_cookie(p);
        check_repeats(p);
        check_datagrams(p);
    }
}

static bool is_again(const struct play *p)
{
    return lab_wire_again(&p->result->wire, SUT_CLIENT) &&
           lab_wire_again(&p->result->wire, SUT_SERVER);
}

/* Have both ends sent with new keys, and have they the same keys? */
static bool is_renewed(struct play *p)
{
    uint8_t made[2][SUT_EXPORT_LEN];

    return is_again(p) && exports_agree(p, made);
}

/* Plays another handshake, or its refusal. */
static void renegotiate(struct play *p)
{
    const struct lab_variant *v = p->cell->variant;
    const struct lab_wire *wire = &p->result->wire;
    struct sut *sut = p->ends[v->begins == SUT_SERVER_BEGINS].sut;
    uint64_t until = p->net.now + AGAIN;

    sut->driver->renegotiate(sut, p->net.now);
    while (!v->refused && !is_renewed(p) && is_connected(p) &&
           step(p, until)) {
    }
    settle(p, SETTLE);
    check(p, v->refused ? "refused" : "renegotiated",
          is_connected(p) &&
              (v->refused ? !lab_wire_again(wire, SUT_CLIENT) &&
                                !lab_wire_again(wire, SUT_SERVER)
                          : is_again(p)),
          "new keys of client %d, of server %d; client %s, server %s",
          lab_wire_again(wire, SUT_CLIENT), lab_wire_again(wire, SUT_SERVER),
          state_of(&p->ends[0]), state_of(&p->ends[1]));
    if (is_again(p) && is_connected(p)) {
        check_exporter(p);
    }
}

static void go_on(struct play *p, uint64_t seed)
{
    const struct lab_scenario *s = p->cell->scenario;
    const struct sim_conditions *changed =
        lab_scenario_connected(s, &p->script);

    if (changed != NULL) {
        set_conditions(p, changed);
    }
    settle(p, s->sweep == LAB_LATES ? SIM_LATE_MS + SETTLE : SETTLE);
    if (s->replay) {
        replay(p);
    }
    if (!is_connected(p)) {
        check_ends(p);
        return;
    }
    if (p->cell->variant->begins != SUT_NOBODY_BEGINS) {
        renegotiate(p);
        if (!p->result->passed) {
            return;
        }
    }
    talk(p, s->sweep == LAB_ONCE ? DATA_BYTES : SWEEP_DATA_BYTES, seed);
    check_data(p, lab_scenario_keeps_data(s));
    if (!is_connected(p)) {
        check_ends(p);
        return;
    }
    part(p, (seed & 1) != 0 ? SUT_CLIENT : SUT_SERVER);
}

static bool must_fail(const struct lab_cell *cell)
{
    return cell->scenario->outcome == LAB_MUST_FAIL ||
           cell->auth >= SUT_WRONG_PSK;
}

static void run(struct play *p, uint64_t seed)
{
    shake_hands(p);
    for (int i = 0; i < 2; i++) {
        p->result->repeats[i] = lab_wire_repeats(&p->result->wire, i);
    }
    if (p->only_handshake) {
        return;
    }
    if (must_fail(p->cell)) {
        check_failure(p);
        return;
    }
    if (!is_connected(p) && p->cell->scenario->outcome == LAB_MAY_FAIL) {
        check(p, "spoiled", true, "client %s; server %s",
              state_of(&p->ends[0]), state_of(&p->ends[1]));
        return;
    }
    check_handshake(p);
    if (p->result->passed) {
        go_on(p, seed);
    }
    check(p, "time", p->idle_steps < STUCK, "%s",
          p->idle_steps < STUCK ? "goes on" : "stands still: an end spins");
}

static void begin(struct play *p, struct lab_result *out,
                  const struct lab_cell *cell, uint64_t seed)
{
    *p = (struct play){.cell = cell, .result = out};
    *out = (struct lab_result){.passed = true};
    sut_seed(seed);
    open_network(p, seed);
    p->keylog = open_memstream(&out->keylog, &p->keylog_len);
    assert(p->keylog != NULL);
}

static void note_states(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        if (p->ends[i].sut != NULL) {
            (void)snprintf(p->result->states[i], sizeof p->result->states[i],
                           "%s", state_of(&p->ends[i]));
        }
    }
}

static void end(struct play *p)
{
    note_states(p);
    free_ends(p);
    if (!p->only_handshake) {
        check(p, "pool", p->left == 0, "%u blocks or packets not given back",
              p->left);
    }
    p->result->trace = p->net.trace;
    sim_network_free(&p->net);
    (void)fclose(p->keylog);
}

static void set_scenario(struct play *p, unsigned number)
{
    const struct lab_scenario *s = p->cell->scenario;

    p->script = lab_sweep_script(s, number);
    p->script.client = SUT_CLIENT;
    lab_scenario_conditions(p->one_way, s, &p->script);
    p->net.one_way[SUT_CLIENT] = &p->one_way[SUT_CLIENT];
    p->net.one_way[SUT_SERVER] = &p->one_way[SUT_SERVER];
}

static void play_once(struct lab_result *out, const struct lab_cell *cell,
                      const char *pki, uint64_t seed, unsigned number)
{
    bool keeps = cell->variant->resumes != SUT_KEEPS_NOTHING;
    struct play p;

    begin(&p, out, cell, seed);
    if (!make_ends(&p, pki)) {
        check(&p, "created", false, "a library refused its configuration");
    } else if (!keeps || make_session(&p, seed)) {
        set_scenario(&p, number);
        run(&p, seed);
    }
    end(&p);
    out->play = number;
}

void lab_play(struct lab_result *out, const struct lab_cell *cell,
              const char *pki, uint64_t seed)
{
    unsigned plays = lab_sweep_size(cell->scenario);
    uint64_t trace = 0;

    for (unsigned i = 0; i < plays; i++) {
        play_once(out, cell, pki, seed + i, i);
        trace = (trace ^ out->trace) * 0x100000001b3u;
        out->trace = trace;
        out->plays = i + 1;
        if (!out->passed || i + 1 == plays) {
            return;
        }
        lab_result_free(out);
    }
}

void lab_play_handshake(struct lab_result *out, const struct lab_cell *cell,
                        const struct sim_conditions *conditions,
                        const char *pki, uint64_t seed)
{
    struct play p;

    begin(&p, out, cell, seed);
    p.only_handshake = true;
    set_conditions(&p, conditions);
    if (make_ends(&p, pki)) {
        run(&p, seed);
    }
    end(&p);
}

void lab_result_free(struct lab_result *result)
{
    lab_wire_free(&result->wire);
    free(result->logs[0]);
    free(result->logs[1]);
    free(result->keylog);
    *result = (struct lab_result){0};
}
