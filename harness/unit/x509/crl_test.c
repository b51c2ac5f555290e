/* SPDX-License-Identifier: MIT */
/* CRLs: src/x509/crl.c, with libcrypto as the judge. */
#include "make.h"

#include "x509/crl.h"
#include "base/der.h"

#define THIS_UPDATE "20251201000000Z"
#define NEXT_UPDATE "20260201000000Z"

/* What CRL to make.  Whatever is zero has a useful default. */
struct crl_wish {
    const struct made *issuer;
    EVP_PKEY *signer;        /* another key than the issuer's */
    const char *this_update; /* THIS_UPDATE */
    const char *next_update; /* NEXT_UPDATE; "": none */
    const struct made *revoked[4];
    int reason;          /* of all of them; 0: none said */
    bool is_v1;          /* and therefore without extensions */
    const char *entry;   /* an extension of each entry */
    const char *list[4]; /* extensions of the list */
};

struct made_crl {
    X509_CRL *crl;
    uint8_t *der;
    size_t len;
};

static X509_EXTENSION *extension(const struct made *issuer, X509_CRL *crl,
                                 const char *line)
{
    char name[256];
    char *value;
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    snprintf(name, sizeof name, "%s", line);
    value = strchr(name, '=');
    assert_non_null(value);
    *value++ = 0;
    X509V3_set_ctx(&ctx, issuer->x509, NULL, NULL, crl, 0);
    X509V3_set_ctx_nodb(&ctx);
    ext = X509V3_EXT_conf(NULL, &ctx, name, value);
    if (ext == NULL) {
        fail_msg("libcrypto does not understand %s", line);
    }
    return ext;
}

static void add_revoked(X509_CRL *crl, const struct crl_wish *wish,
                        const struct made *cert)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *date = ASN1_TIME_new();

    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(cert->x509));
    ASN1_TIME_set_string_X509(date, "20251130000000Z");
    X509_REVOKED_set_revocationDate(entry, date);
    ASN1_TIME_free(date);
    if (wish->reason != 0) {
        ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();

        ASN1_ENUMERATED_set(reason, wish->reason);
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
        ASN1_ENUMERATED_free(reason);
    }
    if (wish->entry != NULL) {
        X509_EXTENSION *ext = extension(wish->issuer, crl, wish->entry);

        X509_REVOKED_add_ext(entry, ext, -1);
        X509_EXTENSION_free(ext);
    }
    assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
}

static void set_times(X509_CRL *crl, const struct crl_wish *wish)
{
    const char *next = wish->next_update ? wish->next_update : NEXT_UPDATE;
    ASN1_TIME *time = ASN1_TIME_new();

    ASN1_TIME_set_string_X509(time, wish->this_update ? wish->this_update
                                                      : THIS_UPDATE);
    X509_CRL_set1_lastUpdate(crl, time);
    if (*next != '\0') {
        ASN1_TIME_set_string_X509(time, next);
        X509_CRL_set1_nextUpdate(crl, time);
    }
    ASN1_TIME_free(time);
}

static struct made_crl make_crl(struct crl_wish wish)
{
    struct made_crl out = {.crl = X509_CRL_new()};
    uint8_t *der = NULL;
    int len;

    X509_CRL_set_issuer_name(out.crl,
                             X509_get_subject_name(wish.issuer->x509));
    if (!wish.is_v1) { /* which is said by saying nothing */
        X509_CRL_set_version(out.crl, X509_CRL_VERSION_2);
    }
    set_times(out.crl, &wish);
    for (size_t i = 0; i < LEN(wish.revoked) && wish.revoked[i]; i++) {
        kit_row("entry %zu", i);
        add_revoked(out.crl, &wish, wish.revoked[i]);
    }
    for (size_t i = 0; i < LEN(wish.list) && wish.list[i]; i++) {
        kit_row("extension %s", wish.list[i]);
        X509_EXTENSION *ext = extension(wish.issuer, out.crl, wish.list[i]);

        X509_CRL_add_ext(out.crl, ext, -1);
        X509_EXTENSION_free(ext);
    }
    assert_true(X509_CRL_sign(out.crl,
                              wish.signer ? wish.signer : wish.issuer->key,
                              EVP_sha256()) > 0);
    len = i2d_X509_CRL(out.crl, &der);
    assert_true(len > 0);
    out.len = (size_t)len;
    out.der = kit_exact(dtls_bytes_of(der, out.len));
    OPENSSL_free(der);
    return out;
}

static void free_crl(struct made_crl *crl)
{
    X509_CRL_free(crl->crl);
    free(crl->der);
}

static enum dtls_status ours_says(const struct question *q,
                                  struct dtls_bytes der)
{
    struct dtls_cert_item anchor = {&q->anchors[0]->cert, NULL};
    struct dtls_cert peer[16];
    struct dtls_verify verify = {.crypto = &dtls_libcrypto,
                                 .anchors = &anchor,
                                 .purpose = DTLS_PURPOSE_ANY,
                                 .check_time = true,
                                 .unix_time = MAKE_NOW};
    struct dtls_crl_check check = {.crypto = &dtls_libcrypto,
                                   .check_time = true,
                                   .unix_time = q->now ? q->now : MAKE_NOW};
    struct dtls_crl crl;
    size_t num = 0;
    enum dtls_status status = dtls_crl_parse(&crl, der);

    if (status != DTLS_OK) {
        return DTLS_DECODE_ERROR; /* told apart from an issuer's fault */
    }
    for (; num < 16 && q->peer[num] != NULL; num++) {
        peer[num] = q->peer[num]->cert;
    }
    assert_int_equal(dtls_chain_find_issuer(&verify, &check.issuer, peer, num),
                     DTLS_OK);
    assert_non_null(check.issuer);
    return dtls_crl_check(&check, &crl, &peer[0]);
}

/* X509_V_OK, X509_V_ERR_CERT_REVOKED, or why the CRL is no good. */
static int judge_says(const struct question *q, X509_CRL *crl)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *others = sk_X509_new_null();
    X509_VERIFY_PARAM *param;
    int verdict;

    X509_STORE_add_cert(store, q->anchors[0]->x509);
    X509_STORE_add_crl(store, crl);
    for (size_t i = 1; q->peer[i] != NULL; i++) {
        sk_X509_push(others, q->peer[i]->x509);
    }
    X509_STORE_CTX_init(ctx, store, q->peer[0]->x509, others);
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN |
                                           X509_V_FLAG_CRL_CHECK);
    X509_VERIFY_PARAM_set_time(param, (time_t)(q->now ? q->now : MAKE_NOW));
    X509_verify_cert(ctx);
    verdict = X509_STORE_CTX_get_error(ctx);
    sk_X509_free(others);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    ERR_clear_error();
    return verdict;
}

/* Our verdict about peer[0], which must not be better than libcrypto's. */
static enum dtls_status ask_crl(struct question q, struct crl_wish wish)
{
    struct made_crl crl = make_crl(wish);
    enum dtls_status ours = ours_says(&q, dtls_bytes_of(crl.der, crl.len));
    int judge = judge_says(&q, crl.crl);

    free_crl(&crl);
    if (ours == DTLS_OK && judge != X509_V_OK) {
        fail_msg("not revoked, but libcrypto says: %s",
                 X509_verify_cert_error_string(judge));
    }
    if (ours == DTLS_CERTIFICATE_REVOKED && judge == X509_V_OK &&
        wish.reason != CRL_REASON_REMOVE_FROM_CRL) {
        fail_msg("revoked, but libcrypto does not mind");
    }
    return ours;
}

static void what_is_listed_is_revoked_and_nothing_else(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct made *other = make_leaf(root);
    struct made *third = make_leaf(root);
    struct question q = {.peer = {leaf}, .anchors = {root}};

    (void)state;
    proves("D5246-F.1.1-1");
    proves("D9325-7.5-1");
    for (int is_v1 = 0; is_v1 < 2; is_v1++) {
        kit_row("%s", is_v1 ? "version 1" : "version 2");
        assert_int_equal(
            ask_crl(q, (struct crl_wish){.issuer = root, .is_v1 = is_v1}),
            DTLS_OK);
        assert_int_equal(
            ask_crl(q, (struct crl_wish){.issuer = root,
                                         .revoked = {other, third},
                                         .is_v1 = is_v1}),
            DTLS_OK);
        assert_int_equal(
            ask_crl(q, (struct crl_wish){.issuer = root,
                                         .revoked = {other, third, leaf},
                                         .is_v1 = is_v1}),
            DTLS_CERTIFICATE_REVOKED);
        assert_int_equal(ask_crl(q, (struct crl_wish){.issuer = root,
                                                      .revoked = {leaf, other},
                                                      .is_v1 = is_v1}),
                         DTLS_CERTIFICATE_REVOKED);
    }
    /* Whatever the reason; removeFromCRL has no place in a complete list. */
    for (int reason = 1; reason <= 10; reason++) {
        kit_row("reason %d", reason);
        assert_int_equal(ask_crl(q, (struct crl_wish){.issuer = root,
                                                      .revoked = {leaf},
                                                      .reason = reason}),
                         DTLS_CERTIFICATE_REVOKED);
    }
}

static void an_intermediate_s_list_speaks_of_what_it_issued(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *one = make_ca("one", root, 1);
    struct made *again = make_ca("one", root, 2); /* the name, another key */
    struct made *leaf = make_leaf(one);
    struct question q = {.peer = {leaf, one, again}, .anchors = {root}};

    (void)state;
    assert_int_equal(ask_crl(q, (struct crl_wish){.issuer = one}), DTLS_OK);
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = one, .revoked = {leaf}}),
        DTLS_CERTIFICATE_REVOKED);
    assert_int_equal(ask_crl(q, (struct crl_wish){.issuer = root}),
                     DTLS_UNKNOWN_CA);
    assert_int_equal(ask_crl(q, (struct crl_wish){.issuer = again}),
                     DTLS_CERTIFICATE_SIGNATURE);
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = again,
                                     .list = {"authorityKeyIdentifier="
                                              "keyid:always"}}),
        DTLS_UNKNOWN_CA);
    /* And the root's of the intermediate. */
    q = (struct question){.peer = {one}, .anchors = {root}};
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = root, .revoked = {leaf}}),
        DTLS_OK);
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = root, .revoked = {one}}),
        DTLS_CERTIFICATE_REVOKED);
}

static void only_the_issuer_signs_its_list(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *silent = make_cert((struct wish){
        .name = "silent", .key = make_ec(1), .extensions = {MAKE_CA}});
    struct made *not_crls = make_cert(
        (struct wish){.name = "not CRLs",
                      .key = make_ec(2),
                      .extensions = {MAKE_CA, "keyUsage=keyCertSign"}});

    (void)state;
    assert_int_equal(
        ask_crl(
            (struct question){.peer = {make_leaf(root)}, .anchors = {root}},
            (struct crl_wish){.issuer = root, .signer = make_ec(3)}),
        DTLS_CERTIFICATE_SIGNATURE);
    assert_int_equal(ask_crl((struct question){.peer = {make_leaf(silent)},
                                               .anchors = {silent}},
                             (struct crl_wish){.issuer = silent}),
                     DTLS_OK);
    assert_int_equal(ask_crl((struct question){.peer = {make_leaf(not_crls)},
                                               .anchors = {not_crls}},
                             (struct crl_wish){.issuer = not_crls}),
                     DTLS_BAD_CERTIFICATE);
}

static void a_list_is_good_from_this_through_the_next_update(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct question q = {.peer = {leaf}, .anchors = {root}};
    struct crl_wish wish = {.issuer = root,
                            .this_update = "20260203040506Z",
                            .next_update = "20260203040516Z",
                            .revoked = {leaf}};
    int64_t from = INT64_C(1770091506);

    (void)state;
    q.now = from - 1;
    assert_int_equal(ask_crl(q, wish), DTLS_CERTIFICATE_NOT_YET_VALID);
    q.now = from;
    assert_int_equal(ask_crl(q, wish), DTLS_CERTIFICATE_REVOKED);
    q.now = from + 9;
    assert_int_equal(ask_crl(q, wish), DTLS_CERTIFICATE_REVOKED);
    q.now = from + 10; /* the second nextUpdate (RFC 5280, 6.3.3 a) */
    assert_int_equal(ask_crl(q, wish), DTLS_CERTIFICATE_REVOKED);
    q.now = from + 11;
    assert_int_equal(ask_crl(q, wish), DTLS_CERTIFICATE_EXPIRED);
    wish.next_update = "";
    assert_int_equal(ask_crl(q, wish), DTLS_DECODE_ERROR);
}

static void a_list_that_is_not_complete_or_not_understood_is_refused(
    void **state)
{
    static const struct {
        const char *list;
        const char *entry;
        enum dtls_status status;
    } rows[] = {
        {"crlNumber=ASN1:INTEGER:0x2345", NULL, DTLS_OK},
        {"crlNumber=critical,ASN1:INTEGER:0x2345", NULL, DTLS_OK},
        {"issuerAltName=DNS:a.example", NULL, DTLS_OK},
        {"authorityKeyIdentifier=keyid:always", NULL, DTLS_OK},
        {"1.2.3.4=ASN1:NULL", NULL, DTLS_OK},
        {"1.2.3.4=critical,ASN1:NULL", NULL, DTLS_UNSUPPORTED_CERTIFICATE},
        {"2.5.29.46=critical,DER:3000", NULL, DTLS_UNSUPPORTED_CERTIFICATE},
        {"deltaCRL=critical,ASN1:INTEGER:1", NULL,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"deltaCRL=ASN1:INTEGER:1", NULL, DTLS_UNSUPPORTED_CERTIFICATE},
        /* onlyContainsUserCerts; indirectCRL; nothing at all */
        {"2.5.29.28=critical,DER:30038101ff", NULL,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"2.5.29.28=critical,DER:30038401ff", NULL,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"2.5.29.28=DER:30038401ff", NULL, DTLS_UNSUPPORTED_CERTIFICATE},
        {NULL, "invalidityDate=ASN1:GENERALIZEDTIME:20250101000000Z", DTLS_OK},
        {NULL, "1.2.3.4=ASN1:NULL", DTLS_OK},
        {NULL, "1.2.3.4=critical,ASN1:NULL", DTLS_UNSUPPORTED_CERTIFICATE},
        {NULL, "2.5.29.29=critical,DER:3006820461626364",
         DTLS_UNSUPPORTED_CERTIFICATE},
        {NULL, "2.5.29.29=DER:3006820461626364", DTLS_UNSUPPORTED_CERTIFICATE},
        {NULL, "CRLReason=DER:020101", DTLS_DECODE_ERROR},
        {NULL, "CRLReason=DER:0a0101", DTLS_OK},
        {"authorityKeyIdentifier=DER:0400", NULL, DTLS_DECODE_ERROR},
    };
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct made *other = make_leaf(root);
    struct question q = {.peer = {leaf}, .anchors = {root}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("list %s, entry %s", rows[i].list != NULL ? rows[i].list : "-",
                rows[i].entry != NULL ? rows[i].entry : "-");
        struct crl_wish wish = {.issuer = root,
                                .revoked = {other},
                                .entry = rows[i].entry,
                                .list = {rows[i].list}};
        enum dtls_status got = ask_crl(q, wish);

        if (got != rows[i].status) {
            fail_msg("%s %s: %x", rows[i].list ? rows[i].list : "entry",
                     rows[i].entry ? rows[i].entry : "", (unsigned)got);
        }
    }
    /* An extension comes once. */
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = root,
                                     .list = {"1.2.3.4=ASN1:NULL",
                                              "1.2.3.4=ASN1:NULL"}}),
        DTLS_DECODE_ERROR);
    /* Version 1 has none. */
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = root,
                                     .is_v1 = true,
                                     .list = {"1.2.3.4=ASN1:NULL"}}),
        DTLS_DECODE_ERROR);
    assert_int_equal(
        ask_crl(q, (struct crl_wish){.issuer = root,
                                     .is_v1 = true,
                                     .revoked = {other},
                                     .entry = "1.2.3.4=ASN1:NULL"}),
        DTLS_DECODE_ERROR);
}

/* Contents of an extension: each is of another type, or malformed. */
static const char *const contents[] = {
    "0500",                               /* NULL                       */
    "038100",                             /* BIT STRING, a long length  */
    "02022345",                           /* INTEGER                    */
    "0202234500",                         /* and a byte after it        */
    "0202ff01",                           /* negative                   */
    "0a0101",                             /* ENUMERATED                 */
    "3000",                               /* an empty SEQUENCE          */
    "3003820161",                         /* GeneralNames: a DNS name   */
    "3003800161",                         /* a key identifier           */
    "180f32303235303130313030303030305a", /* GeneralizedTime            */
    "170d3235303130313030303030305a",     /* UTCTime                    */
    "180f32303235313330313030303030305a", /* the thirteenth month       */
};

/* Which extensions may be critical, and with which of `contents`. */
static bool may_be_critical(bool in_entry, unsigned number, size_t content)
{
    switch (number) {
    case 18: /* issuerAltName */
        return !in_entry && content == 7;
    case 20: /* cRLNumber */
        return !in_entry && content == 2;
    case 35: /* authorityKeyIdentifier: another key's refuses the list */
        return !in_entry && content == 6;
    case 21: /* reasonCode */
        return in_entry && content == 5;
    case 24: /* invalidityDate */
        return in_entry && content == 9;
    default:
        return false;
    }
}

/* Every extension of id-ce with every content, in the list and in an entry.
 * ask_crl compares with libcrypto. */
static void a_critical_extension_is_obeyed_only_after_its_content_was_read(
    void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct made *other = make_leaf(root);
    struct question q = {.peer = {leaf}, .anchors = {root}};
    unsigned num_good = 0;

    (void)state;
    for (unsigned n = 0; n < 64 * LEN(contents) * 2; n++) {
        bool in_entry = n % 2 != 0;
        unsigned number = n / 2 % 64;
        size_t content = n / 128;
        struct crl_wish wish = {.issuer = root, .revoked = {other}};
        char line[128];

        kit_row("2.5.29.%u, %s, in the %s", number, contents[content],
                in_entry ? "entry" : "list");
        snprintf(line, sizeof line, "2.5.29.%u=critical,DER:%s", number,
                 contents[content]);
        *(in_entry ? &wish.entry : &wish.list[0]) = line;
        if ((ask_crl(q, wish) == DTLS_OK) !=
            may_be_critical(in_entry, number, content)) {
            fail_msg("%s in the %s", line, in_entry ? "entry" : "list");
        }
        num_good += may_be_critical(in_entry, number, content);
    }
    assert_int_equal(num_good, 5);
}

/* The same without critical: what is not used is not read. */
static void an_extension_that_is_not_used_is_not_read(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct made *other = make_leaf(root);
    struct question q = {.peer = {leaf}, .anchors = {root}};

    (void)state;
    for (unsigned n = 0; n < 64 * LEN(contents) * 2; n++) {
        bool in_entry = n % 2 != 0;
        unsigned number = n / 2 % 64;
        bool is_used = in_entry ? number == 21 || number == 29
                                : number == 20 || number == 27 ||
                                      number == 28 || number == 35;
        struct crl_wish wish = {.issuer = root, .revoked = {other}};
        char line[128];

        kit_row("2.5.29.%u, %s, in the %s", number, contents[n / 128],
                in_entry ? "entry" : "list");
        snprintf(line, sizeof line, "2.5.29.%u=DER:%s", number,
                 contents[n / 128]);
        *(in_entry ? &wish.entry : &wish.list[0]) = line;
        if (ask_crl(q, wish) != DTLS_OK && !is_used) {
            fail_msg("%s in the %s", line, in_entry ? "entry" : "list");
        }
    }
}

static void assert_no_crl(void *context, struct dtls_bytes prefix)
{
    uint8_t *exact = kit_exact(prefix);
    struct dtls_crl crl;
    struct dtls_crl before;

    (void)context;
    memset(&crl, 0x5a, sizeof crl);
    memcpy(&before, &crl, sizeof crl);
    assert_int_equal(dtls_crl_parse(&crl, dtls_bytes_of(exact, prefix.len)),
                     DTLS_BAD_CERTIFICATE);
    assert_memory_equal(&crl, &before, sizeof crl);
    free(exact);
}

static struct made_crl rich_crl(const struct made *root,
                                const struct made *leaf)
{
    return make_crl(
        (struct crl_wish){.issuer = root,
                          .revoked = {leaf, make_leaf(root)},
                          .reason = CRL_REASON_KEY_COMPROMISE,
                          .list = {"crlNumber=ASN1:INTEGER:0x2345",
                                   "authorityKeyIdentifier=keyid:always"}});
}

static void every_truncation_and_every_tail_is_refused(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made_crl crl = rich_crl(root, make_leaf(root));
    uint8_t *longer = malloc(crl.len + 2);
    size_t inner = crl.len + 2 - 4;

    (void)state;
    kit_each_prefix(dtls_bytes_of(crl.der, crl.len), assert_no_crl, NULL);
    memcpy(longer, crl.der, crl.len);
    longer[crl.len] = 0;
    assert_no_crl(NULL, dtls_bytes_of(longer, crl.len + 1));
    /* The same inside the outer SEQUENCE: a NULL after the signature. */
    assert_int_equal(longer[1], 0x82);
    longer[2] = (uint8_t)(inner >> 8);
    longer[3] = (uint8_t)inner;
    longer[crl.len] = DER_NULL;
    longer[crl.len + 1] = 0;
    assert_no_crl(NULL, dtls_bytes_of(longer, crl.len + 2));
    free(longer);
    free_crl(&crl);
}

/* Every byte of a CRL that revokes the leaf, changed under a new signature:
 * what is good news to us is good news to libcrypto. */
static void a_changed_byte_under_a_new_signature_is_judged_alike(void **state)
{
    struct made *root = make_ca("root", NULL, 0);
    struct made *leaf = make_leaf(root);
    struct made_crl crl = rich_crl(root, leaf);
    struct question q = {.peer = {leaf}, .anchors = {root}};
    struct dtls_crl parsed;
    uint8_t *tbs;
    unsigned num[2] = {0}; /* not revoked; revoked */

    (void)state;
    assert_int_equal(dtls_crl_parse(&parsed, dtls_bytes_of(crl.der, crl.len)),
                     DTLS_OK);
    tbs = kit_exact(parsed.tbs);
    for (size_t i = 0; i < parsed.tbs.len; i++) {
        kit_row("byte %zu", i);
        for (unsigned n = 0; n < make_num_values(); n++) {
            uint8_t *der = malloc(parsed.tbs.len + 200);
            const uint8_t *p = der;
            size_t len;
            enum dtls_status ours;
            X509_CRL *theirs;

            kit_row("value %u", n);
            tbs[i] = make_other_value(parsed.tbs.data[i], n);
            len = make_sign_tbs(der, tbs, parsed.tbs.len, root->key);
            ours = ours_says(&q, dtls_bytes_of(der, len));
            theirs = d2i_X509_CRL(NULL, &p, (long)len);
            num[0] += ours == DTLS_OK;
            num[1] += ours == DTLS_CERTIFICATE_REVOKED;
            if (ours == DTLS_OK) {
                assert_non_null(theirs);
                assert_ptr_equal(p, der + len);
                assert_int_equal(judge_says(&q, theirs), X509_V_OK);
            }
            X509_CRL_free(theirs);
            ERR_clear_error();
            free(der);
        }
        tbs[i] = parsed.tbs.data[i];
    }
    print_message("crl: %u not revoked, %u revoked\n", num[0], num[1]);
    assert_true(num[0] > 5);
    assert_true(num[1] > 50);
    free(tbs);
    free_crl(&crl);
}

#define TEST(name) cmocka_unit_test_teardown(name, make_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_listed_is_revoked_and_nothing_else),
        TEST(an_intermediate_s_list_speaks_of_what_it_issued),
        TEST(only_the_issuer_signs_its_list),
        TEST(a_list_is_good_from_this_through_the_next_update),
        TEST(a_list_that_is_not_complete_or_not_understood_is_refused),
        TEST(a_critical_extension_is_obeyed_only_after_its_content_was_read),
        TEST(an_extension_that_is_not_used_is_not_read),
        TEST(every_truncation_and_every_tail_is_refused),
        TEST(a_changed_byte_under_a_new_signature_is_judged_alike),
    };

    return kit_run(tests);
}
