/* SPDX-License-Identifier: MIT */
/* nx_crypto/adapter*.c, called as the engine calls it: what it refuses before
 * a method of the application is called, and what it makes of a method that
 * gives back what it should not. */
#include "methods_kit.h"

#include "nx_crypto/adapter.h"
#include "nxdtls.h"
#include "unit/crypto/key_test.h"

#define P256 0x0017
#define X25519 0x001d

/* What the application's method does, and was asked. */
static struct {
    UINT fails;  /* this operation */
    size_t size; /* of what has an extended output */
    UCHAR fill;  /* its bytes */
    UINT calls;
    UINT last;
} odd;

static bool is_extended(UINT number)
{
    return number == NX_CRYPTO_DH_SETUP ||
           number == NX_CRYPTO_DH_PRIVATE_KEY_EXPORT ||
           number == NX_CRYPTO_DH_CALCULATE ||
           number == NX_CRYPTO_AUTHENTICATE;
}

static UINT odd_operation(UINT number, VOID *handler, NX_CRYPTO_METHOD *method,
                          UCHAR *key, NX_CRYPTO_KEY_SIZE key_size,
                          UCHAR *input, ULONG input_len, UCHAR *iv_ptr,
                          UCHAR *output, ULONG output_len, VOID *metadata,
                          ULONG metadata_size, VOID *packet,
                          VOID (*callback)(VOID *, UINT))
{
    (void)handler;
    (void)method;
    (void)key;
    (void)key_size;
    (void)iv_ptr;
    (void)packet;
    (void)callback;
    if (number != NX_CRYPTO_EC_CURVE_SET) {
        odd.calls++;
        odd.last = number;
    }
    if (metadata_size != 0) {
        memset(metadata, 0xa5, metadata_size);
    }
    if (number == odd.fails) {
        return 0x2345;
    }
    if (is_extended(number)) {
        NX_CRYPTO_EXTENDED_OUTPUT *out = (VOID *)output;
        ULONG room = out->nx_crypto_extended_output_length_in_byte;

        memset(out->nx_crypto_extended_output_data, odd.fill,
               odd.size < room ? odd.size : room);
        out->nx_crypto_extended_output_actual_size = (ULONG)odd.size;
    } else if (output != NX_NULL && input_len == output_len) {
        memmove(output, input, input_len);
    }
    return NX_CRYPTO_SUCCESS;
}

#define METHOD(number)                                                        \
    {                                                                         \
        .nx_crypto_algorithm = (number), .nx_crypto_metadata_area_size = 32,  \
        .nx_crypto_operation = odd_operation                                  \
    }
static const NX_CRYPTO_METHOD ecdhe = METHOD(NX_CRYPTO_KEY_EXCHANGE_ECDHE);
static const NX_CRYPTO_METHOD rsa = METHOD(NX_CRYPTO_KEY_EXCHANGE_RSA);
static const NX_CRYPTO_METHOD ecdsa =
    METHOD(NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA);
static const NX_CRYPTO_METHOD gcm = METHOD(NX_CRYPTO_ENCRYPTION_AES_GCM_16);
static const NX_CRYPTO_METHOD cbc = METHOD(NX_CRYPTO_ENCRYPTION_AES_CBC);
static const NX_CRYPTO_METHOD hmac =
    METHOD(NX_CRYPTO_AUTHENTICATION_HMAC_SHA2_256);

static NX_SECURE_TLS_CIPHERSUITE_INFO rows[] = {
    {0xC02F, &ecdhe, &rsa, &gcm, 0, 0, &crypto_method_null, 0,
     &crypto_method_tls_prf_sha256},
    {0x003C, &rsa, &rsa, &cbc, 0, 0, &hmac, 0, &crypto_method_tls_prf_sha256},
};
static NX_SECURE_X509_CRYPTO x509_rows[] = {
    {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, &rsa, &crypto_method_sha256},
    {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &ecdsa, &crypto_method_sha256},
    {NXDTLS_X509_TYPE_ED25519, &ecdsa, &crypto_method_none},
};
static const NX_SECURE_TLS_CRYPTO table = {rows,
                                           2,
                                           x509_rows,
                                           LEN(x509_rows),
                                           &crypto_method_sha256,
                                           &crypto_method_tls_prf_sha256};

static NX_SECURE_TLS_SESSION tls;
static UCHAR metadata[4000];
static const struct dtls_suite *suite;
static struct dtls_crypto base;
static struct dtls_nx_adapter *adapter;
static const struct dtls_crypto *crypto; /* what the engine gets */

/* A session of the suite `id`, or one that has not chosen, at 0. */
static void start(uint16_t id)
{
    uint16_t *suites;

    memset(&odd, 0, sizeof odd);
    memset(&tls, 0, sizeof tls);
    odd.size = 65;
    odd.fill = 0x23;
    suite = id == 0 ? NULL : dtls_suite_find(id);
    tls.nx_secure_tls_crypto_table = &table;
    tls.nx_secure_tls_metadata_area = metadata;
    tls.nx_secure_tls_socket_type = NX_SECURE_TLS_SESSION_TYPE_CLIENT;
    assert_in_range(dtls_nx_adapter_size(&table), 1, sizeof metadata);
    base = dtls_libcrypto;
    adapter = NULL;
    crypto = dtls_nx_adapter_begin(&adapter, &suites, &tls, &suite, &base);
    assert_non_null(adapter);
}

static void finish(void)
{
    dtls_nx_adapter_end(&adapter);
    assert_null(adapter);
}

/* ---- Without a suite ---- */

/* Before a suite is chosen, and with one that the table lacks. */
static void without_a_row_libcrypto_does_it(void **state)
{
    static const uint16_t ids[] = {0, 0xC02B};

    (void)state;
    for (size_t i = 0; i < LEN(ids); i++) {
        struct dtls_bytes seed = {(const uint8_t *)"seed", 4};
        struct dtls_cipher cipher = {0};
        struct dtls_share share;
        uint8_t point[DTLS_POINT_MAX];
        uint8_t made[2][20];

        kit_row("suite %04x", ids[i]);
        start(ids[i]);
        assert_int_equal(crypto->share_make(crypto->self, &share, P256, point),
                         DTLS_OK);
        assert_int_equal(point[0], 4);
        assert_ptr_not_equal(share.context, adapter);
        crypto->share_free(crypto->self, &share);
        assert_int_equal(crypto->prf(crypto->self, made[0], 20,
                                     DTLS_HASH_SHA256, seed, "label", seed,
                                     seed),
                         DTLS_OK);
        assert_int_equal(base.prf(NULL, made[1], 20, DTLS_HASH_SHA256, seed,
                                  "label", seed, seed),
                         DTLS_OK);
        assert_memory_equal(made[0], made[1], 20);
        assert_int_equal(
            crypto->cipher_key(crypto->self, &cipher, dtls_suite_find(0xC02F),
                               &(struct dtls_cipher_keys){0}, true),
            DTLS_INTERNAL_ERROR);
        assert_int_equal(odd.calls, 0);
        finish();
    }
}

/* ---- Signatures ---- */

static EVP_PKEY *made_rsa;
static struct key_numbers numbers;
static const uint16_t rsa_sha256 = 0x0401;
static const uint16_t ecdsa_sha256 = 0x0403;
static const uint16_t ed25519 = 0x0807;
static uint8_t digest_bytes[32] = {0x31, 0x42};
static const struct dtls_bytes digest = {digest_bytes, 32};

/* The modulus and numbers around it, in `len` bytes. */
static struct dtls_bytes near_modulus(uint8_t *room, size_t len, int plus)
{
    memcpy(room, numbers.public.n.data, 256);
    room[256] = 0;
    room[255] = (uint8_t)(room[255] + plus); /* it is odd, so not 0 */
    return dtls_bytes_of(room, len);
}

/* RFC 8017, 8.2.2: a signature is as long as the modulus and below it. */
static void only_a_number_below_the_modulus_reaches_a_method(void **state)
{
    static const struct {
        size_t len;
        int plus;
        UINT calls;
    } cases[] = {
        {256, 0, 0}, {256, -1, 1}, {255, -1, 0}, {257, -1, 0}, {0, -1, 0}};
    uint8_t premaster[DTLS_MASTER_LEN];
    uint8_t room[257];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_bytes number =
            near_modulus(room, cases[i].len, cases[i].plus);
        struct dtls_private_key key = key_private(made_rsa, KEY_OLDER);

        kit_row("%zu bytes, plus %d", cases[i].len, cases[i].plus);
        start(0x003C);
        assert_int_equal(crypto->verify(crypto->self, &numbers.public,
                                        dtls_sigalg_find(rsa_sha256), digest,
                                        number),
                         DTLS_DECRYPT_ERROR);
        assert_int_equal(odd.calls, cases[i].calls);
        memset(&odd, 0, sizeof odd);
        assert_int_equal(crypto->premaster_open(crypto->self, &key, 0xfefd,
                                                premaster, number),
                         DTLS_OK);
        assert_int_equal(odd.calls != 0, cases[i].calls);
        assert_memory_equal(premaster, "\xfe\xfd", 2);
        finish();
        dtls_libcrypto.private_key_free(NULL, &key);
    }
}

static enum dtls_status no_random(void *self, uint8_t *out, size_t len)
{
    (void)self;
    (void)out;
    (void)len;
    return DTLS_INTERNAL_ERROR;
}

static void a_premaster_is_not_opened_without_random_bytes(void **state)
{
    struct dtls_private_key key = key_private(made_rsa, KEY_OLDER);
    uint8_t premaster[DTLS_MASTER_LEN];
    uint8_t room[257];

    (void)state;
    start(0x003C);
    base.random = no_random;
    assert_int_equal(crypto->premaster_open(crypto->self, &key, 0xfefd,
                                            premaster,
                                            near_modulus(room, 256, -1)),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(odd.calls, 0);
    finish();
    dtls_libcrypto.private_key_free(NULL, &key);
}

static void a_premaster_is_sealed_to_an_rsa_key_with_room(void **state)
{
    struct dtls_public_key wrong = numbers.public;
    uint8_t premaster[DTLS_MASTER_LEN] = {0xfe, 0xfd};
    uint8_t out[256];
    size_t len = 255;

    (void)state;
    start(0x003C);
    assert_int_equal(crypto->premaster_seal(crypto->self, &numbers.public, out,
                                            &len, premaster),
                     DTLS_INTERNAL_ERROR);
    wrong.type = DTLS_KEY_EC;
    len = 256;
    assert_int_not_equal(
        crypto->premaster_seal(crypto->self, &wrong, out, &len, premaster),
        DTLS_OK);
    assert_int_equal(odd.calls, 0);
    len = 256;
    assert_int_equal(crypto->premaster_seal(crypto->self, &numbers.public, out,
                                            &len, premaster),
                     DTLS_OK);
    assert_int_equal(odd.calls, 1);
    assert_memory_equal(out, "\0\2", 2); /* this method encrypts nothing */
    assert_memory_equal(out + 256 - DTLS_MASTER_LEN, premaster,
                        DTLS_MASTER_LEN);
    finish();
}

static UINT base_signs, base_verifies;

static enum dtls_status count_sign(void *self,
                                   const struct dtls_private_key *key,
                                   const struct dtls_sigalg *alg, uint8_t *out,
                                   size_t *out_len, struct dtls_bytes input)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)out;
    (void)out_len;
    (void)input;
    base_signs++;
    return DTLS_OK;
}

static enum dtls_status count_verify(void *self,
                                     const struct dtls_public_key *key,
                                     const struct dtls_sigalg *alg,
                                     struct dtls_bytes input,
                                     struct dtls_bytes signature)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)input;
    (void)signature;
    base_verifies++;
    return DTLS_OK;
}

static void what_does_not_fit_is_neither_signed_nor_verified(void **state)
{
    const struct dtls_sigalg *const with_rsa = dtls_sigalg_find(rsa_sha256);
    const struct dtls_sigalg *const with_ec = dtls_sigalg_find(ecdsa_sha256);
    struct dtls_bytes shorter = {digest_bytes, 31};
    struct dtls_public_key even = numbers.public;
    struct dtls_private_key key = key_private(made_rsa, KEY_OLDER);
    uint8_t signature[256] = {0};
    struct dtls_bytes given = {signature, 256};
    const struct {
        const struct dtls_sigalg *alg;
        struct dtls_bytes digest;
        size_t room;
        enum dtls_status signs;
        enum dtls_status verifies;
    } cases[] = {
        {with_ec, digest, 256, DTLS_INTERNAL_ERROR, DTLS_DECRYPT_ERROR},
        {with_rsa, shorter, 256, DTLS_INTERNAL_ERROR, DTLS_DECRYPT_ERROR},
        {with_rsa, digest, 255, DTLS_INTERNAL_ERROR, DTLS_OK},
        {with_rsa, digest, 256, DTLS_OK, DTLS_OK},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t len = cases[i].room;

        kit_row("case %zu", i);
        start(0x003C);
        base.verify = count_verify; /* this method signs nothing */
        assert_int_equal(crypto->sign(crypto->self, &key, cases[i].alg,
                                      signature, &len, cases[i].digest),
                         cases[i].signs);
        assert_int_equal(odd.calls, cases[i].signs == DTLS_OK);
        finish();
    }
    for (size_t i = 0; i < LEN(cases); i++) {
        kit_row("case %zu", i);
        start(0x003C);
        assert_int_equal(crypto->verify(crypto->self, &numbers.public,
                                        cases[i].alg, cases[i].digest, given),
                         cases[i].verifies);
        assert_int_equal(odd.calls, cases[i].verifies == DTLS_OK);
        even.n.len = 255;
        assert_int_equal(crypto->verify(crypto->self, &even, cases[i].alg,
                                        cases[i].digest, given),
                         DTLS_DECRYPT_ERROR);
        finish();
    }
    dtls_libcrypto.private_key_free(NULL, &key);
}

/* What a method says that it has written is no more than there was room. */
static void an_ecdsa_signature_fits_its_room_and_its_key(void **state)
{
    EVP_PKEY *made = EVP_EC_gen("P-256");
    struct dtls_private_key key = key_private(made, KEY_OLDER);
    static const struct {
        size_t size;
        bool with_ec;
        enum dtls_status expected;
    } cases[] = {{72, true, DTLS_OK},
                 {73, true, DTLS_INTERNAL_ERROR},
                 {72, false, DTLS_INTERNAL_ERROR}};

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        uint8_t signature[72] = {0};
        size_t len = sizeof signature;

        kit_row("case %zu", i);
        start(0xC02F);
        base.verify = count_verify;
        odd.size = cases[i].size;
        assert_int_equal(
            crypto->sign(
                crypto->self, &key,
                dtls_sigalg_find(cases[i].with_ec ? ecdsa_sha256 : rsa_sha256),
                signature, &len, digest),
            cases[i].expected);
        assert_int_equal(odd.calls, cases[i].with_ec);
        finish();
    }
    dtls_libcrypto.private_key_free(NULL, &key);
    EVP_PKEY_free(made);
}

/* docs/limits.md: NetX has no convention for a method of Ed25519. */
static void ed25519_is_libcryptos(void **state)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(ed25519);
    struct dtls_private_key key = {.type = DTLS_KEY_ED25519};
    struct dtls_public_key public = {.type = DTLS_KEY_ED25519};
    uint8_t signature[64];
    size_t len = sizeof signature;

    (void)state;
    start(0xC02F);
    base_signs = base_verifies = 0;
    base.sign = count_sign;
    base.verify = count_verify;
    assert_int_equal(
        crypto->sign(crypto->self, &key, alg, signature, &len, digest),
        DTLS_OK);
    assert_int_equal(crypto->verify(crypto->self, &public, alg, digest,
                                    dtls_bytes_of(signature, 64)),
                     DTLS_OK);
    assert_int_equal(base_signs, 1);
    assert_int_equal(base_verifies, 1);
    assert_int_equal(odd.calls, 0);
    finish();
}

/* A table has a method for a key if it signs with such a key: in a suite or in
 * a row for certificates. */
static void a_table_says_for_which_keys_it_has_methods(void **state)
{
    static NX_SECURE_X509_CRYPTO one[] = {
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &ecdsa,
         &crypto_method_sha256}};
    const NX_SECURE_TLS_CRYPTO certificates = {
        rows, 0, one, 1, &crypto_method_sha256, &crypto_method_tls_prf_sha256};

    (void)state;
    assert_true(dtls_nx_adapter_has_method(&table, DTLS_KEY_RSA));
    assert_true(dtls_nx_adapter_has_method(&table, DTLS_KEY_EC));
    assert_false(dtls_nx_adapter_has_method(&table, DTLS_KEY_ED25519));
    assert_true(dtls_nx_adapter_has_method(&certificates, DTLS_KEY_EC));
    assert_false(dtls_nx_adapter_has_method(&certificates, DTLS_KEY_RSA));
    assert_false(dtls_nx_adapter_has_method(&certificates, DTLS_KEY_ED25519));
}

/* The numbers of a certificate whose key only a method has. */
static void a_held_key_has_room_for_its_numbers(void **state)
{
    static const struct {
        size_t n, e, point;
        enum dtls_status expected;
    } cases[] = {{513, 3, 0, DTLS_INTERNAL_ERROR},
                 {256, 9, 0, DTLS_INTERNAL_ERROR},
                 {256, 3, 513, DTLS_INTERNAL_ERROR},
                 {256, 3, 0, DTLS_OK}};
    static UCHAR handle[] = "handle";
    static uint8_t long_bytes[513];
    NX_SECURE_X509_CERT cert = {0};

    (void)state;
    cert.nx_secure_x509_private_key_data = handle;
    cert.nx_secure_x509_private_key_data_length = sizeof handle;
    cert.nx_secure_x509_private_key_type = 0x00010005;
    memcpy(long_bytes, numbers.public.n.data, 256);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_public_key public = numbers.public;
        struct dtls_nx_held_key held = {&cert, &public};
        struct dtls_private_key key = {.type = DTLS_KEY_RSA, .handle = &held};
        uint8_t signature[256];
        size_t len = sizeof signature;

        kit_row("case %zu", i);
        public.n = dtls_bytes_of(long_bytes, cases[i].n);
        public.e.len = cases[i].e;
        public.point = dtls_bytes_of(long_bytes, cases[i].point);
        start(0x003C);
        base.verify = count_verify;
        assert_int_equal(crypto->sign(crypto->self, &key,
                                      dtls_sigalg_find(rsa_sha256), signature,
                                      &len, digest),
                         cases[i].expected);
        assert_int_equal(odd.calls, cases[i].expected == DTLS_OK);
        assert_true(odd.calls == 0 || odd.last == 0x00010005);
        finish();
    }
}

/* ---- Key shares ---- */

static uint8_t peer_bytes[DTLS_POINT_MAX];

static struct dtls_bytes peer_point(uint16_t group)
{
    struct dtls_share share;

    assert_int_equal(
        dtls_libcrypto.share_make(NULL, &share, group, peer_bytes), DTLS_OK);
    dtls_libcrypto.share_free(NULL, &share);
    return dtls_bytes_of(peer_bytes, dtls_group_point_len(group));
}

static enum dtls_status make_share(struct dtls_share *share, uint16_t group,
                                   size_t size)
{
    static uint8_t point[DTLS_POINT_MAX];

    odd.size = size;
    return crypto->share_make(crypto->self, share, group, point);
}

static void a_public_value_has_the_length_of_its_group(void **state)
{
    static const struct {
        uint16_t group;
        size_t size;
        enum dtls_status expected;
    } cases[] = {{P256, 64, DTLS_INTERNAL_ERROR},
                 {P256, 66, DTLS_INTERNAL_ERROR},
                 {P256, 65, DTLS_OK},
                 {X25519, 31, DTLS_INTERNAL_ERROR},
                 {X25519, 32, DTLS_OK}};

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_share share;

        kit_row("group %04x, %zu bytes", cases[i].group, cases[i].size);
        start(0xC02F);
        assert_int_equal(make_share(&share, cases[i].group, cases[i].size),
                         cases[i].expected);
        assert_ptr_equal(share.context,
                         cases[i].expected == DTLS_OK ? adapter : NULL);
        crypto->share_free(crypto->self, &share);
        assert_null(share.context);
        finish();
    }
}

static void a_secret_has_the_length_of_a_coordinate_and_is_not_zero(
    void **state)
{
    static const struct {
        uint16_t group;
        size_t size;
        UCHAR fill;
        enum dtls_status expected;
    } cases[] = {{P256, 32, 0x23, DTLS_OK},
                 {P256, 31, 0x23, DTLS_INTERNAL_ERROR},
                 {P256, 33, 0x23, DTLS_INTERNAL_ERROR},
                 {P256, 32, 0, DTLS_ILLEGAL_PARAMETER},
                 {X25519, 32, 0x23, DTLS_OK},
                 {X25519, 32, 0, DTLS_ILLEGAL_PARAMETER},
                 {X25519, 16, 0x23, DTLS_INTERNAL_ERROR}};

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dtls_bytes peer = peer_point(cases[i].group);
        uint8_t secret[DTLS_SHARED_MAX] = {0};
        struct dtls_share share;
        size_t len = 0;

        kit_row("group %04x, %zu bytes of %02x", cases[i].group, cases[i].size,
                cases[i].fill);
        start(0xC02F);
        assert_int_equal(make_share(&share, cases[i].group,
                                    cases[i].group == P256 ? 65 : 32),
                         DTLS_OK);
        odd.size = cases[i].size;
        odd.fill = cases[i].fill;
        assert_int_equal(
            crypto->share_agree(crypto->self, &share, secret, &len, peer),
            cases[i].expected);
        if (cases[i].expected == DTLS_OK) {
            assert_int_equal(len, 32);
        }
        assert_int_equal(secret[0] != 0, cases[i].expected == DTLS_OK);
        assert_int_equal(secret[31] != 0, cases[i].expected == DTLS_OK);
        crypto->share_free(crypto->self, &share);
        finish();
    }
}

static void a_peers_point_off_the_curve_reaches_no_method(void **state)
{
    struct dtls_bytes peer = peer_point(P256);
    uint8_t secret[DTLS_SHARED_MAX];
    struct dtls_share share;
    size_t len;

    (void)state;
    start(0xC02F);
    assert_int_equal(make_share(&share, P256, 65), DTLS_OK);
    odd.calls = 0;
    peer_bytes[64] ^= 1;
    assert_int_equal(
        crypto->share_agree(crypto->self, &share, secret, &len, peer),
        DTLS_ILLEGAL_PARAMETER);
    assert_int_equal(odd.calls, 0);
    crypto->share_free(crypto->self, &share);
    finish();
}

/* A client's share lies in the area of signatures between its two steps. */
static void nothing_else_uses_the_area_of_an_open_share(void **state)
{
    struct dtls_private_key key = key_private(made_rsa, KEY_OLDER);
    struct dtls_share shares[2];
    uint8_t signature[256];
    size_t len = sizeof signature;

    (void)state;
    start(0xC02F);
    assert_int_equal(make_share(&shares[0], P256, 65), DTLS_OK);
    odd.calls = 0;
    assert_int_equal(crypto->sign(crypto->self, &key,
                                  dtls_sigalg_find(rsa_sha256), signature,
                                  &len, digest),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(crypto->verify(crypto->self, &numbers.public,
                                    dtls_sigalg_find(rsa_sha256), digest,
                                    dtls_bytes_of(signature, 256)),
                     DTLS_INTERNAL_ERROR);
    assert_int_equal(make_share(&shares[1], P256, 65), DTLS_INTERNAL_ERROR);
    assert_int_equal(odd.calls, 0);
    crypto->share_free(crypto->self, &shares[0]);
    finish();
    dtls_libcrypto.private_key_free(NULL, &key);
}

static UINT curve_sets;

static UINT note_curve(UINT number, VOID *handler, NX_CRYPTO_METHOD *method,
                       UCHAR *key, NX_CRYPTO_KEY_SIZE key_size, UCHAR *input,
                       ULONG input_len, UCHAR *iv_ptr, UCHAR *output,
                       ULONG output_len, VOID *area, ULONG area_size,
                       VOID *packet, VOID (*callback)(VOID *, UINT))
{
    if (number == NX_CRYPTO_EC_CURVE_SET) {
        curve_sets += (const VOID *)input == &crypto_method_ec_secp384;
    }
    return odd_operation(number, handler, method, key, key_size, input,
                         input_len, iv_ptr, output, output_len, area,
                         area_size, packet, callback);
}

/* The session's list has its own method for a curve; the library's is for what
 * it does not list, and what neither has is no group. */
static void a_curve_is_the_sessions_or_the_librarys(void **state)
{
    static const USHORT groups[] = {X25519, P256};
    static const NX_CRYPTO_METHOD *curves[] = {&crypto_method_ec_x25519,
                                               &crypto_method_ec_secp384};
    static NX_CRYPTO_METHOD noting;
    struct dtls_share share;

    (void)state;
    noting = ecdhe;
    noting.nx_crypto_operation = note_curve;
    rows[0].nx_secure_tls_public_cipher = &noting;
    for (USHORT listed = 0; listed < 3; listed++) {
        kit_row("%u listed", listed);
        start(0xC02F);
        tls.nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups = groups;
        tls.nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups_count =
            listed;
        tls.nx_secure_tls_ecc.nx_secure_tls_ecc_curves = curves;
        curve_sets = 0;
        assert_int_equal(make_share(&share, P256, 65), DTLS_OK);
        assert_int_equal(curve_sets, listed == 2);
        crypto->share_free(crypto->self, &share);
        odd.calls = 0;
        assert_int_equal(make_share(&share, 0x0101, 65), DTLS_INTERNAL_ERROR);
        assert_int_equal(odd.calls, 0);
        finish();
    }
    rows[0].nx_secure_tls_public_cipher = &ecdhe;
}

/* ---- Records ---- */

static const struct dtls_cipher_keys keys = {.mac = {digest_bytes, 32},
                                             .key = {digest_bytes, 16}};
static const struct dtls_cipher_keys aead_keys = {.key = {digest_bytes, 16},
                                                  .salt = {digest_bytes, 4}};
static const uint8_t aad[DTLS_AAD_LEN] = {0, 1,  0,    0,    0, 0, 0,
                                          7, 23, 0xfe, 0xfd, 0, 0};

static void a_body_too_short_for_nonce_and_tag_reaches_no_method(void **state)
{
    uint8_t body[24] = {0};
    struct dtls_cipher cipher;

    (void)state;
    start(0xC02F);
    assert_int_equal(
        crypto->cipher_key(crypto->self, &cipher, suite, &aead_keys, true),
        DTLS_OK);
    odd.calls = 0;
    for (size_t len = 0; len < sizeof body; len++) {
        struct dtls_span span = {body, len};

        kit_row("%zu bytes", len);
        assert_int_equal(crypto->aead_seal(crypto->self, &cipher, aad, span),
                         DTLS_INTERNAL_ERROR);
        assert_int_equal(crypto->aead_open(crypto->self, &cipher, aad, span),
                         DTLS_DISCARD);
    }
    assert_int_equal(odd.calls, 0);
    /* Without text: begin and end, and nothing between. */
    assert_int_equal(crypto->aead_seal(crypto->self, &cipher, aad,
                                       (struct dtls_span){body, 24}),
                     DTLS_OK);
    assert_int_equal(odd.calls, 2);
    assert_int_equal(odd.last, NX_CRYPTO_ENCRYPT_CALCULATE);
    assert_memory_equal(body, aad, 8);
    crypto->cipher_free(crypto->self, &cipher);
    finish();
}

static void a_part_of_a_block_is_not_decrypted(void **state)
{
    uint8_t body[33] = {0};
    struct dtls_cipher cipher = {.mac = &(struct dtls_hmac_key){0}};

    (void)state;
    start(0x003C);
    assert_int_equal(
        crypto->cipher_key(crypto->self, &cipher, suite, &keys, false),
        DTLS_OK);
    for (size_t len = 15; len < sizeof body; len++) {
        bool is_whole = len == 16 || len == 32;

        kit_row("%zu bytes", len);
        odd.calls = 0;
        assert_int_equal(crypto->cbc_decrypt(crypto->self, &cipher, body,
                                             (struct dtls_span){body, len}),
                         is_whole ? DTLS_OK : DTLS_DISCARD);
        assert_int_equal(odd.calls != 0, is_whole);
    }
    crypto->cipher_free(crypto->self, &cipher);
    finish();
}

static enum dtls_status no_hmac_key(void *self, struct dtls_hmac_key *key,
                                    enum dtls_hash_alg alg,
                                    struct dtls_bytes secret)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)secret;
    return DTLS_INTERNAL_ERROR;
}

/* Two epochs in two directions, and no key that a MAC cannot have. */
static void four_ciphers_are_keyed_at_a_time(void **state)
{
    static const uint8_t long_key[DTLS_MAC_MAX + 1];
    struct dtls_cipher_keys too_long = keys;
    struct dtls_hmac_key macs[5];
    struct dtls_cipher ciphers[5];

    (void)state;
    for (size_t i = 0; i < LEN(ciphers); i++) {
        ciphers[i].mac = &macs[i];
    }
    too_long.mac = dtls_bytes_of(long_key, sizeof long_key);
    start(0x003C);
    assert_int_equal(
        crypto->cipher_key(crypto->self, &ciphers[0], suite, &too_long, true),
        DTLS_INTERNAL_ERROR);
    for (size_t i = 0; i < LEN(ciphers); i++) {
        kit_row("cipher %zu", i);
        assert_int_equal(
            crypto->cipher_key(crypto->self, &ciphers[i], suite, &keys, true),
            i < 4 ? DTLS_OK : DTLS_INTERNAL_ERROR);
    }
    crypto->cipher_free(crypto->self, &ciphers[2]);
    base.hmac_key = no_hmac_key;
    assert_int_equal(
        crypto->cipher_key(crypto->self, &ciphers[2], suite, &keys, true),
        DTLS_INTERNAL_ERROR);
    crypto->cipher_free(crypto->self, &ciphers[2]);
    base.hmac_key = dtls_libcrypto.hmac_key;
    assert_int_equal(
        crypto->cipher_key(crypto->self, &ciphers[4], suite, &keys, true),
        DTLS_OK);
    for (size_t i = 0; i < LEN(ciphers); i++) {
        crypto->cipher_free(crypto->self, &ciphers[i]);
    }
    finish();
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_row_libcrypto_does_it),
        cmocka_unit_test(only_a_number_below_the_modulus_reaches_a_method),
        cmocka_unit_test(a_premaster_is_not_opened_without_random_bytes),
        cmocka_unit_test(a_premaster_is_sealed_to_an_rsa_key_with_room),
        cmocka_unit_test(what_does_not_fit_is_neither_signed_nor_verified),
        cmocka_unit_test(an_ecdsa_signature_fits_its_room_and_its_key),
        cmocka_unit_test(ed25519_is_libcryptos),
        cmocka_unit_test(a_table_says_for_which_keys_it_has_methods),
        cmocka_unit_test(a_held_key_has_room_for_its_numbers),
        cmocka_unit_test(a_public_value_has_the_length_of_its_group),
        cmocka_unit_test(
            a_secret_has_the_length_of_a_coordinate_and_is_not_zero),
        cmocka_unit_test(a_peers_point_off_the_curve_reaches_no_method),
        cmocka_unit_test(nothing_else_uses_the_area_of_an_open_share),
        cmocka_unit_test(a_curve_is_the_sessions_or_the_librarys),
        cmocka_unit_test(a_body_too_short_for_nonce_and_tag_reaches_no_method),
        cmocka_unit_test(a_part_of_a_block_is_not_decrypted),
        cmocka_unit_test(four_ciphers_are_keyed_at_a_time),
    };

    made_rsa = EVP_RSA_gen(2048);
    key_public_rsa(&numbers, made_rsa);
    failed = kit_run(tests);
    EVP_PKEY_free(made_rsa);
    return failed;
}
