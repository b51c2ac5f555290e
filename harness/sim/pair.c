/* SPDX-License-Identifier: MIT */
/* Our client and our server (sim/pair.h). */
#include "sim/pair.h"

#include "session/phase.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint16_t suites[] = {0xc0a8};
static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                  DTLS_GROUP_SECP384R1};
static const struct dtls_psk psks[] = {
    {{(const uint8_t *)"client", 6},
     {(const uint8_t *)"\x00\x01\x02\x03\x04\x05\x06\x07", 8},
     {NULL, 0}},
};

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)sim_random(self);
    }
    return DTLS_OK;
}

static void *take_block(void *self, size_t *size)
{
    struct sim_store *store = self;

    if (store->left == 0) {
        return NULL;
    }
    store->left--;
    store->taken++;
    *size = SIM_BLOCK_SIZE;
    return malloc(SIM_BLOCK_SIZE);
}

static void give_block(void *self, void *block)
{
    struct sim_store *store = self;

    store->left++;
    store->taken--;
    free(block);
}

static void init_end(struct sim_pair *pair, struct sim_end *end)
{
    end->config = (struct dtls_config){
        .crypto = &pair->crypto,
        .suites = suites,
        .num_suites = sizeof suites / sizeof *suites,
        .groups = groups,
        .num_groups = sizeof groups / sizeof *groups,
        .psks = psks,
        .num_psks = 1,
        .password = {(const uint8_t *)"threadjpaketest", 15},
        .timer = {.initial = 1000,
                  .maximum = 60000,
                  .max_retries = 10,
                  .shift = 1},
        .mtu = 1400,
    };
    end->store = (struct sim_store){
        .store = {&end->store, take_block, give_block},
        .left = SIM_BLOCKS,
    };
    end->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&end->areas, &end->area);
    end->room = (struct dtls_session_room){
        .config = &end->config,
        .store = &end->store.store,
        .counters = &end->counters,
        .areas = &end->areas,
        .records = &end->records,
        .arena = {end->arena, sizeof end->arena},
        .peer_certs = {end->peer_certs, sizeof end->peer_certs},
        .chain = end->chain,
    };
}

void sim_pair_init(struct sim_pair *pair, uint64_t seed)
{
    enum dtls_status status;

    memset(pair, 0, sizeof *pair);
    sim_network_init(&pair->net, seed);
    pair->net.conditions.delay = 10;
    pair->crypto = dtls_libcrypto;
    pair->crypto.self = &pair->net;
    pair->crypto.random = random_bytes;
    pair->client_address =
        (struct dtls_address){.len = 7, .bytes = "\4\177\0\0\1\x12\x34"};
    status = dtls_listener_init(&pair->listener, &pair->crypto,
                                &pair->ends[SIM_SERVER].counters, 0);
    assert(status == DTLS_OK);
    init_end(pair, &pair->ends[SIM_CLIENT]);
    init_end(pair, &pair->ends[SIM_SERVER]);
}

void sim_pair_free(struct sim_pair *pair)
{
    dtls_session_free(&pair->ends[SIM_CLIENT].session);
    dtls_session_free(&pair->ends[SIM_SERVER].session);
    dtls_listener_free(&pair->listener);
    sim_network_free(&pair->net);
}

void sim_pair_start(struct sim_pair *pair)
{
    struct sim_end *client = &pair->ends[SIM_CLIENT];
    enum dtls_status status =
        dtls_session_connect(&client->session, &client->room, pair->net.now);

    assert(status == DTLS_OK);
}

static void send_at(struct sim_pair *pair, int which, uint32_t to,
                    struct dtls_bytes datagram)
{
    if (which == SIM_CLIENT || to == pair->client_at) {
        sim_send(&pair->net, which, !which, datagram);
    } else if (pair->stray != NULL) {
        pair->stray(pair, to, datagram);
    }
}

/* Sends what an end's session has made to where it is to go. */
static void send_made(struct sim_pair *pair, int which,
                      struct dtls_bytes datagram)
{
    struct sim_end *end = &pair->ends[which];

    switch (dtls_session_goes_to(&end->session, datagram.len)) {
    case DTLS_AT_PEER:
        send_at(pair, which, end->peer_at, datagram);
        break;
    case DTLS_AT_CANDIDATE:
        send_at(pair, which, end->candidate, datagram);
        break;
    case DTLS_AT_OTHER:
        send_at(pair, which, end->sender, datagram);
        break;
    case DTLS_AT_BOTH:
        send_at(pair, which, end->peer_at, datagram);
        send_at(pair, which, end->candidate, datagram);
        break;
    }
}

/* Sends what is complete, also of a datagram that could not be: an alert may
 * follow. */
static void flush(struct sim_pair *pair, int which)
{
    struct sim_end *end = &pair->ends[which];
    uint8_t bytes[SIM_ARENA];
    enum dtls_status status;
    struct dtls_buf out;

    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        status = dtls_session_write(&end->session, &out);
        if (out.len != 0) {
            send_made(pair, which, dtls_buf_bytes(&out));
        }
    } while (out.len != 0 || dtls_status_is_fatal(status));
}

static void note(struct sim_end *end, enum dtls_event event,
                 struct dtls_span data)
{
    end->connected |= event == DTLS_EVENT_CONNECTED;
    end->ended |= event == DTLS_EVENT_ENDED;
    end->renegotiations += event == DTLS_EVENT_RENEGOTIATED;
    if (event == DTLS_EVENT_DATA) {
        assert(end->data_len + data.len <= sizeof end->data);
        memcpy(&end->data[end->data_len], data.data, data.len);
        end->data_len += data.len;
        end->num_data++;
    }
}

/* The server's door: true if the session is to read the datagram. */
static bool at_the_door(struct sim_pair *pair, struct dtls_span datagram)
{
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    struct sim_end *server = &pair->ends[SIM_SERVER];

    if (pair->accepted) {
        return true;
    }
    switch (dtls_listener_gate(&pair->listener, &reply, &pass,
                               &pair->client_address, datagram,
                               pair->net.now)) {
    case DTLS_GATE_DISCARD:
        return false;
    case DTLS_GATE_REPLY:
        sim_send(&pair->net, SIM_SERVER, SIM_CLIENT, dtls_buf_bytes(&reply));
        return false;
    case DTLS_GATE_ACCEPT:
        break;
    }
    pair->sessions_taken++;
    dtls_session_accept(&server->session, &server->room, &pass, pair->net.now);
    pair->accepted = server->session.phase != DTLS_PHASE_IDLE;
    return pair->accepted;
}

/* Tells the session where the datagram comes from.  One without a connection
 * id would find no session from another address. */
static bool hear(struct sim_end *end, const struct sim_datagram *d)
{
    bool from_peer = d->address == end->peer_at;

    end->sender = d->address;
    dtls_session_hear_from(&end->session, from_peer ? DTLS_AT_PEER
                                          : end->session.route.checking &&
                                                  d->address == end->candidate
                                              ? DTLS_AT_CANDIDATE
                                              : DTLS_AT_OTHER);
    return from_peer || d->bytes[0] == DTLS_TLS12_CID;
}

static void obey(struct sim_end *end)
{
    if (dtls_session_takes_candidate(&end->session)) {
        end->candidate = end->sender;
    }
    if (dtls_session_moves(&end->session)) {
        end->peer_at = end->candidate;
    }
}

static void receive(struct sim_pair *pair, struct sim_datagram *d)
{
    struct sim_end *end = &pair->ends[d->to];
    struct dtls_span datagram = {d->bytes, d->len};
    struct dtls_span data = {0};

    pair->read = d->bytes;
    if (d->to == SIM_CLIENT || (hear(end, d) && at_the_door(pair, datagram))) {
        while (datagram.len != 0) {
            enum dtls_event event = dtls_session_read(&end->session, &datagram,
                                                      &data, pair->net.now);

            note(end, event, data);
        }
        if (end->sender != end->peer_at) {
            obey(end);
            flush(pair, d->to); /* An answer goes to where this is from. */
        }
    }
    free(pair->read);
    pair->read = NULL;
}

/* Whatever just happened, each end keeps the invariants of its phase. */
static void check_phases(const struct sim_pair *pair)
{
    for (int i = 0; i < 2; i++) {
        const struct dtls_session *s = &pair->ends[i].session;
        const char *broken = dtls_session_check(s);

        if (broken != NULL) {
            (void)fprintf(stderr, "the %s, %s: %s\n",
                          i == SIM_CLIENT ? "client" : "server",
                          dtls_phase_name(s->phase), broken);
            abort();
        }
    }
}

static bool step(struct sim_pair *pair, uint64_t until)
{
    uint64_t next;
    struct sim_datagram d;

    flush(pair, SIM_CLIENT);
    flush(pair, SIM_SERVER);
    next = sim_next_due(&pair->net);
    for (int i = 0; i < 2; i++) {
        uint64_t deadline = dtls_session_deadline(&pair->ends[i].session);

        next = deadline < next ? deadline : next;
    }
    if (next > until || next == SIM_NO_EVENT) {
        return false;
    }
    if (sim_next_due(&pair->net) == next) {
        d = sim_deliver(&pair->net);
        receive(pair, &d);
        return true;
    }
    pair->net.now = next;
    for (int i = 0; i < 2; i++) {
        note(&pair->ends[i], dtls_session_expire(&pair->ends[i].session, next),
             (struct dtls_span){0});
    }
    return true;
}

bool sim_pair_step(struct sim_pair *pair, uint64_t until)
{
    bool more = step(pair, until);

    check_phases(pair);
    return more;
}

bool sim_pair_run(struct sim_pair *pair, uint64_t until)
{
    struct sim_end *ends = pair->ends;

    while (!(ends[0].connected && ends[1].connected) &&
           ends[0].session.phase != DTLS_PHASE_FAILED &&
           ends[1].session.phase != DTLS_PHASE_FAILED) {
        if (!sim_pair_step(pair, until)) {
            break;
        }
    }
    return ends[0].connected && ends[1].connected;
}

void sim_pair_drain(struct sim_pair *pair, uint64_t until)
{
    while (sim_pair_step(pair, until)) {
    }
}

enum dtls_status sim_pair_say(struct sim_pair *pair, int from,
                              struct dtls_bytes data)
{
    uint8_t bytes[SIM_ARENA];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    enum dtls_status status;

    flush(pair, from);
    status = dtls_session_send(&pair->ends[from].session, &out, data,
                               pair->net.now);
    if (status == DTLS_OK) {
        send_made(pair, from, dtls_buf_bytes(&out));
    }
    return status;
}
