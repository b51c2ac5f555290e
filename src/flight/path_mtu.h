/* SPDX-License-Identifier: MIT */
/* How large the datagrams of our flights may be (RFC 6347, 4.1.1.1; RFC 8899).
 *
 * A flight is its own probe.  Its answer shows that the path takes its
 * datagrams; if none comes, datagrams above a size are perhaps what the path
 * drops without a word, so they get smaller:
 *
 *   transmission 1, 2         as large as is allowed, or known to be right
 *   3, 4                      DTLS_MTU_SAFE
 *   5, 7, 9 ...               DTLS_MTU_LEAST
 *   6, 8, 10 ...              DTLS_MTU_SAFE again: some servers drop a
 *                             ClientHello in parts
 *
 * The flights that follow begin with the size that was answered.  The silence
 * that met a flight whose datagrams were all smaller says nothing. */
#ifndef DTLS_FLIGHT_PATH_MTU_H
#define DTLS_FLIGHT_PATH_MTU_H

#include "base/bytes.h"

/* 576 bytes, which every host accepts, less the largest IPv4 header and the
 * UDP header. */
#define DTLS_MTU_SAFE 508

/* Enough for the front of a ClientHello, with a cookie, in one piece. */
#define DTLS_MTU_LEAST 256

/* After so long a path may have become wider (RFC 8899, 5.1.1). */
#define DTLS_MTU_RAISE_MS 600000

struct dtls_path_mtu {
    bool certain;        /* silence is no reason for smaller datagrams */
    uint8_t silent;      /* transmissions of the flight without an answer */
    uint16_t lowered;    /* to so many bytes; 0: it was not */
    uint16_t confirmed;  /* the peer has got a datagram of this size; 0 */
    uint16_t largest;    /* datagram of the flight */
    uint16_t smallest;   /* the largest one of the least transmission */
    uint64_t lowered_at; /* with `lowered` */
};

/* dtls_path_mtu_size returns the size of the largest datagram to be written
 * now, of the `limit` that is allowed. */
size_t dtls_path_mtu_size(const struct dtls_path_mtu *p, size_t limit);

/* dtls_path_mtu_wrote notes that a datagram of `len` bytes has been
 * written. */
void dtls_path_mtu_wrote(struct dtls_path_mtu *p, size_t limit, size_t len);

/* dtls_path_mtu_unanswered notes that the whole flight is to be written again,
 * dtls_path_mtu_answered that its answer has come. */
void dtls_path_mtu_unanswered(struct dtls_path_mtu *p);
void dtls_path_mtu_answered(struct dtls_path_mtu *p, size_t limit,
                            uint64_t now);

/* dtls_path_mtu_too_big notes that the network refused the last datagram.  If
 * `told`, the size that the network is said to take, or 0, is between
 * DTLS_MTU_SAFE and the present size, it is tried next; it is confirmed by an
 * answer alone (D8899-4.6.1-1).  Otherwise the next smaller size is tried.  It
 * returns false if there is none. */
bool dtls_path_mtu_too_big(struct dtls_path_mtu *p, size_t limit, size_t told,
                           uint64_t now);

/* dtls_path_mtu_found notes that the peer has got a datagram of `len` bytes
 * that was no part of a flight, dtls_path_mtu_lost that it does not get any
 * more what was confirmed. */
void dtls_path_mtu_found(struct dtls_path_mtu *p, size_t len);
void dtls_path_mtu_lost(struct dtls_path_mtu *p, uint64_t now);

/* dtls_path_mtu_begin prepares for another handshake: after DTLS_MTU_RAISE_MS
 * it tries what is allowed again. */
void dtls_path_mtu_begin(struct dtls_path_mtu *p, uint64_t now);

#endif
