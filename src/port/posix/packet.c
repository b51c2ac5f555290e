/* SPDX-License-Identifier: MIT */
/* packet.c: copies data into packets and out of them, across chains. */

#include "net.h"

#include <assert.h>

static bool is_packet(const NX_PACKET *p)
{
    return p != NULL && p->nx_packet_pool_owner != NULL;
}

static bool is_pool(const NX_PACKET_POOL *p)
{
    return p != NULL && p->nx_packet_pool_id == NX_PACKET_POOL_ID;
}

static ULONG used(const NX_PACKET *p)
{
    return (ULONG)(p->nx_packet_append_ptr - p->nx_packet_prepend_ptr);
}

static ULONG room(const NX_PACKET *p)
{
    return (ULONG)(p->nx_packet_data_end - p->nx_packet_append_ptr);
}

static ULONG smaller(ULONG a, ULONG b)
{
    return a < b ? a : b;
}

/* allocate_chain takes enough packets for `size` bytes, or none. */
static UINT allocate_chain(NX_PACKET_POOL *pool, ULONG size, ULONG wait,
                           NX_PACKET **out)
{
    NX_PACKET *first = NULL;
    NX_PACKET **link = &first;
    UINT status = NX_SUCCESS;

    while (size > 0 && status == NX_SUCCESS) {
        NX_PACKET *p;

        status = _nx_packet_allocate(pool, &p, NX_RECEIVE_PACKET, wait);
        if (status == NX_SUCCESS) {
            *link = p;
            link = &p->nx_packet_next;
            size -= smaller(size, room(p));
        }
    }
    if (status != NX_SUCCESS) {
        (void)_nx_packet_release(first);
        return status;
    }
    *out = first;
    return NX_SUCCESS;
}

ULONG net_packet_fill(NX_PACKET *last, const UCHAR *bytes, ULONG len)
{
    ULONG n = smaller(len, room(last));

    (void)memcpy(last->nx_packet_append_ptr, bytes, n);
    last->nx_packet_append_ptr += n;
    return n;
}

/* _nx_packet_data_append adds bytes at the end of a packet.  It chains packets
 * of `pool_ptr` to it as needed, and waits for each up to `wait_option`.  If a
 * packet cannot be had, it returns the status of the allocation and the packet
 * is as it was. */
UINT _nx_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                            ULONG data_size, NX_PACKET_POOL *pool_ptr,
                            ULONG wait_option)
{
    NX_PACKET *p = packet_ptr->nx_packet_last != NULL
                       ? packet_ptr->nx_packet_last
                       : packet_ptr;
    const UCHAR *from = data_start;
    ULONG left = data_size;
    NX_PACKET *more = NULL;
    UINT status;

    status = allocate_chain(pool_ptr, left - smaller(left, room(p)),
                            wait_option, &more);
    if (status != NX_SUCCESS) {
        return status;
    }
    p->nx_packet_next = more;
    while (left > 0) {
        ULONG n = net_packet_fill(p, from, left);

        from += n;
        left -= n;
        if (left > 0) {
            p = p->nx_packet_next;
            assert(p != NULL); /* the chain has room for all that is left */
        }
    }
    packet_ptr->nx_packet_length += data_size;
    if (p != packet_ptr) {
        packet_ptr->nx_packet_last = p;
    }
    return NX_SUCCESS;
}

UINT _nxe_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                             ULONG data_size, NX_PACKET_POOL *pool_ptr,
                             ULONG wait_option)
{
    if (!is_packet(packet_ptr) || data_start == NULL || !is_pool(pool_ptr)) {
        return NX_PTR_ERROR;
    }
    if (packet_ptr->nx_packet_prepend_ptr < packet_ptr->nx_packet_data_start) {
        return NX_UNDERFLOW;
    }
    if (packet_ptr->nx_packet_append_ptr > packet_ptr->nx_packet_data_end) {
        return NX_OVERFLOW;
    }
    if (data_size == 0) {
        return NX_SIZE_ERROR;
    }
    if (wait_option != NX_NO_WAIT && !port_may_wait(wait_option)) {
        return NX_WAIT_ERROR;
    }
    return _nx_packet_data_append(packet_ptr, data_start, data_size, pool_ptr,
                                  wait_option);
}

/* _nx_packet_data_extract_offset copies up to `buffer_length` bytes from
 * `offset` on and sets `*bytes_copied` to their number.  If the packet ends at
 * `offset` or before it, it copies nothing and returns NX_PACKET_OFFSET_ERROR;
 * at offset 0 of an empty packet it returns NX_SUCCESS. */
UINT _nx_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                    VOID *buffer_start, ULONG buffer_length,
                                    ULONG *bytes_copied)
{
    UCHAR *to = buffer_start;
    const NX_PACKET *p;
    ULONG left;

    *bytes_copied = 0;
    if (offset >= packet_ptr->nx_packet_length) {
        return offset == 0 ? NX_SUCCESS : NX_PACKET_OFFSET_ERROR;
    }
    left = smaller(buffer_length, packet_ptr->nx_packet_length - offset);
    for (p = packet_ptr; p != NULL && left > 0; p = p->nx_packet_next) {
        ULONG skip = smaller(offset, used(p));
        ULONG n = smaller(left, used(p) - skip);

        (void)memcpy(to, p->nx_packet_prepend_ptr + skip, n);
        offset -= skip;
        left -= n;
        to += n;
    }
    *bytes_copied = (ULONG)(to - (UCHAR *)buffer_start);
    return NX_SUCCESS;
}

UINT _nxe_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                     VOID *buffer_start, ULONG buffer_length,
                                     ULONG *bytes_copied)
{
    if (!is_packet(packet_ptr) || buffer_start == NULL ||
        bytes_copied == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_packet_data_extract_offset(packet_ptr, offset, buffer_start,
                                          buffer_length, bytes_copied);
}

/* _nx_packet_data_retrieve copies the whole packet, nx_packet_length bytes at
 * most.  The buffer must have room for it. */
UINT _nx_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                              ULONG *bytes_copied)
{
    return _nx_packet_data_extract_offset(packet_ptr, 0, buffer_start,
                                          packet_ptr->nx_packet_length,
                                          bytes_copied);
}

UINT _nxe_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                               ULONG *bytes_copied)
{
    if (!is_packet(packet_ptr) || buffer_start == NULL ||
        bytes_copied == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_packet_data_retrieve(packet_ptr, buffer_start, bytes_copied);
}

/* _nx_packet_length_get gives the number of bytes in the whole chain. */
UINT _nx_packet_length_get(NX_PACKET *packet_ptr, ULONG *length)
{
    *length = packet_ptr->nx_packet_length;
    return NX_SUCCESS;
}

UINT _nxe_packet_length_get(NX_PACKET *packet_ptr, ULONG *length)
{
    if (!is_packet(packet_ptr) || length == NULL) {
        return NX_PTR_ERROR;
    }
    return _nx_packet_length_get(packet_ptr, length);
}

/* copy_headers gives `to` the headroom of `from`, and with it the headers of a
 * received packet, as far as it fits. */
static void copy_headers(NX_PACKET *to, const NX_PACKET *from)
{
    size_t headroom =
        (size_t)(from->nx_packet_prepend_ptr - from->nx_packet_data_start);

    if (headroom > to->nx_packet_pool_owner->nx_packet_pool_payload_size) {
        return;
    }
    (void)memcpy(to->nx_packet_data_start, from->nx_packet_data_start,
                 headroom);
    to->nx_packet_prepend_ptr = to->nx_packet_data_start + headroom;
    to->nx_packet_append_ptr = to->nx_packet_prepend_ptr;
    if (from->nx_packet_ip_header != NULL) {
        to->nx_packet_ip_header =
            to->nx_packet_data_start +
            (from->nx_packet_ip_header - from->nx_packet_data_start);
        to->nx_packet_ip_header_length = from->nx_packet_ip_header_length;
    }
    to->nx_packet_ip_version = from->nx_packet_ip_version;
    to->nx_packet_address = from->nx_packet_address;
}

/* _nx_packet_copy makes a packet of `pool_ptr` with the same data, headroom
 * and source.  If an allocation fails, it returns that status and sets
 * `*new_packet_ptr` to NULL. */
UINT _nx_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                     NX_PACKET_POOL *pool_ptr, ULONG wait_option)
{
    NX_PACKET *copy;
    NX_PACKET *p;
    UINT status;

    *new_packet_ptr = NULL;
    status =
        _nx_packet_allocate(pool_ptr, &copy, NX_RECEIVE_PACKET, wait_option);
    if (status != NX_SUCCESS) {
        return status;
    }
    copy_headers(copy, packet_ptr);
    for (p = packet_ptr; p != NULL && status == NX_SUCCESS;
         p = p->nx_packet_next) {
        status = _nx_packet_data_append(copy, p->nx_packet_prepend_ptr,
                                        used(p), pool_ptr, wait_option);
    }
    if (status != NX_SUCCESS) {
        (void)_nx_packet_release(copy);
        return status;
    }
    *new_packet_ptr = copy;
    return NX_SUCCESS;
}

UINT _nxe_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                      NX_PACKET_POOL *pool_ptr, ULONG wait_option)
{
    if (!is_packet(packet_ptr) || new_packet_ptr == NULL ||
        !is_pool(pool_ptr)) {
        return NX_PTR_ERROR;
    }
    if (packet_ptr->nx_packet_length == 0) {
        return NX_INVALID_PACKET;
    }
    if (wait_option != NX_NO_WAIT && !port_may_wait(wait_option)) {
        return NX_WAIT_ERROR;
    }
    return _nx_packet_copy(packet_ptr, new_packet_ptr, pool_ptr, wait_option);
}
