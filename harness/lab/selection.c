/* SPDX-License-Identifier: MIT */
/* The cells that --only and --cover choose (lab/selection.h). */
#include "lab/selection.h"

#include <stdlib.h>
#include <string.h>

/* Writes the key of KEY=WORD[,WORD...] to `out` and returns what follows the
 * '='. */
static const char *split(char out[LAB_ID_MAX], const char *text)
{
    const char *equals = strchr(text, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - text);

    for (size_t i = 0; lab_keys[i] != NULL && equals != NULL; i++) {
        if (strlen(lab_keys[i]) == len &&
            strncmp(lab_keys[i], text, len) == 0) {
            (void)snprintf(out, LAB_ID_MAX, "%s", lab_keys[i]);
            return equals + 1;
        }
    }
    (void)fprintf(
        stderr, "nxdtls interop: --only %s: not KEY=WORD[,WORD...]; keys are ",
        text);
    lab_print_keys(stderr);
    exit(2);
}

static bool passes(void *self, const struct lab_cell *cell)
{
    return lab_cell_passes(cell, self);
}

/* Keeps what passes the filters of ids, or all others.  An id is made for each
 * cell that is looked at, so those come last. */
static void keep_by(struct lab_cells *cells, const struct lab_options *options,
                    bool by_id)
{
    for (size_t i = 0; i < options->num_filters; i++) {
        const char *filter = options->filters[i];

        if ((strncmp(filter, "id=", 3) == 0) == by_id) {
            lab_cells_keep(cells, passes, (void *)(uintptr_t)filter);
        }
    }
}

/* Prints every word that a key can have. */
static void print_choices(const char *key)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    const struct dtls_suite *suite;

    if (strcmp(key, "client") == 0 || strcmp(key, "server") == 0 ||
        strcmp(key, "peer") == 0) {
        for (size_t i = 0; i < num; i++) {
            (void)fprintf(stderr, " %s", entries[i].name);
        }
    } else if (strcmp(key, "scenario") == 0) {
        for (size_t i = 0; i < lab_num_scenarios; i++) {
            (void)fprintf(stderr, " %s", lab_scenarios[i].name);
        }
    } else if (strcmp(key, "variant") == 0) {
        for (size_t i = 0; i < lab_num_variants; i++) {
            (void)fprintf(stderr, " %s", lab_variants[i].name);
        }
    } else if (strcmp(key, "auth") == 0) {
        for (int i = 0; i < SUT_NUM_AUTH; i++) {
            (void)fprintf(stderr, " %s", lab_auth_name((enum sut_auth)i));
        }
    } else if (strcmp(key, "kx") == 0) {
        for (size_t i = 0; lab_kx_name(i) != NULL; i++) {
            (void)fprintf(stderr, " %s", lab_kx_name(i));
        }
    } else if (strcmp(key, "cookie") == 0) {
        (void)fputs(" cookie no-cookie", stderr);
    } else if (strcmp(key, "suite") == 0) {
        for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
            (void)fprintf(stderr, " %04x", suite->id);
        }
    } else {
        (void)fputs(
            " CLIENT-SERVER/SUITE/AUTH/COOKIE/SCENARIO[/VARIANT], see --list",
            stderr);
    }
    (void)fputs("\n", stderr);
}

/* Ends the program unless every word of a filter matches some cell. */
static void check_words(const struct lab_cells *all, const char *text)
{
    char key[LAB_ID_MAX];
    char word[LAB_ID_MAX];
    const char *at = split(key, text);

    while (strcspn(at, ",") < sizeof word && lab_next_word(word, &at)) {
        size_t i = 0;

        while (i < all->num && !lab_cell_has(&all->cells[i], key, word)) {
            i++;
        }
        if (i == all->num) {
            (void)fprintf(stderr,
                          "nxdtls interop: --only %s: no %s is %s; there are:",
                          text, key, word);
            print_choices(key);
            exit(2);
        }
    }
    if (*at != '\0') {
        lab_bad_input("--only %s: a word is longer than any id", text);
    }
}

/* Marks the cells that cannot be played, and ends the program if none can. */
static void mark_refused(struct lab_cells *cells, const char *pki)
{
    size_t refused = 0;

    for (size_t i = 0; i < cells->num; i++) {
        struct lab_cell *cell = &cells->cells[i];

        cell->refused = lab_cell_refused(cell, pki);
        refused += cell->refused != NULL;
    }
    if (refused == cells->num) {
        lab_bad_input("not-applicable: %s", cells->cells[0].refused);
    }
}

void lab_select(struct lab_cells *out, const struct lab_options *options)
{
    lab_cells_all(out);
    for (size_t i = 0; i < options->num_filters; i++) {
        check_words(out, options->filters[i]);
    }
    keep_by(out, options, false);
    keep_by(out, options, true);
    if (out->num == 0) {
        lab_bad_input("no cell is all that the --only options say");
    }
    mark_refused(out, options->run.pki);
    lab_cells_thin(out, options->cover);
    lab_cells_fit(out);
}
