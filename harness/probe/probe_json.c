/* SPDX-License-Identifier: MIT */
/* The JSON document (probe/page.h, reports/schema/probe.json). */
#include "probe/page.h"
#include "probe/profiles.h"

static void put_string(FILE *out, const char *text)
{
    (void)putc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\') {
            (void)fprintf(out, "\\%c", byte);
        } else if (byte < 0x20 || byte >= 0x7f) {
            (void)fprintf(out, "\\u%04x", byte);
        } else {
            (void)putc(byte, out);
        }
    }
    (void)putc('"', out);
}

/* Members stand between blanks; lines, for LINES, between line feeds. */
static void put_array(FILE *out, const char *text, char between)
{
    char member[FACT_MAX];

    (void)putc('[', out);
    for (bool first = true; *text != '\0'; first = false) {
        size_t len = 0;

        while (text[len] != '\0' && text[len] != between) {
            member[len] = text[len];
            len++;
        }
        member[len] = '\0';
        (void)fprintf(out, "%s", first ? "" : ", ");
        put_string(out, member);
        text += len + (text[len] == between);
    }
    (void)putc(']', out);
}

static void put_value(FILE *out, enum fact_kind kind, const char *value)
{
    switch (kind) {
    case NUMBER:
        (void)fprintf(out, "%s", value);
        break;
    case TEXT:
        put_string(out, value);
        break;
    case LINES:
        put_array(out, value, '\n');
        break;
    case WORDS:
    case SUITES:
    case GROUPS:
    case PAIRS:
    case EXTENSIONS:
        put_array(out, value, ' ');
        break;
    }
}

static void put_fact(FILE *out, const struct facts *facts, enum fact_key key,
                     bool first)
{
    const struct fact *fact = &facts->items[key];

    (void)fprintf(out, "%s    \"%s\": {\"%s\": ", first ? "" : ",\n",
                  fact_rows[key].key, fact->told ? "value" : "not_told");
    if (fact->told) {
        put_value(out, fact_rows[key].kind, fact->value);
    } else {
        put_string(out, fact->reason);
    }
    (void)putc('}', out);
}

static void put_facts(FILE *out, const struct probe *p)
{
    bool first = true;

    for (int key = 0; key < FACT_NUM; key++) {
        if ((fact_rows[key].who & p->who) != 0) {
            put_fact(out, p->facts, (enum fact_key)key, first);
            first = false;
        }
    }
}

static void put_item(FILE *out, const struct facts *facts,
                     const struct profile_item *item, bool last)
{
    static const char *const words[] = {[PROFILE_HOLDS] = "holds",
                                        [PROFILE_BROKEN] = "broken",
                                        [PROFILE_UNTOLD] = "not told",
                                        [PROFILE_NOT_MEANT] = "not meant"};
    char why[PROFILE_WHY];
    enum profile_result result = profile_judge(facts, item, why);

    (void)fprintf(out, "      {\"result\": \"%s\", \"must\": %s, \"what\": ",
                  words[result], item->must ? "true" : "false");
    put_string(out, item->what);
    (void)fprintf(out, ", \"why\": ");
    put_string(out, why);
    (void)fprintf(out, ", \"requirements\": ");
    put_array(out, item->rows, ' ');
    (void)fprintf(out, "}%s\n", last ? "" : ",");
}

static void put_profile(FILE *out, const struct facts *facts,
                        const struct profile *profile, bool last)
{
    struct profile_counts counts;

    (void)fprintf(out, "    {\"name\": \"%s\", \"verdict\": \"%s\", ",
                  profile->name, profile_verdict(facts, profile, &counts));
    (void)fprintf(out,
                  "\"broken\": %u, \"unmet\": %u, \"not_told\": %u, "
                  "\"items\": [\n",
                  counts.broken, counts.unmet, counts.untold);
    for (size_t i = 0; i < profile->num; i++) {
        put_item(out, facts, &profile->items[i], i + 1 == profile->num);
    }
    (void)fprintf(out, "    ]}%s\n", last ? "" : ",");
}

void page_json(FILE *out, const struct probe *p, double seconds)
{
    size_t num;
    const struct profile *list = profiles(&num);

    (void)fprintf(out, "{\n  \"who\": \"%s\",\n  \"target\": ",
                  p->who == CLIENT ? "client" : "server");
    put_string(out, p->where);
    (void)fprintf(out, ",\n  \"seconds\": %.1f,\n  \"facts\": {\n", seconds);
    put_facts(out, p);
    (void)fprintf(out, "\n  },\n  \"profiles\": [\n");
    num = p->who == SERVER && p->facts->items[FACT_suites].told ? num : 0;
    for (size_t i = 0; i < num; i++) {
        put_profile(out, p->facts, &list[i], i + 1 == num);
    }
    (void)fprintf(out, "  ]\n}\n");
}
