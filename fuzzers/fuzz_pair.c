/* SPDX-License-Identifier: MIT */
/* Target: a client and a server with a hostile network between them.
 * Input:  kind, knobs, {what u8, argument}*: what the network does next.
 * Oracle: those of fuzzed_end.h at both ends.  If both ends are connected they
 *         agree: the same suite, secret, exported key and promises.  Data
 *         arrives at most once, whole, and only if the other end sent it.
 *         Afterwards, on a quiet network, two live ends connect.
 *
 * Built twice: with null crypto, in fuzz_pair_null, an end believes what the
 * network changes, even under keys; from then on agreement and data are not
 * judged. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

#include <string.h>

enum what {
    DELIVER, /* the oldest                                       */
    REORDER, /* deliver number u8                                */
    LOSE,    /* the oldest                                       */
    REPEAT,  /* deliver the oldest, and keep it                  */
    DAMAGE,  /* xor u8 at u16 of the oldest, deliver             */
    CUT,     /* the oldest down to u16 bytes, deliver            */
    WAIT,    /* u16 milliseconds                                 */
    SAY,     /* u8 odd: the server; `num_said` of it             */
    INVENT,  /* u8 odd: to the server; u8 bytes                  */
    NUM_WHATS
};

enum { STEPS = 128, SAYINGS = 16 };

struct network {
    struct fuzz_pair pair;
    unsigned num_said[2];
    uint16_t heard[2]; /* by sender: which of its sayings have come */
    bool hurt;         /* something was damaged or invented */
};

static struct network net;

/* Null crypto accepts a damaged record as a whole one. */
static bool is_deceived(void)
{
    return FUZZ_IS_NULL && net.hurt;
}

/* `who` receives something: the other end said it, and it comes for the first
 * time. */
static void hear(int who, struct dtls_bytes data)
{
    uint16_t bit;

    if (is_deceived()) {
        return;
    }
    FUZZ_CHECK(data.len == 2 && data.data[0] == 1 - who &&
               data.data[1] < net.num_said[1 - who]);
    bit = (uint16_t)(1u << data.data[1]);
    FUZZ_CHECK((net.heard[1 - who] & bit) == 0);
    net.heard[1 - who] |= bit;
}

static void client_hears(void *self, struct dtls_bytes data)
{
    (void)self;
    hear(DTLS_CLIENT, data);
}

static void server_hears(void *self, struct dtls_bytes data)
{
    (void)self;
    hear(DTLS_SERVER, data);
}

static void say(int who)
{
    struct fuzz_association *a = &net.pair.ends[who];
    uint8_t text[2] = {(uint8_t)who, (uint8_t)net.num_said[who]};

    if (dtls_session_is_open(&a->session) && net.num_said[who] < SAYINGS) {
        net.num_said[who]++;
        fuzz_association_say(a, dtls_bytes_of(text, sizeof text));
    }
}

/* Changes the oldest datagram before it arrives. */
static void change(enum what what, struct dtls_bytes *in)
{
    struct fuzz_in_flight *d = &net.pair.queue[0];
    uint16_t at;

    if (what == DAMAGE) {
        at = fuzz_u16(in);
        d->bytes[at % d->len] ^= fuzz_u8(in);
        net.hurt = true;
    } else if (what == CUT) {
        d->len = fuzz_u16(in) % (d->len + 1);
        net.hurt = true;
    } else if (what == REPEAT && net.pair.num_queued < FUZZ_PAIR_QUEUE) {
        net.pair.queue[net.pair.num_queued++] = *d;
    }
}

static void step(enum what what, struct dtls_bytes *in)
{
    uint16_t delay;
    int to;

    switch (what) {
    case WAIT:
        delay = fuzz_u16(in);
        fuzz_association_wait(&net.pair.ends[DTLS_CLIENT], delay);
        fuzz_association_wait(&net.pair.ends[DTLS_SERVER], delay);
        return;
    case SAY:
        say(fuzz_u8(in) & 1);
        return;
    case INVENT:
        to = fuzz_u8(in) & 1;
        net.hurt = true;
        fuzz_association_receive(&net.pair.ends[to],
                                 fuzz_some(in, fuzz_u8(in)));
        return;
    case REORDER:
        delay = fuzz_u8(in);
        if (net.pair.num_queued != 0) {
            fuzz_pair_deliver(&net.pair, delay % net.pair.num_queued);
        }
        return;
    case LOSE:
    case DELIVER:
    case REPEAT:
    case DAMAGE:
    case CUT:
    case NUM_WHATS:
        break;
    }
    if (net.pair.num_queued == 0) {
        return;
    }
    if (what == LOSE) {
        fuzz_pair_drop(&net.pair, 0);
        return;
    }
    change(what, in);
    fuzz_pair_deliver(&net.pair, 0);
}

static void check_agreement(void)
{
    const struct fuzz_association *c = &net.pair.ends[DTLS_CLIENT];
    const struct fuzz_association *s = &net.pair.ends[DTLS_SERVER];
    const struct dtls_agreed *a = &c->session.hs.agreed;
    const struct dtls_agreed *b = &s->session.hs.agreed;
    uint8_t keys[2][32];

    if (is_deceived() || !c->connected || !s->connected || c->over ||
        s->over || fuzz_pair_is_renegotiating(&net.pair)) {
        return;
    }
    FUZZ_CHECK(a->suite == b->suite && a->suite != NULL);
    FUZZ_CHECK(memcmp(a->master, b->master, sizeof a->master) == 0);
    FUZZ_CHECK(memcmp(a->client_random, b->client_random, DTLS_RANDOM_LEN) ==
               0);
    FUZZ_CHECK(a->extended_master_secret == b->extended_master_secret &&
               a->encrypt_then_mac == b->encrypt_then_mac &&
               a->secure_renegotiation == b->secure_renegotiation);
    FUZZ_CHECK(dtls_session_export(&c->session, keys[0], sizeof keys[0],
                                   "EXPERIMENTAL fuzz", NULL) == DTLS_OK);
    FUZZ_CHECK(dtls_session_export(&s->session, keys[1], sizeof keys[1],
                                   "EXPERIMENTAL fuzz", NULL) == DTLS_OK);
    FUZZ_CHECK(memcmp(keys[0], keys[1], sizeof keys[0]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t kind = fuzz_u8(&in);
    uint8_t knobs = fuzz_u8(&in);

    net.num_said[0] = net.num_said[1] = 0;
    net.heard[0] = net.heard[1] = 0;
    net.hurt = false;
    fuzz_pair_begin(&net.pair, FUZZ_IS_NULL, kind,
                    knobs & (FUZZ_NO_COOKIES | FUZZ_SMALL_MTU));
    net.pair.ends[DTLS_CLIENT].heard = client_hears;
    net.pair.ends[DTLS_SERVER].heard = server_hears;
    fuzz_association_wait(&net.pair.ends[DTLS_CLIENT], 0);
    for (unsigned i = 0; i < STEPS && in.len != 0; i++) {
        step((enum what)(fuzz_u8(&in) % NUM_WHATS), &in);
        check_agreement();
    }
    /* Damage in the clear can spoil a handshake (docs/limits.md). */
    FUZZ_CHECK(fuzz_pair_recover(&net.pair) || net.hurt);
    check_agreement();
    fuzz_pair_free(&net.pair);
    return 0;
}
