/* SPDX-License-Identifier: MIT */
/* What passed as a pcapng file, with the key log inside (a Decryption Secrets
 * Block): Wireshark shows it decrypted. */
#ifndef LAB_CAPTURE_H
#define LAB_CAPTURE_H

#include "lab/wire.h"

/* lab_capture_write writes the file; false, with errno, if it cannot.  The
 * ends have stand-in addresses: the client 192.0.2.1:40000, the server
 * 192.0.2.2:4433.  A datagram that the network touched has a comment. */
bool lab_capture_write(const char *path, const struct lab_wire *wire,
                       const char *keylog);

#endif
