/* SPDX-License-Identifier: MIT */
/* The facts that only a running program can tell.  Built with error checking
 * and without; the compiler has checked the others (facts.h). */
#include <stdint.h>

#include "facts.h"

#include "kit/proves.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

/* The library wants one; here no kernel starts. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

/* How many values the same headers have in C++: facts_cxx.cc. */
size_t facts_cxx_values(void);

enum {
    NUM_VALUES = 0
#define VALUE(name, value) +1
#include "values.h"
#undef VALUE
};

static void c_and_cxx_compile_the_same_facts(void **state)
{
    (void)state;
    assert_int_equal(facts_cxx_values(), NUM_VALUES);
}

#ifdef NX_SECURE_DISABLE_ERROR_CHECKING
#define IS_CHECKED 0
#else
#define IS_CHECKED 1
#endif

static void every_service_is_the_form_that_was_asked_for(void **state)
{
    (void)state;
#define PLAIN(result, prefix, name, arguments)
#define FORMS(result, prefix, name, arguments, checked)
#define ONE(result, prefix, name, arguments)                                  \
    assert_true(prefix##_##name##_plain == prefix##_##name##_is);
#define BOTH(result, prefix, name, arguments)                                 \
    assert_true(prefix##_##name##_is != prefix##_##name##_checks);            \
    assert_true(                                                              \
        prefix##_##name##_plain ==                                            \
        (IS_CHECKED ? prefix##_##name##_checks : prefix##_##name##_is));
#include "services.h"
#undef FORMS
#undef PLAIN
#undef ONE
#undef BOTH
    assert_true(nx_secure_dtls_client_session_send ==
                nx_secure_dtls_server_session_send);
}

static void initialisers_fill_members_in_order(void **state)
{
    const NX_SECURE_TLS_CIPHERSUITE_INFO *s = facts_suites;

    (void)state;
    assert_int_equal(facts_one.nx_crypto_algorithm, 0x0C);
    assert_int_equal(facts_one.nx_crypto_key_size_in_bits, 256);
    assert_int_equal(facts_one.nx_crypto_IV_size_in_bits, 128);
    assert_int_equal(facts_one.nx_crypto_ICV_size_in_bits, 64);
    assert_int_equal(facts_one.nx_crypto_block_size_in_bytes, 16);
    assert_int_equal(facts_one.nx_crypto_metadata_area_size, 608);
    assert_true(facts_one.nx_crypto_init == facts_method_init);
    assert_true(facts_one.nx_crypto_cleanup == facts_method_cleanup);
    assert_true(facts_one.nx_crypto_operation == facts_method_operation);
    assert_int_equal(s->nx_secure_tls_ciphersuite, 0xC0A8);
    assert_ptr_equal(s->nx_secure_tls_public_cipher, &crypto_method_null);
    assert_ptr_equal(s->nx_secure_tls_public_auth, &crypto_method_auth_psk);
    assert_ptr_equal(s->nx_secure_tls_session_cipher, &facts_one);
    assert_int_equal(s->nx_secure_tls_iv_size, 4);
    assert_int_equal(s->nx_secure_tls_session_key_size, 17);
    assert_ptr_equal(s->nx_secure_tls_hash, &crypto_method_hmac_sha256);
    assert_int_equal(s->nx_secure_tls_hash_size, 33);
    assert_ptr_equal(s->nx_secure_tls_prf, &crypto_method_tls_prf_sha256);
    assert_ptr_equal(facts_table.nx_secure_tls_ciphersuite_lookup_table, s);
    assert_int_equal(facts_table.nx_secure_tls_ciphersuite_lookup_table_size,
                     1);
    assert_ptr_equal(facts_table.nx_secure_tls_x509_cipher_table, facts_x509);
    assert_int_equal(facts_table.nx_secure_tls_x509_cipher_table_size, 2);
    assert_ptr_equal(facts_table.nx_secure_tls_handshake_hash_sha256_method,
                     &crypto_method_sha256);
    assert_ptr_equal(facts_table.nx_secure_tls_prf_sha256_method,
                     &crypto_method_tls_prf_sha256);
    assert_int_equal(facts_x509[0].nx_secure_x509_crypto_identifier, 60);
    assert_ptr_equal(facts_x509[0].nx_secure_x509_public_cipher_method,
                     &crypto_method_ecdsa);
    assert_ptr_equal(facts_x509[0].nx_secure_x509_hash_method,
                     &crypto_method_sha256);
    assert_int_equal(facts_extension.nx_secure_tls_extension_id, 0x1a2b);
    assert_int_equal(facts_extension.nx_secure_tls_extension_data_length, 2);
    assert_ptr_equal(facts_extension.nx_secure_tls_extension_data, facts_data);
}

#define NOTHING NX_NULL, NX_NULL, NX_NULL
#define ALL(name)                                                             \
    _nx_crypto_method_##name##_init, _nx_crypto_method_##name##_cleanup,      \
        _nx_crypto_method_##name##_operation
#define CIPHER(mode)                                                          \
    _nx_crypto_method_aes_init, _nx_crypto_method_aes_cleanup,                \
        _nx_crypto_method_aes_##mode##_operation
#define CURVE(name) NX_NULL, NX_NULL, _nx_crypto_method_ec_##name##_operation

/* Their published numbers and functions; the areas are the library's. */
static void methods_are_as_published(void **state)
{
    static const struct {
        const NX_CRYPTO_METHOD *is;
        NX_CRYPTO_METHOD published;
    } rows[] = {
        /* clang-format off */
        {&crypto_method_none, {0, 0, 0, 0, 0, 0, NOTHING}},
        {&crypto_method_null, {0x0B, 0, 0, 0, 4, 0, NOTHING}},
        {&crypto_method_public_null, {0x0B, 0, 0, 0, 1, 0, ALL(null)}},
        {&crypto_method_rsa, {0x40002, 0, 0, 0, 0, 0, ALL(rsa)}},
        {&crypto_method_pkcs1, {0x50001, 0, 0, 0, 0, 0, ALL(pkcs1_v1_5)}},
        {&crypto_method_ecdsa, {0x50003, 0, 0, 0, 0, 0, ALL(ecdsa)}},
        {&crypto_method_ecdh, {0x40005, 0, 0, 0, 0, 0, ALL(ecdh)}},
        {&crypto_method_ecdhe, {0x40006, 0, 0, 0, 0, 0, ALL(ecdh)}},
        {&crypto_method_auth_psk, {0x40001, 0, 0, 0, 0, 0, NOTHING}},
        {&crypto_method_auth_ecjpake, {0x40007, 0, 0, 0, 0, 0, ALL(ecjpake)}},
        {&crypto_method_aes_cbc_128, {0x0C, 128, 128, 0, 16, 0, CIPHER(cbc)}},
        {&crypto_method_aes_cbc_256, {0x0C, 256, 128, 0, 16, 0, CIPHER(cbc)}},
        {&crypto_method_aes_ccm_8, {0x0E, 128, 32, 64, 16, 0, CIPHER(ccm)}},
        {&crypto_method_aes_ccm_16, {0x10, 128, 32, 128, 16, 0, CIPHER(ccm)}},
        {&crypto_method_aes_128_gcm_16, {0x14, 128, 32, 128, 16, 0, CIPHER(gcm)}},
        {&crypto_method_aes_256_gcm_16, {0x14, 256, 32, 128, 16, 0, CIPHER(gcm)}},
        {&crypto_method_md5, {0x30002, 0, 0, 128, 64, 0, ALL(md5)}},
        {&crypto_method_sha1, {0x30003, 0, 0, 160, 64, 0, ALL(sha1)}},
        {&crypto_method_sha224, {0x30004, 0, 0, 224, 64, 0, ALL(sha256)}},
        {&crypto_method_sha256, {0x30005, 0, 0, 256, 64, 0, ALL(sha256)}},
        {&crypto_method_sha384, {0x30006, 0, 0, 384, 128, 0, ALL(sha512)}},
        {&crypto_method_sha512, {0x30007, 0, 0, 512, 128, 0, ALL(sha512)}},
        {&crypto_method_hmac_md5, {0x10006, 0, 0, 128, 64, 0, ALL(hmac_md5)}},
        {&crypto_method_hmac_sha1, {0x10007, 0, 0, 160, 64, 0, ALL(hmac_sha1)}},
        {&crypto_method_hmac_sha224, {0x1000F, 0, 0, 224, 64, 0, ALL(hmac_sha256)}},
        {&crypto_method_hmac_sha256, {0x1000C, 0, 0, 256, 64, 0, ALL(hmac_sha256)}},
        {&crypto_method_hmac_sha384, {0x1000D, 0, 0, 384, 128, 0, ALL(hmac_sha512)}},
        {&crypto_method_hmac_sha512, {0x1000E, 0, 0, 512, 128, 0, ALL(hmac_sha512)}},
        {&crypto_method_hmac, {0x3000A, 0, 0, 0, 0, 0, ALL(hmac)}},
        {&crypto_method_hkdf, {0x20008, 0, 0, 0, 0, 0, ALL(hkdf)}},
        {&crypto_method_tls_prf_1, {0x20002, 0, 0, 0, 0, 0, ALL(prf_1)}},
        {&crypto_method_tls_prf_sha256, {0x20005, 0, 0, 0, 0, 0, ALL(prf_sha_256)}},
        {&crypto_method_tls_prf_sha384, {0x20006, 0, 0, 0, 0, 0, ALL(prf_sha384)}},
        {&crypto_method_tls_prf_sha512, {0x20007, 0, 0, 0, 0, 0, ALL(prf_sha512)}},
        {&crypto_method_ec_secp192, {0x60013, 192, 0, 0, 0, 0, CURVE(secp192r1)}},
        {&crypto_method_ec_secp224, {0x60015, 224, 0, 0, 0, 0, CURVE(secp224r1)}},
        {&crypto_method_ec_secp256, {0x60017, 256, 0, 0, 0, 0, CURVE(secp256r1)}},
        {&crypto_method_ec_secp384, {0x60018, 384, 0, 0, 0, 0, CURVE(secp384r1)}},
        {&crypto_method_ec_secp521, {0x60019, 521, 0, 0, 0, 0, CURVE(secp521r1)}},
        {&crypto_method_ec_x25519, {0x6001D, 255, 0, 0, 0, 0, CURVE(x25519)}},
        {&crypto_method_ec_x448, {0x6001E, 448, 0, 0, 0, 0, CURVE(x448)}},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const NX_CRYPTO_METHOD *is = rows[i].is;
        const NX_CRYPTO_METHOD *as = &rows[i].published;

        kit_row("method %zu, 0x%x", i, is->nx_crypto_algorithm);
        assert_int_equal(is->nx_crypto_algorithm, as->nx_crypto_algorithm);
        assert_int_equal(is->nx_crypto_key_size_in_bits,
                         as->nx_crypto_key_size_in_bits);
        assert_int_equal(is->nx_crypto_IV_size_in_bits,
                         as->nx_crypto_IV_size_in_bits);
        assert_int_equal(is->nx_crypto_ICV_size_in_bits,
                         as->nx_crypto_ICV_size_in_bits);
        assert_int_equal(is->nx_crypto_block_size_in_bytes,
                         as->nx_crypto_block_size_in_bytes);
        assert_true(is->nx_crypto_init == as->nx_crypto_init);
        assert_true(is->nx_crypto_cleanup == as->nx_crypto_cleanup);
        assert_true(is->nx_crypto_operation == as->nx_crypto_operation);
    }
}

static void check_x509(const NX_SECURE_TLS_CRYPTO *table,
                       const USHORT *identifiers, size_t num)
{
    assert_int_equal(table->nx_secure_tls_x509_cipher_table_size, num);
    for (size_t i = 0; i < num; i++) {
        kit_row("cipher %zu", i);
        assert_int_equal(table->nx_secure_tls_x509_cipher_table[i]
                             .nx_secure_x509_crypto_identifier,
                         identifiers[i]);
    }
}

/* As published, without MD5, SHA-1 and SHA-224; SHA-1 an application's own
 * table may have. */
static void tables_verify_certificates_of_these_kinds(void **state)
{
    static const USHORT plain[] = {4, 5, 6};
    static const USHORT ecc[] = {60, 61, 62, 4, 5, 6};

    (void)state;
    check_x509(&nx_crypto_tls_ciphers, plain, 3);
    check_x509(&nx_crypto_tls_ciphers_ecc, ecc, 6);
}

static void random_numbers_are_31_bits_and_differ(void **state)
{
    int all = 0;
    int last = NX_RAND();
    int changes = 0;

    (void)state;
    NX_SRAND(7);
    for (int i = 0; i < 200; i++) {
        /* NOLINTNEXTLINE(bugprone-branch-clone): one function, two names */
        int n = i % 2 == 0 ? NX_RAND() : NX_CRYPTO_RAND();

        kit_row("number %d", i);
        assert_true(n >= 0);
        changes += n != last;
        all |= n;
        last = n;
    }
    assert_int_equal(all, 0x7fffffff);
    assert_true(changes > 190);
}

static void bytes_are_copied_and_compared_by_their_names(void **state)
{
    UCHAR a[4] = {1, 2, 3, 4};
    UCHAR b[4];

    (void)state;
    NX_SECURE_MEMSET(b, 9, sizeof b);
    assert_int_not_equal(NX_SECURE_MEMCMP(a, b, sizeof a), 0);
    NX_SECURE_HASH_METADATA_CLONE(b, a, sizeof a);
    assert_int_equal(NX_SECURE_MEMCMP(a, b, sizeof a), 0);
    NX_SECURE_MEMMOVE(a + 1, a, 3);
    assert_memory_equal(a, "\1\1\2\3", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_and_cxx_compile_the_same_facts),
        cmocka_unit_test(every_service_is_the_form_that_was_asked_for),
        cmocka_unit_test(initialisers_fill_members_in_order),
        cmocka_unit_test(methods_are_as_published),
        cmocka_unit_test(tables_verify_certificates_of_these_kinds),
        cmocka_unit_test(random_numbers_are_31_bits_and_differ),
        cmocka_unit_test(bytes_are_copied_and_compared_by_their_names),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
