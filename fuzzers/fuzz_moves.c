/* SPDX-License-Identifier: MIT */
/* Target: a server's session with connection ids, whose client moves while
 *         others replay and forge its datagrams.
 * Input:  {what u8, address u8, argument u8}*: the client is at an address
 * from now on and sends data, or only says something from there, or an earlier
 * datagram comes again from an address, as it was or with a bit changed, or
 * the server sends data, or time passes, 250 times as much if the address is
 * not below 128.  The client is only at addresses below 128. Oracle: the
 * server's peer is at an address where the client has been and has answered;
 * never at one of the others.  To an address that never was the peer's no more
 * bytes go than three times those of the client's own datagrams from there.
 * The session does not fail, and keeps its invariants. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

#include <string.h>

enum { STEPS = 40, OWN = 128, ADDRESSES = 256, HEARD = 16 };

/* With 40 short waits less than 101 questions every 15 s: no end is gone. */
#define LONG_WAITS_MS 1300000u

static struct fuzz_pair line;

/* What the server's caller knows, and what this target knows of addresses. */
static struct {
    uint8_t peer, candidate, sender, client;
    bool was_peer[ADDRESSES];
    bool client_was[ADDRESSES];
    size_t in[ADDRESSES];
    size_t out[ADDRESSES];
    uint64_t waited; /* in long waits */
} world;

/* The client's datagrams. */
static struct {
    unsigned num;
    size_t len[HEARD];
    uint8_t bytes[HEARD][FUZZ_PAIR_DATAGRAM];
} heard;

static struct dtls_session *server(void)
{
    return &line.ends[DTLS_SERVER].session;
}

static void obey(void)
{
    if (dtls_session_takes_candidate(server())) {
        world.candidate = world.sender;
    }
    if (dtls_session_moves(server())) {
        FUZZ_CHECK(world.client_was[world.candidate]);
        world.peer = world.candidate;
        world.was_peer[world.peer] = true;
    }
}

/* The datagram arrives if the client is there. */
static void send_to(uint8_t address, struct dtls_bytes datagram)
{
    world.out[address] += datagram.len;
    FUZZ_CHECK(world.was_peer[address] ||
               world.out[address] <= 3 * world.in[address]);
    if (address == world.client && line.num_queued < FUZZ_PAIR_QUEUE) {
        struct fuzz_in_flight *next = &line.queue[line.num_queued++];

        next->to = DTLS_CLIENT;
        next->len = datagram.len;
        memcpy(next->bytes, datagram.data, datagram.len);
    }
}

static void from_server(void *self, struct dtls_bytes datagram)
{
    (void)self;
    obey();
    switch (dtls_session_goes_to(server(), datagram.len)) {
    case DTLS_AT_BOTH:
        send_to(world.candidate, datagram);
        send_to(world.peer, datagram);
        break;
    case DTLS_AT_CANDIDATE:
        send_to(world.candidate, datagram);
        break;
    case DTLS_AT_OTHER:
        send_to(world.sender, datagram);
        break;
    case DTLS_AT_PEER:
        send_to(world.peer, datagram);
        break;
    }
}

static void hear(uint8_t from, struct dtls_bytes datagram)
{
    enum dtls_where where = DTLS_AT_OTHER;

    if (from == world.peer) {
        where = DTLS_AT_PEER;
    } else if (server()->route.checking && from == world.candidate) {
        where = DTLS_AT_CANDIDATE;
    }
    world.sender = from;
    dtls_session_hear_from(server(), where);
    fuzz_association_receive(&line.ends[DTLS_SERVER], datagram);
    obey();
}

static void from_client(void *self, struct dtls_bytes datagram)
{
    (void)self;
    if (heard.num < HEARD && datagram.len <= sizeof heard.bytes[0]) {
        memcpy(heard.bytes[heard.num], datagram.data, datagram.len);
        heard.len[heard.num++] = datagram.len;
    }
    world.client_was[world.client] = true;
    world.in[world.client] += datagram.len;
    hear(world.client, datagram);
}

/* What is on its way to the client arrives. */
static void settle(void)
{
    for (unsigned i = 0; i < 4 && line.num_queued != 0; i++) {
        fuzz_pair_deliver(&line, 0);
    }
    line.num_queued = 0;
}

static void again(uint8_t from, uint8_t which, bool forge)
{
    uint8_t bytes[FUZZ_PAIR_DATAGRAM];
    size_t len = heard.len[which % heard.num];

    memcpy(bytes, heard.bytes[which % heard.num], len);
    if (forge) {
        bytes[which % len] ^= (uint8_t)(1 + which / 37);
    }
    hear(from, dtls_bytes_of(bytes, len));
}

static void begin(void)
{
    static const struct fuzz_setup setup = {.kind = FUZZ_KIND(FUZZ_PSK, 1),
                                            .knobs = FUZZ_NO_COOKIES,
                                            .connection_ids = true};

    memset(&world, 0, sizeof world);
    heard.num = 0;
    world.was_peer[0] = world.client_was[0] = true;
    fuzz_pair_begin_with(&line, &setup);
    fuzz_pair_hello(&line);
    fuzz_pair_settle(&line);
    FUZZ_CHECK(server()->hs.agreed.routability_checks);
    line.ends[DTLS_SERVER].output = from_server;
    line.ends[DTLS_CLIENT].output = from_client;
    fuzz_association_say(&line.ends[DTLS_CLIENT], dtls_bytes_of("x", 1));
}

static void wait_for(uint8_t address, uint8_t argument)
{
    uint64_t delay = (uint64_t)10 * argument;

    if (address >= OWN && world.waited + 250 * delay <= LONG_WAITS_MS) {
        delay *= 250;
        world.waited += delay;
    }
    fuzz_association_wait(&line.ends[DTLS_SERVER], delay);
    fuzz_association_wait(&line.ends[DTLS_CLIENT], delay);
}

static void step(uint8_t what, uint8_t address, uint8_t argument)
{
    uint8_t text[64] = {argument};

    switch (what % 6) {
    case 0:
        world.client = address % OWN;
        fuzz_association_say(&line.ends[DTLS_CLIENT],
                             dtls_bytes_of(text, argument % 64));
        break;
    case 1:
        again(address, argument, false);
        break;
    case 2:
        again(address, argument, true);
        break;
    case 3:
        fuzz_association_say(&line.ends[DTLS_SERVER],
                             dtls_bytes_of(text, argument % 64));
        break;
    case 4:
        wait_for(address, argument);
        break;
    default:
        settle();
        break;
    }
    FUZZ_CHECK(dtls_session_check(server()) == NULL);
    FUZZ_CHECK(dtls_session_is_connected(server()));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};

    begin();
    for (unsigned i = 0; i < STEPS && in.len >= 3; i++) {
        uint8_t what = fuzz_u8(&in);
        uint8_t address = fuzz_u8(&in);

        step(what, address, fuzz_u8(&in));
    }
    fuzz_pair_free(&line);
    return 0;
}
