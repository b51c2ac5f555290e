/* SPDX-License-Identifier: MIT */
/* What a probe writes: a page for people, a JSON document, and the draft of an
 * ICS. */
#ifndef PROBE_PAGE_H
#define PROBE_PAGE_H

#include "probe/ask.h"

#include <stdio.h>

/* page_print prints every fact, by section, and of a server its profiles. */
void page_print(FILE *out, const struct probe *p, double seconds);

/* page_json writes one document of reports/schema/probe.json. */
void page_json(FILE *out, const struct probe *p, double seconds);

/* page_ics writes the draft of an ICS and IXIT that `nxdtls check --ics`
 * reads.  What could not be told stays at its default. */
void page_ics(FILE *out, const struct probe *p);

#endif
