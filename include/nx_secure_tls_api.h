/* SPDX-License-Identifier: MIT */
/* nx_secure_tls_api.h: the name under which applications include
 * nx_secure_tls.h. */

#ifndef NX_SECURE_TLS_API_H
#define NX_SECURE_TLS_API_H

#include "nx_secure_tls.h"

#endif
