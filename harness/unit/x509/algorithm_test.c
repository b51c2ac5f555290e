/* SPDX-License-Identifier: MIT */
/* AlgorithmIdentifier and SubjectPublicKeyInfo: src/x509/algorithm.c.  Each
 * row differs from a good one in one place. */
#include "kit/der_text.h"
#include "kit/kit.h"

#include "x509/algorithm.h"

static uint8_t bytes[1400];

static struct dtls_bytes der(const char *text)
{
    return kit_der((struct dtls_span){bytes, sizeof bytes}, text);
}

/* ---- Signatures ---- */

#define OID_PSS "06{2a864886f70d01010a}"
#define OID_MGF1 "06{2a864886f70d010108}"
#define SHA224 "06{608648016503040204}"
#define SHA256 "06{608648016503040201}"
#define SHA384 "06{608648016503040202}"
#define SHA512 "06{608648016503040203}"
#define NULL_ "05{}"
#define HASH(oid) "a0{30{" oid NULL_ "}}"
#define MGF(oid) "a1{30{" OID_MGF1 "30{" oid NULL_ "}}}"
#define SALT(len) "a2{02{" len "}}"
#define PSS(fields) "30{" OID_PSS "30{" fields "}}"

static const struct {
    const char *what;
    const char *text;
    uint16_t id;
} signatures[] = {
    {"PSS, SHA-256", PSS(HASH(SHA256) MGF(SHA256) SALT("20")), 0x0804},
    {"PSS, SHA-384", PSS(HASH(SHA384) MGF(SHA384) SALT("30")), 0x0805},
    {"PSS, SHA-512", PSS(HASH(SHA512) MGF(SHA512) SALT("40")), 0x0806},
    {"PSS, SHA-224", PSS(HASH(SHA224) MGF(SHA224) SALT("1c")), 0},
    {"no NULL of the hash", PSS("a0{30{" SHA256 "}}" MGF(SHA256) SALT("20")),
     0x0804},
    {"no NULL of MGF1's hash",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "30{" SHA256 "}}}" SALT("20")),
     0x0804},
    {"a trailer of 1", PSS(HASH(SHA256) MGF(SHA256) SALT("20") "a3{02{01}}"),
     0x0804},
    {"a trailer of 2", PSS(HASH(SHA256) MGF(SHA256) SALT("20") "a3{02{02}}"),
     0},
    {"a trailer that is no number",
     PSS(HASH(SHA256) MGF(SHA256) SALT("20") "a3{04{01}}"), 0},
    {"another field than the trailer",
     PSS(HASH(SHA256) MGF(SHA256) SALT("20") "a4{02{01}}"), 0},
    {"something after the trailer",
     PSS(HASH(SHA256) MGF(SHA256) SALT("20") "a3{02{01}}" NULL_), 0},
    {"no parameters", "30{" OID_PSS "}", 0},
    {"parameters of no sequence",
     "30{" OID_PSS "04{" HASH(SHA256) MGF(SHA256) SALT("20") "}}", 0},
    {"no hash", PSS(MGF(SHA256) SALT("20")), 0},
    {"a hash that is no sequence",
     PSS("a0{" SHA256 NULL_ "}" MGF(SHA256) SALT("20")), 0},
    {"two hashes",
     PSS("a0{30{" SHA256 NULL_ "}" NULL_ "}" MGF(SHA256) SALT("20")), 0},
    {"a hash with a number",
     PSS("a0{30{" SHA256 "02{01}}}" MGF(SHA256) SALT("20")), 0},
    {"no MGF", PSS(HASH(SHA256) SALT("20")), 0},
    {"another MGF",
     PSS(HASH(SHA256) "a1{30{" SHA256 "30{" SHA256 NULL_ "}}}" SALT("20")), 0},
    {"MGF1 without a hash",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "}}" SALT("20")), 0},
    {"MGF1 of no sequence",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "04{" SHA256 NULL_ "}}}" SALT("20")),
     0},
    {"MGF1 of no OID",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "30{" NULL_ "}}}" SALT("20")), 0},
    {"MGF1 of another hash", PSS(HASH(SHA256) MGF(SHA384) SALT("20")), 0},
    {"MGF1's hash with a number",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "30{" SHA256 "02{01}}}}" SALT("20")),
     0},
    {"MGF1's hash with two NULLs",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "30{" SHA256 NULL_ NULL_
                      "}}}" SALT("20")),
     0},
    {"MGF1's hash with a NULL of a byte",
     PSS(HASH(SHA256) "a1{30{" OID_MGF1 "30{" SHA256 "05{00}}}}" SALT("20")),
     0},
    {"no salt", PSS(HASH(SHA256) MGF(SHA256)), 0},
    {"a salt of 31", PSS(HASH(SHA256) MGF(SHA256) SALT("1f")), 0},
    {"a salt of 48", PSS(HASH(SHA256) MGF(SHA256) SALT("30")), 0},
    {"a salt of 0", PSS(HASH(SHA256) MGF(SHA256) SALT("00")), 0},
    {"a salt of 0x2020", PSS(HASH(SHA256) MGF(SHA256) SALT("2020")), 0},
    {"a negative salt", PSS(HASH(SHA256) MGF(SHA256) SALT("a0")), 0},
    {"two salts", PSS(HASH(SHA256) MGF(SHA256) "a2{02{20}02{20}}"), 0},
    {"PKCS#1", "30{06{2a864886f70d01010b}" NULL_ "}", 0x0401},
    {"PKCS#1 without NULL", "30{06{2a864886f70d01010b}}", 0x0401},
    {"PKCS#1 with a number", "30{06{2a864886f70d01010b}02{01}}", 0},
    {"ECDSA", "30{06{2a8648ce3d040302}}", 0x0403},
    {"ECDSA with NULL", "30{06{2a8648ce3d040302}" NULL_ "}", 0},
    {"Ed25519", "30{06{2b6570}}", 0x0807},
    {"Ed448", "30{06{2b6571}}", 0},
};

static void a_signature_algorithm_is_one_of_ours_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(signatures); i++) {
        struct dtls_bytes in = der(signatures[i].text);
        struct dtls_bytes whole = in;
        struct dtls_bytes element;
        uint16_t id = 0x2345;

        kit_row("%s", signatures[i].what);
        assert_true(dtls_algorithm_get(&in, &element, &id));
        assert_int_equal(id, signatures[i].id);
        assert_int_equal(in.len, 0);
        assert_ptr_equal(element.data, whole.data);
        assert_int_equal(element.len, whole.len);
    }
}

static void what_is_no_algorithm_changes_nothing(void **state)
{
    static const char *const rows[] = {
        "",
        "31{06{2b6570}}",
        "30{}",
        "30{02{01}}",
        "30{06{80}}",
        "30{06{2b6570}05{00}}",
        "30{06{2b6570}05{}05{}}",
        "30{06{2b6570}02}",
    };

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_bytes in = der(rows[i]);
        size_t len = in.len;
        struct dtls_bytes element = {NULL, 0x2345};
        uint16_t id = 0x2345;

        kit_row("%s", rows[i]);
        assert_false(dtls_algorithm_get(&in, &element, &id));
        assert_int_equal(in.len, len);
        assert_int_equal(element.len, 0x2345);
        assert_int_equal(id, 0x2345);
    }
}

/* ---- Keys ---- */

#define RSA(n, e)                                                             \
    "30{30{06{2a864886f70d010101}" NULL_ "}03{00 30{02{" n "}02{" e "}}}}"
#define OID_EC "06{2a8648ce3d0201}"
#define P256 "06{2a8648ce3d030107}"
#define EC(curve, point) "30{30{" OID_EC curve "}03{00 " point "}}"
#define ED(parameters, key) "30{30{06{2b6570}" parameters "}03{00 " key "}}"

static const struct {
    const char *what;
    const char *text;
    enum dtls_key_type type;
} keys[] = {
    {"RSA", RSA("00 81*256.", "010001"), DTLS_KEY_RSA},
    {"4096 bits", RSA("00 81*512.", "010001"), DTLS_KEY_RSA},
    {"4104 bits", RSA("00 81*513.", "010001"), DTLS_KEY_NONE},
    {"even", RSA("00 81*255.80", "010001"), DTLS_KEY_NONE},
    {"a modulus of 0", RSA("00", "010001"), DTLS_KEY_NONE},
    {"negative", RSA("81*256.", "010001"), DTLS_KEY_NONE},
    {"an exponent of 2 bytes", RSA("00 81*256.", "7f01"), DTLS_KEY_NONE},
    {"an even exponent", RSA("00 81*256.", "010002"), DTLS_KEY_NONE},
    {"an exponent of 8 bytes", RSA("00 81*256.", "01*8."), DTLS_KEY_RSA},
    {"an exponent of 9 bytes", RSA("00 81*256.", "01*9."), DTLS_KEY_NONE},
    {"no exponent",
     "30{30{06{2a864886f70d010101}" NULL_ "}03{00 30{02{00 81*256.}}}}",
     DTLS_KEY_NONE},
    {"a third number", RSA("00 81*256.", "010001}02{01"), DTLS_KEY_NONE},
    {"a second key", RSA("00 81*256.", "010001}}30{02{01"), DTLS_KEY_NONE},
    {"RSA without NULL",
     "30{30{06{2a864886f70d010101}}03{00 30{02{00 81*256.}02{010001}}}}",
     DTLS_KEY_NONE},
    {"P-256", EC(P256, "04 23*64."), DTLS_KEY_EC},
    {"a point of 64 bytes", EC(P256, "04 23*63."), DTLS_KEY_NONE},
    {"a point of 66 bytes", EC(P256, "04 23*65."), DTLS_KEY_NONE},
    {"a compressed point", EC(P256, "02 23*32."), DTLS_KEY_NONE},
    {"no point", EC(P256, ""), DTLS_KEY_NONE},
    {"an unknown curve", EC("06{2a8648ce3d030106}", "04 23*64."),
     DTLS_KEY_NONE},
    {"no curve", EC("", "04 23*64."), DTLS_KEY_NONE},
    {"a curve that is no OID", EC("04{2a8648ce3d030107}", "04 23*64."),
     DTLS_KEY_NONE},
    {"Ed25519", ED("", "23*32."), DTLS_KEY_ED25519},
    {"31 bytes", ED("", "23*31."), DTLS_KEY_NONE},
    {"33 bytes", ED("", "23*33."), DTLS_KEY_NONE},
    {"Ed25519 with NULL", ED(NULL_, "23*32."), DTLS_KEY_NONE},
};

static void a_key_is_one_of_ours_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(keys); i++) {
        struct dtls_bytes in = der(keys[i].text);
        struct dtls_public_key key = {.group = 0x2345};

        kit_row("%s", keys[i].what);
        assert_true(dtls_algorithm_get_key(&in, &key));
        assert_int_equal(key.type, keys[i].type);
        assert_int_equal(in.len, 0);
        assert_int_equal(key.group, key.type == DTLS_KEY_EC ? 0x0017 : 0);
        assert_int_equal(key.point.len, key.type == DTLS_KEY_EC        ? 65
                                        : key.type == DTLS_KEY_ED25519 ? 32
                                                                       : 0);
        assert_int_equal(key.e.len != 0, key.type == DTLS_KEY_RSA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_algorithm_is_one_of_ours_or_none),
        cmocka_unit_test(what_is_no_algorithm_changes_nothing),
        cmocka_unit_test(a_key_is_one_of_ours_or_none),
    };

    return kit_run(tests);
}
