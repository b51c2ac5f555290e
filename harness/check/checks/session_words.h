/* SPDX-License-Identifier: MIT */
/* More words of scripts and of wrong targets, for sessions that are resumed.
 * A check whose play says one of them `resumes`. */
#ifndef CHECK_CHECKS_SESSION_WORDS_H
#define CHECK_CHECKS_SESSION_WORDS_H

#include "check/checks/hello_words.h"
#include "check/ics.h"

#define SESSION_TICKET 35 /* the extension */

enum session_way { SESSION_BY_ID, SESSION_BY_TICKET };

/* ---- of scripts ---- */

/* session_make connects, so that both ends keep a session that can be resumed
 * this way, and then begins the association that is to resume it.  session_way
 * is how the target claims that sessions are resumed: by their ids, if it has
 * both. */
enum session_way session_way(const struct scene *s);
void session_make(struct scene *s, enum session_way way);

/* session_connect is its first half: the association is still up.
 * session_again is its second half, once or more often: a peer that is a
 * client then offers the session that session_connect has made, or what it had
 * when session_keep was said, for as long as the play likes. */
void session_connect(struct scene *s, enum session_way way);
void session_keep(const struct scene *s);
void session_again(struct scene *s, enum session_way way);

/* session_go lets the peer go this way, in the first handshake too: a client
 * that wants an id asks for no ticket. */
void session_go(struct scene *s, enum session_way way);

/* session_offer says the ClientHellos of a peer that offers its session, after
 * `change`, unless that is NULL. */
void session_offer(struct scene *s, void (*change)(struct hello *hello));

/* session_is_accepted: does the server resume what was offered?  It waits for
 * the ServerHello, which must then repeat the id, and for what comes behind
 * it.  session_is_offered waits for the client's ClientHello, and tells
 * whether that offers a session of the peer. */
bool session_is_accepted(struct scene *s);
bool session_is_offered(struct scene *s);

/* session_wait lets so much time pass that no session of the target may be
 * resumed any more. */
void session_wait(struct scene *s);

/* session_is_resumed waits for the hello of the other side, and expects that
 * the session is offered, or accepted. session_is_new expects that it is not,
 * and that the handshake is a full one. */
void session_is_resumed(struct scene *s);
void session_is_new(struct scene *s);

/* ---- of wrong targets ---- */

/* wrong_forgets_sessions lets the target forget the sessions of its earlier
 * associations. */
void wrong_forgets_sessions(struct wrong *w);

/* wrong_resumes: does this association resume a session, as far as its hellos
 * have said? */
bool wrong_resumes(const struct wrong *w);

/* wrong_says_offered_id lets a server's ServerHello repeat the id that was
 * offered, whatever comes behind it.  wrong_keeps_offer is, or is called by,
 * its `hears`. */
bool wrong_keeps_offer(struct wrong *w, struct wrong_record *r);
bool wrong_says_offered_id(struct wrong *w, struct peer_message *m);

#endif
