/* SPDX-License-Identifier: MIT */
/* Records sealed on their way in and opened on their way out (seal.h). */
#include "fuzzers/kit/seal.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/null_crypto.h"
#include "fuzzers/kit/opened.h"

#include <stdlib.h>
#include <string.h>

enum { FINISHED_LEN = DTLS_FRAGMENT_HEADER_LEN + DTLS_VERIFY_DATA_LEN };

static const uint8_t null_verify_data[DTLS_VERIFY_DATA_LEN] = {
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE,
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE,
    FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE, FUZZ_NULL_BYTE};

/* Is this the plaintext of a record that is one whole Finished? */
static bool is_finished(uint8_t type, struct dtls_bytes plain)
{
    struct dtls_fragment f;

    return type == DTLS_HANDSHAKE && plain.len == FINISHED_LEN &&
           dtls_fragment_next(&plain, &f) == DTLS_OK &&
           f.type == DTLS_FINISHED && f.body.len == DTLS_VERIFY_DATA_LEN;
}

/* Writes the Finished that the peer would send now.  False if `plain` has
 * verify_data of its own, or no handshake is running that has keys. */
static bool finish(struct dtls_handshake *h, uint8_t out[FINISHED_LEN],
                   struct dtls_bytes plain)
{
    uint8_t *verify_data = &out[DTLS_FRAGMENT_HEADER_LEN];
    enum dtls_role peer = h->role == DTLS_CLIENT ? DTLS_SERVER : DTLS_CLIENT;

    memcpy(out, plain.data, FINISHED_LEN);
    return memcmp(verify_data, null_verify_data, DTLS_VERIFY_DATA_LEN) == 0 &&
           h->keys_ready && h->area != NULL &&
           dtls_keys_verify_data(h, peer, verify_data) == DTLS_OK;
}

bool fuzz_seal(struct dtls_session *session, struct fuzz_crypto *crypto,
               struct dtls_buf *out, const struct dtls_record *record)
{
    const struct dtls_read_epoch *epoch =
        dtls_record_layer_reading(&session->records, record->epoch);
    struct dtls_protection protection;
    struct dtls_hmac_key mac;
    uint64_t calls = crypto->calls;
    uint8_t finished[FINISHED_LEN];
    struct fuzz_opened opened;
    bool is_sealed;

    if (record->epoch == 0 || epoch == NULL) {
        return false;
    }
    protection = epoch->protection;
    protection.cipher = (struct dtls_cipher){.mac = &mac};
    if (!fuzz_opened_get(&opened, dtls_span_bytes(record->body)) ||
        !fuzz_crypto_turn(crypto, &protection.cipher,
                          &epoch->protection.cipher)) {
        return false;
    }
    if (is_finished(record->type, opened.plain) &&
        finish(&session->hs, finished, opened.plain)) {
        opened.plain = dtls_bytes_of(finished, sizeof finished);
    }
    protection.limit = 0; /* a peer may ignore our limit */
    is_sealed = dtls_protect_seal(&crypto->crypto, &protection, out,
                                  record->type, record->version, record->epoch,
                                  record->seq, opened.plain) == DTLS_OK;
    crypto->crypto.cipher_free(crypto->crypto.self, &protection.cipher);
    /* The session draws the same random numbers as without this record. */
    crypto->calls = calls;
    return is_sealed;
}

/* Opens a record that the session has sent, in place. */
static bool open_own(const struct dtls_session *session,
                     struct fuzz_crypto *crypto,
                     const struct dtls_record *record, struct dtls_span *plain)
{
    const struct dtls_write_epoch *epoch =
        dtls_record_layer_writing(&session->records, record->epoch);
    struct dtls_protection protection;
    struct dtls_hmac_key mac;
    bool is_open;

    if (record->epoch == 0 || epoch == NULL) {
        return false;
    }
    protection = epoch->protection;
    protection.cipher = (struct dtls_cipher){.mac = &mac};
    if (!fuzz_crypto_turn(crypto, &protection.cipher,
                          &epoch->protection.cipher)) {
        return false;
    }
    is_open = dtls_protect_open(&crypto->crypto, &protection, record, plain) ==
              DTLS_OK;
    crypto->crypto.cipher_free(crypto->crypto.self, &protection.cipher);
    return is_open;
}

static void put_opened(struct dtls_buf *out, const struct dtls_record *record,
                       struct dtls_span plain)
{
    static const uint8_t nonce[FUZZ_NONCE_LEN];
    struct fuzz_opened opened = {dtls_bytes_of(nonce, sizeof nonce),
                                 dtls_span_bytes(plain)};

    if (is_finished(record->type, opened.plain)) {
        memcpy(&plain.data[DTLS_FRAGMENT_HEADER_LEN], null_verify_data,
               sizeof null_verify_data);
    }
    FUZZ_CHECK(dtls_record_put_header(
                   out, record->type, record->version, record->epoch,
                   record->seq, FUZZ_NONCE_LEN + plain.len + FUZZ_TAG_LEN) &&
               fuzz_opened_put(out, &opened));
}

void fuzz_open(const struct dtls_session *session, struct fuzz_crypto *crypto,
               struct dtls_buf *out, struct dtls_bytes datagram)
{
    uint8_t *copy = fuzz_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    struct dtls_span plain;

    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        size_t len = DTLS_RECORD_HEADER_LEN + record.body.len;
        struct dtls_bytes sealed;

        FUZZ_CHECK(dtls_get_bytes(&datagram, len, &sealed));
        if (open_own(session, crypto, &record, &plain)) {
            put_opened(out, &record, plain);
        } else {
            FUZZ_CHECK(dtls_put_bytes(out, sealed));
        }
    }
    FUZZ_CHECK(datagram.len == 0);
    free(copy);
}
