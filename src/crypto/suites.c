/* SPDX-License-Identifier: MIT */
/* Cipher suites, groups and signature pairs (crypto/suites.h): the tables,
 * each in order of preference. */
#include "crypto/suites.h"

#include "crypto/suite_rows.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Both kinds of static ECDH are the same: RFC 5246, 7.4.2, lets any algorithm
 * sign the certificate. */
#define DTLS_KX_ECDH_ECDSA DTLS_KX_ECDH
#define DTLS_KX_ECDH_RSA DTLS_KX_ECDH

/* Bytes of IV that a record's nonce takes from the key block. */
enum {
    SALT_NULL = 0,
    SALT_CBC = 0,
    SALT_GCM = 4,
    SALT_CCM = 4,
    SALT_CCM_8 = 4,
    SALT_CHACHA20 = 12
};

#define ROW(number, name, kx, cipher, key, mac, prf)                          \
    {number,          #name,           DTLS_KX_##kx, DTLS_CIPHER_##cipher,    \
     DTLS_HASH_##mac, DTLS_HASH_##prf, key,          SALT_##cipher},

static const struct dtls_suite suites[] = {DTLS_SUITES(ROW)};

/* No row is MD5's.  The last rows are SHA-1's (RFC 9155). */
static const struct dtls_sigalg sigalgs[] = {
    {0x0403, DTLS_KEY_EC, DTLS_HASH_SHA256, false},
    {0x0503, DTLS_KEY_EC, DTLS_HASH_SHA384, false},
    {0x0603, DTLS_KEY_EC, DTLS_HASH_SHA512, false},
    {0x0807, DTLS_KEY_ED25519, DTLS_HASH_NONE, false},
    {0x0804, DTLS_KEY_RSA, DTLS_HASH_SHA256, true},
    {0x0805, DTLS_KEY_RSA, DTLS_HASH_SHA384, true},
    {0x0806, DTLS_KEY_RSA, DTLS_HASH_SHA512, true},
    {0x0401, DTLS_KEY_RSA, DTLS_HASH_SHA256, false},
    {0x0501, DTLS_KEY_RSA, DTLS_HASH_SHA384, false},
    {0x0601, DTLS_KEY_RSA, DTLS_HASH_SHA512, false},
    {0x0203, DTLS_KEY_EC, DTLS_HASH_SHA1, false},
    {0x0201, DTLS_KEY_RSA, DTLS_HASH_SHA1, false},
};

const struct dtls_suite *dtls_suite_find(uint16_t id)
{
    for (size_t i = 0; i < LEN(suites); i++) {
        if (suites[i].id == id) {
            return &suites[i];
        }
    }
    return NULL;
}

const struct dtls_suite *dtls_suite_at(size_t index)
{
    return index < LEN(suites) ? &suites[index] : NULL;
}

bool dtls_suite_takes_key(const struct dtls_suite *suite,
                          enum dtls_key_type type)
{
    switch (suite->kx) {
    case DTLS_KX_RSA:
    case DTLS_KX_ECDHE_RSA:
        return type == DTLS_KEY_RSA;
    case DTLS_KX_ECDHE_ECDSA: /* and EdDSA: RFC 8422, 2.1 */
        return type == DTLS_KEY_EC || type == DTLS_KEY_ED25519;
    case DTLS_KX_ECDH:
        return type == DTLS_KEY_EC;
    case DTLS_KX_PSK:
    case DTLS_KX_ECDHE_PSK:
    case DTLS_KX_ECJPAKE:
        break;
    }
    return false;
}

size_t dtls_suite_mac_len(const struct dtls_suite *suite)
{
    return dtls_hash_len(suite->mac);
}

size_t dtls_hash_len(enum dtls_hash_alg alg)
{
    switch (alg) {
    case DTLS_HASH_SHA1:
        return 20;
    case DTLS_HASH_SHA256:
        return 32;
    case DTLS_HASH_SHA384:
        return 48;
    case DTLS_HASH_SHA512:
        return 64;
    case DTLS_HASH_MD5:
        return 16;
    case DTLS_HASH_SHA224:
        return 28;
    case DTLS_HASH_NONE:
        break;
    }
    return 0;
}

size_t dtls_group_point_len(uint16_t group)
{
    switch (group) {
    case DTLS_GROUP_SECP256R1:
        return 65;
    case DTLS_GROUP_SECP384R1:
        return 97;
    case DTLS_GROUP_SECP521R1:
        return 133;
    case DTLS_GROUP_SECP192R1:
        return 49;
    case DTLS_GROUP_SECP224R1:
        return 57;
    case DTLS_GROUP_X448:
        return 56;
    case DTLS_GROUP_X25519:
        return 32;
    default:
        return 0;
    }
}

const struct dtls_sigalg *dtls_sigalg_find(uint16_t id)
{
    for (size_t i = 0; i < LEN(sigalgs); i++) {
        if (sigalgs[i].id == id) {
            return &sigalgs[i];
        }
    }
    return NULL;
}

const struct dtls_sigalg *dtls_sigalg_at(size_t index)
{
    return index < LEN(sigalgs) ? &sigalgs[index] : NULL;
}

static const struct dtls_sigalg *in_default(size_t index)
{
    const struct dtls_sigalg *alg = dtls_sigalg_at(index);

    return alg != NULL && alg->hash != DTLS_HASH_SHA1 ? alg : NULL;
}

const struct dtls_sigalg *dtls_sigalg_in_list(const uint16_t *ids, size_t num,
                                              size_t index)
{
    if (num == 0) {
        return in_default(index);
    }
    for (size_t i = 0; i < num; i++) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(ids[i]);

        if (alg != NULL && index-- == 0) {
            return alg;
        }
    }
    return NULL;
}

const struct dtls_sigalg *dtls_sigalg_find_listed(const uint16_t *ids,
                                                  size_t num, uint16_t id)
{
    const struct dtls_sigalg *alg;
    size_t i = 0;

    do {
        alg = dtls_sigalg_in_list(ids, num, i++);
    } while (alg != NULL && alg->id != id);
    return alg;
}
