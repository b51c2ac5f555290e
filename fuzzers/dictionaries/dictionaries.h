/* SPDX-License-Identifier: MIT */
/* The dictionaries that are made from the code's tables. */
#ifndef FUZZERS_DICTIONARIES_DICTIONARIES_H
#define FUZZERS_DICTIONARIES_DICTIONARIES_H

/* dictionaries_write makes dtls.dict and der.dict in `folder`.  It returns 0,
 * or 1 if one of them cannot be written. */
int dictionaries_write(const char *folder);

#endif
