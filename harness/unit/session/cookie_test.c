/* SPDX-License-Identifier: MIT */
/* session/cookie.c: what a cookie is bound to, and how long it lives. */
#include "kit/kit.h"

#include "session/cookie.h"

static const uint8_t random_bytes[33] = {0x11, 0x12, 0x13, 0x14, 0x15};
static const uint8_t session_bytes[] = {0x21, 0x22, 0x23, 0x24};
static const uint8_t suite_bytes[] = {0xc0, 0xa8, 0x00, 0xa8, 0x00, 0xff};
static const uint8_t compression_bytes[] = {0x00, 0x01, 0x40};
static const uint8_t place_bytes[] = {0x04, 192, 0, 2, 33, 0x12, 0x34, 0x56};

struct work {
    struct kit_crypto k;
    struct dtls_cookie_jar jar;
    struct dtls_bytes place;
    struct dtls_client_hello hello;
    uint8_t cookie[DTLS_COOKIE_LEN + 1];
};

static void begin(struct work *w)
{
    *w = (struct work){
        .place = {place_bytes, 7},
        .hello =
            {
                .version = 0xfefd,
                .random = {random_bytes, 32},
                .session_id = {session_bytes, 3},
                .suites = {suite_bytes, 4},
                .compression = {compression_bytes, 2},
            },
    };
    kit_crypto_seed(&w->k, 0x6347);
    assert_int_equal(dtls_cookie_init(&w->jar, &w->k.crypto, 1000), DTLS_OK);
}

static void make(struct work *w)
{
    assert_int_equal(dtls_cookie_make(&w->jar, w->cookie, w->place, &w->hello),
                     DTLS_OK);
    w->hello.cookie = dtls_bytes_of(w->cookie, w->jar.len);
}

/* Makes the cookie of the same hello, cut before its lists. */
static void make_unseen(struct work *w)
{
    struct dtls_client_hello whole = w->hello;

    w->hello.suites.len = 0;
    w->hello.compression.len = 0;
    make(w);
    w->hello.suites = whole.suites;
    w->hello.compression = whole.compression;
}

static bool check_front(const struct work *w, struct dtls_cookie_bond *bond)
{
    return dtls_cookie_check(&w->jar, bond, w->place, &w->hello);
}

/* Checks the whole hello. */
static bool check(const struct work *w)
{
    struct dtls_cookie_bond bond = {0};

    return check_front(w, &bond) &&
           dtls_cookie_holds(&w->k.crypto, &bond, &w->hello) == DTLS_OK;
}

static void a_cookie_is_valid_where_it_was_made(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.1-3");
    proves("D6347-4.2.1-17");
    begin(&w);
    assert_false(check(&w));
    make(&w);
    assert_true(check(&w));
    assert_true(check(&w)); /* nothing was kept or used up */
}

static void a_cookie_has_32_bytes_which_every_client_takes(void **state)
{
    (void)state;
    assert_int_equal(DTLS_COOKIE_LEN, 32);
}

/* Each byte of one field, then its length, must matter. */
static void bound_to(struct work *w, struct dtls_bytes *field)
{
    uint8_t changed[64];
    struct dtls_bytes original = *field;

    for (size_t i = 0; i < original.len; i++) {
        kit_row("byte %zu", i);
        memcpy(changed, original.data, original.len);
        changed[i] ^= 0x01;
        *field = dtls_bytes_of(changed, original.len);
        assert_false(check(w));
    }
    *field = dtls_bytes_of(original.data, original.len - 1);
    assert_false(check(w));
    *field = dtls_bytes_of(original.data, original.len + 1);
    assert_false(check(w));
    *field = original;
    assert_true(check(w));
}

static void a_cookie_is_bound_to_every_byte_of_every_field(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.1-12");
    proves("D6347-4.2.1-13");
    begin(&w);
    make(&w);
    bound_to(&w, &w.place);
    bound_to(&w, &w.hello.random);
    bound_to(&w, &w.hello.session_id);
    bound_to(&w, &w.hello.suites);
    bound_to(&w, &w.hello.compression);
    w.hello.version = 0xfefc;
    assert_false(check(&w));
    w.hello.version = 0xfffd;
    assert_false(check(&w));
}

/* The same bytes in the same order, only cut into other fields. */
static void bytes_that_move_to_the_next_field_are_another_hello(void **state)
{
    static const uint8_t run[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct work w;

    (void)state;
    proves("D6347-4.2.1-12");
    begin(&w);
    w.hello.session_id = dtls_bytes_of(run, 2);
    w.hello.suites = dtls_bytes_of(run + 2, 4);
    w.hello.compression = dtls_bytes_of(run + 6, 2);
    make(&w);
    assert_true(check(&w));
    w.hello.session_id = dtls_bytes_of(run, 4);
    w.hello.suites = dtls_bytes_of(run + 4, 2);
    assert_false(check(&w));
    w.hello.session_id = dtls_bytes_of(run, 2);
    w.hello.suites = dtls_bytes_of(run + 2, 2);
    w.hello.compression = dtls_bytes_of(run + 4, 4);
    assert_false(check(&w));
}

/* Each bit is flipped, also the one that says whether the lists were seen. */
static void each_change_is_refused(struct work *w)
{
    for (size_t bit = 0; bit < 8 * (size_t)w->jar.len; bit++) {
        kit_row("bit %zu of byte %zu", bit % 8, bit / 8);
        w->cookie[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(check(w));
        w->cookie[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len <= sizeof w->cookie; len++) {
        kit_row("%zu bytes", len);
        w->hello.cookie.len = len;
        assert_int_equal(check(w), len == w->jar.len);
    }
}

static void a_changed_cookie_or_another_length_is_refused(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.1-18");
    for (uint8_t len = 16; len <= DTLS_COOKIE_LEN; len++) {
        kit_row("a cookie of %u bytes", len);
        begin(&w);
        w.jar.len = len;
        make(&w);
        assert_true((w.cookie[0] & DTLS_COOKIE_SEEN) != 0);
        each_change_is_refused(&w);
        make_unseen(&w);
        assert_false((w.cookie[0] & DTLS_COOKIE_SEEN) != 0);
        each_change_is_refused(&w);
    }
}

/* Where the first fragment ended before the lists, the second hello may have
 * any; everything before them is bound as ever. */
static void lists_that_were_not_seen_are_not_bound(void **state)
{
    struct dtls_cookie_bond bond;
    struct work w;

    (void)state;
    begin(&w);
    make_unseen(&w);
    bound_to(&w, &w.place);
    bound_to(&w, &w.hello.random);
    bound_to(&w, &w.hello.session_id);
    w.hello.version ^= 1;
    assert_false(check(&w));
    w.hello.version ^= 1;
    w.hello.suites.len -= 2;
    w.hello.compression.len++;
    assert_true(check(&w));
    assert_true(check_front(&w, &bond));
    assert_false(bond.seen);
}

/* What the gate found out is enough to check the lists later: no secret of
 * the jar is needed, and all of them may have changed. */
static void the_bond_outlives_the_secrets(void **state)
{
    struct dtls_cookie_bond bond = {0};
    struct work w;

    (void)state;
    proves("D6347-4.2.1-12");
    begin(&w);
    make(&w);
    w.hello.suites.len = 0; /* the first fragment ends before them */
    w.hello.compression.len = 0;
    assert_true(check_front(&w, &bond));
    dtls_cookie_free(&w.jar);
    w.hello.suites.len = 4;
    w.hello.compression.len = 2;
    assert_int_equal(dtls_cookie_holds(&w.k.crypto, &bond, &w.hello), DTLS_OK);
    w.hello.suites.len = 2;
    assert_int_equal(dtls_cookie_holds(&w.k.crypto, &bond, &w.hello),
                     DTLS_ILLEGAL_PARAMETER);
    w.hello.suites.len = 4;
    w.hello.compression.len = 1;
    assert_int_equal(dtls_cookie_holds(&w.k.crypto, &bond, &w.hello),
                     DTLS_ILLEGAL_PARAMETER);
}

/* With the key anyone could make the list MAC of other lists. */
static void no_cookie_shows_the_key_of_its_list_mac(void **state)
{
    (void)state;
    for (uint8_t len = 16; len <= DTLS_COOKIE_LEN; len++) {
        struct dtls_cookie_bond bond = {0};
        struct work w;

        begin(&w);
        kit_row("%u bytes", len);
        w.jar.len = len;
        make(&w);
        assert_true(check_front(&w, &bond) && bond.seen);
        for (int unseen = 0; unseen < 2; unseen++) {
            for (size_t at = 0; at + 4 <= len; at++) {
                for (size_t i = 0; i + 4 <= sizeof bond.key; i++) {
                    assert_memory_not_equal(&w.cookie[at], &bond.key[i], 4);
                }
            }
            make_unseen(&w);
        }
    }
}

static void a_refused_cookie_gives_no_bond(void **state)
{
    struct dtls_cookie_bond before;
    struct dtls_cookie_bond bond;
    struct work w;

    (void)state;
    begin(&w);
    make(&w);
    w.cookie[7] ^= 1;
    memset(&bond, 0x5a, sizeof bond);
    before = bond;
    assert_false(check_front(&w, &bond));
    w.hello.cookie.len = 31;
    assert_false(check_front(&w, &bond));
    assert_memory_equal(&bond, &before, sizeof bond);
}

static enum dtls_status no_key(void *self, struct dtls_hmac_key *key,
                               enum dtls_hash_alg alg,
                               struct dtls_bytes secret)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)secret;
    return DTLS_INTERNAL_ERROR;
}

static void without_cryptography_there_is_no_cookie_and_none_holds(
    void **state)
{
    struct dtls_cookie_bond bond = {0};
    uint8_t before[sizeof((struct work *)0)->cookie];
    struct work w;

    (void)state;
    begin(&w);
    make(&w);
    assert_true(check_front(&w, &bond));
    memcpy(before, w.cookie, sizeof before);
    w.k.crypto.hmac_key = no_key;
    w.hello.suites.len = 2;
    assert_int_equal(dtls_cookie_make(&w.jar, w.cookie, w.place, &w.hello),
                     DTLS_INTERNAL_ERROR);
    assert_memory_equal(w.cookie, before, sizeof before);
    w.hello.suites.len = 4;
    assert_int_equal(dtls_cookie_holds(&w.k.crypto, &bond, &w.hello),
                     DTLS_INTERNAL_ERROR);
}

/* The lists change the last third of a cookie, and nothing before it. */
static void the_last_third_is_of_the_lists(void **state)
{
    static const uint8_t lens[] = {12, 16, 31, DTLS_COOKIE_LEN};

    (void)state;
    for (size_t i = 0; i < LEN(lens); i++) {
        uint8_t first[DTLS_COOKIE_LEN + 1];
        size_t least = lens[i]; /* the first byte that ever differs */
        struct work w;

        kit_row("%u bytes", lens[i]);
        begin(&w);
        w.jar.len = lens[i];
        make(&w);
        memcpy(first, w.cookie, sizeof first);
        for (size_t len = 1; len <= sizeof suite_bytes; len++) {
            size_t at = 0;

            w.hello.suites.len = len;
            make(&w);
            while (at < lens[i] && w.cookie[at] == first[at]) {
                at++;
            }
            least = at < least ? at : least;
        }
        assert_int_equal(least, lens[i] - lens[i] / 3);
    }
}

static void a_shorter_cookie_is_just_as_long_as_it_should_be(void **state)
{
    struct work w;

    (void)state;
    begin(&w);
    w.jar.len = 16;
    /* Until long after the first secrets. */
    for (uint64_t now = 1000; now < 9 * (uint64_t)DTLS_COOKIE_PERIOD_MS;
         now = 3 * now) {
        kit_row("at %u ms", (unsigned)now);
        assert_int_equal(dtls_cookie_renew(&w.jar, now), DTLS_OK);
        make(&w);
        for (size_t len = 0; len <= sizeof w.cookie; len++) {
            kit_row("%zu bytes", len);
            w.hello.cookie.len = len;
            assert_int_equal(check(&w), len == 16);
        }
        w.hello.cookie.len = 16;
        w.cookie[15] ^= 1;
        assert_false(check(&w));
    }
}

static void another_jar_has_other_cookies(void **state)
{
    struct work a;
    struct work b;

    (void)state;
    proves("D6347-4.2.1-18");
    begin(&a);
    begin(&b);
    assert_int_equal(dtls_cookie_init(&b.jar, &a.k.crypto, 1000), DTLS_OK);
    make(&a);
    a.jar = b.jar;
    assert_false(check(&a));
}

static void a_cookie_lives_for_two_periods_and_not_three(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.1-21");
    proves("D6347-4.2.1-22");
    begin(&w);
    make(&w);
    assert_int_equal(
        dtls_cookie_renew(&w.jar, 1000 + DTLS_COOKIE_PERIOD_MS - 1), DTLS_OK);
    assert_true(w.jar.renewed == 1000);
    assert_int_equal(dtls_cookie_renew(&w.jar, 1000 + DTLS_COOKIE_PERIOD_MS),
                     DTLS_OK);
    assert_true(w.jar.renewed == 1000 + DTLS_COOKIE_PERIOD_MS);
    assert_true(check(&w)); /* with the previous secret */
    assert_int_equal(
        dtls_cookie_renew(&w.jar, 1000 + 2 * DTLS_COOKIE_PERIOD_MS), DTLS_OK);
    assert_false(check(&w));
}

static void a_new_cookie_is_made_with_the_current_secret(void **state)
{
    struct work w;
    uint8_t old[DTLS_COOKIE_LEN];

    (void)state;
    begin(&w);
    make(&w);
    memcpy(old, w.cookie, sizeof old);
    assert_int_equal(dtls_cookie_renew(&w.jar, 1000 + DTLS_COOKIE_PERIOD_MS),
                     DTLS_OK);
    make(&w);
    assert_memory_not_equal(old, w.cookie, sizeof old);
    assert_true(check(&w));
}

static void after_a_long_silence_both_secrets_are_new(void **state)
{
    struct work w;

    (void)state;
    begin(&w);
    make(&w);
    assert_int_equal(
        dtls_cookie_renew(&w.jar, 1000 + 2 * DTLS_COOKIE_PERIOD_MS), DTLS_OK);
    assert_false(check(&w));
    make(&w);
    assert_true(check(&w));
}

/* Whichever draw fails, after however long: the jar is what it was. */
static void without_random_bytes_the_old_secrets_stay(void **state)
{
    (void)state;
    for (unsigned periods = 1; periods <= 3; periods++) {
        for (unsigned draw = 1; draw <= (periods == 1 ? 1u : 2u); draw++) {
            struct dtls_cookie_jar before;
            struct work w;

            kit_row("draw %u fails after %u periods", draw, periods);
            begin(&w);
            make(&w);
            before = w.jar;
            w.k.calls = 0;
            w.k.fail_at = draw;
            assert_int_equal(
                dtls_cookie_renew(&w.jar,
                                  1000 + periods * DTLS_COOKIE_PERIOD_MS),
                DTLS_INTERNAL_ERROR);
            assert_memory_equal(&w.jar, &before, sizeof before);
            assert_true(check(&w));
            w.k.fail_at = 0;
            assert_int_equal(
                dtls_cookie_renew(&w.jar,
                                  1000 + periods * DTLS_COOKIE_PERIOD_MS),
                DTLS_OK);
            assert_int_equal(check(&w), periods == 1);
        }
    }
}

/* A jar that could not be made is not one with empty secrets. */
static void a_jar_that_cannot_be_made_stays_as_it_was(void **state)
{
    (void)state;
    for (unsigned draw = 1; draw <= 2; draw++) {
        struct dtls_cookie_jar before;
        struct work w;

        kit_row("draw %u", draw);
        begin(&w);
        before = w.jar;
        w.k.calls = 0;
        w.k.fail_at = draw;
        assert_int_equal(dtls_cookie_init(&w.jar, &w.k.crypto, 0),
                         DTLS_INTERNAL_ERROR);
        assert_memory_equal(&w.jar, &before, sizeof before);
    }
}

static void a_freed_jar_holds_nothing(void **state)
{
    struct work w;
    static const struct dtls_cookie_jar zero;

    (void)state;
    begin(&w);
    dtls_cookie_free(&w.jar);
    assert_memory_equal(&w.jar.current, &zero.current, sizeof zero.current);
    assert_memory_equal(&w.jar.previous, &zero.previous, sizeof zero.previous);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_valid_where_it_was_made),
        cmocka_unit_test(a_cookie_has_32_bytes_which_every_client_takes),
        cmocka_unit_test(a_cookie_is_bound_to_every_byte_of_every_field),
        cmocka_unit_test(bytes_that_move_to_the_next_field_are_another_hello),
        cmocka_unit_test(a_changed_cookie_or_another_length_is_refused),
        cmocka_unit_test(lists_that_were_not_seen_are_not_bound),
        cmocka_unit_test(the_bond_outlives_the_secrets),
        cmocka_unit_test(no_cookie_shows_the_key_of_its_list_mac),
        cmocka_unit_test(a_refused_cookie_gives_no_bond),
        cmocka_unit_test(
            without_cryptography_there_is_no_cookie_and_none_holds),
        cmocka_unit_test(the_last_third_is_of_the_lists),
        cmocka_unit_test(a_shorter_cookie_is_just_as_long_as_it_should_be),
        cmocka_unit_test(another_jar_has_other_cookies),
        cmocka_unit_test(a_cookie_lives_for_two_periods_and_not_three),
        cmocka_unit_test(a_new_cookie_is_made_with_the_current_secret),
        cmocka_unit_test(after_a_long_silence_both_secrets_are_new),
        cmocka_unit_test(without_random_bytes_the_old_secrets_stay),
        cmocka_unit_test(a_jar_that_cannot_be_made_stays_as_it_was),
        cmocka_unit_test(a_freed_jar_holds_nothing),
    };

    return kit_run(tests);
}
