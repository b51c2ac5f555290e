/* SPDX-License-Identifier: MIT */
/* A wrong target: the misbehaving peer (peer/peer.h) plays the target and is
 * right in everything, but for what a check's `wrong` sets here.
 *
 * It may set
 *
 *   gets, hears         what comes, before it is read
 *   says, sends         what goes, before it is sent
 *   peer.config         the rules of the handshake
 *   peer.crypto         those of cryptography
 *
 * Be narrow: a wrong target must pass at least 90 % of all other checks, so a
 * hook looks whether this is the stimulus of its check. */
#ifndef CHECK_WRONG_H
#define CHECK_WRONG_H

#include "peer/peer.h"
#include "session/listener.h"
#include "sim/pki.h"
#include "sut/own.h"

/* A record that has come. */
struct wrong_record {
    struct dtls_record wire; /* as it came, but of its true type if it was
                              * opened; a hook may change it in place */
    bool opened;             /* in epoch 0 always */
    struct dtls_span plain;  /* if it was opened; a copy */
    unsigned number;         /* in its datagram, from 0 */
};

struct wrong {
    struct sut sut;
    struct peer peer;
    struct dtls_psk psk;
    struct sim_identity identity;
    struct sim_anchor anchor;
    struct dtls_listener door; /* of a server */
    uint32_t address;          /* from which the last datagram came */
    bool at_the_door;          /* no ClientHello was accepted yet */
    bool is_eager;             /* sends data before it is connected */
    bool deaf;                 /* hears nothing more, and says nothing more */
    struct sut_own_raw_keys raw_keys;
    struct sut_own_staple staple;
    struct sut_own_memory memory; /* of sessions, if it resumes any */
    unsigned round;               /* associations before this one */

    /* The hooks; NULL: nothing is wrong there.  gets and hears return true if
     * the datagram, or the record, has been dealt with and is not to be read.
     * says returns false if the message is not to be sent. */
    bool (*gets)(struct wrong *w, struct dtls_span datagram);
    bool (*hears)(struct wrong *w, struct wrong_record *record);
    bool (*says)(struct wrong *w, struct peer_message *message);
    void (*sends)(struct wrong *w, struct dtls_span datagram);

    uint8_t verify_data[DTLS_VERIFY_DATA_LEN]; /* of wrong_believes_finished */
    uint64_t num; /* for a hook that counts, or remembers a number */
};

/* wrong_alert sends a fatal alert and is deaf from then on.  wrong_data sends
 * application data.  They return true, as a hook that has dealt with its
 * record. */
bool wrong_alert(struct wrong *w, uint8_t description);
bool wrong_data(struct wrong *w, struct dtls_bytes data);

/* wrong_say sends a record of any type, and wrong_say_message one with a whole
 * handshake message.  They return true,
 * too. */
bool wrong_say(struct wrong *w, uint16_t epoch, uint8_t type,
               struct dtls_bytes content);
bool wrong_say_message(struct wrong *w, uint16_t epoch, uint8_t type,
                       uint16_t seq, struct dtls_bytes body);

/* wrong_dies lets the target crash: neither it nor, until wrong_driver is
 * called again, any that is made after it hears or says anything.  It returns
 * true. */
bool wrong_dies(struct wrong *w);

/* wrong_epoch is the newest epoch in which the target can send. */
uint16_t wrong_epoch(const struct wrong *w);

/* wrong_handshake is another number, above 0, for each handshake: it begins in
 * this epoch of the target's association.  For a `num` that is of one. */
uint64_t wrong_handshake(const struct wrong *w, uint16_t epoch);

/* wrong_forgets lets the target believe that the handshake message `seq` has
 * been dealt with, though it never read it; it returns true. */
bool wrong_forgets(struct wrong *w, uint16_t seq);

/* wrong_believes_finished takes every Finished of the other side;
 * wrong_believes_signatures every signature, of a certificate too. */
void wrong_believes_finished(struct wrong *w);
void wrong_believes_signatures(struct wrong *w);

/* wrong_takes_early_data answers application data as soon as there are keys
 * for it, before the handshake is complete; wrong_echo answers that of one
 * record. */
void wrong_takes_early_data(struct wrong *w);
bool wrong_echo(struct wrong *w, const struct wrong_record *record);

/* wrong_fragment reads the first handshake fragment of an opened record; it
 * returns false if there is none.  wrong_message does so only if it is a whole
 * message of this type. */
bool wrong_fragment(const struct wrong_record *record,
                    struct dtls_fragment *out);
bool wrong_message(const struct wrong_record *record, uint8_t type,
                   struct dtls_fragment *out);

/* wrong_piece does so only if it is a part of a message.  wrong_reads_in_a_row
 * is a `hears`: it loses a piece unless the first one of that message came
 * last. */
bool wrong_piece(const struct wrong_record *record, struct dtls_fragment *out);
bool wrong_reads_in_a_row(struct wrong *w, struct wrong_record *record);

/* wrong_at is the place in the record, as it came, of what is in its
 * plaintext at `at`.  In a sealed record a change there is lost, because the
 * wrong target's peer opens the record again. */
uint8_t *wrong_at(const struct wrong_record *record, const uint8_t *at);

/* wrong_reads lets the target read another content in place of a record in the
 * clear, and returns true.  A protected record it leaves alone: false. */
bool wrong_reads(struct wrong *w, const struct wrong_record *record,
                 struct dtls_bytes content);

/* wrong_reads_message is wrong_reads with a whole message in place of the one
 * that came, under its message_seq. */
bool wrong_reads_message(struct wrong *w, const struct wrong_record *record,
                         uint8_t type, struct dtls_bytes body);

/* wrong_driver is the driver of targets that `wrong` makes: one at a time. */
const struct sut_driver *wrong_driver(void (*wrong)(struct wrong *w));

#endif
