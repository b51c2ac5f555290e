/* SPDX-License-Identifier: MIT */
/* Fragments of handshake messages (RFC 6347, 4.2.3). */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"
#include "check/ics.h"

/* A first ClientHello in fragments has checks of its own. */
static void come_past_hello(struct scene *s)
{
    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_KEY_EXCHANGE
                               : DTLS_SERVER_HELLO);
}

/* ---- P-FRG-1: sizes ---- */

static void say_single_bytes(struct scene *s)
{
    come_past_hello(s);
    s->pieces = 1;
}

static void say_pieces_of_16(struct scene *s)
{
    come_past_hello(s);
    s->pieces = 16;
}

static bool lose_piece(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    return wrong_piece(r, &f);
}

static void take_whole_messages_only(struct wrong *w)
{
    w->hears = lose_piece;
}

/* ---- P-FRG-2: order ---- */

static void say_pieces_backwards(struct scene *s)
{
    come_past_hello(s);
    s->pieces = 20;
    s->reversed = true;
}

static void take_pieces_in_order_only(struct wrong *w)
{
    w->hears = wrong_reads_in_a_row;
}

/* ---- P-FRG-5: a fragment beyond its message ---- */

/* A fragment of the honest message, whose header lies. */
static void say_fragment(struct scene *s, const struct peer_message *m,
                         uint32_t offset, size_t len)
{
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_fragment fragment = {
        .type = m->type,
        .message_len = (uint32_t)m->len,
        .seq = m->seq,
        .offset = offset,
        .body = dtls_bytes_of(m->body, len),
    };

    if (!dtls_fragment_put_header(&out, &fragment) ||
        !dtls_put_bytes(&out, fragment.body)) {
        scene_stop(s, "the fragment is too long");
    }
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

static void say_beyond(struct scene *s)
{
    const struct peer_message *m;

    come_past_hello(s);
    m = &s->peer.messages[s->next];
    say_fragment(s, m, (uint32_t)m->len, 1);
    say_fragment(s, m, (uint32_t)m->len - 3, 4);
    say_fragment(s, m, 0xffffff, 1);
}

/* It writes the fragment where its header says. */
static bool write_beyond(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return r->opened && r->wire.type == DTLS_HANDSHAKE &&
           !wrong_fragment(r, &f) && wrong_dies(w);
}

static void believe_offsets(struct wrong *w)
{
    w->hears = write_beyond;
}

/* ---- P-FRG-9: empty fragments ---- */

static void say_empty_fragments(struct scene *s)
{
    const struct peer_message *m;

    come_past_hello(s);
    m = &s->peer.messages[s->next];
    say_fragment(s, m, 0, 0);
    say_fragment(s, m, (uint32_t)m->len / 2, 0);
    say_fragment(s, m, (uint32_t)m->len, 0);
}

static bool refuse_empty(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_piece(r, &f) && f.body.len == 0 && wrong_alert(w, 50);
}

static void stumble_over_empty(struct wrong *w)
{
    w->hears = refuse_empty;
}

/* ---- P-FRG-12: a Finished in pieces ---- */

static void say_finished_in_pieces(struct scene *s)
{
    (void)scene_come_to(s, DTLS_FINISHED);
    s->pieces = 1;
}

static bool lose_piece_of_finished(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    return r->wire.epoch != 0 && wrong_piece(r, &f);
}

static void take_whole_finished_only(struct wrong *w)
{
    w->hears = lose_piece_of_finished;
}

/* ---- P-MTU-1, P-MTU-2: the size of datagrams ---- */

static void measure_datagrams(struct scene *s)
{
    unsigned mtu = ics_number(s->setup->ics, ICS_mtu);

    scene_connect(s);
    scene_expect(s, s->heard.largest <= mtu, "a datagram of %zu bytes",
                 s->heard.largest);
}

/* The honest handshake before the check has another suite. */
static bool say_large_datagram(struct wrong *w, struct peer_message *m)
{
    static const uint8_t zeros[1450];

    if (w->sut.setup.suite->kx == DTLS_KX_ECDH &&
        m->record_type == DTLS_HANDSHAKE && m->epoch == 0) {
        (void)wrong_say(w, 0, DTLS_APPLICATION_DATA,
                        dtls_bytes_of(zeros, sizeof zeros));
    }
    return true;
}

static void say_large_datagrams(struct wrong *w)
{
    w->says = say_large_datagram;
}

/* A record with ServerHello and half of the next message, and one with the
 * other half. */
static void say_over_records(struct scene *s)
{
    static uint8_t bytes[DTLS_PLAINTEXT_MAX];
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    const struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO);
    const size_t half = m[1].len / 2;
    const struct dtls_fragment parts[] = {
        {.type = m->type,
         .message_len = (uint32_t)m->len,
         .seq = m->seq,
         .body = dtls_bytes_of(m->body, m->len)},
        {.type = m[1].type,
         .message_len = (uint32_t)m[1].len,
         .seq = m[1].seq,
         .body = dtls_bytes_of(m[1].body, half)}};

    for (size_t i = 0; i < 2; i++) {
        if (!dtls_fragment_put_header(&content, &parts[i]) ||
            !dtls_put_bytes(&content, parts[i].body)) {
            scene_stop(s, "ServerHello is too long for one record");
        }
    }
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&content));
    peer_put_fragment(&s->peer, &s->out, &m[1], half, m[1].len - half);
    scene_send(s);
    scene_skip(s, &m[1]);
}

/* Of a record it reads the first message alone. */
static bool read_first_message(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes content = dtls_span_bytes(r->plain);
    const size_t all = content.len;
    struct dtls_fragment f;

    return w->peer.role == DTLS_CLIENT && r->wire.epoch == 0 &&
           r->wire.type == DTLS_HANDSHAKE &&
           dtls_fragment_next(&content, &f) == DTLS_OK && content.len != 0 &&
           wrong_reads(w, r, dtls_bytes_of(r->plain.data, all - content.len));
}

static void read_first_messages(struct wrong *w)
{
    w->hears = read_first_message;
}

static void lose_large_datagrams(struct scene *s)
{
    s->path.narrow = 600;
    s->repeats = true;
    for (int i = 0; i < 6 && !scene_connects(s) && !s->heard.fatal; i++) {
        flight_repeat(s);
    }
}

static bool give_up_early(struct wrong *w, struct peer_message *m)
{
    const uint64_t mark =
        (uint64_t)(w->round + 1) << 32 | (uint32_t)m->epoch << 16 | m->seq;

    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CERTIFICATE) {
        if (w->num == mark) {
            (void)wrong_alert(w, 80);
        }
        w->num = mark;
    }
    return !w->deaf;
}

static void give_up_after_one(struct wrong *w)
{
    w->says = give_up_early;
}

static bool shows_certificate(const struct dtls_suite *suite)
{
    return !dtls_suite_is_psk(suite);
}

static const struct check checks[] = {
    {.id = "P-FRG-1.single",
     .rows = "D6347-4.2.3-6 D6347-4.2.6-2",
     .suits = dtls_suite_is_psk,
     .play = say_single_bytes,
     .strict = "data",
     .wrong = take_whole_messages_only,
     .shows = "silence"},
    {.id = "P-FRG-1.sixteen",
     .rows = "D6347-4.2.3-6 D6347-4.2.6-2",
     .play = say_pieces_of_16,
     .strict = "data",
     .wrong = take_whole_messages_only,
     .shows = "silence"},
    {.id = "P-FRG-1.over_records",
     .roles = CHECK_CLIENT,
     .rows = "D6347-4.2.3-16",
     .play = say_over_records,
     .strict = "data",
     .wrong = read_first_messages,
     .shows = "silence"},
    {.id = "P-FRG-2.backwards",
     .rows = "D6347-4.2.3-7",
     .play = say_pieces_backwards,
     .strict = "data",
     .wrong = take_pieces_in_order_only,
     .shows = "silence"},
    {.id = "P-FRG-5",
     .rows = "D6347-4.2.3-10",
     .play = say_beyond,
     .strict = "data | silence | alert 50 | alert 47",
     .wrong = believe_offsets,
     .shows = "dead"},
    {.id = "P-FRG-9",
     .rows = "D6347-4.2.3-12",
     .play = say_empty_fragments,
     .strict = "data",
     .wrong = stumble_over_empty,
     .shows = "alert 50"},
    {.id = "P-FRG-12",
     .rows = "D6347-4.2.3-17",
     .play = say_finished_in_pieces,
     .strict = "data",
     .wrong = take_whole_finished_only,
     .shows = "silence"},
    {.id = "P-MTU-1",
     .rows = "D6347-4.1.1-2",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = measure_datagrams,
     .strict = "data",
     .wrong = say_large_datagrams,
     .shows = "a datagram of * bytes"},
    {.id = "P-MTU-2",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.1.1.1-6",
     .suits = shows_certificate,
     .is_slow = true,
     .play = lose_large_datagrams,
     .strict = "data",
     .tolerated = "silence",
     .wrong = give_up_after_one,
     .shows = "alert 80*"},
};

CHECK_FILE(fragment)
