/* SPDX-License-Identifier: MIT */
/* The tables of suites that an application names (nx_crypto.h, nxdtls.h). */
#include "kit/kit.h"

#include "crypto/suites.h"
#include "nxdtls.h"

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

/* What names no forward secrecy at all, no encryption or an old MAC. */
static bool is_only_by_name(const struct dtls_suite *s)
{
    return s->cipher == DTLS_CIPHER_NULL || s->kx == DTLS_KX_ECDH ||
           (s->mac == DTLS_HASH_SHA1 && s->id != 0x002f);
}

static void the_default_leaves_out_what_is_weak(void **state)
{
    const struct dtls_suite *s;
    size_t num = 0;

    (void)state;
    for (size_t i = 0; (s = dtls_suite_at(i)) != NULL; i++) {
        assert_true(has(&nxdtls_ciphers_all, s->id));
        assert_int_equal(has(&nxdtls_ciphers_default, s->id),
                         !is_only_by_name(s));
        num += !is_only_by_name(s);
    }
    assert_int_equal(num_rows(&nxdtls_ciphers_default), num);
    assert_true(has(&nxdtls_ciphers_default, 0x002f));
}

static void rows_say_what_the_engine_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_rows(&nxdtls_ciphers_all); i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            row_at(&nxdtls_ciphers_all, i);
        const struct dtls_suite *s =
            dtls_suite_find(row->nx_secure_tls_ciphersuite);
        bool is_ecdh = s != NULL && s->kx == DTLS_KX_ECDH;

        assert_non_null(s);
        assert_int_equal(row->nx_secure_tls_session_key_size, s->key_len);
        assert_int_equal(row->nx_secure_tls_hash_size, dtls_suite_mac_len(s));
        assert_int_equal(
            row->nx_secure_tls_public_cipher == &crypto_method_ecdh, is_ecdh);
        assert_int_equal(row->nx_secure_tls_public_cipher ==
                             &crypto_method_ecdhe,
                         dtls_suite_is_ecdhe(s));
        assert_int_equal(row->nx_secure_tls_public_auth ==
                             &crypto_method_auth_psk,
                         dtls_suite_is_psk(s));
        assert_int_equal(row->nx_secure_tls_prf ==
                             &crypto_method_tls_prf_sha384,
                         s->prf == DTLS_HASH_SHA384);
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
        assert_int_equal(
            row_at(&nx_crypto_tls_ciphers, i)->nx_secure_tls_ciphersuite,
            plain[i]);
    }
    assert_int_equal(num_rows(&nx_crypto_tls_ciphers_ecc), LEN(ecc));
    for (size_t i = 0; i < LEN(ecc); i++) {
        assert_int_equal(
            row_at(&nx_crypto_tls_ciphers_ecc, i)->nx_secure_tls_ciphersuite,
            ecc[i]);
    }
}

static void the_groups_of_the_default_have_128_bits(void **state)
{
    static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                      DTLS_GROUP_SECP384R1,
                                      DTLS_GROUP_SECP521R1, DTLS_GROUP_X448};

    (void)state;
    assert_int_equal(nx_crypto_ecc_supported_groups_size, LEN(groups));
    for (size_t i = 0; i < LEN(groups); i++) {
        assert_int_equal(nx_crypto_ecc_supported_groups[i], groups[i]);
        assert_int_equal(nx_crypto_ecc_curves[i]->nx_crypto_algorithm,
                         NX_CRYPTO_EC_SECP256R1 - DTLS_GROUP_SECP256R1 +
                             groups[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_leaves_out_what_is_weak),
        cmocka_unit_test(rows_say_what_the_engine_does),
        cmocka_unit_test(the_tables_of_netx_hold_its_rows),
        cmocka_unit_test(the_groups_of_the_default_have_128_bits),
    };

    return kit_run(tests);
}
