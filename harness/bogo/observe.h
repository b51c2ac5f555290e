/* SPDX-License-Identifier: MIT */
/* Compares the peer's messages, as they arrive, with the flags. */
#ifndef BOGO_OBSERVE_H
#define BOGO_OBSERVE_H

#include "bogo/connection.h"

/* bogo_observe is struct dtls_config's see_message; `self` is the connection.
 * If a message differs from a flag, it notes that there and prints a line to
 * stderr. */
enum dtls_status bogo_observe(void *self, const struct dtls_message *message);

/* bogo_observe_chain compares the peer's chain with the flag's file. */
void bogo_observe_chain(struct bogo_connection *c,
                        const struct dtls_cert *chain, size_t num_certs);

/* bogo_names reads a list of Names, in hex with commas between them, and
 * writes it to `out` as CertificateRequest has it (vec16 each).  <NULL> and
 * <EMPTY> are empty lists.  It returns false if the text is no such list. */
bool bogo_names(struct dtls_buf *out, const char *list);

#endif
