/* SPDX-License-Identifier: MIT */
/* What the parts of make_seeds share. */
#ifndef FUZZERS_SEEDS_H
#define FUZZERS_SEEDS_H

#include "base/bytes.h"

enum { SEED_MAX = 1 << 16 };

/* A seed that is being put together. */
struct seed {
    uint8_t bytes[SEED_MAX];
    struct dtls_buf buf;
};

void seed_begin(struct seed *s);
void seed_u8(struct seed *s, unsigned value);
void seed_u16(struct seed *s, unsigned value);
void seed_bytes(struct seed *s, struct dtls_bytes bytes);

/* seed_end writes it to the target's corpus; seed_write does so with bytes
 * that stand elsewhere.  seed_read is the length of what it has read. */
void seed_end(const struct seed *s, const char *target, const char *name);
void seed_write(const char *target, const char *name, struct dtls_bytes bytes);
size_t seed_read(struct seed *s, const char *target, const char *name);

/* seeds_handshakes.c: whole associations, and what they said cut into
 * messages.  seeds_check_handshakes returns how many associations do not
 * connect any more. */
void seeds_write_handshakes(void);
int seeds_check_handshakes(void);

/* seeds_x509.c: chains and CRLs. */
void seeds_write_x509(void);

/* seeds_by_hand.c: all others. */
void seeds_write_by_hand(void);

/* dictionaries.c: dtls.dict and der.dict in `folder`; 0 if it wrote them. */
int seeds_write_dictionaries(const char *folder);

#endif
