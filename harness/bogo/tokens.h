/* SPDX-License-Identifier: MIT */
/* The names of BoringSSL's errors, between colons: the runner reads them on
 * stderr when a connection fails. */
#ifndef BOGO_TOKENS_H
#define BOGO_TOKENS_H

#include "base/status.h"

#include <stdint.h>

/* A flag made verification fail; the alert is 40, as the flag chooses none. */
#define BOGO_VERIFY_FAILED ((enum dtls_status)(DTLS_FATAL | 1 << 14 | 40))

/* The server lacks renegotiation_info, which a flag demands. */
#define BOGO_LEGACY_SERVER ((enum dtls_status)(DTLS_FATAL | 1 << 15 | 40))

/* bogo_token returns the name of what ended our session. */
const char *bogo_token(enum dtls_status status);

/* bogo_alert_token returns the name of a fatal alert of the peer. */
const char *bogo_alert_token(uint8_t description);

#endif
