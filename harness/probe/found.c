/* SPDX-License-Identifier: MIT */
/* Facts about a server (probe/found.h). */
#include "probe/found.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACT_ROW(key, section, who, kind, label)                              \
    {#key, section, who, kind, label},
const struct fact_row fact_rows[FACT_NUM] = {FACT_ROWS(FACT_ROW)};
#undef FACT_ROW

/* Much of it comes from the server, and goes to a terminal. */
static void make_printable(char *text, bool lines)
{
    for (; *text != '\0'; text++) {
        if ((*text < ' ' || *text > '~') && !(lines && *text == '\n')) {
            *text = '?';
        }
    }
}

void facts_tell(struct facts *facts, enum fact_key key, const char *format,
                ...)
{
    struct fact *fact = &facts->items[key];
    va_list more;

    va_start(more, format);
    (void)vsnprintf(fact->value, sizeof fact->value, format, more);
    va_end(more);
    make_printable(fact->value, fact_rows[key].kind == LINES);
    fact->told = true;
}

void facts_cannot(struct facts *facts, enum fact_key key, const char *format,
                  ...)
{
    struct fact *fact = &facts->items[key];
    va_list more;

    va_start(more, format);
    (void)vsnprintf(fact->reason, sizeof fact->reason, format, more);
    va_end(more);
}

void facts_forget(struct facts *facts, enum fact_key key, const char *reason)
{
    facts->items[key].told = false;
    facts_cannot(facts, key, "%s", reason);
}

void facts_tell_list(struct facts *facts, enum fact_key key,
                     const uint16_t *list, size_t num)
{
    char text[FACT_MAX] = "";
    size_t len = 0;

    assert(num <= FACT_LIST_MAX);
    for (size_t i = 0; i < num; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%04x",
                                i == 0 ? "" : " ", list[i]);
    }
    facts_tell(facts, key, "%s", text);
}

size_t facts_list(const struct facts *facts, enum fact_key key,
                  uint16_t out[FACT_LIST_MAX])
{
    const struct fact *fact = &facts->items[key];
    const char *at = fact->told ? fact->value : "";
    size_t num = 0;
    char *end;

    while (num < FACT_LIST_MAX && *at != '\0') {
        out[num++] = (uint16_t)strtoul(at, &end, 16);
        at = end + (*end == ' ');
    }
    return num;
}

bool facts_are(const struct facts *facts, enum fact_key key, const char *word)
{
    const struct fact *fact = &facts->items[key];
    size_t len = strlen(word);
    const char *at = fact->value;

    while (fact->told && *at != '\0') {
        size_t have = strcspn(at, " ");

        if (have == len && memcmp(at, word, len) == 0) {
            return true;
        }
        at += have + (at[have] == ' ');
    }
    return false;
}

unsigned facts_number(const struct facts *facts, enum fact_key key)
{
    const struct fact *fact = &facts->items[key];

    return fact->told ? (unsigned)strtoul(fact->value, NULL, 10) : 0;
}

size_t list_find(const uint16_t *list, size_t num, uint16_t id)
{
    size_t at = 0;

    while (at < num && list[at] != id) {
        at++;
    }
    return at;
}

void list_drop(uint16_t *list, size_t *num, uint16_t id)
{
    size_t at = list_find(list, *num, id);

    if (at < *num) {
        memmove(&list[at], &list[at + 1], (*num - at - 1) * sizeof *list);
        --*num;
    }
}
