/* SPDX-License-Identifier: MIT */
/* nxdtls check --init: what a target outside needs first. */
#ifndef CHECK_INIT_H
#define CHECK_INIT_H

/* init_write makes `folder` and writes into it an ICS and an IXIT with
 * comments, and the lab's certificates and keys from `pki`.  It ends the
 * program with status 2 if something is in the way; it changes no file that is
 * there. */
void init_write(const char *folder, const char *pki);

#endif
