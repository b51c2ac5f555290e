/* SPDX-License-Identifier: MIT */
/* Plays an association (fault/association_play.h). */
#include "fault/association_play.h"

#include "fault/failing_bytes.h"
#include "fault/recorded_crypto.h"
#include "kit/kit.h"
#include "sim/pki.h"

#define SECOND 1000u
#define HOUR 3600000u

/* The PKI: every identity and root that a kind names, loaded once. */

struct named_identity {
    const char *name;
    struct sim_identity id;
};
struct named_anchor {
    const char *name;
    struct sim_anchor anchor;
};

static struct named_identity identities[] = {
    {.name = "rsa"},
    {.name = "ec"},
    {.name = "ecdh"},
    {.name = "ed25519"},
    {.name = "client-rsa"},
    {.name = "client-ec"},
    {.name = "client-ed25519"},
    {.name = "chain-leaf"},
};
static struct named_anchor anchors[] = {
    {.name = "root"},
    {.name = "root-ed25519"},
};
static struct sim_identity ca1, ca2;

struct sim_identity *play_identity(const char *name)
{
    size_t i = 0;

    while (strcmp(identities[i].name, name) != 0) {
        i++;
        assert_true(i < LEN(identities));
    }
    return &identities[i].id;
}

static const struct dtls_cert_item *root(const char *name)
{
    size_t i = 0;

    while (strcmp(anchors[i].name, name) != 0) {
        i++;
        assert_true(i < LEN(anchors));
    }
    return &anchors[i].anchor.item;
}

void play_prepare(void)
{
    recorded_prepare();
    for (size_t i = 0; i < LEN(identities); i++) {
        sim_identity_load(&identities[i].id, NXDTLS_PKI_DIR,
                          identities[i].name, true);
    }
    for (size_t i = 0; i < LEN(anchors); i++) {
        sim_anchor_load(&anchors[i].anchor, NXDTLS_PKI_DIR, anchors[i].name);
    }
    sim_identity_load(&ca1, NXDTLS_PKI_DIR, "ca1", false);
    sim_identity_load(&ca2, NXDTLS_PKI_DIR, "ca2", false);
    play_identity("chain-leaf")->credential.next = &ca2.credential;
    ca2.credential.next = &ca1.credential;
}

void play_finish(void)
{
    for (size_t i = 0; i < LEN(identities); i++) {
        sim_identity_free(&identities[i].id);
    }
}

/* What is checked all the time. */

static struct dtls_session *session(struct play *p, int end)
{
    return &p->pair.ends[end].session;
}

static bool is_zero(const void *at, size_t len)
{
    const uint8_t *bytes = at;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static unsigned failures(const struct play *p)
{
    return p->ends[0].failed + p->ends[1].failed + failing_bytes.failed;
}

static bool is_over(const struct play *p, int end)
{
    const struct failing *f = &p->ends[end];

    return f->first == 0 || f->calls >= f->last;
}

/* The calls that fail do so for ever. */
static bool is_for_ever(const struct play *p)
{
    return !is_over(p, SIM_CLIENT) || !is_over(p, SIM_SERVER) ||
           (failing_bytes.place != NULL && !failing_bytes.stopped &&
            failing_bytes.place->calls < failing_bytes.last);
}

static void look_at_datagram(void *watcher, const struct sim_sent *sent,
                             const struct sim_fate *fate)
{
    (void)watcher;
    (void)fate;
    kit_row("datagram %u, from the %s", sent->number, kit_role(sent->from));
    assert_false(failing_shows(sent->bytes));
}

static void lose_one(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    const struct play_kind *kind = self;

    fate->lost |= sent->number + 1 == kind->lost;
}

/* Tells whether a handshake needs each of its calls of this kind: records may
 * be lost, and repeats need not be known as such. */
static bool is_proof(enum failing_kind kind)
{
    static const bool is_none[FAILING_KINDS] = {
        [FAILING_HMAC_KEY] = true,    [FAILING_MAC] = true,
        [FAILING_AEAD_SEAL] = true,   [FAILING_AEAD_OPEN] = true,
        [FAILING_CBC_ENCRYPT] = true, [FAILING_CBC_DECRYPT] = true,
        [FAILING_CBC_CHECK] = true,   [FAILING_TAKE] = true,
    };

    return !is_none[kind];
}

/* The end has just completed a handshake. */
static void check_proof(struct play *p, int end)
{
    const struct dtls_handshake *hs = &session(p, end)->hs;
    const struct failing *f = &p->ends[end];
    unsigned n = p->handshakes[end]++;
    struct play_proof *proof = &p->proofs[end][n];

    kit_row("handshake %u complete at the %s", n, kit_role(end));
    assert_true(n < PLAY_HANDSHAKES);
    assert_false(is_zero(hs->agreed.master, DTLS_MASTER_LEN));
    assert_memory_equal(hs->agreed.master, p->masters[!end], DTLS_MASTER_LEN);
    assert_int_equal(hs->agreed.has_peer_leaf, end == SIM_CLIENT
                                                   ? p->kind->server != NULL
                                                   : p->kind->client != NULL);
    for (size_t i = 0; i < FAILING_KINDS; i++) {
        proof->good[i] = f->good_of[i] - p->marks[end].good[i];
        p->marks[end].good[i] = f->good_of[i];
        if (p->clean != NULL && is_proof((enum failing_kind)i) &&
            proof->good[i] < p->clean->proofs[end][n].good[i]) {
            fail_msg("%u good calls of %s, not %u", proof->good[i],
                     failing_name((enum failing_kind)i),
                     p->clean->proofs[end][n].good[i]);
        }
    }
}

static void note_master(struct play *p, int end)
{
    const struct dtls_handshake *hs = &session(p, end)->hs;
    const uint8_t *last =
        is_zero(hs->master, DTLS_MASTER_LEN) ? hs->agreed.master : hs->master;

    if (!is_zero(last, DTLS_MASTER_LEN)) {
        memcpy(p->masters[end], last, DTLS_MASTER_LEN);
    }
}

static void check_end(struct play *p, int end)
{
    const struct dtls_session *s = session(p, end);
    const struct sim_end *e = &p->pair.ends[end];

    kit_row("the %s", kit_role(end));
    if (dtls_session_is_in_handshake(s)) {
        assert_true(dtls_session_deadline(s) != DTLS_NEVER);
    }
    if (s->phase == DTLS_PHASE_FAILED) {
        assert_int_equal(e->store.taken, 0);
        assert_true(is_zero(s->hs.master, DTLS_MASTER_LEN));
        assert_true(is_zero(s->hs.agreed.master, DTLS_MASTER_LEN));
        assert_null(s->hs.share.context);
    }
    if (e->connected + e->renegotiations > p->handshakes[end]) {
        check_proof(p, end);
    }
}

static void check_step(struct play *p)
{
    note_master(p, SIM_CLIENT);
    note_master(p, SIM_SERVER);
    check_end(p, SIM_CLIENT);
    check_end(p, SIM_SERVER);
}

/* Failures after which a session goes on: those that are as good as a lost
 * record, and that of the hash by which repeats are known (session/pump.c). */
static unsigned hard_failures(const struct failing *f)
{
    return f->failed - f->failed_of[FAILING_HMAC_KEY] -
           f->failed_of[FAILING_AEAD_OPEN] - f->failed_of[FAILING_MAC] -
           f->failed_of[FAILING_CBC_DECRYPT] - f->failed_of[FAILING_CBC_CHECK];
}

/* A call has failed in the last step.  Its status is the session's failure, or
 * that of the renegotiation which it has ended. */
static void check_obeyed(struct play *p, int end)
{
    const struct dtls_session *s = session(p, end);
    enum dtls_status status =
        dtls_session_is_connected(s) && s->phase != DTLS_PHASE_RENEGOTIATING
            ? s->renegotiated
            : s->failure;

    kit_row("a failure in the %s", kit_role(end));
    if (s->phase == DTLS_PHASE_ENDED) {
        return; /* Its answer to close_notify could not be sealed. */
    }
    if (p->ends[end].failed_of[FAILING_TAKE] == 0) {
        assert_int_equal(status, DTLS_INTERNAL_ERROR);
    } else if (p->ends[end].failed == 1) {
        assert_int_equal(status, DTLS_STORE_EMPTY);
    } else {
        assert_true(status == DTLS_INTERNAL_ERROR ||
                    status == DTLS_STORE_EMPTY);
    }
}

/* A message that could not be written is not sent: an end has failed in the
 * last step, or what it was about to begin. */
static void check_not_sent(struct play *p)
{
    bool is_known = !p->pair.accepted; /* The gate drops what it cannot do. */

    for (int i = 0; i < 2; i++) {
        const struct dtls_session *s = session(p, i);

        is_known |= !dtls_session_is_alive(s) || s->renegotiated != DTLS_OK;
    }
    kit_row("a message was not written");
    assert_true(is_known);
}

static bool step(struct play *p, uint64_t until)
{
    struct failing before[2] = {p->ends[0], p->ends[1]};
    unsigned writes = failing_bytes.writes;
    bool goes_on;

    check_step(p);
    failing_paint_stack();
    goes_on = sim_pair_step(&p->pair, until);
    if (failing_bytes.writes > writes) {
        check_not_sent(p);
    }
    for (int i = 0; i < 2; i++) {
        const struct failing *f = &p->ends[i];

        /* A hash of the cookie's is not one of the repeats'. */
        if (hard_failures(f) > hard_failures(&before[i]) ||
            (f->failed_of[FAILING_HMAC_KEY] >
                 before[i].failed_of[FAILING_HMAC_KEY] &&
             session(p, i)->phase == DTLS_PHASE_FAILED)) {
            check_obeyed(p, i);
        }
    }
    return goes_on;
}

static void drain(struct play *p, uint32_t ms)
{
    uint64_t until = p->pair.net.now + ms;

    while (step(p, until)) {
    }
    check_step(p);
}

/* An end that fails tells the other one, and in a way that it can read, unless
 * they have no keys in common or the datagram is lost, as it is if its bytes
 * cannot be read. */
static void check_told(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        kit_row("the %s has failed", kit_role(i));
        if (session(p, i)->phase == DTLS_PHASE_FAILED && !is_for_ever(p) &&
            !p->kind->unknown_identity && p->kind->lost == 0 &&
            failing_bytes.failed == 0) {
            assert_false(dtls_session_is_in_handshake(session(p, !i)));
        }
    }
}

/* Until no end is in a handshake. */
static void settle(struct play *p)
{
    drain(p, 2 * SECOND);
    check_told(p);
    if (dtls_session_is_in_handshake(session(p, 0)) ||
        dtls_session_is_in_handshake(session(p, 1))) {
        drain(p, HOUR);
    }
    assert_false(dtls_session_is_in_handshake(session(p, 0)));
    assert_false(dtls_session_is_in_handshake(session(p, 1)));
}

static bool is_alive(struct play *p)
{
    return dtls_session_is_connected(session(p, 0)) &&
           dtls_session_is_connected(session(p, 1));
}

/* The acts.  Each returns true if it did what it was to do. */

static bool act_connect(struct play *p)
{
    struct sim_end *client = &p->pair.ends[SIM_CLIENT];
    enum dtls_status status;

    failing_paint_stack();
    status =
        dtls_session_connect(&client->session, &client->room, p->pair.net.now);
    if (status != DTLS_OK) {
        assert_true(is_zero(&client->session, sizeof client->session));
        assert_int_equal(client->store.taken, 0);
        return false;
    }
    settle(p);
    return is_alive(p);
}

static bool act_say(struct play *p, int from)
{
    struct dtls_bytes text = dtls_bytes_of("nothing fails open", 18);
    struct sim_end *to = &p->pair.ends[!from];
    unsigned writes = failing_bytes.writes;

    to->data_len = 0;
    failing_paint_stack();
    if (sim_pair_say(&p->pair, from, text) != DTLS_OK) {
        return false;
    }
    assert_int_equal(failing_bytes.writes, writes);
    drain(p, 2 * SECOND);
    if (to->data_len == 0) {
        return false;
    }
    assert_int_equal(to->data_len, text.len);
    assert_memory_equal(to->data, text.data, text.len);
    return true;
}

/* The calls of an exporter prove nothing of a handshake. */
static bool export(struct play *p, int end, uint8_t out[32])
{
    unsigned *good = &p->ends[end].good_of[FAILING_PRF];
    unsigned before = *good;
    enum dtls_status status =
        dtls_session_export(session(p, end), out, 32, "EXPORTER-one", NULL);

    p->marks[end].good[FAILING_PRF] += *good - before;
    return status == DTLS_OK;
}

static bool act_export(struct play *p, int end)
{
    uint8_t out[2][32] = {{0}};

    if (!export(p, end, out[0]) || !export(p, !end, out[1])) {
        return false;
    }
    assert_memory_equal(out[0], out[1], sizeof out[0]);
    return true;
}

/* What a renegotiation that comes to nothing leaves as it was. */
struct agreement {
    struct dtls_agreed agreed;
    uint16_t epochs[2];
    size_t limits[2];
};

static struct agreement agreement_of(const struct dtls_session *s)
{
    const struct dtls_record_layer *r = &s->records;

    return (struct agreement){
        .agreed = s->hs.agreed,
        .epochs = {r->read_epoch, r->write_epoch},
        .limits = {dtls_protect_limit(&r->read[r->read_epoch & 1].protection),
                   dtls_protect_limit(
                       &r->write[r->write_epoch & 1].protection)},
    };
}

static void check_same(const struct agreement *a, const struct agreement *b)
{
    assert_memory_equal(a->agreed.master, b->agreed.master, DTLS_MASTER_LEN);
    assert_memory_equal(a->agreed.client_verify_data,
                        b->agreed.client_verify_data, DTLS_VERIFY_DATA_LEN);
    assert_memory_equal(a->agreed.server_verify_data,
                        b->agreed.server_verify_data, DTLS_VERIFY_DATA_LEN);
    assert_ptr_equal(a->agreed.suite, b->agreed.suite);
    assert_memory_equal(a->epochs, b->epochs, sizeof a->epochs);
    assert_memory_equal(a->limits, b->limits, sizeof a->limits);
}

static bool renegotiate(struct play *p, int by)
{
    unsigned before[2] = {p->handshakes[0], p->handshakes[1]};
    struct dtls_session *s = session(p, by);

    failing_paint_stack();
    if (dtls_session_renegotiate(s, p->pair.net.now) != DTLS_OK) {
        assert_int_equal(s->phase, DTLS_PHASE_CONNECTED);
        return false;
    }
    settle(p);
    return is_alive(p) && p->handshakes[0] > before[0] &&
           p->handshakes[1] > before[1];
}

static bool act_renegotiate(struct play *p, int by)
{
    struct agreement before[2] = {agreement_of(session(p, 0)),
                                  agreement_of(session(p, 1))};
    bool is_done = renegotiate(p, by);

    for (int i = 0; i < 2 && !is_done && is_alive(p); i++) {
        struct agreement after = agreement_of(session(p, i));

        kit_row("no renegotiation, at the %s", kit_role(i));
        check_same(&before[i], &after);
    }
    return is_done;
}

static bool act_close(struct play *p, int by)
{
    if (dtls_session_close(session(p, by), p->pair.net.now) != DTLS_OK) {
        return false;
    }
    drain(p, HOUR);
    return session(p, 0)->phase == DTLS_PHASE_ENDED &&
           session(p, 1)->phase == DTLS_PHASE_ENDED;
}

/* Lets an act happen, and once more if a call has failed in it and the session
 * goes on.  Nothing but such a call may stop it. */
static void attempt(struct play *p, bool (*act)(struct play *p, int end),
                    int end, const char *name)
{
    kit_row("%s by the %s", name, kit_role(end));
    for (int i = 0; i < 2 && is_alive(p); i++) {
        unsigned before = failures(p);

        if (act(p, end)) {
            return;
        }
        if (failures(p) == before && !session(p, end)->never_again) {
            fail_msg("attempt %d: nothing failed, yet it was not done", i);
        }
        if (is_for_ever(p)) {
            return;
        }
    }
}

/* A record that cannot be opened is as good as lost. */
static bool has_lost_a_record(const struct failing *f)
{
    return f->failed_of[FAILING_AEAD_OPEN] + f->failed_of[FAILING_MAC] +
               f->failed_of[FAILING_CBC_DECRYPT] +
               f->failed_of[FAILING_CBC_CHECK] !=
           0;
}

/* An end that has asked to close is over: its peer has answered, a call has
 * failed, or it has waited long enough.  It has waited only if its alert has
 * left it, and the answer was lost. */
static void check_closing(struct play *p, int by)
{
    const struct dtls_session *s = session(p, by);

    assert_false(dtls_session_is_alive(s));
    if (s->phase == DTLS_PHASE_ENDED && s->failure == DTLS_TOO_LATE) {
        assert_false(dtls_session_has_output(s));
        assert_true(!dtls_session_is_connected(session(p, !by)) ||
                    failing_bytes.failed != 0 ||
                    has_lost_a_record(&p->ends[0]) ||
                    has_lost_a_record(&p->ends[1]));
    }
}

static void play_on(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        attempt(p, act_say, i, "data");
        attempt(p, act_export, i, "export");
    }
    p->pair.ends[SIM_CLIENT].config.max_fragment_length =
        p->kind->later_length;
    /* With a password there is no other handshake (decision 30). */
    for (int i = 0; i < 2 && p->kind->suite != 0xc0ff; i++) {
        attempt(p, act_renegotiate, i, "renegotiation");
        attempt(p, act_say, i, "data");
    }
    if (is_alive(p)) {
        kit_row("close");
        if (!act_close(p, SIM_CLIENT)) {
            assert_true(failures(p) != 0);
            check_closing(p, SIM_CLIENT);
        }
    }
}

/* Setting up and clearing away. */

static void configure(struct play *p, int end)
{
    const struct play_kind *kind = p->kind;
    struct sim_end *e = &p->pair.ends[end];
    const char *own = end == SIM_CLIENT ? kind->client : kind->server;

    failing_init(&p->ends[end], &p->base, &e->store.store);
    p->ends[end].block_size = kind->block_size;
    failing_fill(e->arena, sizeof e->arena);
    failing_fill(e->peer_certs, sizeof e->peer_certs);
    e->room.store = &p->ends[end].store;
    e->config.crypto = &p->ends[end].crypto;
    e->config.max_fragment_length = 0;
    e->config.suites = &kind->suite;
    e->config.num_suites = 1;
    e->config.client_auth = kind->client_auth;
    if (own != NULL) {
        e->config.credentials = &play_identity(own)->credential;
    }
    if (kind->root != NULL) {
        e->config.anchors = root(kind->root);
    }
    if (kind->psk != NULL) {
        e->config.psks = kind->psk;
    }
    if (kind->unknown_identity) {
        static const struct dtls_psk other = {
            .identity = {(const uint8_t *)"other", 5},
            .key = {(const uint8_t *)"\x01\x12\x23\x34", 4},
        };

        e->config.psks = end == SIM_CLIENT ? &other : e->config.psks;
        e->config.hide_unknown_identity = true;
    }
    if (kind->mtu != 0) {
        e->config.mtu = kind->mtu;
    }
    if (kind->adorn != NULL) {
        kind->adorn(&e->config, end);
    }
}

static void init(struct play *p, const struct play_kind *kind)
{
    memset(p, 0, sizeof *p);
    p->kind = kind;
    sim_pair_init(&p->pair, 13);
    recorded_init(&p->base, &p->pair.crypto);
    p->pair.net.watch = look_at_datagram;
    p->pair.net.conditions.decide = lose_one;
    p->pair.net.conditions.self = (void *)(uintptr_t)kind; /* is only read */
    p->pair.listener.without_cookies = kind->without_cookies;
    configure(p, SIM_CLIENT);
    configure(p, SIM_SERVER);
}

/* Frees both sessions: nothing of them is left. */
static void free_sessions(struct play *p)
{
    for (int i = 0; i < 2; i++) {
        struct sim_end *e = &p->pair.ends[i];

        kit_row("the %s is freed", kit_role(i));
        dtls_session_free(&e->session);
        assert_true(is_zero(&e->session, sizeof e->session));
        assert_int_equal(e->store.taken, 0);
        assert_int_equal(p->ends[i].live, 0);
        e->connected = false;
        e->renegotiations = 0;
        p->handshakes[i] = 0;
        p->ends[i].first = 0;
        p->ends[i].last = 0;
        failing_bytes_stop();
        memcpy(p->marks[i].good, p->ends[i].good_of, sizeof p->marks[i].good);
    }
    p->pair.accepted = false;
    sim_pair_drain(&p->pair, p->pair.net.now + SECOND);
}

/* The failure is gone: the same gate lets the same client in. */
static void play_again(struct play *p)
{
    kit_row("the next association");
    assert_true(act_connect(p));
    assert_true(act_say(p, SIM_CLIENT));
    assert_true(act_say(p, SIM_SERVER));
}

void play_whole(struct play *p, const struct play_kind *kind, int end,
                unsigned first, unsigned last, const struct play *clean)
{
    init(p, kind);
    p->clean = clean;
    p->ends[end].first = first;
    p->ends[end].last = last;
    if (!act_connect(p)) {
        assert_true(failures(p) != 0 || kind->unknown_identity);
    }
    play_on(p);
    p->calls[SIM_CLIENT] = p->ends[SIM_CLIENT].calls;
    p->calls[SIM_SERVER] = p->ends[SIM_SERVER].calls;
    free_sessions(p);
    if (!kind->unknown_identity) {
        play_again(p);
        free_sessions(p);
    }
    dtls_listener_free(&p->pair.listener);
    assert_true(is_zero(&p->pair.listener, sizeof p->pair.listener));
    sim_network_free(&p->pair.net);
}

void play_abandon(struct play *p)
{
    failing_bytes_stop();
    dtls_session_free(&p->pair.ends[SIM_CLIENT].session);
    dtls_session_free(&p->pair.ends[SIM_SERVER].session);
    dtls_listener_free(&p->pair.listener);
    sim_network_free(&p->pair.net);
    free(p->pair.read);
}
