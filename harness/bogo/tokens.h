/* SPDX-License-Identifier: MIT */
/* What the runner expects to read on stderr when a connection fails: the
 * names of BoringSSL's errors, between colons. */
#ifndef BOGO_TOKENS_H
#define BOGO_TOKENS_H

#include "base/status.h"

#include <stdint.h>

/* What a verification that is told to fail says, if it may not choose its
 * alert: 40. */
#define BOGO_VERIFY_FAILED ((enum dtls_status)(DTLS_FATAL | 1 << 14 | 40))

/* A server without renegotiation_info, where the flags want one. */
#define BOGO_LEGACY_SERVER ((enum dtls_status)(DTLS_FATAL | 1 << 15 | 40))

/* bogo_token names what ended a session of ours. */
const char *bogo_token(enum dtls_status status);

/* bogo_alert_token names a fatal alert of the peer. */
const char *bogo_alert_token(uint8_t description);

#endif
