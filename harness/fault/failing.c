/* SPDX-License-Identifier: MIT */
/* Cryptography and a store of which chosen calls fail (fault/failing.h). */
#include "fault/failing.h"

#include <assert.h>
#include <string.h>

/* Memcheck's requests do nothing in a program that does not run under it. */
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define FORGET(at, len) (void)VALGRIND_MAKE_MEM_UNDEFINED(at, len)
#define IS_DEFINED(at, len) (VALGRIND_CHECK_MEM_IS_DEFINED(at, len) == 0)
#else
#define FORGET(at, len)
#define IS_DEFINED(at, len) true
#endif

/* So many bytes of FAILING_FILL in a row are no chance: 2^-56 per place. */
#define RUN 7

#define STACK_PAINTED 65536

const char *failing_name(enum failing_kind kind)
{
    static const char *const names[FAILING_KINDS] = {
        "random",
        "digest",
        "hash_start",
        "hmac_key",
        "prf",
        "cipher_key",
        "mac",
        "aead_seal",
        "aead_open",
        "cbc_encrypt",
        "cbc_decrypt",
        "cbc_check",
        "share_make",
        "share_agree",
        "jpake_make",
        "jpake_take_hello",
        "jpake_key",
        "jpake_take_key",
        "jpake_agree",
        "private_key",
        "sign",
        "verify",
        "check_key",
        "premaster_seal",
        "premaster_open",
        "store's take",
    };

    return names[kind];
}

enum failing_kind failing_kind(const struct failing *f, unsigned number)
{
    assert(number >= 1 && number <= f->calls && number <= FAILING_CALLS_MAX);
    return (enum failing_kind)f->kinds[number - 1];
}

void failing_fill(void *at, size_t len)
{
    if (len != 0) {
        memset(at, FAILING_FILL, len);
        FORGET(at, len);
    }
}

void __attribute__((noinline)) failing_paint_stack(void)
{
    volatile uint8_t stack[STACK_PAINTED];

    failing_fill((void *)(uintptr_t)stack, sizeof stack);
}

bool failing_shows(struct dtls_bytes bytes)
{
    size_t run = 0;

    for (size_t i = 0; i < bytes.len && run < RUN; i++) {
        run = bytes.data[i] == FAILING_FILL ? run + 1 : 0;
    }
    return run == RUN ||
           (bytes.len != 0 && !IS_DEFINED(bytes.data, bytes.len));
}

/* Counts a call.  Returns true if it is to fail. */
static bool fails(struct failing *f, enum failing_kind kind)
{
    bool fail;

    if (f->calls < FAILING_CALLS_MAX) {
        f->kinds[f->calls] = (uint8_t)kind;
    }
    f->calls++;
    fail = f->first != 0 && f->calls >= f->first && f->calls <= f->last;
    f->failed += fail;
    f->failed_of[kind] += fail;
    return fail;
}

static enum dtls_status note(struct failing *f, enum failing_kind kind,
                             enum dtls_status status)
{
    f->good_of[kind] += status == DTLS_OK;
    return status;
}

static enum dtls_status fail(void *out, size_t len)
{
    failing_fill(out, len);
    return DTLS_INTERNAL_ERROR;
}

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_RANDOM)) {
        return fail(out, len);
    }
    return note(f, FAILING_RANDOM, base->random(base->self, out, len));
}

static enum dtls_status digest(void *self, uint8_t *out,
                               enum dtls_hash_alg alg,
                               const struct dtls_bytes *parts,
                               size_t num_parts)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_DIGEST)) {
        return fail(out, dtls_hash_len(alg));
    }
    return note(f, FAILING_DIGEST,
                base->digest(base->self, out, alg, parts, num_parts));
}

static enum dtls_status hash_start(void *self, struct dtls_hash *hash,
                                   enum dtls_hash_alg alg)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_HASH_START)) {
        return fail(hash, sizeof *hash);
    }
    return note(f, FAILING_HASH_START,
                base->hash_start(base->self, hash, alg));
}

static enum dtls_status hmac_key(void *self, struct dtls_hmac_key *key,
                                 enum dtls_hash_alg alg,
                                 struct dtls_bytes secret)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_HMAC_KEY)) {
        return fail(key, sizeof *key);
    }
    return note(f, FAILING_HMAC_KEY,
                base->hmac_key(base->self, key, alg, secret));
}

static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_PRF)) {
        return fail(out, out_len);
    }
    return note(
        f, FAILING_PRF,
        base->prf(base->self, out, out_len, alg, secret, label, seed1, seed2));
}

static enum dtls_status cipher_key(void *self, struct dtls_cipher *cipher,
                                   const struct dtls_suite *suite,
                                   const struct dtls_cipher_keys *keys,
                                   bool seal)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;
    bool fail = fails(f, FAILING_CIPHER_KEY);
    enum dtls_status status =
        base->cipher_key(base->self, cipher, suite, keys, seal);

    f->live += status == DTLS_OK;
    return fail ? DTLS_INTERNAL_ERROR : note(f, FAILING_CIPHER_KEY, status);
}

static enum dtls_status mac(void *self, struct dtls_cipher *cipher,
                            uint8_t *out, const struct dtls_bytes *parts,
                            size_t num_parts)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_MAC)) {
        return fail(out, dtls_suite_mac_len(cipher->suite));
    }
    return note(f, FAILING_MAC,
                base->mac(base->self, cipher, out, parts, num_parts));
}

static enum dtls_status aead_seal(void *self, struct dtls_cipher *cipher,
                                  const uint8_t aad[DTLS_AAD_LEN],
                                  struct dtls_span body)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_AEAD_SEAL)) {
        return fail(body.data, body.len);
    }
    return note(f, FAILING_AEAD_SEAL,
                base->aead_seal(base->self, cipher, aad, body));
}

static enum dtls_status aead_open(void *self, struct dtls_cipher *cipher,
                                  const uint8_t aad[DTLS_AAD_LEN],
                                  struct dtls_span body)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_AEAD_OPEN)) {
        return fail(body.data, body.len);
    }
    return note(f, FAILING_AEAD_OPEN,
                base->aead_open(base->self, cipher, aad, body));
}

static enum dtls_status cbc_encrypt(void *self, struct dtls_cipher *cipher,
                                    const uint8_t iv[DTLS_CBC_BLOCK],
                                    struct dtls_span data)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_CBC_ENCRYPT)) {
        return fail(data.data, data.len);
    }
    return note(f, FAILING_CBC_ENCRYPT,
                base->cbc_encrypt(base->self, cipher, iv, data));
}

static enum dtls_status cbc_decrypt(void *self, struct dtls_cipher *cipher,
                                    const uint8_t iv[DTLS_CBC_BLOCK],
                                    struct dtls_span data)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_CBC_DECRYPT)) {
        return fail(data.data, data.len);
    }
    return note(f, FAILING_CBC_DECRYPT,
                base->cbc_decrypt(base->self, cipher, iv, data));
}

static enum dtls_status cbc_check(void *self, struct dtls_cipher *cipher,
                                  const uint8_t header[DTLS_AAD_LEN],
                                  struct dtls_bytes data, size_t *plain_len)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_CBC_CHECK)) {
        return fail(plain_len, sizeof *plain_len);
    }
    return note(f, FAILING_CBC_CHECK,
                base->cbc_check(base->self, cipher, header, data, plain_len));
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;
    bool fail_now = fails(f, FAILING_SHARE_MAKE);
    enum dtls_status status = base->share_make(base->self, share, group, out);

    f->live += status == DTLS_OK;
    return fail_now ? fail(out, dtls_group_point_len(group))
                    : note(f, FAILING_SHARE_MAKE, status);
}

static enum dtls_status share_agree(void *self, struct dtls_share *share,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes peer)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_SHARE_AGREE)) {
        return fail(out, *out_len);
    }
    return note(f, FAILING_SHARE_AGREE,
                base->share_agree(base->self, share, out, out_len, peer));
}

static enum dtls_status jpake_make(void *self, struct dtls_jpake *jpake,
                                   bool server, struct dtls_bytes password)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;
    bool fail = fails(f, FAILING_JPAKE_MAKE);
    enum dtls_status status =
        base->jpake_make(base->self, jpake, server, password);

    f->live += status == DTLS_OK;
    return fail ? DTLS_INTERNAL_ERROR : note(f, FAILING_JPAKE_MAKE, status);
}

static struct dtls_bytes jpake_hello(void *self,
                                     const struct dtls_jpake *jpake)
{
    const struct failing *f = self;

    return f->base_crypto->jpake_hello(f->base_crypto->self, jpake);
}

static enum dtls_status jpake_take_hello(void *self, struct dtls_jpake *jpake,
                                         const struct dtls_key_kp pair[2])
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_JPAKE_TAKE_HELLO)) {
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_JPAKE_TAKE_HELLO,
                base->jpake_take_hello(base->self, jpake, pair));
}

static enum dtls_status jpake_key(void *self, struct dtls_jpake *jpake,
                                  struct dtls_buf *out)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_JPAKE_KEY)) {
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_JPAKE_KEY, base->jpake_key(base->self, jpake, out));
}

static enum dtls_status jpake_take_key(void *self, struct dtls_jpake *jpake,
                                       const struct dtls_key_kp *kp)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_JPAKE_TAKE_KEY)) {
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_JPAKE_TAKE_KEY,
                base->jpake_take_key(base->self, jpake, kp));
}

static enum dtls_status jpake_agree(void *self, const struct dtls_jpake *jpake,
                                    uint8_t out[DTLS_JPAKE_SECRET_LEN])
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_JPAKE_AGREE)) {
        failing_fill(out, DTLS_JPAKE_SECRET_LEN);
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_JPAKE_AGREE,
                base->jpake_agree(base->self, jpake, out));
}

static void jpake_free(void *self, struct dtls_jpake *jpake)
{
    struct failing *f = self;

    f->live -= jpake->hello_len != 0;
    f->base_crypto->jpake_free(f->base_crypto->self, jpake);
}

static enum dtls_status private_key(void *self, struct dtls_private_key *key,
                                    struct dtls_bytes der)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;
    bool fail = fails(f, FAILING_PRIVATE_KEY);
    enum dtls_status status = base->private_key(base->self, key, der);

    f->live += status == DTLS_OK;
    return fail ? DTLS_INTERNAL_ERROR : note(f, FAILING_PRIVATE_KEY, status);
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes input)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_SIGN)) {
        return fail(out, *out_len);
    }
    return note(f, FAILING_SIGN,
                base->sign(base->self, key, alg, out, out_len, input));
}

static enum dtls_status verify(void *self, const struct dtls_public_key *key,
                               const struct dtls_sigalg *alg,
                               struct dtls_bytes input,
                               struct dtls_bytes signature)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_VERIFY)) {
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_VERIFY,
                base->verify(base->self, key, alg, input, signature));
}

static enum dtls_status check_key(void *self,
                                  const struct dtls_public_key *key)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_CHECK_KEY)) {
        return DTLS_INTERNAL_ERROR;
    }
    return note(f, FAILING_CHECK_KEY, base->check_key(base->self, key));
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_PREMASTER_SEAL)) {
        return fail(out, *out_len);
    }
    return note(
        f, FAILING_PREMASTER_SEAL,
        base->premaster_seal(base->self, key, out, out_len, premaster));
}

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    if (fails(f, FAILING_PREMASTER_OPEN)) {
        return fail(out, DTLS_MASTER_LEN);
    }
    return note(
        f, FAILING_PREMASTER_OPEN,
        base->premaster_open(base->self, key, version, out, encrypted));
}

/* What cannot fail. */

static void hash_update(void *self, struct dtls_hash *hash,
                        struct dtls_bytes data)
{
    const struct dtls_crypto *base = ((struct failing *)self)->base_crypto;

    base->hash_update(base->self, hash, data);
}

static void hash_digest(void *self, const struct dtls_hash *hash, uint8_t *out)
{
    const struct dtls_crypto *base = ((struct failing *)self)->base_crypto;

    base->hash_digest(base->self, hash, out);
}

static void hmac(void *self, const struct dtls_hmac_key *key, uint8_t *out,
                 const struct dtls_bytes *parts, size_t num_parts)
{
    const struct dtls_crypto *base = ((struct failing *)self)->base_crypto;

    base->hmac(base->self, key, out, parts, num_parts);
}

static void cipher_free(void *self, struct dtls_cipher *cipher)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    f->live -= cipher->suite != NULL;
    base->cipher_free(base->self, cipher);
}

static void share_free(void *self, struct dtls_share *share)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    f->live -= share->context != NULL;
    base->share_free(base->self, share);
}

static void private_key_free(void *self, struct dtls_private_key *key)
{
    struct failing *f = self;
    const struct dtls_crypto *base = f->base_crypto;

    f->live -= key->context != NULL;
    base->private_key_free(base->self, key);
}

static void *take(void *self, size_t *size)
{
    struct failing *f = self;
    void *block;

    if (fails(f, FAILING_TAKE)) {
        return NULL;
    }
    block = f->base_store->take(f->base_store->self, size);
    if (block != NULL) {
        f->good_of[FAILING_TAKE]++;
        failing_fill(block, *size);
        *size = f->block_size != 0 ? f->block_size : *size;
    }
    return block;
}

static void give(void *self, void *block)
{
    struct failing *f = self;

    f->base_store->give(f->base_store->self, block);
}

void failing_init(struct failing *f, const struct dtls_crypto *crypto,
                  const struct dtls_store *store)
{
    *f = (struct failing){
        .crypto = {.self = f,
                   .random = random_bytes,
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
                   .cbc_encrypt = cbc_encrypt,
                   .cbc_decrypt = cbc_decrypt,
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
                   .premaster_open = premaster_open},
        .store = {f, take, give},
        .base_crypto = crypto,
        .base_store = store,
    };
}
