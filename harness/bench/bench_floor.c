/* SPDX-License-Identifier: MIT */
/* The floor: what libcrypto's operations alone cost, as an application calls
 * them through EVP with every algorithm fetched and every key set before: no
 * message, no copy, no check (bench/bench.h).
 *
 * A handshake has, at both ends, the random bytes, the hash of the transcript,
 * four PRFs, keys for both directions, one record each way, and the operations
 * on its public keys.  Two HMACs are the cookie's. */
#include "bench/bench.h"

#include "crypto/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#define NAME "floor"
#define SECRET_LEN 48
#define DIGEST_LEN 32
#define MAC_KEY_LEN 32
#define FINISHED_LEN 24 /* bytes of a record with a Finished */

static void need(bool done, const char *what)
{
    if (!done) {
        bench_die(NAME, what);
    }
}

/* ---- what is made once ---- */

static const struct dtls_suite *suite;
static EVP_CIPHER *cipher;
static EVP_MD *sha256;
static EVP_MD_CTX *transcript;
static EVP_MD_CTX *transcript_copy;
static EVP_MAC_CTX *hmac;
static bool is_mutual;

static EVP_PKEY *server_key;
static EVP_PKEY *client_key;
static EVP_PKEY *root_key;
static EVP_PKEY *curve;

/* The root's signature in every certificate. */
static uint8_t certificate[512];
static size_t certificate_len;

struct pair {
    EVP_CIPHER_CTX *seal;
    EVP_CIPHER_CTX *open;
    EVP_MAC_CTX *mac[2];
    uint64_t seq;
};

static bool is_cbc(void)
{
    return suite->cipher == DTLS_CIPHER_CBC;
}

static bool is_ccm(void)
{
    return suite->cipher == DTLS_CIPHER_CCM_8;
}

static const char *cipher_name(void)
{
    switch (suite->cipher) {
    case DTLS_CIPHER_GCM:
        return suite->key_len == 16 ? "AES-128-GCM" : "AES-256-GCM";
    case DTLS_CIPHER_CCM:
    case DTLS_CIPHER_CCM_8:
        return "AES-128-CCM";
    case DTLS_CIPHER_CHACHA20:
        return "ChaCha20-Poly1305";
    case DTLS_CIPHER_CBC:
    case DTLS_CIPHER_NULL:
        break;
    }
    return "AES-128-CBC";
}

static EVP_MAC_CTX *make_hmac(void)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};

    need(EVP_MAC_CTX_set_params(context, params) == 1, "HMAC");
    EVP_MAC_free(mac);
    return context;
}

static EVP_PKEY *read_key(const char *pki, const char *name)
{
    FILE *f = name == NULL ? NULL : fopen(bench_path(pki, name, ".key"), "r");
    EVP_PKEY *key =
        f == NULL ? NULL : PEM_read_PrivateKey(f, NULL, NULL, NULL);

    if (f != NULL) {
        (void)fclose(f);
    }
    need(name == NULL || key != NULL, "reading a key");
    return key;
}

/* ---- records ---- */

static uint8_t text[DTLS_PLAINTEXT_MAX + 512];
static uint8_t record_bytes[DTLS_PLAINTEXT_MAX + 512];

static void key_cipher(EVP_CIPHER_CTX *c, const uint8_t *key, int seal)
{
    need(
        EVP_CipherInit_ex2(c, cipher, NULL, NULL, seal, NULL) == 1 &&
            (!is_ccm() ||
             (EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, 8, NULL) == 1)) &&
            EVP_CipherInit_ex2(c, NULL, key, NULL, -1, NULL) == 1 &&
            (!is_cbc() || EVP_CIPHER_CTX_set_padding(c, 0) == 1),
        "setting a key");
}

static struct pair *make_pair(const uint8_t *key)
{
    struct pair *p = calloc(1, sizeof *p);

    need(p != NULL, "making a pair");
    p->seal = EVP_CIPHER_CTX_new();
    p->open = EVP_CIPHER_CTX_new();
    key_cipher(p->seal, key, 1);
    key_cipher(p->open, key, 0);
    for (int i = 0; i < 2 && is_cbc(); i++) {
        p->mac[i] = EVP_MAC_CTX_dup(hmac);
        need(EVP_MAC_init(p->mac[i], key, MAC_KEY_LEN, NULL) == 1, "a MAC");
    }
    return p;
}

static void make_header(uint8_t nonce[16], uint8_t aad[13], uint64_t seq,
                        size_t len)
{
    static const uint8_t salt[16] = {1, 2, 3, 4};

    memcpy(nonce, salt, 16);
    memcpy(nonce + 4, &seq, sizeof seq);
    memset(aad, 0, 13);
    memcpy(aad, &seq, sizeof seq);
    aad[8] = DTLS_APPLICATION_DATA;
    aad[11] = (uint8_t)(len >> 8);
    aad[12] = (uint8_t)len;
}

static size_t tag_len(void)
{
    return is_ccm() ? 8 : 16;
}

/* Seals or opens one AEAD record, its tag at its end. */
static void run_aead(EVP_CIPHER_CTX *c, const uint8_t *nonce,
                     const uint8_t *aad, size_t len, bool seal)
{
    uint8_t *tag = record_bytes + len;
    int written;
    bool ok = true;

    if (!seal) {
        ok = EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, (int)tag_len(),
                                 tag) == 1;
    }
    ok = ok && EVP_CipherInit_ex2(c, NULL, NULL, nonce, -1, NULL) == 1 &&
         (!is_ccm() ||
          EVP_CipherUpdate(c, NULL, &written, NULL, (int)len) == 1) &&
         EVP_CipherUpdate(c, NULL, &written, aad, 13) == 1 &&
         EVP_CipherUpdate(c, record_bytes, &written,
                          seal ? text : record_bytes, (int)len) == 1 &&
         (is_ccm() || EVP_CipherFinal_ex(c, record_bytes, &written) == 1);
    if (seal) {
        ok = ok && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG,
                                       (int)tag_len(), tag) == 1;
    }
    need(ok, "an AEAD record");
}

static void run_mac(EVP_MAC_CTX *mac, const uint8_t *aad, size_t len,
                    uint8_t *out)
{
    size_t written;

    need(EVP_MAC_init(mac, NULL, 0, NULL) == 1 &&
             EVP_MAC_update(mac, aad, 13) == 1 &&
             EVP_MAC_update(mac, record_bytes, len) == 1 &&
             EVP_MAC_final(mac, out, &written, DIGEST_LEN) == 1,
         "a MAC");
}

/* Encrypt-then-MAC: a random IV, the ciphertext, its MAC. */
static void run_cbc(struct pair *p, const uint8_t *aad, size_t len)
{
    size_t padded = len + 16 - len % 16;
    uint8_t *body = record_bytes + 16;
    uint8_t mac[DIGEST_LEN];
    int written;

    memset(text + len, 0, padded - len);
    need(RAND_bytes(record_bytes, 16) == 1 &&
             EVP_CipherInit_ex2(p->seal, NULL, NULL, record_bytes, -1, NULL) ==
                 1 &&
             EVP_CipherUpdate(p->seal, body, &written, text, (int)padded) == 1,
         "a CBC record");
    run_mac(p->mac[0], aad, 16 + padded, body + padded);
    run_mac(p->mac[1], aad, 16 + padded, mac);
    need(CRYPTO_memcmp(mac, body + padded, DIGEST_LEN) == 0 &&
             EVP_CipherInit_ex2(p->open, NULL, NULL, record_bytes, -1, NULL) ==
                 1 &&
             EVP_CipherUpdate(p->open, body, &written, body, (int)padded) == 1,
         "opening a CBC record");
}

static void record(void *pair, size_t len)
{
    struct pair *p = pair;
    uint8_t nonce[16];
    uint8_t aad[13];

    make_header(nonce, aad, p->seq++, len);
    if (is_cbc()) {
        run_cbc(p, aad, len);
        return;
    }
    run_aead(p->seal, nonce, aad, len, true);
    run_aead(p->open, nonce, aad, len, false);
}

static void end(void *pair)
{
    struct pair *p = pair;

    EVP_CIPHER_CTX_free(p->seal);
    EVP_CIPHER_CTX_free(p->open);
    EVP_MAC_CTX_free(p->mac[0]);
    EVP_MAC_CTX_free(p->mac[1]);
    free(p);
}

/* ---- handshakes ---- */

static void run_prf(const uint8_t *secret, size_t secret_len, size_t seed_len,
                    uint8_t *out, size_t out_len)
{
    uint8_t a[DIGEST_LEN];
    uint8_t block[DIGEST_LEN];
    size_t len;
    bool ok = EVP_MAC_init(hmac, secret, secret_len, NULL) == 1 &&
              EVP_MAC_update(hmac, text, seed_len) == 1 &&
              EVP_MAC_final(hmac, a, &len, DIGEST_LEN) == 1;

    for (size_t at = 0; at < out_len && ok; at += DIGEST_LEN) {
        ok = (at == 0 || (EVP_MAC_init(hmac, NULL, 0, NULL) == 1 &&
                          EVP_MAC_update(hmac, a, DIGEST_LEN) == 1 &&
                          EVP_MAC_final(hmac, a, &len, DIGEST_LEN) == 1)) &&
             EVP_MAC_init(hmac, NULL, 0, NULL) == 1 &&
             EVP_MAC_update(hmac, a, DIGEST_LEN) == 1 &&
             EVP_MAC_update(hmac, text, seed_len) == 1 &&
             EVP_MAC_final(hmac, block, &len, DIGEST_LEN) == 1;
        len = out_len - at < DIGEST_LEN ? out_len - at : DIGEST_LEN;
        memcpy(out + at, block, len);
    }
    need(ok, "a PRF");
}

/* The bytes of our handshakes' messages. */
static size_t transcript_len(void)
{
    if (dtls_suite_is_psk(suite)) {
        return 330;
    }
    return is_mutual ? 1750 : suite->kx == DTLS_KX_ECDHE_ECDSA ? 1100 : 1600;
}

static void hash_transcript(void)
{
    uint8_t digest[DIGEST_LEN];
    bool ok = EVP_DigestInit_ex2(transcript, sha256, NULL) == 1 &&
              EVP_DigestUpdate(transcript, text, transcript_len()) == 1;

    /* For the master secret and both Finished. */
    for (int i = 0; i < 3 && ok; i++) {
        ok = EVP_MD_CTX_copy_ex(transcript_copy, transcript) == 1 &&
             EVP_DigestFinal_ex(transcript_copy, digest, NULL) == 1;
    }
    need(ok, "a transcript");
}

static void run_cookie(void)
{
    uint8_t mac[DIGEST_LEN];
    size_t len;

    need(EVP_MAC_init(hmac, text, DIGEST_LEN, NULL) == 1 &&
             EVP_MAC_update(hmac, text, 128) == 1 &&
             EVP_MAC_final(hmac, mac, &len, DIGEST_LEN) == 1,
         "a cookie");
}

/* Does what one end does with symmetric cryptography.  The lengths are those
 * of the labels and seeds of RFC 5246. */
static struct pair *run_symmetric(void)
{
    uint8_t out[160];
    uint8_t secret[SECRET_LEN];
    struct pair *p;

    need(RAND_bytes(out, 32) == 1, "random bytes");
    hash_transcript();
    run_prf(out, 36, 22 + 32, secret, SECRET_LEN);
    run_prf(secret, SECRET_LEN, 13 + 64, out,
            2 * ((is_cbc() ? MAC_KEY_LEN : 0u) + suite->key_len + 4u));
    run_prf(secret, SECRET_LEN, 15 + 32, out, 12);
    run_prf(secret, SECRET_LEN, 15 + 32, out, 12);
    p = make_pair(secret);
    record(p, FINISHED_LEN);
    return p;
}

static EVP_PKEY *make_share(uint8_t point[65])
{
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, curve, NULL);
    EVP_PKEY *key = NULL;
    size_t len;

    need(EVP_PKEY_keygen_init(c) == 1 && EVP_PKEY_generate(c, &key) == 1 &&
             EVP_PKEY_get_octet_string_param(
                 key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, 65, &len) ==
                 1,
         "a key share");
    EVP_PKEY_CTX_free(c);
    return key;
}

static void agree(EVP_PKEY *own, const uint8_t point[65])
{
    EVP_PKEY *peer = EVP_PKEY_new();
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    uint8_t secret[DIGEST_LEN];
    size_t len = sizeof secret;

    need(EVP_PKEY_copy_parameters(peer, curve) == 1 &&
             EVP_PKEY_set1_encoded_public_key(peer, point, 65) == 1 &&
             EVP_PKEY_derive_init(c) == 1 &&
             EVP_PKEY_derive_set_peer_ex(c, peer, 0) == 1 &&
             EVP_PKEY_derive(c, secret, &len) == 1,
         "a key agreement");
    EVP_PKEY_CTX_free(c);
    EVP_PKEY_free(peer);
}

static void run_ecdhe(void)
{
    uint8_t points[2][65];
    EVP_PKEY *a = make_share(points[0]);
    EVP_PKEY *b = make_share(points[1]);

    agree(a, points[1]);
    agree(b, points[0]);
    EVP_PKEY_free(a);
    EVP_PKEY_free(b);
}

/* Signs or verifies. */
static void run_signature(EVP_PKEY *key, uint8_t *signature,
                          size_t *signature_len, bool sign)
{
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool is_rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
    bool ok = (sign ? EVP_PKEY_sign_init(c) : EVP_PKEY_verify_init(c)) == 1 &&
              (!is_rsa || EVP_PKEY_CTX_set_signature_md(c, sha256) == 1);

    if (ok && sign) {
        ok = EVP_PKEY_sign(c, signature, signature_len, text, DIGEST_LEN) == 1;
    } else if (ok) {
        ok = EVP_PKEY_verify(c, signature, *signature_len, text, DIGEST_LEN) ==
             1;
    }
    need(ok, "a signature");
    EVP_PKEY_CTX_free(c);
}

/* One end signs, and the other verifies that and the certificate. */
static void run_authentication(EVP_PKEY *key)
{
    uint8_t signature[512];
    size_t len = sizeof signature;

    run_signature(root_key, certificate, &certificate_len, false);
    if (suite->kx != DTLS_KX_RSA) {
        run_signature(key, signature, &len, true);
        run_signature(key, signature, &len, false);
    }
}

static void run_rsa_exchange(void)
{
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, server_key, NULL);
    uint8_t sealed[512];
    uint8_t opened[512];
    size_t sealed_len = sizeof sealed;
    size_t opened_len = sizeof opened;

    need(EVP_PKEY_encrypt_init(c) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_encrypt(c, sealed, &sealed_len, text, SECRET_LEN) == 1 &&
             EVP_PKEY_decrypt_init(c) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_decrypt(c, opened, &opened_len, sealed, sealed_len) == 1,
         "an RSA key exchange");
    EVP_PKEY_CTX_free(c);
}

static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    (void)longest;
    suite = dtls_suite_find(kind->suite);
    cipher = EVP_CIPHER_fetch(NULL, cipher_name(), NULL);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    transcript = EVP_MD_CTX_new();
    transcript_copy = EVP_MD_CTX_new();
    hmac = make_hmac();
    server_key = read_key(pki, kind->server);
    client_key = read_key(pki, kind->client);
    root_key = read_key(pki, kind->root);
    curve = EVP_EC_gen("P-256");
    is_mutual = kind->client != NULL;
    if (root_key != NULL) {
        certificate_len = sizeof certificate;
        run_signature(root_key, certificate, &certificate_len, true);
    }
    return true;
}

static void finish(void)
{
    EVP_CIPHER_free(cipher);
    EVP_MD_free(sha256);
    EVP_MD_CTX_free(transcript);
    EVP_MD_CTX_free(transcript_copy);
    EVP_MAC_CTX_free(hmac);
    EVP_PKEY_free(server_key);
    EVP_PKEY_free(client_key);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(curve);
}

static void *connect_pair(void)
{
    run_cookie();
    run_cookie();
    end(run_symmetric());
    if (dtls_suite_is_ecdhe(suite)) {
        run_ecdhe();
    }
    if (dtls_suite_has_certificate(suite)) {
        run_authentication(server_key);
    }
    if (is_mutual) {
        run_authentication(client_key);
    }
    if (suite->kx == DTLS_KX_RSA) {
        run_rsa_exchange();
    }
    return run_symmetric();
}

const struct bench_lib bench_floor = {NAME, begin, connect_pair, record,
                                      NULL, NULL,  end,          finish};
