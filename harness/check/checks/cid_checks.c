/* SPDX-License-Identifier: MIT */
/* Connection ids (RFC 9146). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/checks/key_words.h"
#include "check/checks/session_words.h"
#include "check/ics.h"

#include <openssl/evp.h>
#include <string.h>

#define CONNECTION_ID 54
#define EARLY_CONNECTION_ID 53
#define RRC 61          /* the extension of RFC 9853 */
#define PATH_RESPONSE 1 /* a message of it; path_challenge is 0 */
#define COOKIE_LEN 8
#define HEADER_TO_CID 11 /* bytes of a record before its connection id */
#define DATA_LEN 24
#define MANY 8             /* associations */
#define UNANSWERED_MS 1500 /* longer than a check of an address takes */
#define NOTED_LEN 20       /* of the id that a wrong target forgets */

/* ---- what scripts look at ---- */

/* The id that the target asked for, in its last hello. */
static struct dtls_bytes asked_id(struct scene *s)
{
    static struct hello hello;
    struct dtls_bytes data;
    struct dtls_bytes id;

    hello_hear(s, &hello);
    if (!hello_has(&hello, CONNECTION_ID, &data)) {
        scene_stop(s, "its hello has no connection_id");
    }
    scene_expect(s, dtls_get_vec8(&data, &id) && data.len == 0,
                 "a connection_id whose length does not fit");
    return id;
}

/* The records of these epochs have the peer's id, and no others have any. */
static void expect_ids_in(struct scene *s, unsigned first, unsigned last)
{
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, r->has_cid == (r->epoch >= first && r->epoch <= last),
                     "a record of type %u in epoch %u has %s connection id",
                     r->type, r->epoch, r->has_cid ? "a" : "no");
    }
    scene_expect(s, s->heard.num_foreign == 0, "a record that has no end");
}

/* Protected records have the peer's id, if it asked for one (D9146-3-7,
 * D9146-3-16). */
static void expect_ids(struct scene *s, bool asked)
{
    expect_ids_in(s, 1, asked ? UINT16_MAX : 0);
}

/* The keys with which the peer writes now. */
static struct dtls_protection *own_keys(struct peer *peer)
{
    struct dtls_record_layer *records = &peer->session.records;
    size_t current = records->write[1].taken &&
                     records->write[1].epoch == records->write_epoch;

    return &records->write[current].protection;
}

/* ---- P-CID-1: ids of every length, in every protected record ---- */

static void ask_for_id(struct scene *s, size_t len)
{
    bool complete;

    s->peer.config.cid_len = (uint8_t)len;
    complete = scene_connects(s);
    (void)asked_id(s);
    expect_ids(s, len != 0);
    scene_expect(s, complete, "data does not come back");
}

static void ask_for_ids(struct scene *s)
{
    static const uint8_t lengths[] = {0, 1, 2, NOTED_LEN, DTLS_OWN_CID_MAX};

    for (size_t i = 0; i < sizeof lengths; i++) {
        ask_for_id(s, lengths[i]);
        scene_again(s);
    }
}

static void ask_for_one_id(struct scene *s)
{
    ask_for_id(s, NOTED_LEN);
}

/* It leaves the type of data in the clear, as if there were no id. */
static bool echo_plainly(struct wrong *w, struct wrong_record *r)
{
    struct dtls_protection *keys = own_keys(&w->peer);
    uint8_t len = keys->cid_len;

    if (len != NOTED_LEN || r->wire.type != DTLS_APPLICATION_DATA) {
        return false;
    }
    keys->cid_len = 0;
    (void)wrong_echo(w, r);
    keys->cid_len = len;
    return true;
}

static void forget_its_id(struct wrong *w)
{
    w->hears = echo_plainly;
}

/* The peer's own engine reads no id so long, so the handshake stops at the
 * target's Finished. */
static void ask_for_long_id(struct scene *s)
{
    static uint8_t data[1 + DTLS_CID_MAX];
    bool came = false;

    data[0] = DTLS_CID_MAX;
    memset(data + 1, 0xa5, DTLS_CID_MAX);
    s->heard.cid = dtls_bytes_of(data + 1, DTLS_CID_MAX);
    hello_say_with(s, CONNECTION_ID, data, sizeof data);
    if (s->peer.role == DTLS_CLIENT) {
        (void)scene_come_to(s, DTLS_FINISHED);
    }
    scene_say_rest(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        came |= s->heard.records[i].has_cid && s->heard.records[i].epoch == 1;
    }
    scene_expect(s, came, "no record with an id of 255 bytes");
    scene_expect(s, s->heard.num_foreign == 0, "a record that has no end");
}

static bool read_without_long_id(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, CONNECTION_ID, &data) &&
           data.len > 1 + DTLS_OWN_CID_MAX &&
           wrong_reads_without(w, r, CONNECTION_ID);
}

static void refuse_long_ids(struct wrong *w)
{
    w->hears = read_without_long_id;
}

static void close_under_id(struct scene *s)
{
    scene_connect(s);
    s->heard.asked_to_close = true;
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    scene_pause(s);
    scene_expect(s, s->heard.closed, "no answer to close_notify");
    expect_ids(s, true);
}

/* It answers close_notify in the plain form. */
static bool close_plainly(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t close[2] = {DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY};

    if (!r->wire.cid_is_ours || r->wire.type != DTLS_ALERT) {
        return false;
    }
    own_keys(&w->peer)->cid_len = 0;
    (void)wrong_say(w, wrong_epoch(w), DTLS_ALERT,
                    dtls_bytes_of(close, sizeof close));
    w->deaf = true;
    return true;
}

static void forget_id_of_alerts(struct wrong *w)
{
    w->hears = close_plainly;
}

/* Each association has an id of its own; one of less than four bytes may come
 * again. */
static void ask_many_times(struct scene *s)
{
    static uint8_t seen[MANY][DTLS_CID_MAX];

    for (size_t i = 0; i < MANY; i++) {
        struct dtls_bytes id;

        scene_connect(s);
        id = asked_id(s);
        memcpy(seen[i], id.data, id.len);
        for (size_t j = 0; j < i; j++) {
            scene_expect(s,
                         id.len < 4 || memcmp(seen[j], id.data, id.len) != 0,
                         "the same connection id in two associations");
        }
        if (i + 1 < MANY) {
            scene_again(s);
        }
    }
}

static enum dtls_status make_same_id(void *self, struct dtls_span out)
{
    (void)self;
    memset(out.data, 0x37, out.len);
    return DTLS_OK;
}

static void ask_for_same_id(struct wrong *w)
{
    w->peer.config.make_cid = make_same_id;
}

/* Before and behind the cookie, a client asks for the same id. */
static void compare_ids(struct scene *s)
{
    const struct heard_message *m;
    struct dtls_bytes before;
    struct dtls_bytes after;
    static struct hello first;
    static struct hello second;

    s->cookies = 1;
    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    m = s->heard.messages;
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 2,
                 "no second ClientHello");
    hello_read_client(&first, dtls_span_bytes(m[0].body));
    hello_read_client(&second, dtls_span_bytes(m[1].body));
    scene_expect(s,
                 hello_has(&first, CONNECTION_ID, &before) &&
                     hello_has(&second, CONNECTION_ID, &after) &&
                     dtls_bytes_equal(before, after),
                 "another connection id behind the cookie");
}

static void ask_for_another(struct hello *hello)
{
    static const uint8_t other[] = "\10another.";

    hello_drop(hello, CONNECTION_ID);
    hello_add(hello, CONNECTION_ID, other, sizeof other - 1);
}

static bool say_another_id(struct wrong *w, struct peer_message *m)
{
    return m->record_type != DTLS_HANDSHAKE || m->type != DTLS_CLIENT_HELLO ||
           m->seq == 0 || !w->sut.setup.cids ||
           wrong_says_hello(w, m, ask_for_another);
}

static void change_its_id(struct wrong *w)
{
    w->says = say_another_id;
}

/* ---- P-CID-2: not asked for ---- */

static void expect_no_id(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, CONNECTION_ID, &data),
                 "connection_id in ServerHello");
    scene_expect(s, !hello_has(&hello, EARLY_CONNECTION_ID, &data),
                 "extension 53 in ServerHello");
}

static void offer_no_id(struct scene *s)
{
    s->peer.config.connection_ids = false;
    hello_say_without(s, CONNECTION_ID);
    expect_no_id(s);
}

static void offer_early_id(struct scene *s)
{
    static const uint8_t id[] = "\4abcd";

    s->peer.config.connection_ids = false;
    hello_say_with(s, EARLY_CONNECTION_ID, id, sizeof id - 1);
    expect_no_id(s);
}

static void expect_no_rrc(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    scene_expect(s, !hello_has(&hello, RRC, &data), "rrc in ServerHello");
}

static void offer_ids_alone(struct scene *s)
{
    hello_say_without(s, RRC);
    expect_no_rrc(s);
}

static void offer_rrc_alone(struct scene *s)
{
    s->peer.config.connection_ids = false;
    hello_say_with(s, RRC, "", 0);
    expect_no_rrc(s);
}

static void answer_rrc(struct hello *hello)
{
    hello_drop(hello, RRC);
    hello_add(hello, RRC, "", 0);
}

static bool say_rrc(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, answer_rrc);
}

/* A hello that has one of the two only. */
static bool note_one(struct wrong *w, struct wrong_record *r)
{
    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER && wrong_hello(r, &(struct hello){0}) &&
        wrong_hello_has(r, RRC, NULL) !=
            wrong_hello_has(r, CONNECTION_ID, NULL)) {
        w->says = say_rrc;
    }
    return false;
}

static void answer_rrc_anyway(struct wrong *w)
{
    w->hears = note_one;
}

static void answer_id(struct hello *hello)
{
    static const uint8_t empty;

    hello_add(hello, CONNECTION_ID, &empty, 1);
}

static bool was_offered_id(const struct wrong *w)
{
    return w->peer.session.records.cid_out_len != 0;
}

static bool say_unasked_id(struct wrong *w, struct peer_message *m)
{
    return was_offered_id(w) || w->peer.role != DTLS_SERVER ||
           wrong_says_hello(w, m, answer_id);
}

static void answer_unasked(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    if (w->sut.setup.cids) {
        w->says = say_unasked_id;
    }
}

/* It takes the early number for the one that was assigned. */
static bool read_early_id(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER && wrong_hello(r, &hello) &&
        hello_has(&hello, EARLY_CONNECTION_ID, &data)) {
        w->says = say_unasked_id;
    }
    return false;
}

static void take_early_id(struct wrong *w)
{
    w->hears = read_early_id;
}

/* ---- P-CID-3: malformed ---- */

static void say_long_length(struct scene *s)
{
    hello_is_refused_with(s, CONNECTION_ID, "\5abcd", 5);
}

static void say_short_length(struct scene *s)
{
    hello_is_refused_with(s, CONNECTION_ID, "\3abcd", 5);
}

static void say_no_length(struct scene *s)
{
    hello_is_refused_with(s, CONNECTION_ID, "", 0);
}

/* It goes on as if the extension were not there. */
static bool overlook_bad_id(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct dtls_bytes id;

    return wrong_hello_has(r, CONNECTION_ID, &data) &&
           (!dtls_get_vec8(&data, &id) || data.len != 0) &&
           wrong_reads_without(w, r, CONNECTION_ID);
}

static void overlook_bad_ids(struct wrong *w)
{
    w->hears = overlook_bad_id;
}

/* ---- P-CID-2: of a client ---- */

static void answer_unasked_id(struct scene *s)
{
    hello_is_refused_with(s, CONNECTION_ID, "\3abc", 4);
}

/* A client that has offered none reads such a hello as if it had none. */
static bool overlook_id_in_hello(struct wrong *w, struct wrong_record *r)
{
    return w->peer.role == DTLS_CLIENT && !w->sut.setup.cids &&
           wrong_hello_has(r, CONNECTION_ID, NULL) &&
           wrong_reads_without(w, r, CONNECTION_ID);
}

static void overlook_unasked_id(struct wrong *w)
{
    w->hears = overlook_id_in_hello;
}

/* ---- P-CID-4: records of the wrong form ---- */

/* Appends a record of data under this id to scene->out.  libcrypto seals
 * records with and without an id in other ways, and no object of it can do
 * both. */
static void seal_under(struct scene *s, struct dtls_bytes id,
                       struct dtls_bytes data)
{
    const struct dtls_crypto *crypto = &s->peer.crypto;
    struct dtls_protection keys = *own_keys(&s->peer);
    struct dtls_hmac_key mac;
    const uint16_t epoch = scene_epoch(s);
    const struct dtls_cipher_keys parts = {
        dtls_bytes_of(key_kept.mac, dtls_suite_mac_len(key_kept.suite)),
        dtls_bytes_of(key_kept.key, key_kept.suite->key_len),
        dtls_bytes_of(key_kept.salt, key_kept.suite->salt_len)};
    bool is_sealed;

    keys.cid = id.data;
    keys.cid_len = (uint8_t)id.len;
    keys.cipher.mac = &mac;
    is_sealed =
        dtls_libcrypto.cipher_key(crypto->self, &keys.cipher, key_kept.suite,
                                  &parts, true) == DTLS_OK &&
        dtls_protect_seal(crypto, &keys, &s->out, DTLS_APPLICATION_DATA,
                          DTLS_VERSION_1_2, epoch, (*scene_number(s, epoch))++,
                          data) == DTLS_OK;
    dtls_libcrypto.cipher_free(crypto->self, &keys.cipher);
    if (!is_sealed) {
        scene_stop(s, "the peer cannot seal");
    }
}

/* Says data under this id, with a MAC that goes with it; they must not come
 * back. */
static void say_under(struct scene *s, struct dtls_bytes id)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data = scene_make_data(s, bytes, sizeof bytes);

    seal_under(s, id, data);
    scene_send(s);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1), "data comes back that has %s id",
                 id.len == 0 ? "no" : "another");
    s->hopes = true;
}

/* Connects, and keeps the id that the peer's records have. */
static struct dtls_span come_to_id(struct scene *s)
{
    static uint8_t bytes[DTLS_CID_MAX];
    struct dtls_bytes id;

    s->peer.crypto.cipher_key = key_keep;
    scene_connect(s);
    id = asked_id(s);
    if (id.len == 0) {
        scene_stop(s, "it asks for an empty connection id");
    }
    memcpy(bytes, id.data, id.len);
    return (struct dtls_span){bytes, id.len};
}

static void say_without_id(struct scene *s)
{
    (void)come_to_id(s);
    say_under(s, (struct dtls_bytes){0});
}

static void say_unasked(struct scene *s)
{
    static const uint8_t id[SUT_CID_LEN] = "unasked.";

    s->peer.crypto.cipher_key = key_keep;
    s->peer.config.connection_ids = false;
    scene_connect(s);
    say_under(s, dtls_bytes_of(id, sizeof id));
}

static void say_other_id(struct scene *s)
{
    struct dtls_span id = come_to_id(s);

    id.data[id.len - 1] ^= 0x10;
    say_under(s, dtls_span_bytes(id));
}

/* The same bytes, and one less or more. */
static void say_shorter_id(struct scene *s)
{
    struct dtls_span id = come_to_id(s);

    id.len--;
    say_under(s, dtls_span_bytes(id));
}

/* Ends datagrams with a record where no record can end. */
static void say_cut(struct scene *s)
{
    struct dtls_span id = come_to_id(s);
    const size_t ends[] = {HEADER_TO_CID, HEADER_TO_CID + id.len - 1,
                           HEADER_TO_CID + id.len, HEADER_TO_CID + id.len + 1,
                           HEADER_TO_CID + id.len + 2};
    uint8_t bytes[DATA_LEN];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        (void)scene_put_data(s, bytes, sizeof bytes);
        s->out.len = ends[i];
        scene_send(s);
    }
}

/* The length is one more than there are bytes. */
static void say_overrun(struct scene *s)
{
    struct dtls_span id = come_to_id(s);
    uint8_t bytes[DATA_LEN];

    (void)scene_put_data(s, bytes, sizeof bytes);
    s->out.data[HEADER_TO_CID + id.len + 1]++;
    scene_send(s);
}

/* Opens the only record of a datagram as if its records had this id, and sends
 * back what is in it. */
static bool echo_under(struct wrong *w, struct dtls_span datagram,
                       struct dtls_bytes id)
{
    static uint8_t copy[PEER_DATAGRAM_MAX];
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record_layer *records = &w->peer.session.records;
    struct dtls_record record;

    memcpy(copy, datagram.data, datagram.len);
    if (dtls_record_next_of(&rest, id, &record) != DTLS_OK ||
        record.epoch == 0) {
        return false;
    }
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        struct dtls_protection keys = records->read[i].protection;

        keys.cid = id.data;
        keys.cid_len = (uint8_t)id.len;
        if (records->read[i].taken && records->read[i].epoch == record.epoch &&
            dtls_protect_open(&w->peer.crypto, &keys, &record, &record.body) ==
                DTLS_OK &&
            (id.len == 0 || dtls_protect_unwrap(&record)) &&
            record.type == DTLS_APPLICATION_DATA) {
            return wrong_data(w, dtls_span_bytes(record.body));
        }
    }
    return false;
}

static bool is_under_id(const struct wrong *w)
{
    return w->sut.setup.cids && w->sut.state == SUT_CONNECTED;
}

static bool echo_without_id(struct wrong *w, struct dtls_span datagram)
{
    return is_under_id(w) &&
           w->peer.session.records.read[1].protection.cid_len != 0 &&
           datagram.data[0] != DTLS_TLS12_CID &&
           echo_under(w, datagram, (struct dtls_bytes){0});
}

static void take_without_id(struct wrong *w)
{
    w->gets = echo_without_id;
}

/* It takes every id of the length of its own, or of `less` bytes less. */
static bool echo_any_id(struct wrong *w, struct dtls_span datagram,
                        size_t less)
{
    const size_t len = SUT_CID_LEN - less;
    uint8_t id[SUT_CID_LEN];

    if (!is_under_id(w) || datagram.len < HEADER_TO_CID + len ||
        datagram.data[0] != DTLS_TLS12_CID) {
        return false;
    }
    memcpy(id, datagram.data + HEADER_TO_CID, len);
    return echo_under(w, datagram, dtls_bytes_of(id, len));
}

static bool echo_its_length(struct wrong *w, struct dtls_span datagram)
{
    return echo_any_id(w, datagram, 0);
}

static bool echo_shorter(struct wrong *w, struct dtls_span datagram)
{
    return echo_any_id(w, datagram, 1);
}

static void take_any_id(struct wrong *w)
{
    w->gets = echo_its_length;
}

static void take_shorter_ids(struct wrong *w)
{
    w->gets = echo_shorter;
}

/* It dies of a record with an id that is not whole. */
static bool die_of_part(struct wrong *w, struct dtls_span datagram)
{
    struct dtls_record_layer *records = &w->peer.session.records;
    struct dtls_record record;

    return is_under_id(w) && datagram.data[0] == DTLS_TLS12_CID &&
           dtls_record_layer_next(records, &datagram, &record) != DTLS_OK &&
           wrong_dies(w);
}

static void die_of_parts(struct wrong *w)
{
    w->gets = die_of_part;
}

/* ---- P-CID-5: what is inside ---- */

/* Says a record whose plaintext, with type and padding, is `inner` and a zero.
 */
static void say_inner(struct scene *s, struct dtls_bytes inner)
{
    scene_say_record(s, scene_epoch(s), 0, inner);
}

static void say_padded(struct scene *s)
{
    static const size_t paddings[] = {1, 2, 17, 100, 255, 1000};
    uint8_t inner[DATA_LEN + 1 + 1000];

    (void)come_to_id(s);
    for (size_t i = 0; i < sizeof paddings / sizeof *paddings; i++) {
        struct dtls_bytes data = scene_make_data(s, inner, DATA_LEN);

        memset(inner + DATA_LEN, 0, sizeof inner - DATA_LEN);
        inner[DATA_LEN] = DTLS_APPLICATION_DATA;
        /* The last zero is the one that say_inner adds. */
        say_inner(s, dtls_bytes_of(inner, DATA_LEN + paddings[i]));
        scene_expect(s, scene_hears(s, data, 1),
                     "data with %zu bytes of padding does not come back",
                     paddings[i]);
    }
}

/* Padding is data to it. */
static bool echo_with_padding(struct wrong *w, struct dtls_span datagram)
{
    struct dtls_span rest = datagram;
    struct dtls_record record;

    if (!is_under_id(w) || datagram.data[0] != DTLS_TLS12_CID ||
        dtls_record_layer_next(&w->peer.session.records, &rest, &record) !=
            DTLS_OK) {
        return false;
    }
    return record.body.len > 200; /* a record of some size is lost */
}

static void lose_padded(struct wrong *w)
{
    w->gets = echo_with_padding;
}

static void say_zeros(struct scene *s)
{
    static const uint8_t zeros[DATA_LEN];

    (void)come_to_id(s);
    say_inner(s, dtls_bytes_of(zeros, 0));
    say_inner(s, dtls_bytes_of(zeros, sizeof zeros));
}

/* Says data under an inner type that is not theirs. */
static void say_typed(struct scene *s, uint8_t type)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;

    (void)come_to_id(s);
    data = scene_make_data(s, bytes, sizeof bytes);
    scene_say_record(s, scene_epoch(s), type, data);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1),
                 "a record of inner type %u comes back as data", type);
    s->hopes = true;
}

static void say_id_inside(struct scene *s)
{
    say_typed(s, DTLS_TLS12_CID);
}

static void say_unknown_inside(struct scene *s)
{
    say_typed(s, 99);
}

static void say_close_inside(struct scene *s)
{
    (void)come_to_id(s);
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    scene_pause(s);
}

/* Data without a byte, then some more. */
static void say_empty_inside(struct scene *s)
{
    (void)come_to_id(s);
    scene_say_record(s, scene_epoch(s), DTLS_APPLICATION_DATA,
                     (struct dtls_bytes){0});
}

/* A record that came under its id, whose inner type is no data's. */
static bool is_odd_inside(const struct wrong_record *r)
{
    return r->wire.cid_is_ours && r->wire.epoch != 0 && r->opened &&
           (r->wire.type < DTLS_CHANGE_CIPHER_SPEC ||
            (r->wire.type > DTLS_APPLICATION_DATA &&
             r->wire.type != DTLS_ROUTABILITY_CHECK));
}

static bool echo_odd(struct wrong *w, struct wrong_record *r)
{
    return is_odd_inside(r) && wrong_data(w, dtls_span_bytes(r->plain));
}

static void take_any_inside(struct wrong *w)
{
    w->hears = echo_odd;
}

static bool die_of_zero(struct wrong *w, struct wrong_record *r)
{
    return r->wire.cid_is_ours && r->wire.epoch != 0 && !r->opened &&
           w->sut.state == SUT_CONNECTED && wrong_dies(w);
}

static void die_of_zeros(struct wrong *w)
{
    w->hears = die_of_zero;
}

static bool overlook_close(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return r->wire.cid_is_ours && r->opened && r->wire.type == DTLS_ALERT &&
           r->plain.len == 2 && r->plain.data[1] == DTLS_CLOSE_NOTIFY;
}

static void overlook_closes(struct wrong *w)
{
    w->hears = overlook_close;
}

static bool refuse_empty(struct wrong *w, struct wrong_record *r)
{
    return r->wire.cid_is_ours && r->opened &&
           r->wire.type == DTLS_APPLICATION_DATA && r->plain.len == 0 &&
           wrong_alert(w, 50);
}

static void refuse_empty_inside(struct wrong *w)
{
    w->hears = refuse_empty;
}

/* The second record of a datagram is not authentic. */
static void say_two(struct scene *s)
{
    uint8_t bytes[2][DATA_LEN];
    struct dtls_bytes first;
    struct dtls_bytes second;

    (void)come_to_id(s);
    first = scene_put_data(s, bytes[0], DATA_LEN);
    second = scene_put_data(s, bytes[1], DATA_LEN);
    s->out.data[s->out.len - 1] ^= 1;
    scene_send(s);
    scene_expect(s, scene_hears(s, first, 1),
                 "the first record of a datagram does not come back");
    s->hopes = false;
    scene_expect(s, !scene_hears(s, second, 1),
                 "a record that is not authentic comes back");
    s->hopes = true;
}

/* It reads a datagram of records with its id only if all are authentic. */
static bool lose_datagram(struct wrong *w, struct dtls_span datagram)
{
    static uint8_t copy[PEER_DATAGRAM_MAX];
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    bool good = true;

    memcpy(copy, datagram.data, datagram.len);
    while (is_under_id(w) && good && rest.len != 0 &&
           dtls_record_layer_next(&w->peer.session.records, &rest, &record) ==
               DTLS_OK) {
        good = !record.cid_is_ours || peer_open(&w->peer, &record);
    }
    return !good;
}

static void lose_datagrams(struct wrong *w)
{
    w->gets = lose_datagram;
}

/* ---- P-CID-6: what the MAC covers ---- */

/* Which byte of a record with an id is changed on its way. */
static size_t place_of_epoch(struct dtls_span record)
{
    (void)record;
    return 4;
}

static size_t place_of_number(struct dtls_span record)
{
    (void)record;
    return HEADER_TO_CID - 1;
}

static size_t place_of_id(struct dtls_span record)
{
    (void)record;
    return HEADER_TO_CID;
}

static size_t place_of_end(struct dtls_span record)
{
    return record.len - 1;
}

static void change_at(struct scene *s,
                      size_t (*place)(struct dtls_span record))
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;

    (void)come_to_id(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    s->out.data[place((struct dtls_span){s->out.data, s->out.len})] ^= 0x40;
    scene_send(s);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1), "a changed record comes back");
    s->hopes = true;
}

/* It reads a record without a look at that byte. */
static bool echo_changed(struct wrong *w, struct dtls_span datagram,
                         size_t (*place)(struct dtls_span record))
{
    const struct dtls_record_layer *records = &w->peer.session.records;
    static uint8_t copy[PEER_DATAGRAM_MAX];

    if (!is_under_id(w) || datagram.data[0] != DTLS_TLS12_CID) {
        return false;
    }
    memcpy(copy, datagram.data, datagram.len);
    copy[place((struct dtls_span){copy, datagram.len})] ^= 0x40;
    return echo_under(w, (struct dtls_span){copy, datagram.len},
                      dtls_bytes_of(records->cid, records->cid_len));
}

static void change_epoch(struct scene *s)
{
    change_at(s, place_of_epoch);
}

static bool echo_without_epoch(struct wrong *w, struct dtls_span datagram)
{
    return echo_changed(w, datagram, place_of_epoch);
}

static void overlook_epoch(struct wrong *w)
{
    w->gets = echo_without_epoch;
}

static void change_number(struct scene *s)
{
    change_at(s, place_of_number);
}

static bool echo_without_number(struct wrong *w, struct dtls_span datagram)
{
    return echo_changed(w, datagram, place_of_number);
}

static void overlook_number(struct wrong *w)
{
    w->gets = echo_without_number;
}

static void change_id(struct scene *s)
{
    change_at(s, place_of_id);
}

static bool echo_whatever_id(struct wrong *w, struct dtls_span datagram)
{
    return echo_changed(w, datagram, place_of_id);
}

static void overlook_id(struct wrong *w)
{
    w->gets = echo_whatever_id;
}

static void change_end(struct scene *s)
{
    change_at(s, place_of_end);
}

static bool echo_without_end(struct wrong *w, struct dtls_span datagram)
{
    return echo_changed(w, datagram, place_of_end);
}

static void overlook_end(struct wrong *w)
{
    w->gets = echo_without_end;
}

/* ---- P-CID-7: from another address ---- */

/* Seals data and sends them from another port. */
static struct dtls_bytes say_from_elsewhere(struct scene *s,
                                            uint8_t bytes[DATA_LEN])
{
    struct dtls_bytes data = scene_put_data(s, bytes, DATA_LEN);

    s->line.address = SUT_OTHER_PORT;
    scene_send(s);
    return data;
}

static void expect_nothing_elsewhere(struct scene *s)
{
    scene_expect(s, s->line.num_elsewhere == 0,
                 "an answer to an address that is not the client's");
}

/* The data comes back to where it goes, and nothing to the other port. */
static void expect_home(struct scene *s)
{
    s->line.address = SUT_HOME;
    scene_expect(s, scene_probe(s), "data does not come back");
    expect_nothing_elsewhere(s);
}

/* The challenge, if one comes, has no answer. */
static void say_newest_from_elsewhere(struct scene *s)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;
    size_t sent;

    (void)come_to_id(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    sent = s->out.len;
    s->line.address = SUT_OTHER_PORT;
    scene_send(s);
    scene_expect(s, scene_hears(s, data, 1),
                 "data of another address does not come back");
    scene_wait(s, UNANSWERED_MS);
    scene_expect(s, s->line.bytes_elsewhere <= 3 * sent,
                 "%zu bytes to an address from which %zu have come",
                 s->line.bytes_elsewhere, sent);
    s->line.num_elsewhere = 0;
    expect_home(s);
}

/* The peer answers a challenge at the address to which it came.  From then on
 * data come back to one address only. */
static void answer_from_elsewhere(struct scene *s)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;

    (void)come_to_id(s);
    data = say_from_elsewhere(s, bytes);
    scene_expect(s, scene_hears(s, data, 1),
                 "data of another address does not come back");
    scene_pause(s);
    peer_take_flight(&s->peer);
    s->next = 0;
    scene_say_rest(s);
    data = say_from_elsewhere(s, bytes);
    scene_expect(s, scene_hears(s, data, 1),
                 "data behind the check does not come back");
    scene_pause(s);
    scene_expect(s, heard_data(&s->heard, data) == 1,
                 "data behind the check comes back %u times",
                 heard_data(&s->heard, data));
}

static void forge_from_elsewhere(struct scene *s)
{
    uint8_t bytes[DATA_LEN];

    (void)come_to_id(s);
    (void)scene_put_data(s, bytes, sizeof bytes);
    s->out.data[s->out.len - 1] ^= 1;
    s->line.address = SUT_OTHER_PORT;
    scene_send(s);
    scene_pause(s);
    expect_home(s);
}

/* Says records from home, and then the first of them from elsewhere. */
static void say_first_again(struct scene *s, bool is_new)
{
    uint8_t bytes[2][DATA_LEN];
    uint8_t early[256];
    struct dtls_bytes data[2];
    size_t len;

    (void)come_to_id(s);
    data[0] = scene_put_data(s, bytes[0], DATA_LEN);
    len = s->out.len;
    if (len > sizeof early) {
        scene_stop(s, "the record is too long");
    }
    memcpy(early, s->out.data, len);
    if (is_new) {
        s->out.len = 0;
    } else {
        scene_send(s);
    }
    data[1] = scene_put_data(s, bytes[1], DATA_LEN);
    scene_send(s);
    scene_expect(s, scene_hears(s, data[1], 1), "data does not come back");
    s->line.address = SUT_OTHER_PORT;
    scene_say_bytes(s, dtls_bytes_of(early, len));
    scene_expect(s, scene_hears(s, data[0], 1),
                 "an older record of another address does not come back");
    scene_pause(s);
    expect_home(s);
}

static void say_old_from_elsewhere(struct scene *s)
{
    say_first_again(s, true);
}

static void replay_from_elsewhere(struct scene *s)
{
    say_first_again(s, false);
}

static void say_plainly_from_elsewhere(struct scene *s)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;

    s->peer.config.connection_ids = false;
    scene_connect(s);
    data = say_from_elsewhere(s, bytes);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1),
                 "data without an id comes back to another address");
    s->hopes = true;
    expect_home(s);
}

static bool is_elsewhere(const struct wrong *w)
{
    return w->address != SUT_HOME && w->sut.state == SUT_CONNECTED;
}

/* It sends what it has just heard from a new address there again and again. */
static bool echo_too_often(struct wrong *w, struct wrong_record *r)
{
    if (!is_elsewhere(w) || !r->opened) {
        return false;
    }
    w->sut.to = w->address;
    for (int i = 0; i < 4; i++) {
        (void)wrong_echo(w, r);
    }
    w->sut.to = SUT_HOME;
    return false;
}

static void shout_at_elsewhere(struct wrong *w)
{
    w->hears = echo_too_often;
}

/* It answers to both addresses for ever. */
static bool echo_to_both(struct wrong *w, struct wrong_record *r)
{
    if (is_elsewhere(w) && r->opened) {
        (void)wrong_echo(w, r);
    }
    return false;
}

static void keep_both(struct wrong *w)
{
    w->hears = echo_to_both;
}

/* It answers to where any record came from. */
static bool move_at_once(struct wrong *w, struct dtls_span datagram)
{
    (void)datagram;
    w->sut.to = w->sut.state == SUT_CONNECTED ? w->address : SUT_HOME;
    return false;
}

/* It takes notice of what it cannot use, too. */
static bool move_and_tell(struct wrong *w, struct wrong_record *r)
{
    if (is_elsewhere(w) && !r->opened) {
        w->sut.to = w->address;
        (void)wrong_data(w, (struct dtls_bytes){0});
        w->sut.to = SUT_HOME;
    }
    return false;
}

static void move_by_forged(struct wrong *w)
{
    w->hears = move_and_tell;
}

static void move_by_any(struct wrong *w)
{
    w->gets = move_at_once;
}

/* It answers the replayed record. */
static bool echo_again(struct wrong *w, struct wrong_record *r)
{
    w->sut.to = w->address;
    if (is_elsewhere(w) && r->opened) {
        (void)wrong_echo(w, r);
    }
    w->sut.to = SUT_HOME;
    return false;
}

static void move_by_replay(struct wrong *w)
{
    w->hears = echo_again;
}

/* ---- P-CID-7: challenges of the peer (RFC 9853) ---- */

/* How many answers (path_response) with this cookie have come. */
static unsigned count_responses(const struct scene *s,
                                const uint8_t cookie[COOKIE_LEN])
{
    unsigned num = 0;

    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        num += r->type == DTLS_ROUTABILITY_CHECK && r->epoch != 0 &&
               r->opened && r->body.len == 1 + COOKIE_LEN &&
               r->body.data[0] == PATH_RESPONSE &&
               memcmp(r->body.data + 1, cookie, COOKIE_LEN) == 0;
    }
    return num;
}

/* Both hellos have the extension, or there is no answer. */
static bool has_agreed_on_rrc(struct scene *s)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    return hello_has(&hello, RRC, &data);
}

/* The second record is the first one again. */
static void challenge(struct scene *s)
{
    static const uint8_t content[1 + COOKIE_LEN] = "\0abcdefg1";
    uint8_t record[256];
    size_t len;
    unsigned num;
    unsigned due;

    (void)come_to_id(s);
    due = has_agreed_on_rrc(s) ? 1 : 0;
    peer_put_record(&s->peer, &s->out, scene_epoch(s), DTLS_ROUTABILITY_CHECK,
                    dtls_bytes_of(content, sizeof content));
    len = s->out.len;
    memcpy(record, s->out.data, len < sizeof record ? len : sizeof record);
    scene_send(s);
    scene_pause(s);
    num = count_responses(s, content + 1);
    scene_expect(s, num == due, "%u answers to a path_challenge, not %u", num,
                 due);
    scene_say_bytes(s, dtls_bytes_of(record, len));
    scene_pause(s);
    scene_expect(s, count_responses(s, content + 1) == due,
                 "an answer to a path_challenge that is replayed");
}

/* Messages that no end has reason to answer. */
static void say_odd_checks(struct scene *s)
{
    static const struct {
        uint8_t content[12];
        size_t len;
    } odd[] = {{"\3abcdefgh", 9}, {"\310abcdefgh", 9}, {"\377abcdefgh", 9},
               {"\0", 1},         {"\0abcdefg", 8},    {"\0abcdefghi", 10},
               {"\1abcdefgh", 9}, {"\2abcdefgh", 9}};
    unsigned before;

    (void)come_to_id(s);
    before = s->heard.num_datagrams;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        scene_say_record(s, scene_epoch(s), DTLS_ROUTABILITY_CHECK,
                         dtls_bytes_of(odd[i].content, odd[i].len));
    }
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams == before,
                 "an answer to what is no path_challenge");
}

static bool answer_check(struct wrong *w, const struct wrong_record *r)
{
    uint8_t answer[1 + COOKIE_LEN] = {PATH_RESPONSE};

    memcpy(answer + 1, r->plain.data + 1, COOKIE_LEN);
    return wrong_say(w, wrong_epoch(w), DTLS_ROUTABILITY_CHECK,
                     dtls_bytes_of(answer, sizeof answer));
}

static bool is_check(const struct wrong_record *r, bool is_challenge)
{
    return r->opened && r->wire.epoch != 0 &&
           r->wire.type == DTLS_ROUTABILITY_CHECK &&
           r->plain.len == 1 + COOKIE_LEN &&
           (r->plain.data[0] == 0) == is_challenge;
}

/* ---- P-CID-6: the MAC of a draft ---- */

#define NONCE_LEN 8 /* explicit, of GCM */
#define TAG_LEN 16
#define SEALED_MAX 200 /* bytes of such a record */

static bool is_gcm(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_GCM;
}

/* The additional data of draft-ietf-tls-dtls-connection-id-05: number, type,
 * version, id, length of the id, length of the text.  RFC 9146 begins with
 * eight bytes ff, and has the id behind its length. */
static bool put_draft_form(struct dtls_buf *out, struct dtls_bytes header,
                           struct dtls_bytes id, size_t text_len)
{
    return dtls_put_bytes(out, dtls_bytes_of(header.data + 3, 8)) &&
           dtls_put_bytes(out, dtls_bytes_of(header.data, 3)) &&
           dtls_put_bytes(out, id) && dtls_put_u8(out, (uint8_t)id.len) &&
           dtls_put_u16(out, (uint16_t)text_len);
}

/* AES-GCM over `text` in place, with the keys with which the script's peer
 * seals; the tag is behind the text. */
static bool draft_cipher(struct dtls_span text, const uint8_t *explicit_nonce,
                         struct dtls_bytes form, bool seal)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *cipher =
        key_kept.suite->key_len == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    uint8_t *tag = text.data + text.len;
    uint8_t nonce[DTLS_NONCE_LEN];
    int len;
    bool ok;

    memcpy(nonce, key_kept.salt, 4);
    memcpy(nonce + 4, explicit_nonce, NONCE_LEN);
    ok =
        EVP_CipherInit_ex(ctx, cipher, NULL, key_kept.key, nonce, seal) == 1 &&
        EVP_CipherUpdate(ctx, NULL, &len, form.data, (int)form.len) == 1 &&
        EVP_CipherUpdate(ctx, text.data, &len, text.data, (int)text.len) ==
            1 &&
        (seal ||
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) == 1) &&
        EVP_CipherFinal_ex(ctx, tag, &len) == 1 &&
        (!seal ||
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, tag) == 1);
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

/* Says data in a record that such a draft would have made. */
static void say_as_draft(struct scene *s)
{
    const struct dtls_span id = come_to_id(s);
    const uint16_t epoch = scene_epoch(s);
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data = scene_make_data(s, bytes, sizeof bytes);
    const size_t text_len = data.len + 1;
    uint8_t form_bytes[64 + DTLS_CID_MAX];
    struct dtls_buf form = {form_bytes, 0, sizeof form_bytes};
    const uint8_t *header = s->out.data;
    uint8_t *nonce;
    bool fits;

    fits = dtls_put_u8(&s->out, DTLS_TLS12_CID) &&
           dtls_put_u16(&s->out, DTLS_VERSION_1_2) &&
           dtls_put_u16(&s->out, epoch) &&
           dtls_put_u48(&s->out, (*scene_number(s, epoch))++) &&
           dtls_put_bytes(&s->out, dtls_span_bytes(id)) &&
           dtls_put_u16(&s->out, (uint16_t)(NONCE_LEN + text_len + TAG_LEN)) &&
           dtls_put_bytes(&s->out, dtls_bytes_of(header + 3, NONCE_LEN)) &&
           dtls_put_bytes(&s->out, data) &&
           dtls_put_u8(&s->out, DTLS_APPLICATION_DATA) &&
           put_draft_form(&form, dtls_bytes_of(header, HEADER_TO_CID),
                          dtls_span_bytes(id), text_len);
    nonce = s->out.data + HEADER_TO_CID + id.len + 2;
    if (!fits || !draft_cipher((struct dtls_span){nonce + NONCE_LEN, text_len},
                               nonce, dtls_buf_bytes(&form), true)) {
        scene_stop(s, "the peer cannot seal");
    }
    s->out.len += TAG_LEN;
    scene_send(s);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1),
                 "a record with the MAC of a draft comes back");
    s->hopes = true;
}

/* It takes them, too. */
static bool echo_draft(struct wrong *w, struct dtls_span datagram)
{
    const struct dtls_record_layer *records = &w->peer.session.records;
    const struct dtls_bytes id = dtls_bytes_of(records->cid, records->cid_len);
    const size_t at = HEADER_TO_CID + id.len + 2;
    uint8_t copy[SEALED_MAX];
    uint8_t form_bytes[64 + DTLS_CID_MAX];
    struct dtls_buf form = {form_bytes, 0, sizeof form_bytes};
    struct dtls_span text = {copy + at + NONCE_LEN, 0};

    if (!is_under_id(w) || !is_gcm(w->sut.setup.suite) ||
        datagram.data[0] != DTLS_TLS12_CID || datagram.len > sizeof copy ||
        datagram.len < at + NONCE_LEN + 1 + TAG_LEN) {
        return false;
    }
    memcpy(copy, datagram.data, datagram.len);
    text.len = datagram.len - at - NONCE_LEN - TAG_LEN;
    if (key_kept.suite != w->sut.setup.suite ||
        !put_draft_form(&form, dtls_bytes_of(copy, HEADER_TO_CID), id,
                        text.len) ||
        !draft_cipher(text, copy + at, dtls_buf_bytes(&form), false)) {
        return false;
    }
    return wrong_data(w, dtls_bytes_of(text.data, text.len - 1));
}

static void take_draft(struct wrong *w)
{
    w->gets = echo_draft;
}

/* Its engine answers a second time. */
static bool answer_challenge(struct wrong *w, struct wrong_record *r)
{
    if (is_check(r, true)) {
        (void)answer_check(w, r);
    }
    return false;
}

static void answer_twice(struct wrong *w)
{
    w->hears = answer_challenge;
}

static bool answer_odd(struct wrong *w, struct wrong_record *r)
{
    return is_check(r, false) && w->sut.state == SUT_CONNECTED &&
           answer_check(w, r);
}

static void answer_any_type(struct wrong *w)
{
    w->hears = answer_odd;
}

/* ---- P-CID-8: another handshake, another session ---- */

static void renegotiate_with_id(struct scene *s)
{
    bool complete;

    scene_connect(s);
    scene_renegotiate(s);
    complete = scene_connects(s);
    expect_ids_in(s, 1, UINT16_MAX);
    scene_expect(s, complete, "the renegotiation is not complete");
}

/* The id ends with the epoch that had it. */
static void renegotiate_without_id(struct scene *s)
{
    bool complete;

    scene_connect(s);
    s->peer.config.connection_ids = false;
    scene_renegotiate(s);
    complete = scene_connects(s);
    expect_ids_in(s, 1, 1);
    scene_expect(s, complete, "the renegotiation is not complete");
}

static struct dtls_protection *keys_of(struct wrong *w, uint16_t epoch)
{
    struct dtls_record_layer *records = &w->peer.session.records;
    size_t i = records->write[1].taken && records->write[1].epoch == epoch;

    return &records->write[i].protection;
}

static const uint8_t changed_id[SUT_CID_LEN] = {'c', 'h', 'a', 'n',
                                                'g', 'e', 'd', '.'};

/* Says the peer's hello of another handshake with this id in place of its
 * own. */
static void say_hello_with_other_id(struct scene *s)
{
    const bool is_client = s->peer.role == DTLS_CLIENT;
    uint8_t data[1 + SUT_CID_LEN] = {SUT_CID_LEN};
    static struct hello hello;
    struct peer_message *m;

    memcpy(data + 1, changed_id, sizeof changed_id);
    scene_renegotiate(s);
    m = scene_come_to(s, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO);
    (is_client ? hello_read_client
               : hello_read_server)(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, CONNECTION_ID);
    hello_add(&hello, CONNECTION_ID, data, sizeof data);
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
}

/* The peer's own engine does not read that id, so the handshake stops at the
 * target's Finished. */
static void renegotiate_with_other_id(struct scene *s)
{
    bool came = false;

    scene_connect(s);
    say_hello_with_other_id(s);
    if (s->peer.role == DTLS_CLIENT) {
        (void)scene_come_to(s, DTLS_FINISHED);
    }
    s->heard.cid = dtls_bytes_of(changed_id, sizeof changed_id);
    scene_say_rest(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        came |= s->heard.records[i].has_cid && s->heard.records[i].epoch == 2;
    }
    scene_expect(s, came, "no record in epoch 2 with the new connection id");
    s->hopes = false;
}

static bool is_finished(const struct peer_message *m)
{
    return m->record_type == DTLS_HANDSHAKE && m->type == DTLS_FINISHED;
}

static bool finish_plainly(struct wrong *w, struct peer_message *m)
{
    if (is_finished(m) && m->epoch > 1) {
        keys_of(w, m->epoch)->cid_len = 0;
    }
    return true;
}

static void lose_id_again(struct wrong *w)
{
    w->says = finish_plainly;
}

static bool finish_with_old_id(struct wrong *w, struct peer_message *m)
{
    if (is_finished(m) && m->epoch > 1) {
        keys_of(w, m->epoch)->cid = w->peer.session.records.room->peer_cids[0];
        keys_of(w, m->epoch)->cid_len = SUT_CID_LEN;
    }
    return true;
}

static void keep_old_id(struct wrong *w)
{
    w->says = finish_with_old_id;
}

static void resume_under(struct scene *s, size_t len)
{
    bool complete;

    s->peer.config.connection_ids = len != 0;
    s->peer.config.cid_len = (uint8_t)len;
    if (s->peer.role == DTLS_CLIENT) {
        session_offer(s, NULL);
    }
    session_is_resumed(s);
    complete = scene_connects(s);
    expect_ids(s, len != 0);
    scene_expect(s, complete, "no data in the session resumed");
}

static void resume_with_ids(struct scene *s)
{
    session_make(s, session_way(s));
    resume_under(s, SUT_CID_LEN);
    session_again(s, session_way(s));
    resume_under(s, 3);
}

static void resume_without_id(struct scene *s)
{
    session_make(s, session_way(s));
    resume_under(s, 0);
}

static bool finish_resumed_plainly(struct wrong *w, struct peer_message *m)
{
    if (is_finished(m) && wrong_resumes(w)) {
        keys_of(w, m->epoch)->cid_len = 0;
    }
    return true;
}

static void lose_id_of_session(struct wrong *w)
{
    w->says = finish_resumed_plainly;
}

static bool finish_resumed_with_id(struct wrong *w, struct peer_message *m)
{
    if (is_finished(m) && wrong_resumes(w) && w->sut.setup.cids) {
        keys_of(w, m->epoch)->cid = w->peer.session.records.room->peer_cids[0];
        keys_of(w, m->epoch)->cid_len = SUT_CID_LEN;
    }
    return true;
}

static void keep_id_of_session(struct wrong *w)
{
    w->says = finish_resumed_with_id;
}

#define UNDER_ID .when = "cid=yes", .cids = true

static const struct check checks[] = {
    {.id = "P-CID-1",
     .rows = "D9146-3-1 D9146-3-2 D9146-3-3 D9146-3-4 D9146-3-5 D9146-3-6 "
             "D9146-3-7 D9146-3-16 D9146-3-18 D9146-4-1 D9146-4-2",
     .cids = true,
     .needs_echo = true,
     .play = ask_for_ids,
     .strict = "data",
     .wrong = forget_its_id,
     .shows = "a record of type * in epoch 1 has no connection id"},
    {.id = "P-CID-1.suites",
     .rows = "D9146-5.1-1 D9146-5.2-1 D9146-5.3-1 D9146-3-9 D9146-4-12 "
             "D9146-5-1",
     .matters = CHECK_EACH_SUITE | CHECK_EACH_BINDING,
     .is_honest = true,
     .cids = true,
     .needs_echo = true,
     .play = ask_for_one_id,
     .strict = "data",
     .wrong = forget_its_id,
     .shows = "a record of type * in epoch 1 has no connection id"},
    {.id = "P-CID-1.long",
     .rows = "D9146-3-4",
     .cids = true,
     .play = ask_for_long_id,
     .strict = "silence",
     .wrong = refuse_long_ids,
     .shows = "no record with an id of 255 bytes"},
    {.id = "P-CID-1.close",
     .rows = "D9146-3-17",
     .cids = true,
     .play = close_under_id,
     .strict = "silence",
     .wrong = forget_id_of_alerts,
     .shows = "no answer to close_notify"},
    {.id = "P-CID-1.many",
     .rows = "D9146-3-21 D9146-3-22",
     UNDER_ID,
     .play = ask_many_times,
     .strict = "data",
     .wrong = ask_for_same_id,
     .shows = "the same connection id in two associations"},
    {.id = "P-CID-1.cookie",
     .roles = CHECK_CLIENT,
     .rows = "D9146-3-14",
     .cids = true,
     .play = compare_ids,
     .strict = "data",
     .wrong = change_its_id,
     .shows = "another connection id behind the cookie"},
    {.id = "P-CID-2",
     .rows = "D9146-3-3",
     .cids = true,
     .play = offer_no_id,
     .strict = "data",
     .wrong = answer_unasked,
     .shows = "connection_id in ServerHello"},
    {.id = "P-CID-2.early",
     .rows = "D9146-3-13",
     .cids = true,
     .play = offer_early_id,
     .strict = "data",
     .wrong = take_early_id,
     .shows = "connection_id in ServerHello"},
    {.id = "P-CID-2.without_rrc",
     .rows = "D9853-3-4",
     .cids = true,
     .play = offer_ids_alone,
     .strict = "data",
     .wrong = answer_rrc_anyway,
     .shows = "rrc in ServerHello"},
    {.id = "P-CID-2.rrc_alone",
     .rows = "D9853-3-3",
     .cids = true,
     .play = offer_rrc_alone,
     .strict = "data",
     .wrong = answer_rrc_anyway,
     .shows = "rrc in ServerHello"},
    {.id = "P-CID-2.unasked",
     .roles = CHECK_CLIENT,
     .rows = "D9146-3-15",
     .play = answer_unasked_id,
     .strict = "alert 110",
     .tolerated = "alert 47",
     .wrong = overlook_unasked_id,
     .shows = "ClientKeyExchange"},
    {.id = "P-CID-3.long",
     .rows = "D9146-3-12",
     .cids = true,
     .play = say_long_length,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad_ids,
     .shows = "*Hello | ClientKeyExchange"},
    {.id = "P-CID-3.short",
     .rows = "D9146-3-12",
     .cids = true,
     .play = say_short_length,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad_ids,
     .shows = "*Hello | ClientKeyExchange"},
    {.id = "P-CID-3.empty",
     .rows = "D9146-3-12",
     .cids = true,
     .play = say_no_length,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_bad_ids,
     .shows = "*Hello | ClientKeyExchange"},
    {.id = "P-CID-4.plain",
     .matters = CHECK_EACH_CIPHER,
     .rows = "D9146-3-8 D9146-6-5",
     UNDER_ID,
     .needs_echo = true,
     .play = say_without_id,
     .strict = "data",
     .wrong = take_without_id,
     .shows = "data comes back that has no id"},
    {.id = "P-CID-4.unasked",
     .matters = CHECK_EACH_CIPHER,
     .rows = "D9146-3-10",
     .cids = true,
     .needs_echo = true,
     .play = say_unasked,
     .strict = "data",
     .wrong = take_any_id,
     .shows = "data comes back that has another id"},
    {.id = "P-CID-4.other",
     .matters = CHECK_EACH_CIPHER,
     .rows = "D9146-4-6 D9146-6-5",
     UNDER_ID,
     .needs_echo = true,
     .play = say_other_id,
     .strict = "data",
     .wrong = take_any_id,
     .shows = "data comes back that has another id"},
    {.id = "P-CID-4.shorter",
     .matters = CHECK_EACH_CIPHER,
     .rows = "D9146-4-6",
     UNDER_ID,
     .needs_echo = true,
     .play = say_shorter_id,
     .strict = "data",
     .wrong = take_shorter_ids,
     .shows = "data comes back that has another id"},
    {.id = "P-CID-4.cut",
     .rows = "D9146-4-7",
     UNDER_ID,
     .play = say_cut,
     .strict = "data",
     .wrong = die_of_parts,
     .shows = "dead"},
    {.id = "P-CID-4.overrun",
     .rows = "D9146-4-9",
     UNDER_ID,
     .play = say_overrun,
     .strict = "data",
     .wrong = die_of_parts,
     .shows = "dead"},
    {.id = "P-CID-5.padding",
     .rows = "D9146-4-3 D9146-5-2",
     UNDER_ID,
     .needs_echo = true,
     .play = say_padded,
     .strict = "data",
     .wrong = lose_padded,
     .shows = "data with * bytes of padding does not come back"},
    {.id = "P-CID-5.zeros",
     .rows = "D9146-4-4",
     UNDER_ID,
     .play = say_zeros,
     .strict = "data | alert 10",
     .wrong = die_of_zeros,
     .shows = "dead"},
    {.id = "P-CID-5.id",
     .rows = "D9146-4-5",
     UNDER_ID,
     .needs_echo = true,
     .play = say_id_inside,
     .strict = "data | alert 10",
     .wrong = take_any_inside,
     .shows = "a record of inner type 25 comes back as data"},
    {.id = "P-CID-5.unknown",
     .rows = "D9146-4-5",
     UNDER_ID,
     .needs_echo = true,
     .play = say_unknown_inside,
     .strict = "data | alert 10",
     .wrong = take_any_inside,
     .shows = "a record of inner type 99 comes back as data"},
    {.id = "P-CID-5.alert",
     .rows = "D9146-4-5 D9146-3-17",
     UNDER_ID,
     .play = say_close_inside,
     .strict = "close",
     .wrong = overlook_closes,
     .shows = "data"},
    {.id = "P-CID-5.empty",
     .rows = "D9146-4-8",
     UNDER_ID,
     .play = say_empty_inside,
     .strict = "data",
     .wrong = refuse_empty_inside,
     .shows = "alert 50"},
    {.id = "P-CID-5.several",
     .rows = "D9146-4-10",
     UNDER_ID,
     .needs_echo = true,
     .play = say_two,
     .strict = "data",
     .wrong = lose_datagrams,
     .shows = "the first record of a datagram does not come back"},
    {.id = "P-CID-6.epoch",
     .rows = "D9146-6-5",
     .matters = CHECK_EACH_CIPHER,
     UNDER_ID,
     .needs_echo = true,
     .play = change_epoch,
     .strict = "data",
     .wrong = overlook_epoch,
     .shows = "a changed record comes back"},
    {.id = "P-CID-6.number",
     .rows = "D9146-5.1-1 D9146-5.2-1 D9146-5.3-1 D9146-6-5",
     .matters = CHECK_EACH_CIPHER,
     UNDER_ID,
     .needs_echo = true,
     .play = change_number,
     .strict = "data",
     .wrong = overlook_number,
     .shows = "a changed record comes back"},
    {.id = "P-CID-6.id",
     .rows = "D9146-5.1-1 D9146-5.2-1 D9146-5.3-1 D9146-6-5",
     .matters = CHECK_EACH_CIPHER,
     UNDER_ID,
     .needs_echo = true,
     .play = change_id,
     .strict = "data",
     .wrong = overlook_id,
     .shows = "a changed record comes back"},
    {.id = "P-CID-6.end",
     .rows = "D9146-6-5",
     .matters = CHECK_EACH_CIPHER,
     UNDER_ID,
     .needs_echo = true,
     .play = change_end,
     .strict = "data",
     .wrong = overlook_end,
     .shows = "a changed record comes back"},
    {.id = "P-CID-6.draft",
     .rows = "D9146-5-3",
     .suits = is_gcm,
     UNDER_ID,
     .needs_echo = true,
     .play = say_as_draft,
     .strict = "data",
     .wrong = take_draft,
     .shows = "a record with the MAC of a draft comes back"},
    {.id = "P-CID-7",
     .rows = "D9146-6-3 D9146-6-4 D9853-5-1 D9853-5.1-2",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = say_newest_from_elsewhere,
     .strict = "data",
     .wrong = shout_at_elsewhere,
     .shows = "* bytes to an address from which * have come"},
    {.id = "P-CID-7.answered",
     .rows = "D9146-6-9 D9853-5-3 D9853-5.1-1",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = answer_from_elsewhere,
     .strict = "data",
     .wrong = keep_both,
     .shows = "data behind the check comes back 2 times"},
    {.id = "P-CID-7.forged",
     .rows = "D9146-6-1 D9146-6-5",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = forge_from_elsewhere,
     .strict = "data",
     .wrong = move_by_forged,
     .shows = "an answer to an address that is not the client's"},
    {.id = "P-CID-7.old",
     .rows = "D9146-6-2 D9146-6-4 D9146-6-6",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = say_old_from_elsewhere,
     .strict = "data",
     .wrong = move_by_any,
     .shows = "an answer to an address that is not the client's"},
    {.id = "P-CID-7.replayed",
     .rows = "D9146-6-2",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = replay_from_elsewhere,
     .strict = "data",
     .wrong = move_by_replay,
     .shows = "an answer to an address that is not the client's"},
    {.id = "P-CID-7.plain",
     .rows = "D9146-6-11",
     .when = "cid=yes,two_addresses",
     .cids = true,
     .needs_echo = true,
     .play = say_plainly_from_elsewhere,
     .strict = "data",
     .wrong = move_by_any,
     .shows = "data without an id comes back to another address"},
    {.id = "P-CID-7.challenge",
     .roles = CHECK_CLIENT | CHECK_SERVER,
     .rows = "D9853-3-6 D9853-4-1 D9853-4-2 D9853-4-3 D9853-5.4-1 D9853-5.4-2",
     UNDER_ID,
     .play = challenge,
     .strict = "data",
     .wrong = answer_twice,
     .shows = "2 answers to a path_challenge, not 1"},
    {.id = "P-CID-7.odd",
     .roles = CHECK_CLIENT | CHECK_SERVER,
     .rows = "D9853-4-4 D9853-4-5 D9853-5.4-4",
     UNDER_ID,
     .play = say_odd_checks,
     .strict = "data",
     .wrong = answer_any_type,
     .shows = "an answer to what is no path_challenge"},
    {.id = "P-CID-8.renegotiated",
     .rows = "D9146-3-11 D9146-3-19",
     .when = "reneg",
     .cids = true,
     .renegotiates = true,
     .play = renegotiate_with_id,
     .strict = "data",
     .wrong = lose_id_again,
     .shows = "a record of type * in epoch 2 has no connection id"},
    {.id = "P-CID-8.changed",
     .rows = "D9146-3-11",
     .when = "reneg",
     .cids = true,
     .renegotiates = true,
     .play = renegotiate_with_other_id,
     .strict = "silence | data",
     .wrong = keep_old_id,
     .shows = "no record in epoch 2 with the new connection id"},
    {.id = "P-CID-8.ended",
     .rows = "D9146-3-11 D9146-3-20",
     .when = "reneg",
     .cids = true,
     .renegotiates = true,
     .play = renegotiate_without_id,
     .strict = "data",
     .wrong = keep_old_id,
     .shows = "a record of type * in epoch 2 has a connection id"},
    {.id = "P-CID-8.resumed",
     .rows = "D9146-3-11",
     .when = "resume",
     .cids = true,
     .resumes = true,
     .play = resume_with_ids,
     .strict = "data",
     .wrong = lose_id_of_session,
     .shows = "a record of type * in epoch 1 has no connection id"},
    {.id = "P-CID-8.dropped",
     .rows = "D9146-3-11 D9146-3-20",
     .when = "resume",
     .cids = true,
     .resumes = true,
     .play = resume_without_id,
     .strict = "data",
     .wrong = keep_id_of_session,
     .shows = "a record that has no end"},
};

CHECK_FILE(cid)
