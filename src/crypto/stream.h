/* SPDX-License-Identifier: MIT */
/* Cryptography in the steps of NetX's methods, where struct dtls_crypto has
 * one call.  It serves the method objects (nx_crypto/methods*.c). */
#ifndef DTLS_CRYPTO_STREAM_H
#define DTLS_CRYPTO_STREAM_H

#include "crypto/crypto.h"

/* dtls_hmac_begin starts a MAC under a prepared key, as a hash for
 * dtls_libcrypto's hash_update.  dtls_hmac_end writes the MAC and wipes the
 * hash. */
void dtls_hmac_begin(struct dtls_hash *hash, const struct dtls_hmac_key *key);
void dtls_hmac_end(struct dtls_hash *hash, const struct dtls_hmac_key *key,
                   uint8_t *out);

#define DTLS_STREAM_AAD_MAX 32

/* struct dtls_stream is one cipher under one key, for one message at a time.
 * All zero means "none". */
struct dtls_stream {
    void *context; /* libcrypto's, from make to free */
    enum dtls_cipher_alg alg;
    bool encrypt;
    uint8_t key[DTLS_KEY_MAX];
    uint8_t key_len;
    /* For CCM, whose whole text has to come in one piece. */
    uint8_t nonce[DTLS_NONCE_LEN];
    uint8_t aad[DTLS_STREAM_AAD_MAX];
    uint8_t aad_len;
    uint8_t tag[16];
    size_t text_len;
    bool is_done; /* `tag` is the tag of the text */
};

/* dtls_stream_make takes the key; dtls_stream_free ends it.  It returns
 * DTLS_INTERNAL_ERROR if there is no such cipher with a key of this length. */
DTLS_MUST_USE enum dtls_status dtls_stream_make(struct dtls_stream *s,
                                                enum dtls_cipher_alg alg,
                                                struct dtls_bytes key);
void dtls_stream_free(struct dtls_stream *s);

/* dtls_stream_begin starts a message.  `iv` is CBC's 16 bytes or an AEAD's 12;
 * `text_len` is for CCM.
 *
 * dtls_stream_update encrypts or decrypts the next `len` bytes; `out` may be
 * `in`.  CBC takes whole blocks, CCM the whole text; for any other length it
 * returns DTLS_NO_ROOM.
 *
 * dtls_stream_tag writes the tag of an encrypted message.  dtls_stream_check
 * returns DTLS_DISCARD if `tag`, of 16 bytes or 8, is not the tag of a
 * decrypted one. */
DTLS_MUST_USE enum dtls_status dtls_stream_begin(struct dtls_stream *s,
                                                 bool encrypt,
                                                 const uint8_t *iv,
                                                 struct dtls_bytes aad,
                                                 size_t text_len);
DTLS_MUST_USE enum dtls_status dtls_stream_update(struct dtls_stream *s,
                                                  uint8_t *out,
                                                  const uint8_t *in,
                                                  size_t len);
DTLS_MUST_USE enum dtls_status dtls_stream_tag(struct dtls_stream *s,
                                               uint8_t *out);
DTLS_MUST_USE enum dtls_status dtls_stream_check(struct dtls_stream *s,
                                                 struct dtls_bytes tag);

#endif
