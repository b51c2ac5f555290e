/* SPDX-License-Identifier: MIT */
/* No target at hand claims some things.  One that does, and is right, must
 * pass the check. */
#include "check/play_child.h"
#include "check/checks/hello_words.h"

#include "kit/kit.h"

/* It closes at the bad record with the number that it claims. */
static bool close_at_the_third(struct wrong *w, struct wrong_record *r)
{
    return !r->opened && ++w->num == 3 && wrong_alert(w, 20);
}

static void closes_at_the_third(struct wrong *w)
{
    w->hears = close_at_the_third;
}

/* It offers all that is asked for, too. */
static void offers_all(struct wrong *w)
{
    static const uint16_t suites[] = {0xc02b, 0xc02c, 0xc02f, 0xc030};

    if (w->peer.role == DTLS_CLIENT) {
        w->peer.config.suites = suites;
        w->peer.config.num_suites = LEN(suites);
        w->peer.config.max_fragment_length = 1024;
    }
}

/* CBC goes with encrypt-then-MAC only. */
static bool need_etm(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    return wrong_hello(r, &hello) && !hello_has(&hello, 22, &data) &&
           wrong_alert(w, 40);
}

static void needs_etm(struct wrong *w)
{
    w->hears = need_etm;
}

/* A connection has a longest life. */
static bool close_in_time(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t close[2] = {DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY};

    return r->wire.type == DTLS_APPLICATION_DATA && r->opened &&
           w->peer.now > w->num + 20000 &&
           wrong_say(w, wrong_epoch(w), DTLS_ALERT,
                     dtls_bytes_of(close, sizeof close));
}

static void closes_in_time(struct wrong *w)
{
    w->num = w->peer.now;
    w->hears = close_in_time;
}

#define BCP195 "profile = bcp195\n"
#define IOT "profile = iot\n"

static const struct {
    const char *check;
    const char *claims;
    void (*target)(struct wrong *w);
} rows[] = {
    {"P-ALT-11/server", "badrec = limit\nbadrecs = 3\n", closes_at_the_third},
    {"P-ALT-11/client", "badrec = limit\nbadrecs = 3\n", closes_at_the_third},
    {"P-PRF-6.signal/client", BCP195, offers_all},
    {"P-PRF-6.ems/client", BCP195, offers_all},
    {"P-PRF-6.suites/client", BCP195, offers_all},
    {"P-PRF-6.static_rsa/client", BCP195, offers_all},
    {"P-PRF-6.static_dh/client", BCP195, offers_all},
    {"P-PRF-6.dhe/client", BCP195, offers_all},
    {"P-PRF-6.secrecy/client", BCP195, offers_all},
    {"P-PRF-6.groups/client", BCP195 "suites = c02f\n", offers_all},
    {"P-PRF-6.sha1/client", BCP195, offers_all},
    {"P-PRF-6.sha256/client", BCP195, offers_all},
    {"P-PRF-6.signal/server", BCP195, NULL},
    {"P-PRF-6.ems/server", BCP195, NULL},
    {"P-PRF-6.static_rsa/server", BCP195, NULL},
    {"P-PRF-6.static_dh/server", BCP195, NULL},
    {"P-PRF-6.dhe/server", BCP195, NULL},
    {"P-PRF-6.secrecy/server", BCP195, NULL},
    {"P-PRF-6.groups/server", BCP195 "suites = c02f\n", NULL},
    {"P-PRF-6.cbc/server", BCP195 "suites = c023\n", needs_etm},
    {"P-PRF-5.aead/client", IOT, offers_all},
    {"P-PRF-5.fragments/client", IOT, offers_all},
    {"P-PRF-5.ems/client", IOT, offers_all},
    {"P-PRF-5.name/client", IOT, offers_all},
    {"P-PRF-5.sha256/client", IOT, offers_all},
    {"P-PRF-5.compression/client", IOT, offers_all},
    {"P-PRF-5.hello_request/client", IOT, offers_all},
    {"P-PRF-5.tickets/client", IOT "resume = ticket\n", NULL},
    {"P-PRF-5.cookie/client", IOT "suites = 00a8\n", NULL},
    {"P-PRF-5.aead/server", IOT, NULL},
    {"P-PRF-5.ems/server", IOT, NULL},
    {"P-PRF-5.renegotiation/server", IOT, NULL},
    {"P-PRF-5.alerts/server", IOT "suites = 00a8\n", NULL},
    {"P-RES-3/server", "", NULL},
    {"P-RES-14/server", "lifetime = 20\n", closes_in_time},
    {"P-RES-14/client", "lifetime = 20\n", closes_in_time},
};

static void read_claims(struct ics *ics, const char *claims)
{
    char text[512];
    char problem[256] = "";
    int len = snprintf(text, sizeof text, "[ics]\nsuites = c02b\n%s", claims);

    ics_init(ics);
    assert_true(ics_read(ics, "claims",
                         dtls_bytes_of((const uint8_t *)text, (size_t)len),
                         problem, sizeof problem));
}

static void a_right_target_passes(void **state)
{
    static struct ics ics;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target target = {.name = "right",
                                .ics = &ics,
                                .pki = NXDTLS_PKI_DIR,
                                .is_client = true,
                                .is_server = true};
        struct check_cases cases;
        struct case_result result;

        kit_row("%s", rows[i].check);
        read_claims(&ics, rows[i].claims);
        target.driver = wrong_driver(rows[i].target);
        cases_select(&cases, &target,
                     &(struct case_selection){.only = rows[i].check});
        assert_int_equal(cases.num, 1);
        play_here(&result, &target, &cases.items[0], 1, NULL);
        assert_string_equal(result.reason, "");
        assert_int_equal(result.verdict, VERDICT_PASS);
        cases_free(&cases);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_target_passes),
    };

    return kit_run(tests);
}
