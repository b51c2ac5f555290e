/* SPDX-License-Identifier: MIT */
/* Replay detection (RFC 6347, 4.1.2.6). */
#include "check/checks/all_checks.h"

#include <string.h>

/* ---- P-RPL-1: the same record again ---- */

static void say_twice(struct scene *s)
{
    uint8_t bytes[24];
    uint8_t datagram[256];
    struct dtls_bytes data;
    size_t len;

    scene_connect(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    len = s->out.len;
    if (len > sizeof datagram) {
        scene_stop(s, "the record is too long");
    }
    memcpy(datagram, s->out.data, len);
    scene_send(s);
    scene_say_bytes(s, dtls_bytes_of(datagram, len));
    (void)scene_probe(s);
    scene_say_bytes(s, dtls_bytes_of(datagram, len));
    (void)scene_probe(s);
    scene_expect(s, heard_data(&s->heard, data) == 1,
                 "the record comes back %u times",
                 heard_data(&s->heard, data));
}

static bool forget_numbers(struct wrong *w, struct wrong_record *r)
{
    struct dtls_record_layer *records = &w->peer.session.records;

    (void)r;
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        records->read[i].window = (struct dtls_window){0};
    }
    return false;
}

static void detect_no_replay(struct wrong *w)
{
    w->hears = forget_numbers;
}

/* ---- P-RPL-5: a forged number moves nothing ---- */

static void forge_high_number(struct scene *s)
{
    uint8_t bytes[24];
    uint64_t *number;
    uint64_t next;

    scene_connect(s);
    number = scene_number(s, scene_epoch(s));
    next = *number;
    *number = (uint64_t)1 << 47;
    (void)scene_put_data(s, bytes, sizeof bytes);
    s->out.data[s->out.len - 1] ^= 1;
    scene_send(s);
    *number = next;
}

/* Each association, and each epoch of it, has a window of its own. */
static bool move_for_all(struct wrong *w, struct wrong_record *r)
{
    uint64_t window = (uint64_t)w->round << 2 | (r->wire.epoch & 3u);
    uint64_t number = window << 48 | r->wire.seq;

    if (r->wire.epoch == 0) {
        return false;
    }
    if (number < w->num) {
        return true;
    }
    w->num = number;
    return false;
}

static void move_window_unread(struct wrong *w)
{
    w->hears = move_for_all;
}

static const struct check checks[] = {
    {.id = "P-RPL-1",
     .rows = "D6347-4.1.2.6-3 D6347-3.3-1",
     .needs_echo = true,
     .matters = CHECK_EACH_CIPHER,
     .play = say_twice,
     .strict = "data",
     .wrong = detect_no_replay,
     .shows = "the record comes back 3 times"},
    {.id = "P-RPL-5",
     .rows = "D6347-4.1.2.6-10 D6347-4.1.2.6-12",
     .play = forge_high_number,
     .strict = "data",
     .wrong = move_window_unread,
     .shows = "silence"},
};

CHECK_FILE(replay)
