/* SPDX-License-Identifier: MIT */
/* Target: private_key of struct dtls_crypto, on libcrypto.
 * Input:  a key of any type in a PKCS#8 wrapping (RFC 5208).
 * Oracle: that of private_key_oracle.h. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/private_key_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_private_key(FUZZ_PKCS8, dtls_bytes_of(data, size));
    return 0;
}
