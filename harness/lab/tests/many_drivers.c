/* SPDX-License-Identifier: MIT */
/* A table of twelve drivers in place of sut/drivers.c: the engine under twelve
 * names, most of them with a '-'.  lab_test.py shows with it that no table of
 * the lab is too small, and that nothing splits an id at a '-'. */
#include "sut/sut.h"

extern const struct sut_driver sut_engine;

static const char *const names[] = {
    "engine",  "engine-1",     "engine-2",    "engine-1-1",
    "mbedtls", "mbedtls-2.28", "mbedtls-3.6", "udp-4",
    "x_y",     "b-c",          "a",           "longer-than-its-column",
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
