/* SPDX-License-Identifier: MIT */
/* How long handshakes take under loss: ours and each library's own pair. */
#ifndef LAB_CURVES_H
#define LAB_CURVES_H

#include "lab/interop_options.h"

/* lab_curves measures and writes one JSON line for each pair, key exchange and
 * loss; the exit status of the program. */
int lab_curves(const struct lab_options *options, const volatile int *stop);

#endif
