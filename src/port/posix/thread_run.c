/* SPDX-License-Identifier: MIT */
/* thread_run.c: the services that decide whether a living thread runs. */

#include "port.h"

static bool is_thread(const TX_THREAD *thread)
{
    return thread != NULL && thread->tx_thread_id == PORT_ID_THREAD;
}

/* _tx_thread_identify returns the calling thread, or TX_NULL outside of
 * one. */
TX_THREAD *_tx_thread_identify(VOID)
{
    return port_self();
}

VOID *_nxdtls_thread_extension(ULONG input)
{
    TX_THREAD *self = port_self();

    return self != NULL && self->tx_thread_extension_ptr != NULL
               ? self->tx_thread_extension_ptr
               : (VOID *)(ALIGN_TYPE)input;
}

/* _tx_thread_sleep waits `timer_ticks`.  It returns TX_WAIT_ABORTED if the
 * sleep was ended early, and TX_CALLER_ERROR outside of threads. */
UINT _tx_thread_sleep(ULONG timer_ticks)
{
    TX_THREAD *self = port_self();
    UINT status = TX_SUCCESS;

    if (self == NULL || self->tx_thread_may_not_wait) {
        return TX_CALLER_ERROR;
    }
    port_enter();
    if (timer_ticks != 0) {
        status = port_wait(NULL, NULL, TX_SLEEP, timer_ticks, TX_SUCCESS);
    }
    port_leave();
    return status;
}

/* _tx_thread_relinquish lets every other ready thread of the caller's priority
 * run first. */
VOID _tx_thread_relinquish(VOID)
{
    TX_THREAD *self = port_self();

    port_enter();
    if (self != NULL) {
        port_requeue(self);
    }
    port_leave();
}

VOID _txe_thread_relinquish(VOID)
{
    _tx_thread_relinquish();
}

/* _tx_thread_suspend takes a thread off the processor until tx_thread_resume.
 * A thread that waits is suspended once it has what it waits for.  It returns
 * TX_SUSPEND_ERROR if the thread has ended. */
UINT _tx_thread_suspend(TX_THREAD *thread_ptr)
{
    UINT status = TX_SUCCESS;

    port_enter();
    switch (thread_ptr->tx_thread_state) {
    case TX_READY:
        port_unready(thread_ptr);
        thread_ptr->tx_thread_state = TX_SUSPENDED;
        break;
    case TX_SUSPENDED:
        break;
    case TX_COMPLETED:
    case TX_TERMINATED:
        status = TX_SUSPEND_ERROR;
        break;
    default:
        thread_ptr->tx_thread_delayed_suspend = TX_TRUE;
        break;
    }
    port_leave();
    return status;
}

UINT _txe_thread_suspend(TX_THREAD *thread_ptr)
{
    return is_thread(thread_ptr) ? _tx_thread_suspend(thread_ptr)
                                 : TX_THREAD_ERROR;
}

/* _tx_thread_resume undoes tx_thread_suspend or TX_DONT_START.  It returns
 * TX_SUSPEND_LIFTED if the suspension had still to come, and TX_RESUME_ERROR
 * if there was none. */
UINT _tx_thread_resume(TX_THREAD *thread_ptr)
{
    UINT status = TX_RESUME_ERROR;

    port_enter();
    if (thread_ptr->tx_thread_state == TX_SUSPENDED) {
        port_ready(thread_ptr);
        status = TX_SUCCESS;
    } else if (thread_ptr->tx_thread_delayed_suspend) {
        thread_ptr->tx_thread_delayed_suspend = TX_FALSE;
        status = TX_SUSPEND_LIFTED;
    }
    port_leave();
    return status;
}

UINT _txe_thread_resume(TX_THREAD *thread_ptr)
{
    return is_thread(thread_ptr) ? _tx_thread_resume(thread_ptr)
                                 : TX_THREAD_ERROR;
}

/* _tx_thread_wait_abort ends the wait or sleep of a thread with
 * TX_WAIT_ABORTED.  It returns TX_WAIT_ABORT_ERROR if the thread does not
 * wait. */
UINT _tx_thread_wait_abort(TX_THREAD *thread_ptr)
{
    UINT status = TX_SUCCESS;

    port_enter();
    if (thread_ptr->tx_thread_state < TX_SLEEP) {
        status = TX_WAIT_ABORT_ERROR;
    } else {
        port_wake(thread_ptr, TX_WAIT_ABORTED);
    }
    port_leave();
    return status;
}

UINT _txe_thread_wait_abort(TX_THREAD *thread_ptr)
{
    return is_thread(thread_ptr) ? _tx_thread_wait_abort(thread_ptr)
                                 : TX_THREAD_ERROR;
}

/* _tx_thread_priority_change gives a thread a new priority, which is also its
 * new preemption threshold, and sets `*old_priority` to the old one. */
UINT _tx_thread_priority_change(TX_THREAD *thread_ptr, UINT new_priority,
                                UINT *old_priority)
{
    port_enter();
    *old_priority = thread_ptr->tx_thread_user_priority;
    thread_ptr->tx_thread_user_priority = new_priority;
    thread_ptr->tx_thread_preempt_threshold = new_priority;
    port_priority_set(thread_ptr, new_priority);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_thread_priority_change(TX_THREAD *thread_ptr, UINT new_priority,
                                 UINT *old_priority)
{
    if (!is_thread(thread_ptr)) {
        return TX_THREAD_ERROR;
    }
    if (new_priority >= TX_MAX_PRIORITIES) {
        return TX_PRIORITY_ERROR;
    }
    if (old_priority == NULL) {
        return TX_PTR_ERROR;
    }
    return _tx_thread_priority_change(thread_ptr, new_priority, old_priority);
}

/* _tx_thread_preemption_change lets only priorities above (numerically below)
 * `new_threshold` preempt the thread.  It returns TX_THRESH_ERROR if the
 * threshold is below the thread's own priority. */
UINT _tx_thread_preemption_change(TX_THREAD *thread_ptr, UINT new_threshold,
                                  UINT *old_threshold)
{
    if (new_threshold > thread_ptr->tx_thread_user_priority) {
        return TX_THRESH_ERROR;
    }
    port_enter();
    *old_threshold = thread_ptr->tx_thread_preempt_threshold;
    thread_ptr->tx_thread_preempt_threshold = new_threshold;
    if (thread_ptr == port_kernel.current) {
        thread_ptr->tx_thread_rank = new_threshold;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_thread_preemption_change(TX_THREAD *thread_ptr, UINT new_threshold,
                                   UINT *old_threshold)
{
    if (!is_thread(thread_ptr)) {
        return TX_THREAD_ERROR;
    }
    if (old_threshold == NULL) {
        return TX_PTR_ERROR;
    }
    return _tx_thread_preemption_change(thread_ptr, new_threshold,
                                        old_threshold);
}

/* _tx_thread_time_slice_change only records a time slice; see
 * nxdtls_port.h. */
UINT _tx_thread_time_slice_change(TX_THREAD *thread_ptr, ULONG new_time_slice,
                                  ULONG *old_time_slice)
{
    port_enter();
    *old_time_slice = thread_ptr->tx_thread_time_slice;
    thread_ptr->tx_thread_time_slice = new_time_slice;
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_thread_time_slice_change(TX_THREAD *thread_ptr, ULONG new_time_slice,
                                   ULONG *old_time_slice)
{
    if (!is_thread(thread_ptr)) {
        return TX_THREAD_ERROR;
    }
    if (old_time_slice == NULL) {
        return TX_PTR_ERROR;
    }
    return _tx_thread_time_slice_change(thread_ptr, new_time_slice,
                                        old_time_slice);
}

#define TELL(where, what)                                                     \
    do {                                                                      \
        if ((where) != NULL) {                                                \
            *(where) = (what);                                                \
        }                                                                     \
    } while (0)

/* _tx_thread_info_get writes each value whose pointer is not NULL. */
UINT _tx_thread_info_get(TX_THREAD *thread_ptr, CHAR **name, UINT *state,
                         ULONG *run_count, UINT *priority,
                         UINT *preemption_threshold, ULONG *time_slice,
                         TX_THREAD **next_thread,
                         TX_THREAD **next_suspended_thread)
{
    port_enter();
    TELL(name, thread_ptr->tx_thread_name);
    TELL(state, thread_ptr->tx_thread_state);
    TELL(run_count, thread_ptr->tx_thread_run_count);
    TELL(priority, thread_ptr->tx_thread_priority);
    TELL(preemption_threshold, thread_ptr->tx_thread_preempt_threshold);
    TELL(time_slice, thread_ptr->tx_thread_time_slice);
    TELL(next_thread, thread_ptr->tx_thread_created_next);
    TELL(next_suspended_thread, thread_ptr->tx_thread_suspended_next);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_thread_info_get(TX_THREAD *thread_ptr, CHAR **name, UINT *state,
                          ULONG *run_count, UINT *priority,
                          UINT *preemption_threshold, ULONG *time_slice,
                          TX_THREAD **next_thread,
                          TX_THREAD **next_suspended_thread)
{
    if (!is_thread(thread_ptr)) {
        return TX_THREAD_ERROR;
    }
    return _tx_thread_info_get(thread_ptr, name, state, run_count, priority,
                               preemption_threshold, time_slice, next_thread,
                               next_suspended_thread);
}
