/* SPDX-License-Identifier: MIT */
/* Alerts that the target gets (RFC 5246, 7.2; RFC 6347, 4.1.2.7). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"

#include <string.h>

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

/* It reads the first two bytes of three. */
static bool obey_odd(struct wrong *w, struct wrong_record *r)
{
    if (is_alert(r) && r->plain.len > 2 && r->plain.data[0] == 2) {
        w->deaf = true;
    }
    return w->deaf;
}

static void obey_odd_alerts(struct wrong *w)
{
    w->hears = obey_odd;
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

/* ---- P-ALT-9: behind close_notify ---- */

static void repeat_after_close(struct scene *s)
{
    uint8_t content[24];
    uint8_t old[256];
    size_t len;
    unsigned before;

    scene_connect(s);
    (void)scene_put_data(s, content, sizeof content);
    len = s->out.len < sizeof old ? s->out.len : 0;
    memcpy(old, s->out.data, len);
    scene_send(s);
    scene_wait(s, s->setup->driver->real_time ? 100 : 0);
    s->heard.asked_to_close = true;
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    scene_wait(s, s->setup->driver->real_time ? 300 : 100);
    before = s->heard.num_datagrams;
    scene_say_bytes(s, dtls_bytes_of(old, len));
    (void)scene_put_data(s, content, sizeof content);
    scene_send(s);
    scene_wait(s, s->setup->driver->real_time ? 500 : 100);
    scene_expect(s, s->heard.num_datagrams == before,
                 "an answer behind close_notify");
}

static bool answer_after_close(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t record[DTLS_RECORD_HEADER_LEN + 26] = {
        DTLS_ALERT, 0xfe, 0xfd, 0, 1, [10] = 0x77, [12] = 26};
    const struct sut_host *host = &w->sut.setup.host;

    if (is_alert(r) && r->wire.epoch != 0 && r->plain.data[0] == 1 &&
        r->plain.data[1] == DTLS_CLOSE_NOTIFY) {
        w->num = 1;
        return false;
    }
    if (w->num != 0) {
        host->send(host->self, dtls_bytes_of(record, sizeof record));
    }
    return w->num != 0;
}

static void talk_after_close(struct wrong *w)
{
    w->hears = answer_after_close;
}

/* ---- P-ALT-10: records that are no good ---- */

/* A record of data, spoiled in one byte at `at` from the front or, if that is
 * negative, from the end. */
static void say_spoiled(struct scene *s, int at)
{
    uint8_t content[24];

    (void)scene_put_data(s, content, sizeof content);
    s->out.data[at < 0 ? s->out.len - (size_t)-at : (size_t)at] ^= 1;
    scene_send(s);
}

static void say_bad_records(struct scene *s)
{
    uint8_t bytes[24];
    struct dtls_bytes data;

    scene_connect(s);
    say_spoiled(s, -1); /* the tag, the MAC or the padding */
    say_spoiled(s, 2);  /* the version */
    say_spoiled(s, 12); /* the length */
    scene_wait(s, s->setup->driver->real_time ? 200 : 0);
    if (s->heard.fatal) {
        s->hopes = false;
        data = scene_put_data(s, bytes, sizeof bytes);
        scene_send(s);
        scene_wait(s, s->setup->driver->real_time ? 500 : 100);
        scene_expect(s, heard_data(&s->heard, data) == 0,
                     "data comes back behind its fatal alert");
    }
}

static bool warn_of_bad(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t alert[2] = {DTLS_ALERT_WARNING, 20};

    return peer_is_connected(&w->peer) && r->wire.epoch == 1 && !r->opened &&
           wrong_say(w, 1, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
}

static void warn_of_bad_records(struct wrong *w)
{
    w->hears = warn_of_bad;
}

/* ---- P-ALT-1: the form of every alert ---- */

/* RFC 5246, 7.2, without the reserved ones, and those of its extensions. */
static bool is_known(uint8_t description)
{
    static const uint8_t known[] = {
        0,  10, 20, 22, 40, 42,  43,  44,  45,  46,  47,  48,  49,  50,  51,
        70, 71, 80, 86, 90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120};

    return memchr(known, description, sizeof known) != NULL;
}

static void expect_form(struct scene *s, const struct heard_record *r,
                        unsigned epoch)
{
    const uint8_t *alert = r->body.data;

    scene_expect(s, r->epoch == epoch, "an alert in epoch %u, not %u",
                 r->epoch, epoch);
    if (!r->opened) {
        return;
    }
    scene_expect(s, r->body.len == 2, "an alert of %zu bytes", r->body.len);
    if (r->body.len == 2) {
        scene_expect(
            s,
            (alert[0] == DTLS_ALERT_WARNING || alert[0] == DTLS_ALERT_FATAL) &&
                is_known(alert[1]) &&
                (alert[1] != 10 || alert[0] == DTLS_ALERT_FATAL),
            "an alert of level %u with description %u", alert[0], alert[1]);
    }
}

/* Each alert stands in the newest epoch in which the target has spoken. */
static void look_at_alerts(struct scene *s)
{
    unsigned epoch = 0;

    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        if (r->type == DTLS_ALERT) {
            expect_form(s, r, epoch);
        } else if (r->epoch > epoch) {
            epoch = r->epoch;
        }
    }
}

static void let_it_close(struct scene *s)
{
    scene_connect(s);
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    look_at_alerts(s);
}

/* As it stands on the wire: its engine has no epoch 0 any more. */
static bool close_in_the_clear(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t alert[] = {DTLS_ALERT,
                                    0xfe,
                                    0xfd,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0x23,
                                    0x45,
                                    0,
                                    2,
                                    DTLS_ALERT_WARNING,
                                    DTLS_CLOSE_NOTIFY};
    const struct sut_host *host = &w->sut.setup.host;
    bool is_close = is_alert(r) && r->wire.epoch == 1 &&
                    r->plain.data[1] == DTLS_CLOSE_NOTIFY;

    if (is_close) {
        host->send(host->self, dtls_bytes_of(alert, sizeof alert));
    }
    return is_close;
}

static void close_unprotected(struct wrong *w)
{
    w->hears = close_in_the_clear;
}

/* TLS_NULL_WITH_NULL_NULL is never negotiated. */
static void name_no_suite(struct hello *hello)
{
    static const uint8_t none[2];

    hello->client.suites = dtls_bytes_of(none, sizeof none);
}

static void choose_no_suite(struct hello *hello)
{
    hello->server.suite = 0;
}

static void let_it_refuse(struct scene *s)
{
    hello_say(s,
              s->peer.role == DTLS_CLIENT ? name_no_suite : choose_no_suite);
    look_at_alerts(s);
}

static bool has_no_suite(const struct wrong *w, const struct wrong_record *r)
{
    struct hello hello;

    if (!wrong_hello(r, &hello)) {
        return false;
    }
    return w->peer.role == DTLS_CLIENT ? hello.server.suite == 0
                                       : hello.client.suites.len == 2 &&
                                             hello.client.suites.data[1] == 0;
}

static bool refuse_no_suite(struct wrong *w, struct wrong_record *r)
{
    return has_no_suite(w, r) && wrong_alert(w, 60);
}

static bool fail_without_suite(struct wrong *w, struct wrong_record *r)
{
    return has_no_suite(w, r) && wrong_alert(w, 80);
}

static void blame_itself(struct wrong *w)
{
    w->hears = fail_without_suite;
}

static void use_reserved_alert(struct wrong *w)
{
    w->hears = refuse_no_suite;
}

static void spoil_finished(struct scene *s)
{
    struct peer_message *finished = scene_come_to(s, DTLS_FINISHED);

    finished->body[3] ^= 0x10;
    scene_say(s, finished);
    look_at_alerts(s);
}

static bool say_decryption_failed(struct wrong *w, struct peer_message *m)
{
    (void)w;
    if (m->record_type == DTLS_ALERT && m->len == 2 && m->body[1] == 51) {
        m->body[1] = 21;
    }
    return true;
}

static void mistake_decrypt_error(struct wrong *w)
{
    w->says = say_decryption_failed;
}

/* ---- P-ALT-11: the last bad record ---- */

static void say_forged(struct scene *s, unsigned num)
{
    while (num-- > 0) {
        uint8_t bytes[24];

        (void)scene_put_data(s, bytes, sizeof bytes);
        s->out.data[s->out.len - 1] ^= 0x40;
        scene_send(s);
        /* A target outside must not lose any of them. */
        scene_wait(s, s->setup->driver->real_time ? 1 : 0);
    }
}

static void come_to_limit(struct scene *s)
{
    const unsigned limit = ics_number(s->setup->ics, ICS_badrecs);

    scene_connect(s);
    say_forged(s, limit - 1);
    scene_expect(s, scene_probe(s), "no data after %u of %u bad records",
                 limit - 1, limit);
    say_forged(s, 1);
    s->hopes = false;
    scene_listen(s);
}

/* One more than it claims. */
static bool count_bad_records(struct wrong *w, struct wrong_record *r)
{
    return !r->opened && ++w->num > 100 && wrong_alert(w, 20);
}

static void be_patient_with_bad_records(struct wrong *w)
{
    w->hears = count_bad_records;
}

static const struct check checks[] = {
    {.id = "P-ALT-1.closing",
     .rows = "D5246-7.2-2",
     .matters = CHECK_EACH_CIPHER,
     .play = let_it_close,
     .strict = "close | silence",
     .wrong = close_unprotected,
     .shows = "an alert in epoch 0, not 1"},
    {.id = "P-ALT-1.hello",
     .rows = "D5246-7.2.2-8 D5246-7.2.2-9 D7925-6-1 D7925-6-3 "
             "D5246-7.2.2-5",
     .play = let_it_refuse,
     .strict = "alert * | silence",
     .wrong = use_reserved_alert,
     .shows = "an alert of level 2 with description 60"},
    {.id = "P-ALT-1.internal",
     .rows = "D5246-7.2.2-90",
     .play = let_it_refuse,
     .strict = "alert [1-7]? | alert 9? | alert 1?? | silence",
     .wrong = blame_itself,
     .shows = "alert 80"},
    {.id = "P-ALT-1.finished",
     .rows = "D5246-7.2.2-7 D7925-6-1 D5246-7.2-2",
     .matters = CHECK_EACH_CIPHER,
     .play = spoil_finished,
     .strict = "alert * | silence",
     .wrong = mistake_decrypt_error,
     .shows = "an alert of level 2 with description 21"},
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
     .wrong = obey_odd_alerts,
     .shows = "silence"},
    {.id = "P-ALT-7",
     .rows = "D5246-7.2.1-2 D5246-7.2.1-3",
     .needs_echo = true,
     .matters = CHECK_EACH_CIPHER,
     .play = close_and_go_on,
     .strict = "close",
     .tolerated = "silence",
     .wrong = ignore_alerts,
     .shows = "data behind close_notify comes back"},
    {.id = "P-ALT-9",
     .rows = "D5246-7.2.1-3",
     .play = repeat_after_close,
     .strict = "silence",
     .wrong = talk_after_close,
     .shows = "an answer behind close_notify"},
    {.id = "P-ALT-10",
     .rows = "D6347-4.1.2.7-3 D6347-4.1.2.7-4",
     .matters = CHECK_EACH_CIPHER,
     .play = say_bad_records,
     .strict = "data | alert *",
     .wrong = warn_of_bad_records,
     .shows = "warning 20 then data"},
    {.id = "P-ALT-11",
     .rows = "D6347-4.2.7-3 D9325-4.4-2",
     .needs_echo = true,
     .play = come_to_limit,
     .strict = "alert * | close | silence",
     .claims = "[ics]\nbadrec = limit\n",
     .wrong = be_patient_with_bad_records,
     .shows = "data"},
};

CHECK_FILE(alert)
