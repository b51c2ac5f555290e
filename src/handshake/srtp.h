/* SPDX-License-Identifier: MIT */
/* Keys for SRTP (RFC 5764): which profile both ends use, and its keys. */
#ifndef DTLS_HANDSHAKE_SRTP_H
#define DTLS_HANDSHAKE_SRTP_H

#include "base/bytes.h"

#define DTLS_SRTP_MKI_MAX 32     /* bytes of an MKI that we agree on */
#define DTLS_SRTP_PROFILES_MAX 4 /* that we know */
#define DTLS_SRTP_KEY_MAX 32
#define DTLS_SRTP_SALT_MAX 14

/* SRTPProtectionProfile (RFC 5764, 4.1.2; RFC 7714, 14.2).  Those that do not
 * encrypt are not ours. */
enum {
    DTLS_SRTP_AES128_CM_HMAC_SHA1_80 = 0x0001,
    DTLS_SRTP_AES128_CM_HMAC_SHA1_32 = 0x0002,
    DTLS_SRTP_AEAD_AES_128_GCM = 0x0007,
    DTLS_SRTP_AEAD_AES_256_GCM = 0x0008
};

/* struct dtls_srtp_profile is a profile of ours.  `packets` is how many one
 * key may protect. */
struct dtls_srtp_profile {
    uint16_t id;
    uint8_t key_len;
    uint8_t salt_len;
    uint32_t packets;
};

/* dtls_srtp_find returns the profile with this number, or NULL. */
const struct dtls_srtp_profile *dtls_srtp_find(uint16_t id);

/* struct dtls_srtp_agreed is what the hellos agree on; profile 0: nothing. */
struct dtls_srtp_agreed {
    uint16_t profile;
    uint8_t mki_len;
    uint8_t mki[DTLS_SRTP_MKI_MAX];
};

/* struct dtls_srtp_keys has the keys of either direction.  Wipe it where its
 * life ends. */
struct dtls_srtp_keys {
    uint8_t client_key[DTLS_SRTP_KEY_MAX];
    uint8_t server_key[DTLS_SRTP_KEY_MAX];
    uint8_t client_salt[DTLS_SRTP_SALT_MAX];
    uint8_t server_salt[DTLS_SRTP_SALT_MAX];
};

#endif
