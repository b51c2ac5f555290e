/* SPDX-License-Identifier: MIT */
/* The page for people (probe/page.h). */
#include "probe/page.h"

#include "probe/profiles.h"
#include "probe/registry_names.h"

#include <string.h>

#define LABEL_WIDTH 34

static const struct registry *registry_of(enum fact_kind kind)
{
    switch (kind) {
    case SUITES:
        return &registry_suites;
    case GROUPS:
        return &registry_groups;
    case PAIRS:
        return &registry_pairs;
    case EXTENSIONS:
        return &registry_extensions;
    case WORDS:
    case NUMBER:
    case TEXT:
    case LINES:
        break;
    }
    return NULL;
}

/* One line for each member: a page is read downwards. */
static void print_list(FILE *out, const struct facts *facts, enum fact_key key)
{
    const struct registry *names = registry_of(fact_rows[key].kind);
    uint16_t list[FACT_LIST_MAX];
    size_t num = facts_list(facts, key, list);

    if (num == 0) {
        (void)fprintf(out, "none\n");
    }
    for (size_t i = 0; i < num; i++) {
        const char *name = registry_name(names, list[i]);

        (void)fprintf(out, "%*s%04x  %s\n", i == 0 ? 0 : LABEL_WIDTH + 2, "",
                      list[i], name == NULL ? "?" : name);
    }
}

static void print_lines(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        (void)putc(*text, out);
        if (*text == '\n') {
            (void)fprintf(out, "%*s", LABEL_WIDTH + 2, "");
        }
    }
    (void)putc('\n', out);
}

static void print_fact(FILE *out, const struct facts *facts, enum fact_key key)
{
    const struct fact *fact = &facts->items[key];
    const struct fact_row *row = &fact_rows[key];

    (void)fprintf(out, "  %-*s", LABEL_WIDTH, row->label);
    if (!fact->told) {
        (void)fprintf(out, "not told: %s\n", fact->reason);
    } else if (registry_of(row->kind) != NULL) {
        print_list(out, facts, key);
    } else {
        print_lines(out, fact->value);
    }
}

static void print_item(FILE *out, const struct facts *facts,
                       const struct profile_item *item)
{
    char why[PROFILE_WHY];

    switch (profile_judge(facts, item, why)) {
    case PROFILE_BROKEN:
        (void)fprintf(out, "    %-8s  %s: %s\n",
                      item->must ? "FAIL" : "advice", item->what, why);
        break;
    case PROFILE_UNTOLD:
        (void)fprintf(out, "    not told  %s: %s\n", item->what, why);
        break;
    case PROFILE_HOLDS:
    case PROFILE_NOT_MEANT:
        break;
    }
}

/* What holds is not printed: the JSON document has it. */
static void print_profiles(FILE *out, const struct facts *facts)
{
    size_t num;
    const struct profile *list = profiles(&num);
    struct profile_counts counts;

    (void)fprintf(out, "\nProfiles\n");
    for (size_t i = 0; i < num; i++) {
        (void)fprintf(out, "  %-*s%s\n", LABEL_WIDTH, list[i].name,
                      profile_verdict(facts, &list[i], &counts));
        for (size_t k = 0; k < list[i].num; k++) {
            print_item(out, facts, &list[i].items[k]);
        }
    }
}

void page_print(FILE *out, const struct probe *p, double seconds)
{
    const char *section = "";

    (void)fprintf(out, "%s%s, probed in %.1f s\n",
                  p->who == CLIENT ? "a client at " : "", p->where, seconds);
    for (int key = 0; key < FACT_NUM; key++) {
        if ((fact_rows[key].who & p->who) == 0) {
            continue;
        }
        if (strcmp(section, fact_rows[key].section) != 0) {
            section = fact_rows[key].section;
            (void)fprintf(out, "\n%s\n", section);
        }
        print_fact(out, p->facts, (enum fact_key)key);
    }
    if (p->who == SERVER && p->facts->items[FACT_suites].told) {
        print_profiles(out, p->facts);
    }
}
