/* SPDX-License-Identifier: MIT */
/* Records of an input that are sealed on their way in, and those of a recorded
 * handshake that are opened on their way into a seed (opened.h).
 *
 * With the keys of the association itself, whatever its suite: so a changed
 * plaintext is authentic, and reaches what only the peer can reach. */
#ifndef FUZZERS_KIT_SEAL_H
#define FUZZERS_KIT_SEAL_H

#include "fuzzers/kit/repeatable_crypto.h"
#include "session/session.h"

/* fuzz_seal appends `record`, sealed as the peer of `a` would do it now; a
 * Finished of nothing but FUZZ_NULL_BYTE gets its right content.  False, and
 * nothing appended, if it is not opened or `a` has no keys for it. */
DTLS_MUST_USE bool fuzz_seal(struct dtls_session *session,
                             struct fuzz_crypto *crypto, struct dtls_buf *out,
                             const struct dtls_record *record);

/* fuzz_open appends a datagram that `a` has sent, its protected records opened
 * and its Finished of FUZZ_NULL_BYTE; what cannot be opened is not changed. */
void fuzz_open(const struct dtls_session *session, struct fuzz_crypto *crypto,
               struct dtls_buf *out, struct dtls_bytes datagram);

#endif
