/* SPDX-License-Identifier: MIT */
/* Alerts that the target gets (RFC 5246, 7.2; RFC 6347, 4.1.2.7). */
#include "check/checks/all_checks.h"

static bool is_alert(const struct wrong_record *r)
{
    return r->opened && r->wire.type == DTLS_ALERT;
}

/* ---- P-ALT-2: in the clear, in a connection ---- */

static void say_alerts_in_the_clear(struct scene *s)
{
    static const uint8_t alerts[][2] = {{2, 40}, {2, 20}, {1, 0}, {2, 80}};

    scene_connect(s);
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
        scene_say_record(s, 0, DTLS_ALERT, dtls_bytes_of(alerts[i], 2));
    }
}

static bool die_of_clear(struct wrong *w, struct wrong_record *r)
{
    if (is_alert(r) && r->wire.epoch == 0) {
        w->deaf = true;
    }
    return false;
}

static void obey_anybody(struct wrong *w)
{
    w->hears = die_of_clear;
}

/* ---- P-ALT-3: fatal, protected ---- */

static void say_fatal(struct scene *s)
{
    scene_connect(s);
    scene_say_alert(s, DTLS_ALERT_FATAL, 80);
}

static void say_unknown_fatal(struct scene *s)
{
    scene_connect(s);
    scene_say_alert(s, DTLS_ALERT_FATAL, 199);
}

static bool lose_alert(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return is_alert(r);
}

static void ignore_alerts(struct wrong *w)
{
    w->hears = lose_alert;
}

/* ---- P-ALT-4: unknown warnings ---- */

static void say_unknown_warnings(struct scene *s)
{
    scene_connect(s);
    scene_say_alert(s, DTLS_ALERT_WARNING, 1);
    scene_say_alert(s, DTLS_ALERT_WARNING, 99);
    scene_say_alert(s, DTLS_ALERT_WARNING, 255);
}

static bool hang_up(struct wrong *w, struct wrong_record *r)
{
    if (is_alert(r) && r->plain.data[0] == DTLS_ALERT_WARNING &&
        r->plain.data[1] != DTLS_CLOSE_NOTIFY) {
        w->deaf = true;
    }
    return w->deaf;
}

static void fail_by_warnings(struct wrong *w)
{
    w->hears = hang_up;
}

/* ---- P-ALT-5: other levels ---- */

static void say_level_3(struct scene *s)
{
    scene_connect(s);
    scene_say_alert(s, 3, 40);
}

static bool die_of_level(struct wrong *w, struct wrong_record *r)
{
    if (is_alert(r) && r->plain.data[0] > DTLS_ALERT_FATAL) {
        w->deaf = true;
    }
    return false;
}

static void take_any_level(struct wrong *w)
{
    w->hears = die_of_level;
}

/* ---- P-ALT-6: other lengths ---- */

static void say_odd_alerts(struct scene *s)
{
    static const uint8_t alert[4] = {2, 40, 2, 40};

    scene_connect(s);
    scene_say_record(s, scene_epoch(s), DTLS_ALERT, dtls_bytes_of(alert, 1));
    scene_say_record(s, scene_epoch(s), DTLS_ALERT, dtls_bytes_of(alert, 3));
    scene_say_record(s, scene_epoch(s), DTLS_ALERT, dtls_bytes_of(alert, 4));
}

static bool answer_odd(struct wrong *w, struct wrong_record *r)
{
    return is_alert(r) && r->plain.len != 2 && wrong_alert(w, 80);
}

static void stumble_over_odd_alerts(struct wrong *w)
{
    w->hears = answer_odd;
}

/* ---- P-ALT-7: close_notify ---- */

static void close_and_go_on(struct scene *s)
{
    uint8_t bytes[24];
    struct dtls_bytes data;

    scene_connect(s);
    s->hopes = false;
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    data = scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    scene_expect(s, !scene_hears(s, data, 1),
                 "data behind close_notify comes back");
}

static const struct check checks[] = {
    {.id = "P-ALT-2",
     .rows = "D6347-4.1.2.7-5",
     .play = say_alerts_in_the_clear,
     .strict = "data",
     .wrong = obey_anybody,
     .shows = "silence"},
    {.id = "P-ALT-3",
     .rows = "D5246-7.2.2-1",
     .matters = CHECK_EACH_CIPHER,
     .play = say_fatal,
     .strict = "silence",
     .wrong = ignore_alerts,
     .shows = "data"},
    {.id = "P-ALT-3.unknown",
     .rows = "D5246-7.2.2-1 D5246-7.2-4",
     .play = say_unknown_fatal,
     .strict = "silence",
     .wrong = ignore_alerts,
     .shows = "data"},
    {.id = "P-ALT-4",
     .rows = "D5246-7.2-4",
     .play = say_unknown_warnings,
     .strict = "data",
     .tolerated = "close | alert *",
     .wrong = fail_by_warnings,
     .shows = "silence"},
    {.id = "P-ALT-5",
     .rows = "D5246-7.2-3",
     .play = say_level_3,
     .strict = "data | alert 47 | alert 50",
     .wrong = take_any_level,
     .shows = "silence"},
    {.id = "P-ALT-6",
     .rows = "D5246-6.2.1-6",
     .play = say_odd_alerts,
     .strict = "data | alert 50 | alert 10",
     .wrong = stumble_over_odd_alerts,
     .shows = "alert 80"},
    {.id = "P-ALT-7",
     .rows = "D5246-7.2.1-2 D5246-7.2.1-3",
     .needs_echo = true,
     .matters = CHECK_EACH_CIPHER,
     .play = close_and_go_on,
     .strict = "close",
     .tolerated = "silence",
     .wrong = ignore_alerts,
     .shows = "data behind close_notify comes back"},
};

CHECK_FILE(alert)
