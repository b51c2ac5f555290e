/* SPDX-License-Identifier: MIT */
/* The stream to BoringSSL's protocol test runner: a TCP connection that
 * carries datagrams, the time, and the runner's expectations of our timer. All
 * integers are big-endian, except the shim's id. */
#ifndef BOGO_FRAMES_H
#define BOGO_FRAMES_H

#include "base/bytes.h"

/* A longer datagram is cut, as a UDP socket cuts it. */
#define BOGO_DATAGRAM_MAX 65536

enum bogo_op {
    BOGO_END = 0,        /* the runner has closed                          */
    BOGO_DATAGRAM = 'P', /* u32 length, bytes                              */
    BOGO_TIME = 'T',     /* u64 nanoseconds that pass; acknowledged        */
    BOGO_MTU = 'M',      /* u32 payload bytes of a datagram from now on    */
    BOGO_EXPECT = 'E',   /* u64 nanoseconds to our deadline; all ones: none */
    BOGO_TIMEOUT = 'U'   /* u32 milliseconds: the initial timeout          */
};

#define BOGO_ACK 't'
#define BOGO_NO_TIMER UINT64_MAX

struct bogo_frame {
    enum bogo_op op;
    uint64_t value;            /* of every operation but a datagram */
    struct dtls_span datagram; /* stands in the wire's buffer       */
};

struct bogo_wire {
    int fd;
    uint8_t datagram[BOGO_DATAGRAM_MAX];
};

/* bogo_wire_open connects to the loopback address and sends the shim's id.  It
 * returns false, with errno, if that fails. */
bool bogo_wire_open(struct bogo_wire *wire, uint16_t port, bool ipv6,
                    uint64_t shim_id);

/* bogo_wire_read waits for the next frame.  It returns false if the stream
 * ends inside a frame or carries something else. */
bool bogo_wire_read(struct bogo_wire *wire, struct bogo_frame *out);

/* bogo_wire_write sends one datagram, bogo_wire_ack acknowledges the time.
 * They return false if the runner has closed the connection. */
bool bogo_wire_write(struct bogo_wire *wire, struct dtls_bytes datagram);
bool bogo_wire_ack(struct bogo_wire *wire);

/* bogo_wire_close shuts down its direction, waits until the runner does the
 * same, and closes, so that the last bytes are not lost. */
void bogo_wire_close(struct bogo_wire *wire);

#endif
