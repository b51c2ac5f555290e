/* SPDX-License-Identifier: MIT */
/* nx_http_proxy_client.h: there are no services for the HTTP proxy; this name
 * is for programs that include it. */

#ifndef NX_HTTP_PROXY_CLIENT_H
#define NX_HTTP_PROXY_CLIENT_H

#include "nx_api.h"

#endif
