/* SPDX-License-Identifier: MIT */
/* Times: src/x509/time.c. */
#include "kit/kit.h"

#include <stdio.h>

#include "x509/time.h"

/* Reads `text` as UTCTime or, if it has 15 characters, GeneralizedTime. */
static bool parse(const char *text, int64_t *out)
{
    uint8_t der[40];
    size_t len = strlen(text);
    struct dtls_bytes in = {der, len + 2};

    der[0] = len == 15 ? DER_GENERALIZED_TIME : DER_UTC_TIME;
    der[1] = (uint8_t)len;
    memcpy(der + 2, text, len);
    return dtls_time_get(&in, out) && in.len == 0;
}

static void known_seconds_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } times[] = {
        {"700101000000Z", 0},
        {"19700101000000Z", 0},
        {"691231235959Z", -1},
        {"500101000000Z", INT64_C(-631152000)},
        {"491231235959Z", INT64_C(2524607999)},
        {"20500101000000Z", INT64_C(2524608000)},
        {"20380119031408Z", INT64_C(2147483648)},
        {"99991231235959Z", INT64_C(253402300799)},
        {"00000101000000Z", INT64_C(-62167219200)},
        {"000229123456Z", INT64_C(951827696)},
        {"260203040506Z", INT64_C(1770091506)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t seconds = 0x2345;

        kit_row("%s", times[i].text);
        assert_true(parse(times[i].text, &seconds));
        if (seconds != times[i].seconds) {
            fail_msg("%s is %lld", times[i].text, (long long)seconds);
        }
    }
}

static void every_day_of_a_millennium_is_one_after_the_last(void **state)
{
    int64_t expected = INT64_C(-14831769600); /* 1500-01-01 */

    (void)state;
    for (int year = 1500; year < 2500; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++) {
                char text[64];
                int64_t seconds;

                snprintf(text, sizeof text, "%04d%02d%02d000000Z", year, month,
                         day);
                if (parse(text, &seconds)) {
                    kit_row("%s", text);
                    assert_true(seconds == expected);
                    expected += 86400;
                }
            }
        }
    }
    assert_true(expected == INT64_C(16725225600));
}

static void what_the_calendar_lacks_is_refused(void **state)
{
    static const char *const texts[] = {
        "260003040506Z", "261303040506Z",   "260200040506Z",   "260229040506Z",
        "260432040506Z", "260431040506Z",   "260203240506Z",   "260203046006Z",
        "260203040560Z", "19000229000000Z", "21000229000000Z", "990229000000Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t seconds = 0x2345;

        kit_row("%s", texts[i]);
        assert_false(parse(texts[i], &seconds));
        assert_int_equal(seconds, 0x2345);
    }
}

static void other_forms_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "2602030405Z",  /* no seconds */
        "260203040506", /* no zone */
        "260203040506z",
        "260203040506+0100", /* an offset */
        "26020304050 Z",
        "2602030405-1Z",
        "260203040506ZZ",
        "20260203040506",
        "2026020304050/Z",
        "2026020304050:Z",
        "20260203040506.5Z",
        " 260203040506Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t seconds;

        kit_row("\"%s\"", texts[i]);
        assert_false(parse(texts[i], &seconds));
    }
}

static void another_type_is_refused_and_changes_nothing(void **state)
{
    static const uint8_t der[] = "\x16\x0d"
                                 "260203040506Z";
    struct dtls_bytes in = {der, 15};
    int64_t seconds = 0x2345;

    (void)state;
    assert_false(dtls_time_get(&in, &seconds));
    assert_ptr_equal(in.data, der);
    assert_int_equal(in.len, 15);
    assert_int_equal(seconds, 0x2345);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_seconds_are_read),
        cmocka_unit_test(every_day_of_a_millennium_is_one_after_the_last),
        cmocka_unit_test(what_the_calendar_lacks_is_refused),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(another_type_is_refused_and_changes_nothing),
    };

    return kit_run(tests);
}
