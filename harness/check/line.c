/* SPDX-License-Identifier: MIT */
/* The line to the target (check/line.h). */
#include "check/line.h"

#include "check/combination.h"
#include "check/evidence.h"
#include "lab/wire.h"
#include "sut/sut_socket.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- queues ---- */

/* A full queue takes no more: the sender floods. */
static bool push(struct line_queue *q, struct dtls_bytes bytes)
{
    struct dtls_span *item = &q->items[(q->first + q->num) % LINE_QUEUE];

    if (q->num == LINE_QUEUE) {
        return false;
    }
    *item = (struct dtls_span){malloc(bytes.len + 1), bytes.len};
    assert(item->data != NULL);
    if (bytes.len != 0) {
        memcpy(item->data, bytes.data, bytes.len);
    }
    q->num++;
    return true;
}

/* The caller frees the bytes. */
static struct dtls_span pop(struct line_queue *q)
{
    struct dtls_span item = q->items[q->first];

    q->first = (q->first + 1) % LINE_QUEUE;
    q->num--;
    return item;
}

static void empty(struct line_queue *q)
{
    while (q->num != 0) {
        free(pop(q).data);
    }
}

/* ---- what the target says ---- */

static void note(struct line *l, int from, struct dtls_bytes bytes)
{
    /* lab_wire_line only reads the bytes. */
    const struct lab_packet packet = {
        .at = l->now,
        .from = from,
        .fate = {.copies = 1, .len = bytes.len},
        .len = bytes.len,
        .bytes = (uint8_t *)(uintptr_t)bytes.data,
    };

    evidence_datagram(l->evidence, l->now, (from == 1) == l->is_client, bytes);
    if (l->evidence != NULL) {
        lab_wire_line(l->evidence, &packet);
        (void)putc('\n', l->evidence);
    }
}

static void host_send(void *self, struct dtls_bytes datagram)
{
    struct line *l = self;

    if (++l->num_heard > LINE_DATAGRAMS || !push(&l->heard, datagram)) {
        l->floods = true;
        return;
    }
    if (l->sut != NULL && l->sut->to != SUT_HOME) { /* NULL: it is made */
        l->num_elsewhere++;
        l->bytes_elsewhere += datagram.len;
    }
    note(l, 1, datagram);
}

/* A long record comes back in pieces, because few targets can send so much in
 * one. */
static void host_data(void *self, struct dtls_bytes record)
{
    struct line *l = self;

    while (record.len > COMBINATION_DATA_MAX) {
        (void)push(&l->echoes,
                   dtls_bytes_of(record.data, COMBINATION_DATA_MAX));
        record = dtls_bytes_of(record.data + COMBINATION_DATA_MAX,
                               record.len - COMBINATION_DATA_MAX);
    }
    (void)push(&l->echoes, record);
}

static void host_keylog(void *self, const char *text)
{
    (void)self;
    (void)text;
}

static void host_log(void *self, const char *text)
{
    const struct line *l = self;

    evidence_target_says(l->evidence, l->now, text);
}

/* ---- the line ---- */

/* Sends the echoes, as far as the target can: while its keys change, it
 * cannot. A driver of another process has no `send`, and its data never comes
 * here. */
static void echo(struct line *l)
{
    const struct line_queue *q = &l->echoes;

    while (q->num != 0 &&
           l->sut->driver->send(l->sut, dtls_span_bytes(q->items[q->first]),
                                l->now)) {
        free(pop(&l->echoes).data);
    }
}

bool line_open(struct line *l, const struct sut_driver *driver,
               const struct sut_setup *setup, uint64_t now)
{
    struct sut_setup own = *setup;
    FILE *evidence = l->evidence;

    *l = (struct line){.is_client = setup->role == SUT_CLIENT,
                       .now = driver->real_time ? sut_real_now() : now,
                       .evidence = evidence};
    own.host =
        (struct sut_host){l, host_send, host_data, host_keylog, host_log};
    l->sut = sut_create(driver, &own, l->now);
    return l->sut != NULL && l->sut->state != SUT_FAILED;
}

/* Nothing of the association is left. */
static void sweep(struct line *l)
{
    free(l->current.data);
    l->current = (struct dtls_span){0};
    empty(&l->heard);
    empty(&l->echoes);
}

void line_close(struct line *l)
{
    if (l->sut != NULL) {
        l->unreturned = l->sut->driver->destroy(l->sut);
        l->sut = NULL;
    }
    sweep(l);
}

bool line_again(struct line *l, const struct sut_driver *driver,
                const struct sut_setup *setup)
{
    uint64_t now = l->now;

    if (!setup->resumes || driver->again == NULL || l->sut == NULL) {
        line_close(l);
        return line_open(l, driver, setup, now);
    }
    driver->again(l->sut, now);
    sweep(l);
    l->num_heard = 0;
    l->num_elsewhere = 0;
    l->bytes_elsewhere = 0;
    l->floods = false;
    l->address = SUT_HOME;
    return l->sut->state != SUT_FAILED;
}

bool line_restart(struct line *l)
{
    const struct sut_driver *driver = l->sut->driver;
    const struct sut_setup setup = l->sut->setup;

    (void)driver->destroy(l->sut);
    empty(&l->echoes);
    l->sut = sut_create(driver, &setup, l->now);
    return l->sut != NULL && l->sut->state != SUT_FAILED;
}

void line_start(struct line *l)
{
    l->sut->driver->start(l->sut, l->now);
}

void line_send(struct line *l, struct dtls_bytes datagram)
{
    struct dtls_span copy = {malloc(datagram.len + 1), datagram.len};

    assert(copy.data != NULL);
    if (datagram.len != 0) {
        memcpy(copy.data, datagram.data, datagram.len);
    }
    note(l, 0, datagram);
    l->sut->driver->receive(l->sut, copy, l->address, l->now);
    free(copy.data);
    echo(l);
}

/* Lets time pass until something happens at the target, at most until
 * `until`; it returns false if that time has come. */
static bool pass(struct line *l, uint64_t until)
{
    struct sut *sut = l->sut;
    uint64_t due = sut->driver->deadline(sut, l->now);
    uint64_t next = due < until ? due : until;

    if (sut->driver->sleep != NULL) {
        uint64_t reached = sut->driver->sleep(sut, next);

        l->now = reached > l->now ? reached : l->now;
        sut->driver->flush(sut);
    } else {
        l->now = next > l->now ? next : l->now;
    }
    if (due <= l->now) {
        sut->driver->expire(sut, l->now);
    }
    echo(l);
    return l->now < until;
}

/* Nothing more comes of an end in another process that is not there. */
static bool is_gone(const struct line *l)
{
    return l->sut->driver->real_time && l->sut->state == SUT_FAILED;
}

bool line_next(struct line *l, struct dtls_bytes *out, uint64_t until)
{
    bool more = true;
    bool gone = false;

    free(l->current.data);
    l->current = (struct dtls_span){0};
    while (l->heard.num == 0 && more && !gone && !l->floods) {
        gone = is_gone(l); /* what it said before still arrives */
        more = pass(l, gone ? l->now : until);
    }
    if (l->heard.num == 0) {
        return false;
    }
    l->current = pop(&l->heard);
    *out = dtls_bytes_of(l->current.data, l->current.len);
    return true;
}
