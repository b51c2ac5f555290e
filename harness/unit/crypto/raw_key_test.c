/* SPDX-License-Identifier: MIT */
/* crypto/raw_key.h: numbers and paddings, with libcrypto's own RSA and ECDSA
 * as the judge of them. */
#include <stddef.h>
#include <stdint.h>
#include "kit/proves.h"

#include "key_test.h"

#include "crypto/raw_key.h"

#include <string.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;
static const uint8_t digest_bytes[DTLS_HASH_MAX] = {0x23, 0x45, 0x67, 0x89};

/* number ^ exponent mod n, what the paddings are for. */
static void power(uint8_t *out, const struct dtls_raw_key *key,
                  const uint8_t *exponent, size_t exponent_len,
                  const uint8_t *number)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *n = BN_bin2bn(key->public, (int)key->public_len, NULL);
    BIGNUM *e = BN_bin2bn(exponent, (int)exponent_len, NULL);
    BIGNUM *x = BN_bin2bn(number, (int)key->public_len, NULL);

    assert_int_equal(BN_mod_exp(x, x, e, n, context), 1);
    assert_int_equal(BN_bn2binpad(x, out, (int)key->public_len),
                     key->public_len);
    BN_free(x);
    BN_free(e);
    BN_free(n);
    BN_CTX_free(context);
}

static struct dtls_public_key public_of(const struct dtls_raw_key *key)
{
    return (struct dtls_public_key){.type = DTLS_KEY_RSA,
                                    .n = {key->public, key->public_len},
                                    .e = {key->e, key->e_len}};
}

struct rsa {
    struct dtls_private_key key;
    struct dtls_raw_key raw;
    struct dtls_public_key public;
};

static void rsa_make(struct rsa *rsa, unsigned bits)
{
    EVP_PKEY *made = EVP_RSA_gen(bits);

    assert_non_null(made);
    rsa->key = key_private(made, KEY_PKCS8);
    EVP_PKEY_free(made);
    assert_int_equal(dtls_raw_key_export(&rsa->raw, &rsa->key), DTLS_OK);
    rsa->public = public_of(&rsa->raw);
}

static void rsa_free(struct rsa *rsa)
{
    crypto->private_key_free(NULL, &rsa->key);
}

/* 2049 bits: PSS then has a byte less than the modulus (RFC 8017, 8.1.1). */
static const unsigned sizes[] = {2048, 2049, 3072};

static void padded_digests_are_signatures_and_the_other_way(void **state)
{
    (void)state;
    for (size_t s = 0; s < LEN(sizes); s++) {
        struct rsa rsa;
        const struct dtls_sigalg *alg;

        kit_row("%u bits", sizes[s]);
        rsa_make(&rsa, sizes[s]);
        for (size_t i = 0; (alg = dtls_sigalg_at(i)) != NULL; i++) {
            struct dtls_bytes digest = {digest_bytes,
                                        dtls_hash_len(alg->hash)};
            uint8_t em[DTLS_RSA_MAX];
            uint8_t signature[DTLS_RSA_MAX];
            size_t len = sizeof signature;

            kit_row("pair %04x", alg->id);
            if (alg->key != DTLS_KEY_RSA) {
                continue;
            }
            assert_int_equal(dtls_rsa_pad_digest(em, &rsa.public, alg, digest),
                             DTLS_OK);
            power(signature, &rsa.raw, rsa.raw.secret, rsa.raw.secret_len, em);
            assert_int_equal(
                crypto->verify(NULL, &rsa.public, alg, digest,
                               dtls_bytes_of(signature, rsa.raw.public_len)),
                DTLS_OK);
            assert_int_equal(
                crypto->sign(NULL, &rsa.key, alg, signature, &len, digest),
                DTLS_OK);
            power(em, &rsa.raw, rsa.raw.e, rsa.raw.e_len, signature);
            assert_int_equal(
                dtls_rsa_check_digest(em, &rsa.public, alg, digest), DTLS_OK);
        }
        rsa_free(&rsa);
    }
}

/* The padding with NULL made into that without: its two bytes go, and two of
 * 0xff come. */
static void drop_null(uint8_t *em, size_t em_len, size_t digest_len)
{
    size_t string = em_len - digest_len - 2;
    uint8_t *info = memchr(em + 1, 0, em_len - 1);

    assert_non_null(info);
    info++;
    assert_memory_equal(&em[string - 2], "\x05\x00", 2);
    info[1] -= 2;
    info[3] -= 2;
    memmove(em + 4, em + 2, string - 2 - 2);
    em[2] = em[3] = 0xff;
}

/* RFC 5246, 4.7. */
static void a_padding_without_parameters_is_a_signature_too(void **state)
{
    static const uint16_t pairs[] = {0x0401, 0x0501, 0x0601, 0x0201};
    struct rsa rsa;

    (void)state;
    rsa_make(&rsa, 2048);
    for (size_t i = 0; i < LEN(pairs); i++) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(pairs[i]);
        struct dtls_bytes digest = {digest_bytes, dtls_hash_len(alg->hash)};
        uint8_t em[DTLS_RSA_MAX];
        uint8_t signature[DTLS_RSA_MAX];
        size_t len = rsa.raw.public_len;

        kit_row("pair %04x", pairs[i]);
        assert_int_equal(dtls_rsa_pad_digest(em, &rsa.public, alg, digest),
                         DTLS_OK);
        drop_null(em, len, digest.len);
        power(signature, &rsa.raw, rsa.raw.secret, rsa.raw.secret_len, em);
        assert_int_equal(crypto->verify(NULL, &rsa.public, alg, digest,
                                        dtls_bytes_of(signature, len)),
                         DTLS_OK);
        for (size_t at = 0; at < len; at++) {
            kit_row("byte %zu", at);
            em[at] ^= 1;
            assert_int_equal(
                dtls_rsa_check_digest(em, &rsa.public, alg, digest),
                DTLS_DECRYPT_ERROR);
            em[at] ^= 1;
        }
        em[len - 1] ^= 1;
        power(signature, &rsa.raw, rsa.raw.secret, rsa.raw.secret_len, em);
        assert_int_equal(crypto->verify(NULL, &rsa.public, alg, digest,
                                        dtls_bytes_of(signature, len)),
                         DTLS_DECRYPT_ERROR);
    }
    rsa_free(&rsa);
}

static void any_other_padding_is_refused(void **state)
{
    const struct dtls_sigalg *pair[] = {dtls_sigalg_find(0x0401),
                                        dtls_sigalg_find(0x0804)};
    const struct dtls_bytes digest = {digest_bytes, 32};
    struct rsa rsa;

    (void)state;
    rsa_make(&rsa, 2048);
    for (size_t i = 0; i < LEN(pair); i++) {
        uint8_t em[DTLS_RSA_MAX];

        kit_row("pair %04x", pair[i]->id);
        assert_int_equal(dtls_rsa_pad_digest(em, &rsa.public, pair[i], digest),
                         DTLS_OK);
        assert_int_equal(
            dtls_rsa_check_digest(em, &rsa.public, pair[1 - i], digest),
            DTLS_DECRYPT_ERROR);
        for (size_t at = 0; at < rsa.raw.public_len; at++) {
            kit_row("byte %zu", at);
            em[at] ^= 1;
            assert_int_equal(
                dtls_rsa_check_digest(em, &rsa.public, pair[i], digest),
                DTLS_DECRYPT_ERROR);
            em[at] ^= 1;
        }
        assert_int_equal(
            dtls_rsa_check_digest(em, &rsa.public, pair[i],
                                  dtls_bytes_of(digest_bytes, 31)),
            DTLS_DECRYPT_ERROR);
    }
    rsa_free(&rsa);
}

static void premaster_secrets_go_there_and_back(void **state)
{
    uint8_t premaster[DTLS_MASTER_LEN] = {0xfe, 0xfd, 0x12, 0x34};
    uint8_t out[DTLS_MASTER_LEN];
    uint8_t em[DTLS_RSA_MAX];
    uint8_t sealed[DTLS_RSA_MAX];
    size_t len = sizeof sealed;
    struct rsa rsa;

    (void)state;
    rsa_make(&rsa, 2048);
    assert_int_equal(dtls_rsa_pad_premaster(em, &rsa.public, premaster),
                     DTLS_OK);
    power(sealed, &rsa.raw, rsa.raw.e, rsa.raw.e_len, em);
    assert_int_equal(
        crypto->premaster_open(NULL, &rsa.key, 0xfefd, out,
                               dtls_bytes_of(sealed, rsa.raw.public_len)),
        DTLS_OK);
    assert_memory_equal(out, premaster, sizeof out);

    assert_int_equal(
        crypto->premaster_seal(NULL, &rsa.public, sealed, &len, premaster),
        DTLS_OK);
    power(em, &rsa.raw, rsa.raw.secret, rsa.raw.secret_len, sealed);
    memset(out, 0x5a, sizeof out);
    dtls_rsa_unpad_premaster(out, em, rsa.raw.public_len, 0xfefd);
    assert_memory_equal(out, premaster, sizeof out);
    rsa_free(&rsa);
}

static void no_other_key_takes_a_premaster_secret(void **state)
{
    static const uint8_t premaster[DTLS_MASTER_LEN] = {0xfe, 0xfd};
    uint8_t em[DTLS_RSA_MAX];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    struct key_numbers ec;

    (void)state;
    assert_non_null(key);
    key_public_ec(&ec, key, 23);
    assert_int_equal(dtls_rsa_pad_premaster(em, &ec.public, premaster),
                     DTLS_BAD_CERTIFICATE);
    EVP_PKEY_free(key);
}

/* Every byte that has one right value, or any but zero. */
static void a_wrong_premaster_leaves_the_random_bytes(void **state)
{
    enum { LEN_EM = 256, SEPARATOR = LEN_EM - DTLS_MASTER_LEN - 1 };
    uint8_t em[LEN_EM];
    uint8_t expected[DTLS_MASTER_LEN];
    uint8_t out[DTLS_MASTER_LEN];

    (void)state;
    memset(em, 0x77, sizeof em);
    em[0] = 0;
    em[1] = 2;
    em[SEPARATOR] = 0;
    em[SEPARATOR + 1] = 0xfe;
    em[SEPARATOR + 2] = 0xfd;
    memset(expected, 0x5a, sizeof expected);
    for (size_t at = 0; at <= SEPARATOR + 2; at++) {
        uint8_t right = em[at];

        kit_row("byte %zu", at);
        em[at] = at > 1 && at < SEPARATOR ? 0 : (uint8_t)(right ^ 0x80);
        memset(out, 0x5a, sizeof out);
        dtls_rsa_unpad_premaster(out, em, sizeof em, 0xfefd);
        assert_memory_equal(out, expected, sizeof out);
        em[at] = right;
    }
    dtls_rsa_unpad_premaster(out, em, sizeof em, 0xfefd);
    assert_memory_equal(out, em + SEPARATOR + 1, sizeof out);
}

static void an_ec_key_has_its_scalar_in_full_width(void **state)
{
    static const char *const names[] = {"P-256", "P-384", "P-521"};

    (void)state;
    for (size_t i = 0; i < LEN(names); i++) {
        kit_row("%s", names[i]);
        EVP_PKEY *made = EVP_EC_gen(names[i]);
        struct dtls_private_key key = key_private(made, KEY_PKCS8);
        struct dtls_public_key public = {.type = DTLS_KEY_EC};
        struct dtls_raw_key raw;
        BIGNUM *expected = NULL;
        BIGNUM *scalar;

        assert_int_equal(dtls_raw_key_export(&raw, &key), DTLS_OK);
        assert_int_equal(
            EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_PRIV_KEY, &expected),
            1);
        scalar = BN_bin2bn(raw.secret, (int)raw.secret_len, NULL);
        assert_int_equal(BN_cmp(scalar, expected), 0);
        assert_int_equal(raw.secret_len,
                         (dtls_group_point_len(key.group) - 1) / 2);
        public.group = key.group;
        public.point = dtls_bytes_of(raw.public, raw.public_len);
        assert_true(dtls_raw_key_is_usable(&public));
        raw.public[raw.public_len - 1] ^= 1; /* off the curve */
        assert_false(dtls_raw_key_is_usable(&public));
        BN_free(expected);
        BN_free(scalar);
        crypto->private_key_free(NULL, &key);
        EVP_PKEY_free(made);
    }
}

/* A share that goes out as numbers and comes in again agrees on the same. */
static void a_share_is_the_same_after_its_numbers(void **state)
{
    static const uint16_t groups[] = {
        DTLS_GROUP_SECP256R1, DTLS_GROUP_SECP384R1, DTLS_GROUP_SECP521R1,
        DTLS_GROUP_SECP224R1, DTLS_GROUP_SECP192R1, DTLS_GROUP_X25519};

    (void)state;
    for (size_t i = 0; i < LEN(groups); i++) {
        kit_row("group %u", groups[i]);
        size_t point_len = dtls_group_point_len(groups[i]);
        uint8_t own[DTLS_POINT_MAX];
        uint8_t peer[DTLS_POINT_MAX];
        uint8_t secrets[2][DTLS_SHARED_MAX];
        size_t lens[2];
        struct dtls_share shares[2];
        struct dtls_share again;
        struct dtls_private_key key = {.type = DTLS_KEY_EC,
                                       .group = groups[i]};
        struct dtls_raw_key raw;

        assert_int_equal(crypto->share_make(NULL, &shares[0], groups[i], own),
                         DTLS_OK);
        assert_int_equal(crypto->share_make(NULL, &shares[1], groups[i], peer),
                         DTLS_OK);
        key.context = shares[0].context;
        assert_int_equal(dtls_raw_key_export(&raw, &key), DTLS_OK);
        assert_int_equal(raw.public_len, point_len);
        assert_memory_equal(raw.public, own, point_len);
        assert_int_equal(
            dtls_raw_key_import(&key, groups[i],
                                dtls_bytes_of(raw.secret, raw.secret_len)),
            DTLS_OK);
        again = dtls_private_key_share(&key);
        assert_int_equal(crypto->share_agree(NULL, &shares[0], secrets[0],
                                             &lens[0],
                                             dtls_bytes_of(peer, point_len)),
                         DTLS_OK);
        assert_int_equal(crypto->share_agree(NULL, &again, secrets[1],
                                             &lens[1],
                                             dtls_bytes_of(peer, point_len)),
                         DTLS_OK);
        assert_int_equal(lens[0], lens[1]);
        assert_memory_equal(secrets[0], secrets[1], lens[0]);
        crypto->private_key_free(NULL, &key);
        crypto->share_free(NULL, &shares[0]);
        crypto->share_free(NULL, &shares[1]);
    }
}

static void an_rsa_key_has_its_primes(void **state)
{
    struct rsa rsa;
    struct dtls_private_key none = {0};
    struct dtls_raw_key raw;
    BIGNUM *p;
    BIGNUM *q;
    BIGNUM *n;
    BN_CTX *context = BN_CTX_new();

    (void)state;
    rsa_make(&rsa, 2048);
    p = BN_bin2bn(rsa.raw.p, (int)rsa.raw.p_len, NULL);
    q = BN_bin2bn(rsa.raw.q, (int)rsa.raw.q_len, NULL);
    n = BN_bin2bn(rsa.raw.public, (int)rsa.raw.public_len, NULL);
    assert_int_equal(BN_mul(p, p, q, context), 1);
    assert_int_equal(BN_cmp(p, n), 0);
    assert_int_equal(rsa.raw.secret_len, rsa.raw.public_len);
    assert_true(dtls_raw_key_is_usable(&rsa.public));
    rsa.public.n.len--;
    assert_false(dtls_raw_key_is_usable(&rsa.public));
    assert_int_equal(dtls_raw_key_export(&raw, &none), DTLS_INTERNAL_ERROR);
    BN_free(p);
    BN_free(q);
    BN_free(n);
    BN_CTX_free(context);
    rsa_free(&rsa);
}

/* What is not a number of the group or the key is refused. */
static void a_number_of_another_length_is_refused(void **state)
{
    static const uint8_t numbers[DTLS_RSA_MAX + 2] = {1};
    static const struct {
        uint16_t group;
        size_t len;
    } rows[] = {
        {0, 32},
        {0x1234, 32},
        {DTLS_GROUP_SECP256R1, DTLS_SHARED_MAX + 1},
        {DTLS_GROUP_X25519, DTLS_SHARED_MAX + 1},
        {DTLS_GROUP_X25519, 31},
    };
    uint8_t out[DTLS_RSA_MAX + 2];

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_private_key key;

        kit_row("group %04x, %zu bytes", rows[i].group, rows[i].len);
        assert_int_equal(
            dtls_raw_key_import(&key, rows[i].group,
                                dtls_bytes_of(numbers, rows[i].len)),
            DTLS_INTERNAL_ERROR);
        assert_null(key.context);
    }
    for (size_t i = 0; i < 3; i++) {
        /* The last byte is 1, so that the modulus is odd. */
        size_t n = i == 0 ? DTLS_RSA_MAX + 2 : 1;
        size_t e = i == 1 ? DTLS_RSA_MAX + 1 : 1;
        uint8_t modulus[DTLS_RSA_MAX + 2] = {0};

        kit_row("modulus of %zu bytes, exponent of %zu", n, e);
        modulus[n - 1] = 7;
        assert_int_equal(dtls_rsa_power(out, dtls_bytes_of(modulus, n),
                                        dtls_bytes_of(numbers, e), numbers),
                         i == 2 ? DTLS_OK : DTLS_INTERNAL_ERROR);
    }
}

static void a_digest_is_padded_for_rsa_alone(void **state)
{
    static const struct {
        const char *what;
        enum dtls_key_type type;
        uint16_t alg;
        size_t len;
        enum dtls_status status;
    } rows[] = {
        {"RSA", DTLS_KEY_RSA, 0x0401, 32, DTLS_OK},
        {"a point", DTLS_KEY_EC, 0x0401, 32, DTLS_INTERNAL_ERROR},
        {"a pair for ECDSA", DTLS_KEY_RSA, 0x0403, 32, DTLS_INTERNAL_ERROR},
        {"Ed25519", DTLS_KEY_RSA, 0x0807, 0, DTLS_INTERNAL_ERROR},
        {"another digest", DTLS_KEY_RSA, 0x0401, 20, DTLS_INTERNAL_ERROR},
    };
    uint8_t digest[32] = {0};
    uint8_t em[DTLS_RSA_MAX];
    struct rsa rsa;

    (void)state;
    rsa_make(&rsa, 2048);
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].what);
        rsa.public.type = rows[i].type;
        assert_int_equal(
            dtls_rsa_pad_digest(em, &rsa.public, dtls_sigalg_find(rows[i].alg),
                                dtls_bytes_of(digest, rows[i].len)),
            rows[i].status);
    }
    rsa_free(&rsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padded_digests_are_signatures_and_the_other_way),
        cmocka_unit_test(a_padding_without_parameters_is_a_signature_too),
        cmocka_unit_test(any_other_padding_is_refused),
        cmocka_unit_test(premaster_secrets_go_there_and_back),
        cmocka_unit_test(no_other_key_takes_a_premaster_secret),
        cmocka_unit_test(a_wrong_premaster_leaves_the_random_bytes),
        cmocka_unit_test(an_ec_key_has_its_scalar_in_full_width),
        cmocka_unit_test(a_share_is_the_same_after_its_numbers),
        cmocka_unit_test(an_rsa_key_has_its_primes),
        cmocka_unit_test(a_number_of_another_length_is_refused),
        cmocka_unit_test(a_digest_is_padded_for_rsa_alone),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
