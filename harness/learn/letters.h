/* SPDX-License-Identifier: MIT */
/* The learner's alphabet: what a voice (learn/voice.h) can say, by name. */
#ifndef LEARN_LETTERS_H
#define LEARN_LETTERS_H

#include "learn/voice.h"
#include "learn/words.h"

struct letter {
    const char *name;
    enum dtls_role role; /* who says it */
    /* Is it of use in this key exchange?  NULL: in each. */
    bool (*suits)(const struct dtls_suite *suite, bool client_auth);
    void (*say)(struct voice *v);
};

/* letters_of lists the letters for a target and returns their number, at most
 * LETTERS_MAX.  `role` is the voice's; `client_auth`: the server asks for a
 * certificate. */
size_t letters_of(const struct letter *out[LETTERS_MAX], enum dtls_role role,
                  const struct dtls_suite *suite, bool client_auth);

/* letters_handshake writes the word of an honest handshake, with data behind
 * it; `request`: a server asks for a certificate, `cookies`: and for a cookie.
 * A letter that the alphabet lacks is left out. */
void letters_handshake(struct word *out, const struct letter *const *letters,
                       size_t num, const struct dtls_suite *suite,
                       bool request, bool cookies);

#endif
