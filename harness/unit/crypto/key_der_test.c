/* SPDX-License-Identifier: MIT */
/* crypto/key_der.c: the forms of a private key, and what each may say. */
#include "kit/kit.h"

#include "crypto/key_der.h"

/* An RSA key of toy numbers, each with another length. */
#define RSA_NUMBERS                                                           \
    "\2\2\x23\x45\2\1\3\2\3\1\x67\x89\2\1\5\2\1\7\2\1\x0b\2\2\0\x8d\2\1\x11"
#define SECRET                                                                \
    "\x01\x23\x45\x67\x89\xab\xcd\xef\x12\x34\x56\x78\x9a\xbc\xde\xf0"        \
    "\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x21"
#define P256 "\6\x08\x2a\x86\x48\xce\x3d\3\1\7"
#define P384 "\6\5\x2b\x81\4\0\x22"
#define ID_EC "\6\7\x2a\x86\x48\xce\x3d\2\1"
#define ID_RSA "\6\x09\x2a\x86\x48\x86\xf7\x0d\1\1\1"
#define ID_ED25519 "\6\3\x2b\x65\x70"

/* A literal without its zero byte. */
#define BYTES(literal) dtls_bytes_of(literal, sizeof(literal) - 1)

static void refuse(void *context, struct dtls_bytes der)
{
    struct dtls_key_der out;
    struct dtls_key_der before;

    (void)context;
    memset(&out, 0x5a, sizeof out);
    before = out;
    assert_false(dtls_key_der_parse(&out, der));
    assert_memory_equal(&out, &before, sizeof out);
}

/* Whole it is read; cut anywhere, or with a byte behind it, it is refused. */
static struct dtls_key_der read_key(struct dtls_bytes der)
{
    struct dtls_key_der out;
    uint8_t longer[256] = {0};

    kit_each_prefix(der, refuse, NULL);
    assert_true(der.len < sizeof longer);
    memcpy(longer, der.data, der.len);
    refuse(NULL, dtls_bytes_of(longer, der.len + 1));
    assert_true(dtls_key_der_parse(&out, der));
    return out;
}

static void pkcs1_has_eight_numbers(void **state)
{
    static const uint8_t n[] = {0x23, 0x45};
    static const uint8_t dq[] = {0x8d};
    struct dtls_key_der key = read_key(BYTES("\x30\x1f\2\1\0" RSA_NUMBERS));

    (void)state;
    assert_int_equal(key.type, DTLS_KEY_RSA);
    assert_true(
        dtls_bytes_equal(key.numbers[DTLS_RSA_N], dtls_bytes_of(n, sizeof n)));
    assert_int_equal(key.numbers[DTLS_RSA_D].len, 3);
    /* The zero in front is not part of the number. */
    assert_true(dtls_bytes_equal(key.numbers[DTLS_RSA_DQ],
                                 dtls_bytes_of(dq, sizeof dq)));
    assert_int_equal(key.numbers[DTLS_RSA_QINV].data[0], 0x11);
}

static void pkcs1_with_more_primes_or_a_negative_number_is_refused(
    void **state)
{
    (void)state;
    refuse(NULL, BYTES("\x30\x1f\2\1\1" RSA_NUMBERS));
    refuse(NULL, BYTES("\x30\x22\2\1\0" RSA_NUMBERS "\2\1\x13"));
    refuse(NULL, BYTES("\x30\x1f\2\1\0\2\2\xa3\x45\2\1\3\2\3\1\x67\x89\2\1\5"
                       "\2\1\7\2\1\x0b\2\2\0\x8d\2\1\x11"));
}

static void sec1_may_leave_the_point_out_but_not_the_curve(void **state)
{
    struct dtls_key_der key =
        read_key(BYTES("\x30\x31\2\1\1\4\x20" SECRET "\xa0\x0a" P256));

    (void)state;
    assert_int_equal(key.type, DTLS_KEY_EC);
    assert_int_equal(key.group, DTLS_GROUP_SECP256R1);
    assert_true(dtls_bytes_equal(key.secret, BYTES(SECRET)));
    assert_int_equal(key.point.len, 0);
    key = read_key(BYTES("\x30\x38\2\1\1\4\x20" SECRET "\xa0\x0a" P256
                         "\xa1\5\3\3\0\x23\x45"));
    assert_true(dtls_bytes_equal(key.point, BYTES("\x23\x45")));
    refuse(NULL, BYTES("\x30\x25\2\1\1\4\x20" SECRET));
    refuse(NULL, BYTES("\x30\x31\2\1\2\4\x20" SECRET "\xa0\x0a" P256));
}

static void a_number_longer_than_the_curve_is_refused(void **state)
{
    (void)state;
    refuse(NULL, BYTES("\x30\x32\2\1\1\4\x21\0" SECRET "\xa0\x0a" P256));
    (void)read_key(BYTES("\x30\x2f\2\1\1\4\x21\0" SECRET "\xa0\7" P384));
    refuse(NULL, BYTES("\x30\x11\2\1\1\4\0\xa0\x0a" P256));
}

static void pkcs8_holds_each_type(void **state)
{
    struct dtls_key_der key =
        read_key(BYTES("\x30\x35\2\1\0\x30\x0d" ID_RSA
                       "\5\0\4\x21\x30\x1f\2\1\0" RSA_NUMBERS));

    (void)state;
    assert_int_equal(key.type, DTLS_KEY_RSA);
    key = read_key(BYTES("\x30\x41\2\1\0\x30\x13" ID_EC P256
                         "\4\x27\x30\x25\2\1\1\4\x20" SECRET));
    assert_int_equal(key.type, DTLS_KEY_EC);
    assert_int_equal(key.group, DTLS_GROUP_SECP256R1);
    key = read_key(
        BYTES("\x30\x2e\2\1\0\x30\5" ID_ED25519 "\4\x22\4\x20" SECRET));
    assert_int_equal(key.type, DTLS_KEY_ED25519);
    assert_true(dtls_bytes_equal(key.secret, BYTES(SECRET)));
    /* With attributes, which nobody reads. */
    key = read_key(BYTES("\x30\x30\2\1\0\x30\5" ID_ED25519
                         "\4\x22\4\x20" SECRET "\xa0\0"));
    assert_int_equal(key.type, DTLS_KEY_ED25519);
}

static void pkcs8_that_contradicts_itself_is_refused(void **state)
{
    (void)state;
    /* Two curves; version 2; an EC key said to be RSA; a curve not ours. */
    refuse(NULL, BYTES("\x30\x4a\2\1\0\x30\x13" ID_EC P256
                       "\4\x30\x30\x2e\2\1\1\4\x20" SECRET "\xa0\7" P384));
    refuse(NULL,
           BYTES("\x30\x2e\2\1\1\x30\5" ID_ED25519 "\4\x22\4\x20" SECRET));
    refuse(NULL, BYTES("\x30\x3b\2\1\0\x30\x0d" ID_RSA
                       "\5\0\4\x27\x30\x25\2\1\1\4\x20" SECRET));
    refuse(NULL, BYTES("\x30\x3e\2\1\0\x30\x10" ID_EC "\6\5\x2b\x81\4\0\x0a"
                       "\4\x27\x30\x25\2\1\1\4\x20" SECRET));
    (void)read_key(BYTES("\x30\x4d\2\1\0\x30\x13" ID_EC P256
                         "\4\x33\x30\x31\2\1\1\4\x20" SECRET "\xa0\x0a" P256));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkcs1_has_eight_numbers),
        cmocka_unit_test(
            pkcs1_with_more_primes_or_a_negative_number_is_refused),
        cmocka_unit_test(sec1_may_leave_the_point_out_but_not_the_curve),
        cmocka_unit_test(a_number_longer_than_the_curve_is_refused),
        cmocka_unit_test(pkcs8_holds_each_type),
        cmocka_unit_test(pkcs8_that_contradicts_itself_is_refused),
    };

    return kit_run(tests);
}
