/* SPDX-License-Identifier: MIT */
/* Cryptography that does nothing (null_crypto.h). */
#include "fuzzers/kit/null_crypto.h"

#include <string.h>

enum { SHARED_LEN = 32, SIGNATURE_LEN = 8, ENCRYPTED_LEN = 48 };

static enum dtls_status digest(void *self, uint8_t *out,
                               enum dtls_hash_alg alg,
                               const struct dtls_bytes *parts,
                               size_t num_parts)
{
    (void)self;
    (void)parts;
    (void)num_parts;
    memset(out, FUZZ_NULL_BYTE, dtls_hash_len(alg));
    return DTLS_OK;
}

static enum dtls_status hash_start(void *self, struct dtls_hash *hash,
                                   enum dtls_hash_alg alg)
{
    (void)self;
    *hash = (struct dtls_hash){.alg = alg};
    return DTLS_OK;
}

static void hash_update(void *self, struct dtls_hash *hash,
                        struct dtls_bytes data)
{
    (void)self;
    hash->state[0] += data.len;
}

static void hash_digest(void *self, const struct dtls_hash *hash, uint8_t *out)
{
    (void)self;
    memset(out, FUZZ_NULL_BYTE, dtls_hash_len(hash->alg));
}

static enum dtls_status hmac_key(void *self, struct dtls_hmac_key *key,
                                 enum dtls_hash_alg alg,
                                 struct dtls_bytes secret)
{
    (void)self;
    (void)secret;
    *key = (struct dtls_hmac_key){.alg = alg};
    return DTLS_OK;
}

static void hmac(void *self, const struct dtls_hmac_key *key, uint8_t *out,
                 const struct dtls_bytes *parts, size_t num_parts)
{
    (void)self;
    (void)parts;
    (void)num_parts;
    memset(out, FUZZ_NULL_BYTE, dtls_hash_len(key->alg));
}

static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    (void)self;
    (void)alg;
    (void)secret;
    (void)label;
    (void)seed1;
    (void)seed2;
    memset(out, FUZZ_NULL_BYTE, out_len);
    return DTLS_OK;
}

static enum dtls_status cipher_key(void *self, struct dtls_cipher *cipher,
                                   const struct dtls_suite *suite,
                                   const struct dtls_cipher_keys *keys,
                                   bool seal)
{
    fuzz_crypto_remember(self, cipher, suite, keys, seal);
    if (suite->mac == DTLS_HASH_NONE) {
        *cipher = (struct dtls_cipher){.suite = suite};
        return DTLS_OK;
    }
    if (cipher->mac == NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    *cipher = (struct dtls_cipher){.suite = suite, .mac = cipher->mac};
    cipher->mac->alg = suite->mac;
    return DTLS_OK;
}

static void cipher_free(void *self, struct dtls_cipher *cipher)
{
    fuzz_crypto_forget(self, cipher);
    *cipher = (struct dtls_cipher){0};
}

static enum dtls_status mac(void *self, struct dtls_cipher *cipher,
                            uint8_t *out, const struct dtls_bytes *parts,
                            size_t num_parts)
{
    hmac(self, cipher->mac, out, parts, num_parts);
    return DTLS_OK;
}

static enum dtls_status aead_seal(void *self, struct dtls_cipher *cipher,
                                  const uint8_t aad[DTLS_AAD_LEN],
                                  struct dtls_span body)
{
    size_t tag_len = dtls_suite_tag_len(cipher->suite);

    (void)self;
    memcpy(body.data, aad, dtls_suite_explicit_len(cipher->suite));
    memset(body.data + body.len - tag_len, FUZZ_NULL_BYTE, tag_len);
    return DTLS_OK;
}

static bool all_null_bytes(const uint8_t *bytes, size_t len)
{
    uint8_t expected[DTLS_HASH_MAX];

    memset(expected, FUZZ_NULL_BYTE, sizeof expected);
    return memcmp(bytes, expected, len) == 0;
}

static enum dtls_status aead_open(void *self, struct dtls_cipher *cipher,
                                  const uint8_t aad[DTLS_AAD_LEN],
                                  struct dtls_span body)
{
    size_t before = dtls_suite_explicit_len(cipher->suite);
    size_t tag_len = dtls_suite_tag_len(cipher->suite);

    (void)self;
    (void)aad;
    if (body.len < before + tag_len) {
        return DTLS_DISCARD;
    }
    if (!all_null_bytes(body.data + body.len - tag_len, tag_len)) {
        memset(body.data + before, 0, body.len - before - tag_len);
        return DTLS_DISCARD;
    }
    return DTLS_OK;
}

static enum dtls_status cbc_copy(void *self, struct dtls_cipher *cipher,
                                 const uint8_t iv[DTLS_CBC_BLOCK],
                                 struct dtls_span data)
{
    (void)self;
    (void)cipher;
    (void)iv;
    return data.len % DTLS_CBC_BLOCK == 0 ? DTLS_OK : DTLS_DISCARD;
}

static enum dtls_status cbc_check(void *self, struct dtls_cipher *cipher,
                                  const uint8_t header[DTLS_AAD_LEN],
                                  struct dtls_bytes data, size_t *plain_len)
{
    size_t mac_len = dtls_suite_mac_len(cipher->suite);
    size_t behind;

    (void)self;
    (void)header;
    *plain_len = 0;
    if (data.len == 0) {
        return DTLS_DISCARD;
    }
    behind = mac_len + data.data[data.len - 1] + 1u;
    if (data.len < behind ||
        !all_null_bytes(&data.data[data.len - behind], mac_len)) {
        return DTLS_DISCARD;
    }
    *plain_len = data.len - behind;
    return DTLS_OK;
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    (void)self;
    *share = (struct dtls_share){.group = group};
    memset(out, FUZZ_NULL_BYTE, dtls_group_point_len(group));
    return DTLS_OK;
}

static enum dtls_status share_agree(void *self, struct dtls_share *share,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes peer)
{
    (void)self;
    if (peer.len != dtls_group_point_len(share->group) ||
        peer.data[0] == 0xff) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    memset(out, FUZZ_NULL_BYTE, SHARED_LEN);
    *out_len = SHARED_LEN;
    return DTLS_OK;
}

static void share_free(void *self, struct dtls_share *share)
{
    (void)self;
    *share = (struct dtls_share){0};
}

/* Two keys, proofs and numbers, of one byte each. */
static const uint8_t null_hello[] = {1, FUZZ_NULL_BYTE, 1, FUZZ_NULL_BYTE,
                                     1, FUZZ_NULL_BYTE, 1, FUZZ_NULL_BYTE,
                                     1, FUZZ_NULL_BYTE, 1, FUZZ_NULL_BYTE};

static enum dtls_status jpake_make(void *self, struct dtls_jpake *jpake,
                                   bool server, struct dtls_bytes password)
{
    (void)self;
    (void)password;
    *jpake =
        (struct dtls_jpake){.server = server, .hello_len = sizeof null_hello};
    memcpy(jpake->hello, null_hello, sizeof null_hello);
    return DTLS_OK;
}

static struct dtls_bytes jpake_hello(void *self,
                                     const struct dtls_jpake *jpake)
{
    (void)self;
    return dtls_bytes_of(jpake->hello, jpake->hello_len);
}

static enum dtls_status jpake_take_key(void *self, struct dtls_jpake *jpake,
                                       const struct dtls_key_kp *kp)
{
    (void)self;
    (void)jpake;
    return kp->r.data[0] == 0xff ? DTLS_BAD_PROOF : DTLS_OK;
}

static enum dtls_status jpake_take_hello(void *self, struct dtls_jpake *jpake,
                                         const struct dtls_key_kp pair[2])
{
    return jpake_take_key(self, jpake, &pair[1]);
}

static enum dtls_status jpake_key(void *self, struct dtls_jpake *jpake,
                                  struct dtls_buf *out)
{
    (void)self;
    (void)jpake;
    return dtls_put_bytes(out,
                          dtls_bytes_of(null_hello, sizeof null_hello / 2))
               ? DTLS_OK
               : DTLS_BAD_PROOF;
}

static enum dtls_status jpake_agree(void *self, const struct dtls_jpake *jpake,
                                    uint8_t out[DTLS_JPAKE_SECRET_LEN])
{
    (void)self;
    (void)jpake;
    memset(out, FUZZ_NULL_BYTE, DTLS_JPAKE_SECRET_LEN);
    return DTLS_OK;
}

static void jpake_free(void *self, struct dtls_jpake *jpake)
{
    (void)self;
    *jpake = (struct dtls_jpake){0};
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes digest)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)digest;
    memset(out, FUZZ_NULL_BYTE, SIGNATURE_LEN);
    *out_len = SIGNATURE_LEN;
    return DTLS_OK;
}

static enum dtls_status verify(void *self, const struct dtls_public_key *key,
                               const struct dtls_sigalg *alg,
                               struct dtls_bytes digest,
                               struct dtls_bytes signature)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)digest;
    return signature.len == 0 || signature.data[0] == 0xff ? DTLS_DECRYPT_ERROR
                                                           : DTLS_OK;
}

static enum dtls_status check_key(void *self,
                                  const struct dtls_public_key *key)
{
    (void)self;
    (void)key;
    return DTLS_OK;
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    (void)self;
    (void)key;
    memcpy(out, premaster, ENCRYPTED_LEN);
    *out_len = ENCRYPTED_LEN;
    return DTLS_OK;
}

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    (void)self;
    (void)key;
    (void)version;
    (void)encrypted;
    memset(out, FUZZ_NULL_BYTE, DTLS_MASTER_LEN);
    return DTLS_OK;
}

static enum dtls_status private_key(void *self, struct dtls_private_key *key,
                                    struct dtls_bytes der)
{
    (void)self;
    (void)der;
    *key = (struct dtls_private_key){0};
    return DTLS_DECODE_ERROR; /* fuzz_credentials.c sets the type and group. */
}

static void private_key_free(void *self, struct dtls_private_key *key)
{
    (void)self;
    *key = (struct dtls_private_key){0};
}

void fuzz_null_crypto_init(struct fuzz_crypto *c, uint64_t seed)
{
    *c = (struct fuzz_crypto){
        .crypto =
            {
                .self = c,
                .random = fuzz_crypto_random,
                .digest = digest,
                .hash_start = hash_start,
                .hash_update = hash_update,
                .hash_digest = hash_digest,
                .hmac_key = hmac_key,
                .hmac = hmac,
                .prf = prf,
                .cipher_key = cipher_key,
                .cipher_free = cipher_free,
                .mac = mac,
                .aead_seal = aead_seal,
                .aead_open = aead_open,
                .cbc_encrypt = cbc_copy,
                .cbc_decrypt = cbc_copy,
                .cbc_check = cbc_check,
                .share_make = share_make,
                .share_agree = share_agree,
                .share_free = share_free,
                .jpake_make = jpake_make,
                .jpake_hello = jpake_hello,
                .jpake_take_hello = jpake_take_hello,
                .jpake_key = jpake_key,
                .jpake_take_key = jpake_take_key,
                .jpake_agree = jpake_agree,
                .jpake_free = jpake_free,
                .private_key = private_key,
                .private_key_free = private_key_free,
                .sign = sign,
                .verify = verify,
                .check_key = check_key,
                .premaster_seal = premaster_seal,
                .premaster_open = premaster_open,
            },
        .seed = seed,
    };
}
