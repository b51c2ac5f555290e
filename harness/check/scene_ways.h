/* SPDX-License-Identifier: MIT */
/* The peer does what the scene's combination says (check/combination.h).  For
 * check/scene.c only. */
#ifndef CHECK_SCENE_WAYS_H
#define CHECK_SCENE_WAYS_H

#include "check/scene.h"

/* scene_ways_begin sets the peer's configuration and the scene's own fields,
 * before the first word of a play. */
void scene_ways_begin(struct scene *s);

/* scene_ways_change_hello changes the peer's hello, if it is in the flight
 * that was just taken. */
void scene_ways_change_hello(struct scene *s);

/* scene_ways_is_deaf: a server that will ask for a cookie does not read the
 * ClientHello.  scene_ways_ask_for_cookie asks if one has come. */
bool scene_ways_is_deaf(const struct scene *s);
void scene_ways_ask_for_cookie(struct scene *s);

#endif
