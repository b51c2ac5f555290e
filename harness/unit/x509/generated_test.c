/* SPDX-License-Identifier: MIT */
/* A generated set of chains, judged by us and by X509_verify_cert (purpose,
 * time and security level 2 fixed).
 *
 * Every chain of the valid set must be good to both.  With everything else
 * both must agree, but for the rows of differences.tsv, each reviewed and with
 * its reason; a row that no chain needs any more is a failure, too. */
#include "make.h"

enum { LEAF = 1, MIDDLE = 2, ROOT = 4, CAS = MIDDLE | ROOT, ANY = 7 };
enum { DEPTH_MAX = 5 };

/* Something that a certificate of a chain has, good or bad. */
struct spice {
    const char *name;
    unsigned where;        /* in which certificates it may be            */
    bool good;             /* a chain with it and no other is good       */
    bool ours_alone;       /* good to us, not always to libcrypto        */
    bool good_server;      /* and with purpose server at least           */
    bool needs_issuer;     /* not in a certificate that is its own chain */
    const char *extension; /* added, in place of one of the same name    */
    void (*change)(struct wish *wish);
    void (*edit)(X509 *x509); /* before it is signed */
    bool spoil;               /* the signature       */
    bool twin; /* the same name and key, signed by somebody nobody trusts, is
                * among the certificates, too */
};

static EVP_PKEY *odd_keys[7];

static EVP_PKEY *rsa_with_exponent_3(void)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    BIGNUM *three = BN_new();

    BN_set_word(three, 3);
    EVP_PKEY_keygen_init(ctx);
    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048);
    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, three);
    EVP_PKEY_generate(ctx, &key);
    BN_free(three);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* Keys that make_ec and make_rsa do not have; made once. */
static EVP_PKEY *odd_key(size_t number)
{
    if (odd_keys[number] != NULL) {
        return odd_keys[number];
    }
    switch (number) {
    case 0:
        odd_keys[0] = EVP_EC_gen("P-384");
        break;
    case 1:
        odd_keys[1] = EVP_EC_gen("P-521");
        break;
    case 2:
        odd_keys[2] = EVP_RSA_gen(1024);
        break;
    case 3:
        odd_keys[3] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        break;
    case 4:
        odd_keys[4] = EVP_EC_gen("P-224");
        break;
    case 6:
        odd_keys[6] = rsa_with_exponent_3();
        break;
    default:
        odd_keys[5] = EVP_EC_gen("secp256k1");
        break;
    }
    assert_non_null(odd_keys[number]);
    return odd_keys[number];
}

static void p384(struct wish *wish)
{
    wish->key = odd_key(0);
}

static void p521(struct wish *wish)
{
    wish->key = odd_key(1);
}

static void rsa_1024(struct wish *wish)
{
    wish->key = odd_key(2);
}

static void ed25519(struct wish *wish)
{
    wish->key = odd_key(3);
}

static void p224(struct wish *wish)
{
    wish->key = odd_key(4);
}

static void secp256k1(struct wish *wish)
{
    wish->key = odd_key(5);
}

static void exponent_3(struct wish *wish)
{
    wish->key = odd_key(6);
}

static void no_key_ids(struct wish *wish)
{
    wish->no_key_ids = true;
}

static void expired(struct wish *wish)
{
    wish->until = "20250101000000Z";
}

static void ends_now(struct wish *wish)
{
    wish->until = "20260101000000Z";
}

static void ended_a_second_ago(struct wish *wish)
{
    wish->until = "20251231235959Z";
}

static void begins_now(struct wish *wish)
{
    wish->from = "20260101000000Z";
}

static void future(struct wish *wish)
{
    wish->from = "20270101000000Z";
}

static void sha1(struct wish *wish)
{
    wish->md = EVP_sha1();
    wish->pss = false;
}

static void sha224(struct wish *wish)
{
    wish->md = EVP_sha224();
    wish->pss = false;
}

static void other_signer(struct wish *wish)
{
    wish->signer = make_ec(14);
}

static void no_ca(struct wish *wish)
{
    for (size_t i = 0; i < LEN(wish->extensions); i++) {
        if (wish->extensions[i] != NULL &&
            strncmp(wish->extensions[i], "basicC", 6) == 0) {
            wish->extensions[i] = "1.2.3.4=ASN1:NULL";
        }
    }
}

static void version_1(struct wish *wish)
{
    wish->no_extensions = true;
}

static void make_version_1(X509 *x509)
{
    X509_set_version(x509, X509_VERSION_1);
}

static void no_subject(X509 *x509)
{
    X509_NAME *empty = X509_NAME_new();

    X509_set_subject_name(x509, empty);
    X509_NAME_free(empty);
}

/* As RFC 5280, 3.2, has it: of one name, signed by any key. */
static void self_issued(X509 *x509)
{
    X509_set_subject_name(x509, X509_get_issuer_name(x509));
}

static void set_issuer(X509 *x509, int type, const char *organization)
{
    X509_NAME *name = X509_NAME_dup(X509_get_issuer_name(x509));

    X509_NAME_ENTRY_free(X509_NAME_delete_entry(name, 0));
    X509_NAME_add_entry_by_txt(name, "O", type,
                               (const unsigned char *)organization, -1, 0, 0);
    X509_set_issuer_name(x509, name);
    X509_NAME_free(name);
}

static void issuer_in_capitals(X509 *x509)
{
    set_issuer(x509, MBSTRING_UTF8, "NXDTLS");
}

static void issuer_as_ia5(X509 *x509)
{
    set_issuer(x509, V_ASN1_IA5STRING, "nxdtls");
}

static void issuer_with_spaces(X509 *x509)
{
    set_issuer(x509, MBSTRING_UTF8, " nxdtls  ");
}

static void issuer_of_another_name(X509 *x509)
{
    set_issuer(x509, MBSTRING_UTF8, "nobody");
}

static void long_serial(X509 *x509)
{
    BIGNUM *number = BN_new();

    BN_set_bit(number, 158);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
}

static void negative_serial(X509 *x509)
{
    ASN1_INTEGER_set(X509_get_serialNumber(x509), -0x2345);
}

/* An uncompressed point of an EC key, its last byte changed. */
static void off_the_curve(X509 *x509)
{
    const unsigned char *point;
    unsigned char changed[256];
    int len;

    X509_PUBKEY_get0_param(NULL, &point, &len, NULL,
                           X509_get_X509_PUBKEY(x509));
    assert_true((size_t)len <= sizeof changed);
    memcpy(changed, point, (size_t)len);
    changed[len - 1] ^= 1;
    ASN1_BIT_STRING_set(X509_get0_pubkey_bitstr(x509), changed, len);
}

#define GOOD true
#define BAD false

static const struct spice spices[] = {
    /* The valid set. */
    {"unknown extension", ANY, GOOD, .extension = "1.2.3.4=ASN1:NULL"},
    {"P-384", ANY, GOOD, .change = p384},
    {"P-521", ANY, GOOD, .change = p521},
    {"Ed25519", ANY, GOOD, .change = ed25519},
    {"no key identifiers", ANY, GOOD, .change = no_key_ids},
    {"begins now", ANY, GOOD, .change = begins_now},
    {"ends now", ANY, GOOD, .ours_alone = true, .change = ends_now},
    {"ended a second ago", ANY, BAD, .change = ended_a_second_ago},
    {"long serial number", ANY, GOOD, .edit = long_serial},
    {"negative serial number", ANY, GOOD, .edit = negative_serial},
    {"policies", ANY, GOOD,
     .extension = "certificatePolicies=DER:3007300506032a0304"},
    {"CRL points", ANY, GOOD,
     .extension = "crlDistributionPoints=URI:http://a.example/b"},
    {"a policy's unknown qualifier", ANY, GOOD,
     .extension = "certificatePolicies=DER:301a301806032a03043011300f06032a03"
                  "050c087175616c6966696572"},
    {"a policy twice", ANY, GOOD,
     .extension = "certificatePolicies=DER:300e300506032a0304300506032a0304"},
    {"policies that are none", ANY, GOOD,
     .extension = "certificatePolicies=DER:0500"},
    {"no CRL point", ANY, GOOD, .extension = "crlDistributionPoints=DER:3000"},
    {"a CRL point of an X.400 address", ANY, GOOD,
     .extension = "crlDistributionPoints=DER:300a3008a006a004a3026100"},
    {"names of rare forms", ANY, GOOD,
     .extension = "subjectAltName=DER:301682096c6f63616c686f7374a3026100"
                  "a505a1030c0161"},
    {"authority information", ANY, GOOD,
     .extension = "authorityInfoAccess=OCSP;URI:http://a.example/b"},
    {"authority information that is none", ANY, GOOD,
     .extension = "authorityInfoAccess=DER:0500"},
    {"subject information", ANY, GOOD,
     .extension = "subjectInfoAccess=caRepository;URI:http://a.example/b"},
    {"issuer's other names", ANY, GOOD,
     .extension = "issuerAltName=DNS:a.example"},
    {"issuer's other names that are none", ANY, GOOD,
     .extension = "issuerAltName=DER:0500"},
    {"freshest CRL", ANY, GOOD,
     .extension = "freshestCRL=URI:http://a.example/b"},
    {"private key usage period", ANY, GOOD,
     .extension = "2.5.29.16=DER:3011800f32303235303130313030303030305a"},
    {"directory attributes", ANY, GOOD, .extension = "2.5.29.9=DER:0500"},
    {"certificate transparency", ANY, GOOD,
     .extension = "1.3.6.1.4.1.11129.2.4.2=DER:0402abcd"},
    {"TLS feature", ANY, GOOD, .extension = "tlsfeature=status_request"},
    {"qualified certificate", ANY, GOOD,
     .extension = "qcStatements=DER:300a300806060400"
                  "8e460101"},
    {"no OCSP check", ANY, GOOD, .extension = "noCheck=DER:0500"},
    {"Netscape's comment", ANY, GOOD, .extension = "nsComment=a"},
    {"Microsoft's template", ANY, GOOD,
     .extension = "1.3.6.1.4.1.311.20.2=DER:1e06004300410031"},
    {"both purposes", ANY, GOOD,
     .extension = "extendedKeyUsage=clientAuth,serverAuth,codeSigning"},
    {"roomy path length", CAS, GOOD,
     .extension = "basicConstraints=critical,CA:TRUE,pathlen:9"},
    {"not critical constraints", CAS, GOOD,
     .extension = "basicConstraints=CA:TRUE"},
    {"only signs certificates", CAS, GOOD,
     .extension = "keyUsage=keyCertSign"},
    {"a leaf that is a CA", LEAF, GOOD,
     .extension = "basicConstraints=critical,CA:TRUE"},
    {"no subject", LEAF, GOOD, .edit = no_subject, .needs_issuer = true},
    {"a root signed with SHA-1", ROOT, GOOD, .change = sha1},
    {"a root of version 1", ROOT, GOOD, .change = version_1,
     .edit = make_version_1},
    {"a root without basic constraints", ROOT, GOOD, .change = no_ca},
    {"a root without extensions", ROOT, BAD, .change = version_1},
    {"issuer's name in capitals", LEAF | MIDDLE, GOOD, .needs_issuer = true,
     .edit = issuer_in_capitals},
    {"issuer's name as IA5String", LEAF | MIDDLE, GOOD, .needs_issuer = true,
     .edit = issuer_as_ia5},
    {"issuer's name with spaces", LEAF | MIDDLE, GOOD, .needs_issuer = true,
     .edit = issuer_with_spaces},
    {"a root's broken signature", ROOT, GOOD, .spoil = true},

    /* What must be refused. */
    {"expired", ANY, BAD, .change = expired},
    {"future", ANY, BAD, .change = future},
    {"unknown critical extension", ANY, BAD,
     .extension = "1.2.3.4=critical,ASN1:NULL"},
    {"another purpose", ANY, BAD, .extension = "extendedKeyUsage=codeSigning"},
    {"any purpose", ANY, BAD,
     .extension = "extendedKeyUsage=anyExtendedKeyUsage"},
    {"key usage: nonRepudiation", LEAF, BAD,
     .extension = "keyUsage=nonRepudiation"},
    {"key usage: cRLSign", CAS, BAD, .extension = "keyUsage=cRLSign"},
    {"not a CA", CAS, BAD, .extension = "basicConstraints=CA:FALSE"},
    {"no basic constraints", MIDDLE, BAD, .change = no_ca},
    {"version 1", MIDDLE, BAD, .change = version_1, .edit = make_version_1},
    {"broken signature", LEAF | MIDDLE, BAD, .spoil = true,
     .needs_issuer = true},
    {"somebody else's signature", LEAF | MIDDLE, BAD, .needs_issuer = true,
     .change = other_signer},
    {"SHA-1", LEAF | MIDDLE, BAD, .change = sha1, .needs_issuer = true},
    {"RSA of 1024 bits", ANY, BAD, .change = rsa_1024},
    {"P-224", LEAF, BAD, .change = p224},
    {"off the curve", LEAF, BAD, .edit = off_the_curve},
    {"issuer of another name", LEAF | MIDDLE, BAD, .needs_issuer = true,
     .edit = issuer_of_another_name},

    /* Where we are stricter: differences.tsv. */
    {"secp256k1", ANY, BAD, .change = secp256k1},
    {"RSA with exponent 3", ANY, BAD, .change = exponent_3},
    {"SHA-224", LEAF | MIDDLE, BAD, .change = sha224, .needs_issuer = true},
    {"a leaf of version 1", LEAF, BAD, .change = version_1,
     .edit = make_version_1},
    {"name constraints that are met", CAS, BAD,
     .extension = "nameConstraints=critical,permitted;DNS:localhost"},
    {"name constraints that are not met", CAS, BAD,
     .extension = "nameConstraints=critical,excluded;DNS:localhost"},
    {"policy constraints", CAS, BAD,
     .extension = "policyConstraints=requireExplicitPolicy:3"},
    {"inhibit any policy", CAS, BAD, .extension = "inhibitAnyPolicy=2"},
    {"policy mappings", MIDDLE, BAD,
     .extension = "policyMappings=DER:300c300a06032a030406032a0305"},
    {"critical policies", ANY, BAD,
     .extension = "certificatePolicies=critical,DER:3007300506032a0304"},
    {"critical CRL points", ANY, BAD,
     .extension = "crlDistributionPoints=critical,URI:http://a.example/b"},
    {"Netscape's certificate type", LEAF, BAD,
     .extension = "nsCertType=server,client"},
    {"key usage: keyAgreement", LEAF, BAD,
     .extension = "keyUsage=keyAgreement", .good_server = true},
    {"cross-signed by a stranger", MIDDLE, GOOD, .ours_alone = true,
     .twin = true},
    {"self-issued, no key identifiers", LEAF | MIDDLE, GOOD,
     .ours_alone = true, .needs_issuer = true, .change = no_key_ids,
     .edit = self_issued},
    {"Microsoft's server purpose", LEAF, BAD,
     .extension = "extendedKeyUsage=msSGC"},
};

/* One chain to make: at most two spices, and where. */
struct recipe {
    size_t depth; /* certificates, leaf and anchor included */
    enum dtls_purpose purpose;
    struct {
        const struct spice *spice; /* or NULL */
        size_t at;
    } spiced[2];
    uint64_t seed; /* of everything else */
};

static unsigned level(const struct recipe *r, size_t at)
{
    if (at == 0) {
        return LEAF;
    }
    return at + 1 == r->depth ? ROOT : MIDDLE;
}

static bool fits(const struct recipe *r, const struct spice *s, size_t at)
{
    return at < r->depth && (s->where & level(r, at)) != 0 &&
           !(s->needs_issuer && r->depth == 1);
}

/* In place of an extension of the same name, or beside the others. */
static void set_extension(struct wish *wish, const char *line)
{
    size_t name_len = strcspn(line, "=") + 1;

    for (size_t i = 0; i < LEN(wish->extensions); i++) {
        if (wish->extensions[i] == NULL ||
            strncmp(wish->extensions[i], line, name_len) == 0) {
            wish->extensions[i] = line;
            return;
        }
    }
    fail_msg("no room for %s", line);
}

static const char *const names[DEPTH_MAX] = {"leaf", "one", "two", "three",
                                             "four"};

static struct wish usual(struct recipe *r, size_t at,
                         const struct made *issuer)
{
    static const EVP_MD *(*const mds[])(void) = {EVP_sha256, EVP_sha384,
                                                 EVP_sha512};
    struct wish wish = {.name = names[at],
                        .issuer = issuer,
                        .md = mds[kit_below(&r->seed, 3)](),
                        .key = make_ec(at)};

    if (kit_below(&r->seed, 4) == 0) {
        wish.key = make_rsa(at % 2);
    }
    wish.pss = kit_below(&r->seed, 2) == 0; /* if the signer has RSA */
    if (level(r, at) == LEAF) {
        set_extension(&wish, "subjectAltName=DNS:localhost");
        set_extension(&wish, "keyUsage=critical,digitalSignature");
        set_extension(&wish, "extendedKeyUsage=serverAuth,clientAuth");
    } else {
        set_extension(&wish, MAKE_CA);
        set_extension(&wish, MAKE_CA_USE);
    }
    return wish;
}

/* What came over a wire: nothing that the maker knows beside the DER.  `spoil`
 * changes the last byte of the signature. */
static X509 *received(X509 *x509, bool spoil)
{
    uint8_t *der = NULL;
    int len = i2d_X509(x509, &der);
    const uint8_t *p = der;

    assert_true(len > 0);
    der[len - 1] ^= spoil;
    X509_free(x509);
    x509 = d2i_X509(NULL, &p, len);
    assert_non_null(x509);
    OPENSSL_free(der);
    return x509;
}

static struct made *make_spiced(struct recipe *r, size_t at,
                                const struct made *issuer)
{
    struct wish wish = usual(r, at, issuer);
    struct made *m;
    EVP_PKEY *signer;
    X509 *x509;
    bool wants_ec = false;
    bool spoil = false;

    for (size_t i = 0; i < 2; i++) {
        const struct spice *s = r->spiced[i].spice;

        kit_row("spice %zu", i);
        if (s != NULL && r->spiced[i].at == at) {
            if (s->extension != NULL) {
                set_extension(&wish, s->extension);
            }
            if (s->change != NULL) {
                s->change(&wish);
            }
            wants_ec |= s->edit == off_the_curve;
        }
    }
    if (wants_ec) {
        wish.key = make_ec(at); /* whatever the other spice says */
    }
    signer = make_signer(&wish);
    wish.pss = wish.pss && EVP_PKEY_get_base_id(signer) == EVP_PKEY_RSA &&
               EVP_PKEY_get_bits(signer) >= 2048;
    x509 = make_unsigned(&wish);
    for (size_t i = 0; i < 2; i++) {
        const struct spice *s = r->spiced[i].spice;

        if (s != NULL && r->spiced[i].at == at && s->edit != NULL) {
            s->edit(x509);
        }
        spoil |= s != NULL && r->spiced[i].at == at && s->spoil;
    }
    make_sign(x509, signer, &wish);
    m = make_keep(received(x509, spoil), wish.key);
    assert_int_equal(dtls_cert_parse(&m->cert, m->der), DTLS_OK);
    return m;
}

struct verdicts {
    bool ours;
    bool theirs;
    int reason; /* theirs */
};

static bool has_twin(const struct recipe *r, size_t at)
{
    for (size_t i = 0; i < 2; i++) {
        if (r->spiced[i].spice != NULL && r->spiced[i].at == at &&
            r->spiced[i].spice->twin) {
            return true;
        }
    }
    return false;
}

/* Makes the chain and asks both, with the issuers in an order of chance, the
 * root among them or not, and somebody who has nothing to do with it. */
static struct verdicts ask_about(struct recipe r)
{
    struct question q = {.purpose = r.purpose};
    struct made *up = NULL;
    EVP_PKEY *twin = NULL;
    const char *twin_name = NULL;
    size_t num = 0;
    struct verdicts v;

    for (size_t at = r.depth; at-- > 0;) {
        kit_row("certificate %zu of %zu", at, r.depth);
        up = make_spiced(&r, at, up);
        if (has_twin(&r, at)) {
            twin = up->key;
            twin_name = names[at];
        }
        if (at + 1 == r.depth) {
            q.anchors[0] = up;
        }
        if (at == 0) {
            break;
        }
        if (at + 1 < r.depth || kit_below(&r.seed, 2) == 0) {
            size_t place = 1 + kit_below(&r.seed, num + 1);

            memmove(&q.peer[place + 1], &q.peer[place],
                    (num + 1 - place) * sizeof q.peer[0]);
            q.peer[place] = up;
            num++;
        }
    }
    q.peer[0] = up;
    if (twin != NULL || kit_below(&r.seed, 3) == 0) {
        q.peer[++num] = make_ca("stranger", NULL, 13);
    }
    if (twin != NULL) {
        size_t place = 1 + kit_below(&r.seed, num);

        q.peer[num + 1] = q.peer[place];
        q.peer[place] = make_cert(
            (struct wish){.name = twin_name,
                          .issuer = q.peer[place == num ? num + 1 : num],
                          .key = twin,
                          .extensions = {MAKE_CA, MAKE_CA_USE}});
    }
    v.ours = ask_ours(&q) == DTLS_OK;
    v.reason = ask_libcrypto(&q);
    v.theirs = v.reason == X509_V_OK;
    make_forget();
    return v;
}

/* A row of differences.tsv. */
struct difference {
    char name[64];
    char where[8];
    bool ours;
    unsigned seen;
};

static struct difference differences[96];
static size_t num_differences;

static const char *name_of(unsigned where)
{
    return where == LEAF ? "leaf" : where == MIDDLE ? "middle" : "root";
}

static void read_differences(void)
{
    FILE *f = fopen(NXDTLS_HARNESS_DIR "/unit/x509/differences.tsv", "r");
    char line[512];

    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f)); /* the columns' names */
    num_differences = 0;
    while (fgets(line, sizeof line, f) != NULL) {
        struct difference *d = &differences[num_differences++];
        char ours[8];
        char theirs[8];
        int reason_at = 0;

        assert_true(num_differences <= LEN(differences));
        *d = (struct difference){.seen = 0};
        if (sscanf(line, "%63[^\t]\t%7[^\t]\t%7[^\t]\t%7[^\t]\t%n", d->name,
                   d->where, ours, theirs, &reason_at) != 4 ||
            reason_at == 0 || strlen(line + reason_at) < 10 ||
            strcmp(ours, theirs) == 0) {
            fail_msg("differences.tsv: not a row with a reason: %s", line);
        }
        d->ours = strcmp(ours, "accept") == 0;
    }
    fclose(f);
}

static bool is_known(const struct spice *s, unsigned where, bool ours)
{
    for (size_t i = 0; i < num_differences && s != NULL; i++) {
        struct difference *d = &differences[i];

        if (strcmp(d->name, s->name) == 0 &&
            strcmp(d->where, name_of(where)) == 0 && d->ours == ours) {
            d->seen++;
            return true;
        }
    }
    return false;
}

static void print_recipe(const struct recipe *r, struct verdicts v)
{
    print_message("depth %zu, %s, seed %llu: we %s, libcrypto says: %s\n",
                  r->depth,
                  r->purpose == DTLS_PURPOSE_SERVER ? "server" : "client",
                  (unsigned long long)r->seed, v.ours ? "accept" : "refuse",
                  X509_verify_cert_error_string(v.reason));
    for (size_t i = 0; i < 2 && r->spiced[i].spice != NULL; i++) {
        print_message("  %s, %s (certificate %zu)\n", r->spiced[i].spice->name,
                      name_of(level(r, r->spiced[i].at)), r->spiced[i].at);
    }
}

/* Different verdicts need a row for one of the spices. */
static bool is_allowed(const struct recipe *r, struct verdicts v)
{
    bool known = v.ours == v.theirs;

    for (size_t i = 0; i < 2 && v.ours != v.theirs; i++) {
        known |=
            is_known(r->spiced[i].spice, level(r, r->spiced[i].at), v.ours);
    }
    if (!known) {
        print_recipe(r, v);
    }
    return known;
}

static void the_valid_set_is_good_to_both(void **state)
{
    unsigned num = 0;
    unsigned num_wrong = 0;

    (void)state;
    proves("D7925-4.4.4-1");
    for (uint64_t seed = 1; seed <= 400; seed++) {
        uint64_t chance = seed;
        struct recipe r = {.seed = seed,
                           .depth = 1 + seed % DEPTH_MAX,
                           .purpose = seed % 2 ? DTLS_PURPOSE_SERVER
                                               : DTLS_PURPOSE_CLIENT};
        struct verdicts v;

        kit_row("seed %u", (unsigned)seed);
        /* Up to two spices, all of them good. */
        for (size_t i = 0; i < 2; i++) {
            const struct spice *s = &spices[kit_below(&chance, LEN(spices))];
            size_t at = kit_below(&chance, r.depth);

            if (s->good && !s->ours_alone && fits(&r, s, at)) {
                r.spiced[i].spice = s;
                r.spiced[i].at = at;
            }
        }
        v = ask_about(r);
        num++;
        if (!v.ours || !v.theirs) {
            print_recipe(&r, v);
            num_wrong++;
        }
    }
    print_message("valid set: %u chains\n", num);
    assert_int_equal(num_wrong, 0);
}

static bool is_good(const struct spice *s, const struct recipe *r)
{
    return s->good || (s->good_server && r->purpose == DTLS_PURPOSE_SERVER);
}

/* Every spice alone, in every certificate of every depth. */
static void one_thing_at_a_time_is_judged_alike(void **state)
{
    unsigned num[2] = {0}; /* refused, accepted by us */
    unsigned num_wrong = 0;

    (void)state;
    read_differences();
    for (size_t i = 0; i < LEN(spices); i++) {
        kit_row("%s", spices[i].name);
        for (size_t n = 0; n < (size_t)2 * DEPTH_MAX * DEPTH_MAX; n++) {
            struct recipe r = {.seed = 1000 * i + n + 1,
                               .purpose = n % 2 ? DTLS_PURPOSE_CLIENT
                                                : DTLS_PURPOSE_SERVER,
                               .depth = 1 + n / 2 % DEPTH_MAX};
            struct verdicts v;

            kit_row("case %zu", n);
            r.spiced[0].spice = &spices[i];
            r.spiced[0].at = n / 2 / DEPTH_MAX;
            if (!fits(&r, &spices[i], r.spiced[0].at)) {
                continue;
            }
            v = ask_about(r);
            num[v.ours]++;
            num_wrong += !is_allowed(&r, v);
            if (v.ours == v.theirs && v.ours != is_good(&spices[i], &r)) {
                print_recipe(&r, v);
                num_wrong++;
            }
        }
    }
    print_message("one thing: %u accepted, %u refused\n", num[1], num[0]);
    for (size_t i = 0; i < num_differences; i++) {
        if (differences[i].seen == 0) {
            print_message("differences.tsv: no longer so: %s, %s\n",
                          differences[i].name, differences[i].where);
            num_wrong++;
        }
    }
    assert_int_equal(num_wrong, 0);
    assert_true(num[0] > 300 && num[1] > 300);
}

/* And in pairs, by chance. */
static void two_things_at_once_are_judged_alike(void **state)
{
    unsigned num[2] = {0};
    unsigned num_wrong = 0;
    uint64_t chance = 0x2345;

    (void)state;
    read_differences();
    while (num[0] + num[1] < 1000) {
        struct recipe r = {.seed = kit_next(&chance) | 1,
                           .purpose = kit_below(&chance, 2)
                                          ? DTLS_PURPOSE_CLIENT
                                          : DTLS_PURPOSE_SERVER,
                           .depth = 1 + kit_below(&chance, DEPTH_MAX)};
        bool fit = true;
        struct verdicts v;

        kit_row("seed %llx", (unsigned long long)r.seed);
        for (size_t i = 0; i < 2; i++) {
            r.spiced[i].spice = &spices[kit_below(&chance, LEN(spices))];
            r.spiced[i].at = kit_below(&chance, r.depth);
            fit = fit && fits(&r, r.spiced[i].spice, r.spiced[i].at);
        }
        if (!fit) {
            continue;
        }
        v = ask_about(r);
        num[v.ours]++;
        num_wrong += !is_allowed(&r, v);
    }
    print_message("two things: %u accepted, %u refused\n", num[1], num[0]);
    assert_int_equal(num_wrong, 0);
}

static int end(void **state)
{
    for (size_t i = 0; i < LEN(odd_keys); i++) {
        EVP_PKEY_free(odd_keys[i]);
        odd_keys[i] = NULL;
    }
    return make_end(state);
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_valid_set_is_good_to_both),
        TEST(one_thing_at_a_time_is_judged_alike),
        TEST(two_things_at_once_are_judged_alike),
    };

    return kit_run(tests);
}
