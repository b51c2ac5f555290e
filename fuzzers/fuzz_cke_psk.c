/* SPDX-License-Identifier: MIT */
/* Target: dtls_cke_parse for DTLS_KX_PSK.
 * Input:  a ClientKeyExchange's body: a PSK identity.
 * Oracle: what is parsed, built again, is the input; a failure changes
 *         nothing (fuzz_cke_field). */
#include "fuzzers/kit/message_oracles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_cke_field(DTLS_KX_PSK, dtls_bytes_of(data, size));
    return 0;
}
