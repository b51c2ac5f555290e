/* SPDX-License-Identifier: MIT */
/* One play before a target: the words of which a check's script is made.
 *
 * The peer's half is played by our own engine (peer/peer.h), whose rules bind
 * nobody: a script changes, leaves out, repeats and adds whatever it likes.
 * Every wait ends at a deadline.  A word that cannot be carried out (the
 * message never came) ends the play there, as scene_stop does. */
#ifndef CHECK_SCENE_H
#define CHECK_SCENE_H

#include "check/combination.h"
#include "check/heard.h"
#include "check/line.h"
#include "peer/hello.h"
#include "sim/pki.h"
#include "sut/own.h"

#include <setjmp.h>

#define SCENE_CERTIFICATES 6

/* What a scene is made of; everything is borrowed. */
struct scene_setup {
    const struct sut_driver *driver; /* of the target */
    struct sut_setup target;         /* its `host` is the line's */
    const struct ics *ics;           /* what the target claims */
    struct combination with;         /* what the peer does honestly */
    struct dtls_bytes psk_identity;
    struct dtls_bytes psk_key;
    uint64_t seed;
    bool echo;         /* the target sends application data back */
    bool one_client;   /* a server serves one client after the other */
    unsigned quiet_ms; /* silence for so long is no answer */
    unsigned live_ms;  /* a target that lives answers in this time */
};

/* What a bad path does to the first 64 datagrams of a direction: bit i stands
 * for the one with number i, from 0. */
struct scene_path {
    uint64_t lost;        /* of the peer's: it is not sent */
    uint64_t twice;       /* it is sent twice */
    uint64_t late;        /* it is sent behind the next one */
    uint64_t lost_theirs; /* of the target's: the peer does not hear it */
    size_t narrow; /* nor one of more bytes than this, whichever it is; 0: it
                    * hears all sizes */
    unsigned num;  /* datagrams of the peer so far */
    uint8_t held[PEER_DATAGRAM_MAX]; /* the late one */
    size_t held_len;
};

struct scene {
    const struct scene_setup *setup;
    struct line line;
    struct peer peer;
    struct heard heard;
    FILE *evidence; /* NULL: none */

    struct dtls_psk psk;
    struct sim_identity identities[SCENE_CERTIFICATES];
    size_t num_identities;
    struct sim_anchor anchor;
    struct sut_own_raw_keys raw_keys;
    struct sut_own_staple staple;
    uint16_t groups[2]; /* of the combination, as are the next two */
    uint16_t pairs[2];
    uint8_t protocols[256];
    unsigned num_cookies; /* for which the peer has asked ... */
    unsigned cookies;     /* ... and will ask a client; a script may set it
                           * before that is heard */

    /* How the peer says what it says honestly; a script may set them. */
    size_t pieces;      /* bytes of a handshake fragment; 0: whole messages */
    size_t most_pieces; /* a message that would be more stays whole; 0: none
                         * does */
    size_t longest;     /* no fragment is longer; 0: any may be */
    bool reversed;      /* the pieces of a message, last first */
    bool shuffled;      /* one from the front, one from the back */
    enum with_overlap overlap; /* of the pieces */
    bool doubled;              /* each datagram twice */
    bool packed;               /* a flight in one datagram */
    bool in_one_record;        /* the same, also in one record if it can be */
    size_t datagram_len;       /* a flight in datagrams of so many bytes; with
                                * the last two: at most so many, if not 0 */
    bool deaf;     /* the peer does not hear the target; the script does */
    bool vanishes; /* at its end, the peer takes no leave */
    bool repeats;  /* it says a flight again that it has said to its end */
    struct scene_path path;

    bool has_begun;
    size_t next;           /* of the peer's messages: the first not yet said */
    uint32_t taken;        /* place of the flight that they are, in scene.c */
    uint32_t said;         /* the same of the newest flight said to its end */
    uint64_t in_the_clear; /* record number for epoch 0, when it is over */
    unsigned probes;       /* application data that asked for an echo */
    bool hopes; /* data should come back: wait patiently.  True in scripts,
                 * unless one expects that nothing comes */
    uint8_t out_bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out; /* the datagram that a script builds */

    /* What scene_again keeps; `broken` comes first. */
    bool broken;    /* a scene_expect did not hold; `why` tells */
    bool stopped;   /* by scene_stop; `why` tells */
    unsigned round; /* how often scene_again was said */
    struct sut_own_memory memory; /* of the peer, if the target resumes */
    char why[HEARD_PHRASE]; /* of the first two, or why no data came back */
    jmp_buf end;            /* of the play, for scene_stop */
};

/* ---- the words of scripts ---- */

/* scene_come_to goes on honestly up to the peer's handshake message of this
 * type, which has not been said.  Before the first word of a play, the script
 * may change scene->peer.config. */
struct peer_message *scene_come_to(struct scene *s, uint8_t type);

/* scene_come_to_ccs does the same with ChangeCipherSpec. */
struct peer_message *scene_come_to_ccs(struct scene *s);

/* scene_change_hellos says the peer's ClientHello, and each further one that
 * HelloVerifyRequest asks for, after `change`. */
void scene_change_hellos(struct scene *s, void (*change)(struct hello *hello));

/* scene_change_server_hello says the peer's ServerHello after `change`. */
void scene_change_server_hello(struct scene *s,
                               void (*change)(struct hello *hello));

/* scene_connect goes on honestly until data has come back.  scene_connects
 * returns false if that does not happen; where it does not, scene_connect
 * stops. */
void scene_connect(struct scene *s);
bool scene_connects(struct scene *s);

/* scene_again ends this association and opens another, with a target and a
 * peer like those at the beginning of the play: for a script that says the
 * same with one value after the other.  What scene_expect has found stays.  If
 * the check `resumes`, they are the same target and peer, with the sessions
 * that they keep. */
void scene_again(struct scene *s);

/* scene_restart lets another peer begin at the same address, before the same
 * target: the client has lost its association.  Unless the target was
 * restarted, a check whose play says this word has `needs_server`. */
void scene_restart(struct scene *s);

/* scene_join makes `other` another client of the server, which goes on with
 * scene_step alone, until scene_leave.  scene_step says the next message, or
 * waits for the target's next flight; it returns false if there is nothing
 * more to say, or if the play could not go on: then `stopped` is true. */
void scene_join(const struct scene *s, struct scene *other);
bool scene_step(struct scene *s);
void scene_leave(struct scene *other);

/* scene_say sends a message of the flight in a datagram of its own; the next
 * honest word goes on behind it.  scene_skip goes on behind it without having
 * sent it.  scene_say_rest sends everything in the flight that was neither
 * said nor skipped. */
void scene_say(struct scene *s, const struct peer_message *message);
void scene_skip(struct scene *s, const struct peer_message *message);
void scene_say_rest(struct scene *s);

/* scene_say_record sends one record; epoch 0 is possible at any time.
 * scene_say_alert sends an alert in the newest epoch.  scene_say_bytes sends a
 * datagram as it is, and scene_send the one that was put into scene->out with
 * peer_put_message and its like. */
void scene_say_record(struct scene *s, uint16_t epoch, uint8_t type,
                      struct dtls_bytes content);
void scene_say_alert(struct scene *s, uint8_t level, uint8_t description);
void scene_say_bytes(struct scene *s, struct dtls_bytes datagram);
void scene_send(struct scene *s);

/* scene_number returns the number of the peer's next record in an epoch in
 * which it can send; a script may change it. */
uint64_t *scene_number(struct scene *s, uint16_t epoch);

/* scene_epoch is the newest epoch in which the peer can send. */
uint16_t scene_epoch(const struct scene *s);

/* scene_probe sends new application data, different each time, and returns
 * true if the target has sent it back, and nothing ended the association
 * before.  A check whose play says this word or scene_hears has `needs_echo`.
 */
bool scene_probe(struct scene *s);

/* scene_make_data writes application data, numbered like those of scene_probe,
 * and returns them: `len` bytes in `bytes`.  scene_put_data also appends a
 * record of them to scene->out.  scene_hears waits until `num` copies of the
 * content have come back; it returns false if that does not happen. */
struct dtls_bytes scene_make_data(struct scene *s, uint8_t *bytes, size_t len);
struct dtls_bytes scene_put_data(struct scene *s, uint8_t *bytes, size_t len);
bool scene_hears(struct scene *s, struct dtls_bytes data, unsigned num);

/* scene_renegotiate lets the connected peer begin another handshake, with a
 * ClientHello or a HelloRequest, which has not been said then. */
void scene_renegotiate(struct scene *s);

/* scene_runs runs a command of the IXIT and returns its status as waitpid
 * tells it; another than 0 if it cannot run.  A command that takes longer than
 * `ms` is killed, with its group. */
int scene_runs(const char *command, unsigned ms);

/* scene_trigger makes the target's application do what `key` names, one of
 * ICS_trigger_... or ICS_rotate: through the driver for a target in this
 * process, with the command for another.  It stops if
 * the command fails, or takes longer than live_ms.  A check whose play says
 * this word has the key in its `when`. */
void scene_trigger(struct scene *s, enum ics_key key);

/* scene_listen takes what the target says until the peer has an answer, or the
 * association is over, or the target is silent for as long as a silence
 * takes. */
void scene_listen(struct scene *s);

/* scene_wait takes what the target says in the next `ms` milliseconds; in
 * another process, they are real ones. */
void scene_wait(struct scene *s, uint64_t ms);

/* scene_pause takes everything that the target says until it has been silent
 * for as long as a silence takes: for a script that then looks for what must
 * not have come. */
void scene_pause(struct scene *s);

/* scene_rehash tells the peer's transcript that a message of the flight with
 * its hello has been changed; call it before anything behind it is said. */
void scene_rehash(struct scene *s);

/* scene_hear takes what the target says until it has said `num` different
 * messages of this type, and returns the last one.  scene_await returns false
 * if that does not happen; where it does not, scene_hear stops. */
const struct heard_message *scene_hear(struct scene *s, uint8_t type,
                                       unsigned num);
bool scene_await(struct scene *s, uint8_t type, unsigned num);

/* scene_expect: unless `holds`, the target fails, and this is what was seen.
 * The first such text counts; the play goes on. */
void scene_expect(struct scene *s, bool holds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* scene_stop ends the play: it could not be carried out. */
_Noreturn void scene_stop(struct scene *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* scene_show makes the peer show this certificate of the PKI folder, and
 * `above`, unless it is NULL, behind it. */
void scene_show(struct scene *s, const char *name, const char *above);

/* scene_now is the time by the target's calendar, in seconds since 1970.
 * scene_staple makes the peer staple a response of this kind about the first
 * of scene->identities. */
int64_t scene_now(const struct scene *s);
void scene_staple(struct scene *s, enum sim_ocsp what);

/* scene_load reads a certificate of the PKI folder into the next of
 * scene->identities. */
void scene_load(struct scene *s, const char *name, bool with_key);

/* ---- for the runner ---- */

/* scene_play opens a target at time `now`, lets `play` run (NULL: nothing),
 * and goes on honestly to the end: heard.phrase then says what was seen, and
 * is empty for silence.  `hopes`: the phrase should be "data".  The line is
 * closed; scene_free frees the rest. */
void scene_play(struct scene *s, const struct scene_setup *setup,
                void (*play)(struct scene *s), bool hopes, uint64_t now);
void scene_free(struct scene *s);

#endif
