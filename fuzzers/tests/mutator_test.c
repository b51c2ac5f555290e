/* SPDX-License-Identifier: MIT */
/* The mutations of whole associations keep an input's form, and what they make
 * still connects and reaches the application. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/mutator.h"
#include "fuzzers/kit/null_crypto.h"

#include "kit/kit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 8192, TRIES = 2000, TAG = 8 };

static uint8_t seed_bytes[ROOM];
static size_t seed_len;

static void read_file(const char *name)
{
    char path[1024];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", FUZZ_CORPUS, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    seed_len = fread(seed_bytes, 1, sizeof seed_bytes, file);
    (void)fclose(file);
    assert_in_range(seed_len, 100, ROOM - 1);
}

static void read_seed(void)
{
    read_file("fuzz_server_null/psk_ccm_8");
}

static size_t mutate(uint8_t *out, size_t max_len, uint64_t seed)
{
    memcpy(out, seed_bytes, seed_len);
    return fuzz_mutate(&fuzz_steps, out, seed_len, max_len, seed);
}

static void the_same_seed_does_the_same(void **state)
{
    static uint8_t a[ROOM];
    static uint8_t b[ROOM];
    unsigned changed = 0;

    (void)state;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        size_t len = mutate(a, ROOM, seed);

        kit_row("seed %u", (unsigned)seed);
        assert_int_equal(mutate(b, ROOM, seed), len);
        assert_memory_equal(a, b, len);
        changed += len != seed_len || memcmp(a, seed_bytes, len) != 0;
    }
    assert_true(changed > TRIES * 9 / 10);
}

/* kind, knobs, {delay, length, datagram}*, and every length is right. */
static void what_comes_out_is_steps(void **state)
{
    static uint8_t bytes[ROOM];

    (void)state;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        size_t max_len = 200 + seed % 2000;
        struct dtls_bytes in = {bytes, 0};
        struct dtls_bytes datagram;
        uint16_t number;

        kit_row("seed %u", (unsigned)seed);
        max_len = max_len < seed_len ? seed_len : max_len;
        in.len = mutate(bytes, max_len, seed);
        assert_true(in.len <= max_len);
        if (in.len <= 2) {
            continue;
        }
        assert_true(dtls_get_u16(&in, &number)); /* kind, knobs */
        while (in.len != 0) {
            assert_true(dtls_get_u16(&in, &number));
            assert_true(dtls_get_vec16(&in, &datagram));
        }
    }
}

static void it_takes_less_room_than_it_needs(void **state)
{
    static uint8_t bytes[ROOM];

    (void)state;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        size_t max_len = 1 + seed % 300;

        kit_row("seed %u", (unsigned)seed);
        memcpy(bytes, seed_bytes, seed_len);
        memset(&bytes[max_len], 0x5a, 64);
        (void)fuzz_mutate(&fuzz_steps, bytes, max_len, max_len, seed);
        for (size_t i = 0; i < 64; i++) {
            kit_row("byte %zu", i);
            assert_int_equal(bytes[max_len + i], 0x5a);
        }
    }
}

static bool connects(struct dtls_bytes input)
{
    return fuzz_association_run(DTLS_SERVER, true, input).handshakes != 0;
}

/* Mutations that do not know the format hardly ever leave a handshake that
 * connects. */
static void many_mutated_handshakes_still_connect(void **state)
{
    static uint8_t bytes[ROOM];
    unsigned connected = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        size_t len = mutate(bytes, ROOM, seed);

        kit_row("seed %u", (unsigned)seed);
        connected += connects(dtls_bytes_of(bytes, len));
    }
    assert_in_range(connected, 50, 290);
}

static bool is_in_seed(struct dtls_bytes body)
{
    for (size_t i = 0; i + body.len <= seed_len; i++) {
        if (memcmp(&seed_bytes[i], body.data, body.len) == 0) {
            return true;
        }
    }
    return false;
}

/* How many protected records of a datagram have a tag and are not in the
 * seed. */
static unsigned sealed_again(struct dtls_bytes datagram)
{
    uint8_t *copy = fuzz_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    unsigned num = 0;

    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        struct dtls_bytes body = dtls_span_bytes(record.body);
        bool tagged = record.epoch == 1 && body.len > TAG;

        for (size_t i = 0; i < TAG && tagged; i++) {
            tagged = body.data[body.len - 1 - i] == FUZZ_NULL_BYTE;
        }
        num += tagged && !is_in_seed(body);
    }
    free(copy);
    return num;
}

static void changed_records_are_sealed_again(void **state)
{
    static uint8_t bytes[ROOM];
    unsigned num = 0;

    (void)state;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        struct dtls_bytes in = {bytes, mutate(bytes, ROOM, seed)};

        (void)fuzz_u16(&in);
        while (in.len != 0) {
            (void)fuzz_u16(&in);
            num += sealed_again(fuzz_some(&in, fuzz_u16(&in)));
        }
    }
    assert_true(num > TRIES / 20);
}

/* With real ciphers, too, data that the peer never sent is authentic. */
static void changed_data_is_heard_under_real_keys(void **state)
{
    static const char *const seeds[] = {"psk_gcm", "psk_ccm_8", "psk_cbc",
                                        "rsa_cbc_sha1", "ecdsa_chacha20"};
    static uint8_t bytes[ROOM];
    char name[64];

    (void)state;
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        unsigned num = 0;
        uint64_t heard;

        kit_row("%s", seeds[i]);
        (void)snprintf(name, sizeof name, "fuzz_server/%s", seeds[i]);
        read_file(name);
        heard = fuzz_association_run(DTLS_SERVER, false,
                                     dtls_bytes_of(seed_bytes, seed_len))
                    .heard;
        assert_int_not_equal(heard, FUZZ_DIGEST);
        for (uint64_t seed = 0; seed < 300; seed++) {
            struct dtls_bytes in = {bytes, mutate(bytes, ROOM, seed)};
            struct fuzz_outcome outcome =
                fuzz_association_run(DTLS_SERVER, false, in);

            kit_row("seed %u", (unsigned)seed);
            num += outcome.heard != heard && outcome.heard != FUZZ_DIGEST;
        }
        assert_in_range(num, 10, 290);
    }
    read_seed();
}

static void two_inputs_are_crossed_at_their_steps(void **state)
{
    static uint8_t bytes[ROOM];
    struct dtls_bytes seed = {seed_bytes, seed_len};
    unsigned connected = 0;

    (void)state;
    for (uint64_t i = 0; i < 200; i++) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        kit_row("seed %u", (unsigned)i);
        fuzz_cross(&fuzz_steps, &out, seed, seed, i);
        assert_true(out.len >= 2 && out.len <= 2 * seed_len);
        connected += connects(dtls_buf_bytes(&out));
    }
    assert_in_range(connected, 20, 190);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_does_the_same),
        cmocka_unit_test(what_comes_out_is_steps),
        cmocka_unit_test(it_takes_less_room_than_it_needs),
        cmocka_unit_test(many_mutated_handshakes_still_connect),
        cmocka_unit_test(changed_records_are_sealed_again),
        cmocka_unit_test(changed_data_is_heard_under_real_keys),
        cmocka_unit_test(two_inputs_are_crossed_at_their_steps),
    };

    read_seed();
    return kit_run(tests);
}
