/* SPDX-License-Identifier: MIT */
/* One end of an association under the fuzzer's hands, with every oracle that
 * holds for whatever comes in.
 *
 *   - nothing is kept and nothing but a HelloVerifyRequest is said before a
 *     valid cookie (asked for again, without one, the gate names it)
 *   - CONNECTED comes once, RENEGOTIATED and data only between it and the end;
 *     data lies inside its datagram; after the end there are no events
 *   - what is sent is whole records of at most the MTU, and not more for one
 *     input than one flight, one alert and the application's own answers; no
 *     epoch uses a record number twice
 *   - time: a deadline that has come is gone after expire
 *   - the store gets every block back, and a freed session is all zero
 *
 * An input is: kind, knobs, {delay u16, length u16, datagram}*.  Length 0 is
 * only waiting.  Protected records may stand in it opened (opened.h). */
#ifndef FUZZERS_ASSOCIATION_H
#define FUZZERS_ASSOCIATION_H

#include "crypto.h"
#include "session/listener.h"

/* `kind` is what can be negotiated, and in its upper part, if that is not 0,
 * the one suite there is. */
enum {
    FUZZ_PSK,
    FUZZ_ECDSA,
    FUZZ_ECDSA_BOTH, /* the client shows a certificate too */
    FUZZ_RSA,
    FUZZ_ECDHE_PSK,
    FUZZ_KINDS
};
#define FUZZ_KIND(kind, suite) ((uint8_t)((suite)*FUZZ_KINDS + (kind)))
#define FUZZ_RENEGOTIATE 0x80 /* in kind: asks for it, once connected */
#define FUZZ_OPTIONS 0x40     /* in kind: names, ALPN, a limit of lengths */

enum {
    FUZZ_NO_COOKIES = 1,    /* server: the exchange is off                */
    FUZZ_PATCH_COOKIES = 2, /* cookies that come in are made right        */
    FUZZ_HIDE_IDENTITY = 4,
    FUZZ_SMALL_STORE = 8,
    FUZZ_SMALL_MTU = 16,
    FUZZ_SMALL_ARENA = 32,
    FUZZ_TALK = 64, /* the application speaks first, and answers */
    FUZZ_CLOSE = 128
};

/* A target that says FUZZ_IS_NULL is built twice: fuzz_x with real crypto and
 * fuzz_x_null with null crypto. */
#ifdef FUZZ_NULL
#define FUZZ_IS_NULL true
#else
#define FUZZ_IS_NULL false
#endif

struct fuzz_setup {
    enum dtls_role role;
    bool null;  /* null crypto */
    bool seals; /* what comes in opened (opened.h) is sealed first */
    uint8_t kind;
    uint8_t knobs;
    uint8_t address; /* server: which of many peers it has */
    /* Server: shared by several; NULL: one of its own. */
    struct dtls_listener *listener;
};

struct fuzz_store {
    struct dtls_store store;
    unsigned taken;
    unsigned most;
};

struct fuzz_association {
    struct fuzz_setup setup;
    struct fuzz_crypto crypto;
    struct dtls_config config;
    struct fuzz_store store;
    struct dtls_session_room room;
    struct dtls_counters counters;
    struct dtls_listener *listener; /* server */
    struct dtls_listener own_listener;
    struct dtls_address peer;
    struct dtls_session session;
    uint64_t now;
    bool accepted;  /* there is a session */
    bool connected; /* DTLS_EVENT_CONNECTED was seen */
    bool over;      /* ENDED or FAILED was seen */
    unsigned num_data;
    uint64_t digest; /* of all that was seen from outside */
    uint64_t told;   /* digest of the application data that came */
    unsigned renegotiations;
    uint16_t epoch[2];    /* that we have sent in, by its lowest bit */
    uint64_t next_seq[2]; /* in that: no record may have a lower number */
    size_t sent;          /* bytes, since the last input */
    size_t allowed;
    /* Gets every datagram that is sent; may be NULL. */
    void (*output)(void *self, struct dtls_bytes datagram);
    /* Gets every record of application data; may be NULL. */
    void (*heard)(void *self, struct dtls_bytes data);
    void *self;
};

/* fuzz_association_init: the struct must not move.  `output` and `self` are
 * set after it; a client's first flight waits for fuzz_association_wait. */
void fuzz_association_init(struct fuzz_association *a,
                           const struct fuzz_setup *setup);

/* fuzz_association_receive: a datagram comes.  fuzz_association_wait: time
 * goes by, and timers fire in it. */
void fuzz_association_receive(struct fuzz_association *a,
                              struct dtls_bytes datagram);
void fuzz_association_wait(struct fuzz_association *a, uint64_t delay);

/* fuzz_association_say: application data, not more than 64 bytes. */
void fuzz_association_say(struct fuzz_association *a, struct dtls_bytes data);

/* fuzz_association_close: close_notify. */
void fuzz_association_close(struct fuzz_association *a);

/* fuzz_association_free returns the digest. */
uint64_t fuzz_association_free(struct fuzz_association *a);

/* fuzz_association_input runs a whole input twice and demands that both runs
 * look the same. */
void fuzz_association_input(enum dtls_role role, bool null,
                            struct dtls_bytes input);

/* fuzz_association_run runs it once; `heard` is the digest of the application
 * data that came. */
struct fuzz_outcome {
    uint64_t digest;
    uint64_t heard;
    unsigned handshakes; /* 0: it did not connect */
};
struct fuzz_outcome fuzz_association_run(enum dtls_role role, bool null,
                                         struct dtls_bytes input);

#endif
