/* SPDX-License-Identifier: MIT */
/* session/deadlines.c against a model that is a plain array. */
#include "kit/kit.h"

#include "session/deadlines.h"

#define COUNT 200

static struct dtls_deadlines heap;
static struct dtls_deadline places[COUNT];

static void begin(void)
{
    memset(places, 0xaa, sizeof places);
    dtls_deadlines_init(&heap, places, COUNT);
}

/* Checks what a heap is: none is later than its parent, and each session knows
 * its place. */
static void check(void)
{
    unsigned known = 0;

    for (uint32_t i = 0; i < heap.num; i++) {
        assert_true(i == 0 || places[(i - 1) / 4].at <= places[i].at);
        assert_int_equal(places[places[i].whose].place, i + 1);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        known += places[i].place != 0;
    }
    assert_int_equal(known, heap.num);
}

static void an_empty_heap_has_no_deadline(void **state)
{
    (void)state;
    begin();
    assert_true(dtls_deadlines_next(&heap) == DTLS_NEVER);
    dtls_deadlines_set(&heap, 0, DTLS_NEVER);
    assert_true(dtls_deadlines_next(&heap) == DTLS_NEVER);
    assert_int_equal(heap.num, 0);
}

static void a_deadline_moves_both_ways_and_goes(void **state)
{
    static const uint64_t deadlines[] = {0x2345, 0x2346, 0, DTLS_NEVER - 1,
                                         0x2345};

    (void)state;
    begin();
    for (size_t i = 0; i < LEN(deadlines); i++) {
        kit_row("deadline %zu", i);
        dtls_deadlines_set(&heap, 7, deadlines[i]);
        assert_true(dtls_deadlines_next(&heap) == deadlines[i]);
        assert_int_equal(dtls_deadlines_first(&heap), 7);
        assert_true(dtls_deadlines_of(&heap, 7) == deadlines[i]);
    }
    dtls_deadlines_set(&heap, 7, DTLS_NEVER);
    assert_int_equal(heap.num, 0);
    assert_true(dtls_deadlines_of(&heap, 7) == DTLS_NEVER);
}

/* In rising, falling and equal order, and taken out from the front. */
static void all_come_out_in_order(void **state)
{
    (void)state;
    for (int order = -1; order <= 1; order++) {
        uint64_t last = 0;

        kit_row("order %d", order);
        begin();
        for (int i = 0; i < COUNT; i++) {
            int deadline = 5000 + i * order;

            dtls_deadlines_set(&heap, (uint32_t)i, (uint64_t)deadline);
        }
        for (unsigned left = COUNT; left > 0; left--) {
            kit_row("%u left", left);
            check();
            assert_int_equal(heap.num, left);
            assert_true(dtls_deadlines_next(&heap) >= last);
            last = dtls_deadlines_next(&heap);
            dtls_deadlines_set(&heap, dtls_deadlines_first(&heap), DTLS_NEVER);
        }
        assert_int_equal(heap.num, 0);
    }
}

/* The earliest deadline of the model, and how many there are. */
static uint64_t earliest(const uint64_t *model, unsigned *num)
{
    uint64_t next = DTLS_NEVER;

    *num = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        next = model[i] < next ? model[i] : next;
        *num += model[i] != DTLS_NEVER;
    }
    return next;
}

static void random_changes_are_followed_as_by_an_array(void **state)
{
    uint64_t model[COUNT];
    uint64_t seed = 0xdead11e;

    (void)state;
    begin();
    memset(model, 0xff, sizeof model);
    for (int i = 0; i < 20000; i++) {
        /* For a while there are few, then many. */
        size_t gone = i % 4000 < 2000 ? 6 : 2;
        uint32_t pick = (uint32_t)kit_below(&seed, COUNT);
        unsigned num;

        kit_row("change %d", i);
        model[pick] = kit_below(&seed, gone) == 0
                          ? DTLS_NEVER
                          : (uint64_t)kit_below(&seed, 500);
        dtls_deadlines_set(&heap, pick, model[pick]);
        assert_true(dtls_deadlines_next(&heap) == earliest(model, &num));
        check();
        assert_int_equal(heap.num, num);
        assert_true(dtls_deadlines_of(&heap, pick) == model[pick]);
        assert_true(num == 0 || model[dtls_deadlines_first(&heap)] ==
                                    dtls_deadlines_next(&heap));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_heap_has_no_deadline),
        cmocka_unit_test(a_deadline_moves_both_ways_and_goes),
        cmocka_unit_test(all_come_out_in_order),
        cmocka_unit_test(random_changes_are_followed_as_by_an_array),
    };

    return kit_run(tests);
}
