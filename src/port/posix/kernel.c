/* SPDX-License-Identifier: MIT */
/* kernel.c: beginning and end of a kernel, and its own thread in between.
 *
 * The thread that calls tx_kernel_enter becomes the kernel's own: in real time
 * it sleeps until the next deadline; in both modes it notices a thread that
 * makes no call for too long. */

#include "port_mutex.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_AT_STOP 4
#define NS_PER_MS UINT64_C(1000000)

CHAR _tx_version_id[] = "nxdtls, the API of ThreadX 6.4.2 on POSIX";
CHAR _nx_version_id[] = "nxdtls, the API of NetX Duo 6.4.2 on POSIX";

struct port_kernel port_kernel;

static pthread_cond_t nudge;
static void (*at_stop[MAX_AT_STOP])(void);
static UINT num_at_stop;
static ULONG watchdog_ms = 5000;

/* The state that the watchdog saw when it last looked. */
static struct {
    TX_THREAD *thread;
    TX_THREAD *named;
    uint64_t num_calls;
    uint64_t since;
} seen;

void port_at_stop(void (*fn)(void))
{
    UINT i;

    for (i = 0; i < num_at_stop; i++) {
        if (at_stop[i] == fn) {
            return;
        }
    }
    if (num_at_stop < MAX_AT_STOP) {
        at_stop[num_at_stop++] = fn;
    }
}

void port_kernel_nudge(void)
{
    if (port_kernel.running) {
        (void)pthread_cond_signal(&nudge);
    }
}

void port_kernel_pause(uint64_t until)
{
    struct timespec ts = {
        .tv_sec = (time_t)(until / UINT64_C(1000000000)),
        .tv_nsec = (long)(until % UINT64_C(1000000000)),
    };

    port_kernel.wait_until = until;
    if (until == UINT64_MAX) {
        (void)pthread_cond_wait(&nudge, port_mutex());
        return;
    }
    (void)pthread_cond_timedwait(&nudge, port_mutex(), &ts);
}

static void name_waiting_threads(void)
{
    TX_THREAD *t = port_kernel.created;
    UINT i;

    (void)fprintf(stderr,
                  "nxdtls: every thread waits and no timeout is left:");
    for (i = 0; i < port_kernel.num_created; i++) {
        if (!t->tx_thread_system && t->tx_thread_state != TX_COMPLETED &&
            t->tx_thread_state != TX_TERMINATED) {
            (void)fprintf(stderr, " \"%s\"", t->tx_thread_name);
        }
        t = t->tx_thread_created_next;
    }
    (void)fprintf(stderr, "\n");
}

void port_kernel_stop(void)
{
    TX_THREAD *t = port_kernel.created;
    UINT i;

    if (port_kernel.stopping) {
        return;
    }
    port_kernel.stopping = true;
    if (port_kernel.stalled) {
        name_waiting_threads();
    }
    for (i = 0; i < port_kernel.num_created; i++) {
        if (t->tx_thread_host != NULL) {
            port_host_kill(t);
        }
        t = t->tx_thread_created_next;
    }
    port_kernel_nudge();
}

VOID nxdtls_port_stop(VOID)
{
    TX_THREAD *self = port_self();

    port_enter();
    port_kernel_stop();
    if (self != NULL) {
        port_host_leave(self);
    }
    port_exit();
}

/* watch names a thread that has had the baton for the watchdog's time without
 * a call.  It returns the host time to look again. */
static uint64_t watch(uint64_t now)
{
    TX_THREAD *t = port_kernel.current;
    uint64_t patience = (uint64_t)watchdog_ms * NS_PER_MS;

    if (watchdog_ms == 0) {
        return UINT64_MAX;
    }
    if (t == NULL || t != seen.thread ||
        seen.num_calls != port_kernel.num_calls) {
        seen.thread = t;
        seen.num_calls = port_kernel.num_calls;
        seen.since = now;
    } else if (now - seen.since >= patience && t != seen.named) {
        seen.named = t;
        (void)fprintf(stderr,
                      "nxdtls: thread \"%s\" has made no tx_ or nx_ call for "
                      "%u ms; no other thread can run\n",
                      t->tx_thread_name, watchdog_ms);
    }
    return now + patience;
}

/* attend is the life of the kernel's own thread. */
static void attend(void)
{
    while (!port_kernel.stopping) {
        uint64_t until;
        uint64_t again;

        if (port_kernel.mode == NXDTLS_PORT_REAL) {
            port_clock_expire();
        }
        port_leave(); /* sets an idle kernel going */
        port_enter();
        if (port_kernel.stopping) {
            break;
        }
        again = watch(port_clock_host());
        until = port_clock_next();
        if (port_kernel.mode == NXDTLS_PORT_VIRTUAL || again < until) {
            until = again;
        }
        port_kernel_pause(until);
    }
}

/* clean_up ends all threads and forgets the kernel.  No pthread but the
 * caller's touches the kernel after the last join. */
static void clean_up(void)
{
    port_exit();
    while (port_kernel.created != NULL) {
        TX_THREAD *t = port_kernel.created;

        port_host_join(t);
        port_host_lock();
        port_forget(t);
        t->tx_thread_id = 0;
        t->tx_thread_created_previous->tx_thread_created_next =
            t->tx_thread_created_next;
        t->tx_thread_created_next->tx_thread_created_previous =
            t->tx_thread_created_previous;
        port_kernel.created =
            --port_kernel.num_created == 0 ? NULL : t->tx_thread_created_next;
        port_exit();
    }
    while (num_at_stop > 0) {
        at_stop[--num_at_stop]();
    }
    port_host_lock();
    port_clock_forget();
    port_timer_reset();
    port_kernel.running = false;
    port_kernel.current = NULL;
    port_exit();
    (void)pthread_cond_destroy(&nudge);
}

static bool begin(void)
{
    pthread_condattr_t attr;
    bool first;

    port_enter();
    first = !port_kernel.running && !port_kernel.defining;
    if (first) {
        (void)pthread_condattr_init(&attr);
        (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
        (void)pthread_cond_init(&nudge, &attr);
        (void)pthread_condattr_destroy(&attr);
        port_kernel = (struct port_kernel){
            .mode = port_kernel.mode, .defining = true, .wait_until = 0};
        (void)memset(&seen, 0, sizeof seen);
        port_clock_start();
    }
    port_exit();
    return first;
}

/* _tx_initialize_kernel_enter runs a kernel from tx_application_define to its
 * end (nxdtls_port_stop).  If a kernel runs already, it does nothing. */
VOID _tx_initialize_kernel_enter(VOID)
{
    VOID *memory;

    if (!begin()) {
        return;
    }
    memory = calloc(1, TX_PORT_UNUSED_MEMORY);
    if (memory == NULL) {
        abort(); /* the memory is documented; nothing runs yet */
    }
    tx_application_define(memory);
    port_enter();
    port_kernel.defining = false;
    port_kernel.running = true;
    port_clock_start();
    if (port_kernel.num_live == 0 || port_kernel.stopping) {
        port_kernel.stopping = false; /* so that every thread hears of it */
        port_kernel_stop();
    }
    attend();
    clean_up();
    free(memory);
}

UINT nxdtls_port_mode_set(UINT mode)
{
    UINT status = TX_SUCCESS;

    if (mode != NXDTLS_PORT_REAL && mode != NXDTLS_PORT_VIRTUAL) {
        return TX_OPTION_ERROR;
    }
    port_enter();
    if (port_kernel.running || port_kernel.defining) {
        status = TX_CALLER_ERROR;
    } else {
        port_kernel.mode = mode;
    }
    port_leave();
    return status;
}

UINT nxdtls_port_mode_get(VOID)
{
    return port_kernel.mode;
}

UINT nxdtls_port_stalled(VOID)
{
    return port_kernel.stalled ? TX_TRUE : TX_FALSE;
}

VOID nxdtls_port_watchdog_set(ULONG milliseconds)
{
    port_enter();
    watchdog_ms = milliseconds;
    port_leave();
}
