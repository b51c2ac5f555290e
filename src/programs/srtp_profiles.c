/* SPDX-License-Identifier: MIT */
/* Keys for SRTP (programs/srtp_profiles.h). */
#include "programs/srtp_profiles.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    USHORT id;
} profiles[SRTP_PROFILES] = {
    {"SRTP_AES128_CM_HMAC_SHA1_80", NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80},
    {"SRTP_AES128_CM_HMAC_SHA1_32", NXDTLS_SRTP_AES128_CM_HMAC_SHA1_32},
    {"SRTP_AEAD_AES_128_GCM", NXDTLS_SRTP_AEAD_AES_128_GCM},
    {"SRTP_AEAD_AES_256_GCM", NXDTLS_SRTP_AEAD_AES_256_GCM},
};

bool srtp_profile(USHORT *out, const char *name, size_t len)
{
    for (size_t i = 0; i < SRTP_PROFILES; i++) {
        if (strlen(profiles[i].name) == len &&
            strncmp(profiles[i].name, name, len) == 0) {
            *out = profiles[i].id;
            return true;
        }
    }
    return false;
}

static const char *name_of(USHORT id)
{
    size_t i = 0;

    while (i < SRTP_PROFILES - 1 && profiles[i].id != id) {
        i++;
    }
    return profiles[i].name;
}

/* SHA-256 over the keys in the order of RFC 5764, 4.2. */
static bool hash_keys(UCHAR out[EVP_MAX_MD_SIZE], const NXDTLS_SRTP *s,
                      bool is_server)
{
    const UCHAR *keys[2] = {s->send_key, s->receive_key};
    const UCHAR *salts[2] = {s->send_salt, s->receive_salt};
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;

    for (size_t i = 0; good && i < 2; i++) {
        good = EVP_DigestUpdate(ctx, keys[i ^ is_server], s->key_length) == 1;
    }
    for (size_t i = 0; good && i < 2; i++) {
        good =
            EVP_DigestUpdate(ctx, salts[i ^ is_server], s->salt_length) == 1;
    }
    good = good && EVP_DigestFinal_ex(ctx, out, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

const char *srtp_text(char *out, size_t size, NX_SECURE_DTLS_SESSION *session,
                      bool is_server)
{
    UCHAR hash[EVP_MAX_MD_SIZE] = {0};
    NXDTLS_SRTP s;

    if (nxdtls_session_srtp_get(session, &s) != NX_SUCCESS ||
        !hash_keys(hash, &s, is_server)) {
        return "srtp=none";
    }
    (void)snprintf(
        out, size, "srtp=%s mki_length=%u key_check=%02x%02x%02x%02x",
        name_of(s.profile), s.mki_length, hash[0], hash[1], hash[2], hash[3]);
    OPENSSL_cleanse(&s, sizeof s);
    return out;
}
