/* SPDX-License-Identifier: MIT */
/* What only a server that sends data back tells: its replay window (RFC 6347,
 * 4.1.2.6), and the largest record. */
#include "probe/plays.h"

#include <string.h>

#define DATA_LEN 20

/* How far a record lies behind the newest: at the edges of usual windows. */
static const unsigned behind[] = {0,   31,  32,  63,  64,   127, 128,
                                  255, 256, 511, 512, 1023, 1024};
enum { NUM_BEHIND = sizeof behind / sizeof *behind };

/* What the scripts of this process have found. */
static unsigned window; /* 0: the newest record was lost */
static bool detects;
static size_t largest;

struct sealed {
    uint8_t content[DATA_LEN];
    uint8_t datagram[256];
    size_t len;
};

static void seal(struct scene *s, struct sealed *out, uint64_t number)
{
    *scene_number(s, scene_epoch(s)) = number;
    (void)scene_put_data(s, out->content, DATA_LEN);
    if (s->out.len > sizeof out->datagram) {
        scene_stop(s, "the record is too long");
    }
    memcpy(out->datagram, s->out.data, s->out.len);
    out->len = s->out.len;
    s->out.len = 0;
}

static bool comes_back(struct scene *s, const struct sealed *r, unsigned num)
{
    scene_say_bytes(s, dtls_bytes_of(r->datagram, r->len));
    return scene_hears(s, dtls_bytes_of(r->content, DATA_LEN), num);
}

static void measure_window(struct scene *s)
{
    static struct sealed records[NUM_BEHIND];
    uint64_t newest;

    scene_connect(s);
    newest = *scene_number(s, scene_epoch(s)) + 2000;
    for (int i = 0; i < NUM_BEHIND; i++) {
        seal(s, &records[i], newest - behind[i]);
    }
    *scene_number(s, scene_epoch(s)) = newest + 1;
    for (int i = 0; i < NUM_BEHIND && comes_back(s, &records[i], 1); i++) {
        window = behind[i] + 1;
        s->hopes = false;
    }
    detects = !comes_back(s, &records[0], 2);
}

static void measure_records(struct scene *s)
{
    static const size_t sizes[] = {1024, 4096, 8192, 16384};
    static uint8_t bytes[16384];

    scene_connect(s);
    s->hopes = false;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct dtls_bytes data = scene_put_data(s, bytes, sizes[i]);

        scene_send(s);
        if (!scene_hears(s, data, 1)) {
            break;
        }
        largest = sizes[i];
    }
}

void question_echo(const struct probe *p)
{
    static const enum fact_key keys[] = {FACT_replay, FACT_replay_window,
                                         FACT_largest_record};
    const struct dtls_suite *suite;
    const char *why;

    if (!p->facts->items[FACT_handshake].told) {
        return;
    }
    if (!facts_are(p->facts, FACT_echo, "yes")) {
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            facts_cannot(p->facts, keys[i], "it sends no data back");
        }
        return;
    }
    suite = plays_suite(p, NULL, &why);
    (void)play(p, suite, measure_window, false);
    if (window != 0) {
        facts_tell(p->facts, FACT_replay_window, "%u", window);
        facts_tell(p->facts, FACT_replay, detects ? "on" : "off");
    }
    (void)play(p, suite, measure_records, false);
    facts_tell(p->facts, FACT_largest_record, "%zu", largest);
}
