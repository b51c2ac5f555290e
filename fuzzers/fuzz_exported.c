/* SPDX-License-Identifier: MIT */
/* Target: dtls_client_session_import.
 * Input:  one byte; then an exported session or, if that byte is odd, what is
 *         sealed in one, which is sealed here.
 * Oracle: nothing is read that was not sealed; what is read, exported again,
 *         has the same bytes; after a refusal there is no session. */
#include "fuzzers/kit/fuzz.h"
#include "handshake/resumption.h"

#include <string.h>

static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'e', 'x', 'p'};
static const uint8_t key[DTLS_SAVED_KEY_LEN];
static struct dtls_client_session own; /* large: not on the stack */
static uint8_t sealed[2 * DTLS_EXPORTED_MAX];
static uint8_t again[2 * DTLS_EXPORTED_MAX];

/* Keys and salts of zeros do: the target is the reader. */
static enum dtls_status zeros(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return DTLS_OK;
}

static bool import(const struct dtls_crypto *crypto, struct dtls_bytes in)
{
    enum dtls_status status;

    fuzz_mark(&own, sizeof own);
    status = dtls_client_session_import(crypto, &own, in, key, 0);
    if (status != DTLS_OK) {
        FUZZ_CHECK(status == DTLS_DISCARD);
        fuzz_zero(&own, sizeof own);
    }
    return status == DTLS_OK;
}

/* Puts version, salt, number, `state` and the tag into `in`. */
static bool seal(const struct dtls_crypto *crypto, struct dtls_buf *in,
                 struct dtls_bytes state)
{
    static const uint8_t zero[DTLS_EXPORT_SALT_LEN];
    struct dtls_bytes salt = {zero, sizeof zero};
    uint8_t aad[DTLS_AAD_LEN] = {0};
    uint8_t made[DTLS_SAVED_KEY_LEN];
    struct dtls_hmac_key hmac;
    struct dtls_cipher cipher = {0};
    struct dtls_span tag;
    size_t mark;

    if (!dtls_put_u8(in, 1) || !dtls_put_bytes(in, salt)) {
        return false;
    }
    mark = in->len;
    if (!dtls_put_bytes(in, dtls_bytes_of(zero, 8)) ||
        !dtls_put_bytes(in, state) ||
        !dtls_put_room(in, DTLS_SAVED_TAG_LEN, &tag)) {
        return false;
    }
    memcpy(&aad[8], purpose, sizeof purpose);
    FUZZ_CHECK(crypto->hmac_key(crypto->self, &hmac, DTLS_HASH_SHA256,
                                dtls_bytes_of(key, sizeof key)) == DTLS_OK);
    crypto->hmac(crypto->self, &hmac, made, &salt, 1);
    FUZZ_CHECK(dtls_saved_key(crypto, &cipher, made, true) == DTLS_OK &&
               crypto->aead_seal(
                   crypto->self, &cipher, aad,
                   (struct dtls_span){&in->data[mark], in->len - mark}) ==
                   DTLS_OK);
    crypto->cipher_free(crypto->self, &cipher);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes bytes = {data, size};
    struct dtls_crypto crypto = dtls_libcrypto;
    struct dtls_buf in = {sealed, 0, sizeof sealed};
    struct dtls_buf out = {again, 0, sizeof again};

    crypto.random = zeros;
    if ((fuzz_u8(&bytes) & 1) == 0) {
        FUZZ_CHECK(!import(&crypto, bytes));
        return 0;
    }
    if (!seal(&crypto, &in, bytes) || !import(&crypto, dtls_buf_bytes(&in)) ||
        own.saved.suite == 0) {
        return 0; /* Without a suite there is nothing to export. */
    }
    FUZZ_CHECK(dtls_client_session_export(&crypto, &out, &own, key, 0) ==
               DTLS_OK);
    fuzz_same(dtls_buf_bytes(&out), dtls_buf_bytes(&in));
    return 0;
}
