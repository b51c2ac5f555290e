/* SPDX-License-Identifier: MIT */
/* No target at hand claims some things.  One that does, and is right, must
 * pass the check. */
#include "check/play_child.h"
#include "check/wrong.h"

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

static const struct {
    const char *check;
    const char *claims;
    void (*target)(struct wrong *w);
} rows[] = {
    {"P-ALT-11/server", "badrec = limit\nbadrecs = 3\n", closes_at_the_third},
    {"P-ALT-11/client", "badrec = limit\nbadrecs = 3\n", closes_at_the_third},
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
