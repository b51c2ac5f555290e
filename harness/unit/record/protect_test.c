/* SPDX-License-Identifier: MIT */
/* record/protect.c: the layout of every cipher class, against vectors that
 * were computed elsewhere (Python's `cryptography`). */
#include "kit/kit.h"

#include "crypto/stream.h"
#include "record/protect.h"

#define ROOM 20000

/* One cipher class: its keys, and "hello DTLS" from client to server as type
 * 23, epoch 1, sequence number 1. */
struct sample {
    const char *name;
    uint16_t suite;
    const char *mac;
    const char *key;
    const char *salt;
    const char *record;
    bool encrypt_then_mac;
};

#define KEY "565d09eb8509c48e14775b9a26c2b947"
#define LONG_KEY KEY "33f5e05b5838c0eae8f19fd69fe61bb9"
#define SALT "2a55285b"

static const struct sample samples[] = {
    {"CCM_8", 0xc0a8, "", KEY, SALT,
     "17fefd0001000000000001001a0001000000000001"
     "b175cf8ac568adc0c935a725bc85be6262f9",
     false},
    {"GCM", 0x00a8, "", KEY, SALT,
     "17fefd000100000000000100220001000000000001"
     "afb20e0f502bae7fc454007c0834ce299c3663ab12a25b39164a",
     false},
    {"ChaCha20", 0xcca8, "", LONG_KEY, "6798558497e9e92a14347fd8",
     "17fefd0001000000000001001a"
     "7bdf017bde3780d7d41678b082833bbf08cbe3e80430554e864b",
     false},
    {"CBC", 0x00ae, LONG_KEY, "6798558497e9e92a14347fd8c1a085d0", "",
     "17fefd000100000000000100405c3169f09226be33ea8c94784f904124"
     "ae1676946972a79a49965a2fb31fa61fc226567684c586572802f773e5d77874"
     "0a541d62fb74f174b14079571d01add6",
     false},
    {"CBC, encrypt-then-MAC", 0x00ae, LONG_KEY,
     "6798558497e9e92a14347fd8c1a085d0", "",
     "17fefd000100000000000100405c3169f09226be33ea8c94784f904124"
     "3c507d17f20c4f496de0bce39a314d3c277cbfc0f46a6e713f6dd3eab7147838"
     "bc52d7a116bbd44cc5dc500a6a85a259",
     true},
    {"NULL", 0x00b0, LONG_KEY, "", "",
     "17fefd0001000000000001002a68656c6c6f2044544c53"
     "9f15501178da559585cd69db7b96f107ad75be6cfed51082d05da54bf2495cf7",
     false},
};

static const char hello[] = "hello DTLS";

static struct dtls_bytes hello_bytes(void)
{
    return dtls_bytes_of(hello, 10);
}

/* A sample's keys both ways. */
struct pair {
    struct kit_crypto k;
    struct dtls_protection seal;
    struct dtls_protection open;
    struct dtls_hmac_key macs[2];
};

/* Do suites with CBC use encrypt-then-MAC (RFC 7366)? */
static bool encrypt_then_mac;

static void key_suite(struct pair *p, const struct dtls_suite *suite,
                      struct dtls_cipher_keys keys)
{
    const struct dtls_crypto *crypto = &p->k.crypto;

    *p = (struct pair){.k = {.calls = 0}};
    kit_crypto_count(&p->k, 0xa0);
    p->seal.cipher.mac = &p->macs[0];
    p->open.cipher.mac = &p->macs[1];
    p->seal.encrypt_then_mac = encrypt_then_mac;
    p->open.encrypt_then_mac = encrypt_then_mac;
    assert_int_equal(
        crypto->cipher_key(crypto->self, &p->seal.cipher, suite, &keys, true),
        DTLS_OK);
    assert_int_equal(
        crypto->cipher_key(crypto->self, &p->open.cipher, suite, &keys, false),
        DTLS_OK);
}

static void key_sample(struct pair *p, const struct sample *sample)
{
    struct kit_hex mac = kit_hex(sample->mac);
    struct kit_hex key = kit_hex(sample->key);
    struct kit_hex salt = kit_hex(sample->salt);

    key_suite(p, dtls_suite_find(sample->suite),
              (struct dtls_cipher_keys){kit_hex_bytes(&mac),
                                        kit_hex_bytes(&key),
                                        kit_hex_bytes(&salt)});
    p->seal.encrypt_then_mac = sample->encrypt_then_mac;
    p->open.encrypt_then_mac = sample->encrypt_then_mac;
}

/* Any suite, with keys that are just different bytes. */
static void key_any(struct pair *p, const struct dtls_suite *suite)
{
    uint8_t bytes[96];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(3 * i + 1);
    }
    key_suite(p, suite,
              (struct dtls_cipher_keys){
                  dtls_bytes_of(bytes, dtls_suite_mac_len(suite)),
                  dtls_bytes_of(bytes + 48, suite->key_len),
                  dtls_bytes_of(bytes + 80, suite->salt_len)});
}

static void end(struct pair *p)
{
    const struct dtls_crypto *crypto = &p->k.crypto;

    crypto->cipher_free(crypto->self, &p->seal.cipher);
    crypto->cipher_free(crypto->self, &p->open.cipher);
}

static enum dtls_status seal(struct pair *p, struct dtls_buf *out,
                             uint64_t seq, struct dtls_bytes plain)
{
    return dtls_protect_seal(&p->k.crypto, &p->seal, out,
                             DTLS_APPLICATION_DATA, DTLS_VERSION_1_2, 1, seq,
                             plain);
}

/* Takes the record of a datagram and opens it. */
static enum dtls_status open_wire(struct pair *p, struct dtls_span wire,
                                  struct dtls_span *plain)
{
    struct dtls_record record;

    if (dtls_record_next(&wire, &record) != DTLS_OK) {
        return DTLS_DISCARD;
    }
    return dtls_protect_open(&p->k.crypto, &p->open, &record, plain);
}

static void epoch_0_is_header_and_plaintext(void **state)
{
    struct dtls_protection none = {0};
    struct kit_crypto k;
    uint8_t wire[23];
    struct dtls_buf out = {wire, 0, sizeof wire};
    struct dtls_span datagram = {wire, sizeof wire};
    struct dtls_record record;
    struct dtls_span plain;

    (void)state;
    proves("D6347-4.1-4");
    kit_crypto_count(&k, 0);
    assert_int_equal(dtls_protect_seal(&k.crypto, &none, &out, 22, 0xfefd, 0,
                                       0x123456789abc, hello_bytes()),
                     DTLS_OK);
    kit_assert_hex(dtls_buf_bytes(&out),
                   "16 fefd 0000 123456789abc 000a 68656c6c6f2044544c53");
    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    assert_int_equal(dtls_protect_open(&k.crypto, &none, &record, &plain),
                     DTLS_OK);
    assert_ptr_equal(plain.data, wire + 13);
    assert_int_equal(plain.len, 10);
    assert_int_equal(dtls_protect_prefix(&none), 13);
    assert_int_equal(dtls_protect_expansion(&none), 0);
}

static void each_class_seals_to_its_vector(void **state)
{
    (void)state;
    proves("D6347-4.1.2.1-1");
    proves("D6347-4.1.2.1-2");
    proves("D6347-4.1.2.4-1");
    proves("D5246-6.2.3.1-1");
    proves("D5246-6.2.3.2-3");
    proves("D5246-6.2.3.3-1");
    proves("D5288-3-1");
    proves("D5288-3-3");
    proves("D6655-3-1");
    proves("D6655-3-4");
    proves("D7905-2-1");
    proves("D7905-2-2");
    for (size_t i = 0; i < LEN(samples); i++) {
        struct pair p;
        uint8_t wire[128];
        struct dtls_buf out = {wire, 0, sizeof wire};

        kit_row("%s", samples[i].name);
        key_sample(&p, &samples[i]);
        assert_int_equal(seal(&p, &out, 1, hello_bytes()), DTLS_OK);
        kit_assert_hex(dtls_buf_bytes(&out), samples[i].record);
        end(&p);
    }
}

static void each_class_opens_its_vector_inside_the_body(void **state)
{
    (void)state;
    proves("D6347-4.1.2.4-1");
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("%s", samples[i].name);
        struct pair p;
        struct kit_hex wire = kit_hex(samples[i].record);
        struct dtls_span plain = {NULL, 0};

        key_sample(&p, &samples[i]);
        assert_int_equal(open_wire(&p, kit_hex_span(&wire), &plain), DTLS_OK);
        assert_true(dtls_bytes_equal(dtls_span_bytes(plain), hello_bytes()));
        assert_ptr_equal(plain.data, wire.data + dtls_protect_prefix(&p.open));
        end(&p);
    }
}

/* Flips every bit of byte `at`, one at a time. */
static void flip_byte(struct pair *p, const struct kit_hex *good, size_t at)
{
    for (unsigned bit = 0; bit < 8; bit++) {
        struct kit_hex wire = *good;
        struct dtls_span plain = {NULL, 77};

        kit_row("bit %u", bit);
        wire.data[at] ^= (uint8_t)(1u << bit);
        assert_int_equal(open_wire(p, kit_hex_span(&wire), &plain),
                         DTLS_DISCARD);
        assert_null(plain.data);
        assert_int_equal(plain.len, 77);
    }
}

static void every_flipped_bit_is_discarded(void **state)
{
    (void)state;
    proves("D6347-4.1.2.1-4");
    proves("D6347-4.1.2.6-11");
    proves("D5246-6.2.3.2-4");
    proves("D5246-6.2.3.3-3");
    proves("D5288-3-6");
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("%s", samples[i].name);
        struct pair p;
        struct kit_hex wire = kit_hex(samples[i].record);

        key_sample(&p, &samples[i]);
        for (size_t at = 0; at < wire.len; at++) {
            kit_row("byte %zu", at);
            flip_byte(&p, &wire, at);
        }
        end(&p);
    }
}

/* The body of a sample cut to `len` bytes, with a header that says so. */
static void open_cut(struct pair *p, const char *text, size_t len)
{
    struct kit_hex good = kit_hex(text);
    uint8_t *block;
    struct dtls_span plain = {NULL, 77};

    good.data[11] = (uint8_t)(len >> 8);
    good.data[12] = (uint8_t)len;
    block = kit_exact(dtls_bytes_of(good.data, 13 + len));
    assert_int_equal(open_wire(p, (struct dtls_span){block, 13 + len}, &plain),
                     DTLS_DISCARD);
    assert_int_equal(plain.len, 77);
    free(block);
}

static void every_shorter_body_is_discarded(void **state)
{
    (void)state;
    proves("D5246-6.2.3.2-7");
    proves("D5246-6.2.3.3-4");
    proves("D7905-2-5");
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("%s", samples[i].name);
        struct pair p;
        struct kit_hex wire = kit_hex(samples[i].record);

        key_sample(&p, &samples[i]);
        for (size_t len = 0; len < wire.len - 13; len++) {
            kit_row("cut to %zu bytes", len);
            open_cut(&p, samples[i].record, len);
        }
        end(&p);
    }
}

static void a_tag_of_the_other_length_does_not_open(void **state)
{
    static const char *const both[] = {
        "17fefd000100000000000100220001000000000001"
        "b175cf8ac568adc0c935a725bc85be6262f90000000000000000",
        "17fefd0001000000000001001a0001000000000001"
        "afb20e0f502bae7fc454007c0834ce299c36"};

    (void)state;
    proves("D6655-6.1-1");
    for (size_t i = 0; i < LEN(both); i++) {
        kit_row("%s", samples[i].name);
        struct pair p;
        struct kit_hex wire = kit_hex(both[i]);
        struct dtls_span plain;

        key_sample(&p, &samples[i]);
        assert_int_equal(open_wire(&p, kit_hex_span(&wire), &plain),
                         DTLS_DISCARD);
        end(&p);
    }
}

/* Seals the body of a sample's record with another nonce than its number. */
static void seal_with_nonce(const struct sample *sample, struct dtls_span body,
                            const uint8_t explicit_nonce[8],
                            struct dtls_bytes aad)
{
    const struct dtls_suite *suite = dtls_suite_find(sample->suite);
    size_t tag_len = dtls_suite_tag_len(suite);
    size_t len = body.len - 8 - tag_len;
    struct kit_hex key = kit_hex(sample->key);
    struct kit_hex nonce = kit_hex(sample->salt);
    struct dtls_stream stream;

    memcpy(nonce.data + 4, explicit_nonce, 8);
    memcpy(body.data, explicit_nonce, 8);
    assert_int_equal(
        dtls_stream_make(&stream, suite->cipher, kit_hex_bytes(&key)),
        DTLS_OK);
    assert_int_equal(dtls_stream_begin(&stream, true, nonce.data, aad, len),
                     DTLS_OK);
    assert_int_equal(
        dtls_stream_update(&stream, body.data + 8, body.data + 8, len),
        DTLS_OK);
    assert_int_equal(dtls_stream_tag(&stream, body.data + 8 + len), DTLS_OK);
    dtls_stream_free(&stream);
}

static void the_explicit_nonce_is_taken_from_the_record(void **state)
{
    static const size_t with_explicit[] = {0, 1};

    (void)state;
    proves("D5288-3-4");
    for (size_t i = 0; i < LEN(with_explicit); i++) {
        kit_row("%s", samples[with_explicit[i]].name);
        struct pair p;
        struct kit_hex aad = kit_hex("0001000000000001 17 fefd 000a");
        struct kit_hex wire = kit_hex(samples[with_explicit[i]].record);
        struct dtls_span plain;

        key_sample(&p, &samples[with_explicit[i]]);
        memcpy(wire.data + 13 + 8, hello, 10);
        seal_with_nonce(&samples[with_explicit[i]],
                        (struct dtls_span){wire.data + 13, wire.len - 13},
                        (const uint8_t *)"\x91\x82\x73\x64\x55\x46\x37\x28",
                        kit_hex_bytes(&aad));
        assert_int_equal(open_wire(&p, kit_hex_span(&wire), &plain), DTLS_OK);
        assert_true(dtls_bytes_equal(dtls_span_bytes(plain), hello_bytes()));
        end(&p);
    }
}

/* Checks one room: what fits seals, one byte more does not. */
static void fit_at(struct pair *p, size_t room)
{
    static uint8_t wire[ROOM];
    static const uint8_t zeros[DTLS_PLAINTEXT_MAX + 1];
    size_t fit = dtls_protect_fit(&p->seal, room);
    struct dtls_buf out = {wire, 0, room};
    enum dtls_status status = seal(p, &out, 5, dtls_bytes_of(zeros, fit));

    if (fit != 0 || status == DTLS_OK) {
        assert_int_equal(status, DTLS_OK);
        assert_true(out.len <= room);
    } else {
        assert_int_equal(status, DTLS_NO_ROOM);
        assert_int_equal(out.len, 0);
    }
    out.len = 0;
    assert_int_equal(seal(p, &out, 5, dtls_bytes_of(zeros, fit + 1)),
                     DTLS_NO_ROOM);
    assert_int_equal(out.len, 0);
}

static void fit_is_exact_for_every_suite_and_room(void **state)
{
    const struct dtls_suite *suite;

    (void)state;
    proves("D6347-4.1.1.1-2");
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        struct pair p;

        kit_row("%s", suite->name);
        key_any(&p, suite);
        for (size_t room = 0; room < 300; room++) {
            kit_row("room for %zu bytes", room);
            fit_at(&p, room);
        }
        for (size_t room = 1180; room < 1220; room++) {
            kit_row("room for %zu bytes", room);
            fit_at(&p, room);
        }
        for (size_t room = 16384; room < 16384 + 120; room++) {
            kit_row("room for %zu bytes", room);
            fit_at(&p, room);
        }
        end(&p);
    }
}

static void a_plaintext_may_have_2_to_the_14_bytes_and_no_more(void **state)
{
    static uint8_t wire[ROOM];
    static const uint8_t zeros[DTLS_PLAINTEXT_MAX + 1];
    const struct dtls_suite *suite;

    (void)state;
    proves("D6347-4.1-3");
    proves("D6347-4.1.1.1-7");
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        struct pair p;
        struct dtls_buf out = {wire, 0, sizeof wire};
        struct dtls_span plain;

        kit_row("%s", suite->name);
        key_any(&p, suite);
        assert_int_equal(dtls_protect_fit(&p.seal, sizeof wire), 16384);
        assert_int_equal(seal(&p, &out, 5, dtls_bytes_of(zeros, 16385)),
                         DTLS_NO_ROOM);
        assert_int_equal(seal(&p, &out, 5, dtls_bytes_of(zeros, 16384)),
                         DTLS_OK);
        assert_int_equal(
            open_wire(&p, (struct dtls_span){wire, out.len}, &plain), DTLS_OK);
        assert_int_equal(plain.len, 16384);
        end(&p);
    }
}

/* A GCM record of 2^14 + 1 bytes, which only a bad peer would make, is
 * authentic: the session judges it as one above an agreed limit. */
static void an_authentic_plaintext_that_is_too_long_is_opened(void **state)
{
    static uint8_t wire[ROOM];
    struct kit_hex head = kit_hex("17 fefd 0001 000000000001 4019");
    struct kit_hex aad = kit_hex("0001000000000001 17 fefd 4001");
    struct dtls_span body = {wire + head.len, 8 + 16385 + 16};
    struct dtls_span plain = {NULL, 77};
    struct pair p;

    (void)state;
    key_sample(&p, &samples[1]);
    memcpy(wire, head.data, head.len);
    assert_int_equal(
        p.k.crypto.aead_seal(p.k.crypto.self, &p.seal.cipher, aad.data, body),
        DTLS_OK);
    assert_int_equal(
        open_wire(&p, (struct dtls_span){wire, head.len + body.len}, &plain),
        DTLS_OK);
    assert_int_equal(plain.len, 16385);
    end(&p);
}

static void every_length_survives_sealing_and_opening(void **state)
{
    const struct dtls_suite *suite;
    uint8_t text[100];

    (void)state;
    proves("D5246-6.2.3-2");
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(7 * i + 3);
    }
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        struct pair p;

        kit_row("%s", suite->name);
        key_any(&p, suite);
        for (size_t len = 0; len <= sizeof text; len++) {
            uint8_t wire[256];
            struct dtls_buf out = {wire, 0, sizeof wire};
            struct dtls_bytes bytes = {text, len};
            struct dtls_span plain;

            kit_row("%zu bytes", len);
            assert_int_equal(seal(&p, &out, len, bytes), DTLS_OK);
            assert_true(out.len <= 13 + len + dtls_protect_expansion(&p.seal));
            assert_int_equal(
                open_wire(&p, (struct dtls_span){wire, out.len}, &plain),
                DTLS_OK);
            assert_true(dtls_bytes_equal(dtls_span_bytes(plain), bytes));
        }
        end(&p);
    }
}

static void sealing_in_place_gives_the_same_record(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(samples); i++) {
        struct pair p;
        uint8_t wire[128] = {0};
        struct dtls_buf out = {wire, 5, sizeof wire};
        struct dtls_buf body;

        kit_row("%s", samples[i].name);
        key_sample(&p, &samples[i]);
        body = dtls_buf_tail(&out, dtls_protect_prefix(&p.seal), 64);
        assert_true(dtls_put_bytes(&body, hello_bytes()));
        assert_int_equal(seal(&p, &out, 1, dtls_buf_bytes(&body)), DTLS_OK);
        kit_assert_hex(dtls_bytes_of(wire + 5, out.len - 5),
                       samples[i].record);
        end(&p);
    }
}

static void sealing_from_an_overlapping_place_gives_the_same_record(void **s)
{
    (void)s;
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("%s", samples[i].name);
        for (size_t at = 0; at < 60; at++) {
            struct pair p;
            uint8_t wire[128] = {0};
            struct dtls_buf out = {wire, 0, sizeof wire};

            kit_row("text at %zu", at);
            key_sample(&p, &samples[i]);
            memcpy(wire + at, hello, 10);
            assert_int_equal(seal(&p, &out, 1, dtls_bytes_of(wire + at, 10)),
                             DTLS_OK);
            kit_assert_hex(dtls_buf_bytes(&out), samples[i].record);
            end(&p);
        }
    }
}

/* With any number of random bytes or none: an IV is the cipher of the record's
 * number, which the vectors show, too. */
static void two_cbc_records_of_the_same_text_have_different_ivs(void **state)
{
    static const size_t cbc[] = {3, 4};

    (void)state;
    proves("D5246-6.2.3.2-1");
    for (size_t i = 0; i < LEN(cbc); i++) {
        struct pair p;
        uint8_t wire[256];
        struct dtls_buf out = {wire, 0, sizeof wire};

        kit_row("%s", samples[cbc[i]].name);
        key_sample(&p, &samples[cbc[i]]);
        p.k.fail_at = 1;
        assert_int_equal(seal(&p, &out, 1, hello_bytes()), DTLS_OK);
        assert_int_equal(seal(&p, &out, 2, hello_bytes()), DTLS_OK);
        assert_int_equal(p.k.calls, 0);
        assert_memory_not_equal(wire + 13, wire + 77 + 13, 16);
        assert_memory_not_equal(wire + 13 + 16, wire + 77 + 13 + 16, 16);
        assert_memory_not_equal(wire + 13, wire + 3, 8); /* not the number */
        end(&p);
    }
}

/* The tests over all suites once more. */
static void encrypt_then_mac_fits_and_survives_as_exactly(void **state)
{
    encrypt_then_mac = true;
    proves("D7366-3-1");
    fit_is_exact_for_every_suite_and_room(state);
    a_plaintext_may_have_2_to_the_14_bytes_and_no_more(state);
    every_length_survives_sealing_and_opening(state);
    encrypt_then_mac = false;
}

/* A MAC that is right over padding that is wrong. */
static void wrong_padding_under_a_right_mac_is_discarded(void **state)
{
    const struct sample *sample = &samples[4];
    struct pair p;
    struct dtls_span plain = {0};
    uint8_t body[16 + 16 + 32] = {0};
    struct dtls_span block = {body + 16, 16};
    struct dtls_record record = {.type = DTLS_APPLICATION_DATA,
                                 .version = DTLS_VERSION_1_2,
                                 .epoch = 1,
                                 .seq = 7,
                                 .body = {body, sizeof body}};
    const uint8_t aad[DTLS_AAD_LEN] = {0, 1,  0,    0,    0, 0, 0,
                                       7, 23, 0xfe, 0xfd, 0, 32};
    struct dtls_bytes parts[2] = {{aad, sizeof aad}, {body, 32}};

    (void)state;
    proves("D7366-3-8");
    for (int last = 0; last < 256; last++) {
        const struct dtls_crypto *crypto = &p.k.crypto;
        bool right;

        kit_row("last byte %d", last);
        key_sample(&p, sample);
        memset(body + 16, 5, 16);
        body[31] = (uint8_t)last;
        right = last == 5 || last == 0;
        assert_int_equal(
            crypto->cbc_encrypt(crypto->self, &p.seal.cipher, body, block),
            DTLS_OK);
        crypto->hmac(crypto->self, p.seal.cipher.mac, body + 32, parts, 2);
        assert_int_equal(dtls_protect_open(crypto, &p.open, &record, &plain),
                         right ? DTLS_OK : DTLS_DISCARD);
        end(&p);
    }
}

/* A MAC that cannot be computed: its place in `out` holds zero. */
static enum dtls_status no_mac(void *self, struct dtls_cipher *cipher,
                               uint8_t *out, const struct dtls_bytes *parts,
                               size_t num_parts)
{
    (void)self;
    (void)parts;
    (void)num_parts;
    memset(out, 0, dtls_suite_mac_len(cipher->suite));
    return DTLS_INTERNAL_ERROR;
}

/* The record that is opened ends in zeros, so that only the status of the MAC
 * can refuse it. */
static void without_a_mac_nothing_is_sealed_and_nothing_is_opened(void **state)
{
    (void)state;
    for (size_t i = 3; i < LEN(samples); i++) {
        uint8_t room[ROOM];
        uint8_t body[64] = {0};
        struct dtls_buf out = {room, 0, sizeof room};
        struct dtls_record record = {.type = DTLS_APPLICATION_DATA,
                                     .version = DTLS_VERSION_1_2,
                                     .epoch = 1,
                                     .seq = 7,
                                     .body = {body, sizeof body}};
        struct dtls_span plain = {0};
        struct pair p;

        kit_row("%s", samples[i].name);
        key_sample(&p, &samples[i]);
        p.k.crypto.mac = no_mac;
        assert_int_equal(dtls_protect_seal(
                             &p.k.crypto, &p.seal, &out, DTLS_APPLICATION_DATA,
                             DTLS_VERSION_1_2, 1, 1, hello_bytes()),
                         DTLS_INTERNAL_ERROR);
        assert_int_equal(out.len, 0);
        assert_int_equal(
            dtls_protect_open(&p.k.crypto, &p.open, &record, &plain),
            DTLS_DISCARD);
        end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epoch_0_is_header_and_plaintext),
        cmocka_unit_test(each_class_seals_to_its_vector),
        cmocka_unit_test(each_class_opens_its_vector_inside_the_body),
        cmocka_unit_test(every_flipped_bit_is_discarded),
        cmocka_unit_test(every_shorter_body_is_discarded),
        cmocka_unit_test(a_tag_of_the_other_length_does_not_open),
        cmocka_unit_test(the_explicit_nonce_is_taken_from_the_record),
        cmocka_unit_test(fit_is_exact_for_every_suite_and_room),
        cmocka_unit_test(a_plaintext_may_have_2_to_the_14_bytes_and_no_more),
        cmocka_unit_test(an_authentic_plaintext_that_is_too_long_is_opened),
        cmocka_unit_test(every_length_survives_sealing_and_opening),
        cmocka_unit_test(sealing_in_place_gives_the_same_record),
        cmocka_unit_test(
            sealing_from_an_overlapping_place_gives_the_same_record),
        cmocka_unit_test(two_cbc_records_of_the_same_text_have_different_ivs),
        cmocka_unit_test(encrypt_then_mac_fits_and_survives_as_exactly),
        cmocka_unit_test(
            without_a_mac_nothing_is_sealed_and_nothing_is_opened),
        cmocka_unit_test(wrong_padding_under_a_right_mac_is_discarded),
    };

    return kit_run(tests);
}
