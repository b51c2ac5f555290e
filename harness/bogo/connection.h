/* SPDX-License-Identifier: MIT */
/* One association of the shim: the engine, fed with the runner's frames.  Only
 * the runner moves its clock. */
#ifndef BOGO_CONNECTION_H
#define BOGO_CONNECTION_H

#include "bogo/frames.h"
#include "bogo/shim_identity.h"
#include "session/listener.h"

#define BOGO_MESSAGE_MAX 131072 /* of a handshake: at least 100 KB */
#define BOGO_BLOCK_SIZE 2048
#define BOGO_NAMES_MAX 4096 /* bytes of all CA names */

struct bogo_connection {
    const struct bogo_flags *flags;
    struct bogo_wire wire;
    uint64_t now_ns;

    struct bogo_identity identities[BOGO_CREDENTIALS_MAX + 1];
    uint16_t *suites; /* as many as are enabled */
    uint16_t groups[BOGO_LIST_MAX];
    struct dtls_psk psk;
    uint8_t alpn[DTLS_PROTOCOLS_MAX];
    uint8_t authorities_bytes[BOGO_NAMES_MAX];
    struct dtls_bytes authorities[BOGO_LIST_MAX];
    struct dtls_config config;
    struct dtls_store store;
    uint8_t arena[BOGO_MESSAGE_MAX + BOGO_MESSAGE_MAX / 4];
    uint8_t peer_certs[BOGO_MESSAGE_MAX];
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct dtls_counters counters;

    struct dtls_listener listener;
    bool accepted; /* server: the session has begun */
    struct dtls_session session;
    bool unexpected;  /* a message differed from a flag */
    bool runner_left; /* the runner has closed the stream */
};

/* bogo_connection_run plays a whole connection and returns the exit status. It
 * prints the reason for a failure to stderr, and nothing after success.  The
 * caller has zeroed `c`. */
int bogo_connection_run(struct bogo_connection *c,
                        const struct bogo_flags *flags);

#endif
