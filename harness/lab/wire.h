/* SPDX-License-Identifier: MIT */
/* A record of the wire: every datagram with its fate, and what the hellos say.
 * It is the network's `watch`.  It reads only what is in the clear, so it
 * works in the same way with every library. */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include "sim/network.h"

#include <stdio.h>

struct lab_packet {
    uint64_t at;
    int from;
    struct sim_fate fate;
    uint16_t association; /* of those that are captured together */
    size_t len;
    uint8_t *bytes;
};

/* What chance has done to datagrams so far. */
struct lab_trouble {
    unsigned lost;  /* or damaged, or cut                                    */
    unsigned mixed; /* doubled, or arrived before one that was sent earlier  */
};

/* How often an end began a handshake message. */
struct lab_begun {
    int from;
    uint16_t epoch;
    uint8_t type; /* 0: not in the clear */
    uint16_t seq;
    uint64_t at; /* ms, the last time */
    unsigned times;
    unsigned troubled;          /* repeats after some trouble              */
    unsigned lost;              /* repeats after a loss                    */
    unsigned silent;            /* others, after a second without an answer */
    struct lab_trouble trouble; /* until the last time                     */
};

#define LAB_BEGUN_MAX 64
#define LAB_CHAIN_MAX 6000 /* bytes; more than any has */
#define LAB_HELLO_MAX 2048 /* likewise */

struct lab_wire {
    struct lab_packet *packets;
    size_t num_packets;
    size_t cap;
    struct lab_begun begun[LAB_BEGUN_MAX];
    size_t num_begun;
    struct lab_trouble trouble;
    uint64_t latest[2]; /* ms: the last arrival, by sender */
    bool hello_verify;  /* the server asked for a cookie           */
    bool offers_ems;    /* the last ClientHello                    */
    bool offers_etm;
    bool offers_ticket; /* ... has one in session_ticket           */
    bool ems;           /* the last ServerHello                             */
    bool etm;
    bool raw[2];    /* it lets them show raw public keys, by sender */
    uint16_t suite; /* 0: no ServerHello                          */
    uint16_t group; /* of the last ServerKeyExchange; 0: none     */
    uint8_t hellos[2][LAB_HELLO_MAX]; /* the last hello, by sender       */
    uint8_t chains[2][LAB_CHAIN_MAX]; /* Certificate messages, by sender */
};

void lab_wire_free(struct lab_wire *wire);

/* lab_wire_watch: `watcher` is a struct lab_wire. */
void lab_wire_watch(void *watcher, const struct sim_sent *sent,
                    const struct sim_fate *fate);

/* lab_wire_repeats returns how often a flight of `from` was sent again. */
unsigned lab_wire_repeats(const struct lab_wire *wire, int from);

/* lab_wire_idle_repeats returns how often a flight of `from` was sent again
 * without need.  It is needed after a second in which nothing arrived (RFC
 * 6347, 4.2.4.1).  Some trouble since it was sent last makes two needed: when
 * the timer of its sender is over, and when the other end repeats its own. */
unsigned lab_wire_idle_repeats(const struct lab_wire *wire, int from);

#define LAB_COPIES 8 /* no library gives up earlier */

/* lab_wire_lost_all: was there a loss each time that `from` had sent its last
 * flight, and has it sent that LAB_COPIES times at least? */
bool lab_wire_lost_all(const struct lab_wire *wire, int from);

/* lab_wire_chain returns how many certificates `from` has sent. */
unsigned lab_wire_chain(const struct lab_wire *wire, int from);

/* lab_wire_exchanged: has an end sent a Certificate, or a message of a key
 * exchange?  None is in a handshake that resumes a session. */
bool lab_wire_exchanged(const struct lab_wire *wire);

/* lab_wire_stapled: has the server sent a CertificateStatus? */
bool lab_wire_stapled(const struct lab_wire *wire);

/* lab_wire_again: has `from` sent a handshake record under the keys of a
 * second handshake? */
bool lab_wire_again(const struct lab_wire *wire, int from);

/* lab_wire_line describes one datagram, for people. */
void lab_wire_line(FILE *out, const struct lab_packet *packet);

#endif
