/* SPDX-License-Identifier: MIT */
/* The conversion between the API's public members and values and the
 * engine's. */
#include "nx_secure/internal.h"

/* Returns the row of the session's table for a suite, or NULL. */
static const NX_SECURE_TLS_CIPHERSUITE_INFO *row_of(
    const NX_SECURE_TLS_SESSION *tls, const struct dtls_suite *suite)
{
    const NX_SECURE_TLS_CRYPTO *table = tls->nx_secure_tls_crypto_table;

    for (USHORT i = 0; suite != NULL &&
                       i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        if (table->nx_secure_tls_ciphersuite_lookup_table[i]
                .nx_secure_tls_ciphersuite == suite->id) {
            return &table->nx_secure_tls_ciphersuite_lookup_table[i];
        }
    }
    return NX_NULL;
}

/* NetX's states by the message that a handshake waits for. */
static const USHORT client_states[] = {
    [DTLS_CLIENT_HELLO_VERIFY] = NX_SECURE_TLS_CLIENT_STATE_HELLO_VERIFY,
    [DTLS_CLIENT_SERVER_HELLO] = NX_SECURE_TLS_CLIENT_STATE_SERVERHELLO,
    [DTLS_CLIENT_CERTIFICATE] = NX_SECURE_TLS_CLIENT_STATE_SERVER_CERTIFICATE,
    [DTLS_CLIENT_SERVER_KEY_EXCHANGE] =
        NX_SECURE_TLS_CLIENT_STATE_SERVER_KEY_EXCHANGE,
    [DTLS_CLIENT_CERTIFICATE_REQUEST] =
        NX_SECURE_TLS_CLIENT_STATE_CERTIFICATE_REQUEST,
    [DTLS_CLIENT_SERVER_HELLO_DONE] =
        NX_SECURE_TLS_CLIENT_STATE_SERVERHELLO_DONE,
    [DTLS_CLIENT_FINISHED] = NX_SECURE_TLS_CLIENT_STATE_SERVERHELLO_DONE,
    [DTLS_CLIENT_END] = NX_SECURE_TLS_CLIENT_STATE_HANDSHAKE_FINISHED,
};
static const USHORT server_states[] = {
    [DTLS_SERVER_CLIENT_HELLO] = NX_SECURE_TLS_SERVER_STATE_SEND_HELLO,
    [DTLS_SERVER_CERTIFICATE] = NX_SECURE_TLS_SERVER_STATE_CLIENT_CERTIFICATE,
    [DTLS_SERVER_CLIENT_KEY_EXCHANGE] =
        NX_SECURE_TLS_SERVER_STATE_KEY_EXCHANGE,
    [DTLS_SERVER_CERTIFICATE_VERIFY] =
        NX_SECURE_TLS_SERVER_STATE_CERTIFICATE_VERIFY,
    [DTLS_SERVER_FINISHED] = NX_SECURE_TLS_SERVER_STATE_FINISH_HANDSHAKE,
    [DTLS_SERVER_END] = NX_SECURE_TLS_SERVER_STATE_HANDSHAKE_FINISHED,
};
_Static_assert(NX_SECURE_TLS_CLIENT_STATE_ALERT_SENT ==
                       NX_SECURE_TLS_SERVER_STATE_ALERT_SENT &&
                   NX_SECURE_TLS_CLIENT_STATE_ERROR ==
                       NX_SECURE_TLS_SERVER_STATE_ERROR,
               "state_of serves both roles");

static USHORT state_of(const struct dtls_nx_session *s)
{
    if (s->engine.phase == DTLS_PHASE_FAILED) {
        return s->alert_sent == DTLS_NX_NO_ALERT
                   ? NX_SECURE_TLS_SERVER_STATE_ERROR
                   : NX_SECURE_TLS_SERVER_STATE_ALERT_SENT;
    }
    return s->engine.hs.role == DTLS_CLIENT ? client_states[s->engine.hs.step]
                                            : server_states[s->engine.hs.step];
}

VOID dtls_nx_notice_handshake(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const struct dtls_nx_session *s = dtls_nx_session(session);
    NX_SECURE_TLS_CREDENTIALS *credentials = &tls->nx_secure_tls_credentials;
    const struct dtls_handshake *hs = &s->engine.hs;
    bool is_idle = s->engine.phase == DTLS_PHASE_IDLE;
    bool is_client = hs->role == DTLS_CLIENT;
    const struct dtls_suite *suite = is_idle ? NULL : hs->suite;
    USHORT state = is_idle ? 0 : state_of(s);
    size_t id_len = is_idle ? 0 : hs->peer_psk_id_len;

    tls->nx_secure_tls_supported_versions =
        NX_SECURE_DTLS_BITFIELD_VERSION_1_2;
    tls->nx_secure_tls_protocol_version =
        is_idle ? 0 : NX_SECURE_DTLS_VERSION_1_2;
    tls->nx_secure_tls_session_ciphersuite = row_of(tls, suite);
    tls->nx_secure_tls_client_state = is_client ? state : 0;
    tls->nx_secure_tls_server_state = is_client ? 0 : state;
    tls->nx_secure_tls_received_remote_credentials =
        !is_idle && (id_len != 0 || hs->peer_key.type != DTLS_KEY_NONE);
    NX_SECURE_MEMCPY(credentials->nx_secure_tls_remote_psk_id, hs->peer_psk_id,
                     id_len);
    credentials->nx_secure_tls_remote_psk_id_size = (UINT)id_len;
}

VOID dtls_nx_notice(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const struct dtls_session *e = &dtls_nx_session(session)->engine;
    const struct dtls_record_layer *r = &e->records;
    uint64_t out = dtls_record_layer_next_seq(r);
    uint64_t in = dtls_record_layer_last_read(r);

    dtls_nx_notice_handshake(session);
    dtls_nx_show_peer(session);
    tls->nx_secure_tls_local_session_active = dtls_session_is_open(e);
    tls->nx_secure_tls_remote_session_active = dtls_session_is_connected(e);
    tls->nx_secure_tls_local_sequence_number[0] = (ULONG)out;
    tls->nx_secure_tls_local_sequence_number[1] = (ULONG)(out >> 32);
    tls->nx_secure_tls_remote_sequence_number[0] = htonl((ULONG)(in >> 32));
    tls->nx_secure_tls_remote_sequence_number[1] = htonl((ULONG)in);
    if (e->phase != DTLS_PHASE_IDLE) {
        tls->nx_secure_tls_received_alert_level = e->peer_alert[0];
        tls->nx_secure_tls_received_alert_value = e->peer_alert[1];
        if (e->peer_alert[0] != 0) {
            dtls_nx_session(session)->alert_received = e->peer_alert[1];
        }
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

static bool is_same(const NXD_ADDRESS *a, UINT a_port, const NXD_ADDRESS *b,
                    UINT b_port)
{
    struct dtls_address one;
    struct dtls_address other;

    dtls_nx_address(&one, a, a_port, NX_NULL);
    dtls_nx_address(&other, b, b_port, NX_NULL);
    return dtls_bytes_equal(dtls_bytes_of(one.bytes, one.len),
                            dtls_bytes_of(other.bytes, other.len));
}

bool dtls_nx_is_peer(const NX_SECURE_DTLS_SESSION *session,
                     const NXD_ADDRESS *ip, UINT port)
{
    return is_same(ip, port, &session->nx_secure_dtls_remote_ip_address,
                   session->nx_secure_dtls_remote_port);
}

/* The indices of the loopback's addresses come last. */
bool dtls_nx_local_address(NXD_ADDRESS *out, const NX_IP *ip, ULONG version,
                           UINT index)
{
    *out = (NXD_ADDRESS){0};
    if (index == NX_SECURE_DTLS_ANY_ADDRESS) {
        return true;
    }
    if (version == NX_IP_VERSION_V4 && index < NX_MAX_IP_INTERFACES &&
        ip->nx_ip_interface[index].nx_interface_valid) {
        out->nxd_ip_address.v4 =
            ip->nx_ip_interface[index].nx_interface_ip_address;
        out->nxd_ip_version = version;
        return true;
    }
    if (version == NX_IP_VERSION_V6 &&
        index < NX_MAX_IPV6_ADDRESSES + NX_LOOPBACK_IPV6_ENABLED &&
        ip->nx_ipv6_address[index].nxd_ipv6_address_valid) {
        NX_SECURE_MEMCPY(out->nxd_ip_address.v6,
                         ip->nx_ipv6_address[index].nxd_ipv6_address,
                         sizeof out->nxd_ip_address.v6);
        out->nxd_ip_version = version;
        return true;
    }
    return false;
}

UINT dtls_nx_local_index(const NX_IP *ip, const NXD_ADDRESS *address)
{
    NXD_ADDRESS own;

    for (UINT i = 0; i < NX_MAX_IPV6_ADDRESSES + NX_LOOPBACK_IPV6_ENABLED;
         i++) {
        if (dtls_nx_local_address(&own, ip, address->nxd_ip_version, i) &&
            is_same(&own, 0, address, 0)) {
            return i;
        }
    }
    return NX_SECURE_DTLS_ANY_ADDRESS;
}
