/* SPDX-License-Identifier: MIT */
/* The questions of a probe.  Each is a function that finds out a few facts; it
 * runs in a process of its own, several at a time, and reads only facts of an
 * earlier round (questions.c). */
#ifndef PROBE_QUESTIONS_H
#define PROBE_QUESTIONS_H

#include "probe/ask.h"

/* list_questions.c: what it chooses. */
void question_suites(const struct probe *p);
void question_groups(const struct probe *p);
void question_pairs(const struct probe *p);

/* hello_questions.c: what it says to a hello. */
void question_versions(const struct probe *p);
void question_extensions(const struct probe *p);
void question_refusals(const struct probe *p);

/* size_questions.c: in which sizes it speaks and listens. */
void question_pieces(const struct probe *p);
void question_sizes(const struct probe *p);

/* cookie_questions.c: before it believes an address. */
void question_cookie(const struct probe *p);
void question_cookie_age(const struct probe *p);

/* chain_question.c: its certificates. */
void question_chains(const struct probe *p);

/* handshake_questions.c: in a handshake, and after it. */
void question_handshake(const struct probe *p);
void question_faults(const struct probe *p);
void question_renegotiation(const struct probe *p);
void question_psk(const struct probe *p);

/* echo_questions.c: with data that comes back. */
void question_echo(const struct probe *p);

/* time_question.c: when it repeats its flight. */
void question_schedule(const struct probe *p);

/* schedule_limit is how long to listen to repeats, in milliseconds;
 * schedule_tell tells the gaps that were measured, at most SCHEDULE_GAPS. */
#define SCHEDULE_GAPS 3
unsigned schedule_limit(const struct probe *p);
void schedule_tell(const struct probe *p, const unsigned *gaps, unsigned num);

/* questions_ask asks everything; false if it was stopped.  questions_meet
 * comes before: is there a DTLS server?  If not, it returns false and writes
 * why in one line. */
bool questions_meet(struct probe *p, char *why, size_t why_size);
bool questions_ask(struct probe *p, const volatile int *stop);

/* questions_name_untold gives each fact that is not told a reason. */
void questions_name_untold(const struct probe *p);

#endif
