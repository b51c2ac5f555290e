/* SPDX-License-Identifier: MIT */
/* Target: dtls_time_get.
 * Input:  a UTCTime or GeneralizedTime, and what follows.
 * Oracle: libcrypto accepts what we accept, as the same second; exactly one
 *         element is consumed; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "x509/time.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

static int64_t seconds(const ASN1_TIME *time)
{
    static const int64_t second_2000 = INT64_C(946684800);
    static ASN1_TIME *year_2000;
    int days;
    int rest;

    if (year_2000 == NULL) {
        year_2000 = ASN1_TIME_set(NULL, (time_t)second_2000);
    }
    FUZZ_CHECK(ASN1_TIME_diff(&days, &rest, year_2000, time) == 1);
    return second_2000 + INT64_C(86400) * days + rest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    const unsigned char *at = data;
    ASN1_TIME *theirs;
    int64_t ours;

    fuzz_mark(&ours, sizeof ours);
    if (!dtls_time_get(&in, &ours)) {
        fuzz_untouched(&ours, sizeof ours);
        FUZZ_CHECK(in.data == data && in.len == size);
        return 0;
    }
    theirs = d2i_ASN1_TIME(NULL, &at, (long)size);
    FUZZ_CHECK(theirs != NULL && in.data == at);
    FUZZ_CHECK(seconds(theirs) == ours);
    ASN1_TIME_free(theirs);
    ERR_clear_error();
    return 0;
}
