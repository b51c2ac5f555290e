/* SPDX-License-Identifier: MIT */
/* Record protection (record/protect.h): one path for all records, and a layout
 * for each class of ciphers. */
#include "record/protect.h"

#include "base/secret.h"
#include "record/layout.h"

#include <assert.h>
#include <string.h>

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

/* Returns the length of what is encrypted: of the plaintext, and under a
 * connection id of type and padding. */
static size_t inner_len(const struct dtls_protection *p, size_t plain_len)
{
    size_t len = plain_len + 1;

    if (p->cid_len == 0) {
        return plain_len;
    }
    if (p->pad_to != 0 && len % p->pad_to != 0) {
        len += p->pad_to - len % p->pad_to;
    }
    return len > dtls_protect_limit(p) && plain_len < dtls_protect_limit(p)
               ? dtls_protect_limit(p)
               : len;
}

/* Returns the longest plaintext that is not longer than `len` with what
 * inner_len counts. */
static size_t fit_inner(const struct dtls_protection *p, size_t len)
{
    if (p->cid_len == 0 || len == 0) {
        return len;
    }
    if (p->pad_to != 0 && len < dtls_protect_limit(p)) {
        len -= len % p->pad_to;
    }
    return len == 0 ? 0 : len - 1;
}

size_t dtls_protect_expansion(const struct dtls_protection *protection)
{
    const struct dtls_layout *layout = layout_of(protection);
    size_t most = 0;

    /* Padding depends on the length, and one of these lengths is the worst. */
    for (size_t len = 0; len < DTLS_CBC_BLOCK; len++) {
        size_t added =
            layout->sealed_len(protection, inner_len(protection, len)) - len;

        most = added > most ? added : most;
    }
    return protection->cid_len + most;
}

size_t dtls_protect_prefix(const struct dtls_protection *protection)
{
    return DTLS_RECORD_HEADER_LEN + protection->cid_len +
           layout_of(protection)->prefix(protection);
}

size_t dtls_protect_fit(const struct dtls_protection *protection, size_t room)
{
    size_t header = DTLS_RECORD_HEADER_LEN + protection->cid_len;
    size_t fit;

    if (room < header) {
        return 0;
    }
    fit = layout_of(protection)->fit(protection, room - header);
    if (fit > dtls_protect_limit(protection)) {
        fit = dtls_protect_limit(protection);
    }
    return fit_inner(protection, fit);
}

/* Puts plaintext, type and padding at the place in `out` where they will be
 * encrypted: `len` bytes in all, for which there is room. */
static struct dtls_bytes wrap(const struct dtls_protection *p,
                              const struct dtls_buf *out, uint8_t type,
                              struct dtls_bytes plain, size_t len)
{
    struct dtls_buf at = dtls_buf_tail(out, dtls_protect_prefix(p), len);
    struct dtls_span place;
    bool ok = dtls_put_room(&at, len, &place);

    assert(ok);
    (void)ok;
    if (plain.len != 0) {
        memmove(place.data, plain.data, plain.len);
    }
    memset(&place.data[plain.len], 0, len - plain.len);
    place.data[plain.len] = type;
    return dtls_span_bytes(place);
}

enum dtls_status dtls_protect_seal(const struct dtls_crypto *crypto,
                                   struct dtls_protection *protection,
                                   struct dtls_buf *out, uint8_t type,
                                   uint16_t version, uint16_t epoch,
                                   uint64_t seq, struct dtls_bytes plain)
{
    const struct dtls_layout *layout = layout_of(protection);
    size_t len = inner_len(protection, plain.len);
    size_t body_len = layout->sealed_len(protection, len);
    size_t header_len = DTLS_RECORD_HEADER_LEN + protection->cid_len;
    struct dtls_record id = {
        .type = type, .version = version, .epoch = epoch, .seq = seq};
    struct dtls_buf record = dtls_buf_tail(out, 0, header_len + body_len);
    struct dtls_buf header = record;
    struct dtls_span room;
    enum dtls_status status;

    if (len > dtls_protect_limit(protection) ||
        record.cap < header_len + body_len ||
        !dtls_put_room(&record, header_len, &room)) {
        return DTLS_NO_ROOM;
    }
    if (protection->cid_len != 0) {
        plain = wrap(protection, out, type, plain, len);
    }
    /* The plaintext may stand where the header's end will be, so it is moved
     * before the header is written. */
    status = layout->seal(crypto, protection, &record, &id, plain);
    if (status != DTLS_OK) {
        /* Leaves no half-sealed plaintext behind. */
        dtls_wipe(record.data, record.len);
        return status;
    }
    if (protection->cid_len != 0
            ? !dtls_record_put_with_cid(&header, version, epoch, seq,
                                        dtls_protect_cid(protection), body_len)
            : !dtls_record_put_header(&header, type, version, epoch, seq,
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
    enum dtls_status status;

    /* The type in the clear says which form the additional data has. */
    if ((record->type == DTLS_TLS12_CID) != (protection->cid_len != 0)) {
        return DTLS_DISCARD;
    }
    status = layout_of(protection)->open(crypto, protection, record, &opened);
    /* Nothing authenticates a plaintext of epoch 0, so one that is too long is
     * junk. */
    if (status != DTLS_OK || (protection->cipher.suite == NULL &&
                              opened.len > DTLS_PLAINTEXT_MAX)) {
        return DTLS_DISCARD;
    }
    *plain = opened;
    return DTLS_OK;
}

bool dtls_protect_unwrap(struct dtls_record *record)
{
    struct dtls_span *plain = &record->body;

    while (plain->len != 0 && plain->data[plain->len - 1] == 0) {
        plain->len--;
    }
    if (plain->len == 0) {
        return false;
    }
    record->type = plain->data[--plain->len];
    return true;
}
