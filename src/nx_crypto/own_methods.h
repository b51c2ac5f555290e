/* SPDX-License-Identifier: MIT */
/* The method objects of this library, which the public headers name.
 *
 * A session never calls one of them: it recognizes their members and asks the
 * engine's own cryptography (docs/decisions/0010).
 */
#ifndef DTLS_NX_CRYPTO_OWN_METHODS_H
#define DTLS_NX_CRYPTO_OWN_METHODS_H

#include "nx_secure_dtls_api.h"

#include <stdbool.h>
#include <stdint.h>

/* DTLS_NX_REPLACEABLE marks an object that an application may define itself,
 * under its NetX name. */
#define DTLS_NX_REPLACEABLE __attribute__((weak))

/* dtls_nx_is_own tells whether `method` does what one of this library's
 * objects does: it has the same numbers and functions.  An object without an
 * operation must be the library's itself, as one of an application may just
 * lack it. */
bool dtls_nx_is_own(const NX_CRYPTO_METHOD *method);

/* dtls_nx_own_curve returns the library's curve object for a NamedGroup, or
 * NULL if there is none. */
const NX_CRYPTO_METHOD *dtls_nx_own_curve(uint16_t group);

#endif
