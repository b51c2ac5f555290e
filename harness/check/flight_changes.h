/* SPDX-License-Identifier: MIT */
/* Changes of the peer's flight, before it is said.  The numbers of the
 * messages behind a change are closed up or pushed on, so that a target that
 * does not care about the change finds the rest in order. */
#ifndef CHECK_FLIGHT_CHANGES_H
#define CHECK_FLIGHT_CHANGES_H

#include "check/scene.h"

/* flight_drop takes a message out of the flight. */
void flight_drop(struct scene *s, struct peer_message *message);

/* flight_swap lets a message and the one behind it change places. */
void flight_swap(struct scene *s, struct peer_message *message);

/* flight_insert puts a message before `before`, which may be the end of the
 * flight; flight_double puts a copy of a message behind it.  They return the
 * new message. */
struct peer_message *flight_insert(struct scene *s,
                                   struct peer_message *before,
                                   const struct peer_message *message);
struct peer_message *flight_double(struct scene *s,
                                   struct peer_message *message);

/* flight_say_hellos says the peer's ClientHello, and each further one that
 * HelloVerifyRequest asks for, and returns a copy of the last one. */
const struct peer_message *flight_say_hellos(struct scene *s);

/* flight_repeat says everything again that the peer has said of its flight,
 * in new records. */
void flight_repeat(struct scene *s);

#endif
