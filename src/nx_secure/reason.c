/* SPDX-License-Identifier: MIT */
/* Alerts and failures in words (nxdtls.h). */
#include "nx_secure/internal.h"

/* The peer's reason for each alert that it may have sent; "" if its name says
 * all that is known. */
static const struct {
    uint8_t description;
    const CHAR *name;
    const CHAR *reason;
} alerts[] = {
    {0, "close_notify", "the peer has closed the session"},
    {10, "unexpected_message", "the peer expected another message"},
    {20, "bad_record_mac", "our records do not open at the peer: wrong key?"},
    {21, "decryption_failed", "our records do not open at the peer"},
    {22, "record_overflow", "a record of ours is too long for the peer"},
    {30, "decompression_failure", ""},
    {40, "handshake_failure",
     "the peer accepts none of our suites, groups or signature algorithms"},
    {41, "no_certificate", ""},
    {42, "bad_certificate", "the peer cannot use our certificate"},
    {43, "unsupported_certificate",
     "our certificate is of a kind or for a "
     "purpose that the peer does not accept"},
    {44, "certificate_revoked", "our certificate is revoked"},
    {45, "certificate_expired",
     "our certificate has expired, or the peer's clock is wrong"},
    {46, "certificate_unknown", "the peer does not accept our certificate"},
    {47, "illegal_parameter", "the peer found a value of ours inconsistent"},
    {48, "unknown_ca",
     "the peer does not trust the issuer of our certificate"},
    {49, "access_denied", "the peer knows us and does not let us in"},
    {50, "decode_error", "the peer could not read a message of ours"},
    {51, "decrypt_error",
     "the peer could not verify a signature or our Finished: wrong key?"},
    {60, "export_restriction", ""},
    {70, "protocol_version", "the peer does not speak DTLS 1.2"},
    {71, "insufficient_security", "the peer asks for stronger suites"},
    {80, "internal_error",
     "the peer has no room for us, or has failed itself"},
    {86, "inappropriate_fallback", "the peer speaks a later version"},
    {90, "user_canceled", "the peer has given up"},
    {100, "no_renegotiation", "the peer does not renegotiate"},
    {109, "missing_extension", "the peer misses an extension in our hello"},
    {110, "unsupported_extension",
     "the peer did not ask for an extension in our hello"},
    {111, "certificate_unobtainable", ""},
    {112, "unrecognized_name", "the peer does not have the name we asked for"},
    {113, "bad_certificate_status_response",
     "the peer refuses what the OCSP responder says about our certificate"},
    {114, "bad_certificate_hash_value", ""},
    {115, "unknown_psk_identity", "the peer does not know our PSK identity"},
    {116, "certificate_required", "the peer requires a certificate of us"},
    {120, "no_application_protocol",
     "the peer speaks none of our application protocols"},
};

enum { NUM_ALERTS = sizeof alerts / sizeof *alerts };

static int alert_row(UINT description)
{
    for (int i = 0; i < NUM_ALERTS; i++) {
        if (alerts[i].description == description) {
            return i;
        }
    }
    return -1;
}

const CHAR *nxdtls_alert_name(UINT description)
{
    int row = alert_row(description);

    return row < 0 ? NULL : alerts[row].name;
}

static bool has_secret(const struct dtls_suite *suite)
{
    return suite != NULL && !dtls_suite_has_certificate(suite);
}

/* The reason why a handshake has no answer. */
static const CHAR *reason_of_silence(const struct dtls_nx_session *s)
{
    const struct dtls_handshake *h = &s->engine.hs;

    if (s->send_status != NX_SUCCESS && s->send_status != NX_SIZE_ERROR) {
        return "our datagrams do not leave this host: is there a route?";
    }
    if (s->counters.discarded_mac != 0) {
        return "the peer's records do not open: wrong key?";
    }
    if (s->counters.records_received == 0) {
        return "nothing has come from the peer: wrong address or port, or a "
               "filter between us?";
    }
    if (h->role == DTLS_CLIENT && h->keys_ready) {
        return has_secret(h->suite)
                   ? "the peer does not answer our Finished: wrong key?"
                   : "the peer does not answer our Finished";
    }
    return "the peer has stopped answering";
}

const CHAR *dtls_nx_reason(const struct dtls_nx_session *s)
{
    const struct dtls_session *e = &s->engine;
    int row;

    if (e->phase == DTLS_PHASE_FAILED && e->failure == DTLS_ALERTED) {
        row = alert_row(e->peer_alert[1]);
        return row < 0 ? "" : alerts[row].reason;
    }
    if (e->phase == DTLS_PHASE_FAILED && e->hs.refusal != NULL) {
        return e->hs.refusal;
    }
    if (dtls_session_is_opening(e) ||
        (e->phase == DTLS_PHASE_FAILED && e->failure == DTLS_TOO_LATE)) {
        return reason_of_silence(s);
    }
    if (e->phase == DTLS_PHASE_FAILED &&
        e->failure == DTLS_CERTIFICATE_UNKNOWN && s->config.pins.len != 0) {
        return "the peer's key has none of the fingerprints";
    }
    return "";
}

const CHAR *nxdtls_session_reason(NX_SECURE_DTLS_SESSION *dtls_session)
{
    const struct dtls_nx_session *s = dtls_nx_session(dtls_session);
    const CHAR *reason;

    dtls_nx_lock();
    reason =
        s->engine.phase == DTLS_PHASE_IDLE ? s->reason : dtls_nx_reason(s);
    dtls_nx_unlock();
    return reason == NULL ? "" : reason;
}
