/* SPDX-License-Identifier: MIT */
/* A case in a process of its own (check/play_child.h). */
#include "check/play_child.h"

#include "sut/sut_socket.h"
#include "sut/virtual_clock.h"

#include <string.h>

struct task {
    const struct target *target;
    const struct check_case *item;
    uint64_t seed;
    FILE *evidence;
    struct case_result result;
};

static void play(void *self)
{
    struct task *t = self;

    case_play(&t->result, t->target, t->item, t->seed, t->evidence);
}

double play_child_now(void)
{
    return (double)sut_real_now() / 1000;
}

void play_here(struct case_result *out, const struct target *target,
               const struct check_case *item, uint64_t seed, FILE *evidence)
{
    static struct task task; /* large, and another thread reads it */
    double start = play_child_now();

    task = (struct task){
        .target = target, .item = item, .seed = seed, .evidence = evidence};
    sut_seed(case_seed(seed, item->id));
    if (target->driver->in_kernel != NULL) {
        target->driver->in_kernel(play, &task);
    } else {
        play(&task);
    }
    task.result.seconds = play_child_now() - start;
    *out = task.result;
}

void play_child(const struct target *target, const struct check_case *item,
                uint64_t seed, FILE *out)
{
    struct case_result result;
    char *text = NULL;
    size_t len = 0;
    FILE *evidence = open_memstream(&text, &len);

    play_here(&result, target, item, seed, evidence);
    (void)fclose(evidence);
    (void)fwrite(&result, sizeof result, 1, out);
    (void)fwrite(text, len, 1, out);
}

const char *play_child_result(struct case_result *out, const char *said,
                              size_t len, const char *death)
{
    if (death == NULL && len >= sizeof *out) {
        memcpy(out, said, sizeof *out);
        return said + sizeof *out; /* a 0 stands behind it */
    }
    *out = (struct case_result){.verdict = VERDICT_INCONCLUSIVE};
    (void)snprintf(out->reason, sizeof out->reason, "the case broke off: %s",
                   death == NULL ? "its process said nothing" : death);
    return "";
}
