/* SPDX-License-Identifier: MIT */
/* packet_pool.c: pools of packets in the caller's memory. */

#include "net.h"

static bool is_pool(const NX_PACKET_POOL *p)
{
    return p != NULL && p->nx_packet_pool_id == NX_PACKET_POOL_ID;
}

/* Packets hold pointers, so NX_PACKET_ALIGNMENT would not be enough. */
#define ALIGNMENT ((ULONG)sizeof(ALIGN_TYPE))

static ULONG align(ULONG n)
{
    return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* make_packet builds the free packet at `at`, which is aligned. */
static NX_PACKET *make_packet(NX_PACKET_POOL *pool, UCHAR *at, NX_PACKET *next)
{
    NX_PACKET *p = (NX_PACKET *)(VOID *)at;

    (void)memset(p, 0, sizeof *p);
    p->nx_packet_pool_owner = pool;
    p->nx_packet_data_start = at + align((ULONG)sizeof(NX_PACKET));
    p->nx_packet_data_end =
        p->nx_packet_data_start + pool->nx_packet_pool_payload_size;
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_FREE;
    p->nx_packet_queue_next = next;
    return p;
}

/* _nx_packet_pool_create divides memory into packets of `payload_size` bytes,
 * rounded up to 8, each with sizeof(NX_PACKET) in front.  It returns
 * NX_SIZE_ERROR if not one packet fits. */
UINT _nx_packet_pool_create(NX_PACKET_POOL *pool_ptr, CHAR *name_ptr,
                            ULONG payload_size, VOID *memory_start,
                            ULONG memory_size)
{
    ULONG skip = (ULONG)(-(uintptr_t)memory_start % ALIGNMENT);
    ULONG payload = align(payload_size);
    ULONG stride = align((ULONG)sizeof(NX_PACKET)) + payload;
    ULONG total = memory_size < skip ? 0 : (memory_size - skip) / stride;
    NX_PACKET *list = NULL;
    ULONG i;

    if (total == 0) {
        return NX_SIZE_ERROR;
    }
    *pool_ptr = (NX_PACKET_POOL){
        .nx_packet_pool_id = NX_PACKET_POOL_ID,
        .nx_packet_pool_name = name_ptr,
        .nx_packet_pool_available = total,
        .nx_packet_pool_total = total,
        .nx_packet_pool_start = (CHAR *)memory_start + skip,
        .nx_packet_pool_size = memory_size - skip,
        .nx_packet_pool_payload_size = payload,
    };
    for (i = total; i-- > 0;) {
        list = make_packet(
            pool_ptr, (UCHAR *)memory_start + skip + (size_t)i * stride, list);
    }
    pool_ptr->nx_packet_pool_available_list = list;
    return NX_SUCCESS;
}

UINT _nxe_packet_pool_create(NX_PACKET_POOL *pool_ptr, CHAR *name_ptr,
                             ULONG payload_size, VOID *memory_start,
                             ULONG memory_size, UINT control_block_size)
{
    if (control_block_size != sizeof(NX_PACKET_POOL)) {
        return NX_PTR_ERROR;
    }
    if (pool_ptr == NULL || memory_start == NULL) {
        return NX_PTR_ERROR;
    }
    if (payload_size == 0 || payload_size > memory_size) {
        return NX_SIZE_ERROR;
    }
    return _nx_packet_pool_create(pool_ptr, name_ptr, payload_size,
                                  memory_start, memory_size);
}

/* prepare empties a packet that was just taken from its pool. */
static void prepare(NX_PACKET *p, ULONG headroom)
{
    p->nx_packet_next = NULL;
    p->nx_packet_last = NULL;
    p->nx_packet_queue_next = NULL;
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_ALLOCATED;
    p->nx_packet_prepend_ptr = p->nx_packet_data_start + headroom;
    p->nx_packet_append_ptr = p->nx_packet_prepend_ptr;
    p->nx_packet_length = 0;
    p->nx_packet_ip_version = 0;
    p->nx_packet_ip_header = NULL;
    p->nx_packet_ip_header_length = 0;
    p->nx_packet_identical_copy = 0;
    p->nx_packet_address.nx_packet_interface_ptr = NULL;
}

NX_PACKET *net_packet_take(NX_PACKET_POOL *pool, ULONG headroom)
{
    NX_PACKET *p = pool->nx_packet_pool_available_list;

    if (p == NULL) {
        pool->nx_packet_pool_empty_requests++;
        return NULL;
    }
    pool->nx_packet_pool_available_list = p->nx_packet_queue_next;
    pool->nx_packet_pool_available--;
    prepare(p, headroom);
    return p;
}

/* _nx_packet_allocate takes an empty packet with `packet_type` bytes of
 * headroom, and waits for one up to `wait_option`.  It returns NX_NO_PACKET if
 * none came, NX_POOL_DELETED or NX_WAIT_ABORTED; NX_INVALID_PARAMETERS if the
 * headroom is larger than a packet. */
UINT _nx_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                         ULONG packet_type, ULONG wait_option)
{
    UINT status = NX_SUCCESS;

    *packet_ptr = NULL;
    if (packet_type > pool_ptr->nx_packet_pool_payload_size) {
        return NX_INVALID_PARAMETERS;
    }
    port_enter();
    *packet_ptr = net_packet_take(pool_ptr, packet_type);
    if (*packet_ptr == NULL) {
        status = NX_NO_PACKET;
        if (port_may_wait(wait_option)) {
            pool_ptr->nx_packet_pool_empty_suspensions++;
            port_self()->tx_thread_additional_suspend_info = packet_ptr;
            port_self()->tx_thread_suspend_info = packet_type;
            status = port_wait(&pool_ptr->nx_packet_pool_suspension_list,
                               &pool_ptr->nx_packet_pool_suspended_count,
                               TX_TCP_IP, wait_option, NX_NO_PACKET);
        }
    }
    port_leave();
    return status;
}

UINT _nxe_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                          ULONG packet_type, ULONG wait_option)
{
    if (!is_pool(pool_ptr) || packet_ptr == NULL) {
        return NX_PTR_ERROR;
    }
    if (packet_type % sizeof(ULONG) != 0) {
        return NX_OPTION_ERROR;
    }
    if (wait_option != NX_NO_WAIT && !port_may_wait(wait_option)) {
        return NX_WAIT_ERROR;
    }
    return _nx_packet_allocate(pool_ptr, packet_ptr, packet_type, wait_option);
}

/* give_back returns one packet to its pool, or to the first thread that waits
 * for one. */
static UINT give_back(NX_PACKET *p)
{
    NX_PACKET_POOL *pool = p->nx_packet_pool_owner;
    TX_THREAD *thread;

    if (p->nx_packet_union_next.nx_packet_tcp_queue_next == NX_PACKET_FREE) {
        pool->nx_packet_pool_invalid_releases++;
        return NX_ALREADY_RELEASED;
    }
    thread = pool->nx_packet_pool_suspension_list;
    if (thread != NULL) {
        prepare(p, thread->tx_thread_suspend_info);
        *(NX_PACKET **)thread->tx_thread_additional_suspend_info = p;
        port_wake(thread, NX_SUCCESS);
        return NX_SUCCESS;
    }
    p->nx_packet_union_next.nx_packet_tcp_queue_next = NX_PACKET_FREE;
    p->nx_packet_queue_next = pool->nx_packet_pool_available_list;
    pool->nx_packet_pool_available_list = p;
    pool->nx_packet_pool_available++;
    return NX_SUCCESS;
}

UINT net_packet_give(NX_PACKET *packet)
{
    UINT status = NX_SUCCESS;

    while (packet != NULL && status == NX_SUCCESS) {
        NX_PACKET *next = packet->nx_packet_next;

        status = is_pool(packet->nx_packet_pool_owner) ? give_back(packet)
                                                       : NX_PTR_ERROR;
        packet = next;
    }
    return status;
}

/* _nx_packet_release gives a packet and those chained to it back to their
 * pools.  It returns NX_ALREADY_RELEASED, and the pool counts that, if the
 * packet is there already; NX_PTR_ERROR if it is not a packet of a pool. */
UINT _nx_packet_release(NX_PACKET *packet_ptr)
{
    UINT status;

    port_enter();
    status = net_packet_give(packet_ptr);
    port_leave();
    return status;
}

/* _nxe_packet_release also refuses a packet that stands in a queue: it returns
 * NX_INVALID_PACKET and counts an invalid release.  When the packet is
 * released, it sets the caller's pointer to NULL. */
UINT _nxe_packet_release(NX_PACKET **packet_ptr_ptr)
{
    NX_PACKET *packet;
    UINT status;

    if (packet_ptr_ptr == NULL || *packet_ptr_ptr == NULL ||
        !is_pool((*packet_ptr_ptr)->nx_packet_pool_owner)) {
        return NX_PTR_ERROR;
    }
    packet = *packet_ptr_ptr;
    if (packet->nx_packet_union_next.nx_packet_tcp_queue_next ==
        NX_PACKET_ENQUEUED) {
        packet->nx_packet_pool_owner->nx_packet_pool_invalid_releases++;
        return NX_INVALID_PACKET;
    }
    status = _nx_packet_release(packet);
    if (status == NX_SUCCESS) {
        *packet_ptr_ptr = NULL;
    }
    return status;
}

/* _nx_packet_transmit_release does the same; drivers call it. */
UINT _nx_packet_transmit_release(NX_PACKET *packet_ptr)
{
    return _nx_packet_release(packet_ptr);
}

UINT _nxe_packet_transmit_release(NX_PACKET **packet_ptr_ptr)
{
    return _nxe_packet_release(packet_ptr_ptr);
}

/* _nx_packet_pool_delete ends the pool; waiting threads get
 * NX_POOL_DELETED. */
UINT _nx_packet_pool_delete(NX_PACKET_POOL *pool_ptr)
{
    port_enter();
    pool_ptr->nx_packet_pool_id = 0;
    port_wake_all(&pool_ptr->nx_packet_pool_suspension_list, NX_POOL_DELETED);
    port_leave();
    return NX_SUCCESS;
}

UINT _nxe_packet_pool_delete(NX_PACKET_POOL *pool_ptr)
{
    return is_pool(pool_ptr) ? _nx_packet_pool_delete(pool_ptr) : NX_PTR_ERROR;
}

/* _nx_packet_pool_info_get writes each value whose pointer is not NULL. */
UINT _nx_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                              ULONG *free_packets, ULONG *empty_pool_requests,
                              ULONG *empty_pool_suspensions,
                              ULONG *invalid_packet_releases)
{
    port_enter();
    port_tell(total_packets, pool_ptr->nx_packet_pool_total);
    port_tell(free_packets, pool_ptr->nx_packet_pool_available);
    port_tell(empty_pool_requests, pool_ptr->nx_packet_pool_empty_requests);
    port_tell(empty_pool_suspensions,
              pool_ptr->nx_packet_pool_empty_suspensions);
    port_tell(invalid_packet_releases,
              pool_ptr->nx_packet_pool_invalid_releases);
    port_leave();
    return NX_SUCCESS;
}

UINT _nxe_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                               ULONG *free_packets, ULONG *empty_pool_requests,
                               ULONG *empty_pool_suspensions,
                               ULONG *invalid_packet_releases)
{
    if (!is_pool(pool_ptr)) {
        return NX_PTR_ERROR;
    }
    return _nx_packet_pool_info_get(
        pool_ptr, total_packets, free_packets, empty_pool_requests,
        empty_pool_suspensions, invalid_packet_releases);
}
