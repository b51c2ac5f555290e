/* SPDX-License-Identifier: MIT */
/* app_timer.c: application timers.
 *
 * Their functions run in one system thread of priority 0, made with the first
 * timer.  They may not wait.  A periodic timer whose function has not been
 * called yet when it expires again is called once. */

#include "port.h"

static TX_THREAD timer_thread;
static TX_THREAD *idle; /* the timer thread, while it has nothing to do */
static UINT num_idle;
static TX_TIMER *pending; /* expired, function not yet called: in order */
static VOID *extension;   /* of the timer whose function runs */

void port_timer_reset(void)
{
    timer_thread.tx_thread_id = 0;
    idle = NULL;
    num_idle = 0;
    pending = NULL;
    extension = NULL;
}

static bool is_timer(const TX_TIMER *t)
{
    return t != NULL && t->tx_timer_id == PORT_ID_TIMER;
}

static void run_timers(ULONG unused)
{
    (void)unused;
    for (;;) {
        TX_TIMER *t;
        VOID (*function)(ULONG);
        ULONG input;

        port_enter();
        while (pending == NULL) {
            (void)port_wait(&idle, &num_idle, TX_SUSPENDED, TX_WAIT_FOREVER,
                            TX_SUCCESS);
        }
        t = pending;
        pending = t->tx_timer_pending_next;
        t->tx_timer_pending = TX_FALSE;
        function = t->tx_timer_expiration_function;
        input = t->tx_timer_expiration_input;
        extension = t->tx_timer_internal.tx_timer_internal_extension_ptr;
        port_exit();
        function(input);
    }
}

VOID *_nxdtls_timer_extension(ULONG input)
{
    return extension != NULL ? extension : (VOID *)(ALIGN_TYPE)input;
}

static void expired(VOID *owner)
{
    TX_TIMER *t = owner;
    TX_TIMER **link = &pending;

    if (t->tx_timer_reschedule_ticks != 0) {
        uint64_t due = t->tx_timer_internal.tx_timer_internal_deadline;

        port_clock_arm_at(&t->tx_timer_internal,
                          due + t->tx_timer_reschedule_ticks, expired, t);
    } else {
        t->tx_timer_initial_ticks = 0; /* tx_timer_change sets it again */
    }
    if (t->tx_timer_pending) {
        return;
    }
    while (*link != NULL) {
        link = &(*link)->tx_timer_pending_next;
    }
    *link = t;
    t->tx_timer_pending = TX_TRUE;
    t->tx_timer_pending_next = NULL;
    if (idle != NULL) {
        port_wake(idle, TX_SUCCESS);
    }
}

static void stop(TX_TIMER *t)
{
    TX_TIMER **link = &pending;

    port_clock_disarm(&t->tx_timer_internal);
    while (*link != NULL && *link != t) {
        link = &(*link)->tx_timer_pending_next;
    }
    if (*link == t) {
        *link = t->tx_timer_pending_next;
    }
    t->tx_timer_pending = TX_FALSE;
}

static UINT start(TX_TIMER *t)
{
    if (t->tx_timer_internal.tx_timer_internal_active) {
        return TX_ACTIVATE_ERROR;
    }
    if (t->tx_timer_initial_ticks == 0) {
        return TX_ACTIVATE_ERROR; /* a one-shot that ran and was not changed */
    }
    port_clock_arm(&t->tx_timer_internal, t->tx_timer_initial_ticks, expired,
                   t);
    return TX_SUCCESS;
}

/* make_thread makes the timer thread unless there is one. */
static UINT make_thread(void)
{
    static CHAR name[] = "System Timer Thread";
    UINT status;

    if (timer_thread.tx_thread_id != 0) {
        return TX_SUCCESS;
    }
    status = port_thread_create(&timer_thread, name, run_timers, 0, 0, true);
    if (status == TX_SUCCESS) {
        timer_thread.tx_thread_may_not_wait = TX_TRUE;
        port_ready(&timer_thread);
    }
    return status;
}

/* _tx_timer_create makes a timer that calls expiration_function after
 * `initial_ticks` and then every `reschedule_ticks`, or only once if that is
 * 0.  It returns TX_TIMER_ERROR if the host has no thread left for the first
 * timer. */
UINT _tx_timer_create(TX_TIMER *timer_ptr, CHAR *name_ptr,
                      VOID (*expiration_function)(ULONG input),
                      ULONG expiration_input, ULONG initial_ticks,
                      ULONG reschedule_ticks, UINT auto_activate)
{
    UINT status;

    *timer_ptr = (TX_TIMER){
        .tx_timer_id = PORT_ID_TIMER,
        .tx_timer_name = name_ptr,
        .tx_timer_expiration_function = expiration_function,
        .tx_timer_expiration_input = expiration_input,
        .tx_timer_initial_ticks = initial_ticks,
        .tx_timer_reschedule_ticks = reschedule_ticks,
    };
    port_enter();
    status = make_thread() == TX_SUCCESS ? TX_SUCCESS : TX_TIMER_ERROR;
    if (status == TX_SUCCESS && auto_activate == TX_AUTO_ACTIVATE) {
        status = start(timer_ptr);
    }
    port_leave();
    return status;
}

UINT _txe_timer_create(TX_TIMER *timer_ptr, CHAR *name_ptr,
                       VOID (*expiration_function)(ULONG input),
                       ULONG expiration_input, ULONG initial_ticks,
                       ULONG reschedule_ticks, UINT auto_activate,
                       UINT control_block_size)
{
    if (timer_ptr == NULL || control_block_size != sizeof(TX_TIMER) ||
        expiration_function == NULL) {
        return TX_TIMER_ERROR;
    }
    if (initial_ticks == 0) {
        return TX_TICK_ERROR;
    }
    if (auto_activate > TX_AUTO_ACTIVATE) {
        return TX_ACTIVATE_ERROR;
    }
    return _tx_timer_create(timer_ptr, name_ptr, expiration_function,
                            expiration_input, initial_ticks, reschedule_ticks,
                            auto_activate);
}

/* _tx_timer_activate starts a timer.  It returns TX_ACTIVATE_ERROR if the
 * timer runs, or ran once and was not changed. */
UINT _tx_timer_activate(TX_TIMER *timer_ptr)
{
    UINT status;

    port_enter();
    status = start(timer_ptr);
    port_leave();
    return status;
}

UINT _txe_timer_activate(TX_TIMER *timer_ptr)
{
    return is_timer(timer_ptr) ? _tx_timer_activate(timer_ptr)
                               : TX_TIMER_ERROR;
}

/* _tx_timer_deactivate stops a timer; its function is not called any more. */
UINT _tx_timer_deactivate(TX_TIMER *timer_ptr)
{
    port_enter();
    stop(timer_ptr);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_timer_deactivate(TX_TIMER *timer_ptr)
{
    return is_timer(timer_ptr) ? _tx_timer_deactivate(timer_ptr)
                               : TX_TIMER_ERROR;
}

/* _tx_timer_change gives a stopped timer new times.  For a running one it does
 * nothing. */
UINT _tx_timer_change(TX_TIMER *timer_ptr, ULONG initial_ticks,
                      ULONG reschedule_ticks)
{
    port_enter();
    if (!timer_ptr->tx_timer_internal.tx_timer_internal_active) {
        timer_ptr->tx_timer_initial_ticks = initial_ticks;
        timer_ptr->tx_timer_reschedule_ticks = reschedule_ticks;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_timer_change(TX_TIMER *timer_ptr, ULONG initial_ticks,
                       ULONG reschedule_ticks)
{
    if (!is_timer(timer_ptr)) {
        return TX_TIMER_ERROR;
    }
    if (initial_ticks == 0) {
        return TX_TICK_ERROR;
    }
    return _tx_timer_change(timer_ptr, initial_ticks, reschedule_ticks);
}

/* _tx_timer_delete ends a timer. */
UINT _tx_timer_delete(TX_TIMER *timer_ptr)
{
    port_enter();
    stop(timer_ptr);
    timer_ptr->tx_timer_id = 0;
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_timer_delete(TX_TIMER *timer_ptr)
{
    return is_timer(timer_ptr) ? _tx_timer_delete(timer_ptr) : TX_TIMER_ERROR;
}

/* Returns the number of ticks until a timer expires, or would if it was
 * activated now. */
static ULONG remaining(const TX_TIMER *t, uint64_t now)
{
    const TX_TIMER_INTERNAL *i = &t->tx_timer_internal;

    return i->tx_timer_internal_active
               ? (ULONG)(i->tx_timer_internal_deadline - now)
               : t->tx_timer_initial_ticks;
}

/* _tx_timer_info_get writes each value whose pointer is not NULL.  The next
 * object is always TX_NULL: this port keeps no list of them. */
UINT _tx_timer_info_get(TX_TIMER *timer_ptr, CHAR **name, UINT *active,
                        ULONG *remaining_ticks, ULONG *reschedule_ticks,
                        TX_TIMER **next_timer)
{
    uint64_t now;

    port_enter();
    now = port_clock_see();
    if (name != NULL) {
        *name = timer_ptr->tx_timer_name;
    }
    if (active != NULL) {
        *active = timer_ptr->tx_timer_internal.tx_timer_internal_active;
    }
    if (remaining_ticks != NULL) {
        *remaining_ticks = remaining(timer_ptr, now);
    }
    if (reschedule_ticks != NULL) {
        *reschedule_ticks = timer_ptr->tx_timer_reschedule_ticks;
    }
    if (next_timer != NULL) {
        *next_timer = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_timer_info_get(TX_TIMER *timer_ptr, CHAR **name, UINT *active,
                         ULONG *remaining_ticks, ULONG *reschedule_ticks,
                         TX_TIMER **next_timer)
{
    return is_timer(timer_ptr)
               ? _tx_timer_info_get(timer_ptr, name, active, remaining_ticks,
                                    reschedule_ticks, next_timer)
               : TX_TIMER_ERROR;
}
