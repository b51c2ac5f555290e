/* SPDX-License-Identifier: MIT */
/* event_flags.c: groups of 32 event flags. */

#include "port.h"

static bool is_group(const TX_EVENT_FLAGS_GROUP *g)
{
    return g != NULL && g->tx_event_flags_group_id == PORT_ID_EVENTS;
}

/* _tx_event_flags_create makes a group with no flag set. */
UINT _tx_event_flags_create(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR *name_ptr)
{
    *group_ptr = (TX_EVENT_FLAGS_GROUP){
        .tx_event_flags_group_id = PORT_ID_EVENTS,
        .tx_event_flags_group_name = name_ptr,
    };
    return TX_SUCCESS;
}

UINT _txe_event_flags_create(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR *name_ptr,
                             UINT control_block_size)
{
    if (group_ptr == NULL ||
        control_block_size != sizeof(TX_EVENT_FLAGS_GROUP)) {
        return TX_GROUP_ERROR;
    }
    return _tx_event_flags_create(group_ptr, name_ptr);
}

static bool satisfied(ULONG current, ULONG requested, UINT option)
{
    if (option == TX_AND || option == TX_AND_CLEAR) {
        return (current & requested) == requested;
    }
    return (current & requested) != 0;
}

static bool clears(UINT option)
{
    return option == TX_OR_CLEAR || option == TX_AND_CLEAR;
}

/* _tx_event_flags_get waits until one (TX_OR) or all (TX_AND) of the requested
 * flags are set; the options with _CLEAR then clear them.  On TX_SUCCESS
 * `actual_flags_ptr` has all flags as they were before.  It returns
 * TX_NO_EVENTS after `wait_option`, TX_DELETED or TX_WAIT_ABORTED. */
UINT _tx_event_flags_get(TX_EVENT_FLAGS_GROUP *group_ptr,
                         ULONG requested_flags, UINT get_option,
                         ULONG *actual_flags_ptr, ULONG wait_option)
{
    TX_THREAD *self = port_self();
    UINT status = TX_NO_EVENTS;

    port_enter();
    if (satisfied(group_ptr->tx_event_flags_group_current, requested_flags,
                  get_option)) {
        *actual_flags_ptr = group_ptr->tx_event_flags_group_current;
        if (clears(get_option)) {
            group_ptr->tx_event_flags_group_current &= ~requested_flags;
        }
        status = TX_SUCCESS;
    } else if (port_may_wait(wait_option)) {
        self->tx_thread_suspend_info = requested_flags;
        self->tx_thread_suspend_option = get_option;
        self->tx_thread_additional_suspend_info = actual_flags_ptr;
        status = port_wait(&group_ptr->tx_event_flags_group_suspension_list,
                           &group_ptr->tx_event_flags_group_suspended_count,
                           TX_EVENT_FLAG, wait_option, TX_NO_EVENTS);
    }
    port_leave();
    return status;
}

UINT _txe_event_flags_get(TX_EVENT_FLAGS_GROUP *group_ptr,
                          ULONG requested_flags, UINT get_option,
                          ULONG *actual_flags_ptr, ULONG wait_option)
{
    if (!is_group(group_ptr)) {
        return TX_GROUP_ERROR;
    }
    if (actual_flags_ptr == NULL) {
        return TX_PTR_ERROR;
    }
    if (get_option > TX_AND_CLEAR) {
        return TX_OPTION_ERROR;
    }
    if (wait_option != TX_NO_WAIT && !port_may_wait(wait_option)) {
        return TX_WAIT_ERROR;
    }
    return _tx_event_flags_get(group_ptr, requested_flags, get_option,
                               actual_flags_ptr, wait_option);
}

/* wake_satisfied wakes every waiting thread whose condition holds.  All of
 * them see the same flags; the flags that they clear are cleared
 * afterwards. */
static void wake_satisfied(TX_EVENT_FLAGS_GROUP *g)
{
    ULONG current = g->tx_event_flags_group_current;
    TX_THREAD *t = g->tx_event_flags_group_suspension_list;
    UINT left = g->tx_event_flags_group_suspended_count;
    ULONG gone = 0;

    for (; left > 0; left--) {
        TX_THREAD *next = t->tx_thread_suspended_next;
        ULONG requested = t->tx_thread_suspend_info;
        ULONG *actual = t->tx_thread_additional_suspend_info;

        if (satisfied(current, requested, t->tx_thread_suspend_option)) {
            *actual = current;
            gone |= clears(t->tx_thread_suspend_option) ? requested : 0;
            port_wake(t, TX_SUCCESS);
        }
        t = next;
    }
    g->tx_event_flags_group_current &= ~gone;
}

void port_event_set(TX_EVENT_FLAGS_GROUP *group, ULONG flags)
{
    group->tx_event_flags_group_current |= flags;
    wake_satisfied(group);
}

/* _tx_event_flags_set sets flags (TX_OR) or clears all others (TX_AND).  Any
 * thread of the process may call it. */
UINT _tx_event_flags_set(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG flags_to_set,
                         UINT set_option)
{
    port_enter();
    if (set_option == TX_AND) {
        group_ptr->tx_event_flags_group_current &= flags_to_set;
    } else {
        port_event_set(group_ptr, flags_to_set);
    }
    port_leave();
    if (group_ptr->tx_event_flags_group_set_notify != NULL) {
        group_ptr->tx_event_flags_group_set_notify(group_ptr);
    }
    return TX_SUCCESS;
}

UINT _txe_event_flags_set(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG flags_to_set,
                          UINT set_option)
{
    if (!is_group(group_ptr)) {
        return TX_GROUP_ERROR;
    }
    if (set_option != TX_OR && set_option != TX_AND) {
        return TX_OPTION_ERROR;
    }
    return _tx_event_flags_set(group_ptr, flags_to_set, set_option);
}

/* _tx_event_flags_delete ends the group; waiting threads get TX_DELETED. */
UINT _tx_event_flags_delete(TX_EVENT_FLAGS_GROUP *group_ptr)
{
    port_enter();
    group_ptr->tx_event_flags_group_id = 0;
    port_wake_all(&group_ptr->tx_event_flags_group_suspension_list,
                  TX_DELETED);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_event_flags_delete(TX_EVENT_FLAGS_GROUP *group_ptr)
{
    return is_group(group_ptr) ? _tx_event_flags_delete(group_ptr)
                               : TX_GROUP_ERROR;
}

/* _tx_event_flags_info_get writes each value whose pointer is not NULL.  The
 * next object is always TX_NULL: this port keeps no list of them. */
UINT _tx_event_flags_info_get(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR **name,
                              ULONG *current_flags,
                              TX_THREAD **first_suspended,
                              ULONG *suspended_count,
                              TX_EVENT_FLAGS_GROUP **next_group)
{
    port_enter();
    if (name != NULL) {
        *name = group_ptr->tx_event_flags_group_name;
    }
    if (current_flags != NULL) {
        *current_flags = group_ptr->tx_event_flags_group_current;
    }
    if (first_suspended != NULL) {
        *first_suspended = group_ptr->tx_event_flags_group_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = group_ptr->tx_event_flags_group_suspended_count;
    }
    if (next_group != NULL) {
        *next_group = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_event_flags_info_get(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR **name,
                               ULONG *current_flags,
                               TX_THREAD **first_suspended,
                               ULONG *suspended_count,
                               TX_EVENT_FLAGS_GROUP **next_group)
{
    return is_group(group_ptr)
               ? _tx_event_flags_info_get(group_ptr, name, current_flags,
                                          first_suspended, suspended_count,
                                          next_group)
               : TX_GROUP_ERROR;
}

/* _tx_event_flags_set_notify makes each set call a function, in the thread of
 * its caller; NULL ends that. */
UINT _tx_event_flags_set_notify(
    TX_EVENT_FLAGS_GROUP *group_ptr,
    VOID (*events_set_notify)(TX_EVENT_FLAGS_GROUP *))
{
    group_ptr->tx_event_flags_group_set_notify = events_set_notify;
    return TX_SUCCESS;
}

UINT _txe_event_flags_set_notify(
    TX_EVENT_FLAGS_GROUP *group_ptr,
    VOID (*events_set_notify)(TX_EVENT_FLAGS_GROUP *))
{
    return is_group(group_ptr)
               ? _tx_event_flags_set_notify(group_ptr, events_set_notify)
               : TX_GROUP_ERROR;
}
