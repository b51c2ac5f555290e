/* SPDX-License-Identifier: MIT */
/* The drivers of ends in other processes (sut/sut.h). */
#include "sut/sut.h"

extern const struct sut_driver sut_udp_server;
extern const struct sut_driver sut_command;
extern const struct sut_driver sut_listen;

static const struct sut_entry outside[] = {
    {"udp", false, &sut_udp_server, NULL},
    {"command", false, &sut_command, NULL},
    {"listen", false, &sut_listen, NULL},
};

const struct sut_entry *sut_outside(size_t *num)
{
    *num = sizeof outside / sizeof *outside;
    return outside;
}
