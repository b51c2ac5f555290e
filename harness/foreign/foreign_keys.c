/* SPDX-License-Identifier: MIT */
/* RSA, ECDSA and ECDHE of foreign.h. */

/* EC_KEY is what stays closest to the numbers that NetX gives. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "foreign_internal.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>

const UCHAR foreign_handle[FOREIGN_HANDLE_LEN] = {0xc1, 0x00, 0x5e, 0x37,
                                                  0x09};
static RSA *kept_rsa;
static EC_KEY *kept_ec;
static UINT kept_type;
static UINT open[FOREIGN_KINDS]; /* between init and cleanup */

bool foreign_keep(const UCHAR *der, ULONG len, UINT type)
{
    EVP_PKEY *key = NULL;
    bool is_kept = true;

    kept_type = type;
    if (der == NULL) {
        RSA_free(kept_rsa);
        EC_KEY_free(kept_ec);
        kept_rsa = NULL;
        kept_ec = NULL;
        return true;
    }
    key = d2i_AutoPrivateKey(NULL, &der, (long)len);
    if (key != NULL && EVP_PKEY_is_a(key, "RSA")) {
        RSA_free(kept_rsa);
        kept_rsa = EVP_PKEY_get1_RSA(key);
    } else if (key != NULL && EVP_PKEY_is_a(key, "EC")) {
        EC_KEY_free(kept_ec);
        kept_ec = EVP_PKEY_get1_EC_KEY(key);
    } else {
        is_kept = false;
    }
    EVP_PKEY_free(key);
    return is_kept;
}

/* Is this an operation on a key that is kept?  Then nothing but the handle may
 * have come before it, in the unit of the application. */
static bool is_held(UINT op)
{
    return op == NX_SECURE_X509_KEY_TYPE_HARDWARE ||
           (op & NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK) != 0;
}

/* Spoils what a private key has made. */
static void spoil_rsa(UCHAR *out)
{
    out[0] ^= foreign.spoil == FOREIGN_OTHER_BIT;
}

static bool is_handle(const UCHAR *key, ULONG len)
{
    return len == FOREIGN_HANDLE_LEN &&
           memcmp(key, foreign_handle, FOREIGN_HANDLE_LEN) == 0;
}

static bool expect_held(enum foreign_kind kind, UINT op, const VOID *handler,
                        const UCHAR *key, NX_CRYPTO_KEY_SIZE len)
{
    foreign.held++;
    return foreign_expect(op == kept_type && handler == NX_NULL &&
                              open[kind] == 0 && is_handle(key, len),
                          "a kept key's operation has the handle alone");
}

struct rsa {
    UCHAR *modulus;
    ULONG modulus_len;
    UINT primes;
};

static UINT rsa_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                     NX_CRYPTO_KEY_SIZE key_bits, VOID **handler,
                     VOID *metadata, ULONG size)
{
    struct rsa rsa = {key, key_bits / 8, 0};

    (void)method;
    (void)handler;
    foreign_expect(key != NX_NULL && key_bits >= 2048 && key[0] != 0,
                   "RSA begins with a modulus");
    if (!foreign_called(FOREIGN_RSA, 0) ||
        !foreign_area(metadata, size, sizeof rsa)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(metadata, &rsa, sizeof rsa);
    foreign.live++;
    open[FOREIGN_RSA]++;
    return NX_CRYPTO_SUCCESS;
}

static UINT rsa_cleanup(VOID *metadata)
{
    memset(metadata, 0, sizeof(struct rsa));
    foreign.live--;
    open[FOREIGN_RSA]--;
    return NX_CRYPTO_SUCCESS;
}

static bool power(UCHAR *out, const struct rsa *rsa, const UCHAR *exponent,
                  ULONG exponent_len, const UCHAR *number, ULONG len)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *n = BN_bin2bn(rsa->modulus, (int)rsa->modulus_len, NULL);
    BIGNUM *e = BN_bin2bn(exponent, (int)exponent_len, NULL);
    BIGNUM *x = BN_bin2bn(number, (int)len, NULL);
    bool is_done =
        BN_mod_exp(x, x, e, n, context) == 1 &&
        BN_bn2binpad(x, out, (int)rsa->modulus_len) == (int)rsa->modulus_len;

    BN_clear_free(x);
    BN_clear_free(e);
    BN_free(n);
    BN_CTX_free(context);
    return is_done;
}

/* The kept key's own operation. */
static UINT rsa_held(UINT op, const VOID *handler, const UCHAR *key,
                     NX_CRYPTO_KEY_SIZE len, const UCHAR *input,
                     ULONG input_len, UCHAR *output, ULONG output_len)
{
    bool is_done = expect_held(FOREIGN_RSA, op, handler, key, len) &&
                   kept_rsa != NULL &&
                   foreign_expect((int)input_len == RSA_size(kept_rsa) &&
                                      output_len >= input_len,
                                  "RSA works on whole numbers") &&
                   RSA_private_decrypt((int)input_len, input, output, kept_rsa,
                                       RSA_NO_PADDING) == (int)input_len;

    spoil_rsa(output);
    return is_done ? NX_CRYPTO_SUCCESS : NX_CRYPTO_NOT_SUCCESSFUL;
}

static UINT rsa_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                          UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                          UCHAR *input, ULONG input_len, UCHAR *iv,
                          UCHAR *output, ULONG output_len, VOID *metadata,
                          ULONG size, VOID *packet,
                          VOID (*callback)(VOID *, UINT))
{
    struct rsa rsa;

    (void)method;
    foreign_expect(iv == NX_NULL && packet == NX_NULL && callback == NX_NULL,
                   "RSA takes a key, input and output");
    if (!foreign_called(FOREIGN_RSA, op) ||
        !foreign_area(metadata, size, sizeof rsa)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (is_held(op)) {
        return rsa_held(op, handler, key, key_bits, input, input_len, output,
                        output_len);
    }
    memcpy(&rsa, metadata, sizeof rsa);
    if (op == NX_CRYPTO_SET_PRIME_P || op == NX_CRYPTO_SET_PRIME_Q) {
        rsa.primes++;
        memcpy(metadata, &rsa, sizeof rsa);
        return foreign_expect(input_len == rsa.modulus_len / 2,
                              "a prime has half the bits")
                   ? NX_CRYPTO_SUCCESS
                   : NX_CRYPTO_SIZE_ERROR;
    }
    if (!foreign_expect(op == NX_CRYPTO_DECRYPT && rsa.primes != 1 &&
                            input_len == rsa.modulus_len &&
                            output_len >= rsa.modulus_len,
                        "RSA's one operation, on whole numbers")) {
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
    if (!power(output, &rsa, key, key_bits / 8, input, input_len)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if (key_bits > 64) { /* no public exponent is that long */
        spoil_rsa(output);
    }
    return NX_CRYPTO_SUCCESS;
}

NX_CRYPTO_METHOD foreign_rsa = {NX_CRYPTO_KEY_EXCHANGE_RSA,
                                0,
                                0,
                                0,
                                0,
                                sizeof(struct rsa),
                                rsa_init,
                                rsa_cleanup,
                                rsa_operation};

/* The curve that EC_CURVE_SET names. */
static int curve_nid(const UCHAR *input)
{
    const NX_CRYPTO_METHOD *curve = (const VOID *)input;

    switch (curve->nx_crypto_algorithm) {
    case NX_CRYPTO_EC_SECP256R1:
        return NID_X9_62_prime256v1;
    case NX_CRYPTO_EC_SECP384R1:
        return NID_secp384r1;
    case NX_CRYPTO_EC_SECP521R1:
        return NID_secp521r1;
    default:
        foreign_expect(false, "a curve of this method");
        return NID_undef;
    }
}

/* ECDSA and ECDHE keep a key on libcrypto's heap, from EC_CURVE_SET on. */
struct ec {
    EC_KEY *key;
    enum foreign_kind kind;
};

static UINT ec_init(enum foreign_kind kind, VOID *metadata, ULONG size)
{
    struct ec ec = {NULL, kind};

    if (!foreign_called(kind, 0) || !foreign_area(metadata, size, sizeof ec)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(metadata, &ec, sizeof ec);
    foreign.live++;
    open[kind]++;
    return NX_CRYPTO_SUCCESS;
}

static UINT ecdsa_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                       NX_CRYPTO_KEY_SIZE key_bits, VOID **handler,
                       VOID *metadata, ULONG size)
{
    (void)method;
    (void)handler;
    foreign_expect(key != NX_NULL && key_bits > 256 && key[0] == 4,
                   "ECDSA begins with a point");
    return ec_init(FOREIGN_ECDSA, metadata, size);
}

static UINT ecdhe_init(NX_CRYPTO_METHOD *method, UCHAR *key,
                       NX_CRYPTO_KEY_SIZE key_bits, VOID **handler,
                       VOID *metadata, ULONG size)
{
    (void)method;
    (void)handler;
    foreign_expect(key == NX_NULL && key_bits == 0, "ECDHE has no key yet");
    return ec_init(FOREIGN_ECDHE, metadata, size);
}

static UINT ec_cleanup(VOID *metadata)
{
    struct ec ec;

    memcpy(&ec, metadata, sizeof ec);
    EC_KEY_free(ec.key);
    memset(metadata, 0, sizeof ec);
    foreign.live--;
    open[ec.kind]--;
    return NX_CRYPTO_SUCCESS;
}

static bool set_curve(struct ec *ec, const UCHAR *input, ULONG input_len)
{
    foreign_expect(input_len == sizeof(VOID *),
                   "a curve's length is a pointer's");
    EC_KEY_free(ec->key);
    ec->key = EC_KEY_new_by_curve_name(curve_nid(input));
    return ec->key != NULL;
}

static bool set_scalar(struct ec *ec, const UCHAR *scalar, ULONG len)
{
    BIGNUM *number = BN_bin2bn(scalar, (int)len, NULL);
    bool is_set = EC_KEY_set_private_key(ec->key, number) == 1;

    BN_clear_free(number);
    return is_set;
}

static bool sign_with(EC_KEY *key, const UCHAR *digest, ULONG digest_len,
                      NX_CRYPTO_EXTENDED_OUTPUT *out)
{
    unsigned len = 0;

    if (key == NULL ||
        (int)out->nx_crypto_extended_output_length_in_byte < ECDSA_size(key) ||
        ECDSA_sign(0, digest, (int)digest_len,
                   out->nx_crypto_extended_output_data, &len, key) != 1) {
        return false;
    }
    switch (foreign.spoil) {
    case FOREIGN_OTHER_BIT:
        out->nx_crypto_extended_output_data[len - 1] ^= 1;
        break;
    case FOREIGN_NO_BYTES:
        len = 0;
        break;
    case FOREIGN_BYTE_LESS:
        len--;
        break;
    case FOREIGN_TOO_LONG:
        len = out->nx_crypto_extended_output_length_in_byte + 1;
        break;
    case FOREIGN_WHOLE:
    case FOREIGN_SPOILS:
        break;
    }
    out->nx_crypto_extended_output_actual_size = len;
    return true;
}

/* A key in hardware comes where a scalar does. */
static bool ec_sign(struct ec *ec, const UCHAR *scalar, ULONG scalar_len,
                    const UCHAR *digest, ULONG digest_len,
                    NX_CRYPTO_EXTENDED_OUTPUT *out)
{
    if (is_handle(scalar, scalar_len)) {
        foreign.held++;
        foreign_expect(kept_type == NX_SECURE_X509_KEY_TYPE_HARDWARE,
                       "a key of another type has its own operation");
        return sign_with(kept_ec, digest, digest_len, out);
    }
    return set_scalar(ec, scalar, scalar_len) &&
           sign_with(ec->key, digest, digest_len, out);
}

static bool ec_verify(struct ec *ec, const UCHAR *point, ULONG point_len,
                      const UCHAR *digest, ULONG digest_len, const UCHAR *der,
                      ULONG der_len)
{
    return EC_KEY_oct2key(ec->key, point, point_len, NULL) == 1 &&
           ECDSA_verify(0, digest, (int)digest_len, der, (int)der_len,
                        ec->key) == 1;
}

static UINT ecdsa_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                            UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                            UCHAR *input, ULONG input_len, UCHAR *iv,
                            UCHAR *output, ULONG output_len, VOID *metadata,
                            ULONG size, VOID *packet,
                            VOID (*callback)(VOID *, UINT))
{
    struct ec ec;
    bool is_done = false;

    (void)method;
    foreign_expect(iv == NX_NULL && packet == NX_NULL && callback == NX_NULL,
                   "ECDSA takes a key, a digest and a signature");
    if (!foreign_called(FOREIGN_ECDSA, op) ||
        !foreign_area(metadata, size, sizeof ec)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    if ((op & NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK) != 0) {
        return expect_held(FOREIGN_ECDSA, op, handler, key, key_bits) &&
                       sign_with(kept_ec, input, input_len, (VOID *)output)
                   ? NX_CRYPTO_SUCCESS
                   : NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(&ec, metadata, sizeof ec);
    switch (op) {
    case NX_CRYPTO_EC_CURVE_SET:
        is_done = set_curve(&ec, input, input_len);
        break;
    case NX_CRYPTO_AUTHENTICATE:
        foreign_expect(output_len == sizeof(NX_CRYPTO_EXTENDED_OUTPUT),
                       "a signature goes to an extended output");
        is_done =
            ec_sign(&ec, key, key_bits / 8, input, input_len, (VOID *)output);
        break;
    case NX_CRYPTO_VERIFY:
        is_done = ec_verify(&ec, key, key_bits / 8, input, input_len, output,
                            output_len);
        break;
    default:
        foreign_expect(false, "an operation of ECDSA");
        break;
    }
    memcpy(metadata, &ec, sizeof ec);
    return is_done ? NX_CRYPTO_SUCCESS : NX_CRYPTO_NOT_SUCCESSFUL;
}

static bool put_point(NX_CRYPTO_EXTENDED_OUTPUT *out, const EC_KEY *key)
{
    size_t len = EC_POINT_point2oct(
        EC_KEY_get0_group(key), EC_KEY_get0_public_key(key),
        POINT_CONVERSION_UNCOMPRESSED, out->nx_crypto_extended_output_data,
        out->nx_crypto_extended_output_length_in_byte, NULL);

    out->nx_crypto_extended_output_actual_size = (ULONG)len;
    return len != 0;
}

static bool put_scalar(NX_CRYPTO_EXTENDED_OUTPUT *out, const EC_KEY *key)
{
    int len = (EC_GROUP_get_degree(EC_KEY_get0_group(key)) + 7) / 8;

    out->nx_crypto_extended_output_actual_size = (ULONG)len;
    return (int)out->nx_crypto_extended_output_length_in_byte >= len &&
           BN_bn2binpad(EC_KEY_get0_private_key(key),
                        out->nx_crypto_extended_output_data, len) == len;
}

static bool put_shared(NX_CRYPTO_EXTENDED_OUTPUT *out, EC_KEY *key,
                       const UCHAR *peer, ULONG peer_len)
{
    const EC_GROUP *group = EC_KEY_get0_group(key);
    EC_POINT *point = EC_POINT_new(group);
    int len = -1;

    if (EC_POINT_oct2point(group, point, peer, peer_len, NULL) == 1) {
        len = ECDH_compute_key(out->nx_crypto_extended_output_data,
                               out->nx_crypto_extended_output_length_in_byte,
                               point, key, NULL);
    }
    EC_POINT_free(point);
    out->nx_crypto_extended_output_actual_size = (ULONG)len;
    return len > 0;
}

static UINT ecdhe_operation(UINT op, VOID *handler, NX_CRYPTO_METHOD *method,
                            UCHAR *key, NX_CRYPTO_KEY_SIZE key_bits,
                            UCHAR *input, ULONG input_len, UCHAR *iv,
                            UCHAR *output, ULONG output_len, VOID *metadata,
                            ULONG size, VOID *packet,
                            VOID (*callback)(VOID *, UINT))
{
    NX_CRYPTO_EXTENDED_OUTPUT *out = (VOID *)output;
    struct ec ec;
    bool is_done = false;

    (void)handler;
    (void)method;
    foreign_expect(iv == NX_NULL && packet == NX_NULL && callback == NX_NULL &&
                       (output == NX_NULL || output_len == sizeof *out),
                   "ECDHE answers in an extended output");
    if (!foreign_called(FOREIGN_ECDHE, op) ||
        !foreign_area(metadata, size, sizeof ec)) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    memcpy(&ec, metadata, sizeof ec);
    switch (op) {
    case NX_CRYPTO_EC_CURVE_SET:
        is_done = set_curve(&ec, input, input_len);
        break;
    case NX_CRYPTO_DH_SETUP:
        foreign.key_pairs++;
        is_done = EC_KEY_generate_key(ec.key) == 1 && put_point(out, ec.key);
        break;
    case NX_CRYPTO_DH_PRIVATE_KEY_EXPORT:
        is_done = put_scalar(out, ec.key);
        break;
    case NX_CRYPTO_DH_KEY_PAIR_IMPORT:
        is_done = set_scalar(&ec, key, key_bits / 8);
        break;
    case NX_CRYPTO_DH_CALCULATE:
        is_done = put_shared(out, ec.key, input, input_len);
        break;
    default:
        foreign_expect(false, "an operation of ECDHE");
        break;
    }
    memcpy(metadata, &ec, sizeof ec);
    return is_done ? NX_CRYPTO_SUCCESS : NX_CRYPTO_NOT_SUCCESSFUL;
}

NX_CRYPTO_METHOD foreign_ecdsa = {NX_CRYPTO_DIGITAL_SIGNATURE_ECDSA,
                                  0,
                                  0,
                                  0,
                                  0,
                                  sizeof(struct ec),
                                  ecdsa_init,
                                  ec_cleanup,
                                  ecdsa_operation};
NX_CRYPTO_METHOD foreign_ecdhe = {NX_CRYPTO_KEY_EXCHANGE_ECDHE,
                                  0,
                                  0,
                                  0,
                                  0,
                                  sizeof(struct ec),
                                  ecdhe_init,
                                  ec_cleanup,
                                  ecdhe_operation};
NX_CRYPTO_METHOD foreign_p256 = {
    NX_CRYPTO_EC_SECP256R1, 256, 0, 0, 0, 0, NX_NULL, NX_NULL, NX_NULL};
