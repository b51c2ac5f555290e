/* SPDX-License-Identifier: MIT */
/* The reader of the lab's files (check/ini.h). */
#include "check/ini.h"

#include <stdio.h>
#include <string.h>

struct reader {
    char section[INI_LINE_MAX];
    char line[INI_LINE_MAX];
    struct ini_entry entry;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
    size_t len = strlen(text);

    while (len != 0 && is_blank(text[len - 1])) {
        text[--len] = '\0';
    }
    while (is_blank(*text)) {
        text++;
    }
    return text;
}

/* Takes one line off the front of `text`; returns what is wrong with it. */
static const char *next_line(struct dtls_bytes *text, char out[INI_LINE_MAX])
{
    size_t len = 0;
    uint8_t c = 0;

    while (dtls_get_u8(text, &c) && c != '\n') {
        if (len == INI_LINE_MAX - 1) {
            return "the line is too long";
        }
        if ((c < ' ' && c != '\t' && c != '\r') || c > '~') {
            return "a byte that is no printable ASCII";
        }
        out[len++] = (char)c;
    }
    if (len != 0 && out[len - 1] == '\r') {
        len--;
    }
    out[len] = '\0';
    return strchr(out, '\r') == NULL ? NULL
                                     : "a byte that is no printable ASCII";
}

/* `text` begins with '['. */
static const char *take_section(struct reader *r, char *text)
{
    size_t len = strlen(text);

    if (len < 3 || text[len - 1] != ']') {
        return "a section is [name]";
    }
    text[len - 1] = '\0';
    (void)snprintf(r->section, sizeof r->section, "%s", trim(text + 1));
    return NULL;
}

/* Makes an entry of `text`, or says why it is none. */
static const char *take_entry(struct reader *r, char *text)
{
    char *equals = strchr(text, '=');

    if (equals == NULL || equals == text) {
        return "neither key = value, nor [section], nor # comment";
    }
    *equals = '\0';
    r->entry.section = r->section;
    r->entry.key = trim(text);
    r->entry.value = trim(equals + 1);
    return NULL;
}

bool ini_read(struct dtls_bytes text,
              const char *(*take)(void *self, const struct ini_entry *entry),
              void *self, unsigned *line, char *problem, size_t problem_size)
{
    struct reader r = {.section = ""};
    const char *wrong = NULL;

    while (wrong == NULL && text.len != 0) {
        char *start;

        r.entry.line++;
        wrong = next_line(&text, r.line);
        if (wrong != NULL) {
            break;
        }
        start = trim(r.line);
        if (*start == '[') {
            wrong = take_section(&r, start);
        } else if (*start != '#' && *start != '\0') {
            wrong = take_entry(&r, start);
            wrong = wrong == NULL ? take(self, &r.entry) : wrong;
        }
    }
    *line = r.entry.line;
    if (wrong != NULL) {
        (void)snprintf(problem, problem_size, "%s", wrong);
    }
    return wrong == NULL;
}
