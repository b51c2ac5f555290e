/* SPDX-License-Identifier: MIT */
/* Cipher suites, groups and signature pairs (crypto/suites.h): the tables,
 * each in order of preference.  Another suite is another row. */
#include "crypto/suites.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* AEAD before CBC, then static ECDH, which keeps nothing secret once the
 * server's key is known, then NULL; within each, signed ephemeral keys first.
 * A row here is a suite that we can; which ones a session offers, its
 * configuration says.
 *
 *   MAC key, cipher key and IV come from the key block: the MAC key is as
 *   long as the MAC, the other two lengths are the last two columns. */
static const struct dtls_suite suites[] = {
    {0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc02c, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA384, 32, 4},
    {0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CHACHA20, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 12},
    {0xc0ac, "ECDHE_ECDSA_WITH_AES_128_CCM", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc0ad, "ECDHE_ECDSA_WITH_AES_256_CCM", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},
    {0xc0ae, "ECDHE_ECDSA_WITH_AES_128_CCM_8", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CCM_8, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc0af, "ECDHE_ECDSA_WITH_AES_256_CCM_8", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CCM_8, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},
    {0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA384, 32, 4},
    {0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_CHACHA20, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 12},
    {0x009c, "RSA_WITH_AES_128_GCM_SHA256", DTLS_KX_RSA, DTLS_CIPHER_GCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0x009d, "RSA_WITH_AES_256_GCM_SHA384", DTLS_KX_RSA, DTLS_CIPHER_GCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA384, 32, 4},
    {0xc09c, "RSA_WITH_AES_128_CCM", DTLS_KX_RSA, DTLS_CIPHER_CCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc09d, "RSA_WITH_AES_256_CCM", DTLS_KX_RSA, DTLS_CIPHER_CCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},
    {0xc0a0, "RSA_WITH_AES_128_CCM_8", DTLS_KX_RSA, DTLS_CIPHER_CCM_8,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc0a1, "RSA_WITH_AES_256_CCM_8", DTLS_KX_RSA, DTLS_CIPHER_CCM_8,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},
    {0xc02d, "ECDH_ECDSA_WITH_AES_128_GCM_SHA256", DTLS_KX_ECDH,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc031, "ECDH_RSA_WITH_AES_128_GCM_SHA256", DTLS_KX_ECDH, DTLS_CIPHER_GCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xd001, "ECDHE_PSK_WITH_AES_128_GCM_SHA256", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xd002, "ECDHE_PSK_WITH_AES_256_GCM_SHA384", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_GCM, DTLS_HASH_NONE, DTLS_HASH_SHA384, 32, 4},
    {0xccac, "ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CHACHA20, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 12},
    {0xd005, "ECDHE_PSK_WITH_AES_128_CCM_SHA256", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CCM, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xd003, "ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CCM_8, DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0x00a8, "PSK_WITH_AES_128_GCM_SHA256", DTLS_KX_PSK, DTLS_CIPHER_GCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0x00a9, "PSK_WITH_AES_256_GCM_SHA384", DTLS_KX_PSK, DTLS_CIPHER_GCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA384, 32, 4},
    {0xccab, "PSK_WITH_CHACHA20_POLY1305_SHA256", DTLS_KX_PSK,
     DTLS_CIPHER_CHACHA20, DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 12},
    {0xc0a4, "PSK_WITH_AES_128_CCM", DTLS_KX_PSK, DTLS_CIPHER_CCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc0a5, "PSK_WITH_AES_256_CCM", DTLS_KX_PSK, DTLS_CIPHER_CCM,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},
    {0xc0a8, "PSK_WITH_AES_128_CCM_8", DTLS_KX_PSK, DTLS_CIPHER_CCM_8,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 16, 4},
    {0xc0a9, "PSK_WITH_AES_256_CCM_8", DTLS_KX_PSK, DTLS_CIPHER_CCM_8,
     DTLS_HASH_NONE, DTLS_HASH_SHA256, 32, 4},

    {0xc023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0xc024, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA384, DTLS_HASH_SHA384, 32, 0},
    {0xc009, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0xc00a, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0xc028, "ECDHE_RSA_WITH_AES_256_CBC_SHA384", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA384, DTLS_HASH_SHA384, 32, 0},
    {0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0xc014, "ECDHE_RSA_WITH_AES_256_CBC_SHA", DTLS_KX_ECDHE_RSA,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0x003c, "RSA_WITH_AES_128_CBC_SHA256", DTLS_KX_RSA, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0x003d, "RSA_WITH_AES_256_CBC_SHA256", DTLS_KX_RSA, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 32, 0},
    {0x002f, "RSA_WITH_AES_128_CBC_SHA", DTLS_KX_RSA, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0x0035, "RSA_WITH_AES_256_CBC_SHA", DTLS_KX_RSA, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0xc025, "ECDH_ECDSA_WITH_AES_128_CBC_SHA256", DTLS_KX_ECDH,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0xc029, "ECDH_RSA_WITH_AES_128_CBC_SHA256", DTLS_KX_ECDH, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0xc004, "ECDH_ECDSA_WITH_AES_128_CBC_SHA", DTLS_KX_ECDH, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0xc005, "ECDH_ECDSA_WITH_AES_256_CBC_SHA", DTLS_KX_ECDH, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0xc00e, "ECDH_RSA_WITH_AES_128_CBC_SHA", DTLS_KX_ECDH, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0xc00f, "ECDH_RSA_WITH_AES_256_CBC_SHA", DTLS_KX_ECDH, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0xc037, "ECDHE_PSK_WITH_AES_128_CBC_SHA256", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0xc038, "ECDHE_PSK_WITH_AES_256_CBC_SHA384", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA384, DTLS_HASH_SHA384, 32, 0},
    {0xc035, "ECDHE_PSK_WITH_AES_128_CBC_SHA", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0xc036, "ECDHE_PSK_WITH_AES_256_CBC_SHA", DTLS_KX_ECDHE_PSK,
     DTLS_CIPHER_CBC, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},
    {0x00ae, "PSK_WITH_AES_128_CBC_SHA256", DTLS_KX_PSK, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 16, 0},
    {0x00af, "PSK_WITH_AES_256_CBC_SHA384", DTLS_KX_PSK, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA384, DTLS_HASH_SHA384, 32, 0},
    {0x008c, "PSK_WITH_AES_128_CBC_SHA", DTLS_KX_PSK, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 16, 0},
    {0x008d, "PSK_WITH_AES_256_CBC_SHA", DTLS_KX_PSK, DTLS_CIPHER_CBC,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 32, 0},

    {0xc006, "ECDHE_ECDSA_WITH_NULL_SHA", DTLS_KX_ECDHE_ECDSA,
     DTLS_CIPHER_NULL, DTLS_HASH_SHA1, DTLS_HASH_SHA256, 0, 0},
    {0xc010, "ECDHE_RSA_WITH_NULL_SHA", DTLS_KX_ECDHE_RSA, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 0, 0},
    {0x003b, "RSA_WITH_NULL_SHA256", DTLS_KX_RSA, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 0, 0},
    {0x0002, "RSA_WITH_NULL_SHA", DTLS_KX_RSA, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 0, 0},
    {0xc03a, "ECDHE_PSK_WITH_NULL_SHA256", DTLS_KX_ECDHE_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 0, 0},
    {0xc03b, "ECDHE_PSK_WITH_NULL_SHA384", DTLS_KX_ECDHE_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA384, DTLS_HASH_SHA384, 0, 0},
    {0xc039, "ECDHE_PSK_WITH_NULL_SHA", DTLS_KX_ECDHE_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 0, 0},
    {0x00b0, "PSK_WITH_NULL_SHA256", DTLS_KX_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA256, DTLS_HASH_SHA256, 0, 0},
    {0x00b1, "PSK_WITH_NULL_SHA384", DTLS_KX_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA384, DTLS_HASH_SHA384, 0, 0},
    {0x002c, "PSK_WITH_NULL_SHA", DTLS_KX_PSK, DTLS_CIPHER_NULL,
     DTLS_HASH_SHA1, DTLS_HASH_SHA256, 0, 0},
};

/* There is no row for MD5.  SHA-1's are the last (RFC 9155). */
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
