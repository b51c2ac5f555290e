/* SPDX-License-Identifier: MIT */
/* Whole handshakes that must work, and what the target numbers in them. */
#include "check/checks/all_checks.h"

/* ---- P-GEN-1: every suite ---- */

/* The runner goes on to the end by itself. */
static void connect_honestly(struct scene *s)
{
    (void)s;
}

static bool refuse_static_ecdh(struct wrong *w, struct wrong_record *r)
{
    return w->sut.setup.suite->kx == DTLS_KX_ECDH && r->wire.epoch == 0 &&
           wrong_alert(w, 40);
}

static void speak_no_static_ecdh(struct wrong *w)
{
    w->hears = refuse_static_ecdh;
}

/* ---- P-GEN-11: lengths of application data ---- */

static void send_lengths(struct scene *s)
{
    static const size_t lengths[] = {1, 15, 16, 17, 255, 256, 1000};
    uint8_t bytes[1000];

    scene_connect(s);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct dtls_bytes data = scene_put_data(s, bytes, lengths[i]);

        scene_send(s);
        scene_expect(s, scene_hears(s, data, 1),
                     "a record of %zu bytes does not come back", data.len);
    }
}

static bool lose_sixteen(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return r->opened && r->wire.type == DTLS_APPLICATION_DATA &&
           r->plain.len == 16;
}

static void lose_one_length(struct wrong *w)
{
    w->hears = lose_sixteen;
}

/* ---- P-REC-1: record numbers ---- */

/* Is the record numbered one above the one before it in its epoch?  Epoch 0 of
 * a server begins with the ClientHello's number. */
static void expect_next(struct scene *s, const struct heard_record *r,
                        uint64_t next[2], bool begun[2])
{
    unsigned at = r->epoch & 1;

    scene_expect(s, !begun[at] || r->seq >= next[at],
                 "epoch %u: number %llu comes twice", r->epoch,
                 (unsigned long long)r->seq);
    scene_expect(s, begun[at] || r->epoch == 0 || r->seq == 0,
                 "epoch %u begins with number %llu", r->epoch,
                 (unsigned long long)r->seq);
    begun[at] = true;
    next[at] = r->seq + 1;
}

static void read_numbers(struct scene *s)
{
    uint64_t next[2] = {0, 0};
    bool begun[2] = {false, false};

    scene_connect(s);
    (void)scene_probe(s);
    (void)scene_probe(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        expect_next(s, &s->heard.records[i], next, begun);
    }
}

static uint64_t *number_of(struct wrong *w)
{
    struct dtls_record_layer *records = &w->peer.session.records;
    size_t at = records->write[1].epoch == records->write_epoch &&
                records->write[1].taken;

    return &records->write[at].next_seq;
}

static bool answer_twice(struct wrong *w, struct wrong_record *r)
{
    if (!peer_is_connected(&w->peer) || !r->opened ||
        r->wire.type != DTLS_APPLICATION_DATA) {
        return false;
    }
    (void)wrong_echo(w, r);
    if (w->num++ == 1) {
        --*number_of(w);
        (void)wrong_echo(w, r);
    }
    return true;
}

static void use_a_number_twice(struct wrong *w)
{
    w->hears = answer_twice;
}

/* ---- P-CCS-2: the end of a flight ---- */

static void read_last_flight(struct scene *s)
{
    scene_connect(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, r->type != DTLS_CHANGE_CIPHER_SPEC || r->epoch == 0,
                     "ChangeCipherSpec in epoch %u", r->epoch);
        scene_expect(s,
                     r->type != DTLS_HANDSHAKE || r->epoch == 0 || r->seq == 0,
                     "Finished has number %llu", (unsigned long long)r->seq);
    }
}

static bool raise_number(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_FINISHED) {
        *number_of(w) = 5;
    }
    return true;
}

static void number_finished_5(struct wrong *w)
{
    w->says = raise_number;
}

/* ---- P-HSH-2: a flight in another order ---- */

static void say_flight_backwards(struct scene *s)
{
    size_t from;

    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    from = s->next;
    for (size_t i = s->peer.num_messages; i-- > from;) {
        scene_say(s, &s->peer.messages[i]);
    }
    s->next = s->peer.num_messages;
}

static bool refuse_early_message(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_fragment(r, &f) || r->wire.epoch != 0) {
        return false;
    }
    if (f.seq > w->num) {
        return wrong_alert(w, 10);
    }
    w->num = f.seq + 1u;
    return false;
}

static void insist_on_order(struct wrong *w)
{
    w->hears = refuse_early_message;
}

/* ---- P-HSH-7: an unknown message type ---- */

static void say_unknown_type(struct scene *s)
{
    bool to_server = s->peer.role == DTLS_CLIENT;
    struct peer_message *m = scene_come_to(
        s, to_server ? DTLS_CLIENT_KEY_EXCHANGE : DTLS_SERVER_HELLO_DONE);

    m->type = 99;
    scene_say(s, m);
}

static bool read_99_as_due(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == 99) {
        r->wire.body.data[0] = w->peer.role == DTLS_SERVER
                                   ? DTLS_CLIENT_KEY_EXCHANGE
                                   : DTLS_SERVER_HELLO_DONE;
    }
    return false;
}

static void take_unknown_type(struct wrong *w)
{
    w->hears = read_99_as_due;
}

static bool has_signed_share(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA || suite->kx == DTLS_KX_ECDHE_RSA;
}

/* ---- P-HSH-10: bytes behind a message ---- */

static void say_one_byte_more(struct scene *s)
{
    bool to_server = s->peer.role == DTLS_CLIENT;
    struct peer_message *m = scene_come_to(
        s, to_server ? DTLS_CLIENT_KEY_EXCHANGE : DTLS_SERVER_HELLO_DONE);

    m->body[m->len++] = 0;
    scene_say(s, m);
}

static bool cut_one_byte(struct wrong *w, struct wrong_record *r)
{
    bool is_server = w->peer.role == DTLS_SERVER;
    uint8_t type =
        is_server ? DTLS_CLIENT_KEY_EXCHANGE : DTLS_SERVER_HELLO_DONE;
    struct dtls_fragment f;

    /* The length of the share tells how long the message should be. */
    if (!has_signed_share(w->sut.setup.suite) || !wrong_message(r, type, &f) ||
        f.body.len == 0 || (is_server && f.body.data[0] + 1u == f.body.len)) {
        return false;
    }
    f.body.len--;
    return wrong_reads_message(w, r, type, f.body);
}

static void read_no_end(struct wrong *w)
{
    w->hears = cut_one_byte;
}

static const struct check checks[] = {
    {.id = "P-GEN-1",
     .rows = "D5246-7.4-1 D5246-8.1-1 D5246-6.3-1",
     .matters = CHECK_EACH_OF_ALL,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = speak_no_static_ecdh,
     .shows = "alert 40 then dead"},
    {.id = "P-GEN-11",
     .rows = "D5246-6.2.1-3 D6347-4.1-3",
     .needs_echo = true,
     .matters = CHECK_EACH_CIPHER,
     .play = send_lengths,
     .strict = "data",
     .wrong = lose_one_length,
     .shows = "a record of 16 bytes does not come back"},
    {.id = "P-REC-1",
     .rows = "D6347-4.1-6 D6347-4.1-7",
     .needs_echo = true,
     .play = read_numbers,
     .strict = "data",
     .wrong = use_a_number_twice,
     .shows = "epoch 1: number * comes twice"},
    {.id = "P-CCS-2",
     .rows = "D5246-7.1-3 D5246-7.4.9-1 D5246-6.1-3",
     .play = read_last_flight,
     .strict = "data",
     .wrong = number_finished_5,
     .shows = "Finished has number 5"},
    {.id = "P-HSH-2",
     .roles = CHECK_CLIENT,
     .rows = "D6347-4.2.2-9 D6347-4.2.2-10",
     .suits = dtls_suite_has_certificate,
     .play = say_flight_backwards,
     .strict = "data",
     .tolerated = "silence",
     .wrong = insist_on_order,
     .shows = "alert 10"},
    {.id = "P-HSH-7",
     .rows = "D6347-4.3.2-1",
     .play = say_unknown_type,
     .strict = "alert 10 | silence",
     .wrong = take_unknown_type,
     .shows = "data"},
    {.id = "P-HSH-10",
     .rows = "D5246-7.4.1.2-12 D5246-7.4.5-2",
     .suits = has_signed_share,
     .play = say_one_byte_more,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = read_no_end,
     .shows = "data"},
};

CHECK_FILE(handshake)
