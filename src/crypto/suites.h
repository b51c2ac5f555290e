/* SPDX-License-Identifier: MIT */
/* Cipher suites, groups and signature pairs as data (RFC 5246, A.5; RFC 8422;
 * the registry of TLS parameters). */
#ifndef DTLS_CRYPTO_SUITES_H
#define DTLS_CRYPTO_SUITES_H

#include "base/bytes.h"

#define DTLS_NONCE_LEN 12 /* bytes, every AEAD here */

enum dtls_hash_alg {
    DTLS_HASH_NONE = 0,
    DTLS_HASH_SHA1,
    DTLS_HASH_SHA256,
    DTLS_HASH_SHA384,
    DTLS_HASH_SHA512,
    /* No suite and no pair has them; applications' own code may. */
    DTLS_HASH_MD5,
    DTLS_HASH_SHA224
};

enum dtls_cipher_alg {
    DTLS_CIPHER_NULL = 0, /* MAC only                                      */
    DTLS_CIPHER_CBC,      /* AES-CBC and an HMAC                           */
    DTLS_CIPHER_GCM,      /* 16-byte tag, 8-byte explicit nonce            */
    DTLS_CIPHER_CCM,      /* the same                                      */
    DTLS_CIPHER_CCM_8,    /* 8-byte tag                                    */
    DTLS_CIPHER_CHACHA20  /* 16-byte tag, no explicit nonce (RFC 7905)     */
};

enum dtls_kx {
    DTLS_KX_RSA,
    DTLS_KX_ECDHE_ECDSA,
    DTLS_KX_ECDHE_RSA,
    /* Static: the key in the server's certificate is its share.  ECDH_ECDSA
     * and ECDH_RSA are the same since RFC 5246, 7.4.2, lets any algorithm
     * sign the certificate. */
    DTLS_KX_ECDH,
    DTLS_KX_PSK,
    DTLS_KX_ECDHE_PSK,
    DTLS_KX_ECJPAKE /* by a password, on secp256r1 */
};

struct dtls_suite {
    uint16_t id;
    const char *name; /* without the TLS_ prefix                           */
    enum dtls_kx kx;
    enum dtls_cipher_alg cipher;
    enum dtls_hash_alg mac; /* DTLS_HASH_NONE for AEAD                     */
    enum dtls_hash_alg prf; /* also of Finished and of the session hash    */
    uint8_t key_len;        /* bytes of the cipher key                     */
    uint8_t salt_len;       /* bytes of IV taken from the key block        */
};

/* dtls_suite_find returns the row of `id`, or NULL if it is not ours. */
const struct dtls_suite *dtls_suite_find(uint16_t id);

/* dtls_suite_at returns row `index` in order of preference, or NULL past the
 * end. */
const struct dtls_suite *dtls_suite_at(size_t index);

/* dtls_suite_has_certificate returns true if the server authenticates with a
 * certificate. */
static inline bool dtls_suite_has_certificate(const struct dtls_suite *suite)
{
    return suite->kx != DTLS_KX_PSK && suite->kx != DTLS_KX_ECDHE_PSK &&
           suite->kx != DTLS_KX_ECJPAKE;
}

/* dtls_suite_is_psk returns true if a pre-shared key is part of the
 * exchange. */
static inline bool dtls_suite_is_psk(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_PSK || suite->kx == DTLS_KX_ECDHE_PSK;
}

/* dtls_suite_is_ecdhe returns true if the suite has an ephemeral
 * elliptic-curve exchange. */
static inline bool dtls_suite_is_ecdhe(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA ||
           suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_ECDHE_PSK;
}

/* dtls_suite_has_curve returns true if the suite has an elliptic-curve
 * exchange of any kind. */
static inline bool dtls_suite_has_curve(const struct dtls_suite *suite)
{
    return dtls_suite_is_ecdhe(suite) || suite->kx == DTLS_KX_ECDH ||
           suite->kx == DTLS_KX_ECJPAKE;
}

/* dtls_suite_mac_len returns the length of the MAC and of its key: 0 for
 * AEAD. */
size_t dtls_suite_mac_len(const struct dtls_suite *suite);

/* dtls_suite_tag_len returns the length of an AEAD suite's tag, and
 * dtls_suite_explicit_len that of the part of the nonce that stands before the
 * ciphertext: what the IV of the key block leaves of DTLS_NONCE_LEN. */
static inline size_t dtls_suite_tag_len(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CCM_8 ? 8 : 16;
}
static inline size_t dtls_suite_explicit_len(const struct dtls_suite *suite)
{
    return (size_t)DTLS_NONCE_LEN - suite->salt_len;
}

/* dtls_hash_len returns the digest's length in bytes, 0 for DTLS_HASH_NONE. */
size_t dtls_hash_len(enum dtls_hash_alg alg);

/* NamedGroup (RFC 8422, 5.1.1).  The first two have less than 128 bits of
 * security and are used only if the configuration lists them. */
enum {
    DTLS_GROUP_SECP192R1 = 19,
    DTLS_GROUP_SECP224R1 = 21,
    DTLS_GROUP_SECP256R1 = 23,
    DTLS_GROUP_SECP384R1 = 24,
    DTLS_GROUP_SECP521R1 = 25,
    DTLS_GROUP_X25519 = 29,
    DTLS_GROUP_X448 = 30
};

/* dtls_group_point_len returns the length of a public value on the wire in
 * bytes, or 0 if the group is not ours for key exchange. */
size_t dtls_group_point_len(uint16_t group);

/* dtls_group_is_bare returns true if a public value is one number without a
 * form byte, as in RFC 7748.  Such a group agrees and does not sign. */
static inline bool dtls_group_is_bare(uint16_t group)
{
    return group == DTLS_GROUP_X25519 || group == DTLS_GROUP_X448;
}

enum dtls_key_type {
    DTLS_KEY_NONE = 0,
    DTLS_KEY_RSA,
    DTLS_KEY_EC,
    DTLS_KEY_ED25519
};

/* struct dtls_sigalg is a SignatureAndHashAlgorithm; `id` is hash << 8 |
 * signature. */
struct dtls_sigalg {
    uint16_t id;
    enum dtls_key_type key;
    enum dtls_hash_alg hash; /* DTLS_HASH_NONE: it signs the message itself */
    bool pss; /* RSASSA-PSS with a salt as long as the hash                */
};

/* dtls_suite_takes_key returns true if a server's certificate for the suite
 * may hold a key of this type. */
bool dtls_suite_takes_key(const struct dtls_suite *suite,
                          enum dtls_key_type type);

#define DTLS_SIGALG_ED25519 0x0807

/* dtls_sigalg_find returns the row of `id`, or NULL if it is not ours. */
const struct dtls_sigalg *dtls_sigalg_find(uint16_t id);

/* dtls_sigalg_at returns row `index` in order of preference, or NULL past the
 * end.  The last rows are SHA-1's, which are used only on request. */
const struct dtls_sigalg *dtls_sigalg_at(size_t index);

/* dtls_sigalg_in_list returns row `index` of a configured list of numbers, or
 * NULL past the end.  Numbers that are not ours are skipped.  If `num` is 0,
 * the list is every row but SHA-1's.
 *
 * dtls_sigalg_find_listed returns the row of `id` if it is in that list, else
 * NULL. */
const struct dtls_sigalg *dtls_sigalg_in_list(const uint16_t *ids, size_t num,
                                              size_t index);
const struct dtls_sigalg *dtls_sigalg_find_listed(const uint16_t *ids,
                                                  size_t num, uint16_t id);

#endif
