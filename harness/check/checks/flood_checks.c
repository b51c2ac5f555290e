/* SPDX-License-Identifier: MIT */
/* Much of anything: floods and mutations (RFC 6347, 4.2.1 and
 * 5). */
#include "check/checks/all_checks.h"
#include "kit/kit.h"

#include <string.h>

/* ---- P-TIM-3: junk and first ClientHellos ---- */

static void flood(struct scene *s)
{
    static struct peer_message hello;
    uint64_t seed = 0x12345;
    unsigned num = s->setup->driver->real_time ? 200 : 1000;
    uint8_t junk[60];

    hello = *scene_come_to(s, DTLS_CLIENT_HELLO);
    for (unsigned i = 0; i < num; i++) {
        kit_fill(&seed, junk, sizeof junk);
        scene_say_bytes(s, dtls_bytes_of(junk, sizeof junk));
        hello.body[2 + DTLS_RANDOM_LEN / 2] = (uint8_t)i;
        hello.body[3 + DTLS_RANDOM_LEN / 2] = (uint8_t)(i >> 8);
        peer_put_message(&s->peer, &s->out, &hello);
        s->deaf = true;
        scene_send(s);
        scene_wait(s, i % 32 == 0 && s->setup->driver->real_time ? 5 : 0);
        s->deaf = false;
    }
}

static bool count_datagrams(struct wrong *w, struct wrong_record *r)
{
    return w->at_the_door && r->wire.type == DTLS_HANDSHAKE &&
           ++w->num > 100 && wrong_dies(w);
}

static void give_up_in_flood(struct wrong *w)
{
    w->hears = count_datagrams;
}

/* ---- P-TIM-4: mutations ---- */

/* Bits turn, the end is cut off, or a part of the datagram comes again. */
static size_t mutate(uint8_t *bytes, size_t len, size_t size, uint64_t *seed)
{
    switch (kit_below(seed, 3)) {
    case 0:
        for (size_t i = kit_below(seed, 4) + 1; i > 0; i--) {
            bytes[kit_below(seed, len)] ^= (uint8_t)(1u << kit_below(seed, 8));
        }
        return len;
    case 1:
        return len - kit_below(seed, len);
    default:
        if (len * 2 > size) {
            return len - 1;
        }
        memcpy(bytes + len, bytes, len);
        bytes[len + kit_below(seed, len)] ^= 0x10;
        bytes[kit_below(seed, len)] ^= 1;
        return 2 * len;
    }
}

/* A target that joins datagrams, which is for P-REC-8, would complete a record
 * that was cut off if the next datagram began with the very bytes that are
 * missing: such a one is not sent. */
static void mutate_data(struct scene *s)
{
    enum { NOTHING = 0x100 };
    unsigned missing = NOTHING; /* the first byte that the last one lacks */
    unsigned num = s->setup->driver->real_time ? 500 : 5000;
    uint64_t seed = 0x98765;
    uint8_t content[24];
    uint8_t bytes[512];
    size_t len;
    unsigned before;

    scene_connect(s);
    before = s->heard.num_datagrams;
    for (unsigned i = 0; i < num && !s->heard.fatal; i++) {
        s->out.len = 0;
        (void)scene_put_data(s, content, sizeof content);
        len = s->out.len;
        memcpy(bytes, s->out.data, len);
        len = mutate(bytes, len, sizeof bytes, &seed);
        if ((len == s->out.len && memcmp(bytes, s->out.data, len) == 0) ||
            bytes[0] == missing) {
            continue;
        }
        missing = len < s->out.len ? s->out.data[len] : NOTHING;
        s->out.len = 0;
        scene_say_bytes(s, dtls_bytes_of(bytes, len));
        if (i % 32 == 0) {
            scene_wait(s, s->setup->driver->real_time ? 5 : 0);
        }
    }
    s->out.len = 0;
    scene_wait(s, s->setup->driver->real_time ? 100 : 0);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s,
                     r->datagram < before || r->type != DTLS_APPLICATION_DATA,
                     "changed data comes back");
    }
}

/* It takes a record that does not open for an empty one. */
static bool take_forged(struct wrong *w, struct wrong_record *r)
{
    return peer_is_connected(&w->peer) && !r->opened && r->wire.epoch == 1 &&
           r->wire.type == DTLS_APPLICATION_DATA && w->num++ > 40 &&
           wrong_data(w, (struct dtls_bytes){0});
}

static void take_forged_data(struct wrong *w)
{
    w->hears = take_forged;
}

static const struct check checks[] = {
    {.id = "P-TIM-3",
     .rows = "D6347-4.2.1-17",
     .play = flood,
     .strict = "data",
     .tolerated = "silence",
     .wrong = give_up_in_flood,
     .shows = "dead"},
    {.id = "P-TIM-4",
     .rows = "D6347-5-3",
     .matters = CHECK_EACH_CIPHER,
     .play = mutate_data,
     .strict = "data | alert *",
     .tolerated = "silence",
     .wrong = take_forged_data,
     .shows = "changed data comes back"},
};

CHECK_FILE(flood)
