/* SPDX-License-Identifier: MIT */
/* Keys that the application looks up when a client names an identity, at once
 * or later (nxdtls.h). */
#include "nx_secure/internal.h"

#include "base/secret.h"

VOID dtls_nx_forget_answer(struct dtls_nx_session *s)
{
    dtls_wipe(s->answer, sizeof s->answer);
    s->question = DTLS_NX_NOT_ASKED;
}

static enum dtls_status take_answer(struct dtls_nx_session *s,
                                    struct dtls_buf *out)
{
    bool is_known =
        s->answer_len != 0 &&
        dtls_put_bytes(out, dtls_bytes_of(s->answer, s->answer_len));

    dtls_nx_forget_answer(s);
    return is_known ? DTLS_OK : DTLS_UNKNOWN_PSK_IDENTITY;
}

/* The application may answer later, even before its function returns: the IP
 * thread goes on. */
static enum dtls_status ask(NX_SECURE_DTLS_SESSION *session,
                            struct dtls_buf *out, struct dtls_bytes identity)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    UINT length = 0;
    UINT status;

    dtls_nx_forget_answer(s);
    s->question = DTLS_NX_ASKED;
    dtls_nx_call_begin(session);
    status = s->options.psk_lookup(session, identity.data, (UINT)identity.len,
                                   out->data, &length);
    if (!dtls_nx_call_end(session)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (status == NX_IN_PROGRESS) {
        return DTLS_NOT_NOW;
    }
    dtls_nx_forget_answer(s);
    if (status != NX_SUCCESS || length == 0 ||
        length > NX_SECURE_TLS_MAX_PSK_SIZE) {
        return DTLS_UNKNOWN_PSK_IDENTITY;
    }
    out->len = length;
    return DTLS_OK;
}

enum dtls_status dtls_nx_look_up_psk(void *session, struct dtls_buf *out,
                                     struct dtls_bytes identity)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    return s->question == DTLS_NX_TAKEN ? take_answer(s, out)
                                        : ask(session, out, identity);
}

VOID dtls_nx_go_on(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    s->question = DTLS_NX_TAKEN;
    (void)dtls_session_go_on(&s->engine, dtls_nx_now());
    if (s->question == DTLS_NX_TAKEN) {
        dtls_nx_forget_answer(s); /* That handshake has been given up. */
    }
    dtls_nx_notice(session);
    (void)dtls_nx_reset_late(session);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_psk_lookup_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*lookup)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *identity,
                   UINT identity_length, UCHAR *key, UINT *key_length))
{
    dtls_nx_server(server_ptr)->options.psk_lookup = lookup;
    return NX_SUCCESS;
}

static bool is_awaited(const struct dtls_nx_session *s,
                       struct dtls_bytes identity)
{
    const struct dtls_handshake *h = &s->engine.hs;

    return s->question == DTLS_NX_ASKED &&
           dtls_bytes_equal(identity,
                            dtls_bytes_of(h->peer_psk_id, h->peer_psk_id_len));
}

UINT nxdtls_session_psk_answer(NX_SECURE_DTLS_SESSION *dtls_session,
                               const UCHAR *identity, UINT identity_length,
                               const UCHAR *key, UINT key_length)
{
    struct dtls_nx_session *s = dtls_nx_session(dtls_session);
    UINT status = NX_INVALID_PARAMETERS;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (key_length > sizeof s->answer) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_lock();
    if (is_awaited(s, dtls_bytes_of(identity, identity_length))) {
        if (key_length != 0) {
            NX_SECURE_MEMCPY(s->answer, key, key_length);
        }
        s->answer_len = (uint8_t)key_length;
        s->question = DTLS_NX_ANSWERED;
        dtls_nx_watch(dtls_session);
        status = NX_SUCCESS;
    }
    dtls_nx_unlock();
    return status;
}
#endif
