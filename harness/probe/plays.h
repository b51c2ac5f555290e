/* SPDX-License-Identifier: MIT */
/* Questions that need a handshake are plays of the misbehaving peer
 * (check/scene.h) with a suite that it speaks and a credential that the server
 * takes. */
#ifndef PROBE_PLAYS_H
#define PROBE_PLAYS_H

#include "check/scene.h"
#include "probe/questions.h"

/* plays_suite returns the first suite found that our peer speaks, and for
 * which it has a credential; `is` is one more condition, or NULL.  NULL: there
 * is none, and `why` says so. */
const struct dtls_suite *plays_suite(const struct probe *p,
                                     bool (*is)(const struct dtls_suite *),
                                     const char **why);

/* play runs a script with the suite, and returns the scene; its phrase is what
 * was seen (check/check.h), empty for silence.  The peer believes every
 * certificate, and shows the one that the user gave it.  There is one scene
 * for each process: the next play ends the last. */
struct scene *play(const struct probe *p, const struct dtls_suite *suite,
                   void (*script)(struct scene *s), bool hopes);

/* play_setup is that of the scene, which a caller of play_with may change
 * before. */
void play_setup(struct scene_setup *out, const struct probe *p,
                const struct dtls_suite *suite);
struct scene *play_with(const struct probe *p, const struct scene_setup *setup,
                        void (*script)(struct scene *s), bool hopes);

#endif
