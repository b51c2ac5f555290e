/* SPDX-License-Identifier: MIT */
/* The size of our datagrams (flight/path_mtu.h). */
#include "flight/path_mtu.h"

enum { PATIENCE = 2 }; /* transmissions of one size before the next smaller */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t start(const struct dtls_path_mtu *p, size_t limit)
{
    return p->lowered == 0 ? limit : least(limit, p->lowered);
}

/* Returns the smallest size in which the flight has been written so far. */
static size_t tried(const struct dtls_path_mtu *p, size_t limit)
{
    if (p->certain || p->silent < PATIENCE) {
        return start(p, limit);
    }
    return least(start(p, limit),
                 p->silent < 2 * PATIENCE ? DTLS_MTU_SAFE : DTLS_MTU_LEAST);
}

size_t dtls_path_mtu_size(const struct dtls_path_mtu *p, size_t limit)
{
    bool safe_again = p->silent > 2 * PATIENCE && p->silent % 2 != 0;

    return safe_again && !p->certain ? least(start(p, limit), DTLS_MTU_SAFE)
                                     : tried(p, limit);
}

void dtls_path_mtu_wrote(struct dtls_path_mtu *p, size_t limit, size_t len)
{
    /* No datagram is longer than 65535 bytes. */
    if (len > p->largest) {
        p->largest = (uint16_t)len;
    }
    if (len > p->smallest && len <= tried(p, limit)) {
        p->smallest = (uint16_t)len;
    }
}

void dtls_path_mtu_unanswered(struct dtls_path_mtu *p)
{
    if (p->silent < UINT8_MAX - 1) {
        p->silent++;
    } else {
        p->silent--; /* It goes on between the two smallest sizes. */
    }
    if (!p->certain && (p->silent == PATIENCE || p->silent == 2 * PATIENCE)) {
        p->smallest = 0;
    }
}

static void lower(struct dtls_path_mtu *p, size_t size, uint64_t now)
{
    p->lowered = (uint16_t)size;
    p->lowered_at = now;
    p->confirmed = (uint16_t)least(p->confirmed, size);
}

/* The answer may be to an earlier transmission, but the smallest one is what
 * it surely shows. */
void dtls_path_mtu_answered(struct dtls_path_mtu *p, size_t limit,
                            uint64_t now)
{
    size_t size = tried(p, limit);

    if (p->largest > size) {
        lower(p, size, now);
    }
    if (p->smallest > p->confirmed) {
        p->confirmed = p->smallest;
    }
    p->silent = 0;
    p->largest = 0;
    p->smallest = 0;
}

bool dtls_path_mtu_too_big(struct dtls_path_mtu *p, size_t limit, size_t told,
                           uint64_t now)
{
    size_t size = dtls_path_mtu_size(p, limit);

    if (size <= DTLS_MTU_LEAST) {
        return false;
    }
    if (size <= DTLS_MTU_SAFE) {
        told = DTLS_MTU_LEAST;
    } else if (told < DTLS_MTU_SAFE || told >= size) {
        told = DTLS_MTU_SAFE;
    }
    lower(p, told, now);
    p->largest = 0;
    p->smallest = 0;
    return true;
}

void dtls_path_mtu_found(struct dtls_path_mtu *p, size_t len)
{
    p->confirmed = (uint16_t)len;
    if (p->lowered != 0 && p->lowered < len) {
        p->lowered = (uint16_t)len;
    }
}

void dtls_path_mtu_lost(struct dtls_path_mtu *p, uint64_t now)
{
    lower(p, DTLS_MTU_SAFE, now);
    p->confirmed = 0;
}

void dtls_path_mtu_begin(struct dtls_path_mtu *p, uint64_t now)
{
    if (p->lowered != 0 && now - p->lowered_at >= DTLS_MTU_RAISE_MS) {
        p->lowered = 0;
    }
}
