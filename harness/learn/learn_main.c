/* SPDX-License-Identifier: MIT */
/* nxdtls-learn: the state machine of any DTLS 1.2 target.  `nxdtls learn`
 * starts it. */
#include "learn/learn_options.h"
#include "learn/aim.h"
#include "learn/answers.h"
#include "learn/judge.h"
#include "learn/learner.h"
#include "learn/machine_read.h"
#include "learn/machine_write.h"
#include "lab/command_line.h"

#include "sut/sut_socket.h"
#include "sut/virtual_clock.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAVE_MS 30000 /* from one saving of the answers to the next */

/* One run; too large for the stack. */
struct run {
    const struct learn_options *options;
    struct aim aim;
    struct ask ask;
    struct learner learner;
    struct machine machine;
    struct doubt doubt;
    struct saved_machine saved; /* of --compare */
    struct verdicts verdicts;
    char *report; /* of the automata; on the heap */
    size_t report_len;
    unsigned differences;
    FILE *json;                 /* NULL: none */
    FILE *dot;                  /* the same */
    struct answers_owner owner; /* of the answers of --answers */
    uint64_t save_at;           /* milliseconds of sut_real_now */
    bool learned;
    double cpu_seconds;
};

static struct run run;
static void prepare(struct run *r)
{
    const struct learn_options *o = r->options;

    aim_take(&r->aim, &o->aim);
    r->doubt = (struct doubt){.extra = o->extra,
                              .num_words = o->words,
                              .handshake = r->aim.handshake,
                              .seed = o->aim.seed,
                              .jobs = o->jobs};
    ask_init(&r->ask, &r->aim.ask);
}

/* ---- learning ---- */

static void tell_hypothesis(const struct learner *l)
{
    (void)fprintf(stderr, "hypothesis %u: %zu states, %llu words\n",
                  l->num_hypotheses, l->num_basis,
                  (unsigned long long)l->ask->num_words);
}

/* What a target in this process does to us, it has done to the word. */
static void target_died(int number)
{
    (void)fprintf(stderr, "nxdtls learn: signal %d ended the target at\n",
                  number);
    for (size_t i = 0; i < run.ask.asked.len; i++) {
        (void)fprintf(stderr, "  %s\n",
                      run.aim.ask.letters[run.ask.asked.letters[i]]->name);
    }
    _exit(3);
}

static void watch_target(void)
{
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    const struct sigaction action = {.sa_handler = target_died};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)sigaction(numbers[i], &action, NULL);
    }
}

static void save_answers(struct run *r)
{
    const char *path = r->options->answers;

    if (path != NULL && !answers_save(&r->ask, &r->owner, path)) {
        aim_end(&r->options->aim, 2, "--answers %s: %s", path,
                strerror(errno));
    }
    r->save_at = sut_real_now() + SAVE_MS;
}

static bool goes_on(void *self)
{
    struct run *r = self;

    if (r->options->answers != NULL && sut_real_now() >= r->save_at) {
        save_answers(r);
    }
    return command_interrupted == 0;
}

/* Those of an earlier run; and whether they can be written is known before
 * anything is asked. */
static void begin_answers(struct run *r)
{
    const char *path = r->options->answers;
    const char *why;
    long num;
    FILE *in;

    r->owner =
        (struct answers_owner){r->aim.name, r->aim.tags, r->options->aim.seed};
    if (path != NULL && access(path, F_OK) == 0) {
        in = command_open_file(r->options->aim.program, "--answers", path,
                               ANSWERS_FILE_BYTES);
        num = answers_read(&r->ask, &r->owner, in, &why);
        (void)fclose(in);
        if (num < 0) {
            aim_end(&r->options->aim, 2, "--answers %s: %s", path, why);
        }
        (void)fprintf(stderr, "%s has %ld answers\n", path, num);
    }
    save_answers(r);
    r->ask.goes_on = goes_on;
    r->ask.self = r;
}

static void tell_interrupted(struct run *r)
{
    const struct aim_options *aim = &r->options->aim;

    aim_end(aim, 130,
            "interrupted: %zu states are known, %llu words were asked; %s",
            r->learner.num_basis, (unsigned long long)r->ask.num_words,
            r->options->answers != NULL
                ? "the same command goes on"
                : "with --answers FILE the next run could go on");
}

/* The honest handshake must work, or nothing is learned but refusals. */
static bool greets(struct run *r)
{
    const struct word *word = &r->doubt.handshake;
    uint16_t outputs[WORD_MAX];
    bool ok = ask_plays(&r->ask, word, outputs);

    if (ok &&
        strstr(r->ask.outputs.texts[outputs[word->len - 1]], "Data") == NULL) {
        (void)fprintf(stderr, "the honest handshake goes\n");
        ask_print(stderr, &r->ask, word, outputs, "  ");
        (void)snprintf(r->ask.problem, sizeof r->ask.problem,
                       "no data comes back behind an honest handshake");
        ok = false;
    }
    return ok;
}

/* What the automata say is printed behind the machine. */
static bool judge(struct run *r)
{
    FILE *out;
    bool ok;

    free(r->report);
    r->report = NULL;
    out = open_memstream(&r->report, &r->report_len);
    assert(out != NULL);
    ok = judge_machine(&r->ask, &r->machine, out, r->options->evidence,
                       &r->verdicts);
    (void)fclose(out);
    return ok;
}

static double cpu_seconds_of(int whose)
{
    struct rusage used;

    (void)getrusage(whose, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void learn(void *self)
{
    struct run *r = self;

    r->learner.ask = &r->ask;
    r->learner.progress = r->options->verbose ? tell_hypothesis : NULL;
    r->machine.tags = r->aim.tags;
    r->machine.target = r->aim.name;
    r->learned = greets(r);
    do {
        r->learned = r->learned &&
                     learner_run(&r->learner, &r->machine, &r->doubt) &&
                     judge(r);
    } while (r->learned && r->verdicts.errors != 0);
    r->cpu_seconds =
        cpu_seconds_of(RUSAGE_SELF) + cpu_seconds_of(RUSAGE_CHILDREN);
}

/* ---- what comes out ---- */

/* Before anything is asked: nobody wants to wait for a bad path. */
static FILE *open_file(const char *option, const char *path)
{
    FILE *out = path == NULL ? NULL : fopen(path, "w");

    if (path != NULL && out == NULL) {
        aim_end(&run.options->aim, 2, "--%s %s: %s", option, path,
                strerror(errno));
    }
    return out;
}

static void close_file(FILE *out, const char *option, const char *path)
{
    if (ferror(out) != 0 || fclose(out) != 0) {
        aim_end(&run.options->aim, 2, "--%s %s: it cannot be written", option,
                path);
    }
}

static void open_files(struct run *r)
{
    r->json = open_file("json", r->options->json);
    r->dot = open_file("dot", r->options->dot);
}

static void write_json(const struct run *r)
{
    const struct ask *a = &r->ask;
    const struct machine_cost cost = {a->num_words, a->num_letters,
                                      a->num_again, a->num_unsteady,
                                      r->cpu_seconds};

    machine_json(r->json, &r->machine, &cost);
    close_file(r->json, "json", r->options->json);
}

static void write_dot(const struct run *r)
{
    machine_dot(r->dot, &r->machine);
    close_file(r->dot, "dot", r->options->dot);
}

/* The child becomes dot, which reads the graph from a pipe. */
_Noreturn static void be_dot(const int ends[2], const char *path)
{
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[1]);
    (void)execlp("dot", "dot", "-Tsvg", "-o", path, (char *)NULL);
    _exit(127);
}

static void write_svg(const struct run *r)
{
    const char *path = r->options->svg;
    int ends[2];
    int status = 0;
    pid_t pid;
    FILE *out;

    (void)signal(SIGPIPE, SIG_IGN);
    if (pipe(ends) != 0 || (pid = fork()) < 0) {
        aim_end(&run.options->aim, 3, "--svg %s: %s", path, strerror(errno));
    }
    if (pid == 0) {
        be_dot(ends, path);
    }
    (void)close(ends[0]);
    out = fdopen(ends[1], "w");
    if (out != NULL) {
        machine_dot(out, &r->machine);
        (void)fclose(out);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        aim_end(&run.options->aim, 3, "--svg %s: %s", path,
                WEXITSTATUS(status) == 127
                    ? "there is no dot; it is in the package graphviz"
                    : "dot could not make it");
    }
}

/* Before anything is asked, too. */
static void read_saved(struct run *r)
{
    const char *path = r->options->compare;
    FILE *in;

    if (path == NULL) {
        return;
    }
    in = command_open_file(r->options->aim.program, "--compare", path,
                           MACHINE_FILE_BYTES);
    if (!machine_read(&r->saved, in)) {
        aim_end(&run.options->aim, 2,
                "--compare %s: not what --json has written", path);
    }
    (void)fclose(in);
}

static void tell_difference(void *self, const struct word *word,
                            const char *own, const char *saved)
{
    const struct run *r = self;

    (void)printf("it differs: %s instead of %s at the end of\n", own, saved);
    for (size_t i = 0; i < word->len; i++) {
        (void)printf("  %s\n", r->machine.letters[word->letters[i]]);
    }
}

static void print_all(struct run *r)
{
    const struct ask *a = &r->ask;

    machine_table(stdout, &r->machine);
    (void)fputs(r->report, stdout);
    if (r->options->compare != NULL) {
        r->differences =
            machine_differ(&r->machine, &r->saved.machine, tell_difference, r);
    }
    (void)printf("%s, %s: %zu states, %zu letters; %llu words with %llu "
                 "letters asked, %llu of them again; %u answers unsteady; "
                 "%.1f s of CPU\n"
                 "%u automata applied, %u faults\n",
                 r->machine.target, r->aim.tags, r->machine.num_states,
                 r->machine.num_letters, (unsigned long long)a->num_words,
                 (unsigned long long)a->num_letters,
                 (unsigned long long)a->num_again, a->num_unsteady,
                 r->cpu_seconds, r->verdicts.tried, r->verdicts.hits);
    if (r->dot != NULL) {
        write_dot(r);
    }
    if (r->json != NULL) {
        write_json(r);
    }
    if (r->options->svg != NULL) {
        write_svg(r);
    }
}

int main(int argc, char **argv)
{
    static struct learn_options o;

    learn_options_parse(&o, argc, argv);
    run.options = &o;
    prepare(&run);
    read_saved(&run);
    command_watch_signals();
    begin_answers(&run);
    open_files(&run);
    watch_target();
    sut_seed(o.aim.seed);
    if (run.aim.ask.dialogue.driver->in_kernel != NULL) {
        run.aim.ask.dialogue.driver->in_kernel(learn, &run);
    } else {
        learn(&run);
    }
    save_answers(&run);
    if (!run.learned && command_interrupted != 0) {
        tell_interrupted(&run);
    }
    if (!run.learned) {
        aim_end(&run.options->aim, 3, "%s", run.ask.problem);
    }
    print_all(&run);
    ask_free(&run.ask);
    saved_machine_free(&run.saved);
    free(run.report);
    return run.verdicts.hits != 0 || run.differences != 0;
}
