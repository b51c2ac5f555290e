/* SPDX-License-Identifier: MIT */
/* Certificates: src/x509/cert.c, cert_extensions.c, algorithm.c, name.c. */
#include "make.h"
#include "base/der.h"

static struct dtls_bytes bytes_of_hex(uint8_t *out, const char *hex)
{
    size_t len = strlen(hex) / 2;

    for (size_t i = 0; i < len; i++) {
        unsigned value;

        kit_row("byte %zu", i);
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
        out[i] = (uint8_t)value;
    }
    return (struct dtls_bytes){out, len};
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days;
    int seconds;

    assert_int_equal(ASN1_TIME_diff(&days, &seconds, epoch, time), 1);
    ASN1_TIME_free(epoch);
    return (int64_t)days * 86400 + seconds;
}

static void fields_are_those_that_libcrypto_reads(void **state)
{
    static const char *const names[] = {
        "root.der",    "rsa.der", "ec.der",      "client-rsa.der",
        "root-ec.der", "ca2.der", "expired.der", "weak.der",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        kit_row("%s", names[i]);
        struct made *m = make_load(names[i]);
        const struct dtls_cert *c = &m->cert;
        unsigned char *tbs = NULL;
        unsigned char *subject = NULL;
        const ASN1_BIT_STRING *signature;
        const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(m->x509);
        int len = i2d_re_X509_tbs(m->x509, &tbs);

        assert_true(dtls_bytes_equal(c->der, m->der));
        assert_true(dtls_bytes_equal(c->tbs, dtls_bytes_of(tbs, (size_t)len)));
        len = i2d_X509_NAME(X509_get_subject_name(m->x509), &subject);
        assert_true(
            dtls_bytes_equal(c->subject, dtls_bytes_of(subject, (size_t)len)));
        X509_get0_signature(&signature, NULL, m->x509);
        assert_true(dtls_bytes_equal(
            c->signature,
            dtls_bytes_of(signature->data, (size_t)signature->length)));
        assert_true(dtls_bytes_equal(
            c->subject_key_id, dtls_bytes_of(id->data, (size_t)id->length)));
        assert_int_equal(c->version, 3);
        assert_true(c->not_before == seconds_of(X509_get0_notBefore(m->x509)));
        assert_true(c->not_after == seconds_of(X509_get0_notAfter(m->x509)));
        assert_int_equal(c->is_ca, X509_check_ca(m->x509) == 1);
        /* libcrypto has bit 0 on top of the low byte. */
        assert_int_equal(c->key_usage >> 8,
                         X509_get_key_usage(m->x509) & 0xff);
        assert_false(c->has_unhandled_critical);
        OPENSSL_free(tbs);
        OPENSSL_free(subject);
    }
}

static void keys_are_those_that_libcrypto_reads(void **state)
{
    struct made *rsa = make_load("rsa.der");
    struct made *ec = make_load("ec.der");
    const struct dtls_public_key *key = &rsa->cert.key;
    BIGNUM *n = NULL;
    unsigned char number[256];
    unsigned char *point = NULL;
    size_t point_len;

    (void)state;
    assert_int_equal(key->type, DTLS_KEY_RSA);
    assert_int_equal(
        EVP_PKEY_get_bn_param(X509_get0_pubkey(rsa->x509), "n", &n), 1);
    assert_int_equal(BN_bn2binpad(n, number, 256), 256);
    assert_true(dtls_bytes_equal(key->n, dtls_bytes_of(number, 256)));
    assert_true(dtls_bytes_equal(key->e, dtls_bytes_of("\x01\x00\x01", 3)));
    BN_free(n);

    key = &ec->cert.key;
    assert_int_equal(key->type, DTLS_KEY_EC);
    assert_int_equal(key->group, DTLS_GROUP_SECP256R1);
    point_len =
        EVP_PKEY_get1_encoded_public_key(X509_get0_pubkey(ec->x509), &point);
    assert_true(dtls_bytes_equal(key->point, dtls_bytes_of(point, point_len)));
    OPENSSL_free(point);
}

static void every_truncation_and_every_tail_is_refused(void **state)
{
    static const char *const names[] = {"root.der", "rsa.der", "ec.der"};

    (void)state;
    proves("D5246-7.4.2-19");
    for (size_t i = 0; i < 3; i++) {
        kit_row("%s", names[i]);
        struct made *m = make_load(names[i]);
        struct dtls_cert out;
        struct dtls_cert before;

        memset(&out, 0x23, sizeof out);
        before = out;
        for (size_t len = 0; len <= m->der.len + 1; len++) {
            uint8_t *copy;

            kit_row("%zu bytes of %zu", len, m->der.len);
            if (len == m->der.len) {
                continue;
            }
            copy = calloc(1, len);
            memcpy(copy, m->der.data, len < m->der.len ? len : m->der.len);
            assert_int_equal(dtls_cert_parse(&out, dtls_bytes_of(copy, len)),
                             DTLS_BAD_CERTIFICATE);
            assert_memory_equal(&out, &before, sizeof out);
            free(copy);
        }
    }
}

/* Makes a certificate of version `version` with one extension from hex, or
 * none, and reads it. */
static enum dtls_status parse_with(struct dtls_cert *out, long version,
                                   const char *oid, int critical,
                                   const char *hex, unsigned times)
{
    struct wish wish = {.name = "x", .key = make_ec(0), .no_extensions = true};
    X509 *x509 = make_unsigned(&wish);
    uint8_t value[512];
    struct made *m;

    X509_set_version(x509, version);
    for (unsigned i = 0; i < times; i++) {
        kit_row("extension %u, %s", i, oid);
        struct dtls_bytes contents = bytes_of_hex(value, hex);
        ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
        ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
        X509_EXTENSION *ext;

        ASN1_OCTET_STRING_set(octets, contents.data, (int)contents.len);
        ext = X509_EXTENSION_create_by_OBJ(NULL, object, critical, octets);
        X509_add_ext(x509, ext, -1);
        X509_EXTENSION_free(ext);
        ASN1_OCTET_STRING_free(octets);
        ASN1_OBJECT_free(object);
    }
    make_sign(x509, wish.key, &wish);
    /* libcrypto 3.5 signs extensions as of version 3.  The parser does not
     * look at the signature. */
    X509_set_version(x509, version);
    m = make_keep(x509, wish.key);
    return dtls_cert_parse(out, m->der);
}

static void extensions_come_with_version_3_only(void **state)
{
    struct dtls_cert cert;

    (void)state;
    assert_int_equal(parse_with(&cert, 0, "1.2.3", 0, "", 0), DTLS_OK);
    assert_int_equal(cert.version, 1);
    assert_int_equal(parse_with(&cert, 1, "1.2.3", 0, "", 0), DTLS_OK);
    assert_int_equal(cert.version, 2);
    assert_int_equal(parse_with(&cert, 2, "1.2.3", 0, "", 0), DTLS_OK);
    assert_int_equal(cert.version, 3);
    assert_int_equal(parse_with(&cert, 3, "1.2.3", 0, "", 0),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(parse_with(&cert, 0, "1.2.3", 0, "", 1),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(parse_with(&cert, 1, "1.2.3", 0, "", 1),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(parse_with(&cert, 2, "1.2.3", 0, "", 1), DTLS_OK);
}

static void an_extension_comes_once(void **state)
{
    struct dtls_cert cert;

    (void)state;
    assert_int_equal(parse_with(&cert, 2, "1.2.3", 0, "", 2),
                     DTLS_BAD_CERTIFICATE);
    assert_int_equal(parse_with(&cert, 2, "2.5.29.19", 0, "3000", 2),
                     DTLS_BAD_CERTIFICATE);
}

#define BC "2.5.29.19"
#define KU "2.5.29.15"
#define EKU "2.5.29.37"
#define SAN "2.5.29.17"
#define SKID "2.5.29.14"
#define AKID "2.5.29.35"
#define CRLDP "2.5.29.31"
#define POLICIES "2.5.29.32"

static void known_extensions_have_one_form(void **state)
{
    static const struct {
        const char *oid;
        const char *hex;
        bool good;
    } rows[] = {
        {BC, "3000", true},
        {BC, "30030101ff", true},
        {BC, "3003010100", true}, /* a default, tolerated */
        {BC, "3003010101", false},
        {BC, "30060101ff020100", true},
        {BC, "30070101ff02020080", true},
        {BC, "30070101ff02020100", true},
        {BC, "30070101ff02020001", false},
        {BC, "30060101ff0201ff", false},
        {BC, "30060201000101ff", false},
        {BC, "30030101ff00", false},
        {BC, "30090101ff020100020100", false},
        {BC, "3080", false},
        {BC, "", false},
        {KU, "03020780", true},
        {KU, "03020080", true}, /* zero bits at the end, tolerated */
        {KU, "03020781", false},
        {KU, "0303070080", true},
        {KU, "03020700", false},
        {KU, "030100", false},
        {KU, "0302078000", false},
        {KU, "04020780", false},
        {EKU, "300a06082b06010505070301", true},
        {EKU, "3000", false},
        {EKU, "300a06082b06010505070381", false},
        {EKU, "300a06082b0601050507030100", false},
        {EKU, "300c06082b060105050703010500", false},
        {SAN,
         "30038201"
         "61",
         true},
        {SAN, "3000", false},
        {SAN, "3003820180", false},
        {SAN,
         "30068704"
         "23456789",
         true},
        {SAN,
         "300587032345"
         "67",
         false},
        {SAN, "3004a3026100", true},           /* x400Address */
        {SAN, "3009a507a1050c03616263", true}, /* ediPartyName */
        {SAN, "300ea50ca0030c0161a1050c03616263", true},
        {SAN, "3007a505a0030c0161", false},
        {SAN, "3009a507a1050403616263", false},
        {SAN, "300787052345678901", false},
        {SAN, "3004a4023000", true},
        {SAN, "3003a40130", false},
        {SAN, "3004a4003000", false},
        {SAN, "300588032a0304", true},
        {SAN, "300488022a83", false},
        {SAN, "300aa00806022a03a0020500", true},
        {SAN, "3008a00606022a03a000", false},
        {SAN, "300ba00906022a03a003050100", false},
        {SAN,
         "300ca00a06022a03a0020500"
         "0500",
         false},
        {SAN, "3002a300", true},
        {SAN, "3003890161", false},
        {SAN, "3005a203820161", false},
        {SKID, "040123", true},
        {SKID, "0400", true},
        {SKID,
         "040123"
         "00",
         false},
        {SKID, "030123", false},
        {AKID, "3000", true},
        {AKID, "3003800123", true},
        {AKID, "300b800123a103820161820123", true},
        {AKID, "300ba103820161820123800123", false},
        {AKID, "3008a103820161820123", true},
        {AKID, "3002a100", false},
        {AKID, "300482020001", false},
        {AKID, "3003830123", false},
        {CRLDP,
         "30093007a005a0038601"
         "61",
         true},
        {CRLDP, "3000", true}, /* not used: read as libcrypto does */
        {CRLDP,
         "300b3009a007a00587032345"
         "67",
         true},
        {CRLDP, "300a3008a006a004a3026100", true},
        {CRLDP, "30023000", true},
        {CRLDP, "30063004a002a000", false},
        {CRLDP,
         "300630048102"
         "0780",
         true},
        {CRLDP, "3006300481020781", false},
        {CRLDP, "30073005a203820161", true},
        {CRLDP,
         "3005300383"
         "0161",
         false},
        {CRLDP,
         "3011300fa00da10b300906035504030c0261"
         "62",
         true},
        {CRLDP, "300b3009a007a0038601610500", false},
        {CRLDP, "30123010a00ea10a300806035504030c01610500", false},
        {CRLDP, "3005a003820161", false},
        {POLICIES, "3006300406022a03", true},
        {POLICIES, "3000", true}, /* not used: not read */
        {POLICIES, "", true},
        {POLICIES,
         "301a301806032a03043011300f06032a03050c08"
         "7175616c69666965",
         true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_row("%s %s", rows[i].oid, rows[i].hex);
        struct dtls_cert cert;
        enum dtls_status status =
            parse_with(&cert, 2, rows[i].oid, 0, rows[i].hex, 1);

        if (status != (rows[i].good ? DTLS_OK : DTLS_BAD_CERTIFICATE)) {
            fail_msg("%s %s: %x", rows[i].oid, rows[i].hex, (unsigned)status);
        }
        if (rows[i].good && cert.has_unhandled_critical) {
            fail_msg("%s %s is unhandled", rows[i].oid, rows[i].hex);
        }
        make_end(NULL);
    }
}

static void what_is_not_understood_refuses_the_chain(void **state)
{
    static const struct {
        const char *oid;
        const char *hex;
        bool if_critical;
        bool if_not;
    } rows[] = {
        {BC, "3000", false, false},
        {KU, "03020780", false, false},
        {EKU, "300a06082b06010505070301", false, false},
        {SAN, "3003820161", false, false},
        {SKID, "040123", true, false},
        {AKID, "3000", true, false},
        {CRLDP, "30023000", true, false},
        {POLICIES, "3006300406022a03", true, false},
        {"1.2.3.4", "0500", true, false},
        {"2.5.29.30", "3000", true, true},
        {"2.5.29.33", "3000", true, true},
        {"2.5.29.36", "3000", true, true},
        {"2.5.29.54", "020100", true, true},
        {"1.3.6.1.5.5.7.1.7", "3000", true, true},
        {"1.3.6.1.5.5.7.1.8", "3000", true, true},
        {"1.3.6.1.5.5.7.1.14", "3000", true, true},
        {"2.16.840.1.113730.1.1", "03020640", true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dtls_cert cert;

        kit_row("%s %s", rows[i].oid, rows[i].hex);
        for (int critical = 0; critical <= 1; critical++) {
            kit_row("critical %d", critical);
            assert_int_equal(
                parse_with(&cert, 2, rows[i].oid, critical, rows[i].hex, 1),
                DTLS_OK);
            if (cert.has_unhandled_critical !=
                (critical ? rows[i].if_critical : rows[i].if_not)) {
                fail_msg("%s, critical %d", rows[i].oid, critical);
            }
        }
        make_end(NULL);
    }
}

static void values_of_extensions_arrive_in_the_fields(void **state)
{
    struct dtls_cert cert;

    (void)state;
    assert_int_equal(parse_with(&cert, 2, BC, 1, "30060101ff020123", 1),
                     DTLS_OK);
    assert_true(cert.has_basic_constraints && cert.is_ca && cert.has_path_len);
    assert_int_equal(cert.path_len, 0x23);
    assert_int_equal(parse_with(&cert, 2, BC, 1, "30070101ff02022345", 1),
                     DTLS_OK);
    assert_int_equal(cert.path_len, 255);
    assert_int_equal(parse_with(&cert, 2, BC, 1, "3000", 1), DTLS_OK);
    assert_true(cert.has_basic_constraints && !cert.is_ca &&
                !cert.has_path_len);
    assert_int_equal(parse_with(&cert, 2, KU, 1, "030305a6a0", 1), DTLS_OK);
    assert_true(cert.has_key_usage);
    assert_int_equal(cert.key_usage, 0xa6a0);
    assert_int_equal(parse_with(&cert, 2, EKU, 0,
                                "301a06082b06010505070302"
                                "06082b06010505070303"
                                "0604551d2500",
                                1),
                     DTLS_OK);
    assert_true(cert.has_ext_key_usage);
    assert_int_equal(cert.ext_key_usage,
                     DTLS_EKU_CLIENT_AUTH | DTLS_EKU_OTHER | DTLS_EKU_ANY);
    assert_int_equal(parse_with(&cert, 2, SAN, 0, "3003820161", 1), DTLS_OK);
    assert_true(dtls_bytes_equal(cert.alt_names, dtls_bytes_of("\x82\x01"
                                                               "a",
                                                               3)));
    assert_int_equal(parse_with(&cert, 2, AKID, 0, "3003800123", 1), DTLS_OK);
    assert_true(dtls_bytes_equal(cert.authority_key_id,
                                 dtls_bytes_of("\x80\x01\x23", 3)));
}

static void there_are_at_most_64_extensions(void **state)
{
    (void)state;
    for (unsigned num = 64; num <= 65; num++) {
        kit_row("%u extensions", num);
        struct wish wish = {
            .name = "x", .key = make_ec(0), .no_extensions = true};
        X509 *x509 = make_unsigned(&wish);
        struct made *m;

        for (unsigned i = 0; i < num; i++) {
            char line[64];

            snprintf(line, sizeof line, "1.2.3.%u=ASN1:NULL", i);
            make_extension(x509, x509, line);
        }
        make_sign(x509, wish.key, &wish);
        m = make_keep(x509, wish.key);
        assert_int_equal(dtls_cert_parse(&m->cert, m->der),
                         num == 64 ? DTLS_OK : DTLS_BAD_CERTIFICATE);
    }
}

static void the_two_signature_algorithms_are_the_same_bytes(void **state)
{
    struct made *m = make_load("rsa.der");
    struct dtls_cert out;
    uint8_t *copy = malloc(m->der.len);
    /* SEQUENCE, OID of 9 bytes, NULL; before the BIT STRING of 256. */
    size_t outer = m->der.len - 261 - 15;

    (void)state;
    memcpy(copy, m->der.data, m->der.len);
    assert_int_equal(copy[outer], 0x30);
    assert_int_equal(copy[outer + 12], 11);
    copy[outer + 12] = 12;
    assert_int_equal(dtls_cert_parse(&out, dtls_bytes_of(copy, m->der.len)),
                     DTLS_BAD_CERTIFICATE);
    free(copy);
}

static void signature_algorithms_become_pairs_of_tls(void **state)
{
    const struct {
        bool rsa;
        bool pss;
        int salt_len;
        const EVP_MD *md;
        uint16_t id;
    } rows[] = {
        {true, false, 0, EVP_sha256(), 0x0401},
        {true, false, 0, EVP_sha384(), 0x0501},
        {true, false, 0, EVP_sha512(), 0x0601},
        {false, false, 0, EVP_sha256(), 0x0403},
        {false, false, 0, EVP_sha384(), 0x0503},
        {false, false, 0, EVP_sha512(), 0x0603},
        {true, true, 0, EVP_sha256(), 0x0804},
        {true, true, 0, EVP_sha384(), 0x0805},
        {true, true, 0, EVP_sha512(), 0x0806},
        {true, true, 20, EVP_sha256(), 0},
        {true, true, 32, EVP_sha384(), 0},
        {true, true, 0, EVP_sha1(), 0},
        {true, true, 0, EVP_sha224(), 0},
        {true, false, 0, EVP_sha1(), 0x0201},
        {true, false, 0, EVP_sha224(), 0},
        {true, false, 0, EVP_sha3_256(), 0},
        {true, false, 0, EVP_md5(), 0},
        {false, false, 0, EVP_sha1(), 0x0203},
        {false, false, 0, EVP_sha224(), 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_row("row %zu, pair %04x", i, rows[i].id);
        struct made *m = make_cert(
            (struct wish){.name = "x",
                          .key = rows[i].rsa ? make_rsa(0) : make_ec(0),
                          .md = rows[i].md,
                          .pss = rows[i].pss,
                          .salt_len = rows[i].salt_len});

        assert_int_equal(m->cert.sigalg, rows[i].id);
    }
}

static void mgf1_goes_with_the_same_hash(void **state)
{
    struct made *m = make_cert((struct wish){.name = "x",
                                             .key = make_rsa(0),
                                             .pss = true,
                                             .mgf1_md = EVP_sha384()});

    (void)state;
    assert_int_equal(m->cert.sigalg, 0);
}

/* RFC 5758, 3.2; RFC 8410, 3; RFC 4055, 5 */
static void ecdsa_and_ed25519_have_no_parameters_and_rsa_need_not(void **state)
{
    EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    const struct {
        EVP_PKEY *key;
        int type;
        uint16_t id;
    } rows[] = {{make_ec(0), V_ASN1_NULL, 0},
                {ed25519, V_ASN1_NULL, 0},
                {ed25519, V_ASN1_UNDEF, 0x0807},
                {make_rsa(0), V_ASN1_UNDEF, 0x0401}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("row %zu, pair %04x", i, rows[i].id);
        struct made *m =
            make_cert((struct wish){.name = "x", .key = rows[i].key});
        const X509_ALGOR *outer;
        const X509_ALGOR *inner = X509_get0_tbs_sigalg(m->x509);
        int type = rows[i].type;
        unsigned char *tbs = NULL;

        X509_get0_signature(NULL, &outer, m->x509);
        /* libcrypto hands them out const; the test wants them wrong. */
        X509_ALGOR_set0((X509_ALGOR *)(uintptr_t)inner,
                        OBJ_dup(inner->algorithm), type, NULL);
        X509_ALGOR_set0((X509_ALGOR *)(uintptr_t)outer,
                        OBJ_dup(outer->algorithm), type, NULL);
        assert_true(i2d_re_X509_tbs(m->x509, &tbs) > 0);
        OPENSSL_free(tbs);
        X509_up_ref(m->x509);
        m = make_keep(m->x509, NULL);
        assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
        assert_int_equal(m->cert.sigalg, rows[i].id);
    }
    EVP_PKEY_free(ed25519);
}

/* Reads `m` again with one byte of it, pointed to by `at`, set to `value`. */
static enum dtls_key_type key_with(const struct made *m, const uint8_t *at,
                                   uint8_t value)
{
    uint8_t *der = malloc(m->der.len);
    struct dtls_cert cert;
    enum dtls_key_type type;

    memcpy(der, m->der.data, m->der.len);
    der[at - m->der.data] = value;
    assert_int_equal(dtls_cert_parse(&cert, dtls_bytes_of(der, m->der.len)),
                     DTLS_OK);
    type = cert.key.type;
    free(der);
    return type;
}

static void keys_that_cannot_be_used_are_none(void **state)
{
    struct made *ec = make_load("ec.der");
    struct made *rsa = make_load("rsa.der");
    const uint8_t *point = ec->cert.key.point.data;
    const uint8_t *n = rsa->cert.key.n.data;
    const uint8_t *e = rsa->cert.key.e.data;

    (void)state;
    assert_int_equal(key_with(ec, point, 4), DTLS_KEY_EC);
    assert_int_equal(key_with(ec, point, 6), DTLS_KEY_NONE);
    assert_int_equal(key_with(ec, point, 7), DTLS_KEY_NONE);
    assert_int_equal(key_with(rsa, n + 255, n[255] ^ 2), DTLS_KEY_RSA);
    assert_int_equal(key_with(rsa, n + 255, n[255] ^ 1), DTLS_KEY_NONE);
    assert_int_equal(key_with(rsa, e + 2, 3), DTLS_KEY_RSA);
    assert_int_equal(key_with(rsa, e + 2, 2), DTLS_KEY_NONE);
}

/* RFC 8410, 3 */
static void an_ed25519_key_has_no_parameters(void **state)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    struct made *m = make_cert(
        (struct wish){.name = "x", .key = key, .signer = make_ec(0)});
    X509_ALGOR *algorithm;
    unsigned char *tbs = NULL;

    (void)state;
    assert_int_equal(m->cert.key.type, DTLS_KEY_ED25519);
    assert_int_equal(X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm,
                                            X509_get_X509_PUBKEY(m->x509)),
                     1);
    X509_ALGOR_set0(algorithm, OBJ_dup(algorithm->algorithm), V_ASN1_NULL,
                    NULL);
    assert_true(i2d_re_X509_tbs(m->x509, &tbs) > 0);
    OPENSSL_free(tbs);
    X509_up_ref(m->x509);
    m = make_keep(m->x509, NULL);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    assert_int_equal(m->cert.key.type, DTLS_KEY_NONE);
    EVP_PKEY_free(key);
}

static void keys_of_other_kinds_are_none_and_no_error(void **state)
{
    EVP_PKEY *keys[] = {
        EVP_PKEY_Q_keygen(NULL, NULL, "ED448"),
        EVP_EC_gen("secp256k1"),
        EVP_EC_gen("P-224"),
        EVP_EC_gen("P-256"), /* compressed, below */
        EVP_EC_gen("P-256"), /* explicit curve parameters, below */
    };

    (void)state;
    EVP_PKEY_set_utf8_string_param(keys[3], "point-format", "compressed");
    EVP_PKEY_set_utf8_string_param(keys[4], "encoding", "explicit");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        kit_row("key %zu", i);
        struct made *m = make_cert(
            (struct wish){.name = "x", .key = keys[i], .signer = make_ec(0)});

        assert_int_equal(m->cert.key.type, DTLS_KEY_NONE);
        assert_null(m->cert.key.point.data);
        assert_null(m->cert.key.n.data);
        EVP_PKEY_free(keys[i]);
    }
}

/* Replaces the common name by an attribute with this tag and text
 * of the same length, and reads the result; the signature does not matter. */
static enum dtls_status parse_with_name(uint8_t tag, const char text[8])
{
    struct made *m =
        make_cert((struct wish){.name = "abcdefgh", .key = make_ec(0)});
    uint8_t *der = malloc(m->der.len);
    struct dtls_cert out;
    enum dtls_status status;
    unsigned found = 0;

    memcpy(der, m->der.data, m->der.len);
    for (size_t i = 2; i + 8 <= m->der.len; i++) {
        if (memcmp(der + i, "abcdefgh", 8) == 0) {
            der[i - 2] = tag;
            memcpy(der + i, text, 8);
            found++;
        }
    }
    assert_int_equal(found, 2); /* issuer and subject */
    status = dtls_cert_parse(&out, dtls_bytes_of(der, m->der.len));
    free(der);
    return status;
}

static void text_in_a_name_is_what_its_type_says(void **state)
{
    static const struct {
        uint8_t tag;
        const char *text;
        bool good;
    } rows[] = {
        {DER_UTF8_STRING, "abcdefgh", true},
        {DER_UTF8_STRING, "\xc3\xa4\xe2\x82\xac\x61\x62\x63", true},
        {DER_UTF8_STRING, "\xf4\x8f\xbf\xbf\x61\x62\x63\x64", true},
        {DER_UTF8_STRING, "\xf4\x90\x80\x80\x61\x62\x63\x64", false},
        {DER_UTF8_STRING, "\xf5\x80\x80\x80\x61\x62\x63\x64", false},
        {DER_UTF8_STRING,
         "\xc1\xbf"
         "abcdef",
         false},
        {DER_UTF8_STRING,
         "\xe0\x9f\xbf"
         "abcde",
         false},
        {DER_UTF8_STRING,
         "\xf0\x8f\xbf\xbf"
         "abcd",
         false},
        {DER_UTF8_STRING,
         "\xed\xa0\x80"
         "abcde",
         false},
        {DER_UTF8_STRING,
         "\x80"
         "abcdefg",
         false},
        {DER_UTF8_STRING,
         "\xff"
         "abcdefg",
         false},
        {DER_UTF8_STRING,
         "\xc3"
         "abcdefg",
         false},
        {DER_UTF8_STRING, "abcdefg\xc3", false},
        {DER_UTF8_STRING, "abcdef\xe2\x82", false},
        {DER_PRINTABLE_STRING, "abcdefgh", true},
        {DER_PRINTABLE_STRING, "a*b@c_d&", true},
        {DER_IA5_STRING, "abcdefgh", true},
        {DER_NUMERIC_STRING, "abcdefgh", true},
        {DER_T61_STRING,
         "\xe4\xf6\xfc"
         "abcde",
         true},
        {DER_BMP_STRING, "abcdefgh", true},
        {DER_BMP_STRING,
         "\xd7\xff\xe0\x00"
         "abcd",
         true},
        {DER_BMP_STRING,
         "ab\xd8\x00\xdc\x00"
         "cd",
         false},
        {DER_UNIVERSAL_STRING, "\0\0\0a\0\x10\xff\xff", true},
        {DER_UNIVERSAL_STRING, "\0\0\0a\0\x11\0\0", false},
        {DER_UNIVERSAL_STRING, "\0\0\0a\0\0\xdf\xff", false},
        {DER_OCTET_STRING, "abcdefgh", false},
        {DER_VISIBLE_STRING, "abcdefgh", false},
        {DER_SEQUENCE, "abcdefgh", false},
        {0x2c, "abcdefgh", false}, /* constructed */
        {0x8c, "abcdefgh", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_row("row %zu, tag %02x", i, rows[i].tag);
        assert_int_equal(parse_with_name(rows[i].tag, rows[i].text),
                         rows[i].good ? DTLS_OK : DTLS_BAD_CERTIFICATE);
        make_end(NULL);
    }
}

static void several_attributes_of_one_rdn_are_in_order(void **state)
{
    struct wish wish = {.name = "x", .key = make_ec(0)};
    X509 *x509 = make_unsigned(&wish);
    struct made *m;
    uint8_t *der;
    struct dtls_cert out;
    unsigned found = 0;

    (void)state;
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN",
                               MBSTRING_UTF8, (const unsigned char *)"y", -1,
                               -1, -1);
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    der = malloc(m->der.len);
    memcpy(der, m->der.data, m->der.len);
    /* SET { CN x, CN y } or the other way round: swap the letters. */
    for (size_t i = 0; i + 10 < m->der.len; i++) {
        if (der[i] == 'x' && der[i + 10] == 'y') {
            der[i] = 'y';
            der[i + 10] = 'x';
            found++;
        }
    }
    assert_int_equal(found, 1);
    assert_int_equal(dtls_cert_parse(&out, dtls_bytes_of(der, m->der.len)),
                     DTLS_BAD_CERTIFICATE);
    free(der);
}

static void an_issuer_has_a_name_and_a_subject_may_have_none(void **state)
{
    struct wish wish = {.name = "x", .key = make_ec(0)};
    X509_NAME *empty = X509_NAME_new();
    X509 *x509 = make_unsigned(&wish);
    struct made *m;
    struct dtls_cert out;

    (void)state;
    X509_set_subject_name(x509, empty);
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    assert_int_equal(m->cert.subject.len, 2);

    x509 = make_unsigned(&wish);
    X509_set_issuer_name(x509, empty);
    make_sign(x509, wish.key, &wish);
    m = make_keep(x509, wish.key);
    assert_int_equal(dtls_cert_parse(&out, m->der), DTLS_BAD_CERTIFICATE);
    X509_NAME_free(empty);
}

#define TEST(name) cmocka_unit_test_teardown(name, make_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_are_those_that_libcrypto_reads),
        TEST(keys_are_those_that_libcrypto_reads),
        TEST(every_truncation_and_every_tail_is_refused),
        TEST(extensions_come_with_version_3_only),
        TEST(an_extension_comes_once),
        TEST(known_extensions_have_one_form),
        TEST(what_is_not_understood_refuses_the_chain),
        TEST(values_of_extensions_arrive_in_the_fields),
        TEST(there_are_at_most_64_extensions),
        TEST(the_two_signature_algorithms_are_the_same_bytes),
        TEST(signature_algorithms_become_pairs_of_tls),
        TEST(mgf1_goes_with_the_same_hash),
        TEST(ecdsa_and_ed25519_have_no_parameters_and_rsa_need_not),
        TEST(keys_that_cannot_be_used_are_none),
        TEST(an_ed25519_key_has_no_parameters),
        TEST(keys_of_other_kinds_are_none_and_no_error),
        TEST(text_in_a_name_is_what_its_type_says),
        TEST(several_attributes_of_one_rdn_are_in_order),
        TEST(an_issuer_has_a_name_and_a_subject_may_have_none),
    };

    return kit_run(tests);
}
