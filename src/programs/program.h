/* SPDX-License-Identifier: MIT */
/* The two commands that are ThreadX applications. */
#ifndef NXDTLS_PROGRAMS_PROGRAM_H
#define NXDTLS_PROGRAMS_PROGRAM_H

#include "programs/credentials.h"

/* client_define and server_define are the tx_application_define of a kernel
 * that runs the command; client_status and server_status tell its exit status
 * afterwards.  Options and credentials are borrowed. */
void client_define(const struct options *options,
                   struct credentials *credentials);
int client_status(void);

void server_define(const struct options *options,
                   struct credentials *credentials);
int server_status(void);

#endif
