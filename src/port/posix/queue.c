/* SPDX-License-Identifier: MIT */
/* queue.c: queues of messages of 1 to 16 ULONGs, in the caller's memory.
 *
 * Threads wait on an empty queue to receive, and on a full queue to send, so
 * one list serves both. */

#include "port.h"

static bool is_queue(const TX_QUEUE *q)
{
    return q != NULL && q->tx_queue_id == PORT_ID_QUEUE;
}

static size_t message_bytes(const TX_QUEUE *q)
{
    return q->tx_queue_message_size * sizeof(ULONG);
}

/* slot returns the place of the i-th message after the one to be read next. */
static ULONG *slot(const TX_QUEUE *q, UINT i)
{
    UINT n = (q->tx_queue_read_index + i) % q->tx_queue_capacity;

    return q->tx_queue_start + (size_t)n * q->tx_queue_message_size;
}

/* _tx_queue_create makes an empty queue of as many messages as fit into
 * `queue_size` bytes. */
UINT _tx_queue_create(TX_QUEUE *queue_ptr, CHAR *name_ptr, UINT message_size,
                      VOID *queue_start, ULONG queue_size)
{
    ULONG capacity = queue_size / (ULONG)(message_size * sizeof(ULONG));

    *queue_ptr = (TX_QUEUE){
        .tx_queue_id = PORT_ID_QUEUE,
        .tx_queue_name = name_ptr,
        .tx_queue_message_size = message_size,
        .tx_queue_capacity = capacity,
        .tx_queue_available_storage = capacity,
        .tx_queue_start = queue_start,
    };
    return TX_SUCCESS;
}

UINT _txe_queue_create(TX_QUEUE *queue_ptr, CHAR *name_ptr, UINT message_size,
                       VOID *queue_start, ULONG queue_size,
                       UINT control_block_size)
{
    if (queue_ptr == NULL || control_block_size != sizeof(TX_QUEUE)) {
        return TX_QUEUE_ERROR;
    }
    if (queue_start == NULL) {
        return TX_PTR_ERROR;
    }
    if (message_size < TX_1_ULONG || message_size > TX_16_ULONG ||
        queue_size / sizeof(ULONG) < message_size) {
        return TX_SIZE_ERROR;
    }
    return _tx_queue_create(queue_ptr, name_ptr, message_size, queue_start,
                            queue_size);
}

/* add stores a message, at the end or in front.  There must be room. */
static void add(TX_QUEUE *q, const VOID *message, bool front)
{
    if (front) {
        q->tx_queue_read_index =
            (q->tx_queue_read_index + q->tx_queue_capacity - 1) %
            q->tx_queue_capacity;
    }
    (void)memcpy(slot(q, front ? 0 : q->tx_queue_enqueued), message,
                 message_bytes(q));
    q->tx_queue_enqueued++;
    q->tx_queue_available_storage--;
}

static UINT send(TX_QUEUE *q, VOID *source, ULONG wait, bool front)
{
    TX_THREAD *self = port_self();
    TX_THREAD *receiver;

    if (q->tx_queue_available_storage == 0) {
        if (!port_may_wait(wait)) {
            return TX_QUEUE_FULL;
        }
        self->tx_thread_additional_suspend_info = source;
        self->tx_thread_suspend_option = front;
        return port_wait(&q->tx_queue_suspension_list,
                         &q->tx_queue_suspended_count, TX_QUEUE_SUSP, wait,
                         TX_QUEUE_FULL);
    }
    receiver = q->tx_queue_suspension_list;
    if (receiver == NULL) {
        add(q, source, front);
        return TX_SUCCESS;
    }
    (void)memcpy(receiver->tx_thread_additional_suspend_info, source,
                 message_bytes(q));
    port_wake(receiver, TX_SUCCESS);
    return TX_SUCCESS;
}

static void tell(TX_QUEUE *q)
{
    if (q->tx_queue_send_notify_function != NULL) {
        q->tx_queue_send_notify_function(q);
    }
}

/* _tx_queue_send appends a message, and waits for room up to `wait_option`.
 * It returns TX_QUEUE_FULL if none came, TX_DELETED or TX_WAIT_ABORTED. */
UINT _tx_queue_send(TX_QUEUE *queue_ptr, VOID *source_ptr, ULONG wait_option)
{
    UINT status;

    port_enter();
    status = send(queue_ptr, source_ptr, wait_option, false);
    port_leave();
    if (status == TX_SUCCESS) {
        tell(queue_ptr);
    }
    return status;
}

/* _tx_queue_front_send does what _tx_queue_send does, but puts the message
 * before all others. */
UINT _tx_queue_front_send(TX_QUEUE *queue_ptr, VOID *source_ptr,
                          ULONG wait_option)
{
    UINT status;

    port_enter();
    status = send(queue_ptr, source_ptr, wait_option, true);
    port_leave();
    if (status == TX_SUCCESS) {
        tell(queue_ptr);
    }
    return status;
}

static UINT check(const TX_QUEUE *q, const VOID *message, ULONG wait)
{
    if (!is_queue(q)) {
        return TX_QUEUE_ERROR;
    }
    if (message == NULL) {
        return TX_PTR_ERROR;
    }
    if (wait != TX_NO_WAIT && !port_may_wait(wait)) {
        return TX_WAIT_ERROR;
    }
    return TX_SUCCESS;
}

UINT _txe_queue_send(TX_QUEUE *queue_ptr, VOID *source_ptr, ULONG wait_option)
{
    UINT status = check(queue_ptr, source_ptr, wait_option);

    return status != TX_SUCCESS
               ? status
               : _tx_queue_send(queue_ptr, source_ptr, wait_option);
}

UINT _txe_queue_front_send(TX_QUEUE *queue_ptr, VOID *source_ptr,
                           ULONG wait_option)
{
    UINT status = check(queue_ptr, source_ptr, wait_option);

    return status != TX_SUCCESS
               ? status
               : _tx_queue_front_send(queue_ptr, source_ptr, wait_option);
}

/* take copies the next message out and lets a waiting sender's in. */
static void take(TX_QUEUE *q, VOID *out)
{
    TX_THREAD *sender = q->tx_queue_suspension_list;

    (void)memcpy(out, slot(q, 0), message_bytes(q));
    q->tx_queue_read_index =
        (q->tx_queue_read_index + 1) % q->tx_queue_capacity;
    q->tx_queue_enqueued--;
    q->tx_queue_available_storage++;
    if (sender != NULL) {
        add(q, sender->tx_thread_additional_suspend_info,
            sender->tx_thread_suspend_option != 0);
        port_wake(sender, TX_SUCCESS);
    }
}

/* _tx_queue_receive takes the first message, and waits for one up to
 * `wait_option`.  It returns TX_QUEUE_EMPTY if none came, TX_DELETED or
 * TX_WAIT_ABORTED. */
UINT _tx_queue_receive(TX_QUEUE *queue_ptr, VOID *destination_ptr,
                       ULONG wait_option)
{
    UINT status = TX_QUEUE_EMPTY;

    port_enter();
    if (queue_ptr->tx_queue_enqueued > 0) {
        take(queue_ptr, destination_ptr);
        status = TX_SUCCESS;
    } else if (port_may_wait(wait_option)) {
        port_self()->tx_thread_additional_suspend_info = destination_ptr;
        status = port_wait(&queue_ptr->tx_queue_suspension_list,
                           &queue_ptr->tx_queue_suspended_count, TX_QUEUE_SUSP,
                           wait_option, TX_QUEUE_EMPTY);
    }
    port_leave();
    return status;
}

UINT _txe_queue_receive(TX_QUEUE *queue_ptr, VOID *destination_ptr,
                        ULONG wait_option)
{
    UINT status = check(queue_ptr, destination_ptr, wait_option);

    return status != TX_SUCCESS
               ? status
               : _tx_queue_receive(queue_ptr, destination_ptr, wait_option);
}

/* _tx_queue_flush throws all messages away, those of waiting senders, too. */
UINT _tx_queue_flush(TX_QUEUE *queue_ptr)
{
    port_enter();
    if (queue_ptr->tx_queue_enqueued > 0) {
        port_wake_all(&queue_ptr->tx_queue_suspension_list, TX_SUCCESS);
    }
    queue_ptr->tx_queue_enqueued = 0;
    queue_ptr->tx_queue_available_storage = queue_ptr->tx_queue_capacity;
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_queue_flush(TX_QUEUE *queue_ptr)
{
    return is_queue(queue_ptr) ? _tx_queue_flush(queue_ptr) : TX_QUEUE_ERROR;
}

/* _tx_queue_delete ends the queue; waiting threads get TX_DELETED. */
UINT _tx_queue_delete(TX_QUEUE *queue_ptr)
{
    port_enter();
    queue_ptr->tx_queue_id = 0;
    port_wake_all(&queue_ptr->tx_queue_suspension_list, TX_DELETED);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_queue_delete(TX_QUEUE *queue_ptr)
{
    return is_queue(queue_ptr) ? _tx_queue_delete(queue_ptr) : TX_QUEUE_ERROR;
}

/* _tx_queue_info_get writes each value whose pointer is not NULL.  The next
 * object is always TX_NULL: this port keeps no list of them. */
UINT _tx_queue_info_get(TX_QUEUE *queue_ptr, CHAR **name, ULONG *enqueued,
                        ULONG *available_storage, TX_THREAD **first_suspended,
                        ULONG *suspended_count, TX_QUEUE **next_queue)
{
    port_enter();
    if (name != NULL) {
        *name = queue_ptr->tx_queue_name;
    }
    if (enqueued != NULL) {
        *enqueued = queue_ptr->tx_queue_enqueued;
    }
    if (available_storage != NULL) {
        *available_storage = queue_ptr->tx_queue_available_storage;
    }
    if (first_suspended != NULL) {
        *first_suspended = queue_ptr->tx_queue_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = queue_ptr->tx_queue_suspended_count;
    }
    if (next_queue != NULL) {
        *next_queue = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_queue_info_get(TX_QUEUE *queue_ptr, CHAR **name, ULONG *enqueued,
                         ULONG *available_storage, TX_THREAD **first_suspended,
                         ULONG *suspended_count, TX_QUEUE **next_queue)
{
    return is_queue(queue_ptr)
               ? _tx_queue_info_get(queue_ptr, name, enqueued,
                                    available_storage, first_suspended,
                                    suspended_count, next_queue)
               : TX_QUEUE_ERROR;
}

/* _tx_queue_prioritize puts the highest waiting thread first in line. */
UINT _tx_queue_prioritize(TX_QUEUE *queue_ptr)
{
    port_enter();
    port_prioritize(&queue_ptr->tx_queue_suspension_list);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_queue_prioritize(TX_QUEUE *queue_ptr)
{
    return is_queue(queue_ptr) ? _tx_queue_prioritize(queue_ptr)
                               : TX_QUEUE_ERROR;
}

/* _tx_queue_send_notify makes each message that was sent call a function, in
 * the thread of its caller; NULL ends that. */
UINT _tx_queue_send_notify(TX_QUEUE *queue_ptr,
                           VOID (*queue_send_notify)(TX_QUEUE *))
{
    queue_ptr->tx_queue_send_notify_function = queue_send_notify;
    return TX_SUCCESS;
}

UINT _txe_queue_send_notify(TX_QUEUE *queue_ptr,
                            VOID (*queue_send_notify)(TX_QUEUE *))
{
    return is_queue(queue_ptr)
               ? _tx_queue_send_notify(queue_ptr, queue_send_notify)
               : TX_QUEUE_ERROR;
}
