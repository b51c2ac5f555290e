/* SPDX-License-Identifier: MIT */
/* Names compared (RFC 5280, 7.1): each of a list with each, by us and by
 * libcrypto. */
#include "kit/kit.h"
#include "x509/name.h"

#include <string.h>

#include <openssl/x509.h>

/* An RDN of a Name: its attributes, in DER. */
struct sample {
    const char *what;
    const char *attributes[2]; /* contents: type, tag, length and text */
    size_t len[2];
};

#define CN "\x06\x03\x55\x04\x03"
#define O "\x06\x03\x55\x04\x0a"
#define ONE(what, text)                                                       \
    {                                                                         \
        what, {text, NULL},                                                   \
        {                                                                     \
            sizeof(text) - 1, 0                                               \
        }                                                                     \
    }

static const struct sample samples[] = {
    ONE("as it is", CN "\x0c\x05"
                       "a b c"),
    ONE("capitals", CN "\x0c\x05"
                       "A b C"),
    ONE("PrintableString", CN "\x13\x05"
                              "a b c"),
    ONE("IA5String", CN "\x16\x05"
                        "a B c"),
    ONE("T61String", CN "\x14\x05"
                        "a b c"),
    ONE("BMPString", CN "\x1e\x0a"
                        "\0a\0 \0b\0 \0C"),
    ONE("UniversalString", CN "\x1c\x14"
                              "\0\0\0a\0\0\0 \0\0\0B\0\0\0 \0\0\0c"),
    ONE("spaces around", CN "\x0c\x09"
                            "  a b c \t"),
    ONE("many spaces", CN "\x0c\x09"
                          "a  b \r\n c"),
    ONE("a space less", CN "\x0c\x04"
                           "ab c"),
    ONE("a letter less", CN "\x0c\x03"
                            "a b"),
    ONE("a letter more", CN "\x0c\x06"
                            "a b cd"),
    ONE("only spaces", CN "\x0c\x02"
                          "  "),
    ONE("nothing", CN "\x0c\x00"
                      ""),
    ONE("nothing, printable", CN "\x13\x00"
                                 ""),
    ONE("another attribute", O "\x0c\x05"
                               "a b c"),
    ONE("digits", CN "\x0c\x03"
                     "123"),
    ONE("digits, printable", CN "\x13\x03"
                                "123"),
    ONE("NumericString", CN "\x12\x03"
                            "123"),
    ONE("NumericString, spaces", CN "\x12\x04"
                                    "123 "),
    ONE("a letter of two bytes", CN "\x0c\x02"
                                    "\xc3\xa4"),
    ONE("its capital", CN "\x0c\x02"
                          "\xc3\x84"),
    ONE("as T61String", CN "\x14\x01"
                           "\xe4"),
    ONE("as BMPString", CN "\x1e\x02"
                           "\x00\xe4"),
    ONE("of three bytes", CN "\x0c\x03"
                             "\xe2\x82\xac"),
    ONE("of three, as BMPString", CN "\x1e\x02"
                                     "\x20\xac"),
    ONE("beyond BMP", CN "\x0c\x04"
                         "\xf0\x9f\x99\x82"),
    ONE("beyond BMP, universal", CN "\x1c\x04"
                                    "\x00\x01\xf6\x42"),
    {"two attributes",
     {CN "\x0c\x01"
         "a",
      O "\x0c\x01"
        "b"},
     {8, 8}},
    {"two, in capitals",
     {CN "\x0c\x01"
         "A",
      O "\x0c\x01"
        "B"},
     {8, 8}},
    {"two, one differs",
     {CN "\x0c\x01"
         "a",
      O "\x0c\x01"
        "c"},
     {8, 8}},
    ONE("the first of two", CN "\x0c\x01"
                               "a"),
};

enum { NUM = sizeof samples / sizeof *samples };

struct name {
    uint8_t der[128];
    size_t len;
};

/* Makes a Name of the samples given, an RDN of each. */
static struct name make(const struct sample *const *rdns, size_t num)
{
    struct name n = {{0x30, 0}, 2};

    for (size_t i = 0; i < num; i++) {
        size_t set = n.len;

        n.der[n.len++] = 0x31;
        n.len++;
        for (size_t a = 0; a < 2 && rdns[i]->attributes[a] != NULL; a++) {
            n.der[n.len++] = 0x30;
            n.der[n.len++] = (uint8_t)rdns[i]->len[a];
            memcpy(&n.der[n.len], rdns[i]->attributes[a], rdns[i]->len[a]);
            n.len += rdns[i]->len[a];
        }
        n.der[set + 1] = (uint8_t)(n.len - set - 2);
    }
    n.der[1] = (uint8_t)(n.len - 2);
    return n;
}

static bool libcrypto_says_equal(const struct name *a, const struct name *b)
{
    const unsigned char *p = a->der;
    const unsigned char *q = b->der;
    X509_NAME *x = d2i_X509_NAME(NULL, &p, (long)a->len);
    X509_NAME *y = d2i_X509_NAME(NULL, &q, (long)b->len);
    bool equal;

    assert_non_null(x);
    assert_non_null(y);
    equal = X509_NAME_cmp(x, y) == 0;
    X509_NAME_free(x);
    X509_NAME_free(y);
    return equal;
}

static bool compare(const struct name *a, const struct name *b)
{
    struct dtls_bytes x = {a->der, a->len};
    struct dtls_bytes y = {b->der, b->len};
    struct dtls_bytes name;
    bool equal = dtls_name_equal(x, y);

    assert_int_equal(equal, libcrypto_says_equal(a, b));
    assert_true(dtls_name_get(&x, &name) && x.len == 0);
    return equal;
}

static void both_compare_names_alike(void **state)
{
    size_t num_equal = 0;

    (void)state;
    for (size_t i = 0; i < NUM; i++) {
        kit_row("%s", samples[i].what);
        for (size_t j = 0; j < NUM; j++) {
            const struct sample *a[] = {&samples[i], &samples[15]};
            const struct sample *b[] = {&samples[j], &samples[15]};
            struct name one = make(a, 1);
            struct name other = make(b, 1);
            struct name longer = make(b, 2);

            kit_row("and %s", samples[j].what);
            num_equal += compare(&one, &other) && i != j;
            assert_false(compare(&one, &longer));
            assert_false(compare(&longer, &one));
            one = make(a, 2);
            (void)compare(&one, &longer);
        }
    }
    /* The first nine with each other, twice three, and four pairs. */
    assert_int_equal(num_equal, 9 * 8 + 2 * 3 * 2 + 4 * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_compare_names_alike),
    };

    return kit_run(tests);
}
