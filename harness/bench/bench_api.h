/* SPDX-License-Identifier: MIT */
/* The library behind the API under measurement: clients and a server in one
 * process, each with an IP instance of its own, over UDP on 127.0.0.1. */
#ifndef BENCH_BENCH_API_H
#define BENCH_BENCH_API_H

#include <stddef.h>

/* bench_api_handshake returns microseconds of processor time, of all threads,
 * for a PSK-AES128-CCM-8 handshake and the exchange of close_notify.
 * bench_api_record returns them for a record of `len` bytes under
 * PSK-AES128-GCM, from the service that sends it to the one that receives it:
 * each of `clients`, which have a socket each, sends one, and the server
 * echoes them.  Both run for about `seconds`, and end the program if something
 * fails. */
#define BENCH_API_CLIENTS_MAX 64
double bench_api_handshake(double seconds);
double bench_api_record(size_t clients, size_t len, double seconds);

#endif
