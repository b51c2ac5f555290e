/* SPDX-License-Identifier: MIT */
/* The numbers of the registry of TLS parameters that a probe asks for, and
 * their names.  Our own stack speaks few of them. */
#ifndef PROBE_REGISTRY_NAMES_H
#define PROBE_REGISTRY_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* One number.  `name` is without "TLS_" for a suite. */
struct registry_row {
    uint16_t id;
    const char *name;
};

struct registry {
    const struct registry_row *rows;
    size_t num;
};

extern const struct registry registry_suites; /* of TLS 1.2 and before */
extern const struct registry registry_groups; /* without those of keys alone */
extern const struct registry registry_pairs;
extern const struct registry registry_extensions;
extern const struct registry registry_alerts;

/* registry_name returns the number's name, or NULL. */
const char *registry_name(const struct registry *registry, uint16_t id);

#endif
