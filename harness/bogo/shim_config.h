/* SPDX-License-Identifier: MIT */
/* The engine's configuration from the runner's flags. */
#ifndef BOGO_SHIM_CONFIG_H
#define BOGO_SHIM_CONFIG_H

#include "bogo/connection.h"

/* bogo_config_make fills in what a connection needs before it begins, from
 * c->flags.  BOGO_UNIMPLEMENTED for what the engine cannot do, BOGO_FAILURE
 * for what no engine could; bogo_config_free undoes it in either case. */
int bogo_config_make(struct bogo_connection *c);
void bogo_config_free(struct bogo_connection *c);

/* bogo_config_set_mtu: the largest datagram from now on. */
int bogo_config_set_mtu(struct dtls_config *config, uint64_t mtu);

#endif
