/* SPDX-License-Identifier: MIT */
/* The cryptography of every session.  It is in no header that is installed. */
#ifndef DTLS_NX_SECURE_SESSION_CRYPTO_H
#define DTLS_NX_SECURE_SESSION_CRYPTO_H

#include "crypto/crypto.h"

/* dtls_nx_crypto is libcrypto's.  A program of the lab may put a wrapper in
 * its place before it creates the first session.  The wrapper's functions may
 * be called with another `self` (nx_crypto/adapter.h), so they keep what they
 * need elsewhere. */
extern const struct dtls_crypto *dtls_nx_crypto;

#endif
