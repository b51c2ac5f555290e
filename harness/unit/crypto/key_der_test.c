/* SPDX-License-Identifier: MIT */
/* crypto/key_der.c: the forms of a private key, and what each may say. */
#include "kit/der_text.h"
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

/* Each differs from a good key in one place. */
static void what_is_not_exactly_a_key_is_refused(void **state)
{
#define EC_KEY(more) "30{02{01}04{23*32.}" more "}"
#define CURVE "a0{06{2a8648ce3d030107}}"
#define RSA_KEY                                                               \
    "30{02{00}02{2345}02{03}02{678901}02{05}02{07}02{0b}02{0d}02{11}}"
#define PKCS8(algorithm, key) "30{02{00}30{" algorithm "}04{" key "}}"
#define OID_RSA "06{2a864886f70d010101}"
#define OID_EC "06{2a8648ce3d0201}"
#define OID_ED "06{2b6570}"
    static const struct {
        const char *what;
        const char *text;
        enum dtls_key_type type;
    } rows[] = {
        {"SEC1", EC_KEY(CURVE "a1{03{0004*66.}}"), DTLS_KEY_EC},
        {"SEC1, the longest point", EC_KEY(CURVE "a1{03{0004*133.}}"),
         DTLS_KEY_EC},
        {"a point of 134 bytes", EC_KEY(CURVE "a1{03{0004*134.}}"),
         DTLS_KEY_NONE},
        {"an empty point", EC_KEY(CURVE "a1{03{00}}"), DTLS_KEY_NONE},
        {"a point of no bits", EC_KEY(CURVE "a1{04{0004}}"), DTLS_KEY_NONE},
        {"two points", EC_KEY(CURVE "a1{03{0004}03{0004}}"), DTLS_KEY_NONE},
        {"two curves", EC_KEY("a0{06{2a8648ce3d030107}06{2a8648ce3d030107}}"),
         DTLS_KEY_NONE},
        {"a curve of no OID", EC_KEY("a0{04{2a8648ce3d030107}}"),
         DTLS_KEY_NONE},
        {"another field", EC_KEY(CURVE "a2{03{0004}}"), DTLS_KEY_NONE},
        {"PKCS#8, RSA", PKCS8(OID_RSA "05{}", RSA_KEY), DTLS_KEY_RSA},
        {"RSA without NULL", PKCS8(OID_RSA, RSA_KEY), DTLS_KEY_RSA},
        {"RSA with a number", PKCS8(OID_RSA "02{01}", RSA_KEY), DTLS_KEY_NONE},
        {"a NULL of a byte", PKCS8(OID_RSA "05{00}", RSA_KEY), DTLS_KEY_NONE},
        {"two NULLs", PKCS8(OID_RSA "05{}05{}", RSA_KEY), DTLS_KEY_NONE},
        {"two keys", PKCS8(OID_RSA "05{}", RSA_KEY RSA_KEY), DTLS_KEY_NONE},
        {"RSA of no sequence", PKCS8(OID_RSA "05{}", "04{00}"), DTLS_KEY_NONE},
        {"PKCS#8, EC", PKCS8(OID_EC "06{2a8648ce3d030107}", EC_KEY("")),
         DTLS_KEY_EC},
        {"EC with a NULL, too",
         PKCS8(OID_EC "06{2a8648ce3d030107}05{}", EC_KEY("")), DTLS_KEY_NONE},
        {"EC without a curve", PKCS8(OID_EC, EC_KEY("")), DTLS_KEY_NONE},
        {"PKCS#8, Ed25519", PKCS8(OID_ED, "04{23*32.}"), DTLS_KEY_ED25519},
        {"Ed25519 with NULL", PKCS8(OID_ED "05{}", "04{23*32.}"),
         DTLS_KEY_NONE},
        {"31 bytes", PKCS8(OID_ED, "04{23*31.}"), DTLS_KEY_NONE},
        {"33 bytes", PKCS8(OID_ED, "04{23*33.}"), DTLS_KEY_NONE},
        {"two strings", PKCS8(OID_ED, "04{23*32.}04{}"), DTLS_KEY_NONE},
        {"bits", PKCS8(OID_ED, "03{23*32.}"), DTLS_KEY_NONE},
        {"no OID", PKCS8("05{}", RSA_KEY), DTLS_KEY_NONE},
        {"another OID", PKCS8("06{2b6571}", EC_KEY(CURVE)), DTLS_KEY_NONE},
    };
    uint8_t room[256];

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_bytes der =
            kit_der((struct dtls_span){room, sizeof room}, rows[i].text);
        struct dtls_key_der key;

        kit_row("%s", rows[i].what);
        if (rows[i].type == DTLS_KEY_NONE) {
            refuse(NULL, der);
        } else {
            assert_true(dtls_key_der_parse(&key, der));
            assert_int_equal(key.type, rows[i].type);
        }
    }
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
        cmocka_unit_test(what_is_not_exactly_a_key_is_refused),
    };

    return kit_run(tests);
}
