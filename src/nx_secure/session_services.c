/* SPDX-License-Identifier: MIT */
/* Sessions: create, configure, reset, delete. */
#include "nx_secure/internal.h"

#include "base/secret.h"

static CHAR semaphore_name[] = "DTLS session";

/* The smallest reassembly buffer that a handshake can work with.  It holds any
 * message but a chain of certificates. */
#define REASSEMBLY_MIN 512

static UINT check_buffers(const NX_SECURE_TLS_CRYPTO *crypto_table,
                          ULONG metadata_size, UINT reassembly_size,
                          UINT certs_number, ULONG certs_size)
{
    if (metadata_size < dtls_nx_adapter_size(crypto_table) ||
        reassembly_size < REASSEMBLY_MIN) {
        return NX_INVALID_PARAMETERS;
    }
    if (certs_number != 0 && !dtls_nx_certs_fit(certs_size, certs_number)) {
        return NX_INVALID_PARAMETERS;
    }
    return NX_SUCCESS;
}

UINT _nx_secure_dtls_session_create(NX_SECURE_DTLS_SESSION *dtls_session,
                                    const NX_SECURE_TLS_CRYPTO *crypto_table,
                                    VOID *metadata_buffer, ULONG metadata_size,
                                    UCHAR *packet_reassembly_buffer,
                                    UINT packet_reassembly_buffer_size,
                                    UINT certs_number,
                                    UCHAR *remote_certificate_buffer,
                                    ULONG remote_certificate_buffer_size)
{
    NX_SECURE_TLS_SESSION *tls;
    UINT status;

    if (dtls_session == NX_NULL || crypto_table == NX_NULL ||
        metadata_buffer == NX_NULL || packet_reassembly_buffer == NX_NULL ||
        (certs_number != 0 && remote_certificate_buffer == NX_NULL)) {
        return NX_PTR_ERROR;
    }
    status = check_buffers(crypto_table, metadata_size,
                           packet_reassembly_buffer_size, certs_number,
                           remote_certificate_buffer_size);
    if (status != NX_SUCCESS) {
        return status;
    }
    NX_SECURE_MEMSET(dtls_session, 0, sizeof *dtls_session);
    dtls_areas_add(&dtls_nx_session(dtls_session)->areas,
                   &dtls_nx_session(dtls_session)->area);
    tls = &dtls_session->nx_secure_dtls_tls_session;
    dtls_nx_session(dtls_session)->alert_sent = DTLS_NX_NO_ALERT;
    dtls_nx_session(dtls_session)->options.record_size_limit =
        DTLS_PLAINTEXT_MAX;
    dtls_nx_session(dtls_session)->options.unread = DTLS_NX_UNREAD_PACKETS;
    dtls_session->nx_secure_dtls_local_ip_address_index =
        NX_SECURE_DTLS_ANY_ADDRESS;
    tls->nx_secure_tls_crypto_table = crypto_table;
    dtls_nx_certificates(tls)->nx_secure_x509_session = dtls_session;
    dtls_nx_session(dtls_session)->alert_received = DTLS_NX_NO_ALERT;
    tls->nx_secure_tls_metadata_area = metadata_buffer;
    tls->nx_secure_tls_metadata_size = metadata_size;
    tls->nx_secure_tls_packet_buffer = packet_reassembly_buffer;
    tls->nx_secure_tls_packet_buffer_size = packet_reassembly_buffer_size;
    tls->nx_secure_tls_remote_certificate_count = certs_number;
    tls->nx_secure_tls_remote_certificate_buffer = remote_certificate_buffer;
    tls->nx_secure_tls_remote_certificate_buffer_size =
        remote_certificate_buffer_size;
    status = tx_semaphore_create(&dtls_session->nx_secure_dtls_semaphore,
                                 semaphore_name, 0);
    if (status == TX_SUCCESS) {
        tls->nx_secure_tls_id = NX_SECURE_TLS_ID;
        dtls_session->nx_secure_dtls_generation = dtls_nx_generation();
    }
    return status;
}

VOID dtls_nx_reset(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;
    NX_PACKET *packet;

    s->reset_waits = dtls_nx_call_runs(session);
    if (s->reset_waits) {
        return;
    }
    /* The thread of these may have been terminated. */
    s->calling = false;
    s->listener = NULL;
    dtls_nx_forget_answer(s);
    if (s->engine.phase != DTLS_PHASE_IDLE) {
        s->reason = dtls_nx_reason(s);
        s->peer_list = s->engine.hs.peer_list;
    }
    dtls_nx_dismiss(session);
    if (server != NX_NULL && session->nx_secure_dtls_session_in_use) {
        struct dtls_nx_server *v = dtls_nx_server(server);

        dtls_counters_add(&v->counters, &s->counters);
        dtls_admission_leave(&v->admission, &s->slot);
    }
    dtls_session_free(&s->engine);
    s->counters = (struct dtls_counters){0};
    dtls_nx_adapter_end(&s->adapter);
    while ((packet = dtls_nx_queue_pop(session)) != NX_NULL) {
        nx_packet_release(packet);
    }
    session->nx_secure_dtls_session_in_use = NX_FALSE;
    session->nx_secure_dtls_session_started = NX_FALSE;
    session->nx_secure_dtls_local_ip_address_index =
        NX_SECURE_DTLS_ANY_ADDRESS;
    s->end_is_told = false;
    s->awaited = 0;
    s->shortage_is_told = false;
    s->life++;
    dtls_nx_notice(session);
    dtls_nx_watch(session);
}

VOID dtls_nx_end_life(NX_SECURE_DTLS_SESSION *session, uint32_t life)
{
    if (dtls_nx_session(session)->life == life) {
        dtls_nx_reset(session);
    }
}

UINT _nx_secure_dtls_session_reset(NX_SECURE_DTLS_SESSION *dtls_session)
{
    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    dtls_nx_lock();
    if (dtls_nx_call_runs(dtls_session)) {
        dtls_nx_unlock();
        return NX_IN_PROGRESS;
    }
    dtls_nx_reset(dtls_session);
    dtls_nx_unlock_behind_sends();
    return NX_SUCCESS;
}

UINT dtls_nx_delete(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;

    if (_nx_secure_dtls_session_reset(session) != NX_SUCCESS) {
        return NX_IN_PROGRESS;
    }
    dtls_nx_lock();
    /* The lists of a session that is forgotten are forgotten, too. */
    if (session->nx_secure_dtls_generation == dtls_nx_generation()) {
        dtls_nx_list_clear(session);
    }
    tx_semaphore_delete(&session->nx_secure_dtls_semaphore);
    dtls_wipe(tls->nx_secure_tls_credentials.nx_secure_tls_psk_store,
              sizeof tls->nx_secure_tls_credentials.nx_secure_tls_psk_store);
    dtls_wipe(&tls->nx_secure_tls_credentials.nx_secure_tls_client_psk,
              sizeof tls->nx_secure_tls_credentials.nx_secure_tls_client_psk);
    tls->nx_secure_tls_id = 0;
    session->nx_secure_dtls_server_parent = NX_NULL;
    dtls_nx_unlock();
    return NX_SUCCESS;
}

/* A session of a server goes with the server; until then it is as good as
 * new. */
UINT _nx_secure_dtls_session_delete(NX_SECURE_DTLS_SESSION *dtls_session)
{
    if (dtls_session == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return dtls_session->nx_secure_dtls_server_parent != NX_NULL
               ? _nx_secure_dtls_session_reset(dtls_session)
               : dtls_nx_delete(dtls_session);
}

/* The engine's callbacks get the session as `self`.  The application may have
 * cleared its function since the handshake began: then every certificate is
 * out of date. */
static int64_t unix_time(void *self)
{
    NX_SECURE_DTLS_SESSION *session = self;
    const NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    int64_t now;

    if (tls->nx_secure_tls_session_time_function == NX_NULL) {
        return INT64_MAX;
    }
    dtls_nx_call_begin(session);
    now = tls->nx_secure_tls_session_time_function();
    (void)dtls_nx_call_end(session); /* verify_peer or the end sees to it. */
    return now;
}

/* Returns the status whose alert goes with the callback's verdict (RFC 5246,
 * 7.2.2). */
static enum dtls_status refusal(UINT callback_status)
{
    switch (callback_status) {
    case NX_SUCCESS:
        return DTLS_OK;
    case NX_SECURE_X509_CRL_CERTIFICATE_REVOKED:
        return DTLS_CERTIFICATE_REVOKED;
    case NX_SECURE_X509_CERTIFICATE_EXPIRED:
        return DTLS_CERTIFICATE_EXPIRED;
    case NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID:
        return DTLS_CERTIFICATE_NOT_YET_VALID;
    default:
        return DTLS_CERTIFICATE_REFUSED;
    }
}

/* The peer's certificates, parsed.  The lock guards them. */
static struct dtls_cert peer_chain[DTLS_CHAIN_MAX];

/* Takes a control block for a certificate of the peer: one of the
 * application's slots, or the next piece of the session's room for
 * certificates, at *used. Returns NX_NULL if there is neither. */
static NX_SECURE_X509_CERT *take_block(NX_SECURE_TLS_SESSION *tls,
                                       size_t *used)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store = dtls_nx_certificates(tls);
    NX_SECURE_X509_CERT *block = store->nx_secure_x509_free_certificates;
    size_t size = tls->nx_secure_tls_remote_certificate_buffer_size;

    if (block != NX_NULL) {
        store->nx_secure_x509_free_certificates =
            block->nx_secure_x509_next_certificate;
        return block;
    }
    if (*used > size || size - *used < sizeof *block) {
        return NX_NULL;
    }
    block = (NX_SECURE_X509_CERT *)(VOID *)&tls
                ->nx_secure_tls_remote_certificate_buffer[*used];
    *used += sizeof *block;
    return block;
}

VOID dtls_nx_hide_peer(NX_SECURE_TLS_SESSION *tls)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store = dtls_nx_certificates(tls);
    NX_SECURE_X509_CERT *shown = store->nx_secure_x509_remote_certificates;

    store->nx_secure_x509_remote_certificates = NX_NULL;
    while (shown != NX_NULL) {
        NX_SECURE_X509_CERT *next = shown->nx_secure_x509_next_certificate;

        if (shown->nx_secure_x509_user_allocated_cert) {
            shown->nx_secure_x509_next_certificate =
                store->nx_secure_x509_free_certificates;
            store->nx_secure_x509_free_certificates = shown;
        }
        shown = next;
    }
}

/* Puts NetX certificates of the peer's into the store.  Their control blocks
 * come from slots, or stand behind the last certificate, where nothing is
 * before the next message.  Returns false if there is no room for all. */
static bool show_list(NX_SECURE_TLS_SESSION *tls, struct dtls_bytes list)
{
    NX_SECURE_X509_CERTIFICATE_STORE *store = dtls_nx_certificates(tls);
    const UCHAR *room = tls->nx_secure_tls_remote_certificate_buffer;
    size_t used = tls->nx_secure_tls_remote_certificate_buffer_size;
    NX_SECURE_X509_CERT **link = &store->nx_secure_x509_remote_certificates;
    struct dtls_bytes der;

    /* The application may have set another room since. */
    if ((ALIGN_TYPE)list.data - (ALIGN_TYPE)room < used) {
        used = (size_t)(list.data - room) + list.len;
        used += dtls_nx_gap(&room[used]);
    }
    while (dtls_certificate_next(&list, &der)) {
        UINT is_slot = store->nx_secure_x509_free_certificates != NX_NULL;
        NX_SECURE_X509_CERT *block = take_block(tls, &used);

        *link = block;
        if (block == NX_NULL) {
            dtls_nx_hide_peer(tls);
            return false;
        }
        dtls_nx_cert_wrap(block, der);
        block->nx_secure_x509_user_allocated_cert = is_slot;
        link = &block->nx_secure_x509_next_certificate;
    }
    return true;
}

VOID dtls_nx_show_peer(NX_SECURE_DTLS_SESSION *session)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const NX_SECURE_X509_CERT *shown =
        dtls_nx_certificates(tls)->nx_secure_x509_remote_certificates;

    if (s->calling) {
        return; /* verify_peer shows them to the callback. */
    }
    if (s->engine.phase == DTLS_PHASE_IDLE ||
        dtls_session_is_in_handshake(&s->engine)) {
        dtls_nx_hide_peer(tls); /* A message may soon stand in their place. */
    } else if (shown == NX_NULL && s->engine.hs.peer_list.len != 0 &&
               !s->engine.hs.peer_is_raw &&
               s->engine.phase == DTLS_PHASE_CONNECTED) {
        (void)show_list(tls, s->engine.hs.peer_list);
    }
}

/* The peer's certificates are in the store while the callback runs.  Without a
 * callback, as it was cleared since the handshake began, they are refused. */
static enum dtls_status verify_peer(void *self, const struct dtls_cert *chain,
                                    size_t num)
{
    NX_SECURE_DTLS_SESSION *session = self;
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    UINT status;

    (void)chain;
    (void)num;
    if (tls->nx_secure_tls_session_certificate_callback == NX_NULL) {
        return DTLS_INTERNAL_ERROR;
    }
    if (!show_list(tls, dtls_nx_session(session)->engine.hs.peer_list)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    dtls_nx_call_begin(session);
    status = tls->nx_secure_tls_session_certificate_callback(
        tls, dtls_nx_certificates(tls)->nx_secure_x509_remote_certificates);
    dtls_nx_hide_peer(tls);
    if (!dtls_nx_call_end(session)) {
        return DTLS_INTERNAL_ERROR;
    }
    session->nx_secure_dtls_callback_status = status;
    return refusal(status);
}

/* The application's word about an OCSP response, or about none.  With one, the
 * peer's certificates are in the store meanwhile. */
static enum dtls_status judge_staple(void *self, struct dtls_bytes response)
{
    NX_SECURE_DTLS_SESSION *session = self;
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const struct dtls_nx_session *s = dtls_nx_session(session);
    UINT status;

    if (response.len != 0 && !show_list(tls, s->engine.hs.peer_list)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    dtls_nx_call_begin(session);
    status =
        s->options.judge_staple(session, response.data, (ULONG)response.len);
    dtls_nx_hide_peer(tls);
    if (!dtls_nx_call_end(session)) {
        return DTLS_INTERNAL_ERROR;
    }
    session->nx_secure_dtls_callback_status = status;
    return status == NX_SUCCESS ? DTLS_OK : DTLS_BAD_CERTIFICATE_STATUS;
}

/* The application's word about a raw public key that is not trusted. */
static enum dtls_status judge_raw_key(void *self, struct dtls_bytes info)
{
    NX_SECURE_DTLS_SESSION *session = self;
    const struct dtls_nx_options *o = &dtls_nx_session(session)->options;
    UINT status;

    dtls_nx_call_begin(session);
    status = o->judge_raw_key(session, info.data, (UINT)info.len);
    if (!dtls_nx_call_end(session)) {
        return DTLS_INTERNAL_ERROR;
    }
    session->nx_secure_dtls_callback_status = status;
    return refusal(status);
}

static struct dtls_psk psk_of(const NX_SECURE_TLS_PSK_STORE *p)
{
    return (struct dtls_psk){
        .identity = {p->nx_secure_tls_psk_id, p->nx_secure_tls_psk_id_size},
        .key = {p->nx_secure_tls_psk_data, p->nx_secure_tls_psk_data_size},
        .hint = {p->nx_secure_tls_psk_id_hint,
                 p->nx_secure_tls_psk_id_hint_size},
    };
}

/* Copies the keys for the engine.  Returns their number. */
static size_t link_psks(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    const NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const NX_SECURE_TLS_PSK_STORE *only =
        &tls->nx_secure_tls_credentials.nx_secure_tls_client_psk;

    if (only->nx_secure_tls_psk_data_size != 0 &&
        tls->nx_secure_tls_socket_type == NX_SECURE_TLS_SESSION_TYPE_CLIENT) {
        s->psks[0] = psk_of(only);
        return 1;
    }
    for (UINT i = 0;
         i < tls->nx_secure_tls_credentials.nx_secure_tls_psk_count; i++) {
        s->psks[i] =
            psk_of(&tls->nx_secure_tls_credentials.nx_secure_tls_psk_store[i]);
    }
    return tls->nx_secure_tls_credentials.nx_secure_tls_psk_count;
}

/* Returns the password of EC-JPAKE.  With NetX's switch it is the first key,
 * unless there is one of its own. */
static struct dtls_bytes password_of(const struct dtls_nx_session *s)
{
#ifdef NX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE
    if (s->options.password.len == 0 && s->config.num_psks != 0) {
        return s->psks[0].key;
    }
#endif
    return s->options.password;
}

/* At least 1, as a timeout of 0 would never grow. */
static uint32_t ticks_to_ms(ULONG ticks)
{
    uint64_t ms = (uint64_t)ticks * 1000 / NX_IP_PERIODIC_RATE;

    return ms == 0 ? 1 : ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

/* Tells whether no other session of the server has this connection id, which
 * then leads to the session.  A session without a server needs none. */
static bool name_session(NX_SECURE_DTLS_SESSION *session, struct dtls_bytes id)
{
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;

    return server == NX_NULL ||
           dtls_table_name(&dtls_nx_server(server)->table,
                           &dtls_nx_session(session)->slot, id);
}

/* An application that makes the ids may make one that is in use; it is asked a
 * few times. */
static enum dtls_status make_cid(void *self, struct dtls_span out)
{
    NX_SECURE_DTLS_SESSION *session = self;
    const struct dtls_nx_options *o = &dtls_nx_session(session)->options;
    enum dtls_status status = DTLS_OK;

    for (unsigned i = 0; i < 8 && status == DTLS_OK; i++) {
        if (o->make_cid == NX_NULL) {
            status = dtls_nx_crypto->random(dtls_nx_crypto->self, out.data,
                                            out.len);
        } else {
            dtls_nx_call_begin(session);
            if (o->make_cid(session, out.data, (UINT)out.len) != NX_SUCCESS) {
                status = DTLS_INTERNAL_ERROR;
            }
            if (!dtls_nx_call_end(session)) {
                status = DTLS_INTERNAL_ERROR;
            }
        }
        if (status == DTLS_OK && name_session(session, dtls_span_bytes(out))) {
            return DTLS_OK;
        }
    }
    return DTLS_INTERNAL_ERROR;
}

static struct dtls_timer_config timer_of(const struct dtls_nx_options *o)
{
    struct dtls_timer_config timer = {
        .initial = ticks_to_ms(NX_SECURE_DTLS_RETRANSMIT_TIMEOUT),
        .maximum = ticks_to_ms(NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT),
        .max_retries = NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES,
        .shift = NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT,
        .begins_anew = o->timeout_anew,
    };

    if (o->first_timeout != 0) {
        timer.initial = o->first_timeout;
        timer.maximum = o->longest_timeout;
        timer.max_retries = o->retries;
    }
    return timer;
}

static struct dtls_bytes server_name(const NX_SECURE_TLS_SESSION *tls)
{
    const NX_SECURE_X509_DNS_NAME *name =
        tls->nx_secure_tls_sni_extension_server_name;

    if (name == NX_NULL) {
        return (struct dtls_bytes){0};
    }
    return dtls_bytes_of(name->nx_secure_x509_dns_name,
                         name->nx_secure_x509_dns_name_length);
}

/* A private key that libcrypto cannot read needs a method of the application.
 * Returns 0x13B if the table has none. */
static UINT check_held_keys(const NX_SECURE_TLS_CRYPTO *table,
                            const struct dtls_nx_node *list)
{
    for (; list != NULL; list = list->next) {
        const struct dtls_private_key *key =
            &dtls_nx_cert(list->cert)->credential.key;

        if (key->handle != NULL &&
            !dtls_nx_adapter_has_method(table, key->type)) {
            return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
        }
    }
    return NX_SUCCESS;
}

uint16_t dtls_nx_mtu(NX_SECURE_DTLS_SESSION *session)
{
    uint16_t mtu = dtls_nx_session(session)->mtu;

    if (mtu != 0) {
        return mtu;
    }
    return session->nx_secure_dtls_remote_ip_address.nxd_ip_version ==
                   NX_IP_VERSION_V4
               ? DTLS_NX_MTU_IPV4
               : DTLS_NX_MTU_IPV6;
}

UINT dtls_nx_configure(NX_SECURE_DTLS_SESSION *session,
                       struct dtls_session_room *room)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    const NX_SECURE_TLS_CRYPTO *table = tls->nx_secure_tls_crypto_table;
    UINT status = dtls_nx_check_table(table);
    const struct dtls_crypto *crypto;
    uint16_t *suites;
    size_t num_suites;
    size_t num_sigalgs;

    s->send_status = NX_SUCCESS;
    s->alert_sent = DTLS_NX_NO_ALERT;
    s->alert_received = DTLS_NX_NO_ALERT;
    s->reason = NX_NULL;
    s->peer_list = (struct dtls_bytes){0};
    if (status == NX_SUCCESS) {
        status =
            check_held_keys(table, dtls_nx_locals(dtls_nx_certificates(tls)));
    }
    if (status != NX_SUCCESS) {
        return status;
    }
    crypto = dtls_nx_adapter_begin(&s->adapter, &suites, tls,
                                   &s->engine.hs.suite, dtls_nx_crypto);
    num_sigalgs = dtls_nx_sigalgs(table, s->sigalgs);
    num_suites = dtls_nx_suites(table, suites);
    if (num_suites == 0) {
        return NX_SECURE_TLS_UNKNOWN_CIPHERSUITE;
    }
    s->config = (struct dtls_config){
        .crypto = crypto,
        .suites = suites,
        .num_suites = num_suites,
        .sigalgs = s->sigalgs,
        .num_sigalgs = num_sigalgs,
        .groups = tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups,
        .num_groups =
            tls->nx_secure_tls_ecc.nx_secure_tls_ecc_supported_groups_count,
        .credentials = dtls_nx_first_credential(dtls_nx_certificates(tls)),
        .next_credential = dtls_nx_next_credential,
        .active = dtls_nx_active(tls),
        .anchors = dtls_nx_anchors(dtls_nx_certificates(tls)),
        .psks = s->psks,
        .num_psks = link_psks(session),
        .look_up_psk =
            s->options.psk_lookup == NX_NULL ? NULL : dtls_nx_look_up_psk,
        .pins = s->options.pins,
        .srtp_profiles = s->options.srtp_profiles,
        .num_srtp_profiles = s->options.num_srtp_profiles,
        .srtp_mki = s->options.srtp_mki,
        .judge_staple =
            s->options.judge_staple == NX_NULL ? NULL : judge_staple,
        .raw_keys = s->options.raw_keys,
        .judge_raw_key =
            s->options.judge_raw_key == NX_NULL ? NULL : judge_raw_key,
        .server_name = server_name(tls),
        .refuse_unknown_name = s->options.refuse_unknown_name,
        .protocols = s->options.protocols,
        .max_fragment_length = s->options.max_fragment_length,
        .record_size_limit = s->options.record_size_limit,
        .client_auth = tls->nx_secure_tls_verify_client_certificate
                           ? DTLS_CLIENT_AUTH_REQUIRED
                           : DTLS_CLIENT_AUTH_NONE,
        .unix_time = tls->nx_secure_tls_session_time_function == NX_NULL
                         ? NULL
                         : unix_time,
        .verify_peer =
            tls->nx_secure_tls_session_certificate_callback == NX_NULL
                ? NULL
                : verify_peer,
        .self = session,
        .see_message = dtls_nx_see_message,
        .renegotiate = dtls_nx_may_renegotiate,
        .cache = s->options.cache,
        .tickets = s->options.tickets,
        .resume = s->options.resume,
        .resumption_limit = s->options.resumption_limit,
        .connection_ids = s->options.connection_ids,
        .cid_len = s->options.cid_len,
        .make_cid = make_cid,
        .pad_to = s->options.pad_to,
        .drops_old_cookie = s->options.drops_old_cookie,
        .timer = timer_of(&s->options),
        .handshake_limit = (uint64_t)s->options.handshake_limit * 1000,
        .idle_limit = (uint64_t)s->options.idle_limit * 1000,
        .life_limit = (uint64_t)s->options.life_limit * 1000,
        .keepalive = (uint64_t)s->options.keepalive * 1000,
        .keepalive_questions = s->options.questions,
        .path_search = s->options.path_search,
        .mtu = dtls_nx_mtu(session),
    };
    s->config.password = password_of(s);
    dtls_nx_store_init(&s->store, session);
    *room = (struct dtls_session_room){
        .config = &s->config,
        .store = &s->store,
        .counters = &s->counters,
        .areas = &s->areas,
        .records = &s->records,
        .arena = {tls->nx_secure_tls_packet_buffer,
                  tls->nx_secure_tls_packet_buffer_size},
        .peer_certs = {tls->nx_secure_tls_remote_certificate_buffer,
                       tls->nx_secure_tls_remote_certificate_buffer_size},
        .chain = peer_chain,
    };
    return NX_SUCCESS;
}

/* A session's share of its server's index (server_services.c); that of one
 * session alone is the largest. */
#define INDEX_SHARE                                                           \
    (DTLS_INDEX_LINKS(1) * sizeof(struct dtls_link) +                         \
     2 * sizeof(struct dtls_deadline) + sizeof(ALIGN_TYPE))

UINT _nx_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size)
{
    uint64_t bytes = dtls_nx_adapter_size(crypto_table) + INDEX_SHARE;

    /* If a ULONG cannot say the size, no area has it, either. */
    *metadata_size = bytes < 0xFFFFFFFFu ? (ULONG)bytes : 0xFFFFFFFFu;
    return NX_SUCCESS;
}
