/* SPDX-License-Identifier: MIT */
/* A check: one thing that a DTLS stack must do, or must not do, judged on the
 * wire, and a target that does it wrong.
 *
 * How a check is written.  It is a row of a table in checks/, in the file of
 * its subject, with two short functions of its own:
 *
 *   play   comes honestly to the place, with the words of check/scene.h, and
 *          there misbehaves.  It does not wait for the reaction, and does not
 *          judge it.  Of numbers and fields that the target has sent, it says
 *          what they must be with scene_expect.
 *   wrong  makes the target that this check must fail, with the words of
 *          check/wrong.h: the misbehaving peer, playing the target, right in
 *          everything but this.
 *
 * Everything else is the runner's (check/cases.h).  It plays the same
 * parameters without the fault first (the positive control).  After `play` it
 * lets the peer go on honestly as far as it can and sends application data
 * that the target must send back (the liveness probe); unless that came back,
 * it connects once more.  What was seen becomes a phrase:
 *
 *   data          the association is up, and the data came back
 *   alert N       a fatal alert
 *   warning N     a warning
 *   close         close_notify
 *   refused N     our honest peer ended the handshake with alert N
 *   silence       nothing, and another handshake works
 *   dead          nothing, and no other handshake works
 *
 * Several are joined in the order in which they were seen: `close then dead`.
 * `strict` lists the phrases that pass, `tolerated` those that are a warning,
 * with " | " between two; `*` stands for anything.  Any other phrase, and any
 * scene_expect that does not hold, is a fail.  Where a purpose says "drop", a
 * connected association must live on: that is `data`.  In a handshake it may
 * be lost, which is `silence`, unless the purpose says that it completes.
 *
 * The id is that of a row in purposes.tsv, which says for which role and for
 * which claims of the target the check is meant; behind a dot may follow a
 * word, where one purpose needs several checks.
 *
 *     static void say_finished_in_the_clear(struct scene *s)
 *     {
 *         struct peer_message *finished = scene_come_to(s, DTLS_FINISHED);
 *
 *         finished->epoch = 0;
 *         scene_say(s, finished);
 *     }
 *
 *     {.id = "P-CCS-4", .rows = "D5246-7.4.9-4",
 *      .play = say_finished_in_the_clear,
 *      .strict = "silence | alert 10",
 *      .wrong = wrong_takes_early_data, .shows = "data"},
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "check/scene.h"
#include "check/wrong.h"

/* The roles of the target. */
enum check_roles { CHECK_CLIENT = 1, CHECK_SERVER = 2 };

struct check {
    const char *id;
    unsigned roles;   /* of enum check_roles; 0: those of its purpose */
    const char *rows; /* of harness/requirements, with blanks between them */
    /* What it asks of the target besides its purpose, as ics_applies reads it;
     * NULL: nothing. */
    const char *when;
    /* The parameters that matter to it, of enum check_matters: it is played
     * with combinations of their values (check/combination.h).  0: once. */
    unsigned matters;
    /* The suites with which it can be played; NULL: all. */
    bool (*suits)(const struct dtls_suite *suite);
    /* The play is an honest handshake with these parameters: its positive
     * control takes the target's first suite, and all else as usual. */
    bool is_honest;
    bool needs_echo; /* it judges data that came back */
    /* A server asks for the client's certificate, as it claims it can.  A
     * target outside does so in all checks. */
    bool mutual;
    bool needs_no_client; /* with `mutual`: but it goes on without it */
    /* The target takes part in renegotiations, as it claims it can.  A target
     * outside does so in all checks. */
    bool renegotiates;
    /* Both ends keep sessions, as the target claims it can; a target outside
     * does so in all checks. */
    bool resumes;
    /* Both ends use connection ids, as the target claims it does; a target
     * outside does so in all checks. */
    bool cids;
    bool srtp;     /* the same of use_srtp */
    bool staples;  /* the same of stapled OCSP responses */
    bool raw_keys; /* the same of raw public keys, in place of certificates */
    /* It is played with the suite of EC-JPAKE, and no other check is. */
    bool password;
    /* The target is a server that lives on: for another client, or for another
     * association of the same one. */
    bool needs_server;
    bool is_slow; /* it takes more than five seconds of real time */
    /* What a client of this process looks for in the certificate; NULL: what
     * the IXIT says.  Honest handshakes before and after use the latter. */
    const char *name;
    void (*play)(struct scene *s);
    const char *strict;
    const char *tolerated; /* NULL: nothing */
    /* What the wrong target claims besides what our engine does, as lines of
     * an ICS; NULL: nothing. */
    const char *claims;
    void (*wrong)(struct wrong *w);
    const char *shows; /* the phrase of the wrong target */
};

struct check_group {
    const struct check *checks;
    size_t num;
};

/* check_groups returns every file of checks/; the list ends with a group of no
 * checks.  checks/all_checks.c has it. */
const struct check_group *check_groups(void);

#endif
