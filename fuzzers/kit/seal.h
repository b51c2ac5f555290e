/* SPDX-License-Identifier: MIT */
/* Opened records (opened.h): those of an input are sealed on their way in, and
 * those of a recorded handshake are opened on their way into a seed.
 *
 * Both use the keys of the session itself, whatever its suite.  So a changed
 * plaintext is authentic, and reaches what only the peer can reach. */
#ifndef FUZZERS_KIT_SEAL_H
#define FUZZERS_KIT_SEAL_H

#include "fuzzers/kit/repeatable_crypto.h"
#include "session/session.h"

/* fuzz_seal appends `record`, sealed as the session's peer would seal it now.
 * A Finished whose verify_data is all FUZZ_NULL_BYTE gets the right
 * verify_data.  It returns false, and appends nothing, if the record is not an
 * opened one or the session has no keys for it. */
DTLS_MUST_USE bool fuzz_seal(struct dtls_session *session,
                             struct fuzz_crypto *crypto, struct dtls_buf *out,
                             const struct dtls_record *record);

/* fuzz_open appends a datagram that the session has sent, with its protected
 * records opened and the verify_data of its Finished made FUZZ_NULL_BYTE.  A
 * record that it cannot open stays as it is. */
void fuzz_open(const struct dtls_session *session, struct fuzz_crypto *crypto,
               struct dtls_buf *out, struct dtls_bytes datagram);

#endif
