/* SPDX-License-Identifier: MIT */
/* Known limits of other libraries.  A cell that fails because of one is `info`
 * and not `fail` (lab/limits.h).  interop/PEERS.md has more about them.
 *
 * A row explains a cell only if the peer has one of its versions, if `cells`
 * matches it, if the peer ended as `says` has it, and if no check has failed
 * that `breaks` does not list.  A fault of ours in the same cell does not
 * match all four, and fails. */
#include "lab/limits.h"

#include <fnmatch.h>
#include <string.h>

#define CELLS_MAX 3

enum { ANY_ROLE = -1 };

struct limit {
    const char *peer;
    const char *since;            /* first version seen with it; NULL: all  */
    const char *before;           /* first seen without it; NULL: none      */
    int role;                     /* of the peer                            */
    const char *cells[CELLS_MAX]; /* KEY=WORD[,WORD...], all must hold      */
    const char *says;             /* pattern: what became of the peer       */
    const char *other;            /* the same of the other end; NULL: any   */
    const char *breaks;           /* checks; no other one may have failed   */
    bool is_rare;                 /* chance decides whether a run meets it  */
    const char *why;
};

#define LOSSES "loss-*,bursts"
#define LOSSY "scenario=" LOSSES

/* What an end says if it never got an answer. */
#define UNANSWERED                                                            \
    "@(status 3,*|start: not connected: no answer*|start: no answer*|"        \
    "start: nothing came in time*|read timeout expired|"                      \
    "*operation timed out|not connected)"

static const struct limit limits[] = {
    {.peer = "openssl",
     .role = ANY_ROLE,
     .cells = {"scenario=corrupt*"},
     .says = "decryption failed or bad record mac",
     .breaks = "connected data-client data-server",
     .why = "OpenSSL ends an association with encrypt-then-MAC at the "
            "first record that has a wrong MAC"},
    {.peer = "openssl",
     .role = ANY_ROLE,
     .cells = {LOSSY},
     .says = "read timeout expired",
     .breaks = "connected",
     .is_rare = true,
     .why = "OpenSSL gives up after twelve timeouts, those of earlier flights "
            "included"},
    {.peer = "openssl",
     .role = ANY_ROLE,
     .cells = {"variant=refused-*"},
     .says = "no renegotiation",
     .breaks = "refused connected data-client data-server",
     .why = "OpenSSL ends an association in which it is refused another "
            "handshake"},
    {.peer = "openssl",
     .role = ANY_ROLE,
     .cells = {"variant=refused-*", "scenario=slow"},
     .says = "unexpected record",
     .breaks = "refused connected data-client data-server",
     .is_rare = true,
     .why = "OpenSSL refuses another handshake once, and ends the association "
            "when the same ClientHello comes again"},
    {.peer = "gnutls",
     .role = ANY_ROLE,
     .cells = {"scenario=cut-data"},
     .says = "connected",
     .breaks = "close",
     .is_rare = true,
     .why = "GnuTLS joins a datagram that was cut with the next one"},
    {.peer = "gnutls",
     .role = SUT_SERVER,
     .cells = {LOSSY},
     .says = "connected",
     .other = UNANSWERED,
     .breaks = "connected",
     .is_rare = true,
     .why = "a GnuTLS server repeats its last flight for 60 s only"},
    {.peer = "gnutls",
     .role = SUT_SERVER,
     .cells = {LOSSY},
     .says = "The operation timed out",
     .breaks = "connected",
     .is_rare = true,
     .why = "GnuTLS ends a handshake that its own total time is over for"},
    {.peer = "gnutls",
     .role = SUT_SERVER,
     .cells = {"variant=resume-ticket", "scenario=mtu-300,orders",
               "cookie=cookie"},
     .says = "connected",
     .other = "connected",
     .breaks = "retransmissions",
     .why = "a GnuTLS server answers each piece of a ClientHello without a "
            "cookie, not only the first"},
    {.peer = "gnutls",
     .role = SUT_SERVER,
     .cells = {"variant=resume-ticket", "auth=mutual", "cookie=cookie"},
     .says = "connected",
     .other = "connected",
     .breaks = "retransmissions",
     .is_rare = true, /* only with certificates of RSA keys */
     .why = "a GnuTLS server answers each piece of a ClientHello without a "
            "cookie, and with the client's chain its ticket is that long"},
    {.peer = "gnutls",
     .role = ANY_ROLE,
     .cells = {"auth=mutual", "variant=renegotiate-*",
               "scenario=reorder,jitter,doubles"},
     .says = "connected",
     .other = "connected",
     .breaks = "renegotiated",
     .is_rare = true,
     .why =
         "GnuTLS stands still in another handshake in which fragments of a "
         "Certificate overtake each other, though they come again in order"},
    {.peer = "mbedtls",
     .role = SUT_SERVER,
     .cells = {"scenario=lates,replay"},
     .says = "SSL - The client initiated a reconnect from the same port",
     .other = "connected",
     .breaks = "connected",
     .why = "an Mbed TLS server ends an association for a ClientHello with "
            "its cookie that comes again"},
    {.peer = "mbedtls",
     .before = "3",
     .role = SUT_SERVER,
     .cells = {"variant=renegotiate-*", "cookie=cookie"},
     .says = "SSL - Processing of the ClientHello handshake message failed",
     .other = "connected",
     .breaks = "renegotiated",
     .why = "an Mbed TLS server with cookies refuses a renegotiating "
            "ClientHello that has one"},
    {.peer = "mbedtls",
     .since = "3",
     .role = SUT_SERVER,
     .cells = {"variant=renegotiate-*", "cookie=cookie"},
     .says = "SSL - A message could not be parsed due to a syntactic error",
     .other = "connected",
     .breaks = "renegotiated",
     .why = "an Mbed TLS 3 server with cookies refuses a renegotiating "
            "ClientHello that has one"},
    {.peer = "mbedtls",
     .before = "3",
     .role = SUT_CLIENT,
     .cells = {"variant=resume-ticket", "cookie=cookie"},
     .says = "@(SSL - The operation timed out|not connected)",
     .other = "@(not connected|error state on socket)",
     .breaks = "connected time",
     .why = "an Mbed TLS 2 client with a ticket has another session_id in "
            "each ClientHello, against RFC 6347, 4.2.1, so no cookie for the "
            "first one fits the second"},
    {.peer = "mbedtls",
     .role = SUT_SERVER,
     .cells = {"variant=resume-ticket",
               "scenario=mtu-300,orders,black-hole,singles,pairs," LOSSES},
     .says = "@(SSL - Processing of the ClientHello handshake message failed|"
             "SSL - A message could not be parsed due to a syntactic error)",
     .other = UNANSWERED,
     .breaks = "connected",
     .why =
         "an Mbed TLS server refuses a ClientHello in pieces, as one with a "
         "ticket is on a narrow path and after losses"},
    {.peer = "mbedtls",
     .role = SUT_CLIENT,
     .cells = {"variant=refused-client"},
     .says = "connected",
     .other = "connected",
     .breaks = "close",
     .why = "an Mbed TLS client that was refused another handshake neither "
            "sends nor closes any more"},
    {.peer = "mbedtls",
     .role = ANY_ROLE,
     .cells = {LOSSY},
     .says = "SSL - The operation timed out",
     .breaks = "connected",
     .is_rare = true,
     .why = "Mbed TLS gives up after seven timeouts"},
    {.peer = "wolfssl",
     .role = ANY_ROLE,
     .cells = {"scenario=corrupt*,cut-data"},
     .says = "connected",
     .breaks = "close connected data-client data-server",
     .is_rare = true,
     .why = "wolfSSL does not take some records after one that was damaged or "
            "cut, and says so with an alert"},
    {.peer = "wolfssl",
     .role = ANY_ROLE,
     .cells = {"scenario=corrupt*,cut-data"},
     .says = "Sanity check on ciphertext failed",
     .breaks = "connected data-client data-server",
     .is_rare = true,
     .why = "wolfSSL ends an association at some records that were damaged or "
            "cut"},
    {.peer = "wolfssl",
     .role = SUT_CLIENT,
     .cells = {"scenario=move-cookie"},
     .says = "Duplicate HandShake message Error",
     .breaks = "connected",
     .why = "a wolfSSL client takes one HelloVerifyRequest"},
    {.peer = "wolfssl",
     .since = "5.7.2",
     .role = SUT_CLIENT,
     .cells = {"scenario=lates,replay"},
     .says = "Duplicate HandShake message Error",
     .breaks = "connected",
     .why = "a connected wolfSSL client ends the association for a message in "
            "the clear that comes again"},
    {.peer = "wolfssl",
     .since = "5.7.2",
     .role = SUT_CLIENT,
     .cells = {"scenario=doubles"},
     .says = "Duplicate HandShake message Error",
     .breaks = "connected",
     .is_rare = true,
     .why = "a connected wolfSSL client ends the association for a message in "
            "the clear that comes again"},
    {.peer = "wolfssl",
     .since = "5.7.2",
     .role = SUT_CLIENT,
     .cells = {"scenario=doubles"},
     .says = "closed",
     .breaks = "once-client",
     .why = "a wolfSSL client without a replay window takes a record twice"},
    {.peer = "wolfssl",
     .since = "5.7.2",
     .role = SUT_SERVER,
     .cells = {"scenario=doubles"},
     .says = "closed",
     .breaks = "once-server",
     .why = "a wolfSSL server without a replay window takes a record twice"},
    {.peer = "wolfssl",
     .role = SUT_SERVER,
     .cells = {"scenario=singles,pairs,bursts,loss-*"},
     .says = "connected",
     .other = UNANSWERED,
     .breaks = "connected",
     .why = "a wolfSSL server does not repeat its last flight"},
    {.peer = "wolfssl",
     .role = SUT_SERVER,
     .cells = {"variant=staple"},
     .says = "error state on socket",
     .other = UNANSWERED,
     .breaks = "connected",
     .why = "a wolfSSL server sends the OCSP response of its "
            "CertificateStatus without the message around it"},
    {.peer = "wolfssl",
     .role = SUT_CLIENT,
     .cells = {"variant=resume-*", "scenario=singles,pairs," LOSSES},
     .says = "connected",
     .other = UNANSWERED,
     .breaks = "connected",
     .why = "a wolfSSL client does not repeat its last flight, which is that "
            "of a handshake that resumes a session"},
    {.peer = "wolfssl",
     .role = SUT_CLIENT,
     .cells = {LOSSY},
     .says = "error state on socket",
     .other = "@(connected|not connected)",
     .breaks = "connected",
     .is_rare = true,
     .why = "a wolfSSL client gives up after seven timeouts"},
    {.peer = "wolfssl",
     .role = SUT_SERVER,
     .cells = {LOSSY},
     .says = "connected",
     .other = "connected",
     .breaks = "close",
     .is_rare = true,
     .why = "a wolfSSL server that has sent an alert for pieces in another "
            "order, and connects when they come again, does not close"},
    {.peer = "wolfssl",
     .role = SUT_SERVER,
     .cells = {"scenario=jitter,reorder,doubles,bursts,loss-*"},
     .says = "error state on socket",
     .breaks = "connected",
     .is_rare = true,
     .why = "a wolfSSL server ends a handshake when pieces of the client's "
            "flight come in another order"},
};

enum {
    NUM_ROWS = sizeof limits / sizeof *limits,
    NEITHER_IS_OURS = NUM_ROWS,
    NUM_LIMITS
};
const int lab_num_limits = NUM_LIMITS;

/* A library's name ends with its version. */
static bool is_of(const struct limit *l, const struct sut_entry *entry)
{
    const char *version = entry->driver == NULL
                              ? NULL
                              : strpbrk(entry->driver->library, "0123456789");

    return version != NULL && strcmp(entry->name, l->peer) == 0 &&
           (l->since == NULL || strverscmp(version, l->since) >= 0) &&
           (l->before == NULL || strverscmp(version, l->before) < 0);
}

static bool is_about(const struct limit *l, const struct lab_cell *cell)
{
    for (int i = 0; i < CELLS_MAX && l->cells[i] != NULL; i++) {
        if (!lab_cell_passes(cell, l->cells[i])) {
            return false;
        }
    }
    return true;
}

static bool ended_so(const struct limit *l, const struct lab_cell *cell,
                     const struct lab_result *result)
{
    const struct sut_entry *entries[2] = {cell->client, cell->server};

    for (int i = 0; i < 2; i++) {
        if ((l->role == ANY_ROLE || l->role == i) && is_of(l, entries[i]) &&
            fnmatch(l->says, result->states[i], FNM_EXTMATCH) == 0 &&
            (l->other == NULL ||
             fnmatch(l->other, result->states[!i], FNM_EXTMATCH) == 0)) {
            return true;
        }
    }
    return false;
}

/* Is `word` one of the words of `text`? */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; (at = strstr(at, word)) != NULL; at += len) {
        if ((at == text || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool breaks_no_more(const struct limit *l,
                           const struct lab_result *result)
{
    for (size_t i = 0; i < result->num_checks; i++) {
        const struct lab_check *c = &result->checks[i];

        if (!c->holds && !has_word(l->breaks, c->word)) {
            return false;
        }
    }
    return true;
}

/* Only chance excuses: a script or a path that takes nothing large do not. */
static bool has_lost_all(const struct lab_cell *cell,
                         const struct lab_result *result)
{
    const struct lab_scenario *s = cell->scenario;

    return s->outcome == LAB_MUST_CONNECT && s->sweep == LAB_ONCE &&
           !s->path_mtu && result->connected_at == 0 &&
           (lab_wire_lost_all(&result->wire, SUT_CLIENT) ||
            lab_wire_lost_all(&result->wire, SUT_SERVER));
}

int lab_limit_of(const struct lab_cell *cell, const struct lab_result *result)
{
    for (int i = 0; i < NUM_ROWS; i++) {
        const struct limit *l = &limits[i];

        if (is_about(l, cell) && ended_so(l, cell, result) &&
            breaks_no_more(l, result)) {
            return i;
        }
    }
    if (!cell->client->ours && !cell->server->ours) {
        return NEITHER_IS_OURS;
    }
    return has_lost_all(cell, result) ? LAB_ALL_LOST : LAB_NO_LIMIT;
}

const char *lab_limit_why(int limit)
{
    if (limit == LAB_ALL_LOST) {
        return "each copy of a flight, or each answer, was lost";
    }
    return limit == NEITHER_IS_OURS ? "neither end is ours"
                                    : limits[limit].why;
}

bool lab_limit_is_idle(int limit, unsigned met)
{
    size_t num;
    const struct sut_entry *entries = sut_drivers(&num);

    if (limit == NEITHER_IS_OURS || met != 0 || limits[limit].is_rare) {
        return false;
    }
    for (size_t i = 0; i < num; i++) {
        if (is_of(&limits[limit], &entries[i])) {
            return true;
        }
    }
    return false;
}
