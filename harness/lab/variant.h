/* SPDX-License-Identifier: MIT */
/* What a cell does otherwise than most: another group, a longer chain, another
 * handshake in the same association (variant.c). */
#ifndef LAB_VARIANT_H
#define LAB_VARIANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who begins another handshake when all is connected. */
enum lab_begins { LAB_NOBODY_BEGINS, LAB_CLIENT_BEGINS, LAB_SERVER_BEGINS };

struct lab_variant {
    const char *name;
    const char *what;
    uint16_t group;         /* of ECDHE; 0: whatever the ends agree on       */
    unsigned intermediates; /* between the root and what an end shows        */
    enum lab_begins begins;
    bool refused; /* and the other end refuses */
};

/* The first one is plain. */
extern const struct lab_variant lab_variants[];
extern const size_t lab_num_variants;

#define LAB_INTERMEDIATES_MAX 2

#endif
