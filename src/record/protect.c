/* SPDX-License-Identifier: MIT */
/* Record protection (record/protect.h): one path for all records, and a layout
 * for each class of ciphers. */
#include "record/protect.h"

#include "base/secret.h"
#include "record/layout.h"

static const struct dtls_layout *layout_of(const struct dtls_protection *p)
{
    if (p->cipher.suite == NULL) {
        return &dtls_layout_plain;
    }
    switch (p->cipher.suite->cipher) {
    case DTLS_CIPHER_NULL:
        return &dtls_layout_null;
    case DTLS_CIPHER_CBC:
        return p->encrypt_then_mac ? &dtls_layout_etm : &dtls_layout_cbc;
    case DTLS_CIPHER_GCM:
    case DTLS_CIPHER_CCM:
    case DTLS_CIPHER_CCM_8:
    case DTLS_CIPHER_CHACHA20:
        break;
    }
    return &dtls_layout_aead;
}

/* 2^24.5 and 2^23.5, rounded down. */
#define POW2_24_5 23726566u
#define POW2_23_5 11863283u

/* CCM_8 has CCM's numbers.  RFC 9147 gives it none, because its short tag is
 * weak from the first forgery on (2^-64 each); a smaller bound would only let
 * an attacker end sessions with less work.  The HMAC of CBC and NULL suites
 * outlasts the sequence numbers. */
struct dtls_endurance dtls_protect_endurance(
    const struct dtls_protection *protection)
{
    static const struct dtls_endurance gcm = {POW2_24_5, (uint64_t)1 << 28};
    static const struct dtls_endurance ccm = {1u << 23, POW2_23_5};
    static const struct dtls_endurance chacha20 = {UINT64_MAX,
                                                   (uint64_t)1 << 36};
    static const struct dtls_endurance numbers = {UINT64_MAX, UINT64_MAX};

    if (protection->cipher.suite == NULL) {
        return numbers;
    }
    switch (protection->cipher.suite->cipher) {
    case DTLS_CIPHER_GCM:
        return gcm;
    case DTLS_CIPHER_CCM:
    case DTLS_CIPHER_CCM_8:
        return ccm;
    case DTLS_CIPHER_CHACHA20:
        return chacha20;
    case DTLS_CIPHER_NULL:
    case DTLS_CIPHER_CBC:
        break;
    }
    return numbers;
}

size_t dtls_protect_expansion(const struct dtls_protection *protection)
{
    const struct dtls_layout *layout = layout_of(protection);
    size_t most = 0;

    /* Padding depends on the length, and one of these lengths is the worst. */
    for (size_t len = 0; len < DTLS_CBC_BLOCK; len++) {
        size_t added = layout->sealed_len(protection, len) - len;

        most = added > most ? added : most;
    }
    return most;
}

size_t dtls_protect_prefix(const struct dtls_protection *protection)
{
    return DTLS_RECORD_HEADER_LEN + layout_of(protection)->prefix(protection);
}

size_t dtls_protect_fit(const struct dtls_protection *protection, size_t room)
{
    size_t fit;

    if (room < DTLS_RECORD_HEADER_LEN) {
        return 0;
    }
    fit =
        layout_of(protection)->fit(protection, room - DTLS_RECORD_HEADER_LEN);
    return fit < dtls_protect_limit(protection)
               ? fit
               : dtls_protect_limit(protection);
}

enum dtls_status dtls_protect_seal(const struct dtls_crypto *crypto,
                                   struct dtls_protection *protection,
                                   struct dtls_buf *out, uint8_t type,
                                   uint16_t version, uint16_t epoch,
                                   uint64_t seq, struct dtls_bytes plain)
{
    const struct dtls_layout *layout = layout_of(protection);
    size_t body_len = layout->sealed_len(protection, plain.len);
    struct dtls_record id = {
        .type = type, .version = version, .epoch = epoch, .seq = seq};
    struct dtls_buf record =
        dtls_buf_tail(out, 0, DTLS_RECORD_HEADER_LEN + body_len);
    struct dtls_buf header = record;
    struct dtls_span room;
    enum dtls_status status;

    if (plain.len > dtls_protect_limit(protection) ||
        record.cap < DTLS_RECORD_HEADER_LEN + body_len ||
        !dtls_put_room(&record, DTLS_RECORD_HEADER_LEN, &room)) {
        return DTLS_NO_ROOM;
    }
    /* The plaintext may stand where the header's end will be, so it is moved
     * before the header is written. */
    status = layout->seal(crypto, protection, &record, &id, plain);
    if (status != DTLS_OK) {
        /* Leaves no half-sealed plaintext behind. */
        dtls_wipe(record.data, record.len);
        return status;
    }
    if (!dtls_record_put_header(&header, type, version, epoch, seq,
                                body_len)) {
        return DTLS_NO_ROOM;
    }
    out->len += record.len;
    return DTLS_OK;
}

enum dtls_status dtls_protect_open(const struct dtls_crypto *crypto,
                                   struct dtls_protection *protection,
                                   const struct dtls_record *record,
                                   struct dtls_span *plain)
{
    struct dtls_span opened;
    enum dtls_status status =
        layout_of(protection)->open(crypto, protection, record, &opened);

    /* Nothing authenticates a plaintext of epoch 0, so one that is too long is
     * junk. */
    if (status != DTLS_OK || (protection->cipher.suite == NULL &&
                              opened.len > DTLS_PLAINTEXT_MAX)) {
        return DTLS_DISCARD;
    }
    *plain = opened;
    return DTLS_OK;
}
