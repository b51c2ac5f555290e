/* SPDX-License-Identifier: MIT */
/* semaphore.c: counting semaphores. */

#include "port.h"

static bool is_semaphore(const TX_SEMAPHORE *s)
{
    return s != NULL && s->tx_semaphore_id == PORT_ID_SEMAPHORE;
}

/* _tx_semaphore_create makes a semaphore with `initial_count` instances. */
UINT _tx_semaphore_create(TX_SEMAPHORE *semaphore_ptr, CHAR *name_ptr,
                          ULONG initial_count)
{
    *semaphore_ptr = (TX_SEMAPHORE){
        .tx_semaphore_id = PORT_ID_SEMAPHORE,
        .tx_semaphore_name = name_ptr,
        .tx_semaphore_count = initial_count,
    };
    return TX_SUCCESS;
}

UINT _txe_semaphore_create(TX_SEMAPHORE *semaphore_ptr, CHAR *name_ptr,
                           ULONG initial_count, UINT control_block_size)
{
    if (semaphore_ptr == NULL || control_block_size != sizeof(TX_SEMAPHORE)) {
        return TX_SEMAPHORE_ERROR;
    }
    return _tx_semaphore_create(semaphore_ptr, name_ptr, initial_count);
}

/* _tx_semaphore_get takes an instance, and waits for one up to `wait_option`.
 * It returns TX_NO_INSTANCE if none came, TX_DELETED or TX_WAIT_ABORTED. */
UINT _tx_semaphore_get(TX_SEMAPHORE *semaphore_ptr, ULONG wait_option)
{
    UINT status = TX_NO_INSTANCE;

    port_enter();
    if (semaphore_ptr->tx_semaphore_count > 0) {
        semaphore_ptr->tx_semaphore_count--;
        status = TX_SUCCESS;
    } else if (port_may_wait(wait_option)) {
        status = port_wait(&semaphore_ptr->tx_semaphore_suspension_list,
                           &semaphore_ptr->tx_semaphore_suspended_count,
                           TX_SEMAPHORE_SUSP, wait_option, TX_NO_INSTANCE);
    }
    port_leave();
    return status;
}

UINT _txe_semaphore_get(TX_SEMAPHORE *semaphore_ptr, ULONG wait_option)
{
    if (!is_semaphore(semaphore_ptr)) {
        return TX_SEMAPHORE_ERROR;
    }
    if (wait_option != TX_NO_WAIT && !port_may_wait(wait_option)) {
        return TX_WAIT_ERROR;
    }
    return _tx_semaphore_get(semaphore_ptr, wait_option);
}

/* put gives an instance to the first waiting thread, or keeps it. */
static void put(TX_SEMAPHORE *s)
{
    if (s->tx_semaphore_suspension_list != NULL) {
        port_wake(s->tx_semaphore_suspension_list, TX_SUCCESS);
        return;
    }
    s->tx_semaphore_count++;
}

static void tell(TX_SEMAPHORE *s)
{
    if (s->tx_semaphore_put_notify_function != NULL) {
        s->tx_semaphore_put_notify_function(s);
    }
}

/* _tx_semaphore_put adds an instance.  Any thread of the process may call it.
 */
UINT _tx_semaphore_put(TX_SEMAPHORE *semaphore_ptr)
{
    port_enter();
    put(semaphore_ptr);
    port_leave();
    tell(semaphore_ptr);
    return TX_SUCCESS;
}

UINT _txe_semaphore_put(TX_SEMAPHORE *semaphore_ptr)
{
    return is_semaphore(semaphore_ptr) ? _tx_semaphore_put(semaphore_ptr)
                                       : TX_SEMAPHORE_ERROR;
}

/* _tx_semaphore_ceiling_put adds an instance, or returns TX_CEILING_EXCEEDED
 * if there are `ceiling` already. */
UINT _tx_semaphore_ceiling_put(TX_SEMAPHORE *semaphore_ptr, ULONG ceiling)
{
    UINT status = TX_CEILING_EXCEEDED;

    port_enter();
    if (semaphore_ptr->tx_semaphore_count < ceiling) {
        put(semaphore_ptr);
        status = TX_SUCCESS;
    }
    port_leave();
    if (status == TX_SUCCESS) {
        tell(semaphore_ptr);
    }
    return status;
}

UINT _txe_semaphore_ceiling_put(TX_SEMAPHORE *semaphore_ptr, ULONG ceiling)
{
    if (!is_semaphore(semaphore_ptr)) {
        return TX_SEMAPHORE_ERROR;
    }
    if (ceiling == 0) {
        return TX_INVALID_CEILING;
    }
    return _tx_semaphore_ceiling_put(semaphore_ptr, ceiling);
}

/* _tx_semaphore_prioritize puts the highest waiting thread first in line. */
UINT _tx_semaphore_prioritize(TX_SEMAPHORE *semaphore_ptr)
{
    port_enter();
    port_prioritize(&semaphore_ptr->tx_semaphore_suspension_list);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_semaphore_prioritize(TX_SEMAPHORE *semaphore_ptr)
{
    return is_semaphore(semaphore_ptr)
               ? _tx_semaphore_prioritize(semaphore_ptr)
               : TX_SEMAPHORE_ERROR;
}

/* _tx_semaphore_delete ends the semaphore; waiting threads get TX_DELETED. */
UINT _tx_semaphore_delete(TX_SEMAPHORE *semaphore_ptr)
{
    port_enter();
    semaphore_ptr->tx_semaphore_id = 0;
    port_wake_all(&semaphore_ptr->tx_semaphore_suspension_list, TX_DELETED);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_semaphore_delete(TX_SEMAPHORE *semaphore_ptr)
{
    return is_semaphore(semaphore_ptr) ? _tx_semaphore_delete(semaphore_ptr)
                                       : TX_SEMAPHORE_ERROR;
}

/* _tx_semaphore_info_get writes each value whose pointer is not NULL.  The
 * next object is always TX_NULL: this port keeps no list of them. */
UINT _tx_semaphore_info_get(TX_SEMAPHORE *semaphore_ptr, CHAR **name,
                            ULONG *current_value, TX_THREAD **first_suspended,
                            ULONG *suspended_count,
                            TX_SEMAPHORE **next_semaphore)
{
    port_enter();
    if (name != NULL) {
        *name = semaphore_ptr->tx_semaphore_name;
    }
    if (current_value != NULL) {
        *current_value = semaphore_ptr->tx_semaphore_count;
    }
    if (first_suspended != NULL) {
        *first_suspended = semaphore_ptr->tx_semaphore_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = semaphore_ptr->tx_semaphore_suspended_count;
    }
    if (next_semaphore != NULL) {
        *next_semaphore = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_semaphore_info_get(TX_SEMAPHORE *semaphore_ptr, CHAR **name,
                             ULONG *current_value, TX_THREAD **first_suspended,
                             ULONG *suspended_count,
                             TX_SEMAPHORE **next_semaphore)
{
    return is_semaphore(semaphore_ptr)
               ? _tx_semaphore_info_get(semaphore_ptr, name, current_value,
                                        first_suspended, suspended_count,
                                        next_semaphore)
               : TX_SEMAPHORE_ERROR;
}

/* _tx_semaphore_put_notify makes each put call a function, in the thread of
 * its caller; NULL ends that. */
UINT _tx_semaphore_put_notify(TX_SEMAPHORE *semaphore_ptr,
                              VOID (*semaphore_put_notify)(TX_SEMAPHORE *))
{
    semaphore_ptr->tx_semaphore_put_notify_function = semaphore_put_notify;
    return TX_SUCCESS;
}

UINT _txe_semaphore_put_notify(TX_SEMAPHORE *semaphore_ptr,
                               VOID (*semaphore_put_notify)(TX_SEMAPHORE *))
{
    return is_semaphore(semaphore_ptr)
               ? _tx_semaphore_put_notify(semaphore_ptr, semaphore_put_notify)
               : TX_SEMAPHORE_ERROR;
}
