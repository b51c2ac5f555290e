/* SPDX-License-Identifier: MIT */
/* Method objects: EC-JPAKE (nx_crypto/methods.h).
 *
 * NetX's operations name the sender of a message: a client generates those of
 * a client and processes those of a server.  The first of them says so which
 * role this end has, and makes its keys. */
#include "nx_crypto/methods.h"

#include "base/secret.h"

#include <string.h>

static const struct dtls_crypto *const crypto = &dtls_libcrypto;

/* What the area holds: the password, which stays with the caller, and the
 * exchange. */
struct exchange {
    struct dtls_nx_kept password;
    struct dtls_jpake jpake; /* none until a hello is generated or processed */
    bool server;
    bool greeted; /* the peer's round one was taken */
};

_Static_assert(sizeof(struct exchange) <= sizeof(NX_CRYPTO_ECJPAKE),
               "NX_CRYPTO_ECJPAKE is too small");

/* NetX reads the password as text of `key_size` bits. */
static DTLS_NX_INIT(ecjpake_init)
{
    struct exchange e = {.password = {key, key_size / 8}};
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (key == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (e.password.len == 0 || memchr(key, 0, e.password.len) != NULL) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    NX_SECURE_MEMCPY(metadata, &e, sizeof e);
    return NX_CRYPTO_SUCCESS;
}

static UINT ecjpake_cleanup(VOID *metadata)
{
    struct exchange e;

    if (metadata == NX_NULL) {
        return NX_CRYPTO_SUCCESS;
    }
    NX_SECURE_MEMCPY(&e, metadata, sizeof e);
    crypto->jpake_free(NULL, &e.jpake);
    dtls_wipe(metadata, sizeof e);
    return NX_CRYPTO_SUCCESS;
}

/* Makes our keys with the first operation that says which role we have. */
static UINT take_role(struct exchange *e, bool server)
{
    if (e->jpake.hello_len != 0) {
        return e->server == server ? NX_CRYPTO_SUCCESS
                                   : NX_CRYPTO_NOT_SUCCESSFUL;
    }
    e->server = server;
    return dtls_nx_crypto_status(
        crypto->jpake_make(NULL, &e->jpake, server,
                           dtls_bytes_of(e->password.at, e->password.len)));
}

static UINT generate_hello(struct exchange *e, const struct dtls_nx_io *io)
{
    struct dtls_bytes hello = crypto->jpake_hello(NULL, &e->jpake);
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    UINT status = dtls_nx_begin_output(io, &out, hello.len);

    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(out->nx_crypto_extended_output_data, hello.data,
                         hello.len);
        out->nx_crypto_extended_output_actual_size = (ULONG)hello.len;
    }
    return status;
}

static UINT process_hello(struct exchange *e, const struct dtls_nx_io *io)
{
    struct dtls_key_kp pair[2];
    enum dtls_status status = dtls_key_kp_pair_parse(pair, io->input);

    if (status == DTLS_OK) {
        status = crypto->jpake_take_hello(NULL, &e->jpake, pair);
    }
    e->greeted = status == DTLS_OK;
    return dtls_nx_crypto_status(status);
}

/* What a server sends has a curve before its key. */
static UINT generate_key(struct exchange *e, const struct dtls_nx_io *io)
{
    static const UCHAR curve[] = {3, 0, DTLS_GROUP_SECP256R1};
    uint8_t bytes[sizeof curve + DTLS_KEY_KP_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    NX_CRYPTO_EXTENDED_OUTPUT *out;
    UINT status = dtls_nx_begin_output(io, &out, 0);

    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    if (e->server && !dtls_put_bytes(&body, dtls_bytes_of(curve, 3))) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    status = dtls_nx_crypto_status(crypto->jpake_key(NULL, &e->jpake, &body));
    if (status == NX_CRYPTO_SUCCESS &&
        out->nx_crypto_extended_output_length_in_byte < body.len) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    if (status == NX_CRYPTO_SUCCESS) {
        NX_SECURE_MEMCPY(out->nx_crypto_extended_output_data, bytes, body.len);
        out->nx_crypto_extended_output_actual_size = (ULONG)body.len;
    }
    return status;
}

/* Takes what generate_key makes. */
static UINT process_key(struct exchange *e, const struct dtls_nx_io *io)
{
    struct dtls_bytes in = io->input;
    struct dtls_key_kp key;
    uint8_t curve_type;
    uint16_t group;

    if (io->output == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    if (io->output_len < DTLS_JPAKE_SECRET_LEN) {
        return NX_CRYPTO_INVALID_BUFFER_SIZE;
    }
    if ((!e->server &&
         (!dtls_get_u8(&in, &curve_type) || curve_type != 3 ||
          !dtls_get_u16(&in, &group) || group != DTLS_GROUP_SECP256R1)) ||
        !dtls_key_kp_get(&in, &key) || in.len != 0 ||
        crypto->jpake_take_key(NULL, &e->jpake, &key) != DTLS_OK) {
        return NX_CRYPTO_NOT_SUCCESSFUL;
    }
    return dtls_nx_crypto_status(
        crypto->jpake_agree(NULL, &e->jpake, io->output));
}

/* The operations, in NetX's order: whose part each one is, which is not
 * possible before the peer's hello, and what it does. */
static const struct {
    UINT op;
    bool server;
    bool later;
    UINT (*run)(struct exchange *e, const struct dtls_nx_io *io);
} operations[] = {
    {NX_CRYPTO_ECJPAKE_CLIENT_HELLO_GENERATE, false, false, generate_hello},
    {NX_CRYPTO_ECJPAKE_SERVER_HELLO_GENERATE, true, false, generate_hello},
    {NX_CRYPTO_ECJPAKE_CLIENT_HELLO_PROCESS, true, false, process_hello},
    {NX_CRYPTO_ECJPAKE_SERVER_HELLO_PROCESS, false, false, process_hello},
    {NX_CRYPTO_ECJPAKE_CLIENT_KEY_EXCHANGE_GENERATE, false, true,
     generate_key},
    {NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE, true, true, generate_key},
    {NX_CRYPTO_ECJPAKE_CLIENT_KEY_EXCHANGE_PROCESS, true, true, process_key},
    {NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_PROCESS, false, true, process_key},
};

/* The hash and the curve of the suite are the only ones. */
static UINT set_method(const struct dtls_nx_io *io, UINT algorithm)
{
    const NX_CRYPTO_METHOD *method = (const VOID *)io->input.data;

    if (method == NX_NULL) {
        return NX_CRYPTO_PTR_ERROR;
    }
    return method->nx_crypto_algorithm == algorithm ? NX_CRYPTO_SUCCESS
                                                    : NX_CRYPTO_NOT_SUCCESSFUL;
}

static UINT run_ecjpake(struct exchange *e, const struct dtls_nx_io *io)
{
    if (io->op == NX_CRYPTO_ECJPAKE_HASH_METHOD_SET) {
        return set_method(io, NX_CRYPTO_HASH_SHA256);
    }
    if (io->op == NX_CRYPTO_ECJPAKE_CURVE_SET) {
        return set_method(io, NX_CRYPTO_EC_SECP256R1);
    }
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (operations[i].op == io->op) {
            UINT status = operations[i].later && !e->greeted
                              ? NX_CRYPTO_NOT_SUCCESSFUL
                              : take_role(e, operations[i].server);

            return status == NX_CRYPTO_SUCCESS ? operations[i].run(e, io)
                                               : status;
        }
    }
    return NX_CRYPTO_NOT_SUCCESSFUL;
}

static DTLS_NX_OPERATION(ecjpake_operation)
{
    const struct dtls_nx_io io = {
        op, method, {key, key_size / 8}, {input, input_len},
        iv, output, output_len};
    struct exchange e;
    UINT status = dtls_nx_check_area(method, metadata, metadata_size);

    (void)handler;
    (void)packet;
    (void)callback;
    if (status != NX_CRYPTO_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMCPY(&e, metadata, sizeof e);
    status = run_ecjpake(&e, &io);
    NX_SECURE_MEMCPY(metadata, &e, sizeof e);
    dtls_wipe(&e, sizeof e);
    return status;
}

DTLS_NX_NAMED(ecjpake, ecjpake_init, ecjpake_cleanup, ecjpake_operation);
