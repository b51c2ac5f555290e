/* SPDX-License-Identifier: MIT */
/* How messages and alerts are written in a learned machine. */
#ifndef LEARN_SPELLING_H
#define LEARN_SPELLING_H

#include <stddef.h>
#include <stdint.h>

/* spelling_message returns the name of a handshake message by its type;
 * "unknown_message" if it has none. */
const char *spelling_message(uint8_t type);

/* spelling_alert writes close_notify, warning:NAME or fatal:NAME; a number
 * where there is no name. */
void spelling_alert(char *out, size_t size, uint8_t level,
                    uint8_t description);

/* spelling_join appends a word behind a '+', unless the text ends in it: a
 * target that sends back all the data that has waited must not make an output
 * of each number of records.  Two HelloVerifyRequest are two.  What does not
 * fit is left out. */
void spelling_join(char *text, size_t size, const char *word);

#endif
