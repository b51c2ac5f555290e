/* SPDX-License-Identifier: MIT */
/* block_pool.c: pools of blocks of one size, in the caller's memory.
 *
 * Before each block stands a pointer: to the next free block, or to the pool
 * while the block is given out. */

#include "port.h"

static bool is_pool(const TX_BLOCK_POOL *p)
{
    return p != NULL && p->tx_block_pool_id == PORT_ID_BLOCK_POOL;
}

static size_t align(size_t n)
{
    return (n + sizeof(VOID *) - 1) & ~(sizeof(VOID *) - 1);
}

/* _tx_block_pool_create divides `pool_size` bytes into blocks.  The memory
 * must be aligned for a pointer.  It returns TX_SIZE_ERROR if not one block
 * fits. */
UINT _tx_block_pool_create(TX_BLOCK_POOL *pool_ptr, CHAR *name_ptr,
                           ULONG block_size, VOID *pool_start, ULONG pool_size)
{
    size_t stride = align(block_size) + sizeof(VOID *);
    UINT total = (UINT)(pool_size / stride);
    UCHAR *at = pool_start;
    UINT i;

    if (total == 0) {
        return TX_SIZE_ERROR;
    }
    *pool_ptr = (TX_BLOCK_POOL){
        .tx_block_pool_id = PORT_ID_BLOCK_POOL,
        .tx_block_pool_name = name_ptr,
        .tx_block_pool_available = total,
        .tx_block_pool_total = total,
        .tx_block_pool_available_list = at,
        .tx_block_pool_start = pool_start,
        .tx_block_pool_size = pool_size,
        .tx_block_pool_block_size = (UINT)align(block_size),
    };
    for (i = 0; i < total; i++, at += stride) {
        VOID *next = i + 1 < total ? at + stride : NULL;

        (void)memcpy(at, &next, sizeof next);
    }
    return TX_SUCCESS;
}

UINT _txe_block_pool_create(TX_BLOCK_POOL *pool_ptr, CHAR *name_ptr,
                            ULONG block_size, VOID *pool_start,
                            ULONG pool_size, UINT control_block_size)
{
    if (pool_ptr == NULL || control_block_size != sizeof(TX_BLOCK_POOL)) {
        return TX_POOL_ERROR;
    }
    if (pool_start == NULL || (uintptr_t)pool_start % sizeof(VOID *) != 0) {
        return TX_PTR_ERROR;
    }
    if (block_size == 0) {
        return TX_SIZE_ERROR;
    }
    return _tx_block_pool_create(pool_ptr, name_ptr, block_size, pool_start,
                                 pool_size);
}

/* _tx_block_allocate takes a block, and waits for one up to `wait_option`.  It
 * returns TX_NO_MEMORY if none came, TX_DELETED or TX_WAIT_ABORTED. */
UINT _tx_block_allocate(TX_BLOCK_POOL *pool_ptr, VOID **block_ptr,
                        ULONG wait_option)
{
    UINT status = TX_NO_MEMORY;
    UCHAR *at;

    port_enter();
    at = pool_ptr->tx_block_pool_available_list;
    if (at != NULL) {
        (void)memcpy(&pool_ptr->tx_block_pool_available_list, at,
                     sizeof(VOID *));
        (void)memcpy(at, &pool_ptr, sizeof(VOID *));
        pool_ptr->tx_block_pool_available--;
        *block_ptr = at + sizeof(VOID *);
        status = TX_SUCCESS;
    } else if (port_may_wait(wait_option)) {
        port_self()->tx_thread_additional_suspend_info = block_ptr;
        status = port_wait(&pool_ptr->tx_block_pool_suspension_list,
                           &pool_ptr->tx_block_pool_suspended_count,
                           TX_BLOCK_MEMORY, wait_option, TX_NO_MEMORY);
    }
    port_leave();
    return status;
}

UINT _txe_block_allocate(TX_BLOCK_POOL *pool_ptr, VOID **block_ptr,
                         ULONG wait_option)
{
    if (!is_pool(pool_ptr)) {
        return TX_POOL_ERROR;
    }
    if (block_ptr == NULL) {
        return TX_PTR_ERROR;
    }
    if (wait_option != TX_NO_WAIT && !port_may_wait(wait_option)) {
        return TX_WAIT_ERROR;
    }
    return _tx_block_allocate(pool_ptr, block_ptr, wait_option);
}

/* _tx_block_release gives a block to a waiting thread, or else back to the
 * pool. */
UINT _tx_block_release(VOID *block_ptr)
{
    UCHAR *at = (UCHAR *)block_ptr - sizeof(VOID *);
    TX_BLOCK_POOL *pool;
    TX_THREAD *thread;

    port_enter();
    (void)memcpy(&pool, at, sizeof pool);
    thread = pool->tx_block_pool_suspension_list;
    if (thread != NULL) {
        *(VOID **)thread->tx_thread_additional_suspend_info = block_ptr;
        port_wake(thread, TX_SUCCESS);
    } else {
        (void)memcpy(at, &pool->tx_block_pool_available_list, sizeof(VOID *));
        pool->tx_block_pool_available_list = at;
        pool->tx_block_pool_available++;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_block_release(VOID *block_ptr)
{
    return block_ptr != NULL ? _tx_block_release(block_ptr) : TX_PTR_ERROR;
}

/* _tx_block_pool_delete ends the pool; waiting threads get TX_DELETED. */
UINT _tx_block_pool_delete(TX_BLOCK_POOL *pool_ptr)
{
    port_enter();
    pool_ptr->tx_block_pool_id = 0;
    port_wake_all(&pool_ptr->tx_block_pool_suspension_list, TX_DELETED);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_block_pool_delete(TX_BLOCK_POOL *pool_ptr)
{
    return is_pool(pool_ptr) ? _tx_block_pool_delete(pool_ptr) : TX_POOL_ERROR;
}

/* _tx_block_pool_info_get writes each value whose pointer is not NULL.  The
 * next object is always TX_NULL: this port keeps no list of them. */
UINT _tx_block_pool_info_get(TX_BLOCK_POOL *pool_ptr, CHAR **name,
                             ULONG *available_blocks, ULONG *total_blocks,
                             TX_THREAD **first_suspended,
                             ULONG *suspended_count, TX_BLOCK_POOL **next_pool)
{
    port_enter();
    if (name != NULL) {
        *name = pool_ptr->tx_block_pool_name;
    }
    if (available_blocks != NULL) {
        *available_blocks = pool_ptr->tx_block_pool_available;
    }
    if (total_blocks != NULL) {
        *total_blocks = pool_ptr->tx_block_pool_total;
    }
    if (first_suspended != NULL) {
        *first_suspended = pool_ptr->tx_block_pool_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = pool_ptr->tx_block_pool_suspended_count;
    }
    if (next_pool != NULL) {
        *next_pool = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_block_pool_info_get(TX_BLOCK_POOL *pool_ptr, CHAR **name,
                              ULONG *available_blocks, ULONG *total_blocks,
                              TX_THREAD **first_suspended,
                              ULONG *suspended_count,
                              TX_BLOCK_POOL **next_pool)
{
    return is_pool(pool_ptr)
               ? _tx_block_pool_info_get(pool_ptr, name, available_blocks,
                                         total_blocks, first_suspended,
                                         suspended_count, next_pool)
               : TX_POOL_ERROR;
}

/* _tx_block_pool_prioritize puts the highest waiting thread first in line. */
UINT _tx_block_pool_prioritize(TX_BLOCK_POOL *pool_ptr)
{
    port_enter();
    port_prioritize(&pool_ptr->tx_block_pool_suspension_list);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_block_pool_prioritize(TX_BLOCK_POOL *pool_ptr)
{
    return is_pool(pool_ptr) ? _tx_block_pool_prioritize(pool_ptr)
                             : TX_POOL_ERROR;
}
