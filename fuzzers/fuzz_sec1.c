/* SPDX-License-Identifier: MIT */
/* Target: private_key of struct dtls_crypto, on libcrypto.
 * Input:  an EC key as SEC 1 writes it (RFC 5915).
 * Oracle: that of private_key_oracle.h. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/private_key_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_private_key(FUZZ_SEC1, dtls_bytes_of(data, size));
    return 0;
}
