/* SPDX-License-Identifier: MIT */
/* byte_pool.c: pools of memory of any size: first fit, merged when searched.
 *
 * The memory is a row of fragments.  Each begins with a head; the next one
 * follows at its end. */

#include "port.h"

struct fragment {
    TX_BYTE_POOL *owner; /* NULL: free */
    size_t size;         /* with this head, a multiple of it */
};

static bool is_pool(const TX_BYTE_POOL *p)
{
    return p != NULL && p->tx_byte_pool_id == PORT_ID_BYTE_POOL;
}

static UCHAR *end_of(const TX_BYTE_POOL *p)
{
    return p->tx_byte_pool_start + p->tx_byte_pool_size;
}

/* _tx_byte_pool_create has aligned the pool's memory for a head. */
static struct fragment *fragment_at(UCHAR *at)
{
    return (struct fragment *)(VOID *)at;
}

static UCHAR *after(struct fragment *f)
{
    return (UCHAR *)f + f->size;
}

/* _tx_byte_pool_create makes one free fragment of the memory.  It returns
 * TX_SIZE_ERROR if the memory cannot hold anything. */
UINT _tx_byte_pool_create(TX_BYTE_POOL *pool_ptr, CHAR *name_ptr,
                          VOID *pool_start, ULONG pool_size)
{
    const ULONG unit = (ULONG)sizeof(struct fragment);
    ULONG skip = (ULONG)(-(uintptr_t)pool_start % unit);
    ULONG size;

    if (pool_size < skip + 2 * unit) {
        return TX_SIZE_ERROR;
    }
    size = (pool_size - skip) / unit * unit;
    *pool_ptr = (TX_BYTE_POOL){
        .tx_byte_pool_id = PORT_ID_BYTE_POOL,
        .tx_byte_pool_name = name_ptr,
        .tx_byte_pool_available = size - unit,
        .tx_byte_pool_fragments = 1,
        .tx_byte_pool_start = (UCHAR *)pool_start + skip,
        .tx_byte_pool_size = size,
    };
    *fragment_at(pool_ptr->tx_byte_pool_start) =
        (struct fragment){.owner = NULL, .size = size};
    return TX_SUCCESS;
}

UINT _txe_byte_pool_create(TX_BYTE_POOL *pool_ptr, CHAR *name_ptr,
                           VOID *pool_start, ULONG pool_size,
                           UINT control_block_size)
{
    if (pool_ptr == NULL || control_block_size != sizeof(TX_BYTE_POOL)) {
        return TX_POOL_ERROR;
    }
    if (pool_start == NULL) {
        return TX_PTR_ERROR;
    }
    return _tx_byte_pool_create(pool_ptr, name_ptr, pool_start, pool_size);
}

/* merge joins `f` with the free fragments that follow it. */
static void merge(TX_BYTE_POOL *p, struct fragment *f)
{
    while (after(f) < end_of(p) && fragment_at(after(f))->owner == NULL) {
        f->size += fragment_at(after(f))->size;
        p->tx_byte_pool_fragments--;
        p->tx_byte_pool_available += (ULONG)sizeof(struct fragment);
    }
}

/* give marks `need` bytes of the free fragment `f` as used. */
static VOID *give(TX_BYTE_POOL *p, struct fragment *f, size_t need)
{
    if (f->size >= need + 2 * sizeof *f) {
        struct fragment *rest = fragment_at((UCHAR *)f + need);

        *rest = (struct fragment){.owner = NULL, .size = f->size - need};
        f->size = need;
        p->tx_byte_pool_fragments++;
        p->tx_byte_pool_available -= (ULONG)sizeof *f;
    }
    f->owner = p;
    p->tx_byte_pool_available -= (ULONG)(f->size - sizeof *f);
    return f + 1;
}

static VOID *find(TX_BYTE_POOL *p, ULONG size)
{
    const size_t unit = sizeof(struct fragment);
    size_t need = ((size_t)size + unit - 1) / unit * unit + unit;
    UCHAR *at;

    for (at = p->tx_byte_pool_start; at < end_of(p);
         at = after(fragment_at(at))) {
        struct fragment *f = fragment_at(at);

        if (f->owner == NULL) {
            merge(p, f);
            if (f->size >= need) {
                return give(p, f, need);
            }
        }
    }
    return NULL;
}

/* _tx_byte_allocate takes `memory_size` bytes, and waits for them up to
 * `wait_option`.  It returns TX_NO_MEMORY if they did not become free,
 * TX_DELETED or TX_WAIT_ABORTED. */
UINT _tx_byte_allocate(TX_BYTE_POOL *pool_ptr, VOID **memory_ptr,
                       ULONG memory_size, ULONG wait_option)
{
    UINT status = TX_SUCCESS;
    VOID *memory;

    port_enter();
    memory = find(pool_ptr, memory_size);
    if (memory != NULL) {
        *memory_ptr = memory;
    } else if (port_may_wait(wait_option)) {
        port_self()->tx_thread_additional_suspend_info = memory_ptr;
        port_self()->tx_thread_suspend_info = memory_size;
        status = port_wait(&pool_ptr->tx_byte_pool_suspension_list,
                           &pool_ptr->tx_byte_pool_suspended_count,
                           TX_BYTE_MEMORY, wait_option, TX_NO_MEMORY);
    } else {
        status = TX_NO_MEMORY;
    }
    port_leave();
    return status;
}

UINT _txe_byte_allocate(TX_BYTE_POOL *pool_ptr, VOID **memory_ptr,
                        ULONG memory_size, ULONG wait_option)
{
    if (!is_pool(pool_ptr)) {
        return TX_POOL_ERROR;
    }
    if (memory_ptr == NULL) {
        return TX_PTR_ERROR;
    }
    if (memory_size == 0 || memory_size > pool_ptr->tx_byte_pool_size) {
        return TX_SIZE_ERROR;
    }
    if (wait_option != TX_NO_WAIT && !port_may_wait(wait_option)) {
        return TX_WAIT_ERROR;
    }
    return _tx_byte_allocate(pool_ptr, memory_ptr, memory_size, wait_option);
}

/* serve gives waiting threads their memory, in turn, as far as it goes. */
static void serve(TX_BYTE_POOL *p)
{
    while (p->tx_byte_pool_suspension_list != NULL) {
        TX_THREAD *t = p->tx_byte_pool_suspension_list;
        VOID *memory = find(p, t->tx_thread_suspend_info);

        if (memory == NULL) {
            return;
        }
        *(VOID **)t->tx_thread_additional_suspend_info = memory;
        port_wake(t, TX_SUCCESS);
    }
}

/* _tx_byte_release gives memory back.  It returns TX_PTR_ERROR if the memory
 * is not given out. */
UINT _tx_byte_release(VOID *memory_ptr)
{
    struct fragment *f = (struct fragment *)memory_ptr - 1;
    TX_BYTE_POOL *pool;
    UINT status = TX_PTR_ERROR;

    port_enter();
    pool = f->owner;
    if (is_pool(pool)) {
        f->owner = NULL;
        pool->tx_byte_pool_available += (ULONG)(f->size - sizeof *f);
        serve(pool);
        status = TX_SUCCESS;
    }
    port_leave();
    return status;
}

UINT _txe_byte_release(VOID *memory_ptr)
{
    return memory_ptr != NULL ? _tx_byte_release(memory_ptr) : TX_PTR_ERROR;
}

/* _tx_byte_pool_delete ends the pool; waiting threads get TX_DELETED. */
UINT _tx_byte_pool_delete(TX_BYTE_POOL *pool_ptr)
{
    port_enter();
    pool_ptr->tx_byte_pool_id = 0;
    port_wake_all(&pool_ptr->tx_byte_pool_suspension_list, TX_DELETED);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_byte_pool_delete(TX_BYTE_POOL *pool_ptr)
{
    return is_pool(pool_ptr) ? _tx_byte_pool_delete(pool_ptr) : TX_POOL_ERROR;
}

/* _tx_byte_pool_info_get writes each value whose pointer is not NULL.  The
 * next object is always TX_NULL: this port keeps no list of them. */
UINT _tx_byte_pool_info_get(TX_BYTE_POOL *pool_ptr, CHAR **name,
                            ULONG *available_bytes, ULONG *fragments,
                            TX_THREAD **first_suspended,
                            ULONG *suspended_count, TX_BYTE_POOL **next_pool)
{
    port_enter();
    if (name != NULL) {
        *name = pool_ptr->tx_byte_pool_name;
    }
    if (available_bytes != NULL) {
        *available_bytes = pool_ptr->tx_byte_pool_available;
    }
    if (fragments != NULL) {
        *fragments = pool_ptr->tx_byte_pool_fragments;
    }
    if (first_suspended != NULL) {
        *first_suspended = pool_ptr->tx_byte_pool_suspension_list;
    }
    if (suspended_count != NULL) {
        *suspended_count = pool_ptr->tx_byte_pool_suspended_count;
    }
    if (next_pool != NULL) {
        *next_pool = TX_NULL;
    }
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_byte_pool_info_get(TX_BYTE_POOL *pool_ptr, CHAR **name,
                             ULONG *available_bytes, ULONG *fragments,
                             TX_THREAD **first_suspended,
                             ULONG *suspended_count, TX_BYTE_POOL **next_pool)
{
    return is_pool(pool_ptr)
               ? _tx_byte_pool_info_get(pool_ptr, name, available_bytes,
                                        fragments, first_suspended,
                                        suspended_count, next_pool)
               : TX_POOL_ERROR;
}

/* _tx_byte_pool_prioritize puts the highest waiting thread first in line. */
UINT _tx_byte_pool_prioritize(TX_BYTE_POOL *pool_ptr)
{
    port_enter();
    port_prioritize(&pool_ptr->tx_byte_pool_suspension_list);
    port_leave();
    return TX_SUCCESS;
}

UINT _txe_byte_pool_prioritize(TX_BYTE_POOL *pool_ptr)
{
    return is_pool(pool_ptr) ? _tx_byte_pool_prioritize(pool_ptr)
                             : TX_POOL_ERROR;
}
