/* SPDX-License-Identifier: MIT */
/* --ask-staple: what a client makes of the OCSP response that its server has
 * stapled (RFC 6960, RFC 6066, 8). */
#ifndef NXDTLS_PROGRAMS_OCSP_JUDGE_H
#define NXDTLS_PROGRAMS_OCSP_JUDGE_H

#include "programs/credentials.h"

enum staple {
    STAPLE_UNSEEN,  /* no handshake has asked for one yet */
    STAPLE_NONE,    /* the server has stapled none */
    STAPLE_GOOD,    /* its certificate is good */
    STAPLE_REVOKED, /* its certificate is revoked */
    STAPLE_BAD      /* it says neither, is too old, or is not its issuer's */
};

/* staple_judge judges a response about the certificate that the server has
 * shown in this session.  Its issuer, or a responder that the issuer has
 * named, must have signed it; `cas` is what the client trusts. */
enum staple staple_judge(const struct cert_list *cas,
                         NX_SECURE_DTLS_SESSION *session,
                         const UCHAR *response, ULONG length);

/* staple_text is a word for a line. */
const char *staple_text(enum staple staple);

#endif
