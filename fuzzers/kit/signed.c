/* SPDX-License-Identifier: MIT */
/* Certificates and CRLs, signed anew for every input (signed.h). */
#include "fuzzers/kit/signed.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "x509/crl.h"

#include <stdlib.h>

#include <openssl/x509v3.h>

static size_t sign_tbs(struct dtls_bytes tbs, uint8_t out[DTLS_SIGNATURE_MAX])
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(0x0403);
    uint8_t digest[DTLS_HASH_MAX];
    size_t len = DTLS_SIGNATURE_MAX;

    FUZZ_CHECK(dtls_libcrypto.digest(NULL, digest, alg->hash, &tbs, 1) ==
               DTLS_OK);
    FUZZ_CHECK(
        dtls_libcrypto.sign(
            NULL, &fuzz_credential(FUZZ_SERVER_EC, false)->key, alg, out, &len,
            dtls_bytes_of(digest, dtls_hash_len(alg->hash))) == DTLS_OK);
    return len;
}

/* Writes a length in its only DER form. */
static bool put_length(struct dtls_buf *out, size_t len)
{
    if (len < 0x80) {
        return dtls_put_u8(out, (uint8_t)len);
    }
    if (len < 0x100) {
        return dtls_put_u8(out, 0x81) && dtls_put_u8(out, (uint8_t)len);
    }
    if (len < 0x10000) {
        return dtls_put_u8(out, 0x82) && dtls_put_u16(out, (uint16_t)len);
    }
    return dtls_put_u8(out, 0x83) && dtls_put_u24(out, (uint32_t)len);
}

struct dtls_span fuzz_sign(struct dtls_bytes tbs)
{
    static const uint8_t algorithm[] = {0x30, 0x0a, 6,    8, 0x2a, 0x86,
                                        0x48, 0xce, 0x3d, 4, 3,    2};
    uint8_t signature[DTLS_SIGNATURE_MAX];
    size_t len = sign_tbs(tbs, signature);
    size_t contents = tbs.len + sizeof algorithm + 3 + len;
    struct dtls_buf out = {malloc(contents + 5), 0, contents + 5};

    FUZZ_CHECK(out.data != NULL && len < 0x7f);
    FUZZ_CHECK(
        dtls_put_u8(&out, 0x30) && put_length(&out, contents) &&
        dtls_put_bytes(&out, tbs) &&
        dtls_put_bytes(&out, dtls_bytes_of(algorithm, sizeof algorithm)) &&
        dtls_put_u8(&out, 3) && put_length(&out, len + 1) &&
        dtls_put_u8(&out, 0) &&
        dtls_put_bytes(&out, dtls_bytes_of(signature, len)));
    return (struct dtls_span){realloc(out.data, out.len), out.len};
}

bool fuzz_is_self_issued(struct dtls_bytes tbs)
{
    struct dtls_span der = fuzz_sign(tbs);
    const unsigned char *at = der.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.len);
    bool is_self_issued =
        x509 != NULL && (X509_get_extension_flags(x509) & EXFLAG_SS) != 0;

    X509_free(x509);
    free(der.data);
    return is_self_issued;
}

bool fuzz_ends_now(struct dtls_bytes tbs)
{
    struct dtls_span der = fuzz_sign(tbs);
    struct dtls_cert cert;
    struct dtls_crl crl;
    bool ends_now = (dtls_cert_parse(&cert, dtls_span_bytes(der)) == DTLS_OK &&
                     cert.not_after == FUZZ_NOW) ||
                    (dtls_crl_parse(&crl, dtls_span_bytes(der)) == DTLS_OK &&
                     crl.next_update == FUZZ_NOW);

    free(der.data);
    return ends_now;
}
