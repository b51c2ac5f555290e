/* SPDX-License-Identifier: MIT */
/* A server's input, in the IP thread: the address or the connection id leads
 * each datagram to a session, or to the cookie gate. */
#include "nx_secure/internal.h"

#include <stddef.h>
#include <string.h>

#ifndef NX_SECURE_TLS_SERVER_DISABLED

/* The news for the application, which is told once the lock is free
 * (docs/notifications.md). */
struct news {
    NX_SECURE_DTLS_SESSION *session;
    uint32_t life; /* the session's */
    bool connect;
    bool handshake;   /* one that no thread waits for is over */
    UINT result;      /* with `handshake` */
    UINT data;        /* pieces that were queued */
    bool input_ended; /* it was connected, and is over */
    bool ended;       /* its client has closed it, or a limit has come */
    bool failed;
    UINT failure;                 /* with `failed` */
    bool shortage;                /* the pool has had no packet for it */
    bool released;                /* it failed, and no thread will reset it */
    NX_SECURE_DTLS_SESSION *gone; /* it lost its client, and why */
    UINT why;
    bool was_awaited;   /* no thread waits for its handshake */
    bool refused;       /* no session is free */
    bool moved;         /* its client has another address ... */
    NXD_ADDRESS old_ip; /* ... than this one */
    UINT old_port;
};

static NX_SECURE_DTLS_SESSION *session_of(const struct dtls_slot *slot)
{
    return dtls_nx_session_at(slot, offsetof(struct dtls_nx_session, slot));
}

/* A datagram's first record and perhaps more, in one piece.  It stands in the
 * packet or, if the packet is a chain, in `scratch`. */
struct front {
    struct dtls_span bytes;
    struct dtls_nx_scratch *scratch;
};

/* see_front gives the front of a datagram; it is empty if it needs the scratch
 * and that is in use.  leave_front ends it. */
static struct front see_front(NX_PACKET *packet)
{
    struct front f = {{NULL, 0}, NULL};
    ULONG copied = 0;

    if (packet->nx_packet_next == NX_NULL) {
        f.bytes = (struct dtls_span){packet->nx_packet_prepend_ptr,
                                     packet->nx_packet_length};
        return f;
    }
    f.scratch = dtls_nx_scratch_take();
    if (f.scratch != NULL) {
        (void)nx_packet_data_extract_offset(packet, 0, f.scratch->bytes,
                                            sizeof f.scratch->bytes, &copied);
        f.bytes = (struct dtls_span){f.scratch->bytes, copied};
    }
    return f;
}

static VOID leave_front(const struct front *f)
{
    if (f->scratch != NULL) {
        dtls_nx_scratch_give(f->scratch, sizeof f->scratch->bytes);
    }
}

/* Holds a datagram of a session that the application has not started yet.  The
 * client repeats what is not held. */
static VOID hold(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    if (dtls_nx_may_keep(session, packet, DTLS_NX_HELD_PACKETS)) {
        dtls_nx_queue_push(session, packet);
    } else {
        dtls_nx_session(session)->counters.discarded_no_room++;
        nx_packet_release(packet);
    }
}

/* The key begins with the family and the address (dtls_nx_address). */
struct dtls_newcomer dtls_nx_newcomer(const struct dtls_address *key,
                                      const NXD_ADDRESS *ip)
{
    struct dtls_newcomer newcomer = {.peer = *key};

    memcpy(newcomer.source.bytes, key->bytes,
           ip->nxd_ip_version == NX_IP_VERSION_V4 ? 1 + 4 : 1 + 8);
    return newcomer;
}

/* Takes its client from a half-open session, because that one begins anew or
 * the session yields to another.  A thread that waits on the session sees that
 * its wait was ended. */
static VOID give_up(struct dtls_slot *slot, bool anew, struct news *news)
{
    NX_SECURE_DTLS_SESSION *session = session_of(slot);
    struct dtls_nx_server *v =
        dtls_nx_server(session->nx_secure_dtls_server_parent);

    v->counters.given_up++;
    news->gone = session;
    news->was_awaited = dtls_nx_session(session)->awaited != 0;
    news->why = anew ? NX_NOT_CONNECTED : NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS;
    dtls_nx_reset(session);
}

/* Gives the reserve the application's settings of another session.  What the
 * application has set for each session by itself, a certificate callback for
 * example, must hold for the reserve, too. */
static VOID take_settings(NX_SECURE_DTLS_SERVER *server,
                          const NX_SECURE_DTLS_SESSION *from)
{
    NX_SECURE_TLS_SESSION *tls =
        &server->nx_dtls_server_reserve.nx_secure_dtls_tls_session;
    VOID *metadata = tls->nx_secure_tls_metadata_area;
    ULONG metadata_size = tls->nx_secure_tls_metadata_size;
    UCHAR *reassembly = tls->nx_secure_tls_packet_buffer;
    ULONG reassembly_size = tls->nx_secure_tls_packet_buffer_size;

    if (from == &server->nx_dtls_server_reserve) {
        return;
    }
    *tls = from->nx_secure_dtls_tls_session;
    tls->nx_secure_tls_metadata_area = metadata;
    tls->nx_secure_tls_metadata_size = metadata_size;
    tls->nx_secure_tls_packet_buffer = reassembly;
    tls->nx_secure_tls_packet_buffer_size = reassembly_size;
    dtls_nx_certificates(tls)->nx_secure_x509_session =
        &server->nx_dtls_server_reserve;
    if (tls->nx_secure_tls_remote_certificate_count != 0) {
        tls->nx_secure_tls_remote_certificate_buffer =
            server->nx_dtls_server_reserve_certificates;
        tls->nx_secure_tls_remote_certificate_buffer_size =
            sizeof server->nx_dtls_server_reserve_certificates;
    }
    dtls_nx_notice(&server->nx_dtls_server_reserve);
}

/* Takes a slot for a newcomer, if it gets one. */
static enum dtls_verdict take_slot(NX_SECURE_DTLS_SERVER *server,
                                   struct dtls_slot **slot,
                                   const struct dtls_newcomer *newcomer,
                                   struct news *news)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    struct dtls_slot *own = dtls_table_find(&v->table, &newcomer->peer);
    struct dtls_slot *loser;
    enum dtls_verdict verdict =
        dtls_admission_judge(&v->admission, &loser, newcomer, dtls_nx_now());
    const bool anew = verdict == DTLS_ADMIT_ANEW;
    const bool full = dtls_table_is_full(&v->table);

    if (verdict == DTLS_REFUSE || verdict == DTLS_REFUSE_ALL) {
        return verdict;
    }
    if (loser != NULL && dtls_nx_call_runs(session_of(loser))) {
        return DTLS_REFUSE; /* It can yield when the call is over. */
    }
    if (loser != NULL && full) {
        give_up(loser, anew, news);
    }
    *slot = dtls_admission_enter(&v->admission, newcomer, anew ? loser : NULL,
                                 dtls_nx_now());
    if (*slot == v->table.reserve) {
        own = own != NULL ? own : loser;
        take_settings(server, own != NULL ? session_of(own)
                                          : server->nx_dtls_server_sessions);
    }
    if (loser != NULL && !full) {
        give_up(loser, anew, news);
    }
    return DTLS_ADMIT;
}

/* Turns away a newcomer. */
static VOID refuse(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet,
                   const struct dtls_gate_pass *pass, bool tell)
{
    struct dtls_nx_server *v = dtls_nx_server(server);
    uint8_t bytes[32];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};

    v->counters.refused++;
    if (tell) {
        dtls_listener_refuse(&v->listener, &reply, pass, dtls_nx_now());
    }
    if (reply.len != 0) {
        dtls_nx_answer(&server->nx_dtls_server_udp_socket, packet,
                       dtls_buf_bytes(&reply));
    }
    nx_packet_release(packet);
}

static VOID admit(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet,
                  const struct dtls_address *key, const NXD_ADDRESS *ip,
                  UINT port, const struct dtls_gate_pass *pass,
                  struct news *news)
{
    const struct dtls_newcomer newcomer = dtls_nx_newcomer(key, ip);
    NX_SECURE_DTLS_SESSION *session;
    struct dtls_slot *slot;
    enum dtls_verdict verdict = take_slot(server, &slot, &newcomer, news);

    if (verdict != DTLS_ADMIT) {
        news->refused = true;
        refuse(server, packet, pass, verdict == DTLS_REFUSE_ALL);
        return;
    }
    session = session_of(slot);
    session->nx_secure_dtls_remote_ip_address = *ip;
    session->nx_secure_dtls_remote_port = port;
    session->nx_secure_dtls_session_in_use = NX_TRUE;
    dtls_nx_session(session)->pass = *pass;
    dtls_nx_session(session)->admitted = dtls_nx_now();
    /* A packet that has a source has a destination, too. */
    (void)nxdtls_port_udp_destination_extract(
        packet, &dtls_nx_session(session)->local);
    hold(session, packet);
    dtls_nx_watch(session);
    news->session = session;
    news->life = dtls_nx_session(session)->life;
    news->connect = true;
}

enum dtls_gate dtls_nx_ask_the_gate(struct dtls_listener *listener,
                                    struct dtls_buf *reply,
                                    struct dtls_gate_pass *pass,
                                    const struct dtls_address *key,
                                    NX_PACKET *packet)
{
    const struct front f = see_front(packet);
    enum dtls_gate gate =
        dtls_listener_gate(listener, reply, pass, key, f.bytes, dtls_nx_now());

    leave_front(&f);
    return gate;
}

/* Takes a datagram from an address without a session. */
static VOID at_the_gate(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet,
                        const struct dtls_address *key, NXD_ADDRESS *ip,
                        UINT port, struct news *news)
{
    NX_UDP_SOCKET *socket = &server->nx_dtls_server_udp_socket;
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;

    switch (dtls_nx_ask_the_gate(&dtls_nx_server(server)->listener, &reply,
                                 &pass, key, packet)) {
    case DTLS_GATE_ACCEPT:
        admit(server, packet, key, ip, port, &pass, news);
        return;
    case DTLS_GATE_REPLY:
        dtls_nx_answer(socket, packet, dtls_buf_bytes(&reply));
        break;
    case DTLS_GATE_DISCARD:
        break;
    }
    nx_packet_release(packet);
}

/* Notes the end of a handshake that no thread waits for. */
static VOID note_handshake(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    bool complete = s->counters.handshakes >= s->awaited;

    if (s->awaited == 0 ||
        (!complete && dtls_session_is_in_handshake(&s->engine))) {
        return;
    }
    s->awaited = 0;
    news->handshake = true;
    news->result = complete ? NX_SUCCESS : dtls_nx_ending(session);
    if (news->result == NX_SUCCESS && !complete) {
        news->result = dtls_nx_status(s->engine.renegotiated);
    }
}

/* Notes what has become of a session since the application was last told of
 * it.  The state decides, whatever has led to it. */
static VOID note(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    news->session = session;
    news->life = s->life;
    note_handshake(session, news);
    if (dtls_nx_has_untold_end(session)) {
        bool failed = s->engine.phase == DTLS_PHASE_FAILED;

        s->end_is_told = true;
        news->input_ended = dtls_nx_was_connected(session);
        news->ended = !failed;
        news->failed = failed;
        news->failure = dtls_nx_ending(session);
        news->released = failed && !news->input_ended &&
                         dtls_nx_waiting(session) == NX_NULL;
    }
    news->shortage = s->lacks_packets && !s->shortage_is_told;
    s->shortage_is_told = s->lacks_packets;
}

/* Sends what the session has to say.  A failure of that is news, too.  The
 * session is still there, as its server is while the IP thread receives; but
 * it may have been reset. */
static VOID answer(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    (void)dtls_nx_flush(session);
    note(session, news);
    dtls_nx_wake(session);
    dtls_nx_watch(session);
}

/* Returns true if the session's first handshake has been completed since it
 * was seen whether it was connected. */
static bool note_connected(NX_SECURE_DTLS_SESSION *session, bool was_connected)
{
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;

    if (was_connected || !dtls_nx_was_connected(session)) {
        return false;
    }
    dtls_admission_establish(&dtls_nx_server(server)->admission,
                             &dtls_nx_session(session)->slot);
    return true;
}

/* Follows a client whose address has changed. */
static VOID move(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_nx_server *v =
        dtls_nx_server(session->nx_secure_dtls_server_parent);
    struct dtls_address key;

    news->moved = true;
    news->old_ip = session->nx_secure_dtls_remote_ip_address;
    news->old_port = session->nx_secure_dtls_remote_port;
    session->nx_secure_dtls_remote_ip_address = s->candidate.ip;
    session->nx_secure_dtls_remote_port = s->candidate.port;
    s->local = s->candidate.local;
    dtls_nx_address(&key, &s->candidate.ip, s->candidate.port, &s->local);
    dtls_table_move(&v->table, &s->slot, &key);
}

static VOID follow(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    if (s->sender == NULL) {
        return; /* It was found by its address. */
    }
    if (dtls_session_takes_candidate(&s->engine)) {
        s->candidate = *s->sender;
    }
    if (dtls_session_moves(&s->engine)) {
        move(session, news);
    }
}

/* Returns true if the datagram has completed the session's first handshake. */
static bool feed(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                 struct news *news)
{
    const bool was_connected = dtls_nx_was_connected(session);
    UINT queued;
    bool completed;

    if (!session->nx_secure_dtls_session_started) {
        hold(session, packet);
        return false;
    }
    queued = dtls_nx_feed(session, packet);
    news->data = queued == DTLS_NX_GONE ? 0 : queued;
    follow(session, news);
    completed = note_connected(session, was_connected);
    answer(session, news);
    return completed;
}

/* Tells whether a datagram's first record is in the clear. */
static bool is_in_the_clear(NX_PACKET *packet)
{
    const struct front f = see_front(packet);
    struct dtls_span datagram = f.bytes;
    struct dtls_record record;
    bool in_the_clear =
        dtls_record_next(&datagram, &record) != DTLS_OK || record.epoch == 0;

    leave_front(&f);
    return in_the_clear;
}

/* Tells whether two sessions are those of two clients, by the identities that
 * the clients have proved, and the older one is found by its connection id.
 * Then the newer client only has the address that the older one had, behind a
 * NAT for example, and both live on (D9146-6-10). */
static bool are_of_two_clients(NX_SECURE_DTLS_SESSION *newer,
                               NX_SECURE_DTLS_SESSION *older)
{
    const struct dtls_agreed *a = &dtls_nx_session(newer)->engine.hs.agreed;
    const struct dtls_agreed *b = &dtls_nx_session(older)->engine.hs.agreed;

    return dtls_nx_session(older)->slot.id_len != 0 &&
           (a->has_peer_leaf || a->has_psk) &&
           (b->has_peer_leaf || b->has_psk) &&
           memcmp(a->peer_leaf, b->peer_leaf, sizeof a->peer_leaf) != 0;
}

static bool is_connected(const struct dtls_slot *slot)
{
    return dtls_session_is_connected(
        &dtls_nx_session(session_of(slot))->engine);
}

/* Ends an association that the same client has replaced.  Returns false if it
 * has ended before, or lives on. */
static bool give_way(NX_SECURE_DTLS_SESSION *older,
                     NX_SECURE_DTLS_SESSION *newer)
{
    if (!is_connected(&dtls_nx_session(older)->slot) ||
        are_of_two_clients(newer, older)) {
        return false;
    }
    dtls_session_abandon(&dtls_nx_session(older)->engine);
    dtls_nx_notice(older);
    return true;
}

/* Takes a datagram of a client that began anew beside its live session
 * (RFC 6347, 4.2.8).  A record in the clear belongs to the new session.  A
 * protected record may belong to either: both look at it, and it is authentic
 * to one of them at most.  Only the new session's verified Finished ends the
 * old one, which the application may have ended while the new one sent. */
static VOID to_both(NX_SECURE_DTLS_SESSION *newer,
                    NX_SECURE_DTLS_SESSION *older, NX_PACKET *packet,
                    struct news news[2])
{
    NX_PACKET *copy = NX_NULL;

    if (!is_in_the_clear(packet)) {
        (void)nx_packet_copy(packet, &copy, dtls_nx_pool(newer), NX_NO_WAIT);
    }
    if (feed(newer, packet, &news[0]) && give_way(older, newer)) {
        answer(older, &news[1]);
    } else if (copy != NX_NULL &&
               is_connected(&dtls_nx_session(older)->slot)) {
        (void)feed(older, copy, &news[1]);
        return;
    }
    if (copy != NX_NULL) {
        nx_packet_release(copy);
    }
}

/* The application may clear a notification at any time: its pointer is read
 * once. */
static VOID tell_error(NX_SECURE_DTLS_SERVER *server,
                       NX_SECURE_DTLS_SESSION *session, UINT status)
{
    UINT(*notify)
    (NX_SECURE_DTLS_SESSION *, UINT) = server->nx_dtls_server_error_notify;

    if (notify != NX_NULL) {
        (void)notify(session, status);
    }
}

static VOID tell_handshake(NX_SECURE_DTLS_SERVER *server,
                           NX_SECURE_DTLS_SESSION *session, UINT status)
{
    UINT(*notify)
    (NX_SECURE_DTLS_SESSION *, UINT) =
        dtls_nx_server(server)->handshake_notify;

    if (notify != NX_NULL) {
        (void)notify(session, status);
    }
}

static VOID tell_move(NX_SECURE_DTLS_SERVER *server, const struct news *news)
{
    UINT(*notify)
    (NX_SECURE_DTLS_SESSION *, NXD_ADDRESS *, UINT) =
        dtls_nx_server(server)->moved_notify;
    NXD_ADDRESS old = news->old_ip;

    if (notify != NX_NULL) {
        (void)notify(news->session, &old, news->old_port);
    }
}

/* Tells whether the session is still the one of the news: an earlier call may
 * have ended it, or stopped the server. */
static bool is_there(const struct news *news)
{
    bool is;

    dtls_nx_lock();
    is = dtls_nx_session(news->session)->life == news->life;
    dtls_nx_unlock();
    return is;
}

/* Tells whether it has data, too: an earlier call may have taken all. */
static bool has_data(const struct news *news)
{
    bool has;

    dtls_nx_lock();
    has = dtls_nx_session(news->session)->life == news->life &&
          news->session->nx_secure_dtls_receive_queue_head != NX_NULL;
    dtls_nx_unlock();
    return has;
}

/* Calls receive_notify for each piece of data, and for the end. */
static VOID tell_input(NX_SECURE_DTLS_SERVER *server, const struct news *news)
{
    for (UINT i = 0; i < news->data && has_data(news); i++) {
        (void)server->nx_dtls_server_receive_notify(news->session);
    }
    if (news->input_ended && is_there(news)) {
        (void)server->nx_dtls_server_receive_notify(news->session);
    }
}

static VOID tell_end(NX_SECURE_DTLS_SERVER *server, const struct news *news)
{
    UINT(*notify)
    (NX_SECURE_DTLS_SESSION *) = server->nx_dtls_server_disconnect_notify;

    if (news->ended && notify != NX_NULL) {
        (void)notify(news->session);
    }
    if (news->failed) {
        tell_error(server, news->session, news->failure);
    }
    if (news->released) {
        dtls_nx_lock();
        dtls_nx_end_life(news->session, news->life);
        dtls_nx_unlock();
    }
}

static VOID tell(NX_SECURE_DTLS_SERVER *server, const struct news *news)
{
    NX_SECURE_DTLS_SESSION *session = news->session;

    if (news->was_awaited) {
        tell_handshake(server, news->gone, news->why);
    }
    if (news->gone != NX_NULL) {
        tell_error(server, news->gone, news->why);
    }
    if (news->refused) {
        tell_error(server, NX_NULL, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS);
    }
    if (news->connect && is_there(news)) {
        (void)server->nx_dtls_server_connect_notify(
            session, &session->nx_secure_dtls_remote_ip_address,
            session->nx_secure_dtls_remote_port);
    }
    if (news->handshake) {
        tell_handshake(server, session, news->result);
    }
    if (news->moved && is_there(news)) {
        tell_move(server, news);
    }
    if (news->shortage && is_there(news)) {
        tell_error(server, session, NX_SECURE_TLS_ALLOCATE_PACKET_FAILED);
    }
    tell_input(server, news);
    tell_end(server, news);
}

/* Tells whether the client of `newest` begins anew with this datagram. */
static bool begins_anew(const struct dtls_slot *newest, NX_PACKET *packet)
{
    NX_SECURE_DTLS_SESSION *session = session_of(newest);
    const struct dtls_nx_session *s = dtls_nx_session(session);
    const struct front f = see_front(packet);
    bool anew = dtls_listener_begins_anew(
        session->nx_secure_dtls_session_started ? &s->engine.first_hello
                                                : &s->pass.hello,
        f.bytes);

    leave_front(&f);
    return anew;
}

/* Gives a datagram to the session that its connection id names, wherever it
 * comes from. */
static VOID feed_by_id(struct dtls_slot *slot, NX_PACKET *packet,
                       const struct dtls_address *key,
                       const struct dtls_nx_where *where, struct news *news)
{
    NX_SECURE_DTLS_SESSION *session = session_of(slot);
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_address candidate;
    enum dtls_where from = DTLS_AT_OTHER;

    dtls_nx_address(&candidate, &s->candidate.ip, s->candidate.port,
                    &s->candidate.local);
    if (dtls_table_same_peer(&slot->peer, key)) {
        from = DTLS_AT_PEER;
    } else if (s->engine.route.checking &&
               dtls_table_same_peer(&candidate, key)) {
        from = DTLS_AT_CANDIDATE;
    }
    s->sender = where;
    dtls_session_hear_from(&s->engine, from);
    (void)feed(session, packet, news);
    dtls_session_hear_from(&s->engine, DTLS_AT_PEER);
    s->sender = NULL;
}

/* Gets the connection id of a datagram's first record.  It returns false if
 * that has none of the server's length. */
static bool get_id(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet,
                   struct dtls_buf *out)
{
    const size_t len = dtls_nx_server(server)->options.cid_len;
    const struct front f = see_front(packet);
    struct dtls_bytes in = dtls_span_bytes(f.bytes);
    struct dtls_bytes before;
    struct dtls_bytes id;
    uint8_t type;
    bool has = len != 0 && dtls_get_u8(&in, &type) && type == DTLS_TLS12_CID &&
               dtls_get_bytes(&in, 10, &before) && /* up to the number */
               dtls_get_bytes(&in, len, &id) && dtls_put_bytes(out, id);

    leave_front(&f);
    return has;
}

/* Gives the datagram to the gate, to one session, or to a live session and the
 * one that is to replace it.  One whose connection id names no session is
 * dropped. */
static VOID route(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet,
                  const struct dtls_address *key, struct dtls_nx_where *where,
                  struct news news[2])
{
    struct dtls_table *table = &dtls_nx_server(server)->table;
    uint8_t id_bytes[DTLS_OWN_CID_MAX];
    struct dtls_buf id = {id_bytes, 0, sizeof id_bytes};
    struct dtls_slot *newest = dtls_table_find(table, key);
    struct dtls_slot *older =
        newest == NULL ? NULL : dtls_table_find_older(table, newest);

    if (get_id(server, packet, &id)) {
        newest = dtls_table_find_id(table, dtls_buf_bytes(&id));
        if (newest != NULL) {
            feed_by_id(newest, packet, key, where, &news[0]);
        } else {
            dtls_nx_server(server)->counters.discarded_no_session++;
            nx_packet_release(packet);
        }
    } else if (newest == NULL || begins_anew(newest, packet)) {
        at_the_gate(server, packet, key, &where->ip, where->port, &news[0]);
    } else if (older != NULL && is_connected(older)) {
        to_both(session_of(newest), session_of(older), packet, news);
    } else {
        (void)feed(session_of(newest), packet, &news[0]);
    }
}

static VOID take(NX_SECURE_DTLS_SERVER *server, NX_PACKET *packet)
{
    struct dtls_address key;
    struct news news[2] = {{0}};
    struct dtls_nx_where where;

    if (nxd_udp_source_extract(packet, &where.ip, &where.port) != NX_SUCCESS ||
        nxdtls_port_udp_destination_extract(packet, &where.local) !=
            NX_SUCCESS) {
        nx_packet_release(packet);
        return;
    }
    dtls_nx_address(&key, &where.ip, where.port, &where.local);
    dtls_nx_lock();
    if (server->nx_dtls_server_bound) {
        route(server, packet, &key, &where, news);
    } else { /* It was stopped while this thread waited for the lock. */
        nx_packet_release(packet);
    }
    dtls_nx_unlock();
    tell(server, &news[0]);
    tell(server, &news[1]);
}

/* Goes on with a handshake whose key has come.  The live session that it may
 * have replaced is due next. */
static VOID go_on(NX_SECURE_DTLS_SESSION *session)
{
    NX_SECURE_DTLS_SERVER *server = session->nx_secure_dtls_server_parent;
    struct dtls_slot *older = dtls_table_find_older(
        &dtls_nx_server(server)->table, &dtls_nx_session(session)->slot);
    const bool was_connected = dtls_nx_was_connected(session);

    dtls_nx_go_on(session);
    if (note_connected(session, was_connected) && older != NULL &&
        give_way(session_of(older), session)) {
        dtls_nx_watch(session_of(older));
    }
}

/* Does what is due in a session.  A session that the application was told of
 * and has not started gives its slot back. */
static VOID see_to(NX_SECURE_DTLS_SESSION *session, struct news *news)
{
    struct dtls_session *e = &dtls_nx_session(session)->engine;

    if (!session->nx_secure_dtls_session_started) {
        news->gone = session;
        news->why = NX_SECURE_TLS_SESSION_UNINITIALIZED;
        dtls_nx_reset(session);
        return;
    }
    if (dtls_nx_session(session)->question == DTLS_NX_ANSWERED) {
        go_on(session);
    }
    if (dtls_session_expire(e, dtls_nx_now()) != DTLS_EVENT_NONE) {
        dtls_nx_notice(session);
    }
    answer(session, news);
}

/* Serves the sessions that are due, if the server's timer has fired or would
 * have by now.  A session that was served is next due after `now`, so the
 * round ends. */
static VOID see_to_all(NX_SECURE_DTLS_SERVER *server)
{
    uint64_t now = dtls_nx_now();
    NX_SECURE_DTLS_SESSION *session;

    do {
        struct news news = {0};

        dtls_nx_lock();
        session = dtls_nx_next_due(server, now);
        if (session != NX_NULL && dtls_nx_due(session) <= now) {
            see_to(session, &news);
        }
        if (session != NX_NULL) {
            dtls_nx_watch(session);
        }
        dtls_nx_unlock();
        tell(server, &news);
    } while (session != NX_NULL);
}

/* dtls_nx_server_receive is called for every datagram, and when the server's
 * timer fires. */
VOID dtls_nx_server_receive(NX_UDP_SOCKET *socket)
{
    NX_SECURE_DTLS_SERVER *server = socket->nx_udp_socket_reserved_ptr;
    NX_PACKET *packet;

    dtls_nx_server(server)->receiving = true;
    while (nx_udp_socket_receive(socket, &packet, NX_NO_WAIT) == NX_SUCCESS) {
        take(server, packet);
    }
    see_to_all(server);
    dtls_nx_server(server)->receiving = false;
}

VOID dtls_nx_inherit(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    const struct dtls_nx_server *v =
        dtls_nx_server(session->nx_secure_dtls_server_parent);

    s->mtu = v->mtu;
    s->no_renegotiation = v->no_renegotiation;
    s->options = v->options;
}

/* Begins the handshake with the datagrams that have been held. */
static UINT begin(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_session_room room;
    NX_PACKET *held[DTLS_NX_HELD_PACKETS];
    size_t num = 0;
    UINT status;

    dtls_nx_inherit(session);
    status = dtls_nx_configure(session, &room);
    if (status != NX_SUCCESS) {
        return status;
    }
    dtls_session_accept(&s->engine, &room, &s->pass, s->admitted);
    session->nx_secure_dtls_session_started = NX_TRUE;
    while (num < DTLS_NX_HELD_PACKETS &&
           session->nx_secure_dtls_receive_queue_head != NX_NULL) {
        held[num++] = dtls_nx_queue_pop(session);
    }
    for (size_t i = 0; i < num; i++) {
        if (status == DTLS_NX_GONE) {
            nx_packet_release(held[i]);
        } else if (dtls_nx_feed(session, held[i]) == DTLS_NX_GONE) {
            status = DTLS_NX_GONE;
        }
    }
    return status;
}

/* Tells the application that the start of a session has failed, if the IP
 * thread has not told it why.  It frees the lock for the call, in which the
 * server may be stopped, and is not deleted. */
static VOID tell_of_start(NX_SECURE_DTLS_SESSION *session, uint32_t life,
                          UINT status)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    if (s->life == life && !s->end_is_told) {
        struct dtls_nx_telling telling;

        s->end_is_told = true;
        dtls_nx_telling_begin(&telling, session->nx_secure_dtls_server_parent);
        dtls_nx_unlock();
        tell_error(telling.server, session, status);
        dtls_nx_lock();
        dtls_nx_telling_end(&telling);
    }
}

/* Begins a handshake that no thread waits for: the IP thread and the server's
 * timer go on with it.  If it has failed already, the IP thread tells that. */
static UINT begin_alone(NX_SECURE_DTLS_SESSION *session)
{
    UINT status = begin(session);

    if (status == NX_SUCCESS) {
        dtls_nx_await(session);
        if (dtls_nx_flush(session) == DTLS_NX_GONE) {
            return DTLS_NX_GONE;
        }
        dtls_nx_watch(session);
    }
    return status;
}

static UINT begin_and_wait(NX_SECURE_DTLS_SESSION *session, UINT wait_option)
{
    UINT status = begin(session);

    return status == NX_SUCCESS ? dtls_nx_handshake(session, wait_option)
                                : status;
}

/* Starts a session that has a client and has not been started: its client may
 * have been given up, or another may have come. */
static UINT start(NX_SECURE_DTLS_SESSION *session, bool alone,
                  UINT wait_option)
{
    const uint32_t life = dtls_nx_session(session)->life;
    UINT status;

    if (session->nx_secure_dtls_session_started) {
        return NX_IN_PROGRESS;
    }
    if (!session->nx_secure_dtls_session_in_use) {
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    }
    status =
        alone ? begin_alone(session) : begin_and_wait(session, wait_option);
    if (status != NX_SUCCESS && status != DTLS_NX_GONE) {
        tell_of_start(session, life, status);
        dtls_nx_end_life(session, life);
    }
    return status;
}

/* The thread that brings the datagrams cannot wait for them, so in a
 * notification a handshake begins and goes on alone. */
UINT _nx_secure_dtls_server_session_start(NX_SECURE_DTLS_SESSION *session_ptr,
                                          UINT wait_option)
{
    UINT status;

    if (session_ptr == NX_NULL) {
        return NX_PTR_ERROR;
    }
    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status =
        start(session_ptr,
              dtls_nx_cannot_wait_on(session_ptr->nx_secure_dtls_udp_socket),
              wait_option);
    dtls_nx_unlock();
    return dtls_nx_result(status);
}

UINT nxdtls_server_session_begin(NX_SECURE_DTLS_SESSION *dtls_session)
{
    UINT status;

    if (!dtls_nx_may_wait()) {
        return NX_CALLER_ERROR;
    }
    dtls_nx_lock();
    status = start(dtls_session, true, NX_NO_WAIT);
    dtls_nx_unlock();
    return dtls_nx_result(status);
}

#endif
