/* SPDX-License-Identifier: MIT */
/* Method objects: RSA, ECDSA, ECDH and curves (nx_crypto/methods.h). */
#include "nx_crypto/methods.h"

#include "base/secret.h"
#include "crypto/raw_key.h"

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

static DTLS_NX_INIT(rsa_init)
{
    (void)handler;
    return dtls_nx_kept_init(method, key, key_size / 8, metadata,
                             metadata_size);
}

static UINT rsa_cleanup(VOID *metadata)
{
    return dtls_nx_kept_end(metadata);
}

/* Computes input ^ key mod n, whatever the operation's name.  The primes would
 * only make it faster. */
static DTLS_NX_OPERATION(rsa_operation)
{
    uint8_t number[DTLS_RSA_MAX] = {0};
    struct dtls_nx_kept modulus;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)iv;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (op == NX_CRYPTO_SET_PRIME_P || op == NX_CRYPTO_SET_PRIME_Q) {
        return input == NX_NULL ? NX_CRYPTO_PTR_ERROR : NX_CRYPTO_SUCCESS;
    }
    NX_SECURE_MEMCPY(&modulus, metadata, sizeof modulus);
    if (key == NX_NULL || input == NX_NULL || output == NX_NULL ||
        input_len > modulus.len || modulus.len > sizeof number) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (output_len < modulus.len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    NX_SECURE_MEMCPY(number + modulus.len - input_len, input, input_len);
    status = dtls_nx_crypto_status(
        dtls_rsa_power(output, dtls_bytes_of(modulus.at, modulus.len),
                       dtls_bytes_of(key, key_size / 8), number));
    dtls_wipe(number, sizeof number);
    return status;
}

_Static_assert(sizeof(struct dtls_nx_kept) <= sizeof(NX_CRYPTO_RSA),
               "NX_CRYPTO_RSA is too small");

DTLS_NX_NAMED(rsa, rsa_init, rsa_cleanup, rsa_operation);

/* The metadata of ECDSA and ECDH: the curve, and a private number of our
 * own. */
struct ec {
    uint16_t group; /* 0: none yet */
    uint8_t secret[DTLS_SHARED_MAX];
    uint8_t secret_len;
};

_Static_assert(sizeof(struct ec) <= sizeof(NX_CRYPTO_ECDH),
               "NX_CRYPTO_ECDH is too small");

static DTLS_NX_INIT(ec_init)
{
    const struct ec none = {0};
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)key;
    (void)key_size;
    (void)handler;
    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(metadata, &none, sizeof none);
    }
    return status;
}

static UINT ec_cleanup(VOID *metadata)
{
    dtls_wipe(metadata, sizeof(struct ec));
    return NX_CRYPTO_SUCCESS;
}

/* The input is the curve's method; its number says which it is. */
static UINT set_curve(struct ec *ec, const struct dtls_nx_io *io)
{
    const NX_CRYPTO_METHOD *curve = (const VOID *)io->input.data;

    if (curve == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    ec->group = (uint16_t)curve->nx_crypto_algorithm;
    return dtls_group_point_len(ec->group) != 0 ? NX_CRYPTO_SUCCESS
                                                : NX_CRYPTO_INVALID_PARAMETER;
}

UINT dtls_nx_begin_output(const struct dtls_nx_io *io,
                          NX_CRYPTO_EXTENDED_OUTPUT **out, size_t needed)
{
    *out = (NX_CRYPTO_EXTENDED_OUTPUT *)(VOID *)io->output;
    if (io->output == NX_NULL || io->output_len < sizeof **out ||
        (*out)->nx_crypto_extended_output_data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return (*out)->nx_crypto_extended_output_length_in_byte < needed
               ? NX_CRYPTO_INVALID_BUFFER_SIZE
               : NX_CRYPTO_SUCCESS;
}

/* Returns the ECDSA pair whose hash has digests of this length, or NULL. */
static const struct dtls_sigalg *pair_of(size_t digest_len)
{
    const struct dtls_sigalg *alg;
    size_t i = 0;

    while (
        (alg = dtls_sigalg_at(i)) != NULL &&
        (alg->key != DTLS_KEY_EC || dtls_hash_len(alg->hash) != digest_len)) {
        i++;
    }
    return alg;
}

static UINT sign(const struct ec *ec, const struct dtls_nx_io *io)
{
    const struct dtls_sigalg *alg = pair_of(io->input.len);
    size_t field_len = (dtls_group_point_len(ec->group) - 1) / 2;
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    struct dtls_private_key key;
    enum dtls_status done;
    size_t len;
    UINT status = dtls_nx_begin_output(io, &out, 2 * field_len + 9);

    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (alg == NULL) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    if (dtls_raw_key_import(&key, ec->group, io->key) != DTLS_OK) {
        return NX_CRYPTO_INVALID_KEY;
    }
    len = out->nx_crypto_extended_output_length_in_byte;
    done = crypto->sign(NULL, &key, alg, out->nx_crypto_extended_output_data,
                        &len, io->input);
    crypto->private_key_free(NULL, &key);
    out->nx_crypto_extended_output_actual_size = (ULONG)len;
    return dtls_nx_crypto_status(done);
}

/* The signature comes where other operations have their output. */
static UINT verify(const struct ec *ec, const struct dtls_nx_io *io)
{
    const struct dtls_sigalg *alg = pair_of(io->input.len);
    const struct dtls_public_key key = {
        .type = DTLS_KEY_EC, .group = ec->group, .point = io->key};

    if (io->output == NX_NULL || io->key.data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (alg == NULL) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    return dtls_nx_crypto_status(
        crypto->verify(NULL, &key, alg, io->input,
                       dtls_bytes_of(io->output, io->output_len)));
}

static DTLS_NX_OPERATION(ecdsa_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct ec ec;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&ec, metadata, sizeof ec);
    if (op == NX_CRYPTO_EC_CURVE_SET) {
        status = set_curve(&ec, &io);
        NX_SECURE_MEMCPY(metadata, &ec, sizeof ec);
        return status;
    }
    if (ec.group == 0 || input == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    switch (op) {
    case NX_CRYPTO_AUTHENTICATE:
        return sign(&ec, &io);
    case NX_CRYPTO_VERIFY:
        return verify(&ec, &io);
    default:
        return NX_CRYPTO_INVALID_ALGORITHM;
    }
}

DTLS_NX_NAMED(ecdsa, ec_init, ec_cleanup, ecdsa_operation);

static UINT keep_secret(struct ec *ec, struct dtls_bytes secret)
{
    if (secret.data == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (secret.len > sizeof ec->secret) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    NX_SECURE_MEMCPY(ec->secret, secret.data, secret.len);
    ec->secret_len = (uint8_t)secret.len;
    return NX_CRYPTO_SUCCESS;
}

/* Makes a pair: its public value goes out, the private number stays here. */
static UINT setup(struct ec *ec, const struct dtls_nx_io *io)
{
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    struct dtls_share share;
    struct dtls_raw_key raw;
    size_t len = dtls_group_point_len(ec->group);
    UINT status = dtls_nx_begin_output(io, &out, len);

    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (crypto->share_make(NULL, &share, ec->group,
                           out->nx_crypto_extended_output_data) != DTLS_OK) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    status = dtls_nx_crypto_status(dtls_raw_key_export(
        &raw, &(struct dtls_private_key){.type = DTLS_KEY_EC,
                                         .group = share.group,
                                         .context = share.context}));
    if (status == NX_CRYPTO_SUCCESS) {
        status = keep_secret(ec, dtls_bytes_of(raw.secret, raw.secret_len));
    }
    dtls_wipe(&raw, sizeof raw);
    crypto->share_free(NULL, &share);
    out->nx_crypto_extended_output_actual_size = (ULONG)len;
    return status;
}

static UINT put_secret(const struct ec *ec, const struct dtls_nx_io *io)
{
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    UINT status = dtls_nx_begin_output(io, &out, ec->secret_len);

    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(out->nx_crypto_extended_output_data, ec->secret,
                         ec->secret_len);
        out->nx_crypto_extended_output_actual_size = ec->secret_len;
    }
    return status;
}

static UINT calculate(const struct ec *ec, const struct dtls_nx_io *io)
{
    uint8_t shared[DTLS_SHARED_MAX];
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    struct dtls_private_key key;
    struct dtls_share share;
    size_t len = 0;
    UINT status = dtls_nx_begin_output(io, &out, 0);

    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (io->input.len != dtls_group_point_len(ec->group)) {
        return NX_CRYPTO_SIZE_ERROR;
    }
    if (dtls_raw_key_import(&key, ec->group,
                            dtls_bytes_of(ec->secret, ec->secret_len)) !=
        DTLS_OK) {
        return NX_CRYPTO_INVALID_KEY;
    }
    share = dtls_private_key_share(&key);
    status = dtls_nx_crypto_status(
        crypto->share_agree(NULL, &share, shared, &len, io->input));
    crypto->private_key_free(NULL, &key);
    if (status == NX_CRYPTO_SUCCESS &&
        out->nx_crypto_extended_output_length_in_byte < len) {
        status = NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(out->nx_crypto_extended_output_data, shared, len);
        out->nx_crypto_extended_output_actual_size = (ULONG)len;
    }
    dtls_wipe(shared, sizeof shared);
    return status;
}

static UINT run_ecdh(struct ec *ec, const struct dtls_nx_io *io)
{
    if (io->op == NX_CRYPTO_EC_CURVE_SET) {
        return set_curve(ec, io);
    }
    if (ec->group == 0) {
        return NX_CRYPTO_PTR_ERROR;
    }
    switch (io->op) {
    case NX_CRYPTO_DH_SETUP:
        return setup(ec, io);
    case NX_CRYPTO_DH_PRIVATE_KEY_EXPORT:
        return put_secret(ec, io);
    case NX_CRYPTO_DH_KEY_PAIR_IMPORT:
        return keep_secret(ec, io->key);
    case NX_CRYPTO_DH_CALCULATE:
        return calculate(ec, io);
    default:
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
}

static DTLS_NX_OPERATION(ecdh_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct ec ec;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&ec, metadata, sizeof ec);
    status = run_ecdh(&ec, &io);
    NX_SECURE_MEMCPY(metadata, &ec, sizeof ec);
    dtls_wipe(&ec, sizeof ec);
    return status;
}

DTLS_NX_NAMED(ecdh, ec_init, ec_cleanup, ecdh_operation);

static const NX_CRYPTO_EC known_curves[] = {
    {"secp256r1", NX_CRYPTO_EC_SECP256R1, 256},
    {"secp384r1", NX_CRYPTO_EC_SECP384R1, 384},
    {"secp521r1", NX_CRYPTO_EC_SECP521R1, 521},
    {"x25519", NX_CRYPTO_EC_X25519, 255},
    {"x448", NX_CRYPTO_EC_X448, 448},
    {"secp192r1", NX_CRYPTO_EC_SECP192R1, 192},
    {"secp224r1", NX_CRYPTO_EC_SECP224R1, 224},
};

/* The only operation is EC_CURVE_GET: it writes the address of the curve to
 * where the output points. */
static DTLS_NX_OPERATION(curve_operation)
{
    (void)handler;
    (void)key;
    (void)key_size;
    (void)input;
    (void)input_len;
    (void)iv;
    (void)output_len;
    (void)metadata;
    (void)metadata_size;
    (void)packet;
    (void)callback;
    if (method == NX_NULL || output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    for (size_t i = 0; op == NX_CRYPTO_EC_CURVE_GET &&
                       i < sizeof known_curves / sizeof *known_curves;
         i++) {
        if (known_curves[i].nx_crypto_ec_id == method->nx_crypto_algorithm) {
            const NX_CRYPTO_EC *curve = &known_curves[i];

            NX_SECURE_MEMCPY(output, &curve, sizeof(VOID *));
            return NX_CRYPTO_SUCCESS;
        }
    }
    return NX_CRYPTO_NOT_SUCCESSFUL;
}

DTLS_NX_OPERATION_NAMED(ec_secp192r1, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_secp224r1, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_secp256r1, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_secp384r1, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_secp521r1, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_x25519, curve_operation);
DTLS_NX_OPERATION_NAMED(ec_x448, curve_operation);
