/* SPDX-License-Identifier: MIT */
/* Target: dtls_extensions_parse of x509.
 * Input:  Extensions: the contents of the SEQUENCE.
 * Oracle: libcrypto accepts what we accept, extension by extension, and reads
 *         the same basicConstraints, keyUsage and key identifier; kept slices
 *         lie inside the input. */
#include "fuzzers/kit/fuzz.h"
#include "x509/cert_extensions.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* The list with its tag and length, as libcrypto reads it. */
static X509_EXTENSIONS *read_theirs(struct dtls_bytes list)
{
    size_t cap = list.len + 4;
    struct dtls_buf out = {malloc(cap), 0, cap};
    const unsigned char *at = out.data;
    X509_EXTENSIONS *theirs;
    bool ok;

    FUZZ_CHECK(out.data != NULL && list.len <= 0xffff);
    ok = dtls_put_u8(&out, DER_SEQUENCE);
    if (list.len > 0xff) {
        ok = ok && dtls_put_u8(&out, 0x82) &&
             dtls_put_u16(&out, (uint16_t)list.len);
    } else {
        ok = ok && (list.len < 0x80 || dtls_put_u8(&out, 0x81)) &&
             dtls_put_u8(&out, (uint8_t)list.len);
    }
    FUZZ_CHECK(ok && dtls_put_bytes(&out, list));
    theirs = d2i_X509_EXTENSIONS(NULL, &at, (long)out.len);
    FUZZ_CHECK(theirs != NULL && at == out.data + out.len);
    free(out.data);
    return theirs;
}

static void check_constraints(const struct dtls_cert *cert,
                              const X509_EXTENSIONS *theirs)
{
    BASIC_CONSTRAINTS *bc =
        X509V3_get_d2i(theirs, NID_basic_constraints, NULL, NULL);

    FUZZ_CHECK((bc != NULL) == cert->has_basic_constraints);
    if (bc != NULL) {
        long length = bc->pathlen == NULL ? 0 : ASN1_INTEGER_get(bc->pathlen);

        FUZZ_CHECK((bc->ca != 0) == cert->is_ca);
        FUZZ_CHECK((bc->pathlen != NULL) == cert->has_path_len);
        FUZZ_CHECK(cert->path_len ==
                   (length < 0 || length > 255 ? 255 : length));
    }
    BASIC_CONSTRAINTS_free(bc);
}

static void check_usage(const struct dtls_cert *cert,
                        const X509_EXTENSIONS *theirs)
{
    ASN1_BIT_STRING *usage = X509V3_get_d2i(theirs, NID_key_usage, NULL, NULL);

    FUZZ_CHECK((usage != NULL) == cert->has_key_usage);
    for (int i = 0; i < 16 && usage != NULL; i++) {
        FUZZ_CHECK(ASN1_BIT_STRING_get_bit(usage, i) ==
                   (cert->key_usage >> (15 - i) & 1));
    }
    ASN1_BIT_STRING_free(usage);
}

static void check_key_id(const struct dtls_cert *cert,
                         const X509_EXTENSIONS *theirs)
{
    ASN1_OCTET_STRING *id =
        X509V3_get_d2i(theirs, NID_subject_key_identifier, NULL, NULL);

    if (id != NULL) {
        fuzz_same(cert->subject_key_id,
                  dtls_bytes_of(id->data, (size_t)id->length));
    } else {
        FUZZ_CHECK(cert->subject_key_id.len == 0);
    }
    ASN1_OCTET_STRING_free(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes list = {data, size};
    struct dtls_cert cert = {0};
    X509_EXTENSIONS *theirs;

    if (size > 0xffff || !dtls_extensions_parse(&cert, list)) {
        return 0;
    }
    fuzz_inside(cert.alt_names, list);
    fuzz_inside(cert.subject_key_id, list);
    fuzz_inside(cert.authority_key_id, list);
    theirs = read_theirs(list);
    check_constraints(&cert, theirs);
    check_usage(&cert, theirs);
    check_key_id(&cert, theirs);
    sk_X509_EXTENSION_pop_free(theirs, X509_EXTENSION_free);
    ERR_clear_error();
    return 0;
}
