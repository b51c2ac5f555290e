/* SPDX-License-Identifier: MIT */
/* Target: ics_read, which reads what a user says of a target of nxdtls check.
 * Input:  the file.
 * Oracle: a complaint is one printable line that begins with the file and a
 *         line of it.  What was read can be written and read again, and is
 *         then the same; its numbers and suites are within their bounds. */
#include "fuzzers/kit/fuzz.h"

#include "check/ics.h"

#include <stdlib.h>
#include <string.h>

static struct ics first, second;

static void check_complaint(const char *problem, struct dtls_bytes text)
{
    unsigned line = 0;
    unsigned lines = 1;
    int used = 0;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }
    FUZZ_CHECK(sscanf(problem, "f.ini:%u: %n", &line, &used) == 1);
    FUZZ_CHECK(line >= 1 && line <= lines);
    FUZZ_CHECK(used > 0 && problem[used] != '\0');
    for (; *problem != '\0'; problem++) {
        FUZZ_CHECK((*problem >= ' ' && *problem <= '~') || *problem == '\t');
    }
}

static void check_again(void)
{
    char *text = NULL;
    size_t len = 0;
    char problem[2048];
    FILE *out = open_memstream(&text, &len);

    FUZZ_CHECK(out != NULL);
    ics_write(out, &first, "ics");
    ics_write(out, &first, "ixit");
    FUZZ_CHECK(fclose(out) == 0);
    ics_init(&second);
    FUZZ_CHECK(ics_read(&second, "again",
                        dtls_bytes_of((const uint8_t *)text, len), problem,
                        sizeof problem));
    for (int key = 0; key < ICS_NUM_KEYS; key++) {
        FUZZ_CHECK(strcmp(first.values[key], second.values[key]) == 0);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes text = {data, size};
    const struct dtls_suite *suites[ICS_SUITES_MAX];
    char problem[2048];

    ics_init(&first);
    if (!ics_read(&first, "f.ini", text, problem, sizeof problem)) {
        check_complaint(problem, text);
        return 0;
    }
    check_again();
    FUZZ_CHECK(ics_suites(&first, suites) <= ICS_SUITES_MAX);
    FUZZ_CHECK(ics_number(&first, ICS_mtu) >= 128 &&
               ics_number(&first, ICS_mtu) <= 65507);
    FUZZ_CHECK(ics_number(&first, ICS_quiet_ms) <= 600000);
    return 0;
}
