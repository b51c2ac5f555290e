/* SPDX-License-Identifier: MIT */
/* One seed: put together from its fields, written to a corpus, read again.
 * A seed that is too long or cannot be written ends the process. */
#ifndef FUZZERS_SEEDS_SEED_H
#define FUZZERS_SEEDS_SEED_H

#include "base/bytes.h"

enum { SEED_MAX = 1 << 16 };

struct seed {
    uint8_t bytes[SEED_MAX];
    struct dtls_buf buf;
};

/* seed_set_corpus names the folder of all corpora.  It comes before
 * everything that reads or writes; `folder` must stay. */
void seed_set_corpus(const char *folder);

/* seed_begin starts an empty seed; the others append to it. */
void seed_begin(struct seed *s);
void seed_u8(struct seed *s, unsigned value);
void seed_u16(struct seed *s, unsigned value);
void seed_bytes(struct seed *s, struct dtls_bytes bytes);

/* seed_end writes the seed as `name` to the target's corpus.  seed_write does
 * the same with bytes that stand elsewhere. */
void seed_end(const struct seed *s, const char *target, const char *name);
void seed_write(const char *target, const char *name, struct dtls_bytes bytes);

/* seed_read reads a seed of the corpus into s->bytes and returns its length:
 * 0, and a message on stderr, if there is none. */
size_t seed_read(struct seed *s, const char *target, const char *name);

#endif
