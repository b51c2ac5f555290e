/* SPDX-License-Identifier: MIT */
/* driver_io.c: the thread that waits for the host's sockets.
 *
 * It never has the baton, and touches no packet.  It tells the IP thread that
 * there is something to read, and does not look at that socket again until it
 * is asked to. */

#include "driver_udp.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAX_EVENTS 64

static pthread_t io_thread;
static int poll_fd = -1;
static int stop_fd = -1;

static void *attend(void *unused)
{
    struct epoll_event events[MAX_EVENTS];

    (void)unused;
    for (;;) {
        int n = epoll_wait(poll_fd, events, MAX_EVENTS, -1);
        int i;

        if (n < 0) {
            continue; /* EINTR: all other errors are excluded */
        }
        port_enter();
        for (i = 0; i < n; i++) {
            if (events[i].data.fd == stop_fd) {
                port_exit();
                return NULL;
            }
            udp_arrived(events[i].data.fd);
        }
        port_leave();
    }
}

static int control(int what, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    return epoll_ctl(poll_fd, what, fd, &event);
}

static void close_both(void)
{
    if (stop_fd >= 0) {
        (void)close(stop_fd);
    }
    if (poll_fd >= 0) {
        (void)close(poll_fd);
    }
    stop_fd = -1;
    poll_fd = -1;
}

static int create_quietly(void)
{
    sigset_t all;
    sigset_t before;
    int error;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&io_thread, NULL, attend, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

bool io_start(void)
{
    if (poll_fd >= 0) {
        return true;
    }
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    stop_fd = eventfd(0, EFD_CLOEXEC);
    if (poll_fd < 0 || stop_fd < 0 ||
        control(EPOLL_CTL_ADD, stop_fd, EPOLLIN) != 0 ||
        create_quietly() != 0) {
        close_both();
        return false;
    }
    return true;
}

bool io_watch(int fd)
{
    return control(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT) == 0;
}

void io_again(int fd)
{
    (void)control(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT);
}

void io_close(int fd)
{
    (void)control(EPOLL_CTL_DEL, fd, 0);
    (void)close(fd);
}

void io_stop(void)
{
    uint64_t one = 1;

    if (poll_fd < 0) {
        return;
    }
    while (write(stop_fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
    (void)pthread_join(io_thread, NULL);
    close_both();
}
