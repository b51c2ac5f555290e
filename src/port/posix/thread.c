/* SPDX-License-Identifier: MIT */
/* thread.c: the life of a thread: create, end, reset, delete. */

#include "port.h"

/* is_created tells whether `thread` is on the list of created threads. */
static bool is_created(const TX_THREAD *thread)
{
    const TX_THREAD *t = port_kernel.created;
    UINT i;

    for (i = 0; i < port_kernel.num_created; i++) {
        if (t == thread) {
            return true;
        }
        t = t->tx_thread_created_next;
    }
    return false;
}

static void add_created(TX_THREAD *thread)
{
    TX_THREAD *first = port_kernel.created;

    if (first == NULL) {
        thread->tx_thread_created_next = thread;
        thread->tx_thread_created_previous = thread;
        port_kernel.created = thread;
    } else {
        TX_THREAD *last = first->tx_thread_created_previous;

        thread->tx_thread_created_next = first;
        thread->tx_thread_created_previous = last;
        last->tx_thread_created_next = thread;
        first->tx_thread_created_previous = thread;
    }
    port_kernel.num_created++;
}

static void remove_created(TX_THREAD *thread)
{
    TX_THREAD *next = thread->tx_thread_created_next;
    TX_THREAD *previous = thread->tx_thread_created_previous;

    next->tx_thread_created_previous = previous;
    previous->tx_thread_created_next = next;
    if (port_kernel.created == thread) {
        port_kernel.created = next == thread ? NULL : next;
    }
    port_kernel.num_created--;
    thread->tx_thread_id = 0;
}

UINT port_thread_create(TX_THREAD *thread, CHAR *name, VOID (*entry)(ULONG),
                        ULONG input, UINT priority, bool system)
{
    UINT status;

    if (!port_kernel.defining && !port_kernel.running) {
        return TX_CALLER_ERROR; /* nothing would ever run or free it */
    }
    (void)memset(thread, 0, sizeof *thread);
    thread->tx_thread_name = name;
    thread->tx_thread_entry = entry;
    thread->tx_thread_entry_parameter = input;
    thread->tx_thread_priority = priority;
    thread->tx_thread_user_priority = priority;
    thread->tx_thread_preempt_threshold = priority;
    thread->tx_thread_state = TX_SUSPENDED;
    thread->tx_thread_system = system ? TX_TRUE : TX_FALSE;
    status = port_host_start(thread);
    if (status != TX_SUCCESS) {
        return status;
    }
    thread->tx_thread_id = PORT_ID_THREAD;
    add_created(thread);
    if (!system) {
        port_kernel.num_live++;
    }
    return TX_SUCCESS;
}

void port_thread_end(TX_THREAD *thread, UINT state)
{
    port_forget(thread);
    thread->tx_thread_state = state;
    port_mutex_release_all(thread);
    port_host_kill(thread);
    if (!thread->tx_thread_system && --port_kernel.num_live == 0 &&
        port_kernel.running) {
        port_kernel_stop();
    }
}

static bool has_ended(const TX_THREAD *thread)
{
    return thread->tx_thread_state == TX_COMPLETED ||
           thread->tx_thread_state == TX_TERMINATED;
}

void port_thread_delete(TX_THREAD *thread)
{
    port_enter();
    if (!has_ended(thread)) {
        port_thread_end(thread, TX_TERMINATED);
    }
    remove_created(thread);
    port_exit();
    port_host_join(thread);
    port_enter();
    port_leave();
}

/* _tx_thread_create makes a thread that calls entry_function(entry_input).
 * The control block must stay until tx_thread_delete or the end of the kernel.
 * It returns TX_THREAD_ERROR if the host has no thread left, and
 * TX_CALLER_ERROR if no kernel runs. */
UINT _tx_thread_create(TX_THREAD *thread_ptr, CHAR *name_ptr,
                       VOID (*entry_function)(ULONG), ULONG entry_input,
                       VOID *stack_start, ULONG stack_size, UINT priority,
                       UINT preempt_threshold, ULONG time_slice,
                       UINT auto_start)
{
    UINT status;

    port_enter();
    status = port_thread_create(thread_ptr, name_ptr, entry_function,
                                entry_input, priority, false);
    if (status == TX_SUCCESS) {
        thread_ptr->tx_thread_stack_start = stack_start;
        thread_ptr->tx_thread_stack_size = stack_size;
        thread_ptr->tx_thread_preempt_threshold = preempt_threshold;
        thread_ptr->tx_thread_time_slice = time_slice;
        if (auto_start == TX_AUTO_START) {
            port_ready(thread_ptr);
        }
    }
    port_leave();
    return status;
}

UINT _txe_thread_create(TX_THREAD *thread_ptr, CHAR *name_ptr,
                        VOID (*entry_function)(ULONG), ULONG entry_input,
                        VOID *stack_start, ULONG stack_size, UINT priority,
                        UINT preempt_threshold, ULONG time_slice,
                        UINT auto_start, UINT control_block_size)
{
    bool created;

    if (thread_ptr == NULL || control_block_size != sizeof(TX_THREAD)) {
        return TX_THREAD_ERROR;
    }
    port_enter();
    created = is_created(thread_ptr);
    port_leave();
    if (created) {
        return TX_THREAD_ERROR;
    }
    if (stack_start == NULL || entry_function == NULL) {
        return TX_PTR_ERROR;
    }
    if (stack_size < TX_MINIMUM_STACK) {
        return TX_SIZE_ERROR;
    }
    if (priority >= TX_MAX_PRIORITIES) {
        return TX_PRIORITY_ERROR;
    }
    if (preempt_threshold > priority) {
        return TX_THRESH_ERROR;
    }
    if (auto_start > TX_AUTO_START) {
        return TX_START_ERROR;
    }
    return _tx_thread_create(thread_ptr, name_ptr, entry_function, entry_input,
                             stack_start, stack_size, priority,
                             preempt_threshold, time_slice, auto_start);
}

/* _tx_thread_terminate ends a thread wherever it stands.  A thread that has
 * ended already stays as it is.  A caller that ends itself does not return. */
UINT _tx_thread_terminate(TX_THREAD *thread_ptr)
{
    bool ended;

    port_enter();
    ended = has_ended(thread_ptr);
    port_exit();
    if (!ended) {
        port_thread_tell(thread_ptr, TX_THREAD_EXIT);
    }
    port_enter();
    if (!has_ended(thread_ptr)) {
        port_thread_end(thread_ptr, TX_TERMINATED);
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_thread_terminate(TX_THREAD *thread_ptr)
{
    if (thread_ptr == NULL || thread_ptr->tx_thread_id != PORT_ID_THREAD) {
        return TX_THREAD_ERROR;
    }
    return _tx_thread_terminate(thread_ptr);
}

/* _tx_thread_delete forgets an ended thread.  It does nothing, and returns
 * TX_DELETE_ERROR, if the thread has not ended. */
UINT _tx_thread_delete(TX_THREAD *thread_ptr)
{
    bool ended;

    port_enter();
    ended = has_ended(thread_ptr);
    port_exit();
    if (!ended) {
        return TX_DELETE_ERROR;
    }
    port_thread_delete(thread_ptr);
    return TX_SUCCESS;
}

UINT _txe_thread_delete(TX_THREAD *thread_ptr)
{
    if (thread_ptr == NULL || thread_ptr->tx_thread_id != PORT_ID_THREAD) {
        return TX_THREAD_ERROR;
    }
    return _tx_thread_delete(thread_ptr);
}

/* _tx_thread_reset makes an ended thread ready to be resumed from its entry
 * again.  It returns TX_NOT_DONE if the thread has not ended, and
 * TX_THREAD_ERROR if the host has no thread left. */
UINT _tx_thread_reset(TX_THREAD *thread_ptr)
{
    UINT status;

    port_enter();
    status = has_ended(thread_ptr) ? TX_SUCCESS : TX_NOT_DONE;
    port_exit();
    if (status != TX_SUCCESS) {
        return status;
    }
    port_host_join(thread_ptr);
    port_enter();
    status = port_host_start(thread_ptr);
    if (status == TX_SUCCESS) {
        thread_ptr->tx_thread_state = TX_SUSPENDED;
        thread_ptr->tx_thread_priority = thread_ptr->tx_thread_user_priority;
        port_kernel.num_live++;
    }
    port_leave();
    return status;
}

UINT _txe_thread_reset(TX_THREAD *thread_ptr)
{
    if (thread_ptr == NULL || thread_ptr->tx_thread_id != PORT_ID_THREAD) {
        return TX_THREAD_ERROR;
    }
    if (thread_ptr == port_self()) {
        return TX_CALLER_ERROR;
    }
    return _tx_thread_reset(thread_ptr);
}

void port_thread_tell(TX_THREAD *thread, UINT event)
{
    if (thread->tx_thread_entry_exit_notify_function != NULL) {
        thread->tx_thread_entry_exit_notify_function(thread, event);
    }
}

/* _tx_thread_entry_exit_notify makes a thread call a function when it begins
 * (TX_THREAD_ENTRY) and when it completes (TX_THREAD_EXIT); NULL ends that.
 * If the thread is terminated, the function is called by the thread that
 * terminates it. */
UINT _tx_thread_entry_exit_notify(TX_THREAD *thread_ptr,
                                  VOID (*thread_entry_exit_notify)(TX_THREAD *,
                                                                   UINT))
{
    thread_ptr->tx_thread_entry_exit_notify_function =
        thread_entry_exit_notify;
    return TX_SUCCESS;
}

UINT _txe_thread_entry_exit_notify(
    TX_THREAD *thread_ptr, VOID (*thread_entry_exit_notify)(TX_THREAD *, UINT))
{
    if (thread_ptr == NULL || thread_ptr->tx_thread_id != PORT_ID_THREAD) {
        return TX_THREAD_ERROR;
    }
    return _tx_thread_entry_exit_notify(thread_ptr, thread_entry_exit_notify);
}

/* _tx_thread_stack_error_notify returns TX_FEATURE_NOT_ENABLED: threads run on
 * stacks of the host, which it guards. */
UINT _tx_thread_stack_error_notify(VOID (*stack_error_handler)(TX_THREAD *))
{
    (void)stack_error_handler;
    return TX_FEATURE_NOT_ENABLED;
}

/* _tx_interrupt_control returns the posture before.  There is nothing to lock
 * out: no other thread runs between two calls of a thread. */
UINT _tx_interrupt_control(UINT new_posture)
{
    static UINT posture = TX_INT_ENABLE;
    UINT before;

    port_enter();
    before = posture;
    posture = new_posture;
    port_exit();
    return before;
}
