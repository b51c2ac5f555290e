/* SPDX-License-Identifier: MIT */
/* Our client and our server with a queue between them (fuzzed_pair.h). */
#include "fuzzers/kit/fuzzed_pair.h"
#include "fuzzers/kit/fuzz.h"

#include <string.h>

enum { QUIET_ROUNDS = 80 };

static void send_to(struct fuzz_pair *pair, int to, struct dtls_bytes datagram)
{
    struct fuzz_in_flight *next = &pair->queue[pair->num_queued];

    pair->num_sent[1 - to]++;
    if (pair->num_queued < FUZZ_PAIR_QUEUE) {
        FUZZ_CHECK(datagram.len <= sizeof next->bytes);
        next->to = to;
        next->len = datagram.len;
        memcpy(next->bytes, datagram.data, datagram.len);
        pair->num_queued++;
    }
}

static void from_client(void *self, struct dtls_bytes datagram)
{
    send_to(self, DTLS_SERVER, datagram);
}

static void from_server(void *self, struct dtls_bytes datagram)
{
    send_to(self, DTLS_CLIENT, datagram);
}

void fuzz_pair_begin_with(struct fuzz_pair *pair,
                          const struct fuzz_setup *common)
{
    for (int role = 0; role < 2; role++) {
        struct fuzz_setup setup = *common;

        setup.role = (enum dtls_role)role;
        fuzz_association_init(&pair->ends[role], &setup);
        pair->ends[role].self = pair;
        pair->num_sent[role] = 0;
    }
    pair->num_queued = 0;
    pair->ends[DTLS_CLIENT].output = from_client;
    pair->ends[DTLS_SERVER].output = from_server;
}

void fuzz_pair_begin(struct fuzz_pair *pair, bool null, uint8_t kind,
                     uint8_t knobs)
{
    struct fuzz_setup common = {.null = null, .kind = kind, .knobs = knobs};

    fuzz_pair_begin_with(pair, &common);
}

void fuzz_pair_hello(struct fuzz_pair *pair)
{
    fuzz_association_wait(&pair->ends[DTLS_CLIENT], 0);
    fuzz_pair_deliver(pair, 0);
}

void fuzz_pair_drop(struct fuzz_pair *pair, size_t index)
{
    FUZZ_CHECK(index < pair->num_queued);
    pair->num_queued--;
    memmove(&pair->queue[index], &pair->queue[index + 1],
            (pair->num_queued - index) * sizeof pair->queue[0]);
}

void fuzz_pair_deliver(struct fuzz_pair *pair, size_t index)
{
    struct fuzz_in_flight datagram = pair->queue[index];

    fuzz_pair_drop(pair, index);
    fuzz_association_receive(&pair->ends[datagram.to],
                             dtls_bytes_of(datagram.bytes, datagram.len));
}

void fuzz_pair_settle(struct fuzz_pair *pair)
{
    while (pair->num_queued != 0) {
        fuzz_pair_deliver(pair, 0);
    }
}

bool fuzz_pair_recover(struct fuzz_pair *pair)
{
    struct fuzz_association *c = &pair->ends[DTLS_CLIENT];
    struct fuzz_association *s = &pair->ends[DTLS_SERVER];

    for (unsigned i = 0; i < QUIET_ROUNDS; i++) {
        fuzz_pair_settle(pair);
        if (c->over || s->over || (c->connected && s->connected)) {
            return true;
        }
        fuzz_association_wait(c, 1000);
        fuzz_association_wait(s, 1000);
    }
    return false;
}

bool fuzz_pair_is_renegotiating(const struct fuzz_pair *pair)
{
    const struct fuzz_association *c = &pair->ends[DTLS_CLIENT];
    const struct fuzz_association *s = &pair->ends[DTLS_SERVER];

    return c->renegotiations != s->renegotiations ||
           c->session.phase == DTLS_PHASE_RENEGOTIATING ||
           s->session.phase == DTLS_PHASE_RENEGOTIATING;
}

void fuzz_pair_put(struct fuzz_pair *pair, struct dtls_buf *out, int to,
                   uint8_t type, struct dtls_bytes plain)
{
    struct dtls_record_layer *records = &pair->ends[1 - to].session.records;

    FUZZ_CHECK(dtls_record_layer_seal(records, out, records->write_epoch, type,
                                      plain) == DTLS_OK);
}

void fuzz_pair_put_clear(struct dtls_buf *out, uint8_t type, uint64_t seq,
                         struct dtls_bytes plain)
{
    FUZZ_CHECK(dtls_record_put_header(out, type, DTLS_VERSION_1_2, 0, seq,
                                      plain.len) &&
               dtls_put_bytes(out, plain));
}

void fuzz_pair_free(struct fuzz_pair *pair)
{
    (void)fuzz_association_free(&pair->ends[DTLS_CLIENT]);
    (void)fuzz_association_free(&pair->ends[DTLS_SERVER]);
}
