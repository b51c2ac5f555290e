/* SPDX-License-Identifier: MIT */
/* A question that a ClientHello asks: it is said from a socket of its own, the
 * server's cookie is given back, and the answer is the server's first flight,
 * an alert, or silence.
 *
 *     ask_defaults    a hello that offers everything; change what matters
 *     ask_open        a socket of its own
 *     ask             the hello, and what comes back
 *     ask_close       lets the server know that this is all */
#ifndef PROBE_ASK_H
#define PROBE_ASK_H

#include "check/heard.h"
#include "check/line.h"
#include "handshake/config.h"
#include "probe/found.h"
#include "probe/registry_names.h"

#include <openssl/x509.h>

#define ASK_EXTRA_MAX 20000

/* What a probe knows of the server, and how it is reached; shared by all its
 * questions, which run in processes of their own. */
struct probe {
    enum fact_who who; /* is asked: SERVER or CLIENT */
    const char *where; /* HOST:PORT, or the port that a client comes to */
    struct facts *facts;
    uint64_t seed;
    const char *pki; /* a folder of scripts/pki, for the peer's own needs */
    struct dtls_bytes psk_identity;            /* empty: the user gave none */
    struct dtls_bytes psk_key;                 /* the same */
    const struct dtls_credential *credentials; /* NULL: the same */
    X509_STORE *roots;                         /* NULL: the same */
    bool one_client;      /* the server serves one client after the other */
    bool quick;           /* questions that take seconds are not asked */
    bool slow;            /* questions that take minutes are asked */
    bool is_known;        /* it has answered before */
    unsigned patience_ms; /* most answers come in this time */
    unsigned quiet_ms;    /* silence for so long is no answer ... */
    unsigned live_ms;     /* ... and a server that lives has answered */
};

struct ask_hello {
    uint16_t record_version;
    uint16_t version;
    uint8_t random[DTLS_RANDOM_LEN];
    struct dtls_bytes session_id; /* borrowed */
    uint16_t suites[FACT_LIST_MAX];
    size_t num_suites;
    struct dtls_bytes compression; /* borrowed */
    uint16_t groups[32];           /* empty: without the extension */
    size_t num_groups;
    uint16_t pairs[32]; /* the same */
    size_t num_pairs;
    bool ems;
    bool reneg_info;
    uint8_t extra_bytes[ASK_EXTRA_MAX]; /* more extensions */
    struct dtls_buf extra;
    size_t pieces; /* bytes of its fragments; 0: it is whole */
    size_t cut;    /* bytes that are missing at its end */
};

enum ask_end {
    ASK_ANSWERED, /* a ServerHello, and all of its flight */
    ASK_ALERT,    /* or close_notify, which is alert 0 */
    ASK_SILENCE,
    ASK_NOBODY, /* no program listens there */
    ASK_FOREIGN /* what came is not DTLS */
};

struct ask {
    const struct probe *probe;
    struct sut_setup line_setup;
    struct line line;
    struct heard heard;
    uint16_t hellos;        /* said */
    unsigned verifies;      /* HelloVerifyRequests before the last hello */
    uint64_t number;        /* of the next record */
    size_t bytes_out;       /* sent in all */
    size_t first_bytes_out; /* of the first hello, and ... */
    size_t first_bytes_in;  /* ... what came before a second one */
    size_t largest;         /* datagram that came, in bytes */
    unsigned flight_ms;     /* from the last hello to the answer */
    uint64_t first_at;      /* when the first datagram came */
    bool is_plain;          /* silence is only waited for */
    bool has_believed;      /* a cookie was said: the server may keep us */

    enum ask_end end;
    uint8_t alert;
    struct dtls_server_hello server; /* if it answered */
    struct dtls_bytes cookie;        /* of the last HelloVerifyRequest */
};

/* ask_defaults: every suite, group and pair of the registry. */
void ask_defaults(struct ask_hello *hello, const struct probe *probe);

/* ask_extend adds an extension. */
void ask_extend(struct ask_hello *hello, uint16_t type, const void *data,
                size_t len);

void ask_extend_list(struct ask_hello *hello, uint16_t type,
                     const struct registry *registry);

/* ask_bytes is the length of a first hello's datagram, if it is whole. */
size_t ask_bytes(const struct ask_hello *hello);

struct ask *ask_open(const struct probe *probe);

/* ask says the hello, once more with the cookie if it gets one, and returns
 * how it ended.  ask_new opens and asks; the caller closes. */
enum ask_end ask(struct ask *a, const struct ask_hello *hello);
struct ask *ask_new(const struct probe *probe, const struct ask_hello *hello);

/* alert_words writes `alert 40 (handshake_failure)`; ask_phrase writes how it
 * ended. */
#define ALERT_WORDS 80
const char *alert_words(unsigned alert, char out[ALERT_WORDS]);
const char *ask_phrase(const struct ask *a, char out[ALERT_WORDS]);

/* For questions that ask otherwise.  ask_first says the first hello, again if
 * the server was away, and listens.  ask_say says a hello with this cookie,
 * which may be empty.  ask_listen waits until the server has answered it with
 * a flight, an alert or a cookie; it returns false if nothing came.
 * ask_got_cookie: was the answer to the last hello a cookie?  ask_settle sets
 * `end` by what came. */
void ask_first(struct ask *a, const struct ask_hello *hello);
void ask_say(struct ask *a, const struct ask_hello *hello,
             struct dtls_bytes cookie);
bool ask_listen(struct ask *a);
bool ask_got_cookie(const struct ask *a);
enum ask_end ask_settle(struct ask *a);

/* ask_wait hears what comes until `came`, or so many milliseconds are over. */
bool ask_wait(struct ask *a, bool (*came)(const struct ask *a),
              unsigned milliseconds);

/* ask_close ends what the server may have begun, with an alert. */
void ask_close(struct ask *a);

/* ask_extension: the data of an extension that the ServerHello has. */
bool ask_extension(const struct ask *a, uint16_t type,
                   struct dtls_bytes *data);

/* ask_only_found takes from the hello every suite that was not found; with
 * `kind`, also those whose name has no such part.  It returns how many are
 * left. */
size_t ask_only_found(struct ask_hello *hello, const struct probe *probe,
                      const char *kind);

/* ask_drop takes out the suites whose name has this part. */
void ask_drop(struct ask_hello *hello, const char *kind);

/* What ServerKeyExchange holds; 0: it has none of that. */
struct exchange {
    uint16_t group;
    unsigned dh_bits;
    uint16_t pair;
    struct dtls_bytes hint;
};
void ask_exchange(const struct ask *a, struct exchange *out);

#endif
