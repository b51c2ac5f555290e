/* SPDX-License-Identifier: MIT */
/* Records that are to be dropped, and those around them that are not
 * (RFC 6347, 4.1). */
#include "check/checks/all_checks.h"

#define DATA_LEN 24

/* Application data, which the script may spoil before scene_send. */
static void put_data(struct scene *s)
{
    uint8_t bytes[DATA_LEN];

    (void)scene_put_data(s, bytes, sizeof bytes);
}

/* ---- P-REC-3: versions ---- */

static void say_other_versions(struct scene *s)
{
    static const uint8_t versions[][2] = {
        {0x03, 0x03}, {0x03, 0x00}, {0x00, 0x00}, {0xff, 0xff}};

    scene_connect(s);
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        put_data(s);
        s->out.data[1] = versions[i][0];
        s->out.data[2] = versions[i][1];
        scene_send(s);
    }
}

static bool refuse_version(struct wrong *w, struct wrong_record *r)
{
    return r->wire.version >> 8 != 0xfe && wrong_alert(w, 70);
}

static void answer_other_versions(struct wrong *w)
{
    w->hears = refuse_version;
}

/* ---- P-REC-6: datagrams shorter than a header ---- */

static void say_short_datagrams(struct scene *s)
{
    static const uint8_t junk[13] = "\x16\xfe\xfd\0\1\0\0\0\0\x23\x45\x67";

    scene_connect(s);
    for (size_t len = 1; len <= 12; len++) {
        scene_say_bytes(s, dtls_bytes_of(junk, len));
    }
}

static void say_empty_datagram(struct scene *s)
{
    scene_connect(s);
    scene_say_bytes(s, (struct dtls_bytes){0});
}

static bool refuse_short(struct wrong *w, struct dtls_span datagram)
{
    return datagram.len < 13 && wrong_alert(w, 50);
}

static void answer_short_datagrams(struct wrong *w)
{
    w->gets = refuse_short;
}

/* ---- P-REC-9: a flight in one datagram ---- */

static void pack_flights(struct scene *s)
{
    s->packed = true;
}

static bool lose_further_record(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return r->number != 0;
}

static void take_first_record_only(struct wrong *w)
{
    w->hears = lose_further_record;
}

/* ---- P-REC-11: junk behind a good record ---- */

static void say_junk_behind(struct scene *s)
{
    uint8_t bytes[DATA_LEN];

    scene_connect(s);
    for (unsigned i = 1; i <= 12; i++) {
        struct dtls_bytes data = scene_put_data(s, bytes, sizeof bytes);

        for (unsigned k = 0; k < i; k++) {
            s->out.data[s->out.len++] = 0xa5;
        }
        scene_send(s);
        scene_expect(s, scene_hears(s, data, 1),
                     "a record with %u bytes of junk behind it is lost", i);
    }
}

static bool lose_with_junk(struct wrong *w, struct dtls_span datagram)
{
    struct dtls_record record;
    bool is_whole = true;

    (void)w;
    while (is_whole && datagram.len != 0) {
        is_whole = dtls_record_next(&datagram, &record) == DTLS_OK;
    }
    return !is_whole;
}

static void insist_on_whole_records(struct wrong *w)
{
    w->gets = lose_with_junk;
}

/* ---- P-REC-16: application data in the clear ---- */

static void say_data_in_the_clear(struct scene *s)
{
    static const uint8_t text[] = "not protected";
    const struct dtls_bytes data = dtls_bytes_of(text, sizeof text);

    scene_connect(s);
    scene_say_record(s, 0, DTLS_APPLICATION_DATA, data);
    (void)scene_probe(s);
    scene_expect(s, heard_data(&s->heard, data) == 0,
                 "data in the clear comes back");
}

static bool echo_in_the_clear(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch == 0 && wrong_echo(w, r);
}

static void take_data_in_the_clear(struct wrong *w)
{
    w->hears = echo_in_the_clear;
}

/* ---- P-REC-20: epochs to come ---- */

static void say_future_epochs(struct scene *s)
{
    static const uint8_t epochs[] = {2, 3, 0xff};

    scene_connect(s);
    for (size_t i = 0; i < sizeof epochs; i++) {
        put_data(s);
        s->out.data[3] = epochs[i] == 0xff ? 0xff : 0;
        s->out.data[4] = epochs[i];
        scene_send(s);
    }
}

static bool refuse_epoch(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch > 1 && wrong_alert(w, 10);
}

static void answer_future_epochs(struct wrong *w)
{
    w->hears = refuse_epoch;
}

/* ---- P-REC-25: records in another order ---- */

static void say_three_in_disorder(struct scene *s)
{
    static uint8_t datagrams[3][256];
    static const unsigned order[3] = {2, 0, 1};
    uint8_t bytes[3][DATA_LEN];
    struct dtls_bytes data[3];
    size_t len[3];

    scene_connect(s);
    for (unsigned i = 0; i < 3; i++) {
        struct dtls_buf out = {datagrams[i], 0, sizeof datagrams[i]};

        data[i] = scene_put_data(s, bytes[i], DATA_LEN);
        if (!dtls_put_bytes(&out, dtls_buf_bytes(&s->out))) {
            scene_stop(s, "the record is too long");
        }
        len[i] = out.len;
        s->out.len = 0;
    }
    for (unsigned i = 0; i < 3; i++) {
        scene_say_bytes(s, dtls_bytes_of(datagrams[order[i]], len[order[i]]));
    }
    for (unsigned i = 0; i < 3; i++) {
        scene_expect(s, scene_hears(s, data[i], 1),
                     "record %u of three is lost", i + 1);
    }
}

static bool lose_late_record(struct wrong *w, struct wrong_record *r)
{
    if (r->wire.epoch == 0 || !r->opened) {
        return false;
    }
    if (r->wire.seq < w->num) {
        return true;
    }
    w->num = r->wire.seq;
    return false;
}

static void insist_on_rising_numbers(struct wrong *w)
{
    w->hears = lose_late_record;
}

/* ---- P-REC-27: numbers that jump ---- */

static void jump_ahead(struct scene *s)
{
    static const uint64_t jumps[] = {1, 1000, (uint64_t)1 << 40};

    scene_connect(s);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        *scene_number(s, scene_epoch(s)) += jumps[i];
        scene_expect(s, scene_probe(s), "a record %llu numbers on is lost",
                     (unsigned long long)jumps[i]);
    }
}

static bool lose_far_record(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return r->wire.epoch != 0 && r->wire.seq > 500;
}

static void insist_on_near_numbers(struct wrong *w)
{
    w->hears = lose_far_record;
}

/* ---- P-REC-28: forged records ---- */

static void say_forged_records(struct scene *s)
{
    scene_connect(s);
    for (unsigned i = 0; i < 100; i++) {
        put_data(s);
        s->out.data[s->out.len - 1 - i % 8] ^= 0x40;
        scene_send(s);
    }
}

static bool answer_unopened(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch == 1 && !r->opened && wrong_alert(w, 20);
}

static void answer_forged_records(struct wrong *w)
{
    w->hears = answer_unopened;
}

static const struct check checks[] = {
    {.id = "P-REC-3",
     .rows = "D6347-4.1.2.7-1 D6347-4.1-90",
     .play = say_other_versions,
     .strict = "data",
     .wrong = answer_other_versions,
     .shows = "alert 70"},
    {.id = "P-REC-6",
     .rows = "D6347-4.1.1-7",
     .play = say_short_datagrams,
     .strict = "data",
     .wrong = answer_short_datagrams,
     .shows = "alert 50"},
    {.id = "P-REC-6.empty",
     .rows = "D6347-4.1.1-7",
     .play = say_empty_datagram,
     .strict = "data",
     .wrong = answer_short_datagrams,
     .shows = "alert 50"},
    {.id = "P-REC-9",
     .rows = "D6347-4.1.1-3",
     .play = pack_flights,
     .strict = "data",
     .wrong = take_first_record_only,
     .shows = "silence"},
    {.id = "P-REC-11",
     .rows = "D6347-4.1.1-4 D6347-4.1.1-7",
     .needs_echo = true,
     .play = say_junk_behind,
     .strict = "data",
     .wrong = insist_on_whole_records,
     .shows = "a record with 1 bytes of junk behind it is lost"},
    {.id = "P-REC-16",
     .rows = "D6347-4.1-17",
     .needs_echo = true,
     .play = say_data_in_the_clear,
     .strict = "data | alert 10",
     .wrong = take_data_in_the_clear,
     .shows = "data in the clear comes back"},
    {.id = "P-REC-20",
     .rows = "D6347-4.1-22",
     .play = say_future_epochs,
     .strict = "data",
     .wrong = answer_future_epochs,
     .shows = "alert 10"},
    {.id = "P-REC-25",
     .rows = "D6347-4.1.2.6-9",
     .needs_echo = true,
     .play = say_three_in_disorder,
     .strict = "data",
     .wrong = insist_on_rising_numbers,
     .shows = "record 1 of three is lost"},
    {.id = "P-REC-27",
     .rows = "D6347-4.1.2.6-14",
     .needs_echo = true,
     .play = jump_ahead,
     .strict = "data",
     .wrong = insist_on_near_numbers,
     .shows = "a record 1000 numbers on is lost"},
    {.id = "P-REC-28",
     .rows = "D6347-4.1.2.7-4 D6347-5-3",
     .matters = CHECK_EACH_CIPHER,
     .play = say_forged_records,
     .strict = "data",
     .wrong = answer_forged_records,
     .shows = "alert 20"},
};

CHECK_FILE(record)
