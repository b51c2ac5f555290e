/* SPDX-License-Identifier: MIT */
/* The calls of src/crypto to libcrypto that can fail: what they return, the
 * value that says so, the name, parameters and arguments.  The linker puts a
 * function before each (-Wl,--wrap), which the build reads from here. */
#ifndef FAULT_LIBCRYPTO_CALLS_H
#define FAULT_LIBCRYPTO_CALLS_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdh.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

typedef unsigned char u8;

/* clang-format off */
#define LIBCRYPTO_CALLS(CALL) \
    CALL(BN_CTX *, NULL, BN_CTX_secure_new, (void), ()) \
    CALL(BIGNUM *, NULL, BN_secure_new, (void), ()) \
    CALL(BIGNUM *, NULL, BN_bin2bn, (const u8 *a, int b, BIGNUM *c), (a, b, c)) \
    CALL(int, -1, BN_bn2binpad, (const BIGNUM *a, u8 *b, int c), (a, b, c)) \
    CALL(int, 0, BN_nnmod, (BIGNUM *a, const BIGNUM *b, const BIGNUM *c, BN_CTX *d), (a, b, c, d)) \
    CALL(int, 0, BN_bn2bin, (const BIGNUM *a, u8 *b), (a, b)) \
    CALL(int, 0, BN_sub, (BIGNUM *a, const BIGNUM *b, const BIGNUM *c), (a, b, c)) \
    CALL(int, 0, BN_mod_add_quick, (BIGNUM *a, const BIGNUM *b, const BIGNUM *c, const BIGNUM *d), (a, b, c, d)) \
    CALL(int, 0, BN_mod_mul, (BIGNUM *a, const BIGNUM *b, const BIGNUM *c, const BIGNUM *d, BN_CTX *e), (a, b, c, d, e)) \
    CALL(int, 0, BN_priv_rand_range, (BIGNUM *a, const BIGNUM *b), (a, b)) \
    CALL(int, 0, BN_mod_exp_mont_consttime, (BIGNUM *a, const BIGNUM *b, const BIGNUM *c, const BIGNUM *d, BN_CTX *e, BN_MONT_CTX *f), (a, b, c, d, e, f)) \
    CALL(EC_GROUP *, NULL, EC_GROUP_new_by_curve_name, (int a), (a)) \
    CALL(EC_POINT *, NULL, EC_POINT_new, (const EC_GROUP *a), (a)) \
    CALL(int, 0, EC_POINT_mul, (const EC_GROUP *a, EC_POINT *b, const BIGNUM *c, const EC_POINT *d, const BIGNUM *e, BN_CTX *f), (a, b, c, d, e, f)) \
    CALL(int, 0, EC_POINT_add, (const EC_GROUP *a, EC_POINT *b, const EC_POINT *c, const EC_POINT *d, BN_CTX *e), (a, b, c, d, e)) \
    CALL(int, 0, EC_POINT_invert, (const EC_GROUP *a, EC_POINT *b, BN_CTX *c), (a, b, c)) \
    CALL(int, -1, EC_POINT_cmp, (const EC_GROUP *a, const EC_POINT *b, const EC_POINT *c, BN_CTX *d), (a, b, c, d)) \
    CALL(int, 0, EC_POINT_oct2point, (const EC_GROUP *a, EC_POINT *b, const u8 *c, size_t d, BN_CTX *e), (a, b, c, d, e)) \
    CALL(size_t, 0, EC_POINT_point2oct, (const EC_GROUP *a, const EC_POINT *b, point_conversion_form_t c, u8 *d, size_t e, BN_CTX *f), (a, b, c, d, e, f)) \
    CALL(EC_KEY *, NULL, EC_KEY_new, (void), ()) \
    CALL(int, 0, EC_KEY_set_group, (EC_KEY *a, const EC_GROUP *b), (a, b)) \
    CALL(int, 0, EC_KEY_set_public_key, (EC_KEY *a, const EC_POINT *b), (a, b)) \
    CALL(int, 0, EC_KEY_generate_key, (EC_KEY *a), (a)) \
    CALL(int, -1, ECDSA_verify, (int a, const u8 *b, int c, const u8 *d, int e, EC_KEY *f), (a, b, c, d, e, f)) \
    CALL(int, -1, ECDH_compute_key, (void *a, size_t b, const EC_POINT *c, const EC_KEY *d, void *(*e)(const void *, size_t, void *, size_t *)), (a, b, c, d, e)) \
    CALL(EVP_CIPHER_CTX *, NULL, EVP_CIPHER_CTX_new, (void), ()) \
    CALL(int, 0, EVP_CIPHER_CTX_ctrl, (EVP_CIPHER_CTX *a, int b, int c, void *d), (a, b, c, d)) \
    CALL(int, 0, EVP_CIPHER_CTX_get_params, (EVP_CIPHER_CTX *a, OSSL_PARAM b[]), (a, b)) \
    CALL(int, 0, EVP_CIPHER_CTX_set_padding, (EVP_CIPHER_CTX *a, int b), (a, b)) \
    CALL(int, 0, EVP_CIPHER_CTX_set_params, (EVP_CIPHER_CTX *a, const OSSL_PARAM b[]), (a, b)) \
    CALL(int, 0, EVP_CipherInit_ex2, (EVP_CIPHER_CTX *a, const EVP_CIPHER *b, const u8 *c, const u8 *d, int e, const OSSL_PARAM f[]), (a, b, c, d, e, f)) \
    CALL(int, 0, EVP_CipherUpdate, (EVP_CIPHER_CTX *a, u8 *b, int *c, const u8 *d, int e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_CipherFinal_ex, (EVP_CIPHER_CTX *a, u8 *b, int *c), (a, b, c)) \
    CALL(int, -1, EVP_Cipher, (EVP_CIPHER_CTX *a, u8 *b, const u8 *c, unsigned d), (a, b, c, d)) \
    CALL(EVP_MD_CTX *, NULL, EVP_MD_CTX_new, (void), ()) \
    CALL(int, 0, EVP_DigestSignInit_ex, (EVP_MD_CTX *a, EVP_PKEY_CTX **b, const char *c, OSSL_LIB_CTX *d, const char *e, EVP_PKEY *f, const OSSL_PARAM g[]), (a, b, c, d, e, f, g)) \
    CALL(int, 0, EVP_DigestSign, (EVP_MD_CTX *a, u8 *b, size_t *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_DigestVerifyInit_ex, (EVP_MD_CTX *a, EVP_PKEY_CTX **b, const char *c, OSSL_LIB_CTX *d, const char *e, EVP_PKEY *f, const OSSL_PARAM g[]), (a, b, c, d, e, f, g)) \
    CALL(int, -1, EVP_DigestVerify, (EVP_MD_CTX *a, const u8 *b, size_t c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(EVP_PKEY *, NULL, EVP_PKEY_new, (void), ()) \
    CALL(EVP_PKEY *, NULL, EVP_PKEY_new_raw_private_key_ex, (OSSL_LIB_CTX *a, const char *b, const char *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(EVP_PKEY *, NULL, EVP_PKEY_new_raw_public_key_ex, (OSSL_LIB_CTX *a, const char *b, const char *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_PKEY_assign, (EVP_PKEY *a, int b, void *c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_copy_parameters, (EVP_PKEY *a, const EVP_PKEY *b), (a, b)) \
    CALL(int, 0, EVP_PKEY_set1_encoded_public_key, (EVP_PKEY *a, const u8 *b, size_t c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_get_bn_param, (const EVP_PKEY *a, const char *b, BIGNUM **c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_get_raw_private_key, (const EVP_PKEY *a, u8 *b, size_t *c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *a, u8 *b, size_t *c), (a, b, c)) \
    CALL(EC_KEY *, NULL, EVP_PKEY_get1_EC_KEY, (EVP_PKEY *a), (a)) \
    CALL(const EC_KEY *, NULL, EVP_PKEY_get0_EC_KEY, (const EVP_PKEY *a), (a)) \
    CALL(RSA *, NULL, EVP_PKEY_get1_RSA, (EVP_PKEY *a), (a)) \
    CALL(EVP_PKEY_CTX *, NULL, EVP_PKEY_CTX_new_from_name, (OSSL_LIB_CTX *a, const char *b, const char *c), (a, b, c)) \
    CALL(EVP_PKEY_CTX *, NULL, EVP_PKEY_CTX_new_from_pkey, (OSSL_LIB_CTX *a, EVP_PKEY *b, const char *c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_CTX_set_params, (EVP_PKEY_CTX *a, const OSSL_PARAM *b), (a, b)) \
    CALL(int, 0, EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX *a, int b), (a, b)) \
    CALL(int, 0, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX *a), (a)) \
    CALL(int, 0, EVP_PKEY_fromdata, (EVP_PKEY_CTX *a, EVP_PKEY **b, int c, OSSL_PARAM d[]), (a, b, c, d)) \
    CALL(int, 0, EVP_PKEY_check, (EVP_PKEY_CTX *a), (a)) \
    CALL(int, 0, EVP_PKEY_keygen_init, (EVP_PKEY_CTX *a), (a)) \
    CALL(int, 0, EVP_PKEY_generate, (EVP_PKEY_CTX *a, EVP_PKEY **b), (a, b)) \
    CALL(int, 0, EVP_PKEY_derive_init, (EVP_PKEY_CTX *a), (a)) \
    CALL(int, 0, EVP_PKEY_derive_set_peer_ex, (EVP_PKEY_CTX *a, EVP_PKEY *b, int c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_derive, (EVP_PKEY_CTX *a, u8 *b, size_t *c), (a, b, c)) \
    CALL(int, 0, EVP_PKEY_sign_init_ex, (EVP_PKEY_CTX *a, const OSSL_PARAM b[]), (a, b)) \
    CALL(int, 0, EVP_PKEY_sign, (EVP_PKEY_CTX *a, u8 *b, size_t *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_PKEY_verify_init_ex, (EVP_PKEY_CTX *a, const OSSL_PARAM b[]), (a, b)) \
    CALL(int, -1, EVP_PKEY_verify, (EVP_PKEY_CTX *a, const u8 *b, size_t c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_PKEY_verify_recover_init_ex, (EVP_PKEY_CTX *a, const OSSL_PARAM b[]), (a, b)) \
    CALL(int, 0, EVP_PKEY_verify_recover, (EVP_PKEY_CTX *a, u8 *b, size_t *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(int, 0, EVP_PKEY_decrypt_init, (EVP_PKEY_CTX *a), (a)) \
    CALL(int, 0, EVP_PKEY_decrypt, (EVP_PKEY_CTX *a, u8 *b, size_t *c, const u8 *d, size_t e), (a, b, c, d, e)) \
    CALL(OSSL_PARAM_BLD *, NULL, OSSL_PARAM_BLD_new, (void), ()) \
    CALL(OSSL_PARAM *, NULL, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD *a), (a)) \
    CALL(int, 0, OSSL_PARAM_BLD_push_BN, (OSSL_PARAM_BLD *a, const char *b, const BIGNUM *c), (a, b, c)) \
    CALL(int, 0, OSSL_PARAM_BLD_push_octet_string, (OSSL_PARAM_BLD *a, const char *b, const void *c, size_t d), (a, b, c, d)) \
    CALL(int, 0, OSSL_PARAM_BLD_push_utf8_string, (OSSL_PARAM_BLD *a, const char *b, const char *c, size_t d), (a, b, c, d)) \
    CALL(int, 0, RAND_bytes, (u8 *a, int b), (a, b)) \
    CALL(RSA *, NULL, RSA_new, (void), ()) \
    CALL(int, 0, RSA_set0_key, (RSA *a, BIGNUM *b, BIGNUM *c, BIGNUM *d), (a, b, c, d)) \
    CALL(int, -1, RSA_public_encrypt, (int a, const u8 *b, u8 *c, RSA *d, int e), (a, b, c, d, e)) \
    CALL(int, 0, RSA_verify, (int a, const u8 *b, unsigned c, const u8 *d, unsigned e, RSA *f), (a, b, c, d, e, f)) \
    CALL(int, 0, RSA_padding_add_PKCS1_type_1, (u8 *a, int b, const u8 *c, int d), (a, b, c, d)) \
    CALL(int, 0, RSA_padding_add_PKCS1_type_2, (u8 *a, int b, const u8 *c, int d), (a, b, c, d)) \
    CALL(int, 0, RSA_padding_add_PKCS1_PSS_mgf1, (RSA *a, u8 *b, const u8 *c, const EVP_MD *d, const EVP_MD *e, int f), (a, b, c, d, e, f)) \
    CALL(int, 0, RSA_verify_PKCS1_PSS_mgf1, (RSA *a, const u8 *b, const EVP_MD *c, const EVP_MD *d, const u8 *e, int f), (a, b, c, d, e, f))
/* clang-format on */

#endif
