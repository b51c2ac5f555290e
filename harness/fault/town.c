/* SPDX-License-Identifier: MIT */
/* The town's ends, its clock, a play (fault/town.h). */
#include "fault/town.h"

#include "fault/recorded_crypto.h"

#define BLOCKS 200 /* of either role's store */
#define BLOCK_SIZE 512
#define SERVER_MTU 500

/* Master secret, keys and both verify_data are a PRF each.  A certificate is
 * verified against its root, and then a signature of its key. */
#define PSK [FAILING_RANDOM] = 1, [FAILING_PRF] = 4
#define ECDHE PSK, [FAILING_SHARE_MAKE] = 1, [FAILING_SHARE_AGREE] = 1
#define SIGNED ECDHE, [FAILING_SIGN] = 1, [FAILING_VERIFY] = 2

const struct town_kind town_kinds[TOWN_KINDS] = {
    {0xc0a8, 1400, {PSK}},    /* PSK, CCM_8                             */
    {0xd001, 1400, {ECDHE}},  /* ECDHE_PSK, GCM                         */
    {0xc02b, 1400, {SIGNED}}, /* ECDHE_ECDSA, GCM                       */
    {0x00af, 200, {PSK}},     /* PSK, CBC; its ClientHello in fragments */
    {0xccab, 1400, {PSK}},    /* PSK, ChaCha20                          */
    {0xcca9, 400, {SIGNED}},  /* ECDHE_ECDSA, ChaCha20                  */
};

static struct sim_identity server_id, client_id;
static struct sim_anchor root;

void town_prepare(void)
{
    recorded_prepare();
    sim_identity_load(&server_id, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&client_id, NXDTLS_PKI_DIR, "client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
}

void town_finish(void)
{
    sim_identity_free(&server_id);
    sim_identity_free(&client_id);
}

/* Randomness that follows from the seed. */
static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)sim_random(self);
    }
    return DTLS_OK;
}

uint64_t town_below(struct town *t, uint64_t bound)
{
    return sim_random(&t->net) % bound;
}

/* The ends. */

/* Every third session has a call that fails, or two. */
static void let_fail(struct town *t, struct town_end *end)
{
    if (!t->is_calm && town_below(t, 3) == 0) {
        end->calls.first = 1 + (unsigned)town_below(t, 150);
        end->calls.last = end->calls.first + (unsigned)town_below(t, 2);
    }
}

static struct dtls_config configuration(struct town *t,
                                        const struct town_end *end)
{
    static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1};
    static uint16_t suites[TOWN_KINDS];
    const bool is_client = end->role == DTLS_CLIENT;

    for (size_t i = 0; i < TOWN_KINDS; i++) {
        suites[i] = town_kinds[i].suite;
    }
    return (struct dtls_config){
        .crypto = &end->calls.crypto,
        .suites = is_client ? &suites[end->kind] : suites,
        .num_suites = is_client ? 1 : TOWN_KINDS,
        .groups = groups,
        .num_groups = LEN(groups),
        .credentials =
            is_client ? &client_id.credential : &server_id.credential,
        .anchors = &root.item,
        .psks = end->psks,
        .num_psks = end->num_psks,
        .client_auth = DTLS_CLIENT_AUTH_REQUIRED,
        .timer = {.initial = 1000,
                  .maximum = 8000,
                  .max_retries = 6,
                  .shift = 1},
        .idle_limit = is_client ? 0 : TOWN_IDLE_MS,
        .life_limit = is_client || town_below(t, 3) != 0 ? 0 : TOWN_LIFE_MS,
        .mtu = is_client ? town_kinds[end->kind].mtu : SERVER_MTU,
    };
}

void town_end_begin(struct town *t, struct town_end *end)
{
    failing_init(&end->calls, &t->crypto, &t->stores[end->role].store);
    let_fail(t, end);
    end->config = configuration(t, end);
    end->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&end->areas, &end->area);
    end->room = (struct dtls_session_room){
        .config = &end->config,
        .store = &end->calls.store,
        .counters = &end->counters,
        .areas = &end->areas,
        .records = &end->records,
        .arena = {end->arena, sizeof end->arena},
        .peer_certs = {end->peer_certs, sizeof end->peer_certs},
        .chain = end->chain,
    };
    end->failed_calls = 0;
    memset(end->marks, 0, sizeof end->marks);
}

void town_end_free(struct town *t, struct town_end *end)
{
    static const struct dtls_session nothing;

    town_judge_end(t, end);
    dtls_session_free(&end->session);
    assert_memory_equal(&end->session, &nothing, sizeof nothing);
    assert_int_equal(end->calls.live, 0);
    t->counts.failed_calls += end->calls.failed;
    end->calls.failed = 0;
    end->attempt = NULL;
    end->replaced = false;
    end->was_connected = false;
    end->was_in_handshake = false;
}

static void send_to(struct town *t, const struct town_end *end,
                    unsigned address, struct dtls_bytes datagram)
{
    assert_false(failing_shows(datagram));
    if (end->role == DTLS_SERVER) {
        sim_send(&t->net, TOWN_SERVER, (int)address, datagram);
    } else {
        sim_send(&t->net, (int)address, TOWN_SERVER, datagram);
    }
}

/* Sends what is complete, also of a datagram that could not be: an alert may
 * follow. */
void town_flush(struct town *t, struct town_end *end, unsigned address)
{
    uint8_t bytes[2048];
    enum dtls_status status;
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        status = dtls_session_write(&end->session, &out);
        if (out.len != 0) {
            send_to(t, end, address, dtls_buf_bytes(&out));
        }
    } while (out.len != 0 || dtls_status_is_fatal(status));
}

/* Data: the numbers of the client, of its random and of the word, and then
 * bytes that follow from them. */

size_t town_word(uint8_t out[TOWN_WORD_MAX],
                 const struct town_attempt *attempt, unsigned word)
{
    uint64_t seed = 1 + word;
    size_t len = 1 + DTLS_RANDOM_LEN + word % 200;

    out[0] = (uint8_t)word;
    memcpy(&out[1], attempt->random, DTLS_RANDOM_LEN);
    kit_fill(&seed, &out[1 + DTLS_RANDOM_LEN], word % 200);
    return len;
}

unsigned town_word_number(struct dtls_bytes data)
{
    assert_true(data.len != 0);
    return data.data[0];
}

bool town_say(struct town *t, struct town_end *end, unsigned address,
              const struct town_attempt *attempt, unsigned word)
{
    uint8_t data[TOWN_WORD_MAX];
    uint8_t bytes[512];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    size_t len = town_word(data, attempt, word);

    town_flush(t, end, address);
    if (dtls_session_send(&end->session, &out, dtls_bytes_of(data, len),
                          t->net.now) != DTLS_OK) {
        return false;
    }
    send_to(t, end, address, dtls_buf_bytes(&out));
    return true;
}

/* The clock. */

static struct town_client *client_at(struct town *t, int address)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        if ((int)t->clients[i].address == address) {
            return &t->clients[i];
        }
    }
    return NULL;
}

static void deliver(struct town *t)
{
    struct sim_datagram d = sim_deliver(&t->net);
    struct dtls_span datagram = {d.bytes, d.len};
    struct town_client *c = client_at(t, d.to);

    if (d.to == TOWN_SERVER) {
        town_server_take(t, (unsigned)d.from, datagram);
    } else if (c != NULL) {
        town_client_take(t, c, datagram);
    }
    free(d.bytes);
}

static uint64_t next_due(const struct town *t)
{
    uint64_t next = sim_next_due(&t->net);
    uint64_t due = dtls_deadlines_next(&t->deadlines);

    next = due < next ? due : next;
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        due = town_client_due(t, &t->clients[i]);
        next = due < next ? due : next;
    }
    return next;
}

/* Lets the gate's next calls fail, now and then. */
static void trouble_gate(struct town *t)
{
    if (!t->is_calm && town_below(t, 100) == 0) {
        t->gate_calls.first = t->gate_calls.calls + 1;
        t->gate_calls.last = t->gate_calls.first + (unsigned)town_below(t, 4);
    }
}

/* Does the next thing that happens.  Returns false if nothing will. */
static bool step(struct town *t)
{
    uint64_t next = next_due(t);

    if (next == DTLS_NEVER) {
        return false;
    }
    if (next > t->net.now) {
        t->net.now = next;
    }
    trouble_gate(t);
    failing_paint_stack();
    town_server_expire(t);
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        kit_row("client %zu", i);
        town_client_expire(t, &t->clients[i]);
    }
    if (sim_next_due(&t->net) <= t->net.now) {
        deliver(t);
    }
    town_judge_step(t);
    return true;
}

/* A play. */

static void open_town(struct town *t, uint64_t seed)
{
    static const uint32_t losses[] = {0, 5, 15, 30};
    const struct town_counts counts = t->counts;

    memset(t, 0, sizeof *t);
    t->counts = counts;
    sim_network_init(&t->net, seed);
    t->crypto = dtls_libcrypto;
    t->crypto.self = &t->net;
    t->crypto.random = random_bytes;
    recorded_init(&t->crypto, &t->crypto);
    kit_store_init(&t->stores[DTLS_CLIENT], BLOCK_SIZE, BLOCKS);
    kit_store_init(&t->stores[DTLS_SERVER], BLOCK_SIZE, BLOCKS);
    town_server_open(t, 1 + (uint32_t)town_below(t, TOWN_SLOTS_MAX));
    for (unsigned i = 0; i < TOWN_CLIENTS; i++) {
        town_client_init(t, i);
    }
    t->net.conditions = (struct sim_conditions){
        .delay = 10,
        .jitter = (uint32_t)town_below(t, 400),
        .loss = losses[town_below(t, LEN(losses))],
        .duplication = 10,
        .reordering = 5,
        .hold = 1500,
        .corruption = 3,
        .truncation = 1,
    };
}

static void calm_down(struct town *t)
{
    t->is_calm = true;
    t->calm_since = t->net.now;
    t->net.conditions = (struct sim_conditions){.delay = 10};
    t->gate_calls.first = 0;
    for (size_t i = 0; i < TOWN_PLACES; i++) {
        t->places[i].end.calls.first = 0;
    }
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        struct town_client *c = &t->clients[i];

        c->end.calls.first = 0;
        c->silent_until = 0;
        c->acts_at = t->net.now + town_below(t, 2000);
    }
}

/* Nobody is locked out. */
static void check_served(struct town *t)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        uint64_t took = t->clients[i].served_at - t->calm_since;

        kit_row("client %zu", i);
        assert_true(t->clients[i].served);
        assert_true(took <= TOWN_CALM_MS);
        if (took > t->counts.longest_calm) {
            t->counts.longest_calm = took;
        }
    }
}

static void close_town(struct town *t)
{
    for (size_t i = 0; i < TOWN_CLIENTS; i++) {
        kit_row("client %zu", i);
        assert_int_equal(t->clients[i].end.session.phase, DTLS_PHASE_IDLE);
    }
    t->counts.failed_calls += t->gate_calls.failed;
    t->counts.virtual_ms += t->net.now;
    town_server_close(t);
    kit_store_end(&t->stores[DTLS_CLIENT]);
    kit_store_end(&t->stores[DTLS_SERVER]);
    t->trace = t->net.trace;
    sim_network_free(&t->net);
}

void town_play(struct town *t, uint64_t seed)
{
    open_town(t, seed);
    while (t->net.now < TOWN_ROUGH_MS &&
           t->num_attempts < TOWN_ATTEMPTS_ROUGH && step(t)) {
    }
    calm_down(t);
    while (t->net.now < t->calm_since + 2 * TOWN_CALM_MS && step(t)) {
    }
    check_served(t);
    close_town(t);
}
