/* SPDX-License-Identifier: MIT */
/* nx_secure_dtls_api.h: the name under which applications include
 * nx_secure_dtls.h. */

#ifndef NX_SECURE_DTLS_API_H
#define NX_SECURE_DTLS_API_H

#include "nx_secure_dtls.h"

#endif
