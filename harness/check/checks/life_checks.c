/* SPDX-License-Identifier: MIT */
/* The life of a server's associations: of several clients, of one that begins
 * anew, of one that is never heard of again (RFC 6347, 4.2.4.1 and 4.2.8). */
#include "check/checks/all_checks.h"

#include <string.h>

/* ---- P-GEN-9: two clients, message by message ---- */

static void expect_other_random(struct scene *s, const struct scene *other)
{
    const struct heard_message *a =
        heard_message(&s->heard, DTLS_SERVER_HELLO);
    const struct heard_message *b =
        heard_message(&other->heard, DTLS_SERVER_HELLO);

    scene_expect(
        s,
        a != NULL && b != NULL && a->body.len > 34 && b->body.len > 34 &&
            memcmp(a->body.data + 2, b->body.data + 2, DTLS_RANDOM_LEN) != 0,
        "both clients get the same random");
}

static void play_two(struct scene *s)
{
    static struct scene other; /* too large for the stack */
    bool more;

    scene_join(s, &other);
    do {
        more = scene_step(s);
        more = (!other.stopped && scene_step(&other)) || more;
    } while (more);
    scene_expect(s, scene_connects(s), "the first client does not connect");
    scene_expect(s, scene_connects(&other),
                 "the second client does not connect");
    expect_other_random(s, &other);
    scene_leave(&other);
}

static const struct wrong *newest; /* that has let a client in */

/* Whom it let in last is the only client that it has. */
static bool forget_older(struct wrong *w, struct wrong_record *r)
{
    if (w->at_the_door) {
        newest = w;
    }
    (void)r;
    return w != newest;
}

static void know_one_client(struct wrong *w)
{
    w->hears = forget_older;
}

/* ---- P-GEN-10: IPv6 ---- */

static void come_by_ipv6(struct scene *s)
{
    s->line.address = SUT_IPV6;
}

static bool lose_ipv6(struct wrong *w, struct wrong_record *r)
{
    (void)r;
    return w->address == SUT_IPV6;
}

static void hear_ipv4_alone(struct wrong *w)
{
    w->hears = lose_ipv6;
}

/* ---- P-SM-28: an association is over, and the client begins anew ---- */

static void close_and_begin_anew(struct scene *s)
{
    scene_connect(s);
    s->heard.asked_to_close = true;
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    scene_listen(s);
    scene_restart(s);
}

static void abort_and_begin_anew(struct scene *s)
{
    static const uint8_t alert[2] = {DTLS_ALERT_FATAL, 80};

    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    scene_say_record(s, 0, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
    scene_restart(s);
}

static void fail_and_begin_anew(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->len = 1;
    scene_say(s, m);
    scene_listen(s);
    scene_restart(s);
}

/* It was the client's only chance. */
static bool lose_new_hello(struct wrong *w, struct dtls_span datagram)
{
    return !w->at_the_door && w->sut.setup.role == SUT_SERVER &&
           dtls_listener_begins_anew(&w->peer.session.first_hello, datagram);
}

static void let_nobody_begin_anew(struct wrong *w)
{
    w->gets = lose_new_hello;
}

/* ---- P-SM-32: the client has lost its association ---- */

static void reboot(struct scene *s)
{
    scene_connect(s);
    scene_restart(s);
}

/* Connects, returns a record of data that was not sent, and begins anew. */
static struct dtls_bytes reboot_with_record(struct scene *s)
{
    static uint8_t datagram[256];
    uint8_t bytes[24];
    size_t len;

    scene_connect(s);
    (void)scene_put_data(s, bytes, sizeof bytes);
    len = s->out.len;
    if (len > sizeof datagram) {
        scene_stop(s, "the record is too long");
    }
    memcpy(datagram, s->out.data, len);
    scene_restart(s);
    return dtls_bytes_of(datagram, len);
}

/* A record of the old association comes behind the first ClientHello. */
static void reboot_in_doubt(struct scene *s)
{
    struct dtls_bytes record = reboot_with_record(s);
    unsigned num;

    scene_say(s, scene_come_to(s, DTLS_CLIENT_HELLO));
    if (!scene_await(s, DTLS_HELLO_VERIFY_REQUEST, 1)) {
        scene_stop(s, "no HelloVerifyRequest");
    }
    scene_say_bytes(s, record);
    scene_pause(s);
    num = heard_count_data(&s->heard);
    scene_expect(s, num == 1, "%u records come back", num);
}

/* Any hello ends the association. */
static bool forget_at_hello(struct wrong *w, struct dtls_span datagram)
{
    if (w->sut.state == SUT_CONNECTED &&
        dtls_listener_begins_anew(&w->peer.session.first_hello, datagram)) {
        w->num = 1;
    }
    return w->num != 0 && datagram.len != 0 &&
           datagram.data[0] == DTLS_APPLICATION_DATA;
}

static void be_impatient(struct wrong *w)
{
    w->gets = forget_at_hello;
    w->num = 0;
}

/* A record of the old association comes behind the new handshake. */
static void reboot_and_remember(struct scene *s)
{
    struct dtls_bytes record = reboot_with_record(s);
    unsigned heard;

    scene_connect(s);
    heard = s->heard.num_datagrams;
    scene_say_bytes(s, record);
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams == heard,
                 "an answer to the old association");
}

/* It still has the keys of an association before this one. */
static bool answer_old_keys(struct wrong *w, struct wrong_record *r)
{
    if (r->opened || w->sut.state != SUT_CONNECTED || w->num < 2 ||
        r->wire.type != DTLS_APPLICATION_DATA) {
        return false;
    }
    return wrong_data(w, dtls_span_bytes(r->wire.body));
}

static void keep_old_keys(struct wrong *w)
{
    w->num++; /* its associations */
    w->hears = answer_old_keys;
}

/* ---- P-TIM-5: the peer is never heard of again ---- */

#define TIMES 20

/* Goes so many steps; false if the handshake has fewer. */
static bool go(struct scene *s, unsigned steps)
{
    while (steps > 0 && scene_step(s)) {
        steps--;
    }
    return steps == 0;
}

/* Then the target has an association that is complete: it may keep that for as
 * long as its application likes. */
static bool has_said_finished(const struct scene *s)
{
    const struct peer *p = &s->peer;

    return p->num_messages != 0 && s->next == p->num_messages &&
           p->messages[p->num_messages - 1].type == DTLS_FINISHED;
}

static void vanish(struct scene *s)
{
    unsigned steps = 0;
    bool is_there = true;

    while (is_there) {
        steps++;
        for (unsigned i = 0; i < TIMES; i++) {
            is_there = go(s, steps);
            s->vanishes = !has_said_finished(s);
            scene_again(s);
        }
    }
}

static unsigned num_lost; /* associations, since one was complete */
static uint64_t lost_at;  /* the last one */

static bool count_lost(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (w->peer.now < lost_at) { /* another case has begun */
        num_lost = 0;
    }
    lost_at = w->peer.now;
    if (w->sut.state == SUT_CONNECTED) {
        num_lost = 0;
    } else if (w->num == 0 && wrong_fragment(r, &f)) {
        w->num = ++num_lost;
    }
    return w->num > 2 * TIMES;
}

/* It keeps what it has of a client that has vanished, and has room for so
 * many. */
static void keep_the_lost(struct wrong *w)
{
    w->hears = count_lost;
}

static const struct check checks[] = {
    {.id = "P-GEN-9",
     .rows = "D6347-4.1.1-8",
     .needs_server = true,
     .play = play_two,
     .strict = "data",
     .wrong = know_one_client,
     .shows = "the first client does not connect"},
    {.id = "P-GEN-10",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.1-13",
     .play = come_by_ipv6,
     .strict = "data",
     .wrong = hear_ipv4_alone,
     .shows = "silence"},
    {.id = "P-SM-28.closed",
     .rows = "D6347-4.2.8-90",
     .needs_server = true,
     .play = close_and_begin_anew,
     .strict = "data",
     .wrong = let_nobody_begin_anew,
     .shows = "silence"},
    {.id = "P-SM-28.aborted",
     .rows = "D6347-4.2.8-90",
     .needs_server = true,
     .play = abort_and_begin_anew,
     .strict = "data",
     .wrong = let_nobody_begin_anew,
     .shows = "silence"},
    {.id = "P-SM-28.failed",
     .rows = "D6347-4.2.8-90",
     .needs_server = true,
     .play = fail_and_begin_anew,
     .strict = "data",
     .wrong = let_nobody_begin_anew,
     .shows = "silence"},
    {.id = "P-SM-32",
     .rows = "D6347-4.2.8-1",
     .needs_server = true,
     .play = reboot,
     .strict = "data",
     .wrong = let_nobody_begin_anew,
     .shows = "silence"},
    {.id = "P-SM-32.in_doubt",
     .rows = "D6347-4.2.8-4",
     .when = "cookie",
     .needs_server = true,
     .needs_echo = true,
     .play = reboot_in_doubt,
     .strict = "*data",
     .wrong = be_impatient,
     .shows = "0 records come back"},
    {.id = "P-SM-32.old_keys",
     .rows = "D6347-4.2.8-3",
     .needs_server = true,
     .play = reboot_and_remember,
     .strict = "data",
     .wrong = keep_old_keys,
     .shows = "an answer to the old association"},
    {.id = "P-TIM-5",
     .rows = "D6347-4.2.4.1-6",
     .when = "!one_client",
     .play = vanish,
     .strict = "data",
     .wrong = keep_the_lost,
     .shows = "dead"},
};

CHECK_FILE(life)
