/* SPDX-License-Identifier: MIT */
/* The evidence of a case: a text that grows while it is played.  It has lines
 * for people (a heading before each association, a line for each datagram and
 * for what the target logs) and others, of which a capture can be made. */
#ifndef CHECK_EVIDENCE_H
#define CHECK_EVIDENCE_H

#include "base/bytes.h"

#include <stdio.h>

/* They append to the evidence; `out` NULL: there is none.  A key log line is
 * written by the peer itself (peer/peer.h). */
void evidence_heading(FILE *out, const char *text);
void evidence_datagram(FILE *out, uint64_t now, bool from_client,
                       struct dtls_bytes bytes);
/* What is no printable ASCII becomes '?'. */
void evidence_target_says(FILE *out, uint64_t now, const char *text);

/* evidence_next takes the next line for people off the front of `*evidence`
 * and returns its length, which does not count the newline, or -1 at the
 * end. */
int evidence_next(const char **evidence, const char **line);

/* evidence_save makes the folder, in a folder that is there, and writes
 * capture.pcapng (with the secrets), peer.log and target.log into it.  The
 * client of each association has a port of its own in the capture, from 40001
 * on.  It returns false, with errno, if something cannot be written. */
bool evidence_save(const char *folder, const char *evidence);

#endif
