/* SPDX-License-Identifier: MIT */
/* An end of an association that knows no order: it can say any message of its
 * role at any time, made of what it knows by then, and hears whatever comes.
 *
 * The misbehaving peer of peer/peer.h is our engine, which must come to a
 * message before a script can have it.  A learner asks for words that no
 * handshake has, so the voice has no steps: a message that needs what has not
 * come yet (the server's share, say) is made with nothing in its place, and
 * ChangeCipherSpec before a key exchange keys the next epoch from an empty
 * premaster secret. */
#ifndef LEARN_VOICE_H
#define LEARN_VOICE_H

#include "handshake/handshake.h"
#include "record/protect.h"
#include "sim/pki.h"

#include <stdio.h>

#define VOICE_EPOCHS 5 /* enough for two handshakes, and few to count */
#define VOICE_KEYS (2 * VOICE_EPOCHS)
#define VOICE_BODY_MAX 8192 /* bytes of a handshake message */
#define VOICE_SEEN 256      /* messages of the target in one word */
#define VOICE_HEARD_MAX 240 /* bytes of what was heard, as text */

struct voice_setup {
    enum dtls_role role;            /* the voice's own */
    const struct dtls_suite *suite; /* its key exchange is the voice's */
    struct dtls_bytes psk_identity;
    struct dtls_bytes psk_key;
    const struct sim_identity *own;   /* NULL: it has no certificate */
    const struct sim_identity *other; /* of another kind; NULL: none */
    uint64_t seed;
    FILE *keylog; /* gets the secrets of each handshake; NULL: none */
};

/* How to open the records of one epoch of the target. */
struct voice_keys {
    uint16_t epoch;
    struct dtls_protection protection;
};

/* A message of the target that has come. */
struct voice_seen {
    uint16_t epoch;
    uint16_t seq;
    uint8_t type;
};

struct voice {
    const struct voice_setup *setup;
    struct dtls_crypto crypto; /* libcrypto with the seed's random bytes */
    uint64_t random;

    /* Records. */
    struct dtls_protection write[VOICE_EPOCHS]; /* by epoch */
    uint64_t record_seq[VOICE_EPOCHS];
    uint16_t write_epoch;
    struct voice_keys keys[VOICE_KEYS]; /* the newest last */
    size_t num_keys;
    uint16_t read_epoch;

    /* The handshake. */
    uint16_t next_seq;    /* message_seq of the next message */
    uint16_t first_epoch; /* in which the handshake has begun */
    struct dtls_transcript transcript;
    const struct dtls_suite *suite;
    uint8_t client_random[DTLS_RANDOM_LEN];
    uint8_t server_random[DTLS_RANDOM_LEN];
    uint8_t cookie[DTLS_COOKIE_MAX]; /* of the last HelloVerifyRequest */
    uint8_t cookie_len;
    unsigned num_cookies; /* that a server has asked for */
    bool has_hello;       /* the target's hello came */
    bool ems;
    bool signals; /* the client's hello has it */
    uint16_t group;
    struct dtls_share share;
    uint8_t point[DTLS_POINT_MAX]; /* of the target */
    size_t point_len;
    struct sim_der leaf; /* of the target, with a key that borrows from it */
    struct dtls_public_key leaf_key;
    uint8_t master[DTLS_MASTER_LEN];
    bool has_master;
    uint8_t own_verify_data[DTLS_VERIFY_DATA_LEN];
    uint8_t its_verify_data[DTLS_VERIFY_DATA_LEN];
    bool said_finished; /* behind a ChangeCipherSpec */
    bool heard_finished;
    bool asked; /* a server: HelloRequest has begun the next handshake */
    /* Of the last complete handshake (RFC 5746). */
    uint8_t bond[2 * DTLS_VERIFY_DATA_LEN];
    bool has_bond;

    uint8_t finished[DTLS_VERIFY_DATA_LEN]; /* the last one, as it was said */
    uint16_t finished_seq;

    /* What comes. */
    struct voice_seen seen[VOICE_SEEN];
    size_t num_seen;
    uint8_t partial[VOICE_BODY_MAX]; /* of a message in fragments */
    struct dtls_fragment part;       /* its type, seq and length */
    size_t part_len;                 /* 0: none */
    bool heard_fatal;

    bool unsealed; /* `out` shows the plaintext of protected records */

    struct voice *before; /* of voice_say_new_hello, until it is answered */

    uint8_t out_bytes[2 * VOICE_BODY_MAX];
    struct dtls_buf out; /* the datagram that a letter has made */
};

/* voice_init: a new association.  The voice must not move; it borrows the
 * setup.  voice_free frees its keys and wipes its secrets. */
void voice_init(struct voice *v, const struct voice_setup *setup);
void voice_free(struct voice *v);

/* voice_hears reads a datagram of the target and appends to `heard`, a text of
 * at most VOICE_HEARD_MAX bytes, what was in it, joined by '+':
 *
 *   ServerHello and the like   a handshake message
 *   Certificate(empty)         one without a certificate
 *   repeat                     messages that have come before
 *   ChangeCipherSpec, Data     a record of this type
 *   close_notify, warning:NAME, fatal:NAME   an alert
 *   ...(clear)                 in epoch 0, where it must be protected
 *   unreadable                 a record for which the voice has no keys
 *   garbage                    what is no record */
void voice_hears(struct voice *v, char heard[VOICE_HEARD_MAX],
                 struct dtls_bytes datagram);

/* voice_seals appends a record in the newest keys of its epoch; it returns
 * false, and appends nothing, if there are none or if it does not fit. */
bool voice_seals(struct voice *v, struct dtls_buf *out,
                 const struct dtls_record *record);

/* voice_settle is called behind each letter, after its answer. */
void voice_settle(struct voice *v);

/* ---- letters ----
 *
 * Each leaves a datagram in v->out. */

/* What is odd about a ClientHello. */
enum voice_hello {
    VOICE_NO_COOKIE,
    VOICE_RIGHT_COOKIE, /* the last one that came; else none */
    VOICE_FOREIGN_COOKIE,
    VOICE_OTHER_RANDOM, /* with the right cookie */
    VOICE_OTHER_SUITES, /* the same: the list ends in one more */
    VOICE_NO_INFO       /* the same: without renegotiation_info */
};
void voice_say_client_hello(struct voice *v, enum voice_hello hello);
/* It says a hello under a message_seq far ahead: on trial, as below. */
void voice_try_hello_skipped(struct voice *v);

/* voice_say_new_hello begins another association from the same port: epoch 0,
 * numbers from 0.  If the target's answer is no hello and asks for no cookie,
 * the voice must go back to the association before (voice_settle). */
void voice_say_new_hello(struct voice *v);

void voice_say_hello_request(struct voice *v);
void voice_say_hello_verify(struct voice *v);

/* `other`: with another suite than the honest one.  `ticket`: a ticket is
 * announced. */
void voice_say_server_hello(struct voice *v, bool other, bool ticket);
void voice_say_certificate(struct voice *v, const struct sim_identity *own);
void voice_say_server_key_exchange(struct voice *v);
/* `other`: for a key of another kind than that of the voice's certificate. */
void voice_say_certificate_request(struct voice *v, bool other);
void voice_say_ticket(struct voice *v);
void voice_say_server_hello_done(struct voice *v);
void voice_say_client_key_exchange(struct voice *v);
void voice_say_certificate_verify(struct voice *v);
void voice_say_ccs(struct voice *v);
/* A ChangeCipherSpec that has overtaken what comes next, which is said in the
 * same epoch as before.  The one of the honest order still follows. */
void voice_try_ccs_early(struct voice *v);
void voice_say_finished(struct voice *v);
/* They say the same in epoch 0, and under a message_seq far ahead: on trial,
 * the handshake goes on as if they had not been said. */
void voice_try_finished_clear(struct voice *v);
void voice_try_finished_skipped(struct voice *v);
/* voice_say_finished_again says the last one under its message_seq. */
void voice_say_finished_again(struct voice *v);
void voice_say_data(struct voice *v, bool in_the_clear);
void voice_say_alert(struct voice *v, uint8_t level, uint8_t description);

/* ---- for voice.c and voice_say.c ---- */

/* voice_hashes returns true if messages of this type are in the transcript. */
bool voice_hashes(uint8_t type);

/* voice_begins starts another handshake: numbers from 0, an empty
 * transcript. */
void voice_begins(struct voice *v);
/* voice_is_done: the handshake that was begun last is complete. */
bool voice_is_done(const struct voice *v);
/* voice_note_bond keeps what RFC 5746 wants, once the handshake is
 * complete. */
void voice_note_bond(struct voice *v);
/* voice_derive makes the master secret of a premaster, which the caller
 * wipes. */
void voice_derive(struct voice *v, struct dtls_bytes premaster);
/* voice_verify_data writes the content of a Finished for the messages so
 * far. */
void voice_verify_data(struct voice *v, enum dtls_role sender,
                       uint8_t out[DTLS_VERIFY_DATA_LEN]);
/* voice_key makes the next epoch's keys of one direction. */
void voice_key(struct voice *v, struct dtls_protection *protection,
               bool is_own);
/* voice_agree derives from the two shares, or from nothing. */
void voice_agree(struct voice *v);
void voice_make_share(struct voice *v, uint8_t point[DTLS_POINT_MAX]);

#endif
