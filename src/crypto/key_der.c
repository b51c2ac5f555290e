/* SPDX-License-Identifier: MIT */
/* Private keys from DER (crypto/key_der.h). */
#include "crypto/key_der.h"

const struct der_oid dtls_oid_rsa = {
    9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1}};
const struct der_oid dtls_oid_ec = {7, {0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1}};
const struct der_oid dtls_oid_ed25519 = {3, {0x2b, 0x65, 0x70}};

static const struct {
    struct der_oid oid;
    uint16_t group;
} curves[] = {
    {{8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}}, DTLS_GROUP_SECP256R1},
    {{5, {0x2b, 0x81, 0x04, 0, 0x22}}, DTLS_GROUP_SECP384R1},
    {{5, {0x2b, 0x81, 0x04, 0, 0x23}}, DTLS_GROUP_SECP521R1},
};

static bool get_version(struct dtls_bytes *in, uint8_t wanted)
{
    struct dtls_bytes number;
    uint8_t version;

    return dtls_der_get_unsigned(in, &number) &&
           dtls_get_u8(&number, &version) && number.len == 0 &&
           version == wanted;
}

uint16_t dtls_curve_find(struct dtls_bytes oid)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        if (dtls_oid_is(oid, &curves[i].oid)) {
            return curves[i].group;
        }
    }
    return 0;
}

static bool get_curve(struct dtls_bytes *in, uint16_t *group)
{
    struct dtls_bytes oid;

    if (!dtls_der_get_oid(in, &oid)) {
        return false;
    }
    *group = dtls_curve_find(oid);
    return *group != 0;
}

/* RSAPrivateKey ::= SEQUENCE { version Version, modulus INTEGER, ... } */
static bool parse_rsa(struct dtls_key_der *out, struct dtls_bytes body)
{
    out->type = DTLS_KEY_RSA;
    if (!get_version(&body, 0)) {
        return false;
    }
    for (size_t i = 0; i < DTLS_RSA_NUMBERS; i++) {
        if (!dtls_der_get_unsigned(&body, &out->numbers[i])) {
            return false;
        }
    }
    return body.len == 0;
}

/* parameters [0] ECParameters OPTIONAL: the curve's name.  Inside PKCS#8,
 * which has named the curve already, it must be the same. */
static bool get_parameters(struct dtls_bytes *body, uint16_t *group)
{
    struct dtls_bytes inner;
    uint16_t named;

    if (!dtls_der_next_is(*body, DER_CONTEXT_IN(0))) {
        return *group != 0;
    }
    if (!dtls_der_get(body, DER_CONTEXT_IN(0), &inner) ||
        !get_curve(&inner, &named) || inner.len != 0 ||
        (*group != 0 && *group != named)) {
        return false;
    }
    *group = named;
    return true;
}

/* publicKey [1] BIT STRING OPTIONAL */
static bool get_point(struct dtls_bytes *body, struct dtls_bytes *point)
{
    struct dtls_bytes inner;

    return !dtls_der_next_is(*body, DER_CONTEXT_IN(1)) ||
           (dtls_der_get(body, DER_CONTEXT_IN(1), &inner) &&
            dtls_der_get_bits(&inner, point) && inner.len == 0 &&
            point->len != 0 && point->len <= DTLS_POINT_MAX);
}

/* ECPrivateKey ::= SEQUENCE { version INTEGER { ecPrivkeyVer1(1) },
 *     privateKey OCTET STRING, parameters [0], publicKey [1] } */
static bool parse_ec(struct dtls_key_der *out, struct dtls_bytes body,
                     uint16_t group)
{
    out->type = DTLS_KEY_EC;
    out->group = group;
    return get_version(&body, 1) &&
           dtls_der_get(&body, DER_OCTET_STRING, &out->secret) &&
           get_parameters(&body, &out->group) &&
           get_point(&body, &out->point) && body.len == 0 &&
           out->secret.len != 0 &&
           out->secret.len <= (dtls_group_point_len(out->group) - 1) / 2;
}

/* CurvePrivateKey ::= OCTET STRING (RFC 8410, 7) */
static bool parse_ed25519(struct dtls_key_der *out, struct dtls_bytes key)
{
    out->type = DTLS_KEY_ED25519;
    return dtls_der_get(&key, DER_OCTET_STRING, &out->secret) &&
           key.len == 0 && out->secret.len == DTLS_ED25519_LEN;
}

/* Reads the key inside, by its AlgorithmIdentifier. */
static bool parse_inner(struct dtls_key_der *out, struct dtls_bytes algorithm,
                        struct dtls_bytes key)
{
    struct dtls_bytes oid;
    struct dtls_bytes body;
    uint16_t group;

    if (!dtls_der_get_oid(&algorithm, &oid)) {
        return false;
    }
    if (dtls_oid_is(oid, &dtls_oid_ed25519)) {
        return algorithm.len == 0 && parse_ed25519(out, key);
    }
    if (!dtls_der_get(&key, DER_SEQUENCE, &body) || key.len != 0) {
        return false;
    }
    if (dtls_oid_is(oid, &dtls_oid_rsa)) {
        struct dtls_bytes null;

        return (algorithm.len == 0 ||
                (dtls_der_get(&algorithm, DER_NULL, &null) && null.len == 0 &&
                 algorithm.len == 0)) &&
               parse_rsa(out, body);
    }
    return dtls_oid_is(oid, &dtls_oid_ec) && get_curve(&algorithm, &group) &&
           algorithm.len == 0 && parse_ec(out, body, group);
}

/* OneAsymmetricKey ::= SEQUENCE { version v1(0), AlgorithmIdentifier,
 *     privateKey OCTET STRING, attributes [0] OPTIONAL } */
static bool parse_pkcs8(struct dtls_key_der *out, struct dtls_bytes body)
{
    struct dtls_bytes algorithm;
    struct dtls_bytes key;
    struct dtls_bytes attributes;

    return get_version(&body, 0) &&
           dtls_der_get(&body, DER_SEQUENCE, &algorithm) &&
           dtls_der_get(&body, DER_OCTET_STRING, &key) &&
           (body.len == 0 ||
            dtls_der_get(&body, DER_CONTEXT_IN(0), &attributes)) &&
           body.len == 0 && parse_inner(out, algorithm, key);
}

/* The element after the version tells the forms apart. */
bool dtls_key_der_parse(struct dtls_key_der *out, struct dtls_bytes der)
{
    struct dtls_key_der found = {.type = DTLS_KEY_NONE};
    struct dtls_bytes body;
    struct dtls_bytes version;
    struct dtls_bytes rest;
    bool is_good = false;

    if (!dtls_der_get(&der, DER_SEQUENCE, &body) || der.len != 0) {
        return false;
    }
    rest = body;
    if (!dtls_der_get_unsigned(&rest, &version)) {
        return false;
    }
    if (dtls_der_next_is(rest, DER_INTEGER)) {
        is_good = parse_rsa(&found, body);
    } else if (dtls_der_next_is(rest, DER_OCTET_STRING)) {
        is_good = parse_ec(&found, body, 0);
    } else if (dtls_der_next_is(rest, DER_SEQUENCE)) {
        is_good = parse_pkcs8(&found, body);
    }
    if (is_good) {
        *out = found;
    }
    return is_good;
}
