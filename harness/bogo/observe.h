/* SPDX-License-Identifier: MIT */
/* What the flags expect of the peer's messages, looked at as they come. */
#ifndef BOGO_OBSERVE_H
#define BOGO_OBSERVE_H

#include "bogo/connection.h"

/* bogo_observe is struct dtls_config's see_message; `self` is the connection.
 * What differs from a flag is noted there, and said on stderr. */
enum dtls_status bogo_observe(void *self, const struct dtls_message *message);

/* bogo_observe_chain notes whether the peer's chain is that of the file. */
void bogo_observe_chain(struct bogo_connection *c,
                        const struct dtls_cert *chain, size_t num_certs);

/* bogo_names reads a list of Names, hex with commas between them, into `out`
 * as CertificateRequest has it (vec16 each); <NULL> and <EMPTY> are empty.
 * False if it is no such list. */
bool bogo_names(struct dtls_buf *out, const char *list);

#endif
