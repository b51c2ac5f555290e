/* SPDX-License-Identifier: MIT */
/* Retransmission (RFC 6347, 4.2.4).  The peer is deaf for a time: then
 * everything that the target says was lost. */
#include "check/checks/all_checks.h"

#define TRANSMISSIONS 4
#define PATIENCE_MS 20000 /* for the first of them: 1, 3 and 7 s are usual */

/* When each transmission of a flight began. */
struct schedule {
    uint64_t at[TRANSMISSIONS];
    unsigned num;
};

/* Takes what the target says until it has sent its flight `num` times.  What
 * follows within a tenth of a second belongs to the same transmission. */
static void hear_transmissions(struct scene *s, struct schedule *out,
                               unsigned num)
{
    uint64_t until = s->line.now + PATIENCE_MS;
    struct dtls_bytes datagram;
    uint64_t last = 0;

    *out = (struct schedule){0};
    while (line_next(&s->line, &datagram, until)) {
        s->peer.now = s->line.now;
        heard_datagram(&s->heard, &s->peer, s->deaf, datagram);
        if (out->num == 0 || s->line.now > last + 100) {
            out->at[out->num++] = s->line.now;
            until = out->num == num ? s->line.now + 50 : until;
        }
        last = s->line.now;
    }
    scene_expect(s, out->num == num, "the flight is sent %u times, not %u",
                 out->num, num);
}

/* Says a ClientHello, with a cookie, to whose answer the peer is deaf. */
static void say_deaf_hello(struct scene *s)
{
    (void)scene_come_to(s, DTLS_CLIENT_HELLO);
    scene_say_rest(s);
    if (scene_await(s, DTLS_HELLO_VERIFY_REQUEST, 1)) {
        (void)scene_come_to(s, DTLS_CLIENT_HELLO);
        s->deaf = true;
        scene_say_rest(s);
        return;
    }
    scene_stop(s, "no HelloVerifyRequest");
}

/* ---- P-RTX-1: ClientHello again ---- */

static void lose_hello(struct scene *s)
{
    const struct heard_record *first = NULL;
    struct schedule schedule;

    s->deaf = true;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    hear_transmissions(s, &schedule, 2);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, first == NULL || r->seq > first->seq,
                     "a retransmission has the number of the record before");
        first = r;
    }
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 1,
                 "a retransmission has another message_seq");
    s->deaf = false;
}

/* It sends its ClientHello again under the next message_seq. */
static bool renumber_hello(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO &&
        m->seq == 0 && w->num++ != 0) {
        m->seq = 5;
    }
    return true;
}

static void renumber_retransmissions(struct wrong *w)
{
    w->says = renumber_hello;
}

/* ---- P-RTX-2: gaps that double ---- */

static void measure_gaps(struct scene *s)
{
    struct schedule t;
    uint64_t start;

    s->deaf = s->peer.role == DTLS_SERVER;
    if (s->peer.role == DTLS_SERVER) {
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    } else {
        say_deaf_hello(s);
        (void)scene_hear(s, DTLS_SERVER_HELLO, 1);
        (void)scene_await(s, DTLS_SERVER_HELLO_DONE, 1);
    }
    start = s->line.now;
    hear_transmissions(s, &t, 2);
    if (t.num == 2) {
        uint64_t first = t.at[0] - start;
        uint64_t second = t.at[1] - t.at[0];

        scene_expect(s, second * 4 >= first * 6 && second * 4 <= first * 10,
                     "gaps of %llu and %llu ms", (unsigned long long)first,
                     (unsigned long long)second);
    }
    s->deaf = false;
}

static void keep_timeout(struct wrong *w)
{
    w->peer.config.timer.maximum = w->peer.config.timer.initial;
}

/* ---- P-RTX-4: the whole flight ---- */

static void lose_flight(struct scene *s)
{
    struct schedule schedule;

    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_HELLO
                               : DTLS_SERVER_HELLO_DONE);
    if (s->peer.role == DTLS_CLIENT) {
        say_deaf_hello(s);
    }
    s->deaf = true;
    scene_say_rest(s);
    hear_transmissions(s, &schedule, 1);
    s->deaf = false;
    hear_transmissions(s, &schedule, 1);
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        scene_expect(s,
                     m->times >= 2 || m->epoch != 0 ||
                         m->type == DTLS_CLIENT_HELLO ||
                         m->type == DTLS_HELLO_VERIFY_REQUEST,
                     "message %u does not come again", m->type);
    }
}

/* Of a flight that goes out again, one message is left out. */
static bool leave_out_copy(struct wrong *w, struct peer_message *m)
{
    bool is_last = m->record_type == DTLS_HANDSHAKE &&
                   (m->type == DTLS_SERVER_HELLO_DONE ||
                    m->type == DTLS_CLIENT_KEY_EXCHANGE);

    return !is_last || w->num++ == 0;
}

static void repeat_a_part(struct wrong *w)
{
    w->says = leave_out_copy;
}

/* ---- P-RTX-15: no copies without loss ---- */

static void count_copies(struct scene *s)
{
    scene_connect(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        scene_expect(s, s->heard.messages[i].times == 1,
                     "message %u comes %u times", s->heard.messages[i].type,
                     s->heard.messages[i].times);
    }
}

/* Only with static ECDH: the honest handshake before the check is another. */
static bool say_twice(struct wrong *w, struct peer_message *m)
{
    if (w->sut.setup.suite->kx == DTLS_KX_ECDH &&
        m->record_type == DTLS_HANDSHAKE &&
        (m->type == DTLS_CERTIFICATE || m->type == DTLS_CLIENT_KEY_EXCHANGE)) {
        (void)wrong_say_message(w, 0, m->type, m->seq,
                                dtls_bytes_of(m->body, m->len));
    }
    return true;
}

static void say_messages_twice(struct wrong *w)
{
    w->says = say_twice;
}

static const struct check checks[] = {
    {.id = "P-RTX-1",
     .rows = "D6347-3.2.1-2 D6347-4.2.4-2",
     .play = lose_hello,
     .strict = "data",
     .wrong = renumber_retransmissions,
     .shows = "a retransmission has another message_seq"},
    {.id = "P-RTX-2",
     .rows = "D6347-4.2.4.1-2",
     .is_slow = true,
     .play = measure_gaps,
     .strict = "data",
     .wrong = keep_timeout,
     .shows = "gaps of 1000 and 1000 ms"},
    {.id = "P-RTX-4",
     .rows = "D6347-4.2.4-1 D6347-4.2.4-3",
     .play = lose_flight,
     .strict = "data",
     .wrong = repeat_a_part,
     .shows = "message * does not come again"},
    {.id = "P-RTX-15",
     .rows = "D6347-4.2.4-1",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = count_copies,
     .strict = "data",
     .wrong = say_messages_twice,
     .shows = "message * comes 2 times"},
};

CHECK_FILE(loss)
