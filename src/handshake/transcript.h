/* SPDX-License-Identifier: MIT */
/* The hash over all handshake messages (RFC 6347, 4.2.6): each counts as if it
 * had come in one fragment, with its 12-byte header. */
#ifndef DTLS_HANDSHAKE_TRANSCRIPT_H
#define DTLS_HANDSHAKE_TRANSCRIPT_H

#include "crypto/crypto.h"

/* So many hashes can run until the handshake knows which ones it needs: the
 * PRF's for Finished, and for CertificateVerify that of the pair. */
#define DTLS_TRANSCRIPT_HASHES 4

struct dtls_transcript {
    const struct dtls_crypto *crypto;
    struct dtls_hash hashes[DTLS_TRANSCRIPT_HASHES];
    struct dtls_buf messages; /* themselves; cap 0: not kept */
};

/* dtls_transcript_start begins SHA-256 and SHA-384, which a PRF may need, and
 * those of SHA-512 and SHA-1 whose DTLS_HASH_BIT is in `also`.  If one cannot
 * be begun, it returns the status of `crypto` and leaves the transcript as it
 * was. */
#define DTLS_HASH_BIT(alg) (1u << (alg))
DTLS_MUST_USE enum dtls_status dtls_transcript_start(
    struct dtls_transcript *transcript, const struct dtls_crypto *crypto,
    unsigned also);

/* dtls_transcript_add hashes a message, whose body is `parts` one after the
 * other. */
void dtls_transcript_add(struct dtls_transcript *transcript, uint8_t type,
                         uint16_t seq, const struct dtls_bytes *parts,
                         size_t num_parts);

/* dtls_transcript_keep stops every hash but `alg`. */
void dtls_transcript_keep(struct dtls_transcript *transcript,
                          enum dtls_hash_alg alg);

/* dtls_transcript_remember keeps the messages themselves from now on, in the
 * caller's room.  The first message that does not fit ends that, and
 * everything kept is lost. */
void dtls_transcript_remember(struct dtls_transcript *transcript,
                              struct dtls_span room);

/* dtls_transcript_can_sign returns true if a CertificateVerify with this pair
 * can be made or checked.  The pair's hash must run; if it has none, the
 * messages must be kept (RFC 8422, 5.10). */
bool dtls_transcript_can_sign(const struct dtls_transcript *transcript,
                              const struct dtls_sigalg *alg);

/* dtls_transcript_input returns the bytes that such a signature is over: the
 * digest, in `out`, or the messages.  dtls_transcript_can_sign must be
 * true. */
struct dtls_bytes dtls_transcript_input(
    const struct dtls_transcript *transcript, const struct dtls_sigalg *alg,
    uint8_t out[DTLS_HASH_MAX]);

/* dtls_transcript_digest writes the digest of the messages so far and returns
 * it.  The hash `alg` must run. */
struct dtls_bytes dtls_transcript_digest(
    const struct dtls_transcript *transcript, enum dtls_hash_alg alg,
    uint8_t out[DTLS_HASH_MAX]);

#endif
