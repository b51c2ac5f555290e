/* SPDX-License-Identifier: MIT */
/* driver_io.c: waiting for the host's sockets.
 *
 * A thread waits for them that waits itself, while no thread has the baton:
 * the IP thread without any switch of threads, if it was the last one to have
 * the baton.  While there is always a thread that has it, services look at the
 * sockets.
 *
 * The host tells once of what arrives; a link is readable until a read finds
 * nothing more. */

#include "driver_udp.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAX_EVENTS 64
#define LOOK_CALLS 1024

static int poll_fd = -1;
static int interrupt_fd = -1;
static bool waiting;       /* a thread waits for the sockets */
static uint64_t looked_at; /* the coarse time of the last look */
static UINT calls;         /* of port_io_look since then */

/* Takes what epoll_wait has told, `num` events.  An interruption is none of a
 * link. */
static void take(const struct epoll_event *events, int num)
{
    int i;

    for (i = 0; i < num; i++) {
        udp_arrived(events[i].data.fd);
    }
}

bool port_io_wait(void)
{
    struct epoll_event events[MAX_EVENTS];
    int fd = poll_fd; /* It is closed when this thread has ended. */
    int num;

    if (fd < 0) {
        return false;
    }
    waiting = true;
    port_exit();
    num = epoll_wait(fd, events, MAX_EVENTS, -1);
    port_host_lock();
    waiting = false;
    take(events, num); /* none, if a signal came */
    return true;
}

void port_io_interrupt(void)
{
    uint64_t one = 1;

    /* Each write is told of once, whether anyone reads it or not.  The sum of
     * all of them is below 2^64 - 1, so none waits for a reader. */
    (void)!write(interrupt_fd, &one, sizeof one);
}

void port_io_look(uint64_t coarse)
{
    struct epoll_event events[MAX_EVENTS];

    if (poll_fd < 0 || waiting) {
        return;
    }
    if (++calls == LOOK_CALLS || coarse != looked_at) {
        calls = 0;
        looked_at = coarse;
        take(events, epoll_wait(poll_fd, events, MAX_EVENTS, 0));
    }
}

static int control(int what, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = fd};

    return epoll_ctl(poll_fd, what, fd, &event);
}

bool io_start(void)
{
    if (poll_fd >= 0) {
        return true;
    }
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    interrupt_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poll_fd < 0 || interrupt_fd < 0 ||
        control(EPOLL_CTL_ADD, interrupt_fd) != 0) {
        io_stop();
        return false;
    }
    return true;
}

bool io_watch(int fd)
{
    return control(EPOLL_CTL_ADD, fd) == 0;
}

void io_again(int fd)
{
    (void)control(EPOLL_CTL_MOD, fd);
}

void io_close(int fd)
{
    (void)epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, NULL);
    (void)close(fd);
}

void io_stop(void)
{
    if (interrupt_fd >= 0) {
        (void)close(interrupt_fd);
    }
    if (poll_fd >= 0) {
        (void)close(poll_fd);
    }
    interrupt_fd = -1;
    poll_fd = -1;
}
