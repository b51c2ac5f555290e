/* SPDX-License-Identifier: MIT */
/* An association of our two ends, played from the first ClientHello to the
 * end: handshake, data, exporters, a renegotiation begun by either end, close.
 * Chosen calls of one end fail meanwhile, and whatever follows is judged:
 *
 *   - An end that says that it is connected has the other end's master secret,
 *     and no proof was left out: of each kind it has had as many calls that
 *     succeeded as in a handshake without failures.
 *   - No datagram has a byte that nobody wrote.
 *   - A handshake has a deadline, and in the end there is none.
 *   - A session that has failed holds no block and no master secret.  One that
 *     goes on does next time what it could not do.
 *   - What is freed is zero, every block is back, and the next association
 *     through the same gate works. */
#ifndef FAULT_ASSOCIATION_PLAY_H
#define FAULT_ASSOCIATION_PLAY_H

#include "fault/failing.h"
#include "sim/pair.h"
#include "sim/pki.h"

/* A kind of handshake. */
struct play_kind {
    const char *name;
    uint16_t suite;
    const char *server; /* certificate of the test PKI; NULL: PSK */
    const char *client; /* the same; NULL: none */
    const char *root;   /* of both */
    enum dtls_client_auth client_auth;
    const struct dtls_psk *psk; /* NULL: the pair's */
    bool unknown_identity;      /* the server hides that it does not know it */
    bool without_cookies;
    unsigned lost;         /* the datagram that is lost, from 1; 0: none */
    uint16_t later_length; /* the client asks for it in renegotiations; or 0 */
    uint16_t mtu;          /* 0: the pair's */
    uint16_t block_size;   /* of the store; 0: the pair's */
    /* Changes the configuration of an end; NULL: it stays as it is. */
    void (*adorn)(struct dtls_config *config, int end);
};

/* The handshakes of a play: the first, the client's, the server's. */
#define PLAY_HANDSHAKES 3

struct play_proof {
    unsigned good[FAILING_KINDS];
};

struct play {
    const struct play_kind *kind;
    struct sim_pair pair;
    struct failing ends[2];
    struct dtls_crypto base; /* the pair's, repeatable */
    /* Of each end and handshake: calls since the one before. */
    struct play_proof proofs[2][PLAY_HANDSHAKES];
    struct play_proof marks[2];
    unsigned handshakes[2];
    unsigned calls[2];                   /* of each end in the whole play */
    uint8_t masters[2][DTLS_MASTER_LEN]; /* the last of each end */
    const struct play *clean;            /* without failures; NULL: this is */
};

/* play_prepare loads what kinds of handshake need; it is called once, and
 * play_finish last.  Randomness repeats itself from then on. */
void play_prepare(void);
void play_finish(void);

/* play_identity returns one of the PKI's identities that kinds name. */
struct sim_identity *play_identity(const char *name);

/* play_whole plays a whole association.  The calls `first` to `last` of `end`
 * fail; 0 and 0: none.  `clean` is a play of the same kind without failures,
 * or NULL.  It asserts. */
void play_whole(struct play *p, const struct play_kind *kind, int end,
                unsigned first, unsigned last, const struct play *clean);

/* play_abandon frees a play that was left in its middle. */
void play_abandon(struct play *p);

#endif
