/* SPDX-License-Identifier: MIT */
/* session/deadlines.c against a model that is a plain array. */
#include "kit/kit.h"

#include "session/deadlines.h"

#define COUNT 200

static struct dtls_deadlines heap;
static struct dtls_place places[COUNT];

static void begin(void)
{
    memset(&heap, 0, sizeof heap);
    memset(places, 0, sizeof places);
}

/* Counts the places below `place`, itself included, and checks each of them:
 * what a heap is, and what keeps the way down along `right` short. */
static unsigned check(const struct dtls_place *place,
                      const struct dtls_place *parent)
{
    uint32_t left;
    uint32_t right;

    if (place == NULL) {
        return 0;
    }
    left = place->left == NULL ? 0 : place->left->rank;
    right = place->right == NULL ? 0 : place->right->rank;
    assert_ptr_equal(place->parent, parent);
    assert_true(parent == NULL || parent->deadline <= place->deadline);
    assert_true(left >= right);
    assert_int_equal(place->rank, right + 1);
    return 1 + check(place->left, place) + check(place->right, place);
}

static void an_empty_heap_has_no_deadline(void **state)
{
    (void)state;
    begin();
    assert_true(dtls_deadlines_next(&heap) == DTLS_NEVER);
    dtls_deadlines_set(&heap, &places[0], DTLS_NEVER);
    assert_true(dtls_deadlines_next(&heap) == DTLS_NEVER);
    assert_null(heap.first);
}

static void a_deadline_moves_both_ways_and_goes(void **state)
{
    static const uint64_t deadlines[] = {0x2345, 0x2346, 0, DTLS_NEVER - 1,
                                         0x2345};

    (void)state;
    begin();
    for (size_t i = 0; i < LEN(deadlines); i++) {
        kit_row("deadline %zu", i);
        dtls_deadlines_set(&heap, &places[0], deadlines[i]);
        assert_true(dtls_deadlines_next(&heap) == deadlines[i]);
        assert_ptr_equal(heap.first, &places[0]);
    }
    dtls_deadlines_set(&heap, &places[0], DTLS_NEVER);
    assert_null(heap.first);
    assert_int_equal(places[0].rank, 0);
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

            dtls_deadlines_set(&heap, &places[i], (uint64_t)deadline);
        }
        for (unsigned left = COUNT; left > 0; left--) {
            kit_row("%u left", left);
            assert_int_equal(check(heap.first, NULL), left);
            assert_true(dtls_deadlines_next(&heap) >= last);
            last = dtls_deadlines_next(&heap);
            dtls_deadlines_set(&heap, heap.first, DTLS_NEVER);
        }
        assert_null(heap.first);
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
        size_t pick = kit_below(&seed, COUNT);
        unsigned num;

        kit_row("change %d", i);
        model[pick] = kit_below(&seed, gone) == 0
                          ? DTLS_NEVER
                          : (uint64_t)kit_below(&seed, 500);
        dtls_deadlines_set(&heap, &places[pick], model[pick]);
        assert_true(dtls_deadlines_next(&heap) == earliest(model, &num));
        assert_int_equal(check(heap.first, NULL), num);
        assert_true(model[pick] == DTLS_NEVER ||
                    places[pick].deadline == model[pick]);
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
