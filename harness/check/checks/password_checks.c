/* SPDX-License-Identifier: MIT */
/* EC-JPAKE: both ends know a password (draft-cragie-tls-ecjpake-01).
 *
 * Round one is an extension of both hellos, round two a key exchange message
 * of each end.  They are made of KeyKP (crypto/key_kp.h). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/flight_changes.h"
#include "messages/messages.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <string.h>

#define KEY_KP_PAIR 0x0100                 /* ecjpake_key_kp_pair */
#define KEYS_MAX (3 * DTLS_KEY_KP_MAX + 1) /* and a byte behind them */
#define LONGEST_PAIR 330 /* bytes of two KeyKP, if no number is short */

/* ---- KeyKP ---- */

/* What is wrong with a KeyKP. */
enum fault {
    NO_FAULT,
    OTHER_NUMBER, /* r does not fit the proof */
    OTHER_PROOF,  /* V is another point */
    OTHER_KEY,    /* X is another point */
    OFF_CURVE,    /* X is not on the curve, ... */
    ZERO,         /* ... nor are two zeros */
    AT_INFINITY,
    COMPRESSED,
    EMPTY_NUMBER
};

struct keys {
    uint8_t bytes[KEYS_MAX];
    size_t len;
};

static struct dtls_bytes spoil_point(uint8_t out[DTLS_KEY_KP_POINT],
                                     struct dtls_bytes point, enum fault fault)
{
    memcpy(out, point.data, DTLS_KEY_KP_POINT);
    if (fault == AT_INFINITY) {
        return dtls_bytes_of("", 1);
    }
    if (fault == COMPRESSED) {
        out[0] = 2 | (out[DTLS_KEY_KP_POINT - 1] & 1);
        return dtls_bytes_of(out, 1 + DTLS_KEY_KP_SCALAR);
    }
    if (fault == OFF_CURVE) {
        out[DTLS_KEY_KP_POINT - 1] ^= 1;
    } else if (fault == ZERO) {
        memset(out + 1, 0, DTLS_KEY_KP_POINT - 1);
    }
    return dtls_bytes_of(out, DTLS_KEY_KP_POINT);
}

static bool put_key(struct dtls_buf *out, const struct dtls_key_kp *key,
                    enum fault fault)
{
    uint8_t point[DTLS_KEY_KP_POINT];
    uint8_t number[DTLS_KEY_KP_SCALAR];
    struct dtls_key_kp kp = *key;

    if (fault == OTHER_NUMBER) {
        memcpy(number, kp.r.data, kp.r.len);
        number[kp.r.len - 1] ^= 1;
        kp.r.data = number;
    } else if (fault == EMPTY_NUMBER) {
        kp.r.len = 0;
    } else if (fault == OTHER_PROOF) {
        kp.v = kp.x;
    } else if (fault == OTHER_KEY) {
        kp.x = kp.v;
    } else {
        kp.x = spoil_point(point, kp.x, fault);
    }
    return dtls_put_vec8(out, kp.x) && dtls_put_vec8(out, kp.v) &&
           dtls_put_vec8(out, kp.r);
}

static bool is_usual_key(const struct dtls_key_kp *key)
{
    return key->x.len == DTLS_KEY_KP_POINT && key->x.data[0] == 4 &&
           key->v.len == DTLS_KEY_KP_POINT && key->v.data[0] == 4 &&
           key->r.len <= DTLS_KEY_KP_SCALAR && key->r.data[0] != 0;
}

/* ---- words of scripts ---- */

static uint8_t hello_of(const struct scene *s)
{
    return s->peer.role == DTLS_CLIENT ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO;
}

/* Comes to the peer's hello and reads its round one. */
static void come_to_round_one(struct scene *s, struct dtls_key_kp pair[2])
{
    const struct dtls_crypto *crypto = &s->peer.crypto;

    (void)scene_come_to(s, hello_of(s));
    if (dtls_key_kp_pair_parse(
            pair, crypto->jpake_hello(crypto->self,
                                      &s->peer.session.hs.area->jpake)) !=
        DTLS_OK) {
        scene_stop(s, "the peer has no round one");
    }
}

/* Says the hello with these keys, which the target must not take. */
static void round_one_is_refused(struct scene *s,
                                 const struct dtls_key_kp *key,
                                 const enum fault *faults, size_t num,
                                 size_t more)
{
    static struct keys keys; /* the words of hellos borrow it */
    struct dtls_buf out = {keys.bytes, 0, sizeof keys.bytes};

    for (size_t i = 0; i < num; i++) {
        if (!put_key(&out, &key[i % 2], faults[i])) {
            scene_stop(s, "the keys are too long");
        }
    }
    keys.bytes[out.len] = 0;
    hello_is_refused_with(s, KEY_KP_PAIR, keys.bytes, out.len + more);
}

static void spoil_round_one(struct scene *s, enum fault first,
                            enum fault second)
{
    const enum fault faults[] = {first, second};
    struct dtls_key_kp pair[2];

    come_to_round_one(s, pair);
    round_one_is_refused(s, pair, faults, 2, 0);
}

static void say_num_keys(struct scene *s, size_t num, size_t more)
{
    static const enum fault faults[3] = {NO_FAULT};
    struct dtls_key_kp pair[2];

    come_to_round_one(s, pair);
    round_one_is_refused(s, pair, faults, num, more);
}

/* Comes to the peer's message with round two. */
static struct peer_message *come_to_round_two(struct scene *s)
{
    return scene_come_to(s, s->peer.role == DTLS_CLIENT
                                ? DTLS_CLIENT_KEY_EXCHANGE
                                : DTLS_SERVER_KEY_EXCHANGE);
}

/* ServerKeyExchange has the curve before the key. */
static size_t curve_len(const struct scene *s)
{
    return s->peer.role == DTLS_CLIENT ? 0 : 3;
}

/* A client must not answer it; of a server, the phrase tells. */
static void round_two_is_refused(struct scene *s, struct peer_message *m)
{
    scene_say(s, m);
    if (s->peer.role == DTLS_SERVER) {
        hello_is_refused(s);
    }
}

static void say_round_two(struct scene *s, const struct dtls_key_kp *key,
                          enum fault fault)
{
    struct peer_message *m = come_to_round_two(s);
    struct dtls_buf out = {m->body, curve_len(s), sizeof m->body};

    if (!put_key(&out, key, fault)) {
        scene_stop(s, "the key is too long");
    }
    m->len = out.len;
    round_two_is_refused(s, m);
}

static void spoil_round_two(struct scene *s, enum fault fault)
{
    static uint8_t copy[DTLS_KEY_KP_MAX];
    struct peer_message *m = come_to_round_two(s);
    struct dtls_bytes rest = {copy, m->len - curve_len(s)};
    struct dtls_key_kp key;

    memcpy(copy, m->body + curve_len(s), rest.len);
    if (!dtls_key_kp_get(&rest, &key)) {
        scene_stop(s, "the peer has no round two");
    }
    say_round_two(s, &key, fault);
}

/* The target's round one. */
static void hear_round_one(struct scene *s, struct dtls_key_kp pair[2])
{
    static struct hello hello; /* from which the keys borrow */
    struct dtls_bytes data;

    hello_hear(s, &hello);
    scene_expect(s, hello_has(&hello, KEY_KP_PAIR, &data),
                 "a hello without ecjpake_key_kp_pair");
    if (s->broken || dtls_key_kp_pair_parse(pair, data) != DTLS_OK) {
        scene_expect(s, false, "ecjpake_key_kp_pair of %zu bytes", data.len);
        scene_stop(s, "no round one");
    }
}

/* ---- words of wrong targets ---- */

static bool plays_password(const struct wrong *w)
{
    return w->sut.setup.suite->kx == DTLS_KX_ECJPAKE;
}

/* Sets a point, to the generator if these bytes are none. */
static void take_point(EC_POINT *out, struct dtls_bytes bytes)
{
    EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);

    if (EC_POINT_oct2point(curve, out, bytes.data, bytes.len, NULL) != 1 ||
        EC_POINT_is_at_infinity(curve, out)) {
        (void)EC_POINT_copy(out, EC_GROUP_get0_generator(curve));
    }
    EC_GROUP_free(curve);
}

static enum dtls_status take_any_hello(void *self, struct dtls_jpake *jpake,
                                       const struct dtls_key_kp pair[2])
{
    if (dtls_libcrypto.jpake_take_hello(self, jpake, pair) != DTLS_OK) {
        take_point(jpake->peer[0], pair[0].x);
        take_point(jpake->peer[1], pair[1].x);
    }
    return DTLS_OK;
}

static enum dtls_status take_any_key(void *self, struct dtls_jpake *jpake,
                                     const struct dtls_key_kp *key)
{
    if (dtls_libcrypto.jpake_take_key(self, jpake, key) != DTLS_OK) {
        take_point(jpake->peer_third, key->x);
    }
    return DTLS_OK;
}

/* Both rounds, because a key of the second is proved with those of the
 * first. */
static void believe_round_one(struct wrong *w)
{
    w->peer.crypto.jpake_take_hello = take_any_hello;
    w->peer.crypto.jpake_take_key = take_any_key;
}

static void believe_round_two(struct wrong *w)
{
    w->peer.crypto.jpake_take_key = take_any_key;
}

/* A good round one of the end with this role. */
static void make_pair(struct keys *out, bool server)
{
    struct dtls_jpake jpake = {0};
    struct dtls_bytes hello;

    out->len = 0;
    if (dtls_libcrypto.jpake_make(NULL, &jpake, server,
                                  dtls_bytes_of("any", 3)) == DTLS_OK) {
        hello = dtls_libcrypto.jpake_hello(NULL, &jpake);
        memcpy(out->bytes, hello.data, hello.len);
        out->len = hello.len;
        dtls_libcrypto.jpake_free(NULL, &jpake);
    }
}

static bool has_pair(const struct hello *hello)
{
    struct dtls_key_kp pair[2];
    struct dtls_bytes data;

    return hello_has(hello, KEY_KP_PAIR, &data) &&
           dtls_key_kp_pair_parse(pair, data) == DTLS_OK;
}

static void put_pair(struct hello *hello, bool server)
{
    struct keys keys;

    make_pair(&keys, server);
    hello_drop(hello, KEY_KP_PAIR);
    hello_add(hello, KEY_KP_PAIR, keys.bytes, keys.len);
}

/* It reads another round one in place of one that is malformed, or not
 * there. */
static bool mend_hello(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (!plays_password(w) || !wrong_hello(r, &hello) || has_pair(&hello)) {
        return false;
    }
    put_pair(&hello, w->peer.role == DTLS_CLIENT);
    return wrong_reads_hello(w, r, &hello);
}

static void mend_round_one(struct wrong *w)
{
    believe_round_one(w);
    w->hears = mend_hello;
}

static bool is_round_two(const struct wrong *w, struct dtls_bytes body)
{
    struct dtls_key_kp key;
    uint16_t group;

    if (w->peer.role == DTLS_SERVER) {
        return dtls_cke_ecjpake_parse(&key, body) == DTLS_OK;
    }
    return dtls_ske_ecjpake_parse(&group, &key, body) == DTLS_OK &&
           group == DTLS_GROUP_SECP256R1;
}

/* The same of round two. */
static bool mend_key(struct wrong *w, struct wrong_record *r)
{
    const bool is_client = w->peer.role == DTLS_CLIENT;
    const uint8_t type =
        is_client ? DTLS_SERVER_KEY_EXCHANGE : DTLS_CLIENT_KEY_EXCHANGE;
    uint8_t bytes[3 + DTLS_KEY_KP_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_key_kp pair[2];
    struct dtls_fragment f;
    struct keys keys;

    if (!plays_password(w) || !wrong_message(r, type, &f) ||
        is_round_two(w, f.body)) {
        return false;
    }
    make_pair(&keys, is_client);
    return dtls_key_kp_pair_parse(pair, dtls_bytes_of(keys.bytes, keys.len)) ==
               DTLS_OK &&
           (!is_client || dtls_ske_put_curve(&body, DTLS_GROUP_SECP256R1)) &&
           put_key(&body, &pair[0], NO_FAULT) &&
           wrong_reads_message(w, r, type, dtls_buf_bytes(&body));
}

static void mend_round_two(struct wrong *w)
{
    believe_round_two(w);
    w->hears = mend_key;
}

/* ---- P-JPK-1: the same password ---- */

static void connect_with_password(struct scene *s)
{
    (void)scene_come_to(s, hello_of(s));
}

/* Its premaster secret is another than that of the point. */
static enum dtls_status agree_otherwise(void *self,
                                        const struct dtls_jpake *jpake,
                                        uint8_t out[DTLS_JPAKE_SECRET_LEN])
{
    enum dtls_status status = dtls_libcrypto.jpake_agree(self, jpake, out);

    out[0] ^= 1;
    return status;
}

static void derive_otherwise(struct wrong *w)
{
    w->peer.crypto.jpake_agree = agree_otherwise;
}

/* ---- P-JPK-2: the target's own messages ---- */

static void hear_round_two(struct scene *s)
{
    const struct heard_message *m;
    struct dtls_key_kp key = {{0}, {0}, {0}};
    uint16_t group = DTLS_GROUP_SECP256R1;
    enum dtls_status status;

    if (s->peer.role == DTLS_SERVER) {
        (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
        scene_say_rest(s);
        m = scene_hear(s, DTLS_CLIENT_KEY_EXCHANGE, 1);
        status = dtls_cke_ecjpake_parse(&key, dtls_span_bytes(m->body));
    } else {
        m = scene_hear(s, DTLS_SERVER_KEY_EXCHANGE, 1);
        status =
            dtls_ske_ecjpake_parse(&group, &key, dtls_span_bytes(m->body));
    }
    scene_expect(s,
                 status == DTLS_OK && group == DTLS_GROUP_SECP256R1 &&
                     is_usual_key(&key),
                 "a round two that is not one KeyKP on secp256r1");
}

static void look_at_keys(struct scene *s)
{
    struct dtls_key_kp pair[2];

    if (s->peer.role == DTLS_CLIENT) {
        (void)flight_say_hellos(s);
    }
    hear_round_one(s, pair);
    scene_expect(s, is_usual_key(&pair[0]) && is_usual_key(&pair[1]),
                 "a round one that is not two usual KeyKP");
    hear_round_two(s);
}

/* A zero stands before r. */
static void lengthen_number(struct hello *hello)
{
    struct keys keys;
    struct dtls_buf out = {keys.bytes, 0, sizeof keys.bytes};
    uint8_t number[1 + DTLS_KEY_KP_SCALAR] = {0};
    struct dtls_key_kp pair[2];
    struct dtls_bytes data;

    if (!hello_has(hello, KEY_KP_PAIR, &data) ||
        dtls_key_kp_pair_parse(pair, data) != DTLS_OK) {
        return;
    }
    memcpy(number + 1, pair[1].r.data, pair[1].r.len);
    pair[1].r = dtls_bytes_of(number, 1 + pair[1].r.len);
    if (put_key(&out, &pair[0], NO_FAULT) &&
        put_key(&out, &pair[1], NO_FAULT)) {
        hello_drop(hello, KEY_KP_PAIR);
        hello_add(hello, KEY_KP_PAIR, out.data, out.len);
    }
}

static bool say_longer_number(struct wrong *w, struct peer_message *m)
{
    return !plays_password(w) || wrong_says_hello(w, m, lengthen_number);
}

static void lengthen_numbers(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_longer_number;
}

/* ---- P-JPK-3: nothing that names anybody ---- */

static void expect_no_names(struct scene *s)
{
    (void)flight_say_hellos(s);
    (void)scene_hear(s, DTLS_SERVER_HELLO_DONE, 1);
    scene_expect(s, heard_count(&s->heard, DTLS_CERTIFICATE) == 0,
                 "Certificate");
    scene_expect(s, heard_count(&s->heard, DTLS_CERTIFICATE_REQUEST) == 0,
                 "CertificateRequest");
}

static bool ask_for_certificate(struct wrong *w, struct peer_message *m)
{
    static const uint8_t body[] = {1, 64, 0, 2, 4, 3, 0, 0};

    if (plays_password(w) && m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_SERVER_HELLO_DONE) {
        (void)wrong_say_message(w, 0, DTLS_CERTIFICATE_REQUEST, 7,
                                dtls_bytes_of(body, sizeof body));
    }
    return true;
}

static void ask_for_name(struct wrong *w)
{
    w->says = ask_for_certificate;
}

/* ---- P-JPK-4, P-JPK-5: the cookie exchange ---- */

static void ask_for_cookie(struct scene *s)
{
    struct dtls_key_kp before[2];
    struct dtls_key_kp after[2];
    uint8_t first[DTLS_KEY_KP_MAX];

    s->cookies = 1;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    hear_round_one(s, before);
    memcpy(first, before[1].x.data, before[1].x.len);
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 2);
    hear_round_one(s, after);
    scene_expect(s,
                 after[1].x.len == DTLS_KEY_KP_POINT &&
                     memcmp(first, after[1].x.data, DTLS_KEY_KP_POINT) == 0,
                 "another round one behind the cookie");
}

static void draw_again(struct hello *hello)
{
    put_pair(hello, false);
}

static bool say_new_keys(struct wrong *w, struct peer_message *m)
{
    return !plays_password(w) || m->seq == 0 || m->type != DTLS_CLIENT_HELLO ||
           wrong_says_hello(w, m, draw_again);
}

static void draw_for_each_hello(struct wrong *w)
{
    w->says = say_new_keys;
}

static void come_with_bad_proof(struct scene *s)
{
    spoil_round_one(s, OTHER_NUMBER, NO_FAULT);
    scene_expect(s, heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) != 0,
                 "no HelloVerifyRequest");
}

static bool proofs_hold(const struct hello *hello)
{
    struct dtls_jpake jpake = {0};
    struct dtls_key_kp pair[2];
    struct dtls_bytes data;
    bool hold;

    if (!hello_has(hello, KEY_KP_PAIR, &data) ||
        dtls_key_kp_pair_parse(pair, data) != DTLS_OK ||
        dtls_libcrypto.jpake_make(NULL, &jpake, true,
                                  dtls_bytes_of("any", 3)) != DTLS_OK) {
        return true;
    }
    hold = dtls_libcrypto.jpake_take_hello(NULL, &jpake, pair) == DTLS_OK;
    dtls_libcrypto.jpake_free(NULL, &jpake);
    return hold;
}

static bool check_at_the_door(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return w->at_the_door && wrong_hello(r, &hello) &&
           hello.client.cookie.len == 0 && !proofs_hold(&hello) &&
           wrong_alert(w, 40);
}

static void check_without_cookie(struct wrong *w)
{
    w->hears = check_at_the_door;
}

/* ---- P-JPK-6: lengths of numbers ---- */

/* One proof in some 256 has a number that is a byte shorter. */
static enum dtls_status draw_short(void *self, struct dtls_jpake *jpake,
                                   bool server, struct dtls_bytes password)
{
    enum dtls_status status;

    do {
        dtls_libcrypto.jpake_free(self, jpake);
        status = dtls_libcrypto.jpake_make(self, jpake, server, password);
    } while (status == DTLS_OK && jpake->hello_len == LONGEST_PAIR);
    return status;
}

static void say_short_number(struct scene *s)
{
    s->peer.crypto.jpake_make = draw_short;
    (void)scene_come_to(s, hello_of(s));
}

static void say_no_number(struct scene *s)
{
    spoil_round_one(s, EMPTY_NUMBER, NO_FAULT);
}

static bool refuse_short(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return plays_password(w) && wrong_hello_has(r, KEY_KP_PAIR, &data) &&
           data.len < LONGEST_PAIR && data.len > LONGEST_PAIR - 4 &&
           wrong_alert(w, 50);
}

static void need_whole_numbers(struct wrong *w)
{
    w->hears = refuse_short;
}

/* ---- P-JPK-7: not two keys ---- */

static void say_one_key(struct scene *s)
{
    say_num_keys(s, 1, 0);
}

static void say_three_keys(struct scene *s)
{
    say_num_keys(s, 3, 0);
}

static void say_byte_more(struct scene *s)
{
    say_num_keys(s, 2, 1);
}

static void say_byte_less(struct scene *s)
{
    say_num_keys(s, 2, (size_t)-1);
}

static void say_nothing(struct scene *s)
{
    say_num_keys(s, 0, 0);
}

/* ---- P-JPK-8: proofs of round one ---- */

static void spoil_number(struct scene *s)
{
    spoil_round_one(s, OTHER_NUMBER, NO_FAULT);
}

static void spoil_second_number(struct scene *s)
{
    spoil_round_one(s, NO_FAULT, OTHER_NUMBER);
}

static void spoil_proof(struct scene *s)
{
    spoil_round_one(s, OTHER_PROOF, NO_FAULT);
}

static void spoil_key(struct scene *s)
{
    spoil_round_one(s, NO_FAULT, OTHER_KEY);
}

/* The name in the proofs is that of the other role. */
static enum dtls_status make_as_other(void *self, struct dtls_jpake *jpake,
                                      bool server, struct dtls_bytes password)
{
    enum dtls_status status =
        dtls_libcrypto.jpake_make(self, jpake, !server, password);

    jpake->server = server;
    return status;
}

static void prove_as_other(struct scene *s)
{
    s->peer.crypto.jpake_make = make_as_other;
    spoil_round_one(s, NO_FAULT, NO_FAULT);
}

/* ---- P-JPK-9: points of round one ---- */

static void say_point_off_curve(struct scene *s)
{
    spoil_round_one(s, OFF_CURVE, NO_FAULT);
}

static void say_zero_point(struct scene *s)
{
    spoil_round_one(s, NO_FAULT, ZERO);
}

static void say_infinity(struct scene *s)
{
    spoil_round_one(s, NO_FAULT, AT_INFINITY);
}

static void say_compressed(struct scene *s)
{
    spoil_round_one(s, COMPRESSED, NO_FAULT);
}

/* ---- P-JPK-10: the target's own keys ---- */

static void reflect_round_one(struct scene *s)
{
    static const enum fault faults[2] = {NO_FAULT};
    struct dtls_key_kp own[2];

    (void)scene_come_to(s, DTLS_SERVER_HELLO);
    hear_round_one(s, own);
    round_one_is_refused(s, own, faults, 2, 0);
}

/* A client's first key comes back to it, a server's third. */
static void reflect_round_two(struct scene *s)
{
    struct dtls_key_kp own[2];
    const struct heard_message *m;
    uint16_t group;

    (void)come_to_round_two(s);
    if (s->peer.role == DTLS_SERVER) {
        hear_round_one(s, own);
    } else {
        m = scene_hear(s, DTLS_SERVER_KEY_EXCHANGE, 1);
        if (dtls_ske_ecjpake_parse(&group, &own[0],
                                   dtls_span_bytes(m->body)) != DTLS_OK) {
            scene_stop(s, "the target has no round two");
        }
    }
    say_round_two(s, &own[0], NO_FAULT);
}

/* ---- P-JPK-11: proofs and points of round two ---- */

static void spoil_third_number(struct scene *s)
{
    spoil_round_two(s, OTHER_NUMBER);
}

static void spoil_third_proof(struct scene *s)
{
    spoil_round_two(s, OTHER_PROOF);
}

static void spoil_third_key(struct scene *s)
{
    spoil_round_two(s, OTHER_KEY);
}

static void say_third_off_curve(struct scene *s)
{
    spoil_round_two(s, OFF_CURVE);
}

static void say_third_infinity(struct scene *s)
{
    spoil_round_two(s, AT_INFINITY);
}

static void say_third_compressed(struct scene *s)
{
    spoil_round_two(s, COMPRESSED);
}

static enum dtls_status key_as_other(void *self, struct dtls_jpake *jpake,
                                     struct dtls_buf *out)
{
    enum dtls_status status;

    jpake->server = !jpake->server;
    status = dtls_libcrypto.jpake_key(self, jpake, out);
    jpake->server = !jpake->server;
    return status;
}

static void prove_third_as_other(struct scene *s)
{
    s->peer.crypto.jpake_key = key_as_other;
    round_two_is_refused(s, come_to_round_two(s));
}

/* ---- P-JPK-12: the shape of round two ---- */

static void say_round_two_and_more(struct scene *s)
{
    struct peer_message *m = come_to_round_two(s);

    m->body[m->len++] = 0;
    round_two_is_refused(s, m);
}

static void say_cut_round_two(struct scene *s)
{
    struct peer_message *m = come_to_round_two(s);

    m->len--;
    round_two_is_refused(s, m);
}

static void say_curve(struct scene *s, uint8_t type, uint8_t group)
{
    struct peer_message *m = come_to_round_two(s);

    m->body[0] = type;
    m->body[2] = group;
    round_two_is_refused(s, m);
}

static void say_other_curve(struct scene *s)
{
    say_curve(s, 3, DTLS_GROUP_SECP384R1);
}

static void say_x25519(struct scene *s)
{
    say_curve(s, 3, DTLS_GROUP_X25519);
}

static void say_explicit_curve(struct scene *s)
{
    say_curve(s, 1, DTLS_GROUP_SECP256R1);
}

/* ---- P-JPK-13: no round two ---- */

static void leave_out_round_two(struct scene *s)
{
    struct peer_message *m;

    if (s->peer.role == DTLS_CLIENT) {
        m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    } else {
        m = scene_come_to(s, DTLS_SERVER_HELLO);
        scene_say(s, m);
        m = scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    }
    flight_drop(s, m);
    scene_say_rest(s);
    scene_pause(s);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0 &&
                     heard_count(&s->heard, DTLS_FINISHED) == 0,
                 "an answer to a flight without round two");
}

/* It answers the end of a flight in which it has seen no round two. */
static bool answer_without_key(struct wrong *w, struct wrong_record *r)
{
    const bool is_client = w->peer.role == DTLS_CLIENT;
    const uint8_t answer =
        is_client ? DTLS_CLIENT_KEY_EXCHANGE : DTLS_FINISHED;
    struct dtls_fragment f;

    if (!plays_password(w) || w->at_the_door || r->wire.epoch != 0) {
        return false;
    }
    if (wrong_fragment(r, &f) && (f.type == DTLS_SERVER_KEY_EXCHANGE ||
                                  f.type == DTLS_CLIENT_KEY_EXCHANGE)) {
        w->num = 1;
        return false;
    }
    return w->num == 0 &&
           (is_client ? wrong_message(r, DTLS_SERVER_HELLO_DONE, &f)
                      : r->wire.type == DTLS_CHANGE_CIPHER_SPEC) &&
           wrong_say_message(w, 0, answer, 7, (struct dtls_bytes){0});
}

static void need_no_round_two(struct wrong *w)
{
    w->hears = answer_without_key;
}

/* ---- P-JPK-14, P-JPK-15: the suite, and round one ---- */

static void leave_out_round_one(struct scene *s)
{
    hello_say_without(s, KEY_KP_PAIR);
    hello_is_refused(s);
}

/* TLS_PSK_WITH_AES_128_CCM_8, and the signal of RFC 5746. */
static void list_other_suite(struct hello *hello)
{
    hello->client.suites = dtls_bytes_of("\xc0\xa8\x00\xff", 4);
}

static void offer_other_suite(struct scene *s)
{
    hello_say(s, list_other_suite);
    scene_expect(s, heard_message(&s->heard, DTLS_SERVER_HELLO) == NULL,
                 "ServerHello");
}

/* It takes round one for an offer of the suite. */
static bool read_own_suite(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    if (!plays_password(w) || w->peer.role != DTLS_SERVER ||
        !wrong_hello(r, &hello) || !has_pair(&hello) ||
        dtls_client_hello_offers(&hello.client, 0xc0ff)) {
        return false;
    }
    hello.client.suites = dtls_bytes_of("\xc0\xff\x00\xff", 4);
    return wrong_reads_hello(w, r, &hello);
}

static void need_no_suite(struct wrong *w)
{
    w->hears = read_own_suite;
}

/* ---- P-JPK-16, P-JPK-17: guesses ---- */

static void use_other_password(struct scene *s)
{
    s->peer.config.password = dtls_bytes_of("not the password", 16);
    scene_say(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE));
    scene_pause(s);
    scene_expect(s, s->heard.phrase[0] == '\0', "%s before Finished",
                 s->heard.phrase);
    s->hopes = false;
}

/* It ends, by an alert of its own, at a Finished that does not open. */
static bool tell_of_password(struct wrong *w, struct wrong_record *r)
{
    return plays_password(w) && r->wire.epoch == 1 && !r->opened &&
           !peer_is_connected(&w->peer) && wrong_alert(w, 71);
}

static void tell_wrong_password(struct wrong *w)
{
    w->hears = tell_of_password;
}

static void guess_twice(struct scene *s)
{
    (void)flight_double(s, scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE));
    scene_say_rest(s);
    scene_pause(s);
    scene_expect(s, heard_count(&s->heard, DTLS_FINISHED) == 0, "Finished");
}

static bool forget_second_key(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!plays_password(w) ||
        !wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f)) {
        return false;
    }
    if (w->num == 0) {
        w->num = f.seq + 1u;
    }
    return f.seq + 1u > w->num && wrong_forgets(w, f.seq);
}

static void take_second_key(struct wrong *w)
{
    w->hears = forget_second_key;
}

/* One alert for whatever does not verify; which one is open. */
#define NOT_PROVED .password = true, .strict = "alert 40 | alert 51 | alert 47"
#define MALFORMED .password = true, .strict = "alert 50 | alert 47 | alert 40"
#define SHOWS_ROUND_ONE .shows = "ServerHello | ClientKeyExchange"
/* A server whose keys are not the peer's cannot open its Finished. */
#define SHOWS_ROUND_TWO .shows = "data | silence | dead | ClientKeyExchange"

static const struct check checks[] = {
    {.id = "P-JPK-1",
     .rows = "DECJPAKE-4.1-5",
     .password = true,
     .matters = CHECK_EACH_BINDING | CHECK_EACH_CUT | CHECK_EACH_COOKIE,
     .is_honest = true,
     .play = connect_with_password,
     .strict = "data",
     .wrong = derive_otherwise,
     .shows = "dead"},
    {.id = "P-JPK-2",
     .rows = "DECJPAKE-4.1-1 DECJPAKE-4.1-3 DECJPAKE-4.1-4",
     .password = true,
     .is_honest = true,
     .play = look_at_keys,
     .strict = "data",
     .wrong = lengthen_numbers,
     .shows = "a round one that is not two usual KeyKP"},
    {.id = "P-JPK-3",
     .rows = "DECJPAKE-4.1-8",
     .password = true,
     .play = expect_no_names,
     .strict = "data",
     .wrong = ask_for_name,
     .shows = "CertificateRequest"},
    {.id = "P-JPK-4",
     .rows = "DECJPAKE-4.1-2",
     .password = true,
     .play = ask_for_cookie,
     .strict = "data",
     .wrong = draw_for_each_hello,
     .shows = "another round one behind the cookie"},
    {.id = "P-JPK-5",
     .rows = "DECJPAKE-4.1-9",
     .play = come_with_bad_proof,
     NOT_PROVED,
     .wrong = check_without_cookie,
     .shows = "no HelloVerifyRequest"},
    {.id = "P-JPK-6.short",
     .rows = "DECJPAKE-4.1-4",
     .password = true,
     .is_honest = true, /* one of 64 peers has such a number */
     .play = say_short_number,
     .strict = "data",
     .wrong = need_whole_numbers,
     .shows = "alert 50 | alert 50 then dead"},
    {.id = "P-JPK-6.empty",
     .rows = "DECJPAKE-4.1-4",
     .play = say_no_number,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-7.one",
     .rows = "DECJPAKE-4.1-1",
     .play = say_one_key,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-7.three",
     .rows = "DECJPAKE-4.1-1",
     .play = say_three_keys,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-7.more",
     .rows = "DECJPAKE-4.1-1",
     .play = say_byte_more,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-7.cut",
     .rows = "DECJPAKE-4.1-1",
     .play = say_byte_less,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-7.none",
     .rows = "DECJPAKE-4.1-1",
     .play = say_nothing,
     MALFORMED,
     .wrong = mend_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-8.r",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_number,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-8.second",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_second_number,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-8.v",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_proof,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-8.x",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_key,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-8.name",
     .rows = "DECJPAKE-4.2-1 DECJPAKE-4.2-3",
     .play = prove_as_other,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-9.curve",
     .rows = "DECJPAKE-4.2-2",
     .play = say_point_off_curve,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-9.zero",
     .rows = "DECJPAKE-4.2-2",
     .play = say_zero_point,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-9.infinity",
     .rows = "DECJPAKE-4.2-2",
     .play = say_infinity,
     NOT_PROVED,
     .tolerated = "alert 50",
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-9.compressed",
     .rows = "DECJPAKE-4.2-2",
     .play = say_compressed,
     NOT_PROVED,
     .tolerated = "alert 50",
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-10",
     .roles = CHECK_CLIENT,
     .rows = "DECJPAKE-4.2-3",
     .play = reflect_round_one,
     NOT_PROVED,
     .wrong = believe_round_one,
     SHOWS_ROUND_ONE},
    {.id = "P-JPK-10.third",
     .rows = "DECJPAKE-4.2-3",
     .play = reflect_round_two,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.r",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_third_number,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.v",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_third_proof,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.x",
     .rows = "DECJPAKE-4.2-1",
     .play = spoil_third_key,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.name",
     .rows = "DECJPAKE-4.2-1",
     .play = prove_third_as_other,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.curve",
     .rows = "DECJPAKE-4.2-2",
     .play = say_third_off_curve,
     NOT_PROVED,
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.infinity",
     .rows = "DECJPAKE-4.2-2",
     .play = say_third_infinity,
     NOT_PROVED,
     .tolerated = "alert 50",
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-11.compressed",
     .rows = "DECJPAKE-4.2-2",
     .play = say_third_compressed,
     NOT_PROVED,
     .tolerated = "alert 50",
     .wrong = believe_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-12.more",
     .rows = "DECJPAKE-4.1-3",
     .play = say_round_two_and_more,
     MALFORMED,
     .wrong = mend_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-12.cut",
     .rows = "DECJPAKE-4.1-3",
     .play = say_cut_round_two,
     MALFORMED,
     .wrong = mend_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-12.group",
     .roles = CHECK_CLIENT,
     .rows = "DECJPAKE-4.1-3",
     .play = say_other_curve,
     MALFORMED,
     .wrong = mend_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-12.x25519",
     .roles = CHECK_CLIENT,
     .rows = "DECJPAKE-4.1-3",
     .play = say_x25519,
     MALFORMED,
     .wrong = mend_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-12.explicit",
     .roles = CHECK_CLIENT,
     .rows = "DECJPAKE-4.1-3",
     .play = say_explicit_curve,
     MALFORMED,
     .wrong = mend_round_two,
     SHOWS_ROUND_TWO},
    {.id = "P-JPK-13",
     .rows = "DECJPAKE-4.1-3",
     .password = true,
     .play = leave_out_round_two,
     .strict = "silence | alert 10",
     .wrong = need_no_round_two,
     .shows = "an answer to a flight without round two"},
    {.id = "P-JPK-14",
     .rows = "DECJPAKE-4.1-6",
     .password = true,
     .play = leave_out_round_one,
     .strict = "alert 40",
     .wrong = mend_round_one,
     .shows = "ServerHello"},
    {.id = "P-JPK-14.suite",
     .rows = "DECJPAKE-4.1-6",
     .password = true,
     .play = offer_other_suite,
     .strict = "alert 40",
     .wrong = need_no_suite,
     .shows = "ServerHello"},
    {.id = "P-JPK-15",
     .rows = "DECJPAKE-4.1-7",
     .password = true,
     .play = leave_out_round_one,
     .strict = "alert 40 | alert 47 | alert 110",
     .wrong = mend_round_one,
     .shows = "ClientKeyExchange"},
    {.id = "P-JPK-16",
     .rows = "DECJPAKE-4.2-4",
     .password = true,
     .play = use_other_password,
     .strict = "silence",
     .tolerated = "alert 20 | alert 40 | alert 51",
     .wrong = tell_wrong_password,
     .shows = "alert 71"},
    {.id = "P-JPK-17",
     .rows = "DECJPAKE-4.2-5",
     .password = true,
     .play = guess_twice,
     .strict = "alert 10 | silence",
     .wrong = take_second_key,
     .shows = "Finished"},
};

CHECK_FILE(password)
