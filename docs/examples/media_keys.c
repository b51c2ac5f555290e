/* SPDX-License-Identifier: MIT */
/* Keys for media beside a session (media_keys.h).  This file is the same on a
 * device and on a host. */
#include "media_keys.h"

static const USHORT profiles[] = {NXDTLS_SRTP_AEAD_AES_128_GCM,
                                  NXDTLS_SRTP_AES128_CM_HMAC_SHA1_80};
#define NUM_PROFILES (sizeof profiles / sizeof *profiles)

UINT media_client_prepare(NX_SECURE_DTLS_SESSION *session)
{
    return nxdtls_session_srtp_set(session, profiles, NUM_PROFILES, NX_NULL,
                                   0);
}

UINT media_server_prepare(NX_SECURE_DTLS_SERVER *server)
{
    return nxdtls_server_srtp_set(server, profiles, NUM_PROFILES);
}

/* The keys must not stay on the stack; a compiler may leave out a memset
 * whose result is not read. */
static VOID wipe(VOID *memory, ULONG length)
{
    volatile UCHAR *byte = memory;

    while (length-- > 0) {
        *byte++ = 0;
    }
}

UINT media_begin(NX_SECURE_DTLS_SESSION *session, MEDIA_INSTALL install)
{
    NXDTLS_SRTP srtp;
    UINT status = nxdtls_session_srtp_get(session, &srtp);

    if (status != NX_SUCCESS) {
        return status;
    }
    status = install(NX_TRUE, srtp.profile, srtp.send_key, srtp.key_length,
                     srtp.send_salt, srtp.salt_length, srtp.packets);
    if (status == NX_SUCCESS) {
        status =
            install(NX_FALSE, srtp.profile, srtp.receive_key, srtp.key_length,
                    srtp.receive_salt, srtp.salt_length, srtp.packets);
    }
    wipe(&srtp, sizeof srtp);
    return status;
}

/* RFC 5764, 5.1.2 */
UINT media_is_dtls(const UCHAR *datagram, ULONG length)
{
    return length != 0 && datagram[0] >= 20 && datagram[0] <= 63 ? NX_TRUE
                                                                 : NX_FALSE;
}
