/* SPDX-License-Identifier: MIT */
/* pthreads.c: the pthread behind each TX_THREAD.
 *
 * A pthread ends in one of two ways: its entry function returns, or the kernel
 * kills it while it stands in a service, from where it jumps back to the
 * beginning of its stack.  Either way it is joined, so that no stack leaks.
 *
 * A thread that is to have the baton is woken when the mutex is free again,
 * or it would run only to wait for the mutex: two more switches.
 *
 * While no thread has the baton, one of those that wait watches the host's
 * sockets.  It is woken as they are. */

#include "port_mutex.h"

#include <assert.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Enough for libcrypto under a sanitizer. */
#define STACK_BYTES ((size_t)2 << 20)

/* It is never given back to the heap: a waker may touch `baton` after the
 * thread has ended.  A post too many only makes a thread look again. */
struct host {
    pthread_t pthread;
    sem_t baton;
    bool killed;
    jmp_buf start;
    struct host *next; /* among those that are not in use, or to be woken */
    bool is_woken;     /* it is among these */
};

static struct host *unused;
static struct host *woken;   /* when the mutex is free again */
static struct host *watcher; /* of the host's sockets; NULL: none */

static _Thread_local TX_THREAD *self;

/* The serials of all threads that live, each at its remainder; no two have the
 * same one. */
static struct {
    ULONG *at;
    ULONG room; /* a power of two */
    ULONG num;
} lives;

/* Twice the room: what differs modulo the old one differs in the new one. */
static bool more_lives(void)
{
    ULONG room = lives.room == 0 ? 16 : 2 * lives.room;
    ULONG *at = calloc(room, sizeof *at);

    if (at == NULL) {
        return false;
    }
    for (ULONG i = 0; i < lives.room; i++) {
        if (lives.at[i] != 0) {
            at[lives.at[i] % room] = lives.at[i];
        }
    }
    free(lives.at);
    lives.at = at;
    lives.room = room;
    return true;
}

/* Returns the serial of a thread that begins; 0: there is no memory. */
static ULONG begin_life(void)
{
    static ULONG last;

    if (2 * lives.num >= lives.room && !more_lives()) {
        return 0;
    }
    do {
        last++;
    } while (last == 0 || lives.at[last % lives.room] != 0);
    lives.at[last % lives.room] = last;
    lives.num++;
    return last;
}

static bool is_life(ULONG serial)
{
    return serial != 0 && lives.num != 0 &&
           lives.at[serial % lives.room] == serial;
}

UINT nxdtls_port_thread_lives(ULONG serial)
{
    bool is;

    port_host_lock();
    is = is_life(serial);
    port_exit();
    return is ? TX_TRUE : TX_FALSE;
}

static void end_life(ULONG serial)
{
    if (!is_life(serial)) {
        return;
    }
    lives.at[serial % lives.room] = 0;
    if (--lives.num == 0) {
        free(lives.at);
        lives.at = NULL;
        lives.room = 0;
    }
}

TX_THREAD *port_self(void)
{
    return self;
}

static void wake_later(struct host *host)
{
    if (!host->is_woken) {
        host->is_woken = true;
        host->next = woken;
        woken = host;
    }
}

/* Makes another thread watch the sockets, as the caller does no more, or never
 * will. */
static void pass_on_watch(void)
{
    TX_THREAD *t = port_kernel.created;
    const struct host *host;
    UINT i;

    for (i = 0; i < port_kernel.num_created; i++) {
        host = t->tx_thread_host;
        if (host != NULL && !host->killed) {
            port_host_signal(t);
            return;
        }
        t = t->tx_thread_created_next;
    }
}

_Noreturn void port_host_leave(TX_THREAD *thread)
{
    struct host *host = thread->tx_thread_host;

    if (port_kernel.current == NULL && watcher == NULL &&
        port_kernel.mode == NXDTLS_PORT_REAL) {
        pass_on_watch();
    }
    port_exit();
    longjmp(host->start, 1);
}

void port_host_lock(void)
{
    int status = pthread_mutex_lock(port_mutex());

    assert(status == 0);
    (void)status;
}

/* The host's own wake-up is a post on a semaphore, which needs no mutex. */
void port_host_unlock(void)
{
    struct host *hosts[8];
    size_t num = 0;
    int status;

    while (woken != NULL) {
        struct host *host = woken;

        woken = host->next;
        host->is_woken = false;
        if (host == watcher) {
            port_io_interrupt(); /* now: later its descriptor may be closed */
        } else if (num == sizeof hosts / sizeof *hosts) { /* many are killed */
            (void)sem_post(&host->baton);
        } else {
            hosts[num++] = host;
        }
    }
    status = pthread_mutex_unlock(port_mutex());
    assert(status == 0);
    for (size_t i = 0; i < num; i++) {
        (void)sem_post(&hosts[i]->baton);
    }
}

void port_host_signal(TX_THREAD *thread)
{
    wake_later(thread->tx_thread_host);
}

/* Waits for the host's sockets until the thread is woken or another thread has
 * work.  Returns false, at once, if it is not the one to do that. */
static bool watch(struct host *host)
{
    bool has_waited;

    if (watcher != NULL) {
        return false;
    }
    watcher = host;
    has_waited = port_io_wait();
    watcher = NULL;
    if (has_waited) {
        port_go_on();
    }
    return has_waited;
}

void port_host_await(TX_THREAD *thread)
{
    struct host *host = thread->tx_thread_host;

    while (port_kernel.current != thread && !host->killed) {
        if (port_kernel.current != NULL || !watch(host)) {
            port_host_unlock();
            (void)sem_wait(&host->baton); /* EINTR: it looks again */
            port_host_lock();
        }
    }
    if (host->killed) {
        port_host_leave(thread);
    }
}

void port_host_kill(TX_THREAD *thread)
{
    struct host *host = thread->tx_thread_host;

    host->killed = true;
    end_life(thread->tx_thread_serial);
    wake_later(host);
}

static void complete(TX_THREAD *thread)
{
    port_enter();
    port_thread_end(thread, TX_COMPLETED);
    port_leave(); /* does not return: the baton never comes back */
}

static void *run(void *arg)
{
    TX_THREAD *thread = arg;
    struct host *host = thread->tx_thread_host;

    self = thread;
    if (setjmp(host->start) == 0) {
        port_host_lock();
        port_host_await(thread);
        port_exit();
        port_thread_tell(thread, TX_THREAD_ENTRY);
        thread->tx_thread_entry(thread->tx_thread_entry_parameter);
        port_thread_tell(thread, TX_THREAD_EXIT);
        complete(thread);
    }
    return NULL;
}

/* create_quietly blocks all signals in the new thread: signals of the process
 * are for its own threads, not for ours. */
static int create_quietly(struct host *host, TX_THREAD *thread)
{
    pthread_attr_t attr;
    sigset_t all;
    sigset_t before;
    int error;

    if (pthread_attr_init(&attr) != 0) {
        return -1;
    }
    (void)sigfillset(&all);
    (void)pthread_attr_setstacksize(&attr, STACK_BYTES);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&host->pthread, &attr, run, thread);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attr);
    return error;
}

/* Returns a host; NULL: there is no memory. */
static struct host *take_host(void)
{
    struct host *host = unused;

    if (host != NULL) {
        unused = host->next;
    } else {
        host = calloc(1, sizeof *host);
        if (host == NULL || sem_init(&host->baton, 0, 0) != 0) {
            free(host);
            return NULL;
        }
    }
    host->killed = false;
    return host;
}

static void give_host(struct host *host)
{
    if (host != NULL) {
        host->next = unused;
        unused = host;
    }
}

UINT port_host_start(TX_THREAD *thread)
{
    struct host *host = take_host();
    ULONG serial = host == NULL ? 0 : begin_life();

    thread->tx_thread_host = host;
    thread->tx_thread_serial = serial;
    thread->tx_thread_telling = NULL;
    if (serial != 0 && create_quietly(host, thread) == 0) {
        return TX_SUCCESS;
    }
    end_life(serial);
    give_host(host);
    thread->tx_thread_host = NULL;
    return TX_THREAD_ERROR;
}

void port_host_join(TX_THREAD *thread)
{
    struct host *host = thread->tx_thread_host;
    struct timespec soon;

    if (host == NULL) {
        return;
    }
    (void)clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec += 5;
    if (pthread_timedjoin_np(host->pthread, NULL, &soon) != 0) {
        (void)fprintf(stderr, "nxdtls: waiting for thread \"%s\" to end\n",
                      thread->tx_thread_name);
        (void)pthread_join(host->pthread, NULL);
    }
    port_host_lock();
    give_host(host);
    port_exit();
    thread->tx_thread_host = NULL;
}
