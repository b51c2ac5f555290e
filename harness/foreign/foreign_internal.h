/* SPDX-License-Identifier: MIT */
/* What the files of foreign.h share. */
#ifndef FOREIGN_INTERNAL_H
#define FOREIGN_INTERNAL_H

#include "foreign/foreign.h"

#include <stdbool.h>

/* foreign_called counts a call, op 0 being init; false if it is to fail. */
bool foreign_called(enum foreign_kind kind, UINT op);

/* foreign_expect notes a breach of NetX's convention unless `holds`.
 * foreign_area is about a metadata area. */
bool foreign_expect(bool holds, const CHAR *what);
bool foreign_area(const VOID *metadata, ULONG size, ULONG needed);

#endif
