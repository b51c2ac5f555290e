/* SPDX-License-Identifier: MIT */
/* One thing under test: an end of a DTLS association, and the driver that
 * plays it.  A driver is one file of this folder, for one library.
 *
 * How an end is driven.  `refuses` says whether the library can play such an
 * end, sut_create makes it, `start` lets a client send its first flight.  Then
 * the caller hands each datagram to `receive`, and calls `expire` when the
 * time that `deadline` returned has come.  The end answers through the host's
 * functions: datagrams, data, lines of a key log, lines of a log.  `state`
 * says how far it is.  `destroy` ends it.  Times are milliseconds of the
 * caller's clock.
 *
 * How a driver NAME is added:
 *   - NAME.c defines `const struct sut_driver sut_NAME`, with a struct of its
 *     own that begins with a struct sut;
 *   - drivers.c declares it and has a row for it;
 *   - CMakeLists.txt has a sut_library line that says what it needs.
 * The test sut.rows fails if the second or the third is forgotten.
 * The driver of a library that does not know the time calls it between
 * sut_clock_enter and sut_clock_leave (sut/virtual_clock.h).  If its `start`,
 * `receive` and `expire` are sut_step, sut_receive and sut_expire, these do so
 * and call its `shake`, `read` and `timeout`. */
#ifndef SUT_SUT_H
#define SUT_SUT_H

#include "crypto/suites.h"

enum sut_role { SUT_CLIENT, SUT_SERVER };

/* How the ends authenticate, and what is wrong with it. */
enum sut_auth {
    SUT_PSK,
    SUT_SERVER_CERT,
    SUT_MUTUAL,
    SUT_WRONG_PSK,    /* client and server have different keys              */
    SUT_WRONG_SERVER, /* the client does not trust the server's root        */
    SUT_WRONG_CLIENT, /* the server does not trust the client's root        */
    SUT_NUM_AUTH
};

/* The end that begins another handshake in the connected association. */
enum sut_begins { SUT_NOBODY_BEGINS, SUT_CLIENT_BEGINS, SUT_SERVER_BEGINS };

/* How an end that keeps sessions, for its driver's `again`, lets them be
 * resumed.  Its server decides: a client offers what it was given. */
enum sut_resumption {
    SUT_KEEPS_NOTHING,
    SUT_KEEPS_SESSIONS, /* by their ids and in tickets */
    SUT_KEEPS_BY_ID,
    SUT_KEEPS_IN_TICKETS
};

/* From where a client sends: after it has moved, from another address or from
 * another port; a driver that knows two addresses only has one for both.  Or
 * from an IPv6 address, to one of the server's. */
enum sut_address {
    SUT_HOME,
    SUT_OTHER_HOST,
    SUT_OTHER_PORT,
    SUT_IPV6,
    SUT_NUM_ADDRESSES
};

#define SUT_EXPORT_LABEL "EXPORTER-nxdtls-lab"
#define SUT_EXPORT_LEN 32

/* SRTP_AES128_CM_HMAC_SHA1_80 (RFC 5764, 4.1.2): keys of 16 bytes, salts of
 * 14, in the order client key, server key, client salt, server salt. */
#define SUT_SRTP_PROFILE 0x0001
#define SUT_SRTP_KEY 16
#define SUT_SRTP_SALT 14
#define SUT_SRTP_LEN (2 * (SUT_SRTP_KEY + SUT_SRTP_SALT))

#define SUT_CID_LEN 8

#define SUT_PSK_IDENTITY "client"
#define SUT_CRL                                                               \
    "root" /* the list of the PKI that ends with crl = yes have               \
            */
#define SUT_NAME "localhost" /* in every server's certificate of the PKI */
#define SUT_PSK_KEY_LEN 16

#define SUT_INTERMEDIATES_MAX 2

/* An end calls these functions.  The callee keeps none of the pointers. */
struct sut_host {
    void *self;
    void (*send)(void *self, struct dtls_bytes datagram);
    void (*data)(void *self, struct dtls_bytes record);
    void (*keylog)(void *self, const char *line); /* NSS format, no newline */
    void (*log)(void *self, const char *text);
};

struct sut_setup {
    enum sut_role role;
    const struct dtls_suite *suite;
    enum sut_auth auth;
    /* A server that asks for the client's certificate goes on without it. */
    bool needs_no_client;
    bool cookies;  /* server: ask for one */
    uint16_t mtu;  /* largest UDP payload */
    bool path_mtu; /* the path's is smaller, and no ICMP message says so */
    bool other_timeout;     /* treat a raised timeout the other way than the
                             * library does: keep it until a flight got through,
                             * or begin each flight with the first one */
    uint16_t group;         /* of ECDHE; 0: the ends choose */
    unsigned intermediates; /* CAs between the root and the end's certificate,
                             * at most SUT_INTERMEDIATES_MAX */
    enum sut_begins begins;
    bool refused; /* the other end refuses that handshake */
    enum sut_resumption resumes;
    bool srtp;     /* it agrees on SUT_SRTP_PROFILE; not every driver can */
    bool staples;  /* a server sends an OCSP response about its certificate, a
                    * client asks for one and judges it; not every driver
                    * can */
    bool raw_keys; /* both ends show a raw public key, that of the certificate
                    * which they would show, and no certificate; not every
                    * driver can */
    bool cids;     /* with connection ids, its own of SUT_CID_LEN bytes; not
                    * every driver can */
    const char *pki; /* folder of scripts/pki */
    /* What a client looks for in the server's certificate, a DNS name or an
     * address; NULL: SUT_NAME. */
    const char *name;
    /* Of an end in another process: the server's HOST:PORT (udp), the command
     * that starts it (command), or our own PORT or HOST:PORT (listen).  NULL
     * for any other. */
    const char *where;
    const char *second; /* udp: another address of ours; NULL: none */
    const char *ipv6;   /* udp: the server's HOST:PORT for SUT_IPV6 */
    unsigned live_ms; /* a client that comes by itself does so in this time */
    struct sut_host host;
};

/* What a library in this process claims as the lab sets it up: the suites that
 * it has none of are for its `refuses`. */
#define SUT_USUAL_ICS                                                         \
    "[ixit]\n"                                                                \
    "trigger_close = driver\n"                                                \
    "trigger_renegotiate = driver\n"                                          \
    "trigger_send = driver\n"                                                 \
    "trigger_restart = driver\n"                                              \
    "[ics]\n"                                                                 \
    "suites = c02b c02f cca9 c02c c0ac c0ae c023 c024 009c 003c 00a8 c0a8 "   \
    "00ae d001 c037 c02d c0ff\n"                                              \
    "groups = 29 23 24\n"                                                     \
    "sigs = 0403 0503 0804 0805 0806 0401 0501 0601\n"                        \
    "clientauth = none optional require\nclientcert = yes\n"                  \
    "reneg = none client server\n"

enum sut_state {
    SUT_HANDSHAKING,
    SUT_CONNECTED,
    SUT_ENDED, /* the peer has closed */
    SUT_FAILED
};

/* The common part of an end.  It is the first member of the driver's own
 * struct. */
struct sut {
    const struct sut_driver *driver;
    struct sut_setup setup;
    enum sut_state state;
    char why[160]; /* SUT_FAILED: what the library said */
    uint64_t now;  /* of the last sut_step */
    uint32_t to; /* of enum sut_address: where the datagram goes that the host
                  * gets now; SUT_HOME, if the driver knows one address only */
    struct dtls_bytes datagram; /* the one that is being received */
    bool has_datagram;
};

struct sut_driver {
    const char *library;  /* with its version                                */
    bool knows_addresses; /* its server tells clients' addresses apart       */
    bool serves_many;     /* its server has several clients, and lets one that
                           * begins anew in again */
    const char *other;    /* name in results with `other_timeout`; NULL: the
                           * library cannot do that */
    /* The end lives in another process: time is real, `now` is
     * sut_real_now(), and all it can do is send and receive datagrams. */
    bool real_time;
    bool one_end;    /* only one end can live at a time, in all processes */
    const char *ics; /* what the end claims (check/ics.h); NULL: its user
                      * must say */

    /* refuses returns why the library cannot play such an end, or NULL. */
    const char *(*refuses)(const struct sut_setup *setup);

    /* create returns NULL, or an end that is SUT_FAILED, after a log line, if
     * the library refuses the setup.  destroy frees an end in any state and
     * returns how many blocks or packets it has not given back; 0 if the
     * library has no pool. */
    struct sut *(*create)(const struct sut_setup *setup, uint64_t now);
    unsigned (*destroy)(struct sut *sut);

    /* start: a client sends its first flight. */
    void (*start)(struct sut *sut, uint64_t now);
    /* receive: `address` is of enum sut_address. */
    void (*receive)(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now);
    /* deadline returns when to call expire; SIM_NO_EVENT: never. */
    uint64_t (*deadline)(struct sut *sut, uint64_t now);
    void (*expire)(struct sut *sut, uint64_t now);
    bool (*send)(struct sut *sut, struct dtls_bytes data, uint64_t now);
    void (*close)(struct sut *sut, uint64_t now);
    /* renegotiate begins another handshake (client) or asks for it (server).
     * Called only if the setup says that this end begins. */
    void (*renegotiate)(struct sut *sut, uint64_t now);

    /* again ends the association, as if it were never heard of again, and lets
     * the end have another one, with the sessions that it keeps: a client may
     * then be started, a server hears the next client.  Called only if the
     * setup says that the end resumes; NULL: it does not. */
    void (*again)(struct sut *sut, uint64_t now);

    /* suite and exporter are for a connected end.  suite returns 0 if the
     * library does not tell. */
    uint16_t (*suite)(struct sut *sut);
    bool (*exporter)(struct sut *sut, uint8_t out[SUT_EXPORT_LEN]);
    /* resumed is for a connected end of a setup with `resumes`: did its
     * handshake resume a session, as the library says?  NULL: only if there is
     * no `again`. */
    bool (*resumed)(struct sut *sut);
    /* stapled is for a connected client of a setup with `staples`: has the
     * server stapled a response that says its certificate is good?  NULL: the
     * driver cannot. */
    bool (*stapled)(struct sut *sut);
    /* srtp_keys is for a connected end of a setup with `srtp`.  It returns
     * false if there are no keys; NULL: the driver cannot. */
    bool (*srtp_keys)(struct sut *sut, uint8_t out[SUT_SRTP_LEN]);

    /* in_kernel is for an end that lives in a kernel with its own clock; NULL
     * for any other.  It starts such a kernel, calls `run` in it, and returns
     * when `run` has returned.  Every other call for the end must come from
     * `run`. */
    void (*in_kernel)(void (*run)(void *self), void *self);

    /* sleep and flush are for an end whose time its caller does not decide: in
     * a kernel, or in another process.  They are NULL for any other.
     *
     * sleep lets time pass until `until`, or until the end has sent something,
     * and returns the time then.  The caller sets its clock to that time and
     * calls flush, which hands what was sent to the host. */
    uint64_t (*sleep)(struct sut *sut, uint64_t until);
    void (*flush)(struct sut *sut);

    /* The next three are called by sut_step, sut_receive and sut_expire only.
     *
     * shake continues the handshake.  read takes one record of data and
     * returns its length; if there is none, it notes why and returns 0 or
     * less.  timeout tells the library that its deadline has come; NULL: the
     * library sees that itself. */
    void (*shake)(struct sut *sut);
    int (*read)(struct sut *sut, uint8_t *out, size_t size);
    void (*timeout)(struct sut *sut);
};

/* drivers.c */

/* A name has no '/' and none of the characters that filters use: '=', ',',
 * '*', '?', '['.  It may have a '-': read names, do not split at it. */
struct sut_entry {
    const char *name; /* in ids, filters and results */
    bool ours;
    const struct sut_driver *driver; /* NULL: not in this build, ... */
    const char *missing;             /* ... and why                  */
};

/* sut_drivers returns every driver, in the order of the matrix. */
const struct sut_entry *sut_drivers(size_t *num);

/* sut_outside returns the drivers of ends in other processes, which no matrix
 * can play: "udp" is a server at a UDP address, "command" a client or
 * server that a command starts, "listen" a client that comes to a port of
 * ours.  Their setup names `where`. */
const struct sut_entry *sut_outside(size_t *num);

/* sut_share_ports: the processes that this one begets from now on, and it
 * itself, never give the same port to two ends of "udp". */
void sut_share_ports(void);

/* sut_create makes an end with a driver of this build. */
struct sut *sut_create(const struct sut_driver *driver,
                       const struct sut_setup *setup, uint64_t now);

/* Helpers of the drivers: sut.c. */

/* sut_fail sets SUT_FAILED and logs why, unless the end has failed before. */
void sut_fail(struct sut *sut, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void sut_log(struct sut *sut, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void sut_connected(struct sut *sut);
void sut_ended(struct sut *sut);

/* sut_step, on the virtual clock, continues the handshake and then reads all
 * data that there is.  sut_receive does the same with a datagram, sut_expire
 * after the driver's `timeout`. */
void sut_step(struct sut *sut, uint64_t now);
void sut_receive(struct sut *sut, struct dtls_span datagram, uint32_t address,
                 uint64_t now);
void sut_expire(struct sut *sut, uint64_t now);

/* sut_take copies the datagram that is being received and returns its length;
 * -1 if there is none, or if it was taken before. */
int sut_take(struct sut *sut, void *out, size_t size);

/* sut_keylog_line hands an NSS line to the host. */
void sut_keylog_line(struct sut *sut, const uint8_t *client_random,
                     const uint8_t *master);

/* sut_password returns the same key as the password of EC-JPAKE; empty, if the
 * suite is another one. */
struct dtls_bytes sut_password(const struct sut_setup *setup);

/* sut_psk_key returns the key that this end has. */
const uint8_t *sut_psk_key(const struct sut_setup *setup);

/* sut_client_psk writes the client's identity, with its 0, and its key, and
 * returns the key's length.  sut_server_psk writes the key of `identity` and
 * returns its length; 0 if the identity is unknown. */
unsigned sut_client_psk(const struct sut *sut, char *identity,
                        unsigned identity_size, uint8_t *key,
                        unsigned key_size);
unsigned sut_server_psk(const struct sut *sut, const char *identity,
                        uint8_t *key, unsigned key_size);

/* sut_cookie makes the cookie for a library that leaves it to its application.
 * It is always the same: a server has one client here. */
#define SUT_COOKIE_LEN 32
void sut_cookie(uint8_t out[SUT_COOKIE_LEN]);
bool sut_is_cookie(const uint8_t *cookie, size_t len);

/* sut_keeps_ids, sut_gives_tickets: is this end a server that keeps sessions
 * by their ids, that gives tickets? */
bool sut_keeps_ids(const struct sut_setup *setup);
bool sut_gives_tickets(const struct sut_setup *setup);

/* sut_has_ec_key: is the key of the server's certificate an EC key? */
bool sut_has_ec_key(const struct sut_setup *setup);

/* sut_begins: does this end begin another handshake?
 * sut_refuses: does this end refuse the one that its peer begins? */
bool sut_begins(const struct sut_setup *setup);
bool sut_refuses(const struct sut_setup *setup);

/* sut_groups lists the groups that an end offers or accepts, in order of
 * preference.  If the setup names a group, secp256r1 is added only if a
 * certificate's key needs it. */
#define SUT_GROUPS_MAX 3
size_t sut_groups(uint16_t out[SUT_GROUPS_MAX], const struct sut_setup *setup);

/* sut_identity and sut_trust name, in the PKI folder, the certificate that
 * this end shows and the root that it trusts; NULL: none.
 *
 * With intermediates, NAME.pem has them after the leaf.  sut_intermediate
 * names the one that is `number` above the leaf, from 0; NULL after the last
 * one. */
const char *sut_identity(const struct sut_setup *setup);
const char *sut_intermediate(const struct sut_setup *setup, unsigned number);
const char *sut_trust(const struct sut_setup *setup);

/* sut_name returns what a client looks for in the server's certificate, and
 * sut_dns_name that, or NULL if it is an address, which no client sends. */
const char *sut_name(const struct sut_setup *setup);
const char *sut_dns_name(const struct sut_setup *setup);

/* sut_asks_client: does the server ask for the client's certificate?
 * sut_needs_client: and does it refuse a client without one? */
bool sut_asks_client(const struct sut_setup *setup);
bool sut_needs_client(const struct sut_setup *setup);

/* sut_path returns FOLDER/NAME SUFFIX.  It has a few buffers and uses them in
 * turn. */
const char *sut_path(const struct sut_setup *setup, const char *name,
                     const char *suffix);

#endif
