/* SPDX-License-Identifier: MIT */
/* The choice of cells by `nxdtls interop --only` and `--cover`. */
#ifndef LAB_SELECTION_H
#define LAB_SELECTION_H

#include "lab/interop_options.h"

/* lab_select lists the cells to play, and marks those that cannot be played.
 * It ends the program with status 2 if a filter has a word that no cell has,
 * after a line that names all possible words, or if no cell is left. */
void lab_select(struct lab_cells *out, const struct lab_options *options);

#endif
