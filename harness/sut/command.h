/* SPDX-License-Identifier: MIT */
/* More of an end that a command starts, for who keeps a server running. */
#ifndef SUT_COMMAND_H
#define SUT_COMMAND_H

#include "sut/sut.h"

#include <sys/types.h>

extern const struct sut_driver sut_command;

/* sut_command_where writes HOST:PORT of the server, or of our socket. */
void sut_command_where(struct sut *sut, char *out, size_t size);

/* sut_command_group returns the process group of the command, or 0 if it has
 * ended; sut->why then tells how. */
pid_t sut_command_group(struct sut *sut);

#endif
