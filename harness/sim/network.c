/* SPDX-License-Identifier: MIT */
/* The simulated network (sim/network.h). */
#include "sim/network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void sim_network_init(struct sim_network *net, uint64_t seed)
{
    *net = (struct sim_network){.random = seed};
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
uint64_t sim_random(struct sim_network *net)
{
    uint64_t z = net->random += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static bool chance(struct sim_network *net, uint32_t percent)
{
    return percent != 0 && sim_random(net) % 100 < percent;
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
                    struct dtls_bytes bytes)
{
    const struct sim_conditions *c = &net->conditions;
    struct sim_datagram d = {
        .due = net->now + c->delay,
        .order = net->order++,
        .from = from,
        .to = to,
        .len = bytes.len,
        .bytes = malloc(bytes.len + 1),
    };

    assert(d.bytes != NULL && bytes.len <= SIM_DATAGRAM_MAX);
    if (bytes.len != 0) {
        memcpy(d.bytes, bytes.data, bytes.len);
    }
    if (c->jitter != 0) {
        d.due += sim_random(net) % (c->jitter + 1u);
    }
    push(net, d);
}

void sim_send(struct sim_network *net, int from, int to,
              struct dtls_bytes datagram)
{
    const struct sim_conditions *c = &net->conditions;
    struct sim_ledger *ledger = &net->ledger[from];
    unsigned number = net->sent++;

    ledger->datagrams_sent++;
    ledger->bytes_sent += datagram.len;
    if (datagram.len > ledger->largest_sent) {
        ledger->largest_sent = datagram.len;
    }
    if ((c->script != NULL && c->script(c->self, number, from, datagram)) ||
        chance(net, c->loss)) {
        return;
    }
    enqueue(net, from, to, datagram);
    if (chance(net, c->duplication)) {
        enqueue(net, from, to, datagram);
    }
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
