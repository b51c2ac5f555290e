/* SPDX-License-Identifier: MIT */
/* The engine's one interface to cryptography.
 *
 * The engine calls `struct dtls_crypto` and nothing else; libcrypto.c
 * implements it with OpenSSL's libcrypto.
 *
 * The caller supplies the storage.  Only what libcrypto itself must own
 * (cipher contexts, keys) lives on the heap, from the call that makes it to
 * the call that frees it.
 *
 * Unless a comment says more, a function fails only if libcrypto does
 * (DTLS_INTERNAL_ERROR), and its outputs are then undefined but safe to wipe
 * and to free. */
#ifndef DTLS_CRYPTO_CRYPTO_H
#define DTLS_CRYPTO_CRYPTO_H

#include "crypto/key_kp.h"
#include "crypto/suites.h"

#define DTLS_HASH_MAX 64       /* bytes of the longest digest                */
#define DTLS_MAC_MAX 48        /* bytes of the longest record MAC            */
#define DTLS_KEY_MAX 32        /* bytes of the longest cipher key            */
#define DTLS_POINT_MAX 133     /* bytes of the longest key-exchange point    */
#define DTLS_SHARED_MAX 66     /* bytes of the longest ECDHE secret          */
#define DTLS_ED25519_LEN 32    /* bytes of an Ed25519 public key             */
#define DTLS_MASTER_LEN 48     /* RFC 5246, 8.1                              */
#define DTLS_PRF_OUT_MAX 16384 /* bytes; an exporter may be long */
#define DTLS_PRF_SEED_MAX 578  /* two randoms, exporter context: keys.c */
#define DTLS_SIGNATURE_MAX 512 /* bytes: RSA-4096 */
/* EC-JPAKE: bytes of round one, and of what it agrees on. */
#define DTLS_JPAKE_HELLO_MAX (2 * DTLS_KEY_KP_MAX)
#define DTLS_JPAKE_SECRET_LEN 32
#define DTLS_CBC_BLOCK 16   /* bytes, also of the IV                      */
#define DTLS_AAD_LEN 13     /* seq_num, type, version, length             */
#define DTLS_CID_MAX 255    /* bytes of a connection id (RFC 9146, 3)     */
#define DTLS_OWN_CID_MAX 32 /* of one that we ask a peer to use           */
#define DTLS_AAD_MAX (23 + DTLS_CID_MAX) /* with a connection id */

/* The additional data of a record says itself how long it is.  With a
 * connection id, tls12_cid stands where the type does in any other, and the
 * id's length behind it (RFC 9146, 5.3):
 *
 *   8 * ff || 25 || u8 length of id || 25 || version || seq_num || id ||
 * length
 *
 * dtls_aad_len returns its length, and dtls_aad_seq_num the place of seq_num,
 * 8 bytes in both forms. */
#define DTLS_AAD_CID 25
static inline size_t dtls_aad_len(const uint8_t *aad)
{
    return aad[8] == DTLS_AAD_CID ? 23u + aad[9] : DTLS_AAD_LEN;
}

static inline const uint8_t *dtls_aad_seq_num(const uint8_t *aad)
{
    return aad[8] == DTLS_AAD_CID ? aad + 13 : aad;
}

/* struct dtls_hash is a running hash, without heap.  Plain assignment copies
 * it, dtls_wipe ends it. */
struct dtls_hash {
    enum dtls_hash_alg alg;
    uint64_t state[28];
};

/* struct dtls_hmac_key is an HMAC key, hashed once, without heap.  Wipe it
 * where its life ends. */
struct dtls_hmac_key {
    enum dtls_hash_alg alg;
    uint64_t inner[8];
    uint64_t outer[8];
};

/* struct dtls_cipher is one direction of record protection.  All zero means
 * "no key". */
struct dtls_cipher {
    const struct dtls_suite *suite;
    void *context; /* libcrypto's, NULL for the NULL cipher                */
    /* CBC and NULL: the caller's room for the MAC key, which it sets before
     * cipher_key.  Other suites do not need it. */
    struct dtls_hmac_key *mac;
    /* AEAD: the IV of the key block, the part of every nonce that is not
     * sent. */
    uint8_t salt[DTLS_NONCE_LEN];
};

/* struct dtls_cipher_keys is the keys of one direction, borrowed for the call
 * (RFC 5246, 6.3). */
struct dtls_cipher_keys {
    struct dtls_bytes mac;
    struct dtls_bytes key;
    struct dtls_bytes salt; /* AEAD: the IV of the key block */
};

/* struct dtls_public_key is a public key as a certificate states it.
 * Everything is borrowed. */
struct dtls_public_key {
    enum dtls_key_type type;
    uint16_t group;          /* EC: NamedGroup                            */
    struct dtls_bytes point; /* EC: 04 || X || Y; Ed25519: the key        */
    struct dtls_bytes n;     /* RSA: modulus, no leading zero byte        */
    struct dtls_bytes e;     /* RSA: public exponent, the same            */
};

/* struct dtls_private_key is a private key of ours.  All zero means "no
 * key". */
struct dtls_private_key {
    enum dtls_key_type type;
    uint16_t group; /* EC: NamedGroup                                   */
    void *context;  /* libcrypto's                                      */
    /* NULL, or the holder of a key that libcrypto cannot read; `context` is
     * then NULL. */
    void *handle;
};

/* struct dtls_share is one side of an ephemeral key exchange.  All zero means
 * "none". */
struct dtls_share {
    uint16_t group;
    void *context; /* libcrypto's                                          */
};

/* struct dtls_jpake is one side of an EC-JPAKE exchange.  All zero means
 * "none".  Numbers and points are libcrypto's. */
struct dtls_jpake {
    struct bignum_ctx *context;
    struct bignum_st *second;   /* the private key of own[1] */
    struct bignum_st *password; /* modulo the group's order, not 0 */
    struct ec_point_st *own[2]; /* X1 and X2 of a client, X3 and X4 */
    struct ec_point_st *peer[2];
    struct ec_point_st *peer_third; /* of its round two */
    bool server;
    uint16_t hello_len;                  /* 0: there is no exchange */
    uint8_t hello[DTLS_JPAKE_HELLO_MAX]; /* our round one */
};

/* dtls_private_key_share returns a static EC key as one side of a key
 * exchange, for share_agree alone.  The share borrows the key and must not be
 * freed. */
static inline struct dtls_share dtls_private_key_share(
    const struct dtls_private_key *key)
{
    return (struct dtls_share){key->group, key->context};
}

struct dtls_crypto {
    /* First argument of every function below. */
    void *self;

    /* random fills `out` with unpredictable bytes. */
    DTLS_MUST_USE enum dtls_status (*random)(void *self, uint8_t *out,
                                             size_t len);

    /* digest writes dtls_hash_len(alg) bytes: the hash of `num_parts` byte
     * strings one after the other. */
    DTLS_MUST_USE enum dtls_status (*digest)(void *self, uint8_t *out,
                                             enum dtls_hash_alg alg,
                                             const struct dtls_bytes *parts,
                                             size_t num_parts);

    /* hash_start begins the hash of a transcript.  One hash runs at a time for
     * each algorithm; a new one ends the one before.
     *
     * hash_update adds bytes; it cannot fail.
     *
     * hash_digest writes dtls_hash_len(alg) bytes for the bytes so far and
     * leaves the hash running. */
    DTLS_MUST_USE enum dtls_status (*hash_start)(void *self,
                                                 struct dtls_hash *hash,
                                                 enum dtls_hash_alg alg);
    void (*hash_update)(void *self, struct dtls_hash *hash,
                        struct dtls_bytes data);
    void (*hash_digest)(void *self, const struct dtls_hash *hash,
                        uint8_t *out);

    /* hmac_key prepares a key of any length; hmac writes the MAC of
     * `num_parts` byte strings one after the other. */
    DTLS_MUST_USE enum dtls_status (*hmac_key)(void *self,
                                               struct dtls_hmac_key *key,
                                               enum dtls_hash_alg alg,
                                               struct dtls_bytes secret);
    void (*hmac)(void *self, const struct dtls_hmac_key *key, uint8_t *out,
                 const struct dtls_bytes *parts, size_t num_parts);

    /* prf writes PRF(secret, label, seed1 || seed2) of RFC 5246, 5, with
     * P_<alg>.  `label` is ASCII, its NUL left out.  out_len is at most
     * DTLS_PRF_OUT_MAX; the seeds together have at most DTLS_PRF_SEED_MAX
     * bytes. */
    DTLS_MUST_USE enum dtls_status (*prf)(
        void *self, uint8_t *out, size_t out_len, enum dtls_hash_alg alg,
        struct dtls_bytes secret, const char *label, struct dtls_bytes seed1,
        struct dtls_bytes seed2);

    /* cipher_key makes `cipher` ready for one direction of `suite`, to seal or
     * to open.
     *
     * cipher_free frees the context and wipes the keys; the cipher is then all
     * zero.  An all-zero cipher may be freed. */
    DTLS_MUST_USE enum dtls_status (*cipher_key)(
        void *self, struct dtls_cipher *cipher, const struct dtls_suite *suite,
        const struct dtls_cipher_keys *keys, bool seal);
    void (*cipher_free)(void *self, struct dtls_cipher *cipher);

    /* mac writes the record MAC of `num_parts` byte strings one after the
     * other, dtls_suite_mac_len bytes, under the cipher's MAC key. */
    DTLS_MUST_USE enum dtls_status (*mac)(void *self,
                                          struct dtls_cipher *cipher,
                                          uint8_t *out,
                                          const struct dtls_bytes *parts,
                                          size_t num_parts);

    /* aead_seal and aead_open work in place on the body of a record, explicit
     * nonce || text || tag (RFC 5246, 6.2.3.3).  `aad` is seq_num || type ||
     * version || length, or the form with a connection id (dtls_aad_len), with
     * the text's length.  All records of a cipher have one form.
     *
     * aead_seal takes the text and writes the other two.  The nonce is made of
     * the salt and seq_num (RFC 5288, 3; RFC 6655, 3; RFC 7905, 2), so it is
     * used twice only if the caller seals twice with one seq_num.
     *
     * aead_open takes the explicit nonce from the body.  It returns
     * DTLS_DISCARD if the tag is wrong or the body is too short for nonce and
     * tag; the text is then zero. */
    DTLS_MUST_USE enum dtls_status (*aead_seal)(void *self,
                                                struct dtls_cipher *cipher,
                                                const uint8_t *aad,
                                                struct dtls_span body);
    DTLS_MUST_USE enum dtls_status (*aead_open)(void *self,
                                                struct dtls_cipher *cipher,
                                                const uint8_t *aad,
                                                struct dtls_span body);

    /* cbc_encrypt and cbc_decrypt work in place on whole blocks, without any
     * padding of their own.  cbc_decrypt returns DTLS_DISCARD for any other
     * input. */
    DTLS_MUST_USE enum dtls_status (*cbc_encrypt)(
        void *self, struct dtls_cipher *cipher,
        const uint8_t iv[DTLS_CBC_BLOCK], struct dtls_span data);
    DTLS_MUST_USE enum dtls_status (*cbc_decrypt)(
        void *self, struct dtls_cipher *cipher,
        const uint8_t iv[DTLS_CBC_BLOCK], struct dtls_span data);

    /* cbc_check takes the output of cbc_decrypt, plaintext || MAC || padding
     * of MAC-then-encrypt (RFC 5246, 6.2.3.2), checks padding and MAC and
     * writes the plaintext's length.  `header` is what stands before the
     * plaintext under the MAC, in one of the forms of `aad`; cbc_check fills
     * in its length field.
     *
     * It returns DTLS_DISCARD if padding or MAC is wrong; *plain_len is then
     * 0.  Time and memory access tell neither which of them is wrong nor the
     * padding's length. */
    DTLS_MUST_USE enum dtls_status (*cbc_check)(void *self,
                                                struct dtls_cipher *cipher,
                                                const uint8_t *header,
                                                struct dtls_bytes data,
                                                size_t *plain_len);

    /* share_make makes an ephemeral key and writes its public value,
     * dtls_group_point_len bytes.
     *
     * share_agree writes the shared secret and keeps its leading zeros
     * (RFC 8422, 5.10).  It returns DTLS_ILLEGAL_PARAMETER if `peer` is not a
     * usable public value of the group.
     *
     * share_free frees the share, which is then all zero. */
    DTLS_MUST_USE enum dtls_status (*share_make)(void *self,
                                                 struct dtls_share *share,
                                                 uint16_t group, uint8_t *out);
    DTLS_MUST_USE enum dtls_status (*share_agree)(void *self,
                                                  struct dtls_share *share,
                                                  uint8_t *out,
                                                  size_t *out_len,
                                                  struct dtls_bytes peer);
    void (*share_free)(void *self, struct dtls_share *share);

    /* An EC-JPAKE exchange.  Its calls come in this order, jpake_key before or
     * after jpake_take_key.  The first one that fails ends the exchange.
     *
     * jpake_make draws our keys of round one.  It borrows the password for the
     * call, and fails also if it is 0 modulo the group's order.
     *
     * jpake_hello returns our round one, two KeyKP, the same each time; the
     * exchange owns it.
     *
     * jpake_take_hello takes the peer's round one.  jpake_key appends our
     * KeyKP of round two; jpake_take_key takes the peer's.
     *
     * jpake_agree writes the premaster secret.  It is the peer's, too, if the
     * peer has the same password; nothing here tells whether it has.
     *
     * The last four return DTLS_BAD_PROOF for anything of the peer's that does
     * not verify.
     *
     * jpake_free frees and wipes the exchange, which is then all zero. */
    DTLS_MUST_USE enum dtls_status (*jpake_make)(void *self,
                                                 struct dtls_jpake *jpake,
                                                 bool server,
                                                 struct dtls_bytes password);
    struct dtls_bytes (*jpake_hello)(void *self,
                                     const struct dtls_jpake *jpake);
    DTLS_MUST_USE enum dtls_status (*jpake_take_hello)(
        void *self, struct dtls_jpake *jpake,
        const struct dtls_key_kp pair[2]);
    DTLS_MUST_USE enum dtls_status (*jpake_key)(void *self,
                                                struct dtls_jpake *jpake,
                                                struct dtls_buf *out);
    DTLS_MUST_USE enum dtls_status (*jpake_take_key)(
        void *self, struct dtls_jpake *jpake, const struct dtls_key_kp *kp);
    DTLS_MUST_USE enum dtls_status (*jpake_agree)(
        void *self, const struct dtls_jpake *jpake,
        uint8_t out[DTLS_JPAKE_SECRET_LEN]);
    void (*jpake_free)(void *self, struct dtls_jpake *jpake);

    /* private_key reads a key of ours: PKCS#1, SEC1 or PKCS#8, DER.  It
     * returns DTLS_DECODE_ERROR if the key is none of them or of no use here.
     *
     * private_key_free frees and wipes the key, which is then all zero. */
    DTLS_MUST_USE enum dtls_status (*private_key)(void *self,
                                                  struct dtls_private_key *key,
                                                  struct dtls_bytes der);
    void (*private_key_free)(void *self, struct dtls_private_key *key);

    /* sign writes a signature over `input`: the digest under the pair's hash
     * or, if the pair has none, the message itself.  *out_len is the room on
     * entry and the length on exit.  It returns DTLS_INTERNAL_ERROR also if
     * the pair does not fit the key.
     *
     * verify returns DTLS_DECRYPT_ERROR if the signature is not right, also if
     * the key is unusable or does not fit the pair.
     *
     * check_key returns DTLS_BAD_CERTIFICATE unless the key is usable at all:
     * a point of its curve, a modulus and exponent within our bounds. */
    DTLS_MUST_USE enum dtls_status (*sign)(void *self,
                                           const struct dtls_private_key *key,
                                           const struct dtls_sigalg *alg,
                                           uint8_t *out, size_t *out_len,
                                           struct dtls_bytes input);
    DTLS_MUST_USE enum dtls_status (*verify)(void *self,
                                             const struct dtls_public_key *key,
                                             const struct dtls_sigalg *alg,
                                             struct dtls_bytes input,
                                             struct dtls_bytes signature);
    DTLS_MUST_USE enum dtls_status (*check_key)(
        void *self, const struct dtls_public_key *key);

    /* premaster_seal encrypts the 48 bytes to the server's RSA key, PKCS#1
     * v1.5.  *out_len is as for sign.  It returns DTLS_BAD_CERTIFICATE if the
     * key is unusable.
     *
     * premaster_open is the inverse (RFC 5246, 7.4.7.1).  For wrong padding, a
     * wrong length or a wrong version it gives 48 bytes that look like any
     * other; neither its status nor its time tells.  `version` is what the
     * ClientHello offered and becomes the first two bytes. */
    DTLS_MUST_USE enum dtls_status (*premaster_seal)(
        void *self, const struct dtls_public_key *key, uint8_t *out,
        size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN]);
    DTLS_MUST_USE enum dtls_status (*premaster_open)(
        void *self, const struct dtls_private_key *key, uint16_t version,
        uint8_t out[DTLS_MASTER_LEN], struct dtls_bytes encrypted);
};

/* dtls_libcrypto is the implementation with libcrypto.  It has no state of its
 * own to set up. */
extern const struct dtls_crypto dtls_libcrypto;

#endif
