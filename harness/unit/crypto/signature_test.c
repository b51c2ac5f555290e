/* SPDX-License-Identifier: MIT */
/* crypto/signature.c: every pair with every key, and every damage. */
#include "kit/proves.h"

#include "key_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* Made once for all tests of this file. */
static struct {
    const char *curve; /* NULL: RSA or, with ed25519, that */
    bool ed25519;
    uint16_t group;
    EVP_PKEY *made;
    struct dtls_private_key private;
    struct key_numbers numbers;
} keys[] = {{.curve = NULL},
            {.curve = "P-256", .group = DTLS_GROUP_SECP256R1},
            {.curve = "P-384", .group = DTLS_GROUP_SECP384R1},
            {.curve = "P-521", .group = DTLS_GROUP_SECP521R1},
            {.ed25519 = true}};

static const char *key_name(size_t which)
{
    return keys[which].ed25519 ? "Ed25519"
           : keys[which].curve ? keys[which].curve
                               : "RSA";
}

static EVP_PKEY *make(size_t which)
{
    if (keys[which].ed25519) {
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    }
    return keys[which].curve ? EVP_EC_gen(keys[which].curve)
                             : EVP_RSA_gen(2048);
}

static void make_keys(void)
{
    for (size_t i = 0; i < LEN(keys); i++) {
        kit_row("%s", key_name(i));
        keys[i].made = make(i);
        keys[i].private = key_private(keys[i].made, KEY_PKCS8);
        if (keys[i].curve) {
            key_public_ec(&keys[i].numbers, keys[i].made, keys[i].group);
        } else if (keys[i].ed25519) {
            key_public_ed25519(&keys[i].numbers, keys[i].made);
        } else {
            key_public_rsa(&keys[i].numbers, keys[i].made);
        }
    }
}

static void free_keys(void)
{
    for (size_t i = 0; i < LEN(keys); i++) {
        crypto->private_key_free(NULL, &keys[i].private);
        EVP_PKEY_free(keys[i].made);
    }
}

/* A digest of the pair's length, another one for each hash: P-256 sees no more
 * than its first 32 bytes.  For a pair without a hash, a message. */
static struct dtls_bytes digest_for(const struct dtls_sigalg *alg)
{
    static const uint8_t digest[DTLS_HASH_MAX + 8] = {
        0x1f, 0x2e, 0x3d, 0x4c, 0x5b, 0x6a, 0x79, 0x88, 0x97, 0xa6, 0xb5};

    return dtls_bytes_of(
        digest + (int)alg->hash,
        alg->hash == DTLS_HASH_NONE ? 40 : dtls_hash_len(alg->hash));
}

static size_t sign(uint8_t out[DTLS_SIGNATURE_MAX], size_t which,
                   const struct dtls_sigalg *alg)
{
    size_t len = DTLS_SIGNATURE_MAX;

    assert_int_equal(crypto->sign(NULL, &keys[which].private, alg, out, &len,
                                  digest_for(alg)),
                     DTLS_OK);
    return len;
}

static enum dtls_status verify(size_t which, const struct dtls_sigalg *alg,
                               struct dtls_bytes digest,
                               const uint8_t *signature, size_t len)
{
    enum dtls_status status =
        crypto->verify(NULL, &keys[which].numbers.public, alg, digest,
                       dtls_bytes_of(signature, len));

    assert_no_errors_left();
    return status;
}

static bool fits(size_t which, const struct dtls_sigalg *alg)
{
    return keys[which].private.type == alg->key;
}

static void every_pair_verifies_under_its_own_name_only(void **state)
{
    (void)state;
    for (size_t which = 0; which < LEN(keys); which++) {
        kit_row("%s", key_name(which));
        for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
            const struct dtls_sigalg *alg = dtls_sigalg_at(i);
            uint8_t signature[DTLS_SIGNATURE_MAX];
            size_t len;

            kit_row("pair %04x", alg->id);
            if (!fits(which, alg)) {
                continue;
            }
            len = sign(signature, which, alg);
            for (size_t j = 0; dtls_sigalg_at(j) != NULL; j++) {
                const struct dtls_sigalg *other = dtls_sigalg_at(j);

                kit_row("verified as %04x", other->id);
                assert_int_equal(
                    verify(which, other, digest_for(other), signature, len),
                    i == j ? DTLS_OK : DTLS_DECRYPT_ERROR);
            }
        }
    }
}

static void every_byte_of_a_signature_counts(void **state)
{
    (void)state;
    for (size_t which = 0; which < LEN(keys); which++) {
        kit_row("%s", key_name(which));
        for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
            const struct dtls_sigalg *alg = dtls_sigalg_at(i);
            uint8_t signature[DTLS_SIGNATURE_MAX + 1] = {0};
            struct dtls_bytes digest = digest_for(alg);
            size_t len;

            kit_row("pair %04x", alg->id);
            if (!fits(which, alg)) {
                continue;
            }
            len = sign(signature, which, alg);
            for (size_t at = 0; at < len; at++) {
                uint8_t flip = (uint8_t)(1 << at % 8);

                kit_row("byte %zu", at);
                signature[at] ^= flip;
                assert_int_equal(verify(which, alg, digest, signature, len),
                                 DTLS_DECRYPT_ERROR);
                signature[at] ^= flip;
            }
            assert_int_equal(verify(which, alg, digest, signature, len - 1),
                             DTLS_DECRYPT_ERROR);
            assert_int_equal(verify(which, alg, digest, signature, len + 1),
                             DTLS_DECRYPT_ERROR);
            assert_int_equal(verify(which, alg, digest, signature, 0),
                             DTLS_DECRYPT_ERROR);
            assert_int_equal(verify(which, alg, digest, signature, len),
                             DTLS_OK);
        }
    }
}

/* P-256 with SHA-384 or SHA-512 takes the front of the digest only (FIPS
 * 186-4, 6.4): bytes behind it do not count and are not flipped. */
static void every_byte_of_a_digest_counts(void **state)
{
    static const size_t order_len[] = {64, 32, 48, 64, 64};

    (void)state;
    for (size_t which = 0; which < LEN(keys); which++) {
        kit_row("%s", key_name(which));
        for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
            const struct dtls_sigalg *alg = dtls_sigalg_at(i);
            uint8_t signature[DTLS_SIGNATURE_MAX];
            uint8_t digest[DTLS_HASH_MAX];
            size_t len;
            size_t num_used = digest_for(alg).len;

            kit_row("pair %04x", alg->id);
            if (!fits(which, alg)) {
                continue;
            }
            len = sign(signature, which, alg);
            memcpy(digest, digest_for(alg).data, num_used);
            for (size_t at = 0; at < num_used && at < order_len[which]; at++) {
                kit_row("byte %zu", at);
                digest[at] ^= 0x10;
                assert_int_equal(verify(which, alg,
                                        dtls_bytes_of(digest, num_used),
                                        signature, len),
                                 DTLS_DECRYPT_ERROR);
                digest[at] ^= 0x10;
            }
        }
    }
}

static void a_digest_of_another_length_is_refused(void **state)
{
    (void)state;
    for (size_t which = 0; which < LEN(keys); which++) {
        kit_row("%s", key_name(which));
        for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
            const struct dtls_sigalg *alg = dtls_sigalg_at(i);
            uint8_t signature[DTLS_SIGNATURE_MAX];
            struct dtls_bytes digest = digest_for(alg);
            size_t len;
            size_t room = sizeof signature;

            kit_row("pair %04x", alg->id);
            if (!fits(which, alg)) {
                continue;
            }
            len = sign(signature, which, alg);
            digest.len++;
            assert_int_equal(verify(which, alg, digest, signature, len),
                             DTLS_DECRYPT_ERROR);
            digest.len -= 2;
            assert_int_equal(verify(which, alg, digest, signature, len),
                             DTLS_DECRYPT_ERROR);
            /* A message may have any length. */
            assert_int_equal(
                crypto->sign(NULL, &keys[which].private, alg, signature, &room,
                             digest),
                alg->hash == DTLS_HASH_NONE ? DTLS_OK : DTLS_INTERNAL_ERROR);
        }
    }
}

static void a_key_signs_only_with_pairs_of_its_type(void **state)
{
    static const struct dtls_private_key none;
    uint8_t out[DTLS_SIGNATURE_MAX];
    size_t len = sizeof out;

    (void)state;
    for (size_t which = 0; which < LEN(keys); which++) {
        kit_row("%s", key_name(which));
        for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
            const struct dtls_sigalg *alg = dtls_sigalg_at(i);

            kit_row("pair %04x", alg->id);
            if (!fits(which, alg)) {
                assert_int_equal(crypto->sign(NULL, &keys[which].private, alg,
                                              out, &len, digest_for(alg)),
                                 DTLS_INTERNAL_ERROR);
            }
        }
    }
    assert_int_equal(crypto->sign(NULL, &none, dtls_sigalg_at(0), out, &len,
                                  digest_for(dtls_sigalg_at(0))),
                     DTLS_INTERNAL_ERROR);
}

static void a_signature_needs_its_room(void **state)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0804);
    uint8_t out[DTLS_SIGNATURE_MAX];
    size_t len = 255;

    (void)state;
    assert_int_equal(
        crypto->sign(NULL, &keys[0].private, alg, out, &len, digest_for(alg)),
        DTLS_INTERNAL_ERROR);
    assert_no_errors_left();
    len = 256;
    assert_int_equal(
        crypto->sign(NULL, &keys[0].private, alg, out, &len, digest_for(alg)),
        DTLS_OK);
    assert_int_equal(len, 256);
}

/* A salt of another length than the hash's is not RFC 8446's scheme. */
static void pss_with_another_salt_length_is_refused(void **state)
{
    static const struct {
        int salt_len;
        enum dtls_status expected;
    } cases[] = {{32, DTLS_OK},
                 {0, DTLS_DECRYPT_ERROR},
                 {31, DTLS_DECRYPT_ERROR},
                 {33, DTLS_DECRYPT_ERROR}};
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0804);

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(keys[0].made, NULL);
        struct dtls_bytes digest = digest_for(alg);
        uint8_t signature[DTLS_SIGNATURE_MAX];
        size_t len = sizeof signature;

        kit_row("a salt of %d bytes", cases[i].salt_len);
        assert_int_equal(EVP_PKEY_sign_init(context), 1);
        assert_int_equal(
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()),
                         1);
        assert_int_equal(
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, cases[i].salt_len), 1);
        assert_int_equal(
            EVP_PKEY_sign(context, signature, &len, digest.data, digest.len),
            1);
        EVP_PKEY_CTX_free(context);
        assert_int_equal(verify(0, alg, digest, signature, len),
                         cases[i].expected);
    }
}

static enum dtls_status verify_with(struct dtls_public_key key,
                                    const struct dtls_sigalg *alg,
                                    const uint8_t *signature, size_t len)
{
    enum dtls_status status = crypto->verify(NULL, &key, alg, digest_for(alg),
                                             dtls_bytes_of(signature, len));

    /* The key is all that these tests change. */
    assert_int_equal(crypto->check_key(NULL, &key),
                     status == DTLS_OK ? DTLS_OK : DTLS_BAD_CERTIFICATE);
    return status;
}

/* An even or small exponent, a modulus out of bounds. */
static void an_unusable_rsa_key_is_refused(void **state)
{
    static const char *const exponents[] = {
        "", "01", "03", "010000", "010002", "00010000", "010000000000010001"};
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0401);
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sign(signature, 0, alg);
    struct dtls_public_key key = keys[0].numbers.public;
    struct dtls_public_key bad;
    static uint8_t long_n[513];

    (void)state;
    assert_int_equal(verify_with(key, alg, signature, len), DTLS_OK);
    for (size_t i = 0; i < LEN(exponents); i++) {
        kit_row("exponent \"%s\"", exponents[i]);
        struct hex e = hex(exponents[i]);

        bad = key;
        bad.e = hex_bytes(&e);
        assert_int_equal(verify_with(bad, alg, signature, len),
                         DTLS_DECRYPT_ERROR);
    }
    bad = key;
    bad.n = dtls_bytes_of(NULL, 0);
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    bad.n = dtls_bytes_of(key.n.data + 1, 255); /* 2040 bits at most */
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    memcpy(long_n + 1, key.n.data, 256); /* a leading zero byte */
    bad.n = dtls_bytes_of(long_n, 257);
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    memset(long_n, 0xff, sizeof long_n);
    bad.n = dtls_bytes_of(long_n, 513);
    assert_int_equal(verify_with(bad, alg, signature, 512),
                     DTLS_DECRYPT_ERROR);
    assert_no_errors_left();
}

/* Signed with keys of exactly 2048, 4096 and one bit less or more. */
static void rsa_keys_of_2048_to_4096_bits_are_used(void **state)
{
    static const struct {
        unsigned bits;
        enum dtls_status expected;
    } cases[] = {{2047, DTLS_DECRYPT_ERROR},
                 {2048, DTLS_OK},
                 {3072, DTLS_OK},
                 {4096, DTLS_OK},
                 {4104, DTLS_DECRYPT_ERROR}};
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0601);

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        EVP_PKEY *made = EVP_RSA_gen(cases[i].bits);
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(made, NULL);
        struct dtls_bytes digest = digest_for(alg);
        uint8_t signature[DTLS_SIGNATURE_MAX + 8];
        size_t len = sizeof signature;
        struct key_numbers numbers;

        kit_row("%u bits", cases[i].bits);
        assert_int_equal(EVP_PKEY_get_bits(made), cases[i].bits);
        assert_int_equal(EVP_PKEY_sign_init(context), 1);
        assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha512()),
                         1);
        assert_int_equal(
            EVP_PKEY_sign(context, signature, &len, digest.data, digest.len),
            1);
        key_public_rsa(&numbers, made);
        assert_int_equal(verify_with(numbers.public, alg, signature, len),
                         cases[i].expected);
        EVP_PKEY_CTX_free(context);
        EVP_PKEY_free(made);
    }
}

static void an_unusable_ec_key_is_refused(void **state)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0403);
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sign(signature, 1, alg);
    struct dtls_public_key bad = keys[1].numbers.public;
    uint8_t point[65];

    (void)state;
    memcpy(point, bad.point.data, sizeof point);
    bad.point.data = point;
    assert_int_equal(verify_with(bad, alg, signature, len), DTLS_OK);
    point[64] ^= 1; /* off the curve */
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    point[64] ^= 1;
    point[0] = (uint8_t)(2 + (point[64] & 1)); /* compressed */
    bad.point.len = 33;
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    bad = keys[1].numbers.public;
    bad.group = DTLS_GROUP_SECP384R1;
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    bad.group = DTLS_GROUP_X25519;
    bad.point.len = 32;
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    memset(&bad, 0, sizeof bad);
    assert_int_equal(verify_with(bad, alg, signature, len),
                     DTLS_DECRYPT_ERROR);
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_verifies_under_its_own_name_only),
        cmocka_unit_test(every_byte_of_a_signature_counts),
        cmocka_unit_test(every_byte_of_a_digest_counts),
        cmocka_unit_test(a_digest_of_another_length_is_refused),
        cmocka_unit_test(a_key_signs_only_with_pairs_of_its_type),
        cmocka_unit_test(a_signature_needs_its_room),
        cmocka_unit_test(pss_with_another_salt_length_is_refused),
        cmocka_unit_test(an_unusable_rsa_key_is_refused),
        cmocka_unit_test(rsa_keys_of_2048_to_4096_bits_are_used),
        cmocka_unit_test(an_unusable_ec_key_is_refused),
    };
    int failed;

    make_keys();
    failed = kit_run_named(__FILE__, tests, LEN(tests));
    free_keys();
    return failed;
}
