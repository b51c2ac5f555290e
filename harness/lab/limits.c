/* SPDX-License-Identifier: MIT */
/* What a peer is known not to survive, so that a cell which fails for it is
 * `info` and not `fail` (lab/cell.h).  Each row was seen in this lab, with the
 * peer's own pair as well or with both of ours; interop/PEERS.md has more. */
#include "lab/cell.h"

#include <fnmatch.h>
#include <string.h>

enum { ANY_ROLE = -1 };

struct limit {
    const char *peer;
    int role; /* of the peer */
    const char *scenario;
    bool only_cbc;
    const char *why;
};

static const struct limit limits[] = {
    {"openssl", ANY_ROLE, "corrupt*", true,
     "OpenSSL 3.0 ends an association with encrypt-then-MAC at the first "
     "record that has a wrong MAC"},
    {"openssl", ANY_ROLE, "bursts", false,
     "OpenSSL gives up after twelve timeouts, those of earlier flights "
     "included"},
    {"openssl", ANY_ROLE, "loss-*", false,
     "OpenSSL gives up after twelve timeouts, those of earlier flights "
     "included"},
    {"gnutls", ANY_ROLE, "cut-data", false,
     "GnuTLS joins a datagram that was cut with the next one"},
    {"gnutls", LAB_SERVER, "loss-*", false,
     "a GnuTLS server repeats its last flight for 60 s only"},
    {"gnutls", LAB_SERVER, "bursts", false,
     "a GnuTLS server repeats its last flight for 60 s only"},
    {"mbedtls", LAB_SERVER, "lates", false,
     "an Mbed TLS server ends an association for a ClientHello with its "
     "cookie "
     "that comes again"},
    {"mbedtls", LAB_SERVER, "replay", false,
     "an Mbed TLS server ends an association for a ClientHello with its "
     "cookie "
     "that comes again"},
    {"mbedtls", ANY_ROLE, "loss-*", false,
     "Mbed TLS gives up after seven timeouts"},
    {"mbedtls", ANY_ROLE, "bursts", false,
     "Mbed TLS gives up after seven timeouts"},
    {"wolfssl", ANY_ROLE, "corrupt*", false,
     "wolfSSL ends an association at some records that were damaged"},
    {"wolfssl", ANY_ROLE, "cut-data", false,
     "wolfSSL ends an association at some records that were cut"},
    {"wolfssl", LAB_CLIENT, "move-cookie", false,
     "a wolfSSL client takes one HelloVerifyRequest"},
    {"wolfssl", LAB_SERVER, "singles", false,
     "a wolfSSL server does not repeat its last flight"},
    {"wolfssl", LAB_SERVER, "pairs", false,
     "a wolfSSL server does not repeat its last flight"},
    {"wolfssl", LAB_SERVER, "bursts", false,
     "a wolfSSL server does not repeat its last flight"},
    {"wolfssl", LAB_SERVER, "loss-*", false,
     "a wolfSSL server does not repeat its last flight"},
};

static bool applies(const struct limit *l, const struct lab_cell *cell)
{
    const char *peer = l->role == LAB_CLIENT   ? cell->client->name
                       : l->role == LAB_SERVER ? cell->server->name
                                               : l->peer;

    return strcmp(peer, l->peer) == 0 && lab_cell_has(cell, "peer", l->peer) &&
           fnmatch(l->scenario, cell->scenario->name, 0) == 0 &&
           (!l->only_cbc || cell->suite->cipher == DTLS_CIPHER_CBC);
}

const char *lab_cell_limit(const struct lab_cell *cell)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (applies(&limits[i], cell)) {
            return limits[i].why;
        }
    }
    if (!cell->client->ours && !cell->server->ours) {
        return "neither end is ours";
    }
    return NULL;
}
