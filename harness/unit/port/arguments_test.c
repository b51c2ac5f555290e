/* SPDX-License-Identifier: MIT */
/* What a service is given and cannot use: each has its status, and the service
 * has then done nothing.  And what may be left out: every pointer of the
 * services that tell. */
#include "port_kit.h"

#include <stdbool.h>

static CHAR name[] = "argument";
static ULONG memory[256];
static bool timer_ran;

static TX_QUEUE queue;
static TX_MUTEX mutex;
static TX_SEMAPHORE semaphore;
static TX_EVENT_FLAGS_GROUP group;
static TX_BLOCK_POOL blocks;
static TX_BYTE_POOL bytes;
static TX_TIMER timer;
static TX_THREAD thread;

static VOID nothing(ULONG input)
{
    (void)input;
}

static void make_objects(void)
{
    expect_eq(tx_queue_create(&queue, name, 2, memory, 32), TX_SUCCESS);
    expect_eq(tx_mutex_create(&mutex, name, TX_INHERIT), TX_SUCCESS);
    expect_eq(tx_semaphore_create(&semaphore, name, 3), TX_SUCCESS);
    expect_eq(tx_event_flags_create(&group, name), TX_SUCCESS);
    expect_eq(tx_block_pool_create(&blocks, name, 16, memory + 16, 256),
              TX_SUCCESS);
    expect_eq(tx_byte_pool_create(&bytes, name, memory + 64, 1024),
              TX_SUCCESS);
    expect_eq(tx_timer_create(&timer, name, nothing, 0, 7, 9, TX_NO_ACTIVATE),
              TX_SUCCESS);
}

static void delete_objects(void)
{
    expect_eq(tx_queue_delete(&queue), TX_SUCCESS);
    expect_eq(tx_mutex_delete(&mutex), TX_SUCCESS);
    expect_eq(tx_semaphore_delete(&semaphore), TX_SUCCESS);
    expect_eq(tx_event_flags_delete(&group), TX_SUCCESS);
    expect_eq(tx_block_pool_delete(&blocks), TX_SUCCESS);
    expect_eq(tx_byte_pool_delete(&bytes), TX_SUCCESS);
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
}

/* ---- No object ---- */

static VOID no_object(ULONG input)
{
    ULONG value;
    VOID *block;

    (void)input;
    expect_eq(tx_queue_send(NULL, memory, TX_NO_WAIT), TX_QUEUE_ERROR);
    expect_eq(tx_queue_front_send(NULL, memory, TX_NO_WAIT), TX_QUEUE_ERROR);
    expect_eq(tx_queue_receive(NULL, memory, TX_NO_WAIT), TX_QUEUE_ERROR);
    expect_eq(tx_queue_flush(NULL), TX_QUEUE_ERROR);
    expect_eq(tx_queue_delete(NULL), TX_QUEUE_ERROR);
    expect_eq(tx_queue_prioritize(NULL), TX_QUEUE_ERROR);
    expect_eq(tx_mutex_get(NULL, TX_NO_WAIT), TX_MUTEX_ERROR);
    expect_eq(tx_mutex_put(NULL), TX_MUTEX_ERROR);
    expect_eq(tx_mutex_prioritize(NULL), TX_MUTEX_ERROR);
    expect_eq(tx_mutex_delete(NULL), TX_MUTEX_ERROR);
    expect_eq(tx_semaphore_get(NULL, TX_NO_WAIT), TX_SEMAPHORE_ERROR);
    expect_eq(tx_semaphore_put(NULL), TX_SEMAPHORE_ERROR);
    expect_eq(tx_semaphore_ceiling_put(NULL, 1), TX_SEMAPHORE_ERROR);
    expect_eq(tx_semaphore_prioritize(NULL), TX_SEMAPHORE_ERROR);
    expect_eq(tx_semaphore_delete(NULL), TX_SEMAPHORE_ERROR);
    expect_eq(tx_event_flags_get(NULL, 1, TX_OR, &value, TX_NO_WAIT),
              TX_GROUP_ERROR);
    expect_eq(tx_event_flags_set(NULL, 1, TX_OR), TX_GROUP_ERROR);
    expect_eq(tx_event_flags_delete(NULL), TX_GROUP_ERROR);
    expect_eq(tx_block_allocate(NULL, &block, TX_NO_WAIT), TX_POOL_ERROR);
    expect_eq(tx_block_release(NULL), TX_PTR_ERROR);
    expect_eq(tx_block_pool_delete(NULL), TX_POOL_ERROR);
    expect_eq(tx_byte_allocate(NULL, &block, 8, TX_NO_WAIT), TX_POOL_ERROR);
    expect_eq(tx_byte_release(NULL), TX_PTR_ERROR);
    expect_eq(tx_byte_pool_delete(NULL), TX_POOL_ERROR);
    expect_eq(tx_timer_activate(NULL), TX_TIMER_ERROR);
    expect_eq(tx_timer_deactivate(NULL), TX_TIMER_ERROR);
    expect_eq(tx_timer_change(NULL, 1, 1), TX_TIMER_ERROR);
    expect_eq(tx_timer_delete(NULL), TX_TIMER_ERROR);
}

static void no_object_is_an_error_of_its_kind(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_object);
}

/* ---- What an object cannot be made of ---- */

static VOID bad_objects(ULONG input)
{
    (void)input;
    expect_eq(tx_queue_create(NULL, name, 2, memory, 32), TX_QUEUE_ERROR);
    expect_eq(_txe_queue_create(&queue, name, 2, memory, 32, 1),
              TX_QUEUE_ERROR);
    expect_eq(tx_queue_create(&queue, name, 2, NULL, 32), TX_PTR_ERROR);
    expect_eq(tx_queue_create(&queue, name, 0, memory, 32), TX_SIZE_ERROR);
    expect_eq(tx_queue_create(&queue, name, 17, memory, 1024), TX_SIZE_ERROR);
    expect_eq(
        tx_queue_create(&queue, name, 16, memory, 16 * sizeof(ULONG) - 1),
        TX_SIZE_ERROR);
    expect_eq(tx_queue_create(&queue, name, 16, memory, 16 * sizeof(ULONG)),
              TX_SUCCESS);
    expect_eq(tx_queue_delete(&queue), TX_SUCCESS);

    expect_eq(tx_mutex_create(NULL, name, TX_INHERIT), TX_MUTEX_ERROR);
    expect_eq(_txe_mutex_create(&mutex, name, TX_INHERIT, 1), TX_MUTEX_ERROR);
    expect_eq(tx_mutex_create(&mutex, name, TX_INHERIT + 1), TX_INHERIT_ERROR);
    expect_eq(tx_semaphore_create(NULL, name, 1), TX_SEMAPHORE_ERROR);
    expect_eq(_txe_semaphore_create(&semaphore, name, 1, 1),
              TX_SEMAPHORE_ERROR);
    expect_eq(tx_event_flags_create(NULL, name), TX_GROUP_ERROR);
    expect_eq(_txe_event_flags_create(&group, name, 1), TX_GROUP_ERROR);

    expect_eq(tx_block_pool_create(NULL, name, 16, memory, 64), TX_POOL_ERROR);
    expect_eq(_txe_block_pool_create(&blocks, name, 16, memory, 64, 1),
              TX_POOL_ERROR);
    expect_eq(tx_block_pool_create(&blocks, name, 16, NULL, 64), TX_PTR_ERROR);
    expect_eq(tx_block_pool_create(&blocks, name, 16, (UCHAR *)memory + 1, 64),
              TX_PTR_ERROR);
    expect_eq(tx_block_pool_create(&blocks, name, 0, memory, 64),
              TX_SIZE_ERROR);
    expect_eq(tx_block_pool_create(&blocks, name, 64, memory, 64),
              TX_SIZE_ERROR);
    expect_eq(tx_byte_pool_create(NULL, name, memory, 512), TX_POOL_ERROR);
    expect_eq(_txe_byte_pool_create(&bytes, name, memory, 512, 1),
              TX_POOL_ERROR);
    expect_eq(tx_byte_pool_create(&bytes, name, NULL, 512), TX_PTR_ERROR);
    expect_eq(tx_byte_pool_create(&bytes, name, memory, 8), TX_SIZE_ERROR);

    expect_eq(tx_timer_create(NULL, name, nothing, 0, 1, 1, TX_NO_ACTIVATE),
              TX_TIMER_ERROR);
    expect_eq(
        _txe_timer_create(&timer, name, nothing, 0, 1, 1, TX_NO_ACTIVATE, 1),
        TX_TIMER_ERROR);
    expect_eq(tx_timer_create(&timer, name, NULL, 0, 1, 1, TX_NO_ACTIVATE),
              TX_TIMER_ERROR);
    expect_eq(tx_timer_create(&timer, name, nothing, 0, 0, 1, TX_NO_ACTIVATE),
              TX_TICK_ERROR);
    expect_eq(
        tx_timer_create(&timer, name, nothing, 0, 1, 1, TX_AUTO_ACTIVATE + 1),
        TX_ACTIVATE_ERROR);
}

static void an_object_is_not_made_of_what_cannot_be_one(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_objects);
}

/* ---- Operations ---- */

static VOID bad_operations(ULONG input)
{
    ULONG value;
    VOID *block;

    (void)input;
    make_objects();
    expect_eq(tx_queue_send(&queue, NULL, TX_NO_WAIT), TX_PTR_ERROR);
    expect_eq(tx_queue_front_send(&queue, NULL, TX_NO_WAIT), TX_PTR_ERROR);
    expect_eq(tx_queue_receive(&queue, NULL, TX_NO_WAIT), TX_PTR_ERROR);
    expect_eq(tx_semaphore_ceiling_put(&semaphore, 0), TX_INVALID_CEILING);
    expect_eq(tx_event_flags_get(&group, 1, TX_OR, NULL, TX_NO_WAIT),
              TX_PTR_ERROR);
    expect_eq(
        tx_event_flags_get(&group, 1, TX_AND_CLEAR + 1, &value, TX_NO_WAIT),
        TX_OPTION_ERROR);
    expect_eq(tx_event_flags_set(&group, 1, TX_OR_CLEAR), TX_OPTION_ERROR);
    expect_eq(tx_block_allocate(&blocks, NULL, TX_NO_WAIT), TX_PTR_ERROR);
    expect_eq(tx_byte_allocate(&bytes, NULL, 8, TX_NO_WAIT), TX_PTR_ERROR);
    expect_eq(tx_byte_allocate(&bytes, &block, 0, TX_NO_WAIT), TX_SIZE_ERROR);
    expect_eq(tx_byte_allocate(&bytes, &block, 1025, TX_NO_WAIT),
              TX_SIZE_ERROR);
    expect_eq(tx_timer_change(&timer, 0, 1), TX_TICK_ERROR);
    delete_objects();
}

static void an_operation_refuses_what_it_cannot_use(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_operations);
}

/* ---- A timer's function may not wait ---- */

static VOID wait_in_timer(ULONG input)
{
    ULONG value;
    VOID *block;

    (void)input;
    expect_eq(tx_queue_receive(&queue, memory, TX_WAIT_FOREVER),
              TX_WAIT_ERROR);
    expect_eq(tx_queue_send(&queue, memory, 1), TX_WAIT_ERROR);
    expect_eq(tx_mutex_get(&mutex, 1), TX_WAIT_ERROR);
    expect_eq(tx_semaphore_get(&semaphore, 1), TX_WAIT_ERROR);
    expect_eq(tx_event_flags_get(&group, 1, TX_OR, &value, 1), TX_WAIT_ERROR);
    expect_eq(tx_block_allocate(&blocks, &block, 1), TX_WAIT_ERROR);
    expect_eq(tx_byte_allocate(&bytes, &block, 8, 1), TX_WAIT_ERROR);
    timer_ran = true;
}

static VOID a_timer(ULONG input)
{
    TX_TIMER waiting;

    (void)input;
    make_objects();
    timer_ran = false;
    expect_eq(tx_timer_create(&waiting, name, wait_in_timer, 0, 1, 0,
                              TX_AUTO_ACTIVATE),
              TX_SUCCESS);
    (void)tx_thread_sleep(3);
    expect(timer_ran);
    expect_eq(tx_timer_delete(&waiting), TX_SUCCESS);
    delete_objects();
}

static void a_function_of_a_timer_does_not_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, a_timer);
}

/* ---- What is told ---- */

static VOID told(ULONG input)
{
    CHAR *of[7] = {NULL};
    ULONG count[3] = {99, 99, 99};
    ULONG waiting[7] = {9, 9, 9, 9, 9, 9, 9};
    TX_THREAD *first = &thread;
    TX_QUEUE *next_queue = &queue;
    TX_MUTEX *next_mutex = &mutex;
    TX_SEMAPHORE *next_semaphore = &semaphore;
    TX_EVENT_FLAGS_GROUP *next_group = &group;
    TX_BLOCK_POOL *next_blocks = &blocks;
    TX_BYTE_POOL *next_bytes = &bytes;
    TX_TIMER *next_timer = &timer;

    (void)input;
    make_objects();
    expect_eq(tx_queue_info_get(&queue, &of[0], &count[0], &count[1], &first,
                                &waiting[0], &next_queue),
              TX_SUCCESS);
    expect(of[0] == name && first == NULL && next_queue == NULL);
    expect(count[0] == 0 && count[1] == 32 / (2 * sizeof(ULONG)));
    expect_eq(waiting[0], 0);
    expect_eq(tx_mutex_get(&mutex, TX_NO_WAIT), TX_SUCCESS);
    first = NULL;
    expect_eq(tx_mutex_info_get(&mutex, &of[1], &count[0], &first, NULL,
                                &waiting[1], &next_mutex),
              TX_SUCCESS);
    expect(of[1] == name && first == tx_thread_identify());
    expect(count[0] == 1 && waiting[1] == 0 && next_mutex == NULL);
    expect_eq(tx_mutex_info_get(&mutex, NULL, NULL, NULL, &first, NULL, NULL),
              TX_SUCCESS);
    expect(first == NULL);
    expect_eq(tx_mutex_put(&mutex), TX_SUCCESS);
    first = &thread;
    expect_eq(tx_semaphore_info_get(&semaphore, &of[2], &count[0], &first,
                                    &waiting[2], &next_semaphore),
              TX_SUCCESS);
    expect(of[2] == name && first == NULL && next_semaphore == NULL);
    expect(count[0] == 3 && waiting[2] == 0);
    first = &thread;
    expect_eq(tx_event_flags_set(&group, 0x23, TX_OR), TX_SUCCESS);
    expect_eq(tx_event_flags_info_get(&group, &of[3], &count[0], &first,
                                      &waiting[3], &next_group),
              TX_SUCCESS);
    expect(of[3] == name && first == NULL && next_group == NULL);
    expect(count[0] == 0x23 && waiting[3] == 0);
    first = &thread;
    expect_eq(tx_block_pool_info_get(&blocks, &of[4], &count[0], &count[1],
                                     &first, &waiting[4], &next_blocks),
              TX_SUCCESS);
    expect(of[4] == name && first == NULL && next_blocks == NULL);
    expect(count[0] == count[1] && count[0] != 0 && waiting[4] == 0);
    first = &thread;
    expect_eq(tx_byte_pool_info_get(&bytes, &of[5], &count[0], &count[1],
                                    &first, &waiting[5], &next_bytes),
              TX_SUCCESS);
    expect(of[5] == name && first == NULL && next_bytes == NULL);
    expect(count[0] > 900 && count[0] <= 1024 && waiting[5] == 0);
    expect_eq(tx_timer_info_get(&timer, &of[6], NULL, &count[0], &count[1],
                                &next_timer),
              TX_SUCCESS);
    expect(of[6] == name && count[0] == 7 && count[1] == 9);
    expect(next_timer == NULL);
    delete_objects();
}

static void each_object_tells_of_itself(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, told);
}

static VOID told_nothing(ULONG input)
{
    TX_THREAD *self = tx_thread_identify();

    (void)input;
    make_objects();
    expect_eq(tx_queue_info_get(&queue, NULL, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(tx_mutex_info_get(&mutex, NULL, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(tx_semaphore_info_get(&semaphore, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(tx_event_flags_info_get(&group, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(
        tx_block_pool_info_get(&blocks, NULL, NULL, NULL, NULL, NULL, NULL),
        TX_SUCCESS);
    expect_eq(
        tx_byte_pool_info_get(&bytes, NULL, NULL, NULL, NULL, NULL, NULL),
        TX_SUCCESS);
    expect_eq(tx_timer_info_get(&timer, NULL, NULL, NULL, NULL, NULL),
              TX_SUCCESS);
    expect_eq(tx_thread_info_get(self, NULL, NULL, NULL, NULL, NULL, NULL,
                                 NULL, NULL),
              TX_SUCCESS);
    delete_objects();
}

static void whatever_is_told_may_be_left_out(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, told_nothing);
}

/* ---- Threads ---- */

static VOID bad_threads(ULONG input)
{
    UINT old;
    ULONG slice;

    (void)input;
    expect_eq(tx_thread_create(NULL, name, nothing, 0, kit_stack,
                               sizeof kit_stack, 5, 5, TX_NO_TIME_SLICE,
                               TX_DONT_START),
              TX_THREAD_ERROR);
    expect_eq(_txe_thread_create(&thread, name, nothing, 0, kit_stack,
                                 sizeof kit_stack, 5, 5, TX_NO_TIME_SLICE,
                                 TX_DONT_START, 1),
              TX_THREAD_ERROR);
    expect_eq(tx_thread_create(tx_thread_identify(), name, nothing, 0,
                               kit_stack, sizeof kit_stack, 5, 5,
                               TX_NO_TIME_SLICE, TX_DONT_START),
              TX_THREAD_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, NULL,
                               sizeof kit_stack, 5, 5, TX_NO_TIME_SLICE,
                               TX_DONT_START),
              TX_PTR_ERROR);
    expect_eq(tx_thread_create(&thread, name, NULL, 0, kit_stack,
                               sizeof kit_stack, 5, 5, TX_NO_TIME_SLICE,
                               TX_DONT_START),
              TX_PTR_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, kit_stack,
                               TX_MINIMUM_STACK - 1, 5, 5, TX_NO_TIME_SLICE,
                               TX_DONT_START),
              TX_SIZE_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, kit_stack,
                               sizeof kit_stack, TX_MAX_PRIORITIES, 5,
                               TX_NO_TIME_SLICE, TX_DONT_START),
              TX_PRIORITY_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, kit_stack,
                               sizeof kit_stack, 5, 6, TX_NO_TIME_SLICE,
                               TX_DONT_START),
              TX_THRESH_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, kit_stack,
                               sizeof kit_stack, 5, 5, TX_NO_TIME_SLICE,
                               TX_AUTO_START + 1),
              TX_START_ERROR);

    expect_eq(tx_thread_terminate(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_delete(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_reset(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_entry_exit_notify(NULL, TX_NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_suspend(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_resume(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_wait_abort(NULL), TX_THREAD_ERROR);
    expect_eq(tx_thread_priority_change(NULL, 5, &old), TX_THREAD_ERROR);
    expect_eq(tx_thread_preemption_change(NULL, 5, &old), TX_THREAD_ERROR);
    expect_eq(tx_thread_time_slice_change(NULL, 5, &slice), TX_THREAD_ERROR);
    expect_eq(tx_thread_info_get(NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                 NULL, NULL),
              TX_THREAD_ERROR);
    expect_eq(tx_thread_reset(tx_thread_identify()), TX_CALLER_ERROR);
}

static void a_thread_is_not_made_or_changed_of_nothing(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bad_threads);
}

static VOID changes(ULONG input)
{
    TX_THREAD *self = tx_thread_identify();
    TX_THREAD *next[2] = {NULL, NULL};
    CHAR *of = NULL;
    UINT old[3] = {99, 99, 99};
    ULONG count[2] = {0, 0};
    ULONG slice = 99;

    (void)input;
    expect_eq(tx_thread_terminate(&thread), TX_THREAD_ERROR);
    expect_eq(tx_thread_create(&thread, name, nothing, 0, kit_stack,
                               sizeof kit_stack, 20, 20, 3, TX_DONT_START),
              TX_SUCCESS);
    expect_eq(tx_thread_priority_change(&thread, TX_MAX_PRIORITIES, &old[0]),
              TX_PRIORITY_ERROR);
    expect_eq(tx_thread_priority_change(&thread, 5, NULL), TX_PTR_ERROR);
    expect_eq(tx_thread_preemption_change(&thread, 5, NULL), TX_PTR_ERROR);
    expect_eq(tx_thread_preemption_change(&thread, 21, &old[0]),
              TX_THRESH_ERROR);
    expect_eq(tx_thread_time_slice_change(&thread, 5, NULL), TX_PTR_ERROR);
    expect_eq(tx_thread_time_slice_change(&thread, 5, &slice), TX_SUCCESS);
    expect_eq(slice, 3);
    expect_eq(tx_thread_info_get(&thread, &of, &old[0], &count[0], &old[1],
                                 &old[2], &count[1], &next[0], &next[1]),
              TX_SUCCESS);
    expect(of == name && old[0] == TX_SUSPENDED && count[0] == 0);
    expect(old[1] == 20 && old[2] == 20 && count[1] == 5);
    expect(next[0] == self && next[1] == NULL);
    expect_eq(tx_thread_terminate(&thread), TX_SUCCESS);
    expect_eq(tx_thread_delete(&thread), TX_SUCCESS);
}

static void a_thread_changes_and_tells_of_itself(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_object_is_an_error_of_its_kind),
        cmocka_unit_test(an_object_is_not_made_of_what_cannot_be_one),
        cmocka_unit_test(an_operation_refuses_what_it_cannot_use),
        cmocka_unit_test(a_function_of_a_timer_does_not_wait),
        cmocka_unit_test(each_object_tells_of_itself),
        cmocka_unit_test(whatever_is_told_may_be_left_out),
        cmocka_unit_test(a_thread_is_not_made_or_changed_of_nothing),
        cmocka_unit_test(a_thread_changes_and_tells_of_itself),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
