/* SPDX-License-Identifier: MIT */
/* Target: a client that comes back to its server, over a hostile network.
 * Input:  kind, knobs, how u8, {what u8, argument}*.  The first handshake is
 *         whole; `how` says what the ends keep of it, and what has changed
 *         since; then the second one begins, and the steps say what the
 *         network does.
 * Oracle: those of fuzzed_end.h at both ends.  If both are connected they
 *         agree on the secret and on whether it is that of the session before.
 *         A session that nothing has touched is resumed on a network that only
 *         loses; one that is spoilt, too old or of another key leads to a full
 *         handshake, and to no failure. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"
#include "handshake/tickets.h"

#include <string.h>

enum {
    TICKETS = 1,  /* the server gives tickets; else it has a cache        */
    OTHER = 2,    /* the server has begun anew: other keys, no session    */
    SPOIL = 4,    /* a byte of the ticket or the id has changed           */
    LATE = 8,     /* the session is too old                               */
    CARRY = 16,   /* the client's session was exported and imported       */
    BOTH = 32,    /* the server has a cache beside its tickets            */
    STRANGER = 64 /* the export was sealed with another key               */
};

enum what { DELIVER, LOSE, REPEAT, DAMAGE, WAIT, NUM_WHATS };

enum { STEPS = 64, KEPT = 2, PERIOD = 3600000, A_DAY = 86400000 };

static struct fuzz_pair pair;
static struct fuzz_crypto own_crypto;
static struct dtls_tickets tickets;
static struct dtls_cache cache;
static struct dtls_cache_entry entries[KEPT];
static struct dtls_client_session memory;
static bool hurt;   /* a datagram was changed */
static bool waited; /* and a limit of the handshake may have come */

static struct fuzz_association *end(enum dtls_role role)
{
    return &pair.ends[role];
}

static void begin_server(uint64_t seed, uint64_t now)
{
    dtls_tickets_free(&tickets);
    dtls_cache_free(&cache);
    fuzz_crypto_init(&own_crypto, seed);
    FUZZ_CHECK(dtls_tickets_init(&tickets, &own_crypto.crypto, PERIOD, now) ==
               DTLS_OK);
    dtls_cache_init(&cache, entries, KEPT);
}

static void begin_pair(uint8_t kind, uint8_t knobs, uint8_t how, uint64_t now)
{
    bool with_tickets = (how & TICKETS) != 0;
    struct fuzz_setup common = {
        .kind = kind,
        .knobs = knobs & (FUZZ_NO_COOKIES | FUZZ_SMALL_MTU),
        .resume = &memory,
        .cache = !with_tickets || (how & BOTH) != 0 ? &cache : NULL,
        .tickets = with_tickets ? &tickets : NULL,
        .now = now,
    };

    fuzz_pair_begin_with(&pair, &common);
    fuzz_association_wait(end(DTLS_CLIENT), 0);
}

static bool is_connected(void)
{
    return end(DTLS_CLIENT)->connected && end(DTLS_SERVER)->connected;
}

/* Lets the client's session pass through bytes that an application keeps. */
static void carry(bool other_key)
{
    uint8_t bytes[4096];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    uint8_t key[DTLS_SAVED_KEY_LEN] = {7};
    enum dtls_status status = dtls_client_session_export(
        &own_crypto.crypto, &out, &memory, key, end(DTLS_CLIENT)->now);

    if (status != DTLS_OK) {
        return;
    }
    key[1] = other_key;
    memory = (struct dtls_client_session){0};
    status = dtls_client_session_import(&own_crypto.crypto, &memory,
                                        dtls_buf_bytes(&out), key,
                                        end(DTLS_CLIENT)->now);
    FUZZ_CHECK((status == DTLS_OK) == !other_key);
}

/* Changes a byte of what the client will offer. */
static void spoil(struct dtls_bytes *in)
{
    bool has_ticket = memory.ticket_len != 0;
    uint8_t *place =
        has_ticket ? memory.tickets[memory.which] : memory.saved.id;
    size_t len = has_ticket ? memory.ticket_len : memory.saved.id_len;

    if (len != 0) {
        place[fuzz_u16(in) % len] ^= (uint8_t)(1 | fuzz_u8(in));
    }
}

/* Changes what the ends know, as `how` says, and returns when the second
 * handshake begins. */
static uint64_t change(uint8_t how, struct dtls_bytes *in)
{
    uint64_t now = end(DTLS_CLIENT)->now + 1000;

    if ((how & CARRY) != 0) {
        carry((how & STRANGER) != 0);
    }
    if ((how & SPOIL) != 0) {
        spoil(in);
    }
    if ((how & OTHER) != 0) {
        begin_server(12, now);
    }
    return (how & LATE) != 0 ? now + A_DAY : now;
}

static void step(enum what what, struct dtls_bytes *in)
{
    struct fuzz_in_flight *d = &pair.queue[0];
    uint16_t number;

    if (what == WAIT) {
        waited = true;
        number = fuzz_u16(in);
        fuzz_association_wait(end(DTLS_CLIENT), number);
        fuzz_association_wait(end(DTLS_SERVER), number);
        return;
    }
    if (pair.num_queued == 0) {
        return;
    }
    if (what == LOSE) {
        fuzz_pair_drop(&pair, 0);
        return;
    }
    if (what == REPEAT && pair.num_queued < FUZZ_PAIR_QUEUE) {
        pair.queue[pair.num_queued++] = *d;
    }
    if (what == DAMAGE) {
        number = fuzz_u16(in);
        d->bytes[number % d->len] ^= (uint8_t)(1 | fuzz_u8(in));
        hurt = true;
    }
    fuzz_pair_deliver(&pair, 0);
}

static void check_agreement(bool may_resume, bool must_resume)
{
    const struct dtls_agreed *a = &end(DTLS_CLIENT)->session.hs.agreed;
    const struct dtls_agreed *b = &end(DTLS_SERVER)->session.hs.agreed;

    if (!is_connected() || end(DTLS_CLIENT)->over || end(DTLS_SERVER)->over) {
        FUZZ_CHECK(hurt || waited);
        return;
    }
    if (fuzz_pair_is_renegotiating(&pair)) {
        return;
    }
    FUZZ_CHECK(a->resumed == b->resumed && a->suite == b->suite);
    FUZZ_CHECK(memcmp(a->master, b->master, sizeof a->master) == 0);
    FUZZ_CHECK(may_resume || !a->resumed);
    FUZZ_CHECK(!must_resume || hurt || a->resumed ||
               end(DTLS_CLIENT)->renegotiations != 0);
}

/* The first handshake.  Returns true if it left the client a session. */
static bool meet(uint8_t kind, uint8_t knobs, uint8_t how)
{
    begin_pair(kind & (uint8_t)~FUZZ_RENEGOTIATE, knobs, how, 0);
    (void)fuzz_pair_recover(&pair);
    check_agreement(false, false);
    return memory.saved.suite != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t kind = fuzz_u8(&in);
    uint8_t knobs = fuzz_u8(&in);
    uint8_t how = fuzz_u8(&in);
    uint64_t now;
    bool is_kept;
    bool is_whole;

    hurt = false;
    waited = false;
    memory = (struct dtls_client_session){0};
    begin_server(11, 0);
    is_kept = meet(kind, knobs, how);
    now = change(how, &in);
    fuzz_pair_free(&pair);
    is_whole = is_kept && (how & (OTHER | SPOIL | LATE)) == 0 &&
               (how & (CARRY | STRANGER)) != (CARRY | STRANGER);
    begin_pair(kind, knobs, how, now);
    for (unsigned i = 0; i < STEPS && in.len != 0; i++) {
        step((enum what)(fuzz_u8(&in) % NUM_WHATS), &in);
    }
    (void)fuzz_pair_recover(&pair);
    check_agreement(is_whole, is_whole);
    fuzz_pair_free(&pair);
    dtls_cache_free(&cache);
    dtls_tickets_free(&tickets);
    return 0;
}
