/* SPDX-License-Identifier: MIT */
/* A peer that can misbehave: our own engine does its half of the handshake,
 * and the test decides what of it is said, how it is cut, in which order, how
 * often, under which epoch and number, and what else.
 *
 *     peer_init
 *     peer_receive        what came from the other side
 *     peer_take_flight    the messages that the engine would send now
 *     peer_put_...        build datagrams of them, or of anything
 */
#ifndef PEER_PEER_H
#define PEER_PEER_H

#include "session/listener.h"

#include <stdio.h>

#define PEER_MESSAGES 12
#define PEER_BODY_MAX 20000 /* bytes of a message's body */
#define PEER_DATAGRAM_MAX 65507

/* What one end says: a handshake message, or the content of a record of
 * another type. */
struct peer_message {
    uint8_t record_type;
    uint8_t type;   /* of a handshake message */
    uint16_t seq;   /* the same */
    uint16_t epoch; /* it is sent in */
    size_t len;
    uint8_t body[PEER_BODY_MAX];
};

struct peer {
    struct dtls_crypto crypto; /* its self is the peer: seeded random bytes,
                                * a key log; else libcrypto */
    uint64_t random;
    FILE *keylog; /* gets the secrets of each handshake; NULL: none */
    struct dtls_config config;
    struct dtls_store store;
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct dtls_counters counters;
    struct dtls_session session;
    uint8_t arena[2 * PEER_BODY_MAX];
    uint8_t peer_certs[PEER_BODY_MAX];
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    enum dtls_role role;
    uint64_t now;

    enum dtls_event event; /* the last one that was not DTLS_EVENT_NONE */
    uint8_t data[PEER_BODY_MAX]; /* the last record of application data */
    size_t data_len;
    unsigned num_data;

    struct peer_message messages[PEER_MESSAGES]; /* of peer_take_flight */
    size_t num_messages;
};

/* peer_init: one PSK ("client", eight bytes), every suite and group of ours
 * that needs no certificate of its own, no cookies, no key log.  Change
 * `config` and `keylog` before peer_start.  The peer must not move. */
void peer_init(struct peer *peer, enum dtls_role role, uint64_t seed);
void peer_start(struct peer *peer);
void peer_free(struct peer *peer);

/* peer_receive reads a datagram as an honest end would.  A server begins with
 * the first ClientHello that it sees. */
void peer_receive(struct peer *peer, struct dtls_bytes datagram);

/* peer_take_flight takes apart what the engine has to send now, alerts and the
 * messages of a renegotiation too; nothing of it has been sent, and no record
 * number used. */
void peer_take_flight(struct peer *peer);

/* peer_find is the message of this handshake type in what was taken; the test
 * fails if there is none. */
struct peer_message *peer_find(struct peer *peer, uint8_t type);

/* How far the peer's own half of the association is. */
bool peer_is_idle(const struct peer *peer);
bool peer_is_connected(const struct peer *peer);
bool peer_has_failed(const struct peer *peer);
bool peer_is_renegotiating(const struct peer *peer);

/* peer_has_settled: it is connected, and no other handshake runs. */
bool peer_has_settled(const struct peer *peer);

/* peer_rehash begins the transcript again, after a message of the flight with
 * the peer's hello has been changed: `client_hello`, which the other side said
 * under message_seq `seq`, or no bytes if the peer is the client; then every
 * message that peer_take_flight took.  A Finished among them is made anew. */
void peer_rehash(struct peer *peer, struct dtls_bytes client_hello,
                 uint16_t seq);

/* peer_open opens, in place, a record of the other side as the session would,
 * but marks nothing: the session can still read a copy of it.  A record with a
 * connection id gets its true type.  It returns false if the session has no
 * keys for it, or if it is not authentic. */
bool peer_open(struct peer *peer, struct dtls_record *record);

/* They append one record to a datagram, under the next number of its epoch: a
 * whole message, a fragment of one, or anything of any type. */
void peer_put_message(struct peer *peer, struct dtls_buf *out,
                      const struct peer_message *message);
void peer_put_fragment(struct peer *peer, struct dtls_buf *out,
                       const struct peer_message *message, size_t offset,
                       size_t len);
void peer_put_record(struct peer *peer, struct dtls_buf *out, uint16_t epoch,
                     uint8_t type, struct dtls_bytes content);

/* peer_put_data appends application data. */
void peer_put_data(struct peer *peer, struct dtls_buf *out,
                   struct dtls_bytes data);

#endif
