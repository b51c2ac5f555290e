/* SPDX-License-Identifier: MIT */
/* Calls of an application's methods (nx_crypto/method_use.h). */
#include "nx_crypto/method_use.h"

#include "base/secret.h"
#include "nx_crypto/own_methods.h"

bool dtls_nx_is_foreign(const NX_CRYPTO_METHOD *method)
{
    return method != NX_NULL && !dtls_nx_is_own(method) &&
           method->nx_crypto_operation != NX_NULL;
}

enum dtls_status dtls_nx_use_begin(struct dtls_nx_use *use,
                                   const NX_CRYPTO_METHOD *method,
                                   struct dtls_nx_area area,
                                   struct dtls_bytes key, size_t key_size)
{
    *use = (struct dtls_nx_use){.area = area};
    if (method->nx_crypto_init != NX_NULL &&
        method->nx_crypto_init(
            (NX_CRYPTO_METHOD *)(ALIGN_TYPE)method, /* NetX knows no const */
            (UCHAR *)(ALIGN_TYPE)key.data, (NX_CRYPTO_KEY_SIZE)key_size,
            &use->handler, area.at, area.size) != NX_CRYPTO_SUCCESS) {
        dtls_wipe(area.at, area.size);
        return DTLS_INTERNAL_ERROR;
    }
    use->method = method;
    return DTLS_OK;
}

enum dtls_status dtls_nx_use_op_on(struct dtls_nx_use *use, UINT op,
                                   struct dtls_nx_area area,
                                   struct dtls_nx_args args)
{
    UINT status = use->method->nx_crypto_operation(
        op, use->handler, (NX_CRYPTO_METHOD *)(ALIGN_TYPE)use->method,
        (UCHAR *)(ALIGN_TYPE)args.key.data, (NX_CRYPTO_KEY_SIZE)args.key_size,
        (UCHAR *)(ALIGN_TYPE)args.input.data, (ULONG)args.input.len,
        (UCHAR *)(ALIGN_TYPE)args.iv, args.output, (ULONG)args.output_len,
        area.at, area.size, NX_NULL, NX_NULL);

    return status == NX_CRYPTO_SUCCESS ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

enum dtls_status dtls_nx_use_op(struct dtls_nx_use *use, UINT op,
                                struct dtls_nx_args args)
{
    return dtls_nx_use_op_on(use, op, use->area, args);
}

enum dtls_status dtls_nx_use_op_extended(struct dtls_nx_use *use, UINT op,
                                         struct dtls_nx_args args,
                                         uint8_t *out, size_t *out_len)
{
    NX_CRYPTO_EXTENDED_OUTPUT result = {
        .nx_crypto_extended_output_data = out,
        .nx_crypto_extended_output_length_in_byte = (ULONG)*out_len,
    };
    enum dtls_status status;

    args.output = &result;
    args.output_len = sizeof result;
    status = dtls_nx_use_op(use, op, args);
    if (status != DTLS_OK ||
        result.nx_crypto_extended_output_actual_size > *out_len) {
        return DTLS_INTERNAL_ERROR;
    }
    *out_len = result.nx_crypto_extended_output_actual_size;
    return DTLS_OK;
}

VOID dtls_nx_use_end(struct dtls_nx_use *use)
{
    if (use->method != NX_NULL && use->method->nx_crypto_cleanup != NX_NULL) {
        (void)use->method->nx_crypto_cleanup(use->area.at);
    }
    if (use->area.size != 0) {
        dtls_wipe(use->area.at, use->area.size);
    }
    *use = (struct dtls_nx_use){0};
}
