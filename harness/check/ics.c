/* SPDX-License-Identifier: MIT */
/* The ICS and the IXIT (check/ics.h). */
#include "check/ics.h"

#include "check/ini.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum kind { WORD, WORDS, NUMBER, HEX16, DEC16, KEY, TEXT };

struct row {
    const char *key;
    const char *section;
    enum kind kind;
    const char *allowed;
    const char *value;
    const char *help;
};

#define ICS_ROW(key, section, kind, allowed, value, help)                     \
    {#key, #section, kind, allowed, value, help},
static const struct row rows[] = {ICS_ROWS(ICS_ROW)};
#undef ICS_ROW

static const char separators[] = ", \t";

/* ---- words ---- */

/* Takes the next word of a list off its front; returns its length, 0 at the
 * end. */
static size_t next_word(const char **list, const char **word,
                        const char *between)
{
    size_t len;

    *list += strspn(*list, between);
    *word = *list;
    len = strcspn(*list, between);
    *list += len;
    return len;
}

static bool list_has(const char *list, const char *between, const char *word,
                     size_t len)
{
    const char *at;
    size_t at_len;

    while ((at_len = next_word(&list, &at, between)) != 0) {
        if (at_len == len && memcmp(at, word, len) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

static bool is_number(const char *text, size_t len, int base,
                      unsigned long least, unsigned long most)
{
    char copy[16];
    char *end;
    unsigned long value;

    if (len == 0 || len >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (copy[strspn(copy, "0123456789abcdefABCDEF")] != '\0') {
        return false;
    }
    errno = 0;
    value = strtoul(copy, &end, base);
    return errno == 0 && *end == '\0' && value >= least && value <= most;
}

static bool is_in_range(const char *range, const char *text)
{
    char *end;
    unsigned long least = strtoul(range, &end, 10);
    unsigned long most = strtoul(end + 2, NULL, 10); /* behind ".." */

    return is_number(text, strlen(text), 10, least, most);
}

static bool is_list(const struct row *row, const char *value)
{
    const char *word;
    size_t len;

    while ((len = next_word(&value, &word, separators)) != 0) {
        if (row->kind == WORDS
                ? !list_has(row->allowed, "|", word, len)
                : !is_number(word, len, row->kind == HEX16 ? 16 : 10, 0,
                             0xffff)) {
            return false;
        }
    }
    return true;
}

static bool is_key(const char *value)
{
    size_t len = strlen(value);

    return len != 0 && len <= 128 && len % 2 == 0 &&
           strspn(value, "0123456789abcdefABCDEF") == len;
}

static bool takes(const struct row *row, const char *value)
{
    switch (row->kind) {
    case WORD:
        return (*value == '\0' && *row->value == '\0') ||
               list_has(row->allowed, "|", value, strlen(value));
    case WORDS:
    case HEX16:
    case DEC16:
        return is_list(row, value);
    case NUMBER:
        return is_in_range(row->allowed, value);
    case KEY:
        return is_key(value);
    case TEXT:
        break;
    }
    return true;
}

bool ics_set(struct ics *ics, enum ics_key key, const char *value)
{
    if (strlen(value) >= ICS_VALUE_MAX || !takes(&rows[key], value)) {
        return false;
    }
    (void)strcpy(ics->values[key], value);
    return true;
}

void ics_init(struct ics *ics)
{
    for (int key = 0; key < ICS_NUM_KEYS; key++) {
        bool is_set = ics_set(ics, (enum ics_key)key, rows[key].value);

        assert(is_set);
    }
}

bool ics_has(const struct ics *ics, enum ics_key key, const char *word)
{
    return list_has(ics->values[key], separators, word, strlen(word));
}

bool ics_claims(const struct ics *ics, enum ics_key key)
{
    const char *value = ics->values[key];

    return *value != '\0' && strcmp(value, "no") != 0 &&
           strcmp(value, "none") != 0 && strcmp(value, "off") != 0;
}

unsigned ics_number(const struct ics *ics, enum ics_key key)
{
    assert(rows[key].kind == NUMBER);
    return (unsigned)strtoul(ics->values[key], NULL, 10);
}

size_t ics_suites(const struct ics *ics,
                  const struct dtls_suite *out[ICS_SUITES_MAX])
{
    const char *list = ics->values[ICS_suites];
    const char *word;
    size_t num = 0;

    while (num < ICS_SUITES_MAX && next_word(&list, &word, separators) != 0) {
        out[num] = dtls_suite_find((uint16_t)strtoul(word, NULL, 16));
        num += out[num] != NULL;
    }
    return num;
}

/* ---- files ---- */

struct reading {
    struct ics *ics;
    char problem[2048];
};

static int find(const char *section, const char *key, size_t len)
{
    for (int i = 0; i < ICS_NUM_KEYS; i++) {
        if (strlen(rows[i].key) == len && memcmp(rows[i].key, key, len) == 0 &&
            (section == NULL || strcmp(rows[i].section, section) == 0)) {
            return i;
        }
    }
    return -1;
}

static const char *no_such_key(struct reading *r, const struct ini_entry *e)
{
    size_t len = (size_t)snprintf(r->problem, sizeof r->problem,
                                  "%.40s: no such key in [%.20s]; keys are",
                                  e->key, e->section);

    for (int i = 0; i < ICS_NUM_KEYS && len < sizeof r->problem; i++) {
        if (strcmp(rows[i].section, e->section) == 0) {
            len += (size_t)snprintf(r->problem + len, sizeof r->problem - len,
                                    " %s", rows[i].key);
        }
    }
    return r->problem;
}

static const char *take(void *self, const struct ini_entry *e)
{
    static const char *const kinds[] = {[WORD] = "one of ",
                                        [WORDS] = "some of ",
                                        [NUMBER] = "a number, ",
                                        [HEX16] =
                                            "a list of four hex digits each",
                                        [DEC16] = "a list of numbers",
                                        [KEY] = "1 to 64 bytes in hex",
                                        [TEXT] = "at most 1023 bytes"};
    struct reading *r = self;
    int key;

    if (strcmp(e->section, "ics") != 0 && strcmp(e->section, "ixit") != 0) {
        (void)snprintf(r->problem, sizeof r->problem,
                       "%.40s: not in a section [ics] or [ixit]", e->key);
        return r->problem;
    }
    key = find(e->section, e->key, strlen(e->key));
    if (key < 0) {
        return no_such_key(r, e);
    }
    if (!ics_set(r->ics, (enum ics_key)key, e->value)) {
        bool secret = rows[key].kind == KEY;

        (void)snprintf(r->problem, sizeof r->problem, "%s%s%.80s: not %s%s",
                       e->key, secret ? "" : " = ", secret ? "" : e->value,
                       kinds[rows[key].kind], rows[key].allowed);
        return r->problem;
    }
    return NULL;
}

bool ics_read(struct ics *ics, const char *name, struct dtls_bytes text,
              char *problem, size_t problem_size)
{
    struct reading r = {.ics = ics};
    char what[2048];
    unsigned line;

    if (ini_read(text, take, &r, &line, what, sizeof what)) {
        return true;
    }
    (void)snprintf(problem, problem_size, "%s:%u: %s", name, line, what);
    return false;
}

void ics_write(FILE *out, const struct ics *ics, const char *section)
{
    (void)fprintf(out, "[%s]\n", section);
    for (int i = 0; i < ICS_NUM_KEYS; i++) {
        const struct row *row = &rows[i];

        if (strcmp(row->section, section) != 0) {
            continue;
        }
        (void)fprintf(out, "\n# %s", row->help);
        if (*row->allowed != '\0') {
            (void)fprintf(out, " (%s)", row->allowed);
        }
        (void)fprintf(out, "\n%s = %s\n", row->key, ics->values[i]);
    }
}

/* ---- conditions ---- */

static bool any_suite(const struct ics *ics,
                      bool (*is)(const struct dtls_suite *suite))
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    size_t num = ics_suites(ics, suites);

    for (size_t i = 0; i < num; i++) {
        if (is(suites[i])) {
            return true;
        }
    }
    return false;
}

bool suite_is_cbc(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CBC;
}

bool suite_is_aead(const struct dtls_suite *suite)
{
    return !suite_is_cbc(suite) && suite->cipher != DTLS_CIPHER_NULL;
}

static bool has_psk(const struct ics *ics)
{
    return any_suite(ics, dtls_suite_is_psk);
}

static bool has_cbc(const struct ics *ics)
{
    return any_suite(ics, suite_is_cbc);
}

static bool has_aead(const struct ics *ics)
{
    return any_suite(ics, suite_is_aead);
}

static bool has_id(const struct ics *ics)
{
    return ics_has(ics, ICS_resume, "id") || ics_has(ics, ICS_resume, "both");
}

static bool has_renegotiation(const struct ics *ics)
{
    return ics_has(ics, ICS_reneg, "client") ||
           ics_has(ics, ICS_reneg, "server") ||
           ics_has(ics, ICS_reneg, "legacy");
}

static bool has_limit(const struct ics *ics)
{
    return ics_has(ics, ICS_badrec, "limit");
}

/* The words of `kx=` and `suites=`. */
static bool suite_is(const struct dtls_suite *suite, const char *word)
{
    static const char *const exchanges[] = {
        [DTLS_KX_ECDHE_ECDSA] = "ecdhe", [DTLS_KX_ECDHE_RSA] = "ecdhe",
        [DTLS_KX_ECDH] = "ecdh",         [DTLS_KX_RSA] = "rsa",
        [DTLS_KX_PSK] = "psk",           [DTLS_KX_ECDHE_PSK] = "ecdhe_psk",
        [DTLS_KX_ECJPAKE] = "ecjpake",
    };
    static const char *const ciphers[] = {
        [DTLS_CIPHER_NULL] = "null", [DTLS_CIPHER_CBC] = "cbc",
        [DTLS_CIPHER_GCM] = "gcm",   [DTLS_CIPHER_CCM] = "ccm",
        [DTLS_CIPHER_CCM_8] = "ccm", [DTLS_CIPHER_CHACHA20] = "chacha",
    };

    return strcmp(exchanges[suite->kx], word) == 0 ||
           strcmp(ciphers[suite->cipher], word) == 0;
}

static bool has_suite(const struct ics *ics, const char *word)
{
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    size_t num = ics_suites(ics, suites);

    for (size_t i = 0; i < num; i++) {
        if (suite_is(suites[i], word)) {
            return true;
        }
    }
    return false;
}

/* The words of `sigs=`: is there a pair of that kind, or this one? */
static bool has_pair(const struct ics *ics, const char *word)
{
    const char *list = ics->values[ICS_sigs];
    const char *at;

    while (next_word(&list, &at, separators) != 0) {
        unsigned long pair = strtoul(at, NULL, 16);
        bool is_pss = pair >= 0x0804 && pair <= 0x080b;
        const char *kind = is_pss               ? "pss"
                           : (pair & 0xff) == 1 ? "rsa"
                           : (pair & 0xff) == 3 ? "ecdsa"
                                                : "";

        if (strcmp(kind, word) == 0 ||
            (strspn(word, "0123456789abcdef") == 4 && word[4] == '\0' &&
             strtoul(word, NULL, 16) == pair)) {
            return true;
        }
    }
    return false;
}

static const struct {
    const char *word;
    bool (*holds)(const struct ics *ics);
} short_forms[] = {
    {"psk", has_psk},
    {"cbc", has_cbc},
    {"aead", has_aead},
    {"resume_id", has_id},
    {"badrec_limit", has_limit},
    {"reneg", has_renegotiation},
};

struct word {
    char text[64];
    char *value; /* behind the '='; NULL: none */
};

static bool cut(struct word *w, const char *at, size_t len)
{
    if (len >= sizeof w->text) {
        return false;
    }
    memcpy(w->text, at, len);
    w->text[len] = '\0';
    w->value = strchr(w->text, '=');
    if (w->value != NULL) {
        *w->value++ = '\0';
    }
    return true;
}

/* 1: it holds, 0: it does not, -1: there is no such word. */
static int judge(const struct ics *ics, bool is_client, const struct word *w)
{
    int key = find(NULL, w->text, strlen(w->text));

    if (strcmp(w->text, "all") == 0) {
        return 1;
    }
    if (key == ICS_role && w->value != NULL) {
        return strcmp(w->value, is_client ? "client" : "server") == 0;
    }
    if ((strcmp(w->text, "kx") == 0 || key == ICS_suites) &&
        w->value != NULL) {
        return has_suite(ics, w->value);
    }
    if (key == ICS_sigs && w->value != NULL) {
        return has_pair(ics, w->value);
    }
    if (key == ICS_cert && !is_client && !ics_claims(ics, ICS_clientauth)) {
        return 0; /* a server verifies only what it has asked for */
    }
    if (key == ICS_cert && w->value == NULL) {
        return ics_has(ics, ICS_cert, "x509");
    }
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++) {
        if (w->value == NULL && strcmp(short_forms[i].word, w->text) == 0) {
            return short_forms[i].holds(ics);
        }
    }
    if (key < 0) {
        return -1;
    }
    return w->value == NULL ? ics_claims(ics, (enum ics_key)key)
                            : ics_has(ics, (enum ics_key)key, w->value);
}

/* Judges one part, with its alternatives; -1: a word of it is unknown. */
static int judge_part(const struct ics *ics, bool is_client, const char *part,
                      size_t part_len)
{
    char copy[256];
    const char *list = copy;
    const char *at;
    size_t len;
    int holds = 0;

    if (part_len >= sizeof copy) {
        return -1;
    }
    memcpy(copy, part, part_len);
    copy[part_len] = '\0';
    while ((len = next_word(&list, &at, "|")) != 0) {
        struct word w;
        bool negated = *at == '!';
        int one = cut(&w, at + negated, len - negated)
                      ? judge(ics, is_client, &w)
                      : -1;

        if (one < 0) {
            return -1;
        }
        holds |= one ^ negated;
    }
    return holds;
}

bool ics_applies(const struct ics *ics, bool is_client, const char *condition,
                 char *why, size_t why_size)
{
    const char *part;
    size_t len;

    while ((len = next_word(&condition, &part, ", ")) != 0) {
        if (judge_part(ics, is_client, part, len) != 1) {
            (void)snprintf(why, why_size, "the ICS does not meet %.*s",
                           (int)len, part);
            return false;
        }
    }
    return true;
}

bool ics_is_condition(const char *condition)
{
    static struct ics defaults;
    const char *part;
    size_t len;

    ics_init(&defaults);
    while ((len = next_word(&condition, &part, ", ")) != 0) {
        if (judge_part(&defaults, true, part, len) < 0) {
            return false;
        }
    }
    return true;
}
