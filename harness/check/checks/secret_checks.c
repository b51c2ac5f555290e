/* SPDX-License-Identifier: MIT */
/* P-GEN-1, row by row: what keys are made of, and what protects a record.  An
 * honest association that comes about shows it, because a target that does one
 * of these otherwise has other keys or other bytes.  The wrong targets do so
 * in one class of suites. */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include <assert.h>
#include <string.h>

/* The runner goes on to the end by itself. */
static void connect_honestly(struct scene *s)
{
    (void)s;
}

/* ---- classes of suites ---- */

static bool suite_is_ccm(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CCM ||
           suite->cipher == DTLS_CIPHER_CCM_8;
}

static bool suite_is_chacha(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CHACHA20;
}

static bool suite_is_gcm_sha384(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_GCM && suite->prf == DTLS_HASH_SHA384;
}

static bool suite_is_psk_gcm(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_GCM && suite_is_psk(suite);
}

/* ---- wrong targets ---- */

/* The class in which the wrong target is wrong. */
static bool (*is_odd)(const struct dtls_suite *suite);

static bool peer_is_odd(const struct peer *peer)
{
    const struct dtls_suite *suite = peer->session.hs.suite;

    return suite != NULL && is_odd(suite);
}

/* Another hash than the suite's. */
static enum dtls_status odd_prf(void *self, uint8_t *out, size_t out_len,
                                enum dtls_hash_alg alg,
                                struct dtls_bytes secret, const char *label,
                                struct dtls_bytes seed1,
                                struct dtls_bytes seed2)
{
    if (peer_is_odd(self)) {
        alg = alg == DTLS_HASH_SHA384 ? DTLS_HASH_SHA256 : DTLS_HASH_SHA384;
    }
    return dtls_libcrypto.prf(NULL, out, out_len, alg, secret, label, seed1,
                              seed2);
}

/* The label's NUL is part of it. */
static enum dtls_status prf_with_nul(void *self, uint8_t *out, size_t out_len,
                                     enum dtls_hash_alg alg,
                                     struct dtls_bytes secret,
                                     const char *label,
                                     struct dtls_bytes seed1,
                                     struct dtls_bytes seed2)
{
    uint8_t seed[1 + DTLS_PRF_SEED_MAX] = {0};

    assert(seed1.len < sizeof seed);
    if (peer_is_odd(self)) {
        memcpy(seed + 1, seed1.data, seed1.len);
        seed1 = dtls_bytes_of(seed, 1 + seed1.len);
    }
    return dtls_libcrypto.prf(NULL, out, out_len, alg, secret, label, seed1,
                              seed2);
}

/* The server's keys come first. */
static enum dtls_status prf_server_first(
    void *self, uint8_t *out, size_t out_len, enum dtls_hash_alg alg,
    struct dtls_bytes secret, const char *label, struct dtls_bytes seed1,
    struct dtls_bytes seed2)
{
    const bool is_block = strcmp(label, "key expansion") == 0;
    const struct peer *peer = self;
    enum dtls_status status = dtls_libcrypto.prf(NULL, out, out_len, alg,
                                                 secret, label, seed1, seed2);

    for (size_t i = 0; is_block && peer_is_odd(peer) && i < 32; i++) {
        uint8_t byte = out[i];

        out[i] = out[32 + i];
        out[32 + i] = byte;
    }
    return status;
}

static enum dtls_status odd_cipher_key(void *self, struct dtls_cipher *cipher,
                                       const struct dtls_suite *suite,
                                       const struct dtls_cipher_keys *keys,
                                       bool seal)
{
    uint8_t salt[16] = {0};
    struct dtls_cipher_keys odd = *keys;

    (void)self;
    if (is_odd(suite)) {
        memcpy(salt, keys->salt.data, keys->salt.len);
        salt[0] ^= 1;
        odd.salt.data = salt;
    }
    return dtls_libcrypto.cipher_key(NULL, cipher, suite, &odd, seal);
}

/* The additional data of a record without its epoch. */
static const uint8_t *odd_aad(const struct peer *peer,
                              const uint8_t aad[DTLS_AAD_LEN],
                              uint8_t out[DTLS_AAD_LEN])
{
    if (!peer_is_odd(peer)) {
        return aad;
    }
    memcpy(out, aad, DTLS_AAD_LEN);
    out[0] = 0;
    out[1] = 0;
    return out;
}

static enum dtls_status odd_seal(void *self, struct dtls_cipher *cipher,
                                 const uint8_t aad[DTLS_AAD_LEN],
                                 struct dtls_span body)
{
    uint8_t other[DTLS_AAD_LEN];

    return dtls_libcrypto.aead_seal(NULL, cipher, odd_aad(self, aad, other),
                                    body);
}

static enum dtls_status odd_open(void *self, struct dtls_cipher *cipher,
                                 const uint8_t aad[DTLS_AAD_LEN],
                                 struct dtls_span body)
{
    uint8_t other[DTLS_AAD_LEN];

    return dtls_libcrypto.aead_open(NULL, cipher, odd_aad(self, aad, other),
                                    body);
}

/* The MAC leaves out what stands in front of it. */
static enum dtls_status odd_mac(void *self, struct dtls_cipher *cipher,
                                uint8_t *out, const struct dtls_bytes *parts,
                                size_t num_parts)
{
    (void)self;
    return dtls_libcrypto.mac(NULL, cipher, out, parts + 1, num_parts - 1);
}

static void hash_otherwise(struct wrong *w,
                           bool (*suits)(const struct dtls_suite *suite))
{
    is_odd = suits;
    w->peer.crypto.prf = odd_prf;
}

static void hash_ccm_otherwise(struct wrong *w)
{
    hash_otherwise(w, suite_is_ccm);
}

static void hash_chacha_otherwise(struct wrong *w)
{
    hash_otherwise(w, suite_is_chacha);
}

static void know_sha256_only(struct wrong *w)
{
    hash_otherwise(w, suite_is_gcm_sha384);
}

static void hash_psk_otherwise(struct wrong *w)
{
    hash_otherwise(w, suite_is_psk_gcm);
}

static void count_the_nul(struct wrong *w)
{
    is_odd = suite_is_ccm;
    w->peer.crypto.prf = prf_with_nul;
}

static void swap_keys(struct wrong *w)
{
    is_odd = suite_is_cbc;
    w->peer.crypto.prf = prf_server_first;
}

static void take_other_salt(struct wrong *w)
{
    is_odd = suite_is_psk_gcm;
    w->peer.crypto.cipher_key = odd_cipher_key;
}

static void take_other_iv(struct wrong *w)
{
    is_odd = suite_is_chacha;
    w->peer.crypto.cipher_key = odd_cipher_key;
}

static void leave_out_epoch(struct wrong *w)
{
    is_odd = suite_is_ccm;
    w->peer.crypto.aead_seal = odd_seal;
    w->peer.crypto.aead_open = odd_open;
}

static void leave_out_header(struct wrong *w)
{
    w->peer.crypto.mac = odd_mac;
}

static const struct check checks[] = {
    {.id = "P-GEN-1.prf_ccm",
     .rows = "D6655-3-3 D5246-5-1",
     .suits = suite_is_ccm,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = hash_ccm_otherwise,
     .shows = "dead"},
    {.id = "P-GEN-1.prf_chacha",
     .rows = "D7905-2-3",
     .suits = suite_is_chacha,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = hash_chacha_otherwise,
     .shows = "dead"},
    {.id = "P-GEN-1.prf_gcm",
     .rows = "D5289-3.2-1",
     .suits = suite_is_gcm_sha384,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = know_sha256_only,
     .shows = "dead"},
    {.id = "P-GEN-1.prf_psk",
     .rows = "D5487-2-2",
     .suits = suite_is_psk_gcm,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = hash_psk_otherwise,
     .shows = "dead"},
    {.id = "P-GEN-1.label",
     .rows = "D5246-5-2",
     .suits = suite_is_ccm,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = count_the_nul,
     .shows = "dead"},
    {.id = "P-GEN-1.key_block",
     .rows = "D5246-6.3-1 D5246-6.3-2",
     .suits = suite_is_cbc,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = swap_keys,
     .shows = "dead"},
    {.id = "P-GEN-1.gcm_nonce",
     .rows = "D5288-3-1",
     .suits = suite_is_psk_gcm,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = take_other_salt,
     .shows = "dead"},
    {.id = "P-GEN-1.chacha_nonce",
     .rows = "D7905-2-4",
     .suits = suite_is_chacha,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = take_other_iv,
     .shows = "dead"},
    {.id = "P-GEN-1.aad",
     .rows = "D5246-6.2.3.3-1 D6347-4.1.2.4-1 D6655-3-4",
     .suits = suite_is_ccm,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = leave_out_epoch,
     .shows = "dead"},
    {.id = "P-GEN-1.mac",
     .rows = "D5246-6.2.3.1-1 D6347-4.1.2.1-1",
     .suits = suite_is_cbc,
     .is_honest = true,
     .play = connect_honestly,
     .strict = "data",
     .wrong = leave_out_header,
     .shows = "dead"},
};

CHECK_FILE(secret)
