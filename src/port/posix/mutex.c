/* SPDX-License-Identifier: MIT */
/* mutex.c: recursive mutexes, with priority inheritance where asked for. */

#include "port.h"

static bool is_mutex(const TX_MUTEX *m)
{
    return m != NULL && m->tx_mutex_id == PORT_ID_MUTEX;
}

/* _tx_mutex_create makes a mutex without an owner. */
UINT _tx_mutex_create(TX_MUTEX *mutex_ptr, CHAR *name_ptr, UINT inherit)
{
    *mutex_ptr = (TX_MUTEX){
        .tx_mutex_id = PORT_ID_MUTEX,
        .tx_mutex_name = name_ptr,
        .tx_mutex_inherit = inherit,
    };
    return TX_SUCCESS;
}

UINT _txe_mutex_create(TX_MUTEX *mutex_ptr, CHAR *name_ptr, UINT inherit,
                       UINT control_block_size)
{
    if (mutex_ptr == NULL || control_block_size != sizeof(TX_MUTEX)) {
        return TX_MUTEX_ERROR;
    }
    if (inherit > TX_INHERIT) {
        return TX_INHERIT_ERROR;
    }
    return _tx_mutex_create(mutex_ptr, name_ptr, inherit);
}

static void own(TX_MUTEX *m, TX_THREAD *thread)
{
    m->tx_mutex_owner = thread;
    m->tx_mutex_ownership_count = 1;
    if (thread != NULL) {
        m->tx_mutex_owned_next = thread->tx_thread_owned_mutex_list;
        thread->tx_thread_owned_mutex_list = m;
        thread->tx_thread_owned_mutex_count++;
    }
}

static void disown(TX_MUTEX *m)
{
    TX_THREAD *owner = m->tx_mutex_owner;
    TX_MUTEX **link;

    m->tx_mutex_owner = NULL;
    m->tx_mutex_ownership_count = 0;
    if (owner == NULL) {
        return;
    }
    link = &owner->tx_thread_owned_mutex_list;
    while (*link != m) {
        link = &(*link)->tx_mutex_owned_next;
    }
    *link = m->tx_mutex_owned_next;
    owner->tx_thread_owned_mutex_count--;
}

/* inherit gives `thread` the best priority among its own and those of the
 * threads that wait for its inheriting mutexes. */
static void inherit(TX_THREAD *thread)
{
    UINT best = thread->tx_thread_user_priority;
    TX_MUTEX *m;

    for (m = thread->tx_thread_owned_mutex_list; m != NULL;
         m = m->tx_mutex_owned_next) {
        TX_THREAD *t = m->tx_mutex_suspension_list;
        UINT i;

        for (i = 0; m->tx_mutex_inherit && i < m->tx_mutex_suspended_count;
             i++) {
            if (t->tx_thread_priority < best) {
                best = t->tx_thread_priority;
            }
            t = t->tx_thread_suspended_next;
        }
    }
    if (best != thread->tx_thread_priority) {
        port_priority_set(thread, best);
    }
}

/* wait_for makes the caller wait for `m`, whose owner may inherit. */
static UINT wait_for(TX_MUTEX *m, ULONG wait)
{
    TX_THREAD *self = port_self();
    TX_THREAD *owner = m->tx_mutex_owner;
    UINT status;

    if (m->tx_mutex_inherit && owner != NULL &&
        self->tx_thread_priority < owner->tx_thread_priority) {
        port_priority_set(owner, self->tx_thread_priority);
    }
    status =
        port_wait(&m->tx_mutex_suspension_list, &m->tx_mutex_suspended_count,
                  TX_MUTEX_SUSP, wait, TX_NOT_AVAILABLE);
    if ((status == TX_NOT_AVAILABLE || status == TX_WAIT_ABORTED) &&
        m->tx_mutex_owner != NULL) {
        inherit(m->tx_mutex_owner); /* what the owner had from us */
    }
    return status;
}

/* _tx_mutex_get makes the caller own the mutex, or own it once more.  It
 * returns TX_NOT_AVAILABLE after `wait_option`, TX_DELETED or
 * TX_WAIT_ABORTED. */
UINT _tx_mutex_get(TX_MUTEX *mutex_ptr, ULONG wait_option)
{
    UINT status = TX_SUCCESS;

    port_enter();
    if (mutex_ptr->tx_mutex_ownership_count == 0) {
        own(mutex_ptr, port_self());
    } else if (mutex_ptr->tx_mutex_owner == port_self()) {
        mutex_ptr->tx_mutex_ownership_count++;
    } else if (port_may_wait(wait_option)) {
        status = wait_for(mutex_ptr, wait_option);
    } else {
        status = TX_NOT_AVAILABLE;
    }
    port_leave();
    return status;
}

UINT _txe_mutex_get(TX_MUTEX *mutex_ptr, ULONG wait_option)
{
    if (!is_mutex(mutex_ptr)) {
        return TX_MUTEX_ERROR;
    }
    if (wait_option != TX_NO_WAIT && port_kernel.running &&
        !port_may_wait(wait_option)) {
        return TX_WAIT_ERROR;
    }
    return _tx_mutex_get(mutex_ptr, wait_option);
}

/* pass_on gives a mutex to the best waiting thread, or leaves it without an
 * owner. */
static void pass_on(TX_MUTEX *m)
{
    TX_THREAD *next;

    disown(m);
    if (m->tx_mutex_inherit) {
        port_prioritize(&m->tx_mutex_suspension_list);
    }
    next = m->tx_mutex_suspension_list;
    if (next != NULL) {
        own(m, next);
        port_wake(next, TX_SUCCESS);
        inherit(next);
    }
}

/* _tx_mutex_put undoes one tx_mutex_get.  It returns TX_NOT_OWNED if the
 * caller has none to undo. */
UINT _tx_mutex_put(TX_MUTEX *mutex_ptr)
{
    TX_THREAD *self = port_self();
    UINT status = TX_SUCCESS;

    port_enter();
    if (mutex_ptr->tx_mutex_ownership_count == 0 ||
        mutex_ptr->tx_mutex_owner != self) {
        status = TX_NOT_OWNED;
    } else if (--mutex_ptr->tx_mutex_ownership_count == 0) {
        pass_on(mutex_ptr);
        if (self != NULL) {
            inherit(self);
        }
    }
    port_leave();
    return status;
}

UINT _txe_mutex_put(TX_MUTEX *mutex_ptr)
{
    return is_mutex(mutex_ptr) ? _tx_mutex_put(mutex_ptr) : TX_MUTEX_ERROR;
}

void port_mutex_release_all(TX_THREAD *thread)
{
    while (thread->tx_thread_owned_mutex_list != NULL) {
        pass_on(thread->tx_thread_owned_mutex_list);
    }
}

/* _tx_mutex_prioritize puts the highest waiting thread first in line. */
UINT _tx_mutex_prioritize(TX_MUTEX *mutex_ptr)
{
    port_enter();
    port_prioritize(&mutex_ptr->tx_mutex_suspension_list);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_mutex_prioritize(TX_MUTEX *mutex_ptr)
{
    return is_mutex(mutex_ptr) ? _tx_mutex_prioritize(mutex_ptr)
                               : TX_MUTEX_ERROR;
}

/* _tx_mutex_delete ends the mutex; waiting threads get TX_DELETED. */
UINT _tx_mutex_delete(TX_MUTEX *mutex_ptr)
{
    TX_THREAD *owner;

    port_enter();
    owner = mutex_ptr->tx_mutex_owner;
    disown(mutex_ptr);
    mutex_ptr->tx_mutex_id = 0;
    port_wake_all(&mutex_ptr->tx_mutex_suspension_list, TX_DELETED);
    if (owner != NULL) {
        inherit(owner);
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_mutex_delete(TX_MUTEX *mutex_ptr)
{
    return is_mutex(mutex_ptr) ? _tx_mutex_delete(mutex_ptr) : TX_MUTEX_ERROR;
}

/* _tx_mutex_info_get writes each value whose pointer is not NULL.  The next
 * object is always TX_NULL: this port keeps no list of them. */
UINT _tx_mutex_info_get(TX_MUTEX *mutex_ptr, CHAR **name, ULONG *count,
                        TX_THREAD **owner, TX_THREAD **first_suspended,
                        ULONG *suspended_count, TX_MUTEX **next_mutex)
{
    port_enter();
    if (name != NULL) {
        *name = mutex_ptr->tx_mutex_name;
    }
    if (count != NULL) {
        *count = mutex_ptr->tx_mutex_ownership_count;
    }
    if (owner != NULL) {
        *owner = mutex_ptr->tx_mutex_owner;
    }
    if (first_suspended != NULL) {
        *first_suspended = mutex_ptr->tx_mutex_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = mutex_ptr->tx_mutex_suspended_count;
    }
    if (next_mutex != NULL) {
        *next_mutex = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_mutex_info_get(TX_MUTEX *mutex_ptr, CHAR **name, ULONG *count,
                         TX_THREAD **owner, TX_THREAD **first_suspended,
                         ULONG *suspended_count, TX_MUTEX **next_mutex)
{
    return is_mutex(mutex_ptr)
               ? _tx_mutex_info_get(mutex_ptr, name, count, owner,
                                    first_suspended, suspended_count,
                                    next_mutex)
               : TX_MUTEX_ERROR;
}
