/* SPDX-License-Identifier: MIT */
/* sched.c: the scheduler: the ready list, the hand-over, waiting and waking.
 *
 * The ready list is ordered by rank, then by arrival.  A thread's rank is its
 * priority, or its preemption threshold once it has run.  A thread that is
 * preempted keeps its place before its equals. */

#include "port_mutex.h"

#include <assert.h>

/* Of the kind that knows its owner: port_enter and port_exit come in pairs. */
static pthread_mutex_t lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static TX_THREAD *ready; /* first of a list that ends in NULL */

pthread_mutex_t *port_mutex(void)
{
    return &lock;
}

void port_enter(void)
{
    TX_THREAD *self = port_self();

    port_host_lock();
    if (self == NULL) {
        return; /* What it made ready would have to wait for the next call. */
    }
    if (port_kernel.stopping || port_kernel.current != self) {
        port_host_leave(self);
    }
    port_kernel.num_calls++;
    if (port_kernel.mode == NXDTLS_PORT_REAL) {
        uint64_t coarse = port_clock_coarse();

        port_clock_glance(coarse);
        port_io_look(coarse);
    }
}

void port_exit(void)
{
    port_host_unlock();
}

/* give_baton makes the best ready thread current.  In virtual time it first
 * lets time pass until there is one. */
static void give_baton(void)
{
    TX_THREAD *next;

    while (ready == NULL && port_kernel.mode == NXDTLS_PORT_VIRTUAL &&
           !port_kernel.stopping) {
        if (!port_clock_jump()) {
            port_kernel.stalled = true;
            port_kernel_stop();
        }
    }
    next = port_kernel.stopping ? NULL : ready;
    if (next != NULL &&
        next->tx_thread_preempt_threshold < next->tx_thread_rank) {
        next->tx_thread_rank = next->tx_thread_preempt_threshold;
    }
    if (next == port_kernel.current) {
        return;
    }
    port_kernel.current = next;
    if (next != NULL) {
        next->tx_thread_run_count++;
        port_host_signal(next);
    }
}

void port_go_on(void)
{
    if (port_kernel.running && port_kernel.current == NULL) {
        give_baton();
    }
}

/* hand_over gives the baton away and returns with it.  If the caller is no
 * TX_THREAD, it only sets an idle kernel going. */
static void hand_over(void)
{
    TX_THREAD *self = port_self();

    if (self == NULL) {
        port_go_on();
        return;
    }
    if (!port_kernel.running) {
        return;
    }
    give_baton();
    if (port_kernel.current != self) {
        port_host_await(self);
    }
}

void port_leave(void)
{
    hand_over();
    port_exit();
}

bool port_may_wait(ULONG wait)
{
    TX_THREAD *self = port_self();

    return wait != TX_NO_WAIT && self != NULL && !self->tx_thread_may_not_wait;
}

static void insert_ready(TX_THREAD *thread)
{
    TX_THREAD *before = NULL;
    TX_THREAD *t = ready;

    while (t != NULL && t->tx_thread_rank <= thread->tx_thread_rank) {
        before = t;
        t = t->tx_thread_ready_next;
    }
    thread->tx_thread_ready_next = t;
    thread->tx_thread_ready_previous = before;
    if (t != NULL) {
        t->tx_thread_ready_previous = thread;
    }
    if (before != NULL) {
        before->tx_thread_ready_next = thread;
        return;
    }
    ready = thread;
}

void port_ready(TX_THREAD *thread)
{
    thread->tx_thread_state = TX_READY;
    thread->tx_thread_rank = thread->tx_thread_priority;
    insert_ready(thread);
}

void port_unready(TX_THREAD *thread)
{
    TX_THREAD *next = thread->tx_thread_ready_next;
    TX_THREAD *previous = thread->tx_thread_ready_previous;

    if (next != NULL) {
        next->tx_thread_ready_previous = previous;
    }
    if (previous != NULL) {
        previous->tx_thread_ready_next = next;
    }
    if (ready == thread) {
        ready = next;
    }
    thread->tx_thread_ready_next = NULL;
    thread->tx_thread_ready_previous = NULL;
}

void port_requeue(TX_THREAD *thread)
{
    port_unready(thread);
    port_ready(thread);
}

void port_priority_set(TX_THREAD *thread, UINT priority)
{
    thread->tx_thread_priority = priority;
    if (thread->tx_thread_state == TX_READY) {
        port_requeue(thread);
    }
}

static void join_list(TX_THREAD *thread, TX_THREAD **list, UINT *count)
{
    TX_THREAD *first = *list;

    thread->tx_thread_suspend_list = list;
    thread->tx_thread_suspend_count = count;
    if (first == NULL) {
        thread->tx_thread_suspended_next = thread;
        thread->tx_thread_suspended_previous = thread;
        *list = thread;
    } else {
        thread->tx_thread_suspended_next = first;
        thread->tx_thread_suspended_previous =
            first->tx_thread_suspended_previous;
        first->tx_thread_suspended_previous->tx_thread_suspended_next = thread;
        first->tx_thread_suspended_previous = thread;
    }
    (*count)++;
}

static void leave_list(TX_THREAD *thread)
{
    TX_THREAD *next = thread->tx_thread_suspended_next;
    TX_THREAD *previous = thread->tx_thread_suspended_previous;
    TX_THREAD **list = thread->tx_thread_suspend_list;

    if (list == NULL) {
        return;
    }
    next->tx_thread_suspended_previous = previous;
    previous->tx_thread_suspended_next = next;
    if (*list == thread) {
        *list = next == thread ? NULL : next;
    }
    (*thread->tx_thread_suspend_count)--;
    thread->tx_thread_suspend_list = NULL;
}

static void timed_out(VOID *owner)
{
    TX_THREAD *thread = owner;

    port_wake(thread, thread->tx_thread_suspend_status);
}

UINT port_wait(TX_THREAD **list, UINT *count, UINT state, ULONG wait,
               UINT timeout)
{
    TX_THREAD *self = port_self();

    port_unready(self);
    self->tx_thread_state = state;
    self->tx_thread_suspend_status = timeout;
    if (list != NULL) {
        join_list(self, list, count);
    }
    if (wait != TX_WAIT_FOREVER) {
        port_clock_arm(&self->tx_thread_timer, wait, timed_out, self);
    }
    hand_over();
    return self->tx_thread_suspend_status;
}

void port_wake(TX_THREAD *thread, UINT status)
{
    leave_list(thread);
    port_clock_disarm(&thread->tx_thread_timer);
    thread->tx_thread_suspend_status = status;
    if (thread->tx_thread_delayed_suspend) {
        thread->tx_thread_delayed_suspend = TX_FALSE;
        thread->tx_thread_state = TX_SUSPENDED;
        return;
    }
    port_ready(thread);
}

void port_wake_all(TX_THREAD **list, UINT status)
{
    while (*list != NULL) {
        port_wake(*list, status);
    }
}

void port_prioritize(TX_THREAD **list)
{
    TX_THREAD *best = *list;
    TX_THREAD *t;
    UINT *count;

    if (best == NULL) {
        return;
    }
    count = best->tx_thread_suspend_count;
    for (t = best->tx_thread_suspended_next; t != *list;
         t = t->tx_thread_suspended_next) {
        if (t->tx_thread_priority < best->tx_thread_priority) {
            best = t;
        }
    }
    if (best == *list) {
        return;
    }
    leave_list(best);
    join_list(best, list, count);
    *list = best; /* the list is a ring: last is also before first */
}

void port_forget(TX_THREAD *thread)
{
    port_unready(thread);
    leave_list(thread);
    port_clock_disarm(&thread->tx_thread_timer);
    thread->tx_thread_delayed_suspend = TX_FALSE;
}
