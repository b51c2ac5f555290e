/* SPDX-License-Identifier: MIT */
/* crypto/suites.c: the tables agree with the registry and with themselves. */
#include "kit/proves.h"

#include "crypto_test.h"

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static void every_suite_of_the_product_has_its_name(void **state)
{
    static const struct {
        uint16_t id;
        const char *name;
    } registry[] = {
        {0x002f, "RSA_WITH_AES_128_CBC_SHA"},
        {0x003c, "RSA_WITH_AES_128_CBC_SHA256"},
        {0x003d, "RSA_WITH_AES_256_CBC_SHA256"},
        {0x009c, "RSA_WITH_AES_128_GCM_SHA256"},
        {0x00a8, "PSK_WITH_AES_128_GCM_SHA256"},
        {0x00ae, "PSK_WITH_AES_128_CBC_SHA256"},
        {0xc023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
        {0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
        {0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        {0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
        {0xc0a8, "PSK_WITH_AES_128_CCM_8"},
        {0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
        {0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    };

    (void)state;
    for (size_t i = 0; i < LEN(registry); i++) {
        const struct dtls_suite *suite = dtls_suite_find(registry[i].id);

        kit_row("%04x %s", registry[i].id, registry[i].name);
        assert_non_null(suite);
        assert_int_equal(suite->id, registry[i].id);
        assert_string_equal(suite->name, registry[i].name);
    }
}

/* The name says it all; each column is read out of it once more. */
static void each_row_is_what_its_name_says(void **state)
{
    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *s = dtls_suite_at(i);
        bool is_cbc = contains(s->name, "_CBC_");
        bool is_chacha = contains(s->name, "CHACHA20");
        bool is_sha384 = contains(s->name, "_SHA384");
        bool is_null = contains(s->name, "_NULL_");

        kit_row("%s", s->name);
        assert_int_equal(s->kx == DTLS_KX_ECDHE_ECDSA,
                         begins_with(s->name, "ECDHE_ECDSA_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_ECDHE_RSA,
                         begins_with(s->name, "ECDHE_RSA_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_ECDH,
                         begins_with(s->name, "ECDH_ECDSA_WITH_") ||
                             begins_with(s->name, "ECDH_RSA_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_RSA,
                         begins_with(s->name, "RSA_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_PSK,
                         begins_with(s->name, "PSK_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_ECDHE_PSK,
                         begins_with(s->name, "ECDHE_PSK_WITH_"));
        assert_int_equal(s->kx == DTLS_KX_ECJPAKE,
                         begins_with(s->name, "ECJPAKE_WITH_"));
        assert_int_equal(s->cipher == DTLS_CIPHER_CBC, is_cbc);
        assert_int_equal(s->cipher == DTLS_CIPHER_GCM,
                         contains(s->name, "_GCM_"));
        assert_int_equal(s->cipher == DTLS_CIPHER_CHACHA20, is_chacha);
        assert_int_equal(s->cipher == DTLS_CIPHER_CCM_8,
                         contains(s->name, "_CCM_8"));
        assert_int_equal(s->cipher == DTLS_CIPHER_CCM,
                         contains(s->name, "_CCM") &&
                             !contains(s->name, "_CCM_8"));
        assert_int_equal(s->cipher == DTLS_CIPHER_NULL, is_null);
        assert_int_equal(s->key_len, is_null                          ? 0
                                     : contains(s->name, "_AES_128_") ? 16
                                                                      : 32);
        assert_int_equal(s->salt_len, is_cbc || is_null ? 0
                                      : is_chacha       ? 12
                                                        : 4);
        assert_int_equal(s->prf,
                         is_sha384 ? DTLS_HASH_SHA384 : DTLS_HASH_SHA256);
        assert_int_equal(s->mac == DTLS_HASH_NONE, !is_cbc && !is_null);
        assert_true(s->mac != DTLS_HASH_SHA256 ||
                    contains(s->name, "_SHA256"));
        assert_true(s->mac != DTLS_HASH_SHA1 ||
                    s->name[strlen(s->name) - 1] == 'A');
        assert_int_equal(dtls_suite_mac_len(s), dtls_hash_len(s->mac));
        assert_int_equal(dtls_suite_has_certificate(s),
                         !contains(s->name, "PSK_") &&
                             !contains(s->name, "JPAKE_"));
        assert_int_equal(dtls_suite_is_psk(s), contains(s->name, "PSK_"));
        assert_int_equal(dtls_suite_is_ecdhe(s),
                         begins_with(s->name, "ECDHE_"));
        assert_int_equal(dtls_suite_has_curve(s),
                         begins_with(s->name, "ECDH") ||
                             begins_with(s->name, "ECJPAKE_"));
        assert_int_equal(dtls_suite_takes_key(s, DTLS_KEY_RSA),
                         begins_with(s->name, "RSA_") ||
                             begins_with(s->name, "ECDHE_RSA_"));
        assert_int_equal(dtls_suite_takes_key(s, DTLS_KEY_EC),
                         begins_with(s->name, "ECDHE_ECDSA_") ||
                             begins_with(s->name, "ECDH_"));
        assert_int_equal(dtls_suite_takes_key(s, DTLS_KEY_ED25519),
                         begins_with(s->name, "ECDHE_ECDSA_"));
        assert_false(dtls_suite_takes_key(s, DTLS_KEY_NONE));
    }
}

/* Static ECDH comes after all others, for want of forward secrecy.  EC-JPAKE
 * is a draft's, and the last. */
static void no_suite_stands_twice_and_none_without_aead_before_one(
    void **state)
{
    bool seen_cbc = false;
    bool seen_static = false;

    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *s = dtls_suite_at(i);

        kit_row("%s", s->name);
        assert_ptr_equal(dtls_suite_find(s->id), s);
        if (s->kx == DTLS_KX_ECDH) {
            seen_static = true;
            continue;
        }
        if (s->kx == DTLS_KX_ECJPAKE) {
            assert_null(dtls_suite_at(i + 1));
            continue;
        }
        assert_true(!seen_static || s->cipher == DTLS_CIPHER_NULL);
        assert_true(s->mac != DTLS_HASH_NONE || !seen_cbc);
        seen_cbc = s->mac != DTLS_HASH_NONE;
    }
    assert_true(seen_cbc && seen_static);
}

/* A row without a place in one of the two lists would be no suite. */
static void every_row_stands_in_a_list(void **state)
{
    static const char row[] = "#define DTLS_SUITE_";
    FILE *file = fopen(NXDTLS_HARNESS_DIR "/../src/crypto/suite_rows.h", "r");
    char line[128];
    size_t num = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, row, sizeof row - 1) == 0) {
            unsigned long id = strtoul(&line[sizeof row - 1], NULL, 16);

            if (dtls_suite_find((uint16_t)id) == NULL) {
                fail_msg("%04lx has a row and no place in a list", id);
            }
            num++;
        }
    }
    assert_int_equal(ferror(file), 0);
    (void)fclose(file);
    assert_non_null(dtls_suite_at(num - 1));
    assert_null(dtls_suite_at(num));
}

static void unknown_numbers_have_no_row(void **state)
{
    size_t n = 0;

    (void)state;
    while (dtls_suite_at(n) != NULL) {
        n++;
    }
    assert_null(dtls_suite_at(n + 1));
    assert_null(dtls_suite_at(SIZE_MAX));
    assert_null(dtls_suite_find(0x0000));
    assert_null(dtls_suite_find(0x00ff)); /* the signalling values */
    assert_null(dtls_suite_find(0x5600));
    assert_null(dtls_suite_find(0x2f00));
}

/* The number says it: hash << 8 | signature, or 8 << 8 and one of its own. */
static void check_pair(const struct dtls_sigalg *a)
{
    static const enum dtls_hash_alg hashes[] = {[2] = DTLS_HASH_SHA1,
                                                [4] = DTLS_HASH_SHA256,
                                                [5] = DTLS_HASH_SHA384,
                                                [6] = DTLS_HASH_SHA512,
                                                [7] = DTLS_HASH_NONE};

    if (a->id >> 8 == 8) {
        assert_int_equal(a->hash, hashes[a->id & 0xff]);
        assert_int_equal(a->pss, (a->id & 0xff) != 7);
        assert_int_equal(a->key, a->pss ? DTLS_KEY_RSA : DTLS_KEY_ED25519);
    } else {
        assert_false(a->pss);
        assert_int_equal(a->hash, hashes[a->id >> 8]);
        assert_int_not_equal(a->hash, DTLS_HASH_NONE);
        assert_int_equal(a->key,
                         (a->id & 0xff) == 3 ? DTLS_KEY_EC : DTLS_KEY_RSA);
    }
}

static void pairs_are_hash_and_signature(void **state)
{
    size_t num = 0;

    (void)state;
    for (; dtls_sigalg_at(num) != NULL; num++) {
        kit_row("pair %04x", dtls_sigalg_at(num)->id);
        assert_ptr_equal(dtls_sigalg_find(dtls_sigalg_at(num)->id),
                         dtls_sigalg_at(num));
        check_pair(dtls_sigalg_at(num));
    }
    assert_int_equal(num, 12);
    assert_null(dtls_sigalg_at(SIZE_MAX));
    assert_null(dtls_sigalg_find(0x0101)); /* MD5 */
    assert_null(dtls_sigalg_find(0x0301)); /* SHA-224 */
}

static void sha1_is_for_who_lists_it(void **state)
{
    static const uint16_t listed[] = {0x0201, 0x0999, 0x0403};
    const struct dtls_sigalg *rsa_sha1 = dtls_sigalg_find(0x0201);
    size_t num = 0;

    (void)state;
    while (dtls_sigalg_in_list(NULL, 0, num) != NULL) {
        kit_row("pair %zu", num);
        assert_int_not_equal(dtls_sigalg_in_list(NULL, 0, num)->hash,
                             DTLS_HASH_SHA1);
        num++;
    }
    assert_int_equal(num, 10);
    assert_null(dtls_sigalg_find_listed(NULL, 0, 0x0201));
    assert_ptr_equal(dtls_sigalg_find_listed(listed, 3, 0x0201), rsa_sha1);
    assert_null(dtls_sigalg_find_listed(listed, 3, 0x0203));
    /* In its order, and what nobody knows passed over. */
    assert_ptr_equal(dtls_sigalg_in_list(listed, 3, 0), rsa_sha1);
    assert_int_equal(dtls_sigalg_in_list(listed, 3, 1)->id, 0x0403);
    assert_null(dtls_sigalg_in_list(listed, 3, 2));
}

static void digests_and_points_have_their_lengths(void **state)
{
    (void)state;
    assert_int_equal(dtls_hash_len(DTLS_HASH_NONE), 0);
    assert_int_equal(dtls_hash_len(DTLS_HASH_SHA1), 20);
    assert_int_equal(dtls_hash_len(DTLS_HASH_SHA256), 32);
    assert_int_equal(dtls_hash_len(DTLS_HASH_SHA384), 48);
    assert_int_equal(dtls_hash_len(DTLS_HASH_SHA512), DTLS_HASH_MAX);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_SECP256R1), 65);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_SECP384R1), 97);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_SECP521R1),
                     DTLS_POINT_MAX);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_X25519), 32);
    assert_int_equal(dtls_group_point_len(0), 0);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_X448), 56);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_SECP224R1), 57);
    assert_int_equal(dtls_group_point_len(DTLS_GROUP_SECP192R1), 49);
    assert_int_equal(dtls_group_point_len(22), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_of_the_product_has_its_name),
        cmocka_unit_test(each_row_is_what_its_name_says),
        cmocka_unit_test(
            no_suite_stands_twice_and_none_without_aead_before_one),
        cmocka_unit_test(every_row_stands_in_a_list),
        cmocka_unit_test(unknown_numbers_have_no_row),
        cmocka_unit_test(pairs_are_hash_and_signature),
        cmocka_unit_test(sha1_is_for_who_lists_it),
        cmocka_unit_test(digests_and_points_have_their_lengths),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
