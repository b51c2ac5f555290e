/* SPDX-License-Identifier: MIT */
/* Tests of the baton: who runs when, and how a kernel begins and ends. */

#include "port_kit.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static TX_SEMAPHORE sem;
static CHAR name[] = "x";

static VOID note_input(ULONG input)
{
    kit_note((char)input);
}

static VOID spawn_out_of_order(ULONG input)
{
    (void)input;
    (void)kit_spawn(note_input, 'c', 20);
    (void)kit_spawn(note_input, 'd', 20);
    (void)kit_spawn(note_input, 'e', 30);
    (void)kit_spawn(note_input, 'a', 3); /* runs at once */
    kit_note('b');
}

static void threads_run_by_priority_and_first_in_first_out(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, spawn_out_of_order);
    assert_string_equal(kit_log, "abcde");
}

static void the_order_is_the_same_in_real_time(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, spawn_out_of_order);
    assert_string_equal(kit_log, "abcde");
}

static VOID note_twice(ULONG input)
{
    kit_note((char)input);
    tx_thread_relinquish();
    kit_note((char)input);
}

static VOID two_equals(ULONG input)
{
    (void)input;
    (void)kit_spawn(note_twice, 'a', 20);
    (void)kit_spawn(note_twice, 'b', 20);
}

static void relinquish_lets_equals_run_in_turn(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, two_equals);
    assert_string_equal(kit_log, "abab");
}

static VOID wait_and_note(ULONG input)
{
    expect_eq(tx_semaphore_get(&sem, TX_WAIT_FOREVER), TX_SUCCESS);
    kit_note((char)input);
}

static VOID put_wakes_higher(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    (void)kit_spawn(wait_and_note, 'h', 5);
    (void)kit_spawn(wait_and_note, 'l', 25);
    tx_thread_sleep(1);
    kit_note('1');
    tx_semaphore_put(&sem);
    kit_note('2');
    tx_semaphore_put(&sem);
    kit_note('3');
}

static void a_put_hands_over_to_a_higher_thread_at_once(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, put_wakes_higher);
    assert_string_equal(kit_log, "1h23l");
}

static VOID change_priority(ULONG input)
{
    TX_THREAD *t = kit_spawn(note_input, 'x', 20);
    UINT old;

    (void)input;
    kit_note('1');
    expect_eq(tx_thread_priority_change(t, 2, &old), TX_SUCCESS);
    expect_eq(old, 20);
    kit_note('2');
}

static void raising_a_priority_hands_over(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, change_priority);
    assert_string_equal(kit_log, "1x2");
}

static VOID with_threshold(ULONG input)
{
    UINT old;

    (void)input;
    expect_eq(tx_thread_preemption_change(tx_thread_identify(), 4, &old),
              TX_SUCCESS);
    (void)kit_spawn(note_input, 'b', 5);
    kit_note('a');
    (void)kit_spawn(note_input, '3', 3);
    kit_note('4');
}

static VOID spawn_middle(ULONG input)
{
    (void)input;
    (void)kit_spawn(note_input, 'm', 10);
    kit_note('l');
}

static VOID created_with_threshold(ULONG input)
{
    static TX_THREAD t;

    (void)input;
    expect_eq(tx_thread_create(&t, name, spawn_middle, 0, kit_stack,
                               sizeof kit_stack, 20, 6, TX_NO_TIME_SLICE,
                               TX_AUTO_START),
              TX_SUCCESS);
}

static void a_preemption_threshold_keeps_others_off(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, with_threshold);
    assert_string_equal(kit_log, "a34b");
    kit_run(NXDTLS_PORT_VIRTUAL, created_with_threshold);
    assert_string_equal(kit_log, "lm");
}

static VOID suspend_and_resume(ULONG input)
{
    TX_THREAD *t = kit_spawn(wait_and_note, 's', 20);

    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    expect_eq(tx_thread_suspend(t), TX_SUCCESS);
    expect_eq(tx_thread_resume(t), TX_SUCCESS);
    expect_eq(tx_thread_resume(t), TX_RESUME_ERROR);
    tx_thread_sleep(1); /* now it waits */
    expect_eq(tx_thread_suspend(t), TX_SUCCESS);
    tx_semaphore_put(&sem);
    tx_thread_sleep(1);
    kit_note('1');
    expect_eq(t->tx_thread_state, TX_SUSPENDED);
    expect_eq(tx_thread_resume(t), TX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(t->tx_thread_state, TX_COMPLETED);
}

static void a_waiting_thread_is_suspended_once_it_is_served(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, suspend_and_resume);
    assert_string_equal(kit_log, "1s");
}

static VOID sleep_long(ULONG input)
{
    (void)input;
    expect_eq(tx_thread_sleep(1000000), TX_WAIT_ABORTED);
    kit_note('w');
    expect_eq(tx_semaphore_get(&sem, 1000000), TX_WAIT_ABORTED);
    kit_note('s');
}

static VOID abort_waits(ULONG input)
{
    TX_THREAD *t = kit_spawn(sleep_long, 0, 5);

    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    expect_eq(tx_thread_wait_abort(t), TX_SUCCESS);
    expect_eq(tx_thread_wait_abort(t), TX_SUCCESS);
    expect_eq(sem.tx_semaphore_suspended_count, 0);
    expect_eq(tx_thread_wait_abort(t), TX_WAIT_ABORT_ERROR);
    expect_eq(tx_time_get(), 0);
}

static void wait_abort_ends_a_sleep_and_a_wait(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, abort_waits);
    assert_string_equal(kit_log, "ws");
}

static VOID terminate_delete_reset(ULONG input)
{
    TX_THREAD *t = kit_spawn(wait_and_note, 'x', 5);

    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    expect_eq(tx_thread_delete(t), TX_DELETE_ERROR);
    expect_eq(tx_thread_terminate(t), TX_SUCCESS);
    expect_eq(tx_semaphore_put(&sem), TX_SUCCESS);
    expect_eq(sem.tx_semaphore_count, 1);
    expect_eq(tx_thread_reset(t), TX_SUCCESS);
    expect_eq(tx_thread_resume(t), TX_SUCCESS);
    expect_eq(sem.tx_semaphore_count, 0);
    expect_eq(tx_thread_delete(t), TX_SUCCESS);
    expect_eq(tx_thread_delete(t), TX_THREAD_ERROR);
}

static void a_terminated_thread_can_be_reset_and_deleted(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, terminate_delete_reset);
    assert_string_equal(kit_log, "x");
}

static VOID forever(ULONG input)
{
    (void)input;
    for (;;) {
        tx_thread_sleep(1);
    }
}

static VOID stop_it(ULONG input)
{
    (void)input;
    (void)kit_spawn(forever, 0, 5);
    (void)kit_spawn(forever, 0, 25);
    tx_thread_sleep(3);
    kit_note('s');
    nxdtls_port_stop();
    kit_note('!');
}

static void stop_ends_every_thread_and_the_kernel_can_run_again(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 20; i++) {
        kit_row("run %d", i);
        kit_run(i % 2 == 0 ? NXDTLS_PORT_REAL : NXDTLS_PORT_VIRTUAL, stop_it);
        assert_string_equal(kit_log, "s");
    }
    assert_int_equal(nxdtls_port_stalled(), TX_FALSE);
}

static VOID fail_in_the_second_row(ULONG input)
{
    for (ULONG row = 0; row < 3; row++) {
        kit_row("row %u", row);
        expect_eq(row == 1, input);
    }
}

static void a_failure_in_a_thread_says_in_which_row_it_was(void **state)
{
    char *end;

    (void)state;
    kit_run_to_end(NXDTLS_PORT_VIRTUAL, fail_in_the_second_row);
    end = strstr(kit_failure, ": row == 1");
    assert_non_null(end);
    assert_string_equal(end, ": row == 1 == input (got 0x1); row: row 1");
    assert_string_equal(kit_rows(), "");
}

static VOID wait_for_nothing(ULONG input)
{
    (void)input;
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    tx_semaphore_get(&sem, TX_WAIT_FOREVER);
    kit_note('!');
}

static void a_kernel_in_which_nothing_can_happen_ends(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, wait_for_nothing);
    assert_string_equal(kit_log, "");
    assert_int_equal(nxdtls_port_stalled(), TX_TRUE);
}

static VOID sleep_a_little(ULONG input)
{
    (void)input;
    expect_eq(tx_thread_sleep(20), TX_SUCCESS);
    expect(tx_time_get() >= 20);
    tx_time_set(1000000);
    expect(tx_time_get() >= 1000000);
}

static void real_time_passes_without_using_the_processor(void **state)
{
    struct timespec before;
    struct timespec after;

    (void)state;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    kit_run(NXDTLS_PORT_REAL, sleep_a_little);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    assert_true(after.tv_sec - before.tv_sec <= 1);
    assert_true((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec -
                    before.tv_nsec <
                100000000L);
}

static VOID be_silent(ULONG input)
{
    const struct timespec pause = {.tv_nsec = 200000000};

    (void)input;
    (void)nanosleep(&pause, NULL);
    tx_thread_sleep(1);
    (void)nanosleep(&pause, NULL);
}

/* Returns the length of what a kernel has written to stderr. */
static size_t said_by(char *said, size_t size, VOID (*body)(ULONG))
{
    int ends[2];
    int before = dup(2);
    ssize_t len;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(dup2(ends[1], 2), 2);
    kit_run(NXDTLS_PORT_REAL, body);
    assert_int_equal(dup2(before, 2), 2);
    len = read(ends[0], said, size - 1);
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(before);
    return len > 0 ? (size_t)len : 0;
}

static void a_silent_thread_is_named_once(void **state)
{
    char said[512] = {0};

    (void)state;
    nxdtls_port_watchdog_set(40);
    assert_true(said_by(said, sizeof said, be_silent) > 0);
    nxdtls_port_watchdog_set(5000);
    assert_non_null(strstr(said, "\"test\" has made no"));
    assert_null(strstr(strchr(said, '\n'), "test"));
}

/* Its thread is still in a host's call when the kernel asks it to end. */
static VOID end_late(ULONG input)
{
    const struct timespec pause = {.tv_nsec = 50000000};

    (void)input;
    nxdtls_port_stop();
    (void)nanosleep(&pause, NULL);
}

static void a_thread_that_ends_soon_is_not_named(void **state)
{
    char said[512] = {0};

    (void)state;
    assert_int_equal(said_by(said, sizeof said, end_late), 0);
    assert_string_equal(said, "");
}

static void mode_is_one_of_two(void **state)
{
    (void)state;
    assert_int_equal(nxdtls_port_mode_set(2), TX_OPTION_ERROR);
    assert_int_equal(nxdtls_port_mode_set(NXDTLS_PORT_REAL), TX_SUCCESS);
    assert_int_equal(nxdtls_port_mode_get(), NXDTLS_PORT_REAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_run_by_priority_and_first_in_first_out),
        cmocka_unit_test(the_order_is_the_same_in_real_time),
        cmocka_unit_test(relinquish_lets_equals_run_in_turn),
        cmocka_unit_test(a_put_hands_over_to_a_higher_thread_at_once),
        cmocka_unit_test(raising_a_priority_hands_over),
        cmocka_unit_test(a_preemption_threshold_keeps_others_off),
        cmocka_unit_test(a_waiting_thread_is_suspended_once_it_is_served),
        cmocka_unit_test(wait_abort_ends_a_sleep_and_a_wait),
        cmocka_unit_test(a_terminated_thread_can_be_reset_and_deleted),
        cmocka_unit_test(a_failure_in_a_thread_says_in_which_row_it_was),
        cmocka_unit_test(stop_ends_every_thread_and_the_kernel_can_run_again),
        cmocka_unit_test(a_kernel_in_which_nothing_can_happen_ends),
        cmocka_unit_test(real_time_passes_without_using_the_processor),
        cmocka_unit_test(a_silent_thread_is_named_once),
        cmocka_unit_test(a_thread_that_ends_soon_is_not_named),
        cmocka_unit_test(mode_is_one_of_two),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
