/* SPDX-License-Identifier: MIT */
/* What holds from one epoch to the next (RFC 6347, 4.1), and records of the
 * largest size (RFC 5246, 6.2). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/ics.h"

#include <string.h>

#define DATA_LEN 24

static bool is_data_in(const struct wrong_record *r, uint16_t epoch)
{
    return r->opened && r->wire.epoch == epoch &&
           r->wire.type == DTLS_APPLICATION_DATA;
}

static void connect_again(struct scene *s)
{
    scene_connect(s);
    scene_renegotiate(s);
    scene_expect(s, scene_connects(s) && scene_epoch(s) == 2,
                 "the renegotiation is not complete");
}

/* ---- P-REC-23: an old record under old keys ---- */

static void say_old_record_late(struct scene *s)
{
    uint8_t content[DATA_LEN];
    uint8_t old[256];
    struct dtls_bytes data;
    size_t len;

    scene_connect(s);
    data = scene_put_data(s, content, sizeof content);
    len = s->out.len < sizeof old ? s->out.len : 0;
    memcpy(old, s->out.data, len);
    s->out.len = 0;
    connect_again(s);
    scene_say_bytes(s, dtls_bytes_of(old, len));
    (void)scene_probe(s);
    if (heard_data(&s->heard, data) != 0) {
        heard_note(&s->heard, "delivered");
    }
}

static bool refuse_old_epoch(struct wrong *w, struct wrong_record *r)
{
    return wrong_epoch(w) == 2 && r->wire.epoch == 1 &&
           r->wire.type == DTLS_APPLICATION_DATA && wrong_alert(w, 10);
}

static void die_of_old_epoch(struct wrong *w)
{
    w->hears = refuse_old_epoch;
}

/* ---- P-RPL-6: numbers that were used in the epoch before ---- */

static void use_numbers_again(struct scene *s)
{
    scene_connect(s);
    *scene_number(s, 1) += 500;
    scene_expect(s, scene_probe(s), "a record with a higher number is lost");
    connect_again(s);
    scene_expect(s, scene_probe(s),
                 "a number of epoch 1 is not taken in epoch 2");
}

static bool lose_used_number(struct wrong *w, struct wrong_record *r)
{
    if (is_data_in(r, 1) && r->wire.seq > w->num) {
        w->num = r->wire.seq;
    }
    return is_data_in(r, 2) && r->wire.seq <= w->num && w->num > 100;
}

static void keep_one_window(struct wrong *w)
{
    w->hears = lose_used_number;
}

/* ---- P-REC-17: more than 2^14 bytes ---- */

/* Few targets can send so much back in one record. */
static void say_over_long(struct scene *s)
{
    static uint8_t content[DTLS_PLAINTEXT_MAX + 1];
    struct dtls_record_layer *records = &s->peer.session.records;
    struct dtls_bytes data = scene_make_data(s, content, sizeof content);
    unsigned before;

    scene_connect(s);
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        records->write[i].protection.limit = DTLS_PLAINTEXT_MAX + 1;
    }
    peer_put_record(&s->peer, &s->out, scene_epoch(s), DTLS_APPLICATION_DATA,
                    data);
    before = heard_count_data(&s->heard);
    scene_send(s);
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    scene_expect(s, heard_count_data(&s->heard) == before,
                 "over-long data comes back");
}

/* It sends the front of such data back. */
static bool take_over_long(struct wrong *w, struct wrong_record *r)
{
    return is_data_in(r, 1) && r->plain.len > DTLS_PLAINTEXT_MAX &&
           wrong_data(w, dtls_bytes_of(r->plain.data, 1000));
}

static void deliver_over_long(struct wrong *w)
{
    w->hears = take_over_long;
}

/* ---- P-AEA-6, P-CBC-6: what each suite adds to a record ---- */

static bool is_chacha(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CHACHA20;
}

static size_t bytes_of_echo(struct scene *s)
{
    size_t before;

    scene_connect(s);
    before = s->heard.num_bytes;
    scene_expect(s, scene_probe(s), "no data");
    return s->heard.num_bytes - before;
}

/* A header of 13 bytes, 20 bytes of data, a tag of 16. */
static void measure_chacha(struct scene *s)
{
    size_t len = bytes_of_echo(s);

    scene_expect(s, len == 49, "%zu bytes for 20 bytes of data", len);
}

static bool say_more(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t none;

    if (is_chacha(w->sut.setup.suite) && is_data_in(r, 1)) {
        (void)wrong_data(w, dtls_bytes_of(&none, 0));
    }
    return false;
}

static void say_empty_records_too(struct wrong *w)
{
    w->hears = say_more;
}

/* With the extension of RFC 7366 or without it, the MAC is that of the suite:
 * the record has a header, an IV, whole blocks and, in or behind them, the
 * MAC. */
static void measure_cbc(struct scene *s)
{
    const struct dtls_suite *suite = s->setup->target.suite;
    size_t mac = dtls_hash_len(suite->mac);
    size_t len = bytes_of_echo(s);
    size_t inside = 13 + 16 + (20 + mac + 16) / 16 * 16;
    size_t behind = 13 + 16 + 32 + mac;

    scene_expect(s, len == inside || len == behind,
                 "%zu bytes for 20 bytes of data, not %zu or %zu", len, inside,
                 behind);
}

static bool say_more_cbc(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t none;

    if (suite_is_cbc(w->sut.setup.suite) && is_data_in(r, 1)) {
        (void)wrong_data(w, dtls_bytes_of(&none, 0));
    }
    return false;
}

static void say_empty_blocks_too(struct wrong *w)
{
    w->hears = say_more_cbc;
}

/* ---- P-ETM-7: encrypt-then-MAC stays ---- */

#define EXT_ETM 22

static void renegotiate_without_etm(struct scene *s)
{
    struct peer_message *m;
    struct hello hello;
    bool is_client = s->peer.role == DTLS_CLIENT;

    scene_connect(s);
    scene_renegotiate(s);
    m = scene_come_to(s, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO);
    (is_client ? hello_read_client
               : hello_read_server)(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, EXT_ETM);
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s,
                 heard_count(&s->heard, is_client
                                            ? DTLS_SERVER_HELLO
                                            : DTLS_CLIENT_KEY_EXCHANGE) < 2,
                 "it goes on without encrypt-then-MAC");
}

static bool forget_etm(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (r->wire.epoch == 1 && wrong_fragment(r, &f) &&
        (f.type == DTLS_CLIENT_HELLO || f.type == DTLS_SERVER_HELLO)) {
        w->peer.session.hs.agreed.encrypt_then_mac = false;
    }
    return false;
}

static void let_etm_go(struct wrong *w)
{
    w->hears = forget_etm;
}

static const struct check checks[] = {
    {.id = "P-REC-17",
     .rows = "D5246-6.2.1-5",
     .play = say_over_long,
     .strict = "data | alert 22",
     .wrong = deliver_over_long,
     .shows = "over-long data comes back"},
    {.id = "P-REC-23",
     .rows = "D6347-4.1-10",
     .needs_echo = true,
     .renegotiates = true,
     .play = say_old_record_late,
     .strict = "data",
     .tolerated = "delivered then data",
     .wrong = die_of_old_epoch,
     .shows = "alert 10*"},
    {.id = "P-RPL-6",
     .rows = "D6347-4.1.2.6-13 D6347-4.1.2.6-2",
     .needs_echo = true,
     .renegotiates = true,
     .play = use_numbers_again,
     .strict = "data",
     .wrong = keep_one_window,
     .shows = "the renegotiation is not complete"},
    {.id = "P-AEA-6",
     .rows = "D7905-2-1 D7905-2-2",
     .matters = CHECK_EACH_SUITE,
     .suits = is_chacha,
     .is_honest = true,
     .needs_echo = true,
     .play = measure_chacha,
     .strict = "data",
     .wrong = say_empty_records_too,
     .shows = "* bytes for 20 bytes of data"},
    {.id = "P-CBC-6",
     .rows = "D5289-3.1-1 D5289-3.1-2",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .is_honest = true,
     .needs_echo = true,
     .play = measure_cbc,
     .strict = "data",
     .wrong = say_empty_blocks_too,
     .shows = "* bytes for 20 bytes of data, not * or *"},
    {.id = "P-ETM-7",
     .rows = "D7366-3.1-1 D7366-3.1-2",
     .suits = suite_is_cbc,
     .renegotiates = true,
     .play = renegotiate_without_etm,
     .strict = "alert 40",
     .tolerated = "alert 47",
     .wrong = let_etm_go,
     .shows = "it goes on without encrypt-then-MAC"},
};

CHECK_FILE(epoch)
