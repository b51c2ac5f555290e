/* SPDX-License-Identifier: MIT */
/* EC-JPAKE on secp256r1 (draft-cragie-tls-ecjpake-01; Hao and Ryan, RFC 8236,
 * for its three-pass form).
 *
 * In round one each side sends two keys, in round two a third one that holds
 * the password.  Both sides do the same; they differ in the name in their
 * proofs alone. */
#include "crypto/libcrypto_internal.h"
#include "crypto/schnorr.h"

#include "base/secret.h"

#include <openssl/err.h>

/* What proofs are made with. */
static struct dtls_schnorr schnorr_of(const struct dtls_jpake *j)
{
    return (struct dtls_schnorr){dtls_fetch_curve(DTLS_GROUP_SECP256R1),
                                 j->context};
}

void dtls_jpake_free(void *self, struct dtls_jpake *jpake)
{
    (void)self;
    BN_clear_free(jpake->second);
    BN_clear_free(jpake->password);
    for (size_t i = 0; i < 2; i++) {
        EC_POINT_free(jpake->own[i]);
        EC_POINT_free(jpake->peer[i]);
    }
    EC_POINT_free(jpake->peer_third);
    BN_CTX_free(jpake->context); /* clears its numbers */
    dtls_wipe(jpake, sizeof *jpake);
}

/* Makes an exchange without keys. */
static bool make_empty(struct dtls_jpake *j, bool server)
{
    const EC_GROUP *curve = dtls_fetch_curve(DTLS_GROUP_SECP256R1);
    bool ok = curve != NULL;

    *j = (struct dtls_jpake){.server = server};
    if (ok) {
        j->context = BN_CTX_secure_new();
        j->second = BN_secure_new();
        j->password = BN_secure_new();
        j->peer_third = EC_POINT_new(curve);
        ok = j->context != NULL && j->second != NULL && j->password != NULL &&
             j->peer_third != NULL;
    }
    for (size_t i = 0; i < 2 && ok; i++) {
        j->own[i] = EC_POINT_new(curve);
        j->peer[i] = EC_POINT_new(curve);
        ok = j->own[i] != NULL && j->peer[i] != NULL;
    }
    return ok;
}

/* The password is its bytes as one number. */
static bool set_password(struct dtls_jpake *j, struct dtls_bytes password)
{
    struct dtls_schnorr s = schnorr_of(j);

    BN_set_flags(j->password, BN_FLG_CONSTTIME);
    return BN_bin2bn(password.data, (int)password.len, j->password) != NULL &&
           BN_nnmod(j->password, j->password, EC_GROUP_get0_order(s.curve),
                    s.bn) == 1 &&
           !BN_is_zero(j->password);
}

/* Draws the private key of own[i] and appends the public one. */
static bool draw(struct dtls_jpake *j, size_t i, BIGNUM *x,
                 struct dtls_buf *out)
{
    struct dtls_schnorr s = schnorr_of(j);

    BN_set_flags(x, BN_FLG_CONSTTIME);
    return BN_priv_rand_range(x, EC_GROUP_get0_order(s.curve)) == 1 &&
           !BN_is_zero(x) &&
           dtls_schnorr_make(&s, out, j->own[i], NULL, x, j->server);
}

/* Makes our round one.  The private key of own[0] is needed for its proof
 * alone. */
static bool make_hello(struct dtls_jpake *j)
{
    struct dtls_buf out = {j->hello, 0, sizeof j->hello};
    BIGNUM *first = BN_secure_new();
    bool ok = first != NULL && draw(j, 0, first, &out) &&
              draw(j, 1, j->second, &out);

    BN_clear_free(first);
    j->hello_len = (uint16_t)out.len;
    return ok;
}

enum dtls_status dtls_jpake_make(void *self, struct dtls_jpake *jpake,
                                 bool server, struct dtls_bytes password)
{
    if (!make_empty(jpake, server) || !set_password(jpake, password) ||
        !make_hello(jpake)) {
        dtls_jpake_free(self, jpake);
        ERR_clear_error();
        return DTLS_INTERNAL_ERROR;
    }
    return DTLS_OK;
}

struct dtls_bytes dtls_jpake_hello(void *self, const struct dtls_jpake *jpake)
{
    (void)self;
    return dtls_bytes_of(jpake->hello, jpake->hello_len);
}

/* A peer that returns our own key knows no private key for it. */
static bool is_own(const struct dtls_jpake *j, const EC_POINT *key)
{
    struct dtls_schnorr s = schnorr_of(j);

    return EC_POINT_cmp(s.curve, key, j->own[0], s.bn) != 1 ||
           EC_POINT_cmp(s.curve, key, j->own[1], s.bn) != 1;
}

enum dtls_status dtls_jpake_take_hello(void *self, struct dtls_jpake *jpake,
                                       const struct dtls_key_kp pair[2])
{
    struct dtls_schnorr s = schnorr_of(jpake);

    (void)self;
    for (size_t i = 0; i < 2; i++) {
        if (!dtls_schnorr_check(&s, jpake->peer[i], NULL, &pair[i],
                                !jpake->server) ||
            is_own(jpake, jpake->peer[i])) {
            ERR_clear_error();
            return DTLS_BAD_PROOF;
        }
    }
    return DTLS_OK;
}

/* Sets `out` to the base of a third key.  Infinity, on which any key would do,
 * has no proof (crypto/schnorr.h). */
static bool sum_base(const struct dtls_schnorr *s, EC_POINT *out,
                     const EC_POINT *a, const EC_POINT *b, const EC_POINT *c)
{
    return EC_POINT_add(s->curve, out, a, b, s->bn) == 1 &&
           EC_POINT_add(s->curve, out, out, c, s->bn) == 1;
}

/* Sets `out` to the product of our second key and the password. */
static bool blind_password(const struct dtls_jpake *j, BIGNUM *out)
{
    struct dtls_schnorr s = schnorr_of(j);

    BN_set_flags(out, BN_FLG_CONSTTIME);
    return BN_mod_mul(out, j->second, j->password,
                      EC_GROUP_get0_order(s.curve), s.bn) == 1;
}

enum dtls_status dtls_jpake_key(void *self, struct dtls_jpake *jpake,
                                struct dtls_buf *out)
{
    struct dtls_schnorr s = schnorr_of(jpake);
    EC_POINT *base = EC_POINT_new(s.curve);
    EC_POINT *third = EC_POINT_new(s.curve);
    BIGNUM *x = BN_secure_new();
    bool ok =
        base != NULL && third != NULL && x != NULL &&
        sum_base(&s, base, jpake->own[0], jpake->peer[0], jpake->peer[1]) &&
        blind_password(jpake, x) &&
        dtls_schnorr_make(&s, out, third, base, x, jpake->server);

    (void)self;
    EC_POINT_free(base);
    EC_POINT_free(third);
    BN_clear_free(x);
    ERR_clear_error();
    return ok ? DTLS_OK : DTLS_BAD_PROOF;
}

enum dtls_status dtls_jpake_take_key(void *self, struct dtls_jpake *jpake,
                                     const struct dtls_key_kp *kp)
{
    struct dtls_schnorr s = schnorr_of(jpake);
    EC_POINT *base = EC_POINT_new(s.curve);
    bool ok =
        base != NULL &&
        sum_base(&s, base, jpake->own[0], jpake->own[1], jpake->peer[0]) &&
        dtls_schnorr_check(&s, jpake->peer_third, base, kp, !jpake->server);

    (void)self;
    EC_POINT_free(base);
    ERR_clear_error();
    return ok ? DTLS_OK : DTLS_BAD_PROOF;
}

/* Sets `shared` to x * (third - x * password * second), of our x and the
 * peer's keys: the same point on both sides if the passwords are the same. */
static bool agree(const struct dtls_jpake *j, EC_POINT *shared, BIGNUM *x)
{
    struct dtls_schnorr s = schnorr_of(j);

    return blind_password(j, x) &&
           dtls_schnorr_mul(&s, shared, j->peer[1], x) &&
           EC_POINT_invert(s.curve, shared, s.bn) == 1 &&
           EC_POINT_add(s.curve, shared, shared, j->peer_third, s.bn) == 1 &&
           dtls_schnorr_mul(&s, shared, shared, j->second);
}

enum dtls_status dtls_jpake_agree(void *self, const struct dtls_jpake *jpake,
                                  uint8_t out[DTLS_JPAKE_SECRET_LEN])
{
    struct dtls_schnorr s = schnorr_of(jpake);
    EC_POINT *shared = EC_POINT_new(s.curve);
    BIGNUM *x = BN_secure_new();
    uint8_t point[DTLS_KEY_KP_POINT];
    struct dtls_bytes coordinate = {point + 1, DTLS_KEY_KP_SCALAR};
    bool ok =
        shared != NULL && x != NULL && agree(jpake, shared, x) &&
        dtls_schnorr_encode(&s, point, shared) &&
        dtls_hash_all(self, out, DTLS_HASH_SHA256, &coordinate, 1) == DTLS_OK;

    EC_POINT_clear_free(shared);
    BN_clear_free(x);
    dtls_wipe(point, sizeof point);
    ERR_clear_error();
    return ok ? DTLS_OK : DTLS_BAD_PROOF;
}
