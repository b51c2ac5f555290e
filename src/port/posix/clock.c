/* SPDX-License-Identifier: MIT */
/* clock.c: ticks, real or virtual, and the list of deadlines. */

#include "port.h"

#include <time.h>

static uint64_t start_ns;      /* real: host time of tick 0 */
static uint64_t virtual_ticks; /* virtual: the time */
static ULONG time_offset;      /* what tx_time_set added */
static TX_TIMER_INTERNAL *first;

static uint64_t read_host(clockid_t clock)
{
    struct timespec ts;

    (void)clock_gettime(clock, &ts);
    return (uint64_t)ts.tv_sec * UINT64_C(1000000000) + (uint64_t)ts.tv_nsec;
}

uint64_t port_clock_host(void)
{
    return read_host(CLOCK_MONOTONIC);
}

uint64_t port_clock_coarse(void)
{
    return read_host(CLOCK_MONOTONIC_COARSE);
}

uint64_t port_clock_now(void)
{
    if (port_kernel.mode == NXDTLS_PORT_VIRTUAL) {
        return virtual_ticks;
    }
    if (!port_kernel.running) {
        return 0;
    }
    return (port_clock_host() - start_ns) / PORT_NS_PER_TICK;
}

ULONG port_clock_left(uint64_t start, ULONG wait)
{
    uint64_t elapsed = port_clock_now() - start;

    if (wait == TX_WAIT_FOREVER) {
        return TX_WAIT_FOREVER;
    }
    return elapsed < wait ? wait - (ULONG)elapsed : TX_NO_WAIT;
}

void port_clock_start(void)
{
    start_ns = port_clock_host();
    virtual_ticks = 0;
    time_offset = 0;
}

/* run_until takes every entry that is due at `now` off the list and runs its
 * function.  A function that arms its own entry again for a time that has
 * passed too is run again. */
static void run_until(uint64_t now)
{
    while (first != NULL && first->tx_timer_internal_deadline <= now) {
        TX_TIMER_INTERNAL *t = first;

        port_clock_disarm(t);
        t->tx_timer_internal_expire(t->tx_timer_internal_owner);
    }
}

void port_clock_expire(void)
{
    if (first != NULL) {
        run_until(port_clock_now());
    }
}

uint64_t port_clock_see(void)
{
    uint64_t now = port_clock_now();

    run_until(now);
    return now;
}

void port_clock_glance(uint64_t coarse)
{
    if (first != NULL && coarse >= port_clock_next()) {
        port_clock_expire();
    }
}

bool port_clock_jump(void)
{
    if (first == NULL) {
        return false;
    }
    if (first->tx_timer_internal_deadline > virtual_ticks) {
        virtual_ticks = first->tx_timer_internal_deadline;
    }
    run_until(virtual_ticks);
    return true;
}

uint64_t port_clock_next(void)
{
    if (first == NULL) {
        return UINT64_MAX;
    }
    return start_ns + first->tx_timer_internal_deadline * PORT_NS_PER_TICK;
}

/* insert looks from the end of the list, because most deadlines are set later
 * than those before them. */
static void insert(TX_TIMER_INTERNAL *t)
{
    TX_TIMER_INTERNAL *after;

    t->tx_timer_internal_active = TX_TRUE;
    if (first == NULL) {
        t->tx_timer_internal_next = t;
        t->tx_timer_internal_previous = t;
        first = t;
        return;
    }
    after = first->tx_timer_internal_previous;
    while (after != first &&
           after->tx_timer_internal_deadline > t->tx_timer_internal_deadline) {
        after = after->tx_timer_internal_previous;
    }
    if (after->tx_timer_internal_deadline > t->tx_timer_internal_deadline) {
        after = first->tx_timer_internal_previous; /* before all of them */
        first = t;
    }
    t->tx_timer_internal_previous = after;
    t->tx_timer_internal_next = after->tx_timer_internal_next;
    after->tx_timer_internal_next->tx_timer_internal_previous = t;
    after->tx_timer_internal_next = t;
}

void port_clock_arm(TX_TIMER_INTERNAL *t, ULONG ticks, VOID (*expire)(VOID *),
                    VOID *owner)
{
    port_clock_arm_at(t, port_clock_now() + ticks, expire, owner);
}

void port_clock_arm_at(TX_TIMER_INTERNAL *t, uint64_t deadline,
                       VOID (*expire)(VOID *), VOID *owner)
{
    t->tx_timer_internal_deadline = deadline;
    t->tx_timer_internal_expire = expire;
    t->tx_timer_internal_owner = owner;
    insert(t);
    if (first == t && port_kernel.mode == NXDTLS_PORT_REAL &&
        port_clock_next() < port_kernel.wait_until) {
        port_kernel_nudge();
    }
}

void port_clock_disarm(TX_TIMER_INTERNAL *t)
{
    TX_TIMER_INTERNAL *next = t->tx_timer_internal_next;

    if (!t->tx_timer_internal_active) {
        return;
    }
    t->tx_timer_internal_active = TX_FALSE;
    next->tx_timer_internal_previous = t->tx_timer_internal_previous;
    t->tx_timer_internal_previous->tx_timer_internal_next = next;
    if (first == t) {
        first = next == t ? NULL : next;
    }
}

void port_clock_forget(void)
{
    first = NULL;
}

ULONG64 nxdtls_port_time_get(VOID)
{
    uint64_t now;

    port_enter();
    now = port_clock_see();
    port_leave();
    return now;
}

/* _tx_time_get returns the ticks since the start, or since tx_time_set. */
ULONG _tx_time_get(VOID)
{
    ULONG now;

    port_enter();
    now = (ULONG)port_clock_see() + time_offset;
    port_leave();
    return now;
}

/* _tx_time_set sets the time to `new_time` ticks.  Running timeouts do not
 * move. */
VOID _tx_time_set(ULONG new_time)
{
    port_enter();
    time_offset = new_time - (ULONG)port_clock_now();
    port_leave();
}
