/* SPDX-License-Identifier: MIT */
/* Target: dtls_raw_certificate_parse, and dtls_cert_parse_raw of its key.
 * Input:  the body of a Certificate with a raw public key.
 * Oracle: there is one key, which fills the body behind its length, or none; a
 *         key that can be read is one of ours or has no type, and has no
 *         dates; a failure changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"
#include "x509/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_certificate m;
    struct dtls_bytes info;
    struct dtls_cert cert;

    fuzz_mark(&m, sizeof m);
    if (dtls_raw_certificate_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    if (!dtls_certificate_next(&m.list, &info)) {
        FUZZ_CHECK(size == 3 && data[0] == 0 && data[1] == 0 && data[2] == 0);
        return 0;
    }
    fuzz_inside(info, body);
    FUZZ_CHECK(m.list.len == 0 && info.len == size - 3);
    fuzz_mark(&cert, sizeof cert);
    if (dtls_cert_parse_raw(&cert, info) != DTLS_OK) {
        fuzz_untouched(&cert, sizeof cert);
        return 0;
    }
    FUZZ_CHECK(dtls_cert_is_raw(&cert) && cert.subject.len == 0 &&
               cert.not_before < cert.not_after);
    fuzz_same(dtls_cert_key_info(&cert), info);
    if (cert.key.type == DTLS_KEY_EC) {
        fuzz_inside(cert.key.point, info);
    }
    return 0;
}
