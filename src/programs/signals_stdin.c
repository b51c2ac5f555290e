/* SPDX-License-Identifier: MIT */
/* Signals and stdin. */
#include "programs/signals_stdin.h"

#include "programs/endpoint_options.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_bool stopping;

static pthread_t signals_thread;
static bool signals_started;
static void (*on_signal)(void);

static pthread_t stdin_thread;
static bool stdin_started;
static void (*on_line)(void);
static void (*on_end)(void);
static sem_t next;
static int wake[2]; /* a pipe: readable once it is time to stop */
static unsigned char text[RECORD_MAX];
static size_t text_len;

static sigset_t our_signals(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}

void host_signals_block(void)
{
    sigset_t set = our_signals();

    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *wait_for_signals(void *unused)
{
    sigset_t set = our_signals();
    int signal;

    (void)unused;
    while (sigwait(&set, &signal) == 0 && !atomic_load(&stopping)) {
        on_signal();
    }
    return NULL;
}

void host_signals_start(void (*stop)(void))
{
    on_signal = stop;
    signals_started =
        pthread_create(&signals_thread, NULL, wait_for_signals, NULL) == 0;
}

/* Reads once there is something to read; 0 at the end of stdin, or if it is
 * time to stop. */
static ssize_t read_some(unsigned char *out, size_t size)
{
    struct pollfd ready[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = wake[0], .events = POLLIN}};
    ssize_t len = -1;

    do {
        if (poll(ready, 2, -1) > 0) {
            len = ready[1].revents != 0 ? 0 : read(STDIN_FILENO, out, size);
        }
    } while (len < 0 && errno == EINTR);
    return len < 0 ? 0 : len;
}

/* The next byte of stdin; -1 at its end. */
static int next_byte(void)
{
    static unsigned char bytes[4096];
    static ssize_t have;
    static ssize_t at;

    if (at == have) {
        at = 0;
        have = read_some(bytes, sizeof bytes);
        if (have == 0) {
            return -1;
        }
    }
    return bytes[at++];
}

static bool read_line(void)
{
    text_len = 0;
    while (text_len < sizeof text) {
        int byte = next_byte();

        if (byte < 0) {
            break;
        }
        text[text_len++] = (unsigned char)byte;
        if (byte == '\n') {
            break;
        }
    }
    return text_len != 0;
}

static void *read_stdin(void *unused)
{
    (void)unused;
    while (read_line() && !atomic_load(&stopping)) {
        on_line();
        while (sem_wait(&next) != 0) {
        }
    }
    if (!atomic_load(&stopping)) {
        on_end();
    }
    return NULL;
}

void host_stdin_start(void (*have_line)(void), void (*at_end)(void))
{
    on_line = have_line;
    on_end = at_end;
    (void)sem_init(&next, 0, 0);
    stdin_started = pipe(wake) == 0 &&
                    pthread_create(&stdin_thread, NULL, read_stdin, NULL) == 0;
}

const unsigned char *host_stdin_line(size_t *len)
{
    *len = text_len;
    return text;
}

void host_stdin_next(void)
{
    (void)sem_post(&next);
}

void host_stop(void)
{
    atomic_store(&stopping, true);
    if (signals_started) {
        /* The thread takes the signal with sigwait, and ends.
         * NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread) */
        (void)pthread_kill(signals_thread, SIGTERM);
        (void)pthread_join(signals_thread, NULL);
    }
    if (stdin_started) {
        (void)close(wake[1]); /* ends the poll */
        (void)sem_post(&next);
        (void)pthread_join(stdin_thread, NULL);
        (void)close(wake[0]);
    }
}
