/* SPDX-License-Identifier: MIT */
/* Writes the datagrams as a pcapng file, with the key log in a Decryption
 * Secrets Block, so that Wireshark shows them decrypted. */
#ifndef LAB_CAPTURE_H
#define LAB_CAPTURE_H

#include "lab/wire.h"

/* lab_capture_write writes the file; it returns false, with errno, if it
 * cannot.  The ends have made-up addresses: the client 192.0.2.1:40000, or
 * a port that is higher by the number of the association, the server
 * 192.0.2.2:4433.  A datagram that the network lost or changed has a
 * comment. */
bool lab_capture_write(const char *path, const struct lab_wire *wire,
                       const char *keylog);

#endif
