/* SPDX-License-Identifier: MIT */
/* Bad certificates, key exchanges and signatures, for our client and for our
 * server. */
#include "conformance/stage.h"

#include "crypto/libcrypto_internal.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>

static struct stage s;
static struct peer_message *m;
static struct sim_identity wrong_purpose, expired, other, ed25519;
static struct sim_identity sign_only, encipher_only, sha1;
static struct sim_identity other_client, client_ed25519;
static struct sim_identity rsa_3072, rsa_4096, pure_ec, root_too;
static struct sim_anchor root_ed25519, root_ec;

static void load_pki(void)
{
    stage_load_pki();
    sim_identity_load(&wrong_purpose, NXDTLS_PKI_DIR, "wrong-purpose", true);
    sim_identity_load(&expired, NXDTLS_PKI_DIR, "expired", true);
    sim_identity_load(&other, NXDTLS_PKI_DIR, "other", true);
    sim_identity_load(&sign_only, NXDTLS_PKI_DIR, "sign-only", true);
    sim_identity_load(&encipher_only, NXDTLS_PKI_DIR, "encipher-only", true);
    sim_identity_load(&ed25519, NXDTLS_PKI_DIR, "ed25519", true);
    sim_identity_load(&sha1, NXDTLS_PKI_DIR, "sha1", true);
    sim_identity_load(&other_client, NXDTLS_PKI_DIR, "other-client", true);
    sim_identity_load(&client_ed25519, NXDTLS_PKI_DIR, "client-ed25519", true);
    sim_identity_load(&rsa_3072, NXDTLS_PKI_DIR, "rsa-3072", true);
    sim_identity_load(&rsa_4096, NXDTLS_PKI_DIR, "rsa-4096", true);
    sim_identity_load(&pure_ec, NXDTLS_PKI_DIR, "pure-ec", true);
    sim_identity_load(&root_too, NXDTLS_PKI_DIR, "root", false);
    sim_anchor_load(&root_ed25519, NXDTLS_PKI_DIR, "root-ed25519");
    sim_anchor_load(&root_ec, NXDTLS_PKI_DIR, "root-ec");
}

static void free_pki(void)
{
    struct sim_identity *all[] = {
        &wrong_purpose,  &expired,  &other,    &sign_only,
        &encipher_only,  &ed25519,  &sha1,     &other_client,
        &client_ed25519, &rsa_3072, &rsa_4096, &pure_ec};

    for (size_t i = 0; i < LEN(all); i++) {
        sim_identity_free(all[i]);
    }
    stage_free_pki();
}

static void prepare(enum dtls_role target, uint16_t suite)
{
    static uint16_t only;

    only = suite;
    stage_init(&s, target, 101);
    stage_suite(&s.peer, &only);
}

/* Groups that our client offers; NULL: the usual ones. */
static const uint16_t *offered;
static size_t num_offered;

/* Starts the peer as a server with this suite, and plays up to the message of
 * its flight that has this type. */
static void come_to(uint16_t suite, uint8_t type)
{
    prepare(DTLS_CLIENT, suite);
    if (offered != NULL) {
        s.target.config.groups = offered;
        s.target.config.num_groups = num_offered;
    }
    stage_start(&s);
    m = stage_come_to(&s, type);
}

static void assert_came_to_nothing(void)
{
    assert_null(stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE).data);
    assert_int_equal(s.target.num_data, 0);
}

/* Replaces the message with a Certificate of these, and sends it. */
static void say_certificates(const struct sim_der *const *ders, size_t num)
{
    struct dtls_buf list = {&m->body[3], 0, sizeof m->body - 3};
    struct dtls_buf head = {m->body, 0, 3};

    for (size_t i = 0; i < num; i++) {
        kit_row("certificate %zu", i);
        assert_true(dtls_put_u24(&list, (uint32_t)ders[i]->len) &&
                    dtls_put_bytes(
                        &list, dtls_bytes_of(ders[i]->bytes, ders[i]->len)));
    }
    assert_true(dtls_put_u24(&head, (uint32_t)list.len));
    m->len = 3 + list.len;
    stage_say(&s, m);
}

static void say_certificate(uint16_t suite, const struct sim_der *der)
{
    come_to(suite, DTLS_CERTIFICATE);
    say_certificates(&der, der != NULL);
    stage_listen(&s);
    assert_came_to_nothing();
}

static void a_certificate_must_fit_the_suite(void **state)
{
    (void)state;
    proves("D5246-7.4.2-7");
    proves("FCS_DTLSC_EXT.1.1-T3");
    proves("FP2.1-DTLSC1-keytype");
    say_certificate(0xc02b, &stage_pki.rsa.cert_der);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
    say_certificate(0xc02f, &stage_pki.ec.cert_der);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
    say_certificate(0x002f, &stage_pki.ec.cert_der);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
}

static void a_certificate_must_be_for_this_use(void **state)
{
    (void)state;
    proves("D5246-7.4.2-8");
    proves("D5246-7.4.2-9");
    say_certificate(0x009c, &sign_only.cert_der);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
    say_certificate(0xc02f, &encipher_only.cert_der);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
}

static void a_server_shows_a_certificate(void **state)
{
    (void)state;
    proves("D5246-7.4.2-17");
    proves("FP2.1-DTLSC1-emptycert");
    say_certificate(0xc02f, NULL);
    stage_fails(&s, DTLS_DECODE_ERROR);
}

static void the_first_certificate_is_the_servers_own(void **state)
{
    const struct sim_der *order[] = {&stage_pki.root.der,
                                     &stage_pki.rsa.cert_der};

    (void)state; /* D5246-7.4.2-4 wants another alert: no claim */
    come_to(0xc02f, DTLS_CERTIFICATE);
    say_certificates(order, LEN(order));
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
}

static int64_t in_2025(void *self)
{
    (void)self;
    return 1735689600;
}

static void a_server_is_for_servers(void **state)
{
    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T2a");
    proves("FCS_DTLSC_EXT.1.1-T2b");
    proves("FCS_DTLSC_EXT.1.3-T1");
    come_to(0xc02f, DTLS_CERTIFICATE);
    stage_connects(&s); /* serverAuth, and its CA is there */
    stage_end(&s);
    say_certificate(0xc02f, &wrong_purpose.cert_der);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
    stage_end(&s);
}

static void a_chain_is_signed_as_was_asked_for(void **state)
{
    (void)state;
    proves("FP2.1-DTLSC1-certsig");
    say_certificate(0xc02f, &sha1.cert_der);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
    assert_true(dtls_status_is_fatal(s.target.session.failure));
    stage_end(&s);
}

/* Sends leaf, two CAs and the root; then one certificate more than there is
 * room for. */
static void a_chain_of_four_is_taken_and_one_of_eleven_is_not(void **state)
{
    const struct sim_der *chain[DTLS_CHAIN_MAX + 1];

    (void)state;
    proves("D7925-4.4.4-2");
    prepare(DTLS_CLIENT, 0xc02f);
    s.peer.config.credentials = &stage_pki.chain[0].credential;
    stage_pki.chain[2].credential.next = &root_too.credential;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    for (size_t i = 0; i < LEN(chain); i++) {
        chain[i] = i < 3 ? &stage_pki.chain[i].cert_der : &root_too.cert_der;
    }
    say_certificates(chain, 4);
    stage_change(&s);
    stage_say_rest(&s, m);
    stage_exchange(&s);
    stage_connects(&s);
    stage_end(&s);
    stage_pki.chain[2].credential.next = NULL;

    come_to(0xc02f, DTLS_CERTIFICATE);
    say_certificates(chain, LEN(chain));
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_MESSAGE_TOO_LONG);
}

static void a_bad_certificate_ends_it_before_any_key(void **state)
{
    (void)state;
    proves("D5246-7.4.5-1");
    proves("FCS_DTLSC_EXT.1.3-T2");
    say_certificate(0xc02f, &other.cert_der);
    stage_fails(&s, DTLS_UNKNOWN_CA);
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.unix_time = in_2025;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    say_certificates((const struct sim_der *[]){&expired.cert_der}, 1);
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_CERTIFICATE_EXPIRED);
}

/* Sends a ServerKeyExchange with another share and a good signature, and the
 * rest of the flight. */
static void say_share(uint16_t suite, uint16_t group, struct dtls_bytes point)
{
    const struct dtls_sigalg *alg;
    const struct dtls_handshake *h = &s.peer.session.hs;
    uint8_t input_bytes[DTLS_PARAMS_INPUT_MAX];
    struct dtls_buf input = {input_bytes, 0, sizeof input_bytes};
    uint8_t signature[512];
    struct dtls_signed sig = {0, {signature, sizeof signature}};
    struct dtls_buf body;

    come_to(suite, DTLS_SERVER_KEY_EXCHANGE);
    alg = h->sigalg;
    body = (struct dtls_buf){m->body, 0, sizeof m->body};
    sig.sigalg = alg->id;
    assert_true(dtls_ske_ecdhe_put_params(&body, group, point));
    assert_int_equal(dtls_auth_params_input(&s.peer.session.hs, alg,
                                            dtls_buf_bytes(&body), &input),
                     DTLS_OK);
    assert_int_equal(h->crypto->sign(h->crypto->self, &h->credential->key, alg,
                                     signature, &sig.signature.len,
                                     dtls_buf_bytes(&input)),
                     DTLS_OK);
    assert_true(dtls_signed_put(&body, &sig));
    m->len = body.len;
    stage_change(&s);
    stage_say(&s, m);
    stage_say_rest(&s, m);
}

static void refuse_share(uint16_t group, const char *hex)
{
    struct kit_hex point = kit_hex(hex);

    say_share(0xc02f, group, kit_hex_bytes(&point));
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

/* The generator of secp256r1, and values beside it. */
#define GX "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define GY "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define OFF "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f4"
#define P256 "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
#define ONES "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define ZEROS                                                                 \
    "0000000000000000000000000000000000000000000000000000000000000000"

/* Values that are no point of secp256r1. */
static const char *const no_points[] = {
    "04" GX OFF,          /* not on the curve      */
    "04" ONES GY,         /* x not below p         */
    "04" GX P256,         /* y not below p         */
    "04" ZEROS ZEROS,     /* infinity, perhaps      */
    "00",                 /* infinity in SEC 1      */
    "03" GX,              /* compressed            */
    "02" GX,              /* compressed             */
    "04" GX,              /* x only                 */
    "06" GX GY,           /* hybrid                */
    "04" GX GY "00",      /* a byte too many       */
    "046b17d1f2" GY "00", /* too few               */
};

static void the_servers_point_is_checked(void **state)
{
    (void)state;
    proves("D8422-5.11-2");
    for (size_t i = 0; i < LEN(no_points); i++) {
        kit_row("point %zu: %.10s...", i, no_points[i]);
        refuse_share(DTLS_GROUP_SECP256R1, no_points[i]);
    }
}

/* Points of small order on the curve and on its twist, and field elements that
 * are not reduced (RFC 7748, 6.1). */
static const char *const small_order[] = {
    ZEROS,
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

/* Sends a good share of a group that our client did not offer. */
static void refuse_group(uint16_t group)
{
    static const uint16_t x25519[] = {DTLS_GROUP_X25519};
    uint8_t point[DTLS_POINT_MAX];
    struct dtls_share share = {0};

    assert_int_equal(dtls_libcrypto.share_make(NULL, &share, group, point),
                     DTLS_OK);
    dtls_libcrypto.share_free(NULL, &share);
    offered = x25519;
    num_offered = 1;
    say_share(0xc02f, group,
              dtls_bytes_of(point, dtls_group_point_len(group)));
    offered = NULL;
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

static void a_group_is_one_that_was_offered(void **state)
{
    (void)state;
    proves("D8422-5.1.1-2");
    proves("FCS_DTLSC_EXT.1.1-T4c");
    proves("FCS_DTLSC_EXT.1.4-T3");
    refuse_group(DTLS_GROUP_SECP521R1);
    refuse_group(DTLS_GROUP_SECP384R1);
    refuse_group(DTLS_GROUP_SECP256R1);
    refuse_group(DTLS_GROUP_SECP224R1);
    refuse_group(DTLS_GROUP_SECP192R1);
}

static void curves_are_named(void **state)
{
    (void)state;
    proves("FP2.1-DTLSC1-group-explicit");
    for (uint8_t type = 1; type <= 2; type++) {
        kit_row("curve type %u", type);
        come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
        m->body[0] = type; /* explicit_prime, explicit_char2 */
        stage_say(&s, m);
        stage_listen(&s);
        assert_came_to_nothing();
        assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
        stage_end(&s);
    }
}

/* Returns where ServerKeyExchange has its algorithm pair and its signature. */
static uint8_t *pair_in(struct peer_message *ske)
{
    return &ske->body[4 + ske->body[3]];
}

static void a_pair_that_was_not_offered_is_illegal(void **state)
{
    (void)state;
    proves("D5246-7.4.3-5");
    proves("FP2.1-DTLSC1-sigalg");
    come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
    pair_in(m)[0] = 2; /* SHA-1 */
    stage_say(&s, m);
    stage_listen(&s);
    assert_came_to_nothing();
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

static void a_pair_fits_the_key(void **state)
{
    (void)state;
    proves("D5246-7.4.3-8");
    proves("D8422-5.9-2");
    come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
    memcpy(pair_in(m), "\4\3", 2);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);

    prepare(DTLS_CLIENT, 0xc02b); /* Ed25519, and says that it is ECDSA */
    s.target.config.anchors = &root_ed25519.item;
    s.peer.config.credentials = &ed25519.credential;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_KEY_EXCHANGE);
    memcpy(pair_in(m), "\4\3", 2);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

static void ed25519_signs_with_0807(void **state)
{
    (void)state;
    proves("D8422-5.9-1");
    proves("D8422-5.10-4");
    prepare(DTLS_SERVER, 0xc02b);
    s.peer.config.anchors = &root_ed25519.item;
    s.target.config.credentials = &ed25519.credential;
    stage_start(&s);
    stage_connects(&s);
    {
        struct dtls_bytes ske = stage_said(&s, DTLS_SERVER_KEY_EXCHANGE);

        kit_assert_hex(dtls_bytes_of(&ske.data[4 + ske.data[3]], 2), "0807");
    }
    stage_end(&s);
}

static void every_bit_of_parameters_and_signature_counts(void **state)
{
    (void)state;
    proves("D5246-7.4.3-10");
    proves("FCS_DTLSC_EXT.1.1-T5b");
    come_to(0xc02b, DTLS_SERVER_KEY_EXCHANGE);
    stage_end(&s);
    for (size_t at = 4; at < m->len; at++) {
        size_t point_len;

        kit_row("byte %zu", at);
        come_to(0xc02b, DTLS_SERVER_KEY_EXCHANGE);
        point_len = m->body[3];
        if (at >= m->len) { /* an ECDSA signature may be shorter */
            stage_end(&s);
            break;
        }
        if (at >= 4 + point_len && at < 8 + point_len) {
            stage_end(&s); /* pair and length: not of the signature */
            continue;
        }
        m->body[at] ^= (uint8_t)(1 << at % 8);
        stage_say(&s, m);
        stage_listen(&s);
        assert_came_to_nothing();
        stage_fails(&s, DTLS_DECRYPT_ERROR);
    }
}

static void a_signature_is_over_this_handshake(void **state)
{
    static struct peer_message stale;

    (void)state;
    proves("D5246-7.4.3-9");
    come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
    stale = *m;
    stage_end(&s);
    stage_init(&s, DTLS_CLIENT, 102); /* other randoms */
    stage_suite(&s.peer, &(const uint16_t){0xc02f});
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_KEY_EXCHANGE);
    stage_say(&s, &stale);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

static EVP_PKEY *open_key(const struct sim_identity *id)
{
    const unsigned char *der = id->key_der.bytes;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)id->key_der.len);

    assert_non_null(key);
    return key;
}

/* Applies the private-key operation to these bytes. */
static void sign_padded(const struct sim_identity *id, uint8_t *signature,
                        int padding, const uint8_t *bytes, size_t len)
{
    EVP_PKEY *key = open_key(id);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t sig_len = 256;

    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, signature, &sig_len, bytes, len), 1);
    assert_int_equal(sig_len, 256);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
}

/* Replaces the signature of ServerKeyExchange with one of these bytes, with
 * PKCS#1 v1.5 padding. */
static void sign_raw(const uint8_t *bytes, size_t len)
{
    sign_padded(&stage_pki.rsa, pair_in(m) + 4, RSA_PKCS1_PADDING, bytes, len);
}

/* Recovers the DigestInfo from a PKCS#1 v1.5 signature. */
static size_t digest_info_of(const struct sim_identity *id, uint8_t out[256],
                             const uint8_t *signature)
{
    EVP_PKEY *key = open_key(id);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t len = 256;

    assert_int_equal(EVP_PKEY_verify_recover_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
    assert_int_equal(EVP_PKEY_verify_recover(ctx, out, &len, signature, 256),
                     1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return len;
}

static size_t digest_info(uint8_t out[256], const uint8_t *signature)
{
    return digest_info_of(&stage_pki.rsa, out, signature);
}

static const uint16_t rsa_sha256[] = {0x0401};

static void an_rsa_signature_is_a_digest_info(void **state)
{
    uint8_t info[256];
    size_t len;

    (void)state;
    proves("D5246-4.7-1");
    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.sigalgs = rsa_sha256;
    s.target.config.num_sigalgs = 1;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_KEY_EXCHANGE);
    len = digest_info(info, pair_in(m) + 4);
    assert_int_equal(len, 51);
    sign_raw(info, len); /* unchanged: the next one differs only there */
    stage_connects(&s);
    stage_end(&s);

    prepare(DTLS_CLIENT, 0xc02f);
    s.target.config.sigalgs = rsa_sha256;
    s.target.config.num_sigalgs = 1;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_KEY_EXCHANGE);
    (void)digest_info(info, pair_in(m) + 4);
    sign_raw(&info[15], 36); /* as long as MD5 and SHA-1 together */
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

/* Plays up to the message that the peer signs with this key, and returns where
 * the signature is. */
static uint8_t *come_to_signature(enum dtls_role target,
                                  const struct sim_identity *signer)
{
    bool by_server = target == DTLS_CLIENT;

    prepare(target, 0xc02f);
    s.target.config.sigalgs = rsa_sha256;
    s.target.config.num_sigalgs = 1;
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.peer.config.credentials = &signer->credential;
    stage_start(&s);
    m = stage_come_to(&s, by_server ? DTLS_SERVER_KEY_EXCHANGE
                                    : DTLS_CERTIFICATE_VERIFY);
    return by_server ? pair_in(m) + 4 : &m->body[4];
}

/* Makes 00 01 ff..ff 00 DigestInfo, followed by bytes that DigestInfo's own
 * length may count.  With an exponent of 3 such a block can be forged without
 * the key: a cube root fixes the first bytes only. */
static void forge_block(uint8_t block[256], struct dtls_bytes info,
                        size_t behind, bool counted)
{
    size_t at = 256 - behind - info.len;

    memset(block, 0xff, 256);
    block[0] = 0;
    block[1] = 1;
    block[at - 1] = 0;
    memcpy(&block[at], info.data, info.len);
    if (counted) {
        block[at + 1] = (uint8_t)(info.data[1] + behind);
    }
    memset(&block[at + info.len], 0x5a, behind);
}

/* Removes the NULL of the parameters from a DigestInfo. */
static void take_null_away(uint8_t info[51])
{
    info[1] -= 2;
    info[3] -= 2;
    memmove(&info[15], &info[17], 51 - 17);
}

/* Does our end accept a block with so many bytes after DigestInfo? */
static void check_block(enum dtls_role target, bool with_null, size_t behind,
                        bool counted)
{
    const struct sim_identity *signer =
        target == DTLS_CLIENT ? &stage_pki.rsa : &stage_pki.client_rsa;
    uint8_t *signature = come_to_signature(target, signer);
    uint8_t info[256];
    uint8_t block[256];

    assert_int_equal(digest_info_of(signer, info, signature), 51);
    if (!with_null) {
        take_null_away(info);
    }
    forge_block(block, dtls_bytes_of(info, with_null ? 51 : 49), behind,
                counted);
    sign_padded(signer, signature, RSA_NO_PADDING, block, 256);
    stage_say(&s, m);
    if (behind == 0) {
        stage_ignores(&s); /* it waits for the next message */
        stage_end(&s);
    } else {
        stage_fails(&s, DTLS_DECRYPT_ERROR);
    }
}

static void nothing_may_stand_behind_a_digest_info(void **state)
{
    static const struct {
        size_t behind;
        bool counted;
    } cases[] = {{0, false}, {1, false}, {2, false}, {32, false}, {194, false},
                 {1, true},  {2, true},  {32, true}, {78, true}};

    (void)state;
    proves("D5246-D.4-3");
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("%zu bytes behind, %s", cases[i].behind,
                cases[i].counted ? "counted" : "not counted");
        for (unsigned how = 0; how < 4; how++) {
            kit_row("target a %s, %s NULL", kit_role((how & 1) != 0),
                    (how & 2) != 0 ? "with" : "without");
            check_block((how & 1) != 0 ? DTLS_SERVER : DTLS_CLIENT,
                        (how & 2) != 0, cases[i].behind, cases[i].counted);
        }
    }
}

/* SEQUENCE { SEQUENCE { sha-256 }, OCTET STRING }, without NULL. */
static void absent_parameters_are_taken(void **state)
{
    uint8_t info[256];

    (void)state;
    proves("D5246-4.7-3");
    for (unsigned i = 0; i < 2; i++) {
        kit_row("%s digest", i == 0 ? "right" : "wrong");
        prepare(DTLS_CLIENT, 0xc02f);
        s.target.config.sigalgs = rsa_sha256;
        s.target.config.num_sigalgs = 1;
        stage_start(&s);
        m = stage_come_to(&s, DTLS_SERVER_KEY_EXCHANGE);
        assert_int_equal(digest_info(info, pair_in(m) + 4), 51);
        take_null_away(info);
        info[48] ^= (uint8_t)i; /* the digest's last byte */
        sign_raw(info, 49);
        stage_change(&s);
        if (i == 0) {
            stage_connects(&s);
            stage_end(&s);
        } else {
            stage_say(&s, m);
            stage_fails(&s, DTLS_DECRYPT_ERROR);
        }
    }
}

static void our_digest_info_has_null_parameters(void **state)
{
    uint8_t info[256];
    struct dtls_bytes ske;

    (void)state;
    proves("D5246-4.7-2");
    prepare(DTLS_SERVER, 0xc02f);
    s.peer.config.sigalgs = rsa_sha256;
    s.peer.config.num_sigalgs = 1;
    stage_start(&s);
    stage_connects(&s);
    ske = stage_said(&s, DTLS_SERVER_KEY_EXCHANGE);
    assert_int_equal(digest_info(info, &ske.data[ske.len - 256]), 51);
    /* SEQUENCE { SEQUENCE { sha-256, NULL }, OCTET STRING } */
    kit_assert_hex(dtls_bytes_of(info, 19),
                   "3031300d060960864801650304020105000420");
    stage_end(&s);
}

static void every_pair_that_is_listed_is_taken(void **state)
{
    static const uint16_t pairs[] = {0x0401, 0x0501, 0x0601, 0x0804, 0x0805,
                                     0x0806, 0x0403, 0x0503, 0x0603, 0x0807};

    (void)state;
    proves("FCS_DTLSC_EXT.1.5-T1ii");
    proves("D8446-4.2.3-3");
    for (size_t i = 0; i < LEN(pairs); i++) {
        struct dtls_credential c = stage_pki.rsa.credential;

        kit_row("pair %04x", pairs[i]);
        prepare(DTLS_CLIENT, (pairs[i] & 0xff) == 3 || pairs[i] == 0x0807
                                 ? 0xc02b
                                 : 0xc02f);
        if ((pairs[i] & 0xff) == 3) {
            c = stage_pki.ec.credential;
        }
        if (pairs[i] == 0x0807) {
            c = ed25519.credential;
            s.target.config.anchors = &root_ed25519.item;
        }
        c.next = NULL;
        c.sigalgs = &pairs[i];
        c.num_sigalgs = 1;
        s.peer.config.credentials = &c;
        stage_start(&s);
        stage_connects(&s);
        assert_int_equal(s.target.session.hs.peer_sigalg, pairs[i]);
        stage_end(&s);
    }
}

static void a_pair_does_not_fix_the_curve(void **state)
{
    static const uint16_t pair = 0x0403;
    struct dtls_credential c = stage_pki.ec_p384.credential;

    (void)state;
    proves("D8446-4.2.3-4");
    prepare(DTLS_CLIENT, 0xc02b);
    c.next = NULL;
    c.sigalgs = &pair;
    c.num_sigalgs = 1;
    s.peer.config.credentials = &c;
    stage_start(&s);
    stage_connects(&s);
    assert_int_equal(s.target.session.hs.peer_sigalg, pair);
    stage_end(&s);
}

/* Starts the peer as a client with this suite, and plays up to the message of
 * its flight that has this type. */
static void client_to(uint16_t suite, uint8_t type)
{
    prepare(DTLS_SERVER, suite);
    stage_start(&s);
    m = stage_come_to(&s, type);
}

static void refuse_client_point(uint16_t group, const char *hex)
{
    struct kit_hex point = kit_hex(hex);
    struct dtls_buf body;

    prepare(DTLS_SERVER, 0xc02f);
    s.peer.config.groups = &group;
    s.peer.config.num_groups = 1;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    body = (struct dtls_buf){m->body, 0, sizeof m->body};
    assert_true(dtls_put_vec8(&body, kit_hex_bytes(&point)));
    m->len = body.len;
    stage_say(&s, m);
    stage_say_rest(&s, m);
    stage_listen(&s);
    assert_false(dtls_session_is_connected(&s.target.session));
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

static void the_clients_point_is_checked(void **state)
{
    (void)state;
    proves("D8422-5.11-1");
    proves("FP2.1-DTLSS1-ecbad");
    for (size_t i = 0; i < LEN(no_points); i++) {
        kit_row("point %zu: %.10s...", i, no_points[i]);
        refuse_client_point(DTLS_GROUP_SECP256R1, no_points[i]);
    }
}

static void both_ends_take_whole_uncompressed_points_only(void **state)
{
    (void)state;
    proves("D8422-5.1.2-1");
    proves("D8422-5.1.2-2");
    proves("D8422-5.4.1-1");
    for (size_t i = 5; i < LEN(no_points); i++) {
        kit_row("point %zu: %.10s...", i, no_points[i]);
        refuse_client_point(DTLS_GROUP_SECP256R1, no_points[i]);
        refuse_share(DTLS_GROUP_SECP256R1, no_points[i]);
    }
    client_to(0xc02b, DTLS_CLIENT_KEY_EXCHANGE);
    stage_connects(&s);
    stage_end(&s);
}

static void both_ends_refuse_points_of_small_order(void **state)
{
    (void)state;
    proves("D8422-5.10-2");
    proves("D8422-5.11-3");
    for (size_t i = 0; i < LEN(small_order); i++) {
        kit_row("point %zu: %s", i, small_order[i]);
        refuse_client_point(DTLS_GROUP_X25519, small_order[i]);
        refuse_share(DTLS_GROUP_X25519, small_order[i]);
    }
}

static void an_ecdsa_signature_is_der(void **state)
{
    (void)state;
    proves("D8422-5.4-3");
    come_to(0xc02b, DTLS_SERVER_KEY_EXCHANGE);
    pair_in(m)[2] = 0; /* r || s, 64 bytes */
    pair_in(m)[3] = 64;
    m->len = (size_t)(pair_in(m) + 4 + 64 - m->body);
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

static void mutual(const struct dtls_credential *c, uint8_t type)
{
    prepare(DTLS_SERVER, 0xc02f);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.peer.config.credentials = c;
    stage_start(&s);
    m = stage_come_to(&s, type);
}

static void a_client_may_have_to_authenticate(void **state)
{
    (void)state;
    proves("FCS_DTLSS_EXT.2.1-T1a");
    proves("FCS_DTLSS_EXT.2.1-T5a");
    proves("FCS_DTLSS_EXT.2.1-T6");
    proves("D5246-7.4.6-2");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
    stage_connects(&s);
    stage_end(&s);
    mutual(NULL, DTLS_CERTIFICATE);
    assert_int_equal(m->len, 3);
    stage_say(&s, m);
    stage_say_rest(&s, m);
    stage_fails(&s, DTLS_HANDSHAKE_FAILURE);
}

static void a_client_is_for_clients(void **state)
{
    (void)state;
    proves("FCS_DTLSS_EXT.2.1-T4a");
    proves("FCS_DTLSS_EXT.2.1-T4b");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
    stage_connects(&s);
    stage_end(&s);
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE);
    say_certificates((const struct sim_der *[]){&stage_pki.rsa.cert_der}, 1);
    stage_listen(&s);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
    assert_int_equal(s.target.num_data, 0);
    stage_end(&s);
}

static void an_invalid_client_certificate_is_refused(void **state)
{
    (void)state;
    proves("FCS_DTLSS_EXT.2.1-T7");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE);
    say_certificates((const struct sim_der *[]){&other_client.cert_der}, 1);
    stage_fails(&s, DTLS_UNKNOWN_CA);
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE);
    s.target.config.unix_time = in_2025;
    say_certificates((const struct sim_der *[]){&expired.cert_der}, 1);
    stage_fails(&s, DTLS_CERTIFICATE_EXPIRED);
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE);
    stage_connects(&s);
    stage_end(&s);
}

/* An application that accepts one client, by its subject. */
static enum dtls_status only_client_rsa(void *self,
                                        const struct dtls_cert *chain,
                                        size_t num)
{
    (void)self;
    assert_int_not_equal(num, 0);
    return dtls_bytes_equal(chain[0].subject,
                            stage_pki.client_rsa.credential.cert.subject)
               ? DTLS_OK
               : DTLS_CERTIFICATE_REFUSED;
}

static void another_client_is_refused(void **state)
{
    const struct dtls_credential *clients[] = {
        &stage_pki.client_ec.credential, &stage_pki.client_rsa.credential};

    (void)state;
    proves("FCS_DTLSS_EXT.2.3");
    for (size_t i = 0; i < LEN(clients); i++) {
        kit_row("client's certificate %s", i == 0 ? "EC" : "RSA");
        mutual(clients[i], DTLS_CERTIFICATE);
        s.target.config.verify_peer = only_client_rsa;
        if (i == 0) {
            stage_say(&s, m);
            stage_fails(&s, DTLS_CERTIFICATE_REFUSED);
        } else {
            stage_connects(&s);
            stage_end(&s);
        }
    }
}

static void authenticate_with(uint16_t pair)
{
    bool bare = pair == 0x0807;
    struct dtls_credential c = stage_pki.client_rsa.credential;

    if (bare) {
        c = client_ed25519.credential;
    } else if ((pair & 0xff) == 3) {
        c = stage_pki.client_ec.credential;
    }
    c.next = NULL;
    c.sigalgs = &pair;
    c.num_sigalgs = 1;
    prepare(DTLS_SERVER, 0xc02f);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.target.config.anchors = bare ? &root_ed25519.item : &stage_pki.root.item;
    s.peer.config.credentials = &c;
    stage_start(&s);
    stage_connects(&s);
    assert_int_equal(s.target.session.hs.peer_sigalg, pair);
    stage_end(&s);
}

static void every_pair_that_is_asked_for_authenticates(void **state)
{
    static uint8_t pairs[64];
    struct dtls_certificate_request request;
    struct dtls_bytes list;
    uint16_t pair;

    (void)state;
    proves("FCS_DTLSS_EXT.2.4-T3");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE);
    assert_int_equal(dtls_certificate_request_parse(
                         &request, stage_said(&s, DTLS_CERTIFICATE_REQUEST)),
                     DTLS_OK);
    assert_true(request.sigalgs.len >= 12 &&
                request.sigalgs.len <= sizeof pairs);
    memcpy(pairs, request.sigalgs.data, request.sigalgs.len);
    list = dtls_bytes_of(pairs, request.sigalgs.len);
    stage_end(&s);
    while (dtls_get_u16(&list, &pair)) {
        kit_row("pair %04x", pair);
        authenticate_with(pair);
    }
}

static void the_clients_signature_counts(void **state)
{
    (void)state;
    proves("D5246-7.4.8-6");
    proves("FCS_DTLSS_EXT.2.1-T5b");
    for (size_t at = 4; at < 260; at += 51) {
        kit_row("byte %zu", at);
        mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
        m->body[at] ^= 1;
        stage_say(&s, m);
        stage_fails(&s, DTLS_DECRYPT_ERROR);
    }
}

static void both_signatures_and_finished_count(void **state)
{
    (void)state;
    proves("D5246-7.2.2-12");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
    m->body[m->len - 1] ^= 1;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
    come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
    m->body[m->len - 1] ^= 1;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
    client_to(0xc02f, DTLS_FINISHED);
    m->body[0] ^= 1;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
    come_to(0xc02f, DTLS_FINISHED);
    m->body[0] ^= 1;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

static void the_clients_pair_was_asked_for_and_fits(void **state)
{
    (void)state;
    proves("D5246-7.4.8-5");
    proves("D5246-7.4.8-7");
    proves("FCS_DTLSS_EXT.2.1-T2");
    mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
    memcpy(m->body, "\2\1", 2);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
    mutual(&stage_pki.client_ec.credential, DTLS_CERTIFICATE_VERIFY);
    memcpy(m->body, "\4\1", 2);
    stage_say(&s, m);
    stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
}

static void old_hashes_and_dsa_are_neither_listed_nor_taken(void **state)
{
    static const uint8_t old[][2] = {{1, 1}, {3, 1}, {4, 2}, {2, 1}};
    struct dtls_certificate_request request;
    static struct hello hello;
    struct dtls_bytes lists[2];
    uint16_t pair;

    (void)state;
    proves("D8446-4.2.3-2");
    proves("D8422-5.10-3");
    for (size_t i = 0; i < LEN(old); i++) {
        kit_row("pair %02x%02x", old[i][0], old[i][1]);
        come_to(0xc02f, DTLS_SERVER_KEY_EXCHANGE);
        memcpy(pair_in(m), old[i], 2);
        stage_say(&s, m);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_true(hello_has(&hello, 13, &lists[0]));
        stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
        mutual(&stage_pki.client_rsa.credential, DTLS_CERTIFICATE_VERIFY);
        memcpy(m->body, old[i], 2);
        assert_int_equal(
            dtls_certificate_request_parse(
                &request, stage_said(&s, DTLS_CERTIFICATE_REQUEST)),
            DTLS_OK);
        lists[1] = request.sigalgs;
        stage_say(&s, m);
        stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
        assert_true(dtls_get_u16(&lists[0], &pair)); /* its length */
        for (unsigned k = 0; k < 2; k++) {
            kit_row("list of a %s",
                    k == 0 ? "ClientHello" : "CertificateRequest");
            while (dtls_get_u16(&lists[k], &pair)) {
                kit_row("pair %04x", pair);
                assert_true(pair >> 8 >= 4 && (pair & 0xff) != 2);
            }
        }
    }
}

static void the_request_lists_what_it_is_told(void **state)
{
    static const uint16_t pairs[] = {0x0403, 0x0501, 0x0401};
    struct dtls_certificate_request request;

    (void)state;
    proves("FCS_DTLSS_EXT.2.4-T2");
    prepare(DTLS_SERVER, 0xc02f);
    s.target.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s.target.config.sigalgs = pairs;
    s.target.config.num_sigalgs = LEN(pairs);
    stage_start(&s);
    (void)stage_come_to(&s, DTLS_CERTIFICATE);
    assert_int_equal(dtls_certificate_request_parse(
                         &request, stage_said(&s, DTLS_CERTIFICATE_REQUEST)),
                     DTLS_OK);
    kit_assert_hex(request.sigalgs, "0403 0501 0401");
    stage_end(&s);
}

static void the_clients_finished_must_be_right(void **state)
{
    (void)state;
    proves("FCS_DTLSS_EXT.1.1-T3a");
    proves("FP2.1-DTLSS1-fin");
    client_to(0xc02f, DTLS_FINISHED);
    m->body[11] ^= 0x80;
    stage_say(&s, m);
    stage_fails(&s, DTLS_DECRYPT_ERROR);
}

static void without_finished_no_data_is_taken(void **state)
{
    (void)state;
    proves("FP2.1-DTLSS1-nofin");
    client_to(0xc02f, DTLS_FINISHED);
    stage_say_record(&s, 1, DTLS_APPLICATION_DATA, dtls_bytes_of("random", 6));
    stage_listen(&s);
    assert_int_equal(s.target.num_data, 0);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_HANDSHAKING);
    for (size_t i = 0; i < s.num_records; i++) {
        kit_row("record %zu", i);
        assert_int_equal(s.records[i].epoch, 0);
    }
    stage_end(&s);
}

/* Decrypts the premaster that a client has encrypted to our test key. */
static size_t open_premaster(uint8_t out[256], struct dtls_bytes encrypted)
{
    EVP_PKEY *key = open_key(&stage_pki.rsa);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t len = 256;

    assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
    assert_int_equal(
        EVP_PKEY_decrypt(ctx, out, &len, encrypted.data, encrypted.len), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return len;
}

static void a_premaster_begins_with_the_version_offered(void **state)
{
    uint8_t premaster[256];
    struct dtls_bytes cke;

    (void)state;
    proves("D5246-7.4.7.1-1");
    come_to(0x009c, DTLS_SERVER_HELLO_DONE);
    stage_connects(&s);
    cke = stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE);
    assert_int_equal(cke.len, 258);
    assert_int_equal(
        open_premaster(premaster, dtls_bytes_of(&cke.data[2], 256)), 48);
    kit_assert_hex(dtls_bytes_of(premaster, 2), "fefd");
    stage_end(&s);
}

/* Encrypts a block without adding padding. */
static void seal_raw(uint8_t *out, const uint8_t block[256])
{
    EVP_PKEY *key = open_key(&stage_pki.rsa);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t len = 256;

    assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
    assert_int_equal(EVP_PKEY_encrypt(ctx, out, &len, block, 256), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
}

/* Returns the first certificate that our server has sent. */
static X509 *shown_certificate(void)
{
    struct dtls_certificate list;
    struct dtls_bytes der;
    const unsigned char *at;
    X509 *x509;

    assert_int_equal(
        dtls_certificate_parse(&list, stage_said(&s, DTLS_CERTIFICATE)),
        DTLS_OK);
    assert_true(dtls_certificate_next(&list.list, &der));
    at = der.data;
    x509 = d2i_X509(NULL, &at, (long)der.len);
    assert_non_null(x509);
    return x509;
}

static void rsa_keys_of_each_size_transport_the_premaster(void **state)
{
    static const struct {
        struct sim_identity *id;
        int bits; /* the shortest and the longest of docs/limits.md */
    } cases[] = {{&stage_pki.rsa, DTLS_RSA_BITS_MIN},
                 {&rsa_3072, 3072},
                 {&rsa_4096, DTLS_RSA_BITS_MAX}};

    (void)state;
    proves("FCS_DTLSS_EXT.1.4-T3");
    for (size_t i = 0; i < LEN(cases); i++) {
        X509 *x509;

        kit_row("%d bits", cases[i].bits);
        prepare(DTLS_SERVER, 0x009c);
        s.target.config.credentials = &cases[i].id->credential;
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
        assert_int_equal(m->len, 2 + cases[i].bits / 8);
        stage_connects(&s);
        x509 = shown_certificate();
        assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(x509)),
                         EVP_PKEY_RSA);
        assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(x509)),
                         cases[i].bits);
        X509_free(x509);
        stage_end(&s);
    }
}

/* The RSA certificate is first in the list, but no such suite can use it. */
static void ccm_with_ecdsa_shows_an_ecdsa_certificate(void **state)
{
    static const uint16_t suites[] = {0xc0ac, 0xc0ad, 0xc0ae, 0xc0af};

    (void)state;
    proves("D7251-2-4");
    for (size_t i = 0; i < LEN(suites); i++) {
        X509 *x509;

        kit_row("suite %04x", suites[i]);
        prepare(DTLS_SERVER, suites[i]);
        stage_pki.rsa.credential.next = &pure_ec.credential;
        s.peer.config.anchors = &root_ec.item;
        stage_start(&s);
        stage_connects(&s);
        x509 = shown_certificate();
        assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(x509)),
                         EVP_PKEY_EC);
        assert_int_equal(X509_get_signature_nid(x509), NID_ecdsa_with_SHA256);
        X509_free(x509);
        stage_end(&s);

        prepare(DTLS_SERVER, suites[i]); /* RSA only */
        stage_pki.rsa.credential.next = NULL;
        stage_start(&s);
        stage_say(&s, stage_come_to(&s, DTLS_CLIENT_HELLO));
        stage_fails(&s, DTLS_NO_COMMON_SUITE);
    }
}

enum fault {
    WRONG_FINISHED, /* of a good premaster: the reference */
    WRONG_TYPE,
    NO_ZERO_BYTE,
    ONE_BYTE_LESS,
    ONE_BYTE_MORE,
    WRONG_VERSION,
    RANDOM_BLOCK,
    FAULTS
};

static const char *const fault_names[FAULTS] = {
    "wrong Finished", "wrong type",    "no zero byte", "one byte less",
    "one byte more",  "wrong version", "random block"};

/* Makes 0 || 2 || nonzero bytes || 0 || premaster, with one fault. */
static void make_block(uint8_t block[256], enum fault fault,
                       const uint8_t premaster[48])
{
    uint64_t seed = 103;

    memset(block, 0x5a, 256);
    block[0] = 0;
    block[1] = 2;
    block[207] = 0;
    memcpy(&block[208], premaster, 48);
    switch (fault) {
    case WRONG_TYPE:
        block[1] = 1;
        break;
    case NO_ZERO_BYTE:
        memset(&block[2], 0x5a, 254);
        break;
    case ONE_BYTE_LESS:
        block[207] = 0x5a;
        block[208] = 0;
        break;
    case ONE_BYTE_MORE:
        block[206] = 0;
        break;
    case WRONG_VERSION:
        block[208] = 0xfe;
        block[209] = 0xff;
        break;
    case RANDOM_BLOCK:
        kit_fill(&seed, &block[1], 255);
        break;
    case WRONG_FINISHED:
    case FAULTS:
        block[255] ^= 1;
        break;
    }
}

/* Returns a hash of what an observer sees of our server: length and time of
 * each datagram, until it gives up.  The peer's Finished is made from the
 * premaster without the fault. */
static uint64_t see_fault(enum fault fault)
{
    uint64_t trace = 14695981039346656037u;
    uint8_t premaster[256];
    uint8_t block[256];
    size_t before;

    client_to(0x009c, DTLS_CLIENT_KEY_EXCHANGE);
    assert_int_equal(
        open_premaster(premaster, dtls_bytes_of(&m->body[2], 256)), 48);
    make_block(block, fault, premaster);
    seal_raw(&m->body[2], block);
    before = s.num_records;
    stage_say(&s, m);
    stage_listen_alone(&s);
    assert_int_equal(s.num_records, before); /* nothing before Finished */
    stage_say_rest(&s, m);
    stage_listen_alone(&s);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_HANDSHAKING);
    assert_int_equal(s.num_records, before);
    while (dtls_session_is_opening(&s.target.session)) {
        stage_pass(&s);
        stage_listen_alone(&s);
        trace = (trace ^ s.target.now) * 1099511628211u;
        trace = (trace ^ s.num_records) * 1099511628211u;
    }
    trace = (trace ^ (unsigned)s.target.session.failure) * 1099511628211u;
    trace =
        (trace ^ s.target.session.counters->discarded_mac) * 1099511628211u;
    stage_end(&s);
    return trace;
}

static void a_bad_premaster_looks_like_a_wrong_finished(void **state)
{
    uint64_t measure = see_fault(WRONG_FINISHED);

    (void)state;
    proves("D5246-7.4.7.1-3");
    proves("D5246-7.4.7.1-4");
    proves("FP2.1-DTLSS1-rsa-oracle");
    for (enum fault fault = WRONG_TYPE; fault < FAULTS; fault++) {
        kit_row("%s", fault_names[fault]);
        assert_true(see_fault(fault) == measure);
    }
}

/* The block and the client's keys use a premaster with version 1.0. */
static void the_version_in_a_premaster_is_checked(void **state)
{
    size_t before;

    (void)state;
    proves("D5246-7.4.7.1-2");
    prepare(DTLS_SERVER, 0x009c);
    stage_start(&s);
    s.peer.session.hs.client_version = 0xfeff;
    m = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    before = s.num_records;
    stage_say(&s, m);
    stage_say_rest(&s, m);
    stage_listen(&s);
    assert_int_equal(s.num_records, before);
    assert_int_equal(s.target.session.phase, DTLS_PHASE_HANDSHAKING);
    assert_int_equal(s.target.session.counters->discarded_mac, 1);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_must_fit_the_suite),
        cmocka_unit_test(a_certificate_must_be_for_this_use),
        cmocka_unit_test(a_server_shows_a_certificate),
        cmocka_unit_test(the_first_certificate_is_the_servers_own),
        cmocka_unit_test(a_server_is_for_servers),
        cmocka_unit_test(a_chain_is_signed_as_was_asked_for),
        cmocka_unit_test(a_chain_of_four_is_taken_and_one_of_eleven_is_not),
        cmocka_unit_test(a_bad_certificate_ends_it_before_any_key),
        cmocka_unit_test(the_servers_point_is_checked),
        cmocka_unit_test(a_group_is_one_that_was_offered),
        cmocka_unit_test(curves_are_named),
        cmocka_unit_test(a_pair_that_was_not_offered_is_illegal),
        cmocka_unit_test(a_pair_fits_the_key),
        cmocka_unit_test(ed25519_signs_with_0807),
        cmocka_unit_test(every_bit_of_parameters_and_signature_counts),
        cmocka_unit_test(a_signature_is_over_this_handshake),
        cmocka_unit_test(an_rsa_signature_is_a_digest_info),
        cmocka_unit_test(nothing_may_stand_behind_a_digest_info),
        cmocka_unit_test(absent_parameters_are_taken),
        cmocka_unit_test(our_digest_info_has_null_parameters),
        cmocka_unit_test(every_pair_that_is_listed_is_taken),
        cmocka_unit_test(a_pair_does_not_fix_the_curve),
        cmocka_unit_test(the_clients_point_is_checked),
        cmocka_unit_test(both_ends_take_whole_uncompressed_points_only),
        cmocka_unit_test(both_ends_refuse_points_of_small_order),
        cmocka_unit_test(an_ecdsa_signature_is_der),
        cmocka_unit_test(a_client_may_have_to_authenticate),
        cmocka_unit_test(a_client_is_for_clients),
        cmocka_unit_test(an_invalid_client_certificate_is_refused),
        cmocka_unit_test(another_client_is_refused),
        cmocka_unit_test(every_pair_that_is_asked_for_authenticates),
        cmocka_unit_test(the_clients_signature_counts),
        cmocka_unit_test(both_signatures_and_finished_count),
        cmocka_unit_test(the_clients_pair_was_asked_for_and_fits),
        cmocka_unit_test(old_hashes_and_dsa_are_neither_listed_nor_taken),
        cmocka_unit_test(the_request_lists_what_it_is_told),
        cmocka_unit_test(the_clients_finished_must_be_right),
        cmocka_unit_test(without_finished_no_data_is_taken),
        cmocka_unit_test(a_premaster_begins_with_the_version_offered),
        cmocka_unit_test(rsa_keys_of_each_size_transport_the_premaster),
        cmocka_unit_test(ccm_with_ecdsa_shows_an_ecdsa_certificate),
        cmocka_unit_test(a_bad_premaster_looks_like_a_wrong_finished),
        cmocka_unit_test(the_version_in_a_premaster_is_checked),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
