/* SPDX-License-Identifier: MIT */
/* Target: dtls_name_matches, and the readers of host names and addresses in
 *         it.
 * Input:  a byte that chooses a certificate; a host.
 * Oracle: a host that matches for us matches for libcrypto; a host that
 *         inet_pton reads as an address of the certificate matches. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Is it an address that the RSA certificate names: 127.0.0.1 or ::1? */
static bool is_own_address(const char *text)
{
    static const uint8_t v4[4] = {127, 0, 0, 1};
    static const uint8_t v6[16] = {[15] = 1};
    uint8_t bytes[16];

    return (inet_pton(AF_INET, text, bytes) == 1 &&
            memcmp(bytes, v4, sizeof v4) == 0) ||
           (inet_pton(AF_INET6, text, bytes) == 1 &&
            memcmp(bytes, v6, sizeof v6) == 0);
}

static X509 *certificate(enum fuzz_credential which)
{
    static X509 *made[FUZZ_CREDENTIALS];

    if (made[which] == NULL) {
        struct dtls_bytes der = fuzz_credential(which, true)->cert.der;
        const unsigned char *at = der.data;

        made[which] = d2i_X509(NULL, &at, (long)der.len);
        FUZZ_CHECK(made[which] != NULL);
    }
    return made[which];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    enum fuzz_credential which =
        (enum fuzz_credential)(fuzz_u8(&in) % FUZZ_CREDENTIALS);
    const struct dtls_cert *cert = &fuzz_credential(which, true)->cert;
    struct dtls_bytes host = fuzz_some(&in, 300);
    char text[301] = {0};
    bool ours = dtls_name_matches(cert, host);

    if (host.len != 0) {
        memcpy(text, host.data, host.len);
    }
    if (ours) {
        FUZZ_CHECK(X509_check_host(certificate(which), text, host.len,
                                   X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                                   NULL) == 1 ||
                   X509_check_ip_asc(certificate(which), text, 0) == 1);
    }
    if (which == FUZZ_SERVER_RSA && strlen(text) == host.len &&
        is_own_address(text)) {
        FUZZ_CHECK(ours);
    }
    ERR_clear_error();
    return 0;
}
