/* SPDX-License-Identifier: MIT */
/* Claims that cannot all be meant (check/doubts.h). */
#include "check/doubts.h"

#include <stdlib.h>
#include <string.h>

/* Conditions as ics_applies reads them: where `if_so` holds, `then` should. */
static const struct {
    const char *if_so;
    const char *then;
    const char *doubt;
} rules[] = {
    {"all", "versions=1.2",
     "versions: the lab speaks DTLS 1.2 alone, and plays it"},
    {"kx=ecdhe|kx=ecdhe_psk", "groups",
     "groups: a suite needs a group, and none is claimed"},
    {"kx=ecdhe", "sigs",
     "sigs: a suite needs a signature pair, and none is claimed"},
    {"resume=ticket|resume=both", "ticket",
     "resume: it resumes by tickets, but ticket = no"},
    {"cert=rpk", "rpk", "cert: it verifies raw public keys, but rpk = no"},
    {"clientauth", "cert|cert=rpk",
     "clientauth: it asks for certificates, but cert says it verifies none"},
};

static void tell(FILE *out, const char *doubt)
{
    (void)fprintf(out, "nxdtls check: warning: %s\n", doubt);
}

/* Suites that no check is played with. */
static void doubt_suites(FILE *out, const struct ics *ics)
{
    const struct dtls_suite *ours[ICS_SUITES_MAX];
    const char *list = ics->values[ICS_suites];
    char unknown[ICS_VALUE_MAX] = "";
    char doubt[ICS_VALUE_MAX + 80];
    char *end;

    for (;; list = end) {
        list += strspn(list, ", \t");
        unsigned long suite = strtoul(list, &end, 16);

        if (end == list) {
            break;
        }
        if (dtls_suite_find((uint16_t)suite) == NULL) {
            (void)snprintf(unknown + strlen(unknown),
                           sizeof unknown - strlen(unknown), " %04lx", suite);
        }
    }
    if (ics_suites(ics, ours) == 0) {
        tell(out, "suites: the lab speaks none of them, so no check can be "
                  "played");
    } else if (*unknown != '\0') {
        (void)snprintf(
            doubt, sizeof doubt,
            "suites: the lab does not speak%s, and plays the others", unknown);
        tell(out, doubt);
    }
}

void doubts_tell(FILE *out, const struct ics *ics)
{
    char why[256];

    doubt_suites(out, ics);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (ics_applies(ics, true, rules[i].if_so, why, sizeof why) &&
            !ics_applies(ics, true, rules[i].then, why, sizeof why)) {
            tell(out, rules[i].doubt);
        }
    }
}
