/* SPDX-License-Identifier: MIT */
/* Cells and their names (lab/cell.h); cover.c chooses among them. */
#include "lab/cell.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const lab_keys[] = {"id",      "client", "server", "peer",
                                "kx",      "suite",  "auth",   "scenario",
                                "variant", "cookie", NULL};

const char *lab_auth_name(enum sut_auth auth)
{
    static const char *const names[SUT_NUM_AUTH] = {
        [SUT_PSK] = "psk",
        [SUT_SERVER_CERT] = "server",
        [SUT_MUTUAL] = "mutual",
        [SUT_WRONG_PSK] = "wrong-psk",
        [SUT_WRONG_SERVER] = "wrong-server",
        [SUT_WRONG_CLIENT] = "wrong-client",
    };

    return names[auth];
}

static const char *const kx_names[] = {
    [DTLS_KX_RSA] = "rsa",
    [DTLS_KX_ECDHE_ECDSA] = "ecdhe-ecdsa",
    [DTLS_KX_ECDHE_RSA] = "ecdhe-rsa",
    [DTLS_KX_ECDH] = "ecdh",
    [DTLS_KX_PSK] = "psk",
    [DTLS_KX_ECDHE_PSK] = "ecdhe-psk",
    [DTLS_KX_ECJPAKE] = "ecjpake",
};

const char *lab_kx_name(size_t kx)
{
    return kx < sizeof kx_names / sizeof *kx_names ? kx_names[kx] : NULL;
}

static const char *cookie_name(const struct lab_cell *cell)
{
    return cell->cookies ? "cookie" : "no-cookie";
}

void lab_cell_id(char out[LAB_ID_MAX], const struct lab_cell *cell)
{
    bool is_plain = cell->variant == lab_variants;
    int len = snprintf(out, LAB_ID_MAX, "%s-%s/%04x/%s/%s/%s%s%s",
                       cell->client->name, cell->server->name, cell->suite->id,
                       lab_auth_name(cell->auth), cookie_name(cell),
                       cell->scenario->name, is_plain ? "" : "/",
                       is_plain ? "" : cell->variant->name);

    assert(len > 0 && len < LAB_ID_MAX);
}

static bool matches(const char *word, const char *value)
{
    return fnmatch(word, value, 0) == 0;
}

bool lab_cell_has(const struct lab_cell *cell, const char *key,
                  const char *word)
{
    char id[LAB_ID_MAX];
    char suite[8];

    if (strcmp(key, "id") == 0) {
        lab_cell_id(id, cell);
        return matches(word, id);
    }
    if (strcmp(key, "client") == 0) {
        return matches(word, cell->client->name);
    }
    if (strcmp(key, "server") == 0) {
        return matches(word, cell->server->name);
    }
    if (strcmp(key, "peer") == 0) {
        return matches(word, cell->client->name) ||
               matches(word, cell->server->name);
    }
    if (strcmp(key, "kx") == 0) {
        return matches(word, lab_kx_name(cell->suite->kx));
    }
    if (strcmp(key, "suite") == 0) {
        (void)snprintf(suite, sizeof suite, "%04x", cell->suite->id);
        return matches(word, suite) || matches(word, cell->suite->name);
    }
    if (strcmp(key, "auth") == 0) {
        return matches(word, lab_auth_name(cell->auth));
    }
    if (strcmp(key, "scenario") == 0) {
        return matches(word, cell->scenario->name);
    }
    if (strcmp(key, "variant") == 0) {
        return matches(word, cell->variant->name);
    }
    return matches(word, cookie_name(cell));
}

bool lab_next_word(char out[LAB_ID_MAX], const char **at)
{
    size_t len = strcspn(*at, ",");
    size_t kept = len < LAB_ID_MAX ? len : LAB_ID_MAX - 1;

    if (**at == '\0') {
        return false;
    }
    memcpy(out, *at, kept);
    out[kept] = '\0';
    *at += len + ((*at)[len] == ',');
    return true;
}

bool lab_cell_passes(const struct lab_cell *cell, const char *filter)
{
    char key[16];
    char word[LAB_ID_MAX];
    const char *at = strchr(filter, '=');

    assert(at != NULL && at - filter < (int)sizeof key);
    memcpy(key, filter, (size_t)(at - filter));
    key[at - filter] = '\0';
    at++;
    while (lab_next_word(word, &at)) {
        if (lab_cell_has(cell, key, word)) {
            return true;
        }
    }
    return false;
}

struct sut_setup lab_cell_setup(const struct lab_cell *cell,
                                enum sut_role role, const char *pki)
{
    return (struct sut_setup){
        .role = role,
        .suite = cell->suite,
        .auth = cell->auth,
        .cookies = cell->cookies,
        .mtu = cell->scenario->mtu,
        .path_mtu = cell->scenario->path_mtu,
        .other_timeout = cell->other_timeout,
        .group = cell->variant->group,
        .intermediates = cell->variant->intermediates,
        .begins = cell->variant->begins,
        .refused = cell->variant->refused,
        .resumes = cell->variant->resumes,
        .raw_keys = cell->variant->raw_keys,
        .srtp = cell->variant->srtp,
        .staples = cell->variant->staples,
        .pki = pki,
    };
}

/* A place in a table with an axis for each number that was added. */
struct place {
    size_t index;
    size_t size; /* of the table */
};

static void add_axis(struct place *place, size_t value, size_t num)
{
    assert(value < num);
    place->index = place->index * num + value;
    place->size *= num;
}

/* Returns where the answer of `refuses` is kept.  Asking a library is slow and
 * there are many cells; its answer depends on nothing but these axes. */
static const char **known(const struct lab_cell *cell,
                          const struct sut_entry *entry,
                          const struct sut_setup *setup)
{
    static const char **answers;
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);
    struct place place = {0, 1};

    add_axis(&place, (size_t)(entry - entries), num);
    add_axis(&place, setup->role, 2);
    add_axis(&place, lab_suite_index(cell->suite), lab_num_suites());
    add_axis(&place, (size_t)(cell->variant - lab_variants), lab_num_variants);
    add_axis(&place, cell->cookies, 2);
    add_axis(&place, setup->mtu == LAB_MTU, 2);
    add_axis(&place, setup->path_mtu, 2);
    if (answers == NULL) {
        answers = calloc(place.size, sizeof *answers);
        assert(answers != NULL);
    }
    return &answers[place.index];
}

static const char *end_refused(const struct lab_cell *cell, enum sut_role role,
                               const char *pki)
{
    static const char accepted[] = "";
    const struct sut_entry *entry =
        role == SUT_CLIENT ? cell->client : cell->server;
    struct sut_setup setup = lab_cell_setup(cell, role, pki);
    const char **why;

    if (entry->driver == NULL) {
        return NULL; /* that fails */
    }
    why = known(cell, entry, &setup);
    if (*why == NULL) {
        *why = entry->driver->refuses(&setup);
        *why = *why == NULL ? accepted : *why;
    }
    return **why == '\0' ? NULL : *why;
}

unsigned lab_suite_index(const struct dtls_suite *suite)
{
    unsigned i = 0;

    while (dtls_suite_at(i) != suite) {
        i++;
    }
    return i;
}

unsigned lab_num_suites(void)
{
    unsigned num = 0;

    while (dtls_suite_at(num) != NULL) {
        num++;
    }
    return num;
}

const char *lab_cell_refused(const struct lab_cell *cell, const char *pki)
{
    const struct sut_driver *server = cell->server->driver;
    const char *why = end_refused(cell, SUT_CLIENT, pki);

    if (why == NULL) {
        why = end_refused(cell, SUT_SERVER, pki);
    }
    if (why == NULL && cell->scenario->moves && server != NULL &&
        !server->knows_addresses) {
        why = "the library leaves clients' addresses to the application";
    }
    return why;
}

static bool has_ecdhe(const struct dtls_suite *suite)
{
    return suite->kx == DTLS_KX_ECDHE_ECDSA ||
           suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_ECDHE_PSK;
}

/* A session is resumed in every scenario in which handshakes succeed, but not
 * one that a password has made (decision 30). */
static bool may_resume(const struct lab_cell *cell)
{
    return cell->scenario->outcome == LAB_MUST_CONNECT &&
           cell->suite->kx != DTLS_KX_ECJPAKE;
}

/* A variant is played only where both ends can authenticate and, but for
 * resumption, a cell is one play.  Another handshake needs a scenario in which
 * the first one succeeds and nothing is lost after it; after one with a
 * password there is no other (decision 30). */
static bool variant_makes_sense(const struct lab_cell *cell)
{
    const struct lab_variant *v = cell->variant;
    const struct lab_scenario *s = cell->scenario;

    if (v == lab_variants) {
        return true;
    }
    if (cell->auth >= SUT_WRONG_PSK) {
        return false;
    }
    if (v->resumes != SUT_KEEPS_NOTHING) {
        return may_resume(cell);
    }
    if (s->sweep != LAB_ONCE) {
        return false;
    }
    if (v->begins != SUT_NOBODY_BEGINS) {
        return s->outcome == LAB_MUST_CONNECT && !s->replay &&
               lab_scenario_keeps_data(s) &&
               cell->suite->kx != DTLS_KX_ECJPAKE;
    }
    if (v->srtp) {
        return true;
    }
    return v->group != 0 ? has_ecdhe(cell->suite)
                         : dtls_suite_has_certificate(cell->suite);
}

static bool fits(const struct dtls_suite *suite, enum sut_auth auth)
{
    return dtls_suite_has_certificate(suite) !=
           (auth == SUT_PSK || auth == SUT_WRONG_PSK);
}

/* A pair that must fail to authenticate is played on a clean network only. */
static bool makes_sense(const struct lab_cell *cell)
{
    const struct lab_scenario *s = cell->scenario;

    if (!fits(cell->suite, cell->auth) || !variant_makes_sense(cell)) {
        return false;
    }
    if (cell->auth >= SUT_WRONG_PSK && strcmp(s->name, "clean") != 0) {
        return false;
    }
    return cell->cookies || strcmp(s->name, "move-cookie") != 0;
}

static void append(struct lab_cells *list, const struct lab_cell *cell)
{
    if (list->num == list->cap) {
        list->cap = list->cap == 0 ? 4096 : list->cap * 2;
        list->cells = realloc(list->cells, list->cap * sizeof *list->cells);
        assert(list->cells != NULL);
    }
    list->cells[list->num++] = *cell;
}

static void add_scenarios(struct lab_cells *out, struct lab_cell cell)
{
    for (size_t i = 0; i < lab_num_scenarios * lab_num_variants; i++) {
        cell.scenario = &lab_scenarios[i / lab_num_variants];
        cell.variant = &lab_variants[i % lab_num_variants];
        if (makes_sense(&cell)) {
            append(out, &cell);
        }
    }
}

static void add_pair(struct lab_cells *out, const struct sut_entry *client,
                     const struct sut_entry *server)
{
    struct lab_cell cell = {.client = client, .server = server};

    for (size_t i = 0; (cell.suite = dtls_suite_at(i)) != NULL; i++) {
        for (int auth = 0; auth < SUT_NUM_AUTH; auth++) {
            cell.auth = (enum sut_auth)auth;
            cell.cookies = true;
            add_scenarios(out, cell);
            cell.cookies = false;
            add_scenarios(out, cell);
        }
    }
}

void lab_cells_all(struct lab_cells *out)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    *out = (struct lab_cells){0};
    for (size_t c = 0; c < num; c++) {
        for (size_t s = 0; s < num; s++) {
            add_pair(out, &entries[c], &entries[s]);
        }
    }
}

void lab_cells_free(struct lab_cells *cells)
{
    free(cells->cells);
    *cells = (struct lab_cells){0};
}

void lab_cells_fit(struct lab_cells *cells)
{
    struct lab_cell *fit;

    assert(cells->num != 0);
    fit = realloc(cells->cells, cells->num * sizeof *fit);
    if (fit != NULL) {
        cells->cells = fit;
        cells->cap = cells->num;
    }
}

void lab_cells_keep(struct lab_cells *cells,
                    bool (*keep)(void *self, const struct lab_cell *cell),
                    void *self)
{
    size_t kept = 0;

    for (size_t i = 0; i < cells->num; i++) {
        if (keep(self, &cells->cells[i])) {
            cells->cells[kept++] = cells->cells[i];
        }
    }
    cells->num = kept;
}
