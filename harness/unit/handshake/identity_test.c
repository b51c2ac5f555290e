/* SPDX-License-Identifier: MIT */
/* Which certificate of ours: src/handshake/identity.c, server_choice.c and
 * the CertificateRequest of client_take.c. */
#include "unit/x509/make.h"

#include "handshake/client_steps.h"
#include "handshake/server_steps.h"

#define SERVER_USE "extendedKeyUsage=serverAuth"
#define SIGNS "keyUsage=digitalSignature"
#define DECRYPTS "keyUsage=keyEncipherment"

enum { NUM_MAX = 8 };

/* Our side: credentials in the order in which they were added. */
struct side {
    struct dtls_credential credentials[NUM_MAX];
    size_t num;
    struct dtls_config config;
    struct dtls_handshake hs; /* large, but one at a time */
    struct dtls_area area;
};

static struct side side;

static void load_key(struct dtls_private_key *out, EVP_PKEY *key)
{
    PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
    uint8_t *der = NULL;
    int len = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);

    assert_true(len > 0);
    assert_int_equal(
        dtls_libcrypto.private_key(NULL, out, dtls_bytes_of(der, (size_t)len)),
        DTLS_OK);
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(p8);
}

static struct dtls_credential *add(const struct made *cert, bool with_key)
{
    struct dtls_credential *c = &side.credentials[side.num++];

    assert_true(side.num <= NUM_MAX);
    *c = (struct dtls_credential){.cert = cert->cert};
    if (with_key) {
        load_key(&c->key, cert->key);
    }
    if (side.num > 1) {
        side.credentials[side.num - 2].next = c;
    }
    side.config.crypto = &dtls_libcrypto;
    side.config.credentials = side.credentials;
    return c;
}

static int end(void **state)
{
    for (size_t i = 0; i < side.num; i++) {
        dtls_libcrypto.private_key_free(NULL, &side.credentials[i].key);
    }
    memset(&side, 0, sizeof side);
    return make_end(state);
}

/* What a client offers, u16 each as in the hello. */
struct offer {
    uint16_t suite;
    const char *sigalgs; /* hex */
    const char *groups;  /* hex; NULL: no extension */
};

/* Which credential serves this client: its number, or -1. */
static int chosen_for(struct offer offer)
{
    static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                      DTLS_GROUP_SECP384R1};
    struct kit_hex sigalgs = kit_hex(offer.sigalgs);
    struct kit_hex wanted = kit_hex(offer.groups ? offer.groups : "");
    uint8_t suite[2] = {(uint8_t)(offer.suite >> 8), (uint8_t)offer.suite};
    struct dtls_wishes w = {.hello.suites = dtls_bytes_of(suite, 2)};

    w.ext.present[DTLS_EXT_SIGNATURE_ALGORITHMS] = sigalgs.len > 0;
    w.ext.data[DTLS_EXT_SIGNATURE_ALGORITHMS] = kit_hex_bytes(&sigalgs);
    w.ext.present[DTLS_EXT_SUPPORTED_GROUPS] = offer.groups != NULL;
    w.ext.data[DTLS_EXT_SUPPORTED_GROUPS] = kit_hex_bytes(&wanted);
    side.config.suites = &offer.suite;
    side.config.num_suites = 1;
    side.config.groups = groups;
    side.config.num_groups = LEN(groups);
    side.hs = (struct dtls_handshake){.config = &side.config};
    if (dtls_server_choose_suite(&side.hs, &w) != DTLS_OK) {
        return -1;
    }
    return (int)(side.hs.credential - side.credentials);
}

#define EVERY_PAIR "0403 0503 0603 0401 0501 0601 0804 0805 0806"

static void the_suite_says_which_key_and_which_use(void **state)
{
    struct made *root = make_ca("root", NULL, 0);

    (void)state;
    proves("D5246-7.4.2-2");
    proves("D8422-2.1-1");
    proves("D8422-2.2-1");
    add(make_cert((struct wish){.name = "decrypts",
                                .issuer = root,
                                .key = make_rsa(0),
                                .extensions = {DECRYPTS, SERVER_USE}}),
        true);
    add(make_cert((struct wish){.name = "signs",
                                .issuer = root,
                                .key = make_rsa(1),
                                .extensions = {SIGNS, SERVER_USE}}),
        true);
    add(make_cert((struct wish){.name = "agrees",
                                .issuer = root,
                                .key = make_ec(1),
                                .extensions = {"keyUsage=keyAgreement"}}),
        true);
    add(make_leaf(root), true);
    assert_int_equal(chosen_for((struct offer){0x009c, EVERY_PAIR, "0017"}),
                     0);
    assert_int_equal(chosen_for((struct offer){0xc02f, EVERY_PAIR, "0017"}),
                     1);
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, "0017"}),
                     3);
}

static void a_suite_without_its_certificate_is_not_chosen(void **state)
{
    struct made *root = make_ca("root", NULL, 0);

    (void)state;
    proves("D5246-7.4.2-2");
    proves("D5246-7.4.2-12");
    add(make_leaf(root), true);
    add(make_cert((struct wish){
            .name = "no key", .issuer = root, .key = make_rsa(0)}),
        false);
    assert_int_equal(chosen_for((struct offer){0xc02f, EVERY_PAIR, "0017"}),
                     -1);
    assert_int_equal(chosen_for((struct offer){0x009c, EVERY_PAIR, "0017"}),
                     -1);
    /* Its key signs with no pair that the client verifies. */
    assert_int_equal(chosen_for((struct offer){0xc02b, "0401 0804", "0017"}),
                     -1);
    assert_int_equal(chosen_for((struct offer){0xc02b, "0403", "0017"}), 0);
    /* Who says nothing of signatures verifies SHA-1's, which we do not make.
     */
    assert_int_equal(chosen_for((struct offer){0xc02b, "", "0017"}), -1);
}

static void the_groups_of_the_client_limit_the_curve(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    EVP_PKEY *p384 = EVP_EC_gen("P-384");

    (void)state;
    proves("D8422-5.1-2");
    add(make_cert((struct wish){.name = "p384",
                                .issuer = root,
                                .key = p384,
                                .extensions = {SIGNS, SERVER_USE}}),
        true);
    EVP_PKEY_free(p384);
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, "0017"}),
                     -1);
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, NULL}), -1);
    assert_int_equal(
        chosen_for((struct offer){0xc02b, EVERY_PAIR, "0017 0018"}), 0);
    add(make_leaf(root), true);
    assert_int_equal(
        chosen_for((struct offer){0xc02b, EVERY_PAIR, "001d 0017"}), 1);
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, "0018"}),
                     0);
    /* A client that names none takes secp256r1. */
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, NULL}), 1);
}

/* Leaf 0 is under an RSA intermediate, leaf 1 under an EC root. */
static void a_chain_that_the_client_verifies_comes_first(void **state)
{
    struct made *root = make_ca("ec root", NULL, 0);
    struct made *rsa_root = make_cert((struct wish){
        .name = "rsa root", .key = make_rsa(0), .extensions = {MAKE_CA}});
    struct made *rsa = make_cert((struct wish){.name = "rsa",
                                               .issuer = rsa_root,
                                               .key = make_rsa(1),
                                               .extensions = {MAKE_CA}});

    (void)state;
    proves("D5246-7.4.2-10");
    add(make_leaf(make_ca("one", rsa, 2)), true);
    add(make_leaf(root), true);
    add(rsa_root, false);
    add(make_ca("one", rsa, 2), false);
    add(rsa, false);
    assert_int_equal(chosen_for((struct offer){0xc02b, EVERY_PAIR, "0017"}),
                     0);
    assert_int_equal(chosen_for((struct offer){0xc02b, "0403", "0017"}), 1);
    /* Any chain rather than none: the only one that has this pair's key. */
    assert_int_equal(chosen_for((struct offer){0xc02b, "0603", "0017"}), 0);
}

/* Nobody verifies what a root says of itself. */
static void a_root_s_own_signature_does_not_count(void **state)
{
    struct made *root = make_cert((struct wish){.name = "sha384 root",
                                                .key = make_ec(2),
                                                .md = EVP_sha384(),
                                                .extensions = {MAKE_CA}});

    (void)state;
    add(make_leaf(root), true);
    add(root, false);
    add(make_leaf(make_ca("root", NULL, 0)), true);
    assert_int_equal(side.credentials[1].cert.sigalg, 0x0503);
    assert_int_equal(chosen_for((struct offer){0xc02b, "0403", "0017"}), 0);
}

/* A CertificateRequest in hex. */
struct request {
    const char *types;
    const char *sigalgs;
    const struct made *authorities[3]; /* their subjects */
};

static enum dtls_status ask_for(const struct request *r)
{
    struct kit_hex types = kit_hex(r->types);
    struct kit_hex sigalgs = kit_hex(r->sigalgs);
    uint8_t bytes[1024];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_message m = {.type = DTLS_CERTIFICATE_REQUEST};
    size_t mark;

    assert_true(dtls_put_vec8(&body, kit_hex_bytes(&types)));
    assert_true(dtls_put_vec16(&body, kit_hex_bytes(&sigalgs)));
    assert_true(dtls_put_open16(&body, &mark));
    for (size_t i = 0; i < 3 && r->authorities[i] != NULL; i++) {
        kit_row("authority %zu", i);
        assert_true(dtls_put_vec16(&body, r->authorities[i]->cert.subject));
    }
    assert_true(dtls_put_close16(&body, mark));
    m.body = dtls_buf_bytes(&body);
    side.hs =
        (struct dtls_handshake){.config = &side.config, .area = &side.area};
    assert_int_equal(
        dtls_transcript_start(&side.area.transcript, &dtls_libcrypto, 0),
        DTLS_OK);
    return dtls_client_take_certificate_request(&side.hs, &m);
}

/* Which credential a client shows for this request, or -1. */
static int shown_for(struct request r)
{
    assert_int_equal(ask_for(&r), DTLS_OK);
    assert_true(side.hs.certificate_requested);
    return side.hs.credential == NULL
               ? -1
               : (int)(side.hs.credential - side.credentials);
}

static void a_client_shows_what_the_types_and_pairs_ask_for(void **state)
{
    struct made *root = make_ca("root", NULL, 0);

    (void)state;
    proves("D5246-7.4.4-2");
    proves("D5246-7.4.4-3");
    proves("D5246-7.4.4-6");
    proves("D5246-7.4.8-4");
    proves("D8422-3-1");
    proves("D8422-5.6-1");
    add(make_cert((struct wish){.name = "decrypts",
                                .issuer = root,
                                .key = make_rsa(0),
                                .extensions = {DECRYPTS}}),
        true);
    add(make_cert((struct wish){.name = "rsa",
                                .issuer = root,
                                .key = make_rsa(1),
                                .extensions = {SIGNS}}),
        true);
    assert_int_equal(shown_for((struct request){"0140", EVERY_PAIR, {0}}), 1);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {0}}), -1);
    assert_int_equal(shown_for((struct request){"01", "0403", {0}}), -1);
    add(make_cert((struct wish){.name = "ec",
                                .issuer = root,
                                .key = make_ec(1),
                                .extensions = {SIGNS}}),
        true);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {0}}), 2);
    assert_int_equal(shown_for((struct request){"01", EVERY_PAIR, {0}}), 1);
    assert_int_equal(shown_for((struct request){"4001", "0403", {0}}), 2);
    assert_int_equal(side.hs.sigalg->id, 0x0403);
    assert_int_equal(shown_for((struct request){"4001", "0804", {0}}), 1);
    assert_int_equal(side.hs.sigalg->id, 0x0804);
    /* Over the messages so far there is no SHA-512. */
    assert_int_equal(shown_for((struct request){"4001", "0603 0806", {0}}),
                     -1);
    assert_int_equal(
        shown_for((struct request){"4001", "0603 0806 0503", {0}}), 2);
    assert_int_equal(side.hs.sigalg->id, 0x0503);
}

/* two roots; leaf 0 is under `a`, leaf 1 under an intermediate of `b` that is
 * loaded, leaf 2 under one of `b` that is not. */
static void a_client_shows_what_the_named_authorities_issued(void **state)
{
    struct made *a = make_ca("a", NULL, 0);
    struct made *b = make_ca("b", NULL, 1);
    struct made *other = make_ca("other", NULL, 2);
    struct made *one = make_ca("one", b, 3);
    struct made *two = make_ca("two", b, 4);
    struct dtls_credential *first;

    (void)state;
    first = add(make_leaf(a), true);
    add(make_leaf(one), true);
    add(make_leaf(two), true);
    add(one, false);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {a}}), 0);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {b}}), 1);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {one}}), 1);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {two}}), 2);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {other, b}}),
                     1);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {b, a}}), 0);
    /* Nobody is named, or nobody of ours: the server may decide. */
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {0}}), 0);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {other}}),
                     0);
    first->must_match_issuer = true;
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {a}}), 0);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {other}}),
                     1);
    assert_int_equal(shown_for((struct request){"40", EVERY_PAIR, {0}}), 1);
}

static void a_broken_request_shows_nothing(void **state)
{
    static const char *const bodies[] = {"",
                                         "00 0002 0403 0000",
                                         "0240 0002 0403 0000",
                                         "01 40 0003 040304 0000",
                                         "01 40 0002 0403",
                                         "01 40 0002 0403 0000 00",
                                         "01 40 0000 0000",
                                         "01 40 0002 0403 0002 0000"};

    (void)state;
    proves("D5246-7.4.4-5");
    add(make_leaf(make_ca("root", NULL, 0)), true);
    for (size_t i = 0; i < LEN(bodies); i++) {
        kit_row("body \"%s\"", bodies[i]);
        struct kit_hex body = kit_hex(bodies[i]);
        struct dtls_message m = {.type = DTLS_CERTIFICATE_REQUEST,
                                 .body = kit_hex_bytes(&body)};

        side.hs = (struct dtls_handshake){.config = &side.config};
        assert_int_equal(dtls_client_take_certificate_request(&side.hs, &m),
                         DTLS_DECODE_ERROR);
        assert_null(side.hs.credential);
    }
}

/* Each next certificate certifies the one before, whatever the order in which
 * they were added; nothing twice, nothing that does not belong. */
static void a_chain_goes_out_in_order(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *one = make_ca("one", root, 1);
    struct made *old_one = make_ca("one", root, 2); /* another key */
    struct made *two = make_ca("two", one, 3);
    struct made *leaf = make_leaf(two);
    struct made *loose = make_ca("loose", NULL, 4);
    const struct made *order[] = {leaf, two, one, root};
    const struct dtls_cert *chain[DTLS_CHAIN_MAX];

    (void)state;
    proves("D5246-7.4.2-3");
    add(root, false);
    add(loose, false);
    add(old_one, false);
    add(one, false);
    add(leaf, true);
    add(two, false);
    assert_int_equal(
        dtls_identity_chain(&side.config, &side.credentials[4], chain), 4);
    for (size_t i = 0; i < 4; i++) {
        kit_row("certificate %zu", i);
        assert_memory_equal(chain[i]->der.data, order[i]->der.data,
                            order[i]->der.len);
    }
}

static void issuers_of_each_other_go_out_once(void **state)
{
    struct made *a = make_ca("a", NULL, 0);
    struct made *b = make_ca("b", NULL, 1);
    const struct dtls_cert *chain[DTLS_CHAIN_MAX];

    (void)state;
    add(make_leaf(a), true);
    add(make_ca("a", b, 0), false);
    add(make_ca("b", a, 1), false);
    assert_int_equal(
        dtls_identity_chain(&side.config, &side.credentials[0], chain), 3);
    assert_int_equal(dtls_identity_chain(&side.config, NULL, chain), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_suite_says_which_key_and_which_use),
        TEST(a_suite_without_its_certificate_is_not_chosen),
        TEST(the_groups_of_the_client_limit_the_curve),
        TEST(a_chain_that_the_client_verifies_comes_first),
        TEST(a_root_s_own_signature_does_not_count),
        TEST(a_client_shows_what_the_types_and_pairs_ask_for),
        TEST(a_client_shows_what_the_named_authorities_issued),
        TEST(a_broken_request_shows_nothing),
        TEST(a_chain_goes_out_in_order),
        TEST(issuers_of_each_other_go_out_once),
    };

    return kit_run(tests);
}
