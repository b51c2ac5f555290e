/* SPDX-License-Identifier: MIT */
/* The key log: secrets of every session, for Wireshark. */
#ifndef NXDTLS_PROGRAMS_KEYLOG_H
#define NXDTLS_PROGRAMS_KEYLOG_H

/* keylog_open makes every session append its secrets to the file.  Call it
 * before the first session is created.  Bad input ends the program. */
void keylog_open(const char *path);

void keylog_close(void);

#endif
