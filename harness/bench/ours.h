/* SPDX-License-Identifier: MIT */
/* Our engine as the benchmarks measure it: a client and a server in one
 * thread, datagrams handed over directly, the time standing still. */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include "session/listener.h"
#include "sim/pki.h"

/* struct bench_kind is one kind of handshake, always with cookies, and with
 * secp256r1 where there is a curve.  A name is that of a file of the PKI;
 * NULL: there is none. */
struct bench_kind {
    const char *name;
    uint16_t suite;
    const char *server;
    const char *client;
    const char *root;
};

/* bench_kinds is every kind, the last one without a name. */
extern const struct bench_kind bench_kinds[];

#define BENCH_RECORD_MAX (DTLS_PLAINTEXT_MAX + 2048)
#define BENCH_ROOM 4096 /* bytes for a chain, and for a message in pieces */

enum { BENCH_CLIENT, BENCH_SERVER };

struct bench_end {
    struct dtls_config config;
    struct dtls_session session;
    struct dtls_session_room room;
    struct dtls_counters counters;
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    uint8_t arena[BENCH_ROOM];
    uint8_t certs[BENCH_ROOM];
    struct sim_identity identity;
    struct sim_anchor anchor;
};

struct bench_ours {
    struct dtls_crypto crypto;
    struct dtls_store store;
    struct dtls_listener listener;
    struct bench_end ends[2];
};

/* bench_ours_init loads what a kind needs from the folder `pki`; `crypto` is
 * copied.  `o` must not move until bench_ours_free. */
void bench_ours_init(struct bench_ours *o, const struct bench_kind *kind,
                     const struct dtls_crypto *crypto, const char *pki);
void bench_ours_free(struct bench_ours *o);

/* bench_ours_connect makes both sessions and their handshake.
 * bench_ours_record seals one record of `len` zero bytes at the client and
 * opens it at the server.  Both assert that it works.
 * bench_ours_end frees the sessions. */
void bench_ours_connect(struct bench_ours *o);
void bench_ours_record(struct bench_ours *o, size_t len);
void bench_ours_end(struct bench_ours *o);

#endif
