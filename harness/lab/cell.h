/* SPDX-License-Identifier: MIT */
/* The cells of the matrix, their names, and the choice among them. */
#ifndef LAB_CELL_H
#define LAB_CELL_H

#include "lab/scenario.h"
#include "lab/variant.h"
#include "sut/sut.h"

struct lab_cell {
    const struct sut_entry *client;
    const struct sut_entry *server;
    const struct dtls_suite *suite;
    enum sut_auth auth;
    bool cookies;
    const struct lab_scenario *scenario;
    bool other_timeout; /* false in the matrix; lab_curves sets it */
    const struct lab_variant *variant;
    const char *refused; /* why it cannot be played; NULL: it can be */
};

enum lab_cover {
    LAB_COVER_EACH,  /* every value of every axis with every pair of ends   */
    LAB_COVER_PAIRS, /* every two values of two axes that occur together    */
    LAB_COVER_ALL
};

struct lab_cells {
    struct lab_cell *cells;
    size_t num;
    size_t cap;
};

#define LAB_ID_MAX 128

/* lab_cell_id writes CLIENT-SERVER/SUITE/AUTH/COOKIE/SCENARIO, with the suite
 * in four hex digits, and /VARIANT after it unless that is plain.
 *
 * A driver's name may have a '-', so an id is not split there.  Results have
 * the names as `group` and `column`; a program that has only the id compares
 * its first part with CLIENT-SERVER of every two drivers, which lab_test.py
 * keeps unambiguous. */
void lab_cell_id(char out[LAB_ID_MAX], const struct lab_cell *cell);

/* lab_cell_has: does `word`, which may have * and ?, match the cell's value of
 * `key`?  `peer` is either end. */
bool lab_cell_has(const struct lab_cell *cell, const char *key,
                  const char *word);

/* lab_cell_passes: does any word of the filter KEY=WORD[,WORD...] match? */
bool lab_cell_passes(const struct lab_cell *cell, const char *filter);

/* lab_next_word takes the next word off a list with commas; it returns false
 * at the end of the list. */
bool lab_next_word(char out[LAB_ID_MAX], const char **at);

/* The keys of filters, with NULL at the end. */
extern const char *const lab_keys[];

/* lab_cell_setup makes the setup of one end of the cell, without the host. */
struct sut_setup lab_cell_setup(const struct lab_cell *cell,
                                enum sut_role role, const char *pki);

/* lab_cell_refused returns why the cell cannot be played although this build
 * has both drivers; NULL if it can. */
const char *lab_cell_refused(const struct lab_cell *cell, const char *pki);

/* lab_suite_index returns the suite's place among the lab_num_suites. */
unsigned lab_suite_index(const struct dtls_suite *suite);
unsigned lab_num_suites(void);

const char *lab_auth_name(enum sut_auth auth);
/* lab_kx_name returns NULL after the last one. */
const char *lab_kx_name(size_t kx);

/* lab_cells_all lists every cell that makes sense, also those that its ends
 * cannot play. */
void lab_cells_all(struct lab_cells *out);
void lab_cells_free(struct lab_cells *cells);

/* lab_cells_keep removes every cell for which `keep` is false. */
void lab_cells_keep(struct lab_cells *cells,
                    bool (*keep)(void *self, const struct lab_cell *cell),
                    void *self);

/* lab_cells_fit gives back the memory of cells that were removed, if some are
 * left: whoever plays one forks, and a fork copies the tables of all pages. */
void lab_cells_fit(struct lab_cells *cells);

/* lab_cells_thin removes cells that `cover` does not need; it leaves nearly
 * the fewest.  It goes through the cells in a fixed shuffled order and keeps
 * those that bring two values together for the first time: first among the
 * cells that can be played, then among the others.  The choice is always the
 * same. */
void lab_cells_thin(struct lab_cells *cells, enum lab_cover cover);

#endif
