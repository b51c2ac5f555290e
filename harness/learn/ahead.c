/* SPDX-License-Identifier: MIT */
/* Copies of this process ask ahead (learn/ahead.h). */
#include "learn/ahead.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES_MAX                                                             \
    (1u << 20) /* words of a stage; what is beyond is not noted */

struct ahead_notes {
    atomic_uint first_unexpected; /* nobody need look behind that word */
    bool agreed[NOTES_MAX];
};

static struct ahead_notes *make_notes(void)
{
    void *at = mmap(NULL, sizeof(struct ahead_notes), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct ahead_notes *notes = at;

    if (at == MAP_FAILED) {
        return NULL;
    }
    atomic_store(&notes->first_unexpected, UINT32_MAX);
    return notes;
}

void ahead_end(struct ahead *a)
{
    if (a->notes != NULL) {
        (void)munmap(a->notes, sizeof *a->notes);
        a->notes = NULL;
    }
}

/* Without notes or a pipe nobody asks ahead. */
static void prepare(struct ahead *a)
{
    a->turn = 0;
    a->notes = a->num_workers > 1 ? make_notes() : NULL;
    if (a->notes != NULL && pipe(a->left) != 0) {
        ahead_end(a);
    }
}

/* ---- workers ---- */

/* A worker ends with the learner; what a target does to it, it does to the
 * learner as well, which tells. */
static void become_worker(struct ahead *a, unsigned worker)
{
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)close(a->left[0]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)signal(numbers[i], SIG_DFL);
    }
    a->worker = worker;
}

bool ahead_begin(struct ahead *a)
{
    prepare(a);
    for (unsigned i = 0; a->notes != NULL && i < a->num_workers; i++) {
        a->workers[i] = fork();
        if (a->workers[i] == 0) {
            become_worker(a, i + 1);
            return true;
        }
    }
    return false;
}

void ahead_leave(void)
{
    _exit(0);
}

static bool is_turn(const struct ahead *a, uint32_t turn)
{
    return turn < NOTES_MAX && turn % a->num_workers == a->worker - 1;
}

static void note_unexpected(struct ahead_notes *notes, uint32_t turn)
{
    unsigned first = atomic_load(&notes->first_unexpected);

    while (turn < first && !atomic_compare_exchange_weak(
                               &notes->first_unexpected, &first, turn)) {
    }
}

bool ahead_asks(struct ahead *a, struct ask *ask, const struct word *word,
                const uint16_t *expected)
{
    const uint32_t turn = a->turn++;
    uint16_t outputs[WORD_MAX];

    if (turn > atomic_load(&a->notes->first_unexpected)) {
        return false;
    }
    if (!is_turn(a, turn) ||
        tree_walk(&ask->tree, TREE_ROOT, word) != TREE_NONE) {
        return true;
    }
    ask->goes_on = NULL; /* the learner looks after that */
    if (!ask_plays(ask, word, outputs) ||
        memcmp(outputs, expected, word->len * sizeof *outputs) != 0) {
        note_unexpected(a->notes, turn);
        return false;
    }
    a->notes->agreed[turn] = true;
    return true;
}

/* ---- the learner ---- */

static void end_workers(const struct ahead *a)
{
    for (unsigned i = 0; i < a->num_workers; i++) {
        if (a->workers[i] > 0) {
            (void)kill(a->workers[i], SIGKILL);
        }
    }
}

/* A signal ends poll, whatever its handler is for. */
static void wait_for_workers(struct ahead *a, struct ask *ask)
{
    struct pollfd all_left = {.fd = a->left[0]};

    while (poll(&all_left, 1, -1) <= 0) {
        if (ask->goes_on != NULL && !ask->goes_on(ask->self)) {
            end_workers(a);
        }
    }
    for (unsigned i = 0; i < a->num_workers; i++) {
        if (a->workers[i] > 0) {
            (void)waitpid(a->workers[i], NULL, 0);
        }
    }
}

void ahead_wait(struct ahead *a, struct ask *ask)
{
    if (a->notes == NULL) {
        return;
    }
    (void)close(a->left[1]);
    wait_for_workers(a, ask);
    (void)close(a->left[0]);
}

void ahead_knows(struct ahead *a, struct ask *ask, const struct word *word,
                 const uint16_t *expected)
{
    const uint32_t turn = a->turn++;

    if (a->notes != NULL && turn < NOTES_MAX && a->notes->agreed[turn] &&
        tree_walk(&ask->tree, TREE_ROOT, word) == TREE_NONE) {
        (void)tree_add(&ask->tree, word, expected);
        ask->num_words++;
        ask->num_letters += word->len;
    }
}
