/* SPDX-License-Identifier: MIT */
/* The kinds of handshake that a walk of failing calls plays: every key
 * exchange, either way to authenticate, every class of ciphers. */
#ifndef FAULT_HANDSHAKE_KINDS_H
#define FAULT_HANDSHAKE_KINDS_H

#include "fault/association_play.h"

enum { PLAY_PSK_KINDS = 10, PLAY_CERTIFICATE_KINDS = 12 };

extern const struct play_kind play_psk_kinds[PLAY_PSK_KINDS];
extern const struct play_kind play_certificate_kinds[PLAY_CERTIFICATE_KINDS];

#endif
