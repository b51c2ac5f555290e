/* SPDX-License-Identifier: MIT */
/* AlgorithmIdentifier and SubjectPublicKeyInfo (x509/algorithm.h). */
#include "x509/algorithm.h"

#include "crypto/key_der.h"

#define NUM_OF(table) (sizeof(table) / sizeof((table)[0]))

/* An exponent is odd and above 2^16 (FIPS 186-4, B.3.1).  The upper bounds
 * keep a verification cheap. */
#define RSA_MODULUS_MAX DTLS_SIGNATURE_MAX
#define RSA_EXPONENT_MIN 3 /* bytes */
#define RSA_EXPONENT_MAX 8

/* AlgorithmIdentifier, taken apart (RFC 5280, 4.1.1.2). */
struct algorithm {
    struct dtls_bytes oid;
    bool has_parameters;
    uint8_t tag; /* of the parameters */
    struct dtls_bytes parameters;
};

enum form { PARAMETERS_NULL, NO_PARAMETERS };

static const struct {
    struct der_oid oid;
    uint16_t id;
    enum form form;
} signatures[] = {
    /* sha1-, sha256-, sha384- and sha512WithRSAEncryption (RFC 4055, 5) */
    {{9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5}},
     0x0201,
     PARAMETERS_NULL},
    {{9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11}},
     0x0401,
     PARAMETERS_NULL},
    {{9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12}},
     0x0501,
     PARAMETERS_NULL},
    {{9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13}},
     0x0601,
     PARAMETERS_NULL},
    /* ecdsa-with-SHA1, -SHA256, -SHA384 and -SHA512 (RFC 5758, 3.2) */
    {{7, {0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1}}, 0x0203, NO_PARAMETERS},
    {{8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2}}, 0x0403, NO_PARAMETERS},
    {{8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3}}, 0x0503, NO_PARAMETERS},
    {{8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4}}, 0x0603, NO_PARAMETERS},
    /* id-Ed25519, for keys and for signatures (RFC 8410, 3) */
    {{3, {0x2b, 0x65, 0x70}}, 0x0807, NO_PARAMETERS},
};

/* The hashes that may stand in RSASSA-PSS parameters. */
static const struct {
    struct der_oid oid;
    uint8_t len;
    uint16_t pss_id;
} hashes[] = {
    {{9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}}, 32, 0x0804},
    {{9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2}}, 48, 0x0805},
    {{9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3}}, 64, 0x0806},
};

static const struct der_oid oid_pss = {
    9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10}};
static const struct der_oid oid_mgf1 = {
    9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8}};

static bool get_algorithm(struct dtls_bytes *in, struct algorithm *out)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes body;
    struct algorithm a = {.has_parameters = false};

    if (!dtls_der_get(&rest, DER_SEQUENCE, &body) ||
        !dtls_der_get_oid(&body, &a.oid)) {
        return false;
    }
    if (body.len > 0) {
        a.has_parameters = true;
        if (!dtls_der_get_any(&body, &a.tag, &a.parameters) ||
            !dtls_der_is_value(a.tag, a.parameters) || body.len != 0) {
            return false;
        }
    }
    *out = a;
    *in = rest;
    return true;
}

/* Tells whether the parameters are NULL or absent: many encoders use either
 * for the same. */
static bool is_bare(const struct algorithm *a)
{
    return !a->has_parameters || a->tag == DER_NULL;
}

/* Takes [number] { AlgorithmIdentifier }. */
static bool get_algorithm_in(struct dtls_bytes *in, unsigned number,
                             struct algorithm *out)
{
    struct dtls_bytes inner;

    return dtls_der_get(in, DER_CONTEXT_IN(number), &inner) &&
           get_algorithm(&inner, out) && inner.len == 0;
}

/* Takes [number] { INTEGER }, an INTEGER of one byte. */
static bool get_small_in(struct dtls_bytes *in, unsigned number, uint8_t *out)
{
    struct dtls_bytes inner;
    struct dtls_bytes value;

    return dtls_der_get(in, DER_CONTEXT_IN(number), &inner) &&
           dtls_der_get_unsigned(&inner, &value) && inner.len == 0 &&
           dtls_get_u8(&value, out) && value.len == 0;
}

/* Reads RSASSA-PSS-params (RFC 4055, 3.1).  The defaults mean SHA-1, so the
 * first three fields must be present; trailerField may be, if it is 1. */
static uint16_t pss_id(const struct algorithm *a)
{
    struct dtls_bytes body = a->parameters;
    struct dtls_bytes mgf_parameters;
    struct algorithm hash;
    struct algorithm mgf;
    struct algorithm mgf_hash;
    uint8_t salt_len;
    uint8_t trailer = 1;

    if (!a->has_parameters || a->tag != DER_SEQUENCE ||
        !get_algorithm_in(&body, 0, &hash) || !is_bare(&hash) ||
        !get_algorithm_in(&body, 1, &mgf) ||
        !dtls_oid_is(mgf.oid, &oid_mgf1) || !mgf.has_parameters ||
        mgf.tag != DER_SEQUENCE || !get_small_in(&body, 2, &salt_len)) {
        return 0;
    }
    if (body.len > 0 && (!get_small_in(&body, 3, &trailer) || body.len > 0)) {
        return 0;
    }
    /* The parameters of MGF1 are the contents of one AlgorithmIdentifier. */
    mgf_parameters = mgf.parameters;
    if (!dtls_der_get_oid(&mgf_parameters, &mgf_hash.oid) ||
        !dtls_bytes_equal(mgf_hash.oid, hash.oid) || trailer != 1) {
        return 0;
    }
    mgf_hash.has_parameters = mgf_parameters.len > 0;
    if (mgf_hash.has_parameters &&
        (!dtls_der_get(&mgf_parameters, DER_NULL, &mgf_hash.parameters) ||
         mgf_hash.parameters.len != 0 || mgf_parameters.len != 0)) {
        return 0;
    }
    for (size_t i = 0; i < NUM_OF(hashes); i++) {
        if (dtls_oid_is(hash.oid, &hashes[i].oid) &&
            salt_len == hashes[i].len) {
            return hashes[i].pss_id;
        }
    }
    return 0;
}

static uint16_t signature_id(const struct algorithm *a)
{
    if (dtls_oid_is(a->oid, &oid_pss)) {
        return pss_id(a);
    }
    for (size_t i = 0; i < NUM_OF(signatures); i++) {
        if (!dtls_oid_is(a->oid, &signatures[i].oid)) {
            continue;
        }
        if (signatures[i].form == PARAMETERS_NULL ? is_bare(a)
                                                  : !a->has_parameters) {
            return signatures[i].id;
        }
    }
    return 0;
}

bool dtls_algorithm_get(struct dtls_bytes *in, struct dtls_bytes *element,
                        uint16_t *id)
{
    struct dtls_bytes rest = *in;
    struct algorithm a;

    if (!get_algorithm(&rest, &a) ||
        !dtls_get_bytes(in, in->len - rest.len, element)) {
        return false;
    }
    *id = signature_id(&a);
    return true;
}

static bool is_odd(struct dtls_bytes number)
{
    struct dtls_bytes skipped;
    uint8_t last;

    return number.len > 0 &&
           dtls_get_bytes(&number, number.len - 1, &skipped) &&
           dtls_get_u8(&number, &last) && (last & 1) == 1;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static bool parse_rsa(struct dtls_bytes bits, struct dtls_public_key *key)
{
    struct dtls_bytes body;
    if (!dtls_der_get(&bits, DER_SEQUENCE, &body) || bits.len != 0 ||
        !dtls_der_get_unsigned(&body, &key->n) ||
        !dtls_der_get_unsigned(&body, &key->e) || body.len != 0) {
        return false;
    }
    return is_odd(key->n) && key->n.len <= RSA_MODULUS_MAX && is_odd(key->e) &&
           key->e.len >= RSA_EXPONENT_MIN && key->e.len <= RSA_EXPONENT_MAX;
}

/* ECParameters: namedCurve only (RFC 5480, 2.1.1). */
static bool parse_ec(const struct algorithm *a, struct dtls_bytes bits,
                     struct dtls_public_key *key)
{
    uint16_t group = dtls_curve_find(a->parameters);
    uint8_t form;

    key->point = bits;
    if (a->tag != DER_OID || !dtls_get_u8(&bits, &form) || form != 4) {
        return false;
    }
    if (group == 0 || key->point.len != dtls_group_point_len(group)) {
        return false;
    }
    key->group = group;
    return true;
}

bool dtls_algorithm_get_key(struct dtls_bytes *in, struct dtls_public_key *out)
{
    struct dtls_bytes rest = *in;
    struct dtls_bytes body;
    struct dtls_bytes bits;
    struct algorithm a;
    struct dtls_public_key key = {.type = DTLS_KEY_NONE};

    if (!dtls_der_get(&rest, DER_SEQUENCE, &body) ||
        !get_algorithm(&body, &a) || !dtls_der_get_bits(&body, &bits) ||
        body.len != 0) {
        return false;
    }
    if (dtls_oid_is(a.oid, &dtls_oid_rsa) && a.tag == DER_NULL &&
        parse_rsa(bits, &key)) {
        key.type = DTLS_KEY_RSA;
    }
    if (dtls_oid_is(a.oid, &dtls_oid_ec) && parse_ec(&a, bits, &key)) {
        key.type = DTLS_KEY_EC;
    }
    if (dtls_oid_is(a.oid, &dtls_oid_ed25519) && !a.has_parameters &&
        bits.len == DTLS_ED25519_LEN) {
        key.type = DTLS_KEY_ED25519;
        key.point = bits;
    }
    *out = key.type != DTLS_KEY_NONE
               ? key
               : (struct dtls_public_key){.type = DTLS_KEY_NONE, .n = key.n};
    *in = rest;
    return true;
}
