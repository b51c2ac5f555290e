/* SPDX-License-Identifier: MIT */
/* media_keys.h: what an application does that sends media by SRTP beside a
 * DTLS session (RFC 5764).  Its SRTP stack is its own. */

#ifndef MEDIA_KEYS_H
#define MEDIA_KEYS_H

#include "nxdtls.h"

/* A function of the SRTP stack: it copies master key and master salt, for what
 * we send (NX_TRUE) or what we receive.  After `packets` packets another
 * handshake is due (nxdtls_session_renegotiate, then media_begin). */
typedef UINT (*MEDIA_INSTALL)(UINT sends, USHORT profile, const UCHAR *key,
                              UINT key_length, const UCHAR *salt,
                              UINT salt_length, ULONG packets);

/* media_client_prepare and media_server_prepare say which profiles this
 * application has, before the handshake. */
UINT media_client_prepare(NX_SECURE_DTLS_SESSION *session);
UINT media_server_prepare(NX_SECURE_DTLS_SERVER *server);

/* media_begin gives the SRTP stack its keys, once the session is connected. It
 * returns 0x101 if the peer has no profile in common: then there is no media.
 */
UINT media_begin(NX_SECURE_DTLS_SESSION *session, MEDIA_INSTALL install);

/* media_is_dtls tells whose a datagram on the shared port is, by its first
 * byte: NX_TRUE for the DTLS session. */
UINT media_is_dtls(const UCHAR *datagram, ULONG length);

#endif
