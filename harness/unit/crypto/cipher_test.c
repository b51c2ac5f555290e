/* SPDX-License-Identifier: MIT */
/* crypto/cipher.c: vectors, forgeries, and what a failure leaves behind. */
#include "kit/kit.h"

#include "crypto_test.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* Every cipher there is, also those that no suite names yet. */
static const struct dtls_suite aead_suites[] = {
    {0xff01, "GCM 128", DTLS_KX_PSK, DTLS_CIPHER_GCM, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 16, 4},
    {0xff02, "GCM 256", DTLS_KX_PSK, DTLS_CIPHER_GCM, DTLS_HASH_NONE,
     DTLS_HASH_SHA384, 32, 4},
    {0xff03, "CCM 128", DTLS_KX_PSK, DTLS_CIPHER_CCM, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 16, 4},
    {0xff04, "CCM 256", DTLS_KX_PSK, DTLS_CIPHER_CCM, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 32, 4},
    {0xff05, "CCM_8 128", DTLS_KX_PSK, DTLS_CIPHER_CCM_8, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 16, 4},
    {0xff06, "CCM_8 256", DTLS_KX_PSK, DTLS_CIPHER_CCM_8, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 32, 4},
    {0xff07, "ChaCha20", DTLS_KX_PSK, DTLS_CIPHER_CHACHA20, DTLS_HASH_NONE,
     DTLS_HASH_SHA256, 32, 12},
};

static const struct dtls_suite cbc_256 = {
    0xff08,         "CBC 256",        DTLS_KX_PSK, DTLS_CIPHER_CBC,
    DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32,          0};

static const struct dtls_suite null_sha256 = {
    0xff09,           "NULL",           DTLS_KX_PSK, DTLS_CIPHER_NULL,
    DTLS_HASH_SHA256, DTLS_HASH_SHA256, 0,           0};

static const uint8_t salt_bytes[DTLS_NONCE_LEN] = {
    0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5b, 0x5c};

static void set_key(struct dtls_cipher *cipher, const struct dtls_suite *suite,
                    const uint8_t *key, bool seal)
{
    static const uint8_t mac[DTLS_MAC_MAX] = {0x6a, 0x6b};
    struct dtls_cipher_keys keys = {{mac, dtls_suite_mac_len(suite)},
                                    {key, suite->key_len},
                                    {salt_bytes, suite->salt_len}};

    assert_int_equal(crypto->cipher_key(NULL, cipher, suite, &keys, seal),
                     DTLS_OK);
    assert_ptr_equal(cipher->suite, suite);
}

/* The records of a PSK session: "hello DTLS" as epoch 1, number 1, and both
 * Finished messages. */
static void the_record_vectors_come_out_and_go_in(void **state)
{
    static const struct {
        uint16_t suite;
        const char *key;
        const char *salt;
        const char *aad;
        const char *plain;
        const char *sealed; /* explicit nonce || ciphertext || tag */
    } cases[] = {
        {0xc0a8, "565d09eb8509c48e14775b9a26c2b947", "2a55285b",
         "000100000000000117fefd000a", "68656c6c6f2044544c53",
         "0001000000000001b175cf8ac568adc0c935a725bc85be6262f9"},
        {0x00a8, "565d09eb8509c48e14775b9a26c2b947", "2a55285b",
         "000100000000000117fefd000a", "68656c6c6f2044544c53",
         "0001000000000001"
         "afb20e0f502bae7fc454007c0834ce299c3663ab12a25b39164a"},
        {0xcca8,
         "565d09eb8509c48e14775b9a26c2b94733f5e05b5838c0eae8f19fd69fe61bb9",
         "6798558497e9e92a14347fd8", "000100000000000117fefd000a",
         "68656c6c6f2044544c53",
         "7bdf017bde3780d7d41678b082833bbf08cbe3e80430554e864b"},
        {0xc0a8, "a91ae266a06d067fe68cb0a1f68b11ad", "157cf63f",
         "000100000000000016fefd0018",
         "1400000c000300000000000c8413a413a6595d473389d733",
         "0001000000000000"
         "8d12b451c305ae8b43790cf7bb87bdd7df17bc1cee2c3ddb"
         "dfa26c86ac7060bd"},
        {0xc0a8, "336a0d567c20e18234d47287aea5f2c5", "46fca473",
         "000100000000000016fefd0018",
         "1400000c000300000000000c177e9a60f1c37c950014b95e",
         "0001000000000000"
         "6f78fc44f8ffb2e925eb4d5f6f63a93bc747b120710913f4"
         "731bd629b82de527"},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("case %zu, suite %04x", i, cases[i].suite);
        const struct dtls_suite *suite = dtls_suite_find(cases[i].suite);
        size_t before = dtls_suite_explicit_len(suite);
        struct hex key = hex(cases[i].key);
        struct hex salt = hex(cases[i].salt);
        struct hex aad = hex(cases[i].aad);
        struct hex plain = hex(cases[i].plain);
        struct hex sealed = hex(cases[i].sealed);
        struct hex work = {.len = sealed.len};
        struct dtls_span body = {work.data, work.len};
        struct dtls_cipher_keys keys = {
            {NULL, 0}, hex_bytes(&key), hex_bytes(&salt)};
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        assert_int_equal(sealed.len,
                         before + plain.len + dtls_suite_tag_len(suite));
        assert_int_equal(crypto->cipher_key(NULL, &cipher, suite, &keys, true),
                         DTLS_OK);
        memcpy(work.data + before, plain.data, plain.len);
        assert_int_equal(crypto->aead_seal(NULL, &cipher, aad.data, body),
                         DTLS_OK);
        assert_memory_equal(work.data, sealed.data, sealed.len);
        crypto->cipher_free(NULL, &cipher);

        assert_int_equal(
            crypto->cipher_key(NULL, &cipher, suite, &keys, false), DTLS_OK);
        assert_int_equal(crypto->aead_open(NULL, &cipher, aad.data, body),
                         DTLS_OK);
        assert_memory_equal(work.data + before, plain.data, plain.len);
        crypto->cipher_free(NULL, &cipher);
    }
}

/* One sealed record, to be opened with something changed. */
struct sealed {
    uint8_t aad[DTLS_AAD_LEN];
    uint8_t body[8 + 1500 + 16 + 1];
    size_t before; /* bytes of explicit nonce */
    size_t len;    /* bytes of text */
    size_t tag_len;
};

static struct dtls_span body_of(struct sealed *s)
{
    return (struct dtls_span){s->body, s->before + s->len + s->tag_len};
}

static void seal(struct sealed *out, struct dtls_cipher *cipher, size_t len,
                 uint64_t *seed)
{
    out->before = dtls_suite_explicit_len(cipher->suite);
    out->len = len;
    out->tag_len = dtls_suite_tag_len(cipher->suite);
    fill_random(seed, out->aad, sizeof out->aad);
    fill_random(seed, out->body, sizeof out->body);
    out->body[body_of(out).len] = 0xc3;
    /* Not tls12_cid, whichever bit of it changes: that has another form. */
    out->aad[8] |= 0xc0;
    out->aad[11] = (uint8_t)(len >> 8);
    out->aad[12] = (uint8_t)len;
    assert_int_equal(crypto->aead_seal(NULL, cipher, out->aad, body_of(out)),
                     DTLS_OK);
    assert_int_equal(out->body[body_of(out).len], 0xc3); /* no byte more */
}

static enum dtls_status open_record(struct dtls_cipher *cipher,
                                    struct sealed *s)
{
    return crypto->aead_open(NULL, cipher, s->aad, body_of(s));
}

static void every_length_opens_again_with_one_key(void **state)
{
    static const size_t lens[] = {0,  1,  15,  16,  17,   31,  32,
                                  33, 64, 127, 256, 1400, 1500};
    uint8_t key[32];
    uint64_t seed = 3;

    (void)state;
    fill_random(&seed, key, sizeof key);
    for (size_t i = 0; i < LEN(aead_suites); i++) {
        struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
        struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", aead_suites[i].name);
        set_key(&writer, &aead_suites[i], key, true);
        set_key(&reader, &aead_suites[i], key, false);
        for (size_t j = 0; j < LEN(lens); j++) {
            struct sealed s;
            uint64_t again;
            uint8_t plain[sizeof s.body];

            kit_row("%zu bytes", lens[j]);
            again = seed;
            seal(&s, &writer, lens[j], &seed);
            /* The same numbers once more: aad, body. */
            fill_random(&again, plain, DTLS_AAD_LEN);
            fill_random(&again, plain, sizeof plain);
            assert_memory_equal(s.body, s.aad, s.before);
            assert_true(lens[j] < 8 || memcmp(s.body + s.before,
                                              plain + s.before, lens[j]) != 0);
            assert_int_equal(open_record(&reader, &s), DTLS_OK);
            assert_memory_equal(s.body + s.before, plain + s.before, lens[j]);
        }
        crypto->cipher_free(NULL, &writer);
        crypto->cipher_free(NULL, &reader);
    }
}

static bool is_zero(const uint8_t *data, size_t len)
{
    uint8_t any = 0;

    for (size_t i = 0; i < len; i++) {
        any |= data[i];
    }
    return any == 0;
}

static void assert_discarded(struct dtls_cipher *reader, struct sealed s)
{
    uint8_t after = s.body[body_of(&s).len];

    assert_int_equal(open_record(reader, &s), DTLS_DISCARD);
    assert_true(is_zero(s.body + s.before, s.len));
    assert_int_equal(s.body[body_of(&s).len], after);
    assert_no_errors_left();
}

/* D5246-6.2.3.3-3.  With no text at all, too: there the tag stands alone.  The
 * length in the AAD is that of the text, so it has no bit of its own. */
static void one_wrong_bit_anywhere_is_discarded_and_wiped(void **state)
{
    static const size_t lens[] = {0, 1, 16, 37};
    uint8_t key[32];
    uint64_t seed = 4;

    (void)state;
    fill_random(&seed, key, sizeof key);
    for (size_t i = 0; i < LEN(aead_suites) * LEN(lens); i++) {
        const struct dtls_suite *suite = &aead_suites[i / LEN(lens)];
        struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
        struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};
        struct sealed s;

        kit_row("%s, %zu bytes", suite->name, lens[i % LEN(lens)]);
        set_key(&writer, suite, key, true);
        set_key(&reader, suite, key, false);
        seal(&s, &writer, lens[i % LEN(lens)], &seed);
        for (size_t j = 0; j < 8 * body_of(&s).len; j++) {
            struct sealed bad = s;

            kit_row("bit %zu of the body", j);
            bad.body[j / 8] ^= (uint8_t)(1 << j % 8);
            assert_discarded(&reader, bad);
        }
        for (size_t j = 0; j < 8 * (DTLS_AAD_LEN - 2); j++) {
            struct sealed bad = s;

            kit_row("bit %zu of the aad", j);
            bad.aad[j / 8] ^= (uint8_t)(1 << j % 8);
            assert_discarded(&reader, bad);
        }
        if (s.len != 0) {
            struct sealed bad = s;

            bad.len--;
            assert_discarded(&reader, bad);
        }
        /* After all that, the right one still opens. */
        assert_int_equal(open_record(&reader, &s), DTLS_OK);
        crypto->cipher_free(NULL, &writer);
        crypto->cipher_free(NULL, &reader);
    }
}

/* Nonce and tag must have their room; and a header cannot tell more than 2^16
 * - 1 bytes. */
static void a_body_of_no_record_is_refused(void **state)
{
    static uint8_t body[UINT16_MAX + 1];
    static const uint8_t key[32] = {0x11};
    static const uint8_t aad[DTLS_AAD_LEN] = {0x33};

    (void)state;
    for (size_t i = 0; i < LEN(aead_suites); i++) {
        const struct dtls_suite *suite = &aead_suites[i];
        const size_t least =
            dtls_suite_explicit_len(suite) + dtls_suite_tag_len(suite);
        struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
        struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", suite->name);
        set_key(&writer, suite, key, true);
        set_key(&reader, suite, key, false);
        for (size_t len = 0; len < least; len++) {
            uint8_t *exact = kit_exact(dtls_bytes_of(body, len));

            kit_row("%zu bytes", len);
            assert_int_equal(crypto->aead_seal(NULL, &writer, aad,
                                               (struct dtls_span){exact, len}),
                             DTLS_INTERNAL_ERROR);
            assert_int_equal(crypto->aead_open(NULL, &reader, aad,
                                               (struct dtls_span){exact, len}),
                             DTLS_DISCARD);
            free(exact);
        }
        assert_int_equal(
            crypto->aead_seal(NULL, &writer, aad,
                              (struct dtls_span){body, sizeof body}),
            DTLS_INTERNAL_ERROR);
        assert_int_equal(
            crypto->aead_open(NULL, &reader, aad,
                              (struct dtls_span){body, sizeof body}),
            DTLS_DISCARD);
        assert_int_equal(crypto->aead_seal(NULL, &writer, aad,
                                           (struct dtls_span){body, least}),
                         DTLS_OK);
        /* The nonce is that of the number, whatever failed before. */
        assert_int_equal(crypto->aead_open(NULL, &reader, aad,
                                           (struct dtls_span){body, least}),
                         DTLS_OK);
        crypto->cipher_free(NULL, &writer);
        crypto->cipher_free(NULL, &reader);
    }
}

#define CBC_MAC_KEY                                                           \
    "565d09eb8509c48e14775b9a26c2b94733f5e05b5838c0eae8f19fd69fe61bb9"
#define CBC_KEY "6798558497e9e92a14347fd8c1a085d0"
#define CBC_IV "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define CBC_HEADER "000100000000000117fefd000a"

static void set_cbc_key(struct dtls_cipher *cipher, bool seal_it)
{
    struct hex mac = hex(CBC_MAC_KEY);
    struct hex key = hex(CBC_KEY);
    struct dtls_cipher_keys keys = {
        hex_bytes(&mac), hex_bytes(&key), {NULL, 0}};

    assert_int_equal(crypto->cipher_key(NULL, cipher, dtls_suite_find(0x00ae),
                                        &keys, seal_it),
                     DTLS_OK);
}

/* D5246-6.2.3.1-1 */
static void the_cbc_record_is_built_byte_for_byte(void **state)
{
    struct hex expected = hex("16096e7228797b0667ec04fed4f16b2c"
                              "26804a24b25b5e63f4394be6fc1549e8"
                              "602b4554d4bbdcb5f2161ade3afc28dc");
    struct hex mac = hex(
        "9f15501178da559585cd69db7b96f107ad75be6cfed51082d05da54bf2495cf7");
    struct hex iv = hex(CBC_IV);
    struct hex header = hex(CBC_HEADER);
    struct dtls_bytes parts[] = {hex_bytes(&header), {NULL, 0}};
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
    uint8_t data[48];

    (void)state;
    set_cbc_key(&cipher, true);
    memcpy(data, "hello DTLS", 10);
    parts[1] = dtls_bytes_of(data, 10);
    crypto->hmac(NULL, cipher.mac, data + 10, parts, 2);
    assert_memory_equal(data + 10, mac.data, 32);
    memset(data + 42, 5, 6);
    assert_int_equal(crypto->cbc_encrypt(NULL, &cipher, iv.data,
                                         (struct dtls_span){data, 48}),
                     DTLS_OK);
    assert_memory_equal(data, expected.data, 48);
    crypto->cipher_free(NULL, &cipher);
}

static void the_cbc_record_opens_and_passes_its_check(void **state)
{
    struct hex data = hex("16096e7228797b0667ec04fed4f16b2c"
                          "26804a24b25b5e63f4394be6fc1549e8"
                          "602b4554d4bbdcb5f2161ade3afc28dc");
    struct hex iv = hex(CBC_IV);
    struct hex header = hex(CBC_HEADER);
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
    size_t len = 99;

    (void)state;
    header.data[11] = 0x77; /* the length is not taken from here */
    header.data[12] = 0x88;
    set_cbc_key(&cipher, false);
    assert_int_equal(crypto->cbc_decrypt(NULL, &cipher, iv.data,
                                         (struct dtls_span){data.data, 48}),
                     DTLS_OK);
    assert_memory_equal(data.data, "hello DTLS", 10);
    assert_int_equal(crypto->cbc_check(NULL, &cipher, header.data,
                                       dtls_bytes_of(data.data, 48), &len),
                     DTLS_OK);
    assert_int_equal(len, 10);
    crypto->cipher_free(NULL, &cipher);
}

/* The body of the encrypt-then-MAC record: its MAC covers IV and
 * ciphertext and goes through hmac. */
static void the_encrypt_then_mac_record_comes_out(void **state)
{
    struct hex expected = hex("cb96d9938a4bd094f050ab96cafb7d63");
    struct hex mac = hex(
        "c401810096021c2782da52b5302ad49a42cb5ab5631fc86f06ef970517199803");
    struct hex iv = hex(CBC_IV);
    struct hex header = hex("000100000000000117fefd0020");
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
    struct dtls_bytes parts[3];
    uint8_t data[16] = "hello DTLS";
    uint8_t out[32];

    (void)state;
    memset(data + 10, 5, 6);
    set_cbc_key(&cipher, true);
    assert_int_equal(crypto->cbc_encrypt(NULL, &cipher, iv.data,
                                         (struct dtls_span){data, 16}),
                     DTLS_OK);
    assert_memory_equal(data, expected.data, 16);
    parts[0] = hex_bytes(&header);
    parts[1] = hex_bytes(&iv);
    parts[2] = dtls_bytes_of(data, 16);
    assert_int_equal(crypto->mac(NULL, &cipher, out, parts, 3), DTLS_OK);
    assert_memory_equal(out, mac.data, 32);
    crypto->cipher_free(NULL, &cipher);
}

static void cbc_with_a_long_key_decrypts_what_it_encrypts(void **state)
{
    uint8_t key[32];
    uint8_t iv[16];
    uint8_t data[160];
    uint8_t plain[160];
    struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
    struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};
    uint64_t seed = 5;

    (void)state;
    fill_random(&seed, key, sizeof key);
    set_key(&writer, &cbc_256, key, true);
    set_key(&reader, &cbc_256, key, false);
    for (size_t len = 0; len <= sizeof data; len += 16) {
        struct dtls_span span = {data, len};

        kit_row("%zu bytes", len);
        fill_random(&seed, iv, sizeof iv);
        fill_random(&seed, plain, sizeof plain);
        memcpy(data, plain, sizeof plain);
        assert_int_equal(crypto->cbc_encrypt(NULL, &writer, iv, span),
                         DTLS_OK);
        assert_true(len == 0 || memcmp(data, plain, len) != 0);
        assert_int_equal(crypto->cbc_decrypt(NULL, &reader, iv, span),
                         DTLS_OK);
        assert_memory_equal(data, plain, sizeof plain);
    }
    crypto->cipher_free(NULL, &writer);
    crypto->cipher_free(NULL, &reader);
}

static void cbc_takes_whole_blocks_only(void **state)
{
    uint8_t iv[16] = {0};
    uint8_t data[33] = {0};
    struct dtls_cipher writer = {.mac = &(struct dtls_hmac_key){0}};
    struct dtls_cipher reader = {.mac = &(struct dtls_hmac_key){0}};

    (void)state;
    set_cbc_key(&writer, true);
    set_cbc_key(&reader, false);
    for (size_t len = 1; len <= sizeof data; len++) {
        struct dtls_span span = {data, len};
        bool is_whole = len % 16 == 0;

        kit_row("%zu bytes", len);
        assert_int_equal(crypto->cbc_encrypt(NULL, &writer, iv, span),
                         is_whole ? DTLS_OK : DTLS_INTERNAL_ERROR);
        assert_int_equal(crypto->cbc_decrypt(NULL, &reader, iv, span),
                         is_whole ? DTLS_OK : DTLS_DISCARD);
    }
    crypto->cipher_free(NULL, &writer);
    crypto->cipher_free(NULL, &reader);
    assert_no_errors_left();
}

static void keys_of_a_wrong_length_are_refused(void **state)
{
    static const uint8_t bytes[64] = {1};

    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *suite = dtls_suite_at(i);
        size_t mac_len = dtls_suite_mac_len(suite);

        kit_row("%s", suite->name);
        for (size_t wrong = 0; wrong < 6; wrong++) {
            static const int more[][3] = {{0, 1, 0},  {0, -1, 0}, {1, 0, 0},
                                          {-1, 0, 0}, {0, 0, 1},  {0, 0, -1}};
            struct dtls_cipher_keys keys = {
                {bytes, mac_len + (size_t)more[wrong][0]},
                {bytes, suite->key_len + (size_t)more[wrong][1]},
                {bytes, suite->salt_len + (size_t)more[wrong][2]}};
            struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

            kit_row("length %zu", wrong);
            assert_int_equal(
                crypto->cipher_key(NULL, &cipher, suite, &keys, true),
                DTLS_INTERNAL_ERROR);
            crypto->cipher_free(NULL, &cipher);
        }
    }
}

static void every_suite_of_the_table_can_be_keyed_and_freed(void **state)
{
    static const uint8_t key[32] = {0x71, 0x72};
    static const struct dtls_cipher none;

    (void)state;
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        const struct dtls_suite *suite = dtls_suite_at(i);
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", suite->name);
        set_key(&cipher, suite, key, i % 2 == 0);
        assert_int_equal(cipher.context == NULL,
                         suite->cipher == DTLS_CIPHER_NULL);
        crypto->cipher_free(NULL, &cipher);
        assert_memory_equal(&cipher, &none, sizeof none);
        crypto->cipher_free(NULL, &cipher);
    }
    assert_no_errors_left();
}

static void a_suite_with_a_mac_needs_room_for_its_key(void **state)
{
    static const uint8_t bytes[32] = {0x71, 0x72};
    static const struct dtls_suite *const suites[] = {&cbc_256, &null_sha256};

    (void)state;
    for (size_t i = 0; i < LEN(suites); i++) {
        struct dtls_cipher_keys keys = {{bytes, dtls_suite_mac_len(suites[i])},
                                        {bytes, suites[i]->key_len},
                                        {bytes, suites[i]->salt_len}};
        struct dtls_hmac_key mac;
        struct dtls_hmac_key zero = {0};
        struct dtls_cipher cipher = {.mac = NULL};

        kit_row("suite %04x", suites[i]->id);
        assert_int_equal(
            crypto->cipher_key(NULL, &cipher, suites[i], &keys, true),
            DTLS_INTERNAL_ERROR);
        cipher.mac = &mac;
        assert_int_equal(
            crypto->cipher_key(NULL, &cipher, suites[i], &keys, true),
            DTLS_OK);
        assert_int_equal(mac.alg, suites[i]->mac);
        crypto->cipher_free(NULL, &cipher);
        assert_memory_equal(&mac, &zero, sizeof zero);
    }
}

static void the_null_cipher_has_a_mac_and_nothing_else(void **state)
{
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
    uint8_t iv[DTLS_CBC_BLOCK] = {0};
    uint8_t aad[DTLS_AAD_LEN] = {0};
    uint8_t data[16] = {0};
    struct dtls_span span = {data, sizeof data};

    (void)state;
    set_key(&cipher, &null_sha256, NULL, true);
    assert_null(cipher.context);
    assert_int_equal(cipher.mac->alg, DTLS_HASH_SHA256);
    assert_int_equal(crypto->aead_seal(NULL, &cipher, aad, span),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->cbc_encrypt(NULL, &cipher, iv, span),
                     DTLS_INTERNAL_ERROR);
    crypto->cipher_free(NULL, &cipher);
}

static void a_cipher_does_only_what_its_suite_says(void **state)
{
    static const uint8_t key[32] = {0x71};
    struct dtls_cipher none = {0};
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
    uint8_t iv[DTLS_CBC_BLOCK] = {0};
    uint8_t aad[DTLS_AAD_LEN] = {0};
    uint8_t data[64] = {0};
    struct dtls_span span = {data, sizeof data};
    size_t len = 1;

    (void)state;
    set_key(&cipher, &cbc_256, key, true);
    assert_int_equal(crypto->aead_seal(NULL, &cipher, aad, span),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->aead_open(NULL, &cipher, aad, span),
                     DTLS_INTERNAL_ERROR);
    crypto->cipher_free(NULL, &cipher);
    set_key(&cipher, &aead_suites[0], key, true);
    assert_int_equal(crypto->cbc_encrypt(NULL, &cipher, iv, span),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(
        crypto->cbc_check(NULL, &cipher, aad, dtls_bytes_of(data, 64), &len),
        DTLS_INTERNAL_ERROR);
    crypto->cipher_free(NULL, &cipher);
    assert_int_equal(crypto->aead_seal(NULL, &none, aad, span),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->aead_open(NULL, &none, aad, span),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->cbc_encrypt(NULL, &none, iv, span),
                     DTLS_INTERNAL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_vectors_come_out_and_go_in),
        cmocka_unit_test(every_length_opens_again_with_one_key),
        cmocka_unit_test(one_wrong_bit_anywhere_is_discarded_and_wiped),
        cmocka_unit_test(a_body_of_no_record_is_refused),
        cmocka_unit_test(the_cbc_record_is_built_byte_for_byte),
        cmocka_unit_test(the_cbc_record_opens_and_passes_its_check),
        cmocka_unit_test(the_encrypt_then_mac_record_comes_out),
        cmocka_unit_test(cbc_with_a_long_key_decrypts_what_it_encrypts),
        cmocka_unit_test(cbc_takes_whole_blocks_only),
        cmocka_unit_test(keys_of_a_wrong_length_are_refused),
        cmocka_unit_test(every_suite_of_the_table_can_be_keyed_and_freed),
        cmocka_unit_test(a_suite_with_a_mac_needs_room_for_its_key),
        cmocka_unit_test(the_null_cipher_has_a_mac_and_nothing_else),
        cmocka_unit_test(a_cipher_does_only_what_its_suite_says),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
