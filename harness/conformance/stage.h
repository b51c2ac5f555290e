/* SPDX-License-Identifier: MIT */
/* One end of ours as an application has it, the target, before a peer that
 * says what the test wants; what a requirement says is judged on the wire.
 *
 *     stage_init, change target.config, stage_start
 *     stage_come_to       honestly, up to a message of the peer's
 *     stage_say           it, changed
 *     stage_fails, or stage_connects
 *
 * Both stand on certificates of the test PKI and on one PSK; the target offers
 * the default suites. */
#ifndef CONFORMANCE_STAGE_H
#define CONFORMANCE_STAGE_H

#include "kit/kit.h"
#include "peer/hello.h"
#include "peer/peer.h"
#include "sim/pki.h"

#define STAGE_RECORDS 256

/* A record as the target has sent it. */
struct stage_record {
    uint8_t type;
    uint16_t version;
    uint16_t epoch;
    uint64_t seq;
    size_t datagram; /* which one it was in */
    size_t len;
    uint8_t body[2048]; /* the first bytes of it */
};

struct stage {
    struct peer peer;
    struct peer target;
    struct stage_record records[STAGE_RECORDS]; /* that the target has sent */
    size_t num_records;
    size_t num_datagrams;
    size_t num_forged; /* by the peer, in the clear, after its keys were on */
    uint8_t out_bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out; /* the datagram that a test builds */
};

/* What a stage is made of, for all tests of a program. */
struct stage_pki {
    struct sim_identity rsa, ec, ec_p384, client_rsa, client_ec, chain[3];
    struct sim_anchor root;
};
extern struct stage_pki stage_pki;
void stage_load_pki(void);
void stage_free_pki(void);

/* stage_init: the role is the target's.  A server has an RSA and a P-256
 * certificate, a client none. */
void stage_init(struct stage *s, enum dtls_role target, uint64_t seed);
void stage_start(struct stage *s);
void stage_end(struct stage *s);

/* stage_suite restricts either end to one suite. */
void stage_suite(struct peer *end, const uint16_t *suite);

/* stage_listen takes everything that the target has to say, keeps it and
 * hands it to the peer, or to nobody.  stage_exchange also takes the peer's
 * flight apart. */
void stage_listen(struct stage *s);
void stage_listen_alone(struct stage *s);
void stage_exchange(struct stage *s);

/* stage_come_to goes on honestly up to the peer's message of this type, which
 * has not been said. */
struct peer_message *stage_come_to(struct stage *s, uint8_t type);

/* stage_change tells the peer's transcript that a message of its hello's
 * flight has been changed; call it before anything is said after it. */
void stage_change(struct stage *s);

/* hello_put is hello_write and stage_change. */
void hello_put(struct stage *s, struct peer_message *message,
               const struct hello *hello);

/* stage_say sends one message in a datagram of its own; stage_say_rest
 * everything in the flight after it; stage_say_record anything. */
void stage_say(struct stage *s, const struct peer_message *message);
void stage_say_rest(struct stage *s, const struct peer_message *message);
void stage_say_record(struct stage *s, uint16_t epoch, uint8_t type,
                      struct dtls_bytes content);
void stage_say_bytes(struct stage *s, struct dtls_bytes datagram);

/* stage_pass lets time pass until the target's next deadline. */
void stage_pass(struct stage *s);

/* stage_said is the body of the target's last handshake message of this type
 * in the clear; NULL data if there was none. */
struct dtls_bytes stage_said(const struct stage *s, uint8_t type);

/* stage_connects goes on honestly until both are connected and have exchanged
 * data. */
void stage_connects(struct stage *s);
void stage_exchanges_data(struct stage *s);

/* stage_fails: the target has given up, has said so with one fatal alert, that
 * of this status, and says nothing more, whatever comes. */
#define stage_fails(s, status) stage_fails_at(s, status, __FILE__, __LINE__)
void stage_fails_at(struct stage *s, enum dtls_status status, const char *file,
                    int line);

/* stage_ignores: the target goes on as if nothing had been said. */
void stage_ignores(struct stage *s);

#endif
