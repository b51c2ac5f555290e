/* SPDX-License-Identifier: MIT */
/* libcrypto without chance (repeatable_crypto.h). */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: a provider costs more */
#include "fuzzers/kit/repeatable_crypto.h"

#include <string.h>

#include <openssl/rand.h>

/* The random numbers that libcrypto draws.  Each call of ours begins a new
 * sequence.  In it, each request length has numbers of its own, because RSA
 * blinding draws numbers as long as the modulus in some calls and not in
 * others. */
enum { LENGTHS = 1024 };
static uint64_t libcrypto_seed;
static uint64_t libcrypto_calls[LENGTHS];

static void begin_sequence(struct fuzz_crypto *c)
{
    libcrypto_seed = fuzz_random(c->seed, c->calls++);
    memset(libcrypto_calls, 0, sizeof libcrypto_calls);
}

static int rand_bytes(unsigned char *out, int len)
{
    uint64_t seed = fuzz_random(libcrypto_seed, (uint64_t)len);
    uint64_t *index = &libcrypto_calls[len % LENGTHS];

    for (int i = 0; i < len; i++) {
        out[i] = (unsigned char)fuzz_random(seed, (*index)++);
    }
    return 1;
}

static int rand_status(void)
{
    return 1;
}

enum dtls_status fuzz_crypto_random(void *self, uint8_t *out, size_t len)
{
    struct fuzz_crypto *c = self;
    uint64_t seed = fuzz_random(c->seed, c->calls++);

    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)fuzz_random(seed, i);
    }
    return DTLS_OK;
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    begin_sequence(self);
    return dtls_libcrypto.share_make(self, share, group, out);
}

static enum dtls_status jpake_make(void *self, struct dtls_jpake *jpake,
                                   bool server, struct dtls_bytes password)
{
    begin_sequence(self);
    return dtls_libcrypto.jpake_make(self, jpake, server, password);
}

static enum dtls_status jpake_key(void *self, struct dtls_jpake *jpake,
                                  struct dtls_buf *out)
{
    begin_sequence(self);
    return dtls_libcrypto.jpake_key(self, jpake, out);
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes digest)
{
    begin_sequence(self);
    return dtls_libcrypto.sign(self, key, alg, out, out_len, digest);
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    begin_sequence(self);
    return dtls_libcrypto.premaster_seal(self, key, out, out_len, premaster);
}

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    begin_sequence(self);
    return dtls_libcrypto.premaster_open(self, key, version, out, encrypted);
}

static struct fuzz_keys *find_keys(struct fuzz_crypto *c,
                                   const struct dtls_cipher *cipher)
{
    for (size_t i = 0; i < FUZZ_KEYS; i++) {
        if (c->keys[i].cipher == cipher) {
            return &c->keys[i];
        }
    }
    return NULL;
}

void fuzz_crypto_remember(struct fuzz_crypto *c,
                          const struct dtls_cipher *cipher,
                          const struct dtls_suite *suite,
                          const struct dtls_cipher_keys *keys, bool seal)
{
    struct fuzz_keys *k = find_keys(c, NULL);

    /* No room: fuzz_crypto_turn made this cipher, or a target did. */
    if (k == NULL || find_keys(c, cipher) != NULL) {
        return;
    }
    *k = (struct fuzz_keys){.cipher = cipher,
                            .suite = suite,
                            .seal = seal,
                            .mac_len = keys->mac.len,
                            .key_len = keys->key.len,
                            .salt_len = keys->salt.len};
    if (keys->mac.len != 0) {
        memcpy(k->mac, keys->mac.data, keys->mac.len);
    }
    if (keys->key.len != 0) {
        memcpy(k->key, keys->key.data, keys->key.len);
    }
    if (keys->salt.len != 0) {
        memcpy(k->salt, keys->salt.data, keys->salt.len);
    }
}

void fuzz_crypto_forget(struct fuzz_crypto *c,
                        const struct dtls_cipher *cipher)
{
    struct fuzz_keys *k = find_keys(c, cipher);

    if (k != NULL) {
        *k = (struct fuzz_keys){0};
    }
}

bool fuzz_crypto_turn(struct fuzz_crypto *c, struct dtls_cipher *out,
                      const struct dtls_cipher *cipher)
{
    const struct fuzz_keys *k = find_keys(c, cipher);
    struct dtls_cipher_keys keys;

    if (k == NULL) {
        return false;
    }
    keys.mac = dtls_bytes_of(k->mac, k->mac_len);
    keys.key = dtls_bytes_of(k->key, k->key_len);
    keys.salt = dtls_bytes_of(k->salt, k->salt_len);
    return c->crypto.cipher_key(c, out, k->suite, &keys, !k->seal) == DTLS_OK;
}

static enum dtls_status cipher_key(void *self, struct dtls_cipher *cipher,
                                   const struct dtls_suite *suite,
                                   const struct dtls_cipher_keys *keys,
                                   bool seal)
{
    fuzz_crypto_remember(self, cipher, suite, keys, seal);
    return dtls_libcrypto.cipher_key(self, cipher, suite, keys, seal);
}

static void cipher_free(void *self, struct dtls_cipher *cipher)
{
    fuzz_crypto_forget(self, cipher);
    dtls_libcrypto.cipher_free(self, cipher);
}

void fuzz_crypto_init(struct fuzz_crypto *c, uint64_t seed)
{
    static RAND_METHOD method = {
        .bytes = rand_bytes,
        .pseudorand = rand_bytes,
        .status = rand_status,
    };

    (void)RAND_set_rand_method(&method);
    /* Draws before our first call repeat, too. */
    libcrypto_seed = seed;
    memset(libcrypto_calls, 0, sizeof libcrypto_calls);
    *c = (struct fuzz_crypto){.crypto = dtls_libcrypto, .seed = seed};
    c->crypto.self = c;
    c->crypto.random = fuzz_crypto_random;
    c->crypto.cipher_key = cipher_key;
    c->crypto.cipher_free = cipher_free;
    c->crypto.share_make = share_make;
    c->crypto.jpake_make = jpake_make;
    c->crypto.jpake_key = jpake_key;
    c->crypto.sign = sign;
    c->crypto.premaster_seal = premaster_seal;
    c->crypto.premaster_open = premaster_open;
}
