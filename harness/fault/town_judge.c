/* SPDX-License-Identifier: MIT */
/* What holds in a town at any time (fault/town.h):
 *
 *   - The invariants of each session's phase (dtls_session_check), and that
 *     the server's heap of deadlines has the first of them.
 *   - A session that is in a handshake or closing has a deadline, and a
 *     handshake ends within its limit.  A connected one reads and writes the
 *     same epoch.
 *   - The counts of the admission policy are those of a plain recount.
 *   - An end that says that a handshake is complete has the other end's master
 *     secret, and no proof was left out.
 *   - Data comes to the other end of its session alone, unmodified and once.
 *   - An established session ends by its peer's Finished or close, by its own
 *     failing call or that of its peer, of which the peer tells, at a limit of
 *     its own, or in a renegotiation without an answer. */
#include "session/phase.h"
#include "fault/town.h"

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static struct town_attempt *find_attempt(struct town *t, const uint8_t *random)
{
    for (unsigned i = t->num_attempts; i > 0; i--) {
        if (memcmp(t->attempts[i - 1].random, random, DTLS_RANDOM_LEN) == 0) {
            return &t->attempts[i - 1];
        }
    }
    return NULL;
}

static bool has_master(const struct town_attempt *a, size_t role,
                       const uint8_t *master)
{
    for (size_t i = 0; i < TOWN_MASTERS; i++) {
        if (memcmp(a->masters[role][i], master, DTLS_MASTER_LEN) == 0) {
            return true;
        }
    }
    return false;
}

/* Notes the master secret of the handshake that runs, or of the last one. */
static void note_master(struct town *t, const struct town_end *end)
{
    const struct dtls_handshake *hs = &end->session.hs;
    const uint8_t *master =
        is_zero(hs->master, DTLS_MASTER_LEN) ? hs->agreed.master : hs->master;
    struct town_attempt *a = end->attempt;

    if (is_zero(master, DTLS_MASTER_LEN)) {
        return;
    }
    if (a == NULL) {
        a = find_attempt(t, hs->client_random);
    }
    /* A ClientHello whose random was damaged got no cookie. */
    assert_non_null(a);
    if (!has_master(a, end->role, master)) {
        memcpy(
            a->masters[end->role][a->num_masters[end->role]++ % TOWN_MASTERS],
            master, DTLS_MASTER_LEN);
    }
}

static void check_proofs(struct town_end *end)
{
    for (size_t i = 0; i < FAILING_KINDS; i++) {
        unsigned good = end->calls.good_of[i] - end->marks[i];

        kit_row("%u good calls of %s", good,
                failing_name((enum failing_kind)i));
        assert_true(good >= town_kinds[end->kind].proofs[i]);
        end->marks[i] = end->calls.good_of[i];
    }
}

static void note_wait(struct town *t, const struct town_attempt *a)
{
    uint64_t took = t->net.now - a->since;

    if (a->is_owner) {
        assert_true(took <= TOWN_OWNER_MS);
        t->counts.owners++;
        t->counts.longest_owner =
            took > t->counts.longest_owner ? took : t->counts.longest_owner;
    }
}

void town_judge_complete(struct town *t, struct town_end *end)
{
    const struct dtls_agreed *agreed = &end->session.hs.agreed;

    kit_row("a handshake is complete at %s", end->name);
    if (end->attempt == NULL) {
        end->attempt = find_attempt(t, agreed->client_random);
        assert_non_null(end->attempt);
        end->kind = end->attempt->client % TOWN_KINDS;
        end->connected_at = t->net.now;
    }
    assert_false(is_zero(agreed->master, DTLS_MASTER_LEN));
    assert_true(has_master(end->attempt, !end->role, agreed->master));
    check_proofs(end);
    if (end->role == DTLS_CLIENT) {
        note_wait(t, end->attempt);
    }
}

unsigned town_judge_word(struct town_end *end, struct dtls_bytes data)
{
    struct town_attempt *a = end->attempt;
    unsigned word = town_word_number(data);
    uint8_t expected[TOWN_WORD_MAX];

    kit_row("word %u at %s", word, end->name);
    assert_true(word < a->said);
    assert_int_equal(data.len, town_word(expected, a, word));
    assert_memory_equal(data.data, expected, data.len);
    assert_false(a->heard[end->role][word]);
    a->heard[end->role][word] = true;
    return word;
}

/* Tells whether a limit of the session has come. */
static bool is_at_limit(const struct town_end *end, uint64_t now)
{
    const struct dtls_config *config = &end->config;

    if (end->session.failure == DTLS_IDLE_TOO_LONG) {
        return config->idle_limit != 0 &&
               now - end->active_at >= config->idle_limit;
    }
    return end->session.failure == DTLS_TOO_OLD && config->life_limit != 0 &&
           now - end->connected_at >= config->life_limit;
}

/* Tells whether an established session may have ended. */
static bool may_end(const struct town_end *end, uint64_t now)
{
    const struct dtls_session *s = &end->session;
    const struct town_attempt *a = end->attempt;

    if (s->phase == DTLS_PHASE_ENDED) {
        return end->replaced || is_at_limit(end, now) ||
               a->closed[DTLS_CLIENT] || a->closed[DTLS_SERVER];
    }
    return end->calls.failed > end->failed_calls ||
           (s->failure == DTLS_ALERTED && a->failed[!end->role]) ||
           (s->failure == DTLS_TOO_LATE && end->was_in_handshake);
}

static void check_phase(const struct dtls_session *s)
{
    const char *broken = dtls_session_check(s);

    if (broken != NULL) {
        fail_msg("%s", broken);
    }
    if (dtls_session_is_in_handshake(s) || s->phase == DTLS_PHASE_CLOSING) {
        assert_true(dtls_session_deadline(s) != DTLS_NEVER);
    }
    if (s->phase == DTLS_PHASE_CONNECTED) {
        assert_int_equal(s->records.read_epoch, s->records.write_epoch);
    }
}

/* Notes how a session has ended. */
static void note_ending(struct town *t, struct town_end *end)
{
    const struct dtls_session *s = &end->session;

    if (s->phase == DTLS_PHASE_FAILED && end->attempt != NULL) {
        end->attempt->failed[end->role] = true;
        assert_false(end->attempt->is_owner);
    }
    if (end->was_connected && !dtls_session_is_connected(s)) {
        assert_true(may_end(end, t->net.now));
        t->counts.idle += s->failure == DTLS_IDLE_TOO_LONG;
        t->counts.old += s->failure == DTLS_TOO_OLD;
        end->attempt->closed[end->role] |= is_at_limit(end, t->net.now);
    }
}

void town_judge_end(struct town *t, struct town_end *end)
{
    const struct dtls_session *s = &end->session;
    uint32_t activity =
        end->counters.records_received + end->counters.data_sent;

    kit_row("%s is %s, failure %x", end->name, dtls_phase_name(s->phase),
            (unsigned)s->failure);
    check_phase(s);
    note_ending(t, end);
    if (dtls_session_is_in_handshake(s) && !end->was_in_handshake) {
        end->handshake_since = t->net.now;
    }
    if (activity != end->activity) {
        end->active_at = t->net.now;
    }
    end->activity = activity;
    end->was_connected = dtls_session_is_connected(s);
    end->was_in_handshake = dtls_session_is_in_handshake(s);
    end->failed_calls = end->calls.failed;
}

/* A client that is silent does nothing when its time has come. */
static void check_limit(const struct town_end *end, uint64_t now)
{
    if (end->was_in_handshake) {
        assert_true(now - end->handshake_since <=
                    dtls_timer_patience(&end->config.timer));
    }
}

/* Tells whether the place is its peer's oldest one. */
static bool is_main(const struct town *t, const struct town_place *p)
{
    for (size_t i = 0; i < TOWN_PLACES; i++) {
        const struct town_place *q = &t->places[i];

        if (q->slot.taken && q->address == p->address && q->order < p->order) {
            return false;
        }
    }
    return true;
}

static void recount(const struct town *t)
{
    uint32_t crowds[TOWN_SOURCES] = {0};
    uint32_t taken = 0;
    uint32_t second = 0;
    uint32_t half_open = 0;
    uint32_t half_open_second = 0;
    uint32_t largest = 0;
    uint64_t due = DTLS_NEVER;

    for (size_t i = 0; i < TOWN_PLACES; i++) {
        const struct town_place *p = &t->places[i];
        bool main = is_main(t, p);
        uint32_t *crowd = &crowds[p->address % TOWN_SOURCES];

        kit_row("place %zu", i);
        due = town_server_due(p) < due ? town_server_due(p) : due;
        if (!p->slot.taken) {
            continue;
        }
        assert_int_equal(p->slot.seat.second, !main);
        assert_int_equal(p->slot.seat.half_open, !p->established);
        taken++;
        second += !main;
        half_open += main && !p->established;
        half_open_second += !main && !p->established;
        *crowd += main && !p->established;
        largest = *crowd > largest ? *crowd : largest;
    }
    assert_int_equal(t->table.taken, taken);
    assert_true(taken - second <= t->table.count);
    assert_int_equal(t->admission.num_second, second);
    assert_int_equal(t->admission.num_half_open, half_open);
    assert_int_equal(t->admission.second.size, half_open_second);
    assert_int_equal(t->admission.largest, largest);
    assert_true(dtls_deadlines_next(&t->deadlines) == due);
}

void town_judge_step(struct town *t)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        struct town_client *c = &t->clients[i];

        kit_row("client %zu", i);
        note_master(t, &c->end);
        town_judge_end(t, &c->end);
        if (t->net.now >= c->silent_until) {
            check_limit(&c->end, t->net.now);
        }
    }
    for (size_t i = 0; i < TOWN_PLACES; i++) {
        kit_row("place %zu", i);
        note_master(t, &t->places[i].end);
        town_judge_end(t, &t->places[i].end);
        check_limit(&t->places[i].end, t->net.now);
    }
    recount(t);
    t->counts.secrets += t->listener.jar.renewed != t->renewed;
    t->renewed = t->listener.jar.renewed;
    t->counts.steps++;
}
