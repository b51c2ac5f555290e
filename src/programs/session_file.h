/* SPDX-License-Identifier: MIT */
/* The file of `nxdtls client --resume FILE`: a key, and the session of a
 * server that is sealed under it (nxdtls_saved_session_export).  The file has
 * a secret and is its owner's alone. */
#ifndef NXDTLS_PROGRAMS_SESSION_FILE_H
#define NXDTLS_PROGRAMS_SESSION_FILE_H

#include "nxdtls.h"

/* session_file_load fills `saved` with the session in the file.  A file that
 * is not there is no error.  One that cannot be opened, or holds something
 * else, ends the program with status 2, so that no other file is ever
 * replaced. */
void session_file_load(NXDTLS_SAVED_SESSION *saved, const char *path);

/* session_file_store exchanges the file for one with the session in `saved`,
 * or removes it if there is none.  It prints a line if that fails. */
void session_file_store(const NXDTLS_SAVED_SESSION *saved, const char *path);

#endif
