/* SPDX-License-Identifier: MIT */
/* Schnorr's proofs (crypto/schnorr.h), with libcrypto's points and numbers:
 * none of its key exchanges has a base other than the curve's generator.
 *
 * libcrypto multiplies a single point in constant time.  Sums and products of
 * secret numbers modulo the order take BN_mod_add_quick and BN_mod_mul, whose
 * time depends on the lengths of numbers in words alone. */
#include "crypto/schnorr.h"

#include "crypto/libcrypto_internal.h"

bool dtls_schnorr_mul(const struct dtls_schnorr *s, EC_POINT *out,
                      const EC_POINT *base, const BIGNUM *scalar)
{
    return (base == NULL
                ? EC_POINT_mul(s->curve, out, scalar, NULL, NULL, s->bn)
                : EC_POINT_mul(s->curve, out, NULL, base, scalar, s->bn)) == 1;
}

bool dtls_schnorr_encode(const struct dtls_schnorr *s,
                         uint8_t out[DTLS_KEY_KP_POINT], const EC_POINT *point)
{
    return EC_POINT_point2oct(s->curve, point, POINT_CONVERSION_UNCOMPRESSED,
                              out, DTLS_KEY_KP_POINT,
                              s->bn) == DTLS_KEY_KP_POINT;
}

/* Appends u32 length || value to what a challenge is the hash of. */
static bool put_item(struct dtls_buf *out, struct dtls_bytes value)
{
    return dtls_put_u16(out, 0) && dtls_put_vec16(out, value);
}

/* Sets h to the challenge: the hash of base, V, X and the sender's name. */
static bool challenge(const struct dtls_schnorr *s, BIGNUM *h,
                      const EC_POINT *base, const uint8_t *v, const uint8_t *x,
                      bool server)
{
    static const uint8_t names[2][7] = {"client", "server"};
    uint8_t base_bytes[DTLS_KEY_KP_POINT];
    uint8_t bytes[4 * 4 + 3 * DTLS_KEY_KP_POINT + 6];
    uint8_t digest[DTLS_HASH_MAX];
    struct dtls_buf buf = {bytes, 0, sizeof bytes};
    struct dtls_bytes all;

    if (!dtls_schnorr_encode(
            s, base_bytes,
            base != NULL ? base : EC_GROUP_get0_generator(s->curve)) ||
        !put_item(&buf, dtls_bytes_of(base_bytes, DTLS_KEY_KP_POINT)) ||
        !put_item(&buf, dtls_bytes_of(v, DTLS_KEY_KP_POINT)) ||
        !put_item(&buf, dtls_bytes_of(x, DTLS_KEY_KP_POINT)) ||
        !put_item(&buf, dtls_bytes_of(names[server], 6))) {
        return false;
    }
    all = dtls_buf_bytes(&buf);
    return dtls_hash_all(NULL, digest, DTLS_HASH_SHA256, &all, 1) == DTLS_OK &&
           BN_bin2bn(digest, DTLS_KEY_KP_SCALAR, h) != NULL &&
           BN_nnmod(h, h, EC_GROUP_get0_order(s->curve), s->bn) == 1;
}

/* Sets r to v - x * h modulo the order, as v + (n - x * h): the time of a
 * subtraction would tell which number is greater. */
static bool respond(const struct dtls_schnorr *s, BIGNUM *r, const BIGNUM *v,
                    const BIGNUM *x, const BIGNUM *h)
{
    const BIGNUM *order = EC_GROUP_get0_order(s->curve);

    return BN_mod_mul(r, x, h, order, s->bn) == 1 &&
           BN_sub(r, order, r) == 1 && BN_mod_add_quick(r, v, r, order) == 1;
}

static bool put_number(struct dtls_buf *out, const BIGNUM *r)
{
    struct dtls_span room;
    int len = BN_num_bytes(r);

    return len > 0 && dtls_put_u8(out, (uint8_t)len) &&
           dtls_put_room(out, (size_t)len, &room) &&
           BN_bn2bin(r, room.data) == len;
}

/* Does the work of dtls_schnorr_make with numbers of its own. */
static bool prove(const struct dtls_schnorr *s, struct dtls_buf *out,
                  EC_POINT *v_point, const uint8_t x_bytes[DTLS_KEY_KP_POINT],
                  const EC_POINT *base, const BIGNUM *x, bool server)
{
    uint8_t v_bytes[DTLS_KEY_KP_POINT];
    BIGNUM *v = BN_CTX_get(s->bn);
    BIGNUM *h = BN_CTX_get(s->bn);
    BIGNUM *r = BN_CTX_get(s->bn);
    bool ok = r != NULL &&
              BN_priv_rand_range(v, EC_GROUP_get0_order(s->curve)) == 1 &&
              dtls_schnorr_mul(s, v_point, base, v) &&
              dtls_schnorr_encode(s, v_bytes, v_point) &&
              challenge(s, h, base, v_bytes, x_bytes, server) &&
              respond(s, r, v, x, h) &&
              dtls_put_vec8(out, dtls_bytes_of(x_bytes, DTLS_KEY_KP_POINT)) &&
              dtls_put_vec8(out, dtls_bytes_of(v_bytes, DTLS_KEY_KP_POINT)) &&
              put_number(out, r);

    if (r != NULL) {
        BN_clear(v); /* Who knows v and r knows x. */
        BN_clear(r);
    }
    return ok;
}

bool dtls_schnorr_make(const struct dtls_schnorr *s, struct dtls_buf *out,
                       EC_POINT *public_key, const EC_POINT *base,
                       const BIGNUM *x, bool server)
{
    uint8_t x_bytes[DTLS_KEY_KP_POINT];
    EC_POINT *v_point = EC_POINT_new(s->curve);
    bool ok = v_point != NULL && dtls_schnorr_mul(s, public_key, base, x) &&
              dtls_schnorr_encode(s, x_bytes, public_key);

    if (ok) {
        BN_CTX_start(s->bn);
        ok = prove(s, out, v_point, x_bytes, base, x, server);
        BN_CTX_end(s->bn);
    }
    EC_POINT_free(v_point);
    return ok;
}

/* libcrypto refuses coordinates that are out of range or off the curve; the
 * length excludes infinity, and the first byte compressed and hybrid points.
 */
static bool decode(const struct dtls_schnorr *s, EC_POINT *point,
                   struct dtls_bytes value)
{
    return value.len == DTLS_KEY_KP_POINT && value.data[0] == 4 &&
           EC_POINT_oct2point(s->curve, point, value.data, value.len, s->bn) ==
               1;
}

static bool decode_number(const struct dtls_schnorr *s, BIGNUM *r,
                          struct dtls_bytes value)
{
    return value.len <= DTLS_KEY_KP_SCALAR &&
           BN_bin2bn(value.data, (int)value.len, r) != NULL &&
           BN_cmp(r, EC_GROUP_get0_order(s->curve)) < 0;
}

/* Tells whether V is r * base + h * X.  All of it is public. */
static bool holds(const struct dtls_schnorr *s, const EC_POINT *v,
                  const EC_POINT *base, const BIGNUM *r, const EC_POINT *x,
                  const BIGNUM *h)
{
    EC_POINT *sum = EC_POINT_new(s->curve);
    EC_POINT *term = EC_POINT_new(s->curve);
    bool ok = sum != NULL && term != NULL &&
              dtls_schnorr_mul(s, sum, base, r) &&
              dtls_schnorr_mul(s, term, x, h) &&
              EC_POINT_add(s->curve, sum, sum, term, s->bn) == 1 &&
              EC_POINT_cmp(s->curve, sum, v, s->bn) == 0;

    EC_POINT_free(sum);
    EC_POINT_free(term);
    return ok;
}

bool dtls_schnorr_check(const struct dtls_schnorr *s, EC_POINT *public_key,
                        const EC_POINT *base, const struct dtls_key_kp *kp,
                        bool server)
{
    EC_POINT *v = EC_POINT_new(s->curve);
    BIGNUM *r;
    BIGNUM *h;
    bool ok;

    BN_CTX_start(s->bn);
    r = BN_CTX_get(s->bn);
    h = BN_CTX_get(s->bn);
    ok = v != NULL && h != NULL && decode(s, public_key, kp->x) &&
         decode(s, v, kp->v) && decode_number(s, r, kp->r) &&
         challenge(s, h, base, kp->v.data, kp->x.data, server) &&
         holds(s, v, base, r, public_key, h);
    BN_CTX_end(s->bn);
    EC_POINT_free(v);
    return ok;
}
