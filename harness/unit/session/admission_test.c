/* SPDX-License-Identifier: MIT */
/* session/admission.c against a model that is a plain list, and its rules one
 * by one. */
#include "kit/kit.h"

#include "session/admission.h"

#define COUNT 12

struct element {
    uint8_t before[24];
    struct dtls_slot slot;
};

static struct work {
    struct kit_crypto k;
    struct dtls_table table;
    struct dtls_admission admission;
    struct element elements[COUNT];
    struct dtls_slot reserve;
    struct dtls_link index[DTLS_INDEX_LINKS(COUNT)];
    uint64_t now;
} w;

/* The model: who has a slot, in the order of arrival. */
struct guest {
    struct dtls_slot *slot;
    unsigned source;
    unsigned port;
    bool half_open;
    uint64_t since;
};
static struct guest guests[COUNT + 1];
static size_t num_guests;

static void begin(uint32_t count, bool reserve)
{
    memset(&w, 0, sizeof w);
    num_guests = 0;
    kit_crypto_seed(&w.k, 0xad317);
    assert_int_equal(dtls_table_init(&w.table, &w.k.crypto,
                                     &w.elements[0].slot, sizeof w.elements[0],
                                     count, reserve ? &w.reserve : NULL,
                                     w.index),
                     DTLS_OK);
    dtls_admission_init(&w.admission, &w.table);
}

static struct dtls_newcomer newcomer(unsigned source, unsigned port)
{
    return (struct dtls_newcomer){
        .peer = {7, {4, 10, 0, 0, (uint8_t)source, 0, (uint8_t)port}},
        .source = {{4, 10, 0, 0, (uint8_t)source}},
    };
}

static void forget(size_t i)
{
    memmove(&guests[i], &guests[i + 1], (--num_guests - i) * sizeof guests[0]);
}

static size_t find_slot(const struct dtls_slot *slot)
{
    size_t i = 0;

    while (i < num_guests && guests[i].slot != slot) {
        i++;
    }
    assert_true(i < num_guests);
    return i;
}

/* The index of the peer's newest association; num_guests: none. */
static size_t find_peer(unsigned source, unsigned port)
{
    size_t found = num_guests;

    for (size_t i = 0; i < num_guests; i++) {
        if (guests[i].source == source && guests[i].port == port) {
            found = i;
        }
    }
    return found;
}

static bool is_main(size_t which)
{
    for (size_t i = 0; i < which; i++) {
        if (guests[i].source == guests[which].source &&
            guests[i].port == guests[which].port) {
            return false;
        }
    }
    return true;
}

static uint32_t num_main(void)
{
    uint32_t num = 0;

    for (size_t i = 0; i < num_guests; i++) {
        num += is_main(i);
    }
    return num;
}

static uint32_t size_of(unsigned source)
{
    uint32_t size = 0;

    for (size_t i = 0; i < num_guests; i++) {
        size +=
            guests[i].source == source && guests[i].half_open && is_main(i);
    }
    return size;
}

static uint32_t largest(void)
{
    uint32_t most = 0;

    for (unsigned s = 0; s < 256; s++) {
        most = size_of(s) > most ? size_of(s) : most;
    }
    return most;
}

static bool is_old(const struct dtls_slot *slot)
{
    return w.now - guests[find_slot(slot)].since >= DTLS_YIELD_AGE_MS;
}

/* The policy as session/admission.h tells it.  Whose turn it is among sources
 * that hold equally many is left open. */
static void check_verdict(enum dtls_verdict got, const struct dtls_slot *loser,
                          unsigned source, unsigned port)
{
    size_t own = find_peer(source, port);
    uint32_t holds = size_of(source);
    bool full = num_guests == dtls_table_slots(&w.table);

    if (own < num_guests && guests[own].half_open) {
        assert_int_equal(got, DTLS_ADMIT_ANEW);
        assert_ptr_equal(loser, guests[own].slot);
        return;
    }
    if (own < num_guests || num_main() < w.table.count) {
        if (!full) {
            assert_int_equal(got, DTLS_ADMIT);
            assert_null(loser);
        } else if (got == DTLS_ADMIT_INSTEAD) {
            assert_false(is_main(find_slot(loser)));
            assert_true(guests[find_slot(loser)].half_open);
            assert_true(is_old(loser));
        } else {
            assert_int_equal(got, DTLS_REFUSE);
        }
        return;
    }
    if (largest() == 0) {
        assert_int_equal(got, DTLS_REFUSE_ALL);
        return;
    }
    if (got == DTLS_ADMIT_INSTEAD) {
        const struct guest *g = &guests[find_slot(loser)];
        bool fair = size_of(g->source) > holds + 1;

        assert_true(g->half_open && is_main(find_slot(loser)));
        assert_true(fair || is_old(loser));
        if (g->source != source) {
            assert_int_equal(size_of(g->source), largest());
            assert_true(holds < w.admission.cap && holds < largest());
        }
        return;
    }
    assert_int_equal(got, DTLS_REFUSE);
    assert_true(largest() <= holds + 1 || holds >= w.admission.cap);
}

static void leave(struct dtls_slot *slot)
{
    dtls_admission_leave(&w.admission, slot);
    forget(find_slot(slot));
}

/* A newcomer asks and, if it may, comes in as nx_secure/server_receive.c lets
 * it in. */
static enum dtls_verdict arrive(unsigned source, unsigned port)
{
    struct dtls_newcomer n = newcomer(source, port);
    struct dtls_slot *loser;
    enum dtls_verdict got =
        dtls_admission_judge(&w.admission, &loser, &n, w.now);
    bool full = dtls_table_is_full(&w.table);
    struct dtls_slot *anew = got == DTLS_ADMIT_ANEW ? loser : NULL;
    uint64_t since = anew == NULL ? w.now : guests[find_slot(anew)].since;
    struct dtls_slot *slot;

    check_verdict(got, loser, source, port);
    if (got == DTLS_REFUSE || got == DTLS_REFUSE_ALL) {
        return got;
    }
    if (loser != NULL && full) {
        leave(loser);
    }
    slot = dtls_admission_enter(&w.admission, &n, anew, w.now);
    guests[num_guests++] = (struct guest){slot, source, port, true, since};
    if (loser != NULL && !full) {
        leave(loser);
    }
    return got;
}

static void establish(size_t i)
{
    dtls_admission_establish(&w.admission, guests[i].slot);
    guests[i].half_open = false;
}

static void check_counts(void)
{
    uint32_t half_open = 0;

    for (size_t i = 0; i < num_guests; i++) {
        assert_true(guests[i].slot->taken);
        assert_int_equal(guests[i].slot->seat.half_open, guests[i].half_open);
        assert_int_equal(guests[i].slot->seat.second, !is_main(i));
        half_open += guests[i].half_open && is_main(i);
    }
    assert_int_equal(w.table.taken, num_guests);
    assert_int_equal(w.admission.num_second, num_guests - num_main());
    assert_int_equal(w.admission.num_half_open, half_open);
    assert_int_equal(w.admission.largest, largest());
    assert_true(num_main() <= w.table.count);
}

static void random_guests_are_judged_as_the_model_does(void **state)
{
    uint64_t seed = 0x9e57;

    (void)state;
    for (uint32_t round = 0; round < 60; round++) {
        kit_row("round %u", round);
        begin(1 + round % COUNT, round % 4 != 3);
        for (int step = 0; step < 1500; step++) {
            unsigned what = (unsigned)kit_below(&seed, 16);

            kit_row("step %d", step);
            w.now += kit_below(&seed, 3) == 0 ? kit_below(&seed, 800) : 0;
            if (what < 10) {
                (void)arrive((unsigned)kit_below(&seed, 2 + round % 5),
                             (unsigned)kit_below(&seed, 8));
            } else if (num_guests != 0 && what < 13) {
                establish(kit_below(&seed, num_guests));
            } else if (num_guests != 0) {
                leave(guests[kit_below(&seed, num_guests)].slot);
            }
            check_counts();
        }
    }
}

/* One host with many ports holds every slot; somebody else comes in at once,
 * and stays however many the host sends. */
static void one_host_cannot_shut_the_door(void **state)
{
    struct dtls_slot *honest;

    (void)state;
    begin(COUNT, true);
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("port %u", i);
        assert_int_equal(arrive(1, i), DTLS_ADMIT);
    }
    assert_int_equal(arrive(2, 0), DTLS_ADMIT_INSTEAD);
    honest = guests[num_guests - 1].slot;
    for (unsigned i = 0; i < 100; i++) {
        kit_row("wave %u", i);
        w.now += 400;
        (void)arrive(1, COUNT + i);
        assert_true(guests[find_slot(honest)].source == 2);
    }
}

/* Slow handshakes from a host each: none pushes out another that is younger
 * than a second. */
static void equals_wait_for_each_other(void **state)
{
    (void)state;
    begin(4, true);
    for (unsigned i = 0; i < 4; i++) {
        kit_row("host %u", i);
        assert_int_equal(arrive(i, 0), DTLS_ADMIT);
    }
    w.now += DTLS_YIELD_AGE_MS - 1;
    assert_int_equal(arrive(4, 0), DTLS_REFUSE);
    w.now += 1;
    assert_int_equal(arrive(4, 0), DTLS_ADMIT_INSTEAD);
    assert_int_equal(find_peer(0, 0), num_guests); /* the oldest has left */
}

/* Every slot is established: a stranger is told, an owner comes in, with one
 * slot as with many; a second owner waits, at most as long as the first one's
 * second association is young. */
static void an_owner_comes_back_to_a_full_server(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= COUNT; count++) {
        kit_row("%u slots", count);
        begin(count, true);
        for (unsigned i = 0; i < count; i++) {
            assert_int_equal(arrive(i, 0), DTLS_ADMIT);
            establish(num_guests - 1);
        }
        assert_int_equal(arrive(99, 0), DTLS_REFUSE_ALL);
        assert_int_equal(arrive(0, 0), DTLS_ADMIT);
        assert_ptr_equal(guests[num_guests - 1].slot, &w.reserve);
        assert_int_equal(arrive(99, 0), DTLS_REFUSE_ALL);
        if (count > 1) {
            assert_int_equal(arrive(1, 0), DTLS_REFUSE);
            /* Beginning anew does not make it younger. */
            w.now += DTLS_YIELD_AGE_MS / 2;
            assert_int_equal(arrive(0, 0), DTLS_ADMIT_ANEW);
            w.now += DTLS_YIELD_AGE_MS / 2;
            assert_int_equal(arrive(1, 0), DTLS_ADMIT_INSTEAD);
        }
        establish(num_guests - 1);
        check_counts();
        leave(guests[0].slot);
        check_counts();
    }
}

static void nobody_yields_if_that_is_switched_off(void **state)
{
    (void)state;
    begin(2, true);
    dtls_admission_set(&w.admission, false, 0);
    assert_int_equal(arrive(1, 0), DTLS_ADMIT);
    assert_int_equal(arrive(1, 1), DTLS_ADMIT);
    w.now += 10 * DTLS_YIELD_AGE_MS;
    for (unsigned i = 2; i < 5; i++) {
        struct dtls_newcomer n = newcomer(i, 0);
        struct dtls_slot *loser;

        kit_row("host %u", i);
        assert_int_equal(dtls_admission_judge(&w.admission, &loser, &n, w.now),
                         DTLS_REFUSE);
    }
}

/* A source at its cap yields itself, even if another one holds one more. */
static void a_source_has_a_cap(void **state)
{
    (void)state;
    begin(8, true);
    assert_int_equal(w.admission.cap, 2);
    for (unsigned i = 0; i < 5; i++) {
        kit_row("port %u", i);
        assert_int_equal(arrive(1, i), DTLS_ADMIT);
    }
    for (unsigned i = 0; i < 3; i++) {
        kit_row("port %u", i);
        assert_int_equal(arrive(2, i), DTLS_ADMIT);
    }
    assert_int_equal(arrive(2, 3), DTLS_REFUSE);
    w.now += DTLS_YIELD_AGE_MS;
    assert_int_equal(arrive(2, 3), DTLS_ADMIT_INSTEAD);
    assert_int_equal(size_of(1), 5);
    assert_int_equal(size_of(2), 3);
    dtls_admission_set(&w.admission, true, 4);
    assert_int_equal(arrive(2, 4), DTLS_ADMIT_INSTEAD);
    assert_int_equal(size_of(1), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_guests_are_judged_as_the_model_does),
        cmocka_unit_test(one_host_cannot_shut_the_door),
        cmocka_unit_test(equals_wait_for_each_other),
        cmocka_unit_test(an_owner_comes_back_to_a_full_server),
        cmocka_unit_test(nobody_yields_if_that_is_switched_off),
        cmocka_unit_test(a_source_has_a_cap),
    };

    return kit_run(tests);
}
