/* SPDX-License-Identifier: MIT */
/* The replay window (record/window.h). */
#include "record/window.h"

#include <string.h>

/* Tells whether the window is empty: in any other the right edge is marked. */
static bool is_empty(const struct dtls_window *window)
{
    return window->seen[0] == 0;
}

static uint64_t size_of(const struct dtls_window *window)
{
    return window->size != 0 ? window->size : DTLS_WINDOW_SIZE;
}

static bool is_right_of(const struct dtls_window *window, uint64_t seq)
{
    return is_empty(window) || seq > window->right;
}

bool dtls_window_is_new_right(const struct dtls_window *window, uint64_t seq)
{
    return is_right_of(window, seq);
}

bool dtls_window_seen(const struct dtls_window *window, uint64_t seq)
{
    uint64_t distance = window->right - seq;

    return !is_right_of(window, seq) && distance < size_of(window) &&
           (window->seen[distance / 64] >> distance % 64 & 1) != 0;
}

bool dtls_window_fresh(const struct dtls_window *window, uint64_t seq)
{
    return is_right_of(window, seq) ||
           (window->right - seq < size_of(window) &&
            !dtls_window_seen(window, seq));
}

/* Moves the bits to higher numbers, in the words that the window needs.  A
 * shift by the width of a word is undefined in C; one by more than all words
 * leaves nothing. */
static void shift(struct dtls_window *window, uint64_t distance)
{
    uint64_t words = distance / 64;
    unsigned bits = distance % 64;

    for (uint64_t i = (size_of(window) + 63) / 64; i-- > 0;) {
        uint64_t high = i >= words ? window->seen[i - words] : 0;
        uint64_t low = i > words ? window->seen[i - words - 1] : 0;

        window->seen[i] = bits == 0 ? high : high << bits | low >> (64 - bits);
    }
}

void dtls_window_mark(struct dtls_window *window, uint64_t seq)
{
    uint64_t distance = window->right - seq;

    if (is_right_of(window, seq)) {
        shift(window, seq - window->right);
        window->seen[0] |= 1;
        window->right = seq;
    } else if (distance < size_of(window)) {
        window->seen[distance / 64] |= (uint64_t)1 << distance % 64;
    }
}

void dtls_window_close(struct dtls_window *window, uint64_t right)
{
    window->right = right;
    memset(window->seen, 0xff, sizeof window->seen);
}
