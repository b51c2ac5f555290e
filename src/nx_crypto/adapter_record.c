/* SPDX-License-Identifier: MIT */
/* Record protection by methods of the application: AES-CBC, AEAD ciphers and
 * HMAC (nx_crypto/adapter_parts.h). */
#include "nx_crypto/adapter_parts.h"

#include "base/secret.h"

/* Returns the part of a cipher that foreign methods do, or NULL if they do
 * none. */
static struct dtls_nx_cipher *find(struct dtls_nx_adapter *a,
                                   const struct dtls_cipher *cipher)
{
    for (size_t i = 0; i < DTLS_NX_CIPHERS; i++) {
        if (a->ciphers[i].owner == cipher) {
            return &a->ciphers[i];
        }
    }
    return NULL;
}

/* Returns the use of the foreign cipher, or NULL if the cipher is not
 * foreign. */
static struct dtls_nx_use *find_use(struct dtls_nx_adapter *a,
                                    const struct dtls_cipher *cipher)
{
    struct dtls_nx_cipher *c = find(a, cipher);

    return c != NULL && c->cipher.method != NX_NULL ? &c->cipher : NULL;
}

/* Keys a foreign cipher.  libcrypto gets the MAC key all the same: its check
 * of CBC records is the one that takes constant time (cbc_check). */
static enum dtls_status key_foreign(struct dtls_nx_adapter *a,
                                    struct dtls_nx_cipher *c,
                                    struct dtls_cipher *cipher,
                                    const NX_CRYPTO_METHOD *method,
                                    const struct dtls_cipher_keys *keys)
{
    *cipher = (struct dtls_cipher){
        .suite = cipher->suite,
        .mac = keys->mac.len != 0 ? cipher->mac : NX_NULL,
    };
    if (keys->salt.len != 0) {
        NX_SECURE_MEMCPY(cipher->salt, keys->salt.data, keys->salt.len);
    }
    if (keys->mac.len != 0 &&
        (cipher->mac == NX_NULL ||
         a->base->hmac_key(a->base->self, cipher->mac, cipher->suite->mac,
                           keys->mac) != DTLS_OK)) {
        return DTLS_INTERNAL_ERROR;
    }
    return dtls_nx_use_begin(&c->cipher, method,
                             a->cipher_areas[c - a->ciphers], keys->key,
                             8 * keys->key.len);
}

static enum dtls_status cipher_key(void *self, struct dtls_cipher *cipher,
                                   const struct dtls_suite *suite,
                                   const struct dtls_cipher_keys *keys,
                                   bool seal)
{
    struct dtls_nx_adapter *a = self;
    const NX_SECURE_TLS_CIPHERSUITE_INFO *row = dtls_nx_adapter_row(a);
    struct dtls_nx_cipher *c = find(a, NULL);

    if (row == NX_NULL || c == NULL || keys->mac.len > sizeof c->mac_key) {
        return DTLS_INTERNAL_ERROR;
    }
    c->owner = cipher;
    if (suite->mac != DTLS_HASH_NONE &&
        dtls_nx_is_foreign(row->nx_secure_tls_hash)) {
        c->mac = row->nx_secure_tls_hash;
        NX_SECURE_MEMCPY(c->mac_key, keys->mac.data, keys->mac.len);
    }
    if (suite->cipher == DTLS_CIPHER_NULL ||
        !dtls_nx_is_foreign(row->nx_secure_tls_session_cipher)) {
        return a->base->cipher_key(a->base->self, cipher, suite, keys, seal);
    }
    cipher->suite = suite;
    return key_foreign(a, c, cipher, row->nx_secure_tls_session_cipher, keys);
}

static void cipher_free(void *self, struct dtls_cipher *cipher)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_cipher *c = find(a, cipher);

    if (c != NULL) {
        dtls_nx_use_end(&c->cipher);
        dtls_wipe(c, sizeof *c);
    }
    a->base->cipher_free(a->base->self, cipher);
}

/* NetX keys a MAC anew for each record, without init, cleanup or handler, and
 * gives it the header in two pieces. */
static enum dtls_status mac_with(struct dtls_nx_use *use,
                                 struct dtls_bytes key, uint8_t *out,
                                 size_t out_len,
                                 const struct dtls_bytes *parts,
                                 size_t num_parts)
{
    const size_t seq_len = 8;
    struct dtls_bytes rest = parts[0];
    struct dtls_bytes seq = {0};
    enum dtls_status status = dtls_nx_use_op(
        use, NX_CRYPTO_HASH_INITIALIZE,
        (struct dtls_nx_args){.key = key, .key_size = 8 * key.len});

    if (status == DTLS_OK && dtls_get_bytes(&rest, seq_len, &seq)) {
        status = dtls_nx_use_op(use, NX_CRYPTO_HASH_UPDATE,
                                (struct dtls_nx_args){.input = seq});
    }
    for (size_t i = 0; i < num_parts && status == DTLS_OK; i++) {
        status = dtls_nx_use_op(
            use, NX_CRYPTO_HASH_UPDATE,
            (struct dtls_nx_args){.input = i == 0 ? rest : parts[i]});
    }
    if (status != DTLS_OK) {
        return status;
    }
    return dtls_nx_use_op(
        use, NX_CRYPTO_HASH_CALCULATE,
        (struct dtls_nx_args){.output = out, .output_len = out_len});
}

#define CALCULATE_MIN 32 /* bytes of room that NetX always gives */

static enum dtls_status mac(void *self, struct dtls_cipher *cipher,
                            uint8_t *out, const struct dtls_bytes *parts,
                            size_t num_parts)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_cipher *c = find(a, cipher);
    size_t len = dtls_suite_mac_len(cipher->suite);
    uint8_t made[DTLS_HASH_MAX] = {0};
    struct dtls_nx_use use;
    enum dtls_status status;

    if (c == NULL || c->mac == NX_NULL) {
        return a->base->mac(a->base->self, cipher, out, parts, num_parts);
    }
    use = (struct dtls_nx_use){.method = c->mac, .area = a->mac_area};
    status =
        mac_with(&use, dtls_bytes_of(c->mac_key, len), made,
                 len > CALCULATE_MIN ? len : CALCULATE_MIN, parts, num_parts);
    dtls_wipe(a->mac_area.at, a->mac_area.size);
    NX_SECURE_MEMCPY(out, made, len);
    return status;
}

/* The operations of one direction. */
struct ops {
    UINT initialize, update, calculate;
};
static const struct ops encrypt_ops = {NX_CRYPTO_ENCRYPT_INITIALIZE,
                                       NX_CRYPTO_ENCRYPT_UPDATE,
                                       NX_CRYPTO_ENCRYPT_CALCULATE};
static const struct ops decrypt_ops = {NX_CRYPTO_DECRYPT_INITIALIZE,
                                       NX_CRYPTO_DECRYPT_UPDATE,
                                       NX_CRYPTO_DECRYPT_CALCULATE};

/* Processes the text in place, in one piece.  Without text it makes no
 * call. */
static enum dtls_status update(struct dtls_nx_use *use, const struct ops *ops,
                               struct dtls_span data)
{
    if (data.len == 0) {
        return DTLS_OK;
    }
    return dtls_nx_use_op(use, ops->update,
                          (struct dtls_nx_args){.input = dtls_span_bytes(data),
                                                .output = data.data,
                                                .output_len = data.len});
}

/* The body of a record in its parts, and its nonce. */
struct parts {
    uint8_t *explicit_nonce;
    struct dtls_span text;
    struct dtls_span tag;
    uint8_t iv[1 + DTLS_NONCE_LEN]; /* behind its length, as NetX wants it */
};

/* GCM and CCM: salt || explicit.  ChaCha20: salt XOR 0^4 || seq_num. */
static void make_nonce(struct parts *p, const struct dtls_cipher *cipher,
                       const uint8_t eight[8])
{
    bool is_xor = dtls_suite_explicit_len(cipher->suite) == 0;

    p->iv[0] = DTLS_NONCE_LEN;
    NX_SECURE_MEMCPY(p->iv + 1, cipher->salt, DTLS_NONCE_LEN);
    for (size_t i = 0; i < 8; i++) {
        p->iv[5 + i] = is_xor ? p->iv[5 + i] ^ eight[i] : eight[i];
    }
}

static bool cut(struct parts *out, const struct dtls_suite *suite,
                struct dtls_span body)
{
    size_t fixed = dtls_suite_explicit_len(suite) + dtls_suite_tag_len(suite);
    struct dtls_span explicit_nonce;

    if (body.len < fixed ||
        !dtls_take(&body, dtls_suite_explicit_len(suite), &explicit_nonce) ||
        !dtls_take(&body, body.len - dtls_suite_tag_len(suite), &out->text)) {
        return false;
    }
    out->explicit_nonce = explicit_nonce.data;
    out->tag = body;
    return true;
}

/* Does everything but the tag. */
static enum dtls_status run_aead(struct dtls_nx_use *use,
                                 const struct ops *ops, const struct parts *p,
                                 const uint8_t *aad)
{
    enum dtls_status status = dtls_nx_use_op(
        use, ops->initialize,
        (struct dtls_nx_args){.input = dtls_bytes_of(aad, dtls_aad_len(aad)),
                              .iv = p->iv,
                              .output_len = p->text.len});

    return status == DTLS_OK ? update(use, ops, p->text) : status;
}

static enum dtls_status aead_seal(void *self, struct dtls_cipher *cipher,
                                  const uint8_t *aad, struct dtls_span body)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_use *use = find_use(a, cipher);
    struct parts p;
    enum dtls_status status;

    if (use == NULL) {
        return a->base->aead_seal(a->base->self, cipher, aad, body);
    }
    if (!cut(&p, cipher->suite, body)) {
        return DTLS_INTERNAL_ERROR;
    }
    make_nonce(&p, cipher, dtls_aad_seq_num(aad));
    NX_SECURE_MEMCPY(p.explicit_nonce, dtls_aad_seq_num(aad),
                     dtls_suite_explicit_len(cipher->suite));
    status = run_aead(use, &encrypt_ops, &p, aad);
    return status == DTLS_OK
               ? dtls_nx_use_op(use, encrypt_ops.calculate,
                                (struct dtls_nx_args){.output = p.tag.data,
                                                      .output_len = p.tag.len})
               : status;
}

static enum dtls_status aead_open(void *self, struct dtls_cipher *cipher,
                                  const uint8_t *aad, struct dtls_span body)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_use *use = find_use(a, cipher);
    struct parts p;

    if (use == NULL) {
        return a->base->aead_open(a->base->self, cipher, aad, body);
    }
    if (!cut(&p, cipher->suite, body)) {
        return DTLS_DISCARD;
    }
    make_nonce(&p, cipher,
               dtls_suite_explicit_len(cipher->suite) == 0
                   ? dtls_aad_seq_num(aad)
                   : p.explicit_nonce);
    if (run_aead(use, &decrypt_ops, &p, aad) == DTLS_OK &&
        dtls_nx_use_op(use, decrypt_ops.calculate,
                       (struct dtls_nx_args){
                           .input = dtls_span_bytes(p.tag)}) == DTLS_OK) {
        return DTLS_OK;
    }
    dtls_wipe(p.text.data, p.text.len);
    return DTLS_DISCARD;
}

static enum dtls_status cbc_encrypt(void *self, struct dtls_cipher *cipher,
                                    const uint8_t iv[DTLS_CBC_BLOCK],
                                    struct dtls_span data)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_use *use = find_use(a, cipher);
    enum dtls_status status;

    if (use == NULL) {
        return a->base->cbc_encrypt(a->base->self, cipher, iv, data);
    }
    status = dtls_nx_use_op(use, encrypt_ops.initialize,
                            (struct dtls_nx_args){.iv = iv});
    if (status == DTLS_OK) {
        status = update(use, &encrypt_ops, data);
    }
    return status == DTLS_OK ? dtls_nx_use_op(use, encrypt_ops.calculate,
                                              (struct dtls_nx_args){0})
                             : status;
}

/* NetX gives the last operation a pointer to an input of length 0. */
static enum dtls_status cbc_decrypt(void *self, struct dtls_cipher *cipher,
                                    const uint8_t iv[DTLS_CBC_BLOCK],
                                    struct dtls_span data)
{
    struct dtls_nx_adapter *a = self;
    struct dtls_nx_use *use = find_use(a, cipher);

    if (use == NULL) {
        return a->base->cbc_decrypt(a->base->self, cipher, iv, data);
    }
    if (data.len % DTLS_CBC_BLOCK == 0 &&
        dtls_nx_use_op(use, decrypt_ops.initialize,
                       (struct dtls_nx_args){
                           .iv = iv, .output_len = data.len}) == DTLS_OK &&
        update(use, &decrypt_ops, data) == DTLS_OK &&
        dtls_nx_use_op(use, decrypt_ops.calculate,
                       (struct dtls_nx_args){
                           .input = dtls_bytes_of(data.data, 0)}) == DTLS_OK) {
        return DTLS_OK;
    }
    return DTLS_DISCARD;
}

VOID dtls_nx_adapter_fill_record(struct dtls_crypto *crypto)
{
    crypto->cipher_key = cipher_key;
    crypto->cipher_free = cipher_free;
    crypto->mac = mac;
    crypto->aead_seal = aead_seal;
    crypto->aead_open = aead_open;
    crypto->cbc_encrypt = cbc_encrypt;
    crypto->cbc_decrypt = cbc_decrypt;
}
