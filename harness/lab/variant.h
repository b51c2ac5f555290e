/* SPDX-License-Identifier: MIT */
/* One axis of the matrix: what a cell does differently from most, such as
 * another group, a longer chain, or another handshake in the same association
 * (variant.c). */
#ifndef LAB_VARIANT_H
#define LAB_VARIANT_H

#include "sut/sut.h"

struct lab_variant {
    const char *name;
    const char *what;
    /* These become members of struct sut_setup. */
    uint16_t group;
    unsigned intermediates;
    enum sut_begins begins;
    bool refused;
    enum sut_resumption resumes;
    bool raw_keys;
    bool srtp;
    bool staples;
};

/* The first one is plain. */
extern const struct lab_variant lab_variants[];
extern const size_t lab_num_variants;

#endif
