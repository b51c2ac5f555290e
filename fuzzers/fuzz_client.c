/* SPDX-License-Identifier: MIT */
/* Target: a whole client: session, with PSK, ECDSA and RSA, with and without a
 *         certificate of its own.
 * Input:  kind, knobs, {delay u16, length u16, datagram}*; so the fuzzer owns
 *         the clock (fuzzed_end.h).
 * Oracle: those of fuzzed_end.h; a second run does the same.
 *
 * Built twice: fuzz_client_null has null crypto and gets past Finished. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/mutator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_association_input(DTLS_CLIENT, FUZZ_IS_NULL,
                           dtls_bytes_of(data, size));
    return 0;
}

FUZZ_MUTATE(fuzz_steps)
