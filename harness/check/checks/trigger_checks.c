/* SPDX-License-Identifier: MIT */
/* What the target does when its application asks for it: for this the IXIT has
 * a trigger. */
#include "check/checks/all_checks.h"

/* ---- P-ALT-8: the application closes ---- */

static void ask_to_close(struct scene *s)
{
    scene_connect(s);
    s->hopes = false;
    scene_trigger(s, ICS_trigger_close);
    scene_listen(s);
}

static bool note_close(struct wrong *w, struct wrong_record *r)
{
    if (r->opened && r->wire.type == DTLS_ALERT) {
        w->num = 1;
    }
    return false;
}

/* It answers a close_notify, but says none of its own. */
static bool keep_close_for_itself(struct wrong *w, struct peer_message *m)
{
    return w->num != 0 || m->record_type != DTLS_ALERT || m->len != 2 ||
           m->body[1] != DTLS_CLOSE_NOTIFY;
}

static void close_in_silence(struct wrong *w)
{
    w->hears = note_close;
    w->says = keep_close_for_itself;
}

/* ---- P-REC-24: the application writes early ---- */

/* The peer's Finished is still to come, and a server's ChangeCipherSpec, too.
 */
static void let_it_send_early(struct scene *s)
{
    unsigned num;

    (void)scene_come_to(s, DTLS_FINISHED);
    scene_trigger(s, ICS_trigger_send);
    scene_pause(s);
    num = heard_count_data(&s->heard);
    scene_expect(s, num == 0,
                 "%u records of data before the handshake is complete", num);
    s->repeats = true;
}

static void send_at_once(struct wrong *w)
{
    w->is_eager = true;
}

/* ---- P-SM-28: the server has forgotten everything ---- */

/* The client says data to a server that does not know it any more, and then
 * begins anew. */
static void let_it_forget(struct scene *s)
{
    uint8_t bytes[24];

    scene_connect(s);
    scene_trigger(s, ICS_trigger_restart);
    (void)scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    scene_pause(s);
    scene_restart(s);
}

/* It has no patience with whoever says data first. */
static bool shun_stranger(struct wrong *w, struct wrong_record *r)
{
    w->deaf = w->deaf || (w->at_the_door && r->wire.epoch != 0);
    return w->deaf;
}

static void shun_strangers(struct wrong *w)
{
    w->hears = shun_stranger;
}

/* ---- P-REN-17: the application wants another handshake ---- */

static void ask_to_renegotiate(struct scene *s)
{
    scene_connect(s);
    scene_trigger(s, ICS_trigger_renegotiate);
    scene_expect(s, scene_await(s, DTLS_HELLO_REQUEST, 1),
                 "no HelloRequest after the trigger");
}

static bool keep_request_for_itself(struct wrong *w, struct peer_message *m)
{
    (void)w;
    return m->record_type != DTLS_HANDSHAKE || m->type != DTLS_HELLO_REQUEST;
}

static void ask_for_nothing(struct wrong *w)
{
    w->says = keep_request_for_itself;
}

/* ---- P-RTX-18: HelloRequest gets no answer ---- */

static void leave_request_unanswered(struct scene *s)
{
    const struct heard_message *first;

    scene_connect(s);
    s->deaf = true;
    scene_trigger(s, ICS_trigger_renegotiate);
    first = scene_hear(s, DTLS_HELLO_REQUEST, 1);
    scene_expect(s, first->seq == 0, "HelloRequest has message_seq %u",
                 first->seq);
    scene_wait(s, 4 * ics_number(s->setup->ics, ICS_timer_ms));
    scene_expect(s, heard_count(&s->heard, DTLS_HELLO_REQUEST) == 1,
                 "HelloRequest has another message_seq when it comes again");
    s->deaf = false;
    s->hopes = false;
}

static bool count_requests(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_HELLO_REQUEST) {
        m->seq = (uint16_t)w->num++;
    }
    return true;
}

static void number_requests(struct wrong *w)
{
    w->says = count_requests;
}

static const struct check checks[] = {
    {.id = "P-ALT-8",
     .rows = "D5246-7.2.1-1",
     .when = "trigger_close",
     .play = ask_to_close,
     .strict = "close",
     .wrong = close_in_silence,
     .shows = "silence"},
    {.id = "P-SM-28.restarted",
     .rows = "D6347-4.2.8-90",
     .when = "trigger_restart",
     .play = let_it_forget,
     .strict = "data",
     .wrong = shun_strangers,
     .shows = "silence"},
    {.id = "P-REC-24",
     .rows = "D6347-4.1-16 D5246-7.3-1",
     .when = "trigger_send",
     .matters = CHECK_EACH_KX,
     .play = let_it_send_early,
     .strict = "data",
     .wrong = send_at_once,
     .shows = "1 records of data before the handshake is complete"},
    {.id = "P-REN-17.asked",
     .roles = CHECK_SERVER,
     .rows = "D5246-7.4.1.1-1",
     .when = "trigger_renegotiate",
     .renegotiates = true,
     .play = ask_to_renegotiate,
     .strict = "data",
     .wrong = ask_for_nothing,
     .shows = "no HelloRequest after the trigger"},
    {.id = "P-RTX-18",
     .rows = "D6347-4.2.4-14 D5246-7.4.1.1-4",
     .when = "trigger_renegotiate",
     .renegotiates = true,
     .play = leave_request_unanswered,
     .strict = "data | silence | alert * | close",
     .wrong = number_requests,
     .shows = "HelloRequest has another message_seq when it comes again"},
};

CHECK_FILE(trigger)
