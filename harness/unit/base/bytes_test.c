/* SPDX-License-Identifier: MIT */
/* base/bytes.c: every getter and putter at its bound and one past it. */
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "kit/kit.h"

static const uint8_t wire[] = {0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78};

/* A copy of the first `len` bytes of `wire` in a block of exactly that size,
 * so that a sanitizer sees the byte read too much. */
static uint8_t *exact(size_t len)
{
    uint8_t *block = malloc(len != 0 ? len : 1);

    assert_non_null(block);
    memcpy(block, wire, len);
    return block;
}

/* One getter of `size` bytes behind a common face. */
struct getter {
    size_t size;
    bool (*get)(struct dtls_bytes *in, uint64_t *out);
    uint64_t expected;
};

/* The smaller types keep the upper bytes of `out`, so that a refused call
 * shows as an untouched value. */
static bool get_u8(struct dtls_bytes *in, uint64_t *out)
{
    uint8_t value = (uint8_t)*out;
    bool done = dtls_get_u8(in, &value);

    *out = done ? value : (*out & ~(uint64_t)0xff) | value;
    return done;
}

static bool get_u16(struct dtls_bytes *in, uint64_t *out)
{
    uint16_t value = (uint16_t)*out;
    bool done = dtls_get_u16(in, &value);

    *out = done ? value : (*out & ~(uint64_t)0xffff) | value;
    return done;
}

static bool get_u24(struct dtls_bytes *in, uint64_t *out)
{
    uint32_t value = (uint32_t)*out;
    bool done = dtls_get_u24(in, &value);

    *out = done ? value : (*out & ~(uint64_t)0xffffffff) | value;
    return done;
}

static bool get_u32(struct dtls_bytes *in, uint64_t *out)
{
    uint32_t value = (uint32_t)*out;
    bool done = dtls_get_u32(in, &value);

    *out = done ? value : (*out & ~(uint64_t)0xffffffff) | value;
    return done;
}

static const struct getter getters[] = {
    {1, get_u8, 0x12},
    {2, get_u16, 0x1223},
    {3, get_u24, 0x122334},
    {4, get_u32, 0x12233445},
    {6, dtls_get_u48, 0x122334455667},
};

static void an_integer_is_taken_when_just_enough_bytes_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof getters / sizeof getters[0]; i++) {
        const struct getter *g = &getters[i];
        uint8_t *block = exact(g->size);
        struct dtls_bytes in = {block, g->size};
        uint64_t value = 0;

        kit_row("%zu bytes", g->size);
        assert_true(g->get(&in, &value));
        assert_int_equal(value, g->expected);
        assert_int_equal(in.len, 0);
        assert_ptr_equal(in.data, block + g->size);
        free(block);
    }
}

static void an_integer_one_byte_short_changes_nothing(void **state)
{
    const uint64_t untouched = 0x89abcdef13579bdf;

    (void)state;
    for (size_t i = 0; i < sizeof getters / sizeof getters[0]; i++) {
        const struct getter *g = &getters[i];

        kit_row("%zu bytes", g->size);
        for (size_t len = 0; len < g->size; len++) {
            kit_row("%zu of them there", len);
            uint8_t *block = exact(len);
            struct dtls_bytes in = {block, len};
            uint64_t value = untouched;

            assert_false(g->get(&in, &value));
            assert_int_equal(value, untouched);
            assert_int_equal(in.len, len);
            assert_ptr_equal(in.data, block);
            free(block);
        }
    }
}

static void integers_follow_one_another(void **state)
{
    struct dtls_bytes in = {wire, sizeof wire};
    uint8_t a;
    uint16_t b;
    uint32_t c;

    (void)state;
    assert_true(dtls_get_u8(&in, &a));
    assert_true(dtls_get_u16(&in, &b));
    assert_true(dtls_get_u32(&in, &c));
    assert_int_equal(a, 0x12);
    assert_int_equal(b, 0x2334);
    assert_int_equal(c, 0x45566778);
    assert_int_equal(in.len, 0);
}

static void bytes_are_taken_up_to_the_last_and_no_further(void **state)
{
    struct dtls_bytes in = {wire, sizeof wire};
    struct dtls_bytes out = {wire + 1, 99};

    (void)state;
    assert_false(dtls_get_bytes(&in, sizeof wire + 1, &out));
    assert_ptr_equal(out.data, wire + 1);
    assert_int_equal(out.len, 99);
    assert_false(dtls_get_bytes(&in, SIZE_MAX, &out));
    assert_int_equal(in.len, sizeof wire);

    assert_true(dtls_get_bytes(&in, sizeof wire, &out));
    assert_ptr_equal(out.data, wire);
    assert_int_equal(out.len, sizeof wire);
    assert_int_equal(in.len, 0);
}

static void no_bytes_can_be_taken_from_nothing(void **state)
{
    struct dtls_bytes in = {NULL, 0};
    struct dtls_bytes out = {wire, 99};

    (void)state;
    assert_true(dtls_get_bytes(&in, 0, &out));
    assert_int_equal(out.len, 0);
    assert_false(dtls_get_bytes(&in, 1, &out));
}

/* One vector getter and the bytes of its prefix. */
static const struct {
    size_t prefix;
    bool (*get)(struct dtls_bytes *in, struct dtls_bytes *out);
} vectors[] = {{1, dtls_get_vec8}, {2, dtls_get_vec16}, {3, dtls_get_vec24}};

static void a_vector_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        size_t prefix = vectors[i].prefix;
        uint8_t whole[8] = {0};
        size_t len = prefix + 3;

        kit_row("a prefix of %zu bytes", prefix);
        whole[prefix - 1] = 3;
        memcpy(whole + prefix, wire, 3);
        for (size_t cut = 0; cut <= len; cut++) {
            uint8_t *block = malloc(cut != 0 ? cut : 1);
            struct dtls_bytes in = {block, cut};
            struct dtls_bytes out = {wire + 5, 77};

            kit_row("cut to %zu bytes", cut);
            assert_non_null(block);
            memcpy(block, whole, cut);
            if (cut == len) {
                assert_true(vectors[i].get(&in, &out));
                assert_int_equal(in.len, 0);
                assert_int_equal(out.len, 3);
                assert_ptr_equal(out.data, block + prefix);
            } else {
                assert_false(vectors[i].get(&in, &out));
                assert_int_equal(in.len, cut);
                assert_ptr_equal(in.data, block);
                assert_int_equal(out.len, 77);
                assert_ptr_equal(out.data, wire + 5);
            }
            free(block);
        }
    }
}

static void a_vector_leaves_what_follows_it(void **state)
{
    static const uint8_t two[] = {2, 0x9a, 0xab, 0xbc};
    struct dtls_bytes in = {two, sizeof two};
    struct dtls_bytes out;

    (void)state;
    assert_true(dtls_get_vec8(&in, &out));
    assert_int_equal(out.len, 2);
    assert_int_equal(in.len, 1);
    assert_int_equal(in.data[0], 0xbc);
}

static void a_vector_length_uses_all_bytes_of_its_prefix(void **state)
{
    static uint8_t big[3 + 0x010203];
    struct dtls_bytes in = {big, sizeof big};
    struct dtls_bytes out;

    (void)state;
    big[0] = 1;
    big[1] = 2;
    big[2] = 3;
    assert_true(dtls_get_vec24(&in, &out));
    assert_int_equal(out.len, 0x010203);
    in = (struct dtls_bytes){big, 2 + 0x0102};
    assert_true(dtls_get_vec16(&in, &out));
    assert_int_equal(out.len, 0x0102);
    assert_int_equal(in.len, 0);
}

/* One putter behind a common face; `max` is the largest value it takes. */
static bool put_u8(struct dtls_buf *buf, uint64_t value)
{
    return dtls_put_u8(buf, (uint8_t)value);
}

static bool put_u16(struct dtls_buf *buf, uint64_t value)
{
    return dtls_put_u16(buf, (uint16_t)value);
}

static bool put_u24(struct dtls_buf *buf, uint64_t value)
{
    return dtls_put_u24(buf, (uint32_t)value);
}

static bool put_u32(struct dtls_buf *buf, uint64_t value)
{
    return dtls_put_u32(buf, (uint32_t)value);
}

static const struct {
    size_t size;
    bool (*put)(struct dtls_buf *buf, uint64_t value);
    uint64_t value;
} putters[] = {
    {1, put_u8, 0x12},
    {2, put_u16, 0x1223},
    {3, put_u24, 0x122334},
    {4, put_u32, 0x12233445},
    {6, dtls_put_u48, 0x122334455667},
};

static void an_integer_fills_its_room_to_the_last_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof putters / sizeof putters[0]; i++) {
        size_t size = putters[i].size;
        uint8_t *block = malloc(1 + size);
        struct dtls_buf buf = {block, 1, 1 + size};

        kit_row("%zu bytes", size);
        assert_non_null(block);
        block[0] = 0xee;
        assert_true(putters[i].put(&buf, putters[i].value));
        assert_int_equal(buf.len, 1 + size);
        assert_int_equal(block[0], 0xee);
        assert_memory_equal(block + 1, wire, size);
        free(block);
    }
}

static void an_integer_that_does_not_fit_changes_nothing(void **state)
{
    static const uint8_t before[8] = {1, 2, 3, 4, 5, 6, 7, 8};

    (void)state;
    for (size_t i = 0; i < sizeof putters / sizeof putters[0]; i++) {
        uint8_t block[8];
        struct dtls_buf buf = {block, 1, putters[i].size};

        kit_row("%zu bytes", putters[i].size);
        memcpy(block, before, sizeof block);
        assert_false(putters[i].put(&buf, putters[i].value));
        assert_int_equal(buf.len, 1);
        assert_memory_equal(block, before, sizeof block);
    }
}

static void a_value_wider_than_its_field_is_refused(void **state)
{
    uint8_t block[8] = {0};
    struct dtls_buf buf = {block, 0, sizeof block};

    (void)state;
    assert_false(dtls_put_u24(&buf, 0x1000000));
    assert_false(dtls_put_u48(&buf, (uint64_t)1 << 48));
    assert_int_equal(buf.len, 0);
    assert_true(dtls_put_u24(&buf, 0xffffff));
    buf.len = 0;
    assert_true(dtls_put_u48(&buf, ((uint64_t)1 << 48) - 1));
    assert_int_equal(block[5], 0xff);
}

static void bytes_fit_exactly_or_not(void **state)
{
    uint8_t block[4] = {0xd1, 0xd2, 0xd3, 0xd4};
    static const uint8_t before[4] = {0xd1, 0xd2, 0xd3, 0xd4};
    struct dtls_buf buf = {block, 1, 4};

    (void)state;
    assert_false(dtls_put_bytes(&buf, dtls_bytes_of(wire, 4)));
    assert_int_equal(buf.len, 1);
    assert_memory_equal(block, before, 4);
    assert_true(dtls_put_bytes(&buf, dtls_bytes_of(wire, 3)));
    assert_int_equal(buf.len, 4);
    assert_memory_equal(block + 1, wire, 3);
    assert_true(dtls_put_bytes(&buf, dtls_bytes_of(NULL, 0)));
}

static void a_vector_and_its_prefix_are_put_together_or_not(void **state)
{
    uint8_t block[5] = {0xd1, 0xd2, 0xd3, 0xd4, 0xd5};
    static const uint8_t before[5] = {0xd1, 0xd2, 0xd3, 0xd4, 0xd5};
    struct dtls_buf buf = {block, 0, 3};

    (void)state;
    assert_false(dtls_put_vec8(&buf, dtls_bytes_of(wire, 3)));
    assert_int_equal(buf.len, 0);
    assert_false(dtls_put_vec16(&buf, dtls_bytes_of(wire, 2)));
    assert_int_equal(buf.len, 0);
    assert_memory_equal(block + 3, before + 3, 2);

    assert_true(dtls_put_vec8(&buf, dtls_bytes_of(wire, 2)));
    assert_int_equal(block[0], 2);
    assert_memory_equal(block + 1, wire, 2);
    buf = (struct dtls_buf){block, 0, 5};
    assert_true(dtls_put_vec16(&buf, dtls_bytes_of(wire, 3)));
    assert_int_equal(block[0], 0);
    assert_int_equal(block[1], 3);
    assert_memory_equal(block + 2, wire, 3);
    assert_int_equal(buf.len, 5);
}

static void a_vector_longer_than_its_prefix_can_say_is_refused(void **state)
{
    static uint8_t source[0x10000];
    static uint8_t target[0x10010];
    struct dtls_buf buf = {target, 0, sizeof target};

    (void)state;
    assert_false(dtls_put_vec8(&buf, dtls_bytes_of(source, 0x100)));
    assert_true(dtls_put_vec8(&buf, dtls_bytes_of(source, 0xff)));
    assert_int_equal(buf.len, 0x100);
    buf.len = 0;
    assert_false(dtls_put_vec16(&buf, dtls_bytes_of(source, 0x10000)));
    assert_int_equal(buf.len, 0);
    assert_true(dtls_put_vec16(&buf, dtls_bytes_of(source, 0xffff)));
    assert_int_equal(buf.len, 0x10001);
}

static void a_length_left_open_is_filled_in_later(void **state)
{
    static uint8_t target[0x10010];
    struct dtls_buf buf = {target, 3, sizeof target};
    size_t mark;

    (void)state;
    assert_true(dtls_put_open16(&buf, &mark));
    buf.len += 0x0102;
    assert_true(dtls_put_close16(&buf, mark));
    assert_int_equal(target[3], 1);
    assert_int_equal(target[4], 2);
    assert_int_equal(buf.len, 3 + 2 + 0x0102);
}

static void an_open_length_has_its_bounds_too(void **state)
{
    static uint8_t target[0x10010];
    struct dtls_buf buf = {target, 0, 1};
    size_t mark;

    (void)state;
    assert_false(dtls_put_open16(&buf, &mark));
    assert_int_equal(buf.len, 0);

    buf.cap = sizeof target;
    assert_true(dtls_put_open16(&buf, &mark));
    buf.len = 2 + 0x10000;
    target[0] = 0xaa;
    assert_false(dtls_put_close16(&buf, mark));
    assert_int_equal(target[0], 0xaa);
    buf.len = 2 + 0xffff;
    assert_true(dtls_put_close16(&buf, mark));
    assert_int_equal(target[0], 0xff);
    assert_int_equal(target[1], 0xff);
}

static void bytes_are_equal_if_length_and_content_are(void **state)
{
    uint8_t other[sizeof wire];

    (void)state;
    memcpy(other, wire, sizeof wire);
    assert_true(
        dtls_bytes_equal(dtls_bytes_of(wire, 7), dtls_bytes_of(other, 7)));
    assert_false(
        dtls_bytes_equal(dtls_bytes_of(wire, 7), dtls_bytes_of(other, 6)));
    other[6] ^= 1;
    assert_false(
        dtls_bytes_equal(dtls_bytes_of(wire, 7), dtls_bytes_of(other, 7)));
    assert_true(
        dtls_bytes_equal(dtls_bytes_of(NULL, 0), dtls_bytes_of(other, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_integer_is_taken_when_just_enough_bytes_are_there),
        cmocka_unit_test(an_integer_one_byte_short_changes_nothing),
        cmocka_unit_test(integers_follow_one_another),
        cmocka_unit_test(bytes_are_taken_up_to_the_last_and_no_further),
        cmocka_unit_test(no_bytes_can_be_taken_from_nothing),
        cmocka_unit_test(a_vector_is_taken_whole_or_not_at_all),
        cmocka_unit_test(a_vector_leaves_what_follows_it),
        cmocka_unit_test(a_vector_length_uses_all_bytes_of_its_prefix),
        cmocka_unit_test(an_integer_fills_its_room_to_the_last_byte),
        cmocka_unit_test(an_integer_that_does_not_fit_changes_nothing),
        cmocka_unit_test(a_value_wider_than_its_field_is_refused),
        cmocka_unit_test(bytes_fit_exactly_or_not),
        cmocka_unit_test(a_vector_and_its_prefix_are_put_together_or_not),
        cmocka_unit_test(a_vector_longer_than_its_prefix_can_say_is_refused),
        cmocka_unit_test(a_length_left_open_is_filled_in_later),
        cmocka_unit_test(an_open_length_has_its_bounds_too),
        cmocka_unit_test(bytes_are_equal_if_length_and_content_are),
    };

    return kit_run(tests);
}
