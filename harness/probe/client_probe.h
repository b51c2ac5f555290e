/* SPDX-License-Identifier: MIT */
/* What a DTLS client is: it comes by itself to a port of ours, and its hellos
 * tell. */
#ifndef PROBE_CLIENT_PROBE_H
#define PROBE_CLIENT_PROBE_H

#include "probe/ask.h"

/* client_probe waits for a client at the port p->where, listens to its
 * repeated hellos, asks it for a cookie, and refuses it.  It returns false and
 * writes why, in one line, if no client comes in CLIENT_WAIT_MS, or if what
 * comes is no ClientHello. */
#define CLIENT_WAIT_MS 60000
bool client_probe(struct probe *p, char *why, size_t why_size);

#endif
