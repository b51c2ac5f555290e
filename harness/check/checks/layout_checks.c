/* SPDX-License-Identifier: MIT */
/* Header, length and type of records, and the datagrams that carry them
 * (RFC 6347, 4.1; RFC 5246, 6.2). */
#include "check/checks/all_checks.h"

#include <string.h>

#define DATA_LEN 24

static void come_to_middle(struct scene *s)
{
    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_KEY_EXCHANGE
                               : DTLS_SERVER_HELLO_DONE);
}

static bool is_running(const struct wrong *w)
{
    return !w->at_the_door && !peer_is_idle(&w->peer);
}

/* ---- P-REC-2: epochs ---- */

static void read_epochs(struct scene *s)
{
    scene_connect(s);
    (void)scene_probe(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];
        bool is_sealed = r->type == DTLS_APPLICATION_DATA;

        scene_expect(s, r->epoch <= 1 && (!is_sealed || r->epoch == 1),
                     "a record of type %u has epoch %u", r->type, r->epoch);
    }
}

/* The second answer comes in epoch 2, too; the honest handshake before the
 * check has only one. */
static bool answer_in_epoch_2(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t record[DTLS_RECORD_HEADER_LEN + 32] = {
        DTLS_APPLICATION_DATA, 0xfe, 0xfd, 0, 2, [12] = 32};
    const struct sut_host *host = &w->sut.setup.host;

    if (peer_is_connected(&w->peer) && r->wire.type == DTLS_APPLICATION_DATA &&
        w->num++ == 1) {
        host->send(host->self, dtls_bytes_of(record, sizeof record));
    }
    return false;
}

static void raise_epoch(struct wrong *w)
{
    w->hears = answer_in_epoch_2;
}

/* ---- P-REC-4: the record version of ClientHello ---- */

static void say_hellos_under(struct scene *s, uint8_t minor)
{
    unsigned asked;

    do {
        struct peer_message *m = scene_come_to(s, DTLS_CLIENT_HELLO);

        asked = heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST);
        peer_put_message(&s->peer, &s->out, m);
        s->out.data[2] = minor;
        scene_send(s);
        scene_skip(s, m);
        scene_listen(s);
    } while (heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) > asked);
}

static void say_hellos_under_1_0(struct scene *s)
{
    say_hellos_under(s, 0xff);
}

static void say_hellos_under_1_2(struct scene *s)
{
    say_hellos_under(s, 0xfd);
}

static void say_hellos_under_1_3(struct scene *s)
{
    say_hellos_under(s, 0xfc);
}

static void say_hellos_under_0(struct scene *s)
{
    say_hellos_under(s, 0);
}

static bool refuse_version(struct wrong *w, struct wrong_record *r)
{
    return w->at_the_door && r->wire.version != DTLS_VERSION_1_2 &&
           wrong_alert(w, 70);
}

static void know_one_version(struct wrong *w)
{
    w->hears = refuse_version;
}

/* Honest hellos have this version, so only those with one suite are lost. */
static bool lose_1_2_later(struct wrong *w, struct wrong_record *r)
{
    return w->at_the_door && r->wire.version == DTLS_VERSION_1_2 &&
           w->sut.setup.suite->kx == DTLS_KX_ECDH;
}

static void forget_1_2(struct wrong *w)
{
    w->hears = lose_1_2_later;
}

/* ---- P-REC-5: another version in the header and under the MAC ---- */

static void say_data_under_1_0(struct scene *s)
{
    struct dtls_record_layer *records = &s->peer.session.records;
    static const uint8_t text[DATA_LEN] = "sealed as in DTLS 1.0";
    const struct dtls_bytes data = dtls_bytes_of(text, sizeof text);

    scene_connect(s);
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        struct dtls_write_epoch *write = &records->write[i];

        if (write->taken && write->epoch == scene_epoch(s) &&
            dtls_protect_seal(&s->peer.crypto, &write->protection, &s->out,
                              DTLS_APPLICATION_DATA, DTLS_VERSION_1_0,
                              write->epoch, write->next_seq++,
                              data) == DTLS_OK) {
            scene_send(s);
        }
    }
    (void)scene_probe(s);
    scene_expect(s, heard_data(&s->heard, data) == 0,
                 "data under version 1.0 comes back");
}

static bool echo_any_version(struct wrong *w, struct wrong_record *r)
{
    return r->wire.version == DTLS_VERSION_1_0 && r->wire.epoch == 1 &&
           wrong_echo(w, r);
}

static void take_any_version(struct wrong *w)
{
    w->hears = echo_any_version;
}

/* ---- P-REC-7, P-REC-8: records that run past their datagram ---- */

static void say_too_short_datagrams(struct scene *s)
{
    static const uint16_t more[] = {1, 1000, 0xffff - 40};
    uint8_t bytes[DATA_LEN];

    scene_connect(s);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        uint8_t *len;
        unsigned longer;

        (void)scene_put_data(s, bytes, sizeof bytes);
        len = &s->out.data[DTLS_RECORD_HEADER_LEN - 2];
        longer = (unsigned)(len[0] << 8 | len[1]) + more[i];
        longer = longer > 0xffff ? 0xffff : longer;
        len[0] = (uint8_t)(longer >> 8);
        len[1] = (uint8_t)longer;
        scene_send(s);
    }
}

static void cut_a_record(struct scene *s)
{
    uint8_t datagram[256];
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;
    size_t len;

    scene_connect(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    len = s->out.len;
    if (len > sizeof datagram) {
        scene_stop(s, "the record is too long");
    }
    memcpy(datagram, s->out.data, len);
    s->out.len = 0;
    scene_say_bytes(s, dtls_bytes_of(datagram, len / 2));
    scene_say_bytes(s, dtls_bytes_of(datagram + len / 2, len - len / 2));
    (void)scene_probe(s);
    scene_expect(s, heard_data(&s->heard, data) == 0,
                 "a record in two datagrams comes back");
}

static bool refuse_cut(struct wrong *w, struct dtls_span datagram)
{
    return is_running(w) && datagram.len > DTLS_RECORD_HEADER_LEN &&
           datagram.data[0] == DTLS_APPLICATION_DATA &&
           (size_t)(datagram.data[11] << 8 | datagram.data[12]) >
               datagram.len - DTLS_RECORD_HEADER_LEN &&
           wrong_alert(w, 50);
}

static void answer_cut_records(struct wrong *w)
{
    w->gets = refuse_cut;
}

/* It keeps the first half, and reads it with the second. */
static bool join_halves(struct wrong *w, struct dtls_span datagram)
{
    static uint8_t kept[256];
    struct dtls_record record;
    struct dtls_span all = {kept, (size_t)w->num + datagram.len};
    struct wrong_record r = {.opened = true};

    if (w->num != 0 && all.len <= sizeof kept) {
        memcpy(kept + w->num, datagram.data, datagram.len);
        w->num = 0;
        if (dtls_record_next(&all, &record) != DTLS_OK ||
            !peer_open(&w->peer, &record)) {
            return false;
        }
        r.wire = record;
        r.plain = record.body;
        return wrong_echo(w, &r);
    }
    if (is_running(w) && datagram.len > DTLS_RECORD_HEADER_LEN &&
        datagram.len < sizeof kept / 2 &&
        datagram.data[0] == DTLS_APPLICATION_DATA &&
        datagram.data[12] > datagram.len - DTLS_RECORD_HEADER_LEN) {
        memcpy(kept, datagram.data, datagram.len);
        w->num = datagram.len;
        return true;
    }
    return false;
}

static void join_datagrams(struct wrong *w)
{
    w->gets = join_halves;
}

/* ---- P-REC-10: a bad record between good ones ---- */

enum badness { BAD_TAG, BAD_EPOCH, BAD_TYPE };

/* One datagram: a good record, a bad one, a good one. */
static void say_bad_between(struct scene *s, enum badness badness)
{
    uint8_t bytes[3][DATA_LEN];
    struct dtls_bytes data[3];
    size_t at[3];

    scene_connect(s);
    for (unsigned i = 0; i < 3; i++) {
        at[i] = s->out.len;
        data[i] = scene_put_data(s, bytes[i], DATA_LEN);
    }
    switch (badness) {
    case BAD_TAG:
        s->out.data[at[2] - 1] ^= 1;
        break;
    case BAD_EPOCH:
        s->out.data[at[1] + 4] = 9;
        break;
    case BAD_TYPE:
        s->out.data[at[1]] = 99;
        break;
    }
    scene_send(s);
    scene_expect(s, scene_hears(s, data[0], 1), "the record before is lost");
    if (!scene_hears(s, data[2], 1)) {
        heard_note(&s->heard, "the record behind is lost");
    }
}

static void say_bad_tag_between(struct scene *s)
{
    say_bad_between(s, BAD_TAG);
}

static void say_bad_epoch_between(struct scene *s)
{
    say_bad_between(s, BAD_EPOCH);
}

static void say_bad_type_between(struct scene *s)
{
    say_bad_between(s, BAD_TYPE);
}

static bool refuse_between(struct wrong *w, struct wrong_record *r)
{
    return peer_is_connected(&w->peer) && r->number == 1 && !r->opened &&
           wrong_alert(w, 20);
}

static void fail_between(struct wrong *w)
{
    w->hears = refuse_between;
}

/* ---- P-REC-12, P-REC-13: unknown types ---- */

static void say_types(struct scene *s, uint16_t epoch, const uint8_t *types,
                      size_t num)
{
    static const uint8_t body[32] = {0x23, 0x45, 0x67};

    for (size_t i = 0; i < num; i++) {
        scene_say_record(s, epoch, types[i], dtls_bytes_of(body, sizeof body));
    }
}

/* RFC 9147 gives 25 and 32 to 63 another layout, and 26 a meaning. */
static const uint8_t unknown[] = {0, 19, 24, 25, 26, 32, 63, 64, 127, 255};

static void say_types_first(struct scene *s)
{
    if (s->peer.role == DTLS_SERVER) {
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    }
    say_types(s, 0, unknown, sizeof unknown);
}

static void say_types_in_handshake(struct scene *s)
{
    come_to_middle(s);
    say_types(s, 0, unknown, sizeof unknown);
}

static void say_types_late(struct scene *s)
{
    scene_connect(s);
    say_types(s, 0, unknown, sizeof unknown);
}

static void say_sealed_types(struct scene *s)
{
    static const uint8_t types[] = {19, 24, 26, 99, 255};

    scene_connect(s);
    say_types(s, scene_epoch(s), types, sizeof types);
}

static bool refuse_type(struct wrong *w, struct wrong_record *r)
{
    return (r->wire.type < DTLS_CHANGE_CIPHER_SPEC ||
            r->wire.type > DTLS_APPLICATION_DATA) &&
           r->opened && wrong_alert(w, 80);
}

static void answer_unknown_types(struct wrong *w)
{
    w->hears = refuse_type;
}

/* ---- P-REC-14, P-REC-15: nothing in a record ---- */

static void say_empty_records(struct scene *s, uint16_t epoch)
{
    for (int i = 0; i < 100; i++) {
        for (uint8_t type = DTLS_CHANGE_CIPHER_SPEC; type <= DTLS_HANDSHAKE;
             type++) {
            peer_put_record(&s->peer, &s->out, epoch, type,
                            (struct dtls_bytes){0});
        }
        scene_send(s);
    }
}

static void say_empty_in_the_clear(struct scene *s)
{
    come_to_middle(s);
    say_empty_records(s, 0);
}

static void say_empty_sealed(struct scene *s)
{
    scene_connect(s);
    say_empty_records(s, scene_epoch(s));
}

static bool refuse_nothing(struct wrong *w, struct wrong_record *r)
{
    return is_running(w) && r->opened && r->plain.len == 0 &&
           r->wire.type != DTLS_APPLICATION_DATA && wrong_alert(w, 80);
}

static void stumble_over_nothing(struct wrong *w)
{
    w->hears = refuse_nothing;
}

static void say_empty_data(struct scene *s)
{
    uint8_t bytes[2][DATA_LEN];
    struct dtls_bytes data[2];

    scene_connect(s);
    data[0] = scene_put_data(s, bytes[0], DATA_LEN);
    scene_send(s);
    scene_say_record(s, scene_epoch(s), DTLS_APPLICATION_DATA,
                     (struct dtls_bytes){0});
    data[1] = scene_put_data(s, bytes[1], DATA_LEN);
    scene_send(s);
    scene_expect(s, scene_hears(s, data[0], 1) && scene_hears(s, data[1], 1),
                 "a record beside an empty one is lost");
}

static bool refuse_empty_data(struct wrong *w, struct wrong_record *r)
{
    return r->opened && r->plain.len == 0 &&
           r->wire.type == DTLS_APPLICATION_DATA && wrong_alert(w, 10);
}

static void stumble_over_empty_data(struct wrong *w)
{
    w->hears = refuse_empty_data;
}

/* ---- P-REC-18: a record above every limit ---- */

static void say_long_ciphertext(struct scene *s)
{
    const size_t len = DTLS_CIPHERTEXT_MAX + 1;

    scene_connect(s);
    memset(s->out.data, 0x45, DTLS_RECORD_HEADER_LEN + len);
    memcpy(s->out.data, "\x17\xfe\xfd\0\1\0\0\0\0\x23\x45", 11);
    s->out.data[11] = (uint8_t)(len >> 8);
    s->out.data[12] = (uint8_t)len;
    s->out.len = DTLS_RECORD_HEADER_LEN + len;
    scene_send(s);
}

static bool refuse_long(struct wrong *w, struct dtls_span datagram)
{
    return datagram.len > DTLS_CIPHERTEXT_MAX + DTLS_RECORD_HEADER_LEN &&
           wrong_alert(w, 80);
}

static void stumble_over_length(struct wrong *w)
{
    w->gets = refuse_long;
}

/* ---- P-REC-26: lost records ---- */

static void lose_one(struct scene *s)
{
    uint8_t bytes[2][DATA_LEN];
    struct dtls_bytes data[2];
    unsigned before;

    scene_connect(s);
    ++*scene_number(s, scene_epoch(s));
    before = s->heard.num_datagrams;
    for (unsigned i = 0; i < 2; i++) {
        data[i] = scene_put_data(s, bytes[i], DATA_LEN);
        scene_send(s);
    }
    scene_expect(s, scene_hears(s, data[0], 1) && scene_hears(s, data[1], 1),
                 "a record behind a lost one is lost");
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams - before <= 2,
                 "more than the two answers");
}

static bool wait_for_lost(struct wrong *w, struct wrong_record *r)
{
    if (r->wire.epoch == 0 || !r->opened) {
        return false;
    }
    if (r->wire.seq > w->num + 1 && r->wire.seq < w->num + 9) {
        return true;
    }
    w->num = r->wire.seq;
    return false;
}

static void insist_on_every_record(struct wrong *w)
{
    w->hears = wait_for_lost;
}

static const struct check checks[] = {
    {.id = "P-REC-2",
     .rows = "D6347-4.1-4 D6347-4.1-5 D6347-4.1-2 D5246-6.1-1",
     .matters = CHECK_EACH_CIPHER,
     .play = read_epochs,
     .needs_echo = true,
     .strict = "data",
     .wrong = raise_epoch,
     .shows = "a record of type 23 has epoch 2"},
    {.id = "P-REC-4.1_0",
     .rows = "D5246-E.1-5 D5246-D.4-2 D8996-5-3",
     .play = say_hellos_under_1_0,
     .strict = "data",
     .wrong = know_one_version,
     .shows = "alert 70"},
    {.id = "P-REC-4.1_2",
     .rows = "D5246-E.1-5 D5246-D.4-2",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = say_hellos_under_1_2,
     .strict = "data",
     .wrong = forget_1_2,
     .shows = "*"},
    {.id = "P-REC-4.1_3",
     .rows = "D5246-E.1-5 D5246-D.4-2",
     .play = say_hellos_under_1_3,
     .strict = "data",
     .tolerated = "silence",
     .wrong = know_one_version,
     .shows = "alert 70"},
    {.id = "P-REC-4.other",
     .rows = "D5246-E.1-5 D5246-D.4-2",
     .play = say_hellos_under_0,
     .strict = "data",
     .tolerated = "silence",
     .wrong = know_one_version,
     .shows = "alert 70"},
    {.id = "P-REC-5",
     .rows = "D6347-4.1.2.1-2",
     .matters = CHECK_EACH_CIPHER,
     .play = say_data_under_1_0,
     .needs_echo = true,
     .strict = "data",
     .wrong = take_any_version,
     .shows = "data under version 1.0 comes back"},
    {.id = "P-REC-7",
     .rows = "D6347-4.1.1-6 D6347-4.1.1-1",
     .play = say_too_short_datagrams,
     .strict = "data",
     .wrong = answer_cut_records,
     .shows = "alert 50"},
    {.id = "P-REC-8",
     .rows = "D6347-4.1.1-1 D6347-4.1.1-5",
     .play = cut_a_record,
     .needs_echo = true,
     .strict = "data",
     .wrong = join_datagrams,
     .shows = "a record in two datagrams comes back"},
    {.id = "P-REC-10.tag",
     .rows = "D6347-4.1.1-4",
     .play = say_bad_tag_between,
     .needs_echo = true,
     .strict = "data",
     .tolerated = "the record behind is lost then data",
     .wrong = fail_between,
     .shows = "the record before is lost"},
    {.id = "P-REC-10.epoch",
     .rows = "D6347-4.1.1-4",
     .play = say_bad_epoch_between,
     .needs_echo = true,
     .strict = "data",
     .tolerated = "the record behind is lost then data",
     .wrong = fail_between,
     .shows = "the record before is lost"},
    {.id = "P-REC-10.type",
     .rows = "D6347-4.1.1-4 D5246-6-2",
     .play = say_bad_type_between,
     .needs_echo = true,
     .strict = "data",
     .tolerated = "the record behind is lost then data",
     .wrong = fail_between,
     .shows = "the record before is lost"},
    {.id = "P-REC-12.first",
     .rows = "D5246-6-2",
     .play = say_types_first,
     .strict = "data | silence | alert 10",
     .wrong = answer_unknown_types,
     .shows = "alert 80"},
    {.id = "P-REC-12.handshake",
     .rows = "D5246-6-2",
     .play = say_types_in_handshake,
     .strict = "data | silence | alert 10",
     .wrong = answer_unknown_types,
     .shows = "alert 80"},
    {.id = "P-REC-12.connected",
     .rows = "D5246-6-2 D9147-4.1-1 D9147-4.1-2",
     .play = say_types_late,
     .strict = "data",
     .wrong = answer_unknown_types,
     .shows = "alert 80"},
    {.id = "P-REC-13",
     .rows = "D5246-6-2",
     .matters = CHECK_EACH_CIPHER,
     .play = say_sealed_types,
     .strict = "data | alert 10",
     .wrong = answer_unknown_types,
     .shows = "alert 80"},
    {.id = "P-REC-14.clear",
     .rows = "D5246-6.2.1-2",
     .play = say_empty_in_the_clear,
     .strict = "data | silence | alert 10 | alert 50",
     .wrong = stumble_over_nothing,
     .shows = "alert 80"},
    {.id = "P-REC-14.sealed",
     .rows = "D5246-6.2.1-2",
     .matters = CHECK_EACH_CIPHER,
     .play = say_empty_sealed,
     .strict = "data | alert 10 | alert 50",
     .wrong = stumble_over_nothing,
     .shows = "alert 80"},
    {.id = "P-REC-15",
     .rows = "D5246-6.2.1-3",
     .matters = CHECK_EACH_CIPHER,
     .play = say_empty_data,
     .needs_echo = true,
     .strict = "data",
     .wrong = stumble_over_empty_data,
     .shows = "a record beside an empty one is lost"},
    {.id = "P-REC-18",
     .rows = "D5246-6.2.3-1",
     .matters = CHECK_EACH_CIPHER,
     .play = say_long_ciphertext,
     .strict = "data | alert 22",
     .wrong = stumble_over_length,
     .shows = "alert 80"},
    {.id = "P-REC-26",
     .rows = "D6347-3.1-1 D6347-2-1",
     .matters = CHECK_EACH_CIPHER,
     .play = lose_one,
     .needs_echo = true,
     .strict = "data",
     .wrong = insist_on_every_record,
     .shows = "a record behind a lost one is lost"},
};

CHECK_FILE(layout)
