/* SPDX-License-Identifier: MIT */
/* The form of a CRL: dtls_crl_parse (x509/crl.h).  Each row differs from a
 * good one in one place. */
#include "kit/der_text.h"
#include "kit/kit.h"

#include "x509/crl.h"

#define ALGORITHM "30{06{2a8648ce3d040302}}" /* ecdsa-with-SHA256 */
#define ISSUER "30{31{30{06{550403}0c{41}}}}"
#define TIME "17{3235313230313030303030305a}" /* 251201000000Z */
#define DATE "18{32303235313230313030303030305a}"
#define ID_CE(number) "06{551d" number "}"
#define EXTENSION(oid, value) "30{" oid "04{" value "}}"
#define CRITICAL(oid, value) "30{" oid "01{ff}04{" value "}}"
#define LIST(extensions) "a0{30{" extensions "}}"
#define NUMBER EXTENSION(ID_CE("14"), "02{07}")
#define ENTRY(extensions) "30{30{02{05}" TIME extensions "}}"
#define ENTRY_WITH(extension) ENTRY("30{" extension "}")

/* A CRL: what says its version, and what comes behind its dates. */
#define CRL(version, rest)                                                    \
    "30{30{" version ALGORITHM ISSUER TIME TIME rest "}" ALGORITHM            \
    "03{003000}}"
#define V2 "02{01}"

static const struct {
    const char *what;
    const char *text;
    bool good;
    bool unhandled;
} rows[] = {
    {"nothing listed", CRL(V2, ""), true, false},
    {"version 1", CRL("", ""), true, false},
    {"version 1, said", CRL("02{00}", ""), false, false},
    {"version 3", CRL("02{02}", ""), false, false},
    {"version 0x0101", CRL("02{0101}", ""), false, false},
    {"one entry", CRL(V2, ENTRY("")), true, false},
    {"an entry of version 1", CRL("", ENTRY("")), true, false},
    {"an entry without a date", CRL(V2, "30{30{02{05}}}"), false, false},
    {"an entry with a second date", CRL(V2, ENTRY(TIME)), false, false},
    {"a number of the list", CRL(V2, LIST(NUMBER)), true, false},
    {"the same in version 1", CRL("", LIST(NUMBER)), false, false},
    {"two numbers of the list", CRL(V2, LIST(NUMBER NUMBER)), false, false},
    {"a number that is negative",
     CRL(V2, LIST(EXTENSION(ID_CE("14"), "02{87}"))), false, false},
    {"two numbers in one",
     CRL(V2, LIST(EXTENSION(ID_CE("14"), "02{07}02{07}"))), false, false},
    {"something behind the extensions", CRL(V2, "a0{30{" NUMBER "}05{}}"),
     false, false},
    {"something behind all", CRL(V2, LIST(NUMBER) "05{}"), false, false},
    {"extensions of no sequence", CRL(V2, "a0{31{" NUMBER "}}"), false, false},
    {"another field", CRL(V2, "a1{30{" NUMBER "}}"), false, false},
    {"an unknown extension", CRL(V2, LIST(EXTENSION("06{2a0304}", "05{}"))),
     true, false},
    {"a critical one", CRL(V2, LIST(CRITICAL("06{2a0304}", "05{}"))), true,
     true},
    {"one whose identifier is longer",
     CRL(V2, LIST(CRITICAL("06{551d1401}", "02{07}"))), true, true},
    {"one of another arc", CRL(V2, LIST(CRITICAL("06{551e14}", "02{07}"))),
     true, true},
    {"a delta", CRL(V2, LIST(EXTENSION(ID_CE("1b"), "02{07}"))), true, true},
    {"names of the issuer, not read",
     CRL(V2, LIST(EXTENSION(ID_CE("12"), "05{}"))), true, false},
    {"the same, critical", CRL(V2, LIST(CRITICAL(ID_CE("12"), "05{}"))), false,
     false},
    {"good names", CRL(V2, LIST(CRITICAL(ID_CE("12"), "30{82{61}}"))), true,
     false},
    {"names and something behind them",
     CRL(V2, LIST(CRITICAL(ID_CE("12"), "30{82{61}}05{}"))), false, false},
    {"a reason", CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("15"), "0a{01}"))), true,
     false},
    {"a reason that is a number",
     CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("15"), "02{01}"))), false, false},
    {"a reason without a value",
     CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("15"), "0a{}"))), false, false},
    {"a reason with a byte too many",
     CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("15"), "0a{0001}"))), false, false},
    {"two reasons",
     CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("15"), "0a{01}0a{01}"))), false,
     false},
    {"a reason in version 1",
     CRL("", ENTRY_WITH(EXTENSION(ID_CE("15"), "0a{01}"))), false, false},
    {"a date of the key's loss",
     CRL(V2, ENTRY_WITH(CRITICAL(ID_CE("18"), DATE))), true, false},
    {"two of them", CRL(V2, ENTRY_WITH(CRITICAL(ID_CE("18"), DATE DATE))),
     false, false},
    {"one of two digits", CRL(V2, ENTRY_WITH(CRITICAL(ID_CE("18"), TIME))),
     false, false},
    {"an entry of another issuer",
     CRL(V2, ENTRY_WITH(EXTENSION(ID_CE("1d"), "05{}"))), true, true},
};

static void a_list_has_its_form(void **state)
{
    uint8_t room[400];

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_crl crl;
        struct dtls_crl before;
        struct dtls_bytes der;

        kit_row("%s", rows[i].what);
        der = kit_der((struct dtls_span){room, sizeof room}, rows[i].text);
        memset(&crl, 0x5a, sizeof crl);
        before = crl;
        assert_int_equal(dtls_crl_parse(&crl, der),
                         rows[i].good ? DTLS_OK : DTLS_BAD_CERTIFICATE);
        if (rows[i].good) {
            assert_int_equal(crl.has_unhandled_critical, rows[i].unhandled);
            assert_int_equal(crl.sigalg, 0x0403);
            assert_int_equal(crl.this_update, 1764547200);
        } else {
            assert_memory_equal(&crl, &before, sizeof crl);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_its_form),
    };

    return kit_run(tests);
}
