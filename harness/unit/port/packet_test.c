/* SPDX-License-Identifier: MIT */
/* Tests of packets and their pools. */

#include "port_kit.h"

#define PAYLOAD 64u
#define NUM_PACKETS 4u

static CHAR name[] = "x";
static NX_PACKET_POOL pool;
static ALIGN_TYPE memory[NUM_PACKETS * (sizeof(NX_PACKET) + PAYLOAD) / 8];
static UCHAR pattern[NUM_PACKETS * PAYLOAD + 1];

static int set_up(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pattern; i++) {
        pattern[i] = (UCHAR)(i * 7 + 1);
    }
    return nx_packet_pool_create(&pool, name, PAYLOAD, memory,
                                 sizeof memory) != NX_SUCCESS;
}

static int all_are_back(void **state)
{
    (void)state;
    return pool.nx_packet_pool_available != NUM_PACKETS;
}

static NX_PACKET *take(ULONG type)
{
    NX_PACKET *p;

    assert_int_equal(nx_packet_allocate(&pool, &p, type, NX_NO_WAIT),
                     NX_SUCCESS);
    return p;
}

static void a_pool_divides_its_memory_into_packets(void **state)
{
    NX_PACKET_POOL other;

    (void)state;
    assert_int_equal(pool.nx_packet_pool_total, NUM_PACKETS);
    assert_int_equal(pool.nx_packet_pool_available, NUM_PACKETS);
    assert_int_equal(nx_packet_pool_create(&other, name, PAYLOAD, memory,
                                           sizeof(NX_PACKET) + PAYLOAD - 1),
                     NX_SIZE_ERROR);
    assert_int_equal(nx_packet_pool_create(NULL, name, PAYLOAD, memory, 999),
                     NX_PTR_ERROR);
}

static void a_packet_has_the_headroom_of_its_type(void **state)
{
    const ULONG types[] = {NX_RECEIVE_PACKET, NX_IPv4_UDP_PACKET,
                           NX_UDP_PACKET};
    const ULONG headroom[] = {0, 44, 64};
    UINT i;

    (void)state;
    for (i = 0; i < 3; i++) {
        kit_row("type %u", types[i]);
        NX_PACKET *p = take(types[i]);

        assert_ptr_equal(p->nx_packet_prepend_ptr,
                         p->nx_packet_data_start + headroom[i]);
        assert_ptr_equal(p->nx_packet_append_ptr, p->nx_packet_prepend_ptr);
        assert_int_equal(p->nx_packet_data_end - p->nx_packet_data_start,
                         PAYLOAD);
        assert_ptr_equal(p->nx_packet_pool_owner, &pool);
        assert_int_equal(nx_packet_release(p), NX_SUCCESS);
    }
}

static void an_empty_pool_refuses_and_counts(void **state)
{
    NX_PACKET *p[NUM_PACKETS];
    NX_PACKET *none;
    UINT i;

    (void)state;
    for (i = 0; i < NUM_PACKETS; i++) {
        kit_row("packet %u", i);
        p[i] = take(NX_RECEIVE_PACKET);
    }
    assert_int_equal(nx_packet_allocate(&pool, &none, 0, NX_NO_WAIT),
                     NX_NO_PACKET);
    assert_null(none);
    assert_int_equal(nx_packet_allocate(&pool, &none, 0, 1), NX_WAIT_ERROR);
    assert_int_equal(pool.nx_packet_pool_empty_requests, 1);
    for (i = 0; i < NUM_PACKETS; i++) {
        kit_row("packet %u", i);
        assert_int_equal(nx_packet_release(p[i]), NX_SUCCESS);
    }
}

static void releasing_twice_is_refused_and_counted(void **state)
{
    NX_PACKET *p = take(NX_RECEIVE_PACKET);
    NX_PACKET *again = p;

    (void)state;
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
    assert_null(p); /* the checked form forgets it */
    assert_int_equal(nx_packet_release(p), NX_PTR_ERROR);
    assert_int_equal(_nx_packet_release(again), NX_ALREADY_RELEASED);
    assert_int_equal(pool.nx_packet_pool_invalid_releases, 1);
    assert_int_equal(pool.nx_packet_pool_available, NUM_PACKETS);
}

static void append_chains_packets_and_extract_finds_each_byte(void **state)
{
    NX_PACKET *p = take(NX_IPv4_UDP_PACKET);
    UCHAR out[sizeof pattern];
    ULONG copied;
    ULONG i;

    (void)state;
    assert_int_equal(nx_packet_data_append(p, pattern, 100, &pool, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(
        nx_packet_data_append(p, pattern + 100, 48, &pool, NX_NO_WAIT),
        NX_SUCCESS);
    assert_int_equal(p->nx_packet_length, 148);
    assert_int_equal(pool.nx_packet_pool_available, 1);
    assert_int_equal(nx_packet_data_retrieve(p, out, &copied), NX_SUCCESS);
    assert_int_equal(copied, 148);
    assert_memory_equal(out, pattern, 148);
    for (i = 0; i < 148; i++) {
        kit_row("offset %u", i);
        assert_int_equal(nx_packet_data_extract_offset(p, i, out, 70, &copied),
                         NX_SUCCESS);
        assert_int_equal(copied, 148 - i < 70 ? 148 - i : 70);
        assert_memory_equal(out, pattern + i, copied);
    }
    assert_int_equal(nx_packet_data_extract_offset(p, 148, out, 1, &copied),
                     NX_PACKET_OFFSET_ERROR);
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
}

static void an_append_that_does_not_fit_changes_nothing(void **state)
{
    NX_PACKET *p = take(NX_RECEIVE_PACKET);
    ULONG length;

    (void)state;
    assert_int_equal(nx_packet_data_append(p, pattern, 10, &pool, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(nx_packet_data_append(p, pattern, NUM_PACKETS * PAYLOAD,
                                           &pool, NX_NO_WAIT),
                     NX_NO_PACKET);
    assert_int_equal(nx_packet_length_get(p, &length), NX_SUCCESS);
    assert_int_equal(length, 10);
    assert_null(p->nx_packet_next);
    assert_int_equal(pool.nx_packet_pool_available, NUM_PACKETS - 1);
    assert_int_equal(nx_packet_data_append(p, pattern + 10,
                                           NUM_PACKETS * PAYLOAD - 10, &pool,
                                           NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(pool.nx_packet_pool_available, 0);
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
}

static void a_copy_has_the_same_bytes_and_headroom(void **state)
{
    NX_PACKET *p = take(NX_IPv4_UDP_PACKET);
    NX_PACKET *copy;
    UCHAR out[80];
    ULONG copied;

    (void)state;
    assert_int_equal(nx_packet_data_append(p, pattern, 80, &pool, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(nx_packet_copy(p, &copy, &pool, NX_NO_WAIT), NX_SUCCESS);
    assert_int_equal(copy->nx_packet_length, 80);
    assert_int_equal(copy->nx_packet_prepend_ptr - copy->nx_packet_data_start,
                     44);
    assert_int_equal(nx_packet_data_retrieve(copy, out, &copied), NX_SUCCESS);
    assert_memory_equal(out, pattern, 80);
    assert_int_equal(nx_packet_copy(p, &copy, &pool, NX_NO_WAIT),
                     NX_NO_PACKET);
    assert_null(copy);
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
    /* The two packets of the first copy: found by their pool being short. */
    assert_int_equal(pool.nx_packet_pool_available, 2);
    assert_int_equal(set_up(NULL), 0);
}

static NX_PACKET *held;

static VOID wait_for_packet(ULONG type)
{
    NX_PACKET *p = NULL;

    expect_eq(nx_packet_allocate(&pool, &p, type, 100), NX_SUCCESS);
    kit_note('w');
    expect(p == held);
    expect_eq(p->nx_packet_prepend_ptr - p->nx_packet_data_start, type);
    expect_eq(nx_packet_release(p), NX_SUCCESS);
}

static VOID hold_all(ULONG input)
{
    NX_PACKET *p[NUM_PACKETS];
    NX_PACKET *none;
    UINT i;

    (void)input;
    for (i = 0; i < NUM_PACKETS; i++) {
        kit_row("packet %u", i);
        expect_eq(nx_packet_allocate(&pool, &p[i], 0, 5), NX_SUCCESS);
    }
    expect_eq(nx_packet_allocate(&pool, &none, 0, 7), NX_NO_PACKET);
    expect_eq(tx_time_get(), 7);
    (void)kit_spawn(wait_for_packet, NX_IPv4_UDP_PACKET, 5);
    expect_eq(pool.nx_packet_pool_suspended_count, 1);
    held = p[2];
    for (i = NUM_PACKETS; i-- > 0;) {
        kit_row("packet %u", i);
        if (p[i] != NULL && p[i] != held) {
            continue;
        }
        expect_eq(nx_packet_release(p[i]), NX_SUCCESS);
        kit_note('r');
    }
    for (i = 0; i < NUM_PACKETS; i++) {
        kit_row("packet %u", i);
        if (p[i] != NULL && p[i] != held) {
            expect_eq(nx_packet_release(p[i]), NX_SUCCESS);
        }
    }
}

/* A pool of `num` packets of `payload` bytes, for copies. */
static NX_PACKET_POOL others;
static ALIGN_TYPE other_memory[4 * (sizeof(NX_PACKET) + 256) / 8];

static void make_others(ULONG payload, ULONG num)
{
    assert_int_equal(
        nx_packet_pool_create(&others, name, payload, other_memory,
                              num * ((ULONG)sizeof(NX_PACKET) + payload)),
        NX_SUCCESS);
    assert_int_equal(others.nx_packet_pool_total, num);
}

static void a_copy_that_finds_no_room_leaves_nothing(void **state)
{
    NX_PACKET *p = take(NX_RECEIVE_PACKET);
    NX_PACKET *copy = p;

    (void)state;
    make_others(64, 2);
    assert_int_equal(nx_packet_data_append(p, pattern, 129, &pool, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(nx_packet_copy(p, &copy, &others, NX_NO_WAIT),
                     NX_NO_PACKET);
    assert_null(copy);
    assert_int_equal(others.nx_packet_pool_available, 2);
    assert_int_equal(nx_packet_pool_delete(&others), NX_SUCCESS);
    make_others(64, 3);
    assert_int_equal(nx_packet_copy(p, &copy, &others, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(copy->nx_packet_length, 129);
    assert_int_equal(others.nx_packet_pool_available, 0);
    assert_int_equal(nx_packet_release(copy), NX_SUCCESS);
    assert_int_equal(nx_packet_pool_delete(&others), NX_SUCCESS);
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
}

/* What does not fit into one packet of the other pool is left out: the headers
 * are nobody's data. */
static void a_headroom_that_does_not_fit_is_not_copied(void **state)
{
    NX_PACKET *p = take(NX_IPv4_UDP_PACKET);
    NX_PACKET *copy = NULL;

    (void)state;
    make_others(NX_IPv4_UDP_PACKET - 4, 3);
    assert_int_equal(nx_packet_data_append(p, pattern, 20, &pool, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_int_equal(nx_packet_copy(p, &copy, &others, NX_NO_WAIT),
                     NX_SUCCESS);
    assert_ptr_equal(copy->nx_packet_prepend_ptr, copy->nx_packet_data_start);
    assert_int_equal(copy->nx_packet_length, 20);
    assert_memory_equal(copy->nx_packet_prepend_ptr, pattern, 20);
    assert_int_equal(nx_packet_release(copy), NX_SUCCESS);
    assert_int_equal(nx_packet_pool_delete(&others), NX_SUCCESS);
    assert_int_equal(nx_packet_release(p), NX_SUCCESS);
}

/* Of a chain in which a packet is no pool's, what stands before it goes back.
 */
static void a_chain_is_released_as_far_as_it_is_of_pools(void **state)
{
    NX_PACKET *p = take(NX_RECEIVE_PACKET);
    NX_PACKET stray = {0};

    (void)state;
    p->nx_packet_next = &stray;
    assert_int_equal(nx_packet_release(p), NX_PTR_ERROR);
    assert_non_null(p); /* and the caller sees that it was not all */
    assert_int_equal(pool.nx_packet_pool_available, NUM_PACKETS);
}

static void a_pool_needs_memory_behind_its_alignment(void **state)
{
    (void)state;
    assert_int_equal(
        nx_packet_pool_create(&others, name, 1, (UCHAR *)other_memory + 1, 6),
        NX_SIZE_ERROR);
    assert_int_equal(nx_packet_pool_create(&others, name, 64,
                                           (UCHAR *)other_memory + 1,
                                           (ULONG)sizeof(NX_PACKET) + 64),
                     NX_SIZE_ERROR);
    assert_int_equal(nx_packet_pool_create(&others, name, 64,
                                           (UCHAR *)other_memory + 1,
                                           (ULONG)sizeof(NX_PACKET) + 64 + 7),
                     NX_SUCCESS);
    assert_int_equal(nx_packet_pool_delete(&others), NX_SUCCESS);
}

static void a_released_packet_goes_to_the_thread_that_waits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, hold_all);
    assert_string_equal(kit_log, "wr");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, all_are_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_pool_divides_its_memory_into_packets),
        T(a_packet_has_the_headroom_of_its_type),
        T(an_empty_pool_refuses_and_counts),
        T(releasing_twice_is_refused_and_counted),
        T(append_chains_packets_and_extract_finds_each_byte),
        T(an_append_that_does_not_fit_changes_nothing),
        T(a_copy_has_the_same_bytes_and_headroom),
        T(a_copy_that_finds_no_room_leaves_nothing),
        T(a_headroom_that_does_not_fit_is_not_copied),
        T(a_chain_is_released_as_far_as_it_is_of_pools),
        T(a_pool_needs_memory_behind_its_alignment),
        T(a_released_packet_goes_to_the_thread_that_waits),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
