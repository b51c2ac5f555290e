/* SPDX-License-Identifier: MIT */
/* AES-CBC, GCM and CCM of foreign.h. */
#include "foreign_internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* CCM is CTR here, and the tag that of the plaintext encrypted once more:
 * libcrypto wants the tag before it decrypts, NetX gives it at the end. */
struct cipher {
    EVP_CIPHER_CTX *context;
    UCHAR key[32];
    UCHAR nonce[12];
    UCHAR aad[13];
    UCHAR *text; /* CCM: where the plaintext went or came from */
    ULONG text_len;
    UCHAR tag[16];
};

static enum foreign_kind kind_of(const NX_CRYPTO_METHOD *method)
{
    switch (method->nx_crypto_algorithm) {
    case NX_CRYPTO_ENCRYPTION_AES_CBC:
        return FOREIGN_CBC;
    case NX_CRYPTO_ENCRYPTION_AES_GCM_16:
        return FOREIGN_GCM;
    default:
        return FOREIGN_CCM;
    }
}

static const EVP_CIPHER *evp_of(const NX_CRYPTO_METHOD *method)
{
    enum foreign_kind kind = kind_of(method);

    if (kind == FOREIGN_CBC) {
        return method->nx_crypto_key_size_in_bits == 256 ? EVP_aes_256_cbc()
                                                         : EVP_aes_128_cbc();
    }
    return kind == FOREIGN_GCM ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
}

static UINT cipher_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                        NX_CRYPTO_KEY_SIZE key_bits, VOID **handler,
                        VOID *metadata, ULONG size)
{
    struct cipher c = {0};

    (void)handler;
    foreign_expect(key_bits == method->nx_crypto_key_size_in_bits,
                   "the cipher key has the method's size");
    if (!foreign_called(kind_of(method), 0) ||
        !foreign_area(metadata, size, sizeof c)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(c.key, key, key_bits / 8);
    c.context = EVP_CIPHER_CTX_new();
    memcpy(metadata, &c, sizeof c);
    foreign.live++;
    return NX_CRYPTO_SUCCESS;
}

static UINT cipher_cleanup(VOID *metadata)
{
    struct cipher c;

    memcpy(&c, metadata, sizeof c);
    EVP_CIPHER_CTX_free(c.context);
    memset(metadata, 0, sizeof c);
    foreign.live--;
    return NX_CRYPTO_SUCCESS;
}

/* The arguments of one operation. */
struct io {
    UCHAR *input;
    ULONG input_len;
    UCHAR *iv;
    UCHAR *output;
    ULONG output_len;
};

static bool cbc_begin(struct cipher *c, const NX_CRYPTO_METHOD *method,
                      bool encrypt, const struct io *io)
{
    foreign_expect(io->input == NX_NULL && io->iv != NX_NULL,
                   "CBC begins with an IV");
    return EVP_CipherInit_ex(c->context, evp_of(method), NULL, c->key, io->iv,
                             encrypt) == 1 &&
           EVP_CIPHER_CTX_set_padding(c->context, 0) == 1;
}

static bool aead_begin(struct cipher *c, const NX_CRYPTO_METHOD *method,
                       bool encrypt, const struct io *io)
{
    UCHAR counter[16] = {2}; /* CCM, L = 3: the first block of text is 1 */
    int len;

    if (!foreign_expect(io->iv != NX_NULL && io->iv[0] == 12 &&
                            io->input_len == sizeof c->aad,
                        "an AEAD begins with 12 and a nonce, and 13 bytes")) {
        return false;
    }
    memcpy(c->nonce, io->iv + 1, sizeof c->nonce);
    memcpy(c->aad, io->input, sizeof c->aad);
    c->text_len = 0;
    if (kind_of(method) == FOREIGN_CCM) {
        foreign_expect(io->output_len == (ULONG)(c->aad[11] << 8 | c->aad[12]),
                       "CCM knows the length of its text");
        memcpy(counter + 1, c->nonce, sizeof c->nonce);
        counter[15] = 1;
        return EVP_CipherInit_ex(c->context, evp_of(method), NULL, c->key,
                                 counter, encrypt) == 1;
    }
    return EVP_CipherInit_ex(c->context, evp_of(method), NULL, c->key,
                             c->nonce, encrypt) == 1 &&
           EVP_CipherUpdate(c->context, NULL, &len, c->aad, sizeof c->aad) ==
               1;
}

/* The tag of what has been encrypted before or decrypted now. */
static bool ccm_tag(struct cipher *c, const NX_CRYPTO_METHOD *method,
                    const UCHAR *plain, UCHAR *tag)
{
    int tag_len = method->nx_crypto_ICV_size_in_bits / 8;
    EVP_CIPHER_CTX *ccm = EVP_CIPHER_CTX_new();
    UCHAR *out = malloc(c->text_len + 1);
    int len;
    bool is_done =
        EVP_EncryptInit_ex(ccm, EVP_aes_128_ccm(), NULL, NULL, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(ccm, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(ccm, EVP_CTRL_AEAD_SET_TAG, tag_len, NULL) == 1 &&
        EVP_EncryptInit_ex(ccm, NULL, NULL, c->key, c->nonce) == 1 &&
        EVP_EncryptUpdate(ccm, NULL, &len, NULL, (int)c->text_len) == 1 &&
        EVP_EncryptUpdate(ccm, NULL, &len, c->aad, sizeof c->aad) == 1 &&
        EVP_EncryptUpdate(ccm, out, &len, plain, (int)c->text_len) == 1 &&
        EVP_CIPHER_CTX_ctrl(ccm, EVP_CTRL_AEAD_GET_TAG, tag_len, tag) == 1;

    free(out);
    EVP_CIPHER_CTX_free(ccm);
    return is_done;
}

static bool update(struct cipher *c, const NX_CRYPTO_METHOD *method,
                   bool encrypt, const struct io *io)
{
    int len;

    foreign_expect(io->input_len == io->output_len && io->iv == NX_NULL,
                   "text in, as much text out");
    if (kind_of(method) == FOREIGN_CCM) {
        c->text = io->output;
        c->text_len = io->input_len;
        if (encrypt && !ccm_tag(c, method, io->input, c->tag)) {
            return false;
        }
    }
    return EVP_CipherUpdate(c->context, io->output, &len, io->input,
                            (int)io->input_len) == 1;
}

static UINT make_tag(struct cipher *c, const NX_CRYPTO_METHOD *method,
                     const struct io *io)
{
    ULONG tag_len = method->nx_crypto_ICV_size_in_bits / 8u;
    UCHAR nothing[16];
    int len;

    foreign_expect(io->output_len == tag_len && io->input == NX_NULL,
                   "room for the tag");
    if (kind_of(method) == FOREIGN_GCM) {
        return EVP_EncryptFinal_ex(c->context, nothing, &len) == 1 &&
                       EVP_CIPHER_CTX_ctrl(c->context, EVP_CTRL_AEAD_GET_TAG,
                                           (int)tag_len, io->output) == 1
                   ? NX_CRYPTO_SUCCESS
                   : NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (c->text_len == 0 && !ccm_tag(c, method, nothing, c->tag)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(io->output, c->tag, tag_len);
    return NX_CRYPTO_SUCCESS;
}

static UINT check_tag(struct cipher *c, const NX_CRYPTO_METHOD *method,
                      const struct io *io)
{
    ULONG tag_len = method->nx_crypto_ICV_size_in_bits / 8u;
    UCHAR nothing[16];
    bool is_right;
    int len;

    foreign_expect(io->input_len == tag_len && io->output == NX_NULL,
                   "the tag that came");
    if (kind_of(method) == FOREIGN_GCM) {
        is_right = EVP_CIPHER_CTX_ctrl(c->context, EVP_CTRL_AEAD_SET_TAG,
                                       (int)tag_len, io->input) == 1 &&
                   EVP_DecryptFinal_ex(c->context, nothing, &len) == 1;
    } else {
        is_right =
            ccm_tag(c, method, c->text_len == 0 ? nothing : c->text, c->tag) &&
            CRYPTO_memcmp(c->tag, io->input, tag_len) == 0;
    }
    return is_right ? NX_CRYPTO_SUCCESS : NX_CRYPTO_AUTHENTICATION_FAILED;
}

static UINT run(struct cipher *c, const NX_CRYPTO_METHOD *method, UINT op,
                const struct io *io)
{
    bool cbc = kind_of(method) == FOREIGN_CBC;
    bool encrypt =
        op == NX_CRYPTO_ENCRYPT_INITIALIZE || op == NX_CRYPTO_ENCRYPT_UPDATE;
    bool is_done = false;

    switch (op) {
    case NX_CRYPTO_ENCRYPT_INITIALIZE:
    case NX_CRYPTO_DECRYPT_INITIALIZE:
        is_done = cbc ? cbc_begin(c, method, encrypt, io)
                      : aead_begin(c, method, encrypt, io);
        break;
    case NX_CRYPTO_ENCRYPT_UPDATE:
    case NX_CRYPTO_DECRYPT_UPDATE:
        is_done = update(c, method, encrypt, io);
        break;
    case NX_CRYPTO_ENCRYPT_CALCULATE:
        return cbc ? NX_CRYPTO_SUCCESS : make_tag(c, method, io);
    case NX_CRYPTO_DECRYPT_CALCULATE:
        foreign_expect(!cbc || (io->input != NX_NULL && io->input_len == 0),
                       "CBC ends on an input without bytes");
        return cbc ? NX_CRYPTO_SUCCESS : check_tag(c, method, io);
    default:
        foreign_expect(false, "an operation of ciphers");
        break;
    }
    return is_done ? NX_CRYPTO_SUCCESS : NX_CRYPTO_INVALID_ALGORITHM;
}

static UINT cipher_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                             UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                             UCHAR *input, ULONG input_len, UCHAR *iv,
                             UCHAR *output, ULONG output_len, VOID *metadata,
                             ULONG size, VOID *packet,
                             VOID (*callback)(VOID *, UINT))
{
    const struct io io = {input, input_len, iv, output, output_len};
    struct cipher c;
    UINT status;

    (void)handler;
    foreign_expect(key == NX_NULL && key_bits == 0 && packet == NX_NULL &&
                       callback == NX_NULL,
                   "a cipher has its key from init");
    if (!foreign_called(kind_of(method), op) ||
        !foreign_area(metadata, size, sizeof c)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(&c, metadata, sizeof c);
    status = run(&c, method, op, &io);
    memcpy(metadata, &c, sizeof c);
    return status;
}

#define CIPHER(name, algorithm, key, iv, icv)                                 \
    NX_CRYPTO_METHOD foreign_##name = {algorithm,                             \
                                       key,                                   \
                                       iv,                                    \
                                       icv,                                   \
                                       16,                                    \
                                       sizeof(struct cipher),                 \
                                       cipher_init,                           \
                                       cipher_cleanup,                        \
                                       cipher_operation}

CIPHER(aes_128_cbc, NX_CRYPTO_ENCRYPTION_AES_CBC, 128, 128, 0);
CIPHER(aes_256_cbc, NX_CRYPTO_ENCRYPTION_AES_CBC, 256, 128, 0);
CIPHER(aes_128_gcm, NX_CRYPTO_ENCRYPTION_AES_GCM_16, 128, 32, 128);
CIPHER(aes_128_ccm_8, NX_CRYPTO_ENCRYPTION_AES_CCM_8, 128, 32, 64);
CIPHER(aes_128_ccm_16, NX_CRYPTO_ENCRYPTION_AES_CCM_16, 128, 32, 128);
