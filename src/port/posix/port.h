/* SPDX-License-Identifier: MIT */
/* port.h: the functions that the files of this folder share: the baton,
 * waiting, time.
 *
 * One mutex guards everything the kernel knows.  It is held inside services
 * only, and never while an application's code runs.  The baton, the right to
 * run application code, is port_kernel.current; sched.c passes it on.  A
 * service is written
 *
 *     port_enter(); ... change state, port_wake, port_wait ...; port_leave();
 *
 * and port_leave hands the baton over. */

#ifndef NXDTLS_SRC_PORT_POSIX_PORT_H
#define NXDTLS_SRC_PORT_POSIX_PORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include "nx_api.h"
#include "nxdtls_port.h"

/* The value of a control block's id between create and delete. */
enum port_id {
    PORT_ID_THREAD = 0x54485244,
    PORT_ID_TIMER = 0x4154494D,
    PORT_ID_SEMAPHORE = 0x53454D41,
    PORT_ID_MUTEX = 0x4D555445,
    PORT_ID_EVENTS = 0x456C4761,
    PORT_ID_QUEUE = 0x51554555,
    PORT_ID_BLOCK_POOL = 0x424C4F43,
    PORT_ID_BYTE_POOL = 0x42595445
};

#define PORT_NS_PER_TICK (UINT64_C(1000000000) / TX_TIMER_TICKS_PER_SECOND)

/* ---- sched.c: the baton ---- */

/* port_enter takes the kernel's mutex.  A thread that was terminated, or that
 * runs in a kernel that has been stopped, does not return from it. */
void port_enter(void);

/* port_exit gives the mutex back and keeps the baton. */
void port_exit(void);

/* port_leave hands the baton to the best ready thread, waits for its return if
 * that is another thread, and gives the mutex back. */
void port_leave(void);

/* port_go_on gives the baton to the best ready thread if no thread has it. */
void port_go_on(void);

/* port_self returns the calling TX_THREAD, or NULL in any other thread. */
TX_THREAD *port_self(void);

/* port_may_wait returns true if the caller may be made to wait `wait` ticks:
 * not for 0, not outside of threads, and not in timer callbacks. */
bool port_may_wait(ULONG wait);

/* port_wait puts the calling thread at the end of `list` (NULL: on no list)
 * for at most `wait` ticks and hands the baton over.  It returns the status
 * given to port_wake, or `timeout`.  The caller holds the mutex, and holds it
 * again afterwards. */
UINT port_wait(TX_THREAD **list, UINT *count, UINT state, ULONG wait,
               UINT timeout);

/* port_wake takes `thread` off the list it waits on and makes it ready, last
 * among its equals; its port_wait returns `status`. */
void port_wake(TX_THREAD *thread, UINT status);

/* port_wake_all wakes every thread on `list`. */
void port_wake_all(TX_THREAD **list, UINT status);

/* port_prioritize moves the best thread of `list` to its front. */
void port_prioritize(TX_THREAD **list);

/* port_ready and port_unready put a thread on the ready list and off. */
void port_ready(TX_THREAD *thread);
void port_unready(TX_THREAD *thread);

/* port_requeue finds a new place for a ready thread: last among its equals. */
void port_requeue(TX_THREAD *thread);

/* port_forget takes `thread` off every list of the scheduler. */
void port_forget(TX_THREAD *thread);

/* port_priority_set changes the priority `thread` is scheduled by. */
void port_priority_set(TX_THREAD *thread, UINT priority);

/* ---- pthreads.c: the pthread behind a thread ---- */

/* port_host_start makes the pthread of `thread`, which then waits for the
 * baton.  It returns TX_SUCCESS or, if the host refuses, TX_THREAD_ERROR. */
UINT port_host_start(TX_THREAD *thread);

/* port_host_kill makes the pthread of `thread` end as soon as it stands in a
 * service; nothing of the application runs in it after that. */
void port_host_kill(TX_THREAD *thread);

/* port_host_join waits for the end of a killed or completed thread's pthread
 * and frees what belongs to it.  Called without the mutex. */
void port_host_join(TX_THREAD *thread);

/* port_host_signal tells `thread` that it may have the baton; it hears of it
 * when the mutex is free.  port_host_await returns once `thread` is current,
 * and waits for the host's sockets while no thread is; a killed thread does
 * not return from it.  port_host_lock takes the mutex, whoever is current;
 * port_host_unlock gives it back and wakes those that were told. */
void port_host_signal(TX_THREAD *thread);
void port_host_await(TX_THREAD *thread);
void port_host_lock(void);
void port_host_unlock(void);

/* port_host_leave ends the calling pthread, with the mutex held. */
_Noreturn void port_host_leave(TX_THREAD *thread);

/* ---- driver_io.c: the host's sockets ---- */

/* port_io_wait waits until something has arrived at a socket of the host, or
 * port_io_interrupt is called, and tells the IP threads.  It gives the mutex
 * back meanwhile.  It returns false, at once, if there is no socket.  No other
 * thread may wait so already. */
bool port_io_wait(void);
void port_io_interrupt(void);

/* port_io_look tells the IP threads what has arrived, unless a thread waits
 * for that.  Each service calls it; it looks at some of these calls, and
 * whenever the coarse time has changed. */
void port_io_look(uint64_t coarse);

/* ---- thread.c ---- */

/* port_thread_create does what tx_thread_create does, with the mutex held.  A
 * `system` thread does not keep the kernel alive. */
UINT port_thread_create(TX_THREAD *thread, CHAR *name, VOID (*entry)(ULONG),
                        ULONG input, UINT priority, bool system);

/* port_thread_end ends `thread` with `state`, TX_COMPLETED or TX_TERMINATED.
 * The thread leaves every list and gives up its mutexes. */
void port_thread_end(TX_THREAD *thread, UINT state);

/* port_thread_delete terminates a system thread and forgets it. */
void port_thread_delete(TX_THREAD *thread);

/* port_thread_tell calls the function that tx_thread_entry_exit_notify has
 * set, without the mutex. */
void port_thread_tell(TX_THREAD *thread, UINT event);

/* port_mutex_release_all gives up every mutex of an ended thread. */
void port_mutex_release_all(TX_THREAD *thread);

/* ---- event_flags.c ---- */

/* port_event_set does what tx_event_flags_set with TX_OR does, with the mutex
 * held. */
void port_event_set(TX_EVENT_FLAGS_GROUP *group, ULONG flags);

/* ---- clock.c: time ---- */

/* port_clock_now returns the number of ticks since the kernel started. */
uint64_t port_clock_now(void);

/* port_clock_left returns what is left of a wait of `wait` ticks that began at
 * `start`. */
ULONG port_clock_left(uint64_t start, ULONG wait);

/* port_clock_start sets the time to tick 0. */
void port_clock_start(void);

/* port_clock_see returns the same, and runs every deadline that has passed by
 * then. */
uint64_t port_clock_see(void);

/* port_clock_expire runs every deadline that has passed.  port_clock_glance
 * does the same by the coarse time: the kernel's own thread is exact. */
void port_clock_expire(void);
void port_clock_glance(uint64_t coarse);

/* port_clock_jump goes, in virtual time, to the next deadline and runs it.  It
 * returns false if there is none. */
bool port_clock_jump(void);

/* port_clock_next returns the host time in ns of the next deadline, or
 * UINT64_MAX if there is none. */
uint64_t port_clock_next(void);

/* port_clock_host returns the host's monotonic time in ns; port_clock_coarse
 * the same, up to some milliseconds late, for a fraction of the cost. */
uint64_t port_clock_host(void);
uint64_t port_clock_coarse(void);

/* port_clock_arm sets `t` to run its function `ticks` from now,
 * port_clock_arm_at at a given time.  port_clock_disarm takes `t` off the
 * list. */
void port_clock_arm(TX_TIMER_INTERNAL *t, ULONG ticks, VOID (*expire)(VOID *),
                    VOID *owner);
void port_clock_arm_at(TX_TIMER_INTERNAL *t, uint64_t deadline,
                       VOID (*expire)(VOID *), VOID *owner);
void port_clock_disarm(TX_TIMER_INTERNAL *t);

/* port_clock_forget empties the list without touching its entries. */
void port_clock_forget(void);

/* ---- kernel.c ---- */

struct port_kernel {
    bool defining; /* in tx_application_define */
    bool running;  /* threads are scheduled */
    bool stopping;
    bool stalled;
    UINT mode;
    TX_THREAD *created; /* circular */
    UINT num_created;
    UINT num_live;       /* application threads that have not ended */
    TX_THREAD *current;  /* the thread that has the baton */
    uint64_t num_calls;  /* services that threads have entered */
    uint64_t wait_until; /* when the kernel's own thread looks next */
};
extern struct port_kernel port_kernel;

/* port_kernel_stop does what nxdtls_port_stop does, with the mutex held, and
 * returns. */
void port_kernel_stop(void);

/* port_kernel_nudge makes the kernel's own thread look at the deadlines. */
void port_kernel_nudge(void);

/* port_kernel_pause waits until port_kernel_nudge or host time `until`, with
 * the mutex held. */
void port_kernel_pause(uint64_t until);

/* port_at_stop makes the end of the kernel call `fn` once.  The same function
 * is remembered only once. */
void port_at_stop(void (*fn)(void));

/* port_timer_reset forgets the thread that runs timer callbacks. */
void port_timer_reset(void);

/* port_tell gives a value to a caller that wants it: `where` may be NULL. */
static inline void port_tell(ULONG *where, ULONG what)
{
    if (where != NULL) {
        *where = what;
    }
}

#endif
