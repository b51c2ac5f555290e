/* SPDX-License-Identifier: MIT */
/* Datagrams between NetX packets and the engine. */
#include "nx_secure/internal.h"

#include "base/secret.h"

NX_PACKET_POOL *dtls_nx_pool(const NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET_POOL *pool =
        session->nx_secure_dtls_tls_session.nx_secure_tls_packet_pool;

    return pool != NX_NULL
               ? pool
               : session->nx_secure_dtls_udp_socket->nx_udp_socket_ip_ptr
                     ->nx_ip_default_packet_pool;
}

/* A block of the store is a packet's payload behind the packet's own
 * address. */
#define BLOCK_HEAD 16

static void *take_block(void *self, size_t *size)
{
    NX_PACKET *packet;

    if (nx_packet_allocate(dtls_nx_pool(self), &packet, NX_RECEIVE_PACKET,
                           NX_NO_WAIT) != NX_SUCCESS) {
        return NULL;
    }
    *size =
        (size_t)(packet->nx_packet_data_end - packet->nx_packet_prepend_ptr);
    if (*size < BLOCK_HEAD + DTLS_BLOCK_MIN) {
        nx_packet_release(packet);
        return NULL;
    }
    *size -= BLOCK_HEAD;
    NX_SECURE_MEMCPY(packet->nx_packet_prepend_ptr, &packet, sizeof packet);
    return packet->nx_packet_prepend_ptr + BLOCK_HEAD;
}

static void give_block(void *self, void *block)
{
    NX_PACKET *packet;

    (void)self;
    NX_SECURE_MEMCPY(&packet, (UCHAR *)block - BLOCK_HEAD, sizeof packet);
    nx_packet_release(packet);
}

VOID dtls_nx_store_init(struct dtls_store *store,
                        NX_SECURE_DTLS_SESSION *session)
{
    *store = (struct dtls_store){session, take_block, give_block};
}

VOID dtls_nx_queue_push(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    packet->nx_packet_queue_next = NX_NULL;
    if (session->nx_secure_dtls_receive_queue_head == NX_NULL) {
        session->nx_secure_dtls_receive_queue_head = packet;
    } else {
        session->nx_secure_dtls_receive_queue_tail->nx_packet_queue_next =
            packet;
    }
    session->nx_secure_dtls_receive_queue_tail = packet;
    session->nx_secure_dtls_receive_queue_count++;
}

bool dtls_nx_may_keep(const NX_SECURE_DTLS_SESSION *session,
                      const NX_PACKET *packet, ULONG most)
{
    const NX_PACKET_POOL *pool = packet->nx_packet_pool_owner;
    ULONG kept = session->nx_secure_dtls_receive_queue_count;

    return kept < most &&
           ((kept < DTLS_NX_HELD_ALWAYS &&
             packet->nx_packet_next == NX_NULL) ||
            pool->nx_packet_pool_available >= pool->nx_packet_pool_total / 4);
}

NX_PACKET *dtls_nx_queue_pop(NX_SECURE_DTLS_SESSION *session)
{
    NX_PACKET *packet = session->nx_secure_dtls_receive_queue_head;

    if (packet != NX_NULL) {
        session->nx_secure_dtls_receive_queue_head =
            packet->nx_packet_queue_next;
        session->nx_secure_dtls_receive_queue_count--;
        packet->nx_packet_queue_next = NX_NULL;
    }
    return packet;
}

/* Where one datagram goes: to `to`, and a copy of it to `copy_to`. */
struct way {
    struct dtls_nx_where to;
    NX_PACKET *copy; /* NX_NULL: there is none */
    struct dtls_nx_where copy_to;
};

/* Finds the way of the datagram that the engine has just made.  Without a
 * packet for the copy that is lost.  Returns false if the datagram is for a
 * sender that is not known any more. */
static bool find_way(struct way *out, NX_SECURE_DTLS_SESSION *session,
                     NX_PACKET *packet)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    *out = (struct way){
        .to = {session->nx_secure_dtls_remote_ip_address,
               session->nx_secure_dtls_remote_port, s->local},
    };
    switch (dtls_session_goes_to(&s->engine, packet->nx_packet_length)) {
    case DTLS_AT_CANDIDATE:
        out->to = s->candidate;
        break;
    case DTLS_AT_OTHER:
        if (s->sender == NULL) {
            return false;
        }
        out->to = *s->sender;
        break;
    case DTLS_AT_BOTH:
        out->copy_to = s->candidate;
        if (nx_packet_copy(packet, &out->copy, dtls_nx_pool(session),
                           NX_NO_WAIT) != NX_SUCCESS) {
            out->copy = NX_NULL;
        }
        break;
    case DTLS_AT_PEER:
        break;
    }
    return true;
}

static UINT send_to(NX_UDP_SOCKET *socket, NX_PACKET *packet,
                    struct dtls_nx_where *to)
{
    return nxdtls_port_udp_socket_send_from(socket, packet, &to->local,
                                            &to->ip, to->port);
}

/* Exchanges the lock for the way out, and sends. */
static UINT send_out(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                     struct way *way, bool *undisturbed)
{
    NX_UDP_SOCKET *socket = session->nx_secure_dtls_udp_socket;

    *undisturbed = dtls_nx_way_out_take();
    if (way->copy != NX_NULL &&
        send_to(socket, way->copy, &way->copy_to) != NX_SUCCESS) {
        nx_packet_release(way->copy);
    }
    return send_to(socket, packet, &way->to);
}

/* The session's memory and its socket may go as soon as this thread gives the
 * way out back, with the lock, if the session's life is over by then. */
UINT dtls_nx_send(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet,
                  UINT *sent)
{
    const struct dtls_nx_session *s = dtls_nx_session(session);
    uint32_t life = s->life;
    struct way way;
    bool undisturbed;

    if (!find_way(&way, session, packet)) {
        *sent = NX_NOT_CONNECTED;
        return NX_SUCCESS;
    }
    *sent = send_out(session, packet, &way, &undisturbed);
    undisturbed = dtls_nx_lock_again() && undisturbed;
    if (s->life != life) {
        return DTLS_NX_GONE;
    }
    return undisturbed ? NX_SUCCESS : NX_WAIT_ABORTED;
}

UINT dtls_nx_send_and_unlock(NX_SECURE_DTLS_SESSION *session,
                             NX_PACKET *packet, NX_PACKET *data)
{
    struct way way;
    bool undisturbed; /* A send does not wait for anything else. */
    UINT sent;

    if (!find_way(&way, session, packet)) {
        dtls_nx_unlock();
        return NX_NOT_CONNECTED;
    }
    sent = send_out(session, packet, &way, &undisturbed);
    if (sent == NX_SUCCESS) {
        nx_packet_release(data);
    }
    dtls_nx_way_out_give();
    return sent;
}

/* Makes a packet of a few bytes; NULL if the pool has none. */
static NX_PACKET *packet_of(NX_PACKET_POOL *pool, struct dtls_bytes bytes)
{
    NX_PACKET *packet;
    UCHAR copy[128];

    if (bytes.len > sizeof copy ||
        nx_packet_allocate(pool, &packet, NX_UDP_PACKET, NX_NO_WAIT) !=
            NX_SUCCESS) {
        return NX_NULL;
    }
    NX_SECURE_MEMCPY(copy, bytes.data, bytes.len);
    if (nx_packet_data_append(packet, copy, (ULONG)bytes.len, pool,
                              NX_NO_WAIT) != NX_SUCCESS) {
        nx_packet_release(packet);
        return NX_NULL;
    }
    return packet;
}

VOID dtls_nx_answer(NX_UDP_SOCKET *socket, NX_PACKET *question,
                    struct dtls_bytes datagram)
{
    NXD_ADDRESS from;
    NXD_ADDRESS to;
    UINT port;
    NX_PACKET *packet;

    if (nxdtls_port_udp_destination_extract(question, &from) != NX_SUCCESS ||
        nxd_udp_source_extract(question, &to, &port) != NX_SUCCESS) {
        return;
    }
    packet = packet_of(socket->nx_udp_socket_ip_ptr->nx_ip_default_packet_pool,
                       datagram);
    if (packet == NX_NULL) {
        return;
    }
    (void)dtls_nx_way_out_take();
    if (nxdtls_port_udp_socket_send_from(socket, packet, &from, &to, port) !=
        NX_SUCCESS) {
        nx_packet_release(packet);
    }
    (void)dtls_nx_lock_again();
}

/* Takes a packet of the session's pool.  Returns false if there is none, which
 * is noted. */
static bool take_packet(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet,
                        ULONG type)
{
    struct dtls_nx_session *s = dtls_nx_session(session);

    s->lacks_packets = nx_packet_allocate(dtls_nx_pool(session), packet, type,
                                          NX_NO_WAIT) != NX_SUCCESS;
    return !s->lacks_packets;
}

/* Makes the next datagram that the engine has to send.  Returns NX_NULL if
 * there is none, or no packet for it. */
static NX_PACKET *make_datagram(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    NX_PACKET *packet;

    while (!dtls_nx_is_calling(session) &&
           dtls_session_has_output(&s->engine)) {
        struct dtls_buf out;
        enum dtls_status status;

        if (!take_packet(session, &packet, NX_UDP_PACKET)) {
            s->send_status = NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
            return NX_NULL;
        }
        out = (struct dtls_buf){packet->nx_packet_prepend_ptr, 0,
                                (size_t)(packet->nx_packet_data_end -
                                         packet->nx_packet_prepend_ptr)};
        if (s->engine.alert_pending && s->engine.alert[0] == 2) {
            s->alert_sent = s->engine.alert[1];
        }
        status = dtls_session_write(&s->engine, &out);
        dtls_nx_notice(session); /* the next record's number, above all */
        if (out.len != 0) {
            packet->nx_packet_append_ptr += out.len;
            packet->nx_packet_length = (ULONG)out.len;
            return packet;
        }
        nx_packet_release(packet);
        if (!dtls_status_is_fatal(status)) {
            return NX_NULL;
        } /* else it may have failed, and an alert may follow */
    }
    return NX_NULL;
}

/* Returns the largest UDP payload that the path to the peer is said to take,
 * or 0.  Nothing authenticates what the IP layer was told of the path. */
static size_t told_size(NX_SECURE_DTLS_SESSION *session)
{
    ULONG begin;
    ULONG size;

    return nx_ip_max_payload_size_find(
               session->nx_secure_dtls_udp_socket->nx_udp_socket_ip_ptr,
               &session->nx_secure_dtls_remote_ip_address, 0,
               session->nx_secure_dtls_local_port,
               session->nx_secure_dtls_remote_port, NX_PROTOCOL_UDP, &begin,
               &size) == NX_SUCCESS
               ? size
               : 0;
}

UINT dtls_nx_flush(NX_SECURE_DTLS_SESSION *session)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    UINT result = NX_SUCCESS;
    NX_PACKET *packet;

    while ((packet = make_datagram(session)) != NX_NULL) {
        UINT sent;
        UINT fate = dtls_nx_send(session, packet, &sent);

        if (sent != NX_SUCCESS) {
            nx_packet_release(packet); /* lost; there are timers for that */
        }
        if (fate == DTLS_NX_GONE) {
            return fate;
        }
        result = fate == NX_SUCCESS ? result : fate;
        s->send_status = sent;
        if (sent == NX_SIZE_ERROR) {
            dtls_session_too_big(&s->engine, told_size(session),
                                 dtls_nx_now());
        }
    }
    return result;
}

/* Queues a copy of a record's plaintext.  Returns false if there is no
 * packet. */
static bool queue_copy(NX_SECURE_DTLS_SESSION *session, struct dtls_span data)
{
    NX_PACKET *copy;

    if (!take_packet(session, &copy, NX_RECEIVE_PACKET)) {
        return false;
    }
    if (nx_packet_data_append(copy, data.data, (ULONG)data.len,
                              dtls_nx_pool(session),
                              NX_NO_WAIT) != NX_SUCCESS) {
        dtls_nx_session(session)->lacks_packets = true;
        nx_packet_release(copy);
        return false;
    }
    dtls_nx_queue_push(session, copy);
    return true;
}

/* Puts a record's plaintext into the receive queue: in the packet that it
 * came in, if that is in one piece and holds nothing else to be read.  Returns
 * false if as many wait as may, or there is no packet for it. */
static bool keep_data(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet,
                      struct dtls_span data, bool last)
{
    NX_PACKET *in = *packet;

    if (!dtls_nx_may_keep(session, in,
                          dtls_nx_session(session)->options.unread)) {
        return false;
    }
    if (last && in->nx_packet_next == NX_NULL) {
        in->nx_packet_prepend_ptr = data.data;
        in->nx_packet_append_ptr = data.data + data.len;
        in->nx_packet_length = (ULONG)data.len;
        *packet = NX_NULL;
        dtls_nx_queue_push(session, in);
        return true;
    }
    return queue_copy(session, data);
}

/* Reads a datagram that stands in one piece.  Returns the number of pieces of
 * data that were queued. */
static UINT read_datagram(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet,
                          struct dtls_span datagram)
{
    struct dtls_nx_session *s = dtls_nx_session(session);
    struct dtls_span plain;
    UINT queued = 0;

    while (datagram.len != 0) {
        if (dtls_session_read(&s->engine, &datagram, &plain, dtls_nx_now()) !=
            DTLS_EVENT_DATA) {
            continue;
        }
        if (keep_data(session, packet, plain, datagram.len == 0)) {
            queued++;
        } else {
            /* As if the datagram had been lost. */
            s->counters.discarded_no_room++;
        }
    }
    return queued;
}

static struct dtls_nx_scratch scratch;
static bool scratch_is_taken;
static ULONG scratch_taker; /* its tx_thread_serial; 0: no thread */

/* Takes the scratch memory from a thread that was terminated in a callback. */
static VOID take_from_the_dead(VOID)
{
    if (scratch_is_taken && scratch_taker != 0 &&
        !nxdtls_port_thread_lives(scratch_taker)) {
        dtls_nx_scratch_give(&scratch, sizeof scratch.bytes);
    }
}

struct dtls_nx_scratch *dtls_nx_scratch_take(VOID)
{
    const TX_THREAD *self = tx_thread_identify();

    take_from_the_dead();
    if (scratch_is_taken) {
        return NULL;
    }
    scratch_is_taken = true;
    scratch_taker = self == TX_NULL ? 0 : self->tx_thread_serial;
    return &scratch;
}

VOID dtls_nx_scratch_give(struct dtls_nx_scratch *taken, size_t len)
{
    dtls_wipe(taken->bytes, len);
    scratch_is_taken = false;
}

/* Copies the record at `offset` of a packet that stands in several pieces.  A
 * record that is not whole is copied as far as it goes. */
static struct dtls_span copy_record(const struct dtls_record_layer *records,
                                    NX_PACKET *packet, ULONG offset,
                                    struct dtls_nx_scratch *room)
{
    struct dtls_span rest = {room->bytes, 0};
    struct dtls_record record;
    ULONG copied = 0;

    (void)nx_packet_data_extract_offset(packet, offset, room->bytes,
                                        sizeof room->bytes, &copied);
    rest.len = copied;
    if (dtls_record_layer_next(records, &rest, &record) == DTLS_OK) {
        copied -= (ULONG)rest.len;
    }
    return (struct dtls_span){room->bytes, copied};
}

/* Reads a datagram that stands in several pieces, record by record. */
static UINT read_chain(NX_SECURE_DTLS_SESSION *session, NX_PACKET **packet)
{
    NX_PACKET *chain = *packet; /* keep_data takes none */
    struct dtls_nx_scratch *room = dtls_nx_scratch_take();
    ULONG offset = 0;
    UINT queued = 0;

    if (room == NULL) { /* as if the datagram had been lost */
        dtls_nx_session(session)->counters.discarded_no_room++;
        return 0;
    }
    while (offset < chain->nx_packet_length) {
        struct dtls_span record = copy_record(
            &dtls_nx_session(session)->engine.records, chain, offset, room);

        if (record.len == 0) {
            break;
        }
        offset += (ULONG)record.len;
        queued += read_datagram(session, packet, record);
    }
    dtls_nx_scratch_give(room, sizeof room->bytes);
    return queued;
}

/* Learns the own address from what comes before a session is connected. */
static VOID learn_local(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    NXD_ADDRESS own;

    if (session->nx_secure_dtls_local_ip_address_index ==
            NX_SECURE_DTLS_ANY_ADDRESS &&
        dtls_session_is_opening(&dtls_nx_session(session)->engine) &&
        nxdtls_port_udp_destination_extract(packet, &own) == NX_SUCCESS) {
        session->nx_secure_dtls_local_ip_address_index = dtls_nx_local_index(
            session->nx_secure_dtls_udp_socket->nx_udp_socket_ip_ptr, &own);
    }
}

bool dtls_nx_reset_late(NX_SECURE_DTLS_SESSION *session)
{
    if (!dtls_nx_session(session)->reset_waits) {
        return false;
    }
    if (dtls_nx_flush(session) != DTLS_NX_GONE) {
        dtls_nx_reset(session);
    }
    return true;
}

UINT dtls_nx_feed(NX_SECURE_DTLS_SESSION *session, NX_PACKET *packet)
{
    struct dtls_span datagram = {packet->nx_packet_prepend_ptr,
                                 packet->nx_packet_length};
    UINT queued;

    learn_local(session, packet);
    if (dtls_nx_is_calling(session)) { /* as if the datagram had been lost */
        dtls_nx_session(session)->counters.discarded_no_room++;
        nx_packet_release(packet);
        return 0;
    }
    queued = packet->nx_packet_next == NX_NULL
                 ? read_datagram(session, &packet, datagram)
                 : read_chain(session, &packet);
    if (packet != NX_NULL) {
        nx_packet_release(packet);
    }
    dtls_nx_notice(session);
    return dtls_nx_reset_late(session) ? DTLS_NX_GONE : queued;
}
