/* SPDX-License-Identifier: MIT */
/* More words of scripts and of wrong targets, for hellos. */
#ifndef CHECK_CHECKS_HELLO_WORDS_H
#define CHECK_CHECKS_HELLO_WORDS_H

#include "check/scene.h"
#include "check/wrong.h"

#define HELLO_TYPES_MAX 64

/* ---- of scripts ---- */

/* hello_say says the peer's hello after `change`: its ClientHellos, or its
 * ServerHello. */
void hello_say(struct scene *s, void (*change)(struct hello *hello));

/* hello_say_with says it with this extension in place of the peer's own one;
 * hello_say_without leaves that out. */
void hello_say_with(struct scene *s, uint16_t type, const void *data,
                    size_t len);
void hello_say_without(struct scene *s, uint16_t type);

/* hello_say_body says it after `change` has worked on the whole message. */
void hello_say_body(struct scene *s, void (*change)(struct peer_message *m));

/* hello_signal_fallback adds the signal of RFC 7507 to a ClientHello's
 * suites, where it means nothing. */
void hello_signal_fallback(struct hello *hello);

/* hello_is_refused: a hello after which the target must not go on.  A server
 * says no ServerHello to it; a client, after the rest of the flight, no
 * ClientKeyExchange. */
void hello_is_refused(struct scene *s);

/* hello_is_refused_with says the hello with this extension, as hello_say_with,
 * and then that it is refused. */
void hello_is_refused_with(struct scene *s, uint16_t type, const void *data,
                           size_t len);

/* hello_hear waits for the target's hello, and reads it. */
void hello_hear(struct scene *s, struct hello *out);

/* hello_types lists the types of its extensions, and returns how many. */
size_t hello_types(const struct hello *hello, uint16_t types[HELLO_TYPES_MAX]);

/* hello_numbers reads a list of 16-bit numbers with a length of two bytes. */
size_t hello_numbers(struct dtls_bytes list, uint16_t out[HELLO_TYPES_MAX]);

/* hello_block is where a hello's block of extensions begins with its length;
 * the message's end, if it has none. */
size_t hello_block(const struct peer_message *m);

/* ---- of wrong targets ---- */

/* wrong_hello reads a whole hello of the other side that came in the clear. */
bool wrong_hello(const struct wrong_record *r, struct hello *out);

/* wrong_hello_has: is it one with this extension?  `data` may be NULL. */
bool wrong_hello_has(const struct wrong_record *r, uint16_t type,
                     struct dtls_bytes *data);

/* wrong_reads_hello lets the target read this hello in place of the one that
 * came; wrong_reads_without one without this extension.  They return true. */
bool wrong_reads_hello(struct wrong *w, const struct wrong_record *r,
                       const struct hello *hello);
bool wrong_reads_without(struct wrong *w, const struct wrong_record *r,
                         uint16_t type);

/* wrong_reads_no_block lets the target read the hello as if it ended where its
 * block of extensions begins, whatever that looks like. */
bool wrong_reads_no_block(struct wrong *w, const struct wrong_record *r);

/* wrong_says_hello changes the hello that the target says; its transcript goes
 * by what is said.  For a server, that needs the ClientHello:
 * wrong_keeps_hello is, or is called by, its `hears`. */
bool wrong_keeps_hello(struct wrong *w, struct wrong_record *r);
bool wrong_says_hello(struct wrong *w, struct peer_message *m,
                      void (*change)(struct hello *hello));

/* wrong_rehash tells the target's transcript that it says another message in
 * the flight with its hello than it has made. */
void wrong_rehash(struct wrong *w);

#endif
