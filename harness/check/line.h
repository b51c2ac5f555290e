/* SPDX-License-Identifier: MIT */
/* The line between a check's peer and the target.  It hides what kind of
 * target that is, and so whether its time is virtual or real: who sends, hears
 * the answers; who waits, waits until a time on the line's own clock.
 *
 * A target in this process has an echo service here: what it receives, it is
 * told to send back.  A target in another process must have one of its own. */
#ifndef CHECK_LINE_H
#define CHECK_LINE_H

#include "sut/sut.h"

#include <stdio.h>

#define LINE_QUEUE 256      /* datagrams, and echoes, that wait */
#define LINE_DATAGRAMS 5000 /* more than any target has reason to send */

struct line_queue {
    struct dtls_span items[LINE_QUEUE]; /* on the heap */
    size_t first;
    size_t num;
};

struct line {
    struct sut *sut;
    bool is_client; /* the target is one */
    uint64_t now;   /* milliseconds */
    struct line_queue heard;
    struct line_queue echoes;
    struct dtls_span current; /* what line_next returned last */
    unsigned long num_heard;
    unsigned long num_elsewhere; /* of these, at another address than
                                  * SUT_HOME ... */
    size_t bytes_elsewhere;      /* ... and the bytes of them */
    uint32_t address;    /* from which the lab sends: enum sut_address */
    bool floods;         /* the target sent more than LINE_DATAGRAMS */
    unsigned unreturned; /* blocks that the closed target has kept */
    FILE *evidence;      /* check/evidence.h; NULL: none */
};

/* line_open makes a target.  `now` is the time at which the last line was
 * closed, 0 for the first.  It returns false if the driver cannot; line->sut
 * may then tell why.  line_close ends the target in any case. */
bool line_open(struct line *line, const struct sut_driver *driver,
               const struct sut_setup *setup, uint64_t now);
void line_close(struct line *line);

/* line_again closes the line, and opens it before the same target if that
 * resumes sessions and lives in this process, else before another one. */
bool line_again(struct line *line, const struct sut_driver *driver,
                const struct sut_setup *setup);

/* line_restart puts a new target, which knows nothing, in the old one's place.
 * It returns false if the driver cannot.  The line's target is one in this
 * process. */
bool line_restart(struct line *line);

/* line_start lets a client begin. */
void line_start(struct line *line);

void line_send(struct line *line, struct dtls_bytes datagram);

/* line_next returns true and the next datagram of the target, or false if
 * none comes before `until` or the target floods.  The bytes live until the
 * next call. */
bool line_next(struct line *line, struct dtls_bytes *out, uint64_t until);

#endif
