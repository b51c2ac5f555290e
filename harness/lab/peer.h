/* SPDX-License-Identifier: MIT */
/* One end of an association, whichever library it is: a library is one file
 * of this folder, and its `struct lab_driver`.
 *
 * An end is driven like the engine (session/session.h): datagrams and the time
 * come in; datagrams, data and log lines go out through the host that it was
 * given.  Times are milliseconds of the network's clock. */
#ifndef LAB_PEER_H
#define LAB_PEER_H

#include "lab/variant.h"

#include "crypto/suites.h"

enum lab_role { LAB_CLIENT, LAB_SERVER };

/* How the ends authenticate, and what is wrong with it. */
enum lab_auth {
    LAB_PSK,
    LAB_SERVER_CERT,
    LAB_MUTUAL,
    LAB_WRONG_PSK,    /* the client's key is another one                    */
    LAB_WRONG_SERVER, /* the client does not trust the server's root        */
    LAB_WRONG_CLIENT, /* nor the server the client's                        */
    LAB_NUM_AUTH
};

#define LAB_EXPORT_LABEL "EXPORTER-nxdtls-lab"
#define LAB_EXPORT_LEN 32

#define LAB_PSK_IDENTITY "client"
#define LAB_PSK_KEY_LEN 16

/* Whom an end tells what it does; nothing of it is kept by the callee. */
struct lab_host {
    void *self;
    void (*send)(void *self, struct dtls_bytes datagram);
    void (*data)(void *self, struct dtls_bytes record);
    void (*keylog)(void *self, const char *line); /* NSS format, no newline */
    void (*log)(void *self, const char *text);
};

struct lab_setup {
    enum lab_role role;
    const struct dtls_suite *suite;
    enum lab_auth auth;
    bool cookies;       /* server: ask for one */
    uint16_t mtu;       /* largest UDP payload */
    bool path_mtu;      /* the network's is smaller, and says nothing */
    bool keeps_timeout; /* a raised one, until a flight got through, as ours */
    const struct lab_variant *variant;
    const char *pki; /* folder of scripts/pki */
    struct lab_host host;
};

enum lab_state {
    LAB_HANDSHAKING,
    LAB_CONNECTED,
    LAB_ENDED, /* the peer has closed */
    LAB_FAILED
};

/* The common part; a driver puts its own behind it. */
struct lab_peer {
    const struct lab_driver *driver;
    struct lab_setup setup;
    enum lab_state state;
    char why[160];              /* LAB_FAILED: what the library said */
    uint64_t now;               /* of the last lab_step */
    struct dtls_bytes datagram; /* while it is being received */
    bool has_datagram;
};

struct lab_driver {
    const char *name;     /* in ids and filters                              */
    const char *library;  /* with its version                                */
    bool knows_addresses; /* a server of it tells clients apart itself      */
    const char *keeping;  /* its name where it keeps timeouts; NULL: cannot */

    /* refuses: why there can be no such end, NULL if there can. */
    const char *(*refuses)(const struct lab_setup *setup);

    /* create makes an end; NULL if the library says no, after a log line.
     * destroy ends it and returns how many blocks or packets it has not
     * given back; 0 for a library that has no pool. */
    struct lab_peer *(*create)(const struct lab_setup *setup, uint64_t now);
    unsigned (*destroy)(struct lab_peer *peer);

    /* start: a client sends its first flight. */
    void (*start)(struct lab_peer *peer, uint64_t now);
    /* receive: `address` is 0, or another number after the client's moved. */
    void (*receive)(struct lab_peer *peer, struct dtls_span datagram,
                    uint32_t address, uint64_t now);
    /* deadline: when expire is to be called; SIM_NO_EVENT: never. */
    uint64_t (*deadline)(struct lab_peer *peer, uint64_t now);
    void (*expire)(struct lab_peer *peer, uint64_t now);
    bool (*send)(struct lab_peer *peer, struct dtls_bytes data, uint64_t now);
    void (*close)(struct lab_peer *peer, uint64_t now);
    /* Begins another handshake, or asks for it; the rest is as of the first
     * one.  Only if the variant says that this end does. */
    void (*renegotiate)(struct lab_peer *peer, uint64_t now);

    /* Of a connected end.  suite: 0 if the library does not tell. */
    uint16_t (*suite)(struct lab_peer *peer);
    bool (*exporter)(struct lab_peer *peer, uint8_t out[LAB_EXPORT_LEN]);

    /* sleep, for an end that lives in a kernel with a clock of its own: lets
     * time pass until `until`, or until the end has said something; returns
     * the time then.  flush, when the host knows that time, hands it what was
     * said.  in_kernel calls `run` in such a kernel, and returns when that
     * has: everything about the end happens in there.  NULL: time passes by
     * itself. */
    uint64_t (*sleep)(uint64_t until);
    void (*flush)(void);
    void (*in_kernel)(void (*run)(void *self), void *self);

    /* A foreign library's part of lab_step and its companions.  shake goes on
     * with the handshake.  read takes a record of data and returns its
     * length; 0 or less if there is none, after it has noted why.  timeout:
     * its deadline has come; NULL: it sees that itself. */
    void (*shake)(struct lab_peer *peer);
    int (*read)(struct lab_peer *peer, uint8_t *out, size_t size);
    void (*timeout)(struct lab_peer *peer);
};

/* What is in this build; the rest is in lab_absent, with a reason. */
extern const struct lab_driver lab_engine;
extern const struct lab_driver lab_netx;
extern const struct lab_driver lab_openssl;
extern const struct lab_driver lab_gnutls;
extern const struct lab_driver lab_mbedtls;
extern const struct lab_driver lab_wolfssl;

/* drivers.c */

struct lab_entry {
    const char *name;
    bool ours;
    const struct lab_driver *driver; /* NULL: not in this build, ... */
    const char *missing;             /* ... and why                  */
};

/* lab_drivers lists all six, in the order of the matrix. */
const struct lab_entry *lab_drivers(size_t *num);

/* lab_create makes an end with a driver of this build. */
struct lab_peer *lab_create(const struct lab_driver *driver,
                            const struct lab_setup *setup, uint64_t now);

/* Helpers of the drivers: peer.c. */

/* lab_fail makes the peer LAB_FAILED, unless it was before, and logs why. */
void lab_fail(struct lab_peer *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void lab_log(struct lab_peer *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void lab_connected(struct lab_peer *peer);
void lab_ended(struct lab_peer *peer);

/* lab_step: the end does what it can now, on the virtual clock; a foreign
 * library's `start`.  lab_receive and lab_expire are its `receive` and
 * `expire`. */
void lab_step(struct lab_peer *peer, uint64_t now);
void lab_receive(struct lab_peer *peer, struct dtls_span datagram,
                 uint32_t address, uint64_t now);
void lab_expire(struct lab_peer *peer, uint64_t now);

/* lab_take copies the datagram that is being received, once; -1: none. */
int lab_take(struct lab_peer *peer, void *out, size_t size);

/* lab_keylog_line hands an NSS line to the host. */
void lab_keylog_line(struct lab_peer *peer, const uint8_t *client_random,
                     const uint8_t *master);

/* lab_psk_key is the key that this end has. */
const uint8_t *lab_psk_key(const struct lab_setup *setup);

/* lab_client_psk writes the client's identity, with its 0, and key, and
 * returns the key's length; lab_server_psk writes the key of `identity`, 0:
 * there is no such. */
unsigned lab_client_psk(const struct lab_peer *peer, char *identity,
                        unsigned identity_size, uint8_t *key,
                        unsigned key_size);
unsigned lab_server_psk(const struct lab_peer *peer, const char *identity,
                        uint8_t *key, unsigned key_size);

/* lab_cookie makes the cookie of a library that leaves it to its
 * application; one server has one client here. */
#define LAB_COOKIE_LEN 32
void lab_cookie(uint8_t out[LAB_COOKIE_LEN]);
bool lab_is_cookie(const uint8_t *cookie, size_t len);

/* lab_has_ec_key: is the key of the server's certificate one of a curve? */
bool lab_has_ec_key(const struct lab_setup *setup);

/* lab_refuses: does this end refuse another handshake that its peer wants?
 * lab_begins: is it the one that wants it? */
bool lab_refuses(const struct lab_setup *setup);
bool lab_begins(const struct lab_setup *setup);

/* lab_groups lists the groups that an end offers or takes, the best first.  If
 * the variant chooses one, secp256r1 is there for a certificate's key only. */
#define LAB_GROUPS_MAX 3
size_t lab_groups(uint16_t out[LAB_GROUPS_MAX], const struct lab_setup *setup);

/* Names in the PKI folder of what this end shows and trusts; NULL: nothing.
 * What it shows may have intermediates: NAME.pem has them behind the leaf, and
 * lab_intermediate names the certificate `number` above the leaf, from 0, NULL
 * past the last one. */
const char *lab_identity(const struct lab_setup *setup);
const char *lab_intermediate(const struct lab_setup *setup, unsigned number);
const char *lab_trust(const struct lab_setup *setup);
bool lab_asks_client(const struct lab_setup *setup);

/* lab_path is FOLDER/NAME SUFFIX in one of a few buffers used in turn. */
const char *lab_path(const struct lab_setup *setup, const char *name,
                     const char *suffix);

#endif
