/* SPDX-License-Identifier: MIT */
/* Certificates and their chains (RFC 5246, 7.4.2; RFC 5280). */
#include "check/checks/all_checks.h"
#include "check/checks/chain_words.h"
#include "check/checks/key_words.h"

#include "sut/virtual_clock.h"
#include "x509/chain.h"

#include <assert.h>
#include <string.h>

#define EXT_PAIRS 13

#define HAS_CERTIFICATE .suits = dtls_suite_has_certificate, .mutual = true

static bool is_signed(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_ECDHE_ECDSA;
}

static bool suite_takes_rsa(const struct dtls_suite *suite)
{
    return suite_signs_rsa(suite) || suite_is_rsa(suite);
}

/* The verdict of a wrong target that overlooks a fault. */
static enum dtls_status good_if(bool fault)
{
    return fault ? DTLS_OK : DTLS_DISCARD;
}

/* ---- P-CRT-1: a changed bit in a signature ---- */

static void spoil(struct scene *s, size_t which)
{
    static struct chain chain;
    struct sim_der *der = &chain.certs[which];

    chain_make(s, &chain, "root", CHAIN_OF({0}, {0}));
    der->bytes[der->len - 5] ^= 1; /* the signature is last */
    chain_show(s, &chain);
}

static void spoil_leaf(struct scene *s)
{
    spoil(s, 0);
}

static void spoil_intermediate(struct scene *s)
{
    spoil(s, 1);
}

/* ---- P-CRT-2, P-CRT-3: dates ---- */

static void show_expired(struct scene *s)
{
    chain_use(s, CHAIN_OF({.days = -1}));
}

static void show_future(struct scene *s)
{
    chain_use(s, CHAIN_OF({.days = 1}));
}

static void show_expired_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.days = -1}));
}

static void show_future_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.days = 1}));
}

static bool is_out_of_date(const struct dtls_cert *cert)
{
    return cert->not_before > SUT_EPOCH || cert->not_after < SUT_EPOCH;
}

static enum dtls_status overlook_leaf_dates(struct wrong *w,
                                            struct dtls_cert *chain,
                                            size_t num)
{
    (void)w;
    (void)num;
    return good_if(is_out_of_date(&chain[0]));
}

static void know_no_time(struct wrong *w)
{
    wrong_judges(w, overlook_leaf_dates);
}

static enum dtls_status overlook_other_dates(struct wrong *w,
                                             struct dtls_cert *chain,
                                             size_t num)
{
    (void)w;
    return good_if(num > 1 && is_out_of_date(&chain[1]));
}

static void know_no_time_above(struct wrong *w)
{
    wrong_judges(w, overlook_other_dates);
}

/* ---- P-CRT-4: an unknown root ---- */

static void show_untrusted(struct scene *s)
{
    static struct chain chain;

    chain_make(s, &chain, "other-root", CHAIN_OF({0}));
    chain_show(s, &chain);
}

static void show_self_signed(struct scene *s)
{
    chain_use(s, CHAIN_OF({.is_root = true}));
}

static enum dtls_status overlook_root(struct wrong *w, struct dtls_cert *chain,
                                      size_t num)
{
    return good_if(num == 1 &&
                   !dtls_bytes_equal(chain[0].issuer, w->anchor.cert.subject));
}

static void trust_anybody(struct wrong *w)
{
    wrong_judges(w, overlook_root);
}

/* ---- P-CRT-5, P-CRT-6: DER that is none ---- */

#define BAD_DER "alert 42 | alert 50 | alert 43"

/* Makes the usual leaf, and returns a list that has it alone with another
 * length: of its own bytes, and then zeros. */
static struct sim_der *usual_leaf(struct scene *s)
{
    static struct chain chain;

    chain_make(s, &chain, "root", CHAIN_OF({0}));
    return &chain.certs[0];
}

/* Says a list of one entry, which the target must refuse. */
static void say_der(struct scene *s, struct dtls_bytes der, const char *what)
{
    uint8_t bytes[SIM_DER_MAX + 3];
    struct dtls_buf list = {bytes, 0, sizeof bytes};

    chain_put(&list, der);
    chain_say(s, dtls_buf_bytes(&list), 0);
    chain_is_refused(s, BAD_DER, what);
}

static void cut_der(struct scene *s)
{
    for (size_t i = 1; i <= 5; i++) {
        const struct sim_der *der;

        if (i != 1) {
            scene_again(s);
        }
        der = usual_leaf(s);
        say_der(s, dtls_bytes_of(der->bytes, der->len * i / 6),
                "a cut certificate");
    }
}

static void say_other_tag(struct scene *s)
{
    struct sim_der *der = usual_leaf(s);

    der->bytes[0] = 0x31; /* SET */
    say_der(s, dtls_bytes_of(der->bytes, der->len), "another tag");
}

/* A certificate has more than 255 bytes, and its length two. */
static void say_other_lengths(struct scene *s)
{
    static const int more[] = {1, -1};

    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        struct sim_der *der;
        unsigned len;

        if (i != 0) {
            scene_again(s);
        }
        der = usual_leaf(s);
        len = (unsigned)((der->bytes[2] << 8 | der->bytes[3]) + more[i]);
        der->bytes[2] = (uint8_t)(len >> 8);
        der->bytes[3] = (uint8_t)len;
        say_der(s, dtls_bytes_of(der->bytes, der->len), "another length");
    }
}

static void say_huge_length(struct scene *s)
{
    struct sim_der *der = usual_leaf(s);

    memmove(der->bytes + 6, der->bytes + 4, der->len - 4);
    memcpy(der->bytes, "\x30\x84\x80\0\0", 6);
    say_der(s, dtls_bytes_of(der->bytes, der->len + 2), "a length of 2^31");
}

static void say_bytes_behind(struct scene *s)
{
    static const size_t lens[] = {1, 2, 4, 8, 9};
    static struct chain chain;

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct sim_der *der = &chain.certs[0];

        if (i != 0) {
            scene_again(s);
        }
        chain_make(s, &chain, "root", CHAIN_OF({0}));
        memset(der->bytes + der->len, i % 2 == 0 ? 0 : 0x5a, lens[i]);
        der->len += lens[i];
        chain_show(s, &chain);
        if (!scene_connects(s)) {
            chain_is_refused(s, "alert 42 | alert 50", "bytes behind");
        }
    }
}

static bool refuse_length(struct wrong *w, struct wrong_record *r)
{
    struct dtls_certificate m;
    struct dtls_fragment f;
    struct dtls_cert cert;
    struct dtls_bytes der;

    return wrong_message(r, DTLS_CERTIFICATE, &f) &&
           dtls_certificate_parse(&m, f.body) == DTLS_OK &&
           dtls_certificate_next(&m.list, &der) &&
           dtls_cert_parse(&cert, der) != DTLS_OK && wrong_alert(w, 40);
}

static void answer_der_with_40(struct wrong *w)
{
    w->hears = refuse_length;
}

/* ---- P-CRT-7: lists ---- */

static void say_no_entries(struct scene *s)
{
    chain_say(s, (struct dtls_bytes){0}, 0);
}

static void say_empty_entry(struct scene *s)
{
    chain_say(s, dtls_bytes_of((const uint8_t *)"\0\0", 3), 0);
}

static void say_misfit(struct scene *s, int more)
{
    const struct sim_der *der = usual_leaf(s);
    uint8_t bytes[SIM_DER_MAX + 3];
    struct dtls_buf list = {bytes, 0, sizeof bytes};

    chain_put(&list, dtls_bytes_of(der->bytes, der->len));
    chain_say(s, dtls_buf_bytes(&list), more);
}

static void say_longer(struct scene *s)
{
    say_misfit(s, 1);
}

static void say_shorter(struct scene *s)
{
    say_misfit(s, -1);
}

/* ---- P-CRT-8, P-CRT-9: who may issue ---- */

static void issue_as_leaf(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.basic = "critical,CA:FALSE", .usage = ""}));
}

static void issue_without_constraints(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.basic = "", .usage = ""}));
}

static void issue_without_usage(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.usage = "critical,digitalSignature"}));
}

static void issue_too_deep(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {0}, {.basic = "critical,CA:TRUE,pathlen:0"}));
}

static void issue_as_v1(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.is_v1 = true}));
}

static enum dtls_status overlook_no_ca(struct wrong *w,
                                       struct dtls_cert *chain, size_t num)
{
    (void)w;
    return good_if(num > 1 && chain[1].version == 3 && !chain[1].is_ca);
}

static void let_leaves_issue(struct wrong *w)
{
    wrong_judges(w, overlook_no_ca);
}

static enum dtls_status overlook_usage(struct wrong *w,
                                       struct dtls_cert *chain, size_t num)
{
    (void)w;
    return good_if(num > 1 && chain[1].has_key_usage &&
                   (chain[1].key_usage & DTLS_KU_KEY_CERT_SIGN) == 0);
}

static void read_no_usage(struct wrong *w)
{
    wrong_judges(w, overlook_usage);
}

static enum dtls_status overlook_path_len(struct wrong *w,
                                          struct dtls_cert *chain, size_t num)
{
    (void)w;
    return good_if(num > 2 && chain[2].has_path_len && chain[2].path_len == 0);
}

static void read_no_path_len(struct wrong *w)
{
    wrong_judges(w, overlook_path_len);
}

static enum dtls_status overlook_version(struct wrong *w,
                                         struct dtls_cert *chain, size_t num)
{
    (void)w;
    return good_if(num > 1 && chain[1].version == 1);
}

static void take_old_versions(struct wrong *w)
{
    wrong_judges(w, overlook_version);
}

/* ---- P-CRT-10, P-CRT-11: extensions ---- */

#define PRIVATE_CRITICAL "2.999.1=critical,DER:05:00"
#define PRIVATE "2.999.1=DER:05:00"

static void show_critical(struct scene *s)
{
    chain_use(s, CHAIN_OF({.more = PRIVATE_CRITICAL}));
}

static void show_critical_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.more = PRIVATE_CRITICAL}));
}

static void show_harmless(struct scene *s)
{
    chain_use(s, CHAIN_OF({.more = PRIVATE}, {.more = PRIVATE}));
}

static bool has_private(const struct dtls_cert *cert)
{
    static const uint8_t oid[] = {0x06, 0x03, 0x88, 0x37, 0x01};

    return chain_has(cert, dtls_bytes_of(oid, sizeof oid));
}

static enum dtls_status overlook_critical(struct wrong *w,
                                          struct dtls_cert *chain, size_t num)
{
    bool fault = false;

    (void)w;
    for (size_t i = 0; i < num; i++) {
        fault = fault ||
                (chain[i].has_unhandled_critical && has_private(&chain[i]));
    }
    return good_if(fault);
}

static void know_no_critical(struct wrong *w)
{
    wrong_judges(w, overlook_critical);
}

static enum dtls_status refuse_private(struct wrong *w,
                                       struct dtls_cert *chain, size_t num)
{
    (void)w;
    (void)num;
    return has_private(&chain[0]) ? DTLS_UNSUPPORTED_CERTIFICATE
                                  : DTLS_DISCARD;
}

static void refuse_what_is_unknown(struct wrong *w)
{
    wrong_judges(w, refuse_private);
}

static void constrain(struct scene *s, const char *constraints)
{
    /* A client's certificate has no name of its own accord. */
    chain_use(s, CHAIN_OF({.names = "DNS:localhost"}, {.more = constraints}));
}

static void permit_others(struct scene *s)
{
    constrain(s, "nameConstraints=critical,permitted;DNS:example.org");
}

static void exclude_leaf(struct scene *s)
{
    constrain(s, "nameConstraints=critical,excluded;DNS:localhost");
}

static void permit_leaf(struct scene *s)
{
    constrain(s, "nameConstraints=critical,permitted;DNS:localhost");
}

static bool has_constraints(const struct dtls_cert *chain, size_t num)
{
    static const uint8_t oid[] = {0x06, 0x03, 0x55, 0x1d, 0x1e};

    return num > 1 && chain_has(&chain[1], dtls_bytes_of(oid, sizeof oid));
}

static enum dtls_status overlook_constraints(struct wrong *w,
                                             struct dtls_cert *chain,
                                             size_t num)
{
    (void)w;
    return good_if(has_constraints(chain, num));
}

static void read_no_constraints(struct wrong *w)
{
    wrong_judges(w, overlook_constraints);
}

static enum dtls_status stumble_over_constraints(struct wrong *w,
                                                 struct dtls_cert *chain,
                                                 size_t num)
{
    (void)w;
    return has_constraints(chain, num) ? DTLS_INTERNAL_ERROR : DTLS_DISCARD;
}

static void fear_constraints(struct wrong *w)
{
    wrong_judges(w, stumble_over_constraints);
}

/* ---- P-CRT-12: two signature algorithms ---- */

/* The outer one becomes sha384WithRSAEncryption; it is the last in the DER. */
static void disagree(struct scene *s)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                  0x0d, 0x01, 0x01, 0x0b};
    struct sim_der *der = usual_leaf(s);
    size_t at = der->len - sizeof oid;

    while (at > 0 && memcmp(der->bytes + at, oid, sizeof oid) != 0) {
        at--;
    }
    assert(at > 0);
    der->bytes[at + sizeof oid - 1] = 0x0c;
    say_der(s, dtls_bytes_of(der->bytes, der->len), "two algorithms");
}

/* ---- P-CRT-13: names that make no chain ---- */

static void name_another_issuer(struct scene *s)
{
    chain_use(s, CHAIN_OF({.issuer = "somebody else"}, {0}));
}

static enum dtls_status overlook_issuer(struct wrong *w,
                                        struct dtls_cert *chain, size_t num)
{
    (void)w;
    return good_if(num == 2 &&
                   !dtls_bytes_equal(chain[0].issuer, chain[1].subject));
}

static void read_no_issuer(struct wrong *w)
{
    wrong_judges(w, overlook_issuer);
}

/* ---- P-CRT-14: two formats of time ---- */

static void show_late_ends(struct scene *s)
{
    static const char *const ends[] = {"20491231235959Z", "20510101000000Z",
                                       "99991231235959Z"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (i != 0) {
            scene_again(s);
        }
        chain_use(s, CHAIN_OF({.until = ends[i]}));
        scene_expect(s, scene_connects(s), "no handshake until %s", ends[i]);
    }
}

static enum dtls_status refuse_late_ends(struct wrong *w,
                                         struct dtls_cert *chain, size_t num)
{
    (void)w;
    (void)num;
    return chain[0].not_after > INT64_C(2524608000) /* 2050-01-01 */
               ? DTLS_CERTIFICATE_EXPIRED
               : DTLS_DISCARD;
}

static void read_two_digits(struct wrong *w)
{
    wrong_judges(w, refuse_late_ends);
}

/* ---- P-CRT-15, P-CRT-16: extendedKeyUsage ---- */

static void show_for_clients(struct scene *s)
{
    chain_use(s, CHAIN_OF({.purposes = "clientAuth"}));
}

static void show_for_servers(struct scene *s)
{
    chain_use(s, CHAIN_OF({.purposes = "serverAuth"}));
}

static void show_for_code(struct scene *s)
{
    chain_use(s, CHAIN_OF({.purposes = "codeSigning"}));
}

static void show_for_anything(struct scene *s)
{
    chain_use(s, CHAIN_OF({.purposes = "anyExtendedKeyUsage"}));
}

static enum dtls_status overlook_purpose(struct wrong *w,
                                         struct dtls_cert *chain, size_t num)
{
    unsigned own = w->peer.role == DTLS_CLIENT ? DTLS_EKU_SERVER_AUTH
                                               : DTLS_EKU_CLIENT_AUTH;

    (void)num;
    return good_if((chain[0].ext_key_usage & (own | DTLS_EKU_ANY)) == 0);
}

static void read_no_purpose(struct wrong *w)
{
    wrong_judges(w, overlook_purpose);
}

static enum dtls_status stumble_over_any(struct wrong *w,
                                         struct dtls_cert *chain, size_t num)
{
    (void)w;
    (void)num;
    return chain[0].ext_key_usage == DTLS_EKU_ANY ? DTLS_INTERNAL_ERROR
                                                  : DTLS_DISCARD;
}

static void fear_any_purpose(struct wrong *w)
{
    wrong_judges(w, stumble_over_any);
}

/* ---- P-CRT-17, P-CRT-18: keyUsage of the leaf ---- */

static void may_encipher(struct scene *s)
{
    chain_use(s, CHAIN_OF({.usage = "critical,keyEncipherment"}));
}

static void may_agree(struct scene *s)
{
    chain_use(s, CHAIN_OF({.usage = "critical,keyAgreement"}));
}

static void may_sign(struct scene *s)
{
    chain_use(s, CHAIN_OF({.usage = "critical,digitalSignature"}));
}

static void may_do_anything(struct scene *s)
{
    chain_use(s, CHAIN_OF({.usage = "digitalSignature,keyEncipherment,"
                                    "keyAgreement,nonRepudiation"}));
}

/* The engine looks at it again, so it is taken away. */
static enum dtls_status overlook_leaf_usage(struct wrong *w,
                                            struct dtls_cert *chain,
                                            size_t num)
{
    struct dtls_cert usual;

    (void)num;
    chain_read_usual(w, &usual);
    if (chain[0].key_usage == usual.key_usage) {
        return DTLS_DISCARD;
    }
    chain[0].has_key_usage = false;
    return DTLS_OK;
}

static void read_no_leaf_usage(struct wrong *w)
{
    wrong_judges(w, overlook_leaf_usage);
}

static enum dtls_status refuse_other_usage(struct wrong *w,
                                           struct dtls_cert *chain, size_t num)
{
    (void)w;
    (void)num;
    return (chain[0].key_usage & 0x4000) != 0 /* nonRepudiation */
               ? DTLS_UNSUPPORTED_CERTIFICATE
               : DTLS_DISCARD;
}

static void refuse_what_it_needs_not(struct wrong *w)
{
    wrong_judges(w, refuse_other_usage);
}

/* ---- P-CRT-19: another kind of key ---- */

static void show_other_kind(struct scene *s)
{
    bool is_ec = suite_signs_ec(s->setup->target.suite);

    chain_use(s, CHAIN_OF({.key = is_ec ? "rsa" : "ec"}));
}

static enum dtls_status overlook_kind(struct wrong *w, struct dtls_cert *chain,
                                      size_t num)
{
    struct dtls_cert usual;

    (void)num;
    chain_read_usual(w, &usual);
    if (chain[0].key.type == usual.key.type) {
        return DTLS_DISCARD;
    }
    chain[0].key = usual.key;
    return DTLS_OK;
}

static void take_any_kind(struct wrong *w)
{
    wrong_judges(w, overlook_kind);
}

/* ---- P-CRT-20: algorithms that the target did not offer ---- */

/* An old hash that the client does not offer with RSA. */
static const char *hash_not_offered(struct scene *s)
{
    static const struct {
        uint16_t pair;
        const char *digest;
    } old[] = {{0x0201, "SHA1"}, {0x0301, "SHA224"}, {0x0101, "MD5"}};
    uint16_t listed[HELLO_TYPES_MAX];
    struct dtls_bytes data;
    struct hello offer;
    size_t num = 0;

    hello_hear(s, &offer);
    if (hello_has(&offer, 13, &data)) {
        num = hello_numbers(data, listed);
    }
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        if (num != 0 && !key_has(listed, num, old[i].pair)) {
            return old[i].digest;
        }
    }
    scene_stop(s, "the target lists every old pair");
}

static void sign_leaf_with_old_hash(struct scene *s)
{
    const char *digest = hash_not_offered(s);

    scene_again(s);
    chain_use(s, CHAIN_OF({.digest = digest}));
}

static void sign_intermediate_with_old_hash(struct scene *s)
{
    const char *digest = hash_not_offered(s);

    scene_again(s);
    chain_use(s, CHAIN_OF({0}, {.digest = digest}));
}

/* The root's signature proves nothing, so it may be of any kind. */
static void sign_root_with_old_hash(struct scene *s)
{
    static struct chain chain;
    const char *digest = hash_not_offered(s);

    scene_again(s);
    chain_make(s, &chain, "root", CHAIN_OF({0}));
    chain_add_root(s, &chain, digest);
    chain_show(s, &chain);
}

static bool is_old_hash(const struct dtls_cert *cert)
{
    return cert->sigalg == 0 || cert->sigalg >> 8 == 2; /* 0: not ours */
}

static enum dtls_status overlook_hash(struct wrong *w, struct dtls_cert *chain,
                                      size_t num)
{
    (void)w;
    return good_if(is_old_hash(&chain[0]) ||
                   (num > 1 && is_old_hash(&chain[1])));
}

static void take_any_hash(struct wrong *w)
{
    wrong_judges(w, overlook_hash);
}

static enum dtls_status refuse_old_root(struct wrong *w,
                                        struct dtls_cert *chain, size_t num)
{
    (void)w;
    return num > 1 && is_old_hash(&chain[num - 1]) &&
                   dtls_bytes_equal(chain[num - 1].issuer,
                                    chain[num - 1].subject)
               ? DTLS_UNSUPPORTED_CERTIFICATE
               : DTLS_DISCARD;
}

static void look_at_roots(struct wrong *w)
{
    wrong_judges(w, refuse_old_root);
}

/* ---- P-CRT-21: short keys ---- */

/* The peer cannot sign with the short key: a target that takes the certificate
 * says decrypt_error. */
static void show_1024(struct scene *s)
{
    chain_use(s, CHAIN_OF({.key = "weak"}));
}

static void show_2047(struct scene *s)
{
    chain_use(s, CHAIN_OF({.key = "rsa-2047"}));
}

static void show_p192(struct scene *s)
{
    chain_use(s, CHAIN_OF({.key = "ec-p192"}));
}

static void show_1024_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.key = "weak"}));
}

static void show_2047_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.key = "rsa-2047"}));
}

static void show_p192_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.key = "ec-p192"}));
}

static bool is_short(const struct dtls_public_key *key)
{
    return key->type == DTLS_KEY_NONE ||
           (key->type == DTLS_KEY_RSA &&
            (key->n.len < 256 || (key->n.len == 256 && key->n.data[0] < 128)));
}

static enum dtls_status overlook_leaf_length(struct wrong *w,
                                             struct dtls_cert *chain,
                                             size_t num)
{
    struct dtls_cert usual;

    (void)num;
    if (!is_short(&chain[0].key)) {
        return DTLS_DISCARD;
    }
    chain_read_usual(w, &usual);
    chain[0].key = usual.key;
    return DTLS_OK;
}

static void take_short_leaves(struct wrong *w)
{
    wrong_judges(w, overlook_leaf_length);
}

static enum dtls_status overlook_other_length(struct wrong *w,
                                              struct dtls_cert *chain,
                                              size_t num)
{
    (void)w;
    return good_if(num > 1 && is_short(&chain[1].key));
}

static void take_short_intermediates(struct wrong *w)
{
    wrong_judges(w, overlook_other_length);
}

/* ---- P-CRT-22: long chains ---- */

static void show_lengths(struct scene *s)
{
    static const struct chain_cert usual[8];
    static const size_t lens[] = {1, 2, 3, 4, 8};

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        bool connects;

        if (i != 0) {
            scene_again(s);
        }
        chain_use(s, usual, lens[i]);
        connects = scene_connects(s);
        scene_expect(s,
                     connects ||
                         (lens[i] > ics_number(s->setup->ics, ICS_depth) &&
                          s->heard.fatal),
                     "no handshake with %zu certificates", lens[i]);
    }
}

static enum dtls_status refuse_four(struct wrong *w, struct dtls_cert *chain,
                                    size_t num)
{
    (void)w;
    (void)chain;
    return num == 4 ? DTLS_UNKNOWN_CA : DTLS_DISCARD;
}

static void know_three(struct wrong *w)
{
    wrong_judges(w, refuse_four);
}

static void show_twenty(struct scene *s)
{
    static const struct chain_cert usual[20];
    static struct chain chain;
    static uint8_t bytes[PEER_BODY_MAX];
    struct dtls_buf list = {bytes, 0, sizeof bytes - 3};
    struct peer_message *m = scene_come_to(s, DTLS_CERTIFICATE);
    struct dtls_buf body = {m->body, 0, sizeof m->body};
    bool ok;

    chain_make(s, &chain, "root", usual, 20);
    for (size_t i = 0; i < chain.num; i++) {
        chain_put(&list,
                  dtls_bytes_of(chain.certs[i].bytes, chain.certs[i].len));
    }
    ok = dtls_put_u24(&body, (uint32_t)list.len) &&
         dtls_put_bytes(&body, dtls_buf_bytes(&list));
    assert(ok);
    m->len = body.len;
    scene_rehash(s);
    s->pieces = 1000;
}

static bool hang_on_length(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    w->deaf = w->deaf || (wrong_piece(r, &f) && f.type == DTLS_CERTIFICATE &&
                          f.message_len > 12000);
    return w->deaf;
}

static void hang_on_long_chains(struct wrong *w)
{
    w->hears = hang_on_length;
}

static void go_round(struct scene *s)
{
    chain_use(
        s,
        CHAIN_OF({0}, {.name = "A", .key = "ca1"},
                 {.name = "B", .key = "ca2", .issuer = "A", .signer = "ca1"}));
}

static enum dtls_status hang_on_circle(struct wrong *w,
                                       struct dtls_cert *chain, size_t num)
{
    w->deaf = num == 3 && dtls_bytes_equal(chain[2].issuer, chain[1].subject);
    return DTLS_DISCARD;
}

static void hang_on_circles(struct wrong *w)
{
    wrong_judges(w, hang_on_circle);
}

/* ---- P-CRT-23, P-CRT-24: what else is in the list ---- */

static void show_unrelated(struct scene *s)
{
    static struct chain chain;

    chain_make(s, &chain, "root", CHAIN_OF({0}));
    chain_add(s, &chain, "other-root");
    chain_show(s, &chain);
}

static void swap(struct scene *s, const struct chain_cert *certs, size_t num,
                 size_t first)
{
    static struct chain chain;
    static struct sim_der der;

    chain_make(s, &chain, "root", certs, num);
    der = chain.certs[first];
    chain.certs[first] = chain.certs[first + 1];
    chain.certs[first + 1] = der;
    chain_show(s, &chain);
}

static void show_reversed(struct scene *s)
{
    swap(s, CHAIN_OF({0}, {0}, {0}), 1);
}

static void show_leaf_second(struct scene *s)
{
    swap(s, CHAIN_OF({0}, {0}), 0);
}

static enum dtls_status hang_on_order(struct wrong *w, struct dtls_cert *chain,
                                      size_t num)
{
    w->deaf =
        w->deaf || (num > 1 && !chain[0].is_ca &&
                    !dtls_bytes_equal(chain[0].issuer, chain[1].subject));
    return DTLS_DISCARD;
}

static void hang_on_orders(struct wrong *w)
{
    wrong_judges(w, hang_on_order);
}

static enum dtls_status find_leaf(struct wrong *w, struct dtls_cert *chain,
                                  size_t num)
{
    (void)w;
    if (num < 2 || !chain[0].is_ca || chain[1].is_ca) {
        return DTLS_DISCARD;
    }
    chain[0] = chain[1];
    return DTLS_OK;
}

static void look_for_leaves(struct wrong *w)
{
    wrong_judges(w, find_leaf);
}

static void show_root_too(struct scene *s)
{
    static struct chain chain;

    chain_make(s, &chain, "root", CHAIN_OF({0}, {0}));
    chain_show(s, &chain);
    scene_expect(s, scene_connects(s), "no handshake without the root");
    scene_again(s);
    chain_add(s, &chain, "root");
    chain_show(s, &chain);
}

static enum dtls_status refuse_root(struct wrong *w, struct dtls_cert *chain,
                                    size_t num)
{
    (void)w;
    return dtls_bytes_equal(chain[num - 1].issuer, chain[num - 1].subject) &&
                   num == 3
               ? DTLS_BAD_CERTIFICATE
               : DTLS_DISCARD;
}

static void refuse_roots(struct wrong *w)
{
    wrong_judges(w, refuse_root);
}

/* ---- P-CRT-25: revoked certificates ---- */

/* The root's list has the number of this certificate of the PKI. */
#define LISTED "revoked"

static void show_revoked(struct scene *s)
{
    chain_use(s, CHAIN_OF({.serial = LISTED}));
}

static void show_revoked_above(struct scene *s)
{
    chain_use(s, CHAIN_OF({0}, {.serial = LISTED}));
}

static void read_no_list(struct wrong *w)
{
    w->peer.config.verify_peer = NULL;
}

/* ---- P-CRT-26: what a server shows ---- */

/* Reads the list that the server has sent. */
static size_t read_list(struct scene *s, struct dtls_cert out[CHAIN_MAX])
{
    const struct heard_message *m = scene_hear(s, DTLS_CERTIFICATE, 1);
    struct dtls_certificate list;
    struct dtls_bytes der;
    size_t num = 0;

    if (dtls_certificate_parse(&list, dtls_span_bytes(m->body)) != DTLS_OK) {
        scene_stop(s, "its Certificate is malformed");
    }
    while (num < CHAIN_MAX && dtls_certificate_next(&list.list, &der)) {
        if (dtls_cert_parse(&out[num++], der) != DTLS_OK) {
            scene_stop(s, "the lab cannot read its certificate");
        }
    }
    return num;
}

static void read_chain(struct scene *s)
{
    static struct dtls_cert certs[CHAIN_MAX];
    const char *name = sut_name(&s->setup->target);
    struct dtls_verify verify = {.crypto = &dtls_libcrypto,
                                 .anchors = &s->anchor.item,
                                 .purpose = DTLS_PURPOSE_SERVER,
                                 .check_time = true,
                                 .unix_time = chain_now(s)};
    size_t num;

    scene_connect(s);
    num = read_list(s, certs);
    scene_expect(s, num != 0, "no certificate");
    for (size_t i = 1; i < num; i++) {
        scene_expect(s,
                     dtls_bytes_equal(certs[i - 1].issuer, certs[i].subject),
                     "certificate %zu did not issue the one before", i);
    }
    scene_expect(s, num == 0 || certs[0].version == 3, "version %u",
                 certs[0].version);
    scene_expect(s,
                 num == 0 || dtls_chain_verify(&verify, certs, num) == DTLS_OK,
                 "a chain that is not good");
    scene_expect(s,
                 num == 0 || dtls_name_matches(
                                 &certs[0], dtls_bytes_of(name, strlen(name))),
                 "a certificate without the name");
}

/* Behind the leaf comes a certificate that has nothing to do with it. */
static void show_unrelated_too(struct wrong *w)
{
    static struct sim_identity unrelated;
    static const uint8_t names[2];
    struct dtls_credential *leaf = &w->identity.credential;

    if (w->sut.setup.role != SUT_SERVER || leaf->cert.der.len == 0) {
        return;
    }
    sim_identity_load(&unrelated, w->sut.setup.pki, "other-root", false);
    leaf->next = &unrelated.credential;
    leaf->cert.issuer = dtls_bytes_of(&names[1], 1);
    leaf->cert.authority_key_id = (struct dtls_bytes){0};
    unrelated.credential.cert.subject = dtls_bytes_of(&names[1], 1);
}

/* ---- P-SKE-1: ServerKeyExchange, changed after signing ---- */

static void spoil_key_exchange(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);

    m->body[m->len - 3] ^= 1; /* of the signature */
    scene_say(s, m);
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

/* ---- P-CRT-27: a chain for the client's list ---- */

/* A chain that a server has shown to a client with a list of two pairs. */
struct shown {
    uint16_t list[2];
    uint16_t pairs[CHAIN_MAX]; /* that sign its certificates */
    size_t num;
};

static bool fits_list(const struct shown *chain, const uint16_t list[2])
{
    for (size_t i = 0; i < chain->num; i++) {
        if (chain->pairs[i] != list[0] && chain->pairs[i] != list[1]) {
            return false;
        }
    }
    return true;
}

/* Says a ClientHello with the list; false if no chain comes back. */
static bool see_chain(struct scene *s, struct shown *out)
{
    static struct dtls_cert certs[CHAIN_MAX];
    const uint8_t list[6] = {0,
                             4,
                             (uint8_t)(out->list[0] >> 8),
                             (uint8_t)out->list[0],
                             (uint8_t)(out->list[1] >> 8),
                             (uint8_t)out->list[1]};
    size_t num;

    hello_say_with(s, EXT_PAIRS, list, sizeof list);
    if (!scene_await(s, DTLS_CERTIFICATE, 1)) {
        return false;
    }
    num = read_list(s, certs);
    out->num = 0;
    for (size_t i = 0; i < num; i++) {
        /* Nobody verifies the signature of a root. */
        if (!dtls_bytes_equal(certs[i].issuer, certs[i].subject)) {
            out->pairs[out->num++] = certs[i].sigalg;
        }
    }
    return true;
}

/* The first claimed pair with which the suite's key can sign. */
static uint16_t signing_pair(const struct scene *s, const uint16_t *claimed,
                             size_t num)
{
    bool is_ec = suite_signs_ec(s->setup->target.suite);

    for (size_t i = 0; i < num; i++) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(claimed[i]);

        if (alg != NULL && (alg->key == DTLS_KEY_EC) == is_ec) {
            return claimed[i];
        }
    }
    return claimed[0];
}

/* Lists each claimed pair, with one for ServerKeyExchange.  A server that
 * shows a chain which a list does not allow has no other one: else it would
 * have shown that to another client. */
static void look_for_a_choice(struct scene *s)
{
    static struct shown shown[HELLO_TYPES_MAX];
    uint16_t claimed[HELLO_TYPES_MAX];
    size_t num_claimed = key_list(s, ICS_sigs, 16, claimed);
    uint16_t own = signing_pair(s, claimed, num_claimed);
    size_t num = 0;

    for (size_t i = 0; i < num_claimed; i++) {
        shown[num].list[0] = own;
        shown[num].list[1] = claimed[i];
        num += see_chain(s, &shown[num]);
        scene_again(s);
    }
    for (size_t i = 0; i < num * num; i++) {
        const struct shown *one = &shown[i / num];

        scene_expect(s,
                     fits_list(one, one->list) ||
                         !fits_list(&shown[i % num], one->list),
                     "a chain that %04x and %04x do not allow, though it has "
                     "one that they do",
                     one->list[0], one->list[1]);
    }
}

/* Has two chains, and shows the one below an RSA key to whom does not list
 * that. */
static bool choose_other_chain(struct wrong *w, struct wrong_record *r)
{
    static struct sim_identity pure;
    struct dtls_bytes list;

    if (w->num == 0) {
        sim_identity_free(&pure);
        sim_identity_load(&pure, w->sut.setup.pki, "pure-ec", true);
        w->num = 1;
    }
    if (wrong_hello_has(r, EXT_PAIRS, &list) && list.len == 6) {
        w->peer.config.credentials = list.data[4] == 4 && list.data[5] == 1
                                         ? &pure.credential
                                         : &w->identity.credential;
    }
    return false;
}

static void choose_chains_badly(struct wrong *w)
{
    w->hears = choose_other_chain;
}

static const struct check checks[] = {
    {.id = "P-CRT-1.leaf",
     .rows = "D5246-7.4.2-15 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = spoil_leaf,
     .strict = "alert 42",
     .tolerated = "alert 48 | alert 51 | alert 46",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CRT-1.intermediate",
     .rows = "D5246-7.4.2-15 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = spoil_intermediate,
     .strict = "alert 42",
     .tolerated = "alert 48 | alert 51 | alert 46",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-CRT-2.expired",
     .rows = "D5246-7.4.2-13 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = show_expired,
     .strict = "alert 45",
     .tolerated = "alert 42 | alert 46",
     .wrong = know_no_time,
     .shows = "data"},
    {.id = "P-CRT-2.future",
     .rows = "D5246-7.4.2-13 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = show_future,
     .strict = "alert 45",
     .tolerated = "alert 42 | alert 46",
     .wrong = know_no_time,
     .shows = "data"},
    {.id = "P-CRT-3.expired",
     .rows = "D5280-6.1.3-2",
     HAS_CERTIFICATE,
     .play = show_expired_above,
     .strict = "alert 45 | alert 42",
     .wrong = know_no_time_above,
     .shows = "data"},
    {.id = "P-CRT-3.future",
     .rows = "D5280-6.1.3-2",
     HAS_CERTIFICATE,
     .play = show_future_above,
     .strict = "alert 45 | alert 42",
     .wrong = know_no_time_above,
     .shows = "data"},
    {.id = "P-CRT-4.root",
     .rows = "D5246-7.4.2-14 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = show_untrusted,
     .strict = "alert 48",
     .tolerated = "alert 42 | alert 46",
     .wrong = trust_anybody,
     .shows = "data"},
    {.id = "P-CRT-4.self",
     .rows = "D5246-7.4.2-14 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = show_self_signed,
     .strict = "alert 48",
     .tolerated = "alert 42 | alert 46",
     .wrong = trust_anybody,
     .shows = "data"},
    {.id = "P-CRT-5.cut",
     .rows = "D5246-7.4.2-19 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = cut_der,
     .strict = "alert 42",
     .tolerated = "alert 50 | alert 43",
     .wrong = wrong_takes_other_lists,
     .shows = "no alert after a cut certificate"},
    {.id = "P-CRT-5.tag",
     .rows = "D5246-7.4.2-19 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = say_other_tag,
     .strict = "alert 42",
     .tolerated = "alert 50 | alert 43",
     .wrong = wrong_takes_other_lists,
     .shows = "no alert after another tag"},
    {.id = "P-CRT-5.length",
     .rows = "D5246-7.4.2-19 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = say_other_lengths,
     .strict = "alert 42",
     .tolerated = "alert 50 | alert 43",
     .wrong = wrong_takes_other_lists,
     .shows = "no alert after another length"},
    {.id = "P-CRT-5.huge",
     .rows = "D5246-7.4.2-19 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = say_huge_length,
     .strict = "alert 42",
     .tolerated = "alert 50 | alert 43",
     .wrong = wrong_takes_other_lists,
     .shows = "no alert after a length of 2^31"},
    {.id = "P-CRT-6",
     .rows = "D5246-7.4.2-19 D5246-7.4.2-20",
     HAS_CERTIFICATE,
     .play = say_bytes_behind,
     .strict = "alert 42 | alert 50",
     .tolerated = "data",
     .wrong = answer_der_with_40,
     .shows = "alert 40 after bytes behind"},
    {.id = "P-CRT-7.empty",
     .roles = CHECK_CLIENT,
     .rows = "D5246-7.4.2-17",
     HAS_CERTIFICATE,
     .play = say_no_entries,
     .strict = "alert 50 | alert 42 | alert 47",
     .wrong = wrong_takes_other_lists,
     .shows = "data"},
    {.id = "P-CRT-7.entry",
     .rows = "D5246-7.4.2-18",
     HAS_CERTIFICATE,
     .play = say_empty_entry,
     .strict = "alert 50 | alert 42 | alert 47",
     .wrong = wrong_takes_other_lists,
     .shows = "data"},
    {.id = "P-CRT-7.longer",
     .rows = "D5246-7.4.2-20",
     HAS_CERTIFICATE,
     .play = say_longer,
     .strict = "alert 50 | alert 42 | alert 47",
     .wrong = wrong_takes_other_lists,
     .shows = "data"},
    {.id = "P-CRT-7.shorter",
     .rows = "D5246-7.4.2-20",
     HAS_CERTIFICATE,
     .play = say_shorter,
     .strict = "alert 50 | alert 42 | alert 47",
     .wrong = wrong_takes_other_lists,
     .shows = "data"},
    {.id = "P-CRT-8.false",
     .rows = "D5246-7.4.2-16 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = issue_as_leaf,
     .strict = "alert 48 | alert 42 | alert 43",
     .wrong = let_leaves_issue,
     .shows = "data"},
    {.id = "P-CRT-8.missing",
     .rows = "D5246-7.4.2-16 D5246-7.4.6-90",
     HAS_CERTIFICATE,
     .play = issue_without_constraints,
     .strict = "alert 48 | alert 42 | alert 43",
     .wrong = let_leaves_issue,
     .shows = "data"},
    {.id = "P-CRT-9.usage",
     .rows = "D5280-4.2.1.3-1",
     HAS_CERTIFICATE,
     .play = issue_without_usage,
     .strict = "alert 48 | alert 42 | alert 43",
     .wrong = read_no_usage,
     .shows = "data"},
    {.id = "P-CRT-9.pathlen",
     .rows = "D5280-4.2.1.9-1",
     HAS_CERTIFICATE,
     .play = issue_too_deep,
     .strict = "alert 48 | alert 42 | alert 43",
     .wrong = read_no_path_len,
     .shows = "data"},
    {.id = "P-CRT-9.version",
     .rows = "D5280-4.1.2.1-1",
     HAS_CERTIFICATE,
     .play = issue_as_v1,
     .strict = "alert 48 | alert 42 | alert 43",
     .wrong = take_old_versions,
     .shows = "data"},
    {.id = "P-CRT-10.leaf",
     .rows = "D5280-4.2-1",
     HAS_CERTIFICATE,
     .play = show_critical,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = know_no_critical,
     .shows = "data"},
    {.id = "P-CRT-10.intermediate",
     .rows = "D5280-4.2-1",
     HAS_CERTIFICATE,
     .play = show_critical_above,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = know_no_critical,
     .shows = "data"},
    {.id = "P-CRT-10.harmless",
     .rows = "D5280-4.2-1",
     HAS_CERTIFICATE,
     .play = show_harmless,
     .strict = "data",
     .wrong = refuse_what_is_unknown,
     .shows = "alert 43"},
    {.id = "P-CRT-11.outside",
     .rows = "D5280-4.2.1.10-1",
     HAS_CERTIFICATE,
     .play = permit_others,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = read_no_constraints,
     .shows = "data"},
    {.id = "P-CRT-11.excluded",
     .rows = "D5280-4.2.1.10-1",
     HAS_CERTIFICATE,
     .play = exclude_leaf,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = read_no_constraints,
     .shows = "data"},
    {.id = "P-CRT-11.inside",
     .rows = "D5280-4.2.1.10-1",
     HAS_CERTIFICATE,
     .play = permit_leaf,
     .strict = "data",
     .tolerated = "alert 42 | alert 43 | alert 46",
     .wrong = fear_constraints,
     .shows = "alert 80"},
    {.id = "P-CRT-12",
     .rows = "D5280-4.1.1.2-1",
     HAS_CERTIFICATE,
     .play = disagree,
     .strict = "alert 42 | alert 43",
     .wrong = wrong_takes_other_lists,
     .shows = "no alert after two algorithms"},
    {.id = "P-CRT-13",
     .rows = "D5280-6.1.3-1",
     HAS_CERTIFICATE,
     .play = name_another_issuer,
     .strict = "alert 42 | alert 48",
     .wrong = read_no_issuer,
     .shows = "data"},
    {.id = "P-CRT-14",
     .rows = "D5280-4.1.2.5-1",
     HAS_CERTIFICATE,
     .play = show_late_ends,
     .strict = "data",
     .wrong = read_two_digits,
     .shows = "no handshake until 20510101000000Z"},
    {.id = "P-CRT-15.clients",
     .rows = "D5280-4.2.1.12-1",
     HAS_CERTIFICATE,
     .play = show_for_clients,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = read_no_purpose,
     .shows = "data"},
    {.id = "P-CRT-15.code",
     .rows = "D5280-4.2.1.12-1",
     HAS_CERTIFICATE,
     .play = show_for_code,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = read_no_purpose,
     .shows = "data"},
    {.id = "P-CRT-15.any",
     .rows = "D5280-4.2.1.12-3",
     HAS_CERTIFICATE,
     .play = show_for_anything,
     .strict = "data | alert 42 | alert 43 | alert 46",
     .wrong = fear_any_purpose,
     .shows = "alert 80"},
    {.id = "P-CRT-16.servers",
     .rows = "D5280-4.2.1.12-2",
     HAS_CERTIFICATE,
     .play = show_for_servers,
     .strict = "alert 42 | alert 43 | alert 46",
     .wrong = read_no_purpose,
     .shows = "data"},
    {.id = "P-CRT-16.any",
     .rows = "D5280-4.2.1.12-3",
     HAS_CERTIFICATE,
     .play = show_for_anything,
     .strict = "data | alert 42 | alert 43 | alert 46",
     .wrong = fear_any_purpose,
     .shows = "alert 80"},
    {.id = "P-CRT-17.encipher",
     .rows = "D5246-7.4.2-9 D8422-2.2-1",
     .suits = suite_signs_rsa,
     .play = may_encipher,
     .strict = "alert 43",
     .tolerated = "alert 42 | alert 47",
     .wrong = read_no_leaf_usage,
     .shows = "data"},
    {.id = "P-CRT-17.agree",
     .rows = "D8422-2.2-1",
     .suits = is_signed,
     .play = may_agree,
     .strict = "alert 43",
     .tolerated = "alert 42 | alert 47",
     .wrong = read_no_leaf_usage,
     .shows = "data"},
    {.id = "P-CRT-17.sign",
     .rows = "D5246-7.4.2-8",
     .suits = suite_is_rsa,
     .play = may_sign,
     .strict = "alert 43",
     .tolerated = "alert 42 | alert 47",
     .wrong = read_no_leaf_usage,
     .shows = "data"},
    {.id = "P-CRT-17.more",
     .rows = "D5246-7.4.2-9",
     .suits = is_signed,
     .play = may_do_anything,
     .strict = "data",
     .wrong = refuse_what_it_needs_not,
     .shows = "alert 43"},
    {.id = "P-CRT-18.encipher",
     .rows = "D5246-7.4.6-91",
     HAS_CERTIFICATE,
     .play = may_encipher,
     .strict = "alert 43 | alert 42 | alert 47",
     .wrong = read_no_leaf_usage,
     .shows = "data"},
    {.id = "P-CRT-18.agree",
     .rows = "D5246-7.4.6-91",
     HAS_CERTIFICATE,
     .play = may_agree,
     .strict = "alert 43 | alert 42 | alert 47",
     .wrong = read_no_leaf_usage,
     .shows = "data"},
    {.id = "P-CRT-19.rsa",
     .rows = "D5246-7.4.2-7 D8422-2.1-1",
     .suits = suite_signs_ec,
     .play = show_other_kind,
     .strict = "alert 43 | alert 47 | alert 40",
     .wrong = take_any_kind,
     .shows = "data"},
    {.id = "P-CRT-19.ec",
     .rows = "D5246-7.4.2-7 D8422-2.2-1",
     .suits = suite_signs_rsa,
     .play = show_other_kind,
     .strict = "alert 43 | alert 47 | alert 40",
     .wrong = take_any_kind,
     .shows = "data"},
    {.id = "P-CRT-20.leaf",
     .rows = "D5246-7.4.2-11 D9325-4.5-4",
     HAS_CERTIFICATE,
     .play = sign_leaf_with_old_hash,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_any_hash,
     .shows = "data"},
    {.id = "P-CRT-20.intermediate",
     .rows = "D5246-7.4.2-11 D9325-4.5-4",
     HAS_CERTIFICATE,
     .play = sign_intermediate_with_old_hash,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_any_hash,
     .shows = "data"},
    {.id = "P-CRT-20.root",
     .rows = "D5246-7.4.2-11",
     HAS_CERTIFICATE,
     .play = sign_root_with_old_hash,
     .strict = "data",
     .wrong = look_at_roots,
     .shows = "alert 43"},
    {.id = "P-CRT-21.rsa_1024",
     .rows = "D9325-4.5-3",
     .suits = suite_takes_rsa,
     .mutual = true,
     .play = show_1024,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_leaves,
     .shows = "data"},
    {.id = "P-CRT-21.rsa_2047",
     .rows = "D9325-4.5-3",
     .suits = suite_takes_rsa,
     .mutual = true,
     .play = show_2047,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_leaves,
     .shows = "data"},
    {.id = "P-CRT-21.p192",
     .rows = "D9325-4.5-2",
     .suits = suite_signs_ec,
     .mutual = true,
     .play = show_p192,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_leaves,
     .shows = "data"},
    {.id = "P-CRT-21.above_1024",
     .rows = "D9325-4.5-3",
     HAS_CERTIFICATE,
     .play = show_1024_above,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_intermediates,
     .shows = "data"},
    {.id = "P-CRT-21.above_2047",
     .rows = "D9325-4.5-3",
     HAS_CERTIFICATE,
     .play = show_2047_above,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_intermediates,
     .shows = "data"},
    {.id = "P-CRT-21.above_p192",
     .rows = "D9325-4.5-2",
     HAS_CERTIFICATE,
     .play = show_p192_above,
     .strict = "alert 42 | alert 43 | alert 40",
     .wrong = take_short_intermediates,
     .shows = "data"},
    {.id = "P-CRT-22.lengths",
     .rows = "D7925-4.4.4-1 D7925-4.4.4-2",
     HAS_CERTIFICATE,
     .play = show_lengths,
     .strict = "data | alert *",
     .wrong = know_three,
     .shows = "no handshake with 4 certificates"},
    {.id = "P-CRT-22.twenty",
     .roles = CHECK_CLIENT,
     .rows = "D5280-6.1-1",
     HAS_CERTIFICATE,
     .play = show_twenty,
     .strict = "data | alert *",
     .wrong = hang_on_long_chains,
     .shows = "silence"},
    {.id = "P-CRT-22.circle",
     .rows = "D5280-6.1-1",
     HAS_CERTIFICATE,
     .play = go_round,
     .strict = "alert *",
     .wrong = hang_on_circles,
     .shows = "silence"},
    {.id = "P-CRT-23.unrelated",
     .rows = "D5246-7.4.2-3",
     HAS_CERTIFICATE,
     .play = show_unrelated,
     .strict = "data | alert *",
     .wrong = hang_on_orders,
     .shows = "silence"},
    {.id = "P-CRT-23.reversed",
     .rows = "D5246-7.4.2-3",
     HAS_CERTIFICATE,
     .play = show_reversed,
     .strict = "data | alert *",
     .wrong = hang_on_orders,
     .shows = "silence"},
    {.id = "P-CRT-23.second",
     .rows = "D5246-7.4.2-3",
     HAS_CERTIFICATE,
     .play = show_leaf_second,
     .strict = "alert *",
     .wrong = look_for_leaves,
     .shows = "data"},
    {.id = "P-CRT-24",
     .rows = "D5246-7.4.2-5",
     HAS_CERTIFICATE,
     .play = show_root_too,
     .strict = "data",
     .wrong = refuse_roots,
     .shows = "alert 42"},
    {.id = "P-CRT-25.leaf",
     .rows = "D5280-6.1.3-3 D5246-F.1.1-1 D9325-7.5-1",
     HAS_CERTIFICATE,
     .play = show_revoked,
     .strict = "alert 44",
     .tolerated = "alert 42 | alert 46",
     .wrong = read_no_list,
     .shows = "data"},
    {.id = "P-CRT-25.intermediate",
     .rows = "D5280-6.1.3-3 D5246-F.1.1-1",
     HAS_CERTIFICATE,
     .play = show_revoked_above,
     .strict = "alert 44",
     .tolerated = "alert 42 | alert 46",
     .wrong = read_no_list,
     .shows = "data"},
    {.id = "P-CRT-26",
     .rows = "D5246-7.4.2-3 D5246-7.4.2-1 D5246-7.4.2-12 D5246-7.4.2-6",
     .suits = dtls_suite_has_certificate,
     .play = read_chain,
     .strict = "data",
     .wrong = show_unrelated_too,
     .shows = "certificate 1 did not issue the one before"},
    {.id = "P-CRT-27",
     .rows = "D5246-7.4.2-10",
     .suits = suite_signs_ec,
     .play = look_for_a_choice,
     .strict = "data",
     .wrong = choose_chains_badly,
     .shows = "a chain that 0403 and * do not allow, though *"},
    {.id = "P-SKE-1",
     .rows = "D5246-7.4.3-10 D5246-7.4.5-1",
     .suits = is_signed,
     .play = spoil_key_exchange,
     .strict = "alert 51",
     .tolerated = "alert 47 | alert 50",
     .wrong = wrong_believes_signatures,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(certificate)
