/* SPDX-License-Identifier: MIT */
/* Which requirement a test shows (kit/kit.h has this, too). */
#ifndef KIT_PROVES_H
#define KIT_PROVES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/rows.h"

/* proves notes that the running test shows the requirement with this id, a
 * row of harness/requirements/ whose stimulus it gives.  Outside of
 * kit_run_named it does nothing. */
void proves(const char *id);

/* kit_run_named runs the tests as cmocka does and prints a line for every test
 * and requirement,
 *
 *     proves: pass D6347-4.2.2-1 a_fragment_is_taken_field_by_field
 *
 * with "fail" or "skip" (kit_skip) for others; and, before them, the rows
 * (kit/rows.h) in which a test has failed.  It returns the number of failed
 * tests.  A test may have a setup, and a teardown, which runs after these
 * lines. */
int kit_run_named(const char *name, const struct CMUnitTest *tests,
                  size_t num_tests);

#endif
