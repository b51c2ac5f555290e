/* SPDX-License-Identifier: MIT */
/* The conversion between the API's public members and values and the
 * engine's. */
#include "nx_secure/internal.h"

VOID dtls_nx_notice(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const struct dtls_session *e = &dtls_nx_session(session)->engine;
    const struct dtls_record_layer *r = &e->records;
    uint64_t out = dtls_record_layer_next_seq(r);
    uint64_t in = dtls_record_layer_last_read(r);

    tls->nx_secure_tls_local_session_active = dtls_session_is_open(e);
    tls->nx_secure_tls_remote_session_active = dtls_session_is_connected(e);
    tls->nx_secure_tls_local_sequence_number[0] = (ULONG)out;
    tls->nx_secure_tls_local_sequence_number[1] = (ULONG)(out >> 32);
    tls->nx_secure_tls_remote_sequence_number[0] = (ULONG)in;
    tls->nx_secure_tls_remote_sequence_number[1] = (ULONG)(in >> 32);
    if (e->phase != DTLS_PHASE_IDLE) {
        tls->nx_secure_tls_received_alert_level = e->peer_alert[0];
        tls->nx_secure_tls_received_alert_value = e->peer_alert[1];
    }
}

static bool put_ip(struct dtls_buf *out, const NXD_ADDRESS *ip)
{
    bool ok = true;

    if (ip->nxd_ip_version == NX_IP_VERSION_V4) {
        return dtls_put_u32(out, ip->nxd_ip_address.v4);
    }
    for (size_t i = 0; i < 4; i++) {
        ok = ok && dtls_put_u32(out, ip->nxd_ip_address.v6[i]);
    }
    return ok;
}

VOID dtls_nx_address(struct dtls_address *out, const NXD_ADDRESS *ip,
                     UINT port, const NXD_ADDRESS *local)
{
    struct dtls_buf buf = {out->bytes, 0, sizeof out->bytes};
    bool ok = dtls_put_u8(&buf, (uint8_t)ip->nxd_ip_version) &&
              put_ip(&buf, ip) && dtls_put_u16(&buf, (uint16_t)port) &&
              (local == NX_NULL || put_ip(&buf, local));

    out->len = ok ? (uint8_t)buf.len : 0;
}

bool dtls_nx_is_peer(const NX_SECURE_DTLS_SESSION *session,
                     const NXD_ADDRESS *ip, UINT port)
{
    struct dtls_address given;
    struct dtls_address peer;

    dtls_nx_address(&given, ip, port, NX_NULL);
    dtls_nx_address(&peer, &session->nx_secure_dtls_remote_ip_address,
                    session->nx_secure_dtls_remote_port, NX_NULL);
    return dtls_bytes_equal(dtls_bytes_of(given.bytes, given.len),
                            dtls_bytes_of(peer.bytes, peer.len));
}
