/* SPDX-License-Identifier: MIT */
/* The parameters of a check (check/combination.h). */
#include "check/combination.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_OF_TWO_CAS 4 /* certificates, with the root's */

enum kind { WORD, NUMBER, HEX };

struct row {
    const char *name;
    enum kind kind;
    unsigned group;
    const char *words;
    const char *help;
};

#define PARAMETER_ROW(name, kind, group, words, help)                         \
    {#name, kind, group, words, help},
static const struct row rows[NUM_PARAMETERS] = {PARAMETERS(PARAMETER_ROW)};
#undef PARAMETER_ROW

unsigned combination_group(enum parameter parameter)
{
    return rows[parameter].group;
}

const char *combination_name(enum parameter parameter)
{
    return rows[parameter].name;
}

/* ---- what the target claims ---- */

/* The end that the lab's peer meets. */
struct end {
    const struct ics *ics;
    bool is_client;
    bool real_time;
};

struct values {
    uint16_t *list;
    size_t num;
};

static void add(struct values *out, unsigned value)
{
    if (out->num < COMBINATIONS_VALUES_MAX) {
        out->list[out->num++] = (uint16_t)value;
    }
}

/* Adds the numbers, or words with these numbers, from 1 to `last`. */
static void add_up_to(struct values *out, unsigned last)
{
    for (unsigned i = 1; i <= last; i++) {
        add(out, i);
    }
}

static bool is_our_suite(uint16_t suite)
{
    return dtls_suite_find(suite) != NULL;
}

static bool is_our_group(uint16_t group)
{
    return dtls_group_point_len(group) != 0;
}

/* No certificate of the lab's has a key for the pairs of EdDSA. */
static bool is_our_pair(uint16_t pair)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(pair);

    return alg != NULL && alg->key != DTLS_KEY_ED25519;
}

static void add_claimed(struct values *out, const char *list, int base,
                        bool (*is_ours)(uint16_t value))
{
    char *end;

    for (;;) {
        unsigned long value;

        list += strspn(list, ", \t");
        value = strtoul(list, &end, base);
        if (end == list) {
            return;
        }
        if (is_ours((uint16_t)value)) {
            add(out, (unsigned)value);
        }
        list = end;
    }
}

static void add_groups(struct values *out, const struct end *t)
{
    add_claimed(out, t->ics->values[ICS_groups], 10, is_our_group);
}

static void add_pairs(struct values *out, const struct end *t)
{
    add_claimed(out, t->ics->values[ICS_sigs], 16, is_our_pair);
}

/* A server as the peer has every kind; a client shows one only if it is asked,
 * and of the servers that can ask those outside do. */
static void add_certificates(struct values *out, const struct end *t)
{
    const struct ics *ics = t->ics;

    if ((t->is_client || (t->real_time && ics_claims(ics, ICS_clientauth))) &&
        ics_number(ics, ICS_depth) >= DEPTH_OF_TWO_CAS) {
        add_up_to(out, WITH_TWO_CAS);
    }
    if (t->is_client) {
        add(out, WITH_RSA_3072);
        add(out, WITH_RSA_4096);
    }
    if (t->is_client && ics_has(ics, ICS_groups, "24") &&
        ics_has(ics, ICS_sigs, "0503")) {
        add(out, WITH_P384);
    }
    if (!t->is_client && t->real_time &&
        ics_has(ics, ICS_clientauth, "optional")) {
        add(out, WITH_NO_CERTIFICATE);
    }
}

/* A client may refuse a server without the signal. */
static void add_signals(struct values *out, const struct end *t)
{
    if (!t->is_client) {
        add_up_to(out, ics_has(t->ics, ICS_reneg_info, "require")
                           ? WITH_EXTENSION
                           : WITHOUT_SIGNAL);
    }
}

static bool is_client(const struct end *t)
{
    return t->is_client;
}

static bool is_server(const struct end *t)
{
    return !t->is_client;
}

static bool can_do_without_ems(const struct end *t)
{
    return !ics_has(t->ics, ICS_ems, "require");
}

static bool can_do_without_etm(const struct end *t)
{
    return !ics_has(t->ics, ICS_etm, "require");
}

/* A name that a server does not have may be refused. */
static bool has_name(const struct end *t)
{
    return is_server(t) && ics_claims(t->ics, ICS_sni);
}

/* The lab's peer does not speak the next four: it must not be answered. */
static bool has_no_tickets(const struct end *t)
{
    return is_server(t) && !ics_claims(t->ics, ICS_ticket) &&
           !ics_has(t->ics, ICS_resume, "ticket") &&
           !ics_has(t->ics, ICS_resume, "both");
}

static bool has_no_heartbeats(const struct end *t)
{
    return is_server(t) && !ics_claims(t->ics, ICS_hb);
}

static bool has_no_status(const struct end *t)
{
    return is_server(t) && !ics_claims(t->ics, ICS_ocsp);
}

static bool has_no_ids(const struct end *t)
{
    return is_server(t) && !ics_claims(t->ics, ICS_cid);
}

static bool has_echo(const struct end *t)
{
    return ics_claims(t->ics, ICS_echo);
}

/* Where the values come from, if the target is such an end: a function, or
 * numbers, which end with 0; none of these: all words. */
static const struct {
    bool (*is_for)(const struct end *t); /* NULL: every end */
    void (*add)(struct values *out, const struct end *t);
    uint16_t numbers[8];
} sources[NUM_PARAMETERS] = {
    [WITH_certificate] = {.add = add_certificates},
    [WITH_group] = {.add = add_groups},
    [WITH_pair] = {.add = add_pairs},
    [WITH_request] = {.is_for = is_client},
    [WITH_ems] = {.is_for = can_do_without_ems},
    [WITH_etm] = {.is_for = can_do_without_etm},
    [WITH_reneg_info] = {.add = add_signals},
    [WITH_fragment] = {.numbers = {1, 50, 111, 256, 1000, 1400}},
    [WITH_cookies] = {.is_for = is_client, .numbers = {1, 2}},
    [WITH_cookie] = {.is_for = is_client, .numbers = {1, 20, 32, 255}},
    [WITH_alpn] = {.is_for = is_server},
    [WITH_sni] = {.is_for = has_name},
    [WITH_mfl] = {.is_for = is_server, .numbers = {512, 1024, 2048, 4096}},
    [WITH_rsl] = {.is_for = is_server, .numbers = {256, 16384}},
    [WITH_ticket] = {.is_for = has_no_tickets},
    [WITH_heartbeat] = {.is_for = has_no_heartbeats},
    [WITH_status] = {.is_for = has_no_status},
    [WITH_cid] = {.is_for = has_no_ids},
    [WITH_padding] = {.is_for = is_server},
    [WITH_grease] = {.is_for = is_server},
    [WITH_data] = {.is_for = has_echo,
                   .numbers = {1, 15, 16, 17, 255, 256, 1000}},
};

static unsigned last_word(enum parameter parameter)
{
    unsigned num = 0;

    for (const char *at = rows[parameter].words; *at != '\0'; at++) {
        num += *at == '|';
    }
    return num;
}

size_t combination_values(uint16_t list[COMBINATIONS_VALUES_MAX],
                          const struct ics *ics, bool target_is_client,
                          bool real_time, enum parameter parameter)
{
    const struct end end = {ics, target_is_client, real_time};
    struct values out = {list, 0};

    add(&out, 0);
    if (sources[parameter].is_for != NULL &&
        !sources[parameter].is_for(&end)) {
        return out.num;
    }
    if (sources[parameter].add != NULL) {
        sources[parameter].add(&out, &end);
    } else if (sources[parameter].numbers[0] == 0) {
        add_up_to(&out, last_word(parameter));
    }
    for (const uint16_t *n = sources[parameter].numbers; *n != 0; n++) {
        add(&out, *n);
    }
    return out.num;
}

/* ---- what goes with what ---- */

static bool certificate_fits(uint16_t v, const struct dtls_suite *suite)
{
    if (v == WITH_P384) {
        return suite->kx == DTLS_KX_ECDHE_ECDSA;
    }
    if (v == WITH_RSA_3072 || v == WITH_RSA_4096) {
        return suite->kx == DTLS_KX_ECDHE_RSA || suite->kx == DTLS_KX_RSA;
    }
    return dtls_suite_has_certificate(suite);
}

static bool group_fits(uint16_t v, const struct dtls_suite *suite)
{
    (void)v;
    return dtls_suite_is_ecdhe(suite);
}

static bool pair_fits(uint16_t v, const struct dtls_suite *suite)
{
    const struct dtls_sigalg *alg = dtls_sigalg_find(v);
    enum dtls_key_type key = suite->kx == DTLS_KX_ECDHE_ECDSA ? DTLS_KEY_EC
                             : suite->kx == DTLS_KX_ECDHE_RSA ? DTLS_KEY_RSA
                                                              : DTLS_KEY_NONE;

    return alg != NULL && alg->key == key;
}

static bool request_fits(uint16_t v, const struct dtls_suite *suite)
{
    (void)v;
    return dtls_suite_has_certificate(suite);
}

static bool etm_fits(uint16_t v, const struct dtls_suite *suite)
{
    (void)v;
    return suite->cipher == DTLS_CIPHER_CBC;
}

static bool grease_fits(uint16_t v, const struct dtls_suite *suite)
{
    return (v != WITH_GREASE_GROUPS || dtls_suite_has_curve(suite)) &&
           (v != WITH_GREASE_PAIRS || dtls_suite_has_certificate(suite));
}

static bool (*const fits_suite[NUM_PARAMETERS])(
    uint16_t v, const struct dtls_suite *suite) = {
    [WITH_certificate] = certificate_fits,
    [WITH_group] = group_fits,
    [WITH_pair] = pair_fits,
    [WITH_request] = request_fits,
    [WITH_etm] = etm_fits,
    [WITH_grease] = grease_fits,
};

static bool is_set(uint16_t v, uint16_t w)
{
    (void)v;
    return w != 0;
}

static bool keeps_pieces(uint16_t v, uint16_t w)
{
    (void)v;
    return w == WITH_MESSAGES || w == WITH_FLIGHTS;
}

static bool is_no_long_record(uint16_t v, uint16_t w)
{
    (void)v;
    return w != WITH_ONE_RECORD;
}

static bool is_not_longer(uint16_t v, uint16_t w)
{
    return w <= v;
}

/* A value of `p` that is not the usual one goes only with such ones of `q`. */
static const struct {
    enum parameter p;
    enum parameter q;
    bool (*fits)(uint16_t v, uint16_t w);
} rules[] = {
    {WITH_order, WITH_fragment, is_set},
    {WITH_overlap, WITH_fragment, is_set},
    {WITH_fragment, WITH_packing, keeps_pieces},
    {WITH_cookie, WITH_cookies, is_set},
    {WITH_mfl, WITH_packing, is_no_long_record},
    {WITH_mfl, WITH_data, is_not_longer},
    {WITH_rsl, WITH_data, is_not_longer},
};

static bool goes_with(enum parameter p, uint16_t v, enum parameter q,
                      uint16_t w)
{
    const struct dtls_suite *suite =
        q == WITH_suite ? dtls_suite_find(w) : NULL;

    if (suite != NULL && fits_suite[p] != NULL) {
        return fits_suite[p](v, suite);
    }
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].p == p && rules[i].q == q) {
            return rules[i].fits(v, w);
        }
    }
    return true;
}

bool combination_fits(enum parameter p, uint16_t v, enum parameter q,
                      uint16_t w)
{
    return (v == 0 || goes_with(p, v, q, w)) &&
           (w == 0 || goes_with(q, w, p, v));
}

bool combination_is_possible(const struct combination *c)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        for (int q = 0; q < p; q++) {
            if (!combination_fits((enum parameter)p, c->values[p],
                                  (enum parameter)q, c->values[q])) {
                return false;
            }
        }
    }
    return true;
}

/* ---- as text ---- */

/* Returns the word with this number, and its length; the list has it. */
static const char *word_at(const char *words, unsigned number, size_t *len)
{
    for (; number > 0; number--) {
        words += strcspn(words, "|") + 1;
    }
    *len = strcspn(words, "|");
    return words;
}

bool combination_value(char *out, size_t size, const struct combination *c,
                       enum parameter p)
{
    const uint16_t value = c->values[p];
    const char *word;
    size_t len;

    switch (rows[p].kind) {
    case WORD:
        word = word_at(rows[p].words, value, &len);
        (void)snprintf(out, size, "%.*s", (int)len, word);
        break;
    case NUMBER:
        (void)snprintf(out, size, "%u", value);
        break;
    case HEX:
        (void)snprintf(out, size, "%04x", value);
        break;
    }
    return value != 0;
}

void combination_write(char *out, size_t size, const struct combination *c,
                       const char *between)
{
    size_t len = 0;

    *out = '\0';
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        char value[32];

        if (combination_value(value, sizeof value, c, (enum parameter)p) &&
            len < size) {
            len +=
                (size_t)snprintf(out + len, size - len, "%s%s=%s",
                                 len == 0 ? "" : between, rows[p].name, value);
        }
    }
}

static bool is_few(uint16_t value)
{
    return value <= 5;
}

static bool is_byte(uint16_t value)
{
    return value <= 255;
}

static bool is_fragment_length(uint16_t value)
{
    return value == 512 || value == 1024 || value == 2048 || value == 4096;
}

static bool is_limit(uint16_t value)
{
    return value >= 64 && value <= 16384;
}

static bool is_data_len(uint16_t value)
{
    return value <= COMBINATION_DATA_MAX;
}

static bool (*const is_playable[NUM_PARAMETERS])(uint16_t value) = {
    [WITH_suite] = is_our_suite, [WITH_group] = is_our_group,
    [WITH_pair] = is_our_pair,   [WITH_cookies] = is_few,
    [WITH_cookie] = is_byte,     [WITH_mfl] = is_fragment_length,
    [WITH_rsl] = is_limit,       [WITH_data] = is_data_len,
};

static bool read_value(uint16_t *out, enum parameter p, const char *text)
{
    const struct row *row = &rows[p];
    char *end;
    unsigned long value;
    size_t len;

    if (row->kind != WORD) {
        value = strtoul(text, &end, row->kind == HEX ? 16 : 10);
        *out = (uint16_t)value;
        return *end == '\0' && *text >= '0' && *text <= 'f' && value >= 1 &&
               value <= 0xffff &&
               (is_playable[p] == NULL || is_playable[p]((uint16_t)value));
    }
    for (unsigned i = 0;; i++) {
        const char *word = word_at(row->words, i, &len);

        if (strlen(text) == len && memcmp(text, word, len) == 0) {
            *out = (uint16_t)i;
            return true;
        }
        if (word[len] == '\0') {
            return false;
        }
    }
}

static int find(const char *name)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        if (strcmp(rows[p].name, name) == 0) {
            return p;
        }
    }
    return -1;
}

static void list_names(char *out, size_t size)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        size_t len = strlen(out);

        (void)snprintf(out + len, size - len, " %s", rows[p].name);
    }
}

bool combination_read(struct combination *out, const char *text, char *problem,
                      size_t size)
{
    char copy[COMBINATION_MAX];
    char *rest = copy;
    char *one;

    *out = (struct combination){0};
    (void)snprintf(copy, sizeof copy, "%s", text);
    while ((one = strsep(&rest, ",")) != NULL) {
        char *value = strchr(one, '=');
        int p;

        if (value != NULL) {
            *value++ = '\0';
        }
        p = find(one);
        if (p < 0) {
            (void)snprintf(problem, size, "%s: no such parameter; there are",
                           one);
            list_names(problem, size);
            return false;
        }
        if (value == NULL ||
            !read_value(&out->values[p], (enum parameter)p, value)) {
            (void)snprintf(problem, size, "%s=%s: not a value (%s)", one,
                           value == NULL ? "" : value, rows[p].words);
            return false;
        }
    }
    if (!combination_is_possible(out)) {
        (void)snprintf(problem, size, "no peer can do all of this at once");
        return false;
    }
    return true;
}

void combination_help(FILE *out)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        (void)fprintf(out, "  %-12s %s (%s)\n", rows[p].name, rows[p].help,
                      rows[p].words);
    }
}

/* ---- reduction ---- */

void combination_reduce(struct combination *c, const struct combination *base,
                        bool (*still)(void *self, const struct combination *c),
                        void *self, unsigned most)
{
    bool is_smaller;

    do {
        is_smaller = false;
        /* What needs another parameter stands behind it. */
        for (int p = NUM_PARAMETERS; p-- > 0;) {
            struct combination less = *c;

            less.values[p] = base->values[p];
            if (less.values[p] == c->values[p] ||
                !combination_is_possible(&less) || most == 0) {
                continue;
            }
            most--;
            if (still(self, &less)) {
                *c = less;
                is_smaller = true;
            }
        }
    } while (is_smaller);
}
