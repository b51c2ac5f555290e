/* SPDX-License-Identifier: MIT */
/* This library's own services (nxdtls.h). */
#include "nx_secure/internal.h"

#include "base/secret.h"

UINT nxdtls_session_mtu_set(NX_SECURE_DTLS_SESSION *dtls_session, UINT mtu)
{
    if (mtu < DTLS_NX_MTU_MIN || mtu > DTLS_NX_MTU_MAX) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_session(dtls_session)->mtu = (uint16_t)mtu;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_mtu_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT mtu)
{
    if (mtu < DTLS_NX_MTU_MIN || mtu > DTLS_NX_MTU_MAX) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_server(server_ptr)->mtu = (uint16_t)mtu;
    return NX_SUCCESS;
}
#endif

UINT nxdtls_session_timeout_kept_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     UINT kept)
{
    dtls_nx_session(dtls_session)->options.timeout_anew = kept == NX_FALSE;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_timeout_kept_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UINT kept)
{
    dtls_nx_server(server_ptr)->options.timeout_anew = kept == NX_FALSE;
    return NX_SUCCESS;
}
#endif

static UINT set_retransmission(struct dtls_nx_options *options, ULONG first,
                               ULONG longest, UINT retries)
{
    if (first == 0 || first > 60000 || longest < first || longest > 600000 ||
        retries > 100) {
        return NX_SIZE_ERROR;
    }
    options->first_timeout = (uint32_t)first;
    options->longest_timeout = (uint32_t)longest;
    options->retries = retries;
    return NX_SUCCESS;
}

UINT nxdtls_session_retransmission_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                       ULONG first, ULONG longest,
                                       UINT retries)
{
    return set_retransmission(&dtls_nx_session(dtls_session)->options, first,
                              longest, retries);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_retransmission_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                      ULONG first, ULONG longest, UINT retries)
{
    return set_retransmission(&dtls_nx_server(server_ptr)->options, first,
                              longest, retries);
}
#endif

UINT nxdtls_session_handshake_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                        ULONG seconds)
{
    dtls_nx_session(dtls_session)->options.handshake_limit = seconds;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_handshake_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                       ULONG seconds)
{
    dtls_nx_server(server_ptr)->options.handshake_limit = seconds;
    return NX_SUCCESS;
}
#endif

UINT nxdtls_session_idle_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   ULONG seconds)
{
    dtls_nx_session(dtls_session)->options.idle_limit = seconds;
    return NX_SUCCESS;
}

UINT nxdtls_session_life_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                   ULONG seconds)
{
    dtls_nx_session(dtls_session)->options.life_limit = seconds;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_idle_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  ULONG seconds)
{
    dtls_nx_server(server_ptr)->options.idle_limit = seconds;
    return NX_SUCCESS;
}

UINT nxdtls_server_life_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                  ULONG seconds)
{
    dtls_nx_server(server_ptr)->options.life_limit = seconds;
    return NX_SUCCESS;
}
#endif

static UINT set_keepalive(struct dtls_nx_options *options, ULONG seconds,
                          UINT questions)
{
    if (seconds > 86400 ||
        (seconds != 0 && (questions == 0 || questions > 100))) {
        return NX_SIZE_ERROR;
    }
    options->keepalive = seconds;
    options->questions = (uint8_t)questions;
    return NX_SUCCESS;
}

UINT nxdtls_session_keepalive_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                  ULONG seconds, UINT questions)
{
    return set_keepalive(&dtls_nx_session(dtls_session)->options, seconds,
                         questions);
}

static UINT set_path_search(struct dtls_nx_options *options, UINT most)
{
    if (most != 0 && (most < DTLS_PROBE_BASE || most > DTLS_NX_MTU_MAX)) {
        return NX_SIZE_ERROR;
    }
    options->path_search = (uint16_t)most;
    return NX_SUCCESS;
}

UINT nxdtls_session_path_search_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                    UINT most)
{
    return set_path_search(&dtls_nx_session(dtls_session)->options, most);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_keepalive_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                 ULONG seconds, UINT questions)
{
    return set_keepalive(&dtls_nx_server(server_ptr)->options, seconds,
                         questions);
}

UINT nxdtls_server_path_search_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                   UINT most)
{
    return set_path_search(&dtls_nx_server(server_ptr)->options, most);
}
#endif

/* Tells whether the list is names of 1 to 255 bytes, each behind its length,
 * to the last byte. */
static bool is_protocol_list(struct dtls_bytes list)
{
    struct dtls_bytes name;

    if (list.len > DTLS_PROTOCOLS_MAX) {
        return false;
    }
    while (list.len != 0) {
        if (!dtls_get_vec8(&list, &name) || name.len == 0) {
            return false;
        }
    }
    return true;
}

static UINT set_protocols(struct dtls_nx_options *options, const UCHAR *names,
                          ULONG length)
{
    struct dtls_bytes list = {names, length};

    if (!is_protocol_list(list)) {
        return NX_SIZE_ERROR;
    }
    options->protocols = list;
    return NX_SUCCESS;
}

UINT nxdtls_session_alpn_set(NX_SECURE_DTLS_SESSION *dtls_session,
                             const UCHAR *names, ULONG length)
{
    return set_protocols(&dtls_nx_session(dtls_session)->options, names,
                         length);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_alpn_set(NX_SECURE_DTLS_SERVER *server_ptr,
                            const UCHAR *names, ULONG length)
{
    return set_protocols(&dtls_nx_server(server_ptr)->options, names, length);
}
#endif

UINT nxdtls_session_max_fragment_length_set(
    NX_SECURE_DTLS_SESSION *dtls_session, UINT length)
{
    if (length != 0 && length != 512 && length != 1024 && length != 2048 &&
        length != 4096) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_session(dtls_session)->options.max_fragment_length =
        (uint16_t)length;
    return NX_SUCCESS;
}

static UINT set_size_limit(struct dtls_nx_options *options, UINT limit)
{
    if (limit != 0 &&
        (limit < DTLS_SIZE_LIMIT_MIN || limit > DTLS_PLAINTEXT_MAX)) {
        return NX_SIZE_ERROR;
    }
    options->record_size_limit = (uint16_t)limit;
    return NX_SUCCESS;
}

UINT nxdtls_session_record_size_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                          UINT limit)
{
    return set_size_limit(&dtls_nx_session(dtls_session)->options, limit);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_record_size_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                         UINT limit)
{
    return set_size_limit(&dtls_nx_server(server_ptr)->options, limit);
}
#endif

static UINT set_unread(struct dtls_nx_options *options, UINT records)
{
    if (records == 0 || records > 0xFFFF) {
        return NX_SIZE_ERROR;
    }
    options->unread = (uint16_t)records;
    return NX_SUCCESS;
}

UINT nxdtls_session_unread_limit_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     UINT records)
{
    return set_unread(&dtls_nx_session(dtls_session)->options, records);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_unread_limit_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    UINT records)
{
    return set_unread(&dtls_nx_server(server_ptr)->options, records);
}
#endif

#ifdef NX_SECURE_ENABLE_ECC_CIPHERSUITE
/* An exchange is made of it and thrown away: that tells whether it is 0. */
static bool is_usable(struct dtls_bytes password)
{
    struct dtls_jpake trial;
    bool usable = dtls_nx_crypto->jpake_make(dtls_nx_crypto->self, &trial,
                                             false, password) == DTLS_OK;

    dtls_nx_crypto->jpake_free(dtls_nx_crypto->self, &trial);
    return usable;
}

static UINT set_password(struct dtls_nx_options *options,
                         const UCHAR *password, UINT length)
{
    if (length > NX_SECURE_TLS_MAX_PSK_SIZE) {
        return NX_SIZE_ERROR;
    }
    if (length != 0 && !is_usable(dtls_bytes_of(password, length))) {
        return NX_INVALID_PARAMETERS;
    }
    options->password = dtls_bytes_of(password, length);
    return NX_SUCCESS;
}

UINT nxdtls_session_password_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                 const UCHAR *password, UINT length)
{
    return set_password(&dtls_nx_session(dtls_session)->options, password,
                        length);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_password_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                const UCHAR *password, UINT length)
{
    return set_password(&dtls_nx_server(server_ptr)->options, password,
                        length);
}
#endif
#endif

static UINT set_pins(struct dtls_nx_options *options,
                     const UCHAR *fingerprints, ULONG count)
{
    if (count > 1000) {
        return NX_SIZE_ERROR;
    }
    options->pins =
        dtls_bytes_of(fingerprints, (size_t)count * NXDTLS_FINGERPRINT_SIZE);
    return NX_SUCCESS;
}

UINT nxdtls_session_fingerprints_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                     const UCHAR *fingerprints, ULONG count)
{
    return set_pins(&dtls_nx_session(dtls_session)->options, fingerprints,
                    count);
}

UINT nxdtls_session_raw_keys_set(
    NX_SECURE_DTLS_SESSION *dtls_session, UINT accepted,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *key_info,
                  UINT length))
{
    struct dtls_nx_options *options = &dtls_nx_session(dtls_session)->options;

    options->raw_keys = accepted != 0;
    options->judge_raw_key = judge;
    return NX_SUCCESS;
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_raw_keys_set(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT accepted,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *key_info,
                  UINT length))
{
    struct dtls_nx_options *options = &dtls_nx_server(server_ptr)->options;

    options->raw_keys = accepted != 0;
    options->judge_raw_key = judge;
    return NX_SUCCESS;
}

UINT nxdtls_server_fingerprints_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                    const UCHAR *fingerprints, ULONG count)
{
    return set_pins(&dtls_nx_server(server_ptr)->options, fingerprints, count);
}

UINT nxdtls_server_name_required_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                     UINT required)
{
    dtls_nx_server(server_ptr)->options.refuse_unknown_name = required != 0;
    return NX_SUCCESS;
}

UINT nxdtls_server_handshake_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*handshake_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                             UINT status))
{
    dtls_nx_server(server_ptr)->handshake_notify = handshake_notify;
    return NX_SUCCESS;
}

UINT nxdtls_server_reserve_set(NX_SECURE_DTLS_SERVER *server_ptr, UINT used)
{
    UINT status = NX_STILL_BOUND;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    if (!server_ptr->nx_dtls_server_bound) {
        dtls_nx_use_reserve(server_ptr, used != 0);
        status = NX_SUCCESS;
    }
    dtls_nx_unlock();
    return status;
}

UINT nxdtls_server_admission_set(NX_SECURE_DTLS_SERVER *server_ptr,
                                 UINT yields, ULONG source_cap)
{
    struct dtls_admission *admission = &dtls_nx_server(server_ptr)->admission;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (!dtls_nx_is_server(server_ptr)) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    dtls_admission_set(admission, yields != 0, (uint32_t)source_cap);
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif

UINT nxdtls_session_connection_id_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                      UINT used, UINT length)
{
    struct dtls_nx_options *options = &dtls_nx_session(dtls_session)->options;

    if (length > DTLS_OWN_CID_MAX) {
        return NX_SIZE_ERROR;
    }
    options->connection_ids = used != 0;
    options->cid_len = (uint8_t)length;
    return NX_SUCCESS;
}

static UINT set_padding(struct dtls_nx_options *options, UINT multiple)
{
    if (multiple > DTLS_PLAINTEXT_MAX) {
        return NX_SIZE_ERROR;
    }
    options->pad_to = (uint16_t)multiple;
    return NX_SUCCESS;
}

UINT nxdtls_session_padding_set(NX_SECURE_DTLS_SESSION *dtls_session,
                                UINT multiple)
{
    return set_padding(&dtls_nx_session(dtls_session)->options, multiple);
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_padding_set(NX_SECURE_DTLS_SERVER *server_ptr,
                               UINT multiple)
{
    return set_padding(&dtls_nx_server(server_ptr)->options, multiple);
}

UINT nxdtls_server_connection_id_set(
    NX_SECURE_DTLS_SERVER *server_ptr, UINT used, UINT length,
    UINT (*make)(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *id, UINT length))
{
    struct dtls_nx_options *options = &dtls_nx_server(server_ptr)->options;
    UINT status = NX_STILL_BOUND;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (length > DTLS_OWN_CID_MAX) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_lock();
    if (!server_ptr->nx_dtls_server_bound) {
        options->connection_ids = used != 0;
        options->cid_len = (uint8_t)length;
        options->make_cid = make;
        status = NX_SUCCESS;
    }
    dtls_nx_unlock();
    return status;
}

UINT nxdtls_server_moved_notify_set(
    NX_SECURE_DTLS_SERVER *server_ptr,
    UINT (*moved_notify)(NX_SECURE_DTLS_SESSION *dtls_session,
                         NXD_ADDRESS *old_ip_address, UINT old_port))
{
    dtls_nx_server(server_ptr)->moved_notify = moved_notify;
    return NX_SUCCESS;
}
#endif

ULONG nxdtls_session_number(const NX_SECURE_DTLS_SESSION *dtls_session)
{
    const NX_SECURE_DTLS_SERVER *server =
        dtls_session->nx_secure_dtls_server_parent;

    if (server == NX_NULL) {
        return 0;
    }
    return dtls_session == &server->nx_dtls_server_reserve
               ? server->nx_dtls_server_sessions_count
               : (ULONG)(dtls_session - server->nx_dtls_server_sessions);
}

const CHAR *nxdtls_suite_name(UINT number)
{
    const struct dtls_suite *suite =
        number > 0xffff ? NULL : dtls_suite_find((uint16_t)number);

    return suite == NULL ? NULL : suite->name;
}

/* Each complete handshake has made one epoch. */
static ULONG renegotiations(const struct dtls_session *s)
{
    if (s->hs.agreed.suite == NULL) {
        return 0;
    }
    return (s->phase == DTLS_PHASE_RENEGOTIATING ? s->hs.epoch
                                                 : s->records.read_epoch) -
           1u;
}

UINT nxdtls_session_info_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SESSION_INFO *info)
{
    const struct dtls_nx_session *s = dtls_nx_session(dtls_session);
    const struct dtls_handshake *h = &s->engine.hs;
    const struct dtls_agreed *agreed = &h->agreed;
    const struct dtls_suite *suite =
        agreed->suite != NULL ? agreed->suite : h->suite;
    const struct dtls_record_layer *r = &s->engine.records;
    const struct dtls_protection *protection =
        dtls_record_layer_protection_out(r);

    *info = (NXDTLS_SESSION_INFO){
        .suite = suite == NULL ? 0 : suite->id,
        .suite_name = suite == NULL ? "none" : suite->name,
        .extended_master_secret = agreed->extended_master_secret,
        .secure_renegotiation = agreed->secure_renegotiation,
        .resumed = agreed->resumed,
        .renegotiations = renegotiations(&s->engine),
        .peer_certificate = agreed->has_peer_leaf,
        .peer_raw_key = agreed->has_peer_leaf && agreed->peer_is_raw,
        .server_name_known = agreed->server_name_known,
        .alpn = agreed->protocol.data,
        .alpn_length = (UINT)agreed->protocol.len,
        .send_limit = (ULONG)dtls_protect_limit(protection),
        .receive_limit =
            (ULONG)dtls_protect_limit(dtls_record_layer_protection_in(r)),
        .mtu = (ULONG)(s->engine.phase == DTLS_PHASE_IDLE
                           ? dtls_nx_mtu(dtls_session)
                           : dtls_session_mtu(&s->engine)),
        .path_mtu = s->engine.mtu.confirmed,
        .record_overhead = (ULONG)(DTLS_RECORD_HEADER_LEN +
                                   dtls_protect_expansion(protection)),
        .alert_sent = s->alert_sent,
        .alert_received = s->alert_received,
        .group = h->group,
        .receive_id_length = dtls_record_layer_protection_in(r)->cid_len,
        .send_id_length = protection->cid_len,
        .routability_checks = agreed->routability_checks,
        .clear_answers = s->engine.clear_answers,
    };
    return NX_SUCCESS;
}

UINT nxdtls_session_peer_certificate_get(NX_SECURE_DTLS_SESSION *dtls_session,
                                         const UCHAR **certificate,
                                         UINT *length)
{
    const struct dtls_nx_session *s = dtls_nx_session(dtls_session);
    struct dtls_bytes list;
    struct dtls_bytes shown;

    dtls_nx_lock();
    list = s->engine.phase == DTLS_PHASE_IDLE ? s->peer_list
                                              : s->engine.hs.peer_list;
    dtls_nx_unlock();
    if (!dtls_certificate_next(&list, &shown)) {
        return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    }
    *certificate = shown.data;
    *length = (UINT)shown.len;
    return NX_SUCCESS;
}

UINT nxdtls_session_export(NX_SECURE_DTLS_SESSION *dtls_session, UCHAR *out,
                           ULONG length, const CHAR *label,
                           const UCHAR *context, ULONG context_length)
{
    struct dtls_bytes bytes = {context, context_length};
    enum dtls_status status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status =
        dtls_session_export(&dtls_nx_session(dtls_session)->engine, out,
                            length, label, context == NX_NULL ? NULL : &bytes);
    dtls_nx_unlock();
    return status == DTLS_NO_ROOM ? NX_INVALID_PARAMETERS
                                  : dtls_nx_status(status);
}

static UINT set_srtp(struct dtls_nx_options *options, const USHORT *profiles,
                     UINT count, struct dtls_bytes mki)
{
    if (count > DTLS_SRTP_PROFILES_MAX || mki.len > DTLS_SRTP_MKI_MAX) {
        return NX_SIZE_ERROR;
    }
    for (UINT i = 0; i < count; i++) {
        if (dtls_srtp_find(profiles[i]) == NULL) {
            return NX_SIZE_ERROR;
        }
    }
    options->srtp_profiles = profiles;
    options->num_srtp_profiles = (uint8_t)count;
    options->srtp_mki = mki;
    return NX_SUCCESS;
}

UINT nxdtls_session_srtp_set(NX_SECURE_DTLS_SESSION *dtls_session,
                             const USHORT *profiles, UINT count,
                             const UCHAR *mki, UINT mki_length)
{
    return set_srtp(&dtls_nx_session(dtls_session)->options, profiles, count,
                    dtls_bytes_of(mki, mki_length));
}

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT nxdtls_server_srtp_set(NX_SECURE_DTLS_SERVER *server_ptr,
                            const USHORT *profiles, UINT count)
{
    return set_srtp(&dtls_nx_server(server_ptr)->options, profiles, count,
                    (struct dtls_bytes){0});
}
#endif

static VOID fill_srtp(NXDTLS_SRTP *srtp, const struct dtls_handshake *h,
                      const struct dtls_srtp_keys *keys)
{
    const struct dtls_srtp_agreed *agreed = &h->agreed.srtp;
    const struct dtls_srtp_profile *profile = dtls_srtp_find(agreed->profile);
    bool is_client = h->role == DTLS_CLIENT;

    *srtp = (NXDTLS_SRTP){
        .profile = profile->id,
        .key_length = profile->key_len,
        .salt_length = profile->salt_len,
        .packets = profile->packets,
        .mki_length = agreed->mki_len,
    };
    NX_SECURE_MEMCPY(srtp->mki, agreed->mki, sizeof agreed->mki);
    NX_SECURE_MEMCPY(is_client ? srtp->send_key : srtp->receive_key,
                     keys->client_key, sizeof keys->client_key);
    NX_SECURE_MEMCPY(is_client ? srtp->receive_key : srtp->send_key,
                     keys->server_key, sizeof keys->server_key);
    NX_SECURE_MEMCPY(is_client ? srtp->send_salt : srtp->receive_salt,
                     keys->client_salt, sizeof keys->client_salt);
    NX_SECURE_MEMCPY(is_client ? srtp->receive_salt : srtp->send_salt,
                     keys->server_salt, sizeof keys->server_salt);
}

UINT nxdtls_session_srtp_get(NX_SECURE_DTLS_SESSION *dtls_session,
                             NXDTLS_SRTP *srtp)
{
    const struct dtls_session *e = &dtls_nx_session(dtls_session)->engine;
    struct dtls_srtp_keys keys;
    enum dtls_status status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = dtls_session_srtp_keys(e, &keys);
    if (status == DTLS_OK) {
        fill_srtp(srtp, &e->hs, &keys);
    }
    dtls_nx_unlock();
    dtls_wipe(&keys, sizeof keys);
    return dtls_nx_status(status);
}

UINT nxdtls_session_staple_judge_set(
    NX_SECURE_DTLS_SESSION *dtls_session,
    UINT (*judge)(NX_SECURE_DTLS_SESSION *dtls_session, const UCHAR *response,
                  ULONG length))
{
    dtls_nx_session(dtls_session)->options.judge_staple = judge;
    return NX_SUCCESS;
}

UINT nxdtls_certificate_staple_set(NX_SECURE_X509_CERT *certificate,
                                   const UCHAR *response, ULONG length)
{
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    if (length > NXDTLS_STAPLE_SIZE) {
        return NX_SIZE_ERROR;
    }
    dtls_nx_lock();
    dtls_nx_cert(certificate)->credential.staple =
        dtls_bytes_of(response, length);
    dtls_nx_unlock();
    return NX_SUCCESS;
}
