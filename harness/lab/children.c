/* SPDX-License-Identifier: MIT */
/* Processes for pieces of work (lab/children.h). */
#include "lab/children.h"

#include "sut/sut.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    pid_t pid; /* 0: free */
    int fd;
    size_t piece;
    char *said;
    size_t len;
};

struct state {
    const struct children *work;
    struct child children[CHILDREN_MAX];
    size_t next;
    unsigned running;
};

_Noreturn static void be_child(const struct children *work, size_t piece,
                               int fd)
{
    FILE *out = fdopen(fd, "w");

    assert(out != NULL);
    (void)signal(SIGINT, SIG_IGN); /* the parent decides */
    (void)signal(SIGTERM, SIG_DFL);
    (void)alarm(work->seconds);
    work->work(work->self, piece, out);
    (void)fclose(out);
    exit(0); /* not _exit: sanitizers and profilers act at exit */
}

static void begin(struct state *s, struct child *child)
{
    int ends[2];

    *child = (struct child){.piece = s->next++};
    (void)fflush(NULL); /* else the child would write it again */
    if (pipe2(ends, O_CLOEXEC) != 0 || (child->pid = fork()) < 0) {
        perror("nxdtls: a process");
        exit(1);
    }
    if (child->pid == 0) {
        (void)close(ends[0]);
        be_child(s->work, child->piece, ends[1]);
    }
    (void)close(ends[1]);
    child->fd = ends[0];
    s->running++;
}

/* How a child died; NULL: it ended well. */
static const char *death_of(int status, unsigned seconds, char *text,
                            size_t size)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        (void)snprintf(text, size, "it took more than %u s", seconds);
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(text, size, "its process died: %s",
                       strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != 0) {
        (void)snprintf(text, size, "its process ended with %d",
                       WEXITSTATUS(status));
    } else {
        return NULL;
    }
    return text;
}

static void end(struct state *s, struct child *child)
{
    const struct children *work = s->work;
    char text[128];
    int status = 0;

    (void)close(child->fd);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (*work->stop == 0) {
        work->done(work->self, child->piece, child->said, child->len,
                   death_of(status, work->seconds, text, sizeof text));
    }
    free(child->said);
    *child = (struct child){0};
    s->running--;
}

static void listen_to(struct state *s, struct child *child)
{
    char bytes[8192];
    ssize_t len = read(child->fd, bytes, sizeof bytes);

    if (len < 0 && errno == EINTR) {
        return;
    }
    if (len <= 0) {
        end(s, child);
        return;
    }
    child->said = realloc(child->said, child->len + (size_t)len + 1);
    assert(child->said != NULL);
    memcpy(child->said + child->len, bytes, (size_t)len);
    child->len += (size_t)len;
    child->said[child->len] = '\0';
}

static void wait_for_children(struct state *s)
{
    struct pollfd fds[CHILDREN_MAX];

    for (unsigned i = 0; i < s->work->jobs; i++) {
        const struct child *child = &s->children[i];

        fds[i] = (struct pollfd){.fd = child->pid == 0 ? -1 : child->fd,
                                 .events = POLLIN};
    }
    if (poll(fds, s->work->jobs, -1) <= 0) {
        return;
    }
    for (unsigned i = 0; i < s->work->jobs; i++) {
        if (fds[i].revents != 0) {
            listen_to(s, &s->children[i]);
        }
    }
}

/* Passes over what is not to be done. */
static void find_next(struct state *s)
{
    const struct children *work = s->work;

    while (s->next < work->num && work->begin != NULL &&
           !work->begin(work->self, s->next)) {
        s->next++;
    }
}

static void begin_more(struct state *s)
{
    for (unsigned i = 0; i < s->work->jobs; i++) {
        if (s->children[i].pid != 0) {
            continue;
        }
        find_next(s);
        if (s->next == s->work->num) {
            return;
        }
        begin(s, &s->children[i]);
    }
}

static void kill_all(struct state *s)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        if (s->children[i].pid != 0) {
            (void)kill(s->children[i].pid, SIGKILL);
            end(s, &s->children[i]);
        }
    }
}

bool children_run(const struct children *work)
{
    struct state s = {.work = work};

    assert(work->jobs >= 1 && work->jobs <= CHILDREN_MAX);
    sut_share_ports();
    while (*work->stop == 0) {
        begin_more(&s);
        if (s.running == 0) {
            break;
        }
        wait_for_children(&s);
    }
    kill_all(&s);
    return *work->stop == 0;
}
