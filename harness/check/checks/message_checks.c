/* SPDX-License-Identifier: MIT */
/* Numbers of messages, and the lengths inside them (RFC 6347, 4.2.2; RFC 5246,
 * 4.3). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"
#include "check/flight_changes.h"

#include <string.h>

static struct peer_message *come_to_middle(struct scene *s)
{
    return scene_come_to(s, s->peer.role == DTLS_CLIENT
                                ? DTLS_CLIENT_KEY_EXCHANGE
                                : DTLS_SERVER_HELLO);
}

/* ---- P-HSH-1: one number after the other, also again ---- */

/* The peer does not hear the target's first and third datagram, so that a
 * flight of each kind comes again. */
static void count_under_loss(struct scene *s)
{
    s->path.lost_theirs = 1 | 1 << 2;
    s->repeats = true;
    for (int i = 0; i < 4 && !scene_connects(s); i++) {
        flight_repeat(s);
    }
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        scene_expect(s, s->heard.messages[i].seq == i,
                     "message %u has message_seq %u, not %zu",
                     s->heard.messages[i].type, s->heard.messages[i].seq, i);
    }
}

/* A message that comes again has a new number. */
static bool number_again(struct wrong *w, struct peer_message *m)
{
    uint64_t handshake = wrong_handshake(w, m->epoch);

    if (m->record_type == DTLS_HANDSHAKE &&
        (m->type == DTLS_SERVER_HELLO || m->type == DTLS_CLIENT_HELLO)) {
        m->seq = (uint16_t)(m->seq + (w->num == handshake ? 7 : 0));
        w->num = handshake;
    }
    return true;
}

static void number_copies_on(struct wrong *w)
{
    w->says = number_again;
}

/* ---- P-HSH-4: messages of the future ---- */

/* A fragment of a long message, for many numbers.  It begins behind the next
 * one, which a client may take for the first, as if HelloVerifyRequest had had
 * number 0. */
static void say_future(struct scene *s)
{
    static struct peer_message future;
    const struct peer_message *m = come_to_middle(s);
    unsigned step = s->setup->driver->real_time ? 512 : 16;

    future = *m;
    future.len = 16000;
    for (unsigned seq = m->seq + 2u; seq < 65536; seq += step) {
        future.seq = (uint16_t)seq;
        peer_put_fragment(&s->peer, &s->out, &future, 0, 1000);
        scene_send(s);
    }
}

static bool drown(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return !w->at_the_door && wrong_piece(r, &f) && f.body.len == 1000 &&
           ++w->num > 100 && wrong_dies(w);
}

static void keep_all_of_future(struct wrong *w)
{
    w->hears = drown;
}

/* ---- P-HSH-6: a number is left out behind HelloVerifyRequest ---- */

static void leave_out_number(struct scene *s)
{
    static const uint8_t verify[] = {DTLS_HELLO_VERIFY_REQUEST,
                                     [3] = 7,
                                     [11] = 7,
                                     0xfe,
                                     0xff,
                                     4,
                                     0x12,
                                     0x24,
                                     0x36,
                                     0x48};
    struct peer_message *m;

    s->deaf = true;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    s->deaf = false;
    scene_say_record(s, 0, DTLS_HANDSHAKE,
                     dtls_bytes_of(verify, sizeof verify));
    m = scene_come_to(s, DTLS_SERVER_HELLO);
    for (; m < s->peer.messages + s->peer.num_messages; m++) {
        m->seq++;
    }
    s->peer.session.hs.send_seq++;
    scene_rehash(s);
}

static bool take_later_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == DTLS_SERVER_HELLO && f.seq > 1) {
        dtls_reassembly_seek(&w->peer.session.hs.in, f.seq);
    }
    return false;
}

static void take_any_number(struct wrong *w)
{
    w->hears = take_later_hello;
}

/* ---- P-HSH-9: lengths inside a message ---- */

/* A length in a message's body. */
struct length {
    size_t at;
    size_t bytes; /* 1 to 3 */
};

static struct length client_session_id(const struct peer_message *m)
{
    (void)m;
    return (struct length){2 + DTLS_RANDOM_LEN, 1};
}

static struct length client_cookie(const struct peer_message *m)
{
    size_t at = client_session_id(m).at;

    return (struct length){at + 1 + m->body[at], 1};
}

static struct length client_suites(const struct peer_message *m)
{
    size_t at = client_cookie(m).at;

    return (struct length){at + 1 + m->body[at], 2};
}

static struct length client_compression(const struct peer_message *m)
{
    struct length suites = client_suites(m);

    return (struct length){
        suites.at + 2 + m->body[suites.at] * 256u + m->body[suites.at + 1], 1};
}

static struct length hello_extensions(const struct peer_message *m)
{
    return (struct length){hello_block(m), 2};
}

static struct length certificate_list(const struct peer_message *m)
{
    (void)m;
    return (struct length){0, 3};
}

static struct length certificate_first(const struct peer_message *m)
{
    (void)m;
    return (struct length){3, 3};
}

static struct length server_point(const struct peer_message *m)
{
    (void)m;
    return (struct length){3, 1};
}

static struct length server_signature(const struct peer_message *m)
{
    return (struct length){4u + m->body[3] + 2, 2};
}

static struct length client_point(const struct peer_message *m)
{
    (void)m;
    return (struct length){0, 1};
}

/* One more, one less, none, and the most. */
enum change { MORE, LESS, NONE, MOST, NUM_CHANGES };

/* Changes a length; false if it was that before. */
static bool change_length(struct peer_message *m, struct length where,
                          enum change change)
{
    uint8_t *at = m->body + where.at;
    const uint32_t most = (1u << (8 * where.bytes)) - 1;
    uint32_t old = 0;
    uint32_t new;

    for (size_t i = 0; i < where.bytes; i++) {
        old = old << 8 | at[i];
    }
    new = change == MORE   ? old + 1
          : change == LESS ? old - 1
          : change == NONE ? 0
                           : most;
    new &= most;
    for (size_t i = where.bytes; i-- > 0;) {
        at[i] = (uint8_t)(new >> (8 * (where.bytes - 1 - i)));
    }
    return new != old;
}

/* The target must not go on to its next flight; if it says why, then with one
 * of two alerts, or with `alert`. */
static void expect_refused(struct scene *s, const char *name,
                           enum change change, const char *alert)
{
    bool goes_on = s->peer.role == DTLS_SERVER
                       ? heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) != 0
                       : heard_count(&s->heard, DTLS_FINISHED) != 0;

    scene_expect(s, !goes_on, "%s, change %d: it goes on", name, change);
    scene_expect(s,
                 !s->heard.fatal || strcmp(s->heard.phrase, "alert 50") == 0 ||
                     strcmp(s->heard.phrase, "alert 47") == 0 ||
                     (alert != NULL && strcmp(s->heard.phrase, alert) == 0),
                 "%s, change %d: %s", name, change, s->heard.phrase);
}

struct vector {
    const char *name;
    uint8_t type;
    struct length (*find)(const struct peer_message *m);
    const char *alert; /* that fits, too; NULL: none */
};

/* Plays each change of one length, in an association of its own, up to the end
 * of the target's next flight. */
static void change_vector(struct scene *s, const struct vector *v)
{
    for (enum change change = MORE; change < NUM_CHANGES; change++) {
        struct peer_message *m = scene_come_to(s, v->type);

        if (!change_length(m, v->find(m), change)) {
            scene_say_rest(s);
            scene_again(s);
            continue;
        }
        if (v->type != DTLS_CLIENT_KEY_EXCHANGE) {
            scene_rehash(s);
        }
        scene_say_rest(s);
        scene_listen(s);
        if (v->type == DTLS_CLIENT_HELLO) {
            scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                         "%s, change %d: ServerHello", v->name, change);
        }
        expect_refused(s, v->name, change, v->alert);
        scene_again(s);
    }
}

static void change_vectors(struct scene *s, const struct vector *vectors,
                           size_t num)
{
    for (size_t i = 0; i < num; i++) {
        change_vector(s, &vectors[i]);
    }
}

static void change_client_hello(struct scene *s)
{
    static const struct vector vectors[] = {
        {"session_id", DTLS_CLIENT_HELLO, client_session_id, NULL},
        {"cookie", DTLS_CLIENT_HELLO, client_cookie, NULL},
        {"cipher_suites", DTLS_CLIENT_HELLO, client_suites, NULL},
        {"compression_methods", DTLS_CLIENT_HELLO, client_compression, NULL},
        {"extensions", DTLS_CLIENT_HELLO, hello_extensions, NULL},
    };

    change_vectors(s, vectors, sizeof vectors / sizeof *vectors);
}

static void change_server_hello(struct scene *s)
{
    static const struct vector vectors[] = {
        {"session_id", DTLS_SERVER_HELLO, client_session_id, NULL},
        {"extensions", DTLS_SERVER_HELLO, hello_extensions, NULL},
    };

    change_vectors(s, vectors, sizeof vectors / sizeof *vectors);
}

static void change_certificate(struct scene *s)
{
    static const struct vector vectors[] = {
        {"certificate_list", DTLS_CERTIFICATE, certificate_list, NULL},
        {"certificate", DTLS_CERTIFICATE, certificate_first, "alert 42"},
    };

    change_vectors(s, vectors, sizeof vectors / sizeof *vectors);
}

static void change_server_key(struct scene *s)
{
    static const struct vector vectors[] = {
        {"point", DTLS_SERVER_KEY_EXCHANGE, server_point, NULL},
        {"signature", DTLS_SERVER_KEY_EXCHANGE, server_signature, NULL},
    };

    change_vectors(s, vectors, sizeof vectors / sizeof *vectors);
}

static void change_client_key(struct scene *s)
{
    static const struct vector vector = {"point", DTLS_CLIENT_KEY_EXCHANGE,
                                         client_point, NULL};

    change_vectors(s, &vector, 1);
}

static bool is_list(struct dtls_bytes body)
{
    struct dtls_bytes list;
    struct dtls_bytes one;
    bool fits = dtls_get_vec24(&body, &list) && body.len == 0;

    while (fits && list.len != 0) {
        fits = dtls_get_vec24(&list, &one);
    }
    return fits;
}

/* Do the lengths add up?  Key exchanges are those of ECDHE. */
static bool is_whole(const struct dtls_fragment *f)
{
    struct dtls_client_hello client;
    struct dtls_server_hello server;
    struct dtls_bytes rest = f->body;
    struct dtls_bytes field;

    switch (f->type) {
    case DTLS_CLIENT_HELLO:
        return dtls_client_hello_parse(&client, f->body) == DTLS_OK;
    case DTLS_SERVER_HELLO:
        return dtls_server_hello_parse(&server, f->body) == DTLS_OK;
    case DTLS_CERTIFICATE:
        return is_list(f->body);
    case DTLS_CLIENT_KEY_EXCHANGE:
        return dtls_get_vec8(&rest, &field) && rest.len == 0;
    case DTLS_SERVER_KEY_EXCHANGE:
        return dtls_get_bytes(&rest, 3, &field) &&
               dtls_get_vec8(&rest, &field) &&
               dtls_get_bytes(&rest, 2, &field) &&
               dtls_get_vec16(&rest, &field) && rest.len == 0;
    default:
        return true;
    }
}

/* It answers a message that does not add up as if its flight were good. */
static bool go_on_with_bad_length(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t body[40] = {0xfe, 0xfd};
    struct dtls_fragment f;
    uint8_t type;

    if (w->sut.state != SUT_HANDSHAKING || r->wire.epoch != 0 ||
        !wrong_fragment(r, &f) || !dtls_fragment_is_whole(&f) ||
        is_whole(&f) || !suite_is_ecdhe(w->sut.setup.suite)) {
        return false;
    }
    type = f.type == DTLS_CLIENT_HELLO          ? DTLS_SERVER_HELLO
           : f.type == DTLS_CLIENT_KEY_EXCHANGE ? DTLS_FINISHED
                                                : DTLS_CLIENT_KEY_EXCHANGE;
    return wrong_say_message(w, 0, type, 1, dtls_bytes_of(body, sizeof body));
}

static void read_over_bad_lengths(struct wrong *w)
{
    w->hears = go_on_with_bad_length;
}

/* ---- P-FRG-8: fragments that overlap and disagree ---- */

static void say_disagreeing(struct scene *s, bool good_first)
{
    static struct peer_message other;
    const struct peer_message *m = come_to_middle(s);
    const struct peer_message *first;
    const struct peer_message *second;
    size_t half = m->len / 2;

    other = *m;
    for (size_t i = half / 2; i < half; i++) {
        other.body[i] ^= 0x55;
    }
    first = good_first ? m : &other;
    second = good_first ? &other : m;
    peer_put_fragment(&s->peer, &s->out, first, 0, half);
    scene_send(s);
    peer_put_fragment(&s->peer, &s->out, second, half / 2, m->len - half / 2);
    scene_send(s);
    scene_skip(s, m);
}

static void say_good_overlap_first(struct scene *s)
{
    say_disagreeing(s, true);
}

static void say_bad_overlap_first(struct scene *s)
{
    say_disagreeing(s, false);
}

/* Its count of the missing bytes runs below 0. */
static bool count_overlap(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_piece(r, &f) || w->at_the_door) {
        return false;
    }
    if (f.offset < w->num) {
        return wrong_dies(w);
    }
    w->num = f.offset + f.body.len;
    return false;
}

static void count_bytes_twice(struct wrong *w)
{
    w->hears = count_overlap;
}

/* ---- P-FRG-10: messages without a body ---- */

static void say_empty_messages(struct scene *s)
{
    static const uint8_t hello_request[DTLS_FRAGMENT_HEADER_LEN] = {0};

    scene_say(s, scene_come_to(s, DTLS_SERVER_HELLO_DONE));
    scene_connect(s);
    scene_say_record(s, scene_epoch(s), DTLS_HANDSHAKE,
                     dtls_bytes_of(hello_request, sizeof hello_request));
}

static bool refuse_request(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_HELLO_REQUEST, &f) && wrong_alert(w, 50);
}

static void refuse_empty_request(struct wrong *w)
{
    w->hears = refuse_request;
}

static const struct check checks[] = {
    {.id = "P-HSH-1",
     .rows = "D6347-4.2.2-2 D6347-4.2.2-3 D6347-4.2.2-6",
     .is_slow = true,
     .play = count_under_loss,
     .strict = "data",
     .wrong = number_copies_on,
     .shows = "message * has message_seq *, not *"},
    {.id = "P-HSH-4",
     .rows = "D6347-4.2.2-11",
     .play = say_future,
     .strict = "data | silence",
     .wrong = keep_all_of_future,
     .shows = "dead"},
    {.id = "P-HSH-6",
     .rows = "D6347-4.2.2-4 D6347-4.2.2-8",
     .play = leave_out_number,
     .strict = "silence | alert 10",
     .wrong = take_any_number,
     .shows = "data"},
    {.id = "P-HSH-9.client_hello",
     .roles = CHECK_SERVER,
     .rows = "D5246-7.4.1.2-12 D5246-4.3-1",
     .play = change_client_hello,
     .strict = "data",
     .wrong = read_over_bad_lengths,
     .shows = "*: ServerHello"},
    {.id = "P-HSH-9.server_hello",
     .roles = CHECK_CLIENT,
     .rows = "D5246-4.3-1",
     .play = change_server_hello,
     .strict = "data",
     .wrong = read_over_bad_lengths,
     .shows = "*: it goes on"},
    {.id = "P-HSH-9.certificate",
     .roles = CHECK_CLIENT,
     .rows = "D5246-4.3-1",
     .suits = suite_is_ecdhe,
     .play = change_certificate,
     .strict = "data",
     .wrong = read_over_bad_lengths,
     .shows = "*: it goes on"},
    {.id = "P-HSH-9.server_key",
     .roles = CHECK_CLIENT,
     .rows = "D5246-4.3-1",
     .suits = suite_is_ecdhe,
     .play = change_server_key,
     .strict = "data",
     .wrong = read_over_bad_lengths,
     .shows = "*: it goes on"},
    {.id = "P-HSH-9.client_key",
     .roles = CHECK_SERVER,
     .rows = "D5246-4.3-1",
     .suits = suite_is_ecdhe,
     .play = change_client_key,
     .strict = "data",
     .wrong = read_over_bad_lengths,
     .shows = "*: it goes on"},
    {.id = "P-FRG-8.good",
     .rows = "D6347-4.2.3-90",
     .play = say_good_overlap_first,
     .strict = "data | silence | alert 51 | alert 50 | alert 47 | alert 20",
     .wrong = count_bytes_twice,
     .shows = "dead"},
    {.id = "P-FRG-8.bad",
     .rows = "D6347-4.2.3-90",
     .play = say_bad_overlap_first,
     .strict = "data | silence | alert 51 | alert 50 | alert 47 | alert 20",
     .wrong = count_bytes_twice,
     .shows = "dead"},
    {.id = "P-FRG-10",
     .rows = "D6347-4.2.3-13",
     .play = say_empty_messages,
     .strict = "data | warning 100 then data",
     .wrong = refuse_empty_request,
     .shows = "alert 50"},
};

CHECK_FILE(message)
