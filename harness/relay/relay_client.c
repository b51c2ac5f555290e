/* SPDX-License-Identifier: MIT */
/* One client of the relay (relay/relay_client.h). */
#include "relay/relay_client.h"

#include "lab/wire.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No client may fill the memory of the host, nor may all together. */
#define QUEUE_MAX 1024
#define HELD_MAX (16u << 20)

#define APPLICATION_DATA 23 /* ContentType, RFC 5246, 6.2.1 */

/* ---- what is seen of the network ---- */

static void print_line(const struct relay_client *c,
                       const struct sim_sent *sent,
                       const struct sim_fate *fate)
{
    struct lab_packet packet = {
        .at = sent->at,
        .from = sent->from,
        .fate = *fate,
        .len = sent->bytes.len,
        .bytes = malloc(sent->bytes.len + 1),
    };

    assert(packet.bytes != NULL);
    if (packet.len != 0) {
        memcpy(packet.bytes, sent->bytes.data, packet.len);
    }
    (void)printf("client %u ", c->number);
    lab_wire_line(stdout, &packet);
    (void)printf("\n");
    (void)fflush(stdout);
    free(packet.bytes);
}

/* Keeps a datagram of the handshake for a scenario that sends it again. */
static void keep(struct relay_client *c, const struct sim_sent *sent)
{
    struct relay_kept *kept = &c->kept[c->num_kept];

    if (!c->shared->options->scenario->replay || c->connected ||
        c->num_kept == RELAY_KEPT_MAX ||
        c->shared->held + sent->bytes.len > HELD_MAX) {
        return;
    }
    *kept = (struct relay_kept){sent->from, sent->bytes.len,
                                malloc(sent->bytes.len + 1)};
    assert(kept->bytes != NULL);
    if (kept->len != 0) {
        memcpy(kept->bytes, sent->bytes.data, kept->len);
    }
    c->shared->held += kept->len;
    c->num_kept++;
}

static void watch(void *watcher, const struct sim_sent *sent,
                  const struct sim_fate *fate)
{
    struct relay_client *c = watcher;
    struct relay_counts *counts = &c->shared->counts;

    if (fate->lost) {
        counts->lost++;
    } else {
        counts->doubled += fate->copies > 1;
        counts->changed += fate->flip != 0 || fate->len != sent->bytes.len;
        c->shared->held += fate->copies * fate->len;
    }
    keep(c, sent);
    if (c->shared->options->verbose) {
        print_line(c, sent, fate);
    }
}

/* ---- its life ---- */

static int open_socket(const struct relay_shared *shared)
{
    int fd = socket(shared->target.ss_family,
                    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && connect(fd, (const struct sockaddr *)&shared->target,
                           shared->target_len) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void begin_network(struct relay_client *c)
{
    const struct relay_options *o = c->shared->options;

    sim_network_init(&c->net, o->seed + 2ull * c->number);
    c->script = lab_sweep_script(o->scenario, o->play);
    lab_scenario_conditions(c->one_way, o->scenario, &c->script);
    c->net.one_way[RELAY_CLIENT] = &c->one_way[RELAY_CLIENT];
    c->net.one_way[RELAY_TARGET] = &c->one_way[RELAY_TARGET];
    c->net.watch = watch;
    c->net.watcher = c;
}

struct relay_client *relay_client_new(struct relay_shared *shared,
                                      unsigned number,
                                      const struct sockaddr_storage *address,
                                      socklen_t address_len)
{
    struct relay_client *c;
    int fd = open_socket(shared);

    if (fd < 0) {
        return NULL;
    }
    c = calloc(1, sizeof *c);
    assert(c != NULL);
    c->shared = shared;
    c->number = number;
    c->address = *address;
    c->address_len = address_len;
    c->sockets[0] = fd;
    c->sockets[1] = -1;
    begin_network(c);
    return c;
}

static void forget_kept(struct relay_client *c)
{
    for (size_t i = 0; i < c->num_kept; i++) {
        c->shared->held -= c->kept[i].len;
        free(c->kept[i].bytes);
    }
    c->num_kept = 0;
}

void relay_client_free(struct relay_client *c)
{
    while (c->net.num_queued != 0) {
        struct sim_datagram d = sim_deliver(&c->net);

        c->shared->held -= d.len;
        free(d.bytes);
    }
    forget_kept(c);
    sim_network_free(&c->net);
    for (int i = 0; i < RELAY_SOCKETS; i++) {
        if (c->sockets[i] >= 0) {
            (void)close(c->sockets[i]);
        }
    }
    free(c);
}

/* ---- in ---- */

/* The scenario's replay: the handshake arrives again, in the same order. */
static void replay(struct relay_client *c)
{
    for (size_t i = 0; i < c->num_kept; i++) {
        const struct relay_kept *kept = &c->kept[i];

        sim_inject(&c->net, kept->from, !kept->from,
                   dtls_bytes_of(kept->bytes, kept->len),
                   c->one_way[kept->from].delay + (uint32_t)i);
        c->shared->held += kept->len;
    }
    forget_kept(c);
}

/* An association is connected once an end sends data. */
static void note_data(struct relay_client *c, struct dtls_bytes datagram)
{
    const struct sim_conditions *changed;

    if (c->connected || datagram.len == 0 ||
        datagram.data[0] != APPLICATION_DATA) {
        return;
    }
    c->connected = true;
    changed = lab_scenario_connected(c->shared->options->scenario, &c->script);
    for (int i = 0; changed != NULL && i < 2; i++) {
        c->one_way[i] = *changed;
        c->one_way[i].decide = sim_script_decide;
        c->one_way[i].self = &c->script;
    }
    replay(c);
}

static bool has_room(const struct relay_client *c, size_t len)
{
    return len <= SIM_DATAGRAM_MAX && c->net.num_queued < QUEUE_MAX &&
           c->shared->held + 2 * len <= HELD_MAX; /* it may be doubled */
}

void relay_client_take(struct relay_client *c, enum relay_from from,
                       struct dtls_bytes datagram, uint64_t now)
{
    c->heard = now;
    c->net.now = now;
    if (!has_room(c, datagram.len)) {
        c->shared->counts.dropped++;
        return;
    }
    note_data(c, datagram);
    sim_send(&c->net, (int)from, !from, datagram);
}

/* ---- out ---- */

void relay_client_refused(struct relay_client *c, int error)
{
    c->shared->counts.refused++;
    if (c->shared->options->verbose) {
        (void)printf("client %u: a datagram was refused: %s\n", c->number,
                     strerror(error));
        (void)fflush(stdout);
    }
}

static ssize_t send_one(struct relay_client *c, const struct sim_datagram *d)
{
    int *fd = &c->sockets[d->address % RELAY_SOCKETS];

    if (d->to == RELAY_CLIENT) {
        return sendto(c->shared->front, d->bytes, d->len, 0,
                      (const struct sockaddr *)&c->address, c->address_len);
    }
    if (*fd < 0) {
        *fd = open_socket(c->shared);
    }
    return send(*fd, d->bytes, d->len, 0);
}

void relay_client_deliver(struct relay_client *c, uint64_t now)
{
    while (sim_next_due(&c->net) <= now) {
        struct sim_datagram d = sim_deliver(&c->net);
        ssize_t sent = send_one(c, &d);

        if (sent < 0 && errno == ECONNREFUSED) {
            relay_client_refused(c, errno); /* one before this */
            sent = send_one(c, &d);
        }
        if (sent < 0) {
            relay_client_refused(c, errno);
        }
        c->shared->counts.sent += sent >= 0;
        c->shared->held -= d.len;
        free(d.bytes);
    }
}
