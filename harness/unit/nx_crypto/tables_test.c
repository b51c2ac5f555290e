/* SPDX-License-Identifier: MIT */
/* The tables of suites that an application names (nx_crypto.h, nxdtls.h). */
#include "kit/kit.h"

#include "nx_crypto/own_methods.h"
#include "nx_crypto/table_reader.h"

#include "crypto/suites.h"
#include "nxdtls.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

/* The library wants one; here no kernel starts. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

static size_t num_rows(const NX_SECURE_TLS_CRYPTO *table)
{
    return table->nx_secure_tls_ciphersuite_lookup_table_size;
}

static const NX_SECURE_TLS_CIPHERSUITE_INFO *row_at(
    const NX_SECURE_TLS_CRYPTO *table, size_t i)
{
    return &table->nx_secure_tls_ciphersuite_lookup_table[i];
}

static bool has(const NX_SECURE_TLS_CRYPTO *table, uint16_t id)
{
    for (size_t i = 0; i < num_rows(table); i++) {
        if (row_at(table, i)->nx_secure_tls_ciphersuite == id) {
            return true;
        }
    }
    return false;
}

/* What names no forward secrecy at all, no encryption, an old MAC or a
 * draft. */
static bool is_only_by_name(const struct dtls_suite *s)
{
    return s->cipher == DTLS_CIPHER_NULL || s->kx == DTLS_KX_ECDH ||
           s->kx == DTLS_KX_ECJPAKE ||
           (s->mac == DTLS_HASH_SHA1 && s->id != 0x002f);
}

static void the_default_leaves_out_what_is_weak(void **state)
{
    const struct dtls_suite *s;
    size_t num = 0;

    (void)state;
    for (size_t i = 0; (s = dtls_suite_at(i)) != NULL; i++) {
        kit_row("suite %04x", s->id);
        assert_true(has(&nxdtls_ciphers_all, s->id));
        assert_int_equal(has(&nxdtls_ciphers_default, s->id),
                         !is_only_by_name(s));
        num += !is_only_by_name(s);
    }
    assert_int_equal(num_rows(&nxdtls_ciphers_default), num);
    assert_true(has(&nxdtls_ciphers_default, 0x002f));
}

/* Every table; NULL past the end. */
static const NX_SECURE_TLS_CRYPTO *table_at(size_t i)
{
    const NX_SECURE_TLS_CRYPTO *tables[] = {
        &nxdtls_ciphers_all, &nxdtls_ciphers_default, &nx_crypto_tls_ciphers,
        &nx_crypto_tls_ciphers_ecc, NULL};

    return tables[i];
}

/* The methods of a key exchange: agreement and authentication. */
static void check_exchange(const NX_SECURE_TLS_CIPHERSUITE_INFO *row,
                           const struct dtls_suite *s)
{
    const NX_CRYPTO_METHOD *agrees = &crypto_method_rsa;
    const NX_CRYPTO_METHOD *authenticates = &crypto_method_rsa;

    if (s->kx == DTLS_KX_ECDH) {
        agrees = &crypto_method_ecdh;
    } else if (dtls_suite_is_ecdhe(s)) {
        agrees = &crypto_method_ecdhe;
    } else if (!dtls_suite_has_certificate(s)) {
        agrees = &crypto_method_null;
    }
    if (dtls_suite_is_psk(s)) {
        authenticates = &crypto_method_auth_psk;
    } else if (s->kx == DTLS_KX_ECJPAKE) {
        authenticates = &crypto_method_auth_ecjpake;
    } else if (strstr(s->name, "_ECDSA_") != NULL) {
        authenticates = &crypto_method_ecdsa;
    }
    assert_ptr_equal(row->nx_secure_tls_public_cipher, agrees);
    assert_ptr_equal(row->nx_secure_tls_public_auth, authenticates);
}

/* What protects a record, and how much of the key block that takes. */
static void check_protection(const NX_SECURE_TLS_CIPHERSUITE_INFO *row,
                             const struct dtls_suite *s)
{
    static const NX_CRYPTO_METHOD *const ciphers[][2] = {
        [DTLS_CIPHER_CBC] = {&crypto_method_aes_cbc_128,
                             &crypto_method_aes_cbc_256},
        [DTLS_CIPHER_GCM] = {&crypto_method_aes_128_gcm_16,
                             &crypto_method_aes_256_gcm_16},
        [DTLS_CIPHER_CCM] = {&crypto_method_aes_ccm_16,
                             &crypto_method_aes_256_ccm_16},
        [DTLS_CIPHER_CCM_8] = {&crypto_method_aes_ccm_8,
                               &crypto_method_aes_256_ccm_8},
        [DTLS_CIPHER_CHACHA20] = {NULL, &crypto_method_chacha20_poly1305},
    };
    static const NX_CRYPTO_METHOD *const macs[] = {
        [DTLS_HASH_NONE] = &crypto_method_null,
        [DTLS_HASH_SHA1] = &crypto_method_hmac_sha1,
        [DTLS_HASH_SHA256] = &crypto_method_hmac_sha256,
        [DTLS_HASH_SHA384] = &crypto_method_hmac_sha384,
    };
    const NX_CRYPTO_METHOD *cipher = s->cipher == DTLS_CIPHER_NULL
                                         ? &crypto_method_null
                                         : ciphers[s->cipher][s->key_len / 32];

    assert_ptr_equal(row->nx_secure_tls_session_cipher, cipher);
    assert_ptr_equal(row->nx_secure_tls_hash, macs[s->mac]);
    assert_int_equal(row->nx_secure_tls_session_key_size, s->key_len);
    assert_int_equal(row->nx_secure_tls_hash_size, dtls_suite_mac_len(s));
    /* CBC's IV is a block; NetX counts it though DTLS 1.2 takes none of it
     * from the key block. */
    assert_int_equal(row->nx_secure_tls_iv_size,
                     s->cipher == DTLS_CIPHER_CBC ? 16 : s->salt_len);
    assert_int_equal(cipher->nx_crypto_key_size_in_bits, 8 * s->key_len);
    assert_int_equal(macs[s->mac]->nx_crypto_ICV_size_in_bits,
                     8 * dtls_suite_mac_len(s));
    if (s->mac == DTLS_HASH_NONE) {
        assert_int_equal(cipher->nx_crypto_ICV_size_in_bits,
                         s->cipher == DTLS_CIPHER_CCM_8 ? 64 : 128);
    }
}

/* A session would call an object that is not the library's. */
static void check_own(const NX_SECURE_TLS_CIPHERSUITE_INFO *row)
{
    const NX_CRYPTO_METHOD *const methods[] = {
        row->nx_secure_tls_public_cipher, row->nx_secure_tls_public_auth,
        row->nx_secure_tls_session_cipher, row->nx_secure_tls_hash,
        row->nx_secure_tls_prf};

    for (size_t i = 0; i < LEN(methods); i++) {
        kit_row("suite %04x, method %zu", row->nx_secure_tls_ciphersuite, i);
        assert_true(dtls_nx_is_own(methods[i]));
    }
}

static void rows_say_what_the_engine_does(void **state)
{
    const NX_SECURE_TLS_CRYPTO *table;

    (void)state;
    for (size_t t = 0; (table = table_at(t)) != NULL; t++) {
        kit_row("table %zu", t);
        for (size_t i = 0; i < num_rows(table); i++) {
            const NX_SECURE_TLS_CIPHERSUITE_INFO *row = row_at(table, i);
            const struct dtls_suite *s =
                dtls_suite_find(row->nx_secure_tls_ciphersuite);

            kit_row("row %zu", i);
            assert_non_null(s);
            check_own(row);
            check_exchange(row, s);
            check_protection(row, s);
            assert_ptr_equal(row->nx_secure_tls_prf,
                             s->prf == DTLS_HASH_SHA384
                                 ? &crypto_method_tls_prf_sha384
                                 : &crypto_method_tls_prf_sha256);
        }
        assert_ptr_equal(table->nx_secure_tls_handshake_hash_sha256_method,
                         &crypto_method_sha256);
        assert_ptr_equal(table->nx_secure_tls_prf_sha256_method,
                         &crypto_method_tls_prf_sha256);
    }
}

/* Signatures that a session verifies, in its order: the numbers it asks for.
 */
static void check_sigalgs(const NX_SECURE_TLS_CRYPTO *table,
                          const uint16_t *ids, size_t num)
{
    uint16_t got[DTLS_NX_SIGALGS];

    assert_int_equal(dtls_nx_sigalgs(table, got), num);
    if (num != 0) {
        assert_memory_equal(got, ids, num * sizeof *ids);
    }
}

/* A table with this one row for signatures. */
static NX_SECURE_TLS_CRYPTO table_with(NX_SECURE_X509_CRYPTO *row, USHORT type)
{
    NX_SECURE_TLS_CRYPTO table = nx_crypto_tls_ciphers;

    *row = (NX_SECURE_X509_CRYPTO){type, NX_NULL, NX_NULL};
    table.nx_secure_tls_x509_cipher_table = row;
    table.nx_secure_tls_x509_cipher_table_size = 1;
    return table;
}

static void a_row_for_signatures_stands_for_its_pairs(void **state)
{
    static const struct {
        USHORT type;
        uint16_t ids[2];
        size_t num;
    } rows[] = {
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, {0x0403}, 1},
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, {0x0503}, 1},
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512, {0x0603}, 1},
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_1, {0x0203}, 1},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, {0x0804, 0x0401}, 2},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_384, {0x0805, 0x0501}, 2},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_512, {0x0806, 0x0601}, 2},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_1, {0x0201}, 1},
        {NXDTLS_X509_TYPE_ED25519, {0x0807}, 1},
        /* A list of which nothing is left is not the default one. */
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_224, {0}, 1},
    };
    NX_SECURE_X509_CRYPTO row;

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        NX_SECURE_TLS_CRYPTO table = table_with(&row, rows[i].type);

        kit_row("type %x", rows[i].type);
        check_sigalgs(&table, rows[i].ids, rows[i].num);
        table.nx_secure_tls_x509_cipher_table_size = 0;
        check_sigalgs(&table, NULL, 0);
    }
}

/* SHA-1 in none of them: who wants it says so in a table of his own. */
static void the_tables_ask_for_these_signatures(void **state)
{
    static const uint16_t all[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0804,
                                   0x0805, 0x0806, 0x0401, 0x0501, 0x0601};
    static const uint16_t ecc[] = {0x0403, 0x0503, 0x0603, 0x0804, 0x0805,
                                   0x0806, 0x0401, 0x0501, 0x0601};

    (void)state;
    check_sigalgs(&nx_crypto_tls_ciphers, &ecc[3], LEN(ecc) - 3);
    check_sigalgs(&nx_crypto_tls_ciphers_ecc, ecc, LEN(ecc));
    check_sigalgs(&nxdtls_ciphers_all, all, LEN(all));
    check_sigalgs(&nxdtls_ciphers_default, all, LEN(all));
}

static void each_row_for_signatures_has_its_methods(void **state)
{
    static const struct {
        USHORT type;
        const NX_CRYPTO_METHOD *key;
        const NX_CRYPTO_METHOD *hash;
    } known[] = {
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_256, &crypto_method_ecdsa,
         &crypto_method_sha256},
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_384, &crypto_method_ecdsa,
         &crypto_method_sha384},
        {NX_SECURE_TLS_X509_TYPE_ECDSA_SHA_512, &crypto_method_ecdsa,
         &crypto_method_sha512},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_256, &crypto_method_rsa,
         &crypto_method_sha256},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_384, &crypto_method_rsa,
         &crypto_method_sha384},
        {NX_SECURE_TLS_X509_TYPE_RSA_SHA_512, &crypto_method_rsa,
         &crypto_method_sha512},
        {NXDTLS_X509_TYPE_ED25519, &crypto_method_none, &crypto_method_none},
    };
    const NX_SECURE_TLS_CRYPTO *table;

    (void)state;
    for (size_t t = 0; (table = table_at(t)) != NULL; t++) {
        kit_row("table %zu", t);
        for (USHORT i = 0; i < table->nx_secure_tls_x509_cipher_table_size;
             i++) {
            const NX_SECURE_X509_CRYPTO *row =
                &table->nx_secure_tls_x509_cipher_table[i];
            size_t k = 0;

            kit_row("row %u", i);
            while (k < LEN(known) &&
                   known[k].type != row->nx_secure_x509_crypto_identifier) {
                k++;
            }
            assert_true(k < LEN(known));
            assert_ptr_equal(row->nx_secure_x509_public_cipher_method,
                             known[k].key);
            assert_ptr_equal(row->nx_secure_x509_hash_method, known[k].hash);
        }
    }
}

/* The tables that applications name, row by row and in order. */
static void the_tables_of_netx_hold_its_rows(void **state)
{
    static const uint16_t plain[] = {0x009c, 0x003d, 0x003c,
                                     0x00ae, 0xc0a8, 0x002f};
    static const uint16_t ecc[] = {0xc02b, 0xc02f, 0xc023, 0xc027, 0x009c,
                                   0x003d, 0x003c, 0x00ae, 0xc0a8, 0x002f};

    (void)state;
    assert_int_equal(num_rows(&nx_crypto_tls_ciphers), LEN(plain));
    for (size_t i = 0; i < LEN(plain); i++) {
        kit_row("suite %04x", plain[i]);
        assert_int_equal(
            row_at(&nx_crypto_tls_ciphers, i)->nx_secure_tls_ciphersuite,
            plain[i]);
    }
    assert_int_equal(num_rows(&nx_crypto_tls_ciphers_ecc), LEN(ecc));
    for (size_t i = 0; i < LEN(ecc); i++) {
        kit_row("suite %04x", ecc[i]);
        assert_int_equal(
            row_at(&nx_crypto_tls_ciphers_ecc, i)->nx_secure_tls_ciphersuite,
            ecc[i]);
    }
}

static void the_groups_of_the_default_have_128_bits(void **state)
{
    static const struct {
        uint16_t group;
        NX_CRYPTO_KEY_SIZE bits;
    } rows[] = {{DTLS_GROUP_X25519, 255},
                {DTLS_GROUP_SECP256R1, 256},
                {DTLS_GROUP_SECP384R1, 384},
                {DTLS_GROUP_SECP521R1, 521},
                {DTLS_GROUP_X448, 448}};

    (void)state;
    assert_int_equal(nx_crypto_ecc_supported_groups_size, LEN(rows));
    for (size_t i = 0; i < LEN(rows); i++) {
        const NX_CRYPTO_METHOD *curve = nx_crypto_ecc_curves[i];

        kit_row("group %u", rows[i].group);
        assert_int_equal(nx_crypto_ecc_supported_groups[i], rows[i].group);
        assert_int_equal(curve->nx_crypto_algorithm, NX_CRYPTO_EC_SECP256R1 -
                                                         DTLS_GROUP_SECP256R1 +
                                                         rows[i].group);
        assert_int_equal(curve->nx_crypto_key_size_in_bits, rows[i].bits);
        assert_ptr_equal(dtls_nx_own_curve(rows[i].group), curve);
    }
}

static void curves_are_found_by_their_group(void **state)
{
    (void)state;
    assert_ptr_equal(dtls_nx_own_curve(DTLS_GROUP_SECP192R1),
                     &crypto_method_ec_secp192);
    assert_ptr_equal(dtls_nx_own_curve(DTLS_GROUP_SECP224R1),
                     &crypto_method_ec_secp224);
    assert_null(dtls_nx_own_curve(22)); /* secp256k1 */
    assert_null(dtls_nx_own_curve(0));
}

static UINT own_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                     NX_CRYPTO_KEY_SIZE bits, VOID **handler, VOID *metadata,
                     ULONG metadata_size)
{
    return crypto_method_sha256.nx_crypto_init(method, key, bits, handler,
                                               metadata, metadata_size);
}

/* An object of an application is the library's if it does the same. */
static void a_method_is_known_by_what_it_does(void **state)
{
    NX_CRYPTO_METHOD copy = crypto_method_sha256;

    (void)state;
    assert_true(dtls_nx_is_own(&crypto_method_none));
    assert_true(dtls_nx_is_own(&crypto_method_sha256));
    assert_true(dtls_nx_is_own(&copy));
    copy.nx_crypto_metadata_area_size *= 2;
    assert_true(dtls_nx_is_own(&copy));
    copy.nx_crypto_init = own_init;
    assert_false(dtls_nx_is_own(&copy));
    copy = crypto_method_sha256;
    copy.nx_crypto_cleanup = NX_NULL;
    assert_false(dtls_nx_is_own(&copy));
    copy = crypto_method_sha256;
    copy.nx_crypto_algorithm = NX_CRYPTO_HASH_SHA384;
    assert_false(dtls_nx_is_own(&copy));
    /* One of the other SHA-2 has the same functions. */
    copy = crypto_method_sha224;
    assert_true(dtls_nx_is_own(&copy));
    /* One that lacks its operation may have been forgotten. */
    copy = crypto_method_none;
    assert_false(dtls_nx_is_own(&copy));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_leaves_out_what_is_weak),
        cmocka_unit_test(rows_say_what_the_engine_does),
        cmocka_unit_test(a_row_for_signatures_stands_for_its_pairs),
        cmocka_unit_test(the_tables_ask_for_these_signatures),
        cmocka_unit_test(each_row_for_signatures_has_its_methods),
        cmocka_unit_test(the_tables_of_netx_hold_its_rows),
        cmocka_unit_test(the_groups_of_the_default_have_128_bits),
        cmocka_unit_test(curves_are_found_by_their_group),
        cmocka_unit_test(a_method_is_known_by_what_it_does),
    };

    return kit_run(tests);
}
