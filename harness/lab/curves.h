/* SPDX-License-Identifier: MIT */
/* Measures how long each library's handshakes with itself take under loss. */
#ifndef LAB_CURVES_H
#define LAB_CURVES_H

#include "lab/interop_options.h"

/* lab_curves measures, writes one JSON line for each pair, key exchange and
 * loss, and returns the exit status. */
int lab_curves(const struct lab_options *options, const volatile int *stop);

#endif
