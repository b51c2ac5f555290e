/* SPDX-License-Identifier: MIT */
/* The examples that are statements, each in a function. */
#include "elsewhere.h"

UINT seed_psk_add(void);
UINT seed_server_psk_add(void);
UINT seed_packet_allocate(NX_PACKET **packet_out);

UINT seed_psk_add(void)
{
    UINT status;

#include "psk_add.c"
    return status;
}

UINT seed_server_psk_add(void)
{
    UINT status;

#include "server_psk_add.c"
    return status;
}

UINT seed_packet_allocate(NX_PACKET **packet_out)
{
    UINT status;
    NX_PACKET *packet_ptr;

#include "packet_allocate.c"
    *packet_out = packet_ptr;
    return status;
}
