/* SPDX-License-Identifier: MIT */
/* Ciphers step by step: what is not a step of theirs, or none of this moment,
 * is refused. */
#include "kit/kit.h"

#include "crypto/stream.h"

#include <limits.h>

static const uint8_t bytes[DTLS_KEY_MAX + 1] = {0x23, 0x45, 0x67, 0x89};
static const struct dtls_bytes no_aad = {NULL, 0};

static struct dtls_stream made(enum dtls_cipher_alg alg)
{
    struct dtls_stream s;

    assert_int_equal(dtls_stream_make(&s, alg, dtls_bytes_of(bytes, 16)),
                     DTLS_OK);
    return s;
}

static struct dtls_stream begun(enum dtls_cipher_alg alg, bool encrypt,
                                size_t text_len)
{
    struct dtls_stream s = made(alg);

    assert_int_equal(dtls_stream_begin(&s, encrypt, bytes, no_aad, text_len),
                     DTLS_OK);
    return s;
}

static void without_a_key_there_is_no_step(void **state)
{
    struct dtls_stream s = {0};
    uint8_t out[16] = {0};

    (void)state;
    assert_int_equal(dtls_stream_begin(&s, true, bytes, no_aad, 0),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(dtls_stream_update(&s, out, bytes, 16),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(dtls_stream_tag(&s, out), DTLS_INTERNAL_ERROR);
    assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(out, 16)),
                     DTLS_INTERNAL_ERROR);
}

static void a_key_has_a_length_of_its_cipher(void **state)
{
    static const size_t lens[] = {0, 15, 17, sizeof bytes};
    static const uint8_t long_key[256 + 16];
    struct dtls_stream s;

    (void)state;
    for (size_t i = 0; i < LEN(lens); i++) {
        kit_row("%zu bytes", lens[i]);
        assert_int_equal(dtls_stream_make(&s, DTLS_CIPHER_GCM,
                                          dtls_bytes_of(bytes, lens[i])),
                         DTLS_INTERNAL_ERROR);
        assert_null(s.context);
    }
    kit_row("16 bytes and 256");
    assert_int_equal(
        dtls_stream_make(&s, DTLS_CIPHER_GCM,
                         dtls_bytes_of(long_key, sizeof long_key)),
        DTLS_INTERNAL_ERROR);
    assert_null(s.context);
}

static void a_message_has_room_and_a_length(void **state)
{
    static const uint8_t aad[DTLS_STREAM_AAD_MAX + 1];
    struct dtls_stream s = made(DTLS_CIPHER_CCM);

    (void)state;
    assert_int_equal(
        dtls_stream_begin(&s, true, bytes, dtls_bytes_of(aad, sizeof aad), 16),
        DTLS_INTERNAL_ERROR);
    assert_int_equal(
        dtls_stream_begin(&s, true, bytes, no_aad, (size_t)INT_MAX + 1),
        DTLS_INTERNAL_ERROR);
    assert_int_equal(dtls_stream_begin(&s, true, bytes,
                                       dtls_bytes_of(aad, sizeof aad - 1), 16),
                     DTLS_OK);
    dtls_stream_free(&s);
}

static void text_of_another_length_is_not_taken(void **state)
{
    static const struct {
        const char *what;
        enum dtls_cipher_alg alg;
        size_t len;
        enum dtls_status status;
    } rows[] = {
        {"CBC, a block and a byte", DTLS_CIPHER_CBC, 17, DTLS_NO_ROOM},
        {"CCM, a byte less", DTLS_CIPHER_CCM, 31, DTLS_NO_ROOM},
        {"CCM, more", DTLS_CIPHER_CCM_8, 48, DTLS_NO_ROOM},
        {"GCM, too much", DTLS_CIPHER_GCM, (size_t)INT_MAX + 1, DTLS_NO_ROOM},
        {"GCM, nothing", DTLS_CIPHER_GCM, 0, DTLS_OK},
        {"CBC, nothing", DTLS_CIPHER_CBC, 0, DTLS_OK},
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_stream s = begun(rows[i].alg, true, 32);
        uint8_t out[1] = {0xa5};

        kit_row("%s", rows[i].what);
        assert_int_equal(dtls_stream_update(&s, out, bytes, rows[i].len),
                         rows[i].status);
        assert_int_equal(out[0], 0xa5);
        dtls_stream_free(&s);
    }
}

static void ccm_takes_its_text_once(void **state)
{
    struct dtls_stream s = begun(DTLS_CIPHER_CCM, true, 16);
    uint8_t out[16];
    uint8_t tag[16];

    (void)state;
    assert_int_equal(dtls_stream_tag(&s, tag), DTLS_INTERNAL_ERROR);
    assert_int_equal(dtls_stream_update(&s, out, bytes, 16), DTLS_OK);
    assert_int_equal(dtls_stream_update(&s, out, bytes, 16), DTLS_NO_ROOM);
    assert_int_equal(dtls_stream_tag(&s, tag), DTLS_OK);
    assert_int_equal(dtls_stream_begin(&s, false, bytes, no_aad, 16), DTLS_OK);
    assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(tag, 16)),
                     DTLS_DISCARD);
    assert_int_equal(dtls_stream_update(&s, out, out, 16), DTLS_OK);
    assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(tag, 8)),
                     DTLS_DISCARD);
    assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(tag, 16)), DTLS_OK);
    assert_memory_equal(out, bytes, 16);
    dtls_stream_free(&s);
}

static void a_tag_is_made_of_what_is_encrypted(void **state)
{
    static const enum dtls_cipher_alg aeads[] = {
        DTLS_CIPHER_GCM, DTLS_CIPHER_CCM, DTLS_CIPHER_CCM_8};
    uint8_t tag[16] = {0};

    (void)state;
    for (size_t i = 0; i < LEN(aeads); i++) {
        struct dtls_stream s = begun(aeads[i], false, 0);

        kit_row("cipher %d", aeads[i]);
        assert_int_equal(dtls_stream_tag(&s, tag), DTLS_INTERNAL_ERROR);
        assert_int_equal(dtls_stream_begin(&s, true, bytes, no_aad, 0),
                         DTLS_OK);
        assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(tag, 16)),
                         DTLS_INTERNAL_ERROR);
        dtls_stream_free(&s);
    }
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        struct dtls_stream s = begun(DTLS_CIPHER_CBC, encrypt == 1, 16);

        kit_row("CBC has no tag, %d", encrypt);
        assert_int_equal(dtls_stream_tag(&s, tag), DTLS_INTERNAL_ERROR);
        assert_int_equal(dtls_stream_check(&s, dtls_bytes_of(tag, 16)),
                         DTLS_INTERNAL_ERROR);
        dtls_stream_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key_there_is_no_step),
        cmocka_unit_test(a_key_has_a_length_of_its_cipher),
        cmocka_unit_test(a_message_has_room_and_a_length),
        cmocka_unit_test(text_of_another_length_is_not_taken),
        cmocka_unit_test(ccm_takes_its_text_once),
        cmocka_unit_test(a_tag_is_made_of_what_is_encrypted),
    };

    return kit_run(tests);
}
