/* SPDX-License-Identifier: MIT */
/* Target: private_key of struct dtls_crypto, on libcrypto.
 * Input:  an RSA key as PKCS#1 writes it (RFC 8017, A.1.2).
 * Oracle: that of private_key_oracle.h. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/private_key_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_private_key(FUZZ_PKCS1, dtls_bytes_of(data, size));
    return 0;
}
