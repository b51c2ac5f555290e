/* SPDX-License-Identifier: MIT */
/* The replay window (RFC 6347, 4.1.2.6), and records that were changed on
 * their way (RFC 5246, 6.2.3). */
#include "check/checks/all_checks.h"
#include "check/ics.h"

#include <string.h>

#define RECORDS 64
#define AT_ONCE 8
#define DATA_LEN 24

/* Records of data that are sealed now and said later. */
struct batch {
    uint8_t content[RECORDS][DATA_LEN];
    uint8_t datagrams[RECORDS][256];
    size_t len[RECORDS];
};

static struct dtls_bytes content_of(const struct batch *b, unsigned i)
{
    return dtls_bytes_of(b->content[i], DATA_LEN);
}

static void seal(struct scene *s, struct batch *b, unsigned num)
{
    for (unsigned i = 0; i < num; i++) {
        (void)scene_put_data(s, b->content[i], DATA_LEN);
        if (s->out.len > sizeof b->datagrams[i]) {
            scene_stop(s, "the record is too long");
        }
        memcpy(b->datagrams[i], s->out.data, s->out.len);
        b->len[i] = s->out.len;
        s->out.len = 0;
    }
}

static void say(struct scene *s, const struct batch *b, unsigned i)
{
    scene_say_bytes(s, dtls_bytes_of(b->datagrams[i], b->len[i]));
}

static bool is_data(const struct wrong_record *r)
{
    return r->opened && r->wire.epoch == 1 &&
           r->wire.type == DTLS_APPLICATION_DATA;
}

/* ---- P-RPL-2: a window of records, shuffled and doubled ---- */

static void shuffle_window(struct scene *s)
{
    static struct batch b;

    scene_connect(s);
    seal(s, &b, RECORDS);
    for (unsigned i = 0; i < 2 * RECORDS; i++) {
        unsigned at = i * 37 % RECORDS; /* without a common factor */

        say(s, &b, at);
        /* A target may let few records wait for its application. */
        if (i < RECORDS && i % AT_ONCE == AT_ONCE - 1) {
            scene_expect(s, scene_hears(s, content_of(&b, at), 1),
                         "record %u of %u is lost", at, RECORDS);
        }
    }
    for (unsigned i = 0; i < RECORDS; i++) {
        scene_expect(s, scene_hears(s, content_of(&b, i), 1),
                     "record %u of %u is lost", i, RECORDS);
    }
    scene_pause(s);
    for (unsigned i = 0; i < RECORDS; i++) {
        scene_expect(s, heard_data(&s->heard, content_of(&b, i)) == 1,
                     "record %u comes back twice", i);
    }
}

/* Answers the record again that it has just got in the middle of many. */
static bool answer_again(struct wrong *w, struct wrong_record *r)
{
    if (is_data(r) && w->num++ == 40) {
        (void)wrong_echo(w, r);
    }
    return false;
}

static void take_one_twice(struct wrong *w)
{
    w->hears = answer_again;
}

/* ---- P-RPL-3, P-RPL-4: the edges of the window ---- */

/* Says record `last` first, and then the one `back` before it. */
static bool comes_back(struct scene *s, unsigned back)
{
    static struct batch b;

    scene_connect(s);
    seal(s, &b, RECORDS);
    say(s, &b, back);
    scene_expect(s, scene_hears(s, content_of(&b, back), 1),
                 "a record with a higher number is lost");
    say(s, &b, 0);
    s->hopes = false;
    return scene_hears(s, content_of(&b, 0), 1);
}

static void say_31_before(struct scene *s)
{
    scene_expect(s, comes_back(s, 31), "the record 31 before is lost");
}

static void say_63_before(struct scene *s)
{
    scene_expect(s, comes_back(s, 63), "the record 63 before is lost");
}

static bool lose_back(struct wrong *w, const struct wrong_record *r,
                      unsigned from)
{
    uint64_t seq = r->wire.seq;

    if (!is_data(r)) {
        return false;
    }
    if (seq + from <= w->num) {
        return true;
    }
    w->num = seq > w->num ? seq : w->num;
    return false;
}

static bool lose_31_back(struct wrong *w, struct wrong_record *r)
{
    return lose_back(w, r, 31);
}

static void keep_31(struct wrong *w)
{
    w->hears = lose_31_back;
}

static bool lose_63_back(struct wrong *w, struct wrong_record *r)
{
    return lose_back(w, r, 63);
}

static void keep_63(struct wrong *w)
{
    w->hears = lose_63_back;
}

/* A record that is older than every window that an ICS can claim. */
static void say_far_before(struct scene *s)
{
    static struct batch b;

    scene_connect(s);
    seal(s, &b, 1);
    *scene_number(s, scene_epoch(s)) += 65536;
    (void)scene_probe(s);
    say(s, &b, 0);
    (void)scene_probe(s);
    scene_expect(s, heard_data(&s->heard, content_of(&b, 0)) == 0,
                 "a record from before the window comes back");
}

static bool echo_old(struct wrong *w, struct wrong_record *r)
{
    if (!is_data(r)) {
        return false;
    }
    if (r->wire.seq + 65536 <= w->num) {
        return wrong_echo(w, r);
    }
    w->num = r->wire.seq > w->num ? r->wire.seq : w->num;
    return false;
}

static void take_old_records(struct wrong *w)
{
    w->hears = echo_old;
}

/* ---- P-RPL-7: messages and alerts again ---- */

static void repeat_warning(struct scene *s)
{
    const uint8_t warning[2] = {DTLS_ALERT_WARNING, 90};
    uint8_t datagram[128];
    size_t len;

    scene_connect(s);
    peer_put_record(&s->peer, &s->out, scene_epoch(s), DTLS_ALERT,
                    dtls_bytes_of(warning, sizeof warning));
    len = s->out.len;
    memcpy(datagram, s->out.data, len);
    scene_send(s);
    for (int i = 0; i < 20; i++) {
        scene_say_bytes(s, dtls_bytes_of(datagram, len));
    }
}

static bool count_warning(struct wrong *w, struct wrong_record *r)
{
    return r->opened && r->wire.epoch == 1 && r->wire.type == DTLS_ALERT &&
           r->plain.data[0] == DTLS_ALERT_WARNING && r->plain.data[1] != 0 &&
           w->num++ == 10 && wrong_alert(w, 10);
}

static void count_warnings(struct wrong *w)
{
    w->hears = count_warning;
}

/* ---- P-AEA-1, P-CBC-1: changed bytes ---- */

/* One changed bit in each byte of a record; the good one comes last. */
static void change_every_byte(struct scene *s)
{
    static struct batch b;

    scene_connect(s);
    seal(s, &b, 1);
    for (size_t i = 0; i < b.len[0]; i++) {
        b.datagrams[0][i] ^= (uint8_t)(1u << i % 8);
        say(s, &b, 0);
        b.datagrams[0][i] ^= (uint8_t)(1u << i % 8);
    }
    scene_pause(s);
    scene_expect(s, heard_data(&s->heard, content_of(&b, 0)) == 0,
                 "a changed record comes back");
    if (!s->heard.fatal) {
        say(s, &b, 0);
        scene_expect(s, scene_hears(s, content_of(&b, 0), 1),
                     "the good record is lost");
    }
}

/* What does not open is answered as if it had. */
static bool echo_unopened(struct wrong *w, struct wrong_record *r)
{
    bool is_changed = peer_is_connected(&w->peer) && !r->opened &&
                      r->wire.epoch == 1 && w->num++ == 20;

    return is_changed && wrong_alert(w, 21);
}

static void say_decryption_failed(struct wrong *w)
{
    w->hears = echo_unopened;
}

/* ---- P-AEA-2, P-CBC-3: impossible lengths ---- */

static void say_body(struct scene *s, size_t len, uint8_t fill)
{
    uint8_t record[DTLS_RECORD_HEADER_LEN + 256];
    uint64_t number = (*scene_number(s, scene_epoch(s)))++;

    memset(record, fill, sizeof record);
    memcpy(record, "\x17\xfe\xfd\0\1\0\0\0\0", 9);
    record[9] = (uint8_t)(number >> 8);
    record[10] = (uint8_t)number;
    record[11] = 0;
    record[12] = (uint8_t)len;
    scene_say_bytes(s, dtls_bytes_of(record, DTLS_RECORD_HEADER_LEN + len));
}

static void say_short_aead(struct scene *s)
{
    scene_connect(s);
    for (size_t len = 0; len <= 24; len++) {
        say_body(s, len, 0x45);
    }
}

static void say_odd_cbc(struct scene *s)
{
    static const uint8_t lengths[] = {0, 1, 15, 16, 17, 31, 32, 33, 47};

    scene_connect(s);
    for (size_t i = 0; i < sizeof lengths; i++) {
        say_body(s, lengths[i], 0x45);
    }
}

static bool refuse_short(struct wrong *w, struct wrong_record *r)
{
    return peer_is_connected(&w->peer) && r->wire.epoch == 1 &&
           r->wire.body.len == 1 && wrong_alert(w, 50);
}

static void answer_short_records(struct wrong *w)
{
    w->hears = refuse_short;
}

/* ---- P-CBC-4: nothing but padding ---- */

static void say_all_padding(struct scene *s)
{
    scene_connect(s);
    for (size_t len = 32; len <= 240; len += 16) {
        say_body(s, len, 0xff);
        say_body(s, len, 0x0f);
    }
}

static bool answer_long_padding(struct wrong *w, struct wrong_record *r)
{
    return peer_is_connected(&w->peer) && r->wire.epoch == 1 && !r->opened &&
           r->wire.body.len == 240 && wrong_alert(w, 20);
}

static void tell_padding_apart(struct wrong *w)
{
    w->hears = answer_long_padding;
}

/* ---- P-AEA-4, P-CBC-5: nonces and IVs ---- */

#define NONCES 200

static bool has_explicit_nonce(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_GCM ||
           suite->cipher == DTLS_CIPHER_CCM ||
           suite->cipher == DTLS_CIPHER_CCM_8;
}

/* The first bytes of each sealed datagram of the target, as it came; what is
 * kept in scene->heard is opened. */
static void collect_nonces(struct scene *s, size_t len)
{
    static uint8_t nonces[NONCES][16];
    struct dtls_bytes datagram;
    uint8_t bytes[DATA_LEN];
    unsigned num = 0;

    scene_connect(s);
    while (num < NONCES) {
        (void)scene_put_data(s, bytes, sizeof bytes);
        scene_send(s);
        if (!line_next(&s->line, &datagram, s->line.now + s->setup->live_ms)) {
            scene_stop(s, "data does not come back");
        }
        if (datagram.len < DTLS_RECORD_HEADER_LEN + len) {
            scene_stop(s, "a datagram is too short");
        }
        memcpy(nonces[num], datagram.data + DTLS_RECORD_HEADER_LEN, len);
        for (unsigned i = 0; i < num; i++) {
            scene_expect(s, memcmp(nonces[i], nonces[num], len) != 0,
                         "the nonces of records %u and %u are the same", i,
                         num);
        }
        num++;
    }
}

static void collect_explicit_nonces(struct scene *s)
{
    collect_nonces(s, 8);
}

static void collect_ivs(struct scene *s)
{
    collect_nonces(s, 16);
}

/* What goes out twice at last has the same nonce. */
static void send_twice(struct wrong *w, struct dtls_span datagram)
{
    const struct sut_host *host = &w->sut.setup.host;

    if (datagram.data[0] == DTLS_APPLICATION_DATA && w->num++ == 100) {
        host->send(host->self, dtls_span_bytes(datagram));
    }
}

static void repeat_a_nonce(struct wrong *w)
{
    w->sends = send_twice;
}

static const struct check checks[] = {
    {.id = "P-RPL-2",
     .rows = "D6347-4.1.2.6-9",
     .matters = CHECK_EACH_CIPHER,
     .play = shuffle_window,
     .needs_echo = true,
     .strict = "data",
     .wrong = take_one_twice,
     .shows = "record * comes back twice"},
    {.id = "P-RPL-3",
     .rows = "D6347-4.1.2.6-5 D6347-4.1.2.6-6",
     .play = say_31_before,
     .needs_echo = true,
     .strict = "data",
     .wrong = keep_31,
     .shows = "the record 31 before is lost"},
    {.id = "P-RPL-3.default",
     .rows = "D6347-4.1.2.6-5 D6347-4.1.2.6-6",
     .play = say_63_before,
     .needs_echo = true,
     .strict = "data",
     .wrong = keep_63,
     .shows = "the record 63 before is lost"},
    {.id = "P-RPL-4",
     .rows = "D6347-4.1.2.6-8 D6347-4.1.2.6-7",
     .play = say_far_before,
     .needs_echo = true,
     .strict = "data",
     .wrong = take_old_records,
     .shows = "a record from before the window comes back"},
    {.id = "P-RPL-7",
     .rows = "D6347-4.1.2.6-3",
     .play = repeat_warning,
     .strict = "data",
     .wrong = count_warnings,
     .shows = "alert 10"},
    {.id = "P-AEA-1",
     .rows = "D5246-6.2.3.3-3 D6347-4.1.2.1-4 D5288-3-6 "
             "D6347-4.1.2.6-11 D6347-4.1.2.1-5",
     .matters = CHECK_EACH_CIPHER,
     .suits = suite_is_aead,
     .play = change_every_byte,
     .needs_echo = true,
     .strict = "data | alert 20",
     .wrong = say_decryption_failed,
     .shows = "alert 21"},
    {.id = "P-AEA-2",
     .rows = "D5246-6.2.3.3-4 D7905-2-5",
     .matters = CHECK_EACH_CIPHER,
     .suits = suite_is_aead,
     .play = say_short_aead,
     .strict = "data",
     .wrong = answer_short_records,
     .shows = "alert 50"},
    {.id = "P-AEA-4",
     .rows = "D5288-3-2 D5288-3-3 D6655-3-2 D8442-5-2",
     .matters = CHECK_EACH_CIPHER,
     .suits = has_explicit_nonce,
     .play = collect_explicit_nonces,
     .needs_echo = true,
     .strict = "data",
     .wrong = repeat_a_nonce,
     .shows = "the nonces of records * are the same"},
    {.id = "P-CBC-1",
     .rows = "D5246-6.2.3.2-4 D5246-6.2.3.2-5 D6347-4.1.2.1-3 D5246-7.2.2-7",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .play = change_every_byte,
     .needs_echo = true,
     .strict = "data | alert 20",
     .wrong = say_decryption_failed,
     .shows = "alert 21"},
    {.id = "P-CBC-3",
     .rows = "D5246-6.2.3.2-7",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .play = say_odd_cbc,
     .strict = "data",
     .wrong = answer_short_records,
     .shows = "alert 50"},
    {.id = "P-CBC-4",
     .rows = "D5246-6.2.3.2-9 D6347-4.1.2.1-6",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .play = say_all_padding,
     .strict = "data",
     .wrong = tell_padding_apart,
     .shows = "alert 20"},
    {.id = "P-CBC-5",
     .rows = "D5246-6.2.3.2-1 D5246-6.2.3.2-2",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .play = collect_ivs,
     .needs_echo = true,
     .strict = "data",
     .wrong = repeat_a_nonce,
     .shows = "the nonces of records * are the same"},
};

CHECK_FILE(window)
