/* SPDX-License-Identifier: MIT */
/* The hash over all handshake messages (handshake/transcript.h). */
#include "handshake/transcript.h"

#include "flight/fragment.h"

#include <assert.h>

static const enum dtls_hash_alg algs[DTLS_TRANSCRIPT_HASHES] = {
    DTLS_HASH_SHA256, DTLS_HASH_SHA384, DTLS_HASH_SHA512, DTLS_HASH_SHA1};

#define ALWAYS                                                                \
    (DTLS_HASH_BIT(DTLS_HASH_SHA256) | DTLS_HASH_BIT(DTLS_HASH_SHA384))

enum dtls_status dtls_transcript_start(struct dtls_transcript *transcript,
                                       const struct dtls_crypto *crypto,
                                       unsigned also)
{
    struct dtls_transcript made = {.crypto = crypto};

    for (size_t i = 0; i < DTLS_TRANSCRIPT_HASHES; i++) {
        enum dtls_status status;

        if (((ALWAYS | also) & DTLS_HASH_BIT(algs[i])) == 0) {
            continue;
        }
        status = crypto->hash_start(crypto->self, &made.hashes[i], algs[i]);
        if (status != DTLS_OK) {
            return status;
        }
    }
    *transcript = made;
    return DTLS_OK;
}

static void update(struct dtls_transcript *transcript, struct dtls_bytes data)
{
    const struct dtls_crypto *crypto = transcript->crypto;

    for (size_t i = 0; i < DTLS_TRANSCRIPT_HASHES; i++) {
        if (transcript->hashes[i].alg != DTLS_HASH_NONE) {
            crypto->hash_update(crypto->self, &transcript->hashes[i], data);
        }
    }
    if (transcript->messages.cap != 0 &&
        !dtls_put_bytes(&transcript->messages, data)) {
        transcript->messages = (struct dtls_buf){0};
    }
}

void dtls_transcript_add(struct dtls_transcript *transcript, uint8_t type,
                         uint16_t seq, const struct dtls_bytes *parts,
                         size_t num_parts)
{
    uint8_t header[DTLS_FRAGMENT_HEADER_LEN];
    struct dtls_buf buf = {header, 0, sizeof header};
    struct dtls_fragment whole = {.type = type, .seq = seq};
    bool ok;

    for (size_t i = 0; i < num_parts; i++) {
        whole.body.len += parts[i].len;
    }
    whole.message_len = (uint32_t)whole.body.len;
    ok = dtls_fragment_put_header(&buf, &whole);
    assert(ok); /* In both directions a body is below 2^24 bytes. */
    (void)ok;
    update(transcript, dtls_buf_bytes(&buf));
    for (size_t i = 0; i < num_parts; i++) {
        update(transcript, parts[i]);
    }
}

void dtls_transcript_keep(struct dtls_transcript *transcript,
                          enum dtls_hash_alg alg)
{
    for (size_t i = 0; i < DTLS_TRANSCRIPT_HASHES; i++) {
        if (algs[i] != alg) {
            transcript->hashes[i].alg = DTLS_HASH_NONE;
        }
    }
}

/* Returns the running hash `alg`, or NULL. */
static const struct dtls_hash *find_hash(
    const struct dtls_transcript *transcript, enum dtls_hash_alg alg)
{
    for (size_t i = 0; i < DTLS_TRANSCRIPT_HASHES; i++) {
        if (transcript->hashes[i].alg == alg && alg != DTLS_HASH_NONE) {
            return &transcript->hashes[i];
        }
    }
    return NULL;
}

struct dtls_bytes dtls_transcript_digest(
    const struct dtls_transcript *transcript, enum dtls_hash_alg alg,
    uint8_t out[DTLS_HASH_MAX])
{
    const struct dtls_crypto *crypto = transcript->crypto;
    const struct dtls_hash *hash = find_hash(transcript, alg);

    /* The hash of the suite's PRF runs in every handshake.  Without it a
     * master secret or a Finished would bind nothing. */
    assert(hash != NULL);
    crypto->hash_digest(crypto->self, hash, out);
    return dtls_bytes_of(out, dtls_hash_len(alg));
}

void dtls_transcript_remember(struct dtls_transcript *transcript,
                              struct dtls_span room)
{
    transcript->messages = (struct dtls_buf){room.data, 0, room.len};
}

bool dtls_transcript_can_sign(const struct dtls_transcript *transcript,
                              const struct dtls_sigalg *alg)
{
    return alg->hash == DTLS_HASH_NONE
               ? transcript->messages.cap != 0
               : find_hash(transcript, alg->hash) != NULL;
}

struct dtls_bytes dtls_transcript_input(
    const struct dtls_transcript *transcript, const struct dtls_sigalg *alg,
    uint8_t out[DTLS_HASH_MAX])
{
    assert(dtls_transcript_can_sign(transcript, alg)); /* or over nothing */
    return alg->hash == DTLS_HASH_NONE
               ? dtls_buf_bytes(&transcript->messages)
               : dtls_transcript_digest(transcript, alg->hash, out);
}
