/* SPDX-License-Identifier: MIT */
/* libcrypto without chance (crypto.h). */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: a provider costs more */
#include "crypto.h"

#include <string.h>

#include <openssl/rand.h>

/* What libcrypto draws.  Each call of ours begins a new sequence; within it
 * requests of different lengths are served apart, because RSA blinding draws
 * numbers as long as the modulus in some calls and not in others. */
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

void fuzz_crypto_init(struct fuzz_crypto *c, uint64_t seed)
{
    static RAND_METHOD method = {
        .bytes = rand_bytes,
        .pseudorand = rand_bytes,
        .status = rand_status,
    };

    (void)RAND_set_rand_method(&method);
    /* Who asks before our first call does gets the same, too. */
    libcrypto_seed = seed;
    memset(libcrypto_calls, 0, sizeof libcrypto_calls);
    *c = (struct fuzz_crypto){.crypto = dtls_libcrypto, .seed = seed};
    c->crypto.self = c;
    c->crypto.random = fuzz_crypto_random;
    c->crypto.share_make = share_make;
    c->crypto.sign = sign;
    c->crypto.premaster_seal = premaster_seal;
    c->crypto.premaster_open = premaster_open;
}
