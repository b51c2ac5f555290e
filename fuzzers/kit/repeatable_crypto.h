/* SPDX-License-Identifier: MIT */
/* Cryptography that repeats itself: the same seed and the same calls give the
 * same bytes, including the ephemeral keys and signatures that libcrypto
 * makes.
 *
 * So the fuzzer can learn a cookie, and a recorded handshake stays valid. */
#ifndef FUZZERS_KIT_REPEATABLE_CRYPTO_H
#define FUZZERS_KIT_REPEATABLE_CRYPTO_H

#include "crypto/crypto.h"

/* The keys of a cipher. */
struct fuzz_keys {
    const struct dtls_cipher *cipher; /* NULL: this entry is free */
    const struct dtls_suite *suite;
    bool seal;
    uint8_t mac[DTLS_MAC_MAX];
    uint8_t key[DTLS_KEY_MAX];
    uint8_t salt[DTLS_NONCE_LEN];
    size_t mac_len;
    size_t key_len;
    size_t salt_len;
};

/* Two epochs in each direction. */
enum { FUZZ_KEYS = 4 };

struct fuzz_crypto {
    struct dtls_crypto crypto; /* self points to this struct */
    uint64_t seed;
    uint64_t calls;
    struct fuzz_keys keys[FUZZ_KEYS];
};

/* fuzz_crypto_init sets up libcrypto with `seed` in place of randomness. */
void fuzz_crypto_init(struct fuzz_crypto *c, uint64_t seed);

/* fuzz_random returns number `index` of SplitMix64's sequence `seed`. */
static inline uint64_t fuzz_random(uint64_t seed, uint64_t index)
{
    uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* fuzz_crypto_turn makes `out` from the keys of `cipher`, for the other
 * direction; the caller frees it.  It returns false if the keys are not known.
 *
 * Both kinds of crypto make keys known in cipher_key with
 * fuzz_crypto_remember, and unknown in cipher_free with fuzz_crypto_forget. */
DTLS_MUST_USE bool fuzz_crypto_turn(struct fuzz_crypto *c,
                                    struct dtls_cipher *out,
                                    const struct dtls_cipher *cipher);
void fuzz_crypto_remember(struct fuzz_crypto *c,
                          const struct dtls_cipher *cipher,
                          const struct dtls_suite *suite,
                          const struct dtls_cipher_keys *keys, bool seal);
void fuzz_crypto_forget(struct fuzz_crypto *c,
                        const struct dtls_cipher *cipher);

/* fuzz_crypto_random is `random` of struct dtls_crypto, for both kinds. */
enum dtls_status fuzz_crypto_random(void *self, uint8_t *out, size_t len);

#endif
