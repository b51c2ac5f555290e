/* SPDX-License-Identifier: MIT */
/* crypto/cbc_ct.c against the same check written the plain way, with HMAC of
 * EVP and branches everywhere.  That it takes constant time is
 * cbc_ct_memcheck_test.c's to show. */
#include "kit/proves.h"

#include "crypto_test.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static const struct {
    struct dtls_suite suite;
    const char *digest;
} macs[] = {
    {{0xff01, "CBC SHA-1", DTLS_KX_PSK, DTLS_CIPHER_CBC, DTLS_HASH_SHA1,
      DTLS_HASH_SHA256, 16, 0},
     "SHA1"},
    {{0xff02, "CBC SHA-256", DTLS_KX_PSK, DTLS_CIPHER_CBC, DTLS_HASH_SHA256,
      DTLS_HASH_SHA256, 16, 0},
     "SHA256"},
    {{0xff03, "CBC SHA-384", DTLS_KX_PSK, DTLS_CIPHER_CBC, DTLS_HASH_SHA384,
      DTLS_HASH_SHA384, 16, 0},
     "SHA384"},
};

static const uint8_t mac_key[48] = {
    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc,
    0xdd, 0xee, 0xff, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90,
    0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
    0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x12, 0x13, 0x14};

static const uint8_t header[DTLS_AAD_LEN] = {0x00, 0x01, 0x23, 0x34, 0x45,
                                             0x56, 0x67, 0x78, 0x17, 0xfe,
                                             0xfd, 0xaa, 0xbb};

static const uint8_t cipher_key[16] = {0x5a};

static size_t mac_len_of(size_t which)
{
    return dtls_suite_mac_len(&macs[which].suite);
}

static void set_key(struct dtls_cipher *cipher, size_t which)
{
    struct dtls_cipher_keys keys = {{mac_key, mac_len_of(which)},
                                    {cipher_key, sizeof cipher_key},
                                    {NULL, 0}};

    assert_int_equal(
        crypto->cipher_key(NULL, cipher, &macs[which].suite, &keys, false),
        DTLS_OK);
}

static void plain_mac(uint8_t *out, size_t which, struct dtls_bytes plain)
{
    static uint8_t message[DTLS_AAD_LEN + 0x10000];

    memcpy(message, header, sizeof header);
    message[11] = (uint8_t)(plain.len >> 8);
    message[12] = (uint8_t)plain.len;
    if (plain.len != 0) {
        memcpy(message + sizeof header, plain.data, plain.len);
    }
    assert_non_null(HMAC(EVP_get_digestbyname(macs[which].digest), mac_key,
                         (int)mac_len_of(which), message,
                         sizeof header + plain.len, out, NULL));
}

/* The check as RFC 5246, 6.2.3.2 tells it, without a thought for time. */
static bool plain_check(size_t which, struct dtls_bytes data, size_t *out)
{
    size_t mac_len = mac_len_of(which);
    uint8_t mac[DTLS_HASH_MAX];
    size_t pad_len;
    size_t len;

    if (data.len < mac_len + 1) {
        return false;
    }
    pad_len = data.data[data.len - 1];
    if (pad_len + 1 + mac_len > data.len) {
        return false;
    }
    for (size_t i = 0; i < pad_len; i++) {
        if (data.data[data.len - 2 - i] != pad_len) {
            return false;
        }
    }
    len = data.len - mac_len - 1 - pad_len;
    plain_mac(mac, which, dtls_bytes_of(data.data, len));
    if (memcmp(mac, data.data + len, mac_len) != 0) {
        return false;
    }
    *out = len;
    return true;
}

/* Builds plaintext || MAC || padding in `out`; returns its length. */
static size_t build(uint8_t *out, size_t which, size_t plain_len,
                    size_t pad_len, uint64_t *seed)
{
    size_t mac_len = mac_len_of(which);

    fill_random(seed, out, plain_len);
    plain_mac(out + plain_len, which, dtls_bytes_of(out, plain_len));
    memset(out + plain_len + mac_len, (int)pad_len, pad_len + 1);
    return plain_len + mac_len + pad_len + 1;
}

/* Both checks, on a block of exactly the record's size.  Returns whether
 * they accept it. */
static bool compare(struct dtls_cipher *cipher, size_t which,
                    const uint8_t *data, size_t len)
{
    uint8_t *block = malloc(len != 0 ? len : 1);
    size_t expected_len = 0;
    size_t plain_len = 77;
    enum dtls_status status;
    bool expected;

    assert_non_null(block);
    memcpy(block, data, len);
    expected = plain_check(which, dtls_bytes_of(block, len), &expected_len);
    status = crypto->cbc_check(NULL, cipher, header, dtls_bytes_of(block, len),
                               &plain_len);
    assert_memory_equal(block, data, len);
    free(block);
    assert_int_equal(status, expected ? DTLS_OK : DTLS_DISCARD);
    assert_int_equal(plain_len, expected_len);
    return expected;
}

static void every_padding_length_is_accepted_after_every_plaintext(
    void **state)
{
    static uint8_t data[1024];
    uint64_t seed = 6;

    (void)state;
    proves("D5246-6.2.3.2-6");
    for (size_t which = 0; which < LEN(macs); which++) {
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        for (size_t pad = 0; pad <= 255; pad++) {
            for (size_t plain = 0; plain < 400; plain += 1 + pad % 7) {
                kit_row("%zu bytes, padding of %zu", plain, pad);
                size_t len = build(data, which, plain, pad, &seed);

                assert_true(compare(&cipher, which, data, len));
            }
        }
        crypto->cipher_free(NULL, &cipher);
    }
}

/* D5246-6.2.3.2-3, -4 */
static void every_wrong_padding_byte_is_noticed(void **state)
{
    static uint8_t data[1024];
    uint64_t seed = 7;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        for (size_t pad = 0; pad <= 255; pad++) {
            kit_row("padding of %zu", pad);
            size_t len = build(data, which, 3 + pad % 90, pad, &seed);

            for (size_t at = 1; at <= pad + 1; at++) {
                uint8_t flip = (uint8_t)(1 << next_random(&seed) % 8);

                kit_row("byte %zu from the end", at);
                data[len - at] ^= flip;
                assert_false(compare(&cipher, which, data, len));
                data[len - at] ^= flip;
            }
        }
        crypto->cipher_free(NULL, &cipher);
    }
}

static void every_wrong_bit_of_mac_or_plaintext_is_noticed(void **state)
{
    static uint8_t data[1024];
    uint64_t seed = 8;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        static const size_t pads[] = {0, 1, 15, 64, 254, 255};
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        for (size_t i = 0; i < LEN(pads); i++) {
            size_t plain = 40 + 31 * i;
            size_t len = build(data, which, plain, pads[i], &seed);

            kit_row("%zu bytes, padding of %zu", plain, pads[i]);
            for (size_t bit = 0; bit < 8 * (plain + mac_len_of(which));
                 bit++) {
                kit_row("bit %zu", bit);
                data[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert_false(compare(&cipher, which, data, len));
                data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
        crypto->cipher_free(NULL, &cipher);
    }
}

static void every_wrong_byte_of_the_header_is_noticed(void **state)
{
    static uint8_t data[1024];
    uint64_t seed = 9;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        kit_row("%s", macs[which].suite.name);
        size_t len = build(data, which, 100, 7, &seed);
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
        size_t plain_len;

        set_key(&cipher, which);
        for (size_t at = 0; at < sizeof header; at++) {
            uint8_t bad[sizeof header];

            kit_row("byte %zu", at);
            memcpy(bad, header, sizeof bad);
            bad[at] ^= 0x40;
            /* The last two bytes are the length, which is filled in. */
            assert_int_equal(crypto->cbc_check(NULL, &cipher, bad,
                                               dtls_bytes_of(data, len),
                                               &plain_len),
                             at < 11 ? DTLS_DISCARD : DTLS_OK);
        }
        crypto->cipher_free(NULL, &cipher);
    }
}

/* A right MAC after the padding length has been made to point elsewhere, a
 * last byte that claims more than there is, records that hold nothing. */
static void every_claimed_padding_length_is_judged_alike(void **state)
{
    static uint8_t data[1024];
    uint64_t seed = 10;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        for (size_t plain = 0; plain < 300; plain += 23) {
            for (unsigned last = 0; last <= 255; last++) {
                kit_row("%zu bytes, padding length %u", plain, last);
                size_t len = build(data, which, plain, 3, &seed);

                data[len - 1] = (uint8_t)last;
                assert_int_equal(compare(&cipher, which, data, len),
                                 last == 3);
                memset(data, (int)last, len); /* padding only */
                assert_false(compare(&cipher, which, data, len));
            }
        }
        crypto->cipher_free(NULL, &cipher);
    }
}

/* Records that are nearly right, thousands of them. */
static void damaged_records_are_judged_alike(void **state)
{
    static uint8_t data[2048];
    uint64_t seed = 11;
    size_t num_good = 0;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        for (size_t i = 0; i < 20000; i++) {
            kit_row("record %zu", i);
            size_t pad = next_random(&seed) % 256;
            size_t plain = next_random(&seed) % 700;
            size_t len = build(data, which, plain, pad, &seed);
            size_t num_flips = next_random(&seed) % 3;

            for (size_t j = 0; j < num_flips; j++) {
                /* Half of them in the last few bytes. */
                size_t range = next_random(&seed) % 2 ? len : 64;
                size_t at = next_random(&seed) % (range < len ? range : len);

                data[len - 1 - at] ^= (uint8_t)(1 << next_random(&seed) % 8);
            }
            if (next_random(&seed) % 8 == 0) {
                len -= next_random(&seed) % (len + 1);
            }
            num_good += compare(&cipher, which, data, len);
        }
        crypto->cipher_free(NULL, &cipher);
    }
    assert_true(num_good > 15000 && num_good < 25000);
}

/* D5246-6.2.3.2-7; the bounds, in exact blocks, of both ends. */
static void lengths_are_bounded_at_both_ends(void **state)
{
    static uint8_t data[0x10000];
    const size_t max = (1 << 14) + 2048;
    uint64_t seed = 12;

    (void)state;
    for (size_t which = 0; which < LEN(macs); which++) {
        size_t mac_len = mac_len_of(which);
        struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};
        size_t plain_len = 5;
        size_t len;

        kit_row("%s", macs[which].suite.name);
        set_key(&cipher, which);
        memset(data, 0, sizeof data);
        for (len = 0; len <= mac_len; len++) {
            kit_row("%zu bytes", len);
            assert_false(compare(&cipher, which, data, len));
        }
        len = build(data, which, 0, 0, &seed);
        assert_int_equal(len, mac_len + 1);
        assert_true(compare(&cipher, which, data, len));

        len = build(data, which, max - mac_len - 1 - 9, 9, &seed);
        assert_int_equal(len, max);
        assert_true(compare(&cipher, which, data, len));
        len = build(data, which, max - mac_len - 9, 9, &seed);
        assert_int_equal(crypto->cbc_check(NULL, &cipher, header,
                                           dtls_bytes_of(data, len),
                                           &plain_len),
                         DTLS_DISCARD);
        assert_int_equal(plain_len, 0);
        crypto->cipher_free(NULL, &cipher);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_padding_length_is_accepted_after_every_plaintext),
        cmocka_unit_test(every_wrong_padding_byte_is_noticed),
        cmocka_unit_test(every_wrong_bit_of_mac_or_plaintext_is_noticed),
        cmocka_unit_test(every_wrong_byte_of_the_header_is_noticed),
        cmocka_unit_test(every_claimed_padding_length_is_judged_alike),
        cmocka_unit_test(damaged_records_are_judged_alike),
        cmocka_unit_test(lengths_are_bounded_at_both_ends),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
