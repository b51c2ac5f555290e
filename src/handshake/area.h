/* SPDX-License-Identifier: MIT */
/* What only a handshake that runs needs.  A session borrows it from a pool of
 * its caller's when the handshake begins, and gives it back when the handshake
 * is over, so that many sessions share a few (docs/decisions/0018-areas.md).
 */
#ifndef DTLS_HANDSHAKE_AREA_H
#define DTLS_HANDSHAKE_AREA_H

#include "handshake/transcript.h"
#include "messages/messages.h"

/* A Finished that overtook its ChangeCipherSpec: one record, as it came.
 * DTLS_EARLY_MAX bytes hold a Finished under every suite. */
#define DTLS_EARLY_MAX 160
struct dtls_early {
    uint16_t epoch;
    uint16_t len; /* 0: none is kept */
    uint8_t bytes[DTLS_EARLY_MAX];
};

struct dtls_area {
    struct dtls_area *next; /* in the pool */
    struct dtls_transcript transcript;
    struct dtls_jpake jpake; /* while its suite is offered, or was chosen */
    /* Client: the server's share, ephemeral or the certificate's. */
    uint8_t peer_point[DTLS_POINT_MAX];
    struct dtls_early early; /* session/pump.c */
};

/* struct dtls_areas is a pool.  Sessions that are never called at once may
 * share one.  All zero is a pool without areas. */
struct dtls_areas {
    struct dtls_area *unused;
};

/* dtls_areas_add gives the pool an area, which may hold anything. */
void dtls_areas_add(struct dtls_areas *areas, struct dtls_area *area);

/* dtls_areas_take returns an area that is all zero, or NULL if all are in use.
 * dtls_areas_give wipes it and takes it back. */
struct dtls_area *dtls_areas_take(struct dtls_areas *areas);
void dtls_areas_give(struct dtls_areas *areas, struct dtls_area *area);

/* dtls_areas_are_in_use returns true if there is none to be taken. */
static inline bool dtls_areas_are_in_use(const struct dtls_areas *areas)
{
    return areas->unused == NULL;
}

#endif
