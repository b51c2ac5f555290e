/* SPDX-License-Identifier: MIT */
/* Every call to libcrypto fails once, in each operation of src/crypto: the
 * operation then says so, and nothing is taken for done that was not.
 *
 * heap_runs_out_test.c makes libcrypto fail inside; here the call itself does,
 * so that each of our checks has something to see. */
#include "kit/proves.h"

#include "../unit/crypto/key_test.h"
#include "base/secret.h"
#include "crypto/raw_key.h"
#include "crypto/stream.h"
#include "fault/libcrypto_calls.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static unsigned calls;     /* so far */
static unsigned fail_at;   /* the number of the one that fails; 0: none */
static const char *failed; /* its name */

static bool is_refused(const char *name)
{
    if (++calls != fail_at) {
        return false;
    }
    failed = name;
    return true;
}

/* clang-format off */
#define WRAP(type, failure, name, parameters, arguments)                      \
    type __real_##name parameters;                                            \
    type __wrap_##name parameters;                                            \
    type __wrap_##name parameters                                             \
    {                                                                         \
        return is_refused(#name) ? (failure) : __real_##name arguments;       \
    }
LIBCRYPTO_CALLS(WRAP)
/* clang-format on */

/* What an operation works with: made before, without failures. */
struct material {
    const char *name;
    enum dtls_status (*run)(const struct material *m);
    uint16_t number; /* of a suite, a group or a pair; a cipher */
    const char *form;
    EVP_PKEY *key;
};

static const uint8_t text[DTLS_CBC_BLOCK * 2] = {1, 2, 3, 4, 5, 6, 7, 8};

static enum dtls_status first_bad(enum dtls_status a, enum dtls_status b)
{
    return a != DTLS_OK ? a : b;
}

/* ---- Records ---- */

/* The additional data of a record, or of one with a connection id. */
static const uint8_t plain_aad[DTLS_AAD_MAX] = {0, 1, 0,  0,    0,   0,
                                                0, 9, 23, 0xfe, 0xfd};
static const uint8_t cid_aad[DTLS_AAD_MAX] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, DTLS_AAD_CID, 3};

static enum dtls_status run_aead(struct dtls_cipher *writer,
                                 struct dtls_cipher *reader,
                                 const uint8_t *aad)
{
    size_t nonce = dtls_suite_explicit_len(writer->suite);
    size_t tag = dtls_suite_tag_len(writer->suite);
    uint8_t body[DTLS_NONCE_LEN + sizeof text + 16];
    struct dtls_span span = {body, nonce + sizeof text + tag};
    enum dtls_status status;

    memcpy(body + nonce, text, sizeof text);
    status = crypto->aead_seal(NULL, writer, aad, span);
    if (status == DTLS_OK) {
        assert_null(failed);
        status = crypto->aead_open(NULL, reader, aad, span);
        if (status == DTLS_OK) {
            assert_memory_equal(body + nonce, text, sizeof text);
        } else {
            assert_memory_not_equal(body + nonce, text, sizeof text);
        }
    }
    return status;
}

static enum dtls_status run_cbc(struct dtls_cipher *writer,
                                struct dtls_cipher *reader)
{
    const uint8_t iv[DTLS_CBC_BLOCK] = {7};
    uint8_t data[sizeof text];
    struct dtls_span span = {data, sizeof data};
    enum dtls_status status;

    memcpy(data, text, sizeof text);
    status = crypto->cbc_encrypt(NULL, writer, iv, span);
    if (status == DTLS_OK) {
        status = crypto->cbc_decrypt(NULL, reader, iv, span);
        if (status == DTLS_OK) {
            assert_memory_equal(data, text, sizeof text);
        }
    }
    return status;
}

static enum dtls_status run_suite(const struct material *m)
{
    const struct dtls_suite *suite = dtls_suite_find(m->number);
    const struct dtls_cipher_keys keys = {
        .mac = {text, dtls_suite_mac_len(suite)},
        .key = {text, suite->key_len},
        .salt = {text, suite->salt_len}};
    struct dtls_hmac_key macs[2];
    struct dtls_cipher ends[2] = {{.mac = &macs[0]}, {.mac = &macs[1]}};
    enum dtls_status status =
        crypto->cipher_key(NULL, &ends[0], suite, &keys, true);

    if (status == DTLS_OK) {
        status = crypto->cipher_key(NULL, &ends[1], suite, &keys, false);
    }
    if (status == DTLS_OK) {
        status = suite->cipher != DTLS_CIPHER_CBC
                     ? run_aead(&ends[0], &ends[1],
                                m->form != NULL ? cid_aad : plain_aad)
                     : run_cbc(&ends[0], &ends[1]);
    }
    crypto->cipher_free(NULL, &ends[0]);
    crypto->cipher_free(NULL, &ends[1]);
    return status;
}

/* ---- The same in the steps of NetX's methods ---- */

static enum dtls_status run_stream(const struct material *m)
{
    struct dtls_stream s = {0};
    bool cbc = m->number == DTLS_CIPHER_CBC;
    struct dtls_bytes aad = {text, cbc ? 0 : 5};
    uint8_t data[sizeof text];
    uint8_t tag[16];
    enum dtls_status status =
        dtls_stream_make(&s, (enum dtls_cipher_alg)m->number,
                         dtls_bytes_of(text, m->form != NULL ? 32 : 16));

    if (status == DTLS_OK) {
        status = dtls_stream_begin(&s, true, text, aad, sizeof text);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_update(&s, data, text, sizeof text);
    }
    if (status == DTLS_OK && !cbc) {
        status = dtls_stream_tag(&s, tag);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_begin(&s, false, text, aad, sizeof text);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_update(&s, data, data, sizeof data);
    }
    if (status == DTLS_OK && !cbc) {
        status = dtls_stream_check(&s, dtls_bytes_of(tag, sizeof tag));
    }
    if (status == DTLS_OK) {
        assert_memory_equal(data, text, sizeof text);
    }
    dtls_stream_free(&s);
    return status;
}

/* A tag of no text at all. */
static enum dtls_status run_empty_stream(const struct material *m)
{
    struct dtls_stream s = {0};
    const struct dtls_bytes none = {NULL, 0};
    uint8_t tag[16];
    enum dtls_status status = dtls_stream_make(
        &s, (enum dtls_cipher_alg)m->number, dtls_bytes_of(text, 16));

    if (status == DTLS_OK) {
        status = dtls_stream_begin(&s, true, text, none, 0);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_tag(&s, tag);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_begin(&s, false, text, none, 0);
    }
    if (status == DTLS_OK) {
        status = dtls_stream_check(&s, dtls_bytes_of(tag, sizeof tag));
    }
    dtls_stream_free(&s);
    return status;
}

/* ---- Key exchange ---- */

static enum dtls_status run_share(const struct material *m)
{
    struct dtls_bytes points[2];
    uint8_t bytes[2][DTLS_POINT_MAX];
    uint8_t secrets[2][DTLS_SHARED_MAX];
    size_t lens[2];
    struct dtls_share shares[2] = {0};
    enum dtls_status status = DTLS_OK;

    for (int i = 0; i < 2; i++) {
        kit_row("side %d makes", i);
        points[i] = dtls_bytes_of(bytes[i], dtls_group_point_len(m->number));
        status = first_bad(
            status, crypto->share_make(NULL, &shares[i], m->number, bytes[i]));
    }
    for (int i = 0; i < 2 && status == DTLS_OK; i++) {
        kit_row("side %d agrees", i);
        status = crypto->share_agree(NULL, &shares[i], secrets[i], &lens[i],
                                     points[1 - i]);
    }
    if (status == DTLS_OK) {
        assert_memory_equal(secrets[0], secrets[1], lens[0]);
    }
    crypto->share_free(NULL, &shares[0]);
    crypto->share_free(NULL, &shares[1]);
    return status;
}

/* A share that goes out as numbers and comes in again. */
static enum dtls_status run_raw_share(const struct material *m)
{
    uint8_t point[DTLS_POINT_MAX];
    struct dtls_share share = {0};
    struct dtls_private_key key = {.type = DTLS_KEY_EC, .group = m->number};
    struct dtls_private_key again = {0};
    struct dtls_raw_key raw;
    enum dtls_status status =
        crypto->share_make(NULL, &share, m->number, point);

    if (status == DTLS_OK) {
        key.context = share.context;
        status = dtls_raw_key_export(&raw, &key);
    }
    if (status == DTLS_OK) {
        struct dtls_public_key public = {
            .type = DTLS_KEY_EC,
            .group = m->number,
            .point = {raw.public, raw.public_len}};

        assert_memory_equal(raw.public, point, raw.public_len);
        status = dtls_raw_key_import(
            &again, m->number, dtls_bytes_of(raw.secret, raw.secret_len));
        if (status == DTLS_OK && !dtls_raw_key_is_usable(&public)) {
            status = DTLS_INTERNAL_ERROR;
        }
    }
    crypto->private_key_free(NULL, &again);
    crypto->share_free(NULL, &share);
    return status;
}

static enum dtls_status take_round_one(struct dtls_jpake *j,
                                       const struct dtls_jpake *peer)
{
    struct dtls_key_kp pair[2];
    enum dtls_status status =
        dtls_key_kp_pair_parse(pair, crypto->jpake_hello(NULL, peer));

    return status == DTLS_OK ? crypto->jpake_take_hello(NULL, j, pair)
                             : status;
}

static enum dtls_status do_round_two(struct dtls_jpake *from,
                                     struct dtls_jpake *to)
{
    uint8_t bytes[DTLS_KEY_KP_MAX];
    struct dtls_buf key = {bytes, 0, sizeof bytes};
    struct dtls_key_kp kp;
    struct dtls_bytes in;
    enum dtls_status status = crypto->jpake_key(NULL, from, &key);

    if (status != DTLS_OK) {
        return status;
    }
    in = dtls_buf_bytes(&key);
    return dtls_key_kp_get(&in, &kp) ? crypto->jpake_take_key(NULL, to, &kp)
                                     : DTLS_DECODE_ERROR;
}

static enum dtls_status run_jpake(const struct material *m)
{
    struct dtls_jpake ends[2] = {0};
    uint8_t secrets[2][DTLS_JPAKE_SECRET_LEN];
    enum dtls_status status = DTLS_OK;

    (void)m;
    for (size_t i = 0; i < 2 && status == DTLS_OK; i++) {
        kit_row("side %zu makes", i);
        status = crypto->jpake_make(NULL, &ends[i], i == 1,
                                    dtls_bytes_of(text, sizeof text));
    }
    for (size_t i = 0; i < 2 && status == DTLS_OK; i++) {
        kit_row("side %zu takes round one", i);
        status = take_round_one(&ends[i], &ends[1 - i]);
    }
    for (size_t i = 0; i < 2 && status == DTLS_OK; i++) {
        kit_row("side %zu does round two", i);
        status = do_round_two(&ends[i], &ends[1 - i]);
    }
    for (size_t i = 0; i < 2 && status == DTLS_OK; i++) {
        kit_row("side %zu agrees", i);
        status = crypto->jpake_agree(NULL, &ends[i], secrets[i]);
    }
    if (status == DTLS_OK) {
        assert_memory_equal(secrets[0], secrets[1], sizeof secrets[0]);
    }
    crypto->jpake_free(NULL, &ends[0]);
    crypto->jpake_free(NULL, &ends[1]);
    return status;
}

/* ---- Private and public keys ---- */

/* What the test itself asks of libcrypto does not fail and does not count. */
struct pause {
    unsigned calls;
    unsigned fail_at;
};

static struct pause pause_failures(void)
{
    struct pause p = {calls, fail_at};

    fail_at = 0;
    return p;
}

static void go_on(struct pause p)
{
    calls = p.calls;
    fail_at = p.fail_at;
}

static void public_of(struct key_numbers *out, EVP_PKEY *key)
{
    struct pause p = pause_failures();

    if (EVP_PKEY_is_a(key, "RSA")) {
        key_public_rsa(out, key);
    } else if (EVP_PKEY_is_a(key, "ED25519")) {
        key_public_ed25519(out, key);
    } else {
        key_public_ec(out, key, DTLS_GROUP_SECP256R1);
    }
    go_on(p);
}

static enum dtls_status read_key(struct dtls_private_key *out,
                                 const struct material *m)
{
    uint8_t der[4096];
    struct pause p = pause_failures();
    size_t len = key_encode(der, sizeof der, m->key, m->form);

    go_on(p);
    return crypto->private_key(NULL, out, dtls_bytes_of(der, len));
}

static enum dtls_status run_signature(const struct material *m)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(m->number);
    struct dtls_bytes digest = {
        text, alg->hash == DTLS_HASH_NONE ? 20 : dtls_hash_len(alg->hash)};
    struct dtls_private_key private = {0};
    struct key_numbers public;
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sizeof signature;
    enum dtls_status status = read_key(&private, m);

    if (status == DTLS_OK) {
        status = crypto->sign(NULL, &private, alg, signature, &len, digest);
    }
    if (status == DTLS_OK) {
        public_of(&public, m->key);
        status = crypto->check_key(NULL, &public.public);
    }
    if (status == DTLS_OK) {
        status = crypto->verify(NULL, &public.public, alg, digest,
                                dtls_bytes_of(signature, len));
    }
    crypto->private_key_free(NULL, &private);
    return status;
}

/* A signature that was damaged is refused, whatever fails. */
static void forge(const struct material *m)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(m->number);
    struct dtls_bytes digest = {
        text, alg->hash == DTLS_HASH_NONE ? 20 : dtls_hash_len(alg->hash)};
    struct dtls_private_key private = key_private(m->key, m->form);
    struct key_numbers public;
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sizeof signature;

    kit_row("%s, forged", m->name);
    public_of(&public, m->key);
    assert_int_equal(
        crypto->sign(NULL, &private, alg, signature, &len, digest), DTLS_OK);
    signature[len / 2] ^= 1;
    fail_at = 0;
    do {
        fail_at++;
        calls = 0;
        kit_row("call %u", fail_at);
        assert_int_equal(crypto->verify(NULL, &public.public, alg, digest,
                                        dtls_bytes_of(signature, len)),
                         DTLS_DECRYPT_ERROR);
        assert_no_errors_left();
    } while (calls >= fail_at);
    assert_true(fail_at > 1);
    fail_at = 0;
    crypto->private_key_free(NULL, &private);
}

static enum dtls_status run_premaster(const struct material *m)
{
    uint8_t premaster[DTLS_MASTER_LEN] = {0xfe, 0xfd, 3, 4, 5};
    uint8_t out[DTLS_MASTER_LEN] = {0};
    uint8_t encrypted[DTLS_RSA_MAX];
    size_t len = sizeof encrypted;
    struct dtls_private_key private = {0};
    struct key_numbers public;
    enum dtls_status status;

    public_of(&public, m->key);
    status = first_bad(read_key(&private, m),
                       crypto->premaster_seal(NULL, &public.public, encrypted,
                                              &len, premaster));
    if (status == DTLS_OK) {
        status = crypto->premaster_open(NULL, &private, 0xfefd, out,
                                        dtls_bytes_of(encrypted, len));
        /* What cannot be opened is replaced, and nobody is told. */
        if (status == DTLS_OK && memcmp(out, premaster, sizeof out) != 0) {
            status = DTLS_DECRYPT_ERROR;
        }
    }
    crypto->private_key_free(NULL, &private);
    return status;
}

/* RSA whose arithmetic is done elsewhere: here, by dtls_rsa_power. */
static enum dtls_status run_raw_rsa(const struct material *m)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(m->number);
    struct dtls_bytes digest = {text, dtls_hash_len(alg->hash)};
    const uint8_t premaster[DTLS_MASTER_LEN] = {0xfe, 0xfd, 3, 4, 5};
    struct dtls_private_key private = {0};
    struct dtls_raw_key raw = {0};
    uint8_t em[DTLS_RSA_MAX];
    uint8_t signature[DTLS_RSA_MAX];
    enum dtls_status status = read_key(&private, m);

    if (status == DTLS_OK) {
        status = dtls_raw_key_export(&raw, &private);
    }
    if (status == DTLS_OK) {
        struct dtls_public_key public = {.type = DTLS_KEY_RSA,
                                         .n = {raw.public, raw.public_len},
                                         .e = {raw.e, raw.e_len}};

        status = dtls_rsa_pad_digest(em, &public, alg, digest);
        status = first_bad(
            status,
            dtls_rsa_power(signature, public.n,
                           dtls_bytes_of(raw.secret, raw.secret_len), em));
        status = first_bad(status,
                           dtls_rsa_power(em, public.n, public.e, signature));
        if (status == DTLS_OK) {
            status = dtls_rsa_check_digest(em, &public, alg, digest);
        }
        status =
            first_bad(status, dtls_rsa_pad_premaster(em, &public, premaster));
    }
    /* It is a key without its primes, too, but not this one. */
    if (status == DTLS_OK && (raw.p_len == 0 || raw.q_len == 0)) {
        status = DTLS_INTERNAL_ERROR;
    }
    dtls_wipe(&raw, sizeof raw);
    crypto->private_key_free(NULL, &private);
    return status;
}

static enum dtls_status run_random(const struct material *m)
{
    uint8_t out[16] = {0};
    enum dtls_status status = crypto->random(NULL, out, sizeof out);

    (void)m;
    if (status == DTLS_OK) {
        assert_memory_not_equal(out, (const uint8_t[16]){0}, sizeof out);
    }
    return status;
}

/* ---- The walk ---- */

/* Some operations can do without these: a signature is judged in another way
 * (signature.c), and an RSA key has no third prime. */
static const char spared[] =
    "EVP_PKEY_get1_RSA RSA_verify EVP_PKEY_get_bn_param";

/* Fails one call after the other. */
static void walk(const struct material *m)
{
    unsigned num;

    kit_row("%s", m->name);
    fail_at = 0;
    failed = NULL;
    assert_int_equal(m->run(m), DTLS_OK); /* what is fetched for ever */
    calls = 0;
    assert_int_equal(m->run(m), DTLS_OK);
    num = calls;
    assert_true(num > 0);
    for (unsigned n = 1; n <= num; n++) {
        enum dtls_status status;

        calls = 0;
        failed = NULL;
        fail_at = n;
        status = m->run(m);
        fail_at = 0;
        kit_row("call %u of %u, %s", n, num, failed);
        assert_non_null(failed);
        if (strstr(spared, failed) == NULL) {
            assert_int_not_equal(status, DTLS_OK);
        }
        assert_no_errors_left();
    }
}

static void records(void **state)
{
    static const struct material suites[] = {
        {.name = "AES-128-GCM", .run = run_suite, .number = 0xc02b},
        {.name = "AES-128-CCM", .run = run_suite, .number = 0xc0ac},
        {.name = "AES-128-CCM-8", .run = run_suite, .number = 0xc0ae},
        {.name = "ChaCha20-Poly1305", .run = run_suite, .number = 0xcca9},
        {.name = "AES-128-CBC", .run = run_suite, .number = 0xc009},
        {.name = "GCM with an id",
         .run = run_suite,
         .number = 0xc02b,
         .form = "id"},
        {.name = "CCM with an id",
         .run = run_suite,
         .number = 0xc0ac,
         .form = "id"},
        {.name = "ChaCha20 with an id",
         .run = run_suite,
         .number = 0xcca9,
         .form = "id"},
    };

    (void)state;
    for (size_t i = 0; i < LEN(suites); i++) {
        walk(&suites[i]);
    }
}

static void streams(void **state)
{
    static const struct material ciphers[] = {
        {.name = "AES-GCM", .run = run_stream, .number = DTLS_CIPHER_GCM},
        {.name = "AES-256-GCM",
         .run = run_stream,
         .number = DTLS_CIPHER_GCM,
         .form = "32"},
        {.name = "AES-CCM", .run = run_stream, .number = DTLS_CIPHER_CCM},
        {.name = "AES-CBC", .run = run_stream, .number = DTLS_CIPHER_CBC},
        {.name = "AES-GCM, empty",
         .run = run_empty_stream,
         .number = DTLS_CIPHER_GCM},
        {.name = "AES-CCM, empty",
         .run = run_empty_stream,
         .number = DTLS_CIPHER_CCM},
    };

    (void)state;
    for (size_t i = 0; i < LEN(ciphers); i++) {
        walk(&ciphers[i]);
    }
}

static void shares(void **state)
{
    static const struct material groups[] = {
        {.name = "P-256", .run = run_share, .number = DTLS_GROUP_SECP256R1},
        {.name = "X25519", .run = run_share, .number = DTLS_GROUP_X25519},
        {.name = "P-256 as numbers",
         .run = run_raw_share,
         .number = DTLS_GROUP_SECP256R1},
        {.name = "X25519 as numbers",
         .run = run_raw_share,
         .number = DTLS_GROUP_X25519},
        {.name = "EC-JPAKE", .run = run_jpake},
    };

    (void)state;
    for (size_t i = 0; i < LEN(groups); i++) {
        walk(&groups[i]);
    }
}

static void keys(void **state)
{
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    EVP_PKEY *ec = EVP_EC_gen("P-256");
    EVP_PKEY *bare = EVP_EC_gen("P-256"); /* its file has no point */
    EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    const struct material all[] = {
        {"RSA, PKCS#1", run_signature, 0x0401, KEY_OLDER, rsa},
        {"RSA, PSS", run_signature, 0x0804, KEY_PKCS8, rsa},
        {"ECDSA", run_signature, 0x0403, KEY_PKCS8, ec},
        {"ECDSA, SEC1", run_signature, 0x0403, KEY_OLDER, ec},
        {"ECDSA, without the point", run_signature, 0x0403, KEY_OLDER, bare},
        {"Ed25519", run_signature, 0x0807, KEY_PKCS8, ed25519},
        {"RSA premaster", run_premaster, 0, KEY_PKCS8, rsa},
        {"RSA elsewhere, PKCS#1", run_raw_rsa, 0x0401, KEY_PKCS8, rsa},
        {"RSA elsewhere, PSS", run_raw_rsa, 0x0804, KEY_PKCS8, rsa},
    };

    (void)state;
    assert_int_equal(
        EVP_PKEY_set_int_param(bare, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0), 1);
    for (size_t i = 0; i < LEN(all); i++) {
        kit_row("key %zu", i);
        walk(&all[i]);
        if (all[i].run == run_signature) {
            forge(&all[i]);
        }
    }
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(bare);
    EVP_PKEY_free(ed25519);
}

static void random_bytes(void **state)
{
    static const struct material one = {.name = "random", .run = run_random};

    (void)state;
    walk(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),      cmocka_unit_test(streams),
        cmocka_unit_test(shares),       cmocka_unit_test(keys),
        cmocka_unit_test(random_bytes),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
