/* SPDX-License-Identifier: MIT */
/* crypto/share.c: agreement in every group, and every unusable peer. */
#include "kit/proves.h"

#include "crypto/raw_key.h"
#include "crypto_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static const struct {
    uint16_t id;
    size_t point_len;
    size_t shared_len;
} groups[] = {{DTLS_GROUP_X25519, 32, 32},    {DTLS_GROUP_SECP256R1, 65, 32},
              {DTLS_GROUP_SECP384R1, 97, 48}, {DTLS_GROUP_SECP521R1, 133, 66},
              {DTLS_GROUP_X448, 56, 56},      {DTLS_GROUP_SECP224R1, 57, 28},
              {DTLS_GROUP_SECP192R1, 49, 24}};

static void make(struct dtls_share *share, uint16_t group, uint8_t *point)
{
    assert_int_equal(crypto->share_make(NULL, share, group, point), DTLS_OK);
    assert_int_equal(share->group, group);
}

static enum dtls_status agree(struct dtls_share *share, const void *peer,
                              size_t len)
{
    uint8_t shared[DTLS_SHARED_MAX];
    size_t shared_len = 0;

    return crypto->share_agree(NULL, share, shared, &shared_len,
                               dtls_bytes_of(peer, len));
}

/* Fifty times, so that a secret that begins with a zero byte is likely to be
 * among them in some group. */
static void both_sides_agree_in_every_group(void **state)
{
    (void)state;
    proves("D8422-5.10-1");
    for (size_t i = 0; i < 50 * LEN(groups); i++) {
        size_t g = i % LEN(groups);
        struct dtls_share a;
        struct dtls_share b;
        uint8_t point_a[DTLS_POINT_MAX + 1];
        uint8_t point_b[DTLS_POINT_MAX];
        uint8_t shared_a[DTLS_SHARED_MAX];
        uint8_t shared_b[DTLS_SHARED_MAX];
        size_t len_a = 0;
        size_t len_b = 0;

        kit_row("group %u, time %zu", groups[g].id, i / LEN(groups));
        memset(point_a, 0xb7, sizeof point_a);
        make(&a, groups[g].id, point_a);
        make(&b, groups[g].id, point_b);
        assert_int_equal(point_a[groups[g].point_len], 0xb7);
        assert_true(memcmp(point_a, point_b, groups[g].point_len) != 0);
        assert_true(dtls_group_is_bare(groups[g].id) || point_a[0] == 4);
        assert_int_equal(
            crypto->share_agree(NULL, &a, shared_a, &len_a,
                                dtls_bytes_of(point_b, groups[g].point_len)),
            DTLS_OK);
        assert_int_equal(
            crypto->share_agree(NULL, &b, shared_b, &len_b,
                                dtls_bytes_of(point_a, groups[g].point_len)),
            DTLS_OK);
        assert_int_equal(len_a, groups[g].shared_len);
        assert_int_equal(len_b, groups[g].shared_len);
        assert_memory_equal(shared_a, shared_b, len_a);
        crypto->share_free(NULL, &a);
        crypto->share_free(NULL, &b);
    }
    assert_no_errors_left();
}

/* D8422-5.11-1, -2, D8422-5.4.1-1 */
static void a_point_off_the_curve_or_in_another_form_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(groups); i++) {
        size_t len = groups[i].point_len;
        struct dtls_share share;
        struct dtls_share peer;
        uint8_t point[DTLS_POINT_MAX + 1] = {0};
        uint8_t bad[DTLS_POINT_MAX + 1];

        kit_row("group %u", groups[i].id);
        if (dtls_group_is_bare(groups[i].id)) {
            continue; /* every number is one */
        }
        make(&share, groups[i].id, bad);
        make(&peer, groups[i].id, point);
        for (size_t at = 1; at < len; at++) {
            kit_row("byte %zu", at);
            memcpy(bad, point, sizeof bad);
            bad[at] ^= 1;
            assert_int_equal(agree(&share, bad, len), DTLS_ILLEGAL_PARAMETER);
        }
        for (unsigned form = 0; form <= 255; form++) {
            kit_row("form %u", form);
            memcpy(bad, point, sizeof bad);
            bad[0] = (uint8_t)form;
            assert_int_equal(agree(&share, bad, len),
                             form == 4 ? DTLS_OK : DTLS_ILLEGAL_PARAMETER);
        }
        /* Compressed, a right point otherwise; X alone; infinity. */
        bad[0] = (uint8_t)(2 + (point[len - 1] & 1));
        assert_int_equal(agree(&share, bad, 1 + (len - 1) / 2),
                         DTLS_ILLEGAL_PARAMETER);
        assert_int_equal(agree(&share, point + 1, (len - 1) / 2),
                         DTLS_ILLEGAL_PARAMETER);
        memset(bad, 0, sizeof bad);
        assert_int_equal(agree(&share, bad, 1), DTLS_ILLEGAL_PARAMETER);
        bad[0] = 4;
        assert_int_equal(agree(&share, bad, len), DTLS_ILLEGAL_PARAMETER);
        /* Coordinates out of the field. */
        memset(bad + 1, 0xff, len - 1);
        assert_int_equal(agree(&share, bad, len), DTLS_ILLEGAL_PARAMETER);
        /* Still usable after all that. */
        assert_int_equal(agree(&share, point, len), DTLS_OK);
        assert_no_errors_left();
        crypto->share_free(NULL, &share);
        crypto->share_free(NULL, &peer);
    }
}

static void a_point_of_any_other_length_is_refused(void **state)
{
    (void)state;
    proves("D8422-5.4.1-90");
    for (size_t i = 0; i < LEN(groups); i++) {
        struct dtls_share share;
        uint8_t point[DTLS_POINT_MAX + 2] = {0};

        kit_row("group %u", groups[i].id);
        make(&share, groups[i].id, point);
        for (size_t len = 0; len <= sizeof point; len++) {
            kit_row("%zu bytes", len);
            assert_int_equal(
                agree(&share, point, len),
                len == groups[i].point_len ? DTLS_OK : DTLS_ILLEGAL_PARAMETER);
        }
        assert_int_equal(agree(&share, NULL, 0), DTLS_ILLEGAL_PARAMETER);
        crypto->share_free(NULL, &share);
    }
    assert_no_errors_left();
}

/* The points of small order of RFC 7748's curve, and their copies above the
 * prime.  D8422-5.11-3, D8422-5.10-2 */
static void an_x25519_value_that_gives_zero_is_refused(void **state)
{
    static const char *const values[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct dtls_share share;
    uint8_t point[DTLS_POINT_MAX];

    (void)state;
    make(&share, DTLS_GROUP_X25519, point);
    for (size_t i = 0; i < LEN(values); i++) {
        kit_row("value %s", values[i]);
        struct hex peer = hex(values[i]);

        assert_int_equal(agree(&share, peer.data, 32), DTLS_ILLEGAL_PARAMETER);
        peer.data[31] |= 0x80; /* the bit that must be ignored */
        assert_int_equal(agree(&share, peer.data, 32), DTLS_ILLEGAL_PARAMETER);
    }
    assert_no_errors_left();
    crypto->share_free(NULL, &share);
}

/* 0, 1, the prime less 1, the prime and 1 above it (RFC 7748, 6.2). */
static void an_x448_value_that_gives_zero_is_refused(void **state)
{
    static const struct {
        uint8_t first; /* of the little-endian number */
        uint8_t low;   /* of its bytes up to the 28th */
        uint8_t middle;
        uint8_t high;
    } values[] = {{0, 0, 0, 0},
                  {1, 0, 0, 0},
                  {0xfe, 0xff, 0xfe, 0xff},
                  {0xff, 0xff, 0xfe, 0xff},
                  {0, 0, 0xff, 0xff}};
    struct dtls_share share;
    uint8_t point[DTLS_POINT_MAX];

    (void)state;
    make(&share, DTLS_GROUP_X448, point);
    for (size_t i = 0; i < LEN(values); i++) {
        kit_row("value %02x %02x... %02x %02x...", values[i].first,
                values[i].low, values[i].middle, values[i].high);
        memset(point, values[i].low, 28);
        memset(point + 28, values[i].high, 28);
        point[0] = values[i].first;
        point[28] = values[i].middle;
        assert_int_equal(agree(&share, point, 56), DTLS_ILLEGAL_PARAMETER);
    }
    point[0] = 5; /* the base point is a good one */
    memset(point + 1, 0, 55);
    assert_int_equal(agree(&share, point, 56), DTLS_OK);
    assert_no_errors_left();
    crypto->share_free(NULL, &share);
}

/* P-256 has two points with x = 0.  The check for zero belongs to X25519 and
 * X448 alone (RFC 8422, 5.11). */
static void a_coordinate_of_zero_is_a_secret_on_a_curve_of_nist(void **state)
{
    static const uint8_t zero[32];
    static const uint8_t one[32] = {[31] = 1};
    static const uint8_t y[32] = {
        0x66, 0x48, 0x5c, 0x78, 0x0e, 0x2f, 0x83, 0xd7, 0x24, 0x33, 0xbd,
        0x5d, 0x84, 0xa0, 0x6b, 0xb6, 0x54, 0x1c, 0x2a, 0xf3, 0x1d, 0xae,
        0x87, 0x17, 0x28, 0xbf, 0x85, 0x6a, 0x17, 0x4f, 0x93, 0xf4};
    uint8_t point[65] = {4};
    uint8_t shared[DTLS_SHARED_MAX];
    size_t shared_len = sizeof shared;
    struct dtls_private_key key;
    struct dtls_share share;

    (void)state;
    memcpy(&point[33], y, sizeof y);
    assert_int_equal(dtls_raw_key_import(&key, DTLS_GROUP_SECP256R1,
                                         dtls_bytes_of(one, sizeof one)),
                     DTLS_OK);
    share = dtls_private_key_share(&key);
    assert_int_equal(crypto->share_agree(NULL, &share, shared, &shared_len,
                                         dtls_bytes_of(point, sizeof point)),
                     DTLS_OK);
    assert_int_equal(shared_len, 32);
    assert_memory_equal(shared, zero, 32);
    crypto->private_key_free(NULL, &key);
}

static void there_is_no_share_of_an_unknown_group(void **state)
{
    static const struct dtls_share none;
    struct dtls_share share = {7, NULL};
    uint8_t point[DTLS_POINT_MAX] = {0};

    (void)state;
    assert_int_equal(crypto->share_make(NULL, &share, 22, point),
                     DTLS_INTERNAL_ERROR);
    assert_memory_equal(&share, &none, sizeof none);
    assert_int_equal(agree(&share, point, 32), DTLS_INTERNAL_ERROR);
    crypto->share_free(NULL, &share);
    crypto->share_free(NULL, &share);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_agree_in_every_group),
        cmocka_unit_test(a_point_off_the_curve_or_in_another_form_is_refused),
        cmocka_unit_test(a_point_of_any_other_length_is_refused),
        cmocka_unit_test(an_x25519_value_that_gives_zero_is_refused),
        cmocka_unit_test(an_x448_value_that_gives_zero_is_refused),
        cmocka_unit_test(a_coordinate_of_zero_is_a_secret_on_a_curve_of_nist),
        cmocka_unit_test(there_is_no_share_of_an_unknown_group),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
