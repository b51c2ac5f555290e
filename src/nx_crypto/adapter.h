/* SPDX-License-Identifier: MIT */
/* A session's cryptography when its table names methods of the application.
 * The adapter calls those methods in NetX's convention and leaves the rest to
 * libcrypto (docs/decisions/0010).
 *
 * Everything lies in the metadata area that the application gave the session.
 * A foreign method has one piece of it for each thing that it does, as large
 * as the largest of its kind in the table asks for. */
#ifndef DTLS_NX_CRYPTO_ADAPTER_H
#define DTLS_NX_CRYPTO_ADAPTER_H

#include "crypto/crypto.h"
#include "nx_secure_dtls_api.h"

struct dtls_nx_adapter;

/* A private key that only a method of the application can use: the `handle` of
 * its struct dtls_private_key points to one of these.  `public` is the key of
 * the certificate.  Both are borrowed. */
struct dtls_nx_held_key {
    const NX_SECURE_X509_CERT *cert;
    const struct dtls_public_key *public;
};

/* dtls_nx_adapter_size returns how many bytes of metadata a session needs,
 * whatever address they begin at.  Rows with a NULL method ask for nothing. */
uint64_t dtls_nx_adapter_size(const NX_SECURE_TLS_CRYPTO *table);

/* dtls_nx_adapter_has_method tells whether the table has a method of the
 * application for signatures by such keys. */
bool dtls_nx_adapter_has_method(const NX_SECURE_TLS_CRYPTO *table,
                                enum dtls_key_type key);

/* dtls_nx_adapter_begin divides the session's metadata area: *suites has room
 * for the table's suites.  It returns the session's cryptography, which is
 * `base` if no method of the table is foreign.  Otherwise *adapter, which is
 * NULL before, is the adapter; a second call returns the same one, as the keys
 * of the session are in use.
 *
 * `tls` and `suite`, where the engine keeps the suite in use, are borrowed
 * until dtls_nx_adapter_end.  The functions of `base` must not need their
 * `self`. */
const struct dtls_crypto *dtls_nx_adapter_begin(
    struct dtls_nx_adapter **adapter, uint16_t **suites,
    const NX_SECURE_TLS_SESSION *tls, const struct dtls_suite *const *suite,
    const struct dtls_crypto *base);

/* dtls_nx_adapter_end ends what methods of the application still hold, wipes
 * the adapter and sets *adapter to NULL; on NULL it does nothing.  The
 * engine's session has been freed before. */
VOID dtls_nx_adapter_end(struct dtls_nx_adapter **adapter);

#endif
