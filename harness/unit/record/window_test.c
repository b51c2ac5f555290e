/* SPDX-License-Identifier: MIT */
/* record/window.c against a model that remembers every number. */
#include "kit/kit.h"

#include "record/window.h"

#define SEQ_MAX 0xffffffffffffu
#define SEEN_MAX 4096

/* The model: a list of all numbers that were marked. */
struct model {
    uint64_t seen[SEEN_MAX];
    size_t num;
};

static uint16_t sizes[] = {0, 32, 65, 128, 200, 256};
static uint16_t size; /* of the windows at hand, 0: the usual one */

#define ONE_SIZE(test, i) cmocka_unit_test_prestate(test, &sizes[i])
#define EACH_SIZE(test)                                                       \
    ONE_SIZE(test, 0), ONE_SIZE(test, 1), ONE_SIZE(test, 2),                  \
        ONE_SIZE(test, 3), ONE_SIZE(test, 4), ONE_SIZE(test, 5)

static uint64_t places(void)
{
    return size != 0 ? size : DTLS_WINDOW_SIZE;
}

static bool model_fresh(const struct model *m, uint64_t seq)
{
    uint64_t highest = 0;

    for (size_t i = 0; i < m->num; i++) {
        highest = m->seen[i] > highest ? m->seen[i] : highest;
        if (m->seen[i] == seq) {
            return false;
        }
    }
    return m->num == 0 || seq + places() > highest;
}

static void mark_both(struct dtls_window *w, struct model *m, uint64_t seq)
{
    dtls_window_mark(w, seq);
    assert_true(m->num < SEEN_MAX);
    m->seen[m->num++] = seq;
}

/* Every offset around the right edge is judged as the model does. */
static void compare_around(const struct dtls_window *w, const struct model *m,
                           uint64_t right)
{
    int64_t reach = (int64_t)places() + 6;

    for (int64_t offset = -reach; offset <= reach; offset++) {
        uint64_t seq = right + (uint64_t)offset;

        if (seq <= SEQ_MAX) {
            assert_int_equal(dtls_window_fresh(w, seq), model_fresh(m, seq));
        }
    }
}

static void the_window_has_at_least_32_and_usually_64_places(void **state)
{
    (void)state;
    proves("D6347-4.1.2.6-5");
    proves("D6347-4.1.2.6-6");
    assert_int_equal(DTLS_WINDOW_SIZE, 64);
}

static void an_empty_window_takes_any_first_number(void **state)
{
    static const uint64_t firsts[] = {0,      1, 63, 64, 65, 0x123456789abc,
                                      SEQ_MAX};

    size = *(const uint16_t *)*state;
    proves("D6347-4.1.2.6-2");
    for (size_t i = 0; i < LEN(firsts); i++) {
        struct dtls_window w = {.size = size};
        struct model m = {.num = 0};

        kit_row("window of %u, number %llx", size,
                (unsigned long long)firsts[i]);
        assert_true(dtls_window_fresh(&w, firsts[i]));
        mark_both(&w, &m, firsts[i]);
        assert_false(dtls_window_fresh(&w, firsts[i]));
        compare_around(&w, &m, firsts[i]);
    }
}

static void every_offset_around_the_right_edge_is_judged_and_marked(void **s)
{
    static const uint64_t rights[] = {0,
                                      1,
                                      62,
                                      63,
                                      64,
                                      65,
                                      70,
                                      1000,
                                      0x123456789abc,
                                      SEQ_MAX - 71,
                                      SEQ_MAX - 1,
                                      SEQ_MAX};

    size = *(const uint16_t *)*s;
    proves("D6347-4.1.2.6-1");
    proves("D6347-4.1.2.6-3");
    proves("D6347-4.1.2.6-8");
    proves("D6347-4.1.2.6-9");
    for (size_t i = 0; i < LEN(rights); i++) {
        kit_row("window of %u, right edge %llx", size,
                (unsigned long long)rights[i]);
        for (int64_t offset = -270; offset <= 270; offset++) {
            struct dtls_window w = {.size = size};
            struct model m = {.num = 0};
            uint64_t seq = rights[i] + (uint64_t)offset;

            kit_row("offset %d", (int)offset);
            mark_both(&w, &m, rights[i]);
            if (seq > SEQ_MAX || !dtls_window_fresh(&w, seq)) {
                continue;
            }
            mark_both(&w, &m, seq);
            assert_false(dtls_window_fresh(&w, seq));
            compare_around(&w, &m, rights[i]);
            compare_around(&w, &m, seq);
        }
    }
}

static void the_left_edge_is_63_behind_and_64_is_too_old(void **state)
{
    struct dtls_window w = {0};

    (void)state;
    proves("D6347-4.1.2.6-8");
    dtls_window_mark(&w, 100);
    assert_true(dtls_window_fresh(&w, 37));
    assert_false(dtls_window_fresh(&w, 36));
    dtls_window_mark(&w, 37);
    assert_false(dtls_window_fresh(&w, 37));
    assert_false(dtls_window_fresh(&w, 100));
}

static void a_jump_of_any_power_of_two_keeps_what_is_still_inside(void **s)
{
    size = *(const uint16_t *)*s;
    proves("D6347-4.1.2.6-14");
    for (unsigned k = 0; k < 48; k++) {
        kit_row("window of %u", size);
        for (int around = -1; around <= 1; around++) {
            struct dtls_window w = {.size = size};
            struct model m = {.num = 0};
            uint64_t gap = ((uint64_t)1 << k) + (uint64_t)around;
            uint64_t right = 5 + gap;

            kit_row("a jump of 2^%u %+d", k, around);
            mark_both(&w, &m, 2);
            mark_both(&w, &m, 5);
            if (gap == 0 || right > SEQ_MAX) {
                continue;
            }
            assert_true(dtls_window_fresh(&w, right));
            mark_both(&w, &m, right);
            compare_around(&w, &m, right);
            compare_around(&w, &m, 5);
        }
    }
}

static void marking_what_is_left_of_the_window_changes_nothing(void **state)
{
    struct dtls_window w = {0};
    struct dtls_window before;

    (void)state;
    dtls_window_mark(&w, 1000);
    before = w;
    dtls_window_mark(&w, 936);
    dtls_window_mark(&w, 0);
    dtls_window_mark(&w, 1000);
    assert_true(w.right == before.right && w.size == before.size);
    assert_memory_equal(w.seen, before.seen, sizeof w.seen);
}

static void asking_changes_nothing(void **state)
{
    struct dtls_window w = {0};

    (void)state;
    assert_true(dtls_window_fresh(&w, 7));
    assert_true(w.right == 0 && w.seen[0] == 0);
}

static void ten_thousand_numbers_in_disorder_are_judged_as_by_the_model(
    void **state)
{
    static struct model m;
    uint64_t seed = 0x6347;

    size = *(const uint16_t *)*state;
    proves("D6347-4.1.2.6-3");
    proves("D6347-4.1.2.6-9");
    for (int round = 0; round < 100; round++) {
        struct dtls_window w = {.size = size};
        uint64_t centre = kit_below(&seed, 1000);

        kit_row("window of %u, round %d", size, round);
        m.num = 0;
        for (int i = 0; i < 100; i++) {
            uint64_t seq = centre + kit_below(&seed, (size_t)places() + 26);

            kit_row("number %d", i);
            assert_int_equal(dtls_window_fresh(&w, seq), model_fresh(&m, seq));
            if (dtls_window_fresh(&w, seq)) {
                mark_both(&w, &m, seq);
            }
            centre += kit_below(&seed, 12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_has_at_least_32_and_usually_64_places),
        EACH_SIZE(an_empty_window_takes_any_first_number),
        EACH_SIZE(every_offset_around_the_right_edge_is_judged_and_marked),
        cmocka_unit_test(the_left_edge_is_63_behind_and_64_is_too_old),
        EACH_SIZE(a_jump_of_any_power_of_two_keeps_what_is_still_inside),
        cmocka_unit_test(marking_what_is_left_of_the_window_changes_nothing),
        cmocka_unit_test(asking_changes_nothing),
        EACH_SIZE(ten_thousand_numbers_in_disorder_are_judged_as_by_the_model),
    };

    return kit_run(tests);
}
