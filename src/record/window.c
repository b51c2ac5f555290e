/* SPDX-License-Identifier: MIT */
/* The replay window (record/window.h). */
#include "record/window.h"

bool dtls_window_fresh(const struct dtls_window *window, uint64_t seq)
{
    if (window->seen == 0 || seq > window->right) {
        return true;
    }
    if (window->right - seq >= DTLS_WINDOW_SIZE) {
        return false;
    }
    return (window->seen >> (window->right - seq) & 1) == 0;
}

void dtls_window_mark(struct dtls_window *window, uint64_t seq)
{
    if (window->seen == 0) {
        *window = (struct dtls_window){.right = seq, .seen = 1};
        return;
    }
    if (seq > window->right) {
        uint64_t shift = seq - window->right;

        /* A shift by the width of the type is undefined in C. */
        window->seen = shift < DTLS_WINDOW_SIZE ? window->seen << shift : 0;
        window->seen |= 1;
        window->right = seq;
        return;
    }
    if (window->right - seq < DTLS_WINDOW_SIZE) {
        window->seen |= (uint64_t)1 << (window->right - seq);
    }
}
