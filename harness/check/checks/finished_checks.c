/* SPDX-License-Identifier: MIT */
/* ChangeCipherSpec and Finished. */
#include "check/checks/all_checks.h"

#include <string.h>

/* ---- P-CCS-1: ChangeCipherSpec with another body ---- */

static void say_ccs_of_7d(struct scene *s)
{
    struct peer_message *m = scene_come_to_ccs(s);

    m->body[0] = 0x7d;
    scene_say(s, m);
}

static bool read_as_1(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    if (r->wire.type == DTLS_CHANGE_CIPHER_SPEC && r->wire.epoch == 0) {
        r->wire.body.data[0] = 1;
    }
    return false;
}

static void take_any_ccs(struct wrong *w)
{
    w->hears = read_as_1;
}

/* ---- P-CCS-3: no ChangeCipherSpec ---- */

static void leave_out_ccs(struct scene *s)
{
    scene_skip(s, scene_come_to_ccs(s));
}

/* ---- P-CCS-4: a Finished in the clear ---- */

static void say_finished_in_the_clear(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->epoch = 0;
    scene_say(s, m);
}

/* ---- P-CCS-5: a changed bit ---- */

static void change_verify_data(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->body[7] ^= 0x10;
    scene_say(s, m);
}

/* ---- P-CCS-6: other lengths ---- */

static void cut_finished(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->len = 11;
    scene_say(s, m);
}

static void lengthen_finished(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);

    m->body[m->len++] = 0;
    scene_say(s, m);
}

static bool look_at_front_only(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && f.type == DTLS_FINISHED &&
        f.body.len != DTLS_VERIFY_DATA_LEN) {
        w->num = 1;
        return true;
    }
    return w->num == 1 && wrong_echo(w, r);
}

static void take_any_length(struct wrong *w)
{
    w->hears = look_at_front_only;
}

/* ---- P-CCS-7: the target's own Finished ---- */

static void reflect_finished(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_FINISHED);
    const struct heard_message *own = scene_hear(s, DTLS_FINISHED, 1);

    memcpy(m->body, own->body.data, DTLS_VERIFY_DATA_LEN);
    scene_say(s, m);
}

/* ---- P-CCS-9: data in place of Finished ---- */

static void leave_out_finished(struct scene *s)
{
    scene_skip(s, scene_come_to(s, DTLS_FINISHED));
}

static const struct check checks[] = {
    {.id = "P-CCS-1",
     .rows = "D5246-7.1-1",
     .play = say_ccs_of_7d,
     .strict = "alert 10 | alert 47 | alert 50 | silence",
     .wrong = take_any_ccs,
     .shows = "data"},
    {.id = "P-CCS-3",
     .rows = "D6347-4.2.5-3 D5246-7.4.9-4",
     .play = leave_out_ccs,
     .strict = "silence",
     .wrong = wrong_takes_early_data,
     .shows = "data"},
    {.id = "P-CCS-4",
     .rows = "D5246-7.4.9-4 D6347-4.1-91",
     .play = say_finished_in_the_clear,
     .strict = "silence | alert 10",
     .wrong = wrong_takes_early_data,
     .shows = "data"},
    {.id = "P-CCS-5",
     .rows = "D5246-7.4.9-2 D5246-7.2.2-12",
     .matters = CHECK_EACH_CIPHER,
     .play = change_verify_data,
     .strict = "alert 51",
     .tolerated = "silence",
     .wrong = wrong_believes_finished,
     .shows = "*data"},
    {.id = "P-CCS-6.short",
     .rows = "D5246-7.4.9-3",
     .play = cut_finished,
     .strict = "alert 50 | alert 51",
     .wrong = take_any_length,
     .shows = "data"},
    {.id = "P-CCS-6.long",
     .rows = "D5246-7.4.9-3",
     .play = lengthen_finished,
     .strict = "alert 50 | alert 51",
     .wrong = take_any_length,
     .shows = "data"},
    {.id = "P-CCS-7",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.9-5",
     .play = reflect_finished,
     .strict = "alert 51",
     .wrong = wrong_believes_finished,
     .shows = "data"},
    {.id = "P-CCS-9",
     .rows = "D5246-7.4.9-1",
     .play = leave_out_finished,
     .strict = "silence | alert 10 | alert 20",
     .wrong = wrong_takes_early_data,
     .shows = "data"},
};

CHECK_FILE(finished)
