/* SPDX-License-Identifier: MIT */
/* Tests of semaphores, mutexes, event flags, queues, timers, memory pools. */

#include "port_kit.h"

#include <time.h>

static CHAR name[] = "x";
static TX_SEMAPHORE sem;
static TX_MUTEX mutex;
static TX_EVENT_FLAGS_GROUP group;
static TX_QUEUE queue;
static TX_TIMER timer;

static VOID time_out(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 1), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&sem, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_semaphore_get(&sem, TX_NO_WAIT), TX_NO_INSTANCE);
    expect_eq(tx_semaphore_get(&sem, 6000), TX_NO_INSTANCE);
    expect_eq(tx_time_get(), 6000);
    expect_eq(tx_semaphore_ceiling_put(&sem, 1), TX_SUCCESS);
    expect_eq(tx_semaphore_ceiling_put(&sem, 1), TX_CEILING_EXCEEDED);
    expect_eq(tx_semaphore_delete(&sem), TX_SUCCESS);
    expect_eq(tx_semaphore_put(&sem), TX_SEMAPHORE_ERROR);
}

static void a_minute_passes_in_no_time_when_nobody_is_ready(void **state)
{
    time_t before = time(NULL);

    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, time_out);
    assert_true(time(NULL) - before <= 2);
}

static VOID get_and_note(ULONG input)
{
    UINT status = tx_semaphore_get(&sem, TX_WAIT_FOREVER);

    expect(status == TX_SUCCESS || status == TX_DELETED);
    kit_note(status == TX_SUCCESS ? (char)input : '-');
}

static VOID serve_in_order(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    (void)kit_spawn(get_and_note, 'a', 9);
    (void)kit_spawn(get_and_note, 'b', 7);
    (void)kit_spawn(get_and_note, 'c', 5);
    (void)kit_spawn(get_and_note, 'd', 8);
    tx_semaphore_put(&sem);
    expect_eq(tx_semaphore_prioritize(&sem), TX_SUCCESS);
    tx_semaphore_put(&sem);
    tx_semaphore_put(&sem);
    tx_semaphore_delete(&sem);
}

static void a_semaphore_serves_in_order_unless_prioritized(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, serve_in_order);
    assert_string_equal(kit_log, "acb-");
}

static VOID want_mutex(ULONG input)
{
    expect_eq(tx_mutex_get(&mutex, TX_WAIT_FOREVER), TX_SUCCESS);
    kit_note((char)input);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
}

static VOID own_twice(ULONG input)
{
    TX_THREAD *self = tx_thread_identify();

    (void)input;
    expect_eq(tx_mutex_create(&mutex, name, TX_INHERIT), TX_SUCCESS);
    expect_eq(tx_mutex_put(&mutex), TX_NOT_OWNED);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    (void)kit_spawn(want_mutex, 'l', 9);
    (void)kit_spawn(want_mutex, 'h', 5);
    expect_eq(self->tx_thread_priority, 5);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
    kit_note('1');
    expect_eq(self->tx_thread_priority, 5);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
    expect_eq(self->tx_thread_priority, KIT_MAIN_PRIORITY);
    kit_note('2');
}

static void a_mutex_is_recursive_and_its_owner_inherits(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, own_twice);
    assert_string_equal(kit_log, "1hl2");
}

static TX_MUTEX second;

static VOID want_second(ULONG input)
{
    UINT status = tx_mutex_get(&second, input);

    expect(status == TX_SUCCESS || status == TX_NOT_AVAILABLE);
    kit_note(status == TX_SUCCESS ? 's' : 'n');
    if (status == TX_SUCCESS) {
        expect_eq(tx_mutex_put(&second), TX_SUCCESS);
    }
}

/* Owns two mutexes for which threads of the priorities 9, 5 and 7 wait. */
static VOID own_both(ULONG input)
{
    TX_THREAD *self = tx_thread_identify();

    (void)input;
    expect_eq(tx_mutex_create(&mutex, name, TX_INHERIT), TX_SUCCESS);
    expect_eq(tx_mutex_create(&second, name, TX_INHERIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&second, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    (void)kit_spawn(want_second, 3, 9);
    expect_eq(self->tx_thread_priority, 9);
    (void)kit_spawn(want_mutex, 'm', 5);
    expect_eq(self->tx_thread_priority, 5);
    (void)kit_spawn(want_second, 2, 7);
    expect_eq(self->tx_thread_priority, 5);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
    expect_eq(self->tx_thread_priority, 7);
    (void)tx_thread_sleep(2); /* that of priority 7 has given up */
    expect_eq(self->tx_thread_priority, 9);
    (void)tx_thread_sleep(2);
    expect_eq(self->tx_thread_priority, KIT_MAIN_PRIORITY);
    expect_eq(tx_mutex_put(&second), TX_SUCCESS);
    expect_eq(self->tx_thread_priority, KIT_MAIN_PRIORITY);
}

static void an_owner_has_the_priority_of_those_that_still_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, own_both);
    assert_string_equal(kit_log, "mnn");
}

static VOID die_with_mutex(ULONG input)
{
    (void)input;
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
}

static VOID inherit_from_the_dead(ULONG input)
{
    (void)input;
    expect_eq(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    (void)kit_spawn(die_with_mutex, 0, 20);
    tx_thread_sleep(1);
    expect_eq(tx_mutex_get(&mutex, 5), TX_SUCCESS);
}

static void a_thread_that_ends_gives_its_mutexes_up(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, inherit_from_the_dead);
}

static VOID want_both(ULONG input)
{
    ULONG actual = 0;

    (void)input;
    expect_eq(tx_event_flags_get(&group, 0x23, TX_AND_CLEAR, &actual, 100),
              TX_SUCCESS);
    expect_eq(actual, 0x67);
    kit_note('b');
}

static VOID set_flags(ULONG input)
{
    ULONG actual = 0;

    (void)input;
    expect_eq(tx_event_flags_create(&group, name), TX_SUCCESS);
    (void)kit_spawn(want_both, 0, 5);
    tx_event_flags_set(&group, 0x45, TX_OR);
    kit_note('a');
    tx_event_flags_set(&group, 0x22, TX_OR);
    kit_note('c');
    expect_eq(tx_event_flags_get(&group, 0xff, TX_OR, &actual, 0), TX_SUCCESS);
    expect_eq(actual, 0x44);
    tx_event_flags_set(&group, 0x04, TX_AND);
    expect_eq(tx_event_flags_get(&group, 0x40, TX_OR, &actual, 3),
              TX_NO_EVENTS);
    expect_eq(tx_time_get(), 3);
}

static VOID want_one(ULONG input)
{
    ULONG actual = 0;

    (void)input;
    expect_eq(tx_event_flags_get(&group, 0x18, TX_OR, &actual, 100),
              TX_SUCCESS);
    expect_eq(actual, 0x11);
    kit_note('o');
}

static VOID leave_flags(ULONG input)
{
    ULONG actual = 0;

    (void)input;
    expect_eq(tx_event_flags_create(&group, name), TX_SUCCESS);
    (void)kit_spawn(want_one, 0, 5);
    tx_event_flags_set(&group, 0x11, TX_OR);
    expect_eq(tx_event_flags_get(&group, 0xff, TX_OR, &actual, 0), TX_SUCCESS);
    expect_eq(actual, 0x11);
}

static void event_flags_stay_unless_they_are_to_be_cleared(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, leave_flags);
    assert_string_equal(kit_log, "o");
}

static void event_flags_wake_who_has_all_and_clear_them(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, set_flags);
    assert_string_equal(kit_log, "abc");
}

static VOID send_three(ULONG input)
{
    ULONG m[2];

    (void)input;
    for (m[0] = 1; m[0] <= 3; m[0]++) {
        kit_row("message %u", m[0]);
        m[1] = m[0] * 0x23456789u;
        expect_eq(tx_queue_send(&queue, m, TX_WAIT_FOREVER), TX_SUCCESS);
    }
    kit_note('s');
}

static VOID receive_three(ULONG input)
{
    ULONG memory[4];
    ULONG m[2];
    ULONG i;

    (void)input;
    expect_eq(tx_queue_create(&queue, name, 2, memory, sizeof memory),
              TX_SUCCESS);
    expect_eq(tx_queue_receive(&queue, m, 4), TX_QUEUE_EMPTY);
    (void)kit_spawn(send_three, 0, 5);
    kit_note('r');
    expect_eq(tx_queue_send(&queue, m, TX_NO_WAIT), TX_QUEUE_FULL);
    for (i = 1; i <= 3; i++) {
        kit_row("message %u", i);
        expect_eq(tx_queue_receive(&queue, m, TX_NO_WAIT), TX_SUCCESS);
        expect_eq(m[0], i);
        expect_eq(m[1], i * 0x23456789u);
    }
    expect_eq(tx_queue_receive(&queue, m, TX_NO_WAIT), TX_QUEUE_EMPTY);
    m[0] = 8;
    expect_eq(tx_queue_send(&queue, m, TX_NO_WAIT), TX_SUCCESS);
    m[0] = 9;
    expect_eq(tx_queue_front_send(&queue, m, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(tx_queue_receive(&queue, m, TX_NO_WAIT), TX_SUCCESS);
    expect_eq(m[0], 9);
    expect_eq(tx_queue_flush(&queue), TX_SUCCESS);
    expect_eq(tx_queue_receive(&queue, m, TX_NO_WAIT), TX_QUEUE_EMPTY);
}

static void a_full_queue_makes_its_sender_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, receive_three);
    assert_string_equal(kit_log, "rs");
}

static VOID on_timer(ULONG input)
{
    expect_eq(tx_thread_sleep(1), TX_CALLER_ERROR);
    kit_note((char)input);
}

static VOID use_timer(ULONG input)
{
    (void)input;
    expect_eq(
        tx_timer_create(&timer, name, on_timer, 't', 10, 5, TX_AUTO_ACTIVATE),
        TX_SUCCESS);
    expect_eq(tx_timer_activate(&timer), TX_ACTIVATE_ERROR);
    tx_thread_sleep(9);
    kit_note('9');
    tx_thread_sleep(13); /* until 22: 10, 15, 20 */
    expect_eq(tx_timer_deactivate(&timer), TX_SUCCESS);
    tx_thread_sleep(50);
    kit_note('e');
    expect_eq(tx_timer_change(&timer, 2, 0), TX_SUCCESS);
    expect_eq(tx_timer_activate(&timer), TX_SUCCESS);
    tx_thread_sleep(50);
    expect_eq(tx_timer_activate(&timer), TX_ACTIVATE_ERROR);
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
}

static void a_timer_calls_until_stopped_and_a_one_shot_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, use_timer);
    assert_string_equal(kit_log, "9tttet");
}

static TX_TIMER others[3];

/* All four are due in one tick; the first stops the last and the second. */
static VOID stop_others(ULONG input)
{
    kit_note((char)input);
    expect_eq(tx_timer_deactivate(&others[2]), TX_SUCCESS);
    expect_eq(tx_timer_deactivate(&others[0]), TX_SUCCESS);
}

static VOID use_timers(ULONG input)
{
    (void)input;
    expect_eq(tx_timer_create(&timer, name, stop_others, 'f', 3, 0,
                              TX_AUTO_ACTIVATE),
              TX_SUCCESS);
    for (UINT i = 0; i < 3; i++) {
        kit_row("timer %u", i);
        expect_eq(tx_timer_create(&others[i], name, on_timer, 'a' + i, 3, 0,
                                  TX_AUTO_ACTIVATE),
                  TX_SUCCESS);
    }
    tx_thread_sleep(9);
    kit_note('.');
    for (UINT i = 0; i < 3; i++) {
        kit_row("timer %u", i);
        expect_eq(tx_timer_delete(&others[i]), TX_SUCCESS);
    }
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
}

static void a_timer_that_is_stopped_when_it_is_due_is_not_called(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, use_timers);
    assert_string_equal(kit_log, "fb.");
}

static TX_BLOCK_POOL blocks;
static TX_BYTE_POOL bytes;

static VOID take_block(ULONG input)
{
    VOID *block;

    (void)input;
    expect_eq(tx_block_allocate(&blocks, &block, 10), TX_SUCCESS);
    kit_note('b');
    expect_eq(tx_block_release(block), TX_SUCCESS);
}

static VOID use_pools(ULONG input)
{
    ALIGN_TYPE memory[64];
    VOID *a;
    VOID *b;
    VOID *c;

    (void)input;
    expect_eq(tx_block_pool_create(&blocks, name, 24, memory, 64), TX_SUCCESS);
    expect_eq(blocks.tx_block_pool_total, 2);
    expect_eq(tx_block_allocate(&blocks, &a, 0), TX_SUCCESS);
    expect_eq(tx_block_allocate(&blocks, &b, 0), TX_SUCCESS);
    expect_eq(tx_block_allocate(&blocks, &c, 0), TX_NO_MEMORY);
    (void)kit_spawn(take_block, 0, 5);
    memset(a, 1, 24);
    expect_eq(tx_block_release(a), TX_SUCCESS);
    expect_eq(tx_block_release(b), TX_SUCCESS);
    expect_eq(blocks.tx_block_pool_available, 2);

    expect_eq(tx_byte_pool_create(&bytes, name, memory, sizeof memory),
              TX_SUCCESS);
    expect_eq(tx_byte_allocate(&bytes, &a, 200, 0), TX_SUCCESS);
    expect_eq(tx_byte_allocate(&bytes, &b, 200, 0), TX_SUCCESS);
    expect_eq(tx_byte_allocate(&bytes, &c, 200, 0), TX_NO_MEMORY);
    expect_eq(tx_byte_release(a), TX_SUCCESS);
    expect_eq(tx_byte_release(a), TX_PTR_ERROR);
    expect_eq(tx_byte_release(b), TX_SUCCESS);
    expect_eq(tx_byte_allocate(&bytes, &c, 480, 0), TX_SUCCESS);
    memset(c, 2, 480);
    expect_eq(tx_byte_release(c), TX_SUCCESS);
    expect_eq(bytes.tx_byte_pool_available, 496);
}

static void memory_pools_give_and_take(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, use_pools);
    assert_string_equal(kit_log, "b");
}

static VOID take_bytes(ULONG input)
{
    VOID *memory = NULL;

    expect_eq(tx_byte_allocate(&bytes, &memory, input, TX_WAIT_FOREVER),
              TX_SUCCESS);
    expect(memory != NULL);
    if (memory != NULL) {
        memset(memory, 3, input);
        kit_note(input == 300 ? 'l' : 's');
        expect_eq(tx_byte_release(memory), TX_SUCCESS);
    }
}

/* The first in line wants more than the first release leaves; the second, who
 * would be served by it, waits for its turn. */
static VOID wait_for_bytes(ULONG input)
{
    ALIGN_TYPE memory[64];
    VOID *part[3];

    (void)input;
    expect_eq(tx_byte_pool_create(&bytes, name, memory, sizeof memory),
              TX_SUCCESS);
    for (UINT i = 0; i < 3; i++) {
        kit_row("part %u", i);
        expect_eq(tx_byte_allocate(&bytes, &part[i], 144, TX_NO_WAIT),
                  TX_SUCCESS);
    }
    (void)kit_spawn(take_bytes, 300, 5);
    (void)kit_spawn(take_bytes, 40, 5);
    expect_eq(bytes.tx_byte_pool_suspended_count, 2);
    expect_eq(tx_byte_release(part[0]), TX_SUCCESS);
    expect_eq(bytes.tx_byte_pool_suspended_count, 2);
    kit_note('1');
    expect_eq(tx_byte_release(part[1]), TX_SUCCESS);
    kit_note('2');
    expect_eq(tx_byte_release(part[2]), TX_SUCCESS);
    expect_eq(bytes.tx_byte_pool_suspended_count, 0);
    expect_eq(tx_byte_allocate(&bytes, &part[0], 480, TX_NO_WAIT), TX_SUCCESS);
}

static void bytes_that_are_released_go_to_the_first_in_line(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wait_for_bytes);
    assert_string_equal(kit_log, "1ls2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minute_passes_in_no_time_when_nobody_is_ready),
        cmocka_unit_test(a_semaphore_serves_in_order_unless_prioritized),
        cmocka_unit_test(a_mutex_is_recursive_and_its_owner_inherits),
        cmocka_unit_test(an_owner_has_the_priority_of_those_that_still_wait),
        cmocka_unit_test(a_thread_that_ends_gives_its_mutexes_up),
        cmocka_unit_test(event_flags_wake_who_has_all_and_clear_them),
        cmocka_unit_test(event_flags_stay_unless_they_are_to_be_cleared),
        cmocka_unit_test(a_full_queue_makes_its_sender_wait),
        cmocka_unit_test(a_timer_calls_until_stopped_and_a_one_shot_once),
        cmocka_unit_test(a_timer_that_is_stopped_when_it_is_due_is_not_called),
        cmocka_unit_test(memory_pools_give_and_take),
        cmocka_unit_test(bytes_that_are_released_go_to_the_first_in_line),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
