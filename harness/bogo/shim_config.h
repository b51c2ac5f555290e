/* SPDX-License-Identifier: MIT */
/* Makes the engine's configuration from the runner's flags. */
#ifndef BOGO_SHIM_CONFIG_H
#define BOGO_SHIM_CONFIG_H

#include "bogo/connection.h"

/* bogo_config_make fills in, from c->flags, what a connection needs before it
 * begins.  It returns BOGO_UNIMPLEMENTED if the engine cannot do what a flag
 * asks, BOGO_FAILURE if no engine could.  The caller calls bogo_config_free in
 * any case. */
int bogo_config_make(struct bogo_connection *c);
void bogo_config_free(struct bogo_connection *c);

/* bogo_config_set_mtu sets the size of the largest datagram. */
int bogo_config_set_mtu(struct dtls_config *config, uint64_t mtu);

#endif
