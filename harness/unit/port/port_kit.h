/* SPDX-License-Identifier: MIT */
/* port_kit.h: runs a test's threads in a kernel of their own, and makes NX_IP
 * instances there.
 *
 * cmocka's assertions use longjmp and must not be used in another thread.  So
 * a test uses `expect` and `expect_eq` inside the kernel, and kit_run asserts
 * that all of them held. */

#ifndef NXDTLS_HARNESS_UNIT_PORT_PORT_KIT_H
#define NXDTLS_HARNESS_UNIT_PORT_PORT_KIT_H

#include "kit/proves.h"

#include <stdio.h>

#include "nx_api.h"
#include "nxdtls_port.h"

#define KIT_MAIN_PRIORITY 16
#define KIT_MAX_THREADS 8

static TX_THREAD kit_threads[KIT_MAX_THREADS];
static UINT kit_num_threads;
static UCHAR kit_stack[TX_MINIMUM_STACK];
static VOID (*kit_body)(ULONG);
static char kit_failure[1024];
static char kit_log[64];

static inline void kit_note(char what)
{
    size_t n = strlen(kit_log);

    if (n + 1 < sizeof kit_log) {
        kit_log[n] = what;
    }
}

static inline void kit_failed(const char *file, int line, const char *what,
                              unsigned long long got)
{
    const char *rows = kit_rows(); /* of this thread */

    if (kit_failure[0] == '\0') {
        (void)snprintf(kit_failure, sizeof kit_failure,
                       "%s:%d: %s (got 0x%llx)%s%s", file, line, what, got,
                       rows[0] != '\0' ? "; row: " : "", rows);
    }
}

#define expect(condition)                                                     \
    do {                                                                      \
        if (!(condition)) {                                                   \
            kit_failed(__FILE__, __LINE__, #condition, 0);                    \
        }                                                                     \
    } while (0)

#define expect_eq(got, wanted)                                                \
    do {                                                                      \
        unsigned long long kit_got = (unsigned long long)(got);               \
        if (kit_got != (unsigned long long)(wanted)) {                        \
            kit_failed(__FILE__, __LINE__, #got " == " #wanted, kit_got);     \
        }                                                                     \
    } while (0)

/* kit_spawn creates another thread, ready to run. */
static inline TX_THREAD *kit_spawn(VOID (*entry)(ULONG), ULONG input,
                                   UINT priority)
{
    static CHAR name[] = "test";
    TX_THREAD *t = &kit_threads[kit_num_threads++];

    expect_eq(tx_thread_create(t, name, entry, input, kit_stack,
                               sizeof kit_stack, priority, priority,
                               TX_NO_TIME_SLICE, TX_AUTO_START),
              TX_SUCCESS);
    return t;
}

VOID tx_application_define(VOID *first_unused_memory)
{
    memset(first_unused_memory, 0x5a, TX_PORT_UNUSED_MEMORY);
    nx_system_initialize();
    (void)kit_spawn(kit_body, 0, KIT_MAIN_PRIORITY);
}

/* kit_ip_start makes an instance for UDP over a pool of its own, in `memory`
 * of `size` bytes. */
static inline void kit_ip_start(NX_IP *ip, NX_PACKET_POOL *pool, ULONG payload,
                                VOID *memory, ULONG size,
                                VOID (*driver)(NX_IP_DRIVER *), ULONG address)
{
    static CHAR name[] = "test";

    expect_eq(nx_packet_pool_create(pool, name, payload, memory, size),
              NX_SUCCESS);
    expect_eq(nx_ip_create(ip, name, address, 0xFF000000u, pool, driver,
                           kit_stack, sizeof kit_stack, 1),
              NX_SUCCESS);
    expect_eq(nx_udp_enable(ip), NX_SUCCESS);
}

/* kit_ip_finish ends both and checks that every packet came back. */
static inline void kit_ip_finish(NX_IP *ip, NX_PACKET_POOL *pool)
{
    expect_eq(nx_ip_delete(ip), NX_SUCCESS);
    expect_eq(pool->nx_packet_pool_available, pool->nx_packet_pool_total);
    expect_eq(pool->nx_packet_pool_invalid_releases, 0);
    expect_eq(nx_packet_pool_delete(pool), NX_SUCCESS);
}

/* kit_run_to_end runs `body` as the first thread of a new kernel.  kit_run
 * also asserts that all expectations held. */
static inline void kit_run_to_end(UINT mode, VOID (*body)(ULONG))
{
    kit_num_threads = 0;
    kit_body = body;
    memset(kit_failure, 0, sizeof kit_failure);
    memset(kit_log, 0, sizeof kit_log);
    assert_int_equal(nxdtls_port_mode_set(mode), TX_SUCCESS);
    tx_kernel_enter();
}

static inline void kit_run(UINT mode, VOID (*body)(ULONG))
{
    kit_run_to_end(mode, body);
    if (kit_failure[0] != '\0') {
        fail_msg("%s", kit_failure);
    }
}

#endif
