/* SPDX-License-Identifier: MIT */
/* A town: several clients of one server on a bad network, all on the engine.
 *
 * The server is what a server is: the gate (session/listener.h), a table of
 * few slots with a reserve (session/table.h), the admission policy
 * (session/admission.h), sessions, and a heap of deadlines
 * (session/deadlines.h).  Sessions have a limit of idleness, and some have one
 * of their life.  The server's application echoes data, now and then asks for
 * a renegotiation or closes, and takes its time to give a slot back.
 *
 * There are fewer clients than addresses.  A client may in the middle of
 * anything restart, move to another address, close, renegotiate, or neither
 * hear nor say anything for a while.  An address that a client has left may
 * become another client's.
 *
 * At both ends calls of cryptography and of the store fail now and then.
 *
 * A play begins in rough times.  Then the network is calm and no call fails.
 * Each client comes until it is served: its data comes back.  Then it restarts
 * once more, comes back in beside its old session, and leaves.
 *
 * town_judge.c has what must hold meanwhile, and asserts. */
#ifndef FAULT_TOWN_H
#define FAULT_TOWN_H

#include "fault/failing.h"
#include "kit/kit.h"
#include "session/admission.h"
#include "session/deadlines.h"
#include "session/listener.h"
#include "sim/network.h"
#include "sim/pki.h"

#define TOWN_SLOTS_MAX 4
#define TOWN_PLACES (TOWN_SLOTS_MAX + 1) /* with the reserve */
#define TOWN_CLIENTS 9
#define TOWN_ADDRESSES 12 /* the network's endpoints 1 to 12 */
#define TOWN_SOURCES 4
#define TOWN_SERVER 0 /* the network's endpoint */
#define TOWN_KINDS 6  /* of handshakes; client n's is n % TOWN_KINDS */

/* Virtual times in milliseconds. */
#define TOWN_ROUGH_MS 600000 /* rough times, at most */
#define TOWN_IDLE_MS 60000   /* the server's limit of idleness */
#define TOWN_LIFE_MS 15000   /* the limit of the life of some sessions */
#define TOWN_LAZY_MS 500     /* until it gives the slot of a dead one back */
/* Within this time of calm every client is served. */
#define TOWN_CALM_MS 240000
/* In calm, a client whose address owns an established session is connected
 * within this time of beginning anew. */
#define TOWN_OWNER_MS 20000

#define TOWN_ATTEMPTS 2048
#define TOWN_ATTEMPTS_ROUGH 1024 /* in rough times, at most */
#define TOWN_MASTERS 4
#define TOWN_WORDS 256 /* pieces of data that an attempt says, at most */
#define TOWN_WORD_MAX 256

/* An attempt of a client to be in: what is known of it whatever becomes of
 * the client.  Arrays have a member for each role. */
struct town_attempt {
    unsigned client;
    uint8_t random[DTLS_RANDOM_LEN]; /* of its first ClientHello */
    /* The latest master secrets of each end. */
    uint8_t masters[2][TOWN_MASTERS][DTLS_MASTER_LEN];
    unsigned num_masters[2];
    bool closed[2]; /* this end has asked for the end of the session */
    bool failed[2]; /* this end's session has failed */
    unsigned said;  /* pieces of data of the client */
    bool heard[2][TOWN_WORDS];
    uint64_t since; /* when it began */
    bool is_owner;  /* in calm: its address has owned an established session
                     * since then */
};

/* One session, at either end. */
struct town_end {
    struct dtls_session session;
    struct dtls_config config;
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct failing calls;
    struct dtls_counters counters;
    enum dtls_role role;
    const char *name;
    unsigned kind; /* client; of a server once it is connected */
    const struct dtls_psk *psks;
    size_t num_psks;
    /* Server: NULL until a handshake is complete. */
    struct town_attempt *attempt;
    bool replaced;            /* by another session of its peer */
    bool was_connected;       /* after the last step */
    bool was_in_handshake;    /* the same */
    uint64_t handshake_since; /* of a handshake that runs */
    unsigned failed_calls;    /* after the last step */
    uint32_t activity;        /* records, after the last step */
    uint64_t active_at;       /* when it changed */
    uint64_t connected_at;
    unsigned marks[FAILING_KINDS]; /* good calls when one was last complete */
    uint8_t arena[20000];
    uint8_t peer_certs[4000];
    struct dtls_cert chain[DTLS_CHAIN_MAX];
};

/* An element of the server's table. */
struct town_place {
    struct town_end end;
    struct dtls_slot slot;
    unsigned address;
    uint64_t order;    /* of admission */
    uint64_t leave_at; /* when the application gives the slot back */
    bool established;
};

struct town_client {
    struct town_end end;
    unsigned number;
    unsigned address;
    uint64_t acts_at;
    uint64_t silent_until;
    bool asked;  /* in calm: data is out */
    bool served; /* in calm: it came back */
    uint64_t served_at;
    bool rebooted; /* in calm: it has restarted since */
    uint8_t identity[8];
    uint8_t key[16];
};

/* What happened, over all plays. */
#define TOWN_COUNTS(X)                                                        \
    X(attempts)                                                               \
    X(connected)    /* at the client */                                       \
    X(renegotiated) /* at the client */                                       \
    X(accepted)     /* sessions that the server began */                      \
    X(established)  /* of them */                                             \
    X(restarts)                                                               \
    X(moves)                                                                  \
    X(silences)                                                               \
    X(closes)     /* by clients */                                            \
    X(idle)       /* ended at a limit of the server */                        \
    X(old)        /* the same */                                              \
    X(renewed)    /* sessions that another one of their peer replaced */      \
    X(begun_anew) /* half-open ones */                                        \
    X(yielded)                                                                \
    X(refused)                                                                \
    X(refused_all)                                                            \
    X(failed_calls)                                                           \
    X(words)   /* pieces of data that came back */                            \
    X(secrets) /* of cookies, renewed */                                      \
    X(owners)  /* in calm, and connected */                                   \
    X(steps)

struct town_counts {
#define TOWN_COUNT(name) uint64_t name;
    TOWN_COUNTS(TOWN_COUNT)
#undef TOWN_COUNT
    uint64_t virtual_ms;
    uint64_t longest_calm;  /* until a client was served */
    uint64_t longest_owner; /* until an owner was connected */
};

struct town {
    struct sim_network net;
    struct dtls_crypto crypto; /* repeatable */
    struct kit_store stores[2];
    struct failing gate_calls;
    struct dtls_listener listener;
    struct dtls_counters counters; /* of the gate */
    struct dtls_table table;
    struct dtls_link index[DTLS_INDEX_LINKS(TOWN_SLOTS_MAX)];
    struct dtls_deadline due[TOWN_PLACES];
    struct dtls_admission admission;
    struct dtls_deadlines deadlines;
    struct town_place places[TOWN_PLACES];
    uint64_t order;
    uint64_t renewed; /* the jar's, after the last step */
    struct town_client clients[TOWN_CLIENTS];
    struct dtls_psk psks[TOWN_CLIENTS];
    struct town_attempt attempts[TOWN_ATTEMPTS];
    unsigned num_attempts;
    uint64_t trace; /* the network's, of the last play */
    bool is_calm;
    uint64_t calm_since;
    struct town_counts counts;
};

/* town_prepare makes libcrypto's randomness repeatable and loads the PKI;
 * town_finish frees it. */
void town_prepare(void);
void town_finish(void);

/* town_play plays the play with this seed, from an empty town to an empty
 * town.  It asserts. */
void town_play(struct town *t, uint64_t seed);

/* What follows is for the files of the town. */

/* A kind of handshake: its suite, the client's MTU, and the calls that must
 * have succeeded at either end when one is complete. */
struct town_kind {
    uint16_t suite;
    uint16_t mtu;
    uint8_t proofs[FAILING_KINDS];
};
extern const struct town_kind town_kinds[TOWN_KINDS];

/* town_below returns a number below `bound`, which follows from the seed. */
uint64_t town_below(struct town *t, uint64_t bound);

/* town_end_begin prepares an end for a new session: its configuration, its
 * room, and in rough times perhaps a call that fails.  town_end_free frees the
 * session; nothing of it is left. */
void town_end_begin(struct town *t, struct town_end *end);
void town_end_free(struct town *t, struct town_end *end);

/* town_flush sends what the session has to send. */
void town_flush(struct town *t, struct town_end *end, unsigned address);

/* town_say sends a piece of data: `word` of `attempt`.  It returns false if
 * the session may not send now. */
bool town_say(struct town *t, struct town_end *end, unsigned address,
              const struct town_attempt *attempt, unsigned word);

/* town_word writes the piece of data and returns its length.
 * town_word_number returns its number. */
size_t town_word(uint8_t out[TOWN_WORD_MAX],
                 const struct town_attempt *attempt, unsigned word);
unsigned town_word_number(struct dtls_bytes data);

/* The server: town_server.c. */
void town_server_open(struct town *t, uint32_t slots);
void town_server_close(struct town *t);
void town_server_take(struct town *t, unsigned address,
                      struct dtls_span datagram);
void town_server_expire(struct town *t);
uint64_t town_server_due(const struct town_place *p);

/* The clients: town_client.c. */
void town_client_init(struct town *t, unsigned number);
void town_client_take(struct town *t, struct town_client *c,
                      struct dtls_span datagram);
void town_client_expire(struct town *t, struct town_client *c);
uint64_t town_client_due(const struct town *t, const struct town_client *c);

/* What must hold: town_judge.c. */

/* town_judge_complete is called when an end says that a handshake is complete.
 * town_judge_word is called for data that came to an end, and returns its
 * number.  town_judge_end is called before a session is freed, and
 * town_judge_step after each step. */
void town_judge_complete(struct town *t, struct town_end *end);
unsigned town_judge_word(struct town_end *end, struct dtls_bytes data);
void town_judge_end(struct town *t, struct town_end *end);
void town_judge_step(struct town *t);

#endif
