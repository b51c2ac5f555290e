/* SPDX-License-Identifier: MIT */
/* The two commands that are ThreadX applications. */
#ifndef NXDTLS_PROGRAMS_PROGRAM_H
#define NXDTLS_PROGRAMS_PROGRAM_H

#include "programs/credentials.h"

/* client_define and server_define do for a command what tx_application_define
 * does for an application.  Options and credentials are borrowed.
 * client_status and server_status return the exit status, after the kernel has
 * ended. */
void client_define(const struct options *options,
                   struct credentials *credentials);
int client_status(void);

void server_define(const struct options *options,
                   struct credentials *credentials);
int server_status(void);

#endif
