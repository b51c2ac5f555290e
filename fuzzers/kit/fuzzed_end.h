/* SPDX-License-Identifier: MIT */
/* One end of an association that the fuzzer drives, and the oracles that hold
 * for whatever comes in:
 *
 *   - before a valid cookie a server keeps nothing and sends nothing but a
 *     HelloVerifyRequest; the gate, asked again without the cookie, gives the
 *     same cookie; what the gate lets through the session reads
 *   - CONNECTED comes once; RENEGOTIATED and data come only between CONNECTED
 *     and the end; data lies inside its datagram; no event follows the end
 *   - the end sends whole records, in datagrams of at most the MTU; for one
 *     input it sends at most one flight, one alert and the application's own
 *     answers; no epoch uses a record number twice
 *   - after an expire no deadline is left in the past
 *   - the store gets every block back, and a freed session is all zero
 *
 * An input is: kind, knobs, {delay u16, length u16, datagram}*.  A step of
 * length 0 only waits.  Protected records may stand in it opened
 * (opened.h). */
#ifndef FUZZERS_KIT_FUZZED_END_H
#define FUZZERS_KIT_FUZZED_END_H

#include "fuzzers/kit/repeatable_crypto.h"
#include "session/listener.h"

/* FUZZ_KIND: what can be negotiated, and which of the kind's suites is the
 * only one: 1 is the first, 0 leaves them all. */
enum {
    FUZZ_PSK,
    FUZZ_ECDSA,
    FUZZ_ECDSA_BOTH, /* the client authenticates with a certificate, too */
    FUZZ_RSA,
    FUZZ_ECDHE_PSK,
    FUZZ_KINDS
};
#define FUZZ_KIND(kind, suite) ((uint8_t)((suite)*FUZZ_KINDS + (kind)))
#define FUZZ_RENEGOTIATE 0x80 /* in kind: renegotiates once connected */
#define FUZZ_OPTIONS 0x40     /* in kind: what is off by default */

enum {
    FUZZ_NO_COOKIES = 1,    /* server: no cookie exchange              */
    FUZZ_PATCH_COOKIES = 2, /* server: a cookie that comes in is fixed */
    FUZZ_HIDE_IDENTITY = 4,
    FUZZ_SMALL_STORE = 8,
    FUZZ_SMALL_MTU = 16,
    FUZZ_SMALL_ARENA = 32,
    FUZZ_TALK = 64, /* the application sends first, and answers data */
    FUZZ_CLOSE = 128
};

/* A target that uses FUZZ_IS_NULL is built twice: fuzz_x with real crypto and
 * fuzz_x_null with null crypto. */
#ifdef FUZZ_NULL
#define FUZZ_IS_NULL true
#else
#define FUZZ_IS_NULL false
#endif

struct fuzz_setup {
    enum dtls_role role;
    bool null;  /* null crypto */
    bool seals; /* opened records (opened.h) that come in are sealed first */
    uint8_t kind;
    uint8_t knobs;
    uint8_t address;     /* server: which of several peers it talks to */
    bool connection_ids; /* a server wants one of 8 bytes, a client none */
    struct dtls_bytes
        password; /* for EC-JPAKE, then the only suite; or empty */
    /* Server: a listener that several ends share; NULL: its own. */
    struct dtls_listener *listener;
    /* What outlives an association, and when this one begins. */
    struct dtls_client_session *resume;
    struct dtls_cache *cache;
    struct dtls_tickets *tickets;
    uint64_t now;
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
    struct dtls_credential raw; /* our own raw public key */
    struct fuzz_store store;
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct dtls_cert chain[DTLS_CHAIN_MAX];
    struct dtls_counters counters;
    struct dtls_listener *listener; /* server */
    struct dtls_listener own_listener;
    struct dtls_address peer;
    struct dtls_session session;
    uint64_t now;
    bool accepted;  /* a session exists */
    bool connected; /* DTLS_EVENT_CONNECTED was seen */
    bool over;      /* ENDED or FAILED was seen */
    unsigned num_data;
    uint64_t digest; /* of all that is visible from outside */
    uint64_t told;   /* digest of the application data received */
    unsigned renegotiations;
    uint16_t epoch[2];    /* newest that we sent in, by its lowest bit */
    uint64_t next_seq[2]; /* lowest number its next record may have */
    size_t sent;          /* bytes since the last input */
    size_t allowed;       /* how many that may be */
    /* Gets every datagram sent; may be NULL. */
    void (*output)(void *self, struct dtls_bytes datagram);
    /* Gets every record of application data received; may be NULL. */
    void (*heard)(void *self, struct dtls_bytes data);
    void *self;
};

/* fuzz_association_init prepares an end; the struct must not move afterwards.
 * The caller may then set `output`, `heard` and `self`: a client sends its
 * first flight only in fuzz_association_wait. */
void fuzz_association_init(struct fuzz_association *a,
                           const struct fuzz_setup *setup);

/* fuzz_association_receive hands over a datagram.  fuzz_association_wait lets
 * `delay` milliseconds pass and fires the timers that come due. */
void fuzz_association_receive(struct fuzz_association *a,
                              struct dtls_bytes datagram);
void fuzz_association_wait(struct fuzz_association *a, uint64_t delay);

/* fuzz_association_say sends application data, the first 64 bytes of it. */
void fuzz_association_say(struct fuzz_association *a, struct dtls_bytes data);

/* fuzz_association_close sends close_notify. */
void fuzz_association_close(struct fuzz_association *a);

/* fuzz_association_free frees the end and returns the digest. */
uint64_t fuzz_association_free(struct fuzz_association *a);

/* fuzz_association_input runs a whole input twice and demands that both runs
 * look the same. */
void fuzz_association_input(enum dtls_role role, bool null,
                            struct dtls_bytes input);

/* fuzz_association_run runs a whole input once. */
struct fuzz_outcome {
    uint64_t digest;
    uint64_t heard;      /* digest of the application data received */
    unsigned handshakes; /* 0: it did not connect */
};
struct fuzz_outcome fuzz_association_run(enum dtls_role role, bool null,
                                         struct dtls_bytes input);

#endif
