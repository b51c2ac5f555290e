/* SPDX-License-Identifier: MIT */
/* crypto/jpake.c, schnorr.c, key_kp.c: the vectors, agreement of both roles,
 * and everything that a peer may not send. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: a provider costs more */

#include "kit/proves.h"

#include "crypto_test.h"
#include "jpake_vectors.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* ---- Numbers that libcrypto draws ---- */

static const char *const *next_draw; /* in hex */

static int draw(unsigned char *out, int len)
{
    assert_int_equal(unhex(out, (size_t)len, *next_draw), len);
    next_draw++;
    return 1;
}

static int always_ready(void)
{
    return 1;
}

static void give_draws(const char *const *draws)
{
    static RAND_METHOD method = {
        .bytes = draw, .pseudorand = draw, .status = always_ready};

    next_draw = draws;
    assert_int_equal(RAND_set_rand_method(draws != NULL ? &method : NULL), 1);
}

/* ---- Exchanges ---- */

static struct dtls_bytes text(const char *t)
{
    return dtls_bytes_of((const uint8_t *)t, strlen(t));
}

static struct dtls_jpake make(bool server, struct dtls_bytes password)
{
    struct dtls_jpake j;

    assert_int_equal(crypto->jpake_make(NULL, &j, server, password), DTLS_OK);
    return j;
}

static enum dtls_status take_hello(struct dtls_jpake *j,
                                   struct dtls_bytes hello)
{
    struct dtls_key_kp pair[2];
    enum dtls_status status = dtls_key_kp_pair_parse(pair, hello);

    return status == DTLS_OK ? crypto->jpake_take_hello(NULL, j, pair)
                             : status;
}

static enum dtls_status take_key(struct dtls_jpake *j, struct dtls_bytes key)
{
    struct dtls_key_kp kp;

    return dtls_key_kp_get(&key, &kp) ? crypto->jpake_take_key(NULL, j, &kp)
                                      : DTLS_DECODE_ERROR;
}

struct key {
    uint8_t bytes[DTLS_KEY_KP_MAX];
    struct dtls_buf buf;
};

static struct dtls_bytes make_key(struct dtls_jpake *j, struct key *k)
{
    k->buf = (struct dtls_buf){k->bytes, 0, sizeof k->bytes};
    assert_int_equal(crypto->jpake_key(NULL, j, &k->buf), DTLS_OK);
    return dtls_buf_bytes(&k->buf);
}

/* Makes both ends of an exchange, after round one. */
static void greet(struct dtls_jpake ends[2], const char *client_password,
                  const char *server_password)
{
    ends[0] = make(false, text(client_password));
    ends[1] = make(true, text(server_password));
    assert_int_equal(take_hello(&ends[0], crypto->jpake_hello(NULL, &ends[1])),
                     DTLS_OK);
    assert_int_equal(take_hello(&ends[1], crypto->jpake_hello(NULL, &ends[0])),
                     DTLS_OK);
}

static void finish(struct dtls_jpake ends[2])
{
    crypto->jpake_free(NULL, &ends[0]);
    crypto->jpake_free(NULL, &ends[1]);
    assert_null(ends[0].second);
    assert_null(ends[1].second);
    assert_no_errors_left();
}

/* Does round two and returns true if both ends have the same secret. */
static bool agrees(struct dtls_jpake ends[2])
{
    uint8_t secrets[2][DTLS_JPAKE_SECRET_LEN];
    struct key k;

    assert_int_equal(take_key(&ends[1], make_key(&ends[0], &k)), DTLS_OK);
    assert_int_equal(take_key(&ends[0], make_key(&ends[1], &k)), DTLS_OK);
    assert_int_equal(crypto->jpake_agree(NULL, &ends[0], secrets[0]), DTLS_OK);
    assert_int_equal(crypto->jpake_agree(NULL, &ends[1], secrets[1]), DTLS_OK);
    return memcmp(secrets[0], secrets[1], sizeof secrets[0]) == 0;
}

static void assert_hex(struct dtls_bytes got, const char *expected)
{
    struct hex e = hex(expected);

    assert_int_equal(got.len, e.len);
    assert_memory_equal(got.data, e.data, e.len);
}

/* ---- Tests ---- */

static void both_roles_reproduce_the_vectors(void **state)
{
    (void)state;
    proves("DECJPAKE-4.1-5");
    for (size_t i = 0; i < 2; i++) {
        struct hex peer_hello = hex(jpake_hellos[1 - i]);
        struct hex peer_key = hex(jpake_keys[1 - i]);
        uint8_t secret[DTLS_JPAKE_SECRET_LEN];
        struct key k;
        struct dtls_jpake j;

        kit_row("%s", i == 0 ? "client" : "server");
        give_draws(jpake_draws[i]);
        j = make(i == 1, text(JPAKE_PASSWORD));
        assert_hex(crypto->jpake_hello(NULL, &j), jpake_hellos[i]);
        assert_int_equal(take_hello(&j, hex_bytes(&peer_hello)), DTLS_OK);
        assert_hex(make_key(&j, &k), jpake_keys[i]);
        assert_int_equal(take_key(&j, hex_bytes(&peer_key)), DTLS_OK);
        assert_int_equal(crypto->jpake_agree(NULL, &j, secret), DTLS_OK);
        assert_hex(dtls_bytes_of(secret, sizeof secret), jpake_secret);
        crypto->jpake_free(NULL, &j);
    }
    give_draws(NULL);
    assert_no_errors_left();
}

static void the_password_decides_and_nothing_else_tells(void **state)
{
    static const struct {
        const char *client;
        const char *server;
        bool same;
    } rows[] = {
        {"threadjpaketest", "threadjpaketest", true},
        {"a", "a", true},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         true},
        {"threadjpaketest", "threadjpaketesu", false},
        {"threadjpaketest", "Threadjpaketest", false},
        {"threadjpaketest", "threadjpaketest ", false},
        {"a", "b", false},
    };

    (void)state;
    proves("DECJPAKE-4.2-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_jpake ends[2];

        kit_row("%s, %s", rows[i].client, rows[i].server);
        greet(ends, rows[i].client, rows[i].server);
        assert_int_equal(agrees(ends), rows[i].same);
        finish(ends);
    }
}

/* A client sends its hello twice; the next exchange has other keys. */
static void round_one_is_the_same_until_the_next_exchange(void **state)
{
    struct dtls_jpake a = make(false, text("password"));
    struct dtls_jpake b = make(false, text("password"));
    struct dtls_bytes first = crypto->jpake_hello(NULL, &a);
    struct dtls_bytes again = crypto->jpake_hello(NULL, &a);
    struct dtls_bytes other = crypto->jpake_hello(NULL, &b);

    (void)state;
    assert_true(dtls_bytes_equal(first, again));
    assert_memory_not_equal(first.data, other.data, DTLS_KEY_KP_POINT + 1);
    crypto->jpake_free(NULL, &a);
    crypto->jpake_free(NULL, &b);
}

/* Numbers that are 0 modulo the order: of these an attacker needs no guess. */
static void a_password_that_is_zero_is_refused(void **state)
{
    static const char *const rows[] = {
        "00",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "01fffffffe00000001ffffffffffffffff79cdf55b4e2f3d09e7739585f8c64aa2",
    };

    (void)state;
    proves("DECJPAKE-4.2-6");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct hex password = hex(rows[i]);
        struct dtls_jpake j;

        kit_row("%s", rows[i]);
        assert_int_equal(
            crypto->jpake_make(NULL, &j, i % 2, hex_bytes(&password)),
            DTLS_INTERNAL_ERROR);
        assert_null(j.second);
    }
    assert_int_equal(crypto->jpake_make(NULL, &(struct dtls_jpake){0}, false,
                                        (struct dtls_bytes){0}),
                     DTLS_INTERNAL_ERROR);
    assert_no_errors_left();
}

/* Every byte of what a peer sends: of X, V, r and the lengths. */
static void a_proof_that_is_changed_anywhere_is_refused(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-1");
    for (size_t i = 0; i < 2; i++) {
        struct dtls_jpake ends[2];
        struct hex h;
        struct key k;
        struct dtls_bytes key;

        kit_row("to the %s", i == 0 ? "client" : "server");
        greet(ends, "password", "password");
        h.len = crypto->jpake_hello(NULL, &ends[1 - i]).len;
        memcpy(h.data, crypto->jpake_hello(NULL, &ends[1 - i]).data, h.len);
        for (size_t at = 0; at < h.len; at++) {
            kit_row("round one to %zu, byte %zu", i, at);
            h.data[at] ^= 0x01;
            assert_int_not_equal(take_hello(&ends[i], hex_bytes(&h)), DTLS_OK);
            h.data[at] ^= 0x01;
        }
        assert_int_equal(take_hello(&ends[i], hex_bytes(&h)), DTLS_OK);
        key = make_key(&ends[1 - i], &k);
        for (size_t at = 0; at < key.len; at++) {
            kit_row("round two to %zu, byte %zu", i, at);
            k.bytes[at] ^= 0x01;
            assert_int_not_equal(take_key(&ends[i], key), DTLS_OK);
            k.bytes[at] ^= 0x01;
        }
        assert_int_equal(take_key(&ends[i], key), DTLS_OK);
        finish(ends);
    }
}

/* The sender's role is part of a proof, and so is what round one has fixed. */
static void a_proof_for_another_place_is_refused(void **state)
{
    struct dtls_jpake ends[2];
    struct dtls_jpake others[2];
    struct key k;

    (void)state;
    proves("DECJPAKE-4.2-1");
    greet(ends, "password", "password");
    greet(others, "password", "password");
    for (size_t i = 0; i < 2; i++) {
        kit_row("end %zu", i);
        /* Of the same role, in this exchange and in another one. */
        assert_int_equal(
            take_hello(&ends[i], crypto->jpake_hello(NULL, &others[i])),
            DTLS_BAD_PROOF);
        assert_int_equal(take_key(&ends[i], make_key(&ends[i], &k)),
                         DTLS_BAD_PROOF);
        assert_int_equal(take_key(&ends[i], make_key(&others[1 - i], &k)),
                         DTLS_BAD_PROOF);
    }
    finish(ends);
    finish(others);
}

/* The same key in the other role, with a good proof: both draw one number. */
static void our_own_keys_are_refused_from_a_peer(void **state)
{
    static const char other[] =
        "7172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f91";
    const char *const *v = jpake_draws[1];

    (void)state;
    proves("DECJPAKE-4.2-3");
    for (size_t i = 0; i < 4; i++) {
        const char *own = jpake_draws[0][i / 2 * 2];
        const char *const reflected[] = {i % 2 == 0 ? own : other, v[1],
                                         i % 2 == 0 ? other : own, v[3]};
        struct dtls_jpake client;
        struct dtls_jpake server;

        kit_row("our key %zu as the peer's %zu", i / 2, i % 2);
        give_draws(jpake_draws[0]);
        client = make(false, text("password"));
        give_draws(reflected);
        server = make(true, text("password"));
        give_draws(NULL);
        assert_int_equal(
            take_hello(&client, crypto->jpake_hello(NULL, &server)),
            DTLS_BAD_PROOF);
        assert_int_equal(
            take_hello(&server, crypto->jpake_hello(NULL, &client)),
            DTLS_BAD_PROOF);
        crypto->jpake_free(NULL, &client);
        crypto->jpake_free(NULL, &server);
    }
}

/* Puts another form of a point into place `at` of a hello or key, whose parts
 * are X, V, r, X, V, r. */
static struct hex with_part(struct dtls_bytes all, size_t at,
                            struct dtls_bytes part)
{
    struct hex out;
    struct dtls_buf buf = {out.data, 0, sizeof out.data};
    struct dtls_bytes value;

    for (size_t i = 0; all.len != 0; i++) {
        kit_row("part %zu", i);
        assert_true(dtls_get_vec8(&all, &value));
        assert_true(dtls_put_vec8(&buf, i == at ? part : value));
    }
    out.len = buf.len;
    return out;
}

static struct dtls_bytes part_of(struct dtls_bytes all, size_t at)
{
    struct dtls_bytes value = {0};

    for (size_t i = 0; i <= at; i++) {
        kit_row("part %zu", i);
        assert_true(dtls_get_vec8(&all, &value));
    }
    return value;
}

/* Writes form `form` of a good point; false: there is no such form. */
static bool write_form(size_t form, struct dtls_bytes good, struct hex *out)
{
    static const char p[] =
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

    memcpy(out->data, good.data, good.len);
    out->len = good.len;
    switch (form) {
    case 0: /* compressed */
        out->data[0] = (uint8_t)(2 + (good.data[64] & 1));
        out->len = 33;
        return true;
    case 1: /* hybrid */
        out->data[0] = (uint8_t)(6 + (good.data[64] & 1));
        return true;
    case 2: /* infinity */
        out->data[0] = 0;
        out->len = 1;
        return true;
    case 3: /* infinity, as long as a point */
        memset(out->data, 0, out->len);
        return true;
    case 4: /* off the curve */
        out->data[64] ^= 0x01;
        return true;
    case 5: /* a coordinate that is not below the prime */
        (void)unhex(&out->data[1], 32, p);
        return true;
    case 6: /* the other one with this X: on the curve, and not ours */
        assert_int_equal(unhex(&out->data[33], 32, p), 32);
        for (unsigned i = 0, borrow = 0; i < 32; i++) {
            unsigned d = out->data[64 - i] - good.data[64 - i] - borrow;

            out->data[64 - i] = (uint8_t)d;
            borrow = d >> 31;
        }
        return true;
    default:
        return false;
    }
}

static void only_a_plain_point_of_the_curve_is_taken(void **state)
{
    (void)state;
    proves("DECJPAKE-4.2-2");
    for (size_t role = 0; role < 2; role++) {
        struct dtls_jpake ends[2];
        struct dtls_bytes hello;
        struct dtls_bytes key;
        struct hex form;
        struct key k;

        kit_row("to the %s", role == 0 ? "client" : "server");
        greet(ends, "password", "password");
        hello = crypto->jpake_hello(NULL, &ends[1 - role]);
        key = make_key(&ends[1 - role], &k);
        for (size_t at = 0; at < 6; at += at % 3 == 0 ? 1 : 2) {
            for (size_t f = 0; write_form(f, part_of(hello, at), &form); f++) {
                struct hex h = with_part(hello, at, hex_bytes(&form));

                kit_row("round one, part %zu, form %zu", at, f);
                assert_int_equal(take_hello(&ends[role], hex_bytes(&h)),
                                 DTLS_BAD_PROOF);
            }
        }
        for (size_t at = 0; at < 2; at++) {
            for (size_t f = 0; write_form(f, part_of(key, at), &form); f++) {
                struct hex h = with_part(key, at, hex_bytes(&form));

                kit_row("round two, part %zu, form %zu", at, f);
                assert_int_equal(take_key(&ends[role], hex_bytes(&h)),
                                 DTLS_BAD_PROOF);
            }
        }
        finish(ends);
    }
}

static void r_has_1_to_32_bytes(void **state)
{
    struct hex vector = hex(jpake_hellos[0]);
    struct hex first = hex(jpake_short_r);
    struct dtls_bytes r = part_of(hex_bytes(&first), 2);
    struct hex padded = {{0}, 32};
    struct hex too_long = {{0}, 33};
    struct dtls_jpake server = make(true, text("password"));
    struct hex hello;

    (void)state;
    proves("DECJPAKE-4.1-4");
    assert_int_equal(r.len, 31);
    memcpy(&padded.data[1], r.data, r.len);
    memcpy(&too_long.data[2], r.data, r.len);
    hello = with_part(hex_bytes(&vector), 1, part_of(hex_bytes(&first), 1));
    hello = with_part(hex_bytes(&hello), 2, r);
    assert_int_equal(take_hello(&server, hex_bytes(&hello)), DTLS_OK);
    hello = with_part(hex_bytes(&hello), 2, hex_bytes(&padded));
    assert_int_equal(take_hello(&server, hex_bytes(&hello)), DTLS_OK);
    hello = with_part(hex_bytes(&hello), 2, hex_bytes(&too_long));
    assert_int_equal(take_hello(&server, hex_bytes(&hello)), DTLS_BAD_PROOF);
    hello = with_part(hex_bytes(&hello), 2, (struct dtls_bytes){0});
    assert_int_equal(take_hello(&server, hex_bytes(&hello)),
                     DTLS_DECODE_ERROR);
    crypto->jpake_free(NULL, &server);
    assert_no_errors_left();
}

/* r is sent without leading zeros: about one in 256 is short. */
static void our_r_has_no_leading_zero(void **state)
{
    bool short_seen = false;

    (void)state;
    proves("DECJPAKE-4.1-4");
    for (size_t i = 0; i < 5000 && !short_seen; i++) {
        struct dtls_jpake j = make(i % 2, text("password"));
        struct dtls_bytes hello = crypto->jpake_hello(NULL, &j);

        kit_row("exchange %zu", i);
        for (size_t at = 2; at < 6; at += 3) {
            struct dtls_bytes r = part_of(hello, at);

            kit_row("number %zu", at);
            assert_true(r.len >= 1 && r.len <= 32 && r.data[0] != 0);
            short_seen = short_seen || r.len < 32;
        }
        crypto->jpake_free(NULL, &j);
    }
    assert_true(short_seen);
}

/* ---- Infinity where a peer can bring it about ---- */

static const EC_GROUP *curve(void)
{
    static EC_GROUP *group;

    if (group == NULL) {
        group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    }
    assert_non_null(group);
    return group;
}

static BIGNUM *number(const char *text_of_it)
{
    BIGNUM *n = NULL;

    assert_true(BN_hex2bn(&n, text_of_it) > 0);
    return n;
}

/* Writes -(a + b) modulo the order in hex. */
static void write_opposite(char out[65], const char *a, const char *b)
{
    const BIGNUM *order = EC_GROUP_get0_order(curve());
    BN_CTX *context = BN_CTX_new();
    BIGNUM *sum = number(a);
    BIGNUM *other = number(b);
    uint8_t bytes[32];

    assert_int_equal(BN_add(sum, sum, other), 1);
    assert_int_equal(BN_sub(sum, order, sum), 1);
    assert_int_equal(BN_nnmod(sum, sum, order, context), 1);
    assert_int_equal(BN_bn2binpad(sum, bytes, 32), 32);
    for (size_t i = 0; i < sizeof bytes; i++) {
        (void)snprintf(&out[2 * i], 3, "%02x", bytes[i]);
    }
    BN_free(sum);
    BN_free(other);
    BN_CTX_free(context);
}

/* X1 + X2 + X3 at infinity would make any key of the peer's a good one, and X1
 * + X3 + X4 ours the same for each password. */
static void a_base_at_infinity_is_refused(void **state)
{
    const char *const *c = jpake_draws[0];
    char x3[65];
    const char *draws[] = {x3, c[1], c[2], c[3], c[4]};
    struct dtls_jpake ends[2];
    struct hex any = hex(jpake_keys[1]);
    struct key k;

    (void)state;
    proves("DECJPAKE-4.2-2");
    for (size_t i = 0; i < 2; i++) {
        kit_row("%s", i == 0 ? "the peer's base" : "ours");
        give_draws(c);
        ends[0] = make(false, text("password"));
        draws[2] = i == 0 ? jpake_draws[1][2] : jpake_draws[1][0];
        write_opposite(x3, c[0], i == 0 ? c[2] : draws[2]);
        give_draws(draws);
        ends[1] = make(true, text("password"));
        give_draws(NULL);
        assert_int_equal(
            take_hello(&ends[0], crypto->jpake_hello(NULL, &ends[1])),
            DTLS_OK);
        k.buf = (struct dtls_buf){k.bytes, 0, sizeof k.bytes};
        if (i == 0) {
            assert_int_equal(take_key(&ends[0], hex_bytes(&any)),
                             DTLS_BAD_PROOF);
        } else {
            assert_int_equal(crypto->jpake_key(NULL, &ends[0], &k.buf),
                             DTLS_BAD_PROOF);
        }
        finish(ends);
    }
}

/* Writes the password of a server with which a client that has the vectors'
 * keys comes to infinity: x2 * s / (x1 + x2 + x3). */
static void write_infinite_password(uint8_t out[32])
{
    const BIGNUM *order = EC_GROUP_get0_order(curve());
    BN_CTX *context = BN_CTX_new();
    BIGNUM *sum = number(jpake_draws[0][0]);
    BIGNUM *x2 = number(jpake_draws[0][2]);
    BIGNUM *x3 = number(jpake_draws[1][0]);
    BIGNUM *s = BN_bin2bn((const uint8_t *)JPAKE_PASSWORD,
                          sizeof JPAKE_PASSWORD - 1, NULL);

    assert_int_equal(BN_add(sum, sum, x2), 1);
    assert_int_equal(BN_add(sum, sum, x3), 1);
    assert_non_null(BN_mod_inverse(sum, sum, order, context));
    assert_int_equal(BN_mod_mul(x2, x2, s, order, context), 1);
    assert_int_equal(BN_mod_mul(x2, x2, sum, order, context), 1);
    assert_int_equal(BN_bn2binpad(x2, out, 32), 32);
    BN_free(sum);
    BN_free(x2);
    BN_free(x3);
    BN_free(s);
    BN_CTX_free(context);
}

static void a_secret_at_infinity_is_refused(void **state)
{
    uint8_t password[32];
    uint8_t secret[DTLS_JPAKE_SECRET_LEN];
    struct dtls_jpake ends[2];
    struct key k;

    (void)state;
    proves("DECJPAKE-4.2-2");
    write_infinite_password(password);
    for (size_t i = 0; i < 2; i++) {
        kit_row("end %zu", i);
        give_draws(jpake_draws[i]);
        ends[i] = make(i == 1, i == 0 ? text(JPAKE_PASSWORD)
                                      : dtls_bytes_of(password, 32));
    }
    give_draws(NULL);
    for (size_t i = 0; i < 2; i++) {
        kit_row("end %zu", i);
        assert_int_equal(
            take_hello(&ends[i], crypto->jpake_hello(NULL, &ends[1 - i])),
            DTLS_OK);
    }
    assert_int_equal(take_key(&ends[0], make_key(&ends[1], &k)), DTLS_OK);
    assert_int_equal(crypto->jpake_agree(NULL, &ends[0], secret),
                     DTLS_BAD_PROOF);
    finish(ends);
}

/* ---- KeyKP ---- */

static void a_pair_is_two_whole_keys_and_no_byte_more(void **state)
{
    struct hex h = hex(jpake_hellos[0]);
    struct hex three;
    struct dtls_key_kp before[2] = {0};
    struct dtls_key_kp pair[2] = {0};

    (void)state;
    proves("DECJPAKE-4.1-1");
    for (size_t len = 0; len < h.len; len++) {
        kit_row("%zu bytes", len);
        assert_int_equal(
            dtls_key_kp_pair_parse(pair, dtls_bytes_of(h.data, len)),
            DTLS_DECODE_ERROR);
        assert_memory_equal(pair, before, sizeof pair);
    }
    three = h;
    memcpy(&three.data[h.len], h.data, 165);
    for (size_t more = 1; more <= 165; more++) {
        kit_row("%zu bytes more", more);
        assert_int_equal(dtls_key_kp_pair_parse(
                             pair, dtls_bytes_of(three.data, h.len + more)),
                         DTLS_DECODE_ERROR);
        assert_memory_equal(pair, before, sizeof pair);
    }
    for (size_t at = 0; at < 6; at++) {
        struct hex empty =
            with_part(hex_bytes(&h), at, (struct dtls_bytes){0});

        kit_row("part %zu is empty", at);
        assert_int_equal(dtls_key_kp_pair_parse(pair, hex_bytes(&empty)),
                         DTLS_DECODE_ERROR);
    }
    assert_int_equal(dtls_key_kp_pair_parse(pair, hex_bytes(&h)), DTLS_OK);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_roles_reproduce_the_vectors),
        cmocka_unit_test(the_password_decides_and_nothing_else_tells),
        cmocka_unit_test(round_one_is_the_same_until_the_next_exchange),
        cmocka_unit_test(a_password_that_is_zero_is_refused),
        cmocka_unit_test(a_proof_that_is_changed_anywhere_is_refused),
        cmocka_unit_test(a_proof_for_another_place_is_refused),
        cmocka_unit_test(our_own_keys_are_refused_from_a_peer),
        cmocka_unit_test(only_a_plain_point_of_the_curve_is_taken),
        cmocka_unit_test(r_has_1_to_32_bytes),
        cmocka_unit_test(our_r_has_no_leading_zero),
        cmocka_unit_test(a_base_at_infinity_is_refused),
        cmocka_unit_test(a_secret_at_infinity_is_refused),
        cmocka_unit_test(a_pair_is_two_whole_keys_and_no_byte_more),
    };

    return kit_run_named(__FILE__, tests, LEN(tests));
}
