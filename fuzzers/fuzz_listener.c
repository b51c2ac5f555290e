/* SPDX-License-Identifier: MIT */
/* Target: one listener, its table of sessions and its admission policy, with
 *         eight addresses of three sources that compete for four slots and a
 *         reserve.
 * Input:  knobs, {delay u16, address u8, length u16, datagram}*; bit 7 of the
 *         address: its cookies are replaced by valid ones.
 * Oracle: those of fuzzed_end.h for each address.  The table has exactly the
 *         addresses that were admitted, at most four; one that is refused
 *         leaves no trace, and finds four others; an established session never
 *         yields; a session that is over gives its slot back, and its address
 *         may come again.
 *
 * Built twice: fuzz_listener_null has null crypto and gets past Finished. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/gate.h"
#include "fuzzers/kit/mutator.h"
#include "fuzzers/kit/null_crypto.h"
#include "session/admission.h"

#include <stdlib.h>
#include <string.h>

enum { ADDRESSES = 8, SOURCES = 3, SLOTS = 4, STEPS = 256, PATCH = 0x80 };

struct guest {
    struct fuzz_association end;
    struct dtls_slot *slot;
};

struct house {
    struct fuzz_crypto crypto;
    struct dtls_counters counters;
    struct dtls_listener listener;
    struct dtls_table table;
    struct dtls_admission admission;
    struct dtls_slot slots[SLOTS];
    struct dtls_link index[DTLS_INDEX_LINKS(SLOTS)];
    struct dtls_slot reserve;
    struct guest guests[ADDRESSES];
    uint8_t knobs;
};

static struct house house;

static void expect_guest(unsigned address)
{
    struct fuzz_setup setup = {.role = DTLS_SERVER,
                               .null = FUZZ_IS_NULL,
                               .seals = true,
                               .kind = FUZZ_KIND(FUZZ_PSK, 0),
                               .knobs = house.knobs,
                               .address = (uint8_t)address,
                               .listener = &house.listener};
    uint64_t now = house.guests[address].end.now;

    fuzz_association_init(&house.guests[address].end, &setup);
    house.guests[address].end.now = now;
    house.guests[address].slot = NULL;
}

static void say_goodbye(unsigned address)
{
    struct guest *guest = &house.guests[address];

    (void)fuzz_association_free(&guest->end);
    if (guest->slot != NULL) {
        dtls_admission_leave(&house.admission, guest->slot);
    }
    expect_guest(address);
}

static void check_table(void)
{
    uint32_t taken = 0;

    for (int i = 0; i < ADDRESSES; i++) {
        const struct guest *guest = &house.guests[i];

        FUZZ_CHECK(dtls_table_find(&house.table, &guest->end.peer) ==
                   guest->slot);
        FUZZ_CHECK(guest->end.accepted == (guest->slot != NULL));
        taken += guest->slot != NULL;
    }
    FUZZ_CHECK(house.table.taken == taken && taken <= SLOTS);
}

static void open_house(void)
{
    memset(house.slots, 0, sizeof house.slots);
    (FUZZ_IS_NULL ? fuzz_null_crypto_init : fuzz_crypto_init)(&house.crypto,
                                                              0x2345);
    FUZZ_CHECK(dtls_listener_init(&house.listener, &house.crypto.crypto,
                                  &house.counters, 0) == DTLS_OK);
    house.listener.without_cookies = (house.knobs & FUZZ_NO_COOKIES) != 0;
    FUZZ_CHECK(dtls_table_init(&house.table, &house.crypto.crypto, house.slots,
                               sizeof house.slots[0], SLOTS, &house.reserve,
                               house.index) == DTLS_OK);
    dtls_admission_init(&house.admission, &house.table);
    for (unsigned i = 0; i < ADDRESSES; i++) {
        house.guests[i].end.now = 0;
        expect_guest(i);
    }
}

static void close_house(void)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        say_goodbye(i);
        (void)fuzz_association_free(&house.guests[i].end);
    }
    FUZZ_CHECK(house.table.taken == 0);
    dtls_listener_free(&house.listener);
}

/* The guest that yields: its handshake is not complete. */
static void send_away(const struct dtls_slot *loser)
{
    unsigned address = 0;

    while (house.guests[address].slot != loser) {
        address++;
        FUZZ_CHECK(address < ADDRESSES);
    }
    FUZZ_CHECK(dtls_session_is_opening(&house.guests[address].end.session));
    say_goodbye(address);
}

/* A guest that the gate has let through takes a slot, or is refused. */
static void admit(unsigned address)
{
    struct guest *guest = &house.guests[address];
    struct dtls_newcomer newcomer = {
        .peer = guest->end.peer,
        .source.bytes = {(uint8_t)(address % SOURCES)},
    };
    struct dtls_slot *loser;
    enum dtls_verdict verdict = dtls_admission_judge(
        &house.admission, &loser, &newcomer, guest->end.now);

    FUZZ_CHECK(verdict == DTLS_ADMIT || house.table.taken == SLOTS);
    if (loser != NULL) {
        send_away(loser);
    }
    if (verdict == DTLS_ADMIT || verdict == DTLS_ADMIT_INSTEAD) {
        guest->slot = dtls_admission_enter(&house.admission, &newcomer, NULL,
                                           guest->end.now);
    } else {
        FUZZ_CHECK(verdict != DTLS_ADMIT_ANEW);
    }
}

static void receive(unsigned address, bool patch, struct dtls_bytes datagram)
{
    struct guest *guest = &house.guests[address];
    bool was_in = guest->end.accepted;
    uint8_t *copy = fuzz_exact(datagram);

    if (patch && !was_in && (house.knobs & FUZZ_NO_COOKIES) == 0) {
        (void)fuzz_cookie_patch(&house.listener, &guest->end.peer,
                                (struct dtls_span){copy, datagram.len},
                                guest->end.now);
    }
    fuzz_association_receive(&guest->end, dtls_bytes_of(copy, datagram.len));
    free(copy);
    if (!was_in && guest->end.accepted) {
        admit(address);
    }
    if (guest->slot != NULL && !dtls_session_is_opening(&guest->end.session)) {
        dtls_admission_establish(&house.admission, guest->slot);
    }
    if (guest->end.over || (guest->end.accepted && guest->slot == NULL)) {
        say_goodbye(address);
    }
}

static void wait_all(uint16_t delay)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        fuzz_association_wait(&house.guests[i].end, delay);
        if (house.guests[i].end.over) {
            say_goodbye(i);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};

    house.knobs =
        fuzz_u8(&in) & (FUZZ_NO_COOKIES | FUZZ_HIDE_IDENTITY | FUZZ_SMALL_MTU |
                        FUZZ_SMALL_STORE | FUZZ_TALK);
    open_house();
    for (unsigned i = 0; i < STEPS && in.len != 0; i++) {
        uint8_t address;

        wait_all(fuzz_u16(&in));
        address = fuzz_u8(&in);
        receive(address % ADDRESSES, (address & PATCH) != 0,
                fuzz_some(&in, fuzz_u16(&in)));
        check_table();
    }
    close_house();
    return 0;
}

FUZZ_MUTATE(fuzz_steps_to_many)
