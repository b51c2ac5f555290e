/* SPDX-License-Identifier: MIT */
/* Target: dtls_name_get.
 * Input:  a Name, and what follows.
 * Oracle: libcrypto accepts what we accept, up to the same byte; a Name
 *         written again is the same; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "x509/name.h"

#include <openssl/err.h>
#include <openssl/x509.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    const unsigned char *at = data;
    const unsigned char *der;
    struct dtls_bytes ours;
    X509_NAME *theirs;
    size_t len;

    fuzz_mark(&ours, sizeof ours);
    if (!dtls_name_get(&in, &ours)) {
        fuzz_untouched(&ours, sizeof ours);
        FUZZ_CHECK(in.data == data && in.len == size);
        return 0;
    }
    FUZZ_CHECK(ours.data == data && ours.len + in.len == size);
    theirs = d2i_X509_NAME(NULL, &at, (long)size);
    FUZZ_CHECK(theirs != NULL && at == data + ours.len);
    FUZZ_CHECK(X509_NAME_get0_der(theirs, &der, &len) == 1);
    fuzz_same(dtls_bytes_of(der, len), ours);
    X509_NAME_free(theirs);
    ERR_clear_error();
    return 0;
}
