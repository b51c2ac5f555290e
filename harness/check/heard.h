/* SPDX-License-Identifier: MIT */
/* What the target has said: its records, opened with the peer's keys, its
 * handshake messages put together, and the phrase of what is worth telling
 * (check/check.h). */
#ifndef CHECK_HEARD_H
#define CHECK_HEARD_H

#include "peer/peer.h"

#define HEARD_RECORDS 1024
#define HEARD_MESSAGES 64
#define HEARD_PHRASE 240

struct heard_record {
    uint8_t type; /* the true one, if it was opened */
    bool has_cid; /* it came with the connection id that was asked for */
    uint16_t version;
    uint16_t epoch;
    uint64_t seq;
    unsigned datagram;     /* which one it was in, from 0 */
    bool opened;           /* `body` is plaintext; always true in epoch 0 */
    struct dtls_span body; /* on the heap */
};

struct heard_message {
    uint8_t type;
    uint16_t epoch;
    uint16_t seq;
    unsigned times;        /* it began so often: retransmissions */
    size_t have;           /* bytes of the body that came */
    struct dtls_span body; /* on the heap; complete if have == len */
    uint8_t *marks;        /* which bytes came */
};

struct heard {
    /* Of the target's records, where a script has asked for an id that the
     * peer's own engine cannot read; empty: what that has asked for. */
    struct dtls_bytes cid;
    struct heard_record records[HEARD_RECORDS];
    size_t num_records; /* those above HEARD_RECORDS are not kept */
    struct heard_message messages[HEARD_MESSAGES];
    size_t num_messages;
    unsigned num_datagrams;
    size_t num_bytes;     /* in them */
    size_t largest;       /* bytes of the largest one */
    unsigned num_foreign; /* datagrams that are no DTLS records */
    bool fatal;           /* a fatal alert came */
    bool closed;          /* close_notify came */
    bool asked_to_close;  /* by the lab: an answer is nothing to tell */
    char phrase[HEARD_PHRASE];
};

void heard_free(struct heard *heard);

/* heard_datagram keeps what a datagram of the target says, and hands each of
 * its records to the peer, unless that is `deaf`. */
void heard_datagram(struct heard *heard, struct peer *peer, bool deaf,
                    struct dtls_bytes datagram);

/* heard_note adds words to the phrase, unless they are its last ones. */
void heard_note(struct heard *heard, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* heard_message is the last whole message of this type, or NULL. */
const struct heard_message *heard_message(const struct heard *heard,
                                          uint8_t type);

/* heard_count is how many different messages of this type have begun. */
unsigned heard_count(const struct heard *heard, uint8_t type);

/* heard_first is the first record that holds a message of this type in the
 * clear, or NULL. */
const struct heard_record *heard_first(const struct heard *heard,
                                       uint8_t type);

/* heard_data counts the protected records of application data that hold just
 * these bytes. */
unsigned heard_data(const struct heard *heard, struct dtls_bytes bytes);

/* heard_count_data counts the records of application data, whatever they hold.
 */
unsigned heard_count_data(const struct heard *heard);

#endif
