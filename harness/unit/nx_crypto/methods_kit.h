/* SPDX-License-Identifier: MIT */
/* methods_kit.h: a use of one of this library's method objects, as an
 * application would make it. */
#ifndef UNIT_NX_CRYPTO_METHODS_KIT_H
#define UNIT_NX_CRYPTO_METHODS_KIT_H

#include "kit/kit.h"

#include "nx_secure_dtls_api.h"

/* The library wants one; here no kernel starts. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

/* A test of a method with a larger area has another. */
#ifndef AREA
#define AREA 400
#endif

/* One use of a method, in an area whose address is a multiple of 4 and not of
 * 8. */
struct use {
    NX_CRYPTO_METHOD *method;
    ULONG words[AREA / 4 + 2];
};

static inline VOID *area_of(struct use *use)
{
    size_t odd = (ALIGN_TYPE)use->words % 8 == 0 ? 1 : 0;

    return &use->words[odd];
}

static inline UINT begin(struct use *use, NX_CRYPTO_METHOD *method,
                         const VOID *key, NX_CRYPTO_KEY_SIZE size)
{
    memset(use, 0xa5, sizeof *use);
    use->method = method;
    return method->nx_crypto_init(method, (UCHAR *)(ALIGN_TYPE)key, size,
                                  NX_NULL, area_of(use),
                                  method->nx_crypto_metadata_area_size);
}

/* Nothing of a method's state stays: what it has not wiped it has not used. */
static inline void end(struct use *use)
{
    const UCHAR *area = area_of(use);

    assert_int_equal(use->method->nx_crypto_cleanup(area_of(use)),
                     NX_CRYPTO_SUCCESS);
    for (ULONG i = 0; i < use->method->nx_crypto_metadata_area_size; i++) {
        kit_row("byte %u", i);
        assert_true(area[i] == 0 || area[i] == 0xa5);
    }
}

/* One operation; what is left out is NULL or 0. */
struct args {
    const VOID *key;
    NX_CRYPTO_KEY_SIZE key_size;
    const VOID *input;
    ULONG input_len;
    const UCHAR *iv;
    VOID *output;
    ULONG output_len;
};

static inline UINT op(struct use *use, UINT number, struct args a)
{
    return use->method->nx_crypto_operation(
        number, NX_NULL, use->method, (UCHAR *)(ALIGN_TYPE)a.key, a.key_size,
        (UCHAR *)(ALIGN_TYPE)a.input, a.input_len, (UCHAR *)(ALIGN_TYPE)a.iv,
        a.output, a.output_len, area_of(use),
        use->method->nx_crypto_metadata_area_size, NX_NULL, NX_NULL);
}

#define OK(call) assert_int_equal(call, NX_CRYPTO_SUCCESS)

#endif
