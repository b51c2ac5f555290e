/* SPDX-License-Identifier: MIT */
/* The rows that a test is in, one text for all (kit/rows.h). */
#include "kit/rows.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROWS_MAX 512 /* what is longer is cut off */

static _Thread_local char text[ROWS_MAX];
static _Thread_local size_t len;

/* Appends what fits. */
static __attribute__((format(printf, 1, 0))) void append(const char *format,
                                                         va_list args)
{
    int more = vsnprintf(text + len, sizeof text - len, format, args);

    if (more > 0) {
        len += (size_t)more;
    }
    if (len >= sizeof text) {
        len = sizeof text - 1;
    }
}

size_t kit_row_enter(const char *format, ...)
{
    size_t at = len;
    va_list args;

    if (len != 0 && len + 2 < sizeof text) {
        text[len++] = ',';
        text[len++] = ' ';
    }
    va_start(args, format);
    append(format, args);
    va_end(args);
    return at;
}

void kit_row_leave(const size_t *at)
{
    len = *at;
    text[len] = '\0';
}

const char *kit_role(bool is_server)
{
    return is_server ? "server" : "client";
}

const char *kit_rows(void)
{
    return text;
}

static void put(const char *part)
{
    ssize_t done = write(STDERR_FILENO, part, strlen(part));

    (void)done;
}

/* A handler of SIGABRT calls it: no stdio. */
void kit_rows_print(void)
{
    if (text[0] != '\0') {
        put("[   ROW    ] --- ");
        put(text);
        put("\n");
    }
}

void kit_rows_forget(void)
{
    len = 0;
    text[0] = '\0';
}

/* After this abort goes on. */
static void at_abort(int signal)
{
    (void)signal;
    kit_rows_print();
}

/* AddressSanitizer's, NULL in a program without it. */
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));

void kit_rows_at_death(void)
{
    (void)signal(SIGABRT, at_abort);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(kit_rows_print);
    }
}
