/* SPDX-License-Identifier: MIT */
/* libcrypto, recorded (fault/recorded_crypto.h). */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: a provider costs more */

#include "fault/recorded_crypto.h"

#include "kit/kit.h"

#include <openssl/rand.h>
#include <openssl/x509.h>

/* Each call of ours that makes libcrypto draw begins a new sequence, and in it
 * each length has its own: RSA's blinding draws in some calls and not in
 * others. */
static uint64_t calls;
static uint64_t seeds[1024];

static void begin_sequence(void)
{
    uint64_t seed = ++calls;

    for (size_t i = 0; i < LEN(seeds); i++) {
        seeds[i] = kit_next(&seed) | 1;
    }
}

static int rand_bytes(unsigned char *out, int len)
{
    kit_fill(&seeds[(size_t)len % LEN(seeds)], out, (size_t)len);
    return 1;
}

static int rand_status(void)
{
    return 1;
}

/* What a call has answered.  A call is known by the digest of its name and
 * arguments; a newer one takes the place of an older one. */
struct answer {
    uint8_t call[32];
    enum dtls_status status;
    size_t len;
    uint8_t bytes[DTLS_SIGNATURE_MAX];
};
static struct answer answers[512];

#define PARTS_MAX 6

static struct answer *find(const struct dtls_bytes *parts, size_t num,
                           bool *is_known)
{
    uint8_t call[DTLS_HASH_MAX];
    struct answer *answer;
    enum dtls_status status =
        dtls_libcrypto.digest(NULL, call, DTLS_HASH_SHA256, parts, num);

    assert_int_equal(status, DTLS_OK);
    answer = &answers[((size_t)call[0] << 8 | call[1]) % LEN(answers)];
    *is_known = memcmp(answer->call, call, sizeof answer->call) == 0;
    memcpy(answer->call, call, sizeof answer->call);
    return answer;
}

static struct dtls_bytes text(const char *name)
{
    return dtls_bytes_of((const uint8_t *)name, strlen(name));
}

#define KEY_MAX 1024

/* What tells a private key from others: its public one, as DER.  An address
 * would be that of another key later. */
static struct dtls_bytes name_of(const struct dtls_private_key *key,
                                 uint8_t room[KEY_MAX])
{
    uint8_t *end = room;
    int len = i2d_PUBKEY(key->context, NULL);

    assert_true(len > 0 && len <= KEY_MAX);
    assert_int_equal(i2d_PUBKEY(key->context, &end), len);
    return dtls_bytes_of(room, (size_t)len);
}

static struct dtls_bytes number(const uint16_t *value)
{
    return dtls_bytes_of((const uint8_t *)value, sizeof *value);
}

/* The numbers of a public key: those of its type. */
static struct dtls_bytes first_of(const struct dtls_public_key *key)
{
    return key->type == DTLS_KEY_RSA ? key->n : key->point;
}

static enum dtls_status put(const struct answer *answer, uint8_t *out,
                            size_t *out_len)
{
    if (answer->status == DTLS_OK) {
        memcpy(out, answer->bytes, answer->len);
        *out_len = answer->len;
    }
    return answer->status;
}

static enum dtls_status share_make(void *self, struct dtls_share *share,
                                   uint16_t group, uint8_t *out)
{
    begin_sequence();
    return dtls_libcrypto.share_make(self, share, group, out);
}

static enum dtls_status jpake_make(void *self, struct dtls_jpake *jpake,
                                   bool server, struct dtls_bytes password)
{
    begin_sequence();
    return dtls_libcrypto.jpake_make(self, jpake, server, password);
}

static enum dtls_status jpake_key(void *self, struct dtls_jpake *jpake,
                                  struct dtls_buf *out)
{
    begin_sequence();
    return dtls_libcrypto.jpake_key(self, jpake, out);
}

static enum dtls_status sign(void *self, const struct dtls_private_key *key,
                             const struct dtls_sigalg *alg, uint8_t *out,
                             size_t *out_len, struct dtls_bytes input)
{
    uint8_t name[KEY_MAX];
    const struct dtls_bytes parts[] = {text("sign"), name_of(key, name),
                                       number(&alg->id), input};
    bool is_known;
    struct answer *answer = find(parts, LEN(parts), &is_known);

    begin_sequence();
    if (!is_known) {
        answer->len = *out_len;
        answer->status = dtls_libcrypto.sign(self, key, alg, answer->bytes,
                                             &answer->len, input);
    }
    return put(answer, out, out_len);
}

static enum dtls_status verify(void *self, const struct dtls_public_key *key,
                               const struct dtls_sigalg *alg,
                               struct dtls_bytes input,
                               struct dtls_bytes signature)
{
    const struct dtls_bytes parts[PARTS_MAX] = {
        text("verify"),   first_of(key), key->e,
        number(&alg->id), input,         signature};
    bool is_known;
    struct answer *answer = find(parts, LEN(parts), &is_known);

    if (!is_known) {
        answer->status =
            dtls_libcrypto.verify(self, key, alg, input, signature);
    }
    return answer->status;
}

static enum dtls_status premaster_seal(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    const struct dtls_bytes parts[] = {
        text("seal"), key->n, dtls_bytes_of(premaster, DTLS_MASTER_LEN)};
    bool is_known;
    struct answer *answer = find(parts, LEN(parts), &is_known);

    begin_sequence();
    if (!is_known) {
        answer->len = *out_len;
        answer->status = dtls_libcrypto.premaster_seal(
            self, key, answer->bytes, &answer->len, premaster);
    }
    return put(answer, out, out_len);
}

static enum dtls_status premaster_open(void *self,
                                       const struct dtls_private_key *key,
                                       uint16_t version,
                                       uint8_t out[DTLS_MASTER_LEN],
                                       struct dtls_bytes encrypted)
{
    uint8_t name[KEY_MAX];
    const struct dtls_bytes parts[] = {text("open"), name_of(key, name),
                                       number(&version), encrypted};
    bool is_known;
    struct answer *answer = find(parts, LEN(parts), &is_known);
    size_t len;

    begin_sequence();
    if (!is_known) {
        answer->len = DTLS_MASTER_LEN;
        answer->status = dtls_libcrypto.premaster_open(
            self, key, version, answer->bytes, encrypted);
    }
    return put(answer, out, &len);
}

void recorded_prepare(void)
{
    static RAND_METHOD method = {
        .bytes = rand_bytes, .pseudorand = rand_bytes, .status = rand_status};

    begin_sequence();
    (void)RAND_set_rand_method(&method);
}

void recorded_init(struct dtls_crypto *out, const struct dtls_crypto *base)
{
    calls = 0;
    begin_sequence();
    *out = *base;
    out->share_make = share_make;
    out->jpake_make = jpake_make;
    out->jpake_key = jpake_key;
    out->sign = sign;
    out->verify = verify;
    out->premaster_seal = premaster_seal;
    out->premaster_open = premaster_open;
}
