/* SPDX-License-Identifier: MIT */
/* The simulated network (sim/network.h). */
#include "sim/network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void sim_network_init(struct sim_network *net, uint64_t seed)
{
    *net = (struct sim_network){
        .seed = seed,
        .random = seed,
        .trace = 0xcbf29ce484222325u, /* FNV's offset basis */
    };
}

void sim_network_free(struct sim_network *net)
{
    for (size_t i = 0; i < net->num_queued; i++) {
        free(net->queue[i].bytes);
    }
    free(net->queue);
    *net = (struct sim_network){0};
}

/* SplitMix64: a counter through a mixing function. */
static uint64_t next(uint64_t *random)
{
    uint64_t z = *random += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t sim_random(struct sim_network *net)
{
    return next(&net->random);
}

/* Where the generator of the next datagram of `from` begins. */
static uint64_t begin_chance(const struct sim_network *net, int from)
{
    uint64_t random = net->seed + (uint64_t)from;

    random = next(&random) + net->ledger[from].datagrams_sent;
    return next(&random);
}

static bool chance(uint64_t *random, uint32_t percent)
{
    return percent != 0 && next(random) % 100 < percent;
}

static bool comes_before(const struct sim_datagram *a,
                         const struct sim_datagram *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct sim_datagram *a, struct sim_datagram *b)
{
    struct sim_datagram t = *a;

    *a = *b;
    *b = t;
}

static void push(struct sim_network *net, struct sim_datagram datagram)
{
    size_t i = net->num_queued++;

    if (i == net->cap) {
        net->cap = net->cap == 0 ? 16 : net->cap * 2;
        net->queue = realloc(net->queue, net->cap * sizeof *net->queue);
        assert(net->queue != NULL);
    }
    net->queue[i] = datagram;
    while (i != 0 && comes_before(&net->queue[i], &net->queue[(i - 1) / 2])) {
        swap(&net->queue[i], &net->queue[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void enqueue(struct sim_network *net, int from, int to,
                    struct dtls_bytes bytes, const struct sim_fate *fate)
{
    struct sim_datagram d = {
        .due = net->now + fate->delay,
        .order = net->order++,
        .from = from,
        .to = to,
        .address = fate->address,
        .len = fate->len,
        .bytes = malloc(fate->len + 1),
    };

    assert(d.bytes != NULL && fate->len <= bytes.len &&
           bytes.len <= SIM_DATAGRAM_MAX);
    if (fate->len != 0) {
        memcpy(d.bytes, bytes.data, fate->len);
    }
    if (fate->flip != 0 && fate->flip_at < fate->len) {
        d.bytes[fate->flip_at] ^= fate->flip;
    }
    push(net, d);
}

static uint32_t draw_delay(uint64_t *random, const struct sim_conditions *c)
{
    uint32_t delay = c->delay;

    if (c->jitter != 0) {
        delay += (uint32_t)(next(random) % (c->jitter + 1u));
    }
    return chance(random, c->reordering) ? delay + c->hold : delay;
}

/* Gilbert's channel: good until a burst begins, bad until it ends. */
static bool in_burst(bool *bad, uint64_t *random,
                     const struct sim_conditions *c)
{
    if (c->burst == 0) {
        *bad = false; /* the conditions have changed since */
    } else {
        *bad =
            *bad ? !chance(random, c->burst_ends) : chance(random, c->burst);
    }
    return *bad;
}

static void damage(struct sim_fate *fate, uint64_t *random,
                   const struct sim_conditions *c)
{
    if (fate->len != 0 && chance(random, c->corruption)) {
        fate->flip_at = next(random) % fate->len;
        fate->flip = (uint8_t)(1u << next(random) % 8);
    }
    if (fate->len > 1 && chance(random, c->truncation)) {
        fate->len = 1 + next(random) % (fate->len - 1);
    }
}

/* Why it is lost; NULL: it is not. */
static const char *draw_loss(struct sim_network *net, uint64_t *random,
                             const struct sim_conditions *c,
                             const struct sim_sent *sent)
{
    if (chance(random, c->loss)) {
        return "by chance";
    }
    if (in_burst(&net->in_burst[sent->from], random, c)) {
        return "in a burst";
    }
    return c->mtu != 0 && sent->bytes.len > c->mtu ? "too large for the path"
                                                   : NULL;
}

static struct sim_fate draw(struct sim_network *net, uint64_t *random,
                            const struct sim_conditions *c,
                            const struct sim_sent *sent)
{
    struct sim_fate fate = {.copies = 1, .len = sent->bytes.len};

    fate.cause = draw_loss(net, random, c, sent);
    fate.lost = fate.cause != NULL;
    if (!fate.lost) {
        fate.delay = draw_delay(random, c);
        fate.copies += chance(random, c->duplication);
        damage(&fate, random, c);
    }
    if (c->decide != NULL) {
        c->decide(c->self, sent, &fate);
    }
    return fate;
}

static void hash(struct sim_network *net, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++) {
        net->trace = (net->trace ^ at[i]) * 0x100000001b3u;
    }
}

static void trace(struct sim_network *net, const struct sim_sent *sent,
                  const struct sim_fate *fate)
{
    const uint64_t numbers[] = {
        sent->at,      (uint64_t)sent->from, fate->lost,
        fate->delay,   fate->copies,         fate->len,
        fate->flip_at, fate->flip,           fate->address,
    };

    hash(net, numbers, sizeof numbers);
    hash(net, sent->bytes.data, sent->bytes.len);
    if (net->watch != NULL) {
        net->watch(net->watcher, sent, fate);
    }
}

static void note_sent(struct sim_ledger *ledger, size_t len)
{
    ledger->datagrams_sent++;
    ledger->bytes_sent += len;
    if (len > ledger->largest_sent) {
        ledger->largest_sent = len;
    }
}

void sim_send(struct sim_network *net, int from, int to,
              struct dtls_bytes datagram)
{
    const struct sim_conditions *c =
        net->one_way[from] != NULL ? net->one_way[from] : &net->conditions;
    struct sim_sent sent = {net->sent++, net->now, from, datagram};
    uint64_t random = begin_chance(net, from);
    struct sim_fate fate = draw(net, &random, c, &sent);

    note_sent(&net->ledger[from], datagram.len);
    trace(net, &sent, &fate);
    for (uint32_t i = 0; i < fate.copies && !fate.lost; i++) {
        if (i != 0) {
            fate.delay = draw_delay(&random, c); /* each copy its own */
        }
        enqueue(net, from, to, datagram, &fate);
    }
}

void sim_inject(struct sim_network *net, int from, int to,
                struct dtls_bytes datagram, uint32_t delay)
{
    struct sim_fate fate = {.copies = 1, .len = datagram.len, .delay = delay};

    enqueue(net, from, to, datagram, &fate);
}

uint64_t sim_next_due(const struct sim_network *net)
{
    return net->num_queued == 0 ? SIM_NO_EVENT : net->queue[0].due;
}

struct sim_datagram sim_deliver(struct sim_network *net)
{
    struct sim_datagram first = net->queue[0];
    size_t i = 0;

    assert(net->num_queued != 0);
    net->queue[0] = net->queue[--net->num_queued];
    for (;;) {
        size_t least = i;

        for (size_t child = 2 * i + 1;
             child <= 2 * i + 2 && child < net->num_queued; child++) {
            if (comes_before(&net->queue[child], &net->queue[least])) {
                least = child;
            }
        }
        if (least == i) {
            break;
        }
        swap(&net->queue[i], &net->queue[least]);
        i = least;
    }
    if (first.due > net->now) {
        net->now = first.due;
    }
    net->ledger[first.to].datagrams_received++;
    net->ledger[first.to].bytes_received += first.len;
    return first;
}
