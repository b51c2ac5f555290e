/* SPDX-License-Identifier: MIT */
/* Fragments and message numbers that do not fit together (RFC 6347, 4.2.2 and
 * 4.2.3). */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"

static struct peer_message *come_to_middle(struct scene *s)
{
    return scene_come_to(s, s->peer.role == DTLS_CLIENT
                                ? DTLS_CLIENT_KEY_EXCHANGE
                                : DTLS_SERVER_HELLO);
}

static void say_piece(struct scene *s, const struct peer_message *m, size_t at,
                      size_t len)
{
    size_t left = m->len - at;

    peer_put_fragment(&s->peer, &s->out, m, at, left < len ? left : len);
    scene_send(s);
}

/* A fragment whose header says anything. */
static void say_header(struct scene *s, const struct peer_message *m,
                       uint32_t message_len, uint32_t len)
{
    const uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + 1] = {
        m->type,
        (uint8_t)(message_len >> 16),
        (uint8_t)(message_len >> 8),
        (uint8_t)message_len,
        (uint8_t)(m->seq >> 8),
        (uint8_t)m->seq,
        [9] = (uint8_t)(len >> 16),
        [10] = (uint8_t)(len >> 8),
        [11] = (uint8_t)len,
        [12] = m->body[0]};

    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_bytes_of(bytes, sizeof bytes));
}

/* ---- P-FRG-3: another size of fragments ---- */

static void change_size(struct scene *s)
{
    const struct peer_message *m = come_to_middle(s);

    for (size_t at = 0; at < m->len / 2; at += 11) {
        say_piece(s, m, at, 11);
    }
    for (size_t at = 0; at < m->len; at += 7) {
        say_piece(s, m, at, 7);
    }
    scene_skip(s, m);
}

static bool lose_other_size(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_piece(r, &f) || f.type == DTLS_CLIENT_HELLO) {
        return false;
    }
    if (w->num == 0) {
        w->num = f.body.len;
    }
    return f.body.len != w->num && f.offset + f.body.len != f.message_len;
}

static void take_one_size(struct wrong *w)
{
    w->hears = lose_other_size;
}

/* ---- P-FRG-4: fragments of two messages ---- */

static void interleave(struct scene *s)
{
    const struct peer_message *m = come_to_middle(s);
    size_t longer = m[0].len > m[1].len ? m[0].len : m[1].len;

    for (size_t at = 0; at < longer; at += 20) {
        for (unsigned i = 0; i < 2; i++) {
            if (at < m[i].len) {
                say_piece(s, &m[i], at, 20);
            }
        }
    }
    scene_skip(s, &m[1]);
}

/* It drops the message before when a piece of another one comes. */
static void keep_one_message(struct wrong *w)
{
    w->hears = wrong_reads_in_a_row;
}

/* ---- P-FRG-6, P-FRG-7, P-FRG-11: headers that lie ---- */

static void say_beyond_record(struct scene *s)
{
    const struct peer_message *m = come_to_middle(s);

    say_header(s, m, (uint32_t)m->len, 2);
    say_header(s, m, 0xffffff, 0xffffff);
}

static void say_other_type(struct scene *s)
{
    static struct peer_message other;
    const struct peer_message *m = come_to_middle(s);

    say_piece(s, m, 0, m->len / 2);
    other = *m;
    other.type = DTLS_CERTIFICATE_VERIFY;
    say_piece(s, &other, m->len / 2, m->len);
}

static void say_other_length(struct scene *s)
{
    const struct peer_message *m = come_to_middle(s);

    say_piece(s, m, 0, m->len / 2);
    say_header(s, m, (uint32_t)m->len + 1, 1);
}

static void announce_too_much(struct scene *s)
{
    const struct peer_message *m = come_to_middle(s);

    say_header(s, m, 0xffffff, 1);
}

/* Does the fragment contradict the one before, or its record? */
static bool answer_lie(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;
    uint64_t last = w->num;

    if (!r->opened || r->wire.type != DTLS_HANDSHAKE || w->at_the_door) {
        return false;
    }
    if (!wrong_fragment(r, &f)) {
        return r->plain.len != 0 && wrong_alert(w, 80);
    }
    w->num = (uint64_t)f.seq << 40 | (uint64_t)f.type << 32 | f.message_len;
    return (f.message_len == 0xffffff ||
            (last != 0 && last >> 40 == f.seq && last != w->num)) &&
           wrong_alert(w, 80);
}

static void answer_lies_with_80(struct wrong *w)
{
    w->hears = answer_lie;
}

/* ---- P-HSH-3: another body under an old number ---- */

static void change_old_key(struct scene *s)
{
    static struct peer_message copy;
    const struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    copy = *m;
    copy.body[copy.len - 1] ^= 1;
    scene_say(s, m);
    scene_say(s, &copy);
}

static bool refuse_copy(struct wrong *w, struct wrong_record *r)
{
    uint64_t handshake = wrong_handshake(w, r->wire.epoch);
    struct dtls_fragment f;
    bool came;

    if (!wrong_fragment(r, &f) || f.type != DTLS_CLIENT_KEY_EXCHANGE) {
        return false;
    }
    came = w->num == handshake;
    w->num = handshake;
    return came && f.offset == 0 && wrong_alert(w, 47);
}

static void read_copies(struct wrong *w)
{
    w->hears = refuse_copy;
}

/* ---- P-HSH-5: a number is skipped ---- */

static void skip_number(struct scene *s)
{
    struct peer_message *m =
        scene_come_to(s, s->peer.role == DTLS_CLIENT ? DTLS_FINISHED
                                                     : DTLS_SERVER_HELLO_DONE);

    m->seq++;
    s->peer.session.hs.send_seq++;
    if (s->peer.role == DTLS_SERVER) {
        scene_rehash(s);
    }
}

static bool close_gap(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && !w->at_the_door &&
        !peer_is_connected(&w->peer) && f.seq == h->in.next_seq + 1 &&
        (f.type == DTLS_FINISHED || f.type == DTLS_SERVER_HELLO_DONE)) {
        (void)wrong_forgets(w, (uint16_t)(f.seq - 1));
    }
    return false;
}

static void close_gaps(struct wrong *w)
{
    w->hears = close_gap;
}

/* ---- P-HSH-8: messages of the other role ---- */

static void say_own_kind(struct scene *s)
{
    static struct peer_message other;
    bool to_server = s->peer.role == DTLS_CLIENT;
    struct peer_message *m = scene_come_to(
        s, to_server ? DTLS_CLIENT_KEY_EXCHANGE : DTLS_SERVER_HELLO_DONE);

    other = (struct peer_message){
        .record_type = DTLS_HANDSHAKE,
        .type = to_server ? DTLS_SERVER_HELLO_DONE : DTLS_CLIENT_KEY_EXCHANGE};
    (void)flight_insert(s, m, &other);
}

static bool answer_own_kind(struct wrong *w, struct wrong_record *r)
{
    uint8_t own = w->peer.role == DTLS_SERVER ? DTLS_SERVER_HELLO_DONE
                                              : DTLS_CLIENT_KEY_EXCHANGE;
    struct dtls_fragment f;

    return wrong_fragment(r, &f) && f.type == own && r->wire.epoch == 0 &&
           wrong_alert(w, 80);
}

static void answer_own_kind_with_80(struct wrong *w)
{
    w->hears = answer_own_kind;
}

/* ---- P-HSH-11: messages without a body ---- */

static void empty_message(struct scene *s, uint8_t type)
{
    scene_come_to(s, type)->len = 0;
}

static void empty_server_hello(struct scene *s)
{
    empty_message(s, DTLS_SERVER_HELLO);
}

static void empty_certificate(struct scene *s)
{
    empty_message(s, DTLS_CERTIFICATE);
}

static void empty_server_key(struct scene *s)
{
    empty_message(s, DTLS_SERVER_KEY_EXCHANGE);
}

static void empty_client_key(struct scene *s)
{
    empty_message(s, DTLS_CLIENT_KEY_EXCHANGE);
}

static void empty_finished(struct scene *s)
{
    empty_message(s, DTLS_FINISHED);
}

static bool has_share(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA || suite->kx == DTLS_KX_ECDHE_RSA;
}

static bool answer_empty(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_fragment(r, &f) && f.message_len == 0 &&
           f.type != DTLS_SERVER_HELLO_DONE && f.type != DTLS_HELLO_REQUEST &&
           !peer_is_connected(&w->peer) && wrong_alert(w, 80);
}

static void answer_empty_with_80(struct wrong *w)
{
    w->hears = answer_empty;
}

/* ---- P-MTU-4: a peer with a small MTU ---- */

/* With both headers, a datagram of 200 bytes. */
#define SMALL_PIECE (200 - DTLS_RECORD_HEADER_LEN - DTLS_FRAGMENT_HEADER_LEN)

static void cut_for_200(struct scene *s)
{
    s->pieces = SMALL_PIECE;
}

static bool lose_small(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    return wrong_piece(r, &f) && f.body.len == SMALL_PIECE;
}

static void insist_on_own_mtu(struct wrong *w)
{
    w->hears = lose_small;
}

static const struct check checks[] = {
    {.id = "P-MTU-4",
     .rows = "D6347-4.2.3-9",
     .matters = CHECK_EACH_KX,
     .suits = dtls_suite_has_certificate,
     .mutual = true,
     .play = cut_for_200,
     .strict = "data",
     .wrong = insist_on_own_mtu,
     .shows = "silence"},
    {.id = "P-FRG-3",
     .rows = "D6347-4.2.3-9 D6347-4.2.3-7",
     .play = change_size,
     .strict = "data",
     .wrong = take_one_size,
     .shows = "silence"},
    {.id = "P-FRG-4",
     .roles = CHECK_CLIENT,
     .rows = "D6347-4.2.3-6 D6347-4.2.2-9",
     .suits = has_share,
     .play = interleave,
     .strict = "data",
     .wrong = keep_one_message,
     .shows = "silence"},
    {.id = "P-FRG-6",
     .rows = "D6347-4.2.3-11",
     .play = say_beyond_record,
     .strict = "data | silence | alert 50 | alert 47",
     .wrong = answer_lies_with_80,
     .shows = "alert 80"},
    {.id = "P-FRG-7.type",
     .rows = "D6347-4.2.2-12",
     .play = say_other_type,
     .strict = "data | silence | alert 50 | alert 47 | alert 10",
     .wrong = answer_lies_with_80,
     .shows = "alert 80"},
    {.id = "P-FRG-7.length",
     .rows = "D6347-4.2.2-12",
     .play = say_other_length,
     .strict = "data | silence | alert 50 | alert 47 | alert 10",
     .wrong = answer_lies_with_80,
     .shows = "alert 80"},
    {.id = "P-FRG-11",
     .rows = "D6347-4.2.3-14",
     .play = announce_too_much,
     .strict = "data | silence | alert 50 | alert 47",
     .wrong = answer_lies_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-3",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.2-8 D6347-4.2.6-4",
     .matters = CHECK_EACH_KX,
     .play = change_old_key,
     .strict = "data",
     .wrong = read_copies,
     .shows = "alert 47"},
    {.id = "P-HSH-5",
     .rows = "D6347-4.2.2-3 D6347-4.2.2-8",
     .play = skip_number,
     .strict = "silence",
     .tolerated = "alert 10",
     .wrong = close_gaps,
     .shows = "*data"},
    {.id = "P-HSH-8",
     .rows = "D6347-4.3.2-2 D5246-7.4-1",
     .play = say_own_kind,
     .strict = "silence | alert 10",
     .wrong = answer_own_kind_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-11.server_hello",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.1.2-12",
     .play = empty_server_hello,
     .strict = "silence | alert 50",
     .wrong = answer_empty_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-11.certificate",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.1.2-12",
     .suits = dtls_suite_has_certificate,
     .play = empty_certificate,
     .strict = "silence | alert 50",
     .wrong = answer_empty_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-11.server_key_exchange",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.1.2-12",
     .suits = has_share,
     .play = empty_server_key,
     .strict = "silence | alert 50",
     .wrong = answer_empty_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-11.client_key_exchange",
     .roles = CHECK_SERVER,
     .rows = "D5246-7.4.1.2-12",
     .matters = CHECK_EACH_KX,
     .play = empty_client_key,
     .strict = "silence | alert 50",
     .wrong = answer_empty_with_80,
     .shows = "alert 80"},
    {.id = "P-HSH-11.finished",
     .rows = "D5246-7.4.1.2-12",
     .play = empty_finished,
     .strict = "silence | alert 50",
     .wrong = answer_empty_with_80,
     .shows = "alert 80"},
};

CHECK_FILE(piece)
