/* SPDX-License-Identifier: MIT */
/* What the benchmarks measure, and one interface for everything that is
 * measured: our engine, other libraries, and libcrypto's bare operations.
 *
 * Client and server are in one thread.  Datagrams go through two queues in
 * memory, with cookies, and no time passes. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "record/header.h"

/* struct bench_kind is one kind of association: with secp256r1 where there is
 * a curve.  A name is that of a file of the PKI (scripts/pki); NULL: there is
 * none. */
struct bench_kind {
    const char *name;
    uint16_t suite;
    const char *server;
    const char *client;
    const char *root;
};

/* bench_handshakes is what is measured as a handshake, bench_ciphers as
 * records; after the last one comes one without a name. */
extern const struct bench_kind bench_handshakes[];
extern const struct bench_kind bench_ciphers[];

#define BENCH_PSK_IDENTITY "client"
#define BENCH_PSK                                                             \
    "\x12\x23\x34\x45\x56\x67\x78\x89\x9a\xab\xbc\xcd\xde\xef\xf1\x02"
#define BENCH_PSK_LEN 16
#define BENCH_HOST "localhost" /* the name in every server's certificate */

/* A client's address, as bytes for a cookie, and a key for the same. */
#define BENCH_ADDRESS "\4\177\0\0\1\x12\x34"
#define BENCH_ADDRESS_LEN 7
#define BENCH_COOKIE_KEY "0123456789abcdef0123456789abcdef"
#define BENCH_COOKIE_KEY_LEN 32

/* So many pairs may be connected at a time. */
#define BENCH_PAIRS_MAX 100000

/* The largest UDP payload: that of a handshake, or that of the longest
 * record. */
#define BENCH_MTU 1400
#define BENCH_MTU_MAX 17000

/* struct bench_lib is a library that is measured.
 *
 * begin loads what a kind needs from the folder `pki`; records have at most
 * `longest` bytes.  It returns false if the library cannot do that.  finish
 * ends it, also after false.
 *
 * connect makes both ends and their handshake, record seals `len` bytes at the
 * client and opens them at the server, end frees both ends.  They end the
 * program if something fails.
 *
 * say is the client's half of record, and hear the server's, which takes what
 * was said first; no more than BENCH_SAID records may wait.  The floor has
 * neither of them. */
struct bench_lib {
    const char *name;
    bool (*begin)(const struct bench_kind *kind, const char *pki,
                  size_t longest);
    void *(*connect)(void);
    void (*record)(void *pair, size_t len);
    void (*say)(void *pair, size_t len);
    void (*hear)(void *pair, size_t len);
    void (*end)(void *pair);
    void (*finish)(void);
};

extern const struct bench_lib bench_openssl;
extern const struct bench_lib bench_gnutls;
extern const struct bench_lib bench_mbedtls;
extern const struct bench_lib bench_wolfssl;
extern const struct bench_lib bench_floor;

/* The datagrams that wait for the client and for the server: more than two
 * flights have.
 *
 * bench_push appends one for `to`; bench_pop takes the oldest one of `to` and
 * returns its length, or -1 if there is none.  bench_waiting returns their
 * number; bench_clear drops them all. */
#define BENCH_SAID 32
enum { BENCH_CLIENT, BENCH_SERVER };
int bench_push(int to, const void *datagram, size_t len);
int bench_pop(int to, void *out, size_t size);
unsigned bench_waiting(int to);
void bench_clear(void);

/* bench_cpu returns the processor time of this process, in seconds. */
double bench_cpu(void);

/* bench_die ends the program with a message. */
_Noreturn void bench_die(const char *library, const char *what);

/* bench_path returns FOLDER/NAME SUFFIX, in one of a few buffers. */
const char *bench_path(const char *folder, const char *name,
                       const char *suffix);

/* bench_shake calls `shake` for both ends in turn until both return 1.  It
 * ends the program if one returns less than 0, or nothing moves any more. */
void bench_shake(const char *library, int (*shake)(void *pair, int side),
                 void *pair);

/* bench_client_psk and bench_server_psk answer a library that asks for the
 * key: the client's with identity and key, the server's with the key of that
 * identity.  They return the key's length, or 0. */
unsigned bench_client_psk(char *identity, unsigned identity_size,
                          unsigned char *key, unsigned key_size);
unsigned bench_server_psk(const char *identity, unsigned char *key,
                          unsigned key_size);

#endif
