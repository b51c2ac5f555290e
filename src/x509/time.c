/* SPDX-License-Identifier: MIT */
/* Times of a certificate (RFC 5280, 4.1.2.5). */
#include "x509/time.h"

/* Takes two decimal digits. */
static bool get_two(struct dtls_bytes *in, int *out)
{
    uint8_t tens;
    uint8_t ones;

    if (!dtls_get_u8(in, &tens) || tens < '0' || tens > '9' ||
        !dtls_get_u8(in, &ones) || ones < '0' || ones > '9') {
        return false;
    }
    *out = (tens - '0') * 10 + (ones - '0');
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Returns the days from 1970-01-01.  The date is valid and its year 0 to
 * 9999. */
static int64_t days_since_1970(int year, int month, int day)
{
    /* Years begin in March here, so that a leap day ends one. */
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y + 400) / 400 - 1;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 -
           year_of_era / 100 + day_of_year - 719468;
}

/* Reads what follows the year: MMDDHHMMSSZ and nothing else (RFC 5280,
 * 4.1.2.5: Zulu, with seconds). */
static bool parse_from_month(struct dtls_bytes text, int year, int64_t *out)
{
    int month;
    int day;
    int hour;
    int minute;
    int second;
    uint8_t zulu;

    if (!get_two(&text, &month) || month < 1 || month > 12 ||
        !get_two(&text, &day) || day < 1 || day > days_in_month(year, month) ||
        !get_two(&text, &hour) || hour > 23 || !get_two(&text, &minute) ||
        minute > 59 || !get_two(&text, &second) || second > 59 ||
        !dtls_get_u8(&text, &zulu) || zulu != 'Z' || text.len != 0) {
        return false;
    }
    *out =
        ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 +
        second;
    return true;
}

bool dtls_time_get(struct dtls_bytes *in, int64_t *out)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes text;
    uint8_t tag;
    int century;
    int year;

    if (!dtls_der_get_any(&rest, &tag, &text) ||
        (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME)) {
        return false;
    }
    if (tag == DER_GENERALIZED_TIME && !get_two(&text, &century)) {
        return false;
    }
    if (!get_two(&text, &year)) {
        return false;
    }
    if (tag == DER_UTC_TIME) {
        century = year >= 50 ? 19 : 20; /* RFC 5280, 4.1.2.5.1 */
    }
    if (!parse_from_month(text, century * 100 + year, out)) {
        return false;
    }
    *in = rest;
    return true;
}
