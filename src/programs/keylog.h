/* SPDX-License-Identifier: MIT */
/* The key log: secrets of every session, for Wireshark. */
#ifndef NXDTLS_PROGRAMS_KEYLOG_H
#define NXDTLS_PROGRAMS_KEYLOG_H

/* keylog_open appends to the file from now on.  Before the first session is
 * created.  Bad input ends the program. */
void keylog_open(const char *path);

void keylog_close(void);

#endif
