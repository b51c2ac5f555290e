/* SPDX-License-Identifier: MIT */
/* session/table.c against a model that is a plain list. */
#include "kit/kit.h"

#include "session/table.h"

#define COUNT 37

/* An element with something before and behind its slot. */
struct element {
    uint8_t before[24];
    struct dtls_slot slot;
    uint8_t behind[40];
};

struct work {
    struct kit_crypto k;
    struct dtls_table table;
    struct element elements[COUNT];
    struct dtls_link index[DTLS_INDEX_LINKS(COUNT)];
    uint8_t last[24];
};

static void begin(struct work *w, uint32_t count)
{
    memset(w, 0xc5, sizeof *w);
    kit_crypto_seed(&w->k, 0x7ab1e);
    assert_int_equal(
        dtls_table_init(&w->table, &w->k.crypto, &w->elements[0].slot,
                        sizeof w->elements[0], count, NULL, w->index),
        DTLS_OK);
}

/* Nothing outside of the slots and the index was written. */
static void end(const struct work *w)
{
    for (size_t i = 0; i < COUNT; i++) {
        kit_row("element %zu", i);
        for (size_t k = 0; k < sizeof w->elements[i].before; k++) {
            assert_int_equal(w->elements[i].before[k], 0xc5);
        }
        for (size_t k = 0; k < sizeof w->elements[i].behind; k++) {
            assert_int_equal(w->elements[i].behind[k], 0xc5);
        }
    }
    for (size_t k = 0; k < sizeof w->last; k++) {
        kit_row("byte %zu behind the index", k);
        assert_int_equal(w->last[k], 0xc5);
    }
}

static struct dtls_address peer(unsigned number)
{
    return (struct dtls_address){
        .len = 7,
        .bytes = {4, 192, 0, 2, (uint8_t)(number >> 8), (uint8_t)number, 7},
    };
}

static struct dtls_slot *find(struct work *w, unsigned number)
{
    struct dtls_address a = peer(number);

    return dtls_table_find(&w->table, &a);
}

static struct dtls_slot *take(struct work *w, unsigned number)
{
    struct dtls_address a = peer(number);

    return dtls_table_take(&w->table, &a);
}

static uint32_t bucket_of(const struct work *w, unsigned number)
{
    struct dtls_address a = peer(number);

    return dtls_table_bucket(&w->table, dtls_bytes_of(a.bytes, a.len));
}

static void an_empty_table_knows_nobody(void **state)
{
    struct work w;

    (void)state;
    begin(&w, COUNT);
    for (unsigned i = 0; i < 1000; i++) {
        kit_row("peer %u", i);
        assert_null(find(&w, i));
    }
    assert_int_equal(w.table.taken, 0);
    end(&w);
}

static void a_full_table_finds_everybody_and_takes_no_more(void **state)
{
    struct dtls_slot *slots[COUNT];
    struct work w;

    (void)state;
    proves("D6347-4.1.1-8");
    begin(&w, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("peer %u", i);
        slots[i] = take(&w, i);
        assert_non_null(slots[i]);
        assert_true(slots[i]->taken);
        for (unsigned k = 0; k < i; k++) {
            assert_ptr_not_equal(slots[i], slots[k]);
        }
    }
    assert_int_equal(w.table.taken, COUNT);
    assert_null(take(&w, COUNT));
    assert_int_equal(w.table.taken, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("peer %u", i);
        assert_ptr_equal(find(&w, i), slots[i]);
    }
    assert_null(find(&w, COUNT));
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("peer %u", i);
        dtls_table_give(&w.table, slots[i]);
        assert_null(find(&w, i));
        assert_int_equal(w.table.taken, COUNT - 1 - i);
    }
    end(&w);
}

static void a_table_of_one_is_a_table(void **state)
{
    struct work w;

    (void)state;
    begin(&w, 1);
    for (unsigned i = 0; i < 5; i++) {
        struct dtls_slot *slot = take(&w, i);

        kit_row("peer %u", i);
        assert_ptr_equal(slot, &w.elements[0].slot);
        assert_null(take(&w, i + 100));
        assert_ptr_equal(find(&w, i), slot);
        assert_null(find(&w, i + 1));
        dtls_table_give(&w.table, slot);
    }
    end(&w);
}

static void addresses_that_differ_in_one_byte_or_in_length_differ(void **st)
{
    struct dtls_address a = {.len = DTLS_ADDRESS_MAX};
    struct work w;
    struct dtls_slot *slot;

    (void)st;
    proves("D6347-4.1.1-8");
    memset(a.bytes, 0x33, sizeof a.bytes);
    begin(&w, 1); /* one bucket, so that they are really compared */
    slot = dtls_table_take(&w.table, &a);
    assert_non_null(slot);
    for (size_t i = 0; i < DTLS_ADDRESS_MAX; i++) {
        struct dtls_address b = a;

        kit_row("byte %zu", i);
        b.bytes[i] ^= 0x80;
        assert_null(dtls_table_find(&w.table, &b));
    }
    for (uint8_t len = 0; len < DTLS_ADDRESS_MAX; len++) {
        struct dtls_address b = a;

        kit_row("%u bytes", len);
        b.len = len;
        assert_null(dtls_table_find(&w.table, &b));
    }
    assert_ptr_equal(dtls_table_find(&w.table, &a), slot);
    end(&w);
}

/* Finds clients whose addresses share the bucket of client 0. */
static void find_one_bucket(const struct work *w, unsigned clients[COUNT])
{
    unsigned num = 0;

    for (unsigned client = 0; num < COUNT; client++) {
        if (bucket_of(w, client) == bucket_of(w, 0)) {
            clients[num++] = client;
        }
    }
}

static void all_in_one_bucket_can_leave_in_any_order(void **state)
{
    uint64_t seed = 0xb0c;

    (void)state;
    for (int round = 0; round < 50; round++) {
        struct dtls_slot *slots[COUNT];
        unsigned clients[COUNT];
        bool gone[COUNT] = {false};
        struct work w;

        kit_row("round %d", round);
        begin(&w, COUNT);
        find_one_bucket(&w, clients);
        for (unsigned i = 0; i < COUNT; i++) {
            slots[i] = take(&w, clients[i]);
        }
        for (unsigned left = COUNT; left > 0; left--) {
            size_t pick = kit_below(&seed, COUNT);

            kit_row("%u left", left);
            while (gone[pick]) {
                pick = (pick + 1) % COUNT;
            }
            dtls_table_give(&w.table, slots[pick]);
            gone[pick] = true;
            for (unsigned i = 0; i < COUNT; i++) {
                assert_ptr_equal(find(&w, clients[i]),
                                 gone[i] ? NULL : slots[i]);
            }
        }
        end(&w);
    }
}

/* No element but the one that is found is looked at: what stands in the others
 * of its bucket does not matter. */
static void a_search_goes_by_the_tags(void **state)
{
    struct dtls_slot *slots[COUNT];
    unsigned clients[COUNT];
    struct work w;

    (void)state;
    begin(&w, COUNT);
    find_one_bucket(&w, clients);
    for (unsigned i = 0; i < COUNT; i++) {
        slots[i] = take(&w, clients[i]);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("client %u", clients[i]);
        for (unsigned k = 0; k < COUNT; k++) {
            slots[k]->peer = peer(clients[i]);
        }
        assert_ptr_equal(find(&w, clients[i]), slots[i]);
    }
    end(&w);
}

static void a_tag_is_not_enough(void **state)
{
    struct dtls_slot *slot;
    struct work w;

    (void)state;
    proves("D6347-4.1.1-8");
    begin(&w, COUNT);
    slot = take(&w, 1);
    slot->peer = peer(2); /* as if both addresses had one hash */
    assert_null(find(&w, 1));
    end(&w);
}

static void the_key_decides_on_the_bucket(void **state)
{
    unsigned differ = 0;

    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        uint32_t heads[2] = {0, 0};

        kit_row("peer %u", i);
        for (unsigned seed = 1; seed <= 2; seed++) {
            struct work w;

            kit_row("seed %u", seed);
            begin(&w, COUNT);
            kit_crypto_seed(&w.k, seed);
            assert_int_equal(
                dtls_table_init(&w.table, &w.k.crypto, &w.elements[0].slot,
                                sizeof w.elements[0], COUNT, NULL, w.index),
                DTLS_OK);
            assert_non_null(take(&w, i));
            for (uint32_t k = 0; k < COUNT; k++) {
                if (w.index[k].bucket != 0) {
                    heads[seed - 1] = k;
                }
            }
        }
        differ += heads[0] != heads[1] ? 1 : 0;
    }
    assert_true(differ > 48);
}

static void addresses_are_spread_over_the_buckets(void **state)
{
    struct work w;
    unsigned used = 0;

    (void)state;
    begin(&w, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        kit_row("peer %u", i);
        assert_non_null(take(&w, i));
    }
    for (size_t i = 0; i < COUNT; i++) {
        used += w.index[i].bucket != 0 ? 1 : 0;
    }
    assert_true(used > COUNT / 3);
    end(&w);
}

static void without_random_bytes_there_is_no_table(void **state)
{
    struct work w;

    (void)state;
    begin(&w, COUNT);
    w.k.fail_at = 1;
    assert_int_equal(dtls_table_init(&w.table, &w.k.crypto,
                                     &w.elements[0].slot, sizeof w.elements[0],
                                     COUNT, NULL, w.index),
                     DTLS_INTERNAL_ERROR);
}

#define PEERS 80

static void ten_thousand_random_calls_are_answered_as_by_a_list(void **state)
{
    struct dtls_slot *model[PEERS] = {NULL};
    uint32_t taken = 0;
    uint64_t seed = 0x10000;
    struct work w;

    (void)state;
    begin(&w, COUNT);
    for (int i = 0; i < 10000; i++) {
        unsigned number = (unsigned)kit_below(&seed, PEERS);
        struct dtls_slot *slot = find(&w, number);

        kit_row("call %d", i);
        assert_ptr_equal(slot, model[number]);
        if (slot != NULL) {
            assert_int_equal(slot->peer.bytes[5], number);
            if (kit_below(&seed, 2) == 0) {
                dtls_table_give(&w.table, slot);
                model[number] = NULL;
                taken--;
            }
        } else {
            slot = take(&w, number);
            assert_int_equal(slot == NULL, taken == COUNT);
            model[number] = slot;
            taken += slot != NULL ? 1 : 0;
        }
        assert_int_equal(w.table.taken, taken);
    }
    end(&w);
}

static struct dtls_bytes id_of(uint8_t bytes[8], unsigned number)
{
    memset(bytes, 0x77, 8);
    bytes[6] = (uint8_t)number;
    return dtls_bytes_of(bytes, number % 2 == 0 ? 8 : 7);
}

/* Slots get ids and other peers, and are given back; ids and peers lead to
 * them. */
static void ids_and_moves_are_answered_as_by_a_list(void **state)
{
    struct dtls_slot *named[PEERS] = {NULL}; /* by id */
    struct dtls_slot *at[PEERS] = {NULL};    /* by peer */
    uint64_t seed = 0x30001;
    struct work w;

    (void)state;
    proves("D9146-3-21");
    begin(&w, COUNT);
    for (int i = 0; i < 20000; i++) {
        unsigned id = (unsigned)kit_below(&seed, PEERS);
        unsigned number = (unsigned)kit_below(&seed, PEERS);
        struct dtls_slot *slot = find(&w, number);
        struct dtls_address a = peer((unsigned)kit_below(&seed, PEERS));
        uint8_t bytes[8];

        kit_row("call %d", i);
        assert_ptr_equal(slot, at[number]);
        assert_ptr_equal(dtls_table_find_id(&w.table, id_of(bytes, id)),
                         named[id]);
        if (slot == NULL) {
            at[number] = take(&w, number);
        } else if (slot->id_len == 0) {
            assert_int_equal(dtls_table_name(&w.table, slot, id_of(bytes, id)),
                             named[id] == NULL);
            named[id] = named[id] == NULL ? slot : named[id];
        } else if (kit_below(&seed, 3) == 0) {
            named[slot->id[6]] = NULL;
            at[number] = NULL;
            dtls_table_give(&w.table, slot);
        } else if (at[a.bytes[5]] == NULL) {
            at[number] = NULL;
            at[a.bytes[5]] = slot;
            dtls_table_move(&w.table, slot, &a);
        }
    }
    end(&w);
}

/* Two slots have one peer: the one that came there last is found. */
static void a_slot_that_moves_is_the_newest_of_its_peer(void **state)
{
    struct dtls_address second = peer(2);
    struct dtls_slot *a;
    struct dtls_slot *b;
    struct work w;

    (void)state;
    proves("D9146-6-10");
    begin(&w, COUNT);
    a = take(&w, 1);
    b = take(&w, 2);
    dtls_table_move(&w.table, a, &second);
    assert_null(find(&w, 1));
    assert_ptr_equal(find(&w, 2), a);
    assert_ptr_equal(dtls_table_find_older(&w.table, a), b);
    dtls_table_give(&w.table, a);
    assert_ptr_equal(find(&w, 2), b);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_knows_nobody),
        cmocka_unit_test(a_full_table_finds_everybody_and_takes_no_more),
        cmocka_unit_test(a_table_of_one_is_a_table),
        cmocka_unit_test(
            addresses_that_differ_in_one_byte_or_in_length_differ),
        cmocka_unit_test(all_in_one_bucket_can_leave_in_any_order),
        cmocka_unit_test(a_search_goes_by_the_tags),
        cmocka_unit_test(a_tag_is_not_enough),
        cmocka_unit_test(the_key_decides_on_the_bucket),
        cmocka_unit_test(addresses_are_spread_over_the_buckets),
        cmocka_unit_test(without_random_bytes_there_is_no_table),
        cmocka_unit_test(ten_thousand_random_calls_are_answered_as_by_a_list),
        cmocka_unit_test(ids_and_moves_are_answered_as_by_a_list),
        cmocka_unit_test(a_slot_that_moves_is_the_newest_of_its_peer),
    };

    return kit_run(tests);
}
