/* SPDX-License-Identifier: MIT */
/* Files of the test PKI, for tests of the services. */
#ifndef UNIT_NX_SECURE_PKI_FILE_H
#define UNIT_NX_SECURE_PKI_FILE_H

#include "nx_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* One file of the PKI. */
struct file {
    UCHAR bytes[4096];
    USHORT len;
};

static inline void load(struct file *file, const char *name)
{
    char path[512];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", NXDTLS_PKI_DIR, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    file->len = (USHORT)fread(file->bytes, 1, sizeof file->bytes, f);
    assert_int_not_equal(file->len, 0);
    assert_int_equal(fclose(f), 0);
}

#endif
