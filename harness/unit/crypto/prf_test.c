/* SPDX-License-Identifier: MIT */
/* crypto/prf.c: published vectors, and the keys of a whole handshake. */
#include "kit/proves.h"

#include "crypto_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* Checks PRF(secret, label, seed1 || seed2) against `expected`. */
static void check(const char *expected, enum dtls_hash_alg alg,
                  const char *secret, const char *label, const char *seed1,
                  const char *seed2)
{
    struct hex e = hex(expected);
    struct hex s = hex(secret);
    struct hex s1 = hex(seed1);
    struct hex s2 = hex(seed2);
    uint8_t out[256];

    assert_int_equal(crypto->prf(NULL, out, e.len, alg, hex_bytes(&s), label,
                                 hex_bytes(&s1), hex_bytes(&s2)),
                     DTLS_OK);
    assert_memory_equal(out, e.data, e.len);
}

/* The vectors are those of the IETF TLS list. */
static void the_published_vectors_come_out(void **state)
{
    (void)state;
    proves("D5246-5-1");
    check("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
          "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
          "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
          "87347b66",
          DTLS_HASH_SHA256, "9bbe436ba940f017b17652849a71db35", "test label",
          "a0ba9f936cda311827a6f796ffd5198c", "");
    check("7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
          "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
          "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
          "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
          "91c8f3a26854308d5eaa3be85e0990703d73e56f",
          DTLS_HASH_SHA384, "b80b733d6ceefcdc71566ea48e5567df", "test label",
          "cd665cf6a8447dd6ff8b27555edb7465", "");
}

#define CLIENT_RANDOM                                                         \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SERVER_RANDOM                                                         \
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define PREMASTER                                                             \
    "00100000000000000000000000000000000000100001020304050607"                \
    "08090a0b0c0d0e0f"
#define MASTER                                                                \
    "deb5ea0aabb5a89d2dbe02561ada3ced3ff6626813425bddaed85718423f4edd"        \
    "0b9ea64c8942ddd47e38d4f3c4ca710c"

static void a_psk_becomes_a_master_secret_and_a_key_block(void **state)
{
    (void)state;
    check(MASTER, DTLS_HASH_SHA256, PREMASTER, "master secret", CLIENT_RANDOM,
          SERVER_RANDOM);
    check("565d09eb8509c48e14775b9a26c2b94733f5e05b5838c0eae8f19fd69fe61bb9"
          "2a55285b889028de",
          DTLS_HASH_SHA256, MASTER, "key expansion", SERVER_RANDOM,
          CLIENT_RANDOM);
}

/* A whole PSK handshake with cookie and extended master secret. */
#define SERVER_RANDOM_EMS                                                     \
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define MASTER_EMS                                                            \
    "d7c9dc46301b012ba5c4b2c1d6ea6526e233efed954357a0ffaad0d34f2fdf0a"        \
    "0296138ec14e856fb91422032557ddda"

static const char *const transcript[] = {
    ("0100003c000100000000003cfefd000102030405060708090a0b0c0d0e0f10111213"
     "1415161718191a1b1c1d1e1f000cc00c1ec00c1ec00c1ec00c1e0002c0a801000004"
     "00170000"),
    ("0200002c000100000000002cfefd202122232425262728292a2b2c2d2e2f30313233"
     "3435363738393a3b3c3d3e3f00c0a800000400170000"),
    "0e0000000002000000000000",
    "1000000800020000000000080006636c69656e74",
    "1400000c000300000000000c8413a413a6595d473389d733",
};

static void session_hash(uint8_t *out, size_t num_messages)
{
    struct dtls_hash hash;

    assert_int_equal(crypto->hash_start(NULL, &hash, DTLS_HASH_SHA256),
                     DTLS_OK);
    for (size_t i = 0; i < num_messages; i++) {
        kit_row("message %zu", i);
        struct hex message = hex(transcript[i]);

        crypto->hash_update(NULL, &hash, hex_bytes(&message));
    }
    crypto->hash_digest(NULL, &hash, out);
}

/* D7627-4-1 */
static void the_session_hash_becomes_an_extended_master_secret(void **state)
{
    static const char text[] =
        "3cad218954a8cadf199a46268f693d971d1dc532d56f14f7cd6e3876743468e5";
    struct hex expected = hex(text);
    uint8_t digest[32];

    (void)state;
    session_hash(digest, 4);
    assert_memory_equal(digest, expected.data, 32);
    check(MASTER_EMS, DTLS_HASH_SHA256, PREMASTER, "extended master secret",
          text, "");
    check("a91ae266a06d067fe68cb0a1f68b11ad336a0d567c20e18234d47287aea5f2c5"
          "157cf63f46fca473",
          DTLS_HASH_SHA256, MASTER_EMS, "key expansion", SERVER_RANDOM_EMS,
          CLIENT_RANDOM);
}

static void both_finished_messages_come_out(void **state)
{
    static const struct {
        const char *label;
        size_t num_messages;
        const char *verify_data;
    } cases[] = {{"client finished", 4, "8413a413a6595d473389d733"},
                 {"server finished", 5, "177e9a60f1c37c950014b95e"}};
    struct hex master = hex(MASTER_EMS);

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("%s", cases[i].label);
        struct hex expected = hex(cases[i].verify_data);
        uint8_t digest[32];
        uint8_t out[12];

        session_hash(digest, cases[i].num_messages);
        assert_int_equal(crypto->prf(NULL, out, 12, DTLS_HASH_SHA256,
                                     hex_bytes(&master), cases[i].label,
                                     dtls_bytes_of(digest, 32),
                                     dtls_bytes_of(NULL, 0)),
                         DTLS_OK);
        assert_memory_equal(out, expected.data, 12);
    }
}

static void the_exporter_vectors_come_out(void **state)
{
    (void)state;
    check("eae05e14aef3960a69f6aeab19edb1ad4cf073fc", DTLS_HASH_SHA256,
          MASTER_EMS, "EXPORTER-test", CLIENT_RANDOM, SERVER_RANDOM_EMS);
    check("a6d8889ba8a419a890b7edc5111d1c7daf7c2b56", DTLS_HASH_SHA256,
          MASTER_EMS, "EXPORTER-test", CLIENT_RANDOM,
          SERVER_RANDOM_EMS "0000");
}

static void every_length_is_the_front_of_the_longest(void **state)
{
    static const enum dtls_hash_alg algs[] = {
        DTLS_HASH_SHA1, DTLS_HASH_SHA256, DTLS_HASH_SHA384, DTLS_HASH_SHA512};
    struct dtls_bytes secret = dtls_bytes_of("secret", 6);
    struct dtls_bytes seed = dtls_bytes_of("seed", 4);

    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        enum { LONGEST = 1024 };
        uint8_t longest[LONGEST];

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(crypto->prf(NULL, longest, LONGEST, algs[i], secret,
                                     "label", seed, seed),
                         DTLS_OK);
        for (size_t len = 0; len < LONGEST; len++) {
            uint8_t out[LONGEST + 1];

            kit_row("%zu bytes", len);
            memset(out, 0xd7, sizeof out);
            assert_int_equal(crypto->prf(NULL, out, len, algs[i], secret,
                                         "label", seed, seed),
                             DTLS_OK);
            assert_memory_equal(out, longest, len);
            assert_int_equal(out[len], 0xd7);
        }
    }
}

static void more_than_the_most_is_refused(void **state)
{
    static uint8_t out[DTLS_PRF_OUT_MAX + 1];

    (void)state;
    assert_int_equal(crypto->prf(NULL, out, DTLS_PRF_OUT_MAX, DTLS_HASH_SHA256,
                                 dtls_bytes_of("s", 1), "label",
                                 dtls_bytes_of(NULL, 0),
                                 dtls_bytes_of(NULL, 0)),
                     DTLS_OK);
    assert_int_equal(crypto->prf(NULL, out, DTLS_PRF_OUT_MAX + 1,
                                 DTLS_HASH_SHA256, dtls_bytes_of("s", 1),
                                 "label", dtls_bytes_of(NULL, 0),
                                 dtls_bytes_of(NULL, 0)),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(
        crypto->prf(NULL, out, 12, DTLS_HASH_NONE, dtls_bytes_of("s", 1),
                    "label", dtls_bytes_of(NULL, 0), dtls_bytes_of(NULL, 0)),
        DTLS_INTERNAL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_come_out),
        cmocka_unit_test(a_psk_becomes_a_master_secret_and_a_key_block),
        cmocka_unit_test(the_session_hash_becomes_an_extended_master_secret),
        cmocka_unit_test(both_finished_messages_come_out),
        cmocka_unit_test(the_exporter_vectors_come_out),
        cmocka_unit_test(every_length_is_the_front_of_the_longest),
        cmocka_unit_test(more_than_the_most_is_refused),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
