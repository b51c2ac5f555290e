/* SPDX-License-Identifier: MIT */
/* Target: dtls_listener_gate.
 * Input:  {delay u16, how u8, length u16, datagram}*.  Bits 0 and 1 of `how`
 *         are the sender's address.  Bit 2: a cookie of the right length is
 *         replaced by the valid one; bit 3: by one that is valid for another
 *         address; bit 4: then time passes.  The cookie's own first bit says
 *         whether the lists are seen when the valid one is made.
 * Oracle: a reply is one HelloVerifyRequest, no longer than the first record
 *         of the datagram that it answers.  An accepted hello has the cookie
 *         that the gate gives to the same hello without a cookie; from another
 *         address, with another random, session_id or cookie it is not
 *         accepted; with other lists only if they were not seen.  A cookie
 *         lives for one period and not for three. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/gate.h"
#include "fuzzers/kit/repeatable_crypto.h"

#include <stdlib.h>
#include <string.h>

enum { PATCH = 4, PATCH_WRONG = 8, AGE = 16, DATAGRAMS = 64 };

static struct dtls_counters counters;
static struct dtls_listener listener;

static struct dtls_address address(uint8_t number)
{
    struct dtls_address a = {.len = 7, .bytes = {4, 127, 0, 0, 1, 0x23}};

    a.bytes[6] = number;
    return a;
}

static enum dtls_gate ask(const struct dtls_address *peer,
                          struct dtls_span datagram, uint64_t now)
{
    struct fuzz_hello hello;
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    enum dtls_gate gate;

    fuzz_mark(&pass, sizeof pass);
    gate = dtls_listener_gate(&listener, &reply, &pass, peer, datagram, now);
    if (gate != DTLS_GATE_ACCEPT) {
        fuzz_untouched(&pass, sizeof pass);
    }
    if (gate != DTLS_GATE_REPLY) {
        FUZZ_CHECK(reply.len == 0);
    }
    if (gate != DTLS_GATE_DISCARD) {
        FUZZ_CHECK(fuzz_hello_read(&hello, datagram));
    }
    if (gate == DTLS_GATE_REPLY) {
        (void)fuzz_check_reply(dtls_buf_bytes(&reply), &hello);
    }
    if (gate == DTLS_GATE_ACCEPT) {
        FUZZ_CHECK(pass.record_seq == hello.record.seq &&
                   pass.message_seq == hello.fragment.seq &&
                   pass.bond.seen == fuzz_cookie_is_seen(hello.hello.cookie));
    }
    return gate;
}

/* Changes one bit of the datagram, at `part`, asks, and changes it back. */
static void changed(const struct dtls_address *peer, struct dtls_span datagram,
                    struct dtls_bytes part, uint64_t now, bool accepted)
{
    uint8_t *at;

    if (part.len == 0) {
        return;
    }
    at = &datagram.data[part.data - datagram.data];
    at[now % part.len] ^= (uint8_t)(1u << now % 8);
    FUZZ_CHECK((ask(peer, datagram, now) == DTLS_GATE_ACCEPT) == accepted);
    at[now % part.len] ^= (uint8_t)(1u << now % 8);
}

static void check_pass(uint8_t number, struct dtls_span datagram, uint64_t now)
{
    struct dtls_address peer = address(number);
    struct dtls_address other = address((uint8_t)(number + 1));
    struct fuzz_hello hello;
    bool free;

    FUZZ_CHECK(fuzz_hello_read(&hello, datagram));
    FUZZ_CHECK(hello.hello.cookie.len == DTLS_COOKIE_LEN);
    free = !fuzz_cookie_is_seen(hello.hello.cookie);
    FUZZ_CHECK(ask(&other, datagram, now) == DTLS_GATE_REPLY);
    changed(&peer, datagram, hello.hello.random, now, false);
    changed(&peer, datagram, hello.hello.session_id, now, false);
    changed(&peer, datagram, hello.hello.suites, now, free);
    changed(&peer, datagram, hello.hello.compression, now, free);
    hello.hello.cookie.len = fuzz_cookie_bound(&hello);
    changed(&peer, datagram, hello.hello.cookie, now, false);
    FUZZ_CHECK(ask(&peer, datagram, now) == DTLS_GATE_ACCEPT);
}

static void receive(uint8_t how, struct dtls_span datagram, uint64_t *now)
{
    uint8_t number = how & 3;
    struct dtls_address peer = address(number);
    struct dtls_address other = address((uint8_t)(number + 1));
    bool patched =
        (how & (PATCH | PATCH_WRONG)) != 0 &&
        fuzz_cookie_patch(&listener, (how & PATCH) != 0 ? &peer : &other,
                          datagram, *now);
    bool right = patched && (how & PATCH) != 0;
    enum dtls_gate gate;

    gate = ask(&peer, datagram, *now);
    FUZZ_CHECK(!patched ||
               gate == (right ? DTLS_GATE_ACCEPT : DTLS_GATE_REPLY));
    if (gate == DTLS_GATE_ACCEPT) {
        check_pass(number, datagram, *now);
    }
    if (right && (how & AGE) != 0) {
        *now += DTLS_COOKIE_PERIOD_MS - 1;
        FUZZ_CHECK(ask(&peer, datagram, *now) == DTLS_GATE_ACCEPT);
        *now += 2 * (uint64_t)DTLS_COOKIE_PERIOD_MS;
        FUZZ_CHECK(ask(&peer, datagram, *now) == DTLS_GATE_REPLY);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    struct fuzz_crypto crypto;
    uint64_t now = 0;

    fuzz_crypto_init(&crypto, 0x2345);
    FUZZ_CHECK(dtls_listener_init(&listener, &crypto.crypto, &counters, 0) ==
               DTLS_OK);
    for (unsigned i = 0; i < DATAGRAMS && in.len != 0; i++) {
        uint8_t how;
        struct dtls_bytes datagram;
        uint8_t *copy;

        now += fuzz_u16(&in);
        how = fuzz_u8(&in);
        datagram = fuzz_some(&in, fuzz_u16(&in));
        copy = fuzz_exact(datagram);
        receive(how, (struct dtls_span){copy, datagram.len}, &now);
        free(copy);
    }
    dtls_listener_free(&listener);
    return 0;
}
