/* SPDX-License-Identifier: MIT */
/* Our engine under measurement (bench/ours.h). */
#include "bench/ours.h"

#include "session/listener.h"
#include "session/table.h"
#include "sim/pki.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_MAX (DTLS_PLAINTEXT_MAX + 2048)
#define ARENA 1024 /* bytes for a message in pieces, and for a chain */

/* What both associations of an end share. */
struct side {
    struct dtls_config config;
    struct dtls_counters counters;
    struct sim_identity identity;
    struct sim_anchor anchor;
};

struct end {
    struct dtls_session session;
    uint8_t arena[ARENA];
};

/* A pair's place in the server's table, which leads from the client's address
 * to the pair. */
struct place {
    struct dtls_slot slot;
    struct pair *pair;
};

/* Room of both ends for certificates. */
struct certs {
    uint8_t bytes[2][ARENA];
};

/* A pair that is not in use is all zero but for its link and its rooms. */
struct pair {
    struct end ends[2];
    struct certs *certs;              /* NULL: a suite without certificates */
    struct dtls_record_room *records; /* two; NULL: a suite without a MAC */
    struct place *place;              /* NULL: it has said nothing yet */
    struct pair *next;
};

static struct side sides[2];
static bool has_certs;
static bool has_mac;
static struct dtls_crypto crypto;
static struct dtls_listener listener;
static struct dtls_cert chain[DTLS_CHAIN_MAX];
static struct pair *unused_pairs;

/* All sessions share two areas: one handshake runs at a time. */
static struct dtls_areas areas;
static struct dtls_area area_of_ends[2];

/* The server's table; there is none until something is said. */
static struct dtls_table table;
static struct place *places;
static struct dtls_link *links;

static const uint16_t groups[] = {DTLS_GROUP_SECP256R1};

static const struct dtls_psk psk = {
    .identity = {(const uint8_t *)BENCH_PSK_IDENTITY,
                 sizeof BENCH_PSK_IDENTITY - 1},
    .key = {(const uint8_t *)BENCH_PSK, BENCH_PSK_LEN},
};

/* The sockets of both ends, bound; -1: datagrams stay where they are. */
static int wire[2] = {-1, -1};
static struct sockaddr_in wire_names[2];

static void close_wire(void)
{
    for (int i = 0; i < 2; i++) {
        (void)close(wire[i]);
        wire[i] = -1;
    }
}

static bool open_wire(void)
{
    bool good = true;

    for (int i = 0; i < 2; i++) {
        struct sockaddr *name = (struct sockaddr *)&wire_names[i];
        socklen_t len = sizeof wire_names[i];

        wire_names[i] = (struct sockaddr_in){
            .sin_family = AF_INET,
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        wire[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        good = good && bind(wire[i], name, len) == 0 &&
               getsockname(wire[i], name, &len) == 0;
    }
    return good;
}

/* Takes a datagram to the other end. */
static void carry(int to, struct dtls_span *datagram, size_t room)
{
    ssize_t n;

    if (wire[to] < 0) {
        return;
    }
    n = sendto(wire[!to], datagram->data, datagram->len, 0,
               (struct sockaddr *)&wire_names[to], sizeof wire_names[to]);
    assert(n == (ssize_t)datagram->len);
    n = recvfrom(wire[to], datagram->data, room, 0, NULL, NULL);
    assert(n == (ssize_t)datagram->len);
}

/* Blocks of the flights.  One that is not in use holds the next one. */
#define BLOCK_SIZE 512
union block {
    union block *next;
    uint8_t bytes[BLOCK_SIZE];
};
static union block *unused_blocks;

static void *take_block(void *self, size_t *size)
{
    union block *block = unused_blocks;

    (void)self;
    *size = BLOCK_SIZE;
    if (block == NULL) {
        return malloc(sizeof *block);
    }
    unused_blocks = block->next;
    return block;
}

static void give_block(void *self, void *given)
{
    union block *block = given;

    (void)self;
    block->next = unused_blocks;
    unused_blocks = block;
}

static const struct dtls_store store = {NULL, take_block, give_block};

static void init_side(struct side *side, const struct bench_kind *kind,
                      const char *pki, const char *identity, const char *root)
{
    side->config = (struct dtls_config){
        .crypto = &crypto,
        .suites = &kind->suite,
        .num_suites = 1,
        .groups = groups,
        .num_groups = sizeof groups / sizeof *groups,
        .psks = &psk,
        .num_psks = 1,
        .timer = {.initial = 1000, .maximum = 60000, .shift = 1},
        .mtu = BENCH_MTU,
    };
    if (identity != NULL) {
        sim_identity_load(&side->identity, pki, identity, true);
        side->config.credentials = &side->identity.credential;
    }
    if (root != NULL) {
        sim_anchor_load(&side->anchor, pki, root);
        side->config.anchors = &side->anchor.item;
    }
}

bool bench_ours_begin(const struct bench_kind *kind, const char *pki,
                      const struct dtls_crypto *used)
{
    struct side *client = &sides[BENCH_CLIENT];
    struct side *server = &sides[BENCH_SERVER];

    crypto = *used;
    has_certs = kind->root != NULL;
    has_mac = dtls_suite_find(kind->suite)->mac != DTLS_HASH_NONE;
    areas = (struct dtls_areas){NULL};
    dtls_areas_add(&areas, &area_of_ends[BENCH_CLIENT]);
    dtls_areas_add(&areas, &area_of_ends[BENCH_SERVER]);
    init_side(client, kind, pki, kind->client, kind->root);
    init_side(server, kind, pki, kind->server,
              kind->client == NULL ? NULL : kind->root);
    if (kind->root != NULL) {
        client->config.server_name =
            dtls_bytes_of(BENCH_HOST, strlen(BENCH_HOST));
    }
    if (kind->client != NULL) {
        server->config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    }
    return dtls_listener_init(&listener, &crypto, &server->counters, 0) ==
           DTLS_OK;
}

static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    (void)longest;
    return bench_ours_begin(kind, pki, &dtls_libcrypto);
}

static void finish(void)
{
    while (unused_pairs != NULL) {
        struct pair *p = unused_pairs;

        unused_pairs = p->next;
        free(p->certs);
        free(p->records);
        free(p);
    }
    while (unused_blocks != NULL) {
        union block *block = unused_blocks;

        unused_blocks = block->next;
        free(block);
    }
    dtls_listener_free(&listener);
    dtls_table_free(&table);
    free(places);
    free(links);
    places = NULL;
    links = NULL;
    for (int i = 0; i < 2; i++) {
        sim_identity_free(&sides[i].identity);
        sides[i] = (struct side){.counters = {0}};
    }
}

static struct dtls_session_room room_of(struct pair *p, int side)
{
    return (struct dtls_session_room){
        .config = &sides[side].config,
        .store = &store,
        .counters = &sides[side].counters,
        .areas = &areas,
        .arena = {p->ends[side].arena, ARENA},
        .records = has_mac ? &p->records[side] : NULL,
        .peer_certs = {has_certs ? p->certs->bytes[side] : NULL,
                       has_certs ? ARENA : 0},
        .chain = chain,
    };
}

/* Hands one datagram to an end, and returns the last event. */
static enum dtls_event give(struct pair *p, int to, struct dtls_span datagram,
                            struct dtls_span *data)
{
    enum dtls_event event = DTLS_EVENT_NONE;

    while (datagram.len != 0) {
        event = dtls_session_read(&p->ends[to].session, &datagram, data, 0);
    }
    return event;
}

/* Hands everything that one end has to say to the other.  Returns false if it
 * had nothing. */
static bool pump(struct pair *p, int from)
{
    uint8_t bytes[BENCH_MTU];
    struct dtls_span datagram;
    struct dtls_span data;
    bool any = false;

    for (;;) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        enum dtls_status status =
            dtls_session_write(&p->ends[from].session, &out);

        assert(status == DTLS_OK);
        if (out.len == 0) {
            return any;
        }
        any = true;
        datagram = (struct dtls_span){bytes, out.len};
        carry(!from, &datagram, sizeof bytes);
        (void)give(p, !from, datagram, &data);
    }
}

/* The client's ClientHello goes to the gate, and comes back with a cookie. */
static void pass_the_gate(struct pair *p)
{
    static const struct dtls_address from = {.len = BENCH_ADDRESS_LEN,
                                             .bytes = BENCH_ADDRESS};
    struct dtls_session_room room = room_of(p, BENCH_SERVER);
    uint8_t bytes[BENCH_MTU];
    uint8_t verify[64];
    enum dtls_gate gate = DTLS_GATE_REPLY;

    while (gate == DTLS_GATE_REPLY) {
        struct dtls_buf hello = {bytes, 0, sizeof bytes};
        struct dtls_buf reply = {verify, 0, sizeof verify};
        struct dtls_gate_pass pass;
        struct dtls_span datagram;
        struct dtls_span data;
        enum dtls_status status =
            dtls_session_write(&p->ends[BENCH_CLIENT].session, &hello);

        assert(status == DTLS_OK);
        datagram = (struct dtls_span){bytes, hello.len};
        carry(BENCH_SERVER, &datagram, sizeof bytes);
        gate =
            dtls_listener_gate(&listener, &reply, &pass, &from, datagram, 0);
        assert(gate != DTLS_GATE_DISCARD);
        if (gate == DTLS_GATE_REPLY) {
            datagram = (struct dtls_span){verify, reply.len};
            carry(BENCH_CLIENT, &datagram, sizeof verify);
            (void)give(p, BENCH_CLIENT, datagram, &data);
            continue;
        }
        dtls_session_accept(&p->ends[BENCH_SERVER].session, &room, &pass, 0);
        (void)give(p, BENCH_SERVER, datagram, &data);
    }
}

static void *connect_pair(void)
{
    struct pair *p = unused_pairs;
    struct dtls_session_room room;
    enum dtls_status status;

    if (p != NULL) {
        unused_pairs = p->next;
    } else {
        p = calloc(1, sizeof *p);
        assert(p != NULL);
        p->certs = has_certs ? calloc(1, sizeof *p->certs) : NULL;
        p->records = has_mac ? calloc(2, sizeof *p->records) : NULL;
        assert((p->certs != NULL) == has_certs &&
               (p->records != NULL) == has_mac);
    }
    room = room_of(p, BENCH_CLIENT);
    status = dtls_session_connect(&p->ends[BENCH_CLIENT].session, &room, 0);
    assert(status == DTLS_OK);
    pass_the_gate(p);
    while (pump(p, BENCH_SERVER) || pump(p, BENCH_CLIENT)) {
    }
    assert(p->ends[BENCH_CLIENT].session.phase == DTLS_PHASE_CONNECTED);
    assert(p->ends[BENCH_SERVER].session.phase == DTLS_PHASE_CONNECTED);
    return p;
}

static void record(void *pair, size_t len)
{
    static uint8_t bytes[RECORD_MAX];
    struct pair *p = pair;
    struct dtls_session *client = &p->ends[BENCH_CLIENT].session;
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_buf body = dtls_session_body(client, &out);
    struct dtls_span datagram;
    struct dtls_span data = {0};
    enum dtls_status status =
        dtls_session_send(client, &out, dtls_bytes_of(body.data, len), 0);
    enum dtls_event event;

    assert(status == DTLS_OK);
    datagram = (struct dtls_span){bytes, out.len};
    carry(BENCH_SERVER, &datagram, sizeof bytes);
    event = give(p, BENCH_SERVER, datagram, &data);
    assert(event == DTLS_EVENT_DATA && data.len == len);
}

static void make_table(void)
{
    enum dtls_status status;

    places = calloc(BENCH_PAIRS_MAX, sizeof *places);
    links = calloc(DTLS_INDEX_LINKS(BENCH_PAIRS_MAX), sizeof *links);
    assert(places != NULL && links != NULL);
    status = dtls_table_init(&table, &crypto, &places[0].slot, sizeof *places,
                             BENCH_PAIRS_MAX, NULL, links);
    assert(status == DTLS_OK);
}

/* Gives the pair's client an address of its own. */
static void enter(struct pair *p)
{
    struct dtls_address from = {.len = BENCH_ADDRESS_LEN};

    if (places == NULL) {
        make_table();
    }
    from.bytes[0] = 4;
    memcpy(from.bytes + 1, &table.taken, 4);
    p->place = (struct place *)(void *)dtls_table_take(&table, &from);
    assert(p->place != NULL);
    p->place->pair = p;
}

/* What was said: datagrams with their senders.  Each has its own room. */
static struct {
    unsigned first;
    unsigned num;
    struct dtls_address from[BENCH_SAID];
    size_t len[BENCH_SAID];
    uint8_t bytes[BENCH_SAID][RECORD_MAX];
} said;

static void say(void *pair, size_t len)
{
    struct pair *p = pair;
    struct dtls_session *client = &p->ends[BENCH_CLIENT].session;
    unsigned at = (said.first + said.num++) % BENCH_SAID;
    struct dtls_buf out = {said.bytes[at], 0, RECORD_MAX};
    struct dtls_buf body = dtls_session_body(client, &out);
    enum dtls_status status =
        dtls_session_send(client, &out, dtls_bytes_of(body.data, len), 0);

    assert(status == DTLS_OK);
    if (p->place == NULL) {
        enter(p);
    }
    said.from[at] = p->place->slot.peer;
    said.len[at] = out.len;
}

/* The server knows the sender's address and not the pair. */
static void hear(void *pair, size_t len)
{
    unsigned at = said.first;
    struct dtls_slot *slot = dtls_table_find(&table, &said.from[at]);
    struct pair *p =
        slot == NULL ? NULL : ((struct place *)(void *)slot)->pair;
    struct dtls_span data = {0};
    enum dtls_event event;

    assert(p == pair);
    event = give(p, BENCH_SERVER,
                 (struct dtls_span){said.bytes[at], said.len[at]}, &data);
    assert(event == DTLS_EVENT_DATA && data.len == len);
    said.first = (at + 1) % BENCH_SAID;
    said.num--;
}

static void end(void *pair)
{
    struct pair *p = pair;

    if (p->place != NULL) {
        dtls_table_give(&table, &p->place->slot);
        p->place = NULL;
    }
    dtls_session_free(&p->ends[0].session);
    dtls_session_free(&p->ends[1].session);
    p->next = unused_pairs;
    unused_pairs = p;
}

const struct bench_lib bench_ours = {"ours", begin, connect_pair, record,
                                     say,    hear,  end,          finish};

static bool begin_wired(const struct bench_kind *kind, const char *pki,
                        size_t longest)
{
    return open_wire() && begin(kind, pki, longest);
}

static void end_wired(void *pair)
{
    struct pair *p = pair;
    enum dtls_status status =
        dtls_session_close(&p->ends[BENCH_CLIENT].session, 0);

    assert(status == DTLS_OK);
    while (pump(p, BENCH_CLIENT) || pump(p, BENCH_SERVER)) {
    }
    assert(p->ends[BENCH_CLIENT].session.phase == DTLS_PHASE_ENDED);
    end(pair);
}

static void finish_wired(void)
{
    finish();
    close_wire();
}

const struct bench_lib bench_wired = {"floor",   begin_wired, connect_pair,
                                      record,    NULL,        NULL,
                                      end_wired, finish_wired};
