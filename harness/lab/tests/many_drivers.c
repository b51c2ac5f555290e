/* SPDX-License-Identifier: MIT */
/* A table of nine drivers in place of sut/drivers.c: the engine under nine
 * names, most of them with a '-'.  lab_test.py shows with it that no table of
 * the lab is too small, and that nothing splits an id at a '-'. */
#include "sut/sut.h"

extern const struct sut_driver sut_engine;

static const char *const names[] = {
    "engine",       "engine-1", "engine-1-1",
    "engine-2",     "mbedtls",  "mbedtls-2.28",
    "a_name.1-2-3", "b-c",      "longer-than-its-column",
};
enum { NUM = sizeof names / sizeof *names };

const struct sut_entry *sut_drivers(size_t *num)
{
    static struct sut_entry entries[NUM];

    for (size_t i = 0; i < NUM; i++) {
        entries[i] = (struct sut_entry){
            .name = names[i],
            .ours = true,
            .driver = &sut_engine,
        };
    }
    *num = NUM;
    return entries;
}
