/* SPDX-License-Identifier: MIT */
/* Frames on a TCP connection (bogo/frames.h). */
#include "bogo/frames.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(uint16_t port, bool ipv6)
{
    struct sockaddr_in six_less = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_port = htons(port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = -1;

    if (fd >= 0) {
        result =
            ipv6 ? connect(fd, (struct sockaddr *)&six, sizeof six)
                 : connect(fd, (struct sockaddr *)&six_less, sizeof six_less);
    }
    if (result != 0 && fd >= 0) {
        (void)close(fd);
    }
    return result == 0 ? fd : -1;
}

static bool write_all(int fd, const uint8_t *data, size_t len)
{
    while (len != 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* Returns how many bytes came; fewer than `len` after the end or an error. */
static size_t read_all(int fd, uint8_t *out, size_t len)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = read(fd, &out[done], len - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        done += (size_t)n;
    }
    return done;
}

bool bogo_wire_open(struct bogo_wire *wire, uint16_t port, bool ipv6,
                    uint64_t shim_id)
{
    const int on = 1;
    uint8_t id[8];

    for (unsigned i = 0; i < sizeof id; i++) {
        id[i] = (uint8_t)(shim_id >> (8 * i)); /* little-endian */
    }
    wire->fd = dial(port, ipv6);
    return wire->fd >= 0 &&
           setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ==
               0 &&
           write_all(wire->fd, id, sizeof id);
}

static bool read_number(struct bogo_wire *wire, size_t len, uint64_t *out)
{
    uint8_t bytes[8];
    uint64_t value = 0;

    if (read_all(wire->fd, bytes, len) != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | bytes[i];
    }
    *out = value;
    return true;
}

static bool read_datagram(struct bogo_wire *wire, struct bogo_frame *out)
{
    uint64_t len;
    size_t kept;
    uint8_t cut_off;

    if (!read_number(wire, 4, &len)) {
        return false;
    }
    kept = len < sizeof wire->datagram ? (size_t)len : sizeof wire->datagram;
    if (read_all(wire->fd, wire->datagram, kept) != kept) {
        return false;
    }
    for (; len > kept; len--) {
        if (read_all(wire->fd, &cut_off, 1) != 1) {
            return false;
        }
    }
    out->datagram = (struct dtls_span){wire->datagram, kept};
    return true;
}

bool bogo_wire_read(struct bogo_wire *wire, struct bogo_frame *out)
{
    uint8_t op;

    *out = (struct bogo_frame){0};
    if (read_all(wire->fd, &op, 1) == 0) {
        return true; /* BOGO_END */
    }
    out->op = (enum bogo_op)op;
    switch (op) {
    case BOGO_DATAGRAM:
        return read_datagram(wire, out);
    case BOGO_TIME:
    case BOGO_EXPECT:
        return read_number(wire, 8, &out->value);
    case BOGO_MTU:
    case BOGO_TIMEOUT:
        return read_number(wire, 4, &out->value);
    default:
        return false;
    }
}

bool bogo_wire_write(struct bogo_wire *wire, struct dtls_bytes datagram)
{
    uint8_t header[5] = {BOGO_DATAGRAM};

    for (unsigned i = 0; i < 4; i++) {
        header[1 + i] = (uint8_t)(datagram.len >> (8 * (3 - i)));
    }
    return write_all(wire->fd, header, sizeof header) &&
           write_all(wire->fd, datagram.data, datagram.len);
}

bool bogo_wire_ack(struct bogo_wire *wire)
{
    const uint8_t ack = BOGO_ACK;

    return write_all(wire->fd, &ack, 1);
}

void bogo_wire_close(struct bogo_wire *wire)
{
    uint8_t rest;

    (void)shutdown(wire->fd, SHUT_WR);
    while (read_all(wire->fd, &rest, 1) == 1) {
    }
    (void)close(wire->fd);
}
