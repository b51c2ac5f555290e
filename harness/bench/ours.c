/* SPDX-License-Identifier: MIT */
/* Our engine under measurement (bench/ours.h). */
#include "bench/ours.h"

#include <assert.h>
#include <string.h>

const struct bench_kind bench_kinds[] = {
    {"psk", 0xc0a8, NULL, NULL, NULL},
    {"ecdhe-ecdsa", 0xc02b, "pure-ec", NULL, "root-ec"},
    {"mutual", 0xc02b, "pure-ec", "pure-client-ec", "root-ec"},
    {"ecdhe-rsa", 0xc02f, "rsa", NULL, "root"},
    {"rsa", 0x003c, "rsa", NULL, "root"},
    {NULL, 0, NULL, NULL, NULL},
};

static const uint16_t groups[] = {DTLS_GROUP_SECP256R1};

static const struct dtls_psk psk = {
    .identity = {(const uint8_t *)"client", 6},
    .key = {(const uint8_t *)"\x12\x23\x34\x45\x56\x67\x78\x89"
                             "\x9a\xab\xbc\xcd\xde\xef\xf1\x02",
            16},
};

/* Blocks enough for the flights of both ends. */
#define BLOCKS 64
#define BLOCK_SIZE 512
static union {
    uint64_t align;
    uint8_t bytes[BLOCK_SIZE];
} blocks[BLOCKS];
static void *unused[BLOCKS];
static size_t num_unused;

static void *take_block(void *self, size_t *size)
{
    (void)self;
    *size = BLOCK_SIZE;
    return num_unused == 0 ? NULL : unused[--num_unused];
}

static void give_block(void *self, void *block)
{
    (void)self;
    unused[num_unused++] = block;
}

static void init_end(struct bench_ours *o, struct bench_end *end,
                     const char *pki, const char *identity, const char *root)
{
    end->config = (struct dtls_config){
        .crypto = &o->crypto,
        .groups = groups,
        .num_groups = sizeof groups / sizeof *groups,
        .psks = &psk,
        .num_psks = 1,
        .timer = {.initial = 1000, .maximum = 60000, .shift = 1},
        .mtu = 1400,
    };
    if (identity != NULL) {
        sim_identity_load(&end->identity, pki, identity, true);
        end->config.credentials = &end->identity.credential;
    }
    if (root != NULL) {
        sim_anchor_load(&end->anchor, pki, root);
        end->config.anchors = &end->anchor.item;
    }
    end->room = (struct dtls_session_room){
        .config = &end->config,
        .store = &o->store,
        .counters = &end->counters,
        .arena = {end->arena, sizeof end->arena},
        .peer_certs = {end->certs, sizeof end->certs},
        .chain = end->chain,
    };
}

void bench_ours_init(struct bench_ours *o, const struct bench_kind *kind,
                     const struct dtls_crypto *crypto, const char *pki)
{
    enum dtls_status status;

    memset(o, 0, sizeof *o);
    o->crypto = *crypto;
    o->store = (struct dtls_store){o, take_block, give_block};
    for (num_unused = 0; num_unused < BLOCKS; num_unused++) {
        unused[num_unused] = blocks[num_unused].bytes;
    }
    init_end(o, &o->ends[BENCH_CLIENT], pki, kind->client, kind->root);
    init_end(o, &o->ends[BENCH_SERVER], pki, kind->server,
             kind->client == NULL ? NULL : kind->root);
    for (int i = 0; i < 2; i++) {
        o->ends[i].config.suites = &kind->suite;
        o->ends[i].config.num_suites = 1;
    }
    if (kind->client != NULL) {
        o->ends[BENCH_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    }
    status = dtls_listener_init(&o->listener, &o->crypto,
                                &o->ends[BENCH_SERVER].counters, 0);
    assert(status == DTLS_OK);
}

void bench_ours_free(struct bench_ours *o)
{
    dtls_listener_free(&o->listener);
    for (int i = 0; i < 2; i++) {
        sim_identity_free(&o->ends[i].identity);
    }
}

/* Hands one datagram to an end, and returns the last event. */
static enum dtls_event give(struct bench_end *end, struct dtls_buf *datagram,
                            struct dtls_span *data)
{
    struct dtls_span rest = {datagram->data, datagram->len};
    enum dtls_event event = DTLS_EVENT_NONE;

    while (rest.len != 0) {
        event = dtls_session_read(&end->session, &rest, data, 0);
    }
    return event;
}

/* Hands everything that one end has to say to the other.  Returns false if it
 * had nothing. */
static bool pump(struct bench_ours *o, int from)
{
    uint8_t bytes[2048];
    struct dtls_span data;
    bool any = false;

    for (;;) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        enum dtls_status status =
            dtls_session_write(&o->ends[from].session, &out);

        assert(status == DTLS_OK);
        if (out.len == 0) {
            return any;
        }
        any = true;
        (void)give(&o->ends[!from], &out, &data);
    }
}

/* The client's ClientHello goes to the gate, and comes back with a cookie. */
static void pass_the_gate(struct bench_ours *o)
{
    static const struct dtls_address from = {.len = 7,
                                             .bytes = "\4\177\0\0\1\x12\x34"};
    struct bench_end *client = &o->ends[BENCH_CLIENT];
    struct bench_end *server = &o->ends[BENCH_SERVER];
    uint8_t bytes[2048];
    uint8_t verify[64];
    struct dtls_buf hello = {bytes, 0, sizeof bytes};
    struct dtls_buf reply = {verify, 0, sizeof verify};
    struct dtls_gate_pass pass;
    struct dtls_span data;
    enum dtls_status status = dtls_session_write(&client->session, &hello);
    enum dtls_gate gate;

    assert(status == DTLS_OK);
    gate = dtls_listener_gate(&o->listener, &reply, &pass, &from,
                              (struct dtls_span){bytes, hello.len}, 0);
    assert(gate == DTLS_GATE_REPLY);
    (void)give(client, &reply, &data);
    hello = (struct dtls_buf){bytes, 0, sizeof bytes};
    status = dtls_session_write(&client->session, &hello);
    assert(status == DTLS_OK);
    gate = dtls_listener_gate(&o->listener, &reply, &pass, &from,
                              (struct dtls_span){bytes, hello.len}, 0);
    assert(gate == DTLS_GATE_ACCEPT);
    dtls_session_accept(&server->session, &server->room, &pass, 0);
    (void)give(server, &hello, &data);
}

void bench_ours_connect(struct bench_ours *o)
{
    struct bench_end *client = &o->ends[BENCH_CLIENT];
    enum dtls_status status =
        dtls_session_connect(&client->session, &client->room, 0);

    assert(status == DTLS_OK);
    pass_the_gate(o);
    while (pump(o, BENCH_SERVER) || pump(o, BENCH_CLIENT)) {
    }
    assert(client->session.phase == DTLS_PHASE_CONNECTED);
    assert(o->ends[BENCH_SERVER].session.phase == DTLS_PHASE_CONNECTED);
}

void bench_ours_record(struct bench_ours *o, size_t len)
{
    static uint8_t bytes[BENCH_RECORD_MAX];
    struct dtls_session *client = &o->ends[BENCH_CLIENT].session;
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_buf body = dtls_session_body(client, &out);
    struct dtls_span data = {0};
    enum dtls_status status =
        dtls_session_send(client, &out, dtls_bytes_of(body.data, len), 0);
    enum dtls_event event;

    assert(status == DTLS_OK);
    event = give(&o->ends[BENCH_SERVER], &out, &data);
    assert(event == DTLS_EVENT_DATA && data.len == len);
}

void bench_ours_end(struct bench_ours *o)
{
    for (int i = 0; i < 2; i++) {
        dtls_session_free(&o->ends[i].session);
    }
}
