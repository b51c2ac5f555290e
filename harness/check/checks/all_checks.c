/* SPDX-License-Identifier: MIT */
/* Every file of checks, by subject. */
#include "check/checks/all_checks.h"

static struct check_group groups[NUM_GROUPS + 1];

const struct check_group *check_groups(void)
{
#define FILL(name) groups[GROUP_##name] = check_##name();
    CHECK_FILES(FILL)
#undef FILL
    return groups;
}
