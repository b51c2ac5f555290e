/* SPDX-License-Identifier: MIT */
/* The replay window (RFC 6347, 4.1.2.6). */
#ifndef DTLS_RECORD_WINDOW_H
#define DTLS_RECORD_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define DTLS_WINDOW_SIZE 64 /* records, by default                         */
#define DTLS_WINDOW_MAX 256
#define DTLS_WINDOW_WORDS (DTLS_WINDOW_MAX / 64)

/* struct dtls_window: all zero is an empty window of the default size.  Bit i
 * of `seen` stands for right - i; bit 0 is the lowest bit of the first
 * word. */
struct dtls_window {
    uint64_t right; /* highest authenticated sequence number */
    uint64_t seen[DTLS_WINDOW_WORDS];
    uint16_t size; /* records, up to DTLS_WINDOW_MAX; 0: DTLS_WINDOW_SIZE */
};

/* dtls_window_fresh returns true if a record with this number may be new: it
 * is neither marked in the window nor left of it. */
bool dtls_window_fresh(const struct dtls_window *window, uint64_t seq);

/* dtls_window_is_new_right returns true if the number is above all that are
 * marked. */
bool dtls_window_is_new_right(const struct dtls_window *window, uint64_t seq);

/* dtls_window_seen returns true if this number is marked in the window. */
bool dtls_window_seen(const struct dtls_window *window, uint64_t seq);

/* dtls_window_close makes `right` the highest number, and leaves no number up
 * to it that may still come. */
void dtls_window_close(struct dtls_window *window, uint64_t right);

/* dtls_window_mark marks the number of an authenticated record. */
void dtls_window_mark(struct dtls_window *window, uint64_t seq);

#endif
