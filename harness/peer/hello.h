/* SPDX-License-Identifier: MIT */
/* Hellos taken apart and put together again, without the library's table of
 * extensions. */
#ifndef PEER_HELLO_H
#define PEER_HELLO_H

#include "peer/peer.h"

/* A hello of either kind, whose parts a test may change; what it came from is
 * kept in `copy`. */
struct hello {
    union {
        struct dtls_client_hello client;
        struct dtls_server_hello server;
    };
    uint8_t copy[2048];
    uint8_t block_bytes[2048];
    struct dtls_buf block; /* the extensions */
};

void hello_read_client(struct hello *hello, struct dtls_bytes body);
void hello_read_server(struct hello *hello, struct dtls_bytes body);

/* hello_has: the data of this extension, if it is there. */
bool hello_has(const struct hello *hello, uint16_t type,
               struct dtls_bytes *data);

/* hello_drop takes an extension out, hello_add puts one at the end. */
void hello_drop(struct hello *hello, uint16_t type);
void hello_add(struct hello *hello, uint16_t type, const void *data,
               size_t len);

/* hello_write makes the hello the body of the message, a client's or a
 * server's by its type; an empty block is left out.  Then peer_rehash is due.
 */
void hello_write(struct peer_message *message, const struct hello *hello);

#endif
