/* SPDX-License-Identifier: MIT */
/* Chains: src/x509/chain.c, with libcrypto as the judge. */
#include "make.h"

static void one_root_signs_every_leaf_of_the_pki(void **state)
{
    static const struct {
        const char *name;
        enum dtls_purpose purpose;
    } leaves[] = {
        {"rsa.der", DTLS_PURPOSE_SERVER},
        {"ec.der", DTLS_PURPOSE_SERVER},
        {"client-rsa.der", DTLS_PURPOSE_CLIENT},
        {"client-ec.der", DTLS_PURPOSE_CLIENT},
        {"wrong-host.der", DTLS_PURPOSE_SERVER},
        {"sign-only.der", DTLS_PURPOSE_SERVER},
        {"encipher-only.der", DTLS_PURPOSE_SERVER},
    };
    struct made *root = make_load("root.der");

    (void)state;
    proves("D5246-7.4.2-5");
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        kit_row("%s", leaves[i].name);
        ask_both((struct question){.peer = {make_load(leaves[i].name)},
                                   .anchors = {root},
                                   .purpose = leaves[i].purpose});
    }
    ask_both((struct question){.peer = {make_load("pure-ec.der")},
                               .anchors = {make_load("root-ec.der")}});
}

static void a_chain_of_four_rsa_certificates_is_good(void **state)
{
    (void)state;
    proves("D7925-4.4.4-1");
    ask_both(
        (struct question){.peer = {make_load("chain-leaf.der"),
                                   make_load("ca2.der"), make_load("ca1.der")},
                          .anchors = {make_load("root.der")}});
}

static void what_is_wrong_with_a_pki_leaf_is_its_status(void **state)
{
    static const struct {
        const char *name;
        enum dtls_status status;
    } leaves[] = {
        {"expired.der", DTLS_CERTIFICATE_EXPIRED},      /* D5246-7.4.2-13 */
        {"future.der", DTLS_CERTIFICATE_NOT_YET_VALID}, /* D5246-7.4.2-13 */
        {"other.der", DTLS_UNKNOWN_CA},                 /* D5246-7.4.2-14 */
        {"wrong-purpose.der", DTLS_UNSUPPORTED_CERTIFICATE},
        {"client-rsa.der", DTLS_UNSUPPORTED_CERTIFICATE},
        {"sha1.der", DTLS_UNSUPPORTED_CERTIFICATE}, /* D9325-4.5-4 */
        {"weak.der", DTLS_UNSUPPORTED_CERTIFICATE},
        {"chain-leaf.der", DTLS_UNKNOWN_CA},
        {"root-ec.der", DTLS_UNSUPPORTED_CERTIFICATE},
    };
    struct made *root = make_load("root.der");

    (void)state;
    proves("D5246-7.4.2-11");
    proves("D5246-7.4.2-13");
    proves("D5246-7.4.2-14");
    proves("D9325-4.5-3");
    proves("D9325-4.5-4");
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        kit_row("%s", leaves[i].name);
        assert_int_equal(
            ask((struct question){.peer = {make_load(leaves[i].name)},
                                  .anchors = {root}}),
            leaves[i].status);
    }
}

static void every_depth_from_1_to_5_is_good_with_both_kinds_of_key(
    void **state)
{
    (void)state;
    for (size_t rsa = 0; rsa < 2; rsa++) {
        struct made *path[5];

        kit_row("keys %s", rsa ? "RSA and EC" : "EC");
        for (size_t depth = 1; depth <= 5; depth++) {
            struct question q = {.purpose = DTLS_PURPOSE_SERVER};
            struct made *up = NULL;

            kit_row("%zu certificates", depth);
            /* path[depth - 1] is the root, path[0] the leaf. */
            for (size_t i = depth; i-- > 0;) {
                char name[32];

                snprintf(name, sizeof name, "ca %zu", i);
                path[i] =
                    i == 0 && depth > 1
                        ? make_leaf(up)
                        : make_cert((struct wish){
                              .name = name,
                              .issuer = up,
                              .key =
                                  rsa && i % 2 == 1 ? make_rsa(0) : make_ec(i),
                              .pss = rsa && i + 1 < depth &&
                                     EVP_PKEY_is_a(up->key, "RSA"),
                              .extensions = {MAKE_CA, "1.2.3.4=ASN1:NULL"}});
                up = path[i];
            }
            for (size_t i = 0; i + 1 < depth; i++) {
                q.peer[i] = path[i];
            }
            q.peer[0] = path[0];
            q.anchors[0] = path[depth - 1];
            ask_both(q);
            make_end(NULL);
        }
    }
}

static void issuers_come_in_any_order_among_strangers_and_twice(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *one = make_ca("one", root, 1);
    struct made *two = make_ca("two", one, 2);
    struct made *three = make_ca("three", two, 3);
    struct made *leaf = make_leaf(three);
    struct made *stranger = make_ca("stranger", NULL, 4);
    struct made *list[5] = {one, two, three, stranger, root};

    (void)state;
    /* All 5^5 lists; those that lack an intermediate are unknown. */
    for (unsigned n = 0; n < 3125; n++) {
        struct question q = {.peer = {leaf}, .anchors = {root}};
        unsigned rest = n;
        unsigned has = 0;

        kit_row("list %u", n);
        for (size_t i = 1; i <= 5; i++) {
            q.peer[i] = list[rest % 5];
            has |= 1u << rest % 5;
            rest /= 5;
        }
        assert_int_equal(ask_ours(&q),
                         (has & 7) == 7 ? DTLS_OK : DTLS_UNKNOWN_CA);
    }
}

static void an_anchor_may_be_an_intermediate_or_the_leaf(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *one = make_ca("one", root, 1);
    struct made *two = make_ca("two", one, 2);
    struct made *leaf = make_leaf(two);
    struct made *other = make_ca("other", NULL, 4);

    (void)state;
    proves("D5246-7.4.2-14");
    ask_both((struct question){.peer = {leaf, two}, .anchors = {one}});
    ask_both((struct question){.peer = {leaf, two, one}, .anchors = {two}});
    ask_both((struct question){.peer = {leaf}, .anchors = {leaf}});
    ask_both((struct question){.peer = {leaf}, .anchors = {other, two}});
    assert_int_equal(
        ask((struct question){.peer = {leaf, two, one}, .anchors = {other}}),
        DTLS_UNKNOWN_CA);
    assert_int_equal(ask((struct question){.peer = {leaf, two, one}}),
                     DTLS_UNKNOWN_CA);
}

static void an_anchor_that_is_the_leaf_must_still_fit_and_be_valid(
    void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);

    (void)state;
    assert_int_equal(ask((struct question){.peer = {leaf},
                                           .anchors = {leaf},
                                           .purpose = DTLS_PURPOSE_CLIENT}),
                     DTLS_UNSUPPORTED_CERTIFICATE);
    assert_int_equal(
        ask((struct question){.peer = {leaf}, .anchors = {leaf}, .now = 1}),
        DTLS_CERTIFICATE_NOT_YET_VALID);
}

static void a_cross_signed_issuer_leads_to_either_root(void **state)
{
    struct made *old = make_ca("old root", NULL, 0);
    struct made *new = make_ca("new root", NULL, 1);
    struct made *new_by_old = make_ca("new root", old, 1);
    struct made *one = make_ca("one", new, 2);
    struct made *one_by_old = make_ca("one", old, 2);
    struct made *leaf = make_leaf(one);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct made *anchors[3] = {old, new, new_by_old};

        kit_row("anchor %zu", i);
        ask_both((struct question){.peer = {leaf, one, new_by_old},
                                   .anchors = {anchors[i]}});
        ask_both((struct question){.peer = {leaf, new_by_old, one},
                                   .anchors = {anchors[i]}});
    }
    /* libcrypto tries one issuer and gives up; we go back. */
    for (size_t i = 0; i < 2; i++) {
        struct made *anchors[2] = {old, new};
        struct question q = {.peer = {leaf, one, one_by_old},
                             .anchors = {anchors[i]}};

        kit_row("anchor %zu", i);
        assert_int_equal(ask_ours(&q), DTLS_OK);
        q.peer[1] = one_by_old;
        q.peer[2] = one;
        assert_int_equal(ask_ours(&q), DTLS_OK);
    }
}

static void issuers_that_sign_each_other_end(void **state)
{
    struct made *a = make_ca("a", NULL, 0);
    struct made *b = make_ca("b", NULL, 1);
    struct made *a_by_b = make_ca("a", b, 0);
    struct made *b_by_a = make_ca("b", a, 1);
    struct made *leaf = make_leaf(a);
    struct made *other = make_ca("other", NULL, 2);

    (void)state;
    assert_int_equal(
        ask((struct question){.peer = {leaf, a_by_b, b_by_a, a, b},
                              .anchors = {other}}),
        DTLS_UNKNOWN_CA);
    ask_both(
        (struct question){.peer = {leaf, a_by_b, b_by_a}, .anchors = {b}});
}

static unsigned num_verified;

static enum dtls_status count_verify(void *self,
                                     const struct dtls_public_key *key,
                                     const struct dtls_sigalg *alg,
                                     struct dtls_bytes digest,
                                     struct dtls_bytes signature)
{
    num_verified++;
    return dtls_libcrypto.verify(self, key, alg, digest, signature);
}

static void no_more_than_32_signatures_are_checked(void **state)
{
    struct dtls_crypto counting = dtls_libcrypto;
    struct dtls_cert peer[40];
    struct made *root = make_ca("same", NULL, 0);
    struct dtls_cert_item anchors = {&root->cert, NULL};
    struct dtls_verify verify = {.crypto = &counting, .anchors = &anchors};

    (void)state;
    counting.verify = count_verify;
    /* Forty certificates of one name and key: any may have issued any. */
    for (size_t i = 0; i < 40; i++) {
        kit_row("certificate %zu", i);
        peer[i] = make_cert((struct wish){.name = "same",
                                          .key = make_ec(1),
                                          .no_extensions = true})
                      ->cert;
        peer[i].has_basic_constraints = true;
        peer[i].is_ca = true;
    }
    num_verified = 0;
    assert_int_equal(dtls_chain_verify(&verify, peer, 40),
                     DTLS_CERTIFICATE_SIGNATURE);
    assert_int_equal(num_verified, 32);
}

static void a_certificate_is_on_a_path_only_once(void **state)
{
    struct dtls_crypto counting = dtls_libcrypto;
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct dtls_cert peer[4] = {leaf->cert, root->cert, leaf->cert,
                                root->cert};
    struct dtls_verify verify = {.crypto = &counting};

    (void)state;
    counting.verify = count_verify;
    num_verified = 0;
    /* The self-signed root is tried for the leaf, never for itself. */
    assert_int_equal(dtls_chain_verify(&verify, peer, 4), DTLS_UNKNOWN_CA);
    assert_int_equal(num_verified, 2);
}

static void a_path_has_at_most_10_certificates(void **state)
{
    struct made *cas[DTLS_CHAIN_MAX + 1]; /* the first one is the root */

    (void)state;
    for (size_t i = 0; i < LEN(cas); i++) {
        char name[32];

        kit_row("CA %zu", i);
        snprintf(name, sizeof name, "ca %zu", i);
        cas[i] = make_ca(name, i == 0 ? NULL : cas[i - 1], i);
    }
    for (size_t num = 2; num <= DTLS_CHAIN_MAX + 2; num++) {
        /* The leaf and its CAs but for the root. */
        struct made *leaf = make_leaf(cas[num - 2]);
        struct question q = {.anchors = {cas[0]}, .peer = {leaf}};

        kit_row("%zu certificates", num);
        for (size_t i = 1; i + 1 < num; i++) {
            q.peer[i] = cas[i];
        }
        if (num <= DTLS_CHAIN_MAX) {
            ask_both(q);
        } else {
            /* The limit is ours: it is no verdict about the CA. */
            assert_int_equal(ask(q), DTLS_MESSAGE_TOO_LONG);
        }
        kit_row("without the anchor");
        q.anchors[0] = make_load("root-ec.der");
        if (num <= DTLS_CHAIN_MAX + 1) {
            assert_int_equal(ask(q), DTLS_UNKNOWN_CA);
        }
    }
}

static void time_counts_from_not_before_up_to_not_after(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_cert((struct wish){.name = "leaf",
                                                .issuer = root,
                                                .key = make_ec(1),
                                                .from = "20260203040506Z",
                                                .until = "20260203040516Z"});
    int64_t from = INT64_C(1770091506);
    struct question q = {.peer = {leaf}, .anchors = {root}};

    (void)state;
    proves("D5246-7.4.2-13");
    assert_true(leaf->cert.not_before == from);
    assert_true(leaf->cert.not_after == from + 10);
    q.now = from - 1;
    assert_int_equal(ask(q), DTLS_CERTIFICATE_NOT_YET_VALID);
    q.now = from;
    ask_both(q);
    q.now = from + 9;
    ask_both(q);
    /* The last second is in RFC 5280 and not in libcrypto. */
    q.now = from + 10;
    assert_int_equal(ask_libcrypto(&q), X509_V_ERR_CERT_HAS_EXPIRED);
    assert_int_equal(ask_ours(&q), DTLS_OK);
    q.now = from + 11;
    assert_int_equal(ask(q), DTLS_CERTIFICATE_EXPIRED);
}

static void time_counts_for_intermediates_and_anchors_too(void **state)
{
    static const struct {
        const char *from;
        const char *until;
        enum dtls_status status;
    } times[] = {
        {NULL, "20210101000000Z", DTLS_CERTIFICATE_EXPIRED},
        {"20300101000000Z", NULL, DTLS_CERTIFICATE_NOT_YET_VALID},
    };

    (void)state;
    proves("D5246-7.4.2-13");
    for (size_t i = 0; i < 4; i++) {
        kit_row("%s %s", i < 2 ? "anchor" : "intermediate",
                times[i % 2].until != NULL ? "expired" : "not yet valid");
        size_t t = i % 2;
        struct wish wish = {
            .name = "root", .key = make_ec(0), .extensions = {MAKE_CA}};
        struct made *root;
        struct made *one;

        if (i < 2) {
            wish.from = times[t].from;
            wish.until = times[t].until;
        }
        root = make_cert(wish);
        wish = (struct wish){.name = "one",
                             .issuer = root,
                             .key = make_ec(1),
                             .extensions = {MAKE_CA}};
        if (i >= 2) {
            wish.from = times[t].from;
            wish.until = times[t].until;
        }
        one = make_cert(wish);
        assert_int_equal(ask((struct question){.peer = {make_leaf(one), one},
                                               .anchors = {root}}),
                         times[t].status);
    }
}

static void time_is_not_looked_at_if_nobody_wants_it(void **state)
{
    struct made *root = make_load("root.der");
    struct made *leaf = make_load("expired.der");
    struct dtls_cert_item anchor = {&root->cert, NULL};
    struct dtls_verify verify = {.crypto = &dtls_libcrypto,
                                 .anchors = &anchor};

    (void)state;
    assert_int_equal(dtls_chain_verify(&verify, &leaf->cert, 1), DTLS_OK);
}

static void path_length_counts_intermediates_that_are_not_self_issued(
    void **state)
{
    for (unsigned limit = 0; limit < 4; limit++) {
        char constraint[64];
        struct made *root;
        struct made *one;
        struct made *rollover;
        struct made *two;

        kit_row("pathlen %u", limit);
        (void)state;
        snprintf(constraint, sizeof constraint,
                 "basicConstraints=critical,CA:TRUE,pathlen:%u", limit);
        root = make_cert((struct wish){
            .name = "root", .key = make_ec(0), .extensions = {constraint}});
        one = make_ca("one", root, 1);
        /* The same name with a new key: not counted. */
        rollover = make_ca("one", one, 2);
        two = make_ca("two", rollover, 3);
        assert_int_equal(ask((struct question){.peer = {make_leaf(root)},
                                               .anchors = {root}}),
                         DTLS_OK);
        assert_int_equal(ask((struct question){.peer = {make_leaf(one), one},
                                               .anchors = {root}}),
                         limit >= 1 ? DTLS_OK : DTLS_BAD_CERTIFICATE);
        assert_int_equal(
            ask((struct question){.peer = {make_leaf(rollover), rollover, one},
                                  .anchors = {root}}),
            limit >= 1 ? DTLS_OK : DTLS_BAD_CERTIFICATE);
        assert_int_equal(
            ask((struct question){.peer = {make_leaf(two), two, rollover, one},
                                  .anchors = {root}}),
            limit >= 2 ? DTLS_OK : DTLS_BAD_CERTIFICATE);
        make_end(NULL);
    }
}

static void an_issuer_must_be_a_ca_that_may_sign(void **state)
{
    static const struct {
        const char *extensions[3];
        bool none;
        enum dtls_status status;
    } issuers[] = {
        {{MAKE_CA}, false, DTLS_OK},
        {{MAKE_CA, "keyUsage=keyCertSign"}, false, DTLS_OK},
        {{MAKE_CA, "keyUsage=cRLSign"}, false, DTLS_BAD_CERTIFICATE},
        {{"basicConstraints=CA:FALSE"}, false, DTLS_BAD_CERTIFICATE},
        {{"keyUsage=cRLSign"}, false, DTLS_BAD_CERTIFICATE},
        {{NULL}, false, DTLS_BAD_CERTIFICATE},
        {{NULL}, true, DTLS_BAD_CERTIFICATE},
        {{MAKE_CA, "extendedKeyUsage=serverAuth"}, false, DTLS_OK},
        {{MAKE_CA, "extendedKeyUsage=clientAuth"},
         false,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {{MAKE_CA, "nameConstraints=permitted;DNS:localhost"},
         false,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {{MAKE_CA, "policyConstraints=requireExplicitPolicy:0"},
         false,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {{MAKE_CA, "1.2.3.4=critical,ASN1:NULL"},
         false,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {{MAKE_CA, "1.2.3.4=ASN1:NULL"}, false, DTLS_OK},
    };

    (void)state;
    proves("D5246-7.4.2-16");
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        kit_row("issuer %zu: %s", i,
                issuers[i].extensions[0] != NULL ? issuers[i].extensions[0]
                                                 : "no extension");
        /* Once as an intermediate, once as the anchor. */
        for (size_t is_anchor = 0; is_anchor < 2; is_anchor++) {
            kit_row("as %s", is_anchor ? "an anchor" : "an intermediate");
            struct made *root = make_ca("root", NULL, 0);
            struct wish wish = {.name = "one",
                                .issuer = is_anchor ? NULL : root,
                                .key = make_ec(1),
                                .no_extensions = issuers[i].none};
            struct made *one;

            memcpy(wish.extensions, issuers[i].extensions,
                   sizeof issuers[i].extensions);
            one = make_cert(wish);
            assert_int_equal(
                ask((struct question){.peer = {make_leaf(one), one},
                                      .anchors = {is_anchor ? one : root}}),
                issuers[i].status);
            make_end(NULL);
        }
    }
}

/* A certificate as `openssl x509 -req -signkey` makes it. */
static struct made *make_version_1(const char *name, struct made *issuer)
{
    struct wish wish = {.name = name,
                        .issuer = issuer,
                        .key = make_ec(3),
                        .no_extensions = true};
    X509 *x509 = make_unsigned(&wish);
    struct made *m;

    X509_set_version(x509, X509_VERSION_1);
    make_sign(x509, make_signer(&wish), &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    return m;
}

static void only_an_anchor_may_be_of_version_1(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *self_signed = make_version_1("old root", NULL);
    struct made *issued = make_version_1("old CA", root);
    struct made *unsaid =
        make_cert((struct wish){.name = "without basicConstraints",
                                .issuer = root,
                                .key = make_ec(4),
                                .extensions = {"keyUsage=keyCertSign"}});

    (void)state;
    assert_int_equal(ask((struct question){.peer = {make_leaf(self_signed)},
                                           .anchors = {self_signed}}),
                     DTLS_OK);
    /* Trusted, but a root would say it of itself only. */
    assert_int_equal(ask((struct question){.peer = {make_leaf(issued)},
                                           .anchors = {issued}}),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(ask((struct question){.peer = {make_leaf(issued), issued},
                                           .anchors = {root}}),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(ask((struct question){.peer = {make_leaf(unsaid)},
                                           .anchors = {unsaid}}),
                     DTLS_OK);
    assert_int_equal(ask((struct question){.peer = {make_leaf(unsaid), unsaid},
                                           .anchors = {root}}),
                     DTLS_BAD_CERTIFICATE);
    /* A leaf, although it is trusted itself. */
    assert_int_equal(ask_ours(&(struct question){.peer = {self_signed},
                                                 .anchors = {self_signed}}),
                     DTLS_UNSUPPORTED_CERTIFICATE);
}

/* The words of a refusal; "" if the status says all. */
static const char *words_of(struct made *leaf, struct made *middle,
                            struct made *root, enum dtls_purpose purpose)
{
    const char *why = "";

    assert_int_not_equal(ask_ours(&(struct question){.peer = {leaf, middle},
                                                     .anchors = {root},
                                                     .purpose = purpose,
                                                     .why = &why}),
                         DTLS_OK);
    return why == NULL ? "" : why;
}

static void a_refusal_says_why(void **state)
{
    static const struct {
        const char *extension; /* of the leaf, or of the issuer */
        bool of_issuer;
        bool is_ca; /* it says so beside that */
        const char *server;
        const char *client; /* NULL: the same */
    } rows[] = {
        {"extendedKeyUsage=codeSigning", false, false,
         "extKeyUsage does not allow it for a server",
         "extKeyUsage does not allow it for a client"},
        {"keyUsage=nonRepudiation", false, false,
         "allows nothing that a server does", "does not let it sign"},
        {"1.2.3.4=critical,ASN1:NULL", false, false, "critical extension",
         NULL},
        {"1.2.3.4=critical,ASN1:NULL", true, true, "critical extension", NULL},
        {"extendedKeyUsage=codeSigning", true, true, "for a server", NULL},
        {"keyUsage=keyCertSign", true, false, "not a CA", NULL},
        {"basicConstraints=CA:FALSE", true, false, "not a CA", NULL},
    };
    struct made *root = make_ca("root", NULL, 0);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wish wish = {.name = "one", .issuer = root, .key = make_ec(1)};
        struct made *one;
        struct made *leaf;

        kit_row("row %zu: %s", i, rows[i].extension);
        wish.extensions[0] = rows[i].extension;
        wish.extensions[1] = rows[i].is_ca ? MAKE_CA : NULL;
        one = make_cert(wish);
        leaf = rows[i].of_issuer ? make_leaf(one) : one;
        /* The leaf below a bad issuer is a server's. */
        for (int p = DTLS_PURPOSE_SERVER;
             p <=
             (rows[i].of_issuer ? DTLS_PURPOSE_SERVER : DTLS_PURPOSE_CLIENT);
             p++) {
            const char *wanted =
                p == DTLS_PURPOSE_SERVER || rows[i].client == NULL
                    ? rows[i].server
                    : rows[i].client;
            const char *got = words_of(leaf, rows[i].of_issuer ? one : NULL,
                                       root, (enum dtls_purpose)p);

            if (strstr(got, wanted) == NULL) {
                fail_msg("\"%s\" is not in \"%s\"", wanted, got);
            }
        }
    }
    assert_string_equal(
        words_of(make_version_1("old", root), NULL, root, DTLS_PURPOSE_SERVER),
        "a version 1 certificate cannot be a server's");
    assert_string_equal(
        words_of(make_version_1("old", root), NULL, root, DTLS_PURPOSE_CLIENT),
        "a version 1 certificate cannot be a client's");
    /* "unknown CA" is all that there is to say. */
    assert_string_equal(words_of(make_leaf(root), NULL,
                                 make_ca("other", NULL, 5),
                                 DTLS_PURPOSE_SERVER),
                        "");
}

static void a_leaf_must_fit_its_purpose(void **state)
{
    enum { NEITHER, SERVER, CLIENT, BOTH };
    static const struct {
        const char *extensions[3];
        unsigned good;
    } leaves[] = {
        {{NULL}, BOTH},
        {{"extendedKeyUsage=serverAuth"}, SERVER},
        {{"extendedKeyUsage=clientAuth"}, CLIENT},
        {{"extendedKeyUsage=clientAuth,serverAuth,codeSigning"}, BOTH},
        {{"extendedKeyUsage=codeSigning"}, NEITHER},
        {{"extendedKeyUsage=anyExtendedKeyUsage"}, NEITHER},
        {{"extendedKeyUsage=anyExtendedKeyUsage,serverAuth"}, SERVER},
        {{"keyUsage=digitalSignature"}, BOTH},
        {{"keyUsage=keyEncipherment"}, SERVER},
        {{"keyUsage=keyAgreement"}, SERVER},
        {{"keyUsage=nonRepudiation"}, NEITHER},
        {{"keyUsage=decipherOnly"}, NEITHER},
        {{"keyUsage=keyCertSign", MAKE_CA}, NEITHER},
        {{MAKE_CA}, BOTH},
        {{"1.2.3.4=critical,ASN1:NULL"}, NEITHER},
        {{"nsCertType=server,client"}, NEITHER},
    };
    struct made *root = make_ca("root", NULL, 0);

    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T2a");
    proves("FCS_DTLSC_EXT.1.1-T2b");
    proves("FCS_DTLSS_EXT.2.1-T4a");
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        kit_row("leaf %zu: %s", i,
                leaves[i].extensions[0] != NULL ? leaves[i].extensions[0]
                                                : "no extension");
        struct wish wish = {.name = "leaf", .issuer = root, .key = make_ec(1)};
        struct made *leaf;

        memcpy(wish.extensions, leaves[i].extensions,
               sizeof leaves[i].extensions);
        leaf = make_cert(wish);
        assert_int_equal(
            ask((struct question){.peer = {leaf}, .anchors = {root}}),
            leaves[i].good & SERVER ? DTLS_OK : DTLS_UNSUPPORTED_CERTIFICATE);
        assert_int_equal(
            ask((struct question){.peer = {leaf},
                                  .anchors = {root},
                                  .purpose = DTLS_PURPOSE_CLIENT}),
            leaves[i].good & CLIENT ? DTLS_OK : DTLS_UNSUPPORTED_CERTIFICATE);
    }
}

static void the_right_name_with_another_key_is_a_wrong_signature(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_cert((struct wish){.name = "leaf",
                                                .issuer = root,
                                                .key = make_ec(1),
                                                .signer = make_ec(2)});
    struct made *one = make_cert((struct wish){.name = "one",
                                               .issuer = root,
                                               .key = make_ec(3),
                                               .signer = make_ec(2),
                                               .extensions = {MAKE_CA}});

    (void)state;
    proves("D5246-7.4.2-15");
    proves("FCS_DTLSS_EXT.2.1-T3");
    assert_int_equal(ask((struct question){.peer = {leaf}, .anchors = {root}}),
                     DTLS_CERTIFICATE_SIGNATURE);
    assert_int_equal(ask((struct question){.peer = {make_leaf(one), one},
                                           .anchors = {root}}),
                     DTLS_CERTIFICATE_SIGNATURE);
}

static void key_identifiers_choose_among_issuers_of_one_name(void **state)
{
    struct made *first = make_ca("root", NULL, 0);
    struct made *second = make_ca("root", NULL, 1);
    struct made *leaf = make_leaf(second);
    struct made *silent = make_cert((struct wish){.name = "leaf",
                                                  .issuer = second,
                                                  .key = make_ec(2),
                                                  .no_extensions = true});
    struct made *named = make_cert(
        (struct wish){.name = "leaf",
                      .issuer = second,
                      .key = make_ec(2),
                      .extensions = {"subjectAltName=DNS:localhost"}});

    (void)state;
    ask_both((struct question){.peer = {leaf}, .anchors = {first, second}});
    ask_both((struct question){.peer = {leaf}, .anchors = {second, first}});
    /* No issuer is left: not a wrong signature, nobody has tried. */
    assert_int_equal(
        ask((struct question){.peer = {named}, .anchors = {first}}),
        DTLS_UNKNOWN_CA);
    /* Without identifiers the signature decides. */
    assert_int_equal(
        ask((struct question){.peer = {silent}, .anchors = {first}}),
        DTLS_CERTIFICATE_SIGNATURE);
}

static void an_issuer_and_serial_number_must_fit_if_they_are_there(
    void **state)
{
    struct made *top = make_ca("top", NULL, 0);
    struct made *root = make_ca("root", top, 1);
    struct made *again = make_ca("root", top, 1);
    struct made *elsewhere;
    struct made *leaf;
    X509 *x509;
    struct wish wish = {.name = "leaf", .issuer = root, .key = make_ec(2)};

    (void)state;
    x509 = make_unsigned(&wish);
    X509_EXTENSION_free(X509_delete_ext(x509, 1));
    make_extension(x509, root->x509, "authorityKeyIdentifier=issuer:always");
    make_sign(x509, root->key, &wish);
    leaf = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&leaf->cert, leaf->der), DTLS_OK);
    ask_both((struct question){.peer = {leaf}, .anchors = {root}});
    /* The same name and key, another serial number. */
    assert_int_equal(
        ask((struct question){.peer = {leaf}, .anchors = {again}}),
        DTLS_UNKNOWN_CA);
    /* The same name, key and serial number, from another issuer. */
    wish = (struct wish){.name = "root",
                         .issuer = make_ca("other top", NULL, 3),
                         .key = make_ec(1),
                         .extensions = {MAKE_CA}};
    x509 = make_unsigned(&wish);
    X509_set_serialNumber(x509, X509_get_serialNumber(root->x509));
    make_sign(x509, make_ec(3), &wish);
    elsewhere = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&elsewhere->cert, elsewhere->der),
                     DTLS_OK);
    assert_int_equal(
        ask((struct question){.peer = {leaf}, .anchors = {elsewhere}}),
        DTLS_UNKNOWN_CA);
}

static void rsa_needs_2048_bits_and_nothing_signs_with_sha1(void **state)
{
    struct made *root = make_cert((struct wish){
        .name = "root", .key = make_rsa(0), .extensions = {MAKE_CA}});
    const EVP_MD *good[3] = {EVP_sha256(), EVP_sha384(), EVP_sha512()};
    const EVP_MD *bad[3] = {EVP_sha1(), EVP_sha224(), EVP_md5()};
    EVP_PKEY *weak = EVP_RSA_gen(2047);

    (void)state;
    proves("D9325-4.5-3");
    proves("D9325-4.5-4");
    for (size_t i = 0; i < 3; i++) {
        kit_row("hash %zu", i);
        struct wish wish = {
            .name = "leaf", .issuer = root, .key = make_ec(1), .md = good[i]};

        ask_both(
            (struct question){.peer = {make_cert(wish)}, .anchors = {root}});
        wish.pss = true;
        ask_both(
            (struct question){.peer = {make_cert(wish)}, .anchors = {root}});
        wish.salt_len = 20;
        assert_int_equal(ask((struct question){.peer = {make_cert(wish)},
                                               .anchors = {root}}),
                         DTLS_UNSUPPORTED_CERTIFICATE);
        wish.pss = false;
        wish.md = bad[i];
        assert_int_equal(ask((struct question){.peer = {make_cert(wish)},
                                               .anchors = {root}}),
                         DTLS_UNSUPPORTED_CERTIFICATE);
    }
    root = make_cert(
        (struct wish){.name = "root", .key = weak, .extensions = {MAKE_CA}});
    assert_int_equal(
        ask((struct question){.peer = {make_leaf(root)}, .anchors = {root}}),
        DTLS_UNSUPPORTED_CERTIFICATE);
    EVP_PKEY_free(weak);
}

/* Signs what is under the signature (sha256WithRSAEncryption) again, without
 * the NULL of DigestInfo. */
static void sign_without_null(X509 *x509, EVP_PKEY *key)
{
    const ASN1_BIT_STRING *old;
    uint8_t info[256];
    uint8_t signature[256];
    size_t len = sizeof info;
    size_t signature_len = sizeof signature;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);

    X509_get0_signature(&old, NULL, x509);
    assert_int_equal(EVP_PKEY_verify_recover_init(ctx), 1);
    assert_int_equal(EVP_PKEY_verify_recover(ctx, info, &len, old->data,
                                             (size_t)old->length),
                     1);
    assert_int_equal(len, 51);
    info[1] -= 2;
    info[3] -= 2;
    memmove(&info[15], &info[17], 51 - 17);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, signature, &signature_len, info, 49),
                     1);
    assert_int_equal(signature_len, old->length);
    memcpy(old->data, signature, signature_len);
    EVP_PKEY_CTX_free(ctx);
}

/* RFC 4055, 2.1: implementations MUST accept both.  libcrypto does not. */
static void a_digest_info_without_null_is_accepted(void **state)
{
    struct made *root = make_cert((struct wish){
        .name = "root", .key = make_rsa(0), .extensions = {MAKE_CA}});
    struct wish wish = {.name = "leaf", .issuer = root, .key = make_ec(1)};
    X509 *x509 = make_unsigned(&wish);
    struct question q = {.anchors = {root}};

    (void)state;
    make_sign(x509, root->key, &wish);
    sign_without_null(x509, root->key);
    q.peer[0] = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&q.peer[0]->cert, q.peer[0]->der),
                     DTLS_OK);
    assert_int_equal(ask_ours(&q), DTLS_OK);
    assert_int_equal(ask_libcrypto(&q), X509_V_ERR_CERT_SIGNATURE_FAILURE);
}

static void p_384_and_p_521_sign_too(void **state)
{
    static const char *const curves[2] = {"P-384", "P-521"};
    const EVP_MD *md[2] = {EVP_sha384(), EVP_sha512()};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        EVP_PKEY *key = EVP_EC_gen(curves[i]);
        struct made *root = make_cert((struct wish){
            .name = "root", .key = key, .md = md[i], .extensions = {MAKE_CA}});

        kit_row("%s", curves[i]);
        ask_both((struct question){
            .peer = {make_cert((struct wish){
                .name = "leaf", .issuer = root, .key = key, .md = md[i]})},
            .anchors = {root}});
        EVP_PKEY_free(key);
    }
}

/* RFC 8410 */
static void ed25519_signs_every_link(void **state)
{
    struct made *root = make_load("root-ed25519.der");
    struct made *leaf = make_load("ed25519.der");

    (void)state;
    assert_int_equal(leaf->cert.key.type, DTLS_KEY_ED25519);
    assert_int_equal(leaf->cert.sigalg, 0x0807);
    ask_both((struct question){.peer = {leaf}, .anchors = {root}});
    ask_both((struct question){.peer = {make_load("client-ed25519.der")},
                               .anchors = {root},
                               .purpose = DTLS_PURPOSE_CLIENT});
}

static void a_key_of_another_kind_is_unsupported(void **state)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
    struct made *root = make_ca("root", NULL, 0);
    struct made *ed = make_cert((struct wish){
        .name = "ed", .issuer = root, .key = key, .extensions = {MAKE_CA}});
    struct made *leaf = make_leaf(ed);

    (void)state;
    assert_int_equal(ed->cert.key.type, DTLS_KEY_NONE);
    assert_int_equal(leaf->cert.sigalg, 0);
    assert_int_equal(
        ask((struct question){.peer = {leaf, ed}, .anchors = {root}}),
        DTLS_UNSUPPORTED_CERTIFICATE);
    assert_int_equal(ask((struct question){.peer = {ed}, .anchors = {root}}),
                     DTLS_UNSUPPORTED_CERTIFICATE);
    EVP_PKEY_free(key);
}

/* The point's last byte changed and the certificate signed anew. */
static void a_leaf_whose_key_is_off_its_curve_is_bad(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct wish wish = {.name = "leaf", .issuer = root, .key = make_ec(1)};
    X509 *x509 = make_unsigned(&wish);
    const unsigned char *point;
    unsigned char changed[65];
    int len;
    struct made *leaf;

    (void)state;
    assert_int_equal(X509_PUBKEY_get0_param(NULL, &point, &len, NULL,
                                            X509_get_X509_PUBKEY(x509)),
                     1);
    assert_int_equal(len, sizeof changed);
    memcpy(changed, point, sizeof changed);
    changed[64] ^= 1;
    ASN1_BIT_STRING_set(X509_get0_pubkey_bitstr(x509), changed, len);
    make_sign(x509, root->key, &wish);
    leaf = make_keep(x509, NULL);
    assert_int_equal(dtls_cert_parse(&leaf->cert, leaf->der), DTLS_OK);
    assert_int_equal(leaf->cert.key.type, DTLS_KEY_EC);
    assert_int_equal(ask((struct question){.peer = {leaf}, .anchors = {root}}),
                     DTLS_BAD_CERTIFICATE);
}

static void a_leaf_of_version_1_is_unsupported(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct wish wish = {.name = "leaf",
                        .issuer = root,
                        .key = make_ec(1),
                        .no_extensions = true};
    X509 *x509 = make_unsigned(&wish);
    struct made *leaf;

    (void)state;
    proves("D5246-7.4.2-6");
    X509_set_version(x509, X509_VERSION_1);
    make_sign(x509, root->key, &wish);
    leaf = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&leaf->cert, leaf->der), DTLS_OK);
    assert_int_equal(leaf->cert.version, 1);
    assert_int_equal(ask((struct question){.peer = {leaf}, .anchors = {root}}),
                     DTLS_UNSUPPORTED_CERTIFICATE);
}

static void a_signature_of_another_kind_than_the_key_is_unsupported(
    void **state)
{
    struct made *root = make_cert((struct wish){
        .name = "root", .key = make_rsa(0), .extensions = {MAKE_CA}});
    struct made *leaf = make_cert((struct wish){.name = "leaf",
                                                .issuer = root,
                                                .key = make_ec(1),
                                                .signer = make_ec(2)});

    (void)state;
    assert_int_equal(ask((struct question){.peer = {leaf}, .anchors = {root}}),
                     DTLS_UNSUPPORTED_CERTIFICATE);
}

static void the_path_that_came_furthest_gives_the_reason(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *impostor = make_cert((struct wish){
        .name = "one", .key = make_ec(4), .no_extensions = true});
    struct made *one = make_cert((struct wish){.name = "one",
                                               .issuer = root,
                                               .key = make_ec(1),
                                               .until = "20210101000000Z",
                                               .extensions = {MAKE_CA}});
    struct made *leaf = make_leaf(one);

    (void)state;
    /* A wrong signature, then an expired issuer: the second was the issuer. */
    assert_int_equal(ask((struct question){.peer = {leaf, impostor, one},
                                           .anchors = {root}}),
                     DTLS_CERTIFICATE_EXPIRED);
    assert_int_equal(ask((struct question){.peer = {leaf, one, impostor},
                                           .anchors = {root}}),
                     DTLS_CERTIFICATE_EXPIRED);
    assert_int_equal(
        ask((struct question){.peer = {leaf, impostor}, .anchors = {root}}),
        DTLS_CERTIFICATE_SIGNATURE);
}

static enum dtls_status broken_verify(void *self,
                                      const struct dtls_public_key *key,
                                      const struct dtls_sigalg *alg,
                                      struct dtls_bytes digest,
                                      struct dtls_bytes signature)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)digest;
    (void)signature;
    num_verified++;
    return DTLS_INTERNAL_ERROR;
}

/* Two certificates of one name and key fail at the same step. */
static void of_two_that_came_as_far_the_first_gives_the_reason(void **state)
{
    struct made *root = make_ca("root", NULL, 1);
    struct made *expired =
        make_cert((struct wish){.name = "ca",
                                .issuer = root,
                                .key = make_ec(2),
                                .until = "20200102000000Z",
                                .extensions = {MAKE_CA, MAKE_CA_USE}});
    struct made *mute = make_cert(
        (struct wish){.name = "ca",
                      .issuer = root,
                      .key = make_ec(2),
                      .extensions = {MAKE_CA, "keyUsage=critical,cRLSign"}});
    struct made *leaf = make_leaf(mute);

    (void)state;
    assert_int_equal(ask((struct question){.peer = {leaf, expired, mute},
                                           .anchors = {root}}),
                     DTLS_CERTIFICATE_EXPIRED);
    assert_int_equal(ask((struct question){.peer = {leaf, mute, expired},
                                           .anchors = {root}}),
                     DTLS_BAD_CERTIFICATE);
    make_forget();
}

static void a_failure_of_libcrypto_is_not_blamed_on_the_peer(void **state)
{
    struct dtls_crypto broken = dtls_libcrypto;
    struct made *root = make_load("root.der");
    struct made *leaf = make_load("rsa.der");
    struct dtls_cert_item second = {&root->cert, NULL};
    struct dtls_cert_item first = {&root->cert, &second};
    struct dtls_verify verify = {.crypto = &broken, .anchors = &first};

    (void)state;
    broken.verify = broken_verify;
    num_verified = 0;
    assert_int_equal(dtls_chain_verify(&verify, &leaf->cert, 1),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(num_verified, 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, make_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_root_signs_every_leaf_of_the_pki),
        TEST(a_chain_of_four_rsa_certificates_is_good),
        TEST(what_is_wrong_with_a_pki_leaf_is_its_status),
        TEST(every_depth_from_1_to_5_is_good_with_both_kinds_of_key),
        TEST(issuers_come_in_any_order_among_strangers_and_twice),
        TEST(an_anchor_may_be_an_intermediate_or_the_leaf),
        TEST(an_anchor_that_is_the_leaf_must_still_fit_and_be_valid),
        TEST(a_cross_signed_issuer_leads_to_either_root),
        TEST(issuers_that_sign_each_other_end),
        TEST(no_more_than_32_signatures_are_checked),
        TEST(a_certificate_is_on_a_path_only_once),
        TEST(a_path_has_at_most_10_certificates),
        TEST(time_counts_from_not_before_up_to_not_after),
        TEST(time_counts_for_intermediates_and_anchors_too),
        TEST(time_is_not_looked_at_if_nobody_wants_it),
        TEST(path_length_counts_intermediates_that_are_not_self_issued),
        TEST(an_issuer_must_be_a_ca_that_may_sign),
        TEST(only_an_anchor_may_be_of_version_1),
        TEST(a_refusal_says_why),
        TEST(a_leaf_must_fit_its_purpose),
        TEST(the_right_name_with_another_key_is_a_wrong_signature),
        TEST(key_identifiers_choose_among_issuers_of_one_name),
        TEST(an_issuer_and_serial_number_must_fit_if_they_are_there),
        TEST(rsa_needs_2048_bits_and_nothing_signs_with_sha1),
        TEST(a_digest_info_without_null_is_accepted),
        TEST(p_384_and_p_521_sign_too),
        TEST(ed25519_signs_every_link),
        TEST(a_key_of_another_kind_is_unsupported),
        TEST(a_leaf_whose_key_is_off_its_curve_is_bad),
        TEST(a_leaf_of_version_1_is_unsupported),
        TEST(a_signature_of_another_kind_than_the_key_is_unsupported),
        TEST(the_path_that_came_furthest_gives_the_reason),
        TEST(of_two_that_came_as_far_the_first_gives_the_reason),
        TEST(a_failure_of_libcrypto_is_not_blamed_on_the_peer),
    };

    return kit_run(tests);
}
