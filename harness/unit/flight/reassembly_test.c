/* SPDX-License-Identifier: MIT */
/* flight/reassembly.c: fragments in any order give the same messages. */
#include "kit/kit.h"

#include "flight/reassembly.h"

/* A fragment with the body bytes that message `seq` has at `offset`. */
static uint8_t body_byte(uint16_t seq, size_t at)
{
    return (uint8_t)(37 * seq + 11 * at + 5);
}

struct piece {
    uint16_t seq;
    uint32_t message_len;
    uint32_t offset;
    uint32_t len;
};

static uint8_t piece_bytes[2048];

static struct dtls_fragment fragment_of(const struct piece *p)
{
    for (uint32_t i = 0; i < p->len; i++) {
        piece_bytes[i] = body_byte(p->seq, p->offset + i);
    }
    return (struct dtls_fragment){
        .type = (uint8_t)(11 + p->seq % 3),
        .message_len = p->message_len,
        .seq = p->seq,
        .offset = p->offset,
        .body = {piece_bytes, p->len},
    };
}

static enum dtls_status add(struct dtls_reassembly *r, uint16_t seq,
                            uint32_t message_len, uint32_t offset,
                            uint32_t len)
{
    struct piece p = {seq, message_len, offset, len};
    struct dtls_fragment f = fragment_of(&p);

    return dtls_reassembly_add(r, &f, 0);
}

/* The next message is complete and right; it is then ended. */
static void expect_next(struct dtls_reassembly *r, uint16_t seq, size_t len)
{
    struct dtls_message m;

    kit_row("message %u", seq);
    assert_true(dtls_reassembly_next(r, &m));
    assert_int_equal(m.seq, seq);
    assert_int_equal(m.type, 11 + seq % 3);
    assert_int_equal(m.epoch, 0);
    assert_int_equal(m.body.len, len);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(m.body.data[i], body_byte(seq, i));
    }
    dtls_reassembly_done(r);
}

static void expect_nothing(const struct dtls_reassembly *r)
{
    struct dtls_message m = {.type = 0x5a, .seq = 0x5a5a};

    assert_false(dtls_reassembly_next(r, &m));
    assert_int_equal(m.type, 0x5a);
    assert_int_equal(m.seq, 0x5a5a);
}

/* A reassembly with its arena in a heap block of exactly its size. */
struct work {
    struct dtls_reassembly r;
    uint8_t *arena;
};

static void begin(struct work *w, size_t arena_len, uint16_t next_seq)
{
    w->arena = malloc(arena_len != 0 ? arena_len : 1);
    assert_non_null(w->arena);
    memset(w->arena, 0xee, arena_len);
    dtls_reassembly_init(&w->r, (struct dtls_span){w->arena, arena_len},
                         next_seq);
}

static void end(struct work *w)
{
    free(w->arena);
}

/* Three messages of 5, 3 and 4 bytes, in seven pieces. */
static const struct piece three[] = {
    {4, 5, 0, 2}, {4, 5, 2, 2}, {4, 5, 4, 1}, {5, 3, 0, 1},
    {5, 3, 1, 2}, {6, 4, 0, 3}, {6, 4, 3, 1},
};

static void feed_three(const size_t order[LEN(three)])
{
    struct work w;

    kit_row("order %zu %zu %zu %zu %zu %zu %zu", order[0], order[1], order[2],
            order[3], order[4], order[5], order[6]);
    begin(&w, 100, 4);
    for (size_t i = 0; i < LEN(three); i++) {
        struct dtls_fragment f = fragment_of(&three[order[i]]);

        assert_int_equal(dtls_reassembly_add(&w.r, &f, 0), DTLS_OK);
    }
    expect_next(&w.r, 4, 5);
    expect_next(&w.r, 5, 3);
    expect_next(&w.r, 6, 4);
    expect_nothing(&w.r);
    assert_int_equal(w.r.arena_used, 0);
    end(&w);
}

/* Calls feed_three with every order of the pieces from `at` on. */
static void permute(size_t order[LEN(three)], size_t at)
{
    if (at == LEN(three)) {
        feed_three(order);
        return;
    }
    for (size_t i = at; i < LEN(three); i++) {
        size_t swap = order[at];

        order[at] = order[i];
        order[i] = swap;
        permute(order, at + 1);
        order[i] = order[at];
        order[at] = swap;
    }
}

static void every_order_of_the_pieces_gives_the_same_messages(void **state)
{
    size_t order[LEN(three)] = {0, 1, 2, 3, 4, 5, 6};

    (void)state;
    proves("D6347-3.2.2-1");
    proves("D6347-4.2.2-9");
    proves("D6347-4.2.3-6");
    permute(order, 0);
}

static void one_byte_pieces_in_any_order_give_the_message(void **state)
{
    uint64_t seed = 0x4223;

    (void)state;
    proves("D6347-4.2.3-6");
    for (int round = 0; round < 50; round++) {
        struct work w;
        uint32_t left[40];

        kit_row("round %d", round);
        begin(&w, 45, 0);
        for (uint32_t i = 0; i < LEN(left); i++) {
            left[i] = i;
        }
        for (size_t n = LEN(left); n > 0; n--) {
            size_t pick = kit_below(&seed, n);

            kit_row("%zu left", n);
            expect_nothing(&w.r);
            assert_int_equal(add(&w.r, 0, 40, left[pick], 1), DTLS_OK);
            left[pick] = left[n - 1];
        }
        expect_next(&w.r, 0, 40);
        end(&w);
    }
}

static void overlapping_pieces_of_any_cut_give_the_message(void **state)
{
    uint64_t seed = 0x0713;

    (void)state;
    proves("D6347-4.2.3-7");
    proves("D6347-4.2.3-8");
    proves("D6347-4.2.3-9");
    for (int round = 0; round < 500; round++) {
        bool here[90] = {false};
        size_t missing = sizeof here;
        struct dtls_message m;
        struct work w;

        kit_row("round %d", round);
        begin(&w, 200, 7);
        while (missing != 0) {
            uint32_t offset = (uint32_t)kit_below(&seed, 91);
            uint32_t len = (uint32_t)kit_below(&seed, 91 - offset);

            expect_nothing(&w.r);
            assert_int_equal(add(&w.r, 7, 90, offset, len), DTLS_OK);
            for (uint32_t i = offset; i < offset + len; i++) {
                missing -= here[i] ? 0 : 1;
                here[i] = true;
            }
        }
        assert_true(dtls_reassembly_next(&w.r, &m));
        assert_int_equal(add(&w.r, 7, 90, 3, 50), DTLS_OK); /* once more */
        expect_next(&w.r, 7, 90);
        end(&w);
    }
}

static void a_resend_with_other_cut_points_completes_the_message(void **s)
{
    struct work w;

    (void)s;
    proves("D6347-4.2.3-9");
    begin(&w, 100, 0);
    assert_int_equal(add(&w.r, 0, 10, 0, 4), DTLS_OK);
    assert_int_equal(add(&w.r, 0, 10, 8, 2), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(add(&w.r, 0, 10, 3, 3), DTLS_OK);
    assert_int_equal(add(&w.r, 0, 10, 6, 1), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(add(&w.r, 0, 10, 5, 4), DTLS_OK);
    expect_next(&w.r, 0, 10);
    end(&w);
}

static void an_empty_piece_is_no_progress_and_no_harm(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.3-12");
    begin(&w, 100, 0);
    assert_int_equal(add(&w.r, 0, 3, 0, 0), DTLS_OK);
    assert_int_equal(add(&w.r, 0, 3, 3, 0), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(add(&w.r, 0, 3, 0, 3), DTLS_OK);
    expect_next(&w.r, 0, 3);
    end(&w);
}

static void a_message_without_bytes_is_complete_at_once(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.3-13");
    begin(&w, 0, 0);
    assert_int_equal(add(&w.r, 1, 0, 0, 0), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(add(&w.r, 0, 0, 0, 0), DTLS_OK);
    expect_next(&w.r, 0, 0);
    expect_next(&w.r, 1, 0);
    end(&w);
}

/* A first part of 6 bytes of type 13, epoch 0, then something else. */
static void contradict(uint8_t type, uint32_t len, uint16_t epoch)
{
    uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct dtls_fragment a = {13, 6, 2, 0, {bytes, 4}};
    struct dtls_fragment b = {type, len, 2, 4, {bytes + 4, len - 4}};
    struct dtls_fragment rest = {type, len, 2, 0, {bytes, 4}};
    struct dtls_message m;
    struct work w;

    begin(&w, 9, 2);
    assert_int_equal(dtls_reassembly_add(&w.r, &a, 0), DTLS_OK);
    assert_int_equal(dtls_reassembly_add(&w.r, &b, epoch), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(dtls_reassembly_add(&w.r, &rest, epoch), DTLS_OK);
    assert_true(dtls_reassembly_next(&w.r, &m));
    assert_int_equal(m.type, type);
    assert_int_equal(m.epoch, epoch);
    assert_int_equal(m.body.len, len);
    assert_memory_equal(m.body.data, bytes, len);
    end(&w);
}

static void pieces_that_contradict_each_other_are_never_joined(void **state)
{
    (void)state;
    proves("D6347-4.2.2-12");
    contradict(14, 6, 0);
    contradict(13, 7, 0);
    contradict(13, 5, 0);
    contradict(13, 6, 1);
}

static void after_a_spoiled_piece_a_clean_resend_gets_through(void **state)
{
    uint8_t bad[4] = {0xbb, 0xbb, 0xbb, 0xbb};
    struct dtls_fragment spoiled = {11, 9, 0, 0, {bad, 4}};
    struct work w;

    (void)state;
    begin(&w, 20, 0);
    assert_int_equal(add(&w.r, 0, 6, 0, 4), DTLS_OK);
    assert_int_equal(dtls_reassembly_add(&w.r, &spoiled, 0), DTLS_OK);
    assert_int_equal(add(&w.r, 0, 6, 4, 2), DTLS_OK);
    expect_nothing(&w.r);
    assert_int_equal(add(&w.r, 0, 6, 0, 6), DTLS_OK);
    expect_next(&w.r, 0, 6);
    end(&w);
}

static void the_arena_holds_exactly_body_and_bits(void **state)
{
    (void)state;
    proves("D6347-4.2.3-14");
    for (uint32_t len = 1; len <= 40; len++) {
        size_t need = len + (len + 7) / 8;
        struct work w;

        kit_row("%u bytes", len);
        begin(&w, need, 0);
        assert_int_equal(add(&w.r, 0, len, 0, len), DTLS_OK);
        assert_int_equal(w.r.arena_used, need);
        expect_next(&w.r, 0, len);
        end(&w);
        begin(&w, need - 1, 0);
        assert_int_equal(add(&w.r, 0, len, 0, len), DTLS_NO_ROOM);
        assert_int_equal(add(&w.r, 1, len, 0, len), DTLS_DISCARD);
        assert_int_equal(w.r.arena_used, 0);
        expect_nothing(&w.r);
        end(&w);
    }
}

static void the_longest_announcement_takes_no_memory(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.3-14");
    begin(&w, 1000, 0);
    assert_int_equal(add(&w.r, 0, 0xffffff, 0, 1), DTLS_NO_ROOM);
    assert_int_equal(add(&w.r, 3, 0xffffff, 0xfffffe, 1), DTLS_DISCARD);
    assert_int_equal(w.r.arena_used, 0);
    end(&w);
}

static void the_next_message_pushes_out_the_furthest_ones(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.2-10");
    proves("D6347-4.2.2-11");
    begin(&w, 30, 3); /* three messages of 8 bytes and 9 of arena */
    assert_int_equal(add(&w.r, 5, 8, 0, 8), DTLS_OK);
    assert_int_equal(add(&w.r, 4, 8, 0, 8), DTLS_OK);
    assert_int_equal(add(&w.r, 6, 8, 0, 8), DTLS_OK);
    assert_int_equal(add(&w.r, 7, 8, 0, 8), DTLS_DISCARD);
    assert_int_equal(add(&w.r, 3, 16, 0, 16), DTLS_OK);
    expect_next(&w.r, 3, 16);
    expect_next(&w.r, 4, 8);
    expect_nothing(&w.r);
    end(&w);
}

static void the_next_message_is_never_pushed_out(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 30, 3);
    assert_int_equal(add(&w.r, 3, 20, 0, 10), DTLS_OK);
    assert_int_equal(add(&w.r, 4, 8, 0, 8), DTLS_DISCARD);
    assert_int_equal(add(&w.r, 3, 20, 10, 10), DTLS_OK);
    expect_next(&w.r, 3, 20);
    end(&w);
}

static void eight_messages_are_in_reach_and_no_ninth(void **state)
{
    struct work w;

    (void)state;
    proves("D6347-4.2.2-8");
    proves("D6347-4.2.2-11");
    begin(&w, 100, 20);
    assert_int_equal(add(&w.r, 19, 2, 0, 2), DTLS_DISCARD);
    assert_int_equal(add(&w.r, 0, 2, 0, 2), DTLS_DISCARD);
    assert_int_equal(add(&w.r, 28, 2, 0, 2), DTLS_DISCARD);
    assert_int_equal(add(&w.r, 65535, 2, 0, 2), DTLS_DISCARD);
    for (uint16_t seq = 27; seq >= 20; seq--) {
        kit_row("message %u", seq);
        assert_int_equal(add(&w.r, seq, 2, 0, 2), DTLS_OK);
    }
    for (uint16_t seq = 20; seq <= 27; seq++) {
        kit_row("message %u", seq);
        expect_next(&w.r, seq, 2);
    }
    assert_int_equal(add(&w.r, 28, 2, 0, 2), DTLS_OK);
    expect_next(&w.r, 28, 2);
    end(&w);
}

static void a_message_taken_from_elsewhere_is_moved_past(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 100, 0);
    assert_int_equal(add(&w.r, 0, 5, 0, 2), DTLS_OK);
    assert_int_equal(add(&w.r, 1, 5, 0, 5), DTLS_OK);
    dtls_reassembly_done(&w.r);
    expect_next(&w.r, 1, 5);
    assert_int_equal(w.r.arena_used, 0);
    dtls_reassembly_done(&w.r);
    assert_int_equal(w.r.next_seq, 3);
    end(&w);
}

static void up_to_the_last_number_messages_come_in_order(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 100, 65533);
    assert_int_equal(add(&w.r, 65535, 3, 0, 3), DTLS_OK);
    assert_int_equal(add(&w.r, 65534, 3, 0, 3), DTLS_OK);
    assert_int_equal(add(&w.r, 65533, 3, 0, 3), DTLS_OK);
    assert_int_equal(add(&w.r, 65532, 3, 0, 3), DTLS_DISCARD);
    expect_next(&w.r, 65533, 3);
    expect_next(&w.r, 65534, 3);
    expect_next(&w.r, 65535, 3);
    assert_int_equal(add(&w.r, 65535, 3, 0, 3), DTLS_DISCARD);
    end(&w);
}

static void seeking_forgets_what_is_out_of_reach(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 200, 0);
    for (uint16_t seq = 0; seq < 8; seq++) {
        kit_row("message %u", seq);
        assert_int_equal(add(&w.r, seq, 4, 0, 2), DTLS_OK);
    }
    dtls_reassembly_seek(&w.r, 6); /* 6 and 7 stay */
    assert_int_equal(w.r.arena_used, 2 * 5);
    for (uint16_t seq = 8; seq < 14; seq++) {
        kit_row("message %u", seq);
        assert_int_equal(add(&w.r, seq, 4, 0, 4), DTLS_OK);
    }
    assert_int_equal(add(&w.r, 6, 4, 2, 2), DTLS_OK);
    expect_next(&w.r, 6, 4);
    dtls_reassembly_seek(&w.r, 100);
    assert_int_equal(w.r.arena_used, 0);
    for (uint16_t seq = 100; seq < 108; seq++) {
        kit_row("message %u", seq);
        assert_int_equal(add(&w.r, seq, 4, 0, 4), DTLS_OK);
    }
    dtls_reassembly_seek(&w.r, 99); /* back: 107 is out of reach */
    assert_int_equal(w.r.arena_used, 7 * 5);
    assert_int_equal(add(&w.r, 99, 4, 0, 4), DTLS_OK);
    for (uint16_t seq = 99; seq < 107; seq++) {
        kit_row("message %u", seq);
        expect_next(&w.r, seq, 4);
    }
    expect_nothing(&w.r);
    end(&w);
}

static void only_the_messages_of_an_epoch_stay(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 200, 0);
    for (uint16_t seq = 0; seq < 8; seq++) {
        struct piece p = {seq, 4, 0, 4};
        struct dtls_fragment fragment = fragment_of(&p);

        kit_row("message %u", seq);
        assert_int_equal(dtls_reassembly_add(&w.r, &fragment, seq & 1),
                         DTLS_OK);
    }
    dtls_reassembly_keep_epoch(&w.r, 1);
    assert_int_equal(w.r.arena_used, 4 * 5);
    for (uint16_t seq = 0; seq < 8; seq++) {
        struct dtls_message message;

        kit_row("message %u", seq);
        assert_int_equal(dtls_reassembly_next(&w.r, &message), seq & 1);
        dtls_reassembly_done(&w.r);
    }
    end(&w);
}

/* What must hold between any two calls. */
static void check_invariants(const struct dtls_reassembly *r)
{
    size_t used = 0;

    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        const struct dtls_reassembly_slot *slot = &r->slots[i];
        size_t size = slot->len + (slot->len + 7u) / 8u;

        if (slot->used) {
            used += size;
            assert_true(slot->at + size <= r->arena_used);
            assert_true(slot->missing <= slot->len);
            assert_true(slot->seq >= r->next_seq &&
                        slot->seq - r->next_seq < DTLS_REASSEMBLY_SLOTS);
        }
    }
    assert_int_equal(used, r->arena_used);
    assert_true(r->arena_used <= r->arena.len);
}

static void twenty_thousand_random_calls_keep_the_arena_whole(void **state)
{
    uint64_t seed = 0xa4e4a;
    struct work w;

    (void)state;
    proves("D6347-4.2.3-14");
    begin(&w, 150, 50);
    for (int i = 0; i < 20000; i++) {
        uint16_t seq =
            (uint16_t)(w.r.next_seq - 2 + (int)kit_below(&seed, 12));
        uint32_t len = (uint32_t)kit_below(&seed, 60);
        uint32_t offset = (uint32_t)kit_below(&seed, len + 1);
        struct dtls_message m;

        kit_row("call %d", i);
        (void)(add(&w.r, seq, len, offset,
                   (uint32_t)kit_below(&seed, len - offset + 1)) == DTLS_OK);
        check_invariants(&w.r);
        if (kit_below(&seed, 10) == 0 && dtls_reassembly_next(&w.r, &m)) {
            expect_next(&w.r, w.r.next_seq, m.body.len);
        } else if (kit_below(&seed, 50) == 0) {
            dtls_reassembly_done(&w.r);
        } else if (kit_below(&seed, 50) == 0) {
            dtls_reassembly_seek(&w.r,
                                 (uint16_t)(20 + kit_below(&seed, 1000)));
        }
        check_invariants(&w.r);
    }
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_the_pieces_gives_the_same_messages),
        cmocka_unit_test(one_byte_pieces_in_any_order_give_the_message),
        cmocka_unit_test(overlapping_pieces_of_any_cut_give_the_message),
        cmocka_unit_test(a_resend_with_other_cut_points_completes_the_message),
        cmocka_unit_test(an_empty_piece_is_no_progress_and_no_harm),
        cmocka_unit_test(a_message_without_bytes_is_complete_at_once),
        cmocka_unit_test(pieces_that_contradict_each_other_are_never_joined),
        cmocka_unit_test(after_a_spoiled_piece_a_clean_resend_gets_through),
        cmocka_unit_test(the_arena_holds_exactly_body_and_bits),
        cmocka_unit_test(the_longest_announcement_takes_no_memory),
        cmocka_unit_test(the_next_message_pushes_out_the_furthest_ones),
        cmocka_unit_test(the_next_message_is_never_pushed_out),
        cmocka_unit_test(eight_messages_are_in_reach_and_no_ninth),
        cmocka_unit_test(a_message_taken_from_elsewhere_is_moved_past),
        cmocka_unit_test(up_to_the_last_number_messages_come_in_order),
        cmocka_unit_test(seeking_forgets_what_is_out_of_reach),
        cmocka_unit_test(only_the_messages_of_an_epoch_stay),
        cmocka_unit_test(twenty_thousand_random_calls_keep_the_arena_whole),
    };

    return kit_run(tests);
}
